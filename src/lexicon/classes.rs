use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use fnv::{FnvHashMap, FnvHashSet};
use rayon::prelude::*;
use rust_decimal::Decimal;
use serde::Deserialize;
use toml::Spanned;

use super::hits::Sense;
use super::scan::Lexicon;
use crate::source::{DataFile, Fault, closest};

/// Word lists of one file, by name.
type Classes = BTreeMap<String, Spanned<ClassEntry>>;

/// A word list, by its place in the lexicon.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClassId(pub u16);

/// `lexicons/*.toml`: `[class.NAME]` tables.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ClassFile {
    #[serde(default)]
    class: BTreeMap<String, Spanned<ClassEntry>>,
}

/// `claimlint.toml`, which has word lists between other settings.
#[derive(Deserialize)]
struct ClassesAmongSettings {
    #[serde(default)]
    class: BTreeMap<String, Spanned<ClassEntry>>,
}

/// The word lists of a data file; none when it holds something else.
fn classes_in(file: &DataFile) -> Result<Classes, Vec<Fault>> {
    if file.path.starts_with("lexicons/") {
        file.read::<ClassFile>().map(|file| file.class)
    } else if file.is_settings() {
        file.read::<ClassesAmongSettings>().map(|file| file.class)
    } else {
        Ok(BTreeMap::new())
    }
}

/// One word list.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ClassEntry {
    /// What each word of the class is worth where a phrase captures it: a direction, a factor.
    value: Option<Spanned<String>>,
    #[serde(default)]
    zh: Vec<Spanned<String>>,
    #[serde(default)]
    en: Vec<Spanned<String>>,
    /// Longer strings that contain a word but mean something else: 超级 for 超.
    #[serde(default)]
    guards: Vec<Spanned<String>>,
    /// Other classes whose words, values and guards belong to this one too.
    #[serde(default)]
    any: Vec<Spanned<String>>,
    /// Adds to the list of that name in another file.
    extends: Option<Spanned<bool>>,
}

impl ClassEntry {
    /// Whether it adds to a list that another file defines.
    fn adds(&self) -> bool {
        self.extends.as_ref().is_some_and(|extends| *extends.get_ref())
    }
}

/// Which file defines each class, and what its words are worth.
struct Origins {
    defined: HashMap<String, (String, Option<Decimal>)>,
}

impl Origins {
    /// Two files that define one class are a fault: each would change what the other's words are for.
    fn of(parsed: &[(&DataFile, Classes)], faults: &mut Vec<Fault>) -> Self {
        let mut defined: HashMap<String, (String, Option<Decimal>)> = HashMap::new();
        for (file, classes) in parsed {
            for (name, entry) in classes.iter().filter(|(_, entry)| !entry.get_ref().adds()) {
                if let Some((first, _)) = defined.get(name) {
                    let message = format!("the word list `{name}` is defined in {first} already");
                    let help = "write `extends = true` to add to it, or choose another name";
                    faults.push(file.fault(entry.span().into(), message).with_help(help));
                    continue;
                }
                let value = entry.get_ref().value.as_ref().and_then(|value| value.get_ref().parse().ok());
                defined.insert(name.clone(), (file.path.clone(), value));
            }
        }
        Self { defined }
    }

    /// A list that nobody defines can't be added to.
    fn check_extension(&self, file: &DataFile, name: &str, entry: &ClassEntry, faults: &mut Vec<Fault>) {
        let Some(extends) = entry.extends.as_ref().filter(|_| !self.defined.contains_key(name)) else {
            return;
        };
        let message = format!("there is no word list `{name}` to add to");
        let help = match closest(name, self.defined.keys().map(String::as_str)) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "leave `extends` out: this file is the one that defines it".into(),
        };
        faults.push(file.fault(extends.span().into(), message).with_help(help));
    }

    /// What the words of a class are worth where the file that adds them does not say.
    fn value(&self, name: &str) -> Option<Decimal> {
        self.defined.get(name).and_then(|(_, value)| *value)
    }
}

/// Words of one class while the lexicon is put together.
#[derive(Default)]
struct Words {
    words: Vec<(String, Option<Decimal>)>,
    guards: Vec<String>,
}

/// Collects word lists from data files and from phrases, then puts them together.
#[derive(Default)]
pub struct LexiconBuilder {
    names: Vec<String>,
    index: FnvHashMap<String, ClassId>,
    classes: Vec<Words>,
}

impl LexiconBuilder {
    /// Reads every file below `lexicons/`, and `claimlint.toml`. One file defines a class; others add to it where they
    /// say so.
    ///
    /// # Errors
    /// Files that are no class files, unions of unknown classes, values that are no numbers, empty words.
    pub fn from_files(files: &[DataFile]) -> Result<Self, Vec<Fault>> {
        let mut faults = Vec::new();
        match Self::read(files, &mut faults) {
            Some(builder) if faults.is_empty() => Ok(builder),
            _ => Err(faults),
        }
    }

    /// The same, but adds what is wrong to `faults`; `None` when a file is so broken that its classes are not known.
    pub fn read(files: &[DataFile], faults: &mut Vec<Fault>) -> Option<Self> {
        let mut builder = Self::default();
        let mut complete = true;
        let mut unions = Vec::new();
        let mut parsed: Vec<(&DataFile, Classes)> = Vec::new();
        let read: Vec<_> = files.par_iter().map(classes_in).collect();
        for (file, classes) in files.iter().zip(read) {
            match classes {
                Ok(classes) => parsed.push((file, classes)),
                Err(found) => {
                    complete = false;
                    faults.extend(found);
                }
            }
        }
        let origins = Origins::of(&parsed, faults);
        for (file, classes) in parsed {
            for (name, entry) in classes {
                if complete && entry.get_ref().adds() {
                    origins.check_extension(file, &name, entry.get_ref(), faults);
                }
                let class = builder.class(&name);
                let inherited = origins.value(&name);
                builder.add_entry((class, &name, inherited), file, entry, faults, &mut unions);
            }
        }
        if complete {
            builder.join_unions(&unions, faults);
        }
        complete.then_some(builder)
    }

    fn add_entry<'f>(
        &mut self,
        (class, name, inherited): (ClassId, &str, Option<Decimal>),
        file: &'f DataFile,
        entry: Spanned<ClassEntry>,
        faults: &mut Vec<Fault>,
        unions: &mut Vec<(ClassId, &'f DataFile, Spanned<String>)>,
    ) {
        let whole = entry.span();
        let entry = entry.into_inner();
        let value = entry.value.and_then(|text| match text.get_ref().parse::<Decimal>() {
            Ok(value) => Some(value),
            Err(_) => {
                let mut fault =
                    file.fault(text.span().into(), format!("`{}` is not a decimal number", text.get_ref()));
                fault.help = Some("write the value as digits in quotes: value = \"1.5\"".into());
                faults.push(fault);
                None
            }
        });
        if entry.zh.is_empty() && entry.en.is_empty() && entry.any.is_empty() {
            let message = format!("the word list `{name}` has no words, so it can never match");
            let mut fault = file.fault(whole.into(), message);
            fault.help = Some("give it words in `zh` or `en`, or name other lists in `any`".into());
            faults.push(fault);
        }
        for word in entry.zh.into_iter().chain(entry.en) {
            if word.get_ref().trim().is_empty() {
                let fault = file.fault(word.span().into(), "an empty word would match everywhere");
                faults.push(fault.with_help("write the word, or leave it out"));
            } else {
                self.add_word(class, word.get_ref(), value.or(inherited));
            }
        }
        for guard in entry.guards {
            if guard.get_ref().trim().is_empty() {
                let fault =
                    file.fault(guard.span().into(), "an empty guard would silence the list everywhere");
                faults.push(
                    fault.with_help("write the longer word that means something else, or leave it out"),
                );
            } else {
                self.add_guard(class, guard.get_ref());
            }
        }
        unions.extend(entry.any.into_iter().map(|name| (class, file, name)));
    }

    /// Unions name finished classes or other unions; repeated until nothing grows, so order does not matter.
    fn join_unions(&mut self, unions: &[(ClassId, &DataFile, Spanned<String>)], faults: &mut Vec<Fault>) {
        let mut known = Vec::new();
        for (class, file, name) in unions {
            match self.index.get(name.get_ref()) {
                Some(&member) => known.push((*class, member)),
                None => faults.push(self.unknown_class(file, name)),
            }
        }
        let mut grown: FnvHashSet<ClassId> = known.iter().map(|(_, member)| *member).collect();
        while !grown.is_empty() {
            let last = std::mem::take(&mut grown);
            for &(class, member) in known.iter().filter(|(_, member)| last.contains(member)) {
                let [target, member] = [class, member].map(|class| &self.classes[usize::from(class.0)]);
                let words = missing(&target.words, &member.words);
                let guards = missing(&target.guards, &member.guards);
                if !(words.is_empty() && guards.is_empty()) {
                    grown.insert(class);
                }
                let target = &mut self.classes[usize::from(class.0)];
                target.words.extend(words);
                target.guards.extend(guards);
            }
        }
    }

    /// The fault for a class name that no file defines, with the nearest name that exists.
    pub fn unknown_class(&self, file: &DataFile, name: &Spanned<String>) -> Fault {
        let mut fault = file.fault(name.span().into(), format!("there is no word list `{}`", name.get_ref()));
        let nearest = self
            .index
            .keys()
            .map(|known| (strsim::jaro_winkler(known, name.get_ref()), known))
            .filter(|(likeness, _)| *likeness > 0.8)
            .max_by(|a, b| a.0.total_cmp(&b.0).then_with(|| b.1.cmp(a.1)));
        fault.help = Some(match nearest {
            Some((_, known)) => format!("did you mean `{known}`?"),
            None => "define it as [class.NAME] in a file below lexicons/".into(),
        });
        fault
    }

    /// The class of that name, made when it is new.
    pub fn class(&mut self, name: &str) -> ClassId {
        if let Some(&id) = self.index.get(name) {
            return id;
        }
        // 65,535 classes are out of reach: every one is a table in a file someone wrote.
        let id = ClassId(u16::try_from(self.names.len()).unwrap_or(u16::MAX));
        self.names.push(name.to_owned());
        self.index.insert(name.to_owned(), id);
        self.classes.push(Words::default());
        id
    }

    /// The class of that name, when a file defines it.
    pub fn find(&self, name: &str) -> Option<ClassId> {
        self.index.get(name).copied()
    }

    /// All class names a rule or phrase may use (names of phrase literals begin with `=` and are left out).
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(String::as_str).filter(|name| !name.starts_with('='))
    }

    /// How often words of the class stand in running text, by their lengths: short words are common ones.
    pub fn commonness(&self, class: ClassId) -> u32 {
        let weight = |word: &str| match (word.chars().count(), word.is_ascii()) {
            (1, _) => 1000,
            (2, false) | (2 | 3, true) => 30,
            (3, false) | (4 | 5, true) => 5,
            _ => 1,
        };
        self.classes[usize::from(class.0)].words.iter().map(|(word, _)| weight(word)).sum()
    }

    /// The words of a class.
    pub fn words_of(&self, class: ClassId) -> Vec<&str> {
        self.classes[usize::from(class.0)].words.iter().map(|(word, _)| word.as_str()).collect()
    }

    /// Adds a word to a class.
    pub fn add_word(&mut self, class: ClassId, word: &str, value: Option<Decimal>) {
        self.classes[usize::from(class.0)].words.push((word.to_owned(), value));
    }

    /// Adds a guard to a class.
    pub fn add_guard(&mut self, class: ClassId, guard: &str) {
        self.classes[usize::from(class.0)].guards.push(guard.to_owned());
    }

    /// The unnamed class of the alternatives of a phrase: `[到|至]`; the same alternatives share one class.
    pub fn literal(&mut self, alternatives: &[&str]) -> ClassId {
        let name = format!("={}", alternatives.join("|"));
        if let Some(&id) = self.index.get(&name) {
            return id;
        }
        let class = self.class(&name);
        for word in alternatives {
            self.add_word(class, word, None);
        }
        class
    }

    /// Puts all words together, ready to be looked for.
    pub fn build(&self) -> Lexicon {
        self.build_of(|_| true)
    }

    /// The same for some of the classes; the others have no words, and the classes keep their numbers.
    pub fn build_of(&self, wanted: impl Fn(ClassId) -> bool) -> Lexicon {
        let mut patterns: Vec<Cow<'_, str>> = Vec::new();
        let mut senses: Vec<Vec<Sense>> = Vec::new();
        let mut seen: FnvHashMap<Cow<'_, str>, usize> = FnvHashMap::default();
        let mut add = |word, sense: Sense| {
            let key = lower_case(word);
            let at = *seen.entry(key).or_insert_with_key(|key| {
                patterns.push(key.clone());
                senses.push(Vec::new());
                senses.len() - 1
            });
            if !senses[at].contains(&sense) {
                senses[at].push(sense);
            }
        };
        for (number, words) in self.classes.iter().enumerate() {
            let class = ClassId(u16::try_from(number).unwrap_or(u16::MAX));
            if !wanted(class) {
                continue;
            }
            for (word, value) in &words.words {
                add(word, Sense { class, value: *value, guard: false });
            }
            for guard in &words.guards {
                add(guard, Sense { class, value: None, guard: true });
            }
        }
        Lexicon::new(&patterns, senses, self.index.clone())
    }
}

/// What `more` has and `known` has not, each once.
fn missing<T: Clone + Eq + std::hash::Hash>(known: &[T], more: &[T]) -> Vec<T> {
    let mut seen: FnvHashSet<&T> = known.iter().collect();
    more.iter().filter(|item| seen.insert(item)).cloned().collect()
}

/// Most words are written in lower case already.
fn lower_case(word: &str) -> Cow<'_, str> {
    if word.bytes().any(|byte| byte.is_ascii_uppercase()) {
        Cow::Owned(word.to_ascii_lowercase())
    } else {
        Cow::Borrowed(word)
    }
}
