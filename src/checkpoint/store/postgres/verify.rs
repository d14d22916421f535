//! Verifying a record on a server: its rows, handed over as of one moment.

use super::Postgres;
use super::ask::{hash, rows, unreadable};
use super::frontier::Frontier;
use super::rows::COLUMNS;
use super::tree::origin;
use super::trouble::Trouble;
use crate::history::{Bound, Hash};
use crate::store::StoreError;
use crate::store::kept::Kind;
use crate::store::verified::{Auditor, Leaf, Older, Report, STRAYS};
use deadpool_postgres::{GenericClient, Object};
use tokio_postgres::{IsolationLevel, Row};
use uuid::Uuid;

/// Leaves that are fetched at a time.
const PAGE: i64 = 1000;

/// Works everything out again, as of one moment of a record that may be in use meanwhile.
///
/// # Errors
/// [`StoreError`] where the record cannot be read.
pub async fn verify(store: &Postgres, older: &[Older]) -> Result<Report, StoreError> {
    Ok(whole(&mut store.pool.get().await.map_err(Trouble::from)?, older).await?)
}

async fn whole(client: &mut Object, older: &[Older]) -> Result<Report, Trouble> {
    let moment =
        client.build_transaction().isolation_level(IsolationLevel::RepeatableRead).read_only(true).start().await?;
    let told = "SELECT seq, convert_to(body, 'UTF8') FROM event WHERE kind = $1";
    let mut deeds: Vec<(i64, Vec<u8>)> = Vec::new();
    for row in rows(&moment, told, &[&Kind::Erased.code()]).await? {
        deeds.push((row.try_get(0)?, row.try_get(1)?));
    }
    let mut auditor = Auditor::new(origin(&moment).await?, older, deeds.into_iter());
    let sql = format!(
        "DECLARE leaves NO SCROLL CURSOR FOR \
         SELECT leaf.place, leaf.seq, leaf.version, leaf.hash, salt.salt, tombstone.erased_by, {COLUMNS} FROM leaf \
         LEFT JOIN event ON event.seq = leaf.seq LEFT JOIN salt ON salt.seq = leaf.seq \
         LEFT JOIN tombstone ON tombstone.seq = leaf.seq ORDER BY leaf.place"
    );
    moment.batch_execute(&sql).await?;
    loop {
        let page = rows(&moment, &format!("FETCH {PAGE} FROM leaves"), &[]).await?;
        for row in &page {
            leaf(row, &mut auditor)?;
        }
        if page.is_empty() {
            break;
        }
    }
    let mut nodes: Vec<(i64, i64, Hash)> = Vec::new();
    for row in rows(&moment, "SELECT level, place, hash FROM node", &[]).await? {
        nodes.push((row.try_get(0)?, row.try_get(1)?, hash(&row, 2)?));
    }
    let edge = Frontier::read(&moment).await.ok();
    auditor.nodes(nodes.into_iter(), Some(&edge.map(|edge| edge.tree).unwrap_or_default()));
    for (table, finding) in STRAYS {
        let sql = format!(
            "SELECT seq FROM {table} WHERE NOT EXISTS (SELECT 1 FROM leaf WHERE leaf.seq = {table}.seq) ORDER BY seq"
        );
        for row in rows(&moment, &sql, &[]).await? {
            auditor.stray(row.try_get(0)?, finding);
        }
    }
    Ok(auditor.report())
}

fn leaf(row: &Row, auditor: &mut Auditor) -> Result<(), Trouble> {
    let salt: Option<&[u8]> = row.try_get(4)?;
    let id: Option<Uuid> = row.try_get(7)?;
    let ids: [Option<Uuid>; 3] = [row.try_get(9)?, row.try_get(10)?, row.try_get(14)?];
    let text = |column| row.try_get::<_, Option<&str>>(column).map(|text| text.map(str::as_bytes));
    let entry = match (&id, &ids) {
        (Some(id), [Some(subject), Some(author), device]) => Some(Bound {
            seq: row.try_get(6)?,
            id: id.as_bytes(),
            kind: text(8)?.unwrap_or_default(),
            subject: subject.as_bytes(),
            author: author.as_bytes(),
            site: text(11)?,
            route: text(12)?,
            station: text(13)?,
            device: device.as_ref().map(|device| device.as_bytes().as_slice()),
            captured_at_ms: row.try_get(15)?,
            received_at_ms: row.try_get(16)?,
            body: text(17)?.unwrap_or_default(),
        }),
        _ => None,
    };
    auditor.leaf(&Leaf {
        place: row.try_get(0)?,
        seq: row.try_get(1)?,
        version: row.try_get(2)?,
        hash: hash(row, 3)?,
        salt: salt.map(<Hash>::try_from).transpose().map_err(|_| unreadable())?,
        erased_by: row.try_get(5)?,
        entry,
    });
    Ok(())
}
