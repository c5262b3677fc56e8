use chrono::NaiveDate;

use super::Locale;
use super::globs::Globs;
use super::origin::Sourced;
use super::schema::Level;
use super::selector::Selector;
use crate::finding::Confidence;
use crate::rule::Persona;
use crate::source::Span;

/// Settings from one place, for all reports or for some. A later layer outweighs an earlier one.
#[derive(Clone, Debug, Default)]
pub(super) struct Layer {
    /// The reports that it holds for; all without.
    pub paths: Option<Sourced<Globs>>,
    pub select: Option<Sourced<Vec<Chosen>>>,
    pub ignore: Option<Sourced<Vec<Chosen>>>,
    pub severity: Vec<(Chosen, Sourced<Level>)>,
    pub min_confidence: Option<Sourced<Confidence>>,
    pub persona: Option<Sourced<Persona>>,
    pub lang: Option<Sourced<Locale>>,
    pub date: Option<Sourced<NaiveDate>>,
}

/// Rules chosen by a word of a file.
#[derive(Clone, Debug)]
pub(super) struct Chosen {
    pub selector: Selector,
    pub written: String,
    /// The number of the file that it stands in, and its place there.
    pub file: usize,
    pub span: Span,
}

impl Chosen {
    pub fn new(written: String, file: usize, span: Span) -> Self {
        Self { selector: Selector::new(&written), written, file, span }
    }
}

/// What the layers come to for the rules, as they are written.
pub(super) struct Choices<'c> {
    pub select: Sourced<Vec<&'c str>>,
    /// The lists since the last `select`.
    pub ignore: Vec<&'c Sourced<Vec<Chosen>>>,
    /// By the words that choose the rules, in the order in which they count.
    pub severity: Vec<(&'c str, &'c Sourced<Level>)>,
}

/// Folds layers, the lightest first.
pub(super) fn choices<'c>(layers: impl Iterator<Item = &'c Layer>) -> Choices<'c> {
    let mut choices =
        Choices { select: Sourced::default_of(vec!["default"]), ignore: Vec::new(), severity: Vec::new() };
    for layer in layers {
        if let Some(select) = &layer.select {
            let value = select.value.iter().map(|chosen| chosen.written.as_str()).collect();
            choices.select = Sourced { value, origin: select.origin.clone() };
            choices.ignore.clear();
        }
        choices.ignore.extend(&layer.ignore);
        for (chosen, level) in &layer.severity {
            choices.severity.retain(|(written, _)| *written != chosen.written);
            choices.severity.push((&chosen.written, level));
        }
    }
    choices
}

/// The last of the values that are set.
pub(super) fn last<'c, T: Clone + 'c>(
    layers: impl Iterator<Item = &'c Layer>,
    value: impl Fn(&'c Layer) -> &'c Option<Sourced<T>>,
) -> Option<Sourced<T>> {
    layers.filter_map(|layer| value(layer).clone()).last()
}
