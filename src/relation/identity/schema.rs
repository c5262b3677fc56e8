use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

use super::super::fact::Metrics;
use super::super::model::{FilledBy, Relation, Role};
use super::super::schema::OneOrMore;
use crate::source::{DataFile, Fault, Span};

/// `identities.toml` and files below `identities/`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct IdentityFile {
    #[serde(default)]
    identity: BTreeMap<String, Spanned<IdentityTable>>,
}

/// Metrics that one equation holds between; a rule says which.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct IdentityTable {
    /// Roles, each with the metric whose figures fill it.
    roles: BTreeMap<String, Spanned<OneOrMore>>,
    /// The role whose figure is told to be wrong.
    key: Spanned<String>,
    /// Only figures of one table or of the prose of one section go together: a report may be about several projects.
    #[serde(default)]
    within_section: bool,
    /// What the identity says; for people.
    #[serde(default, rename = "doc")]
    _doc: String,
}

/// Whether a data file holds identities.
fn holds_identities(path: &str) -> bool {
    path == "identities.toml" || path.starts_with("identities/")
}

/// Reads every identity as a relation whose roles facts fill; adds what is wrong to `faults`.
pub(in crate::relation) fn read(
    files: &[DataFile],
    metrics: &Metrics,
    known: &[Relation],
    faults: &mut Vec<Fault>,
) -> Vec<Relation> {
    let mut relations: Vec<Relation> = Vec::new();
    for file in files.iter().filter(|file| holds_identities(&file.path)) {
        match file.read::<IdentityFile>() {
            Ok(parsed) => {
                for (id, table) in parsed.identity {
                    if known.iter().chain(&relations).any(|relation| relation.id == id) {
                        let message = format!("there is a relation `{id}` already");
                        let fault = file.fault(Span::from(table.span()), message);
                        faults.push(fault.with_help("choose another name"));
                        continue;
                    }
                    relations.extend(relation(file, id, table.into_inner(), metrics, faults));
                }
            }
            Err(found) => faults.extend(found),
        }
    }
    relations
}

fn relation(
    file: &DataFile,
    id: String,
    table: IdentityTable,
    metrics: &Metrics,
    faults: &mut Vec<Fault>,
) -> Option<Relation> {
    let mut roles = Vec::new();
    for (name, written) in table.roles {
        let place = Span::from(written.span());
        let known = metrics.look_up(file, written.into_inner().into_vec(), place, faults);
        let kind = known.first().map(|metric| metrics.kind(*metric).role())?;
        if known.iter().any(|metric| metrics.kind(*metric).role() != kind) {
            let message = format!("the metrics of the role `{name}` are of different types");
            faults.push(file.fault(place, message).with_help("make two roles, or two identities, of them"));
        }
        roles.push(Role {
            name,
            kind,
            many: false,
            optional: false,
            before: false,
            measures: Vec::new(),
            metrics: known,
            expected: true,
            year_before: None,
        });
    }
    let Some(key) = roles.iter().position(|role| role.name == *table.key.get_ref()) else {
        let message = format!("the identity has no role `{}`", table.key.get_ref());
        let names: Vec<&str> = roles.iter().map(|role| role.name.as_str()).collect();
        let help = format!("its roles are {}", names.join(", "));
        faults.push(file.fault(table.key.span().into(), message).with_help(help));
        return None;
    };
    Some(Relation {
        id,
        roles,
        key,
        unless: Vec::new(),
        bases: Vec::new(),
        same_measure: Vec::new(),
        whole_lists: false,
        filled_by: FilledBy::Facts,
        within_section: table.within_section,
    })
}
