use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant, SystemTime};

use ignore::WalkBuilder;
use notify::event::{AccessKind, AccessMode};
use notify::{EventKind, RecommendedWatcher, RecursiveMode, Watcher};

use crate::config::{Config, FileFilter};
use crate::report::counted;

use super::args::{CheckArguments, GlobalArguments};
use super::decided::place_of;
use super::input::{Input, Inputs};
use super::status::{Failure, Status};
use super::{check, guarded, is_broken_pipe, say};

/// How long nothing must change before the reports are checked again: an editor writes a file in several steps.
const QUIET_TIME: Duration = Duration::from_millis(100);

/// How long to wait for that at most.
const PATIENCE: Duration = Duration::from_secs(1);

/// How many changed files are named.
const NAMED: usize = 3;

/// Checks at once and again after every change of a report, a rule file, the configuration or the baseline; ends when
/// nobody reads what is written.
pub(super) fn run(arguments: &CheckArguments, global: &GlobalArguments) -> Result<Status, Failure> {
    let paths = &arguments.input.paths;
    if paths.is_empty() || paths.iter().any(|path| path.as_os_str() == "-") {
        return Err(Failure::Usage(
            "--watch needs files, folders or patterns: standard input can be read only once".to_string(),
        ));
    }
    let remark = |text: &str| {
        if !arguments.input.quiet {
            say(text);
        }
    };
    let (changed, changes) = channel();
    let mut settings = Settings::default();
    let mut seen: Option<Snapshot> = None;
    loop {
        settings.read(arguments, global);
        let watched = Watched::of(paths, &settings)?;
        // First watched, then looked at: no change is lost between the two.
        let _watcher = watcher(&watched.folders, &changed)?;
        let now = Snapshot::of(&watched.files);
        let changed = seen.as_ref().map(|seen| now.changed_since(seen));
        if changed.as_ref().is_none_or(|changed| !changed.is_empty()) {
            if let Some(changed) = changed {
                remark(&format!("{}; checking again", changed_sentence(&changed)));
            }
            if let Some(end) = pass(arguments, global) {
                return end;
            }
            remark(&format!("watching {}; Ctrl-C ends", counted(watched.reports, "report")));
        }
        seen = Some(now);
        if !settle(&changes, QUIET_TIME, PATIENCE) {
            return Ok(Status::default());
        }
    }
}

/// Checks once. What fails may be mended by the next change; only when nobody reads any more there is a result.
fn pass(arguments: &CheckArguments, global: &GlobalArguments) -> Option<Result<Status, Failure>> {
    match guarded(|| check::run(arguments, global)) {
        Ok(Ok(_)) => {}
        Ok(Err(failure)) if is_broken_pipe(&failure) => return Some(Err(failure)),
        Ok(Err(failure)) => say(&failure.to_string()),
        Err(fault) => say(&fault.to_string()),
    }
    None
}

/// What the configuration says of the files that a run depends on.
#[derive(Default)]
struct Settings {
    /// Where it stands, or would stand.
    places: Vec<PathBuf>,
    baseline: Option<PathBuf>,
    decisions: Option<PathBuf>,
    /// What is read with any configuration, for the sources of the reports.
    config: Config,
    rule_folders: Vec<PathBuf>,
    filter: FileFilter,
}

impl Settings {
    /// Reads it anew; what is broken now leaves what was said before.
    fn read(&mut self, arguments: &CheckArguments, global: &GlobalArguments) {
        // A folder that is gone is told by the run itself.
        let Ok(folder) = std::env::current_dir() else { return };
        self.decisions.clone_from(&arguments.decisions.decisions);
        self.places = Config::places(&folder, &global.config, global.isolated);
        if let Ok(config) = Config::load(&folder, &global.config, global.isolated) {
            let config = config.with_flags(arguments.flags());
            self.rule_folders = config.rule_folders().to_vec();
            self.filter = config.files_of_folders();
            self.baseline = config.baseline().map(Path::to_path_buf);
            self.config = config;
        }
    }
}

/// Waits for a change, and then until none has come for the quiet time; `false` when none can come any more.
fn settle(changes: &Receiver<()>, quiet: Duration, patience: Duration) -> bool {
    if changes.recv().is_err() {
        return false;
    }
    let end = Instant::now() + patience;
    while Instant::now() < end && changes.recv_timeout(quiet).is_ok() {}
    true
}

/// A watcher that tells of every change in these folders, each by itself.
fn watcher(folders: &BTreeSet<PathBuf>, changed: &Sender<()>) -> Result<RecommendedWatcher, Failure> {
    let changed = changed.clone();
    let tell = move |event: notify::Result<notify::Event>| {
        if event.map_or(true, |event| is_change(event.kind)) {
            // Nobody waits any more when the run has ended.
            let _ = changed.send(());
        }
    };
    let mut watcher = notify::recommended_watcher(tell)
        .map_err(|error| Failure::Usage(format!("changes of files cannot be watched here: {error}")))?;
    for folder in folders {
        // A folder may vanish at any time; the one above it tells.
        if let Err(error) = watcher.watch(folder, RecursiveMode::NonRecursive)
            && folder.exists()
        {
            return Err(Failure::Usage(format!(
                "{}: cannot be watched: {error}; name fewer folders, or raise the system's limit of watched folders",
                folder.display()
            )));
        }
    }
    Ok(watcher)
}

/// Whether something may have been written; claimlint's own reading is not.
fn is_change(kind: EventKind) -> bool {
    match kind {
        EventKind::Access(AccessKind::Close(AccessMode::Write)) => true,
        EventKind::Access(_) => false,
        _ => true,
    }
}

/// What a run depends on.
struct Watched {
    /// Files that may or may not be there.
    files: BTreeSet<PathBuf>,
    /// How many of them are reports.
    reports: usize,
    /// Folders in which the files are or may come to be.
    folders: BTreeSet<PathBuf>,
}

impl Watched {
    fn of(paths: &[PathBuf], settings: &Settings) -> Result<Self, Failure> {
        let inputs = Inputs::of(paths, None, settings.filter.clone())?;
        let mut watched =
            Self { files: BTreeSet::new(), reports: inputs.found.len(), folders: BTreeSet::new() };
        watched.folders.extend(inputs.folders);
        for input in inputs.found {
            if let Input::File(path) = input {
                for source in settings.config.at(Some(&path)).sources {
                    watched.file(source.path);
                }
                watched.file(place_of(&path));
                watched.file(path);
            }
        }
        for folder in &settings.rule_folders {
            watched.rules(folder);
        }
        for place in settings.places.iter().chain(&settings.baseline).chain(&settings.decisions) {
            watched.file(place.clone());
        }
        // What is not there yet will come to be below what is.
        for path in paths.iter().chain(&settings.rule_folders).filter(|path| !path.exists()) {
            watched.folders.extend(nearest_folder(path));
        }
        Ok(watched)
    }

    /// Adds a file, with its folder and, where it is a link, the folder that it leads to.
    fn file(&mut self, path: PathBuf) {
        self.folders.extend(nearest_folder(&path));
        self.folders.extend(path.canonicalize().ok().and_then(|real| nearest_folder(&real)));
        self.files.insert(path);
    }

    /// Adds the rule files below a folder.
    fn rules(&mut self, folder: &Path) {
        for entry in WalkBuilder::new(folder).standard_filters(false).build().flatten() {
            if entry.file_type().is_some_and(|kind| kind.is_dir()) {
                self.folders.insert(entry.into_path());
            } else if entry.path().extension() == Some(OsStr::new("toml")) {
                self.file(entry.into_path());
            }
        }
    }
}

/// The first folder above a path that exists.
fn nearest_folder(path: &Path) -> Option<PathBuf> {
    let above = path.ancestors().skip(1);
    let mut folders = above.map(|folder| if folder.as_os_str().is_empty() { Path::new(".") } else { folder });
    folders.find(|folder| folder.is_dir()).map(Path::to_path_buf)
}

/// When each file was last written, and how long it is; `None` for one that is not there.
#[derive(Debug, PartialEq, Eq)]
struct Snapshot(BTreeMap<PathBuf, Option<(SystemTime, u64)>>);

impl Snapshot {
    fn of(files: &BTreeSet<PathBuf>) -> Self {
        let state = |path: &PathBuf| {
            let data = fs::metadata(path).ok()?;
            Some((data.modified().ok()?, data.len()))
        };
        Self(files.iter().map(|path| (path.clone(), state(path))).collect())
    }

    /// The files that are new, gone or written anew.
    fn changed_since<'a>(&'a self, before: &'a Self) -> Vec<&'a Path> {
        let all: BTreeSet<&PathBuf> = self.0.keys().chain(before.0.keys()).collect();
        let state = |snapshot: &Self, path: &PathBuf| snapshot.0.get(path).copied().flatten();
        all.into_iter()
            .filter(|path| state(self, path) != state(before, path))
            .map(PathBuf::as_path)
            .collect()
    }
}

/// `a.md and b.md changed`.
fn changed_sentence(paths: &[&Path]) -> String {
    let mut names: Vec<String> = paths.iter().take(NAMED).map(|path| path.display().to_string()).collect();
    if paths.len() > NAMED {
        names.push(format!("{} more", paths.len() - NAMED));
    }
    match names.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last} changed", rest.join(", ")),
        _ => format!("{} changed", names.join("")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn watched(folder: &Path, paths: &[&str], rules: &[&str], places: &[&str]) -> Watched {
        let below = |names: &[&str]| names.iter().map(|name| folder.join(name)).collect::<Vec<_>>();
        let settings = Settings { places: below(places), rule_folders: below(rules), ..Settings::default() };
        Watched::of(&below(paths), &settings).unwrap()
    }

    /// The paths without the folder that all are below.
    fn names(folder: &Path, paths: &BTreeSet<PathBuf>) -> Vec<String> {
        let below = |path: &PathBuf| path.strip_prefix(folder).ok().map(|path| path.display().to_string());
        paths.iter().filter_map(below).collect()
    }

    fn write(folder: &Path, name: &str, text: &str) {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    #[test]
    fn files_and_folders_that_matter_are_watched() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path().canonicalize().unwrap();
        for name in
            ["a/b.md", "a/x/c.txt", "a/skip/d.md", "e.md", "rules/numeric/r.toml", "rules/notes.md", "g/h.md"]
        {
            write(&folder, name, "");
        }
        write(&folder, ".ignore", "skip/\n");
        let paths = ["a", "e.md", "g/*.md", "missing/m.md", "no/*.md"];
        let watched = watched(&folder, &paths, &["rules", "later"], &["up/claimlint.toml"]);
        assert_eq!(
            names(&folder, &watched.files),
            [
                "a/b.md",
                "a/claimlint.decisions.toml",
                "a/x/c.txt",
                "a/x/claimlint.decisions.toml",
                "claimlint.decisions.toml",
                "e.md",
                "g/claimlint.decisions.toml",
                "g/h.md",
                "missing/claimlint.decisions.toml",
                "missing/m.md",
                "rules/numeric/r.toml",
                "up/claimlint.toml"
            ]
        );
        assert_eq!(watched.reports, 5);
        assert_eq!(names(&folder, &watched.folders), ["", "a", "a/x", "g", "rules", "rules/numeric"]);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_watched_at_both_ends() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path().canonicalize().unwrap();
        write(&folder, "real/a.md", "");
        fs::create_dir(folder.join("links")).unwrap();
        std::os::unix::fs::symlink(folder.join("real/a.md"), folder.join("links/a.md")).unwrap();
        assert_eq!(names(&folder, &watched(&folder, &["links/a.md"], &[], &[]).folders), ["links", "real"]);
    }

    #[test]
    fn a_snapshot_tells_what_is_new_gone_or_written() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        for name in ["a.md", "b.md", "c.md"] {
            write(folder, name, "before");
        }
        let before = Snapshot::of(&watched(folder, &["."], &[], &[]).files);
        assert!(Snapshot::of(&watched(folder, &["."], &[], &[]).files).changed_since(&before).is_empty());
        write(folder, "a.md", "written anew");
        fs::remove_file(folder.join("b.md")).unwrap();
        write(folder, "d.md", "");
        write(folder, "e.html", "no report");
        let after = Snapshot::of(&watched(folder, &["."], &[], &[]).files);
        let changed = after.changed_since(&before);
        let names: Vec<_> = changed.iter().filter_map(|path| path.file_name()).collect();
        assert_eq!(names, ["a.md", "b.md", "d.md"]);
    }

    #[test]
    fn changes_are_waited_for_until_they_end() {
        let (send, changes) = channel();
        for _ in 0..50 {
            send.send(()).unwrap();
        }
        assert!(settle(&changes, Duration::from_millis(1), PATIENCE));
        assert!(changes.try_recv().is_err(), "one settling takes all changes of a burst");
        // Changes without end do not keep the reports from being checked.
        let noise = std::thread::spawn(move || while send.send(()).is_ok() {});
        assert!(settle(&changes, QUIET_TIME, Duration::from_millis(20)));
        drop(changes);
        noise.join().unwrap();
        let (send, changes) = channel();
        drop(send);
        assert!(!settle(&changes, QUIET_TIME, PATIENCE));
    }

    #[test]
    fn changes_are_named() {
        let paths = ["a", "b", "c", "d", "e"].map(Path::new);
        assert_eq!(changed_sentence(&paths[..1]), "a changed");
        assert_eq!(changed_sentence(&paths[..2]), "a and b changed");
        assert_eq!(changed_sentence(&paths[..3]), "a, b and c changed");
        assert_eq!(changed_sentence(&paths), "a, b, c and 2 more changed");
    }

    #[test]
    fn reading_is_no_change() {
        use notify::event::{CreateKind, ModifyKind, RemoveKind};
        assert!(!is_change(EventKind::Access(AccessKind::Open(AccessMode::Any))));
        assert!(!is_change(EventKind::Access(AccessKind::Close(AccessMode::Read))));
        for kind in [
            EventKind::Access(AccessKind::Close(AccessMode::Write)),
            EventKind::Create(CreateKind::File),
            EventKind::Modify(ModifyKind::Any),
            EventKind::Remove(RemoveKind::Any),
            EventKind::Any,
        ] {
            assert!(is_change(kind), "{kind:?}");
        }
    }
}
