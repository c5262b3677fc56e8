//! Numbers in digits: 1,234.5, １２３, 1.2e3, with Han or English scales behind them (5万5000, 3.2 million).

use nom::Parser;
use nom::bytes::complete::{take_while, take_while1};
use nom::character::complete::one_of;
use nom::combinator::opt;
use rust_decimal::Decimal;

use super::lexicon::{HanSign, QuantityLexicon};
use super::model::Figure;
use super::number::{Number, Style, power_of_ten, scale};
use super::token::{Parsed, at_word_end, consumed, digit, skip_blanks};

fn is_digit(sign: char) -> bool {
    digit(sign).is_some()
}

/// Digits with grouping, decimal point and exponent, unscaled and unsigned.
pub(super) fn number(input: &str) -> Parsed<'_, Number> {
    match short(input) {
        Some(found) => Ok(found),
        None => long(input),
    }
}

fn long(input: &str) -> Parsed<'_, Number> {
    let (mut rest, whole) = take_while(is_digit).parse(input)?;
    let mut places = Places::default();
    places.push(whole)?;
    let mut plain = true;
    if (1..=3).contains(&whole.chars().count()) {
        while let Some((after, group)) = group(rest) {
            places.push(group)?;
            rest = after;
            plain = false;
        }
    }
    // 1 234 567 and 40 000: one group of other digits may be a number of its own.
    if plain && let Some((after, groups)) = blank_groups(rest).filter(|_| (1..=3).contains(&whole.len())) {
        places.push(groups)?;
        rest = after;
        plain = false;
    }
    if let Some(after) = rest.strip_prefix(['.', '．']) {
        let fraction: Parsed<'_, &str> = take_while1(is_digit).parse(after);
        if let Ok((after, fraction)) = fraction {
            places.push(fraction)?;
            places.decimals = fraction.chars().count() as u32;
            rest = after;
            plain = false;
        }
    }
    if consumed(input, rest) == 0 {
        return Err(nom::Err::Error(()));
    }
    let mut figure = places.figure()?;
    if let Ok((after, power)) = exponent(rest) {
        figure = power.and_then(|power| shifted(figure, power)).ok_or(nom::Err::Error(()))?;
        rest = after;
        plain = false;
    }
    if let Some((after, raised)) = power_of(rest, figure) {
        (rest, figure) = (after, raised);
        plain = false;
    }
    Ok((rest, of_digits(figure, plain)))
}

/// Most numbers: some ASCII digits, perhaps a point and some more, and nothing that could go on with them.
fn short(input: &str) -> Option<(&str, Number)> {
    const MOST: usize = 15;
    let bytes = input.as_bytes();
    let run =
        |from: usize| bytes[from..].iter().take(MOST + 1).take_while(|byte| byte.is_ascii_digit()).count();
    let whole = run(0);
    let decimals = if whole > 0 && bytes.get(whole) == Some(&b'.') { run(whole + 1) } else { 0 };
    let end = if decimals > 0 { whole + 1 + decimals } else { whole };
    if whole == 0 || whole + decimals > MOST || goes_on(&bytes[end..]) {
        return None;
    }
    let digits = bytes[..end].iter().filter(|&&byte| byte != b'.');
    let mantissa = digits.fold(0_i64, |value, byte| value * 10 + i64::from(byte - b'0'));
    let scale = decimals as u32;
    let figure = Figure::new(Decimal::new(mantissa, scale), Decimal::new(1, scale));
    Some((&input[end..], of_digits(figure, decimals == 0)))
}

/// Whether what stands behind digits may belong to their number: a separator, a point, an exponent, a raised sign.
fn goes_on(rest: &[u8]) -> bool {
    // A wide digit or point begins with this byte.
    let is_digit = |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_digit() || *byte == 0xEF);
    match rest {
        [b',' | b'.', next @ ..] => is_digit(next.first()),
        // A group of digits, or ×10^6 apart; most blanks stand before a word.
        [b' ', next @ ..] => {
            next.first().is_some_and(|byte| !byte.is_ascii_alphabetic() || byte.eq_ignore_ascii_case(&b'x'))
        }
        // Most wide marks close a clause.
        [0xEF, 0xBC, 0x8C, next @ ..] => is_digit(next.first()),
        [0xEF, 0xBC, 0x88 | 0x89 | 0x9A | 0x9B, ..] => false,
        // The lead bytes of ×, of thin blanks and of wide digits and marks.
        [b'e' | b'E' | b'^' | b'x' | b'X' | b'*' | 0xC2 | 0xC3 | 0xE2 | 0xEF, ..] => true,
        _ => false,
    }
}

fn of_digits(figure: Figure, plain: bool) -> Number {
    Number { plain, ..Number::new(figure, Style::Digits) }
}

/// Two or more groups of a blank and three digits, or one of three zeros, which no number begins with.
fn blank_groups(input: &str) -> Option<(&str, &str)> {
    let bytes = input.as_bytes();
    let mut at = 0;
    while bytes.get(at) == Some(&b' ')
        && bytes.get(at + 1..at + 4).is_some_and(|group| group.iter().all(u8::is_ascii_digit))
        && !bytes.get(at + 4).is_some_and(u8::is_ascii_digit)
    {
        at += 4;
        if at > 24 {
            return None;
        }
    }
    (at >= 8 || at == 4 && &input[1..4] == "000").then(|| (&input[at..], &input[..at]))
}

/// `,` and three digits, or a thin blank and three digits.
fn group(input: &str) -> Option<(&str, &str)> {
    let after = input.strip_prefix([',', '，', '\u{a0}', '\u{202f}', '\u{2009}'])?;
    // The wide comma ends a clause, unless the digits are wide too.
    if input.starts_with('，') && after.starts_with(|sign: char| sign.is_ascii()) {
        return None;
    }
    let mut signs = after.char_indices();
    for _ in 0..3 {
        signs.next().filter(|&(_, sign)| is_digit(sign))?;
    }
    match signs.next() {
        Some((_, sign)) if is_digit(sign) => None,
        Some((at, _)) => Some((&after[at..], &after[..at])),
        None => Some(("", after)),
    }
}

/// `1 3/4`: a whole number and a proper fraction.
pub(super) fn mixed<'a>(rest: &'a str, whole: &Number) -> Option<(&'a str, Number)> {
    let fraction = rest
        .strip_prefix(' ')
        .is_some_and(|rest| rest.trim_start().starts_with(|sign| digit(sign).is_some()));
    if !whole.plain || !fraction {
        return None;
    }
    let (after, over) = number(skip_blanks(rest)).ok()?;
    let (after, under) = number(after.strip_prefix(['/', '／'])?).ok()?;
    let (over, under) =
        (over.plain.then_some(over.figure.value)?, under.plain.then_some(under.figure.value)?);
    let customary = [2, 3, 4, 5, 6, 8, 10, 12, 16, 32, 64].iter().any(|&part| under == Decimal::from(part));
    if !customary || over.is_zero() || over >= under || after.starts_with(['/', '／']) || !at_word_end(after)
    {
        return None;
    }
    let value = whole.figure.value.checked_add(over.checked_div(under)?)?;
    let step = Decimal::ONE.checked_div(under)?;
    Some((after, Number { figure: Figure { value, step, coarse_step: step }, plain: false, ..*whole }))
}

/// `e+12`; the power is `None` when it is out of all proportion.
fn exponent(input: &str) -> Parsed<'_, Option<i32>> {
    let rest = input.strip_prefix(['e', 'E']).ok_or(nom::Err::Error(()))?;
    let (rest, sign) = opt(one_of("+-－＋")).parse(rest)?;
    let (rest, power) = take_while1(is_digit).parse(rest)?;
    if rest.starts_with(|sign: char| sign.is_ascii_alphanumeric()) {
        return Err(nom::Err::Error(()));
    }
    let power = power.chars().filter_map(digit).try_fold(0_i32, |power, digit| {
        power.checked_mul(10)?.checked_add(digit as i32).filter(|power| *power <= 28)
    });
    Ok((rest, power.map(|power| if matches!(sign, Some('-' | '－')) { -power } else { power })))
}

/// `^5`, `×10^6`, `x10⁶` behind a number.
fn power_of(rest: &str, figure: Figure) -> Option<(&str, Figure)> {
    if let Some(after) = rest.strip_prefix('^') {
        let (after, power) = signed_power(after)?;
        let base = figure.value;
        let mut value = Decimal::ONE;
        for _ in 0..power.unsigned_abs() {
            value = value.checked_mul(base)?;
        }
        if power < 0 {
            value = Decimal::ONE.checked_div(value)?;
        }
        let value = value.normalize();
        return Some((after, Figure::new(value, Decimal::try_new(1, value.scale()).ok()?)));
    }
    let after = skip_blanks(skip_blanks(rest).strip_prefix(['x', '×', '*', 'X'])?).strip_prefix("10")?;
    if let Some(after) = after.strip_prefix('^') {
        let (after, power) = signed_power(after)?;
        return Some((after, shifted(figure, power)?));
    }
    let raised = |sign: char| "⁰¹²³⁴⁵⁶⁷⁸⁹".chars().position(|other| other == sign);
    let mut power = 0;
    let mut end = 0;
    for sign in after.chars().take(2) {
        let Some(digit) = raised(sign) else { break };
        power = power * 10 + digit as i32;
        end += sign.len_utf8();
    }
    if end == 0 || power > 28 {
        return None;
    }
    Some((&after[end..], shifted(figure, power)?))
}

fn signed_power(input: &str) -> Option<(&str, i32)> {
    let (rest, negative) = match input.strip_prefix(['-', '−']) {
        Some(rest) => (rest, true),
        None => (input.strip_prefix('+').unwrap_or(input), false),
    };
    let end = rest.find(|sign: char| !sign.is_ascii_digit()).unwrap_or(rest.len());
    let power = rest.get(..end)?.parse::<i32>().ok().filter(|power| *power <= 28)?;
    Some((&rest[end..], if negative { -power } else { power }))
}

fn shifted(figure: Figure, power: i32) -> Option<Figure> {
    if power >= 0 {
        return figure.scaled(power_of_ten(power as u32)?);
    }
    figure.scaled(Decimal::try_new(1, power.unsigned_abs()).ok()?)
}

/// The digits read so far.
#[derive(Default)]
struct Places {
    mantissa: i128,
    count: u32,
    decimals: u32,
}

impl Places {
    fn push(&mut self, digits: &str) -> Result<(), nom::Err<()>> {
        for value in digits.chars().filter_map(digit) {
            self.count += 1;
            if self.count > 28 {
                return Err(nom::Err::Error(()));
            }
            self.mantissa = self.mantissa * 10 + i128::from(value);
        }
        Ok(())
    }

    fn figure(&self) -> Result<Figure, nom::Err<()>> {
        let value = Decimal::try_from_i128_with_scale(self.mantissa, self.decimals);
        let step = Decimal::try_from_i128_with_scale(1, self.decimals);
        match (value, step) {
            (Ok(value), Ok(step)) => Ok(Figure::new(value, step)),
            _ => Err(nom::Err::Error(())),
        }
    }
}

/// The scale behind digits, with what may follow it: `5万5000`, `25万6千`, `500多亿`, `5万余`.
pub(super) fn scaled<'a>(
    input: &'a str,
    number: Number,
    lexicon: &QuantityLexicon,
    money: bool,
) -> Parsed<'a, Number> {
    let (rest, more) = and_more(input, lexicon);
    let Ok((mut rest, first)) = scale(rest, lexicon, money) else {
        // Without a scale the 多 of 30多人 belongs to the number all the same.
        return Ok((rest, Number { and_more: more, ..number }));
    };
    let unscaled = (input, number);
    let mut power = u32::from(first.power);
    let mut needs_money = first.needs_money;
    // 5千万亿: scales of Han text multiply.
    while let Ok((after, next)) = scale(rest, lexicon, false) {
        if next.power < 4 {
            break;
        }
        power += u32::from(next.power);
        needs_money |= next.needs_money;
        rest = after;
    }
    let Some(mut total) = number.scale(power) else { return Ok(unscaled) };
    total.needs_money = needs_money;
    total.plain = false;
    if more {
        return Ok((rest, Number { and_more: true, ..total }));
    }
    // 500万余亿
    if let (after, true) = and_more(rest, lexicon) {
        total.and_more = true;
        return Ok(match scale(after, lexicon, false) {
            Ok((after, scale)) if scale.power >= 4 => {
                (after, total.scale(scale.power.into()).ok_or(nom::Err::Error(()))?)
            }
            _ => (after, total),
        });
    }
    let mut limit = power;
    let mut larger = 0;
    while let Ok((after, part)) = self::number(rest) {
        // The next section fits below the scale, stands glued to it and has no separators.
        if !part.plain {
            break;
        }
        let mut of_both = 0;
        let (after, part, below) = match scale(after, lexicon, false) {
            // 3千5百万: the 万 is of both.
            Ok((after, scale)) if glued_han(rest) && is_of_both(limit, scale.power.into()) => {
                match part.scale(u32::from(scale.power) % SECTION) {
                    Some(part) => {
                        of_both = u32::from(scale.power) / SECTION * SECTION;
                        (after, part, u32::from(scale.power) % SECTION)
                    }
                    None => break,
                }
            }
            Ok((after, scale)) if u32::from(scale.power) < limit && glued_han(rest) => {
                match part.scale(u32::from(scale.power)) {
                    Some(part) => (after, part, u32::from(scale.power)),
                    None => break,
                }
            }
            _ => (after, part, 0),
        };
        // 3万5 is 35000; the 1 of 160万1月 is a month's.
        let alone =
            below == 0 && of_both == 0 && part.figure.value < Decimal::TEN && consumed(rest, after) == 1;
        let (part, below) = match alone {
            true if after.starts_with(['月', '日', '年', '号', '个', '天', '.', '-', '～', '~']) => {
                break;
            }
            true => match part.scale(limit - 1) {
                Some(part) => (part, limit - 1),
                None => break,
            },
            false => (part, below),
        };
        let Some(ceiling) = power_of_ten(limit) else { break };
        let Some(value) = total.figure.value.checked_add(part.figure.value) else { break };
        if part.figure.value >= ceiling || !is_han_scaled(input, rest) {
            break;
        }
        total.figure = Figure { value, ..part.figure };
        rest = after;
        limit = below;
        larger = of_both;
        if below == 0 || alone || larger > 0 {
            break;
        }
    }
    if larger > 0 {
        total = total.scale(larger).ok_or(nom::Err::Error(()))?;
    }
    let (rest, more) = and_more(rest, lexicon);
    total.and_more = more;
    Ok((rest, total))
}

/// The powers of ten of one section of a Han numeral: 万, 亿, 万亿.
const SECTION: u32 = 4;

/// Whether a scale behind a smaller one than 万 is made of a still smaller one and of a 万 or 亿 that multiplies both.
fn is_of_both(limit: u32, power: u32) -> bool {
    limit < SECTION && power > SECTION && (1..limit).contains(&(power % SECTION))
}

fn glued_han(input: &str) -> bool {
    !input.starts_with(' ')
}

/// Whether the text between ends with a Han character, so that digits glued to it go on the number.
fn is_han_scaled(input: &str, rest: &str) -> bool {
    input[..consumed(input, rest)].chars().next_back().is_some_and(|sign| !sign.is_ascii())
}

/// 多, 余, 几 behind a number.
pub(super) fn and_more<'a>(input: &'a str, lexicon: &QuantityLexicon) -> (&'a str, bool) {
    let after = skip_blanks(input);
    let Some(sign) = after.chars().next() else { return (input, false) };
    if lexicon.han(sign) != Some(HanSign::AndMore) {
        return (input, false);
    }
    (&after[sign.len_utf8()..], true)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_short_way_reads_what_the_long_way_reads(
            text in "[0-9]{1,6}([.,，．：:)） eExX×^*-]|10|万|[0-9]|５|\u{a0}|\u{2009}|a|亿){0,6}",
        ) {
            if let Some((rest, number)) = short(&text) {
                prop_assert_eq!(long(&text), Ok((rest, number)));
            }
        }
    }
}
