use crate::lexicon::{ClassId, LexiconBuilder};

/// The words by which prose speaks of a table, from `lexicons/table-claims.toml`.
#[derive(Clone, Debug, Default)]
pub(in super::super) struct ClaimWords {
    /// Largest, fastest-growing; the smallest; the third largest.
    pub first: Option<ClassId>,
    pub fastest: Option<ClassId>,
    pub last: Option<ClassId>,
    pub place: Option<ClassId>,
    pub mean: Option<ClassId>,
    pub median: Option<ClassId>,
    /// The mean of scenarios by their probabilities.
    pub expected: Option<ClassId>,
    /// Those of these words that can mean nothing else.
    pub probability_weighted: Option<ClassId>,
    /// CAGR, 复合增速.
    pub compound_growth: Option<ClassId>,
    /// All rows, most rows.
    pub all: Option<ClassId>,
    pub most_rows: Option<ClassId>,
    /// Rises, falls: a range is one of changes.
    pub change: Option<ClassId>,
    /// Within: the figure beside it is the most that there is.
    pub within: Option<ClassId>,
    /// The table itself is spoken of.
    pub table: Option<ClassId>,
    /// Words that silence a claim from its clause and from its sentence, and those with which it may be of others than the table's rows.
    pub guard: Option<ClassId>,
    pub except: Option<ClassId>,
    pub subset: Option<ClassId>,
    /// In, for, of: behind a name they make it that of a part.
    pub narrows: Option<ClassId>,
    /// Words that may stand between a name and what it is called.
    pub between: Vec<String>,
    /// Words that end the name of a measure, and those with which nothing more is said of it.
    pub name_end: Vec<String>,
    pub done: Vec<String>,
}

impl ClaimWords {
    pub fn of(lexicon: &LexiconBuilder) -> Self {
        let words = |name: &str| {
            let found = lexicon.find(name).map(|class| lexicon.words_of(class)).unwrap_or_default();
            let mut words: Vec<String> = found.into_iter().map(str::to_owned).collect();
            // The longest first, so that 规模 goes before 为.
            words.sort_by_key(|word| std::cmp::Reverse(word.len()));
            words
        };
        Self {
            first: lexicon.find("claim-first"),
            fastest: lexicon.find("claim-fastest"),
            last: lexicon.find("claim-last"),
            place: lexicon.find("claim-place"),
            mean: lexicon.find("claim-mean"),
            median: lexicon.find("claim-median"),
            expected: lexicon.find("claim-expected"),
            probability_weighted: lexicon.find("claim-probability-weighted"),
            compound_growth: lexicon.find("compound-growth"),
            all: lexicon.find("claim-all"),
            most_rows: lexicon.find("claim-most-rows"),
            change: lexicon.find("claim-change"),
            within: lexicon.find("claim-within"),
            table: lexicon.find("claim-table"),
            guard: lexicon.find("claim-guard"),
            except: lexicon.find("claim-except"),
            subset: lexicon.find("claim-subset"),
            narrows: lexicon.find("claim-narrows"),
            between: words("claim-between"),
            name_end: words("claim-name-end"),
            done: words("claim-done"),
        }
    }

    /// The name that is left of a stretch without the words around it that name nothing.
    pub fn name_in(&self, text: &str) -> String {
        let edge = |c: char| !c.is_alphanumeric() && !matches!(c, '%' | '&' | '/');
        let mut text = text.to_lowercase().replace(['\u{1}', '\u{2}'], "");
        loop {
            let whole = text.trim_matches(edge);
            let cut = self.between.iter().find_map(|word| {
                let rest = whole.strip_prefix(word.as_str());
                let front = rest.filter(|rest| !word.is_ascii() || !rest.starts_with(char::is_alphanumeric));
                let rest = whole.strip_suffix(word.as_str());
                let back = rest.filter(|rest| !word.is_ascii() || !rest.ends_with(char::is_alphanumeric));
                front.or(back)
            });
            match cut {
                Some(rest) => text = rest.to_owned(),
                None => return whole.to_owned(),
            }
        }
    }

    /// Whether nothing behind a claim makes it one of another thing: it ends there, or goes on with its figure.
    pub fn ends_claim(&self, rest: &str) -> bool {
        let text = rest.to_lowercase().replace(['\u{1}', '\u{2}'], "");
        let mut text = text.trim_start();
        let begins = |text: &str, word: &str| {
            let rest = text.strip_prefix(word);
            rest.is_some_and(|rest| !word.is_ascii() || !rest.starts_with(char::is_alphanumeric))
        };
        loop {
            if !text.starts_with(char::is_alphabetic) || self.done.iter().any(|word| begins(text, word)) {
                return true;
            }
            // The largest market, segment, company: a name for any row.
            let Some(word) = self.between.iter().find(|word| begins(text, word)) else { return false };
            text = text[word.len()..].trim_start();
        }
    }

    /// What stands before the first word that ends a name.
    pub fn before_end<'t>(&self, text: &'t str) -> &'t str {
        let lower = text.to_ascii_lowercase();
        let begins = |word: &str, at: usize| {
            !word.is_ascii()
                || !word.starts_with(|c: char| c.is_ascii_alphabetic())
                || (!lower[..at].ends_with(char::is_alphanumeric)
                    && !lower[at + word.len()..].starts_with(char::is_alphanumeric))
        };
        let ends = self.name_end.iter().filter_map(|word| {
            lower.match_indices(word.as_str()).map(|(at, _)| at).find(|at| begins(word, *at))
        });
        &text[..ends.min().unwrap_or(text.len())]
    }
}
