//! Rows of statements and of what they are found by.

use super::ask::{change, is, row, rows, unreadable};
use super::people::BELOW;
use super::trouble::Trouble;
use crate::store::statements::{Added, Attachment, FOLLOWED, NewStatement, Sought, Statement};
use crate::xapi::format::{each_activity, merged};
use crate::xapi::marks::{Mark, key, marks, refers};
use deadpool_postgres::{GenericClient, Transaction};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;
use uuid::Uuid;

const COLUMNS: &str =
    "statement.unit, statement.place, statement.id, statement.stored_ms, statement.is_voided, statement.body";

/// Keeps all or none. The frontier's row is held from the first to the commit, so that statements stand in one order.
pub async fn add(
    step: &Transaction<'_>,
    unit: Uuid,
    new: &[NewStatement],
    attachments: &[Attachment],
) -> Result<Added, Trouble> {
    let frontier = row(step, "SELECT place FROM statement_frontier WHERE only_one = 1 FOR UPDATE", &[]).await?;
    let mut place: i64 = frontier.ok_or_else(unreadable)?.try_get(0)?;
    step.batch_execute("SAVEPOINT statements").await?;
    for statement in new {
        if !add_one(step, unit, statement, &mut place).await? {
            step.batch_execute("ROLLBACK TO SAVEPOINT statements").await?;
            return Ok(Added::Conflict(statement.id));
        }
    }
    for each in attachments {
        let sql = "INSERT INTO attachment (unit, sha2, content_type, content) VALUES ($1, $2, $3, $4) \
                   ON CONFLICT (unit, sha2) DO NOTHING";
        change(step, sql, &[&unit, &each.sha2, &each.content_type, &each.content]).await?;
    }
    change(step, "UPDATE statement_frontier SET place = $1 WHERE only_one = 1", &[&place]).await?;
    Ok(Added::All)
}

/// Keeps one; `false` if its id belongs to something else.
async fn add_one(step: &Transaction<'_>, unit: Uuid, new: &NewStatement, last: &mut i64) -> Result<bool, Trouble> {
    if is(step, "SELECT EXISTS (SELECT 1 FROM event WHERE id = $1)", &[&new.id]).await? {
        return Ok(false);
    }
    let voiding = "SELECT EXISTS (SELECT 1 FROM statement WHERE unit = $1 AND refers = $2 AND is_voiding = 1)";
    let is_voided = is(step, voiding, &[&unit, &new.id]).await? && !new.is_voiding();
    let place = *last + 1;
    let (refers, is_voiding, is_voided) = (new.refers(), i64::from(new.is_voiding()), i64::from(is_voided));
    let sql = "INSERT INTO statement (place, unit, id, stored_ms, refers, is_voiding, is_voided, body) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (unit, id) DO NOTHING";
    let body = new.body.to_string();
    let inserted =
        change(step, sql, &[&place, &unit, &new.id, &new.stored_ms, &refers, &is_voiding, &is_voided, &body]).await?;
    if inserted == 0 {
        return Ok(own(step, unit, new.id).await?.is_some_and(|kept| new.is_same_as(&kept.body)));
    }
    *last = place;
    if let Some(target) = refers.filter(|_| new.is_voiding()) {
        // What takes a statement back cannot itself be taken back.
        let sql = "UPDATE statement SET is_voided = 1 WHERE unit = $1 AND id = $2 AND is_voiding = 0";
        change(step, sql, &[&unit, &target]).await?;
    }
    mark(step, unit, new, place).await?;
    define(step, unit, new).await?;
    Ok(true)
}

/// Marks a statement by what it says and by what those say that it refers to, and marks those that refer to it.
async fn mark(step: &Transaction<'_>, unit: Uuid, new: &NewStatement, place: i64) -> Result<(), Trouble> {
    let mut found: Vec<(i64, BTreeSet<Mark>)> = vec![(place, new.marks())];
    let mut next = new.refers();
    while let Some(id) = next.filter(|_| found.len() < FOLLOWED) {
        let Some(target) = own(step, unit, id).await? else { break };
        if found.iter().any(|(place, _)| *place == target.place) {
            break;
        }
        next = refers(&target.body);
        found.push((target.place, marks(&target.body)));
    }
    let mut marked = vec![(new.id, place, new.stored_ms)];
    let mut at = 0;
    while let Some((id, place, stored_ms)) = marked.get(at).copied() {
        let all = || found.iter().flat_map(|(origin, marks)| marks.iter().map(move |mark| (*origin, mark)));
        let origins: Vec<i64> = all().map(|(origin, _)| origin).collect();
        let whats: Vec<i64> = all().map(|(_, mark)| mark.what as i64).collect();
        let keys: Vec<Uuid> = all().map(|(_, mark)| mark.key).collect();
        let sql = "INSERT INTO mark (unit, what, key, stored_ms, place, origin) \
                   SELECT $1, what, key, $2, $3, origin FROM unnest($4::bigint[], $5::uuid[], $6::bigint[]) \
                   AS said (what, key, origin) ON CONFLICT DO NOTHING";
        change(step, sql, &[&unit, &stored_ms, &place, &whats, &keys, &origins]).await?;
        at += 1;
        if at < FOLLOWED {
            let sql =
                "SELECT id, place, stored_ms FROM statement WHERE unit = $1 AND refers = $2 ORDER BY place LIMIT 100";
            for row in rows(step, sql, &[&unit, &id]).await? {
                let place = row.try_get(1)?;
                // One that the chain has come by already refers in a ring.
                if !found.iter().any(|each| each.0 == place) {
                    marked.push((row.try_get(0)?, place, row.try_get(2)?));
                }
            }
        }
    }
    Ok(())
}

/// Adds what a statement says of activities to what is known of them.
async fn define(step: &Transaction<'_>, unit: Uuid, new: &NewStatement) -> Result<(), Trouble> {
    let mut said = Vec::new();
    each_activity(&mut new.body.clone(), &mut |activity| {
        if let (Some(id), Some(definition)) = (activity["id"].as_str(), activity.get("definition")) {
            said.push((key(id), definition.clone()));
        }
    });
    for (key, definition) in said {
        let known = definitions(step, unit, &[key]).await?.remove(&key);
        let grown = known.clone().map_or_else(|| definition.clone(), |known| merged(known, &definition));
        if known.as_ref() != Some(&grown) {
            let sql = "INSERT INTO activity (unit, key, definition) VALUES ($1, $2, $3) \
                       ON CONFLICT (unit, key) DO UPDATE SET definition = excluded.definition";
            change(step, sql, &[&unit, &key, &grown.to_string()]).await?;
        }
    }
    Ok(())
}

/// What is known of activities.
pub async fn definitions(
    client: &impl GenericClient,
    unit: Uuid,
    keys: &[Uuid],
) -> Result<BTreeMap<Uuid, Value>, Trouble> {
    let sql = "SELECT key, definition FROM activity WHERE unit = $1 AND key = ANY ($2)";
    let found = rows(client, sql, &[&unit, &keys]).await?;
    let one = |row: &Row| {
        let definition = serde_json::from_str(row.try_get(1)?).map_err(|_| unreadable())?;
        Ok((row.try_get(0)?, definition))
    };
    found.iter().map(one).collect()
}

async fn own(client: &impl GenericClient, unit: Uuid, id: Uuid) -> Result<Option<Statement>, Trouble> {
    let sql = format!("SELECT {COLUMNS} FROM statement WHERE unit = $1 AND id = $2");
    row(client, &sql, &[&unit, &id]).await?.as_ref().map(statement).transpose()
}

/// The statement of a unit, or else of one below it.
pub async fn by_id(client: &impl GenericClient, unit: Uuid, id: Uuid) -> Result<Option<Statement>, Trouble> {
    let sql = format!(
        "{BELOW} SELECT {COLUMNS} FROM below JOIN statement ON statement.unit = below.id WHERE statement.id = $2 \
         ORDER BY statement.unit <> $1, statement.place LIMIT 1"
    );
    row(client, &sql, &[&unit, &id]).await?.as_ref().map(statement).transpose()
}

/// Statements of a unit and those below it. Each unit's are in their order in an index, so that each is asked by itself.
pub async fn sought(client: &impl GenericClient, unit: Uuid, sought: &Sought) -> Result<Vec<Statement>, Trouble> {
    let keys: Vec<(i64, Uuid)> = sought.marks.iter().map(|mark| (mark.what as i64, mark.key)).collect();
    let mut values: Vec<&(dyn ToSql + Sync)> = vec![&unit];
    let mut from = String::new();
    let first = if sought.marks.is_empty() { "statement" } else { "m0" };
    let mut wheres = format!(" WHERE {first}.unit = below.id AND statement.is_voided = 0");
    // Writing to a String cannot fail.
    for (at, (what, key)) in keys.iter().enumerate() {
        let place = values.len() + 1;
        values.extend([what as &(dyn ToSql + Sync), key]);
        let _ = match at {
            0 => write!(from, "mark AS m0"),
            _ => write!(
                from,
                " JOIN mark AS m{at} ON m{at}.unit = m0.unit AND m{at}.stored_ms = m0.stored_ms \
                 AND m{at}.place = m0.place AND m{at}.origin = m0.origin"
            ),
        };
        let _ = write!(wheres, " AND m{at}.what = ${place} AND m{at}.key = ${}", place + 1);
    }
    from += if sought.marks.is_empty() { "statement" } else { " JOIN statement ON statement.place = m0.place" };
    let (way, test) = if sought.ascending { ("ASC", ">") } else { ("DESC", "<") };
    let bounds = [(&sought.since_ms, ">"), (&sought.until_ms, "<=")];
    for (bound, test) in bounds {
        if let Some(bound) = bound {
            values.push(bound);
            let _ = write!(wheres, " AND {first}.stored_ms {test} ${}", values.len());
        }
    }
    if let Some((stored_ms, place)) = &sought.past {
        values.extend([stored_ms as &(dyn ToSql + Sync), place]);
        let (stored, at) = (values.len() - 1, values.len());
        let _ = write!(wheres, " AND ({first}.stored_ms, {first}.place) {test} (${stored}, ${at})");
    }
    let most = sought.most;
    let sql = format!(
        "{BELOW} SELECT {COLUMNS} FROM below CROSS JOIN LATERAL (SELECT DISTINCT {COLUMNS} FROM {from}{wheres} \
         ORDER BY statement.stored_ms {way}, statement.place {way} LIMIT {most}) AS statement \
         ORDER BY statement.stored_ms {way}, statement.place {way} LIMIT {most}"
    );
    rows(client, &sql, &values).await?.iter().map(statement).collect()
}

fn statement(row: &Row) -> Result<Statement, Trouble> {
    Ok(Statement {
        unit: row.try_get(0)?,
        place: row.try_get(1)?,
        id: row.try_get(2)?,
        stored_ms: row.try_get(3)?,
        is_voided: row.try_get::<_, i64>(4)? == 1,
        body: serde_json::from_str(row.try_get(5)?).map_err(|_| unreadable())?,
    })
}

/// Takes away everything in which a person is named by their id, and attachments that nothing refers to any more.
pub async fn erase(step: &impl GenericClient, person: Uuid) -> Result<(), Trouble> {
    let id = person.to_string();
    let named = "SELECT place FROM statement WHERE position($1 IN lower(body)) > 0";
    change(step, &format!("DELETE FROM mark WHERE place IN ({named}) OR origin IN ({named})"), &[&id]).await?;
    let attached = "SELECT 1 FROM statement WHERE statement.unit = attachment.unit \
                    AND position(attachment.sha2 IN statement.body) > 0";
    let own = format!("{attached} AND position($1 IN lower(statement.body)) > 0");
    let others = format!("{attached} AND position($1 IN lower(statement.body)) = 0");
    let sql = format!("DELETE FROM attachment WHERE EXISTS ({own}) AND NOT EXISTS ({others})");
    change(step, &sql, &[&id]).await?;
    change(step, "DELETE FROM statement WHERE position($1 IN lower(body)) > 0", &[&id]).await?;
    change(step, "DELETE FROM document WHERE position($1 IN lower(named)) > 0", &[&id]).await?;
    Ok(())
}
