use std::borrow::Cow;

/// The text with every character that a terminal would act on, or that hides or reorders its neighbours,
/// replaced by a visible one. Line breaks are such characters too: the result is one line.
pub fn visible(text: &str) -> Cow<'_, str> {
    if text.chars().all(|character| shown(character).is_none()) {
        return without_commands(text, OTHER_BRACKET);
    }
    let mut inert = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        push_visible(&mut inert, character);
    }
    Cow::Owned(without_commands(&inert, OTHER_BRACKET).into_owned())
}

/// Stands for the bracket of a command; as wide as one on a terminal.
pub(super) const OTHER_BRACKET: &str = "\u{27e6}";

/// The text with something else for the bracket of `##[…]`, `##vso[…]`, `##teamcity[…]`: CI runners obey such a
/// command wherever in a line of output it stands.
pub(super) fn without_commands<'a>(text: &'a str, bracket: &str) -> Cow<'a, str> {
    let mut inert = String::new();
    let mut copied = 0;
    for (at, found) in text.match_indices('[') {
        if text[..at].trim_end_matches(|c: char| c.is_ascii_alphabetic()).ends_with("##") {
            inert.push_str(&text[copied..at]);
            inert.push_str(bracket);
            copied = at + found.len();
        }
    }
    if copied == 0 {
        return Cow::Borrowed(text);
    }
    inert.push_str(&text[copied..]);
    Cow::Owned(inert)
}

/// Appends one character the way [`visible`] shows it.
pub(super) fn push_visible(text: &mut String, character: char) {
    match shown(character) {
        None => text.push(character),
        Some(Shown::Tab) => text.push_str("    "),
        Some(Shown::As(stand_in)) => text.push(stand_in),
    }
}

/// JSON with what a terminal or a CI runner would act on as `\u` escapes. Outside its strings JSON has none of it, so
/// the value stays the same.
pub(super) fn inert_json(json: String) -> String {
    let json = match without_commands(&json, "\\u005b") {
        Cow::Borrowed(_) => json,
        Cow::Owned(inert) => inert,
    };
    let acts = |character: char| character != '\n' && matches!(shown(character), Some(Shown::As(_)));
    if !json.contains(acts) {
        return json;
    }
    let mut inert = String::with_capacity(json.len() + 16);
    for character in json.chars() {
        if acts(character) {
            let mut units = [0; 2];
            for unit in character.encode_utf16(&mut units) {
                inert.push_str(&format!("\\u{unit:04x}"));
            }
        } else {
            inert.push(character);
        }
    }
    inert
}

/// A string of TOML, on one line, with what a terminal or a CI runner would act on as escapes.
pub(super) fn inert_toml(text: &str) -> String {
    let mut inert = String::with_capacity(text.len() + 2);
    for character in text.chars() {
        match character {
            '"' | '\\' => inert.extend(['\\', character]),
            _ if shown(character).is_some() => inert.push_str(&format!("\\U{:08x}", character as u32)),
            _ => inert.push(character),
        }
    }
    format!("\"{}\"", without_commands(&inert, "\\u005b"))
}

/// What is shown instead of a character.
enum Shown {
    Tab,
    As(char),
}

fn shown(character: char) -> Option<Shown> {
    match character {
        // Nearly all there is.
        ' '..='~' | '\u{3400}'..='\u{9fff}' => None,
        '\t' => Some(Shown::Tab),
        // Control pictures follow the order of the control characters.
        '\0'..='\u{1f}' => char::from_u32(0x2400 + character as u32).map(Shown::As),
        '\u{7f}' => Some(Shown::As('\u{2421}')),
        // C1 controls; marks, embeddings and isolates of writing direction; invisible spaces, separators,
        // noncharacters and tags. The joiners U+200C and U+200D stay: emoji and several scripts need them.
        '\u{80}'..='\u{9f}'
        | '\u{ad}'
        | '\u{61c}'
        | '\u{180e}'
        | '\u{200b}'
        | '\u{200e}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{fdd0}'..='\u{fdef}'
        | '\u{feff}'
        | '\u{fff9}'..='\u{fffb}'
        | '\u{fffe}'..='\u{ffff}'
        | '\u{e0000}'..='\u{e0fff}' => Some(Shown::As('\u{fffd}')),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn harmless_text_is_borrowed() {
        assert!(matches!(visible("融资 $1100 亿 👩‍💻 café"), Cow::Borrowed(_)));
    }

    #[test]
    fn controls_become_pictures() {
        assert_eq!(visible("a\u{1b}[31mb\u{7}\r\n\u{7f}"), "a␛[31mb␇␍␊␡");
        assert_eq!(visible("a\tb"), "a    b");
    }

    #[test]
    fn hidden_and_reordering_characters_become_replacement_characters() {
        assert_eq!(visible("\u{9b}31m \u{202e}x\u{2066}y\u{200b}\u{e0041}"), "�31m �x�y��");
    }

    #[test]
    fn a_string_of_toml_keeps_its_value() {
        let text = "a \"b\" c:\\d\n\u{1b}[31m\u{7f}\u{9b}\u{202e}\t\u{e0041} 涨 ##vso[x]";
        let line = format!("x = {}", inert_toml(text));
        assert!(
            line.chars().all(|character| shown(character).is_none()) && !line.contains("##vso["),
            "{line}"
        );
        assert_eq!(line.parse::<toml::Table>().unwrap()["x"].as_str(), Some(text));
    }

    #[test]
    fn commands_of_ci_runners_are_broken() {
        assert_eq!(
            visible("a ###[error] ##vso[x] ##a-b[1] #[2] ##[##["),
            "a ###⟦error] ##vso⟦x] ##a-b[1] #[2] ##⟦##⟦"
        );
        assert_eq!(visible("##\u{1b}teamcity["), "##␛teamcity[");
        assert!(matches!(visible("## 一 [1] ## x [2]"), Cow::Borrowed(_)));
    }

    #[test]
    fn json_keeps_its_value() {
        let json = serde_json::to_string("\u{9b}31m\u{202e} \u{e0041} 涨\t\u{1b}##[x").unwrap();
        let inert = inert_json(json.clone());
        assert_eq!(inert, "\"\\u009b31m\\u202e \\udb40\\udc41 涨\\t\\u001b##\\u005bx\"");
        let (before, after): (String, String) =
            (serde_json::from_str(&json).unwrap(), serde_json::from_str(&inert).unwrap());
        assert_eq!(before, after);
    }
}
