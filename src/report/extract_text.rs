use std::io::{self, Write};

use super::ExtractOutput;
use super::extract::{ExtractReport, PlaceRow, QuantityRow, RelationRow};
use super::places::Places;
use super::text::{counted, shown_path};
use super::visible::visible;
use super::window::{clipped, width};

/// Widest column of the table.
const COLUMNS: usize = 40;

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
            let (relation, phrase) = (visible(&row.relation), visible(&row.phrase));
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
        let mut rest = report.quantities.as_slice();
        while let Some(first) = rest.first() {
            let section = report.sections.partition_point(|(start, _)| *start <= first.place.start);
            let end = report.sections.get(section).map_or(usize::MAX, |(start, _)| *start);
            let (here, after) = rest.split_at(rest.partition_point(|row| row.place.start < end).max(1));
            let heading = section.checked_sub(1).and_then(|section| report.sections.get(section));
            if let Some((_, heading)) = heading.filter(|(_, heading)| !heading.is_empty()) {
                writeln!(self.out, "\n{}", clipped(&visible(heading), 2 * COLUMNS))?;
            } else {
                writeln!(self.out)?;
            }
            table(&mut self.out, here.iter().map(|row| cells(report.text, &lines, row)).collect())?;
            rest = after;
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

fn cells(text: &str, lines: &Places<'_>, row: &QuantityRow) -> Vec<String> {
    let value = match (&row.value, &row.low, &row.high) {
        (Some(value), _, _) => value.clone(),
        (None, None, None) => String::new(),
        (None, low, high) => {
            format!("{} … {}", low.as_deref().unwrap_or_default(), high.as_deref().unwrap_or_default())
        }
    };
    let shown = [&row.kind, &value, row.unit.as_deref().unwrap_or(""), row.hedge.as_deref().unwrap_or("")]
        .map(|cell: &str| clipped(&visible(cell), COLUMNS));
    [place(lines, row.place), literal(text, row.place)].into_iter().chain(shown).collect()
}

/// Writes rows of cells as columns two spaces apart.
pub(super) fn table(out: &mut impl Write, rows: Vec<Vec<String>>) -> io::Result<()> {
    let mut widths: Vec<usize> = Vec::new();
    for row in &rows {
        widths.resize(widths.len().max(row.len()), 0);
        for (column, cell) in row.iter().enumerate() {
            widths[column] = widths[column].max(width(cell));
        }
    }
    for row in rows {
        let mut line = String::new();
        for (cell, wanted) in row.iter().zip(&widths) {
            line.push_str("  ");
            line.push_str(cell);
            line.extend(std::iter::repeat_n(' ', wanted.saturating_sub(width(cell))));
        }
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}

fn place(lines: &Places<'_>, place: PlaceRow) -> String {
    let (line, column) = lines.line_column(place.start);
    format!("{line}:{column}")
}

fn literal(text: &str, place: PlaceRow) -> String {
    clipped(&visible(text.get(place.start..place.end).unwrap_or_default()), COLUMNS)
}
