//! Attesting: a trainer stands for stations that no device recorded, from a list or from having been there.

use super::record::Attested;
use super::{Became, Walk};
use crate::api::Fault;
use crate::house::House;
use crate::store::{Appended, Entry, Kind, NewEntry, Person};
use heritage::{Bilingual, Route, StationId};
use protocol::api::WalkState;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// On what ground a trainer attests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Basis {
    /// A list kept on paper on the day.
    List,
    /// The trainer was there.
    Present,
}

impl Basis {
    /// Both, in the order in which the desk offers them.
    pub const ALL: [Self; 2] = [Self::Present, Self::List];

    /// The word in forms and in the log.
    pub const fn code(self) -> &'static str {
        match self {
            Self::List => "list",
            Self::Present => "present",
        }
    }

    /// The basis named by [`Self::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|basis| basis.code() == code)
    }

    /// The word that trainers read.
    pub fn label(self) -> Bilingual {
        match self {
            Self::List => Bilingual::new("据纸质名单", "from a paper list"),
            Self::Present => Bilingual::new("本人在场", "was there in person"),
        }
    }
}

/// The body of an attestation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attestation {
    /// On what ground.
    pub basis: Basis,
    /// Stations of the route, each once.
    pub stations: Vec<StationId>,
    /// In the trainer's words; never empty.
    pub reason: String,
}

/// Attests stations of a walk. `id` comes from the form, so that sending it twice attests once.
///
/// # Errors
/// A [`Fault`] for no station, one that is not of the route or stands twice, or where the store cannot keep it.
pub async fn attest(
    house: &House,
    trainer: &Person,
    walk: &Walk,
    attestation: &Attestation,
    id: Uuid,
) -> Result<Became, Fault> {
    if walk.person == trainer.id {
        return Ok(Became::Own);
    }
    let stations = &attestation.stations;
    let is_sound = |(index, station): (usize, &StationId)| {
        walk.route.stations.contains(station) && stations.iter().take(index).all(|earlier| earlier != station)
    };
    if stations.is_empty() || !stations.iter().enumerate().all(is_sound) {
        return Err(Fault::malformed());
    }
    // What has been confirmed is decided; it is taken back before anything is added.
    if walk.state == WalkState::Confirmed {
        return Ok(Became::Changed);
    }
    let now_ms = house.now_ms();
    let entry = NewEntry {
        id,
        kind: Kind::Attested,
        subject: walk.person,
        author: trainer.id,
        site: Some(walk.site.clone()),
        route: Some(walk.route.id.clone()),
        station: None,
        device: None,
        captured_at_ms: now_ms,
        received_at_ms: now_ms,
        body: serde_json::to_string(attestation).map_err(|_| Fault::malformed())?,
    };
    match house.store.append(vec![entry]).await?.first() {
        Some(Appended::Stored(_) | Appended::Duplicate(_)) => Ok(Became::Stands),
        _ => Ok(Became::Changed),
    }
}

/// What an entry attests on a route, station by station; nothing if it is no attestation of that route.
pub(super) fn read(entry: &Entry, on: &Route) -> Vec<Attested> {
    let said = &entry.said;
    if said.kind != Kind::Attested || said.route.as_ref() != Some(&on.id) {
        return Vec::new();
    }
    let Ok(Attestation { basis, stations, reason }) = serde_json::from_str(&said.body) else { return Vec::new() };
    let attested = |station| Attested {
        station,
        seq: entry.seq,
        by: said.author,
        at_ms: said.received_at_ms,
        basis,
        reason: reason.clone(),
    };
    stations.into_iter().filter(|station| on.stations.contains(station)).map(attested).collect()
}
