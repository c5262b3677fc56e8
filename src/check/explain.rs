//! What became of every match: for `extract --explain`.

use super::Extraction;
use super::bindings::{Bindings, Scene};
use super::engine::{CompiledKind, Engine};
use crate::assertion::{Modality, Reading as TextReading};
use crate::document::Document;
use crate::quantity::Reading;
use crate::relation::{BasisWord, Candidate, Fact, Facts, FilledBy, Subject};
use crate::rule::{RuleKind, Verdict};
use crate::source::Span;

/// One match of a phrase, or one join, and its fate.
#[derive(Clone, Debug)]
pub struct Explained {
    pub relation: String,
    /// The phrase as written, or that the figures stand in a table; `None` when they were joined by what they measure.
    pub phrase: Option<String>,
    pub span: Span,
    /// Role names with the places of what fills them.
    pub roles: Vec<(String, Span)>,
    /// Why it was dropped, or what each rule says.
    pub outcome: Vec<String>,
}

impl Engine {
    /// Explains every candidate for a relation, in order of place.
    pub fn explain(&self, document: &Document, extraction: &Extraction) -> Vec<Explained> {
        let hits = self.lexicon.scan(&document.prose);
        let scene = self.scene(document, &hits, &extraction.reading);
        let relations = self.relations(document, &extraction.reading, &hits, true);
        let candidates = relations.candidates.iter().map(|candidate| self.explain_one(candidate, &scene));
        let facts = relations.facts.all().iter();
        let facts = facts.filter_map(|fact| self.explain_fact(fact, &relations.facts, &extraction.reading));
        let mut explained: Vec<Explained> = candidates.chain(facts).collect();
        explained.sort_by(|a, b| (a.span, &a.relation, &a.phrase).cmp(&(b.span, &b.relation, &b.phrase)));
        explained
    }

    fn explain_one(&self, candidate: &Candidate, scene: &Scene<'_>) -> Explained {
        let instance = &candidate.instance;
        let relation = &self.book.relations[instance.relation];
        let bindings = Bindings::new(scene, relation, instance);
        let mut roles: Vec<(String, Span)> = instance
            .fillers
            .iter()
            .filter_map(|(role, filler)| Some((relation.roles[*role].name.clone(), bindings.place(filler)?)))
            .collect();
        // Both ends of a range stand in one place.
        roles.dedup();
        let outcome = match &candidate.dropped {
            Some(why) => vec![format!("dropped: {why}")],
            None => self.verdicts(instance.relation, &bindings),
        };
        Explained {
            relation: relation.id.clone(),
            phrase: match instance.phrase {
                Some(number) => Some(self.book.phrases[number].text.clone()),
                None => read_as(relation.filled_by).map(str::to_owned),
            },
            span: instance.span,
            roles,
            outcome,
        }
    }

    /// A figure that bears the name of a metric, with what it is a figure of.
    fn explain_fact(&self, fact: &Fact, facts: &Facts, reading: &TextReading) -> Option<Explained> {
        let subject = match fact.subject {
            Subject::Own => None,
            Subject::Entity(entity) => reading.entity_names.get(entity.0 as usize).cloned(),
            Subject::Named(name) => Some(facts.label(name).to_owned()),
        };
        let period = fact.period.map(|period| format!("from {} to before {}", period.start, period.end));
        let told = fact.modality == Modality::Fact || fact.basis.has(BasisWord::Forecast);
        let modality = (!told).then(|| format!("{:?}", fact.modality).to_lowercase());
        let basis = fact.basis.names().map(str::to_owned);
        let subject = subject.map(|subject| format!("of {subject}"));
        let said: Vec<String> = subject.into_iter().chain(period).chain(modality).chain(basis).collect();
        Some(Explained {
            relation: format!("fact {}", self.book.metric_name(fact.metric?)),
            phrase: Some("a figure with its name".to_owned()),
            span: reading.quantities[fact.index].span,
            roles: fact.name.map(|name| ("name".to_owned(), name)).into_iter().collect(),
            outcome: if said.is_empty() { Vec::new() } else { vec![said.join(", ")] },
        })
    }

    /// What each rule of the relation says of one binding, by itself.
    fn verdicts(&self, relation: usize, bindings: &Bindings<'_>) -> Vec<String> {
        let rules = self
            .compiled
            .iter()
            .filter(|rule| matches!(rule.kind, CompiledKind::Relation(r) if r == relation));
        let mut lines = Vec::new();
        for compiled in rules {
            let rule = &self.rules()[compiled.rule];
            let RuleKind::Relation { require, .. } = &rule.kind else { continue };
            let document = bindings.scene.document;
            let sentence = document.sentences[bindings.instance.sentence as usize];
            let block = &document.blocks[sentence.block as usize];
            let verdict = if !compiled.applies_in(block.role) {
                "out of scope"
            } else if compiled.guarded(bindings.scene, sentence.span, bindings.instance.span) {
                "silenced by a guard word"
            } else {
                match require.evaluate(bindings, Reading::Plain) {
                    Verdict::Holds => "holds",
                    Verdict::CannotTell => "cannot tell",
                    Verdict::Contradicted => match require.evaluate(bindings, Reading::Charitable) {
                        Verdict::Contradicted => "contradicted",
                        _ => "contradicted as written, holds when rounded",
                    },
                }
            };
            lines.push(format!("{}: {verdict}", rule.id));
        }
        if lines.is_empty() {
            lines.push("no rule asks for it".into());
        }
        lines
    }
}

/// How a relation without phrases is read.
fn read_as(filled_by: FilledBy) -> Option<&'static str> {
    match filled_by {
        FilledBy::Tables => Some("read from a table"),
        FilledBy::Facts => Some("read from facts"),
        FilledBy::Diagrams => Some("read from a diagram"),
        FilledBy::Places => Some("stated in two places"),
        FilledBy::Phrases | FilledBy::Measures | FilledBy::Formulas => None,
    }
}
