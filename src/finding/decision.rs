//! What reviewers decided about findings, by report and content.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use toml::Spanned;
use toml::value::Datetime;

use super::baseline::KnownKey;
use super::fingerprint::is_fingerprint;
use super::{Audit, SuppressedBy, Suppression};
use crate::source::{DataFile, Fault, Span};

/// The version of the form of a file of decisions.
pub const DECISIONS_VERSION: u32 = 1;

/// The name of a file of decisions.
pub const DECISIONS_FILE: &str = "claimlint.decisions.toml";

/// What somebody made of a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// The finding is right, and the report is to be mended; it goes on to count.
    Accepted,
    /// The finding may stand, for a reason.
    Dismissed,
    /// Nothing is decided yet; there is only a note.
    Open,
}

impl Verdict {
    /// As written in the file.
    pub fn name(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Dismissed => "dismissed",
            Self::Open => "open",
        }
    }
}

/// A verdict with who gave it, when and why.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Decision {
    pub verdict: Verdict,
    /// Why the finding may stand; a dismissal has one.
    pub reason: Option<String>,
    /// Whatever the reviewer wants to say besides.
    pub note: Option<String>,
    pub reviewer: String,
    pub date: NaiveDate,
    /// The finding in words, for whoever reads the file; not compared.
    pub message: String,
}

/// The decisions about the reports of a folder; the fingerprint of a key is the finding's own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Decisions {
    entries: BTreeMap<KnownKey, Decision>,
}

/// Decisions with the places of their entries in the file, so that one can be changed and the rest left as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WrittenDecisions {
    pub decisions: Decisions,
    /// Each entry from its `{` to its `}`.
    pub places: BTreeMap<KnownKey, Span>,
    /// The whole list from its `[` to its `]`.
    pub list: Span,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DecisionsTable {
    version: Spanned<u32>,
    decisions: Spanned<Vec<Spanned<EntryTable>>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EntryTable {
    path: String,
    rule: String,
    fingerprint: Spanned<String>,
    verdict: Spanned<Verdict>,
    reason: Option<String>,
    note: Option<String>,
    reviewer: String,
    date: Spanned<Datetime>,
    message: String,
}

impl Decisions {
    /// All decisions, in order of path, rule and fingerprint.
    pub fn entries(&self) -> impl ExactSizeIterator<Item = (&KnownKey, &Decision)> {
        self.entries.iter()
    }

    /// The decision about a finding.
    pub fn get(&self, key: &KnownKey) -> Option<&Decision> {
        self.entries.get(key)
    }

    /// The decisions about one report.
    pub fn about<'a>(&'a self, path: &'a str) -> impl Iterator<Item = (&'a KnownKey, &'a Decision)> {
        let first = KnownKey { path: path.to_owned(), rule: String::new(), fingerprint: String::new() };
        self.entries.range(first..).take_while(move |(key, _)| key.path == path)
    }

    /// Decides, or takes a decision back.
    pub fn set(&mut self, key: KnownKey, decision: Option<Decision>) {
        match decision {
            Some(decision) => self.entries.insert(key, decision),
            None => self.entries.remove(&key),
        };
    }

    /// Lets the findings of one report stand that were dismissed; gives the keys of all its findings.
    pub fn mark(&self, path: &str, audit: &mut Audit) -> Vec<KnownKey> {
        let mut found = Vec::with_capacity(audit.findings.len());
        for finding in &mut audit.findings {
            let key = KnownKey {
                path: path.to_owned(),
                rule: finding.rule.clone(),
                fingerprint: finding.fingerprint.clone(),
            };
            let decision = self.entries.get(&key).filter(|decision| decision.verdict == Verdict::Dismissed);
            if let Some(decision) = decision.filter(|_| finding.suppressed.is_none()) {
                let reason = decision.reason.clone();
                finding.suppressed = Some(Suppression { by: SuppressedBy::Decision, reason });
            }
            found.push(key);
        }
        found
    }
}

impl WrittenDecisions {
    /// Reads a file of decisions; one without a word in it holds none.
    ///
    /// # Errors
    /// Everything wrong in the file, with its place.
    pub fn read(file: &DataFile) -> Result<Self, Vec<Fault>> {
        if file.text.trim().is_empty() {
            return Ok(Self::default());
        }
        let written: DecisionsTable = file.read()?;
        let version = *written.version.get_ref();
        if version != DECISIONS_VERSION {
            let message = format!("decisions of version {version}; this claimlint reads {DECISIONS_VERSION}");
            let help = "use the claimlint that wrote them";
            return Err(vec![file.fault(written.version.span().into(), message).with_help(help)]);
        }
        let mut faults = Vec::new();
        let mut read = Self { list: written.decisions.span().into(), ..Self::default() };
        for entry in written.decisions.into_inner() {
            let place = Span::from(entry.span());
            let (key, decision) = checked(file, place, entry.into_inner(), &mut faults);
            if read.places.insert(key.clone(), place).is_some() {
                let help = "keep the one that is right; a merge may have kept both";
                faults.push(
                    file.fault(place, "the finding is decided here for the second time").with_help(help),
                );
            }
            read.decisions.set(key, Some(decision));
        }
        if faults.is_empty() { Ok(read) } else { Err(faults) }
    }
}

/// An entry with its key; what is wrong in it is added to the faults.
fn checked(file: &DataFile, place: Span, entry: EntryTable, faults: &mut Vec<Fault>) -> (KnownKey, Decision) {
    let EntryTable { path, rule, fingerprint, verdict, reason, note, reviewer, date, message } = entry;
    if !is_fingerprint(fingerprint.get_ref()) {
        let wrong = format!("`{}` is no fingerprint", fingerprint.get_ref());
        let help = "16 hexadecimal digits in lower case, as `claimlint check --format json` shows them";
        faults.push(file.fault(fingerprint.span().into(), wrong).with_help(help));
    }
    let verdict_place = Span::from(verdict.span());
    let verdict = verdict.into_inner();
    if verdict == Verdict::Dismissed && reason.as_deref().is_none_or(|reason| reason.trim().is_empty()) {
        let help = "add `reason = \"…\"`, or let the verdict be \"open\"";
        let place = if verdict_place.is_empty() { place } else { verdict_place };
        faults.push(file.fault(place, "a finding is dismissed without a reason").with_help(help));
    }
    let day = match (date.get_ref().date, date.get_ref().time, date.get_ref().offset) {
        (Some(day), None, None) => NaiveDate::from_ymd_opt(day.year.into(), day.month.into(), day.day.into()),
        _ => None,
    };
    let day = day.unwrap_or_else(|| {
        let wrong = format!("`{}` is no day", date.get_ref());
        faults
            .push(file.fault(date.span().into(), wrong).with_help("write it as 2026-03-01, without quotes"));
        NaiveDate::default()
    });
    let key = KnownKey { path, rule, fingerprint: fingerprint.into_inner() };
    (key, Decision { verdict, reason, note, reviewer, date: day, message })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::{Confidence, Finding, Severity};

    const FILE: &str = "version = 1\ndecisions = [\n  { path = \"报告.md\", rule = \"a/b\", fingerprint = \"0123456789abcdef\", verdict = \"dismissed\", reason = \"重述\", reviewer = \"Wei\", date = 2026-03-01, message = \"占比\" },\n]\n";

    fn read(text: &str) -> Result<WrittenDecisions, Vec<(String, String)>> {
        let file = DataFile { path: DECISIONS_FILE.into(), text: text.into() };
        let words = |fault: Fault| (fault.message, fault.span.of(text).to_owned());
        WrittenDecisions::read(&file).map_err(|faults| faults.into_iter().map(words).collect())
    }

    #[test]
    fn entries_are_read_with_their_places() {
        let read_ = read(FILE).unwrap();
        let (key, decision) = read_.decisions.entries().next().unwrap();
        assert_eq!((key.path.as_str(), decision.verdict), ("报告.md", Verdict::Dismissed));
        assert_eq!(decision.date, NaiveDate::from_ymd_opt(2026, 3, 1).unwrap());
        let place = read_.places[key].of(FILE);
        assert!(place.starts_with("{ path") && place.ends_with('}'), "{place}");
        let list = read_.list.of(FILE);
        assert!(list.starts_with('[') && list.ends_with(']'), "{list}");
        for empty in ["", " \n"] {
            assert_eq!(read(empty), Ok(WrittenDecisions::default()));
        }
    }

    #[test]
    fn what_is_broken_is_named_with_its_place() {
        let fault = |from: &str, to: &str| read(&FILE.replacen(from, to, 1)).unwrap_err();
        let one = |message: &str, place: &str| vec![(message.to_owned(), place.to_owned())];
        assert_eq!(
            fault("89ab", "89AB"),
            one("`0123456789ABcdef` is no fingerprint", "\"0123456789ABcdef\"")
        );
        assert_eq!(
            fault("version = 1", "version = 3"),
            one("decisions of version 3; this claimlint reads 1", "3")
        );
        assert_eq!(
            fault("reason = \"重述\", ", ""),
            one("a finding is dismissed without a reason", "\"dismissed\"")
        );
        assert_eq!(fault("dismissed", "denied"), one("unknown value `denied`", "\"denied\""));
        assert_eq!(fault("2026-03-01", "07:32:00"), one("`07:32:00` is no day", "07:32:00"));
        assert_eq!(fault("decisions", "<<<<<<< HEAD\ndecisions").len(), 1);
        let line = FILE.lines().nth(2).unwrap();
        let twice = FILE.replace(line, &format!("{line}\n{line}"));
        assert_eq!(read(&twice).unwrap_err()[0].0, "the finding is decided here for the second time");
    }

    #[test]
    fn only_what_was_dismissed_may_stand() {
        let mut audit = Audit::default();
        for fingerprint in ["0123456789abcdef", "1123456789abcdef"] {
            audit.findings.push(Finding {
                rule: "a/b".into(),
                severity: Severity::Error,
                confidence: Confidence::High,
                span: Span::new(0, 1),
                message: String::new(),
                arithmetic: None,
                repair: None,
                related: Vec::new(),
                in_sources: Vec::new(),
                fingerprint: fingerprint.into(),
                group: 0,
                suppressed: None,
            });
        }
        let decisions = read(FILE).unwrap().decisions;
        assert_eq!(decisions.mark("报告.md", &mut audit).len(), 2);
        let by: Vec<_> = audit.findings.iter().map(|finding| finding.suppressed.as_ref()).collect();
        let reason = Some("重述".to_owned());
        assert_eq!(by, [Some(&Suppression { by: SuppressedBy::Decision, reason }), None]);
        audit.findings[0].suppressed = None;
        decisions.mark("other.md", &mut audit);
        let accepted = read(&FILE.replace("dismissed", "accepted")).unwrap().decisions;
        accepted.mark("报告.md", &mut audit);
        assert_eq!(audit.live().count(), 2);
    }
}
