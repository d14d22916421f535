//! The learning record store: statements of the xAPI 2.0 (IEEE 9274.1.1) and 1.0.3, which every learning system can read.
//!
//! What is said here of statements knows no database and no connection.

mod at;
pub mod check;
pub mod format;
pub mod json;
pub mod marks;
pub mod misfit;
pub mod record;
pub mod same;
pub mod serve;
pub mod time;
pub mod underway;
pub mod version;

pub use at::At;
pub use misfit::Misfit;
pub use serve::{has, table};
pub use version::Edition;

/// The verb by which a statement takes another back.
pub const VOIDED: &str = "http://adlnet.gov/expapi/verbs/voided";
