//! Reports made to be slow: each must be checked to the end in a time that any machine has, even in a debug build.
//! Work that grows with the square of the size would take minutes here.

use std::fmt::Write as _;
use std::sync::LazyLock;

use claimlint::check::{Engine, Locale};
use claimlint::rule::builtin_files;

static ENGINE: LazyLock<Engine> = LazyLock::new(|| match Engine::new(&builtin_files()) {
    Ok(engine) => engine,
    Err(faults) => panic!("the built-in rules are broken: {faults:?}"),
});

/// Bytes of each text.
const SIZE: usize = 200_000;

fn check(text: String) -> usize {
    let document = ENGINE.parse(text, None);
    ENGINE.check(&document, Locale::Auto).findings.len()
}

/// Checks a text that is `piece` over and over, in one line.
fn repeated(piece: &str) -> usize {
    check(piece.repeat(SIZE / piece.len()))
}

#[test]
fn one_line_of_digits() {
    assert_eq!(repeated("1234567890"), 0);
    assert_eq!(repeated("１２３"), 0);
    assert_eq!(repeated("十万亿"), 0);
    repeated("1,");
    repeated(",111");
    repeated("1.");
    repeated("-1");
}

#[test]
fn one_line_of_figures_and_words() {
    for piece in
        ["1% ", "占3亿%超5亿比2%多", "1到", "~1 亿、", "3 倍于 2025年", "rose 5% to 10 from 9 ", "zero "]
    {
        repeated(piece);
    }
}

#[test]
fn one_line_of_statements_that_do_not_hold() {
    assert!(repeated("1 亿和2 亿合计3 亿") > 100);
}

#[test]
fn one_line_of_marks() {
    for piece in
        ["（", "(", "[", "**a ", "，", ";", "<a>", "三家（（（（（（（（（（", "5%((((((((((((((((((("]
    {
        repeated(piece);
    }
}

#[test]
fn names_declared_over_and_over() {
    repeated("A (甲) ");
    let many = (0..SIZE / 24).fold(String::new(), |mut text, number| {
        let _ = write!(text, "甲乙 (Name{number:x}) ");
        text
    });
    check(many);
}

#[test]
fn a_table_of_many_rows() {
    let rows = "| 收入 | 3 亿元 |\n".repeat(5_000);
    check(format!("| 项 | 值 |\n|---|---|\n{rows}"));
    check(format!("| 项 | 值 |\n|---|---|\n{}", "| 1 |\n".repeat(20_000)));
}

#[test]
fn lists_in_lists() {
    let mut text = String::new();
    for depth in 0..2_000 {
        let _ = writeln!(text, "{}- 1%", " ".repeat(depth * 2));
    }
    check(text);
    check(format!("{}1%\n", "- ".repeat(10_000)));
    check(format!("{}1%\n", "> ".repeat(10_000)));
}

#[test]
fn a_diagram_of_many_nodes() {
    let edges = (0..SIZE / 20).fold(String::new(), |mut text, number| {
        let _ = writeln!(text, "A{number} --> B{number}");
        text
    });
    check(format!("```mermaid\nflowchart TD\n{edges}```\n"));
    check(format!("```mermaid\nflowchart TD\n{}\n", "A[\"".repeat(SIZE / 3)));
    check(format!("```mermaid\nflowchart TD\n{}\n", "subgraph a\n".repeat(SIZE / 11)));
}
