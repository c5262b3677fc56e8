use std::io::{self, Write};

use crate::finding::{Finding, Severity};

use super::path::plain_path;
use super::places::Region;
use super::statement::statement;
use super::visible::visible;
use super::{CheckOutput, FileReport, Summary};

/// A workflow command for each finding, which GitHub Actions shows at its line.
pub struct GitHub<W> {
    out: W,
}

impl<W: Write> GitHub<W> {
    /// Writes to `out`.
    pub fn new(out: W) -> Self {
        Self { out }
    }

    fn annotation(&mut self, path: &str, report: &FileReport<'_>, finding: &Finding) -> io::Result<()> {
        let command = match finding.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "notice",
        };
        let Region { line, column, end_line, end_column } = report.places().region(finding.span);
        write!(self.out, "::{command} file={},line={line},", property(path))?;
        // Columns are allowed only where first and last line are one.
        if end_line == line {
            write!(self.out, "col={column},endLine={end_line},endColumn={end_column},")?;
        } else {
            write!(self.out, "endLine={end_line},")?;
        }
        let title = property(&format!("claimlint {}", visible(&finding.rule)));
        writeln!(self.out, "title={title}::{}", data(&statement(report, finding)))
    }
}

impl<W: Write> CheckOutput for GitHub<W> {
    fn file(&mut self, report: &FileReport<'_>) -> io::Result<()> {
        let path = plain_path(report.path);
        report.audit.live().try_for_each(|finding| self.annotation(&path, report, finding))
    }

    fn finish(&mut self, _: &Summary) -> io::Result<()> {
        self.out.flush()
    }
}

/// A message as workflow commands want it, inert.
fn data(text: &str) -> String {
    let escaped = text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A");
    visible(&escaped).into_owned()
}

/// A property as workflow commands want it, inert.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
