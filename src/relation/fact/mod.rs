//! One list of what a report states in figures: what each is a figure of, whose, when, on which basis and where it
//! stands; so that a fact told twice meets itself and an identity finds its operands.

mod basis;
mod cells;
mod label;
mod metric;
mod model;
mod sentences;

use std::collections::BTreeMap;

pub(super) use basis::FactWords;
pub use basis::{Basis, BasisWord};
pub(super) use label::FactScene;
pub use metric::MetricId;
pub(super) use metric::{MetricType, Metrics, Timing};
pub use model::{CellPlace, Fact, NameId, Place, Subject, TableLine};

use fnv::FnvHashMap;

use super::phrasebook::Phrasebook;
use super::table::{Grid, Scene};
use crate::assertion::{EntityId, Reading};
use crate::document::{BlockKind, Document};
use crate::source::Span;

/// Reads the facts of a document; `grids` are its tables.
pub(super) fn read(scene: Scene<'_>, grids: &[Option<Grid>], book: &Phrasebook) -> Facts {
    let scene = FactScene {
        document: scene.document,
        reading: scene.reading,
        hits: scene.hits,
        metrics: &book.metrics,
        words: &book.fact_words,
        table_words: &book.table_words,
    };
    Facts::read(scene, grids)
}

/// All facts of a document, in order of their figures.
#[derive(Debug, Default)]
pub struct Facts {
    all: Vec<Fact>,
    by_metric: BTreeMap<(MetricId, Subject), Vec<usize>>,
    names: Vec<String>,
    ids: FnvHashMap<String, NameId>,
    /// The company that the report is about, when it names one.
    own: Option<EntityId>,
    /// Whose figures those of a section are.
    sections: Vec<Subject>,
    /// The section above each.
    parents: Vec<Option<u32>>,
}

impl Facts {
    /// Reads the facts of every table (`grids` in the order of the document's tables), sentence, list and diagram.
    pub(super) fn read(scene: FactScene<'_>, grids: &[Option<Grid>]) -> Self {
        let all = Vec::with_capacity(scene.reading.quantities.len());
        let mut facts = Self { own: own_entity(scene), all, ..Self::default() };
        facts.sections = facts.section_subjects(scene);
        facts.parents = scene.document.sections.iter().map(|section| section.parent).collect();
        for ((number, table), grid) in (0u32..).zip(&scene.document.tables).zip(grids) {
            if let Some(grid) = grid {
                cells::read(scene, number, table, grid, &mut facts);
            }
        }
        sentences::read(scene, &mut facts);
        facts.all.sort_by_key(|fact| (fact.index, fact.metric));
        facts.all.dedup_by_key(|fact| (fact.index, fact.metric));
        for (at, fact) in facts.all.iter().enumerate() {
            if let Some(metric) = fact.metric {
                facts.by_metric.entry((metric, fact.subject)).or_default().push(at);
            }
        }
        facts
    }

    /// Every fact: all figures of tables, and those of sentences, lists and diagrams that bear the name of a metric.
    pub fn all(&self) -> &[Fact] {
        &self.all
    }

    /// What a figure is one of, where it bears the name of a metric.
    pub fn of_figure(&self, index: usize) -> Option<&Fact> {
        let from = self.all.partition_point(|fact| fact.index < index);
        let own = self.all[from..].iter().take_while(|fact| fact.index == index);
        own.into_iter().find(|fact| fact.metric.is_some())
    }

    /// The facts about a metric of a subject, in order of place.
    pub fn about(&self, metric: MetricId, subject: Subject) -> impl Iterator<Item = &Fact> {
        let found = self.by_metric.get(&(metric, subject)).map_or(&[][..], Vec::as_slice);
        found.iter().map(|at| &self.all[*at])
    }

    /// The subjects of which a metric is told.
    pub fn subjects_of(&self, metric: MetricId) -> impl Iterator<Item = Subject> + '_ {
        let all = (metric, Subject::Own)..=(metric, Subject::Named(NameId(u32::MAX)));
        self.by_metric.range(all).map(|((_, subject), _)| *subject)
    }

    /// The name that a label has, if some row or column bears it.
    pub fn find_name(&self, key: &str) -> Option<NameId> {
        self.ids.get(key).copied()
    }

    /// The label of that name, in lower case.
    pub fn label(&self, name: NameId) -> &str {
        &self.names[name.0 as usize]
    }

    /// Whether two sections stand beside each other below one heading.
    pub(super) fn are_siblings(&self, one: u32, other: u32) -> bool {
        let parent = |section: u32| self.parents.get(section as usize).copied().flatten();
        one != other && parent(one) == parent(other)
    }

    fn push(&mut self, fact: Fact) {
        self.all.push(fact);
    }

    fn name(&mut self, key: String) -> NameId {
        let next = NameId(u32::try_from(self.names.len()).unwrap_or(u32::MAX));
        let names = &mut self.names;
        *self.ids.entry(key).or_insert_with_key(|key| {
            names.push(key.clone());
            next
        })
    }

    /// The subject that an entity is: the report's own company is no other one.
    fn subject(&self, entity: EntityId) -> Subject {
        if self.own == Some(entity) { Subject::Own } else { Subject::Entity(entity) }
    }

    /// Whom a sentence speaks of.
    pub(super) fn subject_of(&self, document: &Document, reading: &Reading, sentence: u32) -> Subject {
        let sentence = document.sentences[sentence as usize];
        let block = &document.blocks[sentence.block as usize];
        let (first, inside) = reading.quantities_within(sentence.span);
        let named = (first..first + inside.len())
            .find_map(|index| reading.assertion_of(index).and_then(|assertion| assertion.entity));
        named.map_or_else(|| self.subject_of_section(block.section), |entity| self.subject(entity))
    }

    fn subject_of_section(&self, section: u32) -> Subject {
        self.sections.get(section as usize).copied().unwrap_or(Subject::Own)
    }

    /// The entity that a label names.
    fn entity_in(&self, scene: FactScene<'_>, label: Span) -> Option<Subject> {
        mentions_in(scene, label).next().map(|entity| self.subject(entity))
    }

    /// A heading that names a company speaks of it in all below.
    fn section_subjects(&self, scene: FactScene<'_>) -> Vec<Subject> {
        let mut subjects: Vec<Subject> = Vec::with_capacity(scene.document.sections.len());
        for section in &scene.document.sections {
            let inherited = section.parent.and_then(|parent| subjects.get(parent as usize).copied());
            let named: Vec<EntityId> = mentions_in(scene, section.heading).collect();
            subjects.push(match named.as_slice() {
                [entity] => self.subject(*entity),
                _ => inherited.unwrap_or(Subject::Own),
            });
        }
        subjects
    }
}

fn mentions_in(scene: FactScene<'_>, span: Span) -> impl Iterator<Item = EntityId> {
    let mentions = &scene.reading.mentions;
    let from = mentions.partition_point(|(mention, _)| mention.start < span.start);
    mentions[from..].iter().take_while(move |(mention, _)| mention.end <= span.end).map(|(_, entity)| *entity)
}

/// The company that the title names; else the one that is named more often than all others together.
fn own_entity(scene: FactScene<'_>) -> Option<EntityId> {
    let is_title = |kind| matches!(kind, BlockKind::Heading { level: 1 } | BlockKind::Field);
    let title = scene.document.blocks.iter().find(|block| is_title(block.kind));
    if let Some(title) = title
        && let Some(entity) = mentions_in(scene, title.span).next()
    {
        return Some(entity);
    }
    let mut counts: BTreeMap<EntityId, usize> = BTreeMap::new();
    for (_, entity) in &scene.reading.mentions {
        *counts.entry(*entity).or_default() += 1;
    }
    let (entity, count) = counts.into_iter().max_by_key(|(_, count)| *count)?;
    (count * 2 > scene.reading.mentions.len() && count >= 3).then_some(entity)
}
