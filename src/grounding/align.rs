//! Each figure of a report beside those of its sources.

use std::cmp::Reverse;
use std::collections::HashSet;
use std::ops::Range;

use rayon::prelude::*;
use rust_decimal::Decimal;

use super::context::{Context, ContextReader, Postings, Scores, cell_heads};
use super::figure::{
    Agreement, PRECISE, UnitFit, base_factor, literal, reach, same_number, scaled, significant_digits,
    unit_fit, written,
};
use super::index::{Candidate, Index};
use super::model::{GroundedFigure, Grounding, Origin};
use super::{GroundingLexicon, Texts};
use crate::assertion::Vocabulary;
use crate::document::BlockKind;
use crate::quantity::{Bound, Figure, Kind, Quantity, QuantityLexicon, Unit};

/// A number that stands in more places than this is looked at in the first of them.
pub(super) const MOST_PLACES: usize = 512;
/// Of the places where a figure's number stands, so many are weighed: those with most of its words around them.
const MOST_ANSWERS: usize = 64;
/// Figures that are worth a thread of their own.
const FIGURES_A_THREAD: usize = 128;
/// Figures of a source that the words around one of the report speak for.
const MOST_RIVALS: usize = 12;
/// Bytes within which figures of a source stand together.
pub(super) const TOGETHER: usize = 240;
/// From here on a number says what it is a number of.
const LARGE: i64 = 10_000_000;

/// What is known of language.
#[derive(Clone, Copy)]
pub struct Knowledge<'a> {
    pub units: &'a QuantityLexicon,
    pub vocabulary: &'a Vocabulary,
    pub lexicon: &'a GroundingLexicon,
}

/// Looks for each figure of the report in its sources; `None` when there is no source.
pub fn ground(texts: &Texts<'_>, known: Knowledge<'_>) -> Option<Grounding> {
    let origins: Vec<Origin> = texts.origins().collect();
    if origins.is_empty() {
        return None;
    }
    let index = Index::new(texts, &origins, known.units, known.lexicon);
    let reader = ContextReader { lexicon: known.lexicon, vocabulary: known.vocabulary };
    let postings = Postings::new(texts, &index, &reader);
    let literals = literals(texts, &origins);
    let aligner = Aligner { texts, known, index: &index, postings: &postings, literals: &literals };
    Some(aligner.run(&reader))
}

/// The numbers that stand in the sources as digits, whatever they are numbers of.
fn literals(texts: &Texts<'_>, origins: &[Origin]) -> HashSet<String> {
    let mut found = HashSet::new();
    for &origin in origins {
        let document = texts.text(origin).document;
        for block in document.blocks.iter().filter(|block| texts.is_source(origin, block.span)) {
            let mut rest = block.span.of(&document.prose);
            while let Some(at) = rest.find(|c: char| c.is_ascii_digit()) {
                rest = &rest[at..];
                let (number, length) = literal(rest);
                found.extend(number);
                rest = &rest[length.max(1)..];
            }
        }
    }
    found
}

pub(super) struct Aligner<'a> {
    pub texts: &'a Texts<'a>,
    pub known: Knowledge<'a>,
    pub index: &'a Index,
    pub postings: &'a Postings,
    /// Numbers that stand in the sources as digits, whatever they are numbers of.
    pub literals: &'a HashSet<String>,
}

/// A figure of the report with what may answer it.
pub(super) struct Asked {
    /// Index into the report's quantities.
    pub number: usize,
    pub quantity: Quantity,
    /// Figures of one sentence, or of one row of a table, belong together.
    group: Group,
    pub context: Context,
    /// Figures of the sources with its value, by number.
    pub answers: Vec<Answer>,
    /// The best of them, by its place in the list.
    best: Option<usize>,
    /// Figures of the sources with its words, the likeliest first.
    pub rivals: Vec<(u32, u32)>,
    /// What a figure would have that has all its words.
    pub whole: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Group {
    Sentence(usize),
    Row(u32, u32),
    Alone(usize),
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Answer {
    pub candidate: u32,
    pub agreement: Agreement,
    pub fit: UnitFit,
    pub score: u32,
}

impl Asked {
    pub fn relative(&self, score: u32) -> u32 {
        (score * 100).checked_div(self.whole).unwrap_or(0)
    }

    pub fn chosen(&self) -> Option<&Answer> {
        self.best.and_then(|at| self.answers.get(at))
    }
}

impl Aligner<'_> {
    fn run(&self, reader: &ContextReader<'_>) -> Grounding {
        let quantities = &self.texts.report.reading.quantities;
        let mut asked: Vec<Asked> = quantities
            .par_iter()
            .enumerate()
            .with_min_len(FIGURES_A_THREAD)
            .filter(|(_, quantity)| !self.texts.is_source(Origin::Report, quantity.span))
            .map_init(Scores::new, |scores, (number, quantity)| self.ask(number, quantity, reader, scores))
            .collect();
        let groups = grouped(&asked);
        let chosen: Vec<Vec<Option<usize>>> =
            groups.par_iter().map(|group| self.choose(&asked[group.clone()])).collect();
        for (asked, best) in asked.iter_mut().zip(chosen.into_iter().flatten()) {
            asked.best = best;
        }
        let figures = self.verdicts(&asked, &groups).into_iter().zip(&asked);
        let figures = figures.map(|(verdict, asked)| GroundedFigure { quantity: asked.number, verdict });
        let mut figures: Vec<GroundedFigure> = figures.collect();
        self.temper(&mut figures);
        Grounding { figures }
    }

    fn ask(
        &self,
        number: usize,
        quantity: &Quantity,
        reader: &ContextReader<'_>,
        scores: &mut Scores,
    ) -> Asked {
        let document = self.texts.report.document;
        let block = document.block_of(quantity.span.start).map(|at| document.blocks[at].kind);
        let sentence = document.sentence_at(quantity.span.start);
        let group = match (block, sentence) {
            (Some(BlockKind::Cell { table, row, .. }), _) => Group::Row(table, row),
            (_, Some(sentence)) => Group::Sentence(sentence),
            _ => Group::Alone(number),
        };
        let mut asked = Asked {
            number,
            quantity: self.in_its_column(*quantity),
            group,
            context: Context::default(),
            answers: Vec::new(),
            best: None,
            rivals: Vec::new(),
            whole: 0,
        };
        if matches!(quantity.kind, Kind::Date | Kind::Ordinal) {
            return asked;
        }
        asked.context = reader.of_report(self.texts.report, quantity);
        self.postings.weigh(&asked.context, scores);
        asked.whole = scores.whole;
        asked.answers = self.answers(&asked.quantity, scores);
        asked.rivals = self.rivals(quantity, scores);
        asked
    }

    /// The figures of the sources that most words around one of the report speak for, and what they say.
    fn rivals(&self, quantity: &Quantity, scores: &Scores) -> Vec<(u32, u32)> {
        let likelier = |(score, number): (u32, u32)| (Reverse(score), number);
        let mut rivals: Vec<(u32, u32)> = Vec::with_capacity(MOST_RIVALS + 1);
        for &number in scores.touched() {
            let rival = (scores.of(number), number);
            let full = rivals.len() == MOST_RIVALS;
            if full && rivals.last().is_some_and(|last| likelier(*last) < likelier(rival)) {
                continue;
            }
            let candidate = self.candidate(number);
            if !candidate.reheard() && self.fit(quantity, candidate).is_some() {
                let at = rivals.partition_point(|other| likelier(*other) < likelier(rival));
                rivals.insert(at, rival);
                rivals.truncate(MOST_RIVALS);
            }
        }
        rivals
    }

    /// With the scale that the head of its column gives it: 销量（万辆）.
    fn in_its_column(&self, quantity: Quantity) -> Quantity {
        let document = self.texts.report.document;
        let small = written(&quantity).all(|figure| figure.value.abs() < Decimal::from(1_000_000));
        if !small || !matches!(quantity.unit, Unit::Bare | Unit::Money { .. }) {
            return quantity;
        }
        let heads = cell_heads(document, quantity.span);
        let power = heads.iter().find_map(|head| {
            let (_, unit) = head.of(&document.prose).rsplit_once(['(', '（'])?;
            let mut scales = self.known.lexicon.scales.iter();
            scales.find(|(word, _)| unit.contains(word.as_str())).map(|(_, power)| *power)
        });
        power.map_or(quantity, |power| scaled(quantity, power))
    }

    pub fn candidate(&self, number: u32) -> &Candidate {
        &self.index.candidates[number as usize]
    }

    pub fn fit(&self, quantity: &Quantity, candidate: &Candidate) -> Option<UnitFit> {
        if matches!(candidate.quantity.kind, Kind::Date | Kind::Ordinal) {
            return None;
        }
        unit_fit(quantity.unit, candidate.quantity.unit, self.known.units)
    }

    /// Whether a number is too large or too precise to be met by chance.
    fn is_telling(&self, candidate: &Candidate) -> bool {
        written(&candidate.quantity).any(|figure| {
            figure.value.abs() >= Decimal::from(LARGE) || significant_digits(figure.value) >= PRECISE
        })
    }

    /// The figures of the sources with the value of a quantity, by number; of a range those that have both its ends.
    fn answers(&self, quantity: &Quantity, scores: &Scores) -> Vec<Answer> {
        let mut ends = written(quantity).map(|figure| self.answers_to(quantity, figure, scores));
        let Some(first) = ends.next() else { return Vec::new() };
        let Some(second) = ends.next() else { return first };
        let near =
            |answer: &Answer| !within(&second, &self.index.near(answer.candidate, TOGETHER / 2)).is_empty();
        first.into_iter().filter(near).collect()
    }

    fn answers_to(&self, quantity: &Quantity, figure: Figure, scores: &Scores) -> Vec<Answer> {
        let mut answers: Vec<Answer> = Vec::new();
        let mut add = |candidate: u32, equal: bool| {
            let other = self.candidate(candidate);
            // So telling a number is the same whatever a transcript makes of its unit (48亿T-Mobile, 9亿周火).
            let telling = || (equal && self.is_telling(other)).then_some(UnitFit::Loose);
            let fit = self.fit(quantity, other).or_else(telling);
            if let Some(fit) = fit {
                let agreement = if equal { Agreement::Equal } else { Agreement::Rounded };
                answers.push(Answer { candidate, agreement, fit, score: scores.of(candidate) });
            }
        };
        let (low, high) = reach(quantity, figure);
        // The exact number first: it may stand in many places.
        for &(_, candidate) in self.index.written(figure.value, figure.value).iter().take(MOST_PLACES) {
            add(candidate, true);
        }
        let digits = significant_digits(figure.value);
        for &(value, candidate) in self.index.written(low, high).iter().take(MOST_PLACES) {
            let finer = || significant_digits(value) > digits;
            if value != figure.value && (quantity.bound != Bound::Exact || finer()) {
                add(candidate, false);
            }
        }
        if let Some((dimension, factor)) = base_factor(quantity.unit, self.known.units) {
            let base = |value: Decimal| value.checked_mul(factor);
            if let (Some(low), Some(high), Some(exact)) = (base(low), base(high), base(figure.value)) {
                for &(value, candidate) in self.index.base(dimension, low, high).iter().take(MOST_PLACES) {
                    if self.candidate(candidate).quantity.unit != quantity.unit {
                        add(candidate, value == exact);
                    }
                }
            }
        }
        answers.sort_by_key(|answer| (answer.candidate, Reverse((answer.agreement, answer.fit))));
        answers.dedup_by_key(|answer| answer.candidate);
        if answers.len() > MOST_ANSWERS {
            answers.sort_by_key(|answer| Reverse((answer.agreement, answer.fit, answer.score)));
            answers.truncate(MOST_ANSWERS);
            answers.sort_unstable_by_key(|answer| answer.candidate);
        }
        answers
    }

    /// Of the answers to figures of one sentence, those that stand together are the likelier ones.
    fn choose(&self, together: &[Asked]) -> Vec<Option<usize>> {
        let best = |at: usize| {
            let asked = &together[at];
            let company = if asked.answers.len() > 1 { self.company(together, at) } else { Vec::new() };
            (0..asked.answers.len()).max_by_key(|number| {
                let answer = &asked.answers[*number];
                let read = !self.candidate(answer.candidate).reheard();
                let beside = self.companions(&company, answer.candidate);
                let nearness = asked.relative(answer.score) + 20 * beside.min(3);
                (answer.agreement, answer.fit, nearness, read, Reverse(*number))
            })
        };
        (0..together.len()).map(best).collect()
    }

    /// What answers the other figures of the sentence, but those that are the same number.
    pub fn company<'t>(&self, together: &'t [Asked], at: usize) -> Vec<&'t [Answer]> {
        let own = &together[at].quantity;
        let others = together.iter().enumerate().filter(|(other, asked)| {
            *other != at && !asked.answers.is_empty() && !same_number(&asked.quantity, own)
        });
        others.map(|(_, asked)| asked.answers.as_slice()).collect()
    }

    /// How many other figures of the sentence have an answer near a figure of a source.
    pub fn companions(&self, company: &[&[Answer]], candidate: u32) -> u32 {
        if company.is_empty() {
            return 0;
        }
        let near = self.index.near(candidate, TOGETHER);
        let there = company.iter().filter(|answers| !within(answers, &near).is_empty());
        u32::try_from(there.count()).unwrap_or(u32::MAX)
    }
}

/// The answers among a stretch of the sources' figures.
pub(super) fn within<'a>(answers: &'a [Answer], stretch: &Range<usize>) -> &'a [Answer] {
    let from = answers.partition_point(|answer| (answer.candidate as usize) < stretch.start);
    let to = answers.partition_point(|answer| (answer.candidate as usize) < stretch.end);
    &answers[from..to.max(from)]
}

/// The stretches of figures that belong together.
fn grouped(asked: &[Asked]) -> Vec<Range<usize>> {
    let mut groups = Vec::new();
    let mut start = 0;
    for at in 1..=asked.len() {
        if at == asked.len() || asked[at].group != asked[start].group {
            groups.push(start..at);
            start = at;
        }
    }
    groups
}
