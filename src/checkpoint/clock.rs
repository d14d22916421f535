//! The clock, passed in so that tests can set it.

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

/// Milliseconds since 1970 UTC, by the service's own clock.
pub type Clock = Arc<dyn Fn() -> i64 + Send + Sync>;

/// The machine's clock.
pub fn system() -> Clock {
    Arc::new(|| {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
    })
}

/// One second, minute, hour and day in milliseconds.
pub const SECOND_MS: i64 = 1_000;
/// One minute in milliseconds.
pub const MINUTE_MS: i64 = 60 * SECOND_MS;
/// One hour in milliseconds.
pub const HOUR_MS: i64 = 60 * MINUTE_MS;
/// One day in milliseconds.
pub const DAY_MS: i64 = 24 * HOUR_MS;

/// China keeps one time, eight hours ahead of UTC, without summer time.
const CHINA_OFFSET_HOURS: i8 = 8;

fn in_china(at_ms: i64) -> Option<jiff::Zoned> {
    let zone = jiff::tz::TimeZone::fixed(jiff::tz::offset(CHINA_OFFSET_HOURS));
    Some(jiff::Timestamp::from_millisecond(at_ms).ok()?.to_zoned(zone))
}

/// The calendar year in China; 0 for a time no calendar holds.
pub fn year_in_china(at_ms: i64) -> i16 {
    in_china(at_ms).map_or(0, |at| at.year())
}

/// When a calendar year begins in China, milliseconds since 1970 UTC; the end of time for a year no calendar holds.
pub fn year_begins_ms(year: i16) -> i64 {
    let zone = jiff::tz::TimeZone::fixed(jiff::tz::offset(CHINA_OFFSET_HOURS));
    let first = jiff::civil::Date::new(year, 1, 1).ok().and_then(|day| day.to_zoned(zone).ok());
    first.map_or(i64::MAX, |at| at.timestamp().as_millisecond())
}

/// `2026-11-22 18:20:05` in China's time; a dash for a time no calendar holds, which only a broken device clock says.
pub fn written_in_china(at_ms: i64) -> String {
    in_china(at_ms).map_or_else(|| "—".to_owned(), |at| at.strftime("%Y-%m-%d %H:%M:%S").to_string())
}

/// `2026-11-22T10:20:05Z`, as standards write a time; the beginning of 1970 for a time no calendar holds.
pub fn written_in_utc(at_ms: i64) -> String {
    let at = jiff::Timestamp::from_millisecond(at_ms).unwrap_or_default();
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_year_turns_at_midnight_in_china() {
        // 2026-12-31T15:59:59Z and one second later.
        assert_eq!(year_in_china(1_798_732_799_000), 2026);
        assert_eq!(year_in_china(1_798_732_800_000), 2027);
        assert_eq!((year_begins_ms(2027), year_begins_ms(i16::MAX)), (1_798_732_800_000, i64::MAX));
    }

    #[test]
    fn an_impossible_time_is_written_as_a_dash() {
        assert_eq!(written_in_china(i64::MAX), "—");
        assert_eq!(written_in_china(0), "1970-01-01 08:00:00");
        assert_eq!(written_in_utc(1_798_732_799_999), "2026-12-31T15:59:59Z");
        assert_eq!(written_in_utc(i64::MAX), "1970-01-01T00:00:00Z");
    }
}
