//! Decisions: what was dismissed may stand, what was accepted counts, what is gone is told, a broken file stays.

mod command;

use std::fs;

use tempfile::TempDir;

use command::{folder, run, stderr, stdout};

const FILE: &str = "claimlint.decisions.toml";

fn write(folder: &TempDir, path: &str, text: &str) {
    let path = folder.path().join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// A finding in Chinese and one in English.
fn wrong(percent: u32) -> String {
    format!(
        "本轮融资 1100 亿元，占去年风投总额 1706 亿元的 {percent}%。\n\nNet profit of $74.2 million is 55.4% of revenue of $163.5 million.\n"
    )
}

/// The findings that count, each as its rule and fingerprint.
fn live(folder: &TempDir, arguments: &[&str]) -> Vec<(String, String)> {
    let output = run(folder, &[&["check", "--format", "jsonl"], arguments].concat());
    let mut all = Vec::new();
    for line in stdout(&output).lines() {
        let answer: serde_json::Value = serde_json::from_str(line).unwrap();
        for finding in answer["findings"].as_array().unwrap() {
            let text = |key: &str| finding[key].as_str().unwrap().to_owned();
            all.push((text("rule"), text("fingerprint")));
        }
    }
    all
}

fn entry(path: &str, (rule, fingerprint): &(String, String), verdict: &str) -> String {
    format!(
        "  {{ path = \"{path}\", rule = \"{rule}\", fingerprint = \"{fingerprint}\", verdict = \"{verdict}\", \
         reason = \"see note 3\", reviewer = \"Wei\", date = 2026-03-01, message = \"m\" }},\n"
    )
}

fn decisions(entries: &[String]) -> String {
    format!("version = 1\ndecisions = [\n{}]\n", entries.concat())
}

#[test]
fn what_was_dismissed_may_stand_and_what_was_accepted_counts() {
    let folder = folder(&[("r/a.md", &wrong(90))]);
    let found = live(&folder, &["r/a.md"]);
    assert_eq!(found.len(), 2, "{found:?}");
    let entries = [entry("a.md", &found[0], "dismissed"), entry("a.md", &found[1], "accepted")];
    write(&folder, &format!("r/{FILE}"), &decisions(&entries));
    assert_eq!(live(&folder, &["r/a.md"]), [found[1].clone()]);
    assert_eq!(live(&folder, &["r/a.md", "--no-decisions"]), found);
    let output = run(&folder, &["check", "r/a.md"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stdout(&output).ends_with("1 error in 1 file, 1 suppressed; 6 of 6 figures checked\n"));
    let json = run(&folder, &["check", "r/a.md", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    let suppressed = &json["files"][0]["suppressed"][0];
    assert_eq!(
        (suppressed["by"].as_str(), suppressed["reason"].as_str()),
        (Some("decision"), Some("see note 3"))
    );

    let all = [entry("a.md", &found[0], "dismissed"), entry("a.md", &found[1], "dismissed")];
    write(&folder, &format!("r/{FILE}"), &decisions(&all));
    assert_eq!(run(&folder, &["check", "r"]).status.code(), Some(0));
    // Another report with the same sentences is another matter.
    write(&folder, "r/b.md", &wrong(90));
    assert_eq!(live(&folder, &["r"]), found);
    // When the figure changes, it is another finding.
    write(&folder, "r/a.md", &wrong(91));
    assert_eq!(live(&folder, &["r/a.md"]).len(), 1);
}

#[test]
fn the_nearest_file_of_the_project_holds() {
    let folder = folder(&[("project/.git/x", ""), ("project/r/2026/a.md", &wrong(90))]);
    let found = live(&folder, &["project/r/2026/a.md"]);
    let all: Vec<String> = found.iter().map(|finding| entry("r/2026/a.md", finding, "dismissed")).collect();
    write(&folder, &format!("project/{FILE}"), &decisions(&all));
    assert_eq!(live(&folder, &["project"]), []);
    // A file above the project is not its own.
    write(&folder, "project/r/.git/x", "");
    assert_eq!(live(&folder, &["project"]), found);
    assert_eq!(live(&folder, &["project", "--decisions", &format!("project/{FILE}")]), []);
    write(&folder, &format!("project/r/{FILE}"), "version = 1\ndecisions = []\n");
    assert_eq!(live(&folder, &["project"]), found);
}

#[test]
fn decisions_whose_finding_is_gone_are_told() {
    let folder = folder(&[("a.md", &wrong(90)), ("b.md", &wrong(90)), ("c.md", &wrong(90))]);
    let found = live(&folder, &["a.md"]);
    let entries = ["a.md", "b.md", "c.md"].map(|path| entry(path, &found[0], "dismissed"));
    write(&folder, FILE, &decisions(&entries));
    assert_eq!(stderr(&run(&folder, &["check", "."])), "");
    write(&folder, "a.md", "Nothing.\n");
    fs::remove_file(folder.path().join("b.md")).unwrap();
    write(&folder, "c.md", "Not looked at.\n");
    let told = run(&folder, &["check", "a.md"]);
    assert_eq!(
        stderr(&told),
        "claimlint: claimlint.decisions.toml: the finding is gone: a.md: numeric/share: m (dismissed by Wei on 2026-03-01)\n\
         claimlint: claimlint.decisions.toml: the finding is gone: b.md: numeric/share: m (dismissed by Wei on 2026-03-01)\n\
         claimlint: claimlint.decisions.toml: `claimlint review --prune` takes out what is decided about gone findings\n"
    );
    assert_eq!(told.status.code(), Some(0));
    assert_eq!(stderr(&run(&folder, &["check", "a.md", "--quiet"])), "");
    // A rule that does not run says nothing of its findings.
    assert_eq!(stderr(&run(&folder, &["check", "a.md", "--ignore", "numeric/share"])), "");
}

#[test]
fn a_broken_file_is_refused_with_its_place() {
    let folder = folder(&[("a.md", &wrong(90))]);
    let found = live(&folder, &["a.md"]);
    let line = entry("a.md", &found[0], "dismissed").replace("reason = \"see note 3\", ", "");
    let broken = format!("{}<<<<<<< HEAD\n", decisions(std::slice::from_ref(&line)));
    for (text, place) in [(broken, ":5:"), (decisions(&[line]), ":3:")] {
        write(&folder, FILE, &text);
        let output = run(&folder, &["check", "a.md"]);
        assert_eq!((output.status.code(), stdout(&output).as_str()), (Some(2), ""));
        let said = stderr(&output);
        assert!(said.contains(&format!("{FILE}{place}")) && said.contains("left as they are"), "{said}");
        assert_eq!(fs::read_to_string(folder.path().join(FILE)).unwrap(), text);
    }
    let over = run(&folder, &["check", "a.md", "--no-decisions", "-o", &format!("json={FILE}")]);
    assert!(
        over.status.code() == Some(2) && stderr(&over).contains("would be overwritten"),
        "{}",
        stderr(&over)
    );
    let missing = run(&folder, &["check", "a.md", "--decisions", "no.toml"]);
    assert_eq!(missing.status.code(), Some(2));
    assert!(stderr(&missing).contains("no.toml: no such file of decisions"), "{}", stderr(&missing));
}

#[test]
fn a_baseline_leaves_out_what_is_dismissed_and_a_batch_asks_for_decisions() {
    let folder = folder(&[("a.md", &wrong(90))]);
    let found = live(&folder, &["a.md"]);
    write(&folder, FILE, &decisions(&[entry("a.md", &found[0], "dismissed")]));
    run(&folder, &["baseline", "a.md"]);
    let baseline = fs::read_to_string(folder.path().join("claimlint-baseline.toml")).unwrap();
    assert_eq!(baseline.matches("fingerprint = ").count(), 1, "{baseline}");
    let both = run(&folder, &["check", "a.md", "--baseline", "claimlint-baseline.toml"]);
    assert_eq!((both.status.code(), stderr(&both).as_str()), (Some(0), ""));

    let line = serde_json::json!({ "id": "a.md", "text": wrong(90) }).to_string();
    write(&folder, "batch.jsonl", &format!("{line}\n"));
    for (more, count) in [(&[][..], 2), (&["--decisions", FILE][..], 1)] {
        let output = run(&folder, &[&["check", "--jsonl", "batch.jsonl"], more].concat());
        assert_eq!(stdout(&output).matches("\"fingerprint\"").count(), count);
    }
}
