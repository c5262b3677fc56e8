//! Many reports in one call: order, threads, memory, what `--quiet` leaves, and `--watch`.

mod command;

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use command::{RIGHT, WRONG, claimlint, folder, run, stderr, stdout};
use insta_cmd::assert_cmd_snapshot;
use tempfile::TempDir;

/// Our own complete reports, with their faults and without.
const REPORTS: [&str; 6] = [
    include_str!("../fixtures/market.en.md"),
    include_str!("../fixtures/cut-off.zh.md"),
    include_str!("../fixtures/market.zh.clean.md"),
    include_str!("../fixtures/openai-round.zh.md"),
    include_str!("../fixtures/cut-off.en.md"),
    include_str!("../fixtures/openai-round.en.clean.md"),
];

/// A folder of so many reports of different lengths.
fn many(count: usize) -> TempDir {
    let files: Vec<(String, &str)> =
        (0..count).map(|at| (format!("reports/{at:03}.md"), REPORTS[at % REPORTS.len()])).collect();
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), *text)).collect();
    folder(&files)
}

/// What a call writes to standard output and standard error, and its exit status, with so many threads.
fn with_threads(folder: &TempDir, threads: &str, arguments: &[&str]) -> (String, String, Option<i32>) {
    let output =
        claimlint(folder, arguments).env("RAYON_NUM_THREADS", threads).stdin(Stdio::null()).output().unwrap();
    (stdout(&output), stderr(&output), output.status.code())
}

/// Every format that `-o` takes, as the command itself lists them.
fn formats() -> Vec<String> {
    let told = stderr(&run(&folder(&[]), &["check", "--format", "nothing"]));
    let (_, list) = told.split_once("[possible values: ").unwrap();
    list.split(']').next().unwrap().split(", ").map(str::to_owned).collect()
}

#[test]
fn one_thread_and_many_write_the_same() {
    let folder = many(40);
    let formats = formats();
    assert!(formats.len() > 8, "{formats:?}");
    let outputs: Vec<String> = formats.iter().map(|format| format!("-o{format}=out/{format}")).collect();
    // Messages of unreadable inputs stand between the others, in order.
    let mut arguments = vec!["reports/039.md", "missing-1.md", "reports", "missing-2.md", "nothing/*.md"];
    let extract = [&["extract", "--explain"], arguments.as_slice()].concat();
    arguments.splice(0..0, ["check"].into_iter().chain(outputs.iter().map(String::as_str)));
    let written = |threads: &str| {
        let out = folder.path().join("out");
        fs::create_dir_all(&out).unwrap();
        let told = with_threads(&folder, threads, &arguments);
        assert_eq!(told.2, Some(3), "{}", told.1);
        let files: Vec<String> =
            formats.iter().map(|format| fs::read_to_string(out.join(format)).unwrap()).collect();
        fs::remove_dir_all(out).unwrap();
        (told, files)
    };
    let (told, files) = written("1");
    for _ in 0..2 {
        let (told_again, files_again) = written("8");
        assert!(told == told_again, "standard output and standard error differ");
        for ((format, one), many) in formats.iter().zip(&files).zip(&files_again) {
            assert!(one == many && !one.is_empty(), "{format} differs");
        }
    }
    assert_eq!(with_threads(&folder, "1", &extract), with_threads(&folder, "8", &extract));
}

#[test]
fn reports_are_written_in_the_order_of_the_inputs() {
    let folder = many(60);
    let output = run(&folder, &["check", "--format", "jsonl", "reports/031.md", "reports"]);
    let names: Vec<String> = stdout(&output)
        .lines()
        .map(|line| {
            let line: serde_json::Value = serde_json::from_str(line).unwrap();
            line["id"].as_str().unwrap().to_string()
        })
        .collect();
    let others = (0..60).filter(|at| *at != 31);
    let expected: Vec<String> =
        [31].into_iter().chain(others).map(|at| format!("reports/{at:03}.md")).collect();
    assert_eq!(names, expected);
}

#[test]
fn one_call_finds_what_single_calls_find() {
    let folder = many(REPORTS.len());
    let all = stdout(&run(&folder, &["check", "--format", "jsonl", "reports"]));
    let single: String = (0..REPORTS.len())
        .map(|at| stdout(&run(&folder, &["check", "--format", "jsonl", &format!("reports/{at:03}.md")])))
        .collect();
    assert_eq!(all, single);
}

#[test]
fn a_batch_is_the_same_with_one_thread_and_many() {
    let lines: String = (0..60)
        .map(|at| match at % 7 {
            3 => "{\"id\": 3}\n".to_string(),
            5 => "\n".to_string(),
            _ => format!("{}\n", serde_json::json!({"id": at, "text": REPORTS[at % REPORTS.len()]})),
        })
        .collect();
    let folder = folder(&[("in.jsonl", &lines)]);
    for command in ["check", "extract"] {
        let arguments = [command, "--jsonl", "in.jsonl"];
        let one = with_threads(&folder, "1", &arguments);
        assert_eq!(one.0.lines().count(), 60 - 60 / 7, "{}", one.1);
        assert_eq!(one, with_threads(&folder, "8", &arguments));
    }
}

#[cfg(target_os = "linux")]
#[test]
fn memory_does_not_grow_with_the_number_of_reports() {
    /// The most memory that a call had at once, in kilobytes.
    fn most_memory(folder: &TempDir) -> usize {
        let mut child = claimlint(folder, &["check", "--format", "jsonl", "reports"])
            .env("RAYON_NUM_THREADS", "2")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let (mut most, mut line) = (0, Vec::new());
        while out.read_until(b'\n', &mut line).unwrap() > 0 {
            // The figure only ever grows while the process lives.
            let status = fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
            let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
            let peak = peak.and_then(|peak| peak.split_whitespace().next()?.parse().ok());
            most = most.max(peak.unwrap_or(0));
            line.clear();
        }
        assert_eq!(child.wait().unwrap().code(), Some(1));
        most
    }
    let long = REPORTS[3].repeat(4);
    let folder_of = |count: usize| {
        let files: Vec<String> = (0..count).map(|at| format!("reports/{at}.md")).collect();
        folder(&files.iter().map(|path| (path.as_str(), long.as_str())).collect::<Vec<_>>())
    };
    let (few, many) = (most_memory(&folder_of(30)), most_memory(&folder_of(120)));
    assert!(few > 0 && many < few + few / 4, "{few} kB for 30 reports, {many} kB for 120");
}

#[test]
fn quiet_leaves_findings_and_errors() {
    let folder = folder(&[("a.md", WRONG), ("b.md", RIGHT)]);
    assert_cmd_snapshot!("quiet", claimlint(&folder, &["check", "--quiet", "a.md", "missing.md", "b.md"]));
    assert_cmd_snapshot!("quiet_clean", claimlint(&folder, &["check", "-q", "b.md"]));
    let json = |arguments: &[&str]| stdout(&run(&folder, arguments));
    assert_eq!(
        json(&["check", "-q", "--format", "json", "a.md"]),
        json(&["check", "--format", "json", "a.md"])
    );
}

/// What a call writes to standard output when it is given this text.
fn with_stdin(folder: &TempDir, arguments: &[&str], text: &str) -> String {
    let mut child =
        claimlint(folder, arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    stdout(&child.wait_with_output().unwrap())
}

#[test]
fn standard_input_has_the_name_that_it_is_given() {
    let folder = folder(&[("a.md", RIGHT)]);
    let named = ["check", "--stdin-filename", "reports/新.md"];
    assert_cmd_snapshot!("stdin_named", claimlint(&folder, &named).pass_stdin(WRONG));
    let arguments = [&named[..], &["--format", "jsonl", "a.md", "-"]].concat();
    let output = with_stdin(&folder, &arguments, WRONG);
    let ids: Vec<bool> = output.lines().map(|line| line.contains("\"id\":\"reports/新.md\"")).collect();
    assert_eq!(ids, [false, true], "{output}");
    assert_cmd_snapshot!("stdin_named_unread", claimlint(&folder, &[&named[..], &["a.md"]].concat()));
}

/// A child that is ended when the test ends, however it ends.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The lines of a stream as they come.
fn lines(stream: impl Read + Send + 'static) -> Receiver<String> {
    let (send, lines) = channel();
    thread::spawn(move || {
        BufReader::new(stream).lines().map_while(Result::ok).try_for_each(|line| send.send(line))
    });
    lines
}

/// The next line that has all of these in it.
fn wait_for(lines: &Receiver<String>, wanted: &[&str]) -> String {
    let mut seen = Vec::new();
    loop {
        match lines.recv_timeout(Duration::from_secs(30)) {
            Ok(line) if wanted.iter().all(|wanted| line.contains(wanted)) => return line,
            Ok(line) => seen.push(line),
            Err(error) => panic!("{error} for {wanted:?} in {seen:#?}"),
        }
    }
}

#[test]
fn changes_are_watched() {
    let folder =
        folder(&[("reports/a.md", WRONG), ("mine/lexicons/mine.toml", "[class.mine-own]\nzh = [\"甲\"]\n")]);
    let arguments = ["check", "--watch", "--format", "jsonl", "--rules", "mine", "reports"];
    let mut child = claimlint(&folder, &arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let (out, told) = (lines(child.stdout.take().unwrap()), lines(child.stderr.take().unwrap()));
    let child = Running(child);
    let write = |path: &str, text: &str| {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    wait_for(&out, &["reports/a.md", "numeric/share"]);
    wait_for(&told, &["watching 1 report; Ctrl-C ends"]);

    write("reports/a.md", RIGHT);
    wait_for(&told, &["reports/a.md changed; checking again"]);
    wait_for(&out, &["reports/a.md", "\"findings\":[]"]);

    write("reports/new/b.md", WRONG);
    wait_for(&told, &["reports/new/b.md changed; checking again"]);
    wait_for(&out, &["reports/new/b.md", "numeric/share"]);
    wait_for(&told, &["watching 2 reports"]);

    // What is broken is told, and mended by the next change.
    write("mine/lexicons/mine.toml", "[class.mine-own\n");
    wait_for(&told, &["mine/lexicons/mine.toml changed"]);
    wait_for(&told, &["the rules are broken"]);
    write("mine/lexicons/mine.toml", "[class.mine-own]\nzh = [\"乙\"]\n");
    wait_for(&told, &["mine/lexicons/mine.toml changed"]);
    wait_for(&out, &["reports/new/b.md", "numeric/share"]);

    fs::remove_dir_all(folder.path().join("reports/new")).unwrap();
    wait_for(&told, &["reports/new/b.md changed"]);
    wait_for(&told, &["watching 1 report;"]);
    // A file that is no report, and reading one, is no change.
    write("reports/notes.html", "");
    fs::read(folder.path().join("reports/a.md")).unwrap();
    assert!(told.recv_timeout(Duration::from_millis(600)).is_err());

    #[cfg(unix)]
    {
        use std::os::unix::process::ExitStatusExt;
        use std::process::Command;
        let mut child = child;
        assert!(Command::new("kill").args(["-INT", &child.0.id().to_string()]).status().unwrap().success());
        assert_eq!(child.0.wait().unwrap().signal(), Some(2));
    }
}

#[test]
fn watching_needs_paths() {
    let folder = folder(&[("a.md", WRONG)]);
    assert_cmd_snapshot!("watch_stdin", claimlint(&folder, &["check", "--watch"]));
    assert_eq!(run(&folder, &["check", "--watch", "a.md", "-"]).status.code(), Some(2));
    assert_eq!(run(&folder, &["check", "--watch", "--jsonl", "a.md"]).status.code(), Some(2));
}

#[test]
fn manual_pages_are_written() {
    let folder = folder(&[]);
    let page = stdout(&run(&folder, &["man"]));
    assert!(page.contains(".TH claimlint 1") && page.contains("claimlint\\-check(1)"), "{page}");
    assert_eq!(run(&folder, &["man", "--out", "share/man/man1"]).status.code(), Some(0));
    let read = |name: &str| fs::read_to_string(folder.path().join("share/man/man1").join(name)).unwrap();
    assert_eq!(read("claimlint.1"), page);
    assert!(read("claimlint-rules-dump.1").contains(concat!("claimlint ", env!("CARGO_PKG_VERSION"))));
    // Every page that the pages name is there.
    for line in page.lines().filter(|line| line.starts_with("claimlint\\-") && line.ends_with("(1)")) {
        read(&line.replace('\\', "").replace("(1)", ".1"));
    }
    let output = run(&folder, &["man", "--out", "share/man/man1/claimlint.1"]);
    assert_eq!(output.status.code(), Some(2), "{}", stderr(&output));
}
