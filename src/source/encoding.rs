use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8};
use memchr::memmem;

use super::Span;

/// How many bytes the guess of a legacy encoding looks at.
const SAMPLE: usize = 1 << 20;

/// A text and how it was read from its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decoded {
    /// The text, without a byte order mark.
    pub text: String,
    /// The encoding's WHATWG name: `UTF-8`, `GBK`, `UTF-16LE` …
    pub encoding: &'static str,
    /// Places in `text` where bytes that are no text stand as U+FFFD.
    pub invalid: Vec<Span>,
}

/// Reads bytes as text: UTF-8 or UTF-16 by their byte order mark, then UTF-8, then the encoding that the bytes
/// look like (GB18030, Big5 …) if it reads all of them, and else UTF-8 with U+FFFD where the bytes are no text.
pub fn decode(bytes: Vec<u8>) -> Decoded {
    if let Some((encoding, mark)) = Encoding::for_bom(&bytes) {
        let (text, had_errors) = encoding.decode_without_bom_handling(&bytes[mark..]);
        return finish(text.into_owned(), encoding, had_errors);
    }
    let bytes = match String::from_utf8(bytes) {
        Ok(text) => return Decoded { text, encoding: UTF_8.name(), invalid: Vec::new() },
        Err(error) => error.into_bytes(),
    };
    if let Some(encoding) = guess(&bytes)
        && let Some(text) = encoding.decode_without_bom_handling_and_without_replacement(&bytes)
    {
        return finish(text.into_owned(), encoding, false);
    }
    finish(String::from_utf8_lossy(&bytes).into_owned(), UTF_8, true)
}

/// The legacy encoding that the bytes look like; single-byte encodings read anything, so they are no evidence
/// when most of the bytes are good UTF-8 already.
fn guess(bytes: &[u8]) -> Option<&'static Encoding> {
    if mostly_utf8(bytes) {
        return None;
    }
    let sample = &bytes[..bytes.len().min(SAMPLE)];
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(sample, sample.len() == bytes.len());
    let encoding = detector.guess(None, Utf8Detection::Deny);
    Some(if encoding.name() == "GBK" { encoding_rs::GB18030 } else { encoding })
}

/// Whether more bytes of multi-byte UTF-8 characters than bad bytes stand in the text: a damaged UTF-8 file. Chinese
/// in a legacy encoding has five bad bytes for each that happens to look good.
fn mostly_utf8(bytes: &[u8]) -> bool {
    let (mut good, mut bad) = (0usize, 0usize);
    for chunk in bytes.utf8_chunks() {
        good += chunk.valid().bytes().filter(|&byte| byte >= 0x80).count();
        bad += chunk.invalid().len();
    }
    good > bad
}

fn finish(text: String, encoding: &'static Encoding, had_errors: bool) -> Decoded {
    let invalid = if had_errors {
        let mark = "\u{FFFD}";
        memmem::find_iter(text.as_bytes(), mark).map(|at| Span::new(at, at + mark.len())).collect()
    } else {
        Vec::new()
    };
    Decoded { text, encoding: encoding.name(), invalid }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(bytes: &[u8]) -> (String, &'static str, usize) {
        let decoded = decode(bytes.to_vec());
        (decoded.text, decoded.encoding, decoded.invalid.len())
    }

    #[test]
    fn reads_utf8_with_and_without_mark() {
        assert_eq!(text("融资 5 亿".as_bytes()), ("融资 5 亿".into(), "UTF-8", 0));
        assert_eq!(text("\u{FEFF}融资 5 亿".as_bytes()), ("融资 5 亿".into(), "UTF-8", 0));
        assert_eq!(text(b""), (String::new(), "UTF-8", 0));
    }

    #[test]
    fn reads_utf16_by_its_mark() {
        for (mark, order) in [([0xFF, 0xFE], "UTF-16LE"), ([0xFE, 0xFF], "UTF-16BE")] {
            let mut bytes = mark.to_vec();
            for unit in "营收 €5 🚀".encode_utf16() {
                let pair = if order == "UTF-16LE" { unit.to_le_bytes() } else { unit.to_be_bytes() };
                bytes.extend(pair);
            }
            assert_eq!(text(&bytes), ("营收 €5 🚀".into(), order, 0));
        }
    }

    #[test]
    fn guesses_chinese_encodings() {
        let simplified = "公司今年营业收入达到三百亿元，同比增长百分之二十，净利润率保持稳定。";
        let (bytes, _, _) = encoding_rs::GB18030.encode(simplified);
        assert_eq!(text(&bytes), (simplified.into(), "gb18030", 0));
        let traditional = "公司今年營業收入達到三百億元，較去年成長兩成，淨利率維持穩定。";
        let (bytes, _, _) = encoding_rs::BIG5.encode(traditional);
        assert_eq!(text(&bytes), (traditional.into(), "Big5", 0));
    }

    #[test]
    fn a_damaged_file_is_still_utf8() {
        let mut bytes = "营收从 40 亿元增至 44 亿元".as_bytes().to_vec();
        bytes.extend(b" \x80\xBF \xC0\xAF \xE0\x80\xAF \xED\xA0\x80 \xF4\x90\x80\x80 \xFE\xFF");
        let (text, encoding, bad) = text(&bytes);
        assert!(text.starts_with("营收从 40 亿元增至 44 亿元 \u{FFFD}"), "{text}");
        assert_eq!((encoding, bad), ("UTF-8", 16));
    }

    #[test]
    fn keeps_the_places_of_bad_bytes() {
        let mut bytes = "营收增长 ".as_bytes().to_vec();
        bytes.push(0xFF);
        bytes.extend("，利润下降".as_bytes());
        let decoded = decode(bytes);
        assert_eq!(decoded.text, "营收增长 \u{FFFD}，利润下降");
        assert_eq!(decoded.invalid, [Span::new(13, 16)]);
    }
}
