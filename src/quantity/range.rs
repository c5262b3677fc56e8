//! Two numbers joined to a range, and scales and units that carry between the ends of a change.

use rust_decimal::Decimal;

use super::amount::{Amount, amount, rescale};
use super::lexicon::{Join, QuantityLexicon};
use super::model::{Bound, Currency, Figure, Kind, Magnitude, Quantity, Unit};
use super::number::{Number, Style};
use super::reader::Reader;
use super::token::{MARKUP, at_word_end, begins, cut_blanks, skip_blanks};
use super::word_trie::Boundary;

/// A range that was read.
pub(super) struct Joined<'a> {
    pub(super) rest: &'a str,
    pub(super) low: Figure,
    pub(super) high: Figure,
    pub(super) unit: Unit,
}

/// The range that begins with `first` at `start`, if one does.
pub(super) fn joined<'a>(
    reader: &Reader<'a>,
    start: usize,
    rest: &'a str,
    first: &Amount,
) -> Option<Joined<'a>> {
    let lexicon = reader.lexicon;
    if first.number.high.is_some() || first.number.and_more {
        return None;
    }
    let apart = skip_blanks(rest);
    let before = cut_blanks(reader.behind(start));
    let mut word_join = false;
    let (after, needs_closer) = if let Some((length, join)) =
        lexicon.range_joins.longest(apart, Boundary::Word)
    {
        word_join = join == Join::Word;
        // from $12 million in 2019 to $30 million: the year ends there.
        if word_join && (is_dated(first, before, lexicon) || ends_change(reader, start, before)) {
            return None;
        }
        if join == Join::Word && lexicon.change_openers.longest_before(before).is_some() {
            // 从A到B, from A to B: the two ends of a change stay apart; a relation binds them one by one.
            return None;
        }
        if join == Join::Word && apart.starts_with(|sign: char| sign.is_ascii()) && apart.len() == rest.len()
        {
            return None;
        }
        (&apart[length..], false)
    } else {
        let (length, ()) = lexicon.range_joiners.longest(apart, Boundary::Word)?;
        let opened =
            lexicon.range_openers.longest_before(before).is_some_and(|(length, ())| length > '在'.len_utf8());
        (&apart[length..], !opened)
    };
    let after = skip_blanks(after);
    let (mut rest, mut second) = amount(after, lexicon).ok()?;
    if needs_closer && lexicon.range_closers.longest(skip_blanks(rest), Boundary::Word).is_none() {
        // 在-1与2间: the closing word is a unit elsewhere.
        let (bare, number) = super::number::number(after, lexicon, false).ok()?;
        lexicon.range_closers.longest(skip_blanks(bare), Boundary::Word)?;
        if first.unit != Unit::Bare {
            return None;
        }
        second = Amount::bare(number, false);
        rest = bare;
    }
    if second.signed || second.number.high.is_some() || second.number.fraction != first.number.fraction {
        return None;
    }
    // "ninety-five hundred" is one numeral; words are joined by "to".
    if first.number.style == Style::English && second.number.style == Style::English && apart.starts_with('-')
    {
        return None;
    }
    let unit = common_unit(first, &second)?;
    let share = matches!(unit, Unit::Percent | Unit::PercentagePoint | Unit::BasisPoint | Unit::Multiple);
    if word_join && !share && !apart.starts_with('到') && follows_change(before, lexicon) {
        return None;
    }
    let low = carry(first, &second)?;
    let high = second.number.figure;
    (low.value < high.value).then_some(Joined { rest, low, high, unit })
}

/// Whether a bare number is a year that the word before it makes one.
fn is_dated(number: &Amount, before: &str, lexicon: &QuantityLexicon) -> bool {
    let value = number.number.figure.value;
    let year = value >= Decimal::from(1900) && value < Decimal::from(2100) && value.fract().is_zero();
    let bare = number.unit == Unit::Bare && number.number.style == Style::Digits && number.number.plain;
    year && bare && lexicon.years_before.longest_before(before).is_some()
}

/// Whether a number at `start` is the last of several that a change names before its new value: grew 14% or $5.4
/// million to $54.7 million; from $40 million and $30 million to …
fn ends_change(reader: &Reader<'_>, start: usize, before: &str) -> bool {
    let lexicon = reader.lexicon;
    let alternative = lexicon.alternatives.longest_before(before);
    let companion = lexicon.companions.longest_before(before);
    let Some((length, ())) = alternative.or(companion) else { return false };
    let list = cut_blanks(&before[..before.len() - length]).trim_end_matches([',', '，']);
    let goes_on = reader.done > reader.range.start && reader.range.start + list.len() == reader.done;
    let near = super::token::tail(reader.behind(start));
    let opened =
        || near.char_indices().any(|(at, _)| lexicon.change_openers.longest_before(&near[..at]).is_some());
    goes_on && !reader.after_range && (alternative.is_some() || opened())
}

/// `100 ± 5`, `5% ± 0.5%`: the range a tolerance makes of `first`.
pub(super) fn tolerance<'a>(rest: &'a str, first: &Amount, lexicon: &QuantityLexicon) -> Option<Joined<'a>> {
    let apart = skip_blanks(rest);
    if !begins(apart, &[b'+', 0xC2]) {
        return None;
    }
    let after = TOLERANCE.iter().find_map(|mark| apart.strip_prefix(mark))?;
    let (rest, second) = amount(skip_blanks(after), lexicon).ok()?;
    if second.signed || second.marked || first.number.high.is_some() || second.number.high.is_some() {
        return None;
    }
    let unit = match (first.unit, second.unit) {
        (a, b) if a == b => a,
        (a, Unit::Bare) => a,
        (Unit::Bare, b) => b,
        _ => return None,
    };
    let (middle, half) = (first.number.figure, second.number.figure);
    let end = |value| Figure { value, step: half.step, coarse_step: half.step };
    let low = end(middle.value.checked_sub(half.value)?);
    let high = end(middle.value.checked_add(half.value)?);
    (half.value > Decimal::ZERO).then_some(Joined { rest, low, high, unit })
}

/// Marks of a tolerance: on both sides of what stands before, or of zero.
pub(super) const TOLERANCE: [&str; 3] = ["±", "+/-", "+/−"];

/// Whether a verb of change stands before, perhaps with a hedge between (rose by about).
fn follows_change(before: &str, lexicon: &QuantityLexicon) -> bool {
    let hedge = lexicon.hedges_before.longest_before(before).map_or(0, |(length, _)| length);
    let verb = |text: &str| lexicon.change_verbs.longest_before(text).is_some();
    verb(before) || hedge > 0 && verb(cut_blanks(&before[..before.len() - hedge]))
}

/// The unit of both, when they agree or only one names it.
fn common_unit(first: &Amount, second: &Amount) -> Option<Unit> {
    match (first.unit, second.unit) {
        (a, b) if a == b => Some(a),
        (Unit::Bare, b) => Some(b),
        (a @ Unit::Money { .. }, Unit::Bare) if first.marked => Some(a),
        (
            Unit::Money { currency: Currency::AnyDollar, .. },
            b @ Unit::Money { currency: Currency::Iso(code), .. },
        ) if code.ends_with(b"D") => Some(b),
        (a @ Unit::Money { currency, per: None }, b @ Unit::Money { currency: other, .. })
            if currency == other =>
        {
            let _ = a;
            Some(b)
        }
        _ => None,
    }
}

/// The first figure with the scale and the unit's factor of the second where it has none of its own.
fn carry(first: &Amount, second: &Amount) -> Option<Figure> {
    let mut number = first.number;
    if first.unit == Unit::Bare && second.unit != Unit::Bare {
        number = rescale(number, second.factor)?;
    }
    let figure = with_scale(number, second).filter(|scaled| scaled.value < second.number.figure.value);
    Some(figure.unwrap_or(number.figure))
}

fn with_scale(number: Number, second: &Amount) -> Option<Figure> {
    if number.power > 0 || second.number.power == 0 {
        return None;
    }
    number.scale(second.number.power).map(|number| number.figure)
}

/// `从3000涨到7300亿`: the scale and unit of the second end carry back to a bare first.
pub(super) fn carried<'a>(reader: &Reader<'a>, start: usize, rest: &'a str, first: Amount) -> Amount {
    let lexicon = reader.lexicon;
    if first.number.power > 0 || first.named || first.number.high.is_some() {
        return first;
    }
    let apart = skip_blanks(rest).trim_start_matches(['的', MARKUP]);
    let Some((length, ())) = lexicon.change_links.longest(apart, Boundary::Word) else {
        return listed(apart, first, lexicon);
    };
    let before = cut_blanks(reader.behind(start));
    let opened = lexicon.change_openers.longest_before(before).is_some();
    if !opened && length <= '到'.len_utf8() {
        return first;
    }
    let after = skip_blanks(apart[length..].trim_start_matches('了'));
    let Ok((_, second)) = amount(after, lexicon) else { return first };
    let mut carried = first;
    if first.unit == Unit::Bare && second.unit != Unit::Bare && !first.number.fraction {
        let Some(number) = rescale(first.number, second.factor) else { return first };
        carried.number = number;
        carried.unit = second.unit;
    } else if first.unit != second.unit && second.unit != Unit::Bare {
        return first;
    }
    if let Some(figure) = with_scale(carried.number, &second) {
        carried.number.figure = figure;
    }
    carried
}

/// Items of a list of which only the last names scale and unit: 41, 38 and 23 thousand; 41、38和23万吨.
fn listed(apart: &str, first: Amount, lexicon: &QuantityLexicon) -> Amount {
    const MOST: usize = 6;
    let short = |amount: &Amount| {
        amount.number.style == Style::Digits
            && amount.number.power == 0
            && !amount.named
            && amount.number.figure.value >= Decimal::ONE
            && amount.number.figure.value < Decimal::ONE_THOUSAND
    };
    let mut rest = apart;
    for _ in 0..MOST {
        if !short(&first) {
            return first;
        }
        let comma = rest.strip_prefix(['、', '，']).or_else(|| rest.strip_prefix(", "));
        let after = comma.map_or(rest, skip_blanks);
        let joined = lexicon.range_joiners.longest(after, Boundary::Word);
        let after = skip_blanks(joined.map_or(after, |(length, ())| &after[length..]));
        let Ok((behind, next)) = amount(after, lexicon) else { return first };
        if comma.is_none() && joined.is_none() || next.marked != first.marked {
            return first;
        }
        if next.number.power > 0 {
            // What the last one is worth without its scale is about as much as the others.
            let Some(last) = super::number::power_of_ten(next.number.power)
                .and_then(|scale| next.number.figure.value.checked_div(scale.checked_mul(next.factor)?))
            else {
                return first;
            };
            let near = first.number.figure.value.max(last)
                <= last.min(first.number.figure.value) * Decimal::from(20);
            let unit = if first.unit == Unit::Bare { next.unit } else { first.unit };
            let number =
                rescale(first.number, next.factor).and_then(|number| number.scale(next.number.power));
            return match number
                .filter(|_| joined.is_some() && near && (first.unit == Unit::Bare || first.unit == next.unit))
            {
                Some(number) => Amount { number, unit, ..first },
                None => first,
            };
        }
        if !short(&next) || joined.is_some() {
            return first;
        }
        rest = skip_blanks(behind);
    }
    first
}

/// `8/10`, `1/2`: a score or fraction; the rest and the quotient. `24/7` and dates stay alone.
pub(super) fn quotient<'a>(rest: &'a str, first: &Amount) -> Option<(&'a str, Decimal)> {
    let after = rest.strip_prefix(['/', '／']).filter(|_| first.number.style == Style::Digits)?;
    let (rest, second) = super::digits::number(after).ok()?;
    let (over, under) = (first.number.figure.value, second.figure.value);
    let round = (under % Decimal::TEN).is_zero() && under <= Decimal::ONE_THOUSAND;
    let small = second.plain && under > Decimal::ONE && under <= Decimal::from(5);
    let ends = at_word_end(rest) && !super::date::continues_number(rest);
    if !second.plain || !(round || small) || under.is_zero() || over.abs() > under || !ends {
        return None;
    }
    Some((rest, over.checked_div(under)?))
}

/// Whether `ahead` has the shape of a ratio `3:1` and not of a time (9:30) or a score board (2:0).
pub(super) fn is_ratio(ahead: &str) -> bool {
    let Ok((rest, over)) = super::digits::number(ahead) else { return false };
    let Some(after) = rest.strip_prefix([':', '：']) else { return false };
    let Ok((rest, under)) = super::digits::number(after) else { return false };
    let minutes = under.plain && after.len() - rest.len() == 2 && under.figure.value < Decimal::from(60);
    let ends = at_word_end(rest) && !super::date::continues_number(rest);
    let fits = |part: Decimal| part > Decimal::ZERO && part <= Decimal::ONE_THOUSAND;
    ends && !(minutes && over.plain) && fits(over.figure.value) && fits(under.figure.value)
}

/// `3:1`, `5比3`, `3 to 1`: the rest and the quotient.
pub(super) fn ratio<'a>(
    before: &str,
    ahead: &str,
    rest: &'a str,
    first: &Amount,
    lexicon: &QuantityLexicon,
) -> Option<(&'a str, Decimal)> {
    if first.number.style != Style::Digits || first.signed || first.number.power > 0 {
        return None;
    }
    let over = first.number.figure.value;
    if is_ratio(ahead) {
        let (rest, second) = super::digits::number(&rest[rest.chars().next()?.len_utf8()..]).ok()?;
        return Some((rest, over.checked_div(second.figure.value)?));
    }
    if let Some(after) = rest.strip_prefix('比') {
        let (rest, second) = super::digits::number(after).ok()?;
        let compares = rest.starts_with([
            '多', '少', '高', '低', '大', '小', '强', '好', '差', '更', '要', '增', '减', '上', '下',
        ]);
        let ends = at_word_end(rest) && !super::date::continues_number(rest) && !compares;
        return (ends && first.number.plain && second.plain && !second.figure.value.is_zero())
            .then(|| Some((rest, over.checked_div(second.figure.value)?)))?;
    }
    // "3 to 1" and "3-to-1": a range has its smaller end first.
    if !begins(rest, b" -") {
        return None;
    }
    let after = [" to ", "-to-"].iter().find_map(|word| rest.strip_prefix(word))?;
    let (rest, second) = super::number::number(after, lexicon, false).ok()?;
    let opened = lexicon.change_openers.longest_before(before).is_some() || follows_change(before, lexicon);
    let one = second.figure.value == Decimal::ONE && (second.plain || second.lone);
    (one && first.number.plain && over > Decimal::ONE && !opened && ends_phrase(rest)).then_some((rest, over))
}

/// Whether a number ends here that no word behind it counts with: "3 to 1 odds" but not "3 to 1 million".
fn ends_phrase(rest: &str) -> bool {
    at_word_end(rest) && !super::date::continues_number(rest)
}

/// `8 out of 10`, `one in five`: the rest and the quotient.
pub(super) fn out_of<'a>(
    rest: &'a str,
    first: &Amount,
    lexicon: &QuantityLexicon,
) -> Option<(&'a str, Decimal)> {
    let apart = skip_blanks(rest);
    if !begins(apart, b"oi") {
        return None;
    }
    let (after, proper) = ["out of ", "of every ", "in every "]
        .iter()
        .find_map(|word| apart.strip_prefix(word))
        .map(|after| (after, true))
        .or_else(|| {
            apart.strip_prefix("in ").or_else(|| apart.strip_prefix("over ")).map(|after| (after, false))
        })?;
    let (rest, second) = amount(skip_blanks(after), lexicon).ok()?;
    let (over, under) = (first.number.figure.value, second.number.figure.value);
    let words = apart.starts_with("over ") && first.number.style == Style::English && !second.named;
    let counted = !second.named || lexicon.is_count(second.unit);
    let small = under <= Decimal::TEN && counted || words;
    if second.unit != Unit::Bare && (second.marked || lexicon.is_time(second.unit)) && !proper
        || over <= Decimal::ZERO
        || over >= under
        || first.number.power > 0
        || !(proper || small)
    {
        return None;
    }
    let rest =
        if second.named { super::number::number(skip_blanks(after), lexicon, false).ok()?.0 } else { rest };
    Some((rest, over.checked_div(under)?))
}

/// Two bounds side by side are one range: `大于50并小于100`, `more than 10 and less than 40`.
pub(super) fn merged(
    text: &str,
    first: &Quantity,
    second: &Quantity,
    lexicon: &QuantityLexicon,
) -> Option<Quantity> {
    let lower = matches!(first.bound, Bound::AtLeast | Bound::MoreThan);
    let upper = matches!(second.bound, Bound::AtMost | Bound::LessThan);
    let (Magnitude::One(low), Magnitude::One(high)) = (first.magnitude, second.magnitude) else {
        return None;
    };
    let (before, after) = (first.hedge?, second.hedge?);
    if !lower || !upper || first.unit != second.unit || low.value >= high.value || first.kind == Kind::Ordinal
    {
        return None;
    }
    // 超 91 亿，接近 92 亿 tells one figure twice.
    let told = after.of(text);
    let nearly = lexicon.hedges_before.longest_before(told);
    if nearly.is_some_and(|(length, hedge)| hedge.nearly && length == told.len()) {
        return None;
    }
    let start = before.end.max(first.span.end);
    let end = after.start.min(second.span.start);
    let between = text.get(start..end)?.trim();
    let joins = [
        "",
        ",",
        "，",
        "且",
        "并",
        "并且",
        "而",
        "的同时",
        "的同时且",
        "和",
        "and",
        "but",
        "and also",
        ", and",
        ", but",
    ];
    if !joins.contains(&between) {
        return None;
    }
    let kind = if first.unit == Unit::Bare { Kind::Range } else { first.kind };
    Some(Quantity {
        span: first.span.join(second.span),
        kind,
        magnitude: Magnitude::Range { low: Some(low), high: Some(high) },
        bound: Bound::Exact,
        hedge: None,
        ..*first
    })
}
