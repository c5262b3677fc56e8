use super::bounds::Bounds;
use super::cell::CellFigure;
use super::finder::Finder;
use super::grid::Grid;
use super::rows::RowKind;
use super::words::TableWord;
use crate::relation::unit_agreement::comparable;

/// Looks at tables that begin with all revenue and go on with its kinds, those of one kind set under it: the kinds of
/// the first level are not more than the whole, in every period.
pub(super) fn find(finder: &mut Finder<'_>, grid: &Grid, kinds: &[RowKind]) {
    let opens = grid.rows().first().is_some_and(|line| line.words.has(TableWord::Whole));
    let nested = kinds.contains(&RowKind::OfWhich);
    let parts: Vec<usize> = (1..kinds.len()).filter(|row| kinds[*row] == RowKind::Item).collect();
    let foreign =
        parts.iter().any(|row| grid.rows()[*row].words.has_any(&[TableWord::Foreign, TableWord::Whole]));
    if !opens || !nested || foreign || parts.len() < 3 || kinds.iter().any(|kind| is_other(*kind)) {
        return;
    }
    let columns: Vec<(Vec<&CellFigure>, &CellFigure)> = (0..grid.columns().len())
        .filter_map(|column| {
            let whole = grid.figure(0, column).filter(|figure| figure.is_amount())?;
            let figures: Option<Vec<&CellFigure>> =
                parts.iter().map(|row| grid.figure(*row, column)).collect();
            let figures = figures?;
            figures
                .iter()
                .all(|figure| comparable(&figure.quantity, &whole.quantity))
                .then_some((figures, whole))
        })
        .collect();
    let exceeds = |(figures, whole): &(Vec<&CellFigure>, &CellFigure)| {
        let sum = figures.iter().try_fold(Bounds::ZERO, |sum, figure| Some(sum.add(figure.bounds()?)));
        sum.zip(whole.bounds()).is_some_and(|(sum, whole)| sum.is_above(whole))
    };
    // Of columns that should tell the same, some do and some do not: neither is sure.
    let exceeding = columns.iter().filter(|column| exceeds(column)).count();
    if columns.is_empty() || exceeding > 0 && exceeding < columns.len() {
        return;
    }
    for (figures, whole) in &columns {
        let mut fillers: Vec<_> = figures.iter().map(|figure| ("parts", figure.filler())).collect();
        fillers.push(("whole", whole.filler()));
        if let Some(first) = figures.first() {
            finder.group("table-levels", first, vec![fillers]);
        }
    }
}

/// A row that makes the list no plain one of kinds.
fn is_other(kind: RowKind) -> bool {
    matches!(kind, RowKind::Section | RowKind::Less | RowKind::Subtotal | RowKind::Total)
}
