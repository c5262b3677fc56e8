//! What the grammar reads, by class, in both languages.

use chrono::NaiveDate;

use super::*;
use crate::source::{DataFile, Span};

/// The built-in word tables.
pub(super) fn lexicon() -> QuantityLexicon {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/rules/quantity");
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        files.push(DataFile {
            path: format!("quantity/{name}"),
            text: std::fs::read_to_string(&path).unwrap(),
        });
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    QuantityLexicon::from_files(&files).unwrap()
}

fn read(text: &str) -> (QuantityLexicon, Vec<Quantity>) {
    let lexicon = lexicon();
    let mut found = Vec::new();
    let today = NaiveDate::from_ymd_opt(2026, 3, 1);
    read_quantities(text, Span::new(0, text.len()), &lexicon, today, &mut found);
    (lexicon, found)
}

/// Each quantity as `literal = value unit` with `[low, high]` for ranges and a mark for bounds and hedges.
fn shown(text: &str) -> Vec<String> {
    let (lexicon, found) = read(text);
    found
        .iter()
        .map(|quantity| {
            let fields = quantity.contract(&lexicon);
            let ends = |end: Option<String>| end.unwrap_or_default();
            let value = match (quantity.bound, fields.value) {
                (_, None) => format!("[{}, {}]", ends(fields.low), ends(fields.high)),
                (Bound::Exact, Some(value)) => value,
                (Bound::AtLeast, Some(value)) => format!(">={value}"),
                (Bound::MoreThan, Some(value)) => format!(">{value}"),
                (Bound::AtMost, Some(value)) => format!("<={value}"),
                (Bound::LessThan, Some(value)) => format!("<{value}"),
            };
            let about = if quantity.approximate { "~" } else { "" };
            let unit = fields.unit.map(|unit| format!(" {unit}")).unwrap_or_default();
            format!("{} = {about}{value}{unit}", quantity.span.of(text))
        })
        .collect()
}

pub(super) fn reads(text: &str, expected: &[&str]) {
    assert_eq!(shown(text), expected, "in {text:?}");
}

#[test]
fn scales_multiply_and_the_longest_wins() {
    reads("预算 $1.4 万亿。", &["$1.4 万亿 = 1400000000000 USD"]);
    reads("总额1706亿，不是年份", &["1706亿 = 170600000000"]);
    reads("共 1,100.9亿元", &["1,100.9亿元 = 110090000000 CNY"]);
    reads("二十万亿元的盘子", &["二十万亿元 = 20000000000000 CNY"]);
    reads(
        "revenue of $3.2 billion and 4.5M units",
        &["$3.2 billion = 3200000000 USD", "4.5M units = 4500000 piece"],
    );
}

#[test]
fn a_currency_marked_twice_is_one_amount() {
    reads("融资 $1100 亿美元", &["$1100 亿美元 = 110000000000 USD"]);
    reads("HK$12 million and R$3.5B", &["HK$12 million = 12000000 HKD", "R$3.5B = 3500000000 BRL"]);
    reads("usd 20 or EUR 30m", &["usd 20 = 20 USD", "EUR 30m = 30000000 EUR"]);
    reads("try 5 vendors, call Bob 3 times", &["5 = 5", "3 times = 3 time"]);
    reads("人民币 3.5 亿元", &["人民币 3.5 亿元 = 350000000 CNY"]);
}

#[test]
fn ranges_carry_scale_and_unit() {
    reads("投入300-350亿", &["300-350亿 = [30000000000, 35000000000]"]);
    reads("a $5-8 million round", &["$5-8 million = [5000000, 8000000] USD"]);
    reads("需要 7-8 年", &["7-8 年 = [7, 8] year"]);
    reads("毛利率65%~70%", &["65%~70% = [65, 70] percent"]);
    reads("between 5 and 8 million users", &["5 and 8 million users = [5000000, 8000000] user"]);
    reads("between $5 million and $8 million", &["$5 million and $8 million = [5000000, 8000000] USD"]);
    reads("30到50家门店", &["30到50家门店 = [30, 50] store"]);
}

#[test]
fn mixed_numerals_are_one_number() {
    reads("裁员5万5000人", &["5万5000人 = 55000 people"]);
    reads("售出25万6千台", &["25万6千台 = 256000 machine"]);
    reads("花了3万5", &["3万5 = 35000"]);
    reads("超过160万1月和2月", &["160万 = >1600000", "1月 = XXXX-01", "2月 = XXXX-02"]);
    reads("一千三百万人", &["一千三百万人 = 13000000 people"]);
}

#[test]
fn some_more_is_a_bound_with_an_upper_end() {
    let (lexicon, found) = read("亏了500多亿，又借了十几万和5万余元");
    let ends: Vec<_> = found
        .iter()
        .map(|quantity| quantity.interval(Reading::Charitable, &lexicon).unwrap())
        .map(|interval| (interval.low.unwrap().value.to_string(), interval.high.unwrap().value.to_string()))
        .collect();
    assert_eq!(ends[0], ("50000000000".into(), "60000000000".into()));
    assert_eq!(ends[1], ("100000".into(), "200000".into()));
    assert_eq!(ends[2], ("50000".into(), "60000".into()));
}

#[test]
fn hedges_bound_and_soften() {
    reads(
        "超5亿元，近3000人，约20%",
        &["5亿元 = >500000000 CNY", "3000人 = <3000 people", "20% = ~20 percent"],
    );
    reads("最近30天，累计 ~$700 亿", &["30天 = 30 day", "$700 亿 = ~70000000000 USD"]);
    reads(
        "over $5 million, at least 12%, nearly 300 people, about 4 GW",
        &["$5 million = >5000000 USD", "12% = >=12 percent", "300 people = <300 people", "4 GW = ~4 GW"],
    );
    reads(
        "100人以上，50家左右，200+ stores",
        &["100人 = >=100 people", "50家 = ~50 company", "200+ stores = >=200 store"],
    );
    reads("up to 40% or so", &["40% = ~<=40 percent"]);
}

#[test]
fn neighbours_are_a_range() {
    reads("再等七八年", &["七八年 = [7, 8] year"]);
    reads("融了五六百亿", &["五六百亿 = [50000000000, 60000000000]"]);
    reads("等一两年，只剩一两家", &["一两年 = [1, 2] year", "一两家 = [1, 2] company"]);
    reads("二三十个人", &["二三十个人 = [20, 30] people"]);
}

#[test]
fn units_stand_glued_to_han() {
    reads("建成850MW的电站和5GW产能", &["850MW = 850 MW", "5GW = 5 GW"]);
    reads("装机100兆瓦，带宽3兆", &["100兆瓦 = 100 MW"]);
    reads("面积387万亩", &["387万亩 = 3870000 mu"]);
}

#[test]
fn points_are_not_percent() {
    reads(
        "上升5个百分点，利率降25个基点，毛利5%",
        &["5个百分点 = 5 percentage_point", "25个基点 = 25 basis_point", "5% = 5 percent"],
    );
    reads("+2.6pp, -550bps", &["+2.6pp = 2.6 percentage_point", "-550bps = -550 basis_point"]);
}

#[test]
fn a_change_stays_two_numbers() {
    reads("从3000亿涨到7300亿", &["3000亿 = 300000000000", "7300亿 = 730000000000"]);
    reads("从3000涨到7300亿", &["3000 = 300000000000", "7300亿 = 730000000000"]);
    reads("rose from $3.7B to $7.3B", &["$3.7B = 3700000000 USD", "$7.3B = 7300000000 USD"]);
    reads(
        "increased by $7.5 million to $55.6 million",
        &["$7.5 million = 7500000 USD", "$55.6 million = 55600000 USD"],
    );
    reads("增加5亿元至20亿元", &["5亿元 = 500000000 CNY", "20亿元 = 2000000000 CNY"]);
    reads("同比增长115%到125%", &["115%到125% = [115, 125] percent"]);
    reads("从20%提高到35%", &["20% = 20 percent", "35% = 35 percent"]);
}

#[test]
fn halves_and_multiples() {
    reads("下调超过一半", &["一半 = >0.5"]);
    reads("收入翻倍，是去年的13 倍", &["翻倍 = 2 multiple", "去年 = 2025", "13 倍 = 13 multiple"]);
    reads("3 times the revenue of 2020", &["3 times = 3 multiple", "2020 = 2020"]);
    reads("a 3x return, revenue doubled", &["3x = 3 multiple", "doubled = 2 multiple"]);
    reads(
        "三分之一的用户，two thirds of buyers",
        &["三分之一 = 0.3333333333333333333333333333", "two thirds = 0.6666666666666666666666666667"],
    );
}

#[test]
fn words_that_hold_numerals_are_none() {
    for text in [
        "五角大楼",
        "四川",
        "我一看就懂",
        "信心十足",
        "SCP-173",
        "万一失败",
        "三星电子",
        "第三方",
        "十四五规划",
        "双11大促",
        "统一标准",
        "唯一选择",
        "半导体",
        "百度与万科",
        "陆续登陆",
        "两者之间",
        "千方百计",
    ] {
        assert!(shown(text).iter().all(|item| item.starts_with('第')), "{text}: {:?}", shown(text));
    }
}

#[test]
fn ids_codes_times_and_marks_are_none() {
    for text in [
        "300308.SZ",
        "(300456)",
        "GPT-4 and T-Mobile",
        "5G网络",
        "v1.2 of the tool",
        "starts at 22:22",
        "see [1][2]",
        "https://example.com/a/2024-05/x?id=123",
        "file_20230801_12.pdf",
        "COVID-19",
        "1.2.3.4",
        "call +1-222-222-2222",
        "000001",
        "M4 / M6 / M7",
        "24/7 support",
        "Figure 3 shows",
        "RPT-20251104-231709",
        "H3_AP202308081593467372_1.pdf",
        "0x1F and a3f9",
        "1. Introduction",
        "### 2.1 Revenue",
        "[S04]",
    ] {
        reads(text, &[]);
    }
}

#[test]
fn centuries_and_short_quarters() {
    reads("20世纪90年代，80年代", &["20世纪90年代 = [1990, 1999]", "80年代 = [1980, 1989]"]);
    reads(
        "1Q25, 24H1, FY24Q3, 一季度GDP",
        &["1Q25 = 2025-Q1", "24H1 = 2024-H1", "FY24Q3 = 2024-Q3", "一季度 = XXXX-Q1"],
    );
    reads(
        "Q2-24, H1/25, Q4'23, FY-24; Q2 24 stores",
        &[
            "Q2-24 = 2024-Q2",
            "H1/25 = 2025-H1",
            "Q4'23 = 2023-Q4",
            "FY-24 = 2024",
            "Q2 = XXXX-Q2",
            "24 stores = 24 store",
        ],
    );
}

#[test]
fn shares_out_of_a_number() {
    reads("one in five users, 4 out of 5, 8/10", &["one in five = 0.2", "4 out of 5 = 0.8", "8/10 = 0.8"]);
    reads("万分之五，千分之三", &["万分之五 = 0.05 percent", "千分之三 = 0.3 percent"]);
}

#[test]
fn pointing_words_and_hours_are_none() {
    for text in [
        "0-24时",
        "1、先看数据 2、再看结论",
        "上一年同期",
        "前一天",
        "IFRS 16",
        "21时30分",
        "数十亿次",
        "上百亿的盘子",
    ] {
        reads(text, &[]);
    }
}

#[test]
fn dates_and_periods() {
    reads(
        "2024年12月31日，2025年三季度，12月31号",
        &["2024年12月31日 = 2024-12-31", "2025年三季度 = 2025-Q3", "12月31号 = XXXX-12-31"],
    );
    reads(
        "Dec. 31, 2024; Q3 2025; FY2025; 2025-07-01; 5 March 2024",
        &[
            "Dec. 31, 2024 = 2024-12-31",
            "Q3 2025 = 2025-Q3",
            "FY2025 = 2025",
            "2025-07-01 = 2025-07-01",
            "5 March 2024 = 2024-03-05",
        ],
    );
    reads(
        "2021年10-12月，截至2020年6月30日止",
        &["2021年10-12月 = [2021-10, 2021-12]", "2020年6月30日 = 2020-06-30"],
    );
    reads("2024-2026年", &["2024-2026年 = [2024, 2026]"]);
    reads("年内上市，去年亏损，明年盈利", &["年内 = 2026", "去年 = 2025", "明年 = 2027"]);
    reads("since 2018, before 2015", &["2018 = [2018-01-01, ]", "2015 = [, 2015-01-01]"]);
    reads("二零一七年下半年", &["二零一七年下半年 = 2017-H2"]);
}

#[test]
fn a_bracketed_cell_is_below_zero() {
    reads("(1,234.5)", &["1,234.5 = -1234.5"]);
    reads(" ($58 million) ", &["$58 million = -58000000 USD"]);
    reads("清仓股票 ($58 亿)", &["$58 亿 = 5800000000 USD"]);
    reads("(12)", &[]);
    reads("$(1,234) and 零下10度", &["$(1,234) = -1234 USD", "零下10度 = -10 degree"]);
    reads("(2024)", &["2024 = 2024"]);
}

#[test]
fn durations() {
    reads(
        "三年半，8天20小时，18 months",
        &["三年半 = 3.5 year", "8天20小时 = 212 hour", "18 months = 18 month"],
    );
    reads(
        "20年后，5年前，回报周期12-24月，三种类型",
        &["20年 = 20 year", "5年 = 5 year", "12-24月 = [12, 24] month", "三种 = 3 kind"],
    );
    reads("其中3成为女性", &["3成 = 30 percent"]);
    reads(
        "for another day, within an hour, half an hour, a day trader",
        &["another day = 1 day", "an hour = 1 hour", "half an hour = 0.5 hour"],
    );
    reads("未来 4 年，over 3 years", &["4 年 = 4 year", "3 years = 3 year"]);
}

#[test]
fn prices_per_unit() {
    let (lexicon, found) = read("发行价25.6元/股，油价 $80 per barrel，每吨5000元");
    let per = |quantity: &Quantity| match quantity.unit {
        Unit::Money { per: Some(unit), .. } => lexicon.unit_symbol(unit).to_owned(),
        _ => String::new(),
    };
    assert_eq!(found.iter().map(per).collect::<Vec<_>>(), ["share", "bbl", "t"]);
}

#[test]
fn markup_is_read_over_and_breaks_are_not() {
    reads(
        "占\u{1}\u{1}65%\u{1}\u{1}，共$1100\u{1}\u{1} 亿",
        &["65% = 65 percent", "$1100\u{1}\u{1} 亿 = 110000000000 USD"],
    );
    reads("5\u{2}亿", &["5 = 5"]);
}

#[test]
fn readings_widen() {
    let (lexicon, found) = read("约1100亿，7.73亿，65%");
    let written = |index: usize, reading| {
        let interval: Interval = found[index].interval(reading, &lexicon).unwrap();
        (interval.low.unwrap().value.to_string(), interval.high.unwrap().value.to_string())
    };
    assert_eq!(written(0, Reading::Plain), ("109950000000".into(), "110050000000".into()));
    assert_eq!(written(0, Reading::Charitable), ("100000000000".into(), "120000000000".into()));
    assert_eq!(written(1, Reading::Plain), ("772500000".into(), "773500000".into()));
    assert_eq!(written(1, Reading::Charitable), ("772500000".into(), "773500000".into()));
    assert_eq!(written(2, Reading::AsWritten), ("13/20".into(), "13/20".into()));
    assert_eq!(written(2, Reading::Plain), ("129/200".into(), "131/200".into()));
}

#[test]
fn bounds_open_one_side() {
    let (lexicon, found) = read("超过100人，至少100人，不到100人，至多100人");
    let ends = |index: usize| {
        let interval = found[index].interval(Reading::AsWritten, &lexicon).unwrap();
        let show = |end: Option<Endpoint>| end.map(|end| (end.value.to_string(), end.closed));
        (show(interval.low), show(interval.high))
    };
    assert_eq!(ends(0), (Some(("100".into(), false)), None));
    assert_eq!(ends(1), (Some(("100".into(), true)), None));
    assert_eq!(ends(2), (Some(("0".into(), true)), Some(("100".into(), false))));
    assert_eq!(ends(3), (Some(("0".into(), true)), Some(("100".into(), true))));
}

#[test]
fn units_of_one_dimension_compare() {
    let (lexicon, found) = read("850MW, 1.7GW, 18 months, 1.5 years");
    let point =
        |index: usize| found[index].interval(Reading::AsWritten, &lexicon).unwrap().as_point().cloned();
    assert_eq!(point(0).map(|value| value * Rational::from_integer(2.into())), point(1));
    assert_eq!(point(2), point(3));
}

#[test]
fn faults_of_the_tables_name_their_place() {
    let text = "[[unit]]\nsymbol = \"吨x\"\ndimension = \"mass\"\nfactor = \"-1\"\n";
    let file = DataFile { path: "quantity/own.toml".into(), text: text.into() };
    let faults = QuantityLexicon::from_files(&[file]).unwrap_err();
    assert_eq!(faults.len(), 1);
    assert_eq!(faults[0].span.of(text), "\"-1\"");
    let text = "[[unit]]\nsymbol = \"x\"\ndimension = \"d\"\nfactor = \"1\"\ncolour = \"red\"\n";
    let file = DataFile { path: "quantity/own.toml".into(), text: text.into() };
    let faults = QuantityLexicon::from_files(&[file]).unwrap_err();
    assert!(faults[0].message.contains("colour"), "{}", faults[0].message);
}

#[test]
fn ratios_and_scores_are_quotients() {
    reads(
        "比例为 3:1，杠杆 1.5:1，5比3 通过",
        &["3:1 = 3", "1.5:1 = 1.5", "5比3 = 1.6666666666666666666666666667"],
    );
    reads("a ratio of 3 to 1, a 4-to-1 margin", &["3 to 1 = 3", "4-to-1 = 4"]);
    reads("fell from 3 to 1", &["3 = 3", "1 = 1"]);
    for text in ["开盘 09:30", "比分 2:0", "ISO 9001:2015", "Section 3:1", "at 3:10"] {
        reads(text, &[]);
    }
}

#[test]
fn a_tolerance_is_a_range() {
    reads(
        "100±5，±5%，5% ± 0.5%",
        &["100±5 = [95, 105]", "±5% = [-5, 5] percent", "5% ± 0.5% = [4.5, 5.5] percent"],
    );
    reads("20 +/- 3 units", &["20 +/- 3 units = [17, 23] piece"]);
}

#[test]
fn a_bracket_with_its_scale_is_below_zero() {
    reads("净利润（12.3）亿元", &["（12.3）亿元 = -1230000000 CNY"]);
    reads("includes ($6) million and (48.3)%", &["($6) million = -6000000 USD", "(48.3)% = -48.3 percent"]);
}

#[test]
fn a_currency_sign_stands_on_either_side() {
    reads("10 $ is much, 3000¥ is not", &["10 $ = 10 USD", "3000¥ = 3000 CNY"]);
    reads("$ 97 $ 3 $ (10)", &["$ 97 = 97 USD", "$ 3 = 3 USD", "$ (10) = -10 USD"]);
    reads("it costs 15 dollars 50.", &["15 dollars 50 = 15.5 USD"]);
    reads("15 dollars 50 years ago", &["15 dollars = 15 USD", "50 years = 50 year"]);
}

#[test]
fn fractions_in_words_and_beside_numbers() {
    reads(
        "three twenty-firsts, two-third, 1 3/4 points",
        &[
            "three twenty-firsts = 0.1428571428571428571428571429",
            "two-third = 0.6666666666666666666666666667",
            "1 3/4 points = 1.75 point",
        ],
    );
    reads("two and fifty-four hundredths", &["two and fifty-four hundredths = 2.54"]);
    reads("two third-party vendors", &["two = 2"]);
}

#[test]
fn ordinals_in_words() {
    reads("the third largest, ranked first", &["third = 3", "first = 1"]);
    reads("第三至第五名，第3-5位", &["第三至第五 = [3, 5]", "第3-5 = [3, 5]"]);
    for text in ["Third, we sold.", "a second look", "third-party tools"] {
        reads(text, &[]);
    }
}

#[test]
fn spans_of_years_and_their_ends() {
    reads("2024/25 season, 2010–15", &["2024/25 = [2024, 2025]", "2010–15 = [2010, 2015]"]);
    reads("2024上半年，2024三季度", &["2024上半年 = 2024-H1", "2024三季度 = 2024-Q3"]);
    reads(
        "between the end of 2007 and the end of 2008",
        &["the end of 2007 and the end of 2008 = [2008, 2008]"],
    );
    reads(
        "Q1 2017 to Q1 2018, April 2016 to June 2017",
        &["Q1 2017 to Q1 2018 = [2017-Q1, 2018-Q1]", "April 2016 to June 2017 = [2016-04, 2017-06]"],
    );
    reads("last week of Dec 2016", &["last week of Dec 2016 = [2016-12-26, 2017-01-01]"]);
}

#[test]
fn tokenized_text_stands_apart() {
    reads("百 分 之 六 十", &["百 分 之 六 十 = 60 percent"]);
    reads("2.4 个 百分 点", &["2.4 个 百分 点 = 2.4 percentage_point"]);
    reads("三个半月，40 000 people", &["三个半月 = 3.5 month", "40 000 people = 40000 people"]);
}

#[test]
fn a_change_said_twice_has_a_new_value() {
    reads(
        "sales grew 14% or $5.4 million to $54.7 million",
        &["14% = 14 percent", "$5.4 million = 5400000 USD", "$54.7 million = 54700000 USD"],
    );
    reads(
        "from $40 million and $30 million to $50 million and $35 million",
        &[
            "$40 million = 40000000 USD",
            "$30 million = 30000000 USD",
            "$50 million = 50000000 USD",
            "$35 million = 35000000 USD",
        ],
    );
    reads("by 3% to 5%, or 4% to 6%", &["3% to 5% = [3, 5] percent", "4% to 6% = [4, 6] percent"]);
    reads(
        "from $12.0 million in 2019 to $30.0 million",
        &["$12.0 million = 12000000 USD", "2019 = 2019", "$30.0 million = 30000000 USD"],
    );
    reads("growth of 21% over 2020", &["21% = 21 percent", "2020 = 2020"]);
}

#[test]
fn a_year_ago_is_no_rate() {
    let (_, found) = read("$5 million a year ago, $5 million a year, 五年每年投入");
    let per = |quantity: &Quantity| {
        matches!(quantity.unit, Unit::Money { per: Some(_), .. } | Unit::Measure { per: Some(_), .. })
    };
    assert_eq!(found.iter().map(per).collect::<Vec<_>>(), [false, true, false]);
}

#[test]
fn lists_share_the_scale_of_their_last_item() {
    reads("41, 38 and 23 thousand", &["41 = 41000", "38 = 38000", "23 thousand = 23000"]);
    reads("投入12、8和5亿元", &["12 = 1200000000 CNY", "8 = 800000000 CNY", "5亿元 = 500000000 CNY"]);
    reads("3, 5 and 900 thousand", &["3 = 3", "5 = 5", "900 thousand = 900000"]);
    reads("5 users and 3 million views", &["5 users = 5 user", "3 million = 3000000"]);
}

#[test]
fn coins_stand_behind_their_money() {
    reads("共5元3角2分", &["5元3角2分 = 5.32 CNY"]);
    reads("共四元五角。", &["四元五角 = 4.5 CNY"]);
    reads("花了三块五，又花了两块五毛钱", &["三块五 = 3.5 CNY", "两块五毛钱 = 2.5 CNY"]);
    reads("one kuai and five mao five.", &["one kuai and five mao five = 1.55 CNY"]);
    reads("售价20块。", &["20块 = 20 CNY"]);
    // Pieces, not money.
    reads("有三块内容，共三块业务", &[]);
    reads("屏幕有20块。", &["20 = 20"]);
    reads("花了三块五花肉", &[]);
}

#[test]
fn dozens_count_and_verbs_do_not() {
    reads("买了十打啤酒和一打", &["十打 = 120", "一打 = 12"]);
    reads("一打开就三打白骨精", &[]);
    reads("年过半百，涨了半百分点", &["半百 = 50", "半百分点 = 0.5 percentage_point"]);
}

#[test]
fn indian_scales_go_on() {
    reads("Rs 6 crore and two hundred", &["Rs 6 crore and two hundred = 60000200 INR"]);
    reads("2 crore 50 lakh rupees", &["2 crore 50 lakh rupees = 25000000 INR"]);
    reads("6 crore and two hundred employees", &["6 crore = 60000000", "two hundred employees = 200 people"]);
}

#[test]
fn an_impossible_day_is_a_date_without_a_value() {
    for text in ["feb 30 2019", "31 April 2024", "2023年2月29日", "2024-11-31", "Feb 30"] {
        let (lexicon, found) = read(text);
        assert_eq!(found.len(), 1, "in {text:?}");
        assert_eq!(found[0].span.of(text), text);
        assert!(found[0].contract(&lexicon).value.is_none(), "in {text:?}");
        assert!(found[0].interval(Reading::Plain, &lexicon).is_none(), "in {text:?}");
    }
    reads("2024年2月29日", &["2024年2月29日 = 2024-02-29"]);
    // A version has no days.
    reads("version 2019.2.30", &[]);
}

#[test]
fn what_is_no_figure_stays_unread() {
    reads("\u{1b}[2J\u{1b}[31m", &[]);
    reads("过半用户流失，近半企业倒闭", &[]);
    reads("open all week but not all day", &["all week = 1 week"]);
    reads("九 九 折", &["九 九 折 = 99 percent"]);
}

#[test]
fn two_units_are_one_amount() {
    reads("12 ft 6 in wide", &["12 ft 6 in = 12.5 ft"]);
    reads("a weight of 2 lb 8 oz", &["2 lb 8 oz = 2.5 lb"]);
    reads("隧道长5公里200米，重3吨500公斤", &["5公里200米 = 5.2 km", "3吨500公斤 = 3.5 t"]);
    reads("It rose 12 ft 6 in the flood", &["12 ft = 12 ft", "6 = 6"]);
    reads("12 m 5 dm", &["12 m = 12 m", "5 dm = 5 dm"]);
    reads("5 ft 30 inches", &["5 ft = 5 ft", "30 inches = 30 in"]);
    reads("跑道100米200米", &["100米 = 100 m", "200米 = 200 m"]);
}

#[test]
fn one_scale_is_of_both_sections() {
    reads("融资3千5百万元", &["3千5百万元 = 35000000 CNY"]);
    reads("总额2千3百亿", &["2千3百亿 = 230000000000"]);
    reads("占比三成五，三成五家", &["三成五 = 35 percent", "三成 = 30 percent", "五家 = 5 company"]);
}

#[test]
fn a_length_of_time_needs_no_numeral() {
    reads("a year and a half of losses", &["a year and a half = 1.5 year"]);
    reads("they met a year ago", &[]);
    reads("18年3月上市，历时16年10个月", &["18年3月 = 2018-03", "16年10个月 = 202 month"]);
}
