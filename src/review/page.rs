use std::collections::BTreeMap;
use std::sync::Arc;

use maud::{DOCTYPE, Markup, PreEscaped, html};
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::board::Board;
use super::subject::{Desk, Rendered, RuleDoc, Subject};
use crate::report::{Language, REPORT_STYLE, Sheet, Standing, marked_article, sheets, standings, visible};

/// What the page looks like; the reports in it as in the format `html`.
pub(super) const STYLE: [&str; 2] = [REPORT_STYLE, include_str!("review.css")];
/// What the page does.
pub(super) const SCRIPT: &str = include_str!("review.js");

/// All that the script needs.
#[derive(Serialize)]
struct Data<'a> {
    /// Each report as [`Rendered::data`] has it, see [`with_reports`]; first, so that no other text stands before it.
    reports: &'static str,
    /// The page decides nothing.
    readonly: bool,
    interface: &'static str,
    reviewer: &'a str,
    /// The rules that found something.
    rules: BTreeMap<&'a str, &'a RuleDoc>,
    board: &'a Board,
}

#[derive(Serialize)]
struct ReportData {
    name: String,
    /// What it goes by when something is decided.
    id: String,
    sections: Vec<String>,
    findings: Vec<Sheet>,
    /// Findings that comments and baselines let stand.
    suppressed: usize,
    coverage: CoverageData,
}

/// How many figures stand how.
#[derive(Default, Serialize)]
struct CoverageData {
    held: usize,
    supported: usize,
    derived: usize,
    contradicted: usize,
    unchecked: usize,
}

/// Where style and script come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Delivery {
    /// From beside the page.
    Served,
    /// From the page itself, which decides nothing.
    Exported,
}

/// The page on which all reports are reviewed.
pub(super) fn page(desk: &Desk, subjects: &[Arc<Subject>], board: &Board, delivery: Delivery) -> String {
    let readonly = delivery == Delivery::Exported;
    let data = Data {
        readonly,
        interface: tag(desk.interface),
        reviewer: &desk.reviewer,
        reports: REPORTS,
        rules: used_rules(desk, subjects),
        board,
    };
    let page = html! {
        (DOCTYPE)
        html lang=(tag(desk.interface)) {
            head {
                meta charset="utf-8";
                @if readonly { meta http-equiv="Content-Security-Policy" content=(exported_policy()); }
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="referrer" content="no-referrer";
                meta name="color-scheme" content="light dark";
                title { "claimlint review" }
                @if readonly {
                    style { (PreEscaped(STYLE.concat())) }
                } @else {
                    link rel="icon" href="data:,";
                    link rel="stylesheet" href="review.css";
                }
            }
            body class="review" {
                (head(subjects))
                div class="desk" {
                    main id="reports" tabindex="-1" {
                        @for (number, subject) in (1..).zip(subjects) {
                            section class="report" id={ "r" (number) } data-report=(number - 1) hidden[number > 1]
                                aria-labelledby={ "r" (number) "-name" } {
                                h2 id={ "r" (number) "-name" } { (visible(&subject.name)) }
                                (PreEscaped(&rendered(number, subject).article))
                            }
                        }
                    }
                    (side())
                }
                (dialogs())
                script type="application/json" id="data" { (PreEscaped(with_reports(&data, subjects))) }
                @if readonly { script { (PreEscaped(SCRIPT)) } } @else { script src="review.js" {} }
            }
        }
    };
    page.0
}

/// What an exported page may do: run its own script, and look as its own style says.
fn exported_policy() -> String {
    format!(
        "default-src 'none'; script-src '{}'; style-src '{}'; base-uri 'none'; form-action 'none'",
        source_hash(SCRIPT),
        source_hash(&STYLE.concat())
    )
}

/// A text as a Content-Security-Policy names it.
fn source_hash(text: &str) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let hash = Sha256::digest(text.as_bytes());
    let mut encoded = String::from("sha256-");
    for chunk in hash.as_slice().chunks(3) {
        let bits =
            chunk.iter().fold(0u32, |bits, &byte| bits << 8 | u32::from(byte)) << (8 * (3 - chunk.len()));
        for digit in 0..4 {
            let index = bits >> (18 - 6 * digit) & 0x3f;
            encoded.push(if digit <= chunk.len() { char::from(DIGITS[index as usize]) } else { '=' });
        }
    }
    encoded
}

/// Stands for the reports until they are put in: no JSON has it outside of its quotes.
const REPORTS: &str = "\u{fdd0}";

fn rendered(number: usize, subject: &Subject) -> Arc<Rendered> {
    subject.rendered(number, || Rendered {
        article: marked_article(&subject.report(), number).0,
        data: inert_json(&report_data(subject)),
    })
}

/// The data with the reports in it.
fn with_reports(data: &Data<'_>, subjects: &[Arc<Subject>]) -> String {
    let reports: Vec<Arc<Rendered>> =
        (1..).zip(subjects).map(|(number, subject)| rendered(number, subject)).collect();
    let reports: Vec<&str> = reports.iter().map(|report| report.data.as_str()).collect();
    inert_json(data).replacen(&format!("\"{REPORTS}\""), &format!("[{}]", reports.join(",")), 1)
}

/// JSON that is only text to a browser: nothing in it ends the element or begins a comment.
fn inert_json(data: &impl Serialize) -> String {
    // Data of strings and numbers is always JSON.
    serde_json::to_string(data).unwrap_or_default().replace('<', "\\u003c")
}

fn tag(language: Language) -> &'static str {
    match language {
        Language::Chinese => "zh",
        Language::English => "en",
    }
}

fn report_data(subject: &Subject) -> ReportData {
    let mut coverage = CoverageData::default();
    for (_, standing) in standings(&subject.audit) {
        match standing {
            Standing::Held => coverage.held += 1,
            Standing::Supported => coverage.supported += 1,
            Standing::Derived => coverage.derived += 1,
            Standing::Contradicted => coverage.contradicted += 1,
            Standing::Unchecked => coverage.unchecked += 1,
        }
    }
    let heading = |(_, span): &(u8, crate::source::Span)| visible(span.of(&subject.text).trim()).into_owned();
    ReportData {
        name: visible(&subject.name).into_owned(),
        id: subject.name.clone(),
        sections: subject.outline.headings.iter().map(heading).collect(),
        findings: sheets(&subject.report()),
        suppressed: subject.audit.suppressed().count(),
        coverage,
    }
}

fn used_rules<'a>(desk: &'a Desk, subjects: &[Arc<Subject>]) -> BTreeMap<&'a str, &'a RuleDoc> {
    let used = subjects.iter().flat_map(|subject| subject.audit.live());
    used.filter_map(|finding| desk.rules.get_key_value(&finding.rule))
        .map(|(id, rule)| (id.as_str(), rule))
        .collect()
}

/// Texts of the interface are set by the script, in the reader's language: `data-t` names them.
fn head(subjects: &[Arc<Subject>]) -> Markup {
    html! {
        a class="skip" href="#reports" data-t="skip" {}
        header class="top" {
            div class="line" {
                p class="brand" { "claimlint" }
                label class="pick" {
                    span class="quiet" data-t="report" {}
                    select id="report" { @for subject in subjects { option { (visible(&subject.name)) } } }
                }
                div class="progress" {
                    progress id="progress" max="1" value="0" data-l="progress" {}
                    span id="progress-text" {}
                }
                div class="tools" {
                    label class="pick" id="who" { span class="quiet" data-t="reviewer" {} input id="reviewer" maxlength="80" autocomplete="off"; }
                    button type="button" id="language" {}
                    button type="button" id="theme" data-l="theme" {}
                    button type="button" id="help-open" data-l="help" { "?" }
                }
            }
            h1 class="unseen" data-t="title" {}
            div class="line coverage" {
                div id="coverage" {}
                ul id="legend" data-l="legend" {}
                button type="button" id="next-unchecked" data-t="nextUnchecked" {}
            }
            p id="banner" role="alert" hidden {}
        }
    }
}

fn side() -> Markup {
    html! {
        aside class="side" data-l="findings" {
            section id="card" tabindex="-1" data-l="finding" {}
            div class="browse" {
                form id="filters" role="search" data-l="filters" {
                    input id="search" type="search" data-p="search" data-l="search";
                    p id="count" {}
                    select id="state" data-l="state" {}
                    select id="severity" data-l="severity" {}
                    select id="confidence" data-l="confidence" {}
                    select id="rule" data-l="rule" {}
                    select id="section" data-l="section" {}
                }
                nav data-l="list" { ol id="list" {} }
                details id="gone" hidden { summary {} ul {} }
            }
        }
        p id="status" class="unseen" role="status" {}
    }
}

fn dialogs() -> Markup {
    html! {
        dialog id="ask" aria-labelledby="ask-title" {
            form method="dialog" {
                h2 id="ask-title" {}
                p id="ask-about" {}
                textarea id="ask-text" rows="3" maxlength="4000" aria-labelledby="ask-title" {}
                p class="buttons" {
                    button type="submit" value="save" id="ask-save" data-t="save" {}
                    button type="submit" value="cancel" formnovalidate data-t="cancel" {}
                }
            }
        }
        dialog id="help" aria-labelledby="help-title" {
            form method="dialog" {
                h2 id="help-title" data-t="help" {}
                dl id="keys" {}
                p class="buttons" { button data-t="close" {} }
            }
        }
        noscript { p { "This page needs its script: it is part of claimlint and loads nothing else." } }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_are_as_browsers_want_them() {
        assert_eq!(
            source_hash("alert('Hello, world.');"),
            "sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng="
        );
    }
}
