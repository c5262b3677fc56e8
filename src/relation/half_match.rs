//! Phrases whose words stand in a sentence and that did not match it: how far they came, for `extract --explain`.

use super::binder::{Binder, Candidate, Instance};
use super::matcher::SentenceView;
use super::model::Filler;
use super::pattern::Pattern;
use super::phrasebook::{Phrase, Piece};
use crate::source::Span;

/// The furthest that a phrase came from one start.
#[derive(Clone, Debug)]
pub(super) struct HalfMatch {
    pub start: usize,
    /// Where the piece was looked for that did not stand there.
    pub stop: usize,
    /// That piece's number.
    pub piece: usize,
    pub fillers: Vec<(usize, Filler)>,
}

/// Of the phrases that fail on one figure, so many are told of.
const TOLD_OF: usize = 2;

/// Bytes of the text that are shown where a phrase stopped.
const SHOWN: usize = 36;

impl Binder<'_> {
    /// Keeps, for each key figure, the phrases that came furthest, where no phrase bound it.
    pub fn note_halves(&mut self, sentence: u32, view: &SentenceView<'_>, phrases: &[usize]) {
        let mut ranked = Vec::new();
        for &number in phrases {
            let phrase = &self.book.phrases[number];
            let mut halves = Vec::new();
            view.halves(phrase, &self.book.relations[phrase.relation], &mut halves);
            for half in halves {
                let (passed, asked) = (required(phrase, half.piece), required(phrase, phrase.pieces.len()));
                if let Some(figure) = self.figure_of(phrase, &half)
                    && passed * 2 >= asked
                {
                    ranked.push((
                        (figure, asked - passed, std::cmp::Reverse(half.fillers.len()), asked),
                        number,
                        half,
                    ));
                }
            }
        }
        ranked.sort_by_key(|half| (half.0, half.1, half.2.start));
        let mut told: Vec<(usize, usize)> = Vec::new();
        for ((figure, ..), number, half) in ranked {
            let phrase = &self.book.phrases[number];
            let of_figure = told.iter().filter(|(other, _)| *other == figure).count();
            if of_figure >= TOLD_OF
                || told.contains(&(figure, phrase.relation))
                || self.is_bound(sentence, phrase.relation, figure)
            {
                continue;
            }
            told.push((figure, phrase.relation));
            let dropped = Some(self.stopped(view, phrase, &half));
            let instance = Instance {
                relation: phrase.relation,
                phrase: Some(number),
                sentence,
                span: Span::new(half.start, half.stop.max(half.start)),
                fillers: half.fillers,
                inferred: false,
                named: false,
            };
            self.note(Candidate { instance, dropped });
        }
    }

    /// The key figure of a half match, or the last that it bound.
    fn figure_of(&self, phrase: &Phrase, half: &HalfMatch) -> Option<usize> {
        let key = self.book.relations[phrase.relation].key;
        let of_key =
            half.fillers.iter().filter(|(role, _)| *role == key).find_map(|(_, filler)| filler.quantity());
        of_key.or_else(|| half.fillers.iter().filter_map(|(_, filler)| filler.quantity()).max())
    }

    /// Whether the figure stands in a match that was kept, or in one of the relation: no half one says more of it.
    fn is_bound(&self, sentence: u32, relation: usize, figure: usize) -> bool {
        let says =
            |candidate: &&Candidate| candidate.dropped.is_none() || candidate.instance.relation == relation;
        let here = |candidate: &&Candidate| candidate.instance.sentence == sentence;
        let mut matches = self.noted().iter().rev().take_while(here).filter(says);
        matches.any(|candidate| {
            candidate.instance.fillers.iter().any(|(_, filler)| filler.quantity() == Some(figure))
        })
    }

    /// Which piece was not there, and what stands in its place.
    fn stopped(&self, view: &SentenceView<'_>, phrase: &Phrase, half: &HalfMatch) -> String {
        // A gap that leads nowhere lacks what comes behind it.
        let piece = (half.piece..phrase.pieces.len())
            .find(|&at| !matches!(phrase.pieces[at], (Piece::Gap { .. }, _) | (_, true)))
            .unwrap_or(half.piece);
        let elements = Pattern::parse(&phrase.text).map(|pattern| pattern.elements).unwrap_or_default();
        let written = elements.get(piece).map_or("", |element| &phrase.text[element.at.0..element.at.1]);
        let prose = &self.document.prose;
        let end = prose.floor_char_boundary(view.span.end.min(half.stop + SHOWN)).max(half.stop);
        let text = prose[half.stop..end].replace(|c: char| c.is_control(), " ");
        let text = text.trim();
        let more = if end < view.span.end { "…" } else { "" };
        if text.is_empty() {
            format!("the sentence ends where `{written}` should stand")
        } else if matches!(phrase.pieces.get(half.piece), Some((Piece::Gap { .. }, _))) {
            format!("no `{written}` in reach of “{text}{more}”")
        } else {
            format!("no `{written}` at “{text}{more}”")
        }
    }
}

/// How many of the first pieces must be there and say something.
fn required(phrase: &Phrase, pieces: usize) -> usize {
    let asks =
        |(piece, optional): &&(Piece, bool)| !optional && !matches!(piece, Piece::Gap { .. } | Piece::Pause);
    phrase.pieces[..pieces].iter().filter(asks).count()
}
