use chrono::NaiveDate;

use super::Directive;
use crate::source::Span;

/// What a part of a report is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    /// Envelope fields: title, URL, status …
    Metadata,
    /// Anything without a more special role.
    Body,
    Summary,
    /// The core claim.
    Argument,
    /// Evidence items.
    Evidence,
    Reasoning,
    /// Objections, devil's advocate.
    Audit,
    Diagram,
    /// The transcript or other source text the report was made from.
    Source,
}

/// What a block is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BlockKind {
    /// An envelope field's value or the document's title.
    Field,
    Heading {
        level: u8,
    },
    Paragraph,
    /// The text of a list item; `ordinal` as written, for ordered lists.
    ListItem {
        depth: u16,
        ordinal: Option<u64>,
    },
    Quote,
    /// One cell; row 0 is the header.
    Cell {
        table: u32,
        row: u32,
        column: u32,
    },
    /// A node's, edge's or subgraph's label in a diagram.
    Label {
        diagram: u32,
    },
    /// Code of any kind: never read for claims.
    Code,
    /// Running text of a source.
    Transcript,
}

/// A leaf of the document: text that belongs together. Blocks are in order and never overlap.
#[derive(Clone, Copy, Debug)]
pub struct Block {
    pub kind: BlockKind,
    pub span: Span,
    /// Index into [`Document::sections`].
    pub section: u32,
    pub role: Role,
}

/// A heading and all under it until the next heading of its level or above; section 0 is what precedes any heading.
#[derive(Clone, Debug)]
pub struct Section {
    /// The heading's text, without marks; empty for section 0.
    pub heading: Span,
    /// 1 to 6, and one more for a bold line below the last heading; 0 for section 0.
    pub level: u8,
    /// Its own; its blocks have the nearest special one upwards.
    pub role: Role,
    pub span: Span,
    pub parent: Option<u32>,
}

/// One sentence inside one block.
#[derive(Clone, Copy, Debug)]
pub struct Sentence {
    pub span: Span,
    /// Index into [`Document::blocks`].
    pub block: u32,
}

/// A Markdown table; `rows[0]` is the header.
#[derive(Clone, Debug)]
pub struct Table {
    pub span: Span,
    pub section: u32,
    /// The nearest heading, caption or paragraph line before it.
    pub caption: Option<Span>,
    /// Spans of the cells' trimmed text; ragged rows stay ragged.
    pub rows: Vec<Vec<Span>>,
}

/// A Mermaid flowchart.
#[derive(Clone, Debug, Default)]
pub struct Diagram {
    pub span: Span,
    /// `flowchart`/`graph`; other Mermaid kinds are kept as code and yield no nodes.
    pub nodes: Vec<Node>,
    pub edges: Vec<Edge>,
    pub subgraphs: Vec<Subgraph>,
    /// Names defined by `classDef`.
    pub defined_classes: Vec<Span>,
    /// Each use by `:::name` or `class a,b name`.
    pub used_classes: Vec<Span>,
    /// Foreign tags such as `<Mermaid_Diagram>` (never `<br/>` in a label).
    pub foreign_tags: Vec<Span>,
    /// Statements that could not be read.
    pub unread: Vec<Span>,
    /// Where the text stops in the middle: an unclosed fence, or a last line that ends within a statement.
    pub cut_off: Option<Span>,
}

/// A node: its id, and its label when it has one.
#[derive(Clone, Debug)]
pub struct Node {
    pub id: String,
    /// First mention.
    pub span: Span,
    pub label: Option<Span>,
    pub class: Option<Span>,
    pub subgraph: Option<u32>,
}

/// An edge between two nodes (indices into [`Diagram::nodes`]).
#[derive(Clone, Debug)]
pub struct Edge {
    pub from: u32,
    pub to: u32,
    pub label: Option<Span>,
    pub span: Span,
}

/// A `subgraph … end`.
#[derive(Clone, Debug)]
pub struct Subgraph {
    pub id: String,
    pub title: Option<Span>,
    pub span: Span,
    pub closed: bool,
}

/// One `Key: value` of the envelope or of YAML front matter.
#[derive(Clone, Debug)]
pub struct Field {
    /// Lower case; a known key goes by its English name, `status` for 状态.
    pub key: String,
    pub key_span: Span,
    pub value: Span,
}

/// Something wrong with the text as a text; structure rules turn these into findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DefectKind {
    /// A code fence that never closes.
    UnclosedFence,
    /// Bytes that are no text in the encoding; they stand as U+FFFD.
    InvalidEncoding,
    /// A NUL or another control character that no report needs (terminal escapes).
    ControlCharacter,
    /// No text at all.
    Empty,
    /// A table row with more or fewer cells than its header.
    RaggedRow,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Defect {
    pub kind: DefectKind,
    pub span: Span,
}

/// The language most of the text is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Language {
    Chinese,
    English,
}

/// A report, split into its parts; every span is a byte range of [`Document::text`].
#[derive(Clone, Debug)]
pub struct Document {
    pub text: String,
    /// The same length as `text`, byte for byte, with what is no prose painted over: [`MARKUP`] for marks that
    /// stand inside running text (`**`, link targets), [`BREAK`] for what separates (code, URLs, tags, cell borders).
    pub prose: String,
    pub fields: Vec<Field>,
    /// The parts that hold Markdown, each to be read by itself: in one go, a fence that never closes would swallow
    /// what follows it.
    pub markdown: Vec<Span>,
    /// The report's date: `Timestamp:`, `date:` of the front matter; `None` when it does not say.
    pub date: Option<NaiveDate>,
    pub sections: Vec<Section>,
    pub blocks: Vec<Block>,
    pub sentences: Vec<Sentence>,
    pub tables: Vec<Table>,
    pub diagrams: Vec<Diagram>,
    pub defects: Vec<Defect>,
    /// Comments of the report that speak to claimlint, in order of place.
    pub directives: Vec<Directive>,
    pub language: Language,
}

/// Painted over marks inside running text: to be skipped as if absent.
pub const MARKUP: u8 = 0x01;
/// Painted over what separates pieces of text: nothing is read across it.
pub const BREAK: u8 = 0x02;
