use crate::lexicon::{ClassId, ClassMap, ClassSet, Hits, Lexicon, LexiconBuilder, Meanings};
use crate::source::Span;

/// What a word beside a figure says of how it is measured; each is a word list of `lexicons/bases.toml`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum BasisWord {
    /// TTM, trailing: the last twelve months.
    Trailing,
    /// NTM, forward: the next twelve months.
    Forward,
    /// 动态: the last quarter, made a year of.
    Annualised,
    /// Adjusted, non-GAAP, 扣非.
    Adjusted,
    /// GAAP, reported.
    Reported,
    /// 归母, attributable.
    Attributable,
    Diluted,
    /// Of a quarter, of a month.
    PartOfYear,
    /// Estimate, E, 预测, consensus.
    Forecast,
    /// Target, fair value: what may come to be.
    Supposed,
    /// 对应, implied: what another figure makes of it.
    Implied,
    /// Bull, bear, 悲观: what may come to be in one case.
    Scenario,
    /// 5Y average, median, 均值.
    Average,
    /// Industry, peers, 行业: somebody else's.
    Peers,
    /// 52-week high, lowest.
    Extreme,
    /// The one before: previous, 上期.
    Former,
    /// Growth, change, 同比: no level.
    Change,
    /// Historical, trend, 走势: of the past, or no level.
    History,
    /// % of, 占比: no level.
    Share,
    /// ADR, HK: another listing, perhaps in other money.
    Listing,
    /// Pro forma, excluding, 剔除: not the whole.
    Partial,
    /// Current, latest, 最新.
    Current,
}

impl BasisWord {
    const ALL: [(Self, &str); 22] = [
        (Self::Trailing, "basis-trailing"),
        (Self::Forward, "basis-forward"),
        (Self::Annualised, "basis-annualised"),
        (Self::Adjusted, "basis-adjusted"),
        (Self::Reported, "basis-reported"),
        (Self::Attributable, "basis-attributable"),
        (Self::Diluted, "basis-diluted"),
        (Self::PartOfYear, "basis-part-of-year"),
        (Self::Forecast, "basis-forecast"),
        (Self::Supposed, "basis-supposed"),
        (Self::Implied, "basis-implied"),
        (Self::Scenario, "basis-scenario"),
        (Self::Average, "basis-average"),
        (Self::Peers, "basis-peers"),
        (Self::Extreme, "basis-extreme"),
        (Self::Former, "basis-former"),
        (Self::Change, "basis-change"),
        (Self::History, "basis-history"),
        (Self::Share, "basis-share"),
        (Self::Listing, "basis-listing"),
        (Self::Partial, "basis-partial"),
        (Self::Current, "basis-current"),
    ];
}

/// The qualifiers of a figure.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Basis(u32);

impl Basis {
    pub fn has(self, word: BasisWord) -> bool {
        self.0 & (1 << word as u32) != 0
    }

    pub fn has_any(self, words: &[BasisWord]) -> bool {
        words.iter().any(|word| self.has(*word))
    }

    pub fn insert(&mut self, word: BasisWord) {
        self.0 |= 1 << word as u32;
    }

    pub fn join(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// A value of the measure itself, of the company itself: no change, no share, no mean of others.
    pub fn is_own_level(self) -> bool {
        let other = [
            BasisWord::Average,
            BasisWord::Peers,
            BasisWord::Extreme,
            BasisWord::Change,
            BasisWord::History,
            BasisWord::Share,
            BasisWord::Partial,
        ];
        !self.has_any(&other)
    }

    /// What the name of a metric may say of its basis: 扣非净利润, diluted EPS.
    pub(super) fn of_names(self) -> Self {
        let own = [BasisWord::Adjusted, BasisWord::Attributable, BasisWord::Diluted];
        let mut kept = Self::default();
        own.into_iter().filter(|word| self.has(*word)).for_each(|word| kept.insert(word));
        kept
    }

    /// What a heading says of all below it: that it is one case of several.
    pub(super) fn of_heading(self) -> Self {
        let mut kept = Self::default();
        if self.has(BasisWord::Scenario) {
            kept.insert(BasisWord::Scenario);
        }
        kept
    }

    pub fn without(self, word: BasisWord) -> Self {
        Self(self.0 & !(1 << word as u32))
    }

    /// The names of its words, for `extract --explain`.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        let said = BasisWord::ALL.into_iter().filter(move |(word, _)| self.has(*word));
        said.map(|(_, name)| name.trim_start_matches("basis-"))
    }
}

/// The word lists that facts are read with.
#[derive(Clone, Debug, Default)]
pub(in crate::relation) struct FactWords {
    bases: ClassMap<BasisWord>,
    /// What words mean in the lists that are named here.
    pub meanings: Meanings,
    /// Words in a label that do not change what it names: ratio, 数值, (R$B).
    pub filler: Option<ClassId>,
    /// Words that lead from a name to its figure: of, is, 为, 达到.
    pub link: Option<ClassId>,
    /// Words between a name and the figure that it moved to: rose, 同比增长.
    pub moved: Option<ClassId>,
    /// The last of them: to, 至.
    pub moved_to: Option<ClassId>,
    /// 同比, year over year.
    pub year_on_year: Option<ClassId>,
    /// Words before a name that do not make it another name: the, its, 公司, 的.
    pub before: Option<ClassId>,
}

impl FactWords {
    pub fn of(lexicon: &LexiconBuilder) -> Self {
        let all = BasisWord::ALL.iter();
        Self {
            bases: all.filter_map(|(word, name)| Some((lexicon.find(name)?, *word))).collect(),
            meanings: Meanings::default(),
            filler: lexicon.find("fact-filler"),
            link: lexicon.find("fact-link"),
            before: lexicon.find("fact-before"),
            moved: lexicon.find("fact-moved"),
            moved_to: lexicon.find("fact-moved-to"),
            year_on_year: lexicon.find("base-year"),
        }
    }

    /// Learns what each word means here, when all words are known.
    pub fn settle(&mut self, lexicon: &Lexicon) {
        let others = [self.filler, self.link, self.before, self.moved, self.moved_to].into_iter().flatten();
        let classes: ClassSet = self.bases.iter().map(|(class, _)| class).chain(others).collect();
        self.meanings = lexicon.meanings(&classes);
    }

    pub fn basis_of(&self, class: ClassId) -> Option<BasisWord> {
        self.bases.get(class)
    }

    /// The qualifiers that stand in a place.
    pub fn basis(&self, hits: &Hits, span: Span) -> Basis {
        let mut basis = Basis::default();
        self.qualifiers(hits, span).for_each(|(_, word)| basis.insert(word));
        basis
    }

    /// The same, each with the place of its word.
    pub fn qualifiers<'a>(
        &'a self,
        hits: &'a Hits,
        span: Span,
    ) -> impl Iterator<Item = (Span, BasisWord)> + 'a {
        let inside = hits.within(span).meaning(&self.meanings).iter();
        inside
            .filter(move |hit| hit.span.end <= span.end)
            .filter_map(|hit| Some((hit.span, self.basis_of(hit.class)?)))
    }
}
