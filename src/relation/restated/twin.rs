//! Two tables of one report that give the same figures under the same names, but for one.

use std::collections::BTreeMap;

use fnv::FnvHashMap;
use rust_decimal::Decimal;

use super::{Filled, Places};
use crate::document::{Table, plain};
use crate::quantity::Magnitude;
use crate::relation::fact::{Fact, Facts, NameId, Place};

/// Tables before that one cell is looked for in.
const MOST_TABLES: usize = 4;
/// Figures that two tables must agree in before one that differs is a slip.
const FEWEST_AGREEMENTS: usize = 3;
/// The same where the slip is proven.
const PROVING_AGREEMENTS: usize = 4;

/// What two tables have in common.
#[derive(Default)]
struct Common<'f> {
    agreements: usize,
    differing: Vec<(&'f Fact, &'f Fact)>,
}

/// Compares cells that stand under the same two names in different tables.
pub(super) fn find(places: &mut Places<'_>, facts: &Facts) {
    let supposed = places.supposed_sections();
    let mut seen: FnvHashMap<(NameId, NameId), Vec<(u32, &Fact)>> = FnvHashMap::default();
    let mut common: BTreeMap<(u32, u32), Common<'_>> = BTreeMap::new();
    for fact in facts.all() {
        let (Some(cell), Some(row), Some(column)) = (fact.cell, fact.row_name, fact.column_name) else {
            continue;
        };
        if !fact.alone || fact.place == Place::Source || supposed[fact.section as usize] {
            continue;
        }
        let before = seen.entry((row.min(column), row.max(column))).or_default();
        for (table, earlier) in
            before.iter().rev().take(MOST_TABLES).filter(|(table, _)| *table != cell.table)
        {
            if !agree_in_kind(places, earlier, fact) {
                continue;
            }
            let pair = common.entry((*table, cell.table)).or_default();
            match same_figure(earlier, fact) {
                Some(true) => pair.agreements += usize::from(is_telling(fact)),
                Some(false) => pair.differing.push((earlier, fact)),
                None => {}
            }
        }
        before.push((cell.table, fact));
    }
    for ((one, other), found) in common {
        let few = found.differing.len() * FEWEST_AGREEMENTS <= found.agreements;
        if found.agreements < FEWEST_AGREEMENTS || !few || are_parallel(places, one, other) {
            continue;
        }
        let explicit = found.agreements >= PROVING_AGREEMENTS && found.differing.len() == 1;
        for (earlier, fact) in found.differing {
            let fillers = vec![("stated", fact.filler()), ("cell", earlier.filler())];
            let span = places.scene.reading.quantities[fact.index].span;
            places.state("restated-twin", span, vec![Filled { fillers, sure: explicit }]);
        }
    }
}

/// Whether two cells of the same names can be the same fact.
fn agree_in_kind(places: &Places<'_>, one: &Fact, other: &Fact) -> bool {
    let days = |fact: &Fact| fact.period.map(|date| (date.start, date.end));
    let same_time = one.period.is_none() || other.period.is_none() || days(one) == days(other);
    same_time
        && one.subject == other.subject
        && one.basis == other.basis
        && places.are_alike(one.index, &one.quantity, other.index, &other.quantity)
}

/// Whether two figures are the same but for rounding; None where one of them is no single figure.
fn same_figure(one: &Fact, other: &Fact) -> Option<bool> {
    match (one.quantity.magnitude, other.quantity.magnitude) {
        (Magnitude::One(a), Magnitude::One(b)) => {
            let apart = a.value.checked_sub(b.value)?.abs();
            Some(apart.checked_mul(Decimal::TWO)? <= a.step.checked_add(b.step)?)
        }
        (Magnitude::Range { low: a, high: b }, Magnitude::Range { low: c, high: d }) => {
            let value = |figure: Option<crate::quantity::Figure>| figure.map(|figure| figure.value);
            Some(value(a) == value(c) && value(b) == value(d))
        }
        _ => None,
    }
}

/// Whether it tells anything that two figures are the same: one digit is the same soon.
fn is_telling(fact: &Fact) -> bool {
    match fact.quantity.magnitude {
        Magnitude::One(figure) => {
            let step = figure.coarse_step.max(figure.step);
            !step.is_zero()
                && figure.value.abs().checked_div(step).is_some_and(|digits| digits >= Decimal::TEN)
        }
        Magnitude::Range { .. } => true,
        Magnitude::Date(_) => false,
    }
}

/// Whether two tables have the same headings: such are of two things, product by product, not the same one again.
fn are_parallel(places: &Places<'_>, one: u32, other: u32) -> bool {
    let document = places.scene.document;
    let headings = |number: u32| -> Vec<String> {
        let header = document.tables.get(number as usize).and_then(|table: &Table| table.rows.first());
        let mut names: Vec<String> =
            header.into_iter().flatten().map(|cell| plain(cell.of(places.prose()))).collect();
        names.sort_unstable();
        names
    };
    headings(one) == headings(other)
}
