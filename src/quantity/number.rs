//! A number with its sign and scale, however it is written.

use rust_decimal::Decimal;

use super::digits;
use super::english;
use super::han;
use super::lexicon::{QuantityLexicon, Scale};
use super::model::Figure;
use super::token::{Parsed, at_word_end, digit, skip_blanks, skip_markup};
use super::word_trie::Boundary;

/// How a number is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    Digits,
    Han,
    English,
}

/// A number before its unit is known.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Number {
    pub(super) figure: Figure,
    /// The upper end of 七八, 五六百.
    pub(super) high: Option<Figure>,
    pub(super) style: Style,
    /// The power of ten of its own scale (万, million, K); 0 without one.
    pub(super) power: u32,
    /// 多, 余, 几 inside: some more than the figure.
    pub(super) and_more: bool,
    /// A plus stands between number and unit (300+家).
    pub(super) at_least: bool,
    /// A lone 一, "one" or "a".
    pub(super) lone: bool,
    /// A single Han numeral without a scale; easily part of a word.
    pub(super) single: bool,
    /// A single formal Han numeral (陆, 肆).
    pub(super) formal: bool,
    /// 兆: only money is counted so.
    pub(super) needs_money: bool,
    /// A fraction in words (三分之一, two thirds).
    pub(super) fraction: bool,
    /// The digits stand alone: no separator, point or exponent.
    pub(super) plain: bool,
}

impl Figure {
    /// A figure from its value and last step; trailing zeros of an integer may be rounding.
    pub(super) fn new(value: Decimal, step: Decimal) -> Self {
        let mut coarse_step = step;
        if let (0, 0, Ok(mut digits), true) = (
            value.scale(),
            step.scale(),
            u64::try_from(value.mantissa().unsigned_abs()),
            step == Decimal::ONE,
        ) {
            let mut wider = 1_u64;
            while digits != 0 && digits.is_multiple_of(10) {
                digits /= 10;
                wider *= 10;
            }
            coarse_step = Decimal::from(wider);
        } else if step >= Decimal::ONE && !value.is_zero() {
            while let Some(wider) = coarse_step.checked_mul(Decimal::TEN)
                && (value % wider).is_zero()
            {
                coarse_step = wider;
            }
        }
        Self { value, step, coarse_step }
    }

    /// The figure in steps of `factor`.
    pub(super) fn scaled(self, factor: Decimal) -> Option<Self> {
        // Most units multiply nothing.
        if factor == Decimal::ONE {
            return Some(self);
        }
        Some(Self {
            value: self.value.checked_mul(factor)?,
            step: self.step.checked_mul(factor)?,
            coarse_step: self.coarse_step.checked_mul(factor)?,
        })
    }

    /// The figure below zero.
    pub(super) fn negated(self) -> Self {
        Self { value: -self.value, ..self }
    }
}

/// Ten to the power.
pub(super) fn power_of_ten(power: u32) -> Option<Decimal> {
    match 10_u64.checked_pow(power) {
        Some(small) => Some(Decimal::from(small)),
        None => Decimal::try_from_i128_with_scale(10_i128.checked_pow(power)?, 0).ok(),
    }
}

impl Number {
    /// A number of which nothing more is known yet.
    pub(super) fn new(figure: Figure, style: Style) -> Self {
        Self {
            figure,
            high: None,
            style,
            power: 0,
            and_more: false,
            at_least: false,
            lone: false,
            single: false,
            formal: false,
            needs_money: false,
            fraction: false,
            plain: false,
        }
    }

    pub(super) fn scale(self, power: u32) -> Option<Self> {
        let factor = power_of_ten(power)?;
        let high = match self.high {
            Some(high) => Some(high.scaled(factor)?),
            None => None,
        };
        Some(Self { figure: self.figure.scaled(factor)?, high, power: self.power + power, ..self })
    }

    pub(super) fn negated(self) -> Self {
        Self { figure: self.figure.negated(), ..self }
    }
}

/// A number in any style, with its scale; `money`: a currency mark stands before it.
pub(super) fn number<'a>(input: &'a str, lexicon: &QuantityLexicon, money: bool) -> Parsed<'a, Number> {
    let Some(first) = input.chars().next() else { return Err(nom::Err::Error(())) };
    if digit(first).is_some() || first == '.' {
        let (rest, number) = digits::number(input)?;
        let whole = if number.plain {
            han::fraction(rest, &number, lexicon)
                .or_else(|| english::dozens(rest, &number, lexicon))
                .or_else(|| digits::mixed(rest, &number))
        } else {
            None
        };
        if let Some(found) = whole.or_else(|| han::dozens(rest, &number, lexicon)) {
            return Ok(found);
        }
        let (rest, number) = digits::scaled(rest, number, lexicon, money)?;
        return Ok(english::lesser_scales(rest, &number, lexicon).unwrap_or((rest, number)));
    }
    if first.is_ascii() {
        return english::number(input, lexicon);
    }
    let (rest, number) = han::number(input, lexicon)?;
    Ok(han::dozens(rest, &number, lexicon).unwrap_or((rest, number)))
}

/// A scale behind digits: a word after blanks, or a letter glued on.
pub(super) fn scale<'a>(input: &'a str, lexicon: &QuantityLexicon, money: bool) -> Parsed<'a, Scale> {
    let glued = skip_markup(input);
    let table = if money { &lexicon.money_scales } else { &lexicon.scale_letters };
    if let Some((length, scale)) = table.longest(glued, Boundary::Word) {
        return Ok((&glued[length..], scale));
    }
    let apart = skip_blanks(input);
    let joined =
        apart.strip_prefix('-').filter(|rest| rest.starts_with(|sign: char| sign.is_ascii_alphabetic()));
    if let Some((length, scale)) = lexicon.scales.longest(joined.unwrap_or(apart), Boundary::Word) {
        // 千瓦 and 兆瓦 are units, not scales.
        if lexicon.unit_names.longest(apart, Boundary::Word).is_some_and(|(longer, _)| longer > length) {
            return Err(nom::Err::Error(()));
        }
        return Ok((&joined.unwrap_or(apart)[length..], scale));
    }
    // "12 K": a letter apart, where it stands alone.
    if (money || apart.starts_with(['K', 'k', 'M']))
        && apart.len() < input.len()
        && let Some((length, scale)) = table.longest(apart, Boundary::Word)
        && at_word_end(&apart[length..])
    {
        return Ok((&apart[length..], scale));
    }
    Err(nom::Err::Error(()))
}
