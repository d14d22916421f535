//! Which edition of the standard is spoken.

/// An edition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edition {
    /// 1.0.x, answered as 1.0.3.
    One,
    /// 2.0.x (IEEE 9274.1.1-2023).
    Two,
}

/// Every version that is understood.
pub const VERSIONS: [&str; 5] = ["2.0.0", "1.0.3", "1.0.2", "1.0.1", "1.0.0"];

impl Edition {
    /// Of a request's header `X-Experience-API-Version`.
    pub fn of_header(version: &str) -> Option<Self> {
        match version {
            "1.0" => Some(Self::One),
            "2.0" => Some(Self::Two),
            _ => of_patch(version),
        }
    }

    /// Of a statement's `version`: of the edition spoken, or of an earlier one.
    pub fn takes(self, version: &str) -> bool {
        version == "1.0" || of_patch(version).is_some_and(|told| told == Self::One || self == Self::Two)
    }

    /// As answers name it.
    pub const fn number(self) -> &'static str {
        match self {
            Self::One => "1.0.3",
            Self::Two => "2.0.0",
        }
    }

    /// The `version` of a statement that came without one.
    pub const fn assumed(self) -> &'static str {
        match self {
            Self::One => "1.0.0",
            Self::Two => "2.0.0",
        }
    }
}

fn of_patch(version: &str) -> Option<Edition> {
    let (edition, patch) = match (version.strip_prefix("1.0."), version.strip_prefix("2.0.")) {
        (Some(patch), _) => (Edition::One, patch),
        (_, Some(patch)) => (Edition::Two, patch),
        _ => return None,
    };
    let is_number = (1..=4).contains(&patch.len()) && patch.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then_some(edition)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_understood_by_its_first_two_numbers() {
        for (version, edition) in
            [("1.0", Some(Edition::One)), ("1.0.3", Some(Edition::One)), ("1.0.17", Some(Edition::One))]
        {
            assert_eq!(Edition::of_header(version), edition);
        }
        assert_eq!((Edition::of_header("2.0"), Edition::of_header("2.0.0")), (Some(Edition::Two), Some(Edition::Two)));
        for other in ["", "0.9", "0.95", "1", "1.0.", "1.0.x", "1.1.0", "2", "2.1.0", "3.0.0", "1.0.3 ", "v1.0.3"] {
            assert_eq!(Edition::of_header(other), None, "{other}");
        }
        assert!(Edition::Two.takes("1.0.9") && Edition::Two.takes("2.0.0") && Edition::One.takes("1.0"));
        assert!(!Edition::One.takes("2.0.0") && !Edition::Two.takes("0.9.9") && !Edition::Two.takes("1.1.0"));
    }
}
