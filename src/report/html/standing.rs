use crate::finding::Audit;
use crate::source::Span;

/// What is known of a figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// No arithmetic used it.
    Unchecked,
    /// Some arithmetic used it, and nothing speaks against it.
    Held,
    /// It stands in arithmetic that does not hold.
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
        let standing = match (contradicted, figure.checked) {
            (true, _) => Standing::Contradicted,
            (false, true) => Standing::Held,
            (false, false) => Standing::Unchecked,
        };
        (figure.span, standing)
    })
}
