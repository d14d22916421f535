//! Rows of bindings.

use super::ask::{change, hash, row, rows};
use super::people::{BELOW, by_id, end_sessions};
use super::step::{read, write};
use super::trouble::Trouble;
use super::{Postgres, deeds};
use crate::store::StoreError;
use crate::store::audit::NewAudit;
use crate::store::bindings::{Binding, Bindings};
use crate::store::kept::Person;
use async_trait::async_trait;
use deadpool_postgres::{GenericClient, Transaction};
use tokio_postgres::Row;
use uuid::Uuid;

#[async_trait]
impl Bindings for Postgres {
    async fn add_binding(&self, binding: Binding, audit: NewAudit) -> Result<bool, StoreError> {
        write!(self, false, |step, _again| add(&step, &binding, &audit))
    }

    async fn bindings_of(&self, person: Uuid) -> Result<Vec<Binding>, StoreError> {
        let sql = format!("{FROM} WHERE person = $1 ORDER BY made_ms, id");
        read!(self, client => all(&client, &sql, person))
    }

    async fn bindings_of_unit(&self, unit: Uuid) -> Result<Vec<Binding>, StoreError> {
        let sql = format!(
            "{BELOW} {FROM} WHERE person IN (SELECT id FROM person WHERE unit IN (SELECT id FROM below)) \
             ORDER BY made_ms, id"
        );
        read!(self, client => all(&client, &sql, unit))
    }

    async fn binding(&self, account_key: [u8; 32]) -> Result<Option<(Person, Binding)>, StoreError> {
        read!(self, client => with_person(&client, account_key))
    }

    async fn use_binding(&self, id: Uuid, now_ms: i64, audit: NewAudit) -> Result<bool, StoreError> {
        write!(self, false, |step, _again| used(&step, id, now_ms, &audit))
    }

    async fn remove_binding(&self, person: Uuid, id: Uuid, audit: NewAudit) -> Result<bool, StoreError> {
        write!(self, false, |step, _again| remove(&step, person, id, &audit))
    }
}

/// Removes all of a person's.
pub async fn remove_all(step: &impl GenericClient, person: Uuid) -> Result<(), Trouble> {
    change(step, "DELETE FROM binding WHERE person = $1", &[&person]).await?;
    Ok(())
}

const FROM: &str = "SELECT id, person, issuer, account_key, made_ms, used_ms FROM binding";

fn binding(row: &Row) -> Result<Binding, Trouble> {
    Ok(Binding {
        id: row.try_get(0)?,
        person: row.try_get(1)?,
        issuer: row.try_get(2)?,
        account_key: hash(row, 3)?,
        made_ms: row.try_get(4)?,
        used_ms: row.try_get(5)?,
    })
}

async fn all(client: &impl GenericClient, sql: &str, of: Uuid) -> Result<Vec<Binding>, Trouble> {
    rows(client, sql, &[&of]).await?.iter().map(binding).collect()
}

async fn with_person(client: &impl GenericClient, account_key: [u8; 32]) -> Result<Option<(Person, Binding)>, Trouble> {
    let sql = format!("{FROM} WHERE account_key = $1");
    let Some(found) = row(client, &sql, &[&account_key.as_slice()]).await?.as_ref().map(binding).transpose()? else {
        return Ok(None);
    };
    Ok(by_id(client, found.person).await?.map(|person| (person, found)))
}

async fn add(step: &Transaction<'_>, new: &Binding, audit: &NewAudit) -> Result<bool, Trouble> {
    let sql = "INSERT INTO binding (id, person, issuer, account_key, made_ms) VALUES ($1, $2, $3, $4, $5) \
               ON CONFLICT DO NOTHING";
    let key = new.account_key.as_slice();
    let is_new = change(step, sql, &[&new.id, &new.person, &new.issuer, &key, &new.made_ms]).await? == 1;
    Ok(is_new && deeds::add_audit(step, audit).await.map(|()| true)?)
}

async fn used(step: &Transaction<'_>, id: Uuid, now_ms: i64, audit: &NewAudit) -> Result<bool, Trouble> {
    let is_there = change(step, "UPDATE binding SET used_ms = $2 WHERE id = $1", &[&id, &now_ms]).await? == 1;
    Ok(is_there && deeds::add_audit(step, audit).await.map(|()| true)?)
}

async fn remove(step: &Transaction<'_>, person: Uuid, id: Uuid, audit: &NewAudit) -> Result<bool, Trouble> {
    if change(step, "DELETE FROM binding WHERE id = $1 AND person = $2", &[&id, &person]).await? == 0 {
        return Ok(false);
    }
    end_sessions(step, person).await?;
    deeds::add_audit(step, audit).await.map(|()| true)
}
