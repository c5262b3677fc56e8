use std::collections::BTreeSet;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use toml::Spanned;

use super::dimension::RoleInfo;
use super::expression::Expression;
use super::message::Message;
use super::model::{
    Apart, Example, Measured, Messages, PhraseText, Rule, RuleContext, RuleDoc, RuleKind, Shift, Trigger,
    WordingLimits,
};
use super::schema::{ExampleTable, MeasuredTable, RuleFile, ShiftTable, Switch, WordingTable};
use crate::finding::Severity;
use crate::source::{DataFile, Fault, Span, closest};

/// A rule with what the whole set still has to check.
pub(super) struct Loaded {
    pub rule: Rule,
    /// The place of each id of [`Rule::subsumes`].
    pub subsumes: Vec<Span>,
    /// The place of `override = true`.
    pub replaces: Option<Span>,
    /// Whether one rule has overridden another already.
    pub settled: bool,
}

/// The placeholder of a source rule for what the source says.
const SOURCE_WORDS: &str = "source";

/// Reads one rule file.
///
/// # Errors
/// Everything wrong in it.
pub(super) fn load(file: &DataFile, context: &RuleContext) -> Result<Loaded, Vec<Fault>> {
    let written: RuleFile = file.read()?;
    let mut loader = Loader { file, context, faults: Vec::new() };
    let loaded = loader.rule(written);
    match loaded {
        Some(loaded) if loader.faults.is_empty() => Ok(loaded),
        _ => Err(loader.faults),
    }
}

fn place<T>(written: &Spanned<T>) -> Span {
    Span::from(written.span())
}

struct Loader<'f> {
    file: &'f DataFile,
    context: &'f RuleContext,
    faults: Vec<Fault>,
}

impl Loader<'_> {
    fn fault(&mut self, span: Span, message: impl Into<String>, help: impl Into<String>) {
        let fault = self.file.fault(span, message).with_help(help);
        self.faults.push(fault);
    }

    /// The rule; `None` only together with a fault.
    fn rule(&mut self, written: RuleFile) -> Option<Loaded> {
        let id_place = place(&written.id);
        if !is_rule_id(written.id.get_ref()) {
            let message = format!("`{}` is no rule id", written.id.get_ref());
            let help = "write group/name in lower case with hyphens: `numeric/stake-price`";
            self.fault(id_place, message, help);
        }
        self.examples_in_both_languages(&written, id_place);
        let plain_severity = self.plain_severity(&written);
        let message = self.messages(&written);
        let doc = self.doc(&written);
        let kind = self.kind(&written, id_place);
        self.names(&written);
        let pass = self.examples(&written.pass);
        let fail = self.examples(&written.fail);
        let measured = written.measured.as_ref().map(|measured| self.measured(measured));
        self.examples_have_a_source(&written);
        let subsumes = written.subsumes.iter().map(place).collect();
        let rule = Rule {
            id: written.id.into_inner(),
            path: self.file.path.clone(),
            place: id_place,
            kind: kind?,
            severity: written.severity,
            plain_severity,
            confidence: written.confidence,
            unless: strings(written.unless),
            unless_clause: strings(written.unless_clause),
            unless_opening: strings(written.unless_opening),
            scope: strings(written.scope),
            not_scope: strings(written.not_scope),
            gate: strings(written.gate),
            subsumes: strings(written.subsumes),
            default: written.default == Switch::On,
            persona: written.persona,
            measured,
            message: message?,
            doc,
            pass,
            fail,
        };
        let replaces =
            written.replaces.filter(|replaces| *replaces.get_ref()).map(|replaces| place(&replaces));
        Some(Loaded { rule, subsumes, replaces, settled: false })
    }

    fn measured(&mut self, written: &MeasuredTable) -> Measured {
        if *written.right.get_ref() > written.of {
            let message = format!("{} of {} cannot be right", written.right.get_ref(), written.of);
            self.fault(place(&written.right), message, "`right` is how many of the `of` findings were right");
        }
        Measured { right: *written.right.get_ref(), of: written.of, on: written.on.clone() }
    }

    fn plain_severity(&mut self, written: &RuleFile) -> Severity {
        match &written.plain_severity {
            Some(plain) if *plain.get_ref() > written.severity => {
                let message = "plain_severity is above the rule's severity";
                let help = "lower it or leave it out: what the plain reading alone contradicts weighs less";
                self.fault(place(plain), message, help);
                written.severity
            }
            Some(plain) => *plain.get_ref(),
            None => match written.severity {
                Severity::Error => Severity::Warning,
                Severity::Warning | Severity::Note => Severity::Note,
            },
        }
    }

    fn kind(&mut self, written: &RuleFile, id_place: Span) -> Option<RuleKind> {
        let relation = written.relation.as_ref().map(place);
        let wording = written.wording.as_ref().map(place);
        let structure = written.structure.as_ref().map(place);
        let source = written.source.as_ref().map(place);
        let shift = written.shift.first().map(place);
        let mut kinds: Vec<Span> =
            [relation, wording, structure, source, shift].into_iter().flatten().collect();
        kinds.sort_unstable();
        match kinds.as_slice() {
            [_] => {}
            [] => {
                let message = "the rule looks at nothing";
                self.fault(
                    id_place,
                    message,
                    "add one of `relation`, `[wording]`, `structure`, `source` and `[[shift]]`",
                );
            }
            [_, second, ..] => {
                let message = "a rule has exactly one of `relation`, `[wording]`, `structure`, `source` and `[[shift]]`";
                self.fault(*second, message, "write a rule of its own for the other");
            }
        }
        if relation.is_none() && !kinds.is_empty() {
            for (name, expression) in
                [("require", &written.require), ("when", &written.when), ("other_unit", &written.other_unit)]
            {
                if let Some(expression) = expression {
                    let message = format!("`{name}` belongs to a rule with `relation`");
                    self.fault(place(expression), message, "leave it out");
                }
            }
        }
        if let Some(relation) = &written.relation {
            return self.relation(written, relation);
        }
        if let Some(wording) = &written.wording {
            return self.wording(written, wording.get_ref(), place(wording));
        }
        if let Some(source) = &written.source {
            self.known("source fact", source, &self.context.sources);
            return Some(RuleKind::Source(source.get_ref().clone()));
        }
        if !written.shift.is_empty() {
            return Some(RuleKind::Shifts(written.shift.iter().map(|shift| self.shift(shift)).collect()));
        }
        let structure = written.structure.as_ref()?;
        self.known("structure fact", structure, &self.context.structures);
        if let Some(gate) = written.gate.iter().find(|gate| gate.get_ref() == structure.get_ref()) {
            self.never_fires(place(gate), "gated by its own fact");
        }
        Some(RuleKind::Structure(structure.get_ref().clone()))
    }

    fn shift(&mut self, written: &Spanned<ShiftTable>) -> Shift {
        let shift = written.get_ref();
        let lists = [&shift.report, &shift.report_lacks, &shift.source, &shift.source_lacks];
        for class in lists.into_iter().flatten() {
            self.known("word list", class, &self.context.classes);
        }
        // One side says something that the other does not.
        let of_report = !shift.report.is_empty() || !shift.report_lacks.is_empty();
        let of_source = !shift.source.is_empty() || !shift.source_lacks.is_empty();
        let says = !shift.report.is_empty() || !shift.source.is_empty();
        if !(of_report && of_source && says) {
            let message = "nothing tells the report's words from its source's";
            let help = "name word lists in `report` and `source`, or in `source` and `report_lacks`";
            self.fault(place(written), message, help);
        }
        let names = |names: &[Spanned<String>]| names.iter().map(|name| name.get_ref().clone()).collect();
        Shift {
            report: names(&shift.report),
            report_lacks: names(&shift.report_lacks),
            source: names(&shift.source),
            source_lacks: names(&shift.source_lacks),
            near: shift.near,
            source_near: shift.source_near.unwrap_or(shift.near),
            everywhere: shift.everywhere,
            note: shift.note,
        }
    }

    fn relation(&mut self, written: &RuleFile, relation: &Spanned<String>) -> Option<RuleKind> {
        let context = self.context;
        let roles = context.relations.get(relation.get_ref());
        if roles.is_none() {
            self.unknown("relation", relation, context.relations.keys().map(String::as_str));
        }
        let Some(require) = &written.require else {
            let message = "a relation rule says what must hold";
            self.fault(place(relation), message, "add `require = \"…\"`");
            return None;
        };
        let roles = roles?;
        let require = self.expression(require, roles);
        let when = written.when.as_ref().map(|when| self.expression(when, roles));
        let other_unit = written.other_unit.as_ref().map(|other| self.expression(other, roles));
        Some(RuleKind::Relation {
            relation: relation.get_ref().clone(),
            require: require?,
            when: match when {
                Some(when) => Some(when?),
                None => None,
            },
            other_unit: other_unit.flatten(),
            apart: written.apart.as_ref().and_then(|apart| self.apart(apart)),
        })
    }

    fn apart(&mut self, written: &Spanned<(String, String)>) -> Option<Apart> {
        let (least, most) = written.get_ref();
        match (least.parse::<Decimal>(), most.parse::<Decimal>()) {
            (Ok(least), Ok(most)) if Decimal::ONE <= least && least < most => Some(Apart { least, most }),
            _ => {
                let message = "`apart` is two factors, the smaller one first";
                self.fault(
                    place(written),
                    message,
                    "write them as digits in quotes: apart = [\"1.15\", \"3\"]",
                );
                None
            }
        }
    }

    fn expression(
        &mut self,
        written: &Spanned<String>,
        roles: &std::collections::HashMap<String, RoleInfo>,
    ) -> Option<Expression> {
        match Expression::parse(written.get_ref(), roles) {
            Ok(expression) => Some(expression),
            Err(errors) => {
                for error in errors {
                    let span = self.file.place_in(place(written), written.get_ref(), error.span);
                    let fault = Fault { help: error.help, ..self.file.fault(span, error.message) };
                    self.faults.push(fault);
                }
                None
            }
        }
    }

    fn wording(&mut self, written: &RuleFile, wording: &WordingTable, whole: Span) -> Option<RuleKind> {
        let trigger = match (&wording.class, &wording.phrase) {
            (Some(class), None) => {
                self.known("word list", class, &self.context.classes);
                let guards = written.unless.iter().chain(&written.unless_clause);
                for guard in guards.filter(|guard| guard.get_ref() == class.get_ref()) {
                    self.never_fires(place(guard), "silenced by the words that set it off");
                }
                Trigger::Class(class.get_ref().clone())
            }
            (None, Some(phrase)) => {
                let phrases = phrase.get_ref();
                if phrases.zh.is_empty() && phrases.en.is_empty() {
                    self.never_fires(place(phrase), "without a phrase");
                }
                Trigger::Phrases { zh: self.phrases(&phrases.zh), en: self.phrases(&phrases.en) }
            }
            (Some(_), Some(phrase)) => {
                let message = "[wording] has exactly one of `class` and `phrase`";
                self.fault(place(phrase), message, "write a rule of its own for the other");
                return None;
            }
            (None, None) => {
                let message = "[wording] names no words";
                self.fault(whole, message, "add `class = \"…\"` or `phrase = { zh = […], en = […] }`");
                return None;
            }
        };
        if let Some(class) = &wording.opens_clause {
            self.known("word list", class, &self.context.classes);
        }
        let WordingTable { unless_figure, unless_dated, unless_cited, .. } = *wording;
        let opens_clause = wording.opens_clause.as_ref().map(|class| class.get_ref().clone());
        Some(RuleKind::Wording {
            trigger,
            limits: WordingLimits { unless_figure, unless_dated, unless_cited },
            opens_clause,
        })
    }

    fn phrases(&mut self, written: &[Spanned<String>]) -> Vec<PhraseText> {
        for phrase in written.iter().filter(|phrase| phrase.get_ref().trim().is_empty()) {
            self.fault(place(phrase), "the phrase is empty", "write the words, or leave it out");
        }
        written
            .iter()
            .map(|phrase| PhraseText { text: phrase.get_ref().clone(), span: place(phrase) })
            .collect()
    }

    fn never_fires(&mut self, span: Span, why: &str) {
        self.fault(span, format!("the rule is {why}, so it can never fire"), "leave it out or name another");
    }

    /// Checks every name that stands for something outside the file, but for rule ids.
    fn names(&mut self, written: &RuleFile) {
        let context = self.context;
        for class in written.unless.iter().chain(&written.unless_clause).chain(&written.unless_opening) {
            self.known("word list", class, &context.classes);
        }
        for role in written.scope.iter().chain(&written.not_scope) {
            self.known("document role", role, &context.document_roles);
        }
        for fact in &written.gate {
            self.known("structure fact to gate with", fact, &context.gates);
        }
        for role in &written.not_scope {
            if written.scope.iter().any(|other| other.get_ref() == role.get_ref()) {
                let message = format!("`{}` is in scope and not_scope", role.get_ref());
                self.fault(place(role), message, "leave it out of one of them");
            }
        }
        for id in written.subsumes.iter().filter(|id| id.get_ref() == written.id.get_ref()) {
            self.fault(place(id), "a rule cannot subsume itself", "leave it out");
        }
    }

    fn known(&mut self, what: &str, name: &Spanned<String>, all: &BTreeSet<String>) {
        if !all.contains(name.get_ref()) {
            self.unknown(what, name, all.iter().map(String::as_str));
        }
    }

    fn unknown<'n>(&mut self, what: &str, name: &Spanned<String>, all: impl Iterator<Item = &'n str>) {
        let fault = unknown(self.file, what, place(name), name.get_ref(), all);
        self.faults.push(fault);
    }

    fn messages(&mut self, written: &RuleFile) -> Option<Messages> {
        let relation = written.relation.as_ref();
        let roles = relation.and_then(|relation| self.context.relations.get(relation.get_ref()));
        if relation.is_some() && roles.is_none() {
            // The unknown relation is reported; its roles cannot be known.
            return None;
        }
        let mut names: Vec<&str> =
            roles.map(|roles| roles.keys().map(String::as_str).collect()).unwrap_or_default();
        let against_source = written.source.is_some() || !written.shift.is_empty();
        if against_source {
            names.push(SOURCE_WORDS);
        }
        names.sort_unstable();
        let arithmetic = relation.is_some() || against_source;
        let zh = self.message(&written.message.zh, &names, arithmetic);
        let en = self.message(&written.message.en, &names, arithmetic);
        Some(Messages { zh: zh?, en: en? })
    }

    fn message(&mut self, written: &Spanned<String>, roles: &[&str], arithmetic: bool) -> Option<Message> {
        self.not_empty("message", written);
        match Message::parse(written.get_ref(), roles, arithmetic) {
            Ok(message) => Some(message),
            Err(faults) => {
                for (inner, message, help) in faults {
                    let span = self.file.place_in(place(written), written.get_ref(), inner);
                    self.fault(span, message, help);
                }
                None
            }
        }
    }

    fn doc(&mut self, written: &RuleFile) -> RuleDoc {
        let doc = &written.doc;
        for (name, text) in [("what", &doc.what), ("why", &doc.why), ("fix", &doc.fix)] {
            self.not_empty(name, text);
        }
        let text = |text: &Spanned<String>| text.get_ref().clone();
        RuleDoc {
            what: text(&doc.what),
            why: text(&doc.why),
            fix: text(&doc.fix),
            source: doc.source.as_ref().map(text),
        }
    }

    fn not_empty(&mut self, what: &str, text: &Spanned<String>) {
        if text.get_ref().trim().is_empty() {
            self.fault(place(text), format!("{what} is empty"), "write a sentence for the reader");
        }
    }

    fn examples_in_both_languages(&mut self, written: &RuleFile, id_place: Span) {
        for (name, examples) in [("pass", &written.pass), ("fail", &written.fail)] {
            for (language, chinese) in [("Chinese", true), ("English", false)] {
                let in_language = |example: &ExampleTable| match language_of(example.text.get_ref()) {
                    Some(Language::Chinese) => chinese,
                    Some(Language::English) => !chinese,
                    None => true,
                };
                if !examples.iter().any(in_language) {
                    let message = format!("the rule has no [[{name}]] example in {language}");
                    let help =
                        format!("add [[{name}]] with a text; pass and fail are needed in both languages");
                    self.fault(id_place, message, help);
                }
            }
        }
    }

    fn examples_have_a_source(&mut self, written: &RuleFile) {
        if written.source.is_none() && written.shift.is_empty() {
            return;
        }
        for example in written.pass.iter().chain(&written.fail).filter(|example| example.source.is_none()) {
            let message = "the example of a rule about sources has no source";
            self.fault(
                place(&example.text),
                message,
                "add `source = \"…\"`: the text the report was made from",
            );
        }
    }

    fn examples(&mut self, written: &[ExampleTable]) -> Vec<Example> {
        let mut examples = Vec::new();
        for example in written {
            let date = example.date.as_ref().and_then(|date| {
                let read = NaiveDate::parse_from_str(date.get_ref(), "%Y-%m-%d").ok();
                if read.is_none() {
                    let message = format!("`{}` is no date", date.get_ref());
                    self.fault(place(date), message, "write year-month-day: `2026-03-01`");
                }
                read
            });
            examples.push(Example {
                text: example.text.get_ref().clone(),
                span: place(&example.text),
                date,
                source: example.source.clone(),
                note: example.note.clone(),
            });
        }
        examples
    }
}

/// A name that does not exist.
pub(super) fn unknown<'n>(
    file: &DataFile,
    what: &str,
    span: Span,
    name: &str,
    all: impl Iterator<Item = &'n str>,
) -> Fault {
    let all: Vec<&str> = all.collect();
    let help = match closest(name, all.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None if all.is_empty() => format!("there is no {what} yet"),
        None if all.len() <= 12 => format!("there are {}", all.join(", ")),
        None => "`claimlint rules dump DIR` writes out all that there are".to_owned(),
    };
    file.fault(span, format!("there is no {what} `{name}`")).with_help(help)
}

fn strings(written: Vec<Spanned<String>>) -> Vec<String> {
    written.into_iter().map(Spanned::into_inner).collect()
}

/// `group/name`, both in lower case with single hyphens inside.
pub fn is_rule_id(id: &str) -> bool {
    let word = |word: &str| {
        !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    };
    id.split_once('/').is_some_and(|(group, name)| group.split('-').all(word) && name.split('-').all(word))
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Language {
    Chinese,
    English,
}

/// The language by its characters; `None` for a text without letters, which is as good for either.
fn language_of(text: &str) -> Option<Language> {
    let han =
        |c: char| matches!(c, '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{20000}'..='\u{3FFFF}');
    if text.contains(han) {
        Some(Language::Chinese)
    } else {
        text.contains(char::is_alphabetic).then_some(Language::English)
    }
}
