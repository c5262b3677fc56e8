//! The values a quantity may stand for, in base terms.

use num_traits::{One, Zero};

use super::interval::{Endpoint, Interval};
use super::lexicon::QuantityLexicon;
use super::model::{Bound, Figure, Magnitude, Quantity, Reading, Unit};
use super::rational::{Rational, rational};

/// Seconds in a year of 365 days; a month is a twelfth, a day 1/365 of it.
const YEAR_SECONDS: i128 = 31_536_000;

impl Quantity {
    /// The values the quantity may stand for, in base terms: 65 % → 0.65, 5 points → 0.05, 25 basis points →
    /// 0.0025, money in units of its currency, measures times their unit's factor, durations in years (a month is
    /// 1/12, a day 1/365), multiples and bare numbers as they are. `None` for dates and ordinals.
    pub fn interval(&self, reading: Reading, lexicon: &QuantityLexicon) -> Option<Interval> {
        let written = match self.magnitude {
            Magnitude::Date(_) => return None,
            Magnitude::One(figure) => self.around(figure, reading),
            Magnitude::Range { low, high } => {
                let low = low.and_then(|figure| self.rounded(figure, reading).low);
                let high = high.and_then(|figure| self.rounded(figure, reading).high);
                Interval { low, high }
            }
        };
        Some(scaled(written, &self.factor(lexicon)))
    }

    /// How many years one "per" is, of an amount per time: a twelfth for `$3 million a month`.
    pub fn per_years(&self, lexicon: &QuantityLexicon) -> Option<Rational> {
        let (Unit::Money { per, .. } | Unit::Measure { per, .. }) = self.unit else { return None };
        let (dimension, factor) = lexicon.dimension(per?);
        (dimension == "time").then(|| rational(factor) / Rational::of(YEAR_SECONDS, 1))
    }

    /// What one of the unit is in base terms.
    fn factor(&self, lexicon: &QuantityLexicon) -> Rational {
        match self.unit {
            Unit::Bare | Unit::Multiple | Unit::Money { .. } => Rational::one(),
            Unit::Percent | Unit::PercentagePoint => Rational::of(1, 100),
            Unit::BasisPoint => Rational::of(1, 10_000),
            Unit::Measure { unit, .. } => {
                let (dimension, factor) = lexicon.dimension(unit);
                let factor = rational(factor);
                if dimension == "time" { factor / Rational::of(YEAR_SECONDS, 1) } else { factor }
            }
        }
    }

    /// One figure with its rounding, hedges and bound.
    fn around(&self, figure: Figure, reading: Reading) -> Interval {
        let mut interval = self.rounded(figure, reading);
        let zero = Endpoint { value: Rational::zero(), closed: true };
        let floor = || (!figure.value.is_sign_negative()).then(|| zero.clone());
        // 500多亿: more than 500亿, and less than the next step of what is written.
        let inside = self.hedge.is_none();
        let open = |end: Option<Endpoint>| {
            end.map(|end| Endpoint { closed: end.closed && reading != Reading::AsWritten, ..end })
        };
        match self.bound {
            Bound::Exact => {}
            _ if !inside && reading == Reading::Unhedged => {}
            Bound::MoreThan if inside => {
                interval.low =
                    Some(Endpoint { value: rational(figure.value), closed: reading != Reading::AsWritten });
                let high = rational(figure.value) + rational(figure.coarse_step);
                interval.high = Some(Endpoint { value: high, closed: false });
            }
            Bound::MoreThan => interval = Interval { low: open(interval.low), high: None },
            Bound::AtLeast => interval.high = None,
            Bound::LessThan => interval = Interval { low: floor(), high: open(interval.high) },
            Bound::AtMost => interval.low = floor(),
        }
        interval
    }

    /// One figure with its rounding: half a step either way, wider when it is approximate and read with charity.
    fn rounded(&self, figure: Figure, reading: Reading) -> Interval {
        let value = rational(figure.value);
        let two = Rational::of(2, 1);
        let width = match reading {
            Reading::AsWritten => return Interval::point(value),
            Reading::Plain => rational(figure.step) / two,
            Reading::Unhedged if matches!(self.unit, Unit::Percent | Unit::Multiple) => {
                rational(figure.step) / two
            }
            Reading::Charitable if self.approximate => {
                let hundredth = value.abs() / Rational::of(100, 1);
                let tenth = value.abs() / Rational::of(10, 1);
                let half_step = rational(figure.step) / two;
                rational(figure.coarse_step).max(hundredth).min(tenth).max(half_step)
            }
            // Trailing zeros may be rounding, but nobody rounds away more than a tenth without saying "about".
            Reading::Unhedged | Reading::Charitable => {
                let tenth = value.abs() / Rational::from_integer(10.into());
                let half_step = rational(figure.step) / two.clone();
                // Percentages and multiples are worked out from other figures, and some cut their digits off.
                let cut_off = matches!(self.unit, Unit::Percent | Unit::Multiple);
                let rounding =
                    if cut_off { rational(figure.step) } else { rational(figure.coarse_step) / two };
                rounding.min(tenth).max(half_step)
            }
        };
        Interval::closed(&value - &width, value + width)
    }
}

fn scaled(interval: Interval, factor: &Rational) -> Interval {
    if factor.is_one() {
        return interval;
    }
    let end = |end: &Option<Endpoint>| {
        end.as_ref().map(|end| Endpoint { value: &end.value * factor, closed: end.closed })
    };
    Interval { low: end(&interval.low), high: end(&interval.high) }
}
