use std::cell::OnceCell;

use schemars::JsonSchema;
use serde::Serialize;

use super::citation::Sources;
use super::outline::Outline;
use super::places::Places;
use crate::finding::{Audit, Coverage, Severity};
use crate::source::SourceFile;

/// One file with what was found in it.
pub struct FileReport<'a> {
    /// The name as given or found; `-` is standard input.
    pub path: &'a str,
    pub text: &'a str,
    pub audit: &'a Audit,
    pub outline: Outline,
    places: OnceCell<Places<'a>>,
    pub(super) sources: Sources<'a>,
}

impl<'a> FileReport<'a> {
    /// The report on one text; `text` is the one the audit's spans point into.
    pub fn new(path: &'a str, text: &'a str, audit: &'a Audit) -> Self {
        Self {
            path,
            text,
            audit,
            outline: Outline::of_markdown(text),
            places: OnceCell::new(),
            sources: Sources::new([]),
        }
    }

    /// The same with the texts that the audit's source places point into, in its order.
    pub fn with_sources(self, sources: impl IntoIterator<Item = &'a SourceFile>) -> Self {
        Self { sources: Sources::new(sources), ..self }
    }

    /// The same with the text laid out as `outline` says, not as Markdown from end to end.
    pub fn with_outline(self, outline: Outline) -> Self {
        Self { outline, ..self }
    }

    /// Lines and columns of the text, indexed when first asked for.
    pub(super) fn places(&self) -> &Places<'a> {
        self.places.get_or_init(|| Places::new(self.text))
    }
}

/// What was found in all files of a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Summary {
    /// Files that were read.
    pub files: usize,
    pub errors: usize,
    pub warnings: usize,
    pub notes: usize,
    /// Findings that are known and let stand; they count nowhere else.
    pub suppressed: usize,
    /// Inputs that are missing, could not be read, or brought about a fault of claimlint's own.
    pub unread: usize,
    pub coverage: Coverage,
}

impl Summary {
    /// Counts one more file.
    pub fn add(&mut self, audit: &Audit) {
        self.files += 1;
        for finding in audit.live() {
            self.count(finding.severity);
        }
        self.suppressed += audit.suppressed().count();
        let coverage = audit.coverage();
        self.coverage.join(&coverage);
    }

    /// Counts what was found in a source; it is no report.
    pub fn add_source(&mut self, audit: &Audit) {
        for finding in audit.live() {
            self.count(finding.severity);
        }
    }

    /// Counts one more finding.
    pub(super) fn count(&mut self, severity: Severity) {
        match severity {
            Severity::Error => self.errors += 1,
            Severity::Warning => self.warnings += 1,
            Severity::Note => self.notes += 1,
        }
    }

    /// Counts what another summary has counted.
    pub fn join(&mut self, other: &Self) {
        self.files += other.files;
        self.errors += other.errors;
        self.warnings += other.warnings;
        self.notes += other.notes;
        self.suppressed += other.suppressed;
        self.unread += other.unread;
        self.coverage.join(&other.coverage);
    }

    /// Findings of this severity or a heavier one.
    pub fn at_least(&self, severity: Severity) -> usize {
        match severity {
            Severity::Error => self.errors,
            Severity::Warning => self.errors + self.warnings,
            Severity::Note => self.errors + self.warnings + self.notes,
        }
    }
}
