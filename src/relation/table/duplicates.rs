use std::collections::HashMap;

use super::cell::{CellFigure, CellKind};
use super::finder::Finder;
use super::grid::Grid;
use super::rows::RowKind;
use super::words::core;

/// Rows with names that show that names are told once.
const FEWEST: usize = 4;

/// Looks for a row that stands twice, with one figure that differs: the others are the same, and so is every word.
pub(super) fn find(finder: &mut Finder<'_>, grid: &Grid, kinds: &[RowKind]) {
    if kinds.contains(&RowKind::Section) || grid.rows().len() < FEWEST {
        return;
    }
    let prose = finder.scene.document.prose.as_str();
    let mut seen: HashMap<Vec<&str>, usize> = HashMap::new();
    let mut twins = Vec::new();
    for (row, (line, kind)) in grid.rows().iter().zip(kinds).enumerate() {
        let words: Vec<&str> = (0..grid.columns().len())
            .map(|column| grid.cell(row, column))
            .map(|cell| if cell.kind == CellKind::Figure { "" } else { core(prose, cell.span).of(prose) })
            .collect();
        if *kind != RowKind::Item || line.labels.is_empty() {
            continue;
        }
        if let Some(first) = seen.insert(words, row) {
            twins.push((first, row));
        }
    }
    // A name that stands often is a group, and so are several that stand twice.
    let [(first, second)] = twins.as_slice() else { return };
    let pairs: Vec<(&CellFigure, &CellFigure)> = (0..grid.columns().len())
        .filter_map(|column| Some((grid.figure(*first, column)?, grid.figure(*second, column)?)))
        .collect();
    let same = |pair: &&(&CellFigure, &CellFigure)| pair.0.value() == pair.1.value();
    let apart: Vec<_> = pairs.iter().filter(|pair| !same(pair)).collect();
    let told = pairs.iter().filter(same).filter(|pair| is_precise(pair.0)).count();
    if let ([(one, other)], true) = (apart.as_slice(), told >= 1) {
        let fillers = vec![("first", one.filler()), ("second", other.filler())];
        finder.group("table-twice", other, vec![fillers]);
    }
}

/// Whether a figure has so many digits that two rows seldom share it by chance.
fn is_precise(figure: &CellFigure) -> bool {
    figure
        .written()
        .is_some_and(|written| written.value.abs() >= written.step * rust_decimal::Decimal::ONE_HUNDRED)
}
