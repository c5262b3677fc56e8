//! A report as blocks with places and roles.
mod model;
pub use model::*;
