//! The arithmetic of a finding, in the words and scales of the text: `1100亿 ÷ 1706亿 = 64.48%`.

use num_bigint::BigInt;
use num_traits::{ToPrimitive, Zero};
use rust_decimal::Decimal;

use super::bindings::Bindings;
use crate::quantity::{Magnitude, Rational, Reading, Unit, rational};
use crate::relation::{Filler, RoleType};
use crate::rule::{ComparisonShown, Dimension, Expression, Operator, SideShown};

/// What a failed `require` shows.
pub(super) struct Shown {
    /// The whole calculation.
    pub text: String,
    /// For `computed ~= figure`: what the figure would have to be, in the figure's own written terms.
    pub expected: Option<Expected>,
    /// Whether the two sides had to be equal.
    pub equality: bool,
}

/// The value that a bare figure would need.
pub(super) struct Expected {
    pub role: usize,
    pub element: usize,
    /// In base terms, exact.
    pub value: Rational,
    /// Whether the figure must be that value, rather than stand above or below it.
    pub equality: bool,
}

impl Expected {
    /// By what factor the figure as written is off, at least 1.
    pub fn distance(&self, bindings: &Bindings<'_>) -> Option<Rational> {
        let stated = bindings.quantity(bindings.fillers(self.role).nth(self.element)?)?;
        let stated = stated.interval(Reading::AsWritten, bindings.scene.units)?;
        let stated = stated.low.or(stated.high)?.value;
        if stated <= Rational::zero() || self.value <= Rational::zero() {
            return None;
        }
        Some(if stated < self.value { &self.value / &stated } else { &stated / &self.value })
    }
}

/// Renders the comparison that tells most: one that computes something, against a figure as written.
pub(super) fn show(expression: &Expression, bindings: &Bindings<'_>, reading: Reading) -> Option<Shown> {
    let mut comparisons = expression.contradicted_comparisons(bindings, reading);
    for side in comparisons.iter_mut().flat_map(|comparison| [&mut comparison.left, &mut comparison.right]) {
        side.arithmetic |= side.operands.iter().any(|(role, element)| is_computed(bindings, role, *element));
    }
    // Directions and factors are no operands that a reader can add up.
    let telling = || {
        comparisons
            .iter()
            .filter(|comparison| !names_a_word(comparison, bindings) && names_a_figure(comparison))
    };
    let rank = |comparison: &&ComparisonShown<'_>| {
        let one_sided = comparison.left.arithmetic != comparison.right.arithmetic;
        (one_sided, comparison.left.arithmetic || comparison.right.arithmetic)
    };
    // Of equals the first, as the rule's author wrote them.
    let best = telling().rev().max_by_key(rank)?;
    let like = like_of(best, bindings);
    let left = side(&best.left, bindings, &like);
    let right = side(&best.right, bindings, &like);
    let unnamed = |side: &SideShown<'_>| {
        side.operands.iter().any(|(role, element)| bindings.literal(role, *element).is_empty())
    };
    if unnamed(&best.left) || unnamed(&best.right) {
        return None;
    }
    let dates = best.left.dimension == Dimension::Date;
    let text = match (best.left.arithmetic && !dates, best.right.arithmetic && !dates) {
        (true, true) => format!("{left}; {right}"),
        (true, false) => left,
        (false, true) => right,
        (false, false) => format!("{left} {} {right}", actual(best)),
    };
    Some(Shown { text, expected: expected(best, bindings), equality: best.operator == Operator::Equal })
}

/// Whether the text itself writes out how the value is computed.
fn is_computed(bindings: &Bindings<'_>, role: &str, element: usize) -> bool {
    let filler = bindings.role(role).and_then(|role| bindings.fillers(role).nth(element));
    matches!(filler, Some(Filler::Computed { .. }))
}

/// Whether a direction or a factor is among the operands.
fn names_a_word(comparison: &ComparisonShown<'_>, bindings: &Bindings<'_>) -> bool {
    comparison.left.operands.iter().chain(&comparison.right.operands).any(|(role, _)| {
        bindings.role(role).is_some_and(|number| {
            matches!(bindings.relation.roles[number].kind, RoleType::Direction | RoleType::Factor)
        })
    })
}

/// Whether a value of the text is among the operands: how many there are is a case of the rule, and no arithmetic.
fn names_a_figure(comparison: &ComparisonShown<'_>) -> bool {
    !(comparison.left.operands.is_empty() && comparison.right.operands.is_empty())
}

/// How the two sides really stand to each other.
fn actual(comparison: &ComparisonShown<'_>) -> &'static str {
    match (comparison.left.value.as_point(), comparison.right.value.as_point()) {
        (Some(left), Some(right)) if left < right => "<",
        (Some(left), Some(right)) if left > right => ">",
        (Some(_), Some(_)) => "=",
        _ => match comparison.operator {
            Operator::Above | Operator::AtLeast => "<",
            Operator::Below | Operator::AtMost => ">",
            _ => "≠",
        },
    }
}

fn side(side: &SideShown<'_>, bindings: &Bindings<'_>, like: &Like) -> String {
    let text = side.render(&|role, element| bindings.literal(role, element));
    if !side.arithmetic || side.dimension == Dimension::Date {
        return text;
    }
    match side.value.as_point() {
        Some(value) => format!("{text} = {}", like.format(value, side.dimension)),
        None => match (&side.value.low, &side.value.high) {
            (Some(low), Some(high)) => format!(
                "{text} = {} … {}",
                like.format(&low.value, side.dimension),
                like.format(&high.value, side.dimension)
            ),
            (Some(low), None) => format!("{text} ≥ {}", like.format(&low.value, side.dimension)),
            (None, Some(high)) => format!("{text} ≤ {}", like.format(&high.value, side.dimension)),
            (None, None) => text,
        },
    }
}

/// The way values of this comparison are written.
struct Like {
    /// Ratios as percents.
    percent: bool,
    /// A figure as written and its value in base terms, to write amounts in its scale and unit.
    amount: Option<(String, Rational)>,
}

fn like_of(comparison: &ComparisonShown<'_>, bindings: &Bindings<'_>) -> Like {
    let operands = || comparison.right.operands.iter().chain(&comparison.left.operands);
    let kind_of = |role: &str| bindings.role(role).map(|number| bindings.relation.roles[number].kind);
    // A percentage of a number of heads is a number of heads.
    let counted = operands().any(|(role, _)| kind_of(role) == Some(RoleType::Number));
    let ratio = |role: &str| matches!(kind_of(role), Some(RoleType::Percent | RoleType::Points));
    // The figure that the other side is held against.
    let as_percent = |side: &SideShown<'_>| match side.operands.as_slice() {
        [(role, element)] if !side.arithmetic => {
            let filler = bindings.role(role).and_then(|number| bindings.fillers(number).nth(*element));
            filler
                .and_then(|filler| bindings.quantity(filler))
                .is_some_and(|stated| stated.unit == Unit::Percent)
        }
        _ => false,
    };
    let percent = as_percent(&comparison.left)
        || as_percent(&comparison.right)
        || !counted && operands().any(|(role, _)| ratio(role));
    let amount = operands().find_map(|(role, element)| {
        let number = bindings.role(role)?;
        let quantity = bindings.quantity(bindings.fillers(number).nth(*element)?)?;
        if quantity.unit == Unit::Percent && bindings.relation.roles[number].kind != RoleType::Level {
            return None;
        }
        let Magnitude::One(_) = quantity.magnitude else { return None };
        let value = quantity.interval(Reading::AsWritten, bindings.scene.units)?;
        let end = value.low.or(value.high)?.value;
        bindings.relation.roles[number].kind.shares_unit().then(|| (bindings.literal(role, *element), end))
    });
    Like { percent, amount }
}

impl Like {
    fn format(&self, value: &Rational, dimension: Dimension) -> String {
        match dimension {
            Dimension::Date => value.to_integer().to_string(),
            Dimension::NUMBER if self.percent => format!("{}%", decimal_text(&(value * hundred()), 2, false)),
            Dimension::AMOUNT => match &self.amount {
                Some((literal, base)) => rewrite(literal, (base, value), shown_decimals, false)
                    .unwrap_or_else(|| decimal_text(value, 2, false)),
                None => decimal_text(value, 2, false),
            },
            _ => decimal_text(value, 2, false),
        }
    }
}

fn hundred() -> Rational {
    Rational::from_integer(BigInt::from(100))
}

/// `literal` with its number replaced so that it says `value`, where it says `base` now: `$1706 亿` → `$84 亿`.
///
/// `decimals` tells how many decimals to write, from those that are written now and the new number; zeros at the end
/// are kept when `fixed`.
pub(super) fn rewrite(
    literal: &str,
    (base, value): (&Rational, &Rational),
    decimals: impl Fn(usize, &Rational) -> usize,
    fixed: bool,
) -> Option<String> {
    let (range, number, written) = written_number(literal)?;
    if number.is_zero() || base.is_zero() {
        return None;
    }
    let scale = base / rational(number);
    let wanted = value / scale;
    let digits = decimals(written, &wanted);
    let mut text = decimal_text(&wanted, digits, fixed);
    if literal[range.0..range.1].contains(',') {
        text = with_separators(&text);
    }
    Some(format!("{}{}{}", &literal[..range.0], text, &literal[range.1..]))
}

/// Decimals that show a computed value well beside the figures it comes from.
fn shown_decimals(written: usize, wanted: &Rational) -> usize {
    written.max(if wanted.abs() < hundred() { 2 } else { 1 })
}

/// `69200` → `69,200`.
fn with_separators(number: &str) -> String {
    let (sign, digits) = number.strip_prefix('-').map_or(("", number), |digits| ("-", digits));
    let (whole, fraction) =
        digits.split_once('.').map_or((digits, None), |(whole, rest)| (whole, Some(rest)));
    let mut out = String::from(sign);
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    if let Some(fraction) = fraction {
        out.push('.');
        out.push_str(fraction);
    }
    out
}

/// The first plain number in a literal: its place, value and number of decimals.
pub(super) fn written_number(literal: &str) -> Option<((usize, usize), Decimal, usize)> {
    let start = literal.find(|c: char| c.is_ascii_digit())?;
    let rest = &literal[start..];
    let end = rest.find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | ','))).unwrap_or(rest.len());
    let digits = rest[..end].trim_end_matches(['.', ',']);
    let number: Decimal = digits.replace(',', "").parse().ok()?;
    let decimals = digits.split_once('.').map_or(0, |(_, fraction)| fraction.len());
    Some(((start, start + digits.len()), number, decimals))
}

/// A rational as a decimal with `digits` decimals; zeros at the end are cut unless `fixed`.
pub(super) fn decimal_text(value: &Rational, digits: usize, fixed: bool) -> String {
    let scale = num_traits::pow(BigInt::from(10), digits);
    let scaled = (value * Rational::from_integer(scale)).round().to_integer();
    match scaled
        .to_i128()
        .and_then(|mantissa| Decimal::try_from_i128_with_scale(mantissa, u32::try_from(digits).ok()?).ok())
    {
        Some(decimal) if fixed => decimal.to_string(),
        Some(decimal) => decimal.normalize().to_string(),
        // Out of a decimal's range: the whole part is exact enough to be read.
        None => value.to_integer().to_string(),
    }
}

/// For a comparison with one bare figure: the value of the other side.
fn expected(comparison: &ComparisonShown<'_>, bindings: &Bindings<'_>) -> Option<Expected> {
    if comparison.left.arithmetic == comparison.right.arithmetic
        || comparison.left.dimension == Dimension::Date
    {
        return None;
    }
    let (computed, bare) = if comparison.left.arithmetic {
        (&comparison.left, &comparison.right)
    } else {
        (&comparison.right, &comparison.left)
    };
    let [(role, element)] = bare.operands.as_slice() else { return None };
    let role = bindings.role(role)?;
    bindings.fillers(role).nth(*element)?.quantity()?;
    let value = computed.value.as_point()?.clone();
    Some(Expected { role, element: *element, value, equality: comparison.operator == Operator::Equal })
}
