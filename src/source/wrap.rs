/// Columns within which an editor wraps text.
const NARROWEST: usize = 50;
const WIDEST: usize = 130;

/// Whether the line ends inside a paragraph (`start..end` of `text`, lines ending at `breaks`) come from wrapping at
/// a column, so that a sentence may go on across them. Else each line is a statement of its own.
pub fn is_wrapped(text: &str, start: usize, end: usize, breaks: &[usize]) -> bool {
    let mut widest = 0;
    let mut narrowest = usize::MAX;
    let mut from = start;
    for &at in breaks {
        let width = width(&text[from..at]);
        widest = widest.max(width);
        narrowest = narrowest.min(width);
        from = at;
        if next_line_is_marked(&text[at..end]) {
            return false;
        }
    }
    (NARROWEST..=WIDEST).contains(&widest) && narrowest * 4 >= widest * 3 && width(&text[from..end]) <= WIDEST
}

/// A label in bold or italics, or a list mark that Markdown did not take for one.
fn next_line_is_marked(rest: &str) -> bool {
    rest.trim_start().starts_with(['*', '_', '•', '·', '→', '①', '②', '③', '✅', '❌', '⚠'])
}

/// Columns that the text takes, Han characters two; long text is not measured to its end.
fn width(line: &str) -> usize {
    line.trim().chars().take(WIDEST + 1).map(|c| if c.is_ascii() { 1 } else { 2 }).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrapped(text: &str) -> bool {
        let breaks: Vec<usize> = text.match_indices('\n').map(|(at, _)| at).collect();
        is_wrapped(text, 0, text.len(), &breaks)
    }

    #[test]
    fn wrapped_text_is_told_from_lines() {
        assert!(wrapped(
            "The company raised three rounds in a single year, which no company of\nits age had done before it; the last of the three was led by a bank that\nhad passed twice."
        ));
        assert!(wrapped(
            "公司在一年之内完成了三轮融资，这在同龄的公司里此前从未有过，其中最\n后一轮由一家曾两次拒绝的银行领投。"
        ));
        assert!(!wrapped("营收：5 亿\n利润：1 亿"));
        assert!(!wrapped("Revenue: $5 million\nProfit: $1 million"));
        assert!(!wrapped(&"很长的一行".repeat(30).replace("行很", "行\n很")));
    }
}
