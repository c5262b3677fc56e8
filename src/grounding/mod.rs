//! The report against the texts that it was made from: where each of its figures comes from.

mod align;
mod context;
mod derivation;
mod figure;
mod index;
mod lexicon;
mod misheard;
mod model;
mod rival;
mod source_text;
mod speech;
mod verdict;
mod worked_out;

pub use align::{Knowledge, ground};
pub(crate) use figure::significant_digits;
pub use lexicon::GroundingLexicon;
pub use model::{GroundedFigure, Grounding, Origin, SourceFigure, Strength, Verdict};
pub use source_text::{SourceText, Text, Texts};
