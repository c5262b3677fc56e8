use super::Facts;
use super::basis::{Basis, BasisWord};
use super::label::FactScene;
use super::metric::{MetricId, MetricType, Timing};
use super::model::{Fact, Place};
use crate::assertion::{Modality, clause_around};
use crate::document::{BlockKind, Role};
use crate::quantity::{Date, Magnitude, Unit};
use crate::relation::matcher::outer_start;
use crate::source::Span;

/// How far a figure may stand behind its name, in bytes, with words between that only lead to it.
const REACH: usize = 64;

/// Where what is said of a name ends.
const PAUSES: [char; 7] = ['，', ',', '；', ';', '。', '、', '\u{2}'];

/// How far before a name its sentence may say that it speaks of one case of several, in bytes.
const CASE_REACH: usize = 240;

/// Adds the figures that sentences and lists give for a metric by its name: `**P/E (TTM)**: 36.2x`, 股价为 48 元, a
/// payout ratio of 105%, ~6% yield.
pub(super) fn read(scene: FactScene<'_>, facts: &mut Facts) {
    let mut end = 0;
    for hit in scene.hits.all().meaning(&scene.metrics.meanings).iter() {
        // Of names that overlap the first and longest is the one.
        if hit.span.start < end {
            continue;
        }
        end = hit.span.end;
        let Some(metric) = scene.metrics.of_class(hit.class) else { continue };
        if !has_figure_near(scene, hit.span) {
            continue;
        }
        let Some(sentence) = scene.document.sentence_at(hit.span.start) else { continue };
        let named = Named { scene, metric, name: hit.span, sentence };
        if let Some(fact) = named.fact(facts) {
            facts.push(fact);
        }
    }
}

/// Whether a figure stands so near to a name that it may be one of the metric.
fn has_figure_near(scene: FactScene<'_>, name: Span) -> bool {
    let near = Span::new(name.start.saturating_sub(REACH), name.end + REACH);
    !scene.reading.quantities_within(near).1.is_empty()
}

/// What a price is that stands before what is made of it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum PriceBefore {
    OfTheDay,
    AimedAt,
}

/// The name of a metric in a sentence.
struct Named<'a> {
    scene: FactScene<'a>,
    metric: MetricId,
    name: Span,
    sentence: usize,
}

impl Named<'_> {
    fn fact(&self, facts: &Facts) -> Option<Fact> {
        let scene = self.scene;
        let sentence = scene.document.sentences[self.sentence];
        let block = &scene.document.blocks[sentence.block as usize];
        if matches!(block.kind, BlockKind::Cell { .. } | BlockKind::Code)
            || !self.is_whole_name(sentence.span)
        {
            return None;
        }
        let behind = self.behind(sentence.span);
        let moved = if behind.is_none() { self.moved_to(sentence.span) } else { None };
        let (index, words) = behind.or(moved).or_else(|| self.ahead(sentence.span))?;
        let quantity = scene.reading.quantities[index];
        let assertion = scene.reading.assertion_of(index);
        let section = scene.basis_of_section(block.section);
        let mut basis =
            scene.basis_beside(words, Some(self.name)).join(section).join(self.case(sentence.span));
        if moved.is_some() {
            // 同比 is said of the change before the figure.
            basis = basis.without(BasisWord::Change);
        }
        let modality = assertion.map(|assertion| assertion.modality).unwrap_or_default();
        match self.price_before(sentence.span) {
            Some(PriceBefore::OfTheDay) if modality == Modality::Fact => {
                basis = basis.without(BasisWord::Implied);
            }
            Some(PriceBefore::AimedAt) => basis.insert(BasisWord::Supposed),
            _ => {}
        }
        let forecast = basis.has(BasisWord::Forecast);
        let entity = assertion.and_then(|assertion| assertion.entity);
        Some(Fact {
            index,
            quantity,
            sentence: u32::try_from(self.sentence).unwrap_or(u32::MAX),
            section: block.section,
            place: place_of(block.kind, block.role),
            cell: None,
            line: None,
            alone: true,
            metric: Some(self.metric),
            name: Some(self.name),
            row_name: None,
            column_name: None,
            subject: match entity {
                Some(entity) => facts.subject(entity),
                None => facts.subject_of_section(block.section),
            },
            period: self.period(words, sentence.span, index),
            basis,
            modality: if forecast && modality == Modality::Fact { Modality::Forecast } else { modality },
        })
    }

    /// Whether the words before the name do not make it the name of something else: 服务收入, cloud revenue.
    fn is_whole_name(&self, sentence: Span) -> bool {
        let prose = &self.scene.document.prose;
        let text = &prose[sentence.start..self.name.start];
        let kept = text.trim_end_matches([' ', '\u{1}', '*', '_']);
        let Some(last) = kept.chars().next_back() else { return true };
        if !last.is_alphanumeric() {
            // behind brackets a name goes on, behind other signs it begins
            return !matches!(last, '-' | '‑' | '/' | '&' | '+');
        }
        let end = sentence.start + kept.len();
        let floor = prose.ceil_char_boundary(end.saturating_sub(REACH)).max(sentence.start);
        let words = self.scene.words;
        let ends_here = |hit: &crate::lexicon::Hit| hit.span.end == end;
        let near = self.scene.hits.within(Span::new(floor, end)).meaning(&words.meanings);
        let known = near.iter().filter(ends_here).any(|hit| {
            Some(hit.class) == words.before
                || Some(hit.class) == words.filler
                || words.basis_of(hit.class).is_some()
        });
        let figure = || {
            let (_, inside) = self.scene.reading.quantities_within(Span::new(floor, end));
            inside.last().is_some_and(|quantity| quantity.span.end == end)
        };
        // Mentions do not overlap: the last one that begins before the place is the one that may end there.
        let mention = || {
            let mentions = &self.scene.reading.mentions;
            let after = mentions.partition_point(|(span, _)| span.start < end);
            after.checked_sub(1).is_some_and(|last| mentions[last].0.end == end)
        };
        known || figure() || mention()
    }

    /// The figure behind the name, with nothing but links, qualifiers and dates between, and the words of both.
    fn behind(&self, sentence: Span) -> Option<(usize, Span)> {
        let prose = &self.scene.document.prose;
        let limit = prose.ceil_char_boundary((self.name.end + REACH).min(sentence.end)).min(sentence.end);
        let (first, inside) = self.scene.reading.quantities_within(Span::new(self.name.end, limit));
        let kind = self.scene.metrics.kind(self.metric);
        let (at, quantity) = (first..)
            .zip(inside)
            .find(|(_, quantity)| !matches!(quantity.magnitude, Magnitude::Date(_)))
            .filter(|(_, quantity)| kind.accepts(quantity))?;
        let between = Span::new(self.name.end, outer_start(quantity).max(self.name.end));
        let text = between.of(prose);
        // A pause inside brackets is none: (TTM, diluted).
        let outside = text.split(['(', '（']).next().unwrap_or(text);
        if outside.contains(PAUSES)
            || self.scene.says_more(between, None, &[self.scene.words.link, self.scene.words.filler])
        {
            return None;
        }
        let note = self.note_behind(quantity.span.end, sentence);
        Some((at, Span::new(self.qualified_from(sentence), note)))
    }

    /// The figure that the metric moved to, with the change before it: rose 30.2% to $356.7 million, 同比增长 30.2%
    /// 至 356.7 亿元.
    fn moved_to(&self, sentence: Span) -> Option<(usize, Span)> {
        let (scene, words) = (self.scene, self.scene.words);
        let prose = &scene.document.prose;
        let limit = prose.ceil_char_boundary((self.name.end + REACH).min(sentence.end)).min(sentence.end);
        let (first, inside) = scene.reading.quantities_within(Span::new(self.name.end, limit));
        let mut figures =
            (first..).zip(inside).filter(|(_, figure)| !matches!(figure.magnitude, Magnitude::Date(_)));
        let change = figures.next().map(|(_, figure)| figure)?;
        let (at, figure) = figures.next()?;
        let changes = matches!(change.unit, Unit::Percent | Unit::PercentagePoint | Unit::BasisPoint);
        if !changes || !scene.metrics.kind(self.metric).accepts(figure) {
            return None;
        }
        let between = Span::new(self.name.end, outer_start(figure).max(self.name.end));
        let end = between.start + between.of(prose).trim_end_matches([' ', '\u{1}']).len();
        let led = scene
            .hits
            .within(between)
            .iter()
            .any(|hit| Some(hit.class) == words.moved_to && hit.span.end == end);
        let known = [words.link, words.filler, words.moved, words.moved_to];
        if !led || between.of(prose).contains(PAUSES) || scene.says_more(between, None, &known) {
            return None;
        }
        let note = self.note_behind(figure.span.end, sentence);
        Some((at, Span::new(self.qualified_from(sentence), note)))
    }

    /// `105% payout ratio`: the figure right before the name.
    fn ahead(&self, sentence: Span) -> Option<(usize, Span)> {
        let prose = &self.scene.document.prose;
        let floor = prose.ceil_char_boundary(self.name.start.saturating_sub(REACH)).max(sentence.start);
        let (first, inside) = self.scene.reading.quantities_within(Span::new(floor, self.name.start));
        let quantity = inside.last()?;
        let between = Span::new(quantity.span.end, self.name.start.max(quantity.span.end));
        let text = between.of(prose);
        let goes_on = prose[self.name.end..sentence.end].trim_start_matches(' ');
        let goes_on = goes_on.starts_with(|c: char| c.is_alphanumeric() || matches!(c, ':' | '：'));
        let fits = self.scene.metrics.kind(self.metric).accepts(quantity);
        let glued = text.trim_matches([' ', '\u{1}', '的']).is_empty()
            || !text.contains([',', '，', '、', ';', '；', '\u{2}'])
                && !self.scene.says_more(between, None, &[]);
        let words = Span::new(self.clause_start(quantity.span.start, sentence), self.name.end);
        (fits && glued && !goes_on).then_some((first + inside.len() - 1, words))
    }

    /// Whether the sentence speaks of one case of several before the name: 悲观情形下…，市盈率仅 9 倍.
    fn case(&self, sentence: Span) -> Basis {
        let prose = &self.scene.document.prose;
        let floor = prose.ceil_char_boundary(self.name.start.saturating_sub(CASE_REACH)).max(sentence.start);
        self.scene
            .words
            .basis(self.scene.hits, Span::new(floor.min(self.name.start), self.name.start))
            .of_heading()
    }

    /// The price that a sentence tells before what is made of it: 现价 42.5 元，对应 PE 18 倍; 目标价 50 元，对应市值 407 亿元.
    fn price_before(&self, sentence: Span) -> Option<PriceBefore> {
        let scene = self.scene;
        let of_a_day = |metric| scene.metrics.timing(metric) == Timing::Day;
        let is_price = |metric| scene.metrics.kind(metric) == MetricType::Price && of_a_day(metric);
        if !of_a_day(self.metric) || is_price(self.metric) {
            return None;
        }
        let before = Span::new(sentence.start, self.name.start.max(sentence.start));
        let named = scene.hits.within(before).meaning(&scene.metrics.meanings);
        let mut prices = named.iter().filter(|hit| scene.metrics.of_class(hit.class).is_some_and(is_price));
        let price = prices.next_back()?;
        if scene.basis(price.span).has(BasisWord::Supposed) {
            return Some(PriceBefore::AimedAt);
        }
        // Another amount behind it may be what the figure is made of.
        let behind = Span::new(price.span.end, before.end.max(price.span.end));
        let (first, inside) = scene.reading.quantities_within(behind);
        let mut money =
            (first..).zip(inside).filter(|(_, quantity)| matches!(quantity.unit, Unit::Money { .. }));
        let (index, _) = money.next().filter(|_| money.next().is_none())?;
        // 若股价涨至 60 元 is no price of the day.
        let told = scene.reading.assertion_of(index).is_none_or(|told| told.modality == Modality::Fact);
        let other = [BasisWord::Supposed, BasisWord::Scenario, BasisWord::Former];
        (told && !scene.basis(before).has_any(&other)).then_some(PriceBefore::OfTheDay)
    }

    /// Where the qualifiers before the name begin.
    fn qualified_from(&self, sentence: Span) -> usize {
        let start = self.clause_start(self.name.start, sentence);
        let text = &self.scene.document.prose[start..self.name.start];
        text.rfind(['(', '（', ':', '：']).map_or(start, |at| start + at)
    }

    /// Where the clause of a place begins, at most so far before it.
    fn clause_start(&self, place: usize, sentence: Span) -> usize {
        let prose = &self.scene.document.prose;
        let floor = prose.ceil_char_boundary(place.saturating_sub(REACH)).max(sentence.start);
        prose[floor..place].rfind(PAUSES).map_or(floor, |at| floor + at)
    }

    /// The end of the brackets right behind a figure; what they tell in a percentage is another figure: (同比+30.2%).
    fn note_behind(&self, end: usize, sentence: Span) -> usize {
        let prose = &self.scene.document.prose;
        let text = &prose[end..sentence.end];
        let rest = text.trim_start_matches([' ', '\u{1}']);
        if !rest.starts_with(['(', '（']) {
            return end;
        }
        let close = rest.find([')', '）']).filter(|at| *at <= REACH);
        let close = close.map_or(end, |at| end + (text.len() - rest.len()) + at);
        let (_, inside) = self.scene.reading.quantities_within(Span::new(end, close));
        if inside.iter().any(|figure| figure.unit == Unit::Percent) { end } else { close }
    }

    fn period(&self, words: Span, sentence: Span, index: usize) -> Option<Date> {
        let assertion = self.scene.reading.assertion_of(index);
        let clause = || self.scene.period(clause_around(&self.scene.document.prose, sentence, self.name));
        self.scene.period(words).or_else(|| assertion.and_then(|assertion| assertion.period)).or_else(clause)
    }
}

fn place_of(kind: BlockKind, role: Role) -> Place {
    match (kind, role) {
        (_, Role::Source) | (BlockKind::Transcript, _) => Place::Source,
        (BlockKind::Field, _) => Place::Title,
        (BlockKind::Heading { .. }, _) => Place::Heading,
        (BlockKind::Label { .. }, _) => Place::Label,
        (_, Role::Summary) => Place::Summary,
        _ => Place::Prose,
    }
}
