use chrono::Datelike;
use rust_decimal::Decimal;

use super::super::model::Filler;
use super::bounds::{Bounds, float};
use super::cell::{CellFigure, CellKind};
use super::finder::Finder;
use super::grid::Grid;
use super::words::TableWord;
use crate::quantity::Unit;
use crate::relation::unit_agreement::comparable;

/// How the figures of one column follow from others in the same row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// new ÷ old − 1.
    Change {
        new: usize,
        old: usize,
    },
    /// The same against the row before.
    Step {
        of: usize,
    },
    Difference {
        first: usize,
        second: usize,
    },
    Ratio {
        dividend: usize,
        divisor: usize,
    },
    Product {
        factor: usize,
        other: usize,
    },
    /// (to ÷ from) to the power of 1 ÷ years, less 1.
    Compound {
        from: usize,
        to: usize,
        years: u32,
    },
    /// What is paid once, and what is paid in each of so many periods.
    Course {
        once: usize,
        each: usize,
        periods: Decimal,
    },
}

/// One row in which all figures of a form stand.
pub(super) struct Row<'g> {
    pub result: &'g CellFigure,
    pub left: &'g CellFigure,
    pub right: &'g CellFigure,
    /// What each of them may stand for.
    figures: Figures<'g>,
    /// The result's values, and those that the others give; of a compound rate both are raised to the years.
    pub stated: Bounds,
    pub computed: Bounds,
}

impl Row<'_> {
    pub fn holds(&self) -> bool {
        self.stated.meets(self.computed)
    }
}

/// The figures of a form that stand in one row.
#[derive(Clone, Copy)]
pub(super) struct Figures<'g> {
    result: Valued<'g>,
    left: Valued<'g>,
    right: Valued<'g>,
}

/// A figure and what it may stand for.
type Valued<'g> = (&'g CellFigure, Bounds);

impl Figures<'_> {
    /// Whether it would tell anything that the row holds.
    pub fn are_telling(self) -> bool {
        let nil = |figure: &CellFigure| figure.value().is_some_and(|value| value.is_zero());
        !(nil(self.result.0) || nil(self.left.0) || nil(self.right.0))
    }
}

/// A form of one column, and whether its results are written without their signs.
#[derive(Clone, Copy)]
pub(super) struct Formula {
    pub form: Form,
    pub result: usize,
    pub unsigned: bool,
}

impl Formula {
    /// The figures of a row; none when one is missing.
    pub fn figures<'g>(&self, grid: &'g Grid, row: usize) -> Option<Figures<'g>> {
        let (left, right) = self.operands(grid, row)?;
        Some(Figures { left, right, result: valued(grid, row, self.result)? })
    }

    /// The figures of a row, and what they give; none when one is missing or of another kind.
    pub fn row<'g>(&self, grid: &'g Grid, row: usize) -> Option<Row<'g>> {
        self.row_of(self.figures(grid, row)?, grid, row)
    }

    /// What the figures of a row give; none when one is of another kind.
    pub fn row_of<'g>(&self, figures: Figures<'g>, grid: &Grid, row: usize) -> Option<Row<'g>> {
        let Figures { left, right, result } = figures;
        let (stated, computed) = self.values(left, right, result)?;
        let dated = matches!(self.form, Form::Compound { .. }) && self.is_of_other_dates(grid, row);
        (!dated).then_some(Row { result: result.0, left: left.0, right: right.0, figures, stated, computed })
    }

    /// How much it tells that a row holds, in tenths of a digit.
    pub fn tells(&self, row: &Row<'_>) -> u32 {
        if self.is_exact(row) {
            row.stated.tells(Bounds::point(row.stated.middle()))
        } else {
            row.stated.tells(row.computed)
        }
    }

    /// Whether one figure that two steps of a series share makes both of them hold.
    pub fn share_a_slip(&self, one: &Row<'_>, other: &Row<'_>) -> bool {
        let Form::Step { .. } = self.form else { return false };
        let leads = |to: &Row<'_>, from: &Row<'_>| {
            let factor = |row: &Row<'_>| Bounds::ONE.add(row.stated);
            let (before, after) = (to.figures.right.1, from.figures.left.1);
            let shared = std::ptr::eq(to.left, from.right);
            shared
                && after.divide(factor(from)).is_some_and(|figure| figure.meets(before.multiply(factor(to))))
        };
        leads(one, other) || leads(other, one)
    }

    /// Whether the figures as written give the result as it is rounded.
    fn is_exact(&self, row: &Row<'_>) -> bool {
        let Figures { result, left, right } = row.figures;
        let points = self.values(as_written(left), as_written(right), result);
        points.is_some_and(|(stated, computed)| stated.meets(computed))
    }

    /// What a row states, and what its operands give, both in the same terms.
    fn values(
        &self,
        (left, a): Valued<'_>,
        (right, b): Valued<'_>,
        (result, mut stated): Valued<'_>,
    ) -> Option<(Bounds, Bounds)> {
        let mut computed = match self.form {
            Form::Change { .. } | Form::Step { .. } => {
                let grows = comparable(&left.quantity, &right.quantity) && b.low > 0.0;
                if !grows || !result.is_percent() {
                    return None;
                }
                a.divide(b)?.subtract(Bounds::ONE)
            }
            Form::Difference { .. } => {
                if !comparable(&left.quantity, &right.quantity) || !alike(left, result) {
                    return None;
                }
                a.subtract(b)
            }
            Form::Ratio { .. } => {
                if !left.is_amount() || !right.is_amount() {
                    return None;
                }
                a.divide(b)?
            }
            Form::Product { .. } => {
                let factor =
                    |figure: &CellFigure| figure.is_amount() || figure.quantity.unit == Unit::Multiple;
                if !(factor(left) || factor(right)) || left.is_points() || right.is_points() {
                    return None;
                }
                a.multiply(b)
            }
            Form::Course { periods, .. } => {
                if !comparable(&left.quantity, &right.quantity)
                    || !comparable(&left.quantity, &result.quantity)
                {
                    return None;
                }
                a.add(b.times(float(periods)))
            }
            Form::Compound { years, .. } => {
                let positive = a.low > 0.0 && b.low > 0.0;
                if !positive || !comparable(&left.quantity, &right.quantity) || !result.is_percent() {
                    return None;
                }
                stated = Bounds::ONE.add(stated).power(years);
                a.divide(b)?
            }
        };
        if self.unsigned && computed.high < 0.0 {
            computed = computed.negate();
        }
        Some((stated, computed))
    }

    /// Whether a figure is of another year than its heading says.
    fn is_of_other_dates(&self, grid: &Grid, row: usize) -> bool {
        let Form::Compound { from, to, .. } = self.form else { return false };
        [from, to].into_iter().any(|column| {
            let own = grid.cell(row, column).date.map(|date| date.start.year());
            let heading = grid.columns()[column].period.map(|period| period.start.year());
            own.zip(heading).is_some_and(|(own, heading)| own != heading)
        })
    }

    /// The columns it binds, in order.
    pub fn columns(&self) -> [usize; 3] {
        let (a, b) = match self.form {
            Form::Change { new, old } => (new, old),
            Form::Step { of } => (of, of),
            Form::Difference { first, second } => (first, second),
            Form::Ratio { dividend, divisor } => (dividend, divisor),
            Form::Product { factor, other } => (factor, other),
            Form::Compound { from, to, .. } => (from, to),
            Form::Course { once, each, .. } => (once, each),
        };
        let mut columns = [a, b, self.result];
        columns.sort_unstable();
        columns
    }

    fn operands<'g>(&self, grid: &'g Grid, row: usize) -> Option<(Valued<'g>, Valued<'g>)> {
        let at = |column: usize| valued(grid, row, column);
        Some(match self.form {
            Form::Change { new, old } => (at(new)?, at(old)?),
            Form::Step { of } => (at(of)?, valued(grid, before(grid, row)?, of)?),
            Form::Difference { first, second } => (at(first)?, at(second)?),
            Form::Ratio { dividend, divisor } => (at(dividend)?, at(divisor)?),
            Form::Product { factor, other } => (at(factor)?, at(other)?),
            Form::Compound { from, to, .. } => (at(to)?, at(from)?),
            Form::Course { once, each, .. } => (at(once)?, at(each)?),
        })
    }

    /// States the formula for one row.
    pub fn emit(&self, finder: &mut Finder<'_>, row: &Row<'_>, slack: bool) {
        let (left, right, result) = (row.left, row.right, row.result);
        let falls =
            self.unsigned && left.bounds().zip(right.bounds()).is_some_and(|(a, b)| a.middle() < b.middle());
        let (relation, fillers): (&str, Vec<(&str, Filler)>) = match self.form {
            Form::Change { .. } | Form::Step { .. } => (
                if falls { "table-reduction" } else { "table-change" },
                vec![("new", left.filler()), ("old", right.filler()), ("change", result.filler())],
            ),
            Form::Difference { .. } => {
                let (first, second) = if falls { (right, left) } else { (left, right) };
                (
                    "table-difference",
                    vec![
                        ("first", first.filler()),
                        ("second", second.filler()),
                        ("difference", result.filler()),
                    ],
                )
            }
            Form::Ratio { .. } => (
                "table-ratio",
                vec![("dividend", left.plain()), ("divisor", right.plain()), ("ratio", result.plain())],
            ),
            Form::Product { .. } => (
                "table-product",
                vec![("factor", left.plain()), ("other", right.plain()), ("product", result.plain())],
            ),
            Form::Course { periods, .. } => (
                "table-course",
                vec![
                    ("once", left.filler()),
                    ("each", right.filler()),
                    ("periods", Filler::Constant { value: periods }),
                    ("total", result.filler()),
                ],
            ),
            Form::Compound { years, .. } => (
                "table-cagr",
                vec![
                    ("to", left.filler()),
                    ("from", right.filler()),
                    ("rate", result.filler()),
                    ("years", Filler::Constant { value: Decimal::from(years) }),
                    ("slack", Filler::Constant { value: Decimal::from(u8::from(slack)) }),
                ],
            ),
        };
        finder.group(relation, result, vec![fillers]);
    }
}

/// A figure as if nothing in it were rounded.
fn as_written((figure, bounds): Valued<'_>) -> Valued<'_> {
    (figure, Bounds::point(bounds.middle()))
}

fn valued(grid: &Grid, row: usize, column: usize) -> Option<Valued<'_>> {
    let cell = grid.cell(row, column);
    (cell.kind == CellKind::Figure).then_some((cell.figure.as_ref()?, cell.bounds?))
}

/// Whether a difference has the unit of what it is the difference of; points are the difference of percentages.
fn alike(operand: &CellFigure, result: &CellFigure) -> bool {
    let points = matches!(result.quantity.unit, Unit::PercentagePoint | Unit::BasisPoint | Unit::Percent);
    if operand.is_percent() { points } else { comparable(&operand.quantity, &result.quantity) }
}

/// The row of the period before, where the rows are periods in order.
fn before(grid: &Grid, row: usize) -> Option<usize> {
    let period = |row: usize| grid.rows().get(row)?.period;
    let start = |row: usize| Some(period(row)?.start);
    let own = period(row)?;
    let earlier = |other: usize| {
        period(other).filter(|date| date.start < own.start && date.grain == own.grain).map(|_| other)
    };
    match row.checked_sub(1) {
        Some(previous) if start(previous).is_some() => earlier(previous).or_else(|| earlier(row + 1)),
        _ => earlier(row + 1),
    }
}

/// Whether a row's price may be in other money than the rest.
pub(super) fn is_abroad(grid: &Grid, row: usize) -> bool {
    grid.rows()[row].words.has(TableWord::Abroad)
}
