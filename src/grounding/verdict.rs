//! What the sources say to one figure.

use std::collections::HashMap;
use std::ops::Range;

use rayon::prelude::*;
use rust_decimal::Decimal;

use super::align::{Aligner, Answer, Asked};
use super::figure::{Agreement, UnitFit, digits_in_words, is_specific, significant_digits, written};
use super::model::{GroundedFigure, Strength, Verdict};
use crate::assertion::Modality;
use crate::document::Role;
use crate::quantity::{Figure, Kind, Quantity, Unit};
use crate::source::Span;

/// What must speak for a figure of a source to be held against one of the report.
const ENOUGH: u32 = 70;

impl Aligner<'_> {
    /// What the sources say to each figure of the report.
    pub(super) fn verdicts(&self, asked: &[Asked], groups: &[Range<usize>]) -> Vec<Verdict> {
        let places: Vec<(Range<usize>, usize)> =
            groups.iter().flat_map(|group| group.clone().map(move |at| (group.clone(), at))).collect();
        let mut verdicts: Vec<Verdict> =
            places.par_iter().map(|(group, at)| self.verdict(asked, group.clone(), *at)).collect();
        // What has been worked out may serve to work out others, and may be said again.
        let mut worked_out = WorkedOut::default();
        for (at, asked) in asked.iter().enumerate() {
            if matches!(verdicts[at], Verdict::Derived { .. }) {
                worked_out.add(&asked.quantity, at);
            }
        }
        for (group, at) in places {
            let quantity = &asked[at].quantity;
            if at_odds(&verdicts[at]) && asked[at].chosen().is_none() {
                let again = || worked_out.of(quantity).map(|other| verdicts[other].clone());
                if let Some(found) = self.derived(asked, &verdicts, group, at).or_else(again) {
                    verdicts[at] = found;
                    worked_out.add(quantity, at);
                }
            }
        }
        verdicts
    }

    /// What the sources say to a figure; those of its sentence are the group.
    fn verdict(&self, all: &[Asked], group: Range<usize>, number: usize) -> Verdict {
        let (together, at) = (&all[group.clone()], number - group.start);
        let asked = &all[number];
        let quantity = &asked.quantity;
        if matches!(quantity.kind, Kind::Date | Kind::Ordinal) || self.is_header(quantity.span) {
            return Verdict::CannotTell;
        }
        if let Some(answer) = asked.chosen()
            && self.answers_well(together, at, answer)
        {
            if let Some(conflict) = self.conflict(together, at) {
                return Verdict::Differs { from: conflict, strength: Strength::Likely };
            }
            return Verdict::Supported(self.candidate(answer.candidate).figure);
        }
        if !is_specific(quantity, self.known.units) {
            return Verdict::CannotTell;
        }
        if let Some(place) = self.without_scale(asked) {
            return Verdict::Supported(place);
        }
        if self.misheard_scale(asked) || self.lost_point(asked) {
            return Verdict::CannotTell;
        }
        if let Some(derived) = self.derived(all, &[], group.clone(), number) {
            return derived;
        }
        let supposed = all[group.start..=number].iter().any(|before| {
            let assertion = self.texts.report.reading.assertion_of(before.number);
            assertion.is_some_and(|assertion| assertion.modality == Modality::Condition)
        });
        match self.unanswered(together, at) {
            // What would be if is not what a source says.
            Verdict::Absent { .. } | Verdict::Differs { .. } if supposed => Verdict::CannotTell,
            verdict => verdict,
        }
    }

    /// Whether an answer is one: a number of several digits is, a small or a rounded one needs words or companions.
    fn answers_well(&self, together: &[Asked], at: usize, answer: &Answer) -> bool {
        let asked = &together[at];
        let company = self.company(together, at);
        let alike = || asked.relative(answer.score) >= 20 || self.companions(&company, answer.candidate) > 0;
        match (answer.agreement, answer.fit) {
            (Agreement::Equal, UnitFit::Same) => true,
            (Agreement::Equal, UnitFit::Loose) => {
                let telling = |figure: Figure| {
                    significant_digits(figure.value) >= 2 || figure.value.abs() >= Decimal::ONE_THOUSAND
                };
                written(&asked.quantity).all(telling)
                    || asked.whole == 0
                    || asked.relative(answer.score) > 0
                    || alike()
            }
            (Agreement::Rounded, _) => {
                let rounded =
                    asked.relative(answer.score) + 20 * self.companions(&company, answer.candidate).min(2);
                let rival = self.instead(together, at).map_or(0, |rival| rival.points);
                asked.whole == 0 || (alike() && rounded + 25 >= rival)
            }
        }
    }

    /// Envelope fields other than the title say nothing that a source would say.
    fn is_header(&self, place: Span) -> bool {
        let document = self.texts.report.document;
        let in_field =
            document.block_of(place.start).is_some_and(|block| document.blocks[block].role == Role::Metadata);
        in_field
            && !document.fields.iter().any(|field| field.key == "title" && field.value.contains(place))
            && document.fields.iter().any(|field| field.value.contains(place))
    }

    /// No source has it: either one has another number in its place, or none.
    fn unanswered(&self, together: &[Asked], at: usize) -> Verdict {
        let asked = &together[at];
        let prose = &self.texts.report.document.prose;
        // The digits are there, as a number of something else or in another scale: not made up out of nothing.
        let known = digits_in_words(asked.quantity.span.of(prose))
            .is_some_and(|digits| digits.len() > 1 && self.literals.contains(&digits));
        match self.instead(together, at).filter(|rival| rival.points >= ENOUGH) {
            Some(rival) if !known || rival.other_scale => {
                Verdict::Differs { from: rival.figure, strength: rival.strength }
            }
            _ => Verdict::Absent { strength: if known { Strength::Hint } else { Strength::Likely } },
        }
    }

    /// A report most of whose figures are in no source is more than a summary of them.
    pub(super) fn temper(&self, figures: &mut [GroundedFigure]) {
        let absent = |figure: &&GroundedFigure| matches!(figure.verdict, Verdict::Absent { .. });
        let answered = |figure: &&GroundedFigure| {
            matches!(
                figure.verdict,
                Verdict::Supported(_) | Verdict::Derived { .. } | Verdict::Differs { .. }
            )
        };
        let (missing, found) =
            (figures.iter().filter(absent).count(), figures.iter().filter(answered).count());
        if missing > 4 && missing > found {
            for figure in figures {
                if let Verdict::Absent { strength } = &mut figure.verdict {
                    *strength = Strength::Hint;
                }
            }
        }
    }
}

fn at_odds(verdict: &Verdict) -> bool {
    matches!(verdict, Verdict::Absent { .. } | Verdict::Differs { .. })
}

/// The first place of each number that has been worked out.
#[derive(Default)]
struct WorkedOut {
    /// By value; one for each unit.
    places: HashMap<Vec<Decimal>, Vec<(Unit, usize)>>,
}

impl WorkedOut {
    fn add(&mut self, quantity: &Quantity, at: usize) {
        let of_the_value = self.places.entry(values(quantity)).or_default();
        match of_the_value.iter_mut().find(|(unit, _)| *unit == quantity.unit) {
            Some((_, first)) => *first = at.min(*first),
            None => of_the_value.push((quantity.unit, at)),
        }
    }

    fn of(&self, quantity: &Quantity) -> Option<usize> {
        let of_the_value = self.places.get(&values(quantity))?;
        of_the_value.iter().find(|(unit, _)| *unit == quantity.unit).map(|(_, at)| *at)
    }
}

fn values(quantity: &Quantity) -> Vec<Decimal> {
    written(quantity).map(|figure| figure.value).collect()
}
