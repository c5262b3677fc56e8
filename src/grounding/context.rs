//! What stands around a figure, and which figures of a source have the same around them.

use rayon::prelude::*;

use super::index::Index;
use super::{GroundingLexicon, Text, Texts};
use crate::assertion::Vocabulary;
use crate::document::{BlockKind, Document, MARKUP};
use crate::quantity::Quantity;
use crate::source::Span;

/// Bytes to either side of a figure of a source that tell what it is a figure of.
const SOURCE_REACH: usize = 96;
/// The same in a report, whose sentences are put together from several of the source.
const REPORT_REACH: usize = 160;
/// Words that stand by more figures than this say nothing.
const MOST_PLACES: usize = 400;
/// Bytes between a figure and the word beside it.
const BESIDE_REACH: usize = 24;
/// Lines of a source to either side of a figure's that may hold its words.
const LINES_AROUND: usize = 3;
/// Bytes to either side of which it is asked whether both texts say the same.
const VERBATIM_REACH: usize = 240;

/// A word, an entity or a measure.
pub(super) type Token = u64;

/// The words around a figure.
#[derive(Clone, Debug, Default)]
pub(super) struct Context {
    /// In order, each once.
    pub tokens: Vec<Token>,
    /// The word right before the figure, and the one right behind it.
    pub beside: [Option<Token>; 2],
}

/// Reads contexts.
pub(super) struct ContextReader<'a> {
    pub lexicon: &'a GroundingLexicon,
    pub vocabulary: &'a Vocabulary,
}

impl ContextReader<'_> {
    /// Around a figure of the report: its sentence, and in a table the heads of its row and column.
    pub fn of_report(&self, text: Text<'_>, quantity: &Quantity) -> Context {
        let document = text.document;
        let sentence = document.sentence_at(quantity.span.start).map(|at| document.sentences[at].span);
        let block = document.block_of(quantity.span.start).map(|at| &document.blocks[at]);
        let bounds = sentence.or(block.map(|block| block.span)).unwrap_or(quantity.span);
        let mut context = self.around(text, quantity, bounds, REPORT_REACH);
        let heads = cell_heads(document, quantity.span);
        for head in &heads {
            self.tokens(text, *head, &mut context.tokens);
        }
        if let Some(label) = heads.last().filter(|label| label.end <= quantity.span.start) {
            context.beside[0] = word_before(label.of(&document.prose)).map(|(token, _)| token);
        }
        context.tokens.sort_unstable();
        context.tokens.dedup();
        context
    }

    /// Around a figure of a source.
    pub fn of_source(&self, text: Text<'_>, quantity: &Quantity) -> Context {
        self.around(text, quantity, passage(text.document, quantity.span), SOURCE_REACH)
    }

    fn around(&self, text: Text<'_>, quantity: &Quantity, bounds: Span, reach: usize) -> Context {
        let prose = &text.document.prose;
        let span = quantity.span;
        let start =
            prose.ceil_char_boundary(span.start.saturating_sub(reach)).max(bounds.start).min(span.start);
        let end = prose.floor_char_boundary(span.end + reach).min(bounds.end).max(span.end);
        let mut tokens = Vec::new();
        self.tokens(text, Span::new(start, span.start), &mut tokens);
        // A count's unit is a word as well: 9亿周活用户.
        self.tokens(text, span, &mut tokens);
        self.tokens(text, Span::new(span.end, end), &mut tokens);
        tokens.sort_unstable();
        tokens.dedup();
        Context {
            tokens,
            beside: [self.before(&prose[start..span.start]), self.behind(&prose[span.end..end])],
        }
    }

    fn tokens(&self, text: Text<'_>, stretch: Span, out: &mut Vec<Token>) {
        words(stretch.of(&text.document.prose), out);
        let mentions = &text.reading.mentions;
        let from = mentions.partition_point(|(span, _)| span.start < stretch.start);
        let inside = mentions[from..].iter().take_while(|(span, _)| span.end <= stretch.end);
        out.extend(inside.filter(|(_, entity)| self.vocabulary.knows(*entity)).map(|(_, id)| named(0, id.0)));
        let measures = text.hits.within(stretch).iter().filter(|hit| hit.span.end <= stretch.end);
        out.extend(
            measures
                .filter_map(|hit| self.vocabulary.measure_of(hit.class))
                .map(|id| named(1, u32::from(id.0))),
        );
    }

    fn before(&self, text: &str) -> Option<Token> {
        let floor = text.ceil_char_boundary(text.len().saturating_sub(BESIDE_REACH));
        let mut text = &text[floor..];
        loop {
            text = text.trim_end_matches(|c| c == char::from(MARKUP) || is_gap(c));
            let (token, word) = word_before(text)?;
            let passed = self.lexicon.passed_before.iter().find(|known| ends_with_word(text, known));
            match passed {
                Some(known) => text = &text[..text.len() - known.len()],
                None => return Some(token).filter(|_| !word.is_empty()),
            }
        }
    }

    fn behind(&self, text: &str) -> Option<Token> {
        let mut text = &text[..text.floor_char_boundary(BESIDE_REACH.min(text.len()))];
        loop {
            text = text.trim_start_matches(|c| c == char::from(MARKUP) || is_gap(c));
            let (token, _) = word_behind(text)?;
            let passed = self.lexicon.passed_behind.iter().find(|known| starts_with_word(text, known));
            match passed {
                Some(known) => text = &text[known.len()..],
                None => return Some(token),
            }
        }
    }
}

/// The head of the column and that of the row of a figure in a table; nothing elsewhere.
pub(super) fn cell_heads(document: &Document, place: Span) -> Vec<Span> {
    let kind = document.block_of(place.start).map(|at| document.blocks[at].kind);
    let Some(BlockKind::Cell { table, row, column }) = kind else { return Vec::new() };
    let rows = &document.tables[table as usize].rows;
    let column = rows.first().and_then(|cells| cells.get(column as usize));
    let row = rows.get(row as usize).and_then(|cells| cells.first());
    column.into_iter().chain(row).copied().filter(|head| !head.contains(place)).collect()
}

/// The lines of a source around a place: a transcript breaks its lines anywhere.
fn passage(document: &Document, place: Span) -> Span {
    let Some(at) = document.block_of(place.start) else { return place };
    let role = document.blocks[at].role;
    let (before, behind) = document.blocks.split_at(at);
    let alike = |block: &&crate::document::Block| block.role == role;
    let first = before.iter().rev().take(LINES_AROUND).take_while(alike).last().unwrap_or(&behind[0]);
    let last = behind.iter().take(LINES_AROUND + 1).take_while(alike).last().unwrap_or(&behind[0]);
    first.span.join(last.span)
}

/// Brackets, quotation marks and blanks between a figure and its word.
fn is_gap(c: char) -> bool {
    c.is_whitespace()
        || matches!(c, '(' | '（' | ')' | '）' | '$' | '~' | '*' | ':' | '：' | '"' | '“' | '”' | '+')
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}')
}

fn ends_with_word(text: &str, word: &str) -> bool {
    let Some(at) = text.len().checked_sub(word.len()).filter(|at| text.is_char_boundary(*at)) else {
        return false;
    };
    let latin = word.starts_with(|c: char| c.is_ascii_alphabetic());
    text[at..].eq_ignore_ascii_case(word)
        && !(latin && text[..at].ends_with(|c: char| c.is_ascii_alphanumeric()))
}

fn starts_with_word(text: &str, word: &str) -> bool {
    if !text.is_char_boundary(word.len().min(text.len())) || text.len() < word.len() {
        return false;
    }
    let latin = word.starts_with(|c: char| c.is_ascii_alphabetic());
    let rest = &text[word.len()..];
    text[..word.len()].eq_ignore_ascii_case(word)
        && !(latin && rest.starts_with(|c: char| c.is_ascii_alphanumeric()))
}

/// The last word of a text: two Han characters, or letters.
fn word_before(text: &str) -> Option<(Token, &str)> {
    let last = text.chars().next_back()?;
    if is_han(last) {
        let mut signs = text.chars().rev();
        let (second, first) = (signs.next()?, signs.next().filter(|c| is_han(*c))?);
        return Some((pair(first, second), &text[text.len() - first.len_utf8() - second.len_utf8()..]));
    }
    let start = text.trim_end_matches(|c: char| c.is_ascii_alphabetic()).len();
    (start < text.len()).then(|| (letters(&text[start..]), &text[start..]))
}

fn word_behind(text: &str) -> Option<(Token, &str)> {
    let mut signs = text.chars();
    let first = signs.next()?;
    if is_han(first) {
        let second = signs.next().filter(|c| is_han(*c))?;
        return Some((pair(first, second), &text[..first.len_utf8() + second.len_utf8()]));
    }
    let end = text.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(text.len());
    (end > 0).then(|| (letters(&text[..end]), &text[..end]))
}

/// Pairs of Han characters and words of letters; nothing is read across a break.
fn words(text: &str, out: &mut Vec<Token>) {
    let mut previous: Option<char> = None;
    let mut word: Option<usize> = None;
    for (at, c) in text.char_indices() {
        if c.is_ascii_alphabetic() {
            word.get_or_insert(at);
            previous = None;
            continue;
        }
        if let Some(start) = word.take() {
            push_word(&text[start..at], out);
        }
        if is_han(c) {
            out.extend(previous.map(|before| pair(before, c)));
            previous = Some(c);
        } else if c != char::from(MARKUP) {
            previous = None;
        }
    }
    if let Some(start) = word {
        push_word(&text[start..], out);
    }
}

fn push_word(word: &str, out: &mut Vec<Token>) {
    if word.len() > 1 {
        out.push(letters(word));
    }
}

const LETTERS: Token = 1 << 63;
const NAMED: Token = 1 << 62;

fn pair(first: char, second: char) -> Token {
    u64::from(u32::from(first)) << 24 | u64::from(u32::from(second))
}

fn named(kind: u64, number: u32) -> Token {
    NAMED | kind << 40 | u64::from(number)
}

/// The same for any case, and for one and many of a thing.
fn letters(word: &str) -> Token {
    let stem = if word.len() > 3 { word.strip_suffix(['s', 'S']).unwrap_or(word) } else { word };
    // FNV-1a.
    let hash = stem.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte.to_ascii_lowercase())).wrapping_mul(0x100_0000_01b3)
    });
    LETTERS | hash >> 2
}

/// Which figures of the sources each word stands by.
pub(super) struct Postings {
    /// By word, then by the figure's number.
    list: Vec<(Token, u32)>,
    /// By the word right beside the figure.
    beside: Vec<(Token, u32)>,
    figures: usize,
}

/// How much the words around a figure of the report say for each figure of the sources.
pub(super) struct Scores {
    scores: Vec<u32>,
    touched: Vec<u32>,
    /// What a figure would have that has all words around it that the sources know.
    pub whole: u32,
}

impl Postings {
    pub fn new(texts: &Texts<'_>, index: &Index, reader: &ContextReader<'_>) -> Self {
        let contexts: Vec<Context> = index
            .candidates
            .par_iter()
            .map(|candidate| reader.of_source(texts.text(candidate.figure.origin), &candidate.quantity))
            .collect();
        let (mut list, mut beside) = (Vec::new(), Vec::new());
        for (number, context) in (0..).zip(contexts) {
            list.extend(context.tokens.into_iter().map(|token| (token, number)));
            beside.extend(context.beside.into_iter().flatten().map(|token| (token, number)));
        }
        list.par_sort_unstable();
        beside.par_sort_unstable();
        Self { list, beside, figures: index.candidates.len() }
    }

    /// The figures that have this word right beside them; none of a word that stands beside very many.
    pub fn beside(&self, token: Token) -> impl Iterator<Item = u32> + '_ {
        let places = of(&self.beside, token);
        let telling = if places.len() > MOST_PLACES { &[] } else { places };
        telling.iter().map(|(_, number)| *number)
    }

    /// Whether the word stands right beside that figure.
    pub fn is_beside(&self, token: Token, number: u32) -> bool {
        self.beside.binary_search(&(token, number)).is_ok()
    }

    /// Whether the word stands around that figure.
    pub fn has(&self, token: Token, number: u32) -> bool {
        self.list.binary_search(&(token, number)).is_ok()
    }

    /// Weighs all figures that share words with the context.
    pub fn weigh(&self, context: &Context, scores: &mut Scores) {
        scores.clear(self.figures);
        for &token in &context.tokens {
            self.weigh_places(of(&self.list, token), scores);
        }
        for token in context.beside.into_iter().flatten() {
            self.weigh_places(of(&self.beside, token), scores);
        }
    }

    /// A word weighs the more, the fewer figures it stands by.
    fn weigh_places(&self, places: &[(Token, u32)], scores: &mut Scores) {
        if places.is_empty() || places.len() > MOST_PLACES {
            return;
        }
        let weight = (self.figures / places.len()).ilog2() + 1;
        scores.whole += weight;
        for &(_, number) in places {
            scores.add(number, weight);
        }
    }
}

fn of(list: &[(Token, u32)], token: Token) -> &[(Token, u32)] {
    let from = list.partition_point(|(known, _)| *known < token);
    let to = from + list[from..].partition_point(|(known, _)| *known == token);
    &list[from..to]
}

impl Scores {
    pub fn new() -> Self {
        Self { scores: Vec::new(), touched: Vec::new(), whole: 0 }
    }

    fn clear(&mut self, figures: usize) {
        self.scores.resize(figures, 0);
        for number in self.touched.drain(..) {
            self.scores[number as usize] = 0;
        }
        self.whole = 0;
    }

    fn add(&mut self, number: u32, weight: u32) {
        let score = &mut self.scores[number as usize];
        if *score == 0 {
            self.touched.push(number);
        }
        *score += weight;
    }

    pub fn of(&self, number: u32) -> u32 {
        self.scores.get(number as usize).copied().unwrap_or_default()
    }

    /// Every figure with a score.
    pub fn touched(&self) -> &[u32] {
        &self.touched
    }
}

/// What stands to either side of a figure, to see how far another text says the same.
pub(super) struct Sides {
    before: Vec<char>,
    behind: Vec<char>,
}

impl Sides {
    pub fn of(prose: &str, span: Span) -> Self {
        Self { before: before(prose, span).collect(), behind: behind(prose, span).collect() }
    }

    /// How far a text says the same before its figure and behind it: a Han character counts four, a letter one.
    pub fn verbatim(&self, prose: &str, span: Span) -> [u32; 2] {
        [common(&self.before, before(prose, span)), common(&self.behind, behind(prose, span))]
    }
}

fn before(prose: &str, span: Span) -> impl Iterator<Item = char> + '_ {
    let from = prose.ceil_char_boundary(span.start.saturating_sub(VERBATIM_REACH));
    plain(&prose[from..span.start]).rev()
}

fn behind(prose: &str, span: Span) -> impl Iterator<Item = char> + '_ {
    let to = prose.floor_char_boundary((span.end + VERBATIM_REACH).min(prose.len()));
    plain(&prose[span.end..to])
}

fn plain(text: &str) -> impl DoubleEndedIterator<Item = char> + '_ {
    text.chars().filter(|c| c.is_alphanumeric()).map(|c| c.to_ascii_lowercase())
}

fn common(own: &[char], other: impl Iterator<Item = char>) -> u32 {
    let same = own.iter().zip(other).take_while(|(x, y)| *x == y);
    same.map(|(c, _)| if c.is_ascii() { 1 } else { 4 }).sum()
}
