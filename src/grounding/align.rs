use super::{GroundedFigure, Grounding, Origin, SourceFigure, Strength, Texts, Verdict};
use crate::quantity::{Interval, Kind, Quantity, QuantityLexicon, Reading, Unit};

/// Looks for each figure of the report in its sources; `None` when there is no source.
pub fn ground(texts: &Texts<'_>, units: &QuantityLexicon) -> Option<Grounding> {
    let origins: Vec<Origin> = texts.origins().collect();
    if origins.is_empty() {
        return None;
    }
    let given = figures(texts, &origins, units);
    let report = texts.report;
    let verdict = |quantity: &Quantity| match quantity.interval(Reading::Charitable, units) {
        Some(interval) if !matches!(quantity.kind, Kind::Date | Kind::Ordinal) => {
            let same = given
                .iter()
                .find(|(_, unit, value)| comparable(*unit, quantity.unit) && value.meets(&interval));
            match same {
                Some((figure, ..)) => Verdict::Supported(*figure),
                None => Verdict::Absent { strength: Strength::Hint },
            }
        }
        _ => Verdict::CannotTell,
    };
    let own = report.reading.quantities.iter().enumerate();
    let figures = own
        .filter(|(_, quantity)| !texts.is_source(Origin::Report, quantity.span))
        .map(|(index, quantity)| GroundedFigure { quantity: index, verdict: verdict(quantity) })
        .collect();
    Some(Grounding { figures })
}

fn figures(
    texts: &Texts<'_>,
    origins: &[Origin],
    units: &QuantityLexicon,
) -> Vec<(SourceFigure, Unit, Interval)> {
    let mut found = Vec::new();
    for &origin in origins {
        for (index, quantity) in texts.text(origin).reading.quantities.iter().enumerate() {
            if texts.is_source(origin, quantity.span)
                && let Some(interval) = quantity.interval(Reading::Plain, units)
            {
                let figure = SourceFigure { origin, span: quantity.span, quantity: Some(index) };
                found.push((figure, quantity.unit, interval));
            }
        }
    }
    found
}

/// Whether two figures can be the same: of one unit, or one without a unit.
fn comparable(a: Unit, b: Unit) -> bool {
    match (a, b) {
        (Unit::Money { .. }, Unit::Money { .. }) => true,
        (Unit::Measure { .. }, Unit::Measure { .. }) => true,
        (Unit::Bare, _) | (_, Unit::Bare) => true,
        _ => a == b,
    }
}
