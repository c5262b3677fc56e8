//! The words of one sentence by their classes: phrases ask for the words of one class at a time, again and again.

use crate::lexicon::{ClassId, Hit, HitSlice};
use crate::source::Span;

/// The words of the sentence at hand; one serves all sentences, so that its memory is used again.
#[derive(Debug, Default)]
pub(super) struct SentenceWords {
    /// Those of one class side by side, by start.
    hits: Vec<Hit>,
    /// Where those of a class stand, by its number.
    places: Vec<Place>,
    /// The classes in the order in which the sentence has them.
    classes: Vec<ClassId>,
    longest: usize,
}

#[derive(Clone, Copy, Debug, Default)]
struct Place {
    from: u32,
    to: u32,
}

impl SentenceWords {
    /// Forgets the last sentence and takes the words of another.
    pub fn read(&mut self, words: HitSlice<'_>) {
        for class in self.classes.drain(..) {
            self.places[usize::from(class.0)] = Place::default();
        }
        self.longest = 0;
        // Counted first, then placed. An inner loop runs much faster over these than an outer one.
        words.iter().for_each(|hit| {
            let number = usize::from(hit.class.0);
            if number >= self.places.len() {
                self.places.resize(number + 1, Place::default());
            }
            if self.places[number].to == 0 {
                self.classes.push(hit.class);
            }
            self.places[number].to += 1;
            self.longest = self.longest.max(hit.span.len());
        });
        let mut next = 0;
        for class in &self.classes {
            let place = &mut self.places[usize::from(class.0)];
            let count = place.to;
            *place = Place { from: next, to: next };
            next += count;
        }
        // What the last sentence left behind is written over.
        if self.hits.len() < next as usize {
            let none = Hit { class: ClassId(0), span: Span::new(0, 0), value: None };
            self.hits.resize(next as usize, none);
        }
        words.iter().for_each(|hit| {
            let place = &mut self.places[usize::from(hit.class.0)];
            self.hits[place.to as usize] = hit;
            place.to += 1;
        });
    }

    /// Every class that has a word here.
    pub fn classes(&self) -> &[ClassId] {
        &self.classes
    }

    /// The length of the longest word.
    pub fn longest(&self) -> usize {
        self.longest
    }

    /// The words of a class.
    pub fn of(&self, class: ClassId) -> &[Hit] {
        match self.places.get(usize::from(class.0)) {
            Some(place) => &self.hits[place.from as usize..place.to as usize],
            None => &[],
        }
    }

    /// The words of a class from a place on.
    pub fn from(&self, class: ClassId, place: usize) -> &[Hit] {
        let hits = self.of(class);
        &hits[hits.partition_point(|hit| hit.span.start < place)..]
    }

    /// The words of a class that start inside `span`.
    pub fn within(&self, class: ClassId, span: Span) -> impl Iterator<Item = &Hit> {
        self.from(class, span.start).iter().take_while(move |hit| hit.span.start < span.end)
    }
}
