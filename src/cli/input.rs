use std::collections::HashSet;
use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};

use ignore::overrides::{Override, OverrideBuilder};
use ignore::{DirEntry, WalkBuilder};

use crate::config::FileFilter;
use crate::source::{decode, read_path};

use super::status::Failure;

/// Where a report comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Input {
    /// Standard input, and the name that it goes by.
    Stdin(Option<PathBuf>),
    File(PathBuf),
}

impl Input {
    /// The name shown for it; `-` is standard input.
    pub fn name(&self) -> String {
        match self {
            Self::Stdin(None) => "-".to_string(),
            Self::Stdin(Some(path)) | Self::File(path) => path.to_string_lossy().into_owned(),
        }
    }

    /// The same for `a.md` and `./a.md`.
    fn key(&self) -> PathBuf {
        match self {
            Self::Stdin(_) => PathBuf::from("-"),
            Self::File(path) => path.components().filter(|part| *part != Component::CurDir).collect(),
        }
    }

    /// The whole text.
    ///
    /// # Errors
    /// What is wrong with the input, and the way out.
    pub fn read(&self) -> Result<String, String> {
        match self {
            Self::Stdin(_) => {
                let mut bytes = Vec::new();
                io::stdin()
                    .lock()
                    .read_to_end(&mut bytes)
                    .map_err(|error| format!("standard input: {error}"))?;
                Ok(decode(bytes).text)
            }
            Self::File(path) => {
                read_path(path).map(|decoded| decoded.text).map_err(|error| error.to_string())
            }
        }
    }
}

/// What the paths of a command line stand for.
#[derive(Debug, Default)]
pub(super) struct Inputs {
    pub found: Vec<Input>,
    /// Paths that stand for nothing, each with the way out.
    pub problems: Vec<String>,
    /// The folders that were searched.
    pub folders: Vec<PathBuf>,
    filter: FileFilter,
}

impl Inputs {
    /// Resolves the paths in their order, each file once; no path at all is standard input, which goes by
    /// `stdin_filename` when that is given. What a folder or a pattern stands for is filtered.
    ///
    /// # Errors
    /// When standard input is named and not read.
    pub fn of(paths: &[PathBuf], stdin_filename: Option<&Path>, filter: FileFilter) -> Result<Self, Failure> {
        let stdin = || Input::Stdin(stdin_filename.map(Path::to_path_buf));
        if paths.is_empty() {
            return Ok(Self { found: vec![stdin()], ..Self::default() });
        }
        if stdin_filename.is_some() && !paths.iter().any(|path| path.as_os_str() == "-") {
            return Err(Failure::Usage(
                "--stdin-filename names standard input, which is not read: give `-` as a path, or no path"
                    .to_string(),
            ));
        }
        let mut inputs = Self { filter, ..Self::default() };
        for path in paths {
            if path.as_os_str() == "-" {
                inputs.found.push(stdin());
            } else if path.is_dir() {
                inputs.folder(path);
            } else if path.symlink_metadata().is_ok() || !is_pattern(path) {
                inputs.found.push(Input::File(path.clone()));
            } else {
                inputs.pattern(path);
            }
        }
        let mut seen = HashSet::new();
        inputs.found.retain(|input| seen.insert(input.key()));
        Ok(inputs)
    }

    fn folder(&mut self, folder: &Path) {
        let before = self.found.len();
        self.walk(folder, |filter, path| filter.wants(path));
        if self.found.len() == before {
            self.problems.push(format!(
                "{}: no {} in this folder that is not ignored; name the file itself to check another kind",
                folder.display(),
                self.filter.wanted()
            ));
        }
    }

    fn pattern(&mut self, pattern: &Path) {
        let (base, globs) = match split(pattern) {
            Ok(split) => split,
            Err(error) => {
                self.problems
                    .push(format!("{}: no such file, and no pattern either: {error}", pattern.display()));
                return;
            }
        };
        let before = self.found.len();
        if base.is_dir() {
            self.walk(&base, |_, path| globs.matched(path, false).is_whitelist());
        }
        if self.found.len() == before {
            self.problems.push(format!(
                "{}: matches no file; check the pattern, `**` crosses folders",
                pattern.display()
            ));
        }
    }

    /// Adds the files below a folder that are wanted and not left out, in the order of their paths.
    fn walk(&mut self, folder: &Path, wanted: impl Fn(&FileFilter, &Path) -> bool) {
        let filter = self.filter.clone();
        let entries = WalkBuilder::new(folder)
            .require_git(false)
            .sort_by_file_name(std::ffi::OsStr::cmp)
            .filter_entry(move |entry| !filter.leaves_out(entry.path(), !is_file(entry)))
            .build();
        for entry in entries {
            match entry {
                Ok(entry) if is_file(&entry) && wanted(&self.filter, entry.path()) => {
                    let path = entry.path();
                    let path = path.strip_prefix(".").unwrap_or(path);
                    self.found.push(Input::File(path.to_path_buf()));
                }
                Ok(entry) if entry.file_type().is_some_and(|kind| kind.is_dir()) => {
                    self.folders.push(entry.into_path());
                }
                Ok(_) => {}
                Err(error) => self.problems.push(error.to_string()),
            }
        }
    }
}

fn is_file(entry: &DirEntry) -> bool {
    entry.file_type().is_some_and(|kind| kind.is_file())
}

fn is_pattern(path: &Path) -> bool {
    path.to_string_lossy().contains(['*', '?', '[', '{'])
}

/// The folder before the first part with a wildcard, and the matcher of what comes below it.
fn split(pattern: &Path) -> Result<(PathBuf, Override), ignore::Error> {
    let mut base = PathBuf::new();
    let mut rest = String::new();
    for part in pattern.components() {
        if rest.is_empty() && !is_pattern(part.as_ref()) {
            if part != Component::CurDir {
                base.push(part);
            }
        } else {
            // A leading slash ties the pattern to the base.
            rest.push('/');
            rest.push_str(&part.as_os_str().to_string_lossy());
        }
    }
    if base.as_os_str().is_empty() {
        base.push(".");
    }
    let mut builder = OverrideBuilder::new(&base);
    builder.add(&rest)?;
    Ok((base, builder.build()?))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn names(folder: &Path, paths: &[&str]) -> Vec<String> {
        let paths: Vec<PathBuf> = paths.iter().map(|path| folder.join(path)).collect();
        let inputs = Inputs::of(&paths, None, FileFilter::default()).unwrap();
        let below = |name: &str| {
            Path::new(name)
                .strip_prefix(folder)
                .map_or(name.into(), |path| path.to_string_lossy().into_owned())
        };
        inputs.found.iter().map(|input| below(&input.name())).collect()
    }

    fn folder() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for file in ["b.md", "a.MD", "c.txt", "d.pdf", "skip/e.md", "深/f.markdown", "深/g/h.md"] {
            let path = folder.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "65%").unwrap();
        }
        fs::write(folder.path().join(".gitignore"), "skip/\n").unwrap();
        folder
    }

    #[test]
    fn folders_are_searched_in_order_without_what_is_ignored() {
        let folder = folder();
        assert_eq!(names(folder.path(), &[""]), ["a.MD", "b.md", "c.txt", "深/f.markdown", "深/g/h.md"]);
    }

    #[test]
    fn patterns_keep_to_their_folder_unless_told() {
        let folder = folder();
        assert_eq!(names(folder.path(), &["*.md"]), ["b.md"]);
        assert_eq!(names(folder.path(), &["**/*.md"]), ["b.md", "深/g/h.md"]);
        assert_eq!(names(folder.path(), &["深/*/h.md"]), ["深/g/h.md"]);
        assert_eq!(names(folder.path(), &["*.{pdf,txt}"]), ["c.txt", "d.pdf"]);
    }

    #[test]
    fn a_file_named_twice_is_read_once() {
        let folder = folder();
        assert_eq!(names(folder.path(), &["d.pdf", "b.md", "*.md", "./d.pdf"]), ["d.pdf", "b.md"]);
    }

    #[test]
    fn what_stands_for_nothing_is_a_problem() {
        let folder = folder();
        fs::create_dir(folder.path().join("empty")).unwrap();
        for path in ["empty", "*.html", "[.md", "nowhere/*.md"] {
            let inputs = Inputs::of(&[folder.path().join(path)], None, FileFilter::default()).unwrap();
            assert!(inputs.found.is_empty(), "{path}");
            assert_eq!(inputs.problems.len(), 1, "{path}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_loop_of_links_ends() {
        let folder = folder();
        std::os::unix::fs::symlink(folder.path(), folder.path().join("深/loop")).unwrap();
        assert_eq!(names(folder.path(), &["深"]), ["深/f.markdown", "深/g/h.md"]);
    }
}
