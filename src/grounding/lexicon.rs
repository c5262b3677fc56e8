use std::collections::BTreeMap;

use serde::Deserialize;

use crate::source::{DataFile, Fault};

/// Where the data lies.
const FOLDER: &str = "grounding/";

/// What has to be known of language to hold two texts against each other.
#[derive(Clone, Debug, Default)]
pub struct GroundingLexicon {
    /// What speech recognition writes for the 瓦 of a unit.
    pub(super) watts: Vec<char>,
    /// The letter before it, with the unit that both are.
    pub(super) watt_letters: BTreeMap<char, String>,
    /// What was heard, with the sign of a number that was said.
    pub(super) misheard: Vec<(char, char)>,
    /// Words between a figure and what it is a figure of, the longest first.
    pub(super) passed_before: Vec<String>,
    pub(super) passed_behind: Vec<String>,
    /// Words by which a report says that it has worked a figure out.
    pub(super) worked_out: WorkedOut,
    /// What the head of a column in a table says of the scale of its figures, the longest first, as powers of ten.
    pub(super) scales: Vec<(String, u32)>,
}

/// Words of each way to work a figure out.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct WorkedOut {
    pub sum: Vec<String>,
    pub difference: Vec<String>,
    pub share: Vec<String>,
    pub change: Vec<String>,
    pub product: Vec<String>,
    pub head: Vec<String>,
    pub average: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GroundingFile {
    #[serde(default)]
    watts: String,
    #[serde(default)]
    watt_letters: BTreeMap<char, String>,
    #[serde(default)]
    misheard: BTreeMap<char, String>,
    #[serde(default)]
    passed: Passed,
    #[serde(default)]
    worked_out: WorkedOut,
    #[serde(default)]
    scales: BTreeMap<String, u32>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Passed {
    #[serde(default)]
    before: Vec<String>,
    #[serde(default)]
    behind: Vec<String>,
}

impl GroundingLexicon {
    /// Reads all files whose path starts with `grounding/`.
    ///
    /// # Errors
    /// Every fault of every file, with its place.
    pub fn from_files(files: &[DataFile]) -> Result<Self, Vec<Fault>> {
        let mut lexicon = Self::default();
        let mut faults = Vec::new();
        for file in files.iter().filter(|file| file.path.starts_with(FOLDER)) {
            match file.read::<GroundingFile>() {
                Ok(read) => lexicon.add(read),
                Err(found) => faults.extend(found),
            }
        }
        for words in [&mut lexicon.passed_before, &mut lexicon.passed_behind] {
            words.retain(|word| !word.is_empty());
            words.sort_by_key(|word| std::cmp::Reverse(word.len()));
        }
        lexicon.scales.sort_by_key(|(word, _)| std::cmp::Reverse(word.len()));
        if faults.is_empty() { Ok(lexicon) } else { Err(faults) }
    }

    fn add(&mut self, read: GroundingFile) {
        self.watts.extend(read.watts.chars());
        self.watt_letters.extend(read.watt_letters);
        for (said, heard) in read.misheard {
            self.misheard.extend(heard.chars().map(|heard| (heard, said)));
        }
        self.passed_before.extend(read.passed.before);
        self.passed_behind.extend(read.passed.behind);
        self.scales.extend(read.scales);
        let WorkedOut { sum, difference, share, change, product, head, average } = read.worked_out;
        let own = &mut self.worked_out;
        for (known, words) in [
            (&mut own.sum, sum),
            (&mut own.difference, difference),
            (&mut own.share, share),
            (&mut own.change, change),
            (&mut own.product, product),
            (&mut own.head, head),
            (&mut own.average, average),
        ] {
            known.extend(words.into_iter().filter(|word| !word.is_empty()).map(|word| word.to_lowercase()));
        }
    }
}
