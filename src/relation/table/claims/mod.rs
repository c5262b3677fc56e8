//! What prose says of a table near it: the first of its rows, the mean and the range of its columns.

mod averages;
mod expected;
mod extremes;
mod growth;
mod notes;
mod place;
mod ranges;
mod side;
mod words;

pub(super) use words::ClaimWords;

use super::finder::Finder;
use super::grid::Grid;
use crate::assertion::clause_around;
use crate::document::{BlockKind, Role};
use crate::lexicon::{ClassId, ClassSet, Hit};
use crate::source::Span;
use place::Tables;

/// A word of prose that speaks of a table, with its clause.
#[derive(Clone, Copy)]
struct Claim {
    /// Index into the document's sentences.
    sentence: u32,
    sentence_span: Span,
    clause: Span,
    word: Span,
}

impl Claim {
    /// Whether a word of a list stands in its clause.
    fn has(self, finder: &Finder<'_>, class: Option<ClassId>) -> bool {
        class.is_some_and(|class| finder.scene.hits.has(class, self.clause))
    }

    /// Whether a word says that it is not about the table as it stands.
    fn is_silenced(self, finder: &Finder<'_>) -> bool {
        let scene = finder.scene;
        let words = &scene.words.claims;
        let except = words.except.is_some_and(|class| scene.hits.has(class, self.sentence_span));
        except || self.has(finder, words.guard)
    }
}

/// Looks at every sentence outside the tables that has such a word.
pub(super) fn find(finder: &mut Finder<'_>, grids: &[Option<Grid>]) {
    let scene = finder.scene;
    if scene.document.tables.is_empty() {
        return;
    }
    let words = &scene.words.claims;
    let kinds = [
        words.first,
        words.last,
        words.place,
        words.mean,
        words.median,
        words.expected,
        words.compound_growth,
        words.all,
        words.most_rows,
    ];
    let wanted: ClassSet = kinds.into_iter().flatten().collect();
    let hits: Vec<Hit> = scene.hits.all().of_any(&wanted).collect();
    let mut tables = Tables::of(scene, grids);
    let mut ranged: Option<u32> = None;
    let mut expected_until = 0;
    let mut growth_until = 0;
    for hit in hits {
        let Some(claim) = claim_at(finder, hit.span) else { continue };
        let is = |class: Option<ClassId>| class == Some(hit.class);
        if is(words.first) || is(words.last) {
            let sign = hit.value.unwrap_or_default();
            extremes::find(finder, &mut tables, claim, sign, 1);
        } else if is(words.place) {
            let place = hit.value.and_then(|place| u32::try_from(place).ok()).unwrap_or(1);
            extremes::find(finder, &mut tables, claim, rust_decimal::Decimal::ONE, place);
        } else if is(words.mean) {
            averages::find(finder, &mut tables, claim, averages::Kind::Mean);
        } else if is(words.median) {
            averages::find(finder, &mut tables, claim, averages::Kind::Median);
        } else if is(words.expected) {
            // Of words inside one another the first says it all.
            if hit.span.start >= expected_until {
                expected_until = hit.span.end;
                expected::find(finder, &mut tables, claim);
            }
        } else if is(words.compound_growth) {
            // Of words inside one another the first says it all.
            if hit.span.start >= growth_until {
                growth_until = hit.span.end;
                growth::find(finder, &mut tables, claim);
            }
        } else if ranged != Some(claim.sentence) {
            ranged = Some(claim.sentence);
            ranges::find(finder, &mut tables, claim, is(words.all));
        }
    }
    notes::find(finder, &mut tables);
}

/// The claim that a word or figure makes in running text.
fn claim_at(finder: &Finder<'_>, word: Span) -> Option<Claim> {
    let document = finder.scene.document;
    let number = document.sentence_at(word.start)?;
    let sentence = document.sentences[number];
    let block = &document.blocks[sentence.block as usize];
    let prose = matches!(block.kind, BlockKind::Paragraph | BlockKind::ListItem { .. } | BlockKind::Quote);
    (prose && block.role != Role::Source).then(|| Claim {
        sentence: u32::try_from(number).unwrap_or(u32::MAX),
        sentence_span: sentence.span,
        clause: clause_around(&document.prose, sentence.span, word),
        word,
    })
}
