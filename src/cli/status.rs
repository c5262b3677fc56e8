use std::io;

/// What came up in a run, for its exit status.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Status {
    /// Findings at or above what was asked for, or an example that went wrong.
    pub findings: bool,
    /// An input that is missing or could not be read.
    pub unreadable: bool,
    /// A fault of claimlint's own.
    pub internal: bool,
}

impl Status {
    /// The exit status of a usage, configuration or rule error.
    pub const USAGE: u8 = 2;
    /// The exit status of an input that is missing or cannot be read.
    pub const UNREADABLE: u8 = 3;
    /// The exit status of a fault of claimlint's own.
    pub const INTERNAL: u8 = 4;

    /// The exit status; what keeps a result from being complete outweighs the result.
    pub fn code(self) -> u8 {
        match self {
            Self { internal: true, .. } => Self::INTERNAL,
            Self { unreadable: true, .. } => Self::UNREADABLE,
            Self { findings: true, .. } => 1,
            _ => 0,
        }
    }
}

/// Why a run ended before its work was done.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failure {
    #[error("{0}")]
    Usage(String),
    /// What all reports are held against is missing or cannot be read.
    #[error("{0}")]
    Unreadable(String),
    #[error("{name}: cannot be written: {error}; check the path, its permissions and the space left")]
    Output { name: String, error: io::Error },
}

impl Failure {
    /// A failure to write to standard output.
    pub fn stdout(error: io::Error) -> Self {
        Self::Output { name: "standard output".to_string(), error }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_incomplete_outweighs_findings() {
        let status = |findings, unreadable, internal| Status { findings, unreadable, internal }.code();
        assert_eq!(status(false, false, false), 0);
        assert_eq!(status(true, false, false), 1);
        assert_eq!(status(true, true, false), 3);
        assert_eq!(status(true, true, true), 4);
    }
}
