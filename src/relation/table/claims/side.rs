use super::super::cell::CellFigure;
use super::super::grid::{Grid, Line, Scene};
use super::super::rows::{self, RowKind};
use super::super::words::{TableWord, core};
use super::ClaimWords;
use crate::source::Span;

/// A table from one side: its rows are what a claim names, its columns what it says of them.
pub(super) struct Side {
    pub grid: Grid,
    pub kinds: Vec<RowKind>,
    /// The names of the rows, in lower case and without brackets; empty where a row has none.
    names: Vec<String>,
    /// The same of the columns.
    headings: Vec<String>,
}

/// Letters of a name that are compared.
const MOST_LETTERS: usize = 24;

/// Letters that a name has at least: two of a script without spaces, three others.
fn is_name(name: &str) -> bool {
    let letters = name.chars().filter(|c| c.is_alphabetic()).count();
    letters >= if name.is_ascii() { 3 } else { 2 }
}

/// The name of a row or column in lower case, without brackets and marks.
fn name(scene: Scene<'_>, line: &Line) -> String {
    let prose = &scene.document.prose;
    let text = line.labels.last().map_or("", |label| core(prose, *label).of(prose));
    let text = text.split(['(', '（', '[']).next().unwrap_or(text);
    let text: String = text.chars().filter(|c| !c.is_control()).collect();
    text.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase()
}

impl Side {
    pub fn of(scene: Scene<'_>, grid: Grid) -> Self {
        let kinds = rows::kinds(scene, &grid);
        let names = grid.rows().iter().map(|line| name(scene, line)).collect();
        let headings = grid.columns().iter().map(|line| name(scene, line)).collect();
        Self { grid, kinds, names, headings }
    }

    /// Where the names of rows stand in a stretch of prose, in order; of names inside one another the longest.
    pub fn named_in(&self, prose: &str, stretch: Span) -> Vec<(Span, usize)> {
        let text = stretch.of(prose).to_ascii_lowercase();
        let mut found: Vec<(Span, usize)> = Vec::new();
        for (row, name) in self.names.iter().enumerate().filter(|(_, name)| is_name(name)) {
            for (at, _) in text.match_indices(name.to_ascii_lowercase().as_str()) {
                let end = at + name.len();
                let cut = |inside: bool, beside: bool| inside && beside;
                let word = |c: char| c.is_ascii_alphanumeric();
                let left = cut(name.starts_with(word), text[..at].ends_with(word));
                let right = cut(name.ends_with(word), text[end..].starts_with(word));
                if !left && !right {
                    found.push((Span::new(stretch.start + at, stretch.start + end), row));
                }
            }
        }
        found.sort_by_key(|(span, _)| (span.start, std::cmp::Reverse(span.end)));
        let mut kept: Vec<(Span, usize)> = Vec::new();
        for (span, row) in found {
            if kept.last().is_none_or(|(last, _)| span.start >= last.end) {
                kept.push((span, row));
            }
        }
        kept
    }

    /// The only row whose name stands in a text.
    pub fn only_named_in(&self, text: &str) -> Option<usize> {
        let named = self.named_in(text, Span::new(0, text.len()));
        let (_, first) = *named.first()?;
        named.iter().all(|(_, row)| *row == first).then_some(first)
    }

    /// The row whose name shares the most letters in a row with another name, at least so many; none where two do.
    pub fn row_like(&self, name: &str, least: usize) -> Option<usize> {
        let name: Vec<char> = name.to_lowercase().chars().take(MOST_LETTERS).collect();
        let shared = |row: &usize| {
            let own: Vec<char> = self.names[*row].chars().take(MOST_LETTERS).collect();
            let runs = (0..name.len()).flat_map(|at| (0..own.len()).map(move |other| (at, other)));
            runs.map(|(at, other)| name[at..].iter().zip(&own[other..]).take_while(|(a, b)| a == b).count())
                .max()
        };
        let mut rows: Vec<(usize, usize)> =
            (0..self.names.len()).filter_map(|row| Some((shared(&row)?, row))).collect();
        rows.sort_unstable_by(|a, b| b.cmp(a));
        let (most, row) = *rows.first().filter(|(most, _)| *most >= least)?;
        rows.get(1).is_none_or(|(next, _)| *next < most).then_some(row)
    }

    /// The columns of figures in whose headings a name stands.
    pub fn columns_named(&self, name: &str) -> Vec<usize> {
        let means = |column: &usize| is_name(name) && self.headings[*column].contains(name);
        self.figure_columns().filter(means).collect()
    }

    /// Whether a name is all that a heading says.
    pub fn is_called(&self, column: usize, name: &str) -> bool {
        self.headings[column] == name
    }

    /// The columns of figures whose names stand in a stretch of prose.
    pub fn columns_in(&self, text: &str) -> Vec<usize> {
        let text = text.to_lowercase();
        let stands = |column: &usize| {
            let core = self.core(*column);
            let word = |c: char| c.is_ascii_alphanumeric();
            let whole = |at: usize| {
                !(core.starts_with(word) && text[..at].ends_with(word)
                    || core.ends_with(word) && text[at + core.len()..].starts_with(word))
            };
            is_name(core) && text.match_indices(core).any(|(at, _)| whole(at))
        };
        self.figure_columns().filter(stands).collect()
    }

    /// A heading without its year and the words that say how its figures were found.
    fn core(&self, column: usize) -> &str {
        const LEADS: [&str; 14] = [
            "年",
            "平均",
            "预期",
            "预计",
            "预测",
            "典型",
            "目标",
            "average ",
            "avg ",
            "expected ",
            "typical ",
            "projected ",
            "target ",
            "median ",
        ];
        let mut core = self.headings[column].as_str();
        loop {
            let digits = core.trim_start_matches(|c: char| c.is_ascii_digit() || c.is_whitespace());
            match LEADS.iter().find_map(|lead| digits.strip_prefix(lead)) {
                Some(rest) => core = rest,
                None => return digits,
            }
        }
    }

    /// Columns of figures that are no ranks and years.
    pub fn figure_columns(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.grid.columns().len()).filter(|column| {
            let words = self.grid.columns()[*column].words;
            !words.has_any(&[TableWord::Rank, TableWord::Year]) && self.grid.figures(*column).nth(1).is_some()
        })
    }

    /// The rows that are items, with their figures in a column; none where the rest is among them.
    pub fn items(&self, column: usize) -> Vec<(usize, CellFigure)> {
        let item = |row: &usize| {
            self.kinds[*row] == RowKind::Item && !self.grid.rows()[*row].words.has(TableWord::Rest)
        };
        let figure = |row: usize| Some((row, *self.grid.figure(row, column)?));
        (0..self.kinds.len()).filter(item).filter_map(figure).collect()
    }

    /// How many rows are items.
    pub fn item_count(&self) -> usize {
        self.kinds.iter().filter(|kind| **kind == RowKind::Item).count()
    }

    /// Whether the figures of a column tell how large its rows are: no growth, no rate, no price.
    pub fn is_size(&self, column: usize) -> bool {
        const NO_SIZES: [TableWord; 6] = [
            TableWord::NotAdditive,
            TableWord::Price,
            TableWord::SharePrice,
            TableWord::PerShare,
            TableWord::PriceMultiple,
            TableWord::Quotient,
        ];
        let words = self.grid.columns()[column].words;
        let share = |figure: &CellFigure| !figure.is_percent() || words.has(TableWord::Share);
        !self.is_growth(column)
            && !words.has_any(&NO_SIZES)
            && self.grid.figures(column).all(|(_, figure)| share(figure))
    }

    /// Whether the heading or the name of a line speaks of growth.
    pub fn is_growth(&self, column: usize) -> bool {
        self.grid.columns()[column].words.has_any(&[TableWord::Growth, TableWord::Compound])
    }
}

/// What is left of a stretch of prose when the words are gone that name nothing.
pub(super) fn name_between(words: &ClaimWords, prose: &str, stretch: Span) -> String {
    words.name_in(stretch.of(prose))
}
