//! Figures of a source that stand where the report's should.

use rust_decimal::Decimal;

use super::align::{Aligner, Asked, TOGETHER, within};
use super::context::{Sides, Token};
use super::figure::{Agreement, UnitFit, is_slip, is_specific, reach, same_digits, same_number, written};
use super::index::Candidate;
use super::model::{SourceFigure, Strength};
use crate::quantity::{Bound, Quantity};

/// A figure of a source that may stand where the report's should.
pub(super) struct Rival {
    /// How much speaks for it.
    pub points: u32,
    pub figure: SourceFigure,
    pub strength: Strength,
    /// The digits are those of the report, the scale is not.
    pub other_scale: bool,
}

/// From so much weight on, the words around a figure tell it from others.
const TELLING: u32 = 40;

impl Aligner<'_> {
    /// Right beside another figure of the source stands what the report says of this one, twice over: the word beside
    /// it, and the figure next to it with its own word.
    pub(super) fn conflict(&self, together: &[Asked], at: usize) -> Option<SourceFigure> {
        let asked = &together[at];
        if !is_specific(&asked.quantity, self.known.units) {
            return None;
        }
        let spoken = |candidate: u32, of: &Asked| {
            of.context.beside.iter().flatten().any(|token| self.postings.has(*token, candidate))
        };
        // One of its own value with the same word near: all is well.
        if asked.answers.iter().any(|answer| spoken(answer.candidate, asked)) {
            return None;
        }
        asked.context.beside.iter().flatten().find_map(|token| self.rival_of(*token, together, at))
    }

    /// The figure that alone has the word beside it, if its neighbour answers another of the sentence.
    fn rival_of(&self, token: Token, together: &[Asked], at: usize) -> Option<SourceFigure> {
        let asked = &together[at];
        let of_the_unit =
            |rival: &u32| self.fit(&asked.quantity, self.candidate(*rival)) == Some(UnitFit::Same);
        let rivals: Vec<u32> = self.postings.beside(token).filter(of_the_unit).collect();
        let first = self.candidate(*rivals.first()?);
        if !rivals.iter().all(|rival| same_number(&self.candidate(*rival).quantity, &first.quantity)) {
            return None;
        }
        rivals
            .into_iter()
            .find(|rival| self.is_backed(*rival, together, at))
            .map(|rival| self.candidate(rival).figure)
    }

    /// Whether another figure of the sentence has its answer, with the word beside both, next to a figure.
    fn is_backed(&self, rival: u32, together: &[Asked], at: usize) -> bool {
        let near = self.index.near(rival, TOGETHER / 4);
        let beside_both = |sibling: &Asked, candidate: u32| {
            let mut tokens = sibling.context.beside.iter().flatten();
            tokens.any(|token| self.postings.is_beside(*token, candidate))
        };
        together.iter().enumerate().any(|(other, sibling)| {
            other != at
                && !same_number(&sibling.quantity, &together[at].quantity)
                && within(&sibling.answers, &near).iter().any(|answer| {
                    answer.candidate != rival
                        && (answer.agreement, answer.fit) == (Agreement::Equal, UnitFit::Same)
                        && beside_both(sibling, answer.candidate)
                })
        })
    }

    /// The figure of a source that stands where the report's should.
    pub(super) fn instead(&self, together: &[Asked], at: usize) -> Option<Rival> {
        let asked = &together[at];
        let taken: Vec<u32> =
            together.iter().filter_map(Asked::chosen).map(|answer| answer.candidate).collect();
        let mut numbers: Vec<u32> = asked.rivals.iter().map(|(_, number)| *number).collect();
        for taken in &taken {
            let near = self.index.near(*taken, TOGETHER / 2);
            numbers.extend(near.filter_map(|number| u32::try_from(number).ok()));
        }
        numbers.sort_unstable();
        numbers.dedup();
        let sides = Sides::of(&self.texts.report.document.prose, asked.quantity.span);
        let company = self.company(together, at);
        let judged = numbers.into_iter().filter_map(|number| {
            let candidate = self.candidate(number);
            let fit = self.fit(&asked.quantity, candidate)?;
            let said_already = together.iter().any(|other| same_number(&other.quantity, &candidate.quantity))
                || taken.contains(&number);
            if candidate.reheard() || said_already || self.may_mean(candidate, &asked.quantity) {
                return None;
            }
            let score =
                asked.rivals.iter().find(|(_, rival)| *rival == number).map_or(0, |(score, _)| *score);
            let beside =
                asked.context.beside.iter().flatten().any(|token| self.postings.is_beside(*token, number));
            let slip = is_slip(&asked.quantity, &candidate.quantity);
            let text = self.texts.text(candidate.figure.origin);
            let same = sides.verbatim(&text.document.prose, candidate.figure.span);
            let word_for_word = same[0] + same[1] >= 40 && same[0].max(same[1]) >= 20;
            let relative = asked.relative(score) * asked.whole.min(TELLING) / TELLING;
            let alike = slip || beside || word_for_word || relative >= 40;
            if !alike || !(word_for_word || same_order(&asked.quantity, &candidate.quantity, slip)) {
                return None;
            }
            let points = relative
                + 25 * self.companions(&company, number).min(2)
                + if slip { 25 } else { 0 }
                + if beside { 20 } else { 0 }
                + if fit == UnitFit::Same { 15 } else { 0 }
                + if word_for_word { 60 } else { 0 };
            let proven = word_for_word && fit == UnitFit::Same && same[0] >= 8 && same[1] >= 8;
            let strength = if proven { Strength::Proof } else { Strength::Likely };
            let other_scale = fit == UnitFit::Same && same_digits(&asked.quantity, &candidate.quantity);
            Some(Rival { points, figure: candidate.figure, strength, other_scale })
        });
        judged.max_by_key(|rival| rival.points)
    }

    /// Whether a vaguer figure of a source leaves room for the report's.
    fn may_mean(&self, candidate: &Candidate, quantity: &Quantity) -> bool {
        let vague = candidate.quantity.approximate || candidate.quantity.bound != Bound::Exact;
        vague
            && written(&candidate.quantity).any(|figure| {
                let (low, high) = reach(&candidate.quantity, figure);
                written(quantity).all(|own| low <= own.value && own.value <= high)
            })
    }
}

/// Whether two figures are of one order: nobody takes 850 million for 5 points. A slip of the pen may change it.
fn same_order(a: &Quantity, b: &Quantity, slip: bool) -> bool {
    let magnitude = |quantity: &Quantity| written(quantity).next().map(|figure| figure.value.abs());
    let (Some(a), Some(b)) = (magnitude(a), magnitude(b)) else { return false };
    let apart = Decimal::from(if slip { 100_000 } else { 30 });
    a <= b.saturating_mul(apart) && b <= a.saturating_mul(apart)
}
