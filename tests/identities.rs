//! Reports of our own whose figures fit each other: silent as they stand, caught with one number wrong.

mod slips;

use claimlint::check::{Engine, Locale};
use claimlint::finding::{Finding, Severity};
use claimlint::rule::builtin_files;

use slips::fixtures;

fn told(engine: &Engine, text: &str, least: Severity) -> Vec<Finding> {
    let document = engine.parse(text.to_owned(), None);
    let mut findings = engine.check(&document, Locale::Auto).findings;
    findings.retain(|finding| finding.severity >= least);
    findings
}

#[test]
fn figures_that_fit_are_silent_and_one_wrong_number_is_caught() {
    let engine = Engine::new(&builtin_files()).unwrap_or_else(|faults| panic!("{faults:#?}"));
    let fixtures = fixtures("identities");
    assert!(fixtures.len() >= 10, "{} reports", fixtures.len());
    let mut wrong = Vec::new();
    for fixture in fixtures {
        let name = &fixture.name;
        for finding in told(&engine, &fixture.clean, Severity::Warning) {
            wrong.push(format!("{name}: sound, but {} {}", finding.rule, finding.message));
        }
        for slip in &fixture.slips {
            let findings = told(&engine, &fixture.with(slip), Severity::Note);
            if !findings.iter().any(|finding| finding.rule == slip.rule) {
                let rules: Vec<&str> = findings.iter().map(|finding| finding.rule.as_str()).collect();
                wrong.push(format!("{name}: {} does not catch `{}`; told: {rules:?}", slip.rule, slip.to));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
