use std::io::{self, Write};

use super::path::plain_path;
use super::statement::{severity_name, statement};
use super::visible::visible;
use super::{CheckOutput, FileReport, Summary};

/// A line for each finding and nothing else: `path:line:column: severity[rule] message; repair`.
pub struct Concise<W> {
    out: W,
}

impl<W: Write> Concise<W> {
    /// Writes to `out`.
    pub fn new(out: W) -> Self {
        Self { out }
    }
}

impl<W: Write> CheckOutput for Concise<W> {
    fn file(&mut self, report: &FileReport<'_>) -> io::Result<()> {
        let path = plain_path(report.path);
        // A CI runner takes a line that begins with `::` for a command; `./` names the same file.
        let prefix = if path.trim_start().starts_with(':') { "./" } else { "" };
        let path = visible(&path);
        for finding in report.audit.live() {
            let (line, column) = report.places().line_column(finding.span.start);
            writeln!(
                self.out,
                "{prefix}{path}:{line}:{column}: {}[{}] {}",
                severity_name(finding.severity),
                visible(&finding.rule),
                statement(report, finding),
            )?;
        }
        Ok(())
    }

    fn finish(&mut self, _: &Summary) -> io::Result<()> {
        self.out.flush()
    }
}
