use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::super::model::Summary;
use super::words::Words;
use crate::finding::{Coverage, Severity};

/// How reports and what is found in them look.
pub const REPORT_STYLE: &str = include_str!("style.css");

/// Nothing is loaded and nothing runs, whatever a report may hold.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/// One report of a page.
pub(super) struct Entry {
    /// As shown.
    pub path: String,
    /// What was found in it alone.
    pub summary: Summary,
    pub section: Markup,
}

/// The page with all reports.
pub(super) fn page(entries: &[Entry], summary: &Summary, words: Words) -> Markup {
    let single = match entries {
        [entry] => Some(entry.path.as_str()),
        _ => None,
    };
    let heading = single.unwrap_or(words.title());
    html! {
        (DOCTYPE)
        html lang=(words.tag()) {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(POLICY);
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="referrer" content="no-referrer";
                meta name="color-scheme" content="light dark";
                title { (counts_text(summary, words)) " – " (heading) " – claimlint" }
                style { (PreEscaped(REPORT_STYLE)) }
            }
            body {
                a class="skip" href="#reports" { (words.skip()) }
                header class="page" id="top" {
                    p class="brand" { "claimlint" @if single.is_some() { " · " (words.title()) } }
                    h1 { (heading) }
                    (totals(summary, words))
                    @if summary.unread > 0 { p class="unread" { (words.unread(summary.unread)) } }
                    @if single.is_none() { (contents(entries, words)) }
                    (legend(words))
                }
                main id="reports" { @for entry in entries { (entry.section) } }
                footer { p { (words.made_by()) } p { a href="#top" { (words.back()) } } }
            }
        }
    }
}

fn counts(summary: &Summary) -> [(usize, Severity); 3] {
    [
        (summary.errors, Severity::Error),
        (summary.warnings, Severity::Warning),
        (summary.notes, Severity::Note),
    ]
}

/// `3 errors, 5 warnings`.
fn counts_text(summary: &Summary, words: Words) -> String {
    let found: Vec<String> = counts(summary)
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, severity)| words.counted(*count, *severity))
        .collect();
    if found.is_empty() { words.no_findings().to_string() } else { found.join(words.comma()) }
}

/// How many findings of each severity, and how much was checked.
pub(super) fn totals(summary: &Summary, words: Words) -> Markup {
    let found: Vec<(usize, Severity)> = counts(summary).into_iter().filter(|(count, _)| *count > 0).collect();
    html! {
        div class="totals" {
            ul class="counts" aria-label=(words.findings()) {
                @for (count, severity) in &found {
                    li class=(super::note::class(*severity)) { (words.counted(*count, *severity)) }
                }
                @if found.is_empty() { li class="none" { (words.no_findings()) } }
                @if summary.suppressed > 0 { li class="suppressed" { (words.suppressed(summary.suppressed)) } }
            }
            (bar(summary.coverage, words))
        }
    }
}

/// The coverage as a bar with its numbers.
fn bar(coverage: Coverage, words: Words) -> Markup {
    let percent = (100 * coverage.checked).checked_div(coverage.quantities).unwrap_or(0);
    html! {
        div class="coverage" {
            div class="bar" aria-hidden="true" {
                @if coverage.checked > 0 { div style={ "width:" (percent) "%" } {} }
            }
            p { (words.coverage(coverage)) }
        }
    }
}

fn contents(entries: &[Entry], words: Words) -> Markup {
    html! {
        nav aria-label=(words.reports()) {
            ol class="contents" {
                @for (number, entry) in (1..).zip(entries) {
                    li {
                        a href={ "#r" (number) } { (entry.path) }
                        (totals(&entry.summary, words))
                    }
                }
            }
        }
    }
}

fn legend(words: Words) -> Markup {
    html! {
        dl class="legend" aria-label=(words.legend()) {
            @for severity in [Severity::Error, Severity::Warning, Severity::Note] {
                div { dt { mark class=(super::note::class(severity)) { "12%" } } dd { (words.severity(severity)) } }
            }
            div { dt { span class="checked" { "12%" } } dd { (words.checked()) } }
            div { dt { span class="unchecked" { "12%" } } dd { (words.unchecked()) } }
            div { dt { span class="related" { "12%" } } dd { (words.related()) } }
        }
    }
}
