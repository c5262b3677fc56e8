use maud::{Markup, html};

use super::super::FileReport;
use super::super::citation::around;
use super::super::statement::message_and_arithmetic;
use super::super::visible::visible;
use super::words::Words;
use crate::finding::{Finding, Related, Severity};
use crate::source::floor_boundary;

/// The longest excerpt of a related place, in characters.
const EXCERPT: usize = 32;

/// What a finding goes by on the page: the report's number, the finding's index in its audit, the number shown.
pub(super) struct Labels {
    /// Of the report, 1 for the first.
    report: usize,
    numbers: Vec<String>,
}

impl Labels {
    /// Findings that count are 1, 2, 3; suppressed ones S1, S2, S3.
    pub fn new(report: usize, findings: &[Finding]) -> Self {
        let (mut live, mut suppressed) = (0, 0);
        let number = |finding: &Finding| {
            if finding.suppressed.is_some() {
                suppressed += 1;
                format!("S{suppressed}")
            } else {
                live += 1;
                live.to_string()
            }
        };
        Self { report, numbers: findings.iter().map(number).collect() }
    }

    pub fn number(&self, finding: usize) -> &str {
        &self.numbers[finding]
    }

    /// The id of a finding's note.
    pub fn note(&self, finding: usize) -> String {
        format!("r{}-f{}", self.report, self.numbers[finding])
    }

    /// The id of a finding's place in the text.
    pub fn place(&self, finding: usize) -> String {
        format!("r{}-p{}", self.report, self.numbers[finding])
    }

    /// The id of a related place.
    pub fn related(&self, finding: usize, number: usize) -> String {
        format!("r{}-p{}-{}", self.report, self.numbers[finding], number + 1)
    }
}

/// The label of what a source says.
const SOURCE: &str = "source";

/// Columns of what stands around a place.
const COLUMNS: usize = 100;

/// The class of a severity.
pub(super) fn class(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note-level",
    }
}

/// All that is known of a finding, to stand beside its place.
pub(super) fn note(report: &FileReport<'_>, labels: &Labels, index: usize, words: Words) -> Markup {
    let finding = &report.audit.findings[index];
    let number = labels.number(index);
    let (line, _) = report.places().line_column(finding.span.start);
    let (message, arithmetic) = message_and_arithmetic(finding);
    html! {
        section class={ "note " (class(finding.severity)) } id=(labels.note(index))
            aria-label=(words.finding(number, finding.severity, &visible(&finding.rule))) {
            p class="head" {
                a class="number" href={ "#" (labels.place(index)) } aria-label=(words.back_to_place(number)) { (number) }
                " " span class="severity" { (words.severity(finding.severity)) }
                " " span class="meta" { (words.line(line)) " · " (words.confidence(finding.confidence)) }
            }
            p class="message" { (visible(message)) }
            @if let Some(arithmetic) = arithmetic {
                p class="arithmetic" { span class="label" { (words.arithmetic()) } " " span class="sum" { (visible(arithmetic)) } }
            }
            @if let Some(repair) = &finding.repair {
                p class="repair" { span class="label" { (words.repair()) } " " (visible(repair)) }
            }
            (beside_source(report, finding, words))
            @if !finding.related.is_empty() {
                ul class="places" aria-label=(words.places()) {
                    @for (place, related) in finding.related.iter().enumerate() {
                        @let label = Some(&related.label);
                        @let repeated = place > 0 && label == finding.related.get(place - 1).map(|before| &before.label);
                        li { (related_place(report, &labels.related(index, place), related, !repeated)) }
                    }
                }
            }
            p class="rule" { (words.rule()) " " code { (visible(&finding.rule)) } }
            @if let Some(suppression) = &finding.suppressed {
                @let reason = suppression.reason.as_deref().map(visible);
                p class="reason" { (words.suppression(suppression.by, reason.as_deref())) }
            }
        }
    }
}

/// What the report says and what its source says, side by side.
fn beside_source(report: &FileReport<'_>, finding: &Finding, words: Words) -> Markup {
    let own = finding.related.iter().filter(|related| related.label == SOURCE);
    let own = own.map(|related| (String::new(), around(report.places(), related.span, COLUMNS)));
    let cited = report.sources.cited(finding).map(|citation| (citation.place(), citation.window(COLUMNS)));
    let sides: Vec<(String, [String; 3])> = own.chain(cited).collect();
    html! {
        @if !sides.is_empty() {
            div class="beside" {
                div { span class="label" { (words.in_report()) } (quoted(&around(report.places(), finding.span, COLUMNS))) }
                @for (place, text) in &sides {
                    div {
                        span class="label" { (words.in_source()) }
                        @if !place.is_empty() { " " span class="meta" { (visible(place)) } }
                        (quoted(text))
                    }
                }
            }
        }
    }
}

fn quoted([before, text, after]: &[String; 3]) -> Markup {
    html! { blockquote { (before) mark { (text) } (after) } }
}

fn related_place(report: &FileReport<'_>, id: &str, related: &Related, labelled: bool) -> Markup {
    let start = floor_boundary(report.text, related.span.start);
    let end = floor_boundary(report.text, related.span.end).max(start);
    html! {
        @if labelled { span class="role" { (visible(&related.label)) } " " }
        a href={ "#" (id) } { (excerpt(&report.text[start..end])) }
    }
}

/// The beginning of a text, on one line.
fn excerpt(text: &str) -> String {
    let mut excerpt: String = text.chars().take(EXCERPT).collect();
    if excerpt.len() < text.len() {
        excerpt.push('…');
    }
    if excerpt.trim().is_empty() { "…".to_string() } else { visible(excerpt.trim()).into_owned() }
}
