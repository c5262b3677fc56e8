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
    /// The diagrams that can be drawn, in order.
    pub charts: Vec<Chart>,
}

/// A diagram of boxes and links.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chart {
    /// All of it in the text.
    pub span: Span,
    pub nodes: Vec<ChartNode>,
    pub links: Vec<ChartLink>,
    /// The titles of groups of nodes.
    pub groups: Vec<Option<Span>>,
}

/// A box of a chart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChartNode {
    /// What it goes by where it has no label.
    pub name: String,
    /// Where it is first named.
    pub span: Span,
    pub label: Option<Span>,
    /// Index of its group.
    pub group: Option<usize>,
}

/// A link between two boxes, by their indices.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChartLink {
    pub from: usize,
    pub to: usize,
    pub label: Option<Span>,
    /// Whether it has a head.
    pub arrow: bool,
    pub dotted: bool,
}

impl Outline {
    /// Markdown from end to end.
    pub fn of_markdown(text: &str) -> Self {
        Self { markdown: vec![Span::new(0, text.len())], ..Self::default() }
    }

    /// The index of the last heading at or before a byte.
    pub(super) fn section_of(&self, at: usize) -> Option<usize> {
        self.headings.partition_point(|(_, heading)| heading.start <= at).checked_sub(1)
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
