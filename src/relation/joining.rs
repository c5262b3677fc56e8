//! The words that join figures: to a list, to an enumeration, to a range.

use crate::document::MARKUP;
use crate::lexicon::LexiconBuilder;

/// The joining words of `lexicons/joining.toml`, in both languages.
#[derive(Clone, Debug, Default)]
pub(super) struct Joining {
    /// 和, and: between two figures that are told together.
    together: Words,
    /// And: announces the last item of a list.
    last_item: Words,
    /// 和, plus: between any two items of a list.
    items: Words,
    /// 和, 并: behind a comma, the list goes on.
    goes_on: Words,
    /// 至, to: between the ends of a range.
    range: Words,
    /// 占, has: between the label of an item and its figure.
    leads_to_figure: Words,
}

/// Words by script: Latin ones stand alone, Han ones anywhere.
#[derive(Clone, Debug, Default)]
struct Words {
    latin: Vec<String>,
    han: Vec<String>,
}

impl Words {
    fn of(lexicon: &LexiconBuilder, name: &str) -> Self {
        let words = lexicon.find(name).map(|class| lexicon.words_of(class)).unwrap_or_default();
        let (latin, han) = words.into_iter().map(str::to_owned).partition(|word| word.is_ascii());
        Self { latin, han }
    }

    /// Whether one of them stands in the text.
    fn stand_in(&self, text: &str) -> bool {
        self.han.iter().any(|word| text.contains(word.as_str()))
            || text.split(|c: char| !c.is_ascii_alphabetic()).any(|word| self.are(word))
    }

    /// Whether the text is one of them.
    fn are(&self, text: &str) -> bool {
        !text.is_empty() && self.latin.iter().chain(&self.han).any(|word| word == text)
    }

    /// The text without those that it ends with.
    fn cut_off_end<'t>(&self, mut text: &'t str) -> &'t str {
        loop {
            let whole = text;
            let latin = |word: &String| whole.strip_suffix(word.as_str()).filter(|rest| rest.ends_with(' '));
            let han = |word: &String| whole.strip_suffix(word.as_str());
            let cut = self.latin.iter().find_map(latin).or_else(|| self.han.iter().find_map(han));
            match cut {
                Some(rest) if !rest.trim().is_empty() => text = rest.trim_end(),
                _ => return text,
            }
        }
    }

    /// The text without the one that it begins with.
    fn cut_off_start<'t>(&self, text: &'t str) -> &'t str {
        let latin = |word: &String| text.strip_prefix(word.as_str()).filter(|rest| rest.starts_with(' '));
        let han = |word: &String| text.strip_prefix(word.as_str());
        self.latin.iter().find_map(latin).or_else(|| self.han.iter().find_map(han)).unwrap_or(text)
    }

    /// Whether the text begins with one of them.
    fn begin(&self, text: &str) -> bool {
        self.han.iter().any(|word| text.starts_with(word.as_str()))
    }
}

impl Joining {
    pub fn of(lexicon: &LexiconBuilder) -> Self {
        Self {
            together: Words::of(lexicon, "told-together"),
            last_item: Words::of(lexicon, "announces-last-item"),
            items: Words::of(lexicon, "joins-items"),
            goes_on: Words::of(lexicon, "list-goes-on"),
            range: Words::of(lexicon, "joins-range"),
            leads_to_figure: Words::of(lexicon, "leads-to-figure"),
        }
    }

    /// Whether nothing but a conjunction stands between two figures.
    pub fn together(&self, between: &str) -> bool {
        let words = between.trim_matches([' ', ',', MARKUP as char]);
        words == "、" || self.together.are(words)
    }

    /// Whether the text between two items announces the last one: an "and" behind the last comma.
    pub fn announces_last(&self, between: &str) -> bool {
        let item = between.rsplit([',', '，', '、', ';', '；']).next().unwrap_or(between);
        self.last_item.stand_in(item)
    }

    /// Whether a Han comma or semicolon stands between two figures with no conjunction behind it.
    pub fn pauses(&self, between: &str) -> bool {
        between.rsplit_once(['，', '；']).is_some_and(|(_, item)| !self.goes_on.begin(item))
    }

    /// Whether the text between two figures makes them items of one list.
    pub fn separates(&self, between: &str) -> bool {
        between.contains(['、', '，', ',', '；', ';', '+', '＋', '\n']) || self.items.stand_in(between)
    }

    /// The label of an item, without the conjunction before it and the words that lead on to its figure.
    pub fn without_edges<'t>(&self, label: &'t str) -> &'t str {
        self.leads_to_figure.cut_off_end(self.items.cut_off_start(label))
    }

    /// Whether the text between two figures makes them the ends of one range.
    pub fn joins_range(&self, between: &str) -> bool {
        let words = between.trim_matches(|c: char| c.is_whitespace() || c == char::from(MARKUP));
        let dash = |c: char| matches!(c, '-' | '–' | '—' | '－' | '~' | '～' | '−');
        let rest = words.trim_start_matches(dash);
        // One dash, or two of a kind; a word may stand behind one.
        match words.chars().filter(|c| dash(*c)).count() {
            0 => self.range.are(words),
            1 => rest.is_empty() || self.range.are(rest),
            2 => matches!(words, "--" | "——"),
            _ => false,
        }
    }
}
