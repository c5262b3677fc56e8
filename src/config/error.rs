use std::io;
use std::path::PathBuf;

use thiserror::Error;

use crate::source::{DataFile, Fault};

/// Why there is no configuration.
#[derive(Debug, Error)]
pub enum ConfigError {
    #[error("{}: cannot be read: {cause}; check the path given with --config", path.display())]
    Unreadable { path: PathBuf, cause: io::Error },
    #[error("{}: is longer than {limit} bytes, which no configuration file is; check the path", path.display())]
    TooLong { path: PathBuf, limit: u64 },
    #[error("{}: is not UTF-8 from line {line} on; save the file as UTF-8", path.display())]
    NoText { path: PathBuf, line: usize },
    #[error("--config {0:?}: is a second file; give one, and further values as --config KEY=VALUE")]
    SecondFile(String),
    #[error("--config {0:?} and --isolated: --isolated reads no configuration file; leave one of them out")]
    Isolated(String),
    #[error("the folder that claimlint runs in cannot be told: {0}; change into another folder")]
    NoFolder(io::Error),
    /// Faults in the files, which are those of the configuration.
    #[error("the configuration is broken: mend what is shown above")]
    Faults { faults: Vec<Fault>, files: Vec<DataFile> },
}
