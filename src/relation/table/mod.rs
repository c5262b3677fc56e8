//! What tables say: typed columns and rows, and the sums, shares, changes and orders that bind their figures.

mod agreed;
mod bounds;
mod cell;
mod claims;
mod course;
mod duplicates;
mod finder;
mod form;
mod formulas;
mod gaps;
mod grid;
mod levels;
mod names;
mod parts;
mod ranks;
mod rows;
mod scales;
mod shares;
mod slip;
mod steps;
mod thresholds;
mod totals;
mod weighted;
mod words;
mod written;

pub(super) use cell::{Cell, CellFigure, CellKind};
pub(super) use grid::{Grid, Line, Scene};
pub(super) use words::{TableWord, TableWords, core};

use rayon::prelude::*;

use super::phrasebook::Phrasebook;
use super::statements::Statements;
use finder::Finder;
use rows::RowKind;

/// Reads every table as a grid; those that hold no row are none.
pub(super) fn grids(scene: Scene<'_>) -> Vec<Option<Grid>> {
    let tables = &scene.document.tables;
    let read = |table| Grid::read(scene, table);
    if tables.len() <= TABLES_AT_ONCE {
        tables.iter().map(read).collect()
    } else {
        tables.par_iter().map(read).collect()
    }
}

/// Tables that one thread takes at a time; an ordinary report has no more, and wakes no second one.
const TABLES_AT_ONCE: usize = 16;

/// Binds the figures of every table, in pieces that are to be put together in order.
pub(super) fn find<'a>(
    scene: Scene<'a>,
    grids: &[Option<Grid>],
    book: &'a Phrasebook,
    explain: bool,
) -> Vec<Statements<'a>> {
    let find = |grids: &[Option<Grid>]| find_in(scene, grids, book, explain).statements;
    // Tables do not depend on each other.
    let mut found: Vec<Statements<'_>> = if grids.len() <= TABLES_AT_ONCE {
        vec![find(grids)]
    } else {
        grids.par_chunks(TABLES_AT_ONCE).map(find).collect()
    };
    // What prose says of tables is looked for once all are read.
    let mut claims = Finder::new(scene, book, explain);
    claims::find(&mut claims, grids);
    found.push(claims.statements);
    found
}

fn find_in<'a>(scene: Scene<'a>, grids: &[Option<Grid>], book: &'a Phrasebook, explain: bool) -> Finder<'a> {
    let mut finder = Finder::new(scene, book, explain);
    for grid in grids.iter().flatten() {
        let kinds = rows::kinds(scene, grid);
        in_either_direction(&mut finder, grid, &kinds);
        parts::find(&mut finder, grid, &kinds);
        weighted::find(&mut finder, grid, &kinds);
        ranks::find(&mut finder, grid);
        written::find(&mut finder, grid);
        levels::find(&mut finder, grid, &kinds);
        gaps::find(&mut finder, grid);
        scales::find(&mut finder, grid, &kinds);
        steps::find(&mut finder, grid);
        thresholds::find(&mut finder, grid);
        duplicates::find(&mut finder, grid, &kinds);
        let on_its_side = grid.on_its_side();
        let kinds = rows::kinds(scene, &on_its_side);
        in_either_direction(&mut finder, &on_its_side, &kinds);
    }
    finder
}

/// What holds from row to row or from column to column.
fn in_either_direction(finder: &mut Finder<'_>, grid: &Grid, kinds: &[RowKind]) {
    totals::find(finder, grid, kinds);
    shares::find(finder, grid, kinds);
    formulas::find(finder, grid, kinds);
}
