//! The parts of an argument: items, sentences, sections, nodes.

use super::layout::{SectionKind, SectionKinds};
use super::words::{ArgumentWords, has};
use super::{Part, PartKind};
use crate::document::{Block, BlockKind, Diagram, Document, Node, Role};
use crate::lexicon::Hits;
use crate::source::Span;

/// The parts, by kind and in order of place.
pub(super) fn of(
    document: &Document,
    hits: &Hits,
    words: &ArgumentWords,
    layout: &SectionKinds,
) -> Vec<Part> {
    let mut collector = Collector { document, layout, parts: Vec::new(), open: None };
    for block in &document.blocks {
        collector.block(block);
    }
    let mut parts = collector.parts;
    for (number, diagram) in document.diagrams.iter().enumerate() {
        parts.extend(nodes(document, hits, words, number, diagram));
    }
    // Stable: in order of place within a kind.
    parts.sort_by_key(|part| part.kind);
    let mut counts = [0usize; 5];
    for part in &mut parts {
        let count = &mut counts[part.kind as usize];
        *count += 1;
        if part.number == 0 {
            part.number = *count;
        }
    }
    parts
}

/// Puts blocks together to parts.
struct Collector<'a> {
    document: &'a Document,
    layout: &'a SectionKinds,
    parts: Vec<Part>,
    /// What the last part grows by.
    open: Option<Open>,
}

/// What the last part was made of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Open {
    /// Deeper items belong to it.
    Item {
        section: u32,
        depth: u16,
    },
    Table(u32),
    /// All of the section belongs to it.
    Section(u32),
}

impl Collector<'_> {
    fn block(&mut self, block: &Block) {
        let Some(section) = self.layout.kinds.get(block.section as usize) else { return };
        let argues = !matches!(block.role, Role::Source | Role::Metadata | Role::Diagram);
        let Some(kind) = section.kind.filter(|_| argues) else { return };
        match block.kind {
            BlockKind::Heading { .. }
            | BlockKind::Field
            | BlockKind::Code
            | BlockKind::Label { .. }
            | BlockKind::Transcript => {}
            _ if self.is_whole(block, *section, kind) => self.section(block, kind),
            BlockKind::ListItem { depth, ordinal } => self.item(block, kind, depth, ordinal),
            BlockKind::Cell { table, .. } => self.grow_or(Open::Table(table), block, kind, None),
            BlockKind::Paragraph | BlockKind::Quote => self.paragraph(block, kind),
        }
    }

    /// Whether the section as a whole is one part: it has a heading of its own below the one that says what it is, or
    /// nothing says what it is.
    fn is_whole(&self, block: &Block, section: SectionKind, kind: PartKind) -> bool {
        let below = section.head != block.section;
        let unheaded =
            kind == PartKind::Evidence && self.document.sections[section.head as usize].role == Role::Body;
        (below || unheaded) && kind != PartKind::Step
    }

    fn section(&mut self, block: &Block, kind: PartKind) {
        let title = self.document.sections[block.section as usize].heading;
        self.grow_or(Open::Section(block.section), block, kind, Some(title).filter(|span| !span.is_empty()));
    }

    fn item(&mut self, block: &Block, kind: PartKind, depth: u16, ordinal: Option<u64>) {
        if let Some(Open::Item { section, depth: outer }) = self.open
            && section == block.section
            && depth > outer
        {
            self.grow(block.span);
            return;
        }
        self.push(block.span, kind, None);
        if let (Some(part), Some(ordinal)) = (self.parts.last_mut(), ordinal) {
            part.number = usize::try_from(ordinal).unwrap_or(0);
        }
        self.open = Some(Open::Item { section: block.section, depth });
    }

    fn paragraph(&mut self, block: &Block, kind: PartKind) {
        self.open = None;
        if !matches!(kind, PartKind::Conclusion | PartKind::Step) {
            // "Three findings follow:" is none.
            let opens_list = block.span.of(&self.document.text).trim_end().ends_with([':', '：']);
            if !opens_list {
                self.push(block.span, kind, None);
            }
            return;
        }
        let sentences = &self.document.sentences;
        let first = sentences.partition_point(|sentence| sentence.span.start < block.span.start);
        for sentence in sentences[first..].iter().take_while(|sentence| sentence.span.start < block.span.end)
        {
            self.push(sentence.span, kind, None);
        }
    }

    fn grow_or(&mut self, open: Open, block: &Block, kind: PartKind, title: Option<Span>) {
        if self.open == Some(open) {
            self.grow(block.span);
        } else {
            self.push(block.span, kind, title);
            self.open = Some(open);
        }
    }

    fn grow(&mut self, span: Span) {
        if let Some(last) = self.parts.last_mut() {
            last.span = last.span.join(span);
        }
    }

    fn push(&mut self, span: Span, kind: PartKind, title: Option<Span>) {
        self.parts.push(Part { kind, span, title, number: 0, node: None, objects: false });
    }
}

fn nodes(
    document: &Document,
    hits: &Hits,
    words: &ArgumentWords,
    number: usize,
    diagram: &Diagram,
) -> Vec<Part> {
    let groups: std::collections::HashSet<&str> =
        diagram.subgraphs.iter().map(|group| group.id.as_str()).collect();
    let part = |(index, node): (usize, &Node)| {
        let span = node.label.unwrap_or(node.span);
        let class = node.class.map(|class| class.of(&document.text).to_lowercase()).unwrap_or_default();
        let objects = has(hits.within(span), words.objection_label, span.end)
            || ["audit", "advocate", "objection", "counter"].iter().any(|word| class.contains(word));
        Part { kind: PartKind::Node, span, title: None, number: 0, node: Some((number, index)), objects }
    };
    let is_group = |node: &Node| groups.contains(node.id.as_str());
    diagram.nodes.iter().enumerate().filter(|(_, node)| !is_group(node)).map(part).collect()
}
