use std::io::ErrorKind;
use std::path::{Component, Path, PathBuf, absolute};
use std::{fs, io};

use super::encoding::{Decoded, decode};

/// Why a path could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    #[error("{}: no such file; check the path, or give `-` to read standard input", .0.display())]
    Missing(PathBuf),
    #[error("{}: a directory, not a file; name a file in it", .0.display())]
    Directory(PathBuf),
    #[error("{}: no permission to read it; grant read access or run as a user who has it", .0.display())]
    Forbidden(PathBuf),
    #[error("{}: cannot be read: {cause}; check the disk and the path", .path.display())]
    Unreadable { path: PathBuf, cause: io::Error },
}

impl ReadError {
    /// The path that was asked for.
    pub fn path(&self) -> &Path {
        match self {
            Self::Missing(path) | Self::Directory(path) | Self::Forbidden(path) => path,
            Self::Unreadable { path, .. } => path,
        }
    }
}

/// The absolute path without `.` and `..`, whatever links there are.
pub fn plain_path(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in absolute(path).unwrap_or_else(|_| path.to_owned()).components() {
        match part {
            Component::ParentDir => {
                plain.pop();
            }
            Component::CurDir => {}
            part => plain.push(part),
        }
    }
    plain
}

/// Reads a file as text, see [`decode`].
///
/// # Errors
/// When the path is missing, a directory, or cannot be read.
pub fn read_path(path: &Path) -> Result<Decoded, ReadError> {
    let fail = |cause: io::Error| match cause.kind() {
        ErrorKind::NotFound | ErrorKind::NotADirectory => ReadError::Missing(path.to_owned()),
        ErrorKind::IsADirectory => ReadError::Directory(path.to_owned()),
        ErrorKind::PermissionDenied => ReadError::Forbidden(path.to_owned()),
        _ => ReadError::Unreadable { path: path.to_owned(), cause },
    };
    if fs::metadata(path).map_err(fail)?.is_dir() {
        return Err(ReadError::Directory(path.to_owned()));
    }
    fs::read(path).map(decode).map_err(fail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_what_is_wrong_and_the_way_out() {
        let folder = tempfile::tempdir().unwrap();
        let message = |path: &Path| read_path(path).unwrap_err().to_string();
        let missing = folder.path().join("报告.md");
        assert!(
            message(&missing)
                .ends_with("报告.md: no such file; check the path, or give `-` to read standard input")
        );
        assert!(message(folder.path()).ends_with("a directory, not a file; name a file in it"));
        assert_eq!(read_path(&missing).unwrap_err().path(), missing);
    }

    #[test]
    fn reads_what_is_there() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.txt");
        fs::write(&path, "营收 7.7 亿").unwrap();
        assert_eq!(read_path(&path).unwrap().text, "营收 7.7 亿");
    }
}
