//! What was found, as output: one small file per format. Each writes a report as it comes and never holds more
//! than one of them; those for a reader that begin with the totals hold what they will write.

mod argument_audit;
mod argument_map;
mod argument_words;
mod baseline;
mod card;
mod checkstyle;
mod citation;
mod concise;
mod decided;
mod decisions;
mod examples;
mod explain;
mod extract;
mod extract_text;
mod fault;
mod github;
mod gitlab;
mod html;
mod json;
mod json_schema;
mod jsonl;
mod junit;
mod markdown;
mod markdown_text;
mod model;
mod outline;
mod path;
mod places;
mod rdjson;
mod sarif;
mod sarif_rule;
mod settings;
mod sheet;
mod statement;
mod text;
mod visible;
mod window;
mod xml;

use std::io::{self, Write};

pub use argument_audit::{ArgumentAudit, write_argument_audit};
pub use baseline::write_baseline;
pub use checkstyle::Checkstyle;
pub use concise::Concise;
pub use decided::{DecidedReport, write_decided};
pub use decisions::{NO_DECISIONS, decision_entry};
pub use examples::{ExampleReport, write_examples};
pub use explain::{ExampleText, RuleText, write_rule, write_rule_list};
pub use extract::{AssertionRow, ExtractReport, PlaceRow, QuantityRow, RelationRow, RoleRow};
pub use extract_text::ExtractText;
pub use fault::write_faults;
pub use github::GitHub;
pub use gitlab::GitLab;
pub use html::{Html, REPORT_STYLE, Standing, finding_numbers, marked_article, standings};
pub use json::{ExtractJson, Json};
pub use json_schema::{check_schema, extract_schema};
pub use jsonl::{ExtractJsonLines, JsonLines, write_check_line, write_error_line, write_extract_line};
pub use junit::JUnit;
pub use markdown::Markdown;
pub use model::{FileReport, Summary};
pub use outline::{Chart, ChartLink, ChartNode, Language, Outline};
pub use rdjson::Rdjson;
pub use sarif::Sarif;
pub use settings::write_settings;
pub use sheet::{Sheet, sheets};
pub use text::{Text, counted};
pub use visible::visible;

/// A format of `check`.
pub trait CheckOutput {
    /// Writes what was found in one file.
    ///
    /// # Errors
    /// When the output cannot be written.
    fn file(&mut self, report: &FileReport<'_>) -> io::Result<()>;

    /// Writes what comes after the last file, and flushes.
    ///
    /// # Errors
    /// When the output cannot be written.
    fn finish(&mut self, summary: &Summary) -> io::Result<()>;
}

/// A format of `extract`.
pub trait ExtractOutput {
    /// Writes what was read in one file.
    ///
    /// # Errors
    /// When the output cannot be written.
    fn file(&mut self, report: &ExtractReport<'_>) -> io::Result<()>;

    /// Writes what comes after the last file, and flushes.
    ///
    /// # Errors
    /// When the output cannot be written.
    fn finish(&mut self) -> io::Result<()>;
}

/// The renderer of cards, with or without colour.
fn renderer(colour: bool) -> annotate_snippets::Renderer {
    let renderer =
        if colour { annotate_snippets::Renderer::styled() } else { annotate_snippets::Renderer::plain() };
    // Lines come cut to size; the renderer must not cut them again.
    renderer.term_width(usize::from(u16::MAX))
}

/// Anything that output is written to.
pub type Sink = Box<dyn Write>;
