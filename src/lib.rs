//! claimlint reads a generated analysis report, turns it into structured assertions, recomputes every
//! number that can be recomputed and says what it found, with the arithmetic.
//!
//! The flow is the house; each module may use only the ones above it (`tests/architecture.rs` holds it):
//!
//! text → [`source`] → [`quantity`] → [`document`] → [`lexicon`] → [`assertion`] → [`relation`] → [`grounding`]
//! → [`argument`] → [`rule`] → [`config`] → [`check`] → [`finding`] → [`report`] → `review` → [`cli`]

pub mod argument;
pub mod assertion;
pub mod check;
pub mod cli;
pub mod config;
pub mod document;
pub mod finding;
pub mod grounding;
pub mod lexicon;
pub mod quantity;
pub mod relation;
pub mod report;
#[cfg(feature = "review")]
pub mod review;
pub mod rule;
pub mod source;
