//! Whether two facts may stand in one equation: of one period, on one basis, in one currency.

use chrono::Days;

use super::super::fact::{BasisWord, Fact, Metrics, Timing};
use super::super::unit_agreement::same_currency;
use crate::assertion::Modality;
use crate::quantity::{Date, Grain, Magnitude, Quantity, Unit};

/// How sure it is that two facts belong together, the surest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Bond {
    /// They stand in one line of a table or in one sentence, of one period and on one basis.
    Line,
    /// Of one period and on one basis, or nothing says otherwise.
    Told,
    /// They may belong together, and may not: the figure is a rival of surer ones.
    Perhaps,
}

/// Qualifiers that make another figure of a metric.
const OTHER_FIGURE: [BasisWord; 7] = [
    BasisWord::Adjusted,
    BasisWord::Annualised,
    BasisWord::Listing,
    BasisWord::Former,
    BasisWord::Supposed,
    BasisWord::Implied,
    BasisWord::Scenario,
];

/// Days that lie between two prices of one snapshot at most.
const SNAPSHOT: Days = Days::new(10);

/// How a fact goes with the one that an identity is told by; `None` when it does not.
pub(super) fn bond(metrics: &Metrics, key: &Fact, other: &Fact) -> Option<Bond> {
    if key.index == other.index || !other.basis.is_own_level() {
        return None;
    }
    let (key_time, other_time) = (timing(metrics, key), timing(metrics, other));
    let price = |time| time == Timing::Day;
    // A price is what it is; what is earned may be expected.
    if price(other_time) {
        if is_expected(other) {
            return None;
        }
    } else if is_expected(key) != is_expected(other) {
        return None;
    }
    let periods = periods(key, other, price(key_time), price(other_time))?;
    let one_line = key.line.is_some() && key.line == other.line
        || key.cell.is_none() && other.cell.is_none() && key.sentence == other.sentence;
    let flow = |time| time == Timing::Year;
    // A multiple or a margin is of a year, and so is what it is made of.
    let part = |fact: &Fact| fact.basis.has(BasisWord::PartOfYear);
    if flow(other_time) && part(other) && !flow(key_time) || flow(key_time) && part(key) != part(other) {
        return None;
    }
    let differs = OTHER_FIGURE.iter().any(|word| key.basis.has(*word) != other.basis.has(*word));
    let trailing =
        flow(other_time) && key.basis.has(BasisWord::Trailing) && !other.basis.has(BasisWord::Trailing);
    // Which twelve months a multiple is of must be told: it may be made of others than the table gives.
    let told = key_time == other_time
        || key.period.is_some()
        || [BasisWord::Trailing, BasisWord::Forward]
            .iter()
            .any(|word| key.basis.has(*word) && other.basis.has(*word));
    let attributable = key.basis.has(BasisWord::Attributable) != other.basis.has(BasisWord::Attributable);
    Some(match periods {
        _ if differs || trailing => Bond::Perhaps,
        Periods::Equal if one_line && told && !attributable && key.alone && other.alone => Bond::Line,
        Periods::Equal | Periods::Open => Bond::Told,
        Periods::Unlike => Bond::Perhaps,
    })
}

fn timing(metrics: &Metrics, fact: &Fact) -> Timing {
    fact.metric.map_or(Timing::Year, |metric| metrics.timing(metric))
}

pub(super) fn is_expected(fact: &Fact) -> bool {
    fact.basis.has_any(&[BasisWord::Forecast, BasisWord::Forward])
        || matches!(fact.modality, Modality::Forecast | Modality::Plan | Modality::Condition)
}

/// How the periods of two facts stand to each other.
enum Periods {
    Equal,
    /// One of them is not told, or is that of a price.
    Open,
    /// They are not told to be one, and may be.
    Unlike,
}

/// `None` when they are two different ones.
fn periods(key: &Fact, other: &Fact, key_price: bool, other_price: bool) -> Option<Periods> {
    let (Some(a), Some(b)) = (key.period, other.period) else {
        let both = key.period.is_none() && other.period.is_none();
        return Some(if both { Periods::Equal } else { Periods::Open });
    };
    if (a.start, a.end) == (b.start, b.end) {
        return Some(Periods::Equal);
    }
    let day = |date: Date| matches!(date.grain, Grain::Day | Grain::Week | Grain::Month);
    match (key_price, other_price) {
        // Two prices, of days that are far apart.
        (true, true) if day(a) && day(b) => {
            let (early, late) = if a.start <= b.start { (a, b) } else { (b, a) };
            let near = early.start.checked_add_days(SNAPSHOT).is_some_and(|limit| limit >= late.start);
            near.then_some(Periods::Open)
        }
        // A multiple of a day, and the result of the year before.
        (true, false) if day(a) => (b.start <= a.start).then_some(Periods::Open),
        (false, true) if day(b) => (a.start <= b.start).then_some(Periods::Open),
        // P/E of 2025 at a price of a day in 2026.
        (true, true) if day(b) => (a.start <= b.start).then_some(Periods::Open),
        (true, true) => Some(Periods::Unlike),
        // Assets at the end of the year of the result.
        (false, false) if day(b) || day(a) => {
            let inside = |outer: Date, inner: Date| outer.start <= inner.start && inner.end <= outer.end;
            (inside(a, b) || inside(b, a)).then_some(Periods::Open)
        }
        _ => None,
    }
}

/// Whether amounts can be in one money.
pub(super) fn one_money<'q>(mut figures: impl Iterator<Item = &'q Quantity> + Clone) -> bool {
    let first = figures.clone().find_map(currency);
    figures.all(|figure| match (currency(figure), first) {
        (Some(own), Some(first)) => same_currency(own, first),
        _ => true,
    })
}

fn currency(figure: &Quantity) -> Option<crate::quantity::Currency> {
    match figure.unit {
        Unit::Money { currency, .. } => Some(currency),
        _ => None,
    }
}

/// Whether a figure has a value that can be computed with.
pub(super) fn is_computable(figure: &Quantity) -> bool {
    !matches!(figure.magnitude, Magnitude::Date(_))
}
