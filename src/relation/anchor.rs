//! Which phrases are worth trying in a sentence: each is looked up by the word that fewest sentences have.

use fnv::FnvHashMap;

use super::phrasebook::Phrase;
use crate::lexicon::{ClassId, ClassSet, Lexicon, LexiconBuilder, Meanings};

/// The phrases by the classes that they are looked up by.
#[derive(Clone, Debug, Default)]
pub(super) struct Anchors {
    /// The classes that phrases ask for.
    asked: ClassSet,
    /// What words mean in these classes.
    pub meanings: Meanings,
    /// Those that phrases are looked up by.
    any: ClassSet,
    /// Those of phrases that match without figures.
    bare: ClassSet,
    /// The phrases of a class, by its number.
    phrases: Vec<Vec<Anchored>>,
}

/// A phrase under the class that it is looked up by.
#[derive(Clone, Copy, Debug)]
pub(super) struct Anchored {
    /// Index into [`super::Phrasebook::phrases`].
    pub phrase: usize,
    /// The next class that few sentences have and that the phrase needs too.
    pub beside: Option<ClassId>,
}

impl Anchors {
    pub fn of(phrases: &[Phrase], gap_stop: Option<ClassId>, lexicon: &LexiconBuilder) -> Self {
        let mut anchors = Self {
            asked: phrases.iter().flat_map(Phrase::classes).chain(gap_stop).collect(),
            ..Self::default()
        };
        let mut commonness = FnvHashMap::default();
        for (phrase, written) in phrases.iter().enumerate() {
            let common = |class| *commonness.entry(class).or_insert_with(|| lexicon.commonness(class));
            let Some((anchor, beside)) = rarest(&written.outline.classes, common) else { continue };
            let number = usize::from(anchor.0);
            if number >= anchors.phrases.len() {
                anchors.phrases.resize(number + 1, Vec::new());
            }
            anchors.phrases[number].push(Anchored { phrase, beside });
            anchors.any.insert(anchor);
            if !written.binds_quantities() {
                anchors.bare.insert(anchor);
            }
        }
        anchors
    }

    /// Learns what each word means to phrases, when all words are known.
    pub fn settle(&mut self, lexicon: &Lexicon) {
        self.meanings = lexicon.meanings(&self.asked);
    }

    /// The classes that bring phrases up in a sentence with or without figures.
    pub fn classes(&self, figures: bool) -> &ClassSet {
        if figures { &self.any } else { &self.bare }
    }

    /// The phrases that a class brings up.
    pub fn phrases_of(&self, class: ClassId) -> &[Anchored] {
        self.phrases.get(usize::from(class.0)).map_or(&[], Vec::as_slice)
    }
}

/// The two classes that fewest sentences have, the first of equals first.
fn rarest(
    classes: &[ClassId],
    mut commonness: impl FnMut(ClassId) -> u32,
) -> Option<(ClassId, Option<ClassId>)> {
    let anchor = *classes.iter().min_by_key(|class| commonness(**class))?;
    let beside = classes.iter().filter(|class| **class != anchor).min_by_key(|class| commonness(**class));
    Some((anchor, beside.copied()))
}
