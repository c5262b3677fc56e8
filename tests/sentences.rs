//! The sentences of `fixtures/sentences`: those that are right must be left alone, those that are wrong must be proven so.

use std::collections::HashSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use chrono::NaiveDate;
use claimlint::check::{Engine, Locale};
use claimlint::finding::{Finding, Severity};
use claimlint::rule::builtin_files;
use serde::Deserialize;

/// Sentences of either kind that a file has in each language.
const LEAST: usize = 8;

/// The rule groups that say something of figures.
const OF_FIGURES: [&str; 2] = ["numeric/", "time/"];

/// `fixtures/sentences/NAME.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SentenceFile {
    /// The rule that finds the wrong ones.
    rule: String,
    /// The reports' date, where the rule looks at it.
    date: Option<String>,
    /// The rule proves nothing and is no more than a warning.
    #[serde(default)]
    warning: bool,
    right: Vec<String>,
    wrong: Vec<String>,
}

fn engine() -> &'static Engine {
    static ENGINE: OnceLock<Engine> = OnceLock::new();
    ENGINE.get_or_init(|| Engine::new(&builtin_files()).unwrap_or_else(|faults| panic!("{faults:#?}")))
}

fn files() -> Vec<(String, SentenceFile)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/sentences");
    let mut paths: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "toml"))
        .collect();
    paths.sort();
    paths
        .into_iter()
        .map(|path| {
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            let text = fs::read_to_string(&path).unwrap();
            let file = toml::from_str(&text).unwrap_or_else(|fault| panic!("{}: {fault}", path.display()));
            (name, file)
        })
        .collect()
}

fn is_chinese(sentence: &str) -> bool {
    sentence.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c))
}

/// Errors and warnings about figures.
fn findings(sentence: &str, date: Option<NaiveDate>) -> Vec<Finding> {
    let document = engine().parse(sentence.to_owned(), date);
    let mut found = engine().check(&document, Locale::Auto).findings;
    found.retain(|finding| {
        finding.severity >= Severity::Warning
            && OF_FIGURES.iter().any(|group| finding.rule.starts_with(group))
    });
    found
}

#[test]
fn every_sentence_is_judged_as_its_file_says() {
    let mut misjudged = String::new();
    let (mut sentences, mut faults) = (0, 0);
    for (name, file) in files() {
        assert!(engine().rule(&file.rule).is_some(), "{name}: there is no rule `{}`", file.rule);
        let date = file.date.map(|date| date.parse().unwrap_or_else(|fault| panic!("{name}: {fault}")));
        for sentence in &file.right {
            for finding in findings(sentence, date) {
                faults += 1;
                writeln!(misjudged, "{name}: right, but: {sentence}").unwrap();
                writeln!(misjudged, "    {} {:?}: {}", finding.rule, finding.severity, finding.message)
                    .unwrap();
            }
        }
        for sentence in &file.wrong {
            let found = findings(sentence, date);
            // A finding that says the same with more stands in place of the rule's own.
            let subsumed =
                |rule: &str| engine().rule(rule).is_some_and(|rule| rule.subsumes.contains(&file.rule));
            let least = if file.warning { Severity::Warning } else { Severity::Error };
            let proven = |finding: &Finding| {
                finding.severity >= least && (finding.rule == file.rule || subsumed(&finding.rule))
            };
            if !found.iter().any(proven) {
                faults += 1;
                writeln!(misjudged, "{name}: wrong, and no error of {}: {sentence}", file.rule).unwrap();
                for finding in found {
                    writeln!(misjudged, "    {} {:?}: {}", finding.rule, finding.severity, finding.message)
                        .unwrap();
                }
            }
        }
        sentences += file.right.len() + file.wrong.len();
    }
    assert!(misjudged.is_empty(), "{faults} faults in {sentences} sentences\n{misjudged}");
}

#[test]
fn every_file_has_enough_sentences_and_none_twice() {
    let mut seen = HashSet::new();
    for (name, file) in files() {
        for (kind, sentences) in [("right", &file.right), ("wrong", &file.wrong)] {
            let chinese = sentences.iter().filter(|sentence| is_chinese(sentence)).count();
            for (language, count) in [("Chinese", chinese), ("English", sentences.len() - chinese)] {
                assert!(
                    count >= LEAST,
                    "{name}: {count} {language} sentences are {kind}; at least {LEAST} must be"
                );
            }
        }
        for sentence in file.right.into_iter().chain(file.wrong) {
            assert!(!seen.contains(&sentence), "{name}: twice: {sentence}");
            seen.insert(sentence);
        }
    }
}
