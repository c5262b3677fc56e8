//! Exact fractions. Almost all fit into two machine words, where they need no memory of their own; only what does
//! not is kept as big integers.

use std::cmp::Ordering;
use std::fmt;
use std::ops::{Add, Div, Mul, Neg, Sub};

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{One, Signed, ToPrimitive, Zero};
use rust_decimal::Decimal;

/// Exact numbers for checking: no floats anywhere.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Rational(Form);

/// Always in lowest terms, and small whenever both parts fit: equal numbers have equal forms.
#[derive(Clone, PartialEq, Eq, Hash)]
enum Form {
    Small {
        numer: i128,
        /// Positive.
        denom: i128,
    },
    Big(Box<BigRational>),
}

/// An exact rational from a decimal.
pub fn rational(value: Decimal) -> Rational {
    // A decimal has at most 28 places and ten to the 28th fits.
    Rational::of(value.mantissa(), 10_i128.pow(value.scale()))
}

impl Rational {
    /// A fraction of two integers.
    ///
    /// # Panics
    /// When `denom` is zero.
    pub fn new(numer: BigInt, denom: BigInt) -> Self {
        Self::from_big(BigRational::new(numer, denom))
    }

    /// A whole number.
    pub fn from_integer(value: BigInt) -> Self {
        Self::from_big(BigRational::from_integer(value))
    }

    /// A fraction of two small integers; `denom` is not zero.
    pub(super) fn of(numer: i128, denom: i128) -> Self {
        if denom > 0 && numer != i128::MIN {
            return Self::reduced(numer, denom);
        }
        Self::new(numer.into(), denom.into())
    }

    fn from_big(value: BigRational) -> Self {
        match (value.numer().to_i128(), value.denom().to_i128()) {
            // The least number has no opposite.
            (Some(numer), Some(denom)) if numer != i128::MIN => Self(Form::Small { numer, denom }),
            _ => Self(Form::Big(Box::new(value))),
        }
    }

    fn to_big(&self) -> BigRational {
        match &self.0 {
            Form::Small { numer, denom } => BigRational::new_raw((*numer).into(), (*denom).into()),
            Form::Big(value) => (**value).clone(),
        }
    }

    fn reduced(numer: i128, denom: i128) -> Self {
        let common = gcd(numer.unsigned_abs(), denom.unsigned_abs());
        match i128::try_from(common) {
            Ok(common) if common > 1 => Self(Form::Small { numer: numer / common, denom: denom / common }),
            _ => Self(Form::Small { numer, denom }),
        }
    }

    /// Below zero.
    pub fn is_negative(&self) -> bool {
        match &self.0 {
            Form::Small { numer, .. } => *numer < 0,
            Form::Big(value) => value.is_negative(),
        }
    }

    /// Above zero.
    pub fn is_positive(&self) -> bool {
        !self.is_negative() && !self.is_zero()
    }

    /// Whether nothing stands behind the point.
    pub fn is_integer(&self) -> bool {
        match &self.0 {
            Form::Small { denom, .. } => *denom == 1,
            Form::Big(value) => value.is_integer(),
        }
    }

    /// The distance from zero.
    pub fn abs(&self) -> Self {
        if self.is_negative() { -self } else { self.clone() }
    }

    /// One over it.
    ///
    /// # Panics
    /// When it is zero.
    pub fn recip(&self) -> Self {
        match &self.0 {
            Form::Small { numer, denom } if *numer > 0 => Self(Form::Small { numer: *denom, denom: *numer }),
            Form::Small { numer, denom } if *numer < 0 => Self(Form::Small { numer: -denom, denom: -numer }),
            _ => Self::from_big(self.to_big().recip()),
        }
    }

    /// The greatest whole number not above it.
    pub fn floor(&self) -> Self {
        Self::from_big(self.to_big().floor())
    }

    /// The least whole number not below it.
    pub fn ceil(&self) -> Self {
        Self::from_big(self.to_big().ceil())
    }

    /// The nearest whole number, halves away from zero.
    pub fn round(&self) -> Self {
        Self::from_big(self.to_big().round())
    }

    /// The whole part.
    pub fn to_integer(&self) -> BigInt {
        match &self.0 {
            Form::Small { numer, denom } => BigInt::from(numer / denom),
            Form::Big(value) => value.to_integer(),
        }
    }

    /// How many bits both parts take.
    pub fn bits(&self) -> u64 {
        let bits = |part: i128| u64::from(128 - part.unsigned_abs().leading_zeros());
        match &self.0 {
            Form::Small { numer, denom } => bits(*numer) + bits(*denom),
            Form::Big(value) => value.numer().bits() + value.denom().bits(),
        }
    }

    fn plus(&self, other: &Self) -> Option<Self> {
        let (Form::Small { numer: a, denom: b }, Form::Small { numer: c, denom: d }) = (&self.0, &other.0)
        else {
            return None;
        };
        if b == d {
            let numer = a.checked_add(*c).filter(|numer| *numer != i128::MIN)?;
            return Some(if *b == 1 {
                Self(Form::Small { numer, denom: 1 })
            } else {
                Self::reduced(numer, *b)
            });
        }
        let common = i128::try_from(gcd(b.unsigned_abs(), d.unsigned_abs())).ok()?;
        let (left, right) = (d / common, b / common);
        let numer = a.checked_mul(left)?.checked_add(c.checked_mul(right)?)?;
        let denom = b.checked_mul(left)?;
        (numer != i128::MIN).then(|| Self::reduced(numer, denom))
    }

    fn times(&self, other: &Self) -> Option<Self> {
        let (Form::Small { numer: a, denom: b }, Form::Small { numer: c, denom: d }) = (&self.0, &other.0)
        else {
            return None;
        };
        // Both are in lowest terms, so only crosswise is there anything to cancel.
        let (a, d) = cancelled(*a, *d)?;
        let (c, b) = cancelled(*c, *b)?;
        let numer = a.checked_mul(c).filter(|numer| *numer != i128::MIN)?;
        Some(Self(Form::Small { numer, denom: b.checked_mul(d)? }))
    }
}

/// The two without what divides both.
fn cancelled(numer: i128, denom: i128) -> Option<(i128, i128)> {
    if denom == 1 {
        return Some((numer, denom));
    }
    let common = i128::try_from(gcd(numer.unsigned_abs(), denom.unsigned_abs())).ok()?;
    Some(if common == 1 { (numer, denom) } else { (numer / common, denom / common) })
}

/// The greatest common divisor; of zero and a number that number. In half the width as soon as that will do.
fn gcd(mut a: u128, mut b: u128) -> u128 {
    while b != 0 {
        if let (Ok(mut a), Ok(mut b)) = (u64::try_from(a), u64::try_from(b)) {
            while b != 0 {
                (a, b) = (b, a % b);
            }
            return a.into();
        }
        (a, b) = (b, a % b);
    }
    a
}

impl PartialOrd for Rational {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Rational {
    fn cmp(&self, other: &Self) -> Ordering {
        if let (Form::Small { numer: a, denom: b }, Form::Small { numer: c, denom: d }) = (&self.0, &other.0)
        {
            if b == d {
                return a.cmp(c);
            }
            if let (Some(left), Some(right)) = (a.checked_mul(*d), c.checked_mul(*b)) {
                return left.cmp(&right);
            }
        }
        self.to_big().cmp(&other.to_big())
    }
}

impl fmt::Display for Rational {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.to_big(), out)
    }
}

impl fmt::Debug for Rational {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.to_big(), out)
    }
}

impl From<BigInt> for Rational {
    fn from(value: BigInt) -> Self {
        Self::from_integer(value)
    }
}

impl Zero for Rational {
    fn zero() -> Self {
        Self(Form::Small { numer: 0, denom: 1 })
    }

    fn is_zero(&self) -> bool {
        matches!(self.0, Form::Small { numer: 0, .. })
    }
}

impl One for Rational {
    fn one() -> Self {
        Self(Form::Small { numer: 1, denom: 1 })
    }
}

impl Neg for &Rational {
    type Output = Rational;

    fn neg(self) -> Rational {
        match &self.0 {
            Form::Small { numer, denom } => Rational(Form::Small { numer: -numer, denom: *denom }),
            Form::Big(value) => Rational::from_big(-(**value).clone()),
        }
    }
}

impl Neg for Rational {
    type Output = Self;

    fn neg(self) -> Self {
        -&self
    }
}

impl Add for &Rational {
    type Output = Rational;

    fn add(self, other: Self) -> Rational {
        self.plus(other).unwrap_or_else(|| Rational::from_big(self.to_big() + other.to_big()))
    }
}

impl Sub for &Rational {
    type Output = Rational;

    fn sub(self, other: Self) -> Rational {
        self + &-other
    }
}

impl Mul for &Rational {
    type Output = Rational;

    fn mul(self, other: Self) -> Rational {
        self.times(other).unwrap_or_else(|| Rational::from_big(self.to_big() * other.to_big()))
    }
}

/// # Panics
/// When the divisor is zero.
impl Div for &Rational {
    type Output = Rational;

    fn div(self, other: Self) -> Rational {
        Mul::mul(self, &other.recip())
    }
}

/// The same operators for owned operands on either side.
macro_rules! owned_operands {
    ($($operator:ident $method:ident),*) => {$(
        impl $operator for Rational {
            type Output = Self;

            fn $method(self, other: Self) -> Self {
                $operator::$method(&self, &other)
            }
        }

        impl $operator<&Rational> for Rational {
            type Output = Self;

            fn $method(self, other: &Self) -> Self {
                $operator::$method(&self, other)
            }
        }

        impl $operator<Rational> for &Rational {
            type Output = Rational;

            fn $method(self, other: Rational) -> Rational {
                $operator::$method(self, &other)
            }
        }
    )*};
}

owned_operands!(Add add, Sub sub, Mul mul, Div div);

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Parts that are small, as large as the small form holds, and larger.
    fn part() -> impl Strategy<Value = BigInt> {
        let edges = prop::sample::select(vec![
            BigInt::from(i128::MAX),
            BigInt::from(i128::MIN),
            BigInt::from(i128::MIN) - 1,
            BigInt::from(u64::MAX),
            BigInt::from(i128::MAX) * 12,
        ]);
        prop_oneof![
            4 => (-300_i64..300).prop_map(BigInt::from),
            2 => any::<i128>().prop_map(BigInt::from),
            1 => edges,
        ]
    }

    fn pair() -> impl Strategy<Value = (Rational, BigRational)> {
        (part(), part().prop_filter("no divisor", |below| !below.is_zero())).prop_map(|(above, below)| {
            (Rational::new(above.clone(), below.clone()), BigRational::new(above, below))
        })
    }

    proptest! {
        #[test]
        fn counts_as_big_rationals_do((a, x) in pair(), (b, y) in pair()) {
            let same = |ours: Rational, theirs: BigRational| {
                let form = Rational::from_big(theirs.clone());
                prop_assert_eq!(ours.to_string(), theirs.to_string());
                prop_assert_eq!(&ours, &form, "equal numbers have one form");
                Ok(())
            };
            same(&a + &b, &x + &y)?;
            same(&a - &b, &x - &y)?;
            same(&a * &b, &x * &y)?;
            if !b.is_zero() {
                same(&a / &b, &x / &y)?;
            }
            same(a.abs(), Signed::abs(&x))?;
            same(-&a, -x.clone())?;
            same(a.floor(), x.floor())?;
            same(a.ceil(), x.ceil())?;
            same(a.round(), x.round())?;
            prop_assert_eq!(a.cmp(&b), x.cmp(&y));
            prop_assert_eq!(a.to_integer(), x.to_integer());
            prop_assert_eq!(a.is_integer(), x.is_integer());
            prop_assert_eq!((a.is_negative(), a.is_positive()), (x.is_negative(), x.is_positive()));
            prop_assert_eq!(a.bits(), x.numer().bits() + x.denom().bits());
        }
    }

    #[test]
    fn decimals_are_exact() {
        for text in ["0", "-0.50", "79228162514264337593543950335", "0.0000000000000000000000000001"] {
            let value: Decimal = text.parse().unwrap();
            let scale = num_traits::pow(BigInt::from(10), value.scale() as usize);
            assert_eq!(rational(value), Rational::new(value.mantissa().into(), scale), "{text}");
        }
    }
}
