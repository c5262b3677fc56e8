use rayon::prelude::*;

use super::builder::Builder;
use super::envelope;
use super::lexicon::{DocumentLexicon, FieldKind};
use super::{
    Block, BlockKind, Defect, DefectKind, Document, Field, LONG_DOCUMENT, Role, Section, date, language,
    markdown, sentence,
};
use crate::source::{Span, line_spans};

impl Document {
    /// Reads a report. Never fails: what is wrong with the text stands in [`Document::defects`].
    pub fn parse(text: String, lexicon: &DocumentLexicon) -> Self {
        let envelope = envelope::split(&text, lexicon);
        let mut builder = Builder::new(&text, lexicon);
        if text.trim_start_matches('\u{FEFF}').trim_start().is_empty() {
            builder.defect(DefectKind::Empty, Span::new(0, text.len()));
        }
        for (field, kind) in &envelope.fields {
            if *kind == FieldKind::Text {
                builder.copy(field.value);
            }
            builder.push_as(BlockKind::Field, field.value, Role::Metadata);
        }
        let markdown = markdown::read(&mut builder, envelope.report);
        builder.close_sections(envelope.report.end);
        if let Some(source) = envelope.source {
            transcript(&mut builder, source);
        }
        let parts = builder.finish();
        let report = || parts.blocks.iter().filter(|block| block.role != Role::Source);
        let whole = || {
            let date = envelope
                .fields
                .iter()
                .filter(|(_, kind)| *kind == FieldKind::Date)
                .find_map(|(field, _)| date::leading_date(field.value.of(&text), lexicon))
                .or_else(|| date::labelled_date(&text, envelope.report, lexicon));
            let language = language::detect(report().map(|block| block.span.of(&parts.prose)));
            (date, language, odd_characters(&text))
        };
        let sentences = || sentences(&parts.prose, &parts.blocks, &parts.hard_breaks, lexicon);
        let ((date, language, odd), sentences) =
            if text.len() < LONG_DOCUMENT { (whole(), sentences()) } else { rayon::join(whole, sentences) };
        let mut defects = parts.defects;
        defects.extend(odd);
        defects.sort_by_key(|defect| defect.span);
        let fields: Vec<Field> = envelope.fields.into_iter().map(|(field, _)| field).collect();
        Self {
            text,
            prose: parts.prose,
            fields,
            markdown,
            date,
            sections: parts.sections,
            blocks: parts.blocks,
            sentences,
            tables: parts.tables,
            diagrams: parts.diagrams,
            defects,
            directives: parts.directives,
            language,
        }
    }

    /// Takes the whole text as a source: transcript blocks of role [`Role::Source`], no Markdown.
    pub fn parse_source(text: String, lexicon: &DocumentLexicon) -> Self {
        let whole = Span::new(0, text.len());
        let mut builder = Builder::new(&text, lexicon);
        transcript(&mut builder, whole);
        builder.defects.extend(odd_characters(&text));
        let parts = builder.finish();
        let sentences = sentences(&parts.prose, &parts.blocks, &parts.hard_breaks, lexicon);
        let language = language::detect(parts.blocks.iter().map(|block| block.span.of(&parts.prose)));
        let date = date::labelled_date(&text, whole, lexicon);
        Self {
            text,
            prose: parts.prose,
            fields: Vec::new(),
            markdown: Vec::new(),
            date,
            sections: parts.sections,
            blocks: parts.blocks,
            sentences,
            tables: parts.tables,
            diagrams: parts.diagrams,
            defects: parts.defects,
            directives: parts.directives,
            language,
        }
    }

    /// The value of the envelope's field with this key (lower case: `status`).
    pub fn field(&self, key: &str) -> Option<&str> {
        self.fields.iter().find(|field| field.key == key).map(|field| field.value.of(&self.text))
    }

    /// The index of the block that holds the byte.
    pub fn block_of(&self, offset: usize) -> Option<usize> {
        let index = self.blocks.partition_point(|block| block.span.end <= offset);
        self.blocks.get(index).filter(|block| block.span.start <= offset).map(|_| index)
    }

    /// The index of the sentence that holds the byte.
    pub fn sentence_at(&self, offset: usize) -> Option<usize> {
        let index = self.sentences.partition_point(|sentence| sentence.span.end <= offset);
        self.sentences.get(index).filter(|sentence| sentence.span.start <= offset).map(|_| index)
    }

    /// The section that the block stands in.
    pub fn section_of(&self, block: &Block) -> &Section {
        &self.sections[block.section as usize]
    }

    /// The headings above a block, outermost first.
    pub fn section_path(&self, block: &Block) -> Vec<&str> {
        let mut path = Vec::new();
        let mut next = Some(block.section);
        while let Some(section) = next.and_then(|index| self.sections.get(index as usize)) {
            if !section.heading.is_empty() {
                path.push(section.heading.of(&self.text));
            }
            next = section.parent;
        }
        path.reverse();
        path
    }

    /// The sentences of a block, by its index.
    pub fn sentences_of(&self, block: usize) -> &[super::Sentence] {
        let from = self.sentences.partition_point(|sentence| (sentence.block as usize) < block);
        let to = self.sentences.partition_point(|sentence| (sentence.block as usize) <= block);
        &self.sentences[from..to]
    }

    /// The prose under a span; [`super::MARKUP`] and [`super::BREAK`] stand in it.
    pub fn prose_of(&self, span: Span) -> &str {
        span.of(&self.prose)
    }
}

/// Each line of the source is a block of its own, all of it prose.
fn transcript(builder: &mut Builder, source: Span) {
    builder.open_section(Span::new(source.start, source.start), 1, Some(Role::Source), source.start);
    builder.copy(source);
    let text = builder.text;
    let mut open: Option<Span> = None;
    for line in line_spans(text, source.start).map(|line| envelope::trimmed(text, line)) {
        open = match open {
            Some(before) if goes_on(before.of(text), line.of(text)) => {
                builder.paint(Span::new(before.end, line.start), b' ');
                Some(before.join(line))
            }
            before => {
                before.into_iter().for_each(|block| builder.push(BlockKind::Transcript, block));
                Some(line)
            }
        };
    }
    open.into_iter().for_each(|block| builder.push(BlockKind::Transcript, block));
    builder.close_sections(source.end);
}

/// Bytes from which on a line may have been broken for its length.
const FULL_LINE: usize = 40;

/// Whether a line of running text was broken only because it was full: numbers and sentences go on in the next.
fn goes_on(before: &str, line: &str) -> bool {
    let last = before.rsplit('\n').next().unwrap_or_default();
    let begins = line.chars().next().is_some_and(|c| c.is_alphanumeric() || c == '$');
    last.len() >= FULL_LINE
        && begins
        && !last.ends_with(['.', '?', '!', ':', '。', '？', '！', '：', '|', '"', '”'])
        && !last.starts_with(['|', '#', '-', '*'])
}

fn sentences(
    prose: &str,
    blocks: &[Block],
    hard_breaks: &[usize],
    lexicon: &DocumentLexicon,
) -> Vec<super::Sentence> {
    let of = |(chunk, blocks): (usize, &[Block])| {
        let mut sentences = Vec::new();
        for (index, block) in (chunk * BLOCKS_AT_ONCE..).zip(blocks) {
            let before = hard_breaks.partition_point(|&place| place < block.span.start);
            let inside = hard_breaks.partition_point(|&place| place < block.span.end);
            if block.kind != BlockKind::Code {
                let index = u32::try_from(index).unwrap_or(u32::MAX);
                sentence::split(
                    prose,
                    index,
                    block.span,
                    &hard_breaks[before..inside],
                    lexicon,
                    &mut sentences,
                );
            }
        }
        sentences
    };
    if prose.len() < LONG_DOCUMENT {
        return blocks.chunks(BLOCKS_AT_ONCE).enumerate().flat_map(of).collect();
    }
    blocks.par_chunks(BLOCKS_AT_ONCE).enumerate().map(of).collect::<Vec<_>>().concat()
}

/// Blocks whose sentences one thread looks for at a time.
const BLOCKS_AT_ONCE: usize = 512;

/// Characters that no text has, or that a reader does not see as they are.
fn odd_characters(text: &str) -> Vec<Defect> {
    let mut defects = Vec::new();
    control_characters(text, &mut defects);
    reordering_characters(text, &mut defects);
    defects
}

/// The first of each run of control characters.
fn control_characters(text: &str, defects: &mut Vec<Defect>) {
    const CHUNK: usize = 1 << 12;
    // Without early exit or exceptions, so that it runs over many bytes at once.
    let suspicious = |chunk: &[u8]| {
        chunk.iter().fold(false, |found, &byte| {
            found | ((byte < 0x20) & (byte != b'\n') & (byte != b'\r') & (byte != b'\t')) | (byte == 0x7F)
        })
    };
    let mut previous = false;
    for (number, chunk) in text.as_bytes().chunks(CHUNK).enumerate() {
        if !suspicious(chunk) {
            previous = false;
            continue;
        }
        for (at, &byte) in (number * CHUNK..).zip(chunk) {
            let here = byte < 0x20 && !b"\t\n\r\x0C".contains(&byte) || byte == 0x7F;
            if here && !previous {
                defects.push(Defect { kind: DefectKind::ControlCharacter, span: Span::new(at, at + 1) });
            }
            previous = here;
        }
    }
}

/// Characters that reorder what a reader sees, and those that stand where bytes were no text.
fn reordering_characters(text: &str, defects: &mut Vec<Defect>) {
    let mut find = |prefix: &[u8], kind: DefectKind, odd: fn(char) -> bool| {
        for at in memchr::memmem::find_iter(text.as_bytes(), prefix) {
            if let Some(c) = text[at..].chars().next().filter(|&c| odd(c)) {
                defects.push(Defect { kind, span: Span::new(at, at + c.len_utf8()) });
            }
        }
    };
    // The bidirectional embeddings and overrides, and the isolates.
    find(b"\xE2\x80", DefectKind::ControlCharacter, |c| matches!(c, '\u{202A}'..='\u{202E}'));
    find(b"\xE2\x81", DefectKind::ControlCharacter, |c| matches!(c, '\u{2066}'..='\u{2069}'));
    find("\u{FFFD}".as_bytes(), DefectKind::InvalidEncoding, |_| true);
}
