//! Who, what, when, how sure and who says so, around each quantity.

mod alias;
mod clause;
mod ledger;
mod model;
mod reader;
mod vocabulary;

pub(crate) use clause::{clause_around, first_pause};
pub use ledger::Ledger;
pub use model::{Assertion, EntityId, MeasureId, Modality};
pub use reader::{Reading, read_assertions};
pub use vocabulary::Vocabulary;
