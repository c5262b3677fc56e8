//! What tables say: typed columns and rows, and the sums, shares, changes and orders that bind their figures.

mod bounds;
mod cell;
mod claims;
mod course;
mod duplicates;
mod finder;
mod form;
mod formulas;
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

use super::binder::Relations;
use super::phrasebook::Phrasebook;
use finder::Finder;

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

/// Binds the figures of every table and adds what they say to `relations`.
pub(super) fn find(
    scene: Scene<'_>,
    grids: &mut [Option<Grid>],
    book: &Phrasebook,
    explain: bool,
    relations: &mut Relations,
) {
    let find = |grids: &mut [Option<Grid>]| find_in(scene, grids, book, explain);
    // Tables do not depend on each other, and what they give is put together in order.
    let found: Vec<Finder<'_>> = if grids.len() <= TABLES_AT_ONCE {
        vec![find(grids)]
    } else {
        grids.par_chunks_mut(TABLES_AT_ONCE).map(find).collect()
    };
    // What prose says of tables is looked for once all are read.
    let mut claims = Finder::new(scene, book, explain);
    claims::find(&mut claims);
    for finder in found.into_iter().chain([claims]) {
        finder.statements.add_to(relations);
    }
}

fn find_in<'a>(
    scene: Scene<'a>,
    grids: &mut [Option<Grid>],
    book: &'a Phrasebook,
    explain: bool,
) -> Finder<'a> {
    let mut finder = Finder::new(scene, book, explain);
    for grid in grids.iter_mut().flatten() {
        for _ in 0..2 {
            let kinds = rows::kinds(scene, grid);
            totals::find(&mut finder, grid, &kinds);
            shares::find(&mut finder, grid, &kinds);
            formulas::find(&mut finder, grid, &kinds);
            if !grid.is_flipped() {
                parts::find(&mut finder, grid, &kinds);
                weighted::find(&mut finder, grid, &kinds);
                ranks::find(&mut finder, grid);
                written::find(&mut finder, grid);
                levels::find(&mut finder, grid, &kinds);
                scales::find(&mut finder, grid, &kinds);
                steps::find(&mut finder, grid);
                thresholds::find(&mut finder, grid);
                duplicates::find(&mut finder, grid, &kinds);
            }
            grid.flip();
        }
    }
    finder
}
