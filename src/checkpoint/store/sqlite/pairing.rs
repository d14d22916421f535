//! Rows of kiosks and their pairings.

use super::people::{self, BELOW};
use super::{Sqlite, audit};
use crate::store::StoreError;
use crate::store::audit::NewAudit;
use crate::store::kept::{Person, TokenHash};
use crate::store::pairing::{
    Decided, IDLE_MS, INTERVAL_SECS, Kiosk, NewPairing, Pairing, Pairings, Polled, SESSION_MS, Standing, is_within,
};
use async_trait::async_trait;
use heritage::SiteId;
use rusqlite::{Connection, OptionalExtension, Row, ToSql, params};
use uuid::Uuid;

#[async_trait]
impl Pairings for Sqlite {
    async fn add_kiosk(&self, kiosk: Kiosk, audit: NewAudit) -> Result<bool, StoreError> {
        let add = move |c: &Connection| Ok(add(c, &kiosk)? && audit::add(c, &audit).map(|()| true)?);
        self.writer.write(2, add).await
    }

    async fn withdraw_kiosk(&self, kiosk: Uuid, audit: NewAudit) -> Result<bool, StoreError> {
        let withdraw =
            move |c: &Connection| Ok(withdraw(c, kiosk, audit.at_ms)? && audit::add(c, &audit).map(|()| true)?);
        self.writer.write(4, withdraw).await
    }

    async fn kiosk(&self, id: Uuid) -> Result<Option<Kiosk>, StoreError> {
        self.read(move |c| by_id(c, id)).await
    }

    async fn kiosks_of(&self, unit: Uuid) -> Result<Vec<Kiosk>, StoreError> {
        self.read(move |c| of_unit(c, unit)).await
    }

    async fn ask_pairing(&self, asked: NewPairing) -> Result<bool, StoreError> {
        self.writer.write(2, move |c| ask(c, &asked)).await
    }

    async fn look_at_pairing(&self, user_code: [u8; 32], now_ms: i64) -> Result<Option<(Kiosk, Pairing)>, StoreError> {
        self.writer.write(1, move |c| look(c, user_code, now_ms)).await
    }

    async fn decide_pairing(
        &self,
        user_code: [u8; 32],
        kiosk: Uuid,
        decision: Standing,
        now_ms: i64,
    ) -> Result<Decided, StoreError> {
        self.writer.write(1, move |c| decide(c, user_code, kiosk, decision, now_ms)).await
    }

    async fn poll_pairing(
        &self,
        kiosk: Uuid,
        device_code: TokenHash,
        token: TokenHash,
        now_ms: i64,
    ) -> Result<Polled, StoreError> {
        self.writer.write(4, move |c| poll(c, kiosk, device_code, token, now_ms)).await
    }

    async fn kiosk_session(&self, token: TokenHash, now_ms: i64) -> Result<Option<(Person, Kiosk)>, StoreError> {
        self.writer.write(1, move |c| session(c, token, now_ms)).await
    }

    async fn end_kiosk_session(&self, token: TokenHash) -> Result<(), StoreError> {
        let end =
            move |c: &Connection| Ok(c.execute("DELETE FROM kiosk_session WHERE token = ?1", [token]).map(drop)?);
        self.writer.write(1, end).await
    }
}

/// Ends what a person has at kiosks.
pub fn end_all(connection: &Connection, person: Uuid) -> Result<(), StoreError> {
    connection.execute("DELETE FROM pairing WHERE person = ?1", params![person.as_bytes()])?;
    connection.execute("DELETE FROM kiosk_session WHERE person = ?1", params![person.as_bytes()])?;
    Ok(())
}

fn add(connection: &Connection, kiosk: &Kiosk) -> Result<bool, StoreError> {
    let sql =
        "INSERT INTO kiosk (id, unit, site, name, enrolled_ms) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING";
    let values =
        params![kiosk.id.as_bytes(), kiosk.unit.as_bytes(), kiosk.site.as_str(), kiosk.name, kiosk.enrolled_ms];
    Ok(connection.execute(sql, values)? == 1)
}

fn withdraw(connection: &Connection, kiosk: Uuid, now_ms: i64) -> Result<bool, StoreError> {
    connection.execute("DELETE FROM pairing WHERE kiosk = ?1", params![kiosk.as_bytes()])?;
    connection.execute("DELETE FROM kiosk_session WHERE kiosk = ?1", params![kiosk.as_bytes()])?;
    let sql = "UPDATE kiosk SET withdrawn_ms = ?2 WHERE id = ?1 AND withdrawn_ms IS NULL";
    Ok(connection.execute(sql, params![kiosk.as_bytes(), now_ms])? == 1)
}

const FROM: &str = "SELECT kiosk.id, kiosk.unit, unit.name, kiosk.site, kiosk.name, kiosk.enrolled_ms, \
                    kiosk.withdrawn_ms FROM kiosk JOIN unit ON unit.id = kiosk.unit";

fn by_id(connection: &Connection, id: Uuid) -> Result<Option<Kiosk>, StoreError> {
    Ok(kiosks(connection, &format!("{FROM} WHERE kiosk.id = ?1"), params![id.as_bytes()])?.pop())
}

fn of_unit(connection: &Connection, unit: Uuid) -> Result<Vec<Kiosk>, StoreError> {
    let sql = format!(
        "{BELOW} {FROM} WHERE kiosk.unit IN (SELECT id FROM below) ORDER BY kiosk.enrolled_ms DESC, kiosk.id DESC"
    );
    kiosks(connection, &sql, params![unit.as_bytes()])
}

fn kiosks(connection: &Connection, sql: &str, values: &[&dyn ToSql]) -> Result<Vec<Kiosk>, StoreError> {
    let mut found = connection.prepare_cached(sql)?;
    let mut rows = found.query(values)?;
    let mut kiosks = Vec::new();
    while let Some(row) = rows.next()? {
        let site: String = row.get(3)?;
        kiosks.push(Kiosk {
            id: Uuid::from_bytes(row.get(0)?),
            unit: Uuid::from_bytes(row.get(1)?),
            unit_name: row.get(2)?,
            site: SiteId::new(&site).map_err(|_| StoreError::Refused("a kiosk's hall cannot be read".to_owned()))?,
            name: row.get(4)?,
            enrolled_ms: row.get(5)?,
            withdrawn_ms: row.get(6)?,
        });
    }
    Ok(kiosks)
}

fn ask(connection: &Connection, asked: &NewPairing) -> Result<bool, StoreError> {
    let kiosk = asked.kiosk.as_bytes();
    let taken = "SELECT EXISTS (SELECT 1 FROM pairing WHERE user_code = ?1 AND kiosk <> ?2)";
    if connection.query_row(taken, params![asked.user_code, kiosk], |row| row.get(0))? {
        return Ok(false);
    }
    connection.execute("DELETE FROM kiosk_session WHERE kiosk = ?1", params![kiosk])?;
    connection.execute(
        "INSERT OR REPLACE INTO pairing (kiosk, device_code, user_code, asked_ms, interval_secs, looks, refused) \
         VALUES (?1, ?2, ?3, ?4, ?5, 0, 0)",
        params![kiosk, asked.device_code, asked.user_code, asked.asked_ms, INTERVAL_SECS],
    )?;
    Ok(true)
}

const PAIRING: &str = "SELECT kiosk, asked_ms, polled_ms, interval_secs, looks, person, refused FROM pairing";

fn pairing(connection: &Connection, which: &str, key: [u8; 32]) -> Result<Option<Pairing>, StoreError> {
    let read = |row: &Row<'_>| {
        let person: Option<[u8; 16]> = row.get(5)?;
        let accepted = person.map_or(Standing::Open, |person| Standing::Accepted(Uuid::from_bytes(person)));
        Ok(Pairing {
            kiosk: Uuid::from_bytes(row.get(0)?),
            asked_ms: row.get(1)?,
            polled_ms: row.get(2)?,
            interval_secs: row.get(3)?,
            looks: row.get(4)?,
            standing: if row.get(6)? { Standing::Refused } else { accepted },
        })
    };
    Ok(connection.query_row(&format!("{PAIRING} WHERE {which} = ?1"), [key], read).optional()?)
}

fn look(connection: &Connection, user_code: [u8; 32], now_ms: i64) -> Result<Option<(Kiosk, Pairing)>, StoreError> {
    connection.execute("UPDATE pairing SET looks = looks + 1 WHERE user_code = ?1", [user_code])?;
    let Some(pairing) = pairing(connection, "user_code", user_code)?.filter(|pairing| pairing.is_good(now_ms)) else {
        return Ok(None);
    };
    Ok(by_id(connection, pairing.kiosk)?.map(|kiosk| (kiosk, pairing)))
}

fn decide(
    connection: &Connection,
    user_code: [u8; 32],
    kiosk: Uuid,
    decision: Standing,
    now_ms: i64,
) -> Result<Decided, StoreError> {
    let Some(pairing) = pairing(connection, "user_code", user_code)? else { return Ok(Decided::Gone) };
    let (came_to, is_new) = pairing.decided(kiosk, decision, now_ms);
    if is_new {
        let person = match &decision {
            Standing::Accepted(person) => Some(person.as_bytes()),
            Standing::Open | Standing::Refused => None,
        };
        let sql = "UPDATE pairing SET person = ?2, refused = ?3 WHERE user_code = ?1";
        connection.execute(sql, params![user_code, person, decision == Standing::Refused])?;
    }
    Ok(came_to)
}

fn poll(
    connection: &Connection,
    kiosk: Uuid,
    device_code: TokenHash,
    token: TokenHash,
    now_ms: i64,
) -> Result<Polled, StoreError> {
    let own = |pairing: &Pairing| pairing.kiosk == kiosk;
    let Some(pairing) = pairing(connection, "device_code", device_code)?.filter(own) else {
        return Ok(Polled::Unknown);
    };
    let heard = pairing.polled(now_ms);
    let waits = "UPDATE pairing SET polled_ms = ?2, interval_secs = interval_secs + ?3 WHERE kiosk = ?1";
    match (heard, pairing.standing) {
        (Polled::Waiting, _) => drop(connection.execute(waits, params![kiosk.as_bytes(), now_ms, 0])?),
        (Polled::TooSoon, _) => drop(connection.execute(waits, params![kiosk.as_bytes(), now_ms, INTERVAL_SECS])?),
        (Polled::Begun, Standing::Accepted(person)) => {
            end_all(connection, person)?;
            connection.execute("DELETE FROM kiosk_session WHERE kiosk = ?1", params![kiosk.as_bytes()])?;
            let sql =
                "INSERT INTO kiosk_session (kiosk, token, person, opened_ms, seen_ms) VALUES (?1, ?2, ?3, ?4, ?4)";
            connection.execute(sql, params![kiosk.as_bytes(), token, person.as_bytes(), now_ms])?;
        }
        _ => {}
    }
    Ok(heard)
}

fn session(connection: &Connection, token: TokenHash, now_ms: i64) -> Result<Option<(Person, Kiosk)>, StoreError> {
    let sql = "SELECT kiosk, person, opened_ms, seen_ms FROM kiosk_session WHERE token = ?1";
    let read = |row: &Row<'_>| {
        let id = |column| row.get::<_, [u8; 16]>(column).map(Uuid::from_bytes);
        Ok((id(0)?, id(1)?, row.get(2)?, row.get(3)?))
    };
    let Some((kiosk, person, opened_ms, seen_ms)) = connection.query_row(sql, [token], read).optional()? else {
        return Ok(None);
    };
    if !is_within(opened_ms, SESSION_MS, now_ms) || !is_within(seen_ms, IDLE_MS, now_ms) {
        connection.execute("DELETE FROM kiosk_session WHERE token = ?1", [token])?;
        return Ok(None);
    }
    connection.execute("UPDATE kiosk_session SET seen_ms = ?2 WHERE token = ?1", params![token, now_ms])?;
    Ok(people::by_id(connection, person)?.zip(by_id(connection, kiosk)?))
}
