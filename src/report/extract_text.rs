use std::collections::HashMap;
use std::io::{self, Write};

use super::ExtractOutput;
use super::extract::{AssertionRow, ExtractReport, PlaceRow, QuantityRow, RelationRow};
use super::places::Places;
use super::text::{counted, shown_path};
use super::visible::visible;
use super::window::{clipped, width};

/// Widest column of the table.
const COLUMNS: usize = 40;

/// What the columns of the table hold.
const HEAD: [&str; 7] =
    ["place", "as written", "kind", "value", "unit", "hedge", "who, what, when, how sure"];

/// What was read, as a table for a reader, section by section.
pub struct ExtractText<W> {
    out: W,
    begun: bool,
}

impl<W: Write> ExtractText<W> {
    /// Writes to `out`.
    pub fn new(out: W) -> Self {
        Self { out, begun: false }
    }

    fn relations(
        &mut self,
        report: &ExtractReport<'_>,
        lines: &Places<'_>,
        rows: &[RelationRow],
    ) -> io::Result<()> {
        writeln!(self.out, "\n{}", counted(rows.len(), "relation"))?;
        for row in rows {
            let place = place(lines, row.place);
            let phrase = shortened(&row.phrase);
            let (relation, phrase) = (visible(&row.relation), visible(&phrase));
            writeln!(self.out, "  {place}  {relation}  ({phrase})  {}", literal(report.text, row.place))?;
            for role in &row.roles {
                writeln!(self.out, "      {} = {}", visible(&role.role), literal(report.text, role.place))?;
            }
            for outcome in &row.outcome {
                writeln!(self.out, "      -> {}", visible(outcome))?;
            }
        }
        Ok(())
    }
}

impl<W: Write> ExtractOutput for ExtractText<W> {
    fn file(&mut self, report: &ExtractReport<'_>) -> io::Result<()> {
        if self.begun {
            writeln!(self.out)?;
        }
        self.begun = true;
        let lines = Places::new(report.text);
        let counts = format!(
            "{}, {}",
            counted(report.quantities.len(), "quantity").replace("quantitys", "quantities"),
            counted(report.assertions.len(), "assertion")
        );
        writeln!(self.out, "{}: {counts}", visible(shown_path(report.path)))?;
        if let Some(kinds) = by_kind(&report.quantities) {
            writeln!(self.out, "{kinds}")?;
        }
        let assertions: HashMap<PlaceRow, &AssertionRow> =
            report.assertions.iter().map(|row| (row.place, row)).collect();
        let rows: Vec<Vec<String>> = report
            .quantities
            .iter()
            .map(|row| cells(report.text, &lines, row, assertions.get(&row.place).copied()))
            .collect();
        if !rows.is_empty() {
            let head = HEAD.map(str::to_string).to_vec();
            // One width for the whole report, so that its sections read as one table.
            let widths = widths(rows.iter().chain([&head]));
            writeln!(self.out)?;
            row_of(&mut self.out, &head, &widths)?;
            let mut section = None;
            for (quantity, cells) in report.quantities.iter().zip(&rows) {
                let here = report.sections.partition_point(|(start, _)| *start <= quantity.place.start);
                if section != Some(here) {
                    section = Some(here);
                    let heading = here.checked_sub(1).and_then(|here| report.sections.get(here));
                    match heading.filter(|(_, heading)| !heading.is_empty()) {
                        Some((_, heading)) => {
                            writeln!(self.out, "\n{}", clipped(&visible(heading), 2 * COLUMNS))?
                        }
                        None => writeln!(self.out)?,
                    }
                }
                row_of(&mut self.out, cells, &widths)?;
            }
        }
        match &report.relations {
            Some(rows) => self.relations(report, &lines, rows),
            None => Ok(()),
        }
    }

    fn finish(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// How many quantities there are of each kind, the commonest first; `None` when all are of one kind.
fn by_kind(rows: &[QuantityRow]) -> Option<String> {
    let mut counts: Vec<(&str, usize)> = Vec::new();
    for row in rows {
        match counts.iter_mut().find(|(kind, _)| *kind == row.kind) {
            Some((_, count)) => *count += 1,
            None => counts.push((&row.kind, 1)),
        }
    }
    counts.sort_by_key(|(kind, count)| (std::cmp::Reverse(*count), *kind));
    let counts: Vec<String> =
        counts.into_iter().map(|(kind, count)| format!("{count} {}", visible(kind))).collect();
    (counts.len() > 1).then(|| format!("  {}", counts.join(", ")))
}

/// A decimal for the eye: the integer digits in groups of three, at most six decimals.
fn grouped(value: &str) -> String {
    const DECIMALS: usize = 6;
    let (sign, digits) = value.strip_prefix('-').map_or(("", value), |digits| ("-", digits));
    let (integer, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let plain = [integer, fraction].iter().all(|part| part.bytes().all(|byte| byte.is_ascii_digit()));
    if !plain {
        return value.to_string();
    }
    let mut out = String::from(sign);
    for (place, digit) in integer.chars().enumerate() {
        if place > 0 && (integer.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    if fraction.len() > DECIMALS {
        out.push('.');
        out.push_str(&fraction[..DECIMALS]);
        out.push('…');
    } else {
        out.push_str(&digits[integer.len()..]);
    }
    out
}

fn cells(text: &str, lines: &Places<'_>, row: &QuantityRow, assertion: Option<&AssertionRow>) -> Vec<String> {
    let is_date = row.kind == "date";
    let written = |value: &str| if is_date { value.to_string() } else { grouped(value) };
    let value = match (&row.value, &row.low, &row.high) {
        (Some(value), _, _) => written(value),
        (None, None, None) => String::new(),
        (None, low, high) => {
            let end = |end: &Option<String>| end.as_deref().map(written).unwrap_or_default();
            format!("{} … {}", end(low), end(high))
        }
    };
    let shown = [&row.kind, &value, row.unit.as_deref().unwrap_or(""), row.hedge.as_deref().unwrap_or("")]
        .map(|cell: &str| clipped(&visible(cell), COLUMNS));
    let said = assertion.map(said).unwrap_or_default();
    [place(lines, row.place), literal(text, row.place)].into_iter().chain(shown).chain([said]).collect()
}

/// Who, what, when, how sure and who says so, as far as it is known.
fn said(row: &AssertionRow) -> String {
    let parts = [&row.entity, &row.measure, &row.period, &row.modality, &row.attribution];
    let parts: Vec<&str> = parts.into_iter().flatten().map(String::as_str).collect();
    clipped(&visible(&parts.join(" · ")), COLUMNS)
}

/// How wide each column must be.
fn widths<'r>(rows: impl Iterator<Item = &'r Vec<String>>) -> Vec<usize> {
    let mut widths: Vec<usize> = Vec::new();
    for row in rows {
        widths.resize(widths.len().max(row.len()), 0);
        for (column, cell) in row.iter().enumerate() {
            widths[column] = widths[column].max(width(cell));
        }
    }
    widths
}

/// Writes a row of cells, its columns two spaces apart.
fn row_of(out: &mut impl Write, row: &[String], widths: &[usize]) -> io::Result<()> {
    let mut line = String::new();
    for (cell, wanted) in row.iter().zip(widths) {
        line.push_str("  ");
        line.push_str(cell);
        line.extend(std::iter::repeat_n(' ', wanted.saturating_sub(width(cell))));
    }
    writeln!(out, "{}", line.trim_end())
}

/// Writes rows of cells as columns two spaces apart.
pub(super) fn table(out: &mut impl Write, rows: Vec<Vec<String>>) -> io::Result<()> {
    let widths = widths(rows.iter());
    rows.iter().try_for_each(|row| row_of(out, row, &widths))
}

fn place(lines: &Places<'_>, place: PlaceRow) -> String {
    let (line, column) = lines.line_column(place.start);
    format!("{line}:{column}")
}

fn literal(text: &str, place: PlaceRow) -> String {
    clipped(&visible(text.get(place.start..place.end).unwrap_or_default()), COLUMNS)
}

/// A phrase with its long word lists cut: enough to know it by.
fn shortened(phrase: &str) -> String {
    const WORDS: usize = 3;
    let mut out = String::with_capacity(phrase.len());
    let mut words = None;
    for c in phrase.chars() {
        match (c, words) {
            ('[', _) => words = Some(1),
            (']', _) => words = None,
            ('|', Some(count)) => {
                words = Some(count + 1);
                if count == WORDS {
                    out.push_str("|…");
                }
            }
            _ => {}
        }
        if words.is_none_or(|count| count <= WORDS) {
            out.push(c);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::extract::RoleRow;
    use super::*;

    const TEXT: &str =
        "# 融资\n\n本轮融资约 $1100 亿，占 1706 亿的 65%。\n\n## Outlook\n\nRevenue of $5-8 million.\n";

    fn at(words: &str) -> PlaceRow {
        let start = TEXT.find(words).unwrap();
        PlaceRow { start, end: start + words.len() }
    }

    fn report(relations: Option<Vec<RelationRow>>) -> ExtractReport<'static> {
        let row = |words: &str, kind: &str, value: Option<&str>, unit: Option<&str>| QuantityRow {
            place: at(words),
            kind: kind.into(),
            value: value.map(str::to_string),
            unit: unit.map(str::to_string),
            ..QuantityRow::default()
        };
        let mut range = row("$5-8 million", "range", None, Some("USD"));
        (range.low, range.high) = (Some("5000000".into()), Some("8000000".into()));
        let mut money = row("$1100 亿", "money", Some("110000000000"), Some("USD"));
        money.hedge = Some("约".into());
        ExtractReport {
            path: "报告.md",
            text: TEXT,
            sections: vec![
                (0, String::new()),
                (0, "融资".into()),
                (TEXT.find("##").unwrap(), "Outlook".into()),
            ],
            quantities: vec![
                money,
                row("1706 亿", "number", Some("170600000000"), None),
                row("65%", "percent", Some("65"), Some("percent")),
                range,
            ],
            assertions: vec![AssertionRow {
                place: at("$1100 亿"),
                entity: Some("OpenAI".into()),
                measure: Some("融资".into()),
                ..AssertionRow::default()
            }],
            relations,
        }
    }

    fn written(report: &ExtractReport<'_>) -> String {
        let mut out = Vec::new();
        let mut output = ExtractText::new(&mut out);
        output.file(report).unwrap();
        output.finish().unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_table_for_each_section_lines_up_under_han() {
        insta::assert_snapshot!(written(&report(None)));
    }

    #[test]
    fn relations_show_their_phrase_their_roles_and_what_became_of_them() {
        let role = |role: &str, words: &str| RoleRow { role: role.into(), place: at(words) };
        let share = RelationRow {
            place: at("$1100 亿，占 1706 亿的 65%"),
            relation: "share".into(),
            phrase: "relations/share.toml#1 zh".into(),
            roles: vec![role("part", "$1100 亿"), role("whole", "1706 亿"), role("share", "65%")],
            outcome: vec!["numeric/share: holds".into()],
        };
        insta::assert_snapshot!(written(&report(Some(vec![share]))));
    }

    #[test]
    fn json_has_line_and_column_and_the_contracts_fields() {
        let mut out = Vec::new();
        let mut output = super::super::ExtractJson::new(&mut out);
        output.file(&report(None)).unwrap();
        output.finish().unwrap();
        insta::assert_snapshot!(String::from_utf8(out).unwrap());
    }

    #[test]
    fn a_text_without_quantities_has_no_table() {
        let empty = ExtractReport { quantities: Vec::new(), assertions: Vec::new(), ..report(None) };
        assert_eq!(written(&empty), "报告.md: 0 quantities, 0 assertions\n");
    }
}
