//! Rows of kiosks and their pairings.

use super::ask::{change, name, row, rows, unreadable};
use super::people::{self, BELOW};
use super::step::{read, write};
use super::trouble::Trouble;
use super::{Postgres, deeds};
use crate::store::StoreError;
use crate::store::audit::NewAudit;
use crate::store::kept::{Person, TokenHash};
use crate::store::pairing::{
    Decided, IDLE_MS, INTERVAL_SECS, Kiosk, NewPairing, Pairing, Pairings, Polled, SESSION_MS, Standing, is_within,
};
use async_trait::async_trait;
use deadpool_postgres::{GenericClient, Transaction};
use heritage::SiteId;
use tokio_postgres::Row;
use uuid::Uuid;

#[async_trait]
impl Pairings for Postgres {
    async fn add_kiosk(&self, kiosk: Kiosk, audit: NewAudit) -> Result<bool, StoreError> {
        write!(self, false, |step, _again| add(&step, &kiosk, &audit))
    }

    async fn withdraw_kiosk(&self, kiosk: Uuid, audit: NewAudit) -> Result<bool, StoreError> {
        write!(self, false, |step, _again| withdraw(&step, kiosk, &audit))
    }

    async fn kiosk(&self, id: Uuid) -> Result<Option<Kiosk>, StoreError> {
        read!(self, client => by_id(&client, id))
    }

    async fn kiosks_of(&self, unit: Uuid) -> Result<Vec<Kiosk>, StoreError> {
        read!(self, client => of_unit(&client, unit))
    }

    async fn ask_pairing(&self, asked: NewPairing) -> Result<bool, StoreError> {
        write!(self, true, |step, _again| ask(&step, &asked))
    }

    async fn look_at_pairing(&self, user_code: [u8; 32], now_ms: i64) -> Result<Option<(Kiosk, Pairing)>, StoreError> {
        write!(self, true, |step, _again| look(&step, user_code, now_ms))
    }

    async fn decide_pairing(
        &self,
        user_code: [u8; 32],
        kiosk: Uuid,
        decision: Standing,
        now_ms: i64,
    ) -> Result<Decided, StoreError> {
        write!(self, true, |step, _again| decide(&step, user_code, kiosk, decision, now_ms))
    }

    async fn poll_pairing(
        &self,
        kiosk: Uuid,
        device_code: TokenHash,
        token: TokenHash,
        now_ms: i64,
    ) -> Result<Polled, StoreError> {
        write!(self, false, |step, _again| poll(&step, kiosk, device_code, token, now_ms))
    }

    async fn kiosk_session(&self, token: TokenHash, now_ms: i64) -> Result<Option<(Person, Kiosk)>, StoreError> {
        write!(self, true, |step, _again| session(&step, token, now_ms))
    }

    async fn end_kiosk_session(&self, token: TokenHash) -> Result<(), StoreError> {
        write!(self, true, |step, _again| end(&step, token))
    }
}

/// Ends what a person has at kiosks.
pub async fn end_all(step: &impl GenericClient, person: Uuid) -> Result<(), Trouble> {
    change(step, "DELETE FROM pairing WHERE person = $1", &[&person]).await?;
    change(step, "DELETE FROM kiosk_session WHERE person = $1", &[&person]).await?;
    Ok(())
}

async fn add(step: &Transaction<'_>, kiosk: &Kiosk, audit: &NewAudit) -> Result<bool, Trouble> {
    let sql =
        "INSERT INTO kiosk (id, unit, site, name, enrolled_ms) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (id) DO NOTHING";
    let (site, name) = (kiosk.site.as_str(), kiosk.name.as_bytes());
    let is_new = change(step, sql, &[&kiosk.id, &kiosk.unit, &site, &name, &kiosk.enrolled_ms]).await? == 1;
    Ok(is_new && deeds::add_audit(step, audit).await.map(|()| true)?)
}

async fn withdraw(step: &Transaction<'_>, kiosk: Uuid, audit: &NewAudit) -> Result<bool, Trouble> {
    change(step, "DELETE FROM pairing WHERE kiosk = $1", &[&kiosk]).await?;
    change(step, "DELETE FROM kiosk_session WHERE kiosk = $1", &[&kiosk]).await?;
    let sql = "UPDATE kiosk SET withdrawn_ms = $2 WHERE id = $1 AND withdrawn_ms IS NULL";
    let is_new = change(step, sql, &[&kiosk, &audit.at_ms]).await? == 1;
    Ok(is_new && deeds::add_audit(step, audit).await.map(|()| true)?)
}

const FROM: &str = "SELECT kiosk.id, kiosk.unit, unit.name, kiosk.site, kiosk.name, kiosk.enrolled_ms, \
                    kiosk.withdrawn_ms FROM kiosk JOIN unit ON unit.id = kiosk.unit";

async fn by_id(client: &impl GenericClient, id: Uuid) -> Result<Option<Kiosk>, Trouble> {
    row(client, &format!("{FROM} WHERE kiosk.id = $1"), &[&id]).await?.as_ref().map(kiosk).transpose()
}

async fn of_unit(client: &impl GenericClient, unit: Uuid) -> Result<Vec<Kiosk>, Trouble> {
    let sql = format!(
        "{BELOW} {FROM} WHERE kiosk.unit IN (SELECT id FROM below) ORDER BY kiosk.enrolled_ms DESC, kiosk.id DESC"
    );
    rows(client, &sql, &[&unit]).await?.iter().map(kiosk).collect()
}

fn kiosk(row: &Row) -> Result<Kiosk, Trouble> {
    Ok(Kiosk {
        id: row.try_get(0)?,
        unit: row.try_get(1)?,
        unit_name: name(row, 2)?,
        site: SiteId::new(row.try_get(3)?).map_err(|_| unreadable())?,
        name: name(row, 4)?,
        enrolled_ms: row.try_get(5)?,
        withdrawn_ms: row.try_get(6)?,
    })
}

async fn ask(step: &Transaction<'_>, asked: &NewPairing) -> Result<bool, Trouble> {
    let held = "SELECT id FROM kiosk WHERE id = $1 FOR UPDATE";
    row(step, held, &[&asked.kiosk]).await?;
    let (device_code, user_code) = (asked.device_code.as_slice(), asked.user_code.as_slice());
    let taken = "SELECT 1 FROM pairing WHERE user_code = $1 AND kiosk <> $2";
    if row(step, taken, &[&user_code, &asked.kiosk]).await?.is_some() {
        return Ok(false);
    }
    change(step, "DELETE FROM kiosk_session WHERE kiosk = $1", &[&asked.kiosk]).await?;
    change(step, "DELETE FROM pairing WHERE kiosk = $1", &[&asked.kiosk]).await?;
    let sql = "INSERT INTO pairing (kiosk, device_code, user_code, asked_ms, interval_secs, looks, refused) \
               VALUES ($1, $2, $3, $4, $5, 0, 0)";
    change(step, sql, &[&asked.kiosk, &device_code, &user_code, &asked.asked_ms, &INTERVAL_SECS]).await?;
    Ok(true)
}

/// The pairing, held until the commit.
async fn pairing(step: &Transaction<'_>, which: &str, key: [u8; 32]) -> Result<Option<Pairing>, Trouble> {
    let sql = format!(
        "SELECT kiosk, asked_ms, polled_ms, interval_secs, looks, person, refused FROM pairing WHERE {which} = $1 FOR UPDATE"
    );
    let Some(row) = row(step, &sql, &[&key.as_slice()]).await? else { return Ok(None) };
    let person: Option<Uuid> = row.try_get(5)?;
    let refused: i64 = row.try_get(6)?;
    let accepted = person.map_or(Standing::Open, Standing::Accepted);
    Ok(Some(Pairing {
        kiosk: row.try_get(0)?,
        asked_ms: row.try_get(1)?,
        polled_ms: row.try_get(2)?,
        interval_secs: row.try_get(3)?,
        looks: row.try_get(4)?,
        standing: if refused == 0 { accepted } else { Standing::Refused },
    }))
}

async fn look(step: &Transaction<'_>, user_code: [u8; 32], now_ms: i64) -> Result<Option<(Kiosk, Pairing)>, Trouble> {
    let counted = "UPDATE pairing SET looks = looks + 1 WHERE user_code = $1";
    change(step, counted, &[&user_code.as_slice()]).await?;
    let Some(pairing) = pairing(step, "user_code", user_code).await?.filter(|pairing| pairing.is_good(now_ms)) else {
        return Ok(None);
    };
    Ok(by_id(step, pairing.kiosk).await?.map(|kiosk| (kiosk, pairing)))
}

async fn decide(
    step: &Transaction<'_>,
    user_code: [u8; 32],
    kiosk: Uuid,
    decision: Standing,
    now_ms: i64,
) -> Result<Decided, Trouble> {
    let Some(pairing) = pairing(step, "user_code", user_code).await? else { return Ok(Decided::Gone) };
    let (came_to, is_new) = pairing.decided(kiosk, decision, now_ms);
    if is_new {
        let person = match decision {
            Standing::Accepted(person) => Some(person),
            Standing::Open | Standing::Refused => None,
        };
        let sql = "UPDATE pairing SET person = $2, refused = $3 WHERE user_code = $1";
        change(step, sql, &[&user_code.as_slice(), &person, &i64::from(decision == Standing::Refused)]).await?;
    }
    Ok(came_to)
}

async fn poll(
    step: &Transaction<'_>,
    kiosk: Uuid,
    device_code: TokenHash,
    token: TokenHash,
    now_ms: i64,
) -> Result<Polled, Trouble> {
    let own = |pairing: &Pairing| pairing.kiosk == kiosk;
    let Some(pairing) = pairing(step, "device_code", device_code).await?.filter(own) else {
        return Ok(Polled::Unknown);
    };
    let heard = pairing.polled(now_ms);
    let waits = "UPDATE pairing SET polled_ms = $2, interval_secs = interval_secs + $3 WHERE kiosk = $1";
    match (heard, pairing.standing) {
        (Polled::Waiting, _) => drop(change(step, waits, &[&kiosk, &now_ms, &0_i64]).await?),
        (Polled::TooSoon, _) => drop(change(step, waits, &[&kiosk, &now_ms, &INTERVAL_SECS]).await?),
        (Polled::Begun, Standing::Accepted(person)) => {
            // Two kiosks that take up one learner's token at once stand in line here.
            row(step, "SELECT id FROM person WHERE id = $1 FOR UPDATE", &[&person]).await?;
            end_all(step, person).await?;
            change(step, "DELETE FROM kiosk_session WHERE kiosk = $1", &[&kiosk]).await?;
            let sql =
                "INSERT INTO kiosk_session (kiosk, token, person, opened_ms, seen_ms) VALUES ($1, $2, $3, $4, $4)";
            change(step, sql, &[&kiosk, &token.as_slice(), &person, &now_ms]).await?;
        }
        _ => {}
    }
    Ok(heard)
}

async fn session(step: &Transaction<'_>, token: TokenHash, now_ms: i64) -> Result<Option<(Person, Kiosk)>, Trouble> {
    let sql = "SELECT kiosk, person, opened_ms, seen_ms FROM kiosk_session WHERE token = $1 FOR UPDATE";
    let Some(found) = row(step, sql, &[&token.as_slice()]).await? else { return Ok(None) };
    let (kiosk, person): (Uuid, Uuid) = (found.try_get(0)?, found.try_get(1)?);
    if !is_within(found.try_get(2)?, SESSION_MS, now_ms) || !is_within(found.try_get(3)?, IDLE_MS, now_ms) {
        end(step, token).await?;
        return Ok(None);
    }
    change(step, "UPDATE kiosk_session SET seen_ms = $2 WHERE token = $1", &[&token.as_slice(), &now_ms]).await?;
    Ok(people::by_id(step, person).await?.zip(by_id(step, kiosk).await?))
}

async fn end(step: &impl GenericClient, token: TokenHash) -> Result<(), Trouble> {
    change(step, "DELETE FROM kiosk_session WHERE token = $1", &[&token.as_slice()]).await?;
    Ok(())
}
