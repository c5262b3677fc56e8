//! Every format of the command in one run, each read back by what reads it.

mod sarif_schema;
mod xml;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use insta_cmd::get_cargo_bin;
use serde_json::{Value, json};
use tempfile::TempDir;
use xml::{Element, elements};

const REPORTS: [&str; 10] = [
    "cut-off.en.md",
    "cut-off.zh.md",
    "market.en.clean.md",
    "market.en.md",
    "market.zh.clean.md",
    "market.zh.md",
    "openai-round.en.clean.md",
    "openai-round.en.md",
    "openai-round.zh.clean.md",
    "openai-round.zh.md",
];

fn run(folder: &Path, arguments: &[String]) -> Output {
    let mut command = Command::new(get_cargo_bin("claimlint"));
    for variable in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "LC_ALL", "LC_MESSAGES", "LANG"] {
        command.env_remove(variable);
    }
    command.current_dir(folder).args(arguments).stdin(Stdio::null()).output().unwrap()
}

/// The formats that the command says it has.
fn formats() -> Vec<String> {
    let arguments = ["check", "--format", "?"].map(str::to_string);
    let told = String::from_utf8(run(Path::new("."), &arguments).stderr).unwrap();
    let list = told.split_once("[possible values: ").unwrap().1.split_once(']').unwrap().0;
    list.split(',').map(|name| name.trim().to_string()).collect()
}

/// Checks `reports/` once, with a file for each format in a folder of their own; gives the texts of the files.
fn check(folder: &TempDir, outputs: &str) -> BTreeMap<String, String> {
    fs::create_dir(folder.path().join(outputs)).unwrap();
    let mut arguments = vec!["check".to_string(), "./reports".to_string()];
    for format in formats() {
        arguments.extend(["-o".to_string(), format!("{format}={outputs}/{format}")]);
    }
    let output = run(folder.path(), &arguments);
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
    let read = |format: String| {
        let text = fs::read_to_string(folder.path().join(outputs).join(&format)).unwrap();
        (format, text)
    };
    let written: BTreeMap<String, String> = formats().into_iter().map(read).collect();
    assert_eq!(String::from_utf8(output.stdout).unwrap(), written["text"]);
    written
}

fn folder_of(reports: &[(String, String)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("reports")).unwrap();
    for (name, text) in reports {
        fs::write(folder.path().join("reports").join(name), text).unwrap();
    }
    folder
}

fn ten_reports() -> TempDir {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let read = |name: &str| (name.to_string(), fs::read_to_string(fixtures.join(name)).unwrap());
    folder_of(&REPORTS.map(read))
}

/// Severity, rule, path, line of a finding.
type Seen = (String, String, String, u64);

fn seen(severity: &str, rule: &str, path: &str, line: &str) -> Seen {
    (severity.to_string(), rule.to_string(), path.to_string(), line.parse().unwrap())
}

fn text_of(value: &Value) -> &str {
    value.as_str().unwrap()
}

/// The findings of the JSON output, which the others are held against.
fn of_json(text: &str) -> Vec<Seen> {
    let value: Value = serde_json::from_str(text).unwrap();
    let files = value["files"].as_array().unwrap();
    let found = files.iter().flat_map(|file| {
        let path = text_of(&file["path"]).trim_start_matches("./");
        file["findings"].as_array().unwrap().iter().map(move |found| {
            seen(text_of(&found["severity"]), text_of(&found["rule"]), path, &found["line"].to_string())
        })
    });
    found.collect()
}

fn of_concise(text: &str) -> Vec<Seen> {
    let line = |line: &str| {
        let (place, rest) = line.split_once(": ").unwrap();
        let [path, line, _] = place.split(':').collect::<Vec<_>>()[..] else { panic!("{place}") };
        let (severity, rest) = rest.split_once('[').unwrap();
        seen(severity, rest.split_once("] ").unwrap().0, path, line)
    };
    text.lines().map(line).collect()
}

fn of_github(text: &str) -> Vec<Seen> {
    let line = |line: &str| {
        let (head, _) = line.strip_prefix("::").unwrap().split_once("::").unwrap();
        let (severity, properties) = head.split_once(' ').unwrap();
        let properties: BTreeMap<&str, &str> =
            properties.split(',').map(|property| property.split_once('=').unwrap()).collect();
        let severity = if severity == "notice" { "note" } else { severity };
        let rule = properties["title"].strip_prefix("claimlint ").unwrap();
        seen(severity, rule, properties["file"], properties["line"])
    };
    text.lines().map(line).collect()
}

/// The rows of a comment's tables, by weight within each file.
fn of_markdown(text: &str) -> Vec<Seen> {
    let row = |line: &str| {
        let (severity, rest) = line.split_once("<br>`")?;
        let (rule, rest) = rest.split_once("` | `")?;
        let (place, _) = rest.split_once("` | ")?;
        let (path, line) = place.rsplit_once(':')?;
        Some(seen(severity.rsplit(' ').next()?, rule, path.trim_start_matches("./"), line))
    };
    text.lines().filter_map(row).collect()
}

fn of_gitlab(text: &str) -> Vec<Seen> {
    let issues: Vec<Value> = serde_json::from_str(text).unwrap();
    let mut fingerprints: Vec<&str> = issues.iter().map(|issue| text_of(&issue["fingerprint"])).collect();
    fingerprints.sort_unstable();
    fingerprints.dedup();
    assert_eq!(fingerprints.len(), issues.len(), "a fingerprint stands for two findings");
    let issue = |issue: &Value| {
        assert!(!text_of(&issue["description"]).is_empty());
        let severity = match text_of(&issue["severity"]) {
            "critical" => "error",
            "major" => "warning",
            "info" => "note",
            other => panic!("{other}"),
        };
        let location = &issue["location"];
        let line = location["lines"]["begin"].to_string();
        seen(severity, text_of(&issue["check_name"]), text_of(&location["path"]), &line)
    };
    issues.iter().map(issue).collect()
}

fn of_rdjson(text: &str) -> Vec<Seen> {
    let value: Value = serde_json::from_str(text).unwrap();
    assert_eq!(value["source"], json!({"name": "claimlint"}));
    let diagnostic = |diagnostic: &Value| {
        assert!(!text_of(&diagnostic["message"]).is_empty());
        let severity = match text_of(&diagnostic["severity"]) {
            "INFO" => "note".to_string(),
            other => other.to_lowercase(),
        };
        let location = &diagnostic["location"];
        let line = location["range"]["start"]["line"].to_string();
        seen(&severity, text_of(&diagnostic["code"]["value"]), text_of(&location["path"]), &line)
    };
    value["diagnostics"].as_array().unwrap().iter().map(diagnostic).collect()
}

fn of_sarif(text: &str) -> Vec<Seen> {
    let value: Value = serde_json::from_str(text).unwrap();
    assert_eq!(sarif_schema::errors(&value), [""; 0]);
    let run = &value["runs"][0];
    let result = |result: &Value| {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(run["tool"]["driver"]["rules"][index]["id"], result["ruleId"]);
        assert_eq!(text_of(&result["partialFingerprints"]["claimlint/v1"]).len(), 16);
        let location = &result["locations"][0]["physicalLocation"];
        let line = location["region"]["startLine"].to_string();
        let uri = text_of(&location["artifactLocation"]["uri"]);
        seen(text_of(&result["level"]), text_of(&result["ruleId"]), uri, &line)
    };
    run["results"].as_array().unwrap().iter().map(result).collect()
}

fn of_checkstyle(text: &str) -> Vec<Seen> {
    let mut path = String::new();
    let mut found = Vec::new();
    for Element { depth, name, attributes, .. } in elements(text) {
        match (depth, name.as_str()) {
            (0, "checkstyle") => assert!(attributes.contains_key("version")),
            (1, "file") => path.clone_from(&attributes["name"]),
            (2, "error") => {
                let severity = attributes["severity"].replace("info", "note");
                assert!(
                    attributes["column"].parse::<usize>().unwrap() > 0 && !attributes["message"].is_empty()
                );
                found.push(seen(&severity, &attributes["source"], &path, &attributes["line"]));
            }
            other => panic!("{other:?}"),
        }
    }
    found
}

/// What the schema of Jenkins asks for: the order of the elements, the attributes that must and may be there, and
/// counts that are true.
fn of_junit(text: &str) -> Vec<Seen> {
    let keys =
        |attributes: &BTreeMap<String, String>| attributes.keys().cloned().collect::<Vec<_>>().join(" ");
    let mut found = Vec::new();
    let mut suites: Vec<(BTreeMap<String, String>, usize, usize)> = Vec::new();
    let mut case = BTreeMap::new();
    for Element { depth, name, attributes, .. } in elements(text) {
        match (depth, name.as_str()) {
            (0, "testsuites") => assert_eq!(keys(&attributes), "name"),
            (1, "testsuite") => {
                assert_eq!(keys(&attributes), "errors failures name skipped tests");
                suites.push((attributes, 0, 0));
            }
            (2, "testcase") => {
                assert_eq!(keys(&attributes), "classname name");
                let (suite, cases, _) = suites.last_mut().unwrap();
                assert_eq!(suite["name"], attributes["classname"]);
                *cases += 1;
                case = attributes;
            }
            (3, "failure") => {
                assert_eq!(keys(&attributes), "message type");
                let (suite, _, failures) = suites.last_mut().unwrap();
                *failures += 1;
                let (rule, place) = case["name"].split_once(" at ").unwrap();
                let line = place.split_once(':').unwrap().0;
                found.push(seen(&attributes["type"], rule, &suite["name"], line));
            }
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(suites.len(), 10);
    for (suite, cases, failures) in suites {
        assert_eq!((&suite["tests"], &suite["failures"]), (&cases.to_string(), &failures.to_string()));
        assert_eq!((suite["errors"].as_str(), suite["skipped"].as_str()), ("0", "0"));
        assert!(failures > 0 || cases == 1, "a file without findings is one passing test");
    }
    found
}

#[test]
fn ten_reports_go_through_every_format_in_one_run() {
    let folder = ten_reports();
    let written = check(&folder, "first");
    let expected = of_json(&written["json"]);
    assert!(expected.len() > 30, "{}", expected.len());
    let value: Value = serde_json::from_str(&written["json"]).unwrap();
    let validator = jsonschema::validator_for(&claimlint::report::check_schema()).unwrap();
    assert!(validator.is_valid(&value));
    assert_eq!(of_concise(&written["concise"]), expected);
    assert_eq!(of_github(&written["github"]), expected);
    assert_eq!(of_gitlab(&written["gitlab"]), expected);
    assert_eq!(of_rdjson(&written["rdjson"]), expected);
    assert_eq!(of_sarif(&written["sarif"]), expected);
    assert_eq!(of_checkstyle(&written["checkstyle"]), expected);
    assert_eq!(of_junit(&written["junit"]), expected);
    let lines: Vec<Value> =
        written["jsonl"].lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let found: usize = lines.iter().map(|line| line["findings"].as_array().unwrap().len()).sum();
    assert_eq!((lines.len(), found), (10, expected.len()));
    let by_place = |mut list: Vec<Seen>| {
        list.sort();
        list
    };
    assert_eq!(by_place(of_markdown(&written["markdown"])), by_place(expected.clone()));
    let page = &written["html"];
    assert_eq!(page.matches("data-number=").count(), expected.len());
    assert!(expected.iter().all(|(_, rule, ..)| page.contains(&format!("<code>{rule}</code>"))));
    let counted = |severity| expected.iter().filter(|(found, ..)| found == severity).count();
    let end = format!("{} errors, {} warnings", counted("error"), counted("warning"));
    assert!(written["text"].contains(&end), "{end}");
    assert_eq!(check(&folder, "second"), written, "two runs write the same");
}

#[test]
fn columns_are_right_behind_han_emoji_and_tabs() {
    // Behind ⚠ U+FE0F, tab, 🚀, `本轮融资` and a space: the 9th character, the 27th byte.
    let line = "⚠\u{fe0f}\t🚀本轮融资 1100 亿元，占去年风投总额 1706 亿元的 90%。\n";
    let folder = folder_of(&[("a.md".to_string(), format!("# 融资\n\n{line}"))]);
    let written = check(&folder, "out");
    assert!(
        written["text"].contains("--> ./reports/a.md:3:10\n")
            || written["text"].contains("--> reports/a.md:3:10\n"),
        "{}",
        written["text"]
    );
    assert!(written["concise"].starts_with("reports/a.md:3:10: error["), "{}", written["concise"]);
    assert!(written["github"].contains(",line=3,col=10,endLine=3,endColumn=38,"), "{}", written["github"]);
    assert!(written["checkstyle"].contains("line=\"3\" column=\"10\""), "{}", written["checkstyle"]);
    assert!(written["junit"].contains(" at 3:10\""), "{}", written["junit"]);
    let parsed = |format: &str| serde_json::from_str::<Value>(&written[format]).unwrap();
    let region = &parsed("sarif")["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"];
    assert_eq!(region["startColumn"], 10);
    assert_eq!(region["endColumn"], 38);
    let range = &parsed("rdjson")["diagnostics"][0]["location"]["range"];
    assert_eq!((&range["start"]["column"], &range["end"]["column"]), (&json!(25), &json!(79)));
}

#[test]
fn a_hostile_report_under_a_hostile_name_is_text_in_every_format() {
    let text = "# 报告 <script>alert(1)</script>\n\n本轮融资 1100 亿元，占去年风投总额 1706 亿元的 90%。<img src=x onerror=alert(2)>\n\n\
        ::error::x\n::set-output name=a::b\n\n| a | b |\n|---|---|\n| =cmd()|'/C calc'!A0 | `x` | z |\n\n\
        ```mermaid ]]> <script>alert(3)</script></style> ::error::x %0A ##[add-mask]z [a](https://evil.example) {0} \u{202e}\u{1b}[31m\u{1}\u{fffe}\n\
        flowchart TD\nA[\"<img src=x onerror=alert(4)> | `x` =cmd() ]]> %0A##vso[task.x]1 \u{202e}\u{1b}[31m\u{1}\u{fffe}\n";
    let name = if cfg!(unix) {
        "::error a,b:c%0A\n'q' \"q\" <b>&深\u{202e}\u{1b}[31m]]>##[x].md"
    } else {
        "a,b%0A深.md"
    };
    let folder = folder_of(&[(name.to_string(), text.to_string())]);
    let written = check(&folder, "out");
    for (format, shown) in &written {
        for line in shown.lines() {
            assert_eq!(claimlint::report::visible(line), line, "{format}");
            assert!(!line.trim_start().starts_with("::") || format == "github", "{format}: {line}");
        }
    }
    let quoted =
        |text: &str| text.contains("<script>alert(3)</script></style>") && text.contains("=cmd() ]]>");
    assert!(quoted(&written["concise"]) && quoted(&written["github"]) && quoted(&written["rdjson"]));
    assert_eq!(of_json(&written["json"]).len(), written["concise"].lines().count());
    assert_eq!(of_json(&written["json"]).len(), written["github"].lines().count());
    assert_eq!(of_json(&written["json"]).len(), of_markdown(&written["markdown"]).len());
    for page in ["html", "markdown"] {
        assert!(["<script", "<img"].iter().all(|tag| !written[page].contains(tag)), "{page}");
    }
    assert!(!written["markdown"].contains("](https:") && written["html"].matches("</style>").count() == 1);
    for xml in ["junit", "checkstyle"] {
        assert!(elements(&written[xml]).len() > 4 && !written[xml].contains("<script"), "{xml}");
    }
    let json: Value = serde_json::from_str(&written["json"]).unwrap();
    assert_eq!(json["files"][0]["path"], format!("./reports/{name}").trim_start_matches("./").to_string());
    serde_json::from_str::<Value>(&written["gitlab"]).unwrap();
    serde_json::from_str::<Value>(&written["sarif"]).unwrap();
}

#[test]
fn an_input_that_cannot_be_read_is_told_to_programs_too() {
    let folder = folder_of(&[("a.md".to_string(), "营收 3 亿元。\n".to_string())]);
    let arguments = ["check", "reports/a.md", "reports/没有.md", "-o", "sarif=out.sarif", "--format", "json"];
    let output = run(folder.path(), &arguments.map(str::to_string));
    assert_eq!(output.status.code(), Some(3));
    let json: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&json["summary"]["files"], &json["summary"]["unread"]), (&json!(1), &json!(1)));
    let log = fs::read_to_string(folder.path().join("out.sarif")).unwrap();
    let log: Value = serde_json::from_str(&log).unwrap();
    assert_eq!(sarif_schema::errors(&log), [""; 0]);
    assert_eq!(log["runs"][0]["invocations"][0]["executionSuccessful"], false);
}

#[test]
fn what_is_suppressed_is_marked_where_the_format_can() {
    let wrong = "本轮融资 1100 亿元，占去年风投总额 1706 亿元的 90%。";
    let comment = "<!-- claimlint: ignore[numeric/share] reason=\"已与公司核对\" -->";
    let bare = "<!-- claimlint: ignore[numeric/share] -->";
    let text = format!("# 融资\n\n{comment}\n{wrong}\n\n{bare}\n{wrong}\n");
    let folder = folder_of(&[("a.md".to_string(), text)]);
    let written = check(&folder, "out");
    let parsed = |format: &str| serde_json::from_str::<Value>(&written[format]).unwrap();
    let file = &parsed("json")["files"][0];
    let live = of_json(&written["json"]);
    let known = &file["suppressed"][0];
    assert_eq!(
        (&known["rule"], &known["by"], &known["reason"], &known["line"]),
        (&json!("numeric/share"), &json!("comment"), &json!("已与公司核对"), &json!(4))
    );
    let log = parsed("sarif");
    assert_eq!(sarif_schema::errors(&log), [""; 0]);
    let results = log["runs"][0]["results"].as_array().unwrap();
    let marks = results.iter().flat_map(|result| result["suppressions"].as_array().unwrap());
    let mark = json!({"kind": "inSource", "status": "accepted", "justification": "已与公司核对"});
    assert_eq!(marks.collect::<Vec<_>>(), [&mark]);
    assert_eq!(results.len(), live.len() + 1);
    assert!(results.iter().all(|result| result["ruleIndex"].is_u64()), "{results:#?}");
    let skipped: Vec<Element> =
        elements(&written["junit"]).into_iter().filter(|element| element.name == "skipped").collect();
    assert_eq!(skipped.len(), 1);
    assert_eq!(skipped[0].attributes["message"], "已与公司核对");
    for format in ["concise", "github"] {
        assert_eq!(written[format].lines().count(), live.len(), "{format}");
    }
    assert_eq!(of_gitlab(&written["gitlab"]), live);
    assert_eq!(of_rdjson(&written["rdjson"]), live);
    assert_eq!(of_checkstyle(&written["checkstyle"]), live);
}
