use std::io::{self, BufWriter};

use crate::report::{ExtractJson, ExtractJsonLines, ExtractOutput, ExtractText, Sink};

use super::args::{Colour, ExtractArguments, ExtractFormat};
use super::check::tell_of_stdin;
use super::engine::{Loaded, extract_report};
use super::input::Inputs;
use super::status::{Failure, Status};
use super::{guarded, say};

/// Reads files and writes the quantities, assertions and relations in them.
pub(super) fn run(arguments: &ExtractArguments, colour: Colour) -> Result<Status, Failure> {
    let loaded = Loaded::new(&arguments.rules.folders, colour)?;
    let inputs = Inputs::of(&arguments.input.paths);
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
    if arguments.input.paths.is_empty() {
        tell_of_stdin();
    }
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
        let read = guarded(|| {
            let document = loaded.engine.parse(text, arguments.input.date);
            let extraction = loaded.engine.extract(&document);
            output.file(&extract_report(&name, &loaded.engine, &document, &extraction, arguments.explain))
        });
        match read {
            Some(written) => written.map_err(Failure::stdout)?,
            None => {
                say(&format!("{name}: not read, see above"));
                status.internal = true;
            }
        }
    }
    output.finish().map_err(Failure::stdout)?;
    Ok(status)
}
