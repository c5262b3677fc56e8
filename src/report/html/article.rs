use std::fmt::Write as _;

use maud::{Markup, PreEscaped, Render, html};

use super::super::FileReport;
use super::super::outline::Chart;
use super::super::visible::{push_visible, visible};
use super::chart::drawing;
use super::cover::{Covers, Mark, Segment, Standing};
use super::layout::{Container, Layout, Node, host};
use super::leaf::{Align, Leaf, LeafKind, Piece, Style};
use super::note::{Labels, class, note};
use super::words::Words;
use crate::finding::{Finding, Severity};
use crate::source::Span;

/// Where what is known of a finding stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Notes {
    /// In the page, beside the finding's place.
    Beside,
    /// Elsewhere: places say which findings they belong to (`data-f`), figures how they stand, and diagrams are drawn.
    Apart,
}

/// The report as its author meant it, with its findings in place.
pub(super) fn article(report: &FileReport<'_>, labels: &Labels, words: Words, notes: Notes) -> Markup {
    let layout = Layout::new(report.text, &report.outline);
    let mut article = Article {
        report,
        labels,
        words,
        links: &layout.links,
        notes,
        charts: if notes == Notes::Apart { &report.outline.charts } else { &[] },
        covers: Covers::new(report.text, report.audit),
        out: String::new(),
    };
    for node in &layout.nodes {
        article.node(node);
    }
    article.rest();
    PreEscaped(article.out)
}

struct Article<'a, 't> {
    report: &'a FileReport<'t>,
    labels: &'a Labels,
    words: Words,
    links: &'a [String],
    notes: Notes,
    /// Those that are not drawn yet.
    charts: &'a [Chart],
    covers: Covers,
    out: String,
}

/// The text of a leaf, with the findings that begin in it.
#[derive(Default)]
struct Inline {
    html: String,
    findings: Vec<usize>,
    /// Those whose number does not stand in the text yet.
    unnumbered: Vec<usize>,
}

impl Article<'_, '_> {
    fn node(&mut self, node: &Node) {
        match node {
            Node::Leaf(leaf) => self.leaf(leaf),
            Node::Rule => self.out.push_str("<hr>\n"),
            Node::Open(container) => self.open(*container),
            Node::Close(container) => self.out.push_str(match container {
                Container::Quote => "</blockquote>\n",
                Container::List => "</ul>\n",
                Container::OrderedList(_) => "</ol>\n",
                Container::Item => "</li>\n",
                Container::Source(_) => "</div></details>\n",
            }),
        }
    }

    fn open(&mut self, container: Container) {
        match container {
            Container::Quote => self.out.push_str("<blockquote>\n"),
            Container::List => self.out.push_str("<ul>\n"),
            Container::OrderedList(1) => self.out.push_str("<ol>\n"),
            // What a browser can count from; a number beyond it is as good as none.
            Container::OrderedList(first) => {
                let first = i32::try_from(first).unwrap_or(1);
                self.out.push_str(&format!("<ol start=\"{first}\">\n"));
            }
            Container::Item => self.out.push_str("<li>"),
            Container::Source(title) => self.open_source(title),
        }
    }

    /// The transcript is folded, unless a finding is in it.
    fn open_source(&mut self, title: Span) {
        let flagged = self.notes == Notes::Beside
            && self.report.audit.live().any(|finding| finding.span.start >= title.end);
        let length =
            self.report.outline.source.map_or(0, |source| source.of(self.report.text).chars().count());
        let title = shown(title.of(self.report.text).trim());
        let summary = html! {
            summary {
                @if !title.is_empty() { span class="title" { (PreEscaped(title)) } " " }
                span class="meta" { (self.words.transcript()) " · " (self.words.characters(length)) }
            }
        };
        self.out.push_str(if flagged {
            "<details class=\"source\" open>"
        } else {
            "<details class=\"source\">"
        });
        summary.render_to(&mut self.out);
        self.out.push_str("<div class=\"transcript\">\n");
    }

    fn leaf(&mut self, leaf: &Leaf) {
        match leaf.kind {
            LeafKind::Code => return self.code(leaf),
            // Its text must not begin a line either.
            LeafKind::Tight if self.out.ends_with('\n') => drop(self.out.pop()),
            _ => {}
        }
        let inline = self.inline(&leaf.pieces);
        let text = PreEscaped(inline.html);
        let noted = self.notes == Notes::Beside && !inline.findings.is_empty();
        let block = match leaf.kind {
            LeafKind::Heading(level) => {
                // The page's title and the report's name stand above.
                let tag = (level + 2).min(6);
                PreEscaped(format!("<h{tag} class=\"level-{level}\">{}</h{tag}>", text.0))
            }
            LeafKind::Tight if noted => html! { div class="text" { (text) } },
            LeafKind::Tight => text,
            LeafKind::Paragraph => html! { p { (text) } },
            LeafKind::Literal => html! { p class="literal" { (text) } },
            LeafKind::Fields => html! { table class="fields" { (text) } },
            LeafKind::Table => html! {
                div class="scroll" tabindex="0" role="group" aria-label=(self.words.table()) { table { (text) } }
            },
            LeafKind::Code | LeafKind::Html => html! { pre class="html" { (text) } },
        };
        if noted { self.noted("noted", &block, &inline.findings) } else { block }.render_to(&mut self.out);
        self.out.push('\n');
    }

    /// Code, cut before each line that findings begin in: they would else all stand beside its first line.
    fn code(&mut self, leaf: &Leaf) {
        if self.notes == Notes::Apart {
            return self.code_apart(leaf);
        }
        let mut chunks: Vec<Inline> = vec![Inline::default()];
        for line in leaf.pieces.split_inclusive(|piece| matches!(piece, Piece::Break { .. })) {
            let line = self.inline(line);
            match chunks.last_mut() {
                Some(last) if line.findings.is_empty() || last.html.is_empty() => {
                    last.html.push_str(&line.html);
                    last.findings.extend(line.findings);
                }
                _ => chunks.push(line),
            }
        }
        let last = chunks.len() - 1;
        for (number, chunk) in chunks.iter().enumerate() {
            let text = PreEscaped(&chunk.html);
            let block = html! { pre class=[(number < last).then_some("cut")] { code { (text) } } };
            let class = if number > 0 { "noted more" } else { "noted" };
            if chunk.findings.is_empty() { block } else { self.noted(class, &block, &chunk.findings) }
                .render_to(&mut self.out);
            self.out.push('\n');
        }
    }

    /// Code in one piece; behind the drawing where it is one of a chart.
    fn code_apart(&mut self, leaf: &Leaf) {
        let end = leaf.pieces.iter().filter_map(Piece::end).max().unwrap_or_default();
        let here = self.charts.partition_point(|chart| chart.span.start < end);
        let (here, later) = self.charts.split_at(here);
        self.charts = later;
        let drawings: Vec<Markup> = here.iter().filter_map(|chart| self.drawing(chart)).collect();
        let inline = self.inline(&leaf.pieces);
        let code = html! { pre { code { (PreEscaped(inline.html)) } } };
        let block = if drawings.is_empty() {
            code
        } else {
            html! {
                @for drawing in &drawings { (drawing) }
                details class="written" { summary lang=(self.words.tag()) { (self.words.as_written()) } (code) }
            }
        };
        block.render_to(&mut self.out);
        self.out.push('\n');
    }

    fn drawing(&self, chart: &Chart) -> Option<Markup> {
        let told = |place: Span| {
            let findings = &self.report.audit.findings;
            let here: Vec<usize> = (0..findings.len())
                .filter(|&index| {
                    let finding = &findings[index];
                    let on = |span: Span| span.overlaps(place);
                    on(finding.span) || finding.related.iter().any(|related| on(related.span))
                })
                .collect();
            let live = here.iter().filter(|&&index| findings[index].suppressed.is_none());
            let severity = live.map(|&index| findings[index].severity).max();
            let numbers: Vec<&str> = here.iter().map(|&index| self.labels.number(index)).collect();
            (severity.map_or("", class), numbers.join(" "))
        };
        drawing(self.report.text, chart, self.words, &told)
    }

    /// A block with its findings beside it.
    fn noted(&self, class: &str, block: &Markup, findings: &[usize]) -> Markup {
        html! {
            div class=(class) {
                aside lang=(self.words.tag()) aria-label=(self.words.findings()) {
                    @for &finding in findings { (note(self.report, self.labels, finding, self.words)) }
                }
                (block)
            }
        }
    }

    /// Findings on places behind everything that is shown.
    fn rest(&mut self) {
        let mut inline = Inline::default();
        let rest = self.covers.rest();
        let _ = write!(inline.html, "<span lang=\"{}\">{}</span>", self.words.tag(), self.words.nowhere());
        for mark in &rest {
            self.begin(*mark, &mut inline);
        }
        self.number_until(usize::MAX, &mut inline);
        let block = html! { p class="literal" { (PreEscaped(inline.html)) } };
        if rest.iter().any(|mark| !matches!(mark, Mark::Figure(_))) {
            if self.notes == Notes::Beside { self.noted("noted", &block, &inline.findings) } else { block }
                .render_to(&mut self.out);
        }
    }

    fn inline(&mut self, pieces: &[Piece]) -> Inline {
        let mut inline = Inline::default();
        let mut grid = Grid::default();
        for (piece, next) in pieces.iter().zip(next_starts(pieces)) {
            self.number_until(next, &mut inline);
            match piece {
                Piece::Row { header } => grid.row(*header, &mut inline.html),
                Piece::Cell { header, span, align } => grid.cell(*header, *span, *align, &mut inline.html),
                // No line feed in code either: its lines must not begin lines of the page, where `::error` is a command.
                Piece::Break { .. } => inline.html.push_str("<br>"),
                Piece::Text { span, shown: Some(shown), style } if span.is_empty() => {
                    self.text(shown, *style, &mut inline.html);
                }
                Piece::Text { span, .. } if span.is_empty() => {}
                Piece::Text { span, shown, style } => {
                    for segment in self.covers.cut(*span, shown.is_some()) {
                        let text = shown.as_deref().unwrap_or(segment.span.of(self.report.text));
                        self.segment(&segment, text, *style, &mut inline);
                    }
                }
            }
        }
        self.number_until(usize::MAX, &mut inline);
        grid.end(&mut inline.html);
        inline
    }

    fn segment(&self, segment: &Segment, text: &str, style: Style, inline: &mut Inline) {
        for mark in segment.passes.iter().chain(&segment.begins) {
            self.begin(*mark, inline);
        }
        let (element, classes) = self.classes(&segment.over);
        if classes.is_empty() {
            self.text(text, style, &mut inline.html);
        } else {
            let _ = write!(inline.html, "<{element} class=\"{classes}\"{}>", self.belongs_to(&segment.over));
            self.text(text, style, &mut inline.html);
            let _ = write!(inline.html, "</{element}>");
        }
        for mark in segment.passes.iter().chain(&segment.ends) {
            if let Mark::Finding(finding) = mark
                && let Some(at) = inline.unnumbered.iter().position(|unnumbered| unnumbered == finding)
            {
                inline.unnumbered.remove(at);
                self.reference(*finding, &mut inline.html);
            }
        }
    }

    /// Puts down where links to a mark lead.
    fn begin(&self, mark: Mark, inline: &mut Inline) {
        let id = match mark {
            Mark::Figure(_) => return,
            Mark::Related(finding, number) => self.labels.related(finding, number),
            Mark::Finding(finding) => {
                inline.unnumbered.push(finding);
                if self.finding(finding).suppressed.is_none() {
                    inline.findings.push(finding);
                }
                self.labels.place(finding)
            }
        };
        let _ = write!(inline.html, "<span class=\"anchor\" id=\"{id}\"></span>");
    }

    /// Puts down the numbers that are still missing of findings that end before a byte.
    fn number_until(&self, end: usize, inline: &mut Inline) {
        let Inline { html, unnumbered, .. } = inline;
        unnumbered.retain(|&finding| {
            let goes_on = end < self.finding(finding).span.end;
            if !goes_on {
                self.reference(finding, html);
            }
            goes_on
        });
    }

    /// A finding's number as a link to its note. The style sheet shows it, so that it is no part of the text.
    fn reference(&self, index: usize, out: &mut String) {
        let finding = self.finding(index);
        let number = self.labels.number(index);
        let class = if finding.suppressed.is_some() { "suppressed" } else { class(finding.severity) };
        html! {
            a class={ "ref " (class) } href={ "#" (self.link(index)) } data-number=(number)
                aria-label=(self.words.finding(number, finding.severity, &visible(&finding.rule))) {}
        }
        .render_to(out);
    }

    /// Where the number of a finding leads.
    fn link(&self, index: usize) -> String {
        match self.notes {
            Notes::Beside => self.labels.note(index),
            Notes::Apart => self.labels.place(index),
        }
    }

    /// Which findings a place belongs to, as an attribute: `12` for one of its own, `12-1` for its first related place.
    fn belongs_to(&self, over: &[Mark]) -> String {
        let names: Vec<String> = over
            .iter()
            .filter_map(|mark| match *mark {
                Mark::Finding(finding) => Some(self.labels.number(finding).to_owned()),
                Mark::Related(finding, number) => {
                    Some(format!("{}-{}", self.labels.number(finding), number + 1))
                }
                Mark::Figure(_) => None,
            })
            .collect();
        if self.notes == Notes::Beside || names.is_empty() {
            return String::new();
        }
        format!(" data-f=\"{}\"", names.join(" "))
    }

    fn finding(&self, index: usize) -> &Finding {
        &self.report.audit.findings[index]
    }

    /// The element around marked text and its classes; no classes when it is not marked.
    fn classes(&self, over: &[Mark]) -> (&'static str, String) {
        let mut severity: Option<Severity> = None;
        let (mut suppressed, mut related, mut standing) = (false, false, None);
        for mark in over {
            match *mark {
                Mark::Finding(finding) if self.finding(finding).suppressed.is_some() => suppressed = true,
                Mark::Finding(finding) => severity = severity.max(Some(self.finding(finding).severity)),
                Mark::Related(..) => related = true,
                Mark::Figure(figure) => standing = standing.max(Some(figure)),
            }
        }
        let classes = [
            severity.map(class),
            suppressed.then_some("suppressed"),
            related.then_some("related"),
            standing.map(|standing| match (self.notes, standing) {
                (Notes::Apart, Standing::Contradicted) => "contradicted",
                (_, Standing::Contradicted | Standing::Held) => "checked",
                (Notes::Apart, Standing::Supported) => "supported",
                (Notes::Apart, Standing::Derived) => "derived",
                _ => "unchecked",
            }),
        ];
        let classes: Vec<&str> = classes.into_iter().flatten().collect();
        (if severity.is_some() { "mark" } else { "span" }, classes.join(" "))
    }

    fn text(&self, text: &str, style: Style, out: &mut String) {
        let link = style.link.and_then(|link| self.links.get(link as usize));
        let layers = [
            (style.dim, "<span class=\"dim\">", "</span>"),
            (style.strong, "<strong>", "</strong>"),
            (style.emphasis, "<em>", "</em>"),
            (style.code, "<code>", "</code>"),
        ];
        let text = PreEscaped(shown(text));
        let mut inside = String::new();
        for (_, open, _) in layers.iter().filter(|(set, ..)| *set) {
            inside.push_str(open);
        }
        inside.push_str(&text.0);
        for (_, _, close) in layers.iter().rev().filter(|(set, ..)| *set) {
            inside.push_str(close);
        }
        match link {
            // Where it leads is shown: a link may say one thing and lead to another.
            Some(address) => html! {
                a class="out" href=(address) rel="noopener noreferrer nofollow" title=(address)
                    data-host=(host(address).unwrap_or_default()) { (PreEscaped(inside)) }
            }
            .render_to(out),
            None => out.push_str(&inside),
        }
    }
}

/// The rows and cells of a table, opened and closed.
#[derive(Default)]
struct Grid {
    /// Whether the row that is open belongs to the header.
    row: Option<bool>,
    /// What closes the cell that is open.
    cell: &'static str,
}

impl Grid {
    fn row(&mut self, header: bool, out: &mut String) {
        out.push_str(std::mem::take(&mut self.cell));
        out.push_str(match (self.row, header) {
            (None, true) => "<thead><tr>",
            (None, false) => "<tbody><tr>",
            (Some(true), false) => "</tr></thead><tbody><tr>",
            (Some(_), _) => "</tr><tr>",
        });
        self.row = Some(header);
    }

    fn cell(&mut self, header: bool, span: usize, align: Align, out: &mut String) {
        out.push_str(self.cell);
        let (start, end) = match (header, self.row) {
            (true, Some(true)) => ("<th scope=\"col\"", "</th>"),
            (true, _) => ("<th scope=\"row\"", "</th>"),
            (false, _) => ("<td", "</td>"),
        };
        out.push_str(start);
        if span > 1 {
            let _ = write!(out, " colspan=\"{span}\"");
        }
        out.push_str(match align {
            Align::Start => ">",
            Align::Center => " class=\"center\">",
            Align::End => " class=\"end\">",
        });
        self.cell = end;
    }

    fn end(self, out: &mut String) {
        out.push_str(self.cell);
        out.push_str(match self.row {
            None => "",
            Some(true) => "</tr></thead>",
            Some(false) => "</tr></tbody>",
        });
    }
}

/// For each piece where the text of it, or of the first one behind it that has any, starts.
fn next_starts(pieces: &[Piece]) -> Vec<usize> {
    let mut next = usize::MAX;
    let mut starts: Vec<usize> = pieces
        .iter()
        .rev()
        .map(|piece| {
            match piece {
                Piece::Text { span, .. } => next = span.start,
                // Where a line ends, all of it has its numbers.
                Piece::Break { at, .. } => next = *at,
                _ => {}
            }
            next
        })
        .collect();
    starts.reverse();
    starts
}

/// Text that is only text to a browser, on one line.
fn shown(text: &str) -> String {
    let mut inert = String::with_capacity(text.len());
    for character in text.chars() {
        push_visible(&mut inert, character);
    }
    inert.render().0
}
