//! Where a long Markdown text can be cut, so that each part says by itself what it says in the whole.

use memchr::{memchr_iter, memmem};

use crate::source::Span;

/// Cuts a text into chapters of so many bytes or more. Each but the first begins with a heading behind an empty line.
///
/// There is one chapter alone where something may reach from one into another: the target of a link that is given
/// elsewhere, code or HTML that ends where nothing tells a cut from its inside.
pub(super) fn chapters(text: &str, part: Span, least: usize) -> Vec<Span> {
    let bytes = part.of(text).as_bytes();
    // The target of a link, known everywhere; a line that a return alone ends, which no line below would show.
    let lone_return = |at: usize| bytes.get(at + 1) != Some(&b'\n');
    if memmem::find(bytes, b"]:").is_some() || memchr_iter(b'\r', bytes).any(lone_return) {
        return vec![part];
    }
    let mut chapters = Vec::new();
    let mut start = part.start;
    let mut fence: Option<&str> = None;
    // Whether the lines since the last empty one may be HTML, in which a fence is none.
    let mut html = false;
    let mut after_empty = false;
    let ends = memchr_iter(b'\n', bytes).map(|at| part.start + at + 1).chain([part.end]);
    let mut next = part.start;
    for end in ends {
        let at = std::mem::replace(&mut next, end);
        let line = &text[at..end];
        if let Some(opening) = fence {
            if closes(opening, line) {
                fence = None;
            }
            continue;
        }
        let first = line.bytes().find(|byte| !matches!(byte, b' ' | b'\t' | b'\r' | b'\n'));
        match first {
            Some(b'#') if after_empty && at - start >= least && is_heading(line) => {
                chapters.push(Span::new(start, at));
                start = at;
            }
            Some(b'`' | b'~' | b'<' | b'>' | b'-' | b'*' | b'+' | b'0'..=b'9') => {
                let content = line.trim_start_matches(is_mark);
                html |= content.starts_with('<');
                match opening(line) {
                    Some(opening) if !html => fence = Some(opening),
                    None if !reaches_out(content) => {}
                    _ => return vec![part],
                }
            }
            _ => {}
        }
        after_empty = first.is_none();
        html &= !after_empty;
    }
    chapters.push(Span::new(start, part.end));
    chapters
}

/// `# ` to `###### ` at the very start of a line.
fn is_heading(line: &str) -> bool {
    let text = line.trim_start_matches('#');
    (1..=6).contains(&(line.len() - text.len())) && text.starts_with(' ')
}

/// The fence that a line at the margin opens.
fn opening(line: &str) -> Option<&str> {
    let mark = line.chars().next().filter(|mark| matches!(mark, '`' | '~'))?;
    let info = line.trim_start_matches(mark);
    let fence = &line[..line.len() - info.len()];
    (fence.len() >= 3 && !(mark == '`' && info.contains('`'))).then_some(fence)
}

/// Whether a line ends the code behind this fence.
fn closes(opening: &str, line: &str) -> bool {
    let content = line.trim_start_matches(' ');
    let rest = content.trim_start_matches(&opening[..1]);
    line.len() - content.len() <= 3 && content.len() - rest.len() >= opening.len() && rest.trim().is_empty()
}

/// The marks of quotations and lists.
fn is_mark(c: char) -> bool {
    matches!(c, ' ' | '\t' | '>' | '-' | '*' | '+' | '.' | ')') || c.is_ascii_digit()
}

/// Whether behind such marks something begins that an empty line does not end.
fn reaches_out(content: &str) -> bool {
    const BLOCKS: [&str; 6] = ["<pre", "<script", "<style", "<textarea", "<!", "<?"];
    let begins = |block: &&str| -> bool {
        content.as_bytes().get(..block.len()).is_some_and(|head| head.eq_ignore_ascii_case(block.as_bytes()))
    };
    content.starts_with("```") || content.starts_with("~~~") || BLOCKS.iter().any(begins)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use pulldown_cmark::Event;

    use super::*;
    use crate::document::markdown::events;

    fn read(text: &str, chapters: &[Span]) -> Vec<(Event<'static>, Span)> {
        let read = |chapter: &Span| events(text, *chapter).collect::<Vec<_>>();
        chapters.iter().flat_map(read).map(|(event, span)| (event.into_static(), span)).collect()
    }

    #[test]
    fn cuts_stand_at_headings_behind_empty_lines() {
        let cut = |text: &str| {
            let chapters = chapters(text, Span::new(0, text.len()), 1);
            chapters.into_iter().map(|chapter| chapter.of(text).to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(cut("a\n\n# b\n\nc\n# d\n\n## e"), ["a\n\n", "# b\n\nc\n# d\n\n", "## e"]);
        assert_eq!(cut("```\n\n# a\n\n```\n\n# b"), ["```\n\n# a\n\n```\n\n", "# b"]);
        assert_eq!(cut("~~~~\n\n# a\n~~~\n\n# b\n").len(), 1);
        for whole in [
            "a\r```\n\n# c\n\n```",
            "[\na]: b\n\n# c",
            "> [a]: b\n\n# c",
            "- ```\n\n# c\n",
            "<!-- a\n\n# b -->\n",
            "<PRE>\n\n# a",
        ] {
            assert_eq!(cut(whole).len(), 1, "{whole}");
        }
    }

    /// Lines of all kinds; those that forbid every cut are rare.
    fn line() -> impl Strategy<Value = &'static str> {
        let open = prop::sample::select(vec![
            "",
            "",
            "",
            "",
            "# one",
            "## two",
            "### three",
            "#four",
            " # five",
            "text",
            "more *text*",
            "- item",
            "  - inner",
            "    code",
            "1. first",
            "   more of it",
            "> quoted",
            "> # quoted",
            "| a | b |",
            "|---|---|",
            "| 1 | 2 |",
            "```",
            "```",
            "```rust",
            "~~~",
            "````",
            "<div>",
            "</div>",
            "[a]",
            "*open",
            "`open",
            "---",
            "===",
            "<br/>",
            "\t# tab",
            "a <!-- b",
            "``` a ```",
            "[",
            "crlf\r",
        ]);
        let closed = vec![
            "   ```",
            "- ```",
            "> ```",
            "<!-- note",
            "-->",
            "<pre>",
            "</pre>",
            "[a]: https://a.example",
            "a]: /b",
            "a\r```",
        ];
        prop_oneof![60 => open, 1 => prop::sample::select(closed)]
    }

    proptest! {
        #[test]
        fn chapters_read_as_the_whole_does(lines in prop::collection::vec(line(), 0..40)) {
            let text = lines.join("\n");
            let whole = Span::new(0, text.len());
            let cut = chapters(&text, whole, 1);
            prop_assert_eq!(read(&text, &cut), read(&text, &[whole]), "{:?}", cut);
        }
    }
}
