//! The pass over a text: from candidate to candidate, one reading per place.

use chrono::{Datelike, NaiveDate};

use super::amount::{self, Amount};
use super::compound;
use super::date;
use super::guard;
use super::hedge::{self, Hedging};
use super::lexicon::{HanSign, QuantityLexicon};
use super::model::{Bound, Date, Figure, Grain, Kind, Magnitude, Quantity, Unit};
use super::number::Style;
use super::ordinal::ORDINAL;
use super::range::{self, Joined};
use super::token::{cut_blanks, digit, skip_blanks};
use super::vocabulary::Effect;
use super::word_trie::Boundary;
use crate::source::Span;

/// Appends the quantities of `text[range]`, ordered and without overlap, in time linear in the range.
pub fn read_quantities(
    text: &str,
    range: Span,
    lexicon: &QuantityLexicon,
    today: Option<NaiveDate>,
    out: &mut Vec<Quantity>,
) {
    let mut reader = Reader { text, range, lexicon, today, done: range.start, after_range: false };
    let mut at = range.start;
    let first = out.len();
    while let Some(place) = lexicon.starts.next(text, at, range.end) {
        let next = match reader.read(place) {
            Step::Found(quantity) => {
                let end = quantity.span.end;
                reader.done = end;
                reader.after_range = matches!(quantity.magnitude, Magnitude::Range { .. });
                let merged =
                    out[first..].last().and_then(|before| range::merged(text, before, &quantity, lexicon));
                match (merged, out.last_mut()) {
                    (Some(merged), Some(last)) => *last = merged,
                    _ => out.push(quantity),
                }
                end
            }
            Step::Skip(end) => end,
        };
        at = next.max(place + text[place..].chars().next().map_or(1, char::len_utf8));
    }
}

/// A year has so many digits.
const YEAR_DIGITS: usize = 4;

pub(super) struct Reader<'a> {
    pub(super) text: &'a str,
    pub(super) range: Span,
    pub(super) lexicon: &'a QuantityLexicon,
    pub(super) today: Option<NaiveDate>,
    /// Where the last quantity ended.
    pub(super) done: usize,
    /// Whether it was a range.
    pub(super) after_range: bool,
}

pub(super) enum Step {
    Found(Quantity),
    /// Nothing here; go on at this place.
    Skip(usize),
}

impl<'a> Reader<'a> {
    pub(super) fn ahead(&self, place: usize) -> &'a str {
        &self.text[place..self.range.end]
    }

    pub(super) fn behind(&self, place: usize) -> &'a str {
        &self.text[self.range.start..place]
    }

    pub(super) fn end_of(&self, rest: &str) -> usize {
        self.range.end - rest.len()
    }

    fn read(&self, place: usize) -> Step {
        let ahead = self.ahead(place);
        if let Some((length, ())) = self.lexicon.names.longest(ahead, Boundary::Word) {
            return Step::Skip(place + length);
        }
        if self.lexicon.addresses.longest(ahead, Boundary::None).is_some() {
            return Step::Skip(place + guard::address(ahead));
        }
        let first = ahead.chars().next().unwrap_or(' ');
        let starts_digit = digit(first).is_some();
        if starts_digit && let Some(length) = guard::no_number(self.behind(place), ahead, self.lexicon) {
            return Step::Skip(place + length);
        }
        if self.lexicon.han(first) == Some(HanSign::Minus) && self.is_inside_word(place) {
            return Step::Skip(place + first.len_utf8());
        }
        if first == ORDINAL {
            return self.ordinal(place, ahead);
        }
        if let Some(found) = self.date(place, ahead) {
            return Step::Found(found);
        }
        if let Some((length, (unit, value))) = self.lexicon.multiple_words.longest(ahead, Boundary::Word) {
            return Step::Found(self.multiple(place, length, unit, value));
        }
        if first.is_ascii_alphabetic()
            && let Some(found) = self.english_ordinal(place, ahead)
        {
            return Step::Found(found);
        }
        if let Some(found) = self.amount(place, ahead).or_else(|| self.article_duration(place, ahead)) {
            return found;
        }
        Step::Skip(place + guard::unread(ahead, self.lexicon))
    }

    /// 背负120万: a minus word within another word.
    fn is_inside_word(&self, place: usize) -> bool {
        let before = self.behind(place).chars().next_back();
        before
            .is_some_and(|sign| !sign.is_ascii() && sign.is_alphabetic() && !"为是到至达率约".contains(sign))
    }

    fn multiple(&self, place: usize, length: usize, unit: Unit, value: rust_decimal::Decimal) -> Quantity {
        let step = rust_decimal::Decimal::new(1, 1);
        let figure = Figure { value, step, coarse_step: step };
        let span = Span::new(place, place + length);
        let hedging = hedge::around(self.text, self.range, span, false, self.lexicon);
        Quantity {
            span,
            kind: amount::kind(unit, self.lexicon),
            magnitude: Magnitude::One(figure),
            unit,
            signed: false,
            bound: hedging.bound,
            approximate: hedging.approximate,
            hedge: hedging.span,
        }
    }

    /// A date or period with the words that open one side of it.
    pub(super) fn date(&self, place: usize, ahead: &'a str) -> Option<Quantity> {
        let (rest, date) = date::date(self.behind(place), ahead, self.lexicon, self.today)?;
        Some(self.bounded_date(Span::new(place, self.end_of(rest)), date))
    }

    fn bounded_date(&self, span: Span, date: Date) -> Quantity {
        let after = self.ahead(span.end);
        let apart = skip_blanks(after);
        let gap = after.len() - apart.len();
        let closing = self.lexicon.dates_after.longest(apart, Boundary::Word);
        let before = cut_blanks(self.behind(span.start));
        let before = ["包括", "the year", "year"]
            .iter()
            .find_map(|word| before.strip_suffix(word))
            .map_or(before, cut_blanks);
        let opening = self.lexicon.dates_before.longest_before(before);
        let mut hedge = Hedging::default();
        // Years joined by a dash are a range of their own; a piece of one year is not.
        let single = !matches!(date.grain, Grain::Span | Grain::QuarterSpan)
            || (date.end - date.start).num_days() <= 366;
        match (opening, closing) {
            (Some((_, word)), _) if word.effect == Effect::None => {}
            (Some((length, word)), _) if word.effect != Effect::None && !word.only_with_end && single => {
                hedge.bound = word.effect.bound();
                let end = self.range.start + before.len();
                hedge.span = Some(Span::new(end - length, end));
            }
            (_, Some((length, word))) if word.effect != Effect::None && single => {
                hedge.bound = word.effect.bound();
                let start = span.end + gap;
                hedge.span = Some(Span::new(start, start + length));
            }
            _ => {}
        }
        Quantity {
            span,
            kind: Kind::Date,
            magnitude: Magnitude::Date(date),
            unit: Unit::Bare,
            signed: false,
            bound: hedge.bound,
            approximate: false,
            hedge: hedge.span,
        }
    }

    fn amount(&self, place: usize, ahead: &'a str) -> Option<Step> {
        let start = guard::signed_start(self.behind(place), place, self.done);
        let ahead = if start < place { self.ahead(start) } else { ahead };
        let (mut rest, mut found) = amount::amount(ahead, self.lexicon).ok()?;
        if let Some((after, whole)) = compound::compound(rest, found, self.lexicon) {
            (rest, found) = (after, whole);
        }
        if found.spoken && !(super::coins::ends_clause(rest) && self.is_paid(start)) {
            let (bare, number) = super::number::number(ahead, self.lexicon, false).ok()?;
            (rest, found) = (bare, Amount::bare(number, false));
        }
        if start == place && self.is_year_of_a_thing(&ahead[..ahead.len() - rest.len()], &found) {
            (rest, found) = (&ahead[YEAR_DIGITS..], Amount::bare(found.number, false));
        }
        let span = Span::new(start, self.end_of(rest));
        if self.is_accounting_negative(start, rest, &found) {
            found.number = found.number.negated();
            found.signed = true;
            return Some(Step::Found(self.quantity(
                span,
                found.unit,
                Magnitude::One(found.number.figure),
                &found,
            )));
        }
        if found.number.style == Style::Han
            && self
                .ahead(start)
                .chars()
                .next()
                .is_some_and(|sign| matches!(self.lexicon.han(sign), Some(HanSign::Power(_))))
            && self.lexicon.vague_before.longest_before(self.behind(start)).is_some()
        {
            return None;
        }
        if found.unit == Unit::Bare
            && let Some((rest, value)) = range::quotient(rest, &found)
        {
            return Some(self.quotient(Span::new(start, self.end_of(rest)), value, found));
        }
        if found.unit == Unit::Bare
            && !self.is_labelled(start)
            && let before = cut_blanks(self.behind(start))
            && let Some((rest, value)) = range::ratio(before, ahead, rest, &found, self.lexicon)
        {
            return Some(self.quotient(Span::new(start, self.end_of(rest)), value, found));
        }
        if let Some(quantity) = self.scaled_negative(start, rest, &found) {
            return Some(Step::Found(quantity));
        }
        if let Some(step) = self.tolerance(start, rest, &found) {
            return Some(step);
        }
        if matches!(found.unit, Unit::Bare | Unit::Measure { .. })
            && let Some(end) = guard::refuses(self, place, span, &found)
        {
            return Some(Step::Skip(end));
        }
        if let Some(Joined { rest, low, high, unit }) = range::joined(self, start, rest, &found) {
            let span = Span::new(start, self.end_of(rest));
            // 12-24月 are months' time; 6-12月 is a span of the year and was tried as a date.
            let is_time = high.value > rust_decimal::Decimal::from(12) || low.value.is_zero();
            if unit == Unit::Bare
                && is_time
                && let Some(after) = rest.strip_prefix('月').filter(|after| !after.starts_with('份'))
                && let Some(month) = self.lexicon.unit_by_symbol("month")
            {
                let span = Span::new(start, self.end_of(after));
                let unit = Unit::Measure { unit: month, per: None };
                let magnitude = Magnitude::Range { low: Some(low), high: Some(high) };
                return Some(Step::Found(self.quantity(span, unit, magnitude, &found)));
            }
            // 0-24时, 3-5日: hours of a day, days of a month.
            if unit == Unit::Bare && rest.starts_with(['时', '時', '日', '号']) {
                return Some(Step::Skip(span.end));
            }
            return Some(Step::Found(self.quantity(
                span,
                unit,
                Magnitude::Range { low: Some(low), high: Some(high) },
                &found,
            )));
        }
        if found.unit == Unit::Bare
            && let Some((rest, value)) = range::out_of(rest, &found, self.lexicon)
        {
            return Some(self.quotient(Span::new(start, self.end_of(rest)), value, found));
        }
        if found.unit == Unit::Bare && found.number.style == Style::Digits && self.is_ranked(start)
            || found.number.plain
                && found.unit == Unit::Bare
                && self.lexicon.ordinals_after.longest(rest, Boundary::Word).is_some()
        {
            let rest = self
                .lexicon
                .ordinals_after
                .longest(rest, Boundary::Word)
                .map_or(rest, |(length, ())| &rest[length..]);
            let span = Span::new(start, self.end_of(rest));
            let magnitude = Magnitude::One(found.number.figure);
            let quantity = self.quantity(span, Unit::Bare, magnitude, &found);
            return Some(Step::Found(Quantity { kind: Kind::Ordinal, ..quantity }));
        }
        if found.number.single && self.refuses_single(place, span, &found) {
            return None;
        }
        found = range::carried(self, start, rest, found);
        if found.unit == Unit::Bare
            && let Some(step) = self.year(span, &found)
        {
            return Some(step);
        }
        if let Unit::Money { currency, per: None } = found.unit {
            found.unit = Unit::Money { currency, per: amount::per_before(self.behind(start), self.lexicon) };
        }
        let magnitude = match found.number.high {
            Some(high) => Magnitude::Range { low: Some(found.number.figure), high: Some(high) },
            None => Magnitude::One(found.number.figure),
        };
        let quantity = self.quantity(span, found.unit, magnitude, &found);
        if found.unit == Unit::Bare
            && found.number.style == Style::English
            && found.number.lone
            && quantity.bound == Bound::Exact
            && (!skip_blanks(rest).starts_with("of ") || self.follows_ordinal(start))
        {
            return None;
        }
        Some(Step::Found(quantity))
    }

    /// A score, a ratio or a fraction of a number: one figure over another.
    fn quotient(&self, span: Span, value: rust_decimal::Decimal, found: Amount) -> Step {
        let found = Amount { number: super::han::fraction_number(value), ..found };
        Step::Found(self.quantity(span, Unit::Bare, Magnitude::One(found.number.figure), &found))
    }

    /// Whether a word before makes the number a label: Section 3.
    pub(super) fn is_labelled(&self, start: usize) -> bool {
        let before = self.behind(start).trim_end_matches([' ', '\u{1}', ':', '：', '*']);
        self.lexicon.labels_before.longest_before(before).is_some()
    }

    /// `100 ± 5`, and `±5%` alone, which stands on both sides of zero.
    fn tolerance(&self, start: usize, rest: &'a str, found: &Amount) -> Option<Step> {
        if let Some(Joined { rest, low, high, unit }) = range::tolerance(rest, found, self.lexicon) {
            let span = Span::new(start, self.end_of(rest));
            let magnitude = Magnitude::Range { low: Some(low), high: Some(high) };
            return Some(Step::Found(self.quantity(span, unit, magnitude, found)));
        }
        let behind = self.behind(start);
        let mark = range::TOLERANCE.iter().find(|mark| behind.ends_with(**mark))?;
        if found.signed || found.number.high.is_some() {
            return None;
        }
        let high = found.number.figure;
        let magnitude = Magnitude::Range { low: Some(high.negated()), high: Some(high) };
        let span = Span::new(start - mark.len(), self.end_of(rest));
        Some(Step::Found(self.quantity(span, found.unit, magnitude, found)))
    }

    /// `(12.3)亿元`, `($1,234) million`: brackets with the scale or currency behind them are below zero.
    fn scaled_negative(&self, start: usize, rest: &'a str, found: &Amount) -> Option<Quantity> {
        let open = self.behind(start).chars().next_back().filter(|sign| matches!(sign, '(' | '（'))?;
        let after = rest.strip_prefix([')', '）'])?;
        // (3)万元 may be the third item of a list.
        let label = found.number.plain
            && !found.marked
            && found.number.figure.value < rust_decimal::Decimal::ONE_HUNDRED;
        if label
            || found.signed
            || found.number.style != Style::Digits
            || found.number.power > 0
            || found.named
        {
            return None;
        }
        let (rest, number) = amount::scaled_behind(after, found, self.lexicon)?;
        let span = Span::new(start - open.len_utf8(), self.end_of(rest));
        let found = Amount { number: number.number.negated(), signed: true, ..number };
        Some(self.quantity(span, found.unit, Magnitude::One(found.number.figure), &found))
    }

    /// "the first half of the year" is no 0.5.
    fn follows_ordinal(&self, start: usize) -> bool {
        let before = cut_blanks(self.behind(start));
        let word = before.rsplit(' ').next().unwrap_or(before);
        self.lexicon.ordinals.longest(word, Boundary::Word).is_some()
            || ["latter", "other", "top", "bottom", "back", "better"].contains(&word)
    }

    /// `(1,234.5)` that fills the whole text, as in a table cell, is below zero.
    fn is_accounting_negative(&self, start: usize, rest: &str, found: &Amount) -> bool {
        let closed = rest.strip_prefix([')', '）']).is_some_and(|rest| skip_blanks(rest).is_empty());
        if !closed || !matches!(self.behind(start).trim(), "(" | "（") || found.signed {
            return false;
        }
        let label = found.number.plain
            && found.unit == Unit::Bare
            && found.number.figure.value < rust_decimal::Decimal::ONE_HUNDRED;
        let year = found.number.plain
            && super::calendar::year_number(self.ahead(start))
                .is_some_and(|(_, year)| (1900..=2100).contains(&year));
        let code = found.number.plain && guard::is_stock_code(self.ahead(start), self.lexicon);
        found.number.style == Style::Digits && !label && !year && !code
    }

    /// Whether a word of paying stands before in the clause: 花费我三块.
    fn is_paid(&self, start: usize) -> bool {
        const REACH: usize = 30;
        let behind = super::token::tail(self.behind(start));
        let clause = behind.rsplit(['，', ',', '。', '；', '、', '\n']).next().unwrap_or(behind);
        let near = &clause[clause.ceil_char_boundary(clause.len().saturating_sub(REACH))..];
        let ends = near.char_indices().map(|(at, sign)| at + sign.len_utf8());
        ends.into_iter().any(|end| self.lexicon.paid_before.longest_before(&near[..end]).is_some())
    }

    /// A bare number of four digits that reads as a year.
    fn year(&self, span: Span, found: &Amount) -> Option<Step> {
        if !found.number.plain || found.signed || found.number.high.is_some() || found.number.and_more {
            return None;
        }
        let (rest, year) = super::calendar::year_number(self.ahead(span.start))?;
        if !(1900..=2100).contains(&year) || date::continues_number(rest) {
            return None;
        }
        let hedging = hedge::around(self.text, self.range, span, false, self.lexicon);
        let open = self.ahead(span.end).starts_with('+');
        // "growth over 2020": behind "over" a bare year is one.
        let compared = hedging.span.is_some_and(|hedge| hedge.of(self.text).eq_ignore_ascii_case("over"));
        let hedging = if compared { Hedging::default() } else { hedging };
        if hedging.bound != Bound::Exact
            && !open
            && self.lexicon.dates_before.longest_before(cut_blanks(self.behind(span.start))).is_none()
        {
            return None;
        }
        let start = NaiveDate::from_ymd_opt(year, 1, 1)?;
        let end = NaiveDate::from_ymd_opt(start.year() + 1, 1, 1)?;
        let date = Date { start, end, grain: Grain::Year, year_known: true, fiscal: false, relative: false };
        let mut quantity = self.bounded_date(span, date);
        if open {
            (quantity.bound, quantity.hedge) = (hedging.bound, hedging.span);
        }
        Some(Step::Found(quantity))
    }

    /// "The 2024 market": before one of a thing four digits are a year, and no number of them.
    fn is_year_of_a_thing(&self, text: &str, found: &Amount) -> bool {
        let Unit::Measure { unit, per: None } = found.unit else { return false };
        let year = found.number.plain
            && super::calendar::year_number(text).is_some_and(|(_, year)| (1980..=2060).contains(&year));
        if !year || self.lexicon.dimension(unit).0 != self.lexicon.unit_symbol(unit) {
            return false;
        }
        let Some(word) = text.get(YEAR_DIGITS..).and_then(|word| word.strip_prefix(' ')) else {
            return false;
        };
        let many = format!("{word}s");
        let known = self.lexicon.unit_names.longest(&many, Boundary::Word);
        word.bytes().all(|byte| byte.is_ascii_alphabetic())
            && known.is_some_and(|(length, known)| length == many.len() && known.unit == found.unit)
    }

    /// A single Han numeral without a unit is a number only where no word can hold it.
    fn refuses_single(&self, place: usize, span: Span, found: &Amount) -> bool {
        if found.number.figure.value.is_zero() && found.number.style == Style::Han {
            return true;
        }
        if found.number.formal && !matches!(found.unit, Unit::Money { .. } | Unit::Percent) {
            return true;
        }
        if found.number.style != Style::Han {
            return found.number.lone && found.unit == Unit::Bare && !found.number.fraction;
        }
        let behind = self.behind(place);
        // 过半用户 are more than half of them.
        let share =
            found.number.figure.value < rust_decimal::Decimal::ONE && self.lexicon.is_count(found.unit);
        if share && behind.ends_with(['过', '過', '近', '超', '逾', '大', '小', '多']) {
            return true;
        }
        if self.lexicon.not_after.longest_before(behind).is_some() {
            return true;
        }
        let one = found.number.lone && found.number.figure.value <= rust_decimal::Decimal::ONE;
        if one && self.lexicon.not_before_one.longest_before(behind).is_some() {
            return true;
        }
        if found.unit != Unit::Bare {
            return false;
        }
        let before = behind.chars().next_back();
        let after = self.ahead(span.end).chars().next();
        let wide = |sign: Option<char>| sign.is_some_and(|sign| sign.is_alphanumeric());
        let list_mark = matches!(after, Some('、' | '）' | ')' | '.' | '．' | '，' | ','));
        let said = !found.number.lone && matches!(before, Some('是' | '为' | '為'));
        let after_more = before.is_some_and(|sign| self.lexicon.han(sign) == Some(HanSign::AndMore));
        after_more || !said && (list_mark || wide(before) || wide(after))
    }

    fn quantity(&self, span: Span, unit: Unit, magnitude: Magnitude, found: &Amount) -> Quantity {
        let hedging = hedge::around(self.text, self.range, span, self.lexicon.is_time(unit), self.lexicon);
        // The bound of 500多 comes from inside, which a missing hedge tells.
        let inside = found.number.and_more && matches!(hedging.bound, Bound::Exact);
        let kind = match magnitude {
            Magnitude::Range { .. } if unit == Unit::Bare => Kind::Range,
            _ => amount::kind(unit, self.lexicon),
        };
        Quantity {
            span,
            kind,
            magnitude,
            unit,
            signed: found.signed,
            bound: match hedging.bound {
                Bound::Exact if inside => Bound::MoreThan,
                Bound::Exact if found.number.at_least => Bound::AtLeast,
                bound => bound,
            },
            approximate: hedging.approximate,
            hedge: hedging.span.filter(|_| !inside),
        }
    }
}
