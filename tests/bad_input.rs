//! Input that no report should be: the right exit status, a finding or a message, no panic, nothing raw on a terminal.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use insta_cmd::get_cargo_bin;
use serde_json::Value;
use tempfile::TempDir;

const WRONG: &str = "本轮融资 1100 亿元，占去年风投总额 1706 亿元的 90%。\n";

fn hostile(name: &str) -> String {
    let path: PathBuf = [env!("CARGO_MANIFEST_DIR"), "fixtures", "hostile", name].iter().collect();
    path.to_string_lossy().into_owned()
}

fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

fn run(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(get_cargo_bin("claimlint"))
        .current_dir(folder)
        .args(arguments)
        .env_remove("CLICOLOR_FORCE")
        .env("RUST_BACKTRACE", "0")
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// What `check --format json` says of one file, after making sure that nothing went wrong on the way.
fn findings(path: &str) -> Vec<Value> {
    let output = run(Path::new("."), &["check", "--format", "json", path]);
    assert!(matches!(output.status.code(), Some(0 | 1)), "{path}: {:?} {}", output.status, stderr(&output));
    assert_eq!(stderr(&output), "", "{path}");
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let findings = report["files"][0]["findings"].as_array().unwrap().clone();
    let errors = findings.iter().any(|finding| finding["severity"] == "error");
    assert_eq!(output.status.code(), Some(i32::from(errors)), "{path}");
    findings
}

fn rules(findings: &[Value]) -> Vec<&str> {
    findings.iter().map(|finding| finding["rule"].as_str().unwrap()).collect()
}

/// Writes a text, checks and extracts it, and gives the rules that found something.
fn audited(text: &str, limit: Duration) -> Vec<String> {
    let folder = folder();
    let path = folder.path().join("a.md");
    fs::write(&path, text).unwrap();
    let path = path.to_string_lossy();
    let start = Instant::now();
    let found = findings(&path);
    let output = run(folder.path(), &["extract", "--explain", "--format", "jsonl", &path]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(start.elapsed() < limit, "{:?}", start.elapsed());
    rules(&found).into_iter().map(str::to_owned).collect()
}

#[test]
fn paths_that_cannot_be_read_are_status_3() {
    let folder = folder();
    fs::create_dir(folder.path().join("reports.md")).unwrap();
    fs::write(folder.path().join("reports.md/picture.png"), [0x89, b'P']).unwrap();
    fs::write(folder.path().join("good.md"), WRONG).unwrap();
    for (path, says) in [
        ("没有.md", "no such file"),
        ("good.md/inside.md", "no such file"),
        ("reports.md", "no .md, .markdown or .txt file in this folder"),
        ("reports.md/*.md", "matches no file"),
        ("[", "pattern"),
    ] {
        for command in ["check", "extract"] {
            let output = run(folder.path(), &[command, path]);
            let said = stderr(&output);
            assert_eq!(output.status.code(), Some(3), "{command} {path}: {said}");
            assert!(said.starts_with("claimlint: ") && said.contains(path) && said.contains(says), "{said}");
            assert_eq!(output.stdout, b"", "{command} {path}");
        }
    }
    // What can be read is checked all the same, and the missing file weighs more than the findings.
    let output = run(folder.path(), &["check", "--format", "jsonl", "没有.md", "good.md"]);
    assert_eq!(output.status.code(), Some(3));
    assert!(String::from_utf8(output.stdout).unwrap().contains("numeric/share"));
}

#[cfg(target_os = "linux")]
#[test]
fn an_unreadable_file_is_status_3() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = folder();
    // Opens, but cannot be read, whoever runs the test.
    symlink("/proc/self/mem", folder.path().join("mem.md")).unwrap();
    symlink("gone.md", folder.path().join("dead.md")).unwrap();
    symlink("loop.md", folder.path().join("loop.md")).unwrap();
    for path in ["mem.md", "dead.md", "loop.md"] {
        let output = run(folder.path(), &["check", path]);
        let said = stderr(&output);
        assert_eq!(output.status.code(), Some(3), "{path}: {said}");
        assert!(said.starts_with("claimlint: ") && said.contains(path), "{said}");
    }
    let path = folder.path().join("locked.md");
    fs::write(&path, WRONG).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o000)).unwrap();
    if fs::read(&path).is_err() {
        let output = run(folder.path(), &["check", "locked.md"]);
        assert_eq!(output.status.code(), Some(3));
        assert!(stderr(&output).contains("no permission"), "{}", stderr(&output));
    }
}

#[test]
fn an_empty_file_is_said_to_be_empty() {
    let found = findings(&hostile("empty.md"));
    assert_eq!(rules(&found), ["structure/empty-report"]);
    for blank in ["\u{feff}", "\n\n \t\r\n", "---\n---\n"] {
        audited(blank, Duration::from_secs(20));
    }
}

#[test]
fn bytes_that_are_no_text_are_a_finding() {
    let found = findings(&hostile("invalid-utf8.md"));
    assert!(rules(&found).contains(&"structure/invalid-encoding"), "{found:#?}");
}

#[test]
fn other_encodings_are_read_right() {
    for (name, words) in [("gb18030.md", "亿"), ("utf16le.md", "亿")] {
        let path = hostile(name);
        let found = findings(&path);
        assert_eq!(rules(&found), [""; 0], "{name}: {found:#?}");
        let output = run(Path::new("."), &["extract", &path]);
        let shown = String::from_utf8(output.stdout).unwrap();
        assert!(shown.contains(words) && !shown.contains('\u{fffd}'), "{name}: {shown}");
    }
    // The same faulty sentence is found in every encoding, at the same place.
    let (gb18030, _, _) = encoding_rs::GB18030.encode(WRONG);
    let little: Vec<u8> =
        "\u{feff}".encode_utf16().chain(WRONG.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> =
        "\u{feff}".encode_utf16().chain(WRONG.encode_utf16()).flat_map(u16::to_be_bytes).collect();
    let folder = folder();
    let found = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        findings(&path.to_string_lossy())
    };
    let plain = found("utf8.md", WRONG.as_bytes());
    assert_eq!(rules(&plain), ["numeric/share"]);
    for (name, bytes) in
        [("gb.md", gb18030.as_ref()), ("le.md", little.as_slice()), ("be.md", big.as_slice())]
    {
        assert_eq!(found(name, bytes), plain, "{name}");
    }
}

#[test]
fn one_line_of_5_mb_is_checked() {
    let figures =
        "收入 30 亿元，占总收入 100 亿元的 30%，in 2025 revenue rose from $10 to $12 million, up 20%，";
    let piece = "公司说这条路还很长，客户在等，供应商也在等，and nobody knows how long it takes, ".repeat(5)
        + figures;
    let text = piece.repeat(5_000_000 / piece.len()) + WRONG;
    let folder = folder();
    let path = folder.path().join("a.md");
    fs::write(&path, text).unwrap();
    let found = findings(&path.to_string_lossy());
    assert!(rules(&found).contains(&"numeric/share"), "{found:#?}");
}

#[test]
fn lists_10_000_levels_deep_are_checked() {
    let wide: String =
        (0..10_000).map(|level| format!("{}- 第 {level} 层\n", " ".repeat(level % 200 * 2))).collect();
    let deep = "- ".repeat(10_000) + WRONG;
    let quotes = "> ".repeat(10_000) + WRONG;
    let brackets = "[".repeat(10_000) + WRONG.trim() + &"]".repeat(10_000);
    let emphasis = "**_".repeat(10_000) + WRONG;
    for text in [wide, deep, quotes, brackets, emphasis] {
        audited(&text, Duration::from_secs(60));
    }
    let stairs: String = (0..1_000).map(|level| format!("{}- 第 {level} 层\n", "  ".repeat(level))).collect();
    audited(&(stairs + "\n" + WRONG), Duration::from_secs(60));
}

#[test]
fn ragged_tables_are_read_as_they_are() {
    // No header there has as many cells as its rule, so that nothing is a table; and all its sums are right.
    let found = findings(&hostile("ragged-table.md"));
    assert!(found.iter().all(|finding| finding["severity"] == "note"), "{found:#?}");
    let ragged =
        "| 年份 | 营收 |\n|---|---|\n| 2023 | 12 亿元 |\n| 2024 |\n| 2025 | 1 亿元 | 2 亿元 | 3 |\n\n完。\n";
    let found = audited(ragged, Duration::from_secs(20));
    assert_eq!(found, ["structure/ragged-row", "structure/ragged-row"]);
    let wide =
        format!("|{}\n|{}\n|{}\n", " a |".repeat(20_000), "---|".repeat(20_000), " 1 亿 |".repeat(30_000));
    audited(&wide, Duration::from_secs(120));
}

#[test]
fn mermaid_garbage_raises_no_false_alarm() {
    let found = findings(&hostile("garbage-mermaid.md"));
    let errors: Vec<&Value> = found.iter().filter(|finding| finding["severity"] == "error").collect();
    assert!(errors.is_empty(), "{errors:#?}");
    let brackets = "```mermaid\ngraph TD\n".to_owned() + &"A[[((".repeat(20_000) + "\n```\n";
    let arrows = "```mermaid\ngraph TD\n".to_owned() + &"A --> B & ".repeat(20_000) + "\n```\n";
    let subgraphs = "```mermaid\ngraph TD\n".to_owned() + &"subgraph x\n".repeat(20_000) + "```\n";
    for text in [brackets, arrows, subgraphs] {
        audited(&text, Duration::from_secs(60));
    }
}

#[test]
fn nothing_in_a_report_acts_on_the_terminal() {
    for name in ["terminal-escapes.md", "html.md", "garbage-mermaid.md", "invalid-utf8.md", "ragged-table.md"]
    {
        let path = hostile(name);
        for arguments in [
            &["check", &path][..],
            &["check", "--format", "json", &path],
            &["check", "--format", "jsonl", &path],
            &["extract", "--explain", &path],
            &["extract", "--explain", "--format", "json", &path],
        ] {
            let output = run(Path::new("."), arguments);
            let shown = String::from_utf8(output.stdout.clone()).unwrap() + &stderr(&output);
            let acts = |sign: char| {
                (sign.is_control() && sign != '\n')
                    || matches!(sign, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
            };
            let raw: Vec<String> =
                shown.lines().filter(|line| line.contains(acts)).map(|l| format!("{l:?}")).collect();
            assert!(raw.is_empty(), "{arguments:?}: {raw:#?}");
        }
    }
    let found = findings(&hostile("terminal-escapes.md"));
    let rules = rules(&found);
    assert!(rules.contains(&"numeric/change-direction"), "{found:#?}");
    assert!(rules.contains(&"structure/control-character"), "{found:#?}");
}

#[test]
fn markup_is_data() {
    let output = run(Path::new("."), &["check", &hostile("html.md")]);
    let shown = String::from_utf8(output.stdout).unwrap();
    // A forged workflow command must never stand at the start of a line.
    assert!(!shown.lines().any(|line| line.trim_start().starts_with("::")), "{shown}");
}

#[test]
fn a_batch_line_of_any_kind_is_answered() {
    let mut child = Command::new(get_cargo_bin("claimlint"))
        .args(["check", "--jsonl"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let lines: Vec<Vec<u8>> = vec![
        br#"{"id": "null", "text": null}"#.to_vec(),
        br#"{"id": "deep", "text": "a", "more": "#.iter().copied().chain([b'['; 5_000]).collect(),
        b"\xff\xfe{}".to_vec(),
        br#"{"id": "lone", "text": "\ud800"}"#.to_vec(),
        br#"[]"#.to_vec(),
        serde_json::to_vec(&serde_json::json!({"id": "ok", "text": WRONG})).unwrap(),
    ];
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), &lines.join(&b'\n')).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let answers: Vec<Value> = output
        .stdout
        .split(|byte| *byte == b'\n')
        .filter_map(|line| serde_json::from_slice(line).ok())
        .collect();
    assert_eq!(answers.len(), lines.len(), "{answers:#?}");
    assert!(answers[..5].iter().all(|answer| answer["error"].is_string()), "{answers:#?}");
    assert_eq!(answers[5]["findings"][0]["rule"], "numeric/share");
}
