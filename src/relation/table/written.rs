//! Formulas written out in cells: `(1,200 − 610) / 610`, with their result in the same row or behind `=`.

use rust_decimal::Decimal;

use super::super::model::Filler;
use super::cell::{CellFigure, CellKind};
use super::finder::Finder;
use super::grid::Grid;
use super::words::{TableWord, core};
use crate::document::{BREAK, MARKUP};
use crate::source::Span;

/// Bytes of a cell that is read as a formula.
const LONGEST: usize = 200;
/// Brackets inside one another.
const DEPTH: usize = 8;

/// Looks at every row with a formula and one figure before it, which is then its result.
pub(super) fn find(finder: &mut Finder<'_>, grid: &Grid) {
    let document = finder.scene.document;
    let prose = document.prose.as_str();
    for row in 0..grid.rows().len() {
        let figures: Vec<(usize, &CellFigure)> = (0..grid.columns().len())
            .filter_map(|column| Some((column, grid.figure(row, column)?)))
            .collect();
        let [(at, stated)] = figures.as_slice() else { continue };
        let formulas = (at + 1..grid.columns().len())
            .filter(|column| grid.columns()[*column].words.has(TableWord::Formula))
            .filter(|column| grid.cell(row, *column).kind == CellKind::Text)
            .filter_map(|column| Formula::read(prose, grid.cell(row, column).span));
        for formula in formulas {
            if formula.fits_scale(stated) {
                let fillers = vec![
                    ("formula", Filler::Word { span: formula.span, value: formula.value }),
                    ("stated", stated.filler()),
                ];
                finder.group("table-formula", stated, vec![fillers]);
            }
        }
    }
}

/// A cell that is a formula of numbers and nothing else.
struct Formula {
    span: Span,
    value: Decimal,
}

impl Formula {
    fn read(prose: &str, cell: Span) -> Option<Self> {
        let inner = core(prose, cell);
        let text = inner.of(prose);
        if text.len() > LONGEST {
            return None;
        }
        // What follows it is where it is from, or its steps.
        let end = text.find(['[', ';', '；', '=', '≈', '→']).unwrap_or(text.len());
        let span = core(prose, Span::new(inner.start, inner.start + end));
        let mut reader = Reader { text: span.of(prose), at: 0, operators: 0 };
        let value = reader.sum(0)?;
        reader.skip_unit();
        let whole = reader.at == reader.text.len() && reader.operators > 0;
        whole.then_some(Self { span, value })
    }

    /// Whether the result may be of the formula's unit: in all other cases it would be off by a power of ten or by the
    /// months of a year.
    fn fits_scale(&self, stated: &CellFigure) -> bool {
        let Some(value) = stated.bounds().map(|bounds| bounds.middle()) else { return false };
        let positive = value > Decimal::ZERO && self.value > Decimal::ZERO;
        let ratio = value.checked_div(self.value);
        positive && ratio.is_some_and(|ratio| ratio > Decimal::new(5, 2) && ratio < Decimal::from(20))
    }
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
    operators: usize,
}

impl Reader<'_> {
    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    fn skip(&mut self, wanted: impl Fn(char) -> bool) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start_matches(wanted).len();
    }

    fn blanks(&mut self) {
        self.skip(|c| c.is_whitespace() || c == char::from(MARKUP));
    }

    /// The unit behind a number: letters, a slash and letters.
    fn skip_unit(&mut self) {
        self.blanks();
        self.skip(|c| c.is_alphabetic() && !matches!(c, 'x' | 'X'));
        self.blanks();
    }

    fn operator(&mut self, signs: &[char]) -> Option<char> {
        self.blanks();
        let sign = self.rest().chars().next().filter(|c| signs.contains(c))?;
        self.at += sign.len_utf8();
        self.operators += 1;
        Some(sign)
    }

    fn sum(&mut self, depth: usize) -> Option<Decimal> {
        let mut value = self.product(depth)?;
        while let Some(sign) = self.operator(&['+', '＋', '-', '−', '–']) {
            let next = self.product(depth)?;
            value = if matches!(sign, '+' | '＋') {
                value.checked_add(next)?
            } else {
                value.checked_sub(next)?
            };
        }
        Some(value)
    }

    fn product(&mut self, depth: usize) -> Option<Decimal> {
        let mut value = self.operand(depth)?;
        while let Some(sign) = self.operator(&['×', '*', 'x', '÷', '/']) {
            let next = self.operand(depth)?;
            value = if matches!(sign, '÷' | '/') {
                value.checked_div(next)?
            } else {
                value.checked_mul(next)?
            };
        }
        Some(value)
    }

    /// A number, perhaps with its name before it, or brackets.
    fn operand(&mut self, depth: usize) -> Option<Decimal> {
        if depth > DEPTH {
            return None;
        }
        self.blanks();
        self.skip(|c| c.is_alphabetic() || c == ' ');
        if self.rest().starts_with(['(', '（']) {
            self.operator(&['(', '（'])?;
            self.operators -= 1;
            let value = self.sum(depth + 1)?;
            self.skip_unit();
            self.operator(&[')', '）'])?;
            self.operators -= 1;
            return Some(value);
        }
        self.skip(|c| matches!(c, '$' | '¥' | '￥' | '€' | '₹' | '~' | '≈'));
        self.number()
    }

    fn number(&mut self) -> Option<Decimal> {
        let rest = self.rest();
        let end = rest.find(|c: char| !(c.is_ascii_digit() || matches!(c, ',' | '.'))).unwrap_or(rest.len());
        let digits = rest[..end].trim_end_matches(['.', ',']);
        let number: Decimal = digits.replace(',', "").parse().ok()?;
        self.at += digits.len();
        const SCALES: [(&str, i64); 12] = [
            ("万亿", 1_000_000_000_000),
            ("亿", 100_000_000),
            ("百万", 1_000_000),
            ("万", 10_000),
            ("billion", 1_000_000_000),
            ("million", 1_000_000),
            ("bn", 1_000_000_000),
            ("Mn", 1_000_000),
            ("B", 1_000_000_000),
            ("M", 1_000_000),
            ("K", 1_000),
            ("k", 1_000),
        ];
        if self.rest().starts_with(['%', '％']) {
            self.skip(|c| matches!(c, '%' | '％'));
            return number.checked_div(Decimal::ONE_HUNDRED);
        }
        let scale = SCALES.iter().find(|(word, _)| self.rest().starts_with(word));
        let value = match scale {
            Some((word, factor)) => {
                self.at += word.len();
                number.checked_mul(Decimal::from(*factor))?
            }
            None => number,
        };
        // 280 万/年: the slash belongs to the unit.
        self.skip(|c| c.is_alphabetic() && !matches!(c, 'x' | 'X'));
        let per = self.rest().strip_prefix('/').is_some_and(|rest| rest.starts_with(char::is_alphabetic));
        let broken = self.rest().bytes().next() == Some(BREAK);
        (!per && !broken).then_some(value)
    }
}
