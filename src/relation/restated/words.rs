use crate::lexicon::{ClassId, Hits, LexiconBuilder};
use crate::source::Span;

/// The word lists that tell whether two places speak of the same fact, from `lexicons/restated.toml`.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::relation) struct RestatedWords {
    /// 目标, 上一轮, peak: the figure is another one than the one that the measure's name alone means.
    another_figure: Option<ClassId>,
    /// 的, 's: between the name of a row and the name of what is told of it.
    leads: Option<ClassId>,
    /// 备注, notes: a column that says more of what the row is about.
    note_column: Option<ClassId>,
    /// 情景, case: the heading speaks of what may be, or of one of many.
    case_heading: Option<ClassId>,
    /// 合计, together, respectively: a list of names shares its figure, or each has its own.
    together: Option<ClassId>,
    /// 机构, scenario: the rows are estimates of one thing.
    alternatives: Option<ClassId>,
    /// 金额, value: a heading that does not say what is measured.
    no_measure: Option<ClassId>,
    /// 原因, risks: what lists are lists of.
    list_noun: Option<ClassId>,
    /// 如下, following: what is announced comes next.
    follows: Option<ClassId>,
    /// 引用来源数, sources used.
    sources_counted: Option<ClassId>,
    /// 参考文献, references: the heading above a list of sources.
    sources_heading: Option<ClassId>,
    /// 主要, selected: a list that is not whole.
    excerpt: Option<ClassId>,
}

/// What a word says of a figure or a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Says {
    AnotherFigure,
    NoteColumn,
    CaseHeading,
    Together,
    Alternatives,
    NoMeasure,
    ListNoun,
    Follows,
    SourcesCounted,
    SourcesHeading,
    Excerpt,
}

impl RestatedWords {
    pub(in crate::relation) fn of(lexicon: &LexiconBuilder) -> Self {
        Self {
            another_figure: lexicon.find("another-figure"),
            leads: lexicon.find("leads-to-name"),
            note_column: lexicon.find("note-column"),
            case_heading: lexicon.find("case-heading"),
            together: lexicon.find("taken-together"),
            alternatives: lexicon.find("alternative-estimates"),
            no_measure: lexicon.find("no-measure-heading"),
            list_noun: lexicon.find("list-noun"),
            follows: lexicon.find("list-follows"),
            sources_counted: lexicon.find("sources-counted"),
            sources_heading: lexicon.find("sources-heading"),
            excerpt: lexicon.find("list-excerpt"),
        }
    }

    /// The words between two names.
    pub(super) fn leads(self) -> Option<ClassId> {
        self.leads
    }

    fn class(self, says: Says) -> Option<ClassId> {
        match says {
            Says::AnotherFigure => self.another_figure,
            Says::NoteColumn => self.note_column,
            Says::CaseHeading => self.case_heading,
            Says::Together => self.together,
            Says::Alternatives => self.alternatives,
            Says::NoMeasure => self.no_measure,
            Says::ListNoun => self.list_noun,
            Says::Follows => self.follows,
            Says::SourcesCounted => self.sources_counted,
            Says::SourcesHeading => self.sources_heading,
            Says::Excerpt => self.excerpt,
        }
    }

    /// Whether a word that says so stands in a place.
    pub(super) fn say(self, hits: &Hits, place: Span, says: Says) -> bool {
        self.class(says).is_some_and(|class| hits.has(class, place))
    }

    /// Whether a place is such a word and nothing else.
    pub(super) fn is(self, hits: &Hits, place: Span, says: Says) -> bool {
        self.find(hits, place, says).contains(&place)
    }

    /// The words in a place that say so.
    pub(super) fn find(self, hits: &Hits, place: Span, says: Says) -> Vec<Span> {
        let Some(class) = self.class(says) else { return Vec::new() };
        let inside = hits.within(place).of(class).filter(|hit| hit.span.end <= place.end);
        inside.map(|hit| hit.span).collect()
    }
}
