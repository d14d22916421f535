//! Rows of what waits.

use super::Sqlite;
use crate::store::StoreError;
use crate::store::waiting::{APART_MS, MOST_WAITING_BYTES, Wait, Waiting, Waits};
use async_trait::async_trait;
use rusqlite::{Connection, OptionalExtension, params};
use uuid::Uuid;

#[async_trait]
impl Waits for Sqlite {
    async fn keep_waiting(&self, new: Waiting) -> Result<bool, StoreError> {
        self.writer.write(1, move |c| keep(c, &new)).await
    }

    async fn waiting(&self, what: Wait, id: Uuid, now_ms: i64) -> Result<Option<Waiting>, StoreError> {
        self.read(move |c| found(c, what, id, now_ms)).await
    }

    async fn take_waiting(&self, what: Wait, id: Uuid, now_ms: i64) -> Result<Option<Waiting>, StoreError> {
        let take = move |c: &Connection| {
            let taken = found(c, what, id, now_ms)?;
            if taken.is_some() {
                c.execute("DELETE FROM waiting WHERE id = ?1", params![id.as_bytes()])?;
            }
            Ok(taken)
        };
        self.writer.write(1, take).await
    }
}

/// Clears away what has waited too long.
pub fn sweep(connection: &Connection, now_ms: i64) -> Result<(), StoreError> {
    connection.execute("DELETE FROM waiting WHERE ends_ms <= ?1", [now_ms])?;
    Ok(())
}

/// Removes all that waits for a person.
pub fn remove_all(connection: &Connection, person: Uuid) -> Result<(), StoreError> {
    connection.execute("DELETE FROM waiting WHERE owner = ?1", params![person.as_bytes()])?;
    Ok(())
}

fn keep(connection: &Connection, new: &Waiting) -> Result<bool, StoreError> {
    sweep(connection, new.since_ms)?;
    if new.body.len() > MOST_WAITING_BYTES {
        return Ok(false);
    }
    let (what, most) = (new.what.code(), new.what.most());
    let owner = new.owner.as_ref().map(Uuid::as_bytes);
    if new.what.gives_way() {
        connection.execute("DELETE FROM waiting WHERE what = ?1 AND owner = ?2", params![what, owner])?;
        // Those that stay and the new one are as many as there may be.
        let oldest = "DELETE FROM waiting WHERE id IN (SELECT id FROM waiting WHERE what = ?1 \
                      ORDER BY since_ms DESC, id DESC LIMIT -1 OFFSET ?2)";
        connection.execute(oldest, params![what, most - 1])?;
    }
    let count = "SELECT count(*) FROM waiting WHERE what = ?1";
    if connection.query_row(count, [what], |row| row.get::<_, u32>(0))? >= most {
        return Ok(false);
    }
    let sql = "INSERT INTO waiting (id, what, owner, body, since_ms, ends_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6) \
               ON CONFLICT DO NOTHING";
    let values = params![new.id.as_bytes(), what, owner, new.body, new.since_ms, new.ends_ms];
    Ok(connection.execute(sql, values)? == 1)
}

fn found(connection: &Connection, what: Wait, id: Uuid, now_ms: i64) -> Result<Option<Waiting>, StoreError> {
    let sql = "SELECT owner, body, since_ms, ends_ms FROM waiting \
               WHERE id = ?1 AND what = ?2 AND ends_ms > ?3 AND since_ms - ?3 <= ?4";
    let read = |row: &rusqlite::Row<'_>| {
        let owner: Option<[u8; 16]> = row.get(0)?;
        let owner = owner.map(Uuid::from_bytes);
        Ok(Waiting { id, what, owner, body: row.get(1)?, since_ms: row.get(2)?, ends_ms: row.get(3)? })
    };
    Ok(connection.query_row(sql, params![id.as_bytes(), what.code(), now_ms, APART_MS], read).optional()?)
}
