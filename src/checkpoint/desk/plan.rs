//! The plan of a walk: where its stations lie, in which order they were completed, and how well each is shown. Drawn from
//! the site's own metres; a device's positions never come here.

use super::frame::Frame;
use crate::store::Entry;
use crate::walk::{StationFinding, Walk};
use heritage::geodesy::EastNorthUp;
use heritage::scene::Era;
use heritage::{Site, StationId, Way};
use protocol::event::{Event, EventKind};
use std::collections::BTreeMap;

/// Space around what is drawn, as a share of its width.
const MARGIN: f64 = 0.04;
/// Numerals' discs: of the plan's width, and of the way between the two nearest stations.
const DISC: (f64, f64) = (0.022, 0.48);

/// The plan as its template shows it: metres, x east and y south of the site's origin.
pub struct Plan {
    /// `x y width height`.
    pub view: String,
    /// Corners of all that can be walked on.
    pub floors: Vec<String>,
    /// The river between the bridge's heads: west edge and width.
    pub river: Option<(String, String)>,
    /// North and south edge of the view, as the river needs them.
    pub high: (String, String),
    /// The stations as they were completed, one after the other.
    pub way: String,
    /// On the route.
    pub spots: Vec<Spot>,
    /// Radius of a numeral's disc, and size of what is written.
    pub disc_m: String,
    /// Where the scale's bar begins.
    pub bar: (String, String),
    /// How long it is.
    pub bar_m: u32,
    /// From one completed station to the next.
    pub legs: Vec<Leg>,
}

/// A station on the plan.
pub struct Spot {
    /// On the route, from 1.
    pub number: usize,
    /// What it is called.
    pub title: String,
    /// Where.
    pub x: String,
    /// Where.
    pub y: String,
    /// Radius within which a phone is at the station.
    pub radius_m: String,
    /// `E0` to `E4`.
    pub level: &'static str,
    /// It counts.
    pub met: bool,
    /// It is to be looked at twice.
    pub flagged: bool,
}

/// The way from one station to the next.
pub struct Leg {
    /// Their numbers, with what they are called.
    pub between: String,
    /// Level distance, where both were completed on the ground.
    pub away: String,
    /// Time between the two by the device's clock.
    pub took: String,
}

/// When and how a station was first completed.
struct Done {
    station: StationId,
    at_ms: i64,
    way: Way,
}

/// The plan of a walk.
pub fn plan(at: &Frame, place: &Site, walk: &Walk, log: &[Entry]) -> Plan {
    let found: Vec<(&StationFinding, EastNorthUp, f64)> = walk
        .stations
        .iter()
        .filter_map(|found| place.station(&found.record.station).map(|it| (found, it.position, it.radius_m)))
        .collect();
    let floors = place.scene.floors.iter().filter(|floor| floor.era != Some(Era::Y1935));
    let points = |corners: &[EastNorthUp]| corners.iter().map(|it| pair(it.east_m, -it.north_m)).collect::<Vec<_>>();
    let half = place.scene.chains.as_ref().map(|chains| chains.span_m / 2.0);
    let (from, to) = bounds(&found, half.unwrap_or_default());
    let (wide, high) = (to.0 - from.0, to.1 - from.1);
    let bar_m = [5, 10, 20, 50, 100, 200, 500].into_iter().rfind(|metres| f64::from(*metres) < wide / 4.0).unwrap_or(1);
    let done = done(walk, log);
    let position = |id: &StationId| place.station(id).map(|station| station.position);
    let way: Vec<String> =
        done.iter().filter_map(|each| position(&each.station)).map(|it| pair(it.east_m, -it.north_m)).collect();
    Plan {
        view: format!("{} {} {} {}", n(from.0), n(from.1), n(wide), n(high)),
        floors: floors.map(|floor| points(&floor.corners).join(" ")).collect(),
        river: half.map(|half| (n(-half), n(2.0 * half))),
        high: (n(from.1), n(high)),
        way: way.join(" "),
        disc_m: n(disc(&found, wide)),
        bar: (n(from.0 + wide * MARGIN / 2.0), n(to.1 - wide * MARGIN / 2.0)),
        bar_m,
        spots: found.iter().enumerate().map(|(index, found)| spot(at, place, index, found)).collect(),
        legs: done.windows(2).filter_map(|pair| leg(at, place, walk, &pair[0], &pair[1])).collect(),
    }
}

fn spot(
    at: &Frame,
    place: &Site,
    index: usize,
    (found, position, radius_m): &(&StationFinding, EastNorthUp, f64),
) -> Spot {
    Spot {
        number: index + 1,
        title: title(at, place, &found.record.station),
        x: n(position.east_m),
        y: n(-position.north_m),
        radius_m: n(*radius_m),
        level: found.presence.level.code(),
        met: found.verdict.met,
        flagged: !found.flags.is_empty(),
    }
}

fn title(at: &Frame, place: &Site, id: &StationId) -> String {
    place.station(id).map(|station| at.pick(&station.title).to_owned()).unwrap_or_default()
}

/// Every station that was completed, in the order of the first time by the device's clock.
fn done(walk: &Walk, log: &[Entry]) -> Vec<Done> {
    let mut first: BTreeMap<usize, Done> = BTreeMap::new();
    for entry in log.iter().filter(|entry| entry.said.subject == walk.person) {
        let Ok(Event { captured_at_ms, kind: EventKind::Completed { site, route, station, way, .. }, .. }) =
            serde_json::from_str::<Event>(&entry.said.body)
        else {
            continue;
        };
        let number = walk.route.stations.iter().position(|each| *each == station);
        let Some(number) = number.filter(|_| site == walk.site && route == walk.route.id) else { continue };
        if first.get(&number).is_none_or(|known| captured_at_ms < known.at_ms) {
            first.insert(number, Done { station, at_ms: captured_at_ms, way });
        }
    }
    let mut done: Vec<Done> = first.into_values().collect();
    // At one moment by the clock, the route's own order is taken for granted.
    done.sort_by_key(|each| each.at_ms);
    done
}

fn leg(at: &Frame, place: &Site, walk: &Walk, from: &Done, to: &Done) -> Option<Leg> {
    let number = |id: &StationId| walk.route.stations.iter().position(|each| each == id).map(|index| index + 1);
    let named = |id: &StationId| Some(format!("{} {}", number(id)?, title(at, place, id)));
    let on_ground = from.way == Way::Foot && to.way == Way::Foot;
    let (a, b) = (place.station(&from.station)?.position, place.station(&to.station)?.position);
    let away_m = (a.east_m - b.east_m).hypot(a.north_m - b.north_m);
    Some(Leg {
        between: format!("{} → {}", named(&from.station)?, named(&to.station)?),
        away: if on_ground { format!("{away_m:.0} {}", at.say("米", "m")) } else { "—".to_owned() },
        took: took(at, to.at_ms.saturating_sub(from.at_ms) / 1000),
    })
}

/// A time in the two largest units that it has.
fn took(at: &Frame, secs: i64) -> String {
    let units =
        [(86_400, at.say("天", "d")), (3_600, at.say("小时", "h")), (60, at.say("分", "min")), (1, at.say("秒", "s"))];
    let largest = units.iter().position(|(unit, _)| secs >= *unit).unwrap_or(units.len() - 1);
    let mut left = secs.max(0);
    let mut said = Vec::new();
    for (unit, name) in units.iter().skip(largest).take(2) {
        let count = left / unit;
        left %= unit;
        if count > 0 || said.is_empty() {
            said.push(format!("{count} {name}"));
        }
    }
    said.join(" ")
}

type Corner = (f64, f64);

/// What the view holds: all stations, their radii and the bridge between its heads, with room for the scale below.
fn bounds(found: &[(&StationFinding, EastNorthUp, f64)], half: f64) -> (Corner, Corner) {
    let (mut from, mut to) = ((-half, -10.0_f64), (half, 10.0_f64));
    for (_, at, radius_m) in found {
        from = (from.0.min(at.east_m - radius_m), from.1.min(-at.north_m - radius_m));
        to = (to.0.max(at.east_m + radius_m), to.1.max(-at.north_m + radius_m));
    }
    let margin = (to.0 - from.0) * MARGIN;
    ((from.0 - margin, from.1 - margin), (to.0 + margin, to.1 + 1.5 * margin))
}

/// As large as can be read, unless two stations lie nearer than that.
fn disc(found: &[(&StationFinding, EastNorthUp, f64)], wide: f64) -> f64 {
    let mut nearest = f64::INFINITY;
    for (index, (_, one, _)) in found.iter().enumerate() {
        for (_, other, _) in &found[index + 1..] {
            nearest = nearest.min((one.east_m - other.east_m).hypot(one.north_m - other.north_m));
        }
    }
    (wide * DISC.0).min(nearest * DISC.1).max(wide * 0.012)
}

fn pair(x: f64, y: f64) -> String {
    format!("{},{}", n(x), n(y))
}

/// Decimetres are all that a plan can show.
fn n(metres: f64) -> String {
    let rounded = (metres * 10.0).round() / 10.0;
    if rounded == 0.0 { "0".to_owned() } else { rounded.to_string() }
}
