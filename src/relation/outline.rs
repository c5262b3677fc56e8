//! What a phrase still asks for from each of its pieces on: most starts fail at a glance at the next word or figure
//! that it needs.

use super::matcher::{LONGEST_SKIP, NARROW_GAP, SentenceView, WIDE_GAP, outer_start};
use super::model::{Role, RoleType};
use super::pattern::Takes;
use super::phrasebook::Piece;
use crate::lexicon::ClassId;

/// What a phrase needs, and from where on it needs what.
#[derive(Clone, Debug, Default)]
pub(super) struct Outline {
    /// Classes that must be in the sentence, in the order of the phrase.
    pub classes: Vec<ClassId>,
    /// The types of the figures that must be in the sentence.
    pub kinds: Vec<RoleType>,
    /// By piece: the next word and the next figure that may not be missing.
    ahead: Vec<[Option<Need>; 2]>,
}

/// Something that a phrase needs further on.
#[derive(Clone, Copy, Debug)]
struct Need {
    what: Needed,
    reach: Reach,
}

#[derive(Clone, Copy, Debug)]
enum Needed {
    Word(ClassId),
    Figure(RoleType),
}

/// How far ahead it may stand; `None` for as far as the sentence goes.
#[derive(Clone, Copy, Debug)]
struct Reach {
    bytes: Option<usize>,
    /// Figures and words that may lie between, none longer than the longest of the sentence.
    figures: usize,
    words: usize,
}

impl Outline {
    pub fn of(pieces: &[(Piece, bool)], roles: &[Role]) -> Self {
        let needed = pieces.iter().filter(|(_, optional)| !optional).map(|(piece, _)| needed(piece, roles));
        let (mut classes, mut kinds) = (Vec::new(), Vec::new());
        for need in needed.flatten() {
            match need {
                Needed::Word(class) => classes.push(class),
                Needed::Figure(kind) if !kinds.contains(&kind) => kinds.push(kind),
                Needed::Figure(_) => {}
            }
        }
        let ahead = (0..pieces.len()).map(|from| {
            let word = |need: &Needed| matches!(need, Needed::Word(_));
            [next(&pieces[from..], roles, word), next(&pieces[from..], roles, |need| !word(need))]
        });
        Self { classes, kinds, ahead: ahead.collect() }
    }
}

/// What a piece asks for by itself.
fn needed(piece: &Piece, roles: &[Role]) -> Option<Needed> {
    match piece {
        Piece::Class { class, .. } => Some(Needed::Word(*class)),
        Piece::Slot { role, .. } => Some(Needed::Figure(roles[*role].kind)),
        Piece::Passed { kind } => Some(Needed::Figure(*kind)),
        Piece::Names { .. }
        | Piece::Named { .. }
        | Piece::Namesake { .. }
        | Piece::Pause
        | Piece::Gap { .. } => None,
    }
}

/// The first need of one sort among the pieces that may not be missing.
fn next(pieces: &[(Piece, bool)], roles: &[Role], wanted: impl Fn(&Needed) -> bool) -> Option<Need> {
    let mut reach = Reach { bytes: Some(0), figures: 0, words: 0 };
    for (piece, optional) in pieces {
        reach.pass(LONGEST_SKIP + MOST_BYTES);
        if let Some(what) = needed(piece, roles).filter(|need| !optional && wanted(need)) {
            return Some(Need { what, reach });
        }
        match piece {
            Piece::Class { .. } => reach.words += 1,
            Piece::Slot { takes: Takes::One, .. } | Piece::Passed { .. } => reach.figures += 1,
            Piece::Pause => reach.pass(LONGEST_SKIP),
            Piece::Gap { wide } => reach.pass(if *wide { WIDE_GAP } else { NARROW_GAP }),
            Piece::Slot { .. } | Piece::Names { .. } | Piece::Named { .. } | Piece::Namesake { .. } => {
                reach.bytes = None;
            }
        }
    }
    None
}

/// The bytes of one character.
const MOST_BYTES: usize = 4;

impl Reach {
    fn pass(&mut self, length: usize) {
        self.bytes = self.bytes.map(|bytes| bytes + length);
    }
}

impl SentenceView<'_> {
    /// Whether the sentence has all that a phrase needs: the words in its order, and figures of its types.
    pub fn may_hold(&self, outline: &Outline) -> bool {
        let mut pos = 0;
        let in_order = outline.classes.iter().all(|class| {
            let next = self.words.from(*class, pos).first();
            next.is_some_and(|hit| {
                pos = hit.span.start + 1;
                true
            })
        });
        in_order && outline.kinds.iter().all(|kind| self.kinds.iter().any(|kinds| kinds & kind.bit() != 0))
    }

    /// Whether what the phrase needs from a piece on can stand near enough.
    pub(super) fn is_in_reach(&self, outline: &Outline, at: usize, pos: usize) -> bool {
        let Some(needs) = outline.ahead.get(at) else { return true };
        needs.iter().flatten().all(|need| {
            let limit = need.reach.bytes.map_or(self.span.end, |bytes| {
                pos + bytes + need.reach.figures * self.longest_figure + need.reach.words * self.longest_word
            });
            match need.what {
                Needed::Word(class) => {
                    self.words.from(class, pos).first().is_some_and(|hit| hit.span.start <= limit)
                }
                Needed::Figure(kind) => {
                    let from = self.quantities.partition_point(|quantity| quantity.span.start < pos);
                    let ahead = self.quantities[from..].iter().zip(&self.kinds[from..]);
                    let mut near = ahead.take_while(|(quantity, _)| outer_start(quantity) <= limit);
                    near.any(|(_, kinds)| kinds & kind.bit() != 0)
                }
            }
        })
    }
}
