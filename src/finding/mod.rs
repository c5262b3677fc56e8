//! What was found: severity, place, arithmetic, repair, fingerprint, coverage; and what of it is known or decided.

mod baseline;
mod decision;
mod fingerprint;
mod model;

pub use baseline::{BASELINE_VERSION, Baseline, Comparison, Known, KnownKey};
pub use decision::{DECISIONS_FILE, DECISIONS_VERSION, Decision, Decisions, Verdict, WrittenDecisions};
pub use fingerprint::Fingerprints;
pub use model::{
    Audit, Confidence, Coverage, Figure, Finding, Grounded, GroundingCoverage, Related, Severity,
    SourcePlace, SuppressedBy, Suppression,
};
