//! Rows of forwarding.

use super::people::BELOW;
use super::rows::{COLUMNS, entries};
use super::{Sqlite, audit};
use crate::store::audit::NewAudit;
use crate::store::forwards::{Deal, Forward, Forwards, Held, LogRun, PLACES, Refusal, Settled};
use crate::store::{Entry, Kind, StoreError};
use crate::xapi::record::is_told;
use async_trait::async_trait;
use rusqlite::{Connection, Row, params};
use uuid::Uuid;

#[async_trait]
impl Forwards for Sqlite {
    async fn begin_forward(&self, name: String, unit: Option<Uuid>) -> Result<(), StoreError> {
        let sql = "INSERT INTO forward (name, unit, seq, sent, erased) VALUES (?1, ?2, 0, 0, 0) \
                   ON CONFLICT (name) DO UPDATE SET unit = excluded.unit";
        let begin = move |c: &Connection| {
            c.execute(sql, params![name, unit.as_ref().map(Uuid::as_bytes)])?;
            Ok(())
        };
        self.writer.write(1, begin).await
    }

    async fn forwards(&self) -> Result<Vec<Forward>, StoreError> {
        self.read(forwards).await
    }

    async fn log_after(&self, unit: Option<Uuid>, after: i64, most: u32) -> Result<LogRun, StoreError> {
        self.read(move |c| log_after(c, unit, after, most)).await
    }

    async fn settle_forward(&self, name: String, settled: Settled) -> Result<bool, StoreError> {
        self.writer.write(1 + settled.refused.len(), move |c| settle(c, &name, &settled)).await
    }

    async fn held_again(&self, name: String, most: u32) -> Result<Vec<Entry>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM forward_held JOIN event ON event.seq = forward_held.seq \
             WHERE forward_held.name = ?1 AND again = 1 ORDER BY event.seq LIMIT ?2"
        );
        self.read(move |c| entries(c, &sql, params![name, most])).await
    }

    async fn settle_again(
        &self,
        name: String,
        delivered: Vec<i64>,
        refused: Vec<Refusal>,
        now_ms: i64,
    ) -> Result<(), StoreError> {
        let rows = delivered.len() + refused.len();
        self.writer.write(rows, move |c| settle_again(c, &name, &delivered, &refused, now_ms)).await
    }

    async fn held(&self, name: String, unit: Uuid, most: u32) -> Result<Vec<Held>, StoreError> {
        self.read(move |c| held_of(c, &name, unit, most)).await
    }

    async fn deal_with_held(
        &self,
        name: String,
        unit: Uuid,
        seq: Option<i64>,
        deal: Deal,
        audit: NewAudit,
    ) -> Result<u64, StoreError> {
        let deal = move |c: &Connection| {
            let dealt = deal_with(c, &name, unit, seq, &deal)?;
            if dealt > 0 {
                audit::add(c, &audit)?;
            }
            Ok(dealt)
        };
        self.writer.write(2, deal).await
    }
}

fn forwards(connection: &Connection) -> Result<Vec<Forward>, StoreError> {
    let sql = "SELECT name, unit, seq, sent, last_ms, erased, \
               max(0, coalesce((SELECT max(seq) FROM event), 0) - forward.seq), \
               (SELECT count(*) FROM forward_held WHERE forward_held.name = forward.name AND aside IS NULL) \
               FROM forward ORDER BY name";
    let mut found = connection.prepare_cached(sql)?;
    let read = |row: &Row<'_>| {
        Ok(Forward {
            name: row.get(0)?,
            unit: row.get::<_, Option<[u8; 16]>>(1)?.map(Uuid::from_bytes),
            seq: row.get(2)?,
            sent: row.get(3)?,
            last_ms: row.get(4)?,
            erased: row.get(5)?,
            behind: row.get(6)?,
            held: row.get(7)?,
        })
    };
    Ok(found.query_map([], read)?.collect::<Result<_, _>>()?)
}

fn log_after(connection: &Connection, unit: Option<Uuid>, after: i64, most: u32) -> Result<LogRun, StoreError> {
    let last = "SELECT coalesce(max(seq), 0) FROM event";
    let last: i64 = connection.prepare_cached(last)?.query_row([], |row| row.get(0))?;
    let upto = last.min(after.saturating_add(PLACES));
    let found = if let Some(unit) = unit {
        let sql = format!(
            "{BELOW} SELECT {COLUMNS} FROM event JOIN person ON person.id = event.subject \
             WHERE event.seq > ?2 AND event.seq <= ?3 AND +person.unit IN (SELECT id FROM below) \
             ORDER BY event.seq LIMIT ?4"
        );
        entries(connection, &sql, params![unit.as_bytes(), after, upto, most])?
    } else {
        let sql = format!("SELECT {COLUMNS} FROM event WHERE seq > ?1 AND seq <= ?2 ORDER BY seq LIMIT ?3");
        entries(connection, &sql, params![after, upto, most])?
    };
    Ok(LogRun::of(found, most, (after, upto), last))
}

fn settle(connection: &Connection, name: &str, settled: &Settled) -> Result<bool, StoreError> {
    let sql = "UPDATE forward SET seq = ?3, sent = sent + ?4, last_ms = CASE WHEN ?4 > 0 THEN ?5 ELSE last_ms END \
               WHERE name = ?1 AND seq = ?2";
    let values = params![name, settled.from, settled.upto.max(settled.from), settled.delivered, settled.at_ms];
    if connection.prepare_cached(sql)?.execute(values)? == 0 {
        return Ok(false);
    }
    // What was erased since it was read is not held.
    let sql = "INSERT INTO forward_held (name, seq, status, words, since_ms, again) SELECT ?1, seq, ?3, ?4, ?5, 0 \
               FROM event WHERE seq = ?2 ON CONFLICT DO NOTHING";
    for Refusal { seq, status, words } in &settled.refused {
        connection.prepare_cached(sql)?.execute(params![name, seq, status, words, settled.at_ms])?;
    }
    Ok(true)
}

fn settle_again(
    connection: &Connection,
    name: &str,
    delivered: &[i64],
    refused: &[Refusal],
    now_ms: i64,
) -> Result<(), StoreError> {
    let mut gone = 0_i64;
    for seq in delivered {
        let sql = "DELETE FROM forward_held WHERE name = ?1 AND seq = ?2";
        gone += i64::try_from(connection.prepare_cached(sql)?.execute(params![name, seq])?).unwrap_or_default();
    }
    if gone > 0 {
        let sql = "UPDATE forward SET sent = sent + ?2, last_ms = ?3 WHERE name = ?1";
        connection.prepare_cached(sql)?.execute(params![name, gone, now_ms])?;
    }
    for Refusal { seq, status, words } in refused {
        let sql =
            "UPDATE forward_held SET status = ?3, words = ?4, since_ms = ?5, again = 0 WHERE name = ?1 AND seq = ?2";
        connection.prepare_cached(sql)?.execute(params![name, seq, status, words, now_ms])?;
    }
    Ok(())
}

/// Entries that are held about people of a unit and those below it; the unit is given first, the store's name second.
const HELD_OF: &str = "forward_held JOIN event ON event.seq = forward_held.seq JOIN person ON person.id = event.subject \
                       WHERE person.unit IN (SELECT id FROM below) AND forward_held.name = ?2";

fn held_of(connection: &Connection, name: &str, unit: Uuid, most: u32) -> Result<Vec<Held>, StoreError> {
    let sql = format!(
        "{BELOW} SELECT forward_held.seq, status, words, event.id, event.kind, since_ms, again, aside FROM {HELD_OF} \
         ORDER BY aside IS NOT NULL, forward_held.seq LIMIT ?3"
    );
    let mut found = connection.prepare_cached(&sql)?;
    let mut rows = found.query(params![unit.as_bytes(), name, most])?;
    let mut held = Vec::new();
    while let Some(row) = rows.next()? {
        let kind: String = row.get(4)?;
        held.push(Held {
            refusal: Refusal { seq: row.get(0)?, status: row.get(1)?, words: row.get(2)? },
            id: Uuid::from_bytes(row.get(3)?),
            kind: Kind::from_code(&kind).ok_or_else(|| StoreError::Refused("an unknown kind is kept".to_owned()))?,
            since_ms: row.get(5)?,
            again: row.get(6)?,
            aside: row.get(7)?,
        });
    }
    Ok(held)
}

fn deal_with(
    connection: &Connection,
    name: &str,
    unit: Uuid,
    seq: Option<i64>,
    deal: &Deal,
) -> Result<u64, StoreError> {
    let (again, aside) = match deal {
        Deal::Again => (true, None),
        Deal::Aside(reason) => (false, Some(reason)),
    };
    let sql = format!(
        "UPDATE forward_held SET again = ?4, aside = ?5 WHERE name = ?2 AND seq IN ({BELOW} \
         SELECT forward_held.seq FROM {HELD_OF}) AND CASE WHEN ?3 IS NULL THEN aside IS NULL ELSE seq = ?3 END"
    );
    Ok(connection.execute(&sql, params![unit.as_bytes(), name, seq, again, aside])? as u64)
}

/// Forgets what is held of entries that are about to be erased, and counts what was delivered of them: for each store that
/// has some, its name and how many.
pub fn erase(connection: &Connection, person: Uuid, seqs: &[i64]) -> Result<Vec<(String, i64)>, StoreError> {
    let told: Vec<String> =
        Kind::ALL.into_iter().filter(|kind| is_told(*kind)).map(|kind| format!("'{}'", kind.code())).collect();
    let above = "WITH RECURSIVE above (id, parent) AS (SELECT unit.id, unit.parent FROM unit JOIN person \
                 ON person.unit = unit.id WHERE person.id = ?1 UNION SELECT unit.id, unit.parent FROM unit \
                 JOIN above ON unit.id = above.parent)";
    let sql = format!(
        "{above} SELECT name, (SELECT count(*) FROM event WHERE event.subject = ?1 AND event.seq <= forward.seq \
         AND event.kind IN ({}) AND NOT EXISTS (SELECT 1 FROM forward_held AS held WHERE held.name = forward.name \
         AND held.seq = event.seq)) FROM forward WHERE unit IS NULL OR unit IN (SELECT id FROM above) ORDER BY name",
        told.join(", ")
    );
    let mut found = connection.prepare(&sql)?;
    let counted = found.query_map(params![person.as_bytes()], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let sent: Vec<(String, i64)> = counted.collect::<Result<_, _>>()?;
    for (name, count) in &sent {
        connection.execute("UPDATE forward SET erased = erased + ?2 WHERE name = ?1", params![name, count])?;
    }
    for seq in seqs {
        connection.execute("DELETE FROM forward_held WHERE seq = ?1", [seq])?;
    }
    Ok(sent.into_iter().filter(|(_, count)| *count > 0).collect())
}
