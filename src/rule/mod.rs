//! Rule files: schema, loader, expression language, examples.

mod builtin;
mod dimension;
mod evaluate;
mod expression;
mod function;
mod loader;
mod message;
mod model;
mod operator;
mod persona;
mod print;
mod rule_set;
mod schema;
mod shown;
mod syntax;

pub use builtin::{FolderError, builtin_files, files_below};
pub use dimension::{Dimension, RoleInfo};
pub use evaluate::{RoleValues, Verdict};
pub use expression::Expression;
pub use function::Function;
pub use loader::is_rule_id;
pub use message::{Message, Placeholder};
pub use model::{
    Apart, Example, Measured, Messages, PhraseText, Rule, RuleContext, RuleDoc, RuleKind, Shift, Trigger,
    WordingLimits,
};
pub use operator::Operator;
pub use persona::Persona;
pub use rule_set::{RuleSet, closest_rule};
pub use schema::{Near, UnlessFigure};
pub use shown::{ComparisonShown, SideShown};
pub use syntax::ExpressionError;
