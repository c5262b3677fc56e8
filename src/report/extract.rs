use serde::Serialize;

/// What was read in one text, ready to be written.
pub struct ExtractReport<'a> {
    /// The name as given or found; `-` is standard input.
    pub path: &'a str,
    pub text: &'a str,
    /// First byte and heading of each section, in order.
    pub sections: Vec<(usize, String)>,
    /// In order of place.
    pub quantities: Vec<QuantityRow>,
    pub assertions: Vec<AssertionRow>,
    /// Only when asked for.
    pub relations: Option<Vec<RelationRow>>,
}

/// Bytes of the text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize)]
pub struct PlaceRow {
    pub start: usize,
    pub end: usize,
}

/// A quantity in the terms of the JSON Lines contract; numbers are decimal strings in base units.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct QuantityRow {
    #[serde(flatten)]
    pub place: PlaceRow,
    pub kind: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub low: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub high: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// `about`, `at least` …; shown to readers, no part of the contract.
    #[serde(skip)]
    pub hedge: Option<String>,
}

/// Who, what, when, how sure and who says so, around a quantity or a wording.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct AssertionRow {
    #[serde(flatten)]
    pub place: PlaceRow,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entity: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub measure: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub period: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub modality: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attribution: Option<String>,
}

/// Quantities bound to the roles of a checkable shape, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RelationRow {
    #[serde(flatten)]
    pub place: PlaceRow,
    /// `share`, `sum` …
    pub relation: String,
    /// The phrase that matched: its file, and which one of the file.
    pub phrase: String,
    pub roles: Vec<RoleRow>,
    /// What each rule made of it, or why the phrase was dropped.
    pub outcome: Vec<String>,
}

/// One role of a relation and what fills it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RoleRow {
    pub role: String,
    #[serde(flatten)]
    pub place: PlaceRow,
}
