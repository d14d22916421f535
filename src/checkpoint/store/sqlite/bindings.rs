//! Rows of bindings.

use super::people::{BELOW, by_id, end_sessions};
use super::{Sqlite, audit};
use crate::store::StoreError;
use crate::store::audit::NewAudit;
use crate::store::bindings::{Binding, Bindings};
use crate::store::kept::Person;
use async_trait::async_trait;
use rusqlite::{Connection, ToSql, params};
use uuid::Uuid;

#[async_trait]
impl Bindings for Sqlite {
    async fn add_binding(&self, binding: Binding, audit: NewAudit) -> Result<bool, StoreError> {
        let add = move |c: &Connection| Ok(add(c, &binding)? && audit::add(c, &audit).map(|()| true)?);
        self.writer.write(2, add).await
    }

    async fn bindings_of(&self, person: Uuid) -> Result<Vec<Binding>, StoreError> {
        let sql = format!("{FROM} WHERE person = ?1 ORDER BY made_ms, id");
        self.read(move |c| bindings(c, &sql, &[&person.as_bytes()])).await
    }

    async fn bindings_of_unit(&self, unit: Uuid) -> Result<Vec<Binding>, StoreError> {
        let sql = format!(
            "{BELOW} {FROM} WHERE person IN (SELECT id FROM person WHERE unit IN (SELECT id FROM below)) \
             ORDER BY made_ms, id"
        );
        self.read(move |c| bindings(c, &sql, &[&unit.as_bytes()])).await
    }

    async fn binding(&self, account_key: [u8; 32]) -> Result<Option<(Person, Binding)>, StoreError> {
        self.read(move |c| {
            let found = bindings(c, &format!("{FROM} WHERE account_key = ?1"), &[&account_key])?.pop();
            let person = found.as_ref().map(|binding| by_id(c, binding.person)).transpose()?.flatten();
            Ok(person.zip(found))
        })
        .await
    }

    async fn use_binding(&self, id: Uuid, now_ms: i64, audit: NewAudit) -> Result<bool, StoreError> {
        let sql = "UPDATE binding SET used_ms = ?2 WHERE id = ?1";
        let used = move |c: &Connection| {
            let is_there = c.execute(sql, params![id.as_bytes(), now_ms])? == 1;
            Ok(is_there && audit::add(c, &audit).map(|()| true)?)
        };
        self.writer.write(2, used).await
    }

    async fn remove_binding(&self, person: Uuid, id: Uuid, audit: NewAudit) -> Result<bool, StoreError> {
        let sql = "DELETE FROM binding WHERE id = ?1 AND person = ?2";
        let remove = move |c: &Connection| {
            if c.execute(sql, params![id.as_bytes(), person.as_bytes()])? == 0 {
                return Ok(false);
            }
            end_sessions(c, person)?;
            audit::add(c, &audit).map(|()| true)
        };
        self.writer.write(3, remove).await
    }
}

/// Removes all of a person's.
pub fn remove_all(connection: &Connection, person: Uuid) -> Result<(), StoreError> {
    connection.execute("DELETE FROM binding WHERE person = ?1", params![person.as_bytes()])?;
    Ok(())
}

const FROM: &str = "SELECT id, person, issuer, account_key, made_ms, used_ms FROM binding";

fn add(connection: &Connection, binding: &Binding) -> Result<bool, StoreError> {
    let sql = "INSERT INTO binding (id, person, issuer, account_key, made_ms) VALUES (?1, ?2, ?3, ?4, ?5) \
               ON CONFLICT DO NOTHING";
    let (id, person) = (binding.id.as_bytes(), binding.person.as_bytes());
    Ok(connection.execute(sql, params![id, person, binding.issuer, binding.account_key, binding.made_ms])? == 1)
}

fn bindings(connection: &Connection, sql: &str, values: &[&dyn ToSql]) -> Result<Vec<Binding>, StoreError> {
    let mut found = connection.prepare_cached(sql)?;
    let read = |row: &rusqlite::Row<'_>| {
        let id = |column| row.get::<_, [u8; 16]>(column).map(Uuid::from_bytes);
        let (issuer, account_key) = (row.get(2)?, row.get(3)?);
        Ok(Binding { id: id(0)?, person: id(1)?, issuer, account_key, made_ms: row.get(4)?, used_ms: row.get(5)? })
    };
    Ok(found.query_map(values, read)?.collect::<Result<_, _>>()?)
}
