use std::cell::OnceCell;

use schemars::JsonSchema;
use serde::Serialize;

use super::places::Places;
use super::window::Window;
use crate::finding::{Finding, SourcePlace};
use crate::source::{SourceFile, Span, TimeStamp};

/// The sources of a report, to be cited by place.
pub(super) struct Sources<'a> {
    sources: Vec<Source<'a>>,
}

struct Source<'a> {
    file: &'a SourceFile,
    /// Lines and columns of the running text, and of the file.
    running: OnceCell<Places<'a>>,
    in_file: OnceCell<Places<'a>>,
}

/// A place in a source, with all that says where it is.
pub(super) struct Citation<'a> {
    /// What it is to the finding.
    pub label: &'a str,
    /// The source's name.
    pub source: &'a str,
    /// The running text, and the place in it.
    pub running: &'a Places<'a>,
    pub span: Span,
    /// The file's text, and the place in it.
    pub file: &'a Places<'a>,
    pub in_file: Span,
    /// When it is said.
    pub time: Option<TimeStamp>,
}

impl<'a> Sources<'a> {
    pub fn new(files: impl IntoIterator<Item = &'a SourceFile>) -> Self {
        let source = |file| Source { file, running: OnceCell::new(), in_file: OnceCell::new() };
        Self { sources: files.into_iter().map(source).collect() }
    }

    /// The places of a finding that are in sources.
    pub fn cited<'s>(&'s self, finding: &'s Finding) -> impl Iterator<Item = Citation<'s>> {
        finding.in_sources.iter().filter_map(|place| self.cite(place))
    }

    fn cite<'s>(&'s self, place: &'s SourcePlace) -> Option<Citation<'s>> {
        let source = self.sources.get(place.source)?;
        Some(Citation {
            label: &place.label,
            source: &source.file.name,
            running: source.running.get_or_init(|| Places::new(&source.file.text)),
            span: place.span,
            file: source.in_file.get_or_init(|| Places::new(source.file.file_text())),
            in_file: source.file.in_file(place.span),
            time: source.file.time(place.span.start),
        })
    }
}

impl Citation<'_> {
    /// Line and column in the file.
    pub fn line_column(&self) -> (usize, usize) {
        self.file.line_column(self.in_file.start)
    }

    /// `source at 00:12:05`.
    pub fn words(&self) -> String {
        let time = self.time.map(|time| format!(" at {time}")).unwrap_or_default();
        format!("{}{time}", self.label)
    }

    /// What is said there, and around it, in about so many columns.
    pub fn window(&self, columns: usize) -> [String; 3] {
        around(self.running, self.span, columns)
    }

    /// `talk.srt:12:3 at 00:12:05`.
    pub fn place(&self) -> String {
        let (line, column) = self.line_column();
        let time = self.time.map(|time| format!(" at {time}")).unwrap_or_default();
        format!("{}:{line}:{column}{time}", self.source)
    }
}

/// What stands before a place, there and behind it, in about so many columns.
pub(super) fn around(places: &Places<'_>, span: Span, columns: usize) -> [String; 3] {
    let line = places.line_span(places.line_column(span.start).0);
    let window = Window::around(places.text, line, span, columns);
    let shown = window.place(line, span).unwrap_or(0..0);
    let text = |range: std::ops::Range<usize>| window.text[range].to_string();
    [text(0..shown.start), text(shown.clone()), text(shown.end..window.text.len())]
}

/// A place in a text that the report was made from. Bytes of its file as decoded, end exclusive; line and column count
/// from 1, the column in characters.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "SourcePlace")]
pub(super) struct CitedPlace<'a> {
    /// What it is to the finding.
    label: &'a str,
    /// The source's path, or `source` for one that came with its report.
    source: &'a str,
    start: usize,
    end: usize,
    line: usize,
    column: usize,
    /// When it is said, `00:12:05`.
    #[serde(skip_serializing_if = "Option::is_none")]
    time: Option<String>,
    /// What is said there and around it.
    text: String,
}

/// Columns of what stands around a place.
const COLUMNS: usize = 80;

impl<'a> CitedPlace<'a> {
    pub fn new(citation: Citation<'a>) -> Self {
        let (line, column) = citation.line_column();
        Self {
            label: citation.label,
            source: citation.source,
            start: citation.in_file.start,
            end: citation.in_file.end,
            line,
            column,
            time: citation.time.map(|time| time.to_string()),
            text: citation.window(COLUMNS).concat(),
        }
    }
}
