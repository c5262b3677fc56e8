use std::time::{SystemTime, UNIX_EPOCH};

use chrono::{DateTime, NaiveDate};

use super::args::SuppressionArguments;
use super::status::Failure;
use crate::check::CheckOptions;
use crate::config::Config;

/// Sets the day for whoever wants the same output on every day, as in <https://reproducible-builds.org>.
const EPOCH: &str = "SOURCE_DATE_EPOCH";

impl SuppressionArguments {
    /// How each report is checked, whatever its language; `config` has the flags already.
    ///
    /// # Errors
    /// When the environment names a time that is none.
    pub fn options(&self, config: &Config) -> Result<CheckOptions, Failure> {
        Ok(CheckOptions {
            suppressions: config.suppressions(),
            today: Some(self.day()?),
            ..CheckOptions::default()
        })
    }

    /// The day on which suppressions are judged.
    fn day(&self) -> Result<NaiveDate, Failure> {
        if let Some(today) = self.today {
            return Ok(today);
        }
        let written = std::env::var_os(EPOCH).filter(|value| !value.is_empty());
        let Some(written) = written else {
            let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
            return Ok(day_of(&now.as_secs().to_string()).unwrap_or_default());
        };
        let written = written.to_string_lossy();
        day_of(&written).ok_or_else(|| {
            Failure::Usage(format!(
                "{EPOCH}={written}: not a number of seconds since 1970; correct it, unset it, or give --today"
            ))
        })
    }
}

/// The day in UTC on which so many seconds since 1970 have passed.
fn day_of(seconds: &str) -> Option<NaiveDate> {
    Some(DateTime::from_timestamp(seconds.parse().ok()?, 0)?.date_naive())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_are_a_day_in_utc() {
        assert_eq!(day_of("0"), NaiveDate::from_ymd_opt(1970, 1, 1));
        assert_eq!(day_of("1798761599"), NaiveDate::from_ymd_opt(2026, 12, 31));
        assert_eq!(day_of("1798761600"), NaiveDate::from_ymd_opt(2027, 1, 1));
        for wrong in ["", "soon", "1e9", "99999999999999999999", "9223372036854775807"] {
            assert_eq!(day_of(wrong), None, "{wrong}");
        }
    }
}
