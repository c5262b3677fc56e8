//! Figures as they can be compared: values, units, how near two of them are.

use num_traits::One;
use rust_decimal::Decimal;

use crate::quantity::{Bound, Currency, Figure, Kind, Magnitude, Quantity, QuantityLexicon, Unit};

/// So many digits are not met by chance.
pub(super) const PRECISE: usize = 3;

/// How two units go together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum UnitFit {
    /// One of them is not said, or they count different things.
    Loose,
    Same,
}

/// How a figure of the report agrees with one of a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Agreement {
    /// The report's is the source's, rounded.
    Rounded,
    /// The same number.
    Equal,
}

/// The numbers that a quantity is written with: one, or the ends of a range.
pub(super) fn written(quantity: &Quantity) -> impl Iterator<Item = Figure> {
    let (first, second) = match quantity.magnitude {
        Magnitude::One(figure) => (Some(figure), None),
        Magnitude::Range { low, high } => (low, high),
        Magnitude::Date(_) => (None, None),
    };
    first.into_iter().chain(second)
}

/// What one of the unit is in units that can be compared with others of its dimension; `None` for what has none.
pub(super) fn base_factor(unit: Unit, units: &QuantityLexicon) -> Option<(&str, Decimal)> {
    match unit {
        Unit::Measure { unit, .. } => Some(units.dimension(unit)),
        Unit::BasisPoint => Some(("percent", Decimal::new(1, 2))),
        Unit::Percent | Unit::PercentagePoint => Some(("percent", Decimal::ONE)),
        Unit::Bare | Unit::Multiple | Unit::Money { .. } => None,
    }
}

/// Whether two quantities can be the same, by their units; `None` when they cannot.
pub(super) fn unit_fit(a: Unit, b: Unit, units: &QuantityLexicon) -> Option<UnitFit> {
    match (a, b) {
        (Unit::Bare, Unit::Bare) => Some(UnitFit::Same),
        (Unit::Bare, _) | (_, Unit::Bare) => Some(UnitFit::Loose),
        (Unit::Money { currency: x, .. }, Unit::Money { currency: y, .. }) => {
            Some(if same_currency(x, y) { UnitFit::Same } else { UnitFit::Loose })
        }
        (Unit::Measure { unit: x, .. }, Unit::Measure { unit: y, .. }) => {
            let ((one, _), (other, _)) = (units.dimension(x), units.dimension(y));
            if one == other {
                Some(UnitFit::Same)
            } else {
                // People and users, shares and pieces: counts of things that one text calls so and another otherwise.
                (is_count(x, units) && is_count(y, units)).then_some(UnitFit::Loose)
            }
        }
        (Unit::Percent | Unit::PercentagePoint | Unit::BasisPoint, Unit::Percent)
        | (Unit::Percent, Unit::PercentagePoint | Unit::BasisPoint) => {
            Some(if a == b { UnitFit::Same } else { UnitFit::Loose })
        }
        _ => (a == b).then_some(UnitFit::Same),
    }
}

/// A unit that counts things is its own dimension.
fn is_count(unit: crate::quantity::MeasureUnit, units: &QuantityLexicon) -> bool {
    units.dimension(unit).0 == units.unit_symbol(unit)
}

fn same_currency(a: Currency, b: Currency) -> bool {
    let dollar = |currency| match currency {
        Currency::AnyDollar => true,
        Currency::Iso(code) => code[2] == b'D',
    };
    a == b || (a == Currency::AnyDollar && dollar(b)) || (b == Currency::AnyDollar && dollar(a))
}

/// The values that a number of the report may stand for when a source writes it with more digits.
pub(super) fn reach(quantity: &Quantity, figure: Figure) -> (Decimal, Decimal) {
    let value = figure.value;
    let tenth = value.abs() / Decimal::TEN;
    let half = figure.step / Decimal::TWO;
    let rounding = (figure.coarse_step / Decimal::TWO).min(tenth).max(half);
    let around = |width: Decimal| (value.saturating_sub(width), value.saturating_add(width));
    // 超 500 亿 for 523 亿: the next step of its last digit is where another number would be written.
    let step = figure.coarse_step.max(figure.step).min(value.abs().max(half));
    match quantity.bound {
        Bound::MoreThan | Bound::AtLeast => (value.saturating_sub(half), value.saturating_add(step)),
        Bound::LessThan | Bound::AtMost => (value.saturating_sub(step), value.saturating_add(half)),
        Bound::Exact if quantity.approximate => {
            around(figure.coarse_step.max(tenth / Decimal::TEN).min(tenth).max(half))
        }
        Bound::Exact => around(rounding),
    }
}

/// How many digits a number has from its first to its last that is not a zero.
pub(crate) fn significant_digits(value: Decimal) -> usize {
    leading_digits(value).checked_ilog10().map_or(1, |log| log as usize + 1)
}

/// Whether a source would have to give it: not a count of the report's own items, no list number, no date.
pub(super) fn is_specific(quantity: &Quantity, units: &QuantityLexicon) -> bool {
    if matches!(quantity.kind, Kind::Date | Kind::Ordinal) {
        return false;
    }
    let weighty = match quantity.unit {
        Unit::Money { .. } | Unit::Percent | Unit::PercentagePoint | Unit::BasisPoint => true,
        Unit::Measure { unit, .. } => {
            let dimension = units.dimension(unit).0;
            // A counter is its own dimension, but for "times", whose name is taken by time.
            !matches!(dimension, "time" | "occasion") && dimension != units.unit_symbol(unit)
        }
        Unit::Bare | Unit::Multiple => false,
    };
    written(quantity).any(|figure| {
        let digits = significant_digits(figure.value);
        digits >= 2
            || (weighty && !figure.value.is_zero() && !figure.value.is_one())
            || figure.value.abs() >= Decimal::ONE_THOUSAND
    })
}

/// The number in digits that a text begins with, commas left out, and its length there.
pub(super) fn literal(text: &str) -> (Option<String>, usize) {
    let bytes = text.as_bytes();
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let mut number = String::new();
    let mut at = 0;
    while digit(at) || matches!(bytes.get(at), Some(b',' | b'.')) && digit(at + 1) && at > 0 {
        if bytes[at] != b',' {
            number.push(char::from(bytes[at]));
        }
        at += 1;
    }
    (Some(number).filter(|number| !number.is_empty()), at)
}

/// The digits of a number from its first to its last that is not a zero.
fn leading_digits(value: Decimal) -> u128 {
    let mut digits = value.mantissa().unsigned_abs();
    while digits != 0 && digits.is_multiple_of(10) {
        digits /= 10;
    }
    digits
}

/// Whether two numbers have the same digits, whatever their scale.
pub(super) fn same_digits(a: &Quantity, b: &Quantity) -> bool {
    written(a)
        .map(|figure| leading_digits(figure.value))
        .eq(written(b).map(|figure| leading_digits(figure.value)))
}

/// Whether one number is the other with a slip of the pen: one digit, two swapped, or a wrong scale.
pub(super) fn is_slip(a: &Quantity, b: &Quantity) -> bool {
    let digits = |value: Decimal| value.normalize().mantissa().unsigned_abs().to_string();
    let slip = |a: Decimal, b: Decimal| {
        let (x, y) = (digits(a), digits(b));
        let (short_x, short_y) = (x.trim_end_matches('0'), y.trim_end_matches('0'));
        if short_x == short_y {
            return true;
        }
        if x.len() != y.len() || x.len() < 2 {
            return false;
        }
        let apart: Vec<usize> = (0..x.len()).filter(|at| x.as_bytes()[*at] != y.as_bytes()[*at]).collect();
        match apart.as_slice() {
            [_] => true,
            [first, second] => {
                second - first == 1
                    && x.as_bytes()[*first] == y.as_bytes()[*second]
                    && x.as_bytes()[*second] == y.as_bytes()[*first]
            }
            _ => false,
        }
    };
    written(a).any(|x| written(b).any(|y| slip(x.value, y.value)))
}

/// The digits of a number as they stand there, without marks between them.
pub(super) fn digits_in_words(text: &str) -> Option<String> {
    let at = text.find(|c: char| c.is_ascii_digit())?;
    literal(&text[at..]).0
}

pub(super) fn digits_in(text: &str) -> Option<Decimal> {
    digits_in_words(text)?.parse().ok()
}

/// Whether a figure is written twice among the operands.
pub(super) fn same_number(a: &Quantity, b: &Quantity) -> bool {
    a.unit == b.unit && written(a).map(|figure| figure.value).eq(written(b).map(|figure| figure.value))
}

/// The quantity times a power of ten; itself where that is too large.
pub(super) fn scaled(quantity: Quantity, power: u32) -> Quantity {
    let factor = Decimal::from(10_u64.pow(power.min(18)));
    let times = |figure: Figure| {
        let [value, step, coarse_step] =
            [figure.value, figure.step, figure.coarse_step].map(|part| part.checked_mul(factor));
        Some(Figure { value: value?, step: step?, coarse_step: coarse_step? })
    };
    let magnitude = match quantity.magnitude {
        Magnitude::One(figure) => times(figure).map(Magnitude::One),
        Magnitude::Range { low, high } => {
            Some(Magnitude::Range { low: low.and_then(times), high: high.and_then(times) })
        }
        Magnitude::Date(_) => None,
    };
    Quantity { magnitude: magnitude.unwrap_or(quantity.magnitude), ..quantity }
}
