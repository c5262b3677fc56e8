use crate::check::Locale;
use crate::document::{Diagram, Document, Language, Role, Section};
use crate::report;

/// How a document is laid out, for the formats that show it; messages are in the language of `locale`.
pub(super) fn outline(document: &Document, locale: Locale) -> report::Outline {
    let language = |language| match language {
        Language::Chinese => report::Language::Chinese,
        Language::English => report::Language::English,
    };
    // The transcript behind the report has no heading; one inside it is a section of the report.
    let is_transcript = |section: &Section| section.heading.is_empty() && section.role == Role::Source;
    report::Outline {
        language: language(document.language),
        interface: language(locale.resolve(document)),
        fields: document.fields.iter().map(|field| (field.key_span, field.value)).collect(),
        markdown: document.markdown.clone(),
        headings: document
            .sections
            .iter()
            .filter(|section| !section.heading.is_empty())
            .map(|section| (section.level, section.heading))
            .collect(),
        source: document.sections.iter().find(|section| is_transcript(section)).map(|section| section.span),
        charts: document.diagrams.iter().map(|diagram| chart(&document.text, diagram)).collect(),
    }
}

/// A diagram as it is drawn.
fn chart(text: &str, diagram: &Diagram) -> report::Chart {
    let nodes = diagram.nodes.iter().map(|node| report::ChartNode {
        name: node.id.clone(),
        span: node.span,
        label: node.label,
        group: node.subgraph.map(|group| group as usize),
    });
    let links = diagram.edges.iter().map(|edge| report::ChartLink {
        from: edge.from as usize,
        to: edge.to as usize,
        label: edge.label,
        arrow: edge.span.of(text).contains('>'),
        dotted: edge.span.of(text).contains('.'),
    });
    report::Chart {
        span: diagram.span,
        nodes: nodes.collect(),
        links: links.collect(),
        groups: diagram.subgraphs.iter().map(|group| group.title).collect(),
    }
}
