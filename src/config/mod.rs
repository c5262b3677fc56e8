//! Configuration: `claimlint.toml`, values of the command line, and what holds for one path and one rule.

mod error;
mod file;
mod globs;
mod layer;
mod loader;
mod locale;
mod model;
mod origin;
mod plan;
mod schema;
mod selector;
mod show;
mod sources;

pub use error::ConfigError;
pub use file::nearest_file;
pub use globs::Globs;
pub use locale::Locale;
pub use model::{Config, FileFilter, Flags, PathSettings};
pub use origin::{Origin, Sourced};
pub use plan::{RuleChoice, RulePlan, RuleSetting};
pub use schema::{FailOn, schema};
pub use show::SettingRow;
pub use sources::SourcePath;

/// The text that `claimlint init` writes: every key with its default, as comments.
pub const TEMPLATE: &str = include_str!("template.toml");
