use super::lexicon::DocumentLexicon;
use super::{
    BREAK, Block, BlockKind, Defect, DefectKind, Diagram, Directive, DirectiveFault, DirectiveFaultKind,
    MARKUP, Role, Section, Table, directive,
};
use crate::source::Span;

/// A document while its parts are read: blocks and sections in order, and the prose as it is painted.
pub(super) struct Builder<'t> {
    pub text: &'t str,
    pub lexicon: &'t DocumentLexicon,
    /// As long as the text; all [`BREAK`] until something is copied in.
    prose: Vec<u8>,
    pub sections: Vec<Section>,
    /// The role that blocks of each section have: its own, or the nearest special one above.
    inherited: Vec<Role>,
    /// The section that is open now and those around it.
    open: Vec<u32>,
    /// The last section number: 2.3 is [2, 3].
    pub numbering: Vec<u32>,
    pub blocks: Vec<Block>,
    /// Where a sentence ends whatever the words are.
    pub hard_breaks: Vec<usize>,
    pub tables: Vec<Table>,
    pub diagrams: Vec<Diagram>,
    pub defects: Vec<Defect>,
    pub directives: Vec<Directive>,
    /// The first directive whose block has not come yet.
    waiting: usize,
}

impl<'t> Builder<'t> {
    pub fn new(text: &'t str, lexicon: &'t DocumentLexicon) -> Self {
        let first = Section {
            heading: Span::new(0, 0),
            level: 0,
            role: Role::Body,
            span: Span::new(0, text.len()),
            parent: None,
        };
        Self {
            text,
            lexicon,
            prose: vec![BREAK; text.len()],
            sections: vec![first],
            inherited: vec![Role::Body],
            open: vec![0],
            numbering: Vec::new(),
            blocks: Vec::new(),
            hard_breaks: Vec::new(),
            tables: Vec::new(),
            diagrams: Vec::new(),
            defects: Vec::new(),
            directives: Vec::new(),
            waiting: 0,
        }
    }

    /// The text stands in the prose as it is.
    pub fn copy(&mut self, span: Span) {
        self.prose[span.start..span.end].copy_from_slice(span.of(self.text).as_bytes());
    }

    /// Shorter text than the span has bytes, such as a decoded entity.
    pub fn replace(&mut self, span: Span, content: &str) {
        let end = span.start + content.len();
        self.prose[span.start..end].copy_from_slice(content.as_bytes());
        self.prose[end..span.end].fill(MARKUP);
    }

    /// Paints the span over with [`MARKUP`] or [`BREAK`], or a space or newline.
    pub fn paint(&mut self, span: Span, byte: u8) {
        debug_assert!(byte.is_ascii());
        self.prose[span.start..span.end].fill(byte);
    }

    pub fn prose_mut(&mut self) -> &mut [u8] {
        &mut self.prose
    }

    pub fn section(&self) -> u32 {
        self.open.last().copied().unwrap_or(0)
    }

    /// The role of a block pushed now.
    pub fn role(&self) -> Role {
        self.inherited[self.section() as usize]
    }

    pub fn push(&mut self, kind: BlockKind, span: Span) {
        self.push_as(kind, span, self.role());
    }

    pub fn push_as(&mut self, kind: BlockKind, span: Span, role: Role) {
        // Whatever a parser says of places: blocks are found by search, so they stay in order.
        let in_order = self.blocks.last().is_none_or(|last| last.span.end <= span.start);
        if span.is_empty() || !in_order {
            return;
        }
        self.blocks.push(Block { kind, span, section: self.section(), role });
    }

    pub fn defect(&mut self, kind: DefectKind, span: Span) {
        self.defects.push(Defect { kind, span });
    }

    /// Reads a comment; one that speaks to claimlint waits for its block. `outermost`: no quotation, no list and no
    /// paragraph is around it.
    pub fn comment(&mut self, span: Span, closed: bool, outermost: bool) {
        let Some(mut directive) = directive::read(self.text, span, closed) else { return };
        if directive.ignore.as_ref().is_ok_and(|ignore| ignore.file) {
            // Deep inside a long report nobody would see it.
            let top = outermost && self.blocks.last().is_none_or(|last| last.kind == BlockKind::Field);
            if top {
                directive.target = Some(Span::new(0, self.text.len()));
            } else {
                directive.ignore =
                    Err(DirectiveFault { kind: DirectiveFaultKind::NotAtTop, place: directive.span });
            }
        }
        self.directives.push(directive);
    }

    /// The directives that wait are about this part of the text.
    pub fn aim(&mut self, target: Span) {
        self.aim_before(self.directives.len(), target);
    }

    /// Those that wait and have a lower number.
    pub fn aim_before(&mut self, number: usize, target: Span) {
        let number = number.max(self.waiting);
        for directive in &mut self.directives[self.waiting..number] {
            directive.target.get_or_insert(target);
        }
        self.waiting = number;
    }

    /// Nothing comes any more for the directives that wait.
    pub fn stop_waiting(&mut self) {
        self.waiting = self.directives.len();
    }

    /// Blocks end here: Markdown is read anew, as if nothing were open.
    pub fn cut_targets(&mut self, end: usize) {
        for directive in &mut self.directives {
            let whole = directive.ignore.as_ref().is_ok_and(|ignore| ignore.file);
            if let Some(target) = directive.target.as_mut().filter(|_| !whole) {
                target.end = target.end.min(end.max(target.start));
            }
        }
    }

    /// Ends the sections that a heading of `level` at `start` ends, and opens its own.
    pub fn open_section(&mut self, heading: Span, level: u8, role: Option<Role>, start: usize) {
        while let Some(&last) = self.open.last()
            && (last == 0 && self.sections.len() == 1 || self.sections[last as usize].level >= level)
        {
            self.sections[last as usize].span.end = start;
            if last == 0 {
                break;
            }
            self.open.pop();
        }
        let parent = self.open.last().copied().filter(|&parent| parent != 0);
        let role = role.unwrap_or(Role::Body);
        let above = parent.map_or(Role::Body, |parent| self.inherited[parent as usize]);
        self.inherited.push(if role == Role::Body { above } else { role });
        self.open.push(u32::try_from(self.sections.len()).unwrap_or(u32::MAX));
        self.sections.push(Section { heading, level, role, span: Span::new(start, self.text.len()), parent });
    }

    /// Ends every open section at `end`.
    pub fn close_sections(&mut self, end: usize) {
        for section in self.open.drain(..) {
            if section != 0 || self.sections.len() == 1 {
                self.sections[section as usize].span.end = end;
            }
        }
        self.open.push(0);
    }

    /// The parts, the prose as text.
    pub fn finish(mut self) -> Parts {
        self.hard_breaks.sort_unstable();
        // Only whole characters are copied and only ASCII is painted, so this is UTF-8; a slip would lose the
        // prose, not the program.
        let length = self.prose.len();
        let prose = String::from_utf8(self.prose).unwrap_or_else(|_| "\u{2}".repeat(length));
        Parts {
            prose,
            sections: self.sections,
            blocks: self.blocks,
            hard_breaks: self.hard_breaks,
            tables: self.tables,
            diagrams: self.diagrams,
            defects: self.defects,
            directives: self.directives,
        }
    }
}

/// What a finished [`Builder`] leaves.
pub(super) struct Parts {
    pub prose: String,
    pub sections: Vec<Section>,
    pub blocks: Vec<Block>,
    pub hard_breaks: Vec<usize>,
    pub tables: Vec<Table>,
    pub diagrams: Vec<Diagram>,
    pub defects: Vec<Defect>,
    pub directives: Vec<Directive>,
}
