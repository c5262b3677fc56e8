use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::Persona;
use super::dimension::RoleInfo;
use super::expression::Expression;
use super::message::Message;
use super::schema::{Near, UnlessFigure};
use crate::finding::{Confidence, Severity};
use crate::source::Span;

/// What rules may refer to.
#[derive(Clone, Debug, Default)]
pub struct RuleContext {
    /// Every relation with its roles.
    pub relations: BTreeMap<String, HashMap<String, RoleInfo>>,
    /// Names of the lexicon's classes.
    pub classes: BTreeSet<String>,
    /// Names of the facts that can be found in a document's structure.
    pub structures: BTreeSet<String>,
    /// Names of the facts that can be found by holding a report against its sources.
    pub sources: BTreeSet<String>,
    /// Names of the structure facts that can silence a rule.
    pub gates: BTreeSet<String>,
    /// Names of the roles of a document's parts.
    pub document_roles: BTreeSet<String>,
}

/// A loaded rule; every name in it exists.
#[derive(Clone, Debug)]
pub struct Rule {
    /// `group/name`.
    pub id: String,
    /// The file it stands in, [`crate::source::DataFile::path`].
    pub path: String,
    /// The id's place in that file.
    pub place: Span,
    pub kind: RuleKind,
    pub severity: Severity,
    /// When the plain reading alone is contradicted.
    pub plain_severity: Severity,
    pub confidence: Confidence,
    /// Classes that silence the rule from the same sentence.
    pub unless: Vec<String>,
    /// Classes that silence the rule from the same clause.
    pub unless_clause: Vec<String>,
    /// Classes that silence the rule in a whole paragraph or item, from its first sentence.
    pub unless_opening: Vec<String>,
    /// Document roles in which alone the rule applies; everywhere when empty.
    pub scope: Vec<String>,
    /// Document roles in which the rule does not apply.
    pub not_scope: Vec<String>,
    /// Structure facts that silence the rule in the whole document.
    pub gate: Vec<String>,
    /// Ids of rules whose findings at the same place are part of this one's.
    pub subsumes: Vec<String>,
    /// Whether it runs unless the configuration says otherwise.
    pub default: bool,
    /// The first persona that it runs for by itself.
    pub persona: Persona,
    pub measured: Option<Measured>,
    pub message: Messages,
    pub doc: RuleDoc,
    /// Texts in which the rule finds nothing.
    pub pass: Vec<Example>,
    /// Texts in which the rule finds something.
    pub fail: Vec<Example>,
}

/// By what factor a figure must be off: by more than `least`, which its definition may explain, and by less than
/// `most`, which another unit or period would.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Apart {
    pub least: Decimal,
    pub most: Decimal,
}

/// What a rule looks at.
#[derive(Clone, Debug)]
pub enum RuleKind {
    /// The numbers of a relation.
    Relation {
        /// Its name.
        relation: String,
        /// What must hold.
        require: Expression,
        /// The rule applies only where this holds under the plain reading.
        when: Option<Expression>,
        /// What holds when the key figure is meant in points for percent, or in percent for points.
        other_unit: Option<Expression>,
        /// How far off figures must be that were joined from places that lie apart.
        apart: Option<Apart>,
    },
    /// Words.
    Wording {
        trigger: Trigger,
        limits: WordingLimits,
        /// The class whose words count only where they open their clause.
        opens_clause: Option<String>,
    },
    /// A fact of the document's structure that is a fault, by its name.
    Structure(String),
    /// A fact of the report and its sources that is a fault, by its name.
    Source(String),
    /// Words by a figure that differ from the source's words by it.
    Shifts(Vec<Shift>),
}

/// A difference between the words by a figure of the report and those by the same figure of its sources; word lists
/// by their names.
#[derive(Clone, Debug)]
pub struct Shift {
    /// One of these words stands by the figure in the report; any figure when empty.
    pub report: Vec<String>,
    /// None of these does.
    pub report_lacks: Vec<String>,
    /// One of these stands by it in a source; any figure when empty.
    pub source: Vec<String>,
    /// None of these does, wherever a source gives the figure.
    pub source_lacks: Vec<String>,
    /// Where the words of `report` stand.
    pub near: Near,
    /// Where those of `source` do.
    pub source_near: Near,
    /// What the report lacks, it lacks in the sentence of every place that gives the figure.
    pub everywhere: bool,
    /// A note, whatever the rule's severity.
    pub note: bool,
}

/// What the words of a wording rule must not have around them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WordingLimits {
    /// How near a quantity silences it.
    pub unless_figure: UnlessFigure,
    /// Whether a date in the same sentence silences it.
    pub unless_dated: bool,
    /// Whether a citation behind the words silences it.
    pub unless_cited: bool,
}

/// How often a rule was right on texts that somebody has read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Measured {
    pub right: u32,
    pub of: u32,
    /// What was read.
    pub on: String,
}

/// The words that set off a wording rule.
#[derive(Clone, Debug)]
pub enum Trigger {
    /// A word list.
    Class(String),
    /// Phrase patterns by language.
    Phrases { zh: Vec<PhraseText>, en: Vec<PhraseText> },
}

/// A phrase pattern, still to be compiled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PhraseText {
    pub text: String,
    /// The string in [`Rule::path`], with its quotes.
    pub span: Span,
}

/// A message in both languages.
#[derive(Clone, Debug)]
pub struct Messages {
    pub zh: Message,
    pub en: Message,
}

/// A rule's documentation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleDoc {
    pub what: String,
    pub why: String,
    pub fix: String,
    /// Where the rule comes from.
    pub source: Option<String>,
}

/// A text a rule is tested and explained with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Example {
    pub text: String,
    /// The string in [`Rule::path`], with its quotes.
    pub span: Span,
    /// The report's date.
    pub date: Option<NaiveDate>,
    /// The text the report was made from.
    pub source: Option<String>,
    pub note: Option<String>,
}

impl Rule {
    /// Whether the rule runs for that persona unless the configuration says otherwise.
    pub fn runs_for(&self, persona: Persona) -> bool {
        self.default && self.persona <= persona
    }

    /// The part of the id before the slash.
    pub fn group(&self) -> &str {
        self.id.split('/').next().unwrap_or_default()
    }
}
