//! Where a relation comes from, so that a further file with its id can't change what it means unheard.

use std::collections::BTreeSet;

use toml::Spanned;

use super::model::Role;
use super::schema::RelationTable;
use crate::source::{DataFile, Fault};

/// The file that defined a relation, and the guards that it gave.
pub(super) struct Origin {
    path: String,
    /// `unless`, `bases`, `same_measure`.
    lists: [BTreeSet<String>; 3],
}

/// The lists of a relation that a further file may leave out, by name.
const LISTS: [&str; 3] = ["unless", "bases", "same_measure"];

impl Origin {
    pub fn of(file: &DataFile, table: &RelationTable) -> Self {
        Self { path: file.path.clone(), lists: lists(table).map(names) }
    }

    /// Whether the file gave no guards at all.
    pub fn is_bare(&self) -> bool {
        self.lists.iter().all(BTreeSet::is_empty)
    }

    /// Why a further file with the relation's id can't add its phrases.
    pub fn disagreement(
        &self,
        file: &DataFile,
        table: &RelationTable,
        (first_key, first_roles): (usize, &[Role]),
        (key, roles): (usize, &[Role]),
    ) -> Option<Fault> {
        let (id, path) = (table.id.get_ref(), &self.path);
        let fault =
            |message: String, help: String| Some(file.fault(table.id.span().into(), message).with_help(help));
        let same_names = first_roles.iter().map(|role| &role.name).eq(roles.iter().map(|role| &role.name));
        if !same_names {
            return fault(
                format!("the relation `{id}` exists already, with other roles"),
                "name the same roles to add phrases to it, or choose another id".into(),
            );
        }
        let like = |(first, other): (&Role, &Role)| {
            (first.kind, first.many, first.optional) == (other.kind, other.many, other.optional)
        };
        if let Some((first, _)) = first_roles.iter().zip(roles).find(|pair| !like(*pair)) {
            return fault(
                format!("the role `{}` of `{id}` is another one in {path}", first.name),
                "write it as there".into(),
            );
        }
        if first_key != key {
            return fault(
                format!("the key of `{id}` is `{}` in {path}", first_roles[first_key].name),
                "write it as there".into(),
            );
        }
        // Left out, they are those of the file that defines the relation.
        let own = lists(table).map(names);
        let (list, _) = (LISTS.iter().zip(own.iter().zip(&self.lists)))
            .find(|(_, (own, first))| !self.is_bare() && !own.is_empty() && own != first)?;
        fault(
            format!("`{list}` of `{id}` is another list in {path}, which alone guards the relation"),
            format!("leave `{list}` out, write it as there, or give it to the phrases"),
        )
    }
}

fn lists(table: &RelationTable) -> [&[Spanned<String>]; 3] {
    [&table.unless, &table.bases, &table.same_measure]
}

fn names(list: &[Spanned<String>]) -> BTreeSet<String> {
    list.iter().map(|name| name.get_ref().clone()).collect()
}
