//! Word lists from TOML, compiled into one automaton that is run once over a document.

mod automaton;
mod classes;

pub use automaton::{Hit, Hits, Lexicon};
pub use classes::{ClassId, LexiconBuilder};
