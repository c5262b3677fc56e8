use std::io::{self, Write};

use schemars::JsonSchema;
use serde::Serialize;

use crate::finding::{Confidence, Coverage, Finding, Severity, SuppressedBy};
use crate::source::Span;

use super::citation::CitedPlace;
use super::extract::{AssertionRow, ExtractReport, PlaceRow, QuantityRow, RelationRow};
use super::places::{Places, Region};
use super::visible::inert_json;
use super::{CheckOutput, ExtractOutput, FileReport, Summary};

/// The version of the shape that [`Json`] and [`ExtractJson`] write.
pub(super) const VERSION: u32 = 1;

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
            findings: report.audit.live().map(|finding| found(report, finding)).collect(),
            suppressed: report
                .audit
                .suppressed()
                .map(|(finding, suppression)| Suppressed {
                    found: found(report, finding),
                    by: suppression.by,
                    reason: suppression.reason.as_deref(),
                })
                .collect(),
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

/// What was found in one file. Places are bytes of its text as decoded, end exclusive; lines and columns count from 1,
/// columns in characters.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "CheckedFile")]
pub(super) struct CheckedFile<'a> {
    /// As given or found; `-` is standard input.
    path: &'a str,
    /// The findings that count, in order of place.
    findings: Vec<Found<'a>>,
    /// The findings that are known and let stand.
    suppressed: Vec<Suppressed<'a>>,
    coverage: Coverage,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Finding")]
struct Found<'a> {
    /// Rule id, `group/name`.
    rule: &'a str,
    severity: Severity,
    confidence: Confidence,
    message: &'a str,
    /// `1100亿 ÷ 1706亿 = 64.48%`.
    arithmetic: Option<&'a str>,
    /// The one change that would make the statement hold.
    repair: Option<&'a str>,
    start: usize,
    end: usize,
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
    /// The operands and further places.
    related: Vec<Place<'a>>,
    /// Places in the texts that the report was made from.
    in_sources: Vec<CitedPlace<'a>>,
    /// 16 hexadecimal digits; the same after edits elsewhere in the report.
    #[schemars(regex(pattern = "^[0-9a-f]{16}$"))]
    fingerprint: &'a str,
    /// The same number for findings on one clause.
    group: usize,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "SuppressedFinding")]
struct Suppressed<'a> {
    #[serde(flatten)]
    found: Found<'a>,
    by: SuppressedBy,
    /// Why it may stand.
    reason: Option<&'a str>,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Place")]
struct Place<'a> {
    /// The role's name: `whole`, `share`.
    label: &'a str,
    start: usize,
    end: usize,
    line: usize,
    column: usize,
}

fn found<'a>(report: &'a FileReport<'_>, finding: &'a Finding) -> Found<'a> {
    let lines = report.places();
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
        in_sources: report.sources.cited(finding).map(CitedPlace::new).collect(),
        fingerprint: &finding.fingerprint,
        group: finding.group,
    }
}

/// What was read in one file. Places are bytes of its text as decoded, end exclusive; lines and columns count from 1,
/// columns in characters.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ExtractedFile")]
pub(super) struct ExtractedFile<'a> {
    /// As given or found; `-` is standard input.
    path: &'a str,
    quantities: Vec<Placed<'a, QuantityRow>>,
    assertions: Vec<Placed<'a, AssertionRow>>,
    /// Only with `--explain`.
    #[serde(skip_serializing_if = "Option::is_none")]
    relations: Option<Vec<Placed<'a, RelationRow>>>,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Placed{T}")]
struct Placed<'a, T> {
    #[serde(flatten)]
    place: LineColumn,
    #[serde(flatten)]
    row: &'a T,
}

#[derive(Serialize, JsonSchema)]
struct LineColumn {
    line: usize,
    column: usize,
}
