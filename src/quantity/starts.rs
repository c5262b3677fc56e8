//! Which characters can begin something the grammar reads: the prefilter before any parser.

use super::lexicon::{NumberWord, QuantityLexicon};
use super::word_trie::{Boundary, WordTrie};

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
    /// One bit for each character of the basic plane.
    wide: Box<[u64]>,
    /// The words themselves: a last look before any parser runs.
    words: WordTrie<()>,
}

impl Default for Starts {
    fn default() -> Self {
        Self {
            bytes: Box::new([Start::Never; 256]),
            letters: Box::new([[false; 32]; 32]),
            wide: vec![0; 0x10000 / 64].into(),
            words: WordTrie::new(true),
        }
    }
}

impl Starts {
    pub(super) fn of(lexicon: &QuantityLexicon) -> Self {
        let mut starts = Self::default();
        for digit in '0'..='9' {
            starts.note(digit, None);
        }
        for digit in '０'..='９' {
            starts.note(digit, None);
            starts.words.insert(digit.encode_utf8(&mut [0; 4]), ());
        }
        for sign in lexicon.han_signs().filter_map(char::from_u32) {
            starts.note(sign, None);
            starts.words.insert(sign.encode_utf8(&mut [0; 4]), ());
        }
        starts.note_numerals(lexicon);
        starts.note_words(&lexicon.currency_marks);
        starts.note_words(&lexicon.share_prefixes);
        starts.note_words(&lexicon.multiple_words);
        starts.note_words(&lexicon.months);
        starts.note_words(&lexicon.holidays);
        starts.note_words(&lexicon.relatives);
        starts.note_words(&lexicon.parts);
        for (word, nth) in lexicon.weeks.entries() {
            match nth {
                0 => (0..10).for_each(|digit| starts.note_word(&format!("{word} {digit}"))),
                _ => starts.note_word(&word),
            }
        }
        starts.note_words(&lexicon.ordinals);
        let units = lexicon.unit_names.entries();
        let times: Vec<_> =
            units.iter().filter(|(_, word)| word.lone && lexicon.is_time(word.unit)).collect();
        let wholes = lexicon.duration_wholes.entries();
        for (article, ()) in lexicon.duration_articles.entries().into_iter().chain(wholes) {
            times.iter().for_each(|(unit, _)| starts.note_word(&format!("{article} {unit}")));
        }
        // 第 before a number makes an ordinal.
        starts.note(super::ordinal::ORDINAL, None);
        starts.words.insert(super::ordinal::ORDINAL.encode_utf8(&mut [0; 4]), ());
        starts.note_words(&lexicon.fiscal_before);
        starts.note_words(&lexicon.names);
        starts.note_words(&lexicon.addresses);
        starts
    }

    /// The words that can begin a numeral; "a" only with what makes a number of it, for it is everywhere.
    fn note_numerals(&mut self, lexicon: &QuantityLexicon) {
        let words = lexicon.numbers.entries();
        let scales = words.iter().filter(|(_, word)| {
            matches!(word, NumberWord::Hundred | NumberWord::Dozen | NumberWord::Scale(_) | NumberWord::Half)
        });
        let fractions = lexicon.fractions.entries();
        let counted: Vec<&str> = scales
            .map(|(word, _)| word.as_str())
            .chain(fractions.iter().map(|(word, _)| word.as_str()))
            .collect();
        for (word, value) in &words {
            match value {
                NumberWord::One(_) | NumberWord::Ten(_) | NumberWord::Minus | NumberWord::Half => {
                    self.note_word(word);
                }
                NumberWord::Article => {
                    counted.iter().for_each(|counted| self.note_word(&format!("{word} {counted}")));
                }
                _ => {}
            }
        }
    }

    fn note_words<T: Copy>(&mut self, words: &WordTrie<T>) {
        for (word, _) in words.entries() {
            self.note_word(&word);
        }
    }

    fn note_word(&mut self, word: &str) {
        let mut signs = word.chars();
        if let Some(first) = signs.next() {
            self.note(first, signs.next());
        }
        self.words.insert(word, ());
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
            if let Some(word) = self.wide.get_mut(first as usize / 64) {
                *word |= 1 << (first as usize % 64);
            }
        }
    }

    /// The next place from `from` on where something may begin.
    pub(super) fn next(&self, text: &str, from: usize, end: usize) -> Option<usize> {
        let bytes = &text.as_bytes()[..end];
        let mut at = from;
        while let Some(&byte) = bytes.get(at) {
            match self.bytes[usize::from(byte)] {
                Start::Never => at += 1,
                Start::Always => return Some(at),
                Start::Letter => {
                    let second = bytes.get(at + 1).copied().filter(u8::is_ascii_alphabetic).map_or(0, letter);
                    let begins_word = at == 0 || !bytes[at - 1].is_ascii_alphanumeric();
                    let row = &self.letters[letter(byte)];
                    if begins_word && row[second] && self.words.any(&text[at..end], Boundary::Letters) {
                        return Some(at);
                    }
                    // No other letter of the word begins one.
                    at += 1;
                    at += bytes[at..].iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
                }
                Start::Lead => {
                    if let Some(code) = decode(&bytes[at..])
                        && self.wide[code / 64] & (1 << (code % 64)) != 0
                        && self.words.any(&text[at..end], Boundary::None)
                    {
                        return Some(at);
                    }
                    at += width(byte);
                }
            }
        }
        None
    }
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
    let low = |byte: u8| usize::from(byte & 0x3F);
    match *bytes {
        [lead @ 0xE0..0xF0, second, third, ..] => {
            Some(usize::from(lead & 0x0F) << 12 | low(second) << 6 | low(third))
        }
        [lead @ 0xC0..0xE0, second, ..] => Some(usize::from(lead & 0x1F) << 6 | low(second)),
        _ => None,
    }
}
