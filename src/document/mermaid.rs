//! The grammar of one statement of a Mermaid flowchart. All parsers work inside one line.

use nom::branch::alt;
use nom::bytes::complete::{tag, take_till, take_until, take_while, take_while1};
use nom::character::complete::{char, space0};
use nom::combinator::{opt, recognize, verify};
use nom::sequence::{delimited, preceded};
use nom::{IResult, Parser};

/// One mention of a node; the slices point into the line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NodeText<'t> {
    pub id: &'t str,
    pub label: Option<&'t str>,
    pub class: Option<&'t str>,
}

/// An edge's mark and its label.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct LinkText<'t> {
    pub mark: &'t str,
    pub label: Option<&'t str>,
}

/// `A & B --> C --> D`: groups of nodes and the links between them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Chain<'t> {
    pub groups: Vec<Vec<NodeText<'t>>>,
    /// The link after the group of the same index.
    pub links: Vec<LinkText<'t>>,
    /// What could not be read; empty when all was.
    pub rest: &'t str,
}

/// `subgraph id["title"]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct SubgraphText<'t> {
    pub id: &'t str,
    pub title: Option<&'t str>,
}

/// The longest unquoted label, in bytes; what is longer is a bracket that never closes.
const LONGEST_LABEL: usize = 1024;

type Read<'t, T> = IResult<&'t str, T, ()>;

/// Reads as much of a chain as is well formed.
pub(super) fn chain(line: &str) -> Chain<'_> {
    let mut chain = Chain { rest: line, ..Chain::default() };
    loop {
        let Ok((rest, nodes)) = group(chain.rest) else { return chain };
        chain.groups.push(nodes);
        chain.rest = rest.trim_start();
        if chain.rest.is_empty() {
            return chain;
        }
        let Ok((rest, link)) = link(chain.rest) else { return chain };
        chain.links.push(link);
        chain.rest = rest.trim_start();
    }
}

fn group(input: &str) -> Read<'_, Vec<NodeText<'_>>> {
    let (mut input, first) = node(input)?;
    let mut nodes = vec![first];
    while let Ok((rest, next)) = preceded((space0, char('&'), space0), node).parse(input) {
        nodes.push(next);
        input = rest;
    }
    Ok((input, nodes))
}

fn node(input: &str) -> Read<'_, NodeText<'_>> {
    let (input, id) = id(input)?;
    let (input, label) = opt(alt((preceded(space0, shape), attributes))).parse(input)?;
    let (input, class) = opt(preceded(tag(":::"), class_name)).parse(input)?;
    Ok((input, NodeText { id, label: label.flatten(), class }))
}

/// Letters, digits, `_` and other scripts; `-` and `.` only between them, as they begin links.
fn id(input: &str) -> Read<'_, &str> {
    let inside = |c: char| c.is_alphanumeric() || c == '_' || (!c.is_ascii() && !c.is_whitespace());
    let mut end = 0;
    let mut characters = input.char_indices().peekable();
    while let Some((at, c)) = characters.next() {
        let joins =
            matches!(c, '-' | '.') && at > 0 && characters.peek().is_some_and(|&(_, next)| inside(next));
        if !inside(c) && !joins {
            break;
        }
        end = at + c.len_utf8();
    }
    if end == 0 { Err(nom::Err::Error(())) } else { Ok((&input[end..], &input[..end])) }
}

fn class_name(input: &str) -> Read<'_, &str> {
    take_while1(|c: char| c.is_alphanumeric() || matches!(c, '_' | '-')).parse(input)
}

/// Every bracket shape, longest opening first.
fn shape(input: &str) -> Read<'_, Option<&str>> {
    const SHAPES: [(&str, &[&str]); 13] = [
        ("(((", &[")))"]),
        ("((", &["))"]),
        ("([", &["])"]),
        ("[[", &["]]"]),
        ("[(", &[")]"]),
        ("[/", &["/]", "\\]"]),
        ("[\\", &["\\]", "/]"]),
        ("{{", &["}}"]),
        ("(", &[")"]),
        ("[", &["]"]),
        ("{", &["}"]),
        (">", &["]"]),
        ("[|", &["|]"]),
    ];
    SHAPES
        .iter()
        .filter_map(|(open, closers)| input.strip_prefix(open).map(|rest| (rest, closers)))
        .find_map(|(rest, closers)| closers.iter().find_map(|close| inside(rest, close)))
        .ok_or(nom::Err::Error(()))
}

/// The label up to `close`, quoted or not; unquoted, brackets of the same kind may stand inside in pairs.
fn inside<'t>(input: &'t str, close: &str) -> Option<(&'t str, Option<&'t str>)> {
    let quoted: Read<(&str, &str)> = (delimited(space0, quoted, space0), tag(close)).parse(input);
    if let Ok((rest, (label, _))) = quoted {
        return Some((rest, Some(label)));
    }
    if input.trim_start().starts_with('"') {
        return None;
    }
    let (opener, closer) = match close.chars().next()? {
        ')' => ('(', ')'),
        '}' => ('{', '}'),
        _ => ('[', ']'),
    };
    let mut depth = 0usize;
    for (at, c) in input.char_indices().take_while(|&(at, _)| at <= LONGEST_LABEL) {
        if depth == 0 && input[at..].starts_with(close) {
            let label = input[..at].trim();
            return Some((&input[at + close.len()..], Some(label).filter(|label| !label.is_empty())));
        }
        if c == opener {
            depth += 1;
        } else if c == closer {
            depth = depth.saturating_sub(1);
        }
    }
    None
}

fn quoted(input: &str) -> Read<'_, &str> {
    delimited(char('"'), take_till(|c| c == '"'), char('"')).parse(input)
}

/// `id@{ shape: rect, label: "text" }`.
fn attributes(input: &str) -> Read<'_, Option<&str>> {
    let (rest, body) = delimited(tag("@{"), take_until("}"), char('}')).parse(input)?;
    let label = body.split_once("label:").map(|(_, value)| value.trim_start());
    let label = label.and_then(|value| quoted(value).ok()).map(|(_, label)| label);
    Ok((rest, label))
}

/// A link in any of its forms, with its label before, inside or after it.
pub(super) fn link(input: &str) -> Read<'_, LinkText<'_>> {
    let (rest, (mark, label)) = alt((whole, parted)).parse(input)?;
    let (rest, after) =
        opt(delimited((space0, char('|')), alt((quoted_label, bare_label)), char('|'))).parse(rest)?;
    let label = after.or(label).map(str::trim).filter(|label| !label.is_empty());
    Ok((rest, LinkText { mark, label }))
}

fn quoted_label(input: &str) -> Read<'_, &str> {
    delimited(space0, quoted, space0).parse(input)
}

fn bare_label(input: &str) -> Read<'_, &str> {
    take_till(|c| c == '|').parse(input)
}

/// `-->`, `---`, `--o`, `-.->`, `==>`, `~~~`, `<-->` and longer ones.
fn whole(input: &str) -> Read<'_, (&str, Option<&str>)> {
    let (rest, mark) = alt((
        recognize((tail, alt((line_of('-'), dotted, line_of('='))), head)),
        recognize((opt(tail_mark), alt((long_line('-'), dotted, long_line('='))))),
        verify(take_while(|c| c == '~'), |mark: &str| mark.len() >= 3),
    ))
    .parse(input)?;
    Ok((rest, (mark, None)))
}

/// `-- text -->`, `-. text .->`, `== text ==>`.
fn parted(input: &str) -> Read<'_, (&str, Option<&str>)> {
    let (rest, _) = tail(input)?;
    let (open, close, stroke) = if rest.starts_with("--") {
        ("--", "--", '-')
    } else if rest.starts_with("-.") {
        ("-.", ".-", '-')
    } else if rest.starts_with("==") {
        ("==", "==", '=')
    } else {
        return Err(nom::Err::Error(()));
    };
    let (rest, _) = tag(open).parse(rest)?;
    let (rest, label) = alt((quoted_label, take_until(close))).parse(rest)?;
    let (rest, _) = tag(close).parse(rest)?;
    let (rest, _) = take_while(|c| c == stroke).parse(rest)?;
    let (rest, _) = opt(head).parse(rest)?;
    Ok((rest, (&input[..input.len() - rest.len()], Some(label))))
}

fn tail(input: &str) -> Read<'_, Option<char>> {
    opt(tail_mark).parse(input)
}

fn tail_mark(input: &str) -> Read<'_, char> {
    let (rest, mark) = alt((char('<'), char('o'), char('x'))).parse(input)?;
    if rest.starts_with(['-', '=']) { Ok((rest, mark)) } else { Err(nom::Err::Error(())) }
}

fn line_of<'t>(stroke: char) -> impl Parser<&'t str, Output = &'t str, Error = ()> {
    verify(take_while(move |c| c == stroke), |mark: &str| mark.len() >= 2)
}

fn long_line<'t>(stroke: char) -> impl Parser<&'t str, Output = &'t str, Error = ()> {
    verify(take_while(move |c| c == stroke), |mark: &str| mark.len() >= 3)
}

fn dotted(input: &str) -> Read<'_, &str> {
    recognize((char('-'), take_while1(|c| c == '.'), char('-'))).parse(input)
}

/// An arrow's end; `o` and `x` only when no word begins with them.
fn head(input: &str) -> Read<'_, char> {
    if let Some(rest) = input.strip_prefix('>') {
        return Ok((rest, '>'));
    }
    let mark = input.chars().next().filter(|mark| matches!(mark, 'o' | 'x')).ok_or(nom::Err::Error(()))?;
    let rest = &input[1..];
    if rest.is_empty() || rest.starts_with([' ', '\t', '|']) {
        Ok((rest, mark))
    } else {
        Err(nom::Err::Error(()))
    }
}

/// What follows the word `subgraph`.
pub(super) fn subgraph(input: &str) -> SubgraphText<'_> {
    let input = input.trim();
    if let Ok(("", title)) = quoted(input) {
        return SubgraphText { id: title, title: Some(title) };
    }
    let titled: Read<(&str, Option<&str>)> = (id, preceded(space0, shape)).parse(input);
    match titled {
        Ok(("", (id, title))) => SubgraphText { id, title },
        _ => SubgraphText { id: input, title: Some(input).filter(|title| !title.is_empty()) },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn single(line: &str) -> NodeText<'_> {
        let chain = chain(line);
        assert_eq!((chain.groups.len(), chain.rest), (1, ""), "{line}");
        chain.groups[0][0]
    }

    #[test]
    fn every_shape_has_its_label() {
        for line in [
            "A[a b]",
            "A(a b)",
            "A([a b])",
            "A[[a b]]",
            "A[(a b)]",
            "A((a b))",
            "A(((a b)))",
            "A{a b}",
            "A{{a b}}",
            "A>a b]",
            "A[/a b/]",
            "A[\\a b\\]",
            "A[/a b\\]",
            "A[\\a b/]",
            "A[\"a b\"]",
            "A{\"a b\"}",
            "A([\"a b\"])",
            "A[ \"a b\" ]",
            "A@{ shape: rect, label: \"a b\" }",
        ] {
            let node = single(line);
            assert_eq!((node.id, node.label), ("A", Some("a b")), "{line}");
        }
        assert_eq!(single("A[f (x) [y]]:::big").label, Some("f (x) [y]"));
        assert_eq!(single("A[\"a ] --> b\"]:::big-1").class, Some("big-1"));
        assert_eq!(single("节点_1(估值：5 亿)").id, "节点_1");
        assert_eq!(single("a-b.c").id, "a-b.c");
    }

    #[test]
    fn every_link_has_its_label() {
        for (line, label) in [
            ("A-->B", None),
            ("A --- B", None),
            ("A ----> B", None),
            ("A -.-> B", None),
            ("A -..- B", None),
            ("A ==> B", None),
            ("A === B", None),
            ("A ~~~ B", None),
            ("A --o B", None),
            ("A --x B", None),
            ("A <--> B", None),
            ("A x--x B", None),
            ("A o--o B", None),
            ("A -- 占 5% --> B", Some("占 5%")),
            ("A --text--> B", Some("text")),
            ("A -- \"x -- y\" --> B", Some("x -- y")),
            ("A -- text --- B", Some("text")),
            ("A -. text .-> B", Some("text")),
            ("A == text ==> B", Some("text")),
            ("A -->|yes| B", Some("yes")),
            ("A ---|\"a | b\"|B", Some("a | b")),
            ("A -.->|是| B", Some("是")),
        ] {
            let chain = chain(line);
            assert_eq!((chain.groups.len(), chain.rest), (2, ""), "{line}");
            assert_eq!((chain.groups[1][0].id, chain.links[0].label), ("B", label), "{line}");
        }
    }

    #[test]
    fn chains_and_groups() {
        let read = chain("A & B[x] --> C --> D & E");
        assert_eq!(read.groups.iter().map(Vec::len).collect::<Vec<_>>(), [2, 1, 2]);
        assert_eq!(read.rest, "");
        assert_eq!(chain("A --> ").groups.len(), 1);
        assert_eq!(chain("A[\"x").rest, "[\"x");
        assert_eq!(chain("-- nothing").groups.len(), 0);
    }

    #[test]
    fn subgraphs_in_their_forms() {
        for (line, id, title) in [
            ("one", "one", Some("one")),
            ("\"A. 融资 Funding\"", "A. 融资 Funding", Some("A. 融资 Funding")),
            ("g1[\"The title\"]", "g1", Some("The title")),
            ("g1 [title]", "g1", Some("title")),
            ("two words", "two words", Some("two words")),
            ("", "", None),
        ] {
            assert_eq!(subgraph(line), SubgraphText { id, title }, "{line}");
        }
    }
}
