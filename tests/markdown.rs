//! What Markdown becomes: blocks with roles, prose with its marks painted over, tables, defects.

use claimlint::document::{BlockKind, DefectKind, Document, DocumentLexicon, Language, Role};
use claimlint::source::DataFile;
use std::sync::LazyLock;

static LEXICON: LazyLock<DocumentLexicon> = LazyLock::new(|| {
    let files = ["sections", "envelope", "dates", "sentences"].map(|name| {
        let path = format!("document/{name}.toml");
        let text = std::fs::read_to_string(format!("rules/{path}")).unwrap();
        DataFile { path, text }
    });
    DocumentLexicon::from_files(&files).unwrap()
});

fn parse(text: &str) -> Document {
    Document::parse(text.to_owned(), &LEXICON)
}

/// Each block's prose, a run of marks as `~`, a run of breaks as `·`.
fn prose(text: &str) -> Vec<String> {
    let document = parse(text);
    let shown = |prose: &str| {
        let mut shown = prose.replace('\u{1}', "~").replace('\u{2}', "·");
        for run in ["~~", "··"] {
            while shown.contains(run) {
                shown = shown.replace(run, &run[..run.len() / 2]);
            }
        }
        shown
    };
    document.blocks.iter().map(|block| shown(block.span.of(&document.prose))).collect()
}

fn sentences(text: &str) -> Vec<String> {
    let document = parse(text);
    document.sentences.iter().map(|sentence| sentence.span.of(&document.prose).to_owned()).collect()
}

fn kinds(text: &str) -> Vec<(BlockKind, Role)> {
    parse(text).blocks.iter().map(|block| (block.kind, block.role)).collect()
}

#[test]
fn marks_are_painted_and_text_stays() {
    for (text, expected) in [
        ("a **bold** and *thin* b", "a ~bold~ and ~thin~ b"),
        ("见[公告](https://a.cn/5)。", "见~公告~。"),
        ("![图 1](a.png) x", "~图 1~ x"),
        ("run `x = 5` now", "run · now"),
        ("A<br/>B", "A·B"),
        ("5\\*3 costs $7 or $5 a*b", "5~*3 costs $7 or $5 a*b"),
        ("R&amp;D &lt;5%", "R&~D <~5%"),
        ("at https://a.cn/1?b=2, 5", "at ·, 5"),
        ("[1] [S04] x[^2]", "· · x·"),
        ("see [3](https://a.cn) and <https://b.cn>", "see · and ·"),
        ("增长<sup>12</sup>，", "增长·，"),
        ("**增长：**约 5%", "~增长：~约 5%"),
        ("第一行\n第二行", "第一行\n第二行"),
    ] {
        assert_eq!(prose(text), [expected], "{text}");
    }
}

#[test]
fn what_is_no_prose_leaves_no_sentence() {
    let text = "```rust\nlet x = 5;\n```\n\n    indented 5\n\n[a]: https://a.cn 'title 5'\n\n<!-- comment 5 -->\n\n---\n";
    assert_eq!(sentences(text), [] as [&str; 0]);
    assert_eq!(kinds(text), [(BlockKind::Code, Role::Body), (BlockKind::Code, Role::Body)]);
}

#[test]
fn lists_quotes_and_their_depth() {
    let text = "3. 三\n4. 四\n   - 内\n\n     续段\n\n> 引文\n>\n> - 引中\n";
    let item = |depth, ordinal| BlockKind::ListItem { depth, ordinal };
    let expected = [
        item(1, Some(3)),
        item(1, Some(4)),
        item(2, None),
        BlockKind::Paragraph,
        BlockKind::Quote,
        item(1, None),
    ];
    assert_eq!(kinds(text).iter().map(|(kind, _)| *kind).collect::<Vec<_>>(), expected);
    assert_eq!(sentences(text), ["三", "四", "内", "续段", "引文", "引中"]);
}

#[test]
fn headings_have_no_numbers_and_give_roles() {
    let text = "# 云市场报告\n\n导语。\n\n## 1. 结论\n\n增长。\n\n### 1.1 细节\n\n更多。\n\n## 2.1 亿用户\n\n正文。\n\n## Evidence items\n\nFact.\n";
    let document = parse(text);
    let roles: Vec<_> = document.blocks.iter().map(|block| block.role).collect();
    use Role::{Body, Evidence, Summary};
    assert_eq!(roles, [Body, Body, Summary, Summary, Summary, Summary, Body, Body, Evidence, Evidence]);
    assert_eq!(sentences(text)[2], "结论");
    assert_eq!(sentences(text)[4], "细节");
    assert_eq!(sentences(text)[6], "2.1 亿用户");
    let more = document.blocks.iter().find(|block| block.span.of(text) == "更多。").unwrap();
    assert_eq!(document.section_path(more), ["云市场报告", "1. 结论", "1.1 细节"]);
    assert_eq!(document.section_of(more).level, 3);
}

#[test]
fn a_bold_line_is_a_heading() {
    let text = "## 分析\n\n**核心论点 (Argument)**\n作者认为会涨。\n\n**营收增长 5%。**\n\n**Key Evidence**\n\n- **not a heading**\n";
    let document = parse(text);
    let sections: Vec<_> =
        document.sections.iter().map(|section| (section.heading.of(text), section.level)).collect();
    assert_eq!(sections, [("", 0), ("分析", 2), ("核心论点 (Argument)", 3), ("Key Evidence", 3)]);
    assert_eq!(document.sections[2].parent, Some(1));
    let roles: Vec<_> = document.blocks.iter().map(|block| block.role).collect();
    use Role::{Argument, Body, Evidence};
    assert_eq!(roles, [Body, Argument, Argument, Argument, Evidence, Evidence]);
}

#[test]
fn a_bold_label_that_names_a_part_is_a_heading() {
    let text = "导语。\n**核心论点：** 作者认为会涨。\n**证据 (Evidence)**：营收 5 亿。\n\n**备注：** 无。\n\n- **Reasoning:** in a list\n";
    let document = parse(text);
    let headings: Vec<_> =
        document.sections.iter().map(|section| (section.heading.of(text), section.role)).collect();
    assert_eq!(
        headings,
        [("", Role::Body), ("核心论点：", Role::Argument), ("证据 (Evidence)", Role::Evidence)]
    );
    assert_eq!(
        sentences(text)[..5],
        ["导语。", "核心论点：", "作者认为会涨。", "证据 (Evidence)", "营收 5 亿。"]
    );
}

#[test]
fn approximations_and_stars_stay() {
    let text = "累计 ~$700亿，另 ~$300亿；2*3 与 3*4 相加";
    assert_eq!(sentences(text), ["累计 ~$700亿，另 ~$300亿；", "2*3 与 3*4 相加"]);
}

#[test]
fn lines_that_are_no_wrapping_are_sentences() {
    assert_eq!(
        sentences("**营收：** 5 亿\n**利润：** 1 亿"),
        ["营收：\u{1}\u{1} 5 亿", "利润：\u{1}\u{1} 1 亿"]
    );
    assert_eq!(sentences("one  \ntwo\\\nthree<br>four"), ["one", "two", "three", "four"]);
    let wrapped =
        "The company raised three rounds in a single year, which no company of\nits age had done before.";
    assert_eq!(sentences(wrapped), [wrapped]);
}

#[test]
fn tables_keep_their_ragged_rows() {
    let text = "各部门营收\n\n| 部门 | 营收 |\n|---|---:|\n| 云 | **5 亿** |\n| 芯片 |\n| 广告 | 2 亿 | 多 |\n| a\\|b | `5` |\n来源：年报\n\n后文";
    let document = parse(text);
    let table = &document.tables[0];
    assert_eq!(table.caption.map(|caption| caption.of(text)), Some("各部门营收"));
    let rows: Vec<Vec<&str>> =
        table.rows.iter().map(|row| row.iter().map(|cell| cell.of(text)).collect()).collect();
    assert_eq!(
        rows,
        [
            vec!["部门", "营收"],
            vec!["云", "**5 亿**"],
            vec!["芯片"],
            vec!["广告", "2 亿", "多"],
            vec!["a\\|b", "`5`"]
        ]
    );
    let ragged: Vec<_> = document.defects.iter().map(|defect| (defect.kind, defect.span.of(text))).collect();
    assert_eq!(
        ragged,
        [(DefectKind::RaggedRow, "| 芯片 |"), (DefectKind::RaggedRow, "| 广告 | 2 亿 | 多 |")]
    );
    assert_eq!(
        sentences(text),
        [
            "各部门营收",
            "部门",
            "营收",
            "云",
            "5 亿",
            "芯片",
            "广告",
            "2 亿",
            "多",
            "a\u{1}|b",
            "5",
            "来源：年报",
            "后文"
        ]
    );
}

#[test]
fn text_in_html_is_read_and_scripts_are_not() {
    let text = "<div align=\"5\">\n营收 5 亿\n</div>\n\n<script>\nvar x = 5;\n</script>\n";
    assert_eq!(sentences(text), ["营收 5 亿"]);
}

#[test]
fn after_a_diagram_that_never_closes_markdown_goes_on() {
    let text = "```mermaid\ngraph TD\nA[\"甲\"] --> B\nA -->\n\n## 结论\n\n营收 5 亿。";
    let document = parse(text);
    assert_eq!(sentences(text), ["甲", "结论", "营收 5 亿。"]);
    assert_eq!(document.diagrams[0].cut_off.map(|span| span.of(text)), Some("A -->"));
    assert_eq!(document.defects[0].kind, DefectKind::UnclosedFence);
}

#[test]
fn a_tag_before_a_fence_does_not_swallow_it() {
    for tag in ["Mermaid_Diagram", "mermaid-diagram"] {
        let text = format!(
            "## 图\n\n<{tag}>\n```mermaid\ngraph TD\nA[\"甲 5%\"] --> B\n```\n</{tag}>\n\n**结论**\n\n好。"
        );
        let document = parse(&text);
        assert_eq!(document.diagrams[0].nodes.len(), 2);
        assert_eq!(sentences(&text), ["图", "甲 5%", "结论", "好。"]);
        assert_eq!(document.sections.last().map(|section| section.level), Some(3));
    }
}

#[test]
fn a_source_of_its_own() {
    let document = Document::parse_source("# 大家好\n今天 **5 亿**。再见".to_owned(), &LEXICON);
    assert!(document.blocks.iter().all(|block| block.role == Role::Source));
    let sentences: Vec<_> =
        document.sentences.iter().map(|sentence| sentence.span.of(&document.prose)).collect();
    assert_eq!(sentences, ["# 大家好", "今天 **5 亿**。", "再见"]);
    assert!(Document::parse_source(String::new(), &LEXICON).blocks.is_empty());
}

#[test]
fn other_diagrams_are_code() {
    let text = "```mermaid\npie title 份额\n  \"甲\" : 40\n```\n\n> ```mermaid\n> flowchart LR\n>   A[引] --> B\n> ```\n";
    let document = parse(text);
    assert_eq!(document.diagrams.len(), 1);
    assert_eq!(document.diagrams[0].cut_off, None);
    assert_eq!(sentences(text), ["引"]);
    assert!(document.defects.is_empty());
}

#[test]
fn the_language_is_that_of_the_report_not_of_its_source() {
    let report = "Title: x\nStatus: ok\n\nDescription:\nThe company raised money this year.\n\nContent:\n大家好今天我们讲三件事情关于融资和估值以及市场";
    assert_eq!(parse(report).language, Language::English);
    assert_eq!(parse("公司 OpenAI 今年融资 Series F 共 5 亿").language, Language::Chinese);
}

#[test]
fn defects_of_the_text_itself() {
    let kinds = |text: &str| parse(text).defects.iter().map(|defect| defect.kind).collect::<Vec<_>>();
    assert_eq!(kinds(" \n"), [DefectKind::Empty]);
    assert_eq!(
        kinds("a\u{1b}[31mb\u{0}\u{0}c"),
        [DefectKind::ControlCharacter, DefectKind::ControlCharacter]
    );
    assert_eq!(kinds("```\nx"), [DefectKind::UnclosedFence]);
    assert_eq!(kinds("~~~\nx\n~~~~\n"), []);
}
