use super::clock::{TimeStamp, line_time};
use super::{Span, captions, line_spans};

/// A text that a report was made from, as running text that can be read, and where its pieces stand: in their file,
/// and in time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SourceFile {
    /// How it is called in what is shown: a path, or its number.
    pub name: String,
    /// What is read: without the numbers, times and tags of captions.
    pub text: String,
    /// The whole file, where that is another text.
    file: Option<String>,
    /// Where the text comes from, in order; empty for a text that is the file's own.
    pieces: Vec<Piece>,
    /// From where on which time holds, in order.
    times: Vec<(usize, TimeStamp)>,
}

/// A stretch of the text up to the next one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Piece {
    at: usize,
    /// Bytes of the text.
    length: usize,
    file: Span,
}

impl SourceFile {
    /// Takes a text apart: captions (SRT, WebVTT) by what they look like, anything else as it is.
    pub fn new(name: impl Into<String>, file: String) -> Self {
        let name = name.into();
        let pieces = if captions::looks_like_captions(&file) { captions::read(&file) } else { None };
        match pieces {
            Some(Pieces { text, pieces, times }) => Self { name, text, file: Some(file), pieces, times },
            None => {
                let times = times_of_lines(&file);
                Self { name, text: file, times, ..Self::default() }
            }
        }
    }

    /// The file's whole text; places that [`Self::in_file`] gives are places of it.
    pub fn file_text(&self) -> &str {
        self.file.as_deref().unwrap_or(&self.text)
    }

    /// Where a stretch of the text stands in the file, from its first byte to its last.
    pub fn in_file(&self, span: Span) -> Span {
        if self.pieces.is_empty() {
            return span;
        }
        let start = self.piece(span.start).map_or(0, |piece| piece.in_file(span.start, false));
        let end = match span.end.checked_sub(1) {
            Some(last) if !span.is_empty() => {
                self.piece(last).map_or(0, |piece| piece.in_file(span.end, true))
            }
            _ => start,
        };
        Span::new(start, end.max(start))
    }

    /// The time at which a byte of the text is said.
    pub fn time(&self, at: usize) -> Option<TimeStamp> {
        let behind = self.times.partition_point(|(start, _)| *start <= at);
        behind.checked_sub(1).map(|number| self.times[number].1)
    }

    /// The piece that a byte lies in or behind.
    fn piece(&self, at: usize) -> Option<Piece> {
        let behind = self.pieces.partition_point(|piece| piece.at <= at);
        behind.checked_sub(1).map(|number| self.pieces[number])
    }
}

impl Piece {
    /// Where a byte of the text stands in the file; an entity is one place, with the end behind it.
    fn in_file(self, at: usize, end: bool) -> usize {
        match (self.length == self.file.len(), end) {
            (true, _) => (self.file.start + (at - self.at)).min(self.file.end),
            (false, true) => self.file.end,
            (false, false) => self.file.start,
        }
    }
}

/// A text as it is put together from pieces of a file.
#[derive(Debug, Default)]
pub(super) struct Pieces {
    text: String,
    pieces: Vec<Piece>,
    times: Vec<(usize, TimeStamp)>,
}

impl Pieces {
    /// Adds text that stands at that place of the file.
    pub fn push(&mut self, text: &str, file: Span) {
        self.pieces.push(Piece { at: self.text.len(), length: text.len(), file });
        self.text.push_str(text);
    }

    /// From here on that time holds.
    pub fn time(&mut self, time: TimeStamp) {
        let at = self.text.len();
        self.times.pop_if(|(start, _)| *start == at);
        self.times.push((at, time));
    }

    /// Puts between the text so far and the next what joins them, so that a figure may go on, or what parts them.
    pub fn join(&mut self, parted: bool, next: &str) {
        let Some(before) = self.text.chars().next_back() else { return };
        if parted {
            self.text.push('\n');
        } else if !(is_unspaced(before) && next.chars().next().is_some_and(is_unspaced)) {
            self.text.push(' ');
        }
    }
}

/// Characters between which Chinese leaves no space: Han and its marks.
fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{3000}'..='\u{30FF}' | '\u{3400}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{FF00}'..='\u{FFEF}' | '\u{20000}'..='\u{3FFFF}')
}

/// The times that lines begin with, when at least two do.
fn times_of_lines(text: &str) -> Vec<(usize, TimeStamp)> {
    let spans = line_spans(text, 0);
    let times: Vec<_> = spans.filter_map(|span| Some((span.start, line_time(span.of(text))?))).collect();
    if times.len() < 2 { Vec::new() } else { times }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Every stretch of the text with its place in the file, by what stands there.
    fn shown(source: &SourceFile, words: &str) -> String {
        let start = source.text.find(words).unwrap_or_else(|| panic!("{words} in {}", source.text));
        let span = Span::new(start, start + words.len());
        let time = source.time(start).map(|time| format!(" {time}")).unwrap_or_default();
        format!("{}{time}", source.in_file(span).of(source.file_text()))
    }

    #[test]
    fn captions_become_running_text() {
        let file = "\u{FEFF}1\r\n00:00:01,000 --> 00:00:04,000\r\n公司今年融资 1100\r\n\r\n2\r\n00:01:04,200 --> 00:01:06,000 X1:10\r\n<i>亿美元</i>，\r\n比去年多\r\n300 亿\r\n\r\n3\r\n01:00:00,000 --> 01:00:01,000\r\n- 5 &lt; 7\r\n";
        let source = SourceFile::new("a.srt", file.to_owned());
        assert_eq!(source.text, "公司今年融资 1100\n亿美元，比去年多 300 亿\n- 5 < 7");
        let near = SourceFile::new("a.srt", file.replace("00:01:04,200", "00:00:04,200"));
        assert_eq!(near.text, "公司今年融资 1100 亿美元，比去年多 300 亿\n- 5 < 7");
        assert_eq!(shown(&near, "300 亿"), "300 亿 00:00:04");
        assert_eq!(shown(&near, "5 < 7"), "5 &lt; 7 01:00:00");
        assert_eq!(shown(&near, "<"), "&lt; 01:00:00");
        assert!(shown(&near, "1100 亿美元").starts_with("1100\r\n\r\n2"));
    }

    #[test]
    fn webvtt_without_its_blocks() {
        let file = "WEBVTT Kind: captions\nLanguage: en\n\nNOTE 99 million\nmore\n\nSTYLE\n::cue { color: red }\n\nintro\n00:01.000 --> 00:03.000 align:start\n<v Ann>We raised <c.big>$8.2</c>\n\n00:03.000 --> 00:05.000\n<v Ann>billion & more</v>\n\n00:05.000 --> 00:06.000\n<v Bob>Seven &amp; <x> a < b\n";
        let source = SourceFile::new("a", file.to_owned());
        assert_eq!(source.text, "We raised $8.2 billion & more\nSeven & <x> a < b");
        assert_eq!(shown(&source, "billion"), "billion 00:00:03");
    }

    #[test]
    fn captions_that_roll_are_said_once() {
        let file = "WEBVTT\n\n00:01.000 --> 00:02.000\n \nwe<00:00:01.500><c> had 40</c>\n\n00:02.000 --> 00:02.010\nwe had 40\n \n\n00:02.010 --> 00:03.000\nwe had 40\nmillion users\n";
        let source = SourceFile::new("a", file.to_owned());
        assert_eq!(source.text, "we had 40 million users");
        assert_eq!(source.time(3).map(|time| time.0), Some(1500));
    }

    #[test]
    fn other_texts_are_taken_as_they_are() {
        let plain = SourceFile::new("a", "[00:12] 融资 5 亿\n[00:15] 收入 3 亿\n".into());
        assert_eq!(plain.text, plain.file_text());
        assert_eq!(shown(&plain, "3 亿"), "3 亿 00:00:15");
        let once = SourceFile::new("a", "12:05 开会\n收入 3 亿".into());
        assert_eq!(once.time(20), None);
        let no_captions = SourceFile::new("a.srt", "只有文字 -->".into());
        assert_eq!(no_captions.text, "只有文字 -->");
    }

    proptest! {
        #[test]
        fn every_place_is_one_of_the_file(lines in prop::collection::vec("(WEBVTT|[0-9]{1,2}|00:0[0-9]:0[0-9][.,]000 --> 00:0[0-9]:09[.,]000|[a亿<>&{}/\\\\0-9 ivc;:.]{0,12}|&amp;亿|<v 甲>乙|\\{\\\\an8\\}丙)?", 0..12), from in 0usize..80, length in 0usize..20) {
            let source = SourceFile::new("a", lines.join("\n"));
            let floor = |at: usize| source.text.floor_char_boundary(at.min(source.text.len()));
            let span = Span::new(floor(from), floor(from + length));
            let place = source.in_file(span);
            prop_assert!(source.file_text().get(place.start..place.end).is_some());
            source.time(span.start);
        }
    }
}
