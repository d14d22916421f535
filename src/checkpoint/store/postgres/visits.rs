//! Rows of visits that nobody has claimed yet, and of claims that wait for them.

use super::Postgres;
use super::ask::{Values, change, hash, row, rows};
use super::step::{read, write};
use super::trouble::Trouble;
use crate::store::StoreError;
use crate::store::kept::TokenHash;
use crate::store::visits::{Claim, Delivered, KioskVisit, LATEST_MS, MOST_CLAIMS, MOST_VISITS, NewVisit, Visits};
use async_trait::async_trait;
use deadpool_postgres::{GenericClient, Transaction};
use tokio_postgres::Row;
use uuid::Uuid;

#[async_trait]
impl Visits for Postgres {
    async fn keep_visit(&self, new: NewVisit) -> Result<Delivered, StoreError> {
        write!(self, true, |step, _again| keep(&step, &new))
    }

    async fn look_at_visit(&self, code_key: TokenHash, person: Uuid, now_ms: i64) -> Result<Claim, StoreError> {
        read!(self, client => look(&client, "", code_key, person, now_ms))
    }

    async fn claim_visit(&self, code_key: TokenHash, person: Uuid, now_ms: i64) -> Result<Claim, StoreError> {
        write!(self, true, |step, _again| claim(&step, code_key, person, now_ms))
    }

    async fn settle_visit(&self, id: Uuid) -> Result<(), StoreError> {
        write!(self, true, |step, _again| settle(&step, id))
    }

    async fn claims_of(&self, person: Uuid, now_ms: i64) -> Result<Vec<i64>, StoreError> {
        read!(self, client => claims(&client, person, now_ms))
    }

    async fn tend_visits(&self, now_ms: i64) -> Result<Vec<KioskVisit>, StoreError> {
        write!(self, true, |step, _again| tend(&step, now_ms))
    }
}

/// Removes what a person's claims have left: visits that were theirs stay claimed, by nobody.
pub async fn remove_all(step: &impl GenericClient, person: Uuid) -> Result<(), Trouble> {
    change(step, "DELETE FROM kiosk_claim WHERE person = $1", &[&person]).await?;
    change(step, "UPDATE kiosk_visit SET person = NULL, body = '' WHERE person = $1", &[&person]).await?;
    Ok(())
}

const FROM: &str =
    "SELECT id, kiosk, code_key, ended_ms, skew_ms, ends_ms, person, claimed_ms, body FROM kiosk_visit WHERE";

async fn visits(client: &impl GenericClient, which: &str, values: Values<'_>) -> Result<Vec<KioskVisit>, Trouble> {
    rows(client, &format!("{FROM} {which}"), values).await?.iter().map(visit).collect()
}

fn visit(row: &Row) -> Result<KioskVisit, Trouble> {
    Ok(KioskVisit {
        id: row.try_get(0)?,
        kiosk: row.try_get(1)?,
        code_key: hash(row, 2)?,
        ended_ms: row.try_get(3)?,
        skew_ms: row.try_get(4)?,
        ends_ms: row.try_get(5)?,
        person: row.try_get(6)?,
        claimed_ms: row.try_get(7)?,
        body: row.try_get(8)?,
    })
}

/// Whose claim waits for this code, since when and until when.
async fn waiting(
    client: &impl GenericClient,
    code_key: TokenHash,
    now_ms: i64,
) -> Result<Option<(Uuid, i64, i64)>, Trouble> {
    let sql = "SELECT person, claimed_ms, ends_ms FROM kiosk_claim WHERE code_key = $1 AND ends_ms > $2";
    let found = row(client, sql, &[&code_key.as_slice(), &now_ms]).await?;
    found.map(|row| Ok((row.try_get(0)?, row.try_get(1)?, row.try_get(2)?))).transpose()
}

async fn count(client: &impl GenericClient, sql: &str, values: Values<'_>) -> Result<u32, Trouble> {
    let found: Option<i64> = row(client, sql, values).await?.map(|row| row.try_get(0)).transpose()?;
    Ok(found.and_then(|found| u32::try_from(found).ok()).unwrap_or_default())
}

async fn keep(step: &Transaction<'_>, new: &NewVisit) -> Result<Delivered, Trouble> {
    // A terminal that sends the same twice at once stands in line here.
    row(step, "SELECT id FROM kiosk WHERE id = $1 FOR UPDATE", &[&new.kiosk]).await?;
    if let Some(known) = visits(step, "id = $1", &[&new.id]).await?.pop() {
        let is_same = (known.kiosk, known.code_key) == (new.kiosk, new.code_key);
        return Ok(if is_same { Delivered::Before(known) } else { Delivered::Conflict });
    }
    let wait = "SELECT count(*) FROM kiosk_visit WHERE kiosk = $1 AND body <> ''";
    if count(step, wait, &[&new.kiosk]).await? >= MOST_VISITS {
        return Ok(Delivered::TooMany);
    }
    let claim = waiting(step, new.code_key, new.delivered_ms).await?;
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
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING";
    let key = kept.code_key.as_slice();
    let KioskVisit { ended_ms, skew_ms, ends_ms, person, claimed_ms, .. } = kept;
    let values: Values<'_> =
        &[&kept.id, &kept.kiosk, &key, &ended_ms, &skew_ms, &ends_ms, &person, &claimed_ms, &kept.body];
    if change(step, sql, values).await? == 0 {
        return Ok(Delivered::Conflict);
    }
    change(step, "DELETE FROM kiosk_claim WHERE code_key = $1", &[&key]).await?;
    Ok(match (is_late, kept.person) {
        (true, _) => Delivered::Expired,
        (false, Some(_)) => Delivered::Claimed(kept),
        (false, None) => Delivered::Stored,
    })
}

/// `held` is how the row is locked, if it is.
async fn look(
    client: &impl GenericClient,
    held: &str,
    code_key: TokenHash,
    person: Uuid,
    now_ms: i64,
) -> Result<Claim, Trouble> {
    if let Some(found) = visits(client, &format!("code_key = $1 {held}"), &[&code_key.as_slice()]).await?.pop() {
        return Ok(found.standing(person, now_ms));
    }
    Ok(match waiting(client, code_key, now_ms).await? {
        Some((claimed, _, ends_ms)) if claimed == person => Claim::Waits(ends_ms),
        Some(_) => Claim::Others,
        None => Claim::Unknown,
    })
}

async fn claim(step: &Transaction<'_>, code_key: TokenHash, person: Uuid, now_ms: i64) -> Result<Claim, Trouble> {
    // One person's claims stand in line, so that they are counted.
    row(step, "SELECT id FROM person WHERE id = $1 FOR UPDATE", &[&person]).await?;
    match look(step, "FOR UPDATE", code_key, person, now_ms).await? {
        Claim::Open(found) => {
            let sql = "UPDATE kiosk_visit SET person = $2, claimed_ms = $3 WHERE id = $1";
            change(step, sql, &[&found.id, &person, &now_ms]).await?;
            Ok(Claim::Yours(KioskVisit { person: Some(person), claimed_ms: Some(now_ms), ..found }))
        }
        Claim::Unknown => {
            change(step, "DELETE FROM kiosk_claim WHERE ends_ms <= $1", &[&now_ms]).await?;
            if count(step, "SELECT count(*) FROM kiosk_claim WHERE person = $1", &[&person]).await? >= MOST_CLAIMS {
                return Ok(Claim::TooMany);
            }
            let ends_ms = now_ms + LATEST_MS;
            let sql = "INSERT INTO kiosk_claim (code_key, person, claimed_ms, ends_ms) VALUES ($1, $2, $3, $4) \
                       ON CONFLICT DO NOTHING";
            let is_kept = change(step, sql, &[&code_key.as_slice(), &person, &now_ms, &ends_ms]).await? == 1;
            Ok(if is_kept { Claim::Waits(ends_ms) } else { Claim::Others })
        }
        standing => Ok(standing),
    }
}

async fn settle(step: &Transaction<'_>, id: Uuid) -> Result<(), Trouble> {
    change(step, "UPDATE kiosk_visit SET body = '' WHERE id = $1", &[&id]).await?;
    Ok(())
}

async fn claims(client: &impl GenericClient, person: Uuid, now_ms: i64) -> Result<Vec<i64>, Trouble> {
    let sql = "SELECT ends_ms FROM kiosk_claim WHERE person = $1 AND ends_ms > $2 ORDER BY ends_ms";
    rows(client, sql, &[&person, &now_ms]).await?.iter().map(|row| Ok(row.try_get(0)?)).collect()
}

async fn tend(step: &Transaction<'_>, now_ms: i64) -> Result<Vec<KioskVisit>, Trouble> {
    change(step, "DELETE FROM kiosk_claim WHERE ends_ms <= $1", &[&now_ms]).await?;
    // A visit and a claim of it that came at once have passed by one another.
    let met = "UPDATE kiosk_visit SET person = kiosk_claim.person, claimed_ms = kiosk_claim.claimed_ms FROM kiosk_claim \
               WHERE kiosk_claim.code_key = kiosk_visit.code_key AND kiosk_visit.claimed_ms IS NULL \
               AND kiosk_visit.body <> ''";
    change(step, met, &[]).await?;
    change(step, "DELETE FROM kiosk_claim WHERE code_key IN (SELECT code_key FROM kiosk_visit)", &[]).await?;
    let over = "UPDATE kiosk_visit SET body = '' WHERE claimed_ms IS NULL AND ends_ms <= $1 AND body <> ''";
    change(step, over, &[&now_ms]).await?;
    let long_past = now_ms - LATEST_MS;
    change(step, "DELETE FROM kiosk_visit WHERE body = '' AND ends_ms <= $1", &[&long_past]).await?;
    visits(step, "person IS NOT NULL AND body <> '' ORDER BY id", &[]).await
}
