use std::sync::Arc;

use fnv::FnvHashMap;

use super::hits::{Hits, Match, Meanings, Sense, Senses};
use super::trie::Trie;
use super::{ClassId, ClassSet};
use crate::source::Span;

/// How often a word of some list stands in running text.
const BYTES_PER_WORD: usize = 12;

/// All word lists, ready to be looked for at once.
#[derive(Debug)]
pub struct Lexicon {
    trie: Trie,
    senses: Arc<Senses>,
    index: FnvHashMap<String, ClassId>,
}

impl Lexicon {
    pub(super) fn new<W: AsRef<str>>(
        words: &[W],
        senses: Vec<Vec<Sense>>,
        index: FnvHashMap<String, ClassId>,
    ) -> Self {
        Self { trie: Trie::of(words), senses: Arc::new(Senses::of(senses)), index }
    }

    /// The class of that name.
    pub fn find(&self, name: &str) -> Option<ClassId> {
        self.index.get(name).copied()
    }

    /// What the words mean in some of the classes alone.
    pub fn meanings(&self, classes: &ClassSet) -> Meanings {
        Meanings(Arc::new(self.senses.narrowed(classes)))
    }

    /// Finds every word of every class, overlapping ones too, less those inside a guard of their class.
    pub fn scan(&self, text: &str) -> Hits {
        let matches = Vec::with_capacity(text.len() / BYTES_PER_WORD);
        let mut scan = Scan { lexicon: self, text, matches, cancelled: Vec::new(), guards: Vec::new() };
        let bytes = text.as_bytes();
        let mut at = 0;
        while let Some(&byte) = bytes.get(at) {
            if byte.is_ascii() {
                if let Some(node) = self.trie.start(char::from(byte.to_ascii_lowercase())) {
                    scan.words_at(at, at + 1, node, bytes);
                }
                at += 1;
                // A Latin word must not go on to the left; Han needs no boundary.
                if byte.is_ascii_alphanumeric() {
                    at += bytes[at..].iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
                }
                continue;
            }
            let Some(c) = text[at..].chars().next() else { break };
            let end = at + c.len_utf8();
            if let Some(node) = self.trie.start(c) {
                scan.words_at(at, end, node, bytes);
            }
            at = end;
        }
        Hits::new(scan.matches, scan.cancelled, Arc::clone(&self.senses))
    }
}

/// One pass over a text.
struct Scan<'a> {
    lexicon: &'a Lexicon,
    text: &'a str,
    matches: Vec<Match>,
    /// What guards took away, word by word.
    cancelled: Vec<(Span, ClassId)>,
    /// Guards that reach beyond the place the scan is at: the class and the end.
    guards: Vec<(ClassId, usize)>,
}

impl Scan<'_> {
    /// Every word from `start` on; `node` is that of its first character, which ends at `end`.
    fn words_at(&mut self, start: usize, mut end: usize, mut node: u32, bytes: &[u8]) {
        let first = self.matches.len();
        let trie = &self.lexicon.trie;
        let mut ahead = self.text[end..].chars();
        loop {
            let open = bytes[end - 1].is_ascii_alphanumeric()
                && bytes.get(end).is_some_and(u8::is_ascii_alphanumeric);
            if let (Some(word), false) = (trie.word(node), open) {
                let word = u32::try_from(word).unwrap_or(u32::MAX);
                self.matches.push(Match { span: Span::new(start, end), word, guarded: None });
            }
            let Some(c) = ahead.next() else { break };
            let Some(next) = trie.step(node, c.to_ascii_lowercase()) else { break };
            node = next;
            end += c.len_utf8();
        }
        if self.matches.len() == first {
            return;
        }
        self.matches[first..].reverse();
        self.guards.retain(|(_, end)| *end > start);
        for found in &self.matches[first..] {
            let senses = self.lexicon.senses.of_word(found.word);
            let guards = senses.iter().filter(|sense| sense.guard);
            self.guards.extend(guards.map(|sense| (sense.class, found.span.end)));
        }
        if self.guards.is_empty() {
            return;
        }
        for found in &mut self.matches[first..] {
            // Every guard here begins at this start or before: it contains what ends no later than itself.
            let guards = &self.guards;
            let cancelled = self.lexicon.senses.of_word(found.word).iter().filter(|sense| {
                let over = |(class, end): &(ClassId, usize)| *class == sense.class && *end >= found.span.end;
                !sense.guard && guards.iter().any(over)
            });
            let before = self.cancelled.len();
            self.cancelled.extend(cancelled.map(|sense| (found.span, sense.class)));
            let first = u32::try_from(before).unwrap_or(u32::MAX);
            found.guarded = (self.cancelled.len() > before).then_some(first);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexicon::LexiconBuilder;
    use crate::source::DataFile;

    fn lexicon(text: &str) -> Lexicon {
        let file = DataFile { path: "lexicons/test.toml".into(), text: text.into() };
        LexiconBuilder::from_files(&[file]).unwrap().build()
    }

    fn words<'t>(lexicon: &Lexicon, class: &str, text: &'t str) -> Vec<&'t str> {
        let class = lexicon.find(class).unwrap();
        let hits = lexicon.scan(text);
        hits.all().of(class).map(|hit| hit.span.of(text)).collect()
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
        let hits = lexicon.scan("up and down");
        let values: Vec<_> =
            hits.all().of(class).map(|hit| hit.value.map(|value| value.to_string())).collect();
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
