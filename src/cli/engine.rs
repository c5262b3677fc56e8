use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};

use clap::ValueEnum;

use crate::assertion::{Assertion, Modality};
use crate::check::{Engine, ExampleKind, Explained, Extraction};
use crate::config::{Config, ConfigError, Flags, Locale, PathSettings, RulePlan};
use crate::document::Document;
use crate::quantity::{Bound, Date, Grain, Quantity};
use crate::report::{
    AssertionRow, ExampleReport, ExampleText, ExtractReport, PlaceRow, QuantityRow, RelationRow, RoleRow,
    RuleText, write_faults,
};
use crate::rule::{Message, Persona, Placeholder, Rule, RuleKind, builtin_files, files_below};
use crate::source::{DataFile, Fault, SETTINGS_FILE, Span};

use super::args::GlobalArguments;
use super::status::Failure;

/// The settings of a call, and the engine with the rule files it was made from.
pub(super) struct Loaded {
    pub engine: Engine,
    pub config: Config,
    /// Which rules hold for which report.
    pub plan: RulePlan,
    rules: RuleFiles,
}

impl Loaded {
    /// The configuration, and the engine with the built-in rules and those of the configured folders.
    ///
    /// # Errors
    /// When a file or folder cannot be read or anything in it is broken; every fault has been shown by then.
    pub fn new(global: &GlobalArguments, flags: Flags) -> Result<Self, Failure> {
        let config = configuration(global)?.with_flags(flags);
        let rules = RuleFiles::new(&config)?;
        let engine = Engine::new(&rules.files).map_err(|faults| {
            show_faults(global, &faults, &rules.files, "rule file", |path| rules.name(path));
            Failure::Usage(
                "the rules are broken: mend the files above, or leave their folder out".to_string(),
            )
        })?;
        let plan = RulePlan::new(&config, engine.rules()).map_err(|faults| {
            broken(global, ConfigError::Faults { faults, files: config.files().to_vec() })
        })?;
        Ok(Self { engine, config, plan, rules })
    }

    /// Whether findings of the rule are told for the report of that path; `None` when there is no such rule.
    pub fn tells(&self, path: &Path, rule: &str) -> Option<bool> {
        let rules = self.engine.rules();
        let number = rules.iter().position(|known| known.id == rule)?;
        let choice = self.plan.choice(rules, &self.config.at(Some(path)));
        Some(choice.of(number).is_told())
    }

    /// What holds for a report without a path.
    pub fn settings(&self) -> PathSettings {
        self.config.at(None)
    }

    /// The documentation of every rule; `auto` is English, for what is written must not depend on who runs it.
    pub fn rule_texts(&self, language: Locale) -> Vec<RuleText> {
        self.engine.rules().iter().map(|rule| rule_text(rule, language == Locale::Chinese)).collect()
    }

    /// Runs every example: those that went wrong, and how many were run.
    pub fn examples(&self) -> (Vec<ExampleReport<'_>>, usize) {
        let outcomes = self.engine.test();
        let run = outcomes.len();
        let wrong = outcomes.into_iter().filter(|outcome| !outcome.kept).filter_map(|outcome| {
            let file = self.rules.files.iter().find(|file| file.path == outcome.path)?;
            let rule = self.engine.rules().iter().find(|rule| rule.id == outcome.rule)?;
            let number = outcome.index + 1;
            let message = if outcome.kind == ExampleKind::Pass {
                format!(
                    "pass example {number}: expected no finding of this rule, got: {}",
                    outcome.messages.join("; ")
                )
            } else {
                format!("fail example {number}: expected a finding of this rule, got none")
            };
            Some(ExampleReport {
                rule: &rule.id,
                message,
                file,
                path: self.rules.name(&outcome.path),
                span: outcome.span,
            })
        });
        (wrong.collect(), run)
    }
}

/// The built-in rule files and a user's, a user's in the place of a built-in one of the same path.
struct RuleFiles {
    files: Vec<DataFile>,
    /// The folder of each path that is not built in.
    folders: HashMap<String, PathBuf>,
    /// The configuration file as it is shown.
    settings: Option<String>,
}

impl RuleFiles {
    fn new(config: &Config) -> Result<Self, Failure> {
        let mut files: HashMap<String, DataFile> =
            builtin_files().into_iter().map(|file| (file.path.clone(), file)).collect();
        let mut homes = HashMap::new();
        for folder in config.rule_folders() {
            let below = files_below(folder).map_err(|error| {
                Failure::Usage(format!("{error}; give --rules a folder of .toml rule files"))
            })?;
            if below.is_empty() {
                return Err(Failure::Usage(format!(
                    "{}: no .toml file in this rule folder; `claimlint rules dump DIR` writes the built-in ones as a model",
                    folder.display()
                )));
            }
            for file in below {
                homes.insert(file.path.clone(), folder.clone());
                files.insert(file.path.clone(), file);
            }
        }
        let mut files: Vec<DataFile> = files.into_values().chain(config.words()).collect();
        files.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(Self { files, folders: homes, settings: config.path().map(str::to_string) })
    }

    /// The name shown for a rule file.
    fn name(&self, path: &str) -> String {
        match self.folders.get(path) {
            Some(folder) => folder.join(path).to_string_lossy().into_owned(),
            None if path == SETTINGS_FILE => self.settings.clone().unwrap_or_default(),
            None => format!("built-in:{path}"),
        }
    }
}

/// The configuration that the command line asks for.
///
/// # Errors
/// When there is none; every fault has been shown by then.
pub(super) fn configuration(global: &GlobalArguments) -> Result<Config, Failure> {
    let folder = std::env::current_dir().map_err(ConfigError::NoFolder);
    folder
        .and_then(|folder| Config::load(&folder, &global.config, global.isolated))
        .map_err(|error| broken(global, error))
}

/// Shows the faults of a configuration.
fn broken(global: &GlobalArguments, error: ConfigError) -> Failure {
    if let ConfigError::Faults { faults, files } = &error {
        show_faults(global, faults, files, "configuration", str::to_string);
    }
    Failure::Usage(error.to_string())
}

/// Shows what is wrong in files, which are of that kind.
pub(super) fn show_faults(
    global: &GlobalArguments,
    faults: &[Fault],
    files: &[DataFile],
    kind: &str,
    name: impl Fn(&str) -> String,
) {
    // Nobody can be told when standard error is closed.
    let _ = write_faults(&mut io::stderr().lock(), faults, files, kind, name, global.color.on_stderr());
}

/// Whether documentation is wanted in Chinese; `auto` asks the environment.
pub(super) fn wants_chinese(language: Locale) -> bool {
    let environment = || {
        let set = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
        set("LC_ALL").or_else(|| set("LC_MESSAGES")).or_else(|| set("LANG"))
    };
    match language {
        Locale::Auto => environment().is_some_and(|locale| locale.starts_with("zh")),
        Locale::Chinese => true,
        Locale::English => false,
    }
}

/// A rule's documentation in one language.
pub(super) fn rule_text(rule: &Rule, chinese: bool) -> RuleText {
    let examples = |passes: bool| {
        let list = if passes { &rule.pass } else { &rule.fail };
        list.iter().map(move |example| ExampleText { passes, text: example.text.clone() })
    };
    let kind = match &rule.kind {
        RuleKind::Relation { .. } => "relation",
        RuleKind::Wording { .. } => "wording",
        RuleKind::Structure(_) => "structure",
        RuleKind::Source(_) | RuleKind::Shifts(_) => "source",
    };
    RuleText {
        chinese,
        id: rule.id.clone(),
        severity: rule.severity,
        confidence: rule.confidence,
        persona: rule_persona(rule),
        kind: kind.to_string(),
        message: with_placeholders(if chinese { &rule.message.zh } else { &rule.message.en }),
        what: rule.doc.what.clone(),
        why: rule.doc.why.clone(),
        fix: rule.doc.fix.clone(),
        measured: rule
            .measured
            .as_ref()
            .map(|measured| format!("{} of {}: {}", measured.right, measured.of, measured.on)),
        examples: examples(false).chain(examples(true)).collect(),
    }
}

/// The persona that a rule runs for by itself, where that is not everybody.
fn rule_persona(rule: &Rule) -> Option<String> {
    let name = rule.persona.to_possible_value()?.get_name().to_owned();
    (rule.persona != Persona::Gate && rule.default).then_some(name)
}

/// The message as it stands in the rule file.
fn with_placeholders(message: &Message) -> String {
    message.fill(&|placeholder| match placeholder {
        Placeholder::Role(role) => format!("{{{role}}}"),
        Placeholder::Arithmetic => "{arithmetic}".to_string(),
        Placeholder::Text => "{text}".to_string(),
    })
}

/// What was read in a document, as rows; the relations only when `explain` is set.
pub(super) fn extract_report<'a>(
    path: &'a str,
    engine: &Engine,
    document: &'a Document,
    extraction: &Extraction,
    explain: bool,
) -> ExtractReport<'a> {
    let sections = document
        .sections
        .iter()
        .map(|section| (section.span.start, section.heading.of(&document.text).trim().to_string()));
    let reading = &extraction.reading;
    ExtractReport {
        path,
        text: &document.text,
        sections: sections.collect(),
        quantities: reading
            .quantities
            .iter()
            .map(|quantity| quantity_row(engine, document, quantity))
            .collect(),
        assertions: reading
            .assertions
            .iter()
            .map(|assertion| assertion_row(engine, document, extraction, assertion))
            .collect(),
        relations: explain
            .then(|| engine.explain(document, extraction).into_iter().map(relation_row).collect()),
    }
}

fn quantity_row(engine: &Engine, document: &Document, quantity: &Quantity) -> QuantityRow {
    let word = quantity.hedge.map(|hedge| hedge.of(&document.text).to_string());
    let hedge = match (word, quantity.bound, quantity.approximate) {
        (Some(word), _, _) => Some(word),
        (None, Bound::Exact, true) => Some("about".to_string()),
        (None, Bound::Exact, false) => None,
        (None, Bound::AtLeast, _) => Some("at least".to_string()),
        (None, Bound::MoreThan, _) => Some("more than".to_string()),
        (None, Bound::AtMost, _) => Some("at most".to_string()),
        (None, Bound::LessThan, _) => Some("less than".to_string()),
    };
    let fields = quantity.contract(engine.units());
    QuantityRow {
        place: place(quantity.span),
        kind: fields.kind.to_string(),
        value: fields.value,
        low: fields.low,
        high: fields.high,
        unit: fields.unit,
        hedge,
    }
}

fn assertion_row(
    engine: &Engine,
    document: &Document,
    extraction: &Extraction,
    assertion: &Assertion,
) -> AssertionRow {
    let reading = &extraction.reading;
    let modality = match assertion.modality {
        Modality::Fact => None,
        Modality::Forecast => Some("forecast"),
        Modality::Plan => Some("plan"),
        Modality::Condition => Some("condition"),
        Modality::Denied => Some("denied"),
    };
    AssertionRow {
        place: place(reading.quantities[assertion.quantity].span),
        entity: assertion.entity.map(|entity| reading.entity_names[entity.0 as usize].clone()),
        measure: assertion.measure.map(|measure| engine.vocabulary().measure_name(measure).to_string()),
        period: assertion.period.and_then(period),
        modality: modality.map(str::to_string),
        attribution: assertion.attribution.map(|span| span.of(&document.text).to_string()),
    }
}

/// The period in ISO 8601, first and last day; `None` when its year is not known.
fn period(date: Date) -> Option<String> {
    let last = date.end.pred_opt()?;
    let month = date.start.format("%Y-%m");
    date.year_known.then(|| match date.grain {
        Grain::Year => date.start.format("%Y").to_string(),
        Grain::Month => month.to_string(),
        Grain::Day => date.start.to_string(),
        Grain::Week | Grain::Quarter | Grain::Half | Grain::Span | Grain::QuarterSpan | Grain::Impossible => {
            format!("{}/{last}", date.start)
        }
    })
}

fn relation_row(explained: Explained) -> RelationRow {
    RelationRow {
        place: place(explained.span),
        relation: explained.relation,
        phrase: explained.phrase.unwrap_or_else(|| "joined by measure".to_string()),
        roles: explained.roles.into_iter().map(|(role, span)| RoleRow { role, place: place(span) }).collect(),
        outcome: explained.outcome,
    }
}

fn place(span: Span) -> PlaceRow {
    PlaceRow { start: span.start, end: span.end }
}

/// The built-in rule files, for `rules dump`.
pub(super) fn builtin() -> Vec<DataFile> {
    builtin_files()
}

/// Whether two paths name one file.
pub(super) fn same_file(a: &Path, b: &Path) -> bool {
    match (a.canonicalize(), b.canonicalize()) {
        (Ok(a), Ok(b)) => a == b,
        _ => false,
    }
}
