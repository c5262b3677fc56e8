//! Comments that let findings stand: which do, and what is wrong with those that do not.

use std::collections::{HashMap, HashSet};

use super::engine::{CompiledKind, CompiledRule, Engine};
use super::options::CheckOptions;
use super::structure::{Occurrence, StructureFact};
use crate::document::{Directive, DirectiveFault, DirectiveFaultKind, Document, Ignore, Language};
use crate::finding::{Finding, SuppressedBy, Suppression};
use crate::rule::{Rule, RuleKind};
use crate::source::Span;

/// So many unknown rules of one document are compared with the known ones, and none that is longer than this.
const MOST_SUGGESTIONS: usize = 50;
const LONGEST_NAME: usize = 64;

/// A fact about a suppression.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum SuppressionFact {
    /// It cannot be read, or asks for what no comment can give.
    Malformed,
    WithoutReason,
    Expired,
    Unused,
    UnknownRule,
}

/// All suppressions of one document.
pub(super) struct Suppressions<'a> {
    engine: &'a Engine,
    document: &'a Document,
    options: CheckOptions,
    language: Language,
    found: Vec<(SuppressionFact, Occurrence)>,
    suggestions: usize,
}

/// A rule or group that a comment lets stand.
struct Claim<'a> {
    /// `numeric/share` or `numeric/*`.
    pattern: &'a str,
    place: Span,
    comment: Span,
    reason: &'a str,
    used: bool,
}

/// The claims on one part of the text.
#[derive(Default)]
struct Scope<'a> {
    claims: HashMap<&'a str, usize>,
}

impl<'a> Suppressions<'a> {
    pub fn new(
        engine: &'a Engine,
        document: &'a Document,
        options: CheckOptions,
        language: Language,
    ) -> Self {
        Self { engine, document, options, language, found: Vec::new(), suggestions: 0 }
    }

    /// Marks the findings, which are in order of place, that a comment lets stand, and gives every place at which a
    /// suppression is at fault. `ran` are the rules that looked at the document.
    pub fn apply(
        mut self,
        findings: &mut [Finding],
        ran: &HashSet<&str>,
    ) -> Vec<(SuppressionFact, Occurrence)> {
        if !self.options.suppressions || self.document.directives.is_empty() {
            return Vec::new();
        }
        let (mut claims, scopes) = self.claims();
        mark(findings, &mut claims, &scopes);
        for claim in claims.iter().filter(|claim| !claim.used) {
            let mut meant =
                self.engine.rules().iter().filter(|rule| covers(claim.pattern, &rule.id)).peekable();
            // Of a rule that did not run nobody knows what it would have found.
            if meant.peek().is_some() && meant.all(|rule| ran.contains(rule.id.as_str()) || is_own(rule)) {
                self.report(
                    SuppressionFact::Unused,
                    claim.comment,
                    ("rule", claim.place),
                    claim.pattern.to_owned(),
                );
            }
        }
        self.found
    }

    /// Keeps a fact about a comment, with the place in it that matters.
    fn report(&mut self, fact: SuppressionFact, span: Span, (label, place): (&str, Span), text: String) {
        let related =
            if place.is_empty() || place == span { Vec::new() } else { vec![(label.to_owned(), place)] };
        self.found.push((fact, Occurrence { span, text, related }));
    }

    /// What comments that are in order lay claim to, and on which parts of the text, in order of their starts, an
    /// outer one first.
    fn claims(&mut self) -> (Vec<Claim<'a>>, Vec<(Span, Scope<'a>)>) {
        let mut claims = Vec::new();
        let mut scopes: HashMap<Span, Scope<'a>> = HashMap::new();
        let document = self.document;
        for directive in &document.directives {
            let Some((ignore, reason)) = self.sound(directive) else { continue };
            for (pattern, place) in &ignore.rules {
                if !self.is_known(directive, pattern, *place) {
                    continue;
                }
                if let Some(target) = directive.target {
                    // The first of two that say the same is the one that is used.
                    scopes.entry(target).or_default().claims.entry(pattern).or_insert(claims.len());
                }
                claims.push(Claim { pattern, place: *place, comment: directive.span, reason, used: false });
            }
        }
        let mut scopes: Vec<_> = scopes.into_iter().collect();
        scopes.sort_by_key(|(span, _)| (span.start, std::cmp::Reverse(span.end)));
        (claims, scopes)
    }

    /// What a comment asks for and why, if it is in order; else it is reported.
    fn sound(&mut self, directive: &'a Directive) -> Option<(&'a Ignore, &'a str)> {
        let ignore = match &directive.ignore {
            Ok(ignore) => ignore,
            Err(fault) => {
                let text = fault_in_words(*fault, &self.document.text, self.language);
                self.report(SuppressionFact::Malformed, directive.span, ("here", fault.place), text);
                return None;
            }
        };
        let engine = self.engine;
        let own = |pattern: &str| {
            let mut meant = engine.rules().iter().filter(|rule| covers(pattern, &rule.id)).peekable();
            meant.peek().is_some() && meant.all(is_own)
        };
        if let Some((pattern, place)) = ignore.rules.iter().find(|(pattern, _)| own(pattern)) {
            let text = match self.language {
                Language::Chinese => format!("「{pattern}」检查的是抑制注释本身，不能被抑制"),
                Language::English => format!("“{pattern}” is about suppressions and cannot be suppressed"),
            };
            self.report(SuppressionFact::Malformed, directive.span, ("rule", *place), text);
            return None;
        }
        let reason = ignore.reason.as_deref().map(str::trim).unwrap_or_default();
        if reason.is_empty() {
            self.report(SuppressionFact::WithoutReason, directive.span, ("", directive.span), String::new());
            return None;
        }
        if let (Some((day, place)), Some(today)) = (ignore.until, self.options.today)
            && day < today
        {
            self.report(SuppressionFact::Expired, directive.span, ("until", place), day.to_string());
            return None;
        }
        Some((ignore, reason))
    }

    /// Whether there is such a rule or group; else it is reported.
    fn is_known(&mut self, directive: &Directive, pattern: &str, place: Span) -> bool {
        let rules = self.engine.rules();
        if rules.iter().any(|rule| covers(pattern, &rule.id)) {
            return true;
        }
        self.suggestions += 1;
        let compared = self.suggestions <= MOST_SUGGESTIONS && pattern.len() <= LONGEST_NAME;
        let near = if compared { self.engine.closest_rule(pattern) } else { None };
        let text = match (self.language, near) {
            (Language::Chinese, Some(near)) => format!("{pattern}（是否指 {near}？）"),
            (Language::English, Some(near)) => format!("{pattern} (did you mean {near}?)"),
            (_, None) => pattern.to_owned(),
        };
        self.report(SuppressionFact::UnknownRule, directive.span, ("rule", place), text);
        false
    }
}

/// Gives each finding to the claim on the smallest part of the text around it. Parts lie inside one another or apart.
fn mark(findings: &mut [Finding], claims: &mut [Claim<'_>], scopes: &[(Span, Scope<'_>)]) {
    let mut open: Vec<&(Span, Scope<'_>)> = Vec::new();
    let mut next = scopes.iter().peekable();
    for finding in findings {
        while let Some(scope) = next.next_if(|(span, _)| span.start <= finding.span.start) {
            open.retain(|(span, _)| span.end > scope.0.start);
            open.push(scope);
        }
        open.retain(|(span, _)| span.end >= finding.span.start);
        let group = finding.rule.split_once('/').map(|(group, _)| format!("{group}/*")).unwrap_or_default();
        let around = open.iter().rev().filter(|(span, _)| span.contains(finding.span));
        let claim = around
            .filter_map(|(_, scope)| {
                scope.claims.get(finding.rule.as_str()).or(scope.claims.get(group.as_str()))
            })
            .next();
        if let Some(claim) = claim.and_then(|&number| claims.get_mut(number)) {
            claim.used = true;
            finding.suppressed =
                Some(Suppression { by: SuppressedBy::Comment, reason: Some(claim.reason.to_owned()) });
        }
    }
}

/// Whether a pattern of a comment means a rule.
fn covers(pattern: &str, id: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(group) => group.ends_with('/') && id.starts_with(group),
        None => pattern == id,
    }
}

/// Whether a rule is about suppressions: those cannot be suppressed.
fn is_own(rule: &Rule) -> bool {
    matches!(&rule.kind, RuleKind::Structure(fact)
        if matches!(StructureFact::named(fact), Some(StructureFact::Suppression(_))))
}

/// Why a comment cannot be read.
fn fault_in_words(fault: DirectiveFault, text: &str, language: Language) -> String {
    use DirectiveFaultKind as Kind;
    let (zh, en) = match fault.kind {
        Kind::Unclosed => ("注释没有以 --> 结束", "the comment does not end with -->"),
        Kind::NoColon => ("claimlint 后面缺少冒号", "a colon is missing behind claimlint"),
        Kind::NoIgnore => {
            ("应为 ignore[规则] 或 ignore-file[规则]", "ignore[RULE] or ignore-file[RULE] is wanted")
        }
        Kind::NoRules => (
            "应在方括号中列出规则，如 ignore[numeric/share]",
            "rules in brackets are wanted: ignore[numeric/share]",
        ),
        Kind::EveryRule => {
            ("不能抑制所有规则，请写出规则或规则组", "not every rule can be suppressed: name rules or groups")
        }
        Kind::UnknownWord => {
            ("只能写 reason=\"…\" 和 until=年-月-日", "only reason=\"…\" and until=YYYY-MM-DD can stand here")
        }
        Kind::Twice => ("重复", "it stands there twice"),
        Kind::NoQuotes => {
            ("理由应放在引号中：reason=\"…\"", "the reason belongs in quotation marks: reason=\"…\"")
        }
        Kind::NoDay => ("应为 until=年-月-日，如 until=2027-01-01", "a day is wanted: until=2027-01-01"),
        Kind::NotAtTop => {
            ("ignore-file 应位于报告正文之前", "ignore-file stands at the top, before any text of the report")
        }
    };
    let whole = matches!(fault.kind, Kind::Unclosed | Kind::NotAtTop) || fault.place.is_empty();
    match (language, whole) {
        (Language::Chinese, true) => zh.to_owned(),
        (Language::English, true) => en.to_owned(),
        (Language::Chinese, false) => format!("「{}」处，{zh}", fault.place.of(text)),
        (Language::English, false) => format!("at “{}”, {en}", fault.place.of(text)),
    }
}

impl Engine {
    /// The compiled rules about a fact of suppressions.
    pub(super) fn rules_about(&self, fact: SuppressionFact) -> impl Iterator<Item = &CompiledRule> {
        let about = move |kind: &CompiledKind| matches!(kind, CompiledKind::Structure(StructureFact::Suppression(own)) if *own == fact);
        self.compiled.iter().filter(move |compiled| about(&compiled.kind))
    }
}
