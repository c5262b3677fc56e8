use super::Field;
use super::lexicon::{DocumentLexicon, FieldKind};
use crate::source::{Span, floor_boundary, line_spans};

/// The longest key that is looked for, in bytes.
const LONGEST_KEY: usize = 48;
/// A header block at the top needs this many known keys: prose that begins with `Title:` is no envelope.
const FEWEST_KEYS: usize = 2;

/// A file's parts before any Markdown is read.
#[derive(Clone, Debug, Default)]
pub(super) struct Envelope {
    pub fields: Vec<(Field, FieldKind)>,
    /// The Markdown report.
    pub report: Span,
    /// The transcript.
    pub source: Option<Span>,
}

/// Splits a file: a header block (`Title: …`, `Description:`, `Content:`), YAML front matter, or neither.
pub(super) fn split(text: &str, lexicon: &DocumentLexicon) -> Envelope {
    let start = if text.starts_with('\u{FEFF}') { '\u{FEFF}'.len_utf8() } else { 0 };
    front_matter(text, start, lexicon)
        .or_else(|| header(text, start, lexicon))
        .unwrap_or_else(|| Envelope { report: Span::new(start, text.len()), ..Envelope::default() })
}

/// `key: value`, with a full-width colon too.
struct Entry<'t> {
    key: &'t str,
    key_span: Span,
    value: Span,
}

fn entry(text: &str, line: Span) -> Option<Entry<'_>> {
    let content = line.of(text);
    let head = &content[..floor_boundary(content, LONGEST_KEY)];
    let (at, colon) = head.char_indices().find(|&(_, c)| c == ':' || c == '：')?;
    let key = content[..at].trim_end();
    let plain = |c: char| c.is_alphanumeric() || matches!(c, ' ' | '_' | '-');
    if key.is_empty() || key.starts_with([' ', '-']) || !key.chars().all(plain) {
        return None;
    }
    let value = trimmed(text, Span::new(line.start + at + colon.len_utf8(), line.end));
    Some(Entry { key, key_span: Span::new(line.start, line.start + key.len()), value })
}

/// The span without white space at either end; empty at its end when there is nothing else.
pub(super) fn trimmed(text: &str, span: Span) -> Span {
    let content = span.of(text);
    let start = span.end - content.trim_start().len();
    Span::new(start, start + content.trim().len())
}

fn header(text: &str, start: usize, lexicon: &DocumentLexicon) -> Option<Envelope> {
    let mut fields = Vec::new();
    let mut known = 0;
    let mut report = None;
    let mut lines = line_spans(text, start).filter(|line| !line.of(text).trim().is_empty()).peekable();
    while let Some(line) = lines.next() {
        let Some(entry) = entry(text, line) else {
            report = Some(line.start);
            break;
        };
        let next = lines.peek().copied();
        let next_is_known = next
            .and_then(|next| self::entry(text, next))
            .is_some_and(|entry| lexicon.field(entry.key).is_some());
        let Some(field) = lexicon.field(entry.key) else {
            // A key of the generator's own, if it is one word between known ones.
            if known > 0 && next_is_known && !entry.key.contains(' ') {
                let key = entry.key.to_lowercase();
                fields.push((Field { key, key_span: entry.key_span, value: entry.value }, FieldKind::Plain));
                continue;
            }
            report = Some(line.start);
            break;
        };
        known += 1;
        let inline = !entry.value.is_empty();
        match field.kind {
            FieldKind::Report if !inline || !next_is_known => {
                report = Some(if inline { entry.value.start } else { line.end });
                break;
            }
            FieldKind::Source if !inline => {
                let envelope = Envelope {
                    fields,
                    report: Span::new(line.start, line.start),
                    source: Some(after_line(text, line)),
                };
                return (known >= FEWEST_KEYS).then_some(envelope);
            }
            kind => {
                let kind = if kind == FieldKind::Source { FieldKind::Plain } else { kind };
                let key = field.key.clone();
                fields.push((Field { key, key_span: entry.key_span, value: entry.value }, kind));
            }
        }
    }
    if known < FEWEST_KEYS {
        return None;
    }
    let report = report.unwrap_or(text.len());
    let (report, source) = cut_source(text, report, lexicon);
    Some(Envelope { fields, report, source })
}

/// Ends the report at a `Content:` line of its own, after an empty line, wherever Markdown stands: a fence that never
/// closes must not swallow the transcript.
fn cut_source(text: &str, start: usize, lexicon: &DocumentLexicon) -> (Span, Option<Span>) {
    let mut after_blank = true;
    for line in line_spans(text, start) {
        let content = line.of(text);
        if after_blank
            && content.len() <= LONGEST_KEY
            && let Some(entry) = entry(text, line)
            && entry.value.is_empty()
            && lexicon.field(entry.key).is_some_and(|field| field.kind == FieldKind::Source)
        {
            return (Span::new(start, line.start), Some(after_line(text, line)));
        }
        after_blank = content.trim_start().is_empty();
    }
    (Span::new(start, text.len()), None)
}

/// All after a line and its line end.
fn after_line(text: &str, line: Span) -> Span {
    let rest = &text[line.end..];
    let end = rest.strip_prefix("\r\n").or_else(|| rest.strip_prefix(['\n', '\r'])).unwrap_or(rest);
    Span::new(text.len() - end.len(), text.len())
}

/// `---`, `key: value` lines, `---`; nested values are kept as they stand.
fn front_matter(text: &str, start: usize, lexicon: &DocumentLexicon) -> Option<Envelope> {
    let mut lines = line_spans(text, start);
    if lines.next()?.of(text).trim_end() != "---" {
        return None;
    }
    let mut fields: Vec<(Field, FieldKind)> = Vec::new();
    for line in lines {
        let content = line.of(text).trim_end();
        if content == "---" || content == "..." {
            let report = after_line(text, line);
            return (!fields.is_empty()).then_some(Envelope { fields, report, source: None });
        }
        if content.is_empty() || content.starts_with('#') {
            continue;
        }
        if content.starts_with([' ', '\t', '-']) {
            let (field, _) = fields.last_mut()?;
            let nested = trimmed(text, line);
            field.value = if field.value.is_empty() { nested } else { field.value.join(nested) };
            continue;
        }
        let entry = entry(text, line)?;
        let (key, kind) = match lexicon.field(entry.key) {
            Some(field) => (field.key.clone(), field.kind),
            None => (entry.key.to_lowercase(), FieldKind::Plain),
        };
        let kind = match kind {
            FieldKind::Report => FieldKind::Text,
            FieldKind::Source => FieldKind::Plain,
            other => other,
        };
        fields.push((Field { key, key_span: entry.key_span, value: unquoted(text, entry.value) }, kind));
    }
    None
}

/// A YAML scalar without its quotation marks.
fn unquoted(text: &str, value: Span) -> Span {
    let content = value.of(text);
    let quoted = ['"', '\'']
        .iter()
        .any(|&mark| content.len() >= 2 && content.starts_with(mark) && content.ends_with(mark));
    if quoted { Span::new(value.start + 1, value.end - 1) } else { value }
}

#[cfg(test)]
mod tests {
    use super::super::lexicon::tests::shipped;
    use super::*;

    fn parts(text: &str) -> (Vec<(String, String)>, String, Option<String>) {
        let envelope = split(text, &shipped());
        let fields = envelope
            .fields
            .iter()
            .map(|(field, _)| (field.key.clone(), field.value.of(text).to_owned()))
            .collect();
        let source = envelope.source.map(|span| span.of(text).to_owned());
        (fields, envelope.report.of(text).to_owned(), source)
    }

    fn pairs(list: &[(&str, &str)]) -> Vec<(String, String)> {
        list.iter().map(|&(key, value)| (key.to_owned(), value.to_owned())).collect()
    }

    #[test]
    fn header_report_and_transcript() {
        let text = "Timestamp: 2026-03-01T07:51:00\nTitle: 三笔钱：谁付？\nStatus: success\n\nDescription:\n# 报告\n\n```mermaid\ngraph TD\nA --\n\nContent:\n今天我们聊 Content: 一词";
        let (fields, report, source) = parts(text);
        let expected =
            [("timestamp", "2026-03-01T07:51:00"), ("title", "三笔钱：谁付？"), ("status", "success")];
        assert_eq!(fields, pairs(&expected));
        assert_eq!(report, "\n# 报告\n\n```mermaid\ngraph TD\nA --\n\n");
        assert_eq!(source.as_deref(), Some("今天我们聊 Content: 一词"));
    }

    #[test]
    fn chinese_keys_and_full_width_colons() {
        let (fields, report, source) = parts(
            "标题：云服务\r\n时间：2026年3月1日\r\n频道：甲\r\n\r\n描述：\r\n正文一段。\r\n\r\n转录：\r\n大家好",
        );
        assert_eq!(fields, pairs(&[("title", "云服务"), ("timestamp", "2026年3月1日"), ("author", "甲")]));
        assert_eq!(report, "\r\n正文一段。\r\n\r\n");
        assert_eq!(source.as_deref(), Some("大家好"));
    }

    #[test]
    fn prose_with_such_words_is_no_envelope() {
        for text in [
            "# Report\n\nTitle: of the fund\nURL: none\n\nContent:\n\nmore",
            "Title: a word\nand then prose.\n\nContent:\nmore",
            "Content:\nTitle",
            "",
            "---\nA rule, then prose: yes\n---\nmore",
        ] {
            assert_eq!(parts(text), (Vec::new(), text.to_owned(), None), "{text}");
        }
    }

    #[test]
    fn front_matter_keeps_nested_values_raw() {
        let (fields, report, _) =
            parts("---\ntitle: \"Q3: review\"\ndate: 2026-03-01\ntags:\n  - a\n  - b\n---\n# Report\n");
        let expected = [("title", "Q3: review"), ("date", "2026-03-01"), ("tags", "- a\n  - b")];
        assert_eq!(fields, pairs(&expected));
        assert_eq!(report, "# Report\n");
        assert_eq!(parts("---\ntitle: never closed\n").0, []);
    }
}
