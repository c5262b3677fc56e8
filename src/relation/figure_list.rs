//! Several figures that fill one role: the items of a list, the ends of a range.

use rust_decimal::Decimal;

use super::matcher::{SentenceView, Trail, outer_start, passable};
use super::model::{Filler, RangeEnd, Relation, RoleType};
use super::pattern::ListStyle;
use super::phrasebook::Phrase;
use super::unit_agreement::comparable;
use crate::quantity::{Magnitude, Quantity, Unit};
use crate::source::Span;

/// Figures in a list that a sentence adds up; one that is longer is none.
const LONGEST_LIST: usize = 24;
/// Bytes between two items of a list.
const ITEM_GAP: usize = 120;

impl SentenceView<'_> {
    /// Two or more quantities of one unit with separators between; the longest run first, so that the rest of
    /// the phrase decides where the list ends.
    pub(super) fn list_at(
        &self,
        phrase: &Phrase,
        relation: &Relation,
        (at, role, style): (usize, usize, ListStyle),
        pos: usize,
        trail: &mut Trail,
    ) -> bool {
        let kind = relation.roles[role].kind;
        let Some((first, mut end)) = self.slot_at(kind, pos) else { return false };
        let mut items = vec![(first, end)];
        let mut last = false;
        let later = (first + 1..).zip(&self.quantities[first + 1 - self.first..]);
        for (index, quantity) in later.take(LONGEST_LIST * 4) {
            if outer_start(quantity) >= self.span.end {
                break;
            }
            if quantity.span.start > end + ITEM_GAP {
                break;
            }
            let alike = kind.accepts(quantity)
                && comparable(self.quantity(first), quantity)
                && !self.lends_scale(self.quantity(first), quantity);
            if !alike && (passable(quantity) || quantity.unit == Unit::Percent || counts_few(quantity)) {
                continue;
            }
            let gap = Span::new(end.min(quantity.span.start), quantity.span.start);
            let between = gap.of(self.prose);
            // A figure in brackets behind an item tells of that item: 60 亿（含线上 20 亿）、40 亿.
            if opens_bracket(between) {
                continue;
            }
            // A 占 45%，B 占 52%: between shares the words for them are no end of the list.
            let shares = kind == RoleType::Percent
                || kind == RoleType::Level && self.quantity(first).unit == Unit::Percent;
            let stop = if shares { self.marks.share_list_stop } else { self.marks.list_stop };
            if stop.is_some_and(|class| self.hits.within(gap).of(class).next().is_some()) {
                break;
            }
            // "and" announces the last item, unless every item has it; 和 may stand anywhere.
            let conjoined = self.marks.joining.announces_last(between);
            if last && !conjoined {
                break;
            }
            last = conjoined;
            if !alike
                || !self.marks.joining.separates(between)
                || style == ListStyle::Tight && self.marks.joining.pauses(between)
            {
                break;
            }
            end = quantity.hedge.map_or(quantity.span.end, |hedge| hedge.end.max(quantity.span.end));
            items.push((index, end));
            if items.len() > LONGEST_LIST {
                return false;
            }
        }
        let (fillers, words) = (trail.fillers.len(), trail.words.len());
        (2..=items.len()).rev().any(|count| {
            trail.fillers.truncate(fillers);
            trail.words.truncate(words);
            let run = &items[..count];
            trail.fillers.extend(run.iter().map(|(index, _)| (role, Filler::whole(*index))));
            self.step(phrase, relation, at + 1, run[count - 1].1, trail)
        })
    }

    /// Whether the scale of an item (thousand, 万) may be meant for the ones before it as well: 41, 38 and 23 thousand.
    fn lends_scale(&self, first: &Quantity, item: &Quantity) -> bool {
        let scaled = |quantity: &Quantity| {
            let digits: String =
                quantity.span.of(self.prose).chars().filter(|c| c.is_ascii_digit() || *c == '.').collect();
            match (quantity.magnitude, digits.parse::<Decimal>()) {
                (Magnitude::One(figure), Ok(written)) => written
                    .checked_mul(Decimal::ONE_THOUSAND)
                    .is_some_and(|least| figure.value.abs() >= least),
                _ => false,
            }
        };
        scaled(item) && !scaled(first)
    }

    /// The two ends of a range at `pos`, and where it ends.
    ///
    /// It is one figure, or two with a word of a range between: a range that runs backwards is read as two.
    pub(super) fn ends_at(&self, kind: RoleType, pos: usize) -> Option<([Filler; 2], usize)> {
        let (index, end) = self.slot_at(kind, pos)?;
        let figure = self.quantity(index);
        match figure.magnitude {
            Magnitude::Range { low: Some(_), high: Some(_) } => {
                let ends = [RangeEnd::First, RangeEnd::Last].map(|end| Filler::Quantity {
                    index,
                    strip_bound: false,
                    end: Some(end),
                });
                Some((ends, end))
            }
            Magnitude::One(_) => {
                let next = self.quantities.get(index + 1 - self.first)?;
                let between = self.prose.get(end..outer_start(next))?;
                // A score or a vote (9-2) is no range.
                let bare = figure.unit == Unit::Bare && next.unit == Unit::Bare && !between.contains(' ');
                let joined = !bare
                    && matches!(next.magnitude, Magnitude::One(_))
                    && kind.accepts(next)
                    && comparable(figure, next)
                    && next.span.end <= self.span.end
                    && self.marks.joining.joins_range(between);
                let end = next.hedge.map_or(next.span.end, |hedge| hedge.end.max(next.span.end));
                joined.then(|| ([Filler::whole(index), Filler::whole(index + 1)], end))
            }
            _ => None,
        }
    }
}

/// A small number of people or things that an item of a list mentions beside its amount: 向 2 名股东.
fn counts_few(quantity: &Quantity) -> bool {
    let Magnitude::One(figure) = quantity.magnitude else { return false };
    matches!(quantity.unit, Unit::Measure { per: None, .. }) && figure.value.abs() <= Decimal::ONE_HUNDRED
}

/// Whether the text between two figures opens a bracket that it does not close.
fn opens_bracket(between: &str) -> bool {
    let count = |marks: [char; 2]| between.matches(marks).count();
    count(['(', '（']) > count([')', '）'])
}
