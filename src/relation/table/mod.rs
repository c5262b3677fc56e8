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
mod restated;
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

pub(super) use words::TableWords;

use super::binder::Relations;
use super::phrasebook::Phrasebook;
use crate::assertion::Reading;
use crate::document::Document;
use crate::lexicon::Hits;
use finder::Finder;
use grid::{Grid, Scene};

/// Binds the figures of every table and adds what they say to `relations`.
pub(super) fn find(
    document: &Document,
    reading: &Reading,
    hits: &Hits,
    book: &Phrasebook,
    explain: bool,
    relations: &mut Relations,
) {
    let scene = Scene { document, reading, hits, words: &book.table_words };
    let mut finder = Finder::new(scene, book, explain);
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
                levels::find(&mut finder, &grid, &kinds);
                scales::find(&mut finder, &grid, &kinds);
                restated::find(&mut finder, &grid);
                steps::find(&mut finder, &grid);
                thresholds::find(&mut finder, &grid);
                duplicates::find(&mut finder, &grid, &kinds);
            }
            grid.flip();
        }
    }
    claims::find(&mut finder);
    relations.groups.extend(finder.groups);
    relations.candidates.extend(finder.candidates);
}
