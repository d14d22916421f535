//! Rows of led visits and of those who follow them.

use super::{Sqlite, audit};
use crate::store::StoreError;
use crate::store::audit::NewAudit;
use crate::store::led::{APART_MS, AWAY_MS, BegunLed, Follower, LedVisit, LedVisits, MOST_FOLLOWERS, REMEMBERED_MS};
use async_trait::async_trait;
use heritage::{RouteId, SiteId};
use rusqlite::{Connection, OptionalExtension, Row, ToSql, params};
use uuid::Uuid;

#[async_trait]
impl LedVisits for Sqlite {
    async fn begin_led(&self, new: LedVisit, audit: NewAudit) -> Result<BegunLed, StoreError> {
        self.writer.write(2, move |c| begin(c, &new, &audit)).await
    }

    async fn change_led(&self, changed: LedVisit, audit: Option<NewAudit>) -> Result<bool, StoreError> {
        self.writer.write(2, move |c| change(c, &changed, audit.as_ref())).await
    }

    async fn led_visits(&self, ids: Vec<Uuid>) -> Result<Vec<LedVisit>, StoreError> {
        let found = move |c: &Connection| {
            let mut visits = Vec::new();
            for id in ids {
                visits.extend(one(c, "id = ?1", &[id.as_bytes()])?);
            }
            Ok(visits)
        };
        self.read(found).await
    }

    async fn led_by_code(&self, code_key: [u8; 32]) -> Result<Option<LedVisit>, StoreError> {
        self.read(move |c| one(c, "code_key = ?1", &[&code_key])).await
    }

    async fn led_by(&self, leader: Uuid, now_ms: i64) -> Result<Option<LedVisit>, StoreError> {
        self.read(move |c| running(c, leader, now_ms)).await
    }

    async fn follow_led(&self, follower: Follower, now_ms: i64) -> Result<bool, StoreError> {
        self.writer.write(1, move |c| follow(c, &follower, now_ms)).await
    }

    async fn leave_led(&self, visit: Uuid, stream: Uuid) -> Result<(), StoreError> {
        let leave = move |c: &Connection| {
            let sql = "DELETE FROM led_follower WHERE visit = ?1 AND stream = ?2";
            Ok(c.execute(sql, params![visit.as_bytes(), stream.as_bytes()]).map(drop)?)
        };
        self.writer.write(1, leave).await
    }

    async fn see_led(&self, visit: Uuid, follower: Uuid, revision: i64) -> Result<bool, StoreError> {
        let sql = "UPDATE led_follower SET revision = ?3 WHERE visit = ?1 AND id = ?2 AND revision < ?3 \
                   AND ?3 <= (SELECT revision FROM led_visit WHERE led_visit.id = ?1)";
        let see =
            move |c: &Connection| Ok(c.execute(sql, params![visit.as_bytes(), follower.as_bytes(), revision])? == 1);
        self.writer.write(1, see).await
    }

    async fn stay_led(&self, streams: Vec<(Uuid, Uuid)>, now_ms: i64) -> Result<(), StoreError> {
        let stay = move |c: &Connection| {
            let mut seen = c.prepare_cached("UPDATE led_follower SET seen_ms = ?3 WHERE visit = ?1 AND stream = ?2")?;
            for (visit, stream) in &streams {
                seen.execute(params![visit.as_bytes(), stream.as_bytes(), now_ms])?;
            }
            Ok(())
        };
        self.writer.write(1, stay).await
    }

    async fn led_followers(&self, visit: Uuid, now_ms: i64) -> Result<Vec<(Uuid, i64)>, StoreError> {
        let found = move |c: &Connection| {
            let sql =
                "SELECT id, revision FROM led_follower WHERE visit = ?1 AND seen_ms BETWEEN ?2 AND ?3 ORDER BY id";
            let mut found = c.prepare_cached(sql)?;
            let values = params![visit.as_bytes(), now_ms - AWAY_MS, now_ms + APART_MS];
            let followers = found.query_map(values, |row| Ok((Uuid::from_bytes(row.get(0)?), row.get(1)?)))?;
            Ok(followers.collect::<Result<_, _>>()?)
        };
        self.read(found).await
    }
}

/// Removes all visits that a person led, and ends those that they lead.
pub fn remove_all(connection: &Connection, person: Uuid) -> Result<(), StoreError> {
    let followers = "DELETE FROM led_follower WHERE visit IN (SELECT id FROM led_visit WHERE leader = ?1)";
    connection.execute(followers, params![person.as_bytes()])?;
    connection.execute("DELETE FROM led_visit WHERE leader = ?1", params![person.as_bytes()])?;
    Ok(())
}

fn begin(connection: &Connection, new: &LedVisit, said: &NewAudit) -> Result<BegunLed, StoreError> {
    let long_ago = new.began_ms - REMEMBERED_MS;
    let followers = "DELETE FROM led_follower WHERE visit IN (SELECT id FROM led_visit WHERE ends_ms <= ?1)";
    connection.execute(followers, [long_ago])?;
    connection.execute("DELETE FROM led_visit WHERE ends_ms <= ?1", [long_ago])?;
    if let Some(running) = running(connection, new.leader, new.began_ms)? {
        return Ok(BegunLed::Running(running.id));
    }
    let sql = "INSERT INTO led_visit (id, code_key, leader, unit, site, route, began_ms, ends_ms, revision, state) \
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) ON CONFLICT DO NOTHING";
    let made = connection.execute(
        sql,
        params![
            new.id.as_bytes(),
            new.code_key,
            new.leader.as_bytes(),
            new.unit.as_bytes(),
            new.site.as_str(),
            new.route.as_str(),
            new.began_ms,
            new.ends_ms,
            new.revision,
            new.state
        ],
    )?;
    if made == 0 {
        return Ok(BegunLed::Taken);
    }
    audit::add(connection, said)?;
    Ok(BegunLed::Begun)
}

fn change(connection: &Connection, changed: &LedVisit, said: Option<&NewAudit>) -> Result<bool, StoreError> {
    let sql = "UPDATE led_visit SET revision = ?2, state = ?3, ends_ms = ?4 WHERE id = ?1 AND revision = ?2 - 1";
    let values = params![changed.id.as_bytes(), changed.revision, changed.state, changed.ends_ms];
    if connection.execute(sql, values)? == 0 {
        return Ok(false);
    }
    if let Some(said) = said {
        audit::add(connection, said)?;
    }
    Ok(true)
}

fn running(connection: &Connection, leader: Uuid, now_ms: i64) -> Result<Option<LedVisit>, StoreError> {
    one(connection, "leader = ?1 AND ends_ms > ?2 ORDER BY began_ms DESC LIMIT 1", params![leader.as_bytes(), now_ms])
}

fn one(connection: &Connection, which: &str, values: &[&dyn ToSql]) -> Result<Option<LedVisit>, StoreError> {
    let sql = format!(
        "SELECT id, code_key, leader, unit, site, route, began_ms, ends_ms, revision, state FROM led_visit WHERE {which}"
    );
    let mut found = connection.prepare_cached(&sql)?;
    found.query_row(values, |row| Ok(visit(row))).optional()?.transpose()
}

fn visit(row: &Row<'_>) -> Result<LedVisit, StoreError> {
    let (site, route): (String, String) = (row.get(4)?, row.get(5)?);
    let unreadable = |_| StoreError::Refused("a led visit's route cannot be read".to_owned());
    Ok(LedVisit {
        id: Uuid::from_bytes(row.get(0)?),
        code_key: row.get(1)?,
        leader: Uuid::from_bytes(row.get(2)?),
        unit: Uuid::from_bytes(row.get(3)?),
        site: SiteId::new(&site).map_err(unreadable)?,
        route: RouteId::new(&route).map_err(unreadable)?,
        began_ms: row.get(6)?,
        ends_ms: row.get(7)?,
        revision: row.get(8)?,
        state: row.get(9)?,
    })
}

fn follow(connection: &Connection, follower: &Follower, now_ms: i64) -> Result<bool, StoreError> {
    let (visit, id) = (follower.visit.as_bytes(), follower.id.as_bytes());
    let gone = "DELETE FROM led_follower WHERE visit = ?1 AND seen_ms NOT BETWEEN ?2 AND ?3";
    connection.execute(gone, params![visit, now_ms - AWAY_MS, now_ms + APART_MS])?;
    let others = "SELECT count(*) FROM led_follower WHERE visit = ?1 AND id <> ?2";
    let others: i64 = connection.query_row(others, params![visit, id], |row| row.get(0))?;
    if usize::try_from(others).unwrap_or_default() >= MOST_FOLLOWERS {
        return Ok(false);
    }
    let sql = "INSERT INTO led_follower (visit, id, stream, revision, seen_ms) VALUES (?1, ?2, ?3, ?4, ?5) \
               ON CONFLICT (visit, id) DO UPDATE SET stream = excluded.stream, seen_ms = excluded.seen_ms, \
               revision = max(revision, excluded.revision)";
    connection.execute(sql, params![visit, id, follower.stream.as_bytes(), follower.revision, now_ms])?;
    Ok(true)
}
