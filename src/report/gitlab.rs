use std::hash::Hasher;
use std::io::{self, Write};

use fnv::FnvHasher;
use serde::Serialize;

use crate::finding::{Finding, Severity};

use super::path::plain_path;
use super::places::Region;
use super::statement::statement;
use super::visible::{inert_json, visible};
use super::{CheckOutput, FileReport, Summary};

/// A code quality report of GitLab: one array, a finding to a line.
pub struct GitLab<W> {
    out: W,
    begun: bool,
}

impl<W: Write> GitLab<W> {
    /// Writes to `out`.
    pub fn new(out: W) -> Self {
        Self { out, begun: false }
    }
}

impl<W: Write> CheckOutput for GitLab<W> {
    fn file(&mut self, report: &FileReport<'_>) -> io::Result<()> {
        let path = plain_path(report.path);
        for finding in report.audit.live() {
            let Region { line, end_line, .. } = report.places().region(finding.span);
            let issue = Issue {
                description: statement(report, finding),
                check_name: visible(&finding.rule).into_owned(),
                fingerprint: fingerprint(&path, finding),
                severity: match finding.severity {
                    Severity::Error => "critical",
                    Severity::Warning => "major",
                    Severity::Note => "info",
                },
                location: Location { path: &path, lines: Lines { begin: line, end: end_line } },
            };
            let before = if self.begun { "," } else { "[" };
            write!(self.out, "{before}\n{}", inert_json(serde_json::to_string(&issue)?))?;
            self.begun = true;
        }
        Ok(())
    }

    fn finish(&mut self, _: &Summary) -> io::Result<()> {
        writeln!(self.out, "{}", if self.begun { "\n]" } else { "[]" })?;
        self.out.flush()
    }
}

/// A fingerprint that no other file's findings share: those of the model are unique in one report.
fn fingerprint(path: &str, finding: &Finding) -> String {
    let mut hasher = FnvHasher::default();
    hasher.write(path.as_bytes());
    hasher.write_u8(0);
    hasher.write(finding.fingerprint.as_bytes());
    format!("{:016x}", hasher.finish())
}

#[derive(Serialize)]
struct Issue<'a> {
    description: String,
    check_name: String,
    fingerprint: String,
    severity: &'static str,
    location: Location<'a>,
}

#[derive(Serialize)]
struct Location<'a> {
    path: &'a str,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: usize,
    end: usize,
}
