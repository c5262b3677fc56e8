use crate::lexicon::{ClassId, HitSlice, LexiconBuilder};

/// The word lists that tell the parts of an argument, by name.
#[derive(Clone, Debug, Default)]
pub struct ArgumentWords {
    pub(super) conclusion_heading: Option<ClassId>,
    pub(super) evidence_heading: Option<ClassId>,
    pub(super) objection_heading: Option<ClassId>,
    pub(super) evidence_reference: Option<ClassId>,
    pub(super) objection_label: Option<ClassId>,
    /// What an objection has and a mere repetition has not: but, whether, overlooks.
    pub challenge: Option<ClassId>,
    /// Who or what a figure comes from.
    pub source: Option<ClassId>,
    /// The author whose argument the report retells: no source of its own.
    pub author: Option<ClassId>,
    /// Everybody, all signs.
    pub universal: Option<ClassId>,
    /// Words that stand for a company named before.
    pub stand_in: Option<ClassId>,
    /// Far above.
    pub far_above: Option<ClassId>,
    /// Above, by whatever much.
    pub above: Option<ClassId>,
    /// Who says something: says, argues, according to.
    pub speaker: Option<ClassId>,
}

impl ArgumentWords {
    /// Looks the lists up; where one is missing, what needs it finds nothing.
    pub fn find(lexicon: &LexiconBuilder) -> Self {
        let class = |name| lexicon.find(name);
        Self {
            conclusion_heading: class("conclusion-heading"),
            evidence_heading: class("evidence-heading"),
            objection_heading: class("objection-heading"),
            evidence_reference: class("evidence-reference"),
            objection_label: class("objection-label"),
            challenge: class("challenge"),
            source: class("figure-source"),
            author: class("author"),
            universal: class("universal-agents"),
            stand_in: class("stand-in-subject"),
            far_above: class("far-above"),
            above: class("above"),
            speaker: class("speaker"),
        }
    }
}

/// Whether a word of the list stands among the words.
pub(super) fn has(words: HitSlice<'_>, class: Option<ClassId>, end: usize) -> bool {
    class.is_some_and(|class| words.has(class, end))
}
