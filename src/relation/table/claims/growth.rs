use chrono::Datelike;
use rust_decimal::Decimal;

use super::super::super::model::Filler;
use super::super::cell::CellFigure;
use super::super::finder::Finder;
use super::super::grid::Line;
use super::super::words::TableWord;
use super::Claim;
use super::place::{Near, Tables};
use super::side::{Side, name_between};
use crate::quantity::{Bound, Date, Grain, Magnitude, Unit};
use crate::relation::unit_agreement::comparable;
use crate::source::Span;

/// Bytes from the word to its figure.
const REACH: usize = 32;
/// Years over which growth is told.
const FEWEST: i32 = 2;
const MOST: i32 = 40;

/// Looks for the series of which a claim tells the growth per year: 2025-2028 年净利润复合增速 19.6%, with both years and
/// the measure in a table beside it.
pub(super) fn find(finder: &mut Finder<'_>, tables: &mut Tables<'_>, claim: Claim) {
    let Some((rate, years)) = rate(finder, claim).zip(years(finder, claim)) else { return };
    if claim.is_silenced(finder) {
        return;
    }
    for (near, sides) in tables.near(claim) {
        for side in sides.iter() {
            let (series, exact) = series(finder, side, claim, years);
            if series.is_empty() {
                continue;
            }
            let fillers = |(from, to): &(CellFigure, CellFigure)| {
                vec![
                    ("from", from.filler()),
                    ("to", to.filler()),
                    ("rate", rate.filler()),
                    ("years", Filler::Constant { value: Decimal::from(years.1 - years.0) }),
                    ("slack", Filler::Constant { value: Decimal::ONE }),
                ]
            };
            let sure = exact && near == Near::Beside && series.len() == 1;
            let span = claim.word.join(rate.quantity.span);
            let readings = series.iter().map(fillers).collect();
            finder.statement("table-cagr", (claim.sentence, span), sure, readings);
            return;
        }
    }
}

/// The percentage right behind the word, or right before it.
fn rate(finder: &Finder<'_>, claim: Claim) -> Option<CellFigure> {
    let reading = finder.scene.reading;
    let behind = Span::new(claim.word.end, claim.clause.end.max(claim.word.end));
    let (first, inside) = reading.quantities_within(behind);
    let near = inside.first().filter(|quantity| quantity.span.start <= claim.word.end + REACH);
    let (index, quantity) = match near {
        Some(quantity) => (first, quantity),
        None => {
            let before = Span::new(claim.clause.start, claim.word.start.max(claim.clause.start));
            let (first, inside) = reading.quantities_within(before);
            let last = inside.last().filter(|quantity| quantity.span.end + 1 >= claim.word.start)?;
            (first + inside.len() - 1, last)
        }
    };
    let plain = quantity.unit == Unit::Percent
        && quantity.bound == Bound::Exact
        && matches!(quantity.magnitude, Magnitude::One(_));
    plain.then_some(CellFigure { index, quantity: *quantity })
}

/// The first and the last year of the only span of years in the sentence.
fn years(finder: &Finder<'_>, claim: Claim) -> Option<(i32, i32)> {
    let (_, inside) = finder.scene.reading.quantities_within(claim.sentence_span);
    let mut spans = inside.iter().filter_map(|quantity| match quantity.magnitude {
        Magnitude::Date(date) => whole_years(date).filter(|(first, last)| last > first),
        _ => None,
    });
    let (first, last) = spans.next()?;
    let only = spans.all(|other| other == (first, last));
    (only && (FEWEST..=MOST).contains(&(last - first))).then_some((first, last))
}

/// The years from the beginning of one to the end of another.
fn whole_years(date: Date) -> Option<(i32, i32)> {
    let last = date.end.pred_opt()?;
    let whole = (date.start.month(), date.start.day(), last.month(), last.day()) == (1, 1, 12, 31);
    (whole && date.year_known && matches!(date.grain, Grain::Year | Grain::Span))
        .then(|| (date.start.year(), last.year()))
}

/// The figures of both years in every column that the claim may name, and whether it surely names it.
fn series(
    finder: &Finder<'_>,
    side: &Side,
    claim: Claim,
    (first, last): (i32, i32),
) -> (Vec<(CellFigure, CellFigure)>, bool) {
    let row_of = |year: i32| {
        let of_year = |line: &Line| line.period.and_then(whole_years) == Some((year, year));
        let mut rows = (0..side.grid.rows().len()).filter(|row| of_year(&side.grid.rows()[*row]));
        rows.next().filter(|_| rows.next().is_none())
    };
    let Some((from, to)) = row_of(first).zip(row_of(last)) else { return Default::default() };
    let figures = |column: usize| {
        let words = side.grid.columns()[column].words;
        let derived = [TableWord::Growth, TableWord::Compound, TableWord::Share, TableWord::NotAdditive];
        let (from, to) = (side.grid.figure(from, column)?, side.grid.figure(to, column)?);
        let series = comparable(&from.quantity, &to.quantity) && from.is_amount() && to.is_amount();
        (series && !words.has_any(&derived)).then_some((*from, *to))
    };
    let (columns, exact) = columns(finder, side, claim);
    (columns.into_iter().filter_map(figures).collect(), exact)
}

/// The columns that the claim may name, and whether it names one by all of its heading.
fn columns(finder: &Finder<'_>, side: &Side, claim: Claim) -> (Vec<usize>, bool) {
    let scene = finder.scene;
    let words = &scene.words.claims;
    let prose = scene.document.prose.as_str();
    let before = Span::new(claim.clause.start, claim.word.start.max(claim.clause.start));
    let (_, inside) = scene.reading.quantities_within(before);
    let start = inside.last().map_or(before.start, |quantity| quantity.span.end.min(before.end));
    let name = name_between(words, prose, Span::new(start, before.end));
    let named = side.columns_named(&name);
    let exact: Vec<usize> = named.iter().copied().filter(|column| side.is_called(*column, &name)).collect();
    if !exact.is_empty() {
        return (exact, true);
    }
    // Units grow at a CAGR of; but units in Europe are others.
    let narrowed = || words.narrows.is_some_and(|class| scene.hits.has(class, before));
    if named.is_empty() && name.is_ascii() && !narrowed() {
        return (side.columns_in(before.of(prose)), false);
    }
    (named, false)
}
