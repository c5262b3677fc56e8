use std::collections::{BTreeMap, HashMap};

use super::matcher::{SentenceView, comparable};
use super::model::{Filler, Relation, Role};
use super::phrasebook::{Frame, Phrasebook};
use crate::assertion::{Assertion, Reading, clause_around};
use crate::document::{BlockKind, Document, Sentence};
use crate::lexicon::{ClassSet, Hits};
use crate::quantity::{Magnitude, Quantity, Unit};
use crate::source::Span;

/// Quantities bound to the roles of a relation.
#[derive(Clone, Debug)]
pub struct Instance {
    /// Index into [`Phrasebook::relations`].
    pub relation: usize,
    /// Index into [`Phrasebook::phrases`]; none for joined relations.
    pub phrase: Option<usize>,
    /// Index into the document's sentences.
    pub sentence: u32,
    /// From the first piece to the last.
    pub span: Span,
    /// Role numbers with what fills them; a role that takes many occurs many times.
    pub fillers: Vec<(usize, Filler)>,
    /// Whether a role was filled from a sentence before: then nothing is proven.
    pub inferred: bool,
}

/// A match that was not used, or was, and why: for `extract --explain`.
#[derive(Clone, Debug)]
pub struct Candidate {
    pub instance: Instance,
    /// `None` when it was kept.
    pub dropped: Option<String>,
}

/// Bindings of one relation that share their key figure: readings of one statement, the tightest first.
#[derive(Clone, Debug)]
pub struct RivalGroup {
    pub readings: Vec<Instance>,
}

/// All relations of a document.
#[derive(Clone, Debug, Default)]
pub struct Relations {
    pub groups: Vec<RivalGroup>,
    /// Everything that was tried.
    pub candidates: Vec<Candidate>,
}

/// How far back a figure is looked for, in bytes.
const BEFORE_REACH: usize = 600;

/// A document that gives a measure more often than this has no one company it is about.
const MOST_IN_LEDGER: usize = 64;

/// Matches every phrase in every sentence, completes roles from the ledger, and groups rival readings.
pub fn find_relations(document: &Document, reading: &Reading, hits: &Hits, book: &Phrasebook) -> Relations {
    let anchors = Anchors::of(book);
    let present = ClassSet::default();
    let mut binder = Binder { document, reading, hits, book, present, candidates: Vec::new() };
    for (number, sentence) in (0u32..).zip(&document.sentences) {
        binder.sentence(number, *sentence, &anchors);
    }
    binder.joins();
    binder.finish()
}

/// Every place where a frame of words stands, in order.
pub fn find_frames(document: &Document, reading: &Reading, hits: &Hits, frame: &Frame) -> Vec<Span> {
    let shape = Relation { id: String::new(), roles: Vec::new(), key: 0, unless: Vec::new(), join: false };
    let mut found = Vec::new();
    for sentence in &document.sentences {
        let view = SentenceView::new(&document.prose, reading, hits, sentence.span, frame.gap_stop);
        for phrase in &frame.phrases {
            if phrase.needs.iter().all(|class| view.hits().has(*class, sentence.span.end)) {
                view.matches(phrase, &shape, &mut found);
            }
        }
    }
    let mut spans: Vec<Span> = found.into_iter().map(|matched| matched.span).collect();
    spans.sort_by_key(|span| (span.start, std::cmp::Reverse(span.end)));
    spans
}

struct Binder<'a> {
    document: &'a Document,
    reading: &'a Reading,
    hits: &'a Hits,
    book: &'a Phrasebook,
    /// The classes in the sentence at hand; kept for its memory.
    present: ClassSet,
    candidates: Vec<Candidate>,
}

/// The classes that phrases are looked up by.
struct Anchors {
    any: ClassSet,
    /// Those of phrases that match without figures.
    bare: ClassSet,
}

impl Anchors {
    fn of(book: &Phrasebook) -> Self {
        let binds =
            |phrases: &Vec<usize>| phrases.iter().all(|&number| book.phrases[number].binds_quantities());
        let bare = book.by_anchor.iter().filter(|(_, phrases)| !binds(phrases));
        Self { any: book.by_anchor.keys().copied().collect(), bare: bare.map(|(class, _)| *class).collect() }
    }
}

impl Binder<'_> {
    fn sentence(&mut self, number: u32, sentence: Sentence, anchors: &Anchors) {
        let block = &self.document.blocks[sentence.block as usize];
        if matches!(block.kind, BlockKind::Code) {
            return;
        }
        let view = SentenceView::new(
            &self.document.prose,
            self.reading,
            self.hits,
            sentence.span,
            self.book.gap_stop,
        );
        let anchors = if view.has_quantities() { &anchors.any } else { &anchors.bare };
        if anchors.is_empty() {
            return;
        }
        let present = view.present(std::mem::take(&mut self.present));
        let mut found = Vec::new();
        for anchor in present.common(anchors) {
            for &phrase_number in self.book.by_anchor.get(&anchor).into_iter().flatten() {
                let phrase = &self.book.phrases[phrase_number];
                let bare = !view.has_quantities() && phrase.binds_quantities();
                if bare || !phrase.needs.iter().all(|class| present.contains(*class)) {
                    continue;
                }
                let relation = &self.book.relations[phrase.relation];
                view.matches(phrase, relation, &mut found);
                for matched in found.drain(..) {
                    let instance = Instance {
                        relation: phrase.relation,
                        phrase: Some(phrase_number),
                        sentence: number,
                        span: matched.span,
                        fillers: matched.fillers,
                        inferred: false,
                    };
                    let stretch = self.clauses_of(sentence.span, instance.span);
                    let guard = relation
                        .unless
                        .iter()
                        .chain(&phrase.unless)
                        .find(|(class, _)| self.hits.has(*class, stretch));
                    let before = Span::new(stretch.start, instance.span.start.max(stretch.start));
                    let guard = guard.or_else(|| {
                        phrase.unless_before.iter().find(|(class, _)| self.hits.has(*class, before))
                    });
                    let dropped = match guard {
                        Some((_, name)) => Some(format!("a word of `{name}` stands by")),
                        None => units_disagree(relation, &instance.fillers, self.reading),
                    };
                    match self.missing_before(relation, &instance) {
                        Some(role) if dropped.is_none() => self.push_from_before(relation, instance, role),
                        _ => self.push(relation, instance, dropped),
                    }
                }
            }
        }
        self.present = present;
    }

    /// The role that the phrase left out and the sentences before may give.
    fn missing_before(&self, relation: &Relation, instance: &Instance) -> Option<usize> {
        let bound = |number: usize| instance.fillers.iter().any(|(role, _)| *role == number);
        (0..relation.roles.len()).find(|&number| relation.roles[number].before && !bound(number))
    }

    /// One candidate for each figure of the right kind in this sentence before the match, and in the two sentences
    /// before it in the same block.
    fn push_from_before(&mut self, relation: &Relation, instance: Instance, role: usize) {
        let sentences = &self.document.sentences;
        let number = instance.sentence as usize;
        let block = sentences[number].block;
        let first =
            (number.saturating_sub(2)..=number).find(|&at| sentences[at].block == block).unwrap_or(number);
        let floor = instance.span.start.saturating_sub(BEFORE_REACH).max(sentences[first].span.start);
        let (from, before) = self.reading.quantities_within(Span::new(floor, instance.span.start.max(floor)));
        let kind = relation.roles[role].kind;
        let mut found = false;
        for index in
            (from..from + before.len()).filter(|&index| kind.accepts(&self.reading.quantities[index]))
        {
            let mut candidate = instance.clone();
            candidate.fillers.push((role, Filler::Quantity { index, strip_bound: false }));
            candidate.inferred = true;
            found = true;
            self.push(relation, candidate, None);
        }
        if !found {
            let why = format!("no figure for `{}` in the sentences before", relation.roles[role].name);
            self.candidates.push(Candidate { instance, dropped: Some(why) });
        }
    }

    /// Completes the roles that the ledger fills, then keeps the candidate with its fate.
    fn push(&mut self, relation: &Relation, mut instance: Instance, mut dropped: Option<String>) {
        if dropped.is_none() {
            for (number, role) in relation.roles.iter().enumerate() {
                let bound = instance.fillers.iter().any(|(bound, _)| *bound == number);
                if bound || role.measures.is_empty() {
                    continue;
                }
                match self.ledger_figures(role, &instance) {
                    Ok(fillers) => {
                        instance.fillers.extend(fillers.into_iter().map(|filler| (number, filler)))
                    }
                    Err(why) if !role.optional => dropped = Some(why),
                    Err(_) => {}
                }
            }
        }
        if dropped.is_none() {
            dropped = units_disagree(relation, &instance.fillers, self.reading);
        }
        self.candidates.push(Candidate { instance, dropped });
    }

    /// Every figure of the role's measure outside the source, for the one company the document gives it for, or
    /// for the company the sentence is about.
    fn ledger_figures(&self, role: &Role, instance: &Instance) -> Result<Vec<Filler>, String> {
        let reading = self.reading;
        let count: usize = role.measures.iter().map(|measure| reading.ledger.about(*measure).len()).sum();
        if count > MOST_IN_LEDGER {
            return Err(format!("the document gives too many figures for `{}`", role.name));
        }
        // The report's statements are held against the report, the source's against the source.
        let in_source = self.is_source(instance.sentence);
        let known: Vec<&Assertion> = reading
            .ledger
            .about_any(&role.measures)
            .into_iter()
            .map(|index| &reading.assertions[index])
            .filter(|assertion| self.is_source(assertion.sentence) == in_source)
            .collect();
        let mut owners: Vec<_> = known.iter().filter_map(|assertion| assertion.entity).collect();
        owners.sort_unstable();
        owners.dedup();
        let about = instance
            .fillers
            .iter()
            .filter_map(|(_, filler)| filler.quantity())
            .find_map(|quantity| reading.assertion_of(quantity).and_then(|assertion| assertion.entity));
        // A figure of the measure in the same sentence says whose it is; all others are tried beside it.
        let beside = known.iter().any(|assertion| assertion.sentence == instance.sentence);
        let own: Vec<usize> = instance.fillers.iter().filter_map(|(_, filler)| filler.quantity()).collect();
        let mut fillers = Vec::new();
        for assertion in known {
            let quantity = &reading.quantities[assertion.quantity];
            let same_owner = owners.len() <= 1 || beside || (about.is_some() && assertion.entity == about);
            if same_owner && !own.contains(&assertion.quantity) && role.kind.accepts(quantity) {
                fillers.push(Filler::Quantity { index: assertion.quantity, strip_bound: false });
            }
            if !role.many && fillers.len() > 1 {
                return Err(format!("the document gives several figures for `{}`", role.name));
            }
        }
        if fillers.is_empty() {
            return Err(format!("the document gives no figure for `{}`", role.name));
        }
        Ok(fillers)
    }

    fn is_source(&self, sentence: u32) -> bool {
        let block = self.document.sentences[sentence as usize].block;
        self.document.blocks[block as usize].role == crate::document::Role::Source
    }

    /// From the start of the clause a match begins in to the end of the one it ends in.
    fn clauses_of(&self, sentence: Span, inner: Span) -> Span {
        clause_around(&self.document.prose, sentence, inner)
    }

    /// Relations whose roles are measures that stand together in one block.
    fn joins(&mut self) {
        let book = self.book;
        for (number, relation) in book.relations.iter().enumerate().filter(|(_, relation)| relation.join) {
            for index in self.reading.ledger.about_any(&relation.roles[relation.key].measures) {
                let assertion = self.reading.assertions[index];
                let mut fillers =
                    vec![(relation.key, Filler::Quantity { index: assertion.quantity, strip_bound: false })];
                let mut missing = None;
                for (other, role) in relation.roles.iter().enumerate() {
                    if other == relation.key {
                        continue;
                    }
                    match self.beside(role, &assertion) {
                        Some(quantity) => {
                            fillers.push((other, Filler::Quantity { index: quantity, strip_bound: false }));
                        }
                        None => missing = Some(format!("no single figure for `{}` beside it", role.name)),
                    }
                }
                let span = fillers
                    .iter()
                    .filter_map(|(_, filler)| filler.quantity())
                    .map(|quantity| self.reading.quantities[quantity].span)
                    .reduce(Span::join)
                    .unwrap_or_default();
                let instance = Instance {
                    relation: number,
                    phrase: None,
                    sentence: assertion.sentence,
                    span,
                    fillers,
                    inferred: false,
                };
                let dropped = missing.or_else(|| units_disagree(relation, &instance.fillers, self.reading));
                self.candidates.push(Candidate { instance, dropped });
            }
        }
    }

    /// The one figure of a role's measure in the same sentence, else in the sentence before or after in the same block.
    fn beside(&self, role: &Role, anchor: &Assertion) -> Option<usize> {
        let about = self.reading.ledger.about_any(&role.measures);
        let sentences = &self.document.sentences;
        let block = sentences[anchor.sentence as usize].block;
        let pick = |near: &dyn Fn(u32) -> bool| {
            let from =
                about.partition_point(|&index| self.reading.assertions[index].sentence + 1 < anchor.sentence);
            let mut found = about[from..]
                .iter()
                .map(|&index| &self.reading.assertions[index])
                .take_while(|assertion| assertion.sentence <= anchor.sentence + 1)
                .filter(|assertion| near(assertion.sentence) && assertion.quantity != anchor.quantity)
                .map(|assertion| assertion.quantity);
            let first = found.next()?;
            found.all(|next| same_value(self.reading, first, next)).then_some(first)
        };
        pick(&|sentence| sentence == anchor.sentence)
            .or_else(|| pick(&|sentence| sentences[sentence as usize].block == block))
    }

    /// Groups what was kept by relation and key figure; drops doubles.
    fn finish(self) -> Relations {
        let mut groups: BTreeMap<(u32, usize, usize), Vec<Instance>> = BTreeMap::new();
        let mut seen: HashMap<(usize, Vec<(usize, usize)>), ()> = HashMap::new();
        for candidate in self.candidates.iter().filter(|candidate| candidate.dropped.is_none()) {
            let instance = &candidate.instance;
            let relation = &self.book.relations[instance.relation];
            let mut signature: Vec<(usize, usize)> = instance
                .fillers
                .iter()
                .map(|(role, filler)| (*role, place_of(filler, self.reading)))
                .collect();
            signature.sort_unstable();
            if seen.insert((instance.relation, signature), ()).is_some() {
                continue;
            }
            let key = instance
                .fillers
                .iter()
                .find(|(role, _)| *role == relation.key)
                .map_or(instance.span.start, |(_, filler)| place_of(filler, self.reading));
            groups.entry((instance.sentence, instance.relation, key)).or_default().push(instance.clone());
        }
        let groups = groups
            .into_values()
            .map(|mut readings| {
                // What one sentence says by itself goes before what is pieced together.
                let pieced = readings.iter().any(|instance| !instance.inferred);
                readings.retain(|instance| !(pieced && instance.inferred));
                let last_figure = |instance: &Instance| {
                    instance
                        .fillers
                        .iter()
                        .filter_map(|(_, filler)| filler.quantity())
                        .min()
                        .unwrap_or_default()
                };
                // Of lists the longest is shown: a part of it is a reading, but seldom the one that was meant.
                let figures = |instance: &Instance| {
                    let many = self.book.relations[instance.relation].roles.iter().any(|role| role.many);
                    std::cmp::Reverse(if many { instance.fillers.len() } else { 0 })
                };
                readings.sort_by_key(|instance| {
                    let last = std::cmp::Reverse(last_figure(instance));
                    (figures(instance), instance.span.len(), instance.phrase, last)
                });
                RivalGroup { readings }
            })
            .collect();
        Relations { groups, candidates: self.candidates }
    }
}

fn same_value(reading: &Reading, a: usize, b: usize) -> bool {
    reading.quantities[a].magnitude == reading.quantities[b].magnitude
}

/// Where a filler stands; constants stand nowhere.
fn place_of(filler: &Filler, reading: &Reading) -> usize {
    match filler {
        Filler::Quantity { index, .. } => reading.quantities[*index].span.start,
        Filler::Word { span, .. } | Filler::Count { span, .. } => span.start,
        Filler::Constant { .. } => usize::MAX,
    }
}

/// Why the amounts of a match can't stand in one calculation.
fn units_disagree(relation: &Relation, fillers: &[(usize, Filler)], reading: &Reading) -> Option<String> {
    let amounts: Vec<(usize, &Quantity)> = fillers
        .iter()
        .filter(|(role, _)| relation.roles[*role].kind.shares_unit())
        .filter_map(|(role, filler)| filler.quantity().map(|index| (*role, &reading.quantities[index])))
        .filter(|(_, quantity)| !matches!(quantity.magnitude, Magnitude::Date(_)))
        .collect();
    let (first_role, first) = amounts.first()?;
    let rate = |role: usize| relation.roles[role].kind == super::RoleType::Rate;
    amounts.iter().find_map(|(role, quantity)| {
        // A rate may say "per year" in its unit; its total must not.
        let plain =
            |role: usize, quantity: &Quantity| if rate(role) { without_per(quantity) } else { *quantity };
        let agrees = comparable(&plain(*first_role, first), &plain(*role, quantity));
        (!agrees).then(|| {
            format!(
                "`{}` and `{}` differ in unit",
                relation.roles[*first_role].name, relation.roles[*role].name
            )
        })
    })
}

/// The same figure without its "per year".
fn without_per(quantity: &Quantity) -> Quantity {
    let mut plain = *quantity;
    plain.unit = match plain.unit {
        Unit::Money { currency, .. } => Unit::Money { currency, per: None },
        Unit::Measure { unit, .. } => Unit::Measure { unit, per: None },
        unit => unit,
    };
    plain
}
