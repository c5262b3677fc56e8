//! Small parsers the whole grammar shares.

use nom::IResult;

/// A nom result over text; a failed candidate carries no error, there is nothing to tell.
pub(super) type Parsed<'a, T> = IResult<&'a str, T, ()>;

/// Stands for a painted-over Markdown mark; read as if absent.
pub(super) const MARKUP: char = '\u{1}';

/// Skips markup.
pub(super) fn skip_markup(input: &str) -> &str {
    if input.as_bytes().first() == Some(&(MARKUP as u8)) { input.trim_start_matches(MARKUP) } else { input }
}

fn is_blank(sign: char) -> bool {
    matches!(sign, ' ' | '\t' | '\u{a0}' | '\u{3000}' | '\u{202f}' | '\u{2009}' | MARKUP)
}

/// Skips blanks and markup within a line.
pub(super) fn skip_blanks(input: &str) -> &str {
    // Most texts that are asked begin with none, which their first byte tells.
    match input.as_bytes().first() {
        Some(b' ' | b'\t' | 0x01 | 0xC2 | 0xE2 | 0xE3) => input.trim_start_matches(is_blank),
        _ => input,
    }
}

/// Cuts blanks and markup off the end.
pub(super) fn cut_blanks(input: &str) -> &str {
    match input.as_bytes().last() {
        Some(b' ' | b'\t' | 0x01 | 0x80 | 0x89 | 0xA0 | 0xAF) => input.trim_end_matches(is_blank),
        _ => input,
    }
}

/// The last few dozen bytes of a text: as much as any look back needs, so that looking back stays cheap.
pub(super) fn tail(input: &str) -> &str {
    const REACH: usize = 64;
    let mut start = input.len().saturating_sub(REACH);
    while !input.is_char_boundary(start) {
        start += 1;
    }
    &input[start..]
}

/// Whether the text does not go on with a letter or digit of ASCII.
pub(super) fn at_word_end(input: &str) -> bool {
    !input.as_bytes().first().is_some_and(u8::is_ascii_alphanumeric)
}

/// Whether a text begins with one of these bytes: a look before its marks are compared one by one.
pub(super) fn begins(input: &str, bytes: &[u8]) -> bool {
    input.as_bytes().first().is_some_and(|first| bytes.contains(first))
}

/// The value of an ASCII or full-width digit.
pub(super) fn digit(sign: char) -> Option<u32> {
    match sign {
        '0'..='9' => Some(sign as u32 - '0' as u32),
        '０'..='９' => Some(sign as u32 - '０' as u32),
        _ => None,
    }
}

/// How many bytes `rest` lies behind the start of `input`.
pub(super) fn consumed(input: &str, rest: &str) -> usize {
    input.len() - rest.len()
}
