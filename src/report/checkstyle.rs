use std::io::{self, Write};

use crate::finding::{Finding, Severity};

use super::path::plain_path;
use super::statement::statement;
use super::visible::visible;
use super::xml::Xml;
use super::{CheckOutput, FileReport, Summary};

/// The version of Checkstyle whose format this is.
const VERSION: &str = "8.0";

/// Checkstyle XML: an element for each file, in it one for each finding.
pub struct Checkstyle<W: Write> {
    xml: Xml<W>,
}

impl<W: Write> Checkstyle<W> {
    /// Writes to `out`.
    pub fn new(out: W) -> Self {
        Self { xml: Xml::new(out, "checkstyle", ("version", VERSION)) }
    }

    fn error(&mut self, report: &FileReport<'_>, finding: &Finding) -> io::Result<()> {
        let (line, column) = report.places().line_column(finding.span.start);
        let severity = match finding.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "info",
        };
        self.xml.empty(
            "error",
            &[
                ("line", &line.to_string()),
                ("column", &column.to_string()),
                ("severity", severity),
                ("message", &statement(report, finding)),
                ("source", &visible(&finding.rule)),
            ],
        )
    }
}

impl<W: Write> CheckOutput for Checkstyle<W> {
    fn file(&mut self, report: &FileReport<'_>) -> io::Result<()> {
        self.xml.start("file", &[("name", &visible(&plain_path(report.path)))])?;
        report.audit.live().try_for_each(|finding| self.error(report, finding))?;
        self.xml.end("file")
    }

    fn finish(&mut self, _: &Summary) -> io::Result<()> {
        self.xml.finish()
    }
}
