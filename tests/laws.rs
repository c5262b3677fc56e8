//! Laws of the whole engine over any text: splices of report pieces in both languages, and plain noise.

use std::sync::OnceLock;

use claimlint::check::{Engine, Locale};
use claimlint::document::{Document, Role};
use claimlint::finding::{Audit, Severity};
use claimlint::rule::builtin_files;
use claimlint::source::Span;
use proptest::prelude::*;

fn engine() -> &'static Engine {
    static ENGINE: OnceLock<Engine> = OnceLock::new();
    ENGINE.get_or_init(|| Engine::new(&builtin_files()).unwrap_or_else(|faults| panic!("{faults:#?}")))
}

fn check(text: &str) -> (Document, Audit) {
    let document = engine().parse(text.to_owned(), None);
    let audit = engine().check(&document, Locale::Auto);
    (document, audit)
}

/// Pieces of reports: envelope, headings, prose that holds and prose that does not, tables, diagrams, transcript.
const PIECES: [&str; 56] = [
    "Timestamp: 2026-03-01T07:51:00Z\n",
    "Title: 算力融资报告 / Funding report\n",
    "URL: https://example.com/a?b=65%\n",
    "Status: success\n",
    "Duration: 01:02:03\n",
    "Content:\n",
    "---\ndate: 2025-01-31\ntitle: x\n---\n",
    "\n\n",
    "\n",
    " ",
    "# 核心论点\n\n",
    "## 证据 Evidence\n\n",
    "## Transcript\n\n",
    "### 原文转录\n\n",
    "**推理**：\n\n",
    "- ",
    "1. ",
    "    - ",
    "> ",
    "西北新增 58.2 GWh，占全国 163.5 GWh 的 45.6%。",
    "Norvik earned $1,180 million, or 35.7% of the $4,600 million market. ",
    "1% 股权的价格从 $37 亿上涨到 $7.73 亿，公司估值 $8400 亿。",
    "The price of 1% rose from $3.7 billion to $0.773 billion at a valuation of $840 billion. ",
    "投前估值 180 亿元，融资 24 亿元，投后估值 214 亿元。",
    "On a pre-money valuation of $730 billion, raising $100 billion brings it to $840 billion post-money. ",
    "四家合计 120.0 GWh，其中甲 38.6 GWh、乙 29.4 GWh、丙 24.2 GWh。",
    "In total 72,900 units: 41,000 robots, 18,500 shuttles and 9,700 arms. ",
    "三大巨头（亚马逊、英伟达）",
    "the three giants (Amazon and Nvidia) ",
    "每年 3.2 亿元，5 年合计 18 亿元。",
    "$45 million a year for 6 years, a total of $240 million. ",
    "预计 2025 年内裁员将突破 5.5 万人。",
    "Layoffs are expected to pass 55,000 by 2025. ",
    "有分析认为，这是最大的一次。",
    "Some analysts believe it is far more than others. ",
    "规模扩大到 13 倍，远超美国的 65%。",
    "从3000亿涨到7300亿，翻倍；下调超过一半",
    "$1.4 万亿 $1100 亿美元 300-350亿 $5-8 million 1706亿 5万5000 十几万 500多亿",
    "~$700亿 五六百亿 7-8 年 5个百分点 25个基点 100兆瓦 GPT-4 Q3 22:22",
    "至 – ~ 、 ， （ ） ( ) \" “ ” ",
    "| 年份 | 营收 | 占比 |\n|---|---:|---|\n| 2023 | 12 亿元 | 30% |\n| 2024 | 15\n",
    "| a | b |\n|---|\n| $1 | $2 | $3 |\n",
    "| Year | Revenue |\n",
    "```mermaid\ngraph TD\nA[\"本轮融资<br/>$1100亿\"]:::money --> B{\"65%\"}\n",
    "SB -- \"质押 A",
    "subgraph 资金 [资金来源]\nA -.-> |质押 65%| C\nend\nclassDef money fill:#fff\n",
    "```\n",
    "<Mermaid_Diagram>\n",
    "</details><!-- ",
    "那个三G把就是3GW嘛然后 1 个亿对吧 65% 就是 1100 除以 1706 ",
    "uh so the price went up from like 37 to 7.73 you know ",
    "\u{1b}[31m\u{202e}\u{0}\r",
    "999999999999999999999999999999999999999999 亿亿亿%",
    "0 0% -0 1/0 0.0000000000000000000000000001%",
    "𠀀🚀é́",
    "占 的 是 为 or is of to ",
];

fn spliced() -> impl Strategy<Value = String> {
    prop::collection::vec(0..PIECES.len(), 0..24)
        .prop_map(|picks| picks.into_iter().map(|pick| PIECES[pick]).collect())
}

/// Pieces cut and joined at any character, so that figures and marks meet that never should.
fn torn() -> impl Strategy<Value = String> {
    prop::collection::vec((0..PIECES.len(), 0..40_usize, 1..60_usize), 0..24).prop_map(|cuts| {
        cuts.into_iter().flat_map(|(pick, skip, take)| PIECES[pick].chars().skip(skip).take(take)).collect()
    })
}

fn noise() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[0-9０-９.,%％$¥亿万千百十一二三两半零〇点分之成倍年月日至~\\-–到从占比的是约超近 \n|、，。]{0,120}",
        "[a-z0-9.,%$ \n|`#>*:()-]{0,160}",
    ]
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![3 => spliced(), 3 => torn(), 1 => noise()]
}

fn lies_in(text: &str, span: Span) -> bool {
    span.start <= span.end && text.get(span.start..span.end).is_some()
}

/// A report in an envelope, with the text that it was made from.
fn with_source(report: &str, source: &str) -> String {
    format!("Timestamp: 2026-03-01T07:51:00Z\nTitle: 融资\n\nDescription:\n{report}\n\nContent:\n{source}")
}

/// The laws would say nothing of texts in which nothing is found.
#[test]
fn the_pieces_are_found_wanting() {
    let count = |text: &str, severity| {
        check(text).1.findings.iter().filter(|finding| finding.severity == severity).count()
    };
    let wrong: Vec<&str> = PIECES.into_iter().filter(|piece| count(piece, Severity::Error) > 0).collect();
    assert!(wrong.len() >= 8, "{wrong:#?}");
    for piece in [
        "西北新增 58.2 GWh，占全国 163.5 GWh 的 45.6%。",
        "Norvik earned $1,180 million, or 35.7% of the $4,600 million market. ",
    ] {
        assert!(PIECES.contains(&piece));
        let severities = [Severity::Error, Severity::Warning, Severity::Note];
        assert_eq!(
            severities.map(|severity| count(&with_source("正文。", piece), severity)),
            [0, 0, 1],
            "{piece}"
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn an_audit_is_sound(text in text()) {
        let (document, audit) = check(&text);
        for finding in &audit.findings {
            prop_assert!(lies_in(&document.text, finding.span), "{finding:?}");
            for related in &finding.related {
                prop_assert!(lies_in(&document.text, related.span), "{finding:?}");
            }
            prop_assert!(engine().rule(&finding.rule).is_some(), "{finding:?}");
            prop_assert!(!finding.message.is_empty() && !finding.message.contains('\n'), "{finding:?}");
        }
        prop_assert!(audit.findings.is_sorted_by_key(|finding| finding.span.start));
        prop_assert!(audit.findings.is_sorted_by_key(|finding| finding.group));
        prop_assert!(audit.figures.is_sorted_by_key(|figure| figure.span.start));
    }

    #[test]
    fn a_slip_in_the_source_is_at_most_a_note(text in text(), source in text()) {
        let (document, audit) = check(&with_source(&text, &source));
        for finding in audit.findings.iter().filter(|finding| finding.severity > Severity::Note) {
            let inside = document
                .blocks
                .iter()
                .any(|block| block.role == Role::Source && block.span.contains(finding.span));
            prop_assert!(!inside || finding.span.is_empty(), "{finding:?}");
        }
    }

    #[test]
    fn a_second_look_finds_the_same(text in text()) {
        prop_assert_eq!(check(&text).1, check(&text).1);
    }

    #[test]
    fn an_extraction_lies_in_the_text(text in text()) {
        let document = engine().parse(text, None);
        let extraction = engine().extract(&document);
        let quantities = &extraction.reading.quantities;
        prop_assert!(quantities.is_sorted_by_key(|quantity| quantity.span.start));
        for pair in quantities.windows(2) {
            prop_assert!(pair[0].span.end <= pair[1].span.start, "{pair:?}");
        }
        for quantity in quantities {
            prop_assert!(!quantity.span.is_empty() && lies_in(&document.text, quantity.span), "{quantity:?}");
        }
        for explained in engine().explain(&document, &extraction) {
            prop_assert!(lies_in(&document.text, explained.span), "{explained:?}");
            for (role, span) in &explained.roles {
                prop_assert!(lies_in(&document.text, *span), "{role}: {explained:?}");
            }
        }
        prop_assert_eq!(quantities, &engine().quantities(&document));
    }
}
