use rust_decimal::Decimal;

use super::super::super::model::Filler;
use super::super::cell::CellFigure;
use super::super::finder::Finder;
use super::Claim;
use super::place::{Near, Tables};
use super::side::Side;
use crate::quantity::{Bound, Figure, Magnitude, Quantity, Unit};
use crate::relation::unit_agreement::comparable;
use crate::source::Span;

/// Figures of a column before a range says anything of it.
const FEWEST: usize = 3;
/// Bytes before a range in which the name of the column stands.
const REACH: usize = 90;
/// Bytes between a table and a sentence that sums it up.
const RIGHT_BEHIND: usize = 400;

/// Bytes of a word before a figure that bounds it.
const WITHIN_REACH: usize = 16;

type Fillers = Vec<(&'static str, Filler)>;

/// Looks for the column that a range is said to hold, all of it or most of it: 各行业 ROI 提升 15-30%, payback is
/// typically within a year.
pub(super) fn find(finder: &mut Finder<'_>, tables: &mut Tables<'_>, claim: Claim, all: bool) {
    let scene = finder.scene;
    let prose = scene.document.prose.as_str();
    let has = |class| claim.has(finder, class);
    if claim.is_silenced(finder) {
        return;
    }
    let rises = has(scene.words.claims.change);
    let (first, inside) = scene.reading.quantities_within(claim.clause);
    let figures: Vec<CellFigure> = (first..)
        .zip(inside)
        .filter(|(_, quantity)| !matches!(quantity.magnitude, Magnitude::Date(_)))
        .map(|(index, quantity)| CellFigure { index, quantity: *quantity })
        .take(3)
        .collect();
    // One range, and it alone.
    let Some(range) = Range::of(finder, &figures) else { return };
    let quantity = figures[0].quantity;
    let start = quantity.hedge.map_or(quantity.span.start, |hedge| hedge.start.min(quantity.span.start));
    let lead = Span::new(claim.clause.start, start.max(claim.clause.start));
    if lead.len() > REACH {
        return;
    }
    for (near, sides) in tables.near(claim) {
        if near != Near::Beside {
            return;
        }
        for side in sides.iter() {
            let columns = side.columns_in(lead.of(prose));
            let told = match columns.as_slice() {
                [] => continue,
                [old, new] if all && rises => range.held_by_changes(side, *old, *new),
                [column] if !rises => range.held_by(side, *column, all, prose),
                _ => None,
            };
            let Some((relation, fillers)) = told else { continue };
            let table = tables
                .end_before(claim)
                .map_or(usize::MAX, |table| claim.sentence_span.start.saturating_sub(table.end));
            let sure =
                all && table <= RIGHT_BEHIND && !quantity.approximate && !has(scene.words.claims.most_rows);
            let span = claim.word.join(quantity.span);
            finder.statement(relation, (claim.sentence, span), sure, vec![fillers]);
            return;
        }
    }
}

/// The range that a claim tells; an end may be open.
struct Range {
    low: Option<(CellFigure, Figure)>,
    high: Option<(CellFigure, Figure)>,
    figure: CellFigure,
    /// Months in a unit of time.
    months: Option<Decimal>,
}

impl Range {
    /// 15-30%, from 15% to 30%, under 30%, within a year.
    fn of(finder: &Finder<'_>, figures: &[CellFigure]) -> Option<Self> {
        let scene = finder.scene;
        let prose = scene.document.prose.as_str();
        let first = *figures.first()?;
        let (magnitude, bound) = (first.quantity.magnitude, first.quantity.bound);
        let (low, high) = match (figures, magnitude, bound) {
            ([_], Magnitude::Range { low: Some(low), high: Some(high) }, Bound::Exact) => {
                (Some((first, low)), Some((first, high)))
            }
            ([_], Magnitude::One(figure), Bound::AtMost | Bound::LessThan) => (None, Some((first, figure))),
            ([_], Magnitude::One(figure), Bound::AtLeast | Bound::MoreThan) => (Some((first, figure)), None),
            ([_], Magnitude::One(figure), Bound::Exact) if is_within(finder, first.quantity.span) => {
                (None, Some((first, figure)))
            }
            ([_, last], Magnitude::One(low), Bound::Exact) if last.quantity.bound == Bound::Exact => {
                let between = prose.get(first.quantity.span.end..last.quantity.span.start)?.trim();
                let joined = matches!(between, "to" | "and" | "至" | "到" | "–" | "~")
                    && first.quantity.unit == last.quantity.unit;
                (Some((first, low)), Some((*last, last.written().filter(|_| joined)?)))
            }
            _ => return None,
        };
        Some(Self { low, high, figure: first, months: months_of(&first.quantity, prose) })
    }

    fn ends(&self) -> Fillers {
        let low = self.low.map(|(figure, end)| ("low", one(&figure, end)));
        let high = self.high.map(|(figure, end)| ("high", one(&figure, end)));
        low.into_iter().chain(high).collect()
    }

    /// The figure of a column that lies furthest outside; where most rows are meant, the one in the middle.
    fn held_by(&self, side: &Side, column: usize, all: bool, prose: &str) -> Option<(&'static str, Fillers)> {
        let items = side.items(column);
        let mut outside: Vec<(Decimal, CellFigure, Figure)> = items
            .iter()
            .filter_map(|(_, item)| {
                let factor = self.factor(item, prose)?;
                let (low, high) = ends_of(item)?;
                let above = self.high.map_or(Decimal::MIN, |(_, end)| high.value * factor - end.value);
                let below = self.low.map_or(Decimal::MIN, |(_, end)| end.value - low.value * factor);
                Some((above.max(below), *item, if above >= below { high } else { low }))
            })
            .collect();
        if outside.len() < FEWEST || outside.len() < items.len() && all {
            return None;
        }
        outside.sort_by_key(|(by, ..)| *by);
        let (_, item, end) = if all { *outside.last()? } else { outside[(outside.len() - 1) / 2] };
        let mut fillers = self.ends();
        fillers.push(("value", one(&item, end)));
        Some((if self.months.is_some() { "table-span-range" } else { "table-range" }, fillers))
    }

    /// What one of the column's units is in the range's; none where they cannot be compared.
    fn factor(&self, item: &CellFigure, prose: &str) -> Option<Decimal> {
        match (self.months, months_of(&item.quantity, prose)) {
            (Some(own), Some(other)) => other.checked_div(own),
            (None, None) => comparable(&self.figure.quantity, &item.quantity).then_some(Decimal::ONE),
            _ => None,
        }
    }

    /// The row whose change from one column to the other lies outside, whether in percent or in points.
    fn held_by_changes(&self, side: &Side, old: usize, new: usize) -> Option<(&'static str, Fillers)> {
        let start = |column: usize| side.grid.columns()[column].period.map(|period| period.start);
        if start(old).zip(start(new)).is_none_or(|(a, b)| a >= b)
            || self.figure.quantity.unit != Unit::Percent
        {
            return None;
        }
        let (low, high) = (self.low?.1.value, self.high?.1.value);
        let (olds, news) = (side.items(old), side.items(new));
        let rows: Vec<(CellFigure, CellFigure)> = olds
            .iter()
            .filter_map(|(row, before)| {
                let (_, after) = news.iter().find(|(other, _)| other == row)?;
                comparable(&before.quantity, &after.quantity).then_some((*before, *after))
            })
            .collect();
        let percent = rows.iter().all(|(before, _)| before.is_percent());
        let outside = |pair: &(CellFigure, CellFigure)| {
            let (before, after) = (pair.0.value()?, pair.1.value()?);
            let change = (after - before).checked_mul(Decimal::ONE_HUNDRED)?.checked_div(before)?;
            let by = |change: Decimal| (change - high).max(low - change);
            Some(if percent { by(change).min(by(after - before)) } else { by(change) })
        };
        let (before, after) = rows.iter().max_by_key(|pair| outside(pair))?;
        if rows.len() < FEWEST || rows.len() < olds.len() {
            return None;
        }
        let mut fillers = self.ends();
        fillers.extend([("old", before.filler()), ("new", after.filler())]);
        Some((if percent { "table-rise-range" } else { "table-growth-range" }, fillers))
    }
}

/// Whether a word beside a figure makes it the most that there is: within a year, 1年内.
fn is_within(finder: &Finder<'_>, span: Span) -> bool {
    let scene = finder.scene;
    let Some(class) = scene.words.claims.within else { return false };
    let prose = scene.document.prose.as_str();
    let before = prose[..span.start].trim_end().len();
    let floor = prose.floor_char_boundary(before.saturating_sub(WITHIN_REACH));
    scene.hits.all().at(span.end, class).next().is_some()
        || scene.hits.within(Span::new(floor, before)).of(class).any(|hit| hit.span.end == before)
}

/// The ends of a cell's figure.
fn ends_of(item: &CellFigure) -> Option<(Figure, Figure)> {
    match item.quantity.magnitude {
        _ if item.quantity.bound != Bound::Exact => None,
        Magnitude::One(figure) => Some((figure, figure)),
        Magnitude::Range { low, high } => low.zip(high),
        Magnitude::Date(_) => None,
    }
}

/// One end of a figure by itself.
fn one(figure: &CellFigure, end: Figure) -> Filler {
    Filler::Cell { index: figure.index, magnitude: Magnitude::One(end), unit: figure.quantity.unit }
}

/// What the unit of a length of time is in months.
fn months_of(quantity: &Quantity, prose: &str) -> Option<Decimal> {
    const UNITS: [(&str, i64); 8] =
        [("个月", 1), ("月", 1), ("month", 1), ("mo", 1), ("年", 12), ("year", 12), ("yr", 12), ("季度", 3)];
    if !matches!(quantity.unit, Unit::Measure { per: None, .. }) {
        return None;
    }
    let text = quantity.span.of(prose).to_lowercase();
    UNITS.iter().find(|(unit, _)| text.contains(unit)).map(|(_, months)| Decimal::from(*months))
}
