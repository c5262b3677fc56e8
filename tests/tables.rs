//! Tables of our own, one for each way of building them: silent as they stand, caught with one number wrong.

mod slips;

use claimlint::check::{Engine, Locale};
use claimlint::finding::Finding;
use claimlint::rule::builtin_files;

use slips::fixtures;

fn table_findings(engine: &Engine, text: &str) -> Vec<Finding> {
    let document = engine.parse(text.to_owned(), None);
    let findings = engine.check(&document, Locale::Auto).findings;
    findings.into_iter().filter(|finding| finding.rule.starts_with("table/")).collect()
}

#[test]
fn sound_tables_are_silent_and_one_wrong_number_is_caught() {
    let engine = Engine::new(&builtin_files()).unwrap_or_else(|faults| panic!("{faults:#?}"));
    let fixtures = fixtures("tables");
    assert!(fixtures.len() >= 12, "{} tables", fixtures.len());
    let mut wrong = Vec::new();
    for fixture in fixtures {
        let name = &fixture.name;
        for finding in table_findings(&engine, &fixture.clean) {
            wrong.push(format!("{name}: sound, but {} {}", finding.rule, finding.message));
        }
        for slip in &fixture.slips {
            let findings = table_findings(&engine, &fixture.with(slip));
            if !findings.iter().any(|finding| finding.rule == slip.rule) {
                let rules: Vec<&str> = findings.iter().map(|finding| finding.rule.as_str()).collect();
                wrong.push(format!("{name}: {} is not caught by {}, but by {rules:?}", slip.to, slip.rule));
            }
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
