//! Which characters can begin something the grammar reads: the prefilter before any parser.

use super::lexicon::QuantityLexicon;
use super::word_trie::WordTrie;

/// What a byte can begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Start {
    Never,
    Always,
    /// An ASCII letter: look at the next one too.
    Letter,
    /// The lead byte of a wider character: look at the whole of it.
    Lead,
}

#[derive(Clone, Debug)]
pub(super) struct Starts {
    bytes: Box<[Start; 256]>,
    /// First and second letter of the words; second 0 stands for anything but a letter.
    letters: Box<[[bool; 32]; 32]>,
    /// One bit for each character of the basic plane that may begin something by itself.
    wide: Box<[u64]>,
    /// The same for those that only begin words.
    wide_words: Box<[u64]>,
    /// All words that something may begin with.
    words: WordTrie<()>,
}

impl Default for Starts {
    fn default() -> Self {
        Self {
            bytes: Box::new([Start::Never; 256]),
            letters: Box::new([[false; 32]; 32]),
            wide: vec![0; 0x10000 / 64].into(),
            wide_words: vec![0; 0x10000 / 64].into(),
            words: WordTrie::new(true),
        }
    }
}

impl Starts {
    pub(super) fn of(lexicon: &QuantityLexicon) -> Self {
        let mut starts = Self::default();
        for digit in '0'..='9' {
            starts.note_sign(digit);
        }
        for digit in '０'..='９' {
            starts.note_sign(digit);
        }
        for sign in lexicon.han_signs().filter_map(char::from_u32) {
            starts.note_sign(sign);
        }
        // An ordinal.
        starts.note_sign('第');
        starts.note_words(&lexicon.numbers);
        starts.note_words(&lexicon.fractions);
        starts.note_words(&lexicon.currency_marks);
        starts.note_words(&lexicon.share_prefixes);
        starts.note_words(&lexicon.multiple_words);
        starts.note_words(&lexicon.months);
        starts.note_words(&lexicon.holidays);
        starts.note_words(&lexicon.relatives);
        starts.note_words(&lexicon.parts);
        starts.note_words(&lexicon.fiscal_before);
        starts.note_words(&lexicon.names);
        starts.note_words(&lexicon.addresses);
        starts
    }

    fn note_words<T: Copy>(&mut self, words: &WordTrie<T>) {
        for word in words.words() {
            let text = String::from_utf8_lossy(&word);
            let mut signs = text.chars();
            if let Some(first) = signs.next() {
                self.note(first, signs.next());
                set(&mut self.wide_words, first);
                self.words.insert_bytes(word.into_iter(), ());
            }
        }
    }

    /// A character that is enough by itself.
    fn note_sign(&mut self, sign: char) {
        self.note(sign, None);
        set(&mut self.wide, sign);
    }

    fn note(&mut self, first: char, second: Option<char>) {
        if first.is_ascii_alphabetic() {
            self.bytes[first.to_ascii_lowercase() as usize] = Start::Letter;
            self.bytes[first.to_ascii_uppercase() as usize] = Start::Letter;
            let second = second.filter(char::is_ascii_alphabetic).map_or(0, |sign| letter(sign as u8));
            self.letters[letter(first as u8)][second] = true;
        } else if first.is_ascii() {
            self.bytes[first as usize] = Start::Always;
        } else {
            let mut buffer = [0; 4];
            let lead = first.encode_utf8(&mut buffer).as_bytes()[0];
            self.bytes[lead as usize] = Start::Lead;
        }
    }

    /// The next place from `from` on where something may begin.
    pub(super) fn next(&self, text: &str, from: usize, end: usize) -> Option<usize> {
        let bytes = text.as_bytes();
        let mut at = from;
        while at < end {
            match self.bytes[bytes[at] as usize] {
                Start::Never => at += 1,
                Start::Always => return Some(at),
                Start::Letter => {
                    let second = bytes.get(at + 1).copied().filter(u8::is_ascii_alphabetic).map_or(0, letter);
                    let begins_word = at == 0 || !bytes[at - 1].is_ascii_alphanumeric();
                    let row = &self.letters[letter(bytes[at])];
                    if begins_word && row[second] && self.words.begins(&text[at..end]) {
                        return Some(at);
                    }
                    at += 1;
                }
                Start::Lead => {
                    let length = width(bytes[at]);
                    if let Some(code) = decode(&bytes[at..])
                        && (has(&self.wide, code)
                            || has(&self.wide_words, code) && self.words.begins(&text[at..end]))
                    {
                        return Some(at);
                    }
                    at += length;
                }
            }
        }
        None
    }
}

fn set(bits: &mut [u64], sign: char) {
    if let Some(word) = bits.get_mut(sign as usize / 64) {
        *word |= 1 << (sign as usize % 64);
    }
}

fn has(bits: &[u64], code: usize) -> bool {
    bits[code / 64] & (1 << (code % 64)) != 0
}

fn letter(byte: u8) -> usize {
    usize::from(byte.to_ascii_lowercase() - b'a' + 1)
}

fn width(lead: u8) -> usize {
    match lead {
        0xF0.. => 4,
        0xE0.. => 3,
        0xC0.. => 2,
        _ => 1,
    }
}

/// The code of a two- or three-byte character.
fn decode(bytes: &[u8]) -> Option<usize> {
    let low = |index: usize| bytes.get(index).map(|&byte| usize::from(byte & 0x3F));
    let lead = usize::from(*bytes.first()?);
    match lead {
        0xC0..0xE0 => Some((lead & 0x1F) << 6 | low(1)?),
        0xE0..0xF0 => Some((lead & 0x0F) << 12 | low(1)? << 6 | low(2)?),
        _ => None,
    }
}
