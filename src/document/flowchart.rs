use std::collections::HashMap;

use super::envelope::trimmed;
use super::mermaid::{self, NodeText};
use super::{Diagram, Edge, Node, Subgraph};
use crate::source::{Span, line_spans};

/// More edges than this from one statement (`A & B --> C & D`) are left out.
const MOST_EDGES: usize = 1024;

/// Whether the first statement opens a flowchart.
pub(super) fn begins(body: &str) -> bool {
    line_spans(body, 0)
        .map(|line| bare(body, line).of(body))
        .find(|line| !line.is_empty() && !line.starts_with("%%") && !line.starts_with('<'))
        .is_some_and(is_header)
}

fn is_header(statement: &str) -> bool {
    let word = statement.split([' ', '\t', ';']).next().unwrap_or_default();
    matches!(word, "graph" | "flowchart" | "flowchart-elk" | "flowchart-v2")
}

/// The line without white space and the marks of a quotation around it.
fn bare(text: &str, line: Span) -> Span {
    let content = line.of(text);
    let start = line.end - content.trim_start_matches([' ', '\t', '>']).len();
    trimmed(text, Span::new(start, line.end))
}

/// Reads a flowchart and the places of its labels, in order; `None` when `body` is another kind of diagram.
/// `opening` is the fence's first line, `closed` whether the fence ends.
pub(super) fn read(text: &str, body: Span, closed: bool, opening: Span) -> Option<(Diagram, Vec<Span>)> {
    let mut reader = Reader { text, diagram: Diagram::default(), ids: HashMap::new(), open: Vec::new() };
    reader.diagram.span = trimmed(text, body);
    let mut header = false;
    let mut statements = Vec::new();
    let mut front_matter = false;
    for line in line_spans(&text[..body.end], body.start) {
        let mut line = bare(text, line);
        if !header && line.of(text) == "---" {
            front_matter = !front_matter;
            continue;
        }
        while let Some(tag) = foreign_tag(text, line) {
            reader.diagram.foreign_tags.push(tag);
            line = trimmed(text, Span::new(tag.end, line.end));
        }
        if front_matter || line.is_empty() || line.of(text).starts_with("%%") {
            continue;
        }
        for statement in split_statements(text, line) {
            if header {
                statements.push(statement);
            } else if is_header(statement.of(text)) {
                header = true;
            } else {
                return None;
            }
        }
    }
    if !header {
        return None;
    }
    let last = statements.len().saturating_sub(1);
    for (index, &statement) in statements.iter().enumerate() {
        reader.statement(statement, index == last, closed);
    }
    let end = reader.diagram.span.end;
    for &open in &reader.open {
        reader.diagram.subgraphs[open as usize].span.end = end;
    }
    if !closed {
        reader.diagram.cut_off.get_or_insert(opening);
    }
    Some(reader.finish())
}

/// `<Mermaid_Diagram>` at the start of a line.
fn foreign_tag(text: &str, line: Span) -> Option<Span> {
    let rest = line.of(text).strip_prefix('<')?;
    let name = rest.strip_prefix('/').unwrap_or(rest);
    let length = rest.find('>')?;
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | ' ' | '/');
    (name.starts_with(char::is_alphabetic) && length <= 64 && rest[..length].chars().all(plain))
        .then(|| Span::new(line.start, line.start + length + 2))
}

/// Cuts a line at `;` outside quotation marks and brackets.
fn split_statements(text: &str, line: Span) -> Vec<Span> {
    let content = line.of(text);
    let mut statements = Vec::new();
    let (mut start, mut quoted, mut depth) = (0, false, 0usize);
    for (at, byte) in content.bytes().enumerate() {
        match byte {
            b'"' => quoted = !quoted,
            b'[' | b'(' | b'{' if !quoted => depth += 1,
            b']' | b')' | b'}' if !quoted => depth = depth.saturating_sub(1),
            b';' if !quoted && depth == 0 => {
                statements.push(trimmed(text, Span::new(line.start + start, line.start + at)));
                start = at + 1;
            }
            _ => {}
        }
    }
    statements.push(trimmed(text, Span::new(line.start + start, line.end)));
    statements.retain(|statement| !statement.is_empty());
    statements
}

struct Reader<'t> {
    text: &'t str,
    diagram: Diagram,
    ids: HashMap<&'t str, u32>,
    /// Subgraphs that are open, innermost last.
    open: Vec<u32>,
}

impl<'t> Reader<'t> {
    fn span(&self, part: &str) -> Span {
        let start = part.as_ptr() as usize - self.text.as_ptr() as usize;
        Span::new(start, start + part.len())
    }

    fn statement(&mut self, statement: Span, last: bool, closed: bool) {
        let content: &'t str = statement.of(self.text);
        let (word, rest) = content.split_once([' ', '\t']).unwrap_or((content, ""));
        match word {
            "end" if rest.trim().is_empty() => self.end_subgraph(statement),
            "subgraph" => {
                let read = mermaid::subgraph(rest);
                self.open.push(u32::try_from(self.diagram.subgraphs.len()).unwrap_or(u32::MAX));
                self.diagram.subgraphs.push(Subgraph {
                    id: read.id.to_owned(),
                    title: read.title.filter(|title| !title.is_empty()).map(|title| self.span(title)),
                    span: statement,
                    closed: false,
                });
            }
            "classDef" => {
                let names = rest.trim_start().split([' ', '\t']).next().unwrap_or_default();
                let names = names.split(',').filter(|name| !name.is_empty());
                let names: Vec<_> = names.map(|name| self.span(name)).collect();
                self.diagram.defined_classes.extend(names);
            }
            "class" if !rest.is_empty() => {
                let name = rest.split_whitespace().next_back().unwrap_or_default();
                if rest.split_whitespace().count() >= 2 {
                    let name = self.span(name);
                    self.diagram.used_classes.push(name);
                } else {
                    self.unread(statement, last, closed);
                }
            }
            "direction" | "style" | "linkStyle" | "click" | "accTitle:" | "accDescr:" | "accTitle"
            | "accDescr"
                if !rest.is_empty() => {}
            _ => self.chain(content, statement, last, closed),
        }
    }

    fn end_subgraph(&mut self, statement: Span) {
        match self.open.pop() {
            Some(open) => {
                let subgraph = &mut self.diagram.subgraphs[open as usize];
                subgraph.span.end = statement.end;
                subgraph.closed = true;
            }
            None => self.diagram.unread.push(statement),
        }
    }

    fn chain(&mut self, content: &'t str, statement: Span, last: bool, closed: bool) {
        let mut chain = mermaid::chain(content);
        let mut whole = chain.rest.is_empty() && chain.groups.len() == chain.links.len() + 1;
        if last && !closed && whole {
            // At the end of a text that stops, an unknown bare name is the beginning of a longer one.
            let is_known = |node: &NodeText| {
                node.label.is_some() || node.class.is_some() || self.ids.contains_key(node.id)
            };
            if chain.groups.last().is_some_and(|group| !group.iter().all(is_known)) {
                chain.groups.pop();
                whole = false;
            }
        }
        if !whole {
            // Behind a closed fence only what began as a statement can have stopped within it.
            self.unread(statement, last && !(closed && chain.groups.is_empty()), closed);
            if chain.links.is_empty() && !(last && self.diagram.cut_off.is_some()) {
                return;
            }
        }
        let groups: Vec<Vec<u32>> =
            chain.groups.iter().map(|group| group.iter().map(|node| self.node(*node)).collect()).collect();
        for (index, link) in chain.links.iter().enumerate() {
            let (Some(from), Some(to)) = (groups.get(index), groups.get(index + 1)) else { break };
            let label = link.label.map(|label| self.span(label));
            let span = self.span(link.mark);
            let pairs = from.iter().flat_map(|&from| to.iter().map(move |&to| (from, to)));
            let edges = pairs.take(MOST_EDGES).map(|(from, to)| Edge { from, to, label, span });
            self.diagram.edges.extend(edges);
        }
    }

    fn unread(&mut self, statement: Span, last: bool, closed: bool) {
        if last && (!closed || stops_within(statement.of(self.text))) {
            self.diagram.cut_off = Some(statement);
        } else {
            self.diagram.unread.push(statement);
        }
    }

    fn node(&mut self, read: NodeText<'t>) -> u32 {
        let class = read.class.map(|class| self.span(class));
        self.diagram.used_classes.extend(class);
        let label = read.label.filter(|label| !label.is_empty()).map(|label| self.span(label));
        let next = u32::try_from(self.diagram.nodes.len()).unwrap_or(u32::MAX);
        let index = *self.ids.entry(read.id).or_insert(next);
        if index == next {
            self.diagram.nodes.push(Node {
                id: read.id.to_owned(),
                span: self.span(read.id),
                label,
                class,
                subgraph: self.open.last().copied(),
            });
        } else {
            let node = &mut self.diagram.nodes[index as usize];
            node.class = node.class.or(class);
            node.label = node.label.or(label);
            node.subgraph = node.subgraph.or(self.open.last().copied());
        }
        index
    }

    /// The diagram and all its labels in order.
    fn finish(mut self) -> (Diagram, Vec<Span>) {
        // An edge may point at a subgraph: then its title is the label.
        let titles: HashMap<&str, Option<Span>> =
            self.diagram.subgraphs.iter().map(|subgraph| (subgraph.id.as_str(), subgraph.title)).collect();
        let mut labels: Vec<Span> = self.diagram.nodes.iter().filter_map(|node| node.label).collect();
        labels.extend(self.diagram.edges.iter().filter_map(|edge| edge.label));
        labels.extend(self.diagram.subgraphs.iter().filter_map(|subgraph| subgraph.title));
        labels.sort_unstable();
        labels.dedup();
        for node in &mut self.diagram.nodes {
            if node.label.is_none()
                && let Some(&title) = titles.get(node.id.as_str())
            {
                node.label = title;
            }
        }
        (self.diagram, labels)
    }
}

/// Whether a statement ends before it is complete: an open quotation or bracket, or a link to nowhere.
fn stops_within(statement: &str) -> bool {
    let quotes = statement.bytes().filter(|&byte| byte == b'"').count();
    let opened = statement.bytes().filter(|byte| b"[({".contains(byte)).count();
    let closed = statement.bytes().filter(|byte| b"])}".contains(byte)).count();
    quotes % 2 == 1 || opened > closed || statement.ends_with(['-', '>', '=', '.', '|', '&', '~'])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flowchart(body: &str, closed: bool) -> Option<(Diagram, Vec<String>)> {
        let (diagram, labels) = read(body, Span::new(0, body.len()), closed, Span::new(0, 0))?;
        Some((diagram, labels.into_iter().map(|label| label.of(body).to_owned()).collect()))
    }

    fn texts(text: &str, spans: &[Span]) -> Vec<String> {
        spans.iter().map(|span| span.of(text).to_owned()).collect()
    }

    #[test]
    fn a_whole_flowchart() {
        let body = "%% drawn by hand\nflowchart LR; A[甲]:::big --> B\n  subgraph s1[\"组 一\"]\n    direction TB\n    C((丙)) -- 5% --> A\n    subgraph inner\n    D\n    end\n  end\n  s1 --> B\n  classDef big,small fill:#fff,stroke:#333\n  class B,D small;\n  style A fill:#f00\n  linkStyle 0 stroke:#f00\n  click A \"https://a.example\"\n";
        let (diagram, labels) = flowchart(body, true).unwrap();
        let ids: Vec<_> = diagram.nodes.iter().map(|node| (node.id.as_str(), node.subgraph)).collect();
        assert_eq!(ids, [("A", Some(0)), ("B", None), ("C", Some(0)), ("D", Some(1)), ("s1", None)]);
        assert_eq!(diagram.edges.len(), 3);
        assert_eq!(labels, ["甲", "组 一", "丙", "5%", "inner"]);
        assert_eq!(diagram.nodes[4].label.map(|label| label.of(body)), Some("组 一"));
        assert_eq!(texts(body, &diagram.defined_classes), ["big", "small"]);
        assert_eq!(texts(body, &diagram.used_classes), ["big", "small"]);
        assert!(diagram.subgraphs.iter().all(|subgraph| subgraph.closed));
        assert_eq!((diagram.unread, diagram.cut_off), (vec![], None));
    }

    #[test]
    fn cut_off_text_yields_what_was_there() {
        for (last, ids, cut) in [
            ("B -- \"要求", &["A", "B"][..], "B -- \"要求"),
            ("B --> C[\"丙", &["A", "B", "C"], "B --> C[\"丙"),
            ("B -->", &["A", "B"], "B -->"),
            ("UNKNO", &["A", "B"], "UNKNO"),
            ("B --> UNKNO", &["A", "B"], "B --> UNKNO"),
            ("B --> C[丙] --> UNKNO", &["A", "B", "C"], "B --> C[丙] --> UNKNO"),
        ] {
            let body = format!("graph TD\nA[甲] --> B[乙]\n  {last}\n");
            let (diagram, _) = flowchart(&body, false).unwrap();
            let found: Vec<_> = diagram.nodes.iter().map(|node| node.id.as_str()).collect();
            assert_eq!(found, ids, "{last}");
            assert_eq!(diagram.cut_off.map(|span| span.of(&body)), Some(cut), "{last}");
        }
        let (diagram, _) = flowchart("graph TD\nA[甲] --> B[乙]\n", false).unwrap();
        assert_eq!(diagram.cut_off, Some(Span::new(0, 0)), "the opening fence");
        let (diagram, _) = flowchart("graph TD\nA --> B\nB -->\n", true).unwrap();
        assert!(diagram.cut_off.is_some() && diagram.unread.is_empty());
        let (diagram, _) = flowchart("graph TD\nsubgraph x\nA --> B\n", true).unwrap();
        assert!(!diagram.subgraphs[0].closed);
    }

    #[test]
    fn garbage_is_unread_and_other_kinds_are_no_flowchart() {
        let body = "graph TD\n@@ ?? !!\nA --> B\n]]] [[[\nend\nB --> C\n";
        let (diagram, _) = flowchart(body, true).unwrap();
        assert_eq!(texts(body, &diagram.unread), ["@@ ?? !!", "]]] [[[", "end"]);
        assert_eq!((diagram.nodes.len(), diagram.edges.len()), (3, 2));
        for other in
            ["pie title 份额\n\"A\" : 40\n", "sequenceDiagram\nA->>B: hi\n", "gantt\n", "", "A --> B\n"]
        {
            assert!(flowchart(other, true).is_none(), "{other}");
        }
    }

    #[test]
    fn foreign_tags_and_front_matter() {
        let body =
            "---\ntitle: 图\n---\n<Mermaid_Diagram> graph TD\n  A[\"x<br/>y\"] --> B\n</Mermaid_Diagram>\n";
        let (diagram, labels) = flowchart(body, true).unwrap();
        assert_eq!(texts(body, &diagram.foreign_tags), ["<Mermaid_Diagram>", "</Mermaid_Diagram>"]);
        assert_eq!(labels, ["x<br/>y"]);
    }
}
