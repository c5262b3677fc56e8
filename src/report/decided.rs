use std::io::{self, Write};

use super::FileReport;
use super::markdown::{LIMIT, RESERVE, clipped, length};
use super::markdown_text::{code, inert};
use super::path::plain_path;
use super::statement::{message_and_arithmetic, severity_name};
use super::text::counted;
use crate::finding::{Decision, Finding, Verdict};

/// A report with what was decided about each of its findings that count.
pub struct DecidedReport<'a> {
    pub report: FileReport<'a>,
    pub findings: Vec<(&'a Finding, Option<&'a Decision>)>,
}

/// How far the reviewers are.
#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    findings: usize,
    accepted: usize,
    dismissed: usize,
}

impl Tally {
    fn of(report: &DecidedReport<'_>) -> Self {
        let count =
            |wanted| report.findings.iter().filter(|(_, decision)| verdict(*decision) == wanted).count();
        Self {
            findings: report.findings.len(),
            accepted: count(Verdict::Accepted),
            dismissed: count(Verdict::Dismissed),
        }
    }

    fn add(self, other: Self) -> Self {
        Self {
            findings: self.findings + other.findings,
            accepted: self.accepted + other.accepted,
            dismissed: self.dismissed + other.dismissed,
        }
    }

    fn open(self) -> usize {
        self.findings - self.accepted - self.dismissed
    }
}

fn verdict(decision: Option<&Decision>) -> Verdict {
    decision.map_or(Verdict::Open, |decision| decision.verdict)
}

/// Writes what was decided as a comment for a pull request: counts for each report, then what is to be mended, what is
/// open and what may stand. What GitHub would not take any more is counted.
///
/// # Errors
/// When the output cannot be written.
pub fn write_decided(out: &mut impl Write, reports: &[DecidedReport<'_>]) -> io::Result<()> {
    let all = reports.iter().map(Tally::of).fold(Tally::default(), Tally::add);
    let mut text = format!(
        "**claimlint review**: {} of {} decided; {} accepted, {} dismissed, {} open\n\n\
         | Report | Findings | Accepted | Dismissed | Open |\n|---|--:|--:|--:|--:|\n",
        all.accepted + all.dismissed,
        counted(all.findings, "finding"),
        all.accepted,
        all.dismissed,
        all.open(),
    );
    let mut left_out = 0;
    for report in reports {
        let tally = Tally::of(report);
        let row = format!(
            "| {} | {} | {} | {} | {} |\n",
            inert(&clipped(&plain_path(report.report.path))),
            tally.findings,
            tally.accepted,
            tally.dismissed,
            tally.open()
        );
        // Half of the room is for the findings.
        left_out += usize::from(!push(&mut text, &row, (LIMIT - RESERVE) / 2));
    }
    if left_out > 0 {
        text.push_str(&format!("\n_{} left out._\n", counted(left_out, "more report")));
    }
    for (wanted, title, open) in [
        (Verdict::Accepted, "accepted: the report is to be mended", true),
        (Verdict::Open, "open", false),
        (Verdict::Dismissed, "dismissed: may stand", false),
    ] {
        section(&mut text, reports, wanted, title, open);
    }
    out.write_all(text.as_bytes())?;
    out.flush()
}

/// The findings with one verdict, folded unless `open`.
fn section(text: &mut String, reports: &[DecidedReport<'_>], wanted: Verdict, title: &str, open: bool) {
    let mut rows = reports.iter().flat_map(|report| {
        let of_verdict = report.findings.iter().filter(move |(_, decision)| verdict(*decision) == wanted);
        of_verdict.map(|(finding, decision)| row(&report.report, finding, *decision))
    });
    let count = rows.clone().count();
    if count == 0 {
        return;
    }
    text.push_str(&format!(
        "\n<details{}>\n<summary>{count} {title}</summary>\n\n| Place | Finding | Decision |\n|---|---|---|\n",
        if open { " open" } else { "" }
    ));
    let shown = rows.by_ref().take_while(|row| push(text, row, LIMIT - RESERVE)).count();
    text.push_str("\n</details>\n");
    if shown < count {
        let more = counted(count - shown, "more finding");
        text.push_str(&format!("\n_{more} left out, for GitHub takes {LIMIT} characters._\n"));
    }
}

/// Adds a row if there is room for it.
fn push(text: &mut String, row: &str, room: usize) -> bool {
    let fits = length(text) + length(row) <= room;
    if fits {
        text.push_str(row);
    }
    fits
}

fn row(report: &FileReport<'_>, finding: &Finding, decision: Option<&Decision>) -> String {
    let (line, _) = report.places().line_column(finding.span.start);
    let (message, arithmetic) = message_and_arithmetic(finding);
    let arithmetic = arithmetic.map(|sum| format!("<br>{}", inert(&clipped(sum)))).unwrap_or_default();
    let decided = decision.map(|decision| {
        let said = [&decision.reason, &decision.note].into_iter().flatten();
        let said: Vec<String> = said.map(|text| inert(&clipped(text))).collect();
        let by = format!("{}, {}", inert(&decision.reviewer), decision.date);
        if said.is_empty() { by } else { format!("{}<br>– {by}", said.join("<br>")) }
    });
    format!(
        "| {} | {} {}: {}{arithmetic} | {} |\n",
        code(&format!("{}:{line}", clipped(&plain_path(report.path)))),
        severity_name(finding.severity),
        code(&finding.rule),
        inert(&clipped(message)),
        decided.unwrap_or_default(),
    )
}
