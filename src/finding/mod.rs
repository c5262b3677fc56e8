//! What was found: severity, place, arithmetic, repair, fingerprint, coverage; and what of it is known.

mod baseline;
mod fingerprint;
mod model;

pub use baseline::{BASELINE_VERSION, Baseline, Comparison, Known, KnownKey};
pub use fingerprint::Fingerprints;
pub use model::{
    Audit, Confidence, Coverage, Figure, Finding, Grounded, GroundingCoverage, Related, Severity,
    SourcePlace, SuppressedBy, Suppression,
};
