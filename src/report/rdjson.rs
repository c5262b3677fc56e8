use std::borrow::Cow;
use std::io::{self, Write};

use serde::Serialize;

use crate::finding::Severity;
use crate::source::Span;

use super::path::plain_path;
use super::places::Places;
use super::statement::statement;
use super::visible::{inert_json, visible};
use super::{CheckOutput, FileReport, Summary};

/// Reviewdog Diagnostic Format: one object, a finding to a line. Its columns are UTF-8 bytes.
pub struct Rdjson<W> {
    out: W,
    begun: bool,
}

impl<W: Write> Rdjson<W> {
    /// Writes to `out`.
    pub fn new(out: W) -> Self {
        Self { out, begun: false }
    }

    /// Writes what stands before a diagnostic, or before the end when there is none.
    fn separate(&mut self) -> io::Result<()> {
        if self.begun {
            return write!(self.out, ",");
        }
        self.begun = true;
        write!(self.out, "{{\"source\":{{\"name\":\"claimlint\"}},\"diagnostics\":[")
    }
}

impl<W: Write> CheckOutput for Rdjson<W> {
    fn file(&mut self, report: &FileReport<'_>) -> io::Result<()> {
        let path = plain_path(report.path);
        let place = |span| Location { path: Cow::Borrowed(&*path), range: range(report.places(), span) };
        for finding in report.audit.live() {
            let diagnostic = Diagnostic {
                message: statement(report, finding),
                location: place(finding.span),
                severity: match finding.severity {
                    Severity::Error => "ERROR",
                    Severity::Warning => "WARNING",
                    Severity::Note => "INFO",
                },
                code: Code { value: &visible(&finding.rule) },
                related_locations: finding
                    .related
                    .iter()
                    .map(|other| RelatedLocation {
                        message: visible(&other.label).into_owned(),
                        location: place(other.span),
                    })
                    .chain(report.sources.cited(finding).map(|citation| RelatedLocation {
                        message: visible(&citation.words()).into_owned(),
                        location: Location {
                            path: plain_path(citation.source),
                            range: range(citation.file, citation.in_file),
                        },
                    }))
                    .collect(),
            };
            self.separate()?;
            write!(self.out, "\n{}", inert_json(serde_json::to_string(&diagnostic)?))?;
        }
        Ok(())
    }

    fn finish(&mut self, _: &Summary) -> io::Result<()> {
        if !self.begun {
            self.separate()?;
        }
        writeln!(self.out, "\n]}}")?;
        self.out.flush()
    }
}

#[derive(Serialize)]
struct Diagnostic<'a> {
    message: String,
    location: Location<'a>,
    severity: &'static str,
    code: Code<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<RelatedLocation<'a>>,
}

#[derive(Serialize)]
struct Location<'a> {
    path: Cow<'a, str>,
    range: Range,
}

#[derive(Serialize)]
struct Code<'a> {
    value: &'a str,
}

#[derive(Serialize)]
struct RelatedLocation<'a> {
    message: String,
    location: Location<'a>,
}

#[derive(Serialize)]
struct Range {
    start: Position,
    /// Exclusive.
    end: Position,
}

#[derive(Serialize)]
struct Position {
    line: usize,
    column: usize,
}

fn range(places: &Places<'_>, span: Span) -> Range {
    let region = places.region_in_bytes(span);
    Range {
        start: Position { line: region.line, column: region.column },
        end: Position { line: region.end_line, column: region.end_column },
    }
}
