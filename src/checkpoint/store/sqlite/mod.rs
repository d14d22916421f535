//! The log in one file of `SQLite`: write-ahead log, full sync, one writer, a few readers.

mod annals;
mod audit;
pub mod backup;
mod bindings;
mod connect;
pub mod erase;
mod forwards;
mod learning;
mod led;
mod migrate;
mod pairing;
mod passkeys;
mod people;
mod rows;
mod sessions;
mod shelves;
mod showings;
mod statements;
mod tree;
mod units;
pub mod verify;
mod visits;
mod vouchings;
mod waiting;
pub mod writer;

use super::audit::{Audit, NewAudit};
use super::kept::{
    Appended, Entry, Guard, LogEnd, NewCode, NewEntry, NewPerson, Person, Proven, Renewal, TokenHash, Unit,
};
use super::{Store, StoreError};
use crate::history::{Checkpoint, Tile};
use crate::metrics::gauge;
use async_trait::async_trait;
use connect::connect;
pub use connect::{attend, inspect};
use heritage::SiteId;
use protocol::api::Role;
use rusqlite::Connection;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::Semaphore;
use uuid::Uuid;
use writer::Writer;

/// Connections that read side by side.
const READERS: usize = 4;
/// Pages that the writer keeps in memory, in KiB: more than a full group touches. With fewer it would write pages out
/// before they are done, and again afterwards.
const WRITER_CACHE_KIB: i64 = 64 * 1024;

/// A [`Store`] in one file.
pub struct Sqlite {
    /// Stand above `writer`, since fields go in this order and the last connection to close takes the write-ahead log in.
    readers: Arc<Mutex<Vec<Connection>>>,
    writer: Writer,
    turns: Arc<Semaphore>,
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(rusqlite::ErrorCode::DiskFull) => Self::Full,
            Some(rusqlite::ErrorCode::SystemIoFailure) => Self::Stopped(error.to_string()),
            _ => Self::Refused(error.to_string()),
        }
    }
}

/// Which log a database holds.
///
/// # Errors
/// [`StoreError`] where it cannot be read.
pub fn origin(connection: &Connection) -> Result<String, StoreError> {
    tree::origin(connection)
}

impl Sqlite {
    /// Opens the file, makes it on the first start, and brings its tables up to date.
    ///
    /// # Errors
    /// [`StoreError`] where the file cannot be opened, is no database, or comes from a later version.
    pub fn open(file: &Path) -> Result<Self, StoreError> {
        let mut first = connect(file)?;
        migrate::migrate(&mut first)?;
        first.pragma_update(None, "cache_size", -WRITER_CACHE_KIB)?;
        let readers = (0..READERS).map(|_| connect(file)).collect::<Result<Vec<_>, _>>()?;
        for reader in &readers {
            reader.execute_batch("PRAGMA query_only = ON")?;
        }
        Self::with(first, readers)
    }

    /// Opens a file that is there and brings its tables up to date, to look after it; a service may be using it meanwhile.
    ///
    /// # Errors
    /// [`StoreError`] as for [`attend`].
    pub fn attend(file: &Path) -> Result<Self, StoreError> {
        connect::find(file)?;
        Self::open(file)
    }

    /// Opens a file as it is, a backup for one: nothing in it changes, and whatever is written is refused.
    ///
    /// # Errors
    /// [`StoreError`] as for [`inspect`].
    pub fn open_unchanged(file: &Path) -> Result<Self, StoreError> {
        Self::with(inspect(file)?, (0..READERS).map(|_| inspect(file)).collect::<Result<Vec<_>, _>>()?)
    }

    fn with(writes: Connection, readers: Vec<Connection>) -> Result<Self, StoreError> {
        let turns = Arc::new(Semaphore::new(readers.len()));
        Ok(Self { writer: Writer::start(writes)?, readers: Arc::new(Mutex::new(readers)), turns })
    }

    async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let lost = |_| StoreError::Stopped("a reader was lost".to_owned());
        let turn =
            Arc::clone(&self.turns).acquire_owned().await.map_err(|_| StoreError::Stopped("no readers".into()))?;
        let readers = Arc::clone(&self.readers);
        tokio::task::spawn_blocking(move || {
            let taken = readers.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let Some(connection) = taken else { return Err(StoreError::Stopped("no readers".to_owned())) };
            let found = work(&connection);
            readers.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
            drop(turn);
            found
        })
        .await
        .map_err(|error| error.to_string())
        .map_err(lost)?
    }
}

impl Sqlite {
    /// Reads on the thread that asks, where a reader is free: for what an index answers in less time than it takes to
    /// wake another thread.
    async fn read_here<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let Ok(turn) = self.turns.try_acquire() else { return self.read(work).await };
        let taken = self.readers.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let Some(connection) = taken else { return Err(StoreError::Stopped("no readers".to_owned())) };
        let found = work(&connection);
        self.readers.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
        drop(turn);
        found
    }
}

#[async_trait]
impl Store for Sqlite {
    async fn append(&self, entries: Vec<NewEntry>) -> Result<Vec<Appended>, StoreError> {
        let rows = entries.len();
        self.writer.write(rows, move |c| rows::append_all(c, &entries)).await
    }

    async fn append_if_unchanged(&self, entry: NewEntry, seen_seq: i64) -> Result<Option<Appended>, StoreError> {
        self.writer.write(1, move |c| rows::append_if_unchanged(c, &entry, seen_seq)).await
    }

    async fn log_of(&self, subject: Uuid) -> Result<Vec<Entry>, StoreError> {
        self.read(move |c| rows::log_of(c, subject)).await
    }

    async fn log_at(&self, subject: Uuid, site: SiteId) -> Result<Vec<Entry>, StoreError> {
        self.read(move |c| rows::log_at(c, subject, &site)).await
    }

    async fn subjects(&self) -> Result<Vec<Uuid>, StoreError> {
        self.read(rows::subjects).await
    }

    async fn head(&self) -> Result<Checkpoint, StoreError> {
        self.read(tree::head).await
    }

    async fn tile(&self, tile: Tile) -> Result<Option<Vec<u8>>, StoreError> {
        self.read(move |c| tree::tile(c, tile)).await
    }

    async fn proof(&self, id: Uuid) -> Result<Option<Proven>, StoreError> {
        self.read(move |c| tree::proof(c, id)).await
    }

    async fn revoked(&self, first: i64, count: i64) -> Result<Vec<i64>, StoreError> {
        self.read(move |c| rows::revoked(c, first, count)).await
    }

    async fn ends_of_unit(&self, unit: Uuid) -> Result<Vec<LogEnd>, StoreError> {
        self.read(move |c| rows::ends_of_unit(c, unit)).await
    }

    async fn deeds_of_unit(&self, unit: Uuid, most: u32) -> Result<Vec<Entry>, StoreError> {
        self.read(move |c| rows::deeds_of_unit(c, unit, most)).await
    }

    async fn sharing(&self, people: Vec<Uuid>) -> Result<Vec<usize>, StoreError> {
        self.read(move |c| people.iter().map(|person| rows::sharing(c, *person)).collect()).await
    }

    async fn add_unit(&self, id: Uuid, name: String) -> Result<(), StoreError> {
        self.writer.write(1, move |c| people::add_unit(c, id, &name)).await
    }

    async fn add_unit_below(&self, unit: Unit, audit: NewAudit) -> Result<bool, StoreError> {
        let add = move |c: &Connection| Ok(units::add(c, &unit)? && audit::add(c, &audit).map(|()| true)?);
        self.writer.write(2, add).await
    }

    async fn units_below(&self, unit: Uuid) -> Result<Vec<Unit>, StoreError> {
        self.read(move |c| units::below(c, unit)).await
    }

    async fn add_people(&self, people: Vec<NewPerson>, audits: Vec<NewAudit>) -> Result<bool, StoreError> {
        let rows = people.len() + audits.len();
        let add = move |c: &Connection| {
            c.execute_batch("SAVEPOINT people")?;
            let all = people::add_all(c, &people)?;
            c.execute_batch(if all { "RELEASE people" } else { "ROLLBACK TO people; RELEASE people" })?;
            if all {
                audits.iter().try_for_each(|audit| audit::add(c, audit))?;
            }
            Ok(all)
        };
        self.writer.write(rows, add).await
    }

    async fn add_person(&self, person: NewPerson) -> Result<bool, StoreError> {
        self.writer.write(1, move |c| people::add(c, &person)).await
    }

    async fn person(&self, id: Uuid) -> Result<Option<Person>, StoreError> {
        self.read(move |c| people::by_id(c, id)).await
    }

    async fn person_by_code(&self, code_key: [u8; 32]) -> Result<Option<Person>, StoreError> {
        self.read(move |c| people::by_code(c, code_key)).await
    }

    async fn people_of(&self, unit: Uuid) -> Result<Vec<Person>, StoreError> {
        self.read(move |c| people::of_unit(c, unit)).await
    }

    async fn has_role(&self, role: Role) -> Result<bool, StoreError> {
        self.read(move |c| people::has_role(c, role)).await
    }

    async fn set_first_pin(&self, person: Uuid, pin_hash: String) -> Result<bool, StoreError> {
        self.writer.write(1, move |c| people::set_first_pin(c, person, &pin_hash)).await
    }

    async fn renew_code(&self, person: Uuid, code: NewCode, entry: Option<NewEntry>) -> Result<bool, StoreError> {
        self.writer.write(3, move |c| people::renew_code(c, person, code, entry.as_ref())).await
    }

    async fn renew_codes(&self, renewals: Vec<Renewal>) -> Result<bool, StoreError> {
        self.writer.write(3 * renewals.len(), move |c| people::renew_codes(c, &renewals)).await
    }

    async fn renew_pin(&self, person: Uuid, pin_hash: String, entry: NewEntry) -> Result<bool, StoreError> {
        self.writer.write(4, move |c| people::renew_pin(c, person, &pin_hash, &entry)).await
    }

    async fn open_session(&self, token: TokenHash, person: Uuid, now_ms: i64, ends_ms: i64) -> Result<(), StoreError> {
        self.writer.write(2, move |c| sessions::open(c, token, person, now_ms, ends_ms)).await
    }

    async fn session(&self, token: TokenHash, now_ms: i64) -> Result<Option<Person>, StoreError> {
        self.read_here(move |c| people::by_session(c, token, now_ms)).await
    }

    async fn close_session(&self, token: TokenHash) -> Result<(), StoreError> {
        self.writer.write(1, move |c| sessions::close(c, token)).await
    }

    async fn guard(&self, code_key: [u8; 32]) -> Result<Guard, StoreError> {
        self.read(move |c| sessions::guard(c, code_key)).await
    }

    async fn begin_attempt(&self, code_key: [u8; 32], now_ms: i64) -> Result<Option<Guard>, StoreError> {
        self.writer.write(2, move |c| sessions::begin_attempt(c, code_key, now_ms)).await
    }

    async fn clear_failures(&self, code_key: [u8; 32]) -> Result<(), StoreError> {
        self.writer.write(1, move |c| sessions::clear_failures(c, code_key)).await
    }

    async fn set_first_link(&self, token: TokenHash, ends_ms: i64) -> Result<(), StoreError> {
        self.writer.write(1, move |c| sessions::set_first_link(c, token, ends_ms)).await
    }

    async fn first_link_is(&self, token: TokenHash, now_ms: i64) -> Result<bool, StoreError> {
        self.read(move |c| sessions::first_link_is(c, token, now_ms)).await
    }

    async fn use_first_link(
        &self,
        token: TokenHash,
        now_ms: i64,
        unit: (Uuid, String),
        admin: NewPerson,
    ) -> Result<bool, StoreError> {
        let used = move |c: &Connection| {
            if !sessions::use_first_link(c, token, now_ms)? {
                return Ok(false);
            }
            people::add_unit(c, unit.0, &unit.1)?;
            people::add(c, &admin)
        };
        self.writer.write(3, used).await
    }

    async fn audit(&self, audit: NewAudit) -> Result<(), StoreError> {
        self.writer.write(1, move |c| audit::add(c, &audit)).await
    }

    async fn audits(&self, unit: Uuid, person: Option<Uuid>, before: i64, most: u32) -> Result<Vec<Audit>, StoreError> {
        self.read(move |c| audit::of_unit(c, unit, person, before, most)).await
    }

    fn metrics(&self) -> String {
        let waiting = gauge("retrace_log_waiting", "Writes that wait for the next group.", self.writer.waiting());
        self.writer.tally.text() + &waiting
    }

    async fn ready(&self) -> Result<(), StoreError> {
        if self.writer.has_stopped() {
            return Err(StoreError::Stopped("an earlier write failed".to_owned()));
        }
        self.read(|c| Ok(c.query_row("SELECT count(*) FROM migration", [], |_| Ok(()))?)).await
    }
}
