use rust_decimal::Decimal;

use super::super::model::Filler;
use super::bounds::{Bounds, float};
use super::cell::CellFigure;
use super::finder::Finder;
use super::grid::Grid;
use super::rows::RowKind;
use super::slip;
use super::words::TableWord;
use crate::quantity::{Figure, Magnitude, Unit};

/// Scores that are weighed; a longer list is no scorecard.
const MOST: usize = 64;

/// The column of weights or probabilities.
pub(super) fn weights(grid: &Grid) -> Option<usize> {
    let weighs =
        |column: &usize| grid.columns()[*column].words.has_any(&[TableWord::Weight, TableWord::Probability]);
    (0..grid.columns().len()).find(weighs)
}

/// Looks at scorecards and scenarios: a column of weights that make a whole, columns of scores, and the weighted mean
/// below.
pub(super) fn find(finder: &mut Finder<'_>, grid: &Grid, kinds: &[RowKind]) {
    let Some(weights) = weights(grid) else { return };
    let Some(result) = (0..kinds.len())
        .rev()
        .find(|row| grid.rows()[*row].words.has_any(&[TableWord::NoSum, TableWord::Total]))
    else {
        return;
    };
    let items: Vec<usize> = (0..result).filter(|row| kinds[*row] == RowKind::Item).collect();
    if items.len() < 2 || items.len() > MOST {
        return;
    }
    let scored: Vec<Weighed> = (0..grid.columns().len())
        .filter(|column| *column != weights)
        .filter_map(|column| Weighed::read(finder, grid, &items, (column, weights), result))
        .collect();
    let named = grid.rows()[result].words.has(TableWord::NoSum);
    let holds = scored.iter().filter(|weighed| weighed.holds()).count();
    for weighed in scored.into_iter().filter(|weighed| !weighed.is_explained()) {
        if weighed.holds() || named && weighed.is_near() || holds >= 2 || weighed.is_beyond_by_slip() {
            weighed.emit(finder);
        }
    }
}

/// One column of scores with its weighted mean.
pub(super) struct Weighed {
    scores: Vec<CellFigure>,
    weights: Vec<CellFigure>,
    /// Score times weight, exact.
    terms: Vec<Decimal>,
    total: CellFigure,
}

impl Weighed {
    fn read(
        finder: &Finder<'_>,
        grid: &Grid,
        items: &[usize],
        (scores, weights): (usize, usize),
        result: usize,
    ) -> Option<Self> {
        let column = |column: usize| {
            items.iter().map(|row| grid.figure(*row, column).copied()).collect::<Option<Vec<_>>>()
        };
        let total = *grid.figure(result, scores)?;
        Self::of(&finder.scene.document.prose, (column(scores)?, column(weights)?), total)
    }

    /// Scores of one unit and their weights, which make a whole, beside what is told as their mean.
    pub fn of(
        prose: &str,
        (scores, weights): (Vec<CellFigure>, Vec<CellFigure>),
        total: CellFigure,
    ) -> Option<Self> {
        let unit = scores.first()?.quantity.unit;
        let alike =
            |score: &CellFigure| score.quantity.unit == unit && (score.is_amount() || score.is_percent());
        if !scores.iter().all(alike) || (unit == Unit::Percent) != total.is_percent() {
            return None;
        }
        let shares: Vec<Decimal> = weights.iter().map(CellFigure::middle).collect::<Option<_>>()?;
        if (shares.iter().sum::<Decimal>() - Decimal::ONE).abs() > Decimal::new(2, 2) {
            return None;
        }
        let term =
            |(score, share): (&CellFigure, &Decimal)| scaled(prose, score)?.value()?.checked_mul(*share);
        let terms = scores.iter().zip(&shares).map(term).collect::<Option<Vec<_>>>()?;
        let mut total = scaled(prose, &total)?;
        // The mean of percentages is told in percent, as the terms are.
        if total.is_percent() {
            total.quantity.unit = Unit::Bare;
        }
        Some(Self { scores, weights, terms, total })
    }

    pub fn holds(&self) -> bool {
        self.total.bounds().is_some_and(|total| total.contains(float(self.exact())))
    }

    /// Whether scores and weights that are shown rounded may explain the total.
    pub fn may_be_rounded(&self) -> bool {
        self.gives_total(|weight| weight.bounds())
    }

    /// Whether growth or returns that are shown rounded may explain the total; their weights are chosen.
    fn is_explained(&self) -> bool {
        let chosen = |weight: &CellFigure| Some(Bounds::point(float(weight.middle()?)));
        !self.holds() && self.scores.iter().all(CellFigure::is_percent) && self.gives_total(chosen)
    }

    /// Whether the scores as they are rounded, and the weights, may give the total.
    fn gives_total(&self, weight: impl Fn(&CellFigure) -> Option<Bounds>) -> bool {
        let widest = self.scores.iter().zip(&self.weights).try_fold(Bounds::ZERO, |sum, (score, share)| {
            Some(sum.add(score.bounds()?.multiply(weight(share)?)))
        });
        let percent = self.scores.iter().all(CellFigure::is_percent);
        let widest = widest.map(|sum| if percent { sum.times(100.0) } else { sum });
        widest.zip(self.total.bounds()).is_none_or(|(widest, total)| widest.meets(total))
    }

    /// Scores and weights are chosen, not measured: only the result is rounded.
    fn exact(&self) -> Decimal {
        self.terms.iter().sum()
    }

    /// Whether the mean lies near the total at all, so that it is a mean.
    fn is_near(&self) -> bool {
        let mean = self.exact();
        self.total.value().is_some_and(|total| (total - mean).abs() <= mean.abs())
    }

    /// Whether the total lies beyond all scores, where no mean of any weights is, and one slip leads from it to the
    /// mean. Their plain sum is no mean.
    fn is_beyond_by_slip(&self) -> bool {
        let Some((total, written)) = self.total.bounds().zip(self.total.written()) else { return false };
        let mut sum = Bounds::ZERO;
        let (mut above, mut below) = (true, true);
        for score in &self.scores {
            let Some(bounds) = score.bounds() else { return false };
            sum = sum.add(bounds);
            above &= total.is_above(bounds);
            below &= bounds.is_above(total);
        }
        let mean = float(self.exact());
        let half = float(written.step) / 2.0;
        (above || below)
            && !total.meets(sum)
            && slip::leads_to(&self.total, Bounds::new(mean - half, mean + half))
    }

    fn emit(&self, finder: &mut Finder<'_>) {
        finder.group(self.relation(), &self.total, vec![self.fillers()]);
    }

    /// Scores that are shown rounded may be a little off.
    pub fn relation(&self) -> &'static str {
        let near = self.total.value().is_some_and(|total| {
            let size = total.abs() * Decimal::new(1, 2);
            (total - self.exact()).abs() <= size
        });
        if near && !self.holds() { "table-weighted-near" } else { "table-weighted" }
    }

    pub fn fillers(&self) -> Vec<(&'static str, Filler)> {
        let mut fillers: Vec<(&str, Filler)> = Vec::new();
        fillers.extend(self.terms.iter().map(|term| ("terms", Filler::Constant { value: term.normalize() })));
        fillers.extend(self.scores.iter().map(|score| ("scores", score.filler())));
        fillers.extend(self.weights.iter().map(|weight| ("weights", weight.filler())));
        fillers.push(("total", self.total.plain()));
        fillers
    }
}

/// A score out of so many as so many, rounded as it is written: 7/10 is seven.
fn scaled(prose: &str, figure: &CellFigure) -> Option<CellFigure> {
    let text = figure.quantity.span.of(prose);
    let Some((score, whole)) = text.split_once('/') else { return Some(*figure) };
    let parsed = |text: &str| text.trim().parse::<Decimal>().ok();
    let Some((score, whole)) = parsed(score).zip(parsed(whole)) else { return Some(*figure) };
    let mut scaled = *figure;
    if let Magnitude::One(written) = &mut scaled.quantity.magnitude {
        let step = Decimal::new(1, score.scale());
        *written = Figure { value: written.value.checked_mul(whole)?, step, coarse_step: step };
    }
    Some(scaled)
}
