use std::io::{self, Write};

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

use crate::finding::Finding;

use super::path::plain_path;
use super::statement::{arithmetic, severity_name};
use super::visible::visible;
use super::{CheckOutput, FileReport, Summary};

/// `JUnit` XML: a suite for each file, a failure for each finding, a passing test for a file without any.
pub struct JUnit<W: Write> {
    xml: Writer<W>,
    begun: bool,
}

/// What became of a test.
enum Outcome<'a> {
    Passed,
    Failed(&'a Finding),
    Skipped(&'a Finding, Option<&'a str>),
}

impl<W: Write> JUnit<W> {
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
        // Counts over all files are optional here, and would have to be known before the first file.
        let root = BytesStart::new("testsuites").with_attributes([("name", "claimlint")]);
        self.xml.write_event(Event::Start(root))
    }

    fn case(&mut self, path: &str, name: &str, place: &str, outcome: &Outcome<'_>) -> io::Result<()> {
        let case = BytesStart::new("testcase").with_attributes([("name", name), ("classname", path)]);
        match outcome {
            Outcome::Passed => self.xml.write_event(Event::Empty(case)),
            Outcome::Failed(finding) => {
                self.xml.write_event(Event::Start(case))?;
                self.xml.write_event(Event::Start(BytesStart::new("failure").with_attributes([
                    ("message", visible(&finding.message).as_ref()),
                    ("type", severity_name(finding.severity)),
                ])))?;
                self.xml.write_event(Event::Text(BytesText::new(&details(finding, place))))?;
                self.xml.write_event(Event::End(BytesEnd::new("failure")))?;
                self.xml.write_event(Event::End(BytesEnd::new("testcase")))
            }
            Outcome::Skipped(finding, reason) => {
                self.xml.write_event(Event::Start(case))?;
                let reason = reason.unwrap_or(&finding.message);
                let skipped =
                    BytesStart::new("skipped").with_attributes([("message", visible(reason).as_ref())]);
                self.xml.write_event(Event::Empty(skipped))?;
                self.xml.write_event(Event::End(BytesEnd::new("testcase")))
            }
        }
    }
}

impl<W: Write> CheckOutput for JUnit<W> {
    fn file(&mut self, report: &FileReport<'_>) -> io::Result<()> {
        self.begin()?;
        let path = plain_path(report.path);
        let path = visible(&path);
        let (live, suppressed) = (report.audit.live().count(), report.audit.suppressed().count());
        self.xml.write_event(Event::Start(BytesStart::new("testsuite").with_attributes([
            ("name", path.as_ref()),
            ("tests", (live.max(1) + suppressed).to_string().as_str()),
            ("failures", live.to_string().as_str()),
            ("errors", "0"),
            ("skipped", suppressed.to_string().as_str()),
        ])))?;
        if live == 0 {
            self.case(&path, "no findings", &path, &Outcome::Passed)?;
        }
        for finding in &report.audit.findings {
            let (line, column) = report.places().line_column(finding.span.start);
            let name = format!("{} at {line}:{column}", visible(&finding.rule));
            let outcome = match &finding.suppressed {
                None => Outcome::Failed(finding),
                Some(suppression) => Outcome::Skipped(finding, suppression.reason.as_deref()),
            };
            self.case(&path, &name, &format!("{path}:{line}:{column}"), &outcome)?;
        }
        self.xml.write_event(Event::End(BytesEnd::new("testsuite")))
    }

    fn finish(&mut self, _: &Summary) -> io::Result<()> {
        self.begin()?;
        self.xml.write_event(Event::End(BytesEnd::new("testsuites")))?;
        writeln!(self.xml.get_mut())?;
        self.xml.get_mut().flush()
    }
}

/// The place, the message, the arithmetic and the repair, a line each.
fn details(finding: &Finding, place: &str) -> String {
    let mut lines = vec![place.to_string(), visible(&finding.message).into_owned()];
    if let Some(arithmetic) = arithmetic(finding) {
        lines.push(visible(arithmetic).into_owned());
    }
    if let Some(repair) = &finding.repair {
        lines.push(format!("repair: {}", visible(repair)));
    }
    lines.join("\n")
}
