use super::lexicon::DocumentLexicon;
use super::{BREAK, MARKUP, Sentence};
use crate::source::Span;

/// The longest word that is looked up as an abbreviation, in bytes.
const LONGEST_WORD: usize = 12;

/// Bytes that end a sentence, or begin a character that does.
const MAY_END: [bool; 256] = {
    let mut table = [false; 256];
    let marks = [b'!', b'?', b';', b'.', 0xE3, 0xEF];
    let mut index = 0;
    while index < marks.len() {
        table[marks[index] as usize] = true;
        index += 1;
    }
    table
};

/// Splits a block into sentences. `hard_breaks` are places inside the block that end a sentence by themselves.
pub(super) fn split(
    prose: &str,
    block: u32,
    span: Span,
    hard_breaks: &[usize],
    lexicon: &DocumentLexicon,
    sentences: &mut Vec<Sentence>,
) {
    let bytes = &prose.as_bytes()[..span.end];
    let mut start = span.start;
    let mut breaks = hard_breaks.iter().copied().peekable();
    let mut at = span.start;
    loop {
        // To the next byte that may end a sentence, or the next place that does.
        let limit = breaks.peek().map_or(span.end, |&place| place.clamp(at, span.end));
        at += bytes[at..limit].iter().position(|&byte| MAY_END[usize::from(byte)]).unwrap_or(limit - at);
        if at >= span.end {
            break;
        }
        if breaks.next_if(|&place| place <= at).is_some() {
            push(prose, start, at, block, sentences);
            start = at;
            continue;
        }
        match ending(prose, bytes, start, at, lexicon) {
            Some(end) => {
                push(prose, start, end, block, sentences);
                start = end;
                at = end;
            }
            None => at += 1,
        }
    }
    push(prose, start, span.end, block, sentences);
}

/// If a sentence ends with the mark at `at`: where, closing quotation marks and brackets included.
fn ending(prose: &str, bytes: &[u8], start: usize, at: usize, lexicon: &DocumentLexicon) -> Option<usize> {
    match bytes[at] {
        b'!' | b'?' | b';' => {
            let after = after_marks(bytes, at + 1);
            ends_before(bytes, after).then_some(after)
        }
        b'.' => {
            let after = after_marks(bytes, at + 1);
            (ends_before(bytes, after) && !belongs_to_word(prose, bytes, start, at, after, lexicon))
                .then_some(after)
        }
        // 。！？；… in UTF-8.
        0xE3 if bytes[at..].starts_with("。".as_bytes()) => Some(after_marks(bytes, at + 3)),
        0xEF if is_wide_mark(&bytes[at..]) => Some(after_marks(bytes, at + 3)),
        _ => None,
    }
}

fn is_wide_mark(bytes: &[u8]) -> bool {
    matches!(bytes, [0xEF, 0xBC, 0x81 | 0x9F | 0x9B, ..])
}

/// Skips further end marks, closing quotation marks and brackets, and marks of emphasis among them.
fn after_marks(bytes: &[u8], mut at: usize) -> usize {
    const CLOSING: [&str; 12] = ["。", "！", "？", "”", "’", "」", "』", "）", "】", "》", "…", "；"];
    let mut end = at;
    while at < bytes.len() {
        let rest = &bytes[at..];
        if rest[0] == MARKUP {
            at += 1;
        } else if b".!?;\"')]".contains(&rest[0]) {
            at += 1;
            end = at;
        } else if let Some(mark) = CLOSING.iter().find(|mark| rest.starts_with(mark.as_bytes())) {
            at += mark.len();
            end = at;
        } else {
            break;
        }
    }
    end
}

/// Whether white space, a break, a Han character or nothing follows.
fn ends_before(bytes: &[u8], at: usize) -> bool {
    let mut rest = bytes[at..].iter().copied().skip_while(|&byte| byte == MARKUP);
    match rest.next() {
        None => true,
        Some(byte) => byte.is_ascii_whitespace() || byte == BREAK || (0xE3..=0xE9).contains(&byte),
    }
}

/// Whether the full stop belongs to a word (`Inc.`, `U.S.`, an initial), or the sentence goes on in lower case.
fn belongs_to_word(
    prose: &str,
    bytes: &[u8],
    start: usize,
    at: usize,
    after: usize,
    lexicon: &DocumentLexicon,
) -> bool {
    let next = bytes[after..].iter().find(|byte| !byte.is_ascii_whitespace() && **byte != MARKUP);
    if after < bytes.len() && next.is_some_and(u8::is_ascii_lowercase) {
        return true;
    }
    // The number of a list that Markdown took for text.
    let so_far = prose[start..at].trim();
    if so_far.len() <= 3 && !so_far.is_empty() && so_far.bytes().all(|byte| byte.is_ascii_digit()) {
        return after < bytes.len();
    }
    let floor = start.max(at.saturating_sub(LONGEST_WORD));
    let letters =
        bytes[floor..at].iter().rev().take_while(|byte| byte.is_ascii_alphabetic() || **byte == b'.').count();
    let word = &prose[at - letters..at];
    if word.is_empty() || after >= bytes.len() {
        return false;
    }
    let initial = word.len() == 1 && word.starts_with(|c: char| c.is_ascii_uppercase());
    initial || lexicon.is_abbreviation(word)
}

/// Adds the sentence without white space and marks at either end, if anything is left.
fn push(prose: &str, start: usize, end: usize, block: u32, sentences: &mut Vec<Sentence>) {
    let blank = |c: char| c.is_whitespace() || c == char::from(MARKUP) || c == char::from(BREAK);
    let content = &prose[start..end];
    let left = end - content.trim_start_matches(blank).len();
    let right = start + content.trim_end_matches(blank).len();
    if left < right {
        sentences.push(Sentence { span: Span::new(left, right), block });
    }
}

#[cfg(test)]
mod tests {
    use super::super::lexicon::tests::shipped;
    use super::*;

    fn sentences(prose: &str) -> Vec<&str> {
        let mut found = Vec::new();
        split(prose, 0, Span::new(0, prose.len()), &[], &shipped(), &mut found);
        found.iter().map(|sentence| sentence.span.of(prose)).collect()
    }

    #[test]
    fn chinese_marks_end_sentences() {
        assert_eq!(
            sentences("融资 5 亿。估值呢？“不到 80 亿！”他说；其余(见表)不详。"),
            ["融资 5 亿。", "估值呢？", "“不到 80 亿！”", "他说；", "其余(见表)不详。"]
        );
        assert_eq!(sentences("什么概念呢?答案如下!好"), ["什么概念呢?", "答案如下!", "好"]);
        assert_eq!(sentences("涨 3.5 倍、5.8%，没有句号"), ["涨 3.5 倍、5.8%，没有句号"]);
    }

    #[test]
    fn full_stops_inside_words_and_numbers_do_not() {
        assert_eq!(
            sentences("Acme Inc. raised $3.5 million vs. $2 million. J. Smith of the U.S. Treasury agreed."),
            ["Acme Inc. raised $3.5 million vs. $2 million.", "J. Smith of the U.S. Treasury agreed."]
        );
        assert_eq!(
            sentences("See No. 5, e.g. the first. (It grew.) Why? 5 times!"),
            ["See No. 5, e.g. the first.", "(It grew.)", "Why?", "5 times!"]
        );
        assert_eq!(sentences("1. The first. 5."), ["1. The first.", "5."]);
        assert_eq!(sentences("v2.0 of a.b.com... and so on."), ["v2.0 of a.b.com... and so on."]);
    }

    #[test]
    fn marks_around_are_left_out() {
        assert_eq!(sentences(" \u{1}\u{1}增长。\u{1}\u{1} \u{2}下一句\u{2}\u{2}"), ["增长。", "下一句"]);
        assert_eq!(sentences("\u{2}\u{1} \n"), [] as [&str; 0]);
    }

    #[test]
    fn hard_breaks_end_sentences() {
        let prose = "一行\n二行";
        let mut found = Vec::new();
        split(prose, 3, Span::new(0, prose.len()), &[6], &shipped(), &mut found);
        assert_eq!(
            found.iter().map(|sentence| sentence.span.of(prose)).collect::<Vec<_>>(),
            ["一行", "二行"]
        );
        assert_eq!(found[0].block, 3);
    }
}
