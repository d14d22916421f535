//! The device changes hands: what was done before signing in is kept apart until it is known whose it is, and signing out
//! deletes what is the member's alone.

use super::{Store, Visits, entries, outbox_key, refused, visit_of, visits};
use crate::db::{Fault, META, OUTBOX, REFUSED, Tx, VISITS};
use crate::json::Value;
use crate::wire::{FromJson, ToJson};
use uuid::Uuid;

/// Visits made before anybody had signed in.
const ASIDE: &str = "aside";

async fn aside(tx: &Tx) -> Result<Visits, Fault> {
    Ok(Visits::from_json(&tx.get(META, ASIDE).await?).unwrap_or_default())
}

impl Store {
    /// Sets the visits of whoever was here before signing in apart, so that nothing of theirs counts as the member's unasked.
    pub async fn set_aside(&self) -> Result<(), Fault> {
        let tx = self.db.write()?;
        let mut aside = aside(&tx).await?;
        for (key, visit) in visits(&tx).await? {
            match aside.iter_mut().find(|(known, _)| *known == key) {
                Some((_, known)) => known.join(&visit),
                None => aside.push((key, visit)),
            }
        }
        tx.put(META, ASIDE, &aside.to_json())?;
        tx.clear(VISITS)?;
        tx.over().await
    }

    /// The visits that were set aside.
    pub async fn aside(&self) -> Result<Visits, Fault> {
        aside(&self.db.read()?).await
    }

    /// Gives what was done before signing in to `person`: its events, and what was seen and heard.
    pub async fn claim(&self, person: Uuid) -> Result<(), Fault> {
        let tx = self.db.write()?;
        for mut entry in entries(&tx).await? {
            if entry.owner.is_none() {
                entry.owner = Some(person);
                tx.put(OUTBOX, &outbox_key(entry.event.sequence), &entry.to_json())?;
            }
        }
        for (key, before) in aside(&tx).await? {
            let mut visit = visit_of(&tx, &key).await?;
            visit.join(&before);
            tx.put(VISITS, &key, &visit.to_json())?;
        }
        tx.delete(META, ASIDE)?;
        tx.over().await
    }

    /// Deletes what was done before signing in; what the member has done since stays.
    pub async fn disown(&self) -> Result<(), Fault> {
        let tx = self.db.write()?;
        for entry in entries(&tx).await? {
            if entry.owner.is_none() {
                tx.delete(OUTBOX, &outbox_key(entry.event.sequence))?;
            }
        }
        tx.delete(META, ASIDE)?;
        tx.over().await
    }

    /// Forgets the visits of a member who was signed in before; what waits of theirs stays.
    pub async fn forget_visits(&self) -> Result<(), Fault> {
        let tx = self.db.write()?;
        tx.clear(VISITS)?;
        tx.delete(META, "progress")?;
        tx.over().await
    }

    /// Deletes all that is `person`'s and what is nobody's; what waits of another member stays.
    ///
    /// `left` notes that the service has not been told yet that the session is over.
    pub async fn wipe(&self, person: Option<Uuid>, left: bool) -> Result<(), Fault> {
        let tx = self.db.write()?;
        let device = tx.get(META, "device").await?;
        tx.clear(META)?;
        tx.clear(VISITS)?;
        let is_theirs = |owner: Option<Uuid>| owner.is_some() && owner != person;
        let mut others = false;
        for entry in entries(&tx).await? {
            if is_theirs(entry.owner) {
                others = true;
            } else {
                tx.delete(OUTBOX, &outbox_key(entry.event.sequence))?;
            }
        }
        for one in refused(&tx).await? {
            if !is_theirs(one.owner) {
                tx.delete(REFUSED, &one.event.id.to_string())?;
            }
        }
        // A device that counted from 1 again would write over what another member has waiting under the same numbers.
        if others {
            tx.put(META, "device", &device)?;
        }
        tx.put(META, "left", &Value::Flag(left))?;
        tx.over().await
    }
}
