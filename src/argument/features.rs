//! What parts can have in common: figures, entities, and words weighted by how few parts have them.

use std::collections::{HashMap, HashSet};

use super::Part;
use super::PartKind;
use crate::assertion::{EntityId, Reading};
use crate::document::Document;
use crate::quantity::{Kind, Magnitude, Quantity, Unit};
use crate::source::Span;

/// Bytes of one part that are looked at: a section may be as long as the report.
const LONGEST_PART: usize = 16 * 1024;

/// What two parts can share.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Feature {
    /// A word, or two Han characters, by number.
    Word(u32),
    Entity(EntityId),
    /// A figure, by number.
    Figure(u32),
}

/// The features of all parts of one document.
#[derive(Debug, Default)]
pub(super) struct Features {
    /// By part: each feature once, with its first place, in the order of the text.
    pub of_part: Vec<Vec<(Feature, Span)>>,
    /// The parts that have a feature, in order.
    pub parts: HashMap<Feature, Vec<usize>>,
    /// By part: the weight of all its features.
    pub weight_of_part: Vec<u32>,
    /// Words that are names: with a capital wherever they stand, also inside a sentence.
    pub names: HashSet<Feature>,
    /// Parts that are no nodes.
    pub count: usize,
}

impl Features {
    pub fn of(document: &Document, reading: &Reading, parts: &[Part]) -> Self {
        let mut features = Self::default();
        let mut names = Names::default();
        for (number, part) in parts.iter().enumerate() {
            let end = document.prose.floor_char_boundary(part.span.start + LONGEST_PART);
            let span = Span::new(part.span.start, part.span.end.min(end));
            let mut own: Vec<(Feature, Span)> = Vec::new();
            names.words(&document.prose, span, &mut own);
            if let Some(title) = part.title {
                names.words(&document.prose, title, &mut own);
            }
            let (_, inside) = reading.quantities_within(span);
            // GWh and 亿 belong to their figure.
            own.retain(|(_, word)| {
                let next = inside.partition_point(|quantity| quantity.span.end <= word.start);
                inside.get(next).is_none_or(|quantity| !quantity.span.overlaps(*word))
            });
            for quantity in inside.iter().filter(|quantity| counts(quantity)) {
                own.extend(names.figure(quantity).map(|figure| (figure, quantity.span)));
            }
            let first = reading.mentions.partition_point(|(place, _)| place.start < span.start);
            let mentions = reading.mentions[first..].iter().take_while(|(place, _)| place.start < span.end);
            own.extend(mentions.map(|(place, entity)| (Feature::Entity(*entity), *place)));
            let mut seen = HashSet::new();
            own.retain(|(feature, _)| seen.insert(*feature));
            for (feature, _) in &own {
                features.parts.entry(*feature).or_default().push(number);
            }
            features.of_part.push(own);
        }
        features.names = names.names();
        features.count = parts.iter().filter(|part| part.kind != PartKind::Node).count();
        features.weight_of_part = features
            .of_part
            .iter()
            .map(|own| own.iter().map(|(feature, _)| features.weight(*feature)).sum())
            .collect();
        features
    }

    /// By part: whether another part gives one of its figures.
    pub fn shared_figures(&self) -> Vec<bool> {
        let shared = |feature: &Feature| {
            matches!(feature, Feature::Figure(_))
                && self.parts.get(feature).is_some_and(|parts| parts.len() > 1)
        };
        self.of_part.iter().map(|own| own.iter().any(|(feature, _)| shared(feature))).collect()
    }

    /// The weight of a feature: eight times the binary logarithm of one in how many parts has it. Whole numbers, so
    /// that it is the same on every machine. A figure weighs twice as much as a word.
    pub fn weight(&self, feature: Feature) -> u32 {
        const MOST: u128 = 1 << 14;
        let eighth_power = |number: usize| u128::try_from(number).unwrap_or(MOST).clamp(1, MOST).pow(8);
        let having = self.parts.get(&feature).map_or(1, Vec::len);
        let rarity = (eighth_power(self.count.max(having) + 1) / eighth_power(having)).ilog2();
        if matches!(feature, Feature::Figure(_)) { 2 * rarity } else { rarity }
    }
}

/// Whether a quantity tells parts apart: no date, no ordinal, no small bare number.
fn counts(quantity: &Quantity) -> bool {
    let small = quantity.unit == Unit::Bare
        && matches!(quantity.magnitude, Magnitude::One(figure) if figure.value.abs() < rust_decimal::Decimal::ONE_HUNDRED);
    !matches!(quantity.kind, Kind::Date | Kind::Ordinal | Kind::Duration) && !small
}

/// Words and figures by number.
#[derive(Default)]
struct Names {
    words: HashMap<String, u32>,
    figures: HashMap<(Kind, rust_decimal::Decimal), u32>,
    /// By word: how it is written.
    written: Vec<Written>,
}

/// How a word was seen.
#[derive(Clone, Copy, Default)]
struct Written {
    small: bool,
    /// With a capital inside a sentence.
    named: bool,
}

impl Names {
    fn figure(&mut self, quantity: &Quantity) -> Option<Feature> {
        let figure = match quantity.magnitude {
            Magnitude::One(figure) => figure,
            Magnitude::Range { low, high } => low.or(high)?,
            Magnitude::Date(_) => return None,
        };
        let next = u32::try_from(self.figures.len()).ok()?;
        let kind = if quantity.kind == Kind::Range { Kind::Quantity } else { quantity.kind };
        Some(Feature::Figure(*self.figures.entry((kind, figure.value.normalize())).or_insert(next)))
    }

    /// Latin words of three letters and more, and pairs of Han characters, of which none is a function word.
    fn words(&mut self, prose: &str, span: Span, own: &mut Vec<(Feature, Span)>) {
        let text = span.of(prose);
        let mut latin: Option<usize> = None;
        let mut han: Option<(usize, char)> = None;
        for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
            let letter = c.is_alphabetic() && !is_han(c);
            if !letter && let Some(start) = latin.take() {
                let opens = text[..start].trim_end().ends_with(['.', '!', '?', ':', '\n']);
                let inside = !opens && !text[..start].trim().is_empty();
                self.latin(&text[start..at], span.start + start, inside, own);
            }
            if letter {
                latin.get_or_insert(at);
            }
            let content = is_han(c) && !FUNCTION.contains(c);
            if content && let Some((start, _)) = han {
                let end = at + c.len_utf8();
                self.word(&text[start..end], Span::new(span.start + start, span.start + end), own);
            }
            // Marks inside running text do not part words.
            if c as u32 != u32::from(crate::document::MARKUP) {
                han = content.then_some((at, c));
            }
        }
    }

    fn latin(&mut self, word: &str, start: usize, inside: bool, own: &mut Vec<(Feature, Span)>) {
        if word.chars().count() >= 3 {
            let lower = word.to_lowercase();
            // "funds" is "fund".
            let stem = lower.strip_suffix('s').filter(|stem| stem.len() >= 4 && !stem.ends_with('s'));
            self.word(stem.unwrap_or(&lower), Span::new(start, start + word.len()), own);
            if let Some((Feature::Word(number), _)) = own.last() {
                let number = *number as usize;
                self.written.resize(self.written.len().max(number + 1), Written::default());
                let capital = word.starts_with(char::is_uppercase);
                self.written[number].small |= !capital;
                self.written[number].named |= capital && inside;
            }
        }
    }

    /// The words that are names.
    fn names(&self) -> HashSet<Feature> {
        let numbered = (0u32..).zip(&self.written);
        let names = numbered.filter(|(_, written)| written.named && !written.small);
        names.map(|(number, _)| Feature::Word(number)).collect()
    }

    fn word(&mut self, word: &str, span: Span, own: &mut Vec<(Feature, Span)>) {
        let next = u32::try_from(self.words.len()).unwrap_or(u32::MAX);
        let number = match self.words.get(word) {
            Some(&number) => number,
            None => *self.words.entry(word.to_owned()).or_insert(next),
        };
        own.push((Feature::Word(number), span));
    }
}

/// Han characters that mean little by themselves.
const FUNCTION: &str = "的了是在和与及为对其这那也都并或而被把将就不有个一等于以所此从到由但之者中上下";

fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}')
}
