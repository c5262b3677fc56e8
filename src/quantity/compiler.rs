//! From the TOML tables to the lexicon.

use rust_decimal::Decimal;
use toml::Spanned;

use super::lexicon::{
    DateHedge, HanSign, Hedge, Join, NumberWord, Part, QuantityLexicon, Relative, Scale, UnitInfo, UnitWord,
};
use super::model::{Currency, Grain, MeasureUnit, Unit};
use super::vocabulary::{
    CurrencyEntry, EnglishNumbers, HanDigits, HedgeEntry, RangeWords, RelativeGrain, ScaleEntry, ShareEntry,
    ShareKind, UnitEntry, Vocabulary, Words,
};
use super::word_trie::WordTrie;
use crate::source::{DataFile, Fault, Span};

/// Adds the tables of one file to a lexicon and collects what is wrong with them.
pub(super) struct Compiler<'a> {
    pub(super) lexicon: &'a mut QuantityLexicon,
    pub(super) file: &'a DataFile,
    pub(super) faults: &'a mut Vec<Fault>,
}

impl Compiler<'_> {
    pub(super) fn add(&mut self, vocabulary: Vocabulary) {
        if let Some(han) = vocabulary.han {
            self.han(han);
        }
        if let Some(english) = vocabulary.english {
            self.english(english);
        }
        for entry in vocabulary.scale {
            self.scale(entry);
        }
        for entry in vocabulary.fraction {
            self.words(&entry.words, entry.value, |lexicon| &mut lexicon.fractions);
        }
        for entry in vocabulary.currency {
            self.currency(entry);
        }
        for entry in vocabulary.share {
            self.share(entry);
        }
        for entry in vocabulary.share_prefix {
            self.words(&entry.words, entry.factor.0, |lexicon| &mut lexicon.share_prefixes);
        }
        for entry in vocabulary.multiple_word {
            let value = (Unit::Multiple, entry.value.0);
            self.words(&entry.words, value, |lexicon| &mut lexicon.multiple_words);
        }
        for entry in vocabulary.percent_word {
            let value = (Unit::Percent, entry.value.0);
            self.words(&entry.words, value, |lexicon| &mut lexicon.multiple_words);
        }
        for entry in vocabulary.ordinal {
            self.words(&entry.words, entry.value, |lexicon| &mut lexicon.ordinals);
        }
        for entry in vocabulary.unit {
            self.unit(entry);
        }
        for entry in vocabulary.before {
            self.hedge(entry, true);
        }
        for entry in vocabulary.after {
            self.hedge(entry, false);
        }
        if let Some(range) = vocabulary.range {
            self.range(range);
        }
        for (index, words) in vocabulary.months.into_iter().flatten().enumerate() {
            self.words(&words, (index % 12) as u8 + 1, |lexicon| &mut lexicon.months);
        }
        for entry in vocabulary.holiday {
            let month = *entry.month.get_ref();
            if chrono::NaiveDate::from_ymd_opt(2000, month, entry.day).is_none() {
                let message = format!("month {month}, day {} is no date", entry.day);
                self.fault(&entry.month, message, "months run from 1 to 12");
                continue;
            }
            self.words(&entry.words, (month as u8, entry.day as u8), |lexicon| &mut lexicon.holidays);
        }
        for entry in vocabulary.relative {
            let grain = match entry.grain {
                RelativeGrain::Year => Grain::Year,
                RelativeGrain::Quarter => Grain::Quarter,
                RelativeGrain::Month => Grain::Month,
                RelativeGrain::Week => Grain::Week,
                RelativeGrain::Day => Grain::Day,
            };
            let value = Relative { grain, offset: entry.offset };
            self.words(&entry.words, value, |lexicon| &mut lexicon.relatives);
        }
        for entry in vocabulary.week {
            self.words(&entry.words, entry.nth, |lexicon| &mut lexicon.weeks);
        }
        self.words(&vocabulary.date_joins, Join::Word, |lexicon| &mut lexicon.date_joins);
        self.words(&vocabulary.time_after, (), |lexicon| &mut lexicon.times_after);
        self.words_reversed(&vocabulary.year_before, |lexicon| &mut lexicon.years_before);
        self.words_reversed(&vocabulary.duration_before, |lexicon| &mut lexicon.durations_before);
        for entry in vocabulary.part {
            let first = *entry.first.get_ref();
            if first == 0 || first.saturating_add(entry.months) > 13 {
                let message = format!("{} months from month {first} leave the year", entry.months);
                self.fault(&entry.first, message, "months run from 1 to 12");
                continue;
            }
            for word in &entry.words {
                let alone = entry.alone.iter().any(|alone| alone == word.get_ref());
                let part = Part { first: first as u8, months: entry.months as u8, alone };
                self.word(word, part, |lexicon| &mut lexicon.parts);
            }
        }
        for (entries, before) in [(vocabulary.bound_before, true), (vocabulary.bound_after, false)] {
            for entry in entries {
                for word in &entry.words {
                    let only_with_end = entry.only_with_end.iter().any(|other| other == word.get_ref());
                    let hedge = DateHedge { effect: entry.effect, only_with_end };
                    if before {
                        self.word_reversed(word, hedge, |lexicon| &mut lexicon.dates_before);
                    } else {
                        self.word(word, hedge, |lexicon| &mut lexicon.dates_after);
                    }
                }
            }
        }
        self.words(&vocabulary.fiscal_before, (), |lexicon| &mut lexicon.fiscal_before);
        self.words(&vocabulary.fiscal_after, (), |lexicon| &mut lexicon.fiscal_after);
        self.words(&vocabulary.ambiguous_months, (), |lexicon| &mut lexicon.ambiguous_months);
        self.words(&vocabulary.names, (), |lexicon| &mut lexicon.names);
        self.words(&vocabulary.code_prefixes, (), |lexicon| &mut lexicon.code_prefixes);
        self.words_reversed(&vocabulary.vague_before, |lexicon| &mut lexicon.vague_before);
        self.words_reversed(&vocabulary.not_before_one, |lexicon| &mut lexicon.not_before_one);
        self.words(&vocabulary.duration_articles, (), |lexicon| &mut lexicon.duration_articles);
        self.words(&vocabulary.duration_wholes, (), |lexicon| &mut lexicon.duration_wholes);
        self.words_reversed(&vocabulary.paid_before, |lexicon| &mut lexicon.paid_before);
        self.words(&vocabulary.not_unit, (), |lexicon| &mut lexicon.not_units);
        self.words(&vocabulary.ordinal_after, (), |lexicon| &mut lexicon.ordinals_after);
        self.words(&vocabulary.addresses, (), |lexicon| &mut lexicon.addresses);
        self.words_reversed(&vocabulary.not_after, |lexicon| &mut lexicon.not_after);
        self.words_reversed(&vocabulary.hyphen_before, |lexicon| &mut lexicon.hyphens_before);
        self.words_reversed(&vocabulary.label_before, |lexicon| &mut lexicon.labels_before);
        self.words(&vocabulary.label_after, (), |lexicon| &mut lexicon.labels_after);
        self.words_reversed(&vocabulary.rank_before, |lexicon| &mut lexicon.ranks_before);
    }

    fn han(&mut self, han: HanDigits) {
        if han.digits.get_ref().len() != 10 {
            let message = format!("{} digits", han.digits.get_ref().len());
            self.fault(&han.digits, message, "list ten entries, from zero to nine");
        }
        for (value, signs) in han.digits.get_ref().iter().take(10).enumerate() {
            self.signs(signs, HanSign::Digit(value as u8));
        }
        self.signs(&han.ten, HanSign::Power(1));
        self.signs(&han.hundred, HanSign::Power(2));
        self.signs(&han.thousand, HanSign::Power(3));
        self.signs(&han.twenty, HanSign::Tens(20));
        self.signs(&han.thirty, HanSign::Tens(30));
        self.signs(&han.point, HanSign::Point);
        self.signs(&han.minus, HanSign::Minus);
        self.signs(&han.half, HanSign::Half);
        self.signs(&han.and_more, HanSign::AndMore);
        self.lexicon.set_formal(&han.formal);
        self.words(&han.dozen, (), |lexicon| &mut lexicon.dozens);
        self.words(&han.dozen_goods, (), |lexicon| &mut lexicon.dozen_goods);
    }

    fn signs(&mut self, signs: &str, value: HanSign) {
        for sign in signs.chars() {
            self.lexicon.set_han(sign, value);
        }
    }

    fn english(&mut self, english: EnglishNumbers) {
        if english.ones.get_ref().len() != 20 {
            let message = format!("{} number words", english.ones.get_ref().len());
            self.fault(&english.ones, message, "list twenty entries, from zero to nineteen");
        }
        if english.tens.get_ref().len() != 8 {
            let message = format!("{} words for tens", english.tens.get_ref().len());
            self.fault(&english.tens, message, "list eight entries, from twenty to ninety");
        }
        let numbers = |lexicon: &mut QuantityLexicon, word: &str, value| {
            lexicon.numbers.insert(word, value);
        };
        for (value, words) in english.ones.get_ref().iter().take(20).enumerate() {
            words.iter().for_each(|word| numbers(self.lexicon, word, NumberWord::One(value as u8)));
        }
        for (index, words) in english.tens.get_ref().iter().take(8).enumerate() {
            let value = NumberWord::Ten((index as u8 + 2) * 10);
            words.iter().for_each(|word| numbers(self.lexicon, word, value));
        }
        for (words, value) in [
            (&english.hundred, NumberWord::Hundred),
            (&english.dozen, NumberWord::Dozen),
            (&english.and, NumberWord::And),
            (&english.point, NumberWord::Point),
            (&english.minus, NumberWord::Minus),
            (&english.article, NumberWord::Article),
            (&english.half, NumberWord::Half),
        ] {
            self.words(words, value, |lexicon| &mut lexicon.numbers);
        }
    }

    fn scale(&mut self, entry: ScaleEntry) {
        let power = *entry.power.get_ref();
        if power == 0 || power > 18 {
            let message = format!("power {power} is out of range");
            self.fault(&entry.power, message, "a scale is ten to the power of 1 to 18");
            return;
        }
        let scale = Scale { power: power as u8, needs_money: entry.needs_money };
        for word in &entry.words {
            self.word(word, scale, |lexicon| &mut lexicon.scales);
            if word.get_ref().is_ascii() {
                // "hundred" has its own part in English numerals and comes from the [english] table.
                if power > 2 && word.get_ref().len() >= 4 {
                    self.lexicon.numbers.insert(word.get_ref(), NumberWord::Scale(power as u8));
                }
            } else if entry.section {
                self.signs(word.get_ref(), HanSign::Section(power as u8));
            }
        }
        for letter in &entry.letters {
            self.word(letter, scale, |lexicon| &mut lexicon.scale_letters);
            self.lexicon.money_scales.insert(letter.get_ref(), scale);
        }
        self.words(&entry.money, scale, |lexicon| &mut lexicon.money_scales);
    }

    fn currency(&mut self, entry: CurrencyEntry) {
        let currency = match &entry.code {
            None => Currency::AnyDollar,
            Some(code) => match <[u8; 3]>::try_from(code.get_ref().as_bytes()) {
                Ok(letters) if letters.iter().all(u8::is_ascii_uppercase) => Currency::Iso(letters),
                _ => {
                    let message = format!("`{}` is no currency code", code.get_ref());
                    self.fault(code, message, "an ISO 4217 code has three capital letters, as in USD");
                    return;
                }
            },
        };
        let factor = if entry.minor { Decimal::new(1, 2) } else { Decimal::ONE };
        let value = UnitWord {
            unit: Unit::Money { currency, per: None },
            factor,
            discount: false,
            lone: true,
            spoken: false,
        };
        self.words(&entry.before, value, |lexicon| &mut lexicon.currency_marks);
        self.words(&entry.before, (), |lexicon| &mut lexicon.currency_marks_exact);
        // A sign stands behind the number as well (10 €).
        for mark in entry.before.iter().filter(|mark| is_sign(mark.get_ref())) {
            self.lexicon.unit_names.insert(mark.get_ref(), value);
        }
        self.names(&entry.names, value);
        self.names(&entry.spoken, UnitWord { spoken: true, ..value });
    }

    fn share(&mut self, entry: ShareEntry) {
        let (unit, discount) = match entry.kind {
            ShareKind::Percent => (Unit::Percent, false),
            ShareKind::Discount => (Unit::Percent, true),
            ShareKind::PercentagePoint => (Unit::PercentagePoint, false),
            ShareKind::BasisPoint => (Unit::BasisPoint, false),
            ShareKind::Multiple => (Unit::Multiple, false),
        };
        let value = UnitWord { unit, factor: entry.factor.0, discount, lone: true, spoken: false };
        self.names(&entry.names, value);
    }

    fn unit(&mut self, entry: UnitEntry) {
        let factor = entry.factor.get_ref().0;
        if factor <= Decimal::ZERO {
            let message = format!("factor {factor} is not above zero");
            self.fault(
                &entry.factor,
                message,
                "give what one of the unit is in the base unit of its dimension",
            );
            return;
        }
        if self.lexicon.unit_by_symbol(entry.symbol.get_ref()).is_some() {
            let message = format!("unit `{}` is defined twice", entry.symbol.get_ref());
            self.fault(&entry.symbol, message, "give one of them another symbol");
            return;
        }
        let Some(unit) = self.lexicon.add_unit(UnitInfo {
            symbol: entry.symbol.into_inner(),
            dimension: entry.dimension,
            factor,
        }) else {
            return;
        };
        let unit = Unit::Measure { unit: MeasureUnit(unit), per: None };
        let value = UnitWord { unit, factor: Decimal::ONE, discount: false, lone: entry.lone, spoken: false };
        self.words(&entry.symbols, value, |lexicon| &mut lexicon.unit_symbols);
        if let Unit::Measure { unit, .. } = unit {
            self.words(&entry.smaller, unit, |lexicon| &mut lexicon.smaller_symbols);
        }
        self.names(&entry.names, value);
    }

    /// Unit and currency names; ASCII words of three letters and more take a plural s.
    fn names(&mut self, names: &Words, value: UnitWord) {
        for name in names {
            self.word(name, value, |lexicon| &mut lexicon.unit_names);
            let text = name.get_ref();
            if text.len() > 2
                && text.bytes().all(|byte| byte.is_ascii() && byte != b'%')
                && !text.ends_with('s')
            {
                // A plural that is a name of its own keeps its meaning.
                self.lexicon.unit_names.insert(&format!("{text}s"), value);
            }
        }
    }

    fn hedge(&mut self, entry: HedgeEntry, before: bool) {
        for word in &entry.words {
            let not_time = entry.not_time.iter().any(|other| other == word.get_ref());
            let hedge = Hedge { effect: entry.effect, not_time, nearly: entry.nearly };
            if before {
                self.word_reversed(word, hedge, |lexicon| &mut lexicon.hedges_before);
            } else {
                self.word(word, hedge, |lexicon| &mut lexicon.hedges_after);
            }
        }
    }

    fn range(&mut self, range: RangeWords) {
        self.words(&range.dashes, Join::Dash, |lexicon| &mut lexicon.range_joins);
        self.words(&range.words, Join::Word, |lexicon| &mut lexicon.range_joins);
        self.words_reversed(&range.openers, |lexicon| &mut lexicon.range_openers);
        self.words(&range.joiners, (), |lexicon| &mut lexicon.range_joiners);
        self.words(&range.closers, (), |lexicon| &mut lexicon.range_closers);
        self.words_reversed(&range.change_verbs, |lexicon| &mut lexicon.change_verbs);
        self.words_reversed(&range.change_openers, |lexicon| &mut lexicon.change_openers);
        self.words(&range.change_links, (), |lexicon| &mut lexicon.change_links);
        self.words_reversed(&range.alternatives, |lexicon| &mut lexicon.alternatives);
        self.words_reversed(&range.companions, |lexicon| &mut lexicon.companions);
    }

    fn words<T: Copy + PartialEq>(
        &mut self,
        words: &Words,
        value: T,
        table: impl Fn(&mut QuantityLexicon) -> &mut WordTrie<T>,
    ) {
        for word in words {
            self.word(word, value, &table);
        }
    }

    fn word<T: Copy + PartialEq>(
        &mut self,
        word: &Spanned<String>,
        value: T,
        table: impl Fn(&mut QuantityLexicon) -> &mut WordTrie<T>,
    ) {
        let clash = table(self.lexicon).insert(word.get_ref(), value).is_some_and(|old| old != value);
        self.check(word, clash);
    }

    fn word_reversed<T: Copy + PartialEq>(
        &mut self,
        word: &Spanned<String>,
        value: T,
        table: impl Fn(&mut QuantityLexicon) -> &mut WordTrie<T>,
    ) {
        let clash =
            table(self.lexicon).insert_reversed(word.get_ref(), value).is_some_and(|old| old != value);
        self.check(word, clash);
    }

    fn words_reversed(&mut self, words: &Words, table: impl Fn(&mut QuantityLexicon) -> &mut WordTrie<()>) {
        for word in words {
            self.word_reversed(word, (), &table);
        }
    }

    fn check(&mut self, word: &Spanned<String>, clash: bool) {
        if word.get_ref().is_empty() {
            self.fault(word, "an empty word".to_owned(), "write the word as it stands in a text");
        } else if clash {
            let message = format!("`{}` is listed twice with two meanings", word.get_ref());
            self.fault(word, message, "remove one of them");
        }
    }

    fn fault<T>(&mut self, place: &Spanned<T>, message: String, help: &str) {
        let mut fault = self.file.fault(Span::from(place.span()), message);
        fault.help = Some(help.to_owned());
        self.faults.push(fault);
    }
}

/// Whether a currency mark is one sign without letters.
fn is_sign(mark: &str) -> bool {
    let mut signs = mark.chars();
    signs.next().is_some_and(|sign| !sign.is_alphanumeric()) && signs.next().is_none()
}
