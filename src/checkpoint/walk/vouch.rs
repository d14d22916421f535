//! Vouching: a learner says that a companion stood at the same stations at about the same time. Both must have completed
//! them on the ground; what is written names both completions, so that it holds for these and no others.

use super::{Walk, heard_at};
use crate::api::Fault;
use crate::clock::DAY_MS;
use crate::house::House;
use crate::secrets::id_of;
use crate::store::{Entry, Kind, NewEntry, Person, VouchLimits, VouchOutcome};
use heritage::credit::TOGETHER_MS;
use heritage::{Bilingual, Route, StationId, Way};
use protocol::event::EventKind;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// How often one person may vouch for the same other in a year.
pub const MOST_FOR_ONE: usize = 6;
/// How often one person may vouch in a day, for whomever.
pub const MOST_A_DAY: usize = 20;
const YEAR_MS: i64 = 365 * DAY_MS;

/// The body of such an entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Vouching {
    /// Stations of the route, each once.
    pub stations: Vec<Stood>,
}

/// One station at which both stood.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stood {
    /// Which.
    pub station: StationId,
    /// The completion that is vouched for.
    pub of: Uuid,
    /// The completion of whoever vouches.
    pub by: Uuid,
}

/// One station that somebody vouched for.
#[derive(Clone, Debug)]
pub struct Vouched {
    /// Which station.
    pub station: StationId,
    /// The completion that is vouched for.
    pub of: Uuid,
    /// Place of the entry in the log; several stations may share one.
    pub seq: i64,
    /// By whom.
    pub by: Uuid,
    /// When, by the service's clock.
    pub at_ms: i64,
}

/// Where two people stood together on a route.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Together {
    /// Stations that can be vouched for, in the route's order.
    pub open: Vec<Stood>,
    /// Stations that this person has vouched for already.
    pub said: Vec<StationId>,
}

/// Where `who` stood together with the learner whose walk this is, by both logs at the site.
pub fn together(who: Uuid, walk: &Walk, theirs: &[Entry], own: &[Entry]) -> Together {
    let route = &walk.route;
    let mut found = Together::default();
    // What is confirmed is decided; what comes later changes nothing of it.
    if walk.person == who || walk.is_confirmed() {
        return found;
    }
    let known: Vec<Vouched> =
        theirs.iter().flat_map(|entry| read(entry, route)).filter(|each| each.by == who).collect();
    let (theirs, own) = (on_foot(walk.person, theirs, route), on_foot(who, own, route));
    for station in &route.stations {
        if known.iter().any(|each| each.station == *station) {
            found.said.push(station.clone());
            continue;
        }
        let at = |stops: &'_ [Stop]| stops.iter().filter(|stop| stop.station == *station).cloned().collect::<Vec<_>>();
        let (of, by) = (at(&theirs), at(&own));
        let pairs = of.iter().flat_map(|of| by.iter().map(move |by| (of, by)));
        let apart_ms = |of: &Stop, by: &Stop| of.at_ms.abs_diff(by.at_ms);
        let nearest = pairs.min_by_key(|(of, by)| (apart_ms(of, by), of.id, by.id));
        found.open.extend(nearest.filter(|(of, by)| apart_ms(of, by) <= TOGETHER_MS).map(|(of, by)| Stood {
            station: station.clone(),
            of: of.id,
            by: by.id,
        }));
    }
    found
}

/// A completion on the ground.
#[derive(Clone)]
struct Stop {
    station: StationId,
    id: Uuid,
    at_ms: i64,
}

fn on_foot(person: Uuid, log: &[Entry], route: &Route) -> Vec<Stop> {
    let own = log.iter().filter(|entry| entry.said.subject == person && entry.said.site.as_ref() == Some(&route.site));
    let stop = |entry: &Entry| {
        let event = heard_at(entry, route)?;
        let EventKind::Completed { station, way: Way::Foot, .. } = event.kind else { return None };
        Some(Stop { station, id: event.id, at_ms: event.captured_at_ms })
    };
    own.filter_map(stop).collect()
}

/// Writes down that `who` vouches for these stations of a walk. The same again writes nothing more. `false` where something
/// else came into that log since the walk was derived.
///
/// # Errors
/// A [`Fault`] where it was done too often, or where the store cannot keep it.
pub async fn vouch(house: &House, who: &Person, walk: &Walk, together: &Together) -> Result<bool, Fault> {
    if together.open.is_empty() {
        return Ok(true);
    }
    let now_ms = house.now_ms();
    let body = Vouching { stations: together.open.clone() };
    let entry = NewEntry {
        site: Some(walk.site.clone()),
        route: Some(walk.route.id.clone()),
        ..NewEntry::about(
            id(who.id, walk.person, &body),
            Kind::Vouched,
            (walk.person, who.id),
            now_ms,
            serde_json::to_string(&body).map_err(|_| Fault::malformed())?,
        )
    };
    let limits = VouchLimits {
        for_one: MOST_FOR_ONE,
        for_one_since_ms: now_ms - YEAR_MS,
        for_all: MOST_A_DAY,
        for_all_since_ms: now_ms - DAY_MS,
    };
    match house.store.append_vouching(entry, walk.last_seq, limits).await? {
        VouchOutcome::Stands => Ok(true),
        VouchOutcome::Changed => Ok(false),
        VouchOutcome::TooOften => Err(too_often()),
    }
}

/// The same people and completions give the same entry: pressed twice, it is written once.
fn id(who: Uuid, of: Uuid, body: &Vouching) -> Uuid {
    let pairs = body.stations.iter().flat_map(|stood| [stood.of, stood.by]);
    let ids: Vec<u8> = [who, of].into_iter().chain(pairs).flat_map(Uuid::into_bytes).collect();
    id_of(&[b"vouch\0", &ids[..]].concat())
}

/// There is no station at which both stood together.
pub fn nowhere() -> Fault {
    Fault::not_vouched(Bilingual::new(
        "你们没有在半小时之内实地完成同一站的记录，未写入证明。若手机上还有待传记录，请两人都先传出再试。",
        "No station was completed on the ground by both of you within half an hour, so nothing was written. If records still wait on a phone, let both send first and try again.",
    ))
}

fn too_often() -> Fault {
    Fault::not_vouched(Bilingual::new(
        format!(
            "为同一人一年最多证明 {MOST_FOR_ONE} 次，一天最多证明 {MOST_A_DAY} 次；已到上限，未写入证明。可请带训人证明。"
        ),
        format!(
            "You may vouch for one person {MOST_FOR_ONE} times a year and {MOST_A_DAY} times a day; that is reached, and nothing was written. Ask a trainer to attest."
        ),
    ))
}

/// What an entry vouches for on a route, station by station; nothing if it is of another kind or route, or its own subject's.
pub(super) fn read(entry: &Entry, on: &Route) -> Vec<Vouched> {
    let said = &entry.said;
    if said.kind != Kind::Vouched || said.route.as_ref() != Some(&on.id) || said.author == said.subject {
        return Vec::new();
    }
    let Ok(Vouching { stations }) = serde_json::from_str(&said.body) else { return Vec::new() };
    let vouched = |Stood { station, of, .. }| Vouched {
        station,
        of,
        seq: entry.seq,
        by: said.author,
        at_ms: said.received_at_ms,
    };
    stations.into_iter().map(vouched).collect()
}
