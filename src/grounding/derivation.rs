//! Figures that follow from others: sums, differences, shares, growth, products.

use rust_decimal::Decimal;

use super::figure::{UnitFit, reach, unit_fit};
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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Freedom {
    /// Rounding is allowed; else the result must be the figure to its last digit.
    pub rounded: bool,
    pub sum: bool,
    pub difference: bool,
    pub share: bool,
    pub change: bool,
    pub product: bool,
}

impl Freedom {
    /// What the words of a text say that it has worked out.
    pub fn of(text: &str, words: &WorkedOut, rounded: bool) -> Self {
        let text = text.to_lowercase();
        let has = |words: &[String]| words.iter().any(|word| text.contains(word.as_str()));
        Self {
            rounded,
            sum: has(&words.sum),
            difference: has(&words.difference),
            share: has(&words.share),
            change: has(&words.change),
            product: has(&words.product),
        }
    }

    /// What is left of it where the operands stand in other sentences: to the last digit, no products.
    pub fn from_afar(self) -> Self {
        Self { rounded: false, product: false, ..self }
    }
}

/// The simplest way in which the figure follows from some of the operands.
pub(super) fn derive(
    target: &Quantity,
    operands: &[Quantity],
    units: &QuantityLexicon,
    freedom: Freedom,
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
    freedom: Freedom,
}

/// An operand's place in the list, and its value in the unit of the target.
type Valued = (usize, Decimal);
type Operand<'a> = (usize, &'a Quantity, Figure);

impl Goal<'_> {
    fn meets(&self, value: Option<Decimal>) -> bool {
        let Some(value) = value else { return false };
        let (low, high) = if self.freedom.rounded {
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
        let (a, b) = (first.2.value, second.2.value);
        match self.target.unit {
            Unit::Percent | Unit::PercentagePoint => {
                if first.1.unit == Unit::Percent && second.1.unit == Unit::Percent {
                    if self.freedom.difference && self.meets(a.checked_sub(b)) {
                        return Some("{0} − {1}");
                    }
                    return (self.freedom.sum && self.meets(a.checked_add(b))).then_some("{0} + {1}");
                }
                self.comparable(first, second)?;
                let quotient = self.ratio(first, second)?;
                let percent = quotient.checked_mul(Decimal::ONE_HUNDRED)?;
                if self.freedom.share && self.meets(Some(percent)) {
                    return Some("{0} ÷ {1}");
                }
                let change = (percent - Decimal::ONE_HUNDRED).abs();
                (self.freedom.change && self.meets(Some(change))).then_some("{0} ÷ {1} − 1")
            }
            Unit::Multiple => {
                self.comparable(first, second)?;
                let quotient = self.ratio(first, second)?;
                self.meets(Some(quotient)).then_some("{0} ÷ {1}")
            }
            _ => self.amount(first, second),
        }
    }

    fn amount(&self, first: &Operand<'_>, second: &Operand<'_>) -> Option<&'static str> {
        if let (Some(a), Some(b)) = (self.alike(first), self.alike(second)) {
            if self.freedom.sum && self.meets(a.checked_add(b)) {
                return Some("{0} + {1}");
            }
            if self.freedom.difference && self.meets(a.checked_sub(b)) {
                return Some("{0} − {1}");
            }
        }
        let a = self.alike(first).filter(|_| self.freedom.product)?;
        match second.1.unit {
            Unit::Percent => {
                let share = second.2.value.checked_div(Decimal::ONE_HUNDRED)?;
                self.meets(a.checked_mul(share)).then_some("{0} × {1}")
            }
            Unit::Multiple => self.meets(a.checked_mul(second.2.value)).then_some("{0} × {1}"),
            // So much for each, so many of them.
            Unit::Measure { .. } if matches!(first.1.unit, Unit::Money { .. }) => self
                .meets(a.checked_mul(second.2.value))
                .then_some("{0} × {1}")
                .or_else(|| self.meets(a.checked_div(second.2.value)).then_some("{0} ÷ {1}")),
            _ => None,
        }
    }

    fn of_three(&self, operands: &[Operand<'_>]) -> Option<Derivation> {
        if !self.freedom.sum || matches!(self.target.unit, Unit::Multiple) {
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
