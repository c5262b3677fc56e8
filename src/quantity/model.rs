use chrono::NaiveDate;
use rust_decimal::Decimal;

use crate::source::Span;

/// One number as written, with its scale (万, billion …) applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Figure {
    /// The written value in the unit's own terms: `7.73 亿` is 773000000, `65%` is 65.
    pub value: Decimal,
    /// What one step of the last written digit is worth: `7.73 亿` → 1000000; `1100亿` → 100000000.
    pub step: Decimal,
    /// The same for the last digit that is not a zero, for integers, which may be rounded: `1100亿` → 10000000000.
    /// Equal to `step` when a decimal fraction is written.
    pub coarse_step: Decimal,
}

/// What the words around a number do to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Bound {
    /// The number itself.
    #[default]
    Exact,
    /// 至少, 不低于, at least, or more: the number or above.
    AtLeast,
    /// 超, 逾, 多 (500多亿), over, more than: above the number.
    MoreThan,
    /// 至多, up to, at most: the number or below.
    AtMost,
    /// 不到, 近, nearly, less than: below the number.
    LessThan,
}

/// A currency by its ISO 4217 code; a bare `$` may be any dollar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Currency {
    /// Three capital letters.
    Iso([u8; 3]),
    /// A `$`, "dollars" or 元-less 块 that does not say whose; comparable with every dollar.
    AnyDollar,
}

/// A unit of `rules/units.toml`, by its index in the loaded unit table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct MeasureUnit(pub u16);

/// What the number counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Unit {
    /// A pure number.
    Bare,
    /// `65%`, 百分之…, 成: value 65 for 65 %.
    Percent,
    /// 个百分点, pp: value 5 for five points.
    PercentagePoint,
    /// 个基点, bps.
    BasisPoint,
    /// 13 倍, 13x, doubled: value 13.
    Multiple,
    /// An amount of money, possibly for one unit of something (元/股, $ per hour).
    Money { currency: Currency, per: Option<MeasureUnit> },
    /// A measure or a count of something, possibly per something.
    Measure { unit: MeasureUnit, per: Option<MeasureUnit> },
}

/// How fine a date is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Grain {
    Day,
    Week,
    Month,
    Quarter,
    Half,
    Year,
    /// A decade, a span of years, or any stated from–to of dates.
    Span,
    /// A from–to of quarters.
    QuarterSpan,
    /// A day that its month does not have (30 February), or a part that no year has (Q5): written as a date, but none.
    Impossible,
}

/// A date or period; `start` inclusive, `end` exclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Date {
    /// First day; with `year_known == false` the year is a placeholder. Of an impossible day its month's first.
    pub start: NaiveDate,
    /// The day after the last.
    pub end: NaiveDate,
    pub grain: Grain,
    /// Whether the year is written or could be resolved from the report's date.
    pub year_known: bool,
    /// 财年, FY: the period may be shifted by up to a year.
    pub fiscal: bool,
    /// Worked out from the report's date (今年, 年内, last year), not written.
    pub relative: bool,
}

/// The magnitude of a quantity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Magnitude {
    /// One number.
    One(Figure),
    /// A stated range; never averaged. A missing end is open.
    Range { low: Option<Figure>, high: Option<Figure> },
    /// A date or period.
    Date(Date),
}

/// The kinds of the JSON Lines contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    Number,
    Percent,
    Money,
    Quantity,
    Date,
    Duration,
    Range,
    Ordinal,
}

/// A number, amount, share, date or duration as it stands in the text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Quantity {
    /// The number with its unit and currency marks; comparator and approximator words are outside, except
    /// where they stand inside the number (500多亿, 5万余元).
    pub span: Span,
    pub kind: Kind,
    pub magnitude: Magnitude,
    pub unit: Unit,
    /// Written with a plus or minus sign (`+3.3%`, `-5%`), or as an accounting negative.
    pub signed: bool,
    pub bound: Bound,
    /// 约, about, ~, 左右.
    pub approximate: bool,
    /// The words that set `bound` or `approximate`, when they stand outside `span`. A `MoreThan` without them comes
    /// from inside the number (500多亿), and then has an upper end: the next step of the last written digit.
    pub hedge: Option<Span>,
}

/// How generously a written number is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reading {
    /// The number itself, without any rounding; stated ranges and bounds stay.
    AsWritten,
    /// As if no hedge and no bound stood by, for the order of two figures: half a step of the last digit either way for
    /// percentages, half a unit of the last digit that is not zero for amounts, and no more than a tenth.
    Unhedged,
    /// Every written digit counts: half a step of the last digit either way.
    Plain,
    /// Trailing zeros of an integer may be rounding, and no more than a tenth of the value; hedge words
    /// widen: "about" is one step of the last significant digit, at least 1 % and at most 10 % of the value.
    Charitable,
}
