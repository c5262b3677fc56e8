use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::OnceLock;

use rayon::prelude::*;

use super::against_source::{Held, SourceOccurrence, SourceSlip};
use super::bindings::{Bindings, Scene, clean};
use super::engine::{CompiledKind, CompiledRule, Engine};
use super::mentions::{Shared, shared};
use super::numbers::{self, Contradiction, Outcome};
use super::options::CheckOptions;
use super::structure::Occurrence;
use super::suppression::Suppressions;
use super::{word_shift, wording};
use crate::assertion::clause_around;
use crate::config::RuleChoice;
use crate::document::{Document, Language, Role};
use crate::finding::{Audit, Figure, Finding, Fingerprints, Grounded, Related, Severity, SourcePlace};
use crate::grounding::{Origin, Strength, Verdict};
use crate::quantity::Kind;
use crate::relation::{Filler, Instance, Relations, RivalGroup};
use crate::rule::{Placeholder, Rule, RuleKind};
use crate::source::Span;

/// From so many statements on, they are judged by several threads.
const MANY_STATEMENTS: usize = 128;

/// Bytes of a clause, or of an operand, that a fingerprint looks at.
const LONGEST_CONTEXT: usize = 2048;

/// A statement, and the rule that it is judged by.
struct Case<'a> {
    compiled: &'a CompiledRule,
    relation: usize,
    group: &'a RivalGroup,
}

/// What came of it.
#[derive(Default)]
struct Judgement {
    /// The quantities that were judged.
    used: Vec<usize>,
    finding: Option<Finding>,
    slip: Option<SourceSlip>,
}

/// One run of all rules over one document.
pub(super) struct Sweep<'a> {
    engine: &'a Engine,
    scene: &'a Scene<'a>,
    relations: &'a Relations,
    /// What the report's sources say, if it has any.
    held: Option<Held<'a>>,
    options: CheckOptions,
    language: Language,
    choice: &'a RuleChoice,
    findings: Vec<Finding>,
    /// Figures of the sources that the sources contradict.
    slips: Vec<SourceSlip>,
    /// Looked for when first asked for.
    shared: OnceLock<Vec<Shared<'a>>>,
    checked: BTreeSet<usize>,
}

impl<'a> Sweep<'a> {
    pub fn new(
        engine: &'a Engine,
        scene: &'a Scene<'a>,
        relations: &'a Relations,
        held: Option<Held<'a>>,
        options: CheckOptions,
        choice: &'a RuleChoice,
    ) -> Self {
        let language = options.locale.resolve(scene.document);
        let (findings, slips, checked) = (Vec::new(), Vec::new(), BTreeSet::new());
        Self {
            engine,
            scene,
            relations,
            held,
            options,
            language,
            choice,
            findings,
            slips,
            shared: OnceLock::new(),
            checked,
        }
    }

    /// The figures of a source that its own figures contradict.
    pub fn slips(mut self) -> Vec<SourceSlip> {
        let cases = self.cases(self.engine.compiled.iter());
        self.judge(&cases).into_iter().for_each(|judgement| self.take(judgement));
        self.slips
    }

    /// Every statement with every rule that judges it, rule by rule.
    fn cases(&self, rules: impl Iterator<Item = &'a CompiledRule>) -> Vec<Case<'a>> {
        let mut by_relation: HashMap<usize, Vec<&'a RivalGroup>> = HashMap::new();
        for group in &self.relations.groups {
            if let Some(first) = group.readings.first() {
                by_relation.entry(first.relation).or_default().push(group);
            }
        }
        let mut cases = Vec::new();
        for compiled in rules {
            if let CompiledKind::Relation(relation) = compiled.kind {
                let groups = by_relation.get(&relation).into_iter().flatten();
                cases.extend(groups.map(|group| Case { compiled, relation, group }));
            }
        }
        cases
    }

    pub fn run(mut self) -> Audit {
        let engine = self.engine;
        let rules: Vec<&CompiledRule> =
            engine.compiled.iter().filter(|compiled| !self.is_idle(compiled)).collect();
        let cases = self.cases(rules.iter().copied());
        let mut judged = cases.iter().zip(self.judge(&cases)).peekable();
        let mut ran = HashSet::new();
        for compiled in rules {
            if self.choice.of(compiled.rule).is_told() {
                ran.insert(engine.rules()[compiled.rule].id.as_str());
            }
            match &compiled.kind {
                CompiledKind::Relation(_) => {
                    let own = |(case, _): &(&Case<'_>, Judgement)| case.compiled.rule == compiled.rule;
                    while let Some((_, judgement)) = judged.next_if(own) {
                        self.take(judgement);
                    }
                }
                CompiledKind::Wording { trigger, limits, opens_clause } => {
                    for span in wording::places(compiled, trigger, (*limits, *opens_clause), self.scene) {
                        self.plain(compiled, span, &clean(span.of(&self.scene.document.text)), Vec::new());
                    }
                }
                CompiledKind::Structure(fact) => {
                    for occurrence in fact.occurrences(self.scene) {
                        if !self.is_guarded(compiled, occurrence.span) {
                            self.structure(compiled, occurrence);
                        }
                    }
                }
                CompiledKind::Shifts(shifts) => {
                    for occurrence in word_shift::occurrences(shifts, self.shared()) {
                        self.against_source(compiled, occurrence);
                    }
                }
                CompiledKind::Source(fact) => {
                    let slips = self.all_slips();
                    let occurrences = self
                        .held
                        .map(|held| fact.occurrences(&held, self.shared(), &slips))
                        .unwrap_or_default();
                    for occurrence in occurrences {
                        self.against_source(compiled, occurrence);
                    }
                }
            }
        }
        self.order();
        self.drop_subsumed();
        self.suppress(&ran);
        self.finish()
    }

    /// The figures that the report and its sources both give.
    fn shared(&self) -> &[Shared<'a>] {
        let all = || self.held.map(|held| shared(&held, self.scene.units)).unwrap_or_default();
        self.shared.get_or_init(all)
    }

    /// The figures of all sources that their own figures contradict.
    fn all_slips(&self) -> Vec<SourceSlip> {
        let given = self.held.map_or(&[][..], |held| held.given_slips);
        self.slips.iter().chain(given).cloned().collect()
    }

    /// Marks what comments let stand, and reports the comments that are at fault.
    fn suppress(&mut self, ran: &HashSet<&str>) {
        let engine = self.engine;
        let suppressions = Suppressions::new(engine, self.scene.document, self.options, self.language);
        let faults = suppressions.apply(&mut self.findings, ran);
        if faults.is_empty() {
            return;
        }
        for (fact, occurrence) in faults {
            for compiled in engine.rules_about(fact) {
                if self.choice.of(compiled.rule).is_told() {
                    self.structure(compiled, occurrence.clone());
                }
            }
        }
        self.order();
    }

    /// Whether a rule has nothing to do here.
    fn is_idle(&self, compiled: &CompiledRule) -> bool {
        let setting = self.choice.of(compiled.rule);
        // What is not told is judged all the same where it has a part in the coverage.
        let asked = match compiled.kind {
            CompiledKind::Relation(_) => setting.is_judged(),
            _ => setting.is_told(),
        };
        !asked || compiled.gate.iter().any(|fact| !fact.occurrences(self.scene).is_empty())
    }

    /// Judges statements, which do not depend on each other; in their order.
    fn judge(&self, cases: &[Case<'_>]) -> Vec<Judgement> {
        // Waking other threads pays only for many.
        if cases.len() < MANY_STATEMENTS {
            cases.iter().map(|case| self.judgement(case)).collect()
        } else {
            cases.par_iter().map(|case| self.judgement(case)).collect()
        }
    }

    fn judgement(&self, case: &Case<'_>) -> Judgement {
        let Case { compiled, relation, group } = *case;
        let RuleKind::Relation { require, when, other_unit, apart, .. } =
            &self.engine.rules()[compiled.rule].kind
        else {
            return Judgement::default();
        };
        let asked = numbers::Asked {
            require,
            when: when.as_ref(),
            other_unit: other_unit.as_ref(),
            apart: apart.as_ref(),
        };
        let shape = &self.engine.book.relations[relation];
        match numbers::judge(compiled, &asked, group, shape, self.scene) {
            Outcome::CannotTell => Judgement::default(),
            Outcome::Holds => {
                let used = group.readings.iter().flat_map(|instance| self.quantities_of(instance));
                Judgement { used: used.collect(), ..Judgement::default() }
            }
            Outcome::Contradicted(found) => {
                let told = self.choice.of(compiled.rule).is_told();
                Judgement {
                    used: self.quantities_of(found.instance).collect(),
                    finding: told.then(|| self.contradiction(compiled, relation, &found)),
                    slip: self.slip(shape.key, &found),
                }
            }
        }
    }

    fn take(&mut self, judgement: Judgement) {
        self.checked.extend(judgement.used);
        self.findings.extend(judgement.finding);
        self.slips.extend(judgement.slip);
    }

    /// The key figure of a statement of a source that does not hold.
    fn slip(&self, key: usize, found: &Contradiction<'_>) -> Option<SourceSlip> {
        let (_, filler) = found.instance.fillers.iter().find(|(role, _)| *role == key)?;
        let span = self.scene.reading.quantities[filler.quantity()?].span;
        let arithmetic = found.shown.as_ref().map(|shown| shown.text.clone());
        self.is_in_source(span).then_some(SourceSlip { origin: Origin::Report, span, arithmetic })
    }

    /// The quantities that a judged statement used, by themselves or as a word that carries a number.
    fn quantities_of<'i>(&'i self, instance: &'i Instance) -> impl Iterator<Item = usize> + 'i {
        let reading = self.scene.reading;
        instance.fillers.iter().flat_map(move |(_, filler)| match filler {
            Filler::Quantity { index, .. } | Filler::Cell { index, .. } => *index..*index + 1,
            Filler::Word { span, .. } => {
                let (first, inside) = reading.quantities_within(*span);
                first..first + inside.len().min(1)
            }
            Filler::Computed { formula, side, .. } => {
                let span = reading
                    .formulas
                    .get(*formula)
                    .and_then(|formula| formula.side(*side))
                    .map(|side| side.span);
                let (first, inside) = reading.quantities_within(span.unwrap_or(Span::new(0, 0)));
                first..first + inside.len()
            }
            _ => 0..0,
        })
    }

    fn contradiction(&self, compiled: &CompiledRule, relation: usize, found: &Contradiction<'_>) -> Finding {
        let rule = &self.engine.rules()[compiled.rule];
        let shape = &self.engine.book.relations[relation];
        let bindings = Bindings::new(self.scene, shape, found.instance);
        let document = self.scene.document;
        let sentence = document.sentences[found.instance.sentence as usize];
        let mut span = found.instance.span;
        let mut related = Vec::new();
        for (number, role) in shape.roles.iter().enumerate() {
            for filler in bindings.fillers(number) {
                let Some(place) = bindings.place(filler) else { continue };
                // Words count where they stand beside the figures; a list may be counted far from its number.
                let counted = matches!(filler, Filler::Count { .. });
                if filler.quantity().is_some() || counted || sentence.span.contains(place) {
                    related.push(Related { label: role.name.clone(), span: place });
                }
                if sentence.span.contains(place) && role.measures.is_empty() {
                    span = span.join(place);
                }
            }
        }
        related.sort_by_key(|place| place.span);
        // Both ends of a range stand in one place.
        related.dedup_by(|a, b| a.label == b.label && a.span == b.span);
        let arithmetic = found.shown.as_ref().map(|shown| shown.text.clone());
        let text = clean(span.of(&document.text));
        let setting = self.choice.of(compiled.rule);
        let severity = if found.proven { setting.severity.value } else { setting.plain_severity };
        let severity = self.capped(severity, span);
        let message = self.message(rule, &|name| match name {
            "arithmetic" => arithmetic.clone().unwrap_or_default(),
            "text" => text.clone(),
            role => {
                if let Some(range) = bindings.whole_range(role) {
                    return range;
                }
                let count = bindings.role(role).map_or(1, |number| bindings.fillers(number).count().max(1));
                let separator = if self.language == Language::Chinese { "、" } else { ", " };
                (0..count).map(|element| bindings.literal(role, element)).collect::<Vec<_>>().join(separator)
            }
        });
        let repair = found.repair.as_ref().map(|repair| repair.words(self.language));
        Finding {
            rule: rule.id.clone(),
            severity,
            confidence: rule.confidence,
            span,
            message,
            arithmetic,
            repair,
            related,
            in_sources: Vec::new(),
            fingerprint: String::new(),
            group: 0,
            suppressed: None,
        }
    }

    /// Whether a guard word of the rule stands in the sentence of a place.
    fn is_guarded(&self, compiled: &CompiledRule, place: Span) -> bool {
        let document = self.scene.document;
        let sentence = document.sentence_at(place.start).map(|number| document.sentences[number].span);
        sentence.is_some_and(|sentence| compiled.guarded(self.scene, sentence, place))
    }

    fn structure(&mut self, compiled: &CompiledRule, occurrence: Occurrence) {
        let related = occurrence.related.into_iter().map(|(label, span)| Related { label, span }).collect();
        self.plain(compiled, occurrence.span, &clean(&occurrence.text), related);
    }

    /// The report and a source are at odds.
    fn against_source(&mut self, compiled: &CompiledRule, occurrence: SourceOccurrence) {
        let role = |span: Span| {
            let document = self.scene.document;
            document.block_of(span.start).map(|block| document.blocks[block].role)
        };
        if !role(occurrence.span).is_none_or(|role| compiled.applies_in(role)) {
            return;
        }
        let rule = &self.engine.rules()[compiled.rule];
        let setting = self.choice.of(compiled.rule);
        let severity = match occurrence.strength {
            Strength::Proof => setting.severity.value,
            Strength::Likely => setting.severity.value.min(setting.plain_severity),
            Strength::Hint => Severity::Note,
        };
        let text = clean(occurrence.words.of(&self.scene.document.text));
        let source = occurrence.source.map(|(origin, span)| self.source_words(origin, span));
        let arithmetic = occurrence.arithmetic;
        let message = self.message(rule, &|name| match name {
            "text" => text.clone(),
            "arithmetic" => arithmetic.clone().unwrap_or_default(),
            _ => source.clone().unwrap_or_default(),
        });
        let label = || "source".to_owned();
        let (mut related, mut in_sources) = (Vec::new(), Vec::new());
        for (origin, span) in occurrence.source.into_iter().chain(occurrence.also) {
            match origin {
                Origin::Report => related.push(Related { label: label(), span }),
                Origin::Given(source) => in_sources.push(SourcePlace { label: label(), source, span }),
            }
        }
        self.findings.push(Finding {
            rule: rule.id.clone(),
            severity,
            confidence: rule.confidence,
            span: occurrence.span,
            message,
            arithmetic,
            repair: None,
            related,
            in_sources,
            fingerprint: String::new(),
            group: 0,
            suppressed: None,
        });
    }

    /// What stands at a place of a source.
    fn source_words(&self, origin: Origin, span: Span) -> String {
        let document = self.held.map_or(self.scene.document, |held| held.texts.text(origin).document);
        clean(span.of(&document.text))
    }

    /// A finding without arithmetic.
    fn plain(&mut self, compiled: &CompiledRule, span: Span, text: &str, related: Vec<Related>) {
        let rule = &self.engine.rules()[compiled.rule];
        let message =
            self.message(rule, &|name| if name == "text" { text.to_owned() } else { String::new() });
        self.findings.push(Finding {
            rule: rule.id.clone(),
            severity: self.capped(self.choice.of(compiled.rule).severity.value, span),
            confidence: rule.confidence,
            span,
            message,
            arithmetic: None,
            repair: None,
            related,
            in_sources: Vec::new(),
            fingerprint: String::new(),
            group: 0,
            suppressed: None,
        });
    }

    fn message(&self, rule: &Rule, value: &dyn Fn(&str) -> String) -> String {
        let message = match self.language {
            Language::Chinese => &rule.message.zh,
            Language::English => &rule.message.en,
        };
        let filled = message.fill(&|placeholder| match placeholder {
            Placeholder::Role(role) => value(role),
            Placeholder::Arithmetic => value("arithmetic"),
            Placeholder::Text => value("text"),
        });
        // Where there is no arithmetic to show, nothing announces it.
        let filled = filled.trim_end_matches([' ', ':', '：', ';', '；', '(', '（']).to_owned();
        if self.language == Language::Chinese { closed_up(&filled) } else { filled }
    }

    /// What is wrong in a source is no fault of the report: a note at most.
    fn capped(&self, severity: Severity, span: Span) -> Severity {
        if self.is_in_source(span) { Severity::Note } else { severity }
    }

    fn is_in_source(&self, span: Span) -> bool {
        let document = self.scene.document;
        document.block_of(span.start).is_some_and(|block| document.blocks[block].role == Role::Source)
    }

    fn order(&mut self) {
        self.findings.sort_by(|a, b| {
            (a.span.start, a.span.end, std::cmp::Reverse(a.severity), &a.rule).cmp(&(
                b.span.start,
                b.span.end,
                std::cmp::Reverse(b.severity),
                &b.rule,
            ))
        });
    }

    /// Groups by clause, and fingerprints.
    fn finish(mut self) -> Audit {
        self.number_groups();
        let document = self.scene.document;
        let mut fingerprints = Fingerprints::default();
        for finding in &mut self.findings {
            let clause = clause_of(document, finding.span);
            // Code, diagrams and comments have no prose.
            let prose = head(clause, &document.prose);
            let words =
                if prose.chars().all(char::is_control) { head(clause, &document.text) } else { prose };
            let mut operands: Vec<&str> =
                finding.related.iter().map(|place| head(place.span, &document.text)).collect();
            operands.sort_unstable();
            finding.fingerprint = fingerprints.of(&finding.rule, words, &operands);
        }
        let figures = self.figures();
        Audit { findings: self.findings, figures }
    }

    fn drop_subsumed(&mut self) {
        let rules = self.engine;
        let kept: Vec<bool> = self
            .findings
            .iter()
            .enumerate()
            .map(|(number, finding)| {
                let near = self.findings[number.saturating_sub(8)..].iter().take(17);
                !near.filter(|other| other.rule != finding.rule && other.span.overlaps(finding.span)).any(
                    |other| rules.rule(&other.rule).is_some_and(|rule| rule.subsumes.contains(&finding.rule)),
                )
            })
            .collect();
        let mut kept = kept.into_iter();
        self.findings.retain(|_| kept.next().unwrap_or(true));
    }

    /// Findings whose clauses touch share a number.
    fn number_groups(&mut self) {
        let document = self.scene.document;
        let mut group = 0;
        let mut end = 0;
        for (number, finding) in self.findings.iter_mut().enumerate() {
            let clause = clause_of(document, finding.span);
            if number > 0 && finding.span.start >= end {
                group += 1;
            }
            end = end.max(clause.end);
            finding.group = group;
        }
    }

    /// Figures outside the source, with what was said of each. Dates and places in an order are none: they say when
    /// and which, not how much.
    fn figures(&self) -> Vec<Figure> {
        let grounded = |index| self.held.and_then(|held| held.grounding.of(index)).map(grounded);
        let quantities = self.scene.reading.quantities.iter().enumerate();
        quantities
            .filter(|(_, quantity)| !matches!(quantity.kind, Kind::Date | Kind::Ordinal))
            .filter(|(_, quantity)| !self.is_in_source(quantity.span))
            .map(|(index, quantity)| Figure {
                span: quantity.span,
                checked: self.checked.contains(&index),
                grounded: grounded(index),
            })
            .collect()
    }
}

fn grounded(verdict: &Verdict) -> Grounded {
    match verdict {
        Verdict::Supported(_) => Grounded::Supported,
        Verdict::Derived { .. } => Grounded::Derived,
        Verdict::Differs { .. } => Grounded::Different,
        Verdict::Absent { .. } => Grounded::Absent,
        Verdict::CannotTell => Grounded::Open,
    }
}

/// What a fingerprint looks at: of a comment or a diagram without an end the start must do.
fn head(span: Span, text: &str) -> &str {
    let end = text.floor_char_boundary(span.start + LONGEST_CONTEXT);
    Span::new(span.start, span.end.min(end)).of(text)
}

/// The clause that a place stands in; the place itself where there is no sentence.
fn clause_of(document: &Document, span: Span) -> Span {
    match document.sentence_at(span.start) {
        Some(sentence) => clause_around(&document.prose, document.sentences[sentence].span, span),
        None => span,
    }
}

/// Without the spaces that a placeholder left between two Han characters.
fn closed_up(message: &str) -> String {
    let han = |c: Option<char>| c.is_some_and(|c| !c.is_ascii() && c.is_alphabetic());
    let mut out = String::with_capacity(message.len());
    let mut rest = message.chars().peekable();
    while let Some(c) = rest.next() {
        let between = c == ' ' && han(out.chars().next_back()) && han(rest.peek().copied());
        if !between {
            out.push(c);
        }
    }
    out
}
