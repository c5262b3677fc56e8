//! Reports of our own that are sound as they stand, and the changes that their first lines name; for the tests that
//! read them.

use std::fs;
use std::path::PathBuf;

/// A change of one place and the rule that it breaks: `<!-- wrong: FROM -> TO RULE -->`.
pub struct Slip {
    pub from: String,
    pub to: String,
    pub rule: String,
}

/// A report and the slips that its first lines name.
pub struct Fixture {
    pub name: String,
    pub clean: String,
    pub slips: Vec<Slip>,
}

impl Fixture {
    /// The report with that slip in it.
    pub fn with(&self, slip: &Slip) -> String {
        let Slip { from, to, .. } = slip;
        assert_eq!(self.clean.matches(from).count(), 1, "{}: `{from}` must stand once", self.name);
        self.clean.replace(from, to)
    }
}

/// The fixtures of a folder below `fixtures/`, by name.
pub fn fixtures(folder: &str) -> Vec<Fixture> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(folder);
    let mut found: Vec<Fixture> =
        fs::read_dir(folder).unwrap().map(|entry| fixture(entry.unwrap().path())).collect();
    found.sort_by(|a, b| a.name.cmp(&b.name));
    found
}

fn fixture(path: PathBuf) -> Fixture {
    let text = fs::read_to_string(&path).unwrap();
    let mut rest = text.as_str();
    let mut slips = Vec::new();
    while let Some((line, behind)) = rest.split_once('\n')
        && let Some(slip) = line.strip_prefix("<!-- wrong: ").and_then(|slip| slip.strip_suffix(" -->"))
    {
        let (change, rule) = slip.rsplit_once(' ').unwrap();
        let (from, to) = change.split_once(" -> ").unwrap();
        slips.push(Slip { from: from.to_owned(), to: to.to_owned(), rule: rule.to_owned() });
        rest = behind;
    }
    let name = path.file_stem().unwrap().to_string_lossy().into_owned();
    assert!(!slips.is_empty(), "{name} names no slip");
    Fixture { name, clean: rest.to_owned(), slips }
}
