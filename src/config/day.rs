use chrono::NaiveDate;

/// Reads `2026-03-01`.
pub fn parse_date(text: &str) -> Option<NaiveDate> {
    let digits = text.bytes().enumerate().all(|(at, byte)| match at {
        4 | 7 => byte == b'-',
        _ => byte.is_ascii_digit(),
    });
    if text.len() == 10 && digits { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_days_of_the_calendar() {
        assert_eq!(parse_date("2026-03-01"), NaiveDate::from_ymd_opt(2026, 3, 1));
        for wrong in ["2026-02-30", "2026-3-1", "20260301", "+026-03-01", "2026-03-01T07:51", "", "今天"] {
            assert_eq!(parse_date(wrong), None, "{wrong}");
        }
    }
}
