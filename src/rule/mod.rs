//! Rule files: schema, loader, expression language, examples.

mod dimension;
mod evaluate;
mod expression;
mod function;
mod print;
mod shown;
mod syntax;

pub use dimension::{Dimension, RoleInfo};
pub use evaluate::{RoleValues, Verdict};
pub use expression::Expression;
pub use function::Function;
pub use shown::{ComparisonShown, SideShown};
pub use syntax::{ExpressionError, Operator};
