use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use crate::finding::{Related, Severity};
use crate::source::Span;

use super::citation::Citation;
use super::places::Places;
use super::visible::{OTHER_BRACKET, visible, without_commands};
use super::window::{Window, width};

/// Columns of a line that a card shows.
const COLUMNS: usize = 100;
/// Operands further apart than this get a line each.
const JOINED: usize = 84;
/// Related places that a card shows; of the others it gives the number.
const RELATED: usize = 12;
/// Stands for a path while a card is rendered: the renderer would count columns from the start of the window.
/// A noncharacter, so that no text shown by [`visible`] has it.
const PATH: char = '\u{fdd0}';

/// A text that cards point into, by the name shown for it.
pub(super) struct Page<'a> {
    pub path: &'a str,
    pub places: &'a Places<'a>,
}

/// One message with its place, for a reader at a terminal.
pub(super) struct Card<'a> {
    pub severity: Severity,
    /// Shown in brackets after the severity.
    pub id: Option<&'a str>,
    pub title: String,
    /// What is underlined; `None` when the page as a whole is meant.
    pub span: Option<Span>,
    pub related: &'a [Related],
    /// Places in other texts, shown below those of the page.
    pub cited: Vec<Citation<'a>>,
    /// Lines below the text: a heading and what it says.
    pub footers: Vec<(&'static str, String)>,
}

impl Card<'_> {
    /// The card as text that ends with a line break. Nothing in it acts on a terminal but the renderer's own colours.
    pub fn render(&self, page: &Page<'_>, renderer: &Renderer) -> String {
        let level = match self.severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
            Severity::Note => Level::NOTE,
        };
        let mut title = level.primary_title(visible(&self.title));
        if let Some(id) = self.id {
            title = title.id(visible(id));
        }
        let mut group = Group::with_title(title);
        let (shown, hidden) = self.related.split_at(self.related.len().min(RELATED));
        let excerpts = self.span.map(|span| excerpts(page.places, span, shown)).unwrap_or_default();
        if self.span.is_none() {
            group = group.element(Origin::path(PATH.to_string()));
        }
        for excerpt in &excerpts {
            group = group.element(excerpt.snippet());
        }
        let cited = &self.cited[..self.cited.len().min(RELATED)];
        let source_excerpts: Vec<Excerpt> = cited.iter().map(source_excerpt).collect();
        for excerpt in &source_excerpts {
            group = group.element(excerpt.snippet());
        }
        let more = (!hidden.is_empty()).then(|| ("also at", format!("{} more places", hidden.len())));
        for (heading, footer) in self.footers.iter().chain(&more) {
            group = group.element(Level::NOTE.with_name(*heading).message(visible(footer)));
        }
        let path = visible(page.path);
        let origin = |excerpt: &Excerpt| format!("{path}:{}:{}", excerpt.line, excerpt.column);
        let mut origins: Vec<String> = excerpts.iter().map(origin).collect();
        origins.extend(self.span.is_none().then(|| path.to_string()));
        origins.extend(cited.iter().map(|citation| visible(&citation.place()).into_owned()));
        let mut origins = origins.into_iter();
        let rendered = renderer.render(&[group]);
        let mut pieces = rendered.split(PATH);
        let mut card = pieces.next().unwrap_or_default().to_string();
        for piece in pieces {
            card.push_str(&origins.next().unwrap_or_default());
            card.push_str(
                piece.trim_start_matches(|character: char| character == ':' || character.is_ascii_digit()),
            );
        }
        card.push('\n');
        without_commands(&card, OTHER_BRACKET).into_owned()
    }
}

/// A piece of one line with what is underlined in it.
struct Excerpt {
    line: usize,
    column: usize,
    window: Window,
    annotations: Vec<Annotation<'static>>,
}

/// What stands around a place of another text.
fn source_excerpt(citation: &Citation<'_>) -> Excerpt {
    let running = citation.running;
    let line_span = running.line_span(running.line_column(citation.span.start).0);
    let window = Window::around(running.text, line_span, citation.span, COLUMNS);
    let label = visible(citation.label).into_owned();
    let place = window.place(line_span, citation.span);
    let annotations =
        place.map(|place| AnnotationKind::Context.span(place).label(label)).into_iter().collect();
    let (line, column) = citation.line_column();
    Excerpt { line, column, window, annotations }
}

/// The line of the span, then the lines of the related places that are not on it, each cut to a window.
fn excerpts(places: &Places<'_>, span: Span, related: &[Related]) -> Vec<Excerpt> {
    let (line, column) = places.line_column(span.start);
    let line_span = places.line_span(line);
    let window = Window::around(places.text, line_span, focus(places, line_span, span, related), COLUMNS);
    let (last_line, _) = places.line_column(span.end.max(span.start + 1) - 1);
    let label = (last_line > line).then(|| format!("to line {last_line}"));
    let primary = window.place(line_span, span).map(|place| AnnotationKind::Primary.span(place).label(label));
    let mut first = Excerpt { line, column, window, annotations: primary.into_iter().collect() };
    let mut rest = first.take(places, related.iter().collect());
    let mut excerpts = vec![first];
    while let Some(other) = rest.first() {
        let (line, column) = places.line_column(other.span.start);
        let line_span = places.line_span(line);
        let window = Window::around(places.text, line_span, other.span, COLUMNS);
        let mut excerpt = Excerpt { line, column, window, annotations: Vec::new() };
        let left = excerpt.take(places, rest.clone());
        // A place that even its own window does not show cannot be shown at all.
        rest = if left.len() < rest.len() { left } else { rest.split_off(1) };
        excerpts.push(excerpt);
    }
    excerpts
}

impl Excerpt {
    fn snippet(&self) -> Snippet<'_, Annotation<'_>> {
        Snippet::source(self.window.text.as_str())
            .line_start(self.line)
            .path(PATH.to_string())
            .annotations(self.annotations.iter().cloned())
    }

    /// Underlines the places that the window shows; gives back the others.
    fn take<'a>(&mut self, places: &Places<'_>, related: Vec<&'a Related>) -> Vec<&'a Related> {
        let mut rest = Vec::new();
        for other in related {
            let (line, _) = places.line_column(other.span.start);
            let line_span = places.line_span(line);
            match if line == self.line { self.window.place(line_span, other.span) } else { None } {
                Some(place) => {
                    let label = visible(&other.label).into_owned();
                    self.annotations.push(AnnotationKind::Context.span(place).label(label));
                }
                None => rest.push(other),
            }
        }
        rest
    }
}

/// The span together with the related places of its line that fit into one window with it.
fn focus(places: &Places<'_>, line: Span, span: Span, related: &[Related]) -> Span {
    let mut focus = Span::new(span.start, span.end.clamp(span.start, line.end.max(span.start)));
    for other in related {
        let joined = focus.join(other.span);
        // Four bytes a character at most: longer texts need not be measured.
        let fits = joined.len() <= 4 * JOINED && width(joined.of(places.text)) <= JOINED;
        if line.contains(other.span) && fits {
            focus = joined;
        }
    }
    focus
}
