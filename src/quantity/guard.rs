//! What looks like a number and is none: ids, versions, citations, times, codes, list marks.

use super::amount::Amount;
use super::lexicon::QuantityLexicon;
use super::model::Unit;
use super::number::Style;
use super::reader::Reader;
use super::token::{digit, skip_blanks, tail};
use super::word_trie::Boundary;
use crate::source::Span;

/// The length of an address (URL) at the start of `ahead`.
pub(super) fn address(ahead: &str) -> usize {
    ahead
        .find(|sign: char| {
            !sign.is_ascii()
                || sign.is_ascii_whitespace()
                || sign.is_ascii_control()
                || matches!(sign, '<' | '>' | '"' | '|' | '`')
        })
        .unwrap_or(ahead.len())
}

/// The length of an ASCII token: letters and digits with the marks that join them.
fn token(ahead: &str) -> usize {
    let bytes = ahead.as_bytes();
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let joins = matches!(byte, b'.' | b'-' | b':' | b'/' | b'@' | b'+' | b'\'')
            && bytes.get(at + 1).is_some_and(u8::is_ascii_alphanumeric)
            && at > 0;
        if !(byte.is_ascii_alphanumeric() || *byte == b'_' || joins) {
            break;
        }
        at += 1;
    }
    at
}

/// Whether the digits that follow `behind` belong to something that is no number; the length to skip.
pub(super) fn no_number(behind: &str, ahead: &str, lexicon: &QuantityLexicon) -> Option<usize> {
    let mut before = behind.chars().rev();
    let last = before.next();
    match last {
        // The codes that colour a terminal: ESC[2J.
        Some('[') if before.clone().next() == Some('\u{1b}') => return Some(token(ahead)),
        Some(sign) if sign.is_ascii_alphabetic() || sign == '_' => {
            // A currency mark or a Han-glued word may stand there; the marks were tried at their own place.
            return Some(token(ahead));
        }
        Some('-' | '‑') => {
            let word = &behind[..behind.len() - last.map_or(0, char::len_utf8)];
            if word.ends_with(|sign: char| sign.is_ascii_alphanumeric())
                && lexicon.hyphens_before.longest_before(word).is_none()
            {
                return Some(token(ahead));
            }
        }
        Some('.' | '@' | '/' | '\\' | '=' | '&' | '?')
            if before.next().is_some_and(|sign| sign.is_ascii_alphanumeric() || sign == '/') =>
        {
            return Some(token(ahead));
        }
        Some('[' | '【') => {
            let inside = ahead.char_indices().take(24).find(|(_, sign)| matches!(sign, ']' | '】'))?.0;
            let text = &ahead[..inside];
            if inside <= 24
                && text
                    .chars()
                    .all(|sign| digit(sign).is_some() || matches!(sign, ',' | ' ' | '-' | '–' | '、' | '，'))
            {
                return Some(inside);
            }
        }
        _ => {}
    }
    let (mut runs, mut length) = (0, 0);
    let bytes = ahead.as_bytes();
    // Chains of digits: times (22:22), versions (1.2.3), telephone numbers (1-222-2222).
    let mut separator = 0;
    loop {
        let start = length;
        while bytes.get(length).is_some_and(u8::is_ascii_digit) {
            length += 1;
        }
        if length == start {
            length = length.saturating_sub(1);
            break;
        }
        runs += 1;
        match bytes.get(length) {
            Some(&mark @ (b'.' | b':' | b'-' | b'/')) if runs == 1 || mark == separator => {
                separator = mark;
                length += 1;
            }
            _ => break,
        }
    }
    match (runs, separator) {
        (0 | 1, _) => None,
        (2, b':') if super::range::is_ratio(ahead) => None,
        (_, b':') => Some(token(ahead).max(length)),
        (3.., _) if !is_date_like(ahead) => Some(token(ahead).max(length)),
        _ => None,
    }
}

/// Whether a chain of three runs of digits has the shape of a date.
fn is_date_like(ahead: &str) -> bool {
    let mut runs = ahead.split(['-', '/', '.']).map(|run| run.bytes().take_while(u8::is_ascii_digit).count());
    matches!(
        (runs.next(), runs.next(), runs.next()),
        (Some(4), Some(1 | 2), Some(1 | 2)) | (Some(1 | 2), Some(1 | 2), Some(4))
    )
}

/// Where a number at `place` starts when its sign or decimal point is counted in.
pub(super) fn signed_start(behind: &str, place: usize, done: usize) -> usize {
    let mut signs = behind.chars().rev();
    let Some(last) = signs.next() else { return place };
    let width = last.len_utf8();
    if place - width < done {
        return place;
    }
    let before = signs.next();
    let open = || {
        before.is_none_or(|sign| {
            !(sign.is_alphanumeric() || matches!(sign, '-' | '+' | '.' | ')' | '%'))
                // 同比-5%; but the dash of 2.8亿元-2.0亿元 joins two figures.
                || !sign.is_ascii() && sign.is_alphabetic() && place - width > done
        })
    };
    match last {
        '-' | '−' | '－' | '+' | '＋' if open() => place - width,
        '.' if before.is_none_or(|sign| !sign.is_alphanumeric() && sign != '.' && sign != ')') => {
            let point = place - width;
            match (before, signs.next()) {
                (Some('-' | '+'), next)
                    if next.is_none_or(|sign| !sign.is_alphanumeric()) && point > done =>
                {
                    point - 1
                }
                _ => point,
            }
        }
        _ => place,
    }
}

/// Whether a number without a unit is a label, a mark or a code; the place to go on from.
pub(super) fn refuses(reader: &Reader, place: usize, span: Span, found: &Amount) -> Option<usize> {
    let behind = reader.behind(place);
    let ahead = reader.ahead(span.end);
    let next = ahead.chars().next();
    let list_mark = matches!(next, Some('、' | '.' | '．' | ')' | '）'));
    if found.number.style == Style::Han && found.unit == Unit::Bare && list_mark {
        let enclosed = behind.ends_with(['(', '（']) && matches!(next, Some(')' | '）'));
        return (enclosed || starts_line(behind)).then_some(span.end);
    }
    if found.number.style != Style::Digits {
        return None;
    }
    let literal = span.of(reader.text);
    if is_heading_number(literal, ahead, behind.trim_end_matches(' ').ends_with('#'), found, reader.lexicon)
        && starts_line(behind)
    {
        return Some(span.end);
    }
    if found.unit != Unit::Bare {
        return None;
    }
    if matches!(next, Some(':' | '/' | '^' | '@' | '_' | '\\'))
        && ahead[1..].starts_with(|sign: char| sign.is_ascii_alphanumeric())
    {
        return Some(span.end + token(&ahead[1..]) + 1);
    }
    if found.number.plain {
        let digits = literal.len();
        let leading_zero = digits > 1 && literal.starts_with('0');
        let opening = behind.ends_with(['(', '（']);
        let closing = matches!(next, Some(')' | '）'));
        let named = behind.trim_end_matches(['(', '（', ' ']).ends_with(char::is_alphanumeric);
        let code =
            (4..=6).contains(&digits) && opening && closing && (named || digits == 6) && !is_year(literal);
        let mark = digits <= 2 && opening && closing;
        let stock = is_stock_code(literal, reader.lexicon);
        // 机会1：…, source][1]
        let label = digits <= 2 && matches!(next, Some(':' | '：')) || behind.ends_with(']');
        let colour = behind.ends_with('#') && digits > 2;
        if leading_zero || code || mark || stock || label || colour {
            return Some(span.end);
        }
        let between =
            behind.chars().next_back().is_none_or(|sign| sign.is_whitespace() || "。；;！？".contains(sign));
        if digits <= 2
            && between
            && ahead
                .strip_prefix('、')
                .is_some_and(|rest| !rest.starts_with(|sign: char| digit(sign).is_some()))
        {
            return Some(span.end);
        }
        let goes_on = ahead.chars().nth(1).is_some_and(|sign| sign != '\n');
        if starts_line(behind) && goes_on && matches!(next, Some('.' | '、' | ')' | '）' | '．')) {
            return Some(span.end);
        }
    }
    if next == Some('-') && ahead[1..].starts_with(|sign: char| sign.is_ascii_alphabetic()) {
        return Some(span.end + token(&ahead[1..]) + 1);
    }
    if next == Some('.') && ahead[1..].starts_with(|sign: char| sign.is_ascii_alphanumeric()) {
        return Some(span.end + token(&ahead[1..]) + 1);
    }
    // 19时54分 is a time of day.
    if let Some(after) = ahead.strip_prefix(['时', '時']) {
        let minutes = after.trim_start_matches(|sign: char| digit(sign).is_some());
        let rest = minutes.strip_prefix('分').unwrap_or(after);
        return Some(span.end + ahead.len() - rest.len());
    }
    if reader.lexicon.labels_after.longest(skip_blanks(ahead), Boundary::Word).is_some() {
        return Some(span.end);
    }
    // 5日 alone is a day of the month, or an average's window.
    if matches!(next, Some('日' | '号' | '號')) {
        return Some(span.end);
    }
    reader.is_labelled(span.start).then_some(span.end)
}

/// `1.2 Title`: a dotted number and a word, even one that is a unit elsewhere.
fn is_heading_number(
    literal: &str,
    ahead: &str,
    heading: bool,
    found: &Amount,
    lexicon: &QuantityLexicon,
) -> bool {
    let (number, after) = match literal.split_once(' ') {
        Some((number, unit)) if found.named => (number, unit),
        None if !found.named && ahead.starts_with(' ') => (literal, skip_blanks(ahead)),
        _ => return false,
    };
    if number.contains('.')
        && found.number.power == 0
        && heading
        && matches!(found.unit, Unit::Bare | Unit::Measure { .. })
    {
        return true;
    }
    let title =
        after.starts_with(|sign: char| sign.is_uppercase() || !sign.is_ascii() && sign.is_alphabetic());
    number.contains('.') && title && found.number.power == 0 && (!found.named || lexicon.is_count(found.unit))
}

/// Six digits with the first of a stock exchange's codes; round numbers are none.
pub(super) fn is_stock_code(text: &str, lexicon: &QuantityLexicon) -> bool {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    digits == 6
        && !text[..digits].ends_with("00")
        && lexicon.code_prefixes.longest(text, Boundary::None).is_some()
}

fn is_year(literal: &str) -> bool {
    super::calendar::year_number(literal)
        .is_some_and(|(rest, year)| rest.is_empty() && (1900..=2100).contains(&year))
}

/// Whether only blanks and heading or list marks stand before in the line.
fn starts_line(behind: &str) -> bool {
    let line = tail(behind).trim_end_matches(|sign: char| {
        sign.is_ascii_digit() || matches!(sign, '#' | '*' | '-' | '.' | '\u{1}' | ' ')
    });
    line.is_empty() || line.ends_with(['\n', '\u{2}'])
}

/// How far to go on when nothing was read: past the token, the run of Han numerals, or the word.
pub(super) fn unread(ahead: &str, lexicon: &QuantityLexicon) -> usize {
    let Some(first) = ahead.chars().next() else { return 1 };
    if first.is_ascii_digit() {
        return token(ahead).max(first.len_utf8());
    }
    if digit(first).is_some() {
        // Full-width digits too many for a number.
        return ahead.chars().take_while(|&sign| digit(sign).is_some()).map(char::len_utf8).sum();
    }
    if first.is_ascii_alphabetic() {
        return ahead.bytes().take_while(u8::is_ascii_alphabetic).count();
    }
    let run: usize = ahead.chars().take_while(|&sign| lexicon.han(sign).is_some()).map(char::len_utf8).sum();
    run.max(first.len_utf8())
}
