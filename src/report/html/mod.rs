//! One page that shows the reports as their authors meant them, with the findings in place and beside them.

mod article;
mod chart;
mod cover;
mod layers;
mod layout;
mod leaf;
mod note;
mod page;
mod standing;
mod words;

#[cfg(test)]
mod tests;

use std::cmp::Reverse;
use std::io::{self, Write};

use maud::{Markup, html};

use super::outline::Language;
use super::path::plain_path;
use super::statement::message_and_arithmetic;
use super::visible::{visible, without_commands};
use super::{CheckOutput, FileReport, Summary};
use crate::finding::Finding;
use article::{Notes, article};
use note::Labels;
use page::Entry;
pub use page::REPORT_STYLE;
pub use standing::{Standing, standings};
use words::Words;

/// A self-contained page for readers, without scripts and without anything to load. It begins with the totals, so
/// what is shown of each report is held until the last one is known.
pub struct Html<W> {
    out: W,
    entries: Vec<Entry>,
    /// The page is in Chinese when every report's messages are.
    chinese: bool,
}

impl<W: Write> Html<W> {
    /// Writes to `out`.
    pub fn new(out: W) -> Self {
        Self { out, entries: Vec::new(), chinese: true }
    }
}

impl<W: Write> CheckOutput for Html<W> {
    fn file(&mut self, report: &FileReport<'_>) -> io::Result<()> {
        let mut summary = Summary::default();
        summary.add(report.audit);
        let section = section(report, self.entries.len() + 1);
        self.chinese &= report.outline.interface == Language::Chinese;
        self.entries.push(Entry { path: visible(&plain_path(report.path)).into_owned(), summary, section });
        Ok(())
    }

    fn finish(&mut self, summary: &Summary) -> io::Result<()> {
        let chinese = self.chinese && !self.entries.is_empty();
        let words = Words::of(if chinese { Language::Chinese } else { Language::English });
        let page = page::page(&self.entries, summary, words).0;
        self.out.write_all(without_commands(&page, "&#91;").as_bytes())?;
        self.out.write_all(b"\n")?;
        self.out.flush()
    }
}

/// One report with everything that was found in it; `number` tells the reports of a page apart.
fn section(report: &FileReport<'_>, number: usize) -> Markup {
    let words = Words::of(report.outline.interface);
    let labels = Labels::new(number, &report.audit.findings);
    let mut summary = Summary::default();
    summary.add(report.audit);
    html! {
        section class="report" id={ "r" (number) } aria-labelledby={ "r" (number) "-name" } {
            header lang=(words.tag()) {
                h2 id={ "r" (number) "-name" } { (visible(&plain_path(report.path))) }
                (page::totals(&summary, words))
                (index(report, &labels, words))
            }
            article lang=(report.outline.language.tag()) { (article(report, &labels, words, Notes::Beside)) }
            (suppressed(report, &labels, words))
        }
    }
}

/// The report alone, its places marked with the numbers of their findings, for a page that tells of them elsewhere.
/// `number` tells the reports of a page apart: the places of the finding numbered 12 in the third report are `r3-p12`,
/// `r3-p12-1` and so on.
pub fn marked_article(report: &FileReport<'_>, number: usize) -> Markup {
    let words = Words::of(report.outline.interface);
    let labels = Labels::new(number, &report.audit.findings);
    html! {
        article lang=(report.outline.language.tag()) { (article(report, &labels, words, Notes::Apart)) }
    }
}

/// The number that each finding of a report goes by, in order: those that count are 1, 2, 3, others S1, S2, S3.
pub fn finding_numbers(findings: &[Finding]) -> Vec<String> {
    let labels = Labels::new(0, findings);
    (0..findings.len()).map(|index| labels.number(index).to_owned()).collect()
}

/// The findings, heaviest first, as links to their places.
fn index(report: &FileReport<'_>, labels: &Labels, words: Words) -> Markup {
    let findings = &report.audit.findings;
    let mut live: Vec<usize> =
        (0..findings.len()).filter(|&index| findings[index].suppressed.is_none()).collect();
    live.sort_by_key(|&index| Reverse((findings[index].severity, findings[index].confidence)));
    html! {
        @if !live.is_empty() {
            details class="index" open {
                summary { (words.findings()) }
                ul {
                    @for index in live {
                        @let finding = &findings[index];
                        @let (message, _) = message_and_arithmetic(finding);
                        li class=(note::class(finding.severity)) {
                            a class="number" href={ "#" (labels.place(index)) }
                                aria-label=(words.finding(labels.number(index), finding.severity, &visible(&finding.rule))) {
                                (labels.number(index))
                            }
                            " " span class="message" { (visible(message)) }
                            " " span class="meta" { (words.line(report.places().line_column(finding.span.start).0)) }
                        }
                    }
                }
            }
        }
    }
}

/// The suppressed findings, folded.
fn suppressed(report: &FileReport<'_>, labels: &Labels, words: Words) -> Markup {
    let findings = &report.audit.findings;
    let suppressed: Vec<usize> =
        (0..findings.len()).filter(|&index| findings[index].suppressed.is_some()).collect();
    html! {
        @if !suppressed.is_empty() {
            details class="suppressed-list" lang=(words.tag()) {
                summary { (words.suppressed_heading()) " (" (suppressed.len()) ")" }
                @for index in suppressed { (note::note(report, labels, index, words)) }
            }
        }
    }
}
