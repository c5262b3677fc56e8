//! Reports held against the texts that they were made from: fixtures of `fixtures/source`, each with a twin that keeps
//! to its source, and the ways in which sources are given.

mod command;

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use command::folder;
use insta_cmd::get_cargo_bin;
use serde_json::{Value, json};
use tempfile::TempDir;

/// Exit status, standard output and standard error.
type Told = (i32, String, String);

fn claimlint_in(folder: &Path, arguments: &[&str]) -> Told {
    claimlint_with(folder, arguments, "")
}

fn claimlint_with(folder: &Path, arguments: &[&str], input: &str) -> Told {
    let mut command = Command::new(get_cargo_bin("claimlint"));
    command.current_dir(folder).args(arguments).env_remove("CLICOLOR_FORCE");
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    // A command that reads no input closes it.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    let output = child.wait_with_output().unwrap();
    (output.status.code().unwrap(), command::stdout(&output), command::stderr(&output))
}

/// The command in the folder of the repository.
fn claimlint(arguments: &[String]) -> Told {
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    claimlint_in(Path::new(env!("CARGO_MANIFEST_DIR")), &arguments)
}

/// Each report with its sources.
const SETS: [(&str, &[&str]); 5] = [
    ("battery-talk", &["battery-talk.source.txt"]),
    ("chip-orders", &["chip-orders.source.txt"]),
    ("ferry-interview", &["ferry-interview.source.txt"]),
    ("harbour", &["harbour.statement.source.md", "harbour.call.source.txt"]),
    ("solar-podcast", &["solar-podcast.source.srt"]),
];

/// The command line that checks a report of `fixtures/source`.
fn arguments(report: &str, sources: &[&str]) -> Vec<String> {
    let mut arguments = vec!["check".to_owned(), format!("fixtures/source/{report}.md")];
    for source in sources {
        arguments.extend(["--source".to_owned(), format!("fixtures/source/{source}")]);
    }
    arguments
}

#[test]
fn reports_are_held_against_their_sources() {
    for (report, sources) in SETS {
        let (status, out, err) = claimlint(&arguments(report, sources));
        assert_eq!((status, err.as_str()), (0, ""), "{report}: warnings do not fail the run\n{out}");
        insta::assert_snapshot!(format!("grounded_{report}"), out);
    }
}

/// Slips of the source itself are told with a faithful report too; of the report nothing is.
#[test]
fn a_faithful_report_is_silent() {
    for (report, sources) in SETS {
        let (_, out, _) = claimlint(
            &[arguments(&format!("{report}.clean"), sources), vec!["--format".into(), "json".into()]]
                .concat(),
        );
        let found: Value = serde_json::from_str(&out).unwrap();
        assert_eq!(found["files"][0]["findings"], json!([]), "{report}: {out}");
        let grounding = &found["summary"]["coverage"]["grounding"];
        assert_eq!((&grounding["different"], &grounding["absent"]), (&json!(0), &json!(0)), "{report}");
        assert!(grounding["supported"].as_u64() >= Some(4), "{report}: {grounding}");
    }
}

#[test]
fn every_format_shows_the_place_in_the_source() {
    let place = "fixtures/source/solar-podcast.source.srt";
    for format in [
        "text",
        "concise",
        "json",
        "jsonl",
        "sarif",
        "github",
        "gitlab",
        "junit",
        "rdjson",
        "checkstyle",
        "markdown",
        "html",
    ] {
        let arguments = arguments("solar-podcast", &["solar-podcast.source.srt"]);
        let (_, out, _) = claimlint(&[arguments, vec!["--format".into(), format.into()]].concat());
        assert!(out.contains(place), "{format}: {out}");
        assert!(out.contains("00:00:04"), "{format} says when: {out}");
    }
}

#[test]
fn json_points_into_the_file_of_the_source() {
    let arguments = arguments("solar-podcast", &["solar-podcast.source.srt"]);
    let (_, out, _) = claimlint(&[arguments, vec!["--format".into(), "json".into()]].concat());
    let found: Value = serde_json::from_str(&out).unwrap();
    let place = &found["files"][0]["findings"][0]["in_sources"][0];
    let file = fs::read_to_string("fixtures/source/solar-podcast.source.srt").unwrap();
    let at = |key: &str| usize::try_from(place[key].as_u64().unwrap()).unwrap();
    assert_eq!(&file[at("start")..at("end")], "$1.35\n\n3\n00:00:08,900 --> 00:00:11,000\nbillion");
    assert_eq!((at("line"), &place["time"]), (8, &json!("00:00:04")));
}

#[test]
fn a_source_that_is_not_there_is_told() {
    let folder = folder(&[("a.md", "营收 5.2 亿元。"), ("empty.txt", " \n")]);
    for (source, problem) in [
        ("b.srt", "claimlint: b.srt: no such source; check the path (command line)\n"),
        (
            "empty.txt",
            "claimlint: empty.txt: has no text that a report could be held against; name another source (command line)\n",
        ),
        (
            "a.md",
            "claimlint: a.md: not checked: a.md: is the report itself and cannot be its source; name the text that it was made from (command line)\n",
        ),
    ] {
        let (status, out, err) = claimlint_in(folder.path(), &["check", "a.md", "--source", source]);
        assert_eq!((status, out.as_str(), err.as_str()), (3, "", problem));
    }
}

fn configured(settings: &str) -> TempDir {
    folder(&[
        ("claimlint.toml", settings),
        ("reports/ferry.md", "The line carried 8.71 million passengers."),
        ("reports/pier.md", "The pier took 2.41 million dollars."),
        ("talks/ferry.vtt", "WEBVTT\n\n01:00.000 --> 01:04.000\nThe line carried 8.17 million passengers.\n"),
        ("talks/all.txt", "The pier took 2.41 million dollars."),
    ])
}

#[test]
fn the_configuration_knows_the_sources_of_each_report() {
    let folder = configured(
        "[[sources]]\nreports = \"reports/ferry.md\"\nsource = \"talks/{name}.vtt\"\n\n[[sources]]\nreports = [\"reports/*.md\"]\nsource = [\"talks/all.txt\"]\n",
    );
    let (_, out, err) = claimlint_in(folder.path(), &["check", "reports"]);
    insta::assert_snapshot!(format!("{out}\n{err}"));
    let (_, out, _) = claimlint_in(folder.path(), &["config", "show", "reports/ferry.md"]);
    assert!(
        out.contains("source = \"talks/ferry.vtt\"") && out.contains("source = \"talks/all.txt\""),
        "{out}"
    );
}

#[test]
fn faults_of_the_source_settings_have_their_place() {
    let folder = configured(
        "[[sources]]\nreports = []\nsource = \"talks/{stem}.vtt\"\n\n[[sources]]\nreports = \"reports/*\"\nsource = \"\"\n",
    );
    let (status, out, err) = claimlint_in(folder.path(), &["check", "reports"]);
    assert_eq!((status, out.as_str()), (2, ""));
    insta::assert_snapshot!(err);
    let folder = configured("[[sources]]\nreports = \"reports/*\"\nsource = \"talks/{name}.vtt\"\n");
    let (status, _, err) = claimlint_in(folder.path(), &["check", "reports"]);
    assert_eq!(status, 3);
    assert_eq!(
        err,
        "claimlint: reports/pier.md: not checked: talks/pier.vtt: no such source; check the path (claimlint.toml:3)\n"
    );
}

#[test]
fn batches_take_one_source_or_several() {
    let text = "Revenue was $421 million. The quay will cost $96 million.";
    let lines = [
        json!({"id": 1, "text": text, "source": "Revenue was $412 million, and the quay will cost $96 million."}),
        json!({"id": 2, "text": text, "source": ["Revenue was $412 million.", "WEBVTT\n\n00:07.000 --> 00:09.000\nThe quay will cost $96 million."]}),
        json!({"id": 3, "text": text, "source": null}),
        json!({"id": 4, "text": text, "source": [5]}),
    ];
    let input = lines.map(|line| format!("{line}\n")).concat();
    let (status, out, err) = claimlint_with(Path::new("."), &["check", "--jsonl"], &input);
    assert_eq!((status, err.as_str()), (0, ""));
    insta::assert_snapshot!(out);
}

/// What a source holds never acts on whoever reads the findings.
#[test]
fn hostile_sources_are_inert() {
    let hostile = "\u{1b}[31m<script>alert(1)</script> ::error::x | `=cmd()` \u{202e}. Revenue was $412 million in the year.";
    let folder = folder(&[("a.md", "Revenue was $421 million in the year."), ("s\u{1b}].txt", hostile)]);
    for format in
        ["text", "concise", "json", "sarif", "github", "junit", "rdjson", "checkstyle", "markdown", "html"]
    {
        let (_, out, _) =
            claimlint_in(folder.path(), &["check", "a.md", "--source", "s\u{1b}].txt", "--format", format]);
        assert!(out.contains("differs-from-source"), "{format}: {out}");
        assert!(
            out.chars().all(|c| c == '\n' || !(c.is_control() || ('\u{202a}'..='\u{202e}').contains(&c))),
            "{format}: {out:?}"
        );
        // Only these are markup to whoever reads them.
        let inert = !matches!(format, "html" | "markdown") || !out.contains("<script>");
        assert!(inert, "{format}: {out}");
    }
}
