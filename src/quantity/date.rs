//! Dates and periods, single and joined: 2024年12月31日, Q3 2025, 2014–2018, between May and July.

use chrono::{Datelike, NaiveDate};

use super::calendar::{
    in_digits, in_han, month_first, of_day, of_year, ordinal_day, small_number, year_number,
};
use super::lexicon::{Join, QuantityLexicon};
use super::model::{Date, Grain};
use super::period::{fiscal, holiday, part_first, relative, week_first};
use super::token::{at_word_end, cut_blanks, digit, skip_blanks};
use super::word_trie::Boundary;

/// A date read at some place, and the text behind it.
pub(super) type Found<'a> = (&'a str, Date);

/// A date or a span of dates at the start of `input`; `behind` is what stands before it.
pub(super) fn date<'a>(
    behind: &str,
    input: &'a str,
    lexicon: &QuantityLexicon,
    today: Option<NaiveDate>,
) -> Option<Found<'a>> {
    if let Some((rest, first)) = single(input, lexicon, today) {
        if first.grain == Grain::Impossible {
            return Some((rest, first));
        }
        return Some(span(behind, rest, first, lexicon, today).unwrap_or((rest, first)));
    }
    // A bare year can begin a span of years.
    let (rest, year) = year_number(input).filter(|&(_, year)| (1900..2100).contains(&year))?;
    is_between(behind, lexicon).then(|| span(behind, rest, of_year(year)?, lexicon, today))?
}

/// Whether "between" stands before.
fn is_between(behind: &str, lexicon: &QuantityLexicon) -> bool {
    let opener = lexicon.range_openers.longest_before(cut_blanks(behind));
    opener.is_some_and(|(length, ())| length > '在'.len_utf8())
}

/// `– B`, `至 B`, `to B` behind a date.
fn span<'a>(
    behind: &str,
    rest: &'a str,
    first: Date,
    lexicon: &QuantityLexicon,
    today: Option<NaiveDate>,
) -> Option<Found<'a>> {
    let apart = skip_blanks(rest);
    let after = match lexicon
        .date_joins
        .longest(apart, Boundary::Word)
        .or(lexicon.range_joins.longest(apart, Boundary::Word))
    {
        Some((length, join)) => {
            let glued_word =
                apart.starts_with(|sign: char| sign.is_ascii_alphabetic()) && apart.len() == rest.len();
            if join == Join::Word && glued_word {
                return None;
            }
            skip_blanks(&apart[length..])
        }
        None => {
            // between 2007 and 2010, 2015年和2018年之间
            let (length, ()) = lexicon.range_joiners.longest(apart, Boundary::Word)?;
            let after = skip_blanks(&apart[length..]);
            let (rest, _) = second(after, first, lexicon, today)?;
            let closed = lexicon.range_closers.longest(skip_blanks(rest), Boundary::Word).is_some();
            if !closed && !is_between(behind, lexicon) {
                return None;
            }
            after
        }
    };
    if after.starts_with(['今', '至']) && first.year_known {
        return None;
    }
    let (rest, last) = second(after, first, lexicon, today)?;
    // The day is not known: what ends there stays open, and its reader sees to it.
    if last.relative && !last.year_known || last.grain == Grain::Impossible {
        return None;
    }
    let last = if first.year_known && !last.year_known { in_year(last, first.start.year())? } else { last };
    let first = if last.year_known && !first.year_known { in_year(first, last.start.year())? } else { first };
    let span = between(first, last);
    (span.start < span.end).then_some((rest, span))
}

/// The span from one date to another. To the start of a year it ends there; from the end of one year to the start or
/// the end of another it begins there.
pub(super) fn between(first: Date, last: Date) -> Date {
    let quarters = first.grain == Grain::Quarter && last.grain == Grain::Quarter;
    Date {
        start: if edge(first) == Some(Edge::End) && edge(last).is_some() { first.end } else { first.start },
        end: if edge(last) == Some(Edge::Start) { last.start } else { last.end },
        grain: if quarters { Grain::QuarterSpan } else { Grain::Span },
        year_known: first.year_known && last.year_known,
        fiscal: first.fiscal || last.fiscal,
        relative: first.relative || last.relative,
    }
}

/// The side of a year that a piece of it lies at.
#[derive(PartialEq, Eq)]
enum Edge {
    Start,
    End,
}

/// 年初, 年底, "the end of": a piece of a year that names a point rather than a length.
fn edge(date: Date) -> Option<Edge> {
    if date.grain != Grain::Span || date.start.year() != date.end.pred_opt()?.year() {
        return None;
    }
    let months = date.end.month0() + 12 * (date.end.year() - date.start.year()) as u32 - date.start.month0();
    match (date.start.month(), months) {
        (1, PIECE) => Some(Edge::Start),
        (9, PIECE) => Some(Edge::End),
        _ => None,
    }
}

/// The months that the tables give to the start, the middle and the end of a year.
const PIECE: u32 = 4;

/// The second end of a span: a date, a bare year, or what is left of one (`2016年3月1日-6月30日`, `1-5月`).
fn second<'a>(
    input: &'a str,
    first: Date,
    lexicon: &QuantityLexicon,
    today: Option<NaiveDate>,
) -> Option<Found<'a>> {
    let input = input.strip_prefix("the ").unwrap_or(input);
    if let Some(found) = single(input, lexicon, today) {
        return Some(found);
    }
    if matches!(first.grain, Grain::Year) {
        let (rest, year) = year_number(input)?;
        if (1900..2200).contains(&year) && at_word_end(rest) && !continues_number(rest) {
            return Some((rest, of_year(year)?));
        }
        return None;
    }
    if first.grain == Grain::Day {
        let (rest, day) = small_number(input, 2)?;
        // March 3 to 10, 2024
        if let (rest, Some(year)) = super::calendar::trailing_year(rest)
            && !first.year_known
        {
            return Some((rest, super::calendar::day(Some(year), first.start.month(), day)?));
        }
        let rest = skip_blanks(rest).strip_prefix(['日', '号', '號'])?;
        let date = NaiveDate::from_ymd_opt(first.start.year(), first.start.month(), day)?;
        return Some((rest, Date { year_known: first.year_known, ..of_day(date)? }));
    }
    None
}

fn in_year(date: Date, year: i32) -> Option<Date> {
    let start = date.start.with_year(year)?;
    let shift = year - date.start.year();
    let end = NaiveDate::from_ymd_opt(date.end.year() + shift, date.end.month(), date.end.day())?;
    Some(Date { start, end, year_known: true, ..date })
}

/// Whether digits go on as a number (`2024.5`, `2,024`, `2024%`).
pub(super) fn continues_number(rest: &str) -> bool {
    let mut signs = rest.chars();
    match signs.next() {
        Some('.' | ',' | '/' | ':' | '：') => signs.next().is_some_and(|sign| digit(sign).is_some()),
        // The wide comma ends a clause, unless the digits are wide too.
        Some('，') => signs.next().is_some_and(|sign| !sign.is_ascii() && digit(sign).is_some()),
        Some('-' | '_') => signs.next().is_some_and(|sign| sign.is_ascii_alphanumeric()),
        Some('%' | '％' | '$') => true,
        Some(sign) => digit(sign).is_some(),
        None => false,
    }
}

fn single<'a>(input: &'a str, lexicon: &QuantityLexicon, today: Option<NaiveDate>) -> Option<Found<'a>> {
    let first = input.chars().next()?;
    if digit(first).is_some() {
        return in_digits(input, lexicon, today);
    }
    if let Some(found) = week_first(input, lexicon).or_else(|| fiscal(input, lexicon)) {
        return Some(found);
    }
    if let Some((length, relative)) = lexicon.relatives.longest(input, Boundary::Word) {
        return self::relative(&input[length..], relative, lexicon, today);
    }
    if let Some(found) = part_first(input, lexicon, today) {
        return Some(found);
    }
    if first.is_ascii_alphabetic() {
        return month_first(input, lexicon)
            .or_else(|| ordinal_day(input, lexicon))
            .or_else(|| holiday(input, lexicon));
    }
    in_han(input, lexicon)
}
