use super::binder::{Candidate, Instance, Relations, RivalGroup};
use super::model::Filler;
use super::phrasebook::Phrasebook;
use crate::source::Span;

/// Gathers statements that no phrase tells: of tables, of places that say the same.
pub(super) struct Statements<'a> {
    pub book: &'a Phrasebook,
    /// Whether what was tried is kept.
    explain: bool,
    groups: Vec<RivalGroup>,
    candidates: Vec<Candidate>,
}

/// One way to fill the roles of a relation, by their names.
pub(super) struct Filled<'r> {
    pub fillers: Vec<(&'r str, Filler)>,
    /// Whether the figures are surely meant; if not, nothing is proven.
    pub sure: bool,
}

impl<'a> Statements<'a> {
    pub fn new(book: &'a Phrasebook, explain: bool) -> Self {
        Self { book, explain, groups: Vec::new(), candidates: Vec::new() }
    }

    /// One statement with all its readings. The relation is missing only where somebody took its file away.
    pub fn add<'r>(
        &mut self,
        relation: &str,
        (sentence, span): (u32, Span),
        readings: impl IntoIterator<Item = Filled<'r>>,
    ) {
        let Some(number) = self.book.find(relation) else { return };
        let shape = &self.book.relations[number];
        let role = |name: &str| shape.roles.iter().position(|role| role.name == name);
        let filled = |(name, filler)| Some((role(name)?, filler));
        let readings: Vec<Instance> = readings
            .into_iter()
            .map(|Filled { fillers, sure }| Instance {
                relation: number,
                phrase: None,
                sentence,
                span,
                fillers: fillers.into_iter().filter_map(filled).collect(),
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

    /// Notes why a figure, which fills the key role, was not checked.
    pub fn drop(&mut self, relation: &str, (sentence, span): (u32, Span), key: Filler, why: &str) {
        let Some(relation) = self.book.find(relation).filter(|_| self.explain) else { return };
        let fillers = vec![(self.book.relations[relation].key, key)];
        let instance =
            Instance { relation, phrase: None, sentence, span, fillers, inferred: false, named: false };
        self.candidates.push(Candidate { instance, dropped: Some(why.to_owned()) });
    }

    /// Hands over what was gathered.
    pub fn add_to(self, relations: &mut Relations) {
        relations.groups.extend(self.groups);
        relations.candidates.extend(self.candidates);
    }
}
