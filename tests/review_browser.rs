//! The review's page in a browser: headless Chromium does what a reviewer does.
#![cfg(feature = "review")]

mod command;
mod reviewing;

use std::env;
use std::fs;
use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;

use command::{folder, run, stderr};
use reviewing::browser::Browser;
use reviewing::{FILE, Reviewing, decisions, eventually};

const ESCAPE: &str = "\u{e00c}";
const ENTER: &str = "\u{e007}";

fn fixture(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name)).unwrap()
}

/// A folder with the round's report in English and in Chinese, and one whose figures nothing checks between them.
fn reports() -> TempDir {
    folder(&[
        ("en.md", &fixture("openai-round.en.md")),
        ("plain.md", "# Offices\n\nThe company has 12 offices, 340 desks and 56 cars.\n"),
        ("zh.md", &fixture("openai-round.zh.md")),
    ])
}

/// So many findings, each in a paragraph of its own.
fn wrong(count: usize) -> String {
    (0..count)
        .map(|number| {
            format!(
                "In case {number}, the round of ${} billion is 90% of the $170.6 billion of investment.\n\n",
                20 + number
            )
        })
        .collect()
}

/// The number of the finding that is open.
fn current(browser: &Browser) -> String {
    browser.text("#card .number")
}

fn decided(browser: &Browser) -> String {
    browser.text("#progress-text")
}

/// How many findings the list has.
fn listed(browser: &Browser) -> u64 {
    browser.js("return Number(document.getElementById('list').dataset.count)").as_u64().unwrap()
}

/// How many entries the file of decisions has of a verdict.
fn written(folder: &TempDir, verdict: &str) -> usize {
    decisions(folder).matches(&format!("verdict = \"{verdict}\"")).count()
}

#[test]
fn a_report_is_shown_filtered_and_searched() {
    let folder = reports();
    let server = Reviewing::start(&folder, &["."]);
    let Some(browser) = Browser::open(1440, 900) else { return };
    browser.go(&server.url);
    let all = listed(&browser);
    assert!(all > 20, "{all}");
    assert_eq!(browser.text("#count"), format!("{all} findings"));
    assert_eq!(decided(&browser), format!("0 of {all} decided"));
    // As its author meant it: headings, a drawing, the transcript folded.
    assert!(browser.count("#r1 article [class^=level-]") > 3);
    assert!(browser.count("#r1 .chart svg .box") > 4 && browser.count("#r1 .chart svg .link") > 3);
    assert_eq!(browser.count("#r1 details.source:not([open])"), 1);
    assert!(browser.count("#r1 mark[data-f]") > 10 && browser.count("#coverage rect") >= 3);

    browser.choose("#severity", "error");
    let errors = listed(&browser);
    assert!(errors > 0 && errors < all);
    assert_eq!(browser.count("#list li.warning, #list li.note-level"), 0);
    browser.choose("#severity", "");
    browser.choose("#rule", "numeric/stake-valuation");
    assert_eq!(listed(&browser), 2, "one in each language");
    browser.keys(ESCAPE);
    browser.keys("j");
    assert!(browser.text("#card").contains("numeric/stake-valuation"));
    // Operands lead to their places, in the arithmetic too.
    assert_eq!(browser.count("#card .arithmetic .operand"), 2);
    browser.click("#card .arithmetic .operand");
    assert_eq!(browser.text("article .flash"), "$41.1 billion");
    assert!(browser.text("#card .repair").contains("$61.1 billion"));
    browser.click("#card details.rule summary");
    assert!(browser.text("#card details.rule").contains("What to do"));
    browser.choose("#rule", "");
    browser.choose("#section", "3");
    let in_section = listed(&browser);
    assert!(in_section > 0 && in_section < all);
    browser.choose("#section", "");
    browser.choose("#confidence", "medium");
    assert!(listed(&browser) < all);
    browser.choose("#confidence", "");

    browser.keys(ESCAPE);
    browser.keys("/");
    browser.keys("largest DEAL");
    assert_eq!(listed(&browser), 1);
    browser.js("document.getElementById('search').value = ''; document.getElementById('search').dispatchEvent(new Event('input', { bubbles: true }))");
    browser.keys(ESCAPE);

    // Another report, another language, another look.
    browser.js("const list = document.getElementById('report'); list.selectedIndex = 1; list.dispatchEvent(new Event('change', { bubbles: true }))");
    assert_eq!(
        browser.js("return [document.getElementById('r1').hidden, document.getElementById('r2').hidden]"),
        json!([true, false])
    );
    browser.keys("c");
    let first = browser.text("article .flash");
    assert!(!first.is_empty() && browser.count("article .unchecked.flash") == 1);
    browser.keys("c");
    assert!(browser.text("#status").starts_with("Unchecked figure 2 of "), "{}", browser.text("#status"));

    browser.click("#language");
    assert_eq!(decided(&browser), format!("已决定 0 / {all}"));
    assert_eq!(browser.js("return document.documentElement.lang"), json!("zh"));
    let light = browser.js("return getComputedStyle(document.body).backgroundColor");
    browser.click("#theme");
    let dark = browser.js("return getComputedStyle(document.body).backgroundColor");
    assert_ne!(light, dark);
    browser.reload();
    assert_eq!(browser.js("return getComputedStyle(document.body).backgroundColor"), dark, "it is kept");
    assert!(!server.told().contains("refused"), "{}", server.told());
}

#[test]
fn everything_is_done_by_keyboard_and_kept() {
    let folder = folder(&[("a.md", &wrong(6))]);
    let server = Reviewing::start(&folder, &["a.md"]);
    let Some(browser) = Browser::open(1200, 800) else { return };
    browser.go(&server.url);
    assert_eq!(current(&browser), "1");
    browser.keys("j");
    browser.keys("j");
    browser.keys("k");
    assert_eq!(current(&browser), "2");
    browser.keys("a");
    browser.wait_for(
        "it is counted",
        "document.getElementById('progress-text').textContent === '1 of 6 decided'",
    );
    assert_eq!((current(&browser).as_str(), written(&folder, "accepted")), ("3", 1), "the next one is open");
    // No reason, no dismissal.
    browser.keys("d");
    browser.keys(ENTER);
    assert_eq!(browser.count("#ask[open]"), 1);
    browser.keys("restated, see \"note 3\" <b>");
    browser.keys(ENTER);
    browser.wait_for(
        "it is counted",
        "document.getElementById('progress-text').textContent === '2 of 6 decided'",
    );
    assert!(
        decisions(&folder).contains("reason = \"restated, see \\\"note 3\\\" <b>\""),
        "{}",
        decisions(&folder)
    );
    browser.keys("d");
    browser.keys(ESCAPE);
    assert_eq!(browser.count("#ask[open]"), 0);
    browser.keys("n");
    browser.keys("ask the author");
    browser.keys(ENTER);
    eventually("the note is written", || written(&folder, "open") == 1);
    assert_eq!(decided(&browser), "2 of 6 decided");
    browser.keys("?");
    assert_eq!(browser.count("#help[open]"), 1);
    browser.keys(ESCAPE);

    browser.reload();
    assert_eq!(decided(&browser), "2 of 6 decided");
    assert_eq!(current(&browser), "1", "the first that is undecided");
    browser.choose("#state", "undecided");
    assert_eq!(listed(&browser), 4);
    browser.choose("#state", "noted");
    assert_eq!(listed(&browser), 1);
    browser.choose("#state", "");
    browser.keys(ESCAPE);
    // What was done before the page was loaded anew can be undone too.
    browser.keys("u");
    eventually("the note is gone", || written(&folder, "open") == 0);
    browser.keys("u");
    eventually("the dismissal is gone", || written(&folder, "dismissed") == 0);
    browser.keys("u");
    eventually("all is undone", || !decisions(&folder).contains("fingerprint"));
    browser
        .wait_for("it is shown", "document.getElementById('progress-text').textContent === '0 of 6 decided'");
    browser.keys("u");
    browser.wait_for("it is told", "document.getElementById('status').textContent === 'Nothing to undo'");
    // Many at once: each upon what the one before has made of the file.
    browser.js("for (let i = 0; i < 6; i++) document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'a', bubbles: true }))");
    browser.wait_for(
        "all are counted",
        "document.getElementById('progress-text').textContent === '6 of 6 decided'",
    );
    assert_eq!(written(&folder, "accepted"), 6);
}

#[test]
fn two_tabs_and_an_editor_lose_nothing() {
    let folder = folder(&[("a.md", &wrong(4))]);
    let server = Reviewing::start(&folder, &["a.md"]);
    let Some(browser) = Browser::open(1200, 800) else { return };
    browser.go(&server.url);
    browser.new_tab();
    browser.go(&server.url);
    browser.js("document.getElementById('reviewer').value = 'Ann'");
    browser.keys("a");
    eventually("it is written", || written(&folder, "accepted") == 1);
    browser.tab(0);
    // Before the first tab has asked what is new: the same finding, and another one.
    browser.js("document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'a', bubbles: true }))");
    browser.wait_for("both are counted or told", "!document.getElementById('banner').hidden || document.getElementById('progress-text').textContent.startsWith('1')");
    assert_eq!(
        (written(&folder, "accepted"), decisions(&folder).matches("reviewer = \"Ann\"").count()),
        (1, 1)
    );
    browser.js("document.querySelectorAll('#list button')[1].click()");
    browser.keys("a");
    eventually("both are written", || written(&folder, "accepted") == 2);
    browser.tab(1);
    browser.wait_for(
        "the other tab shows it",
        "document.getElementById('progress-text').textContent === '2 of 4 decided'",
    );

    let path = folder.path().join(FILE);
    fs::write(
        &path,
        decisions(&folder)
            .replace("decisions = [", "decisions = [\n  # by hand")
            .replacen("accepted", "open", 1)
            .replacen("open\"", "dismissed\", reason = \"by hand\"", 1),
    )
    .unwrap();
    browser.wait_for(
        "the edit is shown",
        "document.querySelectorAll('#list li[data-verdict=dismissed]').length === 1",
    );
    browser.js("document.querySelectorAll('#list button')[2].click()");
    browser.keys("a");
    eventually("it is written", || written(&folder, "accepted") == 2);
    browser.wait_for(
        "it is counted",
        "document.getElementById('progress-text').textContent === '3 of 4 decided'",
    );
    assert!(decisions(&folder).contains("# by hand") && decisions(&folder).contains("reason = \"by hand\""));

    let sound = decisions(&folder);
    let broken = sound.replacen("rule =", "<<<<<<< HEAD\nrule =", 1);
    fs::write(&path, &broken).unwrap();
    browser.wait_for(
        "it is told",
        "document.getElementById('banner').textContent.includes('claimlint.decisions.toml:6:')",
    );
    assert_eq!(decided(&browser), "3 of 4 decided", "what was read last stays in view");
    browser.js("document.querySelectorAll('#list button')[3].click()");
    browser.keys("a");
    browser.pause(Duration::from_millis(300));
    assert_eq!(decisions(&folder), broken);
    fs::write(&path, &sound).unwrap();
    browser.wait_for("all is well again", "document.getElementById('banner').hidden");
    browser.keys("a");
    browser.wait_for(
        "it is counted",
        "document.getElementById('progress-text').textContent === '4 of 4 decided'",
    );
}

#[test]
fn a_server_that_is_killed_between_two_decisions_has_kept_the_first() {
    let folder = folder(&[("a.md", &wrong(4))]);
    let mut server = Reviewing::start(&folder, &["a.md"]);
    let Some(browser) = Browser::open(1200, 800) else { return };
    browser.go(&server.url);
    browser.keys("a");
    browser.wait_for(
        "it is counted",
        "document.getElementById('progress-text').textContent === '1 of 4 decided'",
    );
    server.kill();
    browser.keys("a");
    browser.wait_for("it is told", "document.getElementById('banner').textContent.includes('Not saved')");
    assert_eq!(decided(&browser), "1 of 4 decided", "nothing is shown that is not kept");
    let server = Reviewing::start(&folder, &["a.md"]);
    browser.go(&server.url);
    assert_eq!((decided(&browser).as_str(), current(&browser).as_str()), ("1 of 4 decided", "2"));
    browser.keys("a");
    browser
        .wait_for("it goes on", "document.getElementById('progress-text').textContent === '2 of 4 decided'");
    assert_eq!(written(&folder, "accepted"), 2);
}

const HOSTILE: &str = "# <script>window.pwned = 1</script> 占\n\n<img src=x onerror=\"window.pwned = 2\"> </script><script>window.pwned = 3</script> \
    [a](javascript:window.pwned=4) [b](data:text/html,<script>1</script>) ![c](x onerror=1) <svg onload=\"window.pwned = 5\"> \
    The round of $110 billion is 90% of the $170.6 billion <b onclick=x>.\n\n<iframe srcdoc=\"<script>parent.pwned = 6</script>\"></iframe>\n\n\
    ```mermaid\ngraph TD\nA[\"</text></svg><script>window.pwned = 7</script>\"] -- \"<img src=x onerror=window.pwned=8>\" --> B[\"<a href='javascript:1'>\"]\n\
    click A \"javascript:window.pwned=9\"\n```\n";

#[test]
fn a_hostile_report_does_nothing_in_the_browser() {
    let folder = folder(&[("a\"><img src=x onerror=pwned=1>.md", HOSTILE)]);
    let server = Reviewing::start(&folder, &["."]);
    let Some(browser) = Browser::open(1200, 800) else { return };
    browser.go(&server.url);
    browser.keys("n");
    browser.keys("<img src=x onerror=\"window.pwned = 10\"><script>window.pwned = 11</script>");
    browser.keys(ENTER);
    eventually("it is written", || written(&folder, "open") == 1);
    for key in ["j", "k", "c", "?", ESCAPE] {
        browser.keys(key);
    }
    browser.reload();
    assert!(browser.text("#card").contains("<img src=x onerror"), "{}", browser.text("#card"));
    assert!(browser.text("article").contains("<script>window.pwned = 1</script>"));
    assert_eq!(browser.js("return window.pwned ?? null"), Value::Null);
    assert_eq!(
        browser.count(
            "img, iframe, article script, article [onclick], a[href^='javascript' i], a[href^='data' i]"
        ),
        0
    );
    let export = run(&folder, &["review", ".", "--export", "out.html"]);
    assert_eq!(export.status.code(), Some(0), "{}", stderr(&export));
    assert!(!server.told().contains("refused"), "{}", server.told());
    // The browser does complain when something acts, and it is refused: only so does its silence tell anything.
    browser.js("const image = document.createElement('img'); image.src = 'http://127.0.0.1:9/x.png'; document.body.append(image)");
    eventually("the complaint is told", || {
        server.told().contains("the browser refused something in the page")
    });
    assert_eq!(browser.js("return window.pwned ?? null"), Value::Null);

    browser.go(&format!("file://{}", folder.path().join("out.html").display()));
    assert!(browser.text("#card").contains("<img src=x onerror"));
    assert_eq!(browser.js("return window.pwned ?? null"), Value::Null);
    assert_eq!(browser.count("#accept, #dismiss, img, iframe"), 0);
    browser.keys("a");
    assert_eq!(written(&folder, "accepted"), 0);
}

#[test]
fn pages_of_other_origins_can_neither_read_nor_write() {
    let folder = folder(&[("a.md", &wrong(1))]);
    let server = Reviewing::start(&folder, &["a.md"]);
    let Some(browser) = Browser::open(1200, 800) else { return };
    // Another origin: the same machine under another port, which is another review with a page of its own.
    let other = Reviewing::start(&folder, &["a.md"]);
    browser.go(&other.url);
    for options in [
        "{ method: 'POST', mode: 'no-cors', body: '{}' }",
        "{ method: 'POST', headers: { 'x-claimlint-token': 'x' }, body: '{}' }",
        "{}",
    ] {
        let script = format!(
            "const done = arguments[arguments.length - 1]; fetch('{}decisions', {options}).then((answer) => done(answer.type), () => done('refused'))",
            server.url
        );
        assert_eq!(browser.js_async(&script), json!("refused"));
    }
    // A page without a policy of its own: only the server's refusal is left.
    let page = folder.path().join("evil.html");
    fs::write(&page, format!("<body data-ready=true><form method=post enctype=text/plain action='{}decisions'><input name='{{\"report\":\"' value='\"}}'></form><iframe src='{}'></iframe>", server.url, server.url)).unwrap();
    browser.go(&format!("file://{}", page.display()));
    browser.js("document.forms[0].submit()");
    browser.wait_for("the answer is there", "location.protocol === 'http:'");
    assert!(
        browser.text("body").contains("Only the session's own page may ask this."),
        "{}",
        browser.text("body")
    );
    assert_eq!(decisions(&folder), "");
}

#[test]
fn the_page_is_accessible() {
    let Some(axe) = env::var_os("CLAIMLINT_AXE") else {
        assert!(
            env::var_os("CI").is_none(),
            "CLAIMLINT_AXE must name axe.min.js in CI: .ci/run fetches axe-core"
        );
        use std::io::Write as _;
        let _ =
            writeln!(std::io::stderr(), "skipped: CLAIMLINT_AXE names no axe.min.js (npm package axe-core)");
        return;
    };
    let axe = fs::read_to_string(axe).unwrap();
    let folder = reports();
    let server = Reviewing::start(&folder, &["."]);
    let Some(browser) = Browser::open(1440, 900) else { return };
    let serious = |state: &str| {
        let run = "const done = arguments[arguments.length - 1]; axe.run(document, { resultTypes: ['violations'] }).then((found) => done(found.violations.filter((one) => ['serious', 'critical'].includes(one.impact)).map((one) => `${one.id}: ${one.nodes.slice(0, 4).map((node) => node.html.slice(0, 160) + ' ' + node.failureSummary).join(' | ')}`)), (error) => done([String(error)]))";
        let found = browser.js_async(&format!("{axe};\n{run}"));
        assert_eq!(found, json!([]), "{state}: {found:#}");
    };
    browser.go(&server.url);
    serious("light");
    browser.keys("j");
    browser.keys("a");
    browser.keys("d");
    serious("asking for a reason");
    browser.keys("restated");
    browser.keys(ENTER);
    browser.wait_for(
        "both are counted",
        "document.getElementById('progress-text').textContent.startsWith('2 ')",
    );
    // A finding with arithmetic, for the pictures.
    for _ in 0..8 {
        browser.keys("j");
    }
    browser.picture("light");
    browser.click("#theme");
    serious("dark");
    browser.picture("dark");
    browser.js("document.querySelector('.chart').scrollIntoView({ block: 'center' })");
    browser.picture("dark-chart");
    browser.click("#theme");
    browser.js("document.querySelector('.chart').scrollIntoView({ block: 'center' })");
    browser.picture("chart");
    browser.click("#language");
    browser.js("const list = document.getElementById('report'); list.selectedIndex = 2; list.dispatchEvent(new Event('change', { bubbles: true }))");
    browser.click("#theme");
    browser.resize(400, 860);
    for _ in 0..6 {
        browser.keys("j");
    }
    serious("on a phone, in Chinese");
    browser.picture("phone");
}

/// 2 MB and 3,000 findings.
#[test]
fn a_large_report_is_shown_at_once_and_gone_through_without_delay() {
    let Some(browser) = Browser::open(1440, 900) else { return };
    let filler = "The market has grown in breadth and depth over the years, and its figures have been told in many places by many hands. ".repeat(4);
    let text: String = (0..3_000)
        .map(|number| {
            let heading = if number % 50 == 0 { format!("## Part {}\n\n", number / 50 + 1) } else { String::new() };
            format!("{heading}{filler}In case {number}, the round of ${}.5 billion is 90% of the $170.6 billion of investment. {}\n\n", 20 + number % 100,
                "一二三四五六七八九十".repeat(4))
        })
        .collect();
    assert!(text.len() > 2_000_000, "{}", text.len());
    let folder = folder(&[("large.md", &text)]);
    let server = Reviewing::start(&folder, &["large.md"]);
    let mut views = Vec::new();
    for _ in 0..4 {
        browser.go(&server.url);
        let times = browser.js("const load = performance.getEntriesByType('navigation')[0]; const paint = performance.getEntriesByName('first-contentful-paint')[0]; return [paint?.startTime ?? 1e9, load.responseStart, load.domContentLoadedEventEnd]");
        views.push(times);
    }
    assert_eq!(listed(&browser), 3_000);
    // From the key until the browser has drawn the next frame.
    let steps = browser.js_async(
        "const done = arguments[arguments.length - 1]; const times = []; let left = 60;
         const frame = () => new Promise((resolve) => requestAnimationFrame(() => { const channel = new MessageChannel(); channel.port1.onmessage = resolve; channel.port2.postMessage(0); }));
         (async () => {
           await frame();
           while (left-- > 0) {
             const start = performance.now();
             document.body.dispatchEvent(new KeyboardEvent('keydown', { key: left % 4 ? 'j' : 'k', bubbles: true }));
             await frame();
             times.push(performance.now() - start);
           }
           times.sort((a, b) => a - b);
           done([times[30], times[57]]);
         })()",
    );
    let search = browser.js_async(
        "const done = arguments[arguments.length - 1]; const field = document.getElementById('search'); const start = performance.now();
         field.value = 'case'; field.dispatchEvent(new Event('input', { bubbles: true })); field.value = '$77.5'; field.dispatchEvent(new Event('input', { bubbles: true }));
         requestAnimationFrame(() => setTimeout(() => done(performance.now() - start), 0))",
    );
    let number = |value: &Value| value.as_f64().unwrap();
    let first = views.iter().map(|view| number(&view[0])).fold(f64::MAX, f64::min);
    use std::io::Write as _;
    let _ = writeln!(
        std::io::stderr(),
        "large report: first view {first:.0} ms (all: {views:?}); j/k median {:.0} ms, 95 % {:.0} ms; search {:.0} ms",
        number(&steps[0]),
        number(&steps[1]),
        number(&search)
    );
    // The fastest of several: other work on the machine slows a page, nothing makes it faster.
    assert!(first < 1_000.0, "{views:?}");
    assert!(number(&steps[0]) < 100.0, "{steps}");
}
