//! Reports of our own in which facts are told in several places: silent as they stand, caught with one of them changed.

mod slips;

use std::time::Instant;

use claimlint::check::{Engine, Locale};
use claimlint::finding::Finding;
use claimlint::rule::builtin_files;

use slips::fixtures;

fn findings(engine: &Engine, text: &str) -> Vec<Finding> {
    let document = engine.parse(text.to_owned(), None);
    let findings = engine.check(&document, Locale::Auto).findings;
    findings.into_iter().filter(|finding| finding.rule.starts_with("restated/")).collect()
}

fn engine() -> Engine {
    Engine::new(&builtin_files()).unwrap_or_else(|faults| panic!("{faults:#?}"))
}

#[test]
fn a_fact_told_twice_is_silent_and_one_changed_place_is_caught() {
    let engine = engine();
    let fixtures = fixtures("restated");
    assert!(fixtures.iter().map(|fixture| fixture.slips.len()).sum::<usize>() >= 22, "too few slips");
    let mut wrong = Vec::new();
    for fixture in fixtures {
        let name = &fixture.name;
        for finding in findings(&engine, &fixture.clean) {
            wrong.push(format!("{name}: sound, but {} {}", finding.rule, finding.message));
        }
        for slip in &fixture.slips {
            let found = findings(&engine, &fixture.with(slip));
            let place = fixture.clean.find(&slip.from).unwrap_or_default();
            let told = found.iter().find(|finding| finding.rule == slip.rule);
            if told.is_none() {
                let rules: Vec<&str> = found.iter().map(|finding| finding.rule.as_str()).collect();
                wrong.push(format!("{name}: {} is not caught by {}, but by {rules:?}", slip.to, slip.rule));
            }
            if found.len() > 1 || told.is_some_and(|told| told.related.is_empty() && told.span.start != place)
            {
                wrong.push(format!("{name}: {} is told {} times", slip.to, found.len()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn both_places_are_named() {
    let engine = engine();
    let text = "## Business\n\n| Segment | Gross margin |\n|---|---|\n| Sedans | 18.2% |\n| Trucks | 16.1% |\n\n\
                Sedans have a gross margin of 28.2%.\n";
    let found = findings(&engine, text);
    let [finding] = found.as_slice() else { panic!("{found:#?}") };
    let places: Vec<&str> = finding.related.iter().map(|place| place.span.of(text)).collect();
    assert_eq!(finding.span.of(text), "28.2%");
    assert_eq!(places, ["18.2%", "28.2%"]);
}

#[test]
fn facts_are_looked_up_and_not_compared_pair_by_pair() {
    let engine = engine();
    let time = |rows: usize| {
        let mut text = String::from("## All\n\n| Segment | Gross margin | Net income |\n|---|---|---|\n");
        for row in 0..rows {
            text.push_str(&format!("| Line {row} | {}.5% | {row} |\n", row % 90));
        }
        text.push_str("\n## Told\n\n");
        for row in 0..rows {
            text.push_str(&format!(
                "- Line {row} has a gross margin of {}.5%, net income was {row}\n",
                row % 90
            ));
        }
        let document = engine.parse(text, None);
        let start = Instant::now();
        let found = engine.check(&document, Locale::Auto).findings;
        assert!(found.iter().all(|finding| !finding.rule.starts_with("restated/cell")), "{rows} rows");
        start.elapsed().as_secs_f64()
    };
    let (small, large) = (time(300), time(3000));
    assert!(large < small.max(0.02) * 40.0, "{small} s for 300 rows, {large} s for 3,000");
}
