//! Rows of visits that nobody has claimed yet, and of claims that wait for them.

use super::Sqlite;
use crate::store::StoreError;
use crate::store::kept::TokenHash;
use crate::store::visits::{Claim, Delivered, KioskVisit, LATEST_MS, MOST_CLAIMS, MOST_VISITS, NewVisit, Visits};
use async_trait::async_trait;
use rusqlite::{Connection, OptionalExtension, Row, ToSql, params};
use uuid::Uuid;

#[async_trait]
impl Visits for Sqlite {
    async fn keep_visit(&self, new: NewVisit) -> Result<Delivered, StoreError> {
        self.writer.write(2, move |c| keep(c, &new)).await
    }

    async fn look_at_visit(&self, code_key: TokenHash, person: Uuid, now_ms: i64) -> Result<Claim, StoreError> {
        self.read(move |c| look(c, code_key, person, now_ms)).await
    }

    async fn claim_visit(&self, code_key: TokenHash, person: Uuid, now_ms: i64) -> Result<Claim, StoreError> {
        self.writer.write(1, move |c| claim(c, code_key, person, now_ms)).await
    }

    async fn settle_visit(&self, id: Uuid) -> Result<(), StoreError> {
        let settle = move |c: &Connection| {
            Ok(c.execute("UPDATE kiosk_visit SET body = '' WHERE id = ?1", [id.as_bytes()]).map(drop)?)
        };
        self.writer.write(1, settle).await
    }

    async fn claims_of(&self, person: Uuid, now_ms: i64) -> Result<Vec<i64>, StoreError> {
        self.read(move |c| {
            let mut found = c.prepare_cached(
                "SELECT ends_ms FROM kiosk_claim WHERE person = ?1 AND ends_ms > ?2 ORDER BY ends_ms",
            )?;
            Ok(found.query_map(params![person.as_bytes(), now_ms], |row| row.get(0))?.collect::<Result<_, _>>()?)
        })
        .await
    }

    async fn tend_visits(&self, now_ms: i64) -> Result<Vec<KioskVisit>, StoreError> {
        self.writer.write(16, move |c| tend(c, now_ms)).await
    }
}

/// Removes what a person's claims have left: visits that were theirs stay claimed, by nobody.
pub fn remove_all(connection: &Connection, person: Uuid) -> Result<(), StoreError> {
    connection.execute("DELETE FROM kiosk_claim WHERE person = ?1", [person.as_bytes()])?;
    connection.execute("UPDATE kiosk_visit SET person = NULL, body = '' WHERE person = ?1", [person.as_bytes()])?;
    Ok(())
}

const FROM: &str =
    "SELECT id, kiosk, code_key, ended_ms, skew_ms, ends_ms, person, claimed_ms, body FROM kiosk_visit WHERE";

fn visits(connection: &Connection, which: &str, values: &[&dyn ToSql]) -> Result<Vec<KioskVisit>, StoreError> {
    let mut found = connection.prepare_cached(&format!("{FROM} {which}"))?;
    Ok(found.query_map(values, visit)?.collect::<Result<_, _>>()?)
}

fn visit(row: &Row<'_>) -> rusqlite::Result<KioskVisit> {
    let person: Option<[u8; 16]> = row.get(6)?;
    Ok(KioskVisit {
        id: Uuid::from_bytes(row.get(0)?),
        kiosk: Uuid::from_bytes(row.get(1)?),
        code_key: row.get(2)?,
        ended_ms: row.get(3)?,
        skew_ms: row.get(4)?,
        ends_ms: row.get(5)?,
        person: person.map(Uuid::from_bytes),
        claimed_ms: row.get(7)?,
        body: row.get(8)?,
    })
}

fn by_code(connection: &Connection, code_key: TokenHash) -> Result<Option<KioskVisit>, StoreError> {
    Ok(visits(connection, "code_key = ?1", params![code_key])?.pop())
}

/// Whose claim waits for this code, since when and until when.
fn waiting(connection: &Connection, code_key: TokenHash, now_ms: i64) -> Result<Option<(Uuid, i64, i64)>, StoreError> {
    let sql = "SELECT person, claimed_ms, ends_ms FROM kiosk_claim WHERE code_key = ?1 AND ends_ms > ?2";
    let read = |row: &Row<'_>| Ok((Uuid::from_bytes(row.get(0)?), row.get(1)?, row.get(2)?));
    Ok(connection.query_row(sql, params![code_key, now_ms], read).optional()?)
}

fn keep(connection: &Connection, new: &NewVisit) -> Result<Delivered, StoreError> {
    if let Some(known) = visits(connection, "id = ?1", params![new.id.as_bytes()])?.pop() {
        let is_same = (known.kiosk, known.code_key) == (new.kiosk, new.code_key);
        return Ok(if is_same { Delivered::Before(known) } else { Delivered::Conflict });
    }
    if by_code(connection, new.code_key)?.is_some() {
        return Ok(Delivered::Conflict);
    }
    let count = "SELECT count(*) FROM kiosk_visit WHERE kiosk = ?1 AND body <> ''";
    if connection.query_row(count, [new.kiosk.as_bytes()], |row| row.get::<_, u32>(0))? >= MOST_VISITS {
        return Ok(Delivered::TooMany);
    }
    let claim = waiting(connection, new.code_key, new.delivered_ms)?;
    let is_late = claim.is_none() && new.ends_ms() <= new.delivered_ms;
    let kept = KioskVisit {
        id: new.id,
        kiosk: new.kiosk,
        code_key: new.code_key,
        ended_ms: new.ended_ms,
        skew_ms: new.skew_ms,
        ends_ms: new.ends_ms(),
        person: claim.map(|(person, ..)| person),
        claimed_ms: claim.map(|(_, claimed_ms, _)| claimed_ms),
        body: if is_late { String::new() } else { new.body.clone() },
    };
    let sql = "INSERT INTO kiosk_visit (id, kiosk, code_key, ended_ms, skew_ms, ends_ms, person, claimed_ms, body) \
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
    let person = kept.person.as_ref().map(Uuid::as_bytes);
    let KioskVisit { ended_ms, skew_ms, ends_ms, claimed_ms, .. } = kept;
    let (id, kiosk) = (kept.id.as_bytes(), kept.kiosk.as_bytes());
    connection
        .execute(sql, params![id, kiosk, kept.code_key, ended_ms, skew_ms, ends_ms, person, claimed_ms, kept.body])?;
    connection.execute("DELETE FROM kiosk_claim WHERE code_key = ?1", [new.code_key])?;
    Ok(match (is_late, kept.person) {
        (true, _) => Delivered::Expired,
        (false, Some(_)) => Delivered::Claimed(kept),
        (false, None) => Delivered::Stored,
    })
}

fn look(connection: &Connection, code_key: TokenHash, person: Uuid, now_ms: i64) -> Result<Claim, StoreError> {
    if let Some(found) = by_code(connection, code_key)? {
        return Ok(found.standing(person, now_ms));
    }
    Ok(match waiting(connection, code_key, now_ms)? {
        Some((claimed, _, ends_ms)) if claimed == person => Claim::Waits(ends_ms),
        Some(_) => Claim::Others,
        None => Claim::Unknown,
    })
}

fn claim(connection: &Connection, code_key: TokenHash, person: Uuid, now_ms: i64) -> Result<Claim, StoreError> {
    match look(connection, code_key, person, now_ms)? {
        Claim::Open(found) => {
            let sql = "UPDATE kiosk_visit SET person = ?2, claimed_ms = ?3 WHERE id = ?1";
            connection.execute(sql, params![found.id.as_bytes(), person.as_bytes(), now_ms])?;
            Ok(Claim::Yours(KioskVisit { person: Some(person), claimed_ms: Some(now_ms), ..found }))
        }
        Claim::Unknown => {
            connection.execute("DELETE FROM kiosk_claim WHERE ends_ms <= ?1", [now_ms])?;
            let count = "SELECT count(*) FROM kiosk_claim WHERE person = ?1";
            if connection.query_row(count, [person.as_bytes()], |row| row.get::<_, u32>(0))? >= MOST_CLAIMS {
                return Ok(Claim::TooMany);
            }
            let ends_ms = now_ms + LATEST_MS;
            let sql = "INSERT INTO kiosk_claim (code_key, person, claimed_ms, ends_ms) VALUES (?1, ?2, ?3, ?4)";
            connection.execute(sql, params![code_key, person.as_bytes(), now_ms, ends_ms])?;
            Ok(Claim::Waits(ends_ms))
        }
        standing => Ok(standing),
    }
}

fn tend(connection: &Connection, now_ms: i64) -> Result<Vec<KioskVisit>, StoreError> {
    connection.execute("DELETE FROM kiosk_claim WHERE ends_ms <= ?1", [now_ms])?;
    let over = "UPDATE kiosk_visit SET body = '' WHERE claimed_ms IS NULL AND ends_ms <= ?1 AND body <> ''";
    connection.execute(over, [now_ms])?;
    connection.execute("DELETE FROM kiosk_visit WHERE body = '' AND ends_ms <= ?1", [now_ms - LATEST_MS])?;
    visits(connection, "person IS NOT NULL AND body <> '' ORDER BY id", &[])
}
