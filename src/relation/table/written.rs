//! Formulas written out in cells: `(1,200 − 610) / 610`, with their result in the same row or behind `=`.

use rust_decimal::Decimal;

use super::super::model::Filler;
use super::cell::{CellFigure, CellKind};
use super::finder::Finder;
use super::grid::Grid;
use super::words::{TableWord, core};
use crate::quantity::{Magnitude, Operation, Quantity, QuantityLexicon, Step, Unit, read_calculation};
use crate::source::Span;

/// Bytes of a cell that is read as a formula.
const LONGEST: usize = 200;

/// Looks at every row with a formula and one figure before it, which is then its result.
pub(super) fn find(finder: &mut Finder<'_>, grid: &Grid) {
    let (prose, units) = (finder.scene.document.prose.as_str(), finder.scene.units);
    for row in 0..grid.rows().len() {
        let figures: Vec<(usize, &CellFigure)> = (0..grid.columns().len())
            .filter_map(|column| Some((column, grid.figure(row, column)?)))
            .collect();
        let [(at, stated)] = figures.as_slice() else { continue };
        let formulas = (at + 1..grid.columns().len())
            .filter(|column| grid.columns()[*column].words.has(TableWord::Formula))
            .filter(|column| grid.cell(row, *column).kind == CellKind::Text)
            .filter_map(|column| Formula::read(prose, grid.cell(row, column).span, units));
        for formula in formulas {
            if formula.fits_scale(stated) {
                let fillers = vec![
                    ("formula", Filler::Word { span: formula.span, value: formula.value }),
                    ("stated", stated.filler()),
                ];
                finder.group("table-formula", stated, vec![fillers]);
            }
        }
    }
}

/// A cell that is a formula of numbers and nothing else.
struct Formula {
    span: Span,
    value: Decimal,
}

impl Formula {
    fn read(prose: &str, cell: Span, units: &QuantityLexicon) -> Option<Self> {
        let inner = core(prose, cell);
        let text = inner.of(prose);
        if text.len() > LONGEST {
            return None;
        }
        // What follows it is where it is from, or its steps.
        let end = text.find(['[', ';', '；', '=', '≈', '→']).unwrap_or(text.len());
        let span = core(prose, Span::new(inner.start, inner.start + end));
        let (side, figures) = read_calculation(prose, span, units)?;
        let mut figures = figures.iter();
        let mut values: Vec<Decimal> = Vec::new();
        for step in &side.steps {
            let value = match step {
                Step::Figure(_) => worth(figures.next()?)?,
                Step::Apply(operation) => {
                    let (second, first) = (values.pop()?, values.pop()?);
                    apply(*operation, first, second)?
                }
            };
            values.push(value);
        }
        Some(Self { span, value: values.pop()? })
    }

    /// Whether the result may be of the formula's unit: in all other cases it would be off by a power of ten or by the
    /// months of a year.
    fn fits_scale(&self, stated: &CellFigure) -> bool {
        let Some(value) = stated.middle() else { return false };
        let positive = value > Decimal::ZERO && self.value > Decimal::ZERO;
        let ratio = value.checked_div(self.value);
        positive && ratio.is_some_and(|ratio| ratio > Decimal::new(5, 2) && ratio < Decimal::from(20))
    }
}

/// What a figure is in the calculation: a percentage is a fraction, and a unit is left out.
fn worth(figure: &Quantity) -> Option<Decimal> {
    let Magnitude::One(written) = figure.magnitude else { return None };
    match figure.unit {
        Unit::Percent => written.value.checked_div(Decimal::ONE_HUNDRED),
        _ => Some(written.value),
    }
}

fn apply(operation: Operation, first: Decimal, second: Decimal) -> Option<Decimal> {
    match operation {
        Operation::Add => first.checked_add(second),
        Operation::Subtract => first.checked_sub(second),
        Operation::Multiply => first.checked_mul(second),
        Operation::Divide => first.checked_div(second),
        Operation::Power => None,
    }
}
