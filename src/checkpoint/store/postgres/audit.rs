//! Rows of the audit log. They are added and read, never changed.

use super::ask::{change, maybe_name, name, rows, unreadable};
use super::frontier::Frontier;
use super::people::BELOW;
use super::trouble::Trouble;
use crate::store::audit::{Act, Audit, NewAudit};
use crate::store::kept::NewEntry;
use deadpool_postgres::GenericClient;
use heritage::{RouteId, SiteId};
use tokio_postgres::Row;
use uuid::Uuid;

/// Adds entries at the places that the frontier gives them.
pub async fn add(step: &impl GenericClient, frontier: &mut Frontier, audits: &[NewAudit]) -> Result<(), Trouble> {
    if audits.is_empty() {
        return Ok(());
    }
    let first = frontier.audit_seq + 1;
    frontier.audit_seq += i64::try_from(audits.len()).unwrap_or(i64::MAX);
    let seqs: Vec<i64> = (first..=frontier.audit_seq).collect();
    let at_ms: Vec<i64> = audits.iter().map(|audit| audit.at_ms).collect();
    let who: Vec<Uuid> = audits.iter().map(|audit| audit.who).collect();
    let unit: Vec<Uuid> = audits.iter().map(|audit| audit.unit).collect();
    let act: Vec<&str> = audits.iter().map(|audit| audit.act.code()).collect();
    let about: Vec<Option<Uuid>> = audits.iter().map(|audit| audit.about).collect();
    let detail: Vec<&[u8]> = audits.iter().map(|audit| audit.detail.as_bytes()).collect();
    let sql = "INSERT INTO audit (seq, at_ms, who, unit, act, about, detail) \
               SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::uuid[], $4::uuid[], $5::text[], $6::uuid[], $7::bytea[])";
    change(step, sql, &[&seqs, &at_ms, &who, &unit, &act, &about, &detail]).await?;
    Ok(())
}

/// What an entry of the log of events means here, if it was written at the desk about somebody of `unit`.
pub fn of_entry(entry: &NewEntry, unit: Uuid) -> Option<NewAudit> {
    let course = entry.site.as_ref().zip(entry.route.as_ref());
    let written = |(site, route): (&SiteId, &RouteId)| format!("{site}.{route}");
    entry.kind.is_of_desk().then(|| NewAudit {
        at_ms: entry.received_at_ms,
        who: entry.author,
        unit,
        act: Act::Entry(entry.kind),
        about: Some(entry.subject),
        detail: course.map(written).unwrap_or_default(),
    })
}

/// The last `most` entries before `before` that concern the unit or one below it, or all of a unit above it; newest first.
pub async fn of_unit(
    client: &impl GenericClient,
    unit: Uuid,
    person: Option<Uuid>,
    (before, most): (i64, u32),
) -> Result<Vec<Audit>, Trouble> {
    let sql = format!(
        "{BELOW}, above (id) AS (SELECT parent FROM unit WHERE id = $1 \
             UNION SELECT unit.parent FROM unit JOIN above ON unit.id = above.id) \
         SELECT audit.seq, audit.at_ms, audit.who, audit.unit, audit.act, audit.about, audit.detail, \
             author.name, unit.name, subject.name \
         FROM audit LEFT JOIN person AS author ON author.id = audit.who LEFT JOIN unit ON unit.id = audit.unit \
             LEFT JOIN person AS subject ON subject.id = audit.about \
         WHERE (audit.unit IN (SELECT id FROM below) OR audit.about IS NULL AND audit.unit IN (SELECT id FROM above)) \
             AND audit.seq < $2 AND ($3::uuid IS NULL OR audit.who = $3 OR audit.about = $3) \
         ORDER BY audit.seq DESC LIMIT $4"
    );
    rows(client, &sql, &[&unit, &before, &person, &i64::from(most)]).await?.iter().map(entry).collect()
}

fn entry(row: &Row) -> Result<Audit, Trouble> {
    let act: &str = row.try_get(4)?;
    Ok(Audit {
        seq: row.try_get(0)?,
        said: NewAudit {
            at_ms: row.try_get(1)?,
            who: row.try_get(2)?,
            unit: row.try_get(3)?,
            act: Act::from_code(act).ok_or_else(unreadable)?,
            about: row.try_get(5)?,
            detail: name(row, 6)?,
        },
        who: maybe_name(row, 7)?,
        unit: maybe_name(row, 8)?,
        about: maybe_name(row, 9)?,
    })
}
