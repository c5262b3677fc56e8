use pulldown_cmark::{Alignment, CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

use super::super::outline::Outline;
use super::leaf::{Align, Leaf, LeafKind, Piece, Style};
use crate::source::{Span, is_product, line_spans};

/// Containers that stand inside each other further than this are not shown as such, only what they hold.
const DEEPEST: usize = 24;

/// A plain cell.
const CELL: Piece = Piece::Cell { header: false, span: 1, align: Align::Start };
const FIELD_KEY: Piece = Piece::Cell { header: true, span: 1, align: Align::Start };

/// One step through a report from its first to its last byte.
#[derive(Debug, PartialEq)]
pub(super) enum Node {
    Open(Container),
    Close(Container),
    Leaf(Leaf),
    /// A line across.
    Rule,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Container {
    Quote,
    List,
    /// An ordered list and its first number.
    OrderedList(u64),
    Item,
    /// The transcript; what stands before it as its title.
    Source(Span),
}

/// A report as nodes, with the addresses that its links lead to.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Layout {
    pub nodes: Vec<Node>,
    pub links: Vec<String>,
}

impl Layout {
    /// Lays out all of the text: what is neither field nor Markdown nor transcript is shown as it stands.
    pub fn new(text: &str, outline: &Outline) -> Self {
        let mut layout = Self::default();
        let mut done = layout.fields(text, &outline.fields);
        for &part in &outline.markdown {
            layout.literal(text, Span::new(done.min(part.start), part.start));
            Walk::new(text, part, outline, &mut layout).run();
            done = part.end;
        }
        if let Some(source) = outline.source {
            layout.transcript(text, Span::new(done.min(source.start), source.start), source);
            done = source.end;
        }
        layout.literal(text, Span::new(done.min(text.len()), text.len()));
        layout
    }

    /// The fields as a table of keys and values; gives where they end.
    fn fields(&mut self, text: &str, fields: &[(Span, Span)]) -> usize {
        let mut done = 0;
        let mut pieces = Vec::new();
        for &(key, value) in fields {
            let between = Span::new(done, key.start);
            if has_words(between.of(text)) {
                self.leaf(text, LeafKind::Fields, std::mem::take(&mut pieces));
                self.literal(text, between);
            }
            pieces.extend([Piece::Row { header: false }, FIELD_KEY]);
            pieces.push(Piece::text(key, Style::default()));
            pieces.push(CELL);
            push_lines(text, value, Style::default(), &mut pieces);
            done = value.end.max(key.end);
        }
        self.leaf(text, LeafKind::Fields, pieces);
        done
    }

    /// Text that nothing is known about, line by line.
    fn literal(&mut self, text: &str, span: Span) {
        for line in lines(text, span).filter(|line| has_words(line.of(text))) {
            self.leaf(text, LeafKind::Literal, vec![Piece::text(line, Style::default())]);
        }
    }

    fn transcript(&mut self, text: &str, title: Span, source: Span) {
        self.nodes.push(Node::Open(Container::Source(title)));
        for line in lines(text, source).filter(|line| !line.of(text).trim().is_empty()) {
            self.leaf(text, LeafKind::Paragraph, vec![Piece::text(line, Style::default())]);
        }
        self.nodes.push(Node::Close(Container::Source(title)));
    }

    fn leaf(&mut self, text: &str, kind: LeafKind, pieces: Vec<Piece>) {
        if !pieces.is_empty() {
            self.nodes.extend(Leaf { kind, pieces }.finished(text, &[]).into_iter().map(Node::Leaf));
        }
    }
}

fn has_words(text: &str) -> bool {
    text.chars().any(char::is_alphanumeric)
}

fn lines(text: &str, span: Span) -> impl Iterator<Item = Span> + '_ {
    line_spans(&text[..span.end], span.start)
}

/// The lines of a span as text with breaks between.
fn push_lines(text: &str, span: Span, style: Style, pieces: &mut Vec<Piece>) {
    for (number, line) in lines(text, span).enumerate() {
        if number > 0 {
            pieces.push(Piece::Break { at: line.start, soft: false });
        }
        pieces.push(Piece::text(line, style));
    }
}

/// Reads one part of Markdown.
struct Walk<'a> {
    text: &'a str,
    part: Span,
    outline: &'a Outline,
    layout: &'a mut Layout,
    leaf: Option<Leaf>,
    style: Style,
    /// Of the stars and underscores that are open.
    stresses: Vec<Stress>,
    /// The open containers and whether each is shown.
    containers: Vec<(Container, bool)>,
    /// All before this byte is shown or is marks.
    done: usize,
    /// Addresses of the links and images that are open, with the link around each.
    addresses: Vec<(String, Option<u32>)>,
    table: Option<TableState>,
    in_code_block: bool,
}

/// What stars or underscores around text do to it.
#[derive(Clone, Copy, PartialEq)]
enum Stress {
    Strong,
    Emphasis,
    /// They stand for a product.
    None,
}

/// The table that is open.
struct TableState {
    columns: Vec<Align>,
    /// How many cells the row has so far.
    cells: usize,
    /// The header begins with a `|`.
    bordered: bool,
    header: bool,
    /// The row is a line right under the table, without an empty line between: Markdown calls it a row.
    is_line: bool,
    /// Where the last cell ends.
    cell_end: usize,
}

impl<'a> Walk<'a> {
    fn new(text: &'a str, part: Span, outline: &'a Outline, layout: &'a mut Layout) -> Self {
        Self {
            text,
            part,
            outline,
            layout,
            leaf: None,
            style: Style::default(),
            stresses: Vec::new(),
            containers: Vec::new(),
            done: part.start,
            addresses: Vec::new(),
            table: None,
            in_code_block: false,
        }
    }

    fn run(mut self) {
        // As the document is read: strikethrough would eat the `~` of `~$700亿`.
        for (event, range) in
            Parser::new_ext(self.part.of(self.text), Options::ENABLE_TABLES).into_offset_iter()
        {
            let span = Span::new(range.start + self.part.start, range.end + self.part.start);
            match event {
                Event::Start(tag) => self.start(&tag, span),
                Event::End(tag) => self.end(tag, span),
                Event::Text(content) => self.content(&content, span),
                Event::Code(content) => self.code(&content, span),
                Event::Html(_) => self.html(span),
                Event::InlineHtml(tag) => self.inline_html(&tag, span),
                Event::SoftBreak => self.push(Piece::Break { at: span.start, soft: true }),
                Event::HardBreak => self.push(Piece::Break { at: span.start, soft: false }),
                Event::Rule => {
                    self.close_leaf();
                    self.skipped(span.start);
                    self.done = span.end;
                    self.layout.nodes.push(Node::Rule);
                }
                Event::InlineMath(_)
                | Event::DisplayMath(_)
                | Event::FootnoteReference(_)
                | Event::TaskListMarker(_) => self.push(Piece::text(span, self.style)),
            }
        }
        self.close_leaf();
        self.skipped(self.part.end);
    }

    /// Shows what Markdown reads but never shows, such as where `[1]: …` leads; only between blocks.
    fn skipped(&mut self, until: usize) {
        if self.containers.is_empty() && self.done < until {
            self.layout.literal(self.text, Span::new(self.done, until));
        }
    }

    fn start(&mut self, tag: &Tag, span: Span) {
        match tag {
            Tag::Strong => self.start_stress(Stress::Strong, Span::new(span.start, span.start + 2)),
            Tag::Emphasis => self.start_stress(Stress::Emphasis, Span::new(span.start, span.start + 1)),
            Tag::Strikethrough | Tag::Superscript | Tag::Subscript => {}
            Tag::Link { dest_url, .. } => {
                let around = self.style.link;
                self.addresses.push((dest_url.to_string(), around));
                if is_web_address(dest_url) {
                    self.style.link = u32::try_from(self.layout.links.len()).ok();
                    self.layout.links.push(dest_url.to_string());
                }
            }
            Tag::Image { dest_url, .. } => {
                self.note_at(span.start, "🖼 ");
                self.addresses.push((dest_url.to_string(), self.style.link));
            }
            Tag::TableHead | Tag::TableRow => self.row(span, matches!(tag, Tag::TableHead)),
            Tag::TableCell => self.cell(span),
            block => {
                self.close_leaf();
                self.skipped(span.start);
                self.start_block(block, span);
            }
        }
        self.restyle();
    }

    fn start_block(&mut self, tag: &Tag, span: Span) {
        match tag {
            Tag::Heading { level, .. } => self.open_leaf(LeafKind::Heading(*level as u8)),
            Tag::BlockQuote(_) => self.open(Container::Quote),
            Tag::List(first) => {
                self.open(first.map_or(Container::List, Container::OrderedList));
            }
            Tag::Item => self.open(Container::Item),
            Tag::CodeBlock(kind) => {
                self.open_leaf(LeafKind::Code);
                self.in_code_block = true;
                if let (CodeBlockKind::Fenced(_), Some(fence)) = (kind, lines(self.text, span).next()) {
                    self.push(Piece::text(fence, Style { dim: true, ..Style::default() }));
                    self.push(Piece::Break { at: fence.end, soft: false });
                }
            }
            Tag::HtmlBlock => self.open_leaf(LeafKind::Html),
            Tag::Table(columns) => {
                self.open_leaf(LeafKind::Table);
                self.table = Some(TableState {
                    columns: columns.iter().map(align).collect(),
                    cells: 0,
                    bordered: false,
                    header: false,
                    is_line: false,
                    cell_end: span.start,
                });
            }
            Tag::Paragraph => self.open_leaf(LeafKind::Paragraph),
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd, span: Span) {
        match tag {
            TagEnd::Strong => self.end_stress(Span::new(span.end - 2, span.end)),
            TagEnd::Emphasis => self.end_stress(Span::new(span.end - 1, span.end)),
            TagEnd::Strikethrough | TagEnd::Superscript | TagEnd::Subscript => {}
            TagEnd::Link | TagEnd::Image => {
                if let Some((address, around)) = self.addresses.pop() {
                    self.style.link = around;
                    let shown = matches!(tag, TagEnd::Image) || !is_web_address(&address);
                    // An address in angle brackets is its own text.
                    if shown && !span.of(self.text).starts_with('<') {
                        self.note_at(span.end, &format!(" ({address})"));
                    }
                }
            }
            TagEnd::TableCell => {}
            TagEnd::TableHead | TagEnd::TableRow => self.end_row(span),
            block => {
                self.close_leaf();
                match block {
                    TagEnd::BlockQuote(_) | TagEnd::List(_) | TagEnd::Item => self.close(),
                    TagEnd::CodeBlock => self.in_code_block = false,
                    TagEnd::Table => self.table = None,
                    _ => {}
                }
                self.done = self.done.max(span.end);
            }
        }
        self.restyle();
    }

    fn restyle(&mut self) {
        self.style.strong = self.stresses.contains(&Stress::Strong);
        self.style.emphasis = self.stresses.contains(&Stress::Emphasis);
    }

    /// `2*3 and 3*4` is emphasis to Markdown; the document reads products, and shown without its stars it would be
    /// another figure.
    fn start_stress(&mut self, stress: Stress, marks: Span) {
        let product = is_product(self.text, marks);
        self.stresses.push(if product { Stress::None } else { stress });
        if product {
            self.push(Piece::text(marks, self.style));
        }
    }

    fn end_stress(&mut self, marks: Span) {
        if is_product(self.text, marks) {
            self.push(Piece::text(marks, self.style));
        }
        self.stresses.pop();
    }

    fn content(&mut self, content: &str, span: Span) {
        if self.in_code_block {
            // Lines of their own, so that a break stands for every line end.
            let ends_line = content.ends_with('\n');
            push_lines(self.text, span, Style::default(), &mut self.leaf_mut(LeafKind::Code).pieces);
            if ends_line {
                self.push(Piece::Break { at: span.end, soft: false });
            }
        } else {
            self.push(Piece::of(self.text, span, content, self.style));
        }
    }

    fn code(&mut self, content: &str, span: Span) {
        let style = Style { code: true, ..self.style };
        let slice = span.of(self.text);
        let inside = slice.trim_matches('`').find(content).filter(|_| !content.is_empty());
        let piece = match inside {
            Some(at) => {
                let start = span.start + (slice.len() - slice.trim_start_matches('`').len()) + at;
                Piece::text(Span::new(start, start + content.len()), style)
            }
            None => Piece::of(self.text, span, content, style),
        };
        self.push(piece);
    }

    /// A line of an HTML block: its tags dimmed, never as tags.
    fn html(&mut self, span: Span) {
        let line = lines(self.text, span).next().unwrap_or(span);
        let mut rest = line;
        while !rest.is_empty() {
            let text = rest.of(self.text);
            let dim = text.starts_with('<');
            let length = if dim { text.find('>').map(|at| at + 1) } else { text.find('<') };
            let cut = Span::new(rest.start, rest.start + length.unwrap_or(text.len()));
            self.push_to(LeafKind::Html, Piece::text(cut, Style { dim, ..Style::default() }));
            rest = Span::new(cut.end, rest.end);
        }
        self.push_to(LeafKind::Html, Piece::Break { at: line.end, soft: false });
    }

    fn inline_html(&mut self, tag: &str, span: Span) {
        let name = tag.trim_matches(['<', '>', '/', ' ']);
        if name.eq_ignore_ascii_case("br") {
            self.push(Piece::Break { at: span.start, soft: false });
        } else {
            self.push(Piece::text(span, Style { dim: true, ..self.style }));
        }
    }

    /// Text of ours at a place of the report.
    fn note_at(&mut self, at: usize, note: &str) {
        let style = Style { dim: true, link: None, ..self.style };
        self.push(Piece::Text { span: Span::new(at, at), shown: Some(note.to_string()), style });
    }

    fn row(&mut self, span: Span, header: bool) {
        let Some(table) = &mut self.table else { return };
        let bordered = span.of(self.text).trim_start_matches(['>', ' ', '\t']).starts_with('|');
        if header {
            table.bordered = bordered;
        }
        table.header = header;
        table.is_line = table.bordered && !bordered;
        table.cell_end = span.start;
        table.cells = 0;
        self.push(Piece::Row { header });
    }

    fn cell(&mut self, span: Span) {
        let Some(table) = &mut self.table else { return };
        // Cells that Markdown adds to a line or to a row that is too short are not shown.
        let padding = span.is_empty() && table.is_line;
        table.cell_end = table.cell_end.max(span.end);
        let cell = match table.is_line {
            true => Piece::Cell { header: false, span: table.columns.len(), align: Align::Start },
            false => Piece::Cell {
                header: table.header,
                span: 1,
                align: table.columns.get(table.cells).copied().unwrap_or_default(),
            },
        };
        table.cells += 1;
        if !padding {
            self.push(cell);
        }
    }

    /// Shows the cells that a row has too many; Markdown drops them.
    fn end_row(&mut self, span: Span) {
        let Some(table) = &self.table else { return };
        let rest = Span::new(table.cell_end.min(span.end), span.end);
        let mut start = rest.start;
        for piece in rest.of(self.text).split('|') {
            let from = start + (piece.len() - piece.trim_start().len());
            let cell = Span::new(from, from + piece.trim().len());
            start += piece.len() + 1;
            if !cell.is_empty() {
                self.push(CELL);
                self.push(Piece::text(cell, Style::default()));
            }
        }
    }

    fn open(&mut self, container: Container) {
        let shown = self.containers.len() < DEEPEST;
        if shown {
            self.layout.nodes.push(Node::Open(container));
        }
        self.containers.push((container, shown));
    }

    fn close(&mut self) {
        if let Some((container, true)) = self.containers.pop() {
            self.layout.nodes.push(Node::Close(container));
        }
    }

    fn open_leaf(&mut self, kind: LeafKind) {
        self.leaf = Some(Leaf { kind, pieces: Vec::new() });
    }

    fn leaf_mut(&mut self, kind: LeafKind) -> &mut Leaf {
        self.leaf.get_or_insert(Leaf { kind, pieces: Vec::new() })
    }

    fn push(&mut self, piece: Piece) {
        self.push_to(LeafKind::Tight, piece);
    }

    /// Adds to the open leaf; opens one of this kind when there is none.
    fn push_to(&mut self, kind: LeafKind, piece: Piece) {
        let pieces = &mut self.leaf_mut(kind).pieces;
        if !pieces.last_mut().is_some_and(|last| last.takes(&piece)) {
            pieces.push(piece);
        }
    }

    fn close_leaf(&mut self) {
        let Some(leaf) = self.leaf.take() else { return };
        let headings: &[_] = if self.containers.is_empty() { &self.outline.headings } else { &[] };
        let leaves = leaf.finished(self.text, headings);
        self.layout.nodes.extend(leaves.into_iter().map(Node::Leaf));
    }
}

fn align(alignment: &Alignment) -> Align {
    match alignment {
        Alignment::None | Alignment::Left => Align::Start,
        Alignment::Center => Align::Center,
        Alignment::Right => Align::End,
    }
}

/// Whether an address may be clicked: `http` or `https` with a plain host, which is then shown.
fn is_web_address(address: &str) -> bool {
    host(address).is_some()
}

/// The host of a web address that hides nothing: no user before it, no other letters than ASCII's in it.
pub(super) fn host(address: &str) -> Option<&str> {
    let rest = address.strip_prefix("https://").or_else(|| address.strip_prefix("http://"))?;
    let host = &rest[..rest.find(['/', '?', '#']).unwrap_or(rest.len())];
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':');
    let visible = address.chars().all(|c| !c.is_control() && !c.is_whitespace() && c != '\\');
    (visible && host.contains('.') && host.chars().all(plain)).then_some(host)
}
