use std::fs;
use std::io::{self, ErrorKind, Write};
use std::ops::ControlFlow;
use std::path::{Component, Path, PathBuf, absolute};

use crate::check::Engine;
use crate::finding::{Audit, Baseline, Comparison, Known, KnownKey};
use crate::report::{visible, write_baseline, write_faults};
use crate::source::{DataFile, ReadError, read_path};

use super::args::{BaselineArguments, Colour};
use super::audit::Auditor;
use super::engine::{Loaded, locale, same_file};
use super::input::{Input, Inputs};
use super::pipeline::in_order;
use super::rules::to_stdout;
use super::say;
use super::status::{Failure, Status};

/// So many stale entries are told one by one.
const MOST_TOLD: usize = 20;

/// Where a baseline stands.
struct Place {
    path: PathBuf,
    /// Its folder, which the reports' paths start from.
    folder: PathBuf,
}

impl Place {
    fn new(path: &Path) -> Self {
        let whole = absolute(path).unwrap_or_else(|_| path.to_owned());
        let folder = plain(whole.parent().unwrap_or(Path::new("")));
        Self { path: path.to_owned(), folder }
    }

    /// What a report goes by in this baseline: its path from the folder, with forward slashes; `-` is standard input.
    fn key(&self, name: &str) -> String {
        if name == "-" {
            return name.to_owned();
        }
        let report = plain(&absolute(name).unwrap_or_else(|_| name.into()));
        let shared = self.folder.components().zip(report.components()).take_while(|(a, b)| a == b).count();
        if shared == 0 {
            return report.to_string_lossy().replace('\\', "/");
        }
        let up = self.folder.components().skip(shared).map(|_| "..".into());
        let down = report.components().skip(shared).map(|part| part.as_os_str().to_string_lossy());
        up.chain(down).collect::<Vec<_>>().join("/")
    }

    /// Whether there is no such report any more.
    fn is_gone(&self, key: &str) -> bool {
        key != "-" && !self.folder.join(key).exists()
    }

    /// # Errors
    /// When there is no baseline there, or a broken one; every fault has been shown by then.
    fn read(&self, colour: Colour) -> Result<Baseline, Failure> {
        let shown = self.path.display();
        let text = read_path(&self.path).map_err(|error| match error {
            ReadError::Missing(_) => Failure::Usage(format!(
                "{shown}: no such baseline; `claimlint baseline PATH -o {shown}` writes one"
            )),
            other => Failure::Usage(other.to_string()),
        })?;
        let file = DataFile { path: shown.to_string(), text: text.text };
        Baseline::read(&file).map_err(|faults| {
            // Nobody can be told when standard error is closed.
            let _ =
                write_faults(&mut io::stderr().lock(), &faults, &[file], str::to_owned, colour.on_stderr());
            Failure::Usage(format!(
                "{shown}: the baseline is broken and was left as it is: mend it, or remove it"
            ))
        })
    }
}

/// The path without `.` and `..`, whatever links there are.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => {
                plain.pop();
            }
            Component::CurDir => {}
            part => plain.push(part),
        }
    }
    plain
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
    pub fn new(path: &Path, colour: Colour) -> Result<Self, Failure> {
        let place = Place::new(path);
        let baseline = place.read(colour)?;
        let comparison = Comparison::new(baseline, |key| place.is_gone(key));
        Ok(Self { place, comparison })
    }

    /// Marks the known findings of the next report.
    pub fn take(&mut self, name: &str, audit: &mut Audit) {
        self.comparison.take(&self.place.key(name), audit);
    }

    /// Tells of the entries that are no longer found.
    pub fn tell_stale(&self, engine: &Engine) {
        let stale = self.comparison.stale(|key| is_judged(engine, key));
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
    pub fn new(path: &Path, colour: Colour) -> Result<Self, Failure> {
        Ok(Self { baseline: Place::new(path).read(colour)? })
    }

    /// Marks what is known of the document with that id, which stands for the report's path.
    pub fn mark(&self, id: &serde_json::Value, audit: &mut Audit) {
        if let Some(id) = id.as_str() {
            self.baseline.mark(id, audit);
        }
    }
}

/// Whether the absence of a finding says that it is mended: its rule ran, or there is no such rule any more.
fn is_judged(engine: &Engine, key: &KnownKey) -> bool {
    engine.rule(&key.rule).is_none() || engine.runs(&key.rule)
}

/// An entry in words.
fn entry(key: &KnownKey, known: &Known, count: usize) -> String {
    let times = if count > 1 { format!(" ({count} times)") } else { String::new() };
    format!("{}: {}: {}{times}", key.path, key.rule, known.message)
}

/// Writes the findings that are there to a baseline, or brings one up to date.
pub(super) fn run(arguments: &BaselineArguments, colour: Colour) -> Result<Status, Failure> {
    let place = Place::new(&arguments.output);
    let shown = arguments.output.display().to_string();
    let baseline = if arguments.update {
        place.read(colour)?
    } else if arguments.output.symlink_metadata().is_ok() {
        return Err(Failure::Usage(format!(
            "{shown}: is there already; --update takes out what is mended, --accept-new takes in what is new; \
             or remove the file to begin anew"
        )));
    } else {
        Baseline::default()
    };
    let loaded = Loaded::new(&arguments.rules.folders, colour)?;
    let inputs = Inputs::of(&arguments.paths, None)?;
    let is_output = |input: &Input| matches!(input, Input::File(file) if same_file(file, &arguments.output));
    if inputs.found.iter().any(is_output) {
        return Err(Failure::Usage(format!("{shown}: is a report to check; name another file with -o")));
    }
    let auditor = Auditor {
        engine: &loaded.engine,
        date: arguments.date,
        options: arguments.suppressions.options(locale(arguments.language.lang))?,
    };
    let mut comparison = Comparison::new(baseline.clone(), |key| place.is_gone(key));
    let mut status = Status::default();
    for problem in &inputs.problems {
        say(problem);
        status.unreadable = true;
    }
    in_order(
        &inputs.found,
        |input| auditor.audit(input),
        |input, checked| {
            match checked {
                Ok(Ok(mut checked)) => comparison.take(&place.key(&input.name()), &mut checked.audit),
                Ok(Err(problem)) => {
                    say(&problem);
                    status.unreadable = true;
                }
                Err(fault) => {
                    say(&format!("{}: not checked: {fault}", input.name()));
                    status.internal = true;
                }
            }
            Ok(ControlFlow::Continue(()))
        },
    )?;
    if status != Status::default() {
        say(&format!("{shown}: not written, since not every report could be checked"));
        return Ok(status);
    }
    let accept_new = arguments.accept_new || !arguments.update;
    let updated = comparison.updated(|key| is_judged(&loaded.engine, key), accept_new);
    if !arguments.update || updated != baseline {
        write_to(&arguments.output, &updated, arguments.update)
            .map_err(|error| Failure::Output { name: shown.clone(), error })?;
    }
    if !arguments.update {
        return to_stdout(|out| {
            let (findings, reports) = (counted(total(updated.entries()), "finding"), reports(&updated));
            writeln!(out, "{findings} in {} written to {}", counted(reports, "report"), visible(&shown))
        });
    }
    let stale = comparison.stale(|key| is_judged(&loaded.engine, key));
    to_stdout(|out| {
        for (key, known, left) in &stale {
            writeln!(out, "taken out: {}", visible(&entry(key, known, *left)))?;
        }
        for (key, known) in comparison.moved_findings() {
            writeln!(out, "under a new name: {}", visible(&entry(key, known, known.count)))?;
        }
        let what = if accept_new { "new, taken in" } else { "new, left out" };
        for (key, known) in comparison.new_findings() {
            writeln!(out, "{what}: {}", visible(&entry(key, known, known.count)))?;
        }
        let out_count: usize = stale.iter().map(|(.., left)| left).sum();
        let new_count = total(comparison.new_findings());
        let known = counted(total(updated.entries()), "finding");
        writeln!(
            out,
            "{}: {known} known; {out_count} taken out, {new_count} {}",
            visible(&shown),
            what.replace(',', "")
        )
    })?;
    let findings = !accept_new && comparison.new_findings().len() > 0;
    if findings {
        say("new findings were left out of the baseline: mend them, or give --accept-new to let them stand");
    }
    Ok(Status { findings, ..status })
}

/// Writes the file; one that came to be in the meantime is left alone unless it may be replaced.
fn write_to(path: &Path, baseline: &Baseline, replace: bool) -> io::Result<()> {
    let mut text = Vec::new();
    write_baseline(&mut text, baseline)?;
    if replace {
        return fs::write(path, text);
    }
    let mut file = fs::File::create_new(path).map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => io::Error::other("it has come to be in the meantime"),
        _ => error,
    })?;
    file.write_all(&text)
}

fn total<'a>(entries: impl Iterator<Item = (&'a KnownKey, &'a Known)>) -> usize {
    entries.map(|(_, known)| known.count).sum()
}

fn reports(baseline: &Baseline) -> usize {
    let mut paths: Vec<&str> = baseline.entries().map(|(key, _)| key.path.as_str()).collect();
    paths.dedup();
    paths.len()
}

fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
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
