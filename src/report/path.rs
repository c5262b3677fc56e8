use std::borrow::Cow;
use std::fmt::Write as _;

use super::text::shown_path;

/// The path as programs want it: without a leading `./`, with `/` between folders; `<stdin>` for standard input.
pub(super) fn plain_path(path: &str) -> Cow<'_, str> {
    let path = shown_path(path);
    let path = path.trim_start_matches("./");
    if cfg!(windows) { Cow::Owned(path.replace('\\', "/")) } else { Cow::Borrowed(path) }
}

/// The path as a URI reference: relative as it stands, absolute with `file://`; all but letters, digits and `-._~/`
/// percent-encoded.
pub(super) fn uri(path: &str) -> String {
    let path = plain_path(path);
    let mut uri = String::with_capacity(path.len() + 8);
    match path.as_bytes() {
        [b'/', ..] => uri.push_str("file://"),
        // A drive is no scheme.
        [_, b':', b'/', ..] if cfg!(windows) => uri.push_str("file:///"),
        _ => {}
    }
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_get_plain_paths() {
        assert_eq!(plain_path("././深/a b.md"), "深/a b.md");
        assert_eq!(plain_path("../a.md"), "../a.md");
        assert_eq!(plain_path("-"), "<stdin>");
    }

    #[test]
    fn uris_hold_no_character_with_a_meaning() {
        assert_eq!(uri("./reports/a b.md"), "reports/a%20b.md");
        assert_eq!(uri("深:,%\n\"'.md"), "%E6%B7%B1%3A%2C%25%0A%22%27.md");
        assert_eq!(uri("/tmp/a#b?.md"), "file:///tmp/a%23b%3F.md");
        assert_eq!(uri("-"), "%3Cstdin%3E");
    }
}
