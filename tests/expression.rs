//! The expression language of rules: verdicts, faults with their places, shown arithmetic, laws.

use std::collections::HashMap;
use std::rc::Rc;

use chrono::NaiveDate;
use claimlint::quantity::{Endpoint, Interval, Rational, Reading};
use claimlint::relation::RoleType;
use claimlint::rule::{Dimension, Expression, ExpressionError, RoleInfo, RoleValues, Verdict};
use proptest::prelude::*;

fn roles() -> HashMap<String, RoleInfo> {
    let role = |name: &str, kind, many| (name.to_owned(), RoleInfo { kind, many, optional: false });
    HashMap::from([
        role("part", RoleType::Amount, false),
        role("whole", RoleType::Amount, false),
        role("share", RoleType::Percent, false),
        role("parts", RoleType::Amount, true),
        role("n", RoleType::Number, false),
        role("each", RoleType::Number, true),
        role("some", RoleType::Number, true),
        role("span", RoleType::Duration, false),
        role("report", RoleType::Date, false),
        role("forecast", RoleType::Date, false),
        role("marks", RoleType::Date, true),
    ])
}

#[derive(Clone, Debug, Default)]
struct Bound {
    values: HashMap<&'static str, Vec<Interval>>,
    dates: HashMap<&'static str, Vec<(NaiveDate, NaiveDate)>>,
}

impl RoleValues for Bound {
    fn values(&self, role: &str, reading: Reading) -> Rc<[Interval]> {
        let values = self.values.get(role).cloned().unwrap_or_default();
        match reading {
            Reading::AsWritten => values.iter().map(middle).collect(),
            Reading::Unhedged | Reading::Plain | Reading::Charitable => values.into(),
        }
    }

    fn dates(&self, role: &str) -> Vec<(NaiveDate, NaiveDate)> {
        self.dates.get(role).cloned().unwrap_or_default()
    }
}

fn middle(value: &Interval) -> Interval {
    match (&value.low, &value.high) {
        (Some(low), Some(high)) => {
            Interval::point((&low.value + &high.value) / Rational::from_integer(2.into()))
        }
        _ => value.clone(),
    }
}

fn number(value: i64) -> Rational {
    Rational::from_integer(value.into())
}

fn about(value: i64, half_step: i64) -> Interval {
    Interval::closed(number(value - half_step), number(value + half_step))
}

fn percent(value: i64) -> Interval {
    Interval::closed(
        Rational::new((2 * value - 1).into(), 200.into()),
        Rational::new((2 * value + 1).into(), 200.into()),
    )
}

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

fn bound(values: &[(&'static str, &[Interval])]) -> Bound {
    Bound { values: values.iter().map(|(role, all)| (*role, all.to_vec())).collect(), dates: HashMap::new() }
}

fn parse(text: &str) -> Expression {
    Expression::parse(text, &roles()).unwrap_or_else(|errors| panic!("{text}: {errors:?}"))
}

fn verdict(text: &str, bound: &Bound) -> Verdict {
    parse(text).evaluate(bound, Reading::Plain)
}

fn faults(text: &str) -> Vec<ExpressionError> {
    Expression::parse(text, &roles()).expect_err(text)
}

/// The fault's words, the text under its span, and its help.
fn fault(text: &str) -> (String, &str, String) {
    let all = faults(text);
    assert_eq!(all.len(), 1, "{text}: {all:?}");
    let error = all[0].clone();
    (error.message, &text[error.span.start..error.span.end], error.help.unwrap_or_default())
}

#[test]
fn a_share_holds_within_rounding_and_not_beyond() {
    let share = |percents| {
        bound(&[("part", &[about(1100, 0)]), ("whole", &[about(1706, 0)]), ("share", &[percent(percents)])])
    };
    assert_eq!(verdict("share ~= part / whole", &share(64)), Verdict::Holds);
    assert_eq!(verdict("share ~= part / whole", &share(65)), Verdict::Contradicted);
    assert_eq!(verdict("not (share ~= part / whole)", &share(64)), Verdict::Holds);
    assert_eq!(verdict("part / whole > share", &share(66)), Verdict::Contradicted);
}

#[test]
fn arithmetic_that_fails_is_shown_in_the_words_of_the_text() {
    let values = bound(&[
        ("part", &[about(1100, 0)]),
        ("whole", &[about(1706, 0)]),
        ("share", &[percent(65)]),
        ("parts", &[about(58, 1), about(48, 1), about(65, 1)]),
    ]);
    let words = |role: &str, index: usize| match role {
        "part" => "1100亿".to_owned(),
        "whole" => "1706亿".to_owned(),
        "share" => "65%".to_owned(),
        _ => ["58亿", "48亿", "65亿"][index].to_owned(),
    };
    let share = parse("part / whole ~= share");
    let shown = share.contradicted_comparisons(&values, Reading::Plain);
    assert_eq!(shown.len(), 1);
    assert_eq!(shown[0].left.render(&words), "1100亿 ÷ 1706亿");
    assert_eq!(shown[0].left.value, Interval::point(Rational::new(1100.into(), 1706.into())));
    assert_eq!(shown[0].left.dimension, Dimension::NUMBER);
    assert!(shown[0].left.arithmetic && !shown[0].right.arithmetic);
    assert_eq!(shown[0].right.render(&words), "65%");
    assert_eq!(shown[0].left.operands, [("part", 0), ("whole", 0)]);

    let sum = parse("(whole - sum(parts)) * 2 ~= -part and share > 0");
    let shown = sum.contradicted_comparisons(&values, Reading::Plain);
    assert_eq!(shown.len(), 1);
    assert_eq!(shown[0].left.render(&words), "(1706亿 − (58亿 + 48亿 + 65亿)) × 2");
    assert_eq!(shown[0].right.render(&words), "−1100亿");

    let any = parse("any(parts) * 2 ~= part / 10");
    let shown = any.contradicted_comparisons(&values, Reading::Plain);
    assert_eq!(shown[0].left.render(&words), "58亿 × 2", "the nearest value is shown");
    assert_eq!(shown[0].left.operands, [("parts", 0)]);

    let count = parse("count(parts) ~= 2 or max(parts) < part / 100 or abs(part - whole) < part / 100");
    let shown = count.contradicted_comparisons(&values, Reading::Plain);
    let sides: Vec<String> = shown.iter().map(|shown| shown.left.render(&words)).collect();
    assert_eq!(sides, ["3", "max(58亿, 48亿, 65亿)", "|1100亿 − 1706亿|"]);

    let first = parse("share > 0 and count(parts) ~= 2 and max(parts) < part / 100");
    let shown = first.contradicted_comparisons(&values, Reading::Plain);
    let sides: Vec<String> = shown.iter().map(|shown| shown.left.render(&words)).collect();
    assert_eq!(sides, ["3"], "the first part that fails decides");
}

#[test]
fn ranged_roles_hold_for_some_or_for_every_value() {
    let values = bound(&[("parts", &[about(10, 0), about(20, 0)]), ("part", &[about(20, 0)])]);
    for (text, expected) in [
        ("part ~= any(parts)", Verdict::Holds),
        ("part ~= all(parts)", Verdict::Contradicted),
        ("part >= all(parts)", Verdict::Holds),
        ("not (part ~= any(parts))", Verdict::Contradicted),
        ("not (part ~= all(parts))", Verdict::Holds),
        ("part ~= first(parts)", Verdict::Contradicted),
        ("part ~= last(parts)", Verdict::Holds),
        ("sum(parts) ~= 1.5 * part", Verdict::Holds),
        ("min(parts) * 2 ~= max(parts)", Verdict::Holds),
        ("any(parts) - any(parts) > 0", Verdict::Contradicted),
        ("count(parts) ~= 2", Verdict::Holds),
    ] {
        assert_eq!(verdict(text, &values), expected, "{text}");
    }
}

#[test]
fn what_is_missing_or_out_of_proportion_cannot_be_told() {
    let values = bound(&[("part", &[about(0, 1)]), ("n", &[about(7, 0)]), ("parts", &[])]);
    for text in [
        "whole ~= part",
        "part ~= any(parts)",
        "sum(parts) ~= part",
        "n / (part * 2 / part) > 1",
        "n ^ -64 ^ n > 1",
        "part ^ -1 * part ~= n",
        "(((n ^ 64) ^ 64) ^ 64) ^ 64 > 1",
    ] {
        assert_eq!(verdict(text, &values), Verdict::CannotTell, "{text}");
    }
    assert_eq!(verdict("n ~= 7 or whole ~= part", &values), Verdict::Holds);
    assert_eq!(verdict("n ~= 8 and whole ~= part", &values), Verdict::Contradicted);
    assert_eq!(verdict("not (n ~= 7 and whole ~= part)", &values), Verdict::CannotTell);
}

#[test]
fn dates_are_compared_with_dates_and_give_durations() {
    let mut values =
        bound(&[("span", &[Interval::point(number(3))]), ("n", &[Interval::point(number(2025))])]);
    values.dates.insert("report", vec![(day(2026, 3, 1), day(2026, 3, 1))]);
    values.dates.insert("forecast", vec![(day(2025, 1, 1), day(2025, 12, 31))]);
    values
        .dates
        .insert("marks", vec![(day(2022, 6, 1), day(2022, 6, 30)), (day(2025, 6, 1), day(2025, 6, 30))]);
    for (text, expected) in [
        ("forecast >= report", Verdict::Contradicted),
        ("end(forecast) >= start(report)", Verdict::Contradicted),
        ("year(forecast) ~= n", Verdict::Holds),
        ("year(report) ~= n", Verdict::Contradicted),
        ("last(marks) - first(marks) ~= span", Verdict::Holds),
        ("years(report - first(marks)) > 4", Verdict::Contradicted),
        ("first(marks) + span ~= last(marks)", Verdict::Holds),
        ("last(marks) - span >= last(marks)", Verdict::Contradicted),
        ("max(marks) ~= last(marks) and year(any(marks)) ~= 2022", Verdict::Holds),
    ] {
        assert_eq!(verdict(text, &values), expected, "{text}");
    }
    let late = parse("year(forecast) >= year(report) or end(forecast) > start(report)");
    let shown = late.contradicted_comparisons(&values, Reading::Plain);
    let sides: Vec<String> = shown.iter().map(|shown| shown.left.render(&|_, _| String::new())).collect();
    assert_eq!(sides, ["2025", "2025-12-31"]);
}

#[test]
fn readings_can_be_fixed_inside() {
    let values = bound(&[("part", &[about(10, 5)]), ("whole", &[about(14, 0)])]);
    assert_eq!(verdict("part ~= whole", &values), Verdict::Holds);
    assert_eq!(verdict("as_written(part) ~= whole", &values), Verdict::Contradicted);
    assert_eq!(parse("plain(part) ~= whole").evaluate(&values, Reading::AsWritten), Verdict::Holds);
}

#[test]
fn powers_keep_to_the_interval() {
    let values = bound(&[
        ("n", &[Interval::closed(number(-2), number(3))]),
        ("share", &[Interval::closed(number(1), number(2))]),
        ("span", &[Interval::closed(Rational::new(5.into(), 2.into()), Rational::new(7.into(), 2.into()))]),
    ]);
    for (text, expected) in [
        ("n ^ 2 < 0", Verdict::Contradicted),
        ("n ^ 2 >= 9", Verdict::Holds),
        ("n ^ 3 < -8", Verdict::Contradicted),
        ("n ^ 3 >= 27", Verdict::Holds),
        ("n ^ 0 ~= 1", Verdict::Holds),
        ("share ^ -1 < 0.5", Verdict::Contradicted),
        ("(1 + share) ^ years(span) > 81", Verdict::Contradicted),
        ("(1 + share) ^ years(span) ~= 81", Verdict::Holds),
        ("n ^ years(span) ~= 81", Verdict::CannotTell),
    ] {
        assert_eq!(verdict(text, &values), expected, "{text}");
    }
}

#[test]
fn names_are_checked() {
    assert_eq!(
        fault("share ~= prat / whole"),
        ("there is no role `prat`".to_owned(), "prat", "did you mean `part`?".to_owned())
    );
    let (message, span, help) = fault("share ~= zzzzzz");
    assert_eq!((message.as_str(), span), ("there is no role `zzzzzz`", "zzzzzz"));
    assert!(help.starts_with("the roles are each, forecast, marks,"), "{help}");
    assert_eq!(
        fault("part ~= summ(parts)"),
        ("there is no function `summ`".to_owned(), "summ", "did you mean `sum`?".to_owned())
    );
    let (message, span, help) = fault("part ~= parts / 2");
    assert_eq!((message.as_str(), span), ("`parts` can have several values", "parts"));
    assert!(help.starts_with("say which: any(parts), all(parts)"), "{help}");
    let (message, span, _) = fault("sum(part + whole) ~= part");
    assert_eq!((message.as_str(), span), ("`sum` takes the name of a role", "part + whole"));
    let (message, span, _) = fault("part ~= any(parts) and any(parts) ~= all(parts)");
    assert_eq!((message.as_str(), span), ("any(parts) and all(parts) in one comparison", "all(parts)"));
    let (_, span, help) = fault("part-whole > 0");
    assert_eq!((span, help.as_str()), ("part-whole", "put spaces around the minus: part - whole"));
    parse("n -1 > 2-n and n-1 > 0");
    let all = faults("prat ~= hwole and shar > 1");
    assert_eq!(all.len(), 3, "every unknown name is reported: {all:?}");
}

#[test]
fn dimensions_are_checked() {
    for (text, message, span) in [
        ("part ~= share", "an amount cannot be compared with a plain number", "part ~= share"),
        ("share + part ~= part", "a plain number cannot be added to an amount", "share + part"),
        ("part * part ~= whole", "amount^2 cannot be compared with an amount", "part * part ~= whole"),
        (
            "part / span ~= whole",
            "amount * time^-1 cannot be compared with an amount",
            "part / span ~= whole",
        ),
        ("report ~= n", "a date cannot be compared with a plain number", "report ~= n"),
        ("report + forecast > report", "a date cannot be added to a date", "report + forecast"),
        ("report * 2 > report", "a date cannot be multiplied by a plain number", "report * 2"),
        ("year(n) ~= n", "`year` takes a date, this is a plain number", "n"),
        ("year(report - span) ~= n", "`year` takes a date as it stands in the text", "report - span"),
        ("years(part) ~= n", "`years` takes a duration, this is an amount", "part"),
        ("sum(marks) ~= report", "dates cannot be added", "marks"),
        ("span ~= n", "time cannot be compared with a plain number", "span ~= n"),
        ("-report < report", "a date cannot be negated", "-report"),
        ("part / 0 ~= 0", "division by zero", "part / 0"),
        ("report > 0", "a date cannot be compared with a plain number", "report > 0"),
        ("n ^ 65 > 1", "the exponent is too large", "65"),
        ("n ^ 0.5 > 1", "the exponent is no integer", "0.5"),
        ("n ^ span > 1", "the exponent is time, not a plain number", "span"),
        ("part ^ n ~= part", "an amount takes a written exponent only", "part ^ n"),
        ("1 + 1 ~= 2", "both sides are constants, so this never depends on the text", "1 + 1 ~= 2"),
        (
            "part + whole ~= part  +  whole",
            "both sides are the same, so this can never fail",
            "part + whole ~= part  +  whole",
        ),
        ("part", "the expression gives a value, not a verdict", "part"),
        ("part > 0 and whole", "a value stands where a comparison is expected", "whole"),
        ("(part > 0) + whole > 0", "a comparison stands where a value is expected", "(part > 0)"),
        ("abs(part > 0) > 0", "a comparison stands where a value is expected", "part > 0"),
    ] {
        let found = fault(text);
        assert_eq!((found.0.as_str(), found.1), (message, span), "{text}");
        assert!(!found.2.is_empty(), "{text} has no help");
    }
    for text in ["part > 0", "0 < part - whole", "part * share ~= whole * n", "part ^ 2 / part ~= whole"] {
        parse(text);
    }
}

#[test]
fn grammar_faults_have_their_place() {
    for (text, message, span) in [
        ("", "the expression ends where a number, a role or a function is expected", ""),
        ("part ~=", "the expression ends where a number, a role or a function is expected", ""),
        ("part == whole", "`==` is no comparison", "=="),
        ("part ≤ whole", "`≤` is no comparison", "≤"),
        ("part × n ~= whole", "`×` is no operator", "×"),
        ("n < n + 1 < n + 2", "comparisons do not chain", "<"),
        ("part ~= 5% * whole", "a number takes no `%`", "5%"),
        ("part ~= 5x", "found `x` where an operator is expected", "x"),
        ("(part ~= whole", "the expression ends where `)` is expected", ""),
        ("part ~= whole)", "found `)` where an operator is expected", ")"),
        ("abs(part, whole) > 1", "`abs` takes one argument", ","),
        ("part ~= （whole）", "found `（` where a number, a role or a function is expected", "（"),
        ("part ~= whole && n > 1", "found `&` where an operator is expected", "&"),
        ("part ~= and", "found `and` where a number, a role or a function is expected", "and"),
        ("部分 ~= whole", "found `部分` where a number, a role or a function is expected", "部分"),
    ] {
        let found = fault(text);
        assert_eq!((found.0.as_str(), found.1), (message, span), "{text}");
    }
    let long = "1".repeat(41);
    assert_eq!(fault(&format!("n > {long}")).0, "the number is too long");
    for deep in [
        format!("n > {}1{}", "(".repeat(3000), ")".repeat(1000)),
        format!("n > {}", "-".repeat(4000)),
        format!("{}n > 1", "not ".repeat(1000)),
        format!("n > 1{}", "+1".repeat(1000)),
        format!("n > 1{}", "^1".repeat(1000)),
        format!("n > {}n", "abs(".repeat(900)),
    ] {
        assert_eq!(fault(&deep).0, "the expression is nested too deeply");
    }
    assert_eq!(fault(&"n+".repeat(4000)).0, "the expression is too long");
}

/// A value of plain numbers, as text with all parentheses written.
fn arithmetic() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("n".to_owned()),
        Just("share".to_owned()),
        (0_u32..20).prop_map(|n| n.to_string()),
        (0_u32..20, 0_u32..100).prop_map(|(n, d)| format!("{n}.{d}")),
    ];
    leaf.prop_recursive(4, 24, 2, |inner| {
        prop_oneof![
            (inner.clone(), prop::sample::select(vec!["+", "-", "*", "/"]), inner.clone())
                .prop_map(|(a, operator, b)| format!("({a} {operator} {b})")),
            (inner.clone(), 1_u32..4).prop_map(|(a, n)| format!("({a} ^ {n})")),
            inner.clone().prop_map(|a| format!("(-{a})")),
            inner.prop_map(|a| format!("abs({a})")),
        ]
    })
}

fn condition() -> impl Strategy<Value = String> {
    let comparison =
        (arithmetic(), prop::sample::select(vec!["~=", "!~=", "<", "<=", ">", ">="]), arithmetic())
            .prop_map(|(a, operator, b)| format!("(n + {a} {operator} {b})"));
    comparison.prop_recursive(3, 8, 2, |inner| {
        prop_oneof![
            (inner.clone(), prop::sample::select(vec!["and", "or"]), inner.clone())
                .prop_map(|(a, operator, b)| format!("({a} {operator} {b})")),
            inner.prop_map(|a| format!("(not {a})")),
        ]
    })
}

fn interval() -> impl Strategy<Value = Interval> {
    let end = |value: i64, closed| Endpoint { value: Rational::new(value.into(), 4.into()), closed };
    (-40_i64..40, 0_i64..12, any::<bool>(), any::<bool>(), 0_u8..10).prop_map(
        move |(low, width, closed_low, closed_high, open)| {
            let point = width == 0;
            Interval {
                low: (open != 0).then(|| end(low, closed_low || point)),
                high: (open != 1).then(|| end(low + width, closed_high || point)),
            }
        },
    )
}

/// The arithmetic done plainly, for points; `None` on division by zero.
fn plainly(text: &str, n: &Rational, share: &Rational) -> Option<Rational> {
    let text = text.trim();
    if let Some(inner) = text.strip_prefix("abs(").and_then(|rest| rest.strip_suffix(')')) {
        let value = plainly(inner, n, share)?;
        return Some(if value < number(0) { -value } else { value });
    }
    let Some(inner) = text.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) else {
        return match text {
            "n" => Some(n.clone()),
            "share" => Some(share.clone()),
            digits => {
                let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
                let scale = 10_i64.pow(part.len() as u32);
                Some(Rational::new(format!("{whole}{part}").parse::<i64>().unwrap().into(), scale.into()))
            }
        };
    };
    let mut depth = 0;
    let middle = inner.char_indices().find(|(at, c)| {
        depth += i32::from(*c == '(') - i32::from(*c == ')');
        depth == 0 && *c == ' ' && *at > 0
    });
    let Some((at, _)) = middle else {
        return plainly(inner.strip_prefix('-').unwrap(), n, share).map(|value| -value);
    };
    let (operator, right) = inner[at + 1..].split_at(1);
    let left = plainly(&inner[..at], n, share)?;
    let right = plainly(right, n, share)?;
    Some(match operator {
        "+" => left + right,
        "-" => left - right,
        "*" => left * right,
        "/" if right == number(0) => return None,
        "/" => left / right,
        _ => num_traits::pow(left, right.to_integer().try_into().unwrap()),
    })
}

/// A comparison over roles with several values.
fn ranged() -> impl Strategy<Value = String> {
    let side = || {
        prop::sample::select(vec![
            "any(some)",
            "all(each)",
            "any(each)",
            "all(some)",
            "n",
            "3",
            "sum(each)",
            "max(some)",
        ])
    };
    let operator = |all: Vec<&'static str>| prop::sample::select(all);
    (side(), operator(vec!["+", "-", "*"]), side(), operator(vec!["~=", "!~=", "<", "<=", ">", ">="]), side())
        .prop_map(|(a, between, b, compared, c)| format!("{a} {between} {b} {compared} {c}"))
}

proptest! {
    #[test]
    fn for_points_not_is_the_opposite(
        text in prop_oneof![ranged(), condition(), (ranged(), condition()).prop_map(|(a, b)| format!("({a}) or {b}"))],
        n in -3_i64..4,
        each in prop::collection::vec(-3_i64..4, 1..4),
        some in prop::collection::vec(-3_i64..4, 1..4),
    ) {
        let points = |values: &[i64]| values.iter().map(|value| Interval::point(number(*value))).collect::<Vec<_>>();
        let values = bound(&[("n", &points(&[n])), ("share", &points(&[2])), ("each", &points(&each)), ("some", &points(&some))]);
        if let Ok(expression) = Expression::parse(&text, &roles()) {
            let negated = parse(&format!("not ({text})")).evaluate(&values, Reading::Plain);
            let opposite = match expression.evaluate(&values, Reading::Plain) {
                Verdict::Holds => Verdict::Contradicted,
                Verdict::Contradicted => Verdict::Holds,
                Verdict::CannotTell => Verdict::CannotTell,
            };
            prop_assert_eq!(negated, opposite);
        }
    }

    #[test]
    fn what_is_contradicted_is_shown(text in ranged(), n in -3_i64..4, each in prop::collection::vec(-3_i64..4, 1..4)) {
        let points = |values: &[i64]| values.iter().map(|value| Interval::point(number(*value))).collect::<Vec<_>>();
        let values = bound(&[("n", &points(&[n])), ("each", &points(&each)), ("some", &points(&[n, n + 1]))]);
        if let Ok(expression) = Expression::parse(&text, &roles()) {
            let shown = expression.contradicted_comparisons(&values, Reading::Plain);
            let contradicted = expression.evaluate(&values, Reading::Plain) == Verdict::Contradicted;
            prop_assert_eq!(!shown.is_empty(), contradicted);
            for side in shown.iter().flat_map(|shown| [&shown.left, &shown.right]) {
                prop_assert!(side.value.as_point().is_some());
                let text = side.render(&|role, index| values.values[role][index].as_point().unwrap().to_string());
                prop_assert!(!text.contains("any(") && !text.contains("all("), "{}", text);
            }
        }
    }

    #[test]
    fn points_agree_with_plain_arithmetic(text in arithmetic(), n in -30_i64..30, share in -30_i64..30) {
        let (n, share) = (number(n), Rational::new(share.into(), 7.into()));
        let values = bound(&[("n", &[Interval::point(n.clone())]), ("share", &[Interval::point(share.clone())])]);
        let Ok(expression) = Expression::parse(&format!("n + {text} > n"), &roles()) else {
            return Ok(());
        };
        let expected = match plainly(&text, &n, &share) {
            None => Verdict::CannotTell,
            Some(value) if value > number(0) => Verdict::Holds,
            Some(_) => Verdict::Contradicted,
        };
        prop_assert_eq!(expression.evaluate(&values, Reading::Plain), expected);
    }

    #[test]
    fn printing_and_parsing_agree(text in condition()) {
        if let Ok(expression) = Expression::parse(&text, &roles()) {
            let printed = expression.to_string();
            prop_assert!(printed.len() <= text.len());
            prop_assert_eq!(Expression::parse(&printed, &roles()), Ok(expression));
        }
    }

    #[test]
    fn widening_never_contradicts_what_held(
        text in prop_oneof![condition(), ranged()],
        n in interval(), share in interval(), each in prop::collection::vec(interval(), 1..4),
        more in (interval(), interval(), interval())
    ) {
        if let Ok(expression) = Expression::parse(&text, &roles()) {
            let with = |n: &Interval, share: &Interval, first: &Interval| {
                let mut each = each.clone();
                each[0] = first.clone();
                let one = std::slice::from_ref;
                bound(&[("n", one(n)), ("share", one(share)), ("each", &each), ("some", &each)])
            };
            let narrow = with(&n, &share, &each[0]);
            let wide = with(&n.hull(&more.0), &share.hull(&more.1), &each[0].hull(&more.2));
            if expression.evaluate(&narrow, Reading::Plain) == Verdict::Holds {
                prop_assert_ne!(expression.evaluate(&wide, Reading::Plain), Verdict::Contradicted);
            }
        }
    }

    #[test]
    fn no_text_panics(text in "[nps0-9.()+*/^<>=~! a-z约（亿-]{0,60}") {
        if let Err(errors) = Expression::parse(&text, &roles()) {
            for error in errors {
                prop_assert!(text.get(error.span.start..error.span.end).is_some());
            }
        }
    }
}
