use super::cell::CellFigure;
use super::finder::Finder;
use super::grid::Grid;
use super::words::core;
use crate::relation::unit_agreement::comparable;
use crate::source::Span;

/// Letters that the name of a column must have at least.
const SHORTEST: usize = 2;
/// Bytes of a cell that holds a figure and a name, and nothing else.
const LONGEST: usize = 60;

/// Looks for cells that say another column's name beside their figure ($500亿估值): it is that column's figure.
pub(super) fn find(finder: &mut Finder<'_>, grid: &Grid) {
    let prose = finder.scene.document.prose.as_str();
    let names: Vec<&str> = grid.columns().iter().map(|line| name(prose, line.labels.last())).collect();
    for row in 0..grid.rows().len() {
        for column in 1..grid.columns().len() {
            let Some((stated, said)) = figure_and_name(finder, grid, row, column) else { continue };
            let own = names
                .iter()
                .position(|name| name.chars().count() >= SHORTEST && name.eq_ignore_ascii_case(said));
            let Some(figure) = own.filter(|own| *own != column).and_then(|own| grid.figure(row, own)) else {
                continue;
            };
            if comparable(&figure.quantity, &stated.quantity) {
                let fillers = vec![("stated", stated.filler()), ("figure", figure.filler())];
                finder.group("table-restated", &stated, vec![fillers]);
            }
        }
    }
}

/// A heading without its brackets.
fn name<'p>(prose: &'p str, label: Option<&Span>) -> &'p str {
    let text = label.map_or("", |label| core(prose, *label).of(prose));
    text.split(['(', '（']).next().unwrap_or(text).trim()
}

/// The figure of a cell that holds one, and the words beside it.
fn figure_and_name<'a>(
    finder: &Finder<'a>,
    grid: &Grid,
    row: usize,
    column: usize,
) -> Option<(CellFigure, &'a str)> {
    let prose = finder.scene.document.prose.as_str();
    let cell = core(prose, grid.cell(row, column).span);
    if cell.len() > LONGEST {
        return None;
    }
    let (index, inside) = finder.scene.reading.quantities_within(cell);
    let [quantity] = inside else { return None };
    let start = quantity.hedge.map_or(quantity.span.start, |hedge| hedge.start.min(quantity.span.start));
    let (before, behind) = (Span::new(cell.start, start), Span::new(quantity.span.end, cell.end));
    let [before, behind] = [before, behind].map(|span| {
        span.of(prose)
            .trim_matches(|c: char| c.is_whitespace() || c.is_control() || matches!(c, ':' | '：' | '的'))
    });
    let said = if before.is_empty() {
        behind
    } else if behind.is_empty() {
        before
    } else {
        return None;
    };
    (!said.is_empty()).then_some((CellFigure { index, quantity: *quantity }, said))
}
