use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::OnceLock;

use chrono::{Days, NaiveDate};
use rust_decimal::Decimal;

use super::arithmetic::written_number;
use crate::argument::{ArgumentGraph, ArgumentWords};
use crate::assertion::Reading as TextReading;
use crate::document::Document;
use crate::lexicon::Hits;
use crate::quantity::{
    Bound, Date, Figure, Interval, Kind, Magnitude, Quantity, QuantityLexicon, Rational, Reading, Side, Unit,
    rational,
};
use crate::relation::{
    FilledBy, Filler, Instance, RangeEnd, Relation, RoleType, evaluate_formula, is_whole, power_of_ten,
};
use crate::rule::{RoleInfo, RoleValues};
use crate::source::Span;

/// One document with all that was read from it.
pub(super) struct Scene<'a> {
    pub document: &'a Document,
    pub hits: &'a Hits,
    pub reading: &'a TextReading,
    pub units: &'a QuantityLexicon,
    pub words: &'a ArgumentWords,
    argument: OnceLock<ArgumentGraph>,
}

impl<'a> Scene<'a> {
    pub fn new(
        document: &'a Document,
        hits: &'a Hits,
        reading: &'a TextReading,
        units: &'a QuantityLexicon,
        words: &'a ArgumentWords,
    ) -> Self {
        Self { document, hits, reading, units, words, argument: OnceLock::new() }
    }

    /// The argument of the document, worked out when it is first asked for.
    pub fn argument(&self) -> &ArgumentGraph {
        self.argument.get_or_init(|| ArgumentGraph::of(self.document, self.reading, self.hits, self.words))
    }
}

/// A role that every relation has, from the document around it.
const REPORT_DATE: &str = "report_date";
/// How many dates and periods stand in the same sentence.
const DATES_IN_SENTENCE: &str = "dates_in_sentence";
/// How many amounts stand in the same block, the relation's own among them; no more than [`MOST_AMOUNTS`].
const AMOUNTS_IN_BLOCK: &str = "amounts_in_block";
/// So many amounts are counted in a block; a block without end must not be counted for each of its figures.
const MOST_AMOUNTS: usize = 64;

/// A whole number up to this is a count or a constant, and not rounded.
const LARGEST_COUNT: Decimal = Decimal::ONE_HUNDRED;

/// The roles an expression over a relation may use: its own and those of the document around it.
pub(super) fn roles_of(relation: &Relation) -> HashMap<String, RoleInfo> {
    let mut roles: HashMap<String, RoleInfo> = relation
        .roles
        .iter()
        .map(|role| {
            (role.name.clone(), RoleInfo { kind: role.kind, many: role.many, optional: role.optional })
        })
        .collect();
    let around = |kind| RoleInfo { kind, many: false, optional: true };
    roles.insert(REPORT_DATE.into(), around(RoleType::Date));
    roles.insert(AMOUNTS_IN_BLOCK.into(), around(RoleType::Number));
    roles.insert(DATES_IN_SENTENCE.into(), around(RoleType::Number));
    roles
}

/// A filler put in another's place, to try a repair.
pub(super) struct Override {
    pub role: usize,
    /// Index among the role's fillers.
    pub element: usize,
    pub by: Replacement,
}

/// What is taken for a filler. Figures are in the quantity's own written terms, with the step of its digits.
pub(super) enum Replacement {
    /// The word's value turned around.
    Opposite,
    Figure(Figure),
    /// Every figure from the one to the other; both have one step, or the same digits.
    Between(Figure, Figure),
}

/// The values of an instance's roles.
pub(super) struct Bindings<'a> {
    pub scene: &'a Scene<'a>,
    pub relation: &'a Relation,
    pub instance: &'a Instance,
}

impl<'a> Bindings<'a> {
    pub fn new(scene: &'a Scene<'a>, relation: &'a Relation, instance: &'a Instance) -> Self {
        Self { scene, relation, instance }
    }

    /// The fillers of a role, in order.
    pub fn fillers(&self, role: usize) -> impl Iterator<Item = &'a Filler> {
        self.instance.fillers.iter().filter(move |(number, _)| *number == role).map(|(_, filler)| filler)
    }

    pub fn role(&self, name: &str) -> Option<usize> {
        self.relation.roles.iter().position(|role| role.name == name)
    }

    /// Where a filler stands in the text; constants stand nowhere.
    pub fn place(&self, filler: &Filler) -> Option<Span> {
        match filler {
            Filler::Quantity { index, .. } | Filler::Cell { index, .. } => {
                Some(self.scene.reading.quantities[*index].span)
            }
            Filler::Computed { formula, side, .. } => self.side(*formula, *side).map(|side| side.span),
            Filler::Word { span, .. } | Filler::Count { span, .. } => Some(*span),
            Filler::Constant { .. } => None,
        }
    }

    /// A role's element as written, with Markdown marks left out.
    pub fn literal(&self, name: &str, element: usize) -> String {
        let found = self.role(name).and_then(|role| self.fillers(role).nth(element));
        match found {
            Some(Filler::Constant { value } | Filler::Count { value, .. }) => value.to_string(),
            Some(filler) => {
                let written = self
                    .place(filler)
                    .map_or_else(String::new, |span| clean(span.of(&self.scene.document.prose)));
                match filler {
                    Filler::Cell { magnitude: Magnitude::One(figure), .. } => signed(written, figure.value),
                    Filler::Quantity { end: Some(end), .. } => range_end(&written, *end).unwrap_or(written),
                    _ => written,
                }
            }
            None if name == REPORT_DATE => {
                self.scene.document.date.map_or_else(String::new, |date| date.to_string())
            }
            None => String::new(),
        }
    }

    /// A range as written, when its ends fill the role.
    pub fn whole_range(&self, name: &str) -> Option<String> {
        let filler = self.fillers(self.role(name)?).next()?;
        let Filler::Quantity { end: Some(_), .. } = filler else { return None };
        Some(clean(self.place(filler)?.of(&self.scene.document.prose)))
    }

    /// The figure that a filler stands for: without the comparator that is a word of the phrase, and of a range the
    /// end that was taken.
    pub fn quantity(&self, filler: &Filler) -> Option<Quantity> {
        if let Filler::Cell { index, magnitude, unit } = filler {
            let written = self.scene.reading.quantities[*index];
            return Some(Quantity { magnitude: *magnitude, unit: *unit, ..written });
        }
        let Filler::Quantity { index, strip_bound, end } = filler else { return None };
        let mut quantity = self.scene.reading.quantities[*index];
        if *strip_bound {
            quantity.bound = Bound::Exact;
        }
        if let (Some(end), Magnitude::Range { low, high }) = (end, quantity.magnitude) {
            quantity.magnitude = Magnitude::One(if *end == RangeEnd::First { low? } else { high? });
        }
        if self.relation.filled_by == FilledBy::Formulas {
            quantity.unit = without_measure(quantity.unit);
        } else if quantity.unit == Unit::Bare
            && let Some(unit) = self.unit_of_amounts()
        {
            quantity.unit = unit;
        }
        Some(quantity)
    }

    /// The unit that a bare number beside the others is meant in: 12, 8 and 5 tonnes. Amounts of one instance have
    /// one unit.
    fn unit_of_amounts(&self) -> Option<Unit> {
        let amounts =
            self.instance.fillers.iter().filter(|(role, _)| self.relation.roles[*role].kind.shares_unit());
        let mut units =
            amounts.filter_map(|(_, filler)| Some(self.scene.reading.quantities[filler.quantity()?].unit));
        units.find(|unit| matches!(unit, Unit::Measure { per: None, .. }))
    }

    /// `replaced`: what to take for the filler's own figure or word.
    fn value(
        &self,
        role: usize,
        filler: &Filler,
        replaced: Option<&Replacement>,
        reading: Reading,
    ) -> Option<Interval> {
        match filler {
            Filler::Quantity { .. } | Filler::Cell { .. } => {
                let mut quantity = self.quantity(filler)?;
                let cell = matches!(filler, Filler::Cell { .. });
                // So many tonnes, not so many kilograms.
                if !cell && self.relation.roles[role].kind == RoleType::Number {
                    quantity.unit = Unit::Bare;
                }
                let with = |figure: Figure| {
                    let quantity = Quantity { magnitude: Magnitude::One(figure), ..quantity };
                    quantity.interval(reading, self.scene.units)
                };
                let value = match replaced {
                    Some(Replacement::Figure(figure)) => with(*figure)?,
                    Some(Replacement::Between(low, high)) => with(*low)?.hull(&with(*high)?),
                    Some(Replacement::Opposite) | None => quantity.interval(reading, self.scene.units)?,
                };
                // An amount a month is twelve times as much a year.
                match quantity.per_years(self.scene.units) {
                    Some(years) if self.relation.roles[role].kind == RoleType::Rate => {
                        value.divide(&Interval::point(years))
                    }
                    _ => Some(value),
                }
            }
            Filler::Computed { formula, side, shift } => {
                let value = |index: usize| self.operand(index, reading);
                let computed = evaluate_formula(self.side(*formula, *side)?, self.scene.reading, &value)?;
                Some(computed.multiply(&Interval::point(power_of_ten(*shift))))
            }
            Filler::Word { value, .. } | Filler::Count { value, .. } | Filler::Constant { value } => {
                let value = rational(*value);
                Some(Interval::point(if replaced.is_some() { -value } else { value }))
            }
        }
    }

    fn side(&self, formula: usize, side: usize) -> Option<&'a Side> {
        self.scene.reading.formulas.get(formula)?.side(side)
    }

    /// A figure of a formula: what is written there is what was computed with, so whole numbers are exact; with
    /// charity only those are that count something.
    fn operand(&self, index: usize, reading: Reading) -> Option<Interval> {
        let mut quantity = self.scene.reading.quantities[index];
        quantity.unit = without_measure(quantity.unit);
        let exact = is_whole(&quantity)
            && (reading != Reading::Charitable
                || matches!(quantity.magnitude, Magnitude::One(figure) if figure.value <= LARGEST_COUNT));
        quantity.interval(if exact { Reading::AsWritten } else { reading }, self.scene.units)
    }

    fn dates_in_sentence(&self) -> Interval {
        let sentence = self.scene.document.sentences[self.instance.sentence as usize];
        let (_, inside) = self.scene.reading.quantities_within(sentence.span);
        let dates = inside.iter().filter(|quantity| matches!(quantity.magnitude, Magnitude::Date(_)));
        Interval::point(Rational::from_integer(dates.take(MOST_AMOUNTS).count().into()))
    }

    fn amounts_in_block(&self) -> Interval {
        let sentence = self.scene.document.sentences[self.instance.sentence as usize];
        let block = &self.scene.document.blocks[sentence.block as usize];
        let (_, inside) = self.scene.reading.quantities_within(block.span);
        let count = inside.iter().filter(|quantity| is_amount(quantity)).take(MOST_AMOUNTS).count();
        Interval::point(Rational::from_integer(count.into()))
    }
}

/// All measures of a formula have one unit, and it is worked out in that.
fn without_measure(unit: Unit) -> Unit {
    if matches!(unit, Unit::Measure { .. }) { Unit::Bare } else { unit }
}

/// Money, a measure, a count or a number: what a comparison can be based on.
pub(super) fn is_amount(quantity: &Quantity) -> bool {
    let measured = matches!(quantity.unit, Unit::Bare | Unit::Money { .. } | Unit::Measure { .. });
    measured && !matches!(quantity.kind, Kind::Date | Kind::Duration | Kind::Ordinal)
}

/// A literal without painted-over marks and line breaks.
pub(super) fn clean(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\u{1}' | '\u{2}' => {}
            '\n' | '\r' | '\t' => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

/// A figure with the sign that brackets, an arrow or the row's name give it.
fn signed(written: String, value: Decimal) -> String {
    let has_sign = written.starts_with(['-', '−', '－']);
    if value.is_sign_negative() && !value.is_zero() && !has_sign { format!("−{written}") } else { written }
}

/// One end of a range as written, with the unit that it shares with the other: `$5-8 million` → `$5 million`.
fn range_end(range: &str, end: RangeEnd) -> Option<String> {
    const JOINS: [&str; 9] = [" to ", " and ", "至", "到", "–", "—", "~", "～", "-"];
    let ((start, first_end), ..) = written_number(range)?;
    let ((from, to), ..) = written_number(&range[first_end..])?;
    let (from, to) = (first_end + from, first_end + to);
    let between = &range[first_end..from];
    let (at, join) = JOINS.iter().find_map(|join| Some((between.find(join)?, join.len())))?;
    let (behind_first, before_last) = (between[..at].trim_end(), between[at + join..].trim_start());
    let own = |own: &str, shared: &str| if own.is_empty() { shared.to_owned() } else { own.to_owned() };
    Some(match end {
        RangeEnd::First => {
            format!("{}{}{}", &range[..start], &range[start..first_end], own(behind_first, &range[to..]))
        }
        RangeEnd::Last => format!("{}{}", own(before_last, &range[..start]), &range[from..]),
    })
}

impl RoleValues for Bindings<'_> {
    fn values(&self, role: &str, reading: Reading) -> Rc<[Interval]> {
        if role == AMOUNTS_IN_BLOCK {
            return [self.amounts_in_block()].into();
        }
        if role == DATES_IN_SENTENCE {
            return [self.dates_in_sentence()].into();
        }
        let Some(number) = self.role(role) else { return Rc::default() };
        let values = self.fillers(number).map(|filler| self.value(number, filler, None, reading));
        // A figure whose value is not known makes the whole role unknown.
        values.collect::<Option<Rc<[Interval]>>>().unwrap_or_default()
    }

    fn dates(&self, role: &str) -> Vec<(NaiveDate, NaiveDate)> {
        if role == REPORT_DATE {
            return self.scene.document.date.map(|date| (date, date)).into_iter().collect();
        }
        let Some(number) = self.role(role) else { return Vec::new() };
        // Only the length of a span counts: neither its year nor where a fiscal one begins.
        let length_alone = self.relation.roles[number].kind == RoleType::Span;
        let mut dates = Vec::new();
        for filler in self.fillers(number) {
            let known =
                filler.quantity().and_then(|index| match self.scene.reading.quantities[index].magnitude {
                    Magnitude::Date(date) if length_alone => Some(first_and_last(&date)),
                    Magnitude::Date(date) => days_of(&date),
                    _ => None,
                });
            match known {
                Some(days) => dates.push(days),
                None => return Vec::new(),
            }
        }
        dates
    }
}

/// First and last day; a fiscal year may be shifted by up to a year either way; `None` when the year is not known.
fn days_of(date: &Date) -> Option<(NaiveDate, NaiveDate)> {
    if !date.year_known {
        return None;
    }
    let (first, last) = first_and_last(date);
    if !date.fiscal {
        return Some((first, last));
    }
    let year = Days::new(366);
    Some((first.checked_sub_days(year)?, last.checked_add_days(year)?))
}

fn first_and_last(date: &Date) -> (NaiveDate, NaiveDate) {
    (date.start, date.end.pred_opt().map_or(date.start, |last| last.max(date.start)))
}

/// The values of an instance while one change after another is tried: what a change leaves alone is computed once.
pub(super) struct Trials<'a> {
    bindings: &'a Bindings<'a>,
    change: Option<Override>,
    known: RefCell<Vec<Known>>,
}

/// The values of a role, by its number, under a reading.
type Known = (usize, Reading, Rc<[Interval]>);

impl<'a> Trials<'a> {
    pub fn new(bindings: &'a Bindings<'a>) -> Self {
        Self { bindings, change: None, known: RefCell::default() }
    }

    /// Whether the text leaves one of the roles open.
    pub fn lacks_any(&self, roles: &[&str]) -> bool {
        let open = |role| self.bindings.fillers(role).next().is_none();
        roles.iter().filter_map(|name| self.bindings.role(name)).any(open)
    }

    /// Puts another change in the place of the last.
    pub fn try_out(&mut self, change: Override) {
        self.change = Some(change);
    }
}

impl RoleValues for Trials<'_> {
    fn values(&self, role: &str, reading: Reading) -> Rc<[Interval]> {
        let Some(number) = self.bindings.role(role) else { return self.bindings.values(role, reading) };
        let mut known = self.known.borrow_mut();
        let at = known.iter().position(|(other, when, _)| (*other, *when) == (number, reading));
        let at = at.unwrap_or_else(|| {
            known.push((number, reading, self.bindings.values(role, reading)));
            known.len() - 1
        });
        let values = &known[at].2;
        if let Some(change) = self.change.as_ref().filter(|change| change.role == number)
            && change.element < values.len()
            && let Some(filler) = self.bindings.fillers(number).nth(change.element)
        {
            let Some(changed) = self.bindings.value(number, filler, Some(&change.by), reading) else {
                return Rc::default();
            };
            let mut values: Vec<Interval> = values.to_vec();
            values[change.element] = changed;
            return values.into();
        }
        Rc::clone(values)
    }

    fn dates(&self, role: &str) -> Vec<(NaiveDate, NaiveDate)> {
        self.bindings.dates(role)
    }
}
