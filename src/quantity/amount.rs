//! A number with its unit: money, percent, measure, count, duration.

use rust_decimal::Decimal;

use super::lexicon::{QuantityLexicon, UnitWord};
use super::model::{Currency, Figure, Kind, MeasureUnit, Unit};
use super::number::{Number, Style, number};
use super::token::{Parsed, at_word_end, begins, digit, skip_blanks, skip_markup};
use super::word_trie::Boundary;

/// A number and what it counts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Amount {
    pub(super) number: Number,
    pub(super) unit: Unit,
    /// Whether the unit stands before (`$5`).
    pub(super) marked: bool,
    /// Whether a unit word stands behind.
    pub(super) named: bool,
    pub(super) signed: bool,
    /// What the unit word multiplied the figure by.
    pub(super) factor: Decimal,
    /// Whether the unit is a word of speech that counts things as well (块).
    pub(super) spoken: bool,
}

impl Amount {
    /// A number that no unit stands by.
    pub(super) fn bare(number: Number, signed: bool) -> Self {
        let factor = Decimal::ONE;
        Self { number, unit: Unit::Bare, marked: false, named: false, signed, factor, spoken: false }
    }
}

/// The contract's kind of a single quantity in this unit.
pub(super) fn kind(unit: Unit, lexicon: &QuantityLexicon) -> Kind {
    match unit {
        Unit::Bare | Unit::Multiple => Kind::Number,
        Unit::Percent | Unit::PercentagePoint | Unit::BasisPoint => Kind::Percent,
        Unit::Money { .. } => Kind::Money,
        Unit::Measure { .. } if lexicon.is_time(unit) => Kind::Duration,
        Unit::Measure { .. } => Kind::Quantity,
    }
}

fn failed<'a, T>() -> Parsed<'a, T> {
    Err(nom::Err::Error(()))
}

/// `-`, `+`, `−` glued before a number.
fn sign(input: &str) -> (&str, bool, bool) {
    // The first bytes of the marks below.
    if !begins(input, &[b'-', b'+', 0xE2, 0xE9, 0xEF]) {
        return (input, false, false);
    }
    for (mark, negative) in
        [("-", true), ("−", true), ("－", true), ("零下", true), ("+", false), ("＋", false)]
    {
        if let Some(rest) = input.strip_prefix(mark) {
            return (rest, true, negative);
        }
    }
    (input, false, false)
}

/// An amount at the start of `input`, its unit before or behind.
pub(super) fn amount<'a>(input: &'a str, lexicon: &QuantityLexicon) -> Parsed<'a, Amount> {
    if let Some((length, factor)) = lexicon.share_prefixes.longest(input, Boundary::None) {
        let rest = skip_blanks(&input[length..]);
        let (rest, negative) = match rest.strip_prefix(['负', '負', '-']) {
            Some(rest) => (rest, true),
            None => (rest, false),
        };
        let (rest, number) = number(rest, lexicon, false)?;
        let number = rescale(number, factor).ok_or(nom::Err::Error(()))?;
        let number = if negative { number.negated() } else { number };
        let unit = Unit::Percent;
        return Ok((rest, Amount { unit, marked: true, factor, ..Amount::bare(number, negative) }));
    }
    let (rest, signed, negative) = sign(input);
    let mark = lexicon
        .currency_marks
        .longest(rest, Boundary::Letters)
        .filter(|&(length, _)| !is_plain_word(&rest[..length], lexicon));
    let (rest, mark, inner) = match mark {
        Some((length, mark)) => {
            let rest = skip_blanks(&rest[length..]);
            let (rest, signed, negative) = sign(rest);
            (rest, Some(mark), (signed, negative))
        }
        None => (rest, None, (false, false)),
    };
    // $(1,234) is below zero.
    let bracket = rest.strip_prefix('(').filter(|_| mark.is_some());
    let (mut rest, mut found) = number(bracket.unwrap_or(rest), lexicon, mark.is_some())?;
    if bracket.is_some() {
        rest = rest.strip_prefix(')').ok_or(nom::Err::Error(()))?;
        found = found.negated();
    }
    if mark.is_some() && found.style != Style::Digits && (found.single || found.fraction) {
        return failed();
    }
    if negative || inner.1 {
        found = found.negated();
    }
    let signed = signed || inner.0;
    let (rest, found) = if found.style == Style::Digits {
        super::english::mixed(rest, found, lexicon)
    } else {
        (rest, found)
    };
    let Some(mark) = mark else {
        return suffixed(rest, found, signed, lexicon);
    };
    // `$1100 亿美元` is one amount: the name behind repeats the mark, and says more than a bare `$`.
    let mut unit = mark.unit;
    let mut rest = rest;
    let mut named = false;
    if let Some((after, word)) = unit_word(rest, &found, lexicon)
        && let Unit::Money { currency: behind, .. } = word.unit
        && let Unit::Money { currency: before, .. } = mark.unit
        && word.factor == Decimal::ONE
        && (behind == before || agrees(before, behind))
    {
        unit = if before == Currency::AnyDollar { word.unit } else { mark.unit };
        rest = after;
        named = true;
    }
    let han_scale = !named && found.power >= 4 && !found.power.is_multiple_of(3);
    if !(at_word_end(rest) || han_scale) {
        return failed();
    }
    let (rest, unit) = per(rest, unit, lexicon);
    Ok((rest, Amount { unit, marked: true, named, ..Amount::bare(found, signed) }))
}

/// `try 5` is no Turkish lira and `Bob 3` no boliviano: a code of letters stands in its own case, or in small
/// letters where it is a currency's name too (usd 5).
fn is_plain_word(mark: &str, lexicon: &QuantityLexicon) -> bool {
    if !mark.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        return false;
    }
    let whole = |found: Option<usize>| found == Some(mark.len());
    let exact = lexicon.currency_marks_exact.longest(mark, Boundary::Word).map(|(length, ())| length);
    let name = lexicon.unit_names.longest(mark, Boundary::Word);
    let name = name.filter(|(_, word)| matches!(word.unit, Unit::Money { .. })).map(|(length, _)| length);
    let small = mark.bytes().all(|byte| byte.is_ascii_lowercase());
    !(whole(exact) || small && whole(name))
}

/// A `$` before and a dollar behind, or the other way round.
fn agrees(before: Currency, behind: Currency) -> bool {
    let dollar = |currency| match currency {
        Currency::AnyDollar => true,
        Currency::Iso(code) => code.ends_with(b"D"),
    };
    (before == Currency::AnyDollar && dollar(behind)) || (behind == Currency::AnyDollar && dollar(before))
}

pub(super) fn rescale(number: Number, factor: Decimal) -> Option<Number> {
    let figure = number.figure.scaled(factor)?;
    let high = match number.high {
        Some(high) => Some(high.scaled(factor)?),
        None => None,
    };
    Some(Number { figure, high, ..number })
}

/// The unit behind a number.
fn suffixed<'a>(
    input: &'a str,
    number: Number,
    signed: bool,
    lexicon: &QuantityLexicon,
) -> Parsed<'a, Amount> {
    // "half an hour"
    let halved = number.lone && number.fraction && number.style == Style::English;
    let article =
        if halved { [" an ", " a "].iter().find_map(|word| input.strip_prefix(word)) } else { None };
    if let Some((rest, word)) = article.and_then(|after| unit_word(after, &number, lexicon))
        && lexicon.is_time(word.unit)
    {
        return Ok((
            rest,
            Amount { unit: word.unit, named: true, factor: word.factor, ..Amount::bare(number, signed) },
        ));
    }
    if let Some(found) = and_half(input, number, signed, lexicon) {
        return Ok(found);
    }
    let bare = Amount::bare(number, signed);
    // 300+家: the plus stands between.
    let plus = skip_markup(input).strip_prefix(['+', '＋']).filter(|_| number.style == Style::Digits);
    let plus = plus
        .and_then(|after| unit_word(after, &number, lexicon))
        .filter(|(_, word)| word.unit != Unit::Multiple);
    let at_least = plus.is_some();
    let Some((mut rest, word)) = plus.or_else(|| unit_word(input, &number, lexicon)) else {
        let new_number = number.power >= 4 && input.starts_with(|sign: char| sign.is_ascii_digit());
        // 48亿T-Mobile: behind 万 or 亿, letters are another word.
        let han_scale = number.power >= 4 && !number.power.is_multiple_of(3);
        if !(at_word_end(input) || new_number || han_scale) || number.needs_money {
            return failed();
        }
        return Ok((input, bare));
    };
    if number.lone && number.style != Style::Digits && !word.lone {
        return if number.fraction { Ok((input, bare)) } else { failed() };
    }
    let factor = if word.discount { discount(&number)? } else { word.factor };
    let mut number = rescale(number, factor).ok_or(nom::Err::Error(()))?;
    number.at_least = at_least;
    // "75 USD million"
    if matches!(word.unit, Unit::Money { .. })
        && number.power == 0
        && rest.starts_with(' ')
        && let Ok((after, scale)) = super::number::scale(rest, lexicon, false)
        && let Some(larger) = number.scale(u32::from(scale.power)).filter(|_| scale.power >= 6)
    {
        (rest, number) = (after, larger);
    }
    // 5年多, 3个多月; but in 比 65 万吨多 27 万吨 the 多 compares.
    let (after, more) = super::digits::and_more(rest, lexicon);
    let compares = |after: &str| {
        let next = after.trim_start_matches([' ', '\u{1}']);
        next.starts_with(|c: char| {
            c.is_ascii_digit() || matches!(c, '$' | '¥' | '€' | '£' | '约' | '近' | '了' | '出' | '整')
        })
    };
    if more && !compares(after) {
        number.and_more = true;
        rest = after;
    }
    // 三年半, 十五斤半
    if let Some(after) = rest.strip_prefix('半')
        && !after.starts_with(['年', '导', '成', '岛', '径'])
        && let Some(value) = number.figure.value.checked_add(Decimal::new(5, 1) * factor)
        && matches!(word.unit, Unit::Measure { .. } | Unit::Multiple | Unit::Money { .. } | Unit::Percent)
    {
        let step = Decimal::new(1, 1) * factor;
        number.figure = Figure { value, step, coarse_step: step };
        rest = after;
    }
    if let Some((after, percent)) = tenths_and_hundredths(rest, &number, &word, lexicon) {
        (rest, number.figure) = (after, percent);
    }
    if number.needs_money && !matches!(word.unit, Unit::Money { .. }) {
        return failed();
    }
    // "one year and a half"
    if lexicon.is_time(word.unit) && number.style != Style::Han {
        (rest, number) = super::english::mixed(rest, number, lexicon);
    }
    let (rest, unit) = per(rest, word.unit, lexicon);
    Ok((rest, Amount { unit, named: true, factor, spoken: word.spoken, ..Amount::bare(number, signed) }))
}

/// 三成五 is 35 %: the digit behind 成 counts percents.
fn tenths_and_hundredths<'a>(
    input: &'a str,
    number: &Number,
    word: &UnitWord,
    lexicon: &QuantityLexicon,
) -> Option<(&'a str, Figure)> {
    if word.unit != Unit::Percent || word.factor != Decimal::TEN || number.style != Style::Han {
        return None;
    }
    let (rest, percents) = super::coins::one_digit(input, lexicon).ok()?;
    let ends = super::coins::ends_clause(rest) || rest.starts_with(['的', '以', '左']);
    let value = number.figure.value.checked_add(percents).filter(|_| ends)?;
    Some((rest, Figure::new(value, Decimal::ONE)))
}

/// The scale and the unit behind the closing bracket of `(12.3)亿元` or `(4.5)%`; one of them at least.
pub(super) fn scaled_behind<'a>(
    input: &'a str,
    bracketed: &Amount,
    lexicon: &QuantityLexicon,
) -> Option<(&'a str, Amount)> {
    let scaled = super::number::scale(input, lexicon, bracketed.marked).ok();
    let (rest, number) = match scaled {
        Some((rest, scale)) => (rest, bracketed.number.scale(scale.power.into())?),
        None => (input, bracketed.number),
    };
    let number = Number { plain: false, ..number };
    if bracketed.marked {
        let marked = scaled.is_some() && at_word_end(rest);
        return marked.then_some((rest, Amount { number, ..*bracketed }));
    }
    match unit_word(rest, &number, lexicon) {
        Some((rest, word)) if !matches!(word.unit, Unit::Measure { .. }) => {
            let number = rescale(number, word.factor)?;
            Some((rest, Amount { number, unit: word.unit, named: true, factor: word.factor, ..*bracketed }))
        }
        Some(_) => None,
        None => (scaled.is_some() && at_word_end(rest)).then_some((rest, Amount { number, ..*bracketed })),
    }
}

/// 三个半月, 5个半小时: the half stands before the unit.
fn and_half<'a>(
    input: &'a str,
    number: Number,
    signed: bool,
    lexicon: &QuantityLexicon,
) -> Option<(&'a str, Amount)> {
    let after = skip_blanks(input).strip_prefix(['个', '個'])?.strip_prefix('半')?;
    let (rest, unit) = match after.strip_prefix('月') {
        Some(rest) => (rest, Unit::Measure { unit: lexicon.unit_by_symbol("month")?, per: None }),
        None => {
            let (length, word) = lexicon.unit_names.longest(after, Boundary::Word)?;
            (&after[length..], word.unit)
        }
    };
    if !lexicon.is_time(unit) || number.power > 0 {
        return None;
    }
    let step = Decimal::new(1, 1);
    let value = number.figure.value.checked_add(Decimal::new(5, 1))?;
    let number = Number { figure: Figure { value, step, coarse_step: step }, ..number };
    Some((rest, Amount { unit, named: true, ..Amount::bare(number, signed) }))
}

/// 九折 is 90 %, 七五折 and 75折 are 75 %.
fn discount(number: &Number) -> Result<Decimal, nom::Err<()>> {
    let value = number.figure.value;
    if value <= Decimal::ZERO || value >= Decimal::ONE_HUNDRED || value == Decimal::TEN {
        return Err(nom::Err::Error(()));
    }
    if value < Decimal::ONE {
        return Ok(Decimal::ONE_HUNDRED);
    }
    Ok(if value < Decimal::TEN { Decimal::TEN } else { Decimal::ONE })
}

/// The unit word at the start of `input`, across blanks, markup and a hyphen before ASCII letters.
fn unit_word<'a>(input: &'a str, number: &Number, lexicon: &QuantityLexicon) -> Option<(&'a str, UnitWord)> {
    let glued = skip_markup(input);
    let apart = skip_blanks(input);
    let symbol = lexicon.unit_symbols.longest(apart, Boundary::Word);
    let name = lexicon.unit_names.longest(apart, Boundary::Word);
    let (length, word, place) = match (symbol, name) {
        (Some((a, word)), Some((b, _))) if a >= b => (a, word, apart),
        (Some((a, word)), None) => (a, word, apart),
        (_, Some((b, word))) => (b, word, apart),
        (None, None) => {
            let after = glued.strip_prefix('-')?;
            let (length, word) = lexicon.unit_names.longest(after, Boundary::Word)?;
            if !after.starts_with(|sign: char| sign.is_ascii_alphabetic()) {
                return None;
            }
            (length, word, after)
        }
    };
    if let Some((longer, ())) = lexicon.not_units.longest(place, Boundary::Word)
        && longer > length
    {
        return None;
    }
    // A one-letter symbol stands glued to digits or is something else (`2 A`, `5 m`).
    let text = &place[..length];
    if length == 1
        && text.is_ascii()
        && apart.len() < glued.len()
        && !matches!(text, "%" | "$" | "m" | "W" | "t" | "g" | "x" | "h" | "s" | "L")
    {
        return None;
    }
    // In "97 $ 3" the mark belongs to the number behind it.
    let is_mark = matches!(word.unit, Unit::Money { .. }) && !text.contains(char::is_alphanumeric);
    if is_mark
        && apart.len() < glued.len()
        && skip_blanks(&place[length..])
            .starts_with(|sign| digit(sign).is_some() || matches!(sign, '(' | '-'))
    {
        return None;
    }
    // 1两家 is one or two of them, no weight.
    if matches!(text, "两" | "兩") && lexicon.unit_names.longest(&place[length..], Boundary::Word).is_some()
    {
        return None;
    }
    if number.style != Style::Digits && symbol.is_some() && name.is_none() {
        return None;
    }
    // 三块内容 are pieces of it.
    let behind = &place[length..];
    if word.spoken
        && !super::coins::ends_clause(behind)
        && !behind.starts_with(|sign| sign == '半' || digit(sign).is_some() || lexicon.han(sign).is_some())
    {
        return None;
    }
    // "times the": the second word only tells what the first means.
    let length = match text.find(' ') {
        Some(first) if word.unit == Unit::Multiple => first,
        _ => length,
    };
    // "x" multiplies what follows in 1920x1080.
    if word.unit == Unit::Multiple
        && matches!(text, "x" | "X" | "×")
        && skip_blanks(&place[length..]).starts_with(|sign: char| sign.is_ascii_digit())
    {
        return None;
    }
    Some((&place[length..], word))
}

/// `/股`, `每股`, `per share`, `a share` behind a unit.
fn per<'a>(input: &'a str, unit: Unit, lexicon: &QuantityLexicon) -> (&'a str, Unit) {
    let unchanged = (input, unit);
    if !matches!(unit, Unit::Money { .. } | Unit::Measure { .. }) {
        return unchanged;
    }
    let apart = skip_blanks(input);
    if !begins(apart, &[b'/', b'p', b'a', 0xE6, 0xEF]) {
        return unchanged;
    }
    let Some(after) = ["/", "／", "每", "per ", "a ", "an "].iter().find_map(|word| apart.strip_prefix(word))
    else {
        return unchanged;
    };
    // 五年每年投入: each year of the five, no rate.
    if apart.starts_with('每') && lexicon.is_time(unit) {
        return unchanged;
    }
    let article = !apart.starts_with(['/', '／', '每', 'p']);
    let after = skip_blanks(after);
    let symbol = lexicon.unit_symbols.longest(after, Boundary::Word);
    let name = lexicon.unit_names.longest(after, Boundary::Word);
    let (length, word) = match (symbol, name) {
        (Some(symbol), Some(name)) => {
            if symbol.0 >= name.0 {
                symbol
            } else {
                name
            }
        }
        (Some(found), None) | (None, Some(found)) => found,
        (None, None) => return unchanged,
    };
    let Unit::Measure { unit: other, .. } = word.unit else { return unchanged };
    // "$5 million a year ago" was once, not every year.
    if article
        && lexicon.is_time(word.unit)
        && lexicon.times_after.longest(skip_blanks(&after[length..]), Boundary::Word).is_some()
    {
        return unchanged;
    }
    let unit = match unit {
        Unit::Money { currency, .. } => Unit::Money { currency, per: Some(other) },
        Unit::Measure { unit, .. } => Unit::Measure { unit, per: Some(other) },
        other => other,
    };
    (&after[length..], unit)
}

/// The unit that 每 names right before an amount: 每吨5000元.
pub(super) fn per_before(behind: &str, lexicon: &QuantityLexicon) -> Option<MeasureUnit> {
    let behind = super::token::tail(behind);
    let word = behind[behind.rfind('每')?..].strip_prefix('每')?;
    let (length, found) = lexicon.unit_names.longest(word, Boundary::Word)?;
    match found.unit {
        Unit::Measure { unit, per: None } if length == word.len() => Some(unit),
        _ => None,
    }
}
