use rust_decimal::Decimal;

use super::finder::Finder;
use super::grid::Grid;
use super::rows::RowKind;
use super::words::TableWord;
use crate::relation::unit_agreement::comparable;

/// Looks at rows that are set under another: none is more than the whole that it is a part of.
pub(super) fn find(finder: &mut Finder<'_>, grid: &Grid, kinds: &[RowKind]) {
    let mut above: Option<usize> = None;
    for (row, kind) in kinds.iter().enumerate() {
        match kind {
            RowKind::OfWhich => {
                if let Some(whole) = above {
                    part(finder, grid, row, whole);
                }
            }
            RowKind::Item | RowKind::Total | RowKind::NamedTotal | RowKind::Subtotal => above = Some(row),
            _ => above = None,
        }
    }
}

fn part(finder: &mut Finder<'_>, grid: &Grid, row: usize, whole: usize) {
    let never = [
        TableWord::NotAdditive,
        TableWord::Growth,
        TableWord::Compound,
        TableWord::Difference,
        TableWord::Average,
    ];
    for column in 0..grid.columns().len() {
        if grid.columns()[column].words.has_any(&never) {
            continue;
        }
        let (Some(part), Some(whole)) = (grid.figure(row, column), grid.figure(whole, column)) else {
            continue;
        };
        let positive = |value: Option<Decimal>| value.is_some_and(|value| value > Decimal::ZERO);
        let amounts = part.is_amount() && positive(part.value()) && positive(whole.value());
        if amounts && comparable(&part.quantity, &whole.quantity) {
            let fillers = vec![("part", part.filler()), ("whole", whole.filler())];
            finder.group("table-part", part, vec![fillers]);
        }
    }
}
