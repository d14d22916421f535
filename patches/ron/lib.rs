//! A RON that reads and writes nothing, in place of the crate of that name.
//!
//! Bevy 0.20.1 reads and writes the settings of assets as RON, from `.meta` files that this house never has
//! (`AssetMetaCheck::Never`). The crate could not be left out of the program all the same, and was 0.24 MB of it
//! (measured). The interface is that of ron 0.12, as far as `bevy_asset` uses it; whoever reads or writes is told.

/// Reading.
pub mod de {
    use super::error::{SpannedError, SpannedResult};

    /// Always an error.
    ///
    /// # Errors
    /// Always.
    pub fn from_bytes<'a, T: serde::Deserialize<'a>>(_: &'a [u8]) -> SpannedResult<T> {
        Err(SpannedError)
    }
}

/// Writing.
pub mod ser {
    /// How it would be laid out.
    #[derive(Clone, Debug, Default)]
    pub struct PrettyConfig;

    impl PrettyConfig {
        /// The same again.
        #[must_use]
        pub fn new_line(self, _: impl Into<std::borrow::Cow<'static, str>>) -> Self {
            self
        }
    }

    /// Always an error.
    ///
    /// # Errors
    /// Always.
    pub fn to_string_pretty<T: ?Sized + serde::Serialize>(_: &T, _: PrettyConfig) -> super::error::SpannedResult<String> {
        Err(super::error::SpannedError)
    }
}

/// What is said instead.
pub mod error {
    /// The only error.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct SpannedError;

    /// Of reading and of writing.
    pub type SpannedResult<T> = Result<T, SpannedError>;

    impl core::fmt::Display for SpannedError {
        fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
            f.write_str("settings of assets are neither read nor written here (patches/ron)")
        }
    }

    impl core::error::Error for SpannedError {}
}
