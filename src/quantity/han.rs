//! Chinese numerals: 二十万亿, 一千三, 零点五, 五六百亿, 十几万, 三分之一.

use rust_decimal::Decimal;

use super::lexicon::{HanSign, QuantityLexicon};
use super::model::Figure;
use super::number::{Number, Style};
use super::token::{Parsed, consumed};
use super::word_trie::Boundary;

/// A Han numeral; `半` behind a unit is read elsewhere.
pub(super) fn number<'a>(input: &'a str, lexicon: &QuantityLexicon) -> Parsed<'a, Number> {
    let mut rest = input;
    let mut negative = false;
    if let Some((sign, after)) = first(rest)
        && lexicon.han(sign) == Some(HanSign::Minus)
    {
        negative = true;
        rest = after;
        if let Ok((after, digits)) = super::digits::number(super::token::skip_blanks(rest)) {
            let (after, number) = match fraction(after, &digits, lexicon) {
                Some(found) => found,
                None => super::digits::scaled(after, digits, lexicon, false)?,
            };
            return Ok((after, number.negated()));
        }
    }
    if let Some((rest, number)) = half(rest, lexicon) {
        return Ok((rest, if negative { number.negated() } else { number }));
    }
    let start = rest;
    let (rest, number) = numeral(rest, lexicon)?;
    let (rest, number) = fraction(rest, &number, lexicon).unwrap_or((rest, number));
    // A single formal sign (陆, 肆) is a word, but for money.
    let formal = number.single && first(start).is_some_and(|(sign, _)| lexicon.is_formal(sign));
    let number = Number { formal, ..number };
    Ok((rest, if negative { number.negated() } else { number }))
}

/// The next sign of a numeral, across blanks where the signs on both sides belong together (三百 六十).
fn next_sign<'a>(
    rest: &'a str,
    last: Option<HanSign>,
    lexicon: &QuantityLexicon,
) -> Option<(char, Option<HanSign>, &'a str)> {
    let (sign, after) = first(rest)?;
    if sign != ' ' {
        return Some((sign, lexicon.han(sign), after));
    }
    let (sign, after) = first(rest.trim_start_matches(' '))?;
    let next = lexicon.han(sign);
    let fits = match last? {
        HanSign::Power(_) => {
            matches!(next?, HanSign::Digit(_) | HanSign::Section(_) | HanSign::AndMore | HanSign::Point)
        }
        HanSign::Section(_) => matches!(next?, HanSign::Digit(_) | HanSign::AndMore | HanSign::Point),
        HanSign::Digit(_) => matches!(next?, HanSign::Power(_) | HanSign::Section(_) | HanSign::Point),
        HanSign::AndMore => matches!(next?, HanSign::Section(_)),
        _ => false,
    };
    fits.then_some((sign, next, after))
}

fn first(input: &str) -> Option<(char, &str)> {
    let sign = input.chars().next()?;
    Some((sign, &input[sign.len_utf8()..]))
}

fn plain(figure: Figure) -> Number {
    Number::new(figure, Style::Han)
}

/// 半 before a unit: the caller takes it only when one follows.
fn half<'a>(input: &'a str, lexicon: &QuantityLexicon) -> Option<(&'a str, Number)> {
    let (mut sign, mut rest) = first(input)?;
    let alone = lexicon.han(sign) == Some(HanSign::Half);
    if !alone {
        if lexicon.han(sign) != Some(HanSign::Digit(1)) {
            return None;
        }
        (sign, rest) = first(rest)?;
        if lexicon.han(sign) != Some(HanSign::Half) {
            return None;
        }
    }
    // 年过半百; but 半百分点 is half a point.
    if let Some(after) = rest.strip_prefix(['百', '佰']).filter(|after| alone && !after.starts_with('分'))
    {
        return Some((after, plain(Figure::new(Decimal::from(50), Decimal::ONE))));
    }
    let value = Decimal::new(5, 1);
    let figure = Figure { value, step: Decimal::new(1, 1), coarse_step: Decimal::new(1, 1) };
    Some((rest, Number { single: alone, fraction: !alone, ..plain(figure) }))
}

/// The running value of a numeral.
#[derive(Default)]
struct Sum {
    /// Sections above the current one.
    total: i128,
    /// The current section, below ten thousand.
    section: i128,
    /// A digit that waits for its power.
    digit: Option<i128>,
    /// The power of the last 十/百/千 or section, for 一千三.
    last_power: u32,
    /// The power of the last section sign.
    last_section: u32,
    zero_before: bool,
    step: i128,
}

impl Sum {
    /// The current section with its waiting digit.
    fn close_section(&mut self, at_end: bool) -> i128 {
        let mut section = self.section;
        if let Some(digit) = self.digit.take() {
            let power =
                if at_end && !self.zero_before && self.last_power > 1 { self.last_power - 1 } else { 0 };
            let unit = 10_i128.pow(power);
            section += digit * unit;
            self.step = unit;
        } else if section != 0 {
            self.step = 1;
        }
        self.section = 0;
        section
    }
}

fn numeral<'a>(input: &'a str, lexicon: &QuantityLexicon) -> Parsed<'a, Number> {
    if let Some(found) = digit_string(input, lexicon) {
        return Ok(found);
    }
    let mut rest = input;
    let mut sum = Sum { step: 1, ..Sum::default() };
    let mut spread = false;
    let mut power_written = 0;
    let mut and_more = false;
    let mut signs = 0;
    let mut last_sign = None;
    while let Some((sign, found, after)) = next_sign(rest, last_sign, lexicon) {
        // 三兆瓦: the sign begins a unit.
        if matches!(found, Some(HanSign::Section(_)))
            && lexicon
                .unit_names
                .longest(&rest[rest.len() - after.len() - sign.len_utf8()..], Boundary::Word)
                .is_some()
        {
            break;
        }
        last_sign = found;
        match found {
            Some(HanSign::Digit(0)) if sum.digit.is_none() => {
                sum.zero_before = true;
                if signs == 0 && !begins_decimal(after, lexicon) {
                    // 零 alone, or a string of digits that is none.
                    sum.digit = Some(0);
                }
            }
            Some(HanSign::Digit(value)) => {
                if let Some(before) = sum.digit {
                    // 五六百: neighbours only, and only where a power or the end follows.
                    let fits = before != 0
                        && i128::from(value) == before + 1
                        && !spread
                        && !next_is_digit(after, lexicon);
                    if !fits {
                        break;
                    }
                    spread = true;
                } else if value == 2 && signs > 0 && is_mass_liang(sign, after, lexicon) {
                    break;
                } else {
                    sum.digit = Some(i128::from(value));
                }
            }
            Some(HanSign::Tens(value)) if sum.digit.is_none() && sum.section % 100 == 0 => {
                sum.section += i128::from(value);
                sum.last_power = 1;
                sum.zero_before = false;
            }
            Some(HanSign::Power(power)) => {
                let digit = match sum.digit.take() {
                    Some(digit) => digit,
                    None if power == 1 && sum.section % 100 == 0 => 1,
                    None => break,
                };
                let unit = 10_i128.pow(u32::from(power));
                if sum.section % (unit * 10) != 0 {
                    sum.digit = Some(digit);
                    break;
                }
                sum.section += digit * unit;
                sum.last_power = u32::from(power);
                sum.zero_before = false;
                if spread && power > 0 {
                    sum.step = unit;
                }
            }
            Some(HanSign::Section(power)) if signs > 0 => {
                let power = u32::from(power);
                let unit = 10_i128.pow(power);
                let empty = sum.section == 0 && sum.digit.is_none();
                let section = sum.close_section(false);
                let total = if power > sum.last_section && sum.last_section != 0 {
                    sum.total.checked_add(section).and_then(|total| total.checked_mul(unit))
                } else if empty && power == sum.last_section {
                    sum.total.checked_mul(unit)
                } else if empty || power == sum.last_section {
                    None
                } else {
                    section.checked_mul(unit).and_then(|section| sum.total.checked_add(section))
                };
                let Some(total) = total.filter(|total| *total < 10_i128.pow(27)) else { break };
                sum.step = if empty { sum.step.saturating_mul(unit) } else { unit };
                sum.total = total;
                sum.last_section = power;
                sum.last_power = power;
                sum.zero_before = false;
                power_written = if empty { power_written + power } else { power };
            }
            Some(HanSign::AndMore) if signs > 0 && !and_more && sum.digit != Some(0) => {
                // 十几万, 五百余: nothing but a scale may follow.
                and_more = true;
                if matches!(next_sign(after, found, lexicon), Some((_, Some(HanSign::Section(_)), _))) {
                    rest = after;
                    signs += 1;
                    continue;
                }
                rest = after;
                signs += 1;
                break;
            }
            Some(HanSign::Point) if signs > 0 => {
                let Some((after, digits)) = decimals(after.trim_start_matches(' '), lexicon) else { break };
                return finish_decimal(input, after, sum, digits, lexicon);
            }
            _ => break,
        }
        rest = after;
        signs += 1;
        if and_more && !matches!(next_sign(rest, last_sign, lexicon), Some((_, Some(HanSign::Section(_)), _)))
        {
            break;
        }
    }
    if signs == 0 || (sum.total == 0 && sum.section == 0 && sum.digit.is_none()) {
        return Err(nom::Err::Error(()));
    }
    let single = signs == 1;
    let lone = single && sum.digit == Some(1);
    let spread_at_end = spread && sum.digit.is_some();
    let at_end = !spread_at_end;
    let section = sum.close_section(at_end);
    let Some(value) = sum.total.checked_add(section) else { return Err(nom::Err::Error(())) };
    let mut number = plain(Figure::new(decimal(value)?, decimal(sum.step)?));
    if spread {
        let unit = if spread_at_end { 1 } else { spread_unit(value, sum.step) };
        number.high = Some(Figure::new(decimal(value + unit)?, decimal(sum.step)?));
    }
    number.power = if number.figure.step > Decimal::ONE { power_written } else { 0 };
    number.and_more = and_more;
    number.lone = lone;
    number.single = single;
    number.needs_money = false;
    Ok((rest, number))
}

/// What the first of two neighbours counts: 五六百亿 → 100亿.
fn spread_unit(value: i128, step: i128) -> i128 {
    let mut unit = step.max(1);
    while value % (unit * 10) == 0 && unit < value {
        unit *= 10;
    }
    unit
}

fn decimal(value: i128) -> Result<Decimal, nom::Err<()>> {
    Decimal::try_from_i128_with_scale(value, 0).map_err(|_| nom::Err::Error(()))
}

fn next_is_digit(input: &str, lexicon: &QuantityLexicon) -> bool {
    matches!(first(input).map(|(sign, _)| lexicon.han(sign)), Some(Some(HanSign::Digit(_))))
}

fn begins_decimal(input: &str, lexicon: &QuantityLexicon) -> bool {
    matches!(first(input).map(|(sign, _)| lexicon.han(sign)), Some(Some(HanSign::Point)))
}

/// 两 behind a number is the weight, unless a power or a unit follows (一两百, 一两年).
fn is_mass_liang(sign: char, after: &str, lexicon: &QuantityLexicon) -> bool {
    matches!(sign, '两' | '兩')
        && lexicon.unit_names.longest(after, Boundary::Word).is_none()
        && !matches!(
            first(after).map(|(sign, _)| lexicon.han(sign)),
            Some(Some(HanSign::Power(_) | HanSign::Section(_) | HanSign::Digit(_)))
        )
}

/// 一打, 十打鸡蛋: behind a whole number, where nothing makes 打 a verb.
pub(super) fn dozens<'a>(
    rest: &'a str,
    number: &Number,
    lexicon: &QuantityLexicon,
) -> Option<(&'a str, Number)> {
    let (length, ()) = lexicon.dozens.longest(rest, Boundary::Word)?;
    let after = &rest[length..];
    let goods = || lexicon.dozen_goods.longest(super::token::skip_blanks(after), Boundary::Word).is_some();
    let counts =
        number.figure.step == Decimal::ONE && number.power == 0 && !number.and_more && !number.fraction;
    if !counts || number.high.is_some() || !(super::coins::ends_clause(after) || goods()) {
        return None;
    }
    let figure = number.figure.scaled(Decimal::from(12))?;
    Some((after, Number { figure, lone: false, single: false, plain: false, ..*number }))
}

/// Three or more digits side by side: 二零一七.
fn digit_string<'a>(input: &'a str, lexicon: &QuantityLexicon) -> Option<(&'a str, Number)> {
    if let Some(found) = spaced_discount(input, lexicon) {
        return Some(found);
    }
    let mut rest = input;
    let mut value = 0_i128;
    let mut count = 0;
    while let Some((sign, after)) = first(rest) {
        let Some(HanSign::Digit(digit)) = lexicon.han(sign) else { break };
        if count >= 27 {
            return None;
        }
        value = value * 10 + i128::from(digit);
        count += 1;
        rest = after;
    }
    let follows = first(rest).map(|(sign, _)| lexicon.han(sign));
    let discount = count == 2 && rest.starts_with('折');
    if count < 3 && !discount
        || matches!(follows, Some(Some(HanSign::Power(_) | HanSign::Section(_) | HanSign::Point)))
    {
        return None;
    }
    let figure = Figure::new(decimal(value).ok()?, Decimal::ONE);
    Some((rest, plain(figure)))
}

/// 九 九 折: the two digits of a discount, apart.
fn spaced_discount<'a>(input: &'a str, lexicon: &QuantityLexicon) -> Option<(&'a str, Number)> {
    let digit = |input: &'a str| match first(input) {
        Some((sign, rest)) => match lexicon.han(sign)? {
            HanSign::Digit(value) => Some((rest, value)),
            _ => None,
        },
        None => None,
    };
    let (rest, tens) = digit(input)?;
    let (rest, ones) = digit(rest.strip_prefix(' ')?.trim_start_matches(' '))?;
    rest.trim_start_matches(' ').starts_with('折').then_some(())?;
    let value = Decimal::from(u32::from(tens) * 10 + u32::from(ones));
    Some((rest, plain(Figure::new(value, Decimal::ONE))))
}

/// The digits behind 点.
fn decimals<'a>(input: &'a str, lexicon: &QuantityLexicon) -> Option<(&'a str, Vec<u8>)> {
    let mut rest = input;
    let mut digits = Vec::new();
    while let Some((sign, after)) = first(rest) {
        let Some(HanSign::Digit(digit)) = lexicon.han(sign) else { break };
        digits.push(digit);
        rest = after;
        if digits.len() > 15 {
            return None;
        }
    }
    // 八点二十: a time.
    let follows = first(rest).map(|(sign, _)| lexicon.han(sign));
    if digits.is_empty() || matches!(follows, Some(Some(HanSign::Power(_) | HanSign::Tens(_)))) {
        return None;
    }
    Some((rest, digits))
}

fn finish_decimal<'a>(
    input: &'a str,
    rest: &'a str,
    mut sum: Sum,
    digits: Vec<u8>,
    lexicon: &QuantityLexicon,
) -> Parsed<'a, Number> {
    let whole = sum.close_section(true);
    let Some(whole) = sum.total.checked_add(whole) else { return Err(nom::Err::Error(())) };
    let places = digits.len() as u32;
    let unit = 10_i128.pow(places);
    let fraction = digits.iter().fold(0_i128, |value, &digit| value * 10 + i128::from(digit));
    let mantissa = whole.checked_mul(unit).and_then(|whole| whole.checked_add(fraction));
    let value = mantissa.and_then(|mantissa| Decimal::try_from_i128_with_scale(mantissa, places).ok());
    let (Some(value), Ok(step)) = (value, Decimal::try_new(1, places)) else {
        return Err(nom::Err::Error(()));
    };
    let mut number = plain(Figure::new(value, step));
    let mut rest = rest;
    // 一点五万
    while let Some((sign, after)) = first(rest) {
        let Some(HanSign::Section(power)) = lexicon.han(sign) else { break };
        let Some(next) = number.scale(u32::from(power)) else { break };
        number = next;
        rest = after;
    }
    debug_assert!(consumed(input, rest) > 0);
    Ok((rest, number))
}

/// 三分之一, 十分之三, 一又三分之一: the number read so far is the denominator or the whole part.
pub(super) fn fraction<'a>(
    rest: &'a str,
    number: &Number,
    lexicon: &QuantityLexicon,
) -> Option<(&'a str, Number)> {
    if let Some(after) = super::token::skip_blanks(rest).strip_prefix('又')
        && let Ok((after, denominator)) = part(super::token::skip_blanks(after), lexicon)
        && let Some((after, part)) = over(after, &denominator, lexicon)
        && let Some(value) = number.figure.value.checked_add(part)
    {
        return Some((after, fraction_number(value)));
    }
    over(rest, number, lexicon).map(|(after, value)| (after, fraction_number(value)))
}

fn part<'a>(input: &'a str, lexicon: &QuantityLexicon) -> Parsed<'a, Number> {
    super::digits::number(input).or_else(|_| numeral(input, lexicon))
}

/// `分之` and the numerator; the quotient.
fn over<'a>(rest: &'a str, denominator: &Number, lexicon: &QuantityLexicon) -> Option<(&'a str, Decimal)> {
    let after = super::token::skip_blanks(rest).strip_prefix('分')?;
    let after = super::token::skip_blanks(after).strip_prefix('之')?;
    let after = super::token::skip_blanks(after);
    let minus = first(after).filter(|&(sign, _)| lexicon.han(sign) == Some(HanSign::Minus));
    let (after, numerator) = part(minus.map_or(after, |(_, rest)| rest), lexicon).ok()?;
    let quotient = numerator.figure.value.checked_div(denominator.figure.value)?;
    Some((after, if minus.is_some() { -quotient } else { quotient }))
}

/// A fraction in words; good to a hundredth when read with charity.
pub(super) fn fraction_number(value: Decimal) -> Number {
    let figure = Figure { value, step: Decimal::new(1, 20), coarse_step: Decimal::new(1, 2) };
    Number { fraction: true, ..plain(figure) }
}
