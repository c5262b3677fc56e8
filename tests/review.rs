//! The review's server and what it writes, without a browser: who may ask, what is kept, what is refused.
#![cfg(feature = "review")]

mod command;
mod reviewing;

use std::fs;

use serde_json::{Value, json};
use tempfile::TempDir;

use command::{folder, run, stderr, stdout};
use reviewing::{FILE, Reviewing, decisions};

/// Two findings in two paragraphs, and a figure that nothing checks.
const TEXT: &str = "# Round\n\nThe round of $110 billion is 90% of the $170.6 billion of venture investment.\n\n\
    Net profit of $74.2 million is 55.4% of revenue of $163.5 million. There are 12 offices.\n";

/// All that the page knows.
fn page_data(server: &Reviewing) -> Value {
    let page = server.own("GET", "", &[("origin", ""), ("sec-fetch-site", "none")], "");
    assert_eq!(page.status, 200, "{page:?}");
    let (_, data) = page.body.split_once("id=\"data\">").unwrap();
    serde_json::from_str(data.split_once("</script>").unwrap().0).unwrap()
}

/// What a page sends to decide about a finding of the first report.
fn request(data: &Value, finding: usize, before: Option<&str>, decision: Value) -> String {
    let report = &data["reports"][0];
    let sheet = &report["findings"][finding];
    json!({ "report": report["id"], "rule": sheet["rule"], "fingerprint": sheet["fingerprint"], "before": before, "decision": decision })
        .to_string()
}

fn accepted() -> Value {
    json!({ "verdict": "accepted", "reason": null, "note": null, "reviewer": "Ann", "date": null })
}

fn revision(answer: &Value, finding: usize, data: &Value) -> Option<String> {
    let fingerprint = &data["reports"][0]["findings"][finding]["fingerprint"];
    let entries = answer["board"]["entries"].as_array().unwrap();
    let entry = entries.iter().find(|entry| &entry["fingerprint"] == fingerprint)?;
    Some(entry["revision"].as_str().unwrap().to_owned())
}

#[test]
fn decisions_are_written_changed_and_taken_back() {
    let folder = folder(&[("a.md", TEXT)]);
    let server = Reviewing::start(&folder, &["a.md", "--today", "2026-11-26"]);
    let data = page_data(&server);
    assert_eq!(data["reports"][0]["findings"].as_array().unwrap().len(), 2, "{data:#}");
    assert_eq!(
        data["reports"][0]["coverage"],
        json!({ "held": 0, "supported": 0, "derived": 0, "contradicted": 6, "unchecked": 1 })
    );
    let send = |finding, before: Option<&str>, decision| {
        server.own("POST", "decisions", &[], &request(&data, finding, before, decision))
    };
    let first = send(0, None, accepted());
    assert_eq!(first.status, 200, "{first:?}");
    let revision_ = revision(&first.json(), 0, &data);
    assert!(
        decisions(&folder)
            .contains("verdict = \"accepted\", reviewer = \"Ann\", date = 2026-11-26, message = \"")
    );
    // Who has not seen this decision does not overwrite it.
    let unseen = send(0, None, json!({ "verdict": "dismissed", "reason": "no", "reviewer": "" }));
    assert_eq!((unseen.status, revision(&unseen.json(), 0, &data)), (409, revision_.clone()));
    let dismissed =
        json!({ "verdict": "dismissed", "reason": "restated,\n\"note 3\"", "note": "ask", "reviewer": "" });
    assert_eq!(send(0, revision_.as_deref(), dismissed).status, 200);
    let text = decisions(&folder);
    assert!(
        text.contains("reason = \"restated,\\U0000000a\\\"note 3\\\"\", note = \"ask\", reviewer = \"Wei\""),
        "{text}"
    );
    let check = run(&folder, &["check", "a.md"]);
    assert!(
        stdout(&check).ends_with("1 error in 1 file, 1 suppressed; 6 of 7 figures checked\n"),
        "{}",
        stdout(&check)
    );
    // An open finding with a note counts.
    assert_eq!(send(1, None, json!({ "verdict": "open", "note": "later", "reviewer": "Wei" })).status, 200);
    assert_eq!(run(&folder, &["check", "a.md"]).status.code(), Some(1));
    let board = server.own("GET", "decisions", &[], "").json();
    assert_eq!(send(1, revision(&board, 1, &data).as_deref(), Value::Null).status, 200);
    assert_eq!(decisions(&folder).matches("fingerprint").count(), 1);
    for wrong in [
        json!({ "verdict": "dismissed", "reason": "  ", "reviewer": "Wei" }),
        json!({ "verdict": "open", "reviewer": "Wei" }),
        json!({ "verdict": "accepted", "note": "x".repeat(4_001), "reviewer": "Wei" }),
    ] {
        assert_eq!(send(1, None, wrong).status, 422);
    }
    assert_eq!(decisions(&folder).matches("fingerprint").count(), 1);
}

#[test]
fn only_the_sessions_own_page_is_answered() {
    let folder = folder(&[("a.md", TEXT)]);
    let server = Reviewing::start(&folder, &["a.md"]);
    let data = page_data(&server);
    let body = request(&data, 0, None, accepted());
    let (address, other) = (server.address(), "http://evil.example");
    let port = address.split(':').next_back().unwrap();
    let localhost = format!("localhost:{port}");
    let own_path = format!("/{}/decisions", server.token());
    let wrong_path = format!("/{}/decisions", "0".repeat(32));
    type Refused<'a> = (&'a str, &'a [(&'a str, &'a str)], u16);
    let refused: &[Refused<'_>] = &[
        (&wrong_path, &[], 404),
        ("/decisions", &[], 404),
        ("/", &[], 404),
        (&own_path, &[("host", "evil.example")], 403),
        (&own_path, &[("host", "127.0.0.1")], 403),
        (&own_path, &[("host", &format!("evil.example:{port}"))], 403),
        (&own_path, &[("origin", other)], 403),
        (&own_path, &[("origin", "null")], 403),
        (&own_path, &[("origin", &format!("https://{address}"))], 403),
        (&own_path, &[("origin", "")], 403),
        (&own_path, &[("sec-fetch-site", "cross-site")], 403),
        (&own_path, &[("sec-fetch-site", "same-site")], 403),
        (&own_path, &[("sec-fetch-site", "none")], 403),
        (&own_path, &[("x-claimlint-token", "")], 403),
        (&own_path, &[("x-claimlint-token", &"0".repeat(32))], 403),
    ];
    for (path, headers, status) in refused {
        let answer = server.ask("POST", path, headers, &body);
        assert_eq!(answer.status, *status, "{path} {headers:?}: {answer:?}");
        assert!(!answer.body.contains(server.token()) && !answer.head.contains("access-control-allow"));
    }
    for (headers, status) in [
        (&[("host", "evil.example"), ("origin", "")][..], 403),
        (&[("origin", other)], 403),
        (&[("origin", ""), ("sec-fetch-site", "cross-site")], 403),
        (&[("origin", ""), ("sec-fetch-site", "none")], 200),
        (&[("host", &localhost), ("origin", "")], 200),
    ] {
        assert_eq!(server.own("GET", "", headers, "").status, status, "{headers:?}");
    }
    assert_eq!(server.own("OPTIONS", "decisions", &[("origin", other)], "").status, 403);
    assert_eq!(server.own("PUT", "decisions", &[], &body).status, 405);
    assert_eq!(server.own("POST", "decisions", &[], "{").status, 400);
    assert_eq!(server.own("POST", "decisions", &[], &" ".repeat(1 << 17)).status, 413);
    assert_eq!(decisions(&folder), "", "nothing was written");
    let page = server.own("GET", "", &[], "");
    for header in [
        "content-security-policy: default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'",
        "frame-ancestors 'none'",
        "cache-control: no-store",
        "referrer-policy: no-referrer",
        "x-content-type-options: nosniff",
        "cross-origin-resource-policy: same-origin",
    ] {
        assert!(page.head.contains(header), "{header}: {}", page.head);
    }
    let unsafe_parts = ["<style", "style=", "onclick", "onerror", "javascript:"];
    assert!(unsafe_parts.iter().all(|part| !page.body.contains(part)));
    assert!(
        std::net::TcpStream::connect(("127.0.0.2", port.parse::<u16>().unwrap())).is_err(),
        "loopback only"
    );
}

const HOSTILE: &str = "# <script>alert(1)</script> 占\n\n<img src=x onerror=alert(1)> </script><script>alert(2)</script> <!-- \
    [a](javascript:alert(1)) <svg onload=alert(1)> The round of $110 billion is 90% of the $170.6 billion <b>.\n\n\
    ```mermaid\ngraph TD\nA[\"</text><script>alert(3)</script>\"] -- \"<img src=x onerror=alert(4)>\" --> B[\"javascript:alert(5)\"]\n\
    click A \"javascript:alert(6)\"\n```\n";

#[test]
fn a_hostile_report_stays_text() {
    let name = "a\"><script>alert(0)<b>.md";
    let folder = folder(&[(name, HOSTILE)]);
    let server = Reviewing::start(&folder, &["."]);
    let page = server.own("GET", "", &[], "").body;
    assert_eq!(page.matches("<script").count(), 2, "the data and the page's own script");
    assert_eq!(page.matches("</script>").count(), 2);
    assert!(
        page.contains("class=\"box ") && !page.contains("<img") && !page.contains("href=\"javascript"),
        "{page}"
    );
    assert_eq!(page_data(&server)["reports"][0]["id"], json!(name));
    let export = run(&folder, &["review", ".", "--export", "out.html"]);
    assert_eq!(export.status.code(), Some(0), "{}", stderr(&export));
    let page = fs::read_to_string(folder.path().join("out.html")).unwrap();
    assert_eq!((page.matches("<script").count(), page.matches("</script>").count()), (2, 2));
    assert!(page.contains("script-src 'sha256-") && !page.contains("unsafe-inline"));
}

/// The server dies between two decisions, again and again, and while it writes: what it said it had kept is kept, and
/// the file is never half.
#[test]
fn a_server_that_is_killed_loses_no_decision() {
    let text: String = (10..40)
        .map(|percent| {
            format!(
                "The round of $110 billion is {percent}% of the $170.6 billion of venture investment.\n\n"
            )
        })
        .collect();
    let folder = folder(&[("a.md", &text)]);
    let mut kept = 0;
    for round in 0..6 {
        let mut server = Reviewing::start(&folder, &["a.md"]);
        let data = page_data(&server);
        assert_eq!(data["board"]["entries"].as_array().unwrap().len(), kept);
        for _ in 0..4 {
            let answer = server.own("POST", "decisions", &[], &request(&data, kept, None, accepted()));
            assert_eq!(answer.status, 200, "{answer:?}");
            kept += 1;
        }
        if round % 2 == 0 {
            // One more, whose answer nobody waits for.
            let body = request(&data, kept, None, accepted());
            std::thread::scope(|scope| {
                let (address, token) = (server.address().to_owned(), server.token().to_owned());
                scope.spawn(move || {
                    use std::io::Write as _;
                    let mut stream = std::net::TcpStream::connect(&address).unwrap();
                    let _ = write!(
                        stream,
                        "POST /{token}/decisions HTTP/1.1\r\nhost: {address}\r\norigin: http://{address}\r\n\
                         x-claimlint-token: {token}\r\ncontent-length: {}\r\n\r\n{body}",
                        body.len()
                    );
                });
            });
            std::thread::sleep(std::time::Duration::from_millis(round * 2));
        }
        server.kill();
        let entries = decisions(&folder).matches("fingerprint").count();
        assert!(entries == kept || entries == kept + 1, "{entries} of {kept}");
        kept = entries;
        let check = run(&folder, &["check", "a.md", "--fail-on", "never"]);
        assert_eq!((check.status.code(), stderr(&check).as_str()), (Some(0), ""));
    }
    assert!(kept >= 24);
}

#[test]
fn an_edit_by_hand_is_kept_and_shown_and_a_broken_file_is_refused() {
    let folder = folder(&[("a.md", TEXT)]);
    let server = Reviewing::start(&folder, &["a.md"]);
    let data = page_data(&server);
    server.own("POST", "decisions", &[], &request(&data, 0, None, accepted()));
    let path = folder.path().join(FILE);
    let by_hand = decisions(&folder).replace("decisions = [", "decisions = [ # mine\n").replace("Ann", "Bob");
    fs::write(&path, &by_hand).unwrap();
    let board = server.own("GET", "decisions", &[], "").json();
    assert_eq!(board["board"]["entries"][0]["reviewer"], "Bob");
    let same = format!("\"{}\"", board["board"]["revision"].as_str().unwrap());
    assert_eq!(server.own("GET", "decisions", &[("if-none-match", &same)], "").status, 304);
    assert_eq!(server.own("POST", "decisions", &[], &request(&data, 1, None, accepted())).status, 200);
    assert!(decisions(&folder).contains("# mine") && decisions(&folder).contains("Bob"));
    let broken = decisions(&folder).replacen("verdict", "<<<<<<< HEAD\nverdict", 1);
    fs::write(&path, &broken).unwrap();
    let told =
        server.own("GET", "decisions", &[], "").json()["board"]["broken"][0].as_str().unwrap().to_owned();
    assert!(told.starts_with(&format!("{FILE}:6:")), "{told}");
    let before = revision(&board, 0, &data);
    let refused = server.own("POST", "decisions", &[], &request(&data, 0, before.as_deref(), Value::Null));
    assert!(refused.status == 500 && refused.body.contains(FILE), "{refused:?}");
    assert_eq!(decisions(&folder), broken);
    for task in [&["--summary", "markdown"][..], &["--prune"], &["--export", "o.html"], &[]] {
        let output = run(&folder, &[&["review", "a.md"], task].concat());
        assert_eq!(output.status.code(), Some(2), "{task:?}");
        assert!(stderr(&output).contains(&format!("{FILE}:6:")), "{}", stderr(&output));
    }
    assert_eq!(decisions(&folder), broken);
}

fn decided(folder: &TempDir, percents: &[&str]) {
    let server = Reviewing::start(folder, &["a.md", "--today", "2026-11-26"]);
    let data = page_data(&server);
    for (index, verdict) in percents.iter().enumerate() {
        let decision = json!({ "verdict": verdict, "reason": "see <note> 3", "reviewer": "Wei" });
        let answer = server.own("POST", "decisions", &[], &request(&data, index, None, decision));
        assert_eq!(answer.status, 200, "{answer:?}");
    }
}

#[test]
fn a_summary_an_export_and_what_is_gone() {
    let folder = folder(&[("a.md", TEXT), ("b.md", "Nothing here.\n")]);
    decided(&folder, &["accepted", "dismissed"]);
    let summary = run(&folder, &["review", ".", "--summary", "markdown"]);
    insta::assert_snapshot!(stdout(&summary));
    let export = run(&folder, &["review", ".", "--export", "page.html"]);
    assert_eq!((export.status.code(), stdout(&export).as_str()), (Some(0), ""), "{}", stderr(&export));
    let page = fs::read_to_string(folder.path().join("page.html")).unwrap();
    assert!(page.contains("\"readonly\":true") && page.contains("see \\u003cnote> 3"), "{page}");
    let again = run(&folder, &["review", "a.md", "b.md", "--export", "again.html"]);
    assert_eq!(again.status.code(), Some(0));
    assert_eq!(fs::read_to_string(folder.path().join("again.html")).unwrap(), page, "the same every time");
    for output in ["a.md", FILE] {
        let refused = run(&folder, &["review", "a.md", "--export", output]);
        assert_eq!(refused.status.code(), Some(2), "{}", stderr(&refused));
    }
    fs::write(folder.path().join("a.md"), TEXT.replace("90%", "64%")).unwrap();
    let prune = run(&folder, &["review", ".", "--prune"]);
    assert_eq!(
        stdout(&prune).lines().map(|line| line.split(" ($").next().unwrap()).collect::<Vec<_>>(),
        [
            "taken out: a.md: numeric/share: $110 billion is not 90% of $170.6 billion: $110 billion ÷ $170.6 billion = 64.48% (accepted by Wei on 2026-11-26)",
            "claimlint.decisions.toml: 1 decision taken out"
        ]
    );
    assert_eq!(decisions(&folder).matches("fingerprint").count(), 1);
    assert_eq!(stderr(&run(&folder, &["check", "."])), "");
}

#[test]
fn what_cannot_be_reviewed_is_said() {
    let folder = folder(&[("a.md", TEXT)]);
    let nothing = run(&folder, &["review"]);
    assert_eq!(nothing.status.code(), Some(2));
    let stdin = run(&folder, &["review", "-"]);
    assert!(stdin.status.code() == Some(2) && stderr(&stdin).contains("needs files"), "{}", stderr(&stdin));
    let missing = run(&folder, &["review", "b.md", "--summary", "markdown"]);
    assert!(missing.status.code() == Some(3) && stderr(&missing).contains("b.md: no such file"));
    let server = Reviewing::start(&folder, &["a.md"]);
    let port = server.address().split(':').next_back().unwrap();
    let taken = run(&folder, &["review", "a.md", "--port", port]);
    assert!(taken.status.code() == Some(2) && stderr(&taken).contains("name another with --port"));
}
