//! What can be learned: sites, routes and answer keys, read once at the start from the built content.

use crate::secrets::{digest, hex};
use heritage::assessment::CourseVersion;
use heritage::on_site::OnSite;
use heritage::{Key, Route, RouteId, Site, SiteId, StationId};
use protocol::api::Course;
use protocol::event::Grade;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::Path;

/// Why the content cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum CourseError {
    /// The folder cannot be read.
    #[error("cannot read the content folder {0}: {1}")]
    Folder(String, std::io::Error),
    /// Nothing is in it.
    #[error("no site is in the content folder {0}; build the content first")]
    Empty(String),
    /// A file is not what `curator build` writes.
    #[error("{0} is not a built site: {1}")]
    File(String, String),
}

/// `target/private/<site>.json` as `curator build` writes it.
#[derive(Deserialize)]
struct Built {
    site: Site,
    keys: Vec<Key>,
    #[serde(default)]
    on_site: Vec<OnSite>,
    #[serde(default)]
    courses: Vec<CourseVersion>,
}

/// One site with its answer keys.
struct Place {
    site: Site,
    keys: BTreeMap<StationId, Key>,
    on_site: BTreeMap<StationId, OnSite>,
    courses: BTreeMap<RouteId, CourseVersion>,
}

/// Everything that can be learned here.
#[derive(Default)]
pub struct Courses(BTreeMap<SiteId, Place>);

impl Courses {
    /// Reads every `*.json` of `folder`.
    ///
    /// # Errors
    /// [`CourseError`] for an unreadable or empty folder, or a file that is not a built site.
    pub fn read(folder: &Path) -> Result<Self, CourseError> {
        let shown = folder.display().to_string();
        let unreadable = |error| CourseError::Folder(shown.clone(), error);
        let mut places = BTreeMap::new();
        for file in std::fs::read_dir(folder).map_err(unreadable)? {
            let file = file.map_err(unreadable)?.path();
            if file.extension().is_none_or(|ending| ending != "json") {
                continue;
            }
            let wrong = |why: String| CourseError::File(file.display().to_string(), why);
            let text = std::fs::read_to_string(&file).map_err(|error| wrong(error.to_string()))?;
            let place = place(&text).map_err(wrong)?;
            places.insert(place.site.id.clone(), place);
        }
        if places.is_empty() { Err(CourseError::Empty(shown)) } else { Ok(Self(places)) }
    }

    /// Every site, by name.
    pub fn sites(&self) -> impl Iterator<Item = &Site> {
        self.0.values().map(|place| &place.site)
    }

    /// The site named `id`.
    pub fn site(&self, id: &SiteId) -> Option<&Site> {
        self.0.get(id).map(|place| &place.site)
    }

    /// A route with its site.
    pub fn route(&self, site: &SiteId, route: &RouteId) -> Option<(&Site, &Route)> {
        let site = self.site(site)?;
        Some((site, site.routes.iter().find(|each| each.id == *route)?))
    }

    /// How many choices a station's question has.
    pub fn choices(&self, site: &SiteId, station: &StationId) -> Option<usize> {
        Some(self.site(site)?.station(station)?.question.choices.len())
    }

    /// Judges an answer by the key.
    pub fn grade(&self, site: &SiteId, station: &StationId, choice: u8) -> Option<Grade> {
        let place = self.0.get(site)?;
        let key = place.keys.get(station)?;
        let source = place.site.source(&key.source)?.title.clone();
        Some(Grade { right: key.choice == choice, explanation: key.explanation.clone(), source })
    }

    /// What only the place answers at a station, if that is asked there.
    pub fn on_site(&self, site: &SiteId, station: &StationId) -> Option<&OnSite> {
        self.0.get(site)?.on_site.get(station)
    }

    /// What the course on a route asks for besides its rule, if anybody has written it.
    pub fn version(&self, site: &SiteId, route: &RouteId) -> Option<&CourseVersion> {
        self.0.get(site)?.courses.get(route)
    }

    /// What `GET /v1/courses/{site}.{route}` answers, with its entity tag.
    pub fn course(&self, site: &SiteId, route: &RouteId) -> Option<(CourseTold<'_>, String)> {
        let version = self.version(site, route);
        let (site, route) = self.route(site, route)?;
        let questions = route.stations.iter().filter_map(|id| Some(site.station(id)?.question.clone())).collect();
        let course = Course { site: site.id.clone(), title: site.title.clone(), route: route.clone(), questions };
        let course = CourseTold { course, version };
        let tag = format!("\"{}\"", &hex(&digest(&serde_json::to_vec(&course).ok()?))[..32]);
        Some((course, tag))
    }
}

/// A course as it is told: stations, rule and questions, and beside them goals, least presence, rubric and what is asked
/// later.
#[derive(Serialize)]
pub struct CourseTold<'a> {
    #[serde(flatten)]
    course: Course,
    #[serde(rename = "course", skip_serializing_if = "Option::is_none")]
    version: Option<&'a CourseVersion>,
}

fn place(text: &str) -> Result<Place, String> {
    let Built { site, keys, on_site, courses } = serde_json::from_str(text).map_err(|error| error.to_string())?;
    let keys: BTreeMap<_, _> = keys.into_iter().map(|key| (key.station.clone(), key)).collect();
    for station in &site.stations {
        let key = keys.get(&station.id).ok_or_else(|| format!("station {} has no answer key", station.id))?;
        if usize::from(key.choice) >= station.question.choices.len() {
            return Err(format!("the answer key of station {} points past its choices", station.id));
        }
        if site.source(&key.source).is_none() {
            return Err(format!("the answer key of station {} cites an unknown source", station.id));
        }
    }
    for asked in &on_site {
        if site.station(&asked.station).is_none() || site.source(&asked.source).is_none() || asked.answers.is_empty() {
            return Err(format!("the question at the place of station {} cannot be asked", asked.station));
        }
    }
    for route in &site.routes {
        if let Some(lost) = route.stations.iter().find(|id| site.station(id).is_none()) {
            return Err(format!("route {} has an unknown station {lost}", route.id));
        }
    }
    for course in &courses {
        let route = site.routes.iter().find(|route| route.id == course.route);
        let rule = route.ok_or_else(|| format!("a course is on the unknown route {}", course.route))?.rule.version();
        if rule != course.rule_version {
            return Err(format!("the course on {} was written for another rule than {rule}", course.route));
        }
    }
    let on_site = on_site.into_iter().map(|asked| (asked.station.clone(), asked)).collect();
    let courses = courses.into_iter().map(|course| (course.route.clone(), course)).collect();
    Ok(Place { site, keys, on_site, courses })
}
