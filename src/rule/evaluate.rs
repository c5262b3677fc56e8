use std::cell::RefCell;
use std::rc::Rc;

use chrono::{Datelike, NaiveDate};
use num_bigint::BigInt;
use num_traits::{One, ToPrimitive, Zero};

use super::dimension::{EXPONENT_LIMIT, integer};
use super::expression::{Comparison, Condition, Expression, Range};
use super::function::Function;
use super::operator::Operator;
use super::syntax::{Node, NodeKind};
use crate::quantity::{Endpoint, Interval, Rational, Reading};

/// More digits than any written number leads to; beyond it nothing is told.
const BIT_LIMIT: u64 = 4096;
/// How many choices of values one comparison may range over.
const CHOICE_LIMIT: usize = 256;

/// What the numbers say about an expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// Some values the written numbers may stand for make it true.
    Holds,
    /// No such values make it true.
    Contradicted,
    /// A role is not bound, a divisor can be zero, or the numbers are out of all proportion.
    CannotTell,
}

/// The values bound to the roles of one relation.
pub trait RoleValues {
    /// All values of a role in order of the text, in base units (percent and points as fractions, durations in
    /// years); empty when the role is not bound.
    fn values(&self, role: &str, reading: Reading) -> Rc<[Interval]>;
    /// First and last day (both included) of each date of a role of type date; empty when it is not bound.
    fn dates(&self, role: &str) -> Vec<(NaiveDate, NaiveDate)>;
}

impl Expression {
    /// What the bound values say, under a reading.
    pub fn evaluate(&self, roles: &dyn RoleValues, reading: Reading) -> Verdict {
        Frame::new(self, roles).condition(&self.condition, reading)
    }
}

/// The values of the roles during one evaluation.
pub(super) struct Frame<'e> {
    roles: &'e dyn RoleValues,
    dates: &'e [String],
    /// Values already asked for; a handful.
    known: RefCell<Vec<Known<'e>>>,
}

/// The values of a role under a reading.
type Known<'e> = (&'e str, Reading, Rc<[Interval]>);

/// Which value each ranged role has at the moment.
pub(super) type Choice<'e> = Vec<(&'e str, usize)>;

impl<'e> Frame<'e> {
    pub fn new(expression: &'e Expression, roles: &'e dyn RoleValues) -> Self {
        Self { roles, dates: &expression.dates, known: RefCell::default() }
    }

    pub fn condition(&self, condition: &'e Condition, reading: Reading) -> Verdict {
        match condition {
            Condition::Both(left, right) => match self.condition(left, reading) {
                Verdict::Contradicted => Verdict::Contradicted,
                Verdict::Holds => self.condition(right, reading),
                Verdict::CannotTell => match self.condition(right, reading) {
                    Verdict::Contradicted => Verdict::Contradicted,
                    _ => Verdict::CannotTell,
                },
            },
            Condition::Either(left, right) => match self.condition(left, reading) {
                Verdict::Holds => Verdict::Holds,
                Verdict::Contradicted => self.condition(right, reading),
                Verdict::CannotTell => match self.condition(right, reading) {
                    Verdict::Holds => Verdict::Holds,
                    _ => Verdict::CannotTell,
                },
            },
            Condition::Compare(comparison) => self.comparison(comparison, reading),
        }
    }

    fn comparison(&self, comparison: &'e Comparison, reading: Reading) -> Verdict {
        let mut choices = 1_usize;
        for range in &comparison.ranges {
            choices = choices.saturating_mul(self.elements(&range.role, reading).len());
        }
        if choices == 0 || choices > CHOICE_LIMIT {
            return Verdict::CannotTell;
        }
        self.ranged(comparison, &comparison.ranges, &mut Vec::new(), reading)
    }

    /// The verdict over all values of the roles still to choose; there are as many levels as ranged roles.
    pub fn ranged(
        &self,
        comparison: &'e Comparison,
        open: &'e [Range],
        choice: &mut Choice<'e>,
        reading: Reading,
    ) -> Verdict {
        let Some((range, open)) = open.split_first() else {
            return self.compare(comparison, choice, reading);
        };
        let decisive = if range.every { Verdict::Contradicted } else { Verdict::Holds };
        let mut verdict = if range.every { Verdict::Holds } else { Verdict::Contradicted };
        for index in 0..self.elements(&range.role, reading).len() {
            choice.push((&range.role, index));
            let found = self.ranged(comparison, open, choice, reading);
            choice.pop();
            if found == decisive {
                return decisive;
            }
            if found == Verdict::CannotTell {
                verdict = found;
            }
        }
        verdict
    }

    fn compare(&self, comparison: &'e Comparison, choice: &Choice<'_>, reading: Reading) -> Verdict {
        let left = self.value(&comparison.left.node, choice, reading);
        let right = self.value(&comparison.right.node, choice, reading);
        let (Some(left), Some(right)) = (left, right) else {
            return Verdict::CannotTell;
        };
        let can_hold = match comparison.operator {
            Operator::Unequal => left.as_point().is_none() || left.as_point() != right.as_point(),
            Operator::Below => left.can_be_below(&right),
            Operator::AtMost => left.can_be_at_most(&right),
            Operator::Above => right.can_be_below(&left),
            Operator::AtLeast => right.can_be_at_most(&left),
            // The parser puts comparisons here only.
            _ => left.meets(&right),
        };
        if can_hold { Verdict::Holds } else { Verdict::Contradicted }
    }

    /// All values of a role.
    pub fn elements(&self, role: &'e str, reading: Reading) -> Rc<[Interval]> {
        let is_known = |(name, at, _): &&Known<'_>| *name == role && *at == reading;
        if let Some((_, _, values)) = self.known.borrow().iter().find(is_known) {
            return Rc::clone(values);
        }
        let values: Rc<[Interval]> = if self.dates.iter().any(|date| date == role) {
            let days =
                |(first, last): (NaiveDate, NaiveDate)| Interval::closed(day(first), day(last.max(first)));
            self.roles.dates(role).into_iter().map(days).collect()
        } else {
            self.roles.values(role, reading)
        };
        self.known.borrow_mut().push((role, reading, Rc::clone(&values)));
        values
    }

    /// Which element of its role a part stands for, when it is one.
    pub fn element_of(
        &self,
        node: &'e Node,
        choice: &Choice<'_>,
        reading: Reading,
    ) -> Option<(&'e str, usize)> {
        match &node.kind {
            NodeKind::Role(role) => (self.elements(role, reading).len() == 1).then_some((role.as_str(), 0)),
            NodeKind::Call { function, argument } => {
                let NodeKind::Role(role) = &argument.kind else {
                    return None;
                };
                let count = self.elements(role, reading).len();
                let index = match function {
                    Function::First => Some(0),
                    Function::Last => count.checked_sub(1),
                    Function::Any | Function::All => {
                        choice.iter().find(|(name, _)| name == role).map(|(_, index)| *index)
                    }
                    _ => None,
                };
                index.filter(|index| *index < count).map(|index| (role.as_str(), index))
            }
            _ => None,
        }
    }

    /// The value of a part; `None` when it cannot be told.
    pub fn value(&self, node: &'e Node, choice: &Choice<'_>, reading: Reading) -> Option<Interval> {
        let interval = match &node.kind {
            NodeKind::Number { value, .. } => Interval::point(value.clone()),
            NodeKind::Role(_) => self.element(node, choice, reading)?,
            NodeKind::Call { function, argument } => self.call(node, *function, argument, choice, reading)?,
            NodeKind::Negative(inner) => self.value(inner, choice, reading)?.negate(),
            NodeKind::Binary { operator: Operator::Power, left, right } => {
                let base = self.value(left, choice, reading)?;
                match integer(right) {
                    Some(exponent) => power(&base, exponent)?,
                    None => power_between(&base, &self.value(right, choice, reading)?)?,
                }
            }
            NodeKind::Binary { operator, left, right } => {
                let (a, b) = (self.value(left, choice, reading)?, self.value(right, choice, reading)?);
                match (operator, self.is_date(left), self.is_date(right)) {
                    (Operator::Subtract, true, true) => years(&a.subtract(&b)),
                    (Operator::Subtract, true, false) => a.subtract(&days(&b)),
                    (Operator::Subtract, ..) => a.subtract(&b),
                    (Operator::Add, true, _) => a.add(&days(&b)),
                    (Operator::Add, _, true) => days(&a).add(&b),
                    (Operator::Add, ..) => a.add(&b),
                    (Operator::Multiply, ..) => a.multiply(&b),
                    (Operator::Divide, ..) => a.divide(&b)?,
                    // Checked: no truth value stands here.
                    _ => return None,
                }
            }
            NodeKind::Not(_) => return None,
        };
        within_limit(interval)
    }

    fn element(&self, node: &'e Node, choice: &Choice<'_>, reading: Reading) -> Option<Interval> {
        let (role, index) = self.element_of(node, choice, reading)?;
        self.elements(role, reading).get(index).cloned()
    }

    fn call(
        &self,
        node: &'e Node,
        function: Function,
        argument: &'e Node,
        choice: &Choice<'_>,
        reading: Reading,
    ) -> Option<Interval> {
        let elements = || match &argument.kind {
            NodeKind::Role(role) => Some(self.elements(role, reading)).filter(|values| !values.is_empty()),
            _ => None,
        };
        match function {
            Function::Any | Function::All | Function::First | Function::Last => {
                self.element(node, choice, reading)
            }
            Function::Sum => {
                let mut total = Interval::point(Rational::zero());
                for value in elements()?.iter() {
                    total = within_limit(total.add(value))?;
                }
                Some(total)
            }
            Function::Count => {
                let count = elements().map_or(0, |values| values.len());
                Some(Interval::point(Rational::from_integer(BigInt::from(count))))
            }
            Function::Min => elements()?.iter().cloned().reduce(|a, b| least(&a, &b)),
            Function::Max => {
                let least = elements()?.iter().map(Interval::negate).reduce(|a, b| least(&a, &b));
                least.map(|value| value.negate())
            }
            Function::Abs => Some(self.value(argument, choice, reading)?.abs()),
            Function::Floor => {
                let value = self.value(argument, choice, reading)?;
                let whole = |end: &Option<Endpoint>| {
                    end.as_ref().map(|end| Endpoint { value: end.value.floor(), closed: true })
                };
                Some(Interval { low: whole(&value.low), high: whole(&value.high) })
            }
            Function::Years => self.value(argument, choice, reading),
            Function::AsWritten => self.value(argument, choice, Reading::AsWritten),
            Function::Plain => self.value(argument, choice, Reading::Plain),
            Function::Unhedged => self.value(argument, choice, Reading::Unhedged),
            Function::Start => Some(Interval::point(self.value(argument, choice, reading)?.low?.value)),
            Function::End => Some(Interval::point(self.value(argument, choice, reading)?.high?.value)),
            Function::Year | Function::FirstYear => {
                let days = self.value(argument, choice, reading)?;
                let day = if function == Function::Year { days.high } else { days.low };
                let year = date(&day?.value)?.year();
                Some(Interval::point(Rational::from_integer(BigInt::from(year))))
            }
        }
    }

    /// Whether a part gives days. Only sums of a date and a duration are nested dates.
    fn is_date(&self, node: &Node) -> bool {
        match &node.kind {
            NodeKind::Role(role) => self.dates.contains(role),
            NodeKind::Call {
                function: Function::Count | Function::Year | Function::FirstYear | Function::Years,
                ..
            } => false,
            NodeKind::Call { argument, .. } => self.is_date(argument),
            NodeKind::Binary { operator: Operator::Add, left, right } => {
                self.is_date(left) || self.is_date(right)
            }
            NodeKind::Binary { operator: Operator::Subtract, left, right } => {
                self.is_date(left) && !self.is_date(right)
            }
            _ => false,
        }
    }
}

/// The number of a day.
pub(super) fn day(date: NaiveDate) -> Rational {
    Rational::from_integer(BigInt::from(date.num_days_from_ce()))
}

/// A calendar year has 365 or 366 days.
fn year_in_days() -> Interval {
    Interval::closed(Rational::from_integer(BigInt::from(365)), Rational::from_integer(BigInt::from(366)))
}

fn days(years: &Interval) -> Interval {
    years.multiply(&year_in_days())
}

fn years(days: &Interval) -> Interval {
    // A year never has zero days.
    days.divide(&year_in_days()).unwrap_or_else(Interval::everything)
}

/// The lesser of two values.
fn least(a: &Interval, b: &Interval) -> Interval {
    let high = match (&a.high, &b.high) {
        (Some(x), Some(y)) if x.value == y.value => {
            Some(Endpoint { value: x.value.clone(), closed: x.closed && y.closed })
        }
        (Some(x), Some(y)) => Some(if x.value < y.value { x.clone() } else { y.clone() }),
        (one, other) => one.clone().or_else(|| other.clone()),
    };
    Interval { low: a.hull(b).low, high }
}

/// An integer power; `None` when zero is raised to a negative one or the number gets too long.
fn power(base: &Interval, exponent: i32) -> Option<Interval> {
    let mut left = exponent.unsigned_abs();
    if left > EXPONENT_LIMIT.unsigned_abs() {
        return None;
    }
    let one = Interval::point(Rational::one());
    // An even power looks at the size alone, which keeps the interval tight across zero.
    let mut square = if left.is_multiple_of(2) { base.abs() } else { base.clone() };
    if !left.is_multiple_of(2) && spans_zero(base) {
        // Odd powers are monotone.
        let raise = |end: &Option<Endpoint>| match end {
            Some(end) => power(&Interval::point(end.value.clone()), exponent)
                .and_then(|value| value.low)
                .map(|value| Some(Endpoint { closed: end.closed, ..value })),
            None => Some(None),
        };
        return if exponent < 0 {
            None
        } else {
            Some(Interval { low: raise(&base.low)?, high: raise(&base.high)? })
        };
    }
    let mut result = one.clone();
    while left > 0 {
        if left % 2 == 1 {
            result = within_limit(result.multiply(&square))?;
        }
        left /= 2;
        if left > 0 {
            square = within_limit(square.multiply(&square))?;
        }
    }
    if exponent < 0 { one.divide(&result) } else { Some(result) }
}

/// All powers with an exponent in an interval: the base must be positive, as roots are no rationals.
fn power_between(base: &Interval, exponent: &Interval) -> Option<Interval> {
    let (low, high) = (&exponent.low.as_ref()?.value, &exponent.high.as_ref()?.value);
    if exponent.as_point().is_some_and(Rational::is_integer) {
        return power(base, low.to_integer().to_i32()?);
    }
    if !base.low.as_ref().is_some_and(|end| end.value.is_positive()) {
        return None;
    }
    // Monotone in the exponent, so the whole exponents around it enclose every power.
    let least = power(base, low.floor().to_integer().to_i32()?)?;
    let greatest = power(base, high.ceil().to_integer().to_i32()?)?;
    Some(least.hull(&greatest))
}

fn spans_zero(interval: &Interval) -> bool {
    let below = interval.low.as_ref().is_none_or(|end| end.value.is_negative());
    let above = interval.high.as_ref().is_none_or(|end| end.value.is_positive());
    below && above
}

fn within_limit(interval: Interval) -> Option<Interval> {
    let short = |end: &Option<Endpoint>| end.as_ref().is_none_or(|end| end.value.bits() <= BIT_LIMIT);
    (short(&interval.low) && short(&interval.high)).then_some(interval)
}

/// How far two sides are apart as a share of the greater; for choosing what to show.
pub(super) fn gap(left: &Interval, right: &Interval) -> Option<Rational> {
    let (left, right) = (middle(left)?, middle(right)?);
    let size = left.abs().max(right.abs());
    let apart = (left - right).abs();
    Some(if size.is_zero() { apart } else { apart / size })
}

fn middle(interval: &Interval) -> Option<Rational> {
    let (low, high) = (&interval.low.as_ref()?.value, &interval.high.as_ref()?.value);
    Some((low + high) / Rational::from_integer(BigInt::from(2)))
}

/// A date for a day's number; for showing.
pub(super) fn date(day: &Rational) -> Option<NaiveDate> {
    NaiveDate::from_num_days_from_ce_opt(day.to_integer().to_i32()?)
}
