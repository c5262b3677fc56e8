use super::agreed::Agreed;
use super::bounds::Bounds;
use super::cell::{CellFigure, CellKind};
use super::finder::Finder;
use super::grid::Grid;
use super::slip;
use super::words::TableWord;
use crate::relation::unit_agreement::comparable;

/// Tenths of a digit that rows must agree in, before another is held against them.
const ENOUGH: u32 = 12;
/// Rows of one list of targets.
const MOST: usize = 24;

/// One level with how far it is said to lie from the price.
struct Level<'g> {
    level: &'g CellFigure,
    gap: &'g CellFigure,
    /// What the price would be.
    price: Bounds,
}

/// Looks at scenarios and targets with their distances in percent: all lie so far from one price, which most rows agree
/// on.
pub(super) fn find(finder: &mut Finder<'_>, grid: &Grid) {
    if grid.rows().len() > MOST {
        return;
    }
    let is_gap = |column: &usize| grid.columns()[*column].words.has(TableWord::Gap);
    let scenarios = grid.rows().iter().filter(|row| row.words.has(TableWord::Scenario)).count() >= 2
        || grid.columns().iter().any(|line| line.words.has(TableWord::Probability));
    // Targets of several houses may be told at the prices of several days.
    let dated = (0..grid.rows().len())
        .any(|row| (0..grid.columns().len()).any(|column| grid.cell(row, column).kind == CellKind::Date));
    if dated && !scenarios {
        return;
    }
    let fewest = if scenarios { 2 } else { 3 };
    let aimed = |column: &usize| {
        let words = grid.columns()[*column].words;
        !is_gap(column) && (words.has(TableWord::Aim) || scenarios && !words.has(TableWord::PerShare))
    };
    for gaps in (0..grid.columns().len()).filter(is_gap) {
        let told = (0..grid.columns().len())
            .filter(aimed)
            .filter_map(|column| levels(grid, column, gaps))
            .find_map(|levels| Some((agreed_price(&levels, fewest)?, levels)));
        if let Some((price, levels)) = told {
            emit(finder, price, &levels);
        }
    }
}

/// The levels of a column with their distances; none where they are of different units.
fn levels(grid: &Grid, levels: usize, gaps: usize) -> Option<Vec<Level<'_>>> {
    let read = |row: usize| {
        let (level, gap) = (grid.figure(row, levels)?, grid.figure(row, gaps)?);
        let factor = Bounds::ONE.add(gap.bounds().filter(|_| gap.is_percent())?);
        let price = level.bounds().filter(|_| level.is_amount())?.divide(factor)?;
        (price.low > 0.0 && factor.low > 0.0).then_some(Level { level, gap, price })
    };
    let found: Vec<Level<'_>> = (0..grid.rows().len()).filter_map(read).collect();
    let first = found.first()?;
    let alike = found.iter().all(|one| comparable(&one.level.quantity, &first.level.quantity));
    (alike && found.len() >= 2).then_some(found)
}

/// The price from which most of the levels lie as they are said to.
fn agreed_price(levels: &[Level<'_>], fewest: usize) -> Option<Bounds> {
    let telling = |level: &Level<'_>| level.gap.value().is_some_and(|gap| !gap.is_zero());
    let rows = levels.iter().map(|level| (level.price, telling(level)));
    let agreed = Agreed::of(rows)?;
    let holds = levels.iter().filter(|level| level.price.meets(agreed.value)).count();
    let misses = levels.len() - holds;
    (holds >= fewest && holds >= fewest * misses && agreed.told >= ENOUGH).then_some(agreed.value)
}

fn emit(finder: &mut Finder<'_>, price: Bounds, levels: &[Level<'_>]) {
    let mut peers: Vec<&Level<'_>> = levels.iter().filter(|level| level.price.meets(price)).collect();
    peers.sort_by(|a, b| a.price.width().total_cmp(&b.price.width()));
    for level in levels {
        let Some(peer) = peers.iter().find(|peer| peer.gap.index != level.gap.index) else { continue };
        // Another price may be meant where no slip explains what is off.
        if !level.price.meets(price) && !level.slipped(price) {
            continue;
        }
        let fillers = vec![
            ("level", level.level.filler()),
            ("gap", level.gap.filler()),
            ("other_level", peer.level.filler()),
            ("other_gap", peer.gap.filler()),
        ];
        finder.group("table-gap", level.gap, vec![fillers]);
    }
}

impl Level<'_> {
    /// Whether one slip in the level or in its distance makes it one of this price.
    fn slipped(&self, price: Bounds) -> bool {
        let gap = self.level.bounds().and_then(|level| level.divide(price));
        let gap = gap.map(|ratio| ratio.subtract(Bounds::ONE));
        let level = self.gap.bounds().map(|gap| price.multiply(Bounds::ONE.add(gap)));
        let leads = |figure: &CellFigure, wanted: Option<Bounds>| {
            wanted.zip(figure.bounds()).is_some_and(|(wanted, own)| {
                // The price is known to a few digits only.
                let half = own.width() / 2.0;
                slip::leads_to(figure, Bounds::new(wanted.low - half, wanted.high + half))
            })
        };
        leads(self.gap, gap) || leads(self.level, level)
    }
}
