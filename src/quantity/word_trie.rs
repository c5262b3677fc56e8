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
    edges: Vec<(u8, u32)>,
    /// The edges by byte, where there are many.
    dense: Option<Box<[u32; 256]>>,
}

/// From so many edges on a table is quicker than a search.
const DENSE: usize = 5;

impl<T> Node<T> {
    fn new() -> Self {
        Self { value: None, edges: Vec::new(), dense: None }
    }
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
        Self { nodes: vec![Node::new()], first: Box::new([0; 256]), fold }
    }

    /// Adds a word; the value that stood there before, if any, is given back and kept.
    pub(super) fn insert(&mut self, word: &str, value: T) -> Option<T> {
        self.insert_bytes(word.bytes(), value)
    }

    /// Adds a word to be matched backwards from its end.
    pub(super) fn insert_reversed(&mut self, word: &str, value: T) -> Option<T> {
        self.insert_bytes(word.bytes().rev(), value)
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
        self.nodes.push(Node::new());
        let edges = &mut self.nodes[at].edges;
        let place = edges.partition_point(|&(b, _)| b < byte);
        edges.insert(place, (byte, next as u32));
        if edges.len() > DENSE {
            let mut table = Box::new([0; 256]);
            for &(byte, next) in edges.iter() {
                table[byte as usize] = next;
            }
            self.nodes[at].dense = Some(table);
        }
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
        let node = &self.nodes[at];
        if let Some(table) = &node.dense {
            let next = table[byte as usize];
            return (next != 0).then_some(next as usize);
        }
        node.edges.iter().find(|&&(b, _)| b == byte).map(|&(_, next)| next as usize)
    }

    /// The longest word at the start of `input`: its length in `input` and its value. A blank in a word
    /// stands for any run of blanks; Han characters of a word may stand apart (百 分 之), as tokenized text has them.
    #[inline]
    pub(super) fn longest(&self, input: &str, boundary: Boundary) -> Option<(usize, T)> {
        if self.begins(input.as_bytes().first()) { self.walk(input, boundary) } else { None }
    }

    /// Most look-ups end at the first byte; that much is asked before a call is made.
    #[inline]
    fn begins(&self, byte: Option<&u8>) -> bool {
        byte.is_some_and(|&byte| {
            let byte = if self.fold { byte.to_ascii_lowercase() } else { byte };
            self.first[usize::from(byte)] != 0
        })
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
        let mut open: Vec<(Vec<u8>, usize)> = vec![(Vec::new(), 0)];
        while let Some((word, at)) = open.pop() {
            if let Some(value) = self.nodes[at].value {
                found.push((String::from_utf8_lossy(&word).into_owned(), value));
            }
            for &(byte, next) in &self.nodes[at].edges {
                let mut longer = word.clone();
                longer.push(byte);
                open.push((longer, next as usize));
            }
        }
        found
    }

    /// The longest word that ends where `input` ends (words put in reversed).
    #[inline]
    pub(super) fn longest_before(&self, input: &str) -> Option<(usize, T)> {
        if self.begins(input.as_bytes().last()) { self.walk_back(input) } else { None }
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
