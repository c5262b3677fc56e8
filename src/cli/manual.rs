use std::fs;
use std::io::{self, Write};
use std::path::Path;

use clap::{Command, CommandFactory};
use clap_mangen::Man;

use super::args::Arguments;
use super::status::{Failure, Status};

/// Writes the manual page of claimlint to standard output.
pub(super) fn print() -> Result<Status, Failure> {
    let mut text = Vec::new();
    page(whole()).render(&mut text).map_err(Failure::stdout)?;
    io::stdout().write_all(&text).map_err(Failure::stdout)?;
    Ok(Status::default())
}

/// Writes the manual pages of claimlint and of each command to a folder, which is made when missing.
pub(super) fn write_to(folder: &Path) -> Result<Status, Failure> {
    fs::create_dir_all(folder)
        .and_then(|()| write_pages(whole(), folder))
        .map_err(|error| Failure::Output { name: folder.display().to_string(), error })?;
    Ok(Status::default())
}

/// The command line with the full names of its commands, without `help`, which has no page.
fn whole() -> Command {
    let mut command = Arguments::command().disable_help_subcommand(true);
    command.build();
    command
}

fn write_pages(command: Command, folder: &Path) -> io::Result<()> {
    for below in command.get_subcommands().filter(|below| !below.is_hide_set()) {
        write_pages(below.clone(), folder)?;
    }
    page(command).generate_to(folder).map(drop)
}

fn page(command: Command) -> Man {
    Man::new(command).source(concat!("claimlint ", env!("CARGO_PKG_VERSION"))).manual("claimlint manual")
}
