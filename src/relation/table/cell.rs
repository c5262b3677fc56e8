use rust_decimal::Decimal;

use super::super::model::Filler;
use super::bounds::{Bounds, units_in_one};
use super::slip;
use super::words::core;
use crate::assertion::Reading;
use crate::document::{BREAK, MARKUP};
use crate::quantity::{Bound, Date, Figure, Kind, Magnitude, Quantity, Unit};
use crate::source::Span;

/// What a cell holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::relation) enum CellKind {
    Empty,
    /// —, N/A: a figure that is not given.
    Dash,
    Text,
    /// One figure, perhaps with a note behind it.
    Figure,
    /// A date or period.
    Date,
}

/// One cell of a table.
#[derive(Clone, Copy, Debug)]
pub(in crate::relation) struct Cell {
    pub span: Span,
    pub kind: CellKind,
    pub figure: Option<CellFigure>,
    /// The brackets behind its figure.
    pub note: Option<Span>,
    /// The date in those brackets: 16,470 亿（2030）.
    pub date: Option<Date>,
    /// What its figure may stand for, once the column has settled what it is.
    pub(super) bounds: Option<Bounds>,
}

impl Cell {
    /// A cell without anything in it.
    pub(super) fn empty(span: Span) -> Self {
        Self { span, kind: CellKind::Empty, figure: None, note: None, date: None, bounds: None }
    }
}

/// The figure of a cell, with what its sign, brackets and heading make of it.
#[derive(Clone, Copy, Debug)]
pub(in crate::relation) struct CellFigure {
    /// Index into the document's quantities.
    pub index: usize,
    pub quantity: Quantity,
}

impl CellFigure {
    pub fn filler(&self) -> Filler {
        Filler::Cell { index: self.index, magnitude: self.quantity.magnitude, unit: self.quantity.unit }
    }

    /// As a plain number, whatever its unit: a factor, a divisor.
    pub fn plain(&self) -> Filler {
        let unit = match self.quantity.unit {
            Unit::Percent => Unit::Percent,
            _ => Unit::Bare,
        };
        Filler::Cell { index: self.index, magnitude: self.quantity.magnitude, unit }
    }

    pub(super) fn bounds(&self) -> Option<Bounds> {
        Bounds::of(&self.quantity)
    }

    /// The middle of what it may stand for, in base units, exactly; none of a bound, an open end and a date.
    pub(super) fn middle(&self) -> Option<Decimal> {
        let middle = match self.quantity.magnitude {
            Magnitude::One(figure) => figure.value,
            Magnitude::Range { low: Some(low), high: Some(high) } => {
                low.value.checked_add(high.value)? / Decimal::TWO
            }
            _ => return None,
        };
        let exact = self.quantity.bound == Bound::Exact;
        exact.then_some(middle / Decimal::from(units_in_one(self.quantity.unit)))
    }

    /// The number as written, without rounding, in its unit's own terms.
    pub fn value(&self) -> Option<Decimal> {
        self.written().map(|figure| figure.value)
    }

    pub fn written(&self) -> Option<Figure> {
        match self.quantity.magnitude {
            Magnitude::One(figure) => Some(figure),
            _ => None,
        }
    }

    /// Whether one slip of the pen makes it another figure.
    pub fn slipped_from(&self, other: &Quantity) -> bool {
        Bounds::of(other).is_some_and(|wanted| slip::leads_to(self, wanted))
    }

    pub fn is_percent(&self) -> bool {
        self.quantity.unit == Unit::Percent
    }

    pub fn is_points(&self) -> bool {
        matches!(self.quantity.unit, Unit::PercentagePoint | Unit::BasisPoint)
    }

    pub fn is_amount(&self) -> bool {
        matches!(self.quantity.unit, Unit::Bare | Unit::Money { .. } | Unit::Measure { .. })
    }

    pub fn negated(&self) -> Self {
        let turned = |figure: Figure| Figure { value: -figure.value, ..figure };
        let mut negated = *self;
        negated.quantity.magnitude = match self.quantity.magnitude {
            Magnitude::One(figure) => Magnitude::One(turned(figure)),
            Magnitude::Range { low, high } => {
                Magnitude::Range { low: high.map(turned), high: low.map(turned) }
            }
            date @ Magnitude::Date(_) => date,
        };
        negated
    }
}

/// Reads one cell.
pub(super) fn read(prose: &str, reading: &Reading, span: Span) -> Cell {
    let inner = core(prose, span);
    let text = inner.of(prose);
    let cell = |kind, figure, note| Cell { kind, figure, note, ..Cell::empty(span) };
    if text.is_empty() {
        return Cell::empty(span);
    }
    if is_dash(text) {
        return cell(CellKind::Dash, None, None);
    }
    let (index, inside) = reading.quantities_within(span);
    let Some(first) = inside.first() else { return cell(CellKind::Text, None, None) };
    let start = first.hedge.map_or(first.span.start, |hedge| hedge.start.min(first.span.start));
    let Some(lead) = lead(prose.get(inner.start..start).unwrap_or_default()) else {
        return cell(CellKind::Text, None, None);
    };
    let end = first.hedge.map_or(first.span.end, |hedge| hedge.end.max(first.span.end)).min(inner.end);
    let Some(note) = tail(prose, Span::new(end, inner.end)) else {
        return cell(CellKind::Text, None, None);
    };
    if first.kind == Kind::Ordinal || names_something(prose, first, Span::new(end, inner.end)) {
        return cell(CellKind::Text, None, None);
    }
    let figure = CellFigure { index, quantity: *first };
    if matches!(first.magnitude, Magnitude::Date(_)) {
        return cell(CellKind::Date, Some(figure), note);
    }
    let brackets = prose[inner.start..start].contains(['(', '（'])
        && prose[end..inner.end].trim_start_matches(char::from(MARKUP)).starts_with([')', '）']);
    let falls =
        (lead == Lead::Falls || brackets) && figure.value().is_some_and(|value| value.is_sign_positive());
    let figure = if falls { figure.negated() } else { figure };
    let date = inside.iter().skip(1).find_map(|quantity| match quantity.magnitude {
        Magnitude::Date(date) => Some(date),
        _ => None,
    });
    Cell { date, ..cell(CellKind::Figure, Some(figure), note) }
}

/// Whether a cell is a name that begins with a number: 三年回报率, 2年期国债.
fn names_something(prose: &str, figure: &Quantity, tail: Span) -> bool {
    let in_words = !figure.span.of(prose).contains(|c: char| c.is_ascii_digit());
    let han = |c: char| !c.is_ascii() && c.is_alphabetic();
    let text = tail.of(prose);
    let words = text.split(['(', '（']).next().unwrap_or(text).contains(han);
    in_words || words && (figure.kind == Kind::Duration || matches!(figure.unit, Unit::Measure { .. }))
}

/// What stands before the figure of a cell.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Lead {
    Plain,
    /// An arrow down.
    Falls,
}

/// None when words stand there: the cell is text with a figure in it.
fn lead(text: &str) -> Option<Lead> {
    let mut lead = Lead::Plain;
    for c in text.chars() {
        match c {
            '⬇' | '↓' | '▼' | '🔻' => lead = Lead::Falls,
            '⬆' | '↑' | '▲' | '🔺' | '🥇' | '🥈' | '🥉' | '#' | '+' | '＋' | '=' | '≈' | '~' | '～'
            | '约' | '(' | '（' | '$' | '¥' | '￥' | '€' | '₹' | '\u{FE0F}' => {}
            c if c.is_whitespace() || c == char::from(MARKUP) => {}
            _ => return None,
        }
    }
    Some(lead)
}

/// The bytes behind a figure in which its unit may stand.
const LONGEST_UNIT: usize = 24;

/// The note in brackets behind a figure, if any; None in all when more than a unit and a note stands there.
fn tail(prose: &str, span: Span) -> Option<Option<Span>> {
    let text = span.of(prose);
    let open = text.find(['(', '（', '[', '【']);
    let before = &text[..open.unwrap_or(text.len())];
    let note = open.map(|open| Span::new(span.start + open, span.end));
    // A quotient, a range that was not read, another figure: nothing that can be added up.
    let plain = before.len() <= LONGEST_UNIT
        && !before
            .chars()
            .any(|c| c.is_ascii_digit() || matches!(c, '–' | '~' | '→' | '；' | ';' | '×' | '÷'))
        && !before.starts_with(['-', '—'])
        && !before.trim_start_matches('/').starts_with('-')
        && before.split_whitespace().count() <= 2
        && before.bytes().all(|byte| byte != BREAK);
    // What goes on behind the bracket is a sentence.
    let closed = note.is_none_or(|note| {
        let text = core(prose, note).of(prose);
        text.ends_with([')', '）', ']', '】', '*'])
    });
    (plain && closed).then_some(note)
}

/// Whether a cell says that it holds no figure.
fn is_dash(text: &str) -> bool {
    const LONGEST: usize = "不适用".len();
    text.len() <= LONGEST
        && !text.bytes().any(|byte| byte.is_ascii_digit())
        && matches!(
            text.to_ascii_lowercase().as_str(),
            "-" | "–"
                | "—"
                | "−"
                | "--"
                | "——"
                | "n/a"
                | "na"
                | "n.a."
                | "nm"
                | "n.m."
                | "n/m"
                | "/"
                | "…"
                | "..."
                | "无"
                | "tba"
                | "tbd"
                | "nil"
                | "none"
                | "不适用"
                | "未披露"
        )
}

/// A whole number of four digits that is a year by its looks, as the number it may be.
pub(super) fn year_as_number(prose: &str, cell: &Cell) -> Option<CellFigure> {
    let text = core(prose, cell.span).of(prose);
    if text.len() != 4 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let value: Decimal = text.parse().ok()?;
    let zeros = text.bytes().rev().take_while(|byte| *byte == b'0').count();
    let coarse_step = Decimal::from(10u64.pow(u32::try_from(zeros).ok()?));
    let mut figure = cell.figure?;
    figure.quantity.magnitude = Magnitude::One(Figure { value, step: Decimal::ONE, coarse_step });
    figure.quantity.kind = Kind::Number;
    figure.quantity.unit = Unit::Bare;
    Some(figure)
}
