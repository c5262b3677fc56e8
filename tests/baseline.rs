//! Baselines: known findings stay known while a report is edited, new ones are told, the file is never spoilt.

mod command;

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::LazyLock;

use claimlint::check::{Engine, Locale};
use claimlint::finding::{Baseline, Comparison};
use claimlint::report::write_baseline;
use claimlint::rule::builtin_files;
use claimlint::source::DataFile;
use insta_cmd::get_cargo_bin;
use proptest::prelude::*;
use tempfile::TempDir;

use command::{folder, stderr, stdout};

static ENGINE: LazyLock<Engine> =
    LazyLock::new(|| Engine::new(&builtin_files()).unwrap_or_else(|faults| panic!("{faults:#?}")));

const FILE: &str = "claimlint-baseline.toml";

fn write(folder: &TempDir, path: &str, text: &str) {
    let path = folder.path().join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

fn read(folder: &TempDir, path: &str) -> String {
    fs::read_to_string(folder.path().join(path)).unwrap()
}

fn run(folder: &TempDir, arguments: &[&str]) -> Output {
    run_in(folder.path(), arguments)
}

fn run_in(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(get_cargo_bin("claimlint"));
    command.current_dir(folder).args(arguments).stdin(Stdio::null()).env_remove("SOURCE_DATE_EPOCH");
    command.output().unwrap()
}

/// The findings that count, each as `rule: message`.
fn live(folder: &TempDir, path: &str) -> Vec<String> {
    let output = run(folder, &["check", path, "--baseline", FILE, "--format", "jsonl"]);
    let answer: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let text = |finding: &serde_json::Value, key: &str| finding[key].as_str().unwrap().to_owned();
    let findings = answer["findings"].as_array().unwrap().iter();
    findings.map(|finding| format!("{}: {}", text(finding, "rule"), text(finding, "message"))).collect()
}

fn wrong(percent: u32) -> String {
    format!("本轮融资 1100 亿元，占去年风投总额 1706 亿元的 {percent}%。")
}

fn fixture(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name)).unwrap()
}

#[test]
fn known_findings_stay_known_while_a_report_is_edited_and_a_new_one_is_told() {
    for (name, inserted, from, to, section, injected, message) in [
        (
            "market.zh.md",
            "本节由编辑部补充，供参考。",
            "制约放量的因素没有消失。",
            "制约放量的因素仍旧存在。",
            "## ",
            "丙公司营收 163.5 亿元，净利润 74.2 亿元占营收 163.5 亿元的 55.4%。",
            "74.2 亿元",
        ),
        (
            "market.en.md",
            "This part was added by the editors.",
            "Capital is selective.",
            "Capital chooses.",
            "## ",
            "Net profit of $74.2 million is 55.4% of revenue of $163.5 million.",
            "$74.2 million",
        ),
    ] {
        let text = fixture(name);
        let folder = folder(&[("report.md", &text)]);
        let written = run(&folder, &["baseline", "report.md"]);
        assert_eq!(written.status.code(), Some(0), "{}", stderr(&written));
        assert!(
            read(&folder, FILE).lines().count() > 10,
            "{name}: a fixture with few findings proves little"
        );
        assert_eq!(live(&folder, "report.md"), [""; 0], "{name}");

        // A paragraph above all, another sentence in other words, the last section before the first.
        let (head, body) = text.split_at(text.find(section).unwrap());
        let last = body.rfind("\n## ").map(|at| at + 1).unwrap();
        let envelope_end = body[last..].find("\nContent:").map_or(body.len(), |at| last + at);
        let moved = format!(
            "{head}{inserted}\n\n{}\n\n{}{}",
            &body[last..envelope_end].trim_end(),
            &body[..last],
            &body[envelope_end..]
        );
        assert!(moved.contains(from), "{name}");
        let edited = moved.replace(from, to).replace("\r\n", "\n").replace('\n', "\r\n");
        write(&folder, "report.md", &edited);
        assert_eq!(live(&folder, "report.md"), [""; 0], "{name}: edited");

        let at = edited.find(inserted).unwrap();
        write(&folder, "report.md", &format!("{}{injected}\r\n\r\n{}", &edited[..at], &edited[at..]));
        let new = live(&folder, "report.md");
        assert!(new.len() == 1 && new[0].contains(message), "{name}: {new:?}");
        let status = run(&folder, &["check", "report.md", "--baseline", FILE]).status.code();
        assert_eq!(status, Some(1), "{name}");
    }
}

#[test]
fn a_figure_that_changes_is_a_new_finding_wherever_it_stands() {
    let text = "| 项目 | 说明 |\n|---|---|\n| 甲 | 本轮融资 1100 亿元，占去年风投总额 1706 亿元的 90% |\n| 乙 | 好 |\n";
    let folder = folder(&[("a.md", text)]);
    run(&folder, &["baseline", "a.md"]);
    write(&folder, "a.md", &text.replace("| 甲 |", "| 丙 | 无 |\n| 甲 |"));
    assert_eq!(live(&folder, "a.md"), [""; 0]);
    write(&folder, "a.md", &text.replace("90%", "91%"));
    assert_eq!(live(&folder, "a.md").len(), 1);
    write(&folder, "a.md", &text.replace("1100 亿元", "1000 亿元"));
    assert_eq!(live(&folder, "a.md").len(), 1);
}

#[test]
fn identical_findings_are_counted() {
    let text = |count: usize| format!("{}\n\n", wrong(90)).repeat(count);
    let folder = folder(&[("a.md", &text(2))]);
    run(&folder, &["baseline", "a.md"]);
    assert!(read(&folder, FILE).contains("count = 2"), "{}", read(&folder, FILE));
    assert_eq!(live(&folder, "a.md").len(), 0);
    write(&folder, "a.md", &text(3));
    assert_eq!(live(&folder, "a.md").len(), 1);
    write(&folder, "a.md", &text(1));
    assert_eq!(live(&folder, "a.md").len(), 0);
    let update = run(&folder, &["baseline", "a.md", "--update"]);
    assert_eq!(update.status.code(), Some(0));
    assert!(stdout(&update).starts_with("taken out: a.md: numeric/share: "), "{}", stdout(&update));
    assert!(read(&folder, FILE).contains("count = 1"));
    write(&folder, "a.md", &text(2));
    assert_eq!(live(&folder, "a.md").len(), 1);
}

#[test]
fn stale_entries_are_listed_for_the_reports_of_the_run() {
    let folder = folder(&[("a.md", &wrong(90)), ("b.md", &wrong(91))]);
    run(&folder, &["baseline", "."]);
    write(&folder, "a.md", "好。\n");
    write(&folder, "b.md", "好。\n");
    let check = run(&folder, &["check", "a.md", "--baseline", FILE]);
    assert_eq!(
        (check.status.code(), stdout(&check).as_str()),
        (Some(0), "no findings in 1 file; 0 of 0 figures checked\n")
    );
    let lines: Vec<String> = stderr(&check).lines().map(str::to_owned).collect();
    assert_eq!(lines.len(), 2, "{lines:#?}");
    assert!(
        lines[0].starts_with("claimlint: claimlint-baseline.toml: no longer found: a.md: numeric/share: ")
    );
    assert!(lines[1].contains("claimlint baseline --update"));
    assert_eq!(stderr(&run(&folder, &["check", "a.md", "--baseline", FILE, "--quiet"])), "");
    // Those of reports that were not looked at stay.
    run(&folder, &["baseline", "a.md", "--update"]);
    let left = read(&folder, FILE);
    assert!(!left.contains("a.md") && left.contains("b.md"), "{left}");
}

#[test]
fn an_update_takes_in_nothing_new_unless_told() {
    let folder = folder(&[("a.md", &format!("{}\n\n{}\n", wrong(90), wrong(91)))]);
    run(&folder, &["baseline", "a.md"]);
    write(&folder, "a.md", &format!("{}\n\n{}\n", wrong(91), wrong(92)));
    let update = run(&folder, &["baseline", "a.md", "--update"]);
    assert_eq!(update.status.code(), Some(1));
    let out = stdout(&update);
    assert!(out.contains("taken out: a.md: ") && out.contains("new, left out: a.md: "), "{out}");
    assert!(
        out.ends_with("claimlint-baseline.toml: 1 finding known; 1 taken out, 1 new left out\n"),
        "{out}"
    );
    assert!(stderr(&update).contains("--accept-new"));
    assert_eq!(live(&folder, "a.md").len(), 1);
    let accepted = run(&folder, &["baseline", "a.md", "--update", "--accept-new"]);
    assert_eq!(accepted.status.code(), Some(0));
    assert!(stdout(&accepted).contains("new, taken in: a.md: "), "{}", stdout(&accepted));
    assert_eq!(live(&folder, "a.md").len(), 0);
    let before = read(&folder, FILE);
    let again = run(&folder, &["baseline", "a.md", "--update"]);
    assert_eq!((again.status.code(), read(&folder, FILE)), (Some(0), before));
    assert_eq!(run(&folder, &["baseline", "a.md", "--accept-new"]).status.code(), Some(2));
}

#[test]
fn a_baseline_that_is_there_or_broken_is_never_overwritten() {
    let folder = folder(&[("a.md", &wrong(90))]);
    run(&folder, &["baseline", "a.md"]);
    let sound = read(&folder, FILE);
    let again = run(&folder, &["baseline", "a.md"]);
    assert_eq!((again.status.code(), read(&folder, FILE)), (Some(2), sound.clone()));
    assert!(stderr(&again).contains("is there already"), "{}", stderr(&again));
    let conflict = format!("<<<<<<< HEAD\n{sound}=======\n>>>>>>> main\n");
    for broken in
        [conflict.as_str(), "", "version = 1\n", "version = 2\nfindings = []\n", "\u{0}", "findings = 3"]
    {
        write(&folder, FILE, broken);
        for arguments in [["baseline", "a.md", "--update"].as_slice(), &["check", "a.md", "--baseline", FILE]]
        {
            let output = run(&folder, arguments);
            assert_eq!(output.status.code(), Some(2), "{broken:?}: {}", stderr(&output));
            assert!(stderr(&output).contains("the baseline is broken and was left as it is"));
            assert_eq!(read(&folder, FILE), broken);
        }
        let output = stderr(&run(&folder, &["check", "a.md", "--baseline", FILE]));
        assert!(
            output.contains("--> claimlint-baseline.toml:1:")
                || broken.is_empty()
                || broken == "version = 1\n",
            "{output}"
        );
    }
    fs::remove_file(folder.path().join(FILE)).unwrap();
    for arguments in [["baseline", "a.md", "--update"].as_slice(), &["check", "a.md", "--baseline", FILE]] {
        let output = run(&folder, arguments);
        assert_eq!(output.status.code(), Some(2));
        assert!(stderr(&output).contains("no such baseline"), "{}", stderr(&output));
    }
    let report = run(&folder, &["baseline", "a.md", "-o", "a.md"]);
    assert_eq!((report.status.code(), read(&folder, "a.md")), (Some(2), wrong(90)));
    write(&folder, FILE, &sound);
    let output = run(&folder, &["check", "a.md", "--baseline", FILE, "-o", "json=./claimlint-baseline.toml"]);
    assert_eq!((output.status.code(), read(&folder, FILE)), (Some(2), sound));
}

#[test]
fn nothing_is_written_when_a_report_cannot_be_read() {
    let folder = folder(&[("a.md", &wrong(90))]);
    let output = run(&folder, &["baseline", "a.md", "nowhere.md"]);
    assert_eq!(output.status.code(), Some(3));
    assert!(stderr(&output).contains("not written"), "{}", stderr(&output));
    assert!(!folder.path().join(FILE).exists());
}

#[test]
fn reports_go_by_their_place_beside_the_baseline() {
    let folder = folder(&[("reports/甲/a.md", &wrong(90)), ("ci/x", "")]);
    let status = run(&folder, &["baseline", "./reports", "-o", "ci/known.toml"]).status.code();
    assert_eq!(status, Some(0));
    assert!(read(&folder, "ci/known.toml").contains("path = \"../reports/甲/a.md\""));
    let below = folder.path().join("reports/甲");
    for (from, path, baseline) in [
        (folder.path(), "reports/甲/a.md".to_owned(), "ci/known.toml"),
        (&below, "a.md".to_owned(), "../../ci/known.toml"),
        (&below, below.join("a.md").to_string_lossy().into_owned(), "../../ci/./known.toml"),
    ] {
        let output = run_in(from, &["check", &path, "--baseline", baseline]);
        assert_eq!(output.status.code(), Some(0), "{path}: {}", stdout(&output));
    }
}

#[test]
fn a_report_under_a_new_name_keeps_its_entries() {
    let folder = folder(&[("old.md", &wrong(90)), ("other.md", "好。\n")]);
    run(&folder, &["baseline", "."]);
    fs::rename(folder.path().join("old.md"), folder.path().join("new.md")).unwrap();
    let check = run(&folder, &["check", ".", "--baseline", FILE]);
    assert_eq!((check.status.code(), stderr(&check).as_str()), (Some(0), ""), "{}", stdout(&check));
    let update = run(&folder, &["baseline", ".", "--update"]);
    assert_eq!(update.status.code(), Some(0), "{}", stdout(&update));
    assert!(stdout(&update).starts_with("under a new name: new.md: numeric/share: "), "{}", stdout(&update));
    let renamed = read(&folder, FILE);
    assert!(renamed.contains("path = \"new.md\"") && !renamed.contains("old.md"), "{renamed}");
    // A copy, the first still being there, is no new name.
    write(&folder, "copy.md", &wrong(90));
    assert_eq!(run(&folder, &["check", ".", "--baseline", FILE]).status.code(), Some(1));
    // A report that is no more leaves its entries stale.
    fs::remove_file(folder.path().join("new.md")).unwrap();
    fs::remove_file(folder.path().join("copy.md")).unwrap();
    assert!(stderr(&run(&folder, &["check", ".", "--baseline", FILE])).contains("no longer found: new.md"));
}

#[test]
fn a_batch_looks_its_ids_up_as_paths() {
    let folder = folder(&[("a.md", &wrong(90))]);
    run(&folder, &["baseline", "a.md"]);
    let line = |id: serde_json::Value| serde_json::json!({ "id": id, "text": wrong(90) }).to_string();
    write(
        &folder,
        "in.jsonl",
        &format!("{}\n{}\n{}\n", line("a.md".into()), line("b.md".into()), line(7.into())),
    );
    let output = stdout(&run(&folder, &["check", "--jsonl", "--baseline", FILE, "in.jsonl"]));
    let suppressed: Vec<bool> =
        output.lines().map(|line| line.contains("\"findings\":[],\"suppressed\":1")).collect();
    assert_eq!(suppressed, [true, false, false], "{output}");
}

#[test]
fn the_file_is_sorted_inert_and_an_entry_to_a_line() {
    let hostile = "b\u{202e}\u{1b}[31m\"\n].md";
    let folder = folder(&[
        ("c.md", &wrong(90)),
        ("a.md", &format!("{}\n\n{}", wrong(91), wrong(90))),
        (hostile, &wrong(90)),
    ]);
    run(&folder, &["baseline", "."]);
    let text = read(&folder, FILE);
    let entries: Vec<&str> = text.lines().filter(|line| line.starts_with("  { path = ")).collect();
    assert_eq!(entries.len(), 4, "{text}");
    assert!(entries.is_sorted() && entries.iter().all(|line| line.ends_with(" },")));
    assert!(text.chars().all(|c| c == '\n' || !c.is_control() && c != '\u{202e}'), "{text}");
    assert_eq!(run(&folder, &["check", ".", "--baseline", FILE]).status.code(), Some(0));
    let again = run(&folder, &["baseline", ".", "-o", "again.toml"]);
    assert_eq!((again.status.code(), read(&folder, "again.toml")), (Some(0), text));
}

/// Marks what a baseline of `known` knows of `text`; the messages of the known and of the new findings, sorted.
fn split(known: &str, text: &str) -> (Vec<String>, Vec<String>) {
    let check = |text: &str| ENGINE.check(&ENGINE.parse(text.to_owned(), None), Locale::Auto);
    let mut first = Comparison::new(Baseline::default(), |_| false);
    first.take("a.md", &mut check(known));
    let mut written = Vec::new();
    write_baseline(&mut written, &first.updated(|_| true, true)).unwrap();
    let file = DataFile { path: FILE.to_owned(), text: String::from_utf8(written).unwrap() };
    let mut comparison = Comparison::new(Baseline::read(&file).unwrap(), |_| false);
    let mut audit = check(text);
    comparison.take("a.md", &mut audit);
    let mut known: Vec<String> = audit.suppressed().map(|(finding, _)| finding.message.clone()).collect();
    let mut new: Vec<String> = audit.live().map(|finding| finding.message.clone()).collect();
    known.sort();
    new.sort();
    (known, new)
}

proptest! {
    #[test]
    fn the_order_of_paragraphs_does_not_matter(
        (before, after) in prop::collection::vec(80u32..86, 1..8)
            .prop_flat_map(|percents| (Just(percents.clone()), Just(percents).prop_shuffle())),
    ) {
        let text = |percents: &[u32]| percents.iter().map(|p| wrong(*p)).collect::<Vec<_>>().join("\n\n");
        let (known, new) = split(&text(&before), &text(&after));
        prop_assert_eq!(known.len(), before.len());
        prop_assert_eq!(new.len(), 0);
    }

    #[test]
    fn only_what_is_more_than_known_is_new(
        before in prop::collection::vec(80u32..84, 0..6),
        after in prop::collection::vec(80u32..84, 0..8),
    ) {
        let text = |percents: &[u32]| format!("好。\n\n{}", percents.iter().map(|p| wrong(*p)).collect::<Vec<_>>().join("\n\n"));
        let (known, new) = split(&text(&before), &text(&after));
        let count = |list: &[u32], percent| list.iter().filter(|p| **p == percent).count();
        let expected: usize = (80..84).map(|p| count(&after, p).saturating_sub(count(&before, p))).sum();
        prop_assert_eq!(new.len(), expected);
        prop_assert_eq!(known.len(), after.len() - expected);
    }
}
