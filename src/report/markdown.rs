use std::cmp::Reverse;
use std::io::{self, Write};

use super::markdown_text::{code, inert};
use super::statement::{message_and_arithmetic, severity_name};
use super::text::{counted, sentence, severities, shown_path};
use super::{CheckOutput, FileReport, Summary};
use crate::finding::{Coverage, Finding, Severity};

/// Characters that GitHub takes for a comment, counted in UTF-16 units to be on the safe side.
const LIMIT: usize = 65_536;
/// What the summary and the line that counts what was left out may take of them.
const RESERVE: usize = 1_024;
/// Characters of one text of a finding.
const LONGEST_TEXT: usize = 1_000;
/// What stands below the rows of a file.
const FOOT: &str = "\n</details>\n";

/// A comment for a pull request: the counts, then for each file with findings a table that folds away. GitHub turns
/// down a comment that is too long, so the lightest findings are left out when there are too many.
pub struct Markdown<W> {
    out: W,
    files: Vec<File>,
}

/// One file with findings.
struct File {
    path: String,
    errors: usize,
    coverage: Coverage,
    rows: Vec<Row>,
}

/// A finding as a line of its file's table.
struct Row {
    severity: Severity,
    text: String,
}

impl<W: Write> Markdown<W> {
    /// Writes to `out`.
    pub fn new(out: W) -> Self {
        Self { out, files: Vec::new() }
    }
}

impl<W: Write> CheckOutput for Markdown<W> {
    fn file(&mut self, report: &FileReport<'_>) -> io::Result<()> {
        let mut findings: Vec<&Finding> = report.audit.live().collect();
        findings.sort_by_key(|finding| Reverse((finding.severity, finding.confidence)));
        if !findings.is_empty() {
            self.files.push(File {
                path: shown_path(report.path).to_string(),
                errors: findings.iter().filter(|finding| finding.severity == Severity::Error).count(),
                coverage: report.audit.coverage(),
                rows: findings.iter().map(|finding| row(report, finding)).collect(),
            });
        }
        Ok(())
    }

    fn finish(&mut self, summary: &Summary) -> io::Result<()> {
        self.out.write_all(comment(&self.files, summary).as_bytes())?;
        self.out.flush()
    }
}

fn row(report: &FileReport<'_>, finding: &Finding) -> Row {
    let (line, _) = report.places().line_column(finding.span.start);
    let severity = severity_name(finding.severity);
    let icon = match finding.severity {
        Severity::Error => "❌",
        Severity::Warning => "⚠️",
        Severity::Note => "ℹ️",
    };
    let (message, arithmetic) = message_and_arithmetic(finding);
    let mut text = format!(
        "| {icon} {severity}<br>{} | {} | {}",
        code(&finding.rule),
        code(&format!("{}:{line}", clipped(shown_path(report.path)))),
        inert(&clipped(message)),
    );
    if let Some(arithmetic) = arithmetic {
        text.push_str(&format!("<br>{}", inert(&clipped(arithmetic))));
    }
    if let Some(repair) = &finding.repair {
        text.push_str(&format!("<br>🔧 {}", inert(&clipped(repair))));
    }
    text.push_str(" |\n");
    Row { severity: finding.severity, text }
}

fn clipped(text: &str) -> String {
    match text.char_indices().nth(LONGEST_TEXT) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_string(),
    }
}

/// The length as GitHub may count it.
fn length(text: &str) -> usize {
    text.encode_utf16().count()
}

fn comment(files: &[File], summary: &Summary) -> String {
    let kept = kept(files);
    let mut comment = format!("**claimlint**: {}\n", sentence(summary));
    if summary.unread > 0 {
        comment.push_str(&format!("\n{} could not be read or checked.\n", counted(summary.unread, "input")));
    }
    let mut left_out = Summary::default();
    for (file, kept) in files.iter().zip(&kept) {
        for row in &file.rows[*kept..] {
            left_out.count(row.severity);
        }
        if *kept > 0 {
            comment.push_str(&heading(file));
            for row in &file.rows[..*kept] {
                comment.push_str(&row.text);
            }
            comment.push_str(FOOT);
        }
    }
    let count = left_out.at_least(Severity::Note);
    if count > 0 {
        let findings = counted(count, "more finding");
        comment.push_str(&format!(
            "\n_{findings} left out, for GitHub takes {LIMIT} characters: {}._\n",
            severities(&left_out)
        ));
    }
    comment
}

/// What stands above the rows of a file.
fn heading(file: &File) -> String {
    let coverage = file.coverage;
    format!(
        "\n<details{}>\n<summary>{} – {}; {} of {} checked</summary>\n\n| | Place | Finding |\n|---|---|---|\n",
        if file.errors > 0 { " open" } else { "" },
        inert(&clipped(&file.path)),
        counted(file.rows.len(), "finding"),
        coverage.checked,
        counted(coverage.quantities, "figure"),
    )
}

/// How many rows of each file fit into a comment, the heaviest findings of all files first.
fn kept(files: &[File]) -> Vec<usize> {
    let mut kept = vec![0; files.len()];
    let mut room = LIMIT - RESERVE;
    for severity in [Severity::Error, Severity::Warning, Severity::Note] {
        for (index, file) in files.iter().enumerate() {
            for row in file.rows[kept[index]..].iter().take_while(|row| row.severity == severity) {
                let around = if kept[index] == 0 { length(&heading(file)) + length(FOOT) } else { 0 };
                let Some(rest) = room.checked_sub(length(&row.text) + around) else { return kept };
                room = rest;
                kept[index] += 1;
            }
        }
    }
    kept
}
