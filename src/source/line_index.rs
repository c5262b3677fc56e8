use std::sync::OnceLock;

use memchr::{memchr2, memchr2_iter};

use super::Span;

/// Where a byte stands: line and column, both from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    pub line: usize,
    /// In Unicode scalar values, or in UTF-16 code units, as asked for.
    pub column: usize,
}

/// Bytes between two counts of a text with long lines.
const STRIDE: usize = 1 << 12;

/// The lines of a text; they end at `\n`, `\r\n` or a lone `\r`.
#[derive(Clone, Debug)]
pub struct LineIndex {
    /// First byte of each line.
    starts: Vec<usize>,
    length: usize,
    /// Scalars and UTF-16 units before each multiple of [`STRIDE`]; made when a column far into a line is asked for.
    counts: OnceLock<Vec<Count>>,
}

/// Scalar values and UTF-16 code units.
#[derive(Clone, Copy, Debug, Default)]
struct Count {
    scalars: usize,
    utf16: usize,
}

impl Count {
    fn add(self, bytes: &[u8]) -> Self {
        let scalars = bytes.iter().filter(|&&byte| byte & 0xC0 != 0x80).count();
        let pairs = bytes.iter().filter(|&&byte| byte >= 0xF0).count();
        Self { scalars: self.scalars + scalars, utf16: self.utf16 + scalars + pairs }
    }
}

impl LineIndex {
    /// Finds the lines of `text`. All other methods want the same text.
    pub fn new(text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut starts = vec![0];
        for at in memchr2_iter(b'\n', b'\r', bytes) {
            if bytes[at] == b'\n' || bytes.get(at + 1) != Some(&b'\n') {
                starts.push(at + 1);
            }
        }
        Self { starts, length: bytes.len(), counts: OnceLock::new() }
    }

    /// How many lines there are; at least one, and an empty one after a final line end.
    pub fn lines(&self) -> usize {
        self.starts.len()
    }

    /// The line that holds the byte, from 1; the last one beyond the end.
    pub fn line(&self, offset: usize) -> usize {
        self.starts.partition_point(|&start| start <= offset)
    }

    /// The bytes of a line (from 1) without its line end; `None` when there is no such line.
    pub fn line_span(&self, text: &str, line: usize) -> Option<Span> {
        let index = line.checked_sub(1)?;
        let start = *self.starts.get(index)?;
        let mut end = self.starts.get(index + 1).copied().unwrap_or(self.length);
        let bytes = text.as_bytes();
        if index + 1 < self.starts.len() {
            end -= 1;
            if bytes[end] == b'\n' && end > start && bytes[end - 1] == b'\r' {
                end -= 1;
            }
        }
        Some(Span::new(start, end))
    }

    /// Line and column of a byte, the column in Unicode scalar values. An offset inside a character counts as its
    /// first byte, one beyond the text as its end.
    pub fn position(&self, text: &str, offset: usize) -> Position {
        let (line, count) = self.count(text, offset);
        Position { line, column: 1 + count.scalars }
    }

    /// The same with the column in UTF-16 code units, as editors and SARIF count.
    pub fn position_utf16(&self, text: &str, offset: usize) -> Position {
        let (line, count) = self.count(text, offset);
        Position { line, column: 1 + count.utf16 }
    }

    /// The line of a byte, and what stands before the byte in it.
    fn count(&self, text: &str, offset: usize) -> (usize, Count) {
        let offset = floor_boundary(text, offset);
        let line = self.line(offset);
        let start = self.starts[line - 1];
        let bytes = text.as_bytes();
        if offset - start <= STRIDE {
            return (line, Count::default().add(&bytes[start..offset]));
        }
        let (before, after) = (self.count_to(bytes, start), self.count_to(bytes, offset));
        (line, Count { scalars: after.scalars - before.scalars, utf16: after.utf16 - before.utf16 })
    }

    fn count_to(&self, bytes: &[u8], offset: usize) -> Count {
        let counts = self.counts.get_or_init(|| {
            let mut counts = vec![Count::default()];
            let mut last = Count::default();
            for chunk in bytes.chunks(STRIDE) {
                last = last.add(chunk);
                counts.push(last);
            }
            counts
        });
        let full = offset / STRIDE;
        counts[full].add(&bytes[full * STRIDE..offset])
    }
}

/// The last character boundary at or before `offset`.
pub fn floor_boundary(text: &str, offset: usize) -> usize {
    let offset = offset.min(text.len());
    (offset.saturating_sub(3)..=offset).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0)
}

/// The lines from `start` (a line's first byte) on, without their line ends, one by one.
pub fn line_spans(text: &str, start: usize) -> impl Iterator<Item = Span> + '_ {
    let bytes = text.as_bytes();
    let mut next = (start < bytes.len()).then_some(start);
    std::iter::from_fn(move || {
        let from = next?;
        let Some(length) = memchr2(b'\n', b'\r', &bytes[from..]) else {
            next = None;
            return Some(Span::new(from, bytes.len()));
        };
        let end = from + length;
        let after = end + if bytes[end..].starts_with(b"\r\n") { 2 } else { 1 };
        next = (after < bytes.len()).then_some(after);
        Some(Span::new(from, end))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_end_counts_once() {
        let text = "甲\n乙\r\n丙\r丁\n";
        let index = LineIndex::new(text);
        let lines: Vec<_> =
            (1..=index.lines()).map(|line| index.line_span(text, line).map(|span| span.of(text))).collect();
        assert_eq!(lines, [Some("甲"), Some("乙"), Some("丙"), Some("丁"), Some("")]);
        assert_eq!(index.line_span(text, 0), None);
        assert_eq!(index.line_span(text, 6), None);
    }

    #[test]
    fn lines_come_one_by_one() {
        let lines = |text| line_spans(text, 0).map(|span| span.of(text)).collect::<Vec<_>>();
        assert_eq!(lines("甲\n\r\n乙\r丙\n"), ["甲", "", "乙", "丙"]);
        assert_eq!(lines(""), [] as [&str; 0]);
    }

    #[test]
    fn columns_count_scalars_or_utf16_units() {
        let text = "a\n🚀亿x";
        let index = LineIndex::new(text);
        let x = text.len() - 1;
        assert_eq!(index.position(text, x), Position { line: 2, column: 3 });
        assert_eq!(index.position_utf16(text, x), Position { line: 2, column: 4 });
        assert_eq!(index.position(text, 0), Position { line: 1, column: 1 });
        assert_eq!(index.position(text, 1), Position { line: 1, column: 2 });
        assert_eq!(index.position(text, 3), Position { line: 2, column: 1 }, "inside the rocket");
        assert_eq!(index.position(text, 999), Position { line: 2, column: 4 });
    }

    #[test]
    fn columns_far_into_a_line() {
        let text = format!("first\n{}x", "🚀亿a".repeat(5000));
        let index = LineIndex::new(&text);
        let x = text.len() - 1;
        assert_eq!(index.position(&text, x), Position { line: 2, column: 15_001 });
        assert_eq!(index.position_utf16(&text, x), Position { line: 2, column: 20_001 });
    }

    #[test]
    fn an_empty_text_has_one_line() {
        let index = LineIndex::new("");
        assert_eq!((index.lines(), index.position("", 0)), (1, Position { line: 1, column: 1 }));
        assert_eq!(index.line_span("", 1), Some(Span::new(0, 0)));
    }
}
