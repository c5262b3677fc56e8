//! The table of exit statuses in docs/cli.md, row by row; the rows of the action are in tests/distribution.rs.

mod command;

use std::fs;
use std::process::Stdio;

use command::{RIGHT, WRONG, claimlint, folder, run, stderr, stdout};
use tempfile::TempDir;

fn reports() -> TempDir {
    folder(&[("clean.md", RIGHT), ("wrong.md", WRONG), ("broken/numeric/x.toml", "id = 1\n")])
}

#[track_caller]
fn status(arguments: &[&str], expected: i32) {
    let output = run(&reports(), arguments);
    assert_eq!(output.status.code(), Some(expected), "{}{}", stdout(&output), stderr(&output));
}

#[test]
fn nothing_found() {
    status(&["check", "clean.md"], 0);
    status(&["check", "--fail-on", "note", "clean.md"], 0);
}

#[test]
fn findings_below_fail_on() {
    status(&["check", "--fail-on", "never", "wrong.md"], 0);
}

#[test]
fn findings() {
    status(&["check", "wrong.md"], 1);
    status(&["check", "clean.md", "wrong.md"], 1);
    status(&["check", "--quiet", "wrong.md"], 1);
}

#[test]
fn a_reader_that_goes_away() {
    let files: Vec<(String, String)> =
        (0..40).map(|at| (format!("reports/{at}.md"), WRONG.repeat(20))).collect();
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let folder = folder(&files);
    let closed = |arguments: &[&str]| {
        let mut command = claimlint(&folder, arguments);
        let mut child =
            command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert_eq!(stderr(&output), "", "{arguments:?}");
        output.status.code()
    };
    assert_eq!(closed(&["check", "reports"]), Some(0));
    assert_eq!(closed(&["extract", "reports"]), Some(0));
    assert_eq!(closed(&["rules"]), Some(0));
    assert_eq!(closed(&["man"]), Some(0));
    // Another output is written to its end, and the status tells of what was found.
    assert_eq!(closed(&["check", "reports", "-o", "jsonl=out.jsonl"]), Some(1));
    assert_eq!(fs::read_to_string(folder.path().join("out.jsonl")).unwrap().lines().count(), 40);
}

#[test]
fn an_example_that_is_not_as_its_file_says() {
    let folder = reports();
    let rule = fs::read_to_string(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/docs/examples/rules/purchase/order-total.toml"
    ))
    .unwrap();
    let copy = |from: &str| {
        let path = folder.path().join("mine").join(from);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::copy(format!("{}/docs/examples/rules/{from}", env!("CARGO_MANIFEST_DIR")), path).unwrap();
    };
    for file in ["lexicons/purchase.toml", "relations/order.toml", "purchase/order-total.toml"] {
        copy(file);
    }
    assert_eq!(run(&folder, &["test", "mine"]).status.code(), Some(0));
    let wrong = rule
        + "[[pass]]\ntext = \"The city ordered 1,200 buses, list price $350,000, invoiced at $520 million.\"\n";
    fs::write(folder.path().join("mine/purchase/order-total.toml"), wrong).unwrap();
    let output = run(&folder, &["test", "mine"]);
    assert_eq!(output.status.code(), Some(1), "{}", stdout(&output));
}

#[test]
fn usage() {
    for arguments in [
        &["check", "--fail-on", "maybe"][..],
        &["check", "--format", "maybe"],
        &["check", "--watch"],
        &["check", "--stdin-filename", "a.md", "clean.md"],
        &["explain", "numeric/nothing"],
        &["frobnicate"],
        &[],
    ] {
        status(arguments, 2);
    }
}

#[test]
fn broken_rules() {
    status(&["check", "--rules", "broken", "clean.md"], 2);
    status(&["check", "--rules", "nowhere", "clean.md"], 2);
    status(&["test", "broken"], 2);
    // Nothing is checked: the missing input outweighs nothing.
    status(&["check", "--rules", "broken", "nowhere.md", "wrong.md"], 2);
}

#[test]
fn an_output_that_cannot_be_written() {
    status(&["check", "-o", "json=missing/out.json", "clean.md"], 2);
    status(&["check", "-o", "json=clean.md", "clean.md"], 2);
    #[cfg(target_os = "linux")]
    status(&["check", "-o", "json=/dev/full", "wrong.md"], 2);
}

#[test]
fn an_input_that_is_missing() {
    status(&["check", "nowhere.md"], 3);
    status(&["check", "nowhere.md", "clean.md"], 3);
    status(&["extract", "nowhere.md"], 3);
    status(&["check", "--jsonl", "nowhere.jsonl"], 3);
    let output = run(&reports(), &["check", "nowhere.md", "clean.md"]);
    assert!(stdout(&output).contains("in 1 file"), "{}", stdout(&output));
}

#[test]
fn an_input_that_is_missing_outweighs_findings() {
    status(&["check", "nowhere.md", "wrong.md"], 3);
    status(&["check", "wrong.md", "nowhere.md"], 3);
}

#[test]
fn batches() {
    let document = serde_json::json!({"id": 1, "text": WRONG}).to_string();
    let folder = folder(&[("in.jsonl", &document), ("bad.jsonl", &format!("{document}\n{{\n"))]);
    let code = |arguments: &[&str]| run(&folder, &[&["check", "--jsonl"], arguments].concat()).status.code();
    assert_eq!(code(&["in.jsonl"]), Some(0));
    assert_eq!(code(&["bad.jsonl"]), Some(0));
    assert_eq!(code(&["--fail-on", "error", "in.jsonl"]), Some(1));
    assert_eq!(code(&["--fail-on", "error", "bad.jsonl"]), Some(3));
    assert_eq!(code(&["--fail-on", "never", "bad.jsonl"]), Some(0));
}

/// A fault of claimlint's own cannot be brought about from outside; the row is held by `cli::tests` and
/// `cli::pipeline::tests`. Here: what the table says of the other rows is what `--help` says.
#[test]
fn help_names_the_statuses() {
    let help = stdout(&run(&reports(), &["--help"]));
    for status in ["0 nothing", "1 findings", "2 usage", "3 input missing", "4 a fault"] {
        assert!(help.contains(status), "{status}: {help}");
    }
}
