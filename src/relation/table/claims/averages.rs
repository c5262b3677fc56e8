use num_traits::ToPrimitive;
use rust_decimal::Decimal;

use super::super::bounds::Bounds;
use super::super::cell::CellFigure;
use super::super::finder::Finder;
use super::super::rows::RowKind;
use super::Claim;
use super::place::{Near, Tables};
use super::side::Side;
use crate::quantity::{Bound, Magnitude, Quantity, Unit};
use crate::relation::unit_agreement::comparable;
use crate::source::Span;

/// What one figure is of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Mean,
    Median,
}

/// Figures of a column before a mean says anything.
const FEWEST: usize = 3;
/// Bytes from the word to its figure.
const REACH: usize = 48;
/// Figures behind the word that are looked at: 中位数: 2024 年 …, 2030 年 ….
const FIGURES: usize = 4;

/// One figure of a claim with the column that it is of.
struct Stated {
    figure: CellFigure,
    items: Vec<CellFigure>,
    holds: bool,
    /// Its column is the only one that it may be of.
    only: bool,
}

/// Looks for the column of which a claim tells the mean or the median. It is an error where the claim says that all
/// rows are meant, and how many, or where another figure of it bears it out.
pub(super) fn find(finder: &mut Finder<'_>, tables: &mut Tables<'_>, claim: Claim, kind: Kind) {
    let scene = finder.scene;
    let words = &scene.words.claims;
    let has = |class| claim.has(finder, class);
    if claim.is_silenced(finder) {
        return;
    }
    for (near, sides) in tables.near(claim) {
        if near != Near::Beside {
            return;
        }
        for side in sides.iter() {
            let stated = stated(finder, side, claim, kind);
            if stated.is_empty() {
                continue;
            }
            let borne_out = stated.iter().filter(|one| one.holds).count();
            let counted = has(words.all) && says_how_many(finder, side, claim);
            for one in &stated {
                let sure = one.only && (counted || borne_out > 0) && one.is_proof(kind);
                emit(finder, claim, kind, one, sure);
            }
            return;
        }
    }
}

impl Stated {
    /// A mean of rates may be weighted by what the table does not show: only one that lies beyond all rows is wrong.
    fn is_proof(&self, kind: Kind) -> bool {
        let (Some(stated), true) = (self.figure.bounds(), kind == Kind::Mean) else { return true };
        let all = || self.items.iter().filter_map(CellFigure::bounds);
        all().all(|item| stated.is_above(item)) || all().all(|item| item.is_above(stated))
    }
}

/// The figures behind the word, each with its column.
fn stated(finder: &Finder<'_>, side: &Side, claim: Claim, kind: Kind) -> Vec<Stated> {
    let scene = finder.scene;
    let prose = scene.document.prose.as_str();
    let (first, inside) = scene.reading.quantities_within(Span::new(claim.word.end, claim.sentence_span.end));
    let mut found: Vec<Stated> = Vec::new();
    let mut from = claim.word.end;
    let mut period = None;
    let lead = Span::new(claim.clause.start, claim.word.start);
    let before = scene.words.claims.name_in(lead.of(prose));
    let words = &scene.words.claims;
    for (index, quantity) in (first..).zip(inside).take(2 * FIGURES) {
        if quantity.span.start > from + REACH {
            break;
        }
        if found.is_empty() && counts_rows(side, quantity) {
            continue;
        }
        let between = prose.get(from..quantity.span.start).unwrap_or_default();
        let name = words.name_in(if found.is_empty() { words.before_end(between) } else { between });
        from = quantity.span.end;
        if let Magnitude::Date(date) = quantity.magnitude {
            period = Some(date);
            continue;
        }
        if quantity.bound != Bound::Exact || !matches!(quantity.magnitude, Magnitude::One(_)) {
            break;
        }
        let figure = CellFigure { index, quantity: *quantity };
        let fits = |column: &usize| {
            let line = &side.grid.columns()[*column];

            match (period, line.period) {
                (Some(told), Some(own)) => told.start < own.end && own.start < told.end,
                (Some(_), None) => false,
                (None, own) => own.is_none() || found.is_empty(),
            }
        };
        let named: Vec<usize> = [name.as_str(), before.as_str()]
            .into_iter()
            .map(|name| side.columns_named(name))
            .find(|columns| !columns.is_empty())
            .unwrap_or_default();
        // A period says which column is meant where no name does.
        let columns = if named.is_empty() && period.is_some() && name.chars().count() <= 1 {
            side.figure_columns().filter(|column| side.grid.columns()[*column].period.is_some()).collect()
        } else {
            named
        };
        let columns: Vec<usize> = columns.into_iter().filter(fits).collect();
        let read: Vec<Stated> = columns
            .iter()
            .filter_map(|column| read(side, *column, figure, kind, columns.len() == 1))
            .collect();
        let best = read.into_iter().max_by_key(|one| one.holds);
        match best {
            Some(best) => found.push(best),
            None if found.is_empty() => return found,
            None => {}
        }
        if found.len() == FIGURES {
            break;
        }
    }
    found
}

/// A figure against one column; none where a figure is missing, a bound or of another unit.
fn read(side: &Side, column: usize, figure: CellFigure, kind: Kind, only: bool) -> Option<Stated> {
    let items: Vec<CellFigure> = side.items(column).into_iter().map(|(_, figure)| figure).collect();
    let whole = items.len() == side.item_count() && !side.kinds.contains(&RowKind::OfWhich);
    let fit =
        items.iter().all(|item| comparable(&item.quantity, &figure.quantity) && item.bounds().is_some());
    if !whole || !fit || items.len() < FEWEST {
        return None;
    }
    let stated = figure.bounds()?;
    let mean = |items: &[CellFigure]| mean(items).is_some_and(|mean| mean.meets(stated));
    let holds = match kind {
        Kind::Mean => {
            mean(&items)
                || median(items.clone()).is_some_and(|(a, b)| meets(&a, &b, stated))
                || weighed(side, column, stated)
        }
        Kind::Median => median(items.clone()).is_some_and(|(a, b)| meets(&a, &b, stated)),
    };
    // A row of averages says what is meant better than the rows do.
    let own = (0..side.kinds.len()).filter(|row| side.kinds[*row] != RowKind::Item);
    let told = own.filter_map(|row| side.grid.figure(row, column)?.bounds()).any(|own| own.meets(stated));
    (!told).then_some(Stated { figure, items, holds, only })
}

fn mean(items: &[CellFigure]) -> Option<Bounds> {
    let sum = items.iter().try_fold(Bounds::ZERO, |sum, item| Some(sum.add(item.bounds()?)))?;
    sum.divide(Bounds::point(items.len().to_f64()?))
}

/// The two figures in the middle; one and the same of an odd number.
fn median(mut items: Vec<CellFigure>) -> Option<(CellFigure, CellFigure)> {
    items.sort_by_key(CellFigure::middle);
    Some((*items.get((items.len() - 1) / 2)?, *items.get(items.len() / 2)?))
}

fn meets(lower: &CellFigure, upper: &CellFigure, stated: Bounds) -> bool {
    let both = lower.bounds().zip(upper.bounds());
    both.is_some_and(|(lower, upper)| lower.add(upper).times(0.5).meets(stated))
}

/// Whether the mean is one that another column weighs.
fn weighed(side: &Side, column: usize, stated: Bounds) -> bool {
    let by = |weights: usize| {
        let pairs: Option<Vec<(Bounds, Bounds)>> = side
            .items(column)
            .into_iter()
            .map(|(row, figure)| Some((figure.bounds()?, side.grid.figure(row, weights)?.bounds()?)))
            .collect();
        let zero = (Bounds::ZERO, Bounds::ZERO);
        let (sum, weight) = pairs?
            .into_iter()
            .fold(zero, |(sum, all), (value, weight)| (sum.add(value.multiply(weight)), all.add(weight)));
        Some(sum.divide(weight)?.meets(stated))
    };
    side.figure_columns().filter(|weights| *weights != column).any(|weights| by(weights).unwrap_or(false))
}

/// Whether the sentence says how many rows there are, or that the table's are meant.
fn says_how_many(finder: &Finder<'_>, side: &Side, claim: Claim) -> bool {
    let scene = finder.scene;
    let (_, inside) = scene.reading.quantities_within(Span::new(claim.sentence_span.start, claim.clause.end));
    let by_count = inside.iter().any(|quantity| counts_rows(side, quantity));
    by_count || scene.words.claims.table.is_some_and(|class| scene.hits.has(class, claim.sentence_span))
}

/// Whether a figure says how many rows there are: 九个行业, three sectors.
fn counts_rows(side: &Side, quantity: &Quantity) -> bool {
    let count = Decimal::from(side.item_count());
    let amount = matches!(quantity.unit, Unit::Percent | Unit::Multiple | Unit::Money { .. });
    !amount
        && matches!(quantity.magnitude, Magnitude::One(figure) if figure.value == count && figure.step == Decimal::ONE)
}

fn emit(finder: &mut Finder<'_>, claim: Claim, kind: Kind, stated: &Stated, sure: bool) {
    let mut fillers = vec![("stated", stated.figure.filler())];
    match kind {
        Kind::Mean
            if stated.holds
                && mean(&stated.items).zip(stated.figure.bounds()).is_none_or(|(a, b)| !a.meets(b)) =>
        {
            return;
        }
        Kind::Mean => fillers.extend(stated.items.iter().map(|item| ("values", item.filler()))),
        Kind::Median => {
            let Some((lower, upper)) = median(stated.items.clone()) else { return };
            fillers.extend([("lower", lower.filler()), ("upper", upper.filler())]);
        }
    }
    let relation = if kind == Kind::Mean { "table-mean" } else { "table-median" };
    let span = claim.word.join(stated.figure.quantity.span);
    finder.statement(relation, (claim.sentence, span), sure, vec![fillers]);
}
