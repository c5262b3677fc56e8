//! Figures that the report has worked out from others.

use std::ops::Range;

use super::align::{Aligner, Asked, TOGETHER};
use super::context::cell_heads;
use super::derivation::{Derivation, Freedom, derive};
use super::figure::{same_number, unit_fit, written};
use super::model::{Origin, SourceFigure, Verdict};
use crate::document::MARKUP;
use crate::quantity::{Figure, Magnitude, Quantity};
use crate::source::Span;

/// Operands that a figure may follow from.
const MOST_OPERANDS: usize = 8;

impl Aligner<'_> {
    /// From the figures of the sources that answer the others of the sentence, those of the sentences before, or those
    /// that stand beside them in the source.
    pub(super) fn derived(
        &self,
        asked: &[Asked],
        verdicts: &[Verdict],
        group: Range<usize>,
        at: usize,
    ) -> Option<Verdict> {
        let text = self.surroundings(&asked[at]).to_lowercase();
        let words = &self.known.lexicon.worked_out;
        let near = self.operands(asked, verdicts, group.clone(), at);
        let few = near.len() <= 3;
        let before = group.start.saturating_sub(MOST_OPERANDS)..group.end;
        let before = self.operands(asked, verdicts, before, at);
        let in_source = self.beside_in_source(&near, &asked[at]);
        [(near, true, few), (before, false, false), (in_source, false, false)].into_iter().find_map(
            |(operands, near, rounded)| {
                let quantities: Vec<Quantity> = operands.iter().map(|operand| operand.quantity).collect();
                let freedom = Freedom::new(&text, words, near, rounded);
                let found = derive(&asked[at].quantity, &quantities, self.known.units, freedom)?;
                Some(self.shown(&asked[at], &operands, &found))
            },
        )
    }

    /// Figures of the report with what answers them, the nearest first; of a range both ends.
    fn operands(
        &self,
        asked: &[Asked],
        verdicts: &[Verdict],
        range: Range<usize>,
        at: usize,
    ) -> Vec<Operand> {
        let mut order: Vec<usize> = range.filter(|other| *other != at).collect();
        order.sort_by_key(|other| (other.abs_diff(at), *other));
        let mut operands: Vec<Operand> = Vec::new();
        for other in order {
            let figure = match (asked[other].chosen(), verdicts.get(other)) {
                (Some(answer), _) => self.candidate(answer.candidate).figure,
                (None, Some(Verdict::Supported(figure))) => *figure,
                (None, Some(Verdict::Derived { from, .. })) => match from.first() {
                    Some(figure) => *figure,
                    None => continue,
                },
                _ => continue,
            };
            let written_at = (Origin::Report, asked[other].quantity.span);
            for quantity in single(&asked[other].quantity) {
                let known = operands.iter().any(|operand| same_number(&operand.quantity, &quantity));
                if operands.len() < MOST_OPERANDS && !known {
                    operands.push(Operand { quantity, figure, written_at });
                }
            }
        }
        operands
    }

    /// What the nearest operand stands beside in its source.
    fn beside_in_source(&self, near: &[Operand], asked: &Asked) -> Vec<Operand> {
        let Some(first) = near.first().filter(|_| asked.quantity.approximate || near.len() < 3) else {
            return Vec::new();
        };
        let range = self.index.near(self.index.number_of(first.figure), TOGETHER / 2);
        let candidates = range.filter_map(|number| self.index.candidates.get(number));
        let of_one_unit = candidates.filter(|candidate| {
            !candidate.reheard()
                && unit_fit(candidate.quantity.unit, first.quantity.unit, self.known.units).is_some()
        });
        of_one_unit
            .flat_map(|candidate| {
                let figure = candidate.figure;
                let written_at = (figure.origin, figure.span);
                single(&candidate.quantity).map(move |quantity| Operand { quantity, figure, written_at })
            })
            .take(MOST_OPERANDS / 2)
            .collect()
    }

    /// What stands at a place, without marks.
    fn words(&self, origin: Origin, span: Span) -> String {
        span.of(&self.texts.text(origin).document.prose).replace(char::from(MARKUP), "")
    }

    /// The sentence of a figure; of a cell the heads of its row and its column.
    fn surroundings(&self, asked: &Asked) -> String {
        let document = self.texts.report.document;
        let place = asked.quantity.span;
        let sentence =
            document.sentence_at(place.start).map(|at| document.sentences[at].span).unwrap_or(place);
        let mut text = sentence.of(&document.prose).to_owned();
        for head in cell_heads(document, place) {
            text.push(' ');
            text.push_str(head.of(&document.prose));
        }
        text
    }

    fn shown(&self, asked: &Asked, operands: &[Operand], found: &Derivation) -> Verdict {
        let from: Vec<&Operand> = found.from.iter().filter_map(|at| operands.get(*at)).collect();
        let mut arithmetic = found.pattern.to_owned();
        for (number, operand) in from.iter().enumerate() {
            let (origin, span) = operand.written_at;
            arithmetic = arithmetic.replace(&format!("{{{number}}}"), &self.words(origin, span));
        }
        Verdict::Derived {
            from: from.into_iter().map(|operand| operand.figure).collect(),
            arithmetic: format!("{arithmetic} = {}", self.words(Origin::Report, asked.quantity.span)),
        }
    }
}

/// A figure of the report that a source answers, for others to follow from.
struct Operand {
    quantity: Quantity,
    figure: SourceFigure,
    /// Where its words stand.
    written_at: (Origin, Span),
}

/// The quantity, or both ends of a range as quantities of their own.
fn single(quantity: &Quantity) -> impl Iterator<Item = Quantity> + use<> {
    let quantity = *quantity;
    let figures: Vec<Figure> = written(&quantity).collect();
    figures.into_iter().map(move |figure| Quantity { magnitude: Magnitude::One(figure), ..quantity })
}
