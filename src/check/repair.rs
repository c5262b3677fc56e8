//! The nearest repair: the one change that would make a contradicted statement hold.

use num_bigint::BigInt;
use num_traits::Zero;
use rust_decimal::Decimal;

use super::arithmetic::{Expected, Shown, decimal_text, rewrite, written_number};
use super::bindings::{Bindings, Override, Trials};
use crate::quantity::{Magnitude, Rational, Reading, rational};
use crate::relation::{Filler, RoleType};
use crate::rule::{Expression, Verdict};

/// A change, still without words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Repair {
    /// The verb says the opposite.
    Opposite { word: String },
    /// One figure for another, and what kind of slip that would be.
    Figure { from: String, to: String, slip: Slip },
}

/// How one figure could have become another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Slip {
    /// Two neighbouring digits changed places.
    Swapped,
    /// The decimal point or a zero: a power of ten.
    Factor(u32),
    /// The same, but only in order of size.
    AboutFactor(u32),
    /// One digit.
    Digit,
    /// Nothing typical: the computed value.
    Value,
}

/// Looks for the smallest change, the statement's key figure first.
pub(super) fn nearest(
    expression: &Expression,
    bindings: &Bindings<'_>,
    shown: Option<&Shown>,
) -> Option<Repair> {
    let expected = shown.and_then(|shown| shown.expected.as_ref());
    let mut trials = Trials::new(bindings);
    if let Some(repair) = opposite(expression, bindings, &mut trials) {
        return Some(repair);
    }
    let key = expected.and_then(|expected| for_expected(bindings, expected));
    if !shown.is_some_and(|shown| shown.equality) {
        return key.map(|(repair, _)| repair);
    }
    // A slip of the key figure itself is nearer than one of any other figure.
    if let Some((repair, slip)) = &key
        && *slip != Slip::Value
    {
        return Some(repair.clone());
    }
    slipped_operand(expression, bindings, &mut trials).or(key.map(|(repair, _)| repair))
}

/// The direction word turned around.
fn opposite(expression: &Expression, bindings: &Bindings<'_>, trials: &mut Trials<'_>) -> Option<Repair> {
    let role = bindings.relation.roles.iter().position(|role| role.kind == RoleType::Direction)?;
    let Filler::Word { span, .. } = bindings.fillers(role).next()? else { return None };
    let change = Override { role, element: 0, value: None };
    holds_with(expression, trials, change)
        .then(|| Repair::Opposite { word: span.of(&bindings.scene.document.text).to_owned() })
}

fn holds_with(expression: &Expression, trials: &mut Trials<'_>, change: Override) -> bool {
    trials.try_out(change);
    expression.evaluate(trials, Reading::Plain) == Verdict::Holds
}

/// What the key figure would have to be, and what slip that is.
fn for_expected(bindings: &Bindings<'_>, expected: &Expected) -> Option<(Repair, Slip)> {
    let filler = bindings.fillers(expected.role).nth(expected.element)?;
    let quantity = bindings.quantity(filler)?;
    let stated = quantity.interval(Reading::AsWritten, bindings.scene.units)?;
    let stated = stated.low.or(stated.high)?.value;
    let name = &bindings.relation.roles[expected.role].name;
    let from = bindings.literal(name, expected.element);
    // As precise as it is written now; where it must only be passed, precise enough to show by how much.
    let decimals = |written: usize, wanted: &Rational| {
        let small = wanted.abs() < Rational::from_integer(BigInt::from(10));
        if expected.equality { written.max(usize::from(small && written == 0)) } else { written + 2 }
    };
    // 120.0 → 110.0, but 7.73 → 84.
    let alike = {
        let two = Rational::from_integer(BigInt::from(2));
        stated.abs() < &two * expected.value.abs() && expected.value.abs() < two * stated.abs()
    };
    let to =
        rewrite(&from, (&stated, &expected.value), decimals, expected.equality && alike).or_else(|| {
            // Written in words: no digits to put others in place of.
            Some(decimal_text(&expected.value, 2, false))
        })?;
    let slip =
        if expected.equality { slip_between(&from, &to, &stated, &expected.value) } else { Slip::Value };
    Some((Repair::Figure { from, to, slip }, slip))
}

fn slip_between(from: &str, to: &str, stated: &Rational, expected: &Rational) -> Slip {
    if stated.is_zero() || expected.is_zero() || stated.is_negative() != expected.is_negative() {
        return Slip::Value;
    }
    let digits = |text: &str| written_number(text).map(|(range, _, _)| text[range.0..range.1].to_owned());
    if let (Some(a), Some(b)) = (digits(from), digits(to)) {
        if swapped(&a, &b) {
            return Slip::Swapped;
        }
        let differing = a.chars().zip(b.chars()).filter(|(x, y)| x != y).count();
        if a.len() == b.len() && differing == 1 && a.len() > 1 {
            return Slip::Digit;
        }
    }
    let ratio = if stated < expected { expected / stated } else { stated / expected };
    for power in [1u32, 2, 3, 4, 6, 8] {
        let factor = Rational::from_integer(num_traits::pow(BigInt::from(10), power as usize));
        let off = &ratio / &factor;
        let near = |low: i64, high: i64, per: i64| {
            off >= Rational::new(low.into(), per.into()) && off <= Rational::new(high.into(), per.into())
        };
        if near(99, 101, 100) {
            return Slip::Factor(power);
        }
        if near(80, 125, 100) {
            return Slip::AboutFactor(power);
        }
    }
    Slip::Value
}

/// Whether two numbers differ by one swap of neighbouring digits.
fn swapped(a: &str, b: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    if a.len() != b.len() {
        return false;
    }
    let differing: Vec<usize> = (0..a.len()).filter(|&at| a[at] != b[at]).collect();
    match differing.as_slice() {
        [first, second] => second - first == 1 && a[*first] == b[*second] && a[*second] == b[*first],
        _ => false,
    }
}

/// Tries swaps and powers of ten on every figure of the statement.
fn slipped_operand(
    expression: &Expression,
    bindings: &Bindings<'_>,
    trials: &mut Trials<'_>,
) -> Option<Repair> {
    const OPERANDS: usize = 8;
    let mut figures = Vec::new();
    for (number, role) in bindings.relation.roles.iter().enumerate() {
        // Figures from elsewhere in the document are evidence, not suspects.
        if !role.measures.is_empty() && !bindings.relation.join {
            continue;
        }
        for (element, filler) in bindings.fillers(number).enumerate() {
            let Some(quantity) = bindings.quantity(filler) else { continue };
            if let Magnitude::One(figure) = quantity.magnitude {
                figures.push((number, element, figure.value, bindings.literal(&role.name, element)));
            }
        }
    }
    figures.sort_by_key(|(number, ..)| *number != bindings.relation.key);
    figures.truncate(OPERANDS);
    for (role, element, value, literal) in &figures {
        for (value, to) in swaps(literal, *value) {
            if holds_with(expression, trials, Override { role: *role, element: *element, value: Some(value) })
            {
                return Some(Repair::Figure { from: literal.clone(), to, slip: Slip::Swapped });
            }
        }
    }
    for (role, element, value, literal) in &figures {
        for power in [1u32, 2, 3, 4] {
            let factor = Decimal::from(10u64.pow(power));
            for value in [value.checked_mul(factor), value.checked_div(factor)].into_iter().flatten() {
                let change = Override { role: *role, element: *element, value: Some(value) };
                if !holds_with(expression, trials, change) {
                    continue;
                }
                let base = figures
                    .iter()
                    .find(|(r, e, ..)| r == role && e == element)
                    .map(|(_, _, base, _)| *base)?;
                let to =
                    rewrite(literal, (&rational(base), &rational(value)), |written, _| written + 4, false)?;
                return Some(Repair::Figure { from: literal.clone(), to, slip: Slip::Factor(power) });
            }
        }
    }
    None
}

/// Every swap of two neighbouring digits of the written number: the new value and literal.
fn swaps(literal: &str, value: Decimal) -> Vec<(Decimal, String)> {
    let Some((range, number, _)) = written_number(literal) else { return Vec::new() };
    let digits: Vec<char> = literal[range.0..range.1].chars().collect();
    let mut found = Vec::new();
    if number.is_zero() {
        return found;
    }
    for at in 0..digits.len().saturating_sub(1).min(16) {
        let (a, b) = (digits[at], digits[at + 1]);
        if a == b || !a.is_ascii_digit() || !b.is_ascii_digit() || (at == 0 && b == '0') {
            continue;
        }
        let mut swapped = digits.clone();
        swapped.swap(at, at + 1);
        let text: String = swapped.iter().collect();
        let Ok(changed) = text.replace(',', "").parse::<Decimal>() else { continue };
        let scaled = value.checked_div(number).and_then(|scale| scale.checked_mul(changed));
        if let Some(scaled) = scaled {
            found.push((scaled, format!("{}{}{}", &literal[..range.0], text, &literal[range.1..])));
        }
    }
    found
}
