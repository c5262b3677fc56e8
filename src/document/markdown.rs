use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use pulldown_cmark::{CodeBlockKind, Event, LinkType, Options, Parser, Tag, TagEnd};

use super::builder::Builder;
use super::envelope::trimmed;
use super::html::HtmlText;
use super::{BREAK, BlockKind, LONG_DOCUMENT, MARKUP, Role, chapter, directive, fence, heading, mark, row};
use crate::source::{Span, is_product, is_wrapped};

/// Reads the Markdown of `part`: blocks, sections, tables, diagrams and their prose. Gives the pieces that were read
/// each by itself.
pub(super) fn read(builder: &mut Builder, part: Span) -> Vec<Span> {
    let text = builder.text;
    let mut pieces = Vec::new();
    let mut rest = part;
    let mut level = 0;
    for turn in 0..=MOST_RESUMPTIONS {
        let mut walk = Walk::new(builder, level);
        walk.read(rest, turn < MOST_RESUMPTIONS);
        walk.close_leaf();
        level = walk.level;
        match walk.resume {
            Some(start) if turn < MOST_RESUMPTIONS => {
                pieces.push(Span::new(rest.start, start));
                builder.cut_targets(start);
                rest = Span::new(start, part.end);
            }
            _ => break,
        }
    }
    pieces.push(rest);
    mark::paint(text, builder.prose_mut(), part);
    pieces
}

/// What Markdown has in a stretch of the text.
pub(super) fn events(text: &str, part: Span) -> impl Iterator<Item = (Event<'_>, Span)> {
    // Strikethrough would eat the `~` of `~$700亿`, maths the `$`.
    let parser = Parser::new_ext(part.of(text), Options::ENABLE_TABLES);
    let place = move |range: Range<usize>| Span::new(range.start + part.start, range.end + part.start);
    parser.into_offset_iter().map(move |(event, range)| (event, place(range)))
}

/// Bytes of the chapters that a long text is read by.
const CHAPTER: usize = 1 << 15;

/// How often reading starts anew within one document; each time costs a pass.
const MOST_RESUMPTIONS: usize = 8;

/// The longest bold label that serves as a heading, in bytes.
const LONGEST_LABEL: usize = 64;

/// A piece of running text that is being collected.
struct Leaf {
    kind: BlockKind,
    /// Where it began, before bold lines were cut off as headings.
    first: usize,
    start: usize,
    /// Everything before this byte is painted; what events told of ends here.
    painted: usize,
    /// From the first to the last text.
    text: Option<Span>,
    line: Line,
}

/// The current line of a leaf, which may turn out to be a heading in bold.
#[derive(Clone, Copy, Default)]
struct Line {
    start: usize,
    /// From the first to the last text.
    text: Option<Span>,
    plain: bool,
}

/// A chapter of a long text, and what Markdown has in it as soon as somebody found out.
struct Chapter<'t> {
    text: &'t str,
    span: Span,
    events: Mutex<Events<'t>>,
}

enum Events<'t> {
    Unknown,
    Known(Vec<(Event<'t>, Span)>),
    Taken,
}

impl<'t> Chapter<'t> {
    fn new(text: &'t str, span: Span) -> Self {
        Self { text, span, events: Mutex::new(Events::Unknown) }
    }

    /// Finds out what Markdown has here, unless somebody has.
    fn read(&self) {
        let mut known = self.events.lock().unwrap_or_else(PoisonError::into_inner);
        if matches!(*known, Events::Unknown) {
            *known = Events::Known(events(self.text, self.span).collect());
        }
    }

    /// What Markdown has here.
    fn take(&self) -> Vec<(Event<'t>, Span)> {
        self.read();
        let mut known = self.events.lock().unwrap_or_else(PoisonError::into_inner);
        match std::mem::replace(&mut *known, Events::Taken) {
            Events::Known(events) => events,
            Events::Unknown | Events::Taken => Vec::new(),
        }
    }
}

struct Walk<'b, 't> {
    builder: &'b mut Builder<'t>,
    leaf: Option<Leaf>,
    /// What a leaf that opens now is.
    kind: BlockKind,
    /// Open quotes and list items, innermost last.
    containers: Vec<Container>,
    lists: usize,
    strong: usize,
    /// The level of the last real heading.
    level: u8,
    heading_start: usize,
    /// Inside code, nothing is read.
    code: bool,
    html: Option<HtmlText>,
    table: Option<row::TableWalk>,
    /// The text inside the link that is open; `None` outside links and in bare addresses.
    link: Option<Option<Span>>,
    superscript: bool,
    /// Line ends inside the leaf that is open.
    soft_breaks: Vec<usize>,
    /// Where Markdown is read anew: after a fence that never closed, at a fence that a tag before it swallowed.
    resume: Option<usize>,
}

enum Container {
    Quote,
    Item { ordinal: Option<u64>, begun: bool },
}

impl<'b, 't> Walk<'b, 't> {
    fn new(builder: &'b mut Builder<'t>, level: u8) -> Self {
        Self {
            builder,
            leaf: None,
            kind: BlockKind::Paragraph,
            containers: Vec::new(),
            lists: 0,
            strong: 0,
            level,
            code: false,
            html: None,
            table: None,
            link: None,
            heading_start: 0,
            superscript: false,
            soft_breaks: Vec::new(),
            resume: None,
        }
    }

    /// Reads a part; where Markdown is read anew and may be, the rest is left.
    fn read(&mut self, part: Span, may_resume: bool) {
        let text = self.builder.text;
        let chapters =
            if part.len() < LONG_DOCUMENT { vec![part] } else { chapter::chapters(text, part, CHAPTER) };
        if let [only] = chapters.as_slice() {
            return self.events(events(text, *only), may_resume);
        }
        // While the chapters are gone through, what Markdown has in those to come is found out.
        let chapters: Vec<Chapter<'_>> = chapters.into_iter().map(|span| Chapter::new(text, span)).collect();
        let left = AtomicBool::new(false);
        let go_through = || {
            for chapter in &chapters {
                self.events(chapter.take().into_iter(), may_resume);
                if self.resume.is_some() && may_resume {
                    break;
                }
            }
            left.store(true, Ordering::Relaxed);
        };
        let read_ahead =
            || chapters.iter().take_while(|_| !left.load(Ordering::Relaxed)).for_each(Chapter::read);
        rayon::join(go_through, read_ahead);
    }

    fn events<'e>(&mut self, events: impl Iterator<Item = (Event<'e>, Span)>, may_resume: bool) {
        for (event, span) in events {
            self.event(event, span);
            if self.resume.is_some() && may_resume {
                break;
            }
        }
    }

    fn event(&mut self, event: Event, span: Span) {
        match event {
            Event::Start(tag) => self.start(tag, span),
            Event::End(tag) => self.end(tag, span),
            Event::Text(_) if self.code => {}
            Event::Text(content) => self.text(&content, span),
            Event::Code(code) if mark::is_calculation(&code) => self.calculation(&code, span),
            Event::Code(text)
                if self.table.is_some() && (is_written_figure(&text) || is_written_name(&text)) =>
            {
                self.cell_as_code(span)
            }
            Event::Code(_) => self.inline_break(span),
            Event::InlineHtml(tag) => self.inline_html(&tag, span),
            Event::Html(_) => {
                let fence = span.of(self.builder.text).trim_start().starts_with("```");
                if let Some(html) = &mut self.html {
                    if fence && !html.is_opaque() && self.containers.is_empty() {
                        self.resume = Some(span.start);
                    } else {
                        html.read(self.builder, span);
                    }
                }
            }
            Event::SoftBreak => self.line_break(span, false),
            Event::HardBreak => self.line_break(span, true),
            Event::Rule => self.close_leaf(),
            Event::InlineMath(_) | Event::DisplayMath(_) | Event::FootnoteReference(_) => {
                self.inline_break(span);
            }
            Event::TaskListMarker(_) => {}
        }
    }

    fn start(&mut self, tag: Tag, span: Span) {
        match tag {
            Tag::Strong => {
                self.reach(span.start);
                self.strong += 1;
            }
            Tag::Emphasis | Tag::Strikethrough | Tag::Superscript | Tag::Subscript => self.reach(span.start),
            Tag::Link { link_type, .. } => {
                self.reach(span.start);
                self.link = match link_type {
                    LinkType::Autolink | LinkType::Email => None,
                    _ => Some(None),
                };
            }
            Tag::Image { .. } => {
                self.reach(span.start);
                self.mark_plain();
            }
            Tag::TableCell => self.strong = 0,
            block => {
                self.close_leaf();
                self.start_block(block, span);
            }
        }
    }

    fn start_block(&mut self, tag: Tag, span: Span) {
        // An HTML block may be all comments, and an item has blocks of its own.
        if !matches!(tag, Tag::HtmlBlock | Tag::Item | Tag::TableHead | Tag::TableRow) {
            self.builder.aim(span);
        }
        match tag {
            Tag::Heading { level, .. } => {
                self.kind = BlockKind::Heading { level: level as u8 };
                self.heading_start = span.start;
            }
            Tag::BlockQuote(_) => self.containers.push(Container::Quote),
            Tag::List(_) => self.lists += 1,
            Tag::Item => {
                let ordinal = ordinal(span.of(self.builder.text));
                self.containers.push(Container::Item { ordinal, begun: false });
            }
            Tag::CodeBlock(kind) => {
                self.code = true;
                let info = match &kind {
                    CodeBlockKind::Fenced(info) => Some(info.as_ref()),
                    CodeBlockKind::Indented => None,
                };
                self.resume = fence::read(self.builder, span, info);
            }
            Tag::HtmlBlock => {
                let html = span.of(self.builder.text);
                self.html = Some(HtmlText::new(self.builder, html, self.containers.is_empty()));
            }
            Tag::Table(columns) => {
                self.table = Some(row::TableWalk::new(self.builder, span, columns.len()));
            }
            Tag::TableHead | Tag::TableRow => {
                if let Some(table) = &mut self.table {
                    table.row(self.builder, span);
                }
            }
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd, span: Span) {
        match tag {
            TagEnd::Strong => {
                self.strong = self.strong.saturating_sub(1);
                self.reach(span.end);
                self.end_label(span);
            }
            TagEnd::Emphasis
            | TagEnd::Strikethrough
            | TagEnd::Superscript
            | TagEnd::Subscript
            | TagEnd::Image => self.reach(span.end),
            TagEnd::Link => self.end_link(span),
            TagEnd::TableCell => {}
            block => {
                self.close_leaf();
                match block {
                    TagEnd::Heading(level) => {
                        self.level = level as u8;
                        self.kind = BlockKind::Paragraph;
                    }
                    TagEnd::BlockQuote(_) | TagEnd::Item => {
                        self.builder.stop_waiting();
                        self.containers.pop();
                    }
                    TagEnd::List(_) => self.lists = self.lists.saturating_sub(1),
                    TagEnd::CodeBlock => self.code = false,
                    TagEnd::HtmlBlock => {
                        if let Some(html) = self.html.take() {
                            html.finish(self.builder, span);
                        }
                    }
                    TagEnd::Table => self.table = None,
                    _ => {}
                }
            }
        }
    }

    fn text(&mut self, content: &str, span: Span) {
        if let Some(text) = &mut self.link {
            *text = Some(text.map_or(span, |text| text.join(span)));
        }
        self.reach(span.start);
        let plain = self.strong == 0 && !content.trim().is_empty();
        if let Some(leaf) = &mut self.leaf {
            leaf.line.plain |= plain;
            leaf.line.text = Some(leaf.line.text.map_or(span, |text| text.join(span)));
            leaf.text = Some(leaf.text.map_or(span, |text| text.join(span)));
        }
        if self.superscript {
            self.builder.paint(span, BREAK);
        } else if content.len() < span.len() {
            self.builder.replace(span, content);
        } else {
            self.builder.copy(span);
        }
        self.done(span.end);
    }

    /// A calculation between backticks is text like any other.
    fn calculation(&mut self, code: &str, span: Span) {
        let Some(ticks) = span.of(self.builder.text).find(code) else { return self.inline_break(span) };
        let start = span.start + ticks;
        self.reach(start);
        self.text(code, Span::new(start, start + code.len()));
        self.reach(span.end);
    }

    /// Something inside running text that separates: code, a tag.
    fn inline_break(&mut self, span: Span) {
        self.reach(span.start);
        self.mark_plain();
        self.builder.paint(span, BREAK);
        self.done(span.end);
    }

    /// A cell's figure or name that is set as code: `~$35.0B`.
    fn cell_as_code(&mut self, span: Span) {
        let text = span.of(self.builder.text);
        let start = span.start + (text.len() - text.trim_start_matches('`').len());
        let end = span.end - (text.len() - text.trim_end_matches('`').len());
        self.builder.copy(Span::new(start, end.max(start)));
    }

    fn inline_html(&mut self, tag: &str, span: Span) {
        let name = tag.trim_start_matches(['<', '/']).as_bytes();
        let begins = |word: &[u8]| name.get(..word.len()).is_some_and(|head| head.eq_ignore_ascii_case(word));
        if begins(b"sup") {
            self.superscript = !tag.starts_with("</");
        } else if begins(b"br") {
            self.builder.hard_breaks.push(span.start);
        }
        self.inline_break(span);
        if tag.starts_with(directive::OPENING) {
            self.builder.comment(span, true, false);
            if let Some(table) = &self.table {
                self.builder.aim(table.line);
            }
        }
    }

    fn line_break(&mut self, span: Span, hard: bool) {
        self.reach(span.start);
        let end = span.of(self.builder.text).find(['\n', '\r']).map_or(span.end, |at| span.start + at);
        self.builder.paint(Span::new(span.start, end), if hard { BREAK } else { MARKUP });
        self.builder.paint(Span::new(end, span.end), b'\n');
        if hard {
            self.builder.hard_breaks.push(span.start);
        } else {
            self.soft_breaks.push(span.start);
        }
        self.end_line(span.start, span.end);
        self.done(span.end);
    }

    fn end_link(&mut self, span: Span) {
        let opaque = match self.link.take() {
            // An address in angle brackets, or a mark such as [3](https://…).
            None => true,
            Some(text) => text.is_some_and(|text| mark::is_citation(text.of(self.builder.text))),
        };
        self.reach(span.end);
        if opaque {
            self.builder.paint(span, BREAK);
        }
    }

    fn mark_plain(&mut self) {
        if let Some(leaf) = &mut self.leaf {
            leaf.line.plain |= self.strong == 0;
        }
    }

    /// Makes sure that a leaf is open, and paints what no event told of before `position` as marks.
    fn reach(&mut self, position: usize) {
        if self.table.is_some() {
            return;
        }
        if self.leaf.is_none() {
            let line = Line { start: position, ..Line::default() };
            let kind = self.leaf_kind();
            self.leaf =
                Some(Leaf { kind, first: position, start: position, painted: position, text: None, line });
        }
        if let Some(leaf) = &mut self.leaf
            && leaf.painted < position
        {
            let gap = Span::new(leaf.painted, position);
            if is_product(self.builder.text, gap) {
                self.builder.copy(gap);
            } else {
                self.builder.paint(gap, MARKUP);
            }
            leaf.painted = position;
        }
    }

    /// All before `end` is painted.
    fn done(&mut self, end: usize) {
        if let Some(leaf) = &mut self.leaf {
            leaf.painted = leaf.painted.max(end);
        }
    }

    fn leaf_kind(&mut self) -> BlockKind {
        if self.kind != BlockKind::Paragraph {
            return self.kind;
        }
        match self.containers.last_mut() {
            Some(Container::Item { ordinal, begun }) if !*begun => {
                *begun = true;
                let depth = u16::try_from(self.lists).unwrap_or(u16::MAX);
                BlockKind::ListItem { depth, ordinal: *ordinal }
            }
            Some(Container::Quote) => BlockKind::Quote,
            _ => BlockKind::Paragraph,
        }
    }

    /// A bold label at the start of a paragraph's line that names a part of the argument (`**核心论点：** 作者认为…`) is a
    /// heading, what follows it a paragraph.
    fn end_label(&mut self, strong: Span) {
        let Some(leaf) = &mut self.leaf else { return };
        if leaf.kind != BlockKind::Paragraph
            || leaf.line.plain
            || !self.containers.is_empty()
            || self.strong > 0
        {
            return;
        }
        let Some(label) = leaf.line.text else { return };
        let text = self.builder.text;
        let colon = text[strong.end..].chars().next().filter(|c| matches!(c, ':' | '：'));
        let label = trimmed(text, label);
        let role = match label.len() <= LONGEST_LABEL
            && (colon.is_some() || label.of(text).ends_with([':', '：']))
        {
            true => self.builder.lexicon.role_of_label(label.of(text)),
            false => None,
        };
        if !matches!(role, Some(Role::Argument | Role::Evidence | Role::Reasoning | Role::Audit)) {
            return;
        }
        let start = leaf.line.start;
        let before = trimmed(text, Span::new(leaf.start, start));
        leaf.start = strong.end + colon.map_or(0, char::len_utf8);
        leaf.line = Line { start: leaf.start, text: None, plain: true };
        self.builder.push(BlockKind::Paragraph, before);
        heading::open(
            self.builder,
            start,
            trimmed(text, Span::new(start, strong.end)),
            label,
            self.level + 1,
        );
    }

    /// At the end of a paragraph's line: a line in bold from end to end is a heading, what stands before it a
    /// paragraph of its own.
    fn end_line(&mut self, end: usize, next: usize) {
        let Some(leaf) = &mut self.leaf else { return };
        let line = std::mem::replace(&mut leaf.line, Line { start: next, ..Line::default() });
        let Some(text) = line.text.filter(|_| !line.plain) else { return };
        if leaf.kind != BlockKind::Paragraph || !self.containers.is_empty() {
            return;
        }
        let text = trimmed(self.builder.text, text);
        if heading::is_bold_heading(text.of(self.builder.text)) {
            let before = trimmed(self.builder.text, Span::new(leaf.start, line.start));
            leaf.start = next;
            self.builder.push(BlockKind::Paragraph, before);
            let line = trimmed(self.builder.text, Span::new(line.start, end));
            heading::open(self.builder, line.start, line, text, self.level + 1);
        }
    }

    fn close_leaf(&mut self) {
        self.superscript = false;
        self.strong = 0;
        let Some(end) = self.leaf.as_ref().map(|leaf| leaf.painted) else { return };
        self.end_line(end, end);
        let Some(leaf) = self.leaf.take() else { return };
        self.builder.aim(Span::new(leaf.first, end.max(leaf.first)));
        if !is_wrapped(self.builder.text, leaf.first, end, &self.soft_breaks) {
            self.builder.hard_breaks.append(&mut self.soft_breaks);
        }
        self.soft_breaks.clear();
        let span = trimmed(self.builder.text, Span::new(leaf.start.min(end), end));
        match leaf.kind {
            BlockKind::Heading { level } if !span.is_empty() => {
                let text = leaf.text.map_or(span, |text| trimmed(self.builder.text, text));
                heading::open(self.builder, self.heading_start, span, text, level);
            }
            kind => self.builder.push(kind, span),
        }
    }
}

/// Whether code is a figure with its unit and no name.
fn is_written_figure(code: &str) -> bool {
    const LETTERS: usize = 3;
    let letters = code.chars().filter(|c| c.is_alphabetic()).count();
    let mark = |c: char| c.is_ascii_digit() || c.is_alphabetic() || " .,%$€¥£~≈+-−()".contains(c);
    let begins = code.trim_start_matches(['~', '≈', '$', '€', '¥', '£', '(', '+', '-', '−', ' ']);
    begins.starts_with(|c: char| c.is_ascii_digit()) && letters <= LETTERS && code.chars().all(mark)
}

/// Whether code is a name in plain words without a figure, as that of a row is: no path, no identifier.
fn is_written_name(code: &str) -> bool {
    let mark = |c: char| c.is_alphabetic() || " ,%$€¥£+-−–()（）/&:：'’".contains(c);
    let several = code.split_whitespace().filter(|word| word.chars().all(char::is_alphabetic)).count() >= 2;
    let han = |c: char| !c.is_ascii() && c.is_alphanumeric();
    code.starts_with(char::is_alphabetic) && code.chars().all(mark) && (several || code.contains(han))
}

/// The number that an ordered list item begins with.
fn ordinal(item: &str) -> Option<u64> {
    let digits = item.bytes().take(10).take_while(u8::is_ascii_digit).count();
    item[..digits].parse().ok()
}
