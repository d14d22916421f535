//! Timestamps and durations of ISO 8601, as far as the standard takes them.

use jiff::Timestamp;
use jiff::civil::{Date, Time};
use jiff::tz::Offset;

/// Reads a timestamp: date and time joined by `T`, to the nanosecond, with `Z` or an offset from UTC; one without either
/// is taken as UTC. An offset of minus zero says that the offset is unknown (RFC 3339) and is refused by the standard.
pub fn timestamp(text: &str) -> Option<Timestamp> {
    let (date, rest) = text.split_once(['T', 't'])?;
    let date: Date = (date.len() == 10).then(|| digits_at(date, &[4, 7], '-')).flatten()?.parse().ok()?;
    let zone = rest.find(['Z', 'z', '+', '-']).unwrap_or(rest.len());
    let (time, zone) = rest.split_at(zone);
    let offset = offset_secs(zone)?;
    let (whole, fraction) = time.split_once(['.', ',']).unwrap_or((time, ""));
    let has_point = whole.len() < time.len();
    let is_whole = whole.len() == 8 && digits_at(whole, &[2, 5], ':').is_some();
    if !is_whole || has_point == fraction.is_empty() || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    // A leap second is taken as the second before it.
    let whole = if whole.ends_with(":60") { format!("{}:59", whole.get(..5)?) } else { whole.to_owned() };
    let nanos: i32 = format!("{fraction:0<9}").get(..9)?.parse().ok()?;
    let time: Time = whole.parse().ok()?;
    let time = time.with().subsec_nanosecond(nanos).build().ok()?;
    Offset::from_seconds(offset).ok()?.to_timestamp(date.to_datetime(time)).ok()
}

/// The text if it has digits everywhere but at these places.
fn digits_at<'a>(text: &'a str, places: &[usize], mark: char) -> Option<&'a str> {
    let fits =
        |(place, letter): (usize, char)| if places.contains(&place) { letter == mark } else { letter.is_ascii_digit() };
    text.char_indices().all(fits).then_some(text)
}

fn offset_secs(zone: &str) -> Option<i32> {
    let mut letters = zone.chars();
    let sign = match letters.next() {
        None => return Some(0),
        Some('Z' | 'z') => return letters.next().is_none().then_some(0),
        Some('+') => 1,
        Some(_) => -1,
    };
    let rest = letters.as_str();
    let (hours, minutes) = match rest.len() {
        2 => (rest, "00"),
        4 => rest.split_at_checked(2)?,
        5 => rest.split_once(':')?,
        _ => return None,
    };
    let number =
        |text: &str| (text.len() == 2 && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse::<i32>().ok())?;
    let (hours, minutes) = (number(hours)?, number(minutes)?);
    let is_known = sign > 0 || hours + minutes > 0;
    (is_known && hours <= 23 && minutes <= 59).then_some(sign * (hours * 3600 + minutes * 60))
}

/// As answers write it: UTC, milliseconds.
pub fn written(at_ms: i64) -> String {
    Timestamp::from_millisecond(at_ms).unwrap_or_default().strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()
}

/// A timestamp in UTC, with as many digits as it needs.
pub fn in_utc(at: Timestamp) -> String {
    at.to_string()
}

/// Hundredths of a second of a duration, years and months apart since they have no fixed length; `None` for what is none.
/// `P4W`, or years to seconds in their order, of which the last may have a fraction.
pub fn duration(text: &str) -> Option<(f64, f64)> {
    let body = text.strip_prefix('P')?;
    if let Some(weeks) = body.strip_suffix('W') {
        return Some((0.0, amount(weeks, true)? * 7.0 * DAY));
    }
    let (date, time) = match body.split_once('T') {
        Some((_, "")) => return None,
        Some(parts) => parts,
        None => (body, ""),
    };
    if date.is_empty() && time.is_empty() {
        return None;
    }
    let is_last_of_date = time.is_empty();
    let date = parts(date, &['Y', 'M', 'D'], is_last_of_date)?;
    let time = parts(time, &['H', 'M', 'S'], true)?;
    let secs = time[0] * 3600.0 + time[1] * 60.0 + time[2];
    Some((date[0] * 12.0 + date[1], ((date[2] * DAY) + secs * 100.0).trunc()))
}

/// Hundredths of a second in a day.
const DAY: f64 = 8_640_000.0;

fn parts(mut text: &str, marks: &[char; 3], may_be_part: bool) -> Option<[f64; 3]> {
    let mut found = [0.0; 3];
    let mut next = 0;
    while !text.is_empty() {
        let end = text.find(|letter: char| letter.is_ascii_alphabetic())?;
        let (number, rest) = text.split_at(end);
        let mark = rest.chars().next()?;
        let place = marks.iter().position(|each| *each == mark).filter(|place| *place >= next)?;
        text = rest.get(1..)?;
        *found.get_mut(place)? = amount(number, may_be_part && text.is_empty())?;
        next = place + 1;
    }
    Some(found)
}

fn amount(text: &str, may_be_part: bool) -> Option<f64> {
    let (whole, part) = match text.split_once(['.', ',']) {
        Some((_, "")) => return None,
        Some((whole, part)) if may_be_part => (whole, part),
        Some(_) => return None,
        None => (text, "0"),
    };
    let is_number = |digits: &str| (1..=18).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    (is_number(whole) && is_number(part)).then(|| format!("{whole}.{part}").parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timestamps_are_read_with_their_offset() {
        for (text, utc) in [
            ("2015-11-18T12:17:00+00:00", "2015-11-18T12:17:00Z"),
            ("2015-11-18T12:17:00.5Z", "2015-11-18T12:17:00.5Z"),
            ("2015-11-18T12:17:00+0830", "2015-11-18T03:47:00Z"),
            ("2015-11-18T12:17:00-05", "2015-11-18T17:17:00Z"),
            ("2015-11-18T12:17:00", "2015-11-18T12:17:00Z"),
            ("2016-12-31T23:59:60Z", "2016-12-31T23:59:59Z"),
            ("2015-11-18T12:17:00.12345678999Z", "2015-11-18T12:17:00.123456789Z"),
        ] {
            assert_eq!(timestamp(text).map(in_utc).as_deref(), Some(utc), "{text}");
        }
        for bad in [
            "",
            "should fail",
            "01/011/2015",
            "2015-11-18",
            "2008-09-15T15:53:00.601-00",
            "2008-09-15T15:53:00.601-0000",
            "2008-09-15T15:53:00.601-00:00",
            "2015-13-18T12:17:00Z",
            "2015-02-30T12:17:00Z",
            "2015-11-18T25:17:00Z",
            "2015-11-18T12:17:00.Z",
            "2015-11-18T12:17Z",
            "2015-11-18T12:17:00+99:00",
            "2015-11-18 12:17:00Z",
            "２015-11-18T12:17:00Z",
        ] {
            assert_eq!(timestamp(bad), None, "{bad}");
        }
        assert_eq!(written(1_780_272_000_007), "2026-06-01T00:00:00.007Z");
    }

    #[test]
    fn durations_are_compared_to_the_hundredth_of_a_second() {
        for (text, found) in [
            ("PT4H35M59.14S", (0.0, 1_655_914.0)),
            ("PT16559.14S", (0.0, 1_655_914.0)),
            ("PT1H0M0.1S", (0.0, 360_010.0)),
            ("P3Y1M29DT4H35M59.149S", (37.0, 29.0 * DAY + 1_655_914.0)),
            ("P4W", (0.0, 28.0 * DAY)),
            ("P3Y", (36.0, 0.0)),
            ("PT0,5S", (0.0, 50.0)),
        ] {
            assert_eq!(duration(text), Some(found), "{text}");
        }
        for bad in [
            "", "P", "PT", "P1DT", "P4W1D", "PT1S1H", "P1S", "1D", "PT1.5H1S", "PT.5S", "PT1.S", "-P1D", "P1D ", "pt1s",
        ] {
            assert_eq!(duration(bad), None, "{bad}");
        }
    }
}
