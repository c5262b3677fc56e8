//! Roles that a sentence leaves open: figures of the sentences before, of the ledger, and of the same block.

use chrono::{Months, NaiveDate};
use rust_decimal::Decimal;

use super::binder::{Binder, Candidate, Instance};
use super::fact::{BasisWord, Fact, MetricId, Place};
use super::matcher::NamedRole;
use super::model::{FilledBy, Filler, Relation, Role};
use super::unit_agreement::{comparable, units_disagree, within};
use crate::assertion::{Assertion, Reading, clause_around};
use crate::quantity::{Grain, Unit};
use crate::source::Span;

/// How far back a figure is looked for, in bytes, and in sentences.
const BEFORE_REACH: usize = 600;
const SENTENCES_BEFORE: usize = 2;

/// The same for a figure that is called by its name.
const NAMED_REACH: usize = 1200;
const SENTENCES_BEFORE_NAMED: usize = 4;

/// A report that gives a metric in so many values is about more than one company.
const MOST_FACTS: usize = 4;

/// A document that gives a measure more often than this has no one company it is about.
const MOST_IN_LEDGER: usize = 64;

impl Binder<'_> {
    /// The role that the phrase left out and the sentences before may give.
    pub fn missing_before(&self, relation: &Relation, instance: &Instance) -> Option<usize> {
        let bound = |number: usize| instance.fillers.iter().any(|(role, _)| *role == number);
        (0..relation.roles.len()).find(|&number| relation.roles[number].before && !bound(number))
    }

    /// One candidate for each figure of the right kind in this sentence before the match, and in the two sentences
    /// before it in the same block.
    ///
    /// Where the phrase names what is missing, some figure must bear that name; the others stay rivals.
    pub fn push_from_before(
        &mut self,
        relation: &Relation,
        instance: Instance,
        role: usize,
        name: Option<NamedRole>,
    ) {
        let sentences = &self.document.sentences;
        let number = instance.sentence as usize;
        let block = sentences[number].block;
        let (reach, sentences_before) = match name {
            Some(_) => (NAMED_REACH, SENTENCES_BEFORE_NAMED),
            None => (BEFORE_REACH, SENTENCES_BEFORE),
        };
        let first = (number.saturating_sub(sentences_before)..=number)
            .find(|&at| sentences[at].block == block)
            .unwrap_or(number);
        let floor = instance.span.start.saturating_sub(reach).max(sentences[first].span.start);
        let (from, before) = self.reading.quantities_within(Span::new(floor, instance.span.start.max(floor)));
        let kind = relation.roles[role].kind;
        let own: Vec<usize> = instance.fillers.iter().filter_map(|(_, filler)| filler.quantity()).collect();
        let candidates: Vec<usize> = (from..from + before.len())
            .filter(|index| !own.contains(index) && kind.accepts(&self.reading.quantities[*index]))
            .collect();
        let mut readings = Vec::new();
        for index in candidates {
            let mut candidate = instance.clone();
            candidate.fillers.push((role, Filler::whole(index)));
            candidate.inferred = true;
            candidate.named = name.is_some_and(|name| self.is_surely_named(index, name, &candidate));
            readings.push(candidate);
        }
        // Without one that is surely meant the name may be that of another year or another part.
        if name.is_some() && !readings.iter().any(|reading| reading.named) {
            let why =
                format!("no figure before is surely the one that `{}` names", relation.roles[role].name);
            self.note(Candidate { instance, dropped: Some(why) });
            return;
        }
        let found = !readings.is_empty();
        for reading in readings {
            self.push(relation, reading, None);
        }
        if !found {
            let why = format!("no figure for `{}` in the sentences before", relation.roles[role].name);
            self.note(Candidate { instance, dropped: Some(why) });
        }
    }

    /// Completes the roles that the ledger fills, then keeps the candidate with its fate.
    pub fn push(&mut self, relation: &Relation, mut instance: Instance, mut dropped: Option<String>) {
        if dropped.is_none() {
            for (number, role) in relation.roles.iter().enumerate() {
                let bound = instance.fillers.iter().any(|(bound, _)| *bound == number);
                if bound || !role.is_looked_up() {
                    continue;
                }
                let found = match (role.year_before, role.metrics.as_slice()) {
                    (Some(later), _) => self.figures_of_year_before(later, &instance),
                    (None, []) => self.ledger_figures(role, &instance),
                    (None, metrics) => self.fact_figures(metrics, (relation, role), &instance),
                };
                match found {
                    Ok(fillers) => {
                        instance.fillers.extend(fillers.into_iter().map(|filler| (number, filler)))
                    }
                    Err(why) if !role.optional => dropped = Some(why),
                    Err(_) => {}
                }
            }
        }
        if dropped.is_none() {
            dropped = units_disagree(relation, &instance.fillers, self.reading);
        }
        self.note(Candidate { instance, dropped });
    }

    /// The report's own figures of a metric, each in a money that goes with the others.
    fn fact_figures(
        &self,
        metrics: &[MetricId],
        (relation, role): (&Relation, &Role),
        instance: &Instance,
    ) -> Result<Vec<Filler>, String> {
        let subject = self.facts.subject_of(self.document, self.reading, instance.sentence);
        let mut found: Vec<&Fact> = metrics
            .iter()
            .flat_map(|metric| self.facts.about(*metric, subject))
            .filter(|fact| is_level(fact) && role.kind.accepts(&fact.quantity))
            .filter(|fact| role.expected || !fact.basis.has(BasisWord::Forecast))
            .filter(|fact| {
                let mut own =
                    instance.fillers.iter().filter_map(|(role, filler)| Some((*role, filler.quantity()?)));
                own.all(|(other, index)| {
                    let amount = relation.roles[other].kind.shares_unit();
                    // The heading of a table says in what money its prices are, and their cells do not.
                    let of_table = fact.cell.is_some() && fact.quantity.unit == Unit::Bare;
                    let price = fact.metric.is_some_and(|metric| self.book.is_price(metric));
                    index != fact.index
                        && (!amount
                            || of_table && price
                            || comparable(&self.reading.quantities[index], &fact.quantity))
                })
            })
            .collect();
        found.sort_by_key(|fact| fact.index);
        found.dedup_by(|next, kept| next.quantity.magnitude == kept.quantity.magnitude);
        match found.len() {
            0 => Err(format!("the report gives no figure for `{}`", role.name)),
            1..=MOST_FACTS => Ok(found.into_iter().map(Fact::filler).collect()),
            _ => Err(format!("the report gives too many figures for `{}`", role.name)),
        }
    }

    /// What the report gives, for the year before, of the metric that the figure of a role is one of.
    ///
    /// Of a part of a year only where words set it against the same part of the year before.
    fn figures_of_year_before(&self, later: usize, instance: &Instance) -> Result<Vec<Filler>, String> {
        let bound = instance.fillers.iter().find(|(role, _)| *role == later);
        let index = bound.and_then(|(_, filler)| filler.quantity());
        let fact =
            index.and_then(|index| self.facts.of_figure(index)).filter(|fact| is_level(fact) && fact.alone);
        let (fact, metric) = fact
            .and_then(|fact| Some((fact, fact.metric?)))
            .ok_or("the figure bears the name of no metric".to_owned())?;
        let period = fact.period.filter(|period| period.year_known);
        let period = period.ok_or("the figure is of no known period".to_owned())?;
        let sentence = self.document.sentences[instance.sentence as usize].span;
        let clause = clause_around(&self.document.prose, sentence, instance.span);
        let year_on_year = self.book.fact_words.year_on_year;
        if period.grain != Grain::Year && !year_on_year.is_some_and(|class| self.hits.has(class, clause)) {
            return Err("words do not set it against the year before".to_owned());
        }
        let earlier = |date: NaiveDate| date.checked_sub_months(Months::new(12));
        let of_time = |(start, end): (Option<NaiveDate>, Option<NaiveDate>)| {
            self.facts.about(metric, fact.subject).filter(move |other| {
                let own = other.period.filter(|own| own.year_known && own.grain == period.grain);
                own.is_some_and(|own| (Some(own.start), Some(own.end)) == (start, end))
                    && is_level(other)
                    && other.alone
                    && other.basis.without(BasisWord::Forecast) == fact.basis.without(BasisWord::Forecast)
                    && comparable(&fact.quantity, &other.quantity)
            })
        };
        // Where the report has other figures for the same time, this one is somebody else's, or wrong itself.
        let told: Vec<&Fact> = of_time((Some(period.start), Some(period.end))).collect();
        let mut others = told.iter().filter(|other| other.index != fact.index).peekable();
        let nearly = |other: &&Fact| within(&fact.quantity, &other.quantity, Decimal::new(102, 2));
        if others.peek().is_some() && !others.any(nearly) {
            return Err("the report gives other figures of that metric for the same time".to_owned());
        }
        let mut found: Vec<&Fact> = of_time((earlier(period.start), earlier(period.end))).collect();
        found.dedup_by(|next, kept| next.quantity.magnitude == kept.quantity.magnitude);
        match found.len() {
            0 => Err("the report gives no figure of that metric for the year before".to_owned()),
            1..=MOST_FACTS => Ok(found.into_iter().map(Fact::filler).collect()),
            _ => Err("the report gives too many figures of that metric for the year before".to_owned()),
        }
    }

    /// Every figure of the role's measure outside the source, for the one company the document gives it for, or
    /// for the company the sentence is about.
    fn ledger_figures(&self, role: &Role, instance: &Instance) -> Result<Vec<Filler>, String> {
        let reading = self.reading;
        let count: usize = role.measures.iter().map(|measure| reading.ledger.about(*measure).len()).sum();
        if count > MOST_IN_LEDGER {
            return Err(format!("the document gives too many figures for `{}`", role.name));
        }
        // The report's statements are held against the report, the source's against the source.
        let in_source = self.is_source(instance.sentence);
        let known: Vec<&Assertion> = reading
            .ledger
            .about_any(&role.measures)
            .into_iter()
            .map(|index| &reading.assertions[index])
            .filter(|assertion| self.is_source(assertion.sentence) == in_source)
            .collect();
        let mut owners: Vec<_> = known.iter().filter_map(|assertion| assertion.entity).collect();
        owners.sort_unstable();
        owners.dedup();
        let about = instance
            .fillers
            .iter()
            .filter_map(|(_, filler)| filler.quantity())
            .find_map(|quantity| reading.assertion_of(quantity).and_then(|assertion| assertion.entity));
        // A figure of the measure in the same sentence says whose it is; all others are tried beside it.
        let beside = known.iter().any(|assertion| assertion.sentence == instance.sentence);
        let own: Vec<usize> = instance.fillers.iter().filter_map(|(_, filler)| filler.quantity()).collect();
        let mut fillers = Vec::new();
        for assertion in known {
            let quantity = &reading.quantities[assertion.quantity];
            let same_owner = owners.len() <= 1 || beside || (about.is_some() && assertion.entity == about);
            if same_owner && !own.contains(&assertion.quantity) && role.kind.accepts(quantity) {
                fillers.push(Filler::whole(assertion.quantity));
            }
            if !role.many && fillers.len() > 1 {
                return Err(format!("the document gives several figures for `{}`", role.name));
            }
        }
        if fillers.is_empty() {
            return Err(format!("the document gives no figure for `{}`", role.name));
        }
        Ok(fillers)
    }

    fn is_source(&self, sentence: u32) -> bool {
        let block = self.document.sentences[sentence as usize].block;
        self.document.blocks[block as usize].role == crate::document::Role::Source
    }

    /// Relations whose roles are measures that stand together in one block.
    pub fn joins(&mut self) {
        let book = self.book;
        for (number, relation) in
            book.relations.iter().enumerate().filter(|(_, relation)| relation.filled_by == FilledBy::Measures)
        {
            for index in self.reading.ledger.about_any(&relation.roles[relation.key].measures) {
                let assertion = self.reading.assertions[index];
                let mut fillers = vec![(relation.key, Filler::whole(assertion.quantity))];
                let mut missing = None;
                for (other, role) in relation.roles.iter().enumerate() {
                    if other == relation.key {
                        continue;
                    }
                    match self.beside(role, &assertion) {
                        Some(quantity) => {
                            fillers.push((other, Filler::whole(quantity)));
                        }
                        None => missing = Some(format!("no single figure for `{}` beside it", role.name)),
                    }
                }
                let span = fillers
                    .iter()
                    .filter_map(|(_, filler)| filler.quantity())
                    .map(|quantity| self.reading.quantities[quantity].span)
                    .reduce(Span::join)
                    .unwrap_or_default();
                let instance = Instance {
                    relation: number,
                    phrase: None,
                    sentence: assertion.sentence,
                    span,
                    fillers,
                    inferred: false,
                    named: false,
                };
                let dropped = missing.or_else(|| units_disagree(relation, &instance.fillers, self.reading));
                self.note(Candidate { instance, dropped });
            }
        }
    }

    /// The one figure of a role's measure in the same sentence, else in the sentence before or after in the same block.
    fn beside(&self, role: &Role, anchor: &Assertion) -> Option<usize> {
        let about = self.reading.ledger.about_any(&role.measures);
        let sentences = &self.document.sentences;
        let block = sentences[anchor.sentence as usize].block;
        let pick = |near: &dyn Fn(u32) -> bool| {
            let from =
                about.partition_point(|&index| self.reading.assertions[index].sentence + 1 < anchor.sentence);
            let mut found = about[from..]
                .iter()
                .map(|&index| &self.reading.assertions[index])
                .take_while(|assertion| assertion.sentence <= anchor.sentence + 1)
                .filter(|assertion| near(assertion.sentence) && assertion.quantity != anchor.quantity)
                .map(|assertion| assertion.quantity);
            let first = found.next()?;
            found.all(|next| same_value(self.reading, first, next)).then_some(first)
        };
        pick(&|sentence| sentence == anchor.sentence)
            .or_else(|| pick(&|sentence| sentences[sentence as usize].block == block))
    }
}

/// Whether a figure is the metric's own value, as the report has it.
fn is_level(fact: &Fact) -> bool {
    let other = [BasisWord::Supposed, BasisWord::Implied, BasisWord::Scenario, BasisWord::Former];
    fact.place != Place::Source && fact.basis.is_own_level() && !fact.basis.has_any(&other)
}

fn same_value(reading: &Reading, a: usize, b: usize) -> bool {
    reading.quantities[a].magnitude == reading.quantities[b].magnitude
}
