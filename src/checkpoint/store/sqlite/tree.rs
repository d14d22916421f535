//! Rows of the tree: a leaf for every entry, written with it, and every eighth level above.

use super::rows::{self, COLUMNS};
use crate::history::canonical::VERSION;
use crate::history::tree::{Hashes, WIDTH, fold, leaf, path, root};
use crate::history::{Bound, Checkpoint, Hash, Tile};
use crate::secrets::{hex, random};
use crate::store::StoreError;
use crate::store::kept::Proven;
use rusqlite::{CachedStatement, Connection, OptionalExtension, Row, params};
use uuid::Uuid;

/// The step of migration that made these tables.
pub const STEP: i64 = 3;

/// Names the log and gives every entry that is there already its salt and leaf, in order.
pub fn plant(connection: &Connection) -> Result<(), StoreError> {
    let origin = format!("retrace/{}", hex(&random::<16>()));
    connection.execute("INSERT INTO tree (only, origin) VALUES (1, ?1)", [origin])?;
    let mut found = connection.prepare(&format!("SELECT {COLUMNS} FROM event ORDER BY seq"))?;
    let mut rows = found.query([])?;
    let mut growing = Growing::begin(connection)?;
    while let Some(row) = rows.next()? {
        growing.extend(&bound(row, 0)?)?;
    }
    Ok(())
}

/// Leaves being added. Only the one writer adds them, so that they stand in the order of the log, and so that the next
/// place needs to be asked for only once in a job.
pub struct Growing<'a> {
    connection: &'a Connection,
    salt: CachedStatement<'a>,
    leaf: CachedStatement<'a>,
    next: u64,
}

impl<'a> Growing<'a> {
    /// Gets ready to add leaves after those that are there.
    pub fn begin(connection: &'a Connection) -> Result<Self, StoreError> {
        let salt = connection.prepare_cached("INSERT INTO salt (seq, salt) VALUES (?1, ?2)")?;
        let leaf = connection.prepare_cached("INSERT INTO leaf (place, seq, version, hash) VALUES (?1, ?2, ?3, ?4)")?;
        Ok(Self { connection, salt, leaf, next: size(connection)? })
    }

    /// Gives an entry its leaf.
    pub fn extend(&mut self, entry: &Bound<'_>) -> Result<(), StoreError> {
        let salt = random::<32>();
        let hash = leaf(&salt, &entry.bytes());
        self.salt.execute(params![entry.seq, salt.as_slice()])?;
        self.leaf.execute(params![signed(self.next)?, entry.seq, VERSION, hash.as_slice()])?;
        complete(self.connection, self.next)?;
        self.next += 1;
        Ok(())
    }
}

/// Writes every kept hash that the leaf at `last` has completed.
fn complete(connection: &Connection, last: u64) -> Result<(), StoreError> {
    let width = u64::from(WIDTH);
    let (mut level, mut at) = (0, last);
    while (at + 1) % width == 0 {
        let hash = fold(Rows(connection).hashes(level, at + 1 - width, width)?);
        (level, at) = (level + 1, at / width);
        connection.prepare_cached("INSERT INTO node (level, place, hash) VALUES (?1, ?2, ?3)")?.execute(params![
            level,
            signed(at)?,
            hash.as_slice()
        ])?;
    }
    Ok(())
}

/// Leaves there are.
fn size(connection: &Connection) -> Result<u64, StoreError> {
    let next: i64 =
        connection.prepare_cached("SELECT coalesce(max(place) + 1, 0) FROM leaf")?.query_row([], |row| row.get(0))?;
    u64::try_from(next).map_err(|_| StoreError::broken_tree())
}

/// Which log this is.
pub fn origin(connection: &Connection) -> Result<String, StoreError> {
    Ok(connection.prepare_cached("SELECT origin FROM tree")?.query_row([], |row| row.get(0))?)
}

/// Size and root as they stand.
pub fn head(connection: &Connection) -> Result<Checkpoint, StoreError> {
    let size = size(connection)?;
    Ok(Checkpoint { origin: origin(connection)?, size, root: root(&Rows(connection), size)? })
}

/// The hashes of a tile one after another; nothing while there are not as many.
pub fn tile(connection: &Connection, tile: Tile) -> Result<Option<Vec<u8>>, StoreError> {
    let Some(first) = tile.index.checked_mul(u64::from(WIDTH)) else { return Ok(None) };
    let found = read(connection, tile.level, first, u64::from(tile.width))?;
    Ok((found.len() == usize::from(tile.width)).then(|| found.concat()))
}

/// What proves that the log holds an entry; nothing where no such entry is, or it was erased.
pub fn proof(connection: &Connection, id: Uuid) -> Result<Option<Proven>, StoreError> {
    let Some(entry) = rows::by_id(connection, id)? else { return Ok(None) };
    let found = connection
        .prepare_cached("SELECT place, version, salt FROM leaf JOIN salt USING (seq) WHERE seq = ?1")?
        .query_row([entry.seq], |row| Ok((row.get::<_, i64>(0)?, row.get(1)?, row.get(2)?)))
        .optional()?;
    let Some((place, version, salt)) = found else { return Ok(None) };
    let place = u64::try_from(place).map_err(|_| StoreError::broken_tree())?;
    let head = head(connection)?;
    let path = path(&Rows(connection), place, head.size)?;
    Ok(Some(Proven { entry, version, salt, place, path, head }))
}

/// Kept hashes as they lie in the tables.
struct Rows<'a>(&'a Connection);

impl Hashes for Rows<'_> {
    type Error = StoreError;
    fn hashes(&self, level: u8, first: u64, count: u64) -> Result<Vec<Hash>, StoreError> {
        let found = read(self.0, level, first, count)?;
        if found.len() as u64 == count { Ok(found) } else { Err(StoreError::broken_tree()) }
    }
}

fn read(connection: &Connection, level: u8, first: u64, count: u64) -> Result<Vec<Hash>, StoreError> {
    let sql = match level {
        0 => "SELECT hash FROM leaf WHERE place >= ?1 AND place < ?2 AND ?3 = 0 ORDER BY place",
        _ => "SELECT hash FROM node WHERE level = ?3 AND place >= ?1 AND place < ?2 ORDER BY place",
    };
    // What lies beyond any number of rows is not there.
    let (Ok(first), Ok(end)) = (signed(first), signed(first.saturating_add(count))) else { return Ok(Vec::new()) };
    let mut found = connection.prepare_cached(sql)?;
    let hashes = found.query_map(params![first, end, level], |row| row.get(0))?;
    Ok(hashes.collect::<Result<_, _>>()?)
}

/// The columns of [`COLUMNS`] from `first` on, as they are kept.
pub fn bound<'a>(row: &'a Row<'_>, first: usize) -> Result<Bound<'a>, StoreError> {
    let bytes = |column: usize| {
        row.get_ref(first + column)?.as_bytes_or_null().map_err(|error| StoreError::Refused(error.to_string()))
    };
    let must = |column: usize| Ok::<_, StoreError>(bytes(column)?.unwrap_or_default());
    Ok(Bound {
        seq: row.get(first)?,
        id: must(1)?,
        kind: must(2)?,
        subject: must(3)?,
        author: must(4)?,
        site: bytes(5)?,
        route: bytes(6)?,
        station: bytes(7)?,
        device: bytes(8)?,
        captured_at_ms: row.get(first + 9)?,
        received_at_ms: row.get(first + 10)?,
        body: must(11)?,
    })
}

fn signed(number: u64) -> Result<i64, StoreError> {
    i64::try_from(number).map_err(|_| StoreError::broken_tree())
}
