//! Names of things that must never change once published: sites, routes, stations, story points, sources.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Why a text cannot be a name: 1–48 of `a`–`z`, `0`–`9` and inner `-` are allowed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("“{0}” is not a name: use 1 to 48 of a–z, 0–9 and inner hyphens")]
pub struct BadName(pub String);

fn checked(text: &str) -> Result<String, BadName> {
    let inner = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'-';
    let fits = (1..=48).contains(&text.len()) && text.bytes().all(inner);
    if fits && !text.starts_with('-') && !text.ends_with('-') {
        Ok(text.to_owned())
    } else {
        Err(BadName(text.to_owned()))
    }
}

macro_rules! name {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// The name, if `text` can be one.
            ///
            /// # Errors
            /// [`BadName`] for anything but 1–48 lower-case ASCII letters, digits and inner hyphens.
            pub fn new(text: &str) -> Result<Self, BadName> {
                checked(text).map(Self)
            }

            /// The name as it stands in addresses and files.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = BadName;
            fn try_from(text: String) -> Result<Self, BadName> {
                Self::new(&text)
            }
        }

        impl From<$name> for String {
            fn from(name: $name) -> Self {
                name.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

name!(
    /// Names a site, as in `luding`.
    SiteId
);
name!(
    /// Names a route, as in `bridge`.
    RouteId
);
name!(
    /// Names one station of a site; never reused once published.
    StationId
);
name!(
    /// Names one story point of a site.
    PointId
);
name!(
    /// Names one goal of a course; never reused once published.
    GoalId
);
name!(
    /// Names one source that claims cite.
    SourceId
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_lower_case_and_bounded() {
        for good in ["luding", "west-bank", "a", "1935"] {
            assert_eq!(StationId::new(good).map(String::from), Ok(good.to_owned()));
        }
        for bad in ["", "-a", "a-", "A", "泸定", "a b", "../x", &"x".repeat(49)] {
            assert_eq!(StationId::new(bad), Err(BadName(bad.to_owned())));
        }
    }

    #[test]
    fn a_bad_name_cannot_arrive_by_json() {
        assert!(serde_json::from_str::<SiteId>("\"../etc\"").is_err());
    }
}
