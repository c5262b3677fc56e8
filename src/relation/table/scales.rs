use rust_decimal::Decimal;

use super::super::model::Filler;
use super::cell::CellFigure;
use super::finder::Finder;
use super::grid::Grid;
use super::rows::RowKind;
use super::words::TableWord;
use crate::quantity::Unit;

/// Rows of the larger scale that show how the two columns go together.
const FEWEST: usize = 4;
/// Rows that are looked at.
const MOST: usize = 256;
/// How far a row must lie below all others before a scale may be lost.
const GAP: i64 = 20;
/// What a lost scale is worth: million read as 万, thousand, 亿 read as 万.
const LOST: [i64; 3] = [100, 1_000, 10_000];
/// How far the mended figures may lie beyond the others.
const SPREAD: i64 = 3;

/// Looks at two columns of money side by side: a row whose figure is written in a smaller scale than the others', far
/// below what the other rows make of the figure beside it, has lost a scale.
pub(super) fn find(finder: &mut Finder<'_>, grid: &Grid, kinds: &[RowKind]) {
    let derived = [TableWord::Growth, TableWord::Share, TableWord::Difference, TableWord::Compound];
    let money = |column: &usize| {
        let plain = !grid.columns()[*column].words.has_any(&derived);
        plain && grid.figures(*column).filter(|(_, figure)| is_money(figure)).count() > FEWEST
    };
    let columns: Vec<usize> = (0..grid.columns().len()).filter(money).collect();
    for &column in &columns {
        let beside = columns.iter().filter(|other| **other != column);
        let found = beside.filter_map(|other| Scales::read(finder, grid, kinds, (column, *other)));
        if let Some(scales) = found.min_by_key(|scales| scales.low.len()) {
            scales.emit(finder);
            return;
        }
    }
}

fn is_money(figure: &CellFigure) -> bool {
    matches!(figure.quantity.unit, Unit::Money { per: None, .. })
}

/// One row: a figure, the one beside it, and how much one is of the other.
#[derive(Clone, Copy)]
struct Pair {
    figure: CellFigure,
    beside: CellFigure,
    ratio: Decimal,
    /// What the words of the figure's scale are worth, by the step of its last digit.
    scale: Decimal,
}

/// A column whose rows fall into two groups of different scale.
struct Scales {
    high: Vec<Pair>,
    low: Vec<Pair>,
}

impl Scales {
    fn read(
        finder: &Finder<'_>,
        grid: &Grid,
        kinds: &[RowKind],
        (column, other): (usize, usize),
    ) -> Option<Self> {
        let prose = finder.scene.document.prose.as_str();
        let pair = |row: usize| {
            let (figure, beside) = (*grid.figure(row, column)?, *grid.figure(row, other)?);
            let ratio = figure.value()?.checked_div(beside.value()?)?;
            let whole = kinds[row] == RowKind::Item && is_money(&figure) && is_money(&beside);
            let scale = scale(&figure, prose).filter(|_| stands_alone(prose, grid, row, column))?;
            (whole && ratio > Decimal::ZERO).then_some(Pair { figure, beside, ratio, scale })
        };
        let mut pairs: Vec<Pair> = (0..grid.rows().len().min(MOST)).filter_map(pair).collect();
        pairs.sort_by_key(|pair| pair.ratio);
        let cut = (1..pairs.len()).find(|at| {
            let jump = pairs[*at].ratio.checked_div(pairs[*at - 1].ratio);
            jump.is_some_and(|jump| jump >= Decimal::from(GAP))
        })?;
        let high = pairs.split_off(cut);
        let scales = Self { high, low: pairs };
        scales.is_slip().then_some(scales)
    }

    /// Whether one factor brings all low rows among the others, which are of one order and a larger scale.
    fn is_slip(&self) -> bool {
        let (Some(least), Some(most)) = (self.high.first(), self.high.last()) else { return false };
        let smaller = |pair: &Pair| self.high.iter().all(|other| pair.scale < other.scale);
        let (spread, gap) = (Decimal::from(SPREAD), Decimal::from(GAP));
        let among = |factor: i64| {
            self.low.iter().all(|pair| {
                let mended = pair.ratio * Decimal::from(factor);
                mended * spread >= least.ratio && mended <= most.ratio * spread
            })
        };
        self.high.len() >= FEWEST
            && most.ratio < least.ratio * gap
            && self.low.iter().all(smaller)
            && LOST.into_iter().any(among)
    }

    fn emit(&self, finder: &mut Finder<'_>) {
        let Some(least) = self.high.first().and_then(|pair| pair.ratio.checked_div(Decimal::from(GAP)))
        else {
            return;
        };
        for pair in self.high.iter().chain(&self.low) {
            let fillers = vec![
                ("figure", pair.figure.plain()),
                ("beside", pair.beside.plain()),
                ("least", Filler::Constant { value: least.round_sf(2).unwrap_or(least) }),
            ];
            finder.group("table-scale", &pair.figure, vec![fillers]);
        }
    }
}

/// Whether no word stands behind the figure of a cell: $500亿估值 is a figure of something else.
fn stands_alone(prose: &str, grid: &Grid, row: usize, column: usize) -> bool {
    let cell = grid.cell(row, column);
    let behind = cell.figure.map_or("", |figure| {
        prose.get(figure.quantity.span.end..cell.note.map_or(cell.span.end, |note| note.start)).unwrap_or("")
    });
    !behind.contains(char::is_alphabetic)
}

/// What a figure's scale is worth: 1.2 亿 stands for 120,000,000, so its 亿 is 100,000,000.
fn scale(figure: &CellFigure, prose: &str) -> Option<Decimal> {
    let written = figure.quantity.span.of(prose);
    let start = written.find(|c: char| c.is_ascii_digit())?;
    let digits: String = written[start..]
        .chars()
        .take_while(|c| c.is_ascii_digit() || matches!(c, '.' | ','))
        .filter(|c| *c != ',')
        .collect();
    let number: Decimal = digits.trim_end_matches('.').parse().ok()?;
    figure.value()?.abs().checked_div(number)
}
