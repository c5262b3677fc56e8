use super::super::model::Filler;
use super::super::phrasebook::Phrasebook;
use super::super::statements::{Filled, Statements};
use super::cell::CellFigure;
use super::grid::{Grid, Scene};
use crate::source::Span;

/// Gathers what the tables of one document say.
pub(super) struct Finder<'a> {
    pub scene: Scene<'a>,
    pub statements: Statements<'a>,
}

impl<'a> Finder<'a> {
    pub fn new(scene: Scene<'a>, book: &'a Phrasebook, explain: bool) -> Self {
        Self { scene, statements: Statements::new(book, explain) }
    }

    /// One statement of a table, told by the cell with the figure `key`, with its readings: fillers by the names of
    /// their roles.
    pub fn group(&mut self, relation: &str, key: &CellFigure, readings: Vec<Vec<(&str, Filler)>>) {
        self.group_over(relation, key, key.quantity.span, readings);
    }

    /// The same, told by more than one cell.
    pub fn group_over(
        &mut self,
        relation: &str,
        key: &CellFigure,
        span: Span,
        readings: Vec<Vec<(&str, Filler)>>,
    ) {
        if let Some(sentence) = self.sentence(key.quantity.span) {
            self.statement(relation, (sentence, span), true, readings);
        }
    }

    /// One statement that a sentence makes of a table's figures; where it is not `sure` that it speaks of them,
    /// nothing is proven.
    pub fn statement(
        &mut self,
        relation: &str,
        place: (u32, Span),
        sure: bool,
        readings: Vec<Vec<(&str, Filler)>>,
    ) {
        let readings = readings.into_iter().map(|fillers| Filled { fillers, sure });
        self.statements.add(relation, place, readings);
    }

    /// Notes why the figure of a cell was not checked.
    pub fn drop(&mut self, grid: &Grid, (row, column): (usize, usize), why: &str) {
        let Some(figure) = grid.figure(row, column) else { return };
        let span = figure.quantity.span;
        if let Some(sentence) = self.sentence(span) {
            self.statements.drop("table-total", (sentence, span), figure.filler(), why);
        }
    }

    fn sentence(&self, place: Span) -> Option<u32> {
        u32::try_from(self.scene.document.sentence_at(place.start)?).ok()
    }
}
