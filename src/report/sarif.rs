use std::collections::{BTreeMap, HashMap};
use std::io::{self, Write};

use serde::Serialize;
use serde_json::{Value, json};
use serde_sarif::sarif::{
    Artifact, ArtifactLocation, Invocation, Location, Message, Notification, PhysicalLocation, PropertyBag,
    Region as SarifRegion, Result as SarifResult, ResultColumnKind, ResultLevel,
    Suppression as SarifSuppression, SupressionKind, Tool, ToolComponent,
};

use crate::finding::{Confidence, Finding, Severity, SuppressedBy, Suppression};
use crate::source::Span;

use super::citation::Citation;
use super::path::uri;
use super::places::{Places, Region};
use super::sarif_rule::reporting_descriptor;
use super::statement::arithmetic;
use super::visible::{inert_json, visible};
use super::{CheckOutput, FileReport, RuleText, Summary};

/// The scheme that the output names.
const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// Related places that a message links to.
const LINKS: usize = 12;

/// SARIF 2.1.0: one run, a result to a line. Suppressed findings are results too, and marked.
pub struct Sarif<W> {
    out: W,
    tool: Tool,
    /// Place of each rule in the tool's list.
    rules: HashMap<String, i64>,
    /// The URIs of the files so far, each with its place in the list.
    artifacts: HashMap<String, i64>,
    state: State,
}

#[derive(PartialEq, Eq)]
enum State {
    Fresh,
    NoResult,
    Results,
}

impl<W: Write> Sarif<W> {
    /// Writes to `out`; `rules` are those that ran.
    pub fn new(out: W, rules: &[RuleText]) -> Self {
        let driver = ToolComponent::builder()
            .name("claimlint")
            .version(env!("CARGO_PKG_VERSION"))
            .semantic_version(env!("CARGO_PKG_VERSION"))
            .rules(rules.iter().map(reporting_descriptor).collect::<Vec<_>>())
            .build();
        // A package without a home page has an empty one.
        let home = Some(env!("CARGO_PKG_HOMEPAGE")).filter(|home| !home.is_empty());
        let driver = ToolComponent { information_uri: home.map(str::to_string), ..driver };
        let ids = rules.iter().zip(0..).map(|(rule, index)| (rule.id.clone(), index));
        Self {
            out,
            tool: Tool::builder().driver(driver).build(),
            rules: ids.collect(),
            artifacts: HashMap::new(),
            state: State::Fresh,
        }
    }

    fn begin(&mut self) -> io::Result<()> {
        if self.state != State::Fresh {
            return Ok(());
        }
        self.state = State::NoResult;
        write!(
            self.out,
            "{{\"$schema\":\"{SCHEMA}\",\"version\":\"2.1.0\",\"runs\":[{{\"tool\":{},\n\"columnKind\":{},\"newlineSequences\":{},\"results\":[",
            text(&self.tool)?,
            text(&ResultColumnKind::UnicodeCodePoints)?,
            text(&["\r\n", "\n", "\r"])?,
        )
    }

    /// Two inputs of one name are one artifact: the list must not say anything twice.
    fn artifact(&mut self, path: &str) -> ArtifactLocation {
        let uri = uri(path);
        let next = number(self.artifacts.len());
        let index = *self.artifacts.entry(uri.clone()).or_insert(next);
        ArtifactLocation::builder().uri(uri).index(index).build()
    }

    fn result(
        &mut self,
        report: &FileReport<'_>,
        artifact: &ArtifactLocation,
        finding: &Finding,
    ) -> io::Result<()> {
        let places = report.places();
        let cited: Vec<Citation<'_>> = report.sources.cited(finding).collect();
        let sources: Vec<ArtifactLocation> =
            cited.iter().map(|citation| self.artifact(citation.source)).collect();
        let related = finding.related.iter().zip(1..).map(|(other, id)| Location {
            id: Some(id),
            message: Some(message(&other.label)),
            ..location(places, artifact, other.span)
        });
        let next = number(finding.related.len()) + 1;
        let related =
            related.chain(cited.iter().zip(&sources).zip(next..).map(|((citation, source), id)| Location {
                id: Some(id),
                message: Some(message(&citation.words())),
                ..location(citation.file, source, citation.in_file)
            }));
        let result = SarifResult::builder()
            .rule_id(visible(&finding.rule))
            .level(match finding.severity {
                Severity::Error => ResultLevel::Error,
                Severity::Warning => ResultLevel::Warning,
                Severity::Note => ResultLevel::Note,
            })
            .message(result_message(finding, &cited))
            .locations(vec![location(places, artifact, finding.span)])
            .partial_fingerprints(BTreeMap::from([("claimlint/v1".to_string(), finding.fingerprint.clone())]))
            // All results of a run have the list, or none has it.
            .suppressions(finding.suppressed.iter().map(suppression).collect::<Vec<_>>())
            .properties(properties(finding))
            .build();
        let related: Vec<Location> = related.collect();
        let result = SarifResult {
            rule_index: self.rules.get(&finding.rule).copied(),
            related_locations: Some(related).filter(|related| !related.is_empty()),
            ..result
        };
        write!(self.out, "{}\n{}", if self.state == State::Results { "," } else { "" }, text(&result)?)?;
        self.state = State::Results;
        Ok(())
    }
}

impl<W: Write> CheckOutput for Sarif<W> {
    fn file(&mut self, report: &FileReport<'_>) -> io::Result<()> {
        self.begin()?;
        let artifact = self.artifact(report.path);
        report.audit.findings.iter().try_for_each(|finding| self.result(report, &artifact, finding))
    }

    fn finish(&mut self, summary: &Summary) -> io::Result<()> {
        self.begin()?;
        let mut artifacts: Vec<(&String, &i64)> = self.artifacts.iter().collect();
        artifacts.sort_by_key(|(_, index)| **index);
        let location = |uri: &String| ArtifactLocation::builder().uri(uri.as_str()).build();
        let artifacts: Vec<Artifact> = artifacts
            .into_iter()
            .map(|(uri, _)| Artifact::builder().location(location(uri)).build())
            .collect();
        let invocation = invocation(summary);
        writeln!(
            self.out,
            "\n],\"artifacts\":{},\"invocations\":{}}}]}}",
            text(&artifacts)?,
            text(&[invocation])?
        )?;
        self.out.flush()
    }
}

fn text(value: &impl Serialize) -> io::Result<String> {
    Ok(inert_json(serde_json::to_string(value)?))
}

fn invocation(summary: &Summary) -> Invocation {
    let invocation = Invocation::builder().execution_successful(summary.unread == 0).build();
    if summary.unread == 0 {
        return invocation;
    }
    let told = format!("Inputs that could not be read or checked: {}", summary.unread);
    let notification = Notification::builder().level(json!("error")).message(message(&told)).build();
    Invocation { tool_execution_notifications: Some(vec![notification]), ..invocation }
}

/// The message and the arithmetic, with links to the related places: viewers show only those that the text links to.
fn result_message(finding: &Finding, cited: &[Citation<'_>]) -> Message {
    let mut text = literal(&finding.message);
    if let Some(arithmetic) = arithmetic(finding) {
        text.push_str("; ");
        text.push_str(&literal(arithmetic));
    }
    let labels = finding.related.iter().map(|other| other.label.clone());
    let labels = labels.chain(cited.iter().map(Citation::words));
    let links = labels.take(LINKS).zip(1..).map(|(label, id)| {
        let label = literal(&label).replace('\\', "\\\\").replace('[', "\\[").replace(']', "\\]");
        format!("[{label}]({id})")
    });
    let links: Vec<String> = links.collect();
    if !links.is_empty() {
        text.push_str(&format!(" ({})", links.join(", ")));
    }
    Message::builder().text(text).build()
}

fn message(text: &str) -> Message {
    Message::builder().text(literal(text)).build()
}

/// Text that stands for itself: SARIF would take `{0}` for a placeholder and `[a](b)` for a link.
fn literal(text: &str) -> String {
    visible(text).replace('{', "{{").replace('}', "}}").replace("](", "] (")
}

fn location(places: &Places<'_>, artifact: &ArtifactLocation, span: Span) -> Location {
    let Region { line, column, end_line, end_column } = places.region(span);
    let (offset, length) = places.characters(span);
    let region = SarifRegion::builder()
        .start_line(number(line))
        .start_column(number(column))
        .end_line(number(end_line))
        .end_column(number(end_column))
        .char_offset(number(offset))
        .char_length(number(length))
        .build();
    let physical = PhysicalLocation::builder().artifact_location(artifact.clone()).region(region).build();
    Location::builder().physical_location(physical).build()
}

/// The number as SARIF has it; nothing here is counted beyond what it can hold.
fn number(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

fn suppression(suppression: &Suppression) -> SarifSuppression {
    let kind = match suppression.by {
        SuppressedBy::Comment => SupressionKind::InSource,
        SuppressedBy::Baseline | SuppressedBy::Decision => SupressionKind::External,
    };
    let marked = SarifSuppression::builder().kind(kind.to_string()).status("accepted").build();
    let reason = suppression.reason.as_ref();
    SarifSuppression { justification: reason.map(|reason| visible(reason).into_owned()), ..marked }
}

/// What SARIF has no field for. A repair is a hint for a writer, no text that a program could put in.
fn properties(finding: &Finding) -> PropertyBag {
    let confidence = match finding.confidence {
        Confidence::High => "high",
        Confidence::Medium => "medium",
        Confidence::Low => "low",
    };
    let mut properties = BTreeMap::from([("confidence".to_string(), Value::from(confidence))]);
    for (name, value) in [("arithmetic", &finding.arithmetic), ("repair", &finding.repair)] {
        if let Some(value) = value {
            properties.insert(name.to_string(), Value::from(visible(value)));
        }
    }
    PropertyBag::builder().additional_properties(properties).build()
}
