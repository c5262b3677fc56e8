use std::io::{self, Write};

use crate::finding::{Finding, Suppression};

use super::path::plain_path;
use super::statement::{arithmetic, severity_name};
use super::visible::visible;
use super::xml::Xml;
use super::{CheckOutput, FileReport, Summary};

/// JUnit XML: a suite for each file, a failure for each finding, a passing test for a file without any.
pub struct JUnit<W: Write> {
    xml: Xml<W>,
}

impl<W: Write> JUnit<W> {
    /// Writes to `out`.
    pub fn new(out: W) -> Self {
        // Counts over all files are optional in the root, and would have to be known before the first file.
        Self { xml: Xml::new(out, "testsuites", ("name", "claimlint")) }
    }

    fn case(&mut self, path: &str, report: &FileReport<'_>, finding: &Finding) -> io::Result<()> {
        let (line, column) = report.places().line_column(finding.span.start);
        let name = format!("{} at {line}:{column}", visible(&finding.rule));
        self.xml.start("testcase", &[("name", &name), ("classname", path)])?;
        match &finding.suppressed {
            None => self.failure(report, finding, &format!("{path}:{line}:{column}"))?,
            Some(suppression) => self.skipped(finding, suppression)?,
        }
        self.xml.end("testcase")
    }

    fn failure(&mut self, report: &FileReport<'_>, finding: &Finding, place: &str) -> io::Result<()> {
        let message = visible(&finding.message);
        self.xml.start("failure", &[("message", &message), ("type", severity_name(finding.severity))])?;
        self.xml.text(&details(report, finding, place))?;
        self.xml.end("failure")
    }

    fn skipped(&mut self, finding: &Finding, suppression: &Suppression) -> io::Result<()> {
        let reason = suppression.reason.as_deref().unwrap_or(&finding.message);
        self.xml.empty("skipped", &[("message", &visible(reason))])
    }
}

impl<W: Write> CheckOutput for JUnit<W> {
    fn file(&mut self, report: &FileReport<'_>) -> io::Result<()> {
        let path = plain_path(report.path);
        let path = visible(&path);
        let (live, suppressed) = (report.audit.live().count(), report.audit.suppressed().count());
        self.xml.start(
            "testsuite",
            &[
                ("name", &path),
                ("tests", &(live.max(1) + suppressed).to_string()),
                ("failures", &live.to_string()),
                ("errors", "0"),
                ("skipped", &suppressed.to_string()),
            ],
        )?;
        if live == 0 {
            self.xml.empty("testcase", &[("name", "no findings"), ("classname", &path)])?;
        }
        for finding in &report.audit.findings {
            self.case(&path, report, finding)?;
        }
        self.xml.end("testsuite")
    }

    fn finish(&mut self, _: &Summary) -> io::Result<()> {
        self.xml.finish()
    }
}

/// The place, the message, the arithmetic and the repair, a line each.
fn details(report: &FileReport<'_>, finding: &Finding, place: &str) -> String {
    let mut lines = vec![place.to_string(), visible(&finding.message).into_owned()];
    if let Some(arithmetic) = arithmetic(finding) {
        lines.push(visible(arithmetic).into_owned());
    }
    if let Some(repair) = &finding.repair {
        lines.push(format!("repair: {}", visible(repair)));
    }
    for citation in report.sources.cited(finding) {
        lines.push(format!("{}: {}", visible(citation.label), visible(&citation.place())));
    }
    lines.join("\n")
}
