use std::collections::HashSet;

use proptest::prelude::*;

use super::super::outline::Outline;
use super::*;
use crate::finding::{Audit, Confidence, Figure, Finding, Related, Severity, SuppressedBy, Suppression};
use crate::source::{Span, floor_boundary};

/// The elements and attributes that a page may have; nothing that runs or loads is among them.
const ELEMENTS: &str = "html head meta title style body header main footer nav section article aside details summary \
    p h1 h2 h3 h4 h5 h6 div span a mark strong em code pre ul ol li dl dt dd table thead tbody tr th td blockquote hr br";
const ATTRIBUTES: &str = "lang charset http-equiv content name class id href aria-label aria-labelledby aria-hidden \
    style open tabindex role scope colspan start rel title data-host data-number";
const VOID: [&str; 3] = ["meta", "hr", "br"];
/// Elements that hold no block.
const PHRASING: [&str; 11] = ["p", "pre", "span", "a", "mark", "strong", "em", "code", "h3", "h4", "summary"];
const BLOCKS: [&str; 12] =
    ["p", "pre", "div", "ul", "ol", "li", "table", "blockquote", "hr", "aside", "section", "h3"];

/// A page taken apart, its style sheet left out.
#[derive(Default)]
struct Parsed {
    /// All text in it.
    text: String,
    /// The text of the report alone.
    report: String,
    ids: HashSet<String>,
    hrefs: Vec<String>,
}

/// Takes a page apart; panics where it is not as HTML must be.
fn parse(page: &str) -> Parsed {
    let mut parsed = Parsed::default();
    let mut open: Vec<(String, String)> = Vec::new();
    let (start, end) = (page.find("<style>").unwrap(), page.find("</style>").unwrap());
    let without_style = format!("{}{}", &page[..start], &page[end + "</style>".len()..]);
    let mut rest = without_style.strip_prefix("<!DOCTYPE html>").unwrap();
    while !rest.is_empty() {
        let text = &rest[..rest.find('<').unwrap_or(rest.len())];
        let decoded = decode(text);
        let inside = |name: &str| open.iter().any(|(element, _)| element == name);
        let ours =
            inside("aside") || open.iter().any(|(_, attributes)| attributes.contains("class=\"meta\""));
        let ours = ours || open.last().is_some_and(|(_, attributes)| attributes == " lang=\"en\"");
        if inside("article") && !ours {
            parsed.report.push_str(&decoded);
        }
        parsed.text.push_str(&decoded);
        rest = &rest[text.len()..];
        if rest.is_empty() {
            break;
        }
        let tag = &rest[1..rest.find('>').unwrap()];
        rest = &rest[tag.len() + 2..];
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop().map(|(name, _)| name).as_deref(), Some(name), "{page}");
            if matches!(name, "p" | "td" | "th" | "li" | "pre" | "div") {
                parsed.text.push('\n');
                parsed.report.push('\n');
            }
            continue;
        }
        let (name, attributes) = tag.split_at(tag.find(' ').unwrap_or(tag.len()));
        assert!(ELEMENTS.split(' ').any(|known| known == name), "<{name}>");
        attribute_names(attributes, &mut parsed);
        let parent = open.last().map_or("", |(parent, _)| parent.as_str());
        assert!(!(PHRASING.contains(&parent) && BLOCKS.contains(&name)), "<{name}> in <{parent}>");
        assert!(!(name == "a" && inside("a")), "a link in a link");
        if name == "br" {
            parsed.report.push('\n');
        }
        if !VOID.contains(&name) {
            open.push((name.to_string(), attributes.to_string()));
        }
    }
    assert!(open.is_empty(), "{open:?} stay open");
    for href in &parsed.hrefs {
        let leads = match href.strip_prefix('#') {
            Some(id) => parsed.ids.contains(id),
            None => href.starts_with("https://") || href.starts_with("http://"),
        };
        assert!(leads, "{href} leads nowhere");
    }
    parsed
}

fn attribute_names(mut attributes: &str, parsed: &mut Parsed) {
    while !attributes.is_empty() {
        let trimmed = attributes.strip_prefix(' ').expect(attributes);
        let end = trimmed.find([' ', '=']).unwrap_or(trimmed.len());
        let name = &trimmed[..end];
        assert!(ATTRIBUTES.split(' ').any(|known| known == name), "{name} in {attributes}");
        attributes = &trimmed[end..];
        let Some(value) = attributes.strip_prefix("=\"") else { continue };
        let length = value.find('"').unwrap();
        let content = decode(&value[..length]);
        match name {
            "id" => assert!(parsed.ids.insert(content.clone()), "{content} is there twice"),
            "href" => parsed.hrefs.push(content),
            _ => {}
        }
        attributes = &value[length + 1..];
    }
}

fn decode(text: &str) -> String {
    let mut decoded = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        decoded.push_str(&rest[..at]);
        rest = &rest[at..];
        let entities = [("&amp;", '&'), ("&lt;", '<'), ("&gt;", '>'), ("&quot;", '"'), ("&#91;", '[')];
        let (name, character) = entities.iter().find(|(name, _)| rest.starts_with(name)).expect(rest);
        decoded.push(*character);
        rest = &rest[name.len()..];
    }
    decoded + rest
}

fn finding(span: Span, severity: Severity, related: &[Span]) -> Finding {
    Finding {
        rule: "numeric/share".into(),
        severity,
        confidence: Confidence::High,
        span,
        message: "占比不符：1100亿 ÷ 1706亿 = 64.48%".into(),
        arithmetic: Some("1100亿 ÷ 1706亿 = 64.48%".into()),
        repair: Some("65% → 64.5%".into()),
        related: related.iter().map(|&span| Related { label: "part".into(), span }).collect(),
        in_sources: Vec::new(),
        fingerprint: "0123456789abcdef".into(),
        group: 0,
        suppressed: None,
    }
}

fn page_of(path: &str, text: &str, audit: &Audit) -> String {
    page_with(path, text, audit, Outline::of_markdown(text))
}

fn page_with(path: &str, text: &str, audit: &Audit, outline: Outline) -> String {
    let mut out = Vec::new();
    let mut summary = Summary::default();
    summary.add(audit);
    let mut html = Html::new(&mut out);
    html.file(&FileReport::new(path, text, audit).with_outline(outline)).unwrap();
    html.finish(&summary).unwrap();
    String::from_utf8(out).unwrap().trim_end().to_string()
}

/// What stands in the article for a text without findings.
fn article_of(text: &str) -> String {
    let page = page_of("a.md", text, &Audit::default());
    parse(&page);
    let start = page.find("<article").unwrap();
    page[start..page.find("</article>").unwrap()].split_once('>').unwrap().1.trim().to_string()
}

fn place(text: &str, words: &str) -> Span {
    let start = text.find(words).unwrap();
    Span::new(start, start + words.len())
}

#[test]
fn markdown_is_shown_as_its_author_meant_it() {
    let text = "# 报告\n\n**核心论点**\n一段。\n\n- 一\n- 二 `x<y`\n  1. 甲\n\n7. 七\n\n> 引文\n\n---\n\n| a | b |\n|---|--:|\n| 1 | 2 |\n| 3 | 4 | 5 |\n\n```rust\nfn main() {}\n```\n\n*em* **strong** ~$700亿 与 $5";
    let mut outline = Outline::of_markdown(text);
    outline.headings = vec![(1, place(text, "报告")), (2, place(text, "核心论点"))];
    let page = page_with("a.md", text, &Audit::default(), outline);
    parse(&page);
    let start = page.find("<article").unwrap();
    insta::assert_snapshot!(&page[start..page.find("</article>").unwrap()]);
}

#[test]
fn bold_marks_that_markdown_leaves_are_bold() {
    assert_eq!(article_of("**增长：**约 5%"), "<p><strong>增长：</strong>约 5%</p>");
    assert_eq!(article_of("2 ** 3"), "<p>2 ** 3</p>");
    assert_eq!(article_of("2*3 与 3*4，*斜体*"), "<p>2*3 与 3*4，<em>斜体</em></p>");
}

#[test]
fn wrapped_lines_are_joined_and_others_stay() {
    let line = "The company raised three rounds in a single year, which no company of";
    assert_eq!(
        article_of(&format!("{line}\nits age had done before it; the last of the three was led by a bank")),
        format!("<p>{line} its age had done before it; the last of the three was led by a bank</p>")
    );
    assert_eq!(article_of("营收：5 亿\n利润：1 亿"), "<p>营收：5 亿<br>利润：1 亿</p>");
}

#[test]
fn links_say_where_they_lead_and_only_plain_ones_can_be_followed() {
    let plain = article_of("[a](https://example.org/b?c=1&d=2)");
    assert!(plain.contains("href=\"https://example.org/b?c=1&amp;d=2\""), "{plain}");
    assert!(plain.contains("data-host=\"example.org\""), "{plain}");
    for hostile in [
        "[a](javascript:alert(1))",
        "[a](JaVaScRiPt:alert(1))",
        "[a](data:text/html,x)",
        "[a](vbscript:x)",
        "[a](//evil.example)",
        "[a](https://bank.example@evil.example/)",
        "[a](https://evil.example\\@bank.example/)",
        "[a](https://xn--a\u{202e}.example/)",
        "<javascript:alert(1)>",
        "![a](https://example.org/pixel.png)",
        "[![a](https://example.org/pixel.png)](javascript:x)",
    ] {
        let shown = article_of(hostile);
        assert!(!shown.contains("href"), "{hostile}: {shown}");
        assert!(!shown.contains("<img"), "{hostile}: {shown}");
        let address = ["example", "script:", "ScRiPt:", "data:"].iter().any(|part| shown.contains(part));
        assert!(address, "{hostile}: {shown}");
    }
}

#[test]
fn the_parts_of_a_report_are_told_apart() {
    let text = "Title: 三笔钱\nStatus: success\n\nDescription:\n# 报告\n\n```mermaid\ngraph TD\nA[\"5 亿\"] --\n\nContent:\n第一行\n第二行 5 亿\n";
    let fields =
        vec![(place(text, "Title"), place(text, "三笔钱")), (place(text, "Status"), place(text, "success"))];
    let start = text.find("# 报告").unwrap();
    let (end, source) = (text.find("Content:").unwrap(), text.find("第一行").unwrap());
    let outline = Outline {
        language: Language::Chinese,
        interface: Language::Chinese,
        fields,
        markdown: vec![Span::new(start, end)],
        headings: vec![(1, place(text, "报告"))],
        source: Some(Span::new(source, text.len())),
        ..Outline::default()
    };
    let audit = Audit {
        findings: vec![finding(place(text, "A[\"5 亿\"] --"), Severity::Error, &[place(text, "success")])],
        figures: vec![Figure { span: place(text, "5 亿"), checked: false, grounded: None }],
    };
    let page = page_with("报告.md", text, &audit, outline);
    parse(&page);
    let body = &page[page.find("<body>").unwrap()..];
    insta::assert_snapshot!(body);
}

#[test]
fn spans_that_overlap_and_cross_cells_are_marked_in_each() {
    let text = "营收 100 亿，成本 60 亿，利润 50 亿。\n\n| 项 | 亿 |\n|---|---|\n| 利润 | 50 |\n";
    let cells = place(text, "利润 | 50");
    let mut known = finding(place(text, "60 亿"), Severity::Note, &[]);
    known.suppressed =
        Some(Suppression { by: SuppressedBy::Comment, reason: Some("见 <b>附注</b>".into()) });
    let audit = Audit {
        findings: vec![
            finding(place(text, "营收 100 亿，成本 60 亿"), Severity::Warning, &[]),
            finding(place(text, "成本 60 亿，利润 50 亿"), Severity::Error, &[cells]),
            known,
            finding(cells, Severity::Note, &[]),
            finding(Span::new(text.len(), text.len()), Severity::Error, &[]),
        ],
        figures: vec![
            Figure { span: place(text, "100 亿"), checked: true, grounded: None },
            Figure { span: place(text, "60 亿"), checked: false, grounded: None },
        ],
    };
    let page = page_of("a.md", text, &audit);
    parse(&page);
    let start = page.find("<article").unwrap();
    insta::assert_snapshot!(&page[start..]);
}

#[test]
fn several_reports_are_listed_with_their_own_places() {
    let mut out = Vec::new();
    let mut html = Html::new(&mut out);
    let mut summary = Summary { unread: 1, ..Summary::default() };
    for text in ["占 65%。", "没有。"] {
        let findings = if text.contains('%') {
            vec![finding(place(text, "65%"), Severity::Error, &[place(text, "占")])]
        } else {
            Vec::new()
        };
        let audit = Audit { findings, figures: Vec::new() };
        summary.add(&audit);
        summary.add(&audit);
        html.file(&FileReport::new("a.md", text, &audit)).unwrap();
        html.file(&FileReport::new("-", text, &audit)).unwrap();
    }
    html.finish(&summary).unwrap();
    let page = String::from_utf8(out).unwrap();
    let parsed = parse(page.trim_end());
    assert!(["r1-p1", "r1-f1", "r1-p1-1", "r2-p1", "r4"].iter().all(|id| parsed.ids.contains(*id)));
    assert!(parsed.text.contains("1 input could not be read or checked"));
}

const HOSTILE: &str = "<script>alert(1)</script>\n<img src=x onerror=alert(1)>\n</style></script></article><!-- x -->\n\n\
    # <svg/onload=alert(1)> `<b>`\n\n| <td> | =cmd()&amp;lt; |\n|---|---|\n| a|\u{202e}b `|` | \u{1b}[31m \\| |\n\n\
    &lt;script&gt; &amp;lt; \u{0}\u{9b} \" ' onclick= ##[add-mask]x\n::error::x\n\n    <iframe src=//x>\n\n```\"><script>\n::error::y\n</pre></code>\n```\n\n- <a href=\"javascript:x\">y</a>\n";

#[test]
fn hostile_text_is_inert_everywhere() {
    let mut hostile =
        finding(place(HOSTILE, "<script>alert(1)"), Severity::Error, &[place(HOSTILE, "</style>")]);
    hostile.rule = "x\"><script>/y".into();
    hostile.message = "<script>alert(1)</script> \u{202e}".into();
    hostile.arithmetic = Some("</style><img src=x onerror=1> &lt;".into());
    hostile.repair = Some("\" onclick=\"x".into());
    hostile.related[0].label = "<b>".into();
    let mut known = hostile.clone();
    known.suppressed =
        Some(Suppression { by: SuppressedBy::Baseline, reason: Some("</details><script>".into()) });
    let audit = Audit { findings: vec![hostile, known], figures: Vec::new() };
    let page = page_of("a\"><script>x</script>\u{1b}\u{202e}.md", HOSTILE, &audit);
    let parsed = parse(&page);
    assert!(page.chars().all(|c| c == '\n' || !c.is_control() && !('\u{202a}'..='\u{202e}').contains(&c)));
    assert!(!page.contains("##[") && page.lines().all(|line| !line.trim_start().starts_with("::")), "{page}");
    for shown in [
        "<script>alert(1)</script>",
        "onerror=alert(1)",
        "</style></script></article>",
        "<!-- x -->",
        "&lt;",
        "=cmd()",
        "##[add-mask]x",
        "::error::y",
    ] {
        assert!(parsed.report.contains(shown), "{shown}\n{}", parsed.report);
    }
    insta::assert_snapshot!(&page[page.find("<article").unwrap()..]);
}

#[test]
fn a_line_of_a_megabyte_and_deep_nesting_make_a_page() {
    let line = format!("{}占 65%", "甲乙丙丁".repeat(90_000));
    let audit =
        Audit { findings: vec![finding(place(&line, "65%"), Severity::Error, &[])], figures: Vec::new() };
    assert!(parse(&page_of("a.md", &line, &audit)).report.contains("占 65%"));
    let deep = format!("{}深", "> ".repeat(5_000));
    assert!(parse(&page_of("a.md", &deep, &Audit::default())).report.contains('深'));
    let lists = format!("{}深", "- ".repeat(5_000));
    assert!(parse(&page_of("a.md", &lists, &Audit::default())).report.contains('深'));
}

/// Text in which Markdown has something to read.
fn markdown() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "[a-z亿🚀 ]{1,12}",
        "(# |## |- |1\\. |> |    |```|~~~|\\*\\*|\\*|_|`|\\||---|\\||<b>|</b>|<!--|-->|<br>|\\\\|!|\\(|\\)|\\]|\n|\n\n|\r\n|\t)",
        "(\\PC|\\pC){1,4}",
    ];
    prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

/// The letters alone, in order: what no rendering may lose.
fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphabetic()).collect()
}

proptest! {
    /// Whatever the text and wherever the findings: the page is well formed, every link leads somewhere, and every
    /// finding is there.
    #[test]
    fn any_findings_on_any_text_make_a_page(
        text in markdown(),
        places in prop::collection::vec((0usize..400, 0usize..60, 0usize..3, any::<bool>()), 0..8),
    ) {
        let span = |at: usize, length: usize| {
            let start = floor_boundary(&text, at % (text.len() + 1));
            Span::new(start, floor_boundary(&text, start + length).max(start))
        };
        let mut audit = Audit::default();
        for &(at, length, severity, suppressed) in &places {
            let severity = [Severity::Note, Severity::Warning, Severity::Error][severity];
            let mut finding = finding(span(at, length), severity, &[span(at + 7, 2), span(at * 3, length)]);
            finding.suppressed = suppressed.then_some(Suppression { by: SuppressedBy::Comment, reason: None });
            audit.findings.push(finding);
            audit.figures.push(Figure { span: span(at * 2, 3), checked: suppressed, grounded: None });
        }
        let page = page_of("a.md", &text, &audit);
        let parsed = parse(&page);
        let labels = Labels::new(1, &audit.findings);
        for index in 0..audit.findings.len() {
            prop_assert!(parsed.ids.contains(&labels.note(index)));
            prop_assert!(parsed.ids.contains(&labels.place(index)));
            prop_assert_eq!(page.matches(&format!("data-number=\"{}\"", labels.number(index))).count(), 1);
        }
    }

    /// Whatever a report, its name and a reason say is text.
    #[test]
    fn any_words_are_text(said in "([<>&'\"\\]{}()%:,#=|`\\[\\\\]|::|##\\[|\n|\r|\\PC|\\pC|[a-z亿🚀]){0,60}") {
        let mut all = finding(Span::new(0, said.len()), Severity::Error, &[Span::new(0, said.len())]);
        all.message.clone_from(&said);
        all.rule.clone_from(&said);
        all.repair = Some(said.clone());
        all.related[0].label.clone_from(&said);
        let mut known = all.clone();
        known.suppressed = Some(Suppression { by: SuppressedBy::Comment, reason: Some(said.clone()) });
        let page = page_of(&said, &said, &Audit { findings: vec![all, known], figures: Vec::new() });
        let parsed = parse(&page);
        prop_assert!(said.trim().is_empty() || parsed.text.matches(visible(&said).trim()).count() >= 6);
        for line in page.lines() {
            prop_assert_eq!(visible(line), line);
            prop_assert!(!line.trim_start().starts_with("::"));
        }
    }

    /// Nothing of the text is lost, however it is written.
    #[test]
    fn every_letter_is_shown(text in "([a-z亿, ]{1,9}|[#>|*_`~!:.=+-]{1,3}|[\n ]{1,3}|[()\\]\\\\\"']){0,80}") {
        let parsed = parse(&page_of("a.md", &text, &Audit::default()));
        prop_assert_eq!(letters(&parsed.report), letters(&text));
    }

    /// Lines of plain words stand in the page as they are.
    #[test]
    fn plain_lines_stay_whole(lines in prop::collection::vec("[a-zA-Z0-9亿元，。]{1,30}( [a-z0-9万%]{1,9}){0,5}", 1..20)) {
        let text = lines.join("\n\n");
        let parsed = parse(&page_of("a.md", &text, &Audit::default()));
        for line in &lines {
            prop_assert!(parsed.report.contains(line.as_str()), "{}: {}", line, parsed.report);
        }
    }
}
