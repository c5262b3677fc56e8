use super::super::model::Filler;
use super::basis::Basis;
use super::metric::MetricId;
use crate::assertion::{EntityId, Modality};
use crate::quantity::{Date, Quantity};
use crate::source::Span;

/// Where a fact stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// The title, a field of the envelope.
    Title,
    Heading,
    Summary,
    Prose,
    Cell,
    /// A node or an edge of a diagram.
    Label,
    /// The transcript or another source: no word of the report's own.
    Source,
}

/// A label as written, by its place in the names of one document; equal labels have one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NameId(pub u32);

/// Whose figure it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// Nobody is named: what the report, or the section, is about.
    Own,
    /// A company that the vocabulary or the report names.
    Entity(EntityId),
    /// What the label of its row or column names.
    Named(NameId),
}

/// The cell of a figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CellPlace {
    /// Index into [`crate::document::Document::tables`].
    pub table: u32,
    /// Of the table's body: 0 is the first row below the header.
    pub row: u32,
    pub column: u32,
}

/// A row or a column of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TableLine {
    Row { table: u32, row: u32 },
    Column { table: u32, column: u32 },
}

/// One figure and what it is a figure of.
#[derive(Clone, Copy, Debug)]
pub struct Fact {
    /// Index into the document's quantities.
    pub index: usize,
    /// As its table or sentence gives it: with the unit and the scale of its heading, the sign of its brackets.
    pub quantity: Quantity,
    /// Index into the document's sentences.
    pub sentence: u32,
    pub section: u32,
    pub place: Place,
    pub cell: Option<CellPlace>,
    /// The line of the table that it shares with other metrics: its column where its row names the metric.
    pub line: Option<TableLine>,
    /// Whether it is the only figure of its cell.
    pub alone: bool,
    pub metric: Option<MetricId>,
    /// The words that name the metric.
    pub name: Option<Span>,
    /// What the labels of its row and its column say, whether a metric or not.
    pub row_name: Option<NameId>,
    pub column_name: Option<NameId>,
    pub subject: Subject,
    pub period: Option<Date>,
    pub basis: Basis,
    pub modality: Modality,
}

impl Fact {
    /// Puts the figure into a role.
    pub fn filler(&self) -> Filler {
        Filler::Cell { index: self.index, magnitude: self.quantity.magnitude, unit: self.quantity.unit }
    }
}
