//! Two numbers joined to a range, and scales and units that carry between the ends of a change.

use super::amount::{Amount, amount, rescale};
use super::lexicon::Join;
use super::model::{Currency, Figure, Unit};
use super::number::Number;
use super::reader::Reader;
use super::token::{MARKUP, cut_blanks, skip_blanks};
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
    let (after, needs_closer) = if let Some((length, join)) =
        lexicon.range_joins.longest(apart, Boundary::Word)
    {
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
    let (rest, second) = amount(after, lexicon).ok()?;
    if needs_closer && lexicon.range_closers.longest(skip_blanks(rest), Boundary::Word).is_none() {
        return None;
    }
    if second.signed || second.number.high.is_some() || second.number.fraction != first.number.fraction {
        return None;
    }
    let unit = common_unit(first, &second)?;
    let low = carry(first, &second)?;
    let high = second.number.figure;
    (low.value < high.value).then_some(Joined { rest, low, high, unit })
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
    let Some((length, ())) = lexicon.change_links.longest(apart, Boundary::Word) else { return first };
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
