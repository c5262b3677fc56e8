//! The conclusion and what it rests on.

use std::collections::HashSet;

use super::{at, has, head, is_argued, name, parts};
use crate::argument::PartKind;
use crate::check::bindings::{Scene, clean};
use crate::check::structure::Occurrence;
use crate::document::{BlockKind, Role};
use crate::quantity::Kind;
use crate::source::Span;

/// Off the subject is an item among others that are on it; so many of a hundred at most.
const MOST_OFF: usize = 34;
/// Terms, and names, that are looked for.
const MOST_TERMS: usize = 64;
/// Fewer items say nothing of what a report does as a rule.
const FEWEST: usize = 3;

/// An argument with no item of evidence at all, in a report that is built to have some.
pub(super) fn without_evidence(scene: &Scene<'_>) -> Vec<Occurrence> {
    let document = scene.document;
    let states = |role| {
        let says = |kind: BlockKind| !matches!(kind, BlockKind::Heading { .. } | BlockKind::Code);
        document.blocks.iter().any(|block| block.role == role && says(block.kind))
    };
    let built = document
        .sections
        .iter()
        .any(|section| matches!(section.role, Role::Evidence | Role::Reasoning | Role::Audit));
    if !built || !states(Role::Argument) || states(Role::Evidence) {
        return Vec::new();
    }
    let heading = |role| document.sections.iter().find(|section| section.role == role);
    let place = heading(Role::Evidence).or_else(|| heading(Role::Argument));
    place.map(|section| at(section.heading, clean(section.heading.of(&document.text)))).into_iter().collect()
}

/// Terms that the argument coins, in quotation marks or with an abbreviation, and that no evidence takes up.
pub(super) fn unsupported_terms(scene: &Scene<'_>) -> Vec<Occurrence> {
    if !is_argued(scene) {
        return Vec::new();
    }
    let text = &scene.document.text;
    let elsewhere = |kind| -> String {
        parts(scene, kind).map(|(_, part)| part.span.of(text).to_lowercase() + "\n").collect()
    };
    let evidence = elsewhere(PartKind::Evidence) + &elsewhere(PartKind::Step);
    if parts(scene, PartKind::Evidence).count() < FEWEST {
        return Vec::new();
    }
    let mut found = Vec::new();
    let mut seen = HashSet::new();
    for (_, part) in parts(scene, PartKind::Conclusion) {
        for term in terms(text, part.span) {
            if seen.len() >= MOST_TERMS {
                return found;
            }
            if !seen.insert(term.names[0]) {
                continue;
            }
            let supported = term.names.iter().any(|name| is_taken_up(&name.to_lowercase(), &evidence));
            if !supported {
                found.push(at(term.span, clean(term.span.of(text))));
            }
        }
    }
    found
}

/// A term with its names: “错失恐惧症”（FOMO）.
struct Term<'t> {
    span: Span,
    names: Vec<&'t str>,
}

const QUOTES: [(char, char); 4] = [('“', '”'), ('「', '」'), ('『', '』'), ('"', '"')];
/// Longer ones quote somebody.
const LONGEST_TERM: usize = 12;

fn terms(text: &str, span: Span) -> Vec<Term<'_>> {
    let mut terms = Vec::new();
    let mut at = span.start;
    while let Some(open) = text[at..span.end].find(QUOTES.map(|(open, _)| open)) {
        let start = at + open;
        let Some(opening) = text[start..].chars().next() else { break };
        let inner = start + opening.len_utf8();
        at = inner;
        let closing = QUOTES.iter().find(|(open, _)| *open == opening).map_or(opening, |(_, close)| *close);
        let Some(length) = text[inner..span.end].find(closing) else { continue };
        let name = &text[inner..inner + length];
        let behind = inner + length + closing.len_utf8();
        at = behind;
        if !is_term(name) {
            continue;
        }
        let (bracket, end) = bracketed(text, behind, span.end);
        let names = std::iter::once(name).chain(bracket).collect();
        terms.push(Term { span: Span::new(start, end), names });
    }
    terms
}

/// A few words that name something; no sentence and no figure.
fn is_term(name: &str) -> bool {
    let han = name.chars().filter(|c| !c.is_ascii() && c.is_alphabetic()).count();
    let words = name.split_whitespace().count();
    let fits =
        if han > 0 { (2..=LONGEST_TERM).contains(&name.chars().count()) } else { (2..=4).contains(&words) };
    // “不被甩下” says something; it names nothing.
    let says = name.starts_with(|c| "不没别要想能会让把被怕买卖等再先只".contains(c));
    fits && !says
        && name.chars().all(|c| c.is_alphanumeric() || " -‑·/'’".contains(c))
        && name.chars().any(char::is_alphabetic)
}

/// What stands in brackets right behind, and where it ends.
fn bracketed(text: &str, from: usize, end: usize) -> (Option<&str>, usize) {
    let rest = &text[from..end];
    let inner = rest.trim_start();
    let Some(body) = inner.strip_prefix(['（', '(']) else { return (None, from) };
    let start = end - body.len();
    match body.find(['）', ')']) {
        Some(length) if length <= 40 => {
            let close = body[length..].chars().next().map_or(0, char::len_utf8);
            (Some(&body[..length]), start + length + close)
        }
        _ => (None, from),
    }
}

/// Whether the evidence has the term, or the larger part of it.
fn is_taken_up(term: &str, evidence: &str) -> bool {
    if evidence.contains(term) {
        return true;
    }
    if !term.contains(is_han) {
        let words: Vec<&str> = term.split([' ', '-', '’', '\'']).filter(|word| word.len() >= 4).collect();
        return !words.is_empty() && words.iter().all(|word| evidence.contains(word.trim_end_matches('s')));
    }
    let chars: Vec<char> = term.chars().collect();
    let pairs: Vec<String> = chars.windows(2).map(|pair| pair.iter().collect()).collect();
    let known = pairs.iter().filter(|pair| evidence.contains(pair.as_str())).count();
    2 * known >= pairs.len() && pairs.len() > 1
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}')
}

/// Items of evidence that name none of those whom the argument is about.
pub(super) fn off_subject(scene: &Scene<'_>) -> Vec<Occurrence> {
    if !is_argued(scene) {
        return Vec::new();
    }
    let (document, reading) = (scene.document, scene.reading);
    let mut entities = HashSet::new();
    let mut names: HashSet<String> = HashSet::new();
    for (_, part) in parts(scene, PartKind::Conclusion) {
        entities.extend(mentions(scene, part.span));
        names.extend(capitalised(part.span.of(&document.text)));
        let listed = super::diagram::name_lists(&document.text, part.span);
        names.extend(
            listed
                .into_iter()
                .flat_map(|(_, list)| list)
                .filter(|name| name.contains(char::is_alphabetic))
                .map(str::to_owned),
        );
    }
    names.extend(
        entities
            .iter()
            .map(|entity: &crate::assertion::EntityId| reading.entity_names[entity.0 as usize].clone()),
    );
    let mut names: Vec<String> = names.into_iter().collect();
    names.sort_unstable();
    names.truncate(MOST_TERMS);
    if names.len() < 2 {
        return Vec::new();
    }
    let items: Vec<_> = parts(scene, PartKind::Evidence).collect();
    let argument = scene.argument();
    let is_off = |index: usize, span: Span| {
        let text = span.of(&document.text);
        !argument.shares_figure[index]
            && !has(scene, scene.words.stand_in, span)
            && !mentions(scene, span).any(|entity| entities.contains(&entity))
            && !names.iter().any(|name| text.contains(name.as_str()))
    };
    let off: Vec<_> = items.iter().filter(|(index, part)| is_off(*index, part.span)).collect();
    if items.len() < FEWEST || off.len() * 100 > items.len() * MOST_OFF {
        return Vec::new();
    }
    off.into_iter().map(|(_, part)| at(head(scene, part), name(scene, part))).collect()
}

fn mentions<'s>(scene: &'s Scene<'_>, span: Span) -> impl Iterator<Item = crate::assertion::EntityId> + 's {
    let mentions = &scene.reading.mentions;
    let first = mentions.partition_point(|(place, _)| place.start < span.start);
    mentions[first..].iter().take_while(move |(place, _)| place.start < span.end).map(|(_, entity)| *entity)
}

/// Latin names inside a text: words with a capital that do not open a sentence, none of them all capitals.
fn capitalised(text: &str) -> HashSet<String> {
    let mut names = HashSet::new();
    let mut before = '.';
    let mut start = None;
    let mut opens = true;
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        if c.is_ascii_alphanumeric() {
            if start.is_none() {
                start = Some(at);
                opens = matches!(before, '.' | '!' | '?' | '\n');
            }
        } else {
            if let Some(start) = start.take() {
                let word = &text[start..at];
                let capital = word.starts_with(|c: char| c.is_ascii_uppercase());
                let mixed = word.bytes().skip(1).any(|byte| byte.is_ascii_lowercase());
                if capital && mixed && word.len() >= 3 && !opens {
                    names.insert(word.to_owned());
                }
                before = 'a';
            }
            if !c.is_whitespace() || c == '\n' {
                before = c;
            }
        }
    }
    names
}

/// Evidence full of figures of which hardly any says where it comes from: one note for the report.
pub(super) fn sources_seldom_named(scene: &Scene<'_>) -> Vec<Occurrence> {
    let document = scene.document;
    if !is_argued(scene) {
        return Vec::new();
    }
    let with_figures = parts(scene, PartKind::Evidence).filter(|(_, part)| {
        let (_, inside) = scene.reading.quantities_within(part.span);
        inside.iter().any(|quantity| !matches!(quantity.kind, Kind::Date | Kind::Ordinal))
    });
    let items: Vec<Span> = with_figures.map(|(_, part)| part.span).collect();
    let named = |span: &&Span| {
        let text = span.of(&document.text);
        has(scene, scene.words.source, **span)
            || text.contains("](http")
            || text.contains("http://")
            || text.contains("https://")
    };
    let count = items.iter().filter(named).count();
    if items.len() < FEWEST || 2 * count >= items.len() {
        return Vec::new();
    }
    let heading = document.sections.iter().find(|section| section.role == Role::Evidence);
    let place = heading.map_or(items[0], |section| section.heading);
    vec![at(place, format!("{count}/{}", items.len()))]
}
