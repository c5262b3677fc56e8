use std::path::{Path, PathBuf};

use super::globs::Globs;
use super::origin::{Origin, Sourced};

/// Stands for the report's name without its ending in the path of a source.
pub(super) const NAME: &str = "{name}";

/// An entry of `[[sources]]`: which texts some of the reports were made from.
#[derive(Clone, Debug)]
pub(super) struct SourceEntry {
    pub reports: Sourced<Globs>,
    /// Paths as written, [`NAME`] not yet filled in.
    pub sources: Sourced<Vec<String>>,
    /// The folder that they are relative to, as it is shown.
    pub base: PathBuf,
}

/// A text that a report was made from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourcePath {
    pub path: PathBuf,
    /// Whether other reports may have it too.
    pub shared: bool,
    pub origin: Origin,
}

impl SourceEntry {
    /// The sources of that report; none when it is not one of the entry's.
    pub fn of(&self, report: &Path) -> Vec<SourcePath> {
        if !self.reports.value.matches(report) {
            return Vec::new();
        }
        let name = report.file_stem().unwrap_or_default().to_string_lossy();
        let source = |written: &String| SourcePath {
            path: self.base.join(written.replace(NAME, &name)),
            shared: !written.contains(NAME),
            origin: self.sources.origin.clone(),
        };
        self.sources.value.iter().map(source).collect()
    }
}

/// What is wrong with the path of a source as it is written, and the way out.
pub(super) fn fault(written: &str) -> Option<(String, &'static str)> {
    if written.trim().is_empty() {
        return Some(("the path is empty".to_owned(), "name a file, such as \"transcripts/{name}.srt\""));
    }
    let rest = written.replace(NAME, "");
    rest.contains(['{', '}']).then(|| {
        let message = format!("`{written}` has a placeholder that there is not");
        (message, "`{name}` stands for the report's name without its ending; there is no other one")
    })
}
