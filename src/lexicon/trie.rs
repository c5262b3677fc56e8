use std::collections::HashMap;

/// All words of the lexicon by their characters, ASCII letters in lower case.
///
/// A scan looks only where a word can begin, and there walks from character to character. That beats an automaton
/// that reads every byte: most characters begin no word, and in Latin text only the starts of words count.
#[derive(Debug)]
pub(super) struct Trie {
    /// The node of each first character of the basic plane; 0 where no word begins.
    basic: Vec<u32>,
    /// The same for the characters beyond.
    beyond: HashMap<char, u32>,
    nodes: Vec<Node>,
    /// The edges of all nodes, those of one node side by side and in order of the characters.
    edges: Vec<(char, u32)>,
}

#[derive(Debug, Default, Clone, Copy)]
struct Node {
    first_edge: u32,
    edge_count: u32,
    /// One more than the number of the word that ends here, or 0.
    word: u32,
}

/// Up to so many edges are compared one by one.
const FEW: usize = 8;

impl Trie {
    /// The trie of some words, numbered in their order.
    pub fn of<W: AsRef<str>>(words: &[W]) -> Self {
        // In order of the bytes, which is that of the characters.
        let mut sorted: Vec<(&str, u32)> = words.iter().map(AsRef::as_ref).zip(1u32..).collect();
        sorted.sort_unstable();
        let mut trie = Self {
            basic: vec![0; 1 << 16],
            beyond: HashMap::new(),
            nodes: vec![Node::default()],
            edges: Vec::new(),
        };
        // Level by level: a group of words that share a prefix makes a node, and its edges stand side by side.
        let mut groups = vec![(0, 0..sorted.len(), 0)];
        let mut next = 0;
        while let Some((node, range, prefix)) = groups.get(next).cloned() {
            next += 1;
            let group = &sorted[range.clone()];
            let ended = group.iter().take_while(|(word, _)| word.len() == prefix).count();
            if let Some((_, number)) = group[..ended].first() {
                trie.nodes[node].word = *number;
            }
            let first_edge = trie.edges.len();
            let mut from = ended;
            while let Some(c) = group.get(from).and_then(|(word, _)| word[prefix..].chars().next()) {
                let shares = |(word, _): &&(&str, u32)| word[prefix..].starts_with(c);
                let count = group[from..].iter().take_while(shares).count();
                let child = trie.nodes.len();
                trie.nodes.push(Node::default());
                trie.edges.push((c, small(child)));
                groups.push((child, range.start + from..range.start + from + count, prefix + c.len_utf8()));
                from += count;
            }
            trie.nodes[node].first_edge = small(first_edge);
            trie.nodes[node].edge_count = small(trie.edges.len() - first_edge);
        }
        for &(c, child) in &trie.edges[..trie.nodes[0].edge_count as usize] {
            match trie.basic.get_mut(c as usize) {
                Some(entry) => *entry = child,
                None => drop(trie.beyond.insert(c, child)),
            }
        }
        trie
    }

    /// The node that words beginning with `c` go on from.
    pub fn start(&self, c: char) -> Option<u32> {
        match self.basic.get(c as usize) {
            Some(0) => None,
            Some(&node) => Some(node),
            None => self.beyond.get(&c).copied(),
        }
    }

    /// The number of the word that ends at a node.
    pub fn word(&self, node: u32) -> Option<usize> {
        self.nodes[node as usize].word.checked_sub(1).map(|number| number as usize)
    }

    /// The node behind the next character.
    pub fn step(&self, node: u32, c: char) -> Option<u32> {
        let Node { first_edge, edge_count, .. } = self.nodes[node as usize];
        let edges = &self.edges[first_edge as usize..][..edge_count as usize];
        if edges.len() <= FEW {
            return edges.iter().find(|(edge, _)| *edge == c).map(|(_, child)| *child);
        }
        let at = edges.binary_search_by_key(&c, |(edge, _)| *edge).ok()?;
        Some(edges[at].1)
    }
}

/// Word lists are written by people: they never come near four thousand million characters.
fn small(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_found_and_nothing_else() {
        let words = ["涨", "上涨", "涨幅", "up", "upper", "𠮷", "a b"].map(String::from);
        let trie = Trie::of(&words);
        let find = |text: &str| {
            let mut signs = text.chars();
            let start = signs.next().and_then(|c| trie.start(c));
            signs.try_fold(start?, |node, c| trie.step(node, c)).and_then(|node| trie.word(node))
        };
        for (number, word) in words.iter().enumerate() {
            assert_eq!(find(word), Some(number), "{word}");
        }
        for other in ["上", "u", "uppe", "涨幅度", "b", ""] {
            assert_eq!(find(other), None, "{other}");
        }
    }

    #[test]
    fn many_edges_are_searched() {
        let words: Vec<String> = ('一'..'丐').map(|c| format!("甲{c}")).collect();
        let trie = Trie::of(&words);
        let first = trie.start('甲').unwrap();
        for (number, word) in words.iter().enumerate() {
            let node = word.chars().nth(1).and_then(|c| trie.step(first, c));
            assert_eq!(node.and_then(|node| trie.word(node)), Some(number));
        }
        assert_eq!(trie.step(first, '丐'), None);
    }
}
