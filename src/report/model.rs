use std::cell::OnceCell;

use serde::Serialize;

use super::outline::Outline;
use super::places::Places;
use crate::finding::{Audit, Coverage, Finding, Severity};

/// One file with what was found in it.
pub struct FileReport<'a> {
    /// The name as given or found; `-` is standard input.
    pub path: &'a str,
    pub text: &'a str,
    pub audit: &'a Audit,
    pub outline: Outline,
    places: OnceCell<Places<'a>>,
}

impl<'a> FileReport<'a> {
    /// The report on one text; `text` is the one the audit's spans point into.
    pub fn new(path: &'a str, text: &'a str, audit: &'a Audit) -> Self {
        Self { path, text, audit, outline: Outline::of_markdown(text), places: OnceCell::new() }
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

/// A message without its arithmetic, and the arithmetic: most messages end with it, and once is enough.
pub(super) fn message_and_arithmetic(finding: &Finding) -> (&str, Option<&str>) {
    let Some(arithmetic) = finding.arithmetic.as_deref() else { return (&finding.message, None) };
    match finding.message.strip_suffix(arithmetic) {
        Some(message) => (message.trim_end_matches([':', '：', ' ']), Some(arithmetic)),
        None if finding.message.contains(arithmetic) => (&finding.message, None),
        None => (&finding.message, Some(arithmetic)),
    }
}

/// What was found in all files of a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    pub files: usize,
    pub errors: usize,
    pub warnings: usize,
    pub notes: usize,
    /// Findings that are known and let stand; they count nowhere else.
    pub suppressed: usize,
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
        self.coverage.quantities += coverage.quantities;
        self.coverage.checked += coverage.checked;
    }

    /// Counts one more finding.
    pub(super) fn count(&mut self, severity: Severity) {
        match severity {
            Severity::Error => self.errors += 1,
            Severity::Warning => self.warnings += 1,
            Severity::Note => self.notes += 1,
        }
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
