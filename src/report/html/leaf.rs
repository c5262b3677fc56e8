use crate::source::{Span, is_wrapped};

/// Text that belongs together: a paragraph, a heading, a table.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Leaf {
    pub kind: LeafKind,
    pub pieces: Vec<Piece>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum LeafKind {
    /// The keys and values above a report.
    Fields,
    Heading(u8),
    Paragraph,
    /// The text of a list item without a paragraph of its own.
    Tight,
    Table,
    Code,
    /// An HTML block, shown as text.
    Html,
    /// What is neither field nor Markdown nor transcript.
    Literal,
}

/// A step through a leaf.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Piece {
    Text {
        span: Span,
        /// What is shown when it is not the text under the span.
        shown: Option<String>,
        style: Style,
    },
    /// A line end; a soft one may come from wrapping at a column.
    Break { at: usize, soft: bool },
    /// A table's row begins.
    Row { header: bool },
    /// A cell begins; it spans so many columns.
    Cell { header: bool, span: usize, align: Align },
}

/// Where the text of a cell stands.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) enum Align {
    #[default]
    Start,
    Center,
    End,
}

/// How a piece of text is set.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Style {
    pub strong: bool,
    pub emphasis: bool,
    pub code: bool,
    /// Marks rather than words: a tag, a fence, an address.
    pub dim: bool,
    /// Index of the address that the text leads to.
    pub link: Option<u32>,
}

impl Piece {
    /// The text under a span.
    pub fn text(span: Span, style: Style) -> Self {
        Self::Text { span, shown: None, style }
    }

    /// Where the text under it ends.
    pub fn end(&self) -> Option<usize> {
        match self {
            Self::Text { span, .. } => Some(span.end),
            _ => None,
        }
    }

    /// Takes up text that goes on right behind it in the same style; Markdown comes in small pieces.
    pub fn takes(&mut self, next: &Self) -> bool {
        match (self, next) {
            (
                Self::Text { span, shown: None, style },
                Self::Text { span: next, shown: None, style: next_style },
            ) if span.end == next.start && style == next_style => {
                span.end = next.end;
                true
            }
            _ => false,
        }
    }

    /// Text of a span that may be written in another way there, such as `&lt;` for `<`.
    pub fn of(text: &str, span: Span, content: &str, style: Style) -> Self {
        let shown = (span.of(text) != content).then(|| content.to_string());
        Self::Text { span, shown, style }
    }
}

impl Leaf {
    /// The leaf as it is shown: what Markdown left of bold marks is bold, lines that are headings stand alone, lines
    /// that only wrap are joined.
    pub fn finished(mut self, text: &str, headings: &[(u8, Span)]) -> Vec<Leaf> {
        if matches!(self.kind, LeafKind::Code | LeafKind::Html) {
            while matches!(self.pieces.last(), Some(Piece::Break { .. })) {
                self.pieces.pop();
            }
            return vec![self];
        }
        if !matches!(self.kind, LeafKind::Fields | LeafKind::Literal) {
            pair_stars(text, &mut self.pieces);
        }
        let leaves = if self.kind == LeafKind::Paragraph { self.split(headings) } else { vec![self] };
        leaves.into_iter().map(|leaf| leaf.unwrapped(text)).collect()
    }

    /// Cuts out the lines that are headings.
    fn split(self, headings: &[(u8, Span)]) -> Vec<Leaf> {
        let mut leaves: Vec<Leaf> = Vec::new();
        let lines = self.pieces.split_inclusive(|piece| matches!(piece, Piece::Break { .. }));
        for line in lines {
            let kind = heading_level(line, headings).map_or(LeafKind::Paragraph, LeafKind::Heading);
            match leaves.last_mut() {
                Some(last) if last.kind == kind && kind == LeafKind::Paragraph => {
                    last.pieces.extend_from_slice(line);
                }
                _ => leaves.push(Leaf { kind, pieces: line.to_vec() }),
            }
        }
        for leaf in &mut leaves {
            while matches!(leaf.pieces.last(), Some(Piece::Break { .. })) {
                leaf.pieces.pop();
            }
        }
        leaves.retain(|leaf| !leaf.pieces.is_empty());
        leaves
    }

    /// Line ends that come from wrapping at a column become spaces, or nothing between Han characters.
    fn unwrapped(mut self, text: &str) -> Leaf {
        let breaks: Vec<usize> = self
            .pieces
            .iter()
            .filter_map(|piece| match piece {
                Piece::Break { at, soft: true } => Some(*at),
                _ => None,
            })
            .collect();
        let Some(whole) = self.span().filter(|_| !breaks.is_empty()) else { return self };
        let inside = breaks.iter().all(|&at| whole.start <= at && at <= whole.end);
        if !inside || !is_wrapped(text, whole.start, whole.end, &breaks) {
            return self;
        }
        for piece in &mut self.pieces {
            if let Piece::Break { at, soft: true } = *piece {
                let joined = if between_han(text, at) { "" } else { " " };
                *piece = Piece::Text {
                    span: Span::new(at, at),
                    shown: Some(joined.to_string()),
                    style: Style::default(),
                };
            }
        }
        self
    }

    /// From the first to the last text.
    fn span(&self) -> Option<Span> {
        spans(&self.pieces).reduce(Span::join)
    }
}

fn spans(pieces: &[Piece]) -> impl Iterator<Item = Span> + '_ {
    pieces.iter().filter_map(|piece| match piece {
        Piece::Text { span, .. } => Some(*span),
        _ => None,
    })
}

/// The level of a line that is a heading from end to end.
fn heading_level(line: &[Piece], headings: &[(u8, Span)]) -> Option<u8> {
    let all_strong = line.iter().all(|piece| match piece {
        Piece::Text { style, .. } => style.strong,
        Piece::Break { .. } => true,
        _ => false,
    });
    let span = spans(line).reduce(Span::join).filter(|_| all_strong)?;
    let first = headings.partition_point(|(_, heading)| heading.start < span.start);
    let (level, _) = headings.get(first).filter(|(_, heading)| heading.overlaps(span))?;
    Some(*level)
}

/// `**增长：**约` closes nothing in Markdown's eyes: the marks stay as text. Two of them make what is between bold.
fn pair_stars(text: &str, pieces: &mut Vec<Piece>) {
    let count: usize = pieces.iter().map(|piece| stars(text, piece).len()).sum();
    if count == 0 || count % 2 == 1 {
        return;
    }
    let mut open = false;
    let mut paired = Vec::with_capacity(pieces.len() + 2 * count);
    for mut piece in pieces.drain(..) {
        let stars = stars(text, &piece);
        let Piece::Text { span, shown: None, style } = &mut piece else {
            paired.push(piece);
            continue;
        };
        let mut start = span.start;
        let ends = stars.iter().copied().map(Some).chain([None]);
        for end in ends {
            let part = Span::new(start, end.unwrap_or(span.end));
            if !part.is_empty() {
                paired.push(Piece::text(part, Style { strong: style.strong || open, ..*style }));
            }
            if let Some(end) = end {
                open = !open;
                start = end + STARS.len();
            }
        }
    }
    *pieces = paired;
}

const STARS: &str = "**";

/// Where bold marks stand in a piece; what stands between two spaces or two digits marks nothing.
fn stars(text: &str, piece: &Piece) -> Vec<usize> {
    let Piece::Text { span, shown: None, style: Style { code: false, dim: false, .. } } = piece else {
        return Vec::new();
    };
    let marks = |&(at, _): &(usize, &str)| {
        let before = text[..at].chars().next_back();
        let after = text[at + STARS.len()..].chars().next();
        let both = |test: fn(char) -> bool| before.is_none_or(test) && after.is_none_or(test);
        !both(char::is_whitespace)
            && !both(|c| c.is_ascii_digit())
            && before != Some('*')
            && after != Some('*')
    };
    let found = span.of(text).match_indices(STARS).map(|(at, stars)| (span.start + at, stars));
    found.filter(marks).map(|(at, _)| at).collect()
}

/// Whether the line end at a byte stands between characters that are written without spaces.
fn between_han(text: &str, at: usize) -> bool {
    let wide = |c: Option<char>| {
        c.is_some_and(|c| ('\u{2E80}'..='\u{9FFF}').contains(&c) || ('\u{FF00}'..='\u{FFEF}').contains(&c))
    };
    wide(text[..at].trim_end().chars().next_back()) && wide(text[at..].trim_start().chars().next())
}
