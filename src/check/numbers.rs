//! Relation rules: the arithmetic that a text states, redone.

use super::arithmetic::{self, Shown};
use super::bindings::{Bindings, Scene};
use super::engine::CompiledRule;
use super::repair::{self, Repair};
use crate::quantity::{Reading, rational};
use crate::relation::{Instance, Relation, RivalGroup};
use crate::rule::{Apart, Expression, Verdict};

/// A statement that does not hold.
pub(super) struct Contradiction<'a> {
    pub instance: &'a Instance,
    /// Contradicted even by the most generous reading.
    pub proven: bool,
    pub shown: Option<Shown>,
    pub repair: Option<Repair>,
}

/// The expressions of a rule.
#[derive(Clone, Copy)]
pub(super) struct Asked<'r> {
    /// What must hold.
    pub require: &'r Expression,
    /// Where the rule applies.
    pub when: Option<&'r Expression>,
    /// What holds when the key figure is meant in the other of percent and points.
    pub other_unit: Option<&'r Expression>,
    /// How far off figures of places that lie apart must be.
    pub apart: Option<&'r Apart>,
}

/// What a rule says of one statement.
pub(super) enum Outcome<'a> {
    /// Some reading of it holds.
    Holds,
    Contradicted(Contradiction<'a>),
    /// A role is missing, a guard spoke, or the numbers cannot be judged.
    CannotTell,
}

/// Judges every statement of the rule's relation.
///
/// A statement with several readings is contradicted only when none of them holds; the tightest one is shown.
pub(super) fn judge<'a>(
    rule: &CompiledRule,
    asked: &Asked<'_>,
    group: &'a RivalGroup,
    relation: &Relation,
    scene: &Scene<'_>,
) -> Outcome<'a> {
    let Asked { require, when, other_unit, apart } = *asked;
    let mut tightest: Option<(&Instance, bool)> = None;
    // The figure that bears the name is the one that is meant; the others beside it are rivals that could save it.
    let named = group.readings.iter().any(|instance| instance.named);
    for (number, instance) in group.readings.iter().enumerate() {
        if !applies(rule, instance, scene) {
            continue;
        }
        let bindings = Bindings::new(scene, relation, instance);
        if when.is_some_and(|when| when.evaluate(&bindings, Reading::Plain) != Verdict::Holds) {
            continue;
        }
        match require.evaluate(&bindings, Reading::Plain) {
            Verdict::Holds => return Outcome::Holds,
            Verdict::CannotTell => {
                if number == 0 {
                    return Outcome::CannotTell;
                }
            }
            Verdict::Contradicted if may_differ(require, &bindings, apart) => return Outcome::CannotTell,
            Verdict::Contradicted => {
                let proven = (!instance.inferred || named)
                    && require.evaluate(&bindings, Reading::Charitable) == Verdict::Contradicted;
                match &mut tightest {
                    None => tightest = Some((instance, proven)),
                    // One reading that rounding can save makes the whole statement no proof.
                    Some((_, all_proven)) => *all_proven &= proven,
                }
            }
        }
    }
    let Some((instance, proven)) = tightest else { return Outcome::CannotTell };
    let instance = if instance.inferred && !instance.named {
        likeliest(rule, require, group, relation, scene).unwrap_or(instance)
    } else {
        instance
    };
    let bindings = Bindings::new(scene, relation, instance);
    let shown = arithmetic::show(require, &bindings, Reading::Plain);
    let repair = other_unit
        .and_then(|other| repair::other_unit(other, &bindings))
        .or_else(|| repair::nearest(require, &bindings, shown.as_ref()));
    Outcome::Contradicted(Contradiction { instance, proven, shown, repair })
}

/// Whether the figures of an instance lie apart, and something else than a fault may explain how far off they are.
fn may_differ(require: &Expression, bindings: &Bindings<'_>, apart: Option<&Apart>) -> bool {
    let Some(apart) = apart.filter(|_| bindings.instance.inferred) else { return false };
    let expected = arithmetic::show(require, bindings, Reading::Plain).and_then(|shown| shown.expected);
    let distance = expected.and_then(|expected| expected.distance(bindings));
    distance.is_none_or(|distance| distance <= rational(apart.least) || distance >= rational(apart.most))
}

/// Of several figures that the sentences before offer, the one with which the statement comes nearest to holding.
fn likeliest<'a>(
    rule: &CompiledRule,
    require: &Expression,
    group: &'a RivalGroup,
    relation: &Relation,
    scene: &Scene<'_>,
) -> Option<&'a Instance> {
    let offered = group.readings.iter().filter(|instance| applies(rule, instance, scene));
    let ranked = offered.filter_map(|instance| {
        let bindings = Bindings::new(scene, relation, instance);
        let distance = arithmetic::show(require, &bindings, Reading::Plain)?.expected?.distance(&bindings)?;
        Some((distance, instance))
    });
    ranked.min_by(|a, b| a.0.cmp(&b.0)).map(|(_, instance)| instance)
}

/// Whether the rule looks at this part of the document and no guard word stands by.
fn applies(rule: &CompiledRule, instance: &Instance, scene: &Scene<'_>) -> bool {
    let sentence = scene.document.sentences[instance.sentence as usize];
    let block = &scene.document.blocks[sentence.block as usize];
    rule.applies_in(block.role) && !rule.guarded(scene, sentence.span, instance.span)
}
