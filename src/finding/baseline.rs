//! Findings that are known and let stand, by content rather than by line.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde::Deserialize;
use toml::Spanned;

use super::fingerprint::{FirstFingerprints, is_fingerprint};
use super::{Audit, Finding, SuppressedBy, Suppression};
use crate::source::{DataFile, Fault, Span};

/// The version of the baseline's form.
pub const BASELINE_VERSION: u32 = 1;

/// One kind of finding in one report, or one finding.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KnownKey {
    /// The report, seen from the folder of the file that knows it, with forward slashes.
    pub path: String,
    pub rule: String,
    /// That of the first finding of its kind; of a decision the finding's own.
    pub fingerprint: String,
}

/// How often a kind of finding is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    pub count: usize,
    /// For whoever reviews the baseline; not compared.
    pub message: String,
}

/// The known findings of all reports.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Baseline {
    entries: BTreeMap<KnownKey, Known>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BaselineFile {
    version: Spanned<u32>,
    findings: Vec<Spanned<EntryTable>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EntryTable {
    path: String,
    rule: String,
    fingerprint: Spanned<String>,
    count: Spanned<usize>,
    message: String,
}

impl Baseline {
    /// Reads a baseline file.
    ///
    /// # Errors
    /// Everything wrong in the file, with its place.
    pub fn read(file: &DataFile) -> Result<Self, Vec<Fault>> {
        let written: BaselineFile = file.read()?;
        let place = |span: std::ops::Range<usize>| Span::from(span);
        let version = *written.version.get_ref();
        if version != BASELINE_VERSION {
            let message = format!("a baseline of version {version}; this claimlint reads {BASELINE_VERSION}");
            let help = "use the claimlint that wrote it, or write the baseline anew";
            return Err(vec![file.fault(place(written.version.span()), message).with_help(help)]);
        }
        let mut faults = Vec::new();
        let mut entries = BTreeMap::new();
        for entry in written.findings {
            let whole = place(entry.span());
            let EntryTable { path, rule, fingerprint, count, message } = entry.into_inner();
            if !is_fingerprint(fingerprint.get_ref()) {
                let wrong = format!("`{}` is no fingerprint", fingerprint.get_ref());
                let help = "16 hexadecimal digits in lower case; write the baseline anew if they are lost";
                faults.push(file.fault(place(fingerprint.span()), wrong).with_help(help));
            }
            if *count.get_ref() == 0 {
                let help = "remove the entry, or let it be at least 1";
                faults
                    .push(file.fault(place(count.span()), "a count of 0 lets nothing stand").with_help(help));
            }
            let key = KnownKey { path, rule, fingerprint: fingerprint.into_inner() };
            let known = Known { count: count.into_inner(), message };
            if entries.insert(key, known).is_some() {
                let help = "keep one of the two, with the count that is right";
                faults.push(file.fault(whole, "the finding stands here for the second time").with_help(help));
            }
        }
        if faults.is_empty() { Ok(Self { entries }) } else { Err(faults) }
    }

    /// All entries, in order of path, rule and fingerprint.
    pub fn entries(&self) -> impl ExactSizeIterator<Item = (&KnownKey, &Known)> {
        self.entries.iter()
    }

    /// Marks those findings of one report that are known; gives how many of each kind there are.
    pub fn mark(&self, path: &str, audit: &mut Audit) -> HashMap<KnownKey, usize> {
        let mut found: HashMap<KnownKey, usize> = HashMap::new();
        mark_if(path, audit, |key, _| {
            let count = found.entry(key.clone()).or_default();
            *count += 1;
            self.entries.get(key).is_some_and(|known| *count <= known.count)
        });
        found
    }

    /// Whether anything is known of a report.
    fn knows(&self, path: &str) -> bool {
        let first = KnownKey { path: path.to_owned(), rule: String::new(), fingerprint: String::new() };
        self.entries.range(first..).next().is_some_and(|(key, _)| key.path == path)
    }
}

/// Marks each finding that counts and that `is_known`, asked in order of place.
fn mark_if(path: &str, audit: &mut Audit, mut is_known: impl FnMut(&KnownKey, &Finding) -> bool) {
    let mut firsts = FirstFingerprints::default();
    for finding in &mut audit.findings {
        let Some(fingerprint) = firsts.of(&finding.fingerprint) else { continue };
        let key = KnownKey { path: path.to_owned(), rule: finding.rule.clone(), fingerprint };
        if finding.suppressed.is_none() && is_known(&key, finding) {
            finding.suppressed = Some(Suppression { by: SuppressedBy::Baseline, reason: None });
        }
    }
}

/// A baseline while the reports of a run are held against it, one after another.
#[derive(Debug)]
pub struct Comparison {
    baseline: Baseline,
    /// How many of each known kind were found.
    found: HashMap<KnownKey, usize>,
    /// Reports of the run.
    seen: HashSet<String>,
    /// Entries of reports that are no more, by rule and fingerprint.
    gone: HashMap<(String, String), Vec<KnownKey>>,
    /// Entries as the baseline would have to hold them: of reports that moved, and of findings that are new.
    moved: BTreeMap<KnownKey, Known>,
    new: BTreeMap<KnownKey, Known>,
}

impl Comparison {
    /// Begins; `is_gone` says of a report's path whether there is no such report any more.
    pub fn new(baseline: Baseline, is_gone: impl Fn(&str) -> bool) -> Self {
        let mut gone: HashMap<(String, String), Vec<KnownKey>> = HashMap::new();
        let mut last: Option<(&str, bool)> = None;
        for key in baseline.entries.keys() {
            let lost = match last {
                Some((path, lost)) if path == key.path => lost,
                _ => is_gone(&key.path),
            };
            last = Some((&key.path, lost));
            if lost {
                gone.entry((key.rule.clone(), key.fingerprint.clone())).or_default().push(key.clone());
            }
        }
        let (found, seen) = (HashMap::new(), HashSet::new());
        Self { baseline, found, seen, gone, moved: BTreeMap::new(), new: BTreeMap::new() }
    }

    /// Marks the known findings of the next report.
    pub fn take(&mut self, path: &str, audit: &mut Audit) {
        let found = self.baseline.mark(path, audit);
        if !self.seen.insert(path.to_owned()) {
            // The same report under two names: it is counted once.
            return;
        }
        self.found.extend(found.into_iter().filter(|(key, _)| self.baseline.entries.contains_key(key)));
        if !self.gone.is_empty() && !self.baseline.knows(path) {
            self.take_renamed(path, audit);
        }
        let new = &mut self.new;
        mark_if(path, audit, |key, finding| {
            let message = finding.message.clone();
            new.entry(key.clone()).or_insert(Known { count: 0, message }).count += 1;
            false
        });
    }

    /// Marks findings that were known in a report that is no more: the report has got another name.
    fn take_renamed(&mut self, path: &str, audit: &mut Audit) {
        let Self { baseline, found, gone, moved, .. } = self;
        mark_if(path, audit, |key, _| {
            let sources = gone.get(&(key.rule.clone(), key.fingerprint.clone()));
            let source = sources.into_iter().flatten().find_map(|source| {
                let known = baseline.entries.get(source)?;
                let count = found.entry(source.clone()).or_default();
                (*count < known.count).then(|| {
                    *count += 1;
                    known
                })
            });
            let Some(known) = source else { return false };
            let message = known.message.clone();
            moved.entry(key.clone()).or_insert(Known { count: 0, message }).count += 1;
            true
        });
    }

    /// Entries that are no longer found, or not as often, with how often that is too much. Only those of the reports
    /// of this run and of reports that are no more, and those whose rule `ran`.
    pub fn stale(&self, ran: impl Fn(&KnownKey) -> bool) -> Vec<(&KnownKey, &Known, usize)> {
        let is_gone = |key: &KnownKey| self.is_gone(key);
        self.baseline
            .entries
            .iter()
            .filter(|(key, _)| (self.seen.contains(&key.path) || is_gone(key)) && ran(key))
            .map(|(key, known)| (key, known, known.count.saturating_sub(self.found_of(key))))
            .filter(|(.., left)| *left > 0)
            .collect()
    }

    /// Findings that the baseline does not know.
    pub fn new_findings(&self) -> impl ExactSizeIterator<Item = (&KnownKey, &Known)> {
        self.new.iter()
    }

    /// Known findings of reports that are no more, found in reports that the baseline does not know.
    pub fn moved_findings(&self) -> impl ExactSizeIterator<Item = (&KnownKey, &Known)> {
        self.moved.iter()
    }

    /// The baseline without what is stale, with reports under their new names, and with the new findings if they are
    /// accepted.
    pub fn updated(&self, ran: impl Fn(&KnownKey) -> bool, accept_new: bool) -> Baseline {
        let mut entries = self.baseline.entries.clone();
        for (key, known, left) in self.stale(ran) {
            entries.insert(key.clone(), Known { count: known.count - left, ..known.clone() });
        }
        for (key, known) in &mut entries {
            // What was found under a new name stands there.
            if self.is_gone(key) {
                known.count -= self.found_of(key).min(known.count);
            }
        }
        entries.retain(|_, known| known.count > 0);
        let new = self.new.iter().filter(|_| accept_new);
        for (key, known) in self.moved.iter().chain(new) {
            entries.entry(key.clone()).or_insert(Known { count: 0, ..known.clone() }).count += known.count;
        }
        Baseline { entries }
    }

    fn found_of(&self, key: &KnownKey) -> usize {
        self.found.get(key).copied().unwrap_or_default()
    }

    fn is_gone(&self, key: &KnownKey) -> bool {
        self.gone.get(&(key.rule.clone(), key.fingerprint.clone())).is_some_and(|gone| gone.contains(key))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "version = 1\nfindings = [\n  { path = \"报告.md\", rule = \"a/b\", fingerprint = \"0123456789abcdef\", count = 2, message = \"占比\" },\n]\n";

    fn read(text: &str) -> Result<Baseline, Vec<(String, String)>> {
        let file = DataFile { path: "baseline.toml".into(), text: text.into() };
        let words = |fault: Fault| (fault.message, fault.span.of(text).to_owned());
        Baseline::read(&file).map_err(|faults| faults.into_iter().map(words).collect())
    }

    #[test]
    fn entries_are_read() {
        let baseline = read(FILE).unwrap();
        let (key, known) = baseline.entries().next().unwrap();
        assert_eq!((key.path.as_str(), known.count, known.message.as_str()), ("报告.md", 2, "占比"));
        assert!(baseline.knows("报告.md") && !baseline.knows("报告") && !baseline.knows("zz"));
        assert_eq!(read("version = 1\nfindings = []"), Ok(Baseline::default()));
    }

    #[test]
    fn what_is_broken_is_named_with_its_place() {
        let fault = |from: &str, to: &str| read(&FILE.replacen(from, to, 1)).unwrap_err();
        let one = |message: &str, place: &str| vec![(message.to_owned(), place.to_owned())];
        assert_eq!(fault("= 2", "= 0"), one("a count of 0 lets nothing stand", "0"));
        assert_eq!(
            fault("89ab", "89AB"),
            one("`0123456789ABcdef` is no fingerprint", "\"0123456789ABcdef\"")
        );
        assert_eq!(
            fault("version = 1", "version = 2"),
            one("a baseline of version 2; this claimlint reads 1", "2")
        );
        assert_eq!(fault("rule", "rul"), one("unknown field `rul`", "rul"));
        assert_eq!(fault("findings", "<<<<<<< HEAD\nfindings").len(), 1);
        let line = FILE.lines().nth(2).unwrap();
        let twice = FILE.replace(line, &format!("{line}\n{line}"));
        assert_eq!(read(&twice).unwrap_err()[0].0, "the finding stands here for the second time");
    }
}
