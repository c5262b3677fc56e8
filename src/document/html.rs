use memchr::memchr;

use super::BlockKind;
use super::builder::Builder;
use super::envelope::trimmed;
use crate::source::Span;

/// The text between the tags of an HTML block, line by line.
pub(super) struct HtmlText {
    /// Scripts, styles, comments and declarations have no text to read.
    opaque: bool,
    in_tag: bool,
}

impl HtmlText {
    /// For the block that begins with `html`.
    pub fn new(html: &str) -> Self {
        let begins = |tag: &str| html.get(..tag.len()).is_some_and(|head| head.eq_ignore_ascii_case(tag));
        let opaque = ["<script", "<style", "<pre", "<textarea", "<!", "<?"].iter().any(|tag| begins(tag));
        Self { opaque, in_tag: false }
    }

    /// Whether nothing of it is read.
    pub fn is_opaque(&self) -> bool {
        self.opaque
    }

    /// Reads one more line.
    pub fn read(&mut self, builder: &mut Builder, line: Span) {
        if self.opaque {
            return;
        }
        let bytes = line.of(builder.text).as_bytes();
        let mut at = 0;
        while at < bytes.len() {
            let wanted = if self.in_tag { b'>' } else { b'<' };
            let found = memchr(wanted, &bytes[at..]).map_or(bytes.len(), |next| at + next);
            if !self.in_tag {
                let text = trimmed(builder.text, Span::new(line.start + at, line.start + found));
                builder.copy(text);
                builder.push(BlockKind::Paragraph, text);
            }
            if found < bytes.len() {
                self.in_tag = !self.in_tag;
            }
            at = found + 1;
        }
    }
}
