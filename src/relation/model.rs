use serde::Deserialize;

/// What may fill a role of a relation; also the dimension that expressions are checked with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RoleType {
    /// Money, a measure, a count or a bare number; all amounts of one relation have one unit.
    Amount,
    /// Money only.
    Money,
    /// Percent: 65 % is 0.65.
    Percent,
    /// Percentage points or basis points: five points are 0.05.
    Points,
    /// 倍, times, fold: 13 倍 is 13.
    Multiple,
    /// A bare number or a count.
    Number,
    /// A length of time, in years.
    Duration,
    /// A date or period; its first and last day.
    Date,
    /// +1 or −1, from the word that says which way.
    Direction,
    /// A plain number that a word carries (half = 0.5; far = 1.1).
    Factor,
}
