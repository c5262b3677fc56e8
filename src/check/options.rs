use chrono::NaiveDate;

use super::Locale;

/// How a document is checked.
#[derive(Clone, Copy, Debug)]
pub struct CheckOptions {
    /// The language of messages.
    pub locale: Locale,
    /// Whether comments of the report may let findings stand.
    pub suppressions: bool,
    /// The day on which suppressions are judged; without one none expires.
    pub today: Option<NaiveDate>,
}

impl Default for CheckOptions {
    fn default() -> Self {
        Self { locale: Locale::Auto, suppressions: true, today: None }
    }
}

impl From<Locale> for CheckOptions {
    fn from(locale: Locale) -> Self {
        Self { locale, ..Self::default() }
    }
}
