//! Which quantities belong together, in which roles: phrases from TOML, matched in sentences, completed from the
//! ledger.

mod anchor;
mod binder;
mod diagram;
mod fact;
mod figure_list;
mod formula;
mod half_match;
mod identity;
mod joining;
mod lookup;
mod matcher;
mod model;
mod name_list;
mod namesake;
mod naming;
mod origin;
mod outline;
mod pattern;
mod phrasebook;
mod restated;
mod same_measure;
mod schema;
mod sentence_words;
mod statements;
mod table;
mod unit_agreement;

pub use binder::{Candidate, Instance, Relations, RivalGroup, find_frames, find_relations};
pub use fact::{Basis, BasisWord, CellPlace, Fact, Facts, MetricId, NameId, Place, Subject, TableLine};
pub use formula::{evaluate as evaluate_formula, is_whole, power_of_ten};
pub use model::{FilledBy, Filler, RangeEnd, Relation, Role, RoleType};
pub use pattern::{Element, ElementKind, ListStyle, Pattern, PatternFault, Takes};
pub use phrasebook::{Frame, Phrase, Phrasebook};
