//! Who, what, when, how sure and who says so, around each quantity.

mod alias;
mod ledger;
mod model;
mod reader;
mod vocabulary;

pub use ledger::Ledger;
pub use model::{Assertion, EntityId, MeasureId, Modality};
pub use reader::{Reading, read_assertions};
pub(crate) use reader::{clause_around, first_pause};
pub use vocabulary::Vocabulary;
