//! Reading of a site folder's text files, with all faults gathered. The caller brings the text; no file is opened here.

mod join;
mod origin;
mod preparation;
mod quiz;
mod route;
mod scene;
mod sheet;
mod site;
mod story;
mod table;

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
/// A site is given whenever its name and origin can be read, with what could be read of the rest, so that a page can be looked at while it is being written; it is fit to publish only where nothing was found.
pub fn read(folder: &Folder) -> (Option<SiteAndKeys>, Vec<Finding>) {
    let Some(text) = folder.get(site::FILE) else {
        let remedy = "write it as ARCHITECTURE.md describes a site folder";
        return (None, vec![Finding::new(site::FILE, 0, "the file is missing", remedy)]);
    };
    let (mut draft, mut gathered) = site::read(text);
    let found = &mut gathered.findings;
    join::doubles("station", site::FILE, draft.stations.iter().map(|s| (s.id.clone(), s.line)), found);
    join::doubles("story point", site::FILE, draft.points.iter().map(|p| (p.id.clone(), p.line)), found);
    join::doubles("source", site::FILE, draft.sources.iter().map(|(source, line)| (source.id.clone(), *line)), found);
    let (stations, keys) = join::stations(folder, &mut draft, &mut gathered);
    let scene = join::scene(folder, &mut gathered);
    for (conflict, line) in &draft.conflicts {
        if !stations.iter().any(|station| station.id == conflict.station) {
            let what = format!("the conflict is shown at `{}`, which there is not", conflict.station);
            gathered.findings.push(Finding::new(site::FILE, *line, what, "name a station of this site"));
        }
    }
    let sources: Vec<Source> = draft.sources.into_iter().map(|(source, _)| source).collect();
    let read = draft.id.zip(draft.origin).map(|(id, origin)| {
        let routes = join::routes(folder, &id, &stations, &mut gathered);
        let conflicts = draft.conflicts.into_iter().map(|(conflict, _)| conflict).collect();
        let site = Site {
            id,
            title: draft.title,
            summary: draft.summary,
            when: draft.when,
            origin,
            stations,
            routes,
            conflicts,
            measures: draft.measures,
            sources: sources.clone(),
            scene,
        };
        SiteAndKeys { site, keys }
    });
    join::unknown_sources(sources.iter().map(|source| &source.id), gathered.citations, &mut gathered.findings);
    gathered.findings.sort();
    gathered.findings.dedup();
    (read, gathered.findings)
}

/// The site in preparation that `preparation.toml` describes, and every fault found, sorted by line.
pub fn read_preparation(folder: &Folder) -> (Option<Preparation>, Vec<Finding>) {
    preparation::read(folder)
}

#[cfg(test)]
mod tests;
