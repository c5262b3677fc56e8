//! The figure of a list that bears a name: "A (45 %), B (52 %) and C (3 %), with A the largest".

use super::matcher::{SentenceView, outer_start};
use super::model::Filler;
use crate::document::MARKUP;

/// What ends the label of one item and begins the next.
const BETWEEN_ITEMS: [char; 10] = ['、', '，', ',', '；', ';', '：', ':', '。', '\n', '\u{2}'];

impl SentenceView<'_> {
    /// The one of the figures bound so far whose label stands at `pos`, and where the label ends there.
    ///
    /// Nothing where a figure has no label, or two have the same.
    pub(super) fn namesake_at(&self, pos: usize, fillers: &[(usize, Filler)]) -> Option<(usize, usize)> {
        let pos = self.skip(pos);
        let figures: Vec<usize> = fillers.iter().filter_map(|(_, filler)| filler.quantity()).collect();
        let mut labels: Vec<(usize, &str)> = Vec::new();
        let mut written = Vec::new();
        let mut from = self.span.start;
        for &index in &figures {
            let (item, label) = self.label_of(index, from)?;
            if labels.iter().any(|(_, other)| *other == label) {
                return None;
            }
            labels.push((index, label));
            // 达 leads to a figure, and ends the name 英伟达.
            written.push((index, item));
            from = self.quantity(index).span.end;
        }
        let rest = self.prose.get(pos..self.span.end)?;
        let stands = |label: &str| {
            let (written, behind) = rest.split_at_checked(label.len())?;
            // Phones stands first, phones later; a letter by itself is no word in lower case.
            let same = written == label || label.len() > 2 && written.eq_ignore_ascii_case(label);
            let behind = behind.chars().next().filter(|_| same).or_else(|| same.then_some(' '))?;
            let cut = label.is_ascii() && behind.is_ascii_alphanumeric();
            (!cut).then_some(label.len())
        };
        // The words before the first item may lead to its label: the vote went to A (45 %).
        let first = labels.first().map_or("", |(_, label)| *label);
        let names = first.match_indices(' ').map(|(at, _)| &first[at + 1..]);
        let names = names.filter(|name| name.starts_with(|c: char| c.is_ascii_uppercase()));
        let led_to: Vec<(usize, &str)> = names.map(|name| (figures[0], name)).collect();
        let all = labels.into_iter().chain(written).chain(led_to);
        let found = all.filter_map(|(index, label)| stands(label).map(|length| (length, index)));
        found.max().map(|(length, index)| (index, pos + length))
    }

    /// What stands before a figure of a list, behind the item before, and its label in that.
    fn label_of(&self, index: usize, from: usize) -> Option<(&str, &str)> {
        let start = outer_start(self.quantity(index));
        let text = self.prose.get(from.min(start)..start)?;
        let item = text.rsplit(BETWEEN_ITEMS).find(|piece| !bare(piece).is_empty())?;
        let label = bare(self.marks.joining.without_edges(bare(item)));
        (!label.is_empty()).then_some((bare(item), label))
    }
}

/// Without the spaces, brackets and marks around it.
fn bare(text: &str) -> &str {
    text.trim_matches(|c: char| {
        c.is_whitespace() || "()（）[]「」“”\"'".contains(c) || c == char::from(MARKUP)
    })
}
