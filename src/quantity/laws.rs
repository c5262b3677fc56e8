//! Laws that hold on any text and any number.

use proptest::prelude::*;

use super::tests::lexicon;
use super::*;
use crate::source::Span;

thread_local! {
    static LEXICON: QuantityLexicon = lexicon();
}

fn check_spans(text: &str) -> Result<Vec<Quantity>, TestCaseError> {
    let mut found = Vec::new();
    LEXICON.with(|lexicon| read_quantities(text, Span::new(0, text.len()), lexicon, None, &mut found));
    let mut done = 0;
    for quantity in &found {
        let span = quantity.span;
        prop_assert!(
            span.start >= done && span.end > span.start && span.end <= text.len(),
            "{:?} in {:?}",
            span,
            text
        );
        prop_assert!(text.is_char_boundary(span.start) && text.is_char_boundary(span.end));
        if let Some(hedge) = quantity.hedge {
            prop_assert!(
                hedge.end <= text.len()
                    && text.is_char_boundary(hedge.start)
                    && text.is_char_boundary(hedge.end)
            );
        }
        LEXICON.with(|lexicon| {
            let _ = quantity.contract(lexicon);
            for reading in [Reading::AsWritten, Reading::Plain, Reading::Charitable] {
                let _ = quantity.interval(reading, lexicon);
            }
        });
        done = span.end;
    }
    Ok(found)
}

/// Pieces a report is made of, to be joined at random.
fn piece() -> impl Strategy<Value = String> {
    let words = [
        "1",
        "2024",
        "5.5",
        "1,100",
        "万",
        "亿",
        "万亿",
        "年",
        "月",
        "日",
        "%",
        "$",
        "US$",
        "元",
        "美元",
        "-",
        "–",
        "~",
        "至",
        "到",
        "从",
        "约",
        "超",
        "近",
        "多",
        "余",
        "几",
        "半",
        "一",
        "二",
        "三",
        "十",
        "百",
        "千",
        "零",
        "点",
        "分之",
        "第",
        "又",
        "负",
        "个",
        "百分点",
        "million",
        "billion",
        "twenty",
        "five",
        "hundred",
        "and",
        "a",
        "half",
        "third",
        "point",
        "minus",
        "over",
        "at least",
        "between",
        "to",
        "May",
        "Dec.",
        "Q3",
        "FY",
        "/",
        ":",
        ".",
        ",",
        "，",
        "(",
        ")",
        "[",
        "]",
        "+",
        "x",
        "×10^",
        "e9",
        "MW",
        "GW",
        "兆",
        "兆瓦",
        "股",
        "人",
        "倍",
        "翻倍",
        " ",
        "  ",
        "\u{1}",
        "\u{2}",
        "\n",
        "￥",
        "９",
        "．",
        "折",
        "成",
        "out of",
        "in",
        "per",
        "每",
        "http://",
        "去年",
        "年内",
        "下半年",
        "s",
        "E",
        "^",
        "以上",
        "左右",
        "or so",
        "st",
    ];
    prop_oneof![
        8 => proptest::sample::select(words.to_vec()).prop_map(str::to_owned),
        1 => any::<char>().prop_map(|sign| sign.to_string()),
        1 => (0_u64..u64::MAX).prop_map(|value| value.to_string()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_read_without_panic_and_in_order(text in any::<String>()) {
        check_spans(&text)?;
    }

    #[test]
    fn any_mixture_is_read_without_panic_and_in_order(pieces in proptest::collection::vec(piece(), 0..24)) {
        check_spans(&pieces.concat())?;
    }

    #[test]
    fn a_number_written_in_any_form_reads_back(
        whole in 1_u64..100_000,
        cents in 0_u32..100,
        form in 0_usize..22,
    ) {
        let (text, value, unit) = match form {
            0 => (format!("共{whole}亿元。"), format!("{whole}00000000"), Some("CNY")),
            1 => (format!("共{whole}.{cents:02}万美元。"), scaled(whole, cents, 4), Some("USD")),
            2 => (format!("It is ${whole}.{cents:02} million."), scaled(whole, cents, 6), Some("USD")),
            3 => (format!("It is {whole}.{cents:02}%."), scaled(whole, cents, 0), Some("percent")),
            4 => (format!("增长{whole}.{cents:02}个百分点"), scaled(whole, cents, 0), Some("percentage_point")),
            5 => (format!("装机{whole}MW的"), whole.to_string(), Some("MW")),
            6 => (format!("EUR {whole}.{cents:02} billion"), scaled(whole, cents, 9), Some("EUR")),
            7 => (format!("是{whole}倍"), whole.to_string(), Some("multiple")),
            8 => (format!("有{}人", grouped(whole)), whole.to_string(), Some("people")),
            9 => (format!("共{}元", han(whole)), whole.to_string(), Some("CNY")),
            // A lone "one" is seldom a count, and is not read as one.
            10 => (format!("{} users", english(whole + 1)), (whole + 1).to_string(), Some("user")),
            // A bracket around few plain digits is a label, so these have a fraction.
            11 => (format!("利润（{whole}.{cents:02}）亿元"), format!("-{}", scaled(whole, cents, 8)), Some("CNY")),
            12 => (format!("came to (${whole}.{cents:02}) million"), format!("-{}", scaled(whole, cents, 6)), Some("USD")),
            13 => (format!("paid {whole}.{cents:02} € for it"), scaled(whole, cents, 0), Some("EUR")),
            14 => (format!("降{whole}个基点"), whole.to_string(), Some("basis_point")),
            15 => (format!("百分之{}", han(whole)), whole.to_string(), Some("percent")),
            16 => (format!("HK${} in all", grouped(whole)), whole.to_string(), Some("HKD")),
            17 => (format!("共{}打。", han(whole + 1)), ((whole + 1) * 12).to_string(), None),
            18 => (format!("花了{}块{}毛{}。", whole, cents / 12 + 1, cents % 9 + 1), scaled(whole, (cents / 12 + 1) * 10 + cents % 9 + 1, 0), Some("CNY")),
            19 => (format!("共{whole}元{}角{}分", cents / 12 + 1, cents % 9 + 1), scaled(whole, (cents / 12 + 1) * 10 + cents % 9 + 1, 0), Some("CNY")),
            20 => (format!("came to Rs {} crore and two hundred", grouped(whole)), format!("{whole}0000200"), Some("INR")),
            _ => (format!("下降-{whole}.{cents:02}%"), format!("-{}", scaled(whole, cents, 0)), Some("percent")),
        };
        let found = check_spans(&text)?;
        prop_assert_eq!(found.len(), 1, "in {:?}: {:?}", text, found);
        let fields = LEXICON.with(|lexicon| found[0].contract(lexicon));
        prop_assert_eq!(fields.value.as_deref(), Some(value.as_str()), "in {:?}", text);
        prop_assert_eq!(fields.unit.as_deref(), unit);
    }

    #[test]
    fn a_range_written_in_any_form_reads_back(
        low in 3_u64..900,
        width in 1_u64..90,
        form in 0_usize..10,
    ) {
        let high = low + width;
        let (ten, hundred_million) = (6, 8);
        let (text, power, unit) = match form {
            0 => (format!("投入{low}-{high}亿元"), hundred_million, Some("CNY")),
            1 => (format!("a ${low}-{high} million round"), ten, Some("USD")),
            2 => (format!("毛利率{low}%~{high}%"), 0, Some("percent")),
            3 => (format!("between {low} and {high} GW"), 0, Some("GW")),
            4 => (format!("between ${low} million and ${high} million"), ten, Some("USD")),
            5 => (format!("需要 {low}至{high}家门店"), 0, Some("store")),
            6 => (format!("{low} to {high} users"), 0, Some("user")),
            7 => (format!("{low}–{high} km"), 0, Some("km")),
            8 => (format!("误差 {}±{width}%", low + width), 0, Some("percent")),
            _ => (format!("€{low} million–€{high} million"), ten, Some("EUR")),
        };
        let high = if form == 8 { low + 2 * width } else { high };
        let found = check_spans(&text)?;
        prop_assert_eq!(found.len(), 1, "in {:?}: {:?}", text, found);
        let fields = LEXICON.with(|lexicon| found[0].contract(lexicon));
        prop_assert_eq!(fields.low, Some(scaled(low, 0, power)), "in {:?}", &text);
        prop_assert_eq!(fields.high, Some(scaled(high, 0, power)), "in {:?}", &text);
        prop_assert_eq!(fields.unit.as_deref(), unit);
    }

    #[test]
    fn a_date_written_in_any_form_reads_back(
        day in (1950_i32..2090, 1_u32..=12, 1_u32..=28),
        form in 0_usize..8,
    ) {
        const MONTHS: [&str; 12] = [
            "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
            "November", "December",
        ];
        let (year, month, number) = day;
        let name = MONTHS[month as usize - 1];
        let whole = format!("{year}-{month:02}-{number:02}");
        let (text, value) = match form {
            0 => (format!("于{year}年{month}月{number}日公布"), whole),
            1 => (format!("on {whole} it"), whole),
            2 => (format!("on {name} {number}, {year}, it"), whole),
            3 => (format!("on {number} {name} {year}"), whole),
            4 => (format!("在{year}年{month}月"), format!("{year}-{month:02}")),
            5 => (format!("in {name} {year}"), format!("{year}-{month:02}")),
            6 => (format!("{year}年第{}季度", (month - 1) / 3 + 1), format!("{year}-Q{}", (month - 1) / 3 + 1)),
            _ => (format!("in FY{year}"), year.to_string()),
        };
        let found = check_spans(&text)?;
        prop_assert_eq!(found.len(), 1, "in {:?}: {:?}", text, found);
        let fields = LEXICON.with(|lexicon| found[0].contract(lexicon));
        prop_assert_eq!(fields.value, Some(value), "in {:?}", text);
    }
}

proptest! {
    #[test]
    fn a_day_that_its_month_does_not_have_is_one_date_without_a_value(
        year in 1950_i32..2090,
        month in proptest::sample::select(vec![("February", 2, 30), ("April", 4, 31), ("June", 6, 31), ("November", 11, 31)]),
        form in 0_usize..6,
    ) {
        let (name, month, number) = month;
        let text = match form {
            0 => format!("于{year}年{month}月{number}日公布"),
            1 => format!("on {year}-{month:02}-{number} it"),
            2 => format!("on {name} {number}, {year}, it"),
            3 => format!("on {number} {name} {year}"),
            4 => format!("截至{month}月{number}日"),
            _ => format!("on {name} {number}"),
        };
        let found = check_spans(&text)?;
        prop_assert_eq!(found.len(), 1, "in {:?}: {:?}", text, found);
        let fields = LEXICON.with(|lexicon| found[0].contract(lexicon));
        prop_assert_eq!((fields.kind, fields.value, fields.low, fields.high), ("date", None, None, None), "in {:?}", text);
    }
}

/// `whole.cents` times a power of ten, normalized.
fn scaled(whole: u64, cents: u32, power: u32) -> String {
    let value = rust_decimal::Decimal::new(whole as i64 * 100 + i64::from(cents), 2)
        * rust_decimal::Decimal::from(10_u64.pow(power));
    value.normalize().to_string()
}

fn grouped(value: u64) -> String {
    let digits = value.to_string();
    let mut out = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A number below a hundred thousand in Han numerals, in full.
fn han(value: u64) -> String {
    let digits: Vec<char> = "零一二三四五六七八九".chars().collect();
    let section = |value: u64| {
        let mut out = String::new();
        let mut gap = false;
        for (unit, sign) in [(1000, "千"), (100, "百"), (10, "十"), (1, "")] {
            let digit = value / unit % 10;
            if digit == 0 {
                gap = !out.is_empty();
                continue;
            }
            if gap {
                out.push('零');
                gap = false;
            }
            out.push(digits[digit as usize]);
            out.push_str(sign);
        }
        out
    };
    match (value / 10_000, value % 10_000) {
        (0, rest) => section(rest),
        (wan, 0) => format!("{}万", section(wan)),
        (wan, rest) if rest < 1000 => format!("{}万零{}", section(wan), section(rest)),
        (wan, rest) => format!("{}万{}", section(wan), section(rest)),
    }
}

/// A number below a hundred thousand in English words.
fn english(value: u64) -> String {
    let ones = [
        "zero",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "thirteen",
        "fourteen",
        "fifteen",
        "sixteen",
        "seventeen",
        "eighteen",
        "nineteen",
    ];
    let tens = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
    let below_hundred = |value: u64| match value {
        0..20 => ones[value as usize].to_owned(),
        _ if value.is_multiple_of(10) => tens[value as usize / 10].to_owned(),
        _ => format!("{}-{}", tens[value as usize / 10], ones[value as usize % 10]),
    };
    let below_thousand = |value: u64| match (value / 100, value % 100) {
        (0, rest) => below_hundred(rest),
        (hundreds, 0) => format!("{} hundred", ones[hundreds as usize]),
        (hundreds, rest) => format!("{} hundred and {}", ones[hundreds as usize], below_hundred(rest)),
    };
    match (value / 1000, value % 1000) {
        (0, rest) => below_thousand(rest),
        (thousands, 0) => format!("{} thousand", below_thousand(thousands)),
        (thousands, rest) => format!("{} thousand {}", below_thousand(thousands), below_thousand(rest)),
    }
}

fn fraction() -> impl Strategy<Value = Rational> {
    (-40_i64..40, 1_i64..7).prop_map(|(above, below)| Rational::new(above.into(), below.into()))
}

/// An interval and a value inside it.
fn member() -> impl Strategy<Value = (Interval, Rational)> {
    (fraction(), 0_i64..9, 0_i64..9, any::<[bool; 4]>()).prop_map(
        |(value, below, above, [open_low, open_high, no_low, no_high])| {
            let shift = |by: i64| Rational::from_integer(by.into());
            let low = Endpoint { value: &value - shift(below), closed: !open_low || below == 0 };
            let high = Endpoint { value: &value + shift(above), closed: !open_high || above == 0 };
            (Interval { low: (!no_low).then_some(low), high: (!no_high).then_some(high) }, value)
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, ..ProptestConfig::default() })]

    #[test]
    fn what_holds_of_members_holds_of_intervals((a, x) in member(), (b, y) in member()) {
        prop_assert!(a.contains(&x) && b.contains(&y));
        prop_assert!(a.add(&b).contains(&(&x + &y)));
        prop_assert!(a.subtract(&b).contains(&(&x - &y)));
        prop_assert!(a.multiply(&b).contains(&(&x * &y)), "{:?} * {:?}", a, b);
        if let Some(quotient) = a.divide(&b) {
            prop_assert!(quotient.contains(&(&x / &y)), "{:?} / {:?}", a, b);
        }
        prop_assert!(a.hull(&b).contains(&x) && a.hull(&b).contains(&y));
        prop_assert!(a.negate().contains(&-x.clone()));
        prop_assert!(a.abs().contains(&x.abs()), "{:?}", a);
        if x == y { prop_assert!(a.meets(&b)); }
        if x < y { prop_assert!(a.can_be_below(&b)); }
        if x <= y { prop_assert!(a.can_be_at_most(&b)); }
    }
}
