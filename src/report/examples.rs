use std::io::{self, Write};

use crate::finding::Severity;
use crate::source::{DataFile, Span};

use super::card::{Card, Page};
use super::places::Places;
use super::renderer;
use super::text::counted;

/// An example of a rule file that did not come out as the file says.
pub struct ExampleReport<'a> {
    pub rule: &'a str,
    /// `fail example 2: expected a finding, got none`.
    pub message: String,
    pub file: &'a DataFile,
    /// The name shown for the file.
    pub path: String,
    /// The example's place in the file.
    pub span: Span,
}

/// Writes the examples that went wrong, then how many were run.
///
/// # Errors
/// When the output cannot be written.
pub fn write_examples(
    out: &mut impl Write,
    wrong: &[ExampleReport<'_>],
    run: usize,
    rules: usize,
    colour: bool,
) -> io::Result<()> {
    let renderer = renderer(colour);
    for example in wrong {
        let text = example.file.text.as_str();
        let card = Card {
            severity: Severity::Error,
            id: Some(example.rule),
            title: example.message.clone(),
            span: text.get(example.span.start..example.span.end).map(|_| example.span),
            related: &[],
            cited: Vec::new(),
            footers: Vec::new(),
        };
        let page = Page { path: &example.path, places: &Places::new(text) };
        writeln!(out, "{}", card.render(&page, &renderer))?;
    }
    let counts = format!("{} of {}", counted(run, "example"), counted(rules, "rule"));
    match wrong.len() {
        0 => writeln!(out, "{counts}: all as their files say"),
        wrong => writeln!(out, "{counts}: {wrong} not as their files say"),
    }
}
