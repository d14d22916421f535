//! Connections to the file: of the service, and of whoever looks after it.

use super::migrate;
use crate::store::StoreError;
use rusqlite::Connection;
use rusqlite::config::DbConfig;
use std::path::Path;
use std::time::Duration;

/// Statements that a connection keeps ready; more than there are.
const STATEMENTS: usize = 64;

/// A connection that syncs every commit, to a file that is made where there is none.
pub(super) fn connect(file: &Path) -> Result<Connection, StoreError> {
    let connection = Connection::open(file)?;
    settle(&connection)?;
    // SQLite answers with the mode it came to, and says nothing where a file system has no shared memory for it.
    let mode: String = connection.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0))?;
    if mode != "wal" {
        return Err(StoreError::Refused(format!("its file system keeps no write-ahead log, only {mode}")));
    }
    connection.execute_batch(
        "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA journal_size_limit = 67108864; \
         PRAGMA trusted_schema = OFF;",
    )?;
    Ok(connection)
}

/// What holds for every connection.
fn settle(connection: &Connection) -> Result<(), StoreError> {
    connection.busy_timeout(Duration::from_secs(5))?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    // Else a statement that compares with the time of day is planned anew for every other time that is bound to it.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    Ok(())
}

/// Makes sure that the file is there, where none is to be made.
pub(super) fn find(file: &Path) -> Result<(), StoreError> {
    if file.is_file() { Ok(()) } else { Err(StoreError::Refused("there is no such file".to_owned())) }
}

/// A connection for looking after a database that a service may be using meanwhile, its tables brought up to date.
///
/// # Errors
/// [`StoreError`] where there is no such file, it is no database, or comes from a later version.
pub fn attend(file: &Path) -> Result<Connection, StoreError> {
    find(file)?;
    let mut connection = connect(file)?;
    migrate::migrate(&mut connection)?;
    Ok(connection)
}

/// A connection that changes nothing, for a database as it is.
///
/// # Errors
/// [`StoreError`] where there is no such file, it is no database, or an earlier version made it, which kept no tree.
pub fn inspect(file: &Path) -> Result<Connection, StoreError> {
    find(file)?;
    let connection = Connection::open(file)?;
    settle(&connection)?;
    connection.execute_batch("PRAGMA query_only = ON; PRAGMA trusted_schema = OFF;")?;
    let sql = "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = 'tree')";
    if !connection.query_row(sql, [], |row| row.get::<_, bool>(0))? {
        return Err(StoreError::Refused("it was made by an earlier version; start the service once".to_owned()));
    }
    Ok(connection)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_commit_is_synced_to_a_write_ahead_log() -> Result<(), StoreError> {
        let folder = tempfile::tempdir().map_err(|error| StoreError::Refused(error.to_string()))?;
        let connection = connect(&folder.path().join("retrace.db"))?;
        let is = |name: &str| {
            connection.query_row(&format!("PRAGMA {name}"), [], |row| row.get::<_, rusqlite::types::Value>(0))
        };
        assert_eq!(is("journal_mode")?, "wal".to_owned().into());
        // FULL, as SQLite numbers it.
        assert_eq!((is("synchronous")?, is("foreign_keys")?), (2.into(), 1.into()));
        assert!(connect(Path::new(":memory:")).is_err(), "without such a log it is refused");
        Ok(())
    }
}
