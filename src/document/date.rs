use chrono::NaiveDate;

use super::lexicon::DocumentLexicon;
use crate::source::{Span, floor_boundary, line_spans};

/// How many lines at the top may tell the report's date.
const TOP_LINES: usize = 25;
/// How much of such a line is looked at, in bytes.
const LINE_START: usize = 400;

/// Reads the date that `text` begins with: `2026-03-01T07:51`, `2026/3/1`, `2026年3月1日`, `2026年3月` (its first
/// day), `March 1, 2026`, `1 Mar 2026`.
pub(super) fn leading_date(text: &str, lexicon: &DocumentLexicon) -> Option<NaiveDate> {
    numeric(text).or_else(|| named_month(text, lexicon))
}

/// Reads `2026-03-01` and nothing else.
pub fn iso_date(text: &str) -> Option<NaiveDate> {
    let digits = text.bytes().enumerate().all(|(at, byte)| match at {
        4 | 7 => byte == b'-',
        _ => byte.is_ascii_digit(),
    });
    if text.len() == 10 && digits { text.parse().ok() } else { None }
}

fn numeric(text: &str) -> Option<NaiveDate> {
    let (year, rest) = number(text, 4)?;
    if !(1900..=2199).contains(&year) {
        return None;
    }
    if let Some(rest) = rest.trim_start().strip_prefix('年') {
        let (month, rest) = number(rest.trim_start(), 2)?;
        let rest = rest.trim_start().strip_prefix('月')?;
        let day = number(rest.trim_start(), 2)
            .filter(|(_, rest)| rest.trim_start().starts_with(['日', '号', '號']))
            .map_or(1, |(day, _)| day);
        return NaiveDate::from_ymd_opt(year.cast_signed(), month, day);
    }
    let mark = rest.chars().next().filter(|c| matches!(c, '-' | '/' | '.'))?;
    let (month, rest) = number(&rest[1..], 2)?;
    let (day, rest) = number(rest.strip_prefix(mark)?, 2)?;
    if rest.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    NaiveDate::from_ymd_opt(year.cast_signed(), month, day)
}

fn named_month(text: &str, lexicon: &DocumentLexicon) -> Option<NaiveDate> {
    let (first_day, rest) = match number(text, 2) {
        Some((day, rest)) => (Some(day), ordinal_ending(rest).trim_start_matches([' ', '\u{a0}', '-'])),
        None => (None, text),
    };
    let end = rest.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(rest.len());
    let month = lexicon.month(&rest[..end])?;
    let rest = rest[end..].trim_start_matches(['.', ',', ' ', '\u{a0}', '-']);
    if let Some(day) = first_day {
        return NaiveDate::from_ymd_opt(
            number(rest, 4).filter(|(year, _)| *year >= 1900)?.0.cast_signed(),
            month,
            day,
        );
    }
    if let Some((year, _)) = number(rest, 4).filter(|(year, _)| *year >= 1900) {
        return NaiveDate::from_ymd_opt(year.cast_signed(), month, 1);
    }
    let (day, rest) = number(rest, 2)?;
    let rest = ordinal_ending(rest).trim_start_matches([',', ' ', '\u{a0}']);
    NaiveDate::from_ymd_opt(number(rest, 4).filter(|(year, _)| *year >= 1900)?.0.cast_signed(), month, day)
}

fn ordinal_ending(text: &str) -> &str {
    ["st", "nd", "rd", "th"].iter().find_map(|ending| text.strip_prefix(ending)).unwrap_or(text)
}

/// The digits at the start, at most `most` of them, and what follows.
fn number(text: &str, most: usize) -> Option<(u32, &str)> {
    let count = text.bytes().take(most).take_while(u8::is_ascii_digit).count();
    let value = text[..count].parse().ok()?;
    Some((value, &text[count..]))
}

/// The report's date from a labelled line near its top: `**报告日期：** 2026-06-04`, `*Generated: December 12, 2025*`,
/// `| Date | 2026-03-01 |`.
pub(super) fn labelled_date(text: &str, report: Span, lexicon: &DocumentLexicon) -> Option<NaiveDate> {
    let part = &text[..report.end];
    line_spans(part, report.start).take(TOP_LINES).find_map(|line| {
        let content = line.of(part);
        in_line(&content[..floor_boundary(content, LINE_START)], lexicon)
    })
}

/// The line is cut at marks; a piece that ends with a label, and the date right after it.
fn in_line(line: &str, lexicon: &DocumentLexicon) -> Option<NaiveDate> {
    const MARKS: [char; 12] = ['*', '_', '#', '>', '|', ':', '：', '`', '·', '(', '（', '「'];
    let mut from = 0;
    for (at, mark) in line.char_indices() {
        let digit = mark.is_ascii_digit();
        let word_start = mark.is_ascii_alphabetic() && line[..at].ends_with(' ');
        if !MARKS.contains(&mark) && !digit && !word_start {
            continue;
        }
        let label = line[from..at].trim_matches(|c: char| !c.is_alphanumeric());
        if lexicon.is_date_label(label) {
            let value = line[at..].trim_start_matches(|c: char| MARKS.contains(&c) || c.is_whitespace());
            if let Some(date) = leading_date(value, lexicon) {
                return Some(date);
            }
        }
        let opens_value = matches!(mark, ':' | '：' | '*' | '_');
        if MARKS.contains(&mark) && (label.is_empty() || !opens_value) {
            from = at + mark.len_utf8();
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::super::lexicon::tests::shipped;
    use super::*;

    #[test]
    fn dates_are_days_of_the_calendar() {
        assert_eq!(iso_date("2026-03-01"), NaiveDate::from_ymd_opt(2026, 3, 1));
        for wrong in ["2026-02-30", "2026-3-1", "20260301", "+026-03-01", "2026-03-01T07:51", "", "今天"] {
            assert_eq!(iso_date(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn dates_in_many_forms() {
        let lexicon = shipped();
        let march = NaiveDate::from_ymd_opt(2026, 3, 1);
        for text in [
            "2026-03-01T07:51:00.875889",
            "2026-03-01",
            "2026/03/01",
            "2026.3.1",
            "2026年3月1日",
            "2026 年 3 月 1 日",
            "2026年3月",
            "March 1, 2026",
            "Mar. 1st, 2026",
            "1 March 2026",
            "1-Mar-2026",
            "March 2026",
        ] {
            assert_eq!(leading_date(text, &lexicon), march, "{text}");
        }
        for text in ["", "2026", "3/1/2026", "2026-13-01", "2026-02-30", "Maybe 1, 2026", "一月", "9999年1月"]
        {
            assert_eq!(leading_date(text, &lexicon), None, "{text}");
        }
    }

    #[test]
    fn labels_near_the_top() {
        let lexicon = shipped();
        let date =
            |text: &str| labelled_date(text, Span::new(0, text.len()), &lexicon).map(|date| date.to_string());
        for text in [
            "# 报告\n\n**报告日期：** 2026-06-04",
            "**日期**: 2026年6月4日",
            "*Generated: June 4, 2026*",
            "**Report Generated:** June 4, 2026",
            "| 项目 | 内容 |\n|---|---|\n| 报告日期 | 2026-06-04 |",
            "作者：甲 | 发布日期：2026-06-04",
            "Published on June 4, 2026 by A",
            "> 生成时间: 2026-06-04 12:00",
        ] {
            assert_eq!(date(text).as_deref(), Some("2026-06-04"), "{text}");
        }
        for text in [
            "截止日期：2026-06-04",
            "The company was founded on June 4, 2026.",
            "日期待定",
            "# 2026-06-04 复盘",
        ] {
            assert_eq!(date(text), None, "{text}");
        }
        let late = format!("{}日期：2026-06-04", "\n".repeat(30));
        assert_eq!(date(&late), None);
    }
}
