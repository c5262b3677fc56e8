//! Whether a figure of an earlier sentence is surely the one that a phrase names: "revenue was $410 million. …
//! 30 % of revenue".

use super::binder::{Binder, Instance};
use super::matcher::NamedRole;
use crate::assertion::first_pause;
use crate::lexicon::{ClassId, LexiconBuilder};
use crate::quantity::{Date, Magnitude};
use crate::source::Span;

/// The word lists that tell a plain name from the name of a part, and what figures are about.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Naming {
    /// Words before a name that leave it the name of the whole: total, our, generated.
    plain: Option<ClassId>,
    /// Names of regions: a part of the whole, though in capitals.
    region: Option<ClassId>,
    /// Words behind a name, before its figure, that make it the name of a part: from, attributable to.
    of_part: Option<ClassId>,
    /// Words before a name that say it is the whole of all: total.
    all: Option<ClassId>,
    /// Names of what is set against a whole: operating income, EBITDA.
    part_name: Option<ClassId>,
    /// Words that say what a figure is about; words of one value say the same: quarter, Q3.
    scope: Option<ClassId>,
    /// Names that say whose they are by the subject before them: 持有公司股份.
    with_subject: Option<ClassId>,
    /// Words of several subjects: then it is not known whose the name is.
    several: Option<ClassId>,
    /// Words of what is still to come; a figure told with them is no base of one told without.
    forward: Option<ClassId>,
    /// Words that open a sentence with what it is about: in, at, for.
    opens_scope: Option<ClassId>,
    /// Kinds of companies and places, the last word of their names: 银行.
    body: Option<ClassId>,
    /// Words that begin a sentence and name nobody.
    opener: Option<ClassId>,
    /// Earlier periods that a figure is compared with: last year.
    earlier: Option<ClassId>,
}

impl Naming {
    pub fn of(lexicon: &LexiconBuilder) -> Self {
        Self {
            plain: lexicon.find("plain-name-before"),
            region: lexicon.find("region-name"),
            of_part: lexicon.find("name-of-part"),
            all: lexicon.find("whole-of-all"),
            part_name: lexicon.find("part-name"),
            scope: lexicon.find("scope"),
            with_subject: lexicon.find("name-with-subject"),
            several: lexicon.find("several-subjects"),
            forward: lexicon.find("forward-looking"),
            opens_scope: lexicon.find("opens-scope"),
            body: lexicon.find("body-noun"),
            opener: lexicon.find("sentence-opener"),
            earlier: lexicon.find("earlier-period"),
        }
    }
}

/// How far before its figure a name may stand, in bytes.
const NAME_REACH: usize = 80;

impl Binder<'_> {
    /// Whether the figure bears the name, plainly, and nothing between it and the match changes the subject.
    pub fn is_surely_named(&self, figure: usize, name: NamedRole, instance: &Instance) -> bool {
        let Some(assertion) = self.reading.assertion_of(figure) else { return false };
        if assertion.measure != Some(name.measure) {
            return false;
        }
        let place = self.reading.quantities[figure].span;
        let sentence = self.document.sentences[assertion.sentence as usize].span;
        let Some((named, behind)) = self.name_of(place, sentence, name) else { return false };
        let between =
            if behind { Span::new(place.end, named.start) } else { Span::new(named.end, place.start) };
        let own = self.ends_with(self.book.naming.with_subject, Span::new(name.span.start, name.span.end));
        if !own && !behind && !self.is_plain(named, sentence, "")
            || !behind && (self.has(self.book.naming.of_part, between) || self.narrows(between, place))
        {
            return false;
        }
        // What the whole's sentence is about, and what was said since.
        let here = self.document.sentences[instance.sentence as usize].span;
        let same = assertion.sentence == instance.sentence;
        let about = if same { Span::new(sentence.start, place.end) } else { sentence };
        // What stands behind the name may say another period: of revenue for the year.
        let matched = instance.span.end.max(name.span.end);
        let rest = &self.document.prose[matched..here.end.max(matched)];
        let since = Span::new(about.end, (matched + first_pause(rest)).max(about.end));
        let of_all = self.ends_with(self.book.naming.all, Span::new(here.start, name.span.start));
        if own && self.has(self.book.naming.several, about.join(since)) {
            return false;
        }
        // What the sentence says before its part: whose it is, when, and on what basis.
        let first = instance.fillers.iter().filter_map(|(_, filler)| filler.quantity());
        let first = first.filter(|&quantity| quantity > figure).min();
        let Some(part) = first.and_then(|quantity| self.reading.assertion_of(quantity)) else { return false };
        let part_at = self.reading.quantities[part.quantity].span.start;
        let opening = Span::new(if same { place.end } else { here.start }.min(part_at), part_at);
        let forward = |stretch: Span| !same && self.has(self.book.naming.forward, stretch);
        if part.modality != assertion.modality
            || forward(about) != forward(opening)
            || self.has(self.book.naming.earlier, opening)
            || !own && !self.opens_plainly(about, opening)
        {
            return false;
        }
        self.adds_no_scope(about, since)
            && (own
                || of_all
                || self.adds_no_name(about, since)
                    && (same || self.opens_with_no_name(about, here))
                    && self.is_plain_part(about, here, instance))
    }

    /// Whether a sentence begins with a word that is known to be no name, or that was said before: the capital of a
    /// first word says nothing.
    fn opens_with_no_name(&self, about: Span, here: Span) -> bool {
        let text = here.of(&self.document.prose);
        let lead = here.start + text.len() - text.trim_start_matches([' ', '\u{1}', '\n']).len();
        let rest = &self.document.prose[lead..here.end.max(lead)];
        let word = &rest[..rest.find(|c: char| !c.is_alphanumeric()).unwrap_or(rest.len())];
        let name = word.starts_with(|c: char| c.is_ascii_uppercase())
            && word.chars().any(|c| c.is_ascii_lowercase());
        let naming = &self.book.naming;
        let known =
            [naming.opener, naming.part_name, naming.plain, naming.all, naming.scope, naming.opens_scope];
        let first = Span::new(lead, lead + 1);
        let is_known =
            || known.into_iter().flatten().any(|class| self.hits.within(first).of(class).next().is_some());
        !name || contains_word(about.of(&self.document.prose), word) || is_known()
    }

    /// Whether what stands before a part names no other company, and no place or basis that the part is told for:
    /// "In Europe, …".
    fn opens_plainly(&self, about: Span, opening: Span) -> bool {
        let naming = &self.book.naming;
        let (known, text) = (about.of(&self.document.prose), opening.of(&self.document.prose));
        if let Some(class) = naming.body {
            let foreign = |word: Span| {
                let before = Span::new(opening.start, word.start);
                let Some(last) = before.of(&self.document.prose).chars().next_back() else { return false };
                let two: Vec<char> = before.of(&self.document.prose).chars().rev().take(2).collect();
                let name: String =
                    two.into_iter().rev().chain(word.of(&self.document.prose).chars()).collect();
                last.is_alphanumeric()
                    && !last.is_ascii()
                    && !self.ends_with(naming.plain, before)
                    && !known.contains(&name)
            };
            let mut bodies = self.hits.within(opening).of(class).filter(|hit| hit.span.end <= opening.end);
            if bodies.any(|hit| foreign(hit.span)) {
                return false;
            }
        }
        let Some(class) = naming.opens_scope else { return true };
        let lead = opening.start + text.len() - text.trim_start_matches([' ', '\u{1}']).len();
        let Some(hit) = self.hits.all().at(lead, class).next() else { return true };
        let pause = opening.start + first_pause(text);
        // From the preposition on, so that the word behind it is not the first.
        self.adds_no_name(about, Span::new(hit.span.start.min(pause), pause))
    }

    /// Whether words between a name and its figure narrow the name (revenue in Asia), rather than give its period
    /// (revenue in 2023) or lead to the figure (revenue of $5 million).
    fn narrows(&self, between: Span, figure: Span) -> bool {
        let Some(class) = self.book.marks.name_goes_on else { return false };
        let (_, inside) = self.reading.quantities_within(Span::new(between.start, figure.end));
        let leads = |at: usize| {
            let next = inside.iter().find(|quantity| quantity.span.end > at);
            next.is_some_and(|next| {
                let start = next.hedge.map_or(next.span.start, |hedge| hedge.start.min(next.span.start));
                let gap = &self.document.prose[at.min(start)..start];
                let of_period = matches!(next.magnitude, Magnitude::Date(_)) || next.span == figure;
                of_period
                    && matches!(gap.trim_matches([' ', '\u{1}', '$']), "" | "the" | "fiscal" | "our" | "just")
            })
        };
        let mut words = self.hits.within(between).of(class);
        words.any(|hit| hit.span.end <= between.end && !leads(hit.span.end))
    }

    /// Where the name of a figure stands, and whether behind it.
    fn name_of(&self, figure: Span, sentence: Span, name: NamedRole) -> Option<(Span, bool)> {
        let class = self.book.marks.class_of(name.measure)?;
        let floor = self.document.prose.ceil_char_boundary(figure.start.saturating_sub(NAME_REACH));
        let stretch = Span::new(floor.max(sentence.start), figure.start);
        let before = self.hits.within(stretch).of(class).filter(|hit| hit.span.end <= figure.start);
        if let Some(last) = before.max_by_key(|hit| (hit.span.end, hit.span.len())) {
            return Some((last.span, false));
        }
        let limit = sentence.end.min(figure.end + 9);
        let behind = self.hits.within(Span::new(figure.end, limit.max(figure.end))).of(class).next();
        behind.map(|hit| (hit.span, true))
    }

    /// Whether no word before a name makes it the name of a part; words of `known` are no news.
    fn is_plain(&self, name: Span, sentence: Span, known: &str) -> bool {
        let prose = &self.document.prose;
        let before = prose[sentence.start..name.start].trim_end_matches([' ', '\u{1}', '\'', '"', '“']);
        let end = sentence.start + before.len();
        if self.ends_with(self.book.naming.region, Span::new(sentence.start, end)) {
            return contains_word(known, before.rsplit(' ').next().unwrap_or_default());
        }
        let Some(last) = before.chars().next_back() else { return true };
        if self.ends_with(self.book.naming.plain, Span::new(sentence.start, end))
            || self.ends_with(self.book.naming.all, Span::new(sentence.start, end))
        {
            return true;
        }
        let (_, inside) = self.reading.quantities_within(Span::new(sentence.start, end));
        if inside
            .last()
            .is_some_and(|date| date.span.end == end && matches!(date.magnitude, Magnitude::Date(_)))
        {
            return true;
        }
        if !last.is_alphanumeric() {
            // The possessive of a name (Norvik's) is a pause no more than a comma is.
            return true;
        }
        if !last.is_ascii() {
            return false;
        }
        let start = before.rfind(|c: char| !c.is_alphanumeric() && c != '-').map_or(0, |at| at + 1);
        let word = before.get(start..).unwrap_or_default();
        // The name of a segment is in capitals; at the start of a sentence a capital says nothing.
        start > 0 && word.starts_with(|c: char| c.is_uppercase()) || contains_word(known, word)
    }

    /// Whether the part is told by a name of its own kind (operating income) and by no other word.
    fn is_plain_part(&self, about: Span, here: Span, instance: &Instance) -> bool {
        let Some(class) = self.book.naming.part_name else { return false };
        let start = instance.span.start.max(here.start);
        let floor = self.document.prose.ceil_char_boundary(start.saturating_sub(NAME_REACH));
        let stretch = Span::new(floor.max(here.start), start);
        let (from, inside) = self.reading.quantities_within(stretch);
        // A name before another amount is that amount's.
        let wall = (from..from + inside.len())
            .zip(inside)
            .rfind(|(index, _)| self.reading.assertion_of(*index).is_some());
        let stretch = Span::new(wall.map_or(stretch.start, |(_, amount)| amount.span.end), stretch.end);
        let names = self.hits.within(stretch).of(class).filter(|hit| hit.span.end <= start);
        let Some(name) = names.max_by_key(|hit| (hit.span.end, hit.span.len())) else { return false };
        self.is_plain(name.span, here, about.of(&self.document.prose))
    }

    /// Whether a stretch speaks of no other period or part of the company than the one before.
    fn adds_no_scope(&self, about: Span, since: Span) -> bool {
        if let Some(class) = self.book.naming.scope {
            let known: Vec<_> = self.hits.within(about).of(class).map(|hit| hit.value).collect();
            let mut news = self.hits.within(since).of(class).filter(|hit| hit.span.end <= since.end);
            if news.any(|hit| !known.contains(&hit.value)) {
                return false;
            }
        }
        let dates = |span: Span| {
            let (_, inside) = self.reading.quantities_within(span);
            inside.iter().filter_map(|quantity| match quantity.magnitude {
                // What a figure is compared with is not what it is about.
                Magnitude::Date(date) if !self.has(self.book.naming.earlier, quantity.span) => Some(date),
                _ => None,
            })
        };
        let known: Vec<Date> = dates(about).collect();
        let mentions = |span: Span| {
            let from = self.reading.mentions.partition_point(|(place, _)| place.start < span.start);
            let rest = &self.reading.mentions[from..];
            rest.iter().take_while(move |(place, _)| place.start < span.end).map(|(_, entity)| *entity)
        };
        let named: Vec<_> = mentions(about).collect();
        dates(since).all(|date| known.iter().any(|other| other.start == date.start && other.end == date.end))
            && mentions(since).all(|entity| named.contains(&entity))
    }

    /// Whether a stretch names nobody and nothing in capitals that was not named before.
    fn adds_no_name(&self, about: Span, since: Span) -> bool {
        let (before, after) = (about.of(&self.document.prose), since.of(&self.document.prose));
        let mut starts = true;
        after.split_inclusive(|c: char| !c.is_alphanumeric()).all(|piece| {
            let word = piece.trim_end_matches(|c: char| !c.is_alphanumeric());
            let first = starts;
            starts = word.is_empty() && starts || piece.ends_with(['.', '!', '?']);
            let mut letters = word.chars();
            let capital = letters.next().is_some_and(|c| c.is_ascii_uppercase());
            let name = capital && letters.next().is_some_and(|c| c.is_ascii_lowercase());
            !name || first || contains_word(before, word)
        })
    }

    /// Whether a word of the class ends where the stretch ends.
    fn ends_with(&self, class: Option<ClassId>, stretch: Span) -> bool {
        let Some(class) = class else { return false };
        let text = stretch.of(&self.document.prose);
        let end = stretch.start + text.trim_end_matches([' ', '\u{1}']).len();
        let near = self.document.prose.floor_char_boundary(end.saturating_sub(NAME_REACH));
        let near = Span::new(near.max(stretch.start), end.max(stretch.start));
        self.hits.within(near).of(class).any(|hit| hit.span.end == end)
    }

    fn has(&self, class: Option<ClassId>, stretch: Span) -> bool {
        class.is_some_and(|class| self.hits.has(class, stretch))
    }
}

fn contains_word(text: &str, word: &str) -> bool {
    !word.is_empty()
        && text.split(|c: char| !c.is_alphanumeric()).any(|other| other.eq_ignore_ascii_case(word))
}
