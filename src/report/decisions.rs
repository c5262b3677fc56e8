use std::fmt::Write as _;

use super::visible::inert_toml;
use crate::finding::{Decision, KnownKey};

/// A file of decisions that holds none; see [`crate::finding::DECISIONS_VERSION`].
pub const NO_DECISIONS: &str = "\
# What reviewers decided about findings: an entry is a finding of a report by its content.
# Written by `claimlint review`, honoured by `claimlint check`; made to be committed, merged and edited.
version = 1
decisions = [
]
";

/// A decision as an entry of its file, on one line, without what separates it from the next.
pub fn decision_entry(key: &KnownKey, decision: &Decision) -> String {
    let mut entry = format!(
        "{{ path = {}, rule = {}, fingerprint = {}, verdict = \"{}\"",
        inert_toml(&key.path),
        inert_toml(&key.rule),
        inert_toml(&key.fingerprint),
        decision.verdict.name(),
    );
    for (field, text) in [("reason", &decision.reason), ("note", &decision.note)] {
        if let Some(text) = text {
            // Writing to a string cannot fail.
            let _ = write!(entry, ", {field} = {}", inert_toml(text));
        }
    }
    let _ = write!(
        entry,
        ", reviewer = {}, date = {}, message = {} }}",
        inert_toml(&decision.reviewer),
        decision.date,
        inert_toml(&decision.message),
    );
    entry
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::*;
    use crate::finding::{DECISIONS_FILE, DECISIONS_VERSION, Verdict, WrittenDecisions};
    use crate::source::DataFile;

    #[test]
    fn an_entry_is_read_as_it_was_written() {
        let key =
            KnownKey {
                path: "深/a\".md".into(), rule: "a/b".into(), fingerprint: "0123456789abcdef".into()
            };
        let decision = Decision {
            verdict: Verdict::Dismissed,
            reason: Some("见附注 \"3\"\n]]> ##[error]\u{202e}".into()),
            note: Some("\\ # , }".into()),
            reviewer: "Wei".into(),
            date: NaiveDate::from_ymd_opt(2026, 3, 1).unwrap(),
            message: "1 ÷ 2 = 50%".into(),
        };
        let entry = decision_entry(&key, &decision);
        assert_eq!(entry.lines().count(), 1);
        let text = NO_DECISIONS.replace("\n]", &format!("\n  {entry},\n]"));
        let file = DataFile { path: DECISIONS_FILE.into(), text };
        let read = WrittenDecisions::read(&file).unwrap();
        assert_eq!(read.decisions.entries().collect::<Vec<_>>(), [(&key, &decision)]);
        assert!(file.text.contains(&format!("version = {DECISIONS_VERSION}\n")));
    }
}
