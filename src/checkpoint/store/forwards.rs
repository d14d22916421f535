//! How far the log was forwarded to other learning record stores, and what each of them would not take. For each store one
//! place in the log up to which all is settled, and a row for each entry that is held back; no row for what went well.

use super::StoreError;
use super::audit::NewAudit;
use super::kept::{Entry, Kind};
use async_trait::async_trait;
use uuid::Uuid;

/// Places of the log that are looked at in one go, however few of them are wanted.
pub const PLACES: i64 = 5_000;

/// How far forwarding to one store has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Forward {
    /// The store, as the operator names it.
    pub name: String,
    /// Of which unit's people, and of those below it, entries are sent; of everyone where it is none.
    pub unit: Option<Uuid>,
    /// Up to this place of the log everything was delivered, is held, or is nothing to be sent.
    pub seq: i64,
    /// Statements that were delivered.
    pub sent: i64,
    /// When something last was, by the service's clock.
    pub last_ms: Option<i64>,
    /// Statements delivered there whose entries were erased here afterwards.
    pub erased: i64,
    /// Places of the log past that one: at most so many entries, of whatever kind. A difference and no count, so that asking
    /// costs the same however long the log is.
    pub behind: i64,
    /// Entries that are held, and not set aside.
    pub held: i64,
}

/// A run of the log.
#[derive(Clone, Debug, PartialEq)]
pub struct LogRun {
    /// Entries that are wanted, by rising place.
    pub entries: Vec<Entry>,
    /// Everything that is wanted up to this place is among them.
    pub reached: i64,
    /// Whether the log goes on past it.
    pub has_more: bool,
}

/// Why a store would not take a statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Place of the entry.
    pub seq: i64,
    /// Status of the answer.
    pub status: u16,
    /// The store's own words, as plain text; may be empty.
    pub words: String,
}

/// What became of a run of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settled {
    /// The place from which it was read.
    pub from: i64,
    /// The place up to which it is settled.
    pub upto: i64,
    /// So many statements were delivered.
    pub delivered: i64,
    /// What was not.
    pub refused: Vec<Refusal>,
    /// The service's clock, milliseconds since 1970 UTC.
    pub at_ms: i64,
}

/// An entry that is held back from a store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// Why.
    pub refusal: Refusal,
    /// The entry's id, which is the statement's.
    pub id: Uuid,
    /// What kind of entry.
    pub kind: Kind,
    /// Since when, by the service's clock.
    pub since_ms: i64,
    /// It will be tried again.
    pub again: bool,
    /// Why an admin set it aside; none where it was not.
    pub aside: Option<String>,
}

/// What an admin wants done with what is held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deal {
    /// Try again.
    Again,
    /// Leave it unsent, for this reason.
    Aside(String),
}

/// What a store keeps of forwarding.
#[async_trait]
pub trait Forwards: Send + Sync {
    /// Begins forwarding to a store at the beginning of the log, or notes of which unit it is from now on.
    async fn begin_forward(&self, name: String, unit: Option<Uuid>) -> Result<(), StoreError>;

    /// How far it has come to each store that there is or was, by name.
    async fn forwards(&self) -> Result<Vec<Forward>, StoreError>;

    /// Entries after a place, about people of the unit and those below it or about everyone, `most` of them.
    async fn log_after(&self, unit: Option<Uuid>, after: i64, most: u32) -> Result<LogRun, StoreError>;

    /// Moves on and holds what was refused; `false`, and nothing has changed, where it is not at that place any more.
    async fn settle_forward(&self, name: String, settled: Settled) -> Result<bool, StoreError>;

    /// The first `most` entries that are held and to be tried again, by place.
    async fn held_again(&self, name: String, most: u32) -> Result<Vec<Entry>, StoreError>;

    /// What became of entries that were tried again: those at these places are delivered, the others still held.
    async fn settle_again(
        &self,
        name: String,
        delivered: Vec<i64>,
        refused: Vec<Refusal>,
        now_ms: i64,
    ) -> Result<(), StoreError>;

    /// What is held about people of a unit and those below it, `most` of it: what was set aside last, else by place.
    async fn held(&self, name: String, unit: Uuid, most: u32) -> Result<Vec<Held>, StoreError>;

    /// Deals with what is held about people of a unit and those below it, at one place or wherever it was not set aside,
    /// with the audit entry that says who had it done; tells how many. Where there is none, nothing is said.
    async fn deal_with_held(
        &self,
        name: String,
        unit: Uuid,
        seq: Option<i64>,
        deal: Deal,
        audit: NewAudit,
    ) -> Result<u64, StoreError>;
}

impl LogRun {
    /// Of what was found between two places, of a log that ends at `last`.
    pub fn of(entries: Vec<Entry>, most: u32, (after, upto): (i64, i64), last: i64) -> Self {
        let is_full = entries.len() >= most as usize;
        let end = entries.last().map(|entry| entry.seq).filter(|_| is_full);
        let reached = end.unwrap_or(upto).max(after);
        Self { entries, reached, has_more: reached < last }
    }
}
