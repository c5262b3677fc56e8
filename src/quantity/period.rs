//! Periods: quarters, halves, fiscal years, weeks, and those counted from the report's date.

use chrono::{Datelike, Days, Months, NaiveDate, Weekday};

use super::calendar::{
    PLACEHOLDER, day, han_number, month_sign, months, of_year, run, small_number, trailing_year,
};
use super::date::{Found, continues_number};
use super::lexicon::{Part, QuantityLexicon};
use super::model::{Date, Grain};
use super::token::{at_word_end, skip_blanks};
use super::word_trie::Boundary;

/// A part of a year; one that no year has (a fifth quarter) is a date without a value.
pub(super) fn part_of(year: i32, part: Part) -> Option<Date> {
    let grain = match part.months {
        0 => Grain::Impossible,
        3 => Grain::Quarter,
        6 => Grain::Half,
        _ => Grain::Span,
    };
    let found = months(year, part.first.into(), part.months.into(), grain)?;
    Some(Date { year_known: grain != Grain::Impossible, ..found })
}

pub(super) fn holiday<'a>(input: &'a str, lexicon: &QuantityLexicon) -> Option<Found<'a>> {
    let (length, (month, number)) = lexicon.holidays.longest(input, Boundary::Word)?;
    let (rest, year) = trailing_year(&input[length..]);
    Some((rest, day(Some(year?), month.into(), number.into())?))
}

/// `FY2025`, `FY25`, `fiscal 2025`.
pub(super) fn fiscal<'a>(input: &'a str, lexicon: &QuantityLexicon) -> Option<Found<'a>> {
    let (length, ()) = lexicon.fiscal_before.longest(input, Boundary::Letters)?;
    let rest = skip_blanks(&input[length..]);
    let rest = rest.strip_prefix(['\'', '’', '-']).unwrap_or(rest);
    let (after, value, count) = run(rest)?;
    let year = match count {
        4 => value,
        2 => 2000 + value,
        _ => return None,
    };
    if !(1950..2150).contains(&year) || continues_number(after) && !after.starts_with('-') {
        return None;
    }
    if let Some((length, part)) =
        lexicon.parts.longest(after, Boundary::Word).filter(|_| after.starts_with(['Q', 'H', 'q', 'h']))
    {
        return Some((&after[length..], Date { fiscal: true, ..part_of(year as i32, part)? }));
    }
    let after = after.strip_prefix(['E', 'e', 'F', 'A']).filter(|rest| at_word_end(rest)).unwrap_or(after);
    at_word_end(after).then_some((after, Date { fiscal: true, ..of_year(year as i32)? }))
}

/// `Q3 2025`, `H1 FY2025`, `first half of 2025`, `三季度`.
pub(super) fn part_first<'a>(
    input: &'a str,
    lexicon: &QuantityLexicon,
    today: Option<NaiveDate>,
) -> Option<Found<'a>> {
    if let Some(found) = numbered_part(input, lexicon) {
        return Some(found);
    }
    let (length, part) = lexicon.parts.longest(input, Boundary::Word)?;
    let rest = &input[length..];
    let place = skip_blanks(rest);
    let place = place.strip_prefix(['-', '/', '\'', '’', ',']).map_or(place, skip_blanks);
    let place = place.strip_prefix("of ").map_or(place, skip_blanks);
    if let Some((after, date)) = fiscal(place, lexicon) {
        return Some((after, Date { fiscal: true, ..part_of(date.start.year(), part)? }));
    }
    if place.len() < rest.len()
        && let Some((after, value, count @ (2 | 4))) = run(place)
        && (count == 4 && (1950..2150).contains(&value)
            || count == 2 && may_be_short_year(&input[..length], rest))
        && at_word_end(after)
        && !continues_number(after)
    {
        let year = if count == 4 { value } else { 2000 + value };
        return Some((after, part_of(year as i32, part)?));
    }
    if let Some((length, relative)) = lexicon.relatives.longest(place, Boundary::Word)
        && relative.grain == Grain::Year
    {
        let year = today.map_or(PLACEHOLDER, |today| today.year() + relative.offset);
        let found = part_of(year, part)?;
        let year_known = found.year_known && today.is_some();
        return Some((&place[length..], Date { year_known, relative: true, ..found }));
    }
    let glued = input[..length].is_ascii() && !at_word_end(rest);
    if !part.alone || glued {
        return None;
    }
    Some((rest, Date { year_known: false, ..part_of(PLACEHOLDER, part)? }))
}

/// Whether two digits behind a part of a year are a year: `Q2'24`, `Q2-24`, `H1/25`; no `second half-60`.
fn may_be_short_year(part: &str, rest: &str) -> bool {
    const LONGEST_SIGN: usize = "Q2".len();
    let joined = |signs: &[char]| {
        rest.strip_prefix(signs).is_some_and(|rest| rest.starts_with(|sign: char| sign.is_ascii_digit()))
    };
    rest.starts_with(['\'', '’']) || part.len() == LONGEST_SIGN && joined(&['-', '/'])
}

/// What stands behind 年 in `24年三季度`, `23年上半年` and `25年底`, and behind no number of years; 10年中 and 10年初 may be
/// ten years.
pub(super) fn part_of_short_year<'a>(
    rest: &'a str,
    year: i32,
    lexicon: &QuantityLexicon,
) -> Option<Found<'a>> {
    let apart = skip_blanks(rest);
    let apart = apart.strip_prefix('的').unwrap_or(apart);
    let (length, part) = lexicon.parts.longest(apart, Boundary::Word)?;
    let after = &apart[length..];
    let long = matches!(part.months, 3 | 6 | 9);
    // The end of a year, and no bottom: 10年底部.
    let ends = part.first == 9 && !after.starts_with(['部', '层', '座', '蕴', '仓', '线', '薪']);
    (long || ends).then(|| Some((after, part_of(year, part)?)))?
}

/// `1Q25`, `2H24`: the number of the part first, the year glued on.
fn numbered_part<'a>(input: &'a str, lexicon: &QuantityLexicon) -> Option<Found<'a>> {
    let word = input.get(..2).filter(|word| word.as_bytes()[0].is_ascii_digit())?;
    let (_, part) = lexicon.parts.longest(word, Boundary::Word).filter(|&(length, _)| length == 2)?;
    let (rest, value, count) = run(&input[2..])?;
    let year = match count {
        2 => 2000 + value,
        4 => value,
        _ => return None,
    };
    if !(1950..2100).contains(&year) || !at_word_end(rest) || continues_number(rest) {
        return None;
    }
    Some((rest, part_of(year as i32, part)?))
}

/// 今年, last quarter …, with a part or month of the year behind it (去年三季度, 今年3月).
pub(super) fn relative<'a>(
    rest: &'a str,
    relative: super::lexicon::Relative,
    lexicon: &QuantityLexicon,
    today: Option<NaiveDate>,
) -> Option<Found<'a>> {
    let base = today.or_else(|| NaiveDate::from_ymd_opt(PLACEHOLDER, 1, 1))?;
    let known = today.is_some();
    let mark =
        |date: Date| Date { year_known: known && date.grain != Grain::Impossible, relative: true, ..date };
    if relative.grain == Grain::Year {
        let year = base.year().checked_add(relative.offset)?;
        let place = skip_blanks(rest);
        let place = place.strip_prefix('的').unwrap_or(place);
        if let Some((length, part)) = lexicon.parts.longest(place, Boundary::Word) {
            return Some((&place[length..], mark(part_of(year, part)?)));
        }
        if let Some((after, number)) = small_number(place, 2).or_else(|| han_number(place, lexicon))
            && let Some((after, found)) = month_sign(after, number, Some(year), lexicon)
        {
            return Some((after, mark(found)));
        }
        return Some((rest, mark(of_year(year)?)));
    }
    let shift_months = |date: NaiveDate, count: i32| {
        let months = Months::new(count.unsigned_abs());
        if count < 0 { date.checked_sub_months(months) } else { date.checked_add_months(months) }
    };
    let shift_days = |date: NaiveDate, count: i64| {
        let days = Days::new(count.unsigned_abs());
        if count < 0 { date.checked_sub_days(days) } else { date.checked_add_days(days) }
    };
    let offset = relative.offset;
    let (start, end) = match relative.grain {
        Grain::Quarter => {
            let first = NaiveDate::from_ymd_opt(base.year(), base.month0() / 3 * 3 + 1, 1)?;
            let start = shift_months(first, offset * 3)?;
            (start, shift_months(start, 3)?)
        }
        Grain::Month => {
            let start = shift_months(base.with_day(1)?, offset)?;
            (start, shift_months(start, 1)?)
        }
        Grain::Week => {
            let back = i64::from(base.weekday().num_days_from_monday());
            let start = shift_days(base, i64::from(offset) * 7 - back)?;
            (start, shift_days(start, 7)?)
        }
        _ => {
            let start = shift_days(base, i64::from(offset))?;
            (start, shift_days(start, 1)?)
        }
    };
    Some((
        rest,
        mark(Date { start, end, grain: relative.grain, year_known: known, fiscal: false, relative: true }),
    ))
}

/// The ISO week of a year; -1 is the last.
pub(super) fn week_of_year(year: i32, week: i32) -> Option<Date> {
    let start = if week < 0 {
        let last = NaiveDate::from_ymd_opt(year, 12, 28)?;
        last.checked_sub_days(Days::new(last.weekday().num_days_from_monday().into()))?
    } else {
        NaiveDate::from_isoywd_opt(year, u32::try_from(week).ok()?, Weekday::Mon)?
    };
    let end = start.checked_add_days(Days::new(7))?;
    Some(Date { start, end, grain: Grain::Week, year_known: true, fiscal: false, relative: false })
}

/// `first week of 2025`, `week 12 of 2025`.
pub(super) fn week_first<'a>(input: &'a str, lexicon: &QuantityLexicon) -> Option<Found<'a>> {
    let (length, nth) = lexicon.weeks.longest(input, Boundary::Word)?;
    let rest = &input[length..];
    let (rest, nth) = if nth == 0 {
        let (rest, number) = small_number(skip_blanks(rest), 2)?;
        (skip_blanks(rest).strip_prefix("of")?, i32::try_from(number).ok()?)
    } else {
        (rest, nth)
    };
    let place = skip_blanks(rest);
    if let Some((rest, number)) = super::calendar::month_name(place, lexicon)
        && let (rest, Some(year)) = trailing_year(rest)
    {
        return Some((rest, week_of_month(year, number, nth)?));
    }
    let (rest, year) = super::calendar::year_number(place)?;
    if !(1900..2200).contains(&year) || !at_word_end(rest) || continues_number(rest) {
        return None;
    }
    Some((rest, week_of_year(year, nth)?))
}

/// The week of a month, by its Thursday as ISO 8601 counts the weeks of a year; -1 is the last.
fn week_of_month(year: i32, month: u32, nth: i32) -> Option<Date> {
    let thursday = match u8::try_from(nth) {
        Ok(nth) => NaiveDate::from_weekday_of_month_opt(year, month, Weekday::Thu, nth)?,
        Err(_) => (4..=5)
            .rev()
            .find_map(|nth| NaiveDate::from_weekday_of_month_opt(year, month, Weekday::Thu, nth))?,
    };
    let start = thursday.checked_sub_days(Days::new(3))?;
    let end = start.checked_add_days(Days::new(7))?;
    Some(Date { start, end, grain: Grain::Week, year_known: true, fiscal: false, relative: false })
}

#[cfg(test)]
mod tests {
    use super::super::tests::reads;

    #[test]
    fn years_of_two_digits_have_a_part_behind_them() {
        reads(
            "24年三季度，23年上半年，25年Q1，22年底，24年年底，21年的第四季度",
            &[
                "24年三季度 = 2024-Q3",
                "23年上半年 = 2023-H1",
                "25年Q1 = 2025-Q1",
                "22年底 = [2022-09, 2022-12]",
                "24年年底 = [2024-09, 2024-12]",
                "21年的第四季度 = 2021-Q4",
            ],
        );
        reads("10年中，15年底部，20年期", &["10 = 10", "15 = 15", "20年期 = 20 year"]);
    }
}
