use std::collections::{HashMap, HashSet};
use std::env;
use std::path::{Path, PathBuf};

use crate::config::nearest_file;
use crate::finding::{Audit, DECISIONS_FILE, Decision, Decisions, KnownKey, WrittenDecisions};
use crate::source::{DataFile, ReadError, plain_path, read_path};

use super::args::{DecisionArguments, GlobalArguments};
use super::engine::{Loaded, show_faults};
use super::input::Input;
use super::known::{MOST_TOLD, Place, is_judged};
use super::say;
use super::status::Failure;

/// The decisions about the reports of a run, each in the nearest file of decisions.
#[derive(Default)]
pub(super) struct Decided {
    files: Vec<Held>,
    /// The number of the file that holds for the reports of a folder.
    folders: HashMap<PathBuf, usize>,
    /// The only file, for all reports.
    given: bool,
}

/// One file of decisions while the reports of a run are held against it.
struct Held {
    place: Place,
    decisions: Decisions,
    /// Reports of the run.
    seen: HashSet<String>,
    /// Their findings about which something is decided.
    found: HashSet<KnownKey>,
}

impl Decided {
    /// Reads the decisions that hold for these reports.
    ///
    /// # Errors
    /// When the named file is not there, or a file is broken; every fault has been shown by then.
    pub fn new(
        arguments: &DecisionArguments,
        inputs: &[Input],
        global: &GlobalArguments,
    ) -> Result<Self, Failure> {
        let mut decided = Self::default();
        if arguments.no_decisions {
            return Ok(decided);
        }
        if let Some(path) = &arguments.decisions {
            decided.files.push(Held::read(path, global)?);
            decided.given = true;
            return Ok(decided);
        }
        let mut numbers: HashMap<PathBuf, usize> = HashMap::new();
        for folder in inputs.iter().filter_map(folder_of) {
            let new = !decided.folders.contains_key(&folder);
            if let Some(path) = Some(&folder).filter(|_| new).and_then(|folder| nearest(folder)) {
                let number = match numbers.get(&path) {
                    Some(&number) => number,
                    None => {
                        decided.files.push(Held::read(&path, global)?);
                        decided.files.len() - 1
                    }
                };
                numbers.insert(path, number);
                decided.folders.insert(folder, number);
            }
        }
        Ok(decided)
    }

    /// Lets those findings of the next report stand that somebody dismissed.
    pub fn take(&mut self, input: &Input, audit: &mut Audit) {
        let number = if self.given {
            Some(0)
        } else {
            folder_of(input).and_then(|folder| self.folders.get(&folder).copied())
        };
        if let Some(held) = number.and_then(|number| self.files.get_mut(number)) {
            let report = held.place.key(&input.name());
            let found = held.decisions.mark(&report, audit);
            held.found.extend(found.into_iter().filter(|key| held.decisions.get(key).is_some()));
            held.seen.insert(report);
        }
    }

    /// Lets those findings of a document with that id stand that somebody dismissed; a batch names its decisions.
    pub fn mark(&self, id: &serde_json::Value, audit: &mut Audit) {
        if let (Some(held), Some(id)) = (self.files.first(), id.as_str()) {
            held.decisions.mark(id, audit);
        }
    }

    /// Tells of the decisions whose finding is gone.
    pub fn tell_gone(&self, loaded: &Loaded) {
        for held in &self.files {
            let gone = held.gone(loaded);
            let path = held.place.path.display();
            for (key, decision) in gone.iter().take(MOST_TOLD) {
                say(&format!("{path}: the finding is gone: {}", in_words(key, decision)));
            }
            if gone.len() > MOST_TOLD {
                say(&format!("{path}: and {} more whose findings are gone", gone.len() - MOST_TOLD));
            }
            if !gone.is_empty() {
                say(&format!(
                    "{path}: `claimlint review --prune` takes out what is decided about gone findings"
                ));
            }
        }
    }
}

impl Held {
    fn read(path: &Path, global: &GlobalArguments) -> Result<Self, Failure> {
        let place = Place::new(path);
        let decisions = read(path, global)?;
        Ok(Self { place, decisions, seen: HashSet::new(), found: HashSet::new() })
    }

    /// Decisions about findings that the reports of the run no longer have, and about reports that are no more.
    fn gone(&self, loaded: &Loaded) -> Vec<(&KnownKey, &Decision)> {
        let is_gone = |key: &KnownKey| {
            !self.found.contains(key)
                && (self.seen.contains(&key.path) || self.place.is_gone(&key.path))
                && is_judged(loaded, &self.place, key)
        };
        self.decisions.entries().filter(|(key, _)| is_gone(key)).collect()
    }
}

fn read(path: &Path, global: &GlobalArguments) -> Result<Decisions, Failure> {
    let shown = path.display();
    let text = read_path(path).map_err(|error| match error {
        ReadError::Missing(_) => Failure::Usage(format!(
            "{shown}: no such file of decisions; `claimlint review` writes {DECISIONS_FILE} beside the reports"
        )),
        other => Failure::Usage(other.to_string()),
    })?;
    let file = DataFile { path: shown.to_string(), text: text.text };
    match WrittenDecisions::read(&file) {
        Ok(written) => Ok(written.decisions),
        Err(faults) => {
            show_faults(global, &faults, &[file], "file of decisions", str::to_owned);
            Err(Failure::Usage(format!(
                "{shown}: the decisions are broken and were left as they are: mend them; where a merge left \
                 conflict marks, keep the lines of both sides"
            )))
        }
    }
}

/// The absolute folder of a report; `None` for standard input without a name.
fn folder_of(input: &Input) -> Option<PathBuf> {
    let path = match input {
        Input::Stdin(None) => return None,
        Input::Stdin(Some(path)) | Input::File(path) => path,
    };
    plain_path(path).parent().map(Path::to_path_buf)
}

/// The file of decisions that holds for the reports of an absolute folder, as it is shown; `None` when there is none.
fn nearest(folder: &Path) -> Option<PathBuf> {
    nearest_file(folder, DECISIONS_FILE).map(|file| shown(&folder.join(file)))
}

/// Where the decisions about a report are, or will be written.
pub(super) fn place_of(report: &Path) -> PathBuf {
    let report = plain_path(report);
    let folder = report.parent().unwrap_or(Path::new(""));
    nearest(folder).unwrap_or_else(|| shown(&folder.join(DECISIONS_FILE)))
}

/// The path as seen from where claimlint runs, if it is below.
fn shown(path: &Path) -> PathBuf {
    let path = plain_path(path);
    match env::current_dir().ok().and_then(|here| path.strip_prefix(here).ok().map(Path::to_path_buf)) {
        Some(below) => below,
        None => path,
    }
}

/// A decision in words.
pub(super) fn in_words(key: &KnownKey, decision: &Decision) -> String {
    let Decision { verdict, reviewer, date, message, .. } = decision;
    format!("{}: {}: {message} ({} by {reviewer} on {date})", key.path, key.rule, verdict.name())
}
