//! Rows of passkeys.

use super::ask::{change, hash, name, row, rows};
use super::step::{read, write};
use super::trouble::Trouble;
use super::{Postgres, deeds, people};
use crate::store::StoreError;
use crate::store::audit::NewAudit;
use crate::store::kept::Person;
use crate::store::passkeys::{KeptPasskey, MOST_PASSKEYS, Passkeys};
use async_trait::async_trait;
use deadpool_postgres::{GenericClient, Transaction};
use tokio_postgres::Row;
use uuid::Uuid;

#[async_trait]
impl Passkeys for Postgres {
    async fn add_passkey(&self, passkey: KeptPasskey, audit: NewAudit) -> Result<bool, StoreError> {
        write!(self, false, |step, _again| add(&step, &passkey, &audit))
    }

    async fn passkeys_of(&self, person: Uuid) -> Result<Vec<KeptPasskey>, StoreError> {
        read!(self, client => of_person(&client, person))
    }

    async fn passkey(&self, key_id: [u8; 32]) -> Result<Option<(Person, KeptPasskey)>, StoreError> {
        read!(self, client => with_owner(&client, key_id))
    }

    async fn use_passkey(&self, seen: KeptPasskey, kept: String, now_ms: i64) -> Result<bool, StoreError> {
        write!(self, false, |step, _again| used(&step, &seen, &kept, now_ms))
    }

    async fn remove_passkey(&self, person: Uuid, id: Uuid, audit: NewAudit) -> Result<bool, StoreError> {
        write!(self, false, |step, _again| remove(&step, person, id, &audit))
    }
}

/// Removes all of a person's.
pub async fn remove_all(step: &impl GenericClient, person: Uuid) -> Result<(), Trouble> {
    change(step, "DELETE FROM passkey WHERE person = $1", &[&person]).await?;
    Ok(())
}

const FROM: &str = "SELECT id, person, name, key_id, kept, made_ms, used_ms FROM passkey";

fn passkey(row: &Row) -> Result<KeptPasskey, Trouble> {
    Ok(KeptPasskey {
        id: row.try_get(0)?,
        person: row.try_get(1)?,
        name: name(row, 2)?,
        key_id: hash(row, 3)?,
        kept: row.try_get(4)?,
        made_ms: row.try_get(5)?,
        used_ms: row.try_get(6)?,
    })
}

async fn of_person(client: &impl GenericClient, person: Uuid) -> Result<Vec<KeptPasskey>, Trouble> {
    let sql = format!("{FROM} WHERE person = $1 ORDER BY made_ms, id");
    rows(client, &sql, &[&person]).await?.iter().map(passkey).collect()
}

async fn with_owner(client: &impl GenericClient, key_id: [u8; 32]) -> Result<Option<(Person, KeptPasskey)>, Trouble> {
    let sql = format!("{FROM} WHERE key_id = $1");
    let Some(found) = row(client, &sql, &[&key_id.as_slice()]).await?.as_ref().map(passkey).transpose()? else {
        return Ok(None);
    };
    Ok(people::by_id(client, found.person).await?.map(|owner| (owner, found)))
}

async fn add(step: &Transaction<'_>, new: &KeptPasskey, audit: &NewAudit) -> Result<bool, Trouble> {
    // Held, so that several at once are counted one after another.
    row(step, "SELECT id FROM person WHERE id = $1 FOR UPDATE", &[&new.person]).await?;
    if of_person(step, new.person).await?.len() >= MOST_PASSKEYS {
        return Ok(false);
    }
    let sql = "INSERT INTO passkey (id, person, name, key_id, kept, made_ms) VALUES ($1, $2, $3, $4, $5, $6) \
               ON CONFLICT DO NOTHING";
    let (name, key_id) = (new.name.as_bytes(), new.key_id.as_slice());
    let is_new = change(step, sql, &[&new.id, &new.person, &name, &key_id, &new.kept, &new.made_ms]).await? == 1;
    Ok(is_new && deeds::add_audit(step, audit).await.map(|()| true)?)
}

async fn used(step: &Transaction<'_>, seen: &KeptPasskey, kept: &str, now_ms: i64) -> Result<bool, Trouble> {
    let sql =
        "UPDATE passkey SET kept = $3, used_ms = $4 WHERE id = $1 AND kept = $2 AND used_ms IS NOT DISTINCT FROM $5";
    Ok(change(step, sql, &[&seen.id, &seen.kept, &kept, &now_ms, &seen.used_ms]).await? == 1)
}

async fn remove(step: &Transaction<'_>, person: Uuid, id: Uuid, audit: &NewAudit) -> Result<bool, Trouble> {
    let sql = "DELETE FROM passkey WHERE id = $1 AND person = $2";
    let is_gone = change(step, sql, &[&id, &person]).await? == 1;
    Ok(is_gone && deeds::add_audit(step, audit).await.map(|()| true)?)
}
