//! Sums that diagrams show: edges that carry amounts into a node with a total.

use super::binder::{Candidate, Instance, Relations, RivalGroup};
use super::model::Filler;
use super::phrasebook::Phrasebook;
use super::unit_agreement::comparable;
use crate::assertion::Reading;
use crate::document::{Diagram, Document};
use crate::lexicon::{ClassId, Hits, LexiconBuilder};
use crate::quantity::{Bound, Kind, Magnitude, Quantity, Unit};
use crate::source::Span;
use rust_decimal::Decimal;

/// The relation that the sums fill.
const RELATION: &str = "diagram-sum";
/// Edges into one node that may be parts of a sum.
const MOST: usize = 32;

/// The words by which nodes say what their amounts are, from `lexicons/diagrams.toml`.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct DiagramWords {
    /// 合计, total: the node is the sum of what flows into it.
    total: Option<ClassId>,
    /// 融资, round: what is paid into it is not more than it.
    pool: Option<ClassId>,
    /// 投资, invests: is paid in.
    paid: Option<ClassId>,
    /// 估值, cost: no part of what it flows into.
    apart: Option<ClassId>,
}

impl DiagramWords {
    pub fn of(lexicon: &LexiconBuilder) -> Self {
        Self {
            total: lexicon.find("diagram-total"),
            pool: lexicon.find("diagram-pool"),
            paid: lexicon.find("diagram-paid"),
            apart: lexicon.find("diagram-apart"),
        }
    }
}

/// Adds the sum of every node of every diagram to `relations`.
pub(super) fn find(
    document: &Document,
    reading: &Reading,
    hits: &Hits,
    book: &Phrasebook,
    explain: bool,
    relations: &mut Relations,
) {
    let Some(relation) = book.find(RELATION) else { return };
    let scene = Scene { document, reading, hits, words: book.diagram_words };
    for diagram in &document.diagrams {
        for sum in scene.sums(diagram) {
            let Some(instance) = scene.instance(book, relation, &sum) else { continue };
            if explain {
                relations.candidates.push(Candidate { instance: instance.clone(), dropped: None });
            }
            relations.groups.push(RivalGroup { readings: vec![instance] });
        }
    }
}

/// The amounts that flow into a node, and its own.
struct Sum {
    parts: Vec<usize>,
    total: usize,
    /// The node calls itself the total, and everything that flows into it has an amount.
    whole: bool,
}

#[derive(Clone, Copy)]
struct Scene<'a> {
    document: &'a Document,
    reading: &'a Reading,
    hits: &'a Hits,
    words: DiagramWords,
}

impl Scene<'_> {
    fn sums(self, diagram: &Diagram) -> Vec<Sum> {
        let mut into: Vec<Vec<usize>> = vec![Vec::new(); diagram.nodes.len()];
        for (number, edge) in diagram.edges.iter().enumerate() {
            if let Some(edges) = into.get_mut(edge.to as usize) {
                edges.push(number);
            }
        }
        let nodes = into.iter().enumerate().filter(|(_, edges)| (2..=MOST).contains(&edges.len()));
        nodes.filter_map(|(node, edges)| self.sum(diagram, node, edges)).collect()
    }

    fn sum(self, diagram: &Diagram, node: usize, edges: &[usize]) -> Option<Sum> {
        let label = diagram.nodes[node].label?;
        let total = self.amount(label)?;
        let (is_total, is_pool) = (self.has(self.words.total, label), self.has(self.words.pool, label));
        if !(is_total || is_pool) || self.has(self.words.apart, label) {
            return None;
        }
        let whole = self.reading.quantities[total];
        let mut sources: Vec<u32> = Vec::new();
        let mut parts = Vec::new();
        for edge in edges.iter().map(|number| &diagram.edges[*number]) {
            let source = diagram.nodes.get(edge.from as usize).and_then(|node| node.label);
            let own = edge.label.and_then(|label| self.amount(label));
            let told = source.filter(|label| is_total || self.has(self.words.paid, *label));
            let told = told.filter(|label| !self.has(self.words.apart, *label));
            let part = own.or_else(|| told.and_then(|label| self.amount(label)));
            // An edge drawn twice is one flow.
            if sources.contains(&edge.from) {
                return None;
            }
            sources.push(edge.from);
            parts.extend(part.filter(|part| comparable(&self.reading.quantities[*part], &whole)));
        }
        let complete = parts.len() == edges.len();
        let (low, most) = (self.least(&parts)?, self.most(total)?);
        // What is not in the picture may make up what is missing, and nothing makes up for too much.
        let told = is_total && complete || low > most || self.least(&[total])? <= self.all(&parts)?;
        (parts.len() >= 2 && told).then_some(Sum { parts, total, whole: is_total && complete })
    }

    /// The only amount of a label: money, a measure or a count.
    fn amount(self, label: Span) -> Option<usize> {
        let (first, inside) = self.reading.quantities_within(label);
        let amount = |quantity: &Quantity| {
            let unit = matches!(
                quantity.unit,
                Unit::Bare | Unit::Money { per: None, .. } | Unit::Measure { per: None, .. }
            );
            unit && matches!(quantity.magnitude, Magnitude::One(_))
                && quantity.bound == Bound::Exact
                && !matches!(quantity.kind, Kind::Duration | Kind::Ordinal | Kind::Date)
        };
        let mut found = (first..).zip(inside).filter(|(_, quantity)| amount(quantity));
        let (index, quantity) = found.next()?;
        let alone = found.next().is_none();
        (alone && quantity.unit != Unit::Bare).then_some(index)
    }

    fn value(self, index: usize, side: Decimal) -> Option<Decimal> {
        let quantity = &self.reading.quantities[index];
        let Magnitude::One(figure) = quantity.magnitude else { return None };
        let tenth = figure.value.abs() / Decimal::TEN;
        let width = if quantity.approximate { tenth } else { figure.step / Decimal::TWO };
        figure.value.checked_add(width.checked_mul(side)?)
    }

    fn least(self, parts: &[usize]) -> Option<Decimal> {
        parts.iter().try_fold(Decimal::ZERO, |sum, part| sum.checked_add(self.value(*part, -Decimal::ONE)?))
    }

    fn all(self, parts: &[usize]) -> Option<Decimal> {
        parts.iter().try_fold(Decimal::ZERO, |sum, part| sum.checked_add(self.value(*part, Decimal::ONE)?))
    }

    fn most(self, total: usize) -> Option<Decimal> {
        self.value(total, Decimal::ONE)
    }

    /// Whether a label says a word before its brackets: ($8400 亿估值) is about something else.
    fn has(self, class: Option<ClassId>, label: Span) -> bool {
        let text = label.of(&self.document.prose);
        let end = text.find(['(', '（']).filter(|at| *at > 0).unwrap_or(text.len());
        class.is_some_and(|class| self.hits.has(class, Span::new(label.start, label.start + end)))
    }

    fn instance(self, book: &Phrasebook, relation: usize, sum: &Sum) -> Option<Instance> {
        let span = self.reading.quantities[sum.total].span;
        let sentence = u32::try_from(self.document.sentence_at(span.start)?).ok()?;
        let shape = &book.relations[relation];
        let role = |name: &str| shape.roles.iter().position(|role| role.name == name);
        let (part, total) = (role("parts")?, role("total")?);
        let mut fillers: Vec<(usize, Filler)> =
            sum.parts.iter().map(|index| (part, Filler::whole(*index))).collect();
        fillers.push((total, Filler::whole(sum.total)));
        let (inferred, named) = (!sum.whole, false);
        Some(Instance { relation, phrase: None, sentence, span, fillers, inferred, named })
    }
}
