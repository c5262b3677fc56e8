use std::fs;
use std::io::{self, ErrorKind, Write};
use std::ops::ControlFlow;
use std::path::Path;

use crate::check::Engine;
use crate::finding::{Baseline, Comparison, Known, KnownKey};
use crate::report::{counted, visible, write_baseline};

use super::args::{BaselineArguments, Colour};
use super::audit::Auditor;
use super::engine::{Loaded, locale, same_file};
use super::input::{Input, Inputs};
use super::known::{Place, entry, is_judged};
use super::pipeline::in_order;
use super::rules::to_stdout;
use super::say;
use super::status::{Failure, Status};

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
    let mut comparison = Comparison::new(baseline.clone(), |key| place.is_gone(key));
    let status = compare(arguments, &loaded.engine, &place, &mut comparison)?;
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
    if arguments.update {
        tell_update(&shown, &loaded.engine, &comparison, &updated, accept_new)
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
    engine: &Engine,
    place: &Place,
    comparison: &mut Comparison,
) -> Result<Status, Failure> {
    let inputs = Inputs::of(&arguments.paths, None)?;
    let is_output = |input: &Input| matches!(input, Input::File(file) if same_file(file, &place.path));
    if inputs.found.iter().any(is_output) {
        let shown = place.path.display();
        return Err(Failure::Usage(format!("{shown}: is a report to check; name another file with -o")));
    }
    let auditor = Auditor {
        engine,
        date: arguments.date,
        options: arguments.suppressions.options(locale(arguments.language.lang))?,
    };
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
    Ok(status)
}

/// Lists what an update took out and in, and what it left out; new findings that were left out fail the run.
fn tell_update(
    shown: &str,
    engine: &Engine,
    comparison: &Comparison,
    updated: &Baseline,
    accept_new: bool,
) -> Result<Status, Failure> {
    let stale = comparison.stale(|key| is_judged(engine, key));
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
