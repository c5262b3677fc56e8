use std::cmp::Reverse;
use std::io::{self, Write};

use super::markdown_text::{code, inert};
use super::path::plain_path;
use super::statement::{message_and_arithmetic, severity_name};
use super::text::{counted, coverage_sentence, sentence, severities};
use super::{CheckOutput, FileReport, Summary};
use crate::finding::{Coverage, Finding, Severity};

/// Characters that GitHub takes for a comment, counted in UTF-16 units to be on the safe side.
pub(super) const LIMIT: usize = 65_536;
/// What the summary and the line that counts what was left out may take of them.
pub(super) const RESERVE: usize = 1_024;
/// Characters of one text of a finding.
const LONGEST_TEXT: usize = 1_000;
/// Columns of what stands around a place of a source.
const COLUMNS: usize = 80;
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
                path: plain_path(report.path).into_owned(),
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
        code(&format!("{}:{line}", clipped(&plain_path(report.path)))),
        inert(&clipped(message)),
    );
    if let Some(arithmetic) = arithmetic {
        text.push_str(&format!("<br>{}", inert(&clipped(arithmetic))));
    }
    if let Some(repair) = &finding.repair {
        text.push_str(&format!("<br>🔧 {}", inert(&clipped(repair))));
    }
    for citation in report.sources.cited(finding) {
        let [before, words, after] = citation.window(COLUMNS);
        let place = code(&clipped(&citation.place()));
        text.push_str(&format!("<br>📄 {place} {}**{}**{}", inert(&before), inert(&words), inert(&after)));
    }
    text.push_str(" |\n");
    Row { severity: finding.severity, text }
}

/// A text that is not too long.
pub(super) fn clipped(text: &str) -> String {
    match text.char_indices().nth(LONGEST_TEXT) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_string(),
    }
}

/// The length as GitHub may count it.
pub(super) fn length(text: &str) -> usize {
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
    format!(
        "\n<details{}>\n<summary>{} – {}; {}</summary>\n\n| | Place | Finding |\n|---|---|---|\n",
        if file.errors > 0 { " open" } else { "" },
        inert(&clipped(&file.path)),
        counted(file.rows.len(), "finding"),
        coverage_sentence(&file.coverage),
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use pulldown_cmark::{Event, Options, Parser, Tag};

    use super::*;
    use crate::finding::{Audit, Confidence, Figure};
    use crate::report::visible::visible;
    use crate::source::Span;

    fn finding(severity: Severity, message: &str) -> Finding {
        Finding {
            rule: "numeric/share".into(),
            severity,
            confidence: Confidence::High,
            span: Span::new(0, 0),
            message: message.into(),
            arithmetic: None,
            repair: None,
            related: Vec::new(),
            in_sources: Vec::new(),
            fingerprint: "0123456789abcdef".into(),
            group: 0,
            suppressed: None,
        }
    }

    fn written(files: &[(&str, &str, Vec<Finding>)]) -> String {
        let mut out = Vec::new();
        let mut summary = Summary::default();
        let mut markdown = Markdown::new(&mut out);
        for (path, text, findings) in files {
            let figure = |checked| Figure { span: Span::new(0, 0), checked, grounded: None };
            let audit = Audit { findings: findings.clone(), figures: vec![figure(true), figure(false)] };
            summary.add(&audit);
            markdown.file(&FileReport::new(path, text, &audit)).unwrap();
        }
        markdown.finish(&summary).unwrap();
        String::from_utf8(out).unwrap()
    }

    /// What GitHub reads in a comment: its text, its tags, and whatever else acts.
    #[derive(Debug, Default)]
    struct Read {
        cells: Vec<String>,
        tags: Vec<String>,
        /// The text between two tags, code aside.
        runs: Vec<String>,
        acting: Vec<String>,
    }

    fn read(comment: &str) -> Read {
        let options = Options::ENABLE_TABLES
            | Options::ENABLE_STRIKETHROUGH
            | Options::ENABLE_FOOTNOTES
            | Options::ENABLE_TASKLISTS
            | Options::ENABLE_GFM;
        let mut read = Read::default();
        for event in Parser::new_ext(comment, options) {
            match &event {
                Event::Text(text) => match read.runs.last_mut() {
                    Some(run) => run.push_str(text),
                    None => read.runs.push(text.to_string()),
                },
                _ => read.runs.push(String::new()),
            }
            match event {
                Event::Start(Tag::TableCell) => read.cells.push(String::new()),
                Event::Text(text) | Event::Code(text) => {
                    if let Some(cell) = read.cells.last_mut() {
                        cell.push_str(&text);
                    }
                }
                Event::Html(html) | Event::InlineHtml(html) => {
                    let tags = html.split('<').skip(1).map(|tag| tag.split('>').next().unwrap().to_string());
                    read.tags.extend(tags);
                }
                Event::Start(
                    tag @ (Tag::Link { .. }
                    | Tag::Image { .. }
                    | Tag::CodeBlock(_)
                    | Tag::Heading { .. }
                    | Tag::List(_)
                    | Tag::BlockQuote(_)
                    | Tag::Strikethrough),
                ) => read.acting.push(format!("{tag:?}")),
                Event::FootnoteReference(_) | Event::TaskListMarker(_) | Event::Rule => {
                    read.acting.push(format!("{event:?}"));
                }
                _ => {}
            }
        }
        read
    }

    #[test]
    fn findings_stand_by_weight_in_a_table_for_each_file() {
        let mut share = finding(Severity::Error, "占比不符：1100亿 ÷ 1706亿 = 64.48%");
        share.arithmetic = Some("1100亿 ÷ 1706亿 = 64.48%".into());
        share.repair = Some("65% → 64.5%".into());
        share.span = Span::new(4, 4);
        let files = [
            ("a.md", "一\n二", vec![finding(Severity::Note, "a note"), share]),
            ("b.md", "", Vec::new()),
            ("c.md", "", vec![finding(Severity::Warning, "from $390 million to $610 million")]),
        ];
        insta::assert_snapshot!(written(&files));
        insta::assert_snapshot!(written(&[("b.md", "", Vec::new())]), @"**claimlint**: no findings in 1 file; 1 of 2 figures checked");
    }

    #[test]
    fn too_many_findings_are_cut_from_the_lightest_up() {
        let message = "一二三四五".repeat(60);
        let notes = vec![finding(Severity::Note, &message); 300];
        let errors = vec![finding(Severity::Error, "an error"); 40];
        let comment = written(&[("a.md", "", notes), ("b.md", "", errors)]);
        assert!(length(&comment) <= LIMIT && length(&comment) > LIMIT - 2 * RESERVE, "{}", length(&comment));
        assert_eq!(comment.matches("an error").count(), 40);
        let shown = comment.matches("ℹ️").count();
        let left_out = format!(
            "_{} more findings left out, for GitHub takes 65536 characters: {} notes._",
            300 - shown,
            300 - shown
        );
        assert!(comment.contains(&left_out), "{}", comment.lines().last().unwrap());
    }

    #[test]
    fn long_texts_and_many_files_fit() {
        let long = finding(Severity::Error, &"@|$<`".repeat(250_000));
        let path = "`|".repeat(100_000);
        let many: Vec<(&str, &str, Vec<Finding>)> =
            (0..300).map(|_| (path.as_str(), "", vec![long.clone()])).collect();
        let comment = written(&many);
        assert!(length(&comment) <= LIMIT, "{}", length(&comment));
        assert!(comment.contains("more findings left out"));
    }

    #[test]
    fn hostile_text_acts_nowhere() {
        let hostile = [
            "@octocat #12 GH-12 org/repo#3 me@example.org",
            "https://evil.example http://x.example www.evil.example ftp://x",
            "[a](javascript:alert(1)) ![x](https://evil.example/p.png) <https://evil.example>",
            "<script>alert(1)</script> <img src=x onerror=alert(1)> </details><!-- x -->",
            "| a | b \\| c \\\\| d `|` `` x ` y",
            "**b** _e_ ~~s~~ `c` $x^2$ $$y$$ :+1: :smile:",
            "=cmd() \u{202e}bidi \u{1b}[31m \u{0} &lt; &amp;lt; &#64;",
            "\n# heading\n- list\n> quote\n```\ncode\n---\n",
            "::error file=x::y %0A deadbeef1 deadbeefdeadbeefdeadbeefdeadbeefdeadbeef 1234567",
        ];
        for text in hostile {
            let mut any = finding(Severity::Error, text);
            any.rule = text.into();
            any.arithmetic = Some(format!("{text}="));
            any.repair = Some(text.into());
            let comment = written(&[(text, "", vec![any])]);
            check_inert(text, &comment);
        }
        let mut all = finding(Severity::Error, &hostile.join(" "));
        all.rule = "x`|y".into();
        insta::assert_snapshot!(written(&[("a`|@b.md", "", vec![all])]));
    }

    /// The comment shows the text and has no markup but its own.
    fn check_inert(text: &str, comment: &str) {
        let read = read(comment);
        assert!(read.acting.is_empty(), "{text}: {:?}\n{comment}", read.acting);
        let own = ["details", "details open", "summary", "br", "span"];
        for tag in &read.tags {
            assert!(own.contains(&tag.trim_start_matches('/')), "{text}: <{tag}>");
        }
        let cell = &read.cells[5];
        assert!(cell.starts_with(visible(text).trim()), "{text:?}: {cell:?}");
        assert_eq!(read.cells.len(), 6, "{text}: {:?}", read.cells);
        // What GitHub looks for in the text between two tags.
        for acting in ["@o", "#1", "GH-1", "://", "www.", ":+1:", ":smile:", "deadbee", "adbeefd"] {
            for shown in &read.runs {
                assert!(!shown.contains(acting), "{acting} in {shown}");
            }
        }
        assert!(comment.matches('$').count() == comment.matches("<span>$</span>").count() + in_code(comment));
    }

    /// Dollars inside code, where none begins a formula.
    fn in_code(comment: &str) -> usize {
        Parser::new_ext(comment, Options::ENABLE_TABLES)
            .map(|event| if let Event::Code(code) = event { code.matches('$').count() } else { 0 })
            .sum()
    }

    proptest! {
        #[test]
        fn any_text_is_shown_and_acts_nowhere(text in "([a-z亿@#:/.|`*_~$<>\\[\\]()!&;\\\\ -]|\\PC|\\pC){1,60}") {
            prop_assume!(!text.trim().is_empty() && visible(&text).trim() == visible(&text));
            let mut any = finding(Severity::Error, &text);
            any.rule = text.clone();
            let comment = written(&[(&text, "", vec![any])]);
            let read = read(&comment);
            prop_assert!(read.acting.is_empty(), "{:?}\n{}", read.acting, comment);
            prop_assert_eq!(read.cells.len(), 6);
            for line in comment.lines() {
                prop_assert_eq!(visible(line), line);
            }
            prop_assert_eq!(read.cells[5].clone(), visible(&text));
            prop_assert_eq!(read.cells[4].as_str(), format!("{}:1", visible(&plain_path(&text))));
        }
    }
}
