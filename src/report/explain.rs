use std::io::{self, Write};

use crate::finding::{Confidence, Severity};

use super::extract_text::table;
use super::statement::severity_name;
use super::visible::visible;
use super::window::clipped;

/// The headings of a rule's documentation.
pub(super) struct Headings {
    message: &'static str,
    measured: &'static str,
    /// Of what, why and fix.
    pub parts: [&'static str; 3],
    pub fails: &'static str,
    pub passes: &'static str,
}

const ENGLISH: Headings = Headings {
    message: "Message",
    measured: "How often it is right",
    parts: ["What it finds", "Why it matters", "What to do"],
    fails: "It finds fault with",
    passes: "It lets pass",
};

const CHINESE: Headings = Headings {
    message: "提示",
    measured: "准确率",
    parts: ["检查什么", "为什么重要", "怎么改"],
    fails: "会报的例子",
    passes: "不报的例子",
};

/// The headings in a language.
pub(super) fn headings(chinese: bool) -> &'static Headings {
    if chinese { &CHINESE } else { &ENGLISH }
}

/// The documentation of a rule in one language.
#[derive(Clone, Debug)]
pub struct RuleText {
    pub chinese: bool,
    pub id: String,
    pub severity: Severity,
    pub confidence: Confidence,
    /// The persona that the rule runs for, where that is not everybody.
    pub persona: Option<String>,
    /// `relation`, `wording`, `structure` …
    pub kind: String,
    pub message: String,
    pub what: String,
    pub why: String,
    pub fix: String,
    /// How often it was right, and on what.
    pub measured: Option<String>,
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
        "{} rule, {}, {} confidence{}",
        visible(&rule.kind),
        severity_name(rule.severity),
        confidence(rule.confidence),
        rule.persona.as_ref().map(|persona| format!(", persona {persona}")).unwrap_or_default()
    )?;
    let headings = headings(rule.chinese);
    writeln!(out, "\n{}\n  {}", headings.message, visible(&rule.message))?;
    for (heading, text) in headings.parts.iter().zip([&rule.what, &rule.why, &rule.fix]) {
        if !text.is_empty() {
            writeln!(out, "\n{heading}")?;
            paragraph(out, text)?;
        }
    }
    if let Some(measured) = &rule.measured {
        writeln!(out, "\n{}", headings.measured)?;
        paragraph(out, measured)?;
    }
    for (heading, passes) in [(headings.fails, false), (headings.passes, true)] {
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
            severity_name(rule.severity).to_string(),
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

fn confidence(confidence: Confidence) -> &'static str {
    match confidence {
        Confidence::High => "high",
        Confidence::Medium => "medium",
        Confidence::Low => "low",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(chinese: bool) -> RuleText {
        let text = |zh: &str, en: &str| if chinese { zh.to_string() } else { en.to_string() };
        RuleText {
            chinese,
            id: "numeric/share".into(),
            severity: Severity::Error,
            confidence: Confidence::High,
            persona: None,
            kind: "relation".into(),
            message: text("占比不符：{arithmetic}", "the share does not fit: {arithmetic}"),
            what: text("占比与部分、整体对不上。", "A share that does not follow.\nFrom its part and whole."),
            why: String::new(),
            fix: text("改\u{1b}[31m数。", "Mend the number."),
            measured: None,
            examples: vec![
                ExampleText { passes: true, text: "50 of 100 is 50%.".into() },
                ExampleText { passes: false, text: "100 亿占 200 亿的 90%。\n第二行。\n".into() },
            ],
        }
    }

    fn written(write: impl FnOnce(&mut Vec<u8>) -> io::Result<()>) -> String {
        let mut out = Vec::new();
        write(&mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn documentation_in_english() {
        insta::assert_snapshot!(written(|out| write_rule(out, &rule(false))));
    }

    #[test]
    fn documentation_in_chinese() {
        insta::assert_snapshot!(written(|out| write_rule(out, &rule(true))));
    }

    #[test]
    fn a_list_has_a_line_for_each_rule() {
        let long =
            RuleText { id: "reasoning/unattributed-source".into(), severity: Severity::Note, ..rule(true) };
        insta::assert_snapshot!(written(|out| write_rule_list(out, &[rule(false), long])));
    }
}
