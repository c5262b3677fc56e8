use std::sync::Arc;

use rust_decimal::Decimal;

use super::{ClassId, ClassSet};
use crate::source::Span;

/// What a word means in one of its classes.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Sense {
    pub class: ClassId,
    pub value: Option<Decimal>,
    /// Cancels hits of the class that it contains.
    pub guard: bool,
}

/// The senses of every word, by the word's number.
#[derive(Debug, Default)]
pub(super) struct Senses(Vec<WordSenses>);

/// The senses of one word, in order of the classes.
#[derive(Debug)]
struct WordSenses {
    senses: Vec<Sense>,
    /// The classes that it is a word of, guards left out: common words are in many, and most questions are about
    /// another one.
    classes: ClassSet,
}

impl Senses {
    pub fn of(words: Vec<Vec<Sense>>) -> Self {
        let with_classes = |senses: Vec<Sense>| {
            let classes = senses.iter().filter(|sense| !sense.guard).map(|sense| sense.class).collect();
            WordSenses { senses, classes }
        };
        Self(words.into_iter().map(with_classes).collect())
    }

    pub fn of_word(&self, word: u32) -> &[Sense] {
        &self.0[word as usize].senses
    }

    fn has(&self, word: u32, class: ClassId) -> bool {
        self.0[word as usize].classes.contains(class)
    }
}

/// A word of a class, in a text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hit {
    pub class: ClassId,
    pub span: Span,
    /// What the word is worth: a direction, a factor.
    pub value: Option<Decimal>,
}

/// A word found, for all of its classes at once.
#[derive(Clone, Copy, Debug)]
pub(super) struct Match {
    pub span: Span,
    pub word: u32,
    /// Where among the cancelled ones those of this word begin; `None` where no guard took it from a class.
    pub guarded: Option<u32>,
}

/// All words found in a text, by start; of equal starts the longer one first.
#[derive(Clone, Debug, Default)]
pub struct Hits {
    pub(super) matches: Vec<Match>,
    /// What guards took away, word by word.
    pub(super) cancelled: Vec<(Span, ClassId)>,
    pub(super) senses: Arc<Senses>,
}

/// The words that start inside one stretch of the text.
#[derive(Clone, Copy, Debug)]
pub struct HitSlice<'h> {
    hits: &'h Hits,
    matches: &'h [Match],
}

impl Hits {
    /// Every word.
    pub fn all(&self) -> HitSlice<'_> {
        HitSlice { hits: self, matches: &self.matches }
    }

    /// The words that start inside `span`.
    pub fn within(&self, span: Span) -> HitSlice<'_> {
        self.all().within(span)
    }

    /// The words of some classes alone. Which words are meant is worked out once, so that all others cost next to
    /// nothing.
    pub fn only(&self, classes: &ClassSet) -> Self {
        let meant = |word: &WordSenses| word.classes.common(classes).next().is_some();
        let wanted: Vec<bool> = self.senses.0.iter().map(meant).collect();
        let matches = self.matches.iter().filter(|found| wanted[found.word as usize]).copied().collect();
        Self { matches, cancelled: self.cancelled.clone(), senses: Arc::clone(&self.senses) }
    }

    /// Whether a word of the class lies wholly inside `span`.
    pub fn has(&self, class: ClassId, span: Span) -> bool {
        self.within(span).has(class, span.end)
    }
}

impl<'h> HitSlice<'h> {
    /// Those of these words that start inside `span`.
    pub fn within(self, span: Span) -> Self {
        let from = self.matches.partition_point(|found| found.span.start < span.start);
        let rest = &self.matches[from..];
        // Most stretches are short: counting is faster than another search.
        let count = match rest.get(LONG) {
            Some(found) if found.span.start < span.end => {
                rest.partition_point(|found| found.span.start < span.end)
            }
            _ => rest.iter().take_while(|found| found.span.start < span.end).count(),
        };
        Self { matches: &rest[..count], ..self }
    }

    /// The hits of every class, by start, the longer word first, then by class.
    pub fn iter(self) -> impl DoubleEndedIterator<Item = Hit> + 'h {
        self.matches.iter().flat_map(move |found| self.senses(found))
    }

    /// The hits of one class.
    pub fn of(self, class: ClassId) -> impl Iterator<Item = Hit> + 'h {
        let found = self.matches.iter().filter(move |found| self.hits.senses.has(found.word, class));
        found.flat_map(move |found| self.senses(found).filter(move |hit| hit.class == class))
    }

    /// The hits of these classes in a long stretch: which words are meant is worked out once, so that all others
    /// cost next to nothing.
    pub fn of_any(self, classes: &'h ClassSet) -> impl Iterator<Item = Hit> + 'h {
        let meant = |word: &WordSenses| word.classes.common(classes).next().is_some();
        let wanted: Vec<bool> = self.hits.senses.0.iter().map(meant).collect();
        let found = self.matches.iter().filter(move |found| wanted[found.word as usize]);
        found.flat_map(move |found| self.senses(found)).filter(|hit| classes.contains(hit.class))
    }

    /// The hits of one class that start exactly at `start`.
    pub fn at(self, start: usize, class: ClassId) -> impl Iterator<Item = Hit> + 'h {
        let from = self.matches.partition_point(|found| found.span.start < start);
        let here = self.matches[from..].iter().take_while(move |found| found.span.start == start);
        here.filter(move |found| self.hits.senses.has(found.word, class))
            .flat_map(move |found| self.senses(found).filter(move |hit| hit.class == class))
    }

    /// Whether a word of the class ends at `end` or before.
    pub fn has(self, class: ClassId, end: usize) -> bool {
        self.of(class).any(|hit| hit.span.end <= end)
    }

    fn senses(self, found: &'h Match) -> impl DoubleEndedIterator<Item = Hit> + 'h {
        let hits = self.hits;
        hits.senses
            .of_word(found.word)
            .iter()
            .filter(move |sense| {
                !(sense.guard
                    || found.guarded.is_some_and(|first| hits.is_cancelled(first, found.span, sense.class)))
            })
            .map(move |sense| Hit { class: sense.class, span: found.span, value: sense.value })
    }
}

/// From so many words on, the end of a stretch is searched for.
const LONG: usize = 32;

impl Hits {
    fn is_cancelled(&self, first: u32, span: Span, class: ClassId) -> bool {
        let mut own = self.cancelled[first as usize..].iter().take_while(|(other, _)| *other == span);
        own.any(|(_, cancelled)| *cancelled == class)
    }
}
