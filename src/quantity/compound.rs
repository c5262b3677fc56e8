//! Amounts in two units, the larger one first: 8天20小时, 2 hours 30 minutes, 12 ft 2 in, 5公里200米.

use rust_decimal::Decimal;

use super::amount::{Amount, amount};
use super::coins;
use super::lexicon::QuantityLexicon;
use super::model::{Figure, MeasureUnit, Unit};
use super::number::{Number, number, power_of_ten};
use super::token::{consumed, skip_blanks};
use super::word_trie::Boundary;

/// The amount with what stands behind it in a smaller unit; of money, with the coins.
pub(super) fn compound<'a>(
    input: &'a str,
    first: Amount,
    lexicon: &QuantityLexicon,
) -> Option<(&'a str, Amount)> {
    if let Unit::Money { .. } = first.unit {
        return coins::with_coins(input, first, lexicon);
    }
    let unit = measure(first.unit)?;
    if !lexicon.is_time(first.unit) {
        return with_smaller(input, first, unit, lexicon);
    }
    let (mut rest, mut whole) = with_lesser_time(input, first, lexicon)?;
    // 3小时25分钟40秒, 2 years, 3 months and 4 days
    while let Some((further, longer)) = with_lesser_time(rest, whole, lexicon) {
        (rest, whole) = (further, longer);
    }
    Some((rest, whole))
}

/// A length of time with another in a smaller unit behind it, told in the smaller one.
fn with_lesser_time<'a>(
    input: &'a str,
    first: Amount,
    lexicon: &QuantityLexicon,
) -> Option<(&'a str, Amount)> {
    let unit = measure(first.unit)?;
    let after = skip_blanks(input);
    let after = ["又", "零", "and ", "and"].iter().find_map(|word| after.strip_prefix(word)).unwrap_or(after);
    let after = skip_blanks(after);
    if !after.starts_with(|sign: char| {
        sign.is_ascii_digit() || lexicon.han(sign).is_some() || sign.is_ascii_lowercase()
    }) || consumed(input, after) > 6
    {
        return None;
    }
    let (rest, second) = amount(after, lexicon).ok()?;
    let smaller = measure(second.unit)?;
    let (dimension, factor) = lexicon.dimension(unit);
    let (other, small) = lexicon.dimension(smaller);
    if dimension != other || small >= factor || second.marked {
        return None;
    }
    let ratio = factor.checked_div(small)?;
    let value = first.number.figure.value.checked_mul(ratio)?.checked_add(second.number.figure.value)?;
    let figure = Figure { value: value.normalize(), ..second.number.figure };
    Some((rest, Amount { number: Number { figure, ..second.number }, ..second }))
}

fn measure(unit: Unit) -> Option<MeasureUnit> {
    match unit {
        Unit::Measure { unit, per: None } => Some(unit),
        _ => None,
    }
}

/// Lengths and weights, told in the larger unit.
fn with_smaller<'a>(
    input: &'a str,
    first: Amount,
    unit: MeasureUnit,
    lexicon: &QuantityLexicon,
) -> Option<(&'a str, Amount)> {
    let (dimension, factor) = lexicon.dimension(unit);
    let whole = |number: &Number| {
        number.high.is_none() && number.power == 0 && !number.and_more && number.figure.step == Decimal::ONE
    };
    if !matches!(dimension, "length" | "mass") || first.marked || !whole(&first.number) {
        return None;
    }
    let after = skip_blanks(input);
    let (rest, second, smaller) = measured(after, lexicon)?;
    let (other, small) = lexicon.dimension(smaller);
    let part = second.figure.value.checked_mul(small)?.checked_div(factor)?;
    // What would fill the larger unit is an amount of its own.
    if dimension != other || second.style != first.number.style || !whole(&second) || part >= Decimal::ONE {
        return None;
    }
    // Latin text tells tenths with a point: 12 m 2 dm are two lengths side by side, 5公里200米 is one.
    let ratio = factor.checked_div(small)?;
    let decimal = [1, 2, 3, 6].iter().any(|&power| power_of_ten(power) == Some(ratio));
    if decimal && after[..consumed(after, rest)].is_ascii() {
        return None;
    }
    let step = small.checked_div(factor)?;
    let value = first.number.figure.value.checked_add(part)?.normalize();
    let figure = Figure { value, step, coarse_step: step };
    Some((rest, Amount { number: Number { figure, plain: false, ..first.number }, ..first }))
}

/// An amount in a unit, or in one whose symbol is a word elsewhere: the "in" of 12 ft 2 in.
fn measured<'a>(input: &'a str, lexicon: &QuantityLexicon) -> Option<(&'a str, Number, MeasureUnit)> {
    if let Some((rest, found)) = amount(input, lexicon).ok().filter(|(_, found)| found.named) {
        let smaller = measure(found.unit).filter(|_| !found.marked && !found.signed)?;
        return Some((rest, found.number, smaller));
    }
    let (rest, found) = number(input, lexicon, false).ok()?;
    let apart = skip_blanks(rest);
    let (length, smaller) = lexicon.smaller_symbols.longest(apart, Boundary::Word)?;
    let rest = &apart[length..];
    let next = skip_blanks(rest);
    let goes_on = ["the ", "a ", "an ", "this ", "all", "total"].iter().any(|word| next.starts_with(word))
        || next.starts_with(|sign: char| sign.is_ascii_digit() || sign.is_ascii_uppercase());
    (!goes_on).then_some((rest, found, smaller))
}
