//! Calculations written out: `(1200-610)/610 = 560%`.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use memchr::memchr3_iter;

use super::lexicon::QuantityLexicon;
use super::model::{Kind, Magnitude, Quantity};
use super::reader::read_quantities;
use crate::source::Span;

/// How far a side is looked for, in bytes.
const REACH: usize = 160;
/// How long the words beside a figure may be, in bytes.
const LONGEST_LABEL: usize = 40;
/// So many places are tried for the start of a left side.
const MOST_STARTS: usize = 24;
/// Figures and operators of one side.
const MOST_STEPS: usize = 64;

/// An equals sign with what stands on both sides of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Formula {
    /// The readings of the left side, the longest first.
    pub left: Vec<Side>,
    /// The readings of the right side, the likeliest first.
    pub right: Vec<Side>,
}

impl Formula {
    /// From the start of the left side to the end of the right one.
    pub fn span(&self) -> Span {
        let sides = self.left.first().into_iter().chain(self.right.first());
        sides.map(|side| side.span).reduce(Span::join).unwrap_or(Span::new(0, 0))
    }

    /// The side with that number: the readings of the left one first.
    pub fn side(&self, number: usize) -> Option<&Side> {
        self.left.iter().chain(&self.right).nth(number)
    }
}

/// One side of a formula in postfix order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Side {
    pub span: Span,
    pub steps: Vec<Step>,
}

/// A figure, or what is done with the two values before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The quantity that starts at this byte.
    Figure(usize),
    Apply(Operation),
}

/// What is done with two values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    Add,
    Subtract,
    Multiply,
    Divide,
    Power,
}

impl Operation {
    fn binds(self) -> u8 {
        match self {
            Self::Add | Self::Subtract => 1,
            Self::Multiply | Self::Divide => 2,
            Self::Power => 3,
        }
    }
}

impl Side {
    /// Whether it computes something, rather than being one figure.
    pub fn computes(&self) -> bool {
        self.steps.len() > 1
    }

    /// The byte starts of its figures, in order of the text.
    pub fn figures(&self) -> impl Iterator<Item = usize> {
        self.steps.iter().filter_map(|step| match step {
            Step::Figure(start) => Some(*start),
            Step::Apply(_) => None,
        })
    }
}

/// Finds the formulas of `text[range]` and puts the figures in them, read one by one, in the place of what was read
/// there before: `1200-610` is a range elsewhere.
///
/// What was read of the range stands in `quantities` from `first` on.
pub fn read_formulas(
    (text, range): (&str, Span),
    lexicon: &QuantityLexicon,
    today: Option<NaiveDate>,
    quantities: &mut Vec<Quantity>,
    first: usize,
) -> Vec<Formula> {
    let mut reader = FormulaReader { text, range, lexicon, today, figures: BTreeMap::new() };
    let formulas: Vec<Formula> = signs(text, range).filter_map(|sign| reader.formula(sign)).collect();
    if formulas.is_empty() {
        return formulas;
    }
    let sides = || formulas.iter().flat_map(|formula| formula.left.iter().chain(&formula.right));
    let used: BTreeMap<usize, Quantity> = sides()
        .flat_map(Side::figures)
        .filter_map(|start| Some((start, *reader.figures.get(&start)?)))
        .collect();
    let mut kept = quantities.split_off(first);
    kept.retain(|quantity| {
        let near = used.range(..quantity.span.end).next_back();
        near.is_none_or(|(_, figure)| !figure.span.overlaps(quantity.span))
    });
    kept.extend(used.values());
    kept.sort_by_key(|quantity| quantity.span.start);
    quantities.append(&mut kept);
    formulas
}

/// A stretch of `text` that is one calculation and nothing else, with the figures of its steps in order of the text.
pub fn read_calculation(text: &str, span: Span, lexicon: &QuantityLexicon) -> Option<(Side, Vec<Quantity>)> {
    let mut reader = FormulaReader { text, range: span, lexicon, today: None, figures: BTreeMap::new() };
    let side = reader.side(span).filter(Side::computes)?;
    let figures = side.figures().filter_map(|start| reader.figures.get(&start).copied()).collect();
    Some((side, figures))
}

/// The equals signs that stand alone.
fn signs(text: &str, range: Span) -> impl Iterator<Item = Span> {
    const SIGNS: [&str; 3] = ["=", "≈", "＝"];
    // The bytes that they begin with.
    memchr3_iter(b'=', 0xE2, 0xEF, range.of(text).as_bytes()).filter_map(move |at| {
        let start = range.start + at;
        let sign = SIGNS.into_iter().find(|sign| text[start..range.end].starts_with(sign))?;
        let span = Span::new(start, start + sign.len());
        let beside =
            [text[range.start..span.start].chars().next_back(), text[span.end..range.end].chars().next()];
        (!beside.iter().flatten().any(|c| "=<>!:~+-*/&|≈＝".contains(*c))).then_some(span)
    })
}

struct FormulaReader<'a> {
    text: &'a str,
    range: Span,
    lexicon: &'a QuantityLexicon,
    today: Option<NaiveDate>,
    /// Every figure read so far, by its start.
    figures: BTreeMap<usize, Quantity>,
}

impl FormulaReader<'_> {
    fn formula(&mut self, sign: Span) -> Option<Formula> {
        let left = self.left(sign);
        if left.is_empty() {
            return None;
        }
        let right = self.right(sign);
        let computes = |sides: &[Side]| sides.iter().any(Side::computes);
        (!right.is_empty() && (computes(&left) || computes(&right))).then_some(Formula { left, right })
    }

    /// Every reading of what stands before the sign, from the longest on.
    fn left(&mut self, sign: Span) -> Vec<Side> {
        let floor = self.text.ceil_char_boundary(sign.start.saturating_sub(REACH).max(self.range.start));
        let window = &self.text[floor..sign.start];
        let start = floor
            + window
                .char_indices()
                .rev()
                .find(|(at, c)| ends(window, *at, *c))
                .map_or(0, |(at, c)| at + c.len_utf8());
        let window = Span::new(start, sign.start);
        let mut starts: Vec<usize> = vec![start];
        let mut before: Option<char> = None;
        for (at, c) in window.of(self.text).char_indices() {
            if opens(c) && before.is_none_or(|before| separates(before, c)) {
                starts.push(start + at);
            }
            // A mark that is painted over has no width.
            if c != '\u{1}' {
                before = Some(c);
            }
        }
        starts.dedup();
        let sides =
            starts.into_iter().take(MOST_STARTS).filter_map(|start| self.side(Span::new(start, sign.start)));
        let mut sides: Vec<Side> = sides.collect();
        sides.dedup_by(|a, b| a.steps == b.steps);
        sides
    }

    /// What stands behind the sign: all of it as a calculation, and the first figure alone.
    fn right(&mut self, sign: Span) -> Vec<Side> {
        let ceiling = self.text.floor_char_boundary((sign.end + REACH).min(self.range.end));
        let window = &self.text[sign.end..ceiling];
        let mut digits = false;
        let end = window.char_indices().find(|(at, c)| {
            let annotation = digits && matches!(c, '(' | '（');
            digits = digits && !is_operator_mark(*c) || c.is_ascii_digit();
            annotation || ends(window, *at, *c)
        });
        let window = Span::new(sign.end, end.map_or(ceiling, |(at, _)| sign.end + at));
        // `≈` is a word for "about" to what it stands before.
        let hedged = if sign.of(self.text) == "≈" { sign.start } else { sign.end };
        let first = self.first_figure(Span::new(hedged, window.end), window.start);
        let ranged = first.is_some_and(|first| matches!(first.magnitude, Magnitude::Range { .. }));
        let whole = if ranged { None } else { self.side(window).filter(Side::computes) };
        let first = first
            .and_then(|first| self.keep(first))
            .map(|first| Side { span: first.span, steps: vec![Step::Figure(first.span.start)] });
        whole.into_iter().chain(first).collect()
    }

    /// The figure right behind the sign, as it is read in running text.
    fn first_figure(&self, range: Span, from: usize) -> Option<Quantity> {
        let mut found = Vec::new();
        read_quantities(self.text, range, self.lexicon, self.today, &mut found);
        let first = *found.first()?;
        let before = &self.text[from..first.span.start.max(from)];
        (is_figure(&first) && is_label(before, LONGEST_LABEL)).then_some(first)
    }

    fn keep(&mut self, quantity: Quantity) -> Option<Quantity> {
        let known = self.figures.entry(quantity.span.start).or_insert(quantity);
        // One reading per place.
        (known.span == quantity.span).then_some(*known)
    }

    /// The one figure of a stretch, with words around it at most.
    fn figure(&mut self, span: Span) -> Option<usize> {
        let mut found = Vec::new();
        read_quantities(self.text, span, self.lexicon, self.today, &mut found);
        let [only] = found.as_slice() else { return None };
        let (before, after) = (&self.text[span.start..only.span.start], &self.text[only.span.end..span.end]);
        let lone = matches!(only.magnitude, Magnitude::One(_)) && is_figure(only);
        let labelled = is_label(before, LONGEST_LABEL) && is_label(after, LONGEST_LABEL);
        if !(lone && labelled) {
            return None;
        }
        self.keep(*only).map(|figure| figure.span.start)
    }

    /// A whole side: operators between figures, every bracket closed.
    fn side(&mut self, span: Span) -> Option<Side> {
        let mut steps = Vec::new();
        let mut open: Vec<Option<Operation>> = Vec::new();
        let mut piece = Piece::from(span.start);
        // Whether a value stands complete before the place.
        let mut value = false;
        for (at, c) in span.of(self.text).char_indices() {
            let at = span.start + at;
            let next = at + c.len_utf8();
            if steps.len() > MOST_STEPS {
                return None;
            }
            match c {
                '(' | '（' if !value && !piece.worded => {
                    open.push(None);
                    piece = Piece::from(next);
                }
                '(' | '（' => return None,
                ')' | '）' => {
                    self.close_piece(&mut piece, at, &mut value, &mut steps)?;
                    while let Some(operation) = open.pop()? {
                        steps.push(Step::Apply(operation));
                    }
                    piece = Piece::from(next);
                }
                _ => match self.operation(c, at, span, value || piece.digits) {
                    Some(operation) => {
                        self.close_piece(&mut piece, at, &mut value, &mut steps)?;
                        while let Some(Some(before)) = open.last()
                            && before.binds() >= operation.binds()
                        {
                            steps.push(Step::Apply(*before));
                            open.pop();
                        }
                        open.push(Some(operation));
                        value = false;
                        piece = Piece::from(next);
                    }
                    None => {
                        piece.digits |= c.is_ascii_digit() || ('０'..='９').contains(&c);
                        piece.worded |= !is_blank(c);
                    }
                },
            }
        }
        self.close_piece(&mut piece, span.end, &mut value, &mut steps)?;
        while let Some(operation) = open.pop() {
            steps.push(Step::Apply(operation?));
        }
        Some(Side { span: self.extent(span, &steps), steps })
    }

    /// From the first figure or bracket of a side to its last.
    fn extent(&self, span: Span, steps: &[Step]) -> Span {
        let figures = steps.iter().filter_map(|step| match step {
            Step::Figure(start) => self.figures.get(start).map(|figure| figure.span),
            Step::Apply(_) => None,
        });
        let inside = span.of(self.text);
        let bracket = |at: usize| {
            let length = inside[at..].chars().next().map_or(0, char::len_utf8);
            Span::new(span.start + at, span.start + at + length)
        };
        let brackets = [inside.find(['(', '（']), inside.rfind([')', '）'])];
        figures.chain(brackets.into_iter().flatten().map(bracket)).reduce(Span::join).unwrap_or(span)
    }

    /// Reads the figure of a stretch that ends here; `None` when what stands there is no value.
    fn close_piece(
        &mut self,
        piece: &mut Piece,
        end: usize,
        value: &mut bool,
        steps: &mut Vec<Step>,
    ) -> Option<()> {
        let stretch = Span::new(piece.start, end);
        if *value {
            return is_label(stretch.of(self.text), LONGEST_LABEL).then_some(());
        }
        steps.push(Step::Figure(self.figure(stretch)?));
        *value = true;
        Some(())
    }

    /// The operation that a character stands for at its place.
    fn operation(&self, c: char, at: usize, span: Span, behind_value: bool) -> Option<Operation> {
        if !behind_value {
            return None;
        }
        let before = self.text[span.start..at].chars().next_back();
        let ahead = self.text[at + c.len_utf8()..span.end].chars();
        let spaced = before.is_some_and(is_blank) && ahead.clone().next().is_some_and(is_blank);
        let figure_ahead = ahead.clone().find(|c| !is_blank(*c)).is_some_and(opens);
        match c {
            '+' | '＋' => Some(Operation::Add),
            '-' | '−' | '–' | '－' => Some(Operation::Subtract),
            '×' | '*' | '✕' | '✖' | '⋅' | '＊' => Some(Operation::Multiply),
            'x' | 'X' if figure_ahead && (spaced || before.is_some_and(|c| c.is_ascii_digit())) => {
                Some(Operation::Multiply)
            }
            '÷' => Some(Operation::Divide),
            '/' | '／' if spaced || figure_ahead => Some(Operation::Divide),
            '^' => Some(Operation::Power),
            _ => None,
        }
    }
}

/// What stands since the last operator or bracket.
struct Piece {
    start: usize,
    digits: bool,
    worded: bool,
}

impl Piece {
    fn from(start: usize) -> Self {
        Self { start, digits: false, worded: false }
    }
}

fn is_operator_mark(c: char) -> bool {
    matches!(c, '+' | '-' | '−' | '–' | '×' | '*' | '÷' | '/' | '^')
}

/// Blank, or a mark that is painted over.
fn is_blank(c: char) -> bool {
    c == ' ' || c == '\u{1}' || c == '\u{3000}' || c == '\u{a0}'
}

/// Whether a side cannot go past this character.
fn ends(window: &str, at: usize, c: char) -> bool {
    let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
    match c {
        ',' | '.' => {
            let after = window[at + 1..].chars().next();
            !(digit(after) && (c == '.' || digit(window[..at].chars().next_back())))
                // `approx. 5`, `$1.2 vs. $3`: a point inside running text.
                || c == '.' && window[..at].chars().next_back().is_some_and(char::is_alphabetic)
        }
        '\n' | '\r' | '\t' | '|' | '\u{2}' | '。' | '，' | '；' | '：' | '、' | ';' | ':' | '?' | '!'
        | '？' | '！' | '"' | '“' | '”' | '=' | '≈' | '＝' | '<' | '>' | '→' | '@' | '#' | '\\' | '{'
        | '}' | '[' | ']' | '「' | '」' | '《' | '》' => true,
        _ => false,
    }
}

/// Whether a value can begin with this character.
fn opens(c: char) -> bool {
    c.is_ascii_digit() || matches!(c, '(' | '（' | '$' | '¥' | '￥' | '€' | '£' | '~' | '-' | '−' | '+')
}

/// Whether a value can begin with `c` behind this character.
fn separates(before: char, c: char) -> bool {
    let inside = before.is_ascii_alphanumeric() || ".,%$¥￥€£~-−+√)）".contains(before);
    // 平均(3+5): a Han word before a bracket may be what is done with it.
    !inside && (is_blank(before) || !matches!(c, '(' | '（') || matches!(before, '(' | '（'))
}

/// Words without digits and without marks that could say something about the figure.
fn is_label(text: &str, longest: usize) -> bool {
    text.len() <= longest
        && text.chars().all(|c| {
            is_blank(c)
                || c.is_alphabetic() && !"√∑Σ∏".contains(c)
                || matches!(c, '\'' | '’' | '&' | '-' | '_' | '%' | '~')
        })
}

fn is_figure(quantity: &Quantity) -> bool {
    let known = !matches!(quantity.kind, Kind::Date | Kind::Ordinal);
    known && !matches!(quantity.magnitude, Magnitude::Date(_))
}
