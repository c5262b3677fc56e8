use super::super::cell::CellFigure;
use super::super::finder::Finder;
use super::place::Tables;
use super::side::Side;
use super::{Claim, claim_at};
use crate::quantity::{Magnitude, Quantity, Unit};

/// Prices that a note tells, one for each row: 30 元/小时（客服）、50 元/小时（分析师）.
const FEWEST: usize = 3;
/// Letters that a note's name of a row shares with the row's own.
const SHARED: usize = 2;
/// Bytes of the brackets that hold the name.
const LONGEST_NAME: usize = 40;

/// Looks for notes that tell the price per unit of several rows: two columns give it for most of them, and the one
/// that differs is wrong.
pub(super) fn find(finder: &mut Finder<'_>, tables: &mut Tables<'_>) {
    let scene = finder.scene;
    let mut done = 0;
    for (index, quantity) in scene.reading.quantities.iter().enumerate() {
        if index < done || !is_price(quantity) {
            continue;
        }
        let Some(claim) = claim_at(finder, quantity.span) else { continue };
        let (first, inside) = scene.reading.quantities_within(claim.sentence_span);
        done = first + inside.len();
        let prices: Vec<Price<'_>> = (first..)
            .zip(inside)
            .filter(|(_, quantity)| is_price(quantity))
            .filter_map(|(index, quantity)| Price::read(&scene.document.prose, index, quantity))
            .collect();
        if prices.len() < FEWEST {
            continue;
        }
        let near = tables.near(claim);
        if let Some((_, sides)) = near.first() {
            judge(finder, &sides[0], claim, &prices);
        }
    }
}

fn is_price(quantity: &Quantity) -> bool {
    matches!(quantity.unit, Unit::Money { per: Some(_), .. })
        && matches!(quantity.magnitude, Magnitude::One(_))
}

/// A price per unit, and the name in the brackets behind it.
struct Price<'p> {
    figure: CellFigure,
    name: &'p str,
}

impl<'p> Price<'p> {
    fn read(prose: &'p str, index: usize, quantity: &Quantity) -> Option<Self> {
        let rest = prose[quantity.span.end..].trim_start_matches(' ').strip_prefix(['(', '（'])?;
        let name = &rest[..rest.find([')', '）']).filter(|end| *end <= LONGEST_NAME)?];
        Some(Self { figure: CellFigure { index, quantity: *quantity }, name: name.trim() })
    }
}

/// States the prices by the pair of columns that bears out the most of them, where all but one are.
fn judge(finder: &mut Finder<'_>, side: &Side, claim: Claim, prices: &[Price<'_>]) {
    let rows: Option<Vec<(usize, &Price<'_>)>> =
        prices.iter().map(|price| Some((side.row_like(price.name, SHARED)?, price))).collect();
    let Some(rows) = rows else { return };
    let columns: Vec<usize> = side.figure_columns().collect();
    let quotients =
        columns.iter().flat_map(|a| columns.iter().map(move |b| (*a, *b))).filter(|(a, b)| a != b);
    let best = quotients
        .map(|pair| {
            (rows.iter().filter(|(row, price)| holds(side, pair, *row, price) == Some(true)).count(), pair)
        })
        .max_by_key(|(count, (a, b))| (*count, std::cmp::Reverse((*a, *b))));
    let Some((count, (dividend, divisor))) = best else { return };
    if count + 1 < rows.len() || count < 2 {
        return;
    }
    for (row, price) in rows {
        let (Some(a), Some(b)) = (side.grid.figure(row, dividend), side.grid.figure(row, divisor)) else {
            continue;
        };
        let fillers = vec![("dividend", a.plain()), ("divisor", b.plain()), ("stated", price.figure.plain())];
        let span = price.figure.quantity.span;
        finder.statement("table-note", (claim.sentence, span), true, vec![fillers]);
    }
}

fn holds(side: &Side, (dividend, divisor): (usize, usize), row: usize, price: &Price<'_>) -> Option<bool> {
    let (a, b) = (side.grid.figure(row, dividend)?, side.grid.figure(row, divisor)?);
    let money =
        matches!(a.quantity.unit, Unit::Money { .. }) && !matches!(b.quantity.unit, Unit::Money { .. });
    Some(money && a.bounds()?.divide(b.bounds()?)?.meets(price.figure.bounds()?))
}
