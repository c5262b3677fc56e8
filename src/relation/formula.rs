//! Calculations written out, as relations: what is computed on one side of the sign and stated on the other.

use num_bigint::BigInt;
use num_traits::{One, ToPrimitive, Zero};
use rust_decimal::Decimal;

use super::binder::{Candidate, Instance, Relations, RivalGroup};
use super::model::{FilledBy, Filler};
use super::phrasebook::Phrasebook;
use super::unit_agreement::same_currency;
use crate::assertion::Reading;
use crate::document::Document;
use crate::quantity::{
    Currency, Formula, Interval, Magnitude, MeasureUnit, Operation, Quantity, Rational, Side, Step, Unit,
    rational,
};

/// The roles of a relation that is filled from formulas.
pub(super) const ROLES: [&str; 2] = ["computed", "stated"];

/// By how many digits a side may be off when one of its figures leaves out its scale.
const LARGEST_SHIFT: i32 = 12;
/// Two figures up to this with a stroke between them are a date or a score.
const LARGEST_DAY: u32 = 31;
/// The largest exponent that is worked out.
const LARGEST_EXPONENT: u32 = 64;

/// Adds the formulas of a document to its relations.
pub(super) fn find(
    document: &Document,
    reading: &Reading,
    book: &Phrasebook,
    explain: bool,
    relations: &mut Relations,
) {
    for (number, relation) in
        book.relations.iter().enumerate().filter(|(_, relation)| relation.filled_by == FilledBy::Formulas)
    {
        let role = |name: &str| relation.roles.iter().position(|role| role.name == name);
        let [Some(computed), Some(stated)] = ROLES.map(role) else { continue };
        for (index, formula) in reading.formulas.iter().enumerate() {
            let readings: Vec<Instance> = pairs(formula)
                .filter_map(|pair| Judged::of(formula, pair, reading))
                .flat_map(|judged| judged.fillers(index))
                .filter_map(|[by, of]| {
                    let sentence = document.sentence_at(formula.left.first()?.span.end.saturating_sub(1))?;
                    Some(Instance {
                        relation: number,
                        phrase: None,
                        sentence: u32::try_from(sentence).ok()?,
                        span: formula.span(),
                        fillers: vec![(computed, by), (stated, of)],
                        inferred: false,
                        named: false,
                    })
                })
                .collect();
            if explain {
                let candidate = |instance: &Instance| Candidate { instance: instance.clone(), dropped: None };
                relations.candidates.extend(readings.first().map(candidate));
            }
            if !readings.is_empty() {
                relations.groups.push(RivalGroup { readings });
            }
        }
    }
}

/// Every reading of the left side with every reading of the right one, as numbers of sides: the side that computes
/// first, of two that do the left one.
fn pairs(formula: &Formula) -> impl Iterator<Item = [usize; 2]> {
    let (left, right) = (formula.left.len(), formula.right.len());
    (left..left + right).flat_map(move |of| (0..left).map(move |by| [by, of])).filter_map(|pair| {
        let computes = pair.map(|side| formula.side(side).is_some_and(Side::computes));
        match computes {
            [true, _] => Some(pair),
            [false, true] => Some([pair[1], pair[0]]),
            [false, false] => None,
        }
    })
}

/// A pair of sides that can be held against each other.
struct Judged<'a> {
    numbers: [usize; 2],
    stated: &'a Side,
    reading: &'a Reading,
    /// By how many digits the computed side may be shifted, the likeliest first.
    shifts: Vec<i32>,
}

impl<'a> Judged<'a> {
    /// `None` for what is written like a calculation and is none, and for units that cannot be compared.
    fn of(formula: &'a Formula, numbers: [usize; 2], reading: &'a Reading) -> Option<Self> {
        let sides = [formula.side(numbers[0])?, formula.side(numbers[1])?];
        let measures = [Measured::of(sides[0], reading)?, Measured::of(sides[1], reading)?];
        if sides.iter().any(|side| is_notation(side, reading)) || is_idiom(sides, reading) {
            return None;
        }
        let shifts = shifts(sides, &measures, reading)?;
        Some(Self { numbers, stated: sides[1], reading, shifts })
    }

    /// The computed side with each of its shifts, and what is stated.
    fn fillers(&self, formula: usize) -> Vec<[Filler; 2]> {
        let [by, of] = self.numbers;
        let stated = match self.stated.steps.as_slice() {
            [Step::Figure(start)] => self.reading.quantity_at(*start).map(Filler::whole),
            _ => Some(Filler::Computed { formula, side: of, shift: 0 }),
        };
        let pair = |shift: &i32| Some([Filler::Computed { formula, side: by, shift: *shift }, stated?]);
        self.shifts.iter().filter_map(pair).collect()
    }
}

/// What a side comes to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Of {
    Number,
    Money(Currency),
    Measure(MeasureUnit),
}

struct Measured {
    of: Of,
    exponent: i32,
}

impl Measured {
    /// `None` when unlike things are added, or money and measures stand together.
    fn of(side: &Side, reading: &Reading) -> Option<Self> {
        let mut of = Of::Number;
        let mut exponents: Vec<i32> = Vec::new();
        for step in &side.steps {
            match step {
                Step::Figure(start) => {
                    let unit = reading.quantities[reading.quantity_at(*start)?].unit;
                    let own = match unit {
                        Unit::Money { per: Some(_), .. } | Unit::Measure { per: Some(_), .. } => return None,
                        Unit::Money { currency, per: None } => Of::Money(currency),
                        Unit::Measure { unit, per: None } => Of::Measure(unit),
                        _ => Of::Number,
                    };
                    of = together(of, own)?;
                    exponents.push(i32::from(own != Of::Number));
                }
                Step::Apply(operation) => {
                    let (right, left) = (exponents.pop()?, exponents.pop()?);
                    exponents.push(match operation {
                        Operation::Add | Operation::Subtract if left == right => left,
                        Operation::Multiply => left.checked_add(right)?,
                        Operation::Divide => left.checked_sub(right)?,
                        Operation::Power if (left, right) == (0, 0) => 0,
                        _ => return None,
                    });
                }
            }
        }
        let exponent = exponents.pop()?;
        Some(Self { of: if exponent == 0 { Of::Number } else { of }, exponent })
    }
}

fn together(one: Of, other: Of) -> Option<Of> {
    match (one, other) {
        (Of::Number, of) | (of, Of::Number) => Some(of),
        (Of::Money(a), Of::Money(b)) => same_currency(a, b).then_some(one),
        (one, other) => (one == other).then_some(one),
    }
}

/// Digits by which the computed side may be shifted; `None` when the sides cannot be compared.
fn shifts([by, of]: [&Side; 2], [computed, stated]: &[Measured; 2], reading: &Reading) -> Option<Vec<i32>> {
    together(computed.of, stated.of)?;
    let figures = || by.figures().chain(of.figures()).filter_map(|start| reading.quantity_at(start));
    let quantities = || figures().map(|index| &reading.quantities[index]);
    let percent = quantities().any(|quantity| is_fraction(quantity.unit));
    // A figure that leaves its unit or its scale to the others.
    let left_out = computed.exponent != stated.exponent;
    if left_out {
        let one = matches!((computed.exponent, stated.exponent), (0, 1) | (1, 0));
        let mut share = of.figures().filter_map(|start| reading.quantity_at(start));
        if !one || share.any(|index| is_fraction(reading.quantities[index].unit)) {
            return None;
        }
    }
    // A share has no scale to leave out.
    let scaled = |wanted: bool| {
        quantities().any(|quantity| !is_fraction(quantity.unit) && names_scale(quantity) == wanted)
    };
    let loose = left_out || scaled(true) && scaled(false);
    let divides = by.steps.contains(&Step::Apply(Operation::Divide));
    let nearest = nearest_shift(by, of, reading).unwrap_or_default();
    let mut shifts = match (loose, percent || divides) {
        (true, _) => vec![nearest, 0],
        // Hundredths are written with and without their sign.
        (false, true) => vec![0, 2, -2],
        (false, false) => vec![0],
    };
    shifts.sort_by_key(|shift| *shift != nearest);
    shifts.dedup();
    Some(shifts)
}

/// The power of ten that brings one side nearest to the other.
fn nearest_shift(by: &Side, of: &Side, reading: &Reading) -> Option<i32> {
    let written = |side: &Side| {
        let value = |index: usize| match reading.quantities[index].magnitude {
            Magnitude::One(figure) | Magnitude::Range { low: Some(figure), .. } => {
                Some(Interval::point(rational(figure.value) * fraction(reading.quantities[index].unit)))
            }
            _ => None,
        };
        evaluate(side, reading, &value)?.as_point().cloned()
    };
    let (by, of) = (written(by)?, written(of)?);
    if by.is_zero() {
        return None;
    }
    let ratio = &of / &by;
    let square = &ratio * &ratio;
    (-LARGEST_SHIFT..=LARGEST_SHIFT)
        .find(|shift| square >= power_of_ten(2 * shift - 1) && square < power_of_ten(2 * shift + 1))
}

/// A power of ten, of either sign.
pub fn power_of_ten(exponent: i32) -> Rational {
    let power = Rational::from_integer(num_traits::pow(BigInt::from(10), exponent.unsigned_abs() as usize));
    if exponent < 0 { power.recip() } else { power }
}

/// What a side comes to, with the values that its quantities have; `None` when that cannot be told.
pub fn evaluate(
    side: &Side,
    reading: &Reading,
    value: &dyn Fn(usize) -> Option<Interval>,
) -> Option<Interval> {
    let mut values: Vec<Interval> = Vec::new();
    for step in &side.steps {
        let next = match step {
            Step::Figure(start) => value(reading.quantity_at(*start)?)?,
            Step::Apply(operation) => {
                let (right, left) = (values.pop()?, values.pop()?);
                match operation {
                    Operation::Add => left.add(&right),
                    Operation::Subtract => left.subtract(&right),
                    Operation::Multiply => left.multiply(&right),
                    Operation::Divide => left.divide(&right)?,
                    Operation::Power => power(&left, &right)?,
                }
            }
        };
        values.push(next);
    }
    values.pop()
}

/// A positive value to a small whole power; roots are no rationals.
fn power(base: &Interval, exponent: &Interval) -> Option<Interval> {
    let exponent = exponent.as_point().filter(|value| value.is_integer())?.to_integer().to_u32()?;
    let positive = base.low.as_ref().is_some_and(|end| end.value.is_positive());
    if !positive || exponent > LARGEST_EXPONENT {
        return None;
    }
    Some((0..exponent).fold(Interval::point(Rational::one()), |product, _| product.multiply(base)))
}

/// `10/12`, `12-14`: figures that are written like a calculation and are mostly none.
fn is_notation(side: &Side, reading: &Reading) -> bool {
    let small = |start: usize| {
        reading.quantity_at(start).is_some_and(|index| {
            let quantity = &reading.quantities[index];
            is_bare_integer(quantity) && size(quantity) <= Rational::from_integer(BigInt::from(LARGEST_DAY))
        })
    };
    match side.steps.as_slice() {
        [Step::Figure(a), Step::Figure(b), Step::Apply(Operation::Divide)] => small(*a) && small(*b),
        [Step::Figure(a), Step::Figure(b), Step::Apply(Operation::Subtract)] => {
            // A dash without space around it joins the ends of a range as well.
            let ends =
                [*a, *b].map(|start| reading.quantity_at(start).map(|index| &reading.quantities[index]));
            let [Some(first), Some(last)] = ends else { return true };
            last.span.start <= first.span.end + '−'.len_utf8() && size(first) <= size(last)
        }
        _ => false,
    }
}

/// `1+1=3`: of single digits alone sayings are made.
fn is_idiom(sides: [&Side; 2], reading: &Reading) -> bool {
    let figures = sides.into_iter().flat_map(Side::figures).filter_map(|start| reading.quantity_at(start));
    figures.map(|index| &reading.quantities[index]).all(|quantity| {
        is_bare_integer(quantity) && size(quantity) < Rational::from_integer(BigInt::from(10))
    })
}

fn size(quantity: &Quantity) -> Rational {
    match quantity.magnitude {
        Magnitude::One(figure) => rational(figure.value).abs(),
        _ => Rational::zero(),
    }
}

/// Whether all there is of a figure are its digits: no scale, no unit, no decimals.
fn is_bare_integer(quantity: &Quantity) -> bool {
    quantity.unit == Unit::Bare && is_whole(quantity)
}

/// Whether a figure is a whole number without a scale.
pub fn is_whole(quantity: &Quantity) -> bool {
    let one = matches!(quantity.magnitude, Magnitude::One(figure) if figure.step == Decimal::ONE);
    one && !is_fraction(quantity.unit)
}

/// Whether a figure names its scale, such as 万.
fn names_scale(quantity: &Quantity) -> bool {
    matches!(quantity.magnitude, Magnitude::One(figure) if figure.step > Decimal::ONE)
}

fn is_fraction(unit: Unit) -> bool {
    matches!(unit, Unit::Percent | Unit::PercentagePoint | Unit::BasisPoint)
}

/// What one of a unit without dimension is.
fn fraction(unit: Unit) -> Rational {
    let parts = match unit {
        Unit::Percent | Unit::PercentagePoint => 100,
        Unit::BasisPoint => 10_000,
        _ => 1,
    };
    Rational::new(BigInt::one(), BigInt::from(parts))
}
