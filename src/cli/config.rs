use std::fs::OpenOptions;
use std::io::{self, Write};
use std::path::Path;

use crate::config::{Flags, TEMPLATE, schema};
use crate::report::write_settings;
use crate::source::SETTINGS_FILE;

use super::args::{ConfigAction, ConfigArguments, GlobalArguments, InitArguments};
use super::engine::Loaded;
use super::rules::to_stdout;
use super::status::{Failure, Status};

/// Shows the configuration, or writes its schema.
pub(super) fn run(arguments: &ConfigArguments, global: &GlobalArguments) -> Result<Status, Failure> {
    match &arguments.action {
        None => show(None, global),
        Some(ConfigAction::Show { path }) => show(path.as_deref(), global),
        Some(ConfigAction::Schema) => to_stdout(|out| {
            serde_json::to_writer_pretty(&mut *out, &schema())?;
            writeln!(out)
        }),
    }
}

fn show(path: Option<&Path>, global: &GlobalArguments) -> Result<Status, Failure> {
    let loaded = Loaded::new(global, Flags::default())?;
    let config = &loaded.config;
    let from = match config.path() {
        Some(file) => format!("the configuration of {file}"),
        None => format!("no {SETTINGS_FILE}"),
    };
    let Some(path) = path else {
        return to_stdout(|out| write_settings(out, &from, &config.rows()));
    };
    let settings = config.at(Some(path));
    let rules = loaded.engine.rules();
    let choice = loaded.plan.choice(rules, &settings);
    let on = (0..rules.len()).filter(|rule| choice.of(*rule).is_told()).count();
    let head = format!("{}: {from}; {on} of {} rules run", path.display(), rules.len());
    to_stdout(|out| write_settings(out, &head, &config.rows_at(&settings, rules, &choice)))
}

/// Writes a configuration file to begin with.
pub(super) fn init(arguments: &InitArguments) -> Result<Status, Failure> {
    let mut options = OpenOptions::new();
    options.write(true);
    if arguments.force {
        options.create(true).truncate(true);
    } else {
        options.create_new(true);
    }
    let written = options.open(SETTINGS_FILE).and_then(|mut file| file.write_all(TEMPLATE.as_bytes()));
    match written {
        Ok(()) => to_stdout(|out| {
            writeln!(out, "{SETTINGS_FILE} written; `claimlint config show` shows what holds")
        }),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(Failure::Usage(format!(
            "{SETTINGS_FILE}: is there already; edit it, or give --force to overwrite it"
        ))),
        Err(error) => Err(Failure::Output { name: SETTINGS_FILE.to_string(), error }),
    }
}
