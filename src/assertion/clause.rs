use crate::document::BREAK;
use crate::source::Span;

/// Bytes to either side after which a clause ends without a pause: a transcript may have none in 20 KB.
const LONGEST_CLAUSE: usize = 400;

/// The stretch between pauses that holds `inner`; pauses inside `inner` (1,100) do not count.
pub(crate) fn clause_around(prose: &str, sentence: Span, inner: Span) -> Span {
    let floor = floor(prose, sentence, inner);
    let bytes = prose.as_bytes();
    let before = &bytes[..inner.start.max(floor)];
    let start = (floor..before.len())
        .rev()
        .find_map(|at| pause_length(&before[at..]).map(|length| at + length))
        .unwrap_or(floor);
    let ceiling = ceiling(prose, sentence, inner);
    let end = inner.end + first_pause(&prose[inner.end..ceiling]);
    Span::new(start, end)
}

/// Where the first clause of the text ends.
pub(crate) fn first_pause(text: &str) -> usize {
    let bytes = text.as_bytes();
    (0..bytes.len()).find(|at| pause_length(&bytes[*at..]).is_some()).unwrap_or(bytes.len())
}

/// Where the longest clause around `inner` may begin.
fn floor(prose: &str, sentence: Span, inner: Span) -> usize {
    prose.ceil_char_boundary(inner.start.saturating_sub(LONGEST_CLAUSE)).max(sentence.start)
}

/// Where the longest clause around `inner` may end.
fn ceiling(prose: &str, sentence: Span, inner: Span) -> usize {
    prose.floor_char_boundary(inner.end + LONGEST_CLAUSE).min(sentence.end).max(inner.end)
}

/// The length of the mark that `bytes` begin with, if it ends a clause; a comma between digits does not.
///
/// No byte inside a character is one that such a mark begins with, so any byte may be asked.
fn pause_length(bytes: &[u8]) -> Option<usize> {
    match bytes {
        [b',', next, ..] if next.is_ascii_digit() => None,
        _ => mark_length(bytes),
    }
}

/// The same, any comma counting.
fn mark_length(bytes: &[u8]) -> Option<usize> {
    match bytes {
        [b';' | b',' | BREAK, ..] => Some(1),
        // ，；！？ and 。
        [0xEF, 0xBC, 0x8C | 0x9B | 0x81 | 0x9F, ..] | [0xE3, 0x80, 0x82, ..] => Some(3),
        _ => None,
    }
}

/// The pauses of one sentence, found once for all figures in it.
pub(super) struct Pauses<'a> {
    prose: &'a str,
    sentence: Span,
    /// In order; commas before a digit too, for they count where the text ends with them.
    marks: Vec<Mark>,
}

struct Mark {
    span: Span,
    before_digit: bool,
}

impl<'a> Pauses<'a> {
    pub fn of(prose: &'a str, sentence: Span) -> Self {
        let bytes = &prose.as_bytes()[..sentence.end];
        let mut marks = Vec::new();
        for at in sentence.start..sentence.end {
            if MARK_LEADS[bytes[at] as usize]
                && let Some(length) = mark_length(&bytes[at..])
            {
                let before_digit = bytes[at] == b',' && bytes.get(at + 1).is_some_and(u8::is_ascii_digit);
                marks.push(Mark { span: Span::new(at, at + length), before_digit });
            }
        }
        Self { prose, sentence, marks }
    }

    /// What [`clause_around`] finds.
    pub fn clause_around(&self, inner: Span) -> Span {
        let floor = floor(self.prose, self.sentence, inner);
        let ceiling = ceiling(self.prose, self.sentence, inner);
        let (from, to) = (
            self.marks.partition_point(|mark| mark.span.end <= inner.start),
            self.marks.partition_point(|mark| mark.span.start < inner.end),
        );
        let start = self.marks[..from]
            .iter()
            .rev()
            .take_while(|mark| mark.span.start >= floor)
            .find(|mark| !mark.before_digit || mark.span.end == inner.start)
            .map_or(floor, |mark| mark.span.end);
        let end = self.marks[to..]
            .iter()
            .take_while(|mark| mark.span.end <= ceiling)
            .find(|mark| !mark.before_digit || mark.span.end == ceiling)
            .map_or(ceiling, |mark| mark.span.start);
        Span::new(start, end)
    }
}

/// The bytes that a mark can begin with.
const MARK_LEADS: [bool; 256] = {
    let mut leads = [false; 256];
    leads[b';' as usize] = true;
    leads[b',' as usize] = true;
    leads[BREAK as usize] = true;
    leads[0xEF] = true;
    leads[0xE3] = true;
    leads
};

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_clause_ends_at_pauses_but_not_at_commas_between_digits() {
        let text = "营收 1,100 亿元，同比增长 5%；利润持平。";
        let figure = text.find("1,100").map(|at| Span::new(at, at + 5)).unwrap();
        let sentence = Span::new(0, text.len());
        assert_eq!(clause_around(text, sentence, figure).of(text), "营收 1,100 亿元");
        let figure = text.find("5%").map(|at| Span::new(at, at + 2)).unwrap();
        assert_eq!(clause_around(text, sentence, figure).of(text), "同比增长 5%");
    }

    proptest! {
        #[test]
        fn pauses_found_once_give_the_same_clauses(
            text in "([a甲，,;。！9 ]|\u{2}){0,60}",
            cuts in proptest::array::uniform4(0usize..240),
        ) {
            let mut cuts = cuts.map(|at| text.floor_char_boundary(at.min(text.len())));
            cuts.sort_unstable();
            let (sentence, inner) = (Span::new(cuts[0], cuts[3]), Span::new(cuts[1], cuts[2]));
            let once = Pauses::of(&text, sentence).clause_around(inner);
            prop_assert_eq!(once, clause_around(&text, sentence, inner));
        }
    }
}
