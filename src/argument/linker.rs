//! Which part supports, repeats, challenges or illustrates which.

use std::collections::{BTreeMap, HashMap};

use super::features::{Feature, Features};
use super::numbering::numbers_after;
use super::words::ArgumentWords;
use super::{Ground, Link, LinkKind, Part, PartKind};
use crate::document::Document;
use crate::lexicon::Hits;

/// A feature that so many parts have says nothing of any two of them; with this, linking takes a fixed number of steps
/// for each word of the text.
const COMMONEST: usize = 24;

/// Thousandths of the shorter part's weight from which on words alone are a ground.
const ALIKE: u32 = 120;
/// From so many on it is the same said again.
const SAME: u32 = 800;

/// What two parts have in common.
#[derive(Default)]
struct Shared {
    weight: u32,
    grounds: Vec<Ground>,
}

/// All links, by kind, from and to.
pub(super) fn links(
    document: &Document,
    hits: &Hits,
    words: &ArgumentWords,
    parts: &[Part],
    features: &Features,
) -> Vec<Link> {
    let mut shared = shared_features(parts, features);
    add_numbers(document, hits, words, parts, &mut shared);
    let overlap = |from: usize, to: usize, weight: u32| {
        let lighter = features.weight_of_part[from].min(features.weight_of_part[to]).max(1);
        u32::try_from(u64::from(weight) * 1000 / u64::from(lighter)).unwrap_or(1000).min(1000)
    };
    let mut links = Vec::new();
    let mut by_source: BTreeMap<usize, Vec<Link>> = BTreeMap::new();
    for ((from, to), Shared { weight, mut grounds }) in shared {
        let Some(kind) = kind_between(&parts[from], &parts[to]) else { continue };
        let overlap = overlap(from, to, weight);
        if overlap >= ALIKE {
            grounds.push(Ground::Words);
        }
        grounds.sort_unstable();
        grounds.dedup();
        if grounds.is_empty() {
            continue;
        }
        let repeats = kind == LinkKind::Supports && overlap >= SAME;
        let kind = if repeats { LinkKind::Repeats } else { kind };
        by_source.entry(from).or_default().push(Link { from, to, kind, grounds, overlap });
    }
    for (_, mut own) in by_source {
        own.sort_by_key(|link| link.to);
        links.extend(closest(own));
    }
    links.sort_by_key(|link| (link.kind, link.from, link.to));
    links
}

/// Of what a part illustrates or challenges, the one it is closest to; of what it supports, all.
fn closest(own: Vec<Link>) -> Vec<Link> {
    let (single, mut kept): (Vec<Link>, Vec<Link>) =
        own.into_iter().partition(|link| matches!(link.kind, LinkKind::Illustrates | LinkKind::Challenges));
    let numbered = |link: &Link| link.grounds.contains(&Ground::Number);
    // The first of equals.
    let best = single.iter().rev().max_by_key(|link| (numbered(link), link.overlap)).cloned();
    kept.extend(single.into_iter().filter(|link| numbered(link) && Some(link) != best.as_ref()));
    kept.extend(best);
    kept
}

/// What a part of one kind can do to a part of another.
fn kind_between(from: &Part, to: &Part) -> Option<LinkKind> {
    use PartKind::{Conclusion, Evidence, Node, Objection, Step};
    match (from.kind, to.kind) {
        (Node, Objection) => from.objects.then_some(LinkKind::Illustrates),
        (Node, Conclusion | Evidence) => (!from.objects).then_some(LinkKind::Illustrates),
        (Evidence, Conclusion | Step) | (Step, Conclusion) => Some(LinkKind::Supports),
        (Objection, Conclusion | Evidence) => Some(LinkKind::Challenges),
        _ => None,
    }
}

fn shared_features(parts: &[Part], features: &Features) -> HashMap<(usize, usize), Shared> {
    let mut shared: HashMap<(usize, usize), Shared> = HashMap::new();
    for (from, own) in features.of_part.iter().enumerate() {
        for (feature, place) in own {
            let having = features.parts.get(feature).map_or(&[][..], Vec::as_slice);
            if having.len() > COMMONEST {
                continue;
            }
            let weight = features.weight(*feature);
            for &to in having.iter().filter(|to| **to != from) {
                if kind_between(&parts[from], &parts[to]).is_none() {
                    continue;
                }
                let pair = shared.entry((from, to)).or_default();
                pair.weight += weight;
                match feature {
                    Feature::Figure(_) => pair.grounds.push(Ground::Figure(*place)),
                    // What every part names joins none in particular.
                    Feature::Entity(_) | Feature::Word(_) => {
                        let named = matches!(feature, Feature::Entity(_)) || features.names.contains(feature);
                        if named && 2 * having.len() <= features.count + 1 {
                            pair.grounds.push(Ground::Entity(*place));
                        }
                    }
                }
            }
        }
    }
    shared
}

/// "Evidence 3" in a step or in the conclusion: item 3 supports it; in an objection: it challenges item 3.
fn add_numbers(
    document: &Document,
    hits: &Hits,
    words: &ArgumentWords,
    parts: &[Part],
    shared: &mut HashMap<(usize, usize), Shared>,
) {
    let Some(reference) = words.evidence_reference else { return };
    let items: HashMap<usize, usize> = parts
        .iter()
        .enumerate()
        .filter(|(_, part)| part.kind == PartKind::Evidence)
        .map(|(index, part)| (part.number, index))
        .collect();
    for (index, part) in parts.iter().enumerate() {
        for word in hits.within(part.span).of(reference) {
            for item in numbers_after(&document.prose, word.span, part.span.end) {
                let Some(&item) = items.get(&item) else { continue };
                let pair = match part.kind {
                    PartKind::Step | PartKind::Conclusion => (item, index),
                    PartKind::Objection | PartKind::Node => (index, item),
                    PartKind::Evidence => continue,
                };
                shared.entry(pair).or_default().grounds.push(Ground::Number);
            }
        }
    }
}
