//! Rows of passkeys.

use super::{Sqlite, audit, people};
use crate::store::StoreError;
use crate::store::audit::NewAudit;
use crate::store::kept::Person;
use crate::store::passkeys::{KeptPasskey, MOST_PASSKEYS, Passkeys};
use async_trait::async_trait;
use rusqlite::{Connection, ToSql, params};
use uuid::Uuid;

#[async_trait]
impl Passkeys for Sqlite {
    async fn add_passkey(&self, passkey: KeptPasskey, audit: NewAudit) -> Result<bool, StoreError> {
        let add = move |c: &Connection| Ok(add(c, &passkey)? && audit::add(c, &audit).map(|()| true)?);
        self.writer.write(2, add).await
    }

    async fn passkeys_of(&self, person: Uuid) -> Result<Vec<KeptPasskey>, StoreError> {
        self.read(move |c| of_person(c, person)).await
    }

    async fn passkey(&self, key_id: [u8; 32]) -> Result<Option<(Person, KeptPasskey)>, StoreError> {
        self.read(move |c| {
            let found = passkeys(c, &format!("{FROM} WHERE key_id = ?1"), &[&key_id])?.pop();
            let owner = found.as_ref().map(|passkey| people::by_id(c, passkey.person)).transpose()?.flatten();
            Ok(owner.zip(found))
        })
        .await
    }

    async fn use_passkey(&self, seen: KeptPasskey, kept: String, now_ms: i64) -> Result<bool, StoreError> {
        let sql = "UPDATE passkey SET kept = ?3, used_ms = ?4 WHERE id = ?1 AND kept = ?2 AND used_ms IS ?5";
        let used = move |c: &Connection| {
            Ok(c.execute(sql, params![seen.id.as_bytes(), seen.kept, kept, now_ms, seen.used_ms])? == 1)
        };
        self.writer.write(1, used).await
    }

    async fn remove_passkey(&self, person: Uuid, id: Uuid, audit: NewAudit) -> Result<bool, StoreError> {
        let sql = "DELETE FROM passkey WHERE id = ?1 AND person = ?2";
        let remove = move |c: &Connection| {
            let is_gone = c.execute(sql, params![id.as_bytes(), person.as_bytes()])? == 1;
            Ok(is_gone && audit::add(c, &audit).map(|()| true)?)
        };
        self.writer.write(2, remove).await
    }
}

/// Removes all of a person's.
pub fn remove_all(connection: &Connection, person: Uuid) -> Result<(), StoreError> {
    connection.execute("DELETE FROM passkey WHERE person = ?1", params![person.as_bytes()])?;
    Ok(())
}

const FROM: &str = "SELECT id, person, name, key_id, kept, made_ms, used_ms FROM passkey";

fn of_person(connection: &Connection, person: Uuid) -> Result<Vec<KeptPasskey>, StoreError> {
    passkeys(connection, &format!("{FROM} WHERE person = ?1 ORDER BY made_ms, id"), &[&person.as_bytes()])
}

fn add(connection: &Connection, passkey: &KeptPasskey) -> Result<bool, StoreError> {
    if of_person(connection, passkey.person)?.len() >= MOST_PASSKEYS {
        return Ok(false);
    }
    let sql = "INSERT INTO passkey (id, person, name, key_id, kept, made_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6) \
               ON CONFLICT DO NOTHING";
    let (id, person) = (passkey.id.as_bytes(), passkey.person.as_bytes());
    let values = params![id, person, passkey.name, passkey.key_id, passkey.kept, passkey.made_ms];
    Ok(connection.execute(sql, values)? == 1)
}

fn passkeys(connection: &Connection, sql: &str, values: &[&dyn ToSql]) -> Result<Vec<KeptPasskey>, StoreError> {
    let mut found = connection.prepare_cached(sql)?;
    let read = |row: &rusqlite::Row<'_>| {
        let id = |column| row.get::<_, [u8; 16]>(column).map(Uuid::from_bytes);
        Ok(KeptPasskey {
            id: id(0)?,
            person: id(1)?,
            name: row.get(2)?,
            key_id: row.get(3)?,
            kept: row.get(4)?,
            made_ms: row.get(5)?,
            used_ms: row.get(6)?,
        })
    };
    Ok(found.query_map(values, read)?.collect::<Result<_, _>>()?)
}
