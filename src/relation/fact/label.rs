use rust_decimal::Decimal;

use super::super::table::TableWords;
use super::basis::{Basis, BasisWord, FactWords};
use super::metric::{MetricId, Metrics};
use crate::assertion::Reading;
use crate::document::{Document, plain};
use crate::lexicon::{ClassId, Hits};
use crate::quantity::{Date, Grain, Magnitude};
use crate::source::Span;

/// What facts are read with.
#[derive(Clone, Copy)]
pub(in crate::relation) struct FactScene<'a> {
    pub document: &'a Document,
    pub reading: &'a Reading,
    pub hits: &'a Hits,
    pub metrics: &'a Metrics,
    pub words: &'a FactWords,
    pub table_words: &'a TableWords,
}

/// What a label says: the name of a row or a column, a caption.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Label {
    /// The one metric that it names, and nothing else beside qualifiers.
    pub metric: Option<(MetricId, Span)>,
    pub basis: Basis,
    pub period: Option<Date>,
    /// Whether it names something beside metrics, qualifiers and periods.
    pub names: bool,
}

impl FactScene<'_> {
    /// Reads a label: what stands in brackets qualifies it only.
    pub(super) fn label(&self, span: Span) -> Label {
        let text = span.of(&self.document.prose);
        let open = text.find(['(', '（', '[', '【']).filter(|at| !text[..*at].trim().is_empty());
        let outer = Span::new(span.start, span.start + open.unwrap_or(text.len()));
        let metric = self.metric_in(outer);
        let mut label = Label { period: self.period(span), ..Label::default() };
        label.basis = self.basis_beside(span, metric.map(|(_, name)| name));
        label.names = self.says_more(outer, metric.map(|(_, span)| span), &[self.words.filler]);
        label.metric = metric.filter(|_| !label.names);
        label
    }

    /// The scale that a label gives its figures: 亿元, (US$ millions), R$B; no letter of a note, [calc-b].
    pub(super) fn scale(&self, span: Span) -> Option<Decimal> {
        let prose = &self.document.prose;
        let is_unit = |word: Span| {
            let before = prose[span.start..word.start].trim_end_matches(' ');
            word.len() > 1 || before.ends_with(['$', '€', '£', '¥', '￥', '₹', '('])
        };
        let text = span.of(prose);
        let noted = Span::new(span.start, span.start + text.find('[').unwrap_or(text.len()));
        self.table_words.scales(self.hits, noted).find(|(word, _)| is_unit(*word)).map(|(_, scale)| scale)
    }

    /// The only metric that stretch names.
    fn metric_in(&self, span: Span) -> Option<(MetricId, Span)> {
        let mut found: Option<(MetricId, Span)> = None;
        let mut end = span.start;
        for hit in self.hits.within(span).meaning(&self.metrics.meanings).iter() {
            if hit.span.end > span.end || hit.span.start < end {
                continue;
            }
            end = hit.span.end;
            let metric = self.metrics.of_class(hit.class)?;
            match found {
                Some((other, _)) if other != metric => return None,
                Some(_) => {}
                None => found = Some((metric, hit.span)),
            }
        }
        found
    }

    /// The qualifiers of a stretch beside a name: the "current" of a current ratio is none.
    pub fn basis_beside(&self, span: Span, name: Option<Span>) -> Basis {
        match name {
            Some(name) => {
                let before = self.basis(Span::new(span.start, name.start.max(span.start)));
                let behind = self.basis(Span::new(name.end.min(span.end), span.end));
                before.join(behind).join(self.words.basis(self.hits, name).of_names())
            }
            None => self.basis(span),
        }
    }

    /// What the heading of a section says of its figures.
    pub fn basis_of_section(&self, section: u32) -> Basis {
        let heading = self.document.sections.get(section as usize).map(|section| section.heading);
        heading.map(|heading| self.words.basis(self.hits, heading).of_heading()).unwrap_or_default()
    }

    /// The qualifiers of a stretch; `2026E` makes a forecast of it.
    pub fn basis(&self, span: Span) -> Basis {
        let (_, inside) = self.reading.quantities_within(span);
        // The 6M of $22.6M are no six months.
        let in_figure = |word: Span| {
            let mut figures =
                inside.iter().filter(|quantity| !matches!(quantity.magnitude, Magnitude::Date(_)));
            figures.any(|figure| figure.span.start < word.start && word.end <= figure.span.end)
        };
        let mut basis = Basis::default();
        for (word, qualifier) in self.words.qualifiers(self.hits, span) {
            if !in_figure(word) {
                basis.insert(qualifier);
            }
        }
        for quantity in inside {
            if let Magnitude::Date(date) = quantity.magnitude {
                let end = quantity.span.end.min(self.document.prose.len());
                let mark = |text: &str| text.ends_with(['E', 'F', 'e', 'P']);
                let behind = self.document.prose[end..].chars().next();
                if mark(&self.document.prose[quantity.span.start..end])
                    || behind.is_some_and(|c| matches!(c, 'E' | 'F' | 'e' | 'P'))
                {
                    basis.insert(BasisWord::Forecast);
                }
                if matches!(date.grain, Grain::Quarter | Grain::Half | Grain::Month | Grain::Week) {
                    basis.insert(BasisWord::PartOfYear);
                }
            }
        }
        basis
    }

    /// The first date of a stretch.
    pub fn period(&self, span: Span) -> Option<Date> {
        let (_, inside) = self.reading.quantities_within(span);
        inside.iter().find_map(|quantity| match quantity.magnitude {
            Magnitude::Date(date) if date.grain != Grain::Impossible => Some(date),
            _ => None,
        })
    }

    /// Whether letters stand in a stretch that are no part of `name`, of a qualifier, of a figure or of a word of the
    /// lists.
    pub fn says_more(&self, span: Span, name: Option<Span>, lists: &[Option<ClassId>]) -> bool {
        let prose = &self.document.prose;
        let known = |class| lists.contains(&Some(class)) || self.words.basis_of(class).is_some();
        let mut covered: Vec<Span> = self
            .hits
            .within(span)
            .meaning(&self.words.meanings)
            .iter()
            .filter(|hit| hit.span.end <= span.end && known(hit.class))
            .map(|hit| hit.span)
            .collect();
        let (_, figures) = self.reading.quantities_within(span);
        covered.extend(figures.iter().map(|quantity| quantity.span));
        covered.extend(name);
        covered.sort_unstable_by_key(|span| (span.start, std::cmp::Reverse(span.end)));
        let mut at = span.start;
        // 2026E, R$, company's, 12x
        let mark = |text: &str| text.split(|c: char| !c.is_alphanumeric()).all(|word| word.len() <= 1);
        let letters = |from: usize, to: usize| !mark(prose.get(from..to).unwrap_or_default());
        for piece in covered {
            if piece.start > at && letters(at, piece.start) {
                return true;
            }
            at = at.max(piece.end);
        }
        at < span.end && letters(at, span.end)
    }
}

/// A label to compare by: lower case, without marks, notes in brackets and spaces around it.
pub(super) fn key_of(prose: &str, span: Span) -> String {
    let text = span.of(prose);
    let text = text.split(['(', '（', '[', '【']).find(|part| !part.trim().is_empty()).unwrap_or(text);
    let mut key = plain(text.trim_matches(|c: char| !c.is_alphanumeric() && c != '%'));
    if key.chars().any(char::is_uppercase) {
        key = key.to_lowercase();
    }
    key
}
