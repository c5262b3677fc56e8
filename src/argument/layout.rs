//! Which sections argue what, from their roles and their headings.

use super::model::Layout;
use super::words::{ArgumentWords, has};
use super::{PartKind, words};
use crate::document::{Document, Role};
use crate::lexicon::Hits;

/// What each section holds.
pub(super) struct SectionKinds {
    pub layout: Layout,
    /// By section.
    pub kinds: Vec<SectionKind>,
}

/// What a section holds, and the section whose heading says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct SectionKind {
    /// `None` where it is no part of the argument.
    pub kind: Option<PartKind>,
    /// Index of the section with the heading that decides.
    pub head: u32,
}

/// Reads the headings.
pub(super) fn of(document: &Document, hits: &Hits, words: &ArgumentWords) -> SectionKinds {
    let argued = [Role::Argument, Role::Evidence]
        .iter()
        .all(|role| document.sections.iter().any(|section| section.role == *role));
    let mut own: Vec<Option<PartKind>> = document
        .sections
        .iter()
        .map(|section| by_role(section.role, argued).or_else(|| by_heading(section.heading, hits, words)))
        .collect();
    if argued {
        // Where the report heads its argument, a summary or an outlook is none.
        for (kind, section) in own.iter_mut().zip(&document.sections) {
            if !matches!(section.role, Role::Argument | Role::Evidence | Role::Reasoning | Role::Audit) {
                *kind = None;
            }
        }
    } else if own
        .iter()
        .zip(&document.sections)
        .any(|(kind, section)| *kind == Some(PartKind::Conclusion) && section.role != Role::Summary)
    {
        // A recommendation is the conclusion; the summary before it only says it earlier.
        for (kind, section) in own.iter_mut().zip(&document.sections) {
            if section.role == Role::Summary {
                *kind = None;
            }
        }
    }
    let layout = match own.iter().flatten().any(|kind| *kind == PartKind::Conclusion) {
        _ if argued => Layout::Argued,
        true => Layout::Plain,
        false => Layout::Sections,
    };
    let mut kinds: Vec<SectionKind> = Vec::with_capacity(own.len());
    for (number, (kind, section)) in (0u32..).zip(own.into_iter().zip(&document.sections)) {
        let above = section.parent.and_then(|parent| kinds.get(parent as usize).copied());
        let inherited = above.filter(|above| above.kind.is_some() && kind.is_none());
        let rest = (layout != Layout::Argued && section.role != Role::Summary).then_some(PartKind::Evidence);
        kinds.push(match inherited {
            Some(above) => above,
            None => SectionKind { kind: kind.or(rest.filter(|_| section.level > 1)), head: number },
        });
    }
    SectionKinds { layout, kinds }
}

fn by_role(role: Role, argued: bool) -> Option<PartKind> {
    match role {
        Role::Argument => Some(PartKind::Conclusion),
        Role::Evidence => Some(PartKind::Evidence),
        Role::Reasoning => Some(PartKind::Step),
        Role::Audit => Some(PartKind::Objection),
        Role::Summary if !argued => Some(PartKind::Conclusion),
        _ => None,
    }
}

fn by_heading(heading: crate::source::Span, hits: &Hits, words: &words::ArgumentWords) -> Option<PartKind> {
    let inside = hits.within(heading);
    let has = |class| has(inside, class, heading.end);
    if has(words.objection_heading) {
        Some(PartKind::Objection)
    } else if has(words.conclusion_heading) {
        Some(PartKind::Conclusion)
    } else if has(words.evidence_heading) {
        Some(PartKind::Evidence)
    } else {
        None
    }
}
