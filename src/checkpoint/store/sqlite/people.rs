//! Rows of units and people.

use super::{bindings, pairing, passkeys, rows, showings, statements, visits, waiting};
use crate::clock::DAY_MS;
use crate::store::StoreError;
use crate::store::kept::{
    Appended, NewCode, NewEntry, NewPerson, Person, Renewal, TokenHash, role_code, role_from_code,
};
use crate::store::pairing::tries_key;
use protocol::api::Role;
use rusqlite::{Connection, Row, ToSql, params};
use uuid::Uuid;

/// Makes a unit unless it is there.
pub fn add_unit(connection: &Connection, id: Uuid, name: &str) -> Result<(), StoreError> {
    connection
        .execute("INSERT INTO unit (id, name) VALUES (?1, ?2) ON CONFLICT DO NOTHING", params![id.as_bytes(), name])?;
    Ok(())
}

/// Makes a person unless id or code is there.
pub fn add(connection: &Connection, person: &NewPerson) -> Result<bool, StoreError> {
    let mut insert = connection.prepare_cached(
        "INSERT INTO person (id, unit, role, name, cohort, code_key, code_ends_ms, pin_hash) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT DO NOTHING",
    )?;
    let made = insert.execute(params![
        person.id.as_bytes(),
        person.unit.as_bytes(),
        role_code(person.role),
        person.name,
        person.cohort,
        person.code_key,
        person.code_ends_ms,
        person.pin_hash,
    ])?;
    Ok(made == 1)
}

const FROM: &str = "SELECT person.id, person.unit, unit.name, person.role, person.name, person.cohort, \
                    person.code_ends_ms, person.pin_hash FROM person JOIN unit ON unit.id = person.unit \
                    AND NOT EXISTS (SELECT 1 FROM erasure WHERE erasure.person = person.id)";

/// The person named `id`.
pub fn by_id(connection: &Connection, id: Uuid) -> Result<Option<Person>, StoreError> {
    Ok(people(connection, &format!("{FROM} WHERE person.id = ?1"), &[&id.as_bytes()])?.pop())
}

/// The person whose code has this key.
pub fn by_code(connection: &Connection, code_key: [u8; 32]) -> Result<Option<Person>, StoreError> {
    Ok(people(connection, &format!("{FROM} WHERE person.code_key = ?1"), &[&code_key])?.pop())
}

/// Whose session this is, if it has not ended. One that begins more than a day from now was begun by a clock that has
/// been set back since, and would outlast its time.
pub fn by_session(connection: &Connection, token: TokenHash, now_ms: i64) -> Result<Option<Person>, StoreError> {
    let session = "JOIN session ON session.person = person.id WHERE session.token = ?1 AND session.ends_ms > ?2 \
                   AND session.opened_ms - ?2 <= ?3";
    Ok(people(connection, &format!("{FROM} {session}"), &[&token, &now_ms, &DAY_MS])?.pop())
}

/// A unit, given first, and all below it, as `below`.
pub const BELOW: &str = "WITH RECURSIVE below (id) AS (SELECT ?1 UNION SELECT unit.id FROM unit JOIN below \
                         ON unit.parent = below.id)";

/// Everyone of a unit and those below it: the unit itself first, then by unit, role and name.
pub fn of_unit(connection: &Connection, unit: Uuid) -> Result<Vec<Person>, StoreError> {
    let sql = format!(
        "{BELOW} {FROM} WHERE person.unit IN (SELECT id FROM below) \
         ORDER BY person.unit <> ?1, unit.name, person.unit, person.role, person.name, person.id"
    );
    people(connection, &sql, &[&unit.as_bytes()])
}

/// Makes all of these people; `false` where one is there already or stands twice, and then some may have been made.
pub fn add_all(connection: &Connection, people: &[NewPerson]) -> Result<bool, StoreError> {
    for person in people {
        if !add(connection, person)? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Whether anyone has this role who was neither erased nor shut out; both have no PIN and a code that ended at 0.
pub fn has_role(connection: &Connection, role: Role) -> Result<bool, StoreError> {
    let sql = "SELECT EXISTS (SELECT 1 FROM person WHERE role = ?1 AND (pin_hash IS NOT NULL OR code_ends_ms > 0))";
    Ok(connection.query_row(sql, [role_code(role)], |row| row.get(0))?)
}

/// Sets a PIN where there is none.
pub fn set_first_pin(connection: &Connection, person: Uuid, pin_hash: &str) -> Result<bool, StoreError> {
    let sql = "UPDATE person SET pin_hash = ?2 WHERE id = ?1 AND pin_hash IS NULL";
    Ok(connection.execute(sql, params![person.as_bytes(), pin_hash])? == 1)
}

/// Gives a new code, takes PIN, passkeys and bindings away and ends every session.
pub fn renew_code(
    connection: &Connection,
    person: Uuid,
    code: NewCode,
    entry: Option<&NewEntry>,
) -> Result<bool, StoreError> {
    let there = by_id(connection, person)?.is_some();
    if !there || !entry.map_or(Ok(true), |entry| is_new(connection, entry))? {
        return Ok(false);
    }
    let sql = "UPDATE person SET code_key = ?2, code_ends_ms = ?3, pin_hash = NULL WHERE id = ?1";
    connection.execute(sql, params![person.as_bytes(), code.key, code.ends_ms])?;
    passkeys::remove_all(connection, person)?;
    bindings::remove_all(connection, person)?;
    end_sessions(connection, person)?;
    Ok(true)
}

/// Gives all of these new codes, or none.
pub fn renew_codes(connection: &Connection, renewals: &[Renewal]) -> Result<bool, StoreError> {
    connection.execute_batch("SAVEPOINT codes")?;
    for Renewal { person, code, entry } in renewals {
        if !renew_code(connection, *person, *code, Some(entry))? {
            connection.execute_batch("ROLLBACK TO codes; RELEASE codes")?;
            return Ok(false);
        }
    }
    connection.execute_batch("RELEASE codes")?;
    Ok(true)
}

/// Replaces a PIN, ends every session and lifts the wait on the code.
pub fn renew_pin(connection: &Connection, person: Uuid, pin_hash: &str, entry: &NewEntry) -> Result<bool, StoreError> {
    let has_pin = by_id(connection, person)?.is_some_and(|person| person.pin_hash.is_some());
    if !has_pin || !is_new(connection, entry)? {
        return Ok(false);
    }
    connection.execute("UPDATE person SET pin_hash = ?2 WHERE id = ?1", params![person.as_bytes(), pin_hash])?;
    end_sessions(connection, person)?;
    let sql = "DELETE FROM guard WHERE code_key = (SELECT code_key FROM person WHERE id = ?1)";
    connection.execute(sql, params![person.as_bytes()])?;
    Ok(true)
}

/// Empties the row of a person: it stays for the entries that name its id. `unused` is a code's key that nobody has.
pub fn erase(connection: &Connection, person: Uuid, unused: [u8; 32], seq: i64) -> Result<(), StoreError> {
    end_sessions(connection, person)?;
    statements::erase(connection, person)?;
    let guard = "DELETE FROM guard WHERE code_key = (SELECT code_key FROM person WHERE id = ?1)";
    connection.execute(guard, params![person.as_bytes()])?;
    connection.execute("DELETE FROM guard WHERE code_key = ?1", [tries_key(person)])?;
    passkeys::remove_all(connection, person)?;
    bindings::remove_all(connection, person)?;
    waiting::remove_all(connection, person)?;
    showings::remove_all(connection, person)?;
    visits::remove_all(connection, person)?;
    let empty =
        "UPDATE person SET name = '', cohort = '', code_key = ?2, code_ends_ms = 0, pin_hash = NULL WHERE id = ?1";
    connection.execute(empty, params![person.as_bytes(), unused])?;
    connection
        .execute("INSERT OR REPLACE INTO erasure (person, seq) VALUES (?1, ?2)", params![person.as_bytes(), seq])?;
    Ok(())
}

/// Whether a person was erased.
pub fn is_erased(connection: &Connection, person: Uuid) -> Result<bool, StoreError> {
    let sql = "SELECT EXISTS (SELECT 1 FROM erasure WHERE person = ?1)";
    Ok(connection.query_row(sql, params![person.as_bytes()], |row| row.get(0))?)
}

/// Appends an entry, and says whether that was the first time.
fn is_new(connection: &Connection, entry: &NewEntry) -> Result<bool, StoreError> {
    Ok(matches!(rows::append(connection, entry)?, Appended::Stored(_)))
}

/// Ends every session of a person.
pub fn end_sessions(connection: &Connection, person: Uuid) -> Result<(), StoreError> {
    connection.execute("DELETE FROM session WHERE person = ?1", params![person.as_bytes()])?;
    pairing::end_all(connection, person)
}

fn people(connection: &Connection, sql: &str, values: &[&dyn ToSql]) -> Result<Vec<Person>, StoreError> {
    let mut found = connection.prepare_cached(sql)?;
    let mut rows = found.query(values)?;
    let mut people = Vec::new();
    while let Some(row) = rows.next()? {
        people.push(person(row)?);
    }
    Ok(people)
}

fn person(row: &Row<'_>) -> Result<Person, StoreError> {
    let role: String = row.get(3)?;
    Ok(Person {
        id: Uuid::from_bytes(row.get(0)?),
        unit: Uuid::from_bytes(row.get(1)?),
        unit_name: row.get(2)?,
        role: role_from_code(&role).ok_or_else(|| StoreError::Refused("an unknown role is kept".to_owned()))?,
        name: row.get(4)?,
        cohort: row.get(5)?,
        code_ends_ms: row.get(6)?,
        pin_hash: row.get(7)?,
    })
}
