use super::bounds::Bounds;
use super::cell::{CellFigure, CellKind};
use super::finder::Finder;
use super::grid::Grid;
use super::words::{TableWord, core};
use crate::quantity::Bound;
use crate::relation::unit_agreement::comparable;
use crate::source::Span;

/// Rows that are looked at.
const MOST: usize = 48;
/// Bytes behind the word in which its figure begins.
const REACH: usize = 12;

/// Looks at tables of periods whose notes say what was added (新增 30 万张): it is what the column grew by since an
/// earlier row. One row that bears it out shows that the notes speak of the column.
pub(super) fn find(finder: &mut Finder<'_>, grid: &Grid) {
    let rows = grid.rows().len();
    if !(3..=MOST).contains(&rows) || !in_order(grid) {
        return;
    }
    for column in 0..grid.columns().len() {
        if grid.figures(column).count() != rows {
            continue;
        }
        let steps: Vec<Step> = (1..rows)
            .flat_map(|row| added(finder, grid, row, column).map(|added| Step { row, added }))
            .collect();
        if steps.iter().any(|step| step.holds(grid, column)) {
            steps.iter().for_each(|step| step.emit(finder, grid, column));
        }
    }
}

/// Whether the rows are periods, each later than the one above.
fn in_order(grid: &Grid) -> bool {
    let ends: Option<Vec<_>> = grid.rows().iter().map(|line| line.period.map(|period| period.end)).collect();
    ends.is_some_and(|ends| ends.windows(2).all(|pair| pair[0] <= pair[1]))
}

/// One note that says what was added up to its row.
struct Step {
    row: usize,
    added: CellFigure,
}

/// The figure of the only note in a row that says what was added.
fn added(finder: &Finder<'_>, grid: &Grid, row: usize, column: usize) -> Option<CellFigure> {
    let scene = finder.scene;
    let prose = scene.document.prose.as_str();
    let level = grid.figure(row, column)?;
    let mut found = (0..grid.columns().len())
        .filter(|other| *other != column && grid.cell(row, *other).kind == CellKind::Text)
        .flat_map(|other| scene.words.find(scene.hits, grid.cell(row, other).span, TableWord::Added))
        .filter_map(|word| {
            let (index, inside) =
                scene.reading.quantities_within(Span::new(word.end, prose.len().min(word.end + REACH)));
            let quantity = inside.first()?;
            let beside = core(prose, Span::new(word.end, quantity.span.start)).is_empty();
            let exact = quantity.bound == Bound::Exact && comparable(quantity, &level.quantity);
            (beside && exact).then_some(CellFigure { index, quantity: *quantity })
        });
    let first = found.next()?;
    found.next().is_none().then_some(first)
}

impl Step {
    fn holds(&self, grid: &Grid, column: usize) -> bool {
        let bounds = |row: usize| grid.figure(row, column).and_then(CellFigure::bounds);
        let (Some(now), Some(added)) = (bounds(self.row), self.added.bounds()) else { return false };
        let grown = |before: Bounds| now.subtract(before).meets(added);
        (0..self.row).filter_map(bounds).any(grown)
    }

    fn emit(&self, finder: &mut Finder<'_>, grid: &Grid, column: usize) {
        let Some(now) = grid.figure(self.row, column) else { return };
        let before = (0..self.row).rev().filter_map(|row| grid.figure(row, column));
        let readings = before
            .map(|before| {
                vec![("now", now.filler()), ("before", before.filler()), ("added", self.added.filler())]
            })
            .collect();
        finder.group("table-step", &self.added, readings);
    }
}
