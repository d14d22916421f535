//! Rows of forwarding.

use super::ask::{change, row, rows, unreadable};
use super::people::BELOW;
use super::rows::{COLUMNS, entry};
use super::step::{read, write};
use super::trouble::Trouble;
use super::{Postgres, deeds};
use crate::store::audit::NewAudit;
use crate::store::forwards::{Deal, Forward, Forwards, Held, LogRun, PLACES, Refusal, Settled};
use crate::store::{Entry, Kind, StoreError};
use crate::xapi::record::is_told;
use async_trait::async_trait;
use deadpool_postgres::{GenericClient, Transaction};
use tokio_postgres::Row;
use uuid::Uuid;

#[async_trait]
impl Forwards for Postgres {
    async fn begin_forward(&self, name: String, unit: Option<Uuid>) -> Result<(), StoreError> {
        write!(self, true, |step, _again| begin(&step, &name, unit))
    }

    async fn forwards(&self) -> Result<Vec<Forward>, StoreError> {
        read!(self, client => forwards(&client))
    }

    async fn log_after(&self, unit: Option<Uuid>, after: i64, most: u32) -> Result<LogRun, StoreError> {
        read!(self, client => log_after(&client, unit, after, most))
    }

    async fn settle_forward(&self, name: String, settled: Settled) -> Result<bool, StoreError> {
        // Done again after a commit that was never answered, it finds another place, or this one, and says so.
        write!(self, true, |step, _again| settle(&step, &name, &settled))
    }

    async fn held_again(&self, name: String, most: u32) -> Result<Vec<Entry>, StoreError> {
        read!(self, client => held_again(&client, &name, most))
    }

    async fn settle_again(
        &self,
        name: String,
        delivered: Vec<i64>,
        refused: Vec<Refusal>,
        now_ms: i64,
    ) -> Result<(), StoreError> {
        write!(self, true, |step, _again| settle_again(&step, &name, &delivered, &refused, now_ms))
    }

    async fn held(&self, name: String, unit: Uuid, most: u32) -> Result<Vec<Held>, StoreError> {
        read!(self, client => held_of(&client, &name, unit, most))
    }

    async fn deal_with_held(
        &self,
        name: String,
        unit: Uuid,
        seq: Option<i64>,
        deal: Deal,
        audit: NewAudit,
    ) -> Result<u64, StoreError> {
        write!(self, false, |step, _again| deal_with(&step, (&name, unit, seq), &deal, &audit))
    }
}

async fn begin(step: &Transaction<'_>, name: &str, unit: Option<Uuid>) -> Result<(), Trouble> {
    let sql = "INSERT INTO forward (name, unit, seq, sent, erased) VALUES ($1, $2, 0, 0, 0) \
               ON CONFLICT (name) DO UPDATE SET unit = excluded.unit";
    change(step, sql, &[&name, &unit]).await?;
    Ok(())
}

async fn forwards(client: &impl GenericClient) -> Result<Vec<Forward>, Trouble> {
    let sql = "SELECT name, unit, seq, sent, last_ms, erased, \
               greatest(0, coalesce((SELECT max(seq) FROM event), 0) - forward.seq), \
               (SELECT count(*) FROM forward_held WHERE forward_held.name = forward.name AND aside IS NULL) \
               FROM forward ORDER BY name";
    let read = |row: &Row| {
        Ok(Forward {
            name: row.try_get(0)?,
            unit: row.try_get(1)?,
            seq: row.try_get(2)?,
            sent: row.try_get(3)?,
            last_ms: row.try_get(4)?,
            erased: row.try_get(5)?,
            behind: row.try_get(6)?,
            held: row.try_get(7)?,
        })
    };
    rows(client, sql, &[]).await?.iter().map(read).collect()
}

async fn log_after(client: &impl GenericClient, unit: Option<Uuid>, after: i64, most: u32) -> Result<LogRun, Trouble> {
    // Places rise in the order of commits, so that nothing can come in below the last that is seen.
    let last = row(client, "SELECT coalesce(max(seq), 0) FROM event", &[]).await?;
    let last: i64 = last.map(|row| row.try_get(0)).transpose()?.unwrap_or_default();
    let (upto, limit) = (last.min(after.saturating_add(PLACES)), i64::from(most));
    let found = if let Some(unit) = unit {
        let sql = format!(
            "{BELOW} SELECT {COLUMNS} FROM event JOIN person ON person.id = event.subject \
             WHERE event.seq > $2 AND event.seq <= $3 AND person.unit IN (SELECT id FROM below) \
             ORDER BY event.seq LIMIT $4"
        );
        rows(client, &sql, &[&unit, &after, &upto, &limit]).await?
    } else {
        let sql = format!("SELECT {COLUMNS} FROM event WHERE seq > $1 AND seq <= $2 ORDER BY seq LIMIT $3");
        rows(client, &sql, &[&after, &upto, &limit]).await?
    };
    let found = found.iter().map(entry).collect::<Result<Vec<_>, _>>()?;
    Ok(LogRun::of(found, most, (after, upto), last))
}

async fn settle(step: &Transaction<'_>, name: &str, settled: &Settled) -> Result<bool, Trouble> {
    let sql = "UPDATE forward SET seq = $3, sent = sent + $4, last_ms = CASE WHEN $4 > 0::bigint THEN $5 ELSE last_ms END \
               WHERE name = $1 AND seq = $2";
    let upto = settled.upto.max(settled.from);
    if change(step, sql, &[&name, &settled.from, &upto, &settled.delivered, &settled.at_ms]).await? == 0 {
        return Ok(false);
    }
    // What was erased since it was read is not held.
    let sql = "INSERT INTO forward_held (name, seq, status, words, since_ms, again) SELECT $1, seq, $3, $4, $5, 0 \
               FROM event WHERE seq = $2 ON CONFLICT DO NOTHING";
    for Refusal { seq, status, words } in &settled.refused {
        change(step, sql, &[&name, seq, &i64::from(*status), words, &settled.at_ms]).await?;
    }
    Ok(true)
}

async fn held_again(client: &impl GenericClient, name: &str, most: u32) -> Result<Vec<Entry>, Trouble> {
    let sql = format!(
        "SELECT {COLUMNS} FROM forward_held JOIN event ON event.seq = forward_held.seq \
         WHERE forward_held.name = $1 AND again = 1 ORDER BY event.seq LIMIT $2"
    );
    rows(client, &sql, &[&name, &i64::from(most)]).await?.iter().map(entry).collect()
}

async fn settle_again(
    step: &Transaction<'_>,
    name: &str,
    delivered: &[i64],
    refused: &[Refusal],
    now_ms: i64,
) -> Result<(), Trouble> {
    let sql = "DELETE FROM forward_held WHERE name = $1 AND seq = ANY ($2)";
    let gone = i64::try_from(change(step, sql, &[&name, &delivered]).await?).unwrap_or(i64::MAX);
    if gone > 0 {
        let sql = "UPDATE forward SET sent = sent + $2, last_ms = $3 WHERE name = $1";
        change(step, sql, &[&name, &gone, &now_ms]).await?;
    }
    for Refusal { seq, status, words } in refused {
        let sql =
            "UPDATE forward_held SET status = $3, words = $4, since_ms = $5, again = 0 WHERE name = $1 AND seq = $2";
        change(step, sql, &[&name, seq, &i64::from(*status), words, &now_ms]).await?;
    }
    Ok(())
}

/// Entries that are held about people of a unit and those below it; the unit is given first, the store's name second.
const HELD_OF: &str = "forward_held JOIN event ON event.seq = forward_held.seq JOIN person ON person.id = event.subject \
                       WHERE person.unit IN (SELECT id FROM below) AND forward_held.name = $2";

async fn held_of(client: &impl GenericClient, name: &str, unit: Uuid, most: u32) -> Result<Vec<Held>, Trouble> {
    let sql = format!(
        "{BELOW} SELECT forward_held.seq, status, words, event.id, event.kind, since_ms, again, aside FROM {HELD_OF} \
         ORDER BY aside IS NOT NULL, forward_held.seq LIMIT $3"
    );
    let held = |row: &Row| {
        let status = u16::try_from(row.try_get::<_, i64>(1)?).map_err(|_| unreadable())?;
        Ok(Held {
            refusal: Refusal { seq: row.try_get(0)?, status, words: row.try_get(2)? },
            id: row.try_get(3)?,
            kind: Kind::from_code(row.try_get(4)?).ok_or_else(unreadable)?,
            since_ms: row.try_get(5)?,
            again: row.try_get::<_, i64>(6)? == 1,
            aside: row.try_get(7)?,
        })
    };
    rows(client, &sql, &[&unit, &name, &i64::from(most)]).await?.iter().map(held).collect()
}

async fn deal_with(
    step: &Transaction<'_>,
    (name, unit, seq): (&str, Uuid, Option<i64>),
    deal: &Deal,
    audit: &NewAudit,
) -> Result<u64, Trouble> {
    let (again, aside) = match deal {
        Deal::Again => (1_i64, None),
        Deal::Aside(reason) => (0, Some(reason)),
    };
    let sql = format!(
        "{BELOW} UPDATE forward_held SET again = $4, aside = $5 WHERE name = $2 AND seq IN (SELECT forward_held.seq \
         FROM {HELD_OF}) AND CASE WHEN $3::bigint IS NULL THEN aside IS NULL ELSE seq = $3 END"
    );
    let dealt = change(step, &sql, &[&unit, &name, &seq, &again, &aside]).await?;
    if dealt > 0 {
        deeds::add_audit(step, audit).await?;
    }
    Ok(dealt)
}

/// Forgets what is held of entries that are about to be erased, and counts what was delivered of them: for each store that
/// has some, its name and how many.
pub async fn erase(step: &Transaction<'_>, person: Uuid, seqs: &[i64]) -> Result<Vec<(String, i64)>, Trouble> {
    let told: Vec<&str> = Kind::ALL.into_iter().filter(|kind| is_told(*kind)).map(Kind::code).collect();
    let above = "WITH RECURSIVE above (id, parent) AS (SELECT unit.id, unit.parent FROM unit JOIN person \
                 ON person.unit = unit.id WHERE person.id = $1 UNION SELECT unit.id, unit.parent FROM unit \
                 JOIN above ON unit.id = above.parent)";
    let sql = format!(
        "{above} SELECT name, (SELECT count(*) FROM event WHERE event.subject = $1 AND event.seq <= forward.seq \
         AND event.kind = ANY ($2) AND NOT EXISTS (SELECT 1 FROM forward_held AS held WHERE held.name = forward.name \
         AND held.seq = event.seq)) FROM forward WHERE unit IS NULL OR unit IN (SELECT id FROM above) ORDER BY name"
    );
    let mut sent = Vec::new();
    for row in rows(step, &sql, &[&person, &told]).await? {
        let (name, count): (String, i64) = (row.try_get(0)?, row.try_get(1)?);
        if count > 0 {
            change(step, "UPDATE forward SET erased = erased + $2 WHERE name = $1", &[&name, &count]).await?;
            sent.push((name, count));
        }
    }
    change(step, "DELETE FROM forward_held WHERE seq = ANY ($1)", &[&seqs]).await?;
    Ok(sent)
}
