//! Facts about a report's argument: what rests on nothing, what nothing answers, what the diagram leaves out.

mod conclusion;
mod diagram;
mod objection;
mod wording;

use super::bindings::Scene;
use super::structure::Occurrence;
use crate::argument::{Layout, Part, PartKind};
use crate::document::Role;
use crate::lexicon::ClassId;
use crate::source::Span;

/// A fact about an argument that a structure rule can be about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum ReasoningFact {
    ConclusionWithoutEvidence,
    ConclusionTermUnsupported,
    EvidenceOffSubject,
    SourcesSeldomNamed,
    ObjectionRestates,
    ObjectionWithoutNode,
    NodeWithoutObjection,
    EvidenceWithoutNode,
    DiagramFigureOnlyInSource,
    DiagramFigureNowhere,
    DiagramLeavesOut,
    ComparatorDropped,
    UniversalFromFew,
    QuoteWithoutSpeaker,
}

impl ReasoningFact {
    /// Every place where it holds.
    pub fn occurrences(self, scene: &Scene<'_>) -> Vec<Occurrence> {
        match self {
            Self::ConclusionWithoutEvidence => conclusion::without_evidence(scene),
            Self::ConclusionTermUnsupported => conclusion::unsupported_terms(scene),
            Self::EvidenceOffSubject => conclusion::off_subject(scene),
            Self::SourcesSeldomNamed => conclusion::sources_seldom_named(scene),
            Self::ObjectionRestates => objection::restated(scene),
            Self::ObjectionWithoutNode => objection::without_node(scene),
            Self::NodeWithoutObjection => objection::nodes_alone(scene),
            Self::EvidenceWithoutNode => diagram::evidence_without_node(scene),
            Self::DiagramFigureOnlyInSource => diagram::figures(scene, diagram::Found::InSource),
            Self::DiagramFigureNowhere => diagram::figures(scene, diagram::Found::Nowhere),
            Self::DiagramLeavesOut => diagram::left_out(scene),
            Self::ComparatorDropped => diagram::comparators(scene),
            Self::UniversalFromFew => wording::universals(scene),
            Self::QuoteWithoutSpeaker => wording::quotes(scene),
        }
    }
}

/// Whether a report has sections for argument and evidence; most facts speak of such a report alone, and no other is
/// taken apart for them.
fn is_argued(scene: &Scene<'_>) -> bool {
    let has = |role| scene.document.sections.iter().any(|section| section.role == role);
    has(Role::Argument) && has(Role::Evidence) && scene.argument().layout == Layout::Argued
}

/// The parts of a kind, in order.
fn parts<'s>(scene: &'s Scene<'_>, kind: PartKind) -> impl Iterator<Item = (usize, &'s Part)> {
    scene.argument().of_kind(kind)
}

/// Whether a word of a list stands in the span.
fn has(scene: &Scene<'_>, class: Option<ClassId>, span: Span) -> bool {
    class.is_some_and(|class| scene.hits.has(class, span))
}

/// How a part begins: what stands before its first colon, else its first words.
fn name(scene: &Scene<'_>, part: &Part) -> String {
    scene.argument().name(part, scene.document)
}

fn at(span: Span, text: String) -> Occurrence {
    Occurrence { span, text, related: Vec::new() }
}

/// The first line's worth of a part: where a finding about the part as a whole is shown.
fn head(scene: &Scene<'_>, part: &Part) -> Span {
    let document = scene.document;
    let sentence = document.sentence_at(part.span.start).map(|number| document.sentences[number].span);
    sentence.filter(|sentence| part.span.contains(*sentence)).unwrap_or(part.span)
}
