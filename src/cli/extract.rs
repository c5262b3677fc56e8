use std::io::{self, BufWriter};
use std::path::Path;

use crate::check::Extraction;
use crate::document::Document;
use crate::report::{ExtractJson, ExtractJsonLines, ExtractOutput, ExtractText, Sink};

use super::args::{ExtractArguments, ExtractFormat, GlobalArguments};
use super::check::tell_of_stdin;
use super::engine::{Loaded, extract_report};
use super::input::{Input, Inputs};
use super::pipeline::in_order;
use super::progress::Progress;
use super::status::{Failure, Status};
use super::{guarded, say};

/// Reads files and writes the quantities, assertions and relations in them.
pub(super) fn run(arguments: &ExtractArguments, global: &GlobalArguments) -> Result<Status, Failure> {
    let loaded = Loaded::new(global, arguments.flags())?;
    let engine = &loaded.engine;
    let filter = loaded.config.files_of_folders();
    let inputs = Inputs::of(&arguments.input.paths, arguments.input.stdin_filename.as_deref(), filter)?;
    let out: Sink = Box::new(BufWriter::new(io::stdout()));
    let mut output: Box<dyn ExtractOutput> = match arguments.format {
        ExtractFormat::Text => Box::new(ExtractText::new(out)),
        ExtractFormat::Json => Box::new(ExtractJson::new(out)),
        ExtractFormat::Jsonl => Box::new(ExtractJsonLines::new(out)),
    };
    let mut status = Status::default();
    for problem in &inputs.problems {
        say(problem);
        status.unreadable = true;
    }
    if arguments.input.paths.is_empty() && !arguments.input.quiet {
        tell_of_stdin();
    }
    let progress = Progress::new(inputs.found.len(), arguments.input.quiet);
    let read = |input: &Input| {
        let document = engine.parse(input.read()?, loaded.config.at(Some(Path::new(&input.name()))).date());
        let extraction = engine.extract(&document);
        Ok((document, extraction))
    };
    in_order(&inputs.found, read, |input, outcome| {
        let name = input.name();
        let written = outcome.and_then(|read| {
            let write = |(document, extraction): (Document, Extraction)| {
                output.file(&extract_report(&name, engine, &document, &extraction, arguments.explain))
            };
            guarded(|| progress.aside(|| read.map(write)))
        });
        match written {
            Ok(Ok(written)) => written.map_err(Failure::stdout)?,
            Ok(Err(problem)) => {
                let problem: String = problem;
                progress.aside(|| say(&problem));
                status.unreadable = true;
            }
            Err(fault) => {
                progress.aside(|| say(&format!("{name}: not read: {fault}")));
                status.internal = true;
            }
        }
        progress.advance(&name);
        Ok(())
    })?;
    drop(progress);
    output.finish().map_err(Failure::stdout)?;
    Ok(status)
}
