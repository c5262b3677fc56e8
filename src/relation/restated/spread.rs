//! What is said of a whole column, or of a list of alternatives: a range over several estimates.

use super::cell::{Stated, Teller};
use super::names::NamedCell;
use super::{Filled, Places};
use crate::document::{BlockKind, MARKUP};
use crate::quantity::{Date, Kind, Magnitude, Quantity};
use crate::relation::model::{Filler, RangeEnd};
use crate::relation::table::TableWord;
use crate::source::Span;

/// Estimates that a range sums up.
const FEWEST_ROWS: usize = 3;
/// Figures that one statement is held against.
const MOST_VALUES: usize = 40;

/// What a figure of a sentence says of a column that its words name.
pub(super) fn of_column(teller: &Teller<'_, '_>, index: usize, quantity: &Quantity) -> Option<Stated> {
    let (measure, told) = teller.measure_before(quantity)?;
    let places = teller.places();
    let end = goes_to(teller, index, quantity).map(|next| places.scene.reading.quantities[next].span);
    let told = end.map_or(told, |end| told.join(end));
    let clause = teller.clause(told);
    if teller.is_another(clause, told) {
        return None;
    }
    let columns = teller.names().columns(measure).iter();
    let mut columns = columns.filter(|column| {
        let period = column.cells.first().and_then(|cell| cell.period);
        column.alternatives
            && column.cells.len() >= FEWEST_ROWS
            && column.cells.len() <= MOST_VALUES
            && same_time(period, &teller.periods)
            && column.cells.iter().all(|cell| places.are_alike(index, quantity, cell.index, &cell.quantity))
    });
    let column = columns.next()?;
    if columns.next().is_some() || !teller.is_near(column.table) {
        return None;
    }
    spread(teller, index, quantity, &column.cells)
}

fn same_time(own: Option<Date>, told: &[Date]) -> bool {
    own.is_none_or(|own| told.iter().any(|told| told.start == own.start && told.end == own.end))
}

/// A range against all estimates of it.
fn spread(teller: &Teller<'_, '_>, index: usize, quantity: &Quantity, cells: &[NamedCell]) -> Option<Stated> {
    let mut fillers = match quantity.magnitude {
        Magnitude::Range { low: Some(_), high: Some(_) } => ends(index),
        Magnitude::One(_) => {
            let next = goes_to(teller, index, quantity)?;
            vec![("low", Filler::whole(index)), ("high", Filler::whole(next))]
        }
        _ => return None,
    };
    fillers.extend(cells.iter().map(|cell| ("values", cell.filler())));
    let readings = vec![Filled { fillers, sure: true }];
    Some(Stated { relation: "restated-spread", span: quantity.span, readings })
}

/// The figure that ends a range in words: from $275 to $287.
fn goes_to(teller: &Teller<'_, '_>, index: usize, quantity: &Quantity) -> Option<usize> {
    let places = teller.places();
    let prose = places.prose();
    let next = places.scene.reading.quantities.get(index + 1)?;
    let between = prose.get(quantity.span.end..next.span.start)?.trim_matches([' ', char::from(MARKUP)]);
    let before = prose[..quantity.span.start].trim_end_matches([' ', char::from(MARKUP)]);
    let joined = match between {
        "to" => before.ends_with("from"),
        "and" => before.ends_with("between"),
        "至" | "到" => before.ends_with(['从', '由', '在', '于']),
        _ => false,
    };
    (joined && matches!(next.magnitude, Magnitude::One(_))).then_some(index + 1)
}

fn ends(index: usize) -> Vec<(&'static str, Filler)> {
    let end = |end| Filler::Quantity { index, strip_bound: false, end: Some(end) };
    vec![("low", end(RangeEnd::First)), ("high", end(RangeEnd::Last))]
}

/// Estimates in a list, each with its own label: 乐观预测：5-7 万亿.
struct Alternatives {
    period: Option<Date>,
    section: u32,
    /// Indices of the figures.
    figures: Vec<usize>,
}

/// Compares ranges with lists of alternative estimates for the same time.
pub(super) fn of_lists(places: &mut Places<'_>) {
    let lists = alternatives(places);
    if lists.is_empty() {
        return;
    }
    let document = places.scene.document;
    let reading = places.scene.reading;
    for sentence in &document.sentences {
        let block = &document.blocks[sentence.block as usize];
        let told = matches!(block.kind, BlockKind::Paragraph | BlockKind::ListItem { .. });
        if !told || places.in_source(sentence.span) {
            continue;
        }
        let (first, inside) = reading.quantities_within(sentence.span);
        for (index, quantity) in (first..).zip(inside) {
            let Magnitude::Range { low: Some(_), high: Some(high) } = quantity.magnitude else { continue };
            let period = date_before(places, sentence.span, quantity.span);
            let same = lists.iter().take(MOST_VALUES).filter(|list| {
                list.period.is_some()
                    && list.period.map(|date| (date.start, date.end))
                        == period.map(|date| (date.start, date.end))
                    && !list.figures.contains(&index)
            });
            for list in same {
                let of = |at: &usize| reading.quantities[*at];
                let alike = list.figures.iter().all(|at| places.are_alike(index, quantity, *at, &of(at)));
                let highest = list.figures.iter().filter_map(|at| highest(&of(at))).max();
                // One end that is the list's tells that it is the list which is meant.
                if !alike || highest != Some(high.value) || !shares_word(places, sentence.span, list.section)
                {
                    continue;
                }
                let mut fillers = ends(index);
                fillers.extend(list.figures.iter().map(|at| ("values", Filler::whole(*at))));
                let readings = vec![Filled { fillers, sure: true }];
                places.state("restated-alternatives", quantity.span, readings);
                break;
            }
        }
    }
}

fn highest(quantity: &Quantity) -> Option<rust_decimal::Decimal> {
    match quantity.magnitude {
        Magnitude::One(figure) => Some(figure.value),
        Magnitude::Range { high, .. } => high.map(|figure| figure.value),
        Magnitude::Date(_) => None,
    }
}

/// The last date before a figure in its sentence.
fn date_before(places: &Places<'_>, sentence: Span, figure: Span) -> Option<Date> {
    let (_, inside) = places.scene.reading.quantities_within(Span::new(sentence.start, figure.start));
    inside.iter().rev().find_map(|quantity| match quantity.magnitude {
        Magnitude::Date(date) => Some(date),
        _ => None,
    })
}

/// Lists whose items are scenarios, each with one figure.
fn alternatives(places: &Places<'_>) -> Vec<Alternatives> {
    let document = places.scene.document;
    let reading = places.scene.reading;
    let mut lists: Vec<Alternatives> = Vec::new();
    let mut open: Option<Alternatives> = None;
    // What stands before a list says for which time it is.
    let mut before = Span::default();
    for block in &document.blocks {
        let item = matches!(block.kind, BlockKind::ListItem { .. });
        let label = || label_of(places, block.span);
        if !(item && places.scene.words.has(places.scene.hits, label(), TableWord::Scenario)) {
            lists.extend(open.take().filter(|list| list.figures.len() > 1));
            before = block.span;
            continue;
        }
        let (first, inside) = reading.quantities_within(block.span);
        let mut figures = (first..).zip(inside).filter(|(_, quantity)| {
            quantity.kind != Kind::Ordinal && !matches!(quantity.magnitude, Magnitude::Date(_))
        });
        let only = figures.next().filter(|_| figures.next().is_none());
        match only {
            Some((index, _)) => {
                let list = open.get_or_insert_with(|| Alternatives {
                    period: date_before(places, before, Span::new(before.end, before.end)),
                    section: block.section,
                    figures: Vec::new(),
                });
                list.figures.push(index);
            }
            None => {
                lists.extend(open.take().filter(|list| list.figures.len() > 1));
                before = block.span;
            }
        }
    }
    lists.extend(open.filter(|list| list.figures.len() > 1));
    lists
}

/// What stands before the colon of an item.
fn label_of(places: &Places<'_>, block: Span) -> Span {
    let text = block.of(places.prose());
    let colon = text.find([':', '：']).unwrap_or(0);
    Span::new(block.start, block.start + colon)
}

/// Whether a sentence has a word of the headings above a section: two Han characters in a row, or a Latin word.
fn shares_word(places: &Places<'_>, sentence: Span, section: u32) -> bool {
    let document = places.scene.document;
    let told = sentence.of(places.prose()).to_lowercase();
    let mut next = document.sections.get(section as usize);
    while let Some(section) = next.filter(|section| section.level > 1) {
        let heading = section.heading.of(places.prose()).to_lowercase();
        let letters: Vec<char> = heading.chars().collect();
        let han = |pair: &[char]| pair.iter().all(|c| !c.is_ascii() && c.is_alphabetic());
        let by_han = letters
            .windows(2)
            .filter(|pair| han(pair))
            .any(|pair| told.contains(&pair.iter().collect::<String>()));
        let by_word = heading
            .split(|c: char| !c.is_ascii_alphabetic())
            .filter(|word| word.len() > 3)
            .any(|word| told.contains(word));
        if by_han || by_word {
            return true;
        }
        next = section.parent.and_then(|parent| document.sections.get(parent as usize));
    }
    false
}
