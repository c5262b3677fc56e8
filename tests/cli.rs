//! The command as its users meet it: exit status, formats, inputs, hostile text.

mod command;

use std::fs;
use std::path::Path;
use std::process::Stdio;

use insta_cmd::assert_cmd_snapshot;

use command::{RIGHT, WRONG, claimlint, folder, run, stderr, stdout};

#[test]
fn nothing_found_is_status_0() {
    let folder = folder(&[("报告.md", RIGHT)]);
    assert_cmd_snapshot!(claimlint(&folder, &["check", "报告.md"]));
}

#[test]
fn an_error_is_status_1() {
    let folder = folder(&[("报告.md", WRONG)]);
    assert_cmd_snapshot!(claimlint(&folder, &["check", "报告.md"]));
}

#[test]
fn the_severity_that_fails_can_be_chosen() {
    let folder = folder(&[("a.md", WRONG)]);
    let status = |fail_on| run(&folder, &["check", "--fail-on", fail_on, "a.md"]).status.code();
    assert_eq!(status("never"), Some(0));
    assert_eq!(status("error"), Some(1));
    assert_eq!(status("warning"), Some(1));
    assert_eq!(status("note"), Some(1));
}

#[test]
fn json_is_one_object() {
    let folder = folder(&[("a.md", WRONG), ("b.md", RIGHT)]);
    let arguments = ["check", "--format", "json", "a.md", "b.md"];
    let value: serde_json::Value = serde_json::from_slice(&run(&folder, &arguments).stdout).unwrap();
    assert_eq!(value["version"], 1);
    assert_eq!(value["files"][0]["path"], "a.md");
    assert_eq!(value["files"][1]["findings"], serde_json::json!([]));
    assert_cmd_snapshot!(claimlint(&folder, &arguments));
}

#[test]
fn json_lines_are_one_object_for_each_file() {
    let folder = folder(&[("a.md", WRONG), ("b.md", RIGHT)]);
    assert_cmd_snapshot!(claimlint(&folder, &["check", "--format", "jsonl", "a.md", "b.md"]));
}

#[test]
fn findings_go_to_files_as_well() {
    let folder = folder(&[("a.md", WRONG)]);
    let output = run(&folder, &["check", "a.md", "-o", "json=out.json", "--output", "text=out.txt"]);
    let written = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
    assert_eq!(written("out.txt"), stdout(&output));
    assert_eq!(written("out.json"), stdout(&run(&folder, &["check", "a.md", "--format", "json"])));
}

#[test]
fn a_report_is_never_overwritten() {
    let folder = folder(&[("a.md", WRONG)]);
    assert_cmd_snapshot!(claimlint(&folder, &["check", "a.md", "-o", "json=./a.md"]));
    assert_eq!(fs::read_to_string(folder.path().join("a.md")).unwrap(), WRONG);
}

#[test]
fn an_output_that_cannot_be_written_is_status_2() {
    let folder = folder(&[("a.md", WRONG)]);
    assert_cmd_snapshot!(claimlint(&folder, &["check", "a.md", "-o", "json=missing/out.json"]));
}

#[test]
fn standard_input_is_read_with_and_without_a_dash() {
    let folder = folder(&[]);
    assert_cmd_snapshot!("stdin", claimlint(&folder, &["check", "-"]).pass_stdin(WRONG));
    assert_cmd_snapshot!("stdin_without_dash", claimlint(&folder, &["check"]).pass_stdin(WRONG));
}

#[test]
fn folders_are_searched_in_order() {
    let folder = folder(&[
        ("reports/b.md", RIGHT),
        ("reports/a.txt", WRONG),
        ("reports/深/c.markdown", WRONG),
        ("reports/d.html", WRONG),
        ("reports/skip.md", WRONG),
        (".gitignore", "skip.md\n"),
    ]);
    let output = run(&folder, &["check", "--format", "jsonl", "reports"]);
    let paths: Vec<String> = stdout(&output)
        .lines()
        .map(|line| {
            serde_json::from_str::<serde_json::Value>(line).unwrap()["id"].as_str().unwrap().to_string()
        })
        .collect();
    assert_eq!(paths, ["reports/a.txt", "reports/b.md", "reports/深/c.markdown"]);
}

#[test]
fn patterns_are_expanded() {
    let folder = folder(&[("r/a.md", RIGHT), ("r/b.md", RIGHT), ("r/x/c.md", RIGHT), ("r/d.txt", RIGHT)]);
    let files = |pattern| stdout(&run(&folder, &["check", "--format", "jsonl", pattern])).lines().count();
    assert_eq!(files("r/*.md"), 2);
    assert_eq!(files("r/**/*.md"), 3);
    assert_eq!(files("r/?.txt"), 1);
    assert_cmd_snapshot!(claimlint(&folder, &["check", "r/*.html"]));
}

#[test]
fn a_missing_path_is_told_and_the_others_are_checked() {
    let folder = folder(&[("a.md", WRONG)]);
    assert_cmd_snapshot!(claimlint(&folder, &["check", "没有.md", "a.md"]));
}

#[test]
fn a_folder_without_reports_is_status_3() {
    let folder = folder(&[("reports/a.html", WRONG)]);
    assert_cmd_snapshot!(claimlint(&folder, &["check", "reports"]));
}

#[test]
fn usage_errors_are_status_2() {
    let folder = folder(&[("a.md", RIGHT)]);
    assert_cmd_snapshot!("unknown_flag", claimlint(&folder, &["check", "--frobnicate", "a.md"]));
    assert_cmd_snapshot!("unknown_format", claimlint(&folder, &["check", "--format", "xml", "a.md"]));
    assert_cmd_snapshot!("bad_date", claimlint(&folder, &["check", "--date", "2026-02-30", "a.md"]));
    assert_cmd_snapshot!("bad_output", claimlint(&folder, &["check", "-o", "json", "a.md"]));
    assert_cmd_snapshot!("jsonl_with_format", claimlint(&folder, &["check", "--jsonl", "--format", "json"]));
    assert_eq!(run(&folder, &[]).status.code(), Some(2));
    assert_eq!(run(&folder, &["--help"]).status.code(), Some(0));
    assert_eq!(run(&folder, &["--version"]).status.code(), Some(0));
}

#[test]
fn a_broken_rule_folder_shows_every_fault() {
    let folder = folder(&[
        ("a.md", RIGHT),
        ("mine/numeric/甲.toml", "id = \"numeric/mine\"\nseverity = \"致命错误\" # 没有这一级\n"),
        ("mine/numeric/乙.toml", "id = \"numeric/other\"\n说明 = [1, 2\n"),
    ]);
    assert_cmd_snapshot!(claimlint(&folder, &["check", "--rules", "mine", "a.md"]));
}

#[test]
fn a_rule_folder_that_is_none_is_status_2() {
    let folder = folder(&[("a.md", RIGHT), ("empty/readme.md", "")]);
    assert_cmd_snapshot!("rules_missing", claimlint(&folder, &["check", "--rules", "没有", "a.md"]));
    assert_cmd_snapshot!("rules_empty", claimlint(&folder, &["check", "--rules", "empty", "a.md"]));
}

#[test]
fn a_batch_goes_on_after_a_bad_line() {
    let folder = folder(&[]);
    let wrong = serde_json::json!({"id": "a", "text": WRONG, "source": "…", "date": "2026-03-01", "more": 1});
    let right = serde_json::json!({"id": 7, "text": RIGHT});
    let input = format!("{wrong}\n{{\"id\": \"b\", \"text\": \n\n{{\"id\": \"c\"}}\n{right}");
    assert_cmd_snapshot!("batch_check", claimlint(&folder, &["check", "--jsonl"]).pass_stdin(input.clone()));
    assert_cmd_snapshot!(
        "batch_extract",
        claimlint(&folder, &["extract", "--jsonl"]).pass_stdin(input.clone())
    );
    let arguments = ["check", "--jsonl", "--fail-on", "error"];
    assert_cmd_snapshot!("batch_fail_on", claimlint(&folder, &arguments).pass_stdin(input));
}

#[test]
fn a_batch_can_come_from_files() {
    let line = serde_json::json!({"id": 1, "text": RIGHT}).to_string();
    let folder = folder(&[("a.jsonl", &line), ("b.jsonl", &line)]);
    let output = run(&folder, &["check", "--jsonl", "a.jsonl", "missing.jsonl", "b.jsonl"]);
    assert_eq!((stdout(&output).lines().count(), output.status.code()), (2, Some(3)));
    assert!(stderr(&output).starts_with("claimlint: missing.jsonl: cannot be read"), "{}", stderr(&output));
    let output = run(&folder, &["check", "--jsonl", "-"]);
    assert_eq!((stdout(&output).as_str(), output.status.code()), ("", Some(0)));
}

#[test]
fn what_is_read_is_shown() {
    let folder =
        folder(&[("a.md", &format!("# 融资\n\n{WRONG}\n## Outlook\n\nRevenue is about $5-8 million.\n"))]);
    assert_cmd_snapshot!("extract_text", claimlint(&folder, &["extract", "a.md"]));
    assert_cmd_snapshot!("extract_explain", claimlint(&folder, &["extract", "--explain", "a.md"]));
    assert_cmd_snapshot!("extract_json", claimlint(&folder, &["extract", "--format", "json", "a.md"]));
    assert_cmd_snapshot!("extract_jsonl", claimlint(&folder, &["extract", "--format", "jsonl", "a.md"]));
    assert_cmd_snapshot!("extract_missing", claimlint(&folder, &["extract", "b.md"]));
}

#[test]
fn colour_is_as_asked_for() {
    let folder = folder(&[("a.md", WRONG)]);
    let coloured = |arguments: &[&str], variable: Option<&str>| {
        let mut command = claimlint(&folder, arguments);
        if let Some(variable) = variable {
            command.env(variable, "1");
        }
        String::from_utf8(command.output().unwrap().stdout).unwrap().contains('\u{1b}')
    };
    assert!(!coloured(&["check", "a.md"], None));
    assert!(coloured(&["check", "a.md"], Some("CLICOLOR_FORCE")));
    assert!(!coloured(&["check", "a.md"], Some("NO_COLOR")));
    assert!(coloured(&["check", "--color", "always", "a.md"], Some("NO_COLOR")));
    assert!(!coloured(&["--color", "never", "check", "a.md"], Some("CLICOLOR_FORCE")));
}

#[test]
fn hostile_text_reaches_the_terminal_inert() {
    let hostile = WRONG.replace("占去年", "\u{1b}[31m\u{9b}2J\u{202e}占去年\u{7}");
    let name = if cfg!(unix) { "\u{1b}[31ma\u{202e}.md" } else { "a.md" };
    let folder = folder(&[(name, &hostile)]);
    let commands: [&[&str]; 7] = [
        &["check", "."],
        &["check", "--format", "json", "."],
        &["check", "--format", "jsonl", "."],
        &["extract", "--explain", "."],
        &["extract", "--format", "json", "."],
        &["check", "\u{1b}]0;x\u{7}.md"],
        &["check", "--\u{1b}[31m"],
    ];
    for arguments in commands {
        let output = run(&folder, arguments);
        let shown = stdout(&output) + &stderr(&output);
        let acts = |character: char| {
            (character.is_control() && character != '\n') || ('\u{202a}'..='\u{202e}').contains(&character)
        };
        assert!(!shown.is_empty() && !shown.contains(acts), "{arguments:?}: {shown:?}");
    }
}

#[test]
fn odd_files_are_read() {
    let folder = folder(&[("empty.md", "")]);
    let mut bytes = WRONG.as_bytes().to_vec();
    bytes.extend([0xff, 0xfe, b'\n']);
    fs::write(folder.path().join("damaged.md"), &bytes).unwrap();
    fs::write(folder.path().join("noise.txt"), [0x80, 0x81, 0x00, 0xff].repeat(50)).unwrap();
    for file in ["empty.md", "damaged.md", "noise.txt"] {
        let output = run(&folder, &["check", file]);
        assert!(matches!(output.status.code(), Some(0 | 1)), "{file}: {}", stderr(&output));
    }
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let folder = folder(&[("a.md", &WRONG.repeat(300))]);
    for arguments in [&["check", "a.md"][..], &["check", "--format", "json", "a.md"], &["extract", "a.md"]] {
        let mut child =
            claimlint(&folder, arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert!(matches!(output.status.code(), Some(0 | 1)), "{arguments:?}: {:?}", output.status);
        assert_eq!(stderr(&output), "", "{arguments:?}");
    }
}

#[test]
fn two_runs_write_the_same() {
    let folder = folder(&[("a.md", WRONG), ("b/c.md", WRONG), ("b/d.md", RIGHT)]);
    for format in ["text", "json", "jsonl"] {
        let arguments = ["check", "--format", format, "."];
        assert_eq!(run(&folder, &arguments).stdout, run(&folder, &arguments).stdout, "{format}");
    }
}

#[test]
fn rules_are_explained_in_both_languages() {
    let folder = folder(&[]);
    assert_cmd_snapshot!("explain_en", claimlint(&folder, &["explain", "numeric/share", "--lang", "en"]));
    assert_cmd_snapshot!("explain_zh", claimlint(&folder, &["explain", "numeric/share", "--lang", "zh"]));
    assert_cmd_snapshot!("explain_unknown", claimlint(&folder, &["explain", "numeric/shaer"]));
}

#[test]
fn completions_name_the_commands() {
    let folder = folder(&[]);
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = stdout(&run(&folder, &["completions", shell]));
        assert!(script.contains("claimlint") && script.contains("extract"), "{shell}: {script}");
    }
    assert_eq!(run(&folder, &["completions", "cmd"]).status.code(), Some(2));
}

#[test]
fn rules_are_listed() {
    let folder = folder(&[]);
    let list = stdout(&run(&folder, &["rules", "list"]));
    assert!(list.lines().any(|line| line.trim_start().starts_with("numeric/share ")), "{list}");
    assert_eq!(list, stdout(&run(&folder, &["rules"])));
}

#[test]
fn dumped_rules_stand_in_for_the_built_in_ones() {
    let folder = folder(&[("a.md", WRONG)]);
    let output = run(&folder, &["rules", "dump", "mine"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let plain = run(&folder, &["check", "--format", "json", "a.md"]);
    let mine = run(&folder, &["check", "--format", "json", "--rules", "mine", "a.md"]);
    assert_eq!(stdout(&plain), stdout(&mine), "{}", stderr(&mine));
    assert_eq!(run(&folder, &["rules", "dump", "mine"]).status.code(), Some(0));
    let rule = rule_file(folder.path().join("mine").as_path());
    let edited = fs::read_to_string(&rule).unwrap() + "\n# edited\n";
    fs::write(&rule, &edited).unwrap();
    let output = run(&folder, &["rules", "dump", "mine"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("is there already and differs"), "{}", stderr(&output));
    assert_eq!(fs::read_to_string(&rule).unwrap(), edited);
    assert_eq!(run(&folder, &["rules", "dump", "--force", "mine"]).status.code(), Some(0));
    assert_ne!(fs::read_to_string(&rule).unwrap(), edited);
}

#[test]
fn an_example_that_goes_wrong_is_status_1() {
    let folder = folder(&[]);
    assert_eq!(run(&folder, &["rules", "dump", "mine"]).status.code(), Some(0));
    let output = run(&folder, &["test", "mine"]);
    assert_eq!(output.status.code(), Some(0), "{}{}", stdout(&output), stderr(&output));
    let rule = rule_file(folder.path().join("mine").as_path());
    let text = fs::read_to_string(&rule).unwrap() + &format!("\n[[pass]]\ntext = \"{}\"\n", WRONG.trim());
    fs::write(&rule, text).unwrap();
    let output = run(&folder, &["test", "mine"]);
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    assert!(stdout(&output).contains("expected no finding"), "{}", stdout(&output));
}

/// The file of the rule `numeric/share` below a rules folder.
fn rule_file(folder: &Path) -> std::path::PathBuf {
    let mut folders = vec![folder.to_path_buf()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if fs::read_to_string(&path).unwrap().contains("\"numeric/share\"") {
                return path;
            }
        }
    }
    panic!("no file of numeric/share");
}
