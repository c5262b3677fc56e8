//! Comments that let findings stand: which block they are about, what is no such comment, what is wrong with one.

use std::fs;
use std::process::{Command, Output, Stdio};
use std::sync::LazyLock;
use std::time::Instant;

use claimlint::check::{CheckOptions, Engine, Locale};
use claimlint::finding::{Audit, Severity, SuppressedBy};
use claimlint::rule::builtin_files;
use insta_cmd::get_cargo_bin;
use proptest::prelude::*;
use tempfile::TempDir;

static ENGINE: LazyLock<Engine> =
    LazyLock::new(|| Engine::new(&builtin_files()).unwrap_or_else(|faults| panic!("{faults:#?}")));

const COMMENT: &str = "<!-- claimlint: ignore[numeric/share] reason=\"agreed\" -->";

/// A sentence whose share is wrong, told apart by its percentage.
fn wrong(percent: u32) -> String {
    format!("本轮融资 1100 亿元，占去年风投总额 1706 亿元的 {percent}%")
}

fn check(text: &str, options: impl Into<CheckOptions>) -> Audit {
    ENGINE.check(&ENGINE.parse(text.to_owned(), None), options)
}

/// The findings as `rule: message`, in order, those that stand in brackets.
fn found(text: &str) -> Vec<String> {
    let audit = check(text, Locale::English);
    let line = |finding: &claimlint::finding::Finding| {
        let share = finding.related.iter().find(|place| place.label == "share");
        let what =
            share.map_or(finding.message.clone(), |place| text[place.span.start..place.span.end].to_owned());
        let line = format!("{}: {what}", finding.rule.split('/').next_back().unwrap_or_default());
        if finding.suppressed.is_some() { format!("[{line}]") } else { line }
    };
    audit.findings.iter().map(line).collect()
}

const UNUSED: &str = "unused: nothing of numeric/share is found here to suppress";

#[test]
fn a_comment_is_about_the_next_block() {
    let (a, b) = (wrong(90), wrong(91));
    for (text, expected) in [
        // A paragraph, all of it, with and without an empty line between.
        (
            format!("{COMMENT}\n\n{a}。\n{b}。\n\n{a}。"),
            ["[share: 90%]", "[share: 91%]", "share: 90%"].as_slice(),
        ),
        (format!("{COMMENT}\n{a}。\n\n{b}。"), &["[share: 90%]", "share: 91%"]),
        // A heading, and not what stands under it.
        (format!("{COMMENT}\n\n## {a}\n\n{b}。"), &["[share: 90%]", "share: 91%"]),
        // A list, a quotation, a table: the whole.
        (format!("{COMMENT}\n\n- {a}\n- {b}\n\n{a}。"), &["[share: 90%]", "[share: 91%]", "share: 90%"]),
        (
            format!("{COMMENT}\n\n> {a}。\n>\n> {b}。\n\n{a}。"),
            &["[share: 90%]", "[share: 91%]", "share: 90%"],
        ),
        (
            format!("{COMMENT}\n\n| x | y |\n|---|---|\n| {a} | 1 |\n| {b} | 2 |\n\n{a}。"),
            &["[share: 90%]", "[share: 91%]", "share: 90%"],
        ),
        // Text behind it, on its own line or in its tag.
        (format!("{COMMENT} {a}。\n\n{b}。"), &["[share: 90%]", "share: 91%"]),
        (format!("<div>\n{COMMENT}\n{a}。\n</div>\n\n{b}。"), &["[share: 90%]", "share: 91%"]),
        (format!("<details>\n{COMMENT}\n\n{a}。\n\n</details>\n\n{b}。"), &["[share: 90%]", "share: 91%"]),
        // Past a tag without text, a rule and another comment.
        (
            format!("{COMMENT}\n\n<br>\n\n---\n\n<!-- note -->\n\n{a}。\n\n{b}。"),
            &["[share: 90%]", "share: 91%"],
        ),
    ] {
        assert_eq!(found(&text), expected, "{text}");
    }
}

#[test]
fn a_comment_inside_a_block_is_about_that_block() {
    let (a, b) = (wrong(90), wrong(91));
    for (text, expected) in [
        (format!("{a}。{COMMENT} {b}。\n\n{a}。"), ["[share: 90%]", "[share: 91%]", "share: 90%"].as_slice()),
        (format!("- {a} {COMMENT}\n- {b}\n"), &["[share: 90%]", "share: 91%"]),
        (format!("- {COMMENT}\n  {a}\n- {b}\n"), &["[share: 90%]", "share: 91%"]),
        (format!("- 甲\n\n  {COMMENT}\n\n  {a}\n\n  {b}\n"), &["[share: 90%]", "share: 91%"]),
        (format!("> {COMMENT}\n> {a}。\n>\n> {b}。\n"), &["[share: 90%]", "share: 91%"]),
        (format!("## {a} {COMMENT}\n\n{b}。"), &["[share: 90%]", "share: 91%"]),
        // In a table the row.
        (
            format!("| x | y |\n|---|---|\n| {a} | 1 {COMMENT} |\n| {b} | 2 |\n"),
            &["[share: 90%]", "share: 91%"],
        ),
    ] {
        assert_eq!(found(&text), expected, "{text}");
    }
}

#[test]
fn a_comment_at_the_end_of_a_container_is_about_nothing() {
    let a = wrong(90);
    for text in [
        format!("> 甲。\n>\n> {COMMENT}\n\n{a}。"),
        format!("- 甲\n\n  {COMMENT}\n\n{a}。"),
        format!("{COMMENT}\n\n好。\n\n{a}。"),
    ] {
        assert_eq!(found(&text), [UNUSED, "share: 90%"], "{text}");
    }
    assert_eq!(found(&format!("{a}。\n\n{COMMENT}\n")), ["share: 90%", UNUSED]);
}

#[test]
fn a_comment_over_the_whole_file_stands_at_its_top() {
    let (a, b) = (wrong(90), wrong(91));
    let file = COMMENT.replace("ignore[", "ignore-file[");
    for top in [
        "",
        "<!-- generated -->\n\n",
        "---\n\n",
        "---\ntitle: 甲\n---\n",
        "Title: 甲\nTimestamp: 2026-03-01T07:51:00\nDescription:\n",
    ] {
        let text = format!("{top}{file}\n\n# 甲\n\n{a}。\n\n- {b}\n");
        assert_eq!(found(&text), ["[share: 90%]", "[share: 91%]"], "{text}");
    }
    // The source that the report was made from belongs to the file.
    let text =
        format!("Title: 甲\nTimestamp: 2026-03-01\nDescription:\n{file}\n\n{a}。\n\nContent:\n{b}。\n");
    let suppressed: Vec<String> =
        found(&text).into_iter().filter(|finding| finding.starts_with('[')).collect();
    assert_eq!(suppressed, ["[share: 90%]", "[share: 91%]"]);
    for text in [
        format!("甲。\n\n{file}\n\n{a}。"),
        format!("# 甲\n\n{file}\n\n{a}。"),
        format!("> {file}\n\n{a}。"),
        format!("甲 {file}\n\n{a}。"),
    ] {
        let fault = "malformed: the suppression has no effect: ignore-file stands at the top, before any text of the report";
        assert_eq!(found(&text), [fault, "share: 90%"], "{text}");
    }
}

#[test]
fn only_a_comment_of_the_markdown_is_one() {
    let a = wrong(90);
    for text in [
        format!("`{COMMENT}` {a}。"),
        format!("```\n{COMMENT}\n```\n\n{a}。"),
        format!("~~~html\n{COMMENT}\n~~~\n\n{a}。"),
        format!("    {COMMENT}\n\n{a}。"),
        format!("```mermaid\ngraph TD\n    {COMMENT}\n    A[\"甲\"] --> B[\"乙\"]\n```\n\n{a}。"),
        format!("\\{COMMENT}\n{a}。"),
        format!("&lt;!-- claimlint: ignore[numeric/share] reason=\"x\" --&gt;\n{a}。"),
        format!("claimlint: ignore[numeric/share] reason=\"x\"\n\n{a}。"),
        format!("<!-- {COMMENT}\n\n{a}。"),
        format!("<script>\nlet x = '{COMMENT}';\n</script>\n\n{a}。"),
        format!("<div>\n<style>{COMMENT}</style>\n</div>\n\n{a}。"),
        format!("<textarea>\n{COMMENT}\n</textarea>\n\n{a}。"),
        format!("<a title='{COMMENT}'>甲</a>\n\n{a}。"),
        format!("[甲](https://a.example '{COMMENT}')\n\n{a}。"),
        format!("![{COMMENT}](a.png)\n\n{a}。").replace("ignore[", "ignore("),
        format!("<![CDATA[ {COMMENT} ]]>\n\n{a}。"),
        format!("Title: {COMMENT}\nTimestamp: 2026-03-01T07:51:00\nDescription:\n{a}。"),
        format!("---\ntitle: {COMMENT}\n# {COMMENT}\n---\n{a}。"),
    ] {
        let found = found(&text);
        assert!(found.contains(&"share: 90%".to_owned()), "{found:?}: {text}");
    }
    // Nothing that a transcript says counts.
    let text =
        format!("Title: 甲\nTimestamp: 2026-03-01\nDescription:\n好。\n\nContent:\n{COMMENT}\n\n{a}。\n");
    assert_eq!(found(&text), ["share: 90%"]);
}

#[test]
fn a_comment_does_not_reach_past_a_fence_that_never_closes() {
    let a = wrong(90);
    let text = format!("{COMMENT}\n\n```mermaid\ngraph TD\nA[\"甲\"] --> B\n\n## 结论\n\n{a}。");
    assert!(found(&text).contains(&"share: 90%".to_owned()), "{:?}", found(&text));
}

#[test]
fn what_a_comment_hides_from_the_reader_only_it_hides_from_the_check() {
    let (a, b) = (wrong(90), wrong(91));
    assert_eq!(found(&format!("<!-- {a}。 -->\n\n<!-- x --> {b}。")), ["share: 91%"]);
}

#[test]
fn a_broken_comment_suppresses_nothing_and_is_found() {
    let a = wrong(90);
    for (comment, rule) in [
        ("claimlint: ignore[numeric/share]", "suppression/without-reason"),
        ("claimlint: ignore[numeric/share] reason=\"\"", "suppression/without-reason"),
        ("claimlint: ignore[numeric/share] reason=\"　\"", "suppression/without-reason"),
        ("claimlint: ignore[numeric/share] reason=\"x\" until=2026-11-25", "suppression/expired"),
        ("claimlint: ignore[numeric/share] reason=\"x\" until=2026-11", "suppression/malformed"),
        ("claimlint: ignore[numeric/share] reason=x", "suppression/malformed"),
        ("claimlint: ignore[*] reason=\"x\"", "suppression/malformed"),
        ("claimlint: ignore numeric/share", "suppression/malformed"),
        ("claimlint: off", "suppression/malformed"),
        ("claimlint: ignore[numeric/share, suppression/unused] reason=\"x\"", "suppression/malformed"),
        ("claimlint: ignore[suppression/*] reason=\"x\"", "suppression/malformed"),
        ("claimlint: ignore[numeric/shares] reason=\"x\"", "suppression/unknown-rule"),
        ("claimlint: ignore[numbers/*] reason=\"x\"", "suppression/unknown-rule"),
        ("claimlint: ignore[numeric/sum] reason=\"x\"", "suppression/unused"),
        ("claimlint: ignore[wording/*] reason=\"x\"", "suppression/unused"),
    ] {
        let text = format!("<!-- {comment} -->\n\n{a}。");
        let today = "2026-11-26".parse().ok();
        let audit = check(&text, CheckOptions { today, ..CheckOptions::default() });
        let rules: Vec<&str> = audit.live().map(|finding| finding.rule.as_str()).collect();
        assert_eq!(rules, [rule, "numeric/share"], "{comment}");
        assert_eq!(audit.findings[0].severity, Severity::Warning);
    }
}

#[test]
fn several_faults_of_one_comment_are_each_told() {
    let text = format!(
        "<!-- claimlint: ignore[numeric/shar, numeric/share, numeric/sum] reason=\"x\" -->\n\n{}",
        wrong(90)
    );
    assert_eq!(
        found(&text),
        [
            "unknown-rule: there is no such rule or group: numeric/shar (did you mean numeric/share?)",
            "unused: nothing of numeric/sum is found here to suppress",
            "[share: 90%]",
        ]
    );
}

#[test]
fn the_smallest_part_counts_and_the_first_of_two_that_say_the_same() {
    let a = wrong(90);
    let twice = format!("{COMMENT}\n{}\n\n{a}。", COMMENT.replace("agreed", "again"));
    assert_eq!(found(&twice), [UNUSED, "[share: 90%]"]);
    let nested = format!("{COMMENT}\n\n> {}\n> {a}。", COMMENT.replace("agreed", "inner"));
    let audit = check(&nested, Locale::English);
    let reasons: Vec<_> = audit.suppressed().map(|(_, suppression)| suppression.reason.as_deref()).collect();
    assert_eq!(reasons, [Some("inner")]);
    assert_eq!(found(&nested), [UNUSED, "[share: 90%]"]);
}

#[test]
fn reasons_in_any_marks_and_languages() {
    for (written, read) in [
        ("\"口径不同。见附注，第 3 条；\"", "口径不同。见附注，第 3 条；"),
        ("“口径不同”", "口径不同"),
        ("「原文如此」", "原文如此"),
        ("'it''s'", ""),
        ("\"the “whole” isn't the same\"", "the “whole” isn't the same"),
        ("\"a \\\"b\\\"\"", "a \"b\""),
        ("\"two\nlines\"", "two\nlines"),
    ] {
        let text = format!("<!-- claimlint: ignore[numeric/share] reason={written} -->\n\n{}", wrong(90));
        let audit = check(&text, Locale::Auto);
        let reason = audit.suppressed().next().and_then(|(_, suppression)| {
            assert_eq!(suppression.by, SuppressedBy::Comment);
            suppression.reason.clone()
        });
        assert_eq!(reason.unwrap_or_default(), read, "{written}");
    }
}

#[test]
fn a_rule_that_did_not_run_leaves_no_comment_unused() {
    let off = "default = \"off\"\n";
    let files: Vec<_> = builtin_files()
        .into_iter()
        .map(|mut file| {
            if file.path == "numeric/share.toml" {
                file.text.insert_str(0, off);
            }
            file
        })
        .collect();
    let engine = Engine::new(&files).unwrap_or_else(|faults| panic!("{faults:#?}"));
    for comment in [COMMENT.to_owned(), COMMENT.replace("numeric/share", "numeric/*")] {
        let audit = engine.check(&engine.parse(format!("{comment}\n\n好。"), None), Locale::Auto);
        assert_eq!(audit.findings, [], "{comment}");
    }
}

#[test]
fn fingerprints_and_coverage_do_not_depend_on_suppression() {
    let text = format!("{COMMENT}\n\n{0}。\n\n{0}。", wrong(90));
    let with = check(&text, Locale::Auto);
    let without = check(&text, CheckOptions { suppressions: false, ..CheckOptions::default() });
    let fingerprints = |audit: &Audit| -> Vec<String> {
        audit.findings.iter().map(|finding| finding.fingerprint.clone()).collect()
    };
    assert_eq!(fingerprints(&with), fingerprints(&without));
    assert_eq!((with.coverage(), with.live().count()), (without.coverage(), 1));
    assert_eq!(without.live().count(), 2);
}

#[test]
fn many_comments_take_linear_time() {
    let many =
        |count: usize, comment: &str| format!("{}{}。", format!("{comment}\n").repeat(count), wrong(90));
    let time = |text: String| {
        let start = Instant::now();
        check(&text, Locale::Auto);
        start.elapsed().as_secs_f64()
    };
    for comment in [
        COMMENT,
        "<!-- claimlint: ignore[numeric/shar] reason=\"x\" -->",
        "<!-- claimlint: ignore[ -->",
        "<!-- claimlint: ignore-file[numeric/*] reason=\"x\" -->",
        "> <!-- claimlint: ignore[numeric/share] reason=\"x\" -->\n",
        "- x <!-- claimlint: ignore[numeric/share] reason=\"x\" -->",
        "<!-- claimlint: <!--",
    ] {
        let (small, large) = (time(many(1_000, comment)).max(0.02), time(many(20_000, comment)));
        assert!(large < small * 20.0 * 6.0, "{comment}: {small} s, then {large} s");
    }
    // As many rules in one comment.
    for rule in ["numeric/sum,", "x/y,"] {
        let text = |count| {
            format!("<!-- claimlint: ignore[{}] reason=\"x\" -->\n{}。", rule.repeat(count), wrong(90))
        };
        let (small, large) = (time(text(1_000)).max(0.02), time(text(20_000)));
        assert!(large < small * 20.0 * 6.0, "{rule}: {small} s, then {large} s");
    }
}

proptest! {
    #[test]
    fn nothing_panics_and_every_place_is_right(
        pieces in prop::collection::vec(prop::sample::select(vec![
            "<!--", "-->", " claimlint:", "ignore[", "numeric/share", "numeric/*", "]", " reason=\"", "\"", "“", "”",
            " until=2027-01-01", "ignore-file[", ",", "\n", "\n\n", "> ", "- ", "| a | b |\n|---|---|\n", "`", "```\n",
            "<div>", "</div>", "<script>", "</script>", "甲", "\\", "claimlint：", "*", "口径。", "\u{202e}", "--!>",
        ]), 0..60),
    ) {
        let text = pieces.concat();
        let document = ENGINE.parse(text.clone(), None);
        for directive in &document.directives {
            prop_assert!(text[directive.span.start..].starts_with("<!--"));
            if let Some(target) = directive.target {
                prop_assert!(text.get(target.start..target.end).is_some());
            }
            if let Ok(ignore) = &directive.ignore {
                for (rule, span) in &ignore.rules {
                    prop_assert_eq!(&text[span.start..span.end], rule);
                }
            }
        }
        ENGINE.check(&document, Locale::Auto);
    }

    #[test]
    fn a_comment_changes_nothing_but_what_it_suppresses(
        percents in prop::collection::vec(80u32..99, 1..6),
        at in 0usize..6,
    ) {
        let paragraphs: Vec<String> = percents.iter().map(|percent| format!("{}。", wrong(*percent))).collect();
        let at = at % paragraphs.len();
        let mut with = paragraphs.clone();
        with.insert(at, COMMENT.to_owned());
        let lines = |audit: &Audit| -> Vec<(String, bool)> {
            audit.findings.iter().map(|f| (f.message.clone(), f.suppressed.is_some())).collect()
        };
        let mut expected = lines(&check(&paragraphs.join("\n\n"), Locale::Auto));
        expected[at].1 = true;
        prop_assert_eq!(lines(&check(&with.join("\n\n"), Locale::Auto)), expected);
    }
}

fn folder(text: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.md"), text).unwrap();
    folder
}

fn run(folder: &TempDir, arguments: &[&str], epoch: Option<&str>) -> Output {
    let mut command = Command::new(get_cargo_bin("claimlint"));
    command.current_dir(folder.path()).args(arguments).stdin(Stdio::null()).env_remove("SOURCE_DATE_EPOCH");
    command.envs(epoch.map(|epoch| ("SOURCE_DATE_EPOCH", epoch)));
    command.output().unwrap()
}

fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn the_summary_counts_what_is_suppressed_and_a_flag_ignores_comments() {
    let folder = folder(&format!("{COMMENT}\n\n{}。\n", wrong(90)));
    let with = run(&folder, &["check", "a.md"], None);
    assert_eq!(
        (with.status.code(), stdout(&with).as_str()),
        (Some(0), "no findings in 1 file, 1 suppressed; 3 of 3 figures checked\n")
    );
    let without = run(&folder, &["check", "--no-suppressions", "a.md"], None);
    assert_eq!(without.status.code(), Some(1));
    assert!(stdout(&without).contains("error[numeric/share]"));
    fs::write(folder.path().join("claimlint.toml"), "suppressions = false\n").unwrap();
    assert_eq!(run(&folder, &["check", "a.md"], None).status.code(), Some(1));
    let lines = run(&folder, &["check", "--isolated", "--format", "jsonl", "a.md"], None);
    assert!(stdout(&lines).contains("\"findings\":[],\"suppressed\":1,"), "{}", stdout(&lines));
}

#[test]
fn the_day_can_be_given() {
    let folder = folder(&format!(
        "<!-- claimlint: ignore[numeric/share] reason=\"x\" until=2026-12-31 -->\n\n{}。\n",
        wrong(90)
    ));
    let status = |arguments: &[&str], epoch| {
        run(&folder, &[&["check", "a.md"], arguments].concat(), epoch).status.code()
    };
    assert_eq!(status(&["--today", "2026-12-31"], None), Some(0));
    assert_eq!(status(&["--today", "2027-01-01"], None), Some(1));
    assert_eq!(status(&[], Some("1798761599")), Some(0));
    assert_eq!(status(&[], Some("1798761600")), Some(1));
    assert_eq!(status(&["--today", "2026-12-31"], Some("1798761600")), Some(0));
    let broken = run(&folder, &["check", "a.md"], Some("soon"));
    assert_eq!(broken.status.code(), Some(2));
    assert_eq!(
        String::from_utf8_lossy(&broken.stderr),
        "claimlint: SOURCE_DATE_EPOCH=soon: not a number of seconds since 1970; correct it, unset it, or give --today\n"
    );
}

#[test]
fn a_batch_heeds_comments_too() {
    let folder = folder("");
    let request = serde_json::json!({ "id": "x", "text": format!("{COMMENT}\n\n{}。", wrong(90)) });
    fs::write(folder.path().join("in.jsonl"), format!("{request}\n")).unwrap();
    let with = run(&folder, &["check", "--jsonl", "in.jsonl"], None);
    assert!(
        stdout(&with).starts_with("{\"id\":\"x\",\"findings\":[],\"suppressed\":1,"),
        "{}",
        stdout(&with)
    );
    let without = run(&folder, &["check", "--jsonl", "--no-suppressions", "in.jsonl"], None);
    assert!(stdout(&without).contains("\"rule\":\"numeric/share\""), "{}", stdout(&without));
}
