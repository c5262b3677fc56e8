use super::super::model::Filler;
use super::cell::{CellFigure, CellKind};
use super::finder::Finder;
use super::grid::Grid;
use super::words::TableWord;
use crate::quantity::{Bound, Magnitude};
use crate::relation::unit_agreement::comparable;

/// Looks at tables of figures, their targets (> 25, 不低于 30%) and whether they are met: a figure that is said to meet
/// its target does.
pub(super) fn find(finder: &mut Finder<'_>, grid: &Grid) {
    let has = |column: &usize, word: TableWord| grid.columns()[*column].words.has(word);
    let columns = 0..grid.columns().len();
    let Some(target) = columns.clone().find(|column| has(column, TableWord::Target)) else { return };
    let Some(status) = columns.clone().find(|column| *column != target && has(column, TableWord::Status))
    else {
        return;
    };
    // The figures stand beside their targets; of several columns nobody says which is meant.
    let mut values =
        columns.filter(|column| ![target, status].contains(column) && grid.figures(*column).next().is_some());
    let (Some(value), None) = (values.next(), values.next()) else { return };
    for row in 0..grid.rows().len() {
        let (Some(value), Some(target)) = (grid.figure(row, value), grid.figure(row, target)) else {
            continue;
        };
        // A score of 94/100 is no number by itself.
        let fraction = value.quantity.span.of(&finder.scene.document.prose).contains('/');
        if target.quantity.bound == Bound::Exact || fraction || !comparable(&value.quantity, &target.quantity)
        {
            continue;
        }
        let Some(met) = status_word(finder, grid, row, status) else { continue };
        let relation = if is_edge(value, target) { "table-threshold-edge" } else { "table-threshold" };
        let fillers = vec![("value", value.filler()), ("target", target.filler()), ("met", met)];
        finder.group(relation, value, vec![fillers]);
    }
}

/// The word that says a target is met; none where another word says that it is not, or only in part.
fn status_word(finder: &Finder<'_>, grid: &Grid, row: usize, column: usize) -> Option<Filler> {
    let (cell, scene) = (grid.cell(row, column), finder.scene);
    let words = scene.words.within(scene.hits, cell.span);
    if !words.has(TableWord::Met) || words.has(TableWord::Missed) || cell.kind == CellKind::Figure {
        return None;
    }
    let span = *scene.words.find(scene.hits, cell.span, TableWord::Met).first()?;
    Some(Filler::Word { span, value: rust_decimal::Decimal::ONE })
}

/// Whether a figure is the very one that must be passed: 25 for "> 25".
fn is_edge(value: &CellFigure, target: &CellFigure) -> bool {
    let end = match target.quantity.magnitude {
        Magnitude::Range { low, high } => low.or(high).map(|figure| figure.value),
        _ => target.value(),
    };
    matches!(target.quantity.bound, Bound::MoreThan | Bound::LessThan) && end == value.value()
}
