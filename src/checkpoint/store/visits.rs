//! Visits of nobody in particular: what a hall's terminal has delivered and nobody has claimed yet, and claims of what has not
//! arrived. What a code comes to at a moment is judged here, whichever database keeps it.

use super::StoreError;
use super::kept::TokenHash;
use crate::clock::DAY_MS;
use async_trait::async_trait;
use uuid::Uuid;

/// How long a visit can be claimed, from when the service has it.
pub const CLAIM_MS: i64 = DAY_MS;
/// How late a hall may deliver: no visit can be claimed so long after its end, and a claim waits no longer than this.
pub const LATEST_MS: i64 = 7 * DAY_MS;
/// How many claims of one person may wait for halls at once.
pub const MOST_CLAIMS: u32 = 3;
/// Visits of one terminal that may wait to be claimed at once: a hall's week.
pub const MOST_VISITS: u32 = 5_000;

/// A visit about to be kept.
#[derive(Clone, Debug)]
pub struct NewVisit {
    /// Made by the terminal.
    pub id: Uuid,
    /// Which terminal.
    pub kiosk: Uuid,
    /// Key of the code that its end showed.
    pub code_key: TokenHash,
    /// When it ended, by the service's clock.
    pub ended_ms: i64,
    /// By how much the terminal's clock was ahead as it delivered.
    pub skew_ms: i64,
    /// When it was delivered, by the service's clock.
    pub delivered_ms: i64,
    /// JSON: a list of events, as the terminal made them.
    pub body: String,
}

impl NewVisit {
    /// Until when it can be claimed: a day from now, and no later than a week after its end.
    pub fn ends_ms(&self) -> i64 {
        (self.delivered_ms.saturating_add(CLAIM_MS)).min(self.ended_ms.saturating_add(LATEST_MS))
    }
}

/// A visit as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KioskVisit {
    /// Made by the terminal.
    pub id: Uuid,
    /// Which terminal.
    pub kiosk: Uuid,
    /// Key of its code.
    pub code_key: TokenHash,
    /// When it ended, by the service's clock.
    pub ended_ms: i64,
    /// By how much the terminal's clock was ahead as it delivered.
    pub skew_ms: i64,
    /// Until when it can be claimed.
    pub ends_ms: i64,
    /// Who has claimed it; nobody any more where that person was erased.
    pub person: Option<Uuid>,
    /// When it was claimed, if it was.
    pub claimed_ms: Option<i64>,
    /// JSON: a list of events. Empty once they are in the log, or nobody can claim them any more.
    pub body: String,
}

impl KioskVisit {
    /// Whether it is somebody's and not all in their record yet.
    pub const fn is_unfinished(&self) -> bool {
        self.person.is_some() && !self.body.is_empty()
    }

    /// What the code means to somebody.
    pub fn standing(self, person: Uuid, now_ms: i64) -> Claim {
        match (self.person, self.claimed_ms) {
            (Some(claimed), _) if claimed == person => Claim::Yours(self),
            (_, Some(_)) => Claim::Others,
            (_, None) if self.body.is_empty() || self.ends_ms <= now_ms => Claim::Expired,
            (_, None) => Claim::Open(self),
        }
    }
}

/// What became of a delivery.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Delivered {
    /// It waits to be claimed.
    Stored,
    /// It is a member's, who claimed it before it arrived; its events are to be put into their record.
    Claimed(KioskVisit),
    /// It was delivered before.
    Before(KioskVisit),
    /// It came so late that nobody can claim it.
    Expired,
    /// The id or the code is another visit's.
    Conflict,
    /// As many of this terminal wait as may.
    TooMany,
}

/// What a code means to somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Claim {
    /// Nobody has claimed it.
    Open(KioskVisit),
    /// Theirs, now or since before; its events are to be put into their record where they are not yet.
    Yours(KioskVisit),
    /// Somebody else's.
    Others,
    /// Nobody can claim it any more.
    Expired,
    /// Nothing with this code has arrived, and no claim of it is kept.
    Unknown,
    /// Nothing with this code has arrived; their claim is kept until then, milliseconds since 1970 UTC.
    Waits(i64),
    /// Nothing with this code has arrived, and as many claims of theirs wait as may.
    TooMany,
}

/// What a store keeps of visits that nobody has claimed yet.
#[async_trait]
pub trait Visits: Send + Sync {
    /// Keeps a visit that was delivered. The same delivery again changes nothing. A claim that waits for its code makes it
    /// that member's.
    async fn keep_visit(&self, new: NewVisit) -> Result<Delivered, StoreError>;

    /// What a code means to somebody; changes nothing.
    async fn look_at_visit(&self, code_key: TokenHash, person: Uuid, now_ms: i64) -> Result<Claim, StoreError>;

    /// Makes the visit with this code theirs, for good; of several who claim it at once, one has it. Where nothing with this
    /// code has arrived, the claim is kept.
    async fn claim_visit(&self, code_key: TokenHash, person: Uuid, now_ms: i64) -> Result<Claim, StoreError>;

    /// Empties a visit whose events are all in its member's record.
    async fn settle_visit(&self, id: Uuid) -> Result<(), StoreError>;

    /// Until when each claim of somebody waits, rising.
    async fn claims_of(&self, person: Uuid, now_ms: i64) -> Result<Vec<i64>, StoreError>;

    /// Empties what nobody can claim any more, forgets what is long past, gives visits to claims that wait for them, and tells
    /// which are still to be put into a member's record.
    async fn tend_visits(&self, now_ms: i64) -> Result<Vec<KioskVisit>, StoreError>;
}
