use crate::check::Locale;
use crate::document::{Document, Language, Role, Section};
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
    }
}
