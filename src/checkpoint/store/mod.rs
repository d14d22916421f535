//! What is kept: the log, the people, their sessions. One trait, so that another database can stand behind it.
//!
//! An implementation answers a write only when it is on disk. One conformance suite holds for all of them.

pub mod annals;
pub mod audit;
pub mod bindings;
pub mod erased;
pub mod forwards;
pub mod kept;
pub mod moving;
pub mod pairing;
pub mod passkeys;
pub mod place;
pub mod postgres;
pub mod showings;
pub mod sqlite;
pub mod statements;
pub mod tally;
pub mod verified;
pub mod visits;
pub mod vouchings;
pub mod waiting;

use crate::history::{Checkpoint, Tile};
pub use annals::{Annals, Told};
use async_trait::async_trait;
pub use audit::{Act, Audit, NewAudit};
pub use bindings::{Binding, Bindings};
pub use forwards::Forwards;
use heritage::SiteId;
pub use kept::{
    Appended, Entry, Guard, Kind, LogEnd, NewCode, NewEntry, NewPerson, Person, Proven, Renewal, TokenHash, Unit,
};
pub use pairing::{Kiosk, Pairings};
pub use passkeys::{KeptPasskey, Passkeys};
pub use place::Place;
use protocol::api::Role;
pub use showings::{Showings, ShownKey};
pub use statements::Statements;
use uuid::Uuid;
pub use visits::{Claim, Delivered, KioskVisit, NewVisit, Visits};
pub use vouchings::{VouchLimits, VouchOutcome, Vouchings};
pub use waiting::{Wait, Waiting, Waits};

/// Why the store cannot answer.
#[derive(Clone, Debug, thiserror::Error)]
pub enum StoreError {
    /// The disk is full; nothing of the request was kept.
    #[error("the disk is full")]
    Full,
    /// Writing failed in a way after which no write can be trusted until a restart.
    #[error("writing has stopped: {0}")]
    Stopped(String),
    /// The server of the database cannot be reached or takes no writes; nothing of the request was kept.
    #[error("the database cannot be reached: {0}")]
    Away(String),
    /// The database was lost at a moment after which it is not known whether the request was kept.
    #[error("whether it was kept is not known: {0}")]
    Unclear(String),
    /// The database refused.
    #[error("the database refused: {0}")]
    Refused(String),
}

impl StoreError {
    /// The tree is not as the service left it.
    pub fn broken_tree() -> Self {
        Self::Refused("the tree over the log is not whole; checkpoint verify says where".to_owned())
    }
}

/// Everything the service keeps.
#[async_trait]
pub trait Store:
    Annals + Bindings + Forwards + Pairings + Passkeys + Showings + Statements + Visits + Vouchings + Waits + Send + Sync
{
    /// Appends entries in the order given; those of the desk stand in the audit log too, in the same commit. An id that is there already changes nothing: it is a duplicate if content
    /// and author are the same, else a conflict.
    async fn append(&self, entries: Vec<NewEntry>) -> Result<Vec<Appended>, StoreError>;

    /// Appends one entry only if the subject's log at that site still ends at `seen_seq` (0 for an empty one).
    /// `None` if something came in between. A duplicate is answered as such whatever came in between.
    async fn append_if_unchanged(&self, entry: NewEntry, seen_seq: i64) -> Result<Option<Appended>, StoreError>;

    /// One person's entries, by rising `seq`.
    async fn log_of(&self, subject: Uuid) -> Result<Vec<Entry>, StoreError>;

    /// One person's entries at one site and those about the person alone, by rising `seq`.
    async fn log_at(&self, subject: Uuid, site: SiteId) -> Result<Vec<Entry>, StoreError>;

    /// Everyone who has entries, by id.
    async fn subjects(&self) -> Result<Vec<Uuid>, StoreError>;

    /// The tree over the log as it stands.
    async fn head(&self) -> Result<Checkpoint, StoreError>;

    /// The hashes of a tile, 32 bytes each; `None` while there are not as many.
    async fn tile(&self, tile: Tile) -> Result<Option<Vec<u8>>, StoreError>;

    /// What proves that the log holds the entry with this id; `None` where it does not, or it was erased.
    async fn proof(&self, id: Uuid) -> Result<Option<Proven>, StoreError>;

    /// Places from `first` on, `count` of them, of which what was confirmed there no longer stands: it was taken back, or the
    /// entry was erased. Rising.
    async fn revoked(&self, first: i64, count: i64) -> Result<Vec<i64>, StoreError>;

    /// Where each log at a site ends, for all people of a unit and those below it.
    async fn ends_of_unit(&self, unit: Uuid) -> Result<Vec<LogEnd>, StoreError>;

    /// The last `most` entries about people of a unit and those below it rather than their walks, newest first.
    async fn deeds_of_unit(&self, unit: Uuid, most: u32) -> Result<Vec<Entry>, StoreError>;

    /// For each person, in the order asked: how many others of their unit the same devices have recorded for.
    async fn sharing(&self, people: Vec<Uuid>) -> Result<Vec<usize>, StoreError>;

    /// Makes a unit; nothing happens if the id is there.
    async fn add_unit(&self, id: Uuid, name: String) -> Result<(), StoreError>;

    /// Makes a unit below another, with the audit entry that says who did it; `false` if the id is there already.
    async fn add_unit_below(&self, unit: Unit, audit: NewAudit) -> Result<bool, StoreError>;

    /// The unit, then all below it, by name. Empty if there is no such unit.
    async fn units_below(&self, unit: Uuid) -> Result<Vec<Unit>, StoreError>;

    /// Makes all of these people or none, with the audit entries that say who did it; `false`, and nothing is kept, if an
    /// id or a code is there already or stands twice.
    async fn add_people(&self, people: Vec<NewPerson>, audits: Vec<NewAudit>) -> Result<bool, StoreError>;

    /// Makes a person; `false` if the id or the code is there already.
    async fn add_person(&self, person: NewPerson) -> Result<bool, StoreError>;

    /// The person named `id`.
    async fn person(&self, id: Uuid) -> Result<Option<Person>, StoreError>;

    /// The person whose code has this key.
    async fn person_by_code(&self, code_key: [u8; 32]) -> Result<Option<Person>, StoreError>;

    /// Everyone of a unit and those below it: the unit itself first, then by unit, role and name.
    async fn people_of(&self, unit: Uuid) -> Result<Vec<Person>, StoreError>;

    /// Whether anyone has this role. Who has no PIN and a code that ended at 0 was shut out, and is not counted.
    async fn has_role(&self, role: Role) -> Result<bool, StoreError>;

    /// Sets the PIN of a person who has none; `false` if one is set already.
    async fn set_first_pin(&self, person: Uuid, pin_hash: String) -> Result<bool, StoreError>;

    /// Gives a person a new code, takes PIN, passkeys and bindings away and ends every session, with the entry that says who did it.
    /// `false` if there is no such person or the entry is there already; then nothing has changed.
    async fn renew_code(&self, person: Uuid, code: NewCode, entry: Option<NewEntry>) -> Result<bool, StoreError>;

    /// As [`Self::renew_code`] for all of these people, or for none: `false` if one of them is not there or one of the entries
    /// is there already.
    async fn renew_codes(&self, renewals: Vec<Renewal>) -> Result<bool, StoreError>;

    /// Gives a person who has a PIN another, ends every session and lifts the wait after failed sign-ins, with the entry
    /// that says who did it. `false` if there is no PIN to replace or the entry is there already; then nothing has changed.
    async fn renew_pin(&self, person: Uuid, pin_hash: String, entry: NewEntry) -> Result<bool, StoreError>;

    /// Begins a session.
    async fn open_session(&self, token: TokenHash, person: Uuid, now_ms: i64, ends_ms: i64) -> Result<(), StoreError>;

    /// Whose session this is, if it has not ended and was not begun more than a day after `now_ms`.
    async fn session(&self, token: TokenHash, now_ms: i64) -> Result<Option<Person>, StoreError>;

    /// Ends a session.
    async fn close_session(&self, token: TokenHash) -> Result<(), StoreError>;

    /// How often sign-in with this code has failed lately.
    async fn guard(&self, code_key: [u8; 32]) -> Result<Guard, StoreError>;

    /// Counts an attempt as failed before it is looked at, and forgets counts more than a day away. `None`, and nothing is
    /// counted, while the code must wait: however many come at once, no more are looked at than one after another.
    async fn begin_attempt(&self, code_key: [u8; 32], now_ms: i64) -> Result<Option<Guard>, StoreError>;

    /// Forgets the failures of a code after a good sign-in.
    async fn clear_failures(&self, code_key: [u8; 32]) -> Result<(), StoreError>;

    /// Replaces the one first-admin link.
    async fn set_first_link(&self, token: TokenHash, ends_ms: i64) -> Result<(), StoreError>;

    /// Whether this is the first-admin link and still good; it ends within a day of `now_ms`.
    async fn first_link_is(&self, token: TokenHash, now_ms: i64) -> Result<bool, StoreError>;

    /// Uses the link up and makes unit and admin in one step; `false` if the link is not good any more.
    async fn use_first_link(
        &self,
        token: TokenHash,
        now_ms: i64,
        unit: (Uuid, String),
        admin: NewPerson,
    ) -> Result<bool, StoreError>;

    /// Adds to the audit log.
    async fn audit(&self, audit: NewAudit) -> Result<(), StoreError>;

    /// The last `most` audit entries before place `before` that concern the unit or one below it, or all of a unit above
    /// it; with `person`, only those by or about them. Newest first.
    async fn audits(&self, unit: Uuid, person: Option<Uuid>, before: i64, most: u32) -> Result<Vec<Audit>, StoreError>;

    /// What the store counts about itself, as Prometheus text.
    fn metrics(&self) -> String;

    /// Whether it can be read and written at all.
    async fn ready(&self) -> Result<(), StoreError>;
}
