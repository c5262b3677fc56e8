use std::collections::HashSet;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;

use super::Locale;
use super::error::ConfigError;
use super::file::{Written, find, home, pair, read};
use super::globs::Globs;
use super::layer::{Chosen, Layer, last};
use super::loader::{Loaded, load};
use super::origin::{Origin, Sourced};
use super::schema::FailOn;
use super::sources::{SourceEntry, SourcePath};
use crate::finding::Confidence;
use crate::rule::Persona;
use crate::source::{DataFile, SETTINGS_FILE, Span};

/// Endings of the files that a folder stands for unless `include` says otherwise.
pub(super) const ENDINGS: [&str; 3] = ["md", "markdown", "txt"];

/// All settings of a run, each with its origin.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// What the settings were read from.
    files: Vec<DataFile>,
    /// Whether the first of the files is a configuration file, not a value of the command line.
    from_file: bool,
    pub(super) words: Vec<Words>,
    pub(super) layers: Vec<Layer>,
    pub(super) run: RunSettings,
    pub(super) sources: Vec<SourceEntry>,
    /// Texts that every report was made from, named on the command line.
    given_sources: Vec<PathBuf>,
}

/// Settings that hold for a whole run.
#[derive(Clone, Debug, Default)]
pub(super) struct RunSettings {
    pub fail_on: Option<Sourced<FailOn>>,
    pub rules: Option<Sourced<Vec<PathBuf>>>,
    pub include: Option<Sourced<Globs>>,
    pub exclude: Option<Sourced<Globs>>,
    pub baseline: Option<Sourced<PathBuf>>,
    pub suppressions: Option<Sourced<bool>>,
}

impl RunSettings {
    /// The settings of `self`, and of `lighter` where there are none.
    fn or(self, lighter: Self) -> Self {
        Self {
            fail_on: self.fail_on.or(lighter.fail_on),
            rules: self.rules.or(lighter.rules),
            include: self.include.or(lighter.include),
            exclude: self.exclude.or(lighter.exclude),
            baseline: self.baseline.or(lighter.baseline),
            suppressions: self.suppressions.or(lighter.suppressions),
        }
    }
}

/// A name or a word list of the configuration file.
#[derive(Clone, Debug)]
pub(super) struct Words {
    /// `entity`, `measure` or `class`.
    pub kind: &'static str,
    pub name: Sourced<String>,
    pub content: toml::Table,
}

/// Values of flags; they outweigh everything else.
#[derive(Clone, Debug, Default)]
pub struct Flags {
    pub select: Vec<String>,
    pub ignore: Vec<String>,
    pub min_confidence: Option<Confidence>,
    pub persona: Option<Persona>,
    pub lang: Option<Locale>,
    pub date: Option<NaiveDate>,
    pub fail_on: Option<FailOn>,
    pub baseline: Option<PathBuf>,
    pub suppressions: Option<bool>,
    /// Rule folders besides the configured ones.
    pub rules: Vec<PathBuf>,
    /// Texts that every report was made from, besides the configured ones.
    pub sources: Vec<PathBuf>,
}

impl Config {
    /// Reads the configuration for a run in `folder`: the file that is found from there upward, or the one among
    /// `arguments`, which are those of `--config`; then the values among them.
    ///
    /// # Errors
    /// When a file cannot be read or anything in it is wrong.
    pub fn load(folder: &Path, arguments: &[String], isolated: bool) -> Result<Self, ConfigError> {
        let mut files = arguments.iter().filter(|argument| pair(argument).is_none());
        let first = files.next();
        if let Some(argument) = first.filter(|_| isolated) {
            return Err(ConfigError::Isolated(argument.clone()));
        }
        if let Some(argument) = files.next() {
            return Err(ConfigError::SecondFile(argument.clone()));
        }
        let path = match first {
            Some(argument) => Some(PathBuf::from(argument)),
            None if isolated => None,
            None => find(folder, home().as_deref()),
        };
        let mut texts = Vec::new();
        let from_file = path.is_some();
        if let Some(path) = path {
            texts.push(read(folder, &path)?);
        }
        let pairs = arguments.iter().filter_map(|argument| pair(argument));
        texts.extend(pairs.enumerate().map(|(number, text)| Written {
            // Faults find their text by its path.
            file: DataFile {
                path: if number == 0 { "--config".into() } else { format!("--config {}", number + 1) },
                text,
            },
            root: folder.to_owned(),
            base: PathBuf::new(),
        }));
        let mut config = Self { from_file, ..Self::default() };
        let mut faults = Vec::new();
        for (number, written) in texts.iter().enumerate() {
            match load(written, number, number > 0 || !from_file) {
                Ok(loaded) => config.add(loaded),
                Err(found) => faults.extend(found),
            }
        }
        config.files = texts.into_iter().map(|written| written.file).collect();
        if faults.is_empty() { Ok(config) } else { Err(ConfigError::Faults { faults, files: config.files }) }
    }

    fn add(&mut self, loaded: Loaded) {
        self.layers.extend(loaded.layers);
        self.run = loaded.run.or(std::mem::take(&mut self.run));
        self.words.extend(loaded.words);
        self.sources.extend(loaded.sources);
    }

    /// The files that [`Config::load`] reads or would read: those given, else the nearest there is and the one of the
    /// folder itself.
    pub fn places(folder: &Path, arguments: &[String], isolated: bool) -> Vec<PathBuf> {
        let given: Vec<PathBuf> =
            arguments.iter().filter(|argument| pair(argument).is_none()).map(PathBuf::from).collect();
        if isolated || !given.is_empty() {
            return given;
        }
        let home = home();
        find(folder, home.as_deref()).into_iter().chain([PathBuf::from(SETTINGS_FILE)]).collect()
    }

    /// The same with the values of flags.
    #[must_use]
    pub fn with_flags(mut self, flags: Flags) -> Self {
        let select = self.flag("--select", flags.select);
        let ignore = self.flag("--ignore", flags.ignore);
        self.layers.push(Layer {
            paths: None,
            select,
            ignore,
            severity: Vec::new(),
            min_confidence: flags.min_confidence.map(Sourced::flag),
            persona: flags.persona.map(Sourced::flag),
            lang: flags.lang.map(Sourced::flag),
            date: flags.date.map(Sourced::flag),
        });
        self.run.fail_on = flags.fail_on.map(Sourced::flag).or(self.run.fail_on);
        self.run.baseline = flags.baseline.map(Sourced::flag).or(self.run.baseline);
        self.run.suppressions = flags.suppressions.map(Sourced::flag).or(self.run.suppressions);
        self.given_sources.extend(flags.sources);
        if !flags.rules.is_empty() {
            let mut folders = self.run.rules.take().map(|rules| rules.value).unwrap_or_default();
            folders.extend(flags.rules);
            self.run.rules = Some(Sourced::flag(folders));
        }
        self
    }

    /// The words of a flag, with a text that faults can point into.
    fn flag(&mut self, name: &str, words: Vec<String>) -> Option<Sourced<Vec<Chosen>>> {
        if words.is_empty() {
            return None;
        }
        let mut text = String::new();
        let mut chosen = Vec::new();
        for word in words {
            if !text.is_empty() {
                text.push(',');
            }
            let start = text.len();
            text.push_str(&word);
            chosen.push(Chosen::new(word, self.files.len(), Span::new(start, text.len())));
        }
        self.files.push(DataFile { path: name.to_owned(), text });
        Some(Sourced::flag(chosen))
    }

    /// The files that the settings were read from, for drawing faults.
    pub fn files(&self) -> &[DataFile] {
        &self.files
    }

    /// The path of the configuration file as it is shown.
    pub fn path(&self) -> Option<&str> {
        self.files.first().filter(|_| self.from_file).map(|file| file.path.as_str())
    }

    /// Names and word lists of the configuration file, for the loader of rule files.
    pub fn words(&self) -> Option<DataFile> {
        let file = self.files.first().filter(|_| !self.words.is_empty())?;
        Some(DataFile { path: SETTINGS_FILE.to_owned(), text: file.text.clone() })
    }

    /// The rule folders.
    pub fn rule_folders(&self) -> &[PathBuf] {
        self.run.rules.as_ref().map_or(&[], |rules| &rules.value)
    }

    /// The least severity that fails a run; `None` when nobody has set it.
    pub fn fail_on(&self) -> Option<FailOn> {
        self.run.fail_on.as_ref().map(|fail_on| fail_on.value)
    }

    /// The file of known findings.
    pub fn baseline(&self) -> Option<&Path> {
        self.run.baseline.as_ref().map(|path| path.value.as_path())
    }

    /// Whether comments of a report may let findings stand.
    pub fn suppressions(&self) -> bool {
        self.run.suppressions.as_ref().is_none_or(|suppressions| suppressions.value)
    }

    /// The files that folders stand for.
    pub fn files_of_folders(&self) -> FileFilter {
        let globs = |setting: &Option<Sourced<Globs>>| setting.as_ref().map(|globs| globs.value.clone());
        FileFilter { include: globs(&self.run.include), exclude: globs(&self.run.exclude) }
    }

    /// What holds for the report of that path; for one without a path, what holds for all.
    pub fn at(&self, path: Option<&Path>) -> PathSettings {
        let holds = |layer: &Layer| match (&layer.paths, path) {
            (None, _) => true,
            (Some(globs), Some(path)) => path != Path::new("-") && globs.value.matches(path),
            (Some(_), None) => false,
        };
        let layers = (0..self.layers.len()).filter(|layer| holds(&self.layers[*layer])).collect();
        let mut settings = PathSettings {
            layers,
            min_confidence: Sourced::default_of(Confidence::Low),
            persona: Sourced::default_of(Persona::Gate),
            lang: Sourced::default_of(Locale::Auto),
            date: None,
            sources: self.sources_of(path),
        };
        let own = || settings.layers.iter().map(|layer| &self.layers[*layer]);
        let min_confidence = last(own(), |layer| &layer.min_confidence);
        let persona = last(own(), |layer| &layer.persona);
        let lang = last(own(), |layer| &layer.lang);
        let date = last(own(), |layer| &layer.date);
        settings.date = date;
        settings.lang = lang.unwrap_or(settings.lang);
        settings.persona = persona.unwrap_or(settings.persona);
        settings.min_confidence = min_confidence.unwrap_or(settings.min_confidence);
        settings
    }

    /// The texts that the report of that path was made from, each once, those of the command line first.
    fn sources_of(&self, report: Option<&Path>) -> Vec<SourcePath> {
        let given =
            |path: &PathBuf| SourcePath { path: path.clone(), shared: true, origin: Origin::CommandLine };
        let report = report.filter(|path| *path != Path::new("-"));
        let configured =
            self.sources.iter().flat_map(|entry| report.map(|path| entry.of(path)).unwrap_or_default());
        let mut seen = HashSet::new();
        let all = self.given_sources.iter().map(given).chain(configured);
        all.filter(|source| seen.insert(source.path.clone())).collect()
    }
}

/// What holds for one report.
#[derive(Clone, Debug)]
pub struct PathSettings {
    /// Numbers of the layers, the lightest first.
    pub(super) layers: Vec<usize>,
    pub min_confidence: Sourced<Confidence>,
    pub persona: Sourced<Persona>,
    pub lang: Sourced<Locale>,
    pub date: Option<Sourced<NaiveDate>>,
    /// The texts that it was made from.
    pub sources: Vec<SourcePath>,
}

impl PathSettings {
    /// The date of a report that does not say its own.
    pub fn date(&self) -> Option<NaiveDate> {
        self.date.as_ref().map(|date| date.value)
    }
}

/// Which files a folder stands for.
#[derive(Clone, Debug, Default)]
pub struct FileFilter {
    include: Option<Globs>,
    exclude: Option<Globs>,
}

impl FileFilter {
    /// Whether a file of a folder is one that the folder stands for.
    pub fn wants(&self, file: &Path) -> bool {
        match &self.include {
            Some(include) => include.matches(file),
            None => file
                .extension()
                .is_some_and(|ending| ENDINGS.iter().any(|known| ending.eq_ignore_ascii_case(known))),
        }
    }

    /// What [`FileFilter::wants`] looks for, in words.
    pub fn wanted(&self) -> &'static str {
        match self.include {
            Some(_) => "file of the configuration's `include`",
            None => ".md, .markdown or .txt file",
        }
    }

    /// Whether `exclude` names the file or folder.
    pub fn leaves_out(&self, path: &Path, folder: bool) -> bool {
        let named = |globs: &Globs| if folder { globs.matches_folder(path) } else { globs.matches(path) };
        self.exclude.as_ref().is_some_and(named)
    }
}
