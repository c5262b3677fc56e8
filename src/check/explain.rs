//! What became of every match: for `extract --explain`.

use super::Extraction;
use super::bindings::{Bindings, Scene};
use super::engine::{CompiledKind, Engine};
use crate::document::Document;
use crate::quantity::Reading;
use crate::relation::{Candidate, FilledBy};
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
        let scene = Scene { document, hits: &hits, reading: &extraction.reading, units: self.units() };
        let mut explained: Vec<Explained> = self
            .relations(document, &extraction.reading, &hits, true)
            .candidates
            .iter()
            .map(|candidate| self.explain_one(candidate, &scene))
            .collect();
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
                None => match relation.filled_by {
                    FilledBy::Tables => Some("read from a table".to_owned()),
                    FilledBy::Diagrams => Some("read from a diagram".to_owned()),
                    _ => None,
                },
            },
            span: instance.span,
            roles,
            outcome,
        }
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
