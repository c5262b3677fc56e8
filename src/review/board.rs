use std::hash::Hasher;
use std::sync::Arc;

use fnv::FnvHasher;
use serde::Serialize;

use super::store::StoreError;
use super::subject::{Desk, Subject};
use crate::finding::{Decision, Decisions, KnownKey};
use crate::report::visible;
use crate::source::LineIndex;

/// What the files of decisions say of the reports under review, for the page.
#[derive(Debug, Default, Serialize)]
pub(super) struct Board {
    /// Another one whenever something else is said.
    pub revision: String,
    pub entries: Vec<Entry>,
    /// What is wrong with files that cannot be read; their decisions are missing.
    pub broken: Vec<String>,
}

/// A decision by what its finding goes by on the page.
#[derive(Debug, Serialize)]
pub(super) struct Entry {
    pub report: String,
    pub rule: String,
    pub fingerprint: String,
    /// Another one whenever the decision is another.
    pub revision: String,
    #[serde(flatten)]
    pub decision: Decision,
}

impl Board {
    /// Reads all files of decisions.
    pub fn read(desk: &Desk, subjects: &[Arc<Subject>]) -> Self {
        let files: Vec<Result<Decisions, StoreError>> = desk.files.iter().map(|file| file.read()).collect();
        let mut board = Self::default();
        board.broken.extend(files.iter().filter_map(|file| file.as_ref().err()).map(problem));
        for subject in subjects {
            let Some(Ok(decisions)) = files.get(subject.file) else { continue };
            let own = decisions.about(&subject.key);
            board.entries.extend(own.map(|(key, decision)| entry(subject, key, decision)));
        }
        board.revision = hash(|hasher| {
            for entry in &board.entries {
                hash_text(hasher, &[&entry.report, &entry.rule, &entry.fingerprint, &entry.revision]);
            }
            for problem in &board.broken {
                hash_text(hasher, &[problem]);
            }
        });
        board
    }
}

/// A decision as the page knows it.
pub(super) fn entry(subject: &Subject, key: &KnownKey, decision: &Decision) -> Entry {
    Entry {
        report: subject.name.clone(),
        rule: key.rule.clone(),
        fingerprint: key.fingerprint.clone(),
        revision: revision(decision),
        decision: decision.clone(),
    }
}

/// Tells one decision from another.
pub(super) fn revision(decision: &Decision) -> String {
    hash(|hasher| std::hash::Hash::hash(decision, hasher))
}

fn hash(feed: impl FnOnce(&mut FnvHasher)) -> String {
    let mut hasher = FnvHasher::default();
    feed(&mut hasher);
    format!("{:016x}", hasher.finish())
}

fn hash_text(hasher: &mut FnvHasher, texts: &[&str]) {
    for text in texts {
        hasher.write(text.as_bytes());
        hasher.write_u8(0xff);
    }
}

/// What is wrong, with the first place of a broken file.
pub(super) fn problem(error: &StoreError) -> String {
    let StoreError::Broken { file, faults } = error else { return error.to_string() };
    let place = faults.first().map(|fault| {
        let position = LineIndex::new(&file.text).position(&file.text, fault.span.start);
        let help = fault.help.as_ref().map(|help| format!(" ({help})")).unwrap_or_default();
        format!(":{}:{}: {}{help}", position.line, position.column, fault.message)
    });
    visible(&format!("{}{}", file.path, place.unwrap_or_default()).replace('\n', ", ")).into_owned()
}
