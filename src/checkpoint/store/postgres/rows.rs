//! Rows of the log, read.

use super::ask::{row, rows, unreadable};
use super::people::BELOW;
use super::trouble::Trouble;
use crate::store::kept::{Entry, Kind, LogEnd, NewEntry};
use deadpool_postgres::GenericClient;
use heritage::{RouteId, SiteId, StationId};
use std::collections::BTreeMap;
use tokio_postgres::Row;
use uuid::Uuid;

/// The columns of an entry, in the order in which they are read and bound.
pub const COLUMNS: &str = "event.seq, event.id, event.kind, event.subject, event.author, event.site, event.route, \
                           event.station, event.device, event.captured_at_ms, event.received_at_ms, event.body";

/// The entry with this id.
pub async fn by_id(client: &impl GenericClient, id: Uuid) -> Result<Option<Entry>, Trouble> {
    let sql = format!("SELECT {COLUMNS} FROM event WHERE id = $1");
    row(client, &sql, &[&id]).await?.as_ref().map(entry).transpose()
}

/// Those of these ids that are there.
pub async fn by_ids(client: &impl GenericClient, ids: &[Uuid]) -> Result<BTreeMap<Uuid, Entry>, Trouble> {
    let found = rows(client, &format!("SELECT {COLUMNS} FROM event WHERE id = ANY ($1)"), &[&ids]).await?;
    found.iter().map(|row| entry(row).map(|entry| (entry.said.id, entry))).collect()
}

/// The last place of one person's log at a site; 0 for an empty one.
pub async fn last_of(client: &impl GenericClient, entry: &NewEntry) -> Result<i64, Trouble> {
    let sql = "SELECT coalesce(max(seq), 0) FROM event WHERE subject = $1 AND site IS NOT DISTINCT FROM $2";
    let site = entry.site.as_ref().map(SiteId::as_str);
    let last = row(client, sql, &[&entry.subject, &site]).await?;
    Ok(last.map(|row| row.try_get(0)).transpose()?.unwrap_or_default())
}

/// Everyone who has entries, by id.
pub async fn subjects(client: &impl GenericClient) -> Result<Vec<Uuid>, Trouble> {
    let found = rows(client, "SELECT DISTINCT subject FROM event ORDER BY subject", &[]).await?;
    found.iter().map(|row| Ok(row.try_get(0)?)).collect()
}

/// One person's entries, by rising `seq`.
pub async fn log_of(client: &impl GenericClient, subject: Uuid) -> Result<Vec<Entry>, Trouble> {
    let sql = format!("SELECT {COLUMNS} FROM event WHERE subject = $1 ORDER BY seq");
    rows(client, &sql, &[&subject]).await?.iter().map(entry).collect()
}

/// One person's entries at one site and those about the person alone, by rising `seq`.
pub async fn log_at(client: &impl GenericClient, subject: Uuid, site: &SiteId) -> Result<Vec<Entry>, Trouble> {
    let sql = format!("SELECT {COLUMNS} FROM event WHERE subject = $1 AND (site = $2 OR site IS NULL) ORDER BY seq");
    rows(client, &sql, &[&subject, &site.as_str()]).await?.iter().map(entry).collect()
}

/// Places whose confirmation no longer stands; what was taken back is found by an index of its own.
pub async fn revoked(client: &impl GenericClient, first: i64, count: i64) -> Result<Vec<i64>, Trouble> {
    let sql = "SELECT place FROM (SELECT (SELECT max(seq) FROM event AS own WHERE own.subject = back.subject \
               AND own.site = back.site AND own.route = back.route AND own.kind = 'confirmed' AND own.seq < back.seq) AS place \
               FROM event AS back WHERE back.kind = 'reopened') AS found WHERE place >= $1 AND place - $1 < $2 \
               UNION SELECT seq FROM tombstone WHERE seq >= $1 AND seq - $1 < $2 ORDER BY 1";
    rows(client, sql, &[&first, &count]).await?.iter().map(|row| Ok(row.try_get(0)?)).collect()
}

/// Where each log at a site ends.
pub async fn ends_of_unit(client: &impl GenericClient, unit: Uuid) -> Result<Vec<LogEnd>, Trouble> {
    let sql = format!(
        "{BELOW} SELECT event.subject, event.site, max(event.seq) FROM person JOIN event ON event.subject = person.id \
         WHERE person.unit IN (SELECT id FROM below) AND event.site IS NOT NULL GROUP BY event.subject, event.site"
    );
    let found = rows(client, &sql, &[&unit]).await?;
    let end = |row: &Row| {
        let site = SiteId::new(row.try_get(1)?).map_err(|_| unreadable())?;
        Ok(LogEnd { subject: row.try_get(0)?, site, seq: row.try_get(2)? })
    };
    found.iter().map(end).collect()
}

/// The last entries about people of a unit and those below it, newest first.
pub async fn deeds_of_unit(client: &impl GenericClient, unit: Uuid, most: u32) -> Result<Vec<Entry>, Trouble> {
    let sql = format!(
        "{BELOW} SELECT {COLUMNS} FROM event JOIN person ON person.id = event.subject \
         WHERE person.unit IN (SELECT id FROM below) AND event.site IS NULL ORDER BY event.seq DESC LIMIT $2"
    );
    rows(client, &sql, &[&unit, &i64::from(most)]).await?.iter().map(entry).collect()
}

/// How many others of their unit each person's devices have recorded for, in the order asked.
pub async fn sharing(client: &impl GenericClient, people: &[Uuid]) -> Result<Vec<usize>, Trouble> {
    let found = rows(
        client,
        "SELECT used.subject, count(DISTINCT other.subject) \
         FROM (SELECT DISTINCT device, subject FROM event WHERE subject = ANY ($1) AND device IS NOT NULL) AS used \
         JOIN person AS own ON own.id = used.subject \
         JOIN event AS other ON other.device = used.device AND other.subject <> used.subject \
         JOIN person AS them ON them.id = other.subject AND them.unit = own.unit \
         GROUP BY used.subject",
        &[&people],
    )
    .await?;
    let mut counts = BTreeMap::<Uuid, i64>::new();
    for row in &found {
        counts.insert(row.try_get(0)?, row.try_get(1)?);
    }
    let of = |person| counts.get(person).and_then(|count| usize::try_from(*count).ok()).unwrap_or_default();
    Ok(people.iter().map(of).collect())
}

/// Reads a row of [`COLUMNS`].
pub fn entry(row: &Row) -> Result<Entry, Trouble> {
    let kind: &str = row.try_get(2)?;
    let text = |column| row.try_get::<_, Option<&str>>(column);
    Ok(Entry {
        seq: row.try_get(0)?,
        said: NewEntry {
            id: row.try_get(1)?,
            kind: Kind::from_code(kind).ok_or_else(unreadable)?,
            subject: row.try_get(3)?,
            author: row.try_get(4)?,
            site: text(5)?.map(SiteId::new).transpose().map_err(|_| unreadable())?,
            route: text(6)?.map(RouteId::new).transpose().map_err(|_| unreadable())?,
            station: text(7)?.map(StationId::new).transpose().map_err(|_| unreadable())?,
            device: row.try_get(8)?,
            captured_at_ms: row.try_get(9)?,
            received_at_ms: row.try_get(10)?,
            body: row.try_get(11)?,
        },
    })
}
