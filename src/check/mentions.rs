//! Where the report and its sources give the same figure.

use std::collections::HashMap;

use rust_decimal::Decimal;

use super::against_source::Held;
use crate::document::Document;
use crate::grounding::{Origin, Text, Verdict, significant_digits};
use crate::quantity::{Kind, Magnitude, Quantity, QuantityLexicon, Unit};
use crate::source::Span;

/// A figure that more places of a source give than this is too common to be told apart.
const MOST_MENTIONS: usize = 8;
/// The same for a number, whatever it is a number of, in a source or in the report.
const MOST_PLACES: usize = 64;

/// One place that gives a figure.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mention<'a> {
    pub origin: Origin,
    pub text: Text<'a>,
    pub quantity: &'a Quantity,
}

/// A figure of the report that a source gives too.
#[derive(Debug)]
pub(super) struct Shared<'a> {
    /// The place in the report that is looked at.
    pub report: Mention<'a>,
    /// All places of the report that give it, that one included.
    pub in_report: Vec<Mention<'a>>,
    /// The place of the source that the report's has been found to say the same as.
    pub aligned: Mention<'a>,
    /// All places of the sources that give it.
    pub in_sources: Vec<Mention<'a>>,
}

impl Shared<'_> {
    /// Whether the figure is rare enough for each of its places to be about the same thing.
    pub fn is_distinctive(&self) -> bool {
        let digits = written(self.report.quantity).map(significant_digits).max();
        digits >= Some(3) || self.in_sources.len() <= 2
    }
}

/// Every figure of the report outside its source part that its sources support, in order of place.
pub(super) fn shared<'a>(held: &Held<'a>, units: &QuantityLexicon) -> Vec<Shared<'a>> {
    let texts = held.texts;
    let mut in_sources: HashMap<Vec<Decimal>, Vec<Mention<'a>>> = HashMap::new();
    for origin in texts.origins() {
        let text = texts.text(origin);
        for quantity in
            text.reading.quantities.iter().filter(|quantity| texts.is_source(origin, quantity.span))
        {
            in_sources.entry(key(quantity, units)).or_default().push(Mention { origin, text, quantity });
        }
    }
    let mut in_report: HashMap<Vec<Decimal>, Vec<Mention<'a>>> = HashMap::new();
    let own = |quantity: &'a Quantity| Mention { origin: Origin::Report, text: texts.report, quantity };
    let figures = &held.grounding.figures;
    for figure in figures {
        let quantity = &texts.report.reading.quantities[figure.quantity];
        in_report.entry(key(quantity, units)).or_default().push(own(quantity));
    }
    let shared = figures.iter().filter_map(|figure| {
        let Verdict::Supported(source) = &figure.verdict else { return None };
        let quantity = &texts.report.reading.quantities[figure.quantity];
        if !tells(quantity) {
            return None;
        }
        let text = texts.text(source.origin);
        let aligned =
            Mention { origin: source.origin, text, quantity: &text.reading.quantities[source.quantity?] };
        let alike = |others: Option<&Vec<Mention<'a>>>| -> Vec<Mention<'a>> {
            let others = others.into_iter().flatten().copied();
            others.filter(|other| comparable(other.quantity.unit, quantity.unit)).collect()
        };
        let key = key(quantity, units);
        let places = [in_sources.get(&key), in_report.get(&key)];
        if places.iter().flatten().any(|places| places.len() > MOST_PLACES) {
            return None;
        }
        let mut in_sources = alike(in_sources.get(&key));
        if !in_sources.iter().any(|mention| std::ptr::eq(mention.quantity, aligned.quantity)) {
            in_sources.push(aligned);
        }
        let found =
            Shared { report: own(quantity), in_report: alike(in_report.get(&key)), aligned, in_sources };
        (found.in_sources.len() <= MOST_MENTIONS).then_some(found)
    });
    shared.collect()
}

/// Whether a figure says enough to be recognised: no date, no rank, no small count.
fn tells(quantity: &Quantity) -> bool {
    let weighty = quantity.kind != Kind::Duration && !matches!(quantity.unit, Unit::Bare | Unit::Multiple);
    !matches!(quantity.kind, Kind::Date | Kind::Ordinal)
        && written(quantity).any(|value| weighty && !value.is_zero() || value.abs() >= Decimal::ONE_HUNDRED)
}

/// The numbers that a quantity is written with.
fn written(quantity: &Quantity) -> impl Iterator<Item = Decimal> {
    let (first, second) = match quantity.magnitude {
        Magnitude::One(figure) => (Some(figure), None),
        Magnitude::Range { low, high } => (low, high),
        Magnitude::Date(_) => (None, None),
    };
    first.into_iter().chain(second).map(|figure| figure.value)
}

/// The same for quantities of the same value, whatever unit of a dimension they are written in.
fn key(quantity: &Quantity, units: &QuantityLexicon) -> Vec<Decimal> {
    let factor = match quantity.unit {
        Unit::Measure { unit, .. } => units.dimension(unit).1,
        _ => Decimal::ONE,
    };
    written(quantity).filter_map(|value| value.checked_mul(factor)).map(|value| value.normalize()).collect()
}

/// Whether two figures of one value can be the same: of one kind of unit, or one without a unit.
fn comparable(a: Unit, b: Unit) -> bool {
    match (a, b) {
        (Unit::Money { .. }, Unit::Money { .. }) | (Unit::Measure { .. }, Unit::Measure { .. }) => true,
        (Unit::Percent | Unit::PercentagePoint, Unit::Percent | Unit::PercentagePoint) => true,
        (Unit::Bare, _) | (_, Unit::Bare) => true,
        _ => a == b,
    }
}

/// Bytes before a figure that words about it may take, and behind it.
const BEFORE: usize = 120;
const BEHIND: usize = 60;
/// The same for words that are a few words away at most.
const BESIDE: usize = 45;

impl Mention<'_> {
    /// The stretch in which words are about this figure and no other: its sentence, as far as the amounts before and
    /// behind it, and not across a bracket that opens before it.
    pub fn stretch(&self) -> Span {
        let document = self.text.document;
        let figure = self.quantity.span;
        let sentence = sentence(document, figure);
        let quantities = &self.text.reading.quantities;
        let at = quantities.partition_point(|quantity| quantity.span.start < figure.start);
        let floor =
            document.prose.ceil_char_boundary(figure.start.saturating_sub(BEFORE)).max(sentence.start);
        let mut start = floor;
        if let Some(open) = open_bracket(&document.prose[floor..figure.start]) {
            start = floor + open;
        }
        for other in quantities[..at].iter().rev().take_while(|other| other.span.end > start) {
            if is_amount(other) && !in_closed_brackets(document, floor, other.span, figure) {
                start = other.span.end.min(figure.start);
                break;
            }
        }
        let ceiling =
            document.prose.floor_char_boundary(figure.end + BEHIND).min(sentence.end).max(figure.end);
        let next = quantities[at..].iter().find(|other| other.span.start >= figure.end && is_amount(other));
        let end = next.map_or(ceiling, |next| next.span.start.min(ceiling));
        Span::new(start, end.max(figure.end))
    }

    /// The stretch before the figure.
    pub fn before(&self) -> Span {
        Span::new(self.stretch().start, self.quantity.span.start)
    }

    /// The part of the stretch that is a few words away at most.
    pub fn beside(&self) -> Span {
        let prose = &self.text.document.prose;
        let (stretch, figure) = (self.stretch(), self.quantity.span);
        let start = prose.ceil_char_boundary(figure.start.saturating_sub(BESIDE));
        let end = prose.floor_char_boundary(figure.end + BESIDE);
        Span::new(stretch.start.max(start), stretch.end.min(end).max(figure.end))
    }

    /// Whether no other amount stands in the stretch.
    pub fn is_alone_in(&self, stretch: Span) -> bool {
        let (_, inside) = self.text.reading.quantities_within(stretch);
        inside.iter().all(|other| other.span == self.quantity.span || !is_amount(other))
    }

    /// The clauses around the figure.
    pub fn sentence(&self) -> Span {
        let document = self.text.document;
        let figure = self.quantity.span;
        let sentence = sentence(document, figure);
        let start = document.prose.ceil_char_boundary(figure.start.saturating_sub(4 * BEFORE));
        let end = document.prose.floor_char_boundary(figure.end + 4 * BEFORE);
        Span::new(start.max(sentence.start), end.min(sentence.end).max(figure.end))
    }
}

fn sentence(document: &Document, place: Span) -> Span {
    let number = document.sentence_at(place.start);
    let span = number.map_or(place, |number| document.sentences[number].span);
    Span::new(span.start.min(place.start), span.end.max(place.end))
}

fn is_amount(quantity: &Quantity) -> bool {
    !matches!(quantity.kind, Kind::Date | Kind::Ordinal | Kind::Duration)
}

/// Where a bracket opens that does not close in the text, just behind it.
fn open_bracket(text: &str) -> Option<usize> {
    let mut depth = 0usize;
    for (at, c) in text.char_indices().rev() {
        match c {
            ')' | '）' => depth += 1,
            '(' | '（' if depth == 0 => return Some(at + c.len_utf8()),
            '(' | '（' => depth -= 1,
            _ => {}
        }
    }
    None
}

/// Whether a figure stands in brackets that close before the other one.
fn in_closed_brackets(document: &Document, floor: usize, inner: Span, figure: Span) -> bool {
    let before = &document.prose[floor.min(inner.start)..inner.start];
    let behind = &document.prose[inner.end..figure.start.max(inner.end)];
    open_bracket(before).is_some()
        && behind.find([')', '）']).is_some_and(|close| !behind[..close].contains(['(', '（']))
}
