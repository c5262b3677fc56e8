//! Tables of our own, one for each way of building them: silent as they stand, caught with one number wrong.

use std::fs;
use std::path::PathBuf;

use claimlint::check::{Engine, Locale};
use claimlint::finding::Finding;
use claimlint::rule::builtin_files;

/// A fixture's table and the slip that its first line names: `<!-- wrong: FROM -> TO RULE -->`.
struct Fixture {
    name: String,
    clean: String,
    from: String,
    to: String,
    rule: String,
}

fn fixtures() -> Vec<Fixture> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures/tables");
    let mut found: Vec<Fixture> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| {
            let path = entry.unwrap().path();
            let text = fs::read_to_string(&path).unwrap();
            let (first, clean) = text.split_once('\n').unwrap();
            let slip = first.strip_prefix("<!-- wrong: ").and_then(|rest| rest.strip_suffix(" -->")).unwrap();
            let (change, rule) = slip.rsplit_once(' ').unwrap();
            let (from, to) = change.split_once(" -> ").unwrap();
            Fixture {
                name: path.file_stem().unwrap().to_string_lossy().into_owned(),
                clean: clean.to_owned(),
                from: from.to_owned(),
                to: to.to_owned(),
                rule: rule.to_owned(),
            }
        })
        .collect();
    found.sort_by(|a, b| a.name.cmp(&b.name));
    found
}

fn table_findings(engine: &Engine, text: &str) -> Vec<Finding> {
    let document = engine.parse(text.to_owned(), None);
    let findings = engine.check(&document, Locale::Auto).findings;
    findings.into_iter().filter(|finding| finding.rule.starts_with("table/")).collect()
}

#[test]
fn sound_tables_are_silent_and_one_wrong_number_is_caught() {
    let engine = Engine::new(&builtin_files()).unwrap_or_else(|faults| panic!("{faults:#?}"));
    let fixtures = fixtures();
    assert!(fixtures.len() >= 12, "{} tables", fixtures.len());
    let mut wrong = Vec::new();
    for Fixture { name, clean, from, to, rule } in fixtures {
        assert_eq!(clean.matches(&from).count(), 1, "{name}: `{from}` must stand once");
        for finding in table_findings(&engine, &clean) {
            wrong.push(format!("{name}: sound, but {} {}", finding.rule, finding.message));
        }
        let findings = table_findings(&engine, &clean.replace(&from, &to));
        if !findings.iter().any(|finding| finding.rule == rule) {
            let rules: Vec<&str> = findings.iter().map(|finding| finding.rule.as_str()).collect();
            wrong.push(format!("{name}: {to} is not caught by {rule}, but by {rules:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_long_table_is_read_once() {
    let engine = Engine::new(&builtin_files()).unwrap_or_else(|faults| panic!("{faults:#?}"));
    let time = |rows: usize| {
        let mut text = String::from("| Item | 2023 | 2024 | YoY |\n|---|---|---|---|\n");
        for row in 1..=rows {
            text.push_str(&format!(
                "| item {row} | {}.5 | {}.5 | +100% |\n| Total | 7 | 8 | |\n",
                row,
                row * 2 + 1
            ));
        }
        let document = engine.parse(text, None);
        let start = std::time::Instant::now();
        engine.check(&document, Locale::Auto);
        start.elapsed().as_secs_f64()
    };
    time(500);
    let (short, long) = (time(1_000), time(8_000));
    assert!(long < short * 40.0, "8 times the rows took {:.1} times as long", long / short);
}
