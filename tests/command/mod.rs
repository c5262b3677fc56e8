//! The command in a folder of its own, for the tests that run it.

// Each file of tests uses a part of it.
#![allow(dead_code)]

use std::fs;
use std::process::{Command, Output, Stdio};

use insta_cmd::get_cargo_bin;
use tempfile::TempDir;

pub const WRONG: &str = "本轮融资 1100 亿元，占去年风投总额 1706 亿元的 90%。\n";
pub const RIGHT: &str = "本轮融资 853 亿元，占去年风投总额 1706 亿元的 50%。\n";

/// A folder with these files, to run in.
pub fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

/// The command in a folder, away from the colour settings of whoever runs the tests.
pub fn claimlint(folder: &TempDir, arguments: &[&str]) -> Command {
    let mut command = Command::new(get_cargo_bin("claimlint"));
    command.current_dir(folder.path()).args(arguments);
    for variable in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "CI", "LC_ALL", "LC_MESSAGES", "LANG"] {
        command.env_remove(variable);
    }
    command
}

pub fn run(folder: &TempDir, arguments: &[&str]) -> Output {
    claimlint(folder, arguments).stdin(Stdio::null()).output().unwrap()
}

pub fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

pub fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}
