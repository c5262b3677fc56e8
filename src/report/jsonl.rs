use std::io::{self, Write};

use serde::Serialize;
use serde_json::Value;

use crate::finding::{Confidence, Coverage, Severity};

use super::citation::CitedPlace;
use super::extract::{AssertionRow, ExtractReport, QuantityRow, RelationRow};
use super::visible::inert_json;
use super::{CheckOutput, ExtractOutput, FileReport, Summary};

/// `check` as JSON Lines: one line for each file, with the path as its id.
pub struct JsonLines<W> {
    out: W,
}

impl<W: Write> JsonLines<W> {
    /// Writes to `out`.
    pub fn new(out: W) -> Self {
        Self { out }
    }
}

impl<W: Write> CheckOutput for JsonLines<W> {
    fn file(&mut self, report: &FileReport<'_>) -> io::Result<()> {
        write_check_line(&mut self.out, &Value::from(report.path), report)
    }

    fn finish(&mut self, _: &Summary) -> io::Result<()> {
        self.out.flush()
    }
}

/// `extract` as JSON Lines: one line for each file, with the path as its id.
pub struct ExtractJsonLines<W> {
    out: W,
}

impl<W: Write> ExtractJsonLines<W> {
    /// Writes to `out`.
    pub fn new(out: W) -> Self {
        Self { out }
    }
}

impl<W: Write> ExtractOutput for ExtractJsonLines<W> {
    fn file(&mut self, report: &ExtractReport<'_>) -> io::Result<()> {
        write_extract_line(&mut self.out, &Value::from(report.path), report)
    }

    fn finish(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// Writes the answer of `check` to one document.
///
/// # Errors
/// When the output cannot be written.
pub fn write_check_line(out: &mut impl Write, id: &Value, report: &FileReport<'_>) -> io::Result<()> {
    let audit = report.audit;
    let findings = audit.live().map(|finding| Found {
        rule: &finding.rule,
        severity: finding.severity,
        confidence: finding.confidence,
        start: finding.span.start,
        end: finding.span.end,
        message: &finding.message,
        arithmetic: finding.arithmetic.as_deref(),
        repair: finding.repair.as_deref(),
        related: finding
            .related
            .iter()
            .map(|other| Place { label: &other.label, start: other.span.start, end: other.span.end })
            .collect(),
        in_sources: report.sources.cited(finding).map(CitedPlace::new).collect(),
        fingerprint: &finding.fingerprint,
    });
    let suppressed = audit.suppressed().count();
    write_line(out, &Checked { id, findings: findings.collect(), suppressed, coverage: audit.coverage() })
}

/// Writes the answer of `extract` to one document.
///
/// # Errors
/// When the output cannot be written.
pub fn write_extract_line(out: &mut impl Write, id: &Value, report: &ExtractReport<'_>) -> io::Result<()> {
    write_line(
        out,
        &Extracted {
            id,
            quantities: &report.quantities,
            assertions: &report.assertions,
            relations: report.relations.as_deref(),
        },
    )
}

/// Writes the answer to a line that could not be read.
///
/// # Errors
/// When the output cannot be written.
pub fn write_error_line(out: &mut impl Write, id: &Value, error: &str) -> io::Result<()> {
    write_line(out, &Unreadable { id, error })
}

fn write_line(out: &mut impl Write, value: &impl Serialize) -> io::Result<()> {
    let mut line = inert_json(serde_json::to_string(value)?);
    line.push('\n');
    out.write_all(line.as_bytes())
}

#[derive(Serialize)]
struct Checked<'a> {
    id: &'a Value,
    findings: Vec<Found<'a>>,
    /// Left out when there is none.
    #[serde(skip_serializing_if = "is_zero")]
    suppressed: usize,
    coverage: Coverage,
}

// The shape of serde's condition.
#[allow(clippy::trivially_copy_pass_by_ref)]
fn is_zero(count: &usize) -> bool {
    *count == 0
}

#[derive(Serialize)]
struct Found<'a> {
    rule: &'a str,
    severity: Severity,
    confidence: Confidence,
    start: usize,
    end: usize,
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    arithmetic: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    repair: Option<&'a str>,
    related: Vec<Place<'a>>,
    /// Left out when there is none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    in_sources: Vec<CitedPlace<'a>>,
    fingerprint: &'a str,
}

#[derive(Serialize)]
struct Place<'a> {
    label: &'a str,
    start: usize,
    end: usize,
}

#[derive(Serialize)]
struct Extracted<'a> {
    id: &'a Value,
    quantities: &'a [QuantityRow],
    assertions: &'a [AssertionRow],
    #[serde(skip_serializing_if = "Option::is_none")]
    relations: Option<&'a [RelationRow]>,
}

#[derive(Serialize)]
struct Unreadable<'a> {
    id: &'a Value,
    error: &'a str,
}
