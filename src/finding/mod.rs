//! What was found: severity, place, arithmetic, repair, fingerprint, coverage.

mod fingerprint;
mod model;

pub use fingerprint::Fingerprints;
pub use model::{Audit, Confidence, Coverage, Figure, Finding, Related, Severity, SuppressedBy, Suppression};
