use chrono::NaiveDate;

use crate::check::{Engine, Locale};
use crate::document::Document;
use crate::finding::Audit;

use super::input::Input;

/// One report with what was found in it.
pub(super) struct Checked {
    pub document: Document,
    pub audit: Audit,
}

/// Checks one report after another, on any thread: what holds for all reports of a run.
pub(super) struct Auditor<'a> {
    pub engine: &'a Engine,
    /// The date of reports that do not say theirs.
    pub date: Option<NaiveDate>,
    pub locale: Locale,
}

impl Auditor<'_> {
    /// Reads and checks one input.
    ///
    /// # Errors
    /// What is wrong with the input, and the way out.
    pub fn audit(&self, input: &Input) -> Result<Checked, String> {
        Ok(self.check(input.read()?, self.date))
    }

    /// Checks a text; everything that depends on one report alone happens here.
    pub fn check(&self, text: String, date: Option<NaiveDate>) -> Checked {
        let document = self.engine.parse(text, date);
        let audit = self.engine.check(&document, self.locale);
        Checked { document, audit }
    }
}
