//! Word lists from TOML, all of them looked for in one pass over a document.

mod class_map;
mod class_set;
mod classes;
mod hits;
mod scan;
mod trie;

pub use class_map::ClassMap;
pub use class_set::ClassSet;
pub use classes::{ClassId, LexiconBuilder};
pub use hits::{Hit, HitSlice, Hits, Meanings};
pub use scan::Lexicon;
