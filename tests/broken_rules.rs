//! Broken rule files: `fixtures/broken-rules/NAME` is a rules folder with one kind of fault. The command shows every
//! fault with its place, what it broke and the way out, and ends with status 2.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use insta_cmd::get_cargo_bin;
use unicode_width::UnicodeWidthStr;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn kinds() -> Vec<String> {
    let folder = root().join("fixtures/broken-rules");
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.path().is_dir())
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

fn check(kind: &str) -> Output {
    Command::new(get_cargo_bin("claimlint"))
        .current_dir(root())
        .args(["check", "--color", "never", "--rules", &format!("fixtures/broken-rules/{kind}"), "-"])
        .env_remove("CLICOLOR_FORCE")
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

fn stderr(kind: &str) -> String {
    String::from_utf8(check(kind).stderr).unwrap()
}

#[test]
fn every_kind_of_fault_reads_as_before() {
    let kinds = kinds();
    assert!(kinds.len() >= 40, "{kinds:?}");
    for kind in kinds {
        let output = check(&kind);
        assert_eq!(output.status.code(), Some(2), "{kind}");
        assert_eq!(output.stdout, b"", "{kind}");
        insta::assert_snapshot!(format!("broken_{kind}"), String::from_utf8(output.stderr).unwrap());
    }
}

/// A card as drawn: its place, the line it shows and where the marks under it begin.
struct Card<'a> {
    path: &'a str,
    line: usize,
    column: usize,
    shown: &'a str,
    /// Display columns before the first `^`, and how many there are.
    before: usize,
    marks: usize,
}

fn cards(shown: &str) -> Vec<Card<'_>> {
    let lines: Vec<&str> = shown.lines().collect();
    let mut cards = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let Some(place) = line.trim_start().strip_prefix("--> ") else { continue };
        let mut parts = place.rsplitn(3, ':');
        let (Some(column), Some(number), Some(path)) = (parts.next(), parts.next(), parts.next()) else {
            continue;
        };
        let (_, shown) = lines[at + 2].split_once(" | ").unwrap();
        let (_, marks) = lines[at + 3].split_once("| ").unwrap();
        cards.push(Card {
            path,
            line: number.parse().unwrap(),
            column: column.parse().unwrap(),
            shown,
            before: marks.find('^').unwrap(),
            marks: marks.matches('^').count(),
        });
    }
    cards
}

#[test]
fn the_caret_stands_under_its_text_whatever_is_before_it() {
    let mut under_han = 0;
    for kind in kinds() {
        let stderr = stderr(&kind);
        for card in cards(&stderr) {
            let file = fs::read_to_string(root().join(card.path)).unwrap();
            let line = file.lines().nth(card.line - 1).unwrap();
            let (at, _) = line.char_indices().nth(card.column - 1).unwrap_or((line.len(), ' '));
            let (before, rest) = line.split_at(at);
            under_han += usize::from(!before.is_ascii());
            assert!(card.marks > 0 && card.marks <= rest.width().max(2), "{kind}: {} marks", card.marks);
            if card.shown == line {
                assert_eq!(card.before, before.width(), "{kind}:\n{stderr}");
            } else {
                // A window into a long line: what stands over the first mark is what the place names.
                let mut width = 0;
                let over = card.shown.char_indices().find(|(_, sign)| {
                    let here = width >= card.before;
                    width += sign.to_string().width();
                    here
                });
                let (over, _) = over.unwrap_or((card.shown.len(), ' '));
                let seen = card.shown[over..].trim_end_matches('…');
                assert!(rest.starts_with(seen), "{kind}: {seen}\n{stderr}");
            }
        }
    }
    assert!(under_han >= 15, "{under_han} carets behind Han");
}

#[test]
fn every_fault_has_a_way_out_or_says_what_was_expected() {
    let mut bare = BTreeSet::new();
    for kind in kinds() {
        let stderr = stderr(&kind);
        for card in stderr.split("\n\n").filter(|card| card.starts_with("error: ")) {
            let title = card.lines().next().unwrap_or_default();
            let says = ["expected", "such as", "write", "= help:"];
            if !says.iter().any(|word| card.contains(word)) {
                bare.insert(format!("{kind}: {title}"));
            }
        }
    }
    assert!(bare.is_empty(), "{bare:#?}");
}

#[test]
fn faults_in_several_files_are_shown_at_once() {
    for (kind, files) in [("several-files", 4), ("several-rules", 3), ("several-groups", 3)] {
        let stderr = stderr(kind);
        let broken: BTreeSet<&str> = stderr
            .lines()
            .filter_map(|line| line.trim_start().strip_prefix("--> "))
            .map(|place| place.split_once(".toml").map_or(place, |(path, _)| path))
            .collect();
        assert_eq!(broken.len(), files, "{kind}:\n{stderr}");
    }
}

#[test]
fn every_command_that_loads_rules_says_the_same() {
    let folder = "fixtures/broken-rules/unknown-word-list";
    let said = stderr("unknown-word-list");
    for arguments in [
        &["extract", "--rules", folder, "-"][..],
        &["rules", "list", "--rules", folder],
        &["explain", "numeric/share", "--rules", folder],
        &["test", folder],
        &["check", "--jsonl", "--rules", folder],
    ] {
        let output = Command::new(get_cargo_bin("claimlint"))
            .current_dir(root())
            .args(["--color", "never"])
            .args(arguments)
            .env_remove("CLICOLOR_FORCE")
            .stdin(Stdio::null())
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert_eq!(String::from_utf8(output.stderr).unwrap(), said, "{arguments:?}");
    }
}

#[test]
fn each_file_is_toml_with_han_in_it() {
    let mut open: Vec<PathBuf> = vec![root().join("fixtures/broken-rules")];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else {
                assert_eq!(path.extension().unwrap(), "toml", "{}", path.display());
                let text = fs::read_to_string(&path).unwrap();
                assert!(text.is_empty() || !text.is_ascii(), "{}", path.display());
            }
        }
    }
}
