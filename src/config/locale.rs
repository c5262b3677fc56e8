use clap::ValueEnum;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::document::{Document, Language};

/// The language of messages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, ValueEnum)]
pub enum Locale {
    /// That of the report.
    #[default]
    #[serde(rename = "auto")]
    Auto,
    #[serde(rename = "zh")]
    #[value(name = "zh")]
    Chinese,
    #[serde(rename = "en")]
    #[value(name = "en")]
    English,
}

impl Locale {
    /// The language for a document's messages.
    pub fn resolve(self, document: &Document) -> Language {
        match self {
            Self::Auto => document.language,
            Self::Chinese => Language::Chinese,
            Self::English => Language::English,
        }
    }
}
