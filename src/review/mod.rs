//! The page on which reviewers decide about findings, and the files of their decisions.

mod board;
mod decide;
mod edit;
mod page;
mod server;
mod store;
mod subject;

use std::io::{self, Write};
use std::sync::Arc;

pub use server::{Server, Subjects};
pub use store::{Change, DecisionFile, StoreError};
pub use subject::{Desk, RuleDoc, Subject};

use crate::finding::{Decision, KnownKey};
use crate::report::{DecidedReport, write_decided};
use board::Board;
use page::Delivery;

/// Writes what was decided as a comment for a pull request.
///
/// # Errors
/// What is wrong with a file of decisions, or when the output cannot be written.
pub fn summarize(out: &mut impl Write, desk: &Desk, subjects: &[Arc<Subject>]) -> io::Result<()> {
    let read = |file: &DecisionFile| file.read().map_err(|error| io::Error::other(board::problem(&error)));
    let files = desk.files.iter().map(read).collect::<io::Result<Vec<_>>>()?;
    let decided: Vec<DecidedReport> = subjects
        .iter()
        .map(|subject| {
            let decisions = files.get(subject.file);
            let decision = |finding| decisions.and_then(|decisions| decisions.get(&subject.key_of(finding)));
            let findings = subject.audit.live().map(|finding| (finding, decision(finding)));
            DecidedReport { report: subject.report(), findings: findings.collect() }
        })
        .collect();
    write_decided(out, &decided)
}

/// Takes out the decisions about findings that `is_gone` tells of; gives those of each file.
///
/// # Errors
/// When a file is broken or cannot be written.
pub fn prune(
    file: &DecisionFile,
    is_gone: impl Fn(&KnownKey) -> bool,
) -> Result<Vec<(KnownKey, Decision)>, StoreError> {
    let decisions = file.read()?;
    let gone: Vec<(KnownKey, Decision)> = decisions
        .entries()
        .filter(|(key, _)| is_gone(key))
        .map(|(key, decision)| (key.clone(), decision.clone()))
        .collect();
    let changes: Vec<Change> = gone
        .iter()
        .map(|(key, decision)| Change { key: key.clone(), before: Some(decision.clone()), after: None })
        .collect();
    file.change(&changes)?;
    Ok(gone)
}

/// Writes the page with its decisions as one file that decides nothing and loads nothing.
///
/// # Errors
/// What is wrong with a file of decisions, or when the output cannot be written.
pub fn export(out: &mut impl Write, desk: &Desk, subjects: &[Arc<Subject>]) -> io::Result<()> {
    let board = Board::read(desk, subjects);
    if let Some(problem) = board.broken.first() {
        return Err(io::Error::other(problem.clone()));
    }
    out.write_all(page::page(desk, subjects, &board, Delivery::Exported).as_bytes())?;
    out.flush()
}
