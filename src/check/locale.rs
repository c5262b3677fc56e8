use crate::document::{Document, Language};

/// The language of messages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Locale {
    /// That of the report.
    #[default]
    Auto,
    Chinese,
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
