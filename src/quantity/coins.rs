//! Coins behind an amount of money: thirteen dollars forty-five cents, 5元3角2分, 三块五毛, 三块五.

use rust_decimal::Decimal;

use super::amount::{Amount, amount};
use super::lexicon::QuantityLexicon;
use super::model::{Currency, Figure, Unit};
use super::number::{Number, Style};
use super::token::{Parsed, skip_blanks};

/// A tenth and a hundredth of the currency.
const TENTH: Decimal = Decimal::from_parts(1, 0, 0, false, 1);
const HUNDREDTH: Decimal = Decimal::from_parts(1, 0, 0, false, 2);

/// The amount with the coins behind it.
pub(super) fn with_coins<'a>(
    input: &'a str,
    first: Amount,
    lexicon: &QuantityLexicon,
) -> Option<(&'a str, Amount)> {
    let after = skip_blanks(input);
    let after = after.strip_prefix("and ").unwrap_or(after);
    let starts = after.starts_with(|sign: char| sign.is_ascii_alphanumeric() || lexicon.han(sign).is_some());
    if !first.named
        || first.marked
        || first.number.power > 0
        || !starts
        || first.number.figure.step != Decimal::ONE
    {
        return None;
    }
    let (rest, part) = cents(after, lexicon).or_else(|| yuan_coins(after, &first, lexicon))?;
    if part >= Decimal::ONE {
        return None;
    }
    let value = first.number.figure.value.checked_add(part)?;
    let figure = Figure { value, step: HUNDREDTH, coarse_step: HUNDREDTH };
    Some((rest, Amount { number: Number { figure, ..first.number }, ..first }))
}

/// `45 cents`; `50` in "15 dollars 50", where nothing follows that the 50 could count.
fn cents<'a>(after: &'a str, lexicon: &QuantityLexicon) -> Option<(&'a str, Decimal)> {
    let (rest, second) = amount(after, lexicon).ok()?;
    let written = second.number.figure.value;
    let part = match second.unit {
        Unit::Money { .. } if second.factor == HUNDREDTH => written,
        Unit::Bare if (Decimal::TEN..Decimal::ONE_HUNDRED).contains(&written) && ends_clause(rest) => {
            written.checked_mul(HUNDREDTH)?
        }
        _ => return None,
    };
    let exact = second.number.style != Style::Han || second.unit != Unit::Bare;
    (exact && second.number.figure.step <= HUNDREDTH.max(second.factor)).then_some((rest, part))
}

/// `3角2分`, `五毛`, `五毛二`, "five mao five" behind yuan; behind 块 the tenths need no name (三块五).
fn yuan_coins<'a>(after: &'a str, first: &Amount, lexicon: &QuantityLexicon) -> Option<(&'a str, Decimal)> {
    if !matches!(first.unit, Unit::Money { currency: Currency::Iso(code), .. } if code == *b"CNY") {
        return None;
    }
    let (rest, tenths) = one_digit(after, lexicon).ok()?;
    let tenths = tenths.checked_mul(TENTH)?;
    let Some(rest) = coin(rest, &["角", "毛", "mao", "jiao"]) else {
        return ends_clause(rest).then_some((rest, tenths)).filter(|_| first.spoken);
    };
    let Ok((further, hundredths)) = one_digit(skip_blanks(rest), lexicon) else {
        return Some((rest, tenths));
    };
    let both = tenths.checked_add(hundredths.checked_mul(HUNDREDTH)?)?;
    match coin(further, &["分"]) {
        Some(rest) => Some((rest, both)),
        None if ends_clause(further) => Some((further, both)),
        None => Some((rest, tenths)),
    }
}

/// What follows the name of a coin.
fn coin<'a>(rest: &'a str, names: &[&str]) -> Option<&'a str> {
    let rest = skip_blanks(rest);
    let (name, after) = names.iter().find_map(|name| Some((name, rest.strip_prefix(name)?)))?;
    let ends = !name.is_ascii() || super::token::at_word_end(after);
    ends.then(|| after.strip_prefix('钱').unwrap_or(after))
}

/// A number from 1 to 9, however it is written.
pub(super) fn one_digit<'a>(input: &'a str, lexicon: &QuantityLexicon) -> Parsed<'a, Decimal> {
    let (rest, number) = super::number::number(input, lexicon, false)?;
    let value = number.figure.value;
    let digit = number.high.is_none() && !number.and_more && !number.fraction && value.fract().is_zero();
    if digit && (Decimal::ONE..Decimal::TEN).contains(&value) {
        Ok((rest, value))
    } else {
        Err(nom::Err::Error(()))
    }
}

/// Whether a mark of punctuation or nothing follows; a point or comma before digits belongs to a number.
pub(super) fn ends_clause(rest: &str) -> bool {
    let mut signs = rest.chars();
    match signs.next() {
        None | Some(';' | '!' | '?' | ')' | '\n' | '，' | '。' | '；' | '、' | '）' | '！' | '？') => {
            true
        }
        Some('.' | ',') => !signs.next().is_some_and(|sign| sign.is_ascii_alphanumeric()),
        _ => false,
    }
}
