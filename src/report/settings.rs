use std::io::{self, Write};

use unicode_width::UnicodeWidthStr;

use super::visible::visible;
use crate::config::SettingRow;

/// The widest setting that others are lined up with.
const COLUMNS: usize = 72;

/// Writes settings as TOML, with the place where each was set as a comment.
///
/// # Errors
/// When the output cannot be written.
pub fn write_settings(out: &mut impl Write, head: &str, rows: &[SettingRow]) -> io::Result<()> {
    writeln!(out, "# {}", visible(head))?;
    let texts: Vec<_> = rows.iter().map(|row| visible(&row.text)).collect();
    let widths = texts.iter().zip(rows).filter(|(_, row)| row.origin.is_some()).map(|(text, _)| text.width());
    let widest = widths.filter(|width| *width <= COLUMNS).max().unwrap_or_default();
    for (text, row) in texts.iter().zip(rows) {
        match &row.origin {
            Some(origin) => {
                let space = " ".repeat(widest.saturating_sub(text.width()));
                writeln!(out, "{text}{space}  # {}", visible(origin))?;
            }
            None => writeln!(out, "{text}")?,
        }
    }
    Ok(())
}
