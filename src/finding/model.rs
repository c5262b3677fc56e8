use clap::ValueEnum;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::source::Span;

/// How much a finding weighs; an error is a proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    Note,
    Warning,
    Error,
}

/// How sure claimlint is that it read the text right.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema, ValueEnum,
)]
#[serde(rename_all = "lowercase")]
pub enum Confidence {
    Low,
    Medium,
    High,
}

/// Another place that belongs to the finding: an operand, the figure it contradicts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Related {
    /// The role's name: `whole`, `share`.
    pub label: String,
    pub span: Span,
}

/// A place in a source that stands outside the document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourcePlace {
    /// What it is to the finding, as in [`Related::label`].
    pub label: String,
    /// Which of the sources given with the document, by its place among them.
    pub source: usize,
    /// Bytes of that source's text.
    pub span: Span,
}

/// One finding in one document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Rule id, `group/name`.
    pub rule: String,
    pub severity: Severity,
    pub confidence: Confidence,
    /// Bytes of the document's text.
    pub span: Span,
    /// In the language asked for.
    pub message: String,
    /// `1100亿 ÷ 1706亿 = 64.48%`.
    pub arithmetic: Option<String>,
    /// The one change that would make it hold.
    pub repair: Option<String>,
    /// Places in the same document, its own source part included.
    pub related: Vec<Related>,
    /// Places in the sources given with it.
    pub in_sources: Vec<SourcePlace>,
    /// 16 hexadecimal digits; the same after edits elsewhere in the document.
    pub fingerprint: String,
    /// Findings on one clause share a number; numbers ascend with the place.
    pub group: usize,
    /// Why it does not count; `None` for a finding that does.
    pub suppressed: Option<Suppression>,
}

/// Somebody has seen the finding and let it stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suppression {
    pub by: SuppressedBy,
    /// What they gave as their reason.
    pub reason: Option<String>,
}

/// Where it is written that a finding may stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum SuppressedBy {
    /// A comment in the report itself.
    Comment,
    /// The baseline file.
    Baseline,
    /// A reviewer, in the file of decisions.
    Decision,
}

/// How much of a document was really tested.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Coverage {
    /// All quantities read outside the source part.
    pub quantities: usize,
    /// Those that at least one rule's arithmetic used and could judge.
    pub checked: usize,
    /// Where they come from; left out without a source.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grounding: Option<GroundingCoverage>,
}

/// What the sources say to the figures of a report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct GroundingCoverage {
    /// The figures that were looked for.
    pub figures: usize,
    /// Those that a source gives.
    pub supported: usize,
    /// Those that follow from figures of the sources.
    pub derived: usize,
    /// Those for which a source gives another number.
    pub different: usize,
    /// Those that no source gives.
    pub absent: usize,
}

impl GroundingCoverage {
    fn count(&mut self, grounded: Grounded) {
        self.figures += 1;
        match grounded {
            Grounded::Supported => self.supported += 1,
            Grounded::Derived => self.derived += 1,
            Grounded::Different => self.different += 1,
            Grounded::Absent => self.absent += 1,
            Grounded::Open => {}
        }
    }

    /// Those that no source would have to give, or that cannot be judged.
    pub fn open(&self) -> usize {
        self.figures - self.supported - self.derived - self.different - self.absent
    }

    fn join(&mut self, other: &Self) {
        self.figures += other.figures;
        self.supported += other.supported;
        self.derived += other.derived;
        self.different += other.different;
        self.absent += other.absent;
    }
}

impl Coverage {
    /// Counts what another report's coverage has counted.
    pub fn join(&mut self, other: &Self) {
        self.quantities += other.quantities;
        self.checked += other.checked;
        if let Some(grounding) = &other.grounding {
            self.grounding.get_or_insert_default().join(grounding);
        }
    }
}

/// All that was found in one document, in order of place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Audit {
    /// Those that count and those that are suppressed.
    pub findings: Vec<Finding>,
    /// The quantities outside the source part, in order of place.
    pub figures: Vec<Figure>,
}

impl Audit {
    /// The findings that count.
    pub fn live(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| finding.suppressed.is_none())
    }

    /// The findings that are known and let stand.
    pub fn suppressed(&self) -> impl Iterator<Item = (&Finding, &Suppression)> {
        self.findings.iter().filter_map(|finding| Some((finding, finding.suppressed.as_ref()?)))
    }

    /// How much of the document was tested.
    pub fn coverage(&self) -> Coverage {
        let checked = self.figures.iter().filter(|figure| figure.checked).count();
        let mut grounding: Option<GroundingCoverage> = None;
        for grounded in self.figures.iter().filter_map(|figure| figure.grounded) {
            grounding.get_or_insert_default().count(grounded);
        }
        Coverage { quantities: self.figures.len(), checked, grounding }
    }
}

/// One quantity of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Figure {
    pub span: Span,
    /// Whether some rule's arithmetic used it and could judge.
    pub checked: bool,
    /// What the sources say to it; `None` without a source.
    pub grounded: Option<Grounded>,
}

/// What the sources say to a figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grounded {
    /// A source gives it.
    Supported,
    /// It follows from figures of the sources.
    Derived,
    /// A source gives another number.
    Different,
    /// No source gives it.
    Absent,
    /// No source would have to give it, or it cannot be judged.
    Open,
}
