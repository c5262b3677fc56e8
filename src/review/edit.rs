use crate::finding::{Decision, KnownKey, WrittenDecisions};
use crate::report::{NO_DECISIONS, decision_entry};
use crate::source::Span;

/// The text of a file of decisions with one of them put in, changed or taken out. All else stays as it stands, with
/// whatever somebody wrote around it; `read` is what the text was read as.
pub(super) fn edited(
    text: &str,
    read: &WrittenDecisions,
    key: &KnownKey,
    decision: Option<&Decision>,
) -> String {
    let entry = decision.map(|decision| decision_entry(key, decision));
    match (read.places.get(key), entry) {
        (Some(&place), Some(entry)) => replaced(text, place, &entry),
        (Some(&place), None) => without(text, place),
        (None, None) => text.to_owned(),
        (None, Some(entry)) if text.trim().is_empty() => {
            inserted_last(NO_DECISIONS, list_of_none(), None, &entry)
        }
        (None, Some(entry)) => match read.places.range(key..).next() {
            Some((_, &next)) => replaced(text, Span::new(next.start, next.start), &format!("{entry},\n  ")),
            None => inserted_last(text, read.list, read.places.values().map(|place| place.end).max(), &entry),
        },
    }
}

/// The list of a file without decisions.
fn list_of_none() -> Span {
    let start = NO_DECISIONS.rfind('[').unwrap_or_default();
    Span::new(start, NO_DECISIONS.trim_end().len())
}

fn replaced(text: &str, place: Span, with: &str) -> String {
    [&text[..place.start], with, &text[place.end..]].concat()
}

/// Without the entry, its comma, and its line when nothing else stands there.
fn without(text: &str, place: Span) -> String {
    let blank = |c: char| c == ' ' || c == '\t';
    let Some(comma) = comma_behind(text, place.end) else { return replaced(text, place, "") };
    if text[place.end..comma].contains('#') {
        // A comment stands between the two.
        return replaced(&replaced(text, Span::new(comma, comma + 1), ""), place, "");
    }
    let (mut start, mut end) = (place.start, comma + 1);
    let line_start = text[..start].trim_end_matches(blank);
    let line_end = text[end..].trim_start_matches(blank);
    if line_start.is_empty() || line_start.ends_with('\n') {
        let ending = ["\r\n", "\n"].into_iter().find(|ending| line_end.starts_with(ending));
        if let Some(ending) = ending {
            start = line_start.len();
            end = text.len() - line_end.len() + ending.len();
        }
    }
    replaced(text, Span::new(start, end), "")
}

/// Where the comma behind an entry stands, if there is one; comments and line ends may come between.
fn comma_behind(text: &str, end: usize) -> Option<usize> {
    let mut rest = text[end..].trim_start();
    while rest.starts_with('#') {
        rest = rest.find('\n').map_or("", |at| rest[at..].trim_start());
    }
    rest.starts_with(',').then(|| text.len() - rest.len())
}

/// With the entry as the last one of the list; the one before it, if any, ends at `last`.
fn inserted_last(text: &str, list: Span, last: Option<usize>, entry: &str) -> String {
    let bracket = list.end - 1;
    let before = &text[..bracket];
    let line = before.trim_end_matches([' ', '\t']).len();
    let own_line = before[..line].ends_with('\n');
    let at = if own_line { line } else { bracket };
    let mut whole = String::with_capacity(text.len() + entry.len() + 8);
    match last {
        Some(last) if comma_behind(text, last).is_none() => {
            whole.push_str(&text[..last]);
            whole.push(',');
            whole.push_str(&text[last..at]);
        }
        _ => whole.push_str(&text[..at]),
    }
    if !own_line {
        whole.push('\n');
    }
    whole.push_str("  ");
    whole.push_str(entry);
    whole.push_str(",\n");
    whole.push_str(&text[at..]);
    whole
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;
    use proptest::prelude::*;

    use super::*;
    use crate::finding::{DECISIONS_FILE, Verdict};
    use crate::source::DataFile;

    fn read(text: &str) -> WrittenDecisions {
        let file = DataFile { path: DECISIONS_FILE.into(), text: text.into() };
        WrittenDecisions::read(&file).unwrap_or_else(|faults| panic!("{faults:#?}\n{text}"))
    }

    fn key(number: u64) -> KnownKey {
        KnownKey { path: "a.md".into(), rule: "a/b".into(), fingerprint: format!("{number:016x}") }
    }

    fn decision(reason: &str) -> Decision {
        Decision {
            verdict: Verdict::Dismissed,
            reason: Some(reason.into()),
            note: None,
            reviewer: "Wei".into(),
            date: NaiveDate::from_ymd_opt(2026, 3, 1).unwrap(),
            message: "1 ÷ 2 = 50%".into(),
        }
    }

    fn set(text: &str, number: u64, reason: Option<&str>) -> String {
        edited(text, &read(text), &key(number), reason.map(decision).as_ref())
    }

    #[test]
    fn entries_are_sorted_one_to_a_line() {
        let mut text = String::new();
        for number in [2, 9, 1, 5] {
            text = set(&text, number, Some("because"));
        }
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[..4], NO_DECISIONS.lines().take(4).collect::<Vec<_>>());
        let last_digit = |line: &&str| line.split('"').nth(5).unwrap()[15..].to_owned();
        let prints: Vec<String> = lines[4..8].iter().map(last_digit).collect();
        assert_eq!((prints, lines[8]), (["1", "2", "5", "9"].map(String::from).to_vec(), "]"), "{text}");
        for number in [2, 9, 1, 5] {
            text = set(&text, number, None);
        }
        assert_eq!(text, NO_DECISIONS);
    }

    #[test]
    fn what_was_written_by_hand_stays() {
        let entry = |number| decision_entry(&key(number), &decision("ours"));
        let text = format!(
            "# mine\r\nversion = 1 # one\ndecisions = [ # all\n\n  # the first\n  {}\n  , # comma below\n  {} # one more\n  ,\n  {} # no comma\n  # end\n ]\n# tail\n",
            entry(3),
            entry(4),
            entry(7)
        );
        for (number, reason) in [
            (1, Some("x")),
            (5, Some("x")),
            (9, Some("x")),
            (3, Some("x")),
            (7, Some("x")),
            (3, None),
            (4, None),
            (7, None),
        ] {
            let edited = set(&text, number, reason);
            for comment in [
                "# mine\r\n",
                "# one",
                "# all",
                "# the first",
                "# comma below",
                "# one more",
                "# no comma",
                "# end",
                "# tail",
            ] {
                assert!(edited.contains(comment), "{number}: {comment}\n{edited}");
            }
            assert_eq!(read(&edited).decisions.get(&key(number)), reason.map(decision).as_ref());
        }
        for one_line in ["version = 1\ndecisions = []", "decisions = [ ]\nversion = 1\n"] {
            assert_eq!(read(&set(one_line, 4, Some("x"))).decisions.entries().len(), 1);
        }
        let one_line = format!("version = 1\ndecisions = [{}]", entry(3));
        for number in [1, 9] {
            assert_eq!(read(&set(&one_line, number, Some("x"))).decisions.entries().len(), 2);
        }
    }

    proptest! {
        /// Whatever is decided in whatever order: the file holds just that.
        #[test]
        fn any_edits_are_read_back(
            edits in prop::collection::vec((0u64..8, prop::option::of("\\PC{0,12}[,}#\"\\]]{0,3}x")), 0..40),
        ) {
            let mut text = String::new();
            let mut wanted = std::collections::BTreeMap::new();
            for (number, reason) in &edits {
                text = set(&text, *number, reason.as_deref());
                match reason {
                    Some(reason) => wanted.insert(key(*number), decision(reason)),
                    None => wanted.remove(&key(*number)),
                };
            }
            let read = read(&text);
            prop_assert!(read.decisions.entries().eq(&wanted));
        }
    }
}
