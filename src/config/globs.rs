use std::path::{Component, Path, PathBuf};

use ignore::gitignore::{Gitignore, GitignoreBuilder};

use crate::source::plain_path;

/// Longer paths match nothing: no file system has them, and every folder in a path is asked about.
const PATH_LIMIT: usize = 4096;

/// Patterns of `.gitignore` below a folder.
#[derive(Clone, Debug)]
pub struct Globs {
    root: PathBuf,
    matcher: Gitignore,
    written: Vec<String>,
}

impl Globs {
    /// Patterns below `root`, which is an absolute path; upper and lower case are told apart when `exact`.
    ///
    /// # Errors
    /// The pattern that is none by its number, what it broke, and the way out.
    pub(super) fn new(
        root: &Path,
        patterns: Vec<String>,
        exact: bool,
    ) -> Result<Self, Vec<(usize, String, &'static str)>> {
        let mut builder = GitignoreBuilder::new(".");
        // An open bracket is a slip.
        builder.allow_unclosed_class(false);
        let mut wrong = Vec::new();
        // Where every pattern is of the other case, this cannot fail.
        if let Err(error) = builder.case_insensitive(!exact) {
            wrong.push((0, error.to_string(), "write plain patterns"));
        }
        for (number, pattern) in patterns.iter().enumerate() {
            if let Some((message, help)) = never_matches(pattern) {
                wrong.push((number, message, help));
            } else if let Err(error) = builder.add_line(None, pattern) {
                let why = match error {
                    ignore::Error::Glob { err, .. } => err,
                    other => other.to_string(),
                };
                let message = format!("`{pattern}` is no pattern: {why}");
                wrong.push((
                    number,
                    message,
                    "`*` and `?` stand for letters, `**` for folders, `\\` before them for themselves",
                ));
            }
        }
        if !wrong.is_empty() {
            return Err(wrong);
        }
        match builder.build() {
            Ok(matcher) => Ok(Self { root: root.to_owned(), matcher, written: patterns }),
            Err(error) => Err(vec![(
                0,
                format!("the patterns are too many or too long: {error}"),
                "write fewer or shorter ones",
            )]),
        }
    }

    /// Whether the file is meant, by itself or by a folder that it lies in.
    pub fn matches(&self, path: &Path) -> bool {
        self.matches_as(path, false)
    }

    /// Whether the folder is meant, by itself or by one that it lies in.
    pub fn matches_folder(&self, path: &Path) -> bool {
        self.matches_as(path, true)
    }

    fn matches_as(&self, path: &Path, folder: bool) -> bool {
        if path.as_os_str().len() > PATH_LIMIT || self.matcher.is_empty() {
            return false;
        }
        let below = below(&self.root, path);
        !below.as_os_str().is_empty() && self.matcher.matched_path_or_any_parents(below, folder).is_ignore()
    }

    /// The patterns as written.
    pub fn written(&self) -> &[String] {
        &self.written
    }
}

/// Why a pattern can match nothing.
fn never_matches(pattern: &str) -> Option<(String, &'static str)> {
    let text = pattern.trim();
    if text.is_empty() || text.starts_with('#') {
        return Some((
            format!("`{pattern}` matches nothing"),
            "write a path or a pattern such as `reports/**`, or leave it out",
        ));
    }
    let mut parts = text.trim_start_matches('!').split('/');
    parts.any(|part| part == "..").then(|| {
        (
            format!("`{pattern}` leads out of its folder"),
            "patterns match below the folder of the configuration file; put the file further up",
        )
    })
}

/// The path below the root; one that lies elsewhere from the top on.
fn below(root: &Path, path: &Path) -> PathBuf {
    let path = plain_path(path);
    match path.strip_prefix(root) {
        Ok(below) => below.to_owned(),
        // A link may lead to the same folder by another name.
        Err(_) => match path.canonicalize().ok().zip(root.canonicalize().ok()) {
            Some((path, root)) if path.starts_with(&root) => {
                path.strip_prefix(&root).unwrap_or(&path).to_owned()
            }
            _ => path.components().filter(|part| matches!(part, Component::Normal(_))).collect(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matching<'a>(patterns: &[&str], paths: &[&'a str]) -> Vec<&'a str> {
        let patterns = patterns.iter().map(|pattern| (*pattern).to_owned()).collect();
        let globs = Globs::new(Path::new("/srv"), patterns, true).unwrap();
        paths.iter().copied().filter(|path| globs.matches(Path::new(path))).collect()
    }

    #[test]
    fn patterns_match_as_in_gitignore() {
        let paths =
            ["/srv/reports/zh/a.md", "/srv/reports/en/深/b.md", "/srv/c.md", "/srv/old/reports/zh/d.md"];
        assert_eq!(matching(&["reports/zh/**"], &paths), [paths[0]]);
        assert_eq!(matching(&["reports/"], &paths), [paths[0], paths[1], paths[3]]);
        assert_eq!(matching(&["/reports"], &paths), [paths[0], paths[1]]);
        assert_eq!(matching(&["*.md", "!深/"], &paths), [paths[0], paths[1], paths[2], paths[3]]);
        assert_eq!(matching(&["?.md", "!c.md"], &paths), [paths[0], paths[1], paths[3]]);
        assert_eq!(matching(&["深"], &paths), [paths[1]]);
    }

    #[test]
    fn paths_elsewhere_match_only_by_name() {
        let paths = ["/srv/../else/a.md", "/else/reports/zh/a.md"];
        assert_eq!(matching(&["*.md"], &paths), paths);
        assert_eq!(matching(&["reports/zh/**", "/a.md"], &paths), [""; 0]);
        assert_eq!(matching(&["*"], &["/srv", ""]), [""; 0]);
        assert_eq!(matching(&["*"], &[&"/x".repeat(4000)]), [""; 0], "no file has that name");
    }

    #[test]
    fn what_can_match_nothing_is_refused() {
        for pattern in ["", " ", "# a", "../a", "!a/../b", "[a", "{a", "a{b"] {
            assert!(Globs::new(Path::new("/srv"), vec![pattern.into()], true).is_err(), "{pattern}");
        }
        assert!(Globs::new(Path::new("/srv"), Vec::new(), false).unwrap().written().is_empty());
    }
}
