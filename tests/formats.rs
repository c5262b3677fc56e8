//! Each format with findings made by hand: a snapshot, columns held against a count made by hand, and hostile text and
//! file names, which must come out as text in whatever reads the format.

mod sarif_schema;
mod xml;

use std::collections::BTreeMap;

use claimlint::finding::{Audit, Confidence, Figure, Finding, Related, Severity, SuppressedBy, Suppression};
use claimlint::report::{
    CheckOutput, Checkstyle, Concise, ExampleText, FileReport, GitHub, GitLab, JUnit, Json, JsonLines,
    Rdjson, RuleText, Sarif, Summary, Text, visible,
};
use claimlint::source::Span;
use proptest::prelude::*;
use serde_json::{Value, json};
use xml::elements;

/// A rule's documentation with a fence inside an example.
fn rule(id: &str) -> RuleText {
    RuleText {
        chinese: false,
        id: id.into(),
        severity: Severity::Error,
        confidence: Confidence::High,
        persona: None,
        kind: "relation".into(),
        message: "{share} does not fit".into(),
        what: "A share that does not follow.\nFrom its part and whole.".into(),
        why: "Both stand in the sentence.".into(),
        fix: "Divide again.".into(),
        measured: None,
        examples: vec![
            ExampleText { passes: false, text: "100 of 200 is 90%.\n".into() },
            ExampleText { passes: true, text: "````text\n50 of 100 is 50%.\n````".into() },
        ],
    }
}

fn finding(text: &str, on: &str) -> Finding {
    let start = text.find(on).unwrap();
    Finding {
        rule: "numeric/share".into(),
        severity: Severity::Error,
        confidence: Confidence::High,
        span: Span::new(start, start + on.len()),
        message: format!("{on} does not fit"),
        arithmetic: None,
        repair: None,
        related: Vec::new(),
        in_sources: Vec::new(),
        fingerprint: "0123456789abcdef".into(),
        group: 0,
        suppressed: None,
    }
}

/// What a format writes for these files.
fn written(
    files: &[(&str, &str, &Audit)],
    unread: usize,
    output: impl for<'a> Fn(&'a mut Vec<u8>) -> Box<dyn CheckOutput + 'a>,
) -> String {
    let mut out = Vec::new();
    let mut summary = Summary { unread, ..Summary::default() };
    let mut format = output(&mut out);
    for (path, text, audit) in files {
        summary.add(audit);
        format.file(&FileReport::new(path, text, audit)).unwrap();
    }
    format.finish(&summary).unwrap();
    drop(format);
    String::from_utf8(out).unwrap()
}

fn concise(files: &[(&str, &str, &Audit)]) -> String {
    written(files, 0, |out| Box::new(Concise::new(out)))
}

fn github(files: &[(&str, &str, &Audit)]) -> String {
    written(files, 0, |out| Box::new(GitHub::new(out)))
}

fn gitlab(files: &[(&str, &str, &Audit)]) -> String {
    written(files, 0, |out| Box::new(GitLab::new(out)))
}

fn junit(files: &[(&str, &str, &Audit)]) -> String {
    written(files, 0, |out| Box::new(JUnit::new(out)))
}

fn checkstyle(files: &[(&str, &str, &Audit)]) -> String {
    written(files, 0, |out| Box::new(Checkstyle::new(out)))
}

fn rdjson(files: &[(&str, &str, &Audit)]) -> String {
    written(files, 0, |out| Box::new(Rdjson::new(out)))
}

fn sarif(files: &[(&str, &str, &Audit)], unread: usize) -> String {
    written(files, unread, |out| Box::new(Sarif::new(out, &[rule("structure/other"), rule("numeric/share")])))
}

fn json(files: &[(&str, &str, &Audit)]) -> String {
    written(files, 0, |out| Box::new(Json::new(out)))
}

fn jsonl(files: &[(&str, &str, &Audit)]) -> String {
    written(files, 0, |out| Box::new(JsonLines::new(out)))
}

fn text(files: &[(&str, &str, &Audit)]) -> String {
    written(files, 0, |out| Box::new(Text::new(out, false)))
}

const REPORT: &str = "# 报告\n\n本轮融资 $1100 亿，\n占总额 $1706 亿的 65%。\n涨到 3 亿。\n营收 7 亿。\n";

/// One of everything: over two lines, with and without arithmetic and repair, an unknown rule, suppressed both ways.
fn audit() -> Audit {
    let mut share = finding(REPORT, "$1100 亿，\n占总额 $1706 亿的 65%");
    share.message = "65% is not the share".into();
    share.arithmetic = Some("1100亿 ÷ 1706亿 = 64.48%".into());
    share.repair = Some("65% → 64.5%".into());
    let place = |words: &str| finding(REPORT, words).span;
    share.related = vec![
        Related { label: "part".into(), span: place("$1100 亿") },
        Related { label: "whole".into(), span: place("$1706 亿") },
    ];
    let mut rise = finding(REPORT, "涨到");
    (rise.severity, rise.confidence) = (Severity::Warning, Confidence::Medium);
    rise.rule = "mine/unlisted".into();
    rise.fingerprint = "1111111111111111".into();
    let mut known = finding(REPORT, "3 亿");
    (known.severity, known.confidence) = (Severity::Note, Confidence::Low);
    known.suppressed = Some(Suppression { by: SuppressedBy::Baseline, reason: None });
    known.fingerprint = "2222222222222222".into();
    let mut excused = finding(REPORT, "7 亿");
    let reason = Some("the filing says so".into());
    excused.suppressed = Some(Suppression { by: SuppressedBy::Comment, reason });
    excused.fingerprint = "3333333333333333".into();
    let figures = vec![Figure { span: place("65%"), checked: true, grounded: None }];
    Audit { findings: vec![share, rise, known, excused], figures }
}

#[test]
fn each_format_has_its_shape() {
    let (audit, clean) = (audit(), Audit::default());
    let files = [("./reports/报告 1.md", REPORT, &audit), ("/data/clean.md", "Fine.\n", &clean)];
    insta::assert_snapshot!("concise", concise(&files));
    insta::assert_snapshot!("github", github(&files));
    insta::assert_snapshot!("gitlab", gitlab(&files));
    insta::assert_snapshot!("junit", junit(&files));
    insta::assert_snapshot!("checkstyle", checkstyle(&files));
    insta::assert_snapshot!("rdjson", rdjson(&files));
    insta::assert_snapshot!("json", json(&files));
    let log: Value = serde_json::from_str(&sarif(&files, 1)).unwrap();
    insta::assert_snapshot!("sarif", serde_json::to_string_pretty(&log).unwrap());
}

#[test]
fn without_files_each_format_is_still_whole() {
    assert_eq!(concise(&[]) + &github(&[]) + &jsonl(&[]) + &text(&[]), "");
    assert_eq!(gitlab(&[]), "[]\n");
    for json in [rdjson(&[]), sarif(&[], 0), json(&[])] {
        serde_json::from_str::<Value>(&json).unwrap();
    }
    assert_eq!(elements(&junit(&[])).len() + elements(&checkstyle(&[])).len(), 2);
}

#[test]
fn sarif_is_valid_under_the_official_schema() {
    let (audit, clean) = (audit(), Audit::default());
    let path = "../a: b,%\u{1}\"深\u{202e}#?.md";
    for (files, unread) in
        [(&[][..], 0), (&[("a.md", REPORT, &audit), (path, "x", &clean), (path, REPORT, &audit)][..], 2)]
    {
        let log: Value = serde_json::from_str(&sarif(files, unread)).unwrap();
        assert_eq!(sarif_schema::errors(&log), [""; 0], "{log:#}");
        assert_eq!(log["runs"][0]["invocations"][0]["executionSuccessful"], unread == 0);
        // What a reader of the types sees is what was written.
        let typed: serde_sarif::sarif::Sarif = serde_json::from_value(log.clone()).unwrap();
        assert_eq!(serde_json::to_value(&typed).unwrap(), log);
    }
    let broken = json!({"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "x"}}, "results": [{}]}]});
    assert!(!sarif_schema::errors(&broken).is_empty());
}

#[test]
fn sarif_rules_are_found_by_index_and_suppressions_are_on_every_result() {
    let audit = audit();
    let log: Value = serde_json::from_str(&sarif(&[("a.md", REPORT, &audit)], 0)).unwrap();
    let run = &log["runs"][0];
    let results = run["results"].as_array().unwrap();
    assert_eq!(results.len(), 4);
    for result in results {
        let index = &result["ruleIndex"];
        match index.as_u64() {
            Some(index) => {
                let rule = &run["tool"]["driver"]["rules"][usize::try_from(index).unwrap()];
                assert_eq!(rule["id"], result["ruleId"]);
            }
            None => assert_eq!(result["ruleId"], "mine/unlisted"),
        }
        let location = &result["locations"][0]["physicalLocation"]["artifactLocation"];
        let artifact = usize::try_from(location["index"].as_u64().unwrap()).unwrap();
        assert_eq!(run["artifacts"][artifact]["location"]["uri"], location["uri"]);
    }
    let kinds: Vec<&Value> = results.iter().map(|result| &result["suppressions"]).collect();
    assert_eq!(*kinds[0], json!([]));
    assert_eq!(*kinds[2], json!([{"kind": "external", "status": "accepted"}]));
    assert_eq!(
        *kinds[3],
        json!([{"kind": "inSource", "status": "accepted", "justification": "the filing says so"}])
    );
}

/// Counted by hand. In characters: ⚠ 1, U+FE0F 2, tab 3, 甲 4, 🚀 5, ： 6, 65% from 7 to before 10. In UTF-8 bytes: 3,
/// 3, 1, 3, 4 and 3 stand before it. Before the line stand the six characters `# 报告` and two line ends.
#[test]
fn columns_count_what_the_format_says() {
    let text_of = "# 报告\n\n⚠️\t甲🚀：65% 不符。\n";
    let audit = Audit { findings: vec![finding(text_of, "65%")], figures: Vec::new() };
    let files = [("a.md", text_of, &audit)];
    assert!(text(&files).contains("--> a.md:3:7\n"), "{}", text(&files));
    assert!(concise(&files).starts_with("a.md:3:7: error["));
    assert!(github(&files).starts_with("::error file=a.md,line=3,col=7,endLine=3,endColumn=10,"));
    assert!(checkstyle(&files).contains("<error line=\"3\" column=\"7\" "));
    let parsed: Value = serde_json::from_str(&json(&files)).unwrap();
    let found = &parsed["files"][0]["findings"][0];
    assert_eq!(
        ["line", "column", "end_line", "end_column", "start", "end"]
            .map(|name| found[name].as_u64().unwrap()),
        [3, 7, 3, 10, 27, 30]
    );
    let parsed: Value = serde_json::from_str(&sarif(&files, 0)).unwrap();
    assert_eq!(parsed["runs"][0]["columnKind"], "unicodeCodePoints");
    assert_eq!(
        parsed["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"],
        json!({"startLine": 3, "startColumn": 7, "endLine": 3, "endColumn": 10, "charOffset": 12, "charLength": 3})
    );
    let parsed: Value = serde_json::from_str(&rdjson(&files)).unwrap();
    assert_eq!(
        parsed["diagnostics"][0]["location"]["range"],
        json!({"start": {"line": 3, "column": 18}, "end": {"line": 3, "column": 21}})
    );
    let parsed: Value = serde_json::from_str(&gitlab(&files)).unwrap();
    assert_eq!(parsed[0]["location"]["lines"], json!({"begin": 3, "end": 3}));
}

/// Everything that some reader of some format would act on.
const HOSTILE: &str = "<script>alert(1)</script><img src=x onerror=\"alert(2)\"></style>]]>--><!-- \u{202e}bidi\u{2066} \
     \u{1b}[31mred\u{9b}2J\u{7}\n::error::x\n::set-output name=a::b\r\n  ::stop-commands::t\n##[add-mask]z ##vso[task.setvariable variable=q]1\n\
     %0A%0D::warning::y | a | `code` ``` ~~~ =cmd()|'/C calc'!A0 @SUM(1) &amp; &#60; {0} {{1}} [link](https://evil.example) \
     [part](1) \u{1}\u{0}\u{b}\u{fffe}\u{ffff}\u{85}\u{2028} 'q' \"q\" \\\\ \\u001b";

/// A file name that is as bad; a slash or a NUL cannot be in one.
const HOSTILE_NAME: &str =
    "::error::a,b:c%0A\n'q' \"q\" <b>&amp;深\u{202e}\u{1b}[31m ]]> ##[x] | `c` =cmd().md";

fn hostile() -> Audit {
    let mut all = finding(REPORT, "65%");
    let part = Related { label: HOSTILE.into(), span: all.span };
    all.message = HOSTILE.into();
    all.arithmetic = Some(format!("arithmetic {HOSTILE}"));
    all.repair = Some(format!("repair {HOSTILE}"));
    all.rule = format!("numeric/{HOSTILE}");
    all.related = vec![part];
    let mut known = all.clone();
    known.suppressed = Some(Suppression { by: SuppressedBy::Comment, reason: Some(HOSTILE.into()) });
    Audit { findings: vec![all, known], figures: Vec::new() }
}

/// No character that a terminal acts on or that hides or reorders its neighbours, no command of a CI runner.
fn assert_inert(shown: &str) {
    for line in shown.lines() {
        assert_eq!(visible(line), line);
        assert!(!line.contains("##[") && !line.contains("##vso["), "{line}");
    }
    assert!(!shown.contains('\r'));
}

#[test]
fn hostile_text_is_text_on_a_terminal() {
    let audit = hostile();
    let shown = concise(&[(HOSTILE_NAME, REPORT, &audit)]);
    assert_inert(&shown);
    assert_eq!(shown.lines().count(), 1);
    assert!(shown.starts_with("./::error::a,b:c%0A␊"), "{shown}");
    assert!(concise(&[(":", REPORT, &audit)]).starts_with("./::4:"));
    let cards = text(&[(
        HOSTILE_NAME,
        HOSTILE,
        &Audit { findings: vec![finding(HOSTILE, "x")], figures: Vec::new() },
    )]);
    for shown in [cards, text(&[(HOSTILE_NAME, REPORT, &audit)])] {
        assert_inert(&shown);
        assert!(!shown.lines().any(|line| line.trim_start().starts_with("::error")), "{shown}");
    }
}

/// A workflow command as the runner of GitHub Actions reads it: its name, its properties, its message.
fn command(line: &str) -> (String, BTreeMap<String, String>, String) {
    let unescaped = |text: &str, property: bool| {
        let text = text.replace("%0D", "\r").replace("%0A", "\n");
        let text = if property { text.replace("%3A", ":").replace("%2C", ",") } else { text };
        text.replace("%25", "%")
    };
    let (head, message) = line.strip_prefix("::").unwrap().split_once("::").unwrap();
    let (name, properties) = head.split_once(' ').unwrap();
    let properties = properties.split(',').map(|property| {
        let (name, value) = property.split_once('=').unwrap();
        (name.to_string(), unescaped(value, true))
    });
    (name.to_string(), properties.collect(), unescaped(message, false))
}

#[test]
fn hostile_text_is_text_in_annotations() {
    let audit = hostile();
    let shown = github(&[(HOSTILE_NAME, REPORT, &audit)]);
    assert_inert(&shown);
    assert_eq!(shown.lines().count(), 1);
    let (name, properties, message) = command(shown.trim_end_matches('\n'));
    assert_eq!(name, "error");
    let names: Vec<&str> = properties.keys().map(String::as_str).collect();
    assert_eq!(names, ["col", "endColumn", "endLine", "file", "line", "title"]);
    assert!(properties["file"].starts_with("::error::a,b:c%0A\n'q' \"q\" <b>&amp;深"), "{properties:?}");
    assert_eq!(properties["title"], format!("claimlint numeric/{}", visible(HOSTILE)));
    let expected = [HOSTILE.to_string(), format!("arithmetic {HOSTILE}"), format!("repair {HOSTILE}")]
        .map(|text| visible(&text).into_owned());
    // The message holds the arithmetic's words already only where it ends with it.
    assert_eq!(message, expected.join("; "));
}

#[test]
fn hostile_text_is_text_in_junit() {
    let audit = hostile();
    let xml = junit(&[(HOSTILE_NAME, REPORT, &audit)]);
    assert_inert(&xml);
    let elements = elements(&xml);
    let names: Vec<(usize, &str)> =
        elements.iter().map(|element| (element.depth, element.name.as_str())).collect();
    assert_eq!(
        names,
        [
            (0, "testsuites"),
            (1, "testsuite"),
            (2, "testcase"),
            (3, "failure"),
            (2, "testcase"),
            (3, "skipped")
        ]
    );
    assert_eq!(elements[1].attributes["name"], visible(HOSTILE_NAME));
    assert_eq!(elements[3].attributes["message"], visible(HOSTILE));
    assert_eq!(elements[3].attributes["type"], "error");
    assert!(elements[3].text.contains(&*visible(HOSTILE)), "{elements:#?}");
    assert_eq!(elements[5].attributes["message"], visible(HOSTILE));
}

#[test]
fn hostile_text_is_text_in_checkstyle() {
    let audit = hostile();
    let xml = checkstyle(&[(HOSTILE_NAME, REPORT, &audit)]);
    assert_inert(&xml);
    let elements = elements(&xml);
    let names: Vec<&str> = elements.iter().map(|element| element.name.as_str()).collect();
    assert_eq!(names, ["checkstyle", "file", "error"]);
    assert_eq!(elements[1].attributes["name"], visible(HOSTILE_NAME));
    assert!(elements[2].attributes["message"].starts_with(&*visible(HOSTILE)));
    assert_eq!(elements[2].attributes["source"], format!("numeric/{}", visible(HOSTILE)));
}

#[test]
fn hostile_text_is_text_in_json_formats() {
    let audit = hostile();
    let files = [(HOSTILE_NAME, REPORT, &audit)];
    let parsed = |shown: &str| -> Value {
        assert_inert(shown);
        serde_json::from_str(shown).unwrap()
    };
    // Ours keep what the report says, exactly.
    let value = parsed(&json(&files));
    assert_eq!(value["files"][0]["path"], HOSTILE_NAME);
    assert_eq!(value["files"][0]["findings"][0]["message"], HOSTILE);
    assert_eq!(value["files"][0]["suppressed"][0]["reason"], HOSTILE);
    let value = parsed(&jsonl(&files));
    assert_eq!((&value["id"], &value["findings"][0]["message"]), (&json!(HOSTILE_NAME), &json!(HOSTILE)));
    // Others are shown by programs that we do not know.
    let value = parsed(&gitlab(&files));
    assert_eq!(value[0]["location"]["path"], HOSTILE_NAME);
    assert!(value[0]["description"].as_str().unwrap().starts_with(&*visible(HOSTILE)));
    let value = parsed(&rdjson(&files));
    assert_eq!(value["diagnostics"][0]["location"]["path"], HOSTILE_NAME);
    assert!(value["diagnostics"][0]["message"].as_str().unwrap().starts_with(&*visible(HOSTILE)));
}

#[test]
fn hostile_text_is_text_in_sarif() {
    let audit = hostile();
    let log = sarif(&[(HOSTILE_NAME, REPORT, &audit)], 0);
    assert_inert(&log);
    let log: Value = serde_json::from_str(&log).unwrap();
    let result = &log["runs"][0]["results"][0];
    let uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].as_str().unwrap();
    assert!(uri.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~/%".contains(&byte)), "{uri}");
    assert!(uri.starts_with("%3A%3Aerror%3A%3Aa%2Cb%3Ac%250A%0A%27q%27"), "{uri}");
    let message = result["message"]["text"].as_str().unwrap();
    assert_eq!(visible(message), message);
    // The only link is the one to the related place; its words cannot end it.
    assert_eq!(message.matches("](").count(), 1, "{message}");
    assert!(message.ends_with("](1))"), "{message}");
    assert!(message.contains("{{0}} {{{{1}}}} [link] (https://evil.example)"), "{message}");
}

proptest! {
    /// Whatever a report, its name and a reason say: every output is read back as what it is, and nothing in it acts.
    #[test]
    fn any_text_is_text(
        said in "([<>&'\"\\]{}()%:,#=|`\\[\\\\]|::|##\\[|\\n|\\r|\\PC|\\pC|[a-z亿🚀]){0,60}",
        name in "([<>&'\"%:,#.-]|\\./|::|\\n|\\pC|[a-z深 ]){1,20}",
    ) {
        let mut all = finding(REPORT, "65%");
        all.message.clone_from(&said);
        all.related = vec![Related { label: said.clone(), span: all.span }];
        let mut known = all.clone();
        known.suppressed = Some(Suppression { by: SuppressedBy::Comment, reason: Some(said.clone()) });
        let audit = Audit { findings: vec![all, known], figures: Vec::new() };
        let files = [(name.as_str(), REPORT, &audit)];
        let outputs =
            [concise(&files), github(&files), gitlab(&files), junit(&files), checkstyle(&files), rdjson(&files), sarif(&files, 0), json(&files), jsonl(&files), text(&files)];
        for shown in &outputs {
            assert_inert(shown);
        }
        let [concise, github, gitlab, junit, checkstyle, rdjson, sarif, json, ..] = outputs;
        prop_assert_eq!((concise.lines().count(), github.lines().count()), (1, 1));
        prop_assert!(!concise.trim_start().starts_with("::"));
        let (kind, properties, message) = command(github.trim_end_matches('\n'));
        prop_assert_eq!((kind.as_str(), properties.len(), message.as_str()), ("error", 6, &*visible(&said)));
        prop_assert_eq!((elements(&junit).len(), elements(&checkstyle).len()), (6, 3));
        let parsed = [gitlab, rdjson, sarif, json].map(|json| serde_json::from_str::<Value>(&json).unwrap());
        prop_assert_eq!(&parsed[3]["files"][0]["findings"][0]["message"], &said);
        prop_assert_eq!(&parsed[0][0]["description"], &*visible(&said));
        prop_assert_eq!(sarif_schema::errors(&parsed[2]), [""; 0]);
    }
}
