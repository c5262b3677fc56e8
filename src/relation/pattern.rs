//! The pattern language of phrases.
//!
//! | written | means |
//! |---|---|
//! | `{part}` | a quantity of the role's type |
//! | `{parts+}` | two or more of them, with commas or "and" between |
//! | `{range~}` | a range; the role takes its two ends, in order of the text |
//! | `{parts&}` | two or more of them, joined by 、 or "and"; a comma joins them in English only |
//! | `{:percent}` | a quantity of that type, which fills no role |
//! | `{names#}` | a list of names in brackets or after a colon; its value is their number |
//! | `{whole@}` | the name of a measure; the role takes the figure that an earlier sentence gives for it |
//! | `{first=}` | the label of one of the figures before it; the role takes that figure too |
//! | `<rise>` | a word of that list |
//! | `<move:direction>` | the same, and the word's value fills the role |
//! | `[到\|至]` | one of these |
//! | `占` | this text; Latin words need a boundary |
//! | `,` | a pause: comma, 、, ;, colon or dash |
//! | `..` | at most 24 characters of one clause, with no other amount |
//! | `...` | at most 80 characters of one sentence, with no other amount |
//! | `?` behind any of them | may be missing |
//!
//! Spaces, quotation marks, brackets and Markdown marks between the pieces are skipped.

use nom::branch::alt;
use nom::bytes::complete::{tag, take_while1};
use nom::character::complete::{char, multispace0, one_of};
use nom::combinator::{map, opt};
use nom::multi::separated_list1;
use nom::sequence::{delimited, preceded};
use nom::{IResult, Parser};

/// How the figures of a list are joined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListStyle {
    /// By any comma, semicolon or conjunction.
    Loose,
    /// As items of one enumeration: by 、 or a conjunction; by commas where the text is English.
    Tight,
}

/// One piece of a phrase.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Element {
    pub kind: ElementKind,
    /// Written with `?`.
    pub optional: bool,
    /// Where it stands in the pattern, in bytes.
    pub at: (usize, usize),
}

/// What a slot takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    One,
    /// `{parts+}`, `{parts&}`: two or more.
    List(ListStyle),
    /// `{range~}`: the two ends of a range.
    Ends,
}

/// The kinds of pieces; names are still text, to be looked up where roles and word lists are known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ElementKind {
    Slot {
        role: String,
        takes: Takes,
    },
    /// A quantity that is passed over, by the name of its type.
    Passed {
        kind: String,
    },
    Names {
        role: String,
    },
    Named {
        role: String,
    },
    /// A label that one of the figures before it has.
    Namesake {
        role: String,
    },
    Class {
        class: String,
        role: Option<String>,
    },
    Literal {
        alternatives: Vec<String>,
    },
    Pause,
    Gap {
        wide: bool,
    },
}

/// A phrase's pieces in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    pub elements: Vec<Element>,
}

/// Why a pattern can't be read, and where in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PatternFault {
    pub start: usize,
    pub end: usize,
    /// What was found, and what it broke.
    pub message: String,
    /// The way out.
    pub help: &'static str,
}

/// All that a pattern can be made of.
const PIECES: &str = "the pieces are {role}, {role+}, {role&}, {role~}, {role#}, {role@}, {role=}, {:type}, <word list>, <word list:role>, [a|b], text, `,`, `..` and `...`; a `?` \
     behind one lets it be missing";

impl Pattern {
    /// Reads a pattern.
    ///
    /// # Errors
    /// What can't be read, and patterns that could match anywhere.
    pub fn parse(text: &str) -> Result<Self, PatternFault> {
        let mut elements: Vec<Element> = Vec::new();
        let mut rest = text;
        loop {
            rest = rest.trim_start();
            if rest.is_empty() {
                break;
            }
            let start = text.len() - rest.len();
            let fault = |_| {
                let found = rest.split_whitespace().next().unwrap_or(rest);
                let message = format!("`{found}` is no piece of a phrase");
                PatternFault { start, end: start + found.len(), message, help: PIECES }
            };
            let (after, kind) = element(rest).map_err(fault)?;
            let marked = after.strip_prefix('?');
            let optional = marked.is_some();
            let after = marked.unwrap_or(after);
            let at = (start, text.len() - after.len());
            rest = after;
            // Latin words in a row are one literal, which anchors better than two.
            if let (ElementKind::Literal { alternatives: next }, Some(last)) = (&kind, elements.last_mut())
                && let ElementKind::Literal { alternatives: words } = &mut last.kind
                && let ([word], [next]) = (words.as_mut_slice(), next.as_slice())
                && !last.optional
                && !optional
                && word.is_ascii()
                && next.is_ascii()
            {
                *word = format!("{word} {next}");
                last.at.1 = at.1;
                continue;
            }
            elements.push(Element { kind, optional, at });
        }
        let (Some(first), Some(last)) = (elements.first(), elements.last()) else {
            let message = "the phrase is empty, so it would match everywhere".into();
            return Err(PatternFault {
                start: 0,
                end: text.len(),
                message,
                help: "write the words, or leave it out",
            });
        };
        for edge in [first, last] {
            let (start, end) = edge.at;
            let written = &text[start..end];
            if matches!(edge.kind, ElementKind::Gap { .. }) {
                let message =
                    format!("the gap `{written}` stands at the phrase's edge, where it bounds nothing");
                return Err(PatternFault {
                    start,
                    end,
                    message,
                    help: "leave it out, or write what comes beyond it",
                });
            }
            if edge.optional && std::ptr::eq(edge, first) {
                let message = format!("the phrase begins with `{written}`, which may be missing");
                let help = "begin with what must be there, or write a phrase with it and one without";
                return Err(PatternFault { start, end, message, help });
            }
        }
        let anchored = elements.iter().any(|element| {
            !element.optional
                && matches!(element.kind, ElementKind::Class { .. } | ElementKind::Literal { .. })
        });
        if !anchored {
            return Err(PatternFault {
                start: 0,
                end: text.len(),
                message: "a phrase of figures and gaps alone would match everywhere".into(),
                help: "add a word or a <word list> that must be there",
            });
        }
        Ok(Self { elements })
    }
}

fn name(input: &str) -> IResult<&str, &str> {
    take_while1(|c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | ':'))(input)
}

fn role_name(input: &str) -> IResult<&str, &str> {
    take_while1(|c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))(input)
}

fn element(input: &str) -> IResult<&str, ElementKind> {
    alt((
        map(delimited(tag("{:"), role_name, char('}')), |kind: &str| ElementKind::Passed {
            kind: kind.to_owned(),
        }),
        map(delimited(char('{'), (role_name, opt(one_of("+&~#@="))), char('}')), |(role, mark)| {
            let role = role.to_owned();
            match mark {
                Some('#') => ElementKind::Names { role },
                Some('=') => ElementKind::Namesake { role },
                Some('@') => ElementKind::Named { role },
                Some('+') => ElementKind::Slot { role, takes: Takes::List(ListStyle::Loose) },
                Some('&') => ElementKind::Slot { role, takes: Takes::List(ListStyle::Tight) },
                Some(_) => ElementKind::Slot { role, takes: Takes::Ends },
                None => ElementKind::Slot { role, takes: Takes::One },
            }
        }),
        map(
            delimited(char('<'), (class_name, opt(preceded(char(':'), role_name))), char('>')),
            |(class, role): (&str, Option<&str>)| ElementKind::Class {
                class: class.to_owned(),
                role: role.map(str::to_owned),
            },
        ),
        map(
            delimited(char('['), separated_list1(char('|'), alternative), (multispace0, char(']'))),
            |alternatives| ElementKind::Literal { alternatives },
        ),
        map(tag("..."), |_| ElementKind::Gap { wide: true }),
        map(tag(".."), |_| ElementKind::Gap { wide: false }),
        map(alt((char(','), char('，'))), |_| ElementKind::Pause),
        map(literal, |word: &str| ElementKind::Literal { alternatives: vec![word.to_owned()] }),
    ))
    .parse(input)
}

/// A class name; `measure:x` and `entity:x` are classes too, so a role follows the last colon only when the name
/// has no such prefix.
fn class_name(input: &str) -> IResult<&str, &str> {
    if input.starts_with("measure:") || input.starts_with("entity:") {
        return name(input);
    }
    role_name(input)
}

fn alternative(input: &str) -> IResult<&str, String> {
    let (rest, text) = take_while1(|c: char| !matches!(c, '|' | ']'))(input)?;
    let text = text.trim();
    if text.is_empty() {
        return Err(nom::Err::Error(nom::error::Error::new(input, nom::error::ErrorKind::Verify)));
    }
    Ok((rest, text.to_owned()))
}

/// Text up to a space or a mark of the language; a single dot belongs to it.
fn literal(input: &str) -> IResult<&str, &str> {
    let mut end = 0;
    for (at, c) in input.char_indices() {
        let stop = c.is_whitespace()
            || matches!(c, '{' | '}' | '<' | '>' | '[' | ']' | '?' | ',' | '，')
            || input[at..].starts_with("..");
        if stop {
            break;
        }
        end = at + c.len_utf8();
    }
    if end == 0 {
        return Err(nom::Err::Error(nom::error::Error::new(input, nom::error::ErrorKind::TakeWhile1)));
    }
    Ok((&input[end..], &input[..end]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_piece_is_read() {
        let pattern =
            Pattern::parse("{parts+} ,? <total> 为? .. [到|至] {total} ... is made up {names#}").unwrap();
        let kinds: Vec<_> = pattern.elements.iter().map(|element| &element.kind).collect();
        assert_eq!(kinds.len(), 10);
        assert_eq!(
            kinds[0],
            &ElementKind::Slot { role: "parts".into(), takes: Takes::List(ListStyle::Loose) }
        );
        assert!(pattern.elements[1].optional && pattern.elements[3].optional);
        assert_eq!(kinds[4], &ElementKind::Gap { wide: false });
        assert_eq!(kinds[5], &ElementKind::Literal { alternatives: vec!["到".into(), "至".into()] });
        assert_eq!(kinds[9], &ElementKind::Names { role: "names".into() });
    }

    #[test]
    fn a_phrase_that_matches_everywhere_is_refused() {
        for text in ["{a} .. {b}", "", ".. <rise>", "<rise> ..", "<rise>? {a}"] {
            assert!(Pattern::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn faults_have_their_place() {
        let fault = Pattern::parse("占 {whole 的").unwrap_err();
        assert_eq!(&"占 {whole 的"[fault.start..fault.end], "{whole");
    }
}
