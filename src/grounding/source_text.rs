use super::Origin;
use crate::assertion::Reading;
use crate::document::{Document, Role};
use crate::lexicon::Hits;
use crate::source::{SourceFile, Span};

/// A text that a report was made from, read as a report is.
#[derive(Debug)]
pub struct SourceText {
    /// Its name, and where its pieces stand in its file and in time.
    pub file: SourceFile,
    pub document: Document,
    pub reading: Reading,
    pub hits: Hits,
}

/// One text with all that was read from it.
#[derive(Clone, Copy, Debug)]
pub struct Text<'a> {
    pub document: &'a Document,
    pub reading: &'a Reading,
    pub hits: &'a Hits,
}

impl SourceText {
    /// What was read from it.
    pub fn text(&self) -> Text<'_> {
        Text { document: &self.document, reading: &self.reading, hits: &self.hits }
    }
}

/// A report with the texts that it is held against.
#[derive(Clone, Copy, Debug)]
pub struct Texts<'a> {
    pub report: Text<'a>,
    pub given: &'a [&'a SourceText],
}

impl<'a> Texts<'a> {
    /// The text of that origin.
    ///
    /// # Panics
    /// When so many sources were not given; an origin is one of those that [`Self::origins`] lists.
    pub fn text(&self, origin: Origin) -> Text<'a> {
        match origin {
            Origin::Report => self.report,
            Origin::Given(number) => self.given[number].text(),
        }
    }

    /// Every text that is a source: the report's own part, if it has one, and those given.
    pub fn origins(&self) -> impl Iterator<Item = Origin> {
        let own = self.report.document.blocks.iter().any(|block| block.role == Role::Source);
        own.then_some(Origin::Report).into_iter().chain((0..self.given.len()).map(Origin::Given))
    }

    /// Whether a place of that text belongs to a source; of a report only its source part does.
    pub fn is_source(&self, origin: Origin, place: Span) -> bool {
        let document = self.report.document;
        match origin {
            Origin::Report => document
                .block_of(place.start)
                .is_some_and(|block| document.blocks[block].role == Role::Source),
            Origin::Given(_) => true,
        }
    }
}
