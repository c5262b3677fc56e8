//! Wording rules: words of a list, or frames of words, less what guards them.

use super::bindings::{Scene, is_amount};
use super::engine::CompiledRule;
use crate::assertion::clause_around;
use crate::document::{BlockKind, Sentence};
use crate::lexicon::ClassSet;
use crate::quantity::{Quantity, Unit};
use crate::relation::{Frame, find_frames};
use crate::rule::UnlessFigure;
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
    figure: UnlessFigure,
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
            && !silenced(scene, sentence, *span, figure)
    });
    found
}

/// Whether an amount near enough answers the question that the rule would ask.
fn silenced(scene: &Scene<'_>, sentence: Sentence, span: Span, figure: UnlessFigure) -> bool {
    let stretch = match figure {
        UnlessFigure::Never => return false,
        UnlessFigure::Clause => clause_around(&scene.document.prose, sentence.span, span),
        UnlessFigure::Sentence => sentence.span,
        UnlessFigure::SentenceAfter => Span::new(span.end.min(sentence.span.end), sentence.span.end),
    };
    let (_, inside) = scene.reading.quantities_within(stretch);
    let answers = |quantity: &Quantity| is_amount(quantity) || quantity.unit == Unit::Percent;
    // In a sentence without end, the figures nearest to its start answer for all.
    inside.iter().take(MOST_FIGURES).any(answers)
}
