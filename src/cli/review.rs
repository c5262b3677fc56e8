use std::collections::HashMap;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use crate::finding::{Baseline, KnownKey};
use crate::report::{Language, counted, visible};
use crate::review::{DecisionFile, Desk, RuleDoc, Server, StoreError, Subject, export, prune, summarize};

use super::args::{GlobalArguments, ReviewArguments};
use super::audit::{Auditor, Checked, Report};
use super::decided::{in_words, place_of};
use super::engine::{Loaded, rule_text, same_file, show_faults, wants_chinese};
use super::input::{Input, Inputs};
use super::known::{Place, is_judged};
use super::outline::outline;
use super::pipeline::in_order;
use super::rules::to_stdout;
use super::say;
use super::status::{Failure, Status};
use crate::check::CheckOptions;

/// Serves the page, or does the one task that was asked for.
pub(super) fn run(arguments: &ReviewArguments, global: &GlobalArguments) -> Result<Status, Failure> {
    let loaded = Loaded::new(global, arguments.flags())?;
    let inputs = Inputs::of(&arguments.paths, None, loaded.config.files_of_folders())?;
    if inputs.found.iter().any(|input| matches!(input, Input::Stdin(_))) {
        return Err(Failure::Usage("a review needs files: decisions are kept beside them".to_string()));
    }
    let mut status = Status::default();
    for problem in &inputs.problems {
        say(problem);
        status.unreadable = true;
    }
    let known = loaded.config.baseline().map(|path| {
        let place = Place::new(path);
        place.read(global).map(|baseline| (place, baseline))
    });
    let stack = Stack {
        options: arguments.suppressions.options(&loaded.config)?,
        known: known.transpose()?,
        places: Places::of(arguments, &inputs.found),
        checked: Mutex::default(),
        inputs: inputs.found,
        loaded,
    };
    for place in &stack.places.files {
        DecisionFile::new(&place.path).read().map_err(|error| broken(global, &error))?;
    }
    let (subjects, unread) = stack.subjects(true);
    status.unreadable |= unread;
    if subjects.is_empty() {
        return Ok(Status { unreadable: true, ..status });
    }
    let desk = stack.desk(arguments, &subjects);
    if let Some(path) = &arguments.export {
        stack.refuse_overwriting(path)?;
        let failed = |error| Failure::Output { name: path.display().to_string(), error };
        let mut out = BufWriter::new(File::create(path).map_err(failed)?);
        export(&mut out, &desk, &subjects).map_err(failed)?;
    } else if arguments.summary.is_some() {
        to_stdout(|out| summarize(out, &desk, &subjects))?;
    } else if arguments.prune {
        stack.prune(&desk, &subjects, global)?;
    } else {
        return serve(stack, desk, arguments);
    }
    Ok(status)
}

fn serve(stack: Stack, desk: Desk, arguments: &ReviewArguments) -> Result<Status, Failure> {
    let today = stack.options.today.unwrap_or_default();
    let port = arguments.port;
    let subjects = Box::new(move || stack.subjects(false).0);
    let server = Server::new(desk, subjects, today, port, say).map_err(|error| {
        Failure::Usage(format!(
            "port {port} of this machine cannot be used: {error}; name another with --port"
        ))
    })?;
    to_stdout(|out| writeln!(out, "{}", server.url()))?;
    say(
        "the address above holds the session's token: give it to nobody else; Ctrl-C ends, nothing decided is lost",
    );
    server.run().map_err(|error| Failure::Usage(format!("the page cannot be served any longer: {error}")))?;
    Ok(Status::default())
}

/// What is wrong with a file of decisions, its places shown.
fn broken(global: &GlobalArguments, error: &StoreError) -> Failure {
    if let StoreError::Broken { file, faults } = error {
        show_faults(global, faults, std::slice::from_ref(file), "file of decisions", str::to_owned);
    }
    Failure::Usage(error.to_string())
}

/// The reports under review.
struct Stack {
    loaded: Loaded,
    options: CheckOptions,
    known: Option<(Place, Baseline)>,
    places: Places,
    inputs: Vec<Input>,
    /// What each input was last: a text that is the same needs no second check.
    checked: Mutex<HashMap<usize, (String, Arc<Subject>)>>,
}

/// The files of decisions.
struct Places {
    files: Vec<Place>,
    /// For each input the number of its file.
    of_inputs: Vec<usize>,
}

impl Places {
    fn of(arguments: &ReviewArguments, inputs: &[Input]) -> Self {
        let mut numbers: HashMap<PathBuf, usize> = HashMap::new();
        let mut files = Vec::new();
        let mut number_of = |input: &Input| {
            let given = arguments.decisions.clone();
            let path = given.unwrap_or_else(|| place_of(Path::new(&input.name())));
            *numbers.entry(path).or_insert_with_key(|path| {
                files.push(Place::new(path));
                files.len() - 1
            })
        };
        let of_inputs = inputs.iter().map(&mut number_of).collect();
        Self { files, of_inputs }
    }
}

impl Stack {
    /// Reads and checks the reports; the second value is whether one of them could not be read, which is told when
    /// `tell` is set.
    fn subjects(&self, tell: bool) -> (Vec<Arc<Subject>>, bool) {
        let auditor = Auditor::new(&self.loaded, self.options);
        let mut subjects = Vec::new();
        let mut unread = false;
        let numbered: Vec<(usize, &Input)> = self.inputs.iter().enumerate().collect();
        // Taking a result never fails.
        let _ = in_order(
            &numbered,
            |(number, input)| self.subject(&auditor, *number, input, input.read()?),
            |(_, input), checked| {
                let problem: String = match checked {
                    Ok(Ok(subject)) => {
                        subjects.push(subject);
                        return Ok(());
                    }
                    Ok(Err(problem)) => problem,
                    Err(fault) => format!("{}: not checked: {fault}", input.name()),
                };
                unread = true;
                if tell {
                    say(&problem);
                }
                Ok(())
            },
        );
        (subjects, unread)
    }

    fn subject(
        &self,
        auditor: &Auditor<'_>,
        number: usize,
        input: &Input,
        text: String,
    ) -> Result<Arc<Subject>, String> {
        let checked = || self.checked.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, subject)) = checked().get(&number).filter(|(known, _)| *known == text) {
            return Ok(Arc::clone(subject));
        }
        let name = input.name();
        let report =
            Report { path: Some(Path::new(&name)), text: text.clone(), date: None, sources: Vec::new() };
        let checked_now =
            auditor.check(report).map_err(|problem| format!("{name}: not checked: {problem}"))?;
        let Checked { document, mut audit, sources, locale } = checked_now;
        if let Some((place, baseline)) = &self.known {
            baseline.mark(&place.key(&name), &mut audit);
        }
        let outline = outline(&document, locale);
        let file = self.places.of_inputs[number];
        let key = self.places.files[file].key(&name);
        let sources = sources.iter().map(|source| source.text.file.clone()).collect();
        let subject = Subject::new(name, document.text, audit, outline, key, file).with_sources(sources);
        let subject = Arc::new(subject);
        checked().insert(number, (text, Arc::clone(&subject)));
        Ok(subject)
    }

    fn desk(&self, arguments: &ReviewArguments, subjects: &[Arc<Subject>]) -> Desk {
        let language = self.loaded.settings().lang.value;
        let all_chinese = subjects.iter().all(|subject| subject.outline.interface == Language::Chinese);
        let chinese = wants_chinese(language) || all_chinese;
        let rules = self.loaded.engine.rules().iter().map(|rule| {
            let text = rule_text(rule, chinese);
            (rule.id.clone(), RuleDoc { what: text.what, why: text.why, fix: text.fix })
        });
        Desk {
            files: self.places.files.iter().map(|place| DecisionFile::new(&place.path)).collect(),
            rules: rules.collect(),
            reviewer: arguments.reviewer.clone().unwrap_or_else(user),
            interface: if chinese { Language::Chinese } else { Language::English },
        }
    }

    /// Takes out the decisions about findings that are gone, of these reports and of reports that are no more.
    fn prune(&self, desk: &Desk, subjects: &[Arc<Subject>], global: &GlobalArguments) -> Result<(), Failure> {
        for (number, (place, file)) in self.places.files.iter().zip(&desk.files).enumerate() {
            let own = || subjects.iter().filter(|subject| subject.file == number);
            let is_gone = |key: &KnownKey| {
                let known = own().any(|subject| subject.key == key.path);
                let found = own().any(|subject| {
                    let mut all = subject.audit.findings.iter();
                    subject.key == key.path
                        && all
                            .any(|finding| finding.fingerprint == key.fingerprint && finding.rule == key.rule)
                });
                !found && (known || place.is_gone(&key.path)) && is_judged(&self.loaded, place, key)
            };
            let gone = prune(file, is_gone).map_err(|error| broken(global, &error))?;
            let shown = place.path.display().to_string();
            to_stdout(|out| {
                for (key, decision) in &gone {
                    writeln!(out, "taken out: {}", visible(&in_words(key, decision)))?;
                }
                writeln!(out, "{}: {} taken out", visible(&shown), counted(gone.len(), "decision"))
            })?;
        }
        Ok(())
    }

    fn refuse_overwriting(&self, path: &Path) -> Result<(), Failure> {
        let reports = self.inputs.iter().map(|input| PathBuf::from(input.name()));
        let files = self.places.files.iter().map(|place| place.path.clone());
        match reports.chain(files).find(|other| same_file(other, path)) {
            Some(_) => Err(Failure::Usage(format!(
                "{}: is under review and would be overwritten; name another output",
                path.display()
            ))),
            None => Ok(()),
        }
    }
}

/// The name that the machine knows the user by.
fn user() -> String {
    let names = ["GIT_AUTHOR_NAME", "USER", "LOGNAME", "USERNAME"].into_iter();
    let set = names.filter_map(|name| std::env::var(name).ok());
    set.map(|name| name.trim().to_owned())
        .find(|name| !name.is_empty())
        .unwrap_or_else(|| "reviewer".to_owned())
}
