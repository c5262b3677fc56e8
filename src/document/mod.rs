//! A report as blocks with places and roles: envelope, Markdown, tables, diagrams, transcript.

mod builder;
mod date;
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

pub use lexicon::DocumentLexicon;
pub use model::*;
