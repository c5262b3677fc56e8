use nom::branch::alt;
use nom::bytes::complete::{tag, take_while, take_while1};
use nom::character::complete::{digit1, multispace0};
use nom::combinator::{opt, recognize, value};
use nom::error::{ErrorKind, ParseError};
use nom::sequence::{pair, preceded};
use nom::{IResult, Parser};
use num_bigint::BigInt;

use super::function::Function;
use super::operator::Operator;
use crate::quantity::Rational;
use crate::source::Span;
use crate::source::closest;

/// How deep a syntax tree may get; walks over it are recursive.
const DEPTH_LIMIT: usize = 64;
/// How deep parentheses and signs may nest; each level costs the parser a dozen calls.
const NESTING_LIMIT: usize = 16;
/// The longest expression, in bytes.
const LENGTH_LIMIT: usize = 4096;
/// The longest number, in bytes.
const NUMBER_LIMIT: usize = 40;

/// What is wrong with an expression, with the place inside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExpressionError {
    /// Bytes of the expression; empty at the end when something is missing there.
    pub span: Span,
    /// What was found, and what it broke.
    pub message: String,
    /// The way out.
    pub help: Option<String>,
}

/// A part of an expression; two are equal when they say the same, wherever they stand.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub span: Span,
    pub kind: NodeKind,
    depth: usize,
}

impl PartialEq for Node {
    fn eq(&self, other: &Self) -> bool {
        self.kind == other.kind
    }
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum NodeKind {
    Number { text: String, value: Rational },
    Role(String),
    Call { function: Function, argument: Box<Node> },
    Negative(Box<Node>),
    Not(Box<Node>),
    Binary { operator: Operator, left: Box<Node>, right: Box<Node> },
}

impl Node {
    fn new(span: Span, kind: NodeKind) -> Self {
        let below = match &kind {
            NodeKind::Number { .. } | NodeKind::Role(_) => 0,
            NodeKind::Call { argument: inner, .. } | NodeKind::Negative(inner) | NodeKind::Not(inner) => {
                inner.depth
            }
            NodeKind::Binary { left, right, .. } => left.depth.max(right.depth),
        };
        Self { span, kind, depth: below + 1 }
    }
}

/// Parses an expression; names of functions are resolved, names of roles are not.
pub(super) fn parse(text: &str) -> Result<Node, ExpressionError> {
    let grammar = Grammar { whole: text };
    let parsed = if text.len() > LENGTH_LIMIT {
        Err(grammar.failure(text, text.len(), "the expression is too long", "split the rule into several"))
    } else {
        grammar.expression(text)
    };
    parsed.map_err(|error| match error {
        nom::Err::Error(trouble) | nom::Err::Failure(trouble) => {
            let start = text.len() - trouble.left;
            ExpressionError {
                span: Span::new(start, start + trouble.length),
                message: trouble.message,
                help: trouble.help,
            }
        }
        nom::Err::Incomplete(_) => ExpressionError {
            span: Span::new(text.len(), text.len()),
            message: "the expression is cut off".to_owned(),
            help: None,
        },
    })
}

/// A fault at the place where `left` bytes of the text are still to be read.
#[derive(Debug)]
struct Trouble {
    left: usize,
    length: usize,
    message: String,
    help: Option<String>,
}

impl<'a> ParseError<&'a str> for Trouble {
    fn from_error_kind(input: &'a str, _: ErrorKind) -> Self {
        // Never shown: a soft error is always replaced by one that says what was expected.
        Trouble { left: input.len(), length: 0, message: "unexpected text".to_owned(), help: None }
    }

    fn append(_: &'a str, _: ErrorKind, other: Self) -> Self {
        other
    }
}

type Parsed<'a, T> = IResult<&'a str, T, Trouble>;

struct Grammar<'a> {
    whole: &'a str,
}

type Operand<'a> = fn(&Grammar<'a>, &'a str, usize) -> Parsed<'a, Node>;
type Between<'a> = fn(&Grammar<'a>, &'a str) -> Parsed<'a, Operator>;

impl<'a> Grammar<'a> {
    fn expression(&self, text: &'a str) -> Result<Node, nom::Err<Trouble>> {
        let (rest, node) = preceded(multispace0, |input| self.or(input, 0)).parse(text)?;
        let (rest, _) = multispace0(rest)?;
        if rest.is_empty() { Ok(node) } else { Err(self.unexpected(rest, "an operator")) }
    }

    fn or(&self, input: &'a str, nesting: usize) -> Parsed<'a, Node> {
        self.chain(input, nesting, Self::and, |_, input| value(Operator::Or, word("or")).parse(input))
    }

    fn and(&self, input: &'a str, nesting: usize) -> Parsed<'a, Node> {
        self.chain(input, nesting, Self::not, |_, input| value(Operator::And, word("and")).parse(input))
    }

    fn not(&self, input: &'a str, nesting: usize) -> Parsed<'a, Node> {
        match word("not")(input) {
            Ok((rest, _)) => {
                let (rest, _) = multispace0(rest)?;
                let (rest, inner) = self.deeper(input, nesting).and_then(|deep| self.not(rest, deep))?;
                Ok((rest, self.node(input, rest, NodeKind::Not(Box::new(inner)))?))
            }
            Err(_) => self.comparison(input, nesting),
        }
    }

    fn comparison(&self, input: &'a str, nesting: usize) -> Parsed<'a, Node> {
        let (rest, left) = self.sum(input, nesting)?;
        let (after, _) = multispace0(rest)?;
        let operator = match self.comparator(after) {
            Ok((after, operator)) => (after, operator),
            Err(nom::Err::Error(_)) => return Ok((rest, left)),
            Err(failure) => return Err(failure),
        };
        let (after, _) = multispace0(operator.0)?;
        let (rest, right) = self.sum(after, nesting)?;
        let node = self.binary(input, rest, operator.1, left, right)?;
        let (after, _) = multispace0(rest)?;
        if let Ok((beyond, _)) = self.comparator(after) {
            let length = after.len() - beyond.len();
            return Err(self.failure(
                after,
                length,
                "comparisons do not chain",
                "write two comparisons joined by `and`",
            ));
        }
        Ok((rest, node))
    }

    fn comparator(&self, input: &'a str) -> Parsed<'a, Operator> {
        let found: Parsed<'a, Operator> = alt((
            value(Operator::Unequal, tag("!~=")),
            value(Operator::Equal, tag("~=")),
            value(Operator::AtMost, tag("<=")),
            value(Operator::AtLeast, tag(">=")),
            value(Operator::Below, tag("<")),
            value(Operator::Above, tag(">")),
        ))
        .parse(input);
        if found.is_ok() {
            return found;
        }
        let foreign: [(&str, &str); 8] = [
            ("==", "~="),
            ("!=", "!~="),
            ("=", "~="),
            ("≈", "~="),
            ("≠", "!~="),
            ("≤", "<="),
            ("≥", ">="),
            ("≦", "<="),
        ];
        for (written, meant) in foreign {
            if input.starts_with(written) {
                let message = format!("`{written}` is no comparison");
                return Err(self.failure(input, written.len(), message, format!("write `{meant}`")));
            }
        }
        found
    }

    fn sum(&self, input: &'a str, nesting: usize) -> Parsed<'a, Node> {
        self.chain(input, nesting, Self::product, |grammar, input| {
            grammar.foreign_operator(input, &["−", "–", "＋"], &["-", "-", "+"])?;
            alt((value(Operator::Add, tag("+")), value(Operator::Subtract, tag("-")))).parse(input)
        })
    }

    fn product(&self, input: &'a str, nesting: usize) -> Parsed<'a, Node> {
        self.chain(input, nesting, Self::sign, |grammar, input| {
            grammar.foreign_operator(input, &["**", "×", "·", "÷"], &["^", "*", "*", "/"])?;
            alt((value(Operator::Multiply, tag("*")), value(Operator::Divide, tag("/")))).parse(input)
        })
    }

    fn foreign_operator(
        &self,
        input: &'a str,
        written: &[&str],
        meant: &[&str],
    ) -> Result<(), nom::Err<Trouble>> {
        match written.iter().zip(meant).find(|(written, _)| input.starts_with(**written)) {
            Some((written, meant)) => Err(self.failure(
                input,
                written.len(),
                format!("`{written}` is no operator"),
                format!("write `{meant}`"),
            )),
            None => Ok(()),
        }
    }

    fn sign(&self, input: &'a str, nesting: usize) -> Parsed<'a, Node> {
        let minus: Parsed<'a, &str> = tag("-")(input);
        let Ok((rest, _)) = minus else {
            return self.power(input, nesting);
        };
        let (rest, _) = multispace0(rest)?;
        let (rest, inner) = self.deeper(input, nesting).and_then(|deep| self.sign(rest, deep))?;
        Ok((rest, self.node(input, rest, NodeKind::Negative(Box::new(inner)))?))
    }

    fn power(&self, input: &'a str, nesting: usize) -> Parsed<'a, Node> {
        let (rest, base) = self.atom(input, nesting)?;
        let (after, _) = multispace0(rest)?;
        let caret: Parsed<'a, &str> = tag("^")(after);
        let Ok((after, _)) = caret else {
            return Ok((rest, base));
        };
        let (after, _) = multispace0(after)?;
        let (rest, exponent) = self.deeper(input, nesting).and_then(|deep| self.sign(after, deep))?;
        Ok((rest, self.binary(input, rest, Operator::Power, base, exponent)?))
    }

    fn atom(&self, input: &'a str, nesting: usize) -> Parsed<'a, Node> {
        let open: Parsed<'a, &str> = tag("(")(input);
        if let Ok((rest, _)) = open {
            let (rest, _) = multispace0(rest)?;
            let (rest, inner) = self.deeper(input, nesting).and_then(|deep| self.or(rest, deep))?;
            let (rest, _) = self.close(rest)?;
            return Ok((rest, Node { span: self.span(input, rest), ..inner }));
        }
        let written: Parsed<'a, &str> = recognize(pair(digit1, opt(pair(tag("."), digit1)))).parse(input);
        if let Ok((rest, text)) = written {
            return self.number(input, rest, text);
        }
        let Ok((rest, text)) = name(input) else {
            return Err(self.unexpected(input, "a number, a role or a function"));
        };
        if matches!(text, "and" | "or" | "not") {
            return Err(self.unexpected(input, "a number, a role or a function"));
        }
        let (after, _) = multispace0(rest)?;
        let open: Parsed<'a, &str> = tag("(")(after);
        match open {
            Ok((after, _)) => self.call(input, text, after, nesting),
            Err(_) => Ok((rest, self.node(input, rest, NodeKind::Role(text.to_owned()))?)),
        }
    }

    fn number(&self, input: &'a str, rest: &'a str, text: &'a str) -> Parsed<'a, Node> {
        if text.len() > NUMBER_LIMIT {
            return Err(self.failure(input, text.len(), "the number is too long", "write at most 40 digits"));
        }
        if rest.starts_with('%') {
            let help = "percents are fractions: write 0.65 for 65 %";
            return Err(self.failure(input, text.len() + 1, "a number takes no `%`", help));
        }
        if rest.starts_with(|next: char| next.is_alphanumeric() || next == '.') {
            return Err(self.unexpected(rest, "an operator"));
        }
        let scale = text.find('.').map_or(0, |point| text.len() - point - 1);
        let digits: BigInt = text
            .bytes()
            .filter(u8::is_ascii_digit)
            .fold(BigInt::ZERO, |number, digit| number * 10 + u32::from(digit - b'0'));
        let value = Rational::new(digits, num_traits::pow(BigInt::from(10), scale));
        Ok((rest, self.node(input, rest, NodeKind::Number { text: text.to_owned(), value })?))
    }

    fn call(&self, input: &'a str, called: &'a str, after: &'a str, nesting: usize) -> Parsed<'a, Node> {
        let Some(function) = Function::named(called) else {
            let names = Function::ALL.map(Function::name);
            let help = match closest(called, names) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("the functions are {}", names.join(", ")),
            };
            let message = format!("there is no function `{called}`");
            return Err(self.failure(input, called.len(), message, help));
        };
        let (after, _) = multispace0(after)?;
        let (rest, argument) = self.deeper(input, nesting).and_then(|deep| self.or(after, deep))?;
        let (after, _) = multispace0(rest)?;
        if after.starts_with(',') {
            let message = format!("`{called}` takes one argument");
            return Err(self.failure(after, 1, message, "a role with several values is one argument"));
        }
        let (rest, _) = self.close(rest)?;
        let kind = NodeKind::Call { function, argument: Box::new(argument) };
        Ok((rest, self.node(input, rest, kind)?))
    }

    fn close(&self, input: &'a str) -> Parsed<'a, ()> {
        let (rest, _) = multispace0(input)?;
        let closed: Parsed<'a, &str> = tag(")")(rest);
        match closed {
            Ok((rest, _)) => Ok((rest, ())),
            Err(_) => Err(self.unexpected(rest, "`)`")),
        }
    }

    /// Operands with operators of one level between them, grouped from the left.
    fn chain(
        &self,
        input: &'a str,
        nesting: usize,
        operand: Operand<'a>,
        between: Between<'a>,
    ) -> Parsed<'a, Node> {
        let (mut rest, mut left) = operand(self, input, nesting)?;
        loop {
            let (after, _) = multispace0(rest)?;
            let (after, operator) = match between(self, after) {
                Ok(found) => found,
                Err(nom::Err::Error(_)) => return Ok((rest, left)),
                Err(failure) => return Err(failure),
            };
            let (after, _) = multispace0(after)?;
            let (end, right) = operand(self, after, nesting)?;
            left = self.binary(input, end, operator, left, right)?;
            rest = end;
        }
    }

    fn binary(
        &self,
        input: &'a str,
        rest: &'a str,
        operator: Operator,
        left: Node,
        right: Node,
    ) -> Result<Node, nom::Err<Trouble>> {
        self.node(input, rest, NodeKind::Binary { operator, left: Box::new(left), right: Box::new(right) })
    }

    fn node(&self, input: &'a str, rest: &'a str, kind: NodeKind) -> Result<Node, nom::Err<Trouble>> {
        let node = Node::new(self.span(input, rest), kind);
        if node.depth > DEPTH_LIMIT { Err(self.too_deep(input)) } else { Ok(node) }
    }

    fn deeper(&self, input: &'a str, nesting: usize) -> Result<usize, nom::Err<Trouble>> {
        if nesting >= NESTING_LIMIT { Err(self.too_deep(input)) } else { Ok(nesting + 1) }
    }

    fn too_deep(&self, input: &'a str) -> nom::Err<Trouble> {
        let length = input.chars().next().map_or(0, char::len_utf8);
        self.failure(input, length, "the expression is nested too deeply", "split the rule into several")
    }

    fn span(&self, input: &'a str, rest: &'a str) -> Span {
        Span::new(self.whole.len() - input.len(), self.whole.len() - rest.len())
    }

    fn failure(
        &self,
        input: &'a str,
        length: usize,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> nom::Err<Trouble> {
        let (message, help) = (message.into(), Some(help.into()));
        nom::Err::Failure(Trouble { left: input.len(), length, message, help })
    }

    fn unexpected(&self, input: &'a str, expected: &str) -> nom::Err<Trouble> {
        let found = match name(input) {
            Ok((_, word)) => word,
            Err(_) => {
                let word = input.find(|c: char| !c.is_alphanumeric()).unwrap_or(input.len());
                &input[..if word > 0 { word } else { input.chars().next().map_or(0, char::len_utf8) }]
            }
        };
        let message = match found {
            "" => format!("the expression ends where {expected} is expected"),
            found => format!("found `{found}` where {expected} is expected"),
        };
        let help = match found {
            "&" | "&&" => Some("write `and`"),
            "|" => Some("write `or`"),
            "!" => Some("write `not`"),
            "（" | "）" => Some("write `(` and `)`"),
            "=" | "＝" | "≈" => Some("write `~=`: can be equal as written"),
            "≤" => Some("write `<=`"),
            "≥" => Some("write `>=`"),
            "×" | "＊" => Some("write `*`"),
            "÷" | "／" => Some("write `/`"),
            "" if expected == "`)`" => Some("close the bracket"),
            word if word.starts_with(|c: char| c.is_alphabetic() && !c.is_ascii()) => {
                Some("write the names that the relation's file gives to its roles, in Latin letters")
            }
            _ if expected == "an operator" => {
                Some("the operators are + - * / ^, ~= !~= < <= > >=, and `and`, `or`")
            }
            _ => None,
        };
        let help = help.map(str::to_owned);
        nom::Err::Failure(Trouble { left: input.len(), length: found.len(), message, help })
    }
}

/// A whole word.
fn word<'a>(expected: &'static str) -> impl Fn(&'a str) -> Parsed<'a, &'a str> {
    move |input| match name(input) {
        Ok((rest, found)) if found == expected => Ok((rest, found)),
        _ => Err(nom::Err::Error(Trouble::from_error_kind(input, ErrorKind::Tag))),
    }
}

/// A name: letters first, then digits and `_` too; a hyphen belongs to it only between letters: `a - b` subtracts.
fn name(input: &str) -> Parsed<'_, &str> {
    let part = |input| {
        recognize(pair(
            take_while1(|c: char| c.is_ascii_alphabetic() || c == '_'),
            take_while(|c: char| c.is_ascii_alphanumeric() || c == '_'),
        ))
        .parse(input)
    };
    let mut rest = part(input)?.0;
    while let Some((after, _)) = rest.strip_prefix('-').and_then(|rest| part(rest).ok()) {
        rest = after;
    }
    Ok((rest, &input[..input.len() - rest.len()]))
}
