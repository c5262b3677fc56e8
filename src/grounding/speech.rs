//! Figures that speech recognition has hidden.

use super::GroundingLexicon;
use crate::quantity::{Magnitude, Quantity, QuantityLexicon, read_quantities};
use crate::source::Span;

/// The longest number that is read again, in bytes to either side of what was misheard.
const REACH: usize = 24;

/// A figure as it may have been said.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reheard {
    /// Where it stands in the text.
    pub span: Span,
    pub quantity: Quantity,
}

impl GroundingLexicon {
    /// Figures that are there only for somebody who knows how they were heard, in order of place.
    pub(super) fn reheard(&self, prose: &str, range: Span, units: &QuantityLexicon) -> Vec<Reheard> {
        let text = range.of(prose);
        let mut found = Vec::new();
        for (at, sign) in text.char_indices() {
            let watts = self.watt_letters.get(&sign.to_ascii_uppercase());
            let behind = &text[at + sign.len_utf8()..];
            // Three of them: 三个G瓦.
            let counted = text[..at].strip_suffix('个').filter(|_| watts.is_some());
            let before = counted.unwrap_or(&text[..at]);
            if !before.ends_with(is_digit) {
                continue;
            }
            let read = match watts {
                Some(unit) => self.power(before, unit, behind, units),
                None => self.number(before, sign, behind, units),
            };
            found.extend(read.map(|(length, quantity)| {
                let start = range.start + before.len() - number_before(before).len();
                Reheard { span: Span::new(start, start + length + at - before.len()), quantity }
            }));
        }
        found
    }

    /// `三G把`, `两GWA`: a number, a letter, and what was heard for watt.
    fn power(
        &self,
        before: &str,
        unit: &str,
        behind: &str,
        units: &QuantityLexicon,
    ) -> Option<(usize, Quantity)> {
        let watt = behind.chars().next()?;
        if !self.watts.contains(&watt) && !watt.eq_ignore_ascii_case(&'w') {
            return None;
        }
        let number = number_before(before);
        // The letter takes one byte.
        Some((number.len() + 1 + watt.len_utf8(), whole(&format!("{number}{unit}"), units)?))
    }

    /// A price as it is said, or `7千3倍亿`: a sign inside a number that sounds like another.
    fn number(
        &self,
        before: &str,
        heard: char,
        behind: &str,
        units: &QuantityLexicon,
    ) -> Option<(usize, Quantity)> {
        if heard == '块' {
            return spoken_money(before, behind, units);
        }
        let (_, said) = *self.misheard.iter().find(|(known, _)| *known == heard)?;
        let number = number_before(before);
        let rest: String = behind.chars().take_while(|&c| is_digit(c)).take(REACH / 3).collect();
        // Something of a number goes on behind it, or the number would be whole without it.
        if rest.is_empty() {
            return None;
        }
        let text = format!("{number}{said}{rest}");
        Some((number.len() + heard.len_utf8() + rest.len(), whole(&text, units)?))
    }
}

/// `二十四块五`: a price of 24.5.
fn spoken_money(before: &str, behind: &str, units: &QuantityLexicon) -> Option<(usize, Quantity)> {
    let mut signs = behind.chars();
    let tenths = signs.next().filter(|sign| is_digit(*sign))?;
    if signs.next().is_some_and(|next| is_digit(next) || matches!(next, '毛' | '角')) {
        return None;
    }
    let number = number_before(before);
    let said = format!("{number}点{tenths}元");
    Some((number.len() + '块'.len_utf8() + tenths.len_utf8(), whole(&said, units)?))
}

/// The signs of a number that a text ends with.
fn number_before(text: &str) -> &str {
    let floor = text.ceil_char_boundary(text.len().saturating_sub(REACH));
    let start = text[floor..].trim_end_matches(is_digit).len() + floor;
    &text[start..]
}

fn is_digit(sign: char) -> bool {
    sign.is_ascii_digit()
        || matches!(
            sign,
            '.' | '〇' | '零' | '一' | '二' | '两' | '三' | '四' | '五' | '六' | '七' | '八' | '九'
        )
        || matches!(sign, '十' | '百' | '千' | '万' | '亿')
}

/// The one figure that the text is.
fn whole(text: &str, units: &QuantityLexicon) -> Option<Quantity> {
    let mut read = Vec::new();
    read_quantities(text, Span::new(0, text.len()), units, None, &mut read);
    match read.as_slice() {
        [one] if one.span == Span::new(0, text.len()) && !matches!(one.magnitude, Magnitude::Date(_)) => {
            Some(*one)
        }
        _ => None,
    }
}
