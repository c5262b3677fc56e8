use std::fs;
use std::io::{self, ErrorKind, Write};
use std::path::Path;

use crate::finding::{Baseline, Comparison, Known, KnownKey};
use crate::report::{counted, visible, write_baseline};

use super::args::{BaselineArguments, GlobalArguments};
use super::audit::Auditor;
use super::decided::Decided;
use super::engine::{Loaded, same_file};
use super::input::{Input, Inputs};
use super::known::{Place, entry, is_judged};
use super::pipeline::in_order;
use super::rules::to_stdout;
use super::say;
use super::status::{Failure, Status};

/// The file that is written when nobody names one.
const DEFAULT_OUTPUT: &str = "claimlint-baseline.toml";

/// Writes the findings that are there to a baseline, or brings one up to date.
pub(super) fn run(arguments: &BaselineArguments, global: &GlobalArguments) -> Result<Status, Failure> {
    let loaded = Loaded::new(global, arguments.flags())?;
    let output = loaded.config.baseline().unwrap_or(Path::new(DEFAULT_OUTPUT));
    let place = Place::new(output);
    let shown = output.display().to_string();
    let baseline = if arguments.update {
        place.read(global)?
    } else if output.symlink_metadata().is_ok() {
        return Err(Failure::Usage(format!(
            "{shown}: is there already; --update takes out what is mended, --accept-new takes in what is new; \
             or remove the file to begin anew"
        )));
    } else {
        Baseline::default()
    };
    let mut comparison = Comparison::new(baseline.clone(), |key| place.is_gone(key));
    let status = compare(arguments, &loaded, global, &place, &mut comparison)?;
    if status != Status::default() {
        say(&format!("{shown}: not written, since not every report could be checked"));
        return Ok(status);
    }
    let accept_new = arguments.accept_new || !arguments.update;
    let updated = comparison.updated(|key| is_judged(&loaded, &place, key), accept_new);
    if !arguments.update || updated != baseline {
        write_to(output, &updated, arguments.update)
            .map_err(|error| Failure::Output { name: shown.clone(), error })?;
    }
    if arguments.update {
        tell_update(&shown, |key| is_judged(&loaded, &place, key), &comparison, &updated, accept_new)
    } else {
        to_stdout(|out| {
            let findings = counted(total(updated.entries()), "finding");
            writeln!(
                out,
                "{findings} in {} written to {}",
                counted(reports(&updated), "report"),
                visible(&shown)
            )
        })
    }
}

/// Holds every report against the baseline; the status is that of the reports which could not be checked.
fn compare(
    arguments: &BaselineArguments,
    loaded: &Loaded,
    global: &GlobalArguments,
    place: &Place,
    comparison: &mut Comparison,
) -> Result<Status, Failure> {
    let inputs = Inputs::of(&arguments.paths, None, loaded.config.files_of_folders())?;
    let is_output = |input: &Input| matches!(input, Input::File(file) if same_file(file, &place.path));
    if inputs.found.iter().any(is_output) {
        let shown = place.path.display();
        return Err(Failure::Usage(format!("{shown}: is a report to check; name another file with -o")));
    }
    let auditor = Auditor::new(loaded, arguments.suppressions.options(&loaded.config)?).with_sources()?;
    let mut decided = Decided::new(&arguments.decisions, &inputs.found, global)?;
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
                Ok(Ok(mut checked)) => {
                    decided.take(input, &mut checked.audit);
                    comparison.take(&place.key(&input.name()), &mut checked.audit);
                }
                Ok(Err(problem)) => {
                    say(&problem);
                    status.unreadable = true;
                }
                Err(fault) => {
                    say(&format!("{}: not checked: {fault}", input.name()));
                    status.internal = true;
                }
            }
            Ok(())
        },
    )?;
    Ok(status)
}

/// Lists what an update took out and in, and what it left out; new findings that were left out fail the run.
fn tell_update(
    shown: &str,
    is_judged: impl Fn(&KnownKey) -> bool,
    comparison: &Comparison,
    updated: &Baseline,
    accept_new: bool,
) -> Result<Status, Failure> {
    let stale = comparison.stale(is_judged);
    let fate = if accept_new { "taken in" } else { "left out" };
    let status = to_stdout(|out| {
        for (key, known, left) in &stale {
            writeln!(out, "taken out: {}", visible(&entry(key, known, *left)))?;
        }
        for (key, known) in comparison.moved_findings() {
            writeln!(out, "under a new name: {}", visible(&entry(key, known, known.count)))?;
        }
        for (key, known) in comparison.new_findings() {
            writeln!(out, "new, {fate}: {}", visible(&entry(key, known, known.count)))?;
        }
        let known = counted(total(updated.entries()), "finding");
        let out_count: usize = stale.iter().map(|(.., left)| left).sum();
        let new = total(comparison.new_findings());
        writeln!(out, "{}: {known} known; {out_count} taken out, {new} new {fate}", visible(shown))
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
