use crate::source::{Span, closest};

/// What a message has a place for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Placeholder {
    /// The words of a role in the text.
    Role(String),
    /// The failed comparison with its numbers.
    Arithmetic,
    /// The words the finding is about.
    Text,
}

/// A message with places to be filled: `1% 作价 {price}，与估值 {valuation} 不符`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    pieces: Vec<Piece>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Words(String),
    Placeholder(Placeholder),
}

/// A place in a message, what is wrong there, and the way out.
pub(super) type MessageFault = (Span, String, String);

impl Message {
    /// Reads a message that may name these roles.
    ///
    /// # Errors
    /// Every placeholder that is unknown or not closed, counted in bytes of the text.
    pub(super) fn parse(text: &str, roles: &[&str], arithmetic: bool) -> Result<Self, Vec<MessageFault>> {
        let mut known = roles.to_vec();
        if arithmetic {
            known.push("arithmetic");
        }
        known.push("text");
        let (mut pieces, mut faults) = (Vec::new(), Vec::new());
        let mut at = 0;
        while let Some(found) = text[at..].find(['{', '}']) {
            let start = at + found;
            if found > 0 {
                pieces.push(Piece::Words(text[at..start].to_owned()));
            }
            let inside = text[start..].strip_prefix('{').and_then(|rest| rest.split_once('}'));
            let Some((name, _)) = inside.filter(|(name, _)| !name.contains('{')) else {
                let message = format!("`{}` without its partner", &text[start..=start]);
                faults.push((Span::new(start, start + 1), message, "write `{name}`".to_owned()));
                at = start + 1;
                continue;
            };
            at = start + name.len() + 2;
            match name {
                "text" => pieces.push(Piece::Placeholder(Placeholder::Text)),
                "arithmetic" if arithmetic => pieces.push(Piece::Placeholder(Placeholder::Arithmetic)),
                role if roles.contains(&role) => {
                    pieces.push(Piece::Placeholder(Placeholder::Role(role.to_owned())));
                }
                unknown => {
                    let help = match closest(unknown, known.iter().copied()) {
                        Some(near) => format!("did you mean `{{{near}}}`?"),
                        None => format!("the placeholders are {{{}}}", known.join("}, {")),
                    };
                    let message = format!("unknown placeholder `{{{unknown}}}`");
                    faults.push((Span::new(start, at), message, help));
                }
            }
        }
        if at < text.len() {
            pieces.push(Piece::Words(text[at..].to_owned()));
        }
        if faults.is_empty() { Ok(Self { pieces }) } else { Err(faults) }
    }

    /// The message with every placeholder filled.
    pub fn fill(&self, value: &dyn Fn(&Placeholder) -> String) -> String {
        let piece = |piece: &Piece| match piece {
            Piece::Words(words) => words.clone(),
            Piece::Placeholder(placeholder) => value(placeholder),
        };
        self.pieces.iter().map(piece).collect()
    }

    /// The placeholders, in order.
    pub fn placeholders(&self) -> impl Iterator<Item = &Placeholder> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Placeholder(placeholder) => Some(placeholder),
            Piece::Words(_) => None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_filled() {
        let message = Message::parse("占比 {share}，与“{text}”不符：{arithmetic}", &["share"], true).unwrap();
        let filled = message.fill(&|placeholder| match placeholder {
            Placeholder::Role(name) => name.to_uppercase(),
            Placeholder::Arithmetic => "1 ÷ 2 = 50%".to_owned(),
            Placeholder::Text => "六成".to_owned(),
        });
        assert_eq!(filled, "占比 SHARE，与“六成”不符：1 ÷ 2 = 50%");
        assert_eq!(message.placeholders().count(), 3);
    }

    #[test]
    fn wrong_placeholders_have_their_place() {
        let text = "占比 {shrae} 与 {x} {text";
        let faults = Message::parse(text, &["share"], false).unwrap_err();
        let found: Vec<_> = faults
            .iter()
            .map(|(span, message, help)| (span.of(text), message.as_str(), help.as_str()))
            .collect();
        assert_eq!(
            found,
            [
                ("{shrae}", "unknown placeholder `{shrae}`", "did you mean `{share}`?"),
                ("{x}", "unknown placeholder `{x}`", "the placeholders are {share}, {text}"),
                ("{", "`{` without its partner", "write `{name}`"),
            ]
        );
        assert!(Message::parse("{arithmetic}", &[], false).is_err());
    }
}
