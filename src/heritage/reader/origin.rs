//! The origin's coordinate: its range, its datum, and the signs that it was copied off a shifted map.

use super::table::Table;
use crate::geodesy::{Bd09, Gcj02, OutOfRange, Wgs84};
use crate::site::Origin;
use crate::{Source, SourceId};

/// Words in a source's title or locator by which a coordinate marked WGS 84 is likely GCJ-02.
const GCJ02_MAPS: [&str; 9] =
    ["amap", "autonavi", "gaode", "高德", "腾讯地图", "map.qq.com", "天地图api", "gcj-02", "gcj02"];
/// The same for BD-09.
const BD09_MAPS: [&str; 5] = ["map.baidu", "baidu map", "百度地图", "bd-09", "bd09"];

const SURVEY: &str = "convert it, or give a coordinate whose datum is known to be WGS 84";

/// The origin, and what is doubtful in it.
pub(super) fn read(table: &Table<'_, '_>, sources: &[(Source, usize)]) -> Option<Origin> {
    let (lat_deg, lon_deg, datum) = (table.number("lat_deg"), table.number("lon_deg"), table.text("datum"));
    let (uncertainty_m, source) = (table.number("uncertainty_m"), table.source("source"));
    if let Some(metres) = uncertainty_m.filter(|metres| *metres <= 0.0) {
        let remedy = "say within how many metres the true place lies; none is exact";
        table.sheet().find(table.line_of("uncertainty_m"), format!("uncertainty_m = {metres}"), remedy);
    }
    let position = lat_deg.zip(lon_deg).and_then(|(lat_deg, lon_deg)| position(table, lat_deg, lon_deg, &datum));
    if let (Some(id), "wgs84") = (&source, datum.as_str()) {
        doubt(table, sources.iter().map(|(source, _)| source).find(|source| source.id == *id), id);
    }
    Some(Origin { position: position?, uncertainty_m: uncertainty_m?, source: source? })
}

/// Another datum is a fault, but the right coordinate is told with it and used meanwhile.
fn position(table: &Table<'_, '_>, lat_deg: f64, lon_deg: f64, datum: &str) -> Option<Wgs84> {
    let off_earth = |error: OutOfRange| {
        let remedy = "check whether latitude and longitude are interchanged";
        table.sheet().find(table.line_of("lat_deg"), error.to_string(), remedy);
    };
    let converted = match datum {
        "wgs84" => return Wgs84::new(lat_deg, lon_deg).map_err(off_earth).ok(),
        "gcj02" => Gcj02::new(lat_deg, lon_deg).map(Wgs84::from).map_err(off_earth).ok()?,
        "bd09" => Bd09::new(lat_deg, lon_deg).map(Wgs84::from).map_err(off_earth).ok()?,
        other => {
            let what = format!("the datum “{other}” is not one that is understood");
            table.sheet().find(table.line_of("datum"), what, "write datum = \"wgs84\"");
            return None;
        }
    };
    let (lat, lon) = (converted.lat_deg(), converted.lon_deg());
    let remedy = format!("write lat_deg = {lat:.5}, lon_deg = {lon:.5}, datum = \"wgs84\", and say so at the source");
    table.sheet().find(table.line_of("datum"), format!("the coordinate is in {datum}, not in WGS 84"), remedy);
    Some(converted)
}

fn doubt(table: &Table<'_, '_>, source: Option<&Source>, id: &SourceId) {
    let Some(source) = source else { return };
    let locator = source.locator.clone().unwrap_or_default();
    let address = source.address.as_deref().unwrap_or_default();
    let named = [&source.title.zh, &source.title.en, &locator.zh, &locator.en, address].join(" ").to_lowercase();
    for (maps, datum) in [(&GCJ02_MAPS[..], "GCJ-02"), (&BD09_MAPS[..], "BD-09")] {
        if maps.iter().any(|word| named.contains(word)) {
            let what = format!("marked wgs84, but `{id}` is a source whose coordinates are {datum}");
            table.sheet().find(table.line_of("datum"), what, SURVEY);
        }
    }
}
