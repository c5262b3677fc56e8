use super::visible::visible;

/// Text that stays text in Markdown, in a cell of a table and in HTML, on GitHub too: no markup, no link, no formula,
/// no mention of a person, an issue or a commit, no emoji by name. One line.
pub(super) fn inert(text: &str) -> String {
    let text = visible(text);
    let mut inert = String::with_capacity(text.len() * 2);
    for (at, character) in text.char_indices() {
        let (before, rest) = text.split_at(at + character.len_utf8());
        match character {
            // As entities: those never act as marks.
            '&' | '<' | '>' | '\\' | '|' | '`' | '*' | '_' | '~' | '[' | ']' => {
                inert.push_str(&format!("&#{};", u32::from(character)));
            }
            // GitHub looks for formulas, mentions and links in the text that readers see, so no entity would do; but
            // not across elements. For the dollar this is its own advice.
            _ if character == '$' || splits(before, rest) => {
                inert.push_str(&format!("<span>{character}</span>"));
            }
            _ => inert.push(character),
        }
    }
    inert
}

/// Whether what stands before a place and what follows it must not be read as one word.
fn splits(before: &str, rest: &str) -> bool {
    let next = rest.chars().next();
    let is_word = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
    if before.ends_with('@') || before.ends_with('#') {
        return is_word(next);
    }
    if before.ends_with(':') {
        return rest.starts_with("//") || is_emoji(rest);
    }
    if before.ends_with("ww") || before.ends_with("WW") {
        return rest.starts_with(['w', 'W']);
    }
    if before.ends_with('-') {
        // GH-12
        return next.is_some_and(|c| c.is_ascii_digit())
            && ends_with_word(before.trim_end_matches('-'), "gh");
    }
    cuts_commit(before, rest)
}

/// Whether `:` and then this is an emoji's name: `smile:`.
fn is_emoji(rest: &str) -> bool {
    let name = |byte: &u8| byte.is_ascii_alphanumeric() || b"_+-".contains(byte);
    let length = rest.bytes().take_while(|byte| name(byte)).count();
    length > 0 && rest[length..].starts_with(':')
}

fn ends_with_word(text: &str, word: &str) -> bool {
    let start = text.len().checked_sub(word.len()).filter(|&start| text.is_char_boundary(start));
    start.is_some_and(|start| {
        text[start..].eq_ignore_ascii_case(word)
            && !text[..start].ends_with(|c: char| c.is_ascii_alphanumeric())
    })
}

/// Whether this is inside seven to forty hexadecimal digits with a letter among them, behind every sixth.
fn cuts_commit(before: &str, rest: &str) -> bool {
    let is_word = |byte: &u8| byte.is_ascii_alphanumeric();
    let earlier = before.bytes().rev().take(LONGEST_COMMIT + 1).take_while(is_word).count();
    let later = rest.bytes().take(LONGEST_COMMIT + 1).take_while(is_word).count();
    let (start, end) = (before.len() - earlier, rest[..later].len());
    let word = || before[start..].bytes().chain(rest[..end].bytes());
    earlier > 0
        && earlier % SPLIT_COMMIT == 0
        && later > 0
        && (SPLIT_COMMIT + 1..=LONGEST_COMMIT).contains(&(earlier + later))
        && word().all(|byte| byte.is_ascii_hexdigit())
        && word().any(|byte| byte.is_ascii_alphabetic())
}

/// The most digits that name a commit, and the most that never do.
const LONGEST_COMMIT: usize = 40;
const SPLIT_COMMIT: usize = 6;

/// Text as code in a cell of a table; nothing in it acts.
pub(super) fn code(text: &str) -> String {
    // A cell ends at a pipe even inside code.
    let text = visible(text).replace('|', "\\|");
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let padding = if text.starts_with(['`', ' ']) || text.ends_with(['`', ' ']) { " " } else { "" };
    if text.is_empty() { String::new() } else { format!("{fence}{padding}{text}{padding}{fence}") }
}
