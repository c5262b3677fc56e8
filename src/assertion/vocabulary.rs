use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

use super::{EntityId, MeasureId, Modality};
use crate::lexicon::{ClassId, ClassSet, LexiconBuilder};
use crate::source::{DataFile, Fault};

/// `entities.toml` and `measures.toml`, or a user's additions below `entities/` and `measures/`.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct NameFile {
    #[serde(default)]
    entity: BTreeMap<String, Names>,
    #[serde(default)]
    measure: BTreeMap<String, Names>,
}

/// `claimlint.toml`, which has names between other settings.
#[derive(Deserialize)]
struct NamesAmongSettings {
    #[serde(default)]
    entity: BTreeMap<String, Names>,
    #[serde(default)]
    measure: BTreeMap<String, Names>,
}

/// The names in a data file; none when it holds something else.
fn names_in(file: &DataFile) -> Result<NameFile, Vec<Fault>> {
    if holds_names(&file.path) {
        file.read()
    } else if file.is_settings() {
        let NamesAmongSettings { entity, measure } = file.read()?;
        Ok(NameFile { entity, measure })
    } else {
        Ok(NameFile::default())
    }
}

/// The names of one entity or measure.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Names {
    #[serde(default)]
    zh: Vec<Spanned<String>>,
    #[serde(default)]
    en: Vec<Spanned<String>>,
    /// Longer strings that contain a name but mean something else.
    #[serde(default)]
    guards: Vec<Spanned<String>>,
}

/// The word lists that say how the text stands to a figure, by class name.
const CUES: [(&str, Modality); 4] = [
    ("forecast", Modality::Forecast),
    ("plan", Modality::Plan),
    ("condition", Modality::Condition),
    ("negation", Modality::Denied),
];

/// Names of entities and measures, and the cue words, as classes of the lexicon.
#[derive(Debug, Default)]
pub struct Vocabulary {
    pub(super) entities: Vec<(ClassId, String)>,
    pub(super) measures: Vec<(ClassId, String)>,
    /// Words that stand in brackets behind a Han word as its translation, not as a name.
    pub(super) not_a_name: Option<ClassId>,
    /// The classes that name entities.
    pub(super) entity_classes: ClassSet,
    /// Those that assertions are read from, but for entities.
    pub(super) context_classes: ClassSet,
    /// What the words of each class mean, by its number.
    meanings: Vec<Meaning>,
}

/// What the words of a class mean to an assertion.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) enum Meaning {
    #[default]
    Nothing,
    Entity(EntityId),
    Measure(MeasureId),
    Cue(Modality),
    Attribution,
}

/// Whether a data file holds names.
fn holds_names(path: &str) -> bool {
    matches!(path, "entities.toml" | "measures.toml")
        || path.starts_with("entities/")
        || path.starts_with("measures/")
}

impl Vocabulary {
    /// Reads the names and registers them with the lexicon.
    ///
    /// # Errors
    /// Files that are no name files, empty names.
    pub fn from_files(files: &[DataFile], lexicon: &mut LexiconBuilder) -> Result<Self, Vec<Fault>> {
        let mut vocabulary = Self::default();
        let mut faults = Vec::new();
        for file in files {
            match names_in(file) {
                Ok(parsed) => {
                    for (key, names) in parsed.entity {
                        let class = register(&format!("entity:{key}"), names, file, lexicon, &mut faults);
                        add(&mut vocabulary.entities, class, key);
                    }
                    for (key, names) in parsed.measure {
                        let class = register(&format!("measure:{key}"), names, file, lexicon, &mut faults);
                        add(&mut vocabulary.measures, class, key);
                    }
                }
                Err(found) => faults.extend(found),
            }
        }
        let cues = CUES.map(|(name, modality)| Some((lexicon.find(name)?, modality))).into_iter().flatten();
        let attribution = lexicon.find("attribution");
        vocabulary.not_a_name = lexicon.find("not-a-name");
        vocabulary.entity_classes = vocabulary.entities.iter().map(|(class, _)| *class).collect();
        let entities = (0..).zip(&vocabulary.entities);
        let entities = entities.map(|(number, (class, _))| (*class, Meaning::Entity(EntityId(number))));
        let measures = (0..).zip(&vocabulary.measures);
        let measures = measures.map(|(number, (class, _))| (*class, Meaning::Measure(MeasureId(number))));
        let cues = cues.into_iter().map(|(class, modality)| (class, Meaning::Cue(modality)));
        let attribution = attribution.map(|class| (class, Meaning::Attribution));
        let meanings: Vec<_> = entities.chain(measures).chain(cues).chain(attribution).collect();
        for (class, meaning) in meanings {
            let at = usize::from(class.0);
            if at >= vocabulary.meanings.len() {
                vocabulary.meanings.resize(at + 1, Meaning::Nothing);
            }
            vocabulary.meanings[at] = meaning;
            if !matches!(meaning, Meaning::Entity(_)) {
                vocabulary.context_classes.insert(class);
            }
        }
        if faults.is_empty() { Ok(vocabulary) } else { Err(faults) }
    }

    /// What the words of a class mean.
    pub(super) fn meaning(&self, class: ClassId) -> Meaning {
        self.meanings.get(usize::from(class.0)).copied().unwrap_or_default()
    }

    /// The entity that the words of a class name.
    pub(super) fn entity_of(&self, class: ClassId) -> Option<EntityId> {
        match self.meaning(class) {
            Meaning::Entity(entity) => Some(entity),
            _ => None,
        }
    }

    /// The measure that the words of a class name.
    pub fn measure_of(&self, class: ClassId) -> Option<MeasureId> {
        match self.meaning(class) {
            Meaning::Measure(measure) => Some(measure),
            _ => None,
        }
    }

    /// What the words of a class say of a figure behind them.
    pub(super) fn cue_of(&self, class: ClassId) -> Option<Modality> {
        match self.meaning(class) {
            Meaning::Cue(modality) => Some(modality),
            _ => None,
        }
    }

    /// Whether assertions are read from the words of this class.
    pub fn reads(&self, class: ClassId) -> bool {
        self.meaning(class) != Meaning::Nothing || self.not_a_name == Some(class)
    }

    /// Whether the entity is one of the files, and thus the same in every document; others are a document's own.
    pub fn knows(&self, entity: EntityId) -> bool {
        (entity.0 as usize) < self.entities.len()
    }

    /// The classes that name measures.
    pub fn measure_classes(&self) -> impl Iterator<Item = (ClassId, MeasureId)> + '_ {
        (0..).zip(&self.measures).map(|(number, (class, _))| (*class, MeasureId(number)))
    }

    /// The measure of that name.
    pub fn measure(&self, name: &str) -> Option<MeasureId> {
        let at = self.measures.iter().position(|(_, known)| known == name)?;
        u16::try_from(at).ok().map(MeasureId)
    }

    /// The name of a measure.
    pub fn measure_name(&self, measure: MeasureId) -> &str {
        &self.measures[usize::from(measure.0)].1
    }

    /// Names of all measures.
    pub fn measure_names(&self) -> impl Iterator<Item = &str> {
        self.measures.iter().map(|(_, name)| name.as_str())
    }
}

fn add(list: &mut Vec<(ClassId, String)>, class: ClassId, key: String) {
    if !list.iter().any(|(known, _)| *known == class) {
        list.push((class, key));
    }
}

fn register(
    class_name: &str,
    names: Names,
    file: &DataFile,
    lexicon: &mut LexiconBuilder,
    faults: &mut Vec<Fault>,
) -> ClassId {
    let class = lexicon.class(class_name);
    for name in names.zh.into_iter().chain(names.en) {
        if name.get_ref().trim().is_empty() {
            let fault = file.fault(name.span().into(), "an empty name would match everywhere");
            faults.push(fault.with_help("write the name, or leave it out"));
        } else {
            lexicon.add_word(class, name.get_ref(), None);
        }
    }
    for guard in names.guards {
        if guard.get_ref().trim().is_empty() {
            let fault = file.fault(guard.span().into(), "an empty guard would silence the name everywhere");
            faults.push(fault.with_help("write the longer word that means something else, or leave it out"));
        } else {
            lexicon.add_guard(class, guard.get_ref());
        }
    }
    class
}
