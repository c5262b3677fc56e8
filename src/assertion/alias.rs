//! Names that a report itself gives: `亚马逊 Amazon`, `软银 (SoftBank)`, `SoftBank（软银）`.

use crate::document::{Block, BlockKind, Document};
use crate::source::Span;

/// Two names of one entity, as the report declares them.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Declared {
    pub han: Span,
    pub latin: Span,
}

/// The longest Han name that is taken for one, in characters.
const LONGEST_HAN_NAME: usize = 6;

const WIDE_OPEN: &[u8] = "（".as_bytes();

/// All pairs of a Han and a Latin name side by side.
///
/// Brackets bind the pair anywhere; without brackets the pair must be all that stands before a line break of a
/// diagram label, since running text puts Latin words next to Han words all the time.
pub(super) fn declared_aliases(document: &Document) -> Vec<Declared> {
    let mut found = Vec::new();
    for block in &document.blocks {
        // A heading translates its own words: 分析 (Analysis).
        if matches!(
            block.kind,
            BlockKind::Code | BlockKind::Transcript | BlockKind::Field | BlockKind::Heading { .. }
        ) {
            continue;
        }
        bracketed(document, block, &mut found);
        if matches!(block.kind, BlockKind::Label { .. }) {
            side_by_side(document, block, &mut found);
        }
    }
    found
}

/// `软银 (SoftBank)` and `SoftBank（软银）`.
fn bracketed(document: &Document, block: &Block, found: &mut Vec<Declared>) {
    let text = block.span.of(&document.prose);
    for at in memchr::memchr2_iter(b'(', WIDE_OPEN[0], text.as_bytes()) {
        let width = if text.as_bytes()[at] == b'(' { 1 } else { WIDE_OPEN.len() };
        if width > 1 && !text.as_bytes()[at..].starts_with(WIDE_OPEN) {
            continue;
        }
        let inner_start = at + width;
        let window = char_prefix(&text[inner_start..], 64);
        let Some(close) = window.find([')', '）']) else { continue };
        let inner = &window[..close];
        let before = text[..at].trim_end_matches([' ', '\u{1}']);
        let offset = block.span.start;
        let span_of = |part: &str| {
            let start = part.as_ptr() as usize - document.prose.as_ptr() as usize;
            Span::new(start, start + part.len())
        };
        debug_assert!(offset <= span_of(inner).start);
        if is_latin_name(inner) {
            let han = han_suffix(before);
            if is_han_name(han, before) {
                found.push(Declared { han: span_of(han), latin: span_of(inner) });
            }
        } else if !inner.is_empty() && inner.chars().all(is_han) && inner.chars().count() <= LONGEST_HAN_NAME
        {
            let latin = latin_suffix(before);
            if is_latin_name(latin) {
                found.push(Declared { han: span_of(inner), latin: span_of(latin) });
            }
        }
    }
}

/// `亚马逊 Amazon` as the head of a label.
fn side_by_side(document: &Document, block: &Block, found: &mut Vec<Declared>) {
    let text = block.span.of(&document.prose);
    let head = text.split('\u{2}').next().unwrap_or(text);
    let head = head.trim_matches(|c: char| !c.is_alphanumeric());
    let Some((han, latin)) = head.split_once(' ') else { return };
    let (han, latin) = (han.trim(), latin.trim());
    let han_ok = (2..=LONGEST_HAN_NAME).contains(&han.chars().count()) && han.chars().all(is_han);
    if han_ok && is_latin_name(latin) {
        let start = |part: &str| part.as_ptr() as usize - document.prose.as_ptr() as usize;
        found.push(Declared {
            han: Span::new(start(han), start(han) + han.len()),
            latin: Span::new(start(latin), start(latin) + latin.len()),
        });
    }
}

fn char_prefix(text: &str, chars: usize) -> &str {
    match text.char_indices().nth(chars) {
        Some((end, _)) => &text[..end],
        None => text,
    }
}

pub(super) fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{2fa1f}')
}

fn han_suffix(text: &str) -> &str {
    let run = text
        .char_indices()
        .rev()
        .take(LONGEST_HAN_NAME + 1)
        .take_while(|(_, c)| is_han(*c))
        .last()
        .map_or(text.len(), |(at, _)| at);
    &text[run..]
}

/// A Han name needs a boundary on its left: without word segmentation nothing else tells where it begins.
fn is_han_name(han: &str, before: &str) -> bool {
    let boundary = before[..before.len() - han.len()].chars().next_back().is_none_or(|c| !is_han(c));
    boundary && (2..=LONGEST_HAN_NAME).contains(&han.chars().count())
}

fn latin_suffix(text: &str) -> &str {
    let run = text
        .char_indices()
        .rev()
        .take(32)
        .take_while(|(_, c)| c.is_ascii_alphanumeric() || matches!(c, '&' | '.' | '-'))
        .last()
        .map_or(text.len(), |(at, _)| at);
    &text[run..]
}

/// One to four words of Latin letters that begin with a capital.
fn is_latin_name(text: &str) -> bool {
    let words: Vec<&str> = text.split(' ').collect();
    !text.is_empty()
        && words.len() <= 4
        && words.iter().all(|word| {
            word.starts_with(|c: char| c.is_ascii_uppercase())
                && word.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '&' | '.' | '-'))
        })
        // Capitals alone are most often a term: 每股盈余 (EPS).
        && text.contains(|c: char| c.is_ascii_lowercase())
}
