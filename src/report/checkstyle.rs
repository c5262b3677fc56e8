use std::io::{self, Write};

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, Event};

use crate::finding::{Finding, Severity};

use super::path::plain_path;
use super::places::Places;
use super::statement::statement;
use super::visible::visible;
use super::{CheckOutput, FileReport, Summary};

/// The version of Checkstyle whose format this is.
const VERSION: &str = "8.0";

/// Checkstyle XML: an element for each file, in it one for each finding.
pub struct Checkstyle<W: Write> {
    xml: Writer<W>,
    begun: bool,
}

impl<W: Write> Checkstyle<W> {
    /// Writes to `out`.
    pub fn new(out: W) -> Self {
        Self { xml: Writer::new_with_indent(out, b' ', 2), begun: false }
    }

    fn begin(&mut self) -> io::Result<()> {
        if self.begun {
            return Ok(());
        }
        self.begun = true;
        self.xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
        let root = BytesStart::new("checkstyle").with_attributes([("version", VERSION)]);
        self.xml.write_event(Event::Start(root))
    }

    fn error(&mut self, places: &Places<'_>, finding: &Finding) -> io::Result<()> {
        let (line, column) = places.line_column(finding.span.start);
        let severity = match finding.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "info",
        };
        self.xml.write_event(Event::Empty(BytesStart::new("error").with_attributes([
            ("line", line.to_string().as_str()),
            ("column", column.to_string().as_str()),
            ("severity", severity),
            ("message", statement(finding).as_str()),
            ("source", &visible(&finding.rule)),
        ])))
    }
}

impl<W: Write> CheckOutput for Checkstyle<W> {
    fn file(&mut self, report: &FileReport<'_>) -> io::Result<()> {
        self.begin()?;
        let path = plain_path(report.path);
        let file = BytesStart::new("file").with_attributes([("name", visible(&path).as_ref())]);
        self.xml.write_event(Event::Start(file))?;
        for finding in report.audit.live() {
            self.error(report.places(), finding)?;
        }
        self.xml.write_event(Event::End(BytesEnd::new("file")))
    }

    fn finish(&mut self, _: &Summary) -> io::Result<()> {
        self.begin()?;
        self.xml.write_event(Event::End(BytesEnd::new("checkstyle")))?;
        writeln!(self.xml.get_mut())?;
        self.xml.get_mut().flush()
    }
}
