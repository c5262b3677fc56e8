use serde::{Deserialize, Serialize};

use crate::source::Span;

/// How much a finding weighs; an error is a proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    Note,
    Warning,
    Error,
}

/// How sure claimlint is that it read the text right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
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
    pub related: Vec<Related>,
    /// 16 hexadecimal digits; the same after edits elsewhere in the document.
    pub fingerprint: String,
    /// Findings on one clause share a number; numbers ascend with the place.
    pub group: usize,
}

/// How much of a document was really tested.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Coverage {
    /// All quantities read outside the source part.
    pub quantities: usize,
    /// Those that at least one rule's arithmetic used and could judge.
    pub checked: usize,
}

/// All that was found in one document, in order of place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Audit {
    pub findings: Vec<Finding>,
    pub coverage: Coverage,
}
