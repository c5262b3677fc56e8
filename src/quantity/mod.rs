//! Numbers as written: exact values, intervals, units, comparators and dates, read by a nom grammar.

mod amount;
mod article;
mod calendar;
mod coins;
mod compiler;
mod compound;
mod contract;
mod date;
mod digits;
mod english;
mod formula;
mod guard;
mod han;
mod hedge;
mod interval;
mod lexicon;
mod model;
mod number;
mod ordinal;
mod period;
mod range;
mod rational;
mod reader;
mod reading;
mod starts;
mod token;
mod vocabulary;
mod word_trie;

#[cfg(test)]
mod laws;
#[cfg(test)]
mod tests;

pub use contract::ContractFields;
pub use formula::{Formula, Operation, Side, Step, read_calculation, read_formulas};
pub use interval::{Endpoint, Interval};
pub use lexicon::QuantityLexicon;
pub use model::{
    Bound, Currency, Date, Figure, Grain, Kind, Magnitude, MeasureUnit, Quantity, Reading, Unit,
};
pub use rational::{Rational, rational};
pub use reader::read_quantities;
