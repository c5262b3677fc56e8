//! The nearest repair: the one change that would make a contradicted statement hold.

use num_bigint::BigInt;
use num_traits::Zero;
use rust_decimal::Decimal;

use super::arithmetic::{Expected, Shown, decimal_text, rewrite, written_number};
use super::bindings::{Bindings, Override, Replacement, Trials};
use crate::document::Language;
use crate::quantity::{Figure, Magnitude, Quantity, Rational, Reading, Unit, rational};
use crate::relation::{FilledBy, Filler, RoleType};
use crate::rule::{Expression, Verdict};

/// A change, still without words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Repair {
    /// The verb says the opposite.
    Opposite { word: String },
    /// One figure for another, and what kind of slip that would be.
    Figure { from: String, to: String, slip: Slip },
    /// Points where percent were written.
    Points { from: String, number: String },
    /// Percent where points were written.
    Percent { from: String, number: String },
    /// Where only the order of two figures is off: the verb, or a figure.
    Either { word: String, figure: Box<Repair> },
}

impl Repair {
    /// The change in words.
    pub fn words(&self, language: Language) -> String {
        let chinese = language == Language::Chinese;
        match self {
            Self::Opposite { word } if chinese => format!("「{word}」方向相反"),
            Self::Opposite { word } => format!("the opposite of “{word}”"),
            Self::Points { from, number } if chinese => format!("{from} → {number} 个百分点"),
            Self::Points { from, number } => format!("{from} → {number} percentage points"),
            Self::Percent { from, number } => format!("{from} → {number}%"),
            Self::Either { word, figure } => {
                let figure = figure.words(language);
                let turned = Self::Opposite { word: word.clone() }.words(language);
                if chinese { format!("{figure}，或{turned}") } else { format!("{figure}, or {turned}") }
            }
            Self::Figure { from, to, slip } => {
                let power = |power: u32| {
                    let factor = format!("1{}", "0".repeat(power as usize));
                    match (chinese, power) {
                        (true, 1) => "差十倍".to_owned(),
                        (true, _) => format!("差 {factor} 倍"),
                        (false, 1) => "a factor of ten".to_owned(),
                        (false, _) => format!("a factor of {factor}"),
                    }
                };
                let why = match slip {
                    Slip::Swapped if chinese => "两位数字颠倒".to_owned(),
                    Slip::Swapped => "two digits swapped".to_owned(),
                    Slip::Scale if chinese => "量级写错".to_owned(),
                    Slip::Scale => "the wrong scale".to_owned(),
                    Slip::Digit if chinese => "一位数字".to_owned(),
                    Slip::Digit => "one digit".to_owned(),
                    Slip::Factor(factor) => power(*factor),
                    Slip::AboutFactor(factor) if chinese => format!("约{}", power(*factor)),
                    Slip::AboutFactor(factor) => format!("about {}", power(*factor)),
                    Slip::Value => return format!("{from} → {to}"),
                };
                if chinese {
                    format!("{from} → {to}（{why}）")
                } else {
                    format!("{from} → {to} ({why})")
                }
            }
        }
    }
}

/// How one figure could have become another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Slip {
    /// The word for the scale: million for billion, 万 for 亿.
    Scale,
    /// Two neighbouring digits changed places.
    Swapped,
    /// One digit.
    Digit,
    /// The decimal point or a zero: a power of ten.
    Factor(u32),
    /// The same, but only in order of size.
    AboutFactor(u32),
    /// Nothing typical: the computed value.
    Value,
}

/// Looks for the smallest change.
///
/// A word that turned around makes all figures fit and goes first. Then every figure of the statement is tried with
/// another scale, two digits swapped, one digit changed, and the decimal point moved; what fits none of these is the
/// computed value of the key figure.
pub(super) fn nearest(
    expression: &Expression,
    bindings: &Bindings<'_>,
    shown: Option<&Shown>,
) -> Option<Repair> {
    let expected = shown.and_then(|shown| shown.expected.as_ref());
    let mut trials = Trials::new(bindings);
    let word = opposite(expression, bindings, &mut trials);
    let equality = shown.is_some_and(|shown| shown.equality);
    match word {
        Some(word) if equality => return Some(Repair::Opposite { word }),
        Some(word) => {
            return Some(match slipped_figure(expression, bindings, &mut trials, true) {
                Some(figure) => Repair::Either { word, figure: Box::new(figure) },
                None => Repair::Opposite { word },
            });
        }
        None => {}
    }
    let key = expected.and_then(|expected| for_expected(bindings, expected));
    if shown.is_some() && !equality {
        return key.map(|(repair, _)| repair);
    }
    slipped_figure(expression, bindings, &mut trials, false).or(key.map(|(repair, _)| repair))
}

/// The key figure in the other of percent and points, when that is what holds.
pub(super) fn other_unit(expression: &Expression, bindings: &Bindings<'_>) -> Option<Repair> {
    if expression.evaluate(bindings, Reading::Plain) != Verdict::Holds {
        return None;
    }
    let role = &bindings.relation.roles[bindings.relation.key];
    let from = bindings.literal(&role.name, 0);
    let ((start, end), _, _) = written_number(&from)?;
    let number = from[start..end].to_owned();
    match bindings.quantity(bindings.fillers(bindings.relation.key).next()?)?.unit {
        Unit::Percent => Some(Repair::Points { from, number }),
        Unit::PercentagePoint => Some(Repair::Percent { from, number }),
        _ => None,
    }
}

/// The direction word, when the statement holds with its opposite.
fn opposite(expression: &Expression, bindings: &Bindings<'_>, trials: &mut Trials<'_>) -> Option<String> {
    let role = bindings.relation.roles.iter().position(|role| role.kind == RoleType::Direction)?;
    let Filler::Word { span, value } = bindings.fillers(role).next()? else { return None };
    let change = Override { role, element: 0, by: Replacement::Opposite };
    (!value.is_zero() && holds_with(expression, trials, change))
        .then(|| span.of(&bindings.scene.document.text).to_owned())
}

/// Whether the statement no longer fails with the change; a role that it leaves out cannot be told of.
fn holds_with(expression: &Expression, trials: &mut Trials<'_>, change: Override) -> bool {
    trials.try_out(change);
    match expression.evaluate(trials, Reading::Plain) {
        Verdict::Holds => true,
        Verdict::CannotTell => trials.lacks_any(&expression.roles()),
        Verdict::Contradicted => false,
    }
}

/// What the key figure would have to be, and what slip that is.
fn for_expected(bindings: &Bindings<'_>, expected: &Expected) -> Option<(Repair, Slip)> {
    let filler = bindings.fillers(expected.role).nth(expected.element)?;
    let quantity = bindings.quantity(filler)?;
    let stated = quantity.interval(Reading::AsWritten, bindings.scene.units)?;
    let stated = stated.low.or(stated.high)?.value;
    let name = &bindings.relation.roles[expected.role].name;
    let from = bindings.literal(name, expected.element);
    // As precise as it is written now; where it must only be passed, precise enough to show by how much.
    let decimals = |written: usize, wanted: &Rational| {
        let small = wanted.abs() < Rational::from_integer(BigInt::from(10));
        if expected.equality { written.max(usize::from(small && written == 0)) } else { written + 2 }
    };
    // 120.0 → 110.0, but 7.73 → 84.
    let alike = {
        let two = Rational::from_integer(BigInt::from(2));
        stated.abs() < &two * expected.value.abs() && expected.value.abs() < two * stated.abs()
    };
    let to =
        rewrite(&from, (&stated, &expected.value), decimals, expected.equality && alike).or_else(|| {
            // Written in words: no digits to put others in place of.
            Some(decimal_text(&expected.value, 2, false))
        })?;
    let slip =
        if expected.equality { slip_between(&from, &to, &stated, &expected.value) } else { Slip::Value };
    Some((Repair::Figure { from, to, slip }, slip))
}

fn slip_between(from: &str, to: &str, stated: &Rational, expected: &Rational) -> Slip {
    if stated.is_zero() || expected.is_zero() || stated.is_negative() != expected.is_negative() {
        return Slip::Value;
    }
    let digits = |text: &str| written_number(text).map(|(range, _, _)| text[range.0..range.1].to_owned());
    if let (Some(a), Some(b)) = (digits(from), digits(to)) {
        if swapped(&a, &b) {
            return Slip::Swapped;
        }
        let differing = a.chars().zip(b.chars()).filter(|(x, y)| x != y).count();
        if a.len() == b.len() && differing == 1 && a.len() > 1 {
            return Slip::Digit;
        }
    }
    let ratio = if stated < expected { expected / stated } else { stated / expected };
    for power in [1u32, 2, 3, 4, 6, 8] {
        let factor = Rational::from_integer(num_traits::pow(BigInt::from(10), power as usize));
        let off = &ratio / &factor;
        let near = |low: i64, high: i64, per: i64| {
            off >= Rational::new(low.into(), per.into()) && off <= Rational::new(high.into(), per.into())
        };
        if near(99, 101, 100) {
            return Slip::Factor(power);
        }
        if near(80, 125, 100) {
            return Slip::AboutFactor(power);
        }
    }
    Slip::Value
}

/// Whether two numbers differ by one swap of neighbouring digits.
fn swapped(a: &str, b: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    if a.len() != b.len() {
        return false;
    }
    let differing: Vec<usize> = (0..a.len()).filter(|&at| a[at] != b[at]).collect();
    match differing.as_slice() {
        [first, second] => second - first == 1 && a[*first] == b[*second] && a[*second] == b[*first],
        _ => false,
    }
}

/// A figure of the statement that may have slipped.
struct Suspect {
    role: usize,
    element: usize,
    figure: Figure,
    literal: String,
}

impl Suspect {
    fn replaced(&self, by: Replacement) -> Override {
        Override { role: self.role, element: self.element, by }
    }
}

/// What a figure would be instead, and how it would be written.
type Change = (Figure, String);

/// The changes of one kind that a figure may have suffered.
type Changes = fn(&Suspect) -> Vec<Change>;

/// Tries the typical slips on every figure of the statement, the likeliest kind first; of several of one kind, the one
/// that changes its figure least.
fn slipped_figure(
    expression: &Expression,
    bindings: &Bindings<'_>,
    trials: &mut Trials<'_>,
    order: bool,
) -> Option<Repair> {
    const SUSPECTS: usize = 8;
    let mut suspects = Vec::new();
    for (role, shape) in bindings.relation.roles.iter().enumerate() {
        // Figures from elsewhere in the document are evidence, not suspects.
        if !shape.measures.is_empty() && bindings.relation.filled_by != FilledBy::Measures {
            continue;
        }
        for (element, filler) in bindings.fillers(role).enumerate() {
            let Some(quantity) = bindings.quantity(filler) else { continue };
            if let Magnitude::One(figure) = quantity.magnitude {
                let literal = bindings.literal(&shape.name, element);
                suspects.push(Suspect { role, element, figure, literal });
            }
        }
    }
    suspects.sort_by_key(|suspect| suspect.role != bindings.relation.key);
    suspects.truncate(SUSPECTS);
    let kinds: [(Slip, Changes); 4] = [
        (Slip::Scale, |suspect| rescaled(&suspect.literal, suspect.figure)),
        (Slip::Swapped, |suspect| swaps(&suspect.literal, suspect.figure)),
        (Slip::Digit, |suspect| other_digits(&suspect.literal, suspect.figure)),
        (Slip::Factor(1), |suspect| moved_points(&suspect.literal, suspect.figure)),
    ];
    for (slip, changes) in kinds {
        let mut tried = Vec::new();
        let company = if slip == Slip::Scale { scales_around(bindings) } else { Vec::new() };
        for suspect in &suspects {
            for (figure, to) in narrowed(expression, trials, suspect, changes(suspect)) {
                let Some(step) = distance(suspect.figure.value, figure.value) else { continue };
                // Any power of ten turns an order around; one that brings the figures together is likely.
                let powers = matches!(slip, Slip::Scale | Slip::Factor(_));
                if order && powers && !nearer(&suspects, suspect, figure.value) {
                    continue;
                }
                let gained = count_of_scale(&company, &to) - count_of_scale(&company, &suspect.literal);
                tried.push(((-gained, step), suspect, figure, to));
            }
        }
        tried.sort_by_key(|(step, ..)| *step);
        let fits = tried.into_iter().find(|(_, suspect, figure, _)| {
            holds_with(expression, trials, suspect.replaced(Replacement::Figure(*figure)))
        });
        if let Some((_, suspect, figure, to)) = fits {
            let power = power_between(suspect.figure.value, figure.value);
            let slip = match (slip, power) {
                (Slip::Factor(_), Some(power)) => Slip::Factor(power),
                _ => slip,
            };
            return Some(Repair::Figure { from: suspect.literal.clone(), to, slip });
        }
    }
    None
}

/// The changes that may fit, in their order: where no figure between two fits, none of theirs does.
fn narrowed(
    expression: &Expression,
    trials: &mut Trials<'_>,
    suspect: &Suspect,
    changes: Vec<Change>,
) -> Vec<Change> {
    let mut by_value: Vec<usize> = (0..changes.len()).collect();
    by_value.sort_by_key(|&change| changes[change].0.value);
    let mut may_fit = vec![false; changes.len()];
    let mut open = vec![by_value.as_slice()];
    while let Some(part) = open.pop() {
        if let [low, .., high] = *part {
            let between = Replacement::Between(changes[low].0, changes[high].0);
            trials.try_out(suspect.replaced(between));
            if expression.evaluate(trials, Reading::Plain) != Verdict::Contradicted {
                let (lower, upper) = part.split_at(part.len() / 2);
                open.extend([lower, upper]);
            }
        } else {
            part.iter().for_each(|&change| may_fit[change] = true);
        }
    }
    changes.into_iter().zip(may_fit).filter_map(|(change, fits)| fits.then_some(change)).collect()
}

/// Whether a suspect's figure comes nearer to the others with another value.
fn nearer(suspects: &[Suspect], suspect: &Suspect, value: Decimal) -> bool {
    let others =
        || suspects.iter().filter(|other| (other.role, other.element) != (suspect.role, suspect.element));
    let nearest = |value: Decimal| others().filter_map(|other| distance(other.figure.value, value)).min();
    matches!((nearest(value), nearest(suspect.figure.value)), (Some(new), Some(old)) if new < old)
}

/// The words for scales that the figures of the block have.
fn scales_around(bindings: &Bindings) -> Vec<&'static str> {
    let scene = bindings.scene;
    let sentence = scene.document.sentences[bindings.instance.sentence as usize];
    let block = &scene.document.blocks[sentence.block as usize];
    let (_, figures) = scene.reading.quantities_within(block.span);
    let scale = |figure: &Quantity| Some(scale_of(figure.span.of(&scene.document.prose))?.1);
    figures.iter().take(MOST_COMPANY).filter_map(scale).collect()
}

/// How many of these scales are that of a literal.
fn count_of_scale(scales: &[&str], literal: &str) -> isize {
    if scales.is_empty() {
        return 0;
    }
    let Some((_, word, _)) = scale_of(literal) else { return 0 };
    scales.iter().filter(|scale| **scale == word).count().cast_signed()
}

/// So many figures of a block are asked for their scale.
const MOST_COMPANY: usize = 32;

/// The word for the scale in a literal: where it stands, and its power of ten.
fn scale_of(literal: &str) -> Option<(usize, &'static str, u32)> {
    let lower = literal.to_ascii_lowercase();
    SCALES.iter().find_map(|(word, power)| lower.find(word).map(|at| (at, *word, *power)))
}

/// By what factor two values are apart, at least 1.
fn distance(a: Decimal, b: Decimal) -> Option<Decimal> {
    let (a, b) = (a.abs(), b.abs());
    a.max(b).checked_div(a.min(b))
}

/// Which power of ten lies between two values.
fn power_between(a: Decimal, b: Decimal) -> Option<u32> {
    let factor = distance(a, b)?;
    (1..=POINTS_MOVED).find(|power| Decimal::from(10u64.pow(*power)) == factor)
}

/// How far a decimal point is moved.
const POINTS_MOVED: u32 = 4;

/// The words for scales, longer ones first, and their powers of ten.
const SCALES: [(&str, u32); 10] = [
    ("万亿", 12),
    ("亿", 8),
    ("百万", 6),
    ("千万", 7),
    ("万", 4),
    ("trillion", 12),
    ("billion", 9),
    ("million", 6),
    ("thousand", 3),
    ("bn", 9),
];

/// The figure with another word for its scale: the new values and literals. Slips go from one common scale to another.
fn rescaled(literal: &str, figure: Figure) -> Vec<Change> {
    let Some((at, word, power)) = scale_of(literal) else { return Vec::new() };
    let others: &[&str] =
        if word.is_ascii() { &["trillion", "billion", "million"] } else { &["万亿", "亿", "万"] };
    let mut changed = Vec::new();
    for (other, to) in SCALES.iter().filter(|(other, to)| others.contains(other) && *to != power) {
        let factor = Decimal::from(10u64.pow(power.abs_diff(*to)));
        let scaled = if *to > power { times(figure, factor) } else { times(figure, Decimal::ONE / factor) };
        let text = format!("{}{other}{}", &literal[..at], &literal[at + word.len()..]);
        changed.extend(scaled.map(|scaled| (scaled, text)));
    }
    changed
}

/// The figure with its decimal point moved: the new values and literals.
fn moved_points(literal: &str, figure: Figure) -> Vec<Change> {
    let mut changed = Vec::new();
    for power in 1..=POINTS_MOVED {
        let factor = Decimal::from(10u64.pow(power));
        for moved in [times(figure, factor), times(figure, Decimal::ONE / factor)].into_iter().flatten() {
            let (from, to) = (rational(figure.value), rational(moved.value));
            let text = rewrite(literal, (&from, &to), |written, _| written + POINTS_MOVED as usize, false);
            changed.extend(text.map(|text| (moved, text)));
        }
    }
    changed
}

/// The figure with one of its digits changed: the new values and literals.
fn other_digits(literal: &str, figure: Figure) -> Vec<Change> {
    const DIGITS: usize = 10;
    let Some((range, number, _)) = written_number(literal) else { return Vec::new() };
    let written = &literal[range.0..range.1];
    let count = written.bytes().filter(u8::is_ascii_digit).count();
    let Some(worth) = figure.value.checked_div(number).filter(|_| (2..=DIGITS).contains(&count)) else {
        return Vec::new();
    };
    let mut changed = Vec::new();
    // The zero of 0.773 is no digit that somebody mistyped.
    let typed = |&(at, c): &(usize, char)| c.is_ascii_digit() && !(at == 0 && c == '0');
    for (at, old) in written.char_indices().filter(typed) {
        for new in ('0'..='9').filter(|new| *new != old && !(at == 0 && *new == '0')) {
            let text = format!("{}{new}{}", &written[..at], &written[at + 1..]);
            changed.extend(
                with_digits(&text, worth, figure)
                    .map(|figure| (figure, format!("{}{text}{}", &literal[..range.0], &literal[range.1..]))),
            );
        }
    }
    changed
}

/// The value that other digits have where a written one is worth so much.
fn with_digits(digits: &str, worth: Decimal, figure: Figure) -> Option<Figure> {
    let changed =
        if digits.contains(',') { digits.replace(',', "").parse() } else { digits.parse::<Decimal>() };
    Some(Figure { value: worth.checked_mul(changed.ok()?)?, ..figure })
}

/// The figure with every digit worth more or less.
fn times(figure: Figure, factor: Decimal) -> Option<Figure> {
    Some(Figure {
        value: figure.value.checked_mul(factor)?,
        step: figure.step.checked_mul(factor)?,
        coarse_step: figure.coarse_step.checked_mul(factor)?,
    })
}

/// Every swap of two neighbouring digits of the written number, across a decimal point or a comma too.
fn swaps(literal: &str, figure: Figure) -> Vec<Change> {
    const DIGITS: usize = 16;
    let Some((range, number, _)) = written_number(literal) else { return Vec::new() };
    let written: Vec<char> = literal[range.0..range.1].chars().collect();
    let Some(worth) = figure.value.checked_div(number) else { return Vec::new() };
    let digits: Vec<usize> =
        (0..written.len()).filter(|at| written[*at].is_ascii_digit()).take(DIGITS).collect();
    let mut found = Vec::new();
    for pair in digits.windows(2) {
        let (a, b) = (pair[0], pair[1]);
        if written[a] == written[b] || (a == 0 && (written[a] == '0' || written[b] == '0')) {
            continue;
        }
        let mut swapped = written.clone();
        swapped.swap(a, b);
        let text: String = swapped.iter().collect();
        if let Some(figure) = with_digits(&text, worth, figure) {
            found.push((figure, format!("{}{}{}", &literal[..range.0], text, &literal[range.1..])));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::{Engine, Locale};
    use crate::rule::builtin_files;

    fn figure(value: &str) -> Figure {
        let value: Decimal = value.parse().unwrap();
        Figure { value, step: Decimal::ONE, coarse_step: Decimal::ONE }
    }

    fn texts(changes: Vec<Change>) -> Vec<String> {
        changes.into_iter().map(|(_, text)| text).collect()
    }

    #[test]
    fn a_scale_goes_to_the_other_scales_of_its_script() {
        assert_eq!(texts(rescaled("$8.6 million", figure("8600000"))), ["$8.6 trillion", "$8.6 billion"]);
        let changes = rescaled("4.82亿股", figure("482000000"));
        let to_ten_thousands = changes.iter().find(|(_, text)| text == "4.82万股").unwrap();
        assert_eq!(to_ten_thousands.0.value, Decimal::from(48_200));
        assert!(rescaled("65%", figure("65")).is_empty());
    }

    #[test]
    fn swaps_reach_across_a_point_and_a_comma() {
        assert_eq!(texts(swaps("5.4%", figure("5.4"))), ["4.5%"]);
        assert_eq!(texts(swaps("1,230", figure("1230"))), ["2,130", "1,320", "1,203"]);
        // A number does not begin with a zero.
        assert!(texts(swaps("10 units", figure("10"))).is_empty());
        assert_eq!(texts(swaps("0.75", figure("0.75"))), ["0.57"]);
    }

    #[test]
    fn one_digit_is_changed_at_a_time() {
        let changes = texts(other_digits("$4.1", figure("4.1")));
        assert_eq!(changes.len(), 8 + 9);
        assert!(changes.contains(&"$4.6".to_owned()) && !changes.contains(&"$0.1".to_owned()));
        assert!(texts(other_digits("5%", figure("5"))).is_empty());
    }

    #[test]
    fn a_moved_point_moves_the_rounding_too() {
        let changes = moved_points("7.73", figure("7.73"));
        let (moved, text) = &changes[0];
        assert_eq!((text.as_str(), moved.step), ("77.3", Decimal::TEN));
    }

    /// The repair that the built-in rules propose for the only finding of a text.
    fn repair_of(text: &str) -> String {
        let engine = Engine::new(&builtin_files()).unwrap_or_else(|faults| panic!("{faults:#?}"));
        let document = engine.parse(text.to_owned(), None);
        let audit = engine.check(&document, Locale::Auto);
        audit.findings.iter().find_map(|finding| finding.repair.clone()).unwrap_or_default()
    }

    #[test]
    fn the_smallest_change_is_named_in_the_language_of_the_text() {
        for (text, repair) in [
            ("Revenue increased 12% to $88.0 million from $100.0 million.", "the opposite of “increased”"),
            ("营收由 100.0 亿元增长至 88.0 亿元，增幅 12%。", "「增长」方向相反"),
            (
                "Sales rose $2.4 million to $26.8 million from $24.4 billion.",
                "$24.4 billion → $24.4 million (the wrong scale)",
            ),
            ("产能由 4.82 万吨增加到 6.15 亿吨，净增 1.33 万吨。", "6.15 亿吨 → 6.15 万吨（量级写错）"),
            (
                "Sales rose $10.6 million to $55.2 million from $46.4 million.",
                "$46.4 million → $44.6 million (two digits swapped)",
            ),
            ("价格从 221.7 元上涨到 276.1 元，涨幅 42.5%。", "42.5% → 24.5%（两位数字颠倒）"),
            (
                "Sales rose 18.3% to $14.21 billion from $8.63 billion.",
                "$14.21 billion → $10.21 billion (one digit)",
            ),
            ("门店由 412 家增至 467 家，净增 95 家。", "95 家 → 55 家（一位数字）"),
            (
                "Margin rose 7,200 basis points to 37.4% from 36.7%.",
                "7,200 basis points → 72 basis points (a factor of 100)",
            ),
            ("基准利率从 3.65% 下调至 35.5%。", "35.5% → 3.55%（差十倍），或「下调」方向相反"),
        ] {
            assert_eq!(repair_of(text), repair, "{text}");
        }
    }
}
