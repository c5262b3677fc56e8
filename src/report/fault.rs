use std::collections::HashMap;
use std::io::{self, Write};

use crate::finding::Severity;
use crate::source::{DataFile, Fault};

use super::card::{Card, Page};
use super::places::Places;
use super::renderer;
use super::text::counted;
use super::visible::visible;

/// Writes every fault with its place in its file, then how many there are. `kind` is what such a file is called, and
/// `name` gives the name that is shown for a file's path.
///
/// # Errors
/// When the output cannot be written.
pub fn write_faults(
    out: &mut impl Write,
    faults: &[Fault],
    files: &[DataFile],
    kind: &str,
    name: impl Fn(&str) -> String,
    colour: bool,
) -> io::Result<()> {
    let renderer = renderer(colour);
    let texts: HashMap<&str, &str> =
        files.iter().map(|file| (file.path.as_str(), file.text.as_str())).collect();
    for fault in faults {
        let path = name(&fault.path);
        let text = texts.get(fault.path.as_str()).copied().unwrap_or_default();
        // A fault may name a place that this text has not got, when the file changed under our hands.
        let inside = text.get(fault.span.start..fault.span.end).is_some();
        let whole = !inside || (fault.span.is_empty() && fault.span.start == 0);
        let card = Card {
            severity: Severity::Error,
            id: None,
            // TOML's own messages go over two lines.
            title: fault.message.replace('\n', ", "),
            span: (!whole).then_some(fault.span),
            related: &[],
            cited: Vec::new(),
            footers: fault.help.iter().map(|help| ("help", help.clone())).collect(),
        };
        let page = Page { path: &path, places: &Places::new(text) };
        writeln!(out, "{}", card.render(&page, &renderer))?;
    }
    let mut broken: Vec<&str> = faults.iter().map(|fault| fault.path.as_str()).collect();
    broken.sort_unstable();
    broken.dedup();
    let count = format!("{} in {}", counted(faults.len(), "fault"), counted(broken.len(), kind));
    writeln!(out, "{}", visible(&count))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Span;

    #[test]
    fn every_fault_has_its_caret_under_han_and_help() {
        let text = "id = \"numeric/占比\"\nseverity = \"致命\" # 没有这一级\n";
        let file = DataFile { path: "numeric/占比.toml".into(), text: text.into() };
        let start = text.find("\"致命").unwrap();
        let mut severity =
            file.fault(Span::new(start, start + 8), "unknown severity `致命`\nexpected `error`");
        severity.help = Some("write `error`, `warning` or `note`".into());
        let whole = file.fault(Span::new(0, 0), "no [message]");
        let elsewhere = Fault { path: "gone.toml".into(), ..file.fault(Span::new(900, 901), "broken") };
        let mut out = Vec::new();
        let name = |path: &str| format!("mine/{path}");
        write_faults(&mut out, &[severity, whole, elsewhere], &[file], "rule file", name, false).unwrap();
        insta::assert_snapshot!(String::from_utf8(out).unwrap());
    }
}
