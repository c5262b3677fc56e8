use super::builder::Builder;
use super::envelope::trimmed;
use super::{BREAK, BlockKind, DefectKind, Role, flowchart};
use crate::source::{Span, line_spans};

/// Reads a code block, `info` being what stands after the opening fence: a flowchart's labels become blocks, all
/// other code is one block. Says where Markdown goes on when a diagram's fence never closes.
pub(super) fn read(builder: &mut Builder, block: Span, info: Option<&str>) -> Option<usize> {
    let text = builder.text;
    let Some(info) = info else {
        builder.push(BlockKind::Code, trimmed(text, block));
        return None;
    };
    let opening = line_spans(&text[..block.end], block.start).next().unwrap_or(block);
    let after_opening =
        line_spans(&text[..block.end], block.start).nth(1).map_or(block.end, |line| line.start);
    let closing = closing_line(text, opening, Span::new(after_opening, block.end));
    let mut body = Span::new(after_opening, closing.map_or(block.end, |line| line.start));
    let named = info.trim_start_matches(['{', '.', ' ']).split(|c: char| !c.is_alphanumeric()).next();
    let is_mermaid = named.is_some_and(|name| name.eq_ignore_ascii_case("mermaid"))
        || info.trim().is_empty() && flowchart::begins(body.of(text));
    let mut resume = None;
    if closing.is_none() {
        builder.defect(DefectKind::UnclosedFence, trimmed(text, opening));
        if is_mermaid {
            resume = markdown_again(text, body);
            body.end = resume.unwrap_or(body.end);
        }
    }
    let Some((diagram, labels)) =
        is_mermaid.then(|| flowchart::read(text, body, closing.is_some(), trimmed(text, opening))).flatten()
    else {
        let end = closing.map_or(body.end, |line| line.end);
        builder.push(BlockKind::Code, trimmed(text, Span::new(block.start, end)));
        return resume;
    };
    let number = u32::try_from(builder.diagrams.len()).unwrap_or(u32::MAX);
    for label in labels {
        builder.copy(label);
        for tag in tags(text, label) {
            builder.paint(tag, BREAK);
            builder.hard_breaks.push(tag.start);
        }
        builder.push_as(BlockKind::Label { diagram: number }, label, Role::Diagram);
    }
    builder.diagrams.push(diagram);
    resume
}

/// The last line of the block if it closes the fence.
fn closing_line(text: &str, opening: Span, rest: Span) -> Option<Span> {
    let fence = opening.of(text).trim_start_matches([' ', '\t', '>']);
    let mark = fence.chars().next().filter(|mark| matches!(mark, '`' | '~'))?;
    let length = fence.len() - fence.trim_start_matches(mark).len();
    let content = rest.of(text).trim_end();
    let start = content.rfind(['\n', '\r']).map_or(0, |at| at + 1);
    let line = content[start..].trim_start_matches([' ', '\t', '>']);
    let closes = line.len() >= length && line.chars().all(|c| c == mark);
    closes.then(|| Span::new(rest.start + start, rest.start + content.len()))
}

/// In a diagram's fence that never closes, a line that no diagram has: a Markdown heading or a bold line.
fn markdown_again(text: &str, body: Span) -> Option<usize> {
    line_spans(&text[..body.end], body.start)
        .find(|line| {
            let content = line.of(text);
            let level = content.len() - content.trim_start_matches('#').len();
            (1..=6).contains(&level) && content[level..].starts_with(' ') || content.starts_with("**")
        })
        .map(|line| line.start)
}

/// `<br/>`, `<b>` and the like in a label.
fn tags(text: &str, label: Span) -> Vec<Span> {
    let content = label.of(text);
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(open) = content[from..].find('<').map(|at| from + at) {
        let inside = &content[open + 1..];
        if !inside.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/') {
            from = open + 1;
            continue;
        }
        let Some(length) = inside.find('>') else { break };
        let end = open + length + 2;
        found.push(Span::new(label.start + open, label.start + end));
        from = end;
    }
    found
}
