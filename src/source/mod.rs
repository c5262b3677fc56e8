//! A text with its bytes: file, byte span, line index, line ends, decoding, and faults found in data files.

mod captions;
mod clock;
mod data_file;
mod encoding;
mod file;
mod line_index;
mod place_index;
mod product;
mod source_file;
mod span;
mod wrap;

pub use clock::TimeStamp;
pub use data_file::{DataFile, Fault, SETTINGS_FILE, closest};
pub use encoding::{Decoded, decode};
pub use file::{ReadError, plain_path, read_path};
pub use line_index::{LineIndex, Position, floor_boundary, line_spans};
pub use place_index::PlaceIndex;
pub use product::is_product;
pub use source_file::SourceFile;
pub use span::Span;
pub use wrap::is_wrapped;
