//! Rules are tested by the examples in their own files.

use super::{CheckOptions, Engine, Source};
use crate::config::RuleChoice;
use crate::rule::Example;
use crate::source::{SourceFile, Span};

/// What an example promises.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExampleKind {
    /// The rule finds nothing.
    Pass,
    /// The rule finds something.
    Fail,
}

/// What came of one example.
#[derive(Clone, Debug)]
pub struct ExampleOutcome {
    pub rule: String,
    pub kind: ExampleKind,
    /// Counted from 0 within its kind.
    pub index: usize,
    /// The rule file, and the example's place in it.
    pub path: String,
    pub span: Span,
    /// Whether the rule did as promised.
    pub kept: bool,
    /// What it found, for a pass that is noisy.
    pub messages: Vec<String>,
}

impl Engine {
    /// Runs every rule's examples; a rule that is off by default is on for its own.
    pub fn test(&self) -> Vec<ExampleOutcome> {
        let mut outcomes = Vec::new();
        for compiled in &self.compiled {
            let rule = &self.rules()[compiled.rule];
            let choice = self.default_choice().clone().with(compiled.rule);
            let kinds = [(ExampleKind::Fail, &rule.fail), (ExampleKind::Pass, &rule.pass)];
            for (kind, examples) in kinds {
                for (index, example) in examples.iter().enumerate() {
                    let messages = self.messages(&rule.id, example, &choice);
                    outcomes.push(ExampleOutcome {
                        rule: rule.id.clone(),
                        kind,
                        index,
                        path: rule.path.clone(),
                        span: example.span,
                        kept: messages.is_empty() == (kind == ExampleKind::Pass),
                        messages,
                    });
                }
            }
        }
        outcomes
    }

    fn messages(&self, rule: &str, example: &Example, choice: &RuleChoice) -> Vec<String> {
        let document = self.parse(example.text.clone(), example.date);
        let source = example.source.as_ref().map(|text| {
            let file = SourceFile::new("source", text.clone());
            self.read_source(file, example.date)
        });
        let sources: Vec<&Source> = source.iter().collect();
        let options = CheckOptions { today: example.date, ..CheckOptions::default() };
        let audit = self.check_with(&document, &sources, options, choice);
        audit
            .findings
            .into_iter()
            .filter(|finding| finding.rule == rule && finding.suppressed.is_none())
            .map(|finding| match finding.arithmetic {
                Some(arithmetic) => format!("{} ({arithmetic})", finding.message),
                None => finding.message,
            })
            .collect()
    }
}
