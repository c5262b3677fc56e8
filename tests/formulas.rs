//! A law of calculations written out: what comes to its result is left alone, what does not is found.

use std::sync::OnceLock;

use claimlint::check::{Engine, Locale};
use claimlint::finding::Severity;
use claimlint::rule::builtin_files;
use proptest::prelude::*;

fn engine() -> &'static Engine {
    static ENGINE: OnceLock<Engine> = OnceLock::new();
    ENGINE.get_or_init(|| Engine::new(&builtin_files()).unwrap_or_else(|faults| panic!("{faults:#?}")))
}

/// The rules' errors about formulas in a text.
fn errors(text: &str) -> Vec<String> {
    let document = engine().parse(text.to_owned(), None);
    let findings = engine().check(&document, Locale::Auto).findings;
    let errors = findings.into_iter().filter(|finding| finding.severity == Severity::Error);
    errors.filter(|finding| finding.rule == "numeric/formula").map(|finding| finding.message).collect()
}

/// A calculation as text, with its value in hundredths.
#[derive(Clone, Debug)]
struct Calculation {
    text: String,
    hundredths: i64,
    /// How tightly its outermost operator binds.
    binds: u8,
}

impl Calculation {
    fn inside(&self, binds: u8) -> String {
        if self.binds < binds { format!("({})", self.text) } else { self.text.clone() }
    }
}

fn calculation() -> impl Strategy<Value = Calculation> {
    let figure = (11i64..100).prop_map(|value| Calculation {
        text: value.to_string(),
        hundredths: value * 100,
        binds: 3,
    });
    figure.prop_recursive(3, 6, 2, |inner| {
        (inner.clone(), inner, prop::sample::select(vec!["+", "-", "×", "*"]), any::<bool>()).prop_map(
            |(left, right, operator, spaced)| {
                let (binds, hundredths) = match operator {
                    "+" => (1, left.hundredths + right.hundredths),
                    "-" => (1, left.hundredths - right.hundredths),
                    _ => (2, left.hundredths / 100 * right.hundredths),
                };
                // Stars without space around them are marks of Markdown.
                let space = if spaced || operator == "*" { " " } else { "" };
                // What is subtracted stands in brackets when it is a sum itself.
                let text =
                    format!("{}{space}{operator}{space}{}", left.inside(binds), right.inside(binds + 1));
                Calculation { text, hundredths, binds }
            },
        )
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn a_right_result_is_left_alone_and_a_wrong_one_is_found(calculation in calculation(), chinese: bool) {
        let value = calculation.hundredths / 100;
        let wrong = value * 2 + 7;
        let year = |value: &i64| (1500..2200).contains(value);
        prop_assume!(calculation.binds < 3 && (100..40_000).contains(&value));
        prop_assume!(![value, wrong].iter().any(year));
        let sentence = |stated: i64| {
            if chinese {
                format!("测算如下，{} = {stated}，口径不变。", calculation.text)
            } else {
                format!("It follows that {} = {stated} on the same terms.", calculation.text)
            }
        };
        prop_assert_eq!(errors(&sentence(value)), Vec::<String>::new());
        // Rounding never takes a third away; a dash between two figures may join a range.
        let range = calculation.text.matches('-').count() > 0 && !calculation.text.contains(['+', '×', '*', '(']);
        if !range {
            prop_assert!(errors(&sentence(wrong)).len() == 1, "{}", sentence(wrong));
        }
    }

    #[test]
    fn nothing_that_looks_like_one_brings_it_down(text in "[0-9%+*/×÷^=≈()（）$ .,x亿万a-]{0,200}") {
        errors(&text);
    }
}
