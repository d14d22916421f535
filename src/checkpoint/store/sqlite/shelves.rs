//! Rows of documents, attachments and credentials, and the log as other systems read it.

use super::people::BELOW;
use super::rows;
use crate::store::StoreError;
use crate::store::kept::Entry;
use crate::store::statements::{Attachment, Document, Scope, Shelf, SoughtEntries, SystemCredential};
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, Row, ToSql, params};
use std::fmt::Write;
use uuid::Uuid;

/// Attachments that are there.
pub fn attachments(connection: &Connection, named: &[(Uuid, String)]) -> Result<Vec<Attachment>, StoreError> {
    let mut found = connection
        .prepare_cached("SELECT sha2, content_type, content FROM attachment WHERE unit = ?1 AND sha2 = ?2")?;
    let read = |row: &Row<'_>| Ok(Attachment { sha2: row.get(0)?, content_type: row.get(1)?, content: row.get(2)? });
    let one = |(unit, sha2): &(Uuid, String)| found.query_row(params![unit.as_bytes(), sha2], read).optional();
    let all = named.iter().map(one).collect::<Result<Vec<_>, _>>()?;
    Ok(all.into_iter().flatten().collect())
}

/// A document.
pub fn document(
    connection: &Connection,
    unit: Uuid,
    shelf: &Shelf,
    name: &str,
) -> Result<Option<Document>, StoreError> {
    let sql = "SELECT content_type, content, changed_ms FROM document \
               WHERE unit = ?1 AND kind = ?2 AND activity = ?3 AND agent = ?4 AND registration = ?5 AND name = ?6";
    let read =
        |row: &Row<'_>| Ok(Document { content_type: row.get(0)?, content: row.get(1)?, changed_ms: row.get(2)? });
    let mut found = connection.prepare_cached(sql)?;
    let [unit, activity, agent, registration] = places(unit, shelf);
    Ok(found.query_row(params![unit, shelf.kind, activity, agent, registration, name], read).optional()?)
}

fn places(unit: Uuid, shelf: &Shelf) -> [[u8; 16]; 4] {
    [unit, shelf.activity, shelf.agent, shelf.registration].map(Uuid::into_bytes)
}

/// Documents of a shelf, of any registration where none is named.
const ON_SHELF: &str = "unit = ?1 AND kind = ?2 AND activity = ?3 AND agent = ?4 \
                        AND (?5 = zeroblob(16) OR registration = ?5)";

/// Names of documents.
pub fn documents(
    connection: &Connection,
    unit: Uuid,
    shelf: &Shelf,
    since_ms: Option<i64>,
) -> Result<Vec<String>, StoreError> {
    let sql = format!("SELECT DISTINCT name FROM document WHERE {ON_SHELF} AND changed_ms > ?6 ORDER BY name");
    let mut found = connection.prepare_cached(&sql)?;
    let [unit, activity, agent, registration] = places(unit, shelf);
    let since_ms = since_ms.unwrap_or(i64::MIN);
    let names =
        found.query_map(params![unit, shelf.kind, activity, agent, registration, since_ms], |row| row.get(0))?;
    Ok(names.collect::<Result<_, _>>()?)
}

/// Puts a document in place of another, or takes it away.
pub fn change(
    connection: &Connection,
    unit: Uuid,
    shelf: &Shelf,
    name: &str,
    (seen, new): (Option<&Document>, Option<&Document>),
) -> Result<bool, StoreError> {
    if document(connection, unit, shelf, name)?.as_ref() != seen {
        return Ok(false);
    }
    let [unit, activity, agent, registration] = places(unit, shelf);
    if let Some(new) = new {
        let sql = "INSERT OR REPLACE INTO document (unit, kind, activity, agent, registration, name, named, content_type, \
                   content, changed_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";
        connection.prepare_cached(sql)?.execute(params![
            unit,
            shelf.kind,
            activity,
            agent,
            registration,
            name,
            shelf.named,
            new.content_type,
            new.content,
            new.changed_ms,
        ])?;
    } else {
        let sql = "DELETE FROM document WHERE unit = ?1 AND kind = ?2 AND activity = ?3 AND agent = ?4 \
                   AND registration = ?5 AND name = ?6";
        connection.prepare_cached(sql)?.execute(params![unit, shelf.kind, activity, agent, registration, name])?;
    }
    Ok(true)
}

/// Takes every document of a shelf away.
pub fn clear(connection: &Connection, unit: Uuid, shelf: &Shelf) -> Result<(), StoreError> {
    let [unit, activity, agent, registration] = places(unit, shelf);
    let sql = format!("DELETE FROM document WHERE {ON_SHELF}");
    connection.prepare_cached(&sql)?.execute(params![unit, shelf.kind, activity, agent, registration])?;
    Ok(())
}

const CREDENTIAL: &str = "SELECT credential.key, credential.unit, credential.name, credential.scope, \
                          credential.secret_hash, credential.made_ms, credential.ended_ms FROM credential";

fn system_credential(row: &Row<'_>) -> Result<SystemCredential, StoreError> {
    let scope: String = row.get(3)?;
    Ok(SystemCredential {
        key: row.get(0)?,
        unit: Uuid::from_bytes(row.get(1)?),
        name: row.get(2)?,
        scope: Scope::from_code(&scope).ok_or_else(|| StoreError::Refused("an unknown scope is kept".to_owned()))?,
        secret_hash: row.get(4)?,
        made_ms: row.get(5)?,
        ended_ms: row.get(6)?,
    })
}

fn credentials(connection: &Connection, sql: &str, values: &[&dyn ToSql]) -> Result<Vec<SystemCredential>, StoreError> {
    let mut found = connection.prepare_cached(sql)?;
    let mut rows = found.query(values)?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        all.push(system_credential(row)?);
    }
    Ok(all)
}

/// Makes a credential.
pub fn add_system_credential(connection: &Connection, new: &SystemCredential) -> Result<bool, StoreError> {
    let sql = "INSERT INTO credential (key, unit, name, scope, secret_hash, made_ms, ended_ms) \
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT DO NOTHING";
    let (unit, scope) = (new.unit.as_bytes(), new.scope.code());
    let made =
        connection.execute(sql, params![new.key, unit, new.name, scope, new.secret_hash, new.made_ms, new.ended_ms])?;
    Ok(made == 1)
}

/// The credential with this key.
pub fn system_credential_by(connection: &Connection, key: &str) -> Result<Option<SystemCredential>, StoreError> {
    Ok(credentials(connection, &format!("{CREDENTIAL} WHERE key = ?1"), &[&key])?.pop())
}

/// Credentials of a unit and those below it.
pub fn system_credentials_of(connection: &Connection, unit: Uuid) -> Result<Vec<SystemCredential>, StoreError> {
    let sql = format!("{BELOW} {CREDENTIAL} WHERE unit IN (SELECT id FROM below) ORDER BY made_ms DESC, key");
    credentials(connection, &sql, &[unit.as_bytes()])
}

/// Revokes a credential.
pub fn end_system_credential(connection: &Connection, key: &str, now_ms: i64) -> Result<bool, StoreError> {
    let sql = "UPDATE credential SET ended_ms = ?2 WHERE key = ?1 AND ended_ms IS NULL";
    Ok(connection.execute(sql, params![key, now_ms])? == 1)
}

/// Entries about people of a unit and those below it.
pub fn entries(connection: &Connection, unit: Uuid, sought: &SoughtEntries) -> Result<Vec<Entry>, StoreError> {
    let mut values: Vec<Value> = vec![unit.as_bytes().to_vec().into()];
    let mut wheres = String::new();
    let mut and = |test: &str, value: Value| {
        values.push(value);
        // Writing to a String cannot fail.
        let _ = write!(wheres, " AND {}", test.replace('$', &format!("?{}", values.len())));
    };
    if let Some(person) = sought.person {
        and("(event.subject = $ OR event.author = $)", person.as_bytes().to_vec().into());
    }
    if let Some(site) = &sought.site {
        and("event.site = $", site.as_str().to_owned().into());
    }
    if let Some(since_ms) = sought.since_ms {
        and("event.received_at_ms > $", since_ms.into());
    }
    if let Some(until_ms) = sought.until_ms {
        and("event.received_at_ms <= $", until_ms.into());
    }
    let (way, test) = if sought.ascending { ("ASC", ">") } else { ("DESC", "<") };
    if let Some((received_ms, seq)) = sought.past {
        let equal = format!(
            "(event.received_at_ms {test} {received_ms} OR event.received_at_ms = {received_ms} AND event.seq {test} $)"
        );
        and(&equal, seq.into());
    }
    let sql = format!(
        "{BELOW} SELECT {} FROM event JOIN person ON person.id = event.subject \
         WHERE person.unit IN (SELECT id FROM below){wheres} \
         ORDER BY event.received_at_ms {way}, event.seq {way} LIMIT {}",
        rows::COLUMNS,
        sought.most
    );
    let values: Vec<&dyn ToSql> = values.iter().map(|value| value as &dyn ToSql).collect();
    rows::entries(connection, &sql, &values)
}

/// The entry with this id, if it is about somebody of the unit or one below it.
pub fn entry(connection: &Connection, unit: Uuid, id: Uuid) -> Result<Option<Entry>, StoreError> {
    let sql = format!(
        "{BELOW} SELECT {} FROM event JOIN person ON person.id = event.subject \
         WHERE person.unit IN (SELECT id FROM below) AND event.id = ?2",
        rows::COLUMNS
    );
    Ok(rows::entries(connection, &sql, &[unit.as_bytes() as &dyn ToSql, id.as_bytes()])?.pop())
}
