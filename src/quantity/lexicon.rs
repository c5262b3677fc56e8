//! The compiled word tables of `rules/quantity/`.

use rust_decimal::Decimal;

use super::compiler::Compiler;
use super::model::{Bound, Grain, MeasureUnit, Unit};
use super::starts::Starts;
use super::vocabulary::{Effect, Vocabulary};
use super::word_trie::WordTrie;
use crate::source::{DataFile, Fault};

/// A character of a Han numeral.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum HanSign {
    Digit(u8),
    /// 十 百 千: a power of ten within a section.
    Power(u8),
    /// 廿 卅
    Tens(u8),
    /// 万 亿: a power of ten over sections.
    Section(u8),
    Point,
    Half,
    AndMore,
    Minus,
}

/// A word of an English numeral.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NumberWord {
    /// 0 to 19.
    One(u8),
    /// 20, 30 … 90.
    Ten(u8),
    Hundred,
    Dozen,
    Scale(u8),
    And,
    Point,
    Minus,
    Article,
    Half,
}

/// A scale behind a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Scale {
    pub(super) power: u8,
    pub(super) needs_money: bool,
}

/// A unit behind a number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct UnitWord {
    pub(super) unit: Unit,
    /// What one of the word is in the unit's own terms: 0.01 for cents, 10 for 成.
    pub(super) factor: Decimal,
    /// 折: two digits are tenths and hundredths (75折 = 75 %).
    pub(super) discount: bool,
    /// Read after a lone 一 or "a".
    pub(super) lone: bool,
    /// Money only where something is paid for: 块, which counts pieces too.
    pub(super) spoken: bool,
}

/// What a hedge word does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Hedge {
    pub(super) effect: Effect,
    pub(super) not_time: bool,
    /// Nearly, 接近: it tells one figure, and ends no range.
    pub(super) nearly: bool,
}

impl Effect {
    pub(super) fn bound(self) -> Bound {
        match self {
            Effect::AtLeast => Bound::AtLeast,
            Effect::MoreThan => Bound::MoreThan,
            Effect::AtMost => Bound::AtMost,
            Effect::LessThan => Bound::LessThan,
            Effect::About | Effect::None => Bound::Exact,
        }
    }
}

/// How two numbers are joined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Join {
    Dash,
    /// 至, 到, to
    Word,
}

/// A period counted from the report's date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Relative {
    pub(super) grain: Grain,
    pub(super) offset: i32,
}

/// A piece of a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) first: u8,
    pub(super) months: u8,
    pub(super) alone: bool,
}

/// A word beside a date that opens one side of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct DateHedge {
    pub(super) effect: Effect,
    pub(super) only_with_end: bool,
}

#[derive(Clone, Debug)]
pub(super) struct UnitInfo {
    pub(super) symbol: String,
    pub(super) dimension: String,
    pub(super) factor: Decimal,
}

/// The words, units and currencies the quantity grammar reads, compiled for lookup.
#[derive(Clone, Debug)]
pub struct QuantityLexicon {
    units: Vec<UnitInfo>,
    han: Box<[Option<HanSign>]>,
    formal: Vec<char>,
    pub(super) numbers: WordTrie<NumberWord>,
    pub(super) fractions: WordTrie<u64>,
    pub(super) scales: WordTrie<Scale>,
    pub(super) scale_letters: WordTrie<Scale>,
    pub(super) money_scales: WordTrie<Scale>,
    pub(super) currency_marks: WordTrie<UnitWord>,
    /// The same words in their own case.
    pub(super) currency_marks_exact: WordTrie<()>,
    pub(super) unit_names: WordTrie<UnitWord>,
    pub(super) unit_symbols: WordTrie<UnitWord>,
    /// Symbols that are words elsewhere and stand only behind an amount in a larger unit.
    pub(super) smaller_symbols: WordTrie<MeasureUnit>,
    pub(super) share_prefixes: WordTrie<Decimal>,
    pub(super) multiple_words: WordTrie<(Unit, Decimal)>,
    pub(super) hedges_before: WordTrie<Hedge>,
    pub(super) hedges_after: WordTrie<Hedge>,
    pub(super) range_joins: WordTrie<Join>,
    pub(super) range_openers: WordTrie<()>,
    pub(super) range_joiners: WordTrie<()>,
    pub(super) range_closers: WordTrie<()>,
    pub(super) change_openers: WordTrie<()>,
    pub(super) change_verbs: WordTrie<()>,
    pub(super) change_links: WordTrie<()>,
    pub(super) alternatives: WordTrie<()>,
    pub(super) companions: WordTrie<()>,
    pub(super) years_before: WordTrie<()>,
    pub(super) times_after: WordTrie<()>,
    pub(super) months: WordTrie<u8>,
    pub(super) ambiguous_months: WordTrie<()>,
    pub(super) holidays: WordTrie<(u8, u8)>,
    pub(super) relatives: WordTrie<Relative>,
    pub(super) parts: WordTrie<Part>,
    pub(super) weeks: WordTrie<i32>,
    pub(super) date_joins: WordTrie<Join>,
    pub(super) durations_before: WordTrie<()>,
    pub(super) dates_before: WordTrie<DateHedge>,
    pub(super) dates_after: WordTrie<DateHedge>,
    pub(super) fiscal_before: WordTrie<()>,
    pub(super) fiscal_after: WordTrie<()>,
    pub(super) names: WordTrie<()>,
    pub(super) code_prefixes: WordTrie<()>,
    pub(super) vague_before: WordTrie<()>,
    pub(super) not_before_one: WordTrie<()>,
    pub(super) duration_articles: WordTrie<()>,
    pub(super) duration_wholes: WordTrie<()>,
    pub(super) paid_before: WordTrie<()>,
    pub(super) dozens: WordTrie<()>,
    pub(super) dozen_goods: WordTrie<()>,
    pub(super) not_units: WordTrie<()>,
    pub(super) not_after: WordTrie<()>,
    pub(super) hyphens_before: WordTrie<()>,
    pub(super) labels_before: WordTrie<()>,
    pub(super) labels_after: WordTrie<()>,
    pub(super) ranks_before: WordTrie<()>,
    pub(super) ordinals_after: WordTrie<()>,
    pub(super) ordinals: WordTrie<u64>,
    pub(super) addresses: WordTrie<()>,
    pub(super) starts: Starts,
}

const HAN_FIRST: u32 = 0x3007;
const HAN_LAST: u32 = 0x9FFF;

impl QuantityLexicon {
    /// Reads all files whose path starts with `quantity/`; several files may add to one table.
    ///
    /// # Errors
    /// Every fault of every file, with its place.
    pub fn from_files(files: &[DataFile]) -> Result<QuantityLexicon, Vec<Fault>> {
        let mut faults = Vec::new();
        let mut lexicon = Self::empty();
        for file in files.iter().filter(|file| file.path.starts_with("quantity/")) {
            match file.read::<Vocabulary>() {
                Ok(vocabulary) => {
                    Compiler { lexicon: &mut lexicon, file, faults: &mut faults }.add(vocabulary)
                }
                Err(mut found) => faults.append(&mut found),
            }
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        lexicon.starts = Starts::of(&lexicon);
        Ok(lexicon)
    }

    /// The symbol of a unit as the contract writes it: `GW`, `year`, `people`.
    pub fn unit_symbol(&self, unit: MeasureUnit) -> &str {
        self.units.get(usize::from(unit.0)).map_or("", |info| &info.symbol)
    }

    /// The dimension (power, energy, mass, time, people …) and the exact factor to its base unit.
    pub fn dimension(&self, unit: MeasureUnit) -> (&str, Decimal) {
        self.units.get(usize::from(unit.0)).map_or(("", Decimal::ONE), |info| (&info.dimension, info.factor))
    }

    /// The unit with this symbol.
    pub fn unit_by_symbol(&self, symbol: &str) -> Option<MeasureUnit> {
        self.units.iter().position(|info| info.symbol == symbol).map(|index| MeasureUnit(index as u16))
    }

    pub(super) fn han(&self, sign: char) -> Option<HanSign> {
        let code = u32::from(sign);
        if !(HAN_FIRST..=HAN_LAST).contains(&code) {
            return None;
        }
        self.han[(code - HAN_FIRST) as usize]
    }

    pub(super) fn set_han(&mut self, sign: char, value: HanSign) {
        let code = u32::from(sign);
        if (HAN_FIRST..=HAN_LAST).contains(&code) {
            self.han[(code - HAN_FIRST) as usize] = Some(value);
        }
    }

    pub(super) fn han_signs(&self) -> impl Iterator<Item = u32> + '_ {
        (HAN_FIRST..=HAN_LAST).filter(|code| self.han[(code - HAN_FIRST) as usize].is_some())
    }

    pub(super) fn set_formal(&mut self, signs: &str) {
        self.formal.extend(signs.chars());
    }

    pub(super) fn add_unit(&mut self, info: UnitInfo) -> Option<u16> {
        let index = u16::try_from(self.units.len()).ok()?;
        self.units.push(info);
        Some(index)
    }

    pub(super) fn is_formal(&self, sign: char) -> bool {
        self.formal.contains(&sign)
    }

    /// A count of things (people, companies …): its dimension is its own symbol.
    pub(super) fn is_count(&self, unit: Unit) -> bool {
        matches!(unit, Unit::Measure { unit, .. } if self.dimension(unit).0 == self.unit_symbol(unit))
    }

    pub(super) fn is_time(&self, unit: Unit) -> bool {
        matches!(unit, Unit::Measure { unit, .. } if self.dimension(unit).0 == "time")
    }

    fn empty() -> Self {
        fn folded<T: Copy>() -> WordTrie<T> {
            WordTrie::new(true)
        }
        Self {
            units: Vec::new(),
            han: vec![None; (HAN_LAST - HAN_FIRST + 1) as usize].into(),
            formal: Vec::new(),
            numbers: folded(),
            fractions: folded(),
            scales: folded(),
            scale_letters: WordTrie::new(false),
            money_scales: WordTrie::new(false),
            currency_marks: folded(),
            currency_marks_exact: WordTrie::new(false),
            unit_names: folded(),
            unit_symbols: WordTrie::new(false),
            smaller_symbols: WordTrie::new(false),
            share_prefixes: folded(),
            multiple_words: folded(),
            hedges_before: folded(),
            hedges_after: folded(),
            range_joins: folded(),
            range_openers: folded(),
            range_joiners: folded(),
            range_closers: folded(),
            change_openers: folded(),
            change_verbs: folded(),
            change_links: folded(),
            alternatives: folded(),
            companions: folded(),
            years_before: folded(),
            times_after: folded(),
            months: folded(),
            ambiguous_months: folded(),
            holidays: folded(),
            relatives: folded(),
            parts: folded(),
            weeks: folded(),
            date_joins: folded(),
            durations_before: folded(),
            dates_before: folded(),
            dates_after: folded(),
            fiscal_before: folded(),
            fiscal_after: folded(),
            names: folded(),
            code_prefixes: folded(),
            vague_before: folded(),
            not_before_one: folded(),
            duration_articles: folded(),
            duration_wholes: folded(),
            paid_before: folded(),
            dozens: folded(),
            dozen_goods: folded(),
            not_units: folded(),
            not_after: folded(),
            hyphens_before: folded(),
            labels_before: folded(),
            labels_after: folded(),
            ranks_before: folded(),
            ordinals_after: folded(),
            ordinals: folded(),
            addresses: folded(),
            starts: Starts::default(),
        }
    }
}
