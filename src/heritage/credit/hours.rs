//! Training credit as a number that adds up exactly.

use serde::{Deserialize, Serialize};
use std::{fmt, iter::Sum, ops::Add, str::FromStr};

/// Training credit, 学时, counted in tenths of an hour so that sums are exact.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Hours {
    /// Tenths of an hour.
    pub tenths: u32,
}

/// Why a text is not a credit.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("“{0}” is not a credit: use hours with at most one decimal, as in 0.5 or 32")]
pub struct BadHours(pub String);

impl Hours {
    /// So many tenths of an hour.
    pub const fn from_tenths(tenths: u32) -> Self {
        Self { tenths }
    }
}

/// Always with one decimal, as credit is printed: `0.5`, `32.0`.
impl fmt::Display for Hours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{}.{}", self.tenths / 10, self.tenths % 10))
    }
}

impl FromStr for Hours {
    type Err = BadHours;

    fn from_str(text: &str) -> Result<Self, BadHours> {
        let refused = || BadHours(text.to_owned());
        let (whole, tenth) = text.split_once('.').unwrap_or((text, "0"));
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        if !digits(whole) || !digits(tenth) || tenth.len() > 1 {
            return Err(refused());
        }
        let number = |part: &str| part.parse::<u32>().ok();
        number(whole)
            .and_then(|whole| whole.checked_mul(10))
            .and_then(|tenths| tenths.checked_add(number(tenth)?))
            .map(Self::from_tenths)
            .ok_or_else(refused)
    }
}

/// Stops at the greatest number rather than wrap round.
impl Add for Hours {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self { tenths: self.tenths.saturating_add(other.tenths) }
    }
}

impl Sum for Hours {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::default(), Add::add)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credit_reads_as_it_is_printed() {
        for (text, tenths) in [("0.5", 5), ("32.0", 320), ("0.0", 0), ("429496729.5", u32::MAX)] {
            assert_eq!(text.parse(), Ok(Hours { tenths }));
            assert_eq!(Hours { tenths }.to_string(), text);
        }
        assert_eq!("32".parse(), Ok(Hours { tenths: 320 }));
    }

    #[test]
    fn what_is_no_credit_is_refused() {
        for bad in ["", ".", ".5", "5.", "0.25", "-1", "+1", "1e3", "0.5 ", "٣", "429496729.6", "99999999999"] {
            assert_eq!(bad.parse::<Hours>(), Err(BadHours(bad.to_owned())), "{bad}");
        }
    }

    #[test]
    fn sums_are_exact_and_never_wrap() {
        let half = Hours::from_tenths(5);
        assert_eq!(std::iter::repeat_n(half, 64).sum::<Hours>(), Hours::from_tenths(320));
        assert_eq!(Hours::from_tenths(u32::MAX) + half, Hours::from_tenths(u32::MAX));
    }
}
