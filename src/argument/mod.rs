//! The argument of a report as a graph: conclusion, evidence, steps of reasoning, objections, nodes of diagrams, and
//! which supports, repeats, challenges or illustrates which.

mod features;
mod layout;
mod linker;
mod model;
mod numbering;
mod parts;
mod words;

pub use model::{ArgumentGraph, Ground, Layout, Link, LinkKind, Part, PartKind};
pub use words::ArgumentWords;
