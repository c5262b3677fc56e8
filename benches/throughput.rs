//! How fast reports are read and checked, beside one aho-corasick scan for the same anchors in the same run.
//!
//! `cargo bench --bench throughput` prints divan's table and then the ratios and the growth from 1 to 10 MB.

use std::collections::BTreeSet;
use std::hint::black_box;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use aho_corasick::{AhoCorasick, MatchKind};
use claimlint::check::{Engine, Locale};
use claimlint::rule::builtin_files;
use divan::Bencher;
use divan::counter::BytesCount;

const MEGABYTE: usize = 1_000_000;

/// The sizes measured, in megabytes.
const SIZES: [usize; 2] = [1, 10];

/// Every complete report of the fixtures, with its faults and without.
const REPORTS: [&str; 8] = [
    include_str!("../fixtures/openai-round.zh.md"),
    include_str!("../fixtures/openai-round.en.md"),
    include_str!("../fixtures/market.zh.md"),
    include_str!("../fixtures/market.en.md"),
    include_str!("../fixtures/openai-round.zh.clean.md"),
    include_str!("../fixtures/openai-round.en.clean.md"),
    include_str!("../fixtures/market.zh.clean.md"),
    include_str!("../fixtures/market.en.clean.md"),
];

const CONTENT: &str = "\nContent:\n";
const DESCRIPTION: &str = "\nDescription:\n";

static ENGINE: LazyLock<Engine> = LazyLock::new(engine);
static SCAN: LazyLock<AhoCorasick> = LazyLock::new(anchor_scan);
static TEXTS: LazyLock<Vec<(usize, String)>> =
    LazyLock::new(|| SIZES.iter().map(|&size| (size, long_report(size * MEGABYTE))).collect());

fn main() {
    divan::main();
    // Cargo gives `--bench` only when it is asked for figures, not when it runs the tests of all targets.
    if std::env::args().any(|argument| argument == "--bench") {
        print_ratios();
    }
}

/// One envelope around the report parts of all fixtures, repeated, then their transcripts, repeated.
fn long_report(size: usize) -> String {
    let mut reports = String::new();
    let mut transcripts = String::new();
    for text in REPORTS {
        let (report, transcript) = text.split_once(CONTENT).unwrap_or((text, ""));
        let report = report.split_once(DESCRIPTION).map_or(report, |(_, report)| report);
        reports.push_str(report);
        // A diagram that is cut off would swallow every report after it.
        let open = report.lines().filter(|line| line.starts_with("```")).count() % 2 == 1;
        reports.push_str(if open { "\n```\n\n" } else { "\n\n" });
        transcripts.push_str(transcript);
        transcripts.push_str("\n\n");
    }
    let (header, _) = REPORTS[0].split_once(DESCRIPTION).unwrap_or_default();
    let rounds = size.div_ceil(reports.len() + transcripts.len());
    [header, DESCRIPTION, &reports.repeat(rounds), CONTENT, &transcripts.repeat(rounds)].concat()
}

/// Digits, currency marks, numerals, units, hedges, names and the words of all lists and phrases, in one automaton.
fn anchor_scan() -> AhoCorasick {
    let mut words: BTreeSet<String> = ('0'..='9').map(String::from).collect();
    for file in builtin_files() {
        let table: toml::Table = file.text.parse().expect("the built-in rules are TOML");
        let phrases = file.path.starts_with("relations/");
        if phrases
            || ["lexicons/", "quantity/", "entities", "measures"].iter().any(|at| file.path.starts_with(at))
        {
            collect(&toml::Value::Table(table), phrases, &mut words);
        }
    }
    AhoCorasick::builder()
        .match_kind(MatchKind::LeftmostLongest)
        .ascii_case_insensitive(true)
        .build(words.iter().filter(|word| !word.is_empty()))
        .expect("the words are few")
}

/// Every string that stands in a list, of phrases the words between their marks.
fn collect(value: &toml::Value, phrases: bool, words: &mut BTreeSet<String>) {
    match value {
        toml::Value::Table(table) => table.values().for_each(|value| collect(value, phrases, words)),
        toml::Value::Array(items) => {
            for item in items {
                match item {
                    toml::Value::String(text) if phrases => {
                        let pieces = text.split([' ', '[', ']', '|', '?']);
                        words.extend(
                            pieces.filter(|piece| !piece.contains(['{', '.', ','])).map(str::to_owned),
                        );
                    }
                    toml::Value::String(text) => drop(words.insert(text.clone())),
                    other => collect(other, phrases, words),
                }
            }
        }
        _ => {}
    }
}

fn engine() -> Engine {
    match Engine::new(&builtin_files()) {
        Ok(engine) => engine,
        Err(faults) => panic!("the built-in rules are broken: {faults:?}"),
    }
}

fn text(size: usize) -> &'static str {
    &TEXTS.iter().find(|(known, _)| *known == size).expect("every size has a text").1
}

/// What is measured on a text; each gives a number that must not be optimized away.
fn run_scan(text: &str) -> usize {
    SCAN.find_iter(text).count()
}

fn run_quantities(text: &str) -> usize {
    let document = ENGINE.parse(text.to_owned(), None);
    ENGINE.quantities(&document).len()
}

fn run_extract(text: &str) -> usize {
    let document = ENGINE.parse(text.to_owned(), None);
    ENGINE.extract(&document).reading.assertions.len()
}

fn run_check(text: &str) -> usize {
    let document = ENGINE.parse(text.to_owned(), None);
    ENGINE.check(&document, Locale::Auto).findings.len()
}

fn bench(bencher: Bencher<'_, '_>, size: usize, run: fn(&str) -> usize) {
    let text = text(size);
    bencher.counter(BytesCount::of_str(text)).bench(|| run(black_box(text)));
}

#[divan::bench(args = SIZES, sample_count = 7, sample_size = 1)]
fn scan(bencher: Bencher<'_, '_>, megabytes: usize) {
    bench(bencher, megabytes, run_scan);
}

#[divan::bench(args = SIZES, sample_count = 7, sample_size = 1)]
fn quantities(bencher: Bencher<'_, '_>, megabytes: usize) {
    bench(bencher, megabytes, run_quantities);
}

#[divan::bench(args = SIZES, sample_count = 7, sample_size = 1)]
fn extract(bencher: Bencher<'_, '_>, megabytes: usize) {
    bench(bencher, megabytes, run_extract);
}

#[divan::bench(args = SIZES, sample_count = 7, sample_size = 1)]
fn check(bencher: Bencher<'_, '_>, megabytes: usize) {
    bench(bencher, megabytes, run_check);
}

#[divan::bench]
fn start() -> Engine {
    engine()
}

/// Measures the four in turn, so that a change of the machine's pace meets all of them, and prints how they compare.
fn print_ratios() {
    const ROUNDS: usize = 7;
    type Run = (&'static str, fn(&str) -> usize);
    const RUNS: [Run; 4] =
        [("scan", run_scan), ("quantities", run_quantities), ("extract", run_extract), ("check", run_check)];
    let mut medians = Vec::new();
    for size in SIZES {
        let text = text(size);
        let mut times: [Vec<Duration>; RUNS.len()] = Default::default();
        for _ in 0..ROUNDS {
            for ((_, run), times) in RUNS.iter().zip(&mut times) {
                let start = Instant::now();
                black_box(run(black_box(text)));
                times.push(start.elapsed());
            }
        }
        let row = times.map(|mut times| {
            times.sort_unstable();
            times[ROUNDS / 2].as_secs_f64()
        });
        println!("\n{size} MB ({} bytes), medians of {ROUNDS}:", text.len());
        for ((name, _), time) in RUNS.iter().zip(row) {
            let speed = text.len() as f64 / MEGABYTE as f64 / time;
            println!(
                "  {name:<10} {:>9.2} ms {speed:>8.1} MB/s {:>6.3} of the scan",
                time * 1e3,
                row[0] / time
            );
        }
        medians.push(row);
    }
    println!("\ngrowth from {} to {} MB:", SIZES[0], SIZES[1]);
    for (number, (name, _)) in RUNS.iter().enumerate() {
        println!("  {name:<10} {:>6.2} times", medians[1][number] / medians[0][number]);
    }
}
