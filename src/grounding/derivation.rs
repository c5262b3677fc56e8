//! Figures that follow from others: sums, differences, shares, growth, products.

use rust_decimal::Decimal;

use super::figure::{PRECISE, UnitFit, reach, significant_digits, unit_fit};
use super::lexicon::WorkedOut;
use crate::quantity::{Figure, Magnitude, Quantity, QuantityLexicon, Unit};

/// What a figure follows from: the operands by their place in the list, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Derivation {
    pub from: Vec<usize>,
    /// With `{0}`, `{1}` … for the operands: `{0} + {1}`.
    pub pattern: &'static str,
}

/// How operands may be put together.
#[derive(Clone, Copy, Debug)]
pub(super) struct Freedom<'a> {
    /// The words around the figure, in small letters.
    text: &'a str,
    words: &'a WorkedOut,
    /// The operands stand in the same sentence.
    pub near: bool,
    /// Rounding is allowed; else the result must be the figure to its last digit.
    pub rounded: bool,
}

impl<'a> Freedom<'a> {
    pub fn new(text: &'a str, words: &'a WorkedOut, near: bool, rounded: bool) -> Self {
        Self { text, words, near, rounded }
    }

    fn says(&self, words: impl Fn(&WorkedOut) -> &Vec<String>) -> bool {
        words(self.words).iter().any(|word| self.text.contains(word.as_str()))
    }
}

/// The simplest way in which the figure follows from some of the operands.
pub(super) fn derive(
    target: &Quantity,
    operands: &[Quantity],
    units: &QuantityLexicon,
    freedom: Freedom<'_>,
) -> Option<Derivation> {
    let Magnitude::One(figure) = target.magnitude else { return None };
    let goal = Goal { target, figure, units, freedom };
    let values: Vec<(usize, &Quantity, Figure)> = operands
        .iter()
        .enumerate()
        .filter_map(|(number, quantity)| match quantity.magnitude {
            Magnitude::One(figure) => Some((number, quantity, figure)),
            _ => None,
        })
        .collect();
    goal.of_one(&values).or_else(|| goal.of_two(&values)).or_else(|| goal.of_three(&values))
}

struct Goal<'a> {
    target: &'a Quantity,
    figure: Figure,
    units: &'a QuantityLexicon,
    freedom: Freedom<'a>,
}

/// An operand's place in the list, and its value in the unit of the target.
type Valued = (usize, Decimal);
type Operand<'a> = (usize, &'a Quantity, Figure);

impl Goal<'_> {
    /// Whether a value is the figure.
    fn meets(&self, value: Option<Decimal>) -> bool {
        let Some(value) = value else { return false };
        let (low, high) = if self.freedom.rounded || self.target.approximate {
            reach(self.target, self.figure)
        } else {
            let half = self.figure.step / Decimal::TWO;
            (self.figure.value - half, self.figure.value + half)
        };
        low <= value && value <= high
    }

    /// The value of an operand in the unit of the target, if it has it.
    fn alike(&self, operand: &Operand<'_>) -> Option<Decimal> {
        let (_, quantity, figure) = operand;
        (unit_fit(self.target.unit, quantity.unit, self.units)? >= UnitFit::Loose).then_some(())?;
        match (self.target.unit, quantity.unit) {
            (Unit::Measure { unit: a, .. }, Unit::Measure { unit: b, .. }) if a != b => {
                let (to, from) = (self.units.dimension(a).1, self.units.dimension(b).1);
                figure.value.checked_mul(from)?.checked_div(to)
            }
            _ => Some(figure.value),
        }
    }

    fn of_one(&self, operands: &[Operand<'_>]) -> Option<Derivation> {
        operands.iter().find_map(|operand| {
            let (number, quantity, figure) = operand;
            let value = figure.value;
            let pattern = match (self.target.unit, quantity.unit) {
                // The other side of a share.
                (Unit::Percent, Unit::Percent) if self.meets(Some(Decimal::ONE_HUNDRED - value)) => {
                    "100% − {0}"
                }
                (Unit::Percent, Unit::Multiple) if self.meets(value.checked_mul(Decimal::ONE_HUNDRED)) => {
                    "{0} × 100%"
                }
                (Unit::Percent, Unit::Multiple)
                    if self.meets((value - Decimal::ONE).checked_mul(Decimal::ONE_HUNDRED)) =>
                {
                    "({0} − 1) × 100%"
                }
                (Unit::Multiple, Unit::Percent) if self.meets(value.checked_div(Decimal::ONE_HUNDRED)) => {
                    "{0} ÷ 100%"
                }
                (Unit::Multiple, Unit::Percent)
                    if self.meets((value + Decimal::ONE_HUNDRED).checked_div(Decimal::ONE_HUNDRED)) =>
                {
                    "1 + {0}"
                }
                // 0.5 for half, 12.5 % for one in eight.
                (Unit::Percent, Unit::Bare)
                    if value < Decimal::ONE && self.meets(value.checked_mul(Decimal::ONE_HUNDRED)) =>
                {
                    "{0}"
                }
                _ => return None,
            };
            Some(Derivation { from: vec![*number], pattern })
        })
    }

    fn of_two(&self, operands: &[Operand<'_>]) -> Option<Derivation> {
        operands.iter().enumerate().find_map(|(at, first)| {
            operands[at + 1..].iter().find_map(|second| {
                self.pattern(first, second)
                    .map(|pattern| Derivation { from: vec![first.0, second.0], pattern })
                    .or_else(|| {
                        self.pattern(second, first)
                            .map(|pattern| Derivation { from: vec![second.0, first.0], pattern })
                    })
            })
        })
    }

    /// How the target follows from two operands in this order.
    fn pattern(&self, first: &Operand<'_>, second: &Operand<'_>) -> Option<&'static str> {
        match self.target.unit {
            Unit::Percent | Unit::PercentagePoint => self.percent(first, second),
            // 3.75 points, from 4.5% to 8.25%.
            Unit::Measure { .. } if [first, second].iter().all(|operand| operand.1.unit == Unit::Percent) => {
                let change = (first.2.value - second.2.value).abs();
                self.meets(Some(change)).then_some("{0} − {1}")
            }
            Unit::Multiple => {
                self.comparable(first, second)?;
                self.meets(self.ratio(first, second)).then_some("{0} ÷ {1}")
            }
            _ => self.sum(first, second).or_else(|| self.product(first, second)),
        }
    }

    fn percent(&self, first: &Operand<'_>, second: &Operand<'_>) -> Option<&'static str> {
        let percents = [first, second].map(|operand| operand.1.unit == Unit::Percent);
        if percents != [false, false] {
            return if percents == [true, true] { self.sum(first, second) } else { None };
        }
        self.comparable(first, second)?;
        let percent = self.ratio(first, second)?.checked_mul(Decimal::ONE_HUNDRED)?;
        if self.freedom.says(|words| &words.share) && self.meets(Some(percent)) {
            return Some("{0} ÷ {1}");
        }
        let change = (percent - Decimal::ONE_HUNDRED).abs();
        let said = self.freedom.says(|words| &words.change);
        (said && self.meets(Some(change))).then_some("{0} ÷ {1} − 1")
    }

    fn sum(&self, first: &Operand<'_>, second: &Operand<'_>) -> Option<&'static str> {
        let (a, b) = (self.alike(first)?, self.alike(second)?);
        // Three digits are no coincidence, with words or without.
        let operands = [first.2.value, second.2.value].into_iter().map(significant_digits);
        let precise = significant_digits(self.figure.value) >= PRECISE && operands.max() >= Some(PRECISE);
        if (precise || self.freedom.says(|words| &words.sum)) && self.meets(a.checked_add(b)) {
            return Some("{0} + {1}");
        }
        if (precise || self.freedom.says(|words| &words.difference)) && self.meets(a.checked_sub(b)) {
            return Some("{0} − {1}");
        }
        let mean = a.checked_add(b).map(|sum| sum / Decimal::TWO);
        (self.freedom.says(|words| &words.average) && self.meets(mean)).then_some("({0} + {1}) ÷ 2")
    }

    fn product(&self, first: &Operand<'_>, second: &Operand<'_>) -> Option<&'static str> {
        let by_head = self.freedom.says(|words| &words.head);
        let said = by_head || self.freedom.says(|words| &words.product);
        if !said || !(self.freedom.near || by_head || self.target.approximate) {
            return None;
        }
        let a = self.alike(first)?;
        let b = second.2.value;
        let meets = |value: Option<Decimal>, pattern| self.meets(value).then_some(pattern);
        match second.1.unit {
            Unit::Percent => {
                let share = b.checked_div(Decimal::ONE_HUNDRED)?;
                let (rest, more) = (Decimal::ONE - share, Decimal::ONE + share);
                meets(a.checked_mul(share), "{0} × {1}")
                    .or_else(|| meets(a.checked_div(share), "{0} ÷ {1}"))
                    .or_else(|| meets(a.checked_div(rest), "{0} ÷ (1 − {1})"))
                    .or_else(|| meets(a.checked_mul(rest), "{0} × (1 − {1})"))
                    .or_else(|| meets(a.checked_mul(more), "{0} × (1 + {1})"))
            }
            Unit::Multiple => meets(a.checked_mul(b), "{0} × {1}"),
            Unit::Bare if b.abs() < Decimal::ONE => meets(a.checked_mul(b), "{0} × {1}"),
            // So much for each, so many of them.
            Unit::Bare | Unit::Measure { .. } if matches!(first.1.unit, Unit::Money { .. }) || by_head => {
                meets(a.checked_mul(b), "{0} × {1}").or_else(|| meets(a.checked_div(b), "{0} ÷ {1}"))
            }
            _ => None,
        }
    }

    fn of_three(&self, operands: &[Operand<'_>]) -> Option<Derivation> {
        if !self.freedom.says(|words| &words.sum) || matches!(self.target.unit, Unit::Multiple) {
            return None;
        }
        let values: Vec<Valued> =
            operands.iter().filter_map(|operand| Some((operand.0, self.alike(operand)?))).collect();
        let sum_of = |a: &Valued, b: &Valued, c: &Valued| a.1.checked_add(b.1)?.checked_add(c.1);
        values.iter().enumerate().find_map(|(at, first)| {
            let rest = &values[at + 1..];
            rest.iter().enumerate().find_map(|(next, second)| {
                let third = rest[next + 1..].iter().find(|third| self.meets(sum_of(first, second, third)))?;
                Some(Derivation { from: vec![first.0, second.0, third.0], pattern: "{0} + {1} + {2}" })
            })
        })
    }

    fn comparable(&self, first: &Operand<'_>, second: &Operand<'_>) -> Option<UnitFit> {
        unit_fit(first.1.unit, second.1.unit, self.units)
    }

    fn ratio(&self, first: &Operand<'_>, second: &Operand<'_>) -> Option<Decimal> {
        let (mut a, mut b) = (first.2.value, second.2.value);
        if let (Unit::Measure { unit: x, .. }, Unit::Measure { unit: y, .. }) = (first.1.unit, second.1.unit)
        {
            a = a.checked_mul(self.units.dimension(x).1)?;
            b = b.checked_mul(self.units.dimension(y).1)?;
        }
        a.checked_div(b)
    }
}
