//! A text with its bytes: file, byte span, line index, decoding, and faults found in data files.

mod data_file;
mod span;

pub use data_file::{DataFile, Fault, closest};
pub use span::Span;
