//! Places in an order: 第三, 第3-5, ranked third, Top 20, No. 3.

use super::model::{Bound, Figure, Kind, Magnitude, Quantity, Unit};
use super::number::Number;
use super::reader::{Reader, Step};
use super::token::{at_word_end, cut_blanks, skip_blanks};
use super::word_trie::Boundary;
use crate::source::Span;

/// Before a number it makes an ordinal.
pub(super) const ORDINAL: char = '第';

impl<'a> Reader<'a> {
    pub(super) fn ordinal(&self, place: usize, ahead: &'a str) -> Step {
        if let Some(found) = self.date(place, ahead) {
            return Step::Found(found);
        }
        let after = skip_blanks(&ahead[ORDINAL.len_utf8()..]);
        match super::number::number(after, self.lexicon, false) {
            Ok((rest, first)) if !first.fraction => {
                let (rest, last) = self.last_ordinal(place, rest, &first).unwrap_or((rest, None));
                let magnitude = match last {
                    Some(last) => Magnitude::Range { low: Some(first.figure), high: Some(last) },
                    None => Magnitude::One(first.figure),
                };
                Step::Found(ordinal(Span::new(place, self.end_of(rest)), magnitude))
            }
            _ => Step::Skip(place + ORDINAL.len_utf8()),
        }
    }

    /// The other end of 第三至第五, 第3-5, 第十和第十五之间.
    fn last_ordinal(&self, place: usize, rest: &'a str, first: &Number) -> Option<(&'a str, Option<Figure>)> {
        let apart = skip_blanks(rest);
        let joined = self.lexicon.range_joins.longest(apart, Boundary::Word).map(|(length, _)| length);
        let between = joined.is_none();
        let length = joined.or_else(|| Some(self.lexicon.range_joiners.longest(apart, Boundary::Word)?.0))?;
        let after = skip_blanks(&apart[length..]);
        let named = after.strip_prefix(ORDINAL);
        let (rest, last) = super::number::number(named.unwrap_or(after), self.lexicon, false).ok()?;
        let closed = || self.lexicon.range_closers.longest(skip_blanks(rest), Boundary::Word).is_some();
        let opened = || self.lexicon.range_openers.longest_before(cut_blanks(self.behind(place))).is_some();
        if between && !(named.is_some() && (closed() || opened())) || last.fraction {
            return None;
        }
        (last.figure.value > first.figure.value).then_some((rest, Some(last.figure)))
    }

    /// The third largest, ranked first: an ordinal in words. "First" and "second" are ranks only behind a word for
    /// it, "Third, …" only opens a sentence, and "third quarter" is a time.
    pub(super) fn english_ordinal(&self, place: usize, ahead: &'a str) -> Option<Quantity> {
        let (rest, value) = super::english::ordinal(ahead, self.lexicon)?;
        let behind = self.behind(place);
        let ranked = self.lexicon.ranks_before.longest_before(cut_blanks(behind)).is_some();
        let joined = rest.starts_with('-') || behind.ends_with('-') || !at_word_end(rest);
        let named = !rest.starts_with(',') && value > 2;
        if joined || !(ranked || named) || self.lexicon.parts.longest(ahead, Boundary::None).is_some() {
            return None;
        }
        let value = rust_decimal::Decimal::from(value);
        let figure = Figure::new(value, rust_decimal::Decimal::ONE);
        Some(ordinal(Span::new(place, self.end_of(rest)), Magnitude::One(figure)))
    }

    /// Whether a word or mark before makes the number a rank: Top 20, No. 3, #1.
    pub(super) fn is_ranked(&self, start: usize) -> bool {
        let behind = self.behind(start);
        behind.ends_with('#') && !behind.ends_with("##")
            || self.lexicon.ranks_before.longest_before(cut_blanks(behind)).is_some()
    }
}

fn ordinal(span: Span, magnitude: Magnitude) -> Quantity {
    Quantity {
        span,
        kind: Kind::Ordinal,
        magnitude,
        unit: Unit::Bare,
        signed: false,
        bound: Bound::Exact,
        approximate: false,
        hedge: None,
    }
}
