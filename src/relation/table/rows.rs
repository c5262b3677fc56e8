use super::cell::CellKind;
use super::grid::{Grid, Line, Scene};
use super::words::{TableWord, core};
use crate::source::Span;

/// What a row is in its table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RowKind {
    Item,
    /// 合计, Total: the name says nothing else.
    Total,
    /// Total debt, 成本合计: the total of something by name.
    NamedTotal,
    Subtotal,
    /// A part of the row above it.
    OfWhich,
    /// Taken off: less, 减, eliminations.
    Less,
    /// An average, a memo, a ratio: no part of any sum.
    Beside,
    /// A name and no figures: what follows it is a table of its own.
    Section,
}

impl RowKind {
    pub fn is_total(self) -> bool {
        matches!(self, Self::Total | Self::NamedTotal | Self::Subtotal)
    }
}

/// What each row is.
pub(super) fn kinds(scene: Scene<'_>, grid: &Grid) -> Vec<RowKind> {
    let prose = &scene.document.prose;
    let first =
        |line: &Line| line.labels.last().and_then(|label| core(prose, *label).of(prose).chars().next());
    // With + and = before other rows, a hyphen is a minus; else it sets a row under the one above.
    let dated = is_dated(scene, grid);
    let bridge = grid.rows().iter().any(|line| matches!(first(line), Some('+' | '＋' | '=' | '＝')));
    let kinds = (0..grid.rows().len()).map(|row| match kind(scene, grid, row, bridge) {
        RowKind::Item if dated && opens_with_period(scene, &grid.rows()[row]) => RowKind::Beside,
        kind => kind,
    });
    kinds.collect()
}

/// Whether the columns are periods and the rows are not: a row by the name of a period (2029 forecast) is then no item.
fn is_dated(scene: Scene<'_>, grid: &Grid) -> bool {
    let named = grid.rows().iter().filter(|line| opens_with_period(scene, line)).count();
    named > 0 && named * 4 <= grid.rows().len() && grid.columns().iter().any(|line| line.period.is_some())
}

fn opens_with_period(scene: Scene<'_>, line: &Line) -> bool {
    let label = line.labels.last().map(|label| core(&scene.document.prose, *label));
    label.is_some_and(|label| {
        let (_, inside) = scene.reading.quantities_within(label);
        line.period.is_some() && inside.first().is_some_and(|first| first.span.start == label.start)
    })
}

fn kind(scene: Scene<'_>, grid: &Grid, row: usize, bridge: bool) -> RowKind {
    let line = &grid.rows()[row];
    let sign = line.labels.last().map_or(Sign::None, |label| {
        sign(core(&scene.document.prose, *label).of(&scene.document.prose), bridge)
    });
    if sign == Sign::Result {
        return RowKind::NamedTotal;
    }
    let named = total_name(scene, line);
    if let Some(kind) = named {
        let plain = !line.words.has_any(&[TableWord::NoSum, TableWord::Average]);
        return if plain { kind } else { RowKind::Beside };
    }
    if line.words.has_any(&[TableWord::Average, TableWord::Memo]) {
        return RowKind::Beside;
    }
    if line.words.has(TableWord::OfWhich) || sign == Sign::Nested {
        return RowKind::OfWhich;
    }
    if sign == Sign::Other {
        return RowKind::Beside;
    }
    if line.words.has(TableWord::Less) || sign == Sign::Minus {
        return RowKind::Less;
    }
    let filled =
        (0..grid.columns().len()).filter(|column| grid.cell(row, *column).kind != CellKind::Empty).count();
    let figures = (0..grid.columns().len()).filter(|column| grid.figure(row, *column).is_some()).count();
    match (figures, grid.is_flipped()) {
        (0, false) if filled <= 1 => RowKind::Section,
        // A column of names, notes or a figure here and there.
        (_, true) if figures * 2 <= filled => RowKind::Beside,
        _ => RowKind::Item,
    }
}

/// The total that a name announces: the word alone, or the word at its beginning or end.
fn total_name(scene: Scene<'_>, line: &Line) -> Option<RowKind> {
    if !line.words.has_any(&[TableWord::Total, TableWord::Subtotal]) {
        return None;
    }
    let prose = &scene.document.prose;
    let label = core(prose, *line.labels.last()?);
    let text = label.of(prose);
    let name = match text.find(['(', '（']) {
        Some(0) | None => label,
        Some(open) => core(prose, Span::new(label.start, label.start + open)),
    };
    let name = trim_marks(prose, name);
    let ends = |word: TableWord| {
        let found = scene.words.find(scene.hits, name, word);
        let whole = found.iter().any(|hit| hit.start == name.start && hit.end == name.end);
        let edge = found.iter().any(|hit| hit.start == name.start || hit.end == name.end);
        (whole, edge)
    };
    if ends(TableWord::Subtotal).1 {
        return Some(RowKind::Subtotal);
    }
    match ends(TableWord::Total) {
        (true, _) => Some(RowKind::Total),
        (false, true) => Some(RowKind::NamedTotal),
        _ => None,
    }
}

/// Without the signs and the colon around a name.
fn trim_marks(prose: &str, span: Span) -> Span {
    let mark =
        |c: char| c.is_whitespace() || matches!(c, '=' | ':' | '：' | '*' | '∑' | 'Σ' | '\u{1}' | '\u{2}');
    let text = span.of(prose);
    let start = span.start + (text.len() - text.trim_start_matches(mark).len());
    let end = span.end - (text.len() - text.trim_end_matches(mark).len());
    Span::new(start, end.max(start))
}

/// The sign that a row's name begins with.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sign {
    None,
    Minus,
    /// A dash, an arrow, a branch: below the row above.
    Nested,
    /// =: the sum of the rows above.
    Result,
    /// ÷ and ×: no part of a sum.
    Other,
}

fn sign(name: &str, bridge: bool) -> Sign {
    let mut chars = name.chars();
    match (chars.next(), chars.next()) {
        (Some('↳' | '└' | '├' | '·' | '•' | '—' | '–'), _) => Sign::Nested,
        (Some('-'), Some(' ')) if !bridge => Sign::Nested,
        (Some('−' | '-' | '－'), Some(c)) if !c.is_ascii_digit() => Sign::Minus,
        (Some('=' | '＝'), _) => Sign::Result,
        (Some('÷' | '×' | '/'), _) => Sign::Other,
        _ => Sign::None,
    }
}
