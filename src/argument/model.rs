use super::features::Features;
use super::words::ArgumentWords;
use super::{layout, linker, parts};
use crate::assertion::Reading;
use crate::document::{Document, MARKUP};
use crate::lexicon::Hits;
use crate::source::Span;

/// What a part of a report is in its argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PartKind {
    /// What the report wants to be believed: a sentence, or an item of a list.
    Conclusion,
    /// An item of evidence; in a report without such a list, a section with findings.
    Evidence,
    /// A sentence of the reasoning.
    Step,
    /// What speaks against it: an item of the audit, a risk, the bear case.
    Objection,
    /// A node of a diagram.
    Node,
}

/// How the report is built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// Sections for argument and evidence, mostly with reasoning, audit and diagram.
    Argued,
    /// Summary or recommendation, findings, risks; bull and bear case.
    Plain,
    /// Nothing is headed as a conclusion.
    Sections,
}

/// One part of the argument.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    pub kind: PartKind,
    /// From the first byte of its text to the last; of a node its label, or its id.
    pub span: Span,
    /// The heading right above it, where it has one of its own.
    pub title: Option<Span>,
    /// As written, or counted within its kind from 1.
    pub number: usize,
    /// Diagram and node, for a node.
    pub node: Option<(usize, usize)>,
    /// Whether it is a node that stands for an objection, by its label or its class.
    pub objects: bool,
}

/// What one part does to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LinkKind {
    Supports,
    /// Says the same again.
    Repeats,
    Challenges,
    /// A node shows a part.
    Illustrates,
}

/// Why two parts are taken to belong together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Ground {
    /// The text says so: 证据 3, Evidence 3.
    Number,
    /// Both give this figure; its place in the first.
    Figure(Span),
    /// Both name somebody or something; its place in the first.
    Entity(Span),
    /// They share words that few other parts have.
    Words,
}

/// A link between two parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Index into [`ArgumentGraph::parts`].
    pub from: usize,
    pub to: usize,
    pub kind: LinkKind,
    /// In order, without repeats, never empty.
    pub grounds: Vec<Ground>,
    /// What share of the weight of the shorter part the two have in common, in thousandths.
    pub overlap: u32,
}

/// Bytes before a colon that can be a title, and characters of a name.
const LONGEST_TITLE: usize = 90;
const LONGEST_NAME: usize = 48;
/// Bytes of a part that its name is looked for in.
const LONGEST_HEAD: usize = 512;

/// Prose without what is painted over, on one line.
fn plain(prose: &str) -> String {
    let painted = |c: char| c == char::from(MARKUP);
    let words: String =
        prose.chars().filter(|c| !painted(*c)).map(|c| if c.is_control() { ' ' } else { c }).collect();
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The first characters, with an ellipsis where there are more.
fn shortened(text: &str) -> String {
    match text.char_indices().nth(LONGEST_NAME) {
        Some((end, _)) => format!("{}…", text[..end].trim_end()),
        None => text.to_owned(),
    }
}

/// The argument of one document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArgumentGraph {
    pub layout: Layout,
    /// In order of place within each kind; kinds in the order of [`PartKind`].
    pub parts: Vec<Part>,
    /// By kind of link, from and to.
    pub links: Vec<Link>,
    /// By part: whether another part gives one of its figures.
    pub shares_figure: Vec<bool>,
    /// By part: the numbers of the links that lead to it, and of those that lead away.
    ends: Vec<[Vec<usize>; 2]>,
}

impl ArgumentGraph {
    /// Splits a document into the parts of its argument and links them.
    pub fn of(document: &Document, reading: &Reading, hits: &Hits, words: &ArgumentWords) -> Self {
        let layout = layout::of(document, hits, words);
        let parts = parts::of(document, hits, words, &layout);
        let features = Features::of(document, reading, &parts);
        let links = linker::links(document, hits, words, &parts, &features);
        let mut ends = vec![[Vec::new(), Vec::new()]; parts.len()];
        for (number, link) in links.iter().enumerate() {
            ends[link.to][0].push(number);
            ends[link.from][1].push(number);
        }
        Self { layout: layout.layout, parts, links, shares_figure: features.shared_figures(), ends }
    }

    /// The parts of a kind, with their numbers.
    pub fn of_kind(&self, kind: PartKind) -> impl Iterator<Item = (usize, &Part)> {
        self.parts.iter().enumerate().filter(move |(_, part)| part.kind == kind)
    }

    /// The links of a kind that lead to a part.
    pub fn to(&self, part: usize, kind: LinkKind) -> impl Iterator<Item = &Link> {
        let own = self.ends.get(part).map_or(&[][..], |[to, _]| to);
        own.iter().map(|number| &self.links[*number]).filter(move |link| link.kind == kind)
    }

    /// The links of a kind that lead away from a part.
    pub fn from(&self, part: usize, kind: LinkKind) -> impl Iterator<Item = &Link> {
        let own = self.ends.get(part).map_or(&[][..], |[_, from]| from);
        own.iter().map(|number| &self.links[*number]).filter(move |link| link.kind == kind)
    }

    /// How a part begins: its title, what stands before its first colon, else its first words.
    pub fn name(&self, part: &Part, document: &Document) -> String {
        let text = |span: Span| plain(span.of(&document.prose));
        if let Some(title) = part.title {
            return shortened(&text(title));
        }
        let end = document.prose.floor_char_boundary(part.span.start + LONGEST_HEAD).min(part.span.end);
        let whole = text(Span::new(part.span.start, end));
        let titled = whole.find([':', '：']).filter(|at| *at > 0 && *at <= LONGEST_TITLE);
        match titled {
            Some(at) if matches!(part.kind, PartKind::Evidence | PartKind::Objection) => {
                whole[..at].to_owned()
            }
            _ => shortened(&whole),
        }
    }
}
