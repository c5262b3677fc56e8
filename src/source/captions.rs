//! Captions in SRT and WebVTT as running text: numbers, times, notes, styles and tags are left out.

use super::clock::{TimeStamp, leading_clock};
use super::source_file::Pieces;
use super::{LineIndex, Span};

/// Silence from which on a caption begins a line of its own.
const PAUSE: u64 = 5_000;

/// Bytes of a tag, at most; a longer one is no tag.
const TAG_LIMIT: usize = 200;

/// Tags that captions have; other angle brackets are text.
const TAGS: [&str; 11] = ["b", "c", "font", "i", "lang", "rt", "ruby", "s", "span", "u", "v"];

/// Blocks of WebVTT that hold no captions.
const VTT_BLOCKS: [&str; 3] = ["NOTE", "STYLE", "REGION"];

/// Characters written as entities.
const ENTITIES: [(&str, &str); 9] = [
    ("&amp;", "&"),
    ("&lt;", "<"),
    ("&gt;", ">"),
    ("&nbsp;", " "),
    ("&quot;", "\""),
    ("&apos;", "'"),
    ("&#39;", "'"),
    ("&lrm;", ""),
    ("&rlm;", ""),
];

/// The text of captions, piece by piece; `None` when the text has no line of times.
pub(super) fn read(file: &str) -> Option<Pieces> {
    let index = LineIndex::new(file);
    let spans: Vec<Span> = (1..=index.lines()).filter_map(|line| index.line_span(file, line)).collect();
    let lines: Vec<&str> = spans.iter().map(|span| span.of(file).trim_matches('\u{FEFF}')).collect();
    let heads: Vec<Option<(TimeStamp, TimeStamp)>> = lines.iter().map(|line| cue_times(line)).collect();
    let first = heads.iter().position(Option::is_some)?;
    let mut captions = Captions::default();
    let mut skipping = false;
    for (number, (line, span)) in lines.iter().zip(&spans).enumerate() {
        let blank = line.trim().is_empty();
        let starts_block = number == 0 || lines[number - 1].trim().is_empty();
        if let Some((start, end)) = heads[number] {
            captions.begin(start, end);
            skipping = false;
        } else if blank {
            skipping = false;
        } else if starts_block && VTT_BLOCKS.contains(&line.split_whitespace().next().unwrap_or_default()) {
            skipping = true;
        } else if number >= first && !skipping && !is_cue_name(line, starts_block, &heads, number) {
            captions.line(file, *span);
        }
    }
    Some(captions.pieces)
}

/// Whether a text begins as captions do, so that it is taken for them whatever its name.
pub(super) fn looks_like_captions(file: &str) -> bool {
    let mut lines =
        file.trim_start_matches('\u{FEFF}').lines().map(str::trim).skip_while(|line| line.is_empty());
    let first = lines.next().unwrap_or_default();
    let is_number = !first.is_empty() && first.bytes().all(|byte| byte.is_ascii_digit());
    first == "WEBVTT"
        || first.starts_with("WEBVTT ")
        || cue_times(first).is_some()
        || is_number && lines.next().is_some_and(|second| cue_times(second).is_some())
}

/// The number or name right before a line of times.
fn is_cue_name(
    line: &str,
    starts_block: bool,
    heads: &[Option<(TimeStamp, TimeStamp)>],
    number: usize,
) -> bool {
    let before_times = heads.get(number + 1).is_some_and(Option::is_some);
    before_times && (starts_block || line.trim().bytes().all(|byte| byte.is_ascii_digit()))
}

/// The times of `00:00:01,000 --> 00:00:04,000` with whatever settings behind them.
fn cue_times(line: &str) -> Option<(TimeStamp, TimeStamp)> {
    let (start, rest) = leading_clock(line.trim_start())?;
    let (end, rest) = leading_clock(rest.trim_start().strip_prefix("-->")?.trim_start())?;
    (rest.is_empty() || rest.starts_with(char::is_whitespace)).then_some((start, end))
}

/// A part of a caption's line.
enum Part<'f> {
    /// Text, and where it comes from.
    Text(&'f str, Span),
    /// What follows is said at that time.
    Time(TimeStamp),
}

#[derive(Default)]
struct Captions<'f> {
    pieces: Pieces,
    /// When the captions so far have ended.
    end: Option<TimeStamp>,
    /// The next text begins a line.
    breaks: bool,
    /// Who speaks.
    voice: &'f str,
    /// The last line, which captions that roll upward show again.
    last: String,
}

impl<'f> Captions<'f> {
    fn begin(&mut self, start: TimeStamp, end: TimeStamp) {
        self.breaks |= self.end.is_some_and(|before| start.0 >= before.0 + PAUSE);
        self.end = Some(self.end.map_or(end, |before| before.max(end)));
        self.pieces.time(start);
    }

    /// Adds a line of a caption without its tags.
    fn line(&mut self, file: &'f str, span: Span) {
        let parts = trimmed(self.parts(file, span));
        let text: String = parts.iter().filter_map(|part| part.text()).collect();
        if text.is_empty() || text == self.last {
            return;
        }
        let parted = std::mem::take(&mut self.breaks) || text.starts_with("- ") || text.starts_with(">>");
        self.pieces.join(parted, &text);
        for part in parts {
            match part {
                Part::Text(text, span) => self.pieces.push(text, span),
                Part::Time(time) => self.pieces.time(time),
            }
        }
        self.last = text;
    }

    fn parts(&mut self, file: &'f str, span: Span) -> Vec<Part<'f>> {
        let mut parts = Vec::new();
        let mut at = span.start;
        while at < span.end {
            let rest = &file[at..span.end];
            let (length, part) = match self.markup(rest) {
                Some((length, Markup::Nothing)) => (length, None),
                Some((length, Markup::Character(text))) => {
                    (length, Some(Part::Text(text, Span::new(at, at + length))))
                }
                Some((length, Markup::Time(time))) => (length, Some(Part::Time(time))),
                None => {
                    let first = rest.chars().next().map_or(1, char::len_utf8);
                    let length = rest[first..].find(['<', '{', '&']).map_or(rest.len(), |next| next + first);
                    (length, Some(Part::Text(&rest[..length], Span::new(at, at + length))))
                }
            };
            parts.extend(part);
            at += length;
        }
        parts
    }

    /// A tag or an entity that `rest` begins with, and its length.
    fn markup(&mut self, rest: &'f str) -> Option<(usize, Markup)> {
        let near = &rest[..rest.floor_char_boundary(TAG_LIMIT.min(rest.len()))];
        match near.as_bytes().first()? {
            b'&' => {
                let (entity, text) = ENTITIES.iter().find(|(entity, _)| near.starts_with(entity))?;
                Some((entity.len(), Markup::Character(text)))
            }
            b'{' if near.starts_with("{\\") => Some((near.find('}')? + 1, Markup::Nothing)),
            b'<' => {
                let end = near.find('>')?;
                self.tag(&near[1..end]).map(|markup| (end + 1, markup))
            }
            _ => None,
        }
    }

    /// What stands between the angle brackets of a tag; `None` when that is no tag.
    fn tag(&mut self, inside: &'f str) -> Option<Markup> {
        if let Some((time, "")) = leading_clock(inside) {
            return Some(Markup::Time(time));
        }
        let name = inside.trim_start_matches('/');
        let (name, rest) = name.split_at(name.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(name.len()));
        if !TAGS.iter().any(|tag| tag.eq_ignore_ascii_case(name)) || rest.contains('<') {
            return None;
        }
        if name == "v" && !inside.starts_with('/') {
            let voice = rest.trim();
            self.breaks |= !self.voice.is_empty() && voice != self.voice;
            self.voice = voice;
        }
        Some(Markup::Nothing)
    }
}

/// What markup stands for.
enum Markup {
    Nothing,
    Character(&'static str),
    Time(TimeStamp),
}

impl<'f> Part<'f> {
    fn text(&self) -> Option<&'f str> {
        match self {
            Self::Text(text, _) => Some(text),
            Self::Time(_) => None,
        }
    }

    /// Whether the part is left over when white space at an end of the line is cut off.
    fn cut(&mut self, start: bool) -> bool {
        let Self::Text(text, span) = self else { return false };
        if start {
            *text = text.trim_start();
            *span = Span::new(span.end - text.len().min(span.len()), span.end);
        } else {
            *text = text.trim_end();
            *span = Span::new(span.start, span.start + text.len().min(span.len()));
        }
        !text.is_empty()
    }
}

/// The parts without white space at the ends of the line.
fn trimmed(mut parts: Vec<Part<'_>>) -> Vec<Part<'_>> {
    for part in &mut parts {
        if part.text().is_some() && part.cut(true) {
            break;
        }
    }
    for part in parts.iter_mut().rev() {
        if part.text().is_some() && part.cut(false) {
            break;
        }
    }
    parts.retain(|part| part.text() != Some(""));
    parts
}
