//! The log on a server that speaks `PostgreSQL`'s protocol: several services may write to it at once.
//!
//! Order is given at one row, the frontier, held from the first read of a transaction to its commit. No sequences, triggers
//! or advisory locks: designed for `CockroachDB`, `YugabyteDB` and Citus too, and untested there.

mod address;
mod annals;
mod append;
pub(in crate::store) mod ask;
mod audit;
mod bindings;
mod connect;
mod deeds;
pub mod erase;
mod forwards;
mod frontier;
mod learning;
mod migrate;
mod pairing;
mod passkeys;
mod people;
mod rows;
mod sessions;
mod shelves;
mod showings;
mod statements;
mod step;
mod tree;
mod trouble;
mod units;
pub mod verify;
mod visits;
mod vouchings;
mod waiting;
mod writer;

use super::audit::{Audit, NewAudit};
use super::kept::{
    Appended, Entry, Guard, LogEnd, NewCode, NewEntry, NewPerson, Person, Proven, Renewal, TokenHash, Unit,
};
use super::{Store, StoreError};
use crate::history::{Checkpoint, Tile};
pub use address::Address;
use async_trait::async_trait;
pub use connect::Use;
use deadpool_postgres::{Object, Pool};
pub(in crate::store) use frontier::Frontier;
use heritage::SiteId;
use protocol::api::Role;
use step::{read, write};
pub(in crate::store) use trouble::Trouble;
use uuid::Uuid;
use writer::Writer;

/// A [`Store`] on a server.
pub struct Postgres {
    pool: Pool,
    writer: Writer,
    is_new: bool,
}

impl Postgres {
    /// Reaches the server, makes the tables on the first start, and brings them up to date.
    ///
    /// # Errors
    /// [`StoreError`] where the server cannot be reached or trusted with a record, or the tables come from a later version.
    pub async fn open(address: &Address) -> Result<Self, StoreError> {
        let pool = connect::pool(address, Use::Serve)?;
        connect::examine(&pool).await?;
        let is_new = migrate::migrate(&pool).await?;
        Ok(Self { writer: Writer::start(pool.clone()), pool, is_new })
    }

    /// Reaches a record as it is: for [`Use::Inspect`] nothing in it changes, and whatever is written is refused.
    ///
    /// # Errors
    /// [`StoreError`] as for [`Self::open`], and where no service has made the tables yet.
    pub async fn look_after(address: &Address, used: Use) -> Result<Self, StoreError> {
        let pool = connect::pool(address, used)?;
        connect::examine(&pool).await?;
        let store = Self { writer: Writer::start(pool.clone()), pool, is_new: false };
        read!(store, client => migrate::is_current(&client))?;
        Ok(store)
    }

    /// Whether the tables were made by this opening, so that nobody can have a secret for them yet.
    pub const fn is_new(&self) -> bool {
        self.is_new
    }

    /// A connection by itself, for what takes long.
    pub(in crate::store) async fn connection(&self) -> Result<Object, StoreError> {
        Ok(self.pool.get().await.map_err(Trouble::from)?)
    }

    /// Which log it is.
    ///
    /// # Errors
    /// [`StoreError`] where it cannot be read.
    pub async fn origin(&self) -> Result<String, StoreError> {
        read!(self, client => tree::origin(&client))
    }
}

#[async_trait]
impl Store for Postgres {
    async fn append(&self, entries: Vec<NewEntry>) -> Result<Vec<Appended>, StoreError> {
        self.writer.append(entries).await
    }

    async fn append_if_unchanged(&self, entry: NewEntry, seen_seq: i64) -> Result<Option<Appended>, StoreError> {
        write!(self, true, |step, again| deeds::append_if_unchanged(&step, &entry, seen_seq, again))
    }

    async fn log_of(&self, subject: Uuid) -> Result<Vec<Entry>, StoreError> {
        read!(self, client => rows::log_of(&client, subject))
    }

    async fn log_at(&self, subject: Uuid, site: SiteId) -> Result<Vec<Entry>, StoreError> {
        read!(self, client => rows::log_at(&client, subject, &site))
    }

    async fn subjects(&self) -> Result<Vec<Uuid>, StoreError> {
        read!(self, client => rows::subjects(&client))
    }

    async fn head(&self) -> Result<Checkpoint, StoreError> {
        read!(self, client => tree::head(&client))
    }

    async fn tile(&self, tile: Tile) -> Result<Option<Vec<u8>>, StoreError> {
        read!(self, client => tree::tile(&client, tile))
    }

    async fn proof(&self, id: Uuid) -> Result<Option<Proven>, StoreError> {
        read!(self, client => tree::proof(&client, id))
    }

    async fn revoked(&self, first: i64, count: i64) -> Result<Vec<i64>, StoreError> {
        read!(self, client => rows::revoked(&client, first, count))
    }

    async fn ends_of_unit(&self, unit: Uuid) -> Result<Vec<LogEnd>, StoreError> {
        read!(self, client => rows::ends_of_unit(&client, unit))
    }

    async fn deeds_of_unit(&self, unit: Uuid, most: u32) -> Result<Vec<Entry>, StoreError> {
        read!(self, client => rows::deeds_of_unit(&client, unit, most))
    }

    async fn sharing(&self, people: Vec<Uuid>) -> Result<Vec<usize>, StoreError> {
        read!(self, client => rows::sharing(&client, &people))
    }

    async fn add_unit(&self, id: Uuid, name: String) -> Result<(), StoreError> {
        let unit = Unit { id, name, parent: None };
        write!(self, true, |step, _again| units::add(&step, &unit)).map(|_: bool| ())
    }

    async fn add_unit_below(&self, unit: Unit, audit: NewAudit) -> Result<bool, StoreError> {
        write!(self, false, |step, _again| deeds::add_unit(&step, &unit, &audit))
    }

    async fn units_below(&self, unit: Uuid) -> Result<Vec<Unit>, StoreError> {
        read!(self, client => units::below(&client, unit))
    }

    async fn add_people(&self, people: Vec<NewPerson>, audits: Vec<NewAudit>) -> Result<bool, StoreError> {
        write!(self, false, |step, _again| deeds::add_people(&step, &people, &audits))
    }

    async fn add_person(&self, person: NewPerson) -> Result<bool, StoreError> {
        let made = write!(self, false, |step, _again| people::add(&step, std::slice::from_ref(&person)));
        made.map(|made| made == 1)
    }

    async fn person(&self, id: Uuid) -> Result<Option<Person>, StoreError> {
        read!(self, client => people::by_id(&client, id))
    }

    async fn person_by_code(&self, code_key: [u8; 32]) -> Result<Option<Person>, StoreError> {
        read!(self, client => people::by_code(&client, code_key))
    }

    async fn people_of(&self, unit: Uuid) -> Result<Vec<Person>, StoreError> {
        read!(self, client => people::of_unit(&client, unit))
    }

    async fn has_role(&self, role: Role) -> Result<bool, StoreError> {
        read!(self, client => people::has_role(&client, role))
    }

    async fn set_first_pin(&self, person: Uuid, pin_hash: String) -> Result<bool, StoreError> {
        write!(self, false, |step, _again| people::set_first_pin(&step, person, &pin_hash))
    }

    async fn renew_code(&self, person: Uuid, code: NewCode, entry: Option<NewEntry>) -> Result<bool, StoreError> {
        write!(self, true, |step, again| deeds::renew_code(&step, person, code, entry.as_ref(), again))
    }

    async fn renew_codes(&self, renewals: Vec<Renewal>) -> Result<bool, StoreError> {
        write!(self, true, |step, again| deeds::renew_codes(&step, &renewals, again))
    }

    async fn renew_pin(&self, person: Uuid, pin_hash: String, entry: NewEntry) -> Result<bool, StoreError> {
        write!(self, true, |step, again| deeds::renew_pin(&step, person, &pin_hash, &entry, again))
    }

    async fn open_session(&self, token: TokenHash, person: Uuid, now_ms: i64, ends_ms: i64) -> Result<(), StoreError> {
        write!(self, true, |step, _again| sessions::open(&step, token, person, (now_ms, ends_ms)))
    }

    async fn session(&self, token: TokenHash, now_ms: i64) -> Result<Option<Person>, StoreError> {
        read!(self, client => people::by_session(&client, token, now_ms))
    }

    async fn close_session(&self, token: TokenHash) -> Result<(), StoreError> {
        write!(self, true, |step, _again| sessions::close(&step, token))
    }

    async fn guard(&self, code_key: [u8; 32]) -> Result<Guard, StoreError> {
        read!(self, client => sessions::guard(&client, code_key))
    }

    async fn begin_attempt(&self, code_key: [u8; 32], now_ms: i64) -> Result<Option<Guard>, StoreError> {
        write!(self, false, |step, _again| sessions::begin_attempt(&step, code_key, now_ms))
    }

    async fn clear_failures(&self, code_key: [u8; 32]) -> Result<(), StoreError> {
        write!(self, true, |step, _again| sessions::clear_failures(&step, code_key))
    }

    async fn set_first_link(&self, token: TokenHash, ends_ms: i64) -> Result<(), StoreError> {
        write!(self, true, |step, _again| sessions::set_first_link(&step, token, ends_ms))
    }

    async fn first_link_is(&self, token: TokenHash, now_ms: i64) -> Result<bool, StoreError> {
        read!(self, client => sessions::first_link_is(&client, token, now_ms))
    }

    async fn use_first_link(
        &self,
        token: TokenHash,
        now_ms: i64,
        unit: (Uuid, String),
        admin: NewPerson,
    ) -> Result<bool, StoreError> {
        write!(self, false, |step, _again| deeds::use_first_link(&step, (token, now_ms), &unit, &admin))
    }

    async fn audit(&self, audit: NewAudit) -> Result<(), StoreError> {
        write!(self, false, |step, _again| deeds::add_audit(&step, &audit))
    }

    async fn audits(&self, unit: Uuid, person: Option<Uuid>, before: i64, most: u32) -> Result<Vec<Audit>, StoreError> {
        read!(self, client => audit::of_unit(&client, unit, person, (before, most)))
    }

    fn metrics(&self) -> String {
        self.writer.tally.text()
    }

    async fn ready(&self) -> Result<(), StoreError> {
        read!(self, client => connect::takes_writes(&client))
    }
}
