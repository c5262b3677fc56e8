//! What tables say: typed columns and rows, and the sums, shares, changes and orders that bind their figures.

mod bounds;
mod cell;
mod finder;
mod form;
mod formulas;
mod grid;
mod names;
mod parts;
mod ranks;
mod rows;
mod shares;
mod slip;
mod totals;
mod weighted;
mod words;
mod written;

pub(super) use cell::{Cell, CellFigure, CellKind};
pub(super) use grid::{Grid, Line, Scene};
pub(super) use words::{TableWord, TableWords, core};

use super::binder::Relations;
use super::phrasebook::Phrasebook;
use crate::assertion::Reading;
use crate::document::Document;
use crate::lexicon::Hits;
use finder::Finder;

/// Binds the figures of every table and adds what they say to `relations`; the tables as they were read.
pub(super) fn find(
    document: &Document,
    reading: &Reading,
    hits: &Hits,
    book: &Phrasebook,
    explain: bool,
    relations: &mut Relations,
) -> Vec<Grid> {
    let scene = Scene { document, reading, hits, words: &book.table_words };
    let mut finder = Finder::new(scene, book, explain);
    let mut grids = Vec::with_capacity(document.tables.len());
    for table in &document.tables {
        let Some(mut grid) = Grid::read(scene, table) else { continue };
        for _ in 0..2 {
            let kinds = rows::kinds(scene, &grid);
            totals::find(&mut finder, &grid, &kinds);
            shares::find(&mut finder, &grid, &kinds);
            formulas::find(&mut finder, &grid, &kinds);
            if !grid.is_flipped() {
                parts::find(&mut finder, &grid, &kinds);
                weighted::find(&mut finder, &grid, &kinds);
                ranks::find(&mut finder, &grid);
                written::find(&mut finder, &grid);
            }
            grid.flip();
        }
        grids.push(grid);
    }
    relations.groups.extend(finder.groups);
    relations.candidates.extend(finder.candidates);
    grids
}
