//! A metric of one company and one period, told in several places.

use super::{Filled, Places};
use crate::assertion::Modality;
use crate::quantity::{Date, Magnitude};
use crate::relation::fact::{BasisWord, Fact, Facts, MetricId, Place, Subject};

/// Figures of one metric that one more is held against; where a report has more, it tells of something that changes.
const MOST_OTHERS: usize = 24;

/// Figures of one metric and one company from which on they are a series, not one fact told again.
const LONGEST_SERIES: usize = 512;

/// Compares what prose, headings and diagrams say of a metric with the tables, and with what prose said before.
pub(super) fn find(places: &mut Places<'_>, facts: &Facts) {
    let mut at = 0;
    let supposed = places.supposed_sections();
    let said = |fact: &&Fact| is_level(fact) && !supposed[fact.section as usize];
    let mut order: Vec<&Fact> = facts.all().iter().filter(said).collect();
    order.sort_by_key(|fact| (fact.metric, fact.subject, fact.index));
    while let Some(first) = order.get(at) {
        let key = |fact: &Fact| -> (Option<MetricId>, Subject) { (fact.metric, fact.subject) };
        let same = order[at..].iter().take_while(|fact| key(fact) == key(first)).count();
        if same <= LONGEST_SERIES {
            of_metric(places, &order[at..at + same]);
        }
        at += same;
    }
}

/// Whether a figure is the metric's own value: told as a fact, no goal, no change, nobody else's.
fn is_level(fact: &Fact) -> bool {
    let supposed = [BasisWord::Supposed, BasisWord::Implied, BasisWord::Forecast, BasisWord::Former];
    fact.metric.is_some()
        && fact.place != Place::Source
        && fact.alone
        && fact.modality == Modality::Fact
        && fact.basis.is_own_level()
        && !fact.basis.has_any(&supposed)
}

fn of_metric(places: &mut Places<'_>, facts: &[&Fact]) {
    for (number, fact) in facts.iter().enumerate() {
        if fact.place == Place::Cell {
            continue;
        }
        let told_before =
            facts.iter().enumerate().filter(|(other, told)| told.place == Place::Cell || *other < number);
        let others: Vec<&Fact> = told_before
            .map(|(_, other)| *other)
            .filter(|other| block_of(places, fact) != block_of(places, other) && agrees(places, fact, other))
            .take(MOST_OTHERS + 1)
            .collect();
        let dated = |other: &&Fact| fact.period.is_some() && fact.period.map(days) == other.period.map(days);
        // Without a time to go by, at least two other places must agree with each other; what a summary says is in
        // the tables for one time or another.
        let sums_up = fact.place == Place::Summary && others.iter().any(|other| other.place == Place::Cell);
        let known = others.iter().any(dated) || sums_up || others.len() > 1 && are_one(&others);
        if !known || others.len() > MOST_OTHERS {
            continue;
        }
        let readings: Vec<Filled<'_>> = others
            .iter()
            .map(|other| Filled {
                fillers: vec![("stated", fact.filler()), ("other", other.filler())],
                sure: dated(other) && other.place == Place::Cell,
            })
            .collect();
        let span = places.scene.reading.quantities[fact.index].span;
        places.state("restated-figure", span, readings);
    }
}

/// Whether all figures are written alike.
fn are_one(facts: &[&Fact]) -> bool {
    let value = |fact: &Fact| match fact.quantity.magnitude {
        Magnitude::One(figure) => Some(figure.value),
        _ => None,
    };
    facts.iter().all(|fact| value(fact).is_some() && value(fact) == value(facts[0]))
}

/// Whether two facts can be one: of one time, as far as both say, one basis and one unit.
fn agrees(places: &Places<'_>, fact: &Fact, other: &Fact) -> bool {
    let same_time = match (fact.period, other.period) {
        (Some(one), Some(two)) => days(one) == days(two),
        _ => true,
    };
    same_time
        && fact.basis == other.basis
        && places.are_alike(fact.index, &fact.quantity, other.index, &other.quantity)
}

fn days(date: Date) -> (chrono::NaiveDate, chrono::NaiveDate) {
    (date.start, date.end)
}

fn block_of(places: &Places<'_>, fact: &Fact) -> Option<u32> {
    places.scene.document.sentences.get(fact.sentence as usize).map(|sentence| sentence.block)
}
