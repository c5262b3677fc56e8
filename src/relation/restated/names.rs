use std::cmp::Reverse;
use std::collections::HashMap;

use fnv::{FnvHashMap, FnvHashSet};

use rust_decimal::Decimal;

use super::Places;
use super::words::Says;
use crate::assertion::Modality;
use crate::document::plain;
use crate::quantity::{Date, Figure, Kind, Magnitude, Quantity};
use crate::relation::fact::{Fact, Facts, Place};
use crate::relation::model::Filler;
use crate::relation::table::{CellFigure, CellKind, Grid, Line, TableWord, core};
use crate::source::Span;

/// The name of a row or a column, by its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct NameId(usize);

/// A figure of a table that stands under two names.
#[derive(Clone, Copy)]
pub(super) struct NamedCell {
    /// Index into the document's tables.
    pub table: u32,
    /// As its heading gives it.
    pub quantity: Quantity,
    pub index: usize,
    pub period: Option<Date>,
    pub modality: Modality,
    pub row: u32,
    /// Whether its column is one of shares.
    pub is_share: bool,
}

impl NamedCell {
    pub fn filler(&self) -> Filler {
        Filler::Cell { index: self.index, magnitude: self.quantity.magnitude, unit: self.quantity.unit }
    }
}

/// All figures of a column.
pub(super) struct NamedColumn {
    pub table: u32,
    column: u32,
    /// Whether its rows are estimates of one thing: institutions, scenarios, methods.
    pub alternatives: bool,
    pub cells: Vec<NamedCell>,
}

/// The names of all rows and columns, and the figures under each pair of them.
#[derive(Default)]
pub(super) struct TableNames {
    numbers: HashMap<String, NameId>,
    cells: FnvHashMap<(NameId, NameId), Vec<NamedCell>>,
    columns: FnvHashMap<NameId, Vec<NamedColumn>>,
    /// By the name of the row.
    rows: FnvHashMap<NameId, Vec<NamedCell>>,
}

/// The names of the rows or the columns of a table; only those that are asked for are read.
struct LineNames<'g> {
    lines: &'g [Line],
    known: Vec<Option<Option<NameId>>>,
}

impl<'g> LineNames<'g> {
    fn of(lines: &'g [Line]) -> Self {
        Self { lines, known: vec![None; lines.len()] }
    }

    fn name(&mut self, names: &mut TableNames, places: &Places<'_>, line: usize) -> Option<NameId> {
        *self.known[line].get_or_insert_with(|| names.number(places, &self.lines[line]))
    }
}

/// Figures under one pair of names that are looked at.
const MOST_CELLS: usize = 8;

/// Figures of one row, or of rows of one name.
const MOST_OF_ROW: usize = 64;

impl TableNames {
    pub fn of(places: &Places<'_>, grids: &[Option<Grid>], facts: &Facts) -> Self {
        let scene = places.scene;
        let mut names = Self::default();
        let mut of_table: FnvHashMap<u32, Vec<&Fact>> = FnvHashMap::default();
        for fact in facts.all() {
            if let Some(cell) = fact.cell.filter(|_| fact.alone && fact.place == Place::Cell) {
                of_table.entry(cell.table).or_default().push(fact);
            }
        }
        for (table, grid) in (0..).zip(grids) {
            let Some(grid) = grid else { continue };
            let mut columns = LineNames::of(grid.columns());
            let mut rows = LineNames::of(grid.rows());
            let alternatives = has_alternatives(places, grid);
            for fact in of_table.get(&table).into_iter().flatten() {
                let Some(cell) = fact.cell else { continue };
                let row = rows.name(&mut names, places, cell.row as usize);
                let column = columns.name(&mut names, places, cell.column as usize);
                let heading = grid.columns()[cell.column as usize].labels.last();
                let share = |label: &Span| scene.words.has(scene.hits, *label, TableWord::Share);
                let named = NamedCell {
                    table,
                    quantity: fact.quantity,
                    index: fact.index,
                    period: fact.period,
                    modality: fact.modality,
                    row: cell.row,
                    is_share: heading.is_some_and(share),
                };
                names.push(row, column, named);
                if let Some(name) = column {
                    let known = names.columns.entry(name).or_default();
                    match known
                        .iter_mut()
                        .rev()
                        .find(|last| (last.table, last.column) == (table, cell.column))
                    {
                        Some(last) => last.cells.push(named),
                        None => known.push(NamedColumn {
                            table,
                            column: cell.column,
                            alternatives,
                            cells: vec![named],
                        }),
                    }
                }
            }
            for (row, column, figure, magnitude) in months(places, grid) {
                let quantity = Quantity { magnitude, kind: Kind::Duration, ..figure.quantity };
                let (index, modality) = (figure.index, Modality::Fact);
                let at = u32::try_from(row).unwrap_or(u32::MAX);
                let named =
                    NamedCell { table, quantity, index, period: None, modality, row: at, is_share: false };
                let row = rows.name(&mut names, places, row);
                let column = columns.name(&mut names, places, column);
                names.push(row, column, named);
            }
        }
        names
    }

    fn push(&mut self, row: Option<NameId>, column: Option<NameId>, cell: NamedCell) {
        if let Some(row) = row {
            let of_row = self.rows.entry(row).or_default();
            if of_row.len() < MOST_OF_ROW {
                of_row.push(cell);
            }
        }
        if let (Some(row), Some(column)) = (row, column)
            && row != column
        {
            let cells = self.cells.entry(pair(row, column)).or_default();
            if cells.len() < MOST_CELLS {
                cells.push(cell);
            }
        }
    }

    fn number(&mut self, places: &Places<'_>, line: &Line) -> Option<NameId> {
        let name = name_of(places, *line.labels.last()?)?;
        let next = NameId(self.numbers.len());
        Some(*self.numbers.entry(name).or_insert(next))
    }

    /// The figures under two names, whichever of them is the row's.
    pub fn cells(&self, one: NameId, other: NameId) -> &[NamedCell] {
        self.cells.get(&pair(one, other)).map_or(&[], Vec::as_slice)
    }

    /// The figures of the rows of that name.
    pub fn row(&self, name: NameId) -> &[NamedCell] {
        self.rows.get(&name).map_or(&[], Vec::as_slice)
    }

    /// The other figures of the row of a cell; `name` is the row's.
    pub fn beside(&self, name: NameId, cell: &NamedCell) -> impl Iterator<Item = &NamedCell> {
        let (table, row) = (cell.table, cell.row);
        self.row(name).iter().filter(move |other| (other.table, other.row) == (table, row))
    }

    /// The columns of that name.
    pub fn columns(&self, name: NameId) -> &[NamedColumn] {
        self.columns.get(&name).map_or(&[], Vec::as_slice)
    }

    /// The name that a heading is, but for its last words: 金融行业 for 金融.
    pub fn of_heading(&self, places: &Places<'_>, heading: Span) -> Option<NameId> {
        self.numbers.get(&name_of(places, heading)?).copied()
    }

    /// What finds the mentions of the names in a text.
    pub fn finder(&self) -> NameFinder<'_> {
        let of_cells = self.cells.keys().flat_map(|(one, other)| [*one, *other]);
        let bears: FnvHashSet<NameId> = of_cells.chain(self.rows.keys().copied()).collect();
        let mut by_start: FnvHashMap<[u8; NAME_START], Vec<(&str, NameId)>> = FnvHashMap::default();
        for (name, number) in self.numbers.iter().filter(|(_, number)| bears.contains(*number)) {
            if let Some(start) = name.as_bytes().first_chunk() {
                by_start.entry(*start).or_default().push((name, *number));
            }
        }
        for names in by_start.values_mut() {
            names.sort_unstable_by_key(|(name, _)| Reverse(name.len()));
        }
        NameFinder { by_start }
    }
}

/// Bytes that every name has: three Latin letters, or more of Han.
const NAME_START: usize = 3;

/// Finds the names of rows and columns in a text.
///
/// A report has few names and little text that tells figures: to build an automaton took longer than all searches.
pub(super) struct NameFinder<'n> {
    /// The names that begin with the same bytes, in small letters, longer ones first.
    by_start: FnvHashMap<[u8; NAME_START], Vec<(&'n str, NameId)>>,
}

impl NameFinder<'_> {
    /// Every mention of a name in a stretch, in order of place; the longest of those that begin together.
    pub fn mentions(&self, prose: &str, stretch: Span) -> Vec<(Span, NameId)> {
        let mut mentions = Vec::new();
        let mut covered = stretch.start;
        for (at, _) in stretch.of(prose).char_indices() {
            let rest = Span::new(stretch.start + at, stretch.end);
            if rest.start >= covered
                && let Some((span, name)) = self.mention(prose, rest)
            {
                mentions.push((span, name));
                covered = span.end;
            }
        }
        mentions
    }

    /// The longest name that a stretch begins with.
    fn mention(&self, prose: &str, stretch: Span) -> Option<(Span, NameId)> {
        let bytes = stretch.of(prose).as_bytes();
        let start: &[u8; NAME_START] = bytes.first_chunk()?;
        let names = self.by_start.get(&start.map(|byte| byte.to_ascii_lowercase()))?;
        names.iter().find_map(|(name, number)| {
            let same = bytes.get(..name.len())?.eq_ignore_ascii_case(name.as_bytes());
            let span = Span::new(stretch.start, stretch.start + name.len());
            (same && stands_alone(prose, span)).then_some((span, *number))
        })
    }
}

/// Whether the rows are estimates of one thing, as the heading of their names says.
fn has_alternatives(places: &Places<'_>, grid: &Grid) -> bool {
    let corner = grid.columns().first().and_then(|line| line.labels.last());
    corner.is_some_and(|corner| places.book.restated.say(places.scene.hits, *corner, Says::Alternatives))
}

fn pair(one: NameId, other: NameId) -> (NameId, NameId) {
    (one.min(other), one.max(other))
}

/// Whether a Latin name is no part of a longer word.
fn stands_alone(prose: &str, span: Span) -> bool {
    let letter = |c: char| c.is_ascii_alphanumeric();
    let (first, last) = (span.of(prose).chars().next(), span.of(prose).chars().next_back());
    let before = prose[..span.start].chars().next_back();
    let after = prose[span.end..].chars().next();
    !(first.is_some_and(letter) && before.is_some_and(letter)
        || last.is_some_and(letter) && after.is_some_and(letter))
}

/// Words that names end in or begin with and that change nothing: 金融行业 and 金融服务 are both 金融.
const OUTER: [&str; 13] = [
    "行业",
    "产业",
    "服务",
    "领域",
    "市场",
    "板块",
    "部门",
    "范围",
    "区间",
    " sector",
    " industry",
    " segment",
    " range",
];

/// The words of a label that name something, in small letters: without brackets, dates and marks.
fn name_of(places: &Places<'_>, label: Span) -> Option<String> {
    let prose = places.prose();
    let text = label.of(prose);
    let open = text.find(['(', '（', '[', '【']).unwrap_or(text.len());
    let label = core(prose, Span::new(label.start, label.start + open));
    if label.len() > LONGEST_NAME {
        return None;
    }
    let (_, inside) = places.scene.reading.quantities_within(label);
    let dates = inside.iter().filter(|quantity| matches!(quantity.magnitude, Magnitude::Date(_)));
    let mut rest = String::new();
    let mut at = label.start;
    for date in dates.map(|date| date.span) {
        rest.push_str(prose.get(at..date.start).unwrap_or_default());
        at = date.end.min(label.end);
    }
    rest.push_str(&prose[at..label.end]);
    let name = plain(&rest).to_ascii_lowercase();
    let mut name = name
        .trim_matches(|c: char| !(c.is_alphanumeric() || matches!(c, '%' | '+' | '#')))
        .trim_end_matches(['%', '％'])
        .trim();
    // 云服务 is no 云.
    let long = |name: &str| if name.is_ascii() { name.len() >= 3 } else { name.chars().count() >= 2 };
    for outer in OUTER {
        name = name.strip_suffix(outer).filter(|rest| long(rest)).unwrap_or(name);
    }
    let letters = name.chars().any(char::is_alphabetic);
    let generic =
        places.book.restated.is(places.scene.hits, label, Says::NoMeasure) || NAMELESS.contains(&name);
    (long(name) && letters && !generic).then(|| name.to_owned())
}

/// Bytes of the longest name that is looked for.
const LONGEST_NAME: usize = 80;

/// Names that many things have.
const NAMELESS: [&str; 14] = [
    "其他", "其它", "其余", "合计", "总计", "小计", "全部", "整体", "other", "others", "total", "all", "the",
    "and",
];

/// The cells that are ranges of months and read like those of dates: 3-9 月; with their rows, columns and ranges.
fn months<'g>(places: &Places<'_>, grid: &'g Grid) -> Vec<(usize, usize, &'g CellFigure, Magnitude)> {
    let prose = places.prose();
    let mut found = Vec::new();
    for row in 0..grid.rows().len() {
        for column in 0..grid.columns().len() {
            let cell = grid.cell(row, column);
            let Some(figure) = cell.figure.as_ref().filter(|_| cell.kind == CellKind::Date) else { continue };
            if let Some(range) = range_of_months(core(prose, cell.span).of(prose)) {
                found.push((row, column, figure, range));
            }
        }
    }
    found
}

fn range_of_months(text: &str) -> Option<Magnitude> {
    let (low, high) = text.strip_suffix('月')?.split_once(['-', '–', '~', '至'])?;
    let number = |text: &str| -> Option<Figure> {
        let value = text.trim().parse::<u8>().ok()?;
        let step = Decimal::ONE;
        Some(Figure { value: Decimal::from(value), step, coarse_step: step })
    };
    Some(Magnitude::Range { low: Some(number(low)?), high: Some(number(high)?) })
}
