//! Rows of led visits and of those who follow them.

use super::ask::{change, hash, row, rows, unreadable};
use super::step::{read, write};
use super::trouble::Trouble;
use super::{Postgres, deeds};
use crate::store::StoreError;
use crate::store::audit::NewAudit;
use crate::store::led::{APART_MS, AWAY_MS, BegunLed, Follower, LedVisit, LedVisits, MOST_FOLLOWERS, REMEMBERED_MS};
use async_trait::async_trait;
use deadpool_postgres::{GenericClient, Transaction};
use heritage::{RouteId, SiteId};
use tokio_postgres::Row;
use uuid::Uuid;

#[async_trait]
impl LedVisits for Postgres {
    async fn begin_led(&self, new: LedVisit, audit: NewAudit) -> Result<BegunLed, StoreError> {
        write!(self, false, |step, _again| begin(&step, &new, &audit))
    }

    async fn change_led(&self, changed: LedVisit, audit: Option<NewAudit>) -> Result<bool, StoreError> {
        write!(self, false, |step, _again| replace(&step, &changed, audit.as_ref()))
    }

    async fn led_visits(&self, ids: Vec<Uuid>) -> Result<Vec<LedVisit>, StoreError> {
        let sql = select("id = ANY ($1)");
        read!(self, client => many(&client, &sql, &[&ids]))
    }

    async fn led_by_code(&self, code_key: [u8; 32]) -> Result<Option<LedVisit>, StoreError> {
        let sql = select("code_key = $1");
        read!(self, client => many(&client, &sql, &[&code_key.as_slice()])).map(|mut found| found.pop())
    }

    async fn led_by(&self, leader: Uuid, now_ms: i64) -> Result<Option<LedVisit>, StoreError> {
        read!(self, client => running(&client, leader, now_ms))
    }

    async fn follow_led(&self, follower: Follower, now_ms: i64) -> Result<bool, StoreError> {
        write!(self, true, |step, _again| follow(&step, &follower, now_ms))
    }

    async fn leave_led(&self, visit: Uuid, stream: Uuid) -> Result<(), StoreError> {
        let sql = "DELETE FROM led_follower WHERE visit = $1 AND stream = $2";
        write!(self, true, |step, _again| change(&step, sql, &[&visit, &stream])).map(drop)
    }

    async fn see_led(&self, visit: Uuid, follower: Uuid, revision: i64) -> Result<bool, StoreError> {
        let sql = "UPDATE led_follower SET revision = $3 WHERE visit = $1 AND id = $2 AND revision < $3 \
                   AND $3 <= (SELECT revision FROM led_visit WHERE led_visit.id = $1)";
        let seen = write!(self, true, |step, _again| change(&step, sql, &[&visit, &follower, &revision]));
        seen.map(|count| count == 1)
    }

    async fn stay_led(&self, streams: Vec<(Uuid, Uuid)>, now_ms: i64) -> Result<(), StoreError> {
        let (visits, streams): (Vec<Uuid>, Vec<Uuid>) = streams.into_iter().unzip();
        // Rows are held in one order, so that two services do not wait for one another.
        let sql = "UPDATE led_follower SET seen_ms = $3 FROM (SELECT visit, id FROM led_follower \
                   JOIN unnest($1::uuid[], $2::uuid[]) AS here (at, by) ON visit = at AND stream = by \
                   ORDER BY visit, id FOR UPDATE OF led_follower) AS held \
                   WHERE led_follower.visit = held.visit AND led_follower.id = held.id";
        write!(self, true, |step, _again| change(&step, sql, &[&visits, &streams, &now_ms])).map(drop)
    }

    async fn led_followers(&self, visit: Uuid, now_ms: i64) -> Result<Vec<(Uuid, i64)>, StoreError> {
        read!(self, client => followers(&client, visit, now_ms))
    }
}

/// Removes all visits that a person led, and ends those that they lead.
pub async fn remove_all(step: &impl GenericClient, person: Uuid) -> Result<(), Trouble> {
    let followers = "DELETE FROM led_follower WHERE visit IN (SELECT id FROM led_visit WHERE leader = $1)";
    change(step, followers, &[&person]).await?;
    change(step, "DELETE FROM led_visit WHERE leader = $1", &[&person]).await?;
    Ok(())
}

async fn begin(step: &Transaction<'_>, new: &LedVisit, said: &NewAudit) -> Result<BegunLed, Trouble> {
    let long_ago = new.began_ms - REMEMBERED_MS;
    let followers = "DELETE FROM led_follower WHERE visit IN (SELECT id FROM led_visit WHERE ends_ms <= $1)";
    change(step, followers, &[&long_ago]).await?;
    change(step, "DELETE FROM led_visit WHERE ends_ms <= $1", &[&long_ago]).await?;
    // Held, so that somebody who presses twice begins once.
    row(step, "SELECT id FROM person WHERE id = $1 FOR NO KEY UPDATE", &[&new.leader]).await?;
    if let Some(running) = running(step, new.leader, new.began_ms).await? {
        return Ok(BegunLed::Running(running.id));
    }
    let sql = "INSERT INTO led_visit (id, code_key, leader, unit, site, route, began_ms, ends_ms, revision, state) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING";
    let (code_key, site, route) = (new.code_key.as_slice(), new.site.as_str(), new.route.as_str());
    let times: [&i64; 3] = [&new.began_ms, &new.ends_ms, &new.revision];
    let values: super::ask::Values<'_> =
        &[&new.id, &code_key, &new.leader, &new.unit, &site, &route, times[0], times[1], times[2], &new.state];
    if change(step, sql, values).await? == 0 {
        return Ok(BegunLed::Taken);
    }
    deeds::add_audit(step, said).await?;
    Ok(BegunLed::Begun)
}

async fn replace(step: &Transaction<'_>, changed: &LedVisit, said: Option<&NewAudit>) -> Result<bool, Trouble> {
    let sql =
        "UPDATE led_visit SET revision = $2, state = $3, ends_ms = $4 WHERE id = $1 AND revision = $2::bigint - 1";
    if change(step, sql, &[&changed.id, &changed.revision, &changed.state, &changed.ends_ms]).await? == 0 {
        return Ok(false);
    }
    if let Some(said) = said {
        deeds::add_audit(step, said).await?;
    }
    Ok(true)
}

fn select(which: &str) -> String {
    format!(
        "SELECT id, code_key, leader, unit, site, route, began_ms, ends_ms, revision, state FROM led_visit WHERE {which}"
    )
}

async fn running(client: &impl GenericClient, leader: Uuid, now_ms: i64) -> Result<Option<LedVisit>, Trouble> {
    let sql = select("leader = $1 AND ends_ms > $2 ORDER BY began_ms DESC LIMIT 1");
    Ok(many(client, &sql, &[&leader, &now_ms]).await?.pop())
}

async fn many(
    client: &impl GenericClient,
    sql: &str,
    values: super::ask::Values<'_>,
) -> Result<Vec<LedVisit>, Trouble> {
    rows(client, sql, values).await?.iter().map(visit).collect()
}

fn visit(row: &Row) -> Result<LedVisit, Trouble> {
    Ok(LedVisit {
        id: row.try_get(0)?,
        code_key: hash(row, 1)?,
        leader: row.try_get(2)?,
        unit: row.try_get(3)?,
        site: SiteId::new(row.try_get(4)?).map_err(|_| unreadable())?,
        route: RouteId::new(row.try_get(5)?).map_err(|_| unreadable())?,
        began_ms: row.try_get(6)?,
        ends_ms: row.try_get(7)?,
        revision: row.try_get(8)?,
        state: row.try_get(9)?,
    })
}

async fn follow(step: &Transaction<'_>, follower: &Follower, now_ms: i64) -> Result<bool, Trouble> {
    // Held, so that of many who come at once no more are let in than there is room for.
    row(step, "SELECT id FROM led_visit WHERE id = $1 FOR NO KEY UPDATE", &[&follower.visit]).await?;
    let gone = "DELETE FROM led_follower WHERE visit = $1 AND seen_ms NOT BETWEEN $2 AND $3";
    change(step, gone, &[&follower.visit, &(now_ms - AWAY_MS), &(now_ms + APART_MS)]).await?;
    let others = "SELECT count(*) FROM led_follower WHERE visit = $1 AND id <> $2";
    let others = row(step, others, &[&follower.visit, &follower.id]).await?;
    let others: i64 = others.map(|row| row.try_get(0)).transpose()?.unwrap_or_default();
    if usize::try_from(others).unwrap_or_default() >= MOST_FOLLOWERS {
        return Ok(false);
    }
    let sql = "INSERT INTO led_follower (visit, id, stream, revision, seen_ms) VALUES ($1, $2, $3, $4, $5) \
               ON CONFLICT (visit, id) DO UPDATE SET stream = excluded.stream, seen_ms = excluded.seen_ms, \
               revision = greatest(led_follower.revision, excluded.revision)";
    change(step, sql, &[&follower.visit, &follower.id, &follower.stream, &follower.revision, &now_ms]).await?;
    Ok(true)
}

async fn followers(client: &impl GenericClient, visit: Uuid, now_ms: i64) -> Result<Vec<(Uuid, i64)>, Trouble> {
    let sql = "SELECT id, revision FROM led_follower WHERE visit = $1 AND seen_ms BETWEEN $2 AND $3 ORDER BY id";
    let found = rows(client, sql, &[&visit, &(now_ms - AWAY_MS), &(now_ms + APART_MS)]).await?;
    found.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect()
}
