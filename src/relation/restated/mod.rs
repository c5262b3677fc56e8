//! What a report says twice: the same fact in a summary, in prose, in a table and in a diagram; how many there are of
//! what is listed.

mod cell;
mod counted;
mod figure;
mod names;
mod row;
mod spread;
mod twin;
mod words;

pub(super) use words::RestatedWords;

use rust_decimal::Decimal;
use words::Says;

use super::binder::{Candidate, Instance, Relations, RivalGroup};
use super::model::Filler;
use super::phrasebook::Phrasebook;
use super::table::{Grid, Scene};
use super::unit_agreement::{comparable, within};
use crate::document::{BREAK, MARKUP, Role};
use crate::quantity::{Kind, Quantity, Unit};
use crate::source::Span;

/// Binds what is stated again to what it repeats, and adds both to `relations`, which hold the facts already.
pub(super) fn find(
    scene: Scene<'_>,
    grids: &[Option<Grid>],
    book: &Phrasebook,
    explain: bool,
    relations: &mut Relations,
) {
    let mut places = Places { scene, book, explain, groups: Vec::new(), candidates: Vec::new() };
    row::find(&mut places, grids);
    counted::find(&mut places);
    cell::find(&mut places, grids, &relations.facts);
    figure::find(&mut places, &relations.facts);
    spread::of_lists(&mut places);
    twin::find(&mut places, &relations.facts);
    relations.groups.extend(places.groups);
    relations.candidates.extend(places.candidates);
}

/// Gathers the facts of one document that stand in several places.
struct Places<'a> {
    scene: Scene<'a>,
    book: &'a Phrasebook,
    /// Whether what was tried is kept.
    explain: bool,
    groups: Vec<RivalGroup>,
    candidates: Vec<Candidate>,
}

/// One way to read a figure as one that stands elsewhere too.
struct Repeated<'r> {
    fillers: Vec<(&'r str, Filler)>,
    /// Whether both places say in so many words that they speak of the same fact.
    explicit: bool,
}

impl<'a> Places<'a> {
    fn prose(&self) -> &'a str {
        &self.scene.document.prose
    }

    /// What is stated at `span`, with all that it may repeat. The relation is missing only where somebody took its
    /// file away.
    fn state(&mut self, relation: &str, span: Span, readings: Vec<Repeated<'_>>) {
        let Some(number) = self.book.find(relation) else { return };
        let shape = &self.book.relations[number];
        let sentence = self.scene.document.sentence_at(span.start).and_then(|at| u32::try_from(at).ok());
        let Some(sentence) = sentence else { return };
        let role = |name: &str| shape.roles.iter().position(|role| role.name == name);
        let readings: Vec<Instance> = readings
            .into_iter()
            .map(|Repeated { fillers, explicit }| Instance {
                relation: number,
                phrase: None,
                sentence,
                span,
                fillers: fillers
                    .into_iter()
                    .filter_map(|(name, filler)| Some((role(name)?, filler)))
                    .collect(),
                inferred: !explicit,
                named: false,
            })
            .collect();
        if self.explain {
            let kept =
                readings.iter().map(|instance| Candidate { instance: instance.clone(), dropped: None });
            self.candidates.extend(kept);
        }
        if !readings.is_empty() {
            self.groups.push(RivalGroup { readings });
        }
    }

    /// Whether two figures are of one unit, so that they can be told apart; each with its number in the document.
    fn are_alike(&self, one: usize, stated: &Quantity, other: usize, told: &Quantity) -> bool {
        let measure = |quantity: &Quantity| matches!(quantity.unit, Unit::Measure { .. });
        if stated.kind == Kind::Duration && told.kind == Kind::Duration {
            return true;
        }
        let written = |index: usize| self.scene.reading.quantities[index].unit == Unit::Bare;
        // The scale of a bare figure is a guess: where it is far off, the guess is wrong and not the figure.
        let guessed = written(one) != written(other);
        comparable(stated, told)
            && measure(stated) == measure(told)
            && (!guessed || within(stated, told, Decimal::from(GUESSED_APART)))
    }

    /// The sections, by number, whose heading, or one above it, speaks of what may be, of others or of cases.
    fn supposed_sections(&self) -> Vec<bool> {
        let sections = &self.scene.document.sections;
        let mut supposed: Vec<bool> = Vec::with_capacity(sections.len());
        for section in sections {
            let above = section.parent.and_then(|parent| supposed.get(parent as usize)).copied();
            let own = self.book.restated.say(self.scene.hits, section.heading, Says::CaseHeading);
            supposed.push(above.unwrap_or(false) || own);
        }
        supposed
    }

    /// Whether a place belongs to the text that the report was made from.
    fn in_source(&self, place: Span) -> bool {
        let document = self.scene.document;
        document.block_of(place.start).is_some_and(|block| document.blocks[block].role == Role::Source)
    }
}

/// A bare figure and one with a unit are compared where the one is no more than so many times the other.
const GUESSED_APART: u32 = 3;

/// A text without the marks painted over it, its blanks as one space.
fn plain(text: &str) -> String {
    let text: String = text.chars().filter(|c| *c != char::from(MARKUP) && *c != char::from(BREAK)).collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
