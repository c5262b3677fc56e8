use std::collections::BTreeMap;

use rayon::prelude::*;
use rust_decimal::Decimal;
use serde::Deserialize;
use serde::de::{self, IntoDeserializer};
use toml::Spanned;

use super::anchor::Anchors;
use super::diagram::DiagramWords;
use super::fact::{FactWords, MetricId, MetricType, Metrics};
use super::formula;
use super::identity;
use super::joining::Joining;
use super::model::{FilledBy, Relation, Role, RoleType};
use super::naming::Naming;
use super::origin::Origin;
use super::outline::Outline;
use super::pattern::{ElementKind, Pattern, Takes};
use super::restated::RestatedWords;
use super::same_measure::OwnNames;
use super::schema::{OneOrMore, PhraseTable, RelationFile, RoleEntry, RoleTable};
use super::table::TableWords;
use crate::assertion::{MeasureId, Vocabulary};
use crate::lexicon::{ClassId, ClassMap, ClassSet, Lexicon, LexiconBuilder, Meanings};
use crate::source::{DataFile, Fault, Span, closest};

/// The word list that ends a narrow gap.
const GAP_STOP: &str = "gap-stop";
/// The word list that a list of figures does not go on over.
const LIST_STOP: &str = "list-stop";
/// The same for a list of percentages.
const SHARE_LIST_STOP: &str = "share-list-stop";
/// The word list of what makes a measure's name the name of a part of it: revenue *from licences*.
const NAME_GOES_ON: &str = "name-goes-on";

/// A compiled piece of a phrase.
#[derive(Clone, Debug)]
pub(super) enum Piece {
    Slot { role: usize, takes: Takes },
    Passed { kind: RoleType },
    Names { role: usize },
    Named { role: usize },
    Namesake { role: usize },
    Class { class: ClassId, role: Option<usize> },
    Pause,
    Gap { wide: bool },
}

/// One way to say a relation.
#[derive(Clone, Debug)]
pub struct Phrase {
    /// Index into [`Phrasebook::relations`].
    pub relation: usize,
    /// As written in its file.
    pub text: String,
    pub(super) pieces: Vec<(Piece, bool)>,
    pub(super) set: Vec<(usize, Decimal)>,
    pub(super) unless: Vec<(ClassId, String)>,
    pub(super) unless_before: Vec<(ClassId, String)>,
    pub(super) unless_earlier: Vec<(ClassId, String)>,
    pub(super) unless_behind: Vec<(ClassId, String)>,
    /// Words that no gap of it passes over, only reaches.
    pub(super) stop: Vec<ClassId>,
    /// What must stand in the sentence.
    pub(super) outline: Outline,
}

impl Phrase {
    /// The classes whose words it asks for or stops at.
    pub(super) fn classes(&self) -> impl Iterator<Item = ClassId> {
        let asked = self.pieces.iter().filter_map(|(piece, _)| match piece {
            Piece::Class { class, .. } => Some(*class),
            _ => None,
        });
        asked.chain(self.stop.iter().copied())
    }

    /// Whether its first piece is a figure.
    pub(super) fn begins_with_quantity(&self) -> bool {
        matches!(self.pieces.first(), Some((Piece::Slot { .. }, _)))
    }

    /// Whether it can match only where there are quantities.
    pub(super) fn binds_quantities(&self) -> bool {
        self.pieces.iter().any(|(piece, optional)| matches!(piece, Piece::Slot { .. }) && !optional)
    }

    /// Whether a slot of it takes a range by its ends.
    pub(super) fn takes_ends(&self) -> bool {
        self.pieces.iter().any(|(piece, _)| matches!(piece, Piece::Slot { takes: Takes::Ends, .. }))
    }
}

/// Words with a meaning of their own in matching.
#[derive(Clone, Debug, Default)]
pub(super) struct Marks {
    /// Words that a narrow gap does not pass over.
    pub gap_stop: Option<ClassId>,
    /// Words that end a list of figures.
    pub list_stop: Option<ClassId>,
    pub share_list_stop: Option<ClassId>,
    /// Words behind a measure's name that make it another name.
    pub name_goes_on: Option<ClassId>,
    /// Words between figures.
    pub joining: Joining,
    /// The measure that a class holds the names of.
    measures: ClassMap<MeasureId>,
}

impl Marks {
    /// The measure that a class holds the names of.
    pub fn measure_of(&self, class: ClassId) -> Option<MeasureId> {
        self.measures.get(class)
    }

    /// The classes that hold names of measures.
    fn named_classes(&self) -> impl Iterator<Item = ClassId> {
        self.measures.iter().map(|(class, _)| class)
    }

    /// The class that holds the names of a measure.
    pub fn class_of(&self, measure: MeasureId) -> Option<ClassId> {
        self.measures.iter().find(|(_, known)| *known == measure).map(|(class, _)| class)
    }

    fn of(lexicon: &LexiconBuilder) -> Self {
        Self {
            gap_stop: lexicon.find(GAP_STOP),
            list_stop: lexicon.find(LIST_STOP),
            share_list_stop: lexicon.find(SHARE_LIST_STOP),
            name_goes_on: lexicon.find(NAME_GOES_ON),
            joining: Joining::of(lexicon),
            measures: ClassMap::default(),
        }
    }
}

/// Phrases of words alone.
#[derive(Clone, Debug, Default)]
pub struct Frame {
    pub(super) phrases: Vec<Phrase>,
    pub(super) marks: Marks,
    /// What words mean to the phrases of all frames.
    pub(super) meanings: Meanings,
}

impl Frame {
    /// Has all frames learn what each word means to their phrases, when all words are known.
    pub fn settle<'f>(frames: impl Iterator<Item = &'f mut Self>, lexicon: &Lexicon) {
        let frames: Vec<_> = frames.collect();
        let asked = frames.iter().flat_map(|frame| frame.classes());
        let meanings = lexicon.meanings(&asked.collect());
        frames.into_iter().for_each(|frame| frame.meanings = meanings.clone());
    }

    fn classes(&self) -> impl Iterator<Item = ClassId> {
        self.phrases.iter().flat_map(Phrase::classes).chain(self.marks.gap_stop)
    }
}

/// All relations and the phrases that state them.
#[derive(Clone, Debug, Default)]
pub struct Phrasebook {
    pub relations: Vec<Relation>,
    pub phrases: Vec<Phrase>,
    pub(super) marks: Marks,
    /// What tells whether a name stands for the figure of an earlier sentence.
    pub(super) naming: Naming,
    pub(super) own_names: OwnNames,
    /// The words that tables are read with.
    pub(super) table_words: TableWords,
    /// The words that diagrams are read with.
    pub(super) diagram_words: DiagramWords,
    /// Which words bring which phrases up.
    pub(super) anchors: Anchors,
    /// The words that tell whether two places speak of the same fact.
    pub(super) restated: RestatedWords,
    /// What words mean as names of measures, and of parts of them.
    pub(super) names: Meanings,
    /// Measures by their exact names, and the words that facts are read with.
    pub(super) metrics: Metrics,
    pub(super) fact_words: FactWords,
}

impl Phrasebook {
    /// Reads every file below `relations/` and registers the phrases' words with the lexicon. Adds everything wrong
    /// in any of the files to `faults`; `None` when a file is so broken that its relation is not known.
    pub fn read(
        files: &[DataFile],
        lexicon: &mut LexiconBuilder,
        vocabulary: &Vocabulary,
        faults: &mut Vec<Fault>,
    ) -> Option<Self> {
        let mut marks = Marks::of(lexicon);
        marks.measures = vocabulary.measure_classes().collect();
        let mut book = Self {
            marks,
            naming: Naming::of(lexicon),
            own_names: OwnNames::of(lexicon),
            table_words: TableWords::of(lexicon),
            diagram_words: DiagramWords::of(lexicon),
            restated: RestatedWords::of(lexicon),
            metrics: Metrics::read(files, lexicon, faults),
            fact_words: FactWords::of(lexicon),
            ..Self::default()
        };
        let mut complete = true;
        let mut origins = Vec::new();
        let written: Vec<_> = files.iter().filter(|file| file.path.starts_with("relations/")).collect();
        let read: Vec<_> = written.par_iter().map(|file| file.read::<RelationFile>()).collect();
        for (file, parsed) in written.into_iter().zip(read) {
            match parsed {
                Ok(parsed) => {
                    let known = (&mut origins, &*lexicon, vocabulary);
                    let Some(number) = book.add(file, &parsed, known, faults) else { continue };
                    for table in parsed.phrase {
                        book.add_phrases(file, number, table, lexicon, faults);
                    }
                }
                Err(found) => {
                    complete = false;
                    faults.extend(found);
                }
            }
        }
        let identities = identity::read(files, &book.metrics, &book.relations, faults);
        book.relations.extend(identities);
        book.anchors = Anchors::of(&book.phrases, book.marks.gap_stop, lexicon);
        complete.then_some(book)
    }

    /// Learns what each word means to phrases and as a name, when all words are known.
    pub fn settle(&mut self, lexicon: &Lexicon) {
        self.anchors.settle(lexicon);
        self.table_words.settle(lexicon);
        self.fact_words.settle(lexicon);
        self.metrics.settle(lexicon);
        let names: ClassSet = self.marks.named_classes().chain(self.own_names.part_name).collect();
        self.names = lexicon.meanings(&names);
    }

    /// Compiles phrases that bind no figure, for wording rules.
    ///
    /// # Errors
    /// Phrases that can't be read, and words lists that do not exist; the place is the phrase's.
    pub fn frame<'p>(
        file: &DataFile,
        phrases: impl Iterator<Item = (&'p str, Span)>,
        lexicon: &mut LexiconBuilder,
    ) -> Result<Frame, Vec<Fault>> {
        let mut frame = Frame { marks: Marks::of(lexicon), ..Frame::default() };
        let mut faults = Vec::new();
        for (text, span) in phrases {
            let text = Spanned::new(span.start..span.end, text.to_owned());
            match compile(file, &text, &[], lexicon) {
                Ok(pieces) => frame.phrases.push(Phrase {
                    relation: 0,
                    outline: Outline::of(&pieces, &[]),
                    text: text.into_inner(),
                    pieces,
                    set: Vec::new(),
                    unless: Vec::new(),
                    unless_before: Vec::new(),
                    unless_earlier: Vec::new(),
                    unless_behind: Vec::new(),
                    stop: Vec::new(),
                }),
                Err(found) => faults.extend(found),
            }
        }
        if faults.is_empty() { Ok(frame) } else { Err(faults) }
    }

    /// Whether a metric is money for one of something.
    pub(super) fn is_price(&self, metric: MetricId) -> bool {
        self.metrics.kind(metric) == MetricType::Price
    }

    /// The name of a metric.
    pub fn metric_name(&self, metric: MetricId) -> &str {
        self.metrics.name(metric)
    }

    /// The relation of that name.
    pub fn find(&self, id: &str) -> Option<usize> {
        self.relations.iter().position(|relation| relation.id == id)
    }

    /// Adds a relation, or finds the one that a further file adds phrases to.
    fn add(
        &mut self,
        file: &DataFile,
        parsed: &RelationFile,
        (origins, lexicon, vocabulary): (&mut Vec<Origin>, &LexiconBuilder, &Vocabulary),
        faults: &mut Vec<Fault>,
    ) -> Option<usize> {
        let table = &parsed.relation;
        let id = table.id.get_ref().clone();
        let roles = read_roles(file, &table.roles, (vocabulary, &self.metrics), faults);
        let key = roles.iter().position(|role| role.name == *table.key.get_ref()).unwrap_or_else(|| {
            faults.push(unknown_role(file, table.key.span().into(), table.key.get_ref(), &roles));
            0
        });
        let unless = read_classes(file, &table.unless, lexicon, faults);
        let bases = read_classes(file, &table.bases, lexicon, faults);
        let mut same_measure = Vec::new();
        for name in &table.same_measure {
            match roles.iter().position(|role| role.name == *name.get_ref()) {
                Some(role) => same_measure.push(role),
                None => faults.push(unknown_role(file, name.span().into(), name.get_ref(), &roles)),
            }
        }
        if table.filled_by == FilledBy::Phrases && parsed.phrase.is_empty() {
            let message = format!("the relation `{id}` has no phrase, so it can never match");
            let help = "add a [[phrase]] with zh or en, or say what fills it: filled_by = \"measures\"";
            faults.push(file.fault(table.id.span().into(), message).with_help(help));
        }
        if table.filled_by == FilledBy::Formulas
            && !formula::ROLES.iter().all(|name| roles.iter().any(|role| role.name == *name))
        {
            let message = format!("a relation of formulas has the roles {}", formula::ROLES.join(" and "));
            faults.push(file.fault(table.id.span().into(), message));
        }
        if table.filled_by == FilledBy::Measures && roles.iter().any(|role| role.measures.is_empty()) {
            let message = "every role of a joined relation needs a `measure`";
            faults.push(file.fault(table.id.span().into(), message));
        }
        if let Some(number) = self.find(&id) {
            // A user's file may teach a built-in relation new phrases by naming it with the same roles.
            let (relation, origin) = (&self.relations[number], &origins[number]);
            if let Some(fault) =
                origin.disagreement(file, table, (relation.key, &relation.roles), (key, &roles))
            {
                faults.push(fault);
                return None;
            }
            // The guards are those of the file that gives some, whichever comes first.
            if origin.is_bare() {
                let relation = &mut self.relations[number];
                (relation.unless, relation.bases, relation.same_measure) = (unless, bases, same_measure);
                origins[number] = Origin::of(file, table);
            }
            return Some(number);
        }
        origins.push(Origin::of(file, table));
        self.relations.push(Relation {
            id,
            roles,
            key,
            unless,
            bases,
            same_measure,
            whole_lists: table.whole_lists,
            filled_by: table.filled_by,
            within_section: false,
        });
        Some(self.relations.len() - 1)
    }

    fn add_phrases(
        &mut self,
        file: &DataFile,
        relation: usize,
        table: PhraseTable,
        lexicon: &mut LexiconBuilder,
        faults: &mut Vec<Fault>,
    ) {
        let roles = self.relations[relation].roles.clone();
        let mut set = Vec::new();
        for (name, value) in &table.set {
            let role = roles.iter().position(|role| role.name == *name);
            let number = value.get_ref().parse::<Decimal>();
            match (role, number) {
                (Some(role), Ok(number)) => set.push((role, number)),
                (None, _) => faults.push(unknown_role(file, value.span().into(), name, &roles)),
                (Some(role), Err(_)) => {
                    let message = format!("`{}` is not a decimal number", value.get_ref());
                    let help = format!("write the value as digits in quotes: {name} = \"0.5\"");
                    faults.push(file.fault(value.span().into(), message).with_help(help));
                    // The role is meant to be filled: that it is not is no second fault.
                    set.push((role, Decimal::ONE));
                }
            }
        }
        let unless = read_classes(file, &table.unless, lexicon, faults);
        let unless_before = read_classes(file, &table.unless_before, lexicon, faults);
        let unless_earlier = read_classes(file, &table.unless_earlier, lexicon, faults);
        let unless_behind = read_classes(file, &table.unless_behind, lexicon, faults);
        let stop = read_classes(file, &table.stop, lexicon, faults);
        let stop: Vec<ClassId> = stop.into_iter().map(|(class, _)| class).collect();
        for text in table.zh.iter().chain(&table.en) {
            match compile(file, text, &roles, lexicon) {
                Ok(pieces) => {
                    let outline = Outline::of(&pieces, &roles);
                    if let Some(fault) = unfilled_role(file, text, &roles, &pieces, &set) {
                        faults.push(fault);
                    }
                    let text = text.get_ref().clone();
                    self.phrases.push(Phrase {
                        relation,
                        text,
                        pieces,
                        set: set.clone(),
                        unless: unless.clone(),
                        unless_before: unless_before.clone(),
                        unless_earlier: unless_earlier.clone(),
                        unless_behind: unless_behind.clone(),
                        stop: stop.clone(),
                        outline,
                    });
                }
                Err(found) => faults.extend(found),
            }
        }
    }
}

fn read_roles(
    file: &DataFile,
    entries: &BTreeMap<String, Spanned<RoleEntry>>,
    (vocabulary, metrics): (&Vocabulary, &Metrics),
    faults: &mut Vec<Fault>,
) -> Vec<Role> {
    let (mut roles, mut unknown) = (Vec::new(), Vec::new());
    for (name, entry) in entries {
        let span = entry.span();
        let RoleTable { kind, many, optional, before, measure, metric, expected, year_before } =
            entry.get_ref().clone().into_table();
        // In the order of the map, as the roles are.
        let position = |other: &String| entries.keys().position(|name| name == other);
        let mut measures = Vec::new();
        for measure in measure.map(OneOrMore::into_vec).unwrap_or_default() {
            let found = vocabulary.measure(&measure);
            if found.is_none() {
                let written = format!("\"{measure}\"");
                let place = file.place_in(span.clone().into(), &written, Span::new(0, written.len()));
                let help = match closest(&measure, vocabulary.measure_names()) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => "define it as [measure.NAME] in measures.toml".into(),
                };
                faults.push(file.fault(place, format!("there is no measure `{measure}`")).with_help(help));
            }
            measures.extend(found);
        }
        roles.push(Role {
            name: name.clone(),
            kind,
            many,
            optional,
            before,
            measures,
            metrics: metric.map_or_else(Vec::new, |names| {
                metrics.look_up(file, names.into_vec(), span.clone().into(), faults)
            }),
            expected,
            // A role that there is not is a fault of its own.
            year_before: year_before.as_ref().map(|other| position(other).unwrap_or(0)),
        });
        unknown.extend(year_before.filter(|other| position(other).is_none()).map(|other| (span, other)));
    }
    for (span, name) in unknown {
        let written = format!("\"{name}\"");
        let place = file.place_in(span.into(), &written, Span::new(0, written.len()));
        faults.push(unknown_role(file, place, &name, &roles));
    }
    roles
}

fn read_classes(
    file: &DataFile,
    names: &[Spanned<String>],
    lexicon: &LexiconBuilder,
    faults: &mut Vec<Fault>,
) -> Vec<(ClassId, String)> {
    let mut classes = Vec::new();
    for name in names {
        match lexicon.find(name.get_ref()) {
            Some(class) => classes.push((class, name.get_ref().clone())),
            None => faults.push(lexicon.unknown_class(file, name)),
        }
    }
    classes
}

fn unknown_role(file: &DataFile, span: Span, name: &str, roles: &[Role]) -> Fault {
    let mut fault = file.fault(span, format!("the relation has no role `{name}`"));
    let known: Vec<&str> = roles.iter().map(|role| role.name.as_str()).collect();
    fault.help = Some(format!("its roles are {}", known.join(", ")));
    fault
}

/// Looks the names of a pattern up.
fn compile(
    file: &DataFile,
    text: &Spanned<String>,
    roles: &[Role],
    lexicon: &mut LexiconBuilder,
) -> Result<Vec<(Piece, bool)>, Vec<Fault>> {
    let place = |(from, to): (usize, usize)| place_in_string(file, text, from, to);
    let pattern = Pattern::parse(text.get_ref()).map_err(|fault| {
        vec![file.fault(place((fault.start, fault.end)), fault.message).with_help(fault.help)]
    })?;
    let mut faults = Vec::new();
    let mut pieces = Vec::new();
    for element in pattern.elements {
        let mut role_number = |name: &str| {
            let found = roles.iter().position(|role| role.name == name);
            if found.is_none() {
                faults.push(unknown_role(file, place(element.at), name, roles));
            }
            found.unwrap_or(0)
        };
        let piece = match element.kind {
            ElementKind::Slot { role, takes } => Piece::Slot { role: role_number(&role), takes },
            ElementKind::Passed { kind } => {
                let known: Result<RoleType, de::value::Error> =
                    RoleType::deserialize(kind.as_str().into_deserializer());
                match known {
                    Ok(kind) => Piece::Passed { kind },
                    Err(_) => {
                        let fault = file.fault(place(element.at), format!("there is no type `{kind}`"));
                        faults.push(
                            fault.with_help("name a role type: amount, money, percent, points, number …"),
                        );
                        continue;
                    }
                }
            }
            ElementKind::Names { role } => Piece::Names { role: role_number(&role) },
            ElementKind::Namesake { role } => Piece::Namesake { role: role_number(&role) },
            ElementKind::Named { role } => Piece::Named { role: role_number(&role) },
            ElementKind::Class { class, role } => {
                let role = role.map(|role| role_number(&role));
                match lexicon.find(&class) {
                    Some(class) => Piece::Class { class, role },
                    None => {
                        let mut fault = lexicon.unknown_class(file, &Spanned::new(0..0, class));
                        fault.span = place(element.at);
                        faults.push(fault);
                        continue;
                    }
                }
            }
            ElementKind::Literal { alternatives } => {
                let words: Vec<&str> = alternatives.iter().map(String::as_str).collect();
                Piece::Class { class: lexicon.literal(&words), role: None }
            }
            ElementKind::Pause => Piece::Pause,
            ElementKind::Gap { wide } => Piece::Gap { wide },
        };
        pieces.push((piece, element.optional));
    }
    if faults.is_empty() { Ok(pieces) } else { Err(faults) }
}

/// A role that neither the phrase nor the ledger can fill makes every match useless.
fn unfilled_role(
    file: &DataFile,
    text: &Spanned<String>,
    roles: &[Role],
    pieces: &[(Piece, bool)],
    set: &[(usize, Decimal)],
) -> Option<Fault> {
    let filled = |number: usize| {
        set.iter().any(|(role, _)| *role == number)
            || pieces.iter().any(|(piece, _)| match piece {
                Piece::Slot { role, .. }
                | Piece::Names { role }
                | Piece::Named { role }
                | Piece::Namesake { role } => *role == number,
                Piece::Class { role, .. } => *role == Some(number),
                _ => false,
            })
    };
    let missing = (0..roles.len()).find(|&number| {
        let role = &roles[number];
        let elsewhere = role.optional || role.before || role.is_looked_up();
        !elsewhere && !filled(number)
    })?;
    let mut fault = file.fault(
        text.span().into(),
        format!("nothing fills the role `{}` in this phrase", roles[missing].name),
    );
    fault.help = Some("name it in the phrase, give it in `set`, or make the role optional".into());
    Some(fault)
}

/// The place of a piece of a TOML string; exact for strings without escapes, else the whole string.
fn place_in_string(file: &DataFile, text: &Spanned<String>, from: usize, to: usize) -> Span {
    let whole = Span::from(text.span());
    let raw = whole.of(&file.text);
    match raw.find(text.get_ref().as_str()) {
        Some(offset) => Span::new(whole.start + offset + from, whole.start + offset + to),
        None => whole,
    }
}
