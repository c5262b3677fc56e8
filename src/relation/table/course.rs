//! How many periods a heading speaks of: 3年总成本, 5-year TCO, 12-month cost.

use rust_decimal::Decimal;

use super::grid::Line;
use super::words::{TableWord, core};

/// Periods that a plan runs over.
const LONGEST: u32 = 40;

/// Signs of a period behind its number.
const YEARS: [&str; 5] = ["年", "-year", " year", "-yr", " yr"];
const MONTHS: [&str; 6] = ["个月", "月", "-month", " month", "-mo", " mo"];

/// The number of periods that a total runs over, and the word that a column of what each costs is told by.
pub(super) fn course(prose: &str, line: &Line) -> Option<(Decimal, TableWord)> {
    let label = core(prose, *line.labels.last()?).of(prose);
    if !label.bytes().any(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let label = label.to_lowercase();
    let start = label.find(|c: char| c.is_ascii_digit())?;
    if label[..start].ends_with(['第', '.', '$']) {
        return None;
    }
    let rest = &label[start..];
    let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let number: u32 = rest[..digits].parse().ok().filter(|number| (2..=LONGEST).contains(number))?;
    let behind = &rest[digits..];
    let begins = |signs: &[&str]| signs.iter().any(|sign| behind.starts_with(sign));
    let each = if begins(&YEARS) {
        TableWord::PerYear
    } else if begins(&MONTHS) {
        TableWord::PerMonth
    } else {
        return None;
    };
    Some((Decimal::from(number), each))
}
