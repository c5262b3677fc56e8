use std::path::Path;

use chrono::NaiveDate;
use serde::Serialize;
use toml::Value;

use super::Locale;
use super::layer::{Choices, Layer, choices, last};
use super::model::{Config, ENDINGS, PathSettings};
use super::origin::{Origin, Sourced};
use super::plan::{RuleChoice, RuleSetting};
use super::schema::{FailOn, Level};
use crate::finding::Confidence;
use crate::rule::{Persona, Rule};

/// A line of `config show`: TOML, and where it was set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingRow {
    /// A table's header or `key = value`; empty for a line between tables.
    pub text: String,
    /// Where the value was set.
    pub origin: Option<String>,
}

impl SettingRow {
    fn heading(text: &str) -> [Self; 2] {
        [Self { text: String::new(), origin: None }, Self { text: text.to_owned(), origin: None }]
    }

    fn new(key: &str, value: &impl Serialize, origin: impl ToString) -> Self {
        Self { text: format!("{} = {}", quoted(key), toml(value)), origin: Some(origin.to_string()) }
    }

    fn of<T: Serialize>(key: &str, setting: &Sourced<T>) -> Self {
        Self::new(key, &setting.value, &setting.origin)
    }
}

/// A value in TOML, on one line.
fn toml(value: &impl Serialize) -> String {
    Value::try_from(value).map(|value| value.to_string()).unwrap_or_default()
}

/// A key as TOML has it.
fn quoted(key: &str) -> String {
    let bare = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if !key.is_empty() && key.chars().all(bare) { key.to_owned() } else { toml(&key) }
}

fn shown(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

impl Config {
    /// Every setting with its origin, for all reports.
    pub fn rows(&self) -> Vec<SettingRow> {
        let base = || self.layers.iter().filter(|layer| layer.paths.is_none());
        let choices = choices(base());
        let mut rows = choice_rows(&choices);
        let confidence = last(base(), |layer| &layer.min_confidence);
        let lang = last(base(), |layer| &layer.lang);
        rows.push(SettingRow::of(
            "min-confidence",
            &confidence.unwrap_or(Sourced::default_of(Confidence::Low)),
        ));
        let persona = last(base(), |layer| &layer.persona);
        rows.push(SettingRow::of("persona", &persona.unwrap_or(Sourced::default_of(Persona::Gate))));
        rows.push(SettingRow::of("lang", &lang.unwrap_or(Sourced::default_of(Locale::Auto))));
        rows.extend(last(base(), |layer| &layer.date).as_ref().map(date_row));
        let run = &self.run;
        rows.push(SettingRow::of(
            "fail-on",
            &run.fail_on.clone().unwrap_or(Sourced::default_of(FailOn::Error)),
        ));
        let folders = run.rules.as_ref().map(|rules| Sourced {
            value: rules.value.iter().map(|folder| shown(folder)).collect(),
            origin: rules.origin.clone(),
        });
        rows.push(SettingRow::of("rules", &folders.unwrap_or(Sourced::default_of(Vec::<String>::new()))));
        let included: Vec<String> = ENDINGS.iter().map(|ending| format!("*.{ending}")).collect();
        for (key, globs, default) in
            [("include", &run.include, included), ("exclude", &run.exclude, Vec::new())]
        {
            rows.push(match globs {
                Some(globs) => SettingRow::new(key, &globs.value.written(), &globs.origin),
                None => SettingRow::of(key, &Sourced::default_of(default)),
            });
        }
        if let Some(baseline) = &run.baseline {
            rows.push(SettingRow::new("baseline", &shown(&baseline.value), &baseline.origin));
        }
        rows.push(SettingRow::of(
            "suppressions",
            &run.suppressions.clone().unwrap_or(Sourced::default_of(true)),
        ));
        rows.extend(severity_rows("[severity]", &choices.severity));
        for layer in &self.layers {
            rows.extend(override_rows(layer));
        }
        for entry in &self.sources {
            rows.extend(SettingRow::heading("[[sources]]"));
            rows.push(SettingRow::new("reports", &entry.reports.value.written(), &entry.reports.origin));
            rows.push(SettingRow::of("source", &entry.sources));
        }
        for words in &self.words {
            rows.extend(SettingRow::heading(&format!("[{}.{}]", words.kind, quoted(&words.name.value))));
            let content = words.content.iter();
            rows.extend(content.map(|(key, value)| SettingRow::new(key, value, &words.name.origin)));
        }
        rows
    }

    /// What holds for one report: the settings, and the rules that do not run as they would by themselves.
    pub fn rows_at(&self, settings: &PathSettings, rules: &[Rule], choice: &RuleChoice) -> Vec<SettingRow> {
        let mut rows = choice_rows(&choices(settings.layers.iter().map(|layer| &self.layers[*layer])));
        rows.push(SettingRow::of("min-confidence", &settings.min_confidence));
        rows.push(SettingRow::of("persona", &settings.persona));
        rows.push(SettingRow::of("lang", &settings.lang));
        rows.extend(settings.date.as_ref().map(date_row));
        for source in &settings.sources {
            rows.extend(SettingRow::heading("[[sources]]"));
            rows.push(SettingRow::new("source", &shown(&source.path), &source.origin));
        }
        let sure = &settings.min_confidence.origin;
        let rules = rules.iter().enumerate().map(|(number, rule)| (rule, choice.of(number)));
        let changed: Vec<SettingRow> = rules
            .filter_map(|(rule, setting)| rule_row(rule, setting, sure, settings.persona.value))
            .collect();
        if !changed.is_empty() {
            rows.extend(SettingRow::heading("[severity]"));
            rows.extend(changed);
        }
        rows
    }
}

/// How a rule runs, when that is not how it would by itself.
fn rule_row(rule: &Rule, setting: &RuleSetting, sure: &Origin, persona: Persona) -> Option<SettingRow> {
    let by_itself = rule.runs_for(persona);
    let off = setting.off.as_ref().or((!setting.selected.value).then_some(&setting.selected.origin));
    match off {
        Some(_) if !by_itself => None,
        Some(origin) => Some(SettingRow::new(&rule.id, &"off", origin)),
        None if !setting.is_told() => Some(SettingRow::new(&rule.id, &"off", sure)),
        None if setting.severity.origin != Origin::Default => {
            Some(SettingRow::of(&rule.id, &setting.severity))
        }
        None if !by_itself => {
            Some(SettingRow::new(&rule.id, &setting.severity.value, &setting.selected.origin))
        }
        None => None,
    }
}

fn date_row(date: &Sourced<NaiveDate>) -> SettingRow {
    SettingRow { text: format!("date = {}", date.value), origin: Some(date.origin.to_string()) }
}

fn choice_rows(choices: &Choices<'_>) -> Vec<SettingRow> {
    let ignored: Vec<&str> = choices
        .ignore
        .iter()
        .flat_map(|list| list.value.iter().map(|chosen| chosen.written.as_str()))
        .collect();
    let origin = match choices.ignore.as_slice() {
        [] => Origin::Default.to_string(),
        lists => lists.iter().map(|list| list.origin.to_string()).collect::<Vec<_>>().join(", "),
    };
    vec![SettingRow::of("select", &choices.select), SettingRow::new("ignore", &ignored, origin)]
}

fn severity_rows(heading: &str, severity: &[(&str, &Sourced<Level>)]) -> Vec<SettingRow> {
    if severity.is_empty() {
        return Vec::new();
    }
    let mut rows = SettingRow::heading(heading).to_vec();
    rows.extend(severity.iter().map(|(written, level)| SettingRow::of(written, level)));
    rows
}

/// An entry for some of the reports; no row for a layer that holds for all.
fn override_rows(layer: &Layer) -> Vec<SettingRow> {
    let Some(paths) = &layer.paths else { return Vec::new() };
    let mut rows = SettingRow::heading("[[overrides]]").to_vec();
    rows.push(SettingRow::new("paths", &paths.value.written(), &paths.origin));
    for (key, list) in [("select", &layer.select), ("ignore", &layer.ignore)] {
        rows.extend(list.as_ref().map(|list| {
            let written: Vec<&str> = list.value.iter().map(|chosen| chosen.written.as_str()).collect();
            SettingRow::new(key, &written, &list.origin)
        }));
    }
    rows.extend(layer.min_confidence.as_ref().map(|value| SettingRow::of("min-confidence", value)));
    rows.extend(layer.persona.as_ref().map(|value| SettingRow::of("persona", value)));
    rows.extend(layer.lang.as_ref().map(|value| SettingRow::of("lang", value)));
    rows.extend(layer.date.as_ref().map(date_row));
    let severity: Vec<(&str, &Sourced<Level>)> =
        layer.severity.iter().map(|(chosen, level)| (chosen.written.as_str(), level)).collect();
    rows.extend(severity_rows("[overrides.severity]", &severity));
    rows
}
