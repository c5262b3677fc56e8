use std::collections::HashSet;
use std::fs::File;
use std::io::{self, BufWriter, IsTerminal};
use std::path::PathBuf;

use crate::check::{Locale, Source};
use crate::config::FailOn;
use crate::finding::DECISIONS_FILE;
use crate::report::{CheckOutput, FileReport, Sink, Summary, Text};

use super::args::{CheckArguments, Colour, Format, GlobalArguments};
use super::audit::{Auditor, Checked};
use super::decided::Decided;
use super::engine::{Loaded, same_file};
use super::format::output;
use super::input::{Input, Inputs};
use super::known::Held;
use super::outline::outline;
use super::pipeline::in_order;
use super::progress::Progress;
use super::status::{Failure, Status};
use super::{Fault, say};

/// Checks files and writes what was found; a [`Failure`] of a broken pipe when nobody reads any more.
pub(super) fn run(arguments: &CheckArguments, global: &GlobalArguments) -> Result<Status, Failure> {
    let loaded = Loaded::new(global, arguments.flags())?;
    let filter = loaded.config.files_of_folders();
    let inputs = Inputs::of(&arguments.input.paths, arguments.input.stdin_filename.as_deref(), filter)?;
    let options = arguments.suppressions.options(&loaded.config)?;
    let auditor = Auditor::new(&loaded, options).with_sources()?;
    let quiet = arguments.input.quiet;
    let known = loaded.config.baseline().map(|path| Held::new(path, global)).transpose()?;
    let mut run = Run {
        decided: Decided::new(&arguments.decisions, &inputs.found, global)?,
        auditor: &auditor,
        known,
        sources: HashSet::new(),
        outputs: Outputs::new(arguments, &inputs.found, &loaded, global.color)?,
        progress: Progress::new(inputs.found.len(), quiet),
        summary: Summary::default(),
        status: Status::default(),
    };
    for problem in &inputs.problems {
        run.unreadable(problem);
    }
    if arguments.input.paths.is_empty() && !quiet {
        tell_of_stdin();
    }
    in_order(
        &inputs.found,
        |input| auditor.audit(input),
        |input, checked| {
            let name = input.name();
            match checked {
                Ok(Ok(checked)) => run.checked(input, &name, checked)?,
                Ok(Err(problem)) => run.unreadable(&problem),
                Err(fault) => run.failed(&name, &fault),
            }
            run.progress.advance(&name);
            Ok(())
        },
    )?;
    if !quiet {
        run.progress.aside(|| {
            run.decided.tell_gone(&loaded);
            if let Some(known) = &run.known {
                known.tell_stale(&loaded);
            }
        });
    }
    run.finish(loaded.config.fail_on().unwrap_or(FailOn::Error))
}

/// What a run writes and counts, one report after another in the order of the inputs.
struct Run<'a> {
    decided: Decided,
    auditor: &'a Auditor<'a>,
    known: Option<Held>,
    /// The sources so far.
    sources: HashSet<String>,
    outputs: Outputs,
    progress: Progress,
    summary: Summary,
    status: Status,
}

impl Run<'_> {
    /// Writes what was found in one report; what depends on the reports before it happens here.
    fn checked(&mut self, input: &Input, name: &str, mut checked: Checked) -> Result<(), Failure> {
        self.decided.take(input, &mut checked.audit);
        if let Some(known) = &mut self.known {
            known.take(name, &mut checked.audit);
        }
        self.summary.add(&checked.audit);
        let Checked { document, audit, sources, locale } = &checked;
        let report = FileReport::new(name, &document.text, audit)
            .with_outline(outline(document, *locale))
            .with_sources(sources.iter().map(|source| &source.text.file));
        let outputs = &mut self.outputs;
        self.progress.aside(|| outputs.each(|output| output.file(&report)))?;
        checked.sources.iter().try_for_each(|source| self.source(source, *locale))
    }

    /// Writes what is wrong in a source, once for all reports that were made from it.
    fn source(&mut self, source: &Source, locale: Locale) -> Result<(), Failure> {
        let file = &source.text.file;
        if !self.sources.insert(file.name.clone()) {
            return Ok(());
        }
        let audit = self.auditor.audit_source(source, locale);
        if audit.findings.is_empty() {
            return Ok(());
        }
        self.summary.add_source(&audit);
        let report = FileReport::new(&file.name, file.file_text(), &audit);
        let outputs = &mut self.outputs;
        self.progress.aside(|| outputs.each(|output| output.file(&report)))
    }

    /// Tells of an input that could not be read.
    fn unreadable(&mut self, problem: &str) {
        self.progress.aside(|| say(problem));
        self.status.unreadable = true;
        self.summary.unread += 1;
    }

    /// Tells of an input that brought about a fault.
    fn failed(&mut self, name: &str, fault: &Fault) {
        self.progress.aside(|| say(&format!("{name}: not checked: {fault}")));
        self.status.internal = true;
        self.summary.unread += 1;
    }

    fn finish(self, fail_on: FailOn) -> Result<Status, Failure> {
        let Self { mut outputs, progress, summary, status, .. } = self;
        drop(progress);
        outputs.each(|output| output.finish(&summary))?;
        let findings = fail_on.severity().is_some_and(|severity| summary.at_least(severity) > 0);
        Ok(Status { findings, ..status })
    }
}

/// Says what the command waits for when it would read from a keyboard unasked.
pub(super) fn tell_of_stdin() {
    if io::stdin().is_terminal() {
        say("reading a report from standard input; end it with Ctrl-D, or give a path");
    }
}

/// Standard output and the files that the findings go to.
struct Outputs {
    open: Vec<(String, Box<dyn CheckOutput>)>,
}

impl Outputs {
    fn new(
        arguments: &CheckArguments,
        inputs: &[Input],
        loaded: &Loaded,
        colour: Colour,
    ) -> Result<Self, Failure> {
        for (_, path) in &arguments.output {
            if loaded.config.baseline().is_some_and(|baseline| same_file(baseline, path)) {
                let path = path.display();
                return Err(Failure::Usage(format!(
                    "{path}: is the baseline and would be overwritten; name another output"
                )));
            }
            if path.file_name().is_some_and(|name| name == DECISIONS_FILE) {
                let path = path.display();
                return Err(Failure::Usage(format!(
                    "{path}: is a file of decisions and would be overwritten; name another output"
                )));
            }
            let is_input = |input: &Input| matches!(input, Input::File(file) if same_file(file, path));
            if inputs.iter().any(is_input) {
                let path = path.display();
                return Err(Failure::Usage(format!(
                    "{path}: is a report to check and would be overwritten; name another output"
                )));
            }
        }
        let stdout: Sink = Box::new(BufWriter::new(io::stdout()));
        let rules = loaded.rule_texts(loaded.settings().lang.value);
        let first: Box<dyn CheckOutput> = match arguments.format {
            Format::Text if arguments.input.quiet => {
                Box::new(Text::new(stdout, colour.on_stdout()).without_summary())
            }
            format => output(format, stdout, &rules, colour.on_stdout()),
        };
        let mut open = vec![("standard output".to_string(), first)];
        for (format, path) in &arguments.output {
            open.push((path.display().to_string(), output(*format, create(path)?, &rules, false)));
        }
        Ok(Self { open })
    }

    /// Writes to every output. One whose reader has gone away is left out from then on.
    ///
    /// # Errors
    /// When an output cannot be written, or none is left.
    fn each(&mut self, write: impl Fn(&mut dyn CheckOutput) -> io::Result<()>) -> Result<(), Failure> {
        let mut failure = None;
        self.open.retain_mut(|(name, output)| match write(output.as_mut()) {
            Ok(()) => true,
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => false,
            Err(error) => {
                failure = Some(Failure::Output { name: name.clone(), error });
                false
            }
        });
        match failure {
            Some(failure) => Err(failure),
            None if self.open.is_empty() => Err(Failure::stdout(io::ErrorKind::BrokenPipe.into())),
            None => Ok(()),
        }
    }
}

fn create(path: &PathBuf) -> Result<Sink, Failure> {
    match File::create(path) {
        Ok(file) => Ok(Box::new(BufWriter::new(file))),
        Err(error) => Err(Failure::Output { name: path.display().to_string(), error }),
    }
}
