use serde::de::DeserializeOwned;

use super::Span;

/// One TOML file of rules, phrases, words or units: built in or a user's.
#[derive(Clone, Debug)]
pub struct DataFile {
    /// Path below the rules folder, with forward slashes: `relations/share.toml`.
    pub path: String,
    /// The whole text.
    pub text: String,
}

/// Something wrong in a [`DataFile`], with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// [`DataFile::path`].
    pub path: String,
    /// Where in the file's text; empty at 0 when the whole file is meant.
    pub span: Span,
    /// The value, and what it broke.
    pub message: String,
    /// The way out.
    pub help: Option<String>,
}

impl DataFile {
    /// Reads the file as `T`.
    ///
    /// # Errors
    /// Each place at which the text is no TOML or no `T`.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, Vec<Fault>> {
        toml::from_str(&self.text).map_err(|error| {
            let span = error.span().map_or(Span::new(0, 0), Span::from);
            vec![self.fault(span, error.message())]
        })
    }

    /// A fault at a place of this file.
    pub fn fault(&self, span: Span, message: impl Into<String>) -> Fault {
        Fault { path: self.path.clone(), span, message: message.into(), help: None }
    }
}

/// The candidate that `written` most likely is a slip for; the first of equally near ones.
pub fn closest<'a>(written: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let likeness = |candidate: &str| strsim::normalized_damerau_levenshtein(written, candidate);
    let mut best: Option<(f64, &'a str)> = None;
    for candidate in candidates {
        let like = likeness(candidate);
        if like >= 0.6 && best.is_none_or(|(most, _)| like > most) {
            best = Some((like, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}
