//! Writes that need more than rows of one table, each within a transaction of its own.

use super::append::append;
use super::frontier::Frontier;
use super::trouble::Trouble;
use super::{audit, people, rows, sessions, shelves, units};
use crate::store::StoreError;
use crate::store::audit::NewAudit;
use crate::store::kept::{Appended, NewCode, NewEntry, NewPerson, Renewal, TokenHash, Unit};
use crate::store::statements::SystemCredential;
use deadpool_postgres::Transaction;
use uuid::Uuid;

/// Appends one entry if nothing else came in since `seen_seq`. `again`: an earlier commit of this was never answered.
pub async fn append_if_unchanged(
    step: &Transaction<'_>,
    entry: &NewEntry,
    seen_seq: i64,
    again: bool,
) -> Result<Option<Appended>, Trouble> {
    let mut frontier = Frontier::take(step).await?;
    let is_there = rows::by_id(step, entry.id).await?.is_some();
    if !is_there && rows::last_of(step, entry).await? != seen_seq {
        return Ok(None);
    }
    let became = match one(step, &mut frontier, entry).await? {
        Appended::Duplicate(seq) if again => Appended::Stored(seq),
        became => became,
    };
    frontier.give_back(step).await?;
    Ok(Some(became))
}

/// Gives a new code, takes the PIN away and ends every session, with the entry that says so.
pub async fn renew_code(
    step: &Transaction<'_>,
    person: Uuid,
    code: NewCode,
    entry: Option<&NewEntry>,
    again: bool,
) -> Result<bool, Trouble> {
    let mut frontier = Frontier::take(step).await?;
    if people::by_id(step, person).await?.is_none() {
        return Ok(false);
    }
    if let Some(entry) = entry
        && !is_new(step, &mut frontier, entry).await?
    {
        return Ok(again);
    }
    people::set_code(step, person, code).await?;
    frontier.give_back(step).await?;
    Ok(true)
}

/// Gives all of these new codes, or none. `again`: an earlier commit of this was never answered.
pub async fn renew_codes(step: &Transaction<'_>, renewals: &[Renewal], again: bool) -> Result<bool, Trouble> {
    let mut frontier = Frontier::take(step).await?;
    step.batch_execute("SAVEPOINT codes").await?;
    for Renewal { person, code, entry } in renewals {
        let is_there = people::by_id(step, *person).await?.is_some();
        if is_there && is_new(step, &mut frontier, entry).await? {
            people::set_code(step, *person, *code).await?;
        } else {
            step.batch_execute("ROLLBACK TO SAVEPOINT codes").await?;
            // All of them were written by that commit, or none.
            return Ok(again && is_there);
        }
    }
    frontier.give_back(step).await?;
    Ok(true)
}

/// Replaces a PIN, ends every session and lifts the wait on the code, with the entry that says so.
pub async fn renew_pin(
    step: &Transaction<'_>,
    person: Uuid,
    pin_hash: &str,
    entry: &NewEntry,
    again: bool,
) -> Result<bool, Trouble> {
    let mut frontier = Frontier::take(step).await?;
    if people::by_id(step, person).await?.is_none_or(|person| person.pin_hash.is_none()) {
        return Ok(false);
    }
    if !is_new(step, &mut frontier, entry).await? {
        return Ok(again);
    }
    people::set_pin(step, person, pin_hash).await?;
    frontier.give_back(step).await?;
    Ok(true)
}

/// Makes all of these people with what is said of it, or none.
pub async fn add_people(step: &Transaction<'_>, new: &[NewPerson], audits: &[NewAudit]) -> Result<bool, Trouble> {
    step.batch_execute("SAVEPOINT people").await?;
    if people::add(step, new).await? != new.len() as u64 {
        step.batch_execute("ROLLBACK TO SAVEPOINT people").await?;
        return Ok(false);
    }
    let mut frontier = Frontier::take(step).await?;
    audit::add(step, &mut frontier, audits).await?;
    frontier.give_back(step).await?;
    Ok(true)
}

/// Makes a unit with what is said of it; `false` if the id is there.
pub async fn add_unit(step: &Transaction<'_>, unit: &Unit, said: &NewAudit) -> Result<bool, Trouble> {
    Ok(units::add(step, unit).await? && add_audit(step, said).await.map(|()| true)?)
}

/// Makes a credential with what is said of it; `false` if the key is there.
pub async fn add_system_credential(
    step: &Transaction<'_>,
    new: &SystemCredential,
    said: &NewAudit,
) -> Result<bool, Trouble> {
    Ok(shelves::add_system_credential(step, new).await? && add_audit(step, said).await.map(|()| true)?)
}

/// Revokes a credential with what is said of it; `false` if there is none in use.
pub async fn end_system_credential(
    step: &Transaction<'_>,
    key: &str,
    now_ms: i64,
    said: &NewAudit,
) -> Result<bool, Trouble> {
    Ok(shelves::end_system_credential(step, key, now_ms).await? && add_audit(step, said).await.map(|()| true)?)
}

/// Adds to the audit log.
pub async fn add_audit(step: &Transaction<'_>, said: &NewAudit) -> Result<(), Trouble> {
    let mut frontier = Frontier::take(step).await?;
    audit::add(step, &mut frontier, std::slice::from_ref(said)).await?;
    frontier.give_back(step).await
}

/// Uses the first-admin link up and makes unit and admin.
pub async fn use_first_link(
    step: &Transaction<'_>,
    (token, now_ms): (TokenHash, i64),
    (unit, name): &(Uuid, String),
    admin: &NewPerson,
) -> Result<bool, Trouble> {
    if !sessions::use_first_link(step, token, now_ms).await? {
        return Ok(false);
    }
    units::add(step, &Unit { id: *unit, name: name.clone(), parent: None }).await?;
    Ok(people::add(step, std::slice::from_ref(admin)).await? == 1)
}

/// Appends one entry.
pub async fn one(step: &Transaction<'_>, frontier: &mut Frontier, entry: &NewEntry) -> Result<Appended, Trouble> {
    let became = append(step, frontier, &[std::slice::from_ref(entry)]).await?.pop();
    let lost = || StoreError::Refused("nothing became of an entry".to_owned());
    Ok(became.ok_or_else(lost)??.pop().ok_or_else(lost)?)
}

async fn is_new(step: &Transaction<'_>, frontier: &mut Frontier, entry: &NewEntry) -> Result<bool, Trouble> {
    Ok(matches!(one(step, frontier, entry).await?, Appended::Stored(_)))
}
