use std::collections::BTreeMap;

use crate::finding::{Audit, Finding, KnownKey};
use crate::report::{FileReport, Language, Outline};

/// A report under review, with what was found in it; decisions mark nothing in the audit.
pub struct Subject {
    /// The name shown for it.
    pub name: String,
    pub text: String,
    pub audit: Audit,
    pub outline: Outline,
    /// What it goes by in its file of decisions.
    pub key: String,
    /// The number of that file in [`Desk::files`].
    pub file: usize,
}

impl Subject {
    /// The report as the formats show it.
    pub(super) fn report(&self) -> FileReport<'_> {
        FileReport::new(&self.name, &self.text, &self.audit).with_outline(self.outline.clone())
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
