//! The audit of every fixture: as it reads, against its list of faults, and after an edit elsewhere.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use claimlint::check::{Engine, Locale};
use claimlint::document::Document;
use claimlint::finding::{Audit, Finding, Severity};
use claimlint::report::{CheckOutput, FileReport, Summary, Text};
use claimlint::rule::builtin_files;
use claimlint::source::{LineIndex, Span};
use insta_cmd::get_cargo_bin;
use serde::Deserialize;

/// The rules that find a kind of fault. One is enough.
const RULES_OF_KIND: [(&str, &[&str]); 22] = [
    ("change-direction", &["numeric/change-direction"]),
    ("change-percent", &["numeric/change-percent", "numeric/change-half"]),
    ("code-fence-unclosed", &["structure/fence-unclosed"]),
    ("comparison", &["numeric/exceeds", "numeric/is-below", "numeric/share-exceeded"]),
    ("comparison-without-figure", &["wording/comparison-without-figure"]),
    ("diagram-cut-off", &["structure/diagram-cut-off"]),
    ("difference", &["numeric/difference", "numeric/change-delta"]),
    ("list-count", &["numeric/list-count"]),
    ("multiple", &["numeric/multiple"]),
    ("multiple-without-base", &["numeric/multiple-without-base"]),
    ("past-forecast", &["time/forecast-past-year", "time/forecast-past-deadline"]),
    ("period-rate", &["numeric/period-rate"]),
    ("post-money", &["numeric/post-money"]),
    ("report-cut-off", &["structure/report-cut-off"]),
    ("share-of-whole", &["numeric/share"]),
    ("stake-price", &["numeric/stake-price"]),
    ("stake-valuation", &["numeric/stake-valuation"]),
    ("status-on-cut-off", &["structure/status-contradicted"]),
    ("sum-of-parts", &["numeric/sum", "numeric/purpose-sum"]),
    ("superlative-without-scope", &["wording/superlative-without-scope"]),
    ("unattributed-source", &["wording/unattributed-source"]),
    ("undefined-class", &["structure/undefined-class"]),
];

/// `NAME.faults.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FaultList {
    fault: Vec<ListedFault>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ListedFault {
    /// Stands in the fixture exactly once.
    quote: String,
    kind: String,
    severity: Severity,
    /// Right figures elsewhere that the wrong one contradicts.
    #[serde(default)]
    echo: Vec<Echo>,
    /// For readers of the list.
    #[serde(default, rename = "arithmetic")]
    _arithmetic: Option<String>,
}

/// A figure that is right, and the rule that finds it at odds with the fault.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Echo {
    /// Stands in the fixture exactly once.
    quote: String,
    rule: String,
}

struct Fixture {
    /// `openai-round.zh`
    name: String,
    document: Document,
    audit: Audit,
}

fn engine() -> &'static Engine {
    static ENGINE: OnceLock<Engine> = OnceLock::new();
    ENGINE.get_or_init(|| Engine::new(&builtin_files()).unwrap_or_else(|faults| panic!("{faults:#?}")))
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures")
}

fn audit_of(text: String) -> (Document, Audit) {
    let document = engine().parse(text, None);
    let audit = engine().check(&document, Locale::Auto);
    (document, audit)
}

/// Every `fixtures/*.md` that is a report, in order of the names.
fn fixtures() -> Vec<Fixture> {
    let mut names: Vec<String> = fs::read_dir(folder())
        .unwrap()
        .filter_map(|entry| {
            entry.unwrap().file_name().into_string().unwrap().strip_suffix(".md").map(str::to_owned)
        })
        .filter(|name| name != "README")
        .collect();
    names.sort();
    names
        .into_iter()
        .map(|name| {
            let text = fs::read_to_string(folder().join(format!("{name}.md"))).unwrap();
            let (document, audit) = audit_of(text);
            Fixture { name, document, audit }
        })
        .collect()
}

/// One line of facts for each finding: what a change of the rules moves shows up here, not in the drawing.
fn facts(document: &Document, audit: &Audit) -> String {
    let text = &document.text;
    let lines = LineIndex::new(text);
    let quoted = |span: Span| span.of(text).replace('\n', "⏎");
    let mut out = String::new();
    for finding in &audit.findings {
        let at = lines.position(text, finding.span.start);
        let Finding { rule, severity, confidence, group, .. } = finding;
        let severity = format!("{severity:?}/{confidence:?}").to_lowercase();
        writeln!(out, "#{group} {rule} {severity} {}:{} `{}`", at.line, at.column, quoted(finding.span))
            .unwrap();
        writeln!(out, "    message: {}", finding.message).unwrap();
        for (label, words) in [("arithmetic", &finding.arithmetic), ("repair", &finding.repair)] {
            if let Some(words) = words {
                writeln!(out, "    {label}: {words}").unwrap();
            }
        }
        for related in &finding.related {
            let at = lines.position(text, related.span.start);
            let words = quoted(related.span);
            writeln!(out, "    {} {}:{} `{words}`", related.label, at.line, at.column).unwrap();
        }
    }
    out
}

fn shown(fixture: &Fixture) -> String {
    let mut out = Vec::new();
    let mut output = Text::new(&mut out, false);
    let path = format!("fixtures/{}.md", fixture.name);
    output.file(&FileReport::new(&path, &fixture.document.text, &fixture.audit)).unwrap();
    let mut summary = Summary::default();
    summary.add(&fixture.audit);
    output.finish(&summary).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn audits_read_as_before() {
    for fixture in fixtures() {
        let audit = format!("{}\n{}", shown(&fixture), facts(&fixture.document, &fixture.audit));
        insta::assert_snapshot!(format!("audit_{}", fixture.name), audit);
    }
}

#[test]
fn a_clean_twin_is_silent() {
    let mut wrong = String::new();
    let mut twins = 0;
    for fixture in fixtures().into_iter().filter(|fixture| fixture.name.ends_with(".clean")) {
        twins += 1;
        let Fixture { name, document, mut audit } = fixture;
        audit.findings.retain(|finding| finding.severity > Severity::Note);
        if !audit.findings.is_empty() {
            writeln!(wrong, "{name}:\n{}", facts(&document, &audit)).unwrap();
        }
    }
    assert!(twins >= 4, "{twins} twins");
    assert!(wrong.is_empty(), "{wrong}");
}

/// The faults of a fixture, with their places.
fn listed(fixture: &Fixture) -> Option<Vec<(ListedFault, Span)>> {
    let text = fs::read_to_string(folder().join(format!("{}.faults.toml", fixture.name))).ok()?;
    let list: FaultList = toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", fixture.name));
    let placed = list.fault.into_iter().map(|fault| {
        let span = place_of(fixture, &fault.quote);
        (fault, span)
    });
    Some(placed.collect())
}

/// Where a quotation stands.
fn place_of(fixture: &Fixture, quote: &str) -> Span {
    let report = &fixture.document.text;
    assert_eq!(report.matches(quote).count(), 1, "{}: {quote}", fixture.name);
    let start = report.find(quote).unwrap_or_default();
    Span::new(start, start + quote.len())
}

#[test]
fn every_listed_fault_is_found() {
    let rules: BTreeMap<&str, &[&str]> = RULES_OF_KIND.into();
    let mut missed = Vec::new();
    let mut count = 0;
    for fixture in fixtures() {
        for (fault, span) in listed(&fixture).unwrap_or_default() {
            count += 1;
            let ListedFault { quote, kind, severity, .. } = &fault;
            let Some(rules) = rules.get(kind.as_str()) else {
                missed.push(format!("{}: no rule is known for the kind `{kind}`", fixture.name));
                continue;
            };
            let here: Vec<&Finding> = fixture
                .audit
                .findings
                .iter()
                .filter(|finding| finding.span.overlaps(span) && rules.contains(&finding.rule.as_str()))
                .collect();
            if !here.iter().any(|finding| finding.severity >= *severity) {
                let heaviest = here.iter().map(|finding| finding.severity).max();
                let got = heaviest.map_or("nothing".to_owned(), |severity| format!("{severity:?}"));
                missed.push(format!("{}: {kind} as {severity:?}, got {got}: {quote}", fixture.name));
            }
        }
    }
    assert!(missed.is_empty(), "{} of {count} faults:\n{}", missed.len(), missed.join("\n"));
}

#[test]
fn every_error_is_a_listed_fault() {
    let rules: BTreeMap<&str, &[&str]> = RULES_OF_KIND.into();
    let mut unlisted = Vec::new();
    for fixture in fixtures() {
        let faults = listed(&fixture).unwrap_or_default();
        let errors = fixture.audit.findings.iter().filter(|finding| finding.severity == Severity::Error);
        for finding in errors {
            let rule = finding.rule.as_str();
            // That some operand stands in a fault explains nothing: a false error may use a wrong figure too.
            let explains = |(fault, span): &(ListedFault, Span)| {
                let own = fault.severity == Severity::Error
                    && rules.get(fault.kind.as_str()).is_some_and(|rules| rules.contains(&rule))
                    && finding.span.overlaps(*span);
                own || fault
                    .echo
                    .iter()
                    .any(|echo| echo.rule == rule && finding.span.overlaps(place_of(&fixture, &echo.quote)))
            };
            if !faults.iter().any(explains) {
                let text = finding.span.of(&fixture.document.text);
                unlisted.push(format!("{}: {} at `{text}`: {}", fixture.name, finding.rule, finding.message));
            }
        }
    }
    assert!(unlisted.is_empty(), "{}", unlisted.join("\n"));
}

#[test]
fn rules_of_the_fault_kinds_exist() {
    for (kind, rules) in RULES_OF_KIND {
        for rule in rules {
            assert!(engine().rule(rule).is_some(), "{kind}: {rule}");
        }
    }
}

#[test]
fn fingerprints_survive_a_paragraph_above() {
    for fixture in fixtures() {
        let before = &fixture.document.text;
        // Behind the first blank line: front matter and envelope stay where they were.
        let Some(at) = before.find("\n\n").map(|at| at + 2) else { continue };
        let paragraph = if fixture.name.contains(".zh") {
            "这一段是后来加的，没有任何数字。\n\n"
        } else {
            "This paragraph came later and has no figures.\n\n"
        };
        let (_, after) = audit_of(format!("{}{paragraph}{}", &before[..at], &before[at..]));
        let prints = |audit: &Audit| -> Vec<(String, String)> {
            let all = audit.findings.iter();
            all.map(|finding| (finding.rule.clone(), finding.fingerprint.clone())).collect()
        };
        assert_eq!(prints(&fixture.audit), prints(&after), "{}", fixture.name);
        let moved = fixture.audit.findings.iter().zip(&after.findings);
        for (old, new) in moved.filter(|(old, _)| old.span.start >= at) {
            assert_eq!(old.span.start + paragraph.len(), new.span.start, "{}: {}", fixture.name, old.rule);
        }
    }
}

#[test]
fn fingerprints_are_each_their_own() {
    for fixture in fixtures() {
        let mut prints: Vec<&str> =
            fixture.audit.findings.iter().map(|finding| finding.fingerprint.as_str()).collect();
        assert!(prints.iter().all(|print| print.len() == 16), "{}: {prints:?}", fixture.name);
        let count = prints.len();
        prints.sort_unstable();
        prints.dedup();
        assert_eq!(prints.len(), count, "{}", fixture.name);
    }
}

#[test]
fn extracts_read_as_before() {
    for name in ["openai-round.zh", "openai-round.en"] {
        let path = format!("fixtures/{name}.md");
        let output = Command::new(get_cargo_bin("claimlint"))
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .args(["extract", "--explain", "--color", "never", &path])
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        insta::assert_snapshot!(format!("extract_{name}"), String::from_utf8(output.stdout).unwrap());
    }
}
