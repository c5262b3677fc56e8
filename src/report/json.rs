use std::io::{self, Write};

use serde::Serialize;

use crate::finding::{Confidence, Coverage, Finding, Severity};
use crate::source::Span;

use super::extract::{AssertionRow, ExtractReport, PlaceRow, QuantityRow, RelationRow};
use super::places::{Places, Region};
use super::visible::inert_json;
use super::{CheckOutput, ExtractOutput, FileReport, Summary};

/// The version of the shape that [`Json`] and [`ExtractJson`] write.
const VERSION: u32 = 1;

/// `check` as one JSON object, a file to a line.
pub struct Json<W> {
    files: Files<W>,
}

impl<W: Write> Json<W> {
    /// Writes to `out`.
    pub fn new(out: W) -> Self {
        Self { files: Files::new(out) }
    }
}

impl<W: Write> CheckOutput for Json<W> {
    fn file(&mut self, report: &FileReport<'_>) -> io::Result<()> {
        self.files.push(&CheckedFile {
            path: report.path,
            findings: report.audit.live().map(|finding| found(report.places(), finding)).collect(),
            coverage: report.audit.coverage(),
        })
    }

    fn finish(&mut self, summary: &Summary) -> io::Result<()> {
        self.files.finish(Some(summary))
    }
}

/// `extract` as one JSON object, a file to a line.
pub struct ExtractJson<W> {
    files: Files<W>,
}

impl<W: Write> ExtractJson<W> {
    /// Writes to `out`.
    pub fn new(out: W) -> Self {
        Self { files: Files::new(out) }
    }
}

impl<W: Write> ExtractOutput for ExtractJson<W> {
    fn file(&mut self, report: &ExtractReport<'_>) -> io::Result<()> {
        let lines = Places::new(report.text);
        let place = |row: &PlaceRow| {
            let (line, column) = lines.line_column(row.start);
            LineColumn { line, column }
        };
        self.files.push(&ExtractedFile {
            path: report.path,
            quantities: report
                .quantities
                .iter()
                .map(|row| Placed { place: place(&row.place), row })
                .collect(),
            assertions: report
                .assertions
                .iter()
                .map(|row| Placed { place: place(&row.place), row })
                .collect(),
            relations: report
                .relations
                .as_ref()
                .map(|rows| rows.iter().map(|row| Placed { place: place(&row.place), row }).collect()),
        })
    }

    fn finish(&mut self) -> io::Result<()> {
        self.files.finish(None)
    }
}

/// The object around the files, written as they come.
struct Files<W> {
    out: W,
    begun: bool,
}

impl<W: Write> Files<W> {
    fn new(out: W) -> Self {
        Self { out, begun: false }
    }

    fn push(&mut self, file: &impl Serialize) -> io::Result<()> {
        self.begin()?;
        write!(
            self.out,
            "{}\n{}",
            if self.begun { "," } else { "" },
            inert_json(serde_json::to_string(file)?)
        )?;
        self.begun = true;
        Ok(())
    }

    fn begin(&mut self) -> io::Result<()> {
        if self.begun { Ok(()) } else { write!(self.out, "{{\"version\":{VERSION},\"files\":[") }
    }

    fn finish(&mut self, summary: Option<&Summary>) -> io::Result<()> {
        self.begin()?;
        write!(self.out, "\n]")?;
        if let Some(summary) = summary {
            write!(self.out, ",\"summary\":{}", serde_json::to_string(summary)?)?;
        }
        writeln!(self.out, "}}")?;
        self.out.flush()
    }
}

#[derive(Serialize)]
struct CheckedFile<'a> {
    path: &'a str,
    findings: Vec<Found<'a>>,
    coverage: Coverage,
}

#[derive(Serialize)]
struct Found<'a> {
    rule: &'a str,
    severity: Severity,
    confidence: Confidence,
    message: &'a str,
    arithmetic: Option<&'a str>,
    repair: Option<&'a str>,
    start: usize,
    end: usize,
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
    related: Vec<Place<'a>>,
    fingerprint: &'a str,
    group: usize,
}

#[derive(Serialize)]
struct Place<'a> {
    label: &'a str,
    start: usize,
    end: usize,
    line: usize,
    column: usize,
}

fn found<'a>(lines: &Places<'_>, finding: &'a Finding) -> Found<'a> {
    let Span { start, end } = finding.span;
    let Region { line, column, end_line, end_column } = lines.region(finding.span);
    let related = finding.related.iter().map(|other| {
        let (line, column) = lines.line_column(other.span.start);
        Place { label: &other.label, start: other.span.start, end: other.span.end, line, column }
    });
    Found {
        rule: &finding.rule,
        severity: finding.severity,
        confidence: finding.confidence,
        message: &finding.message,
        arithmetic: finding.arithmetic.as_deref(),
        repair: finding.repair.as_deref(),
        start,
        end,
        line,
        column,
        end_line,
        end_column,
        related: related.collect(),
        fingerprint: &finding.fingerprint,
        group: finding.group,
    }
}

#[derive(Serialize)]
struct ExtractedFile<'a> {
    path: &'a str,
    quantities: Vec<Placed<'a, QuantityRow>>,
    assertions: Vec<Placed<'a, AssertionRow>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    relations: Option<Vec<Placed<'a, RelationRow>>>,
}

#[derive(Serialize)]
struct Placed<'a, T> {
    #[serde(flatten)]
    place: LineColumn,
    #[serde(flatten)]
    row: &'a T,
}

#[derive(Serialize)]
struct LineColumn {
    line: usize,
    column: usize,
}
