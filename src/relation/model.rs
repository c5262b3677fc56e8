use rust_decimal::Decimal;
use serde::Deserialize;

use super::fact::MetricId;
use crate::assertion::MeasureId;
use crate::lexicon::ClassId;
use crate::quantity::{Grain, Kind, Magnitude, Quantity, Unit};
use crate::source::Span;

/// What may fill a role of a relation; also the dimension that expressions are checked with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RoleType {
    /// Money, a measure, a count or a bare number; all amounts of one relation have one unit.
    Amount,
    /// An amount or a percent, whichever the others are: what rises and falls.
    Level,
    /// Money only.
    Money,
    /// An amount per year: its unit may say so (`$5B/year`) or the words around it.
    Rate,
    /// Percent: 65 % is 0.65.
    Percent,
    /// Percentage points or basis points: five points are 0.05.
    Points,
    /// 倍, times, fold: 13 倍 is 13.
    Multiple,
    /// A bare number or a count: how many of its unit, whatever the unit is worth.
    Number,
    /// A length of time, in years.
    Duration,
    /// A date or period; its first and last day.
    Date,
    /// From one date to another; only the length counts, so the year may be left out.
    Span,
    /// +1 or −1, from the word that says which way.
    Direction,
    /// A plain number that a word carries (half = 0.5; far = 1.1).
    Factor,
}

impl RoleType {
    /// Whether a quantity as written may fill a role of this type.
    pub fn accepts(self, quantity: &Quantity) -> bool {
        if matches!(quantity.kind, Kind::Ordinal) {
            return false;
        }
        if let Magnitude::Date(date) = quantity.magnitude {
            if date.grain == Grain::Impossible {
                return false;
            }
            let from_to = matches!(date.grain, Grain::Span | Grain::QuarterSpan);
            return self == Self::Date || self == Self::Span && from_to;
        }
        let duration = quantity.kind == Kind::Duration;
        let amount =
            !duration && matches!(quantity.unit, Unit::Bare | Unit::Money { .. } | Unit::Measure { .. });
        match self {
            Self::Amount | Self::Rate => amount,
            Self::Level => amount || quantity.unit == Unit::Percent,
            Self::Money => matches!(quantity.unit, Unit::Money { .. }),
            Self::Percent => quantity.unit == Unit::Percent,
            Self::Points => matches!(quantity.unit, Unit::PercentagePoint | Unit::BasisPoint),
            Self::Multiple => quantity.unit == Unit::Multiple,
            Self::Number => {
                matches!(quantity.unit, Unit::Bare | Unit::Measure { per: None, .. }) && !duration
            }
            Self::Duration => duration,
            Self::Date | Self::Span | Self::Direction | Self::Factor => false,
        }
    }

    const ALL: [Self; 13] = [
        Self::Amount,
        Self::Level,
        Self::Money,
        Self::Rate,
        Self::Percent,
        Self::Points,
        Self::Multiple,
        Self::Number,
        Self::Duration,
        Self::Date,
        Self::Span,
        Self::Direction,
        Self::Factor,
    ];

    /// The bit that stands for the type among others.
    pub(super) fn bit(self) -> u16 {
        1 << self as u16
    }

    /// All types that accept a quantity, a bit for each.
    pub(super) fn accepting(quantity: &Quantity) -> u16 {
        Self::ALL.iter().filter(|kind| kind.accepts(quantity)).fold(0, |bits, kind| bits | kind.bit())
    }

    /// Whether fillers of this type must share one unit with the relation's other amounts.
    pub fn shares_unit(self) -> bool {
        matches!(self, Self::Amount | Self::Level | Self::Money | Self::Rate)
    }
}

/// A named place in a relation.
#[derive(Clone, Debug)]
pub struct Role {
    pub name: String,
    pub kind: RoleType,
    /// Takes several fillers: the parts of a sum, all valuations of a company.
    pub many: bool,
    /// May stay empty; expressions that use it then cannot tell.
    pub optional: bool,
    /// When a phrase leaves it out: looked up in the two sentences before, each figure there being a reading.
    pub before: bool,
    /// Filled from the ledger: every figure of one of these measures for the same company.
    pub measures: Vec<MeasureId>,
    /// Filled from the facts: the figures of one of these metrics for the same subject, period and basis.
    pub metrics: Vec<MetricId>,
    /// Forecasts are among them.
    pub expected: bool,
    /// Filled from the facts: the figures that the metric of this role has a year before.
    pub year_before: Option<usize>,
}

impl Role {
    /// Whether the ledger or the facts fill it where no phrase does.
    pub fn is_looked_up(&self) -> bool {
        !self.measures.is_empty() || !self.metrics.is_empty() || self.year_before.is_some()
    }
}

/// What puts quantities into the roles of a relation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FilledBy {
    /// Phrases, in sentences.
    #[default]
    Phrases,
    /// Each role by its measure, inside one block.
    Measures,
    /// Calculations that are written out.
    Formulas,
    /// The cells of tables.
    Tables,
    /// The nodes and edges of diagrams.
    Diagrams,
    /// Figures of any place, by their metrics.
    Facts,
    /// Places that state one fact, and lists with what is said of their length.
    Places,
}

/// A checkable shape: named roles.
#[derive(Clone, Debug)]
pub struct Relation {
    pub id: String,
    pub roles: Vec<Role>,
    /// The role that makes two matches rivals: when any rival holds, none is contradicted.
    pub key: usize,
    /// Word lists that silence it in the clauses it spans, with their names.
    pub unless: Vec<(ClassId, String)>,
    /// Word lists of which at most one may have a word in the clauses it spans, with their names: what changes are
    /// measured against (同比, 环比).
    pub bases: Vec<(ClassId, String)>,
    /// The roles that take values of one measure: none may be told with a name that the others do not have.
    pub same_measure: Vec<usize>,
    /// Only the longest lists are readings: the rest of a list says nothing by itself.
    pub whole_lists: bool,
    pub filled_by: FilledBy,
    /// Facts fill it from one table or from the prose of one section alone.
    pub within_section: bool,
}

/// What fills a role.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Filler {
    /// A quantity of the document.
    Quantity {
        index: usize,
        /// Its comparator is a word of the phrase (超过 {b}) and says nothing about the figure itself.
        strip_bound: bool,
        /// Which end of it, where the quantity is a range and the role takes its ends one by one.
        end: Option<RangeEnd>,
    },
    /// One side of a formula; its value is worked out and then shifted by so many digits.
    Computed { formula: usize, side: usize, shift: i32 },
    /// The figure of a table's cell: a quantity with what the cell's sign and its heading make of it.
    Cell { index: usize, magnitude: Magnitude, unit: Unit },
    /// A word that carries a value: a direction, a factor.
    Word { span: Span, value: Decimal },
    /// The number of names in a list.
    Count { span: Span, value: Decimal },
    /// A constant that the phrase sets.
    Constant { value: Decimal },
}

/// One end of a range, in order of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RangeEnd {
    First,
    Last,
}

impl Filler {
    /// A whole quantity.
    pub fn whole(index: usize) -> Self {
        Self::Quantity { index, strip_bound: false, end: None }
    }

    /// The quantity's index, when it is one.
    pub fn quantity(&self) -> Option<usize> {
        match self {
            Self::Quantity { index, .. } | Self::Cell { index, .. } => Some(*index),
            _ => None,
        }
    }
}
