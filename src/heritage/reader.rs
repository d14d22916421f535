//! Reading of a site folder's text files, with all faults gathered.

use serde::{Deserialize, Serialize};

/// One fault in the content, with what mends it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Finding {
    /// Path within the site folder.
    pub file: String,
    /// Line, from 1; 0 where the whole file is meant.
    pub line: usize,
    /// What is wrong.
    pub what: String,
    /// What mends it.
    pub remedy: String,
}
