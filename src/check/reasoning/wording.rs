//! Words that claim more agents, or a speaker, than the text names.

use std::collections::HashSet;

use super::{at, has, parts};
use crate::argument::PartKind;
use crate::check::bindings::Scene;
use crate::check::structure::Occurrence;
use crate::document::{Block, BlockKind, Role};
use crate::source::Span;

/// From so many named agents on, "all" has something to stand on.
const ENOUGH: usize = 3;

/// "All parties", "all signs", where the sentence names fewer than three.
pub(super) fn universals(scene: &Scene<'_>) -> Vec<Occurrence> {
    let Some(universal) = scene.words.universal else { return Vec::new() };
    if scene.hits.all().of(universal).next().is_none() {
        return Vec::new();
    }
    let kinds = [PartKind::Conclusion, PartKind::Evidence, PartKind::Step];
    let mut found = Vec::new();
    for (_, part) in kinds.into_iter().flat_map(|kind| parts(scene, kind)) {
        for word in scene.hits.within(part.span).of(universal) {
            let Some(sentence) = scene.document.sentence_at(word.span.start) else { continue };
            let sentence = scene.document.sentences[sentence].span;
            let first = scene.reading.mentions.partition_point(|(place, _)| place.start < sentence.start);
            let agents: HashSet<_> = scene.reading.mentions[first..]
                .iter()
                .take_while(|(place, _)| place.start < sentence.end)
                .map(|(_, entity)| entity)
                .collect();
            if agents.len() < ENOUGH {
                found.push(at(word.span, word.span.of(&scene.document.text).to_owned()));
            }
        }
    }
    found.sort_by_key(|occurrence| occurrence.span);
    found
}

/// Bytes to either side of a quotation in which its speaker is looked for.
const SPEAKER_REACH: usize = 160;
/// Characters of a quotation that can be speech.
const SHORTEST_SPEECH: usize = 10;

/// Quoted speech, where nobody near it speaks.
pub(super) fn quotes(scene: &Scene<'_>) -> Vec<Occurrence> {
    let blocks = scene.document.blocks.iter();
    let reads = |block: &&Block| {
        matches!(block.kind, BlockKind::Paragraph | BlockKind::ListItem { .. })
            && !matches!(block.role, Role::Source | Role::Metadata | Role::Diagram)
    };
    blocks.filter(reads).flat_map(|block| quotes_in(scene, block)).collect()
}

fn quotes_in(scene: &Scene<'_>, block: &Block) -> Vec<Occurrence> {
    let text = &scene.document.text;
    let mut found = Vec::new();
    let mut from = block.span.start;
    while let Some(open) = text[from..block.span.end].find('“') {
        let start = from + open;
        let inner = start + '“'.len_utf8();
        let Some(length) = text[inner..block.span.end].find('”') else { break };
        let end = inner + length + '”'.len_utf8();
        from = end;
        if is_speech(&text[inner..inner + length]) && !is_concept(&text[end..block.span.end]) {
            let before = text.floor_char_boundary(start.saturating_sub(SPEAKER_REACH)).max(block.span.start);
            let behind = text.floor_char_boundary(end + SPEAKER_REACH).min(block.span.end);
            let near = [Span::new(before, start), Span::new(end, behind.max(end))];
            let spoken = near.iter().any(|near| {
                has(scene, scene.words.speaker, *near)
                    || has(scene, scene.words.author, *near)
                    || names(scene, *near)
            });
            // "Altman: “…”": whoever stands before the colon speaks.
            let introduced = text[before..start].trim_end().ends_with([':', '：']);
            if !spoken && !introduced {
                found.push(at(Span::new(start, end), text[inner..inner + length].to_owned()));
            }
        }
    }
    found
}

fn names(scene: &Scene<'_>, span: Span) -> bool {
    let mentions = &scene.reading.mentions;
    let first = mentions.partition_point(|(place, _)| place.start < span.start);
    mentions.get(first).is_some_and(|(place, _)| place.start < span.end)
}

/// Whether a quotation is something that somebody said: long enough, with a person in it or an end of a sentence.
fn is_speech(quoted: &str) -> bool {
    let long = quoted.chars().count() >= SHORTEST_SPEECH;
    let ends = quoted.trim_end().ends_with(['。', '！', '？', '!', '?', '.', '，', ',']);
    let person = ["我", "你", "咱"].iter().any(|word| quoted.contains(word))
        || quoted
            .split(|c: char| !c.is_alphabetic())
            .any(|word| matches!(word, "I" | "we" | "We" | "you" | "our" | "my"));
    let words = quoted.split_whitespace().count();
    long && (ends || person) && (!quoted.is_ascii() || words >= 5)
}

/// “…”这一, “…”式: a notion, not speech.
fn is_concept(behind: &str) -> bool {
    ["这一", "这种", "这个", "的", "式", "型", "驱动", "模式", "策略", "战略"]
        .iter()
        .any(|word| behind.starts_with(word))
}
