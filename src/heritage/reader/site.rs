//! `site.toml`: names, origin, sources, stations, story points, conflicts and measures.

use super::origin;
use super::sheet::{Gathered, Sheet};
use super::table::Table;
use crate::geodesy::EastNorthUp;
use crate::site::{Conflict, ConflictValue, Measure, Origin, RADIUS_M, Unknown};
use crate::{Bilingual, Grade, PointId, SiteId, Source, SourceId, StationId};

pub(super) const FILE: &str = "site.toml";

/// Farthest that anything of a site lies from its origin, metres: more is a slip of the pen.
const FARTHEST_M: f64 = 5_000.0;

/// What `site.toml` says, before stories, questions and routes are joined to it.
pub(super) struct Draft {
    pub id: Option<SiteId>,
    pub title: Bilingual,
    pub summary: Bilingual,
    pub when: Bilingual,
    pub origin: Option<Origin>,
    pub sources: Vec<(Source, usize)>,
    pub stations: Vec<DraftStation>,
    pub points: Vec<DraftPoint>,
    pub conflicts: Vec<(Conflict, usize)>,
    pub unknowns: Vec<Unknown>,
    pub measures: Vec<Measure>,
}

pub(super) struct DraftStation {
    pub id: StationId,
    pub line: usize,
    pub title: Bilingual,
    pub position: EastNorthUp,
    pub radius_m: f64,
    pub points: Vec<(PointId, usize)>,
}

pub(super) struct DraftPoint {
    pub id: PointId,
    pub line: usize,
    pub title: Bilingual,
    pub position: EastNorthUp,
}

pub(super) fn read(text: &str) -> (Draft, Gathered) {
    let sheet = Sheet::new(FILE, text);
    let parsed = sheet.parse();
    let root = sheet.root(&parsed);
    let sources: Vec<(Source, usize)> = root.tables("source").into_iter().filter_map(source).collect();
    let draft = Draft {
        id: root.name("id"),
        title: root.bilingual("title"),
        summary: root.bilingual("summary"),
        when: root.bilingual("when"),
        origin: root.table("origin").and_then(|table| origin::read(&table, &sources)),
        stations: root.tables("station").into_iter().filter_map(station).collect(),
        points: root.tables("point").into_iter().filter_map(point).collect(),
        conflicts: root.tables("conflict").into_iter().filter_map(conflict).collect(),
        unknowns: root.tables("unknown").into_iter().map(unknown).collect(),
        measures: root.tables("measure").into_iter().filter_map(measure).collect(),
        sources,
    };
    root.finish();
    (draft, sheet.close())
}

/// A source and its line, as in `site.toml` and in `preparation.toml`.
pub(super) fn source(table: Table<'_, '_>) -> Option<(Source, usize)> {
    let (line, id) = (table.line(), table.name("id"));
    let (title, trust) = (table.bilingual("title"), table.bilingual("trust"));
    let locator = table.has("locator").then(|| table.bilingual("locator"));
    let address = table.has("address").then(|| table.text("address"));
    let reference = table.reference("reference");
    let sound = |address: &str| address.starts_with("https://") || address.starts_with("http://");
    if address.as_ref().is_some_and(|address| !sound(address) || address.contains(char::is_whitespace)) {
        let remedy = "write the whole address, as in address = \"https://example.org/page\"";
        table.sheet().find(table.line_of("address"), "`address` is not a web address", remedy);
    }
    if locator.is_none() && address.is_none() {
        let remedy = "write locator = { zh = \"…\", en = \"…\" }, or address = \"https://…\", or both";
        table.sheet().find(line, "a source with neither `locator` nor `address`", remedy);
    }
    table.finish();
    Some((Source { id: id?, title, locator, address, trust, reference }, line))
}

/// A place that can be one: near the site's origin. Without one the origin itself stands in, so that the rest can be looked at.
fn place(table: &Table<'_, '_>, key: &'static str) -> EastNorthUp {
    let place = table.place(key).unwrap_or_default();
    let away_m = EastNorthUp::default().distance_m(place);
    if away_m > FARTHEST_M {
        let remedy = "use metres from the site's origin, not degrees or millimetres";
        table.sheet().find(table.line_of(key), format!("`{key}` lies {away_m:.0} m from the origin"), remedy);
    }
    place
}

fn station(table: Table<'_, '_>) -> Option<DraftStation> {
    let (line, id, title) = (table.line(), table.name("id"), table.bilingual("title"));
    let position = place(&table, "position");
    let radius_m = table.number("radius_m");
    if let Some(radius_m) = radius_m.filter(|radius_m| !RADIUS_M.contains(radius_m)) {
        let remedy = "use 5 to 500 m; a phone's position is no better";
        table.sheet().find(table.line_of("radius_m"), format!("radius_m = {radius_m}"), remedy);
    }
    let points = table.names("points");
    table.finish();
    Some(DraftStation { id: id?, line, title, position, radius_m: radius_m.unwrap_or(*RADIUS_M.start()), points })
}

fn point(table: Table<'_, '_>) -> Option<DraftPoint> {
    let (line, id, title) = (table.line(), table.name("id"), table.bilingual("title"));
    let position = place(&table, "position");
    table.finish();
    Some(DraftPoint { id: id?, line, title, position })
}

fn conflict(table: Table<'_, '_>) -> Option<(Conflict, usize)> {
    let (line, station, subject) = (table.line(), table.name("station"), table.bilingual("subject"));
    let values: Vec<ConflictValue> = table.tables("values").into_iter().filter_map(conflict_value).collect();
    if values.len() < 2 {
        let remedy = "give what at least two sources say, as values = [{ value = { zh, en }, source }, …]";
        table.sheet().find(line, "a conflict with fewer than two sides", remedy);
    }
    let modelled = table.bilingual("modelled");
    table.finish();
    Some((Conflict { station: station?, subject, values, modelled }, line))
}

fn conflict_value(table: Table<'_, '_>) -> Option<ConflictValue> {
    let (value, source): (Bilingual, Option<SourceId>) = (table.bilingual("value"), table.source("source"));
    table.finish();
    Some(ConflictValue { value, source: source? })
}

fn unknown(table: Table<'_, '_>) -> Unknown {
    let unknown = Unknown { what: table.bilingual("what"), shown: table.bilingual("shown") };
    table.finish();
    unknown
}

fn measure(table: Table<'_, '_>) -> Option<Measure> {
    let (title, from, to) = (table.bilingual("title"), place(&table, "from"), place(&table, "to"));
    let (source_m, uncertainty_m) = (table.number("source_m"), table.number("uncertainty_m"));
    let certainty = table.certainty("certainty");
    let source = table.source_graded("source", certainty.map(Grade::History));
    let (line, sheet) = (table.line(), table.sheet());
    table.finish();
    let (source_m, uncertainty_m) = (source_m?, uncertainty_m?);
    if uncertainty_m <= 0.0 || source_m <= 0.0 {
        sheet.find(line, "a measure that is not above 0 m", "give source_m and uncertainty_m in metres");
    }
    let model_m = from.distance_m(to);
    if (model_m - source_m).abs() > uncertainty_m {
        let what = format!("the model has {model_m:.2} m, the source {source_m:.2} m ± {uncertainty_m:.2} m");
        sheet.find(line, what, "mend the ends, or show it as a conflict");
    }
    Some(Measure { title, from, to, source_m, source: source?, certainty: certainty?, uncertainty_m })
}
