use std::path::{Path, PathBuf};
use std::{fs, io};

use thiserror::Error;

use crate::source::{DataFile, SETTINGS_FILE};

/// Every file of `rules/`, by its path below that folder.
const BUILTIN: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/builtin_rules.rs"));

/// The deepest folder looked into, against links that lead round in circles.
const DEPTH_LIMIT: usize = 16;

/// Why a folder of rules could not be read.
#[derive(Debug, Error)]
pub enum FolderError {
    /// The path is missing, or may not be read.
    #[error("cannot read {}: {source}", path.display())]
    Unreadable { path: PathBuf, source: io::Error },
    /// The path is a file.
    #[error("{} is no folder; give the folder that holds the rule files", path.display())]
    NoFolder { path: PathBuf },
    /// A file is not UTF-8.
    #[error("{} is not UTF-8 from byte {at} on; TOML files must be", path.display())]
    NoText { path: PathBuf, at: usize },
    /// Folders in folders without end.
    #[error("{} lies more than {DEPTH_LIMIT} folders deep", path.display())]
    TooDeep { path: PathBuf },
}

/// The files that are part of the program, in order of their paths.
pub fn builtin_files() -> Vec<DataFile> {
    let file = |(path, text): &(&str, &str)| DataFile { path: (*path).to_owned(), text: (*text).to_owned() };
    BUILTIN.iter().map(file).collect()
}

/// Whether a built-in file has that path.
pub(super) fn is_builtin(path: &str) -> bool {
    BUILTIN.iter().any(|(builtin, _)| *builtin == path)
}

/// All `.toml` files below a user's folder, in order of their paths; hidden files and folders, and configuration files,
/// are left out.
///
/// # Errors
/// The first path that cannot be read.
pub fn files_below(folder: &Path) -> Result<Vec<DataFile>, FolderError> {
    let unreadable = |path: &Path, source| FolderError::Unreadable { path: path.to_owned(), source };
    let kind = fs::metadata(folder).map_err(|error| unreadable(folder, error))?;
    if !kind.is_dir() {
        return Err(FolderError::NoFolder { path: folder.to_owned() });
    }
    let mut files = Vec::new();
    let mut open = vec![(folder.to_owned(), String::new(), 0)];
    while let Some((at, below, depth)) = open.pop() {
        if depth > DEPTH_LIMIT {
            return Err(FolderError::TooDeep { path: at });
        }
        for entry in fs::read_dir(&at).map_err(|error| unreadable(&at, error))? {
            let entry = entry.map_err(|error| unreadable(&at, error))?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if name.starts_with('.') || name == SETTINGS_FILE {
                continue;
            }
            let path = entry.path();
            let is_toml = path.extension().is_some_and(|extension| extension == "toml");
            let is_folder = match fs::metadata(&path) {
                Ok(kind) => kind.is_dir(),
                Err(error) if is_toml => return Err(unreadable(&path, error)),
                // A dead link that would not have been read anyway.
                Err(_) => continue,
            };
            if is_folder {
                open.push((path, format!("{below}{name}/"), depth + 1));
            } else if is_toml {
                let bytes = fs::read(&path).map_err(|error| unreadable(&path, error))?;
                let text = String::from_utf8(bytes).map_err(|error| FolderError::NoText {
                    path: path.clone(),
                    at: error.utf8_error().valid_up_to(),
                })?;
                files.push(DataFile { path: format!("{below}{name}"), text });
            }
        }
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}
