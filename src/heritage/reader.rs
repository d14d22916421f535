//! Reading of a site folder's text files, with all faults gathered. The caller brings the text; no file is opened here.

pub use crate::Finding;
use crate::{Bilingual, Certainty, Key, Site, SiteId, Source, SourceId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The text files of a site folder: path within it, with forward slashes, to content. Paths that mean nothing here are passed over.
pub type Folder = BTreeMap<String, String>;

/// What a site folder holds: what may be published, and apart from it what may not.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SiteAndKeys {
    /// Everything a visitor may read. Narration lengths are 0 here: the caller fills them in from the captions.
    pub site: Site,
    /// The answers, one per station. Never served.
    pub keys: Vec<Key>,
}

/// A site that is being prepared: what is known already, and what is missing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preparation {
    /// Its name.
    pub id: SiteId,
    /// What it is called.
    pub title: Bilingual,
    /// One sentence for the catalogue.
    pub summary: Bilingual,
    /// What is known, paragraph by paragraph.
    pub text: Vec<Statement>,
    /// What must come before the site can be opened.
    pub missing: Bilingual,
    /// Everything cited.
    pub sources: Vec<Source>,
}

/// A paragraph in both languages that rests on one source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statement {
    /// The sentences.
    pub text: Bilingual,
    /// What they rest on.
    pub source: SourceId,
    /// How sure they are.
    pub certainty: Certainty,
}

/// The site in `folder`, and every fault found, sorted by file and line.
///
/// A site is given whenever its name can be read, with what could be read of the rest, so that a page can be looked at while it is being written; it is fit to publish only where nothing was found.
pub fn read(folder: &Folder) -> (Option<SiteAndKeys>, Vec<Finding>) {
    let _ = folder;
    (None, vec![Finding::new("site.toml", 0, "reading is not written yet", "wait for it")])
}

/// The site in preparation that `preparation.toml` describes, and every fault found.
pub fn read_preparation(folder: &Folder) -> (Option<Preparation>, Vec<Finding>) {
    let _ = folder;
    (None, vec![Finding::new("preparation.toml", 0, "reading is not written yet", "wait for it")])
}
