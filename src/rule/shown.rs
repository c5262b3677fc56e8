use std::fmt;
use std::rc::Rc;

use super::dimension::{Dimension, each_role};
use super::evaluate::{Choice, Frame, RoleValues, Verdict, date, gap};
use super::expression::{Comparison, Condition, Expression, Range, Side};
use super::function::Function;
use super::operator::{Operator, level};
use super::print::{Style, print, write};
use super::syntax::{Node, NodeKind};
use crate::quantity::{Interval, Rational, Reading};

/// A comparison that failed, to be shown with the words of the text: `1100亿 ÷ 1706亿 = 64.48%`.
#[derive(Debug)]
pub struct ComparisonShown<'e> {
    /// What the rule demands between the sides.
    pub operator: Operator,
    pub left: SideShown<'e>,
    pub right: SideShown<'e>,
}

/// One side of a failed comparison.
pub struct SideShown<'e> {
    /// The value without any rounding; unbounded when that cannot be told.
    pub value: Interval,
    pub dimension: Dimension,
    /// Whether the side computes something, rather than being one value or constant as written.
    pub arithmetic: bool,
    /// The values it takes from the text, as role and index among the role's values, in order.
    pub operands: Vec<(&'e str, usize)>,
    node: &'e Node,
    frame: Rc<Frame<'e>>,
    choice: Choice<'e>,
}

impl fmt::Debug for SideShown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SideShown")
            .field("text", &self.render(&|role, index| format!("{role}[{index}]")))
            .field("value", &self.value)
            .field("dimension", &self.dimension)
            .finish()
    }
}

impl Expression {
    /// The comparisons that make the expression contradicted under a reading, in order; empty when it is not.
    ///
    /// Where a comparison fails for all of several values, the value that comes closest is shown.
    pub fn contradicted_comparisons<'e>(
        &'e self,
        roles: &'e dyn RoleValues,
        reading: Reading,
    ) -> Vec<ComparisonShown<'e>> {
        let frame = Rc::new(Frame::new(self, roles));
        let mut shown = Vec::new();
        collect(&frame, &self.condition, reading, &mut shown);
        shown
    }
}

/// Depth is bounded by the parser.
fn collect<'e>(
    frame: &Rc<Frame<'e>>,
    condition: &'e Condition,
    reading: Reading,
    shown: &mut Vec<ComparisonShown<'e>>,
) {
    if frame.condition(condition, reading) != Verdict::Contradicted {
        return;
    }
    match condition {
        // The first part that fails decides; what follows it may be about a case that does not apply.
        Condition::Both(left, right) => {
            let before = shown.len();
            collect(frame, left, reading, shown);
            if shown.len() == before {
                collect(frame, right, reading, shown);
            }
        }
        Condition::Either(left, right) => {
            collect(frame, left, reading, shown);
            collect(frame, right, reading, shown);
        }
        Condition::Compare(comparison) => {
            let (choice, _) = failing(frame, comparison, &comparison.ranges, &mut Vec::new(), reading);
            let side = |side| show(frame, side, &choice);
            let (left, right) = (side(&comparison.left), side(&comparison.right));
            shown.push(ComparisonShown { operator: comparison.operator, left, right });
        }
    }
}

/// A choice of values for which the comparison fails, and how far its sides are apart then.
fn failing<'e>(
    frame: &Frame<'e>,
    comparison: &'e Comparison,
    open: &'e [Range],
    choice: &mut Choice<'e>,
    reading: Reading,
) -> (Choice<'e>, Option<Rational>) {
    let Some((range, open)) = open.split_first() else {
        let value = |side: &'e Side| frame.value(&side.node, choice, Reading::AsWritten);
        let sides = value(&comparison.left).zip(value(&comparison.right));
        return (choice.clone(), sides.and_then(|(left, right)| gap(&left, &right)));
    };
    let mut nearest: Option<(Choice<'e>, Option<Rational>)> = None;
    for index in 0..frame.elements(&range.role, reading).len() {
        choice.push((&range.role, index));
        let fails = frame.ranged(comparison, open, choice, reading) == Verdict::Contradicted;
        let found = fails.then(|| failing(frame, comparison, open, choice, reading));
        choice.pop();
        match found {
            Some(found) if range.every => return found,
            Some(found) => {
                let nearer = match (&found.1, nearest.as_ref().map(|(_, gap)| gap)) {
                    (_, None) => true,
                    (Some(gap), Some(Some(least))) => gap < least,
                    (gap, Some(None)) => gap.is_some(),
                    (None, _) => false,
                };
                if nearer {
                    nearest = Some(found);
                }
            }
            None => {}
        }
    }
    nearest.unwrap_or_else(|| (choice.clone(), None))
}

fn show<'e>(frame: &Rc<Frame<'e>>, side: &'e Side, choice: &Choice<'e>) -> SideShown<'e> {
    let mut operands = Vec::new();
    each_role(&side.node, &mut |role, function, _| {
        let count = frame.elements(role, Reading::AsWritten).len();
        let chosen = choice.iter().find(|(name, _)| *name == role).map(|(_, index)| *index);
        let taken = match function {
            Some(Function::Any | Function::All) => chosen.map_or(0..count, |index| index..index + 1),
            Some(Function::First) => 0..count.min(1),
            Some(Function::Last) => count.saturating_sub(1)..count,
            _ => 0..count,
        };
        for operand in taken.map(|index| (role, index)) {
            if !operands.contains(&operand) {
                operands.push(operand);
            }
        }
    });
    let value = frame.value(&side.node, choice, Reading::AsWritten).unwrap_or_else(Interval::everything);
    let core = unwrapped(&side.node);
    let plain = match &core.kind {
        NodeKind::Number { .. } => true,
        // What is rounded down is shown by the other side.
        NodeKind::Call { function: Function::Floor, .. } => true,
        NodeKind::Negative(inner) => matches!(inner.kind, NodeKind::Number { .. }),
        _ => operands.len() == 1 && frame.element_of(core, choice, Reading::AsWritten).is_some(),
    };
    SideShown {
        value,
        dimension: side.dimension,
        arithmetic: !plain,
        operands,
        node: &side.node,
        frame: Rc::clone(frame),
        choice: choice.clone(),
    }
}

/// The part without functions that change its reading or its unit only.
fn unwrapped(node: &Node) -> &Node {
    match &node.kind {
        NodeKind::Call {
            function: Function::AsWritten | Function::Plain | Function::Unhedged | Function::Years,
            argument,
        } => unwrapped(argument),
        // |x| of one figure is that figure to a reader.
        NodeKind::Call { function: Function::Abs, argument }
            if matches!(argument.kind, NodeKind::Role(_)) =>
        {
            argument
        }
        _ => node,
    }
}

impl SideShown<'_> {
    /// The side with `×`, `÷`, `−` and every role replaced by `operand(role, index)`, its words in the text.
    pub fn render(&self, operand: &dyn Fn(&str, usize) -> String) -> String {
        print(self.node, &Worded { side: self, operand })
    }
}

/// With the signs of arithmetic and the words of the text.
struct Worded<'s, 'e> {
    side: &'s SideShown<'e>,
    operand: &'s dyn Fn(&str, usize) -> String,
}

impl<'e> Worded<'_, 'e> {
    fn elements(&self, argument: &'e Node) -> Option<Vec<String>> {
        let NodeKind::Role(role) = &argument.kind else {
            return None;
        };
        let count = self.side.frame.elements(role, Reading::AsWritten).len();
        (count > 0).then(|| (0..count).map(|index| (self.operand)(role, index)).collect())
    }
}

impl<'e> Style<'e> for Worded<'_, 'e> {
    fn operator(&self, operator: Operator) -> String {
        match operator {
            Operator::Multiply => " × ".to_owned(),
            Operator::Divide => " ÷ ".to_owned(),
            Operator::Subtract => " − ".to_owned(),
            Operator::Power => "^".to_owned(),
            other => format!(" {} ", other.symbol()),
        }
    }

    fn part(&self, node: &'e Node) -> Option<(String, u8)> {
        let SideShown { frame, choice, .. } = self.side;
        if let Some((role, index)) = frame.element_of(node, choice, Reading::AsWritten) {
            return Some(((self.operand)(role, index), level::ATOM));
        }
        let NodeKind::Call { function, argument } = &node.kind else {
            return None;
        };
        let computed = || frame.value(node, choice, Reading::AsWritten)?.as_point().cloned();
        match function {
            Function::AsWritten | Function::Plain | Function::Unhedged | Function::Years => {
                Some(write(argument, self))
            }
            Function::Abs if matches!(argument.kind, NodeKind::Role(_)) => Some(write(argument, self)),
            Function::Floor => Some((format!("⌊{}⌋", write(argument, self).0), level::ATOM)),
            Function::Abs => Some((format!("|{}|", write(argument, self).0), level::ATOM)),
            Function::Sum => {
                let parts = self.elements(argument)?;
                let binds = if parts.len() > 1 { level::SUM } else { level::ATOM };
                Some((parts.join(" + "), binds))
            }
            Function::Min | Function::Max => {
                let parts = self.elements(argument)?;
                let list = format!("{}({})", function.name(), parts.join(", "));
                Some((if parts.len() > 1 { list } else { parts.concat() }, level::ATOM))
            }
            Function::Count | Function::Year | Function::FirstYear => {
                Some((computed()?.to_string(), level::ATOM))
            }
            Function::Start | Function::End => Some((date(&computed()?)?.to_string(), level::ATOM)),
            Function::Any | Function::All | Function::First | Function::Last => None,
        }
    }
}
