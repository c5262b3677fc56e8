use crate::source::{LineIndex, Span};

/// Bytes between two places at which the characters before are known.
const STRIDE: usize = 256;

/// Line and column of every byte of a text, in time that does not depend on the length of the line.
pub struct Places<'a> {
    pub text: &'a str,
    lines: LineIndex,
    /// Characters that begin before each multiple of [`STRIDE`].
    before: Vec<usize>,
}

/// Where a span begins and ends, lines and columns from 1, the end exclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Region {
    pub line: usize,
    pub column: usize,
    pub end_line: usize,
    pub end_column: usize,
}

impl<'a> Places<'a> {
    /// Indexes the text.
    pub fn new(text: &'a str) -> Self {
        let mut count = 0;
        let mut before = vec![0];
        for chunk in text.as_bytes().chunks(STRIDE) {
            count += beginnings(chunk);
            before.push(count);
        }
        Self { text, lines: LineIndex::new(text), before }
    }

    /// Line and column of a byte, both from 1, the column in characters; beyond the text the place of its end.
    pub fn line_column(&self, offset: usize) -> (usize, usize) {
        let offset = boundary(self.text, offset);
        let line = self.lines.line(offset);
        let column = self.characters_before(offset) - self.characters_before(self.line_span(line).start) + 1;
        (line, column)
    }

    /// First line and column and the ones behind the last character, as [`Self::line_column`] counts.
    pub fn region(&self, span: Span) -> Region {
        let (line, column) = self.line_column(span.start);
        let (end_line, end_column) = self.line_column(span.end);
        Region { line, column, end_line, end_column }
    }

    /// The same with columns in UTF-8 bytes.
    pub fn region_in_bytes(&self, span: Span) -> Region {
        let region = self.region(span);
        let column = |line: usize, offset: usize| {
            boundary(self.text, offset).saturating_sub(self.line_span(line).start) + 1
        };
        Region {
            column: column(region.line, span.start),
            end_column: column(region.end_line, span.end),
            ..region
        }
    }

    /// The characters before the span and those in it.
    pub fn characters(&self, span: Span) -> (usize, usize) {
        let before = self.characters_before(boundary(self.text, span.start));
        (before, self.characters_before(boundary(self.text, span.end)) - before)
    }

    /// The bytes of a line without its line end; empty at the end of the text when there is no such line.
    pub fn line_span(&self, line: usize) -> Span {
        let end = self.text.len();
        self.lines.line_span(self.text, line).unwrap_or(Span::new(end, end))
    }

    fn characters_before(&self, offset: usize) -> usize {
        let chunk = offset / STRIDE;
        let known = self.before.get(chunk).copied().unwrap_or_default();
        known + beginnings(&self.text.as_bytes()[chunk * STRIDE..offset])
    }
}

/// The offset itself, or the start of the character that it lies in.
fn boundary(text: &str, offset: usize) -> usize {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

/// How many characters begin in these bytes.
fn beginnings(bytes: &[u8]) -> usize {
    bytes.iter().filter(|&&byte| byte & 0xC0 != 0x80).count()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn counts_characters_and_lines() {
        let places = Places::new("融资\r\n$1100 亿🚀。");
        assert_eq!(places.line_column(3), (1, 2));
        assert_eq!(places.line_column(8), (2, 1));
        assert_eq!(places.line_column(14), (2, 7));
        assert_eq!(places.line_column(999), (2, 10));
    }

    #[test]
    fn regions_count_characters_or_bytes() {
        let places = Places::new("甲\t⚠️ 65%\n亿🚀x");
        let span = Span::new(11, 22);
        assert_eq!(places.region(span), Region { line: 1, column: 6, end_line: 2, end_column: 3 });
        assert_eq!(places.region_in_bytes(span), Region { line: 1, column: 12, end_line: 2, end_column: 8 });
        assert_eq!(places.characters(span), (5, 6));
    }

    proptest! {
        #[test]
        fn agrees_with_counting_from_the_line_start(pieces in prop::collection::vec("[a亿🚀\n]{0,3000}", 1..5), at in 0usize..40_000) {
            let text = pieces.concat();
            let at = boundary(&text, at);
            let start = text[..at].rfind('\n').map_or(0, |end| end + 1);
            let expected = (text[..at].matches('\n').count() + 1, text[start..at].chars().count() + 1);
            prop_assert_eq!(Places::new(&text).line_column(at), expected);
        }
    }
}
