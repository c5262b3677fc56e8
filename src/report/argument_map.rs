//! The map of an argument as a Mermaid flowchart.

use std::io::{self, Write};

use super::argument_audit::{Page, Standing};
use super::visible::visible;
use crate::argument::{LinkKind, Part, PartKind};

/// Parts that a map shows; with more nobody could read it.
const MOST_PARTS: usize = 60;

/// Writes the map under its heading; nothing for a report without parts.
pub(super) fn write_map(out: &mut impl Write, page: &Page<'_>) -> io::Result<()> {
    let argument = page.report.argument;
    let drawn: Vec<(usize, &Part)> =
        argument.parts.iter().enumerate().filter(|(_, part)| part.kind != PartKind::Node).collect();
    if drawn.is_empty() {
        return Ok(());
    }
    let shown = &drawn[..drawn.len().min(MOST_PARTS)];
    writeln!(out, "\n## {}\n", page.words.map)?;
    if shown.len() < drawn.len() {
        writeln!(out, "{}\n", (page.words.map_cut)(shown.len(), drawn.len()))?;
    }
    writeln!(out, "```mermaid\nflowchart BT")?;
    for (index, part) in shown {
        let class = match page.standing(*index) {
            Standing::Contradicted => "contradicted",
            Standing::Unsupported => "unsupported",
            Standing::Checked => "checked",
            Standing::Unchecked => "unchecked",
        };
        let name = argument.name(part, page.report.document);
        let (open, close) = match part.kind {
            PartKind::Conclusion => ("([", "])"),
            PartKind::Objection => ("{{", "}}"),
            _ => ("[", "]"),
        };
        let label = escaped(&format!("{}{}{name}", page.label(part), page.words.colon));
        writeln!(out, "    n{index}{open}\"{label}\"{close}:::{class}")?;
    }
    for link in &argument.links {
        let in_map = |part: usize| shown.iter().any(|(index, _)| *index == part);
        if !in_map(link.from) || !in_map(link.to) {
            continue;
        }
        let arrow = match link.kind {
            LinkKind::Supports => "-->",
            LinkKind::Repeats => "---",
            LinkKind::Challenges => "-.->",
            LinkKind::Illustrates => continue,
        };
        writeln!(out, "    n{} {arrow} n{}", link.from, link.to)?;
    }
    writeln!(out, "    classDef checked fill:#d8f3dc,stroke:#2d6a4f,color:#081c15")?;
    writeln!(out, "    classDef contradicted fill:#ffd6d6,stroke:#a4161a,color:#3a0a0b,stroke-width:2px")?;
    writeln!(out, "    classDef unsupported fill:#fff3bf,stroke:#b08900,color:#332700,stroke-dasharray:5 3")?;
    writeln!(out, "    classDef unchecked fill:#f1f3f5,stroke:#868e96,color:#212529")?;
    writeln!(out, "```\n\n{}", page.words.legend)
}

/// Text that stays text inside a quoted label: every ASCII mark but a few as an entity of Mermaid.
fn escaped(text: &str) -> String {
    let mut label = String::with_capacity(text.len());
    for c in visible(text).chars() {
        if c.is_ascii_alphanumeric() || !c.is_ascii() || " .,-+/%$".contains(c) {
            label.push(c);
        } else {
            label.push_str(&format!("#{};", u32::from(c)));
        }
    }
    label
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn nothing_in_a_label_acts() {
        assert_eq!(escaped("估值 $8400 亿"), "估值 $8400 亿");
        assert_eq!(escaped("a\"]; click x"), "a#34;#93;#59; click x");
        assert_eq!(escaped("```\n<b>`%%{"), "#96;#96;#96;␊#60;b#62;#96;%%#123;");
    }
}
