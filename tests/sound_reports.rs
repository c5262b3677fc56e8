//! A law of whole reports: what is worked out from the same figures throughout is silent, and a figure of a table with a
//! wrong digit is told.

use claimlint::check::{Engine, Locale};
use claimlint::finding::{Finding, Severity};
use claimlint::rule::builtin_files;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

/// A table of one report, with a sentence about it.
#[derive(Clone, Debug)]
struct Part {
    heading: String,
    before: String,
    rows: Vec<Vec<String>>,
    behind: String,
    /// The rows and the columns of figures that others lead to.
    telling: Vec<(usize, usize)>,
}

impl Part {
    fn text(&self) -> String {
        self.with(&self.rows)
    }

    /// The part with one of its figures mistyped in the sentence, for each of them that is no year.
    fn retold(&self) -> impl Iterator<Item = String> {
        let starts = self.behind.match_indices(|c: char| c.is_ascii_digit());
        let first =
            |at: &usize| !self.behind[..*at].ends_with(|c: char| c.is_ascii_digit() || ".,".contains(c));
        let numbers = starts.map(|(at, _)| at).filter(first).map(|at| {
            let rest = &self.behind[at..];
            let end = rest.find(|c: char| !c.is_ascii_digit() && !".,".contains(c)).unwrap_or(rest.len());
            (at, rest[..end].trim_end_matches(['.', ',']))
        });
        let told = numbers.filter(|(_, number)| !(number.len() == 4 && number.starts_with("20")));
        told.map(|(at, number)| {
            let (before, rest) = self.behind.split_at(at);
            let behind = format!("{before}{}{}", mistyped(number), &rest[number.len()..]);
            Self { behind, ..self.clone() }.text()
        })
    }

    /// The part with one of these figures mistyped, for each of them.
    fn slipped(&self) -> impl Iterator<Item = String> {
        self.telling.iter().map(|&(row, column)| {
            let mut rows = self.rows.clone();
            rows[row][column] = mistyped(&rows[row][column]);
            self.with(&rows)
        })
    }

    fn with(&self, rows: &[Vec<String>]) -> String {
        let line = |cells: &Vec<String>| format!("| {} |\n", cells.join(" | "));
        let rule = format!("|{}\n", "---|".repeat(rows[0].len()));
        let table: String =
            rows.iter().take(1).map(line).chain([rule]).chain(rows.iter().skip(1).map(line)).collect();
        format!("## {}\n\n{}\n\n{table}\n{}\n\n", self.heading, self.before, self.behind)
    }
}

/// One of the two, by the language of the report.
fn in_either<'t>(chinese: bool, zh: &'t str, en: &'t str) -> &'t str {
    if chinese { zh } else { en }
}

fn cells<const N: usize>(row: [&str; N]) -> Vec<String> {
    row.map(str::to_owned).to_vec()
}

fn percent(part: f64, whole: f64) -> String {
    format!("{:.1}%", part / whole * 100.0)
}

/// A number with one digit wrong: the second of a long one, the first of a short one.
fn mistyped(number: &str) -> String {
    let whole = number.split('.').next().unwrap_or(number);
    let digits: Vec<usize> =
        whole.char_indices().filter(|(_, c)| c.is_ascii_digit()).map(|(at, _)| at).collect();
    let wrong = digits[usize::from(digits.len() > 2)];
    let digit = number[wrong..].chars().next().and_then(|c| c.to_digit(10)).unwrap();
    // Nine numbers in ten begin with no zero.
    let other = if digit == 6 { 1 } else { (digit + 4) % 10 };
    format!("{}{other}{}", &number[..wrong], &number[wrong + 1..])
}

fn grouped(number: u32) -> String {
    let digits = number.to_string();
    let comma = |at: usize| if at > 0 && (digits.len() - at).is_multiple_of(3) { "," } else { "" };
    digits.char_indices().map(|(at, c)| format!("{}{c}", comma(at))).collect()
}

fn growth(new: f64, old: f64) -> String {
    format!("{:+.1}%", (new / old - 1.0) * 100.0)
}

/// Parts of a whole with their shares, the total below or above them.
fn segments(chinese: bool, amounts: &[u32], first: bool) -> Part {
    const ZH: [&str; 6] = ["智能硬件", "云服务", "广告", "物流", "金融科技", "海外业务"];
    const EN: [&str; 6] = ["Devices", "Cloud", "Advertising", "Logistics", "Fintech", "Overseas"];
    let names = if chinese { ZH } else { EN };
    let total: u32 = amounts.iter().sum();
    let amount = |tenths: u32| format!("{:.1}", f64::from(tenths) / 10.0);
    let row = |(name, tenths): (&str, u32)| {
        vec![name.to_owned(), amount(tenths), percent(tenths.into(), total.into())]
    };
    let header = if chinese {
        cells(["业务", "收入（亿元）", "占比"])
    } else {
        cells(["Segment", "Revenue ($M)", "Share"])
    };
    let mut rows = vec![header];
    rows.extend(names.into_iter().zip(amounts.iter().copied()).map(row));
    let whole = row((in_either(chinese, "合计", "Total"), total));
    let at = if first { 1 } else { rows.len() };
    rows.insert(at, whole);
    let (greatest, most) = names.iter().zip(amounts).max_by_key(|(_, tenths)| **tenths).unwrap();
    let (most, share) = (amount(*most), percent((*most).into(), total.into()));
    let behind = if chinese {
        format!("{greatest}收入 {most} 亿元，占比 {share}。")
    } else {
        format!("{greatest} brought in ${most} million, a share of {share}.")
    };
    let part = if first { 2 } else { 1 };
    Part {
        heading: in_either(chinese, "收入构成", "Revenue by segment").to_owned(),
        before: in_either(chinese, "2024 年各业务收入如下。", "Revenue in 2024 by segment:").to_owned(),
        rows,
        behind,
        telling: vec![(at, 1), (part, 2)],
    }
}

/// Results of several years, a row for each measure or for each year.
fn results(chinese: bool, revenues: &[u32], ratios: &[(u32, u32)], upright: bool) -> Part {
    let amount = |value: f64| format!("{value:.1}");
    let names = if chinese {
        ["营业收入（亿元）", "营收同比", "毛利（亿元）", "毛利率", "净利润（亿元）", "净利率"]
    } else {
        [
            "Revenue ($M)",
            "Revenue growth",
            "Gross profit ($M)",
            "Gross margin",
            "Net income ($M)",
            "Net margin",
        ]
    };
    let mut measures: Vec<Vec<String>> = names.iter().map(|name| vec![(*name).to_owned()]).collect();
    let mut last = None;
    for (tenths, (gross, net)) in revenues.iter().zip(ratios) {
        // What is shown is what the others are worked out from.
        let round = |value: f64| (value * 10.0).round() / 10.0;
        let revenue = f64::from(*tenths) / 10.0;
        let gross = round(revenue * f64::from(*gross) / 100.0);
        let net = round(gross * f64::from(*net) / 100.0);
        let grown = last.map_or("—".to_owned(), |old| growth(revenue, old));
        let column = [
            amount(revenue),
            grown,
            amount(gross),
            percent(gross, revenue),
            amount(net),
            percent(net, revenue),
        ];
        measures.iter_mut().zip(column).for_each(|(row, cell)| row.push(cell));
        last = Some(revenue);
    }
    let years: Vec<String> = (0..revenues.len()).map(|year| (2020 + year).to_string()).collect();
    let head =
        in_either(chinese, if upright { "年份" } else { "指标" }, if upright { "Year" } else { "Metric" });
    let mut header = vec![head.to_owned()];
    header.extend(years);
    let (growth_row, count) = (1, revenues.len());
    let told = measures[0][count].clone();
    let told_growth = measures[growth_row][count].clone();
    let mut rows = vec![header];
    rows.extend(measures);
    let mut telling = vec![(2, 3), (4, 3), (6, 4)];
    if upright {
        rows = (0..rows[0].len()).map(|at| rows.iter().map(|row| row[at].clone()).collect()).collect();
        telling.iter_mut().for_each(|(row, column)| std::mem::swap(row, column));
    }
    let year = 2019 + count;
    let up = !told_growth.starts_with('-');
    let by = told_growth.trim_start_matches(['+', '-']);
    let behind = if chinese {
        format!("{year} 年营业收入为 {told} 亿元，同比{} {by}。", if up { "增长" } else { "下降" })
    } else {
        format!("Revenue {} {by} to ${told} million in {year}.", if up { "rose" } else { "fell" })
    };
    Part {
        heading: in_either(chinese, "主要财务数据", "Results").to_owned(),
        before: in_either(chinese, "以下为历年业绩。", "The results of each year are below.").to_owned(),
        rows,
        behind,
        telling,
    }
}

/// Markets with their growth per year between two years.
fn markets(chinese: bool, sizes: &[(u32, u32)], years: u32) -> Part {
    const ZH: [&str; 5] = ["智能座舱", "激光雷达", "域控制器", "线控底盘", "车载存储"];
    const EN: [&str; 5] = ["Cockpits", "Lidar", "Domain controllers", "Steer-by-wire", "Storage"];
    let names = if chinese { ZH } else { EN };
    let (first, last) = (2024, 2024 + years);
    let rate = |new: f64, old: f64| ((new / old).powf(1.0 / f64::from(years)) - 1.0) * 100.0;
    let header = if chinese {
        vec![
            "市场".to_owned(),
            format!("{first} 年（亿元）"),
            format!("{last} 年（亿元）"),
            "CAGR".to_owned(),
        ]
    } else {
        vec!["Market".to_owned(), format!("{first} ($M)"), format!("{last} ($M)"), "CAGR".to_owned()]
    };
    let mut rows = vec![header];
    for (name, (size, times)) in names.iter().zip(sizes) {
        let (old, new) = (*size, size * times / 100);
        let rate = format!("{:.1}%", rate(new.into(), old.into()));
        rows.push(vec![(*name).to_owned(), old.to_string(), new.to_string(), rate]);
    }
    Part {
        heading: in_either(chinese, "市场规模", "Market size").to_owned(),
        before: in_either(chinese, "各细分市场的规模与预测如下。", "Sizes today and as forecast:").to_owned(),
        rows,
        behind: String::new(),
        telling: vec![(1, 3), (sizes.len(), 3)],
    }
}

/// Cases with their probabilities, and what is to be expected of them.
fn scenarios(chinese: bool, price: u32, moves: (u32, u32, u32), weights: (u32, u32)) -> Part {
    let (bull, base) = weights;
    let weights = [bull, base, 100 - bull - base];
    let targets =
        [price * (100 + moves.0) / 100, price * (100 + moves.1) / 100, price * (100 - moves.2) / 100];
    let names = if chinese { ["乐观", "中性", "悲观"] } else { ["Bull", "Base", "Bear"] };
    let header = if chinese {
        cells(["情景", "概率", "目标价（元）", "较现价空间"])
    } else {
        cells(["Scenario", "Probability", "Target price ($)", "Upside"])
    };
    let mut rows = vec![header];
    for ((name, weight), target) in names.iter().zip(weights).zip(targets) {
        let gap = growth(target.into(), price.into());
        rows.push(vec![(*name).to_owned(), format!("{weight}%"), target.to_string(), gap]);
    }
    let expected: u32 = weights.iter().zip(targets).map(|(weight, target)| weight * target).sum();
    let expected = f64::from(expected) / 100.0;
    rows.push(vec![
        in_either(chinese, "概率加权", "Probability-weighted").to_owned(),
        "100%".to_owned(),
        format!("{expected:.1}"),
        growth(expected, price.into()),
    ]);
    Part {
        heading: in_either(chinese, "情景分析", "Scenarios").to_owned(),
        before: if chinese {
            format!("当前股价 {price} 元，三种情景如下。")
        } else {
            format!("The shares trade at ${price}. Three scenarios:")
        },
        rows,
        behind: String::new(),
        telling: vec![(4, 2), (1, 3)],
    }
}

/// Two periods side by side with their change, and the total below.
fn paired(chinese: bool, sold: &[(u32, u32)]) -> Part {
    const ZH: [&str; 5] = ["轿车", "越野车", "商用车", "摩托车", "专用车"];
    const EN: [&str; 5] = ["Sedans", "SUVs", "Vans", "Motorcycles", "Trucks"];
    let names = if chinese { ZH } else { EN };
    let row = |name: &str, (old, new): (u32, u32)| {
        vec![name.to_owned(), grouped(old), grouped(new), growth(new.into(), old.into())]
    };
    let mut rows = vec![if chinese {
        cells(["车型", "2023 年销量（辆）", "2024 年销量（辆）", "同比"])
    } else {
        cells(["Model", "Units 2023", "Units 2024", "YoY"])
    }];
    rows.extend(names.iter().zip(sold).map(|(name, sold)| row(name, *sold)));
    let total = sold.iter().fold((0, 0), |sum, sold| (sum.0 + sold.0, sum.1 + sold.1));
    rows.push(row(in_either(chinese, "合计", "Total"), total));
    let total = rows.len() - 1;
    let best = sold.iter().map(|sold| sold.1).max().unwrap_or_default();
    let leader = sold.iter().position(|sold| sold.1 == best).unwrap_or_default();
    let behind = if chinese {
        format!("{}销量最高，2024 年售出 {best} 辆。", names[leader])
    } else {
        format!("{} sold most: {best} units in 2024.", names[leader])
    };
    Part {
        heading: in_either(chinese, "销量", "Unit sales").to_owned(),
        before: String::new(),
        rows,
        behind,
        telling: vec![(total, 2), (1, 3)],
    }
}

/// Prices, quantities and amounts.
fn orders(chinese: bool, items: &[(u32, u32)]) -> Part {
    const ZH: [&str; 5] = ["服务器", "交换机", "机柜", "线缆", "电源"];
    const EN: [&str; 5] = ["Servers", "Switches", "Racks", "Cables", "Power supplies"];
    let names = if chinese { ZH } else { EN };
    let mut rows = vec![if chinese {
        cells(["项目", "单价（元）", "数量", "金额（元）"])
    } else {
        cells(["Item", "Unit price ($)", "Quantity", "Amount ($)"])
    }];
    for (name, (price, count)) in names.iter().zip(items) {
        rows.push(vec![(*name).to_owned(), price.to_string(), count.to_string(), grouped(price * count)]);
    }
    let total: u32 = items.iter().map(|(price, count)| price * count).sum();
    rows.push(vec![
        in_either(chinese, "合计", "Total").to_owned(),
        String::new(),
        String::new(),
        grouped(total),
    ]);
    let total = rows.len() - 1;
    Part {
        heading: in_either(chinese, "采购清单", "Bill of materials").to_owned(),
        before: String::new(),
        rows,
        behind: String::new(),
        telling: vec![(total, 3), (2, 3)],
    }
}

/// Shares of one market over the years.
fn mix(chinese: bool, columns: &[Vec<u32>]) -> Part {
    let names = if chinese { ["甲", "乙", "丙", "其他"] } else { ["Alpha", "Beta", "Gamma", "Others"] };
    let head = in_either(chinese, "厂商份额", "Market share").to_owned();
    let years = (0..columns.len()).map(|year| (2022 + year).to_string());
    let mut rows = vec![std::iter::once(head).chain(years).collect::<Vec<_>>()];
    let mut shares: Vec<Vec<u32>> = Vec::new();
    for column in columns {
        let sum: u32 = column.iter().sum();
        let mut tenths: Vec<u32> = column.iter().map(|part| part * 1000 / sum).collect();
        tenths[3] = 1000 - tenths[..3].iter().sum::<u32>();
        shares.push(tenths);
    }
    for (at, name) in names.iter().enumerate() {
        let cells = shares.iter().map(|column| format!("{:.1}%", f64::from(column[at]) / 10.0));
        rows.push(std::iter::once((*name).to_owned()).chain(cells).collect());
    }
    Part {
        heading: in_either(chinese, "竞争格局", "Competition").to_owned(),
        before: String::new(),
        rows,
        behind: String::new(),
        telling: vec![(1, 2), (3, 3)],
    }
}

/// Peers with what their shares cost and earn.
fn peers(chinese: bool, shares: &[(u32, u32, u32)]) -> Part {
    let names = if chinese {
        ["中科甲", "华东乙", "北方丙", "南山丁"]
    } else {
        ["Acorn", "Birch", "Cedar", "Dogwood"]
    };
    let mut rows = vec![if chinese {
        cells(["公司", "股价（元）", "EPS（元）", "市盈率", "总股本（亿股）", "市值（亿元）"])
    } else {
        cells(["Company", "Share price ($)", "EPS ($)", "P/E", "Shares (M)", "Market cap ($M)"])
    }];
    for (name, (price, earned, count)) in names.iter().zip(shares) {
        let (price, earned, count) =
            (f64::from(*price) / 10.0, f64::from(*earned) / 100.0, f64::from(*count) / 10.0);
        rows.push(vec![
            (*name).to_owned(),
            format!("{price:.1}"),
            format!("{earned:.2}"),
            format!("{:.1}{}", price / earned, in_either(chinese, "倍", "x")),
            format!("{count:.1}"),
            format!("{:.1}", price * count),
        ]);
    }
    Part {
        heading: in_either(chinese, "可比公司", "Peers").to_owned(),
        before: String::new(),
        rows,
        behind: String::new(),
        telling: vec![(2, 3), (2, 5)],
    }
}

/// Quarters with gains and losses.
fn quarters(chinese: bool, results: &[(u32, i32)]) -> Part {
    let mut rows = vec![if chinese {
        cells(["季度", "营业收入（万元）", "环比", "净利润（万元）", "净利率"])
    } else {
        cells(["Quarter", "Revenue ($K)", "QoQ", "Net income ($K)", "Net margin"])
    }];
    let mut last = None;
    for (number, (revenue, permille)) in (1..).zip(results) {
        let net = (f64::from(*revenue) * f64::from(*permille) / 1000.0).round();
        let grown = last.map_or("—".to_owned(), |old: u32| growth((*revenue).into(), old.into()));
        let shown = if chinese || net >= 0.0 { format!("{net}") } else { format!("({})", -net) };
        let name = if chinese { format!("2024Q{number}") } else { format!("Q{number} 2024") };
        rows.push(vec![name, revenue.to_string(), grown, shown, percent(net, (*revenue).into())]);
        last = Some(*revenue);
    }
    Part {
        heading: in_either(chinese, "季度业绩", "Quarterly results").to_owned(),
        before: String::new(),
        rows,
        behind: String::new(),
        telling: vec![(3, 2), (3, 4)],
    }
}

/// Figures that have nothing to do with each other; there is no slip that anybody could see.
fn indicators(chinese: bool, values: &[[u32; 4]]) -> Part {
    const ZH: [&str; 6] = ["门店数", "客单价（元）", "复购率", "员工人数", "月活用户（万）", "满意度"];
    const EN: [&str; 6] =
        ["Stores", "Basket ($)", "Repeat rate", "Employees", "Monthly users (K)", "Satisfaction"];
    let names = if chinese { ZH } else { EN };
    let mut rows = vec![if chinese {
        cells(["指标", "华东", "华南", "华北", "西部"])
    } else {
        cells(["Indicator", "East", "South", "North", "West"])
    }];
    for (number, (name, values)) in names.iter().zip(values).enumerate() {
        let rate = [2, 5].contains(&number);
        let cell = |value: &u32| {
            if rate { format!("{:.1}%", f64::from(value % 1000) / 10.0) } else { value.to_string() }
        };
        rows.push(std::iter::once((*name).to_owned()).chain(values.iter().map(cell)).collect());
    }
    Part {
        heading: in_either(chinese, "区域指标", "Regions").to_owned(),
        before: String::new(),
        rows,
        behind: String::new(),
        telling: Vec::new(),
    }
}

/// Tables in which a slip can be seen.
fn part(chinese: bool) -> impl Strategy<Value = Part> {
    let ratios = prop::collection::vec((21u32..68, 12u32..61), 5);
    prop_oneof![
        (prop::collection::vec(1_130u32..9_000, 3..6), any::<bool>())
            .prop_map(move |(amounts, first)| segments(chinese, &amounts, first)),
        (prop::collection::vec(2_113u32..9_000, 5), ratios, any::<bool>())
            .prop_map(move |(revenues, ratios, upright)| results(chinese, &revenues, &ratios, upright)),
        (prop::collection::vec((110u32..4_000, 130u32..600), 4..6), 4u32..9)
            .prop_map(move |(sizes, years)| markets(chinese, &sizes, years)),
        (37u32..800, (31u32..90, 6u32..28, 11u32..45), (15u32..35, 35u32..60))
            .prop_map(move |(price, moves, weights)| scenarios(chinese, price, moves, weights)),
        (prop::collection::vec((3_100u32..90_000, 3_100u32..90_000), 4..6))
            .prop_map(move |sold| paired(chinese, &sold)),
        (prop::collection::vec((12u32..900, 3u32..700), 4..6)).prop_map(move |items| orders(chinese, &items)),
        prop::collection::vec(prop::collection::vec(30u32..500, 4), 3)
            .prop_map(move |columns| mix(chinese, &columns)),
        (prop::collection::vec((58u32..4_000, 31u32..900, 31u32..900), 4))
            .prop_map(move |shares| peers(chinese, &shares)),
        (prop::collection::vec((1_200u32..60_000, -300i32..400), 4))
            .prop_map(move |results| quarters(chinese, &results)),
    ]
}

/// Parts of one report; two of one kind would tell the same facts twice.
fn parts(chinese: bool) -> impl Strategy<Value = Vec<Part>> {
    let value = prop::array::uniform4(3u32..9_000);
    let unrelated = prop::collection::vec(value, 6).prop_map(move |values| indicators(chinese, &values));
    let any = prop_oneof![9 => part(chinese), 1 => unrelated];
    prop::collection::vec(any, 1..4).prop_map(|mut parts| {
        parts.sort_by(|a, b| a.heading.cmp(&b.heading));
        parts.dedup_by(|a, b| a.heading == b.heading);
        parts
    })
}

fn findings(engine: &Engine, text: &str) -> Vec<Finding> {
    let document = engine.parse(text.to_owned(), None);
    let findings = engine.check(&document, Locale::Auto).findings;
    findings.into_iter().filter(|finding| finding.severity >= Severity::Warning).collect()
}

fn told(findings: &[Finding]) -> String {
    findings.iter().map(|finding| format!("{}: {}\n", finding.rule, finding.message)).collect()
}

/// So many reports are tried in each language, the same ones every time; `CLAIMLINT_REPORTS` tries more.
const REPORTS: usize = 400;

/// Goes through reports of both languages and shows some of those that have a fault.
fn try_all<S: Strategy>(reports: impl Fn(bool) -> S, fault: impl Fn(bool, S::Value) -> Option<String>) {
    let more = std::env::var("CLAIMLINT_REPORTS").ok().and_then(|count| count.parse().ok());
    let count = more.unwrap_or(REPORTS);
    let mut faults = Vec::new();
    for chinese in [true, false] {
        let same = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
        let mut runner = TestRunner::new_with_rng(Config::default(), same);
        let reports = reports(chinese);
        let values = (0..count).map(|_| reports.new_tree(&mut runner).unwrap().current());
        faults.extend(values.filter_map(|value| fault(chinese, value)).collect::<Vec<_>>());
    }
    let some = faults.iter().take(8).map(String::as_str).collect::<Vec<_>>().join("\n");
    assert!(faults.is_empty(), "{} of {} reports\n{some}", faults.len(), count * 2);
}

#[test]
fn a_report_that_agrees_with_itself_is_silent() {
    let engine = Engine::new(&builtin_files()).unwrap_or_else(|faults| panic!("{faults:#?}"));
    try_all(parts, |chinese, parts| {
        let title = in_either(chinese, "# 甲公司研究笔记\n\n", "# A note on Acme\n\n");
        let text = parts.iter().fold(title.to_owned(), |text, part| text + &part.text());
        let found = findings(&engine, &text);
        (!found.is_empty()).then(|| format!("{text}{}", told(&found)))
    });
}

#[test]
fn a_figure_with_a_wrong_digit_is_told() {
    let engine = Engine::new(&builtin_files()).unwrap_or_else(|faults| panic!("{faults:#?}"));
    try_all(part, |_, part| {
        part.slipped().find_map(|text| {
            let found = findings(&engine, &text);
            let error = found.iter().any(|finding| finding.severity == Severity::Error);
            (!error).then(|| format!("{text}{}", told(&found)))
        })
    });
}

#[test]
fn a_figure_told_with_a_wrong_digit_is_told() {
    let engine = Engine::new(&builtin_files()).unwrap_or_else(|faults| panic!("{faults:#?}"));
    try_all(part, |_, part| {
        part.retold().find_map(|text| {
            let found = findings(&engine, &text);
            found.is_empty().then_some(text)
        })
    });
}
