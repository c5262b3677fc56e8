//! A text with its bytes: file, byte span, line index, line ends, decoding, and faults found in data files.

mod data_file;
mod encoding;
mod file;
mod line_index;
mod product;
mod span;
mod wrap;

pub use data_file::{DataFile, Fault, SETTINGS_FILE, closest};
pub use encoding::{Decoded, decode};
pub use file::{ReadError, plain_path, read_path};
pub use line_index::{LineIndex, Position, floor_boundary, line_spans};
pub use product::is_product;
pub use span::Span;
pub use wrap::is_wrapped;
