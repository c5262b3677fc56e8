//! One measure twice in one row: 估值 | 430 亿 beside "500 亿估值" in the notes.

use super::words::Says;
use super::{Filled, Places};
use crate::assertion::{EntityId, MeasureId, Modality};
use crate::document::plain;
use crate::quantity::{Magnitude, Quantity};
use crate::relation::model::Filler;
use crate::relation::table::{Cell, CellFigure, Grid, core};
use crate::relation::unit_agreement::comparable;
use crate::source::Span;

/// A wider table has no notes.
const MOST_COLUMNS: usize = 40;
/// Bytes of a cell that is read as a note.
const LONGEST_NOTE: usize = 400;

/// A column of figures of one measure, by its heading.
struct Column {
    number: usize,
    /// The heading without its brackets, in small letters.
    name: String,
    measure: Option<MeasureId>,
}

/// Compares what the cells of a row say of a measure with the figure in that measure's column.
pub(super) fn find(places: &mut Places<'_>, grids: &[Option<Grid>]) {
    for grid in grids.iter().flatten() {
        let columns = measured_columns(places, grid);
        if columns.is_empty() || grid.columns().len() > MOST_COLUMNS {
            continue;
        }
        for row in 0..grid.rows().len() {
            for column in &columns {
                let Some(figure) = grid.figure(row, column.number) else { continue };
                if says_another(places, grid.cell(row, column.number).span) {
                    continue;
                }
                for other in 0..grid.columns().len() {
                    if other != column.number {
                        compare(places, grid, (row, other), column, figure);
                    }
                }
            }
        }
    }
}

/// The columns whose heading is the name of a measure, each named once.
fn measured_columns(places: &Places<'_>, grid: &Grid) -> Vec<Column> {
    let named = |number: usize| {
        let heading = *grid.columns()[number].labels.last()?;
        let name = name_of(places.prose(), heading);
        let measure = measure_of(places, name);
        let telling = measure.is_some() || is_telling(places, name);
        let text = plain(name.of(places.prose())).to_lowercase();
        (telling && !says_another(places, heading)).then_some(Column { number, name: text, measure })
    };
    let columns: Vec<Column> = (0..grid.columns().len()).filter_map(named).collect();
    let once = |column: &Column| {
        let same = |other: &&Column| {
            other.name == column.name || column.measure.is_some() && other.measure == column.measure
        };
        columns.iter().filter(same).count() == 1
    };
    let once: Vec<bool> = columns.iter().map(once).collect();
    let mut once = once.into_iter();
    columns.into_iter().filter(|_| once.next().unwrap_or(false)).collect()
}

/// A heading without its brackets.
fn name_of(prose: &str, heading: Span) -> Span {
    let text = heading.of(prose);
    let open = text.find(['(', '（', '[']).unwrap_or(text.len());
    core(prose, Span::new(heading.start, heading.start + open))
}

/// Whether a heading says by itself what is measured: not 金额, value.
fn is_telling(places: &Places<'_>, name: Span) -> bool {
    let text = name.of(places.prose());
    let long = if text.is_ascii() { text.len() >= 4 } else { text.chars().count() >= 3 };
    long && !places.book.restated.say(places.scene.hits, name, Says::NoMeasure)
}

/// The measure that a heading is the name of: 估值, 估值（亿美元）; not 估值变化.
fn measure_of(places: &Places<'_>, name: Span) -> Option<MeasureId> {
    let hits = places.scene.hits.within(name).iter();
    let measures = hits.filter(|hit| hit.span.end == name.end);
    let mut measures =
        measures.filter_map(|hit| Some((hit.span.len(), places.book.marks.measure_of(hit.class)?)));
    let longest = measures.next()?;
    Some(measures.fold(longest, |longest, next| if next.0 > longest.0 { next } else { longest }).1)
}

fn says_another(places: &Places<'_>, place: Span) -> bool {
    places.book.restated.say(places.scene.hits, place, Says::AnotherFigure)
}

fn compare(
    places: &mut Places<'_>,
    grid: &Grid,
    (row, other): (usize, usize),
    column: &Column,
    figure: &CellFigure,
) {
    let cell = grid.cell(row, other);
    let label = grid.rows()[row].labels.last().copied();
    // The row's own name is what all of its cells are about.
    if cell.span.len() > LONGEST_NOTE
        || label == Some(cell.span)
        || is_figure_alone(places, cell)
        || places.scene.reading.quantities_within(cell.span).1.is_empty()
        || is_about_another(places, cell, label)
    {
        return;
    }
    let Some(heading) = grid.columns()[other].labels.last().copied() else { return };
    if says_another(places, heading) || says_another(places, cell.span) {
        return;
    }
    let notes = places.book.restated.say(places.scene.hits, heading, Says::NoteColumn);
    let explicit = notes && column.measure.is_some();
    let said = said_of(places, cell.span, column, figure);
    let readings = said.iter().map(|&index| Filled {
        fillers: vec![("column", figure.filler()), ("noted", Filler::whole(index))],
        sure: explicit,
    });
    let readings: Vec<Filled<'_>> = readings.collect();
    if let Some(span) = said.first().map(|index| places.scene.reading.quantities[*index].span) {
        places.state("restated-in-row", span, readings);
    }
}

/// Whether a cell holds its figure and no word: it says of no measure what it is.
fn is_figure_alone(places: &Places<'_>, cell: &Cell) -> bool {
    let own = cell.figure.map(|figure| figure.quantity.span);
    own == Some(core(places.prose(), cell.span))
}

/// Whether a cell names somebody else, or another time than the column's.
fn is_about_another(places: &Places<'_>, cell: &Cell, label: Option<Span>) -> bool {
    let reading = places.scene.reading;
    let (_, inside) = reading.quantities_within(cell.span);
    let dated = inside.iter().any(|quantity| matches!(quantity.magnitude, Magnitude::Date(_)));
    let named = |place: Span| {
        let from = reading.mentions.partition_point(|(span, _)| span.start < place.start);
        let inside = reading.mentions[from..].iter().take_while(move |(span, _)| span.end <= place.end);
        inside.map(|(_, entity)| *entity)
    };
    let own: Vec<EntityId> = label.into_iter().flat_map(named).collect();
    dated || named(cell.span).any(|entity| !own.contains(&entity))
}

/// The figures of a cell that are told as the column's measure.
fn said_of(places: &Places<'_>, cell: Span, column: &Column, figure: &CellFigure) -> Vec<usize> {
    let reading = places.scene.reading;
    let (first, inside) = reading.quantities_within(cell);
    let told = |index: usize, quantity: &Quantity| {
        let assertion = reading.assertion_of(index);
        let sure = assertion.is_none_or(|assertion| assertion.modality == Modality::Fact);
        let measure = assertion.and_then(|assertion| assertion.measure);
        let foreign = measure.is_some() && column.measure.is_some() && measure != column.measure;
        sure && !foreign && names_it(places, cell, quantity, column)
    };
    let alike = |quantity: &Quantity| {
        !matches!(quantity.magnitude, Magnitude::Date(_)) && comparable(quantity, &figure.quantity)
    };
    let numbered = (first..).zip(inside);
    numbered
        .filter(|(index, quantity)| alike(quantity) && told(*index, quantity))
        .map(|(index, _)| index)
        .collect()
}

/// Bytes between a figure and the name of its measure.
const NAME_REACH: usize = 16;

/// Whether the measure's name stands right beside the figure.
fn names_it(places: &Places<'_>, cell: Span, quantity: &Quantity, column: &Column) -> bool {
    let prose = places.prose();
    let reach = 4 * NAME_REACH;
    let near = Span::new(
        prose.floor_char_boundary(quantity.span.start.saturating_sub(reach)).max(cell.start),
        prose.ceil_char_boundary((quantity.span.end + reach).min(prose.len())).min(cell.end),
    );
    let is_name = |class| {
        let measure = places.book.marks.measure_of(class);
        measure.is_some() && measure == column.measure
    };
    let known = places.scene.hits.within(near).iter().filter(|hit| is_name(hit.class)).map(|hit| hit.span);
    // Small letters of ASCII alone, so that places stay what they are.
    let text = near.of(prose).to_ascii_lowercase();
    let literal = text.match_indices(column.name.as_str());
    let literal = literal.map(|(at, name)| Span::new(near.start + at, near.start + at + name.len()));
    known.chain(literal).any(|name| {
        let gap = if name.end <= quantity.span.start {
            Span::new(name.end, quantity.span.start)
        } else {
            Span::new(quantity.span.end.min(name.start), name.start)
        };
        let gap = gap.of(prose);
        gap.len() <= NAME_REACH && !gap.contains(PAUSES) && !gap.contains(|c: char| c.is_ascii_digit())
    })
}

/// What ends the reach of a measure's name.
const PAUSES: [char; 8] = ['，', ',', '；', ';', '。', '、', '+', '＋'];
