//! Which quantities belong together, in which roles.

mod model;

pub use model::RoleType;
