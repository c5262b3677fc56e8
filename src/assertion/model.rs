use crate::quantity::Date;
use crate::source::Span;

/// A company, person or product, by its place in the entities of one document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EntityId(pub u32);

/// What is measured (valuation, revenue …), by its place in the vocabulary.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MeasureId(pub u16);

/// How the text stands to the figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Modality {
    /// Said to be so.
    #[default]
    Fact,
    /// 预计, is expected to.
    Forecast,
    /// 计划, aims to.
    Plan,
    /// 如果, if.
    Condition,
    /// 并非, not.
    Denied,
}

/// A quantity and what the words around it say of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Assertion {
    /// Index into the document's quantities.
    pub quantity: usize,
    /// Index into [`crate::document::Document::sentences`].
    pub sentence: u32,
    pub entity: Option<EntityId>,
    pub measure: Option<MeasureId>,
    /// The date that stands in the same clause.
    pub period: Option<Date>,
    pub modality: Modality,
    /// Words that say whose figure it is: 据…, according to.
    pub attribution: Option<Span>,
}
