//! Rows of people.

use super::ask::{change, is, name, row, rows, unreadable};
use super::trouble::Trouble;
use super::{bindings, pairing, passkeys, showings, statements, visits, waiting};
use crate::clock::DAY_MS;
use crate::store::kept::{NewCode, NewPerson, Person, TokenHash, role_code, role_from_code};
use crate::store::pairing::tries_key;
use deadpool_postgres::GenericClient;
use protocol::api::Role;
use tokio_postgres::Row;
use uuid::Uuid;

/// A unit, given first, and all below it, as `below`.
pub const BELOW: &str = "WITH RECURSIVE below (id) AS (SELECT $1::uuid UNION SELECT unit.id FROM unit JOIN below \
                         ON unit.parent = below.id)";

const FROM: &str = "SELECT person.id, person.unit, unit.name, person.role, person.name, person.cohort, \
                    person.code_ends_ms, person.pin_hash FROM person JOIN unit ON unit.id = person.unit \
                    AND NOT EXISTS (SELECT 1 FROM erasure WHERE erasure.person = person.id)";

/// Makes people; tells how many of them were made. One whose id or code is there, or stands twice, is not.
pub async fn add(step: &impl GenericClient, people: &[NewPerson]) -> Result<u64, Trouble> {
    let ids: Vec<Uuid> = people.iter().map(|person| person.id).collect();
    let units: Vec<Uuid> = people.iter().map(|person| person.unit).collect();
    let roles: Vec<&str> = people.iter().map(|person| role_code(person.role)).collect();
    let names: Vec<&[u8]> = people.iter().map(|person| person.name.as_bytes()).collect();
    let cohorts: Vec<&[u8]> = people.iter().map(|person| person.cohort.as_bytes()).collect();
    let keys: Vec<&[u8]> = people.iter().map(|person| person.code_key.as_slice()).collect();
    let ends: Vec<i64> = people.iter().map(|person| person.code_ends_ms).collect();
    let pins: Vec<Option<&str>> = people.iter().map(|person| person.pin_hash.as_deref()).collect();
    let sql = "INSERT INTO person (id, unit, role, name, cohort, code_key, code_ends_ms, pin_hash) \
               SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::bytea[], $5::bytea[], $6::bytea[], \
               $7::bigint[], $8::text[]) ON CONFLICT DO NOTHING";
    change(step, sql, &[&ids, &units, &roles, &names, &cohorts, &keys, &ends, &pins]).await
}

/// The person named `id`.
pub async fn by_id(client: &impl GenericClient, id: Uuid) -> Result<Option<Person>, Trouble> {
    row(client, &format!("{FROM} WHERE person.id = $1"), &[&id]).await?.as_ref().map(person).transpose()
}

/// The person whose code has this key.
pub async fn by_code(client: &impl GenericClient, code_key: [u8; 32]) -> Result<Option<Person>, Trouble> {
    let sql = format!("{FROM} WHERE person.code_key = $1");
    row(client, &sql, &[&code_key.as_slice()]).await?.as_ref().map(person).transpose()
}

/// Whose session this is, if it has not ended.
pub async fn by_session(client: &impl GenericClient, token: TokenHash, now_ms: i64) -> Result<Option<Person>, Trouble> {
    // One that begins more than a day from now was begun by a clock that has been set back since.
    let session = "JOIN session ON session.person = person.id \
                   WHERE session.token = $1 AND session.ends_ms > $2 AND session.opened_ms <= $3";
    let sql = format!("{FROM} {session}");
    row(client, &sql, &[&token.as_slice(), &now_ms, &now_ms.saturating_add(DAY_MS)])
        .await?
        .as_ref()
        .map(person)
        .transpose()
}

/// Everyone of a unit and those below it: the unit itself first, then by unit, role and name.
pub async fn of_unit(client: &impl GenericClient, unit: Uuid) -> Result<Vec<Person>, Trouble> {
    let sql = format!(
        "{BELOW} {FROM} WHERE person.unit IN (SELECT id FROM below) \
         ORDER BY person.unit <> $1, unit.name, person.unit, person.role, person.name, person.id"
    );
    rows(client, &sql, &[&unit]).await?.iter().map(person).collect()
}

/// Whether anyone has this role.
pub async fn has_role(client: &impl GenericClient, role: Role) -> Result<bool, Trouble> {
    let sql = "SELECT EXISTS (SELECT 1 FROM person WHERE role = $1 AND (pin_hash IS NOT NULL OR code_ends_ms > 0))";
    is(client, sql, &[&role_code(role)]).await
}

/// Sets a PIN where there is none.
pub async fn set_first_pin(step: &impl GenericClient, person: Uuid, pin_hash: &str) -> Result<bool, Trouble> {
    let sql = "UPDATE person SET pin_hash = $2 WHERE id = $1 AND pin_hash IS NULL";
    Ok(change(step, sql, &[&person, &pin_hash]).await? == 1)
}

/// Gives a new code, takes PIN, passkeys and bindings away and ends every session.
pub async fn set_code(step: &impl GenericClient, person: Uuid, code: NewCode) -> Result<(), Trouble> {
    let sql = "UPDATE person SET code_key = $2, code_ends_ms = $3, pin_hash = NULL WHERE id = $1";
    change(step, sql, &[&person, &code.key.as_slice(), &code.ends_ms]).await?;
    passkeys::remove_all(step, person).await?;
    bindings::remove_all(step, person).await?;
    end_sessions(step, person).await
}

/// Replaces a PIN, ends every session and lifts the wait on the code.
pub async fn set_pin(step: &impl GenericClient, person: Uuid, pin_hash: &str) -> Result<(), Trouble> {
    change(step, "UPDATE person SET pin_hash = $2 WHERE id = $1", &[&person, &pin_hash]).await?;
    end_sessions(step, person).await?;
    lift_wait(step, person).await
}

/// Empties the row of a person: it stays for the entries that name its id. `unused` is a code's key that nobody has.
pub async fn erase(step: &impl GenericClient, person: Uuid, unused: [u8; 32], seq: i64) -> Result<(), Trouble> {
    end_sessions(step, person).await?;
    statements::erase(step, person).await?;
    lift_wait(step, person).await?;
    change(step, "DELETE FROM guard WHERE code_key = $1", &[&tries_key(person).as_slice()]).await?;
    passkeys::remove_all(step, person).await?;
    bindings::remove_all(step, person).await?;
    waiting::remove_all(step, person).await?;
    showings::remove_all(step, person).await?;
    visits::remove_all(step, person).await?;
    let empty =
        "UPDATE person SET name = '', cohort = '', code_key = $2, code_ends_ms = 0, pin_hash = NULL WHERE id = $1";
    change(step, empty, &[&person, &unused.as_slice()]).await?;
    let erased =
        "INSERT INTO erasure (person, seq) VALUES ($1, $2) ON CONFLICT (person) DO UPDATE SET seq = excluded.seq";
    change(step, erased, &[&person, &seq]).await?;
    Ok(())
}

/// Whether a person was erased.
pub async fn is_erased(client: &impl GenericClient, person: Uuid) -> Result<bool, Trouble> {
    is(client, "SELECT EXISTS (SELECT 1 FROM erasure WHERE person = $1)", &[&person]).await
}

/// Ends every session of a person.
pub async fn end_sessions(step: &impl GenericClient, person: Uuid) -> Result<(), Trouble> {
    change(step, "DELETE FROM session WHERE person = $1", &[&person]).await?;
    pairing::end_all(step, person).await
}

async fn lift_wait(step: &impl GenericClient, person: Uuid) -> Result<(), Trouble> {
    let sql = "DELETE FROM guard WHERE code_key = (SELECT code_key FROM person WHERE id = $1)";
    change(step, sql, &[&person]).await?;
    Ok(())
}

fn person(row: &Row) -> Result<Person, Trouble> {
    let role: &str = row.try_get(3)?;
    Ok(Person {
        id: row.try_get(0)?,
        unit: row.try_get(1)?,
        unit_name: name(row, 2)?,
        role: role_from_code(role).ok_or_else(unreadable)?,
        name: name(row, 4)?,
        cohort: name(row, 5)?,
        code_ends_ms: row.try_get(6)?,
        pin_hash: row.try_get(7)?,
    })
}
