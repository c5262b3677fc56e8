use std::collections::{BTreeMap, HashSet};

use rayon::prelude::*;

use super::anchor::Anchored;
use super::diagram;
use super::fact::{self, Facts};
use super::formula;
use super::identity;
use super::matcher::{PhraseMatch, SentenceView};
use super::model::{FilledBy, Filler, Relation};
use super::phrasebook::{Frame, Phrase, Phrasebook};
use super::restated;
use super::sentence_words::SentenceWords;
use super::table;
use super::unit_agreement::units_disagree;
use crate::assertion::{Reading, clause_around};
use crate::document::{BlockKind, Document, Sentence};
use crate::lexicon::{ClassId, ClassSet, Hits};
use crate::quantity::QuantityLexicon;
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
    /// Whether a role was filled from a sentence before: then nothing is proven, unless the figure there is `named`.
    pub inferred: bool,
    /// Whether the figure of the sentence before bears the very name that the phrase gives.
    pub named: bool,
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
#[derive(Debug, Default)]
pub struct Relations {
    pub groups: Vec<RivalGroup>,
    /// Everything that was tried, when that was asked for.
    pub candidates: Vec<Candidate>,
    /// What the report states in figures.
    pub facts: Facts,
}

/// How far back a word earlier in the sentence silences a phrase, in bytes.
const EARLIER_REACH: usize = 600;

/// Sentences that one thread takes at a time; an ordinary report is one such piece.
pub(super) const SENTENCES_AT_ONCE: usize = 512;

/// Matches every phrase in every sentence, completes roles from the ledger, and groups rival readings.
///
/// What was tried and dropped is kept only when `explain` is set: there is much more of it.
pub fn find_relations(
    document: &Document,
    reading: &Reading,
    hits: &Hits,
    (book, units): (&Phrasebook, &QuantityLexicon),
    explain: bool,
) -> Relations {
    let scene = table::Scene { document, reading, hits, words: &book.table_words, units };
    let grids = table::grids(scene);
    let of_tables = || table::find(scene, &grids, book, explain);
    let of_sentences = || {
        let facts = fact::read(scene, &grids, book);
        let relations = find_in_sentences(document, reading, hits, (book, &facts), explain);
        (facts, relations)
    };
    // Waking other threads pays only for long documents.
    let (of_tables, (facts, mut relations)) = if document.sentences.len() <= SENTENCES_AT_ONCE {
        (of_tables(), of_sentences())
    } else {
        rayon::join(of_tables, of_sentences)
    };
    formula::find(document, reading, book, explain, &mut relations);
    for statements in of_tables {
        statements.add_to(&mut relations);
    }
    diagram::find(document, reading, hits, book, explain, &mut relations);
    identity::find(&facts, reading, book, explain, &mut relations);
    relations.facts = facts;
    restated::find(scene, &grids, book, explain, &mut relations);
    relations
}

/// Matches every phrase in every sentence, and groups rival readings.
fn find_in_sentences(
    document: &Document,
    reading: &Reading,
    hits: &Hits,
    (book, facts): (&Phrasebook, &Facts),
    explain: bool,
) -> Relations {
    let binder = || Binder {
        document,
        facts,
        reading,
        hits,
        book,
        explain,
        words: SentenceWords::default(),
        candidates: Vec::new(),
    };
    let candidates = |(chunk, sentences): (usize, &[Sentence])| {
        let mut binder = binder();
        for (number, sentence) in (chunk * SENTENCES_AT_ONCE..).zip(sentences) {
            binder.sentence(u32::try_from(number).unwrap_or(u32::MAX), *sentence);
        }
        binder.candidates
    };
    // Sentences do not depend on each other, and what they give is put together in order.
    let chunks: Vec<Vec<Candidate>> = if document.sentences.len() <= SENTENCES_AT_ONCE {
        vec![candidates((0, &document.sentences))]
    } else {
        document.sentences.par_chunks(SENTENCES_AT_ONCE).enumerate().map(candidates).collect()
    };
    let mut binder = binder();
    binder.candidates = chunks.into_iter().flatten().collect();
    binder.joins();
    binder.finish()
}

/// Every place where a frame of words stands, in order.
pub fn find_frames(document: &Document, reading: &Reading, hits: &Hits, frame: &Frame) -> Vec<Span> {
    let shape = Relation {
        id: String::new(),
        roles: Vec::new(),
        key: 0,
        unless: Vec::new(),
        bases: Vec::new(),
        same_measure: Vec::new(),
        whole_lists: false,
        filled_by: FilledBy::Phrases,
        within_section: false,
    };
    let mut found = Vec::new();
    let mut words = SentenceWords::default();
    // Each phrase stands where a word does that it cannot do without.
    let anchors: ClassSet =
        frame.phrases.iter().filter_map(|phrase| phrase.outline.classes.first().copied()).collect();
    let anchored = hits.all().meaning(&frame.meanings).of_any(&anchors);
    let mut sentences: Vec<usize> = anchored.filter_map(|hit| document.sentence_at(hit.span.start)).collect();
    sentences.dedup();
    for sentence in sentences.into_iter().map(|number| &document.sentences[number]) {
        let inside = hits.within(sentence.span);
        let phrases = frame.phrases.iter().filter(|phrase| {
            phrase.outline.classes.iter().all(|class| inside.has(*class, sentence.span.end))
        });
        if phrases.clone().next().is_none() {
            continue;
        }
        words.read(inside.meaning(&frame.meanings));
        let view =
            SentenceView::new((&document.prose, reading), (inside, &words), sentence.span, &frame.marks);
        phrases.for_each(|phrase| view.matches(phrase, &shape, &mut found));
    }
    let mut spans: Vec<Span> = found.into_iter().map(|matched| matched.span).collect();
    spans.sort_by_key(|span| (span.start, std::cmp::Reverse(span.end)));
    spans
}

/// Gathers the candidates of one document.
pub(super) struct Binder<'a> {
    pub document: &'a Document,
    pub facts: &'a Facts,
    pub reading: &'a Reading,
    pub hits: &'a Hits,
    pub book: &'a Phrasebook,
    /// The words of the sentence at hand; kept for their memory.
    words: SentenceWords,
    /// Whether dropped candidates are kept.
    explain: bool,
    candidates: Vec<Candidate>,
}

impl Binder<'_> {
    fn sentence(&mut self, number: u32, sentence: Sentence) {
        let block = &self.document.blocks[sentence.block as usize];
        if matches!(block.kind, BlockKind::Code) {
            return;
        }
        let has_quantities = !self.reading.quantities_within(sentence.span).1.is_empty();
        let book = self.book;
        let anchors = book.anchors.classes(has_quantities);
        let inside = self.hits.within(sentence.span);
        let asked = inside.meaning(&book.anchors.meanings);
        if !asked.has_any(anchors) {
            return;
        }
        let mut words = std::mem::take(&mut self.words);
        words.read(asked);
        let view = SentenceView::new(
            (&self.document.prose, self.reading),
            (inside, &words),
            sentence.span,
            &self.book.marks,
        );
        let mut found = Vec::new();
        let mut present: Vec<ClassId> = words.classes().to_vec();
        present.retain(|class| anchors.contains(*class));
        // Which phrase comes first must not hang on which word does.
        present.sort_unstable();
        let mut tried = Vec::new();
        for anchor in present {
            for &Anchored { phrase: phrase_number, beside } in book.anchors.phrases_of(anchor) {
                if beside.is_some_and(|class| words.of(class).is_empty()) {
                    continue;
                }
                let phrase = &book.phrases[phrase_number];
                if self.explain && phrase.outline.classes.iter().all(|class| !words.of(*class).is_empty()) {
                    tried.push(phrase_number);
                }
                if !view.may_hold(&phrase.outline) {
                    continue;
                }
                let relation = &book.relations[phrase.relation];
                view.matches(phrase, relation, &mut found);
                for (matched, fillers) in found.drain(..).flat_map(|matched| spread(relation, matched)) {
                    let instance = Instance {
                        relation: phrase.relation,
                        phrase: Some(phrase_number),
                        sentence: number,
                        span: matched.span,
                        fillers,
                        inferred: false,
                        named: false,
                    };
                    let dropped = self
                        .guard(relation, phrase, &view, &matched)
                        .map(|name| format!("a word of `{name}` stands by"))
                        .or_else(|| units_disagree(relation, &instance.fillers, self.reading))
                        .or_else(|| self.measures_differ(relation, &matched, &instance));
                    let missing = self.missing_before(relation, &instance);
                    match matched.named.map(|named| named.role).or(missing) {
                        Some(role) if dropped.is_none() => {
                            self.push_from_before(relation, instance, role, matched.named);
                        }
                        _ => self.push(relation, instance, dropped),
                    }
                }
            }
        }
        self.note_halves(number, &view, &tried);
        self.words = words;
    }

    /// What was kept so far.
    pub fn noted(&self) -> &[Candidate] {
        &self.candidates
    }

    /// Keeps a candidate, unless it was dropped and nobody asks why.
    pub fn note(&mut self, candidate: Candidate) {
        if self.explain || candidate.dropped.is_none() {
            self.candidates.push(candidate);
        }
    }

    /// The word list that silences a match: in the clauses it spans, in its clause or its sentence before it, or the
    /// second of two bases.
    fn guard<'n>(
        &self,
        relation: &'n Relation,
        phrase: &'n Phrase,
        sentence: &SentenceView<'_>,
        matched: &PhraseMatch,
    ) -> Option<&'n str> {
        let lists = [
            &relation.unless,
            &relation.bases,
            &phrase.unless,
            &phrase.unless_before,
            &phrase.unless_earlier,
            &phrase.unless_behind,
        ];
        if lists.iter().all(|lists| lists.is_empty()) {
            return None;
        }
        let mut clauses = clause_around(&self.document.prose, sentence.span, matched.span);
        let own = clauses.start;
        // 按不变汇率计算，收入…: a clause without figures says how the next one is meant.
        if let Some(ahead) = self.document.prose[sentence.span.start..own].chars().next_back() {
            let end = own - ahead.len_utf8();
            let introduction = clause_around(&self.document.prose, sentence.span, Span::new(end, end));
            if self.reading.quantities_within(introduction).1.is_empty() {
                clauses.start = introduction.start;
            }
        }
        let before = matched.span.start.max(clauses.start);
        let words = sentence.hits().within(clauses);
        let found = |lists: &'n [(ClassId, String)], end: usize| {
            let stands = |class: ClassId| {
                words.of(class).any(|hit| {
                    hit.span.end <= end && !matched.words.iter().any(|word| word.contains(hit.span))
                })
            };
            lists.iter().find(|(class, _)| stands(*class)).map(|(_, name)| name.as_str())
        };
        let behind = || {
            let words = words.within(Span::new(clauses.start, matched.span.start));
            let adjoins = |end: usize| {
                end <= matched.span.start && self.document.prose[end..matched.span.start].trim().is_empty()
            };
            let named = |class: ClassId| words.of(class).any(|hit| adjoins(hit.span.end));
            phrase.unless_behind.iter().find(|(class, _)| named(*class)).map(|(_, name)| name.as_str())
        };
        found(&relation.unless, clauses.end)
            .or_else(|| found(&phrase.unless, clauses.end))
            .or_else(|| found(&phrase.unless_before, before))
            .or_else(|| {
                let earlier = self.earlier(sentence.span, matched.span.start);
                let words = sentence.hits().within(earlier);
                let silencing =
                    phrase.unless_earlier.iter().find(|(class, _)| words.has(*class, earlier.end));
                silencing.map(|(_, name)| name.as_str())
            })
            .or_else(behind)
            .or_else(|| {
                // What stands before a figure in its clause may be about another change.
                let own = if phrase.begins_with_quantity() { matched.span.start } else { own };
                let words = sentence.hits().within(Span::new(own, clauses.end));
                let mut named = relation.bases.iter().filter(|(class, _)| words.has(*class, clauses.end));
                named.nth(1).map(|(_, name)| name.as_str())
            })
    }

    /// What stands before a place in its sentence, back to a semicolon and no further than a bounded way.
    fn earlier(&self, sentence: Span, place: usize) -> Span {
        let prose = &self.document.prose;
        let floor =
            prose.ceil_char_boundary(place.saturating_sub(EARLIER_REACH)).max(sentence.start).min(place);
        let stretch = &prose[floor..place];
        let start = stretch.rfind(['；', ';']).map_or(floor, |at| floor + at);
        Span::new(start, place)
    }

    /// Groups what was kept by relation and key figure; drops doubles.
    fn finish(self) -> Relations {
        let mut groups: BTreeMap<(u32, usize, usize), Vec<Instance>> = BTreeMap::new();
        let mut seen: HashSet<(usize, Vec<(usize, usize)>)> = HashSet::new();
        let candidates = if self.explain { self.candidates.clone() } else { Vec::new() };
        for Candidate { instance, dropped } in self.candidates {
            if dropped.is_some() {
                continue;
            }
            let relation = &self.book.relations[instance.relation];
            let mut signature: Vec<(usize, usize)> = instance
                .fillers
                .iter()
                .map(|(role, filler)| (*role, place_of(filler, self.reading)))
                .collect();
            signature.sort_unstable();
            if !seen.insert((instance.relation, signature)) {
                continue;
            }
            let key = instance
                .fillers
                .iter()
                .find(|(role, _)| *role == relation.key)
                .map_or(instance.span.start, |(_, filler)| place_of(filler, self.reading));
            groups.entry((instance.sentence, instance.relation, key)).or_default().push(instance);
        }
        let groups = groups
            .into_values()
            .map(|mut readings| {
                // What one sentence says by itself goes before what is pieced together.
                let stated = readings.iter().any(|instance| !instance.inferred);
                readings.retain(|instance| !(stated && instance.inferred));
                drop_parts(&self.book.relations, &mut readings);
                if readings.first().is_some_and(|first| self.book.relations[first.relation].whole_lists) {
                    let longest = readings.iter().map(|instance| instance.fillers.len()).max();
                    readings.retain(|instance| Some(instance.fillers.len()) == longest);
                }
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
                    (!instance.named, figures(instance), instance.span.len(), instance.phrase, last)
                });
                RivalGroup { readings }
            })
            .collect();
        Relations { groups, candidates, ..Relations::default() }
    }
}

/// One match for each item, where a phrase fills a role that takes one figure with a list: the first part with the
/// first share, the second with the second. Lists of unequal length belong to each other in no way.
fn spread(relation: &Relation, matched: PhraseMatch) -> Vec<(PhraseMatch, Vec<(usize, Filler)>)> {
    let count = |role: usize| matched.fillers.iter().filter(|(other, _)| *other == role).count();
    let lists: Vec<(usize, usize)> = (0..relation.roles.len())
        .filter(|&role| !relation.roles[role].many)
        .map(|role| (role, count(role)))
        .filter(|(_, count)| *count > 1)
        .collect();
    let Some((_, length)) = lists.first().copied() else {
        let fillers = matched.fillers.clone();
        return vec![(matched, fillers)];
    };
    if lists.iter().any(|(_, other)| *other != length) {
        return Vec::new();
    }
    let item = |index: usize| {
        let mut seen = vec![0; relation.roles.len()];
        let own = |(role, _): &&(usize, Filler)| {
            let at = seen[*role];
            seen[*role] += 1;
            at == index || !lists.iter().any(|(list, _)| list == role)
        };
        matched.fillers.iter().filter(own).copied().collect()
    };
    (0..length).map(|index| (matched.clone(), item(index))).collect()
}

/// Drops the readings that bind only a part of what another one binds: they say less of the same. Parts of lists are
/// readings of their own.
fn drop_parts(relations: &[Relation], readings: &mut Vec<Instance>) {
    let lists = |instance: &Instance| relations[instance.relation].roles.iter().any(|role| role.many);
    if readings.len() < 2 || readings.iter().any(lists) {
        return;
    }
    let part = |a: &Instance, b: &Instance| {
        a.fillers.len() < b.fillers.len() && a.fillers.iter().all(|filler| b.fillers.contains(filler))
    };
    let whole: Vec<bool> =
        readings.iter().map(|one| !readings.iter().any(|other| part(one, other))).collect();
    let mut whole = whole.into_iter();
    readings.retain(|_| whole.next().unwrap_or(true));
}

/// Where a filler stands; constants stand nowhere.
fn place_of(filler: &Filler, reading: &Reading) -> usize {
    match filler {
        Filler::Quantity { index, .. } | Filler::Cell { index, .. } => reading.quantities[*index].span.start,
        Filler::Word { span, .. } | Filler::Count { span, .. } => span.start,
        Filler::Computed { .. } | Filler::Constant { .. } => usize::MAX,
    }
}
