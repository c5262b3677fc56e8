use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::finding::{Audit, Finding, KnownKey};
use crate::report::{FileReport, Language, Outline};
use crate::source::SourceFile;

/// A report under review, with what was found in it; decisions mark nothing in the audit.
pub struct Subject {
    /// The name shown for it.
    pub name: String,
    pub text: String,
    pub audit: Audit,
    pub outline: Outline,
    /// The texts that the audit's source places point into.
    sources: Vec<SourceFile>,
    /// What it goes by in its file of decisions.
    pub key: String,
    /// The number of that file in [`Desk::files`].
    pub file: usize,
    rendered: Mutex<Option<(usize, Arc<Rendered>)>>,
}

/// A report as a page has it: always the same, so it is made once.
pub(super) struct Rendered {
    /// The report itself.
    pub article: String,
    /// What is known of it, as JSON.
    pub data: String,
}

impl Subject {
    /// A report with what was found in it; `key` is what it goes by in its file of decisions, and `file` the number of
    /// that file in [`Desk::files`].
    pub fn new(name: String, text: String, audit: Audit, outline: Outline, key: String, file: usize) -> Self {
        Self { name, text, audit, outline, sources: Vec::new(), key, file, rendered: Mutex::default() }
    }

    /// The same with the texts that it was held against.
    #[must_use]
    pub fn with_sources(self, sources: Vec<SourceFile>) -> Self {
        Self { sources, ..self }
    }

    /// The report as the one with this number of a page, made by `render` when it is asked for first.
    pub(super) fn rendered(&self, number: usize, render: impl FnOnce() -> Rendered) -> Arc<Rendered> {
        let mut kept = self.rendered.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, rendered)) = kept.as_ref().filter(|(kept, _)| *kept == number) {
            return Arc::clone(rendered);
        }
        let rendered = Arc::new(render());
        *kept = Some((number, Arc::clone(&rendered)));
        rendered
    }

    /// The report as the formats show it.
    pub(super) fn report(&self) -> FileReport<'_> {
        FileReport::new(&self.name, &self.text, &self.audit)
            .with_outline(self.outline.clone())
            .with_sources(&self.sources)
    }

    /// What a finding of it goes by in the file of decisions.
    pub(super) fn key_of(&self, finding: &Finding) -> KnownKey {
        self.key_for(&finding.rule, &finding.fingerprint)
    }

    /// The same by its parts.
    pub(super) fn key_for(&self, rule: &str, fingerprint: &str) -> KnownKey {
        let (path, rule) = (self.key.clone(), rule.to_owned());
        KnownKey { path, rule, fingerprint: fingerprint.to_owned() }
    }

    /// The finding with this rule and fingerprint that somebody may decide about.
    pub(super) fn finding(&self, rule: &str, fingerprint: &str) -> Option<&Finding> {
        self.audit.live().find(|finding| finding.rule == rule && finding.fingerprint == fingerprint)
    }
}

/// What a rule says of itself.
#[derive(Clone, Debug, serde::Serialize)]
pub struct RuleDoc {
    pub what: String,
    pub why: String,
    pub fix: String,
}

/// What does not change while reports are reviewed.
pub struct Desk {
    /// The files of decisions.
    pub files: Vec<super::DecisionFile>,
    /// The rules by their ids.
    pub rules: BTreeMap<String, RuleDoc>,
    /// Who decides, unless the page names somebody else.
    pub reviewer: String,
    /// The language that the page is shown in at first.
    pub interface: Language,
}
