//! Rows of the tree, read.

use super::ask::{both, hash, row, rows as ask};
use super::frontier::Frontier;
use super::rows;
use super::trouble::Trouble;
use crate::history::tree::{Had, Missing, WIDTH, Wanted, path};
use crate::history::{Checkpoint, Hash, Tile};
use crate::store::StoreError;
use crate::store::kept::Proven;
use deadpool_postgres::GenericClient;
use uuid::Uuid;

/// Which log this is.
pub async fn origin(client: &impl GenericClient) -> Result<String, Trouble> {
    let found = row(client, "SELECT origin FROM tree", &[]).await?;
    Ok(found.ok_or_else(StoreError::broken_tree)?.try_get(0)?)
}

/// Size and root as they stand.
pub async fn head(client: &impl GenericClient) -> Result<Checkpoint, Trouble> {
    let (origin, frontier) = both(origin(client), Frontier::read(client)).await?;
    Ok(Checkpoint { origin, size: frontier.tree.size(), root: frontier.tree.root() })
}

/// The hashes of a tile one after another; nothing while there are not as many.
pub async fn tile(client: &impl GenericClient, tile: Tile) -> Result<Option<Vec<u8>>, Trouble> {
    let Some(first) = tile.index.checked_mul(u64::from(WIDTH)) else { return Ok(None) };
    let found = read(client, tile.level, first, u64::from(tile.width)).await?;
    Ok((found.len() == usize::from(tile.width)).then(|| found.concat()))
}

/// What proves that the log holds an entry; nothing where no such entry is, or it was erased.
pub async fn proof(client: &impl GenericClient, id: Uuid) -> Result<Option<Proven>, Trouble> {
    let Some(entry) = rows::by_id(client, id).await? else { return Ok(None) };
    let sql =
        "SELECT leaf.place, leaf.version, salt.salt FROM leaf JOIN salt ON salt.seq = leaf.seq WHERE leaf.seq = $1";
    let Some(found) = row(client, sql, &[&entry.seq]).await? else { return Ok(None) };
    let place = u64::try_from(found.try_get::<_, i64>(0)?).map_err(|_| StoreError::broken_tree())?;
    let head = head(client).await?;
    // Once to learn which hashes the path needs, and once more with them.
    let wanted = Wanted::default();
    let Ok(_) = path(&wanted, place, head.size);
    let mut hashes = Had::default();
    for (level, first, count) in wanted.0.into_inner() {
        hashes.0.insert((level, first), read(client, level, first, count).await?);
    }
    let path = path(&hashes, place, head.size).map_err(|Missing| StoreError::broken_tree())?;
    Ok(Some(Proven { entry, version: found.try_get(1)?, salt: hash(&found, 2)?, place, path, head }))
}

async fn read(client: &impl GenericClient, level: u8, first: u64, count: u64) -> Result<Vec<Hash>, Trouble> {
    // What lies beyond any number of rows is not there.
    let (Ok(first), Ok(end)) = (i64::try_from(first), i64::try_from(first.saturating_add(count))) else {
        return Ok(Vec::new());
    };
    let found = if level == 0 {
        ask(client, "SELECT hash FROM leaf WHERE place >= $1 AND place < $2 ORDER BY place", &[&first, &end]).await?
    } else {
        let sql = "SELECT hash FROM node WHERE level = $3 AND place >= $1 AND place < $2 ORDER BY place";
        ask(client, sql, &[&first, &end, &i64::from(level)]).await?
    };
    found.iter().map(|row| hash(row, 0)).collect()
}
