//! Equations between the facts of a report: P/E = price ÷ EPS, free cash flow = operating cash flow − capex. Which
//! metrics go together is data, and how they must is a rule; here the facts are found that fill the roles.

mod agreement;
mod schema;

pub(super) use schema::read;

use std::collections::HashSet;

use super::binder::{Candidate, Instance, Relations, RivalGroup};
use super::fact::{Fact, Facts, Place, Subject};
use super::model::{FilledBy, Relation};
use super::phrasebook::Phrasebook;
use crate::assertion::Reading;
use crate::quantity::Magnitude;
use agreement::{Bond, bond, is_computable, is_expected, one_money};

/// Figures that may fill one role, at most; where a report gives more, it is about more than one company.
const MOST_RIVALS: usize = 6;

/// Readings of one statement.
const MOST_READINGS: usize = 64;

/// A report that gives a metric of one subject more often is a list of something else.
const MOST_STATEMENTS: usize = 256;

/// Fills the roles of every identity with the facts of one subject, one period and one basis.
pub(super) fn find(
    facts: &Facts,
    reading: &Reading,
    book: &Phrasebook,
    explain: bool,
    relations: &mut Relations,
) {
    for (number, relation) in book.relations.iter().enumerate() {
        if relation.filled_by != FilledBy::Facts {
            continue;
        }
        let joiner = Joiner { facts, reading, book, relation, number };
        for key in &relation.roles[relation.key].metrics {
            for subject in facts.subjects_of(*key) {
                joiner.join(subject, explain, relations);
            }
        }
    }
}

struct Joiner<'a> {
    facts: &'a Facts,
    reading: &'a Reading,
    book: &'a Phrasebook,
    relation: &'a Relation,
    number: usize,
}

impl Joiner<'_> {
    fn join(&self, subject: Subject, explain: bool, relations: &mut Relations) {
        let roles = 0..self.relation.roles.len();
        // Each statement looks at all facts of its roles: their number is bounded.
        if roles.clone().any(|role| self.about(role, subject).nth(MOST_STATEMENTS).is_some()) {
            return;
        }
        let several: Vec<bool> = roles.map(|role| self.is_told_of_several(role, subject)).collect();
        let mut told: HashSet<Magnitude> = HashSet::new();
        let keys = self.about(self.relation.key, subject).filter(|key| key.basis.is_own_level());
        for key in keys {
            let latest = is_expected(key) || self.is_latest(key, subject);
            match self.readings(key, (subject, &several), latest) {
                Ok(readings) => {
                    // The same figure told again, of facts that lie apart, is the same fault.
                    let apart = readings.iter().all(|reading| reading.inferred);
                    if apart && !told.insert(key.quantity.magnitude) {
                        continue;
                    }
                    if explain {
                        let kept = readings
                            .iter()
                            .map(|instance| Candidate { instance: instance.clone(), dropped: None });
                        relations.candidates.extend(kept);
                    }
                    relations.groups.push(RivalGroup { readings });
                }
                Err(why) if explain => {
                    let fillers = vec![(self.relation.key, key.filler())];
                    let instance = self.instance(key, fillers, true);
                    relations.candidates.push(Candidate { instance, dropped: Some(why) });
                }
                Err(_) => {}
            }
        }
    }

    /// The report's own facts about the metrics of a role.
    fn about(&self, role: usize, subject: Subject) -> impl Iterator<Item = &Fact> {
        let metrics = self.relation.roles[role].metrics.iter();
        let facts = metrics.flat_map(move |metric| self.facts.about(*metric, subject));
        facts.filter(|fact| fact.place != Place::Source && is_computable(&fact.quantity))
    }

    /// Whether sections that stand beside each other give different figures of a role: each is about another company.
    fn is_told_of_several(&self, role: usize, subject: Subject) -> bool {
        let plain =
            self.about(role, subject).filter(|fact| fact.basis.is_own_level() && fact.period.is_none());
        let mut known: Vec<&Fact> = Vec::new();
        for fact in plain {
            let like = |other: &&&Fact| {
                other.metric == fact.metric && other.basis == fact.basis && other.modality == fact.modality
            };
            let mut others = known.iter().filter(like);
            let apart = |other: &&Fact| self.facts.are_siblings(other.section, fact.section);
            if others.any(|other| other.quantity.magnitude != fact.quantity.magnitude && apart(other)) {
                return true;
            }
            if known.len() < MOST_RIVALS {
                known.push(fact);
            }
        }
        false
    }

    /// Whether no later figure of the same metric is told as a fact.
    fn is_latest(&self, key: &Fact, subject: Subject) -> bool {
        let Some(own) = key.period else { return true };
        let mut later = self.about(self.relation.key, subject).filter(|fact| fact.modality == key.modality);
        !later.any(|fact| {
            fact.period.is_some_and(|period| period.grain == own.grain && period.start > own.start)
        })
    }

    /// Every way to fill the other roles, or why there is none.
    fn readings(
        &self,
        key: &Fact,
        (subject, several): (Subject, &[bool]),
        latest: bool,
    ) -> Result<Vec<Instance>, String> {
        let mut sure = true;
        let mut combinations: Vec<Vec<(usize, &Fact)>> = vec![vec![(self.relation.key, key)]];
        for role in (0..self.relation.roles.len()).filter(|role| *role != self.relation.key) {
            let name = &self.relation.roles[role].name;
            let own_section = self.relation.within_section || several[self.relation.key] || several[role];
            let table = |fact: &Fact| fact.cell.map(|cell| cell.table);
            let near = self.about(role, subject).filter(|fact| {
                (!own_section || fact.section == key.section)
                    && (!self.relation.within_section || table(fact) == table(key))
            });
            let bonds = near.filter_map(|fact| Some((bond(&self.book.metrics, key, fact)?, fact)));
            let mut found: Vec<(Bond, &Fact)> = bonds.collect();
            found.sort_by_key(|(bond, fact)| (*bond, fact.index.abs_diff(key.index)));
            found.dedup_by(|next, kept| {
                next.1.quantity.magnitude == kept.1.quantity.magnitude
                    && next.1.quantity.unit == kept.1.quantity.unit
            });
            match found.first() {
                // Today's price is none of an earlier year.
                Some((Bond::Told, other))
                    if !latest && other.period.is_none_or(|period| Some(period) != key.period) =>
                {
                    return Err(format!("no figure for `{name}` is of the same period"));
                }
                // Nothing that stands further off is meant beside what stands in the same line.
                Some((Bond::Line, _)) => found.retain(|(bond, _)| *bond == Bond::Line),
                Some((Bond::Told, _)) => sure = false,
                Some((Bond::Perhaps, _)) => {
                    return Err(format!("no figure for `{name}` is surely of the same period and basis"));
                }
                None => {
                    return Err(format!(
                        "the report gives no figure for `{name}` of the same subject and period"
                    ));
                }
            }
            if found.len() > MOST_RIVALS {
                return Err(format!("the report gives too many figures for `{name}`"));
            }
            combinations = combinations
                .into_iter()
                .flat_map(|filled| {
                    found.iter().map(move |(_, fact)| {
                        let mut filled = filled.clone();
                        filled.push((role, *fact));
                        filled
                    })
                })
                .take(MOST_READINGS)
                .collect();
        }
        combinations.retain(|filled| self.agrees(filled));
        if combinations.is_empty() {
            return Err("the figures are in different money, or of different periods".into());
        }
        let fillers =
            |filled: Vec<(usize, &Fact)>| filled.iter().map(|(role, fact)| (*role, fact.filler())).collect();
        Ok(combinations.into_iter().map(|filled| self.instance(key, fillers(filled), !sure)).collect())
    }

    /// Whether the facts of all roles go with each other, not only with the key.
    fn agrees(&self, filled: &[(usize, &Fact)]) -> bool {
        let amounts = filled.iter().filter(|(role, _)| self.relation.roles[*role].kind.shares_unit());
        let distinct = |at: usize| filled[..at].iter().all(|(_, other)| other.index != filled[at].1.index);
        one_money(amounts.map(|(_, fact)| &fact.quantity))
            && (0..filled.len()).all(distinct)
            && (1..filled.len()).all(|at| {
                filled[1..at].iter().all(|(_, other)| bond(&self.book.metrics, other, filled[at].1).is_some())
            })
    }

    fn instance(&self, key: &Fact, fillers: Vec<(usize, super::model::Filler)>, inferred: bool) -> Instance {
        Instance {
            relation: self.number,
            phrase: None,
            sentence: key.sentence,
            span: self.reading.quantities[key.index].span,
            fillers,
            inferred,
            named: false,
        }
    }
}
