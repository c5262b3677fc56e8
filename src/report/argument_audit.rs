use std::io::{self, Write};

use super::argument_map::write_map;
use super::argument_words::{Words, words};
use super::markdown_text::inert;
use crate::argument::{ArgumentGraph, Ground, Layout, Link, LinkKind, Part, PartKind};
use crate::document::Document;
use crate::finding::{Audit, Figure, Finding, Severity};
use crate::source::{LineIndex, Span};

/// One report with its argument and what was found in it.
pub struct ArgumentAudit<'a> {
    pub path: &'a str,
    pub document: &'a Document,
    pub argument: &'a ArgumentGraph,
    pub audit: &'a Audit,
    /// Whether to write Chinese.
    pub chinese: bool,
}

/// Characters of a claim or a quotation that are shown.
const LONGEST_QUOTE: usize = 400;
/// Entries of one list; the number of the others is given.
const LONGEST_LIST: usize = 40;

/// Writes the audit of an argument as Markdown, with its map as Mermaid. The same report gives the same text; what
/// comes from the report cannot act.
///
/// # Errors
/// When the output cannot be written.
pub fn write_argument_audit(out: &mut impl Write, report: &ArgumentAudit<'_>) -> io::Result<()> {
    Page::new(report).write(out)
}

/// How a part came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    Contradicted,
    Unsupported,
    Checked,
    Unchecked,
}

/// An audit with its findings sorted to the parts.
pub(super) struct Page<'a> {
    pub report: &'a ArgumentAudit<'a>,
    pub words: &'static Words,
    lines: LineIndex,
    live: Vec<&'a Finding>,
}

impl<'a> Page<'a> {
    fn new(report: &'a ArgumentAudit<'a>) -> Self {
        let lines = LineIndex::new(&report.document.text);
        Self { report, words: words(report.chinese), lines, live: report.audit.live().collect() }
    }

    fn write(&self, out: &mut impl Write) -> io::Result<()> {
        let words = self.words;
        let coverage = self.report.audit.coverage();
        let contradictions = self.live.iter().filter(|finding| contradicts(finding)).count();
        writeln!(out, "# {}{}{}\n", words.title, words.colon, inert(self.report.path))?;
        writeln!(out, "{}", (words.figures)(coverage.quantities, coverage.checked))?;
        writeln!(out, "{}", (words.findings)(contradictions, self.live.len() - contradictions))?;
        if self.report.argument.layout == Layout::Sections {
            writeln!(out, "\n{}", words.no_conclusion)?;
        }
        self.claims(out)?;
        self.evidence(out)?;
        self.objections(out)?;
        self.elsewhere(out)?;
        write_map(out, self)
    }

    fn claims(&self, out: &mut impl Write) -> io::Result<()> {
        let words = self.words;
        let mut claims = self.report.argument.of_kind(PartKind::Conclusion).peekable();
        if claims.peek().is_some() {
            writeln!(out, "\n## {}", words.claims)?;
        }
        for (index, part) in claims {
            writeln!(out, "\n### {}\n", self.label(part))?;
            writeln!(out, "> {}", self.quote(part.span))?;
            let support: Vec<&Link> = self.support(index).collect();
            let items: Vec<String> = support
                .iter()
                .map(|link| format!("{} ({})", self.named(link.from), self.grounds(link)))
                .collect();
            self.list(out, words.rests_on, words.rests_on_nothing, &items)?;
            let mut own: Vec<usize> = vec![index];
            own.extend(support.iter().map(|link| link.from));
            self.list(out, words.held, words.held_nothing, &self.held(&own))?;
            let (contradicted, open): (Vec<&Finding>, Vec<&Finding>) =
                own.iter().flat_map(|part| self.findings_in(*part)).partition(|finding| contradicts(finding));
            self.list(out, words.contradicted, words.contradicted_nothing, &self.sentences(&contradicted))?;
            let challenges: Vec<String> = own
                .iter()
                .flat_map(|part| self.report.argument.to(*part, LinkKind::Challenges))
                .map(|link| format!("{} ({})", self.named(link.from), self.grounds(link)))
                .collect();
            if !challenges.is_empty() {
                self.list(out, words.challenged, "", &challenges)?;
            }
            let mut questions = self.sentences(&open);
            questions.extend(own.iter().filter_map(|part| self.unchecked(*part)));
            self.list(out, words.open, words.open_nothing, &questions)?;
        }
        Ok(())
    }

    fn evidence(&self, out: &mut impl Write) -> io::Result<()> {
        let argument = self.report.argument;
        let mut items = argument.of_kind(PartKind::Evidence).peekable();
        if items.peek().is_none() {
            return Ok(());
        }
        writeln!(out, "\n## {}\n", self.words.all_evidence)?;
        writeln!(out, "| {} |", self.words.table.join(" | "))?;
        writeln!(out, "|---|---|---|---:|---:|---:|")?;
        for (index, part) in items {
            let supports: Vec<String> =
                self.supported(index).map(|link| self.label(&argument.parts[link.to])).collect();
            let figures = self.figures_in(part.span);
            let checked = figures.iter().filter(|figure| figure.checked).count();
            let contradicted = self.findings_in(index).filter(|finding| contradicts(finding)).count();
            let open = self.findings_in(index).count() - contradicted;
            writeln!(
                out,
                "| {} | {} | {} | {checked}/{} | {contradicted} | {open} |",
                part.number,
                self.name(part),
                supports.join(self.words.comma),
                figures.len()
            )?;
        }
        Ok(())
    }

    fn objections(&self, out: &mut impl Write) -> io::Result<()> {
        let mut items = self.report.argument.of_kind(PartKind::Objection).peekable();
        if items.peek().is_none() {
            return Ok(());
        }
        writeln!(out, "\n## {}\n", self.words.objections)?;
        for (index, part) in items {
            let targets: Vec<String> = self
                .report
                .argument
                .from(index, LinkKind::Challenges)
                .map(|link| format!("{} ({})", self.named(link.to), self.grounds(link)))
                .collect();
            let says = if targets.is_empty() {
                self.words.challenges_nothing.to_owned()
            } else {
                format!("{} {}", self.words.challenges, targets.join(self.words.comma))
            };
            writeln!(out, "{}. {} – {says}", part.number, self.name(part))?;
            let found: Vec<&Finding> = self.findings_in(index).collect();
            for sentence in self.sentences(&found) {
                writeln!(out, "   - {sentence}")?;
            }
        }
        Ok(())
    }

    /// Findings in no part that the audit has shown.
    fn elsewhere(&self, out: &mut impl Write) -> io::Result<()> {
        let told =
            |kind: PartKind| matches!(kind, PartKind::Conclusion | PartKind::Evidence | PartKind::Objection);
        let mut spans: Vec<Span> =
            self.report.argument.parts.iter().filter(|part| told(part.kind)).map(|part| part.span).collect();
        spans.sort_unstable();
        let inside = |place: usize| {
            let before = spans.partition_point(|span| span.start <= place);
            before.checked_sub(1).is_some_and(|last| place < spans[last].end)
        };
        let rest: Vec<&Finding> =
            self.live.iter().copied().filter(|finding| !inside(finding.span.start)).collect();
        if rest.is_empty() {
            return Ok(());
        }
        writeln!(out, "\n## {}\n", self.words.elsewhere)?;
        for sentence in self.sentences(&rest) {
            writeln!(out, "- {sentence}")?;
        }
        Ok(())
    }

    /// `**Heading:** nothing`, or the heading with a list.
    fn list(&self, out: &mut impl Write, heading: &str, nothing: &str, items: &[String]) -> io::Result<()> {
        let colon = self.words.colon.trim_end();
        if items.is_empty() {
            return writeln!(out, "\n**{heading}{colon}** {nothing}");
        }
        writeln!(out, "\n**{heading}{colon}**\n")?;
        for item in items.iter().take(LONGEST_LIST) {
            writeln!(out, "- {item}")?;
        }
        if items.len() > LONGEST_LIST {
            writeln!(out, "- {}", (self.words.more)(items.len() - LONGEST_LIST))?;
        }
        Ok(())
    }

    /// The evidence for a claim, also what supports or repeats it.
    fn support(&self, claim: usize) -> impl Iterator<Item = &'a Link> {
        let argument = self.report.argument;
        let evidence = move |link: &&Link| argument.parts[link.from].kind == PartKind::Evidence;
        let links = argument.to(claim, LinkKind::Supports).chain(argument.to(claim, LinkKind::Repeats));
        links.filter(evidence)
    }

    /// What a part supports or repeats.
    pub fn supported(&self, part: usize) -> impl Iterator<Item = &'a Link> {
        let argument = self.report.argument;
        argument.from(part, LinkKind::Supports).chain(argument.from(part, LinkKind::Repeats))
    }

    /// Figures that were checked and that no finding is about, by part.
    fn held(&self, parts: &[usize]) -> Vec<String> {
        let mut lines = Vec::new();
        for &index in parts {
            let part = &self.report.argument.parts[index];
            let against: Vec<Span> = self
                .findings_in(index)
                .filter(|finding| contradicts(finding))
                .flat_map(|finding| finding.related.iter().map(|related| related.span).chain([finding.span]))
                .collect();
            let sound =
                |figure: &&Figure| figure.checked && !against.iter().any(|span| span.overlaps(figure.span));
            let figures: Vec<String> = self
                .figures_in(part.span)
                .iter()
                .filter(sound)
                .map(|figure| inert(figure.span.of(&self.report.document.text)))
                .collect();
            if !figures.is_empty() {
                lines.push(format!(
                    "{}{}{}",
                    self.label(part),
                    self.words.colon,
                    figures.join(self.words.comma)
                ));
            }
        }
        lines
    }

    /// How many figures of a part nobody has checked.
    fn unchecked(&self, index: usize) -> Option<String> {
        let part = &self.report.argument.parts[index];
        let figures = self.figures_in(part.span);
        let unchecked = figures.iter().filter(|figure| !figure.checked).count();
        (unchecked > 0).then(|| {
            format!(
                "{}{}{}",
                self.label(part),
                self.words.colon,
                (self.words.unchecked)(unchecked, figures.len())
            )
        })
    }

    fn figures_in(&self, span: Span) -> &'a [Figure] {
        let figures = &self.report.audit.figures;
        let from = figures.partition_point(|figure| figure.span.start < span.start);
        let to = figures.partition_point(|figure| figure.span.start < span.end);
        &figures[from..to]
    }

    /// The findings that begin inside a part.
    pub fn findings_in(&self, index: usize) -> impl Iterator<Item = &'a Finding> {
        let span = self.report.argument.parts[index].span;
        let from = self.live.partition_point(|finding| finding.span.start < span.start);
        let to = self.live.partition_point(|finding| finding.span.start < span.end);
        self.live[from..to].iter().copied()
    }

    /// How a part came out.
    pub fn standing(&self, index: usize) -> Standing {
        let part = &self.report.argument.parts[index];
        if self.findings_in(index).any(contradicts) {
            return Standing::Contradicted;
        }
        let alone = match part.kind {
            PartKind::Conclusion => self.support(index).next().is_none(),
            PartKind::Evidence => self.supported(index).next().is_none(),
            PartKind::Step | PartKind::Objection | PartKind::Node => false,
        };
        if alone {
            Standing::Unsupported
        } else if self.figures_in(part.span).iter().any(|figure| figure.checked) {
            Standing::Checked
        } else {
            Standing::Unchecked
        }
    }

    /// One line for each finding: where, what, which rule.
    fn sentences(&self, findings: &[&Finding]) -> Vec<String> {
        let sentence = |finding: &&Finding| {
            let line = self.lines.line(finding.span.start);
            let arithmetic = finding.arithmetic.as_ref().filter(|shown| !finding.message.contains(*shown));
            let arithmetic = arithmetic.map(|shown| format!(" ({})", inert(shown))).unwrap_or_default();
            format!(
                "{}{}{}{arithmetic} `{}`",
                (self.words.line)(line),
                self.words.colon,
                inert(&finding.message),
                finding.rule
            )
        };
        findings.iter().map(sentence).collect()
    }

    /// `Evidence 3`.
    pub fn label(&self, part: &Part) -> String {
        let kind = match part.kind {
            PartKind::Conclusion => self.words.claim,
            PartKind::Evidence => self.words.evidence,
            PartKind::Step => self.words.step,
            PartKind::Objection => self.words.objection,
            PartKind::Node => "",
        };
        format!("{kind} {}", part.number)
    }

    fn name(&self, part: &Part) -> String {
        inert(&self.report.argument.name(part, self.report.document))
    }

    /// `Evidence 3 “Compute”`.
    fn named(&self, index: usize) -> String {
        let part = &self.report.argument.parts[index];
        let [open, close] = self.words.quotes;
        format!("{} {open}{}{close}", self.label(part), self.name(part))
    }

    fn grounds(&self, link: &Link) -> String {
        let ground = |ground: &Ground| match ground {
            Ground::Number => self.words.by_number.to_owned(),
            Ground::Figure(span) | Ground::Entity(span) => inert(span.of(&self.report.document.text)),
            Ground::Words => self.words.by_words.to_owned(),
        };
        let mut grounds: Vec<String> = link.grounds.iter().map(ground).collect();
        grounds.dedup();
        let more = grounds.len().saturating_sub(MOST_GROUNDS);
        grounds.truncate(MOST_GROUNDS);
        if more > 0 {
            grounds.push((self.words.more)(more));
        }
        grounds.join(self.words.comma)
    }

    fn quote(&self, span: Span) -> String {
        let text = span.of(&self.report.document.text).split_whitespace().collect::<Vec<_>>().join(" ");
        match text.char_indices().nth(LONGEST_QUOTE) {
            Some((end, _)) => inert(&format!("{}…", &text[..end])),
            None => inert(&text),
        }
    }
}

/// Grounds of one link that are told.
const MOST_GROUNDS: usize = 5;

/// Whether a finding has recomputed something that does not hold.
fn contradicts(finding: &Finding) -> bool {
    finding.arithmetic.is_some() && finding.severity >= Severity::Warning
}
