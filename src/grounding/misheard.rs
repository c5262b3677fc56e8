//! Figures that a source writes without their scale or their point.

use rust_decimal::Decimal;

use super::align::{Aligner, Asked, MOST_PLACES};
use super::figure::{digits_in, significant_digits, written};
use super::index::Candidate;
use super::model::SourceFigure;
use crate::quantity::{Kind, Quantity, Unit};

/// Powers of ten that are said as words: thousand, 万, million, 亿, billion, 万亿.
const SCALES: [u32; 6] = [3, 4, 6, 8, 9, 12];

impl Aligner<'_> {
    /// The same number in a source that leaves its scale out: `30` for $30 billion, `6.1` for 61 亿.
    pub(super) fn without_scale(&self, asked: &Asked) -> Option<SourceFigure> {
        let figure = written(&asked.quantity).next()?;
        SCALES.into_iter().find_map(|power| {
            let value = figure.value.checked_div(Decimal::from(10_u64.pow(power)))?.normalize();
            if value < Decimal::ONE || value >= Decimal::ONE_THOUSAND {
                return None;
            }
            let said = self.digits(&asked.quantity) == Some(value);
            let same = self.index.written(value, value).iter().take(MOST_PLACES);
            let mut bare = same.map(|(_, number)| self.candidate(*number)).filter(|candidate| {
                candidate.quantity.unit == Unit::Bare
                    && !matches!(candidate.quantity.kind, Kind::Date | Kind::Ordinal)
                    && (said || significant_digits(value) >= 2)
            });
            bare.next().map(|candidate| candidate.figure)
        })
    }

    /// The number as its digits have it, where a scale stands behind them.
    fn digits(&self, quantity: &Quantity) -> Option<Decimal> {
        let value = digits_in(quantity.span.of(&self.texts.report.document.prose))?;
        written(quantity).next().filter(|figure| figure.value != value).map(|_| value)
    }

    fn source_digits(&self, candidate: &Candidate) -> Option<Decimal> {
        digits_in(candidate.figure.span.of(&self.texts.text(candidate.figure.origin).document.prose))
    }

    /// 381 where 380 亿 was said: the 亿 was heard as a one.
    pub(super) fn misheard_scale(&self, asked: &Asked) -> bool {
        let hundred_million = Decimal::from(100_000_000);
        let said = written(&asked.quantity).next().map(|figure| figure.value / hundred_million);
        let Some(said) = said.filter(|said| said.is_integer() && *said >= Decimal::TEN) else { return false };
        let heard = [(Decimal::TEN, Decimal::ONE), (Decimal::ONE_HUNDRED, Decimal::TEN)];
        heard.into_iter().filter(|(step, _)| (said % step).is_zero()).any(|(_, one)| {
            let value = said + one;
            self.index.written(value, value).iter().take(MOST_PLACES).any(|(_, number)| {
                let candidate = self.candidate(*number);
                self.fit(&asked.quantity, candidate).is_some() && self.source_digits(candidate) == Some(value)
            })
        })
    }

    /// 428 where 4.28 was said.
    pub(super) fn lost_point(&self, asked: &Asked) -> bool {
        let Some(said) = digits_in(asked.quantity.span.of(&self.texts.report.document.prose)) else {
            return false;
        };
        let heard = Decimal::from(said.normalize().mantissa());
        !said.is_integer()
            && heard >= Decimal::ONE_HUNDRED
            && self.index.written(heard, heard).iter().take(MOST_PLACES).any(|(_, number)| {
                let candidate = self.candidate(*number);
                candidate.quantity.unit == Unit::Bare && self.source_digits(candidate) == Some(heard)
            })
    }
}
