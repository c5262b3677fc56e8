use rust_decimal::Decimal;

use super::agreed::Agreed;
use super::bounds::Bounds;
use super::cell::{CellFigure, CellKind};
use super::finder::Finder;
use super::grid::Grid;
use super::rows::RowKind;
use super::slip;
use super::words::TableWord;

/// Looks at every column of shares: whether they make up a whole, and whether each is the share of the amount beside
/// it.
pub(super) fn find(finder: &mut Finder<'_>, grid: &Grid, kinds: &[RowKind]) {
    let sums = sums(grid, kinds);
    let wholes = sums.iter().filter(|sum| is_whole(**sum)).count();
    for column in 0..grid.columns().len() {
        let share = is_share(grid, column);
        let own = if share && !grid.is_flipped() { claim(grid, kinds, column) } else { Claim::None };
        let claim = if own == Claim::None { claim_of_others(grid, &sums, wholes, column) } else { own };
        if share && !grid.is_flipped() || claim != Claim::None {
            whole(finder, grid, kinds, column, claim);
        }
        if !share {
            continue;
        }
        // Weights and probabilities are shares of nothing in the table.
        if !grid.columns()[column].words.has_any(&[TableWord::Weight, TableWord::Probability]) {
            of_amounts(finder, grid, kinds, column);
        }
    }
}

/// Whether a column holds shares of something.
fn is_share(grid: &Grid, column: usize) -> bool {
    let words = grid.columns()[column].words;
    let share = [TableWord::Share, TableWord::OfAll, TableWord::Weight, TableWord::Probability];
    let other = [TableWord::Growth, TableWord::Compound, TableWord::Cumulative, TableWord::Average];
    words.has_any(&share) && !words.has_any(&other)
}

/// Why a column's shares must make up one whole.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Claim {
    /// Weights, scenarios, shares of a total with the rest listed.
    Whole,
    /// The heading says that the parts of something are listed: they cannot be more than it.
    Composition,
    /// The heading speaks of kinds or causes, which may overlap: only a slip is told.
    Breakdown,
    /// The same rows make up a whole in other columns: those of other years.
    Others,
    None,
}

fn claim(grid: &Grid, kinds: &[RowKind], column: usize) -> Claim {
    let words = grid.columns()[column].words;
    let in_rows = |word: TableWord| grid.rows().iter().filter(|row| row.words.has(word)).count();
    let around = grid.caption.join(grid.corner);
    if around.has(TableWord::Excerpt) {
        return Claim::None;
    }
    if words.has(TableWord::Weight) {
        return Claim::Whole;
    }
    if words.has(TableWord::Probability) {
        return if in_rows(TableWord::Scenario) >= 2 { Claim::Whole } else { Claim::None };
    }
    let rest = (0..kinds.len())
        .any(|row| kinds[row] == RowKind::Item && grid.rows()[row].words.has(TableWord::Rest));
    if words.has(TableWord::OfAll) || rest {
        Claim::Whole
    } else if around.has(TableWord::Composition) {
        Claim::Composition
    } else if around.has(TableWord::Breakdown) {
        Claim::Breakdown
    } else {
        Claim::None
    }
}

/// Fewest parts of a whole that other columns divide alike.
const FEWEST: usize = 3;
/// How far rounding alone takes such a whole off.
const ROUNDED_OFF: f64 = 0.0101;

/// What the percentages of a column add up to, where every item has one and they may be parts of a whole.
fn added_up(grid: &Grid, kinds: &[RowKind], column: usize) -> Option<Bounds> {
    let line = &grid.columns()[column];
    let grows = [TableWord::Growth, TableWord::Reduction, TableWord::Compound, TableWord::Difference];
    let other = [TableWord::Cumulative, TableWord::Average, TableWord::Excerpt];
    // A row of shares is a whole of its own only where it is that of a period.
    let measures = grid.is_flipped() && line.period.is_none();
    if measures || line.words.has_any(&grows) || line.words.has_any(&other) {
        return None;
    }
    let items = (0..kinds.len()).filter(|row| kinds[*row] == RowKind::Item);
    let share = |figure: &CellFigure| figure.is_percent() && figure.written().is_some();
    let shares = items.map(|row| grid.figure(row, column).copied().filter(share));
    let shares = shares.collect::<Option<Vec<CellFigure>>>()?;
    sum(&shares).filter(|_| (FEWEST..=MOST_SHARES).contains(&shares.len()))
}

/// What the columns of percentages add up to; none where the rows are periods, as shares of one thing over the years
/// make up nothing.
fn sums(grid: &Grid, kinds: &[RowKind]) -> Vec<Option<Bounds>> {
    let dated = grid.rows().iter().filter(|row| row.period.is_some()).count() >= 2;
    let sum = |column| added_up(grid, kinds, column).filter(|_| !dated);
    (0..grid.columns().len()).map(sum).collect()
}

fn is_whole(sum: Option<Bounds>) -> bool {
    sum.is_some_and(|sum| sum.contains(1.0) && (sum.middle() - 1.0).abs() <= ROUNDED_OFF)
}

/// Whether the percentages of other columns make up a whole: two of them, or one where a heading speaks of shares.
fn claim_of_others(grid: &Grid, sums: &[Option<Bounds>], wholes: usize, column: usize) -> Claim {
    if sums[column].is_none() {
        return Claim::None;
    }
    let others = wholes - usize::from(is_whole(sums[column]));
    let around = grid.caption.join(grid.corner).join(grid.columns()[column].words);
    let named = around.has_any(&[TableWord::Share, TableWord::OfAll, TableWord::Composition]);
    if others >= 2 || others == 1 && named { Claim::Others } else { Claim::None }
}

/// Rows that a whole is looked for in; a longer list of shares is hardly made by hand.
const MOST_SHARES: usize = 64;

/// Whether the shares of a column make up a whole; where a total stands, that is its own statement.
fn whole(finder: &mut Finder<'_>, grid: &Grid, kinds: &[RowKind], column: usize, claim: Claim) {
    let rows = 0..grid.rows().len();
    let stated =
        rows.clone().any(|row| kinds[row].is_total() && grid.cell(row, column).kind != CellKind::Empty);
    let sections = kinds.contains(&RowKind::Section);
    let items: Vec<usize> = rows.filter(|row| kinds[*row] == RowKind::Item).collect();
    if stated || sections || items.len() > MOST_SHARES {
        return;
    }
    let figures = |plain: bool| -> Option<Vec<CellFigure>> {
        let own = items.iter().filter(|row| !(plain && grid.rows()[**row].words.has(TableWord::Within)));
        own.map(|row| grid.figure(*row, column).copied().filter(CellFigure::is_percent)).collect()
    };
    // A row of 100 % is the whole itself, whatever its name.
    if items
        .iter()
        .filter_map(|row| grid.figure(*row, column))
        .any(|figure| figure.value() == Some(Decimal::ONE_HUNDRED))
    {
        return;
    }
    let (Some(all), Some(plain)) = (figures(false), figures(true)) else { return };
    let sums: Vec<(&Vec<CellFigure>, Bounds)> =
        [&all, &plain].into_iter().filter_map(|figures| Some((figures, sum(figures)?))).collect();
    let holds = sums.iter().any(|(_, sum)| sum.contains(1.0));
    if all.len() < 2 || sums.is_empty() || all.len() < 3 && claim != Claim::Whole {
        return;
    }
    let slip = sums.iter().any(|(figures, sum)| slipped(figures, *sum));
    let over = sums.iter().all(|(_, sum)| sum.is_above(Bounds::ONE));
    let rest = grid.rows().iter().any(|row| row.words.has(TableWord::Rest));
    let told = match claim {
        Claim::Whole => {
            // Shares of a total may be of the largest only, as long as they do not go past it.
            let words = grid.columns()[column].words;
            over || rest || slip || words.has_any(&[TableWord::Weight, TableWord::Probability])
        }
        Claim::Composition => slip || over,
        Claim::Others => slip || over || rest,
        Claim::Breakdown => slip,
        Claim::None => false,
    };
    if !holds && !told {
        return;
    }
    let readings: Vec<_> = [all.clone(), plain]
        .iter()
        .filter(|figures| figures.len() >= 2)
        .map(|figures| figures.iter().map(|figure| ("shares", figure.filler())).collect())
        .collect();
    let Some((first, last)) = all.first().zip(all.last()) else { return };
    let span = first.quantity.span.join(last.quantity.span);
    finder.group_over("table-shares", first, span, readings);
}

fn sum(figures: &[CellFigure]) -> Option<Bounds> {
    figures.iter().try_fold(Bounds::ZERO, |sum, figure| Some(sum.add(figure.bounds()?)))
}

/// Whether one slip in one share makes them a whole.
fn slipped(figures: &[CellFigure], sum: Bounds) -> bool {
    figures.iter().any(|figure| {
        let others = |own: Bounds| sum.subtract(Bounds::point(own.middle()));
        let wanted = figure.bounds().map(|own| Bounds::ONE.subtract(others(own)));
        wanted.is_some_and(|wanted| wanted.low > 0.0 && slip::leads_to(figure, wanted))
    })
}

/// One amount with its share.
struct Pair {
    row: usize,
    part: CellFigure,
    share: CellFigure,
    /// What the whole would be.
    whole: Bounds,
}

/// Whether each share is that of the amount in its row: the whole that most rows agree on is the one that is meant.
fn of_amounts(finder: &mut Finder<'_>, grid: &Grid, kinds: &[RowKind], column: usize) {
    let mut best: Option<(u32, usize, Bounds, Vec<Pair>)> = None;
    for amounts in (0..grid.columns().len()).filter(|other| *other != column) {
        let line = &grid.columns()[amounts];
        let same_period = match (line.period, grid.columns()[column].period) {
            (Some(a), Some(b)) => a.start == b.start,
            _ => true,
        };
        let no_part = [
            TableWord::Growth,
            TableWord::Rank,
            TableWord::Year,
            TableWord::PerShare,
            TableWord::PriceMultiple,
        ];
        if !same_period || line.words.has_any(&no_part) {
            continue;
        }
        let pairs = pairs(grid, kinds, amounts, column);
        // 100 % is the share of the whole itself and tells nothing.
        let telling = |pair: &Pair| pair.share.value() != Some(Decimal::ONE_HUNDRED);
        let rows = pairs.iter().map(|pair| (pair.whole, telling(pair)));
        let Some(Agreed { value: whole, told: agreed }) = Agreed::of(rows) else { continue };
        let misses = pairs.iter().filter(|pair| !pair.whole.meets(whole)).count();
        let holds = pairs.len() - misses;
        let by_slip = || pairs.iter().filter(|pair| !pair.whole.meets(whole)).all(|pair| pair.slipped(whole));
        if holds < 2 || holds < 2 * misses || agreed < ENOUGH && !(agreed >= ENOUGH_BY_SLIP && by_slip()) {
            continue;
        }
        if best.as_ref().is_none_or(|(most, ..)| agreed > *most) {
            best = Some((agreed, amounts, whole, pairs));
        }
    }
    let Some((_, amounts, whole, pairs)) = best else { return };
    let stated: Vec<CellFigure> = (0..kinds.len())
        .filter(|row| kinds[*row].is_total())
        .filter_map(|row| grid.figure(row, amounts).copied())
        .filter(|figure| figure.bounds().is_some_and(|bounds| bounds.meets(whole)))
        .collect();
    // Each period has a whole of its own, unless they are the parts of a longer one.
    let dated = grid.rows().iter().filter(|row| row.period.is_some()).count();
    if dated >= 2 && stated.is_empty() {
        let items = (0..kinds.len()).filter(|row| kinds[*row] == RowKind::Item);
        let parts: Option<Vec<CellFigure>> = items.map(|row| grid.figure(row, amounts).copied()).collect();
        let added = parts.and_then(|parts| sum(&parts));
        if !added.is_some_and(|added| added.meets(whole)) {
            return;
        }
    }
    // The rows that agree and say most exactly what the whole is.
    let mut peers: Vec<&Pair> = pairs.iter().filter(|pair| pair.whole.meets(whole)).collect();
    peers.sort_by(|a, b| a.whole.width().total_cmp(&b.whole.width()));
    for pair in &pairs {
        if kinds[pair.row].is_total() {
            continue;
        }
        let Some(peer) = peers.iter().find(|peer| peer.row != pair.row) else { continue };
        if let Some(total) = stated.last() {
            let fillers =
                vec![("part", pair.part.filler()), ("share", pair.share.filler()), ("whole", total.filler())];
            finder.group("table-share", &pair.share, vec![fillers]);
        } else {
            let fillers = vec![
                ("part", pair.part.filler()),
                ("share", pair.share.filler()),
                ("other_part", peer.part.filler()),
                ("other_share", peer.share.filler()),
            ];
            finder.group("table-same-whole", &pair.share, vec![fillers]);
        }
    }
}

/// Tenths of a digit that rows must agree in, before the others are held against them.
const ENOUGH: u32 = 12;
/// The same where one slip explains each of the others.
const ENOUGH_BY_SLIP: u32 = 6;

impl Pair {
    /// Whether one slip in the amount or the share makes them of this whole.
    fn slipped(&self, whole: Bounds) -> bool {
        let leads = |figure: &CellFigure, wanted: Option<Bounds>| {
            wanted.is_some_and(|wanted| slip::leads_to(figure, wanted))
        };
        let share = self.part.bounds().and_then(|part| part.divide(whole));
        leads(&self.share, share) || leads(&self.part, self.share.bounds().map(|share| share.multiply(whole)))
    }
}

fn pairs(grid: &Grid, kinds: &[RowKind], amounts: usize, shares: usize) -> Vec<Pair> {
    let pair = |row: usize| {
        let whole_row = matches!(
            kinds[row],
            RowKind::Item | RowKind::OfWhich | RowKind::Total | RowKind::NamedTotal | RowKind::Subtotal
        );
        let (part, share) = (*grid.figure(row, amounts)?, *grid.figure(row, shares)?);
        let whole = part.bounds()?.divide(share.bounds()?)?;
        (whole_row && part.is_amount() && share.is_percent() && whole.low > 0.0).then_some(Pair {
            row,
            part,
            share,
            whole,
        })
    };
    (0..kinds.len()).filter_map(pair).collect()
}
