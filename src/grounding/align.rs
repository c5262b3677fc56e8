//! Each figure of a report beside those of its sources.

use std::collections::HashSet;
use std::ops::Range;

use rust_decimal::Decimal;

use super::context::{Context, ContextReader, Postings, Scores, Token, verbatim};
use super::derivation::{Derivation, Freedom, derive, same_number};
use super::figure::{
    Agreement, UnitFit, base_factor, is_slip, is_specific, literal, reach, significant_digits, unit_fit,
    written,
};
use super::index::{Candidate, Index};
use super::model::{GroundedFigure, Grounding, Origin, SourceFigure, Strength, Verdict};
use super::{GroundingLexicon, Texts};
use crate::assertion::Vocabulary;
use crate::document::{BlockKind, MARKUP, Role};
use crate::quantity::{Bound, Figure, Kind, Quantity, QuantityLexicon, Unit};
use crate::source::Span;

/// A number that stands in more places than this is looked at in the first of them.
const MOST_PLACES: usize = 512;
/// Figures of a source that the words around one of the report speak for.
const MOST_RIVALS: usize = 12;
/// Bytes within which figures of a source stand together.
const TOGETHER: usize = 240;
/// From here on a number says what it is a number of.
const LARGE: i64 = 10_000_000;
/// So many digits do as well.
const PRECISE: usize = 3;
/// What must speak for a figure of a source to be held against one of the report.
const ENOUGH: u32 = 70;
/// Operands that a figure may follow from.
const MOST_OPERANDS: usize = 8;

/// What is known of language.
#[derive(Clone, Copy)]
pub struct Knowledge<'a> {
    pub units: &'a QuantityLexicon,
    pub vocabulary: &'a Vocabulary,
    pub lexicon: &'a GroundingLexicon,
}

/// Looks for each figure of the report in its sources; `None` when there is no source.
pub fn ground(texts: &Texts<'_>, known: Knowledge<'_>) -> Option<Grounding> {
    let origins: Vec<Origin> = texts.origins().collect();
    if origins.is_empty() {
        return None;
    }
    let index = Index::new(texts, &origins, known.units, known.lexicon);
    let reader = ContextReader { lexicon: known.lexicon, vocabulary: known.vocabulary };
    let postings = Postings::new(texts, &index, &reader);
    let literals = literals(texts, &origins);
    let aligner = Aligner { texts, known, index: &index, postings: &postings, literals: &literals };
    Some(aligner.run(&reader))
}

/// The numbers that stand in the sources as digits, whatever they are numbers of.
fn literals(texts: &Texts<'_>, origins: &[Origin]) -> HashSet<String> {
    let mut found = HashSet::new();
    for &origin in origins {
        let document = texts.text(origin).document;
        for block in document.blocks.iter().filter(|block| texts.is_source(origin, block.span)) {
            let mut rest = block.span.of(&document.prose);
            while let Some(at) = rest.find(|c: char| c.is_ascii_digit()) {
                rest = &rest[at..];
                let (number, length) = literal(rest);
                found.extend(number);
                rest = &rest[length.max(1)..];
            }
        }
    }
    found
}

struct Aligner<'a> {
    texts: &'a Texts<'a>,
    known: Knowledge<'a>,
    index: &'a Index,
    postings: &'a Postings,
    literals: &'a HashSet<String>,
}

/// A figure of the report with what may answer it.
struct Asked {
    /// Index into the report's quantities.
    number: usize,
    quantity: Quantity,
    /// Figures of one sentence, or of one row of a table, belong together.
    group: Group,
    context: Context,
    /// Figures of the sources with its value, by number.
    answers: Vec<Answer>,
    /// The best of them, by its place in the list.
    best: Option<usize>,
    /// Figures of the sources with its words, the likeliest first.
    rivals: Vec<(u32, u32)>,
    /// What a figure would have that has all its words.
    whole: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Group {
    Sentence(usize),
    Row(u32, u32),
    Alone(usize),
}

#[derive(Clone, Copy, Debug)]
struct Answer {
    candidate: u32,
    agreement: Agreement,
    fit: UnitFit,
    score: u32,
}

/// A figure of a source that may stand where the report's should.
struct Rival {
    /// How much speaks for it.
    points: u32,
    figure: SourceFigure,
    strength: Strength,
}

impl Asked {
    fn relative(&self, score: u32) -> u32 {
        if self.whole == 0 { 0 } else { score * 100 / self.whole }
    }

    fn chosen(&self) -> Option<&Answer> {
        self.best.and_then(|at| self.answers.get(at))
    }
}

impl Aligner<'_> {
    fn run(&self, reader: &ContextReader<'_>) -> Grounding {
        let mut scores = Scores::new();
        let mut asked: Vec<Asked> = Vec::new();
        let quantities = &self.texts.report.reading.quantities;
        for (number, quantity) in quantities.iter().enumerate() {
            if !self.texts.is_source(Origin::Report, quantity.span) {
                asked.push(self.ask(number, quantity, reader, &mut scores));
            }
        }
        let groups = grouped(&asked);
        for group in &groups {
            self.choose(&mut asked[group.clone()]);
        }
        let mut figures = Vec::with_capacity(asked.len());
        for group in groups {
            for at in group.clone() {
                let verdict = self.verdict(&asked, group.clone(), at);
                figures.push(GroundedFigure { quantity: asked[at].number, verdict });
            }
        }
        self.temper(&mut figures);
        Grounding { figures }
    }

    fn ask(
        &self,
        number: usize,
        quantity: &Quantity,
        reader: &ContextReader<'_>,
        scores: &mut Scores,
    ) -> Asked {
        let document = self.texts.report.document;
        let block = document.block_of(quantity.span.start).map(|at| document.blocks[at].kind);
        let sentence = document.sentence_at(quantity.span.start);
        let group = match (block, sentence) {
            (Some(BlockKind::Cell { table, row, .. }), _) => Group::Row(table, row),
            (_, Some(sentence)) => Group::Sentence(sentence),
            _ => Group::Alone(number),
        };
        let mut asked = Asked {
            number,
            quantity: *quantity,
            group,
            context: Context::default(),
            answers: Vec::new(),
            best: None,
            rivals: Vec::new(),
            whole: 0,
        };
        if matches!(quantity.kind, Kind::Date | Kind::Ordinal) {
            return asked;
        }
        asked.context = reader.of_report(self.texts.report, quantity);
        self.postings.weigh(&asked.context, scores);
        asked.whole = scores.whole;
        asked.answers = self.answers(quantity, scores);
        let mut rivals: Vec<(u32, u32)> = scores
            .touched()
            .iter()
            .filter(|number| {
                let candidate = self.candidate(**number);
                !candidate.reheard() && self.fit(quantity, candidate).is_some()
            })
            .map(|number| (scores.of(*number), *number))
            .collect();
        rivals.sort_unstable_by_key(|(score, number)| (std::cmp::Reverse(*score), *number));
        rivals.truncate(MOST_RIVALS);
        asked.rivals = rivals;
        asked
    }

    fn candidate(&self, number: u32) -> &Candidate {
        &self.index.candidates[number as usize]
    }

    fn fit(&self, quantity: &Quantity, candidate: &Candidate) -> Option<UnitFit> {
        if matches!(candidate.quantity.kind, Kind::Date | Kind::Ordinal) {
            return None;
        }
        unit_fit(quantity.unit, candidate.quantity.unit, self.known.units)
    }

    /// Whether a number is too large or too precise to be met by chance.
    fn is_telling(&self, candidate: &Candidate) -> bool {
        written(&candidate.quantity).any(|figure| {
            figure.value.abs() >= Decimal::from(LARGE) || significant_digits(figure.value) >= PRECISE
        })
    }

    /// The figures of the sources with the value of a quantity, by number; of a range those that have both its ends.
    fn answers(&self, quantity: &Quantity, scores: &Scores) -> Vec<Answer> {
        let mut ends = written(quantity).map(|figure| self.answers_to(quantity, figure, scores));
        let Some(first) = ends.next() else { return Vec::new() };
        let Some(second) = ends.next() else { return first };
        let near = |answer: &Answer| {
            let place = self.candidate(answer.candidate).figure;
            let near = self.index.near(place.origin, around(place.span, TOGETHER / 2));
            second.iter().any(|other| near.contains(&(other.candidate as usize)))
        };
        first.into_iter().filter(near).collect()
    }

    fn answers_to(&self, quantity: &Quantity, figure: Figure, scores: &Scores) -> Vec<Answer> {
        let mut answers: Vec<Answer> = Vec::new();
        let mut add = |candidate: u32, equal: bool| {
            let other = self.candidate(candidate);
            // So telling a number is the same whatever a transcript makes of its unit (48亿T-Mobile, 9亿周火).
            let fit =
                self.fit(quantity, other).or((equal && self.is_telling(other)).then_some(UnitFit::Loose));
            if let Some(fit) = fit {
                let agreement = if equal { Agreement::Equal } else { Agreement::Rounded };
                answers.push(Answer { candidate, agreement, fit, score: scores.of(candidate) });
            }
        };
        let (low, high) = reach(quantity, figure);
        // The exact number first: it may stand in many places.
        for &(_, candidate) in self.index.written(figure.value, figure.value).iter().take(MOST_PLACES) {
            add(candidate, true);
        }
        for &(value, candidate) in self.index.written(low, high).iter().take(MOST_PLACES) {
            let finer = significant_digits(value) > significant_digits(figure.value);
            if value != figure.value && (finer || quantity.bound != Bound::Exact) {
                add(candidate, false);
            }
        }
        if let Some((dimension, factor)) = base_factor(quantity.unit, self.known.units) {
            let base = |value: Decimal| value.checked_mul(factor);
            if let (Some(low), Some(high), Some(exact)) = (base(low), base(high), base(figure.value)) {
                for &(value, candidate) in self.index.base(dimension, low, high).iter().take(MOST_PLACES) {
                    if self.candidate(candidate).quantity.unit != quantity.unit {
                        add(candidate, value == exact);
                    }
                }
            }
        }
        answers.sort_by_key(|answer| (answer.candidate, std::cmp::Reverse((answer.agreement, answer.fit))));
        answers.dedup_by_key(|answer| answer.candidate);
        answers
    }

    /// Of the answers to figures of one sentence, those that stand together are the likelier ones.
    fn choose(&self, together: &mut [Asked]) {
        for at in 0..together.len() {
            let best = (0..together[at].answers.len()).max_by_key(|number| {
                let asked = &together[at];
                let answer = &asked.answers[*number];
                let read = !self.candidate(answer.candidate).reheard();
                let beside = self.companions(together, at, answer.candidate);
                let nearness = asked.relative(answer.score) + 20 * beside.min(3);
                (answer.agreement, answer.fit, nearness, read, std::cmp::Reverse(*number))
            });
            together[at].best = best;
        }
    }

    /// How many other figures of the sentence have an answer near a figure of a source.
    fn companions(&self, together: &[Asked], at: usize, candidate: u32) -> u32 {
        let place = self.candidate(candidate).figure;
        let near = self.index.near(place.origin, around(place.span, TOGETHER));
        let others = together.iter().enumerate().filter(|(other, asked)| {
            *other != at && !same_number(&asked.quantity, &together[at].quantity) && {
                let from = asked.answers.partition_point(|answer| (answer.candidate as usize) < near.start);
                asked.answers.get(from).is_some_and(|answer| (answer.candidate as usize) < near.end)
            }
        });
        u32::try_from(others.count()).unwrap_or(u32::MAX)
    }

    fn verdict(&self, all: &[Asked], group: Range<usize>, number: usize) -> Verdict {
        let (together, at) = (&all[group.clone()], number - group.start);
        let asked = &all[number];
        let quantity = &asked.quantity;
        if matches!(quantity.kind, Kind::Date | Kind::Ordinal) || self.is_header(quantity.span) {
            return Verdict::CannotTell;
        }
        if let Some(answer) = asked.chosen()
            && self.answers_well(together, at, answer)
        {
            if let Some(conflict) = self.conflict(together, at) {
                return Verdict::Differs { from: conflict, strength: Strength::Likely };
            }
            return Verdict::Supported(self.candidate(answer.candidate).figure);
        }
        if !is_specific(quantity, self.known.units) {
            return Verdict::CannotTell;
        }
        if let Some(place) = self.without_scale(asked) {
            return Verdict::Supported(place);
        }
        if self.misheard_scale(asked) || self.lost_point(asked) {
            return Verdict::CannotTell;
        }
        if let Some(derived) = self.derived(all, group, number) {
            return derived;
        }
        self.unanswered(together, at)
    }

    /// Whether an answer is one: a number of several digits is, a small or a rounded one needs words or companions.
    fn answers_well(&self, together: &[Asked], at: usize, answer: &Answer) -> bool {
        let asked = &together[at];
        let alike =
            || asked.relative(answer.score) >= 20 || self.companions(together, at, answer.candidate) > 0;
        match (answer.agreement, answer.fit) {
            (Agreement::Equal, UnitFit::Same) => true,
            (Agreement::Equal, UnitFit::Loose) => {
                written(&asked.quantity).all(|figure| significant_digits(figure.value) >= 2)
                    || asked.relative(answer.score) > 0
                    || alike()
            }
            (Agreement::Rounded, _) => {
                let rounded = asked.relative(answer.score)
                    + 20 * self.companions(together, at, answer.candidate).min(2);
                let rival = self.instead(together, at).map_or(0, |rival| rival.points);
                asked.whole == 0 || (alike() && rounded + 25 >= rival)
            }
        }
    }

    /// Envelope fields other than the title say nothing that a source would say.
    fn is_header(&self, place: Span) -> bool {
        let document = self.texts.report.document;
        let in_field =
            document.block_of(place.start).is_some_and(|block| document.blocks[block].role == Role::Metadata);
        in_field
            && !document.fields.iter().any(|field| field.key == "title" && field.value.contains(place))
            && document.fields.iter().any(|field| field.value.contains(place))
    }

    /// Right beside another figure of the source stands what the report says of this one, twice over: the word beside
    /// it, and the figure next to it with its own word.
    fn conflict(&self, together: &[Asked], at: usize) -> Option<SourceFigure> {
        let asked = &together[at];
        if !is_specific(&asked.quantity, self.known.units) {
            return None;
        }
        let spoken = |candidate: u32, of: &Asked| {
            of.context.beside.iter().flatten().any(|token| self.postings.has(*token, candidate))
        };
        // One of its own value with the same word near: all is well.
        if asked.answers.iter().any(|answer| spoken(answer.candidate, asked)) {
            return None;
        }
        asked.context.beside.iter().flatten().find_map(|token| self.rival_of(*token, together, at))
    }

    /// The figure that alone has the word beside it, if its neighbour answers another of the sentence.
    fn rival_of(&self, token: Token, together: &[Asked], at: usize) -> Option<SourceFigure> {
        let asked = &together[at];
        let of_the_unit =
            |rival: &u32| self.fit(&asked.quantity, self.candidate(*rival)) == Some(UnitFit::Same);
        let rivals: Vec<u32> = self.postings.beside(token).filter(of_the_unit).collect();
        let first = self.candidate(*rivals.first()?);
        if !rivals.iter().all(|rival| same_number(&self.candidate(*rival).quantity, &first.quantity)) {
            return None;
        }
        rivals
            .into_iter()
            .find(|rival| self.is_backed(*rival, together, at))
            .map(|rival| self.candidate(rival).figure)
    }

    /// Whether another figure of the sentence has its answer, with the word beside both, next to a figure.
    fn is_backed(&self, rival: u32, together: &[Asked], at: usize) -> bool {
        let place = self.candidate(rival).figure;
        let near = self.index.near(place.origin, around(place.span, TOGETHER / 4));
        let beside_both = |sibling: &Asked, candidate: u32| {
            let mut tokens = sibling.context.beside.iter().flatten();
            tokens.any(|token| self.postings.beside(*token).any(|number| number == candidate))
        };
        together.iter().enumerate().any(|(other, sibling)| {
            other != at
                && !same_number(&sibling.quantity, &together[at].quantity)
                && sibling.answers.iter().any(|answer| {
                    near.contains(&(answer.candidate as usize))
                        && answer.candidate != rival
                        && (answer.agreement, answer.fit) == (Agreement::Equal, UnitFit::Same)
                        && beside_both(sibling, answer.candidate)
                })
        })
    }

    /// The same digits in a source that leaves the scale out: `30` for $30 billion.
    fn without_scale(&self, asked: &Asked) -> Option<SourceFigure> {
        let value = self.digits(&asked.quantity)?;
        let same = self.index.written(value, value).iter().take(MOST_PLACES);
        let bare = same.map(|(_, number)| self.candidate(*number)).filter(|candidate| {
            candidate.quantity.unit == Unit::Bare
                && !matches!(candidate.quantity.kind, Kind::Date | Kind::Ordinal)
                && self.source_digits(candidate) == Some(value)
        });
        bare.map(|candidate| candidate.figure).next()
    }

    /// The number as its digits have it, where a scale stands behind them.
    fn digits(&self, quantity: &Quantity) -> Option<Decimal> {
        let value = digits_in(quantity.span.of(&self.texts.report.document.prose))?;
        written(quantity).next().filter(|figure| figure.value != value).map(|_| value)
    }

    fn source_digits(&self, candidate: &Candidate) -> Option<Decimal> {
        digits_in(candidate.figure.span.of(&self.texts.text(candidate.figure.origin).document.prose))
    }

    /// 381 where 380 亿 was said: the 亿 was heard as a one.
    fn misheard_scale(&self, asked: &Asked) -> bool {
        let hundred_million = Decimal::from(100_000_000);
        let said = written(&asked.quantity).next().map(|figure| figure.value / hundred_million);
        let Some(said) = said.filter(|said| said.is_integer() && *said >= Decimal::TEN) else { return false };
        let heard = [(Decimal::TEN, Decimal::ONE), (Decimal::ONE_HUNDRED, Decimal::TEN)];
        heard.into_iter().filter(|(step, _)| (said % step).is_zero()).any(|(_, one)| {
            let value = said + one;
            self.index.written(value, value).iter().take(MOST_PLACES).any(|(_, number)| {
                let candidate = self.candidate(*number);
                self.fit(&asked.quantity, candidate).is_some() && self.source_digits(candidate) == Some(value)
            })
        })
    }

    /// 428 where 4.28 was said.
    fn lost_point(&self, asked: &Asked) -> bool {
        let Some(said) = digits_in(asked.quantity.span.of(&self.texts.report.document.prose)) else {
            return false;
        };
        let heard = Decimal::from(said.normalize().mantissa());
        !said.is_integer()
            && heard >= Decimal::ONE_HUNDRED
            && self.index.written(heard, heard).iter().take(MOST_PLACES).any(|(_, number)| {
                let candidate = self.candidate(*number);
                candidate.quantity.unit == Unit::Bare && self.source_digits(candidate) == Some(heard)
            })
    }

    /// From the figures of the sources that answer the others of the sentence, or of the sentences before.
    fn derived(&self, asked: &[Asked], group: Range<usize>, at: usize) -> Option<Verdict> {
        let beside = self.operands(asked, group.clone(), at);
        let words = self.surroundings(&asked[at]).of(&self.texts.report.document.prose);
        let freedom = Freedom::of(words, &self.known.lexicon.worked_out, beside.len() <= 3);
        let before = group.start.saturating_sub(MOST_OPERANDS)..group.end;
        let before = self.operands(asked, before, at);
        [(beside, freedom), (before, freedom.from_afar())].into_iter().find_map(|(operands, freedom)| {
            let quantities: Vec<Quantity> = operands.iter().map(|(quantity, _)| *quantity).collect();
            let found = derive(&asked[at].quantity, &quantities, self.known.units, freedom)?;
            Some(self.shown(&asked[at], &operands, &found))
        })
    }

    /// Figures of the report with what answers them, the nearest first.
    fn operands(&self, asked: &[Asked], range: Range<usize>, at: usize) -> Vec<(Quantity, SourceFigure)> {
        let mut order: Vec<usize> = range.filter(|other| *other != at).collect();
        order.sort_by_key(|other| (other.abs_diff(at), *other));
        let mut operands: Vec<(Quantity, SourceFigure)> = Vec::new();
        for other in order {
            let Some(answer) = asked[other].chosen() else { continue };
            let quantity = asked[other].quantity;
            if operands.len() < MOST_OPERANDS
                && !operands.iter().any(|(known, _)| same_number(known, &quantity))
            {
                operands.push((quantity, self.candidate(answer.candidate).figure));
            }
        }
        operands
    }

    /// The sentence of a figure; of a cell the head of its column as well would be too far.
    fn surroundings(&self, asked: &Asked) -> Span {
        let document = self.texts.report.document;
        let sentence = document.sentence_at(asked.quantity.span.start).map(|at| document.sentences[at].span);
        sentence.unwrap_or(asked.quantity.span)
    }

    fn shown(&self, asked: &Asked, operands: &[(Quantity, SourceFigure)], found: &Derivation) -> Verdict {
        let prose = &self.texts.report.document.prose;
        let written = |quantity: &Quantity| quantity.span.of(prose).replace(char::from(MARKUP), "");
        let from: Vec<_> = found.from.iter().filter_map(|at| operands.get(*at)).collect();
        let mut arithmetic = found.pattern.to_owned();
        for (number, (quantity, _)) in from.iter().enumerate() {
            arithmetic = arithmetic.replace(&format!("{{{number}}}"), &written(quantity));
        }
        Verdict::Derived {
            from: from.into_iter().map(|(_, figure)| *figure).collect(),
            arithmetic: format!("{arithmetic} = {}", written(&asked.quantity)),
        }
    }

    /// No source has it: either one has another number in its place, or none.
    fn unanswered(&self, together: &[Asked], at: usize) -> Verdict {
        let asked = &together[at];
        if let Some(rival) = self.instead(together, at).filter(|rival| rival.points >= ENOUGH) {
            return Verdict::Differs { from: rival.figure, strength: rival.strength };
        }
        let known = digits_in_words(asked.quantity.span.of(&self.texts.report.document.prose))
            .is_some_and(|digits| self.literals.contains(&digits));
        Verdict::Absent { strength: if known { Strength::Hint } else { Strength::Likely } }
    }

    /// The figure of a source that stands where the report's should.
    fn instead(&self, together: &[Asked], at: usize) -> Option<Rival> {
        let asked = &together[at];
        let taken: Vec<u32> =
            together.iter().filter_map(Asked::chosen).map(|answer| answer.candidate).collect();
        let mut numbers: Vec<u32> = asked.rivals.iter().map(|(_, number)| *number).collect();
        for taken in &taken {
            let place = self.candidate(*taken).figure;
            let near = self.index.near(place.origin, around(place.span, TOGETHER / 2));
            numbers.extend(near.filter_map(|number| u32::try_from(number).ok()));
        }
        numbers.sort_unstable();
        numbers.dedup();
        let judged = numbers.into_iter().filter_map(|number| {
            let candidate = self.candidate(number);
            let fit = self.fit(&asked.quantity, candidate)?;
            let said_already = together.iter().any(|other| same_number(&other.quantity, &candidate.quantity))
                || taken.contains(&number);
            if candidate.reheard() || said_already || self.may_mean(candidate, &asked.quantity) {
                return None;
            }
            let score =
                asked.rivals.iter().find(|(_, rival)| *rival == number).map_or(0, |(score, _)| *score);
            let beside = asked
                .context
                .beside
                .iter()
                .flatten()
                .any(|token| self.postings.beside(*token).any(|other| other == number));
            let slip = is_slip(&asked.quantity, &candidate.quantity);
            let text = self.texts.text(candidate.figure.origin);
            let report = (self.texts.report.document.prose.as_str(), asked.quantity.span);
            let same = verbatim(report, (text, candidate.figure.origin, candidate.figure.span));
            let word_for_word = same[0] + same[1] >= 40 && same[0].max(same[1]) >= 20;
            let points = asked.relative(score)
                + 25 * self.companions(together, at, number).min(2)
                + if slip { 25 } else { 0 }
                + if beside { 20 } else { 0 }
                + if fit == UnitFit::Same { 15 } else { 0 }
                + if word_for_word { 60 } else { 0 };
            let proven = word_for_word && fit == UnitFit::Same && same[0] >= 8 && same[1] >= 8;
            let strength = if proven { Strength::Proof } else { Strength::Likely };
            Some(Rival { points, figure: candidate.figure, strength })
        });
        judged.max_by_key(|rival| rival.points)
    }

    /// Whether a vaguer figure of a source leaves room for the report's.
    fn may_mean(&self, candidate: &Candidate, quantity: &Quantity) -> bool {
        let vague = candidate.quantity.approximate || candidate.quantity.bound != Bound::Exact;
        vague
            && written(&candidate.quantity).any(|figure| {
                let (low, high) = reach(&candidate.quantity, figure);
                written(quantity).all(|own| low <= own.value && own.value <= high)
            })
    }

    /// A report most of whose figures are in no source is more than a summary of them.
    fn temper(&self, figures: &mut [GroundedFigure]) {
        let absent = |figure: &&GroundedFigure| matches!(figure.verdict, Verdict::Absent { .. });
        let answered = |figure: &&GroundedFigure| {
            matches!(
                figure.verdict,
                Verdict::Supported(_) | Verdict::Derived { .. } | Verdict::Differs { .. }
            )
        };
        let (missing, found) =
            (figures.iter().filter(absent).count(), figures.iter().filter(answered).count());
        if missing > 4 && missing > found {
            for figure in figures {
                if let Verdict::Absent { strength } = &mut figure.verdict {
                    *strength = Strength::Hint;
                }
            }
        }
    }
}

fn around(span: Span, reach: usize) -> Span {
    Span::new(span.start.saturating_sub(reach), span.end + reach)
}

/// The digits of a number as they stand there, without marks between them.
fn digits_in_words(text: &str) -> Option<String> {
    let at = text.find(|c: char| c.is_ascii_digit())?;
    literal(&text[at..]).0
}

fn digits_in(text: &str) -> Option<Decimal> {
    digits_in_words(text)?.parse().ok()
}

/// The stretches of figures that belong together.
fn grouped(asked: &[Asked]) -> Vec<Range<usize>> {
    let mut groups = Vec::new();
    let mut start = 0;
    for at in 1..=asked.len() {
        if at == asked.len() || asked[at].group != asked[start].group {
            groups.push(start..at);
            start = at;
        }
    }
    groups
}
