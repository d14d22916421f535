//! Check: everything that is wrong with the content, gathered.

use crate::library::Library;
use heritage::Finding;
use std::io;

/// Every fault of `library`, sorted by file and line.
///
/// # Errors
/// A file that cannot be read.
pub fn check(library: &Library) -> io::Result<Vec<Finding>> {
    let mut findings = library.findings.clone();
    findings.sort();
    findings.dedup();
    Ok(findings)
}
