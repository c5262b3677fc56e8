//! The command line: arguments, inputs, exit status.

mod args;
mod argument;
mod audit;
mod baseline;
mod batch;
mod check;
mod config;
mod decided;
mod engine;
mod extract;
mod format;
mod input;
mod known;
mod manual;
mod outline;
mod pipeline;
mod progress;
#[cfg(feature = "review")]
mod review;
mod rules;
mod skeleton;
mod sources;
mod status;
mod suppression;
mod watch;

use std::any::Any;
use std::borrow::Cow;
use std::cell::RefCell;
use std::io::{self, Write};
use std::panic::{self, AssertUnwindSafe};
use std::process::ExitCode;

use clap::{CommandFactory, Parser};

use args::{Arguments, Command};
use status::{Failure, Status};

use crate::report::visible;

/// Runs the command of the process's arguments and gives its exit status: 0 nothing at or above `--fail-on`,
/// 1 findings, 2 usage or rule error, 3 input missing or unreadable, 4 a fault of claimlint's own.
pub fn main() -> ExitCode {
    panic::set_hook(Box::new(|panic| {
        LAST_PANIC.set(Some(panic.to_string().replace('\n', " ")));
    }));
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return ExitCode::from(tell_usage(&error)),
    };
    ExitCode::from(guarded(|| status_of(run(&arguments))).unwrap_or_else(|fault| {
        say(&fault.to_string());
        Status::INTERNAL
    }))
}

fn run(arguments: &Arguments) -> Result<Status, Failure> {
    let global = &arguments.global;
    match &arguments.command {
        Command::Check(check) if check.input.jsonl => batch::check(check, global),
        Command::Check(check) if check.watch => watch::run(check, global),
        Command::Check(check) => check::run(check, global),
        Command::Extract(extract) if extract.input.jsonl => batch::extract(extract, global),
        Command::Extract(extract) => extract::run(extract, global),
        Command::Audit(audit) => argument::run(audit, global),
        Command::Baseline(baseline) => baseline::run(baseline, global),
        #[cfg(feature = "review")]
        Command::Review(review) => review::run(review, global),
        Command::Explain(explain) => rules::explain(explain, global),
        Command::Rules(rules) => rules::run(rules, global),
        Command::Test(test) => rules::test(test, global),
        Command::Config(config) => config::run(config, global),
        Command::Init(init) => config::init(init),
        Command::Completions { shell } => completions(*shell),
        Command::Man { out: None } => manual::print(),
        Command::Man { out: Some(folder) } => manual::write_to(folder),
    }
}

fn completions(shell: clap_complete::Shell) -> Result<Status, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "claimlint", &mut script);
    io::stdout().write_all(&script).map_err(Failure::stdout)?;
    Ok(Status::default())
}

/// Writes what the command line parser has to say: help on standard output, an error on standard error.
fn tell_usage(error: &clap::Error) -> u8 {
    // An argument may be the name of a hostile file; the parser would print it as it is.
    let text = error.render().to_string();
    let inert = text.lines().all(|line| matches!(visible(line), Cow::Borrowed(_)));
    // A pipe that closes early is no error, and nobody can be told when standard error is closed.
    let _ = if inert {
        error.print()
    } else {
        text.lines().try_for_each(|line| writeln!(io::stderr(), "{}", visible(line)))
    };
    if error.use_stderr() { Status::USAGE } else { 0 }
}

fn status_of(outcome: Result<Status, Failure>) -> u8 {
    match outcome {
        Ok(status) => status.code(),
        Err(failure) if is_broken_pipe(&failure) => 0,
        Err(failure) => {
            say(&failure.to_string());
            if matches!(failure, Failure::Unreadable(_)) { Status::UNREADABLE } else { Status::USAGE }
        }
    }
}

/// Whether nobody reads what is written any more; that is no error.
fn is_broken_pipe(failure: &Failure) -> bool {
    matches!(failure, Failure::Output { error, .. } if error.kind() == io::ErrorKind::BrokenPipe)
}

/// A fault of claimlint's own: what a piece of work panicked with.
#[derive(Debug, thiserror::Error)]
#[error("a fault of claimlint's own: {0}; please report it, with the input that brought it about")]
struct Fault(String);

thread_local! {
    /// What the panic hook was told last, with the place in the source. The one who catches the panic tells it, so
    /// that messages come in the order of the inputs whatever the threads do.
    static LAST_PANIC: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Does the work, and catches its panic.
fn guarded<T>(work: impl FnOnce() -> T) -> Result<T, Fault> {
    panic::catch_unwind(AssertUnwindSafe(work))
        .map_err(|payload| Fault(LAST_PANIC.take().unwrap_or_else(|| panic_message(payload.as_ref()))))
}

fn panic_message(payload: &(dyn Any + Send)) -> String {
    let text = payload.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| payload.downcast_ref::<&str>().copied())
        .unwrap_or("a panic without a message")
        .to_string()
}

/// Writes one line to standard error; nobody can be told when that fails.
fn say(message: &str) {
    let _ = writeln!(io::stderr(), "claimlint: {}", visible(message));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_caught() {
        assert_eq!(guarded(|| [1u8][usize::from(u8::MAX.wrapping_add(1))]).ok(), Some(1));
        let fault = guarded(|| -> u8 { panic!("a test's {}", "panic") }).unwrap_err();
        assert_eq!(fault.0, "a test's panic");
        assert_eq!(guarded(|| -> u8 { panic!("plain") }).unwrap_err().0, "plain");
    }

    #[test]
    fn a_closed_pipe_is_no_error() {
        let closed = |kind| Failure::Output { name: "standard output".into(), error: io::Error::from(kind) };
        assert_eq!(status_of(Err(closed(io::ErrorKind::BrokenPipe))), 0);
        assert_eq!(status_of(Err(closed(io::ErrorKind::StorageFull))), 2);
    }
}
