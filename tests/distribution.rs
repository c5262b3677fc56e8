//! The action, the hook and the release as they are written: their own scripts are run, not copies of them.

mod command;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use command::{RIGHT, WRONG, folder, stderr, stdout};
use insta_cmd::get_cargo_bin;
use tempfile::TempDir;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap()
}

/// The script of a step of action.yml.
fn script_of(step: &str) -> String {
    let action = read("action.yml");
    let (_, from) = action.split_once(&format!("- id: {step}\n")).unwrap();
    let step = from.split("\n    - ").next().unwrap();
    step.lines().find_map(|line| line.trim().strip_prefix("run: ")).unwrap().to_owned()
}

/// A machine that runs the action: a checkout with reports, and what the runner gives each step.
struct Runner {
    checkout: TempDir,
    temporary: TempDir,
}

impl Runner {
    fn new(reports: &[(&str, &str)]) -> Self {
        Self { checkout: folder(reports), temporary: folder(&[("output", "")]) }
    }

    /// Puts the built program where the step `install` would have put it.
    fn with_claimlint(self) -> Self {
        let bin = self.temporary.path().join("claimlint/bin");
        fs::create_dir_all(&bin).unwrap();
        fs::copy(get_cargo_bin("claimlint"), bin.join("claimlint")).unwrap();
        self
    }

    fn path(&self, name: &str) -> PathBuf {
        self.temporary.path().join(name)
    }

    /// Runs a step of action.yml with these variables, as the runner does.
    fn step(&self, step: &str, variables: &[(&str, &str)]) -> Output {
        fs::write(self.path("output"), "").unwrap();
        Command::new("bash")
            .args(["--noprofile", "--norc", "-e", "-o", "pipefail", "-c", &script_of(step)])
            .current_dir(self.checkout.path())
            .env("GITHUB_ACTION_PATH", root())
            .env("GITHUB_OUTPUT", self.path("output"))
            .env("GITHUB_SERVER_URL", "https://github.example")
            .env("GITHUB_STEP_SUMMARY", self.path("summary.md"))
            .env("RUNNER_TEMP", self.temporary.path())
            .env("CLAIMLINT_ROOT", self.path("claimlint"))
            .envs(variables.iter().copied())
            .output()
            .unwrap()
    }

    fn check(&self, variables: &[(&str, &str)]) -> Checked {
        let output = self.step("check", variables);
        Checked {
            code: output.status.code(),
            status: self.output("status"),
            sarif: self.output("sarif").map(|path| {
                let text = fs::read_to_string(path).unwrap();
                let value: serde_json::Value = serde_json::from_str(&text).unwrap();
                value["runs"][0]["results"].as_array().unwrap().len()
            }),
            shown: stdout(&output),
            told: stderr(&output),
        }
    }

    /// What the last step gave out under a name.
    fn output(&self, name: &str) -> Option<String> {
        let outputs = fs::read_to_string(self.path("output")).unwrap();
        outputs.lines().find_map(|line| Some(line.strip_prefix(name)?.strip_prefix('=')?.to_owned()))
    }

    /// Puts a program on the path of the steps that writes what it was called with, and then does this.
    fn fake(&self, program: &str, script: &str) -> String {
        let bin = self.path("fakes");
        fs::create_dir_all(&bin).unwrap();
        let calls = self.path("calls");
        let text =
            format!("#!/bin/bash\nprintf '%s\\n' \"{program} $*\" >>'{}'\n{script}\n", calls.display());
        let file = bin.join(program);
        fs::write(&file, text).unwrap();
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).unwrap();
        }
        format!("{}:{}", bin.display(), std::env::var("PATH").unwrap())
    }

    fn calls(&self) -> String {
        fs::read_to_string(self.path("calls")).unwrap_or_default()
    }
}

/// What the step `check` came to.
#[derive(Debug)]
struct Checked {
    code: Option<i32>,
    /// The output of that name.
    status: Option<String>,
    /// How many results the file has that the step gives out for upload.
    sarif: Option<usize>,
    shown: String,
    told: String,
}

#[test]
fn the_action_keeps_every_exit_status_and_its_sarif() {
    let runner = Runner::new(&[("a.md", WRONG), ("b.md", RIGHT), ("bad.toml", "no such setting = 1\n")])
        .with_claimlint();
    type Variables<'a> = &'a [(&'a str, &'a str)];
    let rows: [(Variables<'_>, i32, Option<usize>); 6] = [
        (&[("CLAIMLINT_PATHS", "b.md")], 0, Some(0)),
        (&[("CLAIMLINT_PATHS", "a.md"), ("CLAIMLINT_FAIL_ON", "never")], 0, Some(1)),
        (&[("CLAIMLINT_PATHS", "a.md\nb.md")], 1, Some(1)),
        (&[("CLAIMLINT_PATHS", "a.md"), ("CLAIMLINT_FAIL_ON", "sometimes")], 2, None),
        (&[("CLAIMLINT_PATHS", "a.md\nmissing.md")], 3, Some(1)),
        (&[("CLAIMLINT_PATHS", " \n\n")], 2, None),
    ];
    for (variables, code, results) in rows {
        let checked = runner.check(variables);
        assert_eq!(checked.code, Some(code), "{variables:?}: {checked:?}");
        assert_eq!(checked.status, Some(code.to_string()), "{variables:?}: {checked:?}");
        assert_eq!(checked.sarif, results, "{variables:?}: {checked:?}");
    }
    let checked = runner.check(&[("CLAIMLINT_PATHS", "a.md")]);
    assert!(checked.shown.starts_with("::error file=a.md,line=1,"), "{checked:?}");
    let summary = fs::read_to_string(runner.path("summary.md")).unwrap();
    assert!(summary.contains("numeric/share"), "{summary}");
}

/// Statuses that no input brings about: a fault of claimlint's own, and one that was killed.
#[cfg(unix)]
#[test]
fn the_action_keeps_the_status_of_a_fault() {
    for (status, uploaded) in [(4, true), (137, false)] {
        let runner = Runner::new(&[]);
        runner.fake(
            "claimlint",
            &format!("for o; do case $o in --output=sarif=*) echo '{{\"runs\":[{{\"results\":[]}}]}}' >\"${{o#*=*=}}\";; esac; done; exit {status}"),
        );
        fs::create_dir_all(runner.path("claimlint")).unwrap();
        fs::rename(runner.path("fakes"), runner.path("claimlint/bin")).unwrap();
        let checked = runner.check(&[("CLAIMLINT_PATHS", "a.md")]);
        assert_eq!(checked.code, Some(status), "{checked:?}");
        assert_eq!(checked.sarif.is_some(), uploaded, "{checked:?}");
    }
}

#[cfg(unix)]
#[test]
fn hostile_inputs_of_the_action_are_only_names() {
    let names = [
        "$(touch owned).md",
        "`touch owned`.md",
        "; touch owned #.md",
        "--watch",
        "-o text=owned",
        "a\"b'.md",
    ];
    let reports: Vec<(&str, &str)> = names.iter().map(|name| (*name, RIGHT)).collect();
    let runner = Runner::new(&reports).with_claimlint();
    let checked = runner.check(&[("CLAIMLINT_PATHS", &names.join("\n"))]);
    assert_eq!((checked.code, checked.sarif), (Some(0), Some(0)), "{checked:?}");
    let inputs = [
        "$(touch owned)",
        "`touch owned`",
        "x\"; touch owned; \"",
        "::error::owned",
        "--version",
        "%0A::error::x",
    ];
    for input in inputs {
        for variable in ["CLAIMLINT_PATHS", "CLAIMLINT_CONFIG", "CLAIMLINT_FAIL_ON"] {
            let variables = match variable {
                "CLAIMLINT_PATHS" => vec![(variable, input)],
                _ => vec![("CLAIMLINT_PATHS", "--watch"), (variable, input)],
            };
            let checked = runner.check(&variables);
            assert!(matches!(checked.code, Some(2 | 3)), "{variables:?}: {checked:?}");
            let lines = checked.shown.lines().chain(checked.told.lines());
            assert!(lines.clone().all(|line| !line.trim_start().starts_with("::")), "{checked:?}");
        }
        let output = runner.step("prepare", &[("CLAIMLINT_VERSION", input)]);
        assert_eq!(output.status.code(), Some(2), "{input}");
        assert!(!stderr(&output).contains("owned") && runner.output("key").is_none());
    }
    let left: Vec<_> =
        fs::read_dir(runner.checkout.path()).unwrap().map(|file| file.unwrap().file_name()).collect();
    assert_eq!(left.len(), names.len(), "{left:?}");
}

#[test]
fn the_source_decides_what_the_cache_gives() {
    let runner = Runner::new(&[]);
    let key = |variables: &[(&str, &str)]| {
        let output = runner.step("prepare", variables);
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        (runner.output("key").unwrap(), runner.output("root").unwrap())
    };
    let (own, place) = key(&[]);
    assert_eq!(place, runner.path("claimlint").display().to_string());
    assert_eq!((own.len(), key(&[]).0), (64, own.clone()));
    assert_eq!(key(&[("CLAIMLINT_VERSION", "1.2.3-rc.1")]).0, "v1.2.3-rc.1");
    let script = read("action/prepare.sh");
    let other = folder(&[("Cargo.toml", ""), ("src/main.rs", ""), ("action/prepare.sh", &script)]);
    let path = other.path().display().to_string();
    let first = key(&[("GITHUB_ACTION_PATH", &path)]).0;
    fs::write(other.path().join("src/main.rs"), "fn main() {}").unwrap();
    let second = key(&[("GITHUB_ACTION_PATH", &path)]).0;
    assert!(first != second && first != own, "{first} {second}");
}

#[cfg(unix)]
#[test]
fn the_action_builds_its_own_source_once() {
    let runner = Runner::new(&[]).with_claimlint();
    runner.fake("rustup", "");
    let path = runner.fake("cargo", "");
    let output = runner.step("install", &[("PATH", &path)]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(stdout(&output).contains("claimlint 0."), "{}", stdout(&output));
    let calls = runner.calls();
    let build = calls.lines().last().unwrap();
    assert!(build.starts_with("cargo +stable install --locked"), "{calls}");
    assert!(build.contains(&format!("--path {}", root().display())), "{calls}");
    let output = runner.step("install", &[("PATH", &path), ("CLAIMLINT_CACHED", "true")]);
    assert_eq!((output.status.code(), runner.calls()), (Some(0), calls));
}

/// A release made by our own script, and fetched by the action from a server that is a folder.
#[cfg(target_os = "linux")]
#[test]
fn a_release_is_packed_and_fetched() {
    let runner = Runner::new(&[]);
    let version = env!("CARGO_PKG_VERSION");
    let target = "x86_64-unknown-linux-musl";
    let dist = runner.path("dist").display().to_string();
    let program = get_cargo_bin("claimlint").display().to_string();
    let output = Command::new(root().join(".ci/package")).args([&program, target, &dist]).output().unwrap();
    assert!(output.status.success(), "{}", stderr(&output));
    let name = format!("claimlint-{version}-{target}");
    let list = Command::new("tar").args(["-tzf", &format!("{dist}/{name}.tar.gz")]).output().unwrap();
    let list = stdout(&list);
    for file in [
        "claimlint",
        "LICENSE-MIT",
        "LICENSE-APACHE",
        "README.md",
        "completions/claimlint.bash",
        "completions/_claimlint",
        "completions/claimlint.fish",
        "man/claimlint.1",
        "man/claimlint-check.1",
    ] {
        assert!(list.lines().any(|line| line == format!("{name}/{file}")), "{file} in {list}");
    }
    let sums = Command::new("bash")
        .args(["-c", "sha256sum claimlint-* >SHA256SUMS"])
        .current_dir(&dist)
        .status()
        .unwrap();
    assert!(sums.success());

    let path = runner.fake("curl", &format!("cp \"{dist}/$(basename \"${{!#}}\")\" ."));
    let variables = [
        ("PATH", path.as_str()),
        ("CLAIMLINT_VERSION", version),
        ("CLAIMLINT_REPOSITORY", "team/claimlint"),
        ("RUNNER_OS", "Linux"),
        ("RUNNER_ARCH", "X64"),
    ];
    let output = runner.step("install", &variables);
    assert_eq!(output.status.code(), Some(0), "{}{}", stdout(&output), stderr(&output));
    assert!(stdout(&output).contains(&format!("claimlint {version}")), "{}", stdout(&output));
    let url = format!("https://github.example/team/claimlint/releases/download/v{version}/{name}.tar.gz");
    assert!(runner.calls().contains(&url), "{}", runner.calls());

    // Without a repository there is no release, for another machine neither.
    let unknown = |variable| runner.step("install", &[&variables[..], &[variable]].concat()).status.code();
    assert_eq!(unknown(("CLAIMLINT_REPOSITORY", "")), Some(2));
    assert_eq!(unknown(("RUNNER_ARCH", "RISCV")), Some(2));
    // Nothing is installed that is not what the checksums say.
    fs::remove_dir_all(runner.path("claimlint")).unwrap();
    fs::write(format!("{dist}/{name}.tar.gz"), "another program").unwrap();
    let output = runner.step("install", &variables);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("is not what the release's SHA256SUMS says"), "{}", stderr(&output));
    assert!(!runner.path("claimlint").exists());
}

#[test]
fn release_notes_are_the_changelogs() {
    let notes = |version: &str| Command::new(root().join(".ci/release-notes")).arg(version).output().unwrap();
    let output = notes("Unreleased");
    assert!(stdout(&output).contains("`claimlint check`") && !stdout(&output).contains("## ["));
    assert_eq!(notes("99.0.0").status.code(), Some(1));
}

/// The lines of a `run:` block with their numbers.
fn run_lines(text: &str) -> Vec<(usize, &str)> {
    let mut lines = Vec::new();
    let mut inside: Option<usize> = None;
    for (number, line) in text.lines().enumerate() {
        let indentation = line.len() - line.trim_start().len();
        if inside.is_some_and(|from| indentation <= from && !line.trim().is_empty()) {
            inside = None;
        }
        let key = line.trim_start().trim_start_matches("- ");
        if key.starts_with("run:") {
            inside = Some(line.len() - key.len());
        }
        if inside.is_some() {
            lines.push((number + 1, line));
        }
    }
    lines
}

#[test]
fn workflows_put_no_text_of_others_into_scripts_and_pin_what_they_use() {
    let files = ["action.yml", ".github/workflows/ci.yml", ".github/workflows/release.yml"];
    for file in files {
        let text = read(file);
        let scripts = run_lines(&text);
        assert!(!scripts.is_empty(), "{file}");
        for (number, line) in scripts {
            assert!(!line.contains("${{"), "{file}:{number}: {line}");
        }
        for (number, line) in text.lines().enumerate() {
            let Some((_, used)) = line.split_once("uses: ") else { continue };
            let pinned = used.split_once('@').is_some_and(|(_, version)| version.starts_with('v'));
            assert!(pinned || used == "./", "{file}:{}: {line}", number + 1);
        }
        assert!(!text.contains("write-all") && !text.contains("pull_request_target"), "{file}");
    }
    assert!(!run_lines("a:\n  - run: |\n      echo ${{ x }}\n    env: 1\n").iter().any(|(at, _)| *at == 4));
    assert_eq!(run_lines("a:\n  - run: |\n      echo ${{ x }}\n    env: 1\n").len(), 2);
}

#[test]
fn the_hook_calls_a_command_that_is() {
    let hooks = read(".pre-commit-hooks.yaml");
    let entry = hooks.lines().find_map(|line| line.trim().strip_prefix("entry: ")).unwrap();
    let reports = folder(&[("a.md", WRONG), ("b c.md", RIGHT)]);
    let mut words = entry.split(' ');
    assert_eq!(words.next(), Some("claimlint"));
    let output = Command::new(get_cargo_bin("claimlint"))
        .args(words)
        .args(["a.md", "b c.md"])
        .current_dir(reports.path())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
}

/// The snippets of a language in the README, each with its lines.
fn snippets(language: &str) -> Vec<String> {
    let page = read("README.md");
    let fence = format!("```{language}\n");
    page.split(&fence).skip(1).map(|rest| rest.split("```").next().unwrap().to_owned()).collect()
}

#[test]
fn the_readmes_snippets_use_what_there_is() {
    let yaml = snippets("yaml");
    let snippet = |words: &str| yaml.iter().find(|text| text.contains(words)).unwrap();
    // The action: every input is one, the version is this one.
    let github = snippet("uses: OWNER/claimlint@");
    assert!(github.contains(concat!("uses: OWNER/claimlint@v", env!("CARGO_PKG_VERSION"))));
    let (_, with) = github.split_once("        with:\n").unwrap();
    let action = read("action.yml");
    let mut inputs = 0;
    for line in with.lines().filter(|line| line.starts_with("          ") && !line.starts_with("           "))
    {
        let (input, _) = line.trim().split_once(':').unwrap();
        assert!(action.contains(&format!("\n  {input}:\n")), "{input}");
        inputs += 1;
    }
    assert!(inputs > 0);
    // GitLab: the command is run as it stands, and writes what is named as the report.
    let gitlab = snippet("codequality:");
    let command = gitlab.lines().find_map(|line| line.trim().strip_prefix("- claimlint ")).unwrap();
    let reports = folder(&[("reports/a.md", WRONG)]);
    let output = Command::new(get_cargo_bin("claimlint"))
        .args(command.split(' '))
        .current_dir(reports.path())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    let written = gitlab.lines().find_map(|line| line.trim().strip_prefix("codequality: ")).unwrap();
    let written = fs::read_to_string(reports.path().join(written)).unwrap();
    let issues: serde_json::Value = serde_json::from_str(&written).unwrap();
    assert_eq!(issues[0]["location"]["path"], "reports/a.md");
    // pre-commit: the hook is one of ours.
    let hook = snippet("repos:").lines().find_map(|line| line.trim().strip_prefix("- id: ")).unwrap();
    assert!(read(".pre-commit-hooks.yaml").contains(&format!("- id: {hook}\n")), "{hook}");
}
