use std::fs::File;
use std::io::{self, BufWriter, IsTerminal};
use std::path::PathBuf;

use crate::report::{CheckOutput, FileReport, Html, Json, JsonLines, Markdown, Sink, Summary, Text};

use super::args::{CheckArguments, Colour, FailOn, Format};
use super::engine::{Loaded, locale, same_file};
use super::input::{Input, Inputs};
use super::outline::outline;
use super::status::{Failure, Status};
use super::{guarded, say};

/// Checks files and writes what was found.
pub(super) fn run(arguments: &CheckArguments, colour: Colour) -> Result<Status, Failure> {
    let loaded = Loaded::new(&arguments.rules.folders, colour)?;
    let inputs = Inputs::of(&arguments.input.paths);
    let mut outputs = Outputs::new(arguments, &inputs.found, colour)?;
    let mut status = Status::default();
    for problem in &inputs.problems {
        say(problem);
        status.unreadable = true;
    }
    if arguments.input.paths.is_empty() {
        tell_of_stdin();
    }
    let mut summary = Summary::default();
    for input in &inputs.found {
        let text = match input.read() {
            Ok(text) => text,
            Err(problem) => {
                say(&problem);
                status.unreadable = true;
                continue;
            }
        };
        let name = input.name();
        let checked = guarded(|| {
            let document = loaded.engine.parse(text, arguments.input.date);
            let audit = loaded.engine.check(&document, locale(arguments.language.lang));
            (document, audit)
        });
        let Some((document, audit)) = checked else {
            say(&format!("{name}: not checked, see above"));
            status.internal = true;
            continue;
        };
        summary.add(&audit);
        let outline = outline(&document, locale(arguments.language.lang));
        let report = FileReport::new(&name, &document.text, &audit).with_outline(outline);
        outputs.each(|output| output.file(&report))?;
        if outputs.are_closed() {
            break;
        }
    }
    outputs.each(|output| output.finish(&summary))?;
    let fail_on = arguments.fail_on.unwrap_or(FailOn::Error);
    status.findings = fail_on.severity().is_some_and(|severity| summary.at_least(severity) > 0);
    Ok(status)
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
    fn new(arguments: &CheckArguments, inputs: &[Input], colour: Colour) -> Result<Self, Failure> {
        for (_, path) in &arguments.output {
            let is_input = |input: &Input| matches!(input, Input::File(file) if same_file(file, path));
            if inputs.iter().any(is_input) {
                let path = path.display();
                return Err(Failure::Usage(format!(
                    "{path}: is a report to check and would be overwritten; name another output"
                )));
            }
        }
        let stdout: Sink = Box::new(BufWriter::new(io::stdout()));
        let mut open =
            vec![("standard output".to_string(), output(arguments.format, stdout, colour.on_stdout()))];
        for (format, path) in &arguments.output {
            open.push((path.display().to_string(), output(*format, create(path)?, false)));
        }
        Ok(Self { open })
    }

    /// Writes to every output. One whose reader has gone away is left out from then on.
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
        failure.map_or(Ok(()), Err)
    }

    fn are_closed(&self) -> bool {
        self.open.is_empty()
    }
}

fn create(path: &PathBuf) -> Result<Sink, Failure> {
    match File::create(path) {
        Ok(file) => Ok(Box::new(BufWriter::new(file))),
        Err(error) => Err(Failure::Output { name: path.display().to_string(), error }),
    }
}

fn output(format: Format, out: Sink, colour: bool) -> Box<dyn CheckOutput> {
    match format {
        Format::Text => Box::new(Text::new(out, colour)),
        Format::Json => Box::new(Json::new(out)),
        Format::Markdown => Box::new(Markdown::new(out)),
        Format::Html => Box::new(Html::new(out)),
        Format::Jsonl => Box::new(JsonLines::new(out)),
    }
}
