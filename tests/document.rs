//! Laws of reading documents: nothing panics, every place is right, whatever the text.

use claimlint::document::{BlockKind, Document, DocumentLexicon, Role};
use claimlint::source::DataFile;
use proptest::prelude::*;
use std::sync::LazyLock;

static LEXICON: LazyLock<DocumentLexicon> = LazyLock::new(|| {
    let files = ["sections", "envelope", "dates", "sentences"].map(|name| {
        let path = format!("document/{name}.toml");
        let text = std::fs::read_to_string(format!("rules/{path}")).unwrap();
        DataFile { path, text }
    });
    DocumentLexicon::from_files(&files).unwrap()
});

const REPORT: &str = "Timestamp: 2026-02-03T10:00:00\nTitle: 三家云厂商：谁在买单？\nStatus: success\n\nDescription:\n### 1.1 文本分析\n\n**核心论点 (Argument)**\n公司融资 $110 亿，约为 **12 倍**。See [the filing](https://a.example/x?y=3) and `code 5`.\n\n**Evidence**\n1.  **规模：** 超过 5 亿[1]。\n    *   another *5 %* &amp; more\n\n> quoted 7\n\n| 项目 | 金额 |\n|---|---:|\n| A | 5 亿 |\n| B | 6 | 7 |\n\n```mermaid\n<Mermaid_Diagram>\ngraph TD\n    subgraph \"甲 组\"\n        A[\"一 <br/> 5 亿\"]:::big\n        B{问?}\n    end\n    A -- \"要 3%\" --> B --> C\n    B -.->|no| D((x))\n    PART\n\nContent:\n大家好今天讲三件事。第一 5 亿!\nsecond line";

fn parse(text: &str) -> Document {
    Document::parse(text.to_owned(), &LEXICON)
}

/// What holds of every document.
fn check(document: &Document) {
    let text = &document.text;
    assert_eq!(document.prose.len(), text.len());
    let mut end = 0;
    for block in &document.blocks {
        assert!(block.span.start >= end && !block.span.is_empty(), "{block:?} after {end}");
        end = block.span.end;
        assert!(text.get(block.span.start..block.span.end).is_some(), "{block:?}");
        assert!(document.prose.get(block.span.start..block.span.end).is_some(), "{block:?}");
        assert!((block.section as usize) < document.sections.len());
    }
    let mut end = 0;
    for sentence in &document.sentences {
        let block = &document.blocks[sentence.block as usize];
        assert!(sentence.span.start >= end && !sentence.span.is_empty());
        end = sentence.span.end;
        assert!(block.span.contains(sentence.span), "{sentence:?} in {block:?}");
        assert!(
            text.get(sentence.span.start..end).is_some()
                && document.prose.get(sentence.span.start..end).is_some()
        );
        assert_eq!(document.block_of(sentence.span.start), Some(sentence.block as usize));
    }
    if !text.contains('&') {
        // Without entities the prose is the text, painted over.
        let agrees = |(painted, byte): (u8, u8)| painted == byte || matches!(painted, 1 | 2 | b'\n');
        assert!(document.prose.bytes().zip(text.bytes()).all(agrees));
    }
    for section in &document.sections {
        assert!(section.heading.is_empty() || section.span.contains(section.heading));
        assert!(text.get(section.span.start..section.span.end).is_some());
    }
    for table in &document.tables {
        assert!(table.rows.iter().flatten().all(|cell| text.get(cell.start..cell.end).is_some()));
    }
    for diagram in &document.diagrams {
        let nodes = diagram.nodes.len();
        assert!(diagram.edges.iter().all(|edge| (edge.from as usize) < nodes && (edge.to as usize) < nodes));
        let places = diagram.unread.iter().chain(&diagram.cut_off).chain(&diagram.used_classes);
        for span in places.chain(diagram.nodes.iter().filter_map(|node| node.label.as_ref())) {
            assert!(text.get(span.start..span.end).is_some());
        }
    }
    assert!(document.defects.iter().all(|defect| text.get(defect.span.start..defect.span.end).is_some()));
}

#[test]
fn every_prefix_of_a_report_is_read() {
    for end in (0..=REPORT.len()).filter(|&end| REPORT.is_char_boundary(end)) {
        check(&parse(&REPORT[..end]));
    }
}

#[test]
fn every_suffix_of_a_report_is_read() {
    for start in (0..=REPORT.len()).filter(|&start| REPORT.is_char_boundary(start)) {
        check(&parse(&REPORT[start..]));
    }
}

#[test]
fn depth_and_length_do_no_harm() {
    let long = |piece: &str, count: usize| piece.repeat(count);
    let nested: String = (0..400).map(|level| format!("{}- x\n", "  ".repeat(level))).collect();
    let texts = [
        nested,
        long("- ", 10_000) + "x",
        long("> ", 10_000) + "x",
        long("[", 20_000),
        long("*a **b ", 10_000),
        long("`", 20_000) + &long("a` ", 5_000),
        long("<", 20_000),
        long("|", 20_000),
        long("|a", 10_000) + "\n" + &long("|-", 10_000) + "\n" + &long("|b", 9_999),
        long("https://", 10_000),
        long("a@", 20_000),
        long("# a\n", 5_000),
        long("![", 10_000) + &long("](", 10_000),
        long("一亿。", 20_000),
        long("a.", 20_000),
        long("```mermaid\n# a\n", 500),
        "```mermaid\ngraph TD\n".to_owned() + &long("A[(a]-->", 10_000),
        "```mermaid\ngraph TD\n".to_owned() + &long("A((", 10_000),
        "```mermaid\ngraph TD\n".to_owned() + &long("subgraph x\n", 5_000),
        "```mermaid\ngraph TD\n".to_owned() + &long("A & ", 5_000) + "A --> " + &long("B & ", 5_000) + "B",
        long("<div>\n", 5_000),
        long("&amp;", 10_000),
        long("[1]", 10_000),
        "\u{0}\u{1}\u{2}\u{1b}[31m\u{7f}".to_owned(),
    ];
    for text in texts {
        check(&parse(&text));
    }
}

fn token() -> impl Strategy<Value = String> {
    let tokens = [
        "\n",
        "\n\n",
        "  \n",
        "\\\n",
        "\r\n",
        "\r",
        " ",
        "    ",
        "- ",
        "1. ",
        "> ",
        "# ",
        "## 2.1 ",
        "**",
        "*",
        "__",
        "`",
        "```",
        "```mermaid\n",
        "~~~",
        "graph TD\n",
        "flowchart LR;",
        "subgraph ",
        "end\n",
        "-->",
        "---",
        "-.->",
        "==>",
        "A",
        "B[\"x\"]",
        "C{y}",
        "D((z",
        ":::c",
        "classDef c fill:#f\n",
        "class A c\n",
        "|",
        "|---|---|\n",
        "| a | b |\n",
        "[",
        "](",
        ")",
        "![",
        "<br/>",
        "<div>",
        "<!--",
        "-->",
        "<sup>",
        "</sup>",
        "&amp;",
        "&nbsp;",
        "\\",
        "https://a.cn/b",
        "a@b.cn",
        "[1]",
        "[^2]",
        "【3】",
        "5 亿",
        "$",
        "~",
        "，",
        "。",
        "：",
        "！",
        "”",
        "融资",
        "Inc.",
        "No. 5",
        "%%",
        "Title: x\n",
        "Status: y\n",
        "Description:\n",
        "Content:\n",
        "---\n",
        "date: 2026-01-02\n",
        "\u{0}",
        "\u{1}",
        "\u{feff}",
        "🚀",
        "é",
        "\t",
        "===\n",
        "证据\n",
        "Evidence",
    ];
    prop_oneof![
        9 => prop::sample::select(tokens.to_vec()).prop_map(str::to_owned),
        1 => any::<String>(),
    ]
}

proptest! {
    #[test]
    fn any_text_is_read(text in any::<String>()) {
        check(&parse(&text));
    }

    #[test]
    fn any_splice_of_tokens_is_read(tokens in prop::collection::vec(token(), 0..40)) {
        check(&parse(&tokens.concat()));
    }

    #[test]
    fn any_splice_inside_a_diagram_is_read(tokens in prop::collection::vec(token(), 0..30)) {
        check(&parse(&format!("```mermaid\ngraph TD\n{}", tokens.concat())));
        check(&parse(&format!("> ```mermaid\n> graph TD\n> {}\n> ```\n", tokens.concat())));
    }

    #[test]
    fn a_report_with_a_piece_replaced_is_read(from in 0usize..1200, length in 0usize..60, tokens in prop::collection::vec(token(), 0..4)) {
        let start = claimlint::source::floor_boundary(REPORT, from);
        let end = claimlint::source::floor_boundary(REPORT, start + length).max(start);
        check(&parse(&format!("{}{}{}", &REPORT[..start], tokens.concat(), &REPORT[end..])));
    }
}

#[test]
fn a_report_in_the_envelope_format() {
    let document = parse(REPORT);
    check(&document);
    assert_eq!(document.field("status"), Some("success"));
    assert_eq!(document.date.map(|date| date.to_string()).as_deref(), Some("2026-02-03"));
    let roles: Vec<Role> = document.sections.iter().map(|section| section.role).collect();
    assert_eq!(roles, [Role::Body, Role::Body, Role::Argument, Role::Evidence, Role::Source]);
    let diagram = &document.diagrams[0];
    let ids: Vec<&str> = diagram.nodes.iter().map(|node| node.id.as_str()).collect();
    assert_eq!(ids, ["A", "B", "C", "D"]);
    assert_eq!(diagram.edges.len(), 3);
    assert_eq!(diagram.cut_off.map(|span| span.of(&document.text)), Some("PART"));
    assert_eq!(diagram.foreign_tags.len(), 1);
    let rows: Vec<usize> = document.tables[0].rows.iter().map(Vec::len).collect();
    assert_eq!(rows, [2, 2, 3]);
    let transcript: Vec<&str> = document
        .blocks
        .iter()
        .filter(|block| block.kind == BlockKind::Transcript)
        .map(|block| block.span.of(&document.prose))
        .collect();
    assert_eq!(transcript, ["大家好今天讲三件事。第一 5 亿!", "second line"]);
}
