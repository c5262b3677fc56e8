//! Figures whose source says who measured them, and whose report does not.

use std::collections::HashMap;

use super::{at, has};
use crate::check::bindings::Scene;
use crate::check::structure::Occurrence;
use crate::document::{BlockKind, Role};
use crate::quantity::{Kind, Magnitude, Quantity, Unit};
use crate::source::Span;

/// Bytes before a figure of the source in which its origin stands: sixty Han characters.
const ORIGIN_REACH: usize = 180;
/// A figure that stands in more places of the source is not the one that the report took.
const MOST_PLACES: usize = 3;

type Key = (Kind, rust_decimal::Decimal);

/// Sentences of the report with a figure that its source gives with an origin.
pub(super) fn dropped(scene: &Scene<'_>) -> Vec<Occurrence> {
    let Some(origin) = scene.words.origin else { return Vec::new() };
    let document = scene.document;
    if !document.blocks.iter().any(|block| block.role == Role::Source) {
        return Vec::new();
    }
    let (mut in_source, mut in_report): (HashMap<Key, Vec<Span>>, Vec<(Key, Span)>) = Default::default();
    for quantity in &scene.reading.quantities {
        let block = document.block_of(quantity.span.start).map(|block| document.blocks[block]);
        let (Some(key), Some(block)) = (key(quantity), block) else { continue };
        if block.role == Role::Source {
            in_source.entry(key).or_default().push(quantity.span);
        } else if !matches!(block.kind, BlockKind::Label { .. } | BlockKind::Field) {
            in_report.push((key, quantity.span));
        }
    }
    let mut found = Vec::new();
    let mut last = None;
    for (key, span) in in_report {
        let places = in_source.get(&key).map_or(&[][..], Vec::as_slice);
        let sentence = document.sentence_at(span.start);
        let Some(number) = sentence.filter(|_| (1..=MOST_PLACES).contains(&places.len())) else { continue };
        let named = |place: &Span| {
            let start = document.prose.ceil_char_boundary(place.start.saturating_sub(ORIGIN_REACH));
            let before = scene.hits.within(Span::new(start, place.start)).of(origin).last();
            // Inside the source alone.
            before.filter(|word| {
                let block = document.block_of(word.span.start);
                block.is_some_and(|block| document.blocks[block].role == Role::Source)
            })
        };
        let Some(word) = places.iter().find_map(named) else { continue };
        let sentence = document.sentences[number];
        let told = document.blocks[sentence.block as usize].span;
        let silent = has(scene, scene.words.source, told) || has(scene, Some(origin), told);
        if silent || last == Some(number) {
            continue;
        }
        last = Some(number);
        found.push(Occurrence {
            related: vec![("origin".to_owned(), word.span)],
            ..at(span, word.span.of(&document.text).to_owned())
        });
    }
    found
}

/// What a figure is told by: its kind and value. Years, ordinals and small counts are in every text.
fn key(quantity: &Quantity) -> Option<Key> {
    let Magnitude::One(figure) = quantity.magnitude else { return None };
    let small = quantity.unit == Unit::Bare && figure.value.abs() < rust_decimal::Decimal::ONE_THOUSAND;
    let told = matches!(quantity.kind, Kind::Money | Kind::Percent | Kind::Quantity | Kind::Number);
    // "1706亿" of a transcript is the report's "$1706 亿".
    let kind = if quantity.kind == Kind::Percent { Kind::Percent } else { Kind::Number };
    (told && !small).then(|| (kind, figure.value.normalize()))
}
