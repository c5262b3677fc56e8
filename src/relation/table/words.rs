use super::claims::ClaimWords;
use crate::document::{BREAK, MARKUP};
use crate::lexicon::{ClassId, ClassMap, Hits, Lexicon, LexiconBuilder, Meanings};
use crate::source::Span;

/// What a word in a heading or a row's name says of the figures there; each is a word list of `lexicons/tables.toml`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(in crate::relation) enum TableWord {
    /// 合计, total.
    Total,
    /// 小计, subtotal.
    Subtotal,
    /// 其中, of which: part of the row above.
    OfWhich,
    /// 抵销, less: taken off.
    Less,
    /// Totals that are no plain sums: 去重, weighted, average.
    NoSum,
    /// 平均, median: a row that is no item.
    Average,
    /// 备注, memo: a row beside the sum.
    Memo,
    /// 其他, other: the rest, which makes a list complete.
    Rest,
    /// 占比, share, % of.
    Share,
    /// What a share's name says it is of all: of total, 占总.
    OfAll,
    /// 权重, weight: adds to one whole.
    Weight,
    /// 概率, probability: adds to one whole over scenarios.
    Probability,
    /// 情景, bull, base, bear.
    Scenario,
    /// 构成, breakdown: the parts of something are listed.
    Composition,
    /// 原因, distribution: kinds that may overlap.
    Breakdown,
    /// 前十, top, selected: only a part is listed.
    Excerpt,
    /// 增速, YoY, change in percent.
    Growth,
    /// 降幅, reduction: written without a sign.
    Reduction,
    /// 差额, difference, Δ.
    Difference,
    /// CAGR, 年复合.
    Compound,
    /// 率, margin, price, score, age: never added up.
    NotAdditive,
    /// 价格, price: added up only by a plain total.
    Price,
    /// 累计, cumulative.
    Cumulative,
    /// 排名, rank.
    Rank,
    /// 股价, price of a share.
    SharePrice,
    /// EPS and other figures of one share.
    PerShare,
    /// PE, PB: the price over a figure of one share.
    PriceMultiple,
    /// 加权, contribution, amount: may be the product of two columns.
    Product,
    /// Ratio: may be the quotient of two columns.
    Quotient,
    /// 港币, HK: the row's money may be another one's.
    Abroad,
    /// 指标, metric: the table is a list of different things.
    Metric,
    /// 内, within: a note that says the row is part of another.
    Within,
    /// 数量, number of: whole things.
    Count,
    /// 公式, calculation: formulas written out.
    Formula,
    /// 年份, year: the column holds years.
    Year,
    /// 年度, annual: so much in each year.
    PerYear,
    /// 每月, monthly: so much in each month.
    PerMonth,
    /// 目标, target: what a figure is held against.
    Target,
    /// 状态, status: whether the target is met.
    Status,
    /// 达标, achieved.
    Met,
    /// 未达标, missed, partly.
    Missed,
    /// 新增, added: what a figure grew by.
    Added,
    /// 总收入, net revenue: all of which the rows below are kinds.
    Whole,
    /// 成本, profit: no kind of revenue.
    Foreign,
    /// 上行空间, upside: how far a level lies from the price.
    Gap,
    /// 目标价, fair value: a level that the price may reach.
    Aim,
}

impl TableWord {
    const ALL: [(Self, &str); 46] = [
        (Self::Total, "table-total"),
        (Self::Subtotal, "table-subtotal"),
        (Self::OfWhich, "table-of-which"),
        (Self::Less, "table-less"),
        (Self::NoSum, "table-no-sum"),
        (Self::Average, "table-average"),
        (Self::Memo, "table-memo"),
        (Self::Rest, "table-rest"),
        (Self::Share, "table-share"),
        (Self::OfAll, "table-of-all"),
        (Self::Weight, "table-weight"),
        (Self::Probability, "table-probability"),
        (Self::Scenario, "table-scenario"),
        (Self::Composition, "table-composition"),
        (Self::Breakdown, "table-breakdown"),
        (Self::Excerpt, "table-excerpt"),
        (Self::Growth, "table-growth"),
        (Self::Reduction, "table-reduction"),
        (Self::Difference, "table-difference"),
        (Self::Compound, "table-compound"),
        (Self::NotAdditive, "table-not-additive"),
        (Self::Price, "table-price"),
        (Self::Cumulative, "table-cumulative"),
        (Self::Rank, "table-rank"),
        (Self::SharePrice, "table-share-price"),
        (Self::PerShare, "table-per-share"),
        (Self::PriceMultiple, "table-price-multiple"),
        (Self::Product, "table-product"),
        (Self::Quotient, "table-quotient"),
        (Self::Abroad, "table-abroad"),
        (Self::Metric, "table-metric"),
        (Self::Within, "table-within"),
        (Self::Count, "table-count"),
        (Self::Formula, "table-formula"),
        (Self::Year, "table-year"),
        (Self::PerYear, "table-per-year"),
        (Self::PerMonth, "table-per-month"),
        (Self::Target, "table-target"),
        (Self::Status, "table-status"),
        (Self::Met, "table-met"),
        (Self::Missed, "table-missed"),
        (Self::Added, "table-added"),
        (Self::Whole, "table-whole"),
        (Self::Foreign, "table-foreign"),
        (Self::Gap, "table-gap"),
        (Self::Aim, "table-aim"),
    ];
}

/// The words found in one place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::relation) struct WordSet(u64);

impl WordSet {
    pub fn has(self, word: TableWord) -> bool {
        self.0 & (1 << word as u64) != 0
    }

    pub fn has_any(self, words: &[TableWord]) -> bool {
        words.iter().any(|word| self.has(*word))
    }

    pub fn insert(&mut self, word: TableWord) {
        self.0 |= 1 << word as u64;
    }

    pub fn join(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// The word lists that tables are read with.
#[derive(Clone, Debug, Default)]
pub(in crate::relation) struct TableWords {
    words: ClassMap<TableWord>,
    /// By word.
    classes: Vec<Option<ClassId>>,
    /// What words mean in these lists.
    meanings: Meanings,
    /// Scales that a heading may name, by what they are worth.
    scale: Option<ClassId>,
    /// The words by which prose speaks of a table.
    pub(super) claims: ClaimWords,
}

impl TableWords {
    pub(in crate::relation) fn of(lexicon: &LexiconBuilder) -> Self {
        let mut classes = vec![None; TableWord::ALL.len()];
        let mut words = ClassMap::default();
        for (word, name) in TableWord::ALL {
            if let Some(class) = lexicon.find(name) {
                classes[word as usize] = Some(class);
                words.insert(class, word);
            }
        }
        Self {
            words,
            classes,
            meanings: Meanings::default(),
            scale: lexicon.find("table-scale"),
            claims: ClaimWords::of(lexicon),
        }
    }

    pub(in crate::relation) fn class(&self, word: TableWord) -> Option<ClassId> {
        self.classes.get(word as usize).copied().flatten()
    }

    /// Learns what each word means here, when all words are known.
    pub(in crate::relation) fn settle(&mut self, lexicon: &Lexicon) {
        self.meanings = lexicon.meanings(&self.words.classes());
    }

    /// The words that lie in a place.
    pub(in crate::relation) fn within(&self, hits: &Hits, span: Span) -> WordSet {
        let mut set = WordSet::default();
        let inside = hits.within(span).meaning(&self.meanings);
        for hit in inside.iter().filter(|hit| hit.span.end <= span.end) {
            if let Some(word) = self.words.get(hit.class) {
                set.insert(word);
            }
        }
        set
    }

    /// Whether a word lies in a place.
    pub(in crate::relation) fn has(&self, hits: &Hits, span: Span, wanted: TableWord) -> bool {
        self.class(wanted).is_some_and(|class| hits.has(class, span))
    }

    /// Where a word stands in a place: the longest of the first ones.
    pub(super) fn find(&self, hits: &Hits, span: Span, wanted: TableWord) -> Vec<Span> {
        let Some(class) = self.class(wanted) else { return Vec::new() };
        let found = hits.within(span).of(class).filter(|hit| hit.span.end <= span.end);
        found.map(|hit| hit.span).collect()
    }

    /// The scale that a heading names for all of its figures.
    pub(super) fn scale(&self, hits: &Hits, span: Span) -> Option<rust_decimal::Decimal> {
        self.scales(hits, span).next().map(|(_, scale)| scale)
    }

    /// Every word of a place that names a scale, with what it is worth.
    pub(in crate::relation) fn scales<'h>(
        &self,
        hits: &'h Hits,
        span: Span,
    ) -> impl Iterator<Item = (Span, rust_decimal::Decimal)> + 'h {
        let words = self.scale.into_iter().flat_map(move |class| hits.within(span).of(class));
        words.filter(move |hit| hit.span.end <= span.end).filter_map(|hit| Some((hit.span, hit.value?)))
    }
}

/// A place without the spaces and Markdown marks around it.
pub(in crate::relation) fn core(prose: &str, span: Span) -> Span {
    let blank = |c: char| c.is_whitespace() || c == char::from(MARKUP) || c == char::from(BREAK);
    let text = span.of(prose);
    let start = span.start + (text.len() - text.trim_start_matches(blank).len());
    let end = span.end - (text.len() - text.trim_end_matches(blank).len());
    Span::new(start, end.max(start))
}
