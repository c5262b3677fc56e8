use super::builder::Builder;
use super::{BREAK, BlockKind};
use crate::source::Span;

/// The longest bold line that counts as a heading, in bytes.
const LONGEST_BOLD: usize = 120;

/// Opens the section of a heading from `start` on and pushes its block. `line` may hold marks, `text` does not.
pub(super) fn open(builder: &mut Builder, start: usize, line: Span, text: Span, level: u8) {
    let content = text.of(builder.text);
    let is_title = level == 1 && builder.sections.len() == 1;
    let role = if is_title {
        builder.lexicon.role_of_label(content)
    } else {
        builder.lexicon.role_of_heading(content)
    };
    let number = match numbering(content) {
        Some((length, number)) if follows(&builder.numbering, &number) => {
            builder.numbering = number;
            length
        }
        other => {
            let length = section_number(content, |word| builder.lexicon.is_scale_word(word));
            if let Some((_, number)) = other.filter(|_| length > 0) {
                builder.numbering = number;
            }
            length
        }
    };
    builder.open_section(text, level, role, start);
    builder.paint(Span::new(text.start, text.start + number), BREAK);
    builder.push(BlockKind::Heading { level }, line);
}

/// Whether a paragraph's line that is bold from end to end serves as a heading: short, and no sentence.
pub(super) fn is_bold_heading(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= LONGEST_BOLD
        && !text.ends_with(['。', '.', '；', ';', '，', ',', '！', '!', '、', '”', '"'])
        && !states_a_figure(text)
}

/// `评分：75/100`: a figure after a colon.
fn states_a_figure(text: &str) -> bool {
    text.split_once([':', '：']).is_some_and(|(_, value)| value.bytes().any(|byte| byte.is_ascii_digit()))
}

/// The number that a heading begins with, `2.3` as [2, 3], and its length.
fn numbering(heading: &str) -> Option<(usize, Vec<u32>)> {
    let length = heading.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(heading.len());
    let dotted = &heading[..length];
    let ends_right =
        dotted.ends_with('.') || heading[length..].starts_with([' ', '\u{3000}', '\u{a0}', '、']);
    if length > 24 || !ends_right {
        return None;
    }
    let number: Option<Vec<u32>> =
        dotted.trim_end_matches('.').split('.').map(|part| part.parse().ok()).collect();
    Some((length, number?))
}

/// Whether a section number comes right after another: 2.3 → 2.4, 2.3.1 or 3; or begins the count.
fn follows(last: &[u32], next: &[u32]) -> bool {
    let Some((&end, front)) = next.split_last() else { return false };
    match last.get(front.len()) {
        Some(&before) => last[..front.len()] == *front && end == before + 1,
        None => last.len() == front.len() && last == front && end == 1 && !last.is_empty(),
    }
}

/// The length of a section number at the start: `1.`, `2.3 `, `（一）`, `四、`, `12)`. A number that a scale or unit
/// follows (`3.5 亿`) is a quantity.
fn section_number(heading: &str, is_scale: impl Fn(&str) -> bool) -> usize {
    const HAN_DIGITS: &str = "一二三四五六七八九十百零〇";
    let open = heading.chars().next().filter(|c| matches!(c, '(' | '（' | '[' | '【' | '§'));
    let start = open.map_or(0, char::len_utf8);
    let body = &heading[start..];
    let han = body.find(|c| !HAN_DIGITS.contains(c)).unwrap_or(body.len());
    let digits = body.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(body.len());
    let (length, dotted) = if han > 0 { (han, false) } else { (digits, body[..digits].contains('.')) };
    if length == 0 || body[..length].starts_with('.') || length > 24 {
        return 0;
    }
    let rest = &body[length..];
    let after = rest.chars().next();
    if let (Some(_), Some(')' | '）' | ']' | '】')) = (open, after) {
        return start + length + after.map_or(0, char::len_utf8);
    }
    if open.is_some_and(|c| c != '§') {
        return 0;
    }
    if let Some(mark @ ('、' | '．' | ')' | '）' | ':' | '：')) = after {
        return start + length + mark.len_utf8();
    }
    if han > 0 {
        return if after == Some('.') { start + length + 1 } else { 0 };
    }
    let follower = rest.trim_start();
    let word_end = follower.find(|c: char| !c.is_alphabetic()).unwrap_or(follower.len());
    let follows_scale = follower.starts_with('%')
        || is_scale(&follower[..word_end])
        || follower.chars().next().is_some_and(|c| is_scale(c.encode_utf8(&mut [0; 4])));
    let spaced = rest.starts_with(char::is_whitespace);
    let han_next = follower.starts_with(|c: char| ('\u{4E00}'..='\u{9FFF}').contains(&c));
    let is_number = if body[..length].ends_with('.') {
        spaced || han_next || rest.is_empty()
    } else if dotted {
        (spaced || han_next || rest.is_empty()) && !follows_scale && (!spaced || short(&body[..length]))
    } else {
        spaced && han_next && length <= 2 && !follows_scale
    };
    if is_number { start + length } else { 0 }
}

/// `2.1` or `1.` or `1.2.3`, but not `2023.5`.
fn short(number: &str) -> bool {
    number.split('.').all(|part| part.len() <= 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_in_sequence_is_a_section_number() {
        for (last, next, expected) in [
            (&[1, 1][..], &[1, 2][..], true),
            (&[1], &[1, 1], true),
            (&[1, 4], &[2], true),
            (&[1, 4], &[2, 1], false),
            (&[], &[1, 1], false),
            (&[3], &[5], false),
        ] {
            assert_eq!(follows(last, next), expected, "{last:?} {next:?}");
        }
        assert_eq!(numbering("1.2 年用量"), Some((3, vec![1, 2])));
        assert_eq!(numbering("1.5x growth"), None);
    }

    #[test]
    fn bold_lines_that_state_are_no_headings() {
        assert!(is_bold_heading("关键证据 (Evidence)") && is_bold_heading("第一部分：分析"));
        assert!(!is_bold_heading("营收增长 5%。") && !is_bold_heading("ESG Score: 75/100"));
    }

    #[test]
    fn section_numbers_are_told_from_quantities() {
        let length = |heading: &str| section_number(heading, |word| ["亿", "billion", "年"].contains(&word));
        for (heading, number) in [
            ("1. Overview", "1."),
            ("2.3 Revenue Breakdown", "2.3"),
            ("1.1 整体市场规模", "1.1"),
            ("1.1整体规模", "1.1"),
            ("四、风险", "四、"),
            ("（一）背景", "（一）"),
            ("(2) Risks", "(2)"),
            ("3、结论", "3、"),
            ("2 方法", "2"),
            ("1. 年用量估算", "1."),
            ("3.5 亿用户的秘密", ""),
            ("3.5亿用户", ""),
            ("2.5 billion reasons", ""),
            ("2025 Outlook", ""),
            ("2025年回顾", ""),
            ("12 Key Trends", ""),
            ("第一部分：文本分析", ""),
            ("一季度回顾", ""),
            ("5G Deployment", ""),
            ("", ""),
        ] {
            assert_eq!(&heading[..length(heading)], number, "{heading}");
        }
    }
}
