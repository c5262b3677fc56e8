use std::collections::HashMap;

use aho_corasick::{AhoCorasick, MatchKind};

use super::words::Says;
use super::{Places, plain};
use crate::quantity::{Date, Magnitude};
use crate::relation::table::{CellFigure, Grid, Line, core};
use crate::source::Span;

/// The name of a row or a column, by its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct NameId(usize);

/// A figure of a table with the two names that it stands under.
#[derive(Clone, Copy)]
pub(super) struct NamedCell {
    /// Index into the tables that were read.
    pub grid: usize,
    pub row: usize,
    pub column: usize,
    pub period: Option<Date>,
}

/// The names of all rows and columns, and the figures under each pair of them.
#[derive(Default)]
pub(super) struct TableNames {
    numbers: HashMap<String, NameId>,
    cells: HashMap<(NameId, NameId), Vec<NamedCell>>,
}

/// Figures under one pair of names that are looked at.
const MOST_CELLS: usize = 8;

impl TableNames {
    pub fn of(places: &Places<'_>, grids: &[Grid]) -> Self {
        let mut names = Self::default();
        for (number, grid) in grids.iter().enumerate() {
            let columns: Vec<Option<NameId>> =
                grid.columns().iter().map(|line| names.number(places, line)).collect();
            for (row, line) in grid.rows().iter().enumerate() {
                let Some(row_name) = names.number(places, line) else { continue };
                for (column, name) in columns.iter().enumerate() {
                    let Some(name) = name.filter(|name| *name != row_name) else { continue };
                    let holds = grid.figure(row, column).is_some() || holds_months(places, grid, row, column);
                    if !holds {
                        continue;
                    }
                    let cell_date = grid.cell(row, column).date;
                    let period = cell_date.or(line.period).or(grid.columns()[column].period);
                    let cells = names.cells.entry(pair(row_name, name)).or_default();
                    if cells.len() < MOST_CELLS {
                        cells.push(NamedCell { grid: number, row, column, period });
                    }
                }
            }
        }
        names
    }

    fn number(&mut self, places: &Places<'_>, line: &Line) -> Option<NameId> {
        let name = name_of(places, *line.labels.last()?)?;
        let next = NameId(self.numbers.len());
        Some(*self.numbers.entry(name).or_insert(next))
    }

    /// The figures under two names, whichever of them is the row's.
    pub fn cells(&self, one: NameId, other: NameId) -> &[NamedCell] {
        self.cells.get(&pair(one, other)).map_or(&[], Vec::as_slice)
    }

    /// The name that a heading is, but for its last words: 金融行业 for 金融.
    pub fn of_heading(&self, places: &Places<'_>, heading: Span) -> Option<NameId> {
        self.numbers.get(&name_of(places, heading)?).copied()
    }

    /// Every mention of a name in the text, in order of place; the longest of those that begin together.
    pub fn mentions(&self, prose: &str) -> Vec<(Span, NameId)> {
        let mut names: Vec<(&str, NameId)> =
            self.numbers.iter().map(|(name, number)| (name.as_str(), *number)).collect();
        names.sort_unstable();
        let automaton = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostLongest)
            .ascii_case_insensitive(true)
            .build(names.iter().map(|(name, _)| name));
        // Names come from the text itself, so the automaton is as small as they are; without it they are skipped.
        let Ok(automaton) = automaton else { return Vec::new() };
        let mentions = automaton.find_iter(prose).map(|hit| {
            (Span::new(hit.start(), hit.end()), names[hit.pattern().as_usize()].1)
        });
        mentions.filter(|(span, _)| stands_alone(prose, *span)).collect()
    }
}

fn pair(one: NameId, other: NameId) -> (NameId, NameId) {
    (one.min(other), one.max(other))
}

/// Whether a Latin name is no part of a longer word.
fn stands_alone(prose: &str, span: Span) -> bool {
    let letter = |c: char| c.is_ascii_alphanumeric();
    let (first, last) = (span.of(prose).chars().next(), span.of(prose).chars().next_back());
    let before = prose[..span.start].chars().next_back();
    let after = prose[span.end..].chars().next();
    !(first.is_some_and(letter) && before.is_some_and(letter) || last.is_some_and(letter) && after.is_some_and(letter))
}

/// Words that names end in or begin with and that change nothing: 金融行业 and 金融服务 are both 金融.
const OUTER: [&str; 13] =
    ["行业", "产业", "服务", "领域", "市场", "板块", "部门", "范围", "区间", " sector", " industry", " segment", " range"];

/// The words of a label that name something, in small letters: without brackets, dates and marks.
fn name_of(places: &Places<'_>, label: Span) -> Option<String> {
    let prose = places.prose();
    let text = label.of(prose);
    let open = text.find(['(', '（', '[', '【']).unwrap_or(text.len());
    let label = core(prose, Span::new(label.start, label.start + open));
    if label.len() > LONGEST_NAME {
        return None;
    }
    let (_, inside) = places.scene.reading.quantities_within(label);
    let dates = inside.iter().filter(|quantity| matches!(quantity.magnitude, Magnitude::Date(_)));
    let mut rest = String::new();
    let mut at = label.start;
    for date in dates.map(|date| date.span) {
        rest.push_str(prose.get(at..date.start).unwrap_or_default());
        at = date.end.min(label.end);
    }
    rest.push_str(&prose[at..label.end]);
    let name = plain(&rest).to_ascii_lowercase();
    let mut name = name.trim_matches(|c: char| !(c.is_alphanumeric() || matches!(c, '%' | '+' | '#'))).trim_end_matches(['%', '％']).trim();
    for outer in OUTER {
        name = name.strip_suffix(outer).unwrap_or(name);
    }
    let long = if name.is_ascii() { name.len() >= 3 } else { name.chars().count() >= 2 };
    let letters = name.chars().any(char::is_alphabetic);
    let generic = places.book.restated.is(places.scene.hits, label, Says::NoMeasure) || NAMELESS.contains(&name);
    (long && letters && !generic).then(|| name.to_owned())
}

/// Bytes of the longest name that is looked for.
const LONGEST_NAME: usize = 80;

/// Names that many things have.
const NAMELESS: [&str; 14] =
    ["其他", "其它", "其余", "合计", "总计", "小计", "全部", "整体", "other", "others", "total", "all", "the", "and"];

/// Whether a cell is a range of months that reads like one of dates: 3-9 月.
pub(super) fn holds_months(places: &Places<'_>, grid: &Grid, row: usize, column: usize) -> bool {
    months(places, grid, row, column).is_some()
}

/// The figure of a cell that is a range of months.
pub(super) fn months<'g>(places: &Places<'_>, grid: &'g Grid, row: usize, column: usize) -> Option<&'g CellFigure> {
    let cell = grid.cell(row, column);
    let text = core(places.prose(), cell.span).of(places.prose());
    let figures = text.strip_suffix('月')?;
    let (low, high) = figures.split_once(['-', '–', '~', '至'])?;
    let number = |text: &str| !text.is_empty() && text.len() <= 2 && text.bytes().all(|byte| byte.is_ascii_digit());
    cell.figure.as_ref().filter(|_| number(low.trim()) && number(high.trim()))
}
