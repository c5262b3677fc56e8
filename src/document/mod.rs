//! A report as blocks with places and roles: envelope, Markdown, tables, diagrams, transcript.

mod builder;
mod chapter;
mod date;
mod directive;
mod envelope;
mod fence;
mod flowchart;
mod heading;
mod html;
mod language;
mod lexicon;
mod mark;
mod markdown;
mod mermaid;
mod model;
mod parse;
mod row;
mod sentence;

pub use date::iso_date;
pub use directive::{Directive, DirectiveFault, DirectiveFaultKind, Ignore};
pub use lexicon::DocumentLexicon;
pub(crate) use mark::plain;
pub use model::*;

/// Bytes from which on a document is read by several threads: waking them pays only for long ones.
pub(crate) const LONG_DOCUMENT: usize = 1 << 17;
