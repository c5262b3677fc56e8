use std::collections::HashMap;
use std::fmt;

use super::function::{Function, Takes};
use super::operator::Operator;
use super::syntax::{ExpressionError, Node, NodeKind};
use crate::relation::RoleType;
use crate::source::{Span, closest};

/// The largest exponent of a dimension and of a power.
pub(super) const EXPONENT_LIMIT: i32 = 64;

/// A role of a relation, as an expression needs to know it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RoleInfo {
    pub kind: RoleType,
    /// Whether the role can have several values.
    pub many: bool,
    /// Whether the relation stands without it.
    pub optional: bool,
}

/// What a value measures; only like dimensions are added and compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Dimension {
    /// Amounts and years to integer powers; both zero is a plain number.
    Product { amount: i32, time: i32 },
    /// A day, as its number; only comparable with dates.
    Date,
}

impl Dimension {
    /// A plain number.
    pub const NUMBER: Self = Self::Product { amount: 0, time: 0 };
    /// Money, a measure or a count.
    pub const AMOUNT: Self = Self::Product { amount: 1, time: 0 };
    /// A length of time, in years.
    pub const TIME: Self = Self::Product { amount: 0, time: 1 };

    /// The dimension of what fills a role.
    pub fn of(kind: RoleType) -> Self {
        match kind {
            RoleType::Amount | RoleType::Money | RoleType::Level | RoleType::Rate => Self::AMOUNT,
            RoleType::Duration => Self::TIME,
            RoleType::Date | RoleType::Span => Self::Date,
            RoleType::Percent
            | RoleType::Points
            | RoleType::Multiple
            | RoleType::Number
            | RoleType::Direction
            | RoleType::Factor => Self::NUMBER,
        }
    }
}

impl fmt::Display for Dimension {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let power = |name: &str, exponent: i32| match exponent {
            1 => name.to_owned(),
            exponent => format!("{name}^{exponent}"),
        };
        match *self {
            Self::Date => f.write_str("a date"),
            Self::Product { amount: 0, time: 0 } => f.write_str("a plain number"),
            Self::Product { amount: 1, time: 0 } => f.write_str("an amount"),
            Self::Product { amount, time: 0 } => f.write_str(&power("amount", amount)),
            Self::Product { amount: 0, time } => f.write_str(&power("time", time)),
            Self::Product { amount, time } => {
                write!(f, "{} * {}", power("amount", amount), power("time", time))
            }
        }
    }
}

/// What is known of a part of an expression.
#[derive(Clone, Copy)]
enum Sort {
    /// A truth value.
    Truth,
    Value(Dimension),
    /// The number 0, which has every dimension.
    Zero,
    /// Something wrong was already reported.
    Wrong,
}

/// Checks names and dimensions; all that is wrong, in order of place.
pub(super) fn check(root: &Node, roles: &HashMap<String, RoleInfo>) -> Vec<ExpressionError> {
    let mut checker = Checker { roles, errors: Vec::new() };
    if let Sort::Value(_) | Sort::Zero = checker.sort(root) {
        checker.error(root.span, "the expression gives a value, not a verdict", "compare it: `… ~= …`");
    }
    checker.errors.sort_by_key(|error| error.span);
    checker.errors
}

/// The dimension of a part that passed [`check`].
pub(super) fn dimension(node: &Node, roles: &HashMap<String, RoleInfo>) -> Dimension {
    match (Checker { roles, errors: Vec::new() }).sort(node) {
        Sort::Value(dimension) => dimension,
        Sort::Truth | Sort::Zero | Sort::Wrong => Dimension::NUMBER,
    }
}

/// Calls `found` for every role of the part, with the function that picks from it.
pub(super) fn each_role<'n>(node: &'n Node, found: &mut dyn FnMut(&'n str, Option<Function>, Span)) {
    match &node.kind {
        NodeKind::Number { .. } => {}
        NodeKind::Role(name) => found(name, None, node.span),
        NodeKind::Call { function, argument } => match &argument.kind {
            NodeKind::Role(name) => found(name, Some(*function), node.span),
            _ => each_role(argument, found),
        },
        NodeKind::Negative(inner) | NodeKind::Not(inner) => each_role(inner, found),
        NodeKind::Binary { left, right, .. } => {
            each_role(left, found);
            each_role(right, found);
        }
    }
}

struct Checker<'r> {
    roles: &'r HashMap<String, RoleInfo>,
    errors: Vec<ExpressionError>,
}

impl Checker<'_> {
    fn error(&mut self, span: Span, message: impl Into<String>, help: impl Into<String>) -> Sort {
        self.errors.push(ExpressionError { span, message: message.into(), help: Some(help.into()) });
        Sort::Wrong
    }

    fn sort(&mut self, node: &Node) -> Sort {
        match &node.kind {
            NodeKind::Number { value, .. } if num_traits::Zero::is_zero(value) => Sort::Zero,
            NodeKind::Number { .. } => Sort::Value(Dimension::NUMBER),
            NodeKind::Role(name) => self.role(name, node.span, None),
            NodeKind::Call { function, argument } => self.call(*function, argument),
            NodeKind::Negative(inner) => match self.value(inner) {
                Sort::Value(Dimension::Date) => {
                    self.error(node.span, "a date cannot be negated", "subtract two dates to get a duration")
                }
                sort => sort,
            },
            NodeKind::Not(inner) => self.truth(inner),
            NodeKind::Binary { operator: Operator::Or | Operator::And, left, right } => {
                let sorts = (self.truth(left), self.truth(right));
                if let (Sort::Truth, Sort::Truth) = sorts { Sort::Truth } else { Sort::Wrong }
            }
            NodeKind::Binary { operator, left, right } if operator.is_comparison() => {
                self.comparison(node.span, left, right)
            }
            NodeKind::Binary { operator: Operator::Power, left, right } => self.power(node.span, left, right),
            NodeKind::Binary { operator, left, right } => {
                let sorts = (self.value(left), self.value(right));
                self.arithmetic(node.span, *operator, sorts)
            }
        }
    }

    /// The sort of a part that must be a truth value.
    fn truth(&mut self, node: &Node) -> Sort {
        match self.sort(node) {
            Sort::Value(_) | Sort::Zero => {
                self.error(node.span, "a value stands where a comparison is expected", "compare it: `… ~= …`")
            }
            sort => sort,
        }
    }

    /// The sort of a part that must be a value.
    fn value(&mut self, node: &Node) -> Sort {
        match self.sort(node) {
            Sort::Truth => self.error(
                node.span,
                "a comparison stands where a value is expected",
                "put the comparison outside, joined by `and` or `or`",
            ),
            sort => sort,
        }
    }

    fn role(&mut self, name: &str, span: Span, function: Option<Function>) -> Sort {
        let Some(role) = self.roles.get(name) else {
            let mut names: Vec<&str> = self.roles.keys().map(String::as_str).collect();
            names.sort_unstable();
            let subtracted = name.split('-').all(|part| self.roles.contains_key(part));
            let help = match closest(name, names.iter().copied()) {
                _ if subtracted => format!("put spaces around the minus: {}", name.replace('-', " - ")),
                Some(near) => format!("did you mean `{near}`?"),
                None if names.is_empty() => "this relation has no roles".to_owned(),
                None => format!("the roles are {}", names.join(", ")),
            };
            return self.error(span, format!("there is no role `{name}`"), help);
        };
        if role.many && function.is_none_or(|function| function.takes() != Takes::Role) {
            let help = format!(
                "say which: any({name}), all({name}), sum({name}), first({name}), last({name}), min({name}) or max({name})"
            );
            return self.error(span, format!("`{name}` can have several values"), help);
        }
        Sort::Value(Dimension::of(role.kind))
    }

    fn call(&mut self, function: Function, argument: &Node) -> Sort {
        let name = function.name();
        match function.takes() {
            Takes::Role => {
                let NodeKind::Role(role) = &argument.kind else {
                    let message = format!("`{name}` takes the name of a role");
                    return self.error(argument.span, message, format!("write `{name}(role)`"));
                };
                let sort = self.role(role, argument.span, Some(function));
                match (function, sort) {
                    (Function::Count, Sort::Value(_)) => Sort::Value(Dimension::NUMBER),
                    (Function::Sum, Sort::Value(Dimension::Date)) => {
                        self.error(argument.span, "dates cannot be added", "use first, last, min or max")
                    }
                    (_, sort) => sort,
                }
            }
            Takes::Date => match self.value(argument) {
                Sort::Wrong => Sort::Wrong,
                Sort::Value(Dimension::Date) if is_date(argument) => match function {
                    Function::Year | Function::FirstYear => Sort::Value(Dimension::NUMBER),
                    _ => Sort::Value(Dimension::Date),
                },
                Sort::Value(Dimension::Date) => self.error(
                    argument.span,
                    format!("`{name}` takes a date as it stands in the text"),
                    format!("write `{name}(role)` or `{name}(last(role))`"),
                ),
                sort => self.mismatch(argument.span, name, "a date", sort),
            },
            Takes::Arithmetic => match (function, self.value(argument)) {
                (_, Sort::Wrong) => Sort::Wrong,
                (Function::Years, Sort::Value(Dimension::TIME)) => Sort::Value(Dimension::NUMBER),
                (Function::Years, sort) => self.mismatch(argument.span, name, "a duration", sort),
                (Function::Floor, Sort::Value(Dimension::NUMBER)) => Sort::Value(Dimension::NUMBER),
                (Function::Floor, sort) => self.mismatch(argument.span, name, "a plain number", sort),
                (Function::Abs, Sort::Value(Dimension::Date)) => {
                    let sort = Sort::Value(Dimension::Date);
                    self.mismatch(argument.span, name, "a number or an amount", sort)
                }
                (_, sort) => sort,
            },
        }
    }

    fn mismatch(&mut self, span: Span, name: &str, wanted: &str, found: Sort) -> Sort {
        let found = match found {
            Sort::Value(dimension) => dimension.to_string(),
            _ => "a constant".to_owned(),
        };
        self.error(span, format!("`{name}` takes {wanted}, this is {found}"), "see the types of the roles")
    }

    fn comparison(&mut self, span: Span, left: &Node, right: &Node) -> Sort {
        let sorts = (self.value(left), self.value(right));
        let dimensions = match sorts {
            (Sort::Wrong, _) | (_, Sort::Wrong) => return Sort::Wrong,
            (Sort::Value(a), Sort::Value(b)) => Some((a, b)),
            (Sort::Zero, Sort::Value(Dimension::Date)) | (Sort::Value(Dimension::Date), Sort::Zero) => {
                Some((Dimension::Date, Dimension::NUMBER))
            }
            _ => None,
        };
        if let Some((a, b)) = dimensions.filter(|(a, b)| a != b) {
            return self.unlike(span, "compared with", a, b);
        }
        let mut constant = true;
        let mut quantified: Vec<(&str, Function)> = Vec::new();
        let mut mixed = None;
        for side in [left, right] {
            each_role(side, &mut |name, function, span| {
                constant = false;
                if let Some(function @ (Function::Any | Function::All)) = function {
                    if quantified.iter().any(|(other, picked)| *other == name && *picked != function) {
                        mixed = Some((name.to_owned(), span));
                    }
                    quantified.push((name, function));
                }
            });
        }
        if let Some((name, span)) = mixed {
            let message = format!("any({name}) and all({name}) in one comparison");
            return self.error(span, message, "write two comparisons joined by `and`");
        }
        if constant {
            let message = "both sides are constants, so this never depends on the text";
            return self.error(span, message, "compare a role");
        }
        if left == right {
            let message = "both sides are the same, so this can never fail";
            return self.error(span, message, "compare two different things");
        }
        Sort::Truth
    }

    fn unlike(&mut self, span: Span, done: &str, left: Dimension, right: Dimension) -> Sort {
        let help = match (left, right) {
            (Dimension::Date, _) | (_, Dimension::Date) => {
                "take the calendar year with year(…), or subtract two dates to get a duration"
            }
            (Dimension::TIME, Dimension::NUMBER) | (Dimension::NUMBER, Dimension::TIME) => {
                "take the number of years with years(…)"
            }
            _ => "divide or multiply so that both sides measure the same",
        };
        self.error(span, format!("{left} cannot be {done} {right}"), help)
    }

    fn arithmetic(&mut self, span: Span, operator: Operator, sorts: (Sort, Sort)) -> Sort {
        let (left, right) = match sorts {
            (Sort::Value(left), Sort::Value(right)) => (left, right),
            (Sort::Zero, Sort::Zero) => return Sort::Zero,
            (Sort::Zero, sort @ Sort::Value(_)) | (sort @ Sort::Value(_), Sort::Zero) => {
                return match (operator, sort) {
                    (Operator::Add | Operator::Subtract, sort) => sort,
                    (Operator::Divide, _) if matches!(sorts.1, Sort::Zero) => {
                        self.error(span, "division by zero", "divide by something else")
                    }
                    _ => Sort::Zero,
                };
            }
            _ => return Sort::Wrong,
        };
        match (operator, left, right) {
            (Operator::Subtract, Dimension::Date, Dimension::Date) => Sort::Value(Dimension::TIME),
            (Operator::Add | Operator::Subtract, Dimension::Date, Dimension::TIME)
            | (Operator::Add, Dimension::TIME, Dimension::Date) => Sort::Value(Dimension::Date),
            (Operator::Add, ..) if left != right || left == Dimension::Date => {
                self.unlike(span, "added to", left, right)
            }
            (Operator::Subtract, ..) if left != right => self.unlike(span, "combined with", left, right),
            (Operator::Add | Operator::Subtract, ..) => Sort::Value(left),
            (_, Dimension::Product { amount: a, time: t }, Dimension::Product { amount: b, time: u }) => {
                let sign = if operator == Operator::Divide { -1 } else { 1 };
                self.product(span, a + sign * b, t + sign * u)
            }
            _ => self.unlike(
                span,
                if operator == Operator::Divide { "divided by" } else { "multiplied by" },
                left,
                right,
            ),
        }
    }

    fn power(&mut self, span: Span, base: &Node, exponent: &Node) -> Sort {
        let sorts = (self.value(base), self.value(exponent));
        if let (Sort::Wrong, _) | (_, Sort::Wrong) = sorts {
            return Sort::Wrong;
        }
        if let Some(n) = integer(exponent) {
            return match sorts.0 {
                _ if n.abs() > EXPONENT_LIMIT => self.error(
                    exponent.span,
                    "the exponent is too large",
                    format!("exponents go from -{EXPONENT_LIMIT} to {EXPONENT_LIMIT}"),
                ),
                Sort::Value(Dimension::Product { amount, time }) => self.product(span, amount * n, time * n),
                Sort::Value(Dimension::Date) => {
                    self.error(span, "a date has no powers", "subtract two dates to get a duration")
                }
                sort => sort,
            };
        }
        if let NodeKind::Number { .. } = exponent.kind {
            return self.error(exponent.span, "the exponent is no integer", "roots are not supported");
        }
        match sorts {
            (Sort::Value(Dimension::NUMBER) | Sort::Zero, Sort::Value(Dimension::NUMBER)) => {
                Sort::Value(Dimension::NUMBER)
            }
            (Sort::Value(base), Sort::Value(Dimension::NUMBER)) => self.error(
                span,
                format!("{base} takes a written exponent only"),
                "divide first to get a plain number",
            ),
            (_, Sort::Value(other)) => self.error(
                exponent.span,
                format!("the exponent is {other}, not a plain number"),
                "years(…) makes a number of a duration",
            ),
            _ => Sort::Wrong,
        }
    }

    fn product(&mut self, span: Span, amount: i32, time: i32) -> Sort {
        if amount.abs() > EXPONENT_LIMIT || time.abs() > EXPONENT_LIMIT {
            return self.error(span, "the power of the dimension is too large", "simplify the expression");
        }
        Sort::Value(Dimension::Product { amount, time })
    }
}

/// The written integer, if the part is one.
pub(super) fn integer(node: &Node) -> Option<i32> {
    match &node.kind {
        NodeKind::Number { value, .. } if value.is_integer() => {
            // Far out of every limit when it does not fit.
            Some(i32::try_from(value.to_integer()).unwrap_or(i32::MAX))
        }
        NodeKind::Negative(inner) => integer(inner).map(|n| -n),
        _ => None,
    }
}

/// Whether the part is a date of the text, or one end of it.
fn is_date(node: &Node) -> bool {
    match &node.kind {
        NodeKind::Role(_) => true,
        NodeKind::Call { function, argument } => {
            matches!(
                function,
                Function::Any
                    | Function::All
                    | Function::First
                    | Function::Last
                    | Function::Min
                    | Function::Max
                    | Function::Start
                    | Function::End
            ) && is_date(argument)
        }
        _ => false,
    }
}
