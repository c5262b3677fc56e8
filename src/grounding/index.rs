//! All figures of all sources, to be found by value.

use std::collections::HashMap;
use std::ops::Range;

use rayon::prelude::*;
use rust_decimal::Decimal;

use super::figure::{base_factor, written};
use super::{GroundingLexicon, Origin, SourceFigure, Texts};
use crate::quantity::{Quantity, QuantityLexicon, Unit};
use crate::source::Span;

/// A figure of a source.
#[derive(Clone, Copy, Debug)]
pub(super) struct Candidate {
    pub figure: SourceFigure,
    pub quantity: Quantity,
}

impl Candidate {
    /// Whether only somebody who knows how it was heard sees it.
    pub fn reheard(&self) -> bool {
        self.figure.quantity.is_none()
    }
}

/// The figures of all sources, in order of origin and place.
#[derive(Debug, Default)]
pub(super) struct Index {
    pub candidates: Vec<Candidate>,
    /// Where each of them stands.
    places: Vec<(Origin, Span)>,
    /// By the value written.
    written: Vec<(Decimal, u32)>,
    /// By the value in base terms of their dimension.
    base: HashMap<String, Vec<(Decimal, u32)>>,
}

impl Index {
    pub fn new(
        texts: &Texts<'_>,
        origins: &[Origin],
        units: &QuantityLexicon,
        noise: &GroundingLexicon,
    ) -> Self {
        let mut index = Self::default();
        for &origin in origins {
            index.candidates.extend(read(texts, origin, units, noise));
        }
        for (number, candidate) in (0..).zip(&index.candidates) {
            for figure in written(&candidate.quantity) {
                index.written.push((figure.value, number));
                if let Some((dimension, factor)) = base_factor(candidate.quantity.unit, units)
                    && let Some(value) = figure.value.checked_mul(factor)
                {
                    match index.base.get_mut(dimension) {
                        Some(list) => list.push((value, number)),
                        None => drop(index.base.insert(dimension.to_owned(), vec![(value, number)])),
                    }
                }
            }
        }
        index.places = index
            .candidates
            .iter()
            .map(|candidate| (candidate.figure.origin, candidate.figure.span))
            .collect();
        index.written.sort_unstable();
        index.base.values_mut().for_each(|list| list.sort_unstable());
        index
    }

    /// The figures written with a value in the range.
    pub fn written(&self, low: Decimal, high: Decimal) -> &[(Decimal, u32)] {
        within(&self.written, low, high)
    }

    /// The figures of a dimension with a value in the range, both in base terms.
    pub fn base(&self, dimension: &str, low: Decimal, high: Decimal) -> &[(Decimal, u32)] {
        self.base.get(dimension).map_or(&[], |list| within(list, low, high))
    }

    /// The number of a figure, by its place.
    pub fn number_of(&self, figure: SourceFigure) -> u32 {
        let key = (figure.origin, figure.span.start);
        let at = self.places.partition_point(|(origin, span)| (*origin, span.start) < key);
        u32::try_from(at).unwrap_or(u32::MAX)
    }

    /// The figures of the same text that begin within so many bytes of a figure, itself among them.
    pub fn near(&self, number: u32, reach: usize) -> Range<usize> {
        let at = number as usize;
        let (origin, place) = self.places[at];
        let (low, high) = (place.start.saturating_sub(reach), place.end + reach);
        let before = self.places[..at].iter().rev();
        let behind = self.places[at..].iter();
        let from = at - before.take_while(|(other, span)| *other == origin && span.start >= low).count();
        from..at + behind.take_while(|(other, span)| *other == origin && span.start < high).count()
    }
}

fn within(list: &[(Decimal, u32)], low: Decimal, high: Decimal) -> &[(Decimal, u32)] {
    let from = list.partition_point(|(value, _)| *value < low);
    let to = list.partition_point(|(value, _)| *value <= high);
    &list[from..to.max(from)]
}

fn read(
    texts: &Texts<'_>,
    origin: Origin,
    units: &QuantityLexicon,
    noise: &GroundingLexicon,
) -> Vec<Candidate> {
    let text = texts.text(origin);
    let quantities = text.reading.quantities.iter().enumerate();
    let mut found: Vec<Candidate> = quantities
        .filter(|(_, quantity)| texts.is_source(origin, quantity.span))
        .map(|(number, quantity)| Candidate {
            figure: SourceFigure { origin, span: quantity.span, quantity: Some(number) },
            quantity: *quantity,
        })
        .collect();
    let blocks = text.document.blocks.par_iter().filter(|block| texts.is_source(origin, block.span));
    let reheard: Vec<_> =
        blocks.flat_map_iter(|block| noise.reheard(&text.document.prose, block.span, units)).collect();
    let read_already: Vec<Span> = found
        .iter()
        .filter(|candidate| candidate.quantity.unit != Unit::Bare)
        .map(|candidate| candidate.figure.span)
        .collect();
    let new = reheard.into_iter().filter(|reheard| {
        let at = read_already.partition_point(|span| span.end <= reheard.span.start);
        // What reaches further than what was read, 三个G瓦 than 三个, is the better reading.
        read_already.get(at).is_none_or(|span| {
            span.start >= reheard.span.end || span.start >= reheard.span.start && span.end < reheard.span.end
        })
    });
    found.extend(new.map(|reheard| Candidate {
        figure: SourceFigure { origin, span: reheard.span, quantity: None },
        quantity: Quantity { span: reheard.span, ..reheard.quantity },
    }));
    found.sort_by_key(|candidate| (candidate.figure.span.start, candidate.figure.span.end));
    found
}
