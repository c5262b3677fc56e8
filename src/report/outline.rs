use crate::source::Span;

/// How a report is laid out, for the formats that show it as its author meant it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outline {
    /// The language that most of the report is written in.
    pub language: Language,
    /// The language of what stands around it.
    pub interface: Language,
    /// Key and value of each field of the envelope or the front matter, in order.
    pub fields: Vec<(Span, Span)>,
    /// The parts that hold Markdown, in order; each is read by itself.
    pub markdown: Vec<Span>,
    /// Level and text of each heading, in order, those too that are only a line in bold.
    pub headings: Vec<(u8, Span)>,
    /// The transcript behind the report.
    pub source: Option<Span>,
}

impl Outline {
    /// Markdown from end to end.
    pub fn of_markdown(text: &str) -> Self {
        Self { markdown: vec![Span::new(0, text.len())], ..Self::default() }
    }
}

/// A language that reports and messages may be in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    Chinese,
    #[default]
    English,
}

impl Language {
    /// Its tag in HTML.
    pub(super) fn tag(self) -> &'static str {
        match self {
            Self::Chinese => "zh",
            Self::English => "en",
        }
    }
}
