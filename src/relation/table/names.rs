use std::cell::OnceCell;

use super::grid::Grid;
use super::words::core;

/// The sign between two names in a heading.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Sign {
    Over,
    Less,
    Times,
}

const SIGNS: [(&str, Sign); 9] = [
    (" / ", Sign::Over),
    ("/", Sign::Over),
    ("÷", Sign::Over),
    (" − ", Sign::Less),
    (" – ", Sign::Less),
    (" - ", Sign::Less),
    ("×", Sign::Times),
    (" x ", Sign::Times),
    (" * ", Sign::Times),
];

/// Letters that two names must share.
const SHORTEST: usize = 2;

/// A heading that says how its figures are computed, CFO / net income, FCF (CFO − capex), with the columns that it may
/// name.
pub(super) struct Names {
    sign: Sign,
    /// By column, whether its name is that to the left of the sign.
    left: Vec<bool>,
    right: Vec<bool>,
}

impl Names {
    /// `headings` are those of all columns, for the first that asks.
    pub fn of(prose: &str, grid: &Grid, column: usize, headings: &OnceCell<Vec<String>>) -> Option<Self> {
        let heading = heading(prose, grid, column)?;
        // Most headings have none, which their bytes tell.
        let begins_sign = |byte: u8| matches!(byte, b'/' | b'-' | b'x' | b'*' | 0xC3 | 0xE2);
        if !heading.bytes().any(begins_sign) || !SIGNS.iter().any(|(mark, _)| heading.contains(mark)) {
            return None;
        }
        let label = plain(heading);
        let inner = label.split_once(['(', '（']).and_then(|(_, rest)| Some(rest.split_once([')', '）'])?.0));
        let outer = label.split(['(', '（']).next();
        let (sign, left, right) = [inner, outer].into_iter().flatten().find_map(|text| {
            let (sign, left, right) = SIGNS
                .iter()
                .find_map(|(mark, sign)| text.split_once(mark).map(|(left, right)| (*sign, left, right)))?;
            let (left, right) = (name(left), name(right));
            let long = |name: &str| name.chars().count() >= SHORTEST;
            (long(left) && long(right)).then_some((sign, left, right))
        })?;
        let columns = 0..grid.columns().len();
        let heading = |column| self::heading(prose, grid, column).map(plain).unwrap_or_default();
        let headings = headings.get_or_init(|| columns.map(heading).collect());
        let are = |wanted: &str| headings.iter().map(|heading| name(heading).contains(wanted)).collect();
        Some(Self { sign, left: are(left), right: are(right) })
    }

    /// Whether it is one of the two, by its name.
    pub fn may_be(&self, column: usize) -> bool {
        self.left[column] || self.right[column]
    }

    /// Whether it is the first column over, less or times the second.
    pub fn say(&self, sign: Sign, first: usize, second: usize) -> bool {
        self.sign == sign && self.left[first] && self.right[second]
    }
}

/// The heading of a column, without a note.
fn heading<'a>(prose: &'a str, grid: &Grid, column: usize) -> Option<&'a str> {
    let label = core(prose, *grid.columns()[column].labels.last()?).of(prose);
    label.split('[').next()
}

/// A heading in lower case.
fn plain(heading: &str) -> String {
    heading.chars().filter(|c| !c.is_control()).collect::<String>().to_lowercase()
}

/// A name without the signs and units around it.
fn name(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '=' | '%' | '*' | ':' | '：'))
}
