//! Small parsers the whole grammar shares.

use nom::IResult;

/// A nom result over text; a failed candidate carries no error, there is nothing to tell.
pub(super) type Parsed<'a, T> = IResult<&'a str, T, ()>;

/// Stands for a painted-over Markdown mark; read as if absent.
pub(super) const MARKUP: char = '\u{1}';

/// Skips markup.
pub(super) fn skip_markup(input: &str) -> &str {
    input.trim_start_matches(MARKUP)
}

fn is_blank(sign: char) -> bool {
    matches!(sign, ' ' | '\t' | '\u{a0}' | '\u{3000}' | '\u{202f}' | '\u{2009}' | MARKUP)
}

/// Skips blanks and markup within a line.
pub(super) fn skip_blanks(input: &str) -> &str {
    input.trim_start_matches(is_blank)
}

/// Cuts blanks and markup off the end.
pub(super) fn cut_blanks(input: &str) -> &str {
    input.trim_end_matches(is_blank)
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
