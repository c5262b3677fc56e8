use std::collections::{HashMap, HashSet};

use aho_corasick::{AhoCorasick, MatchKind};
use serde::Deserialize;

use super::Role;
use crate::source::{DataFile, Fault, Span};

/// The words that reading a report's layout needs, from the data files under `document/`: what headings mean,
/// the envelope's keys, labels of the report's date, month names, abbreviations.
#[derive(Clone, Debug, Default)]
pub struct DocumentLexicon {
    headings: Option<AhoCorasick>,
    heading_roles: Vec<Role>,
    /// Words that count only as a whole piece of a heading.
    whole_headings: HashMap<String, Role>,
    fields: HashMap<String, FieldEntry>,
    date_labels: HashSet<String>,
    longest_label: usize,
    months: HashMap<String, u32>,
    abbreviations: HashSet<String>,
    scale_words: HashSet<String>,
}

/// A known key of the envelope.
#[derive(Clone, Debug)]
pub(super) struct FieldEntry {
    /// The name it goes by, whatever the language it is written in.
    pub key: String,
    pub kind: FieldKind,
}

/// What follows a known key of the envelope.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum FieldKind {
    /// Prose.
    Text,
    /// Perhaps the report's date.
    Date,
    /// Neither.
    Plain,
    /// The Markdown report.
    Report,
    /// The transcript, to the end of the file.
    Source,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DocumentFile {
    #[serde(default)]
    section: Vec<SectionTable>,
    #[serde(default)]
    field: Vec<FieldTable>,
    #[serde(default)]
    date_labels: Vec<String>,
    #[serde(default)]
    months: Vec<toml::Spanned<Vec<String>>>,
    #[serde(default)]
    abbreviations: Vec<String>,
    #[serde(default)]
    scale_words: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SectionTable {
    role: HeadingRole,
    #[serde(default)]
    words: Vec<toml::Spanned<String>>,
    #[serde(default)]
    whole: Vec<toml::Spanned<String>>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum HeadingRole {
    Body,
    Summary,
    Argument,
    Evidence,
    Reasoning,
    Audit,
    Diagram,
    Source,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FieldTable {
    key: String,
    kind: FieldKind,
    words: Vec<toml::Spanned<String>>,
}

impl DocumentLexicon {
    /// Reads the files whose path begins with `document/`; any of them may hold any of the tables.
    ///
    /// # Errors
    /// Every fault of every file: what is no such table, an empty word, a word that means two things.
    pub fn from_files(files: &[DataFile]) -> Result<Self, Vec<Fault>> {
        let mut lexicon = Self::default();
        let mut faults = Vec::new();
        let mut headings = HashMap::new();
        for file in files.iter().filter(|file| file.path.starts_with("document/")) {
            match file.read::<DocumentFile>() {
                Ok(tables) => lexicon.add(file, tables, &mut headings, &mut faults),
                Err(found) => faults.extend(found),
            }
        }
        let mut words: Vec<(String, Role)> =
            headings.iter().map(|(word, role)| (word.clone(), *role)).collect();
        lexicon.whole_headings.extend(headings);
        words.sort();
        lexicon.heading_roles = words.iter().map(|(_, role)| *role).collect();
        match AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostLongest)
            .ascii_case_insensitive(true)
            .build(words.iter().map(|(word, _)| word))
        {
            Ok(automaton) => lexicon.headings = Some(automaton),
            Err(error) => faults.push(Fault {
                path: "document/".into(),
                span: Span::new(0, 0),
                message: format!("the heading words make no search automaton: {error}"),
                help: Some("use fewer or shorter words".into()),
            }),
        }
        if faults.is_empty() { Ok(lexicon) } else { Err(faults) }
    }

    fn add(
        &mut self,
        file: &DataFile,
        tables: DocumentFile,
        headings: &mut HashMap<String, Role>,
        faults: &mut Vec<Fault>,
    ) {
        for section in tables.section {
            for word in &section.words {
                let role = section.role.into();
                let Some(key) = checked(file, word, faults) else { continue };
                if headings.insert(key, role).is_some_and(|before| before != role) {
                    faults.push(twice(file, word, "role"));
                }
            }
            for word in &section.whole {
                let role = section.role.into();
                let Some(key) = checked(file, word, faults) else { continue };
                if self.whole_headings.insert(key, role).is_some_and(|before| before != role) {
                    faults.push(twice(file, word, "role"));
                }
            }
        }
        for field in tables.field {
            for word in &field.words {
                let Some(key) = checked(file, word, faults) else { continue };
                let entry = FieldEntry { key: field.key.clone(), kind: field.kind };
                if self.fields.insert(key, entry).is_some_and(|before| before.key != field.key) {
                    faults.push(twice(file, word, "field"));
                }
            }
        }
        for label in tables.date_labels {
            self.longest_label = self.longest_label.max(label.len());
            self.date_labels.insert(label.to_lowercase());
        }
        if !tables.months.is_empty() && tables.months.len() != 12 {
            let last = tables.months.last().map_or(Span::new(0, 0), |month| Span::from(month.span()));
            let mut fault = file.fault(last, format!("{} months", tables.months.len()));
            fault.help = Some("list the names of all twelve, January first".into());
            faults.push(fault);
        }
        for (number, names) in (1..).zip(tables.months) {
            self.months.extend(names.into_inner().into_iter().map(|name| (name.to_lowercase(), number)));
        }
        self.scale_words.extend(tables.scale_words.iter().map(|word| word.to_lowercase()));
        self.abbreviations.extend(tables.abbreviations.iter().map(|word| word.to_lowercase()));
    }

    /// What the section under this heading is for.
    pub(super) fn role_of_heading(&self, heading: &str) -> Option<Role> {
        if let Some(role) = self.role_of_label(heading) {
            return Some(role);
        }
        let automaton = self.headings.as_ref()?;
        automaton
            .find_iter(heading)
            .find(|found| is_whole_word(heading, found.start(), found.end()))
            .map(|found| self.heading_roles[found.pattern().as_usize()])
    }

    /// The same for a label or a document's title: only a whole piece of it counts.
    pub(super) fn role_of_label(&self, label: &str) -> Option<Role> {
        const EDGES: [char; 14] =
            ['(', ')', '（', '）', '[', ']', '【', '】', ':', '：', '、', '/', '|', '—'];
        label.split(EDGES).find_map(|piece| {
            let piece = piece.trim_matches(|c: char| !c.is_alphabetic());
            self.whole_headings.get(piece.to_lowercase().as_str()).copied()
        })
    }

    /// The known key that `key` is a name of, in any case.
    pub(super) fn field(&self, key: &str) -> Option<&FieldEntry> {
        self.fields.get(key.to_lowercase().as_str())
    }

    pub(super) fn is_date_label(&self, label: &str) -> bool {
        label.len() <= self.longest_label && self.date_labels.contains(label.to_lowercase().as_str())
    }

    /// 1 to 12 for a month's name or short name.
    pub(super) fn month(&self, name: &str) -> Option<u32> {
        self.months.get(name.to_lowercase().as_str()).copied()
    }

    /// Whether the word makes the number before it a quantity: 亿, billion.
    pub(super) fn is_scale_word(&self, word: &str) -> bool {
        self.scale_words.contains(word.to_lowercase().as_str())
    }

    /// Whether the full stop after `word` belongs to it.
    pub(super) fn is_abbreviation(&self, word: &str) -> bool {
        self.abbreviations.contains(word) || self.abbreviations.contains(word.to_lowercase().as_str())
    }
}

impl From<HeadingRole> for Role {
    fn from(role: HeadingRole) -> Self {
        match role {
            HeadingRole::Body => Role::Body,
            HeadingRole::Summary => Role::Summary,
            HeadingRole::Argument => Role::Argument,
            HeadingRole::Evidence => Role::Evidence,
            HeadingRole::Reasoning => Role::Reasoning,
            HeadingRole::Audit => Role::Audit,
            HeadingRole::Diagram => Role::Diagram,
            HeadingRole::Source => Role::Source,
        }
    }
}

fn checked(file: &DataFile, word: &toml::Spanned<String>, faults: &mut Vec<Fault>) -> Option<String> {
    let text = word.as_ref().trim();
    if text.is_empty() {
        let mut fault = file.fault(Span::from(word.span()), "an empty word, which would match anywhere");
        fault.help = Some("remove it, or write the word".into());
        faults.push(fault);
        return None;
    }
    Some(text.to_lowercase())
}

fn twice(file: &DataFile, word: &toml::Spanned<String>, what: &str) -> Fault {
    let mut fault = file.fault(
        Span::from(word.span()),
        format!("`{}` already stands for another {what}", word.as_ref().trim()),
    );
    fault.help = Some("keep the word in one list".into());
    fault
}

/// Latin words match only as a whole; Han words anywhere.
fn is_whole_word(text: &str, start: usize, end: usize) -> bool {
    let bytes = text.as_bytes();
    let joined = |a: Option<&u8>, b: Option<&u8>| {
        a.is_some_and(u8::is_ascii_alphanumeric) && b.is_some_and(u8::is_ascii_alphanumeric)
    };
    let before = start.checked_sub(1).and_then(|at| bytes.get(at));
    !joined(before, bytes.get(start)) && !joined(bytes.get(end - 1), bytes.get(end))
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// The lexicon that ships.
    pub(in crate::document) fn shipped() -> DocumentLexicon {
        let file = |path: &str, text: &str| DataFile { path: path.into(), text: text.into() };
        DocumentLexicon::from_files(&[
            file("document/sections.toml", include_str!("../../rules/document/sections.toml")),
            file("document/envelope.toml", include_str!("../../rules/document/envelope.toml")),
            file("document/dates.toml", include_str!("../../rules/document/dates.toml")),
            file("document/sentences.toml", include_str!("../../rules/document/sentences.toml")),
        ])
        .unwrap()
    }

    #[test]
    fn headings_have_roles_in_both_languages() {
        let lexicon = shipped();
        for (heading, role) in [
            ("核心论点 (Argument)", Some(Role::Argument)),
            ("Key evidence", Some(Role::Evidence)),
            ("四、逻辑推理", Some(Role::Reasoning)),
            ("Devil's Advocate Audit", Some(Role::Audit)),
            ("第二部分：Mermaid 概念图", Some(Role::Diagram)),
            ("1. EXECUTIVE SUMMARY", Some(Role::Summary)),
            ("五、结论", Some(Role::Summary)),
            ("7. Conclusion", Some(Role::Summary)),
            ("审计 (Audit)", Some(Role::Audit)),
            ("审计意见", None),
            ("Company Overview", None),
            ("Auditor's fees", None),
            ("财务分析", None),
        ] {
            assert_eq!(lexicon.role_of_heading(heading), role, "{heading}");
        }
    }

    #[test]
    fn faults_name_the_place() {
        let text = "[[section]]\nrole = \"audit\"\nwords = [\"质疑\", \"\"]\n[[section]]\nrole = \"evidence\"\nwords = [\"质疑\"]\n";
        let file = DataFile { path: "document/own.toml".into(), text: text.into() };
        let faults = DocumentLexicon::from_files(&[file]).unwrap_err();
        let places: Vec<_> = faults.iter().map(|fault| fault.span.of(text)).collect();
        assert_eq!(places, ["\"\"", "\"质疑\""]);
        let file = DataFile { path: "document/own.toml".into(), text: "sections = 1\n".into() };
        let faults = DocumentLexicon::from_files(&[file]).unwrap_err();
        assert!(faults[0].message.contains("unknown field `sections`"), "{}", faults[0].message);
        let file = DataFile { path: "units.toml".into(), text: "anything = 1\n".into() };
        assert!(DocumentLexicon::from_files(&[file]).is_ok());
    }
}
