use rust_decimal::Decimal;

use crate::quantity::{Bound, Figure, Magnitude, Quantity, Unit};

/// The values that a figure may stand for, in decimals: enough to see which columns belong together. The rules judge
/// with exact intervals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Bounds {
    pub low: Decimal,
    pub high: Decimal,
}

/// Decimals are multiplied many times quicker than divided.
const HALF: Decimal = Decimal::from_parts(5, 0, 0, false, 1);

impl Bounds {
    pub fn new(low: Decimal, high: Decimal) -> Self {
        Self { low, high }
    }

    pub fn point(value: Decimal) -> Self {
        Self { low: value, high: value }
    }

    /// Of a quantity: half a step either way, and more where it is hedged. None of an open end and of dates.
    pub fn of(quantity: &Quantity) -> Option<Self> {
        if quantity.bound != Bound::Exact {
            return None;
        }
        let one = |figure: Figure| Self::around(figure, quantity.approximate);
        let bounds = match quantity.magnitude {
            Magnitude::One(figure) => one(figure),
            Magnitude::Range { low: Some(low), high: Some(high) } => {
                Self { low: one(low).low, high: one(high).high }
            }
            _ => return None,
        };
        let hundredth = Decimal::new(1, 2);
        match quantity.unit {
            Unit::Percent | Unit::PercentagePoint => bounds.times(hundredth),
            Unit::BasisPoint => bounds.times(Decimal::new(1, 4)),
            _ => Some(bounds),
        }
    }

    fn around(figure: Figure, approximate: bool) -> Self {
        let size = figure.value.abs();
        let half = figure.step * HALF;
        let width = if approximate {
            figure.coarse_step.max(size * Decimal::new(1, 2)).min(size * Decimal::new(1, 1)).max(half)
        } else {
            half
        };
        Self { low: figure.value - width, high: figure.value + width }
    }

    pub fn middle(self) -> Decimal {
        (self.low + self.high) * HALF
    }

    fn is_positive(self) -> bool {
        self.low.is_sign_positive() && !self.low.is_zero()
    }

    pub fn meets(self, other: Self) -> bool {
        self.low <= other.high && other.low <= self.high
    }

    pub fn add(self, other: Self) -> Option<Self> {
        Some(Self { low: self.low.checked_add(other.low)?, high: self.high.checked_add(other.high)? })
    }

    pub fn negate(self) -> Self {
        Self { low: -self.high, high: -self.low }
    }

    pub fn subtract(self, other: Self) -> Option<Self> {
        self.add(other.negate())
    }

    pub fn times(self, factor: Decimal) -> Option<Self> {
        let (a, b) = (self.low.checked_mul(factor)?, self.high.checked_mul(factor)?);
        Some(Self { low: a.min(b), high: a.max(b) })
    }

    pub fn multiply(self, other: Self) -> Option<Self> {
        if self.is_positive() && other.is_positive() {
            return Some(Self {
                low: self.low.checked_mul(other.low)?,
                high: self.high.checked_mul(other.high)?,
            });
        }
        let (a, b) = (self.times(other.low)?, self.times(other.high)?);
        Some(Self { low: a.low.min(b.low), high: a.high.max(b.high) })
    }

    /// None when the divisor can be zero.
    pub fn divide(self, other: Self) -> Option<Self> {
        if other.low <= Decimal::ZERO && other.high >= Decimal::ZERO {
            return None;
        }
        if self.is_positive() && other.is_positive() {
            return Some(Self {
                low: self.low.checked_div(other.high)?,
                high: self.high.checked_div(other.low)?,
            });
        }
        let ends = [
            self.low.checked_div(other.low)?,
            self.low.checked_div(other.high)?,
            self.high.checked_div(other.low)?,
            self.high.checked_div(other.high)?,
        ];
        Some(Self { low: ends.into_iter().min()?, high: ends.into_iter().max()? })
    }

    /// A whole power of a positive value.
    pub fn power(self, exponent: u32) -> Option<Self> {
        let mut result = Self::point(Decimal::ONE);
        for _ in 0..exponent {
            result = result.multiply(self)?;
        }
        Some(result)
    }

    /// How much it tells that two values meet, in tenths of a digit: a wide one meets anything.
    pub fn tells(self, other: Self) -> u32 {
        let width = (self.high - self.low) + (other.high - other.low);
        let size = self.middle().abs().max(other.middle().abs());
        if width.is_zero() {
            return 30;
        }
        let ratio = size.checked_div(width).and_then(|ratio| u64::try_from(ratio.trunc()).ok()).unwrap_or(0);
        ratio.checked_ilog2().map_or(0, |bits| (3 * bits).min(40))
    }
}
