pub(super) use super::standing::Standing;
use super::standing::standings;
use crate::finding::Audit;
use crate::source::{Span, floor_boundary};

/// What lies over a place of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    /// A finding, by its index in the audit.
    Finding(usize),
    /// A related place of a finding: the finding's index, and which of its places.
    Related(usize, usize),
    /// A figure, and how it stands.
    Figure(Standing),
}

#[derive(Clone, Copy, Debug)]
struct Cover {
    span: Span,
    mark: Mark,
}

/// All that lies over a report, given out piece by piece from its first to its last byte.
#[derive(Debug)]
pub(super) struct Covers {
    /// In order of place, the longer before the shorter.
    covers: Vec<Cover>,
    /// Those from here on begin behind all that was asked for.
    next: usize,
    /// Those that may reach beyond the last piece.
    active: Vec<Cover>,
}

/// A stretch of text with the same marks from end to end.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Segment {
    pub span: Span,
    /// What lies before it where nothing is shown.
    pub passes: Vec<Mark>,
    /// What begins here.
    pub begins: Vec<Mark>,
    /// What lies over it.
    pub over: Vec<Mark>,
    /// What ends here.
    pub ends: Vec<Mark>,
}

impl Covers {
    /// Of an audit of `text`.
    pub fn new(text: &str, audit: &Audit) -> Self {
        let whole = |span: Span| {
            let start = floor_boundary(text, span.start);
            Span::new(start, floor_boundary(text, span.end).max(start))
        };
        let mut covers = Vec::new();
        for (index, finding) in audit.findings.iter().enumerate() {
            covers.push(Cover { span: whole(finding.span), mark: Mark::Finding(index) });
            covers.extend(finding.related.iter().enumerate().map(|(number, related)| Cover {
                span: whole(related.span),
                mark: Mark::Related(index, number),
            }));
        }
        covers.extend(
            standings(audit)
                .map(|(figure, standing)| Cover { span: whole(figure), mark: Mark::Figure(standing) }),
        );
        covers.sort_by_key(|cover| (cover.span.start, std::cmp::Reverse(cover.span.end)));
        Self { covers, next: 0, active: Vec::new() }
    }

    /// Cuts the next piece of the text, which must not be empty, where marks begin and end; one that is `whole` is not
    /// cut.
    pub fn cut(&mut self, piece: Span, whole: bool) -> Vec<Segment> {
        self.active.retain(|cover| cover.span.end > piece.start);
        let carried = self.active.len();
        // Where nothing of it is shown, the next thing that is stands for it.
        let mut passed = Vec::new();
        while let Some(cover) = self.covers.get(self.next).filter(|cover| cover.span.start < piece.end) {
            self.next += 1;
            let gone = cover.span.end <= piece.start || cover.span.is_empty();
            if gone { &mut passed } else { &mut self.active }.push(*cover);
        }
        let mut segments = self.segments(piece, whole);
        // The first segment that ends behind a place.
        let at = |segments: &[Segment], place: usize| {
            segments.partition_point(|segment| segment.span.end <= place).min(segments.len() - 1)
        };
        for Cover { span, mark } in passed {
            let segment = at(&segments, span.start);
            segments[segment].passes.push(mark);
        }
        for (number, &Cover { span, mark }) in self.active.iter().enumerate() {
            let first = at(&segments, span.start);
            let after = segments.partition_point(|segment| segment.span.start < span.end);
            for segment in &mut segments[first..after] {
                segment.over.push(mark);
            }
            if number >= carried {
                segments[first].begins.push(mark);
            }
            if span.end <= piece.end {
                segments[after - 1].ends.push(mark);
            }
        }
        segments
    }

    fn segments(&self, piece: Span, whole: bool) -> Vec<Segment> {
        let mut edges = vec![piece.start, piece.end];
        if !whole {
            let all = self.active.iter().flat_map(|cover| [cover.span.start, cover.span.end]);
            edges.extend(all.filter(|edge| piece.start < *edge && *edge < piece.end));
            edges.sort_unstable();
            edges.dedup();
        }
        let between = |edge: &[usize]| Segment { span: Span::new(edge[0], edge[1]), ..Segment::default() };
        edges.windows(2).map(between).collect()
    }

    /// What begins behind everything that is shown.
    pub fn rest(&mut self) -> Vec<Mark> {
        let rest = self.covers.split_off(self.next.min(self.covers.len()));
        rest.into_iter().map(|cover| cover.mark).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn covers(list: &[(usize, usize, Mark)]) -> Covers {
        let covers = list.iter().map(|&(start, end, mark)| Cover { span: Span::new(start, end), mark });
        Covers { covers: covers.collect(), next: 0, active: Vec::new() }
    }

    /// `0..4 begins [..] over [..] ends [..]`, findings by their number.
    fn shown(segments: &[Segment]) -> Vec<String> {
        let list = |marks: &[Mark]| -> String {
            marks
                .iter()
                .map(|mark| match mark {
                    Mark::Finding(index) => format!("{index}"),
                    Mark::Related(index, number) => format!("{index}.{number}"),
                    Mark::Figure(standing) => {
                        if *standing == Standing::Unchecked { "-" } else { "+" }.to_string()
                    }
                })
                .collect::<Vec<_>>()
                .join(",")
        };
        segments
            .iter()
            .map(|segment| {
                let Segment { span, passes, begins, over, ends } = segment;
                format!(
                    "{}..{} <{} ({} [{}] ){}",
                    span.start,
                    span.end,
                    list(passes),
                    list(begins),
                    list(over),
                    list(ends)
                )
            })
            .collect()
    }

    #[test]
    fn spans_that_overlap_are_cut_where_each_begins_and_ends() {
        let mut covers = covers(&[
            (2, 8, Mark::Finding(0)),
            (4, 12, Mark::Finding(1)),
            (6, 7, Mark::Figure(Standing::Held)),
        ]);
        assert_eq!(
            shown(&covers.cut(Span::new(0, 10), false)),
            [
                "0..2 < ( [] )",
                "2..4 < (0 [0] )",
                "4..6 < (1 [0,1] )",
                "6..7 < (+ [0,1,+] )+",
                "7..8 < ( [0,1] )0",
                "8..10 < ( [1] )"
            ]
        );
        assert_eq!(shown(&covers.cut(Span::new(11, 14), false)), ["11..12 < ( [1] )1", "12..14 < ( [] )"]);
        assert!(covers.rest().is_empty());
    }

    #[test]
    fn what_is_nowhere_shown_goes_to_the_next_piece() {
        let mut covers = covers(&[
            (0, 2, Mark::Finding(0)),
            (3, 3, Mark::Finding(1)),
            (6, 6, Mark::Finding(2)),
            (9, 9, Mark::Related(2, 0)),
        ]);
        assert_eq!(shown(&covers.cut(Span::new(4, 8), false)), ["4..8 <0,1,2 ( [] )"]);
        assert_eq!(covers.rest(), [Mark::Related(2, 0)]);
    }

    #[test]
    fn a_whole_piece_is_not_cut() {
        let mut covers = covers(&[(1, 2, Mark::Finding(0)), (2, 9, Mark::Finding(1))]);
        assert_eq!(shown(&covers.cut(Span::new(0, 4), true)), ["0..4 < (0,1 [0,1] )0"]);
    }
}
