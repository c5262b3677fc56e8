use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use chrono::NaiveDate;
use toml::Spanned;

use super::file::Written;
use super::globs::Globs;
use super::layer::{Chosen, Layer};
use super::model::{RunSettings, Words};
use super::origin::{Origin, Sourced};
use super::schema::{ConfigFile, Level, OneOrMore, SourcesTable, Strings};
use super::sources::{self, SourceEntry};
use crate::document::iso_date;
use crate::source::{DataFile, Fault, LineIndex, Span};

/// What one text says.
pub(super) struct Loaded {
    /// What holds for every report, then what holds for some.
    pub layers: Vec<Layer>,
    pub run: RunSettings,
    /// The texts that reports were made from.
    pub sources: Vec<SourceEntry>,
    /// Its names and word lists.
    pub words: Vec<Words>,
}

/// Reads a configuration file, or a pair of the command line. `number` is that of the file in the configuration.
///
/// # Errors
/// Everything wrong in it.
pub(super) fn load(written: &Written, number: usize, command_line: bool) -> Result<Loaded, Vec<Fault>> {
    let config: ConfigFile = written.file.read()?;
    let origins = Origins::new(&written.file, command_line);
    let mut loader = Loader { written, number, command_line, origins, faults: Vec::new() };
    let loaded = loader.config(config);
    loader.faults.sort_by_key(|fault| fault.span);
    if loader.faults.is_empty() { Ok(loaded) } else { Err(loader.faults) }
}

struct Loader<'w> {
    written: &'w Written,
    number: usize,
    command_line: bool,
    origins: Origins,
    faults: Vec<Fault>,
}

/// Tells where the values of a text are set.
struct Origins {
    /// `None` for a value of the command line.
    file: Option<(Arc<str>, LineIndex)>,
}

impl Origins {
    fn new(file: &DataFile, command_line: bool) -> Self {
        Self { file: (!command_line).then(|| (file.path.as_str().into(), LineIndex::new(&file.text))) }
    }

    fn of(&self, span: Span) -> Origin {
        match &self.file {
            Some((path, lines)) => Origin::File { path: Arc::clone(path), line: lines.line(span.start) },
            None => Origin::CommandLine,
        }
    }
}

impl Loader<'_> {
    fn config(&mut self, config: ConfigFile) -> Loaded {
        let mut layers = vec![Layer {
            paths: None,
            select: config.select.map(|list| self.chosen(list)),
            ignore: config.ignore.map(|list| self.chosen(list)),
            severity: self.levels(config.severity),
            min_confidence: config.min_confidence.map(|value| self.plain(value)),
            persona: config.persona.map(|value| self.plain(value)),
            lang: config.lang.map(|value| self.plain(value)),
            date: config.date.and_then(|date| self.date(date)),
        }];
        for entry in config.overrides {
            if entry.paths.get_ref().is_empty() {
                let help =
                    "write patterns such as [\"reports/zh/**\"], or move the settings up out of the entry";
                self.fault(entry.paths.span().into(), "the entry holds for no report", help);
            }
            layers.push(Layer {
                paths: self.globs(entry.paths, true),
                select: entry.select.map(|list| self.chosen(list)),
                ignore: entry.ignore.map(|list| self.chosen(list)),
                severity: self.levels(entry.severity),
                min_confidence: entry.min_confidence.map(|value| self.plain(value)),
                persona: entry.persona.map(|value| self.plain(value)),
                lang: entry.lang.map(|value| self.plain(value)),
                date: entry.date.and_then(|date| self.date(date)),
            });
        }
        let sources = config.sources.into_iter().filter_map(|entry| self.sources(entry)).collect();
        let mut words = Vec::new();
        for (kind, tables) in
            [("entity", config.entity), ("measure", config.measure), ("class", config.class)]
        {
            words.extend(tables.into_iter().map(|(name, content)| self.words(kind, name, content)));
        }
        let run = RunSettings {
            fail_on: config.fail_on.map(|value| self.plain(value)),
            rules: config.rules.map(|folders| self.folders(folders)),
            include: config.include.and_then(|patterns| self.globs(patterns, false)),
            exclude: config.exclude.and_then(|patterns| self.globs(patterns, true)),
            baseline: config.baseline.map(|path| self.path(path)),
            suppressions: config.suppressions.map(|value| self.plain(value)),
        };
        Loaded { layers, run, sources, words }
    }

    fn fault(&mut self, span: Span, message: impl Into<String>, help: impl Into<String>) {
        self.faults.push(self.written.file.fault(span, message).with_help(help));
    }

    fn origin(&self, span: Span) -> Origin {
        self.origins.of(span)
    }

    fn plain<T>(&self, value: Spanned<T>) -> Sourced<T> {
        Sourced { origin: self.origin(value.span().into()), value: value.into_inner() }
    }

    fn chosen(&self, list: Strings) -> Sourced<Vec<Chosen>> {
        let origin = self.origin(list.span().into());
        let chosen = |word: Spanned<String>| {
            let span = word.span().into();
            Chosen::new(word.into_inner(), self.number, span)
        };
        Sourced { value: list.into_inner().into_iter().map(chosen).collect(), origin }
    }

    /// Severities, those of many rules before those of few.
    fn levels(
        &self,
        levels: Option<BTreeMap<Spanned<String>, Spanned<Level>>>,
    ) -> Vec<(Chosen, Sourced<Level>)> {
        let mut levels: Vec<(Chosen, Sourced<Level>)> = levels
            .unwrap_or_default()
            .into_iter()
            .map(|(key, level)| {
                let span = key.span().into();
                (Chosen::new(key.into_inner(), self.number, span), self.plain(level))
            })
            .collect();
        levels.sort_by_key(|(chosen, _)| (chosen.selector.narrowness(), chosen.span));
        levels
    }

    fn globs(&mut self, patterns: Strings, exact: bool) -> Option<Sourced<Globs>> {
        let whole = Span::from(patterns.span());
        let spans: Vec<Span> = patterns.get_ref().iter().map(|pattern| pattern.span().into()).collect();
        let texts = patterns.into_inner().into_iter().map(Spanned::into_inner).collect();
        match Globs::new(&self.written.root, texts, exact) {
            Ok(value) => Some(Sourced { value, origin: self.origin(whole) }),
            Err(wrong) => {
                for (number, message, help) in wrong {
                    self.fault(spans.get(number).copied().unwrap_or(whole), message, help);
                }
                None
            }
        }
    }

    /// An entry of `[[sources]]`.
    fn sources(&mut self, entry: SourcesTable) -> Option<SourceEntry> {
        let reports = list(entry.reports);
        let sources = list(entry.source);
        for (texts, what) in
            [(&reports, "the entry holds for no report"), (&sources, "the entry names no source")]
        {
            if texts.get_ref().is_empty() {
                let help = "write `reports = \"reports/*.md\"` and `source = \"transcripts/{name}.srt\"`";
                self.fault(texts.span().into(), what, help);
            }
        }
        for source in sources.get_ref() {
            if let Some((message, help)) = sources::fault(source.get_ref()) {
                self.fault(source.span().into(), message, help);
            }
        }
        let reports = self.globs(reports, true)?;
        let origin = self.origin(sources.span().into());
        let value = sources.into_inner().into_iter().map(Spanned::into_inner).collect();
        Some(SourceEntry { reports, sources: Sourced { value, origin }, base: self.written.base.clone() })
    }

    fn folders(&mut self, folders: Strings) -> Sourced<Vec<PathBuf>> {
        let origin = self.origin(folders.span().into());
        let mut value = Vec::new();
        for folder in folders.into_inner() {
            if !self.written.root.join(folder.get_ref()).is_dir() {
                let message = format!("there is no folder `{}`", folder.get_ref());
                let help =
                    "paths are relative to the configuration file; those of --config to the current folder";
                self.fault(folder.span().into(), message, help);
            }
            value.push(self.written.base.join(folder.into_inner()));
        }
        Sourced { value, origin }
    }

    fn path(&mut self, path: Spanned<String>) -> Sourced<PathBuf> {
        if path.get_ref().is_empty() {
            let help = "write a path relative to the configuration file, or leave it out";
            self.fault(path.span().into(), "the path is empty", help);
        }
        let path = self.plain(path);
        Sourced { value: self.written.base.join(path.value), origin: path.origin }
    }

    fn words(&mut self, kind: &'static str, name: Spanned<String>, content: toml::Table) -> Words {
        let span = name.span().into();
        if self.command_line {
            let help = "put them into claimlint.toml, or into a folder given with --rules";
            self.fault(span, "names and word lists belong in a file", help);
        }
        Words { kind, name: Sourced { origin: self.origin(span), value: name.into_inner() }, content }
    }

    /// A day, as TOML's own date or as text.
    fn date(&mut self, date: Spanned<toml::Value>) -> Option<Sourced<NaiveDate>> {
        let span = date.span().into();
        let origin = self.origin(span);
        let written = match date.into_inner() {
            toml::Value::String(text) => text,
            toml::Value::Datetime(date) => date.to_string(),
            other => {
                let message = format!("invalid type: {}, expected a date", other.type_str());
                self.fault(span, message, "write year-month-day: 2026-03-01");
                return None;
            }
        };
        match iso_date(&written) {
            Some(value) => Some(Sourced { value, origin }),
            None => {
                let message = format!("`{written}` is no day of the calendar");
                self.fault(span, message, "write year-month-day: 2026-03-01");
                None
            }
        }
    }
}

/// A list that may be written as its only item.
fn list(texts: Spanned<OneOrMore>) -> Strings {
    let span = texts.span();
    let items = texts.into_inner().into_list().into_iter();
    Spanned::new(span.clone(), items.map(|text| Spanned::new(span.clone(), text)).collect())
}
