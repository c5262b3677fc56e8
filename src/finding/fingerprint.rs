use std::collections::HashMap;
use std::hash::Hasher;

use fnv::FnvHasher;

/// Gives each finding of one document a fingerprint that survives edits elsewhere: it holds the rule and the words of
/// the clause, without spaces and marks, and a count where the same rule finds the same clause again.
#[derive(Debug, Default)]
pub struct Fingerprints {
    seen: HashMap<u64, u64>,
}

impl Fingerprints {
    /// 16 hexadecimal digits for the next finding of `rule` in `clause`.
    pub fn of(&mut self, rule: &str, clause: &str) -> String {
        let mut hasher = FnvHasher::default();
        hasher.write(rule.as_bytes());
        hasher.write_u8(0);
        let mut buffer = [0; 4];
        for c in clause.chars().filter(|c| !c.is_whitespace() && !c.is_control()) {
            hasher.write(c.encode_utf8(&mut buffer).as_bytes());
        }
        let count = self.seen.entry(hasher.finish()).or_default();
        if *count > 0 {
            hasher.write_u64(count.to_le());
        }
        *count += 1;
        format!("{:016x}", hasher.finish())
    }
}

#[cfg(test)]
mod tests {
    use super::Fingerprints;

    #[test]
    fn spaces_and_marks_do_not_matter_and_repeats_differ() {
        let mut fingerprints = Fingerprints::default();
        let first = fingerprints.of("numeric/share", "占 65%\u{1}\u{1}");
        assert_eq!(first, Fingerprints::default().of("numeric/share", "占65%"));
        assert_ne!(first, fingerprints.of("numeric/share", "占65%"));
        assert_ne!(first, Fingerprints::default().of("numeric/sum", "占65%"));
    }
}
