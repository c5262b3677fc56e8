//! The TOML schema of `rules/quantity/`; any file may hold any of the tables.

use rust_decimal::Decimal;
use serde::Deserialize;
use toml::Spanned;

pub(super) type Words = Vec<Spanned<String>>;

/// A decimal number, written as a string so that it stays exact.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct Exact(pub(super) Decimal);

impl TryFrom<String> for Exact {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
            .map(Self)
            .map_err(|_| format!("`{text}` is not a decimal number; write digits in quotes, such as \"1.5\""))
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Vocabulary {
    pub(super) han: Option<HanDigits>,
    pub(super) english: Option<EnglishNumbers>,
    pub(super) scale: Vec<ScaleEntry>,
    pub(super) fraction: Vec<FractionEntry>,
    pub(super) currency: Vec<CurrencyEntry>,
    pub(super) share: Vec<ShareEntry>,
    pub(super) share_prefix: Vec<SharePrefix>,
    pub(super) multiple_word: Vec<MultipleWord>,
    pub(super) percent_word: Vec<MultipleWord>,
    pub(super) ordinal: Vec<FractionEntry>,
    pub(super) unit: Vec<UnitEntry>,
    pub(super) before: Vec<HedgeEntry>,
    pub(super) after: Vec<HedgeEntry>,
    pub(super) range: Option<RangeWords>,
    pub(super) months: Option<Vec<Words>>,
    pub(super) ambiguous_months: Words,
    pub(super) holiday: Vec<Holiday>,
    pub(super) relative: Vec<RelativeEntry>,
    pub(super) part: Vec<PartEntry>,
    pub(super) week: Vec<WeekEntry>,
    pub(super) date_joins: Words,
    pub(super) year_before: Words,
    pub(super) time_after: Words,
    pub(super) duration_before: Words,
    pub(super) bound_before: Vec<DateBound>,
    pub(super) bound_after: Vec<DateBound>,
    pub(super) fiscal_before: Words,
    pub(super) fiscal_after: Words,
    pub(super) names: Words,
    pub(super) code_prefixes: Words,
    pub(super) vague_before: Words,
    pub(super) not_before_one: Words,
    pub(super) duration_articles: Words,
    pub(super) duration_wholes: Words,
    pub(super) paid_before: Words,
    pub(super) not_unit: Words,
    pub(super) not_after: Words,
    pub(super) hyphen_before: Words,
    pub(super) label_before: Words,
    pub(super) label_after: Words,
    pub(super) rank_before: Words,
    pub(super) ordinal_after: Words,
    pub(super) addresses: Words,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct HanDigits {
    /// Ten entries, from zero to nine; each character of one is a way to write the digit.
    pub(super) digits: Spanned<Vec<String>>,
    pub(super) ten: String,
    pub(super) hundred: String,
    pub(super) thousand: String,
    pub(super) twenty: String,
    pub(super) thirty: String,
    pub(super) point: String,
    pub(super) minus: String,
    pub(super) half: String,
    pub(super) and_more: String,
    pub(super) formal: String,
    #[serde(default)]
    pub(super) dozen: Words,
    #[serde(default)]
    pub(super) dozen_goods: Words,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EnglishNumbers {
    pub(super) ones: Spanned<Vec<Vec<String>>>,
    pub(super) tens: Spanned<Vec<Vec<String>>>,
    pub(super) hundred: Words,
    pub(super) dozen: Words,
    pub(super) and: Words,
    pub(super) point: Words,
    pub(super) minus: Words,
    pub(super) article: Words,
    pub(super) half: Words,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ScaleEntry {
    #[serde(default)]
    pub(super) words: Words,
    #[serde(default)]
    pub(super) letters: Words,
    #[serde(default)]
    pub(super) money: Words,
    pub(super) power: Spanned<u32>,
    /// 万 and 亿: multiply what stands before them within a Han numeral.
    #[serde(default)]
    pub(super) section: bool,
    /// 兆: a scale of money alone.
    #[serde(default)]
    pub(super) needs_money: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FractionEntry {
    pub(super) words: Words,
    pub(super) value: u64,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CurrencyEntry {
    pub(super) code: Option<Spanned<String>>,
    /// A hundredth of the currency.
    #[serde(default)]
    pub(super) minor: bool,
    #[serde(default)]
    pub(super) before: Words,
    #[serde(default)]
    pub(super) names: Words,
    /// Names of speech, which count things as well.
    #[serde(default)]
    pub(super) spoken: Words,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum ShareKind {
    Percent,
    Discount,
    PercentagePoint,
    BasisPoint,
    Multiple,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ShareEntry {
    pub(super) kind: ShareKind,
    pub(super) factor: Exact,
    pub(super) names: Words,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SharePrefix {
    pub(super) words: Words,
    pub(super) factor: Exact,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MultipleWord {
    pub(super) words: Words,
    pub(super) value: Exact,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct UnitEntry {
    pub(super) symbol: Spanned<String>,
    pub(super) dimension: String,
    pub(super) factor: Spanned<Exact>,
    #[serde(default)]
    pub(super) symbols: Words,
    #[serde(default)]
    pub(super) names: Words,
    /// Symbols that are words elsewhere and count only behind an amount in a larger unit: 12 ft 2 in.
    #[serde(default)]
    pub(super) smaller: Words,
    #[serde(default)]
    pub(super) lone: bool,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Effect {
    AtLeast,
    MoreThan,
    AtMost,
    LessThan,
    About,
    None,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct HedgeEntry {
    pub(super) effect: Effect,
    pub(super) words: Words,
    #[serde(default)]
    pub(super) not_time: Vec<String>,
    /// The words say how near a number is, and not where a range ends.
    #[serde(default)]
    pub(super) nearly: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RangeWords {
    pub(super) dashes: Words,
    pub(super) words: Words,
    pub(super) openers: Words,
    pub(super) joiners: Words,
    pub(super) closers: Words,
    pub(super) change_openers: Words,
    pub(super) change_verbs: Words,
    pub(super) change_links: Words,
    pub(super) alternatives: Words,
    pub(super) companions: Words,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Holiday {
    pub(super) words: Words,
    pub(super) month: Spanned<u32>,
    pub(super) day: u32,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub(super) enum RelativeGrain {
    Year,
    Quarter,
    Month,
    Week,
    Day,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RelativeEntry {
    pub(super) words: Words,
    pub(super) grain: RelativeGrain,
    pub(super) offset: i32,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PartEntry {
    pub(super) words: Words,
    pub(super) first: Spanned<u32>,
    pub(super) months: u32,
    /// The words that are a period even without a year beside them.
    #[serde(default)]
    pub(super) alone: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WeekEntry {
    pub(super) words: Words,
    /// Which week of the year; -1 the last, 0 a number follows.
    pub(super) nth: i32,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DateBound {
    pub(super) effect: Effect,
    pub(super) words: Words,
    /// Words that need a closing word after the date (从…起).
    #[serde(default)]
    pub(super) only_with_end: Vec<String>,
}
