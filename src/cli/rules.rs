use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use crate::config::Flags;
use crate::report::{RuleText, write_examples, write_rule, write_rule_list};

use super::args::{ExplainArguments, GlobalArguments, RulesAction, RulesArguments, TestArguments};
use super::engine::{Loaded, builtin, rule_text, wants_chinese};
use super::skeleton::new_rule;
use super::status::{Failure, Status};

/// Writes one rule's documentation.
pub(super) fn explain(arguments: &ExplainArguments, global: &GlobalArguments) -> Result<Status, Failure> {
    let loaded = Loaded::new(global, arguments.rules.flags(&arguments.language))?;
    let rules = loaded.engine.rules();
    let Some(rule) = rules.iter().find(|rule| rule.id == arguments.rule) else {
        let wanted = &arguments.rule;
        return Err(Failure::Usage(match loaded.engine.closest_rule(wanted) {
            Some(id) => {
                format!("no rule {wanted:?}; did you mean {id:?}? `claimlint rules list` shows them all")
            }
            None => format!("no rule {wanted:?}; `claimlint rules list` shows them all"),
        }));
    };
    to_stdout(|out| write_rule(out, &rule_text(rule, wants_chinese(loaded.settings().lang.value))))
}

/// Lists the rules or writes the built-in files.
pub(super) fn run(arguments: &RulesArguments, global: &GlobalArguments) -> Result<Status, Failure> {
    match &arguments.action {
        None | Some(RulesAction::List) => {
            let loaded = Loaded::new(global, arguments.rules.flags(&arguments.language))?;
            let chinese = wants_chinese(loaded.settings().lang.value);
            let mut rules: Vec<RuleText> =
                loaded.engine.rules().iter().map(|rule| rule_text(rule, chinese)).collect();
            rules.sort_by(|a, b| a.id.cmp(&b.id));
            to_stdout(|out| write_rule_list(out, &rules))
        }
        Some(RulesAction::Dump { folder, force }) => dump(folder, *force),
        Some(RulesAction::New { id, dir, kind }) => new_rule(id, dir.as_deref(), *kind, global),
    }
}

/// Runs the examples of the rules.
pub(super) fn test(arguments: &TestArguments, global: &GlobalArguments) -> Result<Status, Failure> {
    let loaded = Loaded::new(global, Flags { rules: arguments.folders.clone(), ..Flags::default() })?;
    let (wrong, run) = loaded.examples();
    let rules = loaded.engine.rules().len();
    let status = to_stdout(|out| write_examples(out, &wrong, run, rules, global.color.on_stdout()))?;
    Ok(Status { findings: !wrong.is_empty(), ..status })
}

/// Writes the built-in rule files below a folder; a file that differs is only overwritten when `force` is set.
fn dump(folder: &Path, force: bool) -> Result<Status, Failure> {
    let files = builtin();
    if !force {
        let differs = |path: &str, text: &str| match fs::read(folder.join(path)) {
            Ok(bytes) => bytes != text.as_bytes(),
            Err(error) => error.kind() != io::ErrorKind::NotFound,
        };
        let in_the_way: Vec<&str> = files
            .iter()
            .filter(|file| differs(&file.path, &file.text))
            .map(|file| file.path.as_str())
            .collect();
        if let Some(first) = in_the_way.first() {
            return Err(Failure::Usage(format!(
                "{}: is there already and differs ({} of {} files do); give another folder, or --force to overwrite",
                folder.join(first).display(),
                in_the_way.len(),
                files.len()
            )));
        }
    }
    for file in &files {
        let path = folder.join(&file.path);
        let written =
            path.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| fs::write(&path, &file.text));
        written.map_err(|error| Failure::Output { name: path.display().to_string(), error })?;
    }
    to_stdout(|out| {
        writeln!(
            out,
            "{} rule files written to {}",
            files.len(),
            crate::report::visible(&folder.display().to_string())
        )
    })
}

/// Writes to standard output.
pub(super) fn to_stdout(
    write: impl FnOnce(&mut BufWriter<io::Stdout>) -> io::Result<()>,
) -> Result<Status, Failure> {
    let mut out = BufWriter::new(io::stdout());
    write(&mut out).and_then(|()| out.flush()).map_err(Failure::stdout)?;
    Ok(Status::default())
}
