//! Words by a figure that say something else than the source's words by the same figure.

use super::against_source::SourceOccurrence;
use super::mentions::{Mention, Shared};
use crate::grounding::Strength;
use crate::lexicon::{ClassId, Lexicon};
use crate::rule::{Near, Shift};
use crate::source::Span;

/// A [`Shift`] with its word lists looked up.
#[derive(Debug)]
pub(super) struct CompiledShift {
    report: Vec<ClassId>,
    report_lacks: Vec<ClassId>,
    source: Vec<ClassId>,
    source_lacks: Vec<ClassId>,
    near: Near,
    source_near: Near,
    everywhere: bool,
    note: bool,
}

impl CompiledShift {
    /// Looks names up that the loader has checked already.
    pub fn new(shift: &Shift, lexicon: &Lexicon) -> Self {
        let classes = |names: &[String]| names.iter().filter_map(|name| lexicon.find(name)).collect();
        Self {
            report: classes(&shift.report),
            report_lacks: classes(&shift.report_lacks),
            source: classes(&shift.source),
            source_lacks: classes(&shift.source_lacks),
            near: shift.near,
            source_near: shift.source_near,
            everywhere: shift.everywhere,
            note: shift.note,
        }
    }

    /// The words in the report and in a source, when they are at odds.
    fn at_odds<'a>(&self, figure: &Shared<'a>) -> Option<(Span, Mention<'a>, Span)> {
        let report = &figure.report;
        let said = if self.report.is_empty() {
            report.quantity.span
        } else {
            found(report, &self.report, self.near)?.join(report.quantity.span)
        };
        let lacks_in: &[Mention<'_>] =
            if self.everywhere { &figure.in_report } else { std::slice::from_ref(report) };
        let wide = if self.everywhere { Near::Sentence } else { Near::Around };
        if lacks_in.iter().any(|mention| found(mention, &self.report_lacks, wide).is_some()) {
            return None;
        }
        if figure.in_sources.iter().any(|mention| found(mention, &self.source_lacks, Near::Around).is_some())
        {
            return None;
        }
        let nearest = |mention: &Mention<'_>| {
            if self.source.is_empty() {
                return Some(mention.quantity.span);
            }
            Some(found(mention, &self.source, self.source_near)?.join(mention.quantity.span))
        };
        if let Some(span) = nearest(&figure.aligned) {
            return Some((said, figure.aligned, span));
        }
        let others = figure.in_sources.iter().filter(|_| figure.is_distinctive());
        others.filter_map(|mention| Some((said, *mention, nearest(mention)?))).next()
    }
}

/// The word of the lists that stands nearest to the figure.
fn found(mention: &Mention<'_>, classes: &[ClassId], near: Near) -> Option<Span> {
    let stretch = match near {
        Near::Before => mention.before(),
        Near::Around => mention.stretch(),
        Near::Beside => mention.beside(),
        Near::JustBefore => Span::new(mention.beside().start, mention.quantity.span.start),
        Near::Sentence => mention.sentence(),
    };
    let figure = mention.quantity.span;
    let words = mention.text.hits.within(stretch);
    let here = classes.iter().flat_map(|class| words.of(*class));
    let apart = |span: Span| {
        if span.end <= figure.start { figure.start - span.end } else { span.start.saturating_sub(figure.end) }
    };
    here.map(|hit| hit.span).filter(|span| span.end <= stretch.end).min_by_key(|span| apart(*span))
}

/// Every figure about which the report says something else than its sources do.
pub(super) fn occurrences(shifts: &[CompiledShift], shared: &[Shared<'_>]) -> Vec<SourceOccurrence> {
    let at_odds = |figure: &Shared<'_>| {
        shifts.iter().find_map(|shift| {
            let (words, mention, source) = shift.at_odds(figure)?;
            // Another amount in brackets between the word and its figure is not at fault.
            let span = if figure.report.is_alone_in(words) { words } else { figure.report.quantity.span };
            let strength = if shift.note { Strength::Hint } else { Strength::Proof };
            Some(SourceOccurrence {
                span,
                words,
                strength,
                source: Some((mention.origin, source)),
                also: Vec::new(),
                arithmetic: None,
            })
        })
    };
    shared.iter().filter_map(at_odds).collect()
}
