//! Lengths of time without a numeral: for an hour, all week, a year and a half.

use rust_decimal::Decimal;

use super::hedge;
use super::model::{Figure, Kind, Magnitude, Quantity, Unit};
use super::number::{Number, Style};
use super::reader::{Reader, Step};
use super::token::cut_blanks;
use super::word_trie::Boundary;
use crate::source::Span;

impl Reader<'_> {
    /// "for an hour", "within a week": an article is one where a length of time is asked for, and "all week" is one
    /// anywhere.
    pub(super) fn article_duration(&self, place: usize, ahead: &str) -> Option<Step> {
        let whole = self.lexicon.duration_wholes.longest(ahead, Boundary::Word);
        let (length, ()) = whole.or_else(|| self.lexicon.duration_articles.longest(ahead, Boundary::Word))?;
        let rest = ahead[length..].strip_prefix(' ')?;
        let (length, word) = self.lexicon.unit_names.longest(rest, Boundary::Word)?;
        let one = Number::new(Figure::new(Decimal::ONE, Decimal::ONE), Style::English);
        let behind = &rest[length..];
        // "a year and a half" needs no word that asks for it.
        let (rest, number) = super::english::mixed(behind, one, self.lexicon);
        let asked = || self.lexicon.durations_before.longest_before(cut_blanks(self.behind(place))).is_some();
        let alone = whole.is_some() && self.is_longer_than_a_day(word.unit) && !rest.starts_with(['-', '\'']);
        let mixed = rest.len() < behind.len();
        if !self.lexicon.is_time(word.unit) || !word.lone || !(alone || mixed || asked()) {
            return None;
        }
        let span = Span::new(place, self.end_of(rest));
        let hedging = hedge::around(self.text, self.range, span, true, self.lexicon);
        Some(Step::Found(Quantity {
            span,
            kind: Kind::Duration,
            magnitude: Magnitude::One(number.figure),
            unit: word.unit,
            signed: false,
            bound: hedging.bound,
            approximate: hedging.approximate,
            hedge: hedging.span,
        }))
    }

    fn is_longer_than_a_day(&self, unit: Unit) -> bool {
        let Unit::Measure { unit, .. } = unit else { return false };
        let day = self.lexicon.unit_by_symbol("day").map(|day| self.lexicon.dimension(day).1);
        day.is_some_and(|day| self.lexicon.dimension(unit).1 > day)
    }
}
