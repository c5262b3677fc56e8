//! English numerals in words: twenty-six, three million and a half, two thirds, half a dozen, minus five point five.

use rust_decimal::Decimal;

use super::digits;
use super::han;
use super::lexicon::{NumberWord, QuantityLexicon};
use super::model::Figure;
use super::number::{Number, Style};
use super::token::{MARKUP, Parsed, begins};
use super::word_trie::Boundary;

/// A numeral in words, or a minus word before digits.
pub(super) fn number<'a>(input: &'a str, lexicon: &QuantityLexicon) -> Parsed<'a, Number> {
    let Some((length, word)) = lexicon.numbers.longest(input, Boundary::Word) else { return failed() };
    let after = &input[length..];
    match word {
        NumberWord::Minus => {
            let after = separator(after).ok_or(nom::Err::Error(()))?;
            if after.starts_with(|sign: char| sign.is_ascii_digit()) {
                let (after, number) = digits::number(after)?;
                let (after, number) = digits::scaled(after, number, lexicon, false)?;
                return Ok((after, number.negated()));
            }
            let (after, number) = words(after, lexicon)?;
            Ok((after, Number { lone: false, single: false, ..number.negated() }))
        }
        NumberWord::Half => half(after, lexicon),
        NumberWord::And | NumberWord::Point => failed(),
        _ => words(input, lexicon),
    }
}

fn fraction_number(value: Decimal) -> Number {
    Number { style: Style::English, ..han::fraction_number(value) }
}

fn failed<'a, T>() -> Parsed<'a, T> {
    Err(nom::Err::Error(()))
}

/// Blanks or one hyphen between the words of a numeral.
fn separator(input: &str) -> Option<&str> {
    if !begins(input, b" -\x01") {
        return None;
    }
    let rest = input.trim_start_matches([' ', MARKUP]);
    let rest = match rest.strip_prefix('-') {
        // "fifty-two", and "fifty - two" as tokenized text has it
        Some(after) if rest.len() == input.len() => after,
        Some(after) if after.starts_with(' ') => after.trim_start_matches(' '),
        _ if rest.len() == input.len() => return None,
        _ => rest,
    };
    rest.starts_with(|sign: char| sign.is_ascii_alphanumeric()).then_some(rest)
}

fn word<'a>(input: &'a str, lexicon: &QuantityLexicon) -> Option<(&'a str, NumberWord)> {
    let (length, word) = lexicon.numbers.longest(input, Boundary::Word)?;
    Some((&input[length..], word))
}

fn next_word<'a>(input: &'a str, lexicon: &QuantityLexicon) -> Option<(&'a str, NumberWord)> {
    word(separator(input)?, lexicon)
}

/// `half`, `half a million`, `half a dozen`.
fn half<'a>(after: &'a str, lexicon: &QuantityLexicon) -> Parsed<'a, Number> {
    let number = fraction_number(Decimal::new(5, 1));
    let mut rest = after;
    if let Some((next, NumberWord::Article)) = next_word(rest, lexicon) {
        rest = next;
    }
    match next_word(rest, lexicon) {
        Some((rest, NumberWord::Scale(power))) => {
            let number = number.scale(u32::from(power)).ok_or(nom::Err::Error(()))?;
            Ok((rest, Number { fraction: false, ..number }))
        }
        Some((rest, NumberWord::Dozen)) => {
            let figure = Figure::new(Decimal::from(6), Decimal::ONE);
            Ok((rest, Number { figure, fraction: false, ..number }))
        }
        _ => Ok((after, Number { lone: true, ..number })),
    }
}

#[derive(Default)]
struct Sum {
    total: i128,
    current: i128,
    last_scale: u32,
    step: i128,
}

fn words<'a>(input: &'a str, lexicon: &QuantityLexicon) -> Parsed<'a, Number> {
    let mut rest = input;
    let mut sum = Sum { step: 1, ..Sum::default() };
    let mut count = 0;
    let mut article = false;
    let mut power_written = 0;
    let mut only = None;
    loop {
        let place = if count == 0 && !article { Some(rest) } else { separator(rest) };
        let Some((mut after, mut next)) = place.and_then(|place| word(place, lexicon)) else { break };
        if next == NumberWord::And
            && (power_written > 0 || sum.current % 100 == 0 || sum.current % 10 == 0)
            && count > 0
        {
            // "one hundred and five", "one billion and a half million" (the half is read below).
            match next_word(after, lexicon) {
                Some((further, word @ (NumberWord::One(_) | NumberWord::Ten(_))))
                    if sum.current % 100 == 0 || matches!(word, NumberWord::One(1..10)) =>
                {
                    if fraction_word(further, lexicon).is_some() {
                        break;
                    }
                    (after, next) = (further, word);
                }
                _ => break,
            }
        }
        match next {
            NumberWord::Article if count == 0 && !article => {
                article = true;
                rest = after;
                continue;
            }
            NumberWord::One(value)
                if !article && sum.current % 100 == 0 && (count == 0 || sum.current + sum.total > 0) =>
            {
                sum.current += i128::from(value);
                sum.step = 1;
            }
            NumberWord::One(value @ 1..10)
                if !article && sum.current % 10 == 0 && sum.current % 100 >= 20 =>
            {
                sum.current += i128::from(value);
                sum.step = 1;
            }
            NumberWord::Ten(value) if !article && sum.current % 100 == 0 => {
                sum.current += i128::from(value);
                sum.step = 1;
            }
            NumberWord::Hundred if sum.current < 100 && (count > 0 || article) => {
                sum.current = sum.current.max(1) * 100;
                sum.step = 1;
                article = false;
            }
            NumberWord::Dozen if sum.current < 1000 && (count > 0 || article) => {
                sum.current = sum.current.max(1) * 12;
                sum.step = 1;
                article = false;
            }
            NumberWord::Scale(power) if count > 0 || article => {
                let unit = 10_i128.pow(u32::from(power));
                let section = if sum.current == 0 && sum.total == 0 { 1 } else { sum.current };
                let total = if sum.last_scale != 0 && u32::from(power) >= sum.last_scale {
                    sum.total.checked_add(section).and_then(|total| total.checked_mul(unit))
                } else {
                    section.checked_mul(unit).and_then(|section| sum.total.checked_add(section))
                };
                let Some(total) = total.filter(|total| *total < 10_i128.pow(27)) else { break };
                sum.total = total;
                sum.current = 0;
                sum.last_scale = u32::from(power);
                sum.step = unit;
                power_written = u32::from(power);
                article = false;
            }
            NumberWord::Point if count > 0 && power_written == 0 => {
                let Some((after, figure)) = decimals(after, sum.total + sum.current, lexicon) else { break };
                let number = whole(figure);
                return Ok(match next_word(after, lexicon) {
                    Some((rest, NumberWord::Scale(power))) => {
                        (rest, number.scale(u32::from(power)).ok_or(nom::Err::Error(()))?)
                    }
                    _ => (after, number),
                });
            }
            _ => break,
        }
        only = (count == 0).then_some(next);
        count += 1;
        rest = after;
    }
    let value = sum.total.checked_add(sum.current).ok_or(nom::Err::Error(()))?;
    if article {
        // "a third of", "a half"
        let (after, divisor) = fraction_word(rest, lexicon).ok_or(nom::Err::Error(()))?;
        let number = fraction_number(Decimal::ONE / Decimal::from(divisor));
        if let Some((rest, NumberWord::Scale(power))) = next_word(after, lexicon) {
            let number = number.scale(u32::from(power)).ok_or(nom::Err::Error(()))?;
            return Ok((rest, Number { fraction: false, ..number }));
        }
        if !closes_fraction(after) {
            return failed();
        }
        return Ok((after, number));
    }
    if count == 0 {
        return failed();
    }
    let figure = Figure::new(decimal(value)?, decimal(sum.step)?);
    let mut number = whole(figure);
    number.power = power_written;
    number.lone = only == Some(NumberWord::One(1));
    number.single = only.is_some();
    if let Some((after, divisor)) = fraction_word(rest, lexicon)
        && is_fraction(value, divisor, rest, after)
        && let Some(quotient) = decimal(value)?.checked_div(Decimal::from(divisor))
    {
        let number = fraction_number(quotient);
        let of = after
            .strip_prefix(" of a")
            .map(|_| &after[" of a".len()..])
            .filter(|rest| matches!(next_word(rest, lexicon), Some((_, NumberWord::Scale(_)))));
        return Ok(match next_word(of.unwrap_or(after), lexicon) {
            Some((rest, NumberWord::Scale(power))) => {
                (rest, number.scale(u32::from(power)).ok_or(nom::Err::Error(()))?)
            }
            _ => (after, number),
        });
    }
    // "twenty-first", "twenty first": no number of things; "two third-party vendors" are two.
    if let Some(place) = separator(rest)
        && lexicon.ordinals.longest(place, Boundary::Word).is_some()
        && (rest.starts_with('-') || value >= 20 && value % 10 == 0 && !place.starts_with("second"))
    {
        return failed();
    }
    Ok(mixed(rest, number, lexicon))
}

/// "and a half", "and three quarters" behind a number.
pub(super) fn mixed<'a>(rest: &'a str, number: Number, lexicon: &QuantityLexicon) -> (&'a str, Number) {
    let unchanged = (rest, number);
    let Some((after, NumberWord::And)) = next_word(rest, lexicon) else { return unchanged };
    let Some(place) = separator(after) else { return unchanged };
    let (after, part) = match word(place, lexicon) {
        Some((after, NumberWord::Article)) => match fraction_word(after, lexicon) {
            Some((after, divisor)) => (after, Decimal::ONE / Decimal::from(divisor)),
            None => return unchanged,
        },
        Some((after, NumberWord::One(_) | NumberWord::Ten(_))) => {
            let (after, value) = small(after, place, lexicon);
            match fraction_word(after, lexicon) {
                Some((after, divisor)) => (after, Decimal::from(value) / Decimal::from(divisor)),
                None => return unchanged,
            }
        }
        Some((after, NumberWord::Half)) => (after, Decimal::new(5, 1)),
        _ => return unchanged,
    };
    // "3 million and a half" is three and a half million; "one billion and a half million" names its own scale, and
    // that of "two and a half million" is that of both.
    let (after, unit) = match next_word(after, lexicon) {
        Some((scaled, NumberWord::Scale(power))) if number.power == 0 => {
            let both = number.figure.value.checked_add(part).filter(|_| part < Decimal::ONE);
            let figure = both.map(|value| Figure::new(value.normalize(), Decimal::new(1, 1)));
            let whole =
                figure.map(|figure| Number { figure, fraction: false, lone: false, single: false, ..number });
            return match whole.and_then(|whole| whole.scale(u32::from(power))) {
                Some(whole) => (scaled, whole),
                None => unchanged,
            };
        }
        Some((after, NumberWord::Scale(power))) => {
            (after, super::number::power_of_ten(u32::from(power)).unwrap_or(Decimal::ONE))
        }
        _ if number.power > 0 => (after, number.figure.step.max(Decimal::ONE)),
        _ => (after, Decimal::ONE),
    };
    if part >= Decimal::ONE {
        return unchanged;
    }
    let Some(value) = part.checked_mul(unit).and_then(|part| number.figure.value.checked_add(part)) else {
        return unchanged;
    };
    let coarse_step = unit * Decimal::new(1, 1);
    let figure = Figure { value: value.normalize(), step: coarse_step, coarse_step };
    (after, Number { figure, fraction: false, lone: false, single: false, ..number })
}

/// A number below a hundred at `place`, whose first word ends at `after`.
fn small<'a>(after: &'a str, place: &'a str, lexicon: &QuantityLexicon) -> (&'a str, u32) {
    match word(place, lexicon) {
        Some((_, NumberWord::One(value))) => (after, value.into()),
        Some((_, NumberWord::Ten(tens))) => match next_word(after, lexicon) {
            Some((rest, NumberWord::One(ones @ 1..10))) => (rest, u32::from(tens + ones)),
            _ => (after, tens.into()),
        },
        _ => (after, 0),
    }
}

/// What a fraction is divided by: thirds, quarters, twenty-firsts.
fn fraction_word<'a>(input: &'a str, lexicon: &QuantityLexicon) -> Option<(&'a str, u64)> {
    let place = separator(input)?;
    if let Some((length, divisor)) = lexicon.fractions.longest(place, Boundary::Word) {
        return Some((&place[length..], divisor));
    }
    let (rest, NumberWord::Ten(tens)) = word(place, lexicon)? else { return None };
    let place = separator(rest)?;
    let (length, ones) = lexicon
        .fractions
        .longest(place, Boundary::Word)
        .or_else(|| lexicon.ordinals.longest(place.strip_suffix('s').unwrap_or(place), Boundary::Letters))?;
    let plural = usize::from(place[length..].starts_with('s'));
    (ones < 10).then(|| (&place[length + plural..], u64::from(tens) + ones))
}

/// After "a third" only "of" or the end of the clause makes a fraction of it ("a third round" is none).
fn closes_fraction(after: &str) -> bool {
    let next = after.trim_start_matches([' ', MARKUP]);
    next.len() == after.len() && !next.starts_with('-')
        || ["of ", "as ", "the ", "more ", "less ", "a "].iter().any(|word| next.starts_with(word))
}

/// One third, two thirds, two-third; but no third-party vendors, no twenty-fifth, and no two quarters, which are
/// three months each.
fn is_fraction(value: i128, divisor: u64, rest: &str, after: &str) -> bool {
    let written = &rest[..rest.len() - after.len()];
    let glued = written.starts_with('-') && value < 20 && !after.starts_with('-');
    let many = written.ends_with(['s', 'S']);
    let quarters = divisor == 4 && value % 2 == 0;
    value > 0 && !quarters && (value == 1 || many || glued)
}

fn decimals<'a>(after: &'a str, whole: i128, lexicon: &QuantityLexicon) -> Option<(&'a str, Figure)> {
    let mut rest = after;
    let mut mantissa = whole;
    let mut places = 0;
    while let Some((after, word)) = next_word(rest, lexicon) {
        match word {
            NumberWord::One(value @ 0..10) if places < 12 => {
                mantissa = mantissa.checked_mul(10)?.checked_add(i128::from(value))?;
                places += 1;
            }
            NumberWord::One(value) if places == 0 => {
                mantissa = mantissa.checked_mul(100)?.checked_add(i128::from(value))?;
                places += 2;
            }
            NumberWord::Ten(value) if places == 0 => {
                mantissa = mantissa.checked_mul(100)?.checked_add(i128::from(value))?;
                places += 2;
            }
            _ => break,
        }
        rest = after;
    }
    if places == 0 {
        return None;
    }
    let value = Decimal::try_from_i128_with_scale(mantissa, places).ok()?;
    Some((rest, Figure::new(value, Decimal::try_new(1, places).ok()?)))
}

fn decimal(value: i128) -> Result<Decimal, nom::Err<()>> {
    Decimal::try_from_i128_with_scale(value, 0).map_err(|_| nom::Err::Error(()))
}

fn whole(figure: Figure) -> Number {
    Number::new(figure, Style::English)
}

/// An ordinal in words: third, twenty-first, one hundred and fifth.
pub(super) fn ordinal<'a>(input: &'a str, lexicon: &QuantityLexicon) -> Option<(&'a str, u64)> {
    if let Some(found) = lesser_ordinal(input, lexicon) {
        return Some(found);
    }
    let (rest, NumberWord::One(hundreds @ 1..10)) = word(input, lexicon)? else { return None };
    let (rest, NumberWord::Hundred) = next_word(rest, lexicon)? else { return None };
    let place = separator(rest)?;
    let place = match word(place, lexicon) {
        Some((after, NumberWord::And)) => separator(after)?,
        _ => place,
    };
    let (rest, lesser) = lesser_ordinal(place, lexicon).filter(|(_, lesser)| *lesser < 100)?;
    Some((rest, 100 * u64::from(hundreds) + lesser))
}

/// An ordinal of one word or two.
fn lesser_ordinal<'a>(input: &'a str, lexicon: &QuantityLexicon) -> Option<(&'a str, u64)> {
    if let Some((length, value)) = lexicon.ordinals.longest(input, Boundary::Word) {
        return Some((&input[length..], value));
    }
    let (rest, NumberWord::Ten(tens)) = word(input, lexicon)? else { return None };
    let place = separator(rest)?;
    let (length, ones) = lexicon.ordinals.longest(place, Boundary::Word).filter(|&(_, ones)| ones < 10)?;
    Some((&place[length..], u64::from(tens) + ones))
}

/// `3 dozen` behind digits.
pub(super) fn dozens<'a>(
    rest: &'a str,
    number: &Number,
    lexicon: &QuantityLexicon,
) -> Option<(&'a str, Number)> {
    if !number.plain {
        return None;
    }
    let (after, NumberWord::Dozen) = next_word(rest, lexicon)? else { return None };
    let figure = number.figure.scaled(Decimal::from(12))?;
    Some((after, Number { figure, plain: false, ..*number }))
}

/// `2 crore 50 lakh`, `6 crore and two hundred` behind digits: Indian scales are written one after the other.
pub(super) fn lesser_scales<'a>(
    rest: &'a str,
    number: &Number,
    lexicon: &QuantityLexicon,
) -> Option<(&'a str, Number)> {
    const LAKH: u32 = 5;
    const CRORE: u32 = 7;
    if !matches!(number.power, LAKH | CRORE) || !rest.starts_with(' ') || number.and_more {
        return None;
    }
    let place = separator(rest)?;
    let place = match word(place, lexicon) {
        Some((after, NumberWord::And)) => separator(after)?,
        _ => place,
    };
    let (after, lesser) = if place.starts_with(|sign: char| sign.is_ascii_digit()) {
        let (after, digits) = digits::number(place).ok()?;
        digits::scaled(after, digits, lexicon, false).ok()?
    } else {
        words(place, lexicon).ok()?
    };
    let counted = lexicon.unit_names.longest(super::token::skip_blanks(after), Boundary::Word);
    let counted = counted.is_some_and(|(_, word)| !matches!(word.unit, super::model::Unit::Money { .. }));
    let scaled =
        lesser.power >= 3 || lesser.style == Style::English && lesser.figure.value >= Decimal::ONE_HUNDRED;
    let limit = super::number::power_of_ten(number.power)?;
    if lesser.fraction || !scaled || counted || lesser.figure.value >= limit {
        return None;
    }
    let value = number.figure.value.checked_add(lesser.figure.value)?;
    Some((after, Number { figure: Figure { value, ..lesser.figure }, ..*number }))
}
