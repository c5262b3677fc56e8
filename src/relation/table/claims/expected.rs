use super::super::cell::CellFigure;
use super::super::finder::Finder;
use super::super::weighted::{Weighed, weights};
use super::Claim;
use super::place::{Near, Tables};
use super::side::Side;
use crate::quantity::{Bound, Kind, Magnitude};
use crate::relation::unit_agreement::comparable;
use crate::source::Span;

/// Bytes from the word to its figure.
const REACH: usize = 48;
/// Scenarios of which a value can be expected.
const FEWEST: usize = 2;

/// Looks for the scenarios, with their probabilities, of which a claim tells the expected value. It is an error where the
/// claim says that they are weighed by them, one column of one table beside it alone can be meant, and no rounding
/// explains what is off.
pub(super) fn find(finder: &mut Finder<'_>, tables: &mut Tables<'_>, claim: Claim) {
    let Some(figure) = stated(finder, claim).filter(|_| !claim.is_silenced(finder)) else { return };
    let scene = finder.scene;
    let prose = &scene.document.prose;
    let mut found: Vec<(Near, Weighed)> = Vec::new();
    for (near, sides) in tables.near(claim) {
        let side = sides.iter().map(|side| expected(prose, side, claim, figure)).find(|all| !all.is_empty());
        found.extend(side.into_iter().flatten().map(|weighed| (near, weighed)));
    }
    let only = found.len() == 1;
    let Some((near, best)) = found.iter().find(|(_, one)| one.holds()).or(found.first().filter(|_| only))
    else {
        return;
    };
    let explicit =
        scene.words.claims.probability_weighted.is_some_and(|class| {
            scene.hits.all().at(claim.word.start, class).any(|hit| hit.span == claim.word)
        });
    let sure = explicit && only && *near == Near::Beside && !best.may_be_rounded();
    let span = claim.word.join(figure.quantity.span);
    finder.statement(best.relation(), (claim.sentence, span), sure || best.holds(), vec![best.fillers()]);
}

/// The figure behind the word: one number, and nothing else before it.
fn stated(finder: &Finder<'_>, claim: Claim) -> Option<CellFigure> {
    let scene = finder.scene;
    let behind = Span::new(claim.word.end, claim.sentence_span.end.max(claim.word.end));
    let (index, inside) = scene.reading.quantities_within(behind);
    let quantity = *inside.first()?;
    let plain = matches!(quantity.magnitude, Magnitude::One(_))
        && quantity.bound == Bound::Exact
        && !matches!(quantity.kind, Kind::Date | Kind::Ordinal | Kind::Duration);
    (plain && quantity.span.start <= claim.word.end + REACH).then_some(CellFigure { index, quantity })
}

/// Every column of which the figure may be the expected value; none where the claim speaks of one scenario.
fn expected(prose: &str, side: &Side, claim: Claim, figure: CellFigure) -> Vec<Weighed> {
    let Some(weights) = weights(&side.grid) else { return Vec::new() };
    if !side.named_in(prose, claim.clause.join(figure.quantity.span)).is_empty() {
        return Vec::new();
    }
    let of = |column: usize| -> Option<Weighed> {
        let items = side.items(column);
        let alike = |(_, item): &(usize, CellFigure)| comparable(&item.quantity, &figure.quantity);
        // The figure of one scenario is said of that one.
        let of_one = |(_, item): &(usize, CellFigure)| item.value() == figure.value();
        let whole = items.len() >= FEWEST && items.len() == side.item_count();
        if !whole || !items.iter().all(alike) || items.iter().any(of_one) {
            return None;
        }
        let shares = items.iter().map(|(row, _)| side.grid.figure(*row, weights).copied());
        let shares = shares.collect::<Option<Vec<_>>>()?;
        Weighed::of(prose, (items.into_iter().map(|(_, item)| item).collect(), shares), figure)
    };
    side.figure_columns().filter(|column| *column != weights).filter_map(of).collect()
}
