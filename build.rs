//! Embeds every file of `rules/`, so that the built-in rules go through the loader a user's go through.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=rules");
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").ok_or(io::ErrorKind::NotFound)?).join("rules");
    let mut paths = Vec::new();
    collect(&root, &mut paths)?;
    let mut files = Vec::new();
    for file in paths {
        let below = file.strip_prefix(&root).map_err(io::Error::other)?;
        files.push((below.to_string_lossy().replace('\\', "/"), file));
    }
    // By name, not by path: a file `measures.toml` stands before one in `measures/`.
    files.sort();
    let mut list = String::from("&[\n");
    for (name, file) in &files {
        let _ = writeln!(list, "    ({name:?}, include_str!({:?})),", file.display().to_string());
    }
    list.push(']');
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or(io::ErrorKind::NotFound)?);
    fs::write(out.join("builtin_rules.rs"), list)
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else if path.extension().is_some_and(|extension| extension == "toml") {
            files.push(path);
        }
    }
    Ok(())
}
