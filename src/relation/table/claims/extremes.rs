use rust_decimal::Decimal;

use super::super::super::model::Filler;
use super::super::cell::CellFigure;
use super::super::finder::Finder;
use super::Claim;
use super::place::{Near, Tables};
use super::side::{Side, name_between};
use crate::quantity::{Magnitude, Quantity};
use crate::relation::unit_agreement::comparable;
use crate::source::Span;

/// Rows that a table must have before one is called the first of them.
const FEWEST: usize = 3;
/// Bytes between a name and the word that it is called by.
const REACH: usize = 60;

/// One way to read a claim: the figures of one column.
struct Reading {
    sure: bool,
    near: Near,
    holds: bool,
    fillers: Vec<(&'static str, Filler)>,
}

/// Looks for the row that a claim calls the first (the largest, the third largest) and the column that it means.
pub(super) fn find(
    finder: &mut Finder<'_>,
    tables: &mut Tables<'_>,
    claim: Claim,
    sign: Decimal,
    place: u32,
) {
    let scene = finder.scene;
    let words = &scene.words.claims;
    let has = |class| claim.has(finder, class);
    if claim.is_silenced(finder) {
        return;
    }
    // "Among emerging markets, …" narrows all that follows.
    let lead = Span::new(claim.sentence_span.start, claim.clause.start);
    if words.subset.is_some_and(|class| scene.hits.has(class, lead)) {
        return;
    }
    let plain = !has(words.subset);
    let mut readings: Vec<Reading> = Vec::new();
    for (near, sides) in tables.near(claim) {
        for side in sides.iter() {
            let Some(told) = Told::read(finder, side, claim) else { continue };
            if !plain && !told.firm {
                continue;
            }
            for column in &told.columns {
                let sure = told.sure && plain && near == Near::Beside;
                let figures = placed(side, &told.rows, *column, sign, place);
                let Some((named, rivals)) = figures else { continue };
                let holds = rivals.iter().all(|(above, rival)| in_order(&named, rival, sign, *above));
                let word = Filler::Word { span: claim.word, value: sign };
                let mut fillers = vec![("named", named.filler()), ("sign", word)];
                for (above, rival) in rivals {
                    fillers.push((if above { "above" } else { "rival" }, rival.filler()));
                }
                readings.push(Reading { sure, near, holds, fillers });
            }
        }
    }
    // A table further off can only bear the claim out.
    let sure = readings.iter().any(|reading| reading.sure)
        && readings.iter().all(|reading| reading.sure || reading.near > Near::Beside);
    if sure && !readings.iter().any(|reading| reading.holds) {
        readings.retain(|reading| reading.sure);
    }
    let relation = if place == 1 { "table-first" } else { "table-place" };
    let readings: Vec<_> = readings.into_iter().map(|reading| reading.fillers).collect();
    finder.statement(relation, (claim.sentence, claim.word), sure, readings);
}

/// The figure of the named rows that is last in order, and those that must stand above and below it.
fn placed(
    side: &Side,
    rows: &[usize],
    column: usize,
    sign: Decimal,
    place: u32,
) -> Option<(CellFigure, Vec<(bool, CellFigure)>)> {
    let size = |figure: &CellFigure| figure.middle().map(|middle| middle * sign);
    let items = side.items(column);
    let mut named: Vec<CellFigure> =
        items.iter().filter(|(row, _)| rows.contains(row)).map(|(_, figure)| *figure).collect();
    let mut others: Vec<CellFigure> =
        items.iter().filter(|(row, _)| !rows.contains(row)).map(|(_, figure)| *figure).collect();
    if named.len() != rows.len() || items.len() < FEWEST {
        return None;
    }
    let all = named.iter().chain(&others);
    if !all.clone().all(|figure| comparable(&named[0].quantity, &figure.quantity))
        || all.clone().any(|figure| size(figure).is_none())
    {
        return None;
    }
    named.sort_by_key(size);
    others.sort_by_key(|figure| std::cmp::Reverse(size(figure)));
    let at = usize::try_from(place).ok()?.checked_sub(1)?;
    // Every row must have its figure before a place is counted.
    if place > 1 && (rows.len() > 1 || items.len() < side.item_count()) {
        return None;
    }
    let above = at.checked_sub(1).and_then(|at| others.get(at)).map(|figure| (true, *figure));
    let below = others.get(at).map(|figure| (false, *figure));
    let rivals: Vec<(bool, CellFigure)> = above.into_iter().chain(below).collect();
    let first = *named.first()?;
    (!rivals.is_empty()).then_some((first, rivals))
}

fn in_order(named: &CellFigure, rival: &CellFigure, sign: Decimal, above: bool) -> bool {
    let size = |figure: &CellFigure| figure.middle().map_or(Decimal::ZERO, |middle| middle * sign);
    if above { size(rival) >= size(named) } else { size(named) >= size(rival) }
}

/// What a claim says of one table.
struct Told {
    /// The rows that are named.
    rows: Vec<usize>,
    columns: Vec<usize>,
    /// The row is named by itself, and so is the column, or its figure is told.
    sure: bool,
    /// The figure is told, or the report is about the row: words that narrow the claim leave it standing.
    firm: bool,
}

impl Told {
    fn read(finder: &Finder<'_>, side: &Side, claim: Claim) -> Option<Self> {
        let scene = finder.scene;
        let words = &scene.words.claims;
        let prose = scene.document.prose.as_str();
        let labels = side.named_in(prose, claim.clause);
        let behind = Span::new(claim.word.end, claim.clause.end).of(prose);
        let (rows, name, rest) = match subject(prose, &labels, claim) {
            Subject::Before(rows, gap) => {
                let before = name_between(words, prose, gap);
                if before.is_empty() {
                    let told = words.before_end(behind);
                    (rows, words.name_in(told), &behind[told.len()..])
                } else {
                    (rows, before, behind)
                }
            }
            Subject::Behind(row, label, gap) => {
                let name = words.name_in(words.before_end(gap.of(prose)));
                let lead = Span::new(claim.clause.start, claim.word.start);
                let name = if name.is_empty() { name_between(words, prose, lead) } else { name };
                (vec![row], name, Span::new(label.end, claim.clause.end).of(prose))
            }
            Subject::Implied => return Self::implied(finder, side, claim),
            Subject::Unclear => return None,
        };
        let fast = words.fastest.is_some_and(|class| {
            scene.hits.all().at(claim.word.start, class).any(|hit| hit.span == claim.word)
        });
        let by_figure = told_columns(finder, side, &rows, claim.clause);
        let mut columns = if by_figure.is_empty() { side.columns_named(&name) } else { by_figure.clone() };
        // The highest revenue per user is another measure, and the product that sells best another thing.
        if by_figure.is_empty() && !words.ends_claim(rest) {
            return None;
        }
        let mut sure = !columns.is_empty() && rows.len() == 1;
        if columns.is_empty() && (fast || name.is_empty()) {
            columns = side.figure_columns().filter(|column| fast || side.is_size(*column)).collect();
            // "The largest segment": whichever column is meant, one of them must bear it out.
            sure = fast && rows.len() == 1;
        }
        if fast {
            columns.retain(|column| side.is_growth(*column));
        }
        if by_figure.is_empty() {
            columns.retain(|column| fits_period(finder, side, *column, claim.clause, &mut sure));
        }
        // Growth is a measure of its own: the largest growth is not the largest figure.
        if by_figure.is_empty()
            && !fast
            && ["growth", "增长", "增速", "增幅"].iter().any(|word| name.contains(word))
        {
            columns.retain(|column| side.is_growth(*column));
        }
        (!columns.is_empty()).then_some(Self { rows, columns, sure, firm: !by_figure.is_empty() })
    }

    /// "Highest EBITDA margin among peers", of whom the report is about.
    fn implied(finder: &Finder<'_>, side: &Side, claim: Claim) -> Option<Self> {
        let document = finder.scene.document;
        let words = &finder.scene.words.claims;
        let lead = Span::new(claim.sentence_span.start, claim.word.start).of(&document.prose);
        if !words.name_in(lead).is_empty() {
            return None;
        }
        let behind = Span::new(claim.word.end, claim.clause.end).of(&document.prose);
        let name = words.name_in(words.before_end(behind));
        let columns = side.columns_named(&name);
        let title = document.sections.iter().find(|section| section.level == 1)?.heading;
        let row = side.only_named_in(title.of(&document.prose))?;
        (!columns.is_empty()).then_some(Self { rows: vec![row], columns, sure: false, firm: true })
    }
}

/// Whom a claim is about.
enum Subject {
    /// Rows named before the word, and what stands between.
    Before(Vec<usize>, Span),
    /// The largest of all is …
    Behind(usize, Span, Span),
    /// Nobody is named.
    Implied,
    Unclear,
}

fn subject(prose: &str, labels: &[(Span, usize)], claim: Claim) -> Subject {
    let before: Vec<&(Span, usize)> =
        labels.iter().filter(|(span, _)| span.end <= claim.word.start).collect();
    if let Some((last, row)) = before.last() {
        let mut rows = vec![*row];
        for pair in before.windows(2).rev() {
            if !is_joint(Span::new(pair[0].0.end, pair[1].0.start).of(prose)) {
                return Subject::Unclear;
            }
            rows.push(pair[0].1);
        }
        let gap = Span::new(last.end, claim.word.start);
        return if gap.len() <= REACH { Subject::Before(rows, gap) } else { Subject::Unclear };
    }
    let behind: Vec<&(Span, usize)> =
        labels.iter().filter(|(span, _)| span.start >= claim.word.end).collect();
    match behind.as_slice() {
        [] => Subject::Implied,
        [(first, row), rest @ ..] => {
            let gap = Span::new(claim.word.end, first.start);
            let text = gap.of(prose).trim_end_matches([' ', '\u{1}']);
            let copula =
                ["是", "为", "：", ":", " is", " was", " are", " by", " to", " from", "属于", "当属", "来自"];
            let told = gap.len() <= REACH && copula.iter().any(|word| text.ends_with(word));
            if told && rest.is_empty() { Subject::Behind(*row, *first, gap) } else { Subject::Unclear }
        }
    }
}

/// Whether a stretch joins two names of a list.
fn is_joint(text: &str) -> bool {
    let text = text.trim_matches([' ', '\u{1}']);
    matches!(text, "、" | "和" | "与" | "及" | "以及" | "and" | "&" | "," | "/" | ", and")
}

/// The columns in which the figures that a clause tells stand in the named row.
fn told_columns(finder: &Finder<'_>, side: &Side, rows: &[usize], clause: Span) -> Vec<usize> {
    let [row] = rows else { return Vec::new() };
    let (_, inside) = finder.scene.reading.quantities_within(clause);
    let is = |cell: &CellFigure, told: &Quantity| {
        cell.quantity.magnitude == told.magnitude && comparable(&cell.quantity, told)
            || matches!((cell.value(), told.magnitude), (Some(a), Magnitude::One(b)) if a == b.value)
                && comparable(&cell.quantity, told)
    };
    side.figure_columns()
        .filter(|column| {
            side.grid.figure(*row, *column).is_some_and(|cell| inside.iter().any(|told| is(cell, told)))
        })
        .collect()
}

/// Whether a column may be of the period that a clause names; nothing is sure where it does not say its own.
fn fits_period(finder: &Finder<'_>, side: &Side, column: usize, clause: Span, sure: &mut bool) -> bool {
    let (_, inside) = finder.scene.reading.quantities_within(clause);
    let told = inside.iter().find_map(|quantity| match quantity.magnitude {
        Magnitude::Date(date) if date.year_known => Some(date),
        _ => None,
    });
    match (told, side.grid.columns()[column].period) {
        (None, _) => true,
        (Some(_), None) => {
            *sure = false;
            true
        }
        (Some(told), Some(own)) => told.start < own.end && own.start < told.end,
    }
}
