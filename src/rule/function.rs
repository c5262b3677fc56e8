/// A function of the expression language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Function {
    /// All values of a role added.
    Sum,
    /// How many values a role has; 0 where it is not bound.
    Count,
    /// The least value of a role.
    Min,
    /// The greatest value of a role.
    Max,
    /// The absolute value.
    Abs,
    /// The whole number at or below.
    Floor,
    /// The comparison holds for some value of the role.
    Any,
    /// The comparison holds for every value of the role.
    All,
    /// The first value of a role, in order of the text.
    First,
    /// The last value of a role, in order of the text.
    Last,
    /// A duration as a plain number of years.
    Years,
    /// The calendar year of a date's last day.
    Year,
    /// The calendar year of a date's first day.
    FirstYear,
    /// The first day of a date.
    Start,
    /// The last day of a date.
    End,
    /// The argument without rounding, whatever the reading.
    AsWritten,
    /// The argument under the plain reading, whatever the reading.
    Plain,
    /// The argument as if no hedge and no bound stood by, whatever the reading.
    Unhedged,
}

/// What a function takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Takes {
    /// A role by its name.
    Role,
    /// A date: a role, or one value of a role.
    Date,
    /// Any arithmetic.
    Arithmetic,
}

impl Function {
    /// Every function.
    pub const ALL: [Self; 18] = [
        Self::Sum,
        Self::Count,
        Self::Min,
        Self::Max,
        Self::Abs,
        Self::Floor,
        Self::Any,
        Self::All,
        Self::First,
        Self::Last,
        Self::Years,
        Self::Year,
        Self::FirstYear,
        Self::Start,
        Self::End,
        Self::AsWritten,
        Self::Plain,
        Self::Unhedged,
    ];

    /// As written in a rule file.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sum => "sum",
            Self::Count => "count",
            Self::Min => "min",
            Self::Max => "max",
            Self::Abs => "abs",
            Self::Floor => "floor",
            Self::Any => "any",
            Self::All => "all",
            Self::First => "first",
            Self::Last => "last",
            Self::Years => "years",
            Self::Year => "year",
            Self::FirstYear => "first_year",
            Self::Start => "start",
            Self::End => "end",
            Self::AsWritten => "as_written",
            Self::Plain => "plain",
            Self::Unhedged => "unhedged",
        }
    }

    /// The function of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|function| function.name() == name)
    }

    pub(super) fn takes(self) -> Takes {
        match self {
            Self::Sum
            | Self::Count
            | Self::Min
            | Self::Max
            | Self::Any
            | Self::All
            | Self::First
            | Self::Last => Takes::Role,
            Self::Year | Self::FirstYear | Self::Start | Self::End => Takes::Date,
            Self::Abs | Self::Floor | Self::Years | Self::AsWritten | Self::Plain | Self::Unhedged => {
                Takes::Arithmetic
            }
        }
    }
}
