use std::path::Path;
use std::sync::Arc;

use chrono::NaiveDate;

use crate::check::{CheckOptions, Locale, Source};
use crate::document::Document;
use crate::finding::Audit;

use super::engine::Loaded;
use super::input::Input;
use super::sources::SourceReader;
use super::status::Failure;

/// One report with what was found in it.
pub(super) struct Checked {
    pub document: Document,
    pub audit: Audit,
    /// The texts that it was held against, besides its own source part.
    pub sources: Vec<Arc<Source>>,
    /// The language of its messages.
    pub locale: Locale,
}

/// A report to check.
pub(super) struct Report<'a> {
    /// The path whose settings hold for it.
    pub path: Option<&'a Path>,
    pub text: String,
    /// Where its text does not say it.
    pub date: Option<NaiveDate>,
    /// Texts that came with it.
    pub sources: Vec<String>,
}

/// Checks one report after another, on any thread: what holds for all reports of a run.
pub(super) struct Auditor<'a> {
    loaded: &'a Loaded,
    /// How each report is checked; the language is that of its path.
    options: CheckOptions,
    sources: SourceReader<'a>,
}

impl<'a> Auditor<'a> {
    pub fn new(loaded: &'a Loaded, options: CheckOptions) -> Self {
        Self { loaded, options, sources: SourceReader::new(&loaded.engine) }
    }

    /// Makes sure that what every report is held against can be read, so that it is told once.
    ///
    /// # Errors
    /// When a source that the command line names cannot be read.
    pub fn with_sources(self) -> Result<Self, Failure> {
        let given = self.loaded.config.at(None).sources;
        self.sources.of(None, &given, None).map_err(Failure::Unreadable)?;
        Ok(self)
    }

    /// Reads and checks one input.
    ///
    /// # Errors
    /// What is wrong with the input or one of its sources, and the way out.
    pub fn audit(&self, input: &Input) -> Result<Checked, String> {
        let name = input.name();
        let report =
            Report { path: Some(Path::new(&name)), text: input.read()?, date: None, sources: Vec::new() };
        self.check(report).map_err(|problem| format!("{name}: not checked: {problem}"))
    }

    /// Checks a source by itself: what is wrong in it, at its place in the file.
    pub fn audit_source(&self, source: &Source, locale: Locale) -> Audit {
        let Loaded { engine, config, plan, .. } = self.loaded;
        let file = &source.text.file;
        let choice = plan.choice(engine.rules(), &config.at(Some(Path::new(&file.name))));
        let mut audit =
            engine.check_with(&source.text.document, &[], CheckOptions { locale, ..self.options }, &choice);
        for finding in &mut audit.findings {
            finding.span = file.in_file(finding.span);
            finding.related.iter_mut().for_each(|place| place.span = file.in_file(place.span));
        }
        audit
    }

    /// Checks a text under the settings of its path; everything that depends on one report alone happens here.
    ///
    /// # Errors
    /// What is wrong with one of its sources, and the way out.
    pub fn check(&self, report: Report<'_>) -> Result<Checked, String> {
        let Loaded { engine, config, plan, .. } = self.loaded;
        let settings = config.at(report.path);
        let document = engine.parse(report.text, report.date.or(settings.date()));
        let choice = plan.choice(engine.rules(), &settings);
        let options = CheckOptions { locale: settings.lang.value, ..self.options };
        let mut sources = self.sources.of(report.path, &settings.sources, document.date)?;
        let several = report.sources.len() > 1;
        sources.extend((1..).zip(report.sources).map(|(number, text)| {
            let name = if several { format!("source {number}") } else { "source".to_owned() };
            self.sources.given(name, text, document.date)
        }));
        let held: Vec<&Source> = sources.iter().map(AsRef::as_ref).collect();
        let audit = engine.check_with(&document, &held, options, &choice);
        Ok(Checked { document, audit, sources, locale: options.locale })
    }
}
