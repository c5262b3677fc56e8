use std::cmp::Ordering;

use num_traits::Zero;

use super::rational::Rational;

/// One end of an [`Interval`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    pub value: Rational,
    /// Whether the end itself belongs to the interval.
    pub closed: bool,
}

/// All values a written number may stand for; a missing end is unbounded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Interval {
    pub low: Option<Endpoint>,
    pub high: Option<Endpoint>,
}

impl Interval {
    /// The single value.
    pub fn point(value: Rational) -> Self {
        let end = Endpoint { value, closed: true };
        Self { low: Some(end.clone()), high: Some(end) }
    }

    /// `[low, high]`, both ends included.
    pub fn closed(low: Rational, high: Rational) -> Self {
        debug_assert!(low <= high);
        Self {
            low: Some(Endpoint { value: low, closed: true }),
            high: Some(Endpoint { value: high, closed: true }),
        }
    }

    /// Every number.
    pub fn everything() -> Self {
        Self { low: None, high: None }
    }

    /// The value when the interval is a single point.
    pub fn as_point(&self) -> Option<&Rational> {
        match (&self.low, &self.high) {
            (Some(low), Some(high)) if low.value == high.value => Some(&low.value),
            _ => None,
        }
    }

    /// Whether `value` lies inside.
    pub fn contains(&self, value: &Rational) -> bool {
        let above = self.low.as_ref().is_none_or(|end| match value.cmp(&end.value) {
            Ordering::Greater => true,
            Ordering::Equal => end.closed,
            Ordering::Less => false,
        });
        let below = self.high.as_ref().is_none_or(|end| match value.cmp(&end.value) {
            Ordering::Less => true,
            Ordering::Equal => end.closed,
            Ordering::Greater => false,
        });
        above && below
    }

    /// Whether some value lies in both.
    pub fn meets(&self, other: &Self) -> bool {
        reaches(self.low.as_ref(), other.high.as_ref()) && reaches(other.low.as_ref(), self.high.as_ref())
    }

    /// Whether some value of `self` is below some value of `other`.
    pub fn can_be_below(&self, other: &Self) -> bool {
        match (&self.low, &other.high) {
            (Some(low), Some(high)) => low.value < high.value,
            _ => true,
        }
    }

    /// Whether some value of `self` is at most some value of `other`.
    pub fn can_be_at_most(&self, other: &Self) -> bool {
        reaches(self.low.as_ref(), other.high.as_ref())
    }

    pub fn add(&self, other: &Self) -> Self {
        Self {
            low: both(self.low.as_ref(), other.low.as_ref(), |a, b| a + b),
            high: both(self.high.as_ref(), other.high.as_ref(), |a, b| a + b),
        }
    }

    pub fn negate(&self) -> Self {
        let flip = |end: &Endpoint| Endpoint { value: -end.value.clone(), closed: end.closed };
        Self { low: self.high.as_ref().map(flip), high: self.low.as_ref().map(flip) }
    }

    pub fn subtract(&self, other: &Self) -> Self {
        self.add(&other.negate())
    }

    /// The product; unbounded ends give an unbounded product unless both factors keep to one side of zero.
    pub fn multiply(&self, other: &Self) -> Self {
        if let (Some(a), Some(b), Some(c), Some(d)) = (&self.low, &self.high, &other.low, &other.high) {
            // Above zero the ends go with the ends.
            if a.value.is_positive() && c.value.is_positive() {
                return Self { low: Some(corner(a, c)), high: Some(corner(b, d)) };
            }
            let corners = [(a, c), (a, d), (b, c), (b, d)].map(|(x, y)| corner(x, y));
            return Self {
                low: extreme(&corners, Ordering::Less),
                high: extreme(&corners, Ordering::Greater),
            };
        }
        if self.is_non_negative() && other.is_non_negative() {
            let product = |a: &Option<Endpoint>, b: &Option<Endpoint>| Some(corner(a.as_ref()?, b.as_ref()?));
            let (low, high) = (product(&self.low, &other.low), product(&self.high, &other.high));
            // Zero times anything is zero, however far the other reaches.
            let zero = [self, other].into_iter().any(|factor| factor.as_point().is_some_and(Zero::is_zero));
            return Self { high: if zero { low.clone() } else { high }, low };
        }
        if !self.is_non_negative() && self.negate().is_non_negative() {
            return self.negate().multiply(other).negate();
        }
        if !other.is_non_negative() && other.negate().is_non_negative() {
            return self.multiply(&other.negate()).negate();
        }
        Self::everything()
    }

    /// The quotient; `None` when the divisor can be zero.
    pub fn divide(&self, other: &Self) -> Option<Self> {
        other.reciprocal().map(|inverse| self.multiply(&inverse))
    }

    /// `1 / self`; `None` when zero is a possible value.
    fn reciprocal(&self) -> Option<Self> {
        let zero = Rational::zero();
        if self.contains(&zero) {
            return None;
        }
        let invert = |end: &Endpoint| {
            (!end.value.is_zero()).then(|| Endpoint { value: end.value.recip(), closed: end.closed })
        };
        let towards_zero = Some(Endpoint { value: zero, closed: false });
        let invert_or_zero = |end: &Option<Endpoint>| match end {
            Some(end) => invert(end),
            None => towards_zero.clone(),
        };
        Some(Self { low: invert_or_zero(&self.high), high: invert_or_zero(&self.low) })
    }

    /// All absolute values.
    pub fn abs(&self) -> Self {
        if self.is_non_negative() {
            return self.clone();
        }
        let mirrored = self.negate();
        if mirrored.is_non_negative() {
            return mirrored;
        }
        let high = match (&self.high, &mirrored.high) {
            (Some(a), Some(b)) => extreme(&[a.clone(), b.clone()], Ordering::Greater),
            _ => None,
        };
        Self { low: Some(Endpoint { value: Rational::zero(), closed: true }), high }
    }

    /// The smallest interval that holds both.
    pub fn hull(&self, other: &Self) -> Self {
        let pick = |a: &Option<Endpoint>, b: &Option<Endpoint>, want: Ordering| match (a, b) {
            (Some(a), Some(b)) => extreme(&[a.clone(), b.clone()], want),
            _ => None,
        };
        Self {
            low: pick(&self.low, &other.low, Ordering::Less),
            high: pick(&self.high, &other.high, Ordering::Greater),
        }
    }

    fn is_non_negative(&self) -> bool {
        self.low.as_ref().is_some_and(|end| !end.value.is_negative())
    }
}

/// Whether a lower end does not lie above an upper end.
fn reaches(low: Option<&Endpoint>, high: Option<&Endpoint>) -> bool {
    match (low, high) {
        (Some(low), Some(high)) => match low.value.cmp(&high.value) {
            Ordering::Less => true,
            Ordering::Equal => low.closed && high.closed,
            Ordering::Greater => false,
        },
        _ => true,
    }
}

/// The product of two ends. A zero that belongs to its interval is reached whatever the other end is.
fn corner(a: &Endpoint, b: &Endpoint) -> Endpoint {
    let reached = |end: &Endpoint| end.closed && end.value.is_zero();
    Endpoint { value: &a.value * &b.value, closed: a.closed && b.closed || reached(a) || reached(b) }
}

fn both(
    a: Option<&Endpoint>,
    b: Option<&Endpoint>,
    combine: impl Fn(&Rational, &Rational) -> Rational,
) -> Option<Endpoint> {
    let (a, b) = (a?, b?);
    Some(Endpoint { value: combine(&a.value, &b.value), closed: a.closed && b.closed })
}

/// The least or greatest endpoint; of equal ones a closed one.
fn extreme(ends: &[Endpoint], want: Ordering) -> Option<Endpoint> {
    ends.iter().cloned().reduce(|best, end| match end.value.cmp(&best.value) {
        Ordering::Equal => Endpoint { closed: best.closed || end.closed, value: best.value },
        order if order == want => end,
        _ => best,
    })
}
