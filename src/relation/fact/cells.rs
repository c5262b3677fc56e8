use rust_decimal::Decimal;

use super::super::table::{CellFigure, CellKind, Grid, core};
use super::Facts;
use super::basis::{Basis, BasisWord};
use super::label::{FactScene, Label, key_of};
use super::metric::{MetricId, MetricType};
use super::model::{CellPlace, Fact, NameId, Place, Subject, TableLine};
use crate::assertion::Modality;
use crate::document::{Role, Table};
use crate::quantity::{Date, Figure, Magnitude, Quantity, Unit};
use crate::source::Span;

/// Figures of one cell that are told apart.
const MOST_IN_CELL: usize = 4;

/// Lines with a period that make a table one of periods.
const PERIODS: usize = 2;

/// A longer line before a table is a paragraph, and does not speak of the table alone, in bytes.
const LONGEST_CAPTION: usize = 90;

/// A row or a column of a table, as facts need it.
struct Line {
    label: Label,
    name: Option<NameId>,
    /// Where the label stands.
    span: Option<Span>,
    scale: Option<Decimal>,
}

/// Adds the figures of a table.
pub(super) fn read(scene: FactScene<'_>, number: u32, table: &Table, grid: &Grid, facts: &mut Facts) {
    let short = |span: &Span| span.len() <= LONGEST_CAPTION;
    let caption = table.caption.filter(short).map(|span| scene.label(span)).unwrap_or_default();
    let heading = scene.document.sections[table.section as usize].heading;
    let line = |facts: &mut Facts, labels: &[Span]| read_line(scene, facts, labels);
    let columns: Vec<Line> = grid.columns().iter().map(|column| line(facts, &column.labels)).collect();
    let rows: Vec<Line> = grid.rows().iter().map(|row| line(facts, &row.labels)).collect();
    let of_periods =
        |lines: &[Line]| lines.iter().filter(|line| line.label.period.is_some()).count() >= PERIODS;
    let mut of_caption = caption.basis;
    if of_periods(&columns) || of_periods(&rows) {
        of_caption = of_caption.without(BasisWord::History);
    }
    // Where lines of the table say which of them are changes or forecasts, the caption speaks of those.
    for word in [BasisWord::Change, BasisWord::Forecast] {
        if columns.iter().chain(&rows).any(|line| line.label.basis.has(word)) {
            of_caption = of_caption.without(word);
        }
    }
    // The unit of a whole table stands above its names or in its caption.
    let corner = columns.first().and_then(|corner| corner.scale);
    let around = Around {
        period: caption.period.or_else(|| scene.period(heading)),
        basis: of_caption.join(scene.basis_of_section(table.section)),
        subject: facts.subject_of_section(table.section),
        scale: corner.or_else(|| scene.scale(table.caption?)),
        caption: caption.metric,
        single: (0..grid.columns().len()).filter(|column| grid.figures(*column).next().is_some()).count()
            <= 1,
    };
    for (row, row_line) in rows.iter().enumerate() {
        for (column, column_line) in columns.iter().enumerate() {
            let span = grid.cell(row, column).span;
            if Some(span) == row_line.span || span.is_empty() {
                continue;
            }
            let place = CellPlace {
                table: number,
                row: u32::try_from(row).unwrap_or(u32::MAX),
                column: u32::try_from(column).unwrap_or(u32::MAX),
            };
            let cell = CellScene { scene, around: &around, place, row: row_line, column: column_line };
            cell.read(table, grid, facts);
        }
    }
}

/// What the caption and the heading of a table say of all of its figures.
struct Around {
    period: Option<Date>,
    basis: Basis,
    subject: Subject,
    scale: Option<Decimal>,
    caption: Option<(MetricId, Span)>,
    /// Only one column holds figures: its heading (评估, assessment) says nothing of whose they are.
    single: bool,
}

fn read_line(scene: FactScene<'_>, facts: &mut Facts, labels: &[Span]) -> Line {
    let Some(&span) = labels.last() else {
        return Line { label: Label::default(), name: None, span: None, scale: None };
    };
    let scale = labels.iter().rev().find_map(|label| scene.scale(*label));
    let mut label = scene.label(span);
    for outer in &labels[..labels.len() - 1] {
        let outer = scene.label(*outer);
        label.basis = label.basis.join(outer.basis);
        label.period = label.period.or(outer.period);
        label.names |= outer.names;
        label.metric = label.metric.or(outer.metric);
    }
    let key = key_of(&scene.document.prose, span);
    let name = (!key.is_empty()).then(|| facts.name(key));
    Line { label, name, span: Some(span), scale }
}

/// One cell with its row and its column.
struct CellScene<'a> {
    scene: FactScene<'a>,
    around: &'a Around,
    place: CellPlace,
    row: &'a Line,
    column: &'a Line,
}

impl CellScene<'_> {
    fn read(&self, table: &Table, grid: &Grid, facts: &mut Facts) {
        let (row, column) = (self.place.row as usize, self.place.column as usize);
        let cell = grid.cell(row, column);
        match (cell.kind, &cell.figure) {
            (CellKind::Figure, Some(figure)) => {
                let note = cell.note.map(|note| self.scene.basis(note)).unwrap_or_default();
                self.push(table, figure, (note, cell.date, true), facts);
            }
            (CellKind::Text, _) => {
                // 85 元（法人共識）/ 74 元: each of them may be the one that is meant.
                let (first, inside) = self.scene.reading.quantities_within(cell.span);
                let figures: Vec<(usize, &Quantity)> = (first..)
                    .zip(inside)
                    .filter(|(_, quantity)| !matches!(quantity.magnitude, Magnitude::Date(_)))
                    .collect();
                // Behind words it is a remark: 低于 1.5 需警惕.
                let remark = |(_, quantity): &(usize, &Quantity)| {
                    let before = Span::new(cell.span.start, quantity.span.start.max(cell.span.start));
                    self.scene.says_more(before, None, &[self.scene.words.filler])
                };
                if figures.len() > MOST_IN_CELL || figures.first().is_some_and(remark) {
                    return;
                }
                let starts = figures.iter().skip(1).map(|(_, quantity)| quantity.span.start);
                let ends: Vec<usize> = starts.chain([cell.span.end]).collect();
                for ((index, quantity), end) in figures.into_iter().zip(ends) {
                    // R$48 / $10 ADR: a word speaks of the figure before it.
                    let basis =
                        self.scene.basis(Span::new(quantity.span.start, end.max(quantity.span.start)));
                    let figure = CellFigure { index, quantity: *quantity };
                    self.push(table, &figure, (basis, self.scene.period(cell.span), false), facts);
                }
            }
            _ => {}
        }
    }

    fn push(
        &self,
        table: &Table,
        figure: &CellFigure,
        (note, date, alone): (Basis, Option<Date>, bool),
        facts: &mut Facts,
    ) {
        let (row, column) = (&self.row.label, &self.column.label);
        let Some(sentence) = self.scene.document.sentence_at(figure.quantity.span.start) else { return };
        let block = &self.scene.document.blocks[self.scene.document.sentences[sentence].block as usize];
        // The other of the two lines says whose figure it is.
        let (metric, other, by_row) = match (row.metric, column.metric) {
            (Some(metric), None) => (Some(metric), self.column, true),
            (None, Some(metric)) => (Some(metric), self.row, false),
            (None, None) => (None, self.row, false),
            (Some(_), Some(_)) => (None, self.row, false),
        };
        let plain = |label: &Label| label.metric.is_none() && !label.names;
        // Nothing but periods in the table: its caption says what is listed.
        let from_caption = || self.around.caption.filter(|_| plain(row) && plain(column));
        let metric = metric.or_else(from_caption);
        let basis = row.basis.join(column.basis).join(note).join(self.around.basis);
        let quantity =
            self.scaled(figure.quantity, metric.map(|(metric, _)| self.scene.metrics.kind(metric)));
        let metric = metric.filter(|(metric, _)| self.scene.metrics.kind(*metric).accepts(&quantity));
        let heading = by_row && self.around.single;
        let named =
            !heading && other.label.names || other.label.metric.is_some() && !by_row && metric.is_none();
        let subject = match other.name.filter(|_| named) {
            Some(name) => {
                other.span.and_then(|span| facts.entity_in(self.scene, span)).unwrap_or(Subject::Named(name))
            }
            None => self.around.subject,
        };
        facts.push(Fact {
            index: figure.index,
            quantity,
            sentence: u32::try_from(sentence).unwrap_or(u32::MAX),
            section: table.section,
            place: if block.role == Role::Source { Place::Source } else { Place::Cell },
            cell: Some(self.place),
            line: metric.map(|_| match by_row {
                true => TableLine::Column { table: self.place.table, column: self.place.column },
                false => TableLine::Row { table: self.place.table, row: self.place.row },
            }),
            alone,
            metric: metric.map(|(metric, _)| metric),
            name: metric.map(|(_, name)| name),
            row_name: self.row.name,
            column_name: self.column.name,
            subject,
            period: date.or(column.period).or(row.period).or(self.around.period),
            basis,
            modality: if basis.has(BasisWord::Forecast) { Modality::Forecast } else { Modality::Fact },
        });
    }

    /// The figure in the scale of its heading: 3.2 below "R$B" is 3.2 billion.
    fn scaled(&self, mut quantity: Quantity, kind: Option<MetricType>) -> Quantity {
        let own = core(&self.scene.document.prose, quantity.span).of(&self.scene.document.prose);
        let bare = quantity.unit == Unit::Bare || matches!(quantity.unit, Unit::Money { per: None, .. });
        if !bare || own.contains(|c: char| c.is_alphabetic()) {
            return quantity;
        }
        let line = self.row.scale.or(self.column.scale);
        let caption = self.around.scale.filter(|_| kind.is_none_or(|kind| kind == MetricType::Money));
        let scale = match kind {
            Some(kind) if !kind.takes_scale() => None,
            _ => line.or(caption),
        };
        if let Some(scale) = scale {
            let times = |figure: Figure| {
                Some(Figure {
                    value: figure.value.checked_mul(scale)?,
                    step: figure.step.checked_mul(scale)?,
                    coarse_step: figure.coarse_step.checked_mul(scale)?,
                })
            };
            quantity.magnitude = match quantity.magnitude {
                Magnitude::One(figure) => times(figure).map_or(quantity.magnitude, Magnitude::One),
                Magnitude::Range { low, high } => {
                    Magnitude::Range { low: low.and_then(times), high: high.and_then(times) }
                }
                date @ Magnitude::Date(_) => date,
            };
        }
        quantity
    }
}
