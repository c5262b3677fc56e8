use std::sync::Arc;

use rust_decimal::Decimal;

use super::{ClassId, ClassSet};
use crate::source::{PlaceIndex, Span};

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
pub(super) struct Senses {
    /// Those of one word side by side, in order of the classes.
    senses: Vec<Sense>,
    words: Vec<WordSenses>,
}

/// Where the senses of one word stand.
#[derive(Clone, Copy, Debug)]
struct WordSenses {
    from: u32,
    to: u32,
    /// One bit for each class that it is a word of, guards left out; classes 64 apart share one. Common words are in
    /// many classes, and most questions are about another one.
    classes: u64,
}

impl Senses {
    pub fn of(words: Vec<Vec<Sense>>) -> Self {
        let mut all = Self { senses: Vec::new(), words: Vec::with_capacity(words.len()) };
        words.into_iter().for_each(|senses| all.push(senses));
        all
    }

    fn push(&mut self, senses: impl IntoIterator<Item = Sense>) {
        let from = self.senses.len();
        self.senses.extend(senses);
        let meant = self.senses[from..].iter().filter(|sense| !sense.guard);
        let classes = meant.fold(0, |bits, sense| bits | bit(sense.class));
        self.words.push(WordSenses { from: number(from), to: number(self.senses.len()), classes });
    }

    pub fn of_word(&self, word: u32) -> &[Sense] {
        match self.words.get(word as usize) {
            Some(WordSenses { from, to, .. }) => &self.senses[*from as usize..*to as usize],
            None => &[],
        }
    }

    fn has(&self, word: u32, class: ClassId) -> bool {
        self.words.get(word as usize).is_some_and(|senses| senses.classes & bit(class) != 0)
            && self.of_word(word).iter().any(|sense| sense.class == class && !sense.guard)
    }

    fn has_any(&self, word: u32, classes: &ClassSet) -> bool {
        self.of_word(word).iter().any(|sense| !sense.guard && classes.contains(sense.class))
    }

    /// Whether a word is one of these classes. In a long text that is worked out for every word once, so that most
    /// matches cost next to nothing.
    fn wanted<'s>(&'s self, classes: &'s ClassSet, matches: usize) -> impl Fn(u32) -> bool + use<'s> {
        let known = (matches > self.words.len()).then(|| {
            (0..number(self.words.len())).map(|word| self.has_any(word, classes)).collect::<Vec<_>>()
        });
        move |word| match &known {
            Some(known) => known[word as usize],
            None => self.has_any(word, classes),
        }
    }

    /// The same words with what they mean in some classes alone, guards left out.
    pub fn narrowed(&self, classes: &ClassSet) -> Self {
        let meant = |sense: &&Sense| !sense.guard && classes.contains(sense.class);
        let mut narrowed = Self { senses: Vec::new(), words: Vec::with_capacity(self.words.len()) };
        for word in 0..number(self.words.len()) {
            narrowed.push(self.of_word(word).iter().filter(meant).cloned());
        }
        narrowed
    }
}

/// What the words of a lexicon mean in some of its classes alone: what words mean in all others costs nothing there.
#[derive(Clone, Debug, Default)]
pub struct Meanings(pub(super) Arc<Senses>);

fn bit(class: ClassId) -> u64 {
    1 << (class.0 % 64)
}

/// Word lists are written by people: they never come near four thousand million senses.
fn number(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
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
    matches: Vec<Match>,
    /// Of the matches.
    places: PlaceIndex,
    /// What guards took away, word by word.
    cancelled: Vec<(Span, ClassId)>,
    senses: Arc<Senses>,
}

/// The words that start inside one stretch of the text.
#[derive(Clone, Copy, Debug)]
pub struct HitSlice<'h> {
    hits: &'h Hits,
    matches: &'h [Match],
    senses: &'h Senses,
}

impl Hits {
    pub(super) fn new(matches: Vec<Match>, cancelled: Vec<(Span, ClassId)>, senses: Arc<Senses>) -> Self {
        let places = PlaceIndex::of(matches.iter().map(|found| found.span.start));
        Self { matches, places, cancelled, senses }
    }

    /// Every word.
    pub fn all(&self) -> HitSlice<'_> {
        HitSlice { hits: self, matches: &self.matches, senses: &self.senses }
    }

    /// The words that start inside `span`.
    pub fn within(&self, span: Span) -> HitSlice<'_> {
        let from = self.places.first_from(&self.matches, span.start, |found| found.span.start);
        HitSlice { matches: &self.matches[from..], ..self.all() }.until(span.end)
    }

    /// The words of some classes alone.
    pub fn only(&self, classes: &ClassSet) -> Self {
        let wanted = self.senses.wanted(classes, self.matches.len());
        let matches = self.matches.iter().filter(|found| wanted(found.word)).copied().collect();
        Self::new(matches, self.cancelled.clone(), Arc::clone(&self.senses))
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
        Self { matches: &self.matches[from..], ..self }.until(span.end)
    }

    /// Those that start before `end`.
    fn until(self, end: usize) -> Self {
        // Most stretches are short: counting is faster than another search.
        let count = match self.matches.get(LONG) {
            Some(found) if found.span.start < end => {
                self.matches.partition_point(|found| found.span.start < end)
            }
            _ => self.matches.iter().take_while(|found| found.span.start < end).count(),
        };
        Self { matches: &self.matches[..count], ..self }
    }

    /// The same words with what they mean in some classes alone.
    pub fn meaning(self, meanings: &'h Meanings) -> Self {
        Self { senses: &meanings.0, ..self }
    }

    /// The hits of every class, by start, the longer word first, then by class.
    pub fn iter(self) -> impl DoubleEndedIterator<Item = Hit> + 'h {
        self.matches.iter().flat_map(move |found| self.senses(found))
    }

    /// The hits of one class.
    pub fn of(self, class: ClassId) -> impl Iterator<Item = Hit> + 'h {
        let found = self.matches.iter().filter(move |found| self.senses.has(found.word, class));
        found.flat_map(move |found| self.senses(found).filter(move |hit| hit.class == class))
    }

    /// The hits of these classes.
    pub fn of_any(self, classes: &'h ClassSet) -> impl Iterator<Item = Hit> + 'h {
        let wanted = self.senses.wanted(classes, self.matches.len());
        let found = self.matches.iter().filter(move |found| wanted(found.word));
        found.flat_map(move |found| self.senses(found)).filter(|hit| classes.contains(hit.class))
    }

    /// The hits of one class that start exactly at `start`.
    pub fn at(self, start: usize, class: ClassId) -> impl Iterator<Item = Hit> + 'h {
        let from = self.matches.partition_point(|found| found.span.start < start);
        let here = self.matches[from..].iter().take_while(move |found| found.span.start == start);
        here.filter(move |found| self.senses.has(found.word, class))
            .flat_map(move |found| self.senses(found).filter(move |hit| hit.class == class))
    }

    /// Whether any of the words is one of these classes.
    pub fn has_any(self, classes: &ClassSet) -> bool {
        let mut found = self.matches.iter().filter(|found| self.senses.has_any(found.word, classes));
        found.any(|found| self.senses(found).any(|hit| classes.contains(hit.class)))
    }

    /// Whether a word of the class ends at `end` or before.
    pub fn has(self, class: ClassId, end: usize) -> bool {
        self.of(class).any(|hit| hit.span.end <= end)
    }

    fn senses(self, found: &'h Match) -> impl DoubleEndedIterator<Item = Hit> + 'h {
        let hits = self.hits;
        self.senses
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
