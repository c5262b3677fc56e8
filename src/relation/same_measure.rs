//! Whether the figures that a change leads between are told of one thing: "revenue rose 10 % to $1.1 billion, compared
//! with net income of $100 million" names no old value.

use super::binder::{Binder, Instance};
use super::matcher::{PhraseMatch, outer_start, passable};
use super::model::Relation;
use crate::assertion::MeasureId;
use crate::lexicon::{ClassId, LexiconBuilder};
use crate::quantity::Quantity;
use crate::source::Span;

/// The word lists that tell a figure's own name from words that every figure may have.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct OwnNames {
    /// Words beside a figure that do not say what it measures: the, last year's, 为, 水平.
    no_name: Option<ClassId>,
    /// Words that lead from a figure to what it is a figure of: in, of.
    leads_to_name: Option<ClassId>,
    /// The, a, its.
    article: Option<ClassId>,
    /// Names of results and costs, beside the measures.
    pub part_name: Option<ClassId>,
}

impl OwnNames {
    pub fn of(lexicon: &LexiconBuilder) -> Self {
        Self {
            no_name: lexicon.find("names-no-measure"),
            leads_to_name: lexicon.find("leads-to-measure"),
            article: lexicon.find("article"),
            part_name: lexicon.find("part-name"),
        }
    }
}

/// How far behind a figure its name may begin, in bytes, and how far the name goes.
const NAME_BEHIND: usize = 24;

/// How far back the words reach that a figure is told with.
const OWN_REACH: usize = 400;

impl Binder<'_> {
    /// Why the figures of a match can't be two values of one measure: the later one is told with a name that the
    /// earlier one does not have.
    pub fn measures_differ(
        &self,
        relation: &Relation,
        matched: &PhraseMatch,
        instance: &Instance,
    ) -> Option<String> {
        if relation.same_measure.is_empty() {
            return None;
        }
        let mut figures: Vec<usize> = instance
            .fillers
            .iter()
            .filter(|(role, _)| relation.same_measure.contains(role))
            .filter_map(|(_, filler)| filler.quantity())
            .collect();
        figures.sort_unstable();
        figures.dedup();
        let mut pairs =
            figures.windows(2).map(|pair| (pair[0], pair[1], self.is_base(relation, instance, pair[1])));
        let other = pairs.find_map(|pair| self.other_name(matched, instance, pair));
        other
            .or_else(|| self.other_subject(relation, matched, instance, &figures))
            .map(|name| format!("`{}` is the name of another measure", name.of(&self.document.text).trim()))
    }

    /// Whether a figure fills the first of the roles, the base.
    fn is_base(&self, relation: &Relation, instance: &Instance, figure: usize) -> bool {
        instance.fillers.iter().any(|(role, filler)| {
            relation.same_measure.first() == Some(role) && filler.quantity() == Some(figure)
        })
    }

    /// The words that make the later of two figures one of another measure. Behind a word of comparison the `base`
    /// has none but its own.
    fn other_name(
        &self,
        matched: &PhraseMatch,
        instance: &Instance,
        (first, later, base): (usize, usize, bool),
    ) -> Option<Span> {
        let figure = |index: usize| &self.reading.quantities[index];
        let (first, second) = (figure(first), figure(later));
        let start = outer_start(second);
        // What leads to the later figure begins behind the last figure of the match, with a word of the phrase.
        let bound = instance.fillers.iter().filter_map(|(_, filler)| filler.quantity());
        let bound = bound.filter(|&index| index < later).max().map_or(first, figure);
        let floor = bound.span.end.min(start);
        let lead = matched.words.iter().find(|word| word.start >= floor && word.end <= start);
        let ahead = Span::new(lead.map_or(floor, |word| word.end), start);
        let turn = lead.map_or(floor, |word| word.start);
        // The base's own clause, or the first that has the new value's subject.
        let pauses = ['，', ',', '；', ';', '、'];
        let clause = if base {
            self.document.prose[floor..turn].rfind(pauses).map_or(turn, |at| floor + at)
        } else {
            let behind = first.span.end.min(start);
            self.document.prose[behind..start].find(pauses).map_or(turn, |at| behind + at)
        };
        let own = Span::new(self.own_start(instance, first), clause.max(first.span.start));
        let unknown = || self.unknown_word(own, ahead).or_else(|| self.unknown_word_behind(own, second));
        self.foreign_name(own, Span::new(clause, start))
            .or_else(|| self.foreign_name(own, self.glued_behind(second)))
            .or_else(|| base.then(unknown).flatten())
    }

    /// The words that make a change behind a figure, in a clause of its own, the change of something else: 门店从 412
    /// 家增至 467 家，员工人数增长 30%.
    fn other_subject(
        &self,
        relation: &Relation,
        matched: &PhraseMatch,
        instance: &Instance,
        figures: &[usize],
    ) -> Option<Span> {
        let quantities = &self.reading.quantities;
        let first = *figures.first()?;
        let bound = instance.fillers.iter().filter_map(|(_, filler)| filler.quantity());
        let is_change = |index: &usize| !figures.contains(index) && !passable(&quantities[*index]);
        let change = bound.filter(|index| *index > first && is_change(index)).min()?;
        let last = *figures.iter().rfind(|index| **index < change)?;
        // Compared with 40 a quarter before, orders rose 20 % to 58: the subject comes with the new value.
        if self.is_base(relation, instance, last) && figures.last() != Some(&last) {
            return None;
        }
        let (from, to) = (quantities[last].span.end, outer_start(&quantities[change]));
        let pause = self.document.prose.get(from..to)?.find(['，', ',', '；', ';'])?;
        let own = Span::new(self.own_start(instance, &quantities[first]), from);
        let clause = Span::new(from + pause, to);
        self.foreign_name(own, clause).or_else(|| {
            let words = words_of(clause, &self.document.prose).into_iter();
            let mut words = words.flat_map(|word| self.uncovered(word, &matched.words));
            words.find(|word| !self.tells(own, *word))
        })
    }

    /// The first name of a stretch that is of another measure than the earlier figure's.
    fn foreign_name(&self, own: Span, stretch: Span) -> Option<Span> {
        let own_measure = self.names_in(own).last().and_then(|(_, measure)| measure);
        let foreign = |(name, measure): &(Span, Option<MeasureId>)| match (measure, own_measure) {
            (Some(measure), Some(own)) => *measure != own,
            _ => !self.tells(own, *name),
        };
        self.names_in(stretch).find(foreign).map(|(name, _)| name)
    }

    /// Where the words begin that the earlier figure is told with: behind the amount before the match.
    fn own_start(&self, instance: &Instance, first: &Quantity) -> usize {
        let sentence = self.document.sentences[instance.sentence as usize].span;
        let near = self.document.prose.ceil_char_boundary(instance.span.start.saturating_sub(OWN_REACH));
        let floor = near.max(sentence.start).min(first.span.start);
        let (_, inside) = self.reading.quantities_within(Span::new(floor, instance.span.start.max(floor)));
        inside.iter().rev().find(|quantity| !passable(quantity)).map_or(floor, |amount| amount.span.end)
    }

    /// Names of measures, of results and of costs in a stretch; the longest of those that begin together.
    fn names_in(&self, stretch: Span) -> impl Iterator<Item = (Span, Option<MeasureId>)> + '_ {
        let mut names: Vec<(Span, Option<MeasureId>)> = Vec::new();
        let named = self.hits.within(stretch).meaning(&self.book.names);
        for hit in named.iter().filter(|hit| hit.span.end <= stretch.end) {
            let measure = self.book.marks.measure_of(hit.class);
            match names.iter_mut().find(|(name, _)| name.overlaps(hit.span)) {
                // 净利润 is one name, not that and 利润.
                Some(known) if hit.span.len() > known.0.len() => *known = (hit.span, measure),
                Some(known) if hit.span == known.0 => known.1 = known.1.or(measure),
                Some(_) => {}
                None => names.push((hit.span, measure)),
            }
        }
        let says_nothing = |name: Span| {
            let class = self.book.own_names.no_name;
            class.is_some_and(|class| self.hits.within(name).of(class).any(|hit| hit.span == name))
        };
        names.retain(|(name, _)| !says_nothing(*name));
        names.into_iter()
    }

    /// Where a name right behind a figure may stand: 1 亿元的净利润.
    fn glued_behind(&self, figure: &Quantity) -> Span {
        let end = figure.hedge.map_or(figure.span.end, |hedge| hedge.end.max(figure.span.end));
        let behind = &self.document.prose[end..self.sentence_end(end)];
        let lead = behind.len() - behind.trim_start_matches([' ', '\u{1}', '的']).len();
        let reach =
            self.document.prose.floor_char_boundary(self.sentence_end(end).min(end + lead + NAME_BEHIND));
        let glued = self.names_in(Span::new(end, reach)).next().filter(|(name, _)| name.start == end + lead);
        glued.map_or(Span::new(end, end), |(name, _)| Span::new(end, name.end))
    }

    fn sentence_end(&self, place: usize) -> usize {
        let sentence = self.document.sentence_at(place.saturating_sub(1));
        sentence.map_or(place, |number| self.document.sentences[number].span.end).max(place)
    }

    /// The first word of a stretch that says what a figure measures, or whose it is, and that the earlier figure is
    /// not told with.
    fn unknown_word(&self, own: Span, stretch: Span) -> Option<Span> {
        words_of(stretch, &self.document.prose)
            .into_iter()
            .flat_map(|word| self.uncovered(word, &[]))
            .find(|word| !self.tells(own, *word))
    }

    /// The same behind a figure: $90 million in net income, $90 million at its rival.
    fn unknown_word_behind(&self, own: Span, figure: &Quantity) -> Option<Span> {
        let names = self.book.own_names;
        let is = |word: Span, class: Option<ClassId>| {
            class.is_some_and(|class| self.hits.within(word).of(class).any(|hit| hit.span == word))
        };
        let end = figure.hedge.map_or(figure.span.end, |hedge| hedge.end.max(figure.span.end));
        let sentence_end = self.sentence_end(end);
        let limit = self.document.prose.floor_char_boundary(sentence_end.min(end + 2 * NAME_BEHIND));
        let mut words = words_of(Span::new(end, limit), &self.document.prose).into_iter();
        let lead = words.next().filter(|word| word.start <= end + 1)?;
        let word = if is(lead, names.leads_to_name) {
            words.find(|word| !is(*word, names.article))?
        } else {
            // 亿元 and 的 are glued to what they belong to; a Latin word is one of its own.
            Some(lead).filter(|word| word.of(&self.document.prose).is_ascii())?
        };
        // A word that the window cuts off is not known.
        if word.end == limit && limit < sentence_end {
            return None;
        }
        self.uncovered(word, &[]).into_iter().find(|word| !self.tells(own, *word))
    }

    /// What of a word no filler word, no figure and none of the `pieces` of a phrase covers.
    fn uncovered(&self, word: Span, pieces: &[Span]) -> Vec<Span> {
        let mut covers: Vec<Span> = pieces.to_vec();
        if let Some(class) = self.book.own_names.no_name {
            covers.extend(self.hits.within(self.around(word)).of(class).map(|hit| hit.span));
        }
        let (_, figures) = self.reading.quantities_within(self.around(word));
        // A name that is foreign was found before; this one says the same in another word: sales, revenue.
        covers.extend(self.names_in(word).map(|(name, _)| name));
        covers.extend(figures.iter().map(|figure| Span::new(outer_start(figure), figure.span.end)));
        covers.sort_unstable_by_key(|span| span.start);
        let mut rest = Vec::new();
        let mut at = word.start;
        for cover in covers.into_iter().filter(|cover| cover.overlaps(word)) {
            if cover.start > at {
                rest.push(Span::new(at, cover.start));
            }
            at = at.max(cover.end);
        }
        if at < word.end {
            rest.push(Span::new(at, word.end));
        }
        rest
    }

    /// A little more than a word, so that longer words that cover it are found.
    fn around(&self, word: Span) -> Span {
        let prose = &self.document.prose;
        let start = prose.ceil_char_boundary(word.start.saturating_sub(NAME_BEHIND));
        let end = prose.floor_char_boundary((word.end + NAME_BEHIND).min(prose.len()));
        Span::new(start, end.max(word.end))
    }

    /// Whether the words that a figure is told with have this one.
    fn tells(&self, own: Span, word: Span) -> bool {
        let (own, word) = (own.of(&self.document.prose), word.of(&self.document.prose));
        if word.is_ascii() {
            own.to_ascii_lowercase().contains(&word.to_ascii_lowercase())
        } else {
            own.contains(word)
        }
    }
}

/// The words of a stretch: runs of letters and digits, an apostrophe and what is behind it left out.
fn words_of(stretch: Span, prose: &str) -> Vec<Span> {
    let text = stretch.of(prose);
    let mut words = Vec::new();
    let mut start = None;
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        match (c.is_alphanumeric(), start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                let word = Span::new(stretch.start + from, stretch.start + at);
                let possessive = matches!(&text[from..at], "s") && text[..from].ends_with(['\'', '’']);
                if !possessive {
                    words.push(word);
                }
                start = None;
            }
            _ => {}
        }
    }
    words
}
