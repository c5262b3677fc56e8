use std::fmt;

/// A time in a recording, in milliseconds from its start.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TimeStamp(pub u64);

impl fmt::Display for TimeStamp {
    /// `00:12:05`.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.0 / 1000;
        write!(out, "{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
    }
}

/// Reads `1:02:05`, `02:05`, `00:12:05,250` or `00:12:05.250` at the start; also what comes after it.
pub(super) fn leading_clock(text: &str) -> Option<(TimeStamp, &str)> {
    let (first, rest) = digits(text, 3)?;
    let (second, rest) =
        digits(rest.strip_prefix(':')?, 2).filter(|(_, rest)| rest.len() + 3 <= text.len())?;
    let (parts, mut rest) = match rest.strip_prefix(':').and_then(|rest| digits(rest, 2)) {
        Some((third, rest)) => ([first, second, third], rest),
        None => ([0, first, second], rest),
    };
    // Without hours, minutes may go on beyond the first one.
    if parts[0] > 0 && parts[1] > 59 || parts[2] > 59 {
        return None;
    }
    let mut milliseconds = 0;
    if let Some(fraction) = rest.strip_prefix([',', '.'])
        && let Some((_, after)) = digits(fraction, 3)
    {
        let written = &fraction[..fraction.len() - after.len()];
        milliseconds = format!("{written:0<3}").parse().unwrap_or(0);
        rest = after;
    }
    // A longer row of digits and colons is something else: 12:05:07:03, 10:305.
    if rest.starts_with(|next: char| next == ':' || next.is_ascii_digit()) {
        return None;
    }
    Some((TimeStamp(((parts[0] * 60 + parts[1]) * 60 + parts[2]) * 1000 + milliseconds), rest))
}

/// The number that at most so many digits make, and what comes after them.
fn digits(text: &str, most: usize) -> Option<(u64, &str)> {
    let count = text.bytes().take(most).take_while(u8::is_ascii_digit).count();
    let (number, rest) = text.split_at(count);
    Some((number.parse().ok()?, rest))
}

/// The time that a line of a transcript begins with: `[00:12:05] …`, `(12:05) …`, `12:05 …`.
pub(super) fn line_time(line: &str) -> Option<TimeStamp> {
    let line = line.trim_start();
    let inner = line.strip_prefix(['[', '(', '（', '【']);
    let (time, rest) = leading_clock(inner.unwrap_or(line))?;
    let ends = match inner {
        Some(_) => rest.trim_start().starts_with([']', ')', '）', '】', '-', '–', '—']),
        None => rest.is_empty() || rest.starts_with([' ', '\t', '\r', '\u{3000}']),
    };
    ends.then_some(time)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clocks_are_read_and_written() {
        let read = |text: &str| leading_clock(text).map(|(time, rest)| (time.to_string(), rest.to_owned()));
        let at = |time: &str, rest: &str| Some((time.to_owned(), rest.to_owned()));
        assert_eq!(read("01:02:05,250 --> x"), at("01:02:05", " --> x"));
        assert_eq!(read("2:05.5]"), at("00:02:05", "]"));
        assert_eq!(read("75:10"), at("01:15:10", ""));
        assert_eq!(read("100:02:05"), at("100:02:05", ""));
        for none in ["", "5", "12:61", "12:05:07:03", "a:05", "1:2:3:4", "12:345"] {
            assert_eq!(read(none), None, "{none}");
        }
    }

    #[test]
    fn lines_begin_with_times() {
        for line in ["[00:12:05] 三百亿", " (12:05) x", "12:05 x", "12:05", "[00:12:05 --> 00:12:09] x"] {
            assert_eq!(line_time(line), Some(TimeStamp(725_000)), "{line}");
        }
        for line in ["12:05pm", "[12:05", "x 12:05", "12:05,三百亿", ""] {
            assert_eq!(line_time(line), None, "{line}");
        }
    }
}
