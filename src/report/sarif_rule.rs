use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::{Value, json};
use serde_sarif::sarif::{
    MultiformatMessageString, PropertyBag, ReportingConfiguration, ReportingDescriptor,
};

use crate::finding::{Confidence, Severity};

use super::RuleText;
use super::explain::headings;
use super::statement::severity_name;

/// A rule's documentation as SARIF has it, with what GitHub sorts alerts by.
pub(super) fn reporting_descriptor(rule: &RuleText) -> ReportingDescriptor {
    let what = rule.what.trim();
    let first = what.lines().next().filter(|line| !line.is_empty()).unwrap_or(&rule.id);
    ReportingDescriptor::builder()
        .id(&rule.id)
        .short_description(plain(first))
        .full_description(plain(if what.is_empty() { &rule.id } else { what }))
        .help(MultiformatMessageString::builder().text(help_text(rule)).markdown(help_markdown(rule)).build())
        .default_configuration(
            ReportingConfiguration::builder().level(json!(severity_name(rule.severity))).build(),
        )
        .properties(properties(rule))
        .build()
}

fn plain(text: &str) -> MultiformatMessageString {
    MultiformatMessageString::builder().text(text).build()
}

/// The parts that say something, each with its heading.
fn parts(rule: &RuleText) -> impl Iterator<Item = (&'static str, &str)> {
    let texts = [&rule.what, &rule.why, &rule.fix].map(|text| text.trim());
    headings(rule.chinese).parts.into_iter().zip(texts).filter(|(_, text)| !text.is_empty())
}

fn help_text(rule: &RuleText) -> String {
    let parts: Vec<String> = parts(rule).map(|(heading, text)| format!("{heading}: {text}")).collect();
    if parts.is_empty() { rule.id.clone() } else { parts.join("\n\n") }
}

fn help_markdown(rule: &RuleText) -> String {
    let mut markdown = String::new();
    // Writing to a string cannot fail.
    for (heading, text) in parts(rule) {
        let _ = writeln!(markdown, "## {heading}\n\n{text}\n");
    }
    let headings = headings(rule.chinese);
    for (heading, passes) in [(headings.fails, false), (headings.passes, true)] {
        let examples: Vec<&str> = rule
            .examples
            .iter()
            .filter(|example| example.passes == passes)
            .map(|example| example.text.trim_end())
            .collect();
        if !examples.is_empty() {
            let _ = writeln!(markdown, "## {heading}\n");
        }
        for example in examples {
            let fence = fence(example);
            let _ = writeln!(markdown, "{fence}text\n{example}\n{fence}\n");
        }
    }
    markdown.trim_end().to_string()
}

/// A fence that the text does not close.
fn fence(text: &str) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or_default();
    "`".repeat(longest.max(2) + 1)
}

fn properties(rule: &RuleText) -> PropertyBag {
    let precision = match rule.confidence {
        Confidence::High => "high",
        Confidence::Medium => "medium",
        Confidence::Low => "low",
    };
    let problem = match rule.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "recommendation",
    };
    let group = rule.id.split('/').next().unwrap_or(&rule.id);
    PropertyBag::builder()
        .tags(vec![group.to_string()])
        .additional_properties(BTreeMap::from([
            ("precision".to_string(), Value::from(precision)),
            ("problem.severity".to_string(), Value::from(problem)),
        ]))
        .build()
}
