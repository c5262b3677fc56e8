use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::io::{self, Write};

use annotate_snippets::Renderer;

use crate::finding::{Coverage, Finding, GroundingCoverage};

use super::card::{Card, Page};
use super::citation::Citation;
use super::statement::arithmetic;
use super::{CheckOutput, FileReport, Summary, renderer};

/// Findings as cards for a reader at a terminal: one card for each group, then a line that counts.
pub struct Text<W> {
    out: W,
    renderer: Renderer,
    with_summary: bool,
}

impl<W: Write> Text<W> {
    /// Cards with terminal colours when `colour` is set.
    pub fn new(out: W, colour: bool) -> Self {
        Self { out, renderer: renderer(colour), with_summary: true }
    }

    /// The same without the line that counts.
    pub fn without_summary(self) -> Self {
        Self { with_summary: false, ..self }
    }
}

impl<W: Write> CheckOutput for Text<W> {
    fn file(&mut self, report: &FileReport<'_>) -> io::Result<()> {
        let page = Page { path: shown_path(report.path), places: report.places() };
        let mut groups: BTreeMap<usize, Vec<&Finding>> = BTreeMap::new();
        for finding in report.audit.live() {
            groups.entry(finding.group).or_default().push(finding);
        }
        for mut group in groups.into_values() {
            group.sort_by_key(|finding| Reverse((finding.severity, finding.confidence)));
            if let Some((heaviest, others)) = group.split_first() {
                let cited = report.sources.cited(heaviest).collect();
                writeln!(self.out, "{}", card(heaviest, others, cited).render(&page, &self.renderer))?;
            }
        }
        Ok(())
    }

    fn finish(&mut self, summary: &Summary) -> io::Result<()> {
        // Without a file there is nothing to count; why, stands on standard error.
        if self.with_summary && summary.files > 0 {
            writeln!(self.out, "{}", sentence(summary))?;
        }
        self.out.flush()
    }
}

fn card<'a>(finding: &'a Finding, others: &[&Finding], cited: Vec<Citation<'a>>) -> Card<'a> {
    let mut footers = Vec::new();
    if let Some(arithmetic) = arithmetic(finding) {
        footers.push(("arithmetic", arithmetic.to_string()));
    }
    if let Some(repair) = &finding.repair {
        footers.push(("repair", repair.clone()));
    }
    footers.extend(others.iter().map(|other| {
        let repair = other.repair.as_ref().map_or_else(String::new, |repair| format!("; {repair}"));
        ("also", format!("{} – {}{repair}", other.rule, other.message))
    }));
    Card {
        severity: finding.severity,
        id: Some(&finding.rule),
        title: finding.message.clone(),
        span: Some(finding.span),
        related: &finding.related,
        cited,
        footers,
    }
}

/// `3 errors, 5 warnings, 2 notes in 1 file; 41 of 74 figures checked`.
pub(super) fn sentence(summary: &Summary) -> String {
    let coverage = summary.coverage;
    let suppressed = match summary.suppressed {
        0 => String::new(),
        count => format!(", {count} suppressed"),
    };
    format!(
        "{} in {}{suppressed}; {}",
        severities(summary),
        counted(summary.files, "file"),
        coverage_sentence(&coverage),
    )
}

/// `41 of 74 figures checked; of 74 figures 60 are supported by the source, 4 derived, 2 different, 3 absent, 5 open`.
pub(super) fn coverage_sentence(coverage: &Coverage) -> String {
    let checked = format!("{} of {} checked", coverage.checked, counted(coverage.quantities, "figure"));
    match &coverage.grounding {
        None => checked,
        Some(grounding) => format!("{checked}; against the source: {}", grounded(grounding)),
    }
}

/// `60 supported, 4 derived, 2 different, 3 absent, 5 open`, without what there is none of.
fn grounded(grounding: &GroundingCoverage) -> String {
    let counts = [
        (grounding.supported, "supported"),
        (grounding.derived, "derived"),
        (grounding.different, "different"),
        (grounding.absent, "absent"),
        (grounding.open(), "open"),
    ];
    let told: Vec<String> = counts
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{count} {what}"))
        .collect();
    if told.is_empty() { "no figures".to_string() } else { told.join(", ") }
}

/// `3 errors, 5 warnings`.
pub(super) fn severities(summary: &Summary) -> String {
    let counts = [(summary.errors, "error"), (summary.warnings, "warning"), (summary.notes, "note")];
    let found: Vec<String> =
        counts.iter().filter(|(count, _)| *count > 0).map(|(count, noun)| counted(*count, noun)).collect();
    if found.is_empty() { "no findings".to_string() } else { found.join(", ") }
}

/// The name of an input for readers.
pub(super) fn shown_path(path: &str) -> &str {
    if path == "-" { "<stdin>" } else { path }
}

/// `1 file`, `2 files`.
pub fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::finding::{Audit, Confidence, Figure, Related, Severity};
    use crate::source::Span;

    /// A finding on the first place of `on`, with related places on the first places of the words.
    fn finding(text: &str, group: usize, severity: Severity, on: &str, related: &[(&str, &str)]) -> Finding {
        let place = |words: &str| {
            let start = text.find(words).unwrap();
            Span::new(start, start + words.len())
        };
        Finding {
            rule: "numeric/share".into(),
            severity,
            confidence: Confidence::High,
            span: place(on),
            message: format!("{on} does not fit"),
            arithmetic: None,
            repair: None,
            related: related
                .iter()
                .map(|(label, words)| Related { label: (*label).into(), span: place(words) })
                .collect(),
            in_sources: Vec::new(),
            fingerprint: "0123456789abcdef".into(),
            group,
            suppressed: None,
        }
    }

    fn rendered(path: &str, text: &str, findings: Vec<Finding>) -> String {
        let figure = |checked| Figure { span: Span::new(0, 0), checked, grounded: None };
        let audit =
            Audit { findings, figures: vec![figure(true), figure(true), figure(true), figure(false)] };
        let mut out = Vec::new();
        let mut summary = Summary::default();
        summary.add(&audit);
        let mut output = Text::new(&mut out, false);
        output.file(&FileReport::new(path, text, &audit)).unwrap();
        output.finish(&summary).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn operands_of_the_line_are_labelled_under_han() {
        let text = "# 报告\n\n本轮融资 $1100 亿，远超去年风投总额（$1706 亿）的 65%。\n";
        let mut share =
            finding(text, 0, Severity::Error, "65%", &[("part", "$1100 亿"), ("whole", "$1706 亿")]);
        share.arithmetic = Some("1100亿 ÷ 1706亿 = 64.48%".into());
        share.repair = Some("65% → 64.5%".into());
        insta::assert_snapshot!(rendered("报告.md", text, vec![share]));
    }

    #[test]
    fn operands_of_other_lines_get_lines_of_their_own() {
        let text = "营收 100 亿，成本 60 亿。\n\n| 项目 | 亿 |\n| 利润 | 50 |\n";
        let other = finding(
            text,
            0,
            Severity::Warning,
            "50",
            &[("revenue", "100 亿"), ("cost", "60 亿"), ("row", "利润")],
        );
        insta::assert_snapshot!(rendered("a.md", text, vec![other]));
    }

    #[test]
    fn a_group_is_one_card_under_its_heaviest_finding() {
        let text = "🚀 营收涨到 7 亿（此前 9 亿）。\n利润 3%。";
        let mut also = finding(text, 0, Severity::Note, "涨到", &[]);
        also.rule = "wording/direction".into();
        let findings = vec![
            also,
            finding(text, 0, Severity::Error, "7 亿", &[("from", "9 亿")]),
            finding(text, 1, Severity::Warning, "3%", &[]),
        ];
        insta::assert_snapshot!(rendered("a.md", text, findings));
    }

    #[test]
    fn a_long_line_is_cut_around_the_place_and_far_operands() {
        let text =
            format!("{}总额 1706 亿{}占 90%{}", "甲，".repeat(3000), "乙。".repeat(3000), "丙".repeat(900));
        let share = finding(&text, 0, Severity::Error, "90%", &[("whole", "1706 亿")]);
        insta::assert_snapshot!(rendered("a.md", &text, vec![share]));
    }

    #[test]
    fn a_place_over_several_lines_shows_its_first() {
        let text = "前\n```mermaid\ngraph TD\nA-->";
        insta::assert_snapshot!(rendered(
            "a.md",
            text,
            vec![finding(text, 0, Severity::Error, "mermaid\ngraph TD\nA-->", &[])]
        ));
    }

    #[test]
    fn an_empty_report_can_have_a_finding() {
        insta::assert_snapshot!(rendered("a.md", "", vec![finding("", 0, Severity::Error, "", &[])]));
    }

    #[test]
    fn hostile_text_is_inert_everywhere() {
        let text = "\u{1b}]0;x\u{7}\t涨了\u{202e}65%\u{9b}31m。";
        let mut hostile = finding(text, 0, Severity::Error, "\u{202e}65%", &[("\u{1b}[1mrole", "涨了")]);
        hostile.arithmetic = Some("1\u{1b}[2J\n= 2".into());
        hostile.repair = Some("\u{9b}1A".into());
        hostile.rule = "x\u{1b}/y".into();
        let mut also = hostile.clone();
        also.severity = Severity::Note;
        let out = rendered("a\u{1b}[31m\n.md", text, vec![hostile, also]);
        assert!(out.chars().all(|character| character == '\n' || !character.is_control()));
        insta::assert_snapshot!(out);
    }

    #[test]
    fn of_many_related_places_some_are_counted() {
        let text: String = (0..40).map(|line| format!("第 {line} 项\n")).collect();
        let mut sum = finding(&text, 0, Severity::Error, "第 0 项", &[]);
        sum.related = (1..40)
            .map(|line| {
                let start = text.find(&format!("第 {line} ")).unwrap();
                Related { label: "part".into(), span: Span::new(start, start + 3) }
            })
            .collect();
        let out = rendered("a.md", &text, vec![sum]);
        assert_eq!(out.matches(" part\n").count(), 12);
        assert!(out.contains("= also at: 27 more places"), "{out}");
    }

    #[test]
    fn places_inside_each_other_are_all_shown() {
        let text = "part 35 of the whole 100 is 40%";
        let cases =
            [("35", "part 35"), ("35", "part 35 of"), ("part 35", "35"), ("35", "35"), ("35", "35 of")];
        let shown: String = cases
            .iter()
            .map(|(on, role)| {
                rendered("a.md", text, vec![finding(text, 0, Severity::Error, on, &[("role", role)])])
            })
            .collect();
        insta::assert_snapshot!(shown);
    }

    #[test]
    fn the_last_line_counts() {
        let summary = Summary {
            files: 1,
            errors: 3,
            warnings: 5,
            notes: 1,
            suppressed: 2,
            unread: 1,
            coverage: Coverage { quantities: 74, checked: 41, ..Coverage::default() },
        };
        assert_eq!(
            sentence(&summary),
            "3 errors, 5 warnings, 1 note in 1 file, 2 suppressed; 41 of 74 figures checked"
        );
        let summary = Summary { files: 2, ..Summary::default() };
        assert_eq!(sentence(&summary), "no findings in 2 files; 0 of 0 figures checked");
    }

    proptest! {
        /// Whatever the text and wherever the places: a card comes out, it shows where, and nothing in it acts.
        #[test]
        fn any_place_of_any_text_makes_a_card(
            text in "([a亿🚀\\t\\n\\r]|\\PC|\\pC){0,400}",
            repeat in 1usize..40,
            places in prop::collection::vec((0usize..20_000, 0usize..300), 1..6),
        ) {
            let text = text.repeat(repeat);
            let boundary = |at: usize| (0..=at.min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap();
            let mut spans = places.iter().map(|&(at, length)| {
                let start = boundary(at % (text.len() + 1));
                Span::new(start, boundary(start + length).max(start))
            });
            let mut any = finding("x", 0, Severity::Error, "x", &[]);
            any.message = text.chars().take(50).collect();
            any.span = spans.next().unwrap();
            any.related = spans.map(|span| Related { label: "part".into(), span }).collect();
            let related = any.related.len();
            let apart = any.related.iter().all(|other| !other.span.overlaps(any.span));
            let out = rendered("a.md", &text, vec![any]);
            prop_assert!(out.chars().all(|character| character == '\n' || !character.is_control()), "{out:?}");
            prop_assert!(!apart || out.contains('^'), "{out}");
            prop_assert_eq!(out.matches("part").count(), related, "{}", out);
        }
    }
}
