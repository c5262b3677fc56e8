use std::cell::OnceCell;

use chrono::Datelike;

use super::bounds::Bounds;
use super::cell::CellFigure;
use super::course::course;
use super::finder::Finder;
use super::form::{Form, Formula, Row, is_abroad};
use super::grid::{Grid, Line, Scene};
use super::names::{Names, Sign};
use super::rows::RowKind;
use super::slip;
use super::words::{TableWord, core};
use crate::quantity::Unit;

/// Columns to either side that a column may be computed from.
const REACH: usize = 8;
/// Columns of a table that are looked at.
const COLUMNS: usize = 48;
/// The same where the heading does not say what the column is.
const NEXT: usize = 3;
/// So many rows against a formula, and none for it, are enough.
const HOPELESS: usize = 4;
/// Tenths of a digit that each row takes away that does not follow a formula.
const FAILING: u32 = 15;
/// Rows by which a formula is found.
const SAMPLE: usize = 64;

/// What a formula must be proven by.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Hint {
    /// The headings name what it is and what it is of.
    Named,
    /// The heading says what kind of figure it is, and the columns stand side by side.
    Near,
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
            Self::Near => 10,
            Self::Kind => 16,
            Self::None => 60,
        }
    }

    /// Rows that must hold for each that does not, in tenths; and at least so many.
    fn majority(self, form: Form) -> (usize, usize) {
        // Ratios and products have many neighbours that are nearly of the same size.
        let ratio = matches!(form, Form::Ratio { .. });
        let product = matches!(form, Form::Product { .. });
        match self {
            Self::Named if ratio => (15, 2),
            Self::Near | Self::Kind if ratio || product => (30, 3),
            Self::Named => (10, 1),
            Self::Near | Self::Kind => (15, 2),
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
    /// Whether one slip of the pen explains each row that fails.
    by_slips: bool,
}

impl Proof {
    /// `candidates` is how many formulas were tried.
    fn suffices(&self, candidates: usize) -> bool {
        let in_doubt = self.hint > Hint::Near;
        // Among many one fits by chance, and soon one that fails only here and there.
        let tenths = 3 * candidates.checked_ilog2().unwrap_or(0);
        let told = match (in_doubt, u32::try_from(self.fails).unwrap_or(u32::MAX)) {
            (false, _) => self.told,
            (true, 0) => self.told.saturating_sub(tenths / 2),
            (true, fails) => self.told.saturating_sub(tenths.saturating_add(FAILING.saturating_mul(fails))),
        };
        told >= self.hint.least() && self.may_suffice(0)
    }

    /// Whether it is the growth of the row or column right before, as growth mostly is: one slip in that is likelier than
    /// that it follows another one by chance.
    fn is_of_the_one_before(&self) -> bool {
        let step = matches!(self.formula.form, Form::Step { .. });
        step && self.hint == Hint::Named && self.fails <= 1 && self.by_slips
    }

    /// Whether it suffices if the rows still to be looked at all hold.
    fn may_suffice(&self, open: usize) -> bool {
        let (tenths, least) = self.hint.majority(self.formula.form);
        let most = self.holds + open;
        most >= least && most * 10 >= self.fails * tenths
    }
}

/// Looks for columns that are computed from others in the same row: changes, differences, ratios, products, growth
/// per year. A formula is found where its headings name it and where the rows prove it; the rows that do not obey it
/// are then wrong.
pub(super) fn find(finder: &mut Finder<'_>, grid: &Grid, kinds: &[RowKind]) {
    let width = grid.columns().len();
    if !(2..=COLUMNS).contains(&width) {
        return;
    }
    let prose = finder.scene.document.prose.as_str();
    let contents: Vec<Contents> = (0..width).map(|column| Contents::of(grid, column)).collect();
    let computed = |column: &usize| {
        let line = &grid.columns()[*column];
        let years = line.words.has(TableWord::Year) && course(prose, line).is_none();
        !years && !line.words.has(TableWord::Rank) && contents[*column].figures > 0
    };
    let headings = OnceCell::new();
    let results: Vec<usize> = (0..width).filter(computed).collect();
    let mut proofs: Vec<(usize, Result<Proof, Vec<Formula>>)> = results
        .into_iter()
        .map(|result| {
            let subject = growth_of(finder.scene, &grid.columns()[result]);
            (result, best(prose, grid, (&contents, &headings), kinds, (result, subject.as_deref())))
        })
        .collect();
    // One fact about three columns is told once, in the form that the headings and the rows bear out best.
    proofs.sort_by_key(|(_, proof)| {
        proof.as_ref().ok().map(|proof| (proof.fails, proof.hint, std::cmp::Reverse(proof.told)))
    });
    let mut told: Vec<[usize; 3]> = Vec::new();
    for (result, proof) in proofs {
        match proof {
            Ok(proof) => {
                let columns = proof.formula.columns();
                if !told.contains(&columns) {
                    told.push(columns);
                    states(finder, grid, kinds, &proof);
                }
            }
            Err(named) => by_name(finder, grid, result, named),
        }
    }
}

/// Whether a row may obey a formula of its columns: an average of ratios is no ratio of averages, and in a table on its
/// side the columns of changes and shares are none of the measures.
fn may_obey(grid: &Grid, kinds: &[RowKind], formula: &Formula, row: usize) -> bool {
    let nonlinear = matches!(formula.form, Form::Ratio { .. } | Form::Product { .. });
    let compound = matches!(formula.form, Form::Compound { .. });
    let words = grid.rows()[row].words;
    let derived = [TableWord::Growth, TableWord::Compound, TableWord::Share, TableWord::Average];
    match kinds[row] {
        _ if grid.is_flipped() => {
            !(words.has_any(&derived) || (nonlinear || compound) && words.has(TableWord::Difference))
        }
        RowKind::Total | RowKind::NamedTotal | RowKind::Subtotal => !nonlinear,
        RowKind::Beside => !nonlinear && !compound && !words.has(TableWord::Average),
        _ => true,
    }
}

/// States the formula for every row.
fn states(finder: &mut Finder<'_>, grid: &Grid, kinds: &[RowKind], proof: &Proof) {
    for number in 0..grid.rows().len() {
        let Some(row) = proof.formula.row(grid, number) else { continue };
        if !may_obey(grid, kinds, &proof.formula, number) {
            continue;
        }
        // One row alone is a thin proof.
        let thin = proof.holds < 2 && !row.holds() && !slips(&proof.formula, &row);
        if !row.holds()
            && (thin || other_reading(grid, &proof.formula, number) || other_money(grid, proof, number, &row))
        {
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
    let ratio = row.computed.middle() / row.stated.middle();
    is_abroad(grid, number) && ratio > 0.5 && ratio < 2.0
}

/// The formula that the rows bear out best; without one, those that the headings name in full.
fn best(
    prose: &str,
    grid: &Grid,
    columns: (&[Contents], &OnceCell<Vec<String>>),
    kinds: &[RowKind],
    (result, subject): (usize, Option<&str>),
) -> Result<Proof, Vec<Formula>> {
    let formulas = candidates(prose, grid, columns, result, subject);
    let proofs = formulas.iter().map(|(formula, hint)| proof(grid, kinds, *formula, *hint));
    let sufficient = proofs.filter(|proof| proof.suffices(formulas.len()));
    let rank = |proof: &Proof| (!proof.is_of_the_one_before(), proof.fails, std::cmp::Reverse(proof.told));
    sufficient.min_by_key(rank).ok_or_else(|| {
        let named = formulas.iter().filter(|(_, hint)| *hint == Hint::Named);
        named.map(|(formula, _)| *formula).collect()
    })
}

fn proof(grid: &Grid, kinds: &[RowKind], formula: Formula, hint: Hint) -> Proof {
    let mut proof = Proof { formula, hint, told: 0, holds: 0, fails: 0, by_slips: true };
    let mut last_failing: Option<Row<'_>> = None;
    let rows = grid.rows().len().min(SAMPLE);
    for number in 0..rows {
        if !proof.may_suffice(rows - number) {
            break;
        }
        let Some(figures) = formula.figures(grid, number).filter(|figures| figures.are_telling()) else {
            continue;
        };
        if !may_obey(grid, kinds, &formula, number) {
            continue;
        }
        let Some(row) = formula.row_of(figures, grid, number) else { continue };
        if row.holds() {
            proof.holds += 1;
            proof.told += formula.tells(&row);
        } else if !other_reading(grid, &formula, number) {
            // One wrong figure of a series fails both of its steps.
            if last_failing.take().is_some_and(|last| formula.share_a_slip(&last, &row)) {
                continue;
            }
            // Asked of the growth of the one before only.
            let asked = hint == Hint::Named && matches!(formula.form, Form::Step { .. });
            proof.by_slips &= !asked || slips(&formula, &row);
            last_failing = Some(row);
            proof.fails += 1;
            if proof.holds == 0 && proof.fails >= HOPELESS {
                break;
            }
        }
    }
    proof
}

/// The formulas that a column may follow.
fn candidates(
    prose: &str,
    grid: &Grid,
    (contents, headings): (&[Contents], &OnceCell<Vec<String>>),
    result: usize,
    subject: Option<&str>,
) -> Vec<(Formula, Hint)> {
    let names = Names::of(prose, grid, result, headings);
    let named = |sign: Sign, a: usize, b: usize| names.as_ref().is_some_and(|names| names.say(sign, a, b));
    let words = grid.columns()[result].words;
    let Contents { percent, unsigned, .. } = contents[result];
    let upright = !grid.is_flipped();
    let changes =
        words.has_any(&[TableWord::Growth, TableWord::Reduction, TableWord::Difference, TableWord::Compound]);
    let growth = words.has_any(&[TableWord::Growth, TableWord::Reduction]) && !words.has(TableWord::Compound);
    let difference = words.has_any(&[TableWord::Difference, TableWord::Growth]) || names_minus(grid, result);
    let quotient = words.has_any(&[
        TableWord::Quotient,
        TableWord::PriceMultiple,
        TableWord::PerShare,
        TableWord::Share,
    ]);
    let product = words.has(TableWord::Product);
    let course = course(prose, &grid.columns()[result]);
    let told = changes || difference || quotient || product || names.is_some() || course.is_some();
    let (_, fewest) = Hint::None.majority(Form::Step { of: result });
    if !told && (!upright || contents[result].figures < fewest) {
        return Vec::new();
    }
    let reach = if told { REACH } else { NEXT };
    let is_near = |column: usize| {
        column.abs_diff(result) <= reach || names.as_ref().is_some_and(|names| names.may_be(column))
    };
    let near: Vec<usize> = (0..grid.columns().len())
        .filter(|column| *column != result && contents[*column].figures > 0 && is_near(*column))
        .collect();
    let mut found = Vec::new();
    let mut add = |form: Form, columns: [usize; 2], hint: Hint| {
        // The less the heading says, the nearer the columns must stand.
        let beside = || columns.iter().all(|column| column.abs_diff(result) <= NEXT);
        let looked_for = match hint {
            Hint::Named | Hint::Near => true,
            Hint::Kind => upright || changes || beside(),
            Hint::None => upright && beside(),
        };
        if looked_for {
            found.push((Formula { form, result, unsigned }, hint));
        }
    };
    // The columns of figures right before it.
    let amounts = |column: &&usize| **column < result && !contents[**column].percent;
    let beside: Vec<usize> = near.iter().rev().filter(amounts).take(2).copied().collect();
    let before = near.iter().rev().find(|column| **column < result).copied();
    let multiple = |column: usize| grid.columns()[column].words.has(TableWord::PriceMultiple);
    // A margin is a difference or, in percent, a quotient; the price and the figure of one share are what a multiple is
    // of.
    let changes_by = [TableWord::Growth, TableWord::Compound, TableWord::Reduction];
    let subtracts = words.has(TableWord::Difference) && !(percent && quotient);
    let per_share = words.has(TableWord::PerShare);
    let priced = words.has_any(&[TableWord::Aim, TableWord::SharePrice]);
    let operand = (per_share || words.has(TableWord::SharePrice)) && !multiple(result);
    let among_multiples = || (0..grid.columns().len()).any(multiple);
    let no_quotient = words.has_any(&changes_by) || subtracts || operand && (per_share || among_multiples());
    let two_before = before_two(&near, result);
    // Where the rows are periods, growth is from row to row, and columns are of other measures.
    let of_periods = grid.rows().iter().filter(|row| row.period.is_some()).count() >= 2;
    let period = |column: usize| grid.columns()[column].period.is_some();
    let is_subject = |column: usize| subject.is_some_and(|subject| bears(prose, grid, column, subject));
    let named_subject = near.iter().any(|column| is_subject(*column));
    for &a in &near {
        let hint = match subject {
            Some(_) if is_subject(a) => Some(Hint::Named),
            Some(_) if named_subject || before != Some(a) => None,
            Some(_) => Some(Hint::Kind),
            // Percentages change in points.
            None if contents[a].percent => None,
            None => Some(if before == Some(a) { Hint::Named } else { Hint::Kind }),
        };
        if let Some(hint) = hint.filter(|_| growth && percent && multiple(a) == multiple(result)) {
            add(Form::Step { of: a }, [a, a], hint);
        }
        for &b in near.iter().filter(|b| **b != a) {
            if same_scale(grid, a, b) {
                if growth && percent && (!of_periods || period(a) && period(b)) {
                    add(
                        Form::Change { new: a, old: b },
                        [a, b],
                        named_periods(grid, (a, b), &beside, result),
                    );
                }
                if difference || !percent {
                    let side_by_side = two_before == Some([a.min(b), a.max(b)]);
                    let hint = match (difference, side_by_side) {
                        _ if named(Sign::Less, a, b) => Hint::Named,
                        (true, true) => Hint::Near,
                        (true, false) => Hint::Kind,
                        (false, _) => Hint::None,
                    };
                    add(Form::Difference { first: a, second: b }, [a, b], hint);
                }
                if words.has(TableWord::Compound)
                    && percent
                    && let Some(years) = years_between(grid, b, a)
                {
                    add(Form::Compound { from: b, to: a, years }, [a, b], Hint::Named);
                }
            }
            if let Some((periods, each)) = course
                && grid.columns()[b].words.has(each)
                && !grid.columns()[a].words.has(each)
                && self::course(prose, &grid.columns()[a]).is_none()
            {
                add(Form::Course { once: a, each: b, periods }, [a, b], Hint::Near);
            }
            let in_name = named(Sign::Over, a, b) || named(Sign::Times, a, b) || named(Sign::Times, b, a);
            if no_quotient && !in_name {
                continue;
            }
            let ratio = Form::Ratio { dividend: a, divisor: b };
            match price_multiple(grid, a, b, result) {
                _ if named(Sign::Over, a, b) => add(ratio, [a, b], Hint::Named),
                Some(true) => add(ratio, [a, b], Hint::Named),
                Some(false) => {}
                None => add(ratio, [a, b], if quotient { Hint::Kind } else { Hint::None }),
            }
            if a < b {
                let hint = match product {
                    _ if named(Sign::Times, a, b) || named(Sign::Times, b, a) => Hint::Named,
                    true if priced && (is_price(grid, a, b) || is_price(grid, b, a)) => Hint::Named,
                    true => Hint::Kind,
                    false => Hint::None,
                };
                add(Form::Product { factor: a, other: b }, [a, b], hint);
            }
        }
    }
    found
}

/// What a column holds.
#[derive(Clone, Copy)]
struct Contents {
    figures: usize,
    /// Whether most of its figures are percentages.
    percent: bool,
    /// Where no figure has a sign, a fall may be written like a rise.
    unsigned: bool,
}

impl Contents {
    fn of(grid: &Grid, column: usize) -> Self {
        let figures = || grid.figures(column).map(|(_, figure)| figure);
        let percents = figures().take(SAMPLE).filter(|figure| figure.is_percent()).count();
        let count = figures().count();
        let unsigned = |figure: &CellFigure| {
            !figure.quantity.signed && figure.value().is_none_or(|value| value.is_sign_positive())
        };
        Self { figures: count, percent: percents * 2 > count.min(SAMPLE), unsigned: figures().all(unsigned) }
    }
}

/// Whether the name of a line says that one is taken from another: FCF (CFO − capex).
fn names_minus(grid: &Grid, column: usize) -> bool {
    grid.columns()[column].takes_off
}

fn same_scale(grid: &Grid, a: usize, b: usize) -> bool {
    let (a, b) = (grid.columns()[a].scale, grid.columns()[b].scale);
    a == b
}

/// The two columns right before one, in order.
fn before_two(near: &[usize], result: usize) -> Option<[usize; 2]> {
    let mut before = near.iter().rev().filter(|column| **column < result);
    let (last, first) = (*before.next()?, *before.next()?);
    Some([first, last])
}

/// How well the headings say that a change is one from one column to another: two periods in order, or the columns
/// right before it.
fn named_periods(grid: &Grid, (new, old): (usize, usize), beside: &[usize], result: usize) -> Hint {
    let start = |column: usize| grid.columns()[column].period.map(|period| period.start);
    let near = beside.contains(&old) && (beside.contains(&new) || new < result);
    match (start(new), start(old)) {
        (Some(a), Some(b)) if a > b && beside.contains(&new) && beside.contains(&old) => Hint::Named,
        _ if near || beside.contains(&new) && old < result => Hint::Near,
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
    let named =
        line(price).words.has(TableWord::SharePrice) && line(per_share).words.has(TableWord::PerShare);
    if named || !agree { Some(named && agree) } else { None }
}

/// What a heading says that its growth is of: 净利润 in 净利润增速; none where it says growth alone.
fn growth_of(scene: Scene<'_>, line: &Line) -> Option<String> {
    if !line.words.has_any(&[TableWord::Growth, TableWord::Reduction]) {
        return None;
    }
    let prose = scene.document.prose.as_str();
    let label = core(prose, *line.labels.last()?);
    let mut rest = String::new();
    let mut at = label.start;
    let mut spans = scene.words.find(scene.hits, label, TableWord::Growth);
    spans.sort_unstable_by_key(|span| (span.start, std::cmp::Reverse(span.end)));
    for span in spans {
        rest.push_str(prose.get(at..span.start.max(at)).unwrap_or_default());
        at = at.max(span.end.min(label.end));
    }
    rest.push_str(&prose[at..label.end]);
    let name = rest.split(['(', '（', '[']).next().unwrap_or_default().to_lowercase();
    let name = name.trim_matches(|c: char| !c.is_alphabetic());
    let letters = name.chars().filter(|c| c.is_alphabetic()).count();
    (letters >= if name.is_ascii() { 3 } else { 2 }).then(|| name.to_owned())
}

/// Whether a column has that name, or a longer or shorter one.
fn bears(prose: &str, grid: &Grid, column: usize, name: &str) -> bool {
    let Some(label) = grid.columns()[column].labels.last() else { return false };
    let heading = core(prose, *label).of(prose).to_lowercase();
    let short = heading.split(['(', '（', '[']).next().unwrap_or_default().trim();
    heading.contains(name) || short.chars().count() >= 2 && name.contains(short)
}

/// Whether one column holds figures of one share and the other multiples of them: their product is a price.
fn is_price(grid: &Grid, per_share: usize, multiple: usize) -> bool {
    let words = |column: usize| grid.columns()[column].words;
    let mut multiples = grid.figures(multiple).map(|(_, figure)| figure.quantity.unit == Unit::Multiple);
    words(per_share).has(TableWord::PerShare)
        && (words(multiple).has(TableWord::PriceMultiple) || multiples.all(|multiple| multiple))
}

/// A formula that the headings state in full, where too few rows stand to prove it: growth from one named period to
/// the next, and growth per year between two named years.
fn by_name(finder: &mut Finder<'_>, grid: &Grid, result: usize, mut formulas: Vec<Formula>) {
    let words = grid.columns()[result].words;
    // The change stands right behind its two periods, and the table has no other row to prove it by.
    let few = |formula: &Formula| match formula.form {
        Form::Change { new, old } => {
            grid.figures(result).count() <= 2 && new.max(old) + 1 == result && new.abs_diff(old) == 1
        }
        Form::Compound { .. } => true,
        _ => false,
    };
    formulas.retain(few);
    let compound = words.has(TableWord::Compound);
    let widest = |formula: &Formula| match formula.form {
        Form::Compound { years, .. } => years,
        _ => 0,
    };
    formulas.sort_by_key(|formula| std::cmp::Reverse(widest(formula)));
    for number in 0..grid.rows().len().min(SAMPLE) {
        let Some((formula, row)) =
            formulas.iter().find_map(|formula| Some((formula, formula.row(grid, number)?)))
        else {
            continue;
        };
        let told = row.holds() || compound || slips(formula, &row);
        if told && !other_reading(grid, formula, number) {
            formula.emit(finder, &row, true);
        }
    }
}

/// Whether one slip explains a row.
fn slips(formula: &Formula, row: &Row<'_>) -> bool {
    if !matches!(formula.form, Form::Change { .. } | Form::Step { .. }) {
        return false;
    }
    let leads = |figure: &CellFigure, wanted: Option<Bounds>| {
        wanted.is_some_and(|wanted| slip::leads_to(figure, wanted))
    };
    let factor = Bounds::ONE.add(row.stated);
    let new = row.right.bounds().map(|old| factor.multiply(old));
    let old = row.left.bounds().and_then(|new| new.divide(factor));
    leads(row.result, Some(row.computed)) || leads(row.left, new) || leads(row.right, old)
}
