//! One part of a file, as players of sound ask for it (RFC 9110 §14).

/// What a `Range` header comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The whole file: no range, several ranges, or one that is not understood.
    Whole,
    /// From the first byte to the last, both included.
    Of(u64, u64),
    /// Nothing of the file lies in it.
    Outside,
}

/// Reads a `Range` header for a file of `length` bytes.
pub fn part(header: Option<&str>, length: u64) -> Part {
    let Some(asked) = header.and_then(|header| header.trim().strip_prefix("bytes=")) else { return Part::Whole };
    let Some((from, to)) = asked.split_once('-') else { return Part::Whole };
    let number = |text: &str| {
        let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        // More digits than fit is past any end.
        digits.then(|| text.parse::<u64>().unwrap_or(u64::MAX))
    };
    match (number(from.trim()), number(to.trim()), from.trim().is_empty(), to.trim().is_empty()) {
        (Some(from), None, _, true) if from < length => Part::Of(from, length - 1),
        (Some(from), Some(to), ..) if from <= to && from < length => Part::Of(from, to.min(length - 1)),
        (Some(from), Some(to), ..) if from > to => Part::Whole,
        (None, Some(last), true, _) if last > 0 && length > 0 => Part::Of(length.saturating_sub(last), length - 1),
        (Some(_), None, _, true) | (Some(_), Some(_), ..) | (None, Some(_), true, _) => Part::Outside,
        _ => Part::Whole,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_read_as_the_standard_says() {
        for (header, expected) in [
            ("bytes=0-", Part::Of(0, 9)),
            ("bytes=2-4", Part::Of(2, 4)),
            ("bytes=2-400", Part::Of(2, 9)),
            ("bytes=-3", Part::Of(7, 9)),
            ("bytes=-300", Part::Of(0, 9)),
            ("bytes=10-", Part::Outside),
            ("bytes=99999999999999999999999-", Part::Outside),
            ("bytes=-0", Part::Outside),
            ("bytes=4-2", Part::Whole),
            ("bytes=0-1,3-4", Part::Whole),
            ("bytes=a-b", Part::Whole),
            ("bytes=+1-2", Part::Whole),
            ("lines=0-1", Part::Whole),
            ("bytes=-", Part::Whole),
        ] {
            assert_eq!(part(Some(header), 10), expected, "{header}");
        }
        assert_eq!(part(None, 10), Part::Whole);
        assert_eq!(part(Some("bytes=0-"), 0), Part::Outside);
    }
}
