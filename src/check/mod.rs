//! The engine: documents in, findings out. A rule contradicts, holds or cannot tell; only the first is a finding.

mod against_source;
mod arithmetic;
mod bindings;
mod engine;
mod examples;
mod explain;
mod mentions;
mod numbers;
mod options;
mod quotes;
mod reasoning;
mod repair;
mod structure;
mod suppression;
mod sweep;
mod word_shift;
mod wording;

use crate::assertion;
pub use crate::config::Locale;

pub use against_source::Source;
pub use engine::Engine;
pub use examples::{ExampleKind, ExampleOutcome};
pub use explain::Explained;
pub use options::CheckOptions;
use sweep::Sweep;

/// What was read from a document.
#[derive(Debug)]
pub struct Extraction {
    /// Quantities, assertions, entities.
    pub reading: assertion::Reading,
}
