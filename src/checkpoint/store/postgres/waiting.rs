//! Rows of what waits.

use super::Postgres;
use super::ask::{change, row};
use super::step::{read, write};
use super::trouble::Trouble;
use crate::store::StoreError;
use crate::store::waiting::{APART_MS, MOST_WAITING_BYTES, Wait, Waiting, Waits};
use async_trait::async_trait;
use deadpool_postgres::{GenericClient, Transaction};
use tokio_postgres::Row;
use uuid::Uuid;

#[async_trait]
impl Waits for Postgres {
    async fn keep_waiting(&self, new: Waiting) -> Result<bool, StoreError> {
        write!(self, false, |step, _again| keep(&step, &new))
    }

    async fn waiting(&self, what: Wait, id: Uuid, now_ms: i64) -> Result<Option<Waiting>, StoreError> {
        read!(self, client => found(&client, SELECT, (what, id), now_ms))
    }

    async fn take_waiting(&self, what: Wait, id: Uuid, now_ms: i64) -> Result<Option<Waiting>, StoreError> {
        write!(self, false, |step, _again| found(&step, TAKE, (what, id), now_ms))
    }
}

/// Clears away what has waited too long.
pub async fn sweep(step: &impl GenericClient, now_ms: i64) -> Result<(), Trouble> {
    change(step, "DELETE FROM waiting WHERE ends_ms <= $1", &[&now_ms]).await?;
    Ok(())
}

/// Removes all that waits for a person.
pub async fn remove_all(step: &impl GenericClient, person: Uuid) -> Result<(), Trouble> {
    change(step, "DELETE FROM waiting WHERE owner = $1", &[&person]).await?;
    Ok(())
}

async fn keep(step: &Transaction<'_>, new: &Waiting) -> Result<bool, Trouble> {
    sweep(step, new.since_ms).await?;
    if new.body.len() > MOST_WAITING_BYTES {
        return Ok(false);
    }
    let (what, most) = (new.what.code(), i64::from(new.what.most()));
    if new.what.gives_way() {
        change(step, "DELETE FROM waiting WHERE what = $1 AND owner = $2", &[&what, &new.owner]).await?;
        // Those that stay and the new one are as many as there may be.
        let oldest = "DELETE FROM waiting WHERE id IN (SELECT id FROM waiting WHERE what = $1 \
                      ORDER BY since_ms DESC, id DESC OFFSET $2)";
        change(step, oldest, &[&what, &(most - 1)]).await?;
    }
    let count = row(step, "SELECT count(*) FROM waiting WHERE what = $1", &[&what]).await?;
    // Several at once may pass by one another: what is meant is that they do not fill the disk.
    if count.map(|row| row.try_get::<_, i64>(0)).transpose()?.unwrap_or_default() >= most {
        return Ok(false);
    }
    let sql = "INSERT INTO waiting (id, what, owner, body, since_ms, ends_ms) VALUES ($1, $2, $3, $4, $5, $6) \
               ON CONFLICT DO NOTHING";
    Ok(change(step, sql, &[&new.id, &what, &new.owner, &new.body, &new.since_ms, &new.ends_ms]).await? == 1)
}

const SELECT: &str = "SELECT owner, body, since_ms, ends_ms FROM waiting \
                      WHERE id = $1 AND what = $2 AND ends_ms > $3 AND since_ms <= $4";
const TAKE: &str = "DELETE FROM waiting WHERE id = $1 AND what = $2 AND ends_ms > $3 AND since_ms <= $4 \
                    RETURNING owner, body, since_ms, ends_ms";

async fn found(
    client: &impl GenericClient,
    sql: &str,
    (what, id): (Wait, Uuid),
    now_ms: i64,
) -> Result<Option<Waiting>, Trouble> {
    let read = |row: Row| -> Result<Waiting, Trouble> {
        let (owner, body) = (row.try_get(0)?, row.try_get(1)?);
        Ok(Waiting { id, what, owner, body, since_ms: row.try_get(2)?, ends_ms: row.try_get(3)? })
    };
    let values: super::ask::Values<'_> = &[&id, &what.code(), &now_ms, &now_ms.saturating_add(APART_MS)];
    row(client, sql, values).await?.map(read).transpose()
}
