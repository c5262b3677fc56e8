use std::cell::RefCell;

use fnv::FnvHashMap;
use rust_decimal::Decimal;

use super::half_match::HalfMatch;
use super::model::{Filler, Relation, RoleType};
use super::pattern::Takes;
use super::phrasebook::{Marks, Phrase, Piece};
use super::sentence_words::SentenceWords;
use super::unit_agreement::comparable;
use crate::assertion::{MeasureId, Reading, first_pause};
use crate::document::{BREAK, MARKUP};
use crate::lexicon::{ClassId, Hit, HitSlice};
use crate::quantity::{Magnitude, Quantity, Unit};
use crate::source::Span;

/// Bytes a narrow gap may span; 24 Han characters.
pub(super) const NARROW_GAP: usize = 72;
/// Bytes a wide gap may span; 80 Han characters.
pub(super) const WIDE_GAP: usize = 240;
/// Bytes without meaning between two words of a phrase.
pub(super) const LONGEST_SKIP: usize = 48;
/// Steps one start may take: a phrase with several gaps in a sentence without end must not go on for ever.
const STEPS: u32 = 600;

/// A phrase found in a sentence.
#[derive(Clone, Debug)]
pub(crate) struct PhraseMatch {
    pub span: Span,
    pub fillers: Vec<(usize, Filler)>,
    /// A role whose figure stands elsewhere, and the name that it has there.
    pub named: Option<NamedRole>,
    /// The words that the phrase asked for: none of them guards against it.
    pub words: Vec<Span>,
}

/// A role that a phrase names by a measure: "of total revenue".
#[derive(Clone, Copy, Debug)]
pub(crate) struct NamedRole {
    pub role: usize,
    pub measure: MeasureId,
    /// Where the name stands.
    pub span: Span,
}

/// One sentence, ready to be matched.
pub(super) struct SentenceView<'a> {
    pub(super) prose: &'a str,
    pub(super) span: Span,
    /// Those of the sentence, and the index of the first.
    pub(super) quantities: &'a [Quantity],
    pub(super) first: usize,
    pub(super) hits: HitSlice<'a>,
    /// The same by class.
    pub(super) words: &'a SentenceWords,
    pub(super) marks: &'a Marks,
    /// The types of roles that each figure may fill, a bit for each type.
    pub(super) kinds: Vec<u16>,
    /// Where gaps end that were asked for before: from a place, narrow or wide.
    gap_ends: RefCell<FnvHashMap<(usize, bool), usize>>,
    /// No figure with its hedge, and no word, is longer.
    pub(super) longest_figure: usize,
    pub(super) longest_word: usize,
}

/// What a start has matched so far; one serves all starts.
#[derive(Default)]
pub(super) struct Trail {
    pub(super) fillers: Vec<(usize, Filler)>,
    /// Words of the phrase: a comparator among them is the relation, not a bound of the figure.
    pub(super) words: Vec<Span>,
    named: Option<NamedRole>,
    end: usize,
    steps: u32,
    /// Whether to remember how far it came.
    explain: bool,
    furthest: Option<HalfMatch>,
}

impl Trail {
    fn begin(&mut self) {
        self.fillers.clear();
        self.words.clear();
        self.named = None;
        self.steps = 0;
        self.furthest = None;
    }

    /// Remembers the piece that was not found, when no later one was.
    fn stopped(&mut self, piece: usize, stop: usize) {
        if self.explain && self.furthest.as_ref().is_none_or(|half| half.piece < piece) {
            self.furthest = Some(HalfMatch { start: stop, stop, piece, fillers: self.fillers.clone() });
        }
    }
}

impl<'a> SentenceView<'a> {
    pub fn new(
        (prose, reading): (&'a str, &'a Reading),
        (hits, words): (HitSlice<'a>, &'a SentenceWords),
        span: Span,
        marks: &'a Marks,
    ) -> Self {
        let (first, quantities) = reading.quantities_within(span);
        let lengths = quantities.iter().map(|quantity| outer_end(quantity) - outer_start(quantity));
        let longest_figure = lengths.max().unwrap_or_default();
        let longest_word = words.longest();
        let kinds = quantities.iter().map(RoleType::accepting).collect();
        let gap_ends = RefCell::default();
        Self {
            prose,
            span,
            quantities,
            first,
            hits,
            words,
            marks,
            kinds,
            gap_ends,
            longest_figure,
            longest_word,
        }
    }

    /// The words of the sentence.
    pub fn hits(&self) -> HitSlice<'a> {
        self.hits
    }

    /// The figure with that index among all of the document.
    pub(super) fn quantity(&self, index: usize) -> &'a Quantity {
        &self.quantities[index - self.first]
    }

    /// The figures of the sentence that start inside `span`.
    fn quantities_within(&self, span: Span) -> &'a [Quantity] {
        let from = self.quantities.partition_point(|quantity| quantity.span.start < span.start);
        let rest = &self.quantities[from..];
        let count = rest.iter().take_while(|quantity| quantity.span.start < span.end).count();
        &rest[..count]
    }

    /// Every match of a phrase, one for each start.
    pub fn matches(&self, phrase: &Phrase, relation: &Relation, found: &mut Vec<PhraseMatch>) {
        let mut trail = Trail::default();
        self.each_start(phrase, relation, |start, promising| {
            if promising {
                self.try_at(phrase, relation, start, &mut trail, found);
            }
        });
    }

    /// How far a phrase comes from each start from which it does not match.
    pub(super) fn halves(&self, phrase: &Phrase, relation: &Relation, found: &mut Vec<HalfMatch>) {
        let mut trail = Trail { explain: true, ..Trail::default() };
        self.each_start(phrase, relation, |start, _| {
            trail.begin();
            if !self.step(phrase, relation, 0, start, &mut trail) {
                found.extend(trail.furthest.take().map(|half| HalfMatch { start, ..half }));
            }
        });
    }

    /// The places where the first piece of a phrase stands, and whether what it needs is in reach from there.
    fn each_start(&self, phrase: &Phrase, relation: &Relation, mut visit: impl FnMut(usize, bool)) {
        let Some((first, _)) = phrase.pieces.first() else { return };
        match first {
            Piece::Slot { role, takes } => {
                let kind = relation.roles[*role].kind;
                for (index, quantity) in
                    self.quantities.iter().enumerate().filter(|(_, quantity)| kind.accepts(quantity))
                {
                    let start = outer_start(quantity);
                    // The last of several figures (5 and 6 million, or 20 % of …) does not speak for itself alone.
                    if *takes == Takes::One && self.ends_enumeration(index) {
                        continue;
                    }
                    visit(start, self.is_in_reach(&phrase.outline, 1, start));
                }
            }
            Piece::Class { class, .. } => {
                self.words.of(*class).iter().for_each(|hit| visit(hit.span.start, true));
            }
            // A phrase that begins with a pause or a list of names has its first word as anchor; no such phrase
            // is useful enough to pay for.
            _ => {}
        }
    }

    fn try_at(
        &self,
        phrase: &Phrase,
        relation: &Relation,
        start: usize,
        trail: &mut Trail,
        found: &mut Vec<PhraseMatch>,
    ) {
        trail.begin();
        if self.step(phrase, relation, 0, start, trail) && trail.end <= self.span.end {
            let mut fillers = trail.fillers.clone();
            for (_, filler) in &mut fillers {
                if let Filler::Quantity { index, strip_bound, .. } = filler {
                    let hedge = self.quantity(*index).hedge;
                    *strip_bound =
                        hedge.is_some_and(|hedge| trail.words.iter().any(|word| word.overlaps(hedge)));
                }
            }
            let constants =
                phrase.set.iter().map(|(role, value)| (*role, Filler::Constant { value: *value }));
            fillers.extend(constants);
            let span = Span::new(start, trail.end.max(start));
            found.push(PhraseMatch { span, fillers, named: trail.named, words: trail.words.clone() });
        }
    }

    pub(super) fn step(
        &self,
        phrase: &Phrase,
        relation: &Relation,
        at: usize,
        pos: usize,
        trail: &mut Trail,
    ) -> bool {
        trail.steps += 1;
        let hopeless = !trail.explain && !self.is_in_reach(&phrase.outline, at, pos);
        if trail.steps > STEPS || hopeless {
            return false;
        }
        let Some((piece, optional)) = phrase.pieces.get(at) else {
            trail.end = pos;
            return true;
        };
        let (fillers, words) = (trail.fillers.len(), trail.words.len());
        let matched = match piece {
            Piece::Slot { role, takes: Takes::One } => {
                let found = self.slot_at(relation.roles[*role].kind, pos);
                // Beside a range that is taken by its ends, one figure is one figure.
                let found = found.filter(|(index, _)| {
                    !(phrase.takes_ends()
                        && matches!(self.quantity(*index).magnitude, Magnitude::Range { .. }))
                });
                found.is_some_and(|(index, end)| {
                    // The figure's last words (65 万吨多, $5 million a year) may be words of the phrase instead.
                    let span = self.quantity(index).span;
                    let bare = (span.end < end).then_some(span.end);
                    let tail = || self.tail_word(phrase, at + 1, span);
                    let mut ends =
                        [Some(end), bare].into_iter().flatten().chain(std::iter::once_with(tail).flatten());
                    ends.any(|end| {
                        trail.fillers.truncate(fillers);
                        trail.words.truncate(words);
                        trail.fillers.push((*role, Filler::whole(index)));
                        self.step(phrase, relation, at + 1, end, trail)
                    })
                })
            }
            Piece::Slot { role, takes: Takes::List(style) } => {
                self.list_at(phrase, relation, (at, *role, *style), pos, trail)
            }
            Piece::Slot { role, takes: Takes::Ends } => {
                self.ends_at(relation.roles[*role].kind, pos).is_some_and(|(ends, end)| {
                    trail.fillers.extend(ends.map(|filler| (*role, filler)));
                    self.step(phrase, relation, at + 1, end, trail)
                })
            }
            Piece::Names { role } => self.names_at(pos).is_some_and(|(span, count)| {
                trail.fillers.push((*role, Filler::Count { span, value: Decimal::from(count) }));
                self.step(phrase, relation, at + 1, span.end, trail)
            }),
            Piece::Namesake { role } => self.namesake_at(pos, &trail.fillers).is_some_and(|(index, end)| {
                trail.fillers.push((*role, Filler::whole(index)));
                self.step(phrase, relation, at + 1, end, trail)
            }),
            Piece::Passed { kind } => self
                .slot_at(*kind, pos)
                .is_some_and(|(_, end)| self.step(phrase, relation, at + 1, end, trail)),
            Piece::Named { role } => self.names_of_measures(pos).any(|(hit, measure)| {
                trail.named = Some(NamedRole { role: *role, measure, span: hit.span });
                self.step(phrase, relation, at + 1, hit.span.end, trail)
            }),
            Piece::Class { class, role } => self.class_at(phrase, relation, (at, *class, *role), pos, trail),
            Piece::Pause => {
                self.pause_end(pos).is_some_and(|end| self.step(phrase, relation, at + 1, end, trail))
            }
            Piece::Gap { wide } => {
                self.gap_targets(phrase, relation, at + 1, pos, *wide).into_iter().any(|target| {
                    trail.fillers.truncate(fillers);
                    trail.words.truncate(words);
                    self.step(phrase, relation, at + 1, target, trail)
                })
            }
        };
        if matched {
            return true;
        }
        trail.fillers.truncate(fillers);
        trail.words.truncate(words);
        if !*optional {
            trail.stopped(at, pos);
            return false;
        }
        self.step(phrase, relation, at + 1, pos, trail)
    }

    /// Where a word that the next piece asks for begins, when it ends the figure.
    fn tail_word(&self, phrase: &Phrase, at: usize, figure: Span) -> Option<usize> {
        let mut next = phrase.pieces[at.min(phrase.pieces.len())..].iter().map(|(piece, _)| piece);
        let class = match next.find(|piece| !matches!(piece, Piece::Pause | Piece::Gap { .. }))? {
            Piece::Class { class, .. } => *class,
            _ => return None,
        };
        let mut inside = self.words.within(class, figure);
        inside
            .find(|hit| hit.span.end == figure.end && hit.span.start > figure.start)
            .map(|hit| hit.span.start)
    }

    /// Whether a figure stands behind another of its unit with nothing but a conjunction between them.
    fn ends_enumeration(&self, index: usize) -> bool {
        let Some(before) = index.checked_sub(1).map(|before| &self.quantities[before]) else { return false };
        let quantity = &self.quantities[index];
        let from = before.span.end.min(quantity.span.start);
        let between = &self.prose[from..outer_start(quantity).max(from)];
        self.marks.joining.together(between) && comparable(before, quantity)
    }

    /// Skips what stands between words without meaning: spaces, quotes, brackets, Markdown marks, and characters that
    /// nobody sees (zero-width ones, those that turn the direction of writing).
    pub(super) fn skip(&self, mut pos: usize) -> usize {
        let bytes = self.prose.as_bytes();
        let end = self.span.end.min(pos + LONGEST_SKIP);
        while pos < end {
            let byte = bytes[pos];
            if matches!(
                byte,
                b' ' | b'\t' | b'\n' | b'\r' | b'"' | b'\'' | b'(' | b')' | b'[' | b']' | MARKUP
            ) {
                pos += 1;
                continue;
            }
            if byte < 0x80 {
                break;
            }
            match self.prose[pos..].chars().next() {
                Some(c)
                    if matches!(
                        c,
                        '“' | '”'
                            | '‘'
                            | '’'
                            | '「'
                            | '」'
                            | '『'
                            | '』'
                            | '（'
                            | '）'
                            | '《'
                            | '》'
                            | '\u{a0}'
                            | '\u{3000}'
                            | '\u{ad}'
                            | '\u{200b}'..='\u{200f}'
                            | '\u{202a}'..='\u{202e}'
                            | '\u{2060}'..='\u{2069}'
                            | '\u{feff}'
                    ) =>
                {
                    pos += c.len_utf8();
                }
                _ => break,
            }
        }
        pos
    }

    /// A quantity of the type right at `pos`, and where it ends with the words that hedge it.
    pub(super) fn slot_at(&self, kind: RoleType, pos: usize) -> Option<(usize, usize)> {
        let pos = self.skip(pos);
        let quantities = self.quantities;
        // The figure itself may start here, or a hedge word before it.
        let from = quantities.partition_point(|quantity| quantity.span.start < pos);
        quantities[from..].iter().take(2).zip(from..).find_map(|(quantity, index)| {
            let here = quantity.span.start == pos || outer_start(quantity) == pos;
            (here && quantity.span.end <= self.span.end && kind.accepts(quantity))
                .then(|| (self.first + index, outer_end(quantity)))
        })
    }

    /// The measures whose name stands at `pos`, the longest name first, where no word behind it makes it the name
    /// of something else.
    fn names_of_measures(&self, pos: usize) -> impl Iterator<Item = (Hit, MeasureId)> + use<'a, '_> {
        let pos = self.skip(pos);
        let here = self.hits.within(Span::new(pos, pos + 1)).iter();
        let ends_there = |hit: &Hit| {
            let behind = self.skip(hit.span.end);
            let goes_on = self.marks.name_goes_on;
            goes_on.is_none_or(|class| self.hits.at(behind, class).next().is_none())
        };
        here.filter(move |hit| hit.span.start == pos && hit.span.end <= self.span.end && ends_there(hit))
            .filter_map(|hit| self.measure_of(hit.class).map(|measure| (hit, measure)))
    }

    fn measure_of(&self, class: ClassId) -> Option<MeasureId> {
        self.marks.measure_of(class)
    }

    fn class_at(
        &self,
        phrase: &Phrase,
        relation: &Relation,
        (at, class, role): (usize, ClassId, Option<usize>),
        pos: usize,
        trail: &mut Trail,
    ) -> bool {
        let pos = self.skip(pos);
        let (fillers, words) = (trail.fillers.len(), trail.words.len());
        let here = self.words.from(class, pos).iter().take_while(|hit| hit.span.start == pos);
        for hit in here.filter(|hit| hit.span.end <= self.span.end) {
            trail.fillers.truncate(fillers);
            trail.words.truncate(words);
            trail.words.push(hit.span);
            if let Some(role) = role {
                let Some(value) = hit.value else { continue };
                trail.fillers.push((role, Filler::Word { span: hit.span, value }));
            }
            if self.step(phrase, relation, at + 1, hit.span.end, trail) {
                return true;
            }
        }
        false
    }

    /// The end of a pause at `pos`.
    fn pause_end(&self, pos: usize) -> Option<usize> {
        let pos = self.skip(pos);
        let c = self.prose.get(pos..self.span.end)?.chars().next()?;
        matches!(c, '，' | ',' | '、' | '；' | ';' | '：' | ':' | '—' | '–' | '-').then(|| {
            let reach = self.prose.floor_char_boundary(self.span.end.min(pos + LONGEST_SKIP));
            let rest = &self.prose[pos..reach];
            pos + rest.len() - rest.trim_start_matches(c).len()
        })
    }

    /// How far a gap from `pos` may reach in any phrase.
    fn gap_end(&self, pos: usize, wide: bool) -> usize {
        let length = if wide { WIDE_GAP } else { NARROW_GAP };
        let mut end = self.prose.floor_char_boundary((pos + length).min(self.span.end)).max(pos);
        // No amount may be passed over, only reached; dates and the like may.
        let ahead = self.quantities_within(Span::new(pos, end));
        if let Some(wall) = ahead.iter().find(|quantity| !passable(quantity)) {
            end = wall.span.start;
        }
        let stretch = &self.prose[pos..end];
        if let Some(wall) = stretch.bytes().position(|byte| byte == BREAK) {
            end = pos + wall;
        }
        if !wide {
            // The comma of "December 31, 2019" belongs to the date.
            let inside = self.quantities_within(Span::new(pos, end));
            let within_figure =
                |at: usize| inside.iter().any(|quantity| quantity.span.start < at && at < quantity.span.end);
            let mut wall = first_pause(&self.prose[pos..end]);
            while wall < end - pos && within_figure(pos + wall) {
                let next = self.prose.ceil_char_boundary(pos + wall + 1).min(end);
                wall = next - pos + first_pause(&self.prose[next..end]);
            }
            end = pos + wall;
            let stop =
                self.marks.gap_stop.and_then(|class| self.words.within(class, Span::new(pos, end)).next());
            if let Some(stop) = stop {
                end = stop.span.start;
            }
        }
        end
    }

    /// Where, after a gap from `pos`, the pieces from `at` on could start: nearest first.
    ///
    /// A word of the phrase right at the gap's end is reached, never passed over.
    fn gap_targets(
        &self,
        phrase: &Phrase,
        relation: &Relation,
        at: usize,
        pos: usize,
        wide: bool,
    ) -> Vec<usize> {
        let mut end =
            *self.gap_ends.borrow_mut().entry((pos, wide)).or_insert_with(|| self.gap_end(pos, wide));
        for class in &phrase.stop {
            let stop = self.words.within(*class, Span::new(pos, end)).next();
            end = stop.map_or(end, |stop| stop.span.start);
        }
        let window = Span::new(pos, end);
        let mut targets = Vec::new();
        for (piece, optional) in &phrase.pieces[at.min(phrase.pieces.len())..] {
            match piece {
                Piece::Slot { .. } | Piece::Passed { .. } => {
                    let kind = match piece {
                        Piece::Slot { role, .. } => relation.roles[*role].kind,
                        Piece::Passed { kind } => *kind,
                        _ => continue,
                    };
                    let ahead = self.quantities_within(Span::new(pos, end + 1));
                    // A hedge that is a word of the phrase already (by 2025) lies behind us.
                    let starts = ahead.iter().filter(|quantity| kind.accepts(quantity)).map(|quantity| {
                        let outer = outer_start(quantity);
                        if outer >= pos { outer } else { quantity.span.start }
                    });
                    targets.extend(starts);
                }
                Piece::Class { class, .. } => {
                    let ahead = self.words.within(*class, Span::new(pos, end + 1));
                    targets.extend(ahead.map(|hit| hit.span.start));
                }
                // A label stands right behind what comes before it.
                Piece::Namesake { .. } => targets.push(pos),
                Piece::Names { .. } | Piece::Pause => {
                    let stretch = window.of(self.prose);
                    targets.extend(
                        stretch
                            .char_indices()
                            .filter(|(_, c)| "(（:：—–，,、；;".contains(*c))
                            .map(|(offset, _)| pos + offset),
                    );
                    targets.push(end);
                }
                Piece::Named { .. } => {
                    let ahead = self.hits.within(Span::new(pos, end + 1));
                    targets.extend(
                        ahead
                            .iter()
                            .filter(|hit| self.measure_of(hit.class).is_some())
                            .map(|hit| hit.span.start),
                    );
                }
                // What is left out between two gaps (`.. ,? ..`) leaves one gap, that begins here.
                Piece::Gap { .. } => targets.push(pos),
            }
            // A second gap may be empty: what comes behind it is near enough too.
            if !optional && !matches!(piece, Piece::Gap { .. }) {
                break;
            }
        }
        targets.sort_unstable();
        targets.dedup();
        targets
    }
}

/// Where a quantity ends with the word that hedges it.
pub(super) fn outer_end(quantity: &Quantity) -> usize {
    quantity.hedge.map_or(quantity.span.end, |hedge| hedge.end.max(quantity.span.end))
}

/// Where a quantity starts with the word that hedges it.
pub(super) fn outer_start(quantity: &Quantity) -> usize {
    quantity.hedge.map_or(quantity.span.start, |hedge| hedge.start.min(quantity.span.start))
}

/// Whether a gap may pass over it: dates, durations, ordinals, and small bare numbers (一轮, three).
pub(super) fn passable(quantity: &Quantity) -> bool {
    use crate::quantity::Kind;
    match quantity.magnitude {
        Magnitude::Date(_) => true,
        Magnitude::One(figure) => {
            matches!(quantity.kind, Kind::Duration | Kind::Ordinal)
                || quantity.unit == Unit::Bare && figure.value.abs() <= Decimal::TEN
        }
        Magnitude::Range { .. } => quantity.kind == Kind::Duration,
    }
}
