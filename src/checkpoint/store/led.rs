//! Visits that somebody leads, as they stand, and who follows them at the moment. Kept with the record rather than in
//! memory, so that a visit outlasts a restart and may be followed at any service of one record.

use super::StoreError;
use super::audit::NewAudit;
use crate::clock::{DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS};
use async_trait::async_trait;
use heritage::{RouteId, SiteId};
use uuid::Uuid;

/// How many may follow one visit.
pub const MOST_FOLLOWERS: usize = 30;
/// How long a visit lasts at most.
pub const LED_MS: i64 = 4 * HOUR_MS;
/// How long after its end it is still said to be over; then it is forgotten.
pub const REMEMBERED_MS: i64 = DAY_MS;
/// After so long without a sign of life a follower is gone.
pub const AWAY_MS: i64 = 25 * SECOND_MS;
/// How far the clocks of two services of one record may be apart.
pub const APART_MS: i64 = MINUTE_MS;

/// A visit that somebody leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LedVisit {
    /// Stable, random; its code is derived from it.
    pub id: Uuid,
    /// Key of the code by which others follow.
    pub code_key: [u8; 32],
    /// Who leads.
    pub leader: Uuid,
    /// The leader's unit.
    pub unit: Uuid,
    /// Where.
    pub site: SiteId,
    /// Along which route.
    pub route: RouteId,
    /// When it began, by the service's clock.
    pub began_ms: i64,
    /// When it ends, or ended.
    pub ends_ms: i64,
    /// Rises by one with every change.
    pub revision: i64,
    /// How it stands, which the store does not look into.
    pub state: String,
}

/// What beginning a visit came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BegunLed {
    /// It has begun.
    Begun,
    /// The same person leads this one already.
    Running(Uuid),
    /// Its id or its code is another's.
    Taken,
}

/// Somebody who follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Follower {
    /// Which visit.
    pub visit: Uuid,
    /// Made up by the follower's page.
    pub id: Uuid,
    /// By which connection; a later one takes its place.
    pub stream: Uuid,
    /// Up to which change they have confirmed.
    pub revision: i64,
}

/// What a store keeps of led visits.
#[async_trait]
pub trait LedVisits: Send + Sync {
    /// Begins a visit unless its leader leads one already, and forgets those that ended more than [`REMEMBERED_MS`] ago.
    async fn begin_led(&self, new: LedVisit, audit: NewAudit) -> Result<BegunLed, StoreError>;

    /// Puts `changed` in place of the one with the revision before it, with what is said of that, if anything; `false`, and
    /// nothing has changed, if something came in between.
    async fn change_led(&self, changed: LedVisit, audit: Option<NewAudit>) -> Result<bool, StoreError>;

    /// Those of these visits that are there, by id.
    async fn led_visits(&self, ids: Vec<Uuid>) -> Result<Vec<LedVisit>, StoreError>;

    /// The visit whose code has this key.
    async fn led_by_code(&self, code_key: [u8; 32]) -> Result<Option<LedVisit>, StoreError>;

    /// The visit that somebody leads at `now_ms`.
    async fn led_by(&self, leader: Uuid, now_ms: i64) -> Result<Option<LedVisit>, StoreError>;

    /// Lets somebody follow, or go on following by another connection; `false` if [`MOST_FOLLOWERS`] others do already.
    async fn follow_led(&self, follower: Follower, now_ms: i64) -> Result<bool, StoreError>;

    /// A follower has gone, if that was their latest connection.
    async fn leave_led(&self, visit: Uuid, stream: Uuid) -> Result<(), StoreError>;

    /// A follower has confirmed up to this change; `false` if that is not news.
    async fn see_led(&self, visit: Uuid, follower: Uuid, revision: i64) -> Result<bool, StoreError>;

    /// These connections, each of a visit, are still there.
    async fn stay_led(&self, streams: Vec<(Uuid, Uuid)>, now_ms: i64) -> Result<(), StoreError>;

    /// Who follows at `now_ms`, each with the change up to which they have confirmed, by id.
    async fn led_followers(&self, visit: Uuid, now_ms: i64) -> Result<Vec<(Uuid, i64)>, StoreError>;
}
