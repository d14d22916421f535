//! Lists that were checked and wait to be confirmed, beside the record: whichever service of it is asked next has them.

use super::Listed;
use crate::api::Fault;
use crate::clock::MINUTE_MS;
use crate::house::House;
use crate::store::{Wait, Waiting};
use uuid::Uuid;

/// How long a list waits.
const LASTS_MS: i64 = 30 * MINUTE_MS;

/// Keeps an admin's list in place of an earlier one; the name by which it is confirmed.
///
/// # Errors
/// A [`Fault`] where the store cannot keep it.
pub async fn keep(house: &House, admin: Uuid, people: &[Listed]) -> Result<Uuid, Fault> {
    let (id, since_ms) = (Uuid::now_v7(), house.now_ms());
    let body = serde_json::to_vec(people).map_err(|_| Fault::malformed())?;
    let ends_ms = since_ms + LASTS_MS;
    let draft = Waiting { id, what: Wait::Roster, owner: Some(admin), body, since_ms, ends_ms };
    // Names of at most 60 characters, and at most 5000 of them, are within what may wait.
    if house.store.keep_waiting(draft).await? { Ok(id) } else { Err(Fault::busy()) }
}

/// The list of this admin under this name, while it waits.
///
/// # Errors
/// A [`Fault`] where the store cannot be read.
pub async fn get(house: &House, admin: Uuid, id: Uuid) -> Result<Option<Vec<Listed>>, Fault> {
    let found = house.store.waiting(Wait::Roster, id, house.now_ms()).await?;
    let own = found.filter(|draft| draft.owner == Some(admin));
    Ok(own.and_then(|draft| serde_json::from_slice(&draft.body).ok()))
}

/// Forgets it, once it has been carried out.
///
/// # Errors
/// A [`Fault`] where the store cannot be written.
pub async fn forget(house: &House, id: Uuid) -> Result<(), Fault> {
    house.store.take_waiting(Wait::Roster, id, house.now_ms()).await?;
    Ok(())
}
