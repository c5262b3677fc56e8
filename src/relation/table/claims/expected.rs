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
    let mut found: Vec<(Near, Expected)> = Vec::new();
    for (near, sides) in tables.near(claim) {
        let side = sides.iter().map(|side| expected(prose, side, claim, figure)).find(|all| !all.is_empty());
        found.extend(side.into_iter().flatten().map(|expected| (near, expected)));
    }
    let holding = found.iter().find(|(_, one)| one.weighed.holds());
    let named = || {
        let mut named = found.iter().filter(|(_, one)| one.named);
        named.next().filter(|_| named.next().is_none())
    };
    let only = if found.len() == 1 { found.first() } else { named() };
    let Some((near, Expected { weighed: best, .. })) = holding.or(only) else { return };
    let only = only.is_some();
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

/// A column of which a figure may be the expected value.
struct Expected {
    weighed: Weighed,
    /// Whether the claim has a word of its heading: the weighted target, Target price.
    named: bool,
}

/// Every column of which the figure may be the expected value; none where the claim speaks of one scenario.
fn expected(prose: &str, side: &Side, claim: Claim, figure: CellFigure) -> Vec<Expected> {
    let Some(weights) = weights(&side.grid) else { return Vec::new() };
    if !side.named_in(prose, claim.clause.join(figure.quantity.span)).is_empty() {
        return Vec::new();
    }
    let told = Span::new(claim.word.start, figure.quantity.span.start.max(claim.word.start));
    let of = |column: usize| -> Option<Expected> {
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
        let weighed =
            Weighed::of(prose, (items.into_iter().map(|(_, item)| item).collect(), shares), figure)?;
        let heading = side.grid.columns()[column].labels.last();
        Some(Expected { weighed, named: heading.is_some_and(|heading| share_a_word(prose, *heading, told)) })
    };
    side.figure_columns().filter(|column| *column != weights).filter_map(of).collect()
}

/// Letters of a word, and Han characters side by side, that two names can share.
const SHORTEST: usize = 4;
const SHORTEST_HAN: usize = 2;

/// Whether a heading and what is told have a word in common.
fn share_a_word(prose: &str, heading: Span, told: Span) -> bool {
    let told = told.of(prose).to_lowercase();
    let letter = |c: char| c.is_ascii_alphabetic();
    let is_told = |word: &str| told.split(|c| !letter(c)).any(|other| other == word);
    let heading = heading.of(prose).to_lowercase();
    let mut words = heading.split(|c| !letter(c)).filter(|word| word.len() >= SHORTEST);
    let han: Vec<char> = heading.chars().map(|c| if c.is_ascii() { ' ' } else { c }).collect();
    let mut pairs = han.windows(SHORTEST_HAN).filter(|pair| pair.iter().all(|c| c.is_alphanumeric()));
    words.any(is_told) || pairs.any(|pair| told.contains(&pair.iter().collect::<String>()))
}
