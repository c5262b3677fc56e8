use std::path::{Path, PathBuf};

use crate::finding::{Audit, Baseline, Comparison, Known, KnownKey};
use crate::source::{DataFile, ReadError, plain_path, read_path};

use super::args::GlobalArguments;
use super::engine::{Loaded, show_faults};
use super::say;
use super::status::Failure;

/// So many stale entries are told one by one.
pub(super) const MOST_TOLD: usize = 20;

/// Where a baseline stands.
pub(super) struct Place {
    pub path: PathBuf,
    /// Its folder, which the reports' paths start from.
    folder: PathBuf,
}

impl Place {
    /// The place of that path.
    pub fn new(path: &Path) -> Self {
        let folder = plain_path(path).parent().unwrap_or(Path::new("")).to_owned();
        Self { path: path.to_owned(), folder }
    }

    /// What a report goes by in this baseline: its path from the folder, with forward slashes; `-` is standard input.
    pub fn key(&self, name: &str) -> String {
        if name == "-" {
            return name.to_owned();
        }
        let report = plain_path(Path::new(name));
        let shared = self.folder.components().zip(report.components()).take_while(|(a, b)| a == b).count();
        if shared == 0 {
            return report.to_string_lossy().replace('\\', "/");
        }
        let up = self.folder.components().skip(shared).map(|_| "..".into());
        let down = report.components().skip(shared).map(|part| part.as_os_str().to_string_lossy());
        up.chain(down).collect::<Vec<_>>().join("/")
    }

    /// Whether there is no such report any more.
    pub fn is_gone(&self, key: &str) -> bool {
        key != "-" && !self.folder.join(key).exists()
    }

    /// Reads the baseline.
    ///
    /// # Errors
    /// When there is no baseline there, or a broken one; every fault has been shown by then.
    pub fn read(&self, global: &GlobalArguments) -> Result<Baseline, Failure> {
        let shown = self.path.display();
        let text = read_path(&self.path).map_err(|error| match error {
            ReadError::Missing(_) => Failure::Usage(format!(
                "{shown}: no such baseline; `claimlint baseline PATH -o {shown}` writes one"
            )),
            other => Failure::Usage(other.to_string()),
        })?;
        let file = DataFile { path: shown.to_string(), text: text.text };
        Baseline::read(&file).map_err(|faults| {
            show_faults(global, &faults, &[file], "baseline", str::to_owned);
            Failure::Usage(format!(
                "{shown}: the baseline is broken and was left as it is: mend it, or remove it"
            ))
        })
    }
}

/// A baseline that the reports of a run are held against.
pub(super) struct Held {
    place: Place,
    comparison: Comparison,
}

impl Held {
    /// Reads the baseline.
    ///
    /// # Errors
    /// When there is no baseline there, or a broken one.
    pub fn new(path: &Path, global: &GlobalArguments) -> Result<Self, Failure> {
        let place = Place::new(path);
        let baseline = place.read(global)?;
        let comparison = Comparison::new(baseline, |key| place.is_gone(key));
        Ok(Self { place, comparison })
    }

    /// Marks the known findings of the next report.
    pub fn take(&mut self, name: &str, audit: &mut Audit) {
        self.comparison.take(&self.place.key(name), audit);
    }

    /// Tells of the entries that are no longer found.
    pub fn tell_stale(&self, loaded: &Loaded) {
        let stale = self.comparison.stale(|key| is_judged(loaded, &self.place, key));
        if stale.is_empty() {
            return;
        }
        let path = self.place.path.display();
        for (key, known, left) in stale.iter().take(MOST_TOLD) {
            say(&format!("{path}: no longer found: {}", entry(key, known, *left)));
        }
        if stale.len() > MOST_TOLD {
            say(&format!("{path}: and {} more that are no longer found", stale.len() - MOST_TOLD));
        }
        say(&format!("{path}: `claimlint baseline --update` takes out what is no longer found"));
    }
}

/// A baseline for documents that go by an id and come in any order.
pub(super) struct Ids {
    baseline: Baseline,
}

impl Ids {
    /// Reads the baseline.
    ///
    /// # Errors
    /// When there is no baseline there, or a broken one.
    pub fn new(path: &Path, global: &GlobalArguments) -> Result<Self, Failure> {
        Ok(Self { baseline: Place::new(path).read(global)? })
    }

    /// Marks what is known of the document with that id, which stands for the report's path.
    pub fn mark(&self, id: &serde_json::Value, audit: &mut Audit) {
        if let Some(id) = id.as_str() {
            self.baseline.mark(id, audit);
        }
    }
}

/// Whether the absence of a finding says that it is mended: its rule ran, or there is no such rule any more.
pub(super) fn is_judged(loaded: &Loaded, place: &Place, key: &KnownKey) -> bool {
    let report = if key.path == "-" { PathBuf::from("-") } else { place.folder.join(&key.path) };
    loaded.tells(&report, &key.rule).unwrap_or(true)
}

/// An entry in words.
pub(super) fn entry(key: &KnownKey, known: &Known, count: usize) -> String {
    let times = if count > 1 { format!(" ({count} times)") } else { String::new() };
    format!("{}: {}: {}{times}", key.path, key.rule, known.message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reports_go_by_their_path_from_the_baselines_folder() {
        let key = |baseline: &str, report: &str| Place::new(Path::new(baseline)).key(report);
        assert_eq!(key("baseline.toml", "reports/./甲.md"), "reports/甲.md");
        assert_eq!(key("ci/../baseline.toml", "a/../b.md"), "b.md");
        assert_eq!(key("ci/baseline.toml", "reports/a.md"), "../reports/a.md");
        assert_eq!(key("reports/baseline.toml", "reports/a.md"), "a.md");
        assert_eq!(key("baseline.toml", "-"), "-");
    }
}
