//! How many there are of what is listed: a heading of ten points over a list of nine.

use rust_decimal::Decimal;

use super::words::Says;
use super::{Filled, Places};
use crate::document::{Block, BlockKind, Document, Section, Table, plain};
use crate::relation::model::Filler;
use crate::source::Span;

/// Bytes of a heading or a paragraph that announces a list.
const LONGEST_LEAD: usize = 300;

/// So many of what comes next.
struct Announced {
    span: Span,
    count: u32,
}

/// A list right below what announces it.
struct Listed {
    count: u32,
    last: Span,
    /// Whether its items are numbered from one on.
    numbered: bool,
}

/// Compares announced numbers with the lists and tables below them.
pub(super) fn find(places: &mut Places<'_>) {
    let document = places.scene.document;
    for (number, block) in document.blocks.iter().enumerate() {
        let announced = match block.kind {
            BlockKind::Heading { .. } => in_heading(places, block.span),
            BlockKind::Paragraph => in_lead(places, block.span),
            _ => None,
        };
        let Some(announced) = announced.filter(|_| !places.in_source(block.span)) else { continue };
        let listed = listed_below(places, number).or_else(|| ranked_below(places, number));
        let Some(listed) = listed.filter(|listed| listed.count > 1) else { continue };
        let fillers = vec![
            ("announced", Filler::Count { span: announced.span, value: Decimal::from(announced.count) }),
            ("listed", Filler::Count { span: listed.last, value: Decimal::from(listed.count) }),
        ];
        places.state("listed-number", announced.span, vec![Filled { fillers, sure: listed.numbered }]);
    }
    sources(places);
}

/// The number of a heading: 十大关键洞察, Key highlights (12 points).
fn in_heading(places: &Places<'_>, heading: Span) -> Option<Announced> {
    // Two numbers leave open which of them is meant.
    if heading.len() > LONGEST_LEAD || numbers_in(heading.of(places.prose())) != 1 {
        return None;
    }
    segments(places.prose(), heading).find_map(|segment| announced_in(places, segment))
}

/// The number in a line that ends in a colon: 以下四点：, the following five steps:
fn in_lead(places: &Places<'_>, line: Span) -> Option<Announced> {
    let prose = places.prose();
    let text = line.of(prose).trim_end_matches(|c: char| c.is_whitespace() || c.is_control());
    if line.len() > LONGEST_LEAD || !text.ends_with([':', '：']) {
        return None;
    }
    let clause = text.trim_end_matches([':', '：']);
    let from = clause.rfind(['。', '，', '；', ',', ';', '.', ':', '：', '\n']);
    let start = from.map_or(0, |at| at + clause[at..].chars().next().map_or(1, char::len_utf8));
    let clause = Span::new(line.start + start, line.start + clause.len());
    if clause.of(prose).contains(['(', '（']) || numbers_in(clause.of(prose)) != 1 {
        return None;
    }
    announced_in(places, clause)
}

/// A heading's own words, and what stands in its brackets.
fn segments(prose: &str, heading: Span) -> impl Iterator<Item = Span> {
    let text = heading.of(prose);
    let mut cuts = vec![heading.start];
    let brackets = ['(', ')', '（', '）', '[', ']', '【', '】', '：', ':', '—', '\u{2}'];
    for (at, mark) in text.match_indices(brackets) {
        cuts.extend([heading.start + at, heading.start + at + mark.len()]);
    }
    cuts.push(heading.end);
    let spans: Vec<Span> = cuts.chunks_exact(2).map(|cut| Span::new(cut[0], cut[1])).collect();
    spans.into_iter().filter(|span| !span.is_empty())
}

/// A number of things that lists are made of, with their name at the end of the words, or behind 以下.
fn announced_in(places: &Places<'_>, words: Span) -> Option<Announced> {
    let prose = places.prose();
    let hits = places.scene.hits;
    let text = words.of(prose);
    let trimmed = text.trim_end_matches(|c: char| !c.is_alphanumeric());
    let end = words.start + trimmed.len();
    let nouns = places.book.restated.find(hits, words, Says::ListNoun);
    let follows = places.book.restated.find(hits, words, Says::Follows);
    let starts = text.char_indices().map(|(at, _)| at);
    let mut found = starts.filter_map(|at| {
        let count = Count::read(text, at)?;
        let number = Span::new(words.start + at, words.start + at + count.length);
        let behind = |noun: &Span| noun.start >= number.end && noun.start - number.end <= NOUN_REACH;
        let noun = *nouns.iter().filter(|noun| behind(noun)).max_by_key(|noun| (noun.end, noun.len()))?;
        let between = &prose[number.end..noun.start];
        let one_name = !between.contains(['、', '，', ',', '/', '与', '和', '及', '的'])
            && ![" and ", " of ", " & ", " for ", " in "].iter().any(|word| between.contains(word));
        let rest = &prose[noun.end.min(end)..end];
        let last = noun.end >= end || noun_ends(rest);
        let led = follows.iter().any(|word| word.end <= number.start && number.start - word.end <= 8);
        (one_name && (last || led)).then_some(Announced { span: number.join(noun), count: count.value })
    });
    let first = found.next()?;
    found.all(|other| other.span.overlaps(first.span)).then_some(first)
}

/// How many numbers stand in a text that a list could be announced with.
fn numbers_in(text: &str) -> usize {
    let mut end = 0;
    let starts = text.char_indices().map(|(at, _)| at);
    let read = starts.filter(|&at| {
        let found = Count::read(text, at).filter(|_| at >= end);
        end = found.as_ref().map_or(end, |count| at + count.length);
        found.is_some()
    });
    read.count()
}

/// Bytes between a number and the name of what it counts.
const NOUN_REACH: usize = 40;

/// Whether a name of several words is over: "risks to watch".
fn noun_ends(rest: &str) -> bool {
    [" to ", " for ", " that ", " we ", " you ", " at a ", " behind ", " from "]
        .iter()
        .any(|word| rest.starts_with(word))
}

/// A whole number as lists are announced with.
struct Count {
    value: u32,
    /// In bytes.
    length: usize,
}

/// Numbers in words up to this are read.
const ENGLISH: [&str; 12] =
    ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];

impl Count {
    /// The number that begins at `at`, if nothing before or behind makes it another one.
    fn read(text: &str, at: usize) -> Option<Self> {
        let before = text[..at].chars().next_back();
        let rest = &text[at..];
        let first = rest.chars().next()?;
        let free =
            |c: char| !(c.is_alphanumeric() && c.is_ascii() || matches!(c, '.' | ',' | '-' | '–' | '~'));
        if first.is_ascii_digit() {
            if before.is_some_and(|c| !free(c) || matches!(c, '前' | '第' | '约' | '超' | '至' | '到' | '$'))
            {
                return None;
            }
            let length = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
            let value = rest[..length].parse().ok().filter(|value| (2..=LARGEST).contains(value))?;
            return Self { value, length }.if_plain(&rest[length..]);
        }
        if first.is_ascii_alphabetic() {
            if before.is_some_and(|c| !free(c)) {
                return None;
            }
            let length = rest.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(rest.len());
            let word = rest[..length].to_ascii_lowercase();
            let value = ENGLISH.iter().position(|known| *known == word)?;
            let value = u32::try_from(value + 1).ok().filter(|value| *value > 1)?;
            return Self { value, length }.if_plain(&rest[length..]);
        }
        Self::han(before, rest)
    }

    /// 十大, 三个, 五条: a Han numeral with a word for counting.
    fn han(before: Option<char>, rest: &str) -> Option<Self> {
        let numeral = |c: char| {
            matches!(c, '〇' | '一' | '二' | '三' | '四' | '五' | '六' | '七' | '八' | '九' | '十' | '两')
        };
        if !rest.starts_with(numeral) {
            return None;
        }
        if before.is_some_and(|c| {
            numeral(c)
                || matches!(c, '第' | '前' | '约' | '近' | '百' | '千' | '每' | '任' | '周' | '星' | '之')
        }) {
            return None;
        }
        let length = rest.find(|c| !numeral(c)).unwrap_or(rest.len());
        let value = han_value(&rest[..length]).filter(|value| *value > 1)?;
        Self { value, length }.if_counting(&rest[length..])
    }

    fn if_counting(self, behind: &str) -> Option<Self> {
        let counting = [
            '大', '个', '條', '条', '点', '點', '项', '項', '类', '類', '种', '種', '步', '則', '则', '個',
            '方',
        ];
        behind.starts_with(counting).then_some(self)?.if_plain(behind)
    }

    /// Whether the number stands as it is: no 十余, no 25+, no 5-7, no 3.5, no share.
    fn if_plain(self, behind: &str) -> Option<Self> {
        let open = [
            '+', '＋', '余', '餘', '多', '几', '-', '–', '~', '.', ',', '%', '％', '年', '月', '日', '季',
            '至', '到', '/', '亿', '万', '倍', '：', ':',
        ];
        (!behind.starts_with(open) && !behind.starts_with(" or ") && !behind.starts_with(" to "))
            .then_some(self)
    }
}

/// The largest number that is taken for one of a list.
const LARGEST: u32 = 200;

/// 三, 十, 十二, 二十.
fn han_value(text: &str) -> Option<u32> {
    let digit = |c: char| match c {
        '两' => Some(2),
        c => {
            "〇一二三四五六七八九".chars().position(|known| known == c).and_then(|at| u32::try_from(at).ok())
        }
    };
    match text.chars().collect::<Vec<_>>().as_slice() {
        ['十'] => Some(10),
        ['十', unit] => Some(10 + digit(*unit)?),
        [unit] => digit(*unit),
        [tens, '十'] => Some(10 * digit(*tens)?),
        [tens, '十', unit] => Some(10 * digit(*tens)? + digit(*unit)?),
        _ => None,
    }
}

/// The one list right below a heading, or behind a line that announces it.
fn listed_below(places: &Places<'_>, number: usize) -> Option<Listed> {
    let blocks = &places.scene.document.blocks;
    let lead = &blocks[number];
    let own = |block: &&Block| block.section == lead.section;
    let rest = blocks[number + 1..].iter().take_while(own);
    if matches!(lead.kind, BlockKind::Heading { .. }) {
        let mut runs = Runs::default();
        rest.for_each(|block| runs.add(block));
        runs.only()
    } else {
        let mut runs = Runs::default();
        let is_item = |block: &&Block| matches!(block.kind, BlockKind::ListItem { .. });
        rest.take_while(is_item).for_each(|block| runs.add(block));
        runs.only()
    }
}

/// Lists one after the other.
#[derive(Default)]
struct Runs {
    runs: Vec<Run>,
    open: bool,
    /// Whether something stands beside the lists that may hold further items.
    other: bool,
}

struct Run {
    depth: u16,
    /// The outer items: their numbers and places.
    items: Vec<(Option<u64>, Span)>,
}

impl Runs {
    fn add(&mut self, block: &Block) {
        match block.kind {
            BlockKind::ListItem { depth, ordinal } => {
                let item = (ordinal, block.span);
                let fresh = !self.open || self.runs.is_empty();
                // 1, 2 and, behind a paragraph, 3: one list.
                let goes_on = fresh
                    && ordinal.is_some_and(|next| next > 1)
                    && self.runs.last().and_then(|run| run.items.last()?.0).map(|last| last + 1) == ordinal;
                match self.runs.last_mut().filter(|_| !fresh || goes_on) {
                    Some(run) if depth == run.depth => run.items.push(item),
                    Some(run) if depth < run.depth => self.other = true,
                    Some(_) => {}
                    None => self.runs.push(Run { depth, items: vec![item] }),
                }
                self.open = true;
            }
            BlockKind::Paragraph | BlockKind::Quote => self.open = false,
            BlockKind::Code => {}
            _ => {
                self.open = false;
                self.other = true;
            }
        }
    }

    /// The list, where there is one and nothing else that could be counted.
    fn only(self) -> Option<Listed> {
        let [run] = self.runs.as_slice() else { return None };
        if self.other {
            return None;
        }
        let count = u32::try_from(run.items.len()).ok()?;
        let numbered = (1..).zip(&run.items).all(|(expected, (ordinal, _))| *ordinal == Some(expected));
        Some(Listed { count, last: run.items.last()?.1, numbered })
    }
}

/// The rows of the one ranked table below a heading: TOP 20, 十大.
fn ranked_below(places: &Places<'_>, number: usize) -> Option<Listed> {
    let document = places.scene.document;
    let lead = &document.blocks[number];
    if !matches!(lead.kind, BlockKind::Heading { .. }) {
        return None;
    }
    let from = document.tables.partition_point(|table| table.span.start < lead.span.end);
    let own = document.tables[from..].iter().take_while(|table| table.section == lead.section);
    let [table] = own.collect::<Vec<&Table>>()[..] else { return None };
    let mut rows = 0;
    let mut last = None;
    for row in table.rows.iter().skip(1) {
        let first = plain(row.first()?.of(places.prose()));
        let rank: Option<u32> = first.trim_matches(|c: char| !c.is_ascii_digit()).parse().ok();
        if rank != Some(rows + 1) {
            return None;
        }
        rows += 1;
        last = row.first().copied();
    }
    Some(Listed { count: rows, last: last?, numbered: true })
}

/// The headings that a block stands under, the inner one first.
fn headings_above<'d>(document: &'d Document, block: &Block) -> impl Iterator<Item = Span> + 'd {
    let first = document.sections.get(block.section as usize);
    let up = |section: &&'d Section| document.sections.get(section.parent? as usize);
    std::iter::successors(first, up).map(|section| section.heading)
}

/// What is said of the number of sources against the list of them.
fn sources(places: &mut Places<'_>) {
    let document = places.scene.document;
    let words = places.book.restated;
    let hits = places.scene.hits;
    let listed: Vec<&Block> = document
        .blocks
        .iter()
        .filter(|block| matches!(block.kind, BlockKind::ListItem { depth: 0 | 1, .. }))
        .filter(|block| {
            headings_above(document, block).any(|heading| {
                words.say(hits, heading, Says::SourcesHeading) && !words.say(hits, heading, Says::Excerpt)
            })
        })
        .collect();
    let Some(last) = listed.last() else { return };
    let count = Filler::Count { span: last.span, value: Decimal::from(listed.len()) };
    for table in &document.tables {
        for row in &table.rows {
            let [name, value, ..] = row.as_slice() else { continue };
            if !words.say(hits, *name, Says::SourcesCounted) {
                continue;
            }
            let (first, inside) = places.scene.reading.quantities_within(*value);
            if inside.len() == 1 {
                let fillers = vec![("stated", Filler::whole(first)), ("listed", count)];
                places.state("listed-sources", *value, vec![Filled { fillers, sure: true }]);
            }
        }
    }
}
