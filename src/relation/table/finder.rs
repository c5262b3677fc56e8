use super::super::binder::{Candidate, Instance, RivalGroup};
use super::super::model::Filler;
use super::super::phrasebook::Phrasebook;
use super::cell::CellFigure;
use super::grid::{Grid, Scene};
use crate::source::Span;

/// Gathers what the tables of one document say.
pub(super) struct Finder<'a> {
    pub scene: Scene<'a>,
    book: &'a Phrasebook,
    /// Whether what was left alone is kept.
    explain: bool,
    pub groups: Vec<RivalGroup>,
    pub candidates: Vec<Candidate>,
}

impl<'a> Finder<'a> {
    pub fn new(scene: Scene<'a>, book: &'a Phrasebook, explain: bool) -> Self {
        Self { scene, book, explain, groups: Vec::new(), candidates: Vec::new() }
    }

    /// One statement of a table, told by the cell with the figure `key`, with its readings: fillers by the names of their roles. The
    /// relation is missing only where somebody took its file away.
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
        (sentence, span): (u32, Span),
        sure: bool,
        readings: Vec<Vec<(&str, Filler)>>,
    ) {
        let Some(number) = self.book.find(relation) else { return };
        let shape = &self.book.relations[number];
        let role = |name: &str| shape.roles.iter().position(|role| role.name == name);
        let readings: Vec<Instance> = readings
            .into_iter()
            .map(|fillers| Instance {
                relation: number,
                phrase: None,
                sentence,
                span,
                fillers: fillers
                    .into_iter()
                    .filter_map(|(name, filler)| Some((role(name)?, filler)))
                    .collect(),
                inferred: !sure,
                named: false,
            })
            .collect();
        if self.explain {
            let kept =
                readings.iter().map(|instance| Candidate { instance: instance.clone(), dropped: None });
            self.candidates.extend(kept);
        }
        if !readings.is_empty() {
            self.groups.push(RivalGroup { readings });
        }
    }

    /// Notes why the figure of a cell was not checked.
    pub fn drop(&mut self, grid: &Grid, (row, column): (usize, usize), why: &str) {
        let Some(number) = self.book.find("table-total").filter(|_| self.explain) else { return };
        let Some(figure) = grid.figure(row, column) else { return };
        let span = figure.quantity.span;
        let Some(sentence) = self.sentence(span) else { return };
        let fillers = vec![(self.book.relations[number].key, figure.filler())];
        let instance = Instance {
            relation: number,
            phrase: None,
            sentence,
            span,
            fillers,
            inferred: false,
            named: false,
        };
        self.candidates.push(Candidate { instance, dropped: Some(why.to_owned()) });
    }

    fn sentence(&self, place: Span) -> Option<u32> {
        u32::try_from(self.scene.document.sentence_at(place.start)?).ok()
    }
}
