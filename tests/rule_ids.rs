//! What is built in, by name, so that nothing vanishes unnoticed; and every rule against its own examples.

use std::fmt::Write as _;
use std::sync::OnceLock;

use claimlint::check::{Engine, ExampleKind};
use claimlint::lexicon::LexiconBuilder;
use claimlint::rule::{RuleKind, builtin_files};

fn engine() -> &'static Engine {
    static ENGINE: OnceLock<Engine> = OnceLock::new();
    ENGINE.get_or_init(|| Engine::new(&builtin_files()).unwrap_or_else(|faults| panic!("{faults:#?}")))
}

fn lower(value: impl std::fmt::Debug) -> String {
    format!("{value:?}").to_lowercase()
}

#[test]
fn rules() {
    let mut list = String::new();
    for rule in engine().rules() {
        let kind = match &rule.kind {
            RuleKind::Relation { relation, .. } => format!("relation {relation}"),
            RuleKind::Wording { .. } => "wording".to_owned(),
            RuleKind::Structure(fact) => format!("structure {fact}"),
            RuleKind::Source(fact) => format!("source {fact}"),
            RuleKind::Shifts(_) => "shift".to_owned(),
        };
        let (severity, confidence) = (lower(rule.severity), lower(rule.confidence));
        let off = if rule.default { "" } else { " (off)" };
        writeln!(list, "{:<36} {severity:<8} {confidence:<7} {kind}{off}", rule.id).unwrap();
    }
    insta::assert_snapshot!(list);
}

#[test]
fn relations() {
    let mut relations: Vec<_> = engine().phrasebook().relations.iter().collect();
    relations.sort_by(|a, b| a.id.cmp(&b.id));
    let mut list = String::new();
    for relation in relations {
        writeln!(list, "{}", relation.id).unwrap();
        for (number, role) in relation.roles.iter().enumerate() {
            let mut marks = String::new();
            for (set, mark) in [
                (number == relation.key, " key"),
                (role.many, " many"),
                (role.optional, " optional"),
                (!role.measures.is_empty(), " from the ledger"),
            ] {
                marks.push_str(if set { mark } else { "" });
            }
            writeln!(list, "    {}: {}{marks}", role.name, lower(role.kind)).unwrap();
        }
    }
    insta::assert_snapshot!(list);
}

#[test]
fn word_lists() {
    let lexicon = LexiconBuilder::from_files(&builtin_files()).unwrap_or_else(|faults| panic!("{faults:#?}"));
    let mut names: Vec<&str> = lexicon.names().collect();
    names.sort_unstable();
    insta::assert_snapshot!(names.join("\n"));
}

#[test]
fn every_rule_keeps_its_examples() {
    let outcomes = engine().test();
    let mut broken = String::new();
    for outcome in outcomes.iter().filter(|outcome| !outcome.kept) {
        let rule = engine().rule(&outcome.rule).expect("an outcome is one of a rule");
        let (kind, examples) = match outcome.kind {
            ExampleKind::Pass => ("noisy", &rule.pass),
            ExampleKind::Fail => ("missing", &rule.fail),
        };
        let text = examples[outcome.index].text.trim();
        writeln!(broken, "{} {kind}: {text}\n    {}", outcome.rule, outcome.messages.join("; ")).unwrap();
    }
    assert!(broken.is_empty(), "of {} examples:\n{broken}", outcomes.len());
}

#[test]
fn every_rule_has_examples_of_both_kinds_that_run() {
    let outcomes = engine().test();
    for rule in engine().rules().iter().filter(|rule| rule.default) {
        for kind in [ExampleKind::Pass, ExampleKind::Fail] {
            let count =
                outcomes.iter().filter(|outcome| outcome.rule == rule.id && outcome.kind == kind).count();
            assert!(count >= 2, "{}: {count} of {kind:?}", rule.id);
        }
    }
}

#[test]
fn every_relation_is_checked_by_a_rule() {
    let checked: Vec<&str> = engine()
        .rules()
        .iter()
        .filter_map(|rule| match &rule.kind {
            RuleKind::Relation { relation, .. } => Some(relation.as_str()),
            _ => None,
        })
        .collect();
    let idle: Vec<&str> = engine()
        .phrasebook()
        .relations
        .iter()
        .map(|relation| relation.id.as_str())
        .filter(|id| !checked.contains(id))
        .collect();
    assert_eq!(idle, [""; 0], "relations that no rule looks at");
}
