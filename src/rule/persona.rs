use clap::ValueEnum;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Who reads the findings, and so how much is shown. Each sees what those before it see.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    JsonSchema,
    ValueEnum,
)]
#[serde(rename_all = "lowercase")]
pub enum Persona {
    /// A CI job: what is proven, and what is nearly always right
    #[default]
    Gate,
    /// A reviewer who reads the report anyway: questions worth asking, too
    Review,
    /// Somebody who wants every question there is
    Strict,
}
