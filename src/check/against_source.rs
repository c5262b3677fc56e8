//! Facts about a report and its sources: a figure that they do not give, or give differently.

use super::mentions::{Mention, Shared};
use super::quotes;
use crate::grounding::{GroundedFigure, Grounding, Origin, SourceText, Strength, Texts, Verdict};
use crate::quantity::Bound;
use crate::source::Span;

/// A text that a report was made from, with what is wrong in it.
#[derive(Debug)]
pub struct Source {
    pub text: SourceText,
    pub(super) slips: Vec<SourceSlip>,
}

/// A report with what its sources say of it.
#[derive(Clone, Copy)]
pub(super) struct Held<'a> {
    pub texts: Texts<'a>,
    pub grounding: &'a Grounding,
    /// Figures of the given sources that these sources contradict.
    pub given_slips: &'a [SourceSlip],
}

/// A fact that a source rule can be about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum SourceFact {
    /// The same is said in a source, of another number.
    FigureDiffers,
    /// No source gives the figure, and it follows from none that they give.
    FigureAbsent,
    /// A source has the words of a quotation nearly, and none has them as they are quoted.
    QuoteAltered,
    /// The report gives a figure bare where a source, and the report itself elsewhere, gives it as a bound.
    BoundDropped,
    /// The source contradicts the figure itself.
    FigureUnreliable,
}

/// One place of the report where a fact holds.
#[derive(Clone, Debug)]
pub(super) struct SourceOccurrence {
    pub span: Span,
    /// What of the report fills `{text}`.
    pub words: Span,
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
    pub const ALL: [(Self, &'static str); 5] = [
        (Self::FigureDiffers, "figure-differs"),
        (Self::FigureAbsent, "figure-absent"),
        (Self::QuoteAltered, "quote-altered"),
        (Self::BoundDropped, "bound-dropped"),
        (Self::FigureUnreliable, "figure-unreliable"),
    ];

    /// The fact of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(_, known)| *known == name).map(|(fact, _)| fact)
    }

    /// Every place where it holds.
    pub fn occurrences(
        self,
        held: &Held<'_>,
        shared: &[Shared<'_>],
        slips: &[SourceSlip],
    ) -> Vec<SourceOccurrence> {
        match self {
            Self::QuoteAltered => quotes::occurrences(held),
            Self::BoundDropped => bound_dropped(shared),
            Self::FigureUnreliable => unreliable(shared, slips),
            Self::FigureDiffers | Self::FigureAbsent => self.at_odds(held),
        }
    }

    /// Figures with the verdict that the fact is about.
    fn at_odds(self, held: &Held<'_>) -> Vec<SourceOccurrence> {
        let at_odds = |figure: &GroundedFigure| {
            let (strength, source) = match (self, &figure.verdict) {
                (Self::FigureDiffers, Verdict::Differs { from, strength }) => {
                    (*strength, Some((from.origin, from.span)))
                }
                (Self::FigureAbsent, Verdict::Absent { strength }) => (*strength, None),
                _ => return None,
            };
            let span = held.texts.report.reading.quantities[figure.quantity].span;
            Some(SourceOccurrence { span, words: span, strength, source, also: Vec::new(), arithmetic: None })
        };
        held.grounding.figures.iter().filter_map(at_odds).collect()
    }
}

/// A figure that the text which it stands in contradicts.
#[derive(Clone, Debug)]
pub(super) struct SourceSlip {
    pub origin: Origin,
    /// The figure.
    pub span: Span,
    pub arithmetic: Option<String>,
}

/// Figures that lost a "more than" or "less than". That is a hint where all of the source's places have it, and more
/// where the report itself has it elsewhere.
fn bound_dropped(shared: &[Shared<'_>]) -> Vec<SourceOccurrence> {
    let dropped = |figure: &Shared<'_>| {
        let report = figure.report.quantity;
        if report.bound != Bound::Exact || report.approximate {
            return None;
        }
        let bounded = figure.in_sources.iter().filter(|mention| side(mention.quantity.bound).is_some());
        let bounded: Vec<_> = bounded.collect();
        let first = bounded.first()?;
        let told_elsewhere = figure.in_report.iter().any(|mention| {
            let told = side(mention.quantity.bound);
            told.is_some() && bounded.iter().any(|source| side(source.quantity.bound) == told)
        });
        let everywhere = bounded.len() == figure.in_sources.len();
        let strength = match (told_elsewhere, everywhere) {
            (true, _) => Strength::Proof,
            (false, true) => Strength::Hint,
            (false, false) => return None,
        };
        let words = first.quantity.hedge.map_or(first.quantity.span, |hedge| hedge.join(first.quantity.span));
        Some(SourceOccurrence {
            span: report.span,
            words: report.span,
            strength,
            source: Some((first.origin, words)),
            also: Vec::new(),
            arithmetic: None,
        })
    };
    shared.iter().filter(|figure| figure.is_distinctive()).filter_map(dropped).collect()
}

/// Whether the true number is above or below; `None` where nothing is said.
fn side(bound: Bound) -> Option<bool> {
    match bound {
        Bound::Exact => None,
        Bound::AtLeast | Bound::MoreThan => Some(true),
        Bound::AtMost | Bound::LessThan => Some(false),
    }
}

/// Figures that the report takes over from a place of the source that the source itself contradicts.
fn unreliable(shared: &[Shared<'_>], slips: &[SourceSlip]) -> Vec<SourceOccurrence> {
    let copied = |figure: &Shared<'_>| {
        // One place of the source that nothing contradicts is enough to rely on.
        let slip_at = |mention: &Mention<'_>| {
            slips.iter().find(|slip| slip.origin == mention.origin && slip.span == mention.quantity.span)
        };
        let found: Vec<&SourceSlip> = figure.in_sources.iter().filter_map(slip_at).collect();
        let slip = found.first().filter(|_| found.len() == figure.in_sources.len())?;
        Some(SourceOccurrence {
            span: figure.report.quantity.span,
            words: figure.report.quantity.span,
            strength: Strength::Proof,
            source: Some((slip.origin, slip.span)),
            also: Vec::new(),
            arithmetic: slip.arithmetic.clone(),
        })
    };
    shared.iter().filter_map(copied).collect()
}
