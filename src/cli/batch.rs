use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use serde_json::{Map, Value};

use crate::config::FailOn;
use crate::document::iso_date;
use crate::report::{FileReport, Summary, write_check_line, write_error_line, write_extract_line};

use super::args::{CheckArguments, ExtractArguments, GlobalArguments, InputArguments};
use super::audit::{Auditor, Checked, Report};
use super::check::tell_of_stdin;
use super::decided::Decided;
use super::engine::{Loaded, extract_report};
use super::known::Ids;
use super::pipeline::pipeline;
use super::status::{Failure, Status};
use super::{Fault, guarded, say};

/// The byte order mark of UTF-8.
const MARK: &[u8] = "\u{feff}".as_bytes();

/// Bytes read at once as far as they are there, so that there are lines to work on side by side.
const READ_AHEAD: usize = 1 << 20;

/// One document of a batch.
#[derive(Debug, PartialEq)]
struct Request {
    text: String,
    date: Option<NaiveDate>,
    /// The texts that the document was made from.
    sources: Vec<String>,
}

/// Answers each document with what was found in it.
pub(super) fn check(arguments: &CheckArguments, global: &GlobalArguments) -> Result<Status, Failure> {
    let loaded = Loaded::new(global, arguments.flags())?;
    let options = arguments.suppressions.options(&loaded.config)?;
    let auditor = Auditor::new(&loaded, options).with_sources()?;
    let known = loaded.config.baseline().map(|path| Ids::new(path, global)).transpose()?;
    let decided = Decided::new(&arguments.decisions, &[], global)?;
    let tally = run(&arguments.input, |out, id, request| {
        let Request { text, date, sources } = request;
        let checked = auditor.check(Report { path: path_of(id), text, date, sources });
        let Checked { document, mut audit, sources, .. } = checked.map_err(Unanswered::Source)?;
        decided.mark(id, &mut audit);
        if let Some(known) = &known {
            known.mark(id, &mut audit);
        }
        let files = sources.iter().map(|source| &source.text.file);
        write_check_line(out, id, &FileReport::new("-", &document.text, &audit).with_sources(files))?;
        let mut summary = Summary::default();
        summary.add(&audit);
        Ok(summary)
    })?;
    // Who reads the answers sees the findings and the errors there; the status tells of them only when asked to.
    let fail_on = loaded.config.fail_on().and_then(FailOn::severity);
    let findings = fail_on.is_some_and(|severity| tally.summary.at_least(severity) > 0);
    let unreadable = tally.unreadable || (fail_on.is_some() && tally.unread > 0);
    Ok(Status { findings, unreadable, internal: tally.internal })
}

/// Answers each document with what was read in it.
pub(super) fn extract(arguments: &ExtractArguments, global: &GlobalArguments) -> Result<Status, Failure> {
    let loaded = Loaded::new(global, arguments.flags())?;
    let tally = run(&arguments.input, |out, id, request| {
        let date = request.date.or(loaded.config.at(path_of(id)).date());
        let document = loaded.engine.parse(request.text, date);
        let extraction = loaded.engine.extract(&document);
        let report = extract_report("-", &loaded.engine, &document, &extraction, arguments.explain);
        write_extract_line(out, id, &report)?;
        Ok(Summary::default())
    })?;
    Ok(Status { unreadable: tally.unreadable, internal: tally.internal, ..Status::default() })
}

/// The path whose settings hold for a document: its id, where that is a string.
fn path_of(id: &Value) -> Option<&Path> {
    id.as_str().map(Path::new)
}

/// Writes the answer to one document, and counts what was found in it.
trait Answer: Fn(&mut Vec<u8>, &Value, Request) -> Result<Summary, Unanswered> + Sync {}

impl<F: Fn(&mut Vec<u8>, &Value, Request) -> Result<Summary, Unanswered> + Sync> Answer for F {}

/// Why a document has no answer.
enum Unanswered {
    Output(io::Error),
    /// What is wrong with its source, and the way out.
    Source(String),
}

impl From<io::Error> for Unanswered {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

/// Answers the lines of all inputs in order.
fn run(input: &InputArguments, answer: impl Answer) -> Result<Tally, Failure> {
    let mut out = BufWriter::new(io::stdout());
    let mut tally = Tally::default();
    if input.paths.is_empty() && !input.quiet {
        tell_of_stdin();
    }
    let stdin = [PathBuf::from("-")];
    for path in if input.paths.is_empty() { &stdin } else { input.paths.as_slice() } {
        let source: Box<dyn Read> = if path.as_os_str() == "-" {
            Box::new(io::stdin())
        } else {
            match File::open(path) {
                Ok(file) => Box::new(file),
                Err(error) => {
                    say(&format!("{}: cannot be read: {error}; check the path", path.display()));
                    tally.unreadable = true;
                    continue;
                }
            }
        };
        let source = BufReader::with_capacity(READ_AHEAD, source);
        match answer_lines(source, &mut out, &mut tally, &answer) {
            Ok(()) => {}
            Err(Broken::Input(error)) => {
                say(&format!("{}: cannot be read to its end: {error}", path.display()));
                tally.unreadable = true;
            }
            Err(Broken::Output(error)) => return Err(Failure::stdout(error)),
        }
    }
    out.flush().map_err(Failure::stdout)?;
    Ok(tally)
}

/// Which side failed.
#[derive(Debug)]
enum Broken {
    Input(io::Error),
    Output(io::Error),
}

/// What the inputs came to.
#[derive(Debug, Default, PartialEq)]
struct Tally {
    summary: Summary,
    /// Some document brought about a fault of claimlint's own.
    internal: bool,
    /// Lines that hold no document.
    unread: usize,
    /// Some input could not be read.
    unreadable: bool,
}

impl Tally {
    /// Counts an answer and writes it.
    fn send(&mut self, out: &mut impl Write, reply: Result<Reply, Fault>) -> io::Result<()> {
        let Reply { line, outcome } = reply.unwrap_or_else(|fault| failed(&Value::Null, fault));
        match outcome {
            Outcome::Answered(summary) => self.summary.join(&summary),
            Outcome::NoDocument => self.unread += 1,
            Outcome::Fault(fault) => {
                say(&fault.to_string());
                self.internal = true;
            }
        }
        out.write_all(&line?)
    }
}

/// The answer to one line.
struct Reply {
    line: io::Result<Vec<u8>>,
    outcome: Outcome,
}

enum Outcome {
    Answered(Summary),
    NoDocument,
    Fault(Fault),
}

/// Answers each line that is not blank with one line, in order; several are worked on while they are at hand.
fn answer_lines<R: Read>(
    mut input: BufReader<R>,
    out: &mut impl Write,
    tally: &mut Tally,
    answer: &impl Answer,
) -> Result<(), Broken> {
    pipeline(|pipeline| {
        let mut first = true;
        loop {
            let mut line = Vec::new();
            let read = if input.buffer().contains(&b'\n') {
                input.read_until(b'\n', &mut line)
            } else {
                // Before the next read may wait, whoever sent the last line gets its answer.
                while let Some(reply) = pipeline.take() {
                    tally.send(out, reply).map_err(Broken::Output)?;
                }
                out.flush().map_err(Broken::Output)?;
                input.read_until(b'\n', &mut line)
            };
            if read.map_err(Broken::Input)? == 0 {
                return Ok(());
            }
            let start = if first && line.starts_with(MARK) { MARK.len() } else { 0 };
            first = false;
            if line[start..].trim_ascii().is_empty() {
                continue;
            }
            if let Some(reply) = pipeline.begin(move || reply(line[start..].trim_ascii(), answer)) {
                tally.send(out, reply).map_err(Broken::Output)?;
            }
        }
    })
}

/// Answers one line.
fn reply(line: &[u8], answer: &impl Answer) -> Reply {
    match request(line) {
        Ok((id, request)) => {
            let mut line = Vec::new();
            match guarded(|| answer(&mut line, &id, request)) {
                Ok(Ok(summary)) => Reply { line: Ok(line), outcome: Outcome::Answered(summary) },
                Ok(Err(Unanswered::Output(error))) => {
                    Reply { line: Err(error), outcome: Outcome::Answered(Summary::default()) }
                }
                Ok(Err(Unanswered::Source(problem))) => {
                    Reply { line: error_line(&id, &problem), outcome: Outcome::NoDocument }
                }
                Err(fault) => failed(&id, fault),
            }
        }
        Err((id, error)) => Reply { line: error_line(&id, &error), outcome: Outcome::NoDocument },
    }
}

fn failed(id: &Value, fault: Fault) -> Reply {
    let line = error_line(id, "a fault of claimlint's own; please report it with this document");
    Reply { line, outcome: Outcome::Fault(fault) }
}

fn error_line(id: &Value, error: &str) -> io::Result<Vec<u8>> {
    let mut line = Vec::new();
    write_error_line(&mut line, id, error)?;
    Ok(line)
}

/// Reads a line as its id and its document; else the id as far as it is known, and what is wrong.
fn request(line: &[u8]) -> Result<(Value, Request), (Value, String)> {
    let mut fields: Map<String, Value> = match serde_json::from_slice(line) {
        Ok(Value::Object(fields)) => fields,
        Ok(other) => {
            return Err((
                Value::Null,
                format!("a JSON object with \"id\" and \"text\" is wanted, not {}", kind(&other)),
            ));
        }
        Err(error) => {
            let error = error.to_string().replace(" at line 1 column ", " at column ");
            return Err((
                Value::Null,
                format!("not JSON: {error}; write one object with \"id\" and \"text\" to a line"),
            ));
        }
    };
    let id = fields.remove("id").unwrap_or(Value::Null);
    let text = match fields.remove("text") {
        Some(Value::String(text)) => text,
        Some(other) => return Err((id, format!("\"text\" must be a string, not {}", kind(&other)))),
        None => return Err((id, "\"text\" is missing; it holds the document".to_string())),
    };
    let date = match fields.remove("date") {
        None | Some(Value::Null) => None,
        Some(Value::String(date)) => match iso_date(&date) {
            Some(date) => Some(date),
            None => {
                return Err((
                    id,
                    format!(
                        "\"date\" {date:?} is not a day of the calendar as YYYY-MM-DD, such as 2026-03-01"
                    ),
                ));
            }
        },
        Some(other) => return Err((id, format!("\"date\" must be a string, not {}", kind(&other)))),
    };
    let sources = match texts(fields.remove("source")) {
        Ok(sources) => sources,
        Err(other) => {
            return Err((
                id,
                format!("\"source\" must be a string or a list of strings, not {}", kind(&other)),
            ));
        }
    };
    Ok((id, Request { text, date, sources }))
}

/// A text, or a list of them; what is neither is the error.
fn texts(value: Option<Value>) -> Result<Vec<String>, Value> {
    match value {
        None | Some(Value::Null) => Ok(Vec::new()),
        Some(Value::String(text)) => Ok(vec![text]),
        Some(Value::Array(items)) => {
            let text = |item| if let Value::String(text) = item { Ok(text) } else { Err(item) };
            items.into_iter().map(text).collect()
        }
        Some(other) => Err(other),
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a truth value",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answers(input: &[u8]) -> (String, Tally) {
        let mut out = Vec::new();
        let answer = |out: &mut Vec<u8>, id: &Value, request: Request| {
            assert!(request.text != "panic", "a test's panic");
            writeln!(out, "{id} {} {:?}", request.text, request.date)?;
            Ok(Summary { files: 1, ..Summary::default() })
        };
        let mut tally = Tally::default();
        answer_lines(BufReader::new(input), &mut out, &mut tally, &answer).unwrap();
        (String::from_utf8(out).unwrap(), tally)
    }

    fn expected(files: usize, unread: usize, internal: bool) -> Tally {
        Tally { summary: Summary { files, ..Summary::default() }, unread, internal, unreadable: false }
    }

    #[test]
    fn each_line_gets_its_answer_in_order() {
        let input = "\u{feff}{\"id\":\"a\",\"text\":\"涨 5%\",\"more\":[]}\r\n\n{\"id\":7,\"text\":\"\",\"date\":\"2026-03-01\",\"source\":\"x\"}";
        assert_eq!(
            answers(input.as_bytes()),
            ("\"a\" 涨 5% None\n7  Some(2026-03-01)\n".into(), expected(2, 0, false))
        );
    }

    #[test]
    fn a_bad_line_gets_an_error_and_the_run_goes_on() {
        let input = b"{\"id\":1,\n[1]\n{\"id\":2}\n{\"id\":3,\"text\":4}\n{\"id\":4,\"text\":\"\",\"date\":\"2026-13-01\"}\n\xff\n{\"id\":5,\"text\":\"x\"}\n";
        let (out, tally) = answers(input);
        assert_eq!(tally, expected(1, 6, false));
        insta::assert_snapshot!(out);
    }

    #[test]
    fn a_panic_costs_one_answer() {
        let (out, tally) = answers(b"{\"id\":1,\"text\":\"panic\"}\n{\"id\":2,\"text\":\"x\"}\n");
        assert_eq!(tally, expected(1, 0, true));
        insta::assert_snapshot!(out);
    }

    #[test]
    fn answers_are_sent_before_the_next_line_is_waited_for() {
        /// Gives one line at a time and counts how many answers were out by then.
        struct Slow<'a> {
            lines: Vec<&'static str>,
            seen: &'a std::cell::RefCell<Vec<usize>>,
            sent: &'a std::cell::Cell<usize>,
        }
        impl Read for Slow<'_> {
            fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
                self.seen.borrow_mut().push(self.sent.get());
                let Some(line) = self.lines.pop() else { return Ok(0) };
                buffer[..line.len()].copy_from_slice(line.as_bytes());
                Ok(line.len())
            }
        }
        /// Counts the lines that have been flushed.
        struct Sent<'a>(usize, &'a std::cell::Cell<usize>);
        impl Write for Sent<'_> {
            fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
                self.0 += bytes.iter().filter(|&&byte| byte == b'\n').count();
                Ok(bytes.len())
            }
            fn flush(&mut self) -> io::Result<()> {
                self.1.set(self.0);
                Ok(())
            }
        }
        let (seen, sent) = (std::cell::RefCell::new(Vec::new()), std::cell::Cell::new(0));
        let lines = vec!["{\"text\":\"b\"}\n", "{\"text\":\"a\"}\n"];
        let input = BufReader::new(Slow { lines, seen: &seen, sent: &sent });
        let answer = |out: &mut Vec<u8>, id: &Value, _: Request| {
            Ok(writeln!(out, "{id}").map(|()| Summary::default())?)
        };
        answer_lines(input, &mut Sent(0, &sent), &mut Tally::default(), &answer).unwrap();
        assert_eq!(*seen.borrow(), [0, 1, 2]);
    }
}
