//! What is said of all rows of a table with a before and an after: 各行业预计提升 15-30%.

use std::collections::HashMap;

use rust_decimal::Decimal;

use super::words::Says;
use super::{Places, Repeated};
use crate::document::BlockKind;
use crate::quantity::{Magnitude, Quantity, Unit};
use crate::relation::fact::{Fact, Facts, Place};
use crate::relation::model::{Filler, RangeEnd};
use crate::source::Span;

/// Rows that a table needs before something is said of all of them.
const FEWEST_ROWS: usize = 3;

/// A row's figure in the earlier column and in the later one.
struct Row<'f> {
    from: &'f Fact,
    to: &'f Fact,
    ratio: Decimal,
}

/// Compares a rise that is said of every row with the row that rises most and the one that rises least.
pub(super) fn find(places: &mut Places<'_>, facts: &Facts) {
    let document = places.scene.document;
    let mut of_table: HashMap<u32, Vec<&Fact>> = HashMap::new();
    for fact in facts.all().iter().filter(|fact| fact.alone && fact.place == Place::Cell) {
        if let Some(cell) = fact.cell {
            of_table.entry(cell.table).or_default().push(fact);
        }
    }
    for (number, table) in (0u32..).zip(&document.tables) {
        let rows = of_table.get(&number).map(|facts| before_and_after(facts)).unwrap_or_default();
        if rows.len() < FEWEST_ROWS {
            continue;
        }
        let from = document.sentences.partition_point(|sentence| sentence.span.start < table.span.end);
        let told: Vec<(usize, Span)> = document.sentences[from..]
            .iter()
            .take_while(|sentence| {
                let block = &document.blocks[sentence.block as usize];
                block.section == table.section
                    && matches!(block.kind, BlockKind::Paragraph | BlockKind::ListItem { .. })
            })
            .filter_map(|sentence| rise_of_all(places, sentence.span))
            .collect();
        let ends = [rows.iter().min_by_key(|row| row.ratio), rows.iter().max_by_key(|row| row.ratio)];
        for (index, span) in told {
            for row in ends.into_iter().flatten() {
                let end = |end| Filler::Quantity { index, strip_bound: false, end: Some(end) };
                let fillers = vec![
                    ("low", end(RangeEnd::First)),
                    ("high", end(RangeEnd::Last)),
                    ("from", row.from.filler()),
                    ("to", row.to.filler()),
                ];
                places.state("restated-rise", span, vec![Repeated { fillers, explicit: true }]);
            }
        }
    }
}

/// The rows of a table that has figures of two times and no more.
fn before_and_after<'f>(facts: &[&'f Fact]) -> Vec<Row<'f>> {
    let mut rows: Vec<Row<'f>> = Vec::new();
    let mut last: Option<&Fact> = None;
    let mut periods = None;
    for &fact in facts {
        let (Some(cell), Some(period)) = (fact.cell, fact.period) else { return Vec::new() };
        match last.take() {
            Some(before) if before.cell.map(|cell| cell.row) == Some(cell.row) => {
                let Some(pair) = before.period.map(|date| (date.start, period.start)) else {
                    return Vec::new();
                };
                if pair.0 >= pair.1
                    || *periods.get_or_insert(pair) != pair
                    || before.quantity.unit != fact.quantity.unit
                {
                    return Vec::new();
                }
                let value = |fact: &Fact| match fact.quantity.magnitude {
                    Magnitude::One(figure) => Some(figure.value),
                    _ => None,
                };
                let ratio = value(fact).zip(value(before)).and_then(|(to, from)| to.checked_div(from));
                let Some(ratio) = ratio else { return Vec::new() };
                rows.push(Row { from: before, to: fact, ratio });
            }
            Some(_) => return Vec::new(),
            None => last = Some(fact),
        }
    }
    if last.is_some() { Vec::new() } else { rows }
}

/// The range of percent by which a sentence says that all rise.
fn rise_of_all(places: &Places<'_>, sentence: Span) -> Option<(usize, Span)> {
    let words = places.book.restated;
    let hits = places.scene.hits;
    let (first, inside) = places.scene.reading.quantities_within(sentence);
    let is_range =
        |quantity: &Quantity| matches!(quantity.magnitude, Magnitude::Range { low: Some(_), high: Some(_) });
    let mut figures =
        (first..).zip(inside).filter(|(_, quantity)| !matches!(quantity.magnitude, Magnitude::Date(_)));
    let (index, quantity) = figures.next()?;
    let whole = figures.next().is_none() && quantity.unit == Unit::Percent && is_range(quantity);
    let before = Span::new(sentence.start, quantity.span.start);
    (whole && words.say(hits, before, Says::Every) && words.say(hits, before, Says::Rises))
        .then_some((index, quantity.span))
}
