use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::finding::Severity;

/// Recomputes the numbers of a report and says which do not hold, with the arithmetic.
#[derive(Debug, Parser)]
#[command(
    name = "claimlint",
    version,
    after_help = "Exit status: 0 nothing at or above --fail-on; 1 findings; 2 usage or rule error; \
                  3 input missing or unreadable; 4 a fault of claimlint itself."
)]
pub(super) struct Arguments {
    #[command(subcommand)]
    pub command: Command,
    /// When to use colour
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub color: Colour,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Check reports and say which claims do not hold
    Check(CheckArguments),
    /// Show the numbers, assertions and relations read in reports
    Extract(ExtractArguments),
    /// Explain a rule: what it finds, why, what to do, with examples
    Explain(ExplainArguments),
    /// List the rules, or write the built-in rule files to a folder
    Rules(RulesArguments),
    /// Run the examples of the built-in rules and of rule folders
    Test(TestArguments),
    /// Write the completions for a shell to standard output
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
}

#[derive(Debug, Args)]
pub(super) struct CheckArguments {
    #[command(flatten)]
    pub input: InputArguments,
    /// How to write the findings to standard output
    #[arg(long, value_name = "FORMAT", default_value = "text", conflicts_with = "jsonl")]
    pub format: Format,
    /// Write the findings to a file as well; may be given again
    #[arg(short, long, value_name = "FORMAT=PATH", value_parser = output, conflicts_with = "jsonl")]
    pub output: Vec<(Format, PathBuf)>,
    /// The least severity that makes the exit status 1 [default: error; with --jsonl: never]
    #[arg(long, value_name = "SEVERITY")]
    pub fail_on: Option<FailOn>,
    #[command(flatten)]
    pub rules: RuleArguments,
    #[command(flatten)]
    pub language: LanguageArguments,
}

#[derive(Debug, Args)]
pub(super) struct ExtractArguments {
    #[command(flatten)]
    pub input: InputArguments,
    /// How to write what was read
    #[arg(long, value_name = "FORMAT", default_value = "text", conflicts_with = "jsonl")]
    pub format: ExtractFormat,
    /// Show the relations too: which phrase matched what, and what became of it
    #[arg(long)]
    pub explain: bool,
    #[command(flatten)]
    pub rules: RuleArguments,
}

#[derive(Debug, Args)]
pub(super) struct InputArguments {
    /// Files, folders (their .md, .markdown and .txt files), patterns such as 'reports/**/*.md', or - for standard input
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Read documents as JSON Lines and answer each with one line, in order, as they come
    #[arg(long)]
    pub jsonl: bool,
    /// The date of reports that do not say theirs
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = date)]
    pub date: Option<NaiveDate>,
    /// The name of the report on standard input
    #[arg(long, value_name = "PATH", conflicts_with = "jsonl")]
    pub stdin_filename: Option<PathBuf>,
    /// Findings and errors only: no summary, no progress, no remarks
    #[arg(short, long)]
    pub quiet: bool,
}

#[derive(Debug, Args)]
pub(super) struct RuleArguments {
    /// Use the rules of a folder too; a file with the path of a built-in one replaces it
    #[arg(long = "rules", value_name = "DIR", global = true)]
    pub folders: Vec<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct LanguageArguments {
    /// The language of messages: auto takes the report's
    #[arg(long, value_name = "LANG", default_value = "auto", global = true)]
    pub lang: Language,
}

#[derive(Debug, Args)]
pub(super) struct ExplainArguments {
    /// The rule's id, such as numeric/share
    pub rule: String,
    #[command(flatten)]
    pub rules: RuleArguments,
    #[command(flatten)]
    pub language: LanguageArguments,
}

#[derive(Debug, Args)]
pub(super) struct RulesArguments {
    #[command(subcommand)]
    pub action: Option<RulesAction>,
    #[command(flatten)]
    pub rules: RuleArguments,
    #[command(flatten)]
    pub language: LanguageArguments,
}

#[derive(Debug, Subcommand)]
pub(super) enum RulesAction {
    /// List the rules (this is the default)
    List,
    /// Write the built-in rule files to a folder
    Dump {
        /// The folder; it is made when missing
        #[arg(value_name = "DIR")]
        folder: PathBuf,
        /// Overwrite files that differ
        #[arg(long)]
        force: bool,
    },
}

#[derive(Debug, Args)]
pub(super) struct TestArguments {
    /// Rule folders whose examples to run as well
    #[arg(value_name = "DIR")]
    pub folders: Vec<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For readers
    Text,
    /// A line for each finding
    Concise,
    /// One object
    Json,
    /// One line for each file
    Jsonl,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// Annotations of GitHub Actions
    Github,
    /// Code quality report of GitLab
    Gitlab,
    /// `JUnit` XML, for test reports
    Junit,
    /// Reviewdog Diagnostic Format
    Rdjson,
    /// Checkstyle XML
    Checkstyle,
}

/// A format of `extract`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum ExtractFormat {
    /// For readers
    Text,
    /// One object
    Json,
    /// One line for each file
    Jsonl,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum FailOn {
    Error,
    Warning,
    Note,
    Never,
}

impl FailOn {
    /// The least severity that fails the run.
    pub fn severity(self) -> Option<Severity> {
        match self {
            Self::Error => Some(Severity::Error),
            Self::Warning => Some(Severity::Warning),
            Self::Note => Some(Severity::Note),
            Self::Never => None,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Language {
    Auto,
    Zh,
    En,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Colour {
    Auto,
    Always,
    Never,
}

impl Colour {
    /// Whether to write colour to standard output (`NO_COLOR`, `CLICOLOR_FORCE` and the terminal decide for `auto`).
    pub fn on_stdout(self) -> bool {
        self.on(anstream::AutoStream::choice(&std::io::stdout()))
    }

    /// The same for standard error.
    pub fn on_stderr(self) -> bool {
        self.on(anstream::AutoStream::choice(&std::io::stderr()))
    }

    fn on(self, choice: anstream::ColorChoice) -> bool {
        match self {
            Self::Auto => !matches!(choice, anstream::ColorChoice::Never),
            Self::Always => true,
            Self::Never => false,
        }
    }
}

fn date(text: &str) -> Result<NaiveDate, String> {
    parse_date(text).ok_or_else(|| "not a day of the calendar as YYYY-MM-DD, such as 2026-03-01".to_string())
}

/// Reads `2026-03-01`.
pub(super) fn parse_date(text: &str) -> Option<NaiveDate> {
    let digits = text.bytes().enumerate().all(|(at, byte)| match at {
        4 | 7 => byte == b'-',
        _ => byte.is_ascii_digit(),
    });
    if text.len() == 10 && digits { text.parse().ok() } else { None }
}

fn output(text: &str) -> Result<(Format, PathBuf), String> {
    let (format, path) =
        text.split_once('=').ok_or("wanted FORMAT=PATH, such as json=findings.json".to_string())?;
    let format = Format::from_str(format, false)
        .map_err(|_| format!("no format {format:?}; there are {}", names::<Format>()))?;
    if path.is_empty() {
        return Err("the path after `=` is empty".to_string());
    }
    Ok((format, PathBuf::from(path)))
}

/// `text, concise, json …`.
fn names<T: ValueEnum>() -> String {
    let names = T::value_variants().iter().filter_map(ValueEnum::to_possible_value);
    names.map(|value| value.get_name().to_string()).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        use clap::CommandFactory;
        Arguments::command().debug_assert();
    }

    #[test]
    fn dates_are_days_of_the_calendar() {
        assert_eq!(parse_date("2026-03-01"), NaiveDate::from_ymd_opt(2026, 3, 1));
        for wrong in ["2026-02-30", "2026-3-1", "20260301", "+026-03-01", "2026-03-01T07:51", "", "今天"] {
            assert_eq!(parse_date(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn outputs_are_a_format_and_a_path() {
        assert_eq!(output("json=a=b.json"), Ok((Format::Json, PathBuf::from("a=b.json"))));
        for wrong in ["json", "json=", "yaml=a"] {
            assert!(output(wrong).is_err(), "{wrong}");
        }
    }
}
