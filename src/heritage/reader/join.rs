//! Joining of what the files say into one site, and of what each takes from the others: names that are known, listed once, and complete.

use super::sheet::{Citation, Gathered};
use super::site::{Draft, DraftPoint, DraftStation, FILE};
use super::{Folder, course, on_site, quiz, route, scene, story};
use crate::assessment::CourseVersion;
use crate::on_site::OnSite;
use crate::{
    Certainty, Claim, Finding, Grade, Key, Lang, PointId, Question, Reference, Route, SiteId, Source, SourceId,
    Station, StationId, StoryPoint,
};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Display;

/// Finds names that stand twice; the first stands.
pub(super) fn doubles<T: Ord + Display>(
    kind: &str,
    file: &str,
    names: impl IntoIterator<Item = (T, usize)>,
    found: &mut Vec<Finding>,
) {
    let mut seen = BTreeMap::new();
    for (name, line) in names {
        match seen.get(&name) {
            Some(first) => {
                let what = format!("the {kind} `{name}` stands twice; first in line {first}");
                found.push(Finding::new(file, line, what, "give each its own id; published ids are never reused"));
            }
            None => drop(seen.insert(name, line)),
        }
    }
}

/// Finds citations that cannot stand: of sources that nobody has described, and grades that their source cannot bear.
pub(super) fn citations<'a>(
    sources: impl Iterator<Item = &'a Source>,
    citations: Vec<Citation>,
    found: &mut Vec<Finding>,
) {
    let known: BTreeMap<&SourceId, Reference> = sources.map(|source| (&source.id, source.reference)).collect();
    for Citation { source, grade, file, line } in citations {
        let (what, remedy) = match (known.get(&source), grade) {
            (None, _) => (
                format!("the source `{source}` is not described"),
                "add it as [[source]] with title, locator and trust, or mend its id",
            ),
            (Some(Reference::Own), Some(Grade::History(certainty))) if certainty != Certainty::Conjecture => (
                format!("`{source}` is this site's own word and cannot make a sentence {}", certainty.code()),
                "mark it own where it says what the site itself shows or reckons, conjecture where it infers",
            ),
            (Some(Reference::Given | Reference::Owed), Some(Grade::Own)) => (
                format!("a sentence marked own cites `{source}`, which is not this site"),
                "cite the source with reference = \"own\", or grade what the cited source says",
            ),
            _ => continue,
        };
        found.push(Finding::new(&file, line, what, remedy));
    }
}

/// Stations with all that is told and asked there, and the keys apart.
pub(super) fn stations(folder: &Folder, draft: &mut Draft, gathered: &mut Gathered) -> (Vec<Station>, Vec<Key>) {
    let mut told: BTreeMap<PointId, StoryPoint> = BTreeMap::new();
    let mut defined: BTreeMap<PointId, usize> = BTreeMap::new();
    for point in std::mem::take(&mut draft.points) {
        defined.entry(point.id.clone()).or_insert(point.line);
        let point = tell(folder, point, gathered);
        told.entry(point.id.clone()).or_insert(point);
    }
    let (mut stations, mut keys) = (Vec::new(), Vec::new());
    for station in std::mem::take(&mut draft.stations) {
        let (station, key) = place(folder, station, &mut told, &defined, gathered);
        stations.push(station);
        keys.extend(key);
    }
    for (id, point) in &told {
        let what = format!("the story point `{id}` belongs to no station");
        let remedy = "list it in the points of one station, or remove it";
        gathered.findings.push(Finding::new(FILE, defined.get(&point.id).copied().unwrap_or(0), what, remedy));
    }
    orphans(folder, &defined, &stations, gathered);
    (stations, keys)
}

fn tell(folder: &Folder, point: DraftPoint, gathered: &mut Gathered) -> StoryPoint {
    let mut claims = |lang: Lang| -> Vec<Claim> {
        let file = format!("stories/{}/{}.md", lang.code(), point.id);
        let Some(text) = folder.get(&file) else {
            let what = format!("the story of `{}` is missing in {}", point.id, language(lang));
            gathered.findings.push(Finding::new(&file, 0, what, "write it; every story stands in both languages"));
            return Vec::new();
        };
        let (claims, found) = story::read(&file, text, lang);
        gathered.take_in(found);
        claims
    };
    let (zh, en) = (claims(Lang::Zh), claims(Lang::En));
    StoryPoint { id: point.id, title: point.title, position: point.position, zh, en, zh_secs: 0.0, en_secs: 0.0 }
}

const fn language(lang: Lang) -> &'static str {
    match lang {
        Lang::Zh => "Chinese",
        Lang::En => "English",
    }
}

/// A station with its points, which are taken out of `told`, and its question.
fn place(
    folder: &Folder,
    station: DraftStation,
    told: &mut BTreeMap<PointId, StoryPoint>,
    defined: &BTreeMap<PointId, usize>,
    gathered: &mut Gathered,
) -> (Station, Option<Key>) {
    let mut points = Vec::new();
    for (id, line) in station.points {
        let Some(point) = told.remove(&id) else {
            let (what, remedy) = if defined.contains_key(&id) {
                (format!("the story point `{id}` is listed twice"), "list each point at one station, once".to_owned())
            } else {
                (format!("the story point `{id}` is not defined"), format!("add [[point]] with id = \"{id}\""))
            };
            gathered.findings.push(Finding::new(FILE, line, what, remedy));
            continue;
        };
        points.push(point);
    }
    let file = format!("quiz/{}.toml", station.id);
    let (question, key) = if let Some(text) = folder.get(&file) {
        let (question, key, found) = quiz::read(&file, text, &station.id);
        gathered.take_in(found);
        (question, key)
    } else {
        let what = format!("the station `{}` has no question", station.id);
        gathered.findings.push(Finding::new(
            &file,
            0,
            what,
            "write the file: prompt, choices, right, explanation, source",
        ));
        (Question { station: station.id.clone(), prompt: crate::Bilingual::default(), choices: Vec::new() }, None)
    };
    let DraftStation { id, title, position, radius_m, .. } = station;
    (Station { id, title, position, radius_m, points, question }, key)
}

/// Finds stories and questions that nothing asks for: most are misnamed.
fn orphans(folder: &Folder, points: &BTreeMap<PointId, usize>, stations: &[Station], gathered: &mut Gathered) {
    let point = |stem: &str| points.keys().any(|id| id.as_str() == stem);
    let station = |stem: &str| stations.iter().any(|station| station.id.as_str() == stem);
    for file in folder.keys() {
        let story = Lang::ALL.iter().find_map(|lang| file.strip_prefix("stories/")?.strip_prefix(lang.code()));
        let orphan = match (
            story.and_then(|rest| rest.strip_prefix('/')?.strip_suffix(".md")),
            file.strip_prefix("quiz/").and_then(|rest| rest.strip_suffix(".toml")),
        ) {
            (Some(stem), _) => !point(stem),
            (_, Some(stem)) => !station(stem),
            _ => file.starts_with("stories/") || file.starts_with("quiz/"),
        };
        if orphan {
            let remedy = "name it for a story point or station of site.toml, or remove it";
            gathered.findings.push(Finding::new(file, 0, "nothing asks for this file", remedy));
        }
    }
}

/// What only the place answers, at the stations that ask so.
pub(super) fn on_site(folder: &Folder, stations: &[Station], gathered: &mut Gathered) -> Vec<OnSite> {
    let mut asked = Vec::new();
    for (file, text) in folder.iter().filter(|(file, _)| file.starts_with("on-site/")) {
        let stem = file.strip_prefix("on-site/").and_then(|rest| rest.strip_suffix(".toml"));
        let Some(station) = stations.iter().find(|station| Some(station.id.as_str()) == stem) else {
            let remedy = "name it for a station of site.toml, or remove it";
            gathered.findings.push(Finding::new(file, 0, "nothing asks for this file", remedy));
            continue;
        };
        let (question, found) = on_site::read(file, text, station, stations);
        gathered.take_in(found);
        asked.extend(question);
    }
    asked
}

/// All routes, judged against the stations there are.
pub(super) fn routes(folder: &Folder, site: &SiteId, stations: &[Station], gathered: &mut Gathered) -> Vec<Route> {
    let (mut routes, mut walked) = (Vec::new(), BTreeSet::<StationId>::new());
    for (file, text) in folder.iter().filter(|(file, _)| file.starts_with("routes/")) {
        let (route, listed, found) = route::read(file, text, site);
        gathered.take_in(found);
        for (id, line) in listed {
            if !stations.iter().any(|station| station.id == id) {
                let what = format!("the route names the station `{id}`, which there is not");
                gathered.findings.push(Finding::new(file, line, what, "mend the id, or add the station to site.toml"));
            }
            walked.insert(id);
        }
        routes.extend(route);
    }
    if !folder.keys().any(|file| file.starts_with("routes/")) {
        let remedy = "write routes/<route>.toml: id, title, stations, [rule]";
        gathered.findings.push(Finding::new("routes", 0, "the site has no route", remedy));
    }
    for station in stations.iter().filter(|station| !walked.contains(&station.id)) {
        let what = format!("the station `{}` lies on no route, so it can earn nothing", station.id);
        gathered.findings.push(Finding::new(FILE, 0, what, "add it to a route"));
    }
    routes
}

/// What the courses ask for, each judged against the route that it is on.
pub(super) fn courses(folder: &Folder, routes: &[Route], gathered: &mut Gathered) -> Vec<CourseVersion> {
    let mut courses = Vec::new();
    for (file, text) in folder.iter().filter(|(file, _)| file.starts_with("courses/")) {
        let (course, found) = course::read(file, text, routes);
        gathered.take_in(found);
        courses.extend(course);
    }
    courses
}

/// The scene, or an empty one where the file is missing.
pub(super) fn scene(folder: &Folder, gathered: &mut Gathered) -> crate::scene::Scene {
    let Some(text) = folder.get("scene.toml") else {
        gathered.findings.push(Finding::new(
            "scene.toml",
            0,
            "the site has no scene",
            "write it, or have the workshop make it",
        ));
        return crate::scene::Scene::default();
    };
    let (scene, found) = scene::read(text);
    gathered.take_in(found);
    scene
}
