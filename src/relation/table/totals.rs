use super::bounds::Bounds;
use super::cell::CellFigure;
use super::finder::Finder;
use super::grid::Grid;
use super::rows::RowKind;
use super::slip;
use super::words::TableWord;
use crate::quantity::Unit;
use crate::relation::unit_agreement::comparable;

/// Rows that are parts of a total, and whether each is taken off.
type Partition = Vec<(usize, bool)>;

/// Cells that the totals of one table may look at, for each cell of it: a long list with many totals is not added up
/// for each of them from its beginning.
const LOOKS: usize = 16;

/// A total that is further off than this is hardly a slip of a total: a list that is not whole.
const NEAR: i64 = 10;

/// Looks at every total: which rows it may be the sum of, and what it is then.
pub(super) fn find(finder: &mut Finder<'_>, grid: &Grid, kinds: &[RowKind]) {
    let columns: Vec<usize> = (0..grid.columns().len()).filter(|column| adds_up(grid, *column)).collect();
    let mut budget = LOOKS * grid.rows().len() * columns.len().max(1);
    for total in (0..kinds.len()).filter(|row| kinds[*row].is_total()) {
        let partitions = partitions(grid, kinds, total);
        let cost = partitions.iter().map(Vec::len).sum::<usize>() * columns.len();
        if cost > budget {
            return;
        }
        budget -= cost;
        Judged { finder, grid, kinds, total, columns: &columns, partitions: &partitions }.run();
    }
}

/// Whether the figures of a column may be added up.
fn adds_up(grid: &Grid, column: usize) -> bool {
    let words = grid.columns()[column].words;
    let never = [
        TableWord::NotAdditive,
        TableWord::Cumulative,
        TableWord::Growth,
        TableWord::Compound,
        TableWord::Rank,
        TableWord::Average,
        TableWord::PriceMultiple,
        TableWord::PerShare,
        TableWord::Year,
    ];
    grid.is_flipped() || !words.has_any(&never)
}

/// The lists of rows that a total may be the sum of, the likeliest first.
fn partitions(grid: &Grid, kinds: &[RowKind], total: usize) -> Vec<Partition> {
    let section = kinds[..total].iter().rposition(|kind| *kind == RowKind::Section).map_or(0, |at| at + 1);
    let since =
        kinds[..total].iter().rposition(|kind| kind.is_total()).map_or(section, |at| (at + 1).max(section));
    let take = |from: usize, to: usize, wanted: &dyn Fn(usize) -> bool| -> Partition {
        (from..to).filter(|row| wanted(*row)).map(|row| (row, kinds[row] == RowKind::Less)).collect()
    };
    let item = |row: usize| matches!(kinds[row], RowKind::Item | RowKind::Less);
    let nested = |row: usize| item(row) || kinds[row] == RowKind::OfWhich;
    let lines = |row: usize| item(row) || kinds[row].is_total();
    let plain = |row: usize| item(row) && !is_within(grid, row);
    let last_total = since.checked_sub(1).filter(|row| kinds[*row].is_total());
    let mut found = vec![
        // The items since the last total, and all of them.
        take(since, total, &item),
        take(section, total, &item),
        take(0, total, &item),
        take(since, total, &plain),
        take(section, total, &plain),
        take(since, total, &nested),
    ];
    // Only the totals; the totals and what stands behind the last of them; the last of them and what stands behind it.
    let totals = take(0, total, &|row| kinds[row].is_total());
    found.push(totals.clone());
    found.push(totals.iter().copied().chain(take(since, total, &item)).collect());
    found.push(take(section, total, &lines));
    if let Some(last) = last_total {
        let mut chain = vec![(last, false)];
        chain.extend(take(since, total, &item));
        found.push(chain);
    }
    // The total stands before its parts.
    let next = kinds[total + 1..].iter().position(|kind| kind.is_total() || *kind == RowKind::Section);
    let end = next.map_or(kinds.len(), |at| total + 1 + at);
    found.push(take(total + 1, end, &item));
    found.push(take(total + 1, end, &nested));
    found.push(take(total + 1, end, &plain));
    found.push(take(0, kinds.len(), &|row| row != total && item(row)));
    // What is taken off may be written with its own sign.
    let signed: Vec<Partition> = found
        .iter()
        .filter(|parts| parts.iter().any(|(_, less)| *less))
        .map(|parts| parts.iter().map(|(row, _)| (*row, false)).collect())
        .collect();
    found.extend(signed);
    found.retain(|parts| parts.len() >= 2);
    let mut kept: Vec<Partition> = Vec::new();
    for parts in found {
        if !kept.contains(&parts) {
            kept.push(parts);
        }
    }
    kept
}

/// Whether a note in the row says that it is a part of another: 45 亿（欧洲内）.
fn is_within(grid: &Grid, row: usize) -> bool {
    grid.rows()[row].words.has(TableWord::Within)
}

/// What a column's figures say of a total.
enum Sum {
    /// Figures are missing or of another kind.
    Unknown,
    Holds,
    /// By how many hundredths it is off at least, and whether one slip explains it.
    Fails {
        percent: u32,
        slip: bool,
    },
}

/// One total row while its columns are looked at.
struct Judged<'f, 'a> {
    finder: &'f mut Finder<'a>,
    grid: &'f Grid,
    kinds: &'f [RowKind],
    total: usize,
    columns: &'f [usize],
    partitions: &'f [Partition],
}

impl Judged<'_, '_> {
    fn run(&mut self) {
        let columns: Vec<usize> =
            self.columns.iter().copied().filter(|column| self.stated(*column).is_some()).collect();
        if columns.is_empty() {
            return;
        }
        // sums[partition][column]
        let sums: Vec<Vec<Sum>> = self
            .partitions
            .iter()
            .map(|parts| columns.iter().map(|column| self.sum(parts, *column)).collect())
            .collect();
        // How many columns prove that these rows are the parts.
        let proofs: Vec<usize> =
            sums.iter().map(|sums| sums.iter().filter(|sum| matches!(sum, Sum::Holds)).count()).collect();
        let most = proofs.iter().copied().max().unwrap_or(0);
        for (at, &column) in columns.iter().enumerate() {
            let holding = (0..sums.len()).find(|number| matches!(sums[*number][at], Sum::Holds));
            if let Some(number) = holding {
                self.emit("table-total", column, &[number]);
                if self.misses_as_written(column, number) {
                    self.emit("table-total-written", column, &[number]);
                }
                continue;
            }
            if let Some(parts) = self.outer_parts(column) {
                self.emit_parts("table-total", column, &[parts]);
                continue;
            }
            let failing = |number: &usize| matches!(sums[*number][at], Sum::Fails { .. });
            let proven: Vec<usize> =
                (0..sums.len()).filter(|number| proofs[*number] == most).filter(failing).collect();
            if most > 0 && !proven.is_empty() {
                let trusted = most >= 2 || !self.grid.is_flipped();
                if trusted && self.is_whole(most) {
                    self.emit("table-total", column, &proven);
                } else {
                    self.finder.drop(
                        self.grid,
                        (self.total, column),
                        "no other row proves which columns are its parts",
                    );
                }
                continue;
            }
            let failed: Vec<usize> = (0..sums.len()).filter(failing).collect();
            // Of a total by name only the plainest list is believed.
            let named = self.kinds[self.total] == RowKind::NamedTotal;
            let best = failed.iter().take(if named { 1 } else { failed.len() }).map(|number| {
                match sums[*number][at] {
                    Sum::Fails { percent, slip } => (!slip, percent),
                    _ => (true, u32::MAX),
                }
            });
            let Some((no_slip, percent)) = best.min() else {
                self.finder.drop(
                    self.grid,
                    (self.total, column),
                    "figures of its parts are missing or of other units",
                );
                continue;
            };
            match self.weight(column, !no_slip, percent) {
                Weight::Error => self.emit("table-total", column, &failed),
                Weight::Warning => self.emit("table-total-far", column, &failed),
                Weight::None => {
                    self.finder.drop(
                        self.grid,
                        (self.total, column),
                        "not said to be the sum of the rows listed",
                    );
                }
            }
        }
    }

    /// Whether a total misses what its parts add up to as they are written, and only the digits that round numbers
    /// leave out (4 among 2.8 and 0.6) let it stand.
    fn misses_as_written(&self, column: usize, holding: usize) -> bool {
        let plain = self.kinds[self.total] == RowKind::Total && self.closes() && !self.grid.is_flipped();
        plain
            && self.is_off(&self.partitions[holding], column) == Some(true)
            && self.partitions.iter().all(|parts| self.is_off(parts, column) != Some(false))
    }

    /// The same for one list; none where figures are missing, hedged or all of one precision.
    fn is_off(&self, parts: &Partition, column: usize) -> Option<bool> {
        let total = self.stated(column).filter(|total| !total.is_percent())?;
        let mut sum = rust_decimal::Decimal::ZERO;
        let mut steps = vec![total.written()?.step];
        for part in parts {
            let part = self.part(*part, column).filter(|part| !part.quantity.approximate)?;
            let written = part.written().filter(|_| part.bounds().is_some())?;
            sum = sum.checked_add(written.value)?;
            steps.push(written.step);
        }
        let finest = *steps.iter().min().filter(|step| !step.is_zero())?;
        let mixed = steps[0] == finest && steps.iter().any(|step| *step > finest);
        let off = (sum - total.value()?).abs();
        (mixed && parts.len() <= FEW_PARTS).then_some(off >= finest * rust_decimal::Decimal::TWO)
    }

    /// Whether the rows are all there are, so that columns that were proven speak for the others.
    fn is_whole(&self, most: usize) -> bool {
        most >= 2 || !self.grid.caption.has(TableWord::Excerpt)
    }

    fn stated(&self, column: usize) -> Option<&CellFigure> {
        let words = self.grid.columns()[column].words;
        let bill = self.grid.is_flipped() || !words.has(TableWord::Price) || self.closes();
        self.grid.figure(self.total, column).filter(|figure| bill && self.may_be_sum(figure, column))
    }

    /// Whether the total is the last row.
    fn closes(&self) -> bool {
        !self.kinds[self.total + 1..].contains(&RowKind::Item)
    }

    /// An amount, or a share of a column of shares.
    fn may_be_sum(&self, figure: &CellFigure, column: usize) -> bool {
        if figure.is_amount() || matches!(figure.quantity.unit, Unit::PercentagePoint | Unit::BasisPoint) {
            return true;
        }
        if !figure.is_percent() || self.grid.is_flipped() {
            return figure.quantity.kind == crate::quantity::Kind::Duration;
        }
        let shares = self.grid.columns()[column].words.has_any(&[
            TableWord::Share,
            TableWord::Weight,
            TableWord::Probability,
        ]);
        shares || figure.value() == Some(rust_decimal::Decimal::ONE_HUNDRED)
    }

    fn part(&self, (row, less): (usize, bool), column: usize) -> Option<CellFigure> {
        let figure = self.grid.figure(row, column)?;
        // (153) and -34 are written with their sign already.
        let unsigned = figure.value().is_none_or(|value| value.is_sign_positive());
        Some(if less && unsigned { figure.negated() } else { *figure })
    }

    fn sum(&self, parts: &Partition, column: usize) -> Sum {
        let Some(total) = self.stated(column) else { return Sum::Unknown };
        let mut sum = Bounds::ZERO;
        let mut figures = Vec::with_capacity(parts.len());
        for part in parts {
            let Some(figure) = self.part(*part, column) else { return Sum::Unknown };
            if !comparable(&total.quantity, &figure.quantity) {
                return Sum::Unknown;
            }
            let Some(bounds) = figure.bounds() else { return Sum::Unknown };
            sum = sum.add(bounds);
            figures.push(figure);
        }
        let Some(stated) = total.bounds() else { return Sum::Unknown };
        let telling =
            figures.iter().filter(|figure| figure.value().is_some_and(|value| !value.is_zero())).count();
        if stated.meets(sum) {
            return if telling >= 2 { Sum::Holds } else { Sum::Unknown };
        }
        if telling < 2 {
            return Sum::Unknown;
        }
        Sum::Fails { percent: stated.percent_off(sum), slip: slipped(total, &figures, stated, sum) }
    }

    /// How much a total weighs that is not the sum of any rows and that no other column proves.
    fn weight(&self, column: usize, slip: bool, percent: u32) -> Weight {
        if self.grid.is_flipped() {
            return Weight::None;
        }
        let near = i64::from(percent) <= NEAR;
        let last = self.closes();
        let excerpt = self.grid.caption.has(TableWord::Excerpt);
        let share = self.grid.figure(self.total, column).is_some_and(CellFigure::is_percent);
        let follows_total = self.total > 0 && self.kinds[self.total - 1].is_total();
        match self.kinds[self.total] {
            RowKind::Total if share => Weight::Error,
            RowKind::Total if last && !excerpt && (slip || near) => Weight::Error,
            RowKind::Total if last => Weight::Warning,
            RowKind::Subtotal if slip || near => Weight::Error,
            RowKind::NamedTotal
                if last
                    && slip
                    && !share
                    && !follows_total
                    && !excerpt
                    && !self.lists_measures()
                    && self.precise(column) =>
            {
                Weight::Error
            }
            _ => Weight::None,
        }
    }

    /// Whether the rows are different things that are measured, and no parts of one.
    fn lists_measures(&self) -> bool {
        self.grid.corner.has(TableWord::Metric)
    }

    /// Whether a total has so many digits that a slip that explains it is no chance.
    fn precise(&self, column: usize) -> bool {
        let figure = self.stated(column).and_then(CellFigure::written);
        figure.is_some_and(|figure| figure.value.abs() >= figure.step * rust_decimal::Decimal::ONE_HUNDRED)
    }

    /// The rows that no row above is the sum of, where they make the total: a list whose groups are not marked.
    fn outer_parts(&self, column: usize) -> Option<Partition> {
        let first = self.partitions.iter().max_by_key(|parts| parts.len())?;
        let values: Vec<Bounds> =
            first.iter().map(|part| self.part(*part, column)?.bounds()).collect::<Option<_>>()?;
        let mut outer = Vec::new();
        let mut at = 0;
        while at < values.len() {
            outer.push(first[at]);
            let mut sum = Bounds::ZERO;
            let mut inside = 0;
            for (count, value) in values[at + 1..].iter().take(GROUP).enumerate() {
                sum = sum.add(*value);
                if count > 0 && sum.meets(values[at]) {
                    inside = count + 1;
                    break;
                }
            }
            at += 1 + inside;
        }
        let smaller = outer.len() < first.len() && outer.len() >= 2;
        (smaller && matches!(self.sum(&outer, column), Sum::Holds)).then_some(outer)
    }

    fn emit(&mut self, relation: &str, column: usize, partitions: &[usize]) {
        let lists: Vec<Partition> =
            partitions.iter().map(|number| self.partitions[*number].clone()).collect();
        self.emit_parts(relation, column, &lists);
    }

    fn emit_parts(&mut self, relation: &str, column: usize, lists: &[Partition]) {
        let Some(total) = self.stated(column).copied() else { return };
        let readings = lists
            .iter()
            .filter_map(|list| {
                let parts = list.iter().map(|part| self.part(*part, column));
                let parts: Option<Vec<CellFigure>> = parts.collect();
                let mut fillers: Vec<_> = parts?.iter().map(|part| ("parts", part.filler())).collect();
                fillers.push(("total", total.filler()));
                Some(fillers)
            })
            .collect();
        self.finder.group(relation, &total, readings);
    }
}

enum Weight {
    Error,
    Warning,
    None,
}

/// Parts whose roundings seldom add up to two units of the last digit.
const FEW_PARTS: usize = 6;

/// Rows of a group below its own sum.
const GROUP: usize = 8;

/// Figures of a sum in which a slip is looked for.
const SUSPECTS: usize = 40;

/// Whether one slip in the total or in one part makes the sum hold.
fn slipped(total: &CellFigure, parts: &[CellFigure], stated: Bounds, sum: Bounds) -> bool {
    if slip::leads_to(total, sum) {
        return true;
    }
    parts.iter().take(SUSPECTS).any(|part| {
        let others = |own: Bounds| sum.subtract(Bounds::point(own.middle()));
        part.bounds().is_some_and(|own| slip::leads_to(part, stated.subtract(others(own))))
    })
}
