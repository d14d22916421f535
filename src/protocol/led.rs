//! A led visit as those who follow it hear of it: one small value, told whole with every change.

use heritage::{PointId, RouteId, SiteId, StationId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Where a led visit stands: the answer of `GET /v1/led/{code}` and the data of each `state` event of
/// `GET /v1/led/{code}/events`. It names nobody.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Led {
    /// Rises with every change. Each part says by which change it came, so that a follower obeys it once however often it
    /// is told, and one who was away obeys what stands now and nothing that has passed.
    pub revision: u64,
    /// Where.
    pub site: SiteId,
    /// Along which route.
    pub route: RouteId,
    /// Where everybody is asked to be.
    pub going: Option<Going>,
    /// What is being told.
    pub telling: Option<Telling>,
    /// What everybody is asked to look at.
    pub look: Option<Look>,
    /// It is over; nothing comes any more.
    pub finished: bool,
}

/// Where everybody is asked to be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Going {
    /// Which station.
    pub station: StationId,
    /// The change by which it came.
    pub since: u64,
}

/// What is being told.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Telling {
    /// Which story point.
    pub point: PointId,
    /// It plays, or it is held.
    pub playing: bool,
    /// How far it had come when this was sent, seconds of the clip.
    pub at_secs: f64,
    /// The change by which it came.
    pub since: u64,
}

/// What everybody is asked to look at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Look {
    /// Which story point.
    pub point: PointId,
    /// The change by which it came.
    pub since: u64,
}

/// `POST /v1/led/{code}/seen`: a follower has received the state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seen {
    /// Who: the id that they follow under, made up by the page and of no meaning elsewhere.
    pub follower: Uuid,
    /// Up to which change.
    pub revision: u64,
}
