//! The words before and behind a number that bound or soften it.

use super::lexicon::QuantityLexicon;
use super::model::Bound;
use super::token::{cut_blanks, skip_blanks};
use super::vocabulary::Effect;
use super::word_trie::Boundary;
use crate::source::Span;

/// What the words around an amount say.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Hedging {
    pub(super) bound: Bound,
    pub(super) approximate: bool,
    pub(super) span: Option<Span>,
}

impl Hedging {
    fn take(&mut self, effect: Effect, span: Span) {
        match effect {
            Effect::None => return,
            Effect::About => self.approximate = true,
            other if self.bound == Bound::Exact => self.bound = other.bound(),
            _ => return,
        }
        self.span = Some(self.span.map_or(span, |before| before.join(span)));
    }
}

/// Reads the hedges around `text[start..end]`, within `from..to`.
pub(super) fn around(
    text: &str,
    range: Span,
    place: Span,
    is_time: bool,
    lexicon: &QuantityLexicon,
) -> Hedging {
    let mut hedging = Hedging::default();
    let before = cut_blanks(&text[range.start..place.start]);
    if let Some((length, hedge)) = lexicon.hedges_before.longest_before(before)
        && !(is_time && hedge.not_time)
    {
        let end = range.start + before.len();
        hedging.take(hedge.effect, Span::new(end - length, end));
        // 超过约, about at least: one more word.
        if hedge.effect != Effect::None {
            let further = cut_blanks(&before[..before.len() - length]);
            if let Some((length, hedge)) = lexicon.hedges_before.longest_before(further) {
                let end = range.start + further.len();
                hedging.take(hedge.effect, Span::new(end - length, end));
            }
        }
    }
    let after = &text[place.end..range.end];
    let apart = skip_blanks(after);
    let gap = after.len() - apart.len();
    if let Some(next) = apart.strip_prefix(['+', '＋']) {
        if gap == 0 && !next.starts_with(|sign: char| sign.is_ascii_alphanumeric()) {
            let end = range.end - next.len();
            hedging.take(Effect::AtLeast, Span::new(place.end, end));
        }
    } else if let Some((length, hedge)) = lexicon.hedges_after.longest(apart, Boundary::Word) {
        let start = place.end + gap;
        hedging.take(hedge.effect, Span::new(start, start + length));
    }
    hedging
}
