//! The diagram against the text that it draws.

use std::collections::BTreeSet;

use super::objection::has_all_nodes;
use super::{at, has, head, is_argued, name, parts};
use crate::argument::{LinkKind, Part, PartKind};
use crate::assertion::clause_around;
use crate::check::bindings::Scene;
use crate::check::structure::Occurrence;
use crate::document::{BlockKind, Role};
use crate::quantity::{Figure, Kind, Magnitude, Quantity};
use crate::source::Span;

/// A diagram with fewer nodes draws a detail.
const FEWEST_NODES: usize = 4;
/// Figures of diagrams that are looked at.
const MOST_FIGURES: usize = 512;
/// Sentences, lists in one sentence and diagrams that are compared with each other.
const MOST_LISTS: usize = 8;
/// Figures of nearly the same value that one is compared with.
const MOST_NEAR: usize = 32;

/// Items of evidence that no node shows, in a diagram that shows most of them.
pub(super) fn evidence_without_node(scene: &Scene<'_>) -> Vec<Occurrence> {
    if scene.document.diagrams.is_empty() || !is_argued(scene) {
        return Vec::new();
    }
    let nodes = parts(scene, PartKind::Node).filter(|(_, part)| !part.objects).count();
    if nodes < FEWEST_NODES || !scene.document.diagrams.iter().all(has_all_nodes) {
        return Vec::new();
    }
    let argument = scene.argument();
    let items: Vec<_> = parts(scene, PartKind::Evidence).collect();
    let shown = |index: usize| argument.to(index, LinkKind::Illustrates).next().is_some();
    let missing: Vec<_> = items.iter().filter(|(index, _)| !shown(*index)).collect();
    if 2 * missing.len() >= items.len() {
        return Vec::new();
    }
    missing.into_iter().map(|(_, part)| at(head(scene, part), name(scene, part))).collect()
}

/// Where a diagram's figure that the prose does not have is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found {
    InSource,
    Nowhere,
}

/// Figures of diagrams that the prose of the report does not give.
pub(super) fn figures(scene: &Scene<'_>, wanted: Found) -> Vec<Occurrence> {
    if scene.document.diagrams.is_empty() || !is_argued(scene) {
        return Vec::new();
    }
    let (mut labels, mut prose, mut source) = (Vec::new(), Known::default(), Known::default());
    for quantity in scene.reading.quantities.iter() {
        let Some(figure) = figure_of(quantity) else { continue };
        let Some(block) = scene.document.block_of(quantity.span.start) else { continue };
        let block = &scene.document.blocks[block];
        match (block.kind, block.role) {
            (BlockKind::Label { .. }, _) => labels.push((quantity, figure)),
            (_, Role::Source) => source.add(quantity, figure),
            _ => prose.add(quantity, figure),
        }
    }
    prose.sort();
    source.sort();
    let found = |quantity: &Quantity, figure: Figure| {
        let in_source = source.has(quantity.kind, figure);
        if in_source { Found::InSource } else { Found::Nowhere }
    };
    labels
        .into_iter()
        .take(MOST_FIGURES)
        .filter(|(quantity, figure)| !prose.has(quantity.kind, *figure) && found(quantity, *figure) == wanted)
        .map(|(quantity, _)| at(quantity.span, quantity.span.of(&scene.document.text).to_owned()))
        .collect()
}

/// The number of a figure that a reader would look for in the text: money, a percentage, a measure.
fn figure_of(quantity: &Quantity) -> Option<Figure> {
    let told = matches!(quantity.kind, Kind::Money | Kind::Percent | Kind::Quantity | Kind::Number);
    match quantity.magnitude {
        Magnitude::One(figure) if told => Some(figure),
        _ => None,
    }
}

/// Figures by kind and value.
#[derive(Default)]
struct Known {
    figures: Vec<(Kind, Figure)>,
}

impl Known {
    fn add(&mut self, quantity: &Quantity, figure: Figure) {
        self.figures.push((quantity.kind, figure));
    }

    fn sort(&mut self) {
        self.figures.sort_by_key(|(_, figure)| figure.value);
    }

    /// Whether one of the same kind can be the figure, rounded; a bare number is as good as any.
    fn has(&self, kind: Kind, figure: Figure) -> bool {
        let tenth = figure.value.abs() / rust_decimal::Decimal::TEN;
        let from = self.figures.partition_point(|(_, known)| known.value < figure.value - tenth);
        let near = self.figures[from..].iter().take_while(|(_, known)| known.value <= figure.value + tenth);
        let alike = |other: Kind| other == kind || [other, kind].contains(&Kind::Number);
        near.filter(|(other, _)| alike(*other)).take(MOST_NEAR).any(|(_, known)| {
            let step = known.coarse_step.max(figure.coarse_step);
            (known.value - figure.value).abs() * rust_decimal::Decimal::TWO <= step
                || known.value == figure.value
        })
    }
}

/// A figure that the prose puts "far above" something and the diagram does not.
pub(super) fn comparators(scene: &Scene<'_>) -> Vec<Occurrence> {
    let Some(far) = scene.words.far_above else { return Vec::new() };
    if scene.document.diagrams.is_empty() {
        return Vec::new();
    }
    let document = scene.document;
    let in_label = |quantity: &Quantity| {
        let block = document.block_of(quantity.span.start).map(|block| document.blocks[block]);
        block.filter(|block| matches!(block.kind, BlockKind::Label { .. }))
    };
    let quantities = &scene.reading.quantities;
    let labels: Vec<(&Quantity, Span)> = quantities
        .iter()
        .filter_map(|quantity| Some((quantity, in_label(quantity)?.span)))
        .filter(|(quantity, block)| {
            figure_of(quantity).is_some()
                && !has(scene, scene.words.above, *block)
                && quantity.hedge.is_none()
        })
        .take(MOST_FIGURES)
        .collect();
    if labels.is_empty() {
        return Vec::new();
    }
    let mut found = Vec::new();
    for word in scene.hits.all().of(far).take(MOST_FIGURES) {
        let Some(sentence) = document.sentence_at(word.span.start) else { continue };
        let sentence = &document.sentences[sentence];
        let block = &document.blocks[sentence.block as usize];
        if block.role == Role::Source || matches!(block.kind, BlockKind::Label { .. }) {
            continue;
        }
        let clause = clause_around(&document.prose, sentence.span, word.span);
        let (_, behind) = scene.reading.quantities_within(Span::new(word.span.end, clause.end));
        // The figure that the comparison ends in.
        let Some(compared) = behind.iter().rfind(|quantity| figure_of(quantity).is_some()) else { continue };
        let same = |quantity: &Quantity| {
            quantity.unit == compared.unit
                && figure_of(quantity).map(|f| f.value) == figure_of(compared).map(|f| f.value)
        };
        if let Some((label, _)) = labels.iter().find(|(quantity, _)| same(quantity)) {
            found.push(Occurrence {
                related: vec![("diagram".to_owned(), label.span)],
                ..at(word.span.join(compared.span), word.span.of(&document.text).to_owned())
            });
        }
    }
    found
}

/// Names that the argument lists as driven by one thing, of which the diagram links only some with it.
pub(super) fn left_out(scene: &Scene<'_>) -> Vec<Occurrence> {
    if scene.document.diagrams.is_empty() || !is_argued(scene) {
        return Vec::new();
    }
    let mut found = Vec::new();
    for (_, part) in parts(scene, PartKind::Conclusion).take(MOST_LISTS) {
        for (list, names) in name_lists(&scene.document.text, part.span).into_iter().take(MOST_LISTS) {
            for diagram in 0..scene.document.diagrams.len().min(MOST_LISTS) {
                found.extend(left_out_of(scene, diagram, list, &names));
            }
        }
    }
    found
}

/// Lists in brackets: （亚马逊、英伟达、软银）, (Amazon and Nvidia).
pub(super) fn name_lists(text: &str, span: Span) -> Vec<(Span, Vec<&str>)> {
    let mut lists = Vec::new();
    let inside = span.of(text);
    for (open, mark) in inside.match_indices(['（', '(']) {
        let start = open + mark.len();
        let Some(length) = inside[start..].find(['）', ')']).filter(|length| *length <= 160) else {
            continue;
        };
        let names: Vec<&str> = inside[start..start + length]
            .split(['、', ',', '，', '/', '和', '与'])
            .flat_map(|piece| piece.split(" and "))
            .map(|name| name.trim().trim_start_matches("and ").trim())
            .filter(|name| !name.is_empty())
            .collect();
        if (2..=8).contains(&names.len()) {
            lists.push((Span::new(span.start + start, span.start + start + length), names));
        }
    }
    lists
}

fn left_out_of(scene: &Scene<'_>, number: usize, list: Span, names: &[&str]) -> Option<Occurrence> {
    let argument = scene.argument();
    let document = scene.document;
    let diagram = &document.diagrams[number];
    let label = |part: &Part| part.span.of(&document.text).to_lowercase();
    let nodes: Vec<&Part> = argument
        .parts
        .iter()
        .filter(|part| part.node.is_some_and(|(own, _)| own == number))
        .take(MOST_FIGURES)
        .collect();
    let node_of = |part: &Part| part.node.map(|(_, node)| node);
    let named: Vec<usize> = names
        .iter()
        .filter_map(|name| {
            let name = name.to_lowercase();
            nodes.iter().find(|part| label(part).contains(&name)).and_then(|part| node_of(part))
        })
        .collect();
    let distinct: BTreeSet<usize> = named.iter().copied().collect();
    if named.len() != names.len() || distinct.len() != names.len() {
        return None;
    }
    // What the sentence says of them, right behind the list.
    let sentence = document.sentences[document.sentence_at(list.start)?].span;
    let end = document.prose.floor_char_boundary((list.end + 60).min(sentence.end));
    let said = pairs(Span::new(list.end, end.max(list.end)).of(&document.prose));
    let driver = nodes
        .iter()
        .filter(|part| !part.objects && node_of(part).is_some_and(|node| !distinct.contains(&node)))
        .map(|part| (pairs(&label(part)).intersection(&said).count(), *part))
        .filter(|(common, _)| *common > 0)
        .max_by_key(|(common, part)| (*common, std::cmp::Reverse(part.span.start)))?
        .1;
    let driver_node = node_of(driver)?;
    let linked: BTreeSet<usize> = diagram
        .edges
        .iter()
        .flat_map(|edge| {
            let (from, to) = (edge.from as usize, edge.to as usize);
            [(from, to), (to, from)]
        })
        .filter(|(from, to)| *from == driver_node && distinct.contains(to))
        .map(|(_, to)| to)
        .collect();
    if linked.is_empty() || linked.len() == distinct.len() {
        return None;
    }
    let missing: Vec<&str> =
        names.iter().zip(&named).filter(|(_, node)| !linked.contains(node)).map(|(name, _)| *name).collect();
    Some(Occurrence { related: vec![("diagram".to_owned(), driver.span)], ..at(list, missing.join("、")) })
}

/// Longer Latin words that say nothing of what a node is about.
const FUNCTION_WORDS: [&str; 26] = [
    "about", "after", "against", "because", "been", "before", "being", "between", "first", "from", "have",
    "into", "only", "other", "over", "their", "there", "these", "this", "those", "through", "under", "were",
    "which", "while", "with",
];

/// Pairs of Han characters and Latin words.
fn pairs(text: &str) -> BTreeSet<String> {
    let han = |c: char| matches!(c, '\u{4E00}'..='\u{9FFF}');
    let chars: Vec<char> = text.chars().collect();
    let of_han =
        chars.windows(2).filter(|pair| pair.iter().all(|c| han(*c))).map(|pair| pair.iter().collect());
    let latin = text.split(|c: char| !c.is_ascii_alphabetic()).map(str::to_lowercase);
    let latin = latin.filter(|word| word.len() >= 4 && !FUNCTION_WORDS.contains(&word.as_str()));
    of_han.chain(latin).collect()
}
