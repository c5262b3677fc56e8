use std::collections::BTreeSet;

use crate::rule::{Rule, closest_rule};
use crate::source::closest;

/// Which rules a word of `select`, `ignore` or `[severity]` means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Selector {
    All,
    /// Those that run unless told otherwise.
    Default,
    Id(String),
    /// `*` stands for any text; a group is the pattern `group/*`.
    Pattern(String),
}

impl Selector {
    pub fn new(text: &str) -> Self {
        match text {
            "all" => Self::All,
            "default" => Self::Default,
            _ if text.ends_with('/') => Self::Pattern(format!("{text}*")),
            _ if text.contains('*') => Self::Pattern(text.to_owned()),
            _ if text.contains('/') => Self::Id(text.to_owned()),
            _ => Self::Pattern(format!("{text}/*")),
        }
    }

    pub fn matches(&self, rule: &Rule) -> bool {
        match self {
            Self::All => true,
            Self::Default => rule.default,
            Self::Id(id) => rule.id == *id,
            Self::Pattern(pattern) => fits(pattern, &rule.id),
        }
    }

    /// How narrow it is: of several that match a rule, the narrowest decides.
    pub fn narrowness(&self) -> usize {
        match self {
            Self::All | Self::Default => 0,
            Self::Pattern(pattern) => 1 + pattern.bytes().filter(|byte| *byte != b'*').count(),
            Self::Id(_) => usize::MAX,
        }
    }
}

/// Whether `*` can stand for such texts that the pattern is the text.
fn fits(pattern: &str, text: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('*') else { return pattern == text };
    let (middle, end) = rest.rsplit_once('*').unwrap_or(("", rest));
    let Some(mut inside) = text.strip_prefix(start).and_then(|text| text.strip_suffix(end)) else {
        return false;
    };
    // The first place of each piece leaves most for the pieces behind it.
    middle.split('*').all(|piece| match inside.find(piece) {
        Some(at) => {
            inside = &inside[at + piece.len()..];
            true
        }
        None => false,
    })
}

/// What a word that selects nothing may have meant.
pub(super) fn likely(text: &str, rules: &[Rule]) -> Option<String> {
    let groups: BTreeSet<&str> = rules.iter().map(Rule::group).collect();
    let group = text.trim_end_matches(['/', '*']);
    let meant = || {
        let words = groups.iter().copied().chain(["all", "default"]);
        closest(group, words).filter(|_| !group.contains('/')).map(|word| match word {
            "all" | "default" => word.to_owned(),
            group => format!("{group}/"),
        })
    };
    meant().or_else(|| closest_rule(text, rules).map(str::to_owned))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_can_be_written_in_three_ways() {
        let group = Selector::Pattern("numeric/*".into());
        for written in ["numeric", "numeric/", "numeric/*"] {
            assert_eq!(Selector::new(written), group, "{written}");
        }
        assert_eq!(Selector::new("numeric/share"), Selector::Id("numeric/share".into()));
        assert_eq!((Selector::new("all"), Selector::new("default")), (Selector::All, Selector::Default));
    }

    #[test]
    fn stars_stand_for_any_text() {
        for pattern in ["*", "numeric/*", "*share", "*/share", "n*c/s*e", "*r*r*", "numeric/share*", "**"] {
            assert!(fits(pattern, "numeric/share"), "{pattern}");
        }
        for pattern in ["wording/*", "*shares", "share*", "n*x*e", "numeric/share/*", "*e*e*e", ""] {
            assert!(!fits(pattern, "numeric/share"), "{pattern}");
        }
        assert!(!fits("aba*aba", "aba"), "both ends need a place of their own");
    }

    #[test]
    fn the_narrower_the_heavier() {
        let order = ["all", "numeric/*", "numeric/share*", "numeric/share"]
            .map(|text| Selector::new(text).narrowness());
        assert!(order.is_sorted() && order[0] < order[1], "{order:?}");
    }
}
