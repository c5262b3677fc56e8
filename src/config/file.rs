use std::fs::File;
use std::io::Read;
use std::path::{Component, Path, PathBuf};

use super::error::ConfigError;
use crate::source::{DataFile, SETTINGS_FILE, plain_path};

/// Bytes of a configuration file, at most.
const SIZE_LIMIT: u64 = 1 << 20;

/// Folders of version control: nothing above the one that holds them belongs to the project.
const PROJECT_MARKS: [&str; 5] = [".git", ".hg", ".jj", ".svn", ".fossil"];

/// A text with settings, and the folder that its paths are relative to.
pub(super) struct Written {
    /// The text, by the path that is shown for it.
    pub file: DataFile,
    /// The folder, absolute.
    pub root: PathBuf,
    /// The same as it is shown, empty for the folder that claimlint runs in.
    pub base: PathBuf,
}

/// The nearest configuration file, see [`nearest`].
pub(super) fn find(folder: &Path, home: Option<&Path>) -> Option<PathBuf> {
    nearest(folder, home, SETTINGS_FILE)
}

/// The nearest file of a name as seen from `folder`, an absolute path: in it or in one above it, up to the project's
/// or the home folder.
pub fn nearest_file(folder: &Path, name: &str) -> Option<PathBuf> {
    nearest(folder, home().as_deref(), name)
}

fn nearest(folder: &Path, home: Option<&Path>, name: &str) -> Option<PathBuf> {
    let mut shown = PathBuf::new();
    for folder in folder.ancestors() {
        if folder.join(name).is_file() {
            return Some(shown.join(name));
        }
        let ends = PROJECT_MARKS.iter().any(|mark| folder.join(mark).exists()) || home == Some(folder);
        if ends {
            return None;
        }
        shown.push("..");
    }
    None
}

/// Reads a configuration file; `path` is as it is shown.
///
/// # Errors
/// When it cannot be read, is far too long or is no text.
pub(super) fn read(folder: &Path, path: &Path) -> Result<Written, ConfigError> {
    let unreadable = |cause| ConfigError::Unreadable { path: path.to_owned(), cause };
    let mut bytes = Vec::new();
    let file = File::open(folder.join(path)).map_err(unreadable)?;
    file.take(SIZE_LIMIT + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > SIZE_LIMIT {
        return Err(ConfigError::TooLong { path: path.to_owned(), limit: SIZE_LIMIT });
    }
    let text = String::from_utf8(bytes).map_err(|error| {
        let sound = error.as_bytes().get(..error.utf8_error().valid_up_to()).unwrap_or_default();
        let line = sound.iter().filter(|byte| **byte == b'\n').count() + 1;
        ConfigError::NoText { path: path.to_owned(), line }
    })?;
    let base = path.parent().unwrap_or(Path::new("")).to_owned();
    let file = DataFile { path: path.to_string_lossy().into_owned(), text };
    Ok(Written { file, root: plain_path(&folder.join(&base)), base })
}

/// The text of `KEY=VALUE` as it can be read; `None` when the argument is a file's path.
///
/// A word without quotes stands for itself: a shell has eaten them.
pub(super) fn pair(argument: &str) -> Option<String> {
    let (key, value) = argument.split_once('=')?;
    let is_key = |c: char| c.is_ascii_alphanumeric() || "-_\"'*/. ".contains(c);
    let starts = key.trim().starts_with(|c: char| c.is_ascii_alphabetic() || c == '"' || c == '\'');
    // A path would have slashes outside of quotes.
    let unquoted: String = key.split(['"', '\'']).step_by(2).collect();
    if !key.chars().all(is_key) || !starts || unquoted.contains('/') {
        return None;
    }
    let word = |c: char| c.is_ascii_alphanumeric() || "-_/.*".contains(c);
    let value = value.trim();
    let bare = !value.is_empty() && value.chars().all(word) && argument.parse::<toml::Table>().is_err();
    Some(if bare { format!("{key}=\"{value}\"") } else { argument.to_owned() })
}

/// The home folder.
pub(super) fn home() -> Option<PathBuf> {
    let home = std::env::var_os("HOME").or_else(|| std::env::var_os("USERPROFILE"))?;
    let home = PathBuf::from(home);
    home.components().any(|part| matches!(part, Component::Normal(_))).then(|| plain_path(&home))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn the_nearest_file_of_the_project_counts() {
        let folder = tempfile::tempdir().unwrap();
        let at = |path: &str| folder.path().join(path);
        fs::create_dir_all(at("project/a/b")).unwrap();
        fs::create_dir_all(at("project/.git")).unwrap();
        fs::write(at(SETTINGS_FILE), "").unwrap();
        assert_eq!(find(&at("project/a/b"), None), None, "the project ends below it");
        fs::write(at("project").join(SETTINGS_FILE), "").unwrap();
        assert_eq!(find(&at("project/a/b"), None), Some(Path::new("../..").join(SETTINGS_FILE)));
        assert_eq!(find(&at("project/a/b"), Some(&at("project/a"))), None, "home ends the search");
        fs::create_dir(at("project/a").join(SETTINGS_FILE)).unwrap();
        assert_eq!(
            find(&at("project/a"), None),
            Some(Path::new("..").join(SETTINGS_FILE)),
            "a folder is no file"
        );
        fs::write(at("project/a/b").join(SETTINGS_FILE), "").unwrap();
        assert_eq!(find(&at("project/a/b"), None), Some(SETTINGS_FILE.into()));
        assert_eq!(find(folder.path(), None), Some(SETTINGS_FILE.into()));
    }

    #[test]
    fn values_are_told_from_paths() {
        assert_eq!(pair("fail-on=never").as_deref(), Some("fail-on=\"never\""));
        assert_eq!(pair("select=[\"numeric/*\"]").as_deref(), Some("select=[\"numeric/*\"]"));
        assert_eq!(pair("date=2026-03-01").as_deref(), Some("date=2026-03-01"));
        let severity = "severity.\"numeric/share\"=\"note\"";
        assert_eq!(pair(severity).as_deref(), Some(severity));
        for path in ["claimlint.toml", "./a=b.toml", "configs/a=b.toml", "=x", "深=1"] {
            assert_eq!(pair(path), None, "{path}");
        }
    }
}
