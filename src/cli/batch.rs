use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Read, Write};
use std::path::PathBuf;

use chrono::NaiveDate;
use serde_json::{Map, Value};

use crate::report::{Summary, write_check_line, write_error_line, write_extract_line};

use super::args::{CheckArguments, Colour, ExtractArguments, FailOn, parse_date};
use super::check::tell_of_stdin;
use super::engine::{Loaded, extract_report, locale};
use super::status::{Failure, Status};
use super::{guarded, say};

/// The byte order mark of UTF-8.
const MARK: &[u8] = "\u{feff}".as_bytes();

/// One document of a batch.
#[derive(Debug, PartialEq)]
struct Request {
    text: String,
    date: Option<NaiveDate>,
}

/// Answers each document with what was found in it.
pub(super) fn check(arguments: &CheckArguments, colour: Colour) -> Result<Status, Failure> {
    let loaded = Loaded::new(&arguments.rules.folders, colour)?;
    let locale = locale(arguments.language.lang);
    let mut summary = Summary::default();
    let (mut status, unread) = run(&arguments.input.paths, |out, id, request| {
        let document = loaded.engine.parse(request.text, request.date.or(arguments.input.date));
        let audit = loaded.engine.check(&document, locale);
        summary.add(&audit);
        write_check_line(out, id, &audit)
    })?;
    // Who reads the answers sees the findings and the errors there; the status tells of them only when asked to.
    let fail_on = arguments.fail_on.and_then(FailOn::severity);
    status.findings = fail_on.is_some_and(|severity| summary.at_least(severity) > 0);
    status.unreadable |= fail_on.is_some() && unread > 0;
    Ok(status)
}

/// Answers each document with what was read in it.
pub(super) fn extract(arguments: &ExtractArguments, colour: Colour) -> Result<Status, Failure> {
    let loaded = Loaded::new(&arguments.rules.folders, colour)?;
    run(&arguments.input.paths, |out, id, request| {
        let document = loaded.engine.parse(request.text, request.date.or(arguments.input.date));
        let extraction = loaded.engine.extract(&document);
        write_extract_line(
            out,
            id,
            &extract_report("-", &loaded.engine, &document, &extraction, arguments.explain),
        )
    })
    .map(|(status, _)| status)
}

/// Answers the lines of all inputs in order; also gives how many of them could not be read.
fn run(
    paths: &[PathBuf],
    mut answer: impl FnMut(&mut Vec<u8>, &Value, Request) -> io::Result<()>,
) -> Result<(Status, usize), Failure> {
    let mut out = BufWriter::new(io::stdout());
    let mut status = Status::default();
    let mut unread = 0;
    if paths.is_empty() {
        tell_of_stdin();
    }
    let stdin = [PathBuf::from("-")];
    for path in if paths.is_empty() { &stdin } else { paths } {
        let source: Box<dyn Read> = if path.as_os_str() == "-" {
            Box::new(io::stdin())
        } else {
            match File::open(path) {
                Ok(file) => Box::new(file),
                Err(error) => {
                    say(&format!("{}: cannot be read: {error}; check the path", path.display()));
                    status.unreadable = true;
                    continue;
                }
            }
        };
        match answer_lines(BufReader::new(source), &mut out, &mut answer) {
            Ok(tally) => {
                status.internal |= tally.internal;
                unread += tally.unread;
            }
            Err(Broken::Input(error)) => {
                say(&format!("{}: cannot be read to its end: {error}", path.display()));
                status.unreadable = true;
            }
            Err(Broken::Output(error)) => return Err(Failure::stdout(error)),
        }
    }
    out.flush().map_err(Failure::stdout)?;
    Ok((status, unread))
}

/// Which side failed.
#[derive(Debug)]
enum Broken {
    Input(io::Error),
    Output(io::Error),
}

/// What went wrong in one input.
#[derive(Debug, Default, PartialEq, Eq)]
struct Tally {
    /// Some document brought about a fault of claimlint's own.
    internal: bool,
    /// Lines that hold no document.
    unread: usize,
}

/// Answers each line that is not blank with one line.
fn answer_lines<R: Read>(
    mut input: BufReader<R>,
    out: &mut impl Write,
    answer: &mut impl FnMut(&mut Vec<u8>, &Value, Request) -> io::Result<()>,
) -> Result<Tally, Broken> {
    let mut tally = Tally::default();
    let mut line = Vec::new();
    let mut first = true;
    loop {
        // Before the next read may wait, whoever sent the last line gets its answer.
        if input.buffer().is_empty() {
            out.flush().map_err(Broken::Output)?;
        }
        line.clear();
        if input.read_until(b'\n', &mut line).map_err(Broken::Input)? == 0 {
            return Ok(tally);
        }
        let bytes = if first { line.strip_prefix(MARK).unwrap_or(&line) } else { &line };
        first = false;
        let bytes = bytes.trim_ascii();
        if bytes.is_empty() {
            continue;
        }
        let mut reply = Vec::new();
        match request(bytes) {
            Ok((id, request)) => match guarded(|| answer(&mut reply, &id, request)) {
                Some(written) => written.map_err(Broken::Output)?,
                None => {
                    tally.internal = true;
                    reply.clear();
                    let error = "a fault of claimlint's own; please report it with this document";
                    write_error_line(&mut reply, &id, error).map_err(Broken::Output)?;
                }
            },
            Err((id, error)) => {
                tally.unread += 1;
                write_error_line(&mut reply, &id, &error).map_err(Broken::Output)?;
            }
        }
        out.write_all(&reply).map_err(Broken::Output)?;
    }
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
        Some(Value::String(date)) => match parse_date(&date) {
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
    Ok((id, Request { text, date }))
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
        let mut answer = |out: &mut Vec<u8>, id: &Value, request: Request| {
            assert!(request.text != "panic", "a test's panic");
            writeln!(out, "{id} {} {:?}", request.text, request.date)
        };
        let tally = answer_lines(BufReader::new(input), &mut out, &mut answer).unwrap();
        (String::from_utf8(out).unwrap(), tally)
    }

    #[test]
    fn each_line_gets_its_answer_in_order() {
        let input = "\u{feff}{\"id\":\"a\",\"text\":\"涨 5%\",\"more\":[]}\r\n\n{\"id\":7,\"text\":\"\",\"date\":\"2026-03-01\",\"source\":\"x\"}";
        assert_eq!(
            answers(input.as_bytes()),
            ("\"a\" 涨 5% None\n7  Some(2026-03-01)\n".into(), Tally::default())
        );
    }

    #[test]
    fn a_bad_line_gets_an_error_and_the_run_goes_on() {
        let input = b"{\"id\":1,\n[1]\n{\"id\":2}\n{\"id\":3,\"text\":4}\n{\"id\":4,\"text\":\"\",\"date\":\"2026-13-01\"}\n\xff\n{\"id\":5,\"text\":\"x\"}\n";
        let (out, tally) = answers(input);
        assert_eq!(tally, Tally { internal: false, unread: 6 });
        insta::assert_snapshot!(out);
    }

    #[test]
    fn a_panic_costs_one_answer() {
        let (out, tally) = answers(b"{\"id\":1,\"text\":\"panic\"}\n{\"id\":2,\"text\":\"x\"}\n");
        assert_eq!(tally, Tally { internal: true, unread: 0 });
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
        let mut answer = |out: &mut Vec<u8>, id: &Value, _: Request| writeln!(out, "{id}");
        answer_lines(input, &mut Sent(0, &sent), &mut answer).unwrap();
        assert_eq!(*seen.borrow(), [0, 1, 2]);
    }
}
