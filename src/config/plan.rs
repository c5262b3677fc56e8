use super::layer::{Chosen, Layer};
use super::model::{Config, PathSettings};
use super::origin::{Origin, Sourced};
use super::selector::{Selector, likely};
use crate::finding::Severity;
use crate::rule::{Persona, Rule};
use crate::source::Fault;

/// More wrong names than anyone mends at once.
const FAULT_LIMIT: usize = 50;

/// The rules that each layer of the configuration chooses.
#[derive(Clone, Debug)]
pub struct RulePlan {
    layers: Vec<Vec<RuleChange>>,
    defaults: RuleChoice,
}

/// What a layer says of one rule.
#[derive(Clone, Debug)]
struct RuleChange {
    /// The rule's number.
    rule: usize,
    says: Says,
    origin: Origin,
}

#[derive(Clone, Copy, Debug)]
enum Says {
    Selected(bool),
    /// `default`: what runs for the persona.
    Default,
    Off,
    Severity(Severity),
}

/// What holds of every rule for one report, by the rules' numbers.
#[derive(Clone, Debug)]
pub struct RuleChoice {
    rules: Vec<RuleSetting>,
}

/// What holds of one rule for one report.
#[derive(Clone, Debug)]
pub struct RuleSetting {
    /// Whether the configuration wants the rule.
    pub selected: Sourced<bool>,
    /// `"off"` in `[severity]`.
    pub off: Option<Origin>,
    /// The severity of what is proven.
    pub severity: Sourced<Severity>,
    /// The severity of what rounding could save.
    pub plain_severity: Severity,
    default: bool,
    sure: bool,
}

impl RuleSetting {
    fn new(rule: &Rule) -> Self {
        Self {
            selected: Sourced::default_of(rule.runs_for(Persona::Gate)),
            off: None,
            severity: Sourced::default_of(rule.severity),
            plain_severity: rule.plain_severity,
            default: rule.default,
            sure: true,
        }
    }

    /// Whether findings of the rule are told.
    pub fn is_told(&self) -> bool {
        self.is_on() && self.sure
    }

    /// Whether the configuration lets the rule run, however sure of its reading it is.
    pub fn is_on(&self) -> bool {
        self.selected.value && self.off.is_none()
    }

    /// Whether the rule judges what it finds: coverage does not depend on what is told.
    pub fn is_judged(&self) -> bool {
        self.default || self.is_on()
    }
}

impl RuleChoice {
    /// What the rules say of themselves.
    pub fn of_rules(rules: &[Rule]) -> Self {
        Self { rules: rules.iter().map(RuleSetting::new).collect() }
    }

    /// What holds of the rule of that number.
    pub fn of(&self, rule: usize) -> &RuleSetting {
        &self.rules[rule]
    }

    /// The same with the rule of that number on.
    #[must_use]
    pub fn with(mut self, rule: usize) -> Self {
        self.rules[rule].selected.value = true;
        self
    }
}

impl RulePlan {
    /// Looks up the rules that the configuration names.
    ///
    /// # Errors
    /// Words that mean no rule, with what they may have meant.
    pub fn new(config: &Config, rules: &[Rule]) -> Result<Self, Vec<Fault>> {
        let mut faults = Vec::new();
        let mut layers = Vec::new();
        for layer in &config.layers {
            layers.push(changes(config, layer, rules, &mut faults));
        }
        if faults.is_empty() {
            Ok(Self { layers, defaults: RuleChoice::of_rules(rules) })
        } else {
            Err(faults)
        }
    }

    /// What holds of every rule where those settings hold.
    pub fn choice(&self, rules: &[Rule], settings: &PathSettings) -> RuleChoice {
        let mut choice = self.defaults.clone();
        let persona = &settings.persona;
        for (setting, rule) in choice.rules.iter_mut().zip(rules) {
            if rule.runs_for(persona.value) && !setting.selected.value {
                setting.selected = Sourced { value: true, origin: persona.origin.clone() };
            }
        }
        for change in settings.layers.iter().flat_map(|layer| &self.layers[*layer]) {
            let setting = &mut choice.rules[change.rule];
            let origin = change.origin.clone();
            let says = match change.says {
                Says::Default => Says::Selected(rules[change.rule].runs_for(persona.value)),
                says => says,
            };
            match says {
                Says::Default => {}
                Says::Selected(value) => {
                    setting.selected = Sourced { value, origin };
                    if value {
                        setting.off = None;
                    }
                }
                Says::Off => setting.off = Some(origin),
                Says::Severity(value) => {
                    setting.off = None;
                    setting.severity = Sourced { value, origin };
                    setting.plain_severity = as_far_below(&rules[change.rule], value);
                }
            }
        }
        for (setting, rule) in choice.rules.iter_mut().zip(rules) {
            setting.sure = rule.confidence >= settings.min_confidence.value;
        }
        choice
    }
}

/// The severity that is as far below `severity` as the rule's own two are apart.
fn as_far_below(rule: &Rule, severity: Severity) -> Severity {
    const STEPS: [Severity; 3] = [Severity::Note, Severity::Warning, Severity::Error];
    let step = |severity| STEPS.iter().position(|known| *known == severity).unwrap_or_default();
    let gap = step(rule.severity).saturating_sub(step(rule.plain_severity));
    STEPS[step(severity).saturating_sub(gap)]
}

/// What a layer says, in the order in which it counts: at most one choice and one severity for each rule.
fn changes(config: &Config, layer: &Layer, rules: &[Rule], faults: &mut Vec<Fault>) -> Vec<RuleChange> {
    let mut says: Vec<[Option<(Says, Origin)>; 2]> = vec![[None, None]; rules.len()];
    if let Some(select) = &layer.select {
        let nobody = (Says::Selected(false), select.origin.clone());
        says.iter_mut().for_each(|[choice, _]| *choice = Some(nobody.clone()));
    }
    for (list, selected) in [(&layer.select, true), (&layer.ignore, false)] {
        let Some(list) = list else { continue };
        // What is named outweighs `default`.
        let (default, named): (Vec<&Chosen>, Vec<&Chosen>) =
            list.value.iter().partition(|chosen| selected && chosen.selector == Selector::Default);
        for (chosen, choice) in [(default, Says::Default), (named, Says::Selected(selected))] {
            for rule in chosen.into_iter().flat_map(|chosen| meant(config, chosen, rules, faults)) {
                says[rule][0] = Some((choice, list.origin.clone()));
            }
        }
    }
    for (chosen, level) in &layer.severity {
        let level_says = level.value.severity().map_or(Says::Off, Says::Severity);
        for rule in meant(config, chosen, rules, faults) {
            says[rule][1] = Some((level_says, level.origin.clone()));
        }
    }
    let numbered = says.into_iter().enumerate();
    numbered
        .flat_map(|(rule, says)| says.into_iter().flatten().map(move |said| (rule, said)))
        .map(|(rule, (says, origin))| RuleChange { rule, says, origin })
        .collect()
}

/// The numbers of the rules that a word means; none is a fault.
fn meant(config: &Config, chosen: &Chosen, rules: &[Rule], faults: &mut Vec<Fault>) -> Vec<usize> {
    let meant: Vec<usize> = (0..rules.len()).filter(|rule| chosen.selector.matches(&rules[*rule])).collect();
    if meant.is_empty() && faults.len() < FAULT_LIMIT {
        let help = match likely(&chosen.written, rules) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "`claimlint rules` lists all rules; a group is written `numeric/`".to_owned(),
        };
        let message = format!("there is no rule `{}`", chosen.written);
        faults.push(config.files()[chosen.file].fault(chosen.span, message).with_help(help));
    }
    meant
}
