use super::operator::{Operator, level};
use super::syntax::{Node, NodeKind};

/// How the parts of an expression are written.
pub(super) trait Style<'e> {
    /// The operator with the space around it.
    fn operator(&self, operator: Operator) -> String;
    /// A part that is written in a way of its own, with how tightly it binds.
    fn part(&self, node: &'e Node) -> Option<(String, u8)>;
}

/// As in a rule file, so that it parses to the same again.
pub(super) struct Ascii;

impl Style<'_> for Ascii {
    fn operator(&self, operator: Operator) -> String {
        format!(" {} ", operator.symbol())
    }

    fn part(&self, _: &Node) -> Option<(String, u8)> {
        None
    }
}

/// Writes the expression with as few parentheses as say the same.
pub(super) fn print<'e>(node: &'e Node, style: &dyn Style<'e>) -> String {
    write(node, style).0
}

/// The text and how tightly it binds. Depth is bounded by the parser.
pub(super) fn write<'e>(node: &'e Node, style: &dyn Style<'e>) -> (String, u8) {
    if let Some(part) = style.part(node) {
        return part;
    }
    let within = |node: &'e Node, least: u8| {
        let (text, binds) = write(node, style);
        if binds < least { format!("({text})") } else { text }
    };
    match &node.kind {
        NodeKind::Number { text, .. } => (text.clone(), level::ATOM),
        NodeKind::Role(name) => (name.clone(), level::ATOM),
        NodeKind::Call { function, argument } => {
            (format!("{}({})", function.name(), write(argument, style).0), level::ATOM)
        }
        NodeKind::Negative(inner) => {
            let sign = style.operator(Operator::Subtract);
            (format!("{}{}", sign.trim(), within(inner, level::SIGN)), level::SIGN)
        }
        NodeKind::Not(inner) => (format!("not {}", within(inner, level::NOT)), level::NOT),
        NodeKind::Binary { operator, left, right } => {
            let own = operator.level();
            let (least_left, least_right) = match operator {
                Operator::Power => (level::ATOM, level::SIGN),
                operator if operator.is_comparison() => (level::SUM, level::SUM),
                _ => (own, own + 1),
            };
            let (left, right) = (within(left, least_left), within(right, least_right));
            (format!("{left}{}{right}", style.operator(*operator)), own)
        }
    }
}
