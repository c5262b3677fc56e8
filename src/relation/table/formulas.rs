use chrono::Datelike;
use rust_decimal::Decimal;

use super::cell::CellFigure;
use super::finder::Finder;
use super::form::{Form, Formula, Row, is_abroad};
use super::grid::Grid;
use super::rows::RowKind;
use super::slip;
use super::words::TableWord;

/// Columns to either side that a column may be computed from.
const REACH: usize = 8;
/// Columns of a table that are looked at.
const COLUMNS: usize = 48;
/// Rows by which a formula is found.
const SAMPLE: usize = 64;

/// What a formula must be proven by.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Hint {
    /// The headings name what it is and what it is of.
    Named,
    /// The heading says what kind of figure it is.
    Kind,
    /// Nothing: the rows alone must prove it.
    None,
}

impl Hint {
    /// Tenths of a digit in which the rows must agree.
    fn least(self) -> u32 {
        match self {
            Self::Named => 8,
            Self::Kind => 16,
            Self::None => 60,
        }
    }

    /// Rows that must hold for each that does not, in tenths; and at least so many.
    fn majority(self) -> (usize, usize) {
        match self {
            Self::Named => (15, 1),
            Self::Kind => (15, 2),
            Self::None => (40, 4),
        }
    }
}

/// How well the rows bear a formula out.
struct Proof {
    formula: Formula,
    hint: Hint,
    /// In tenths of a digit.
    told: u32,
    holds: usize,
    fails: usize,
}

impl Proof {
    fn suffices(&self) -> bool {
        let (tenths, least) = self.hint.majority();
        self.told >= self.hint.least() && self.holds >= least && self.holds * 10 >= self.fails * tenths
    }
}

/// Looks for columns that are computed from others in the same row: changes, differences, ratios, products, growth
/// per year. A formula is found where its headings name it and where the rows prove it; the rows that do not obey it
/// are then wrong.
pub(super) fn find(finder: &mut Finder<'_>, grid: &Grid, kinds: &[RowKind]) {
    let width = grid.columns().len();
    if width < 2 || width > COLUMNS {
        return;
    }
    for result in 0..width {
        if grid.figures(result).next().is_none() || is_total(grid, kinds, result) {
            continue;
        }
        match best(grid, result) {
            Some(proof) => states(finder, grid, &proof),
            None => by_name(finder, grid, result),
        }
    }
}

/// Whether the column is a total of others: that is told already.
fn is_total(grid: &Grid, kinds: &[RowKind], column: usize) -> bool {
    let _ = kinds;
    grid.columns()[column].words.has_any(&[TableWord::Rank, TableWord::Year])
}

/// States the formula for every row.
fn states(finder: &mut Finder<'_>, grid: &Grid, proof: &Proof) {
    for number in 0..grid.rows().len() {
        let Some(row) = proof.formula.row(grid, number) else { continue };
        if !row.holds() && (other_reading(grid, &proof.formula, number) || other_money(grid, proof, number, &row)) {
            continue;
        }
        let slack = proof.holds < 2;
        proof.formula.emit(finder, &row, slack);
    }
}

/// Whether a change of percentages is written in points.
fn other_reading(grid: &Grid, formula: &Formula, row: usize) -> bool {
    let Form::Change { new, old } = formula.form else { return false };
    let points = Formula { form: Form::Difference { first: new, second: old }, ..*formula };
    points.row(grid, row).is_some_and(|row| row.left.is_percent())
}

/// Whether a price in other money than the figure of one share may explain the row.
fn other_money(grid: &Grid, proof: &Proof, number: usize, row: &Row<'_>) -> bool {
    let Form::Ratio { .. } = proof.formula.form else { return false };
    let near = row.computed.middle().checked_div(row.stated.middle());
    is_abroad(grid, number) && near.is_some_and(|ratio| ratio > Decimal::new(5, 1) && ratio < Decimal::TWO)
}

/// The formula that the rows bear out best.
fn best(grid: &Grid, result: usize) -> Option<Proof> {
    let formulas = candidates(grid, result);
    // Among many one fits by chance.
    let penalty = 3 * u32::try_from(formulas.len()).ok()?.checked_ilog2().unwrap_or(0) / 2;
    let proofs = formulas.into_iter().map(|(formula, hint)| proof(grid, formula, hint));
    let mut sufficient: Vec<Proof> = proofs
        .map(|mut proof| {
            proof.told = proof.told.saturating_sub(if proof.hint == Hint::Named { 0 } else { penalty });
            proof
        })
        .filter(Proof::suffices)
        .collect();
    sufficient.sort_by_key(|proof| (proof.fails, std::cmp::Reverse(proof.told)));
    // Of several that hold the same, the nearer columns.
    sufficient.into_iter().next()
}

fn proof(grid: &Grid, formula: Formula, hint: Hint) -> Proof {
    let mut proof = Proof { formula, hint, told: 0, holds: 0, fails: 0 };
    for number in 0..grid.rows().len().min(SAMPLE) {
        let Some(row) = formula.row(grid, number) else { continue };
        if !row.is_telling() {
            continue;
        }
        if row.holds() {
            proof.holds += 1;
            proof.told += row.stated.tells(row.computed);
        } else if !other_reading(grid, &formula, number) {
            proof.fails += 1;
        }
    }
    proof
}

/// The formulas that a column may follow.
fn candidates(grid: &Grid, result: usize) -> Vec<(Formula, Hint)> {
    let words = grid.columns()[result].words;
    let percent = mostly(grid, result, CellFigure::is_percent);
    let unsigned = grid.figures(result).all(|(_, figure)| figure.value().is_none_or(|value| value.is_sign_positive()));
    let near: Vec<usize> = (result.saturating_sub(REACH)..grid.columns().len().min(result + REACH + 1))
        .filter(|column| *column != result && grid.figures(*column).next().is_some())
        .collect();
    let mut found = Vec::new();
    let mut add = |form: Form, hint: Hint| found.push((Formula { form, result, unsigned }, hint));
    let growth = words.has(TableWord::Growth) && !words.has(TableWord::Compound);
    let difference = words.has_any(&[TableWord::Difference, TableWord::Growth]) || names_minus(grid, result);
    let quotient = words.has_any(&[TableWord::Quotient, TableWord::PriceMultiple, TableWord::PerShare, TableWord::Share]);
    for &a in &near {
        if growth && percent && grid.columns()[a].period.is_none_or(|_| true) {
            add(Form::Step { of: a }, Hint::Kind);
        }
        for &b in near.iter().filter(|b| **b != a) {
            if same_scale(grid, a, b) {
                if growth && percent {
                    add(Form::Change { new: a, old: b }, named_periods(grid, a, b, result));
                }
                if difference || !percent {
                    add(Form::Difference { first: a, second: b }, if difference { Hint::Kind } else { Hint::None });
                }
                if words.has(TableWord::Compound) && percent && let Some(years) = years_between(grid, b, a) {
                    add(Form::Compound { from: b, to: a, years }, Hint::Named);
                }
            }
            if words.has_any(&[TableWord::Growth, TableWord::Compound, TableWord::Difference]) {
                continue;
            }
            match price_multiple(grid, a, b, result) {
                Some(true) => add(Form::Ratio { dividend: a, divisor: b }, Hint::Named),
                Some(false) => {}
                None => {
                    add(Form::Ratio { dividend: a, divisor: b }, if quotient { Hint::Kind } else { Hint::None });
                }
            }
            if a < b {
                let product = words.has(TableWord::Product);
                add(Form::Product { factor: a, other: b }, if product { Hint::Kind } else { Hint::None });
            }
        }
    }
    found
}

fn mostly(grid: &Grid, column: usize, wanted: fn(&CellFigure) -> bool) -> bool {
    let figures = || grid.figures(column).take(SAMPLE);
    figures().filter(|(_, figure)| wanted(figure)).count() * 2 > figures().count()
}

/// Whether the name of a line says that one is taken from another: FCF (CFO − capex).
fn names_minus(grid: &Grid, column: usize) -> bool {
    grid.columns()[column].takes_off
}

fn same_scale(grid: &Grid, a: usize, b: usize) -> bool {
    let (a, b) = (grid.columns()[a].scale, grid.columns()[b].scale);
    a == b
}

/// Whether the headings say that one column is the later period of the other, right before the change.
fn named_periods(grid: &Grid, new: usize, old: usize, result: usize) -> Hint {
    let start = |column: usize| grid.columns()[column].period.map(|period| period.start);
    match (start(new), start(old)) {
        (Some(a), Some(b)) if a > b && new < result && old < result && result - new.min(old) <= 2 => Hint::Named,
        _ => Hint::Kind,
    }
}

/// The years from one column's period to another's.
fn years_between(grid: &Grid, from: usize, to: usize) -> Option<u32> {
    let year = |column: usize| grid.columns()[column].period.map(|period| period.start.year());
    u32::try_from(year(to)? - year(from)?).ok().filter(|years| (2..=40).contains(years))
}

/// Whether a column of price multiples is that of this price and this figure of one share, of one period. None for
/// other columns.
fn price_multiple(grid: &Grid, price: usize, per_share: usize, result: usize) -> Option<bool> {
    let line = |column: usize| &grid.columns()[column];
    if !line(result).words.has(TableWord::PriceMultiple) {
        return None;
    }
    let period = |column: usize| line(column).period.map(|period| period.start.year());
    let agree = period(result).zip(period(per_share)).is_none_or(|(a, b)| a == b);
    Some(line(price).words.has(TableWord::SharePrice) && line(per_share).words.has(TableWord::PerShare) && agree)
}

/// A formula that the headings state in full, where too few rows stand to prove it: growth from one named period to
/// the next, and growth per year between two named years.
fn by_name(finder: &mut Finder<'_>, grid: &Grid, result: usize) {
    let words = grid.columns()[result].words;
    let formulas: Vec<Formula> = candidates(grid, result)
        .into_iter()
        .filter(|(formula, hint)| *hint == Hint::Named && !matches!(formula.form, Form::Ratio { .. }))
        .map(|(formula, _)| formula)
        .collect();
    let compound = words.has(TableWord::Compound);
    let widest = |formula: &Formula| match formula.form {
        Form::Compound { years, .. } => years,
        _ => 0,
    };
    let Some(formula) = formulas.into_iter().max_by_key(widest) else { return };
    for number in 0..grid.rows().len().min(SAMPLE) {
        let Some(row) = formula.row(grid, number) else { continue };
        let told = row.holds() || compound || slips(&formula, &row);
        if told && !other_reading(grid, &formula, number) {
            formula.emit(finder, &row, true);
        }
    }
}

/// Whether one slip explains a row.
fn slips(formula: &Formula, row: &Row<'_>) -> bool {
    let Form::Change { .. } = formula.form else { return false };
    let leads = |figure: &CellFigure, wanted: Option<super::bounds::Bounds>| {
        let wanted = wanted.and_then(|wanted| if figure.is_percent() { wanted.times(Decimal::ONE_HUNDRED) } else { Some(wanted) });
        figure.written().zip(wanted).is_some_and(|(written, wanted)| slip::leads_to(written.value, written.step, wanted))
    };
    let factor = row.stated.add(super::bounds::Bounds::point(Decimal::ONE));
    let new = factor.zip(row.right.bounds()).and_then(|(factor, old)| factor.multiply(old));
    let old = factor.zip(row.left.bounds()).and_then(|(factor, new)| new.divide(factor));
    leads(row.result, Some(row.computed)) || leads(row.left, new) || leads(row.right, old)
}
