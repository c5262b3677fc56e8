use crate::finding::{Audit, Grounded};
use crate::source::Span;

/// What is known of a figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// No arithmetic used it, and no source has it.
    Unchecked,
    /// It follows from figures of the source.
    Derived,
    /// The source has it.
    Supported,
    /// Some arithmetic used it, and nothing speaks against it.
    Held,
    /// It stands in arithmetic that does not hold, or the source gives another number.
    Contradicted,
}

/// How each figure of a report stands, in order of place. What somebody let stand contradicts nothing.
pub fn standings(audit: &Audit) -> impl Iterator<Item = (Span, Standing)> + '_ {
    let mut against: Vec<Span> = audit
        .live()
        .filter(|finding| finding.arithmetic.is_some())
        .flat_map(|finding| finding.related.iter().map(|related| related.span))
        .collect();
    against.sort_unstable();
    // How far those up to each one reach, so that one look back is enough.
    let mut reach = 0;
    let reaches: Vec<usize> = against
        .iter()
        .map(|span| {
            reach = reach.max(span.end);
            reach
        })
        .collect();
    audit.figures.iter().map(move |figure| {
        let before = against.partition_point(|span| span.start < figure.span.end);
        let contradicted = before > 0 && reaches[before - 1] > figure.span.start;
        let standing = match (contradicted, figure.checked, figure.grounded) {
            (true, ..) | (_, _, Some(Grounded::Different)) => Standing::Contradicted,
            (false, true, _) => Standing::Held,
            (false, false, Some(Grounded::Supported)) => Standing::Supported,
            (false, false, Some(Grounded::Derived)) => Standing::Derived,
            (false, false, _) => Standing::Unchecked,
        };
        (figure.span, standing)
    })
}
