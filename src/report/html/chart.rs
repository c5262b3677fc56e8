use std::fmt::Write as _;

use maud::{Markup, PreEscaped, html};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::super::outline::{Chart, ChartLink, ChartNode};
use super::super::visible::visible;
use super::layers::{Placed, Point, Size, place};
use super::words::Words;
use crate::source::Span;

/// Charts with more boxes or links than this are shown as they are written: drawn, nobody could read them.
const LARGEST: usize = 160;
/// Columns of a line of a label; a Han character takes two.
const COLUMNS: usize = 26;
/// Lines of a label.
const LINES: usize = 6;
/// What a column and a line take.
const COLUMN: f64 = 7.4;
const LINE: f64 = 18.0;
/// Space between a box and its label.
const PADDING: f64 = 10.0;
/// Space around the whole.
const MARGIN: f64 = 12.0;

/// What is told of a place: its class, and the findings there.
pub(super) type Told<'a> = dyn Fn(Span) -> (&'static str, String) + 'a;

/// The chart as a drawing; `None` when it is empty or too large.
pub(super) fn drawing(text: &str, chart: &Chart, words: Words, told: &Told<'_>) -> Option<Markup> {
    let Chart { nodes, links, groups, .. } = chart;
    if nodes.is_empty() || nodes.len() > LARGEST || links.len() > LARGEST {
        return None;
    }
    let captions: Vec<Vec<String>> = nodes.iter().map(|node| caption(text, node, groups)).collect();
    let labels: Vec<Vec<String>> = nodes.iter().map(|node| label(text, node)).collect();
    let sizes: Vec<Size> = labels
        .iter()
        .zip(&captions)
        .map(|(label, caption)| size(&[caption, label].map(Vec::as_slice)))
        .collect();
    let pairs: Vec<(usize, usize)> = links.iter().map(|link| (link.from, link.to)).collect();
    let placed = place(&sizes, &pairs);
    let (width, height) = (placed.width + 2.0 * MARGIN, placed.height + 2.0 * MARGIN);
    Some(html! {
        div class="chart scroll" tabindex="0" role="group" aria-label=(words.chart(nodes.len(), links.len())) {
            svg viewBox={ (-MARGIN) " " (-MARGIN) " " (number(width)) " " (number(height)) }
                width=(number(width)) height=(number(height)) role="img"
                aria-label=(words.chart(nodes.len(), links.len())) {
                @for (index, link) in links.iter().enumerate() {
                    (line(&placed, index, link.arrow, link.dotted))
                }
                @for (index, node) in nodes.iter().enumerate() {
                    @let place = node.label.unwrap_or(node.span);
                    (node_box(placed.boxes[index], sizes[index], &captions[index], &labels[index], told(place)))
                }
                @for (at, label, lines) in labels_of_links(text, links, &placed) {
                    (link_label(at, &lines, told(label)))
                }
            }
        }
    })
}

/// The title of the group that a node belongs to.
fn caption(text: &str, node: &ChartNode, groups: &[Option<Span>]) -> Vec<String> {
    let title = node.group.and_then(|group| groups.get(group).copied().flatten());
    title.map(|title| broken(title.of(text))).unwrap_or_default()
}

fn label(text: &str, node: &ChartNode) -> Vec<String> {
    broken(node.label.map_or(node.name.as_str(), |label| label.of(text)))
}

/// A label as lines: where it breaks itself, and where it is too long.
fn broken(label: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let plain = label.replace("**", "").replace("\\n", "\n");
    for part in own_lines(&plain) {
        let mut line = String::new();
        for word in words_of(&visible(part.trim())) {
            if line.width() + word.width() > COLUMNS && !line.trim().is_empty() {
                lines.push(std::mem::take(&mut line).trim().to_owned());
            }
            line.push_str(&word);
        }
        lines.push(line.trim().to_owned());
    }
    lines.retain(|line| !line.is_empty());
    if lines.len() > LINES {
        lines.truncate(LINES);
        if let Some(last) = lines.last_mut() {
            last.push('…');
        }
    }
    lines
}

/// Cut at `<br>`, `<br/>` and line ends.
fn own_lines(label: &str) -> Vec<&str> {
    let mut lines = Vec::new();
    for line in label.lines() {
        let mut rest = line;
        while let Some(at) = rest.to_ascii_lowercase().find("<br") {
            let Some(end) = rest[at..].find('>') else { break };
            lines.push(&rest[..at]);
            rest = &rest[at + end + 1..];
        }
        lines.push(rest);
    }
    lines
}

/// What a line may end behind: words with their spaces, Han characters, and the pieces of what has no spaces.
fn words_of(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut open = false;
    for c in text.chars() {
        let wide = c.width().unwrap_or_default() > 1;
        match words.last_mut() {
            Some(word) if open && !wide && word.width() < COLUMNS => word.push(c),
            _ => words.push(c.to_string()),
        }
        open = !wide && c != ' ';
    }
    words
}

fn size(parts: &[&[String]]) -> Size {
    let lines = parts.iter().flat_map(|part| part.iter());
    let columns = lines.clone().map(|line| line.width()).max().unwrap_or_default().max(4);
    Size {
        width: columns as f64 * COLUMN + 2.0 * PADDING,
        height: lines.count().max(1) as f64 * LINE + 1.2 * PADDING,
    }
}

fn node_box(
    at: Point,
    size: Size,
    caption: &[String],
    label: &[String],
    (class, findings): (&str, String),
) -> Markup {
    let top = at.y - size.height / 2.0;
    let lines = caption.iter().map(|line| ("caption", line)).chain(label.iter().map(|line| ("", line)));
    html! {
        g class={ "box " (class) } data-f=[Some(findings).filter(|findings| !findings.is_empty())] {
            rect x=(number(at.x - size.width / 2.0)) y=(number(top)) width=(number(size.width))
                height=(number(size.height)) rx="6" {}
            @for (index, (kind, line)) in lines.enumerate() {
                text class=(kind) x=(number(at.x)) y=(number(baseline(top, index))) text-anchor="middle" { (line) }
            }
        }
    }
}

/// Where a line of a box stands whose top is given.
fn baseline(top: f64, line: usize) -> f64 {
    top + 0.6 * PADDING + LINE * (line as f64 + 0.72)
}

/// A link as a curve with its head.
fn line(placed: &Placed, index: usize, arrow: bool, dotted: bool) -> Markup {
    let way = &placed.links[index];
    let Some((first, rest)) = way.split_first() else { return PreEscaped(String::new()) };
    let mut path = format!("M{} {}", number(first.x), number(first.y));
    let mut from = *first;
    for &to in rest {
        let y = number(f64::midpoint(from.y, to.y));
        // Writing to a string cannot fail.
        let _ =
            write!(path, " C{} {y} {} {y} {} {}", number(from.x), number(to.x), number(to.x), number(to.y));
        from = to;
    }
    let (tip, back) = if placed.upwards[index] { (*first, 8.0) } else { (from, -8.0) };
    html! {
        path class=(if dotted { "link dotted" } else { "link" }) d=(path) {}
        @if arrow {
            path class="head" d={
                "M" (number(tip.x)) " " (number(tip.y)) " L" (number(tip.x - 4.5)) " " (number(tip.y + back))
                " L" (number(tip.x + 4.5)) " " (number(tip.y + back)) " Z"
            } {}
        }
    }
}

/// The labels of links: each at the middle of its link, or as near to it as no label before it stands.
fn labels_of_links(text: &str, links: &[ChartLink], placed: &Placed) -> Vec<(Point, Span, Vec<String>)> {
    let mut labels: Vec<(Point, Span, Vec<String>)> = Vec::new();
    let mut taken: Vec<(Point, Size)> = Vec::new();
    for (link, way) in links.iter().zip(&placed.links) {
        let (Some(label), Some(middle)) = (link.label, middle(way)) else { continue };
        let lines = broken(label.of(text));
        let columns = lines.iter().map(|line| line.width()).max().unwrap_or_default();
        let size = Size { width: columns as f64 * COLUMN, height: lines.len() as f64 * LINE };
        let moved = |step: f64| Point { x: middle.x, y: middle.y + step * LINE };
        let free = |at: &Point| {
            taken.iter().all(|(other, other_size)| {
                (at.x - other.x).abs() >= f64::midpoint(size.width, other_size.width)
                    || (at.y - other.y).abs() >= f64::midpoint(size.height, other_size.height)
            })
        };
        let at = [0.0, -1.0, 1.0, -1.5, 1.5].map(moved).into_iter().find(free).unwrap_or(middle);
        taken.push((at, size));
        labels.push((at, label, lines));
    }
    labels
}

/// Where the label of a link stands.
fn middle(way: &[Point]) -> Option<Point> {
    let half = way.len() / 2;
    match way.len() {
        0 | 1 => None,
        count if count % 2 == 1 => way.get(half).copied(),
        _ => {
            let (a, b) = (way[half - 1], way[half]);
            Some(Point { x: f64::midpoint(a.x, b.x), y: f64::midpoint(a.y, b.y) })
        }
    }
}

fn link_label(at: Point, lines: &[String], (class, findings): (&str, String)) -> Markup {
    let top = at.y - lines.len() as f64 * LINE / 2.0 - 0.6 * PADDING;
    html! {
        g class={ "label " (class) } data-f=[Some(findings).filter(|findings| !findings.is_empty())] {
            @for (index, line) in lines.iter().enumerate() {
                text x=(number(at.x)) y=(number(baseline(top, index))) text-anchor="middle" { (line) }
            }
        }
    }
}

/// A length, short.
fn number(length: f64) -> String {
    let text = format!("{length:.1}");
    text.strip_suffix(".0").map_or(text.clone(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::super::super::outline::Language;
    use super::*;

    #[test]
    fn labels_break_where_they_say_and_where_they_must() {
        assert_eq!(broken("甲<br/>乙 <BR> c"), ["甲", "乙", "c"]);
        assert_eq!(broken("Amazon takes a stake of fifty billion dollars").len(), 2);
        assert_eq!(broken("一二三四五六七八九十一二三四五"), ["一二三四五六七八九十一二三", "四五"]);
        assert_eq!(broken(&"x".repeat(400)).len(), LINES);
        assert_eq!(broken("a<br b"), ["a<br b"]);
    }

    #[test]
    fn a_drawing_holds_what_was_written_as_text() {
        let text = "<script>alert(1)</script>\u{202e} 占 65%";
        let whole = Span::new(0, text.len());
        let node = |name: &str, label| ChartNode { name: name.into(), span: whole, label, group: Some(0) };
        let link = |from, to| ChartLink { from, to, label: Some(whole), arrow: true, dotted: from > to };
        let chart = Chart {
            span: whole,
            nodes: vec![node("A", Some(whole)), node("\"><b>", None)],
            links: vec![link(0, 1), link(1, 0), link(1, 1)],
            groups: vec![Some(Span::new(0, 8))],
        };
        let told = |_: Span| ("error", "1".to_owned());
        let drawn = drawing(text, &chart, Words::of(Language::English), &told).unwrap().0;
        assert!(
            !drawn.contains("<script") && !drawn.contains("<b>") && !drawn.contains('\u{202e}'),
            "{drawn}"
        );
        insta::assert_snapshot!(drawn.replace("><", ">\n<"));
        let many = Chart { nodes: vec![node("A", None); LARGEST + 1], ..Chart::default() };
        assert!(drawing(text, &many, Words::of(Language::English), &told).is_none());
    }
}
