use rust_decimal::Decimal;

use super::cell::CellFigure;
use super::finder::Finder;
use super::grid::Grid;
use super::words::TableWord;

/// Ranks that are enough to tell an order from chance; fewer where the figures stand right beside the ranks.
const RANKS: usize = 5;
const FEWEST: usize = 4;

/// Looks at tables with a column of ranks: whether the figures that they rank are in their order.
///
/// Which figures are ranked is not said: a column in perfect order is, and else the one that is out of order in a
/// single row.
pub(super) fn find(finder: &mut Finder<'_>, grid: &Grid) {
    let Some((ranks, rows)) = rank_column(grid) else { return };
    let columns: Vec<Column<'_>> =
        (ranks + 1..grid.columns().len()).filter_map(|column| Column::read(grid, column, rows)).collect();
    if let Some(sorted) = columns.iter().find(|column| column.misplaced == Some(None)) {
        return sorted.emit(finder);
    }
    let mut nearly =
        columns.iter().enumerate().filter(|(_, column)| matches!(column.misplaced, Some(Some(_))));
    let Some((at, column)) = nearly.next() else { return };
    let named = grid.columns()[ranks].words.has(TableWord::Rank);
    // Beside the ranks stands what they rank by; elsewhere it must be the only one.
    if nearly.next().is_some() && !(at == 0 && named) {
        return;
    }
    let enough = if at == 0 && named { FEWEST } else { RANKS + 3 * usize::from(at > 0) };
    if column.figures.len() >= enough {
        column.emit(finder);
    }
}

/// The column with 1, 2, 3 …, and how many rows it ranks.
fn rank_column(grid: &Grid) -> Option<(usize, usize)> {
    let ranking = grid.caption.has_any(&[TableWord::Rank, TableWord::Excerpt]);
    let column = (0..grid.columns().len().min(2)).find(|column| {
        let line = &grid.columns()[*column];
        let ranks = line.words.has(TableWord::Rank) || ranking && line.words.has(TableWord::Count);
        ranks && rank(grid, 0, *column) == Some(Decimal::ONE)
    })?;
    let ranked =
        (0..grid.rows().len()).take_while(|row| rank(grid, *row, column) == Some(Decimal::from(row + 1)));
    Some((column, ranked.count())).filter(|(_, rows)| *rows >= FEWEST)
}

fn rank(grid: &Grid, row: usize, column: usize) -> Option<Decimal> {
    grid.figure(row, column).and_then(CellFigure::value)
}

/// A column of figures in the order of their ranks.
struct Column<'g> {
    figures: Vec<&'g CellFigure>,
    falls: bool,
    /// The one figure that is out of order; none in the inner option where all are in order.
    misplaced: Option<Option<usize>>,
}

impl<'g> Column<'g> {
    /// None where a figure is missing, is a range or a bound, or is of another kind.
    fn read(grid: &'g Grid, column: usize, rows: usize) -> Option<Self> {
        let figures: Option<Vec<&CellFigure>> = (0..rows).map(|row| grid.figure(row, column)).collect();
        let figures = figures?;
        let values: Option<Vec<Decimal>> = figures
            .iter()
            .map(|figure| {
                figure
                    .bounds()
                    .and_then(|_| figure.value())
                    .filter(|_| figure.quantity.unit == figures[0].quantity.unit)
            })
            .collect();
        let values = values?;
        let (first, last) = (values.first()?, values.last()?);
        if values.iter().all(|value| value == first) {
            return None;
        }
        let ups = values.windows(2).filter(|pair| pair[0] < pair[1]).count();
        let downs = values.windows(2).filter(|pair| pair[0] > pair[1]).count();
        let falls = if ups == downs { first > last } else { downs > ups };
        let misplaced = misplaced(&values, falls);
        Some(Self { figures, falls, misplaced })
    }

    fn emit(&self, finder: &mut Finder<'_>) {
        for (at, pair) in self.figures.windows(2).enumerate() {
            let (higher, lower) = if self.falls { (pair[0], pair[1]) } else { (pair[1], pair[0]) };
            let key = if self.misplaced == Some(Some(at)) { pair[0] } else { pair[1] };
            finder.group(
                "table-rank",
                key,
                vec![vec![("higher", higher.filler()), ("lower", lower.filler())]],
            );
        }
    }
}

/// Which value has to go for the others to be in order: Some(None) when they are, None when one is not enough.
fn misplaced(values: &[Decimal], falls: bool) -> Option<Option<usize>> {
    let ordered = |a: Decimal, b: Decimal| if falls { a >= b } else { a <= b };
    let in_order = |skip: Option<usize>| {
        let kept = || values.iter().enumerate().filter(|(at, _)| Some(*at) != skip).map(|(_, value)| *value);
        kept().zip(kept().skip(1)).all(|(a, b)| ordered(a, b))
    };
    let Some(at) = values.windows(2).position(|pair| !ordered(pair[0], pair[1])) else { return Some(None) };
    [at + 1, at].into_iter().find(|skip| in_order(Some(*skip))).map(Some)
}
