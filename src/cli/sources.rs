use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use chrono::NaiveDate;

use crate::check::{Engine, Source};
use crate::config::SourcePath;
use crate::source::{ReadError, SourceFile, read_path};

use super::engine::same_file;

/// What reading a source came to.
type Outcome = Result<Arc<Source>, String>;

/// A source is read with the date of its report.
type SourceKey = (PathBuf, Option<NaiveDate>);

/// Reads the texts that reports were made from; those that several reports may share are read once.
pub(super) struct SourceReader<'a> {
    engine: &'a Engine,
    shared: Mutex<HashMap<SourceKey, Arc<OnceLock<Outcome>>>>,
}

impl<'a> SourceReader<'a> {
    pub fn new(engine: &'a Engine) -> Self {
        Self { engine, shared: Mutex::default() }
    }

    /// The sources of a report; `date` is the report's.
    ///
    /// # Errors
    /// What is wrong with the first that cannot be read, and the way out.
    pub fn of(
        &self,
        report: Option<&Path>,
        sources: &[SourcePath],
        date: Option<NaiveDate>,
    ) -> Result<Vec<Arc<Source>>, String> {
        sources.iter().map(|source| self.one(report, source, date)).collect()
    }

    /// Takes a text that came with its report.
    pub fn given(&self, name: String, text: String, date: Option<NaiveDate>) -> Arc<Source> {
        Arc::new(self.engine.read_source(SourceFile::new(name, text), date))
    }

    fn one(&self, report: Option<&Path>, source: &SourcePath, date: Option<NaiveDate>) -> Outcome {
        let path = &source.path;
        if report.is_some_and(|report| same_file(report, path)) {
            return Err(format!(
                "{}: is the report itself and cannot be its source; name the text that it was made from ({})",
                path.display(),
                source.origin
            ));
        }
        let read = || {
            let text = read_path(path).map_err(|error| problem(&error, source))?.text;
            if text.trim().is_empty() {
                return Err(format!(
                    "{}: has no text that a report could be held against; name another source ({})",
                    path.display(),
                    source.origin
                ));
            }
            Ok(self.given(path.to_string_lossy().into_owned(), text, date))
        };
        if !source.shared {
            return read();
        }
        // The lock is held for the entry alone, not while the file is read.
        let entry = {
            let mut shared = self.shared.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(shared.entry((path.clone(), date)).or_default())
        };
        entry.get_or_init(read).clone()
    }
}

fn problem(error: &ReadError, source: &SourcePath) -> String {
    match error {
        ReadError::Missing(path) => {
            format!("{}: no such source; check the path ({})", path.display(), source.origin)
        }
        other => format!("{other} ({})", source.origin),
    }
}
