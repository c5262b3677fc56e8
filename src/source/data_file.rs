use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue, Deserializer};

use super::Span;

/// How many faults of one file are reported at most.
const FAULT_LIMIT: usize = 50;
/// How alike a name must be to be suggested.
const LIKENESS: f64 = 0.6;

/// The name of the configuration file.
pub const SETTINGS_FILE: &str = "claimlint.toml";

/// One TOML file of rules, phrases, words or units: built in or a user's.
#[derive(Clone, Debug)]
pub struct DataFile {
    /// Path below the rules folder, with forward slashes: `relations/share.toml`.
    pub path: String,
    /// The whole text.
    pub text: String,
}

/// Something wrong in a [`DataFile`], with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// [`DataFile::path`].
    pub path: String,
    /// Where in the file's text; empty at 0 when the whole file is meant.
    pub span: Span,
    /// The value, and what it broke.
    pub message: String,
    /// The way out.
    pub help: Option<String>,
}

impl Fault {
    /// The same fault with a way out.
    #[must_use]
    pub fn with_help(self, help: impl Into<String>) -> Self {
        Self { help: Some(help.into()), ..self }
    }
}

impl DataFile {
    /// Reads the file as `T`.
    ///
    /// # Errors
    /// The first place at which the text is no TOML, or else every place at which it is no `T`, in order.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, Vec<Fault>> {
        toml::from_str(&self.text).or_else(|first| match DeTable::parse(&self.text) {
            Ok(table) => self.read_in_parts(table),
            Err(_) => Err(vec![self.fault_of(&first)]),
        })
    }

    /// Reads what is left after taking out each entry that does not fit, so that all are reported.
    fn read_in_parts<T: DeserializeOwned>(&self, mut table: Spanned<DeTable<'_>>) -> Result<T, Vec<Fault>> {
        let mut faults = Vec::new();
        // Fields that were taken out, or that a wrong name was meant for: their absence is no fault of its own.
        let mut excused = Vec::new();
        for _ in 0..FAULT_LIMIT {
            let error = match T::deserialize(Deserializer::from(table.clone())) {
                Ok(whole) if faults.is_empty() => return Ok(whole),
                Ok(_) => break,
                Err(error) => error,
            };
            let fault = self.fault_of(&error);
            let missing = error.message().starts_with("missing field");
            let taken = take_out(table.get_mut(), fault.span);
            let name = quoted(error.message()).next().filter(|_| missing);
            if !name.is_some_and(|name| excused.iter().any(|other| other == name)) {
                if let Some(help) = &fault.help {
                    excused.extend(quoted(help).map(str::to_owned));
                }
                faults.push(fault);
            }
            match taken {
                Some(key) => excused.push(key),
                _ => break,
            }
        }
        faults.sort_by_key(|fault| fault.span);
        Err(faults)
    }

    /// Whether it is the configuration file, which may have names and word lists between other settings.
    pub fn is_settings(&self) -> bool {
        self.path == SETTINGS_FILE
    }

    /// A fault at a place of this file.
    pub fn fault(&self, span: Span, message: impl Into<String>) -> Fault {
        Fault { path: self.path.clone(), span, message: message.into(), help: None }
    }

    /// The place of `inner`, which counts bytes of a string's value, when the string is written at `outer`.
    ///
    /// The whole string when it is written with escapes.
    pub fn place_in(&self, outer: Span, value: &str, inner: Span) -> Span {
        let written = self.text.get(outer.start..outer.end).unwrap_or_default();
        match written.find(value) {
            Some(at) if !value.is_empty() => {
                let start = outer.start + at;
                Span::new(start + inner.start, start + inner.end)
            }
            _ => outer,
        }
    }

    fn fault_of(&self, error: &toml::de::Error) -> Fault {
        let span = error.span().map_or(Span::new(0, 0), Span::from);
        let message = error.message();
        let (said, expected) = message.split_once(", expected").unwrap_or((message, ""));
        let name = quoted(said).next().unwrap_or_default();
        if let Some(kind @ ("unknown field" | "unknown variant")) = said.split(" `").next() {
            let candidates: Vec<&str> = quoted(expected).collect();
            let (what, list) = match kind {
                "unknown field" => (format!("unknown field `{name}`"), "the fields here are"),
                _ => (format!("unknown value `{name}`"), "it can be"),
            };
            let fault = self.fault(span, what);
            return match closest(name, candidates.iter().copied()) {
                Some(near) => fault.with_help(format!("did you mean `{near}`?")),
                None if candidates.is_empty() => fault,
                None => fault.with_help(format!("{list} {}", candidates.join(", "))),
            };
        }
        if message.starts_with("data did not match any variant") {
            return self.fault(span, "the value has none of the forms it can have here");
        }
        if message == "wanted string or table" {
            return self.fault(span, "invalid type, expected a word in quotes");
        }
        let fault = self.fault(span, message);
        match said.split(" `").next() {
            Some("missing field") => fault.with_help(format!("add `{name}`")),
            _ => fault,
        }
    }
}

/// Takes out the entry whose key or value, or whose list's item, stands at a place; gives its key.
///
/// The parser of TOML bounds the depth.
fn take_out(table: &mut DeTable<'_>, place: Span) -> Option<String> {
    let stands_here = |span: std::ops::Range<usize>| Span::from(span) == place;
    let mut found = None;
    for (key, value) in table.iter_mut() {
        if stands_here(key.span()) || stands_here(value.span()) {
            found = Some(key.clone());
            break;
        }
        if let Some(inner) = take_out_of_value(value.get_mut(), place) {
            return Some(inner.unwrap_or_else(|| key.get_ref().to_string()));
        }
    }
    let key = found?;
    table.remove(key.get_ref().as_ref());
    Some(key.into_inner().into_owned())
}

/// Looks inside a value; `Some(None)` when an item of a list was taken out.
fn take_out_of_value(value: &mut DeValue<'_>, place: Span) -> Option<Option<String>> {
    match value {
        DeValue::Table(table) => take_out(table, place).map(Some),
        DeValue::Array(items) => {
            let stays = |item: &Spanned<DeValue<'_>>| Span::from(item.span()) != place;
            if !items.iter().all(stays) {
                *items = std::mem::replace(items, DeArray::new()).into_iter().filter(stays).collect();
                return Some(None);
            }
            items.iter_mut().find_map(|item| take_out_of_value(item.get_mut(), place))
        }
        _ => None,
    }
}

/// The names in backticks.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

/// The candidate that `written` most likely is a slip for; the first of equally near ones.
pub fn closest<'a>(written: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let mut best: Option<(f64, &'a str)> = None;
    for candidate in candidates {
        let likeness = strsim::normalized_damerau_levenshtein(written, candidate);
        if likeness >= LIKENESS && best.is_none_or(|(most, _)| likeness > most) {
            best = Some((likeness, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code)]
    struct Shape {
        id: String,
        #[serde(default)]
        level: Option<Level>,
        #[serde(default)]
        words: Vec<String>,
        #[serde(default)]
        item: Vec<Item>,
        #[serde(default)]
        more: BTreeMap<String, Item>,
        #[serde(default)]
        role: Option<Role>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(untagged)]
    #[allow(dead_code)]
    enum Role {
        Short(Level),
        Long(Item),
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code)]
    struct Item {
        text: String,
        note: Option<String>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "lowercase")]
    enum Level {
        Low,
        High,
    }

    /// Message, text under the span, help.
    fn faults(text: &str) -> Vec<(String, String, String)> {
        let file = DataFile { path: "shape.toml".into(), text: text.into() };
        let found = file.read::<Shape>().expect_err("faulty");
        let words =
            |fault: Fault| (fault.message, fault.span.of(text).to_owned(), fault.help.unwrap_or_default());
        found.into_iter().map(words).collect()
    }

    fn fault(message: &str, under: &str, help: &str) -> (String, String, String) {
        (message.into(), under.into(), help.into())
    }

    #[test]
    fn every_entry_that_does_not_fit_is_reported() {
        let text = r#"
# 规则文件
idd = "占比"
levle = "low"
words = ["甲", 3, "乙"]

[[item]]
text = "亿元，占比"
noet = "中文之后"

[[item]]
text = 5

[more."中文"]
text = "x"
extra = 1
"#;
        assert_eq!(
            faults(text),
            [
                fault("unknown field `idd`", "idd", "did you mean `id`?"),
                fault("unknown field `levle`", "levle", "did you mean `level`?"),
                fault("invalid type: integer `3`, expected a string", "3", ""),
                fault("unknown field `noet`", "noet", "did you mean `note`?"),
                fault("invalid type: integer `5`, expected a string", "5", ""),
                fault("unknown field `extra`", "extra", "the fields here are text, note"),
            ]
        );
    }

    #[test]
    fn a_wrong_value_lists_the_right_ones() {
        assert_eq!(
            faults("id = \"金额\"\nlevel = \"hihg\""),
            [fault("unknown value `hihg`", "\"hihg\"", "did you mean `high`?")]
        );
        assert_eq!(
            faults("id = \"金额\"\nlevel = \"最高\""),
            [fault("unknown value `最高`", "\"最高\"", "it can be low, high")]
        );
    }

    #[test]
    fn a_value_of_several_forms_has_words_of_its_own() {
        let text = "id = \"甲\"\nrole = { txet = \"乙\" }";
        assert_eq!(
            faults(text),
            [fault("the value has none of the forms it can have here", "{ txet = \"乙\" }", "")]
        );
    }

    #[test]
    fn a_missing_field_is_reported_unless_it_is_only_misspelt() {
        let found = faults("words = []\nzzz = 1\n");
        assert_eq!(found.len(), 2, "{found:?}");
        assert_eq!(found[0].0, "missing field `id`");
        assert_eq!(found[0].2, "add `id`");
        assert_eq!(faults("id = 3").len(), 1, "a wrong type is not also missing");
        let both = faults("[[item]]\nnote = \"甲\"\n");
        assert_eq!(both.len(), 2, "in the list and at the root: {both:?}");
    }

    #[test]
    fn syntax_faults_keep_their_place_after_han() {
        let found = faults("id = \"占比\"\nwords = [\"甲\"\nitem = 1\n");
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].1.len() <= 4, "{found:?}");
        let twice = faults("# 说明\nid = \"甲\"\nid = \"乙\"\n");
        assert_eq!((twice.len(), twice[0].1.as_str()), (1, "id"), "{twice:?}");
    }

    #[test]
    fn places_inside_strings_are_found_unless_escaped() {
        let text = "甲 = \"占比 ~= x\"\n乙 = \"占\\u6BD4 ~= x\"\n";
        let file = DataFile { path: "p.toml".into(), text: text.into() };
        let inner = Span::new("占比 ~= ".len(), "占比 ~= x".len());
        let outer = Span::new(6, 6 + "\"占比 ~= x\"".len());
        assert_eq!(file.place_in(outer, "占比 ~= x", inner).of(text), "x");
        let start = text.rfind("\"占").unwrap();
        let outer = Span::new(start, text.len() - 1);
        assert_eq!(file.place_in(outer, "占比 ~= x", inner), outer);
    }

    #[test]
    fn a_slip_is_told_from_another_word() {
        assert_eq!(closest("sevrity", ["message", "severity", "doc"]), Some("severity"));
        assert_eq!(closest("colour", ["message", "severity", "doc"]), None);
        assert_eq!(closest("", ["a"]), None);
    }
}
