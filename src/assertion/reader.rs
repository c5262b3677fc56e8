use std::cell::LazyCell;
use std::collections::HashMap;
use std::ops::Deref;
use std::ops::Range;

use aho_corasick::{AhoCorasick, MatchKind};
use rayon::prelude::*;

use super::alias::declared_aliases;
use super::clause::Pauses;
use super::vocabulary::Meaning;
use super::{Assertion, EntityId, Ledger, MeasureId, Modality, Vocabulary};
use crate::document::{Document, LONG_DOCUMENT};
use crate::lexicon::{HitSlice, Hits};
use crate::quantity::{Date, Formula, Grain, Magnitude, Quantity};
use crate::source::{PlaceIndex, Span};

/// All that was read from one document, for relations and rules to stand on.
#[derive(Debug, Default)]
pub struct Reading {
    /// In order of place, never overlapping.
    pub quantities: Vec<Quantity>,
    /// One per quantity that is no date, in the same order.
    pub assertions: Vec<Assertion>,
    /// Every mention of an entity, in order of place.
    pub mentions: Vec<(Span, EntityId)>,
    /// The first name of each entity, by [`EntityId`].
    pub entity_names: Vec<String>,
    pub ledger: Ledger,
    /// Calculations that are written out.
    pub formulas: Vec<Formula>,
    /// Of the quantities.
    places: PlaceIndex,
}

impl Reading {
    /// The quantities that start inside `span`, with the index of the first.
    pub fn quantities_within(&self, span: Span) -> (usize, &[Quantity]) {
        let from = self.places.first_from(&self.quantities, span.start, |quantity| quantity.span.start);
        // Most stretches are short: counting is faster than another search.
        const SHORT: usize = 512;
        let rest = &self.quantities[from..];
        let inside = |quantity: &Quantity| quantity.span.start < span.end;
        let count = if span.len() <= SHORT {
            rest.iter().take_while(|quantity| inside(quantity)).count()
        } else {
            rest.partition_point(inside)
        };
        (from, &rest[..count])
    }

    /// The quantity that starts at this byte.
    pub fn quantity_at(&self, start: usize) -> Option<usize> {
        self.quantities.binary_search_by_key(&start, |quantity| quantity.span.start).ok()
    }

    /// The assertion about a quantity; dates have none.
    pub fn assertion_of(&self, quantity: usize) -> Option<&Assertion> {
        let at = self.assertions.binary_search_by_key(&quantity, |assertion| assertion.quantity).ok()?;
        Some(&self.assertions[at])
    }
}

/// Puts entity, measure, period, modality and attribution around each quantity.
pub fn read_assertions(
    document: &Document,
    quantities: Vec<Quantity>,
    hits: &Hits,
    vocabulary: &Vocabulary,
) -> Reading {
    let places = PlaceIndex::of(quantities.iter().map(|quantity| quantity.span.start));
    let mut reading = Reading { quantities, places, ..Reading::default() };
    let words = || hits.only(&vocabulary.context_classes);
    let mut plans = || {
        read_mentions(document, hits, vocabulary, &mut reading);
        plan_sentences(document, &reading)
    };
    // Waking other threads pays only for long documents.
    let (plans, words) =
        if document.prose.len() < LONG_DOCUMENT { (plans(), words()) } else { rayon::join(plans, words) };
    let read = |plans: &[SentencePlan]| {
        let count = plans.iter().map(|plan| plan.quantities.len()).sum();
        let mut assertions = Vec::with_capacity(count);
        plans.iter().for_each(|plan| plan.read(document, &words, vocabulary, &reading, &mut assertions));
        assertions
    };
    // Sentences do not depend on each other any more; waking other threads pays only for many.
    let assertions = if plans.len() < 2 * SENTENCES_AT_ONCE {
        read(&plans)
    } else {
        plans.par_chunks(SENTENCES_AT_ONCE).map(read).collect::<Vec<_>>().concat()
    };
    reading.assertions = assertions;
    reading.ledger = Ledger::of(&reading.assertions);
    reading
}

/// Sentences that one thread takes at a time.
const SENTENCES_AT_ONCE: usize = 512;

/// What stands in a sentence that has quantities.
struct SentencePlan {
    number: u32,
    quantities: Range<usize>,
    mentions: Range<usize>,
    /// The last entity that the block named before.
    inherited: Option<EntityId>,
}

fn plan_sentences(document: &Document, reading: &Reading) -> Vec<SentencePlan> {
    let mut plans = Vec::new();
    let mut previous: Option<(u32, EntityId)> = None;
    let (mut next_quantity, mut next_mention) = (0, 0);
    for (number, sentence) in (0u32..).zip(&document.sentences) {
        let quantities =
            advance(&mut next_quantity, &reading.quantities, sentence.span, |quantity| quantity.span);
        let mentions = advance(&mut next_mention, &reading.mentions, sentence.span, |(mention, _)| *mention);
        let inherited = previous.filter(|(block, _)| *block == sentence.block).map(|(_, entity)| entity);
        if let Some((_, last)) = reading.mentions[mentions.clone()].last() {
            previous = Some((sentence.block, *last));
        }
        if !quantities.is_empty() {
            plans.push(SentencePlan { number, quantities, mentions, inherited });
        }
    }
    plans
}

impl SentencePlan {
    fn read(
        &self,
        document: &Document,
        hits: &Hits,
        vocabulary: &Vocabulary,
        reading: &Reading,
        assertions: &mut Vec<Assertion>,
    ) {
        let span = document.sentences[self.number as usize].span;
        let mentions = &reading.mentions[self.mentions.clone()];
        let context = SentenceContext::new(document, hits, vocabulary, span);
        let inside = &reading.quantities[self.quantities.clone()];
        let has_date = inside.iter().any(|quantity| date_of(quantity).is_some());
        let pauses = LazyCell::new(|| Pauses::of(&document.prose, span));
        for index in self.quantities.clone() {
            let quantity = &reading.quantities[index];
            if date_of(quantity).is_some() {
                continue;
            }
            let clause = LazyCell::new(|| pauses.clause_around(quantity.span));
            assertions.push(Assertion {
                quantity: index,
                sentence: self.number,
                entity: nearest_entity(mentions, quantity.span, &clause).or(self.inherited),
                measure: context.measure(&reading.quantities, index),
                period: if has_date { period_in(inside, *clause) } else { None },
                modality: context.modality(&clause, quantity.span),
                attribution: context.attribution,
            });
        }
    }
}

/// What is the same for all quantities of one sentence.
struct SentenceContext<'a> {
    document: &'a Document,
    /// The words of the sentence.
    hits: HitSlice<'a>,
    vocabulary: &'a Vocabulary,
    span: Span,
    /// The first word that says whose figures these are.
    attribution: Option<Span>,
    /// Whether any word names a measure, or says how the text stands to a figure.
    has_measure: bool,
    has_cue: bool,
}

/// How far before its figure a measure word may stand, in bytes.
const MEASURE_BEFORE: usize = 48;
/// How far after its figure, when nothing but a 的, an "of" or a space stands between.
const MEASURE_AFTER: usize = 8;

impl<'a> SentenceContext<'a> {
    fn new(document: &'a Document, hits: &'a Hits, vocabulary: &'a Vocabulary, span: Span) -> Self {
        let hits = hits.within(span);
        let mut context =
            Self { document, hits, vocabulary, span, attribution: None, has_measure: false, has_cue: false };
        hits.iter().for_each(|hit| match vocabulary.meaning(hit.class) {
            Meaning::Attribution => context.attribution = context.attribution.or(Some(hit.span)),
            Meaning::Measure(_) => context.has_measure = true,
            Meaning::Cue(_) => context.has_cue = true,
            Meaning::Nothing | Meaning::Entity(_) => {}
        });
        context
    }

    /// The measure word right behind the figure (`8400 亿估值`), else the last one before it (`估值为 8400 亿`),
    /// with no other figure between.
    fn measure(&self, quantities: &[Quantity], index: usize) -> Option<MeasureId> {
        if !self.has_measure {
            return None;
        }
        let span = quantities[index].span;
        if let Some((_, measure)) = self.measure_behind(span) {
            return Some(measure);
        }
        // A measure glued to the figure before belongs to that one.
        let previous_end = index.checked_sub(1).map_or(0, |at| match quantities[at].magnitude {
            Magnitude::Date(_) => 0,
            _ => self.measure_behind(quantities[at].span).map_or(quantities[at].span.end, |(end, _)| end),
        });
        let floor = self.document.prose.ceil_char_boundary(span.start.saturating_sub(MEASURE_BEFORE));
        let from = self.span.start.max(floor).max(previous_end).min(span.start);
        let stretch = &self.document.prose[from..span.start];
        let from = stretch.rfind(['、', '；', ';', '\u{2}']).map_or(from, |at| from + at);
        self.hits
            .within(Span::new(from, span.start))
            .iter()
            .filter(|hit| hit.span.end <= span.start)
            .filter_map(|hit| self.vocabulary.measure_of(hit.class).map(|measure| (hit.span, measure)))
            // The last one; of two that end together the longer: 投后估值 over 估值.
            .max_by_key(|(span, _)| (span.end, span.len()))
            .map(|(_, measure)| measure)
    }

    /// A measure right behind a figure, and where it ends.
    fn measure_behind(&self, figure: Span) -> Option<(usize, MeasureId)> {
        let limit = self.span.end.min(figure.end + MEASURE_AFTER + 1).max(figure.end);
        self.hits.within(Span::new(figure.end, limit)).iter().find_map(|hit| {
            let between = self.document.prose[figure.end..hit.span.start].trim_matches([' ', '\u{1}']);
            let glued = matches!(between, "" | "的" | "of" | "in");
            self.vocabulary.measure_of(hit.class).filter(|_| glued).map(|measure| (hit.span.end, measure))
        })
    }

    fn modality(&self, clause: &impl Deref<Target = Span>, figure: Span) -> Modality {
        if !self.has_cue {
            return Modality::default();
        }
        let before = Span::new(clause.start, figure.start.max(clause.start));
        self.hits
            .within(before)
            .iter()
            .rev()
            .find_map(|hit| self.vocabulary.cue_of(hit.class))
            .unwrap_or_default()
    }
}

/// The indices of what starts inside `span`, where `next` is the first that may; sentence after sentence.
fn advance<T>(next: &mut usize, things: &[T], span: Span, place: impl Fn(&T) -> Span) -> Range<usize> {
    let mut skip_to = |end: usize| {
        *next += things[*next..].iter().take_while(|thing| place(thing).start < end).count();
        *next
    };
    skip_to(span.start)..skip_to(span.end)
}

/// The last entity named before the figure in its sentence, else the first behind it in its clause.
fn nearest_entity(
    mentions: &[(Span, EntityId)],
    figure: Span,
    clause: &impl Deref<Target = Span>,
) -> Option<EntityId> {
    let before = mentions.partition_point(|(span, _)| span.end <= figure.start);
    match before.checked_sub(1) {
        Some(at) => mentions.get(at),
        None => mentions.get(before).filter(|(span, _)| span.end <= clause.end),
    }
    .map(|(_, entity)| *entity)
}

/// The first date that starts in the clause, of the figures of its sentence.
fn period_in(inside: &[Quantity], clause: Span) -> Option<Date> {
    let from = inside.partition_point(|quantity| quantity.span.start < clause.start);
    let in_clause = inside[from..].iter().take_while(|quantity| quantity.span.start < clause.end);
    in_clause.filter_map(date_of).find(|date| date.grain != Grain::Impossible)
}

fn date_of(quantity: &Quantity) -> Option<Date> {
    match quantity.magnitude {
        Magnitude::Date(date) => Some(date),
        _ => None,
    }
}

/// Finds the entities: names the vocabulary knows, and those the report declares.
fn read_mentions(document: &Document, hits: &Hits, vocabulary: &Vocabulary, reading: &mut Reading) {
    reading.entity_names = vocabulary.entities.iter().map(|(_, name)| name.clone()).collect();
    let mut mentions: Vec<(Span, EntityId)> = hits
        .all()
        .of_any(&vocabulary.entity_classes)
        .filter_map(|hit| vocabulary.entity_of(hit.class).map(|id| (hit.span, id)))
        .collect();

    let mut names: HashMap<&str, EntityId> = HashMap::new();
    let names_nobody = |latin: Span| {
        vocabulary.not_a_name.is_some_and(|class| hits.all().at(latin.start, class).next().is_some())
    };
    for pair in declared_aliases(document).into_iter().filter(|pair| !names_nobody(pair.latin)) {
        let (han, latin) = (pair.han.of(&document.prose), pair.latin.of(&document.prose));
        let by_mention = |name: Span| {
            let at = mentions.partition_point(|(span, _)| span.start < name.start);
            mentions[at..]
                .iter()
                .take_while(|(span, _)| span.start == name.start)
                .find(|(span, _)| *span == name)
        };
        let (known_han, known_latin) = (by_mention(pair.han), by_mention(pair.latin));
        let id = known_han
            .or(known_latin)
            .map(|(_, id)| *id)
            .or_else(|| names.get(han).copied())
            .or_else(|| names.get(latin).copied())
            .unwrap_or_else(|| {
                reading.entity_names.push(latin.to_owned());
                EntityId(u32::try_from(reading.entity_names.len() - 1).unwrap_or(u32::MAX))
            });
        if known_han.is_none() {
            names.entry(han).or_insert(id);
        }
        if known_latin.is_none() {
            names.entry(latin).or_insert(id);
        }
    }
    if !names.is_empty() {
        let mut names: Vec<(&str, EntityId)> = names.into_iter().collect();
        names.sort_unstable();
        let automaton = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostLongest)
            .build(names.iter().map(|(name, _)| name));
        // Names come from the text itself, so the automaton is as small as they are; without it they are skipped.
        if let Ok(automaton) = automaton {
            let declared: Vec<_> = automaton
                .find_iter(&document.prose)
                .map(|hit| (Span::new(hit.start(), hit.end()), names[hit.pattern().as_usize()].1))
                .collect();
            mentions.extend(declared);
        }
    }
    mentions.sort_by(|a, b| a.0.start.cmp(&b.0.start).then(b.0.end.cmp(&a.0.end)).then(a.1.cmp(&b.1)));
    mentions.dedup_by(|next, kept| kept.0.contains(next.0));
    reading.mentions = mentions;
}
