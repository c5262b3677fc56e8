//! Which quantities belong together, in which roles: phrases from TOML, matched in sentences, completed from the
//! ledger.

mod binder;
mod figure_list;
mod half_match;
mod lookup;
mod matcher;
mod model;
mod name_list;
mod naming;
mod outline;
mod pattern;
mod phrasebook;
mod same_measure;
mod schema;
mod sentence_words;
mod table;
mod unit_agreement;

pub use binder::{Candidate, Instance, Relations, RivalGroup, find_frames, find_relations};
pub use model::{Filler, RangeEnd, Relation, Role, RoleType};
pub use pattern::{Element, ElementKind, ListStyle, Pattern, PatternFault, Takes};
pub use phrasebook::{Frame, Phrase, Phrasebook};
