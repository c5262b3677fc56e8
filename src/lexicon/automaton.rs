use std::collections::HashMap;

use aho_corasick::{AhoCorasick, BuildError, MatchKind};
use rust_decimal::Decimal;

use super::ClassId;
use crate::source::Span;

/// What a pattern of the automaton means.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Sense {
    pub class: ClassId,
    pub value: Option<Decimal>,
    /// Cancels hits of the class that it contains.
    pub guard: bool,
}

/// A word of a class, in a text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hit {
    pub class: ClassId,
    pub span: Span,
    /// What the word is worth: a direction, a factor.
    pub value: Option<Decimal>,
}

/// All hits of a text, by start; of equal starts the longer one first.
#[derive(Clone, Debug, Default)]
pub struct Hits(Vec<Hit>);

/// All word lists in one automaton.
#[derive(Debug)]
pub struct Lexicon {
    automaton: AhoCorasick,
    senses: Vec<Vec<Sense>>,
    names: Vec<String>,
    index: HashMap<String, ClassId>,
}

impl Lexicon {
    pub(super) fn new(
        patterns: &[String],
        senses: Vec<Vec<Sense>>,
        names: Vec<String>,
        index: HashMap<String, ClassId>,
    ) -> Result<Self, BuildError> {
        let automaton = AhoCorasick::builder()
            .match_kind(MatchKind::Standard)
            .ascii_case_insensitive(true)
            .build(patterns)?;
        Ok(Self { automaton, senses, names, index })
    }

    /// The class of that name.
    pub fn find(&self, name: &str) -> Option<ClassId> {
        self.index.get(name).copied()
    }

    /// The name of a class.
    pub fn name(&self, class: ClassId) -> &str {
        &self.names[usize::from(class.0)]
    }

    /// How many classes there are.
    pub fn class_count(&self) -> usize {
        self.names.len()
    }

    /// Finds every word of every class, overlapping ones too, less those inside a guard of their class.
    pub fn scan(&self, text: &str) -> Hits {
        let bytes = text.as_bytes();
        let mut hits = Vec::new();
        let mut guards: HashMap<ClassId, Vec<Span>> = HashMap::new();
        for found in self.automaton.find_overlapping_iter(text) {
            let span = Span::new(found.start(), found.end());
            if !stands_alone(bytes, span) {
                continue;
            }
            for sense in &self.senses[found.pattern().as_usize()] {
                if sense.guard {
                    guards.entry(sense.class).or_default().push(span);
                } else {
                    hits.push(Hit { class: sense.class, span, value: sense.value });
                }
            }
        }
        if !guards.is_empty() {
            // Guards come in order of their ends; a hit can only be inside one that ends at or after its own end.
            hits.retain(|hit| {
                let Some(spans) = guards.get(&hit.class) else { return true };
                let first = spans.partition_point(|guard| guard.end < hit.span.end);
                !spans[first..]
                    .iter()
                    .take_while(|guard| guard.end <= hit.span.end + LONGEST_GUARD)
                    .any(|guard| guard.contains(hit.span))
            });
        }
        hits.sort_by(|a, b| {
            a.span.start.cmp(&b.span.start).then(b.span.end.cmp(&a.span.end)).then(a.class.cmp(&b.class))
        });
        Hits(hits)
    }
}

/// How far behind a word the end of its guard may lie, in bytes.
const LONGEST_GUARD: usize = 64;

/// A Latin word must not go on at either end; Han needs no boundary.
fn stands_alone(bytes: &[u8], span: Span) -> bool {
    let word = |at: usize| bytes[at].is_ascii_alphanumeric();
    let open_before = span.start > 0 && word(span.start) && word(span.start - 1);
    let open_after = span.end < bytes.len() && word(span.end - 1) && word(span.end);
    !open_before && !open_after
}

impl Hits {
    /// Every hit, by start.
    pub fn all(&self) -> &[Hit] {
        &self.0
    }

    /// The hits that start inside `span`.
    pub fn within(&self, span: Span) -> &[Hit] {
        let from = self.0.partition_point(|hit| hit.span.start < span.start);
        let to = self.0.partition_point(|hit| hit.span.start < span.end);
        &self.0[from..to]
    }

    /// The hits that start exactly at `start`.
    pub fn at(&self, start: usize) -> impl Iterator<Item = &Hit> {
        let from = self.0.partition_point(|hit| hit.span.start < start);
        self.0[from..].iter().take_while(move |hit| hit.span.start == start)
    }

    /// Whether a word of the class lies wholly inside `span`.
    pub fn has(&self, class: ClassId, span: Span) -> bool {
        self.within(span).iter().any(|hit| hit.class == class && hit.span.end <= span.end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexicon::LexiconBuilder;
    use crate::source::DataFile;

    fn lexicon(text: &str) -> Lexicon {
        let file = DataFile { path: "lexicons/test.toml".into(), text: text.into() };
        LexiconBuilder::from_files(&[file]).unwrap().build().unwrap()
    }

    fn words<'t>(lexicon: &Lexicon, class: &str, text: &'t str) -> Vec<&'t str> {
        let class = lexicon.find(class).unwrap();
        let hits = lexicon.scan(text);
        hits.all().iter().filter(|hit| hit.class == class).map(|hit| hit.span.of(text)).collect()
    }

    #[test]
    fn latin_words_need_a_boundary_and_han_words_do_not() {
        let lexicon = lexicon("[class.rise]\nzh = ['涨']\nen = ['rose']\n");
        assert_eq!(words(&lexicon, "rise", "股价上涨了, prose Rose rosé rose"), ["涨", "Rose", "rose"]);
    }

    #[test]
    fn a_guard_cancels_what_it_contains_and_nothing_else() {
        let lexicon = lexicon("[class.over]\nzh = ['超']\nguards = ['超级', '超市']\n");
        assert_eq!(words(&lexicon, "over", "超级计算机超 5 台, 超市, 超"), ["超", "超"]);
    }

    #[test]
    fn a_union_has_the_words_and_values_of_its_members() {
        let lexicon = lexicon(
            "[class.move]\nany = ['rise', 'fall']\n[class.rise]\nvalue = '1'\nen = ['up']\n\
             [class.fall]\nvalue = '-1'\nen = ['down']\n",
        );
        let class = lexicon.find("move").unwrap();
        let values: Vec<_> = lexicon
            .scan("up and down")
            .all()
            .iter()
            .filter(|hit| hit.class == class)
            .map(|hit| hit.value.map(|value| value.to_string()))
            .collect();
        assert_eq!(values, [Some("1".into()), Some("-1".into())]);
    }

    #[test]
    fn an_unknown_member_is_named_with_its_place() {
        let file = DataFile {
            path: "lexicons/a.toml".into(),
            text: "[class.'涨跌']\nany = ['rize']\n[class.rise]\nzh = ['涨']\n".into(),
        };
        let faults = LexiconBuilder::from_files(std::slice::from_ref(&file)).err().unwrap();
        assert_eq!(faults[0].span.of(&file.text), "'rize'");
        assert_eq!(faults[0].help.as_deref(), Some("did you mean `rise`?"));
    }
}
