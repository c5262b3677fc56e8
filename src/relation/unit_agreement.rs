//! Whether figures can stand in one calculation.

use rust_decimal::Decimal;

use super::model::{Filler, Relation, RoleType};
use crate::assertion::Reading;
use crate::quantity::{Currency, Magnitude, Quantity, Unit};

/// Whether two currencies are the same, or both some kind of dollar.
pub(super) fn same_currency(a: Currency, b: Currency) -> bool {
    a == b
        || matches!((a, b), (Currency::AnyDollar, Currency::Iso(code)) | (Currency::Iso(code), Currency::AnyDollar) if code[2] == b'D')
}

/// Whether two quantities have one unit: the same, both dollars of some kind, or one of them bare and of the same
/// order. "Per share" may be said once for both of two prices.
pub(super) fn comparable(a: &Quantity, b: &Quantity) -> bool {
    match (a.unit, b.unit) {
        (Unit::Money { currency: x, per: p }, Unit::Money { currency: y, per: q }) => {
            same_currency(x, y) && (p == q || (p.is_none() || q.is_none()) && within(a, b, Decimal::TEN))
        }
        (Unit::Bare, Unit::Bare) => true,
        (Unit::Bare, Unit::Money { per: None, .. } | Unit::Measure { per: None, .. })
        | (Unit::Money { per: None, .. } | Unit::Measure { per: None, .. }, Unit::Bare) => {
            // A bare figure that lost its scale is not to be compared.
            within(a, b, Decimal::ONE_THOUSAND)
        }
        (a, b) => a == b,
    }
}

/// Whether two figures lie within a factor of each other.
pub(super) fn within(a: &Quantity, b: &Quantity, factor: Decimal) -> bool {
    let size = |quantity: &Quantity| match quantity.magnitude {
        Magnitude::One(figure) => Some(figure.value.abs()),
        Magnitude::Range { low, high } => low.or(high).map(|figure| figure.value.abs()),
        Magnitude::Date(_) => None,
    };
    match (size(a), size(b)) {
        (Some(x), Some(y)) => {
            x.checked_mul(factor).is_none_or(|x| x >= y) && y.checked_mul(factor).is_none_or(|y| y >= x)
        }
        _ => false,
    }
}

/// Why the amounts of a match can't stand in one calculation.
pub(super) fn units_disagree(
    relation: &Relation,
    fillers: &[(usize, Filler)],
    reading: &Reading,
) -> Option<String> {
    let amounts: Vec<(usize, Quantity)> = fillers
        .iter()
        .filter(|(role, _)| relation.roles[*role].kind.shares_unit())
        .filter_map(|(role, filler)| Some((*role, quantity_of(filler, reading)?)))
        .filter(|(_, quantity)| !matches!(quantity.magnitude, Magnitude::Date(_)))
        .collect();
    let (first_role, first) = amounts.first()?;
    let kind = |role: usize| relation.roles[role].kind;
    // A price per tonne goes with a number of tonnes.
    let figure = |wanted: RoleType| {
        let found = fillers.iter().find(|(role, _)| kind(*role) == wanted);
        found.and_then(|(_, filler)| filler.quantity()).map(|index| &reading.quantities[index])
    };
    if let (Some(Unit::Money { per: Some(per), .. }), Some(Unit::Measure { unit, .. })) =
        (figure(RoleType::Rate).map(|rate| rate.unit), figure(RoleType::Number).map(|number| number.unit))
        && per != unit
    {
        return Some("the price is one per another unit".into());
    }
    let rate = |role: usize| kind(role) == RoleType::Rate;
    amounts.iter().find_map(|(role, quantity)| {
        // A rate may say "per year" in its unit; its total must not.
        let plain =
            |role: usize, quantity: &Quantity| if rate(role) { without_per(quantity) } else { *quantity };
        let agrees = comparable(&plain(*first_role, first), &plain(*role, quantity));
        (!agrees).then(|| {
            format!(
                "`{}` and `{}` differ in unit",
                relation.roles[*first_role].name, relation.roles[*role].name
            )
        })
    })
}

/// The figure that fills a role, in the unit and the scale that the heading of its table gives it.
fn quantity_of(filler: &Filler, reading: &Reading) -> Option<Quantity> {
    let mut quantity = reading.quantities[filler.quantity()?];
    if let Filler::Cell { magnitude, unit, .. } = filler {
        (quantity.magnitude, quantity.unit) = (*magnitude, *unit);
    }
    Some(quantity)
}

/// The same figure without its "per year".
fn without_per(quantity: &Quantity) -> Quantity {
    let mut plain = *quantity;
    plain.unit = match plain.unit {
        Unit::Money { currency, .. } => Unit::Money { currency, per: None },
        Unit::Measure { unit, .. } => Unit::Measure { unit, per: None },
        unit => unit,
    };
    plain
}
