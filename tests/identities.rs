//! Reports of our own whose figures fit each other: silent as they stand, caught with one number wrong.

use std::fs;
use std::path::PathBuf;

use claimlint::check::{Engine, Locale};
use claimlint::finding::{Finding, Severity};
use claimlint::rule::builtin_files;

/// A fixture and the slip that its first line names: `<!-- wrong: FROM -> TO RULE -->`.
struct Fixture {
    name: String,
    clean: String,
    from: String,
    to: String,
    rule: String,
}

fn fixtures() -> Vec<Fixture> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures/identities");
    let mut found: Vec<Fixture> =
        fs::read_dir(folder).unwrap().map(|entry| fixture(entry.unwrap().path())).collect();
    found.sort_by(|a, b| a.name.cmp(&b.name));
    found
}

fn fixture(path: PathBuf) -> Fixture {
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
}

fn told(engine: &Engine, text: &str, least: Severity) -> Vec<Finding> {
    let document = engine.parse(text.to_owned(), None);
    let mut findings = engine.check(&document, Locale::Auto).findings;
    findings.retain(|finding| finding.severity >= least);
    findings
}

#[test]
fn figures_that_fit_are_silent_and_one_wrong_number_is_caught() {
    let engine = Engine::new(&builtin_files()).unwrap_or_else(|faults| panic!("{faults:#?}"));
    let fixtures = fixtures();
    assert!(fixtures.len() >= 10, "{} reports", fixtures.len());
    let mut wrong = Vec::new();
    for Fixture { name, clean, from, to, rule } in fixtures {
        assert_eq!(clean.matches(&from).count(), 1, "{name}: `{from}` must stand once");
        for finding in told(&engine, &clean, Severity::Warning) {
            wrong.push(format!("{name}: sound, but {} {}", finding.rule, finding.message));
        }
        let findings = told(&engine, &clean.replace(&from, &to), Severity::Note);
        if !findings.iter().any(|finding| finding.rule == rule) {
            let rules: Vec<&str> = findings.iter().map(|finding| finding.rule.as_str()).collect();
            wrong.push(format!("{name}: {rule} does not catch `{to}`; told: {rules:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
