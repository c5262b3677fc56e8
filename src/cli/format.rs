use crate::report::{
    CheckOutput, Checkstyle, Concise, GitHub, GitLab, Html, JUnit, Json, JsonLines, Markdown, Rdjson,
    RuleText, Sarif, Sink, Text,
};

use super::args::Format;

/// The output that writes a format to `out`.
pub(super) fn output(format: Format, out: Sink, rules: &[RuleText], colour: bool) -> Box<dyn CheckOutput> {
    match format {
        Format::Text => Box::new(Text::new(out, colour)),
        Format::Concise => Box::new(Concise::new(out)),
        Format::Json => Box::new(Json::new(out)),
        Format::Jsonl => Box::new(JsonLines::new(out)),
        Format::Sarif => Box::new(Sarif::new(out, rules)),
        Format::Github => Box::new(GitHub::new(out)),
        Format::Gitlab => Box::new(GitLab::new(out)),
        Format::Junit => Box::new(JUnit::new(out)),
        Format::Rdjson => Box::new(Rdjson::new(out)),
        Format::Checkstyle => Box::new(Checkstyle::new(out)),
        Format::Markdown => Box::new(Markdown::new(out)),
        Format::Html => Box::new(Html::new(out)),
    }
}
