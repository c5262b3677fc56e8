use memchr::{memchr, memmem};

use super::BlockKind;
use super::builder::Builder;
use super::directive::{CLOSING, OPENING};
use super::envelope::trimmed;
use crate::source::{Span, line_spans};

/// Elements whose content is neither text to read nor can hold a comment.
const RAW: [&str; 8] = ["script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes"];

/// The text between the tags of an HTML block, line by line, and its comments.
pub(super) struct HtmlText {
    state: State,
    /// No quotation and no list is around it.
    outermost: bool,
    /// Where the last piece of text begins.
    text: Option<usize>,
    /// The directives of the document that stand before the block.
    directives: usize,
}

#[derive(Clone, Copy)]
enum State {
    /// Scripts, styles and declarations have no text to read.
    Opaque,
    Text,
    /// In a tag; after it the content of a raw element may come.
    Tag(Option<&'static str>),
    /// In a comment that begins there.
    Comment(usize),
    Raw(&'static str),
}

impl HtmlText {
    /// For the block that begins with `html`.
    pub fn new(builder: &Builder, html: &str, outermost: bool) -> Self {
        let html = html.trim_start();
        let begins = |tag: &str| html.get(..tag.len()).is_some_and(|head| head.eq_ignore_ascii_case(tag));
        let opaque = ["<script", "<style", "<pre", "<textarea", "<!", "<?"].iter().any(|tag| begins(tag))
            && !begins(OPENING);
        let state = if opaque { State::Opaque } else { State::Text };
        Self { state, outermost, text: None, directives: builder.directives.len() }
    }

    /// Whether nothing is read here.
    pub fn is_opaque(&self) -> bool {
        !matches!(self.state, State::Text | State::Tag(_))
    }

    /// Reads one more line.
    pub fn read(&mut self, builder: &mut Builder, line: Span) {
        let mut at = line.start;
        while at < line.end {
            at = self.step(builder, Span::new(at, line.end));
        }
    }

    /// Reads up to the next change of state; gives where to go on.
    fn step(&mut self, builder: &mut Builder, rest: Span) -> usize {
        let content = rest.of(builder.text).as_bytes();
        let found = |at: Option<usize>| at.map_or(rest.end, |at| rest.start + at);
        match self.state {
            State::Opaque => rest.end,
            State::Text => {
                let open = found(memchr(b'<', content));
                let text = trimmed(builder.text, Span::new(rest.start, open));
                if !text.is_empty() {
                    self.text = Some(text.start);
                }
                builder.copy(text);
                builder.push(BlockKind::Paragraph, text);
                let tag = &builder.text[open..rest.end];
                if tag.starts_with(OPENING) {
                    self.state = State::Comment(open);
                    // `<!-->` is a whole comment.
                    return open + "<!".len();
                }
                if !tag.is_empty() {
                    self.state = State::Tag(RAW.into_iter().find(|name| is_tag(&tag[1..], name)));
                }
                (open + 1).min(rest.end)
            }
            State::Tag(raw) => match memchr(b'>', content) {
                Some(close) => {
                    self.state = raw.map_or(State::Text, State::Raw);
                    rest.start + close + 1
                }
                None => rest.end,
            },
            State::Comment(start) => match memmem::find(content, CLOSING.as_bytes()) {
                Some(close) => {
                    let end = rest.start + close + CLOSING.len();
                    builder.comment(Span::new(start, end), true, self.outermost);
                    self.state = State::Text;
                    end
                }
                None => rest.end,
            },
            State::Raw(name) => {
                let closes = |at: &usize| is_tag(&builder.text[rest.start + at + 2..rest.end], name);
                let close = memmem::find_iter(content, b"</").find(closes);
                if close.is_some() {
                    self.state = State::Tag(None);
                }
                found(close)
            }
        }
    }

    /// Ends the block: says what its comments, and those that wait for a block, are about.
    pub fn finish(self, builder: &mut Builder, block: Span) {
        if let State::Comment(start) = self.state {
            let line = line_spans(&builder.text[..block.end], start).next().unwrap_or(block);
            builder.comment(trimmed(builder.text, line), false, self.outermost);
        }
        match self.text {
            Some(text) => {
                builder.aim_before(self.directives, block);
                for number in self.directives..builder.directives.len() {
                    let end = builder.directives[number].span.end;
                    if end <= text {
                        builder.aim_before(number + 1, Span::new(end, block.end.max(end)));
                    }
                }
            }
            None if matches!(self.state, State::Opaque) => builder.aim(block),
            None => {}
        }
    }
}

/// Whether the text behind `<` or `</` begins with this name.
fn is_tag(text: &str, name: &str) -> bool {
    text.get(..name.len()).is_some_and(|head| head.eq_ignore_ascii_case(name))
        && !text[name.len()..].starts_with(|c: char| c.is_alphanumeric() || c == '-')
}
