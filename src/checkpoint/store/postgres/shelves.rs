//! Rows of documents, attachments and credentials, and the log as other systems read it.

use super::ask::{change, name, row, rows, unreadable};
use super::people::BELOW;
use super::rows as log;
use super::trouble::Trouble;
use crate::store::kept::Entry;
use crate::store::statements::{Attachment, Document, Scope, Shelf, SoughtEntries, SystemCredential};
use deadpool_postgres::{GenericClient, Transaction};
use std::fmt::Write;
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;
use uuid::Uuid;

/// Attachments that are there.
pub async fn attachments(client: &impl GenericClient, named: &[(Uuid, String)]) -> Result<Vec<Attachment>, Trouble> {
    let units: Vec<Uuid> = named.iter().map(|(unit, _)| *unit).collect();
    let digests: Vec<&str> = named.iter().map(|(_, sha2)| &**sha2).collect();
    let sql = "SELECT sha2, content_type, content FROM attachment \
               WHERE (unit, sha2) IN (SELECT * FROM unnest($1::uuid[], $2::text[]))";
    let found = rows(client, sql, &[&units, &digests]).await?;
    let one =
        |row: &Row| Ok(Attachment { sha2: row.try_get(0)?, content_type: row.try_get(1)?, content: row.try_get(2)? });
    found.iter().map(one).collect()
}

/// A document; `held` against others until the commit.
pub async fn document(
    client: &impl GenericClient,
    unit: Uuid,
    shelf: &Shelf,
    name: &str,
    held: bool,
) -> Result<Option<Document>, Trouble> {
    let sql = format!(
        "SELECT content_type, content, changed_ms FROM document WHERE unit = $1 AND kind = $2 AND activity = $3 \
         AND agent = $4 AND registration = $5 AND name = $6{}",
        if held { " FOR UPDATE" } else { "" }
    );
    let name = name.as_bytes();
    let (kind, activity, agent) = (&shelf.kind, &shelf.activity, &shelf.agent);
    let found = row(client, &sql, &[&unit, kind, activity, agent, &shelf.registration, &name]).await?;
    let read = |row: Row| {
        Ok(Document { content_type: row.try_get(0)?, content: row.try_get(1)?, changed_ms: row.try_get(2)? })
    };
    found.map(read).transpose()
}

/// Documents of a shelf, of any registration where none is named.
const ON_SHELF: &str = "unit = $1 AND kind = $2 AND activity = $3 AND agent = $4 \
                        AND ($5::uuid = '00000000-0000-0000-0000-000000000000' OR registration = $5)";

/// Names of documents.
pub async fn documents(
    client: &impl GenericClient,
    unit: Uuid,
    shelf: &Shelf,
    since_ms: Option<i64>,
) -> Result<Vec<String>, Trouble> {
    let sql = format!("SELECT DISTINCT name FROM document WHERE {ON_SHELF} AND changed_ms > $6 ORDER BY name");
    let since_ms = since_ms.unwrap_or(i64::MIN);
    let (kind, activity, agent) = (&shelf.kind, &shelf.activity, &shelf.agent);
    let found = rows(client, &sql, &[&unit, kind, activity, agent, &shelf.registration, &since_ms]).await?;
    found.iter().map(|row| name(row, 0)).collect()
}

/// Puts a document in place of another, or takes it away.
pub async fn change_document(
    step: &Transaction<'_>,
    unit: Uuid,
    shelf: &Shelf,
    name: &str,
    (seen, new): (Option<&Document>, Option<&Document>),
) -> Result<bool, Trouble> {
    if document(step, unit, shelf, name, true).await?.as_ref() != seen {
        return Ok(false);
    }
    let name = name.as_bytes();
    let (kind, activity, agent, registration) = (&shelf.kind, &shelf.activity, &shelf.agent, &shelf.registration);
    let here = "unit = $1 AND kind = $2 AND activity = $3 AND agent = $4 AND registration = $5 AND name = $6";
    let changed = match (seen, new) {
        (None, None) => return Ok(true),
        (Some(_), None) => {
            let sql = format!("DELETE FROM document WHERE {here}");
            change(step, &sql, &[&unit, kind, activity, agent, registration, &name]).await?
        }
        // Where somebody else has put one there in the meantime, the primary key says so.
        (None, Some(new)) => {
            let sql = "INSERT INTO document (unit, kind, activity, agent, registration, name, named, content_type, \
                       content, changed_ms) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING";
            let Document { content_type, content, changed_ms } = new;
            let named = &shelf.named;
            let values: [&(dyn ToSql + Sync); 10] =
                [&unit, kind, activity, agent, registration, &name, named, content_type, content, changed_ms];
            change(step, sql, &values).await?
        }
        (Some(_), Some(new)) => {
            let sql = format!("UPDATE document SET content_type = $7, content = $8, changed_ms = $9 WHERE {here}");
            let Document { content_type, content, changed_ms } = new;
            let values: [&(dyn ToSql + Sync); 9] =
                [&unit, kind, activity, agent, registration, &name, content_type, content, changed_ms];
            change(step, &sql, &values).await?
        }
    };
    Ok(changed == 1)
}

/// Takes every document of a shelf away.
pub async fn clear(step: &impl GenericClient, unit: Uuid, shelf: &Shelf) -> Result<(), Trouble> {
    let sql = format!("DELETE FROM document WHERE {ON_SHELF}");
    let (kind, activity, agent) = (&shelf.kind, &shelf.activity, &shelf.agent);
    change(step, &sql, &[&unit, kind, activity, agent, &shelf.registration]).await?;
    Ok(())
}

const CREDENTIAL: &str = "SELECT credential.key, credential.unit, credential.name, credential.scope, \
                          credential.secret_hash, credential.made_ms, credential.ended_ms FROM credential";

fn system_credential(row: &Row) -> Result<SystemCredential, Trouble> {
    Ok(SystemCredential {
        key: row.try_get(0)?,
        unit: row.try_get(1)?,
        name: name(row, 2)?,
        scope: Scope::from_code(row.try_get(3)?).ok_or_else(unreadable)?,
        secret_hash: super::ask::hash(row, 4)?,
        made_ms: row.try_get(5)?,
        ended_ms: row.try_get(6)?,
    })
}

/// Makes a credential.
pub async fn add_system_credential(step: &impl GenericClient, new: &SystemCredential) -> Result<bool, Trouble> {
    let sql = "INSERT INTO credential (key, unit, name, scope, secret_hash, made_ms, ended_ms) \
               VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (key) DO NOTHING";
    let (name, scope, hash) = (new.name.as_bytes(), new.scope.code(), new.secret_hash.as_slice());
    Ok(change(step, sql, &[&new.key, &new.unit, &name, &scope, &hash, &new.made_ms, &new.ended_ms]).await? == 1)
}

/// The credential with this key.
pub async fn system_credential_by(client: &impl GenericClient, key: &str) -> Result<Option<SystemCredential>, Trouble> {
    // No text of the server's holds a NUL.
    if key.contains('\0') {
        return Ok(None);
    }
    row(client, &format!("{CREDENTIAL} WHERE key = $1"), &[&key]).await?.as_ref().map(system_credential).transpose()
}

/// Credentials of a unit and those below it.
pub async fn system_credentials_of(client: &impl GenericClient, unit: Uuid) -> Result<Vec<SystemCredential>, Trouble> {
    let sql = format!("{BELOW} {CREDENTIAL} WHERE unit IN (SELECT id FROM below) ORDER BY made_ms DESC, key");
    rows(client, &sql, &[&unit]).await?.iter().map(system_credential).collect()
}

/// Revokes a credential.
pub async fn end_system_credential(step: &impl GenericClient, key: &str, now_ms: i64) -> Result<bool, Trouble> {
    let sql = "UPDATE credential SET ended_ms = $2 WHERE key = $1 AND ended_ms IS NULL";
    Ok(change(step, sql, &[&key, &now_ms]).await? == 1)
}

/// Entries about people of a unit and those below it.
pub async fn entries(client: &impl GenericClient, unit: Uuid, sought: &SoughtEntries) -> Result<Vec<Entry>, Trouble> {
    let site = sought.site.as_ref().map(heritage::SiteId::as_str);
    let mut values: Vec<&(dyn ToSql + Sync)> = vec![&unit];
    let mut wheres = String::new();
    // The values of a test follow those that are there already.
    let mut and = |test: &str, there: usize| {
        let (mut test, mut place) = (test.to_owned(), there);
        while test.contains('?') {
            place += 1;
            test = test.replacen('?', &format!("${place}"), 1);
        }
        // Writing to a String cannot fail.
        let _ = write!(wheres, " AND {test}");
    };
    if let Some(person) = &sought.person {
        and("? IN (event.subject, event.author)", values.len());
        values.push(person);
    }
    if let Some(site) = &site {
        and("event.site = ?", values.len());
        values.push(site);
    }
    if let Some(since_ms) = &sought.since_ms {
        and("event.received_at_ms > ?", values.len());
        values.push(since_ms);
    }
    if let Some(until_ms) = &sought.until_ms {
        and("event.received_at_ms <= ?", values.len());
        values.push(until_ms);
    }
    let (way, test) = if sought.ascending { ("ASC", ">") } else { ("DESC", "<") };
    if let Some((received_ms, seq)) = &sought.past {
        and(&format!("(event.received_at_ms, event.seq) {test} (?, ?)"), values.len());
        values.extend([received_ms as &(dyn ToSql + Sync), seq]);
    }
    let sql = format!(
        "{BELOW} SELECT {} FROM event JOIN person ON person.id = event.subject \
         WHERE person.unit IN (SELECT id FROM below){wheres} \
         ORDER BY event.received_at_ms {way}, event.seq {way} LIMIT {}",
        log::COLUMNS,
        sought.most
    );
    rows(client, &sql, &values).await?.iter().map(log::entry).collect()
}

/// The entry with this id, if it is about somebody of the unit or one below it.
pub async fn entry(client: &impl GenericClient, unit: Uuid, id: Uuid) -> Result<Option<Entry>, Trouble> {
    let sql = format!(
        "{BELOW} SELECT {} FROM event JOIN person ON person.id = event.subject \
         WHERE person.unit IN (SELECT id FROM below) AND event.id = $2",
        log::COLUMNS
    );
    row(client, &sql, &[&unit, &id]).await?.as_ref().map(log::entry).transpose()
}
