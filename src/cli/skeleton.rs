use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

use crate::config::Flags;
use crate::report::visible;
use crate::rule::{RuleSet, builtin_files, is_rule_id};

use super::args::{GlobalArguments, RuleTemplate};
use super::engine::Loaded;
use super::rules::to_stdout;
use super::status::{Failure, Status};

const RELATION: &str = include_str!("templates/relation.toml");
const RELATION_RULE: &str = include_str!("templates/relation-rule.toml");
const WORDING_RULE: &str = include_str!("templates/wording-rule.toml");

/// Writes the files of a new rule; none that is there is touched.
pub(super) fn new_rule(
    id: &str,
    folder: Option<&Path>,
    kind: RuleTemplate,
    global: &GlobalArguments,
) -> Result<Status, Failure> {
    let loaded = Loaded::new(global, Flags::default())?;
    let configured = loaded.config.rule_folders();
    let folder =
        folder.map_or_else(|| configured.first().cloned().unwrap_or("rules".into()), Path::to_path_buf);
    let relation = id.replace('/', "-");
    may_be_written(id, kind, &relation, &loaded)?;
    let fill = |template: &str| template.replace("@ID@", id).replace("@RELATION@", &relation);
    let files = match kind {
        RuleTemplate::Relation => {
            let shape = (format!("relations/{relation}.toml"), fill(RELATION));
            vec![(format!("{id}.toml"), fill(RELATION_RULE)), shape]
        }
        RuleTemplate::Wording => vec![(format!("{id}.toml"), fill(WORDING_RULE))],
    };
    let paths: Vec<PathBuf> = files.iter().map(|(path, _)| folder.join(path)).collect();
    if let Some(there) = paths.iter().find(|path| path.symlink_metadata().is_ok()) {
        let there = there.display();
        return Err(Failure::Usage(format!("{there}: is there already; edit it, or choose another name")));
    }
    for (path, (_, text)) in paths.iter().zip(&files) {
        write(path, text).map_err(|error| Failure::Output { name: path.display().to_string(), error })?;
    }
    let shown = folder.display().to_string();
    to_stdout(|out| {
        for path in &paths {
            writeln!(out, "{} written", visible(&path.display().to_string()))?;
        }
        writeln!(out, "`claimlint test {}` runs its examples", visible(&shown))?;
        if !configured.contains(&folder) {
            let setting = toml::Value::from(vec![shown.clone()]);
            writeln!(out, "rules = {} in claimlint.toml puts it to work", visible(&setting.to_string()))?;
        }
        Ok(())
    })
}

/// Whether the names are sound and free.
fn may_be_written(id: &str, kind: RuleTemplate, relation: &str, loaded: &Loaded) -> Result<(), Failure> {
    let usage = |message: String| Err(Failure::Usage(message));
    if !is_rule_id(id) {
        return usage(format!(
            "{id:?} is no rule id: write team/name in lower case with hyphens, such as sales/unit-price"
        ));
    }
    if !RuleSet::is_rule_file(&format!("{id}.toml")) {
        let team = id.split('/').next().unwrap_or_default();
        return usage(format!(
            "{team:?} is the folder of something else in a rule folder: choose another team"
        ));
    }
    if loaded.engine.rule(id).is_some() {
        return usage(format!("there is a rule {id:?} already: choose another name"));
    }
    let path = format!("relations/{relation}.toml");
    let taken = loaded.engine.phrasebook().find(relation).is_some()
        || builtin_files().iter().any(|file| file.path == path);
    if kind == RuleTemplate::Relation && taken {
        return usage(format!("there is a relation {relation:?} already: choose another name"));
    }
    Ok(())
}

/// Writes a file that is not there yet.
fn write(path: &Path, text: &str) -> std::io::Result<()> {
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent)?;
    }
    OpenOptions::new().write(true).create_new(true).open(path)?.write_all(text.as_bytes())
}
