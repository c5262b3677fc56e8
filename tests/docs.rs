//! The documentation shows what the command really writes.
//!
//! A ```` ```console ```` block holds commands behind `$ ` and their output; a line `…` stands for any lines, and `…`
//! inside a line for any text. A ```` ```toml ```` block behind `<!-- file: PATH -->` is that file.
//! `CLAIMLINT_DOCS=update cargo test --test docs` writes the blocks anew.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use claimlint::relation::RoleType;
use claimlint::rule::{Expression, RoleInfo};
use insta_cmd::get_cargo_bin;

const PAGES: [&str; 15] = [
    "README.md",
    "docs/architecture.md",
    "docs/cli.md",
    "docs/formats.md",
    "docs/configuration.md",
    "docs/quantities.md",
    "docs/relations.md",
    "docs/reasoning.md",
    "docs/restated.md",
    "docs/review.md",
    "docs/rules.md",
    "docs/source.md",
    "docs/tables.md",
    "docs/identities.md",
    "docs/suppression.md",
];
const ELLIPSIS: &str = "…";

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// A fenced block: its language, its lines, and the range of the page's lines they are.
struct Block<'a> {
    language: &'a str,
    /// The line before the fence that is not blank.
    before: &'a str,
    first: usize,
    lines: Vec<&'a str>,
}

fn blocks(page: &str) -> Vec<Block<'_>> {
    let mut blocks: Vec<Block<'_>> = Vec::new();
    let (mut open, mut before) = (false, "");
    for (number, line) in page.lines().enumerate() {
        match line.strip_prefix("```") {
            Some(_) if open => open = false,
            Some(language) => {
                blocks.push(Block { language, before, first: number + 1, lines: Vec::new() });
                open = true;
            }
            None if open => {
                if let Some(block) = blocks.last_mut() {
                    block.lines.push(line);
                }
            }
            None => {}
        }
        if !open && !line.trim().is_empty() {
            before = line;
        }
    }
    blocks
}

/// What a shown command writes and its exit status; `cargo run … --` and `claimlint` both stand for the binary.
fn run(command: &str) -> (Vec<String>, i32) {
    let mut words = Vec::new();
    let mut quoted = false;
    let mut word = String::new();
    for c in command.chars() {
        match c {
            '\'' => quoted = !quoted,
            ' ' if !quoted => words.extend(Some(std::mem::take(&mut word)).filter(|word| !word.is_empty())),
            c => word.push(c),
        }
    }
    words.push(word);
    let input = words.iter().position(|word| word == "<").map(|at| {
        let path = words.remove(at + 1);
        words.remove(at);
        path
    });
    let program = if words[0] == "cargo" { words.iter().position(|word| word == "--").unwrap() } else { 0 };
    assert!(matches!(words[0].as_str(), "cargo" | "claimlint"), "no command of this tool: {command}");
    let mut process = Command::new(get_cargo_bin("claimlint"));
    process.current_dir(root()).args(&words[program + 1..]);
    for variable in [
        "NO_COLOR",
        "CLICOLOR",
        "CLICOLOR_FORCE",
        "CI",
        "LC_ALL",
        "LC_MESSAGES",
        "LANG",
        "COLUMNS",
        "SOURCE_DATE_EPOCH",
    ] {
        process.env_remove(variable);
    }
    let stdin = input.map_or_else(Stdio::null, |path| Stdio::from(File::open(root().join(path)).unwrap()));
    let output = process.stdin(stdin).output().unwrap();
    let text = [output.stdout, output.stderr].concat();
    let lines = String::from_utf8(text).unwrap().lines().map(|line| line.trim_end().to_owned()).collect();
    (lines, output.status.code().unwrap())
}

/// Whether the real lines are those shown, where an ellipsis stands for what was left out.
fn fits(shown: &[&str], real: &[String]) -> bool {
    let Some((first, shown)) = shown.split_first() else { return real.is_empty() };
    if *first == ELLIPSIS {
        return (0..=real.len()).any(|skipped| fits(shown, &real[skipped..]));
    }
    let Some((line, real)) = real.split_first() else { return false };
    (line == first || fits_line(first, line)) && fits(shown, real)
}

/// The same inside a line.
fn fits_line(shown: &str, real: &str) -> bool {
    let mut pieces = shown.split(ELLIPSIS);
    let Some(mut rest) = pieces.next().and_then(|start| real.strip_prefix(start)) else { return false };
    let mut pieces: Vec<&str> = pieces.collect();
    let Some(end) = pieces.pop() else { return rest.is_empty() };
    for piece in pieces {
        let Some(at) = rest.find(piece) else { return false };
        rest = &rest[at + piece.len()..];
    }
    rest.ends_with(end)
}

/// What to show from now on. Of output that is shown in part, the cards of the same rules, and the summary.
fn renewed(shown: &[&str], real: &[String]) -> Vec<String> {
    if fits(shown, real) {
        return shown.iter().map(|line| (*line).to_owned()).collect();
    }
    if !shown.contains(&ELLIPSIS) {
        return real.to_vec();
    }
    let rule_of = |line: &str| Some(line.split_once('[')?.1.split_once(']')?.0.to_owned());
    let mut wanted: Vec<String> =
        shown.split(|line| line.is_empty()).filter_map(|card| rule_of(card.first()?)).collect();
    let mut lines: Vec<String> = Vec::new();
    let mut skipped = false;
    let cards: Vec<&[String]> = real.split(|line| line.is_empty()).collect();
    for (number, card) in cards.iter().enumerate() {
        let rule = card.first().and_then(|line| rule_of(line));
        let asked = wanted.iter().position(|wanted| rule.as_ref() == Some(wanted));
        if asked.is_none() && number + 1 < cards.len() {
            skipped = true;
            continue;
        }
        asked.map(|asked| wanted.remove(asked));
        if skipped {
            lines.extend([ELLIPSIS.to_owned(), String::new()]);
        }
        skipped = false;
        lines.extend(card.iter().cloned().chain([String::new()]));
    }
    lines.pop();
    lines
}

/// A console block with what its commands write now, and the commands whose output is another.
fn console(block: &Block<'_>) -> (Vec<String>, Vec<String>) {
    let (mut now, mut stale) = (Vec::new(), Vec::new());
    let mut status = 0;
    let starts: Vec<usize> = (0..block.lines.len()).filter(|&at| block.lines[at].starts_with("$ ")).collect();
    assert_eq!(starts.first(), Some(&0), "line {}: a console block begins with `$ `", block.first + 1);
    for (number, &start) in starts.iter().enumerate() {
        let end = starts.get(number + 1).copied().unwrap_or(block.lines.len());
        let command = block.lines[start].trim_start_matches("$ ");
        let mut shown = &block.lines[start + 1..end];
        while let [rest @ .., ""] = shown {
            shown = rest;
        }
        let real = if command == "echo $?" {
            vec![status.to_string()]
        } else {
            let (real, code) = run(command);
            status = code;
            real
        };
        if !fits(shown, &real) {
            let gone = shown.iter().filter(|shown| {
                **shown != ELLIPSIS && !real.iter().any(|line| line == *shown || fits_line(shown, line))
            });
            let gone: String = gone.map(|line| format!("\n  not written: {line}")).collect();
            let gone = if gone.is_empty() { "\n  more is written than is shown".to_owned() } else { gone };
            stale.push(format!("$ {command}{gone}"));
        }
        now.push(block.lines[start].to_owned());
        now.extend(renewed(shown, &real));
        if number + 1 < starts.len() && end > start + 1 && block.lines[end - 1].is_empty() {
            now.push(String::new());
        }
    }
    (now, stale)
}

#[test]
fn every_page_shows_what_is() {
    let update = std::env::var("CLAIMLINT_DOCS").is_ok_and(|value| value == "update");
    let mut wrong = Vec::new();
    for name in PAGES {
        let path = root().join(name);
        let page = fs::read_to_string(&path).unwrap();
        let mut lines: Vec<String> = page.lines().map(str::to_owned).collect();
        for block in blocks(&page).into_iter().rev() {
            let file = block.before.strip_prefix("<!-- file: ").and_then(|rest| rest.strip_suffix(" -->"));
            let (now, stale) = match (block.language, file) {
                ("console", _) => console(&block),
                (_, Some(file)) => {
                    let text = fs::read_to_string(root().join(file)).unwrap();
                    let now: Vec<String> = text.lines().map(str::to_owned).collect();
                    let stale =
                        if now == block.lines { Vec::new() } else { vec![format!("{file} has changed")] };
                    (now, stale)
                }
                _ => continue,
            };
            wrong.extend(stale.into_iter().map(|stale| format!("{name}:{}: {stale}", block.first + 1)));
            lines.splice(block.first..block.first + block.lines.len(), now);
        }
        if update {
            fs::write(&path, lines.join("\n") + "\n").unwrap();
        }
    }
    assert!(
        update || wrong.is_empty(),
        "{}\nThe documentation shows something else. CLAIMLINT_DOCS=update cargo test --test docs writes it anew.",
        wrong.join("\n")
    );
}

#[test]
fn links_lead_to_files() {
    let mut dead = Vec::new();
    for name in PAGES.into_iter().chain(["CHANGELOG.md", "CONTRIBUTING.md", "fixtures/README.md"]) {
        let page = fs::read_to_string(root().join(name)).unwrap();
        for (at, _) in page.match_indices("](") {
            let target = page[at + 2..].split([')', '#']).next().unwrap_or_default();
            let folder = Path::new(name).parent().unwrap_or(Path::new(""));
            if !target.is_empty() && !target.contains(':') && !root().join(folder).join(target).exists() {
                dead.push(format!("{name}: {target}"));
            }
        }
    }
    assert!(dead.is_empty(), "{dead:#?}");
}

#[test]
fn the_example_rules_keep_their_examples() {
    let (lines, status) = run("claimlint test docs/examples/rules");
    assert_eq!(status, 0, "{}", lines.join("\n"));
}

#[test]
fn left_out_lines_are_allowed_only_where_shown() {
    let real = ["a", "b", "c"].map(str::to_owned);
    assert!(fits(&["a", "…", "c"], &real));
    assert!(fits(&["…"], &real));
    assert!(fits(&["a", "b…", "c"], &real));
    assert!(fits_line("a … c …", "a b c d") && fits_line("…", "") && fits_line("a…", "abc"));
    assert!(!fits_line("a … d", "a b c") && !fits_line("b…", "abc") && !fits_line("a…aa", "aa"));
    for wrong in [&["a", "c"][..], &["a", "…", "b"], &["a", "b"], &["…", "d"]] {
        assert!(!fits(wrong, &real), "{wrong:?}");
    }
}

#[test]
fn the_expressions_shown_are_expressions() {
    let roles = [
        ("part", RoleType::Amount, false),
        ("whole", RoleType::Amount, false),
        ("share", RoleType::Percent, false),
        ("parts", RoleType::Amount, true),
        ("total", RoleType::Amount, false),
        ("valuation", RoleType::Money, true),
        ("stake", RoleType::Percent, false),
        ("price", RoleType::Money, false),
        ("from", RoleType::Level, false),
        ("to", RoleType::Level, false),
        ("direction", RoleType::Direction, false),
        ("year", RoleType::Date, false),
        ("report_date", RoleType::Date, false),
    ]
    .into_iter()
    .map(|(name, kind, many)| (name.to_owned(), RoleInfo { kind, many, optional: false }))
    .collect();
    let page = fs::read_to_string(root().join("docs/rules.md")).unwrap();
    let mut seen = 0;
    for block in blocks(&page).iter().filter(|block| !block.before.starts_with("<!-- file:")) {
        for line in block.lines.iter().filter_map(|line| line.strip_prefix("require = ")) {
            let text = line.trim_matches('"');
            assert_eq!(Expression::parse(text, &roles).err(), None, "{text}");
            seen += 1;
        }
    }
    assert!(seen > 3, "docs/rules.md shows no expressions");
}
