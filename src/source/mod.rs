//! A text with its bytes: file, byte span, line index, decoding, and faults found in data files.

mod data_file;
mod encoding;
mod file;
mod line_index;
mod span;

pub use data_file::{DataFile, Fault, SETTINGS_FILE, closest};
pub use encoding::{Decoded, decode};
pub use file::{ReadError, read_path};
pub use line_index::{LineIndex, Position, floor_boundary, line_spans};
pub use span::Span;
