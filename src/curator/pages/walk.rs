//! Pages of one site: the site, its stations, the scene, on foot.

use super::{Entry, House, Stop, Visit};
use crate::voices::Voice;
use askama::Template;
use heritage::{Conflict, Lang, Source, Station, StationId, StoryPoint};
use std::ops::Deref;

macro_rules! leaf {
    ($name:ident, $file:literal $(, $field:ident: $kind:ty)*) => {
        #[derive(Template)]
        #[template(path = $file)]
        struct $name<'a> {
            visit: Visit<'a>,
            $($field: $kind,)*
        }

        impl<'a> Deref for $name<'a> {
            type Target = Visit<'a>;
            fn deref(&self) -> &Visit<'a> {
                &self.visit
            }
        }
    };
}

leaf!(SitePage, "site.html");
leaf!(ScenePage, "scene.html");
leaf!(FootPage, "foot.html");
leaf!(
    StationPage,
    "station.html",
    number: usize,
    station: &'a Station,
    tellings: Vec<Telling<'a>>,
    notes: Vec<&'a Source>,
    conflicts: Vec<&'a Conflict>,
    before: Option<Stop<'a>>,
    next: Option<Stop<'a>>
);

/// One story point as it is printed: its text, its sound and who speaks.
struct Telling<'a> {
    point: &'a StoryPoint,
    lines: Vec<Line<'a>>,
    ogg: Option<String>,
    mp3: Option<String>,
    captions: Option<String>,
    synthetic: bool,
    narrator: Option<&'a str>,
    seconds: f64,
}

/// One claim with the number of its footnote.
struct Line<'a> {
    text: &'a str,
    grade: heritage::Grade,
    note: usize,
    /// No edition or page of its source has been named yet.
    owed: bool,
}

impl Telling<'_> {
    /// Minutes and seconds, as in `1:05`.
    fn length(&self) -> String {
        let whole = self.seconds.round() as u64;
        format!("{}:{:02}", whole / 60, whole % 60)
    }
}

/// `/<lang>/<site>/`.
pub(super) fn render_site(house: House<'_>, entry: &Entry, lang: Lang) -> askama::Result<String> {
    let visit = titled(Visit::new(house, entry, lang, "site", "", None), "", "");
    SitePage { visit }.render()
}

/// `/<lang>/<site>/scene/`.
pub(super) fn render_scene(house: House<'_>, entry: &Entry, lang: Lang) -> askama::Result<String> {
    let visit = titled(Visit::new(house, entry, lang, "scene", "scene/", None), "场景", "The scene");
    ScenePage { visit }.render()
}

/// `/<lang>/<site>/foot/`.
pub(super) fn render_foot(house: House<'_>, entry: &Entry, lang: Lang) -> askama::Result<String> {
    let visit = titled(Visit::new(house, entry, lang, "foot", "foot/", None), "实地走访", "On foot");
    FootPage { visit }.render()
}

/// `/<lang>/<site>/<station>/`; nothing where the route names a station that is not there.
pub(super) fn render_station(
    house: House<'_>,
    entry: &Entry,
    lang: Lang,
    id: &StationId,
) -> Option<askama::Result<String>> {
    let station = entry.site.station(id)?;
    let mut visit = Visit::new(house, entry, lang, "station", &format!("{id}/"), Some(id));
    let at = visit.stops.iter().position(|stop| stop.station.id == *id)?;
    let said = format!("{} · {}", station.title.get(lang), entry.site.title.get(lang));
    let first = station.points.first().and_then(|point| point.claims(lang).first());
    visit.page.title = said;
    visit.page.description = first.map(|claim| claim.text.clone()).unwrap_or_default();
    let mut notes: Vec<&Source> = Vec::new();
    let tellings = station.points.iter().map(|point| tell(entry, lang, point, &mut notes)).collect();
    let conflicts: Vec<&Conflict> = entry.site.conflicts.iter().filter(|conflict| conflict.station == *id).collect();
    for value in conflicts.iter().flat_map(|conflict| &conflict.values) {
        if let Some(source) = entry.site.source(&value.source) {
            number_of(source, &mut notes);
        }
    }
    let before = at.checked_sub(1).and_then(|index| visit.stops.get(index).cloned());
    let next = visit.stops.get(at + 1).cloned();
    Some(StationPage { visit, number: at + 1, station, tellings, notes, conflicts, before, next }.render())
}

fn titled<'a>(mut visit: Visit<'a>, zh: &str, en: &str) -> Visit<'a> {
    let lang = visit.lang;
    let site = visit.site.title.get(lang);
    let part = visit.t(zh, en);
    visit.page.title = if part.is_empty() { site.to_owned() } else { format!("{part} · {site}") };
    visit.page.description = visit.site.summary.get(lang).to_owned();
    visit
}

fn tell<'a>(entry: &'a Entry, lang: Lang, point: &'a StoryPoint, notes: &mut Vec<&'a Source>) -> Telling<'a> {
    let lines = point
        .claims(lang)
        .iter()
        .map(|claim| {
            let source = entry.site.source(&claim.source);
            Line {
                text: &claim.text,
                grade: claim.grade,
                note: source.map_or(0, |source| number_of(source, notes)),
                owed: source.is_some_and(Source::is_owed),
            }
        })
        .collect();
    let file = |path: String| entry.files.contains(&path).then(|| format!("{}{path}", entry.root));
    let (code, id) = (lang.code(), &point.id);
    let voice = entry.voices.of(lang, id.as_str());
    Telling {
        point,
        lines,
        ogg: file(format!("narration/{code}/{id}.ogg")),
        mp3: file(format!("narration/{code}/{id}.mp3")),
        captions: file(format!("captions/{code}/{id}.vtt")),
        synthetic: voice == Some(&Voice::Synthetic),
        narrator: match voice {
            Some(Voice::Narrator(name)) => Some(name),
            _ => None,
        },
        seconds: point.narration_secs(lang),
    }
}

/// Number of a source among the footnotes of this page, from 1, in the order of first mention.
fn number_of<'a>(source: &'a Source, notes: &mut Vec<&'a Source>) -> usize {
    let known = notes.iter().position(|note| note.id == source.id);
    known.unwrap_or_else(|| {
        notes.push(source);
        notes.len() - 1
    }) + 1
}
