use chrono::NaiveDate;
use serde::Deserialize;
use std::sync::Arc;

use super::board::{problem, revision};
use super::store::{Change, StoreError};
use super::subject::{Desk, Subject};
use crate::finding::{Decision, Verdict};

/// Characters of a reason or a note.
const LONGEST_TEXT: usize = 4_000;
/// Characters of a name.
const LONGEST_NAME: usize = 80;

/// What a page asks to write down.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Asked {
    report: String,
    rule: String,
    fingerprint: String,
    /// The revision of the decision that the page knows of.
    before: Option<String>,
    /// `None` takes the decision back.
    decision: Option<AskedDecision>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct AskedDecision {
    verdict: Verdict,
    reason: Option<String>,
    note: Option<String>,
    reviewer: String,
    /// Of a decision that is put back; else it is today.
    date: Option<NaiveDate>,
}

/// What became of it.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Answer {
    Done,
    /// Somebody else has decided about the finding in the meantime.
    Changed,
    /// It cannot be written as it is.
    Wrong(String),
    /// The file cannot be written.
    Failed(String),
}

/// Writes down what a page asks for.
pub(super) fn decide(desk: &Desk, subjects: &[Arc<Subject>], asked: Asked, today: NaiveDate) -> Answer {
    let Asked { report, rule, fingerprint, before, decision } = asked;
    let Some((subject, file)) = subjects
        .iter()
        .find(|subject| subject.name == report)
        .and_then(|subject| Some((subject, desk.files.get(subject.file)?)))
    else {
        return Answer::Wrong("this report is not under review".to_owned());
    };
    let key = subject.key_for(&rule, &fingerprint);
    let now = match file.read() {
        Ok(decisions) => decisions.get(&key).cloned(),
        Err(error) => return Answer::Failed(problem(&error)),
    };
    if now.as_ref().map(revision) != before {
        return Answer::Changed;
    }
    let after = match decision {
        None => None,
        Some(decision) => {
            // The words of a finding that is gone are those of its decision.
            let message = subject.finding(&rule, &fingerprint).map(|finding| finding.message.clone());
            let Some(message) = message.or_else(|| now.as_ref().map(|now| now.message.clone())) else {
                return Answer::Wrong(
                    "the report has no such finding any more; load the page anew".to_owned(),
                );
            };
            match checked(decision, message, today, &desk.reviewer) {
                Ok(decision) => Some(decision),
                Err(error) => return Answer::Wrong(error),
            }
        }
    };
    match file.change(&[Change { key, before: now, after }]) {
        Ok(_) => Answer::Done,
        Err(StoreError::Changed(_)) => Answer::Changed,
        Err(error) => Answer::Failed(problem(&error)),
    }
}

fn checked(
    asked: AskedDecision,
    message: String,
    today: NaiveDate,
    reviewer: &str,
) -> Result<Decision, String> {
    let text = |text: Option<String>| text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    let (reason, note) = (text(asked.reason), text(asked.note));
    if asked.verdict == Verdict::Dismissed && reason.is_none() {
        return Err("a finding is dismissed with a reason".to_owned());
    }
    if asked.verdict == Verdict::Open && note.is_none() {
        return Err("what is left open needs a note".to_owned());
    }
    let long = |text: &Option<String>| text.as_ref().is_some_and(|text| text.chars().count() > LONGEST_TEXT);
    if long(&reason) || long(&note) {
        return Err(format!("a reason or a note has at most {LONGEST_TEXT} characters"));
    }
    let name = asked.reviewer.trim();
    let name: String = if name.is_empty() { reviewer } else { name }.chars().take(LONGEST_NAME).collect();
    let date = asked.date.unwrap_or(today);
    Ok(Decision { verdict: asked.verdict, reason, note, reviewer: name, date, message })
}
