//! Facts about a report and its sources: a figure that they do not give, or give differently.

use crate::grounding::{GroundedFigure, Grounding, Origin, Strength, Texts, Verdict};
use crate::source::Span;

/// A report with what its sources say of it.
#[derive(Clone, Copy)]
pub(super) struct Held<'a> {
    pub texts: Texts<'a>,
    pub grounding: &'a Grounding,
}

/// A fact that a source rule can be about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum SourceFact {
    /// The same is said in a source, of another number.
    FigureDiffers,
    /// No source gives the figure, and it follows from none that they give.
    FigureAbsent,
}

/// One place of the report where a fact holds.
#[derive(Clone, Debug)]
pub(super) struct SourceOccurrence {
    pub span: Span,
    /// Proof has the rule's severity, likely its `plain_severity`, a hint is a note.
    pub strength: Strength,
    /// What a source says instead; its words fill `{source}`.
    pub source: Option<(Origin, Span)>,
    /// Further places in the sources.
    pub also: Vec<(Origin, Span)>,
    pub arithmetic: Option<String>,
}

impl SourceFact {
    /// Every fact with its name in rule files.
    pub const ALL: [(Self, &'static str); 2] =
        [(Self::FigureDiffers, "figure-differs"), (Self::FigureAbsent, "figure-absent")];

    /// The fact of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(_, known)| *known == name).map(|(fact, _)| fact)
    }

    /// Every place where it holds.
    pub fn occurrences(self, held: &Held<'_>) -> Vec<SourceOccurrence> {
        let at_odds = |figure: &GroundedFigure| {
            let (strength, source) = match (self, &figure.verdict) {
                (Self::FigureDiffers, Verdict::Differs { from, strength }) => {
                    (*strength, Some((from.origin, from.span)))
                }
                (Self::FigureAbsent, Verdict::Absent { strength }) => (*strength, None),
                _ => return None,
            };
            let span = held.texts.report.reading.quantities[figure.quantity].span;
            Some(SourceOccurrence { span, strength, source, also: Vec::new(), arithmetic: None })
        };
        held.grounding.figures.iter().filter_map(at_odds).collect()
    }
}
