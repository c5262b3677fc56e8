//! Numbers as written: exact values, intervals, units, comparators and dates, read by a nom grammar.

mod interval;
mod model;

pub use interval::{Endpoint, Interval, Rational, rational};
pub use model::{
    Bound, Currency, Date, Figure, Grain, Kind, Magnitude, MeasureUnit, Quantity, Reading, Unit,
};
