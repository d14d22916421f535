//! Reading of a site folder's text files, with all faults gathered. The caller brings the text; no file is opened here.

mod course;
mod join;
mod on_site;
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
use crate::assessment::CourseVersion;
use crate::on_site::OnSite;
use crate::{Bilingual, Grade, Key, Site, SiteId, Source, SourceId, StationId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The text files of a site folder: path within it, with forward slashes, to content. Paths that mean nothing here are passed over.
pub type Folder = BTreeMap<String, String>;

/// What a site folder holds: what may be published, and apart from it what may not. Read from JSON only where every key fits a question.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "ReadSiteAndKeys")]
pub struct SiteAndKeys {
    /// Everything a visitor may read. Narration lengths are 0 here: the caller fills them in from the captions.
    pub site: Site,
    /// The answers, one per station. Never served.
    pub keys: Vec<Key>,
    /// What only the place itself answers, at stations that ask so. Never served.
    #[serde(default)]
    pub on_site: Vec<OnSite>,
    /// What the courses on its routes ask for; a route without one is judged by its rule alone. Served by the service, and
    /// no part of what pages and scene fetch.
    #[serde(default)]
    pub courses: Vec<CourseVersion>,
}

/// An answer that no question offers, of the station named.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the key of {0} fits no choice of its question")]
pub struct BadKey(StationId);

/// A site and its keys as they stand in JSON, before they are judged.
#[derive(Deserialize)]
struct ReadSiteAndKeys {
    site: Site,
    keys: Vec<Key>,
    #[serde(default)]
    on_site: Vec<OnSite>,
    #[serde(default)]
    courses: Vec<CourseVersion>,
}

impl TryFrom<ReadSiteAndKeys> for SiteAndKeys {
    type Error = BadKey;
    fn try_from(ReadSiteAndKeys { site, keys, on_site, courses }: ReadSiteAndKeys) -> Result<Self, BadKey> {
        let offered = |key: &Key| {
            site.station(&key.station).is_some_and(|it| usize::from(key.choice) < it.question.choices.len())
        };
        match keys.iter().find(|key| !offered(key)) {
            Some(key) => Err(BadKey(key.station.clone())),
            None => Ok(Self { site, keys, on_site, courses }),
        }
    }
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
    #[serde(rename = "certainty")]
    pub grade: Grade,
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
    let on_site = join::on_site(folder, &stations, &mut gathered);
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
        let courses = join::courses(folder, &routes, &mut gathered);
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
            unknowns: draft.unknowns,
            measures: draft.measures,
            sources: sources.clone(),
            scene,
        };
        SiteAndKeys { site, keys, on_site, courses }
    });
    join::citations(sources.iter(), gathered.citations, &mut gathered.findings);
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
