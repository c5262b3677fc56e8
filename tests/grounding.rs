//! Reports against their sources: what is supported, derived, different, absent.

use std::fmt::Write as _;
use std::sync::LazyLock;

use claimlint::check::{CheckOptions, Engine};
use claimlint::finding::{Audit, Severity};
use claimlint::rule::builtin_files;
use claimlint::source::SourceFile;
use proptest::prelude::*;

static ENGINE: LazyLock<Engine> =
    LazyLock::new(|| Engine::new(&builtin_files()).unwrap_or_else(|faults| panic!("{faults:#?}")));

fn check(report: &str, source: &str) -> Audit {
    let document = ENGINE.parse(report.to_owned(), None);
    let source = ENGINE.read_source(SourceFile::new("source", source.to_owned()), None);
    ENGINE.check_with(&document, &[&source], CheckOptions::default(), ENGINE.default_choice())
}

/// Each finding about a figure: severity, rule, the report's words, and the source's when there are any.
fn told(report: &str, source: &str) -> String {
    let mut out = String::new();
    for finding in check(report, source).findings {
        let figure = ["source/differs-from-source", "source/not-in-source"].contains(&finding.rule.as_str());
        if figure && finding.severity > Severity::Note {
            let there: Vec<&str> = finding.in_sources.iter().map(|place| place.span.of(source)).collect();
            let (rule, words) = (finding.rule.trim_start_matches("source/"), finding.span.of(report));
            write!(out, "{:?} {rule}: {words}", finding.severity).unwrap();
            there.iter().for_each(|words| write!(out, " <- {words}").unwrap());
            out.push('\n');
        }
    }
    out
}

const TALK: &str = "大家好今天讲讲青岚这家公司去年收入是八十二亿美元前年才六十一亿毛利率百分之五十七点五\
    他们承诺用三G把推理和两G把训练一共五G瓦的算力员工有31000人今年要再招1400人买一家叫潮汐的公司花了3.5亿美元\
    那边只有60个工程师股价从三十二块跌到二十四块五";

#[test]
fn a_faithful_report_is_silent_across_languages_and_noise() {
    let chinese = "青岚去年收入 82 亿美元，前年 61 亿美元，增长 34.4%，增加 21 亿美元；毛利率 57.5%。\
        公司承诺使用 3GW 的推理和 2GW 的训练算力，共 5GW。员工 3.1 万人，再招 1400 人。\
        以 3.5 亿美元收购潮汐，其 60 名工程师平均每人约 583 万美元。股价从 32 元跌到 24.5 元，跌幅 23.4%。";
    let english = "Qinglan had revenue of $8.2 billion last year, up 34% from $6.1 billion. Gross margin was 57.5%. \
        It commits to 3GW of inference and 2GW of training, 5GW in all, and employs 31,000 people.";
    assert_eq!(told(chinese, TALK), "");
    assert_eq!(told(english, TALK), "");
}

#[test]
fn figures_that_no_source_gives_are_told() {
    let report = "青岚去年收入 87 亿美元，毛利率 59.5%。公司订下 5GW 推理算力和 2GW 训练算力。员工 3.6 万人，门店 417 家。";
    assert_eq!(
        told(report, TALK),
        "Warning differs-from-source: 87 亿美元 <- 八十二亿美元\n\
         Warning differs-from-source: 59.5% <- 百分之五十七点五\n\
         Warning differs-from-source: 3.6 万人 <- 31000人\n\
         Warning not-in-source: 417 家\n"
    );
    let report = "Qinglan employs 37,000 people and had revenue of $8.9 billion last year.";
    assert_eq!(
        told(report, TALK),
        "Warning not-in-source: 37,000 people\nWarning not-in-source: $8.9 billion\n"
    );
}

#[test]
fn the_same_words_around_another_number_prove_it() {
    let source = "So the plant opened in spring and it will employ about 640 people in two shifts by the end of next year.";
    let report =
        "The speaker says: \"it will employ about 460 people in two shifts by the end of next year\".";
    assert_eq!(told(report, source), "Error differs-from-source: 460 people <- 640 people\n");
}

#[test]
fn the_report_may_count_round_convert_and_suppose() {
    let source = "We have 80 stores in 3 countries, and sales were 412.6 million euros, of which 103 million online. \
        The fleet drives 1,200 kilometres a day, and a charge takes 90 minutes.";
    for report in [
        "Sales of 413 million euros, 25% of them online (103 million).",
        "Sales were €412.6 million, €0.41 billion: €103 million online and the other €309.6 million in the stores.",
        "Three findings: 1. The chain has 80 stores. 2. Of 412.6 million euros each sells about 5.16 million.",
        "A charge takes 1.5 hours, and the fleet drives 1,200 km a day.",
        "If sales fell by 17%, the chain would have to close 23 stores.",
        "## 12. Stores\n\n11. The chain has 80 stores in 3 countries.",
    ] {
        assert_eq!(told(report, source), "", "{report}");
    }
}

#[test]
fn columns_have_scales() {
    let source = "蓝驰去年卖了37.2万辆，前年25万辆，营收682亿元，净亏损23亿元。";
    let table = "| 指标 | 去年 | 前年 | 变化 |\n|---|---|---|---|\n| 销量（万辆） | 37.2 | 25 | +48.8% |\n| 净亏损（亿元） | 23 | - | - |\n";
    assert_eq!(told(table, source), "");
    assert_eq!(told(&table.replace("37.2", "39.2"), source), "Warning not-in-source: 39.2\n");
}

#[test]
fn without_a_source_nothing_is_held_against_it() {
    let document = ENGINE.parse("收入 87 亿美元。".to_owned(), None);
    let audit = ENGINE.check(&document, CheckOptions::default());
    assert!(audit.findings.iter().all(|finding| !finding.rule.starts_with("source/")), "{audit:?}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    /// A source supports a report that repeats it, whatever stands there.
    #[test]
    fn a_text_supports_itself(numbers in prop::collection::vec((2_u32..99_999, 0_usize..8), 1..12)) {
        let units = ["亿元", "%", "GW", " people", "万辆", " million dollars", "倍", ""];
        let text: String =
            numbers.iter().map(|(number, unit)| format!("The value of item is {number}{}. ", units[*unit])).collect();
        prop_assert_eq!(told(&text, &text), "");
    }

    /// Nothing that stands in a text or its source brings the comparison down.
    #[test]
    fn any_two_texts_can_be_held_against_each_other(report in "[ -~亿万%G瓦块点三两\n|]{0,120}", source in "[ -~亿万%G瓦块点三两\n]{0,120}") {
        check(&report, &source);
    }
}
