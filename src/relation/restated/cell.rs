//! What sentences, lists and diagrams say of a row and a column of a table: 智能客服的平均 ROI 为 260%.

use rust_decimal::Decimal;

use super::names::{NameId, NamedCell, TableNames};
use super::spread;
use super::words::Says;
use super::{Filled, Places};
use crate::assertion::{Modality, clause_around};
use crate::document::{BREAK, Block, BlockKind, Document, MARKUP, Role, Section};
use crate::lexicon::ClassId;
use crate::quantity::{Date, Figure, Kind, Magnitude, Quantity, Unit};
use crate::relation::fact::{BasisWord, Facts};
use crate::relation::matcher::outer_start;
use crate::relation::model::{Filler, RangeEnd};
use crate::relation::table::{CellFigure, Grid, TableWord};
use crate::relation::unit_agreement::comparable;
use crate::source::Span;

/// Compares figures that bear the names of a row and of a column with the cell under both.
pub(super) fn find(places: &mut Places<'_>, grids: &[Option<Grid>], facts: &Facts) {
    let reading = places.scene.reading;
    let told = stretches(places.scene.document).map(|place| (place, reading.quantities_within(place.0)));
    let mut told = told.filter(|(_, (_, inside))| inside.iter().any(is_figure)).peekable();
    // A report of nothing but tables needs no names.
    if told.peek().is_none() {
        return;
    }
    let names = TableNames::of(places, grids, facts);
    let finder = names.finder();
    for ((stretch, section, role), (first, inside)) in told {
        let mentions = &finder.mentions(places.prose(), stretch);
        if mentions.is_empty() {
            continue;
        }
        let periods = dates_in(inside);
        let teller = Teller { places, names: &names, mentions, periods, sentence: stretch, section, role };
        let stated: Vec<Stated> = (first..)
            .zip(inside)
            .filter(|(_, quantity)| is_figure(quantity))
            .filter_map(|(index, quantity)| {
                let stated = teller.stated(index, quantity);
                let stated = stated.or_else(|| spread::of_column(&teller, index, quantity));
                let stated = stated.or_else(|| teller.share_behind(index, quantity));
                stated.or_else(|| teller.mistyped(index, quantity))
            })
            .collect();
        for Stated { relation, span, readings } in stated {
            places.state(relation, span, readings);
        }
    }
}

/// The sentences of the report's own text, and the labels of its diagrams, each with its section and role.
fn stretches(document: &Document) -> impl Iterator<Item = (Span, u32, Role)> + '_ {
    let own = |block: &Block| block.role != Role::Source;
    let sentences = document.sentences.iter().filter_map(move |sentence| {
        let block = &document.blocks[sentence.block as usize];
        let told = matches!(block.kind, BlockKind::Paragraph | BlockKind::ListItem { .. } | BlockKind::Quote);
        (told && own(block)).then_some((sentence.span, block.section, block.role))
    });
    // A label has a line for the name and one for its figure.
    let labels = document.blocks.iter().filter(|block| matches!(block.kind, BlockKind::Label { .. }));
    let labels = labels.filter(move |block| own(block));
    sentences.chain(labels.map(|block| (block.span, block.section, block.role)))
}

/// A figure that a cell gives too.
pub(super) struct Stated {
    pub relation: &'static str,
    pub span: Span,
    pub readings: Vec<Filled<'static>>,
}

fn is_figure(quantity: &Quantity) -> bool {
    quantity.kind != Kind::Ordinal && !matches!(quantity.magnitude, Magnitude::Date(_))
}

/// What one sentence tells of the tables.
pub(super) struct Teller<'a, 'p> {
    places: &'a Places<'p>,
    names: &'a TableNames,
    /// Those in the sentence.
    mentions: &'a [(Span, NameId)],
    /// The dates of the sentence.
    pub periods: Vec<Date>,
    sentence: Span,
    section: u32,
    role: Role,
}

/// Different dates of one sentence that are told apart.
const MOST_DATES: usize = 16;

/// The dates of a stretch, each once.
fn dates_in(inside: &[Quantity]) -> Vec<Date> {
    let mut dates: Vec<Date> = Vec::new();
    for quantity in inside {
        if let Magnitude::Date(date) = quantity.magnitude
            && dates.len() < MOST_DATES
            && !dates.contains(&date)
        {
            dates.push(date);
        }
    }
    dates
}

/// A measure and those that it is told of.
struct Told {
    measure: NameId,
    subjects: Vec<NameId>,
    /// From the first of the names to the figure.
    span: Span,
    /// Whether the sentence names the subject.
    named: bool,
}

impl<'p> Teller<'_, 'p> {
    pub fn places(&self) -> &Places<'p> {
        self.places
    }

    pub fn names(&self) -> &TableNames {
        self.names
    }

    pub fn clause(&self, told: Span) -> Span {
        clause_around(self.places.prose(), self.sentence, told)
    }

    /// The name right before a figure, where no name of a row stands before it; and the span of both.
    pub fn measure_before(&self, quantity: &Quantity) -> Option<(NameId, Span)> {
        let start = outer_start(quantity);
        let before = self.mentions.partition_point(|(span, _)| span.end <= start);
        let (&(last, measure), rest) = self.mentions[..before].split_last()?;
        let alone = rest.iter().all(|(_, name)| self.names.cells(*name, measure).is_empty());
        (alone && self.leads(Span::new(last.end, start), &[])).then(|| (measure, last.join(quantity.span)))
    }

    /// Whether a table stands in the section of the sentence or the one around it, or the sentence sums up.
    pub fn is_near(&self, table: u32) -> bool {
        let document = self.places.scene.document;
        let Some(own) = document.tables.get(table as usize).map(|table| table.section) else { return false };
        let around = document.sections.get(self.section as usize).and_then(|section| section.parent);
        own == self.section || around == Some(own) || self.role == Role::Summary
    }

    fn stated(&self, index: usize, quantity: &Quantity) -> Option<Stated> {
        let told = self.told(quantity)?;
        let clause = self.clause(told.span);
        let together = told.subjects.len() > 1
            && self.places.book.restated.say(self.places.scene.hits, clause, Says::Together);
        if together || self.is_another(clause, told.span) || !self.begins(clause, told.span.start) {
            return None;
        }
        let assertion = self.places.scene.reading.assertion_of(index);
        let modality = assertion.map(|assertion| assertion.modality).unwrap_or_default();
        let attributed = assertion.is_some_and(|assertion| assertion.attribution.is_some());
        let periods = &self.periods;
        let mut readings = Vec::new();
        let mut ranges = Vec::new();
        let cells = || told.subjects.iter().flat_map(|subject| self.names.cells(*subject, told.measure));
        let beside = cells().any(|cell| self.is_beside(cell.table));
        for cell in cells() {
            let sure = modality == Modality::Fact || modality == cell.modality;
            let same_time = periods.is_empty()
                || cell.period.is_some_and(|own| periods.iter().any(|told| same_period(*told, own)));
            if !sure || !same_time || !self.places.are_alike(index, quantity, cell.index, &cell.quantity) {
                continue;
            }
            let dated = cell.period.is_some() != periods.is_empty();
            let explicit = told.named && dated && !attributed && self.ends(quantity) && beside;
            match (quantity.magnitude, ends(cell)) {
                (Magnitude::Range { .. }, Some((low, high))) => {
                    let end = |end| Filler::Quantity { index, strip_bound: false, end: Some(end) };
                    ranges.push(Filled {
                        fillers: vec![
                            ("low", end(RangeEnd::First)),
                            ("high", end(RangeEnd::Last)),
                            ("cell_low", low),
                            ("cell_high", high),
                        ],
                        sure: true,
                    });
                }
                _ => readings.push(Filled {
                    fillers: vec![("stated", Filler::whole(index)), ("cell", cell.filler())],
                    sure: explicit,
                }),
            }
        }
        let span = quantity.span;
        // Where one of the cells is a single figure, that is what is compared.
        match (readings.is_empty(), ranges.is_empty()) {
            (false, _) => Some(Stated { relation: "restated-cell", span, readings }),
            (true, false) => Some(Stated { relation: "restated-range", span, readings: ranges }),
            (true, true) => None,
        }
    }

    /// The names that a figure is told with.
    fn told(&self, quantity: &Quantity) -> Option<Told> {
        let (start, end) = (outer_start(quantity), outer_end(quantity));
        let before = self.mentions.partition_point(|(span, _)| span.end <= start);
        let (before, behind) = self.mentions.split_at(before);
        if let Some((&(last, measure), rest)) = before.split_last()
            && self.leads(Span::new(last.end, start), &[])
        {
            let list = self.listed(rest, last.start, measure);
            if let Some((first, _)) = list.first() {
                let subjects = list.iter().map(|(_, name)| *name).collect();
                return Some(Told { measure, subjects, span: first.join(quantity.span), named: true });
            }
            if rest.is_empty() {
                let subjects = self.headed(measure)?;
                return Some(Told { measure, subjects, span: last.join(quantity.span), named: false });
            }
            return None;
        }
        // 欺诈检测（320% ROI）
        let &(next, measure) = behind.first().filter(|(span, _)| span.start >= end)?;
        let glue = self.places.prose()[end..next.start].trim_matches([' ', char::from(MARKUP), '的']);
        let &(last, subject) = before.last()?;
        (glue.is_empty() && self.leads(Span::new(last.end, start), &[])).then(|| Told {
            measure,
            subjects: vec![subject],
            span: last.join(next),
            named: true,
        })
    }

    /// A share behind another figure of its row, as the cell gives that: 硬件收入 505.4 亿元，占比 52.1%.
    fn share_behind(&self, index: usize, quantity: &Quantity) -> Option<Stated> {
        let (reading, words) = (self.places.scene.reading, self.places.scene.words);
        let before = index.checked_sub(1)?;
        let told = &reading.quantities[before];
        if quantity.unit != Unit::Percent || told.span.start < self.sentence.start || !is_figure(told) {
            return None;
        }
        let gap = Span::new(outer_end(told), outer_start(quantity).max(outer_end(told)));
        let share = words.has(self.places.scene.hits, gap, TableWord::Share);
        let class = words.class(TableWord::Share);
        // A share of 12% of the market is another one.
        if !share
            || !self.ends(quantity)
            || gap.len() > LONGEST_GAP
            || !self.leads_over(gap, &[',', '，', '、'], class)
        {
            return None;
        }
        let names = &self.mentions[..self.mentions.partition_point(|(name, _)| name.end <= told.span.start)];
        let row = |(name, id): &(Span, NameId)| Some((*name, (*id, self.told_of_row(*id, before)?)));
        let (name, (id, known)) = names.iter().rev().find_map(row)?;
        let mut shares = self.names.beside(id, known).filter(|cell| cell.is_share);
        let cell = shares.next().filter(|_| shares.next().is_none())?;
        let clause = self.clause(name.join(quantity.span));
        let alike = self.places.are_alike(index, quantity, cell.index, &cell.quantity);
        (alike && !self.is_another(clause, name.join(quantity.span))).then(|| likely(index, quantity, cell))
    }

    /// The cell of a row that a figure of the sentence is.
    fn told_of_row(&self, row: NameId, index: usize) -> Option<&NamedCell> {
        let told = &self.places.scene.reading.quantities[index];
        self.names.row(row).iter().find(|cell| {
            same_value(told, &cell.quantity) && self.places.are_alike(index, told, cell.index, &cell.quantity)
        })
    }

    /// A figure that the sentence does not name, where it names one row, and one date or another figure of that row: one
    /// slip away from the only cell that may be meant.
    fn mistyped(&self, index: usize, quantity: &Quantity) -> Option<Stated> {
        let mut rows: Vec<NameId> = self.mentions.iter().map(|(_, name)| *name).collect();
        rows.retain(|name| !self.names.row(*name).is_empty());
        rows.sort_unstable();
        rows.dedup();
        let [row] = rows.as_slice() else { return None };
        let told = CellFigure { index, quantity: *quantity };
        let long = told.written().is_some_and(|figure| has_digits(&figure));
        let cells = self.names.row(*row);
        if !long || quantity.approximate || cells.iter().any(|cell| same_value(quantity, &cell.quantity)) {
            return None;
        }
        let (first, inside) = self.places.scene.reading.quantities_within(self.sentence);
        let others = (first..).zip(inside).filter(|(other, figure)| *other != index && is_figure(figure));
        let known = others.take(MOST_FIGURES).find_map(|(other, _)| self.told_of_row(*row, other));
        let may_be = |cell: &&NamedCell| match (known, self.periods.as_slice()) {
            (Some(known), _) => (known.table, known.row) == (cell.table, cell.row),
            (None, [period]) => cell.period.is_some_and(|own| same_period(*period, own)),
            (None, _) => false,
        };
        // The heading of a column says what is counted, and its cells do not.
        let alike = |cell: &&NamedCell| comparable(quantity, &cell.quantity);
        let mut found = cells.iter().filter(may_be).filter(alike);
        let cell = found.next().filter(|_| found.next().is_none())?;
        let clause = self.clause(quantity.span);
        let slip = cell.modality == Modality::Fact && told.slipped_from(&cell.quantity);
        (slip && !self.is_another(clause, quantity.span)).then(|| likely(index, quantity, cell))
    }

    /// The names right before a place, and those that are listed with them: 智能客服、推荐系统的.
    fn listed(&self, names: &[(Span, NameId)], mut place: usize, measure: NameId) -> Vec<(Span, NameId)> {
        let floor = place.saturating_sub(LONGEST_LIST);
        let mut list = Vec::new();
        for &(span, name) in names.iter().rev().take_while(|(span, _)| floor <= span.start) {
            // A name of another table says nothing here: the ROI in 推荐系统 ROI 回收期.
            if self.names.cells(name, measure).is_empty() {
                continue;
            }
            let gap = Span::new(span.end, place.max(span.end));
            let joined = if list.is_empty() { self.leads(gap, &[',', '，']) } else { self.joins(gap) };
            if !joined {
                break;
            }
            place = span.start;
            list.push((span, name));
        }
        list.reverse();
        list
    }

    /// Whether nothing stands between two names of a list but what joins them.
    fn joins(&self, gap: Span) -> bool {
        let text = gap.of(self.places.prose());
        let text = text.trim_matches([' ', char::from(MARKUP)]);
        matches!(text, "、" | "和" | "与" | "及" | "以及" | "," | "，" | "and" | ", and" | "/" | "&")
    }

    /// The name that the nearest heading is.
    fn headed(&self, measure: NameId) -> Option<Vec<NameId>> {
        let document = self.places.scene.document;
        let section = document.sections.get(self.section as usize)?;
        let subject = self.names.of_heading(self.places, section.heading)?;
        (!self.names.cells(subject, measure).is_empty()).then(|| vec![subject])
    }

    /// Whether a stretch holds nothing but words that lead from a name to what is said of it, dates and the signs.
    fn leads(&self, gap: Span, pauses: &[char]) -> bool {
        self.leads_over(gap, pauses, None)
    }

    /// The same with the words of one more list.
    fn leads_over(&self, gap: Span, pauses: &[char], also: Option<ClassId>) -> bool {
        let prose = self.places.prose();
        let scene = self.places.scene;
        let words = &self.places.book.fact_words;
        let lists = [words.link, words.filler, words.before, self.places.book.restated.leads()];
        let mut at = gap.start;
        while at < gap.end {
            let Some(c) = prose[at..gap.end].chars().next() else { return true };
            let mark = c.is_whitespace()
                || matches!(c, ':' | '：' | '(' | '（' | '=' | '"' | '“' | '”' | '「' | '」' | '|')
                || c == char::from(MARKUP)
                || c == char::from(BREAK)
                || pauses.contains(&c);
            if mark {
                at += c.len_utf8();
                continue;
            }
            let here = scene.hits.within(Span::new(at, at + 1)).iter();
            let known = here.filter(|hit| {
                (lists.contains(&Some(hit.class)) || also == Some(hit.class)) && hit.span.end <= gap.end
            });
            let word = known.map(|hit| hit.span.end).max();
            let date = scene.reading.quantity_at(at).map(|index| scene.reading.quantities[index]);
            let date = date.filter(|quantity| matches!(quantity.magnitude, Magnitude::Date(_)));
            match word.max(date.map(|date| date.span.end)) {
                Some(end) => at = end,
                None => return false,
            }
        }
        true
    }

    /// Whether nothing stands before a name in its clause that makes it the name of something else: 出口轿车, premium
    /// sedans.
    fn begins(&self, clause: Span, name: usize) -> bool {
        let before = Span::new(clause.start.min(name), name);
        let text = before.of(self.places.prose());
        let colon = text.char_indices().rev().find(|(_, c)| matches!(c, ':' | '：' | '—' | '–'));
        let start = colon.map_or(before.start, |(at, c)| before.start + at + c.len_utf8());
        self.leads(Span::new(start, name), &[',', '，', '、', ';', '；', '。', '-', '•', '·', '*', '✅', '.'])
    }

    /// Whether a figure ends what is said of it.
    fn ends(&self, quantity: &Quantity) -> bool {
        let end = outer_end(quantity);
        let behind = self.places.prose()[end.min(self.sentence.end)..self.sentence.end]
            .trim_start_matches([' ', char::from(MARKUP)]);
        behind.is_empty()
            || behind.starts_with([
                '，',
                ',',
                '。',
                '.',
                '；',
                ';',
                '、',
                '）',
                ')',
                '!',
                '！',
                '\n',
                '|',
                char::from(BREAK),
            ])
            || behind.starts_with("and ")
            || behind.starts_with("while ")
    }

    /// Whether words of the clause, beside the names and what leads to the figure, make it another figure.
    pub fn is_another(&self, clause: Span, told: Span) -> bool {
        let scene = self.places.scene;
        let from = self.mentions.partition_point(|(name, _)| name.end <= clause.start);
        let names = || self.mentions[from..].iter().take_while(|(name, _)| name.start < clause.end);
        let own = |word: Span| told.contains(word) || names().any(|(name, _)| name.overlaps(word));
        let words = self.places.book.restated.find(scene.hits, clause, Says::AnotherFigure);
        let facts = &self.places.book.fact_words;
        let bases = scene
            .hits
            .within(clause)
            .meaning(&facts.meanings)
            .iter()
            .filter(|hit| facts.basis_of(hit.class).is_some_and(|word| ANOTHER.contains(&word)));
        words.into_iter().chain(bases.map(|hit| hit.span)).any(|word| !own(word))
    }

    /// Whether a table stands in the same chapter as the sentence, or the sentence sums the report up.
    fn is_beside(&self, table: u32) -> bool {
        let document = self.places.scene.document;
        let chapter = |section: u32| {
            let mut section: Option<&Section> = document.sections.get(section as usize);
            while let Some(next) = section.filter(|section| section.level > CHAPTER)
                && let Some(parent) = next.parent
            {
                section = document.sections.get(parent as usize);
            }
            section.map(|section| section.span)
        };
        let own = document.tables.get(table as usize).map(|table| table.section);
        self.role == Role::Summary || own.is_some_and(|own| chapter(own) == chapter(self.section))
    }
}

/// Qualifiers that make a figure another one than the one of a table that does not have them.
const ANOTHER: [BasisWord; 12] = [
    BasisWord::Trailing,
    BasisWord::Forward,
    BasisWord::Annualised,
    BasisWord::Adjusted,
    BasisWord::PartOfYear,
    BasisWord::Forecast,
    BasisWord::Supposed,
    BasisWord::Implied,
    BasisWord::Extreme,
    BasisWord::Former,
    BasisWord::Listing,
    BasisWord::Partial,
];

/// Figures of a sentence that may show which row is meant.
const MOST_FIGURES: usize = 16;

/// Bytes from a figure to the share behind it.
const LONGEST_GAP: usize = 48;

/// Bytes that a list of names may have.
const LONGEST_LIST: usize = 400;

/// The level of headings above which a report has its title only.
const CHAPTER: u8 = 2;

/// Whether a number is written with so many digits that another seldom differs from it by one of them.
fn has_digits(figure: &Figure) -> bool {
    let size = figure.value.abs();
    size >= figure.step * Decimal::ONE_THOUSAND && size >= figure.coarse_step * Decimal::ONE_HUNDRED
}

/// Where a figure and the hedge behind it end.
fn outer_end(quantity: &Quantity) -> usize {
    quantity.hedge.map_or(quantity.span.end, |hedge| hedge.end.max(quantity.span.end))
}

fn same_period(one: Date, other: Date) -> bool {
    one.start == other.start && one.end == other.end
}

/// What is surely not meant otherwise, but not said in so many words.
fn likely(index: usize, quantity: &Quantity, cell: &NamedCell) -> Stated {
    let fillers = vec![("stated", Filler::whole(index)), ("cell", cell.filler())];
    let readings = vec![Filled { fillers, sure: false }];
    Stated { relation: "restated-cell", span: quantity.span, readings }
}

fn same_value(one: &Quantity, other: &Quantity) -> bool {
    match (one.magnitude, other.magnitude) {
        (Magnitude::One(one), Magnitude::One(other)) => one.value == other.value,
        _ => false,
    }
}

/// The ends of a cell's range, each as a figure of its own.
fn ends(cell: &NamedCell) -> Option<(Filler, Filler)> {
    let Magnitude::Range { low: Some(low), high: Some(high) } = cell.quantity.magnitude else { return None };
    let end = |figure| Filler::Cell {
        index: cell.index,
        magnitude: Magnitude::One(figure),
        unit: cell.quantity.unit,
    };
    Some((end(low), end(high)))
}
