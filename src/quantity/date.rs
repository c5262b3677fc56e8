//! Dates and periods: 2024年12月31日, Dec. 31, 2024, 2025Q3, FY2025, 上半年, last year, 2014–2018.

use chrono::{Datelike, Days, Months, NaiveDate};

use super::lexicon::{HanSign, Join, QuantityLexicon};
use super::model::{Date, Grain};
use super::token::{at_word_end, digit, skip_blanks};
use super::word_trie::Boundary;

/// The year that stands for an unknown one; a leap year, so that 29 February exists.
const PLACEHOLDER: i32 = 2000;

/// A date read at some place, and the text behind it.
pub(super) type Found<'a> = (&'a str, Date);

/// A date or a span of dates at the start of `input`; `between`: the word stands before.
pub(super) fn date<'a>(
    input: &'a str,
    between: bool,
    lexicon: &QuantityLexicon,
    today: Option<NaiveDate>,
) -> Option<Found<'a>> {
    if let Some((rest, first)) = single(input, lexicon, today) {
        return Some(span(rest, first, between, lexicon, today).unwrap_or((rest, first)));
    }
    // A bare year can begin a span of years.
    let (rest, year) = year_number(input).filter(|&(_, year)| between && (1900..2100).contains(&year))?;
    span(rest, of_year(year)?, between, lexicon, today)
}

/// `– B`, `至 B`, `to B` behind a date.
fn span<'a>(
    rest: &'a str,
    first: Date,
    between: bool,
    lexicon: &QuantityLexicon,
    today: Option<NaiveDate>,
) -> Option<Found<'a>> {
    let apart = skip_blanks(rest);
    let after = match lexicon.range_joins.longest(apart, Boundary::Word) {
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
            if !between && !closed {
                return None;
            }
            after
        }
    };
    if after.starts_with(['今', '至']) && first.year_known {
        return None;
    }
    let (rest, last) = second(after, first, lexicon, today)?;
    let last = if first.year_known && !last.year_known { in_year(last, first.start.year())? } else { last };
    let first = if last.year_known && !first.year_known { in_year(first, last.start.year())? } else { first };
    let backwards = last.end <= first.start;
    if backwards {
        return None;
    }
    let year_known = first.year_known && last.year_known;
    let relative = first.relative || last.relative;
    let fiscal = first.fiscal || last.fiscal;
    Some((rest, Date { start: first.start, end: last.end, grain: Grain::Span, year_known, fiscal, relative }))
}

/// The second end of a span: a date, a bare year, or what is left of one (`2016年3月1日-6月30日`, `1-5月`).
fn second<'a>(
    input: &'a str,
    first: Date,
    lexicon: &QuantityLexicon,
    today: Option<NaiveDate>,
) -> Option<Found<'a>> {
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
        Some('.' | ',' | '，' | '/' | ':' | '：') => signs.next().is_some_and(|sign| digit(sign).is_some()),
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
    if let Some(found) = fiscal(input, lexicon) {
        return Some(found);
    }
    if let Some((length, relative)) = lexicon.relatives.longest(input, Boundary::Word) {
        return self::relative(&input[length..], relative, lexicon, today);
    }
    if let Some(found) = part_first(input, lexicon, today) {
        return Some(found);
    }
    if first.is_ascii_alphabetic() {
        return month_first(input, lexicon).or_else(|| holiday(input, lexicon));
    }
    in_han(input, lexicon)
}

fn of_year(year: i32) -> Option<Date> {
    months(year, 1, 12, Grain::Year)
}

fn of_day(date: NaiveDate) -> Option<Date> {
    let end = date.succ_opt()?;
    Some(Date { start: date, end, grain: Grain::Day, year_known: true, fiscal: false, relative: false })
}

fn months(year: i32, first: u32, count: u32, grain: Grain) -> Option<Date> {
    let start = NaiveDate::from_ymd_opt(year, first, 1)?;
    let end = start.checked_add_months(Months::new(count))?;
    Some(Date { start, end, grain, year_known: true, fiscal: false, relative: false })
}

fn day(year: Option<i32>, month: u32, day: u32) -> Option<Date> {
    let date = NaiveDate::from_ymd_opt(year.unwrap_or(PLACEHOLDER), month, day)?;
    Some(Date { year_known: year.is_some(), ..of_day(date)? })
}

fn month(year: Option<i32>, month: u32) -> Option<Date> {
    Some(Date { year_known: year.is_some(), ..months(year.unwrap_or(PLACEHOLDER), month, 1, Grain::Month)? })
}

/// Four digits that can be a year.
pub(super) fn year_number(input: &str) -> Option<(&str, i32)> {
    let (rest, year) = exact_digits(input, 4)?;
    (1000..=2999).contains(&year).then_some((rest, year as i32))
}

fn exact_digits(input: &str, count: usize) -> Option<(&str, u32)> {
    let (rest, value, found) = run(input)?;
    (found == count).then_some((rest, value))
}

/// One or two digits.
fn small_number(input: &str, most: usize) -> Option<(&str, u32)> {
    let (rest, value, found) = run(input)?;
    (found <= most).then_some((rest, value))
}

fn run(input: &str) -> Option<(&str, u32, usize)> {
    let mut value = 0_u32;
    let mut count = 0;
    let mut rest = input;
    while let Some(sign) = rest.chars().next()
        && let Some(digit) = digit(sign)
    {
        count += 1;
        if count > 8 {
            return None;
        }
        value = value * 10 + digit;
        rest = &rest[sign.len_utf8()..];
    }
    (count > 0).then_some((rest, value, count))
}

fn in_digits<'a>(input: &'a str, lexicon: &QuantityLexicon, today: Option<NaiveDate>) -> Option<Found<'a>> {
    let (rest, value, count) = run(input)?;
    if count == 8 {
        let (year, month, number) = (value / 10_000, value / 100 % 100, value % 100);
        if (1900..2100).contains(&year) && at_word_end(rest) && !continues_number(rest) {
            return Some((rest, day(Some(year as i32), month, number)?));
        }
        return None;
    }
    if count == 4 && (1000..3000).contains(&value) {
        return year_first(rest, value as i32, lexicon, today);
    }
    if count > 2 {
        return None;
    }
    part_first(input, lexicon, today)
        .or_else(|| day_first(rest, value, count, lexicon))
        .or_else(|| month_sign(rest, value, None, lexicon))
        .or_else(|| short_year(rest, value, count, input))
}

/// `07年`, written with its zero.
fn short_year<'a>(rest: &'a str, value: u32, count: usize, input: &str) -> Option<Found<'a>> {
    if count != 2 || !input.starts_with(['0', '０']) {
        return None;
    }
    let rest = skip_blanks(rest).strip_prefix('年')?;
    Some((rest, of_year(2000 + value as i32)?))
}

/// `3月`, `3月5日`, `3月份` with a year or without.
fn month_sign<'a>(
    rest: &'a str,
    value: u32,
    year: Option<i32>,
    lexicon: &QuantityLexicon,
) -> Option<Found<'a>> {
    let _ = lexicon;
    let rest = skip_blanks(rest).strip_prefix('月')?;
    if !(1..=12).contains(&value) {
        return None;
    }
    let rest = rest.strip_prefix('份').unwrap_or(rest);
    let after = skip_blanks(rest);
    if let Some((after, number)) = small_number(after, 2).or_else(|| han_number(after, lexicon))
        && let Some(after) = skip_blanks(after).strip_prefix(['日', '号', '號'])
        && let Some(date) = day(year, value, number)
    {
        return Some((after, date));
    }
    if rest.starts_with(['球', '饼', '亮', '光', '嫂', '薪']) {
        return None;
    }
    for (mark, first, days) in
        [("上旬", 1, 10), ("中旬", 11, 10), ("下旬", 21, 0), ("初", 1, 10), ("底", 21, 0), ("末", 21, 0)]
    {
        if let Some(rest) = rest.strip_prefix(mark) {
            let whole = month(year, value)?;
            let start = whole.start.with_day(first)?;
            let end = if days == 0 { whole.end } else { start.checked_add_days(Days::new(days))? };
            return Some((rest, Date { start, end, grain: Grain::Span, ..whole }));
        }
    }
    Some((rest, month(year, value)?))
}

fn han_number<'a>(input: &'a str, lexicon: &QuantityLexicon) -> Option<(&'a str, u32)> {
    if input.starts_with(|sign: char| digit(sign).is_some()) {
        return None;
    }
    let (rest, number) = super::han::number(input, lexicon).ok()?;
    if number.and_more || number.high.is_some() || number.fraction || number.power > 0 {
        return None;
    }
    let value = u32::try_from(number.figure.value.normalize().mantissa()).ok()?;
    (number.figure.value.normalize().scale() == 0).then_some((rest, value))
}

/// Everything that starts with a year.
fn year_first<'a>(
    rest: &'a str,
    year: i32,
    lexicon: &QuantityLexicon,
    today: Option<NaiveDate>,
) -> Option<Found<'a>> {
    let apart = skip_blanks(rest);
    if let Some((length, ())) = lexicon.fiscal_after.longest(apart, Boundary::Word) {
        return Some((&apart[length..], Date { fiscal: true, ..of_year(year)? }));
    }
    if let Some(after) = apart.strip_prefix('年') {
        return after_year_sign(after, year, lexicon);
    }
    if let Some(after) = rest.strip_prefix(['-', '/', '.', '－', '／']) {
        let separator = rest.chars().next()?;
        if let Some(found) = numeric(after, separator, year) {
            return Some(found);
        }
        if let Some(found) = year_month_name(after, separator, year, lexicon) {
            return Some(found);
        }
    }
    let joined = rest.strip_prefix('-').unwrap_or(apart);
    if let Some((length, part)) = lexicon.parts.longest(joined, Boundary::Word)
        && joined.starts_with(|sign: char| sign.is_ascii() || sign == '第')
    {
        let found = months(year, part.first.into(), part.months.into(), part_grain(part.months))?;
        return Some((&joined[length..], found));
    }
    if let Some(after) =
        rest.strip_prefix("s").or_else(|| rest.strip_prefix("'s")).or_else(|| rest.strip_prefix(" s"))
        && year % 10 == 0
        && at_word_end(after)
    {
        return Some((after, months(year, 1, 120, Grain::Span)?));
    }
    if let Some((after, number)) = month_name(apart, lexicon)
        && apart.len() < rest.len()
    {
        return Some((after, month(Some(year), number)?));
    }
    if let Some(after) = rest.strip_prefix(['E', 'F', 'A', 'e'])
        && at_word_end(after)
        && (1990..2100).contains(&year)
    {
        return Some((after, of_year(year)?));
    }
    // 1995 - 1997年, 2010-2015
    if let Some((length, _)) = lexicon.range_joins.longest(apart, Boundary::Word) {
        let after = skip_blanks(&apart[length..]);
        if (1900..2100).contains(&year)
            && let Some((after, last)) = year_number(after)
            && last > year
            && last < 2200
            && at_word_end(after)
            && !continues_number(after)
        {
            let rest = skip_blanks(after).strip_prefix('年').unwrap_or(after);
            let date = months(year, 1, 12 * (last - year + 1) as u32, Grain::Span)?;
            return Some((rest, date));
        }
    }
    let _ = today;
    None
}

fn part_grain(months: u8) -> Grain {
    match months {
        3 => Grain::Quarter,
        6 => Grain::Half,
        _ => Grain::Span,
    }
}

/// Behind `2024年`: month, day, part, decade, or nothing.
fn after_year_sign<'a>(rest: &'a str, year: i32, lexicon: &QuantityLexicon) -> Option<Found<'a>> {
    if let Some(after) = rest.strip_prefix('代') {
        let (after, months_in) = match after.strip_prefix('初') {
            Some(after) => (after, 48),
            None => (after, 120),
        };
        return Some((after, months(year, 1, months_in, Grain::Span)?));
    }
    let rest = rest.strip_prefix('度').or_else(|| rest.strip_prefix('份')).unwrap_or(rest);
    let apart = skip_blanks(rest);
    let apart = apart.strip_prefix('的').unwrap_or(apart);
    if let Some((after, number)) = small_number(apart, 2).or_else(|| han_number(apart, lexicon))
        && let Some(found) = month_sign(after, number, Some(year), lexicon)
    {
        return Some(found);
    }
    if let Some((length, part)) = lexicon.parts.longest(apart, Boundary::Word) {
        let found = months(year, part.first.into(), part.months.into(), part_grain(part.months))?;
        return Some((&apart[length..], found));
    }
    if let Some((after, number)) = month_name(apart, lexicon) {
        return Some((after, month(Some(year), number)?));
    }
    Some((rest, of_year(year)?))
}

/// `-12-31`, `/12/31`, `-12` behind a year.
fn numeric(after: &str, separator: char, year: i32) -> Option<Found<'_>> {
    let (rest, first, count) = run(after)?;
    if count > 2 || !(1..=12).contains(&first) {
        return None;
    }
    if let Some(further) = rest.strip_prefix(separator)
        && let Some((rest, second)) = small_number(further, 2)
        && !rest.starts_with(|sign: char| digit(sign).is_some())
    {
        return Some((rest, day(Some(year), first, second)?));
    }
    let closed = separator != '.'
        || !rest.starts_with(|sign: char| sign.is_alphanumeric() || matches!(sign, ' ' | '\u{1}'));
    let is_month = count == 2 && closed && at_word_end(rest) && !continues_number(rest);
    if !is_month || !(1900..2100).contains(&year) {
        return None;
    }
    Some((rest, month(Some(year), first)?))
}

/// `2019-aug-1`.
fn year_month_name<'a>(
    after: &'a str,
    separator: char,
    year: i32,
    lexicon: &QuantityLexicon,
) -> Option<Found<'a>> {
    let (rest, number) = month_name(after, lexicon)?;
    let rest = rest.strip_prefix(separator)?;
    let (rest, second) = small_number(rest, 2)?;
    Some((rest, day(Some(year), number, second)?))
}

fn month_name<'a>(input: &'a str, lexicon: &QuantityLexicon) -> Option<(&'a str, u32)> {
    let (length, month) = lexicon.months.longest(input, Boundary::Letters)?;
    let rest = &input[length..];
    let rest = if rest.starts_with(". ") || rest.starts_with(" . ") {
        rest.trim_start_matches([' ', '.'])
    } else {
        rest
    };
    Some((rest, month.into()))
}

/// `31 December 2024`, `31/12/2024`, `12/31/2024`, `1st of May`.
fn day_first<'a>(rest: &'a str, value: u32, count: usize, lexicon: &QuantityLexicon) -> Option<Found<'a>> {
    if let Some(separator @ ('/' | '-' | '.')) = rest.chars().next()
        && let Some((after, second)) = small_number(&rest[1..], 2)
        && let Some(after) = after.strip_prefix(separator)
        && let Some((after, year)) = year_number(after)
        && at_word_end(after)
    {
        let found = if value <= 12 { day(Some(year), value, second) } else { day(Some(year), second, value) };
        return found.map(|date| (after, date));
    }
    if count > 2 || !(1..=31).contains(&value) {
        return None;
    }
    let after =
        lexicon.ordinals_after.longest(rest, Boundary::Word).map_or(rest, |(length, ())| &rest[length..]);
    let joined = skip_blanks(after).strip_prefix("of ").map_or(skip_blanks(after), skip_blanks);
    let joined = joined.strip_prefix(['-', '/']).unwrap_or(joined);
    if joined.len() == rest.len() {
        return None;
    }
    let (after, number) = month_name(joined, lexicon)?;
    let (after, year) = trailing_year(after);
    let found = day(year, number, value)?;
    if year.is_none()
        && joined.get(..3).is_some_and(|word| word.eq_ignore_ascii_case("may"))
        && after.starts_with(" be")
    {
        return None;
    }
    Some((after, found))
}

/// `, 2024`, ` 2024`, ` of 2024`, `/2024` behind a month or day.
fn trailing_year(rest: &str) -> (&str, Option<i32>) {
    let place = skip_blanks(rest);
    let place = place.strip_prefix([',', '-', '/', '，']).map_or(place, skip_blanks);
    let place = ["of the year ", "of ", "in ", "the year "]
        .iter()
        .find_map(|word| place.strip_prefix(word))
        .unwrap_or(place);
    match year_number(place) {
        Some((after, year))
            if place.len() < rest.len()
                && (1500..2200).contains(&year)
                && at_word_end(after)
                && (after.starts_with('-') || !continues_number(after)) =>
        {
            (after, Some(year))
        }
        _ => (rest, None),
    }
}

/// `Dec. 31, 2024`, `March 2024`, `May 5th`.
fn month_first<'a>(input: &'a str, lexicon: &QuantityLexicon) -> Option<Found<'a>> {
    let (length, _) = lexicon.months.longest(input, Boundary::Letters)?;
    let (rest, number) = month_name(input, lexicon)?;
    let place = skip_blanks(rest);
    let place = place.strip_prefix(['-', '/']).unwrap_or(place);
    if let Some((after, value)) = small_number(place, 2)
        && (1..=31).contains(&value)
    {
        let after = lexicon
            .ordinals_after
            .longest(after, Boundary::Word)
            .map_or(after, |(length, ())| &after[length..]);
        let (further, year) = trailing_year(after);
        let ends = at_word_end(after) && !continues_date_number(after) || year.is_some();
        if ends && let Some(date) = day(year, number, value) {
            return Some((further, date));
        }
    }
    if let (after, Some(year)) = trailing_year(rest) {
        return Some((after, month(Some(year), number)?));
    }
    let ambiguous = lexicon.ambiguous_months.longest(&input[..length], Boundary::Word).is_some();
    let capital = input.starts_with(|sign: char| sign.is_ascii_uppercase());
    if ambiguous && (!capital || length <= 3) || length <= 3 && !capital {
        return None;
    }
    Some((rest, month(None, number)?))
}

/// `March 5.5` and `March 5%` are no days.
fn continues_date_number(rest: &str) -> bool {
    let mut signs = rest.chars();
    match signs.next() {
        Some('.' | ':') => signs.next().is_some_and(|sign| digit(sign).is_some()),
        Some('%' | '％') => true,
        _ => false,
    }
}

fn holiday<'a>(input: &'a str, lexicon: &QuantityLexicon) -> Option<Found<'a>> {
    let (length, (month, number)) = lexicon.holidays.longest(input, Boundary::Word)?;
    let (rest, year) = trailing_year(&input[length..]);
    Some((rest, day(Some(year?), month.into(), number.into())?))
}

/// `FY2025`, `FY25`, `fiscal 2025`.
fn fiscal<'a>(input: &'a str, lexicon: &QuantityLexicon) -> Option<Found<'a>> {
    let (length, ()) = lexicon.fiscal_before.longest(input, Boundary::Letters)?;
    let rest = skip_blanks(&input[length..]);
    let rest = rest.strip_prefix(['\'', '’']).unwrap_or(rest);
    let (after, value, count) = run(rest)?;
    let year = match count {
        4 => value,
        2 => 2000 + value,
        _ => return None,
    };
    if !(1950..2150).contains(&year) || continues_number(after) && !after.starts_with('-') {
        return None;
    }
    let after = after.strip_prefix(['E', 'e', 'F', 'A']).filter(|rest| at_word_end(rest)).unwrap_or(after);
    at_word_end(after).then_some((after, Date { fiscal: true, ..of_year(year as i32)? }))
}

/// `Q3 2025`, `H1 FY2025`, `first half of 2025`, `三季度`.
fn part_first<'a>(input: &'a str, lexicon: &QuantityLexicon, today: Option<NaiveDate>) -> Option<Found<'a>> {
    let (length, part) = lexicon.parts.longest(input, Boundary::Word)?;
    let rest = &input[length..];
    let grain = part_grain(part.months);
    let place = skip_blanks(rest);
    let place = place.strip_prefix(['-', '/', '\'', '’', ',']).map_or(place, skip_blanks);
    let place = place.strip_prefix("of ").map_or(place, skip_blanks);
    if let Some((after, date)) = fiscal(place, lexicon) {
        let found = months(date.start.year(), part.first.into(), part.months.into(), grain)?;
        return Some((after, Date { fiscal: true, ..found }));
    }
    if place.len() < rest.len()
        && let Some((after, value, count @ (2 | 4))) = run(place)
        && (count == 4 && (1950..2150).contains(&value) || count == 2 && rest.starts_with(['\'', '’']))
        && at_word_end(after)
        && !continues_number(after)
    {
        let year = if count == 4 { value } else { 2000 + value };
        return Some((after, months(year as i32, part.first.into(), part.months.into(), grain)?));
    }
    if let Some((length, relative)) = lexicon.relatives.longest(place, Boundary::Word)
        && relative.grain == Grain::Year
    {
        let year = today.map_or(PLACEHOLDER, |today| today.year() + relative.offset);
        let found = months(year, part.first.into(), part.months.into(), grain)?;
        return Some((&place[length..], Date { year_known: today.is_some(), relative: true, ..found }));
    }
    if !part.alone || !at_word_end(rest) {
        return None;
    }
    let found = months(PLACEHOLDER, part.first.into(), part.months.into(), grain)?;
    Some((rest, Date { year_known: false, ..found }))
}

/// 今年, last quarter …, with a part or month of the year behind it (去年三季度, 今年3月).
fn relative<'a>(
    rest: &'a str,
    relative: super::lexicon::Relative,
    lexicon: &QuantityLexicon,
    today: Option<NaiveDate>,
) -> Option<Found<'a>> {
    let base = today.or_else(|| NaiveDate::from_ymd_opt(PLACEHOLDER, 1, 1))?;
    let known = today.is_some();
    let mark = |date: Date| Date { year_known: known, relative: true, ..date };
    if relative.grain == Grain::Year {
        let year = base.year().checked_add(relative.offset)?;
        let place = skip_blanks(rest);
        let place = place.strip_prefix('的').unwrap_or(place);
        if let Some((length, part)) = lexicon.parts.longest(place, Boundary::Word) {
            let found = months(year, part.first.into(), part.months.into(), part_grain(part.months))?;
            return Some((&place[length..], mark(found)));
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

/// 二零一七年, 十二月三十一日.
fn in_han<'a>(input: &'a str, lexicon: &QuantityLexicon) -> Option<Found<'a>> {
    let mut rest = input;
    let mut year = 0;
    let mut count = 0;
    while let Some(sign) = rest.chars().next()
        && let Some(HanSign::Digit(value)) = lexicon.han(sign)
    {
        year = year * 10 + i32::from(value);
        count += 1;
        rest = &rest[sign.len_utf8()..];
        if count > 4 {
            return None;
        }
    }
    if let Some(after) = rest.strip_prefix('年') {
        if count == 4 && (1000..3000).contains(&year) {
            return after_year_sign(after, year, lexicon);
        }
        if count == 2 && lexicon.han(input.chars().next()?) == Some(HanSign::Digit(0)) {
            return after_year_sign(after, 2000 + year, lexicon);
        }
    }
    let (rest, number) = han_number(input, lexicon)?;
    month_sign(rest, number, None, lexicon)
}
