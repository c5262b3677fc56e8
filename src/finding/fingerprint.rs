use std::collections::HashMap;
use std::hash::Hasher;

use fnv::FnvHasher;

/// Digits of a fingerprint.
const LENGTH: usize = 16;

/// Gives each finding of one document a fingerprint that survives edits elsewhere: it holds the rule, the words of
/// the clause and the operands, without spaces and marks, and a count where the same rule finds the same again.
#[derive(Debug, Default)]
pub struct Fingerprints {
    seen: HashMap<u64, u64>,
}

impl Fingerprints {
    /// 16 hexadecimal digits for the next finding of `rule` in `clause`; its operands may stand elsewhere.
    pub fn of(&mut self, rule: &str, clause: &str, operands: &[&str]) -> String {
        let mut hasher = FnvHasher::default();
        hasher.write(rule.as_bytes());
        for words in std::iter::once(&clause).chain(operands) {
            hasher.write_u8(0);
            let mut buffer = [0; 4];
            for c in words.chars().filter(|c| !c.is_whitespace() && !c.is_control()) {
                hasher.write(c.encode_utf8(&mut buffer).as_bytes());
            }
        }
        let first = hasher.finish();
        let count = self.seen.entry(first).or_default();
        let fingerprint = repeat(first, *count);
        *count += 1;
        shown(fingerprint)
    }
}

/// Whether the text has the form of a fingerprint.
pub(super) fn is_fingerprint(text: &str) -> bool {
    text.len() == LENGTH && text.bytes().all(|c| c.is_ascii_digit() || matches!(c, b'a'..=b'f'))
}

/// The fingerprint of what has been found `before` times already, from that of the first time.
fn repeat(first: u64, before: u64) -> u64 {
    let mut hasher = FnvHasher::with_key(first);
    if before > 0 {
        hasher.write_u64(before.to_le());
    }
    hasher.finish()
}

fn shown(fingerprint: u64) -> String {
    format!("{fingerprint:016x}")
}

/// Leads the fingerprints of one document, in the order in which they were given, back to the first of each kind.
#[derive(Debug, Default)]
pub(super) struct FirstFingerprints {
    /// The next repeat of each kind: what it repeats, and how often that has been seen.
    next: HashMap<u64, (u64, u64)>,
}

impl FirstFingerprints {
    /// The fingerprint of the first finding of the same content; `None` for what is no fingerprint.
    pub fn of(&mut self, fingerprint: &str) -> Option<String> {
        let fingerprint = u64::from_str_radix(fingerprint, 16).ok()?;
        let (first, seen) = self.next.remove(&fingerprint).unwrap_or((fingerprint, 0));
        self.next.insert(repeat(first, seen + 1), (first, seen + 1));
        Some(shown(first))
    }
}

#[cfg(test)]
mod tests {
    use super::{Fingerprints, FirstFingerprints};

    #[test]
    fn spaces_and_marks_do_not_matter_and_repeats_differ() {
        let mut fingerprints = Fingerprints::default();
        let first = fingerprints.of("numeric/share", "占 65%\u{1}\u{1}", &["1 亿"]);
        assert_eq!(first, Fingerprints::default().of("numeric/share", "占65%", &["1亿"]));
        assert_ne!(first, fingerprints.of("numeric/share", "占65%", &["1亿"]));
        assert_ne!(first, Fingerprints::default().of("numeric/sum", "占65%", &["1亿"]));
    }
    #[test]
    fn an_operand_that_stands_elsewhere_is_part_of_it() {
        let of = |operand| Fingerprints::default().of("numeric/share", "占 65%", &[operand]);
        assert_ne!(of("1706 亿"), of("1707 亿"));
    }

    #[test]
    fn repeats_lead_back_to_the_first() {
        let (mut fingerprints, mut firsts) = (Fingerprints::default(), FirstFingerprints::default());
        let mut of = |clause| firsts.of(&fingerprints.of("numeric/share", clause, &[]));
        let (a, b) = (of("占 65%"), of("占 66%"));
        assert_ne!(a, b);
        for _ in 0..3 {
            assert_eq!([of("占 66%"), of("占 65%")], [b.clone(), a.clone()]);
        }
        assert_eq!(FirstFingerprints::default().of("no fingerprint"), None);
    }
}
