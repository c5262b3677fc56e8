//! The house has one stair: a module uses only the modules before it.

use std::fs;
use std::path::{Path, PathBuf};

/// The modules in the order in which they may use one another: each only those before it.
///
/// The flow runs source, quantity, document, lexicon, assertion, relation, grounding, argument, rule, config, check,
/// finding, report, review, cli. Here `finding` stands before `rule`: it is a plain model (severity, place, message)
/// that knows no rule, rules are written in its terms, and the check fills it in.
const ORDER: [&str; 15] = [
    "source",
    "quantity",
    "document",
    "lexicon",
    "assertion",
    "relation",
    "grounding",
    "argument",
    "finding",
    "rule",
    "config",
    "check",
    "report",
    "review",
    "cli",
];

/// Names that say nothing of what is inside.
const NAMELESS: [&str; 8] = ["util", "utils", "helper", "helpers", "common", "misc", "shared", "stuff"];

const LINE_LIMIT: usize = 600;

/// A use of one module by another.
#[derive(Debug, PartialEq, Eq)]
struct Edge {
    line: usize,
    from: String,
    to: String,
}

/// Every mention of another module in a file of the module with this path (`["rule", "loader"]`).
fn edges(module: &[&str], text: &str) -> Vec<Edge> {
    let from = module.first().copied().unwrap_or_default().to_owned();
    let mut edges = Vec::new();
    // Indentation at which `mod name {` opened; rustfmt closes it at the same one.
    let mut inline: Vec<usize> = Vec::new();
    let mut at = 0;
    for (number, line) in text.split_inclusive('\n').enumerate() {
        let start = at;
        at += line.len();
        let code = line.split("//").next().unwrap_or_default();
        let indentation = code.len() - code.trim_start().len();
        let words: Vec<&str> = code.split_whitespace().collect();
        if matches!(words.as_slice(), [.., "mod", _, "{"]) {
            inline.push(indentation);
        } else if code.trim_end() == format!("{}}}", " ".repeat(inline.last().copied().unwrap_or_default())) {
            inline.pop();
        }
        let depth = module.len() + inline.len();
        for (column, rest) in roots(code, depth) {
            for to in first_names(&text[start + column..], rest) {
                if to != from {
                    edges.push(Edge { line: number + 1, from: from.clone(), to });
                }
            }
        }
    }
    edges
}

/// Where paths from the crate's root go on in a line: behind `crate::`, and behind as many `super::` as lead there.
fn roots(code: &str, depth: usize) -> Vec<(usize, usize)> {
    let whole_word = |at: usize| {
        !code[..at].ends_with(|before: char| before.is_alphanumeric() || before == '_' || before == ':')
    };
    let mut found: Vec<(usize, usize)> = code
        .match_indices("crate::")
        .filter(|(at, _)| whole_word(*at))
        .map(|(at, word)| (at, word.len()))
        .collect();
    for (at, _) in code.match_indices("super::").filter(|(at, _)| whole_word(*at)) {
        let chain = code[at..].split("::").take_while(|word| *word == "super").count();
        if chain >= depth {
            found.push((at, chain * "super::".len()));
        }
    }
    found
}

/// The name behind a root, or every name of `{…}` there, which may go over several lines.
fn first_names(text: &str, skip: usize) -> Vec<String> {
    let name = |text: &str| -> String {
        text.trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
    };
    let text = &text[skip..];
    let Some(list) = text.strip_prefix('{') else {
        return Some(name(text)).filter(|name| !name.is_empty()).into_iter().collect();
    };
    let mut names = vec![name(list)];
    let mut depth = 1;
    for (at, c) in list.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 1 => names.push(name(&list[at + 1..])),
            _ => {}
        }
        if depth == 0 {
            break;
        }
    }
    names.retain(|name| !name.is_empty());
    names
}

/// What is wrong with the edges of one file.
fn back_edges(path: &str, module: &[&str], text: &str) -> Vec<String> {
    let floor = |name: &str| ORDER.iter().position(|known| *known == name);
    let mut wrong = Vec::new();
    for Edge { line, from, to } in edges(module, text) {
        match (floor(&from), floor(&to)) {
            (Some(user), Some(used)) if used < user => {}
            (Some(_), Some(_)) => {
                wrong.push(format!("{path}:{line}: {from} -> {to} is a back edge: {to} comes after {from}"));
            }
            // A type or function of the crate's root; there is none but the modules.
            _ => wrong.push(format!("{path}:{line}: {from} -> {to}: not both are modules in ORDER")),
        }
    }
    wrong
}

/// Every file below `src`, with its path in the form `src/rule/loader.rs`.
fn files() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    let mut open: Vec<PathBuf> = vec![root.join("src")];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let name = path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/");
                files.push((name, fs::read_to_string(&path).unwrap()));
            }
        }
    }
    files.sort();
    files
}

/// `src/rule/loader.rs` is the module `rule::loader`, `src/rule/mod.rs` is `rule`, `src/lib.rs` is the root.
fn module_of(path: &str) -> Vec<&str> {
    let path = path.trim_start_matches("src/").trim_end_matches(".rs");
    path.split('/').filter(|part| !matches!(*part, "mod" | "lib" | "main")).collect()
}

#[test]
fn a_module_uses_only_the_modules_before_it() {
    let mut wrong = Vec::new();
    for (path, text) in files() {
        let module = module_of(&path);
        if module.is_empty() {
            continue;
        }
        if !ORDER.contains(&module[0]) {
            wrong.push(format!("{path}: `{}` has no place in ORDER", module[0]));
        }
        wrong.extend(back_edges(&path, &module, &text));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn modules_are_named_by_what_they_hold() {
    let wrong: Vec<String> = files()
        .into_iter()
        .filter(|(path, _)| module_of(path).iter().any(|part| NAMELESS.contains(part)))
        .map(|(path, _)| format!("{path}: the name says nothing of what is inside"))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn files_can_be_read_at_a_sitting() {
    let wrong: Vec<String> = files()
        .into_iter()
        .map(|(path, text)| (path, text.lines().count()))
        .filter(|(_, lines)| *lines > LINE_LIMIT)
        .map(|(path, lines)| format!("{path}: {lines} lines, at most {LINE_LIMIT}: split it by its nouns"))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_back_edge_is_named_with_file_and_line() {
    let text = "use crate::source::Span;\nuse crate::check::Engine;\n";
    assert_eq!(
        back_edges("src/quantity/digits.rs", &["quantity", "digits"], text),
        ["src/quantity/digits.rs:2: quantity -> check is a back edge: check comes after quantity"]
    );
}

#[test]
fn every_way_to_write_an_edge_is_seen() {
    let to = |text: &str| -> Vec<String> {
        edges(&["rule", "loader"], text).into_iter().map(|edge| edge.to).collect()
    };
    assert_eq!(to("let x: crate::report::Text = todo();"), ["report"]);
    assert_eq!(to("use crate::{\n    source::{Span, Fault},\n    cli::main,\n};\n"), ["source", "cli"]);
    assert_eq!(to("use super::super::check::Engine;"), ["check"]);
    assert_eq!(
        to("mod tests {\n    use super::super::super::check;\n}\nuse super::super::cli;"),
        ["check", "cli"]
    );
    // One level up from an inline module is still this file, two levels this folder.
    assert_eq!(to("mod tests {\n    use super::super::model::Rule;\n    use super::*;\n}"), [""; 0]);
    assert_eq!(to("/// See [`crate::check::Engine`].\nuse super::model;\nuse crate::rule::Rule;"), [""; 0]);
    assert_eq!(to("use other_crate::check;\nuse claimlint_crate::check;"), [""; 0]);
}

#[test]
fn modules_are_told_by_their_paths() {
    assert_eq!(module_of("src/rule/loader.rs"), ["rule", "loader"]);
    assert_eq!(module_of("src/rule/mod.rs"), ["rule"]);
    assert_eq!(module_of("src/main.rs"), [""; 0]);
}
