use std::collections::HashMap;
use std::fmt;

use super::dimension::{self, Dimension, RoleInfo};
use super::function::Function;
use super::operator::Operator;
use super::print::{Ascii, print};
use super::syntax::{self, ExpressionError, Node, NodeKind};

/// A checked condition over the roles of a relation: `price ~= any(valuation) / 100`.
///
/// Comparisons ask whether they *can* hold for some values the written numbers may stand for:
/// `~=` (can be equal), `!~=` (can differ), `<`, `<=`, `>`, `>=`; joined by `and`, `or`, `not`. Values are
/// roles, numbers, `+ - * / ^` and the functions of [`Function`]. Inside a comparison `all` ranges outside `any`:
/// `all(a) ~= any(b)` says that every `a` has a `b`; the same role means the same value throughout.
#[derive(Clone, Debug, PartialEq)]
pub struct Expression {
    pub(super) root: Box<Node>,
    pub(super) condition: Condition,
    /// Roles whose values are dates.
    pub(super) dates: Vec<String>,
}

/// The expression with every `not` pushed down to the comparisons.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Condition {
    Both(Box<Condition>, Box<Condition>),
    Either(Box<Condition>, Box<Condition>),
    Compare(Box<Comparison>),
}

/// Two sides under the roles they range over, outermost first.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Comparison {
    pub operator: Operator,
    pub left: Side,
    pub right: Side,
    pub ranges: Vec<Range>,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Side {
    pub node: Node,
    pub dimension: Dimension,
}

/// A role with several values inside a comparison.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Range {
    pub role: String,
    /// Whether every value must satisfy the comparison, not just one.
    pub every: bool,
}

impl Expression {
    /// Parses an expression and checks it against the roles it may use.
    ///
    /// # Errors
    /// A fault of the grammar alone, or else every unknown name and every mismatch of dimensions.
    pub fn parse(text: &str, roles: &HashMap<String, RoleInfo>) -> Result<Self, Vec<ExpressionError>> {
        let root = syntax::parse(text).map_err(|error| vec![error])?;
        let errors = dimension::check(&root, roles);
        if !errors.is_empty() {
            return Err(errors);
        }
        let condition = lower(&root, false, roles);
        let mut dates = Vec::new();
        dimension::each_role(&root, &mut |name, _, _| {
            let is_date = roles.get(name).is_some_and(|role| Dimension::of(role.kind) == Dimension::Date);
            if is_date && !dates.iter().any(|date| date == name) {
                dates.push(name.to_owned());
            }
        });
        Ok(Self { root: Box::new(root), condition, dates })
    }

    /// The roles used, each once, in order.
    pub fn roles(&self) -> Vec<&str> {
        let mut names = Vec::new();
        dimension::each_role(&self.root, &mut |name, _, _| {
            if !names.contains(&name) {
                names.push(name);
            }
        });
        names
    }
}

impl fmt::Display for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&print(&self.root, &Ascii))
    }
}

/// Depth is bounded by the parser.
fn lower(node: &Node, negated: bool, roles: &HashMap<String, RoleInfo>) -> Condition {
    match &node.kind {
        NodeKind::Not(inner) => lower(inner, !negated, roles),
        NodeKind::Binary { operator: operator @ (Operator::And | Operator::Or), left, right } => {
            let left = Box::new(lower(left, negated, roles));
            let right = Box::new(lower(right, negated, roles));
            if (*operator == Operator::And) == negated {
                Condition::Either(left, right)
            } else {
                Condition::Both(left, right)
            }
        }
        NodeKind::Binary { operator, left, right } => {
            Condition::Compare(Box::new(comparison(*operator, left, right, negated, roles)))
        }
        // A checked truth value is one of the above; a lone value would compare with itself and hold.
        _ => Condition::Compare(Box::new(comparison(Operator::Equal, node, node, negated, roles))),
    }
}

fn comparison(
    operator: Operator,
    left: &Node,
    right: &Node,
    negated: bool,
    roles: &HashMap<String, RoleInfo>,
) -> Comparison {
    let mut ranges: Vec<Range> = Vec::new();
    for node in [left, right] {
        dimension::each_role(node, &mut |name, function, _| {
            let every = match function {
                Some(Function::All) => true,
                Some(Function::Any) => false,
                _ => return,
            };
            if ranges.iter().all(|range| range.role != name) {
                ranges.push(Range { role: name.to_owned(), every });
            }
        });
    }
    ranges.sort_by_key(|range| !range.every);
    for range in &mut ranges {
        range.every ^= negated;
    }
    let side = |node: &Node| Side { node: node.clone(), dimension: dimension::dimension(node, roles) };
    Comparison {
        operator: if negated { operator.negated() } else { operator },
        left: side(left),
        right: side(right),
        ranges,
    }
}
