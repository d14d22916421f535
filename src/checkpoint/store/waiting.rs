//! What waits for somebody's next step: lists to be confirmed, passes to be shown, and marks of what was used. Kept with the
//! record rather than in memory, so that another service of the same record may take the step.

use super::StoreError;
use crate::clock::MINUTE_MS;
use async_trait::async_trait;
use uuid::Uuid;

/// What waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wait {
    /// A list of people that an admin is to confirm; one for each admin, the latest.
    Roster,
    /// A challenge or an answer that was used, and must not be used again.
    Used,
}

impl Wait {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Roster, Self::Used];

    /// The word in the database.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Roster => "roster",
            Self::Used => "used",
        }
    }

    /// How many wait at once. Past it the oldest list goes, while a mark is not kept: forgetting one would let what it
    /// marks be used again.
    pub const fn most(self) -> u32 {
        match self {
            Self::Roster => 32,
            Self::Used => 100_000,
        }
    }

    /// Whether what comes takes the place of its owner's last, and past [`Self::most`] of the oldest.
    pub const fn gives_way(self) -> bool {
        matches!(self, Self::Roster)
    }
}

/// Bytes of one thing that waits.
pub const MOST_WAITING_BYTES: usize = 8 * 1024 * 1024;

/// How far the clocks of two services of one record may be apart.
pub const APART_MS: i64 = MINUTE_MS;

/// Something that waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// By which it is found.
    pub id: Uuid,
    /// What it is.
    pub what: Wait,
    /// Whose, if anybody's.
    pub owner: Option<Uuid>,
    /// What the store does not look into.
    pub body: Vec<u8>,
    /// Since when, by the service's clock.
    pub since_ms: i64,
    /// Until when; it is gone from then on.
    pub ends_ms: i64,
}

/// What a store keeps of what waits.
#[async_trait]
pub trait Waits: Send + Sync {
    /// Keeps it, and clears away what has waited too long by its clock. `false`, and nothing is kept, if the id is there
    /// already, it is too long, or there are as many as may wait.
    async fn keep_waiting(&self, new: Waiting) -> Result<bool, StoreError>;

    /// What waits under this id, while it does. One that has waited since more than [`APART_MS`] after `now_ms` was kept by
    /// a clock that has been set back since, and is not found.
    async fn waiting(&self, what: Wait, id: Uuid, now_ms: i64) -> Result<Option<Waiting>, StoreError>;

    /// Likewise, and it waits no longer: of several who ask at once, one is given it.
    async fn take_waiting(&self, what: Wait, id: Uuid, now_ms: i64) -> Result<Option<Waiting>, StoreError>;
}
