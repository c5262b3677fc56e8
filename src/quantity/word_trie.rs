//! Longest-match lookup of words, by bytes, without allocation.

/// Where a found word may end.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Boundary {
    /// A word that ends in an ASCII letter or digit must not go on with one.
    Word,
    /// The same, but a digit may follow a letter (`USD115`).
    Letters,
    /// Anything may follow.
    None,
}

/// Up to so many edges are compared one by one.
const FEW: usize = 8;

#[derive(Clone, Debug)]
struct Node<T> {
    value: Option<T>,
    edges: Vec<(u8, u32)>,
}

/// A byte trie; the words of one trie either all keep their case or are all folded to lower-case ASCII.
#[derive(Clone, Debug)]
pub(super) struct WordTrie<T> {
    nodes: Vec<Node<T>>,
    first: Box<[u32; 256]>,
    fold: bool,
}

impl<T: Copy> WordTrie<T> {
    pub(super) fn new(fold: bool) -> Self {
        Self { nodes: vec![Node { value: None, edges: Vec::new() }], first: Box::new([0; 256]), fold }
    }

    /// Adds a word; the value that stood there before, if any, is given back and kept.
    pub(super) fn insert(&mut self, word: &str, value: T) -> Option<T> {
        self.insert_bytes(word.bytes(), value)
    }

    /// Adds a word to be matched backwards from its end.
    pub(super) fn insert_reversed(&mut self, word: &str, value: T) -> Option<T> {
        self.insert_bytes(word.bytes().rev(), value)
    }

    pub(super) fn insert_bytes(&mut self, word: impl Iterator<Item = u8>, value: T) -> Option<T> {
        let mut at = 0;
        for byte in word {
            let byte = if self.fold { byte.to_ascii_lowercase() } else { byte };
            at = match self.step(at, byte) {
                Some(next) => next,
                None => self.grow(at, byte),
            };
        }
        match self.nodes[at].value {
            Some(old) => Some(old),
            None => {
                self.nodes[at].value = Some(value);
                None
            }
        }
    }

    fn grow(&mut self, at: usize, byte: u8) -> usize {
        let next = self.nodes.len();
        self.nodes.push(Node { value: None, edges: Vec::new() });
        let edges = &mut self.nodes[at].edges;
        let place = edges.partition_point(|&(b, _)| b < byte);
        edges.insert(place, (byte, next as u32));
        if at == 0 {
            self.first[byte as usize] = next as u32;
        }
        next
    }

    fn step(&self, at: usize, byte: u8) -> Option<usize> {
        if at == 0 {
            let next = self.first[byte as usize];
            return (next != 0).then_some(next as usize);
        }
        let edges = &self.nodes[at].edges;
        if edges.len() <= FEW {
            return edges.iter().find(|&&(b, _)| b == byte).map(|&(_, next)| next as usize);
        }
        let place = edges.binary_search_by_key(&byte, |&(b, _)| b).ok()?;
        Some(edges[place].1 as usize)
    }

    /// The longest word at the start of `input`: its length in `input` and its value. A blank in a word
    /// stands for any run of blanks.
    pub(super) fn longest(&self, input: &str, boundary: Boundary) -> Option<(usize, T)> {
        let bytes = input.as_bytes();
        let mut at = 0;
        let mut place = 0;
        let mut best = None;
        while let Some(&byte) = bytes.get(place) {
            let byte = if self.fold { byte.to_ascii_lowercase() } else { byte };
            let Some(next) = self.step(at, byte) else { break };
            at = next;
            place += 1;
            if byte == b' ' {
                while bytes.get(place) == Some(&b' ') {
                    place += 1;
                }
            }
            if let Some(value) = self.nodes[at].value
                && may_end(byte, bytes.get(place).copied(), boundary)
            {
                best = Some((place, value));
            }
        }
        best
    }

    /// The longest word that ends where `input` ends (words put in reversed).
    pub(super) fn longest_before(&self, input: &str) -> Option<(usize, T)> {
        let bytes = input.as_bytes();
        let mut at = 0;
        let mut best = None;
        for length in 1..=bytes.len() {
            let byte = bytes[bytes.len() - length];
            let byte = if self.fold { byte.to_ascii_lowercase() } else { byte };
            let Some(next) = self.step(at, byte) else { break };
            at = next;
            if let Some(value) = self.nodes[at].value {
                let before = bytes.len().checked_sub(length + 1).map(|place| bytes[place]);
                if may_end(byte, before, Boundary::Word) {
                    best = Some((length, value));
                }
            }
        }
        best
    }

    /// Whether some word stands at the start of `input`, whatever comes after it.
    pub(super) fn begins(&self, input: &str) -> bool {
        let mut at = 0;
        let mut last_blank = false;
        for &byte in input.as_bytes() {
            // A blank in a word stands for any run of blanks.
            if byte == b' ' && last_blank {
                continue;
            }
            last_blank = byte == b' ';
            let byte = if self.fold { byte.to_ascii_lowercase() } else { byte };
            let Some(next) = self.step(at, byte) else { return false };
            at = next;
            if self.nodes[at].value.is_some() {
                return true;
            }
        }
        false
    }

    /// Every word, as bytes.
    pub(super) fn words(&self) -> Vec<Vec<u8>> {
        let mut done = Vec::new();
        let mut open: Vec<(Vec<u8>, usize)> = vec![(Vec::new(), 0)];
        while let Some((word, at)) = open.pop() {
            for &(byte, next) in &self.nodes[at].edges {
                let mut longer = word.clone();
                longer.push(byte);
                open.push((longer, next as usize));
            }
            if self.nodes[at].value.is_some() {
                done.push(word);
            }
        }
        done
    }
}

fn may_end(last: u8, next: Option<u8>, boundary: Boundary) -> bool {
    let Some(next) = next else { return true };
    match boundary {
        Boundary::None => true,
        Boundary::Word => !(last.is_ascii_alphanumeric() && next.is_ascii_alphanumeric()),
        Boundary::Letters => !(last.is_ascii_alphabetic() && next.is_ascii_alphabetic()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_the_longest_word_at_a_boundary() {
        let mut trie = WordTrie::new(true);
        for (value, word) in ["万", "万亿", "per cent", "m", "MW"].iter().enumerate() {
            assert_eq!(trie.insert(word, value), None);
        }
        assert_eq!(trie.longest("万亿美元", Boundary::Word), Some((6, 1)));
        assert_eq!(trie.longest("万元", Boundary::Word), Some((3, 0)));
        assert_eq!(trie.longest("Per  Cent of", Boundary::Word), Some((9, 2)));
        assert_eq!(trie.longest("mean", Boundary::Word), None);
        assert_eq!(trie.longest("mw的", Boundary::Word), Some((2, 4)));
        assert_eq!(trie.insert("万", 9), Some(0));
    }

    #[test]
    fn some_word_at_the_start() {
        let mut trie = WordTrie::new(true);
        for word in ["at most", "at", "百分之"] {
            trie.insert(word, ());
        }
        assert!(trie.begins("AT") && trie.begins("atom") && trie.begins("百分之五"));
        assert!(!trie.begins("百分") && !trie.begins("a t") && !trie.begins(""));
        let mut words = trie.words();
        words.sort_unstable();
        assert_eq!(words, ["at".as_bytes(), b"at most", "百分之".as_bytes()]);
    }

    #[test]
    fn looks_backwards() {
        let mut trie = WordTrie::new(true);
        for (value, word) in ["近", "最近", "over"].iter().enumerate() {
            trie.insert_reversed(word, value);
        }
        assert_eq!(trie.longest_before("在最近"), Some((6, 1)));
        assert_eq!(trie.longest_before("远近"), Some((3, 0)));
        assert_eq!(trie.longest_before("went over"), Some((4, 2)));
        assert_eq!(trie.longest_before("moreover"), None);
    }
}
