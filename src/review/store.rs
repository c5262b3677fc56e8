use std::fs::{self, File};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::edit::edited;
use crate::finding::{Decision, Decisions, KnownKey, WrittenDecisions};
use crate::source::{DataFile, Fault};

/// How long to wait for another writer.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long to wait before the next try.
const PAUSE: Duration = Duration::from_millis(10);
/// How often a file that others write without a lock is read again.
const TRIES: usize = 20;

/// A file of decisions that others may write at the same time: other tabs, other reviewers, an editor.
#[derive(Clone, Debug)]
pub struct DecisionFile {
    path: PathBuf,
}

/// One decision to write down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    pub key: KnownKey,
    /// What the file must say of the finding up to now; otherwise somebody else has decided meanwhile.
    pub before: Option<Decision>,
    /// `None` takes the decision back.
    pub after: Option<Decision>,
}

/// Why decisions could not be read or written; the file is as it was.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The file is broken in these places.
    #[error("{}: the decisions are broken and were left as they are", file.path)]
    Broken { file: DataFile, faults: Vec<Fault> },
    /// The file says something else of the finding than the change began with.
    #[error("the finding was decided by somebody else in the meantime")]
    Changed(Box<Option<Decision>>),
    #[error("{}: another writer holds the file; nothing was written", .0.display())]
    Busy(PathBuf),
    #[error("{}: cannot be {task}: {cause}; check the folder, its permissions and the space left", .path.display())]
    Io { path: PathBuf, task: &'static str, cause: io::Error },
}

impl DecisionFile {
    /// The file at a path; it need not be there.
    pub fn new(path: &Path) -> Self {
        Self { path: path.to_owned() }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The text as it is now; empty when there is no file.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn text(&self) -> Result<Vec<u8>, StoreError> {
        match fs::read(&self.path) {
            Ok(bytes) => Ok(bytes),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(Vec::new()),
            Err(cause) => Err(self.fault("read", cause)),
        }
    }

    /// The decisions as they are now.
    ///
    /// # Errors
    /// When the file cannot be read or is broken.
    pub fn read(&self) -> Result<Decisions, StoreError> {
        Ok(self.parse(self.text()?)?.1.decisions)
    }

    /// Writes changes into the file as it is now, all or none of them; gives the decisions as they are then.
    ///
    /// The file is replaced in one step, so that whoever reads it, or breaks claimlint off, finds it whole.
    ///
    /// # Errors
    /// When the file is broken, cannot be written, or says something else than a change began with.
    pub fn change(&self, changes: &[Change]) -> Result<Decisions, StoreError> {
        // A link stays a link: what it leads to is written.
        let target = fs::canonicalize(&self.path).unwrap_or_else(|_| self.path.clone());
        let folder = match target.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        let lock = self.lock(folder)?;
        for _ in 0..TRIES {
            let bytes = self.text()?;
            let (text, mut written) = self.parse(bytes)?;
            let mut edit = text.clone();
            for Change { key, before, after } in changes {
                let now = written.decisions.get(key);
                if now != before.as_ref() {
                    return Err(StoreError::Changed(Box::new(now.cloned())));
                }
                edit = edited(&edit, &written, key, after.as_ref());
                written = self.parse(edit.clone().into_bytes())?.1;
            }
            if edit == text {
                return Ok(written.decisions);
            }
            let fresh =
                write_beside(&target, edit.as_bytes()).map_err(|cause| self.fault("written", cause))?;
            // An editor takes no lock: what it wrote meanwhile is taken up.
            if self.text()? == text.as_bytes() {
                let replaced = fs::rename(&fresh, &target).and_then(|()| lock.settle());
                replaced.map_err(|cause| self.fault("written", cause))?;
                return Ok(written.decisions);
            }
            let _ = fs::remove_file(&fresh);
            sleep(PAUSE);
        }
        Err(StoreError::Busy(self.path.clone()))
    }

    fn parse(&self, bytes: Vec<u8>) -> Result<(String, WrittenDecisions), StoreError> {
        let path = self.path.display().to_string();
        let text = String::from_utf8(bytes).map_err(|error| {
            let sound = error.utf8_error().valid_up_to();
            let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
            let file = DataFile { path: path.clone(), text };
            let place = crate::source::Span::new(sound, sound + '\u{fffd}'.len_utf8());
            let fault = file.fault(place, "these bytes are no UTF-8").with_help("save the file as UTF-8");
            StoreError::Broken { faults: vec![fault], file }
        })?;
        let file = DataFile { path, text };
        match WrittenDecisions::read(&file) {
            Ok(written) => Ok((file.text, written)),
            Err(faults) => Err(StoreError::Broken { file, faults }),
        }
    }

    /// Waits until no other claimlint writes into the folder.
    fn lock(&self, folder: &Path) -> Result<Lock, StoreError> {
        let lock = Lock::open(folder).map_err(|cause| self.fault("locked", cause))?;
        let end = Instant::now() + PATIENCE;
        loop {
            match lock.0.try_lock() {
                Ok(()) => return Ok(lock),
                Err(fs::TryLockError::WouldBlock) if Instant::now() < end => sleep(PAUSE),
                Err(fs::TryLockError::WouldBlock) => return Err(StoreError::Busy(self.path.clone())),
                Err(fs::TryLockError::Error(cause)) => return Err(self.fault("locked", cause)),
            }
        }
    }

    fn fault(&self, task: &'static str, cause: io::Error) -> StoreError {
        StoreError::Io { path: self.path.clone(), task, cause }
    }
}

/// What writers lock: the folder, since the file itself is another one after each change.
struct Lock(File);

impl Lock {
    #[cfg(unix)]
    fn open(folder: &Path) -> io::Result<Self> {
        File::open(folder).map(Self)
    }

    /// Folders cannot be opened everywhere.
    #[cfg(not(unix))]
    fn open(folder: &Path) -> io::Result<Self> {
        let path = folder.join(".claimlint.decisions.lock");
        File::options().create(true).truncate(false).write(true).open(path).map(Self)
    }

    /// Makes sure that the change outlives a crash of the machine.
    fn settle(&self) -> io::Result<()> {
        if cfg!(unix) { self.0.sync_all() } else { Ok(()) }
    }
}

/// Writes a file beside the target, with its permissions, and gives its path. What a writer that was killed left there
/// is removed.
fn write_beside(target: &Path, bytes: &[u8]) -> io::Result<PathBuf> {
    let mut name = std::ffi::OsString::from(".");
    name.push(target.file_name().unwrap_or_default());
    name.push(".new");
    let path = target.with_file_name(name);
    match fs::remove_file(&path) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut file = File::create_new(&path)?;
    if let Ok(data) = fs::metadata(target) {
        file.set_permissions(data.permissions())?;
    }
    file.write_all(bytes)?;
    file.sync_all()?;
    Ok(path)
}

#[cfg(test)]
mod tests {
    use std::thread;

    use chrono::NaiveDate;

    use super::*;
    use crate::finding::{DECISIONS_FILE, Verdict};

    fn key(name: &str) -> KnownKey {
        KnownKey { path: format!("{name}.md"), rule: "a/b".into(), fingerprint: "0123456789abcdef".into() }
    }

    fn decision(reviewer: &str) -> Decision {
        Decision {
            verdict: Verdict::Accepted,
            reason: None,
            note: None,
            reviewer: reviewer.into(),
            date: NaiveDate::from_ymd_opt(2026, 3, 1).unwrap(),
            message: "占比".into(),
        }
    }

    fn accept(name: &str, reviewer: &str) -> Change {
        Change { key: key(name), before: None, after: Some(decision(reviewer)) }
    }

    #[test]
    fn writers_at_once_lose_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(DECISIONS_FILE);
        thread::scope(|scope| {
            for writer in 0..8 {
                let path = &path;
                scope.spawn(move || {
                    for number in 0..12 {
                        let name = format!("{writer}-{number}");
                        DecisionFile::new(path).change(&[accept(&name, "Wei")]).unwrap();
                    }
                });
            }
        });
        assert_eq!(DecisionFile::new(&path).read().unwrap().entries().len(), 96);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left beside the file");
    }

    #[test]
    fn what_somebody_else_decided_is_not_overwritten_unseen() {
        let folder = tempfile::tempdir().unwrap();
        let file = DecisionFile::new(&folder.path().join(DECISIONS_FILE));
        file.change(&[accept("a", "Wei")]).unwrap();
        let Err(StoreError::Changed(now)) = file.change(&[accept("b", "Ann"), accept("a", "Ann")]) else {
            panic!("a decision was lost");
        };
        assert_eq!(*now, Some(decision("Wei")));
        assert_eq!(file.read().unwrap().entries().len(), 1, "all or nothing");
        let seen = Change { before: Some(decision("Wei")), ..accept("a", "Ann") };
        assert_eq!(file.change(&[seen]).unwrap().get(&key("a")), Some(&decision("Ann")));
        let back = Change { key: key("a"), before: Some(decision("Ann")), after: None };
        assert_eq!(file.change(&[back]).unwrap().entries().len(), 0);
    }

    #[test]
    fn a_broken_file_is_refused_and_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(DECISIONS_FILE);
        for broken in [&b"version = 1\n<<<<<<< HEAD\n"[..], b"version = 1\ndecisions = [\xff]", b"x"] {
            fs::write(&path, broken).unwrap();
            let file = DecisionFile::new(&path);
            let Err(StoreError::Broken { faults, .. }) = file.change(&[accept("a", "Wei")]) else {
                panic!("{broken:?}");
            };
            assert!(!faults.is_empty() && file.read().is_err());
            assert_eq!(fs::read(&path).unwrap(), broken);
        }
    }

    #[cfg(unix)]
    #[test]
    fn links_and_permissions_stay() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let folder = tempfile::tempdir().unwrap();
        let (real, link) = (folder.path().join("real.toml"), folder.path().join(DECISIONS_FILE));
        fs::write(&real, "").unwrap();
        fs::set_permissions(&real, fs::Permissions::from_mode(0o640)).unwrap();
        symlink(&real, &link).unwrap();
        fs::write(folder.path().join(".real.toml.new"), "left by a writer that was killed").unwrap();
        DecisionFile::new(&link).change(&[accept("a", "Wei")]).unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::metadata(&real).unwrap().permissions().mode() & 0o777, 0o640);
        assert_eq!(DecisionFile::new(&real).read().unwrap().entries().len(), 1);
        assert!(!folder.path().join(".real.toml.new").exists());
    }
}
