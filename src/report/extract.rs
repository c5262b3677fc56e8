use schemars::JsonSchema;
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
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, JsonSchema)]
pub struct PlaceRow {
    pub start: usize,
    pub end: usize,
}

/// A quantity in the terms of the JSON Lines contract; numbers are decimal strings in base units.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct QuantityRow {
    #[serde(flatten)]
    pub place: PlaceRow,
    /// `number`, `percent`, `money`, `quantity`, `date`, `duration`, `range` or `ordinal`.
    pub kind: String,
    /// A decimal in base units, a date in ISO 8601; absent from a range.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// The low end of a range, or of what a comparator leaves open.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub low: Option<String>,
    /// The high end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub high: Option<String>,
    /// ISO 4217 code, `percent`, `percentage_point`, `basis_point`, `multiple`, or a unit such as `GW`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// `about`, `at least` …; shown to readers, no part of the contract.
    #[serde(skip)]
    pub hedge: Option<String>,
}

/// Who, what, when, how sure and who says so, around a quantity or a wording.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct AssertionRow {
    #[serde(flatten)]
    pub place: PlaceRow,
    /// Whose figure it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entity: Option<String>,
    /// What it measures.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub measure: Option<String>,
    /// ISO 8601; first and last day where it is no year, month or day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub period: Option<String>,
    /// `forecast`, `plan`, `condition` or `denied`; absent from a fact.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub modality: Option<String>,
    /// Who says so, as written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attribution: Option<String>,
}

/// Quantities bound to the roles of a checkable shape, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
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
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RoleRow {
    pub role: String,
    #[serde(flatten)]
    pub place: PlaceRow,
}
