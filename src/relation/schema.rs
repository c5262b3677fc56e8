//! What a relation file may hold.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::value::MapAccessDeserializer;
use serde::de::{self, IntoDeserializer, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use toml::Spanned;

use super::model::{FilledBy, RoleType};

/// `relations/*.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RelationFile {
    pub relation: RelationTable,
    #[serde(default)]
    pub phrase: Vec<PhraseTable>,
}

/// The shape.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RelationTable {
    pub id: Spanned<String>,
    pub roles: BTreeMap<String, Spanned<RoleEntry>>,
    /// The role that makes two matches rivals; the tightest match wins and a rival that holds silences it.
    pub key: Spanned<String>,
    #[serde(default)]
    pub unless: Vec<Spanned<String>>,
    /// What changes are measured against: a match whose clauses name two of them is dropped.
    #[serde(default)]
    pub bases: Vec<Spanned<String>>,
    /// Roles that take values of one measure.
    #[serde(default)]
    pub same_measure: Vec<Spanned<String>>,
    /// Only the longest of rival lists is a reading.
    #[serde(default)]
    pub whole_lists: bool,
    #[serde(default)]
    pub filled_by: FilledBy,
    /// What the shape means; for people.
    #[serde(default, rename = "doc")]
    _doc: String,
}

/// `part = "amount"`, or with more to say.
#[derive(Clone)]
pub(super) enum RoleEntry {
    Short(RoleType),
    Long(RoleTable),
}

impl RoleEntry {
    pub fn into_table(self) -> RoleTable {
        match self {
            Self::Short(kind) => RoleTable {
                kind,
                many: false,
                optional: false,
                before: false,
                measure: None,
                metric: None,
                expected: false,
                year_before: None,
            },
            Self::Long(table) => table,
        }
    }
}

/// By hand, because an untagged enum forgets what was wrong with the form that was meant.
impl<'de> Deserialize<'de> for RoleEntry {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Entry;

        impl<'de> Visitor<'de> for Entry {
            type Value = RoleEntry;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("a role's type in quotes or a table with `type`")
            }

            fn visit_str<E: de::Error>(self, name: &str) -> Result<RoleEntry, E> {
                RoleType::deserialize(name.into_deserializer()).map(RoleEntry::Short)
            }

            fn visit_map<A: MapAccess<'de>>(self, table: A) -> Result<RoleEntry, A::Error> {
                RoleTable::deserialize(MapAccessDeserializer::new(table)).map(RoleEntry::Long)
            }
        }

        deserializer.deserialize_any(Entry)
    }
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RoleTable {
    #[serde(rename = "type")]
    pub kind: RoleType,
    #[serde(default)]
    pub many: bool,
    #[serde(default)]
    pub optional: bool,
    #[serde(default)]
    pub before: bool,
    pub measure: Option<OneOrMore>,
    pub metric: Option<OneOrMore>,
    #[serde(default)]
    pub expected: bool,
    pub year_before: Option<String>,
}

/// One name, or a list of them.
#[derive(Clone, Deserialize)]
#[serde(untagged)]
pub(super) enum OneOrMore {
    One(String),
    More(Vec<String>),
}

impl OneOrMore {
    pub fn into_vec(self) -> Vec<String> {
        match self {
            Self::One(name) => vec![name],
            Self::More(names) => names,
        }
    }
}

/// Ways to say it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PhraseTable {
    #[serde(default)]
    pub zh: Vec<Spanned<String>>,
    #[serde(default)]
    pub en: Vec<Spanned<String>>,
    /// Values the phrase itself gives: `set = { more = "1" }`.
    #[serde(default)]
    pub set: BTreeMap<String, Spanned<String>>,
    #[serde(default)]
    pub unless: Vec<Spanned<String>>,
    /// Word lists that silence the phrase from the same clause, when they stand before it.
    #[serde(default)]
    pub unless_before: Vec<Spanned<String>>,
    /// Word lists that silence the phrase from all of its sentence before it, up to a semicolon.
    #[serde(default)]
    pub unless_earlier: Vec<Spanned<String>>,
    /// The same, when their word stands right before the match: 减少 300 亿元 is no new value.
    #[serde(default)]
    pub unless_behind: Vec<Spanned<String>>,
    /// Word lists that no gap of these phrases passes over.
    #[serde(default)]
    pub stop: Vec<Spanned<String>>,
}
