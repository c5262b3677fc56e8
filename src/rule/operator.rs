/// An operator between two operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Operator {
    Or,
    And,
    /// `~=`: can be equal as written.
    Equal,
    /// `!~=`: can differ as written.
    Unequal,
    Below,
    AtMost,
    Above,
    AtLeast,
    Add,
    Subtract,
    Multiply,
    Divide,
    Power,
}

impl Operator {
    /// As written in a rule file.
    pub fn symbol(self) -> &'static str {
        match self {
            Self::Or => "or",
            Self::And => "and",
            Self::Equal => "~=",
            Self::Unequal => "!~=",
            Self::Below => "<",
            Self::AtMost => "<=",
            Self::Above => ">",
            Self::AtLeast => ">=",
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
            Self::Power => "^",
        }
    }

    /// Whether the operator compares two values.
    pub fn is_comparison(self) -> bool {
        self.level() == level::COMPARISON
    }

    /// The comparison that holds exactly where this one does not; other operators stay.
    pub fn negated(self) -> Self {
        match self {
            Self::Equal => Self::Unequal,
            Self::Unequal => Self::Equal,
            Self::Below => Self::AtLeast,
            Self::AtLeast => Self::Below,
            Self::Above => Self::AtMost,
            Self::AtMost => Self::Above,
            other => other,
        }
    }

    pub(super) fn level(self) -> u8 {
        match self {
            Self::Or => level::OR,
            Self::And => level::AND,
            Self::Equal | Self::Unequal | Self::Below | Self::AtMost | Self::Above | Self::AtLeast => {
                level::COMPARISON
            }
            Self::Add | Self::Subtract => level::SUM,
            Self::Multiply | Self::Divide => level::PRODUCT,
            Self::Power => level::POWER,
        }
    }
}

/// How tightly things bind, loosest first.
pub(super) mod level {
    pub const OR: u8 = 1;
    pub const AND: u8 = 2;
    pub const NOT: u8 = 3;
    pub const COMPARISON: u8 = 4;
    pub const SUM: u8 = 5;
    pub const PRODUCT: u8 = 6;
    pub const SIGN: u8 = 7;
    pub const POWER: u8 = 8;
    pub const ATOM: u8 = 9;
}
