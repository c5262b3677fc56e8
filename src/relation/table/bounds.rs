use num_traits::ToPrimitive;
use rust_decimal::Decimal;

use crate::quantity::{Bound, Figure, Magnitude, Quantity, Unit};

/// The values that a figure may stand for, in base units and in floating point: enough to see which columns belong
/// together. What is then stated of them the rules judge with exact intervals.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Bounds {
    pub low: f64,
    pub high: f64,
}

/// Ends that are so near to one another, for their size, are the same and only computed differently.
const SLACK: f64 = 1e-12;

/// No two values tell more than this.
const MOST_TOLD: u32 = 40;
/// What it tells that two values without any rounding meet.
const TOLD_BY_EXACT: u32 = 30;

impl Bounds {
    pub const ZERO: Self = Self::point(0.0);
    pub const ONE: Self = Self::point(1.0);

    pub const fn new(low: f64, high: f64) -> Self {
        Self { low, high }
    }

    pub const fn point(value: f64) -> Self {
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
            Magnitude::Range { low: Some(low), high: Some(high) } => Self::new(one(low).low, one(high).high),
            _ => return None,
        };
        let per_unit = f64::from(units_in_one(quantity.unit));
        Some(Self::new(bounds.low / per_unit, bounds.high / per_unit))
    }

    fn around(figure: Figure, approximate: bool) -> Self {
        let value = float(figure.value);
        let half = float(figure.step) / 2.0;
        let width = if approximate {
            let size = value.abs();
            float(figure.coarse_step).max(size / 100.0).min(size / 10.0).max(half)
        } else {
            half
        };
        Self::new(value - width, value + width)
    }

    pub fn middle(self) -> f64 {
        f64::midpoint(self.low, self.high)
    }

    pub fn width(self) -> f64 {
        self.high - self.low
    }

    /// Whether all of it is greater than all of another.
    pub fn is_above(self, other: Self) -> bool {
        self.low - other.high > SLACK * self.low.abs().max(other.high.abs())
    }

    pub fn meets(self, other: Self) -> bool {
        !self.is_above(other) && !other.is_above(self)
    }

    pub fn contains(self, value: f64) -> bool {
        self.meets(Self::point(value))
    }

    pub fn add(self, other: Self) -> Self {
        Self::new(self.low + other.low, self.high + other.high)
    }

    pub fn negate(self) -> Self {
        Self::new(-self.high, -self.low)
    }

    pub fn subtract(self, other: Self) -> Self {
        self.add(other.negate())
    }

    pub fn times(self, factor: f64) -> Self {
        let (a, b) = (self.low * factor, self.high * factor);
        Self::new(a.min(b), a.max(b))
    }

    pub fn multiply(self, other: Self) -> Self {
        let (a, b) = (self.times(other.low), self.times(other.high));
        Self::new(a.low.min(b.low), a.high.max(b.high))
    }

    /// None when the divisor can be zero.
    pub fn divide(self, other: Self) -> Option<Self> {
        if other.low <= 0.0 && other.high >= 0.0 {
            return None;
        }
        Some(self.multiply(Self::new(1.0 / other.high, 1.0 / other.low)))
    }

    /// A whole power of a positive value.
    pub fn power(self, exponent: u32) -> Self {
        (0..exponent).fold(Self::ONE, |product, _| product.multiply(self))
    }

    /// By how many percent of the greater one the middles are apart, rounded up.
    pub fn percent_off(self, other: Self) -> u32 {
        let (a, b) = (self.middle(), other.middle());
        let percent = 100.0 * (a - b).abs() / a.abs().max(b.abs());
        (percent * (1.0 - SLACK)).ceil().to_u32().unwrap_or(u32::MAX)
    }

    /// How much it tells that two values meet, in tenths of a digit: a wide one meets anything.
    pub fn tells(self, other: Self) -> u32 {
        let width = self.width() + other.width();
        let size = self.middle().abs().max(other.middle().abs());
        if width <= SLACK * size {
            return TOLD_BY_EXACT;
        }
        let times = (size / width * (1.0 + SLACK)).to_u64();
        times.and_then(u64::checked_ilog2).map_or(0, |bits| (3 * bits).min(MOST_TOLD))
    }
}

/// How many of a unit are one in base units.
pub(super) fn units_in_one(unit: Unit) -> u16 {
    match unit {
        Unit::Percent | Unit::PercentagePoint => 100,
        Unit::BasisPoint => 10_000,
        _ => 1,
    }
}

/// A decimal in floating point: the nearest one, for up to 15 digits.
pub(super) fn float(value: Decimal) -> f64 {
    const TENS: [f64; 29] = [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17,
        1e18, 1e19, 1e20, 1e21, 1e22, 1e23, 1e24, 1e25, 1e26, 1e27, 1e28,
    ];
    // A decimal has at most 28 places.
    value.mantissa().to_f64().unwrap_or(f64::NAN) / TENS[value.scale() as usize]
}
