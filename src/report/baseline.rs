use std::io::{self, Write};

use super::visible::inert_toml;
use crate::finding::{BASELINE_VERSION, Baseline};

/// Writes a baseline file: an entry to a line, in a fixed order, so that two branches merge.
///
/// # Errors
/// When the output cannot be written.
pub fn write_baseline(out: &mut impl Write, baseline: &Baseline) -> io::Result<()> {
    writeln!(out, "# Findings that are known and may stand, by rule and content; their lines may change.")?;
    writeln!(
        out,
        "# Written by `claimlint baseline`; `claimlint baseline --update` takes out what is mended."
    )?;
    writeln!(out, "version = {BASELINE_VERSION}")?;
    writeln!(out, "findings = [")?;
    for (key, known) in baseline.entries() {
        writeln!(
            out,
            "  {{ path = {}, rule = {}, fingerprint = {}, count = {}, message = {} }},",
            inert_toml(&key.path),
            inert_toml(&key.rule),
            inert_toml(&key.fingerprint),
            known.count,
            inert_toml(&known.message),
        )?;
    }
    writeln!(out, "]")?;
    out.flush()
}
