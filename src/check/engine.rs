use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use rayon::prelude::*;

use super::against_source::{Held, Source, SourceFact, SourceSlip};
use super::bindings::{Scene, roles_of};
use super::options::CheckOptions;
use super::structure::StructureFact;
use super::word_shift::CompiledShift;
use super::wording::CompiledTrigger;
use super::{Extraction, Sweep};
use crate::argument::{ArgumentGraph, ArgumentWords};
use crate::assertion::{Reading as TextReading, Vocabulary, clause_around, read_assertions};
use crate::config::RuleChoice;
use crate::document::{Block, BlockKind, Document, DocumentLexicon, LONG_DOCUMENT, Role};
use crate::finding::Audit;
use crate::grounding::{GroundingLexicon, Knowledge, Origin, SourceText, Text, Texts, ground};
use crate::lexicon::{ClassId, Hits, Lexicon, LexiconBuilder};
use crate::quantity::{Formula, Quantity, QuantityLexicon, read_formulas, read_quantities};
use crate::relation::{Frame, Phrasebook, Relations, find_relations};
use crate::rule::{Rule, RuleContext, RuleKind, RuleSet, Trigger, WordingLimits};
use crate::source::{DataFile, Fault, SourceFile, Span};

/// Everything loaded: units, words, phrases and rules. Reads documents and checks them.
pub struct Engine {
    units: QuantityLexicon,
    documents: DocumentLexicon,
    pub(super) lexicon: Lexicon,
    /// The words that assertions are read from, alone: what `extract` needs.
    assertion_words: Lexicon,
    vocabulary: Vocabulary,
    argument_words: ArgumentWords,
    grounding: GroundingLexicon,
    pub(super) book: Phrasebook,
    rules: RuleSet,
    /// What the rules say of themselves.
    choice: RuleChoice,
    /// All rules, those too that run only when somebody asks for them.
    pub(super) compiled: Vec<CompiledRule>,
}

/// A rule with its names looked up.
pub(super) struct CompiledRule {
    /// Index into [`RuleSet::rules`].
    pub rule: usize,
    pub kind: CompiledKind,
    unless: Vec<ClassId>,
    unless_clause: Vec<ClassId>,
    unless_opening: Vec<ClassId>,
    scope: Vec<Role>,
    not_scope: Vec<Role>,
    pub gate: Vec<StructureFact>,
}

/// What a rule looks at.
pub(super) enum CompiledKind {
    /// Index into [`Phrasebook::relations`].
    Relation(usize),
    Wording {
        trigger: CompiledTrigger,
        limits: WordingLimits,
        opens_clause: Option<ClassId>,
    },
    Structure(StructureFact),
    Source(SourceFact),
    Shifts(Vec<CompiledShift>),
}

impl CompiledRule {
    /// Whether the rule looks at parts with this role.
    pub fn applies_in(&self, role: Role) -> bool {
        (self.scope.is_empty() || self.scope.contains(&role)) && !self.not_scope.contains(&role)
    }

    /// Whether a guard word stands in the sentence, or in the clauses around `place`.
    pub fn guarded(&self, scene: &Scene<'_>, sentence: Span, place: Span) -> bool {
        // A transcript may have one sentence of 20 KB: a guard counts only near the place.
        let near = clause_window(scene.document, sentence, place);
        let has = |classes: &[ClassId], span: Span| {
            let words = scene.hits.within(span);
            classes.iter().any(|class| words.has(*class, span.end))
        };
        !self.unless.is_empty() && has(&self.unless, near)
            || !self.unless_clause.is_empty()
                && has(&self.unless_clause, clause_around(&scene.document.prose, sentence, place))
            || !self.unless_opening.is_empty()
                && opening(scene.document, place).is_some_and(|span| has(&self.unless_opening, span))
    }
}

/// Blocks that one thread takes at a time.
const BLOCKS_AT_ONCE: usize = 512;

/// What a report full of figures has.
const BYTES_PER_QUANTITY: usize = 40;

/// Bytes to either side of a place in which a guard of its sentence counts.
const GUARD_REACH: usize = 600;

/// The first sentence of the block that the place stands in, no longer than a guard reaches.
fn opening(document: &Document, place: Span) -> Option<Span> {
    let block = document.sentences[document.sentence_at(place.start)?].block;
    let first = document.sentences.partition_point(|sentence| sentence.block < block);
    let span = document.sentences.get(first)?.span;
    let end = document.prose.floor_char_boundary(span.start + GUARD_REACH);
    Some(Span::new(span.start, span.end.min(end)))
}

fn clause_window(document: &Document, sentence: Span, place: Span) -> Span {
    let start = document.prose.ceil_char_boundary(place.start.saturating_sub(GUARD_REACH));
    let end = document.prose.floor_char_boundary(place.end + GUARD_REACH);
    Span::new(start.max(sentence.start), end.min(sentence.end).max(start.max(sentence.start)))
}

impl Engine {
    /// Loads data files: the built-in ones, and a user's.
    ///
    /// # Errors
    /// Everything wrong in any of the files, by path and place.
    pub fn new(files: &[DataFile]) -> Result<Self, Vec<Fault>> {
        let mut faults = Vec::new();
        let mut faults_of_words = Vec::new();
        // How figures and documents are read does not hang on any word or rule.
        let ((units, documents), (mut builder, vocabulary, book)) = rayon::join(
            || (QuantityLexicon::from_files(files), DocumentLexicon::from_files(files)),
            || words_and_phrases(files, &mut faults_of_words),
        );
        let units = keep(units, &mut faults);
        let documents = keep(documents, &mut faults);
        let grounding = keep(GroundingLexicon::from_files(files), &mut faults);
        faults.append(&mut faults_of_words);
        let mut rules = None;
        if let Some(book) = &book {
            rules = keep(RuleSet::load(files, &context(book, &builder)), &mut faults);
        }
        if book.is_none() {
            // What can be said of the files left unread: whether they are TOML.
            faults.extend(files.iter().filter_map(|file| file.read::<toml::Table>().err()).flatten());
        }
        let mut frames = BTreeMap::new();
        if let Some(rules) = &rules {
            for (number, rule) in rules.rules().iter().enumerate() {
                if let RuleKind::Wording { trigger: Trigger::Phrases { zh, en }, .. } = &rule.kind {
                    let texts = zh.iter().chain(en).map(|phrase| (phrase.text.as_str(), phrase.span));
                    let file = files.iter().find(|file| file.path == rule.path);
                    if let Some(file) = file
                        && let Some(frame) = keep(Phrasebook::frame(file, texts, &mut builder), &mut faults)
                    {
                        frames.insert(number, frame);
                    }
                }
            }
        }
        let (Some(units), Some(documents), Some(vocabulary), Some(grounding), Some(mut book), Some(rules)) =
            (units, documents, vocabulary, grounding, book, rules)
        else {
            return Err(sorted(faults));
        };
        if !faults.is_empty() {
            return Err(sorted(faults));
        }
        let argument_words = ArgumentWords::find(&builder);
        let (lexicon, assertion_words) =
            rayon::join(|| builder.build(), || builder.build_of(|class| vocabulary.reads(class)));
        book.settle(&lexicon);
        Frame::settle(frames.values_mut(), &lexicon);
        let compiled = rules
            .rules()
            .iter()
            .enumerate()
            .filter_map(|(number, rule)| compile(number, rule, &book, &lexicon, &mut frames))
            .collect();
        let choice = RuleChoice::of_rules(rules.rules());
        Ok(Self {
            units,
            documents,
            lexicon,
            assertion_words,
            vocabulary,
            argument_words,
            grounding,
            book,
            rules,
            choice,
            compiled,
        })
    }

    /// Splits a report into its parts. `date` stands in where the report does not give its own.
    pub fn parse(&self, text: String, date: Option<NaiveDate>) -> Document {
        let mut document = Document::parse(text, &self.documents);
        document.date = document.date.or(date);
        document
    }

    /// Reads a text that reports are made from; `date` stands in where the text does not give its own.
    pub fn read_source(&self, file: SourceFile, date: Option<NaiveDate>) -> Source {
        let mut document = Document::parse_source(file.text.clone(), &self.documents);
        document.date = document.date.or(date);
        let (reading, hits) = self.read(&document, &self.lexicon);
        let relations = self.relations(&document, &reading, &hits, false);
        let scene = self.scene(&document, &hits, &reading);
        let slips = Sweep::new(self, &scene, &relations, None, CheckOptions::default(), &self.choice).slips();
        Source { text: SourceText { file, document, reading, hits }, slips }
    }

    /// Reads quantities and assertions.
    pub fn extract(&self, document: &Document) -> Extraction {
        let (reading, _) = self.read(document, &self.assertion_words);
        Extraction { reading }
    }

    /// Quantities and assertions; `words` are those of all lists, or at least those that assertions are read from.
    fn read(&self, document: &Document, words: &Lexicon) -> (TextReading, Hits) {
        let (figures, words) = (|| self.figures(document), || words.scan(&document.prose));
        let ((quantities, formulas), hits) = if document.prose.len() < LONG_DOCUMENT {
            (figures(), words())
        } else {
            rayon::join(figures, words)
        };
        let mut reading = read_assertions(document, quantities, &hits, &self.vocabulary);
        reading.formulas = formulas;
        (reading, hits)
    }

    /// Binds quantities to the roles of relations: what was bound, and what was tried.
    pub(super) fn relations(
        &self,
        document: &Document,
        reading: &TextReading,
        hits: &Hits,
        explain: bool,
    ) -> Relations {
        find_relations(document, reading, hits, (&self.book, &self.units), explain)
    }

    /// Reads quantities only, in order of place.
    pub fn quantities(&self, document: &Document) -> Vec<Quantity> {
        self.figures(document).0
    }

    /// Quantities, and the calculations written with them.
    fn figures(&self, document: &Document) -> (Vec<Quantity>, Vec<Formula>) {
        let read = |blocks: &[Block]| {
            let bytes = blocks.last().map_or(0, |last| last.span.end)
                - blocks.first().map_or(0, |first| first.span.start);
            // Figures are large and many: a list that grows would be moved again and again.
            let mut quantities = Vec::with_capacity(bytes / BYTES_PER_QUANTITY);
            let mut formulas = Vec::new();
            for block in blocks.iter().filter(|block| block.kind != BlockKind::Code) {
                let place = (document.prose.as_str(), block.span);
                let first = quantities.len();
                read_quantities(place.0, place.1, &self.units, document.date, &mut quantities);
                formulas.extend(read_formulas(place, &self.units, document.date, &mut quantities, first));
            }
            (quantities, formulas)
        };
        // Blocks do not depend on each other; waking other threads pays only for long documents.
        if document.prose.len() < LONG_DOCUMENT {
            return read(&document.blocks);
        }
        let parts: Vec<_> = document.blocks.par_chunks(BLOCKS_AT_ONCE).map(read).collect();
        let (quantities, formulas): (Vec<_>, Vec<_>) = parts.into_iter().unzip();
        (quantities.concat(), formulas.concat())
    }

    /// Checks a document with the rules that run by themselves; a locale alone will do for options.
    pub fn check(&self, document: &Document, options: impl Into<CheckOptions>) -> Audit {
        self.check_with(document, &[], options, &self.choice)
    }

    /// Checks a document with the rules, and at the severities, that somebody has chosen among [`Engine::rules`], and
    /// holds it against the texts that it was made from.
    pub fn check_with(
        &self,
        document: &Document,
        sources: &[&Source],
        options: impl Into<CheckOptions>,
        choice: &RuleChoice,
    ) -> Audit {
        let (reading, hits) = self.read(document, &self.lexicon);
        let relations = self.relations(document, &reading, &hits, false);
        let scene = self.scene(document, &hits, &reading);
        let given: Vec<&SourceText> = sources.iter().map(|source| &source.text).collect();
        let slips = sources.iter().zip(0..).flat_map(|(source, number)| {
            source.slips.iter().map(move |slip| SourceSlip { origin: Origin::Given(number), ..slip.clone() })
        });
        let slips: Vec<SourceSlip> = slips.collect();
        let texts = Texts { report: Text { document, reading: &reading, hits: &hits }, given: &given };
        let grounding = ground(&texts, self.knowledge());
        let held = grounding.as_ref().map(|grounding| Held { texts, grounding, given_slips: &slips });
        Sweep::new(self, &scene, &relations, held, options.into(), choice).run()
    }

    fn knowledge(&self) -> Knowledge<'_> {
        Knowledge { units: &self.units, vocabulary: &self.vocabulary, lexicon: &self.grounding }
    }

    /// A document with all that was read from it.
    pub(super) fn scene<'s>(
        &'s self,
        document: &'s Document,
        hits: &'s Hits,
        reading: &'s TextReading,
    ) -> Scene<'s> {
        Scene::new(document, hits, reading, &self.units, &self.argument_words)
    }

    /// The argument of a document: its parts, and what links them.
    pub fn argument(&self, document: &Document) -> ArgumentGraph {
        let (reading, hits) = self.read(document, &self.lexicon);
        ArgumentGraph::of(document, &reading, &hits, &self.argument_words)
    }

    /// What the rules say of themselves.
    pub fn default_choice(&self) -> &RuleChoice {
        &self.choice
    }

    /// All rules, by id.
    pub fn rules(&self) -> &[Rule] {
        self.rules.rules()
    }

    /// The rule with that id.
    pub fn rule(&self, id: &str) -> Option<&Rule> {
        self.rules.get(id)
    }

    /// The id that `id` most likely is a slip for.
    pub fn closest_rule(&self, id: &str) -> Option<&str> {
        self.rules.closest(id)
    }

    /// The units, for writing quantities out.
    pub fn units(&self) -> &QuantityLexicon {
        &self.units
    }

    /// The phrases and relations, for explaining matches.
    pub fn phrasebook(&self) -> &Phrasebook {
        &self.book
    }

    /// The name of a measure, for writing assertions out.
    pub fn vocabulary(&self) -> &Vocabulary {
        &self.vocabulary
    }
}

/// The word lists, the names, and the phrases as far as the words are known: phrases and rules name words, and without
/// these each of them would be a fault that is none.
fn words_and_phrases(
    files: &[DataFile],
    faults: &mut Vec<Fault>,
) -> (LexiconBuilder, Option<Vocabulary>, Option<Phrasebook>) {
    let words = LexiconBuilder::read(files, faults);
    let words_known = words.is_some();
    let mut builder = words.unwrap_or_default();
    let vocabulary = keep(Vocabulary::from_files(files, &mut builder), faults);
    let known = vocabulary.as_ref().filter(|_| words_known);
    let book = known.and_then(|vocabulary| Phrasebook::read(files, &mut builder, vocabulary, faults));
    (builder, vocabulary, book)
}

/// Keeps what could be loaded, and the faults of what could not.
fn keep<T>(loaded: Result<T, Vec<Fault>>, faults: &mut Vec<Fault>) -> Option<T> {
    match loaded {
        Ok(value) => Some(value),
        Err(found) => {
            faults.extend(found);
            None
        }
    }
}

fn sorted(mut faults: Vec<Fault>) -> Vec<Fault> {
    faults.sort_by(|a, b| (&a.path, a.span, &a.message).cmp(&(&b.path, b.span, &b.message)));
    faults.dedup();
    faults
}

/// The document roles that rules may name.
const ROLES: [(Role, &str); 9] = [
    (Role::Metadata, "metadata"),
    (Role::Body, "body"),
    (Role::Summary, "summary"),
    (Role::Argument, "argument"),
    (Role::Evidence, "evidence"),
    (Role::Reasoning, "reasoning"),
    (Role::Audit, "audit"),
    (Role::Diagram, "diagram"),
    (Role::Source, "source"),
];

fn context(book: &Phrasebook, builder: &LexiconBuilder) -> RuleContext {
    RuleContext {
        relations: book.relations.iter().map(|relation| (relation.id.clone(), roles_of(relation))).collect(),
        classes: builder.names().map(str::to_owned).collect(),
        sources: SourceFact::ALL.iter().map(|(_, name)| (*name).to_owned()).collect(),
        structures: StructureFact::ALL.iter().map(|(_, name)| (*name).to_owned()).collect(),
        gates: StructureFact::gates().map(str::to_owned).collect(),
        document_roles: ROLES.iter().map(|(_, name)| (*name).to_owned()).collect::<BTreeSet<_>>(),
    }
}

/// Looks names up that the loader has checked already; a rule whose names are gone is left out.
fn compile(
    number: usize,
    rule: &Rule,
    book: &Phrasebook,
    lexicon: &Lexicon,
    frames: &mut BTreeMap<usize, Frame>,
) -> Option<CompiledRule> {
    let kind = match &rule.kind {
        RuleKind::Relation { relation, .. } => CompiledKind::Relation(book.find(relation)?),
        RuleKind::Structure(fact) => CompiledKind::Structure(StructureFact::named(fact)?),
        RuleKind::Source(fact) => CompiledKind::Source(SourceFact::named(fact)?),
        RuleKind::Shifts(shifts) => {
            CompiledKind::Shifts(shifts.iter().map(|shift| CompiledShift::new(shift, lexicon)).collect())
        }
        RuleKind::Wording { trigger, limits, opens_clause } => {
            let trigger = match trigger {
                Trigger::Class(class) => CompiledTrigger::Class([lexicon.find(class)?].into_iter().collect()),
                Trigger::Phrases { .. } => CompiledTrigger::Frame(Box::new(frames.remove(&number)?)),
            };
            let opens_clause = opens_clause.as_ref().and_then(|class| lexicon.find(class));
            CompiledKind::Wording { trigger, limits: *limits, opens_clause }
        }
    };
    let classes = |names: &[String]| names.iter().filter_map(|name| lexicon.find(name)).collect();
    let roles = |names: &[String]| -> Vec<Role> {
        ROLES
            .iter()
            .filter(|(_, name)| names.iter().any(|written| written == name))
            .map(|(role, _)| *role)
            .collect()
    };
    Some(CompiledRule {
        rule: number,
        kind,
        unless: classes(&rule.unless),
        unless_clause: classes(&rule.unless_clause),
        unless_opening: classes(&rule.unless_opening),
        scope: roles(&rule.scope),
        not_scope: roles(&rule.not_scope),
        gate: rule.gate.iter().filter_map(|fact| StructureFact::named(fact)).collect(),
    })
}
