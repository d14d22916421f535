//! `/v1/log`: what anyone may know of the history of the log, and `/v1/events/{id}/proof`: what it holds of one entry.
//!
//! Checkpoint, key and tiles name nobody: a leaf's hash is salted. Tiles of entries are not served.

use super::{Address, Fault};
use crate::history::tree::{self, Had, Missing, WIDTH, Wanted};
use crate::history::{Bound, Hash, Signer, Tile};
use crate::house::App;
use crate::identity::Learner;
use crate::identity::reach::{looks_at, within};
use crate::routes::Access;
use crate::store::{Act, StoreError};
use axum::Json;
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::IntoResponse;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use protocol::api::{ConsistencyProof, EventProof};
use uuid::Uuid;

const TEXT: &str = "text/plain; charset=utf-8";

/// The checkpoint of the log as it stands on disk, signed.
///
/// # Errors
/// A [`Fault`] where the log cannot be read.
pub async fn checkpoint(State(app): State<App>) -> Result<impl IntoResponse, Fault> {
    let head = app.store.head().await?;
    let note = Signer::new(&app.secrets, &head.origin).sign(&head);
    Ok(([(CONTENT_TYPE, TEXT), (CACHE_CONTROL, "no-store")], note))
}

/// The key by which checkpoints are checked.
///
/// # Errors
/// A [`Fault`] where the log cannot be read.
pub async fn key(State(app): State<App>) -> Result<impl IntoResponse, Fault> {
    let head = app.store.head().await?;
    let key = Signer::new(&app.secrets, &head.origin).public();
    Ok(([(CONTENT_TYPE, TEXT), (CACHE_CONTROL, "no-cache")], format!("{key}\n")))
}

/// A tile of hashes. It never changes, partial ones included: a wider one has another address.
///
/// # Errors
/// A [`Fault`] where the address is none, the tree is not as large yet, or the log cannot be read.
pub async fn tile(
    State(app): State<App>,
    Address((level, index)): Address<(String, String)>,
) -> Result<impl IntoResponse, Fault> {
    let tile = Tile::read(&level, &index).ok_or_else(Fault::not_found)?;
    let hashes = app.store.tile(tile).await?.ok_or_else(Fault::not_found)?;
    let headers = [(CONTENT_TYPE, "application/octet-stream"), (CACHE_CONTROL, "public, max-age=31536000, immutable")];
    Ok((headers, hashes))
}

/// What proves that the log of today begins with that of an earlier checkpoint, of so many entries.
///
/// # Errors
/// A [`Fault`] where the log has never had so many, or cannot be read.
pub async fn consistency(State(app): State<App>, Address(from): Address<u64>) -> Result<impl IntoResponse, Fault> {
    let head = app.store.head().await?;
    if from > head.size {
        return Err(Fault::not_found());
    }
    let wanted = Wanted::default();
    let Ok(_) = tree::consistency(&wanted, from, head.size);
    let mut found = Had::default();
    for (level, first, count) in wanted.0.into_inner() {
        found.0.insert((level, first), hashes(&app, level, first, count).await?);
    }
    let path = tree::consistency(&found, from, head.size).map_err(|Missing| StoreError::broken_tree())?;
    let signer = Signer::new(&app.secrets, &head.origin);
    let proof = ConsistencyProof {
        from,
        path: path.iter().map(|hash| BASE64_STANDARD.encode(hash)).collect(),
        checkpoint: signer.sign(&head),
        key: signer.public().to_string(),
    };
    Ok(([(CACHE_CONTROL, "no-store")], Json(proof)))
}

/// Hashes of one tile, as it is published. None that a proof needs lies in two.
async fn hashes(app: &App, level: u8, first: u64, count: u64) -> Result<Vec<Hash>, Fault> {
    let (index, skipped) = (first / u64::from(WIDTH), first % u64::from(WIDTH));
    let width = u16::try_from(skipped + count).map_err(|_| StoreError::broken_tree())?;
    let tile = app.store.tile(Tile { level, index, width }).await?.unwrap_or_default();
    let (found, _) = tile.as_chunks::<32>();
    Ok(found.iter().skip(skipped as usize).copied().collect())
}

/// What proves that the log holds an entry, for whose record it belongs to and for those who oversee them.
///
/// # Errors
/// A [`Fault`] where there is no such entry, as for one that is somebody else's, or where the log cannot be read.
pub async fn proof(
    State(app): State<App>,
    Learner(who): Learner,
    Address(id): Address<Uuid>,
) -> Result<impl IntoResponse, Fault> {
    let proven = app.store.proof(id).await?.ok_or_else(Fault::not_found)?;
    let subject = proven.entry.said.subject;
    if subject != who.person.id {
        if !Access::Overseer.admits(who.person.role) {
            return Err(Fault::not_found());
        }
        let person = within(&app, &who, subject).await?;
        looks_at(&app, &who, Act::EntryProven, &person, id.to_string()).await?;
    }
    let signer = Signer::new(&app.secrets, &proven.head.origin);
    let proof = EventProof {
        id,
        seq: proven.entry.seq,
        place: proven.place,
        version: proven.version,
        salt: BASE64_STANDARD.encode(proven.salt),
        entry: BASE64_STANDARD.encode(Bound::of(proven.entry.seq, &proven.entry.said).bytes()),
        path: proven.path.iter().map(|hash| BASE64_STANDARD.encode(hash)).collect(),
        checkpoint: signer.sign(&proven.head),
        key: signer.public().to_string(),
    };
    Ok(([(CACHE_CONTROL, "no-store")], Json(proof)))
}
