//! Wording rules: words of a list, or frames of words, less what guards them.

use super::bindings::{Scene, is_amount};
use super::engine::CompiledRule;
use crate::assertion::clause_around;
use crate::document::{BlockKind, Sentence};
use crate::lexicon::{ClassId, ClassSet};
use crate::quantity::{Kind, Quantity, Unit};
use crate::relation::{Frame, find_frames};
use crate::rule::{UnlessFigure, WordingLimits};
use crate::source::Span;

/// So many figures of a sentence are looked at; no sentence that anyone can read has more.
const MOST_FIGURES: usize = 256;

/// What sets a wording rule off.
pub(super) enum CompiledTrigger {
    /// One word list.
    Class(ClassSet),
    Frame(Box<Frame>),
}

/// Every place a wording rule is about.
pub(super) fn places(
    rule: &CompiledRule,
    trigger: &CompiledTrigger,
    (limits, opening): (WordingLimits, Option<ClassId>),
    scene: &Scene<'_>,
) -> Vec<Span> {
    let mut found: Vec<Span> = match trigger {
        CompiledTrigger::Class(class) => scene.hits.all().of_any(class).map(|hit| hit.span).collect(),
        CompiledTrigger::Frame(frame) => find_frames(scene.document, scene.reading, scene.hits, frame),
    };
    // Of overlapping words the longest, which comes first.
    let mut end = 0;
    found.retain(|span| {
        let fresh = span.start >= end;
        if fresh {
            end = span.end;
        }
        fresh
    });
    found.retain(|span| {
        let Some(number) = scene.document.sentence_at(span.start) else { return false };
        let sentence = scene.document.sentences[number];
        let block = &scene.document.blocks[sentence.block as usize];
        // A heading or a field names a topic; it claims nothing.
        let claims = !matches!(block.kind, BlockKind::Code | BlockKind::Heading { .. } | BlockKind::Field);
        claims
            && rule.applies_in(block.role)
            && !rule.guarded(scene, sentence.span, *span)
            && !silenced(scene, sentence, *span, limits.unless_figure)
            && !(limits.unless_dated && is_dated(scene, sentence))
            && !(limits.unless_cited && is_cited(scene, block.span, *span))
            && (opening.is_none_or(|class| scene.hits.all().at(span.start, class).next().is_none())
                || opens_clause(scene, sentence, *span))
    });
    found
}

/// Whether the row of a table that the words stand in has two figures: what is compared stands beside it.
fn row_answers(scene: &Scene<'_>, sentence: Sentence) -> bool {
    let blocks = &scene.document.blocks;
    let own = sentence.block as usize;
    let BlockKind::Cell { table, row, .. } = blocks[own].kind else { return false };
    let in_row = |index: &usize| matches!(blocks[*index].kind, BlockKind::Cell { table: t, row: r, .. } if (t, r) == (table, row));
    let first = (0..=own).rev().take_while(in_row).last().unwrap_or(own);
    let last = (own..blocks.len()).take_while(in_row).last().unwrap_or(own);
    let (_, inside) = scene.reading.quantities_within(blocks[first].span.join(blocks[last].span));
    inside.iter().take(MOST_FIGURES).filter(|quantity| answers(quantity)).count() >= 2
}

/// Whether a date or period stands in the sentence.
fn is_dated(scene: &Scene<'_>, sentence: Sentence) -> bool {
    let (_, inside) = scene.reading.quantities_within(sentence.span);
    inside.iter().take(MOST_FIGURES).any(|quantity| quantity.kind == Kind::Date)
}

/// Bytes behind the words in which a citation of theirs stands.
const CITATION_REACH: usize = 1200;

/// Whether a citation follows in the same paragraph or item: `[3]`, `[^a]`, `【3】`, a link.
fn is_cited(scene: &Scene<'_>, block: Span, span: Span) -> bool {
    let text = &scene.document.text;
    let end = text.floor_char_boundary((span.end + CITATION_REACH).min(block.end).max(span.end));
    let behind = Span::new(span.end, end).of(text);
    let marked = behind.match_indices(['[', '【', '［']).any(|(at, open)| {
        let rest = &behind[at + open.len()..];
        let number = rest.trim_start_matches(|c: char| c.is_ascii_digit() || ",、-– ".contains(c));
        rest.starts_with('^') || number.len() < rest.len() && number.starts_with([']', '】', '］'])
    });
    marked || behind.contains("](http")
}

/// Words that may stand before the first word of a clause.
const JOINING: [&str; 20] = [
    "并且", "而且", "但是", "因此", "此外", "同时", "其中", "并", "且", "而", "但", "也", "则", "仍", "还",
    "又", "and", "but", "it", "that",
];

/// Whether nothing but joining words and marks stands before the place in its clause.
fn opens_clause(scene: &Scene<'_>, sentence: Sentence, span: Span) -> bool {
    let clause = clause_around(&scene.document.prose, sentence.span, span);
    let mut before = Span::new(clause.start, span.start).of(&scene.document.prose);
    loop {
        let rest = before.trim_start_matches(|c: char| !c.is_alphanumeric());
        let Some(next) = JOINING.iter().find_map(|word| rest.strip_prefix(word)) else {
            return rest.is_empty();
        };
        before = next;
    }
}

/// Whether an amount near enough answers the question that the rule would ask.
fn silenced(scene: &Scene<'_>, sentence: Sentence, span: Span, figure: UnlessFigure) -> bool {
    if figure != UnlessFigure::Never && row_answers(scene, sentence) {
        return true;
    }
    let stretch = match figure {
        UnlessFigure::Never => return false,
        UnlessFigure::Clause => clause_around(&scene.document.prose, sentence.span, span),
        UnlessFigure::Sentence => sentence.span,
        UnlessFigure::SentenceAfter => Span::new(span.end.min(sentence.span.end), sentence.span.end),
    };
    let (_, inside) = scene.reading.quantities_within(stretch);
    // In a sentence without end, the figures nearest to its start answer for all.
    inside.iter().take(MOST_FIGURES).any(answers)
}

fn answers(quantity: &Quantity) -> bool {
    is_amount(quantity) || quantity.unit == Unit::Percent
}
