//! Explicit numbers: 证据 3, Evidence 1 and 4.

use crate::source::Span;

/// More numbers than one reference lists.
const MOST_NUMBERS: usize = 16;

/// The numbers that follow a word such as 证据 or "Evidence": `3`, `#3`, `1、3 和 5`, `1-3`.
pub(super) fn numbers_after(prose: &str, word: Span, end: usize) -> Vec<usize> {
    let mut rest = &prose[word.end..end];
    let mut numbers = Vec::new();
    while numbers.len() < MOST_NUMBERS {
        let trimmed =
            rest.trim_start_matches(|c: char| c.is_whitespace() || c.is_control() || "#第(（".contains(c));
        let digits = trimmed.len() - trimmed.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        // A figure is no number of an item.
        let Some(number) = trimmed[..digits].parse().ok().filter(|_| (1..=3).contains(&digits)) else {
            break;
        };
        let after = &trimmed[digits..];
        if numbers.is_empty()
            && after.starts_with(['.', '%', '％', ','])
            && after[1..].starts_with(|c: char| c.is_ascii_digit())
        {
            break;
        }
        numbers.push(number);
        let joined = ["、", "和", "与", "及", ",", "，", " and ", " & ", "/", "-", "–", "至"]
            .iter()
            .find_map(|mark| after.trim_start_matches(' ').strip_prefix(mark.trim_start()));
        match joined {
            Some(next) => rest = next,
            None => break,
        }
    }
    numbers
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_of_numbers_are_read() {
        let after = |text: &str, word: &str| numbers_after(text, Span::new(0, word.len()), text.len());
        assert_eq!(after("证据 3 表明", "证据"), [3]);
        assert_eq!(after("证据1、3 和 5 表明", "证据"), [1, 3, 5]);
        assert_eq!(after("Evidence 2 and 4 show", "Evidence"), [2, 4]);
        assert_eq!(after("Evidence #7", "Evidence"), [7]);
        assert_eq!(after("Evidence 3.5 billion", "Evidence"), [] as [usize; 0]);
        assert_eq!(after("证据不足", "证据"), [] as [usize; 0]);
    }
}
