use memchr::{memchr_iter, memmem};

use super::{BREAK, MARKUP};
use crate::source::Span;

/// How long a citation mark may be, in bytes between its brackets.
const LONGEST_CITATION: usize = 40;

/// Paints over what is no prose inside running text although Markdown takes it for text: bare addresses, citation
/// marks, bold marks that Markdown leaves standing next to Han punctuation.
pub(super) fn paint(text: &str, prose: &mut [u8], part: Span) {
    let text = text.as_bytes();
    addresses(prose, part);
    mail(prose, part);
    citations(text, prose, part);
    tags(prose, part);
    stars(prose, part);
}

fn find_all(prose: &[u8], part: Span, needle: &str) -> Vec<usize> {
    memmem::find_iter(&prose[part.start..part.end], needle).map(|at| part.start + at).collect()
}

/// `https://…` and `www.…`, up to white space, Han or a closing mark.
fn addresses(prose: &mut [u8], part: Span) {
    let mut done = part.start;
    let mut starts = find_all(prose, part, "://");
    starts.extend(find_all(prose, part, "www."));
    starts.sort_unstable();
    for at in starts {
        if at < done {
            continue;
        }
        let scheme = prose[done..at].iter().rev().take_while(|byte| byte.is_ascii_alphabetic()).count();
        let start = at - scheme;
        if prose[at] == b':' && scheme == 0 || prose[at] == b'w' && scheme > 0 {
            continue;
        }
        let body = &prose[at..part.end];
        let length = body.iter().position(|&byte| !in_address(byte)).unwrap_or(body.len());
        let kept = body[..length]
            .iter()
            .rposition(|byte| !b".,;:!?)]}'*\x01".contains(byte))
            .map_or(0, |last| last + 1);
        prose[start..at + kept].fill(BREAK);
        done = at + length;
    }
}

fn in_address(byte: u8) -> bool {
    byte == MARKUP || byte.is_ascii_graphic() && !b"<>\"`|".contains(&byte)
}

fn mail(prose: &mut [u8], part: Span) {
    let local = |byte: &u8| byte.is_ascii_alphanumeric() || b"._%+-".contains(byte);
    let domain = |byte: &u8| byte.is_ascii_alphanumeric() || b".-".contains(byte);
    for at in find_all(prose, part, "@") {
        let before = prose[part.start..at].iter().rev().take_while(|byte| local(byte)).count();
        let after = &prose[at + 1..part.end];
        let length = after.iter().take_while(|byte| domain(byte)).count();
        let host = after[..length].trim_ascii_end();
        if before > 0 && host.contains(&b'.') && host[0] != b'.' {
            prose[at - before..at + 1 + length].fill(BREAK);
        }
    }
}

/// `[1]`, `[S04]`, `[2, 3-5]`, `[^1]`, `【3】`, `【12†source】`.
fn citations(text: &[u8], prose: &mut [u8], part: Span) {
    for (open, close) in [("[", "]"), ("【", "】")] {
        for at in find_all(prose, part, open) {
            let from = at + open.len();
            let window = &prose[from..part.end.min(from + LONGEST_CITATION)];
            let Some(length) = memmem::find(window, close.as_bytes()) else { continue };
            if std::str::from_utf8(&text[from..from + length]).is_ok_and(is_citation) {
                prose[at..from + length + close.len()].fill(BREAK);
            }
        }
    }
}

/// `<Mermaid_Diagram>`: a tag by a name that HTML does not allow.
fn tags(prose: &mut [u8], part: Span) {
    for at in find_all(prose, part, "<") {
        let window = &prose[at + 1..part.end.min(at + 1 + LONGEST_CITATION)];
        let slash = usize::from(window.first() == Some(&b'/'));
        let name = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
        let length = window[slash..].iter().take_while(|byte| name(byte)).count();
        let named = window.get(slash).is_some_and(u8::is_ascii_alphabetic);
        if named && window.get(slash + length) == Some(&b'>') {
            prose[at..at + 2 + slash + length].fill(BREAK);
        }
    }
}

/// Whether code is a calculation with its result, such as `1000 * 20% = 200 QPS`, rather than a program.
pub(super) fn is_calculation(code: &str) -> bool {
    let Some((left, right)) = code.split_once(['=', '≈', '＝']) else { return false };
    let digits = |side: &str| side.bytes().any(|byte| byte.is_ascii_digit());
    let begins = |side: &str, marks: &[char]| {
        side.trim_start().starts_with(|c: char| c.is_ascii_digit() || marks.contains(&c))
    };
    let operators = ['+', '-', '−', '*', '×', '/', '÷', '^'];
    begins(left, &['(', '（', '$', '¥', '€', '£', '-'])
        && begins(right, &['(', '（', '$', '¥', '€', '£', '-', '~', '约'])
        && digits(left)
        && digits(right)
        && code.contains(operators)
        && !code.contains(['{', '}', '[', ']', ';', '"', '_', '<', '>', '!', '&', '|', '\\', '\n'])
}

/// Whether what stands between brackets only points to a source: a number below 1000, a letter code with a number,
/// a list of them.
pub(super) fn is_citation(inside: &str) -> bool {
    let inside = inside.trim().trim_matches(['[', ']']).trim_start_matches('^');
    let inside = inside.split('†').next().unwrap_or(inside);
    !inside.is_empty()
        && inside.split([',', '-', '–', '—', ';', '，', '、', '；', '^']).all(|piece| {
            let piece = piece.trim();
            let letters = piece.bytes().take_while(u8::is_ascii_alphabetic).count();
            let digits = piece[letters..].len();
            letters <= 4
                && (1..=3).contains(&digits)
                && piece[letters..].bytes().all(|byte| byte.is_ascii_digit())
        })
}

/// `**` that stayed text: `**增长：**约` closes nothing in Markdown's eyes.
fn stars(prose: &mut [u8], part: Span) {
    let stars: Vec<usize> =
        memchr_iter(b'*', &prose[part.start..part.end]).map(|at| part.start + at).collect();
    let mut rest = stars.as_slice();
    while let Some(&start) = rest.first() {
        let length = rest.iter().zip(start..).take_while(|&(&at, expected)| at == expected).count();
        let digit = |at: Option<&u8>| at.is_some_and(u8::is_ascii_digit);
        let power =
            digit(start.checked_sub(1).and_then(|at| prose.get(at))) && digit(prose.get(start + length));
        if length >= 2 && !power {
            prose[start..start + length].fill(MARKUP);
        }
        rest = &rest[length..];
    }
}

/// A text without the marks painted over it, its blanks as one space.
pub(crate) fn plain(text: &str) -> String {
    // Most labels are plain as they stand: no mark, and no blank but single spaces between words. Any other blank
    // begins with one of these bytes.
    let odd = |byte: u8| byte < b' ' || matches!(byte, 0xC2 | 0xE1..=0xE3);
    let text = text.trim_matches(' ');
    let bytes = text.as_bytes();
    if !bytes.iter().any(|byte| odd(*byte)) && !bytes.windows(2).any(|pair| pair == b"  ") {
        return text.to_owned();
    }
    let mut plain = String::with_capacity(text.len());
    let mut blank = false;
    for c in text.chars().filter(|c| *c != char::from(MARKUP) && *c != char::from(BREAK)) {
        if c.is_whitespace() {
            blank = !plain.is_empty();
            continue;
        }
        if std::mem::take(&mut blank) {
            plain.push(' ');
        }
        plain.push(c);
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    fn painted(text: &str) -> String {
        let mut prose = text.as_bytes().to_vec();
        paint(text, &mut prose, Span::new(0, text.len()));
        let prose = String::from_utf8(prose).unwrap();
        prose.replace('\u{2}', "·").replace('\u{1}', "~")
    }

    #[test]
    fn blanks_of_all_kinds_become_one_space() {
        for (text, expected) in [
            ("net income", "net income"),
            ("  net  income ", "net income"),
            ("net\u{1}\u{a0}\u{2009}income\u{3000}", "net income"),
            ("净\u{3000}\u{3000}利润", "净 利润"),
            ("", ""),
        ] {
            assert_eq!(plain(text), expected, "{text:?}");
        }
    }

    #[test]
    fn addresses_end_at_han_and_closing_marks() {
        assert_eq!(
            painted("见https://a.cn/5x?y=1。共 5 亿"),
            format!("{}。共 5 亿", "见".to_owned() + &"·".repeat(19))
        );
        assert_eq!(painted("(http://a.b/c), 5"), "(············), 5");
        assert_eq!(painted("www.a.com 5"), "········· 5");
        assert_eq!(painted("a@b.com, 5@ 6"), "·······, 5@ 6");
        assert_eq!(painted("比例 3://"), "比例 3://");
    }

    #[test]
    fn citations_go_and_brackets_stay() {
        assert_eq!(painted("增长[1][2]，[S04] [2, 3-5]"), "增长······，····· ········");
        assert_eq!(painted("[USD 300] [2024] [1%] [x]"), "[USD 300] [2024] [1%] [x]");
        assert_eq!(painted("【3】【2026年】"), "·······【2026年】");
    }

    #[test]
    fn unknown_tags_go_and_comparisons_stay() {
        assert_eq!(painted("<A_b>5</A_b> P<5 x<y"), "·····5······ P<5 x<y");
    }

    #[test]
    fn left_over_bold_marks() {
        assert_eq!(painted("**增长：**约 5*3 与 2**10"), "~~增长：~~约 5*3 与 2**10");
    }
}
