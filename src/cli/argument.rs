use std::io::{BufWriter, Write};

use super::args::{AuditArguments, GlobalArguments};
use super::audit::{Auditor, Checked};
use super::check::tell_of_stdin;
use super::engine::Loaded;
use super::input::{Input, Inputs};
use super::status::{Failure, Status};
use super::{guarded, say};
use crate::document::Language;
use crate::report::{ArgumentAudit, write_argument_audit};

/// Writes the audit of each report's argument, one after another.
pub(super) fn run(arguments: &AuditArguments, global: &GlobalArguments) -> Result<Status, Failure> {
    let loaded = Loaded::new(global, arguments.flags())?;
    let filter = loaded.config.files_of_folders();
    let inputs = Inputs::of(&arguments.paths, None, filter)?;
    let auditor = Auditor::new(&loaded, arguments.suppressions.options(&loaded.config)?).with_sources()?;
    let mut status = Status::default();
    for problem in &inputs.problems {
        say(problem);
        status.unreadable = true;
    }
    if arguments.paths.is_empty() {
        tell_of_stdin();
    }
    let mut out = BufWriter::new(std::io::stdout());
    for (number, input) in inputs.found.iter().enumerate() {
        match guarded(|| page(&loaded, &auditor, input)) {
            Ok(Ok(page)) => {
                let gap = if number > 0 { "\n" } else { "" };
                write!(out, "{gap}").and_then(|()| out.write_all(&page)).map_err(Failure::stdout)?;
            }
            Ok(Err(problem)) => {
                say(&problem);
                status.unreadable = true;
            }
            Err(fault) => {
                say(&format!("{}: not audited: {fault}", input.name()));
                status.internal = true;
            }
        }
    }
    out.flush().map_err(Failure::stdout)?;
    Ok(status)
}

/// The audit of one report.
fn page(loaded: &Loaded, auditor: &Auditor<'_>, input: &Input) -> Result<Vec<u8>, String> {
    let Checked { document, audit, locale, .. } = auditor.audit(input)?;
    let argument = loaded.engine.argument(&document);
    let report = ArgumentAudit {
        path: &input.name(),
        document: &document,
        argument: &argument,
        audit: &audit,
        chinese: locale.resolve(&document) == Language::Chinese,
    };
    let mut page = Vec::new();
    write_argument_audit(&mut page, &report).map_err(|error| error.to_string())?;
    Ok(page)
}
