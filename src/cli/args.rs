use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::config::{FailOn, Flags, Locale};
use crate::document::iso_date;
use crate::finding::Confidence;
use crate::rule::Persona;

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
    #[command(flatten)]
    pub global: GlobalArguments,
}

#[derive(Debug, Args)]
pub(super) struct GlobalArguments {
    /// When to use colour
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub color: Colour,
    /// A configuration file in the place of the nearest claimlint.toml, or one setting; may be given again
    #[arg(long, global = true, value_name = "FILE|KEY=VALUE")]
    pub config: Vec<String>,
    /// Read no configuration file
    #[arg(long, global = true)]
    pub isolated: bool,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Check reports and say which claims do not hold
    Check(CheckArguments),
    /// Show the numbers, assertions and relations read in reports
    Extract(ExtractArguments),
    /// Audit the argument of reports: what each claim rests on, what held, what did not, what stays open
    Audit(AuditArguments),
    /// Write the findings that are there to a file, so that only new ones count
    Baseline(BaselineArguments),
    /// Serve a page on this machine on which reviewers decide about the findings
    #[cfg(feature = "review")]
    Review(ReviewArguments),
    /// Explain a rule: what it finds, why, what to do, with examples
    Explain(ExplainArguments),
    /// List the rules, or write the built-in rule files to a folder
    Rules(RulesArguments),
    /// Run the examples of the built-in rules and of rule folders
    Test(TestArguments),
    /// Show the configuration, or what holds for one report
    Config(ConfigArguments),
    /// Write a claimlint.toml that explains every setting
    Init(InitArguments),
    /// Write the completions for a shell to standard output
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Write the manual page to standard output, or all manual pages to a folder
    Man {
        /// The folder; it is made when missing
        #[arg(long, value_name = "DIR")]
        out: Option<PathBuf>,
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
    /// Run these rules and no others: ids, groups such as numeric/, patterns, default, all
    #[arg(long, value_name = "RULES", value_delimiter = ',')]
    pub select: Vec<String>,
    /// Of the rules that run, leave these out
    #[arg(long, value_name = "RULES", value_delimiter = ',')]
    pub ignore: Vec<String>,
    /// Leave out findings of rules that are less sure of how they read the text
    #[arg(long, value_name = "CONFIDENCE")]
    pub min_confidence: Option<Confidence>,
    /// Who reads the findings: review and strict show more than gate [default: gate]
    #[arg(long, value_name = "PERSONA")]
    pub persona: Option<Persona>,
    /// Let the findings of a baseline stand
    #[arg(long, value_name = "FILE")]
    pub baseline: Option<PathBuf>,
    #[command(flatten)]
    pub decisions: DecisionArguments,
    #[command(flatten)]
    pub sources: SourceArguments,
    #[command(flatten)]
    pub suppressions: SuppressionArguments,
    /// Check again whenever a report, a rule file or the configuration changes, until Ctrl-C
    #[arg(long, conflicts_with = "jsonl")]
    pub watch: bool,
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
pub(super) struct SourceArguments {
    /// A text that the reports were made from: text, Markdown, SRT or WebVTT; may be given again
    #[arg(long = "source", value_name = "FILE")]
    pub sources: Vec<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct SuppressionArguments {
    /// Let no comment of a report suppress anything
    #[arg(long)]
    pub no_suppressions: bool,
    /// The day on which suppressions are judged [default: SOURCE_DATE_EPOCH, else the day it is in UTC]
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = date)]
    pub today: Option<NaiveDate>,
}

#[derive(Debug, Args)]
pub(super) struct DecisionArguments {
    /// The file of reviewers' decisions, for all reports [default: the nearest claimlint.decisions.toml of each]
    #[arg(long, value_name = "FILE")]
    pub decisions: Option<PathBuf>,
    /// Honour no decision
    #[arg(long, conflicts_with = "decisions")]
    pub no_decisions: bool,
}

#[derive(Debug, Args)]
pub(super) struct AuditArguments {
    /// Files, folders, patterns or -, as for check
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// How many questions are asked: those for gate, review or strict [default: review]
    #[arg(long, value_name = "PERSONA")]
    pub persona: Option<Persona>,
    /// The date of reports that do not say theirs
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = date)]
    pub date: Option<NaiveDate>,
    #[command(flatten)]
    pub suppressions: SuppressionArguments,
    #[command(flatten)]
    pub rules: RuleArguments,
    #[command(flatten)]
    pub language: LanguageArguments,
}

#[derive(Debug, Args)]
pub(super) struct BaselineArguments {
    /// Files, folders, patterns or -, as for check
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// The baseline file [default: the configuration's, else claimlint-baseline.toml]
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Take out of a baseline that is there what is no longer found
    #[arg(long)]
    pub update: bool,
    /// With --update, take findings that are new into the baseline
    #[arg(long, requires = "update")]
    pub accept_new: bool,
    #[command(flatten)]
    pub decisions: DecisionArguments,
    /// The date of reports that do not say theirs
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = date)]
    pub date: Option<NaiveDate>,
    #[command(flatten)]
    pub sources: SourceArguments,
    #[command(flatten)]
    pub suppressions: SuppressionArguments,
    #[command(flatten)]
    pub rules: RuleArguments,
    #[command(flatten)]
    pub language: LanguageArguments,
}

#[cfg(feature = "review")]
#[derive(Debug, Args)]
pub(super) struct ReviewArguments {
    /// Files, folders or patterns, as for check
    #[arg(value_name = "PATH", required = true)]
    pub paths: Vec<PathBuf>,
    /// Write the page with its decisions to a file that decides nothing, and end
    #[arg(long, value_name = "FILE.html", group = "task")]
    pub export: Option<PathBuf>,
    /// Write what was decided to standard output, and end
    #[arg(long, value_name = "FORMAT", group = "task")]
    pub summary: Option<SummaryFormat>,
    /// Take out the decisions whose finding is gone, and end
    #[arg(long, group = "task")]
    pub prune: bool,
    /// The port to serve the page on [default: any free one]
    #[arg(
        long,
        value_name = "NUMBER",
        default_value_t = 0,
        hide_default_value = true,
        conflicts_with = "task"
    )]
    pub port: u16,
    /// Who decides [default: the name of the user]
    #[arg(long, value_name = "NAME", conflicts_with = "task")]
    pub reviewer: Option<String>,
    /// The file of decisions, for all reports [default: the nearest claimlint.decisions.toml of each, else a new one beside it]
    #[arg(long, value_name = "FILE")]
    pub decisions: Option<PathBuf>,
    /// Let the findings of a baseline stand
    #[arg(long, value_name = "FILE")]
    pub baseline: Option<PathBuf>,
    /// The date of reports that do not say theirs
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = date)]
    pub date: Option<NaiveDate>,
    #[command(flatten)]
    pub sources: SourceArguments,
    #[command(flatten)]
    pub suppressions: SuppressionArguments,
    #[command(flatten)]
    pub rules: RuleArguments,
    #[command(flatten)]
    pub language: LanguageArguments,
}

/// A format of what was decided.
#[cfg(feature = "review")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum SummaryFormat {
    /// A comment for a pull request
    Markdown,
}

#[derive(Debug, Args)]
pub(super) struct RuleArguments {
    /// Use the rules of a folder too; a file with the path of a built-in one replaces it
    #[arg(long = "rules", value_name = "DIR", global = true)]
    pub folders: Vec<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct LanguageArguments {
    /// The language of messages: auto takes the report's [default: auto]
    #[arg(long, value_name = "LANG", global = true)]
    pub lang: Option<Locale>,
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
    /// Write a rule to begin with: a file that explains itself and passes `claimlint test`
    New {
        /// The rule's id
        #[arg(value_name = "TEAM/NAME")]
        id: String,
        /// The rule folder to write to [default: the first of the configuration's, else rules]
        #[arg(long, value_name = "DIR")]
        dir: Option<PathBuf>,
        /// What the rule looks at
        #[arg(long, value_name = "KIND", default_value = "relation")]
        kind: RuleTemplate,
    },
}

#[derive(Debug, Args)]
pub(super) struct TestArguments {
    /// Rule folders whose examples to run as well
    #[arg(value_name = "DIR")]
    pub folders: Vec<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct ConfigArguments {
    #[command(subcommand)]
    pub action: Option<ConfigAction>,
}

#[derive(Debug, Subcommand)]
pub(super) enum ConfigAction {
    /// Show every setting and where it was set (this is the default)
    Show {
        /// A report: show what holds for it
        path: Option<PathBuf>,
    },
    /// Write the JSON Schema of claimlint.toml, for editors
    Schema,
}

#[derive(Debug, Args)]
pub(super) struct InitArguments {
    /// Overwrite a claimlint.toml that is there
    #[arg(long)]
    pub force: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum RuleTemplate {
    /// Figures that must fit together, with phrases that bind them
    Relation,
    /// Words that a report must explain
    Wording,
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
    /// JUnit XML, for test reports
    Junit,
    /// Reviewdog Diagnostic Format
    Rdjson,
    /// Checkstyle XML
    Checkstyle,
    /// A comment for a pull request
    Markdown,
    /// A page that shows the reports with their findings in place
    Html,
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
pub(super) enum Colour {
    Auto,
    Always,
    Never,
}

impl CheckArguments {
    /// What the flags set.
    pub fn flags(&self) -> Flags {
        Flags {
            select: self.select.clone(),
            ignore: self.ignore.clone(),
            min_confidence: self.min_confidence,
            persona: self.persona,
            lang: self.language.lang,
            date: self.input.date,
            fail_on: self.fail_on,
            baseline: self.baseline.clone(),
            suppressions: self.suppressions.setting(),
            rules: self.rules.folders.clone(),
            sources: self.sources.sources.clone(),
        }
    }
}

impl AuditArguments {
    /// What the flags set.
    pub fn flags(&self) -> Flags {
        Flags {
            date: self.date,
            persona: Some(self.persona.unwrap_or(Persona::Review)),
            suppressions: self.suppressions.setting(),
            ..self.rules.flags(&self.language)
        }
    }
}

impl BaselineArguments {
    /// What the flags set.
    pub fn flags(&self) -> Flags {
        Flags {
            date: self.date,
            baseline: self.output.clone(),
            suppressions: self.suppressions.setting(),
            sources: self.sources.sources.clone(),
            ..self.rules.flags(&self.language)
        }
    }
}

#[cfg(feature = "review")]
impl ReviewArguments {
    /// What the flags set.
    pub fn flags(&self) -> Flags {
        Flags {
            date: self.date,
            baseline: self.baseline.clone(),
            suppressions: self.suppressions.setting(),
            sources: self.sources.sources.clone(),
            ..self.rules.flags(&self.language)
        }
    }
}

impl SuppressionArguments {
    fn setting(&self) -> Option<bool> {
        self.no_suppressions.then_some(false)
    }
}

impl RuleArguments {
    /// What the flags set, with that of the language.
    pub fn flags(&self, language: &LanguageArguments) -> Flags {
        Flags { rules: self.folders.clone(), lang: language.lang, ..Flags::default() }
    }
}

impl ExtractArguments {
    /// What the flags set.
    pub fn flags(&self) -> Flags {
        Flags { date: self.input.date, rules: self.rules.folders.clone(), ..Flags::default() }
    }
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
    iso_date(text).ok_or_else(|| "not a day of the calendar as YYYY-MM-DD, such as 2026-03-01".to_string())
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
    fn outputs_are_a_format_and_a_path() {
        assert_eq!(output("json=a=b.json"), Ok((Format::Json, PathBuf::from("a=b.json"))));
        for wrong in ["json", "json=", "yaml=a"] {
            assert!(output(wrong).is_err(), "{wrong}");
        }
    }
}
