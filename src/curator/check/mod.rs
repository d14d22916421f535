//! Check: everything that is wrong with the content, gathered; each finding says what mends it.

mod access;
mod built;
mod covered;
mod glb;
mod lettering;
mod measures;
mod models;
mod narration;
mod weight;

use crate::library::{Held, Library};
use heritage::Finding;
use std::io;
use std::path::Path;

/// Every fault of `library`, sorted by file and line. `cache` keeps what compression found, for the weights.
///
/// # Errors
/// A file that cannot be read, or a cache that cannot be written.
pub fn check(library: &Library, cache: &Path) -> io::Result<Vec<Finding>> {
    let mut findings = library.findings.clone();
    covered::judge(library, &mut Desk::new(library, None, &mut findings));
    for held in &library.sites {
        let desk = &mut Desk::new(library, Some(held), &mut findings);
        access::judge(held, desk);
        narration::judge(held, desk)?;
        models::judge(held, desk)?;
        measures::judge(held, desk);
        lettering::judge(held, desk);
        built::judge(library, held, desk)?;
        weight::judge(held, cache, desk)?;
    }
    findings.sort();
    findings.dedup();
    Ok(findings)
}

/// Where findings are laid down, under the folder that is being looked at.
struct Desk<'a> {
    folder: String,
    findings: &'a mut Vec<Finding>,
}

impl<'a> Desk<'a> {
    fn new(library: &Library, held: Option<&Held>, findings: &'a mut Vec<Finding>) -> Self {
        let assets = library.assets.display();
        let folder = held.map_or_else(|| format!("{assets}/"), |held| format!("{assets}/sites/{}/", held.name));
        Self { folder, findings }
    }

    fn lay(&mut self, file: &str, line: usize, what: impl Into<String>, remedy: impl Into<String>) {
        self.findings.push(Finding::new(&format!("{}{file}", self.folder), line, what, remedy));
    }
}

#[cfg(test)]
mod tests;
