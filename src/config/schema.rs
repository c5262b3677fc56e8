use std::collections::BTreeMap;

use clap::ValueEnum;
use schemars::{JsonSchema, Schema, schema_for};
use serde::{Deserialize, Serialize};
use toml::Spanned;

use super::Locale;
use crate::finding::{Confidence, Severity};
use crate::rule::Persona;

/// A list of strings, each with its place.
pub(super) type Strings = Spanned<Vec<Spanned<String>>>;

/// Names or word lists; what is in them is for their own loaders.
pub(super) type WordTables = BTreeMap<Spanned<String>, toml::Table>;

/// The settings of claimlint, <docs/configuration.md>. All paths and patterns are relative to the file's folder.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(title = "claimlint.toml")]
pub(super) struct ConfigFile {
    /// The rules that run: rule ids, groups (`numeric/`), patterns (`*/share*`), `default`, `all`.
    #[schemars(with = "Option<Vec<String>>")]
    pub select: Option<Strings>,
    /// The rules of those that do not run, written in the same way.
    #[schemars(with = "Option<Vec<String>>")]
    pub ignore: Option<Strings>,
    /// The severity of rules, by id, group or pattern.
    #[schemars(with = "Option<BTreeMap<String, Level>>")]
    pub severity: Option<BTreeMap<Spanned<String>, Spanned<Level>>>,
    /// Findings of rules that are less sure of how they read the text are left out.
    #[schemars(with = "Option<Confidence>")]
    pub min_confidence: Option<Spanned<Confidence>>,
    /// Who reads the findings: more is shown for `review` and `strict`.
    #[schemars(with = "Option<Persona>")]
    pub persona: Option<Spanned<Persona>>,
    /// The language of messages; `auto` takes each report's own.
    #[schemars(with = "Option<Locale>")]
    pub lang: Option<Spanned<Locale>>,
    /// The date of reports that do not say theirs, `2026-03-01`.
    #[schemars(with = "Option<String>")]
    pub date: Option<Spanned<toml::Value>>,
    /// The least severity that makes the exit status 1.
    #[schemars(with = "Option<FailOn>")]
    pub fail_on: Option<Spanned<FailOn>>,
    /// Folders with rules, word lists and names of one's own.
    #[schemars(with = "Option<Vec<String>>")]
    pub rules: Option<Strings>,
    /// Which files a folder stands for, as patterns of .gitignore.
    #[schemars(with = "Option<Vec<String>>")]
    pub include: Option<Strings>,
    /// Files and folders that are left out of folders and patterns.
    #[schemars(with = "Option<Vec<String>>")]
    pub exclude: Option<Strings>,
    /// The file of findings that are known.
    #[schemars(with = "Option<String>")]
    pub baseline: Option<Spanned<String>>,
    /// Whether comments of a report may let findings stand.
    #[schemars(with = "Option<bool>")]
    pub suppressions: Option<Spanned<bool>>,
    /// Settings for some of the reports; a later entry outweighs an earlier one.
    #[serde(default)]
    pub overrides: Vec<OverrideTable>,
    /// The texts that reports were made from.
    #[serde(default)]
    pub sources: Vec<SourcesTable>,
    /// Names of companies and people, as in a file below `entities/` of a rule folder.
    #[schemars(with = "BTreeMap<String, BTreeMap<String, serde_json::Value>>")]
    #[serde(default)]
    pub entity: WordTables,
    /// Names of what figures measure, as in a file below `measures/`.
    #[schemars(with = "BTreeMap<String, BTreeMap<String, serde_json::Value>>")]
    #[serde(default)]
    pub measure: WordTables,
    /// Word lists, as in a file below `lexicons/`.
    #[schemars(with = "BTreeMap<String, BTreeMap<String, serde_json::Value>>")]
    #[serde(default)]
    pub class: WordTables,
}

/// What holds for the reports that the patterns match.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "Override")]
pub(super) struct OverrideTable {
    /// Patterns of .gitignore: `reports/zh/**`.
    #[schemars(with = "Vec<String>")]
    pub paths: Strings,
    /// The rules that run.
    #[schemars(with = "Option<Vec<String>>")]
    pub select: Option<Strings>,
    /// The rules of those that do not run.
    #[schemars(with = "Option<Vec<String>>")]
    pub ignore: Option<Strings>,
    /// The severity of rules.
    #[schemars(with = "Option<BTreeMap<String, Level>>")]
    pub severity: Option<BTreeMap<Spanned<String>, Spanned<Level>>>,
    /// The least confidence of findings.
    #[schemars(with = "Option<Confidence>")]
    pub min_confidence: Option<Spanned<Confidence>>,
    /// Who reads the findings.
    #[schemars(with = "Option<Persona>")]
    pub persona: Option<Spanned<Persona>>,
    /// The language of messages.
    #[schemars(with = "Option<Locale>")]
    pub lang: Option<Spanned<Locale>>,
    /// The date of reports that do not say theirs.
    #[schemars(with = "Option<String>")]
    pub date: Option<Spanned<toml::Value>>,
}

/// The texts that the reports which the patterns match were made from.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "Sources")]
pub(super) struct SourcesTable {
    /// Patterns of .gitignore: `reports/*.md`; one, or a list.
    #[schemars(with = "OneOrMore")]
    pub reports: Spanned<OneOrMore>,
    /// Paths of files, in which `{name}` stands for the report's name without its ending; one, or a list.
    #[schemars(with = "OneOrMore")]
    pub source: Spanned<OneOrMore>,
}

/// A string, or a list of them.
#[derive(Deserialize, JsonSchema)]
#[serde(untagged)]
pub(super) enum OneOrMore {
    One(String),
    More(Vec<String>),
}

impl OneOrMore {
    /// The list.
    pub fn into_list(self) -> Vec<String> {
        match self {
            Self::One(text) => vec![text],
            Self::More(list) => list,
        }
    }
}

/// What a rule's findings weigh.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum Level {
    Error,
    Warning,
    Note,
    /// The rule does not run.
    Off,
}

impl Level {
    /// The severity; `None` for a rule that does not run.
    pub fn severity(self) -> Option<Severity> {
        match self {
            Self::Error => Some(Severity::Error),
            Self::Warning => Some(Severity::Warning),
            Self::Note => Some(Severity::Note),
            Self::Off => None,
        }
    }
}

/// The least severity that fails a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum FailOn {
    Error,
    Warning,
    Note,
    Never,
}

impl FailOn {
    /// The least severity that fails the run.
    pub fn severity(self) -> Option<Severity> {
        match self {
            Self::Error => Some(Severity::Error),
            Self::Warning => Some(Severity::Warning),
            Self::Note => Some(Severity::Note),
            Self::Never => None,
        }
    }
}

/// The JSON Schema of `claimlint.toml`, for editors.
pub fn schema() -> Schema {
    schema_for!(ConfigFile)
}
