use std::collections::HashMap;
use std::rc::Rc;

use super::super::grid::{Grid, Scene};
use super::Claim;
use super::side::Side;
use crate::source::Span;

/// Tables before a sentence that it may speak of.
const BEFORE: usize = 3;
/// Rows and columns of a table that prose speaks of.
const LARGEST: usize = 64;

/// How near a table stands to a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Near {
    /// Right before or behind it, in its section.
    Beside,
    /// In its chapter.
    Chapter,
}

/// The tables of a document, each seen from both sides when a sentence may speak of it.
pub(super) struct Tables<'a> {
    scene: Scene<'a>,
    grids: &'a [Option<Grid>],
    sides: HashMap<usize, Option<Rc<[Side; 2]>>>,
}

impl<'a> Tables<'a> {
    pub fn of(scene: Scene<'a>, grids: &'a [Option<Grid>]) -> Self {
        Self { scene, grids, sides: HashMap::new() }
    }

    /// The tables near a claim, the nearest first.
    pub fn near(&mut self, claim: Claim) -> Vec<(Near, Rc<[Side; 2]>)> {
        let document = self.scene.document;
        let block = document.sentences[claim.sentence as usize].block;
        let section = document.blocks[block as usize].section;
        let chapter = self.chapter(section);
        let next = document.tables.partition_point(|table| table.span.end <= claim.sentence_span.start);
        let nearest =
            (next.saturating_sub(BEFORE)..next).rev().chain(next..(next + 1).min(document.tables.len()));
        let mut found = Vec::new();
        for number in nearest {
            let table = &document.tables[number];
            let beside = table.section == section && (number + 1 == next || number == next);
            let near = match self.chapter(table.section) == chapter {
                _ if beside => Near::Beside,
                true => Near::Chapter,
                false => continue,
            };
            if let Some(sides) = self.sides(number) {
                found.push((near, sides));
            }
        }
        found.sort_by_key(|(near, _)| *near);
        found
    }

    /// Where the table right before a place ends, in the same section.
    pub fn end_before(&self, claim: Claim) -> Option<Span> {
        let tables = &self.scene.document.tables;
        let next = tables.partition_point(|table| table.span.end <= claim.sentence_span.start);
        next.checked_sub(1).map(|number| tables[number].span)
    }

    fn sides(&mut self, number: usize) -> Option<Rc<[Side; 2]>> {
        let read = || {
            let grid = self.grids.get(number)?.as_ref()?;
            if grid.rows().len() >= LARGEST || grid.columns().len() > LARGEST {
                return None;
            }
            Some(Rc::new([grid.clone(), grid.on_its_side()].map(|grid| Side::of(self.scene, grid))))
        };
        self.sides.entry(number).or_insert_with(read).clone()
    }

    /// The section of the second level that a section lies in.
    fn chapter(&self, section: u32) -> u32 {
        let sections = &self.scene.document.sections;
        let mut at = section;
        while let Some(parent) = sections.get(at as usize).and_then(|section| section.parent)
            && sections.get(parent as usize).is_some_and(|parent| parent.level > 1)
        {
            at = parent;
        }
        at
    }
}
