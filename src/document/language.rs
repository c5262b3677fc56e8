use super::Language;

/// How much of the prose is looked at, in bytes; a single piece is looked at whole.
const SAMPLE: usize = 1 << 18;

/// The language most of the prose is in: Han characters against Latin words, a Han word being a character and a
/// half on average.
pub(super) fn detect<'p>(pieces: impl Iterator<Item = &'p str>) -> Language {
    let (mut han, mut words) = (0usize, 0usize);
    let mut left = SAMPLE;
    for piece in pieces {
        if left == 0 {
            break;
        }
        left = left.saturating_sub(piece.len());
        let mut in_word = false;
        for byte in piece.bytes() {
            // The first byte of U+4000 to U+9FFF.
            han += usize::from((0xE4..=0xE9).contains(&byte));
            let letter = byte.is_ascii_alphabetic();
            words += usize::from(letter && !in_word);
            in_word = letter;
        }
    }
    if han * 2 > words * 3 { Language::Chinese } else { Language::English }
}
