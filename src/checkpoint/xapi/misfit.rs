//! What is wrong with something that was sent: where, why, and how to mend it.

use heritage::Bilingual;
use std::fmt::{self, Display, Formatter};

/// Something that does not fit the standard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misfit {
    /// The property's path, as in `object.definition.choices[0].id`; empty for the whole.
    pub at: String,
    /// Why, and how to mend it.
    pub why: Bilingual,
}

impl Misfit {
    /// At a place.
    pub fn new(at: impl Into<String>, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { at: at.into(), why: Bilingual::new(zh.into(), en.into()) }
    }

    /// Place and reason in one.
    pub fn words(&self) -> Bilingual {
        if self.at.is_empty() {
            return self.why.clone();
        }
        Bilingual::new(format!("{}：{}", self.at, self.why.zh), format!("{}: {}", self.at, self.why.en))
    }

    /// The same, further in.
    #[must_use]
    pub fn within(mut self, above: &str) -> Self {
        let joint = if self.at.is_empty() || self.at.starts_with('[') { "" } else { "." };
        self.at = format!("{above}{joint}{}", self.at);
        self
    }
}

impl Display for Misfit {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words().en)
    }
}

impl std::error::Error for Misfit {}
