//! Figures that the report has worked out from others.

use std::ops::Range;

use super::align::{Aligner, Asked};
use super::derivation::{Derivation, Freedom, derive};
use super::figure::same_number;
use super::model::{SourceFigure, Verdict};
use crate::document::MARKUP;
use crate::quantity::Quantity;
use crate::source::Span;

/// Operands that a figure may follow from.
const MOST_OPERANDS: usize = 8;

impl Aligner<'_> {
    /// From the figures of the sources that answer the others of the sentence, or of the sentences before.
    pub(super) fn derived(&self, asked: &[Asked], group: Range<usize>, at: usize) -> Option<Verdict> {
        let beside = self.operands(asked, group.clone(), at);
        let words = self.surroundings(&asked[at]).of(&self.texts.report.document.prose);
        let freedom = Freedom::of(words, &self.known.lexicon.worked_out, beside.len() <= 3);
        let before = group.start.saturating_sub(MOST_OPERANDS)..group.end;
        let before = self.operands(asked, before, at);
        [(beside, freedom), (before, freedom.from_afar())].into_iter().find_map(|(operands, freedom)| {
            let quantities: Vec<Quantity> = operands.iter().map(|(quantity, _)| *quantity).collect();
            let found = derive(&asked[at].quantity, &quantities, self.known.units, freedom)?;
            Some(self.shown(&asked[at], &operands, &found))
        })
    }

    /// Figures of the report with what answers them, the nearest first.
    fn operands(&self, asked: &[Asked], range: Range<usize>, at: usize) -> Vec<(Quantity, SourceFigure)> {
        let mut order: Vec<usize> = range.filter(|other| *other != at).collect();
        order.sort_by_key(|other| (other.abs_diff(at), *other));
        let mut operands: Vec<(Quantity, SourceFigure)> = Vec::new();
        for other in order {
            let Some(answer) = asked[other].chosen() else { continue };
            let quantity = asked[other].quantity;
            if operands.len() < MOST_OPERANDS
                && !operands.iter().any(|(known, _)| same_number(known, &quantity))
            {
                operands.push((quantity, self.candidate(answer.candidate).figure));
            }
        }
        operands
    }

    /// The sentence of a figure; of a cell the head of its column as well would be too far.
    fn surroundings(&self, asked: &Asked) -> Span {
        let document = self.texts.report.document;
        let sentence = document.sentence_at(asked.quantity.span.start).map(|at| document.sentences[at].span);
        sentence.unwrap_or(asked.quantity.span)
    }

    fn shown(&self, asked: &Asked, operands: &[(Quantity, SourceFigure)], found: &Derivation) -> Verdict {
        let prose = &self.texts.report.document.prose;
        let written = |quantity: &Quantity| quantity.span.of(prose).replace(char::from(MARKUP), "");
        let from: Vec<_> = found.from.iter().filter_map(|at| operands.get(*at)).collect();
        let mut arithmetic = found.pattern.to_owned();
        for (number, (quantity, _)) in from.iter().enumerate() {
            arithmetic = arithmetic.replace(&format!("{{{number}}}"), &written(quantity));
        }
        Verdict::Derived {
            from: from.into_iter().map(|(_, figure)| *figure).collect(),
            arithmetic: format!("{arithmetic} = {}", written(&asked.quantity)),
        }
    }
}
