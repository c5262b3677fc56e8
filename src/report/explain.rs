use std::io::{self, Write};

use crate::finding::{Confidence, Severity};

use super::extract_text::table;
use super::visible::visible;
use super::window::clipped;

/// The documentation of a rule in one language.
#[derive(Clone, Debug)]
pub struct RuleText {
    pub id: String,
    pub severity: Severity,
    pub confidence: Confidence,
    /// `relation`, `wording`, `structure` …
    pub kind: String,
    pub message: String,
    pub what: String,
    pub why: String,
    pub fix: String,
    pub examples: Vec<ExampleText>,
}

/// A text that a rule finds fault with, or lets pass.
#[derive(Clone, Debug)]
pub struct ExampleText {
    pub passes: bool,
    pub text: String,
}

/// Writes one rule's documentation with its examples.
///
/// # Errors
/// When the output cannot be written.
pub fn write_rule(out: &mut impl Write, rule: &RuleText) -> io::Result<()> {
    writeln!(out, "{}", visible(&rule.id))?;
    writeln!(
        out,
        "{} rule, {}, {} confidence",
        visible(&rule.kind),
        severity(rule.severity),
        confidence(rule.confidence)
    )?;
    writeln!(out, "\nMessage: {}", visible(&rule.message))?;
    for (heading, text) in
        [("What it finds", &rule.what), ("Why it matters", &rule.why), ("What to do", &rule.fix)]
    {
        if !text.is_empty() {
            writeln!(out, "\n{heading}")?;
            paragraph(out, text)?;
        }
    }
    for (heading, passes) in [("It finds fault with", false), ("It lets pass", true)] {
        if rule.examples.iter().any(|example| example.passes == passes) {
            writeln!(out, "\n{heading}")?;
        }
        for example in rule.examples.iter().filter(|example| example.passes == passes) {
            let mark = if passes { '+' } else { '-' };
            for (index, line) in example.text.trim_end().lines().enumerate() {
                writeln!(out, "  {} {}", if index == 0 { mark } else { ' ' }, visible(line))?;
            }
        }
    }
    Ok(())
}

/// Writes one line for each rule.
///
/// # Errors
/// When the output cannot be written.
pub fn write_rule_list(out: &mut impl Write, rules: &[RuleText]) -> io::Result<()> {
    let rows = rules.iter().map(|rule| {
        vec![
            visible(&rule.id).into_owned(),
            severity(rule.severity).to_string(),
            confidence(rule.confidence).to_string(),
            visible(&rule.kind).into_owned(),
            clipped(&visible(rule.what.trim().lines().next().unwrap_or_default()), 80),
        ]
    });
    table(out, rows.collect())
}

fn paragraph(out: &mut impl Write, text: &str) -> io::Result<()> {
    for line in text.trim().lines() {
        writeln!(out, "  {}", visible(line.trim_end()))?;
    }
    Ok(())
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

fn confidence(confidence: Confidence) -> &'static str {
    match confidence {
        Confidence::High => "high",
        Confidence::Medium => "medium",
        Confidence::Low => "low",
    }
}
