use crate::finding::{Finding, Severity};

use super::FileReport;
use super::visible::visible;

/// What a finding says on one line, inert: the message, the arithmetic where the message does not hold it, the repair,
/// the places in sources.
pub(super) fn statement(report: &FileReport<'_>, finding: &Finding) -> String {
    let mut text = visible(&finding.message).into_owned();
    let cited =
        report.sources.cited(finding).map(|citation| format!("{}: {}", citation.label, citation.place()));
    let more = [arithmetic(finding), finding.repair.as_deref()].into_iter().flatten().map(str::to_string);
    for more in more.chain(cited) {
        text.push_str("; ");
        text.push_str(&visible(&more));
    }
    text
}

/// The arithmetic, unless the message ends with it as most do.
pub(super) fn arithmetic(finding: &Finding) -> Option<&str> {
    finding.arithmetic.as_deref().filter(|arithmetic| !finding.message.contains(arithmetic))
}

/// The message without its arithmetic, and the arithmetic, where each has a place of its own.
pub(super) fn message_and_arithmetic(finding: &Finding) -> (&str, Option<&str>) {
    let whole = finding.arithmetic.as_deref();
    match whole.and_then(|arithmetic| finding.message.strip_suffix(arithmetic)) {
        Some(message) => (message.trim_end_matches([':', '：', ' ']), whole),
        None => (&finding.message, arithmetic(finding)),
    }
}

/// `error`, `warning` or `note`.
pub(super) fn severity_name(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}
