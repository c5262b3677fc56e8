//! Quotations of the report that its sources hold with other words.

use std::collections::HashMap;

use fnv::FnvHashMap;

use super::against_source::{Held, SourceOccurrence};
use crate::document::{BlockKind, Role};
use crate::grounding::{Origin, Strength};
use crate::source::Span;

/// Quotation marks that open and close.
const MARKS: [(char, char); 5] = [('“', '”'), ('「', '」'), ('『', '』'), ('"', '"'), ('‘', '’')];

/// Letters of a quotation, at least and at most: fewer are a term, more are a passage.
const SHORTEST: usize = 4;
const SHORTEST_LATIN: usize = 14;
const LONGEST: usize = 160;

/// So many quotations of a report are looked up, and so many places of the sources for each.
const MOST_QUOTES: usize = 256;
const MOST_PLACES: usize = 4096;

/// Of so many letters one may differ.
const LETTERS_PER_SLIP: usize = 4;

/// Words that a short quotation may lack or have too many.
const PARTICLES: [char; 12] = ['的', '了', '着', '们', '个', '地', '得', '和', '与', '是', '就', '这'];

/// A text without spaces and marks, in lower case, with the place of each letter.
#[derive(Default)]
struct Letters {
    letters: Vec<char>,
    places: Vec<usize>,
}

impl Letters {
    fn of(text: &str, offset: usize) -> Self {
        let mut found = Self::default();
        found.add(text, offset);
        found
    }

    fn add(&mut self, text: &str, offset: usize) {
        for (at, c) in text.char_indices().filter(|(_, c)| c.is_alphanumeric()) {
            // Of a letter that has several in lower case the first one does.
            self.letters.extend(c.to_lowercase().next());
            self.places.push(offset + at);
        }
    }

    /// The place of the letters `from..to` in the text.
    fn span(&self, text: &str, from: usize, to: usize) -> Option<Span> {
        let start = *self.places.get(from)?;
        let last = *self.places.get(to.checked_sub(1)?)?;
        let length = text[last..].chars().next().map_or(0, char::len_utf8);
        Some(Span::new(start, last + length))
    }
}

/// A quotation with its place, marks left out.
struct Quote {
    span: Span,
    letters: Vec<char>,
}

/// Every quotation that a source holds nearly, and none holds as it is.
pub(super) fn occurrences(held: &Held<'_>) -> Vec<SourceOccurrence> {
    let quotes = quotes(held);
    if quotes.is_empty() {
        return Vec::new();
    }
    let mut nearest: Vec<Option<(usize, Origin, Span)>> = vec![None; quotes.len()];
    let mut verbatim = vec![false; quotes.len()];
    for origin in held.texts.origins() {
        let document = held.texts.text(origin).document;
        let mut source = Letters::default();
        for block in document.blocks.iter().filter(|block| block.role == Role::Source) {
            source.add(block.span.of(&document.prose), block.span.start);
        }
        for (number, places) in places_of(&quotes, &source.letters).into_iter().enumerate() {
            let quote = &quotes[number].letters;
            let Some((slips, from, to)) = best(quote, &source.letters, &places) else { continue };
            verbatim[number] |= slips == 0;
            let better = nearest[number].is_none_or(|(least, ..)| slips < least);
            if better
                && is_near(quote, &source.letters[from..to], slips)
                && let Some(span) = source.span(&document.prose, from, to)
            {
                nearest[number] = Some((slips, origin, span));
            }
        }
    }
    let altered = quotes.iter().zip(nearest).zip(verbatim).filter(|(_, verbatim)| !verbatim);
    altered
        .filter_map(|((quote, nearest), _)| {
            let (_, origin, span) = nearest?;
            Some(SourceOccurrence {
                span: quote.span,
                words: quote.span,
                strength: Strength::Proof,
                source: Some((origin, span)),
                also: Vec::new(),
                arithmetic: None,
            })
        })
        .collect()
}

/// The quotations in the report's running text.
fn quotes(held: &Held<'_>) -> Vec<Quote> {
    let document = held.texts.report.document;
    let mut quotes = Vec::new();
    for block in &document.blocks {
        let prose =
            matches!(block.kind, BlockKind::Paragraph | BlockKind::ListItem { .. } | BlockKind::Quote);
        if !prose || block.role == Role::Source {
            continue;
        }
        let text = block.span.of(&document.prose);
        let mut from = 0;
        while let Some((open, mark)) =
            text[from..].char_indices().find(|(_, c)| MARKS.iter().any(|(open, _)| open == c))
        {
            let start = from + open + mark.len_utf8();
            let close = MARKS.iter().find(|(open, _)| *open == mark).map_or(mark, |(_, close)| *close);
            let Some(length) = text[start..].find(close) else {
                from = start;
                continue;
            };
            let inner = Span::new(start, start + length);
            let letters = Letters::of(inner.of(text), 0).letters;
            if is_quotation(&letters) && quotes.len() < MOST_QUOTES {
                let span = Span::new(block.span.start + inner.start, block.span.start + inner.end);
                quotes.push(Quote { span, letters });
            }
            from = inner.end + close.len_utf8();
        }
    }
    quotes
}

fn is_quotation(letters: &[char]) -> bool {
    let latin = letters.iter().all(char::is_ascii);
    (if latin { SHORTEST_LATIN } else { SHORTEST }..=LONGEST).contains(&letters.len())
}

/// For each quotation the places of the source at which one of its pairs of letters stands, less its place in the
/// quotation: where the quotation would begin.
fn places_of(quotes: &[Quote], source: &[char]) -> Vec<Vec<usize>> {
    let mut pairs: FnvHashMap<[char; 2], Vec<(usize, usize)>> = FnvHashMap::default();
    for (number, quote) in quotes.iter().enumerate() {
        for (at, pair) in quote.letters.windows(2).enumerate() {
            pairs.entry([pair[0], pair[1]]).or_default().push((number, at));
        }
    }
    let mut places = vec![HashMap::<usize, usize>::new(); quotes.len()];
    for (at, pair) in source.windows(2).enumerate() {
        for (number, offset) in pairs.get(&[pair[0], pair[1]]).into_iter().flatten() {
            // Letters that are left out or put in shift the rest: neighbours are one place.
            let bucket = (at + quotes[*number].letters.len()).saturating_sub(*offset) / LETTERS_PER_SLIP;
            if places[*number].len() < MOST_PLACES || places[*number].contains_key(&bucket) {
                *places[*number].entry(bucket).or_default() += 1;
            }
        }
    }
    let best_places = |(number, found): (usize, HashMap<usize, usize>)| {
        let length = quotes[number].letters.len();
        let count = |bucket: usize| found.get(&bucket).copied().unwrap_or(0);
        let mut ranked: Vec<(usize, usize)> =
            found.keys().map(|bucket| (count(*bucket) + count(bucket + 1), *bucket)).collect();
        ranked.sort_unstable_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
        let places = ranked.into_iter().filter(|(shared, _)| shared * 3 >= length - 1).take(3);
        places.map(|(_, bucket)| (bucket * LETTERS_PER_SLIP).saturating_sub(length)).collect()
    };
    places.into_iter().enumerate().map(best_places).collect()
}

/// The stretch of the source that is nearest to the quotation near one of the places, with the number of slips.
fn best(quote: &[char], source: &[char], places: &[usize]) -> Option<(usize, usize, usize)> {
    let slack = quote.len() / LETTERS_PER_SLIP + LETTERS_PER_SLIP;
    let near = places.iter().map(|place| {
        let from = place.saturating_sub(slack);
        let to = (place + quote.len() + 2 * slack).min(source.len());
        let (slips, start, end) = nearest_stretch(quote, &source[from..to]);
        (slips, from + start, from + end)
    });
    near.min()
}

/// The fewest letters to change, leave out or put in to find the quotation in the text, and where it is found.
fn nearest_stretch(quote: &[char], text: &[char]) -> (usize, usize, usize) {
    // A row for each letter of the quotation: slips so far, and where the stretch began.
    let mut row: Vec<(usize, usize)> = (0..=text.len()).map(|start| (0, start)).collect();
    for (at, letter) in quote.iter().enumerate() {
        let mut next = vec![(at + 1, 0)];
        for (place, other) in text.iter().enumerate() {
            let (changed, left_out, put_in) = (row[place], row[place + 1], next[place]);
            let change = (changed.0 + usize::from(letter != other), changed.1);
            next.push(change.min((left_out.0 + 1, left_out.1)).min((put_in.0 + 1, put_in.1)));
        }
        row = next;
    }
    let ends = row.into_iter().enumerate().map(|(end, (slips, start))| (slips, start, end));
    ends.min_by_key(|(slips, start, end)| (*slips, end.abs_diff(start + quote.len()))).unwrap_or((
        quote.len(),
        0,
        0,
    ))
}

/// Whether the source's words are the quoted ones but for a slip.
fn is_near(quote: &[char], source: &[char], slips: usize) -> bool {
    if quote.len() >= 2 * LETTERS_PER_SLIP {
        return slips > 0 && slips * LETTERS_PER_SLIP <= quote.len();
    }
    // One letter of five changes a word; a particle more or less does not.
    slips == 1 && {
        let bare =
            |letters: &[char]| letters.iter().copied().filter(|c| !PARTICLES.contains(c)).collect::<String>();
        quote.len() != source.len() && bare(quote) == bare(source)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letters(text: &str) -> Vec<char> {
        Letters::of(text, 0).letters
    }

    fn slips(quote: &str, source: &str) -> Option<(usize, String)> {
        let (quote, source) = (Quote { span: Span::new(0, 0), letters: letters(quote) }, letters(source));
        let places = places_of(std::slice::from_ref(&quote), &source);
        let (slips, from, to) = best(&quote.letters, &source, &places[0])?;
        (slips == 0 || is_near(&quote.letters, &source[from..to], slips))
            .then(|| (slips, source[from..to].iter().collect()))
    }

    #[test]
    fn near_quotations_are_found() {
        let source = "他在前面说了很多别的话题，最后说买的是失去的位子和面子，也是客户的入口。";
        assert_eq!(slips("失去的位子与面子", source), Some((1, "失去的位子和面子".into())));
        assert_eq!(slips("客户入口", source), Some((1, "客户的入口".into())));
        assert_eq!(slips("失去的位子和面子", source), Some((0, "失去的位子和面子".into())));
        assert_eq!(slips("得到的里子与房子", source), None);
        assert_eq!(slips("客户出口", source), None);
        let talk = "Well, the point is that as long as revenue keeps growing the deals are not circular.";
        assert_eq!(
            slips("As long as revenues keep growing, the deals are not circular", talk),
            Some((2, "aslongasrevenuekeepsgrowingthedealsarenotcircular".into()))
        );
    }
}
