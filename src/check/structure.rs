//! Facts about a report's build: what is cut off, left undefined, or says the opposite of what stands there.

use super::bindings::Scene;
use super::reasoning::ReasoningFact;
use super::suppression::SuppressionFact;
use crate::document::{DefectKind, Diagram};
use crate::quantity::{Grain, Magnitude};
use crate::source::Span;

/// A fact that a structure rule can be about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum StructureFact {
    DiagramCutOff,
    FenceUnclosed,
    ReportCutOff,
    ForeignTag,
    UndefinedClass,
    UnconnectedNode,
    StatusContradicted,
    RaggedRow,
    InvalidEncoding,
    ControlCharacter,
    EmptyReport,
    UnconnectedInCutDiagram,
    /// About the argument.
    Reasoning(ReasoningFact),
    ImpossibleDate,
    /// Known only when all other rules have run.
    Suppression(SuppressionFact),
}

/// One place where a fact holds.
#[derive(Clone, Debug)]
pub(super) struct Occurrence {
    pub span: Span,
    /// What the message shows: names, a tag.
    pub text: String,
    /// Further places.
    pub related: Vec<(String, Span)>,
}

impl StructureFact {
    /// Every fact with its name in rule files.
    pub const ALL: [(Self, &'static str); 32] = [
        (Self::DiagramCutOff, "diagram-cut-off"),
        (Self::FenceUnclosed, "fence-unclosed"),
        (Self::ReportCutOff, "report-cut-off"),
        (Self::ForeignTag, "foreign-tag"),
        (Self::UndefinedClass, "undefined-class"),
        (Self::UnconnectedNode, "unconnected-node"),
        (Self::StatusContradicted, "status-contradicted"),
        (Self::RaggedRow, "ragged-row"),
        (Self::InvalidEncoding, "invalid-encoding"),
        (Self::ControlCharacter, "control-character"),
        (Self::EmptyReport, "empty-report"),
        (Self::UnconnectedInCutDiagram, "unconnected-in-cut-diagram"),
        (Self::Reasoning(ReasoningFact::ConclusionWithoutEvidence), "conclusion-without-evidence"),
        (Self::Reasoning(ReasoningFact::ConclusionTermUnsupported), "conclusion-term-unsupported"),
        (Self::Reasoning(ReasoningFact::EvidenceOffSubject), "evidence-off-subject"),
        (Self::Reasoning(ReasoningFact::SourcesSeldomNamed), "sources-seldom-named"),
        (Self::Reasoning(ReasoningFact::ObjectionRestates), "objection-restates"),
        (Self::Reasoning(ReasoningFact::ObjectionWithoutNode), "objection-without-node"),
        (Self::Reasoning(ReasoningFact::NodeWithoutObjection), "node-without-objection"),
        (Self::Reasoning(ReasoningFact::EvidenceWithoutNode), "evidence-without-node"),
        (Self::Reasoning(ReasoningFact::DiagramFigureOnlyInSource), "diagram-figure-only-in-source"),
        (Self::Reasoning(ReasoningFact::DiagramFigureNowhere), "diagram-figure-nowhere"),
        (Self::Reasoning(ReasoningFact::DiagramLeavesOut), "diagram-leaves-out"),
        (Self::Reasoning(ReasoningFact::ComparatorDropped), "comparator-dropped"),
        (Self::Reasoning(ReasoningFact::UniversalFromFew), "universal-from-few"),
        (Self::Reasoning(ReasoningFact::QuoteWithoutSpeaker), "quote-without-speaker"),
        (Self::ImpossibleDate, "impossible-date"),
        (Self::Suppression(SuppressionFact::Malformed), "suppression-malformed"),
        (Self::Suppression(SuppressionFact::WithoutReason), "suppression-without-reason"),
        (Self::Suppression(SuppressionFact::Expired), "suppression-expired"),
        (Self::Suppression(SuppressionFact::Unused), "suppression-unused"),
        (Self::Suppression(SuppressionFact::UnknownRule), "suppression-unknown-rule"),
    ];

    /// The fact of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(_, known)| *known == name).map(|(fact, _)| fact)
    }

    /// The names of those that can silence a rule: all that are known before the rules run.
    pub fn gates() -> impl Iterator<Item = &'static str> {
        let before = |(fact, _): &(Self, &str)| !matches!(fact, Self::Suppression(_) | Self::Reasoning(_));
        Self::ALL.into_iter().filter(before).map(|(_, name)| name)
    }

    /// Every place where it holds.
    pub fn occurrences(self, scene: &Scene<'_>) -> Vec<Occurrence> {
        let document = scene.document;
        let text = |span: Span| span.of(&document.text).trim().to_owned();
        let at = |span: Span| Occurrence { span, text: text(span), related: Vec::new() };
        let defects = |kind: DefectKind| {
            document.defects.iter().filter(move |defect| defect.kind == kind).map(|defect| defect.span)
        };
        let diagrams = document.diagrams.iter();
        match self {
            Self::DiagramCutOff => diagrams.filter_map(|diagram| diagram.cut_off).map(at).collect(),
            Self::FenceUnclosed => defects(DefectKind::UnclosedFence).map(at).collect(),
            Self::ReportCutOff => cut_row(scene).into_iter().map(at).collect(),
            Self::ForeignTag => {
                diagrams.flat_map(|diagram| &diagram.foreign_tags).map(|span| at(*span)).collect()
            }
            Self::UndefinedClass => {
                diagrams.filter_map(|diagram| undefined_classes(scene, diagram)).collect()
            }
            Self::UnconnectedNode => diagrams.flat_map(|diagram| unconnected(scene, diagram)).collect(),
            Self::StatusContradicted => contradicted_status(scene).into_iter().collect(),
            Self::RaggedRow => defects(DefectKind::RaggedRow).map(at).collect(),
            Self::InvalidEncoding => {
                gathered(defects(DefectKind::InvalidEncoding).collect()).into_iter().collect()
            }
            Self::ControlCharacter => {
                gathered(defects(DefectKind::ControlCharacter).collect()).into_iter().collect()
            }
            Self::EmptyReport => defects(DefectKind::Empty)
                .map(|span| Occurrence { span, text: String::new(), related: Vec::new() })
                .collect(),
            Self::UnconnectedInCutDiagram => diagrams
                .filter_map(|diagram| {
                    let cut = diagram.cut_off?;
                    gathered(unconnected(scene, diagram).into_iter().map(|found| found.span).collect())
                        .map(|found| Occurrence { span: cut, ..found })
                })
                .collect(),
            Self::Reasoning(fact) => fact.occurrences(scene),
            Self::ImpossibleDate => impossible_dates(scene).map(at).collect(),
            Self::Suppression(_) => Vec::new(),
        }
    }
}

/// Days that their month does not have, and parts that no year has.
fn impossible_dates<'a>(scene: &'a Scene<'_>) -> impl Iterator<Item = Span> + 'a {
    let prose = scene.document.prose.as_str();
    let dates = scene.reading.quantities.iter().filter(
        |quantity| matches!(quantity.magnitude, Magnitude::Date(date) if date.grain == Grain::Impossible),
    );
    dates.map(|quantity| quantity.span).filter(move |span| {
        // "November 31 companies" and "Audi Q5 2027" are no dates.
        let goes_on = prose[span.end..].strip_prefix(' ').is_some_and(|behind| behind.starts_with(is_letter));
        let bare_day =
            span.of(prose).ends_with(|c: char| c.is_ascii_digit()) && !ends_with_year(span.of(prose));
        let is_name = goes_on && bare_day || follows_name(&prose[..span.start]);
        !is_name
    })
}

fn is_letter(c: char) -> bool {
    c.is_ascii_alphabetic()
}

fn ends_with_year(date: &str) -> bool {
    date.bytes().rev().take_while(u8::is_ascii_digit).count() == 4
        || date.starts_with(|c: char| c.is_ascii_digit())
}

/// Whether the word right before a date may be one that it is a part of the name of: a capital letter, an article.
fn follows_name(before: &str) -> bool {
    const LEADING: [&str; 16] = [
        "In", "By", "For", "Until", "Till", "Through", "Since", "From", "Before", "After", "During",
        "Beyond", "To", "Of", "On", "And",
    ];
    let before = before.trim_end_matches([' ', '\u{1}']);
    let word = before.rsplit(|c: char| !is_letter(c)).next().unwrap_or_default();
    let capital = word.contains(|c: char| c.is_ascii_uppercase()) && !LEADING.contains(&word);
    capital || matches!(word, "the" | "a" | "an" | "new" | "its" | "model")
}

/// One occurrence for many places of the same kind: the first, with their number.
fn gathered(spans: Vec<Span>) -> Option<Occurrence> {
    let count = spans.len();
    spans.first().map(|&span| Occurrence { span, text: count.to_string(), related: Vec::new() })
}

/// The last row of a table that ends the report without the border that all rows above it have.
fn cut_row(scene: &Scene<'_>) -> Option<Span> {
    let document = scene.document;
    let table = document.tables.last()?;
    let report_end = document
        .blocks
        .iter()
        .rev()
        .find(|block| block.role != crate::document::Role::Source && !block.span.is_empty())?
        .span
        .end;
    if report_end > table.span.end {
        return None;
    }
    let rows: Vec<&str> =
        table.span.of(&document.text).lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let (last, above) = rows.split_last()?;
    let bordered = above.len() >= 2 && above.iter().all(|row| row.starts_with('|') && row.ends_with('|'));
    if !bordered || !last.starts_with('|') || last.ends_with('|') {
        return None;
    }
    let start = table.span.start + table.span.of(&document.text).rfind(last)?;
    Some(Span::new(start, start + last.len()))
}

/// Classes that nodes use and no `classDef` defines: one occurrence per diagram.
fn undefined_classes(scene: &Scene<'_>, diagram: &Diagram) -> Option<Occurrence> {
    let text = &scene.document.text;
    let defined: std::collections::BTreeSet<&str> =
        diagram.defined_classes.iter().map(|span| span.of(text)).collect();
    let missing: Vec<Span> =
        diagram.used_classes.iter().copied().filter(|span| !defined.contains(span.of(text))).collect();
    let first = *missing.first()?;
    let mut names: Vec<&str> = Vec::new();
    for span in &missing {
        if !names.contains(&span.of(text)) && names.len() < 20 {
            names.push(span.of(text));
        }
    }
    Some(Occurrence { span: first, text: names.join(", "), related: Vec::new() })
}

/// Nodes that no edge touches, in a diagram that has edges.
fn unconnected(scene: &Scene<'_>, diagram: &Diagram) -> Vec<Occurrence> {
    if diagram.edges.is_empty() {
        return Vec::new();
    }
    let mut touched = vec![false; diagram.nodes.len()];
    for edge in &diagram.edges {
        for end in [edge.from, edge.to] {
            if let Some(node) = touched.get_mut(end as usize) {
                *node = true;
            }
        }
    }
    // An edge to or from a subgraph connects the nodes inside it.
    let subgraph_ids: std::collections::BTreeSet<&str> = diagram
        .nodes
        .iter()
        .zip(&touched)
        .filter(|(_, touched)| **touched)
        .map(|(node, _)| node.id.as_str())
        .collect();
    let groups: std::collections::BTreeSet<&str> =
        diagram.subgraphs.iter().map(|group| group.id.as_str()).collect();
    diagram
        .nodes
        .iter()
        .zip(&touched)
        .filter(|(node, touched)| {
            let by_group = node
                .subgraph
                .and_then(|number| diagram.subgraphs.get(number as usize))
                .is_some_and(|group| subgraph_ids.contains(group.id.as_str()));
            !**touched && !by_group && !groups.contains(node.id.as_str())
        })
        .map(|(node, _)| Occurrence {
            span: node.span,
            text: node.label.map_or_else(
                || node.id.clone(),
                |label| super::bindings::clean(label.of(&scene.document.prose)).trim().to_owned(),
            ),
            related: Vec::new(),
        })
        .collect()
}

/// A status that claims success over a report that is cut off.
fn contradicted_status(scene: &Scene<'_>) -> Option<Occurrence> {
    let field = scene.document.fields.iter().find(|field| matches!(field.key.as_str(), "status" | "状态"))?;
    let value = field.value.of(&scene.document.text).trim().to_lowercase();
    if !matches!(
        value.as_str(),
        "success" | "succeeded" | "ok" | "complete" | "completed" | "done" | "成功" | "完成" | "已完成"
    ) {
        return None;
    }
    let cut = [StructureFact::DiagramCutOff, StructureFact::FenceUnclosed, StructureFact::ReportCutOff]
        .into_iter()
        .find_map(|fact| fact.occurrences(scene).into_iter().next())?;
    Some(Occurrence {
        span: field.key_span.join(field.value),
        text: field.value.of(&scene.document.text).trim().to_owned(),
        related: vec![("cut off".into(), cut.span)],
    })
}
