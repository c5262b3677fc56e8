use serde::Deserialize;
use toml::Spanned;

use super::Persona;
use crate::finding::{Confidence, Severity};

/// A rule file as written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RuleFile {
    /// `group/name`.
    pub id: Spanned<String>,
    /// The relation whose numbers are checked.
    pub relation: Option<Spanned<String>>,
    /// The words that are questioned.
    pub wording: Option<Spanned<WordingTable>>,
    /// The structure fact that is a fault.
    pub structure: Option<Spanned<String>>,
    /// The fact of the report and its sources that is a fault.
    pub source: Option<Spanned<String>>,
    /// Words by a figure that must not differ from the source's words by it.
    #[serde(default)]
    pub shift: Vec<Spanned<ShiftTable>>,
    /// What must hold of a relation.
    pub require: Option<Spanned<String>>,
    /// The rule applies only where this holds under the plain reading.
    pub when: Option<Spanned<String>>,
    /// What holds when the key figure is meant in points for percent, or in percent for points.
    pub other_unit: Option<Spanned<String>>,
    /// How far off figures that lie apart must be: by more than the first factor, and by less than the second.
    pub apart: Option<Spanned<(String, String)>>,
    pub severity: Severity,
    /// When the plain reading alone is contradicted; one step below `severity` when not given.
    pub plain_severity: Option<Spanned<Severity>>,
    pub confidence: Confidence,
    /// Word lists that silence the rule from the same sentence.
    #[serde(default)]
    pub unless: Vec<Spanned<String>>,
    /// Word lists that silence the rule from the same clause.
    #[serde(default)]
    pub unless_clause: Vec<Spanned<String>>,
    /// Word lists that silence the rule in a whole paragraph or item, from its first sentence.
    #[serde(default)]
    pub unless_opening: Vec<Spanned<String>>,
    /// Document roles in which alone the rule applies.
    #[serde(default)]
    pub scope: Vec<Spanned<String>>,
    /// Document roles in which the rule does not apply.
    #[serde(default)]
    pub not_scope: Vec<Spanned<String>>,
    /// Structure facts that silence the rule in the whole document.
    #[serde(default)]
    pub gate: Vec<Spanned<String>>,
    /// Rules whose findings at the same place are part of this one's.
    #[serde(default)]
    pub subsumes: Vec<Spanned<String>>,
    #[serde(default)]
    pub default: Switch,
    /// The first persona that the rule runs for by itself.
    #[serde(default)]
    pub persona: Persona,
    pub measured: Option<MeasuredTable>,
    /// Replaces the built-in rule of the same id.
    #[serde(default, rename = "override")]
    pub replaces: Option<Spanned<bool>>,
    pub message: MessageTable,
    pub doc: DocTable,
    #[serde(default)]
    pub pass: Vec<ExampleTable>,
    #[serde(default)]
    pub fail: Vec<ExampleTable>,
}

/// A difference between the words by a figure of the report and those by the same figure of its sources.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ShiftTable {
    /// Word lists: one of these words stands by the figure in the report.
    #[serde(default)]
    pub report: Vec<Spanned<String>>,
    /// None of these does.
    #[serde(default)]
    pub report_lacks: Vec<Spanned<String>>,
    /// One of these stands by it in a source.
    #[serde(default)]
    pub source: Vec<Spanned<String>>,
    /// None of these does, wherever a source gives the figure.
    #[serde(default)]
    pub source_lacks: Vec<Spanned<String>>,
    /// Where the words of `report` and `source` stand.
    #[serde(default)]
    pub near: Near,
    /// The same for those of `source` alone.
    pub source_near: Option<Near>,
    /// What the report lacks, it lacks in the sentence of every place that gives the figure.
    #[serde(default)]
    pub everywhere: bool,
    /// A note, whatever the rule's severity.
    #[serde(default)]
    pub note: bool,
}

/// Where words stand by a figure.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Near {
    /// Before it, no other amount between.
    Before,
    /// Before or behind it, no other amount between.
    #[default]
    Around,
    /// The same, a few words away at most.
    Beside,
    /// Before it, a few words away at most.
    JustBefore,
    /// In its sentence.
    Sentence,
}

/// Whether a rule runs unless the configuration says otherwise.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Switch {
    #[default]
    On,
    Off,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WordingTable {
    /// A word list.
    pub class: Option<Spanned<String>>,
    pub phrase: Option<Spanned<PhraseTable>>,
    #[serde(default)]
    pub unless_figure: UnlessFigure,
    /// A date or period in the same sentence silences the rule.
    #[serde(default)]
    pub unless_dated: bool,
    /// A citation behind the words, in the same paragraph or item, silences the rule: `[3]`, `[^a]`, a link.
    #[serde(default)]
    pub unless_cited: bool,
    /// Words of this list count only where they open their clause: nothing but joining words before them.
    pub opens_clause: Option<Spanned<String>>,
}

/// How often the rule was right on texts that somebody has read.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MeasuredTable {
    pub right: Spanned<u32>,
    pub of: u32,
    /// What was read.
    pub on: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PhraseTable {
    #[serde(default)]
    pub zh: Vec<Spanned<String>>,
    #[serde(default)]
    pub en: Vec<Spanned<String>>,
}

/// How near a quantity silences a wording rule.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum UnlessFigure {
    /// In the same clause.
    Clause,
    /// In the same sentence.
    Sentence,
    /// In the same sentence, behind the words.
    SentenceAfter,
    /// Not at all.
    #[default]
    Never,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MessageTable {
    pub zh: Spanned<String>,
    pub en: Spanned<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DocTable {
    pub what: Spanned<String>,
    pub why: Spanned<String>,
    pub fix: Spanned<String>,
    pub source: Option<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ExampleTable {
    pub text: Spanned<String>,
    /// The report's date, ISO 8601.
    pub date: Option<Spanned<String>>,
    /// The text the report was made from.
    pub source: Option<String>,
    pub note: Option<String>,
}
