use memchr::memchr3_iter;

use super::builder::Builder;
use super::envelope::trimmed;
use super::{BlockKind, DefectKind, MARKUP, Table};
use crate::source::{Span, floor_boundary};

/// How far back a caption may begin, in bytes.
const LONGEST_CAPTION: usize = 512;

/// Reads the rows of one table as they come.
pub(super) struct TableWalk {
    table: u32,
    columns: usize,
    row: u32,
    /// The row that is open.
    pub line: Span,
    /// The header begins with a `|`.
    bordered: bool,
}

impl TableWalk {
    pub fn new(builder: &mut Builder, span: Span, columns: usize) -> Self {
        let table = u32::try_from(builder.tables.len()).unwrap_or(u32::MAX);
        let caption = caption(builder);
        builder.tables.push(Table {
            span: trimmed(builder.text, span),
            section: builder.section(),
            caption,
            rows: Vec::new(),
        });
        let bordered = span.of(builder.text).trim_start().starts_with('|');
        Self { table, columns, row: 0, line: span, bordered }
    }

    /// Splits a row into cells as written: Markdown itself drops what is too much and pads what is missing.
    pub fn row(&mut self, builder: &mut Builder, span: Span) {
        let line = trimmed(builder.text, span);
        self.line = line;
        let cells = cells(builder.text, line);
        if self.bordered && self.row > 0 && !line.of(builder.text).starts_with(['|', '>']) {
            // A line right under the table, without an empty line between: Markdown calls it a row.
            builder.copy(line);
            builder.push(BlockKind::Paragraph, line);
            return;
        }
        if cells.len() != self.columns {
            builder.defect(DefectKind::RaggedRow, line);
        }
        for (column, &cell) in cells.iter().enumerate() {
            if column < self.columns {
                builder.paint(cell, MARKUP);
            } else {
                // No event will come for it.
                builder.copy(cell);
            }
            let column = u32::try_from(column).unwrap_or(u32::MAX);
            builder.push(BlockKind::Cell { table: self.table, row: self.row, column }, cell);
        }
        self.row += 1;
        if let Some(table) = builder.tables.last_mut() {
            table.rows.push(cells);
        }
    }
}

/// The trimmed cells of a row: cut at every `|` that no backslash precedes.
fn cells(text: &str, line: Span) -> Vec<Span> {
    let bytes = line.of(text).as_bytes();
    let mut start = line.start;
    // The marks of a quotation around the table.
    while matches!(text.as_bytes().get(start), Some(b'>' | b' ' | b'\t')) && start < line.end {
        start += 1;
    }
    let mut cells = Vec::new();
    let mut escaped = usize::MAX;
    let mut first = true;
    for at in memchr3_iter(b'|', b'\\', b'\n', bytes) {
        let here = line.start + at;
        if here < start || at == escaped {
            continue;
        }
        match bytes[at] {
            b'\\' => escaped = at + 1,
            b'|' => {
                if !(first && text[start..here].trim().is_empty()) {
                    cells.push(trimmed(text, Span::new(start, here)));
                }
                first = false;
                start = here + 1;
            }
            _ => {}
        }
    }
    let last = trimmed(text, Span::new(start.min(line.end), line.end));
    if !last.is_empty() || cells.is_empty() {
        cells.push(last);
    }
    cells
}

/// The line before the table, or the heading above it.
fn caption(builder: &Builder) -> Option<Span> {
    let section = &builder.sections[builder.section() as usize];
    let heading = Some(section.heading).filter(|heading| !heading.is_empty());
    let Some(last) = builder.blocks.last().filter(|block| block.section == builder.section()) else {
        return heading;
    };
    match last.kind {
        BlockKind::Heading { .. } => heading,
        // A heading speaks of the first table below it, and of others only where something says so.
        BlockKind::Cell { .. } => None,
        BlockKind::Paragraph | BlockKind::ListItem { .. } | BlockKind::Quote => {
            let content = last.span.of(builder.text);
            let tail = floor_boundary(content, content.len().saturating_sub(LONGEST_CAPTION));
            match content[tail..].rfind('\n') {
                Some(at) => {
                    Some(trimmed(builder.text, Span::new(last.span.start + tail + at, last.span.end)))
                }
                None if tail == 0 => Some(last.span),
                None => heading,
            }
        }
        _ => heading,
    }
}
