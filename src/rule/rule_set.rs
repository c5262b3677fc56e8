use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::builtin::is_builtin;
use super::loader::{Loaded, load, unknown};
use super::model::{Rule, RuleContext};
use crate::source::{DataFile, Fault, SETTINGS_FILE, closest};

/// Files and folders (with their slash) of the rules folder that hold no rules.
const DATA: [&str; 15] = [
    SETTINGS_FILE,
    "document/",
    "entities/",
    "grounding/",
    "identities/",
    "lexicons/",
    "measures/",
    "metrics/",
    "quantity/",
    "relations/",
    "entities.toml",
    "identities.toml",
    "measures.toml",
    "metrics.toml",
    "units.toml",
];

/// All rules, by id.
#[derive(Clone, Debug, Default)]
pub struct RuleSet {
    rules: Vec<Rule>,
}

impl RuleSet {
    /// Whether a file holds a rule rather than words, phrases or units, by its path below the rules folder.
    pub fn is_rule_file(path: &str) -> bool {
        !DATA.iter().any(|data| if data.ends_with('/') { path.starts_with(data) } else { path == *data })
    }

    /// Loads the rule files among `files`, built-in ones and a user's alike.
    ///
    /// # Errors
    /// Everything wrong in any of them, by path and place.
    pub fn load(files: &[DataFile], context: &RuleContext) -> Result<Self, Vec<Fault>> {
        let mut faults = Vec::new();
        let mut loaded: BTreeMap<String, (Loaded, &DataFile)> = BTreeMap::new();
        let mut faulty: Vec<&DataFile> = Vec::new();
        let files: Vec<_> = files.iter().filter(|file| Self::is_rule_file(&file.path)).collect();
        let read: Vec<_> = files.par_iter().map(|file| load(file, context)).collect();
        for (file, rule) in files.into_iter().zip(read) {
            match rule {
                Ok(rule) => add(&mut loaded, rule, file, &mut faults),
                Err(found) => {
                    faults.extend(found);
                    faulty.push(file);
                }
            }
        }
        // A rule that is there but faulty is not missing; a file whose id cannot be read may be any rule.
        let unread: Option<BTreeSet<String>> = faulty.into_iter().map(id_of).collect();
        if let Some(unread) = unread {
            let missing = |id: &String| !loaded.contains_key(id) && !unread.contains(id);
            for (rule, file) in loaded.values() {
                let subsumed = rule.rule.subsumes.iter().zip(&rule.subsumes);
                for (id, span) in subsumed.filter(|(id, _)| missing(id)) {
                    faults.push(unknown(file, "rule", *span, id, loaded.keys().map(String::as_str)));
                }
                // A file in the place of a built-in one has overridden it before it came here.
                let alone = !rule.settled && !unread.contains(&rule.rule.id) && !is_builtin(&file.path);
                if let Some(span) = rule.replaces.filter(|_| alone) {
                    let message = format!("there is no other rule `{}` to override", rule.rule.id);
                    faults
                        .push(file.fault(span, message).with_help("leave `override` out, or correct the id"));
                }
            }
        }
        if faults.is_empty() {
            return Ok(Self { rules: loaded.into_values().map(|(loaded, _)| loaded.rule).collect() });
        }
        faults.sort_by(|a, b| (&a.path, a.span, &a.message).cmp(&(&b.path, b.span, &b.message)));
        Err(faults)
    }

    /// All rules, in order of their ids.
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// The rule with that id.
    pub fn get(&self, id: &str) -> Option<&Rule> {
        let at = self.rules.binary_search_by(|rule| rule.id.as_str().cmp(id)).ok()?;
        self.rules.get(at)
    }

    /// The id that `id`, which may lack its group, most likely is a slip for.
    pub fn closest(&self, id: &str) -> Option<&str> {
        closest_rule(id, &self.rules)
    }
}

/// The rule that a mistyped id, or an id without its group, may have meant.
pub fn closest_rule<'a>(id: &str, rules: &'a [Rule]) -> Option<&'a str> {
    let name = |rule: &'a Rule| rule.id.split_once('/').map_or(rule.id.as_str(), |(_, name)| name);
    let of_name = || {
        let meant = closest(id, rules.iter().map(name))?;
        rules.iter().find(|rule| name(rule) == meant).map(|rule| rule.id.as_str())
    };
    closest(id, rules.iter().map(|rule| rule.id.as_str())).or_else(of_name)
}

/// Adds a rule; of two with one id, one may override the other, whichever comes first.
fn add<'f>(
    loaded: &mut BTreeMap<String, (Loaded, &'f DataFile)>,
    mut rule: Loaded,
    file: &'f DataFile,
    faults: &mut Vec<Fault>,
) {
    let Some((other, other_file)) = loaded.get_mut(&rule.rule.id) else {
        loaded.insert(rule.rule.id.clone(), (rule, file));
        return;
    };
    match (rule.replaces, other.replaces) {
        (Some(_), None) if !other.settled => {
            rule.settled = true;
            loaded.insert(rule.rule.id.clone(), (rule, file));
        }
        (None, Some(_)) if !other.settled => other.settled = true,
        _ => {
            let before = &other_file.text[..other.rule.place.start];
            let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
            let message =
                format!("the rule `{}` is already defined in {}:{line}", rule.rule.id, other.rule.path);
            let help = match rule.replaces {
                None => "give it another id, or write `override = true` to replace the other",
                Some(_) => "only one rule can override another: merge the two",
            };
            faults.push(file.fault(rule.rule.place, message).with_help(help));
        }
    }
}

/// The id in a file that is no sound rule, if that much can be read.
fn id_of(file: &DataFile) -> Option<String> {
    let table: toml::Table = file.text.parse().ok()?;
    table.get("id")?.as_str().map(str::to_owned)
}
