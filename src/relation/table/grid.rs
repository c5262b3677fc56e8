use std::sync::Arc;

use rust_decimal::Decimal;

use super::cell::{self, Cell, CellFigure, CellKind};
use super::words::{TableWord, TableWords, WordSet, core};
use crate::assertion::Reading;
use crate::document::{Document, Table};
use crate::lexicon::Hits;
use crate::quantity::{Date, Grain, Magnitude, QuantityLexicon, Unit};
use crate::source::Span;

/// A column or a row: what its heading says.
#[derive(Clone, Debug, Default)]
pub(in crate::relation) struct Line {
    /// The cells of its heading, the outer one first.
    pub labels: Vec<Span>,
    pub(super) words: WordSet,
    pub period: Option<Date>,
    /// 亿元, in millions.
    pub scale: Option<Decimal>,
    /// A minus stands in its name: FCF (CFO − capex).
    pub takes_off: bool,
}

/// A table as columns and rows of figures; flipped, its rows are the columns.
#[derive(Clone, Debug)]
pub(in crate::relation) struct Grid {
    columns: Vec<Line>,
    rows: Vec<Line>,
    /// By row, each as long as the header; the same for a table and for what it is on its side.
    cells: Arc<Vec<Vec<Cell>>>,
    flipped: bool,
    pub(super) caption: WordSet,
    /// What the heading of the rows' names says.
    pub(super) corner: WordSet,
}

/// What tables are read with.
#[derive(Clone, Copy)]
pub(in crate::relation) struct Scene<'a> {
    pub document: &'a Document,
    pub reading: &'a Reading,
    pub hits: &'a Hits,
    pub words: &'a TableWords,
    /// What cells that are calculations are read with.
    pub units: &'a QuantityLexicon,
}

impl Scene<'_> {
    fn line(&self, labels: Vec<Span>) -> Line {
        let mut line = Line::default();
        for &label in &labels {
            line.words = line.words.join(self.words.within(self.hits, label));
            line.scale = line.scale.or_else(|| self.words.scale(self.hits, label));
            let name = label.of(&self.document.prose);
            let minus = |mark: &str| name.contains(mark);
            line.takes_off |= name.contains(['−', '-', '–']) && [" − ", " - ", " – "].into_iter().any(minus);
            let (_, inside) = self.reading.quantities_within(label);
            let date = inside.iter().find_map(|quantity| match quantity.magnitude {
                Magnitude::Date(date) if date.grain != Grain::Impossible => Some(date),
                _ => None,
            });
            line.period = line.period.or(date);
        }
        line.labels = labels;
        line
    }
}

impl Grid {
    pub fn read(scene: Scene<'_>, table: &Table) -> Option<Self> {
        let prose = &scene.document.prose;
        let (header, body) = table.rows.split_first()?;
        let width = header.len();
        let mut cells: Vec<Vec<Cell>> = body
            .iter()
            .map(|row| {
                let read = |column: usize| match row.get(column) {
                    Some(&span) => cell::read(prose, scene.reading, span),
                    None => Cell::empty(Span::default()),
                };
                (0..width).map(read).collect()
            })
            .collect();
        let mut headings: Vec<Vec<Span>> = header.iter().map(|&span| vec![span]).collect();
        if cells.first().is_some_and(|row| is_second_header(prose, header, row)) {
            let second = cells.remove(0);
            fill_from_left(prose, &mut headings);
            for (heading, cell) in headings.iter_mut().zip(&second) {
                if cell.kind != CellKind::Empty {
                    heading.push(cell.span);
                }
            }
        }
        if cells.is_empty() {
            return None;
        }
        let columns: Vec<Line> = headings.into_iter().map(|labels| scene.line(labels)).collect();
        for (column, line) in columns.iter().enumerate() {
            settle_column(scene, line, &mut cells, column);
            settle_precision(line, &mut cells, column);
        }
        for cell in cells.iter_mut().flatten() {
            cell.bounds = cell.figure.as_ref().and_then(CellFigure::bounds);
        }
        let rows = cells.iter().map(|row| row_line(scene, row)).collect();
        let caption =
            table.caption.map_or_else(WordSet::default, |span| scene.words.within(scene.hits, span));
        let corner = columns.first().map_or_else(WordSet::default, |line| line.words);
        Some(Self { columns, rows, cells: Arc::new(cells), flipped: false, caption, corner })
    }

    /// The same table with its rows for columns.
    pub fn on_its_side(&self) -> Self {
        Self {
            columns: self.rows.clone(),
            rows: self.columns.clone(),
            cells: Arc::clone(&self.cells),
            flipped: !self.flipped,
            ..*self
        }
    }

    pub fn is_flipped(&self) -> bool {
        self.flipped
    }

    pub fn columns(&self) -> &[Line] {
        &self.columns
    }

    pub fn rows(&self) -> &[Line] {
        &self.rows
    }

    pub fn cell(&self, row: usize, column: usize) -> &Cell {
        if self.flipped { &self.cells[column][row] } else { &self.cells[row][column] }
    }

    pub fn figure(&self, row: usize, column: usize) -> Option<&CellFigure> {
        let cell = self.cell(row, column);
        cell.figure.as_ref().filter(|_| cell.kind == CellKind::Figure)
    }

    /// The figures of a column with their rows.
    pub fn figures(&self, column: usize) -> impl Iterator<Item = (usize, &CellFigure)> {
        (0..self.rows.len()).filter_map(move |row| Some((row, self.figure(row, column)?)))
    }
}

/// Whether the first row below the header is a part of it: names or periods under empty cells.
fn is_second_header(prose: &str, header: &[Span], row: &[Cell]) -> bool {
    let filled = || row.iter().filter(|cell| cell.kind != CellKind::Empty);
    let merged = header.iter().any(|span| core(prose, *span).is_empty());
    merged
        && row.first().is_some_and(|cell| cell.kind == CellKind::Empty)
        && filled().count() >= 2
        && filled().all(|cell| matches!(cell.kind, CellKind::Date | CellKind::Text))
}

/// A heading over several columns stands over the first of them.
fn fill_from_left(prose: &str, headings: &mut [Vec<Span>]) {
    let mut last: Option<Span> = None;
    for heading in headings {
        match heading.first() {
            Some(span) if core(prose, *span).is_empty() => *heading = last.into_iter().collect(),
            Some(span) => last = Some(*span),
            None => {}
        }
    }
}

/// What the heading and the other cells of a column make of a cell: percent, a number that looks like a year.
fn settle_column(scene: Scene<'_>, line: &Line, cells: &mut [Vec<Cell>], column: usize) {
    let prose = &scene.document.prose;
    let percent = line.labels.iter().any(|label| label.of(prose).contains(['%', '％']));
    let mut figures = 0;
    let mut years = 0;
    for row in cells.iter() {
        match row[column].kind {
            CellKind::Figure => figures += 1,
            CellKind::Date => years += 1,
            _ => {}
        }
    }
    // Under a scale or a period stand amounts.
    let amounts = figures > years || line.scale.is_some() || line.period.is_some();
    let numbers = column > 0 && amounts && !line.words.has(TableWord::Year);
    for row in cells.iter_mut() {
        let name = row[0].span;
        let cell = &mut row[column];
        if numbers
            && cell.kind == CellKind::Date
            && let Some(number) = cell::year_as_number(prose, cell)
            && !scene.words.within(scene.hits, name).has(TableWord::Year)
        {
            cell.kind = CellKind::Figure;
            cell.figure = Some(number);
        }
        if percent
            && let Some(figure) = &mut cell.figure
            && figure.quantity.unit == Unit::Bare
        {
            figure.quantity.unit = Unit::Percent;
        }
    }
}

/// A column is written to one precision: a zero at the end of one figure is no rounding where another ends in a five.
/// Counts are not rounded at all.
fn settle_precision(line: &Line, cells: &mut [Vec<Cell>], column: usize) {
    let written = |cell: &Cell| {
        cell.figure.filter(|_| cell.kind == CellKind::Figure).and_then(|figure| figure.written())
    };
    let exact = |figure: &CellFigure| !figure.quantity.approximate;
    let mut finest: Vec<(Decimal, Decimal)> = Vec::new();
    let mut counts = line.words.has(TableWord::Count) && line.scale.is_none();
    for cell in cells.iter().map(|row| &row[column]) {
        let Some(figure) = written(cell).filter(|figure| !figure.value.is_zero()) else { continue };
        counts &= figure.step == Decimal::ONE && cell.figure.as_ref().is_some_and(exact);
        match finest.iter().position(|(step, _)| *step == figure.step) {
            Some(at) => finest[at].1 = figure.coarse_step.min(finest[at].1),
            None if finest.len() < STEPS => finest.push((figure.step, figure.coarse_step)),
            None => {}
        }
    }
    for cell in cells.iter_mut().map(|row| &mut row[column]) {
        let Some(figure) = &mut cell.figure else { continue };
        if let Magnitude::One(written) = &mut figure.quantity.magnitude {
            if counts {
                (written.step, written.coarse_step) = (Decimal::ZERO, Decimal::ZERO);
            } else if let Some((_, coarse)) = finest.iter().find(|(step, _)| *step == written.step) {
                written.coarse_step = written.coarse_step.min(*coarse);
            }
        }
    }
}

/// So many precisions of one column are told apart.
const STEPS: usize = 8;

/// A row by its name and the notes behind its figures: 45 亿（欧洲内）.
fn row_line(scene: Scene<'_>, row: &[Cell]) -> Line {
    let mut line = scene.line(row_label(row).into_iter().collect());
    let notes = row.iter().filter_map(|cell| cell.note);
    let abroad = |place: Span| scene.words.has(scene.hits, place, TableWord::Abroad);
    let filled = || row.iter().filter(|cell| !cell.span.is_empty());
    let whole = filled().next().zip(filled().next_back()).map(|(first, last)| first.span.join(last.span));
    // Few rows have such a word at all.
    if whole.is_some_and(abroad) && row.iter().any(|cell| cell.span.len() <= SHORT_CELL && abroad(cell.span))
    {
        line.words.insert(TableWord::Abroad);
    }
    if notes.into_iter().any(|note| scene.words.has(scene.hits, note, TableWord::Within)) {
        line.words.insert(TableWord::Within);
    }
    line
}

/// Bytes of a cell that holds a code or a name.
const SHORT_CELL: usize = 40;

/// A row's name: its first cell, or the next one where that holds a number or nothing.
fn row_label(row: &[Cell]) -> Option<Span> {
    const NAME_COLUMNS: usize = 3;
    let mut names = row.iter().take(NAME_COLUMNS);
    names.find(|cell| matches!(cell.kind, CellKind::Text | CellKind::Date)).map(|cell| cell.span)
}
