use std::path::Path;

use chrono::NaiveDate;

use crate::check::{CheckOptions, Locale};
use crate::document::Document;
use crate::finding::Audit;
use crate::grounding::SourceText;

use super::engine::Loaded;
use super::input::Input;

/// One report with what was found in it.
pub(super) struct Checked {
    pub document: Document,
    pub audit: Audit,
    /// The language of its messages.
    pub locale: Locale,
}

/// Checks one report after another, on any thread: what holds for all reports of a run.
pub(super) struct Auditor<'a> {
    pub loaded: &'a Loaded,
    /// How each report is checked; the language is that of its path.
    pub options: CheckOptions,
}

impl Auditor<'_> {
    /// Reads and checks one input.
    ///
    /// # Errors
    /// What is wrong with the input, and the way out.
    pub fn audit(&self, input: &Input) -> Result<Checked, String> {
        Ok(self.check(Some(Path::new(&input.name())), input.read()?, None, None))
    }

    /// Checks a text under the settings of its path; everything that depends on one report alone happens here.
    /// `date` is the report's where its text does not say it, `source` the text it was made from.
    pub fn check(
        &self,
        path: Option<&Path>,
        text: String,
        date: Option<NaiveDate>,
        source: Option<String>,
    ) -> Checked {
        let Loaded { engine, config, plan, .. } = self.loaded;
        let settings = config.at(path);
        let document = engine.parse(text, date.or(settings.date()));
        let choice = plan.choice(engine.rules(), &settings);
        let options = CheckOptions { locale: settings.lang.value, ..self.options };
        let sources: Vec<SourceText> = source
            .map(|text| engine.read_source("source".to_owned(), text, document.date))
            .into_iter()
            .collect();
        let audit = engine.check_with(&document, &sources, options, &choice);
        Checked { document, audit, locale: options.locale }
    }
}
