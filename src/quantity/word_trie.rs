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

#[derive(Clone, Debug)]
struct Node<T> {
    value: Option<T>,
    edges: Edges,
}

/// Where the bytes behind a node lead. Most nodes have one edge, which needs no further look.
#[derive(Clone, Debug)]
enum Edges {
    None,
    One(u8, u32),
    /// By byte.
    Few(Vec<(u8, u32)>),
    /// The nodes of all bytes, 0 where there is none.
    Many(Box<[u32; 256]>),
}

/// Up to so many edges a search is quicker than a table.
const FEW: usize = 5;

impl Edges {
    fn get(&self, byte: u8) -> Option<u32> {
        match self {
            Self::None => None,
            Self::One(known, next) => (*known == byte).then_some(*next),
            Self::Few(edges) => edges.iter().find(|(known, _)| *known == byte).map(|(_, next)| *next),
            Self::Many(table) => Some(table[usize::from(byte)]).filter(|next| *next != 0),
        }
    }

    fn insert(&mut self, byte: u8, next: u32) {
        match self {
            Self::None => *self = Self::One(byte, next),
            Self::One(known, first) => {
                let mut edges = vec![(*known, *first), (byte, next)];
                edges.sort_unstable();
                *self = Self::Few(edges);
            }
            Self::Few(edges) if edges.len() < FEW => {
                let place = edges.partition_point(|(known, _)| *known < byte);
                edges.insert(place, (byte, next));
            }
            Self::Few(edges) => {
                let mut table = Box::new([0; 256]);
                for (byte, next) in edges.iter().copied().chain([(byte, next)]) {
                    table[usize::from(byte)] = next;
                }
                *self = Self::Many(table);
            }
            Self::Many(table) => table[usize::from(byte)] = next,
        }
    }

    /// Every edge.
    fn each(&self, mut edge: impl FnMut(u8, u32)) {
        match self {
            Self::None => {}
            Self::One(byte, next) => edge(*byte, *next),
            Self::Few(edges) => edges.iter().for_each(|&(byte, next)| edge(byte, next)),
            Self::Many(table) => each_in(table, edge),
        }
    }
}

fn each_in(table: &[u32; 256], mut edge: impl FnMut(u8, u32)) {
    (0..=u8::MAX).zip(table).filter(|(_, next)| **next != 0).for_each(|(byte, &next)| edge(byte, next));
}

/// A byte trie; the words of one trie either all keep their case or are all folded to lower-case ASCII.
#[derive(Clone, Debug)]
pub(super) struct WordTrie<T> {
    nodes: Vec<Node<T>>,
    first: Box<[u32; 256]>,
    /// A bit for each character of three bytes that a word begins with, by the last ten bits of its number.
    first_wide: [u64; 16],
    fold: bool,
}

/// The place of a character of three bytes in [`WordTrie::first_wide`].
fn wide_bit(middle: u8, last: u8) -> (usize, u64) {
    (usize::from(middle & 0xF), 1 << (last & 0x3F))
}

impl<T: Copy> WordTrie<T> {
    pub(super) fn new(fold: bool) -> Self {
        let root = Node { value: None, edges: Edges::None };
        Self { nodes: vec![root], first: Box::new([0; 256]), first_wide: [0; 16], fold }
    }

    /// Adds a word; the value that stood there before, if any, is given back and kept.
    pub(super) fn insert(&mut self, word: &str, value: T) -> Option<T> {
        if let [0xE0..=0xEF, middle, last, ..] = *word.as_bytes() {
            self.note_wide(middle, last);
        }
        self.insert_bytes(word.bytes(), value)
    }

    /// Adds a word to be matched backwards from its end.
    pub(super) fn insert_reversed(&mut self, word: &str, value: T) -> Option<T> {
        if let [.., 0xE0..=0xEF, middle, last] = *word.as_bytes() {
            self.note_wide(middle, last);
        }
        self.insert_bytes(word.bytes().rev(), value)
    }

    fn note_wide(&mut self, middle: u8, last: u8) {
        let (group, bit) = wide_bit(middle, last);
        self.first_wide[group] |= bit;
    }

    fn insert_bytes(&mut self, word: impl Iterator<Item = u8>, value: T) -> Option<T> {
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
        self.nodes.push(Node { value: None, edges: Edges::None });
        if at == 0 {
            self.first[usize::from(byte)] = next as u32;
        } else {
            self.nodes[at].edges.insert(byte, next as u32);
        }
        next
    }

    fn step(&self, at: usize, byte: u8) -> Option<usize> {
        let next = match at {
            0 => Some(self.first[usize::from(byte)]).filter(|next| *next != 0),
            _ => self.nodes[at].edges.get(byte),
        };
        next.map(|next| next as usize)
    }

    /// The longest word at the start of `input`: its length in `input` and its value. A blank in a word
    /// stands for any run of blanks; Han characters of a word may stand apart (百 分 之), as tokenized text has them.
    #[inline]
    pub(super) fn longest(&self, input: &str, boundary: Boundary) -> Option<(usize, T)> {
        if self.begins(input.as_bytes()) { self.walk(input, boundary) } else { None }
    }

    /// Most look-ups end at the first character; that much is asked before a call is made.
    #[inline]
    fn begins(&self, input: &[u8]) -> bool {
        match *input {
            [lead @ 0xE0..=0xEF, middle, last, ..] => self.knows(lead) && self.knows_wide(middle, last),
            [byte, ..] => self.knows(byte),
            [] => false,
        }
    }

    /// The same for words put in reversed.
    #[inline]
    fn ends(&self, input: &[u8]) -> bool {
        match *input {
            [.., 0xE0..=0xEF, middle, last] => self.knows(last) && self.knows_wide(middle, last),
            [.., byte] => self.knows(byte),
            [] => false,
        }
    }

    #[inline]
    fn knows(&self, first: u8) -> bool {
        let byte = if self.fold { first.to_ascii_lowercase() } else { first };
        self.first[usize::from(byte)] != 0
    }

    #[inline]
    fn knows_wide(&self, middle: u8, last: u8) -> bool {
        let (group, bit) = wide_bit(middle, last);
        self.first_wide[group] & bit != 0
    }

    fn walk(&self, input: &str, boundary: Boundary) -> Option<(usize, T)> {
        let bytes = input.as_bytes();
        let mut at = 0;
        let mut place = 0;
        let mut best = None;
        while let Some(&byte) = bytes.get(place) {
            let byte = if self.fold { byte.to_ascii_lowercase() } else { byte };
            let Some(next) = self.step(at, byte) else {
                let apart = byte == b' ' && place > 0 && !bytes[place - 1].is_ascii();
                let Some(blanks) = bytes[place..].iter().position(|&byte| byte != b' ').filter(|_| apart)
                else {
                    break;
                };
                place += blanks;
                if bytes[place].is_ascii() {
                    break;
                }
                continue;
            };
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

    /// Whether any word stands at the start of `input`.
    pub(super) fn any(&self, input: &str, boundary: Boundary) -> bool {
        let bytes = input.as_bytes();
        let mut at = 0;
        for (place, &byte) in bytes.iter().enumerate() {
            let byte = if self.fold { byte.to_ascii_lowercase() } else { byte };
            let Some(next) = self.step(at, byte) else { return false };
            at = next;
            if self.nodes[at].value.is_some() && may_end(byte, bytes.get(place + 1).copied(), boundary) {
                return true;
            }
        }
        false
    }

    /// Every word of the trie, as it is matched, with its value.
    pub(super) fn entries(&self) -> Vec<(String, T)> {
        let mut found = Vec::new();
        let mut word = Vec::new();
        // A node with the length of its word and its last byte: what is open stands above what comes after it.
        let mut open: Vec<(usize, u8, u32)> = Vec::new();
        each_in(&self.first, |byte, next| open.push((1, byte, next)));
        while let Some((length, byte, at)) = open.pop() {
            word.truncate(length - 1);
            word.push(byte);
            let node = &self.nodes[at as usize];
            if let Some(value) = node.value {
                found.push((String::from_utf8_lossy(&word).into_owned(), value));
            }
            node.edges.each(|byte, next| open.push((length + 1, byte, next)));
        }
        found
    }

    /// The longest word that ends where `input` ends (words put in reversed).
    #[inline]
    pub(super) fn longest_before(&self, input: &str) -> Option<(usize, T)> {
        if self.ends(input.as_bytes()) { self.walk_back(input) } else { None }
    }

    fn walk_back(&self, input: &str) -> Option<(usize, T)> {
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
        assert_eq!(trie.longest("万 亿 元", Boundary::Word), Some((7, 1)));
        assert_eq!(trie.longest("万 m", Boundary::Word), Some((3, 0)));
        assert_eq!(trie.longest("Per  Cent of", Boundary::Word), Some((9, 2)));
        assert_eq!(trie.longest("mean", Boundary::Word), None);
        assert_eq!(trie.longest("mw的", Boundary::Word), Some((2, 4)));
        assert_eq!(trie.insert("万", 9), Some(0));
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
