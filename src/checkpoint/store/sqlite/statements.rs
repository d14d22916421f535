//! Rows of statements and of what they are found by.

use super::people::BELOW;
use crate::store::StoreError;
use crate::store::statements::{Added, Attachment, FOLLOWED, NewStatement, Sought, Statement};
use crate::xapi::format::{each_activity, merged};
use crate::xapi::marks::{Mark, key, marks, refers};
use rusqlite::{Connection, Row, ToSql, params, params_from_iter};
use serde_json::Value;
use std::collections::BTreeSet;
use std::fmt::Write;
use uuid::Uuid;

const COLUMNS: &str =
    "statement.unit, statement.place, statement.id, statement.stored_ms, statement.is_voided, statement.body";

/// Keeps all or none.
pub fn add(
    connection: &Connection,
    unit: Uuid,
    new: &[NewStatement],
    attachments: &[Attachment],
) -> Result<Added, StoreError> {
    connection.execute_batch("SAVEPOINT statements")?;
    let added = add_each(connection, unit, new, attachments)?;
    let end = if added == Added::All { "RELEASE statements" } else { "ROLLBACK TO statements; RELEASE statements" };
    connection.execute_batch(end)?;
    Ok(added)
}

fn add_each(
    connection: &Connection,
    unit: Uuid,
    new: &[NewStatement],
    attachments: &[Attachment],
) -> Result<Added, StoreError> {
    for statement in new {
        if !add_one(connection, unit, statement)? {
            return Ok(Added::Conflict(statement.id));
        }
    }
    for each in attachments {
        connection
            .prepare_cached(
                "INSERT INTO attachment (unit, sha2, content_type, content) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING",
            )?
            .execute(params![unit.as_bytes(), each.sha2, each.content_type, each.content])?;
    }
    Ok(Added::All)
}

/// Keeps one; `false` if its id belongs to something else.
fn add_one(connection: &Connection, unit: Uuid, new: &NewStatement) -> Result<bool, StoreError> {
    let is_entry = connection
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM event WHERE id = ?1)")?
        .query_row(params![new.id.as_bytes()], |row| row.get(0))?;
    if is_entry {
        return Ok(false);
    }
    let taken_back: bool = connection
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM statement WHERE unit = ?1 AND refers = ?2 AND is_voiding = 1)")?
        .query_row(params![unit.as_bytes(), new.id.as_bytes()], |row| row.get(0))?;
    let inserted = connection
        .prepare_cached(
            "INSERT INTO statement (unit, id, stored_ms, refers, is_voiding, is_voided, body) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (unit, id) DO NOTHING",
        )?
        .execute(params![
            unit.as_bytes(),
            new.id.as_bytes(),
            new.stored_ms,
            new.refers().as_ref().map(Uuid::as_bytes),
            new.is_voiding(),
            taken_back && !new.is_voiding(),
            new.body.to_string(),
        ])?;
    if inserted == 0 {
        return Ok(own(connection, unit, new.id)?.is_some_and(|kept| new.is_same_as(&kept.body)));
    }
    let place = connection.last_insert_rowid();
    if let Some(target) = new.refers().filter(|_| new.is_voiding()) {
        // What takes a statement back cannot itself be taken back.
        connection
            .prepare_cached("UPDATE statement SET is_voided = 1 WHERE unit = ?1 AND id = ?2 AND is_voiding = 0")?
            .execute(params![unit.as_bytes(), target.as_bytes()])?;
    }
    mark(connection, unit, new, place)?;
    define(connection, unit, new)?;
    Ok(true)
}

/// Marks a statement by what it says and by what those say that it refers to, and marks those that refer to it.
fn mark(connection: &Connection, unit: Uuid, new: &NewStatement, place: i64) -> Result<(), StoreError> {
    let mut found: Vec<(i64, BTreeSet<Mark>)> = vec![(place, new.marks())];
    let mut next = new.refers();
    while let Some(id) = next.filter(|_| found.len() < FOLLOWED) {
        let Some(target) = own(connection, unit, id)? else { break };
        if found.iter().any(|(place, _)| *place == target.place) {
            break;
        }
        next = refers(&target.body);
        found.push((target.place, marks(&target.body)));
    }
    let mut marked = vec![(new.id, place, new.stored_ms)];
    let mut at = 0;
    while let Some((id, place, stored_ms)) = marked.get(at).copied() {
        let mut insert = connection.prepare_cached(
            "INSERT INTO mark (unit, what, key, stored_ms, place, origin) VALUES (?1, ?2, ?3, ?4, ?5, ?6) \
             ON CONFLICT DO NOTHING",
        )?;
        for (origin, marks) in &found {
            for mark in marks {
                insert.execute(params![
                    unit.as_bytes(),
                    mark.what as i64,
                    mark.key.as_bytes(),
                    stored_ms,
                    place,
                    origin
                ])?;
            }
        }
        at += 1;
        if at < FOLLOWED {
            marked.extend(referring(connection, unit, id)?.into_iter().filter(|each| {
                // One that the chain has come by already refers in a ring.
                !found.iter().any(|(place, _)| *place == each.1)
            }));
        }
    }
    Ok(())
}

fn referring(connection: &Connection, unit: Uuid, id: Uuid) -> Result<Vec<(Uuid, i64, i64)>, StoreError> {
    let sql = "SELECT id, place, stored_ms FROM statement WHERE unit = ?1 AND refers = ?2 ORDER BY place LIMIT 100";
    let mut found = connection.prepare_cached(sql)?;
    let rows = found.query_map(params![unit.as_bytes(), id.as_bytes()], |row| {
        Ok((Uuid::from_bytes(row.get(0)?), row.get(1)?, row.get(2)?))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Adds what a statement says of activities to what is known of them.
fn define(connection: &Connection, unit: Uuid, new: &NewStatement) -> Result<(), StoreError> {
    let mut said = Vec::new();
    each_activity(&mut new.body.clone(), &mut |activity| {
        if let (Some(id), Some(definition)) = (activity["id"].as_str(), activity.get("definition")) {
            said.push((key(id), definition.clone()));
        }
    });
    for (key, definition) in said {
        let known = self::definition(connection, unit, key)?;
        let grown = known.clone().map_or_else(|| definition.clone(), |known| merged(known, &definition));
        if known.as_ref() == Some(&grown) {
            continue;
        }
        connection
            .prepare_cached(
                "INSERT INTO activity (unit, key, definition) VALUES (?1, ?2, ?3) \
                 ON CONFLICT (unit, key) DO UPDATE SET definition = excluded.definition",
            )?
            .execute(params![unit.as_bytes(), key.as_bytes(), grown.to_string()])?;
    }
    Ok(())
}

/// What is known of an activity.
pub fn definition(connection: &Connection, unit: Uuid, key: Uuid) -> Result<Option<Value>, StoreError> {
    let mut found = connection.prepare_cached("SELECT definition FROM activity WHERE unit = ?1 AND key = ?2")?;
    let mut rows = found.query(params![unit.as_bytes(), key.as_bytes()])?;
    let Some(row) = rows.next()? else { return Ok(None) };
    serde_json::from_str(&row.get::<_, String>(0)?).map(Some).map_err(|_| unreadable())
}

fn own(connection: &Connection, unit: Uuid, id: Uuid) -> Result<Option<Statement>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM statement WHERE unit = ?1 AND id = ?2");
    Ok(statements(connection, &sql, &[unit.as_bytes() as &dyn ToSql, id.as_bytes()])?.pop())
}

/// The statement of a unit, or else of one below it.
pub fn by_id(connection: &Connection, unit: Uuid, id: Uuid) -> Result<Option<Statement>, StoreError> {
    if let Some(own) = own(connection, unit, id)? {
        return Ok(Some(own));
    }
    let sql = format!(
        "{BELOW} SELECT {COLUMNS} FROM below JOIN statement ON statement.unit = below.id WHERE statement.id = ?2 \
         ORDER BY statement.place LIMIT 1"
    );
    Ok(statements(connection, &sql, &[unit.as_bytes() as &dyn ToSql, id.as_bytes()])?.pop())
}

/// Statements of a unit and those below it. Each unit's are in their order in an index, so that each is asked by itself.
pub fn sought(connection: &Connection, unit: Uuid, sought: &Sought) -> Result<Vec<Statement>, StoreError> {
    let mut below = connection.prepare_cached(&format!("{BELOW} SELECT id FROM below"))?;
    let units = below.query_map(params![unit.as_bytes()], |row| row.get(0).map(Uuid::from_bytes))?;
    let mut found = Vec::new();
    for unit in units {
        found.extend(of_unit(connection, unit?, sought)?);
    }
    found.sort_by_key(|statement: &Statement| (statement.stored_ms, statement.place));
    if !sought.ascending {
        found.reverse();
    }
    found.truncate(usize::try_from(sought.most).unwrap_or(usize::MAX));
    Ok(found)
}

fn of_unit(connection: &Connection, unit: Uuid, sought: &Sought) -> Result<Vec<Statement>, StoreError> {
    let mut values: Vec<rusqlite::types::Value> = vec![unit.as_bytes().to_vec().into()];
    let mut sql = format!("SELECT DISTINCT {COLUMNS} FROM ");
    let first = if sought.marks.is_empty() { "statement" } else { "m0" };
    let mut wheres = format!(" WHERE {first}.unit = ?1 AND statement.is_voided = 0");
    // Writing to a String cannot fail.
    for (at, mark) in sought.marks.iter().enumerate() {
        let (what, key) = (values.len() + 1, values.len() + 2);
        values.extend([(mark.what as i64).into(), mark.key.as_bytes().to_vec().into()]);
        let _ = match at {
            0 => write!(sql, "mark AS m0"),
            _ => write!(
                sql,
                " JOIN mark AS m{at} ON m{at}.unit = m0.unit AND m{at}.stored_ms = m0.stored_ms \
                 AND m{at}.place = m0.place AND m{at}.origin = m0.origin"
            ),
        };
        let _ = write!(wheres, " AND m{at}.what = ?{what} AND m{at}.key = ?{key}");
    }
    sql += if sought.marks.is_empty() { "statement" } else { " JOIN statement ON statement.place = m0.place" };
    let mut bound = |bound: Option<i64>, test: &str| {
        if let Some(bound) = bound {
            values.push(bound.into());
            let _ = write!(wheres, " AND {first}.stored_ms {test} ?{}", values.len());
        }
    };
    bound(sought.since_ms, ">");
    bound(sought.until_ms, "<=");
    if let Some((stored_ms, place)) = sought.past {
        let test = if sought.ascending { ">" } else { "<" };
        values.extend([stored_ms.into(), place.into()]);
        let (stored, at) = (values.len() - 1, values.len());
        let _ = write!(wheres, " AND ({first}.stored_ms, {first}.place) {test} (?{stored}, ?{at})");
    }
    let way = if sought.ascending { "ASC" } else { "DESC" };
    let most = sought.most;
    let _ = write!(sql, "{wheres} ORDER BY {first}.stored_ms {way}, {first}.place {way} LIMIT {most}");
    let mut found = connection.prepare_cached(&sql)?;
    let mut rows = found.query(params_from_iter(values))?;
    let mut statements = Vec::new();
    while let Some(row) = rows.next()? {
        statements.push(statement(row)?);
    }
    Ok(statements)
}

fn statements(connection: &Connection, sql: &str, values: &[&dyn ToSql]) -> Result<Vec<Statement>, StoreError> {
    let mut found = connection.prepare_cached(sql)?;
    let mut rows = found.query(values)?;
    let mut statements = Vec::new();
    while let Some(row) = rows.next()? {
        statements.push(statement(row)?);
    }
    Ok(statements)
}

fn statement(row: &Row<'_>) -> Result<Statement, StoreError> {
    Ok(Statement {
        unit: Uuid::from_bytes(row.get(0)?),
        place: row.get(1)?,
        id: Uuid::from_bytes(row.get(2)?),
        stored_ms: row.get(3)?,
        is_voided: row.get(4)?,
        body: serde_json::from_str(&row.get::<_, String>(5)?).map_err(|_| unreadable())?,
    })
}

fn unreadable() -> StoreError {
    StoreError::Refused("a statement is kept that cannot be read".to_owned())
}

/// Takes away everything in which a person is named by their id, and attachments that nothing refers to any more.
pub fn erase(connection: &Connection, person: Uuid) -> Result<(), StoreError> {
    let id = person.to_string();
    let named = "SELECT place FROM statement WHERE instr(lower(body), ?1) > 0";
    connection.execute(&format!("DELETE FROM mark WHERE place IN ({named}) OR origin IN ({named})"), [&id])?;
    let attached = "SELECT 1 FROM statement WHERE statement.unit = attachment.unit \
                    AND instr(statement.body, attachment.sha2) > 0";
    let own = format!("{attached} AND instr(lower(statement.body), ?1) > 0");
    let others = format!("{attached} AND instr(lower(statement.body), ?1) = 0");
    connection.execute(&format!("DELETE FROM attachment WHERE EXISTS ({own}) AND NOT EXISTS ({others})"), [&id])?;
    connection.execute("DELETE FROM statement WHERE instr(lower(body), ?1) > 0", [&id])?;
    connection.execute("DELETE FROM document WHERE instr(lower(named), ?1) > 0", [&id])?;
    Ok(())
}
