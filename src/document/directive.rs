//! Comments of a report that speak to claimlint: `<!-- claimlint: ignore[numeric/share] reason="…" -->`.

use chrono::NaiveDate;
use nom::branch::alt;
use nom::bytes::complete::{tag_no_case, take_while, take_while1};
use nom::character::complete::{anychar, char, line_ending, one_of, satisfy};
use nom::combinator::{not, peek, recognize};
use nom::multi::{fold_many0, many0_count};
use nom::sequence::{preceded, terminated};
use nom::{IResult, Parser};

use super::date::iso_date;
use crate::source::Span;

/// How a comment begins and ends.
pub(super) const OPENING: &str = "<!--";
pub(super) const CLOSING: &str = "-->";

/// A comment of the report's Markdown that speaks to claimlint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Directive {
    /// The comment with its marks.
    pub span: Span,
    /// The part of the text that it is about; `None` when nothing follows it.
    pub target: Option<Span>,
    /// What it asks for, or why that cannot be read.
    pub ignore: Result<Ignore, DirectiveFault>,
}

/// What a directive asks for: that findings of some rules may stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ignore {
    /// The whole file rather than one block.
    pub file: bool,
    /// Ids such as `numeric/share`, or groups such as `numeric/*`, each with its place.
    pub rules: Vec<(String, Span)>,
    /// Why; without one nothing is ignored.
    pub reason: Option<String>,
    /// The last day on which it holds, with its place.
    pub until: Option<(NaiveDate, Span)>,
}

/// Why a directive cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DirectiveFault {
    pub kind: DirectiveFaultKind,
    /// The words that do not fit; empty where something is missing.
    pub place: Span,
}

/// What is wrong with a directive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DirectiveFaultKind {
    /// The comment has no end.
    Unclosed,
    /// No colon behind `claimlint`.
    NoColon,
    /// Neither `ignore[…]` nor `ignore-file[…]`.
    NoIgnore,
    /// No list of rules in brackets, or an empty one.
    NoRules,
    /// `*` alone: every rule there is and will be.
    EveryRule,
    /// Something that is neither `reason="…"` nor `until=…`.
    UnknownWord,
    /// `reason` or `until` for the second time.
    Twice,
    /// No text in quotation marks behind `reason=`.
    NoQuotes,
    /// `until` with something that is no day of the calendar.
    NoDay,
    /// `ignore-file` below the top of the report.
    NotAtTop,
}

/// Rules or groups of them, each with its place.
type Rules = Vec<(String, Span)>;

type Parsed<'t, T> = IResult<&'t str, T, ()>;

/// Reads the comment at a place, if it speaks to claimlint. `closed` is false when it runs to the end of the text.
pub(super) fn read(text: &str, span: Span, closed: bool) -> Option<Directive> {
    let end = if closed { span.end - CLOSING.len() } else { span.end };
    let start = span.start + OPENING.len();
    // `<!-->` is a comment too.
    let content = text.get(start..end)?;
    let (rest, colon) = address(content).ok()?;
    let reader = Reader { end };
    let ignore = if !closed {
        Err(DirectiveFault { kind: DirectiveFaultKind::Unclosed, place: span })
    } else if colon {
        reader.ignore(rest)
    } else {
        Err(reader.fault(DirectiveFaultKind::NoColon, rest))
    };
    Some(Directive { span, target: None, ignore })
}

/// `claimlint:`, and whether the colon is there. A comment that only mentions claimlint is not meant.
fn address(content: &str) -> Parsed<'_, bool> {
    let (rest, _) = preceded(space, tag_no_case("claimlint")).parse(content)?;
    let colon: Parsed<'_, char> = preceded(space, one_of(":：")).parse(rest);
    if let Ok((rest, _)) = colon {
        return Ok((rest, true));
    }
    let (rest, _) = take_while1(|c: char| c == '-' || c.is_whitespace())(rest)?;
    peek(tag_no_case("ignore")).parse(rest).map(|(rest, _)| (rest, false))
}

/// White space; behind a line end also the marks of a quotation around the comment.
fn space(input: &str) -> Parsed<'_, usize> {
    let line = recognize((line_ending, take_while(|c| matches!(c, ' ' | '\t' | '>'))));
    let blank = take_while1(|c: char| c.is_whitespace() && !matches!(c, '\n' | '\r'));
    many0_count(alt((line, blank))).parse(input)
}

/// Text between quotation marks; a backslash takes the next character as it is.
fn quoted(input: &str) -> Parsed<'_, String> {
    let (rest, opening) = one_of("\"'“「").parse(input)?;
    let closing = match opening {
        '“' => '”',
        '「' => '」',
        same => same,
    };
    let character = alt((preceded(char('\\'), anychar), satisfy(move |c| c != closing && c != '\\')));
    let text = fold_many0(character, String::new, |mut text, c| {
        text.push(c);
        text
    });
    terminated(text, char(closing)).parse(rest)
}

/// A word up to white space or one of the marks that end it.
fn word(input: &str) -> Parsed<'_, &str> {
    take_while1(|c: char| !c.is_whitespace() && !matches!(c, '=' | ',' | '，' | '、' | '[' | ']' | '"'))(
        input,
    )
}

/// Knows where what is left of a comment stands in the text.
struct Reader {
    /// Where the comment's content ends.
    end: usize,
}

impl Reader {
    /// The place of what was read from `before` to `after`.
    fn place(&self, before: &str, after: &str) -> Span {
        Span::new(self.end - before.len(), self.end - after.len())
    }

    /// A fault at the word that `rest` begins with.
    fn fault(&self, kind: DirectiveFaultKind, rest: &str) -> DirectiveFault {
        let shown = rest.trim_end();
        let length = match shown.find(char::is_whitespace) {
            Some(0) | None => shown.len(),
            Some(length) => length,
        };
        DirectiveFault { kind, place: self.place(rest, &rest[length..]) }
    }

    /// `ignore[…] reason="…" until=…`, to the end of the comment.
    fn ignore(&self, rest: &str) -> Result<Ignore, DirectiveFault> {
        use DirectiveFaultKind as Kind;
        let rest = self.after_space(rest);
        let name: Parsed<'_, &str> = terminated(
            alt((tag_no_case("ignore-file"), tag_no_case("ignore"))),
            not(satisfy(|c| c.is_alphanumeric() || c == '-')),
        )
        .parse(rest);
        let Ok((rest, name)) = name else { return Err(self.fault(Kind::NoIgnore, rest)) };
        let file = name.len() > "ignore".len();
        let (mut rest, rules) = self.rules(self.after_space(rest))?;
        let mut ignore = Ignore { file, rules, reason: None, until: None };
        loop {
            rest = self.after_space(rest);
            if rest.is_empty() {
                return Ok(ignore);
            }
            let key: Parsed<'_, &str> = terminated(word, (space, char('='), space)).parse(rest);
            let Ok((value, key)) = key else { return Err(self.fault(Kind::UnknownWord, rest)) };
            rest = match key {
                "reason" if ignore.reason.is_some() => return Err(self.fault(Kind::Twice, rest)),
                "until" if ignore.until.is_some() => return Err(self.fault(Kind::Twice, rest)),
                "reason" => {
                    let Ok((after, reason)) = quoted(value) else {
                        return Err(self.fault(Kind::NoQuotes, rest));
                    };
                    ignore.reason = Some(reason);
                    after
                }
                "until" => {
                    let bare = |input| word(input).map(|(rest, word): (_, &str)| (rest, word.to_owned()));
                    let (after, day) =
                        quoted(value).or_else(|_| bare(value)).unwrap_or((value, String::new()));
                    let Some(day) = iso_date(day.trim()) else { return Err(self.fault(Kind::NoDay, rest)) };
                    ignore.until = Some((day, self.place(rest, after)));
                    after
                }
                _ => return Err(self.fault(Kind::UnknownWord, rest)),
            };
        }
    }

    /// `[numeric/share, wording/*]`.
    fn rules<'t>(&self, rest: &'t str) -> Result<(&'t str, Rules), DirectiveFault> {
        use DirectiveFaultKind as Kind;
        let open = rest;
        let Some(mut rest) = rest.strip_prefix('[') else { return Err(self.fault(Kind::NoRules, rest)) };
        let mut rules = Vec::new();
        loop {
            rest = self.after_space(rest);
            if let Some(after) = rest.strip_prefix(']') {
                return if rules.is_empty() {
                    Err(DirectiveFault { kind: Kind::NoRules, place: self.place(open, after) })
                } else {
                    Ok((after, rules))
                };
            }
            let Ok((after, rule)) = word(rest) else { return Err(self.fault(Kind::NoRules, open)) };
            if rule == "*" || rule == "*/*" {
                return Err(DirectiveFault { kind: Kind::EveryRule, place: self.place(rest, after) });
            }
            rules.push((rule.to_owned(), self.place(rest, after)));
            let after = self.after_space(after);
            rest = match after.strip_prefix([',', '，', '、']) {
                Some(after) => after,
                None if after.starts_with(']') => after,
                None => return Err(self.fault(Kind::NoRules, open)),
            };
        }
    }

    fn after_space<'t>(&self, rest: &'t str) -> &'t str {
        space(rest).map_or(rest, |(rest, _)| rest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn directive(comment: &str) -> Option<Directive> {
        read(comment, Span::new(0, comment.len()), comment.ends_with(CLOSING))
    }

    /// Rules, reason and day, as a line.
    fn said(content: &str) -> String {
        let comment = format!("<!-- {content} -->");
        match directive(&comment).map(|directive| directive.ignore) {
            None => "no directive".to_owned(),
            Some(Ok(ignore)) => {
                let rules: Vec<&str> = ignore
                    .rules
                    .iter()
                    .map(|(rule, span)| {
                        assert_eq!(span.of(&comment), rule);
                        rule.as_str()
                    })
                    .collect();
                let file = if ignore.file { "file " } else { "" };
                let until = ignore.until.map(|(day, _)| format!(" until {day}")).unwrap_or_default();
                format!("{file}{}: {}{until}", rules.join(" "), ignore.reason.unwrap_or("-".into()))
            }
            Some(Err(fault)) => format!("{:?} at `{}`", fault.kind, fault.place.of(&comment)),
        }
    }

    #[test]
    fn what_is_asked_for() {
        assert_eq!(said("claimlint: ignore[numeric/share] reason=\"agreed\""), "numeric/share: agreed");
        assert_eq!(
            said(
                "claimlint: ignore[numeric/share, wording/*,] reason=\"a \\\"b\\\" \\\\ c\" until=2027-01-01"
            ),
            "numeric/share wording/*: a \"b\" \\ c until 2027-01-01"
        );
        assert_eq!(
            said("CLAIMLINT:ignore-file[ a/b ]until = \"2027-01-01\""),
            "file a/b: - until 2027-01-01"
        );
        assert_eq!(said("claimlint： ignore[a/b，c/d、e/f] reason=“口径不同。”"), "a/b c/d e/f: 口径不同。");
        assert_eq!(said("claimlint: ignore[a/b] reason=\"他说“行”。\""), "a/b: 他说“行”。");
        assert_eq!(said("claimlint: ignore[a/b] reason=「原文如此」"), "a/b: 原文如此");
        assert_eq!(said("claimlint: ignore[a/b] reason=\"\""), "a/b: ");
        assert_eq!(said("claimlint:\r\n> > ignore[a/b]\n> reason=\"x\""), "a/b: x");
    }

    #[test]
    fn what_is_wrong_is_named_with_its_place() {
        assert_eq!(said("claimlint ignore[a/b] reason=\"x\""), "NoColon at `ignore[a/b]`");
        assert_eq!(said("claimlint-ignore[a/b]"), "NoColon at `ignore[a/b]`");
        assert_eq!(said("claimlint: disable[a/b]"), "NoIgnore at `disable[a/b]`");
        assert_eq!(said("claimlint: ignore-line[a/b]"), "NoIgnore at `ignore-line[a/b]`");
        assert_eq!(said("claimlint:"), "NoIgnore at ``");
        assert_eq!(said("claimlint: ignore reason=\"x\""), "NoRules at `reason=\"x\"`");
        assert_eq!(said("claimlint: ignore[ ] reason=\"x\""), "NoRules at `[ ]`");
        assert_eq!(said("claimlint: ignore[a/b reason=\"x\""), "NoRules at `[a/b`");
        assert_eq!(said("claimlint: ignore[a/b, *] reason=\"x\""), "EveryRule at `*`");
        assert_eq!(said("claimlint: ignore[a/b] because=\"x\""), "UnknownWord at `because=\"x\"`");
        assert_eq!(said("claimlint: ignore[a/b] reason=\"x\" y"), "UnknownWord at `y`");
        assert_eq!(said("claimlint: ignore[a/b] reason=\"x\" reason=\"y\""), "Twice at `reason=\"y\"`");
        assert_eq!(said("claimlint: ignore[a/b] reason=agreed"), "NoQuotes at `reason=agreed`");
        assert_eq!(said("claimlint: ignore[a/b] reason=\"open"), "NoQuotes at `reason=\"open`");
        assert_eq!(
            said("claimlint: ignore[a/b] reason=\"x\" until=2027-02-30"),
            "NoDay at `until=2027-02-30`"
        );
        assert_eq!(said("claimlint: ignore[a/b] until="), "NoDay at `until=`");
    }

    #[test]
    fn a_comment_that_only_mentions_claimlint_is_none() {
        for content in [
            "claimlint found nothing here",
            "claimlinter: x",
            "see claimlint: ignore[a/b]",
            "",
            "<!-- claimlint: x",
        ] {
            assert_eq!(said(content), "no directive", "{content}");
        }
        assert_eq!(directive("<!-->"), None);
    }

    #[test]
    fn a_comment_without_end_is_a_fault() {
        let open = directive("<!-- claimlint: ignore[a/b] reason=\"x\"");
        assert!(open.is_some_and(|open| open.ignore.is_err_and(|f| f.kind == DirectiveFaultKind::Unclosed)));
    }
}
