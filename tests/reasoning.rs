//! The argument of a report: what its parts are and what links them, the audit, personas, and what the rules measured.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;

use claimlint::argument::{ArgumentGraph, Ground, Layout, LinkKind, PartKind};
use claimlint::check::Engine;
use claimlint::document::Document;
use claimlint::finding::Severity;
use claimlint::rule::{Persona, builtin_files};
use insta_cmd::get_cargo_bin;

fn engine() -> &'static Engine {
    static ENGINE: OnceLock<Engine> = OnceLock::new();
    ENGINE.get_or_init(|| Engine::new(&builtin_files()).unwrap_or_else(|faults| panic!("{faults:#?}")))
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn claimlint(arguments: &[&str], folder: &Path) -> Output {
    Command::new(get_cargo_bin("claimlint"))
        .args(arguments)
        .current_dir(folder)
        .env("SOURCE_DATE_EPOCH", "1772323200")
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

fn text(output: &Output) -> String {
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn argument_of(report: &str) -> (Document, ArgumentGraph) {
    let document = engine().parse(report.to_owned(), None);
    let argument = engine().argument(&document);
    (document, argument)
}

/// `Evidence 2 -> Conclusion 1 Supports`, one for each link.
fn links(argument: &ArgumentGraph) -> Vec<String> {
    let name = |part: usize| format!("{:?} {}", argument.parts[part].kind, argument.parts[part].number);
    argument
        .links
        .iter()
        .map(|link| format!("{} -> {} {:?}", name(link.from), name(link.to), link.kind))
        .collect()
}

const FOUR_PARTS: &str = "\
## 核心论点 (Argument)

远汐科技的扩产出于防守。价格战会先伤到小厂。

## 关键证据 (Evidence)

1. **扩产：** 远汐科技年内产能由 40 GWh 扩到 65 GWh。
   - 其中二期 25 GWh 十月投产。
2. **毛利：** 行业毛利率降到 14%，小厂已经亏损。

## 逻辑推理 (Reasoning)

证据 1 说明远汐先动手。

## 魔鬼代言人审计 (Audit)

1. 扩产可能出于需求：65 GWh 的产能已有订单。
2. 见证据 2：毛利率只有一个季度的数据。

## 概念图

```mermaid
graph TD
    A[\"远汐扩产 65 GWh\"] --> B[\"毛利率 14%\"]
    Q{\"审计: 毛利率是否只有一个季度?\"}
```
";

#[test]
fn the_four_parts_are_told_apart_and_linked() {
    let (document, argument) = argument_of(FOUR_PARTS);
    assert_eq!(argument.layout, Layout::Argued);
    let count = |kind| argument.of_kind(kind).count();
    let counts =
        [PartKind::Conclusion, PartKind::Evidence, PartKind::Step, PartKind::Objection, PartKind::Node]
            .map(count);
    assert_eq!(counts, [2, 2, 1, 2, 3]);
    let (_, first) = argument.of_kind(PartKind::Evidence).next().unwrap();
    assert_eq!(argument.name(first, &document), "扩产");
    assert!(first.span.of(&document.text).ends_with("十月投产。"), "an item has its nested items");
    let links = links(&argument);
    for expected in [
        "Evidence 1 -> Conclusion 1 Supports",
        "Evidence 1 -> Step 1 Supports",
        "Objection 1 -> Evidence 1 Challenges",
        "Objection 2 -> Evidence 2 Challenges",
        "Node 1 -> Evidence 1 Illustrates",
        "Node 2 -> Evidence 2 Illustrates",
        "Node 3 -> Objection 2 Illustrates",
    ] {
        assert!(links.iter().any(|link| link == expected), "{expected} not in {links:#?}");
    }
    let (numbered, _) = argument.of_kind(PartKind::Step).next().unwrap();
    let by_number = argument.to(numbered, LinkKind::Supports).next().unwrap();
    assert!(by_number.grounds.contains(&Ground::Number));
}

#[test]
fn plain_reports_have_an_argument_too() {
    let (_, argument) = argument_of(
        "# Farsail\n\n## Summary\n\nFarsail will keep its share.\n\n## Findings\n\n- Farsail shipped 24.2 GWh.\n\n\
         ## Risks\n\n- A price war could cost Farsail its margin.\n\n## Recommendation\n\nBuy Farsail below $40.\n",
    );
    assert_eq!(argument.layout, Layout::Plain);
    let kinds: Vec<_> = argument.parts.iter().map(|part| part.kind).collect();
    assert_eq!(kinds, [PartKind::Conclusion, PartKind::Evidence, PartKind::Objection]);
    let (document, argument) = argument_of(
        "# 远汐科技\n\n## 看多理由\n\n- 出货 24.2 GWh。\n- 份额升到 14.8%。\n\n## 看空理由\n\n- 价格战侵蚀毛利。\n\n## 投资建议\n\n买入。\n",
    );
    let named: Vec<_> =
        argument.parts.iter().map(|part| (part.kind, argument.name(part, &document))).collect();
    assert_eq!(
        named,
        [
            (PartKind::Conclusion, "买入。".to_owned()),
            // No heading says that these are evidence, so the section is one part.
            (PartKind::Evidence, "看多理由".to_owned()),
            (PartKind::Objection, "价格战侵蚀毛利。".to_owned()),
        ]
    );
    let (_, argument) = argument_of("# Notes\n\n## Sales\n\nSales rose 5%.\n\n## Costs\n\nCosts fell.\n");
    assert_eq!(argument.layout, Layout::Sections);
}

#[test]
fn long_reports_are_linked_in_linear_time() {
    let mut report = String::from("## Core argument\n\nAcme wins.\n\n## Key evidence\n\n");
    for item in 0..20_000 {
        report.push_str(&format!("1. Acme sold {item}{item} units of the same good old widget to Beta.\n"));
    }
    let start = std::time::Instant::now();
    let (_, argument) = argument_of(&report);
    assert_eq!(argument.of_kind(PartKind::Evidence).count(), 20_000);
    assert!(start.elapsed().as_secs() < 30, "{:?}", start.elapsed());
}

#[test]
fn audits_of_two_fixtures() {
    for name in ["cut-off.zh", "market.en"] {
        let path = format!("{name}.md");
        let page = text(&claimlint(&["audit", &path, "--isolated"], &root().join("fixtures")));
        assert_eq!(page, text(&claimlint(&["audit", &path, "--isolated"], &root().join("fixtures"))));
        insta::assert_snapshot!(format!("audit {name}"), page);
    }
}

/// Mermaid's grammar, as far as a map uses it.
fn is_map_line(line: &str) -> bool {
    let id = |text: &str| {
        text.strip_prefix('n')
            .is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit()))
    };
    let label = |text: &str| {
        let inner = ["([\"", "{{\"", "[\""].iter().zip(["\"])", "\"}}", "\"]"]);
        let inner = inner.filter_map(|(open, close)| text.strip_prefix(open)?.strip_suffix(close)).next();
        inner.is_some_and(|inner| {
            let plain = |c: char| c.is_ascii_alphanumeric() || !c.is_ascii() || " .,-+/%$#;".contains(c);
            inner.chars().all(plain)
        })
    };
    let Some(line) = line.strip_prefix("    ") else { return false };
    if let Some(class) = line.strip_prefix("classDef ") {
        return class.contains(" fill:#");
    }
    let arrow = [" --> ", " --- ", " -.-> "].iter().find_map(|arrow| line.split_once(arrow));
    if let Some((from, to)) = arrow
        && id(from)
    {
        return id(to);
    }
    let Some((node, class)) = line.rsplit_once(":::") else { return false };
    let at = node.find(['[', '(', '{']).unwrap_or(node.len());
    id(&node[..at]) && label(&node[at..]) && class.bytes().all(|byte| byte.is_ascii_lowercase())
}

fn maps(page: &str) -> Vec<Vec<&str>> {
    let mut maps = Vec::new();
    let mut lines = page.lines();
    while lines.by_ref().any(|line| line == "```mermaid") {
        maps.push(lines.by_ref().take_while(|line| *line != "```").collect());
    }
    maps
}

#[test]
fn every_map_is_a_flowchart_whatever_the_report_says() {
    let folder = tempfile::tempdir().unwrap();
    let hostile = "## Core argument\n\nPay \"Acme\" (<img src=x onerror=\"alert(1)\">) and Beta; ]] }} click n0 call x() %%{init: {}}%%\n\n\
        ## Key evidence\n\n1. \"]; click n0 href \"javascript:alert(1)\"; Acme {{x}} <b>bold</b> \\ end $50 million\n\
        2. ``` Beta --> n0 subgraph end\n```\n\n## Devil's advocate audit\n\n1. But \u{1b}[31m\u{202e}Acme?\n";
    fs::write(folder.path().join("hostile.md"), hostile).unwrap();
    let mut pages = vec![text(&claimlint(&["audit", "hostile.md"], folder.path()))];
    pages.push(text(&claimlint(&["audit", ".", "--isolated"], &root().join("fixtures"))));
    for page in &pages {
        let maps = maps(page);
        assert!(!maps.is_empty());
        for map in maps {
            assert_eq!(map.first(), Some(&"flowchart BT"));
            for line in &map[1..] {
                assert!(is_map_line(line), "{line}");
            }
        }
    }
    let hostile = &pages[0];
    assert!(!hostile.contains(['\u{1b}', '\u{202e}', '<']) || !hostile.contains("<img"), "{hostile}");
    assert!(!hostile.contains("<b>") && !hostile.contains("<img"), "{hostile}");
}

#[test]
fn personas_show_more_and_more() {
    let findings = |persona: &[&str]| {
        let arguments = [
            &["check", "openai-round.zh.md", "--isolated", "--format", "concise", "--fail-on", "never", "-q"],
            persona,
        ]
        .concat();
        text(&claimlint(&arguments, &root().join("fixtures"))).lines().map(str::to_owned).collect::<Vec<_>>()
    };
    let (gate, review) = (findings(&[]), findings(&["--persona", "review"]));
    let strict = findings(&["--persona", "strict"]);
    assert_eq!(gate, findings(&["--persona", "gate"]));
    assert_eq!(review, findings(&["--config", "persona=review"]));
    assert!(gate.len() < review.len() && review.len() <= strict.len());
    for (less, more) in [(&gate, &review), (&review, &strict)] {
        assert!(less.iter().all(|finding| more.contains(finding)), "{less:#?} {more:#?}");
    }
    // What is named runs, whoever reads; and `default` is what the persona has.
    let named = findings(&["--select", "reasoning/sources-seldom-named"]);
    assert!(named.len() == 1 && named[0].contains("sources-seldom-named"), "{named:#?}");
    assert_eq!(findings(&["--select", "default", "--persona", "review"]), review);
}

/// From so many right of a hundred on a rule may warn; from so many on it may do so unasked.
const WARNS: u32 = 70;
const UNASKED: u32 = 80;
/// Fewer findings that somebody has read measure nothing.
const READ: u32 = 5;

#[test]
fn no_rule_of_reasoning_claims_more_than_it_measured() {
    let rules = engine().rules().iter().filter(|rule| matches!(rule.group(), "reasoning" | "wording"));
    let mut counted = 0;
    for rule in rules {
        counted += 1;
        assert!(rule.severity < Severity::Error, "{}: an error is a proof", rule.id);
        let share = rule.measured.as_ref().map(|measured| measured.right * 100 / measured.of.max(1));
        let told_unasked = rule.default && rule.persona == Persona::Gate;
        if rule.severity == Severity::Warning || told_unasked {
            let share = share.unwrap_or_else(|| panic!("{} warns and was never measured", rule.id));
            assert!(share >= if told_unasked { UNASKED } else { WARNS }, "{}: {share}", rule.id);
            let read = rule.measured.as_ref().map_or(0, |measured| measured.of);
            assert!(!told_unasked || read >= READ, "{}: {read} findings were read", rule.id);
        }
    }
    assert!(counted > 20, "{counted}");
}
