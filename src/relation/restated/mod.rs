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

use super::binder::{Relations, SENTENCES_AT_ONCE};
use super::phrasebook::Phrasebook;
use super::statements::{Filled, Statements};
use super::table::{Grid, Scene};
use super::unit_agreement::{comparable, within};
use crate::document::Role;
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
    let facts = &relations.facts;
    let gather = |find: &dyn Fn(&mut Places<'_>)| {
        let mut places = Places { scene, book, statements: Statements::new(book, explain) };
        find(&mut places);
        places.statements
    };
    let in_lists = || {
        gather(&|places| {
            row::find(places, grids);
            counted::find(places);
        })
    };
    let of_cells = || gather(&|places| cell::find(places, grids, facts));
    let elsewhere = || {
        gather(&|places| {
            figure::find(places, facts);
            spread::of_lists(places);
            twin::find(places, facts);
        })
    };
    // Waking other threads pays only for long documents.
    let (in_lists, (of_cells, elsewhere)) = if scene.document.sentences.len() <= SENTENCES_AT_ONCE {
        (in_lists(), (of_cells(), elsewhere()))
    } else {
        rayon::join(in_lists, || rayon::join(of_cells, elsewhere))
    };
    for statements in [in_lists, of_cells, elsewhere] {
        statements.add_to(relations);
    }
}

/// Gathers the facts of one document that stand in several places.
struct Places<'a> {
    scene: Scene<'a>,
    book: &'a Phrasebook,
    /// Where it is sure, both places say in so many words that they speak of the same fact.
    statements: Statements<'a>,
}

impl<'a> Places<'a> {
    fn prose(&self) -> &'a str {
        &self.scene.document.prose
    }

    /// What is stated at `span`, with all that it may repeat.
    fn state(&mut self, relation: &str, span: Span, readings: Vec<Filled<'_>>) {
        let sentence = self.scene.document.sentence_at(span.start).and_then(|at| u32::try_from(at).ok());
        if let Some(sentence) = sentence {
            self.statements.add(relation, (sentence, span), readings);
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
