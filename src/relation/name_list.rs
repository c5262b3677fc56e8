//! Lists of names behind a number: how many there are.

use super::matcher::{LONGEST_SKIP, SentenceView, WIDE_GAP};
use crate::source::Span;

impl SentenceView<'_> {
    /// `（甲、乙和丙）`, `(A, B and C)`, or the same behind a colon or dash: its span and how many names it has.
    /// A list that says it goes on (等, such as, etc.) has no number.
    pub fn names_at(&self, pos: usize) -> Option<(Span, u32)> {
        let reach = self.prose.floor_char_boundary(self.span.end.min(pos + LONGEST_SKIP + WIDE_GAP + 4));
        let rest = &self.prose[pos..reach.max(pos)];
        let trimmed = rest.trim_start_matches([' ', '\u{1}', '”', '’', '」']);
        let start = pos + rest.len() - trimmed.len();
        let opening = trimmed.chars().next()?;
        let closings: &[char] = match opening {
            '(' => &[')'],
            '（' => &['）', ')'],
            ':' | '：' | '—' | '–' => &['。', '.', '；', ';', '（', '(', '\n'],
            _ => return None,
        };
        let inner = trimmed.trim_start_matches([opening, ' ']);
        let inner_start = pos + rest.len() - inner.len();
        let window = &inner[..inner.floor_char_boundary(WIDE_GAP)];
        let end = match window.find(closings) {
            Some(end) => end,
            None if inner_start + window.len() == self.span.end && !matches!(opening, '(' | '（') => {
                inner.len()
            }
            None => return None,
        };
        let list = &window[..end];
        let count = count_names(list)?;
        Some((Span::new(start, inner_start + end), count))
    }
}

/// The number of names in a list, or `None` when it is open-ended or no list of names.
fn count_names(list: &str) -> Option<u32> {
    const OPEN: [&str; 14] = [
        "等",
        "…",
        "...",
        "etc",
        "such as",
        "including",
        "e.g",
        "for example",
        "among",
        "other",
        "包括",
        "例如",
        "如",
        "其他",
    ];
    let lower = list.to_ascii_lowercase();
    if OPEN.iter().any(|word| lower.contains(word)) {
        return None;
    }
    let items = split_names(&lower)?;
    let names = items.iter().all(|item| {
        let length = item.chars().count();
        (1..=24).contains(&length) && !item.chars().any(|c| c.is_ascii_digit())
    });
    (items.len() >= 2 && names).then_some(u32::try_from(items.len()).ok()?)
}

/// The items of a list: by 、 when it has any, else by commas; 和 and "and" part the last two.
fn split_names(list: &str) -> Option<Vec<&str>> {
    let mut items: Vec<&str> = if list.contains('、') {
        // A comma beside 、 parts something else than names.
        if list.contains(['，', ',']) {
            return None;
        }
        list.split('、').collect()
    } else {
        list.split([',', '，', '/']).collect()
    };
    let last = items.pop()?.trim();
    let parted = [" and ", " & ", "以及", "和", "与", "及"]
        .iter()
        .find_map(|word| last.split_once(word))
        .or_else(|| last.strip_prefix("and ").map(|rest| ("", rest)));
    match parted {
        Some((before, after)) => {
            items.extend([before, after].into_iter().filter(|item| !item.trim().is_empty()))
        }
        None => items.push(last),
    }
    Some(items.into_iter().map(|item| item.trim_matches(|c: char| !c.is_alphanumeric())).collect())
}
