//! Days, months and years as written: 2024年12月31日, 2025-07-01, Dec. 31, 2024, 31/12/2024, 二零一七年.

use chrono::{Datelike, Days, Months, NaiveDate};

use super::date::{Found, between, continues_number};
use super::lexicon::{HanSign, QuantityLexicon};
use super::model::{Date, Grain};
use super::period::{part_first, part_of, part_of_short_year, week_of_year};
use super::token::{at_word_end, digit, skip_blanks};
use super::word_trie::Boundary;

/// The year that stands for an unknown one; a leap year, so that 29 February exists.
pub(super) const PLACEHOLDER: i32 = 2000;

pub(super) fn of_year(year: i32) -> Option<Date> {
    months(year, 1, 12, Grain::Year)
}

pub(super) fn of_day(date: NaiveDate) -> Option<Date> {
    let end = date.succ_opt()?;
    Some(Date { start: date, end, grain: Grain::Day, year_known: true, fiscal: false, relative: false })
}

pub(super) fn months(year: i32, first: u32, count: u32, grain: Grain) -> Option<Date> {
    let start = NaiveDate::from_ymd_opt(year, first, 1)?;
    let end = start.checked_add_months(Months::new(count))?;
    Some(Date { start, end, grain, year_known: true, fiscal: false, relative: false })
}

pub(super) fn day(year: Option<i32>, month: u32, day: u32) -> Option<Date> {
    let date = NaiveDate::from_ymd_opt(year.unwrap_or(PLACEHOLDER), month, day)?;
    Some(Date { year_known: year.is_some(), ..of_day(date)? })
}

/// The same where the words leave no doubt that a day is meant: one that its month does not have is a date without a
/// value rather than two numbers.
pub(super) fn named_day(year: Option<i32>, month: u32, number: u32) -> Option<Date> {
    day(year, month, number).or_else(|| {
        let first = self::month(year, month).filter(|_| (1..=31).contains(&number))?;
        Some(Date { end: first.start, grain: Grain::Impossible, year_known: false, ..first })
    })
}

pub(super) fn month(year: Option<i32>, month: u32) -> Option<Date> {
    Some(Date { year_known: year.is_some(), ..months(year.unwrap_or(PLACEHOLDER), month, 1, Grain::Month)? })
}

/// Four digits that can be a year.
pub(super) fn year_number(input: &str) -> Option<(&str, i32)> {
    let (rest, year) = exact_digits(input, 4)?;
    (1000..=2999).contains(&year).then_some((rest, year as i32))
}

pub(super) fn exact_digits(input: &str, count: usize) -> Option<(&str, u32)> {
    let (rest, value, found) = run(input)?;
    (found == count).then_some((rest, value))
}

/// One or two digits.
pub(super) fn small_number(input: &str, most: usize) -> Option<(&str, u32)> {
    let (rest, value, found) = run(input)?;
    (found <= most).then_some((rest, value))
}

pub(super) fn run(input: &str) -> Option<(&str, u32, usize)> {
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

pub(super) fn in_digits<'a>(
    input: &'a str,
    lexicon: &QuantityLexicon,
    today: Option<NaiveDate>,
) -> Option<Found<'a>> {
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
    if count > 2 || !may_go_on(rest) {
        return None;
    }
    if let Some(found) = century(rest, value, lexicon) {
        return Some(found);
    }
    // 24H1, 25Q3
    if count == 2
        && (10..50).contains(&value)
        && rest.starts_with(['Q', 'H'])
        && let Some((length, part)) = lexicon.parts.longest(rest, Boundary::Word)
    {
        return Some((&rest[length..], part_of(2000 + value as i32, part)?));
    }
    part_first(input, lexicon, today)
        .or_else(|| short_span(input))
        .or_else(|| month_span(input, None))
        .or_else(|| day_first(rest, value, count, lexicon))
        .or_else(|| month_sign(rest, value, None, lexicon))
        .or_else(|| short_year(rest, value, count, (input, lexicon)))
}

/// Whether one or two digits may be the first of a date: 65%, 3,000 and 5亿 are none, which is most of them.
fn may_go_on(rest: &str) -> bool {
    const MARKS: [char; 20] = [
        '年', '月', '日', '号', '號', '世', '季', '第', '至', '到', '度', '－', '—', '–', '~', '～', '-',
        '/', '.', '\u{1}',
    ];
    match rest.chars().next() {
        Some(' ') => {
            skip_blanks(rest).starts_with(|sign: char| sign.is_ascii_alphabetic() || MARKS.contains(&sign))
        }
        // 65.3% is none; 5.17.2018 and 5.1-5.7 are.
        Some('.') => {
            let behind = rest[1..].trim_start_matches(|sign: char| sign.is_ascii_digit());
            behind.starts_with(|sign| MARKS.contains(&sign))
        }
        Some(sign) if sign.is_ascii() => sign.is_ascii_alphabetic() || MARKS.contains(&sign),
        Some(sign) => MARKS.contains(&sign) || sign.is_whitespace(),
        None => false,
    }
}

/// `1-9月`, with a year or without.
pub(super) fn month_span(input: &str, year: Option<i32>) -> Option<Found<'_>> {
    let (rest, first) = small_number(input, 2)?;
    let after = skip_blanks(rest).strip_prefix(['-', '–', '—', '~', '～', '至', '到'])?;
    let (rest, last) = small_number(skip_blanks(after), 2)?;
    let rest = skip_blanks(rest).strip_prefix('月')?;
    if !(1..12).contains(&first) || !(first + 1..=12).contains(&last) {
        return None;
    }
    let rest = rest.strip_prefix('份').unwrap_or(rest);
    let found = months(year.unwrap_or(PLACEHOLDER), first, last - first + 1, Grain::Span)?;
    Some((rest, Date { year_known: year.is_some(), ..found }))
}

/// `5/1-5/7, 2020`: month and day twice, then the year.
pub(super) fn short_span(input: &str) -> Option<Found<'_>> {
    let month_day = |input| {
        let (rest, month) = small_number(input, 2)?;
        let (rest, day) = small_number(rest.strip_prefix('/')?, 2)?;
        Some((rest, month, day))
    };
    let (rest, month, number) = month_day(input)?;
    let after = skip_blanks(rest).strip_prefix(['-', '–', '~'])?;
    let (rest, last_month, last_number) = month_day(skip_blanks(after))?;
    let (rest, year) = trailing_year(rest);
    let (first, last) = (day(Some(year?), month, number)?, day(Some(year?), last_month, last_number)?);
    (first.start < last.start).then_some((rest, Date { end: last.end, grain: Grain::Span, ..first }))
}

/// `20世纪90年代`, `21世纪`, `90年代` behind its first number.
pub(super) fn century<'a>(rest: &'a str, value: u32, lexicon: &QuantityLexicon) -> Option<Found<'a>> {
    let decade = |rest: &'a str, first: i32| Some((rest, months(first, 1, 120, Grain::Span)?));
    let apart = skip_blanks(rest);
    if let Some(after) = apart.strip_prefix("年代") {
        let first = if value >= 30 { 1900 } else { 2000 };
        return (value.is_multiple_of(10) && value < 100).then(|| decade(after, first + value as i32))?;
    }
    let after = apart.strip_prefix("世纪").or_else(|| apart.strip_prefix("世紀"))?;
    if !(1..=22).contains(&value) {
        return None;
    }
    let first = (value as i32 - 1) * 100;
    let place = skip_blanks(after);
    let number = small_number(place, 2).or_else(|| han_number(place, lexicon));
    if let Some((after, years)) = number.filter(|&(_, years)| years % 10 == 0 && years < 100)
        && let Some(after) = skip_blanks(after).strip_prefix("年代")
    {
        return decade(after, first + years as i32);
    }
    Some((after, months(first.max(1), 1, 1200, Grain::Span)?))
}

/// `07年`, written with its zero, and `16年10月`: a month behind it makes a year of two digits one.
pub(super) fn short_year<'a>(
    rest: &'a str,
    value: u32,
    count: usize,
    (input, lexicon): (&str, &QuantityLexicon),
) -> Option<Found<'a>> {
    let rest = skip_blanks(rest).strip_prefix('年').filter(|_| count == 2)?;
    let year = value as i32 + if value < 50 { 2000 } else { 1900 };
    let month = small_number(rest, 2).and_then(|(rest, month)| month_sign(rest, month, Some(year), lexicon));
    let month = month.filter(|(_, date)| date.grain != Grain::Impossible);
    month.or_else(|| part_of_short_year(rest, year, lexicon)).or_else(|| {
        let written = input.starts_with(['0', '０']);
        written.then(|| of_year(year)).flatten().map(|date| (rest, date))
    })
}

/// `3月`, `3月5日`, `3月份` with a year or without.
pub(super) fn month_sign<'a>(
    rest: &'a str,
    value: u32,
    year: Option<i32>,
    lexicon: &QuantityLexicon,
) -> Option<Found<'a>> {
    let rest = skip_blanks(rest).strip_prefix('月')?;
    if !(1..=12).contains(&value) {
        // Behind a year it can be nothing else: 2024年13月.
        let first =
            of_year(year?).filter(|_| (13..=99).contains(&value) && !rest.starts_with(['球', '薪']))?;
        return Some((rest, Date { end: first.start, grain: Grain::Impossible, year_known: false, ..first }));
    }
    let rest = rest.strip_prefix('份').unwrap_or(rest);
    let after = skip_blanks(rest);
    if let Some((after, number)) = small_number(after, 2).or_else(|| han_number(after, lexicon))
        && let Some(after) = skip_blanks(after).strip_prefix(['日', '号', '號'])
        && let Some(date) = named_day(year, value, number)
    {
        return Some((after, date));
    }
    if rest.starts_with(['球', '饼', '亮', '光', '嫂', '薪']) {
        return None;
    }
    // 十月初一: the first ten days of a lunar month.
    if let Some(after) = rest.strip_prefix('初')
        && let Some((after, number)) = han_number(after, lexicon).filter(|&(_, number)| number <= 10)
    {
        return Some((after, day(year, value, number)?));
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

pub(super) fn han_number<'a>(input: &'a str, lexicon: &QuantityLexicon) -> Option<(&'a str, u32)> {
    if input.starts_with(|sign: char| digit(sign).is_some()) {
        return None;
    }
    // 两月 is two months, not February.
    if input.starts_with(['两', '兩']) {
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
pub(super) fn year_first<'a>(
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
    if let Some(found) = two_years(rest, year).or_else(|| self::apart(rest, year)) {
        return Some(found);
    }
    if let Some((after, week)) = rest.strip_prefix("-W").and_then(|after| small_number(after, 2)) {
        return Some((after, week_of_year(year, i32::try_from(week).ok()?)?));
    }
    let joined = rest.strip_prefix('-').unwrap_or(apart);
    if let Some((length, part)) = lexicon.parts.longest(joined, Boundary::Word)
        && (part.alone || joined.starts_with(|sign: char| sign.is_ascii() || sign == '第'))
    {
        return Some((&joined[length..], part_of(year, part)?));
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
    // 2007 to the end of 2008
    if let Some((length, _)) =
        lexicon.range_joins.longest(apart, Boundary::Word).filter(|_| (1900..2100).contains(&year))
    {
        let after = skip_blanks(&apart[length..]);
        if after.starts_with(|sign: char| sign.is_ascii_alphabetic())
            && let Some((rest, last)) = part_first(after, lexicon, today).filter(|(_, last)| last.year_known)
            && let Some(first) = of_year(year).filter(|first| first.end <= last.start)
        {
            return Some((rest, between(first, last)));
        }
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
    None
}

/// Behind `2024年`: month, day, part, decade, or nothing.
pub(super) fn after_year_sign<'a>(rest: &'a str, year: i32, lexicon: &QuantityLexicon) -> Option<Found<'a>> {
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
    if let Some(found) = month_span(apart, Some(year)) {
        return Some(found);
    }
    if let Some((after, number)) = small_number(apart, 2).or_else(|| han_number(apart, lexicon))
        && let Some(found) = month_sign(after, number, Some(year), lexicon)
    {
        return Some(found);
    }
    if let Some((length, part)) = lexicon.parts.longest(apart, Boundary::Word) {
        return Some((&apart[length..], part_of(year, part)?));
    }
    if let Some(after) = apart.strip_prefix('第')
        && let Some((after, week)) = small_number(after, 2).or_else(|| han_number(after, lexicon))
        && let Some(after) = after.strip_prefix(['周', '週'])
    {
        return Some((after, week_of_year(year, i32::try_from(week).ok()?)?));
    }
    if let Some((after, number)) = month_name(apart, lexicon) {
        return Some((after, month(Some(year), number)?));
    }
    Some((rest, of_year(year)?))
}

/// `-12-31`, `/12/31`, `-12` behind a year.
pub(super) fn numeric(after: &str, separator: char, year: i32) -> Option<Found<'_>> {
    let (rest, first, count) = run(after)?;
    if count > 2 || !(1..=12).contains(&first) {
        return None;
    }
    if let Some(further) = rest.strip_prefix(separator)
        && let Some((rest, second)) = small_number(further, 2)
        && !rest.starts_with(|sign: char| digit(sign).is_some())
    {
        let found = if separator == '.' { day } else { named_day };
        return Some((rest, found(Some(year), first, second)?));
    }
    let closed = separator != '.'
        || !rest.starts_with(|sign: char| sign.is_alphanumeric() || matches!(sign, ' ' | '\u{1}'));
    let is_month = count == 2 && closed && at_word_end(rest) && !continues_number(rest);
    if !is_month || !(1900..2100).contains(&year) {
        return None;
    }
    Some((rest, month(Some(year), first)?))
}

/// `2024/25`, `2024-25`, `2010–15`: a year and the last two digits of a later one, which no month can be.
fn two_years(rest: &str, year: i32) -> Option<Found<'_>> {
    let after = rest.strip_prefix(['/', '-', '–'])?;
    let (after, short) = exact_digits(after, 2)?;
    let last = year / 100 * 100 + short as i32;
    let fits = (1900..2100).contains(&year) && short > 12 && last > year && last <= year + 15;
    if !fits || !at_word_end(after) || continues_number(after) {
        return None;
    }
    let after = after.strip_prefix('年').unwrap_or(after);
    Some((after, months(year, 1, 12 * (last - year + 1) as u32, Grain::Span)?))
}

/// `2016 10 16`: two digits each, apart, with no number around.
fn apart(rest: &str, year: i32) -> Option<Found<'_>> {
    let (rest, month) = exact_digits(rest.strip_prefix(' ')?, 2)?;
    let (rest, number) = exact_digits(rest.strip_prefix(' ')?, 2)?;
    let next = skip_blanks(rest);
    let alone =
        at_word_end(rest) && !continues_number(rest) && !next.starts_with(|sign: char| digit(sign).is_some());
    (alone && (1900..2100).contains(&year)).then(|| Some((rest, day(Some(year), month, number)?)))?
}

/// `2019-aug-1`.
pub(super) fn year_month_name<'a>(
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

pub(super) fn month_name<'a>(input: &'a str, lexicon: &QuantityLexicon) -> Option<(&'a str, u32)> {
    let (length, month) = lexicon.months.longest(input, Boundary::Letters)?;
    let rest = &input[length..];
    // "Sept. 3"; a full name is never followed by a dot of its own.
    let rest = if length <= 4 && (rest.starts_with(". ") || rest.starts_with(" . ")) {
        rest.trim_start_matches([' ', '.'])
    } else {
        rest
    };
    Some((rest, month.into()))
}

/// `31 December 2024`, `31/12/2024`, `12/31/2024`, `1st of May`.
pub(super) fn day_first<'a>(
    rest: &'a str,
    value: u32,
    count: usize,
    lexicon: &QuantityLexicon,
) -> Option<Found<'a>> {
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
    let found = named_day(year, number, value)?;
    if year.is_none()
        && joined.get(..3).is_some_and(|word| word.eq_ignore_ascii_case("may"))
        && after.starts_with(" be")
    {
        return None;
    }
    Some((after, found))
}

/// `fourth of July`, `twenty-first of June 2024`.
pub(super) fn ordinal_day<'a>(input: &'a str, lexicon: &QuantityLexicon) -> Option<Found<'a>> {
    let (rest, value) = super::english::ordinal(input, lexicon)?;
    let value = u32::try_from(value).ok().filter(|value| (1..=31).contains(value))?;
    if !rest.starts_with(" of ") {
        return None;
    }
    day_first(rest, value, 2, lexicon)
}

/// `, 2024`, ` 2024`, ` of 2024`, `/2024` behind a month or day.
pub(super) fn trailing_year(rest: &str) -> (&str, Option<i32>) {
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
pub(super) fn month_first<'a>(input: &'a str, lexicon: &QuantityLexicon) -> Option<Found<'a>> {
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
        // "may 5 people" is no day.
        let verb = input.starts_with(|sign: char| sign.is_ascii_lowercase())
            && lexicon.ambiguous_months.longest(&input[..length], Boundary::Word).is_some()
            && skip_blanks(after).starts_with(|sign: char| sign.is_ascii_alphabetic());
        let ends = at_word_end(after) && !continues_date_number(after) && !verb || year.is_some();
        if ends && let Some(date) = named_day(year, number, value) {
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
pub(super) fn continues_date_number(rest: &str) -> bool {
    let mut signs = rest.chars();
    match signs.next() {
        Some('.' | ':') => signs.next().is_some_and(|sign| digit(sign).is_some()),
        Some('%' | '％') => true,
        _ => false,
    }
}

/// 二零一七年, 十二月三十一日.
pub(super) fn in_han<'a>(input: &'a str, lexicon: &QuantityLexicon) -> Option<Found<'a>> {
    let behind = skip_blanks(input.trim_start_matches(|sign| lexicon.han(sign).is_some() || sign == ' '));
    if !behind.starts_with(['年', '月', '世']) {
        return None;
    }
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
    century(rest, number, lexicon).or_else(|| month_sign(rest, number, None, lexicon))
}
