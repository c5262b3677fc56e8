use std::ops::Range;

use unicode_width::UnicodeWidthChar;

use crate::source::Span;

use super::visible::push_visible;

/// A piece of one line, made harmless for a terminal, that knows where each of its characters came from.
#[derive(Debug)]
pub(super) struct Window {
    /// The piece, with `…` at an end where the line goes on.
    pub text: String,
    /// For each character taken over its byte in the document and its byte in `text`, in order; at the end of
    /// the piece one more for the place after it.
    places: Vec<(usize, usize)>,
}

impl Window {
    /// At most about `columns` columns of the line around `focus`, both as spans of `document`. Reads no more
    /// of the line than it shows, however long the line is.
    pub fn around(document: &str, line: Span, focus: Span, columns: usize) -> Self {
        let focus = clamp(focus, line);
        let mut left = columns_left_of(columns, &document[focus.start..focus.end]);
        let end = left.end(focus.start);
        let (mut start, mut end) = (focus.start, end);
        // The side that has got less grows first, and what one side does not need goes to the other.
        let mut before = document[line.start..start].chars().rev();
        let mut after = document[end..line.end].chars();
        let (mut width_before, mut width_after) = (0, 0);
        let (mut next_before, mut next_after) = (before.next(), after.next());
        while left.columns > 0 {
            let take_before = next_before.is_some() && (next_after.is_none() || width_before <= width_after);
            let Some(character) = (if take_before { next_before } else { next_after }) else { break };
            let width = width_of(character);
            left.columns = left.columns.saturating_sub(width);
            if take_before {
                start -= character.len_utf8();
                width_before += width;
                next_before = before.next();
            } else {
                end += character.len_utf8();
                width_after += width;
                next_after = after.next();
            }
        }
        Self::of(document, line, Span::new(start, end))
    }

    fn of(document: &str, line: Span, piece: Span) -> Self {
        let mut text = String::new();
        let mut places = Vec::new();
        if piece.start > line.start {
            text.push('…');
        }
        for (offset, character) in piece.of(document).char_indices() {
            places.push((piece.start + offset, text.len()));
            push_visible(&mut text, character);
        }
        places.push((piece.end, text.len()));
        if piece.end < line.end {
            text.push('…');
        }
        Self { text, places }
    }

    /// Where a span of the document, as far as it lies on `line`, stands in `text`; `None` when its start is not
    /// shown.
    pub fn place(&self, line: Span, span: Span) -> Option<Range<usize>> {
        let span = clamp(span, line);
        let (first, _) = *self.places.first()?;
        let (last, _) = *self.places.last()?;
        if span.start < first || span.start > last || (span.start == last && !span.is_empty()) {
            return None;
        }
        Some(self.shown(span.start)..self.shown(span.end.min(last)))
    }

    fn shown(&self, offset: usize) -> usize {
        let index = self.places.partition_point(|&(original, _)| original < offset);
        self.places.get(index).or(self.places.last()).map_or(0, |&(_, shown)| shown)
    }
}

/// Columns that are still free.
struct Left {
    columns: usize,
    taken: usize,
}

impl Left {
    fn end(&self, start: usize) -> usize {
        start + self.taken
    }
}

/// What is left of `columns` after `focus`; of a focus that is too wide only its beginning is taken.
fn columns_left_of(columns: usize, focus: &str) -> Left {
    let mut left = Left { columns, taken: 0 };
    for character in focus.chars() {
        let width = width_of(character);
        if width > left.columns {
            left.columns = 0;
            break;
        }
        left.columns -= width;
        left.taken += character.len_utf8();
    }
    left
}

/// The part of `span` that lies on `line`.
fn clamp(span: Span, line: Span) -> Span {
    let start = span.start.clamp(line.start, line.end);
    Span::new(start, span.end.clamp(start, line.end))
}

/// Columns that a character takes up; at least one, so that a line of nothing but combining marks has an end too.
fn width_of(character: char) -> usize {
    match character {
        '\t' => 4,
        _ => character.width().unwrap_or(1).max(1),
    }
}

/// The text, cut with `…` to at most `columns` columns.
pub(super) fn clipped(text: &str, columns: usize) -> String {
    let mut taken = columns_left_of(columns, text).taken;
    if taken == text.len() {
        return text.to_string();
    }
    taken = columns_left_of(columns.saturating_sub(1), text).taken;
    format!("{}…", &text[..taken])
}

/// The columns of a text on a terminal.
pub(super) fn width(text: &str) -> usize {
    unicode_width::UnicodeWidthStr::width(text)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn around(line: &str, focus: &str, columns: usize) -> (String, String) {
        let start = line.find(focus).unwrap();
        let window =
            Window::around(line, Span::new(0, line.len()), Span::new(start, start + focus.len()), columns);
        let place = window.place(Span::new(0, line.len()), Span::new(start, start + focus.len())).unwrap();
        let marked = window.text[place].to_string();
        (window.text, marked)
    }

    #[test]
    fn a_short_line_is_whole() {
        assert_eq!(
            around("估值 7300 亿美元。", "7300 亿", 100),
            ("估值 7300 亿美元。".into(), "7300 亿".into())
        );
    }

    #[test]
    fn a_long_line_is_cut_on_both_sides() {
        let line = format!("{}估值 7300 亿{}", "甲".repeat(4000), "乙".repeat(4000));
        let (text, marked) = around(&line, "7300 亿", 24);
        assert_eq!(text, "…甲甲估值 7300 亿乙乙乙乙…");
        assert_eq!(marked, "7300 亿");
    }

    #[test]
    fn columns_one_side_does_not_need_go_to_the_other() {
        let line = format!("7%{}", "x".repeat(50));
        assert_eq!(around(&line, "7%", 10).0, "7%xxxxxxxx…");
    }

    #[test]
    fn tabs_and_controls_keep_the_place() {
        let (text, marked) = around("\t\u{1b}[2J🚀涨了65%。", "65%", 100);
        assert_eq!(text, "    ␛[2J🚀涨了65%。");
        assert_eq!(marked, "65%");
    }

    #[test]
    fn a_focus_wider_than_the_window_shows_its_beginning() {
        let (text, marked) = around(&"万".repeat(10_000), &"万".repeat(9_000), 10);
        assert_eq!((text.as_str(), marked.as_str()), ("万万万万万…", "万万万万万"));
    }

    #[test]
    fn a_focus_at_the_end_of_an_empty_line() {
        let window = Window::around("a\n\nb", Span::new(2, 2), Span::new(2, 2), 100);
        assert_eq!((window.text.as_str(), window.place(Span::new(2, 2), Span::new(2, 2))), ("", Some(0..0)));
    }

    #[test]
    fn what_is_not_shown_has_no_place() {
        let line = "x".repeat(500);
        let whole = Span::new(0, 500);
        let window = Window::around(&line, whole, Span::new(250, 252), 20);
        assert_eq!(window.place(whole, Span::new(10, 12)), None);
        assert_eq!(window.place(whole, Span::new(400, 402)), None);
    }

    proptest! {
        #[test]
        fn any_focus_of_any_line_has_a_place(line in "[^\n]{0,200}", from in 0usize..200, length in 0usize..200, columns in 1usize..120) {
            let at = |wanted: usize| line.char_indices().map(|(at, _)| at).nth(wanted).unwrap_or(line.len());
            let focus = Span::new(at(from), at(from + length));
            let window = Window::around(&line, Span::new(0, line.len()), focus, columns);
            let place = window.place(Span::new(0, line.len()), Span::new(focus.start, focus.start));
            prop_assert!(place.is_some());
            let shown = place.unwrap();
            prop_assert!(window.text.is_char_boundary(shown.start));
            prop_assert!(window.text.chars().count() <= 4 * columns + 4);
        }
    }
}
