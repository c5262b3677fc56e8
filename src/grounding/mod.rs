//! The report against the texts that it was made from: where each of its figures comes from.

mod align;
mod model;
mod source_text;

pub use align::ground;
pub use model::{GroundedFigure, Grounding, Origin, SourceFigure, Strength, Verdict};
pub use source_text::{SourceText, Text, Texts};
