//! Rule files: what loads, and the message, place and help of everything that does not.

use std::collections::HashMap;
use std::fs;

use claimlint::finding::{Confidence, Severity};
use claimlint::relation::RoleType;
use claimlint::rule::{
    Placeholder, RoleInfo, RuleContext, RuleKind, RuleSet, Trigger, UnlessFigure, builtin_files, files_below,
};
use claimlint::source::{DataFile, Fault};
use proptest::prelude::*;

const STAKE: &str = r#"
# 股权作价：每 1% 的价格乘以一百，应与估值相符。
id = "numeric/stake-price"
relation = "price-of-one-percent"
require = "price ~= any(valuation) / 100"
severity = "error"
confidence = "high"
unless = ["option-strike"]

[message]
zh = "1% 作价 {price}，与估值 {valuation} 不符：{arithmetic}"
en = "one percent at {price} does not fit a valuation of {valuation}: {arithmetic}"

[doc]
what = "The price of one percent against the valuation."
why = "A slipped decimal point is easy to miss."
fix = "Recompute the price, or say what it is a price of."

[[fail]]
text = "这家公司估值 600 亿元，1% 的股份卖 60 亿元。"
[[fail]]
text = "At a valuation of $60 billion, one percent went for $6 billion."
date = "2026-03-01"
[[pass]]
text = "这家公司估值 600 亿元，1% 的股份卖 6 亿元。"
note = "正好"
[[pass]]
text = "At a valuation of $60 billion, one percent went for $600 million."
"#;

const WORDING: &str = r#"
id = "wording/superlative"
severity = "note"
confidence = "low"
unless_clause = ["option-strike"]
scope = ["argument", "summary"]
gate = ["diagram-cut-off"]
subsumes = ["numeric/stake-price"]
default = "off"

[wording]
class = "superlative"
unless_figure = "clause"

[message]
zh = "“{text}”没有说明范围"
en = "“{text}” has no scope"

[doc]
what = "A superlative without its scope."
why = "It cannot be checked."
fix = "Say among what and when."

[[fail]]
text = "它是最大的公司。"
[[fail]]
text = "It is the largest company."
[[pass]]
text = "它是 2025 年收入最大的公司。"
[[pass]]
text = "It is the largest company by revenue of 2025."
"#;

fn context() -> RuleContext {
    let names = |all: &[&str]| all.iter().map(|name| (*name).to_owned()).collect();
    let role = |name: &str, kind, many| (name.to_owned(), RoleInfo { kind, many, optional: false });
    RuleContext {
        relations: [(
            "price-of-one-percent".to_owned(),
            HashMap::from([role("price", RoleType::Money, false), role("valuation", RoleType::Money, true)]),
        )]
        .into(),
        classes: names(&["option-strike", "superlative"]),
        structures: names(&["diagram-cut-off", "node-without-edge"]),
        sources: names(&["figure-differs"]),
        gates: names(&["diagram-cut-off", "node-without-edge"]),
        document_roles: names(&["argument", "summary", "source"]),
    }
}

fn file(path: &str, text: &str) -> DataFile {
    DataFile { path: path.to_owned(), text: text.to_owned() }
}

/// Message, text under the span and help of everything wrong with one file.
fn faults(text: &str) -> Vec<(String, String, String)> {
    let found = RuleSet::load(&[file("a.toml", text)], &context()).expect_err("faulty");
    found.iter().map(|fault| words(fault, text)).collect()
}

fn words(fault: &Fault, text: &str) -> (String, String, String) {
    (fault.message.clone(), fault.span.of(text).to_owned(), fault.help.clone().unwrap_or_default())
}

/// The one fault of the stake rule with something replaced.
fn changed(base: &str, from: &str, to: &str) -> (String, String, String) {
    assert!(base.contains(from), "{from}");
    let text = base.replacen(from, to, 1);
    let mut found = faults(&text);
    assert_eq!(found.len(), 1, "{from} -> {to}: {found:#?}");
    found.remove(0)
}

fn expect(base: &str, from: &str, to: &str, message: &str, under: &str, help: &str) {
    assert_eq!(changed(base, from, to), (message.to_owned(), under.to_owned(), help.to_owned()));
}

#[test]
fn rules_load_with_everything_they_say() {
    let files = [
        file("wording/superlative.toml", WORDING),
        file("lexicons/share.toml", "not = 1 a rule"),
        file("entities.toml", "not = 1 a rule"),
        file("numeric/stake-price.toml", STAKE),
    ];
    let set = RuleSet::load(&files, &context()).unwrap();
    let ids: Vec<_> = set.rules().iter().map(|rule| rule.id.as_str()).collect();
    assert_eq!(ids, ["numeric/stake-price", "wording/superlative"]);
    assert_eq!(set.closest("numeric/stakeprice"), Some("numeric/stake-price"));

    let stake = set.get("numeric/stake-price").unwrap();
    let RuleKind::Relation { relation, require, when, .. } = &stake.kind else { panic!("{:?}", stake.kind) };
    assert_eq!(
        (relation.as_str(), require.to_string().as_str()),
        ("price-of-one-percent", "price ~= any(valuation) / 100")
    );
    assert!(when.is_none() && stake.default);
    assert_eq!(require.roles(), ["price", "valuation"]);
    assert_eq!(
        (stake.severity, stake.plain_severity, stake.confidence),
        (Severity::Error, Severity::Warning, Confidence::High)
    );
    assert_eq!(stake.place.of(STAKE), "\"numeric/stake-price\"");
    assert_eq!((stake.group(), stake.path.as_str()), ("numeric", "numeric/stake-price.toml"));
    assert_eq!((stake.pass.len(), stake.fail.len()), (2, 2));
    assert_eq!(stake.fail[1].date.unwrap().to_string(), "2026-03-01");
    assert_eq!(stake.pass[0].note.as_deref(), Some("正好"));
    let filled = stake.message.zh.fill(&|placeholder| match placeholder {
        Placeholder::Role(role) => format!("<{role}>"),
        other => format!("{other:?}"),
    });
    assert_eq!(filled, "1% 作价 <price>，与估值 <valuation> 不符：Arithmetic");

    let superlative = set.get("wording/superlative").unwrap();
    assert!(matches!(
        &superlative.kind,
        RuleKind::Wording { trigger: Trigger::Class(class), limits, .. } if class == "superlative" && limits.unless_figure == UnlessFigure::Clause
    ));
    assert!(!superlative.default);
    assert_eq!(superlative.plain_severity, Severity::Note);
    assert_eq!(superlative.gate, ["diagram-cut-off"]);
}

#[test]
fn phrases_keep_their_places() {
    let text = WORDING.replace("class = \"superlative\"", "phrase = { zh = [\"最 <大>\"], en = [] }");
    let text = text.replace("subsumes = [\"numeric/stake-price\"]", "");
    let set = RuleSet::load(&[file("a.toml", &text)], &context()).unwrap();
    let RuleKind::Wording { trigger: Trigger::Phrases { zh, en }, .. } = &set.rules()[0].kind else {
        panic!()
    };
    assert_eq!((zh[0].text.as_str(), zh[0].span.of(&text), en.len()), ("最 <大>", "\"最 <大>\"", 0));
}

#[test]
fn expressions_are_checked_at_their_place_under_han() {
    expect(
        STAKE,
        "price ~= any(valuation) / 100",
        "price ~= any(valuaton) / 100",
        "there is no role `valuaton`",
        "valuaton",
        "did you mean `valuation`?",
    );
    let (message, under, _) = changed(STAKE, "any(valuation) / 100", "valuation");
    assert_eq!((message.as_str(), under.as_str()), ("`valuation` can have several values", "valuation"));
    let (message, under, _) =
        changed(STAKE, "severity = \"error\"", "when = '''\n  price ≥ 1'''\nseverity = \"error\"");
    assert_eq!((message.as_str(), under.as_str()), ("`≥` is no comparison", "≥"));
    let (_, under, _) = changed(STAKE, "price ~= any(valuation)", "price ~= any(valua\\u0074on)");
    assert_eq!(under, "\"price ~= any(valua\\u0074on) / 100\"", "the whole string when it has escapes");
}

#[test]
fn names_are_checked() {
    for (base, from, to, message, under, help) in [
        (
            STAKE,
            "price-of-one-percent",
            "price-of-percent",
            "there is no relation `price-of-percent`",
            "\"price-of-percent\"",
            "did you mean `price-of-one-percent`?",
        ),
        (
            STAKE,
            "\"option-strike\"",
            "\"option-strik\"",
            "there is no word list `option-strik`",
            "\"option-strik\"",
            "did you mean `option-strike`?",
        ),
        (
            STAKE,
            "unless =",
            "scope = [\"论点\"]\nunless =",
            "there is no document role `论点`",
            "\"论点\"",
            "there are argument, source, summary",
        ),
        (
            STAKE,
            "unless =",
            "gate = [\"node-with-edge\"]\nunless =",
            "there is no structure fact to gate with `node-with-edge`",
            "\"node-with-edge\"",
            "did you mean `node-without-edge`?",
        ),
        (
            STAKE,
            "unless =",
            "subsumes = [\"numeric/stake\"]\nunless =",
            "there is no rule `numeric/stake`",
            "\"numeric/stake\"",
            "did you mean `numeric/stake-price`?",
        ),
        (
            STAKE,
            "unless =",
            "subsumes = [\"numeric/stake-price\"]\nunless =",
            "a rule cannot subsume itself",
            "\"numeric/stake-price\"",
            "leave it out",
        ),
        (
            STAKE,
            "unless =",
            "override = true\nunless =",
            "there is no other rule `numeric/stake-price` to override",
            "true",
            "leave `override` out, or correct the id",
        ),
        (
            STAKE,
            "numeric/stake-price",
            "Stake",
            "`Stake` is no rule id",
            "\"Stake\"",
            "write group/name in lower case with hyphens: `numeric/stake-price`",
        ),
        (
            STAKE,
            "作价 {price}",
            "作价 {prize}",
            "unknown placeholder `{prize}`",
            "{prize}",
            "did you mean `{price}`?",
        ),
        (
            STAKE,
            "2026-03-01",
            "2026年3月",
            "`2026年3月` is no date",
            "\"2026年3月\"",
            "write year-month-day: `2026-03-01`",
        ),
    ] {
        expect(base, from, to, message, under, help);
    }
    let wording = WORDING.replace("subsumes = [\"numeric/stake-price\"]", "");
    for (from, to, message, under, help) in [
        (
            "class = \"superlative\"",
            "class = \"superlativ\"",
            "there is no word list `superlativ`",
            "\"superlativ\"",
            "did you mean `superlative`?",
        ),
        (
            "[\"option-strike\"]",
            "[\"superlative\"]",
            "the rule is silenced by the words that set it off, so it can never fire",
            "\"superlative\"",
            "leave it out or name another",
        ),
        (
            "gate =",
            "not_scope = [\"summary\"]\ngate =",
            "`summary` is in scope and not_scope",
            "\"summary\"",
            "leave it out of one of them",
        ),
        (
            "{text}”没",
            "{arithmetic}”没",
            "unknown placeholder `{arithmetic}`",
            "{arithmetic}",
            "the placeholders are {text}",
        ),
        (
            "gate =",
            "require = \"a\"\ngate =",
            "`require` belongs to a rule with `relation`",
            "\"a\"",
            "leave it out",
        ),
        (
            "unless_figure = \"clause\"",
            "unless_figure = \"clauses\"",
            "unknown value `clauses`",
            "\"clauses\"",
            "did you mean `clause`?",
        ),
        (
            "class = \"superlative\"",
            "phrase = { zh = [\" \"] }",
            "the phrase is empty",
            "\" \"",
            "write the words, or leave it out",
        ),
        (
            "class = \"superlative\"",
            "phrase = {}",
            "the rule is without a phrase, so it can never fire",
            "{}",
            "leave it out or name another",
        ),
        (
            "class = \"superlative\"",
            "class = \"superlative\"\nphrase = {}",
            "[wording] has exactly one of `class` and `phrase`",
            "{}",
            "write a rule of its own for the other",
        ),
        (
            "what = \"A superlative without its scope.\"",
            "what = \"\"",
            "what is empty",
            "\"\"",
            "write a sentence for the reader",
        ),
    ] {
        expect(&wording, from, to, message, under, help);
    }
    let structure = wording.replace("[wording]\nclass = \"superlative\"\nunless_figure = \"clause\"\n", "");
    let own = structure.replace("scope =", "structure = \"diagram-cut-off\"\nscope =");
    assert_eq!(faults(&own)[0].0, "the rule is gated by its own fact, so it can never fire");
    assert_eq!(faults(&structure)[0].0, "the rule looks at nothing");
}

#[test]
fn kinds_and_severities_are_checked() {
    expect(
        STAKE,
        "unless =",
        "structure = \"diagram-cut-off\"\nunless =",
        "a rule has exactly one of `relation`, `[wording]`, `structure`, `source` and `[[shift]]`",
        "\"diagram-cut-off\"",
        "write a rule of its own for the other",
    );
    expect(
        STAKE,
        "require = \"price ~= any(valuation) / 100\"",
        "",
        "a relation rule says what must hold",
        "\"price-of-one-percent\"",
        "add `require = \"…\"`",
    );
    expect(
        STAKE,
        "severity = \"error\"",
        "severity = \"warning\"\nplain_severity = \"error\"",
        "plain_severity is above the rule's severity",
        "\"error\"",
        "lower it or leave it out: what the plain reading alone contradicts weighs less",
    );
    expect(STAKE, "\"error\"", "\"eror\"", "unknown value `eror`", "\"eror\"", "did you mean `error`?");
    expect(
        STAKE,
        "confidence",
        "confidance",
        "unknown field `confidance`",
        "confidance",
        "did you mean `confidence`?",
    );
}

#[test]
fn examples_are_needed_in_both_languages() {
    let (message, under, help) =
        changed(STAKE, "这家公司估值 600 亿元，1% 的股份卖 60 亿元。", "One percent.");
    assert_eq!(message, "the rule has no [[fail]] example in Chinese");
    assert_eq!(under, "\"numeric/stake-price\"");
    assert_eq!(help, "add [[fail]] with a text; pass and fail are needed in both languages");
    let none = STAKE.split("[[fail]]").next().unwrap();
    assert_eq!(faults(none).len(), 4);
}

#[test]
fn everything_wrong_in_all_files_is_reported_in_order() {
    let slips = STAKE.replace("any(valuation) / 100", "valution + 1 ~= 2 and 1").replace("unless", "unles");
    let files = [
        file("z.toml", &STAKE.replace("{arithmetic}", "{arithmetik}")),
        file("a.toml", &slips),
        file("m.toml", "id = \"断"),
    ];
    let found = RuleSet::load(&files, &context()).unwrap_err();
    let paths: Vec<_> = found.iter().map(|fault| fault.path.as_str()).collect();
    assert_eq!(paths, ["a.toml", "m.toml", "z.toml", "z.toml"], "{found:#?}");
    assert_eq!(found[0].help.as_deref(), Some("did you mean `unless`?"));
    assert!(found.iter().is_sorted_by_key(|fault| (&fault.path, fault.span)));
}

#[test]
fn of_two_rules_with_one_id_one_may_override_the_other() {
    let own = STAKE.replace("severity = \"error\"", "severity = \"note\"");
    let both = |own: &str| RuleSet::load(&[file("b.toml", STAKE), file("own.toml", own)], &context());
    let found = both(&own).unwrap_err();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].path, "own.toml");
    assert_eq!(
        words(&found[0], &own),
        (
            "the rule `numeric/stake-price` is already defined in b.toml:3".to_owned(),
            "\"numeric/stake-price\"".to_owned(),
            "give it another id, or write `override = true` to replace the other".to_owned(),
        )
    );
    let own = own.replace("unless", "override = true\nunless");
    assert_eq!(both(&own).unwrap().rules()[0].severity, Severity::Note);
    let before = RuleSet::load(&[file("a.toml", &own), file("b.toml", STAKE)], &context()).unwrap();
    assert_eq!(before.rules()[0].severity, Severity::Note);
    let twice = [file("b.toml", STAKE), file("own.toml", &own), file("own2.toml", &own)];
    let found = RuleSet::load(&twice, &context()).unwrap_err();
    assert_eq!((found.len(), found[0].path.as_str()), (1, "own2.toml"));
    assert_eq!(found[0].help.as_deref(), Some("only one rule can override another: merge the two"));
}

#[test]
fn a_file_in_the_place_of_a_built_in_one_may_say_that_it_overrides() {
    let own = STAKE.replace("unless", "override = true\nunless");
    let builtin = builtin_files();
    let path = builtin.iter().map(|file| file.path.as_str()).find(|path| RuleSet::is_rule_file(path));
    assert!(RuleSet::load(&[file(path.unwrap(), &own)], &context()).is_ok());
    assert!(RuleSet::load(&[file("own.toml", &own)], &context()).is_err());
}

#[test]
fn a_rule_that_is_only_faulty_is_not_missing() {
    let own = STAKE.replace("unless", "override = true\nunless");
    let subsumes = |id: &str| WORDING.replace("numeric/stake-price", id);
    let broken = STAKE.replace("\"error\"", "\"eror\"");
    let count = |files: &[DataFile]| RuleSet::load(files, &context()).unwrap_err().len();
    assert_eq!(count(&[file("a.toml", &broken), file("b.toml", WORDING)]), 1);
    assert_eq!(count(&[file("a.toml", &broken), file("b.toml", &own)]), 1);
    assert_eq!(count(&[file("a.toml", &broken), file("b.toml", &subsumes("numeric/stake"))]), 2);
    assert_eq!(count(&[file("a.toml", "id = "), file("b.toml", &subsumes("numeric/stake"))]), 1);
}

#[test]
fn a_text_without_letters_is_an_example_in_either_language() {
    let text = STAKE
        .replace("这家公司估值 600 亿元，1% 的股份卖 60 亿元。", "")
        .replace("At a valuation of $60 billion, one percent went for $6 billion.", "2026");
    let set = RuleSet::load(&[file("a.toml", &text)], &context()).unwrap();
    assert_eq!(set.rules()[0].fail[0].text, "");
}

#[test]
fn a_folder_is_read_in_order() {
    let folder = tempfile::tempdir().unwrap();
    let put = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    };
    put("numeric/b.toml", STAKE.as_bytes());
    put("a.toml", b"");
    put("说明.md", b"");
    put(".hidden/c.toml", b"");
    let paths: Vec<_> = files_below(folder.path()).unwrap().into_iter().map(|file| file.path).collect();
    assert_eq!(paths, ["a.toml", "numeric/b.toml"]);

    let message = |path: &str| files_below(&folder.path().join(path)).unwrap_err().to_string();
    assert!(message("none").starts_with("cannot read "), "{}", message("none"));
    assert!(message("a.toml").ends_with("is no folder; give the folder that holds the rule files"));
    put("bad.toml", b"id = \"\xff\"");
    assert!(
        message(".").ends_with("bad.toml is not UTF-8 from byte 6 on; TOML files must be"),
        "{}",
        message(".")
    );
}

#[test]
fn built_in_files_are_embedded_in_order() {
    let files = builtin_files();
    assert!(files.iter().is_sorted_by_key(|file| &file.path));
    assert!(files.iter().all(|file| file.path.ends_with(".toml") && !file.path.contains('\\')));
}

#[test]
fn nesting_without_end_is_a_fault() {
    for text in [
        format!("id = {}", "[".repeat(100_000)),
        format!("id = {}{}", "[".repeat(100_000), "]".repeat(100_000)),
        format!("{}a = 1", "a.".repeat(100_000)),
        format!("[{}a]\nb = 1", "a.".repeat(100_000)),
        format!("id = {}", "{ a = ".repeat(100_000)),
    ] {
        assert!(!faults(&text).is_empty());
    }
}

proptest! {
    #[test]
    fn no_file_panics(at in 0_usize..1200, cut in 0_usize..40, put in "[\\[\\]{}=\"'\\\\#a-z占比（。\n ]{0,6}", wording: bool) {
        let base: Vec<char> = if wording { WORDING } else { STAKE }.chars().collect();
        let at = at.min(base.len());
        let end = (at + cut).min(base.len());
        let text: String = base[..at].iter().chain(put.chars().collect::<Vec<_>>().iter()).chain(&base[end..]).collect();
        if let Err(found) = RuleSet::load(&[file("a.toml", &text)], &context()) {
            prop_assert!(!found.is_empty());
            for fault in found {
                prop_assert!(text.get(fault.span.start..fault.span.end).is_some(), "{:?}", fault);
            }
        }
    }
}
