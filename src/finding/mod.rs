//! What was found: severity, place, arithmetic, repair, fingerprint, coverage.

mod model;

pub use model::{Audit, Confidence, Coverage, Finding, Related, Severity};
