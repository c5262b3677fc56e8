//! All that is known of a finding, as data for a page that shows one at a time.

use std::borrow::Cow;
use std::collections::HashMap;

use serde::Serialize;

use super::citation::around;
use super::path::plain_path;
use super::statement::{message_and_arithmetic, severity_name};
use super::visible::visible;
use super::{FileReport, finding_numbers};
use crate::finding::{Confidence, Finding, Related};
use crate::source::{Span, floor_boundary};

/// Characters of a related place.
const EXCERPT: usize = 60;
/// Columns of a passage of a source, and passages of a finding.
const COLUMNS: usize = 180;
const PASSAGES: usize = 6;

/// One finding. Its texts are inert on a terminal, but they are text: markup in them is the report's.
#[derive(Debug, Serialize, PartialEq)]
pub struct Sheet {
    /// What it goes by in [`super::marked_article`].
    pub number: String,
    pub rule: String,
    pub fingerprint: String,
    pub severity: &'static str,
    pub confidence: Confidence,
    pub line: usize,
    /// Index into the headings of the report's outline.
    pub section: Option<usize>,
    /// The message without its arithmetic.
    pub message: String,
    pub arithmetic: Vec<Term>,
    pub repair: Option<String>,
    pub places: Vec<Place>,
    pub passages: Vec<Passage>,
    /// The numbers of other findings on the same clause.
    pub also: Vec<String>,
}

/// A piece of arithmetic: an operand with its place, or what stands between.
#[derive(Debug, Serialize, PartialEq)]
pub struct Term {
    pub text: String,
    /// The number of the place in [`Sheet::places`], from 0.
    pub place: Option<usize>,
}

/// A related place.
#[derive(Debug, Serialize, PartialEq)]
pub struct Place {
    pub role: String,
    pub text: String,
    pub line: usize,
}

/// A place in a source with what stands before and behind it.
#[derive(Debug, Serialize, PartialEq)]
pub struct Passage {
    /// What it is to the finding.
    pub label: String,
    /// `talk.srt:12:3 at 00:12:05`.
    pub place: String,
    pub before: String,
    pub here: String,
    pub behind: String,
}

/// The findings of a report that count, in order of place.
pub fn sheets(report: &FileReport<'_>) -> Vec<Sheet> {
    let findings = &report.audit.findings;
    let numbers = finding_numbers(findings);
    let mut groups: HashMap<usize, Vec<usize>> = HashMap::new();
    for (index, finding) in live(findings) {
        groups.entry(finding.group).or_default().push(index);
    }
    let sheet = |(index, finding): (usize, &Finding)| {
        let (message, arithmetic) = message_and_arithmetic(finding);
        let others = groups.get(&finding.group).into_iter().flatten().filter(|other| **other != index);
        Sheet {
            number: numbers[index].clone(),
            rule: visible(&finding.rule).into_owned(),
            fingerprint: finding.fingerprint.clone(),
            severity: severity_name(finding.severity),
            confidence: finding.confidence,
            line: report.places().line_column(finding.span.start).0,
            section: report.outline.section_of(finding.span.start),
            message: visible(message).into_owned(),
            arithmetic: arithmetic.map(|text| terms(report.text, text, &finding.related)).unwrap_or_default(),
            repair: finding.repair.as_deref().map(|repair| visible(repair).into_owned()),
            places: finding.related.iter().map(|related| place(report, related)).collect(),
            passages: passages(report, finding),
            also: others.map(|&other| numbers[other].clone()).collect(),
        }
    };
    live(findings).map(sheet).collect()
}

fn live(findings: &[Finding]) -> impl Iterator<Item = (usize, &Finding)> {
    findings.iter().enumerate().filter(|(_, finding)| finding.suppressed.is_none())
}

fn place(report: &FileReport<'_>, related: &Related) -> Place {
    let text = literal(report.text, related.span);
    let mut shown: String = visible(text.trim()).chars().take(EXCERPT).collect();
    if shown.len() < text.trim().len() {
        shown.push('…');
    }
    let (line, _) = report.places().line_column(related.span.start);
    Place { role: visible(&related.label).into_owned(), text: shown, line }
}

/// What the sources say: the report's own source part, and the texts given with it.
fn passages(report: &FileReport<'_>, finding: &Finding) -> Vec<Passage> {
    let own = finding
        .related
        .iter()
        .filter(|related| report.outline.source.is_some_and(|source| source.contains(related.span)));
    let own = own.map(|related| {
        let (line, _) = report.places().line_column(related.span.start);
        let place = format!("{}:{line}", plain_path(report.path));
        passage(&related.label, &place, around(report.places(), related.span, COLUMNS))
    });
    let given = report
        .sources
        .cited(finding)
        .map(|cited| passage(cited.label, &cited.place(), cited.window(COLUMNS)));
    own.chain(given).take(PASSAGES).collect()
}

fn passage(label: &str, place: &str, [before, here, behind]: [String; 3]) -> Passage {
    let inert = |text: &str| visible(text).into_owned();
    Passage {
        label: inert(label),
        place: inert(place),
        before: inert(&before),
        here: inert(&here),
        behind: inert(&behind),
    }
}

fn literal(text: &str, span: Span) -> &str {
    let start = floor_boundary(text, span.start);
    &text[start..floor_boundary(text, span.end).max(start)]
}

/// The arithmetic cut where operands stand that are written in the report; each place is used once, the longest first,
/// so that the `11` of `$110` is not taken for a figure of its own.
fn terms(text: &str, arithmetic: &str, related: &[Related]) -> Vec<Term> {
    let mut order: Vec<(usize, Cow<'_, str>)> =
        related.iter().map(|related| plain(literal(text, related.span))).enumerate().collect();
    order.sort_by_key(|(index, operand)| (std::cmp::Reverse(operand.len()), *index));
    let mut taken: Vec<(usize, usize, usize)> = Vec::new();
    for (index, operand) in order.iter().filter(|(_, operand)| !operand.is_empty()) {
        let free = |start: usize| {
            let end = start + operand.len();
            whole(arithmetic, start, end) && taken.iter().all(|&(from, to, _)| end <= from || to <= start)
        };
        let found =
            arithmetic.match_indices(operand.as_ref()).map(|(start, _)| start).find(|&start| free(start));
        if let Some(start) = found {
            taken.push((start, start + operand.len(), *index));
        }
    }
    taken.sort_unstable();
    let mut terms = Vec::new();
    let mut done = 0;
    let mut push = |from: usize, to: usize, place| {
        if from < to {
            terms.push(Term { text: visible(&arithmetic[from..to]).into_owned(), place });
        }
    };
    for (start, end, index) in taken {
        push(done, start, None);
        push(start, end, Some(index));
        done = end;
    }
    push(done, arithmetic.len(), None);
    terms
}

/// An operand as arithmetic writes it: without the marks of Markdown.
fn plain(literal: &str) -> Cow<'_, str> {
    let literal = literal.trim();
    if literal.contains(['*', '_', '`']) {
        literal.replace(['*', '_', '`'], "").into()
    } else {
        literal.into()
    }
}

/// Whether no digit goes on to either side.
fn whole(text: &str, start: usize, end: usize) -> bool {
    let part = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit() || c == '.' || c == ',');
    let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
    let inside = &text[start..end];
    let before = digit(inside.chars().next()) && part(text[..start].chars().next_back());
    let behind = digit(inside.chars().next_back()) && part(text[end..].chars().next());
    !before && !behind
}

#[cfg(test)]
mod tests {
    use super::*;

    fn related(text: &str, of: &[&str]) -> Vec<Related> {
        let span = |part: &str| {
            let start = text.find(part).unwrap();
            Span::new(start, start + part.len())
        };
        of.iter().map(|part| Related { label: "x".into(), span: span(part) }).collect()
    }

    fn shown(text: &str, arithmetic: &str, of: &[&str]) -> String {
        let terms = terms(text, arithmetic, &related(text, of));
        let shown = terms.iter().map(|term| match term.place {
            Some(place) => format!("[{}]{place}", term.text),
            None => term.text.clone(),
        });
        shown.collect()
    }

    #[test]
    fn operands_are_linked_and_results_are_not() {
        assert_eq!(
            shown(
                "$41.1 billion for 11% is $520 billion",
                "$41.1 billion ÷ 11% = $373.6 billion",
                &["11%", "$41.1 billion", "$520 billion"]
            ),
            "[$41.1 billion]1 ÷ [11%]0 = $373.6 billion"
        );
        assert_eq!(
            shown("**1100** 亿 和 1 亿", "1100 亿 + 1 亿 = 1101 亿", &["1 亿", "**1100** 亿"]),
            "[1100 亿]1 + [1 亿]0 = 1101 亿"
        );
        assert_eq!(shown("3 and 3", "3 + 3 = 6", &["3", "3"]), "[3]0 + [3]1 = 6");
        assert_eq!(shown("5", "15 + 5.5 = 20.5", &["5"]), "15 + 5.5 = 20.5");
    }
}
