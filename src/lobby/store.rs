//! What this device keeps: visits, the outbox, and who is signed in. Every change is one transaction.

use crate::db::{Db, Fault, META, OUTBOX, REFUSED, VISITS};
use crate::page;
use crate::queue::{Entry, Fate, Refused};
use crate::visit::{Seen, StationVisit};
use protocol::event::{Event, EventKind};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// This installation.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Device {
    id: Uuid,
    /// The last one given out.
    sequence: u64,
}

/// The last receipt.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct LastReceipt {
    /// When it came, milliseconds since 1970 UTC.
    pub at_ms: f64,
    /// Events received from this device in all.
    pub total: u64,
}

/// What this device keeps.
#[derive(Clone, Debug)]
pub struct Store {
    db: Db,
}

fn visit_key(site: &str, station: &str) -> String {
    format!("{site}/{station}")
}

/// Keys sort as text, so that the order of keys is the order of events.
fn outbox_key(sequence: u64) -> String {
    format!("{sequence:012}")
}

impl Store {
    /// Opens it.
    ///
    /// # Errors
    /// When the browser refuses storage.
    pub async fn open() -> Result<Self, Fault> {
        Ok(Self { db: Db::open().await? })
    }

    /// A small thing by name.
    ///
    /// # Errors
    /// When the browser's storage fails; so with all that follow.
    pub async fn meta<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>, Fault> {
        self.db.read()?.get(META, name).await
    }

    /// Keeps a small thing by name.
    pub async fn set_meta<T: Serialize>(&self, name: &str, value: &T) -> Result<(), Fault> {
        let tx = self.db.write()?;
        tx.put(META, name, value)?;
        tx.over().await
    }

    /// The visit to one station.
    pub async fn visit(&self, site: &str, station: &str) -> Result<StationVisit, Fault> {
        Ok(self.db.read()?.get(VISITS, &visit_key(site, station)).await?.unwrap_or_default())
    }

    /// Adds what was seen and heard; gives the visit as it then stands, other tabs' share included.
    pub async fn add(&self, site: &str, station: &str, seen: &Seen) -> Result<StationVisit, Fault> {
        self.change(site, station, |visit| visit.take_in(seen)).await
    }

    /// Changes one visit.
    pub async fn change(
        &self,
        site: &str,
        station: &str,
        change: impl FnOnce(&mut StationVisit),
    ) -> Result<StationVisit, Fault> {
        let tx = self.db.write()?;
        let key = visit_key(site, station);
        let mut visit: StationVisit = tx.get(VISITS, &key).await?.unwrap_or_default();
        change(&mut visit);
        tx.put(VISITS, &key, &visit)?;
        tx.over().await?;
        Ok(visit)
    }

    /// Changes a visit and puts the event that tells of it into the outbox, both or neither.
    ///
    /// `make` hears the new event's id and may refuse by giving nothing: two tabs that complete a station at once make one event.
    pub async fn record(
        &self,
        site: &str,
        station: &str,
        owner: Option<Uuid>,
        make: impl FnOnce(&mut StationVisit, Uuid) -> Option<EventKind>,
    ) -> Result<Option<Event>, Fault> {
        let tx = self.db.write()?;
        let key = visit_key(site, station);
        let mut visit: StationVisit = tx.get(VISITS, &key).await?.unwrap_or_default();
        let known: Option<Device> = tx.get(META, "device").await?;
        let mut device = known.unwrap_or_else(|| Device { id: page::fresh_id(), sequence: 0 });
        let id = page::fresh_id();
        let Some(kind) = make(&mut visit, id) else {
            tx.over().await?;
            return Ok(None);
        };
        device.sequence += 1;
        let event = Event {
            id,
            captured_at_ms: page::now_ms() as i64,
            offset_ms: page::since_open_ms() as i64,
            device: device.id,
            sequence: device.sequence,
            kind,
        };
        tx.put(VISITS, &key, &visit)?;
        tx.put(META, "device", &device)?;
        tx.put(OUTBOX, &outbox_key(event.sequence), &Entry { owner, event: event.clone() })?;
        tx.over().await?;
        Ok(Some(event))
    }

    /// What waits, in the order in which it was made.
    pub async fn entries(&self) -> Result<Vec<Entry>, Fault> {
        self.db.read()?.values(OUTBOX).await
    }

    /// What was not taken.
    pub async fn refused(&self) -> Result<Vec<Refused>, Fault> {
        self.db.read()?.values(REFUSED).await
    }

    /// Applies what became of events that were sent.
    pub async fn settle(&self, sent: &[Event], fates: &[Fate]) -> Result<(), Fault> {
        let tx = self.db.write()?;
        let mut last: LastReceipt = tx.get(META, "receipt").await?.unwrap_or_default();
        for fate in fates {
            let id = match fate {
                Fate::Kept { id, .. } => *id,
                Fate::Refused(refused) => refused.event.id,
            };
            let Some(event) = sent.iter().find(|event| event.id == id) else { continue };
            tx.delete(OUTBOX, &outbox_key(event.sequence))?;
            let (EventKind::Answered { site, station, .. } | EventKind::Completed { site, station, .. }) = &event.kind;
            let key = visit_key(site.as_str(), station.as_str());
            let mut visit: StationVisit = tx.get(VISITS, &key).await?.unwrap_or_default();
            match fate {
                Fate::Kept { grade, .. } => {
                    last = LastReceipt { at_ms: page::now_ms(), total: last.total + 1 };
                    if grade.as_ref().is_some_and(|grade| visit.grade(id, grade)) {
                        tx.put(VISITS, &key, &visit)?;
                    }
                }
                Fate::Refused(refused) => {
                    visit.take_back(id);
                    tx.put(VISITS, &key, &visit)?;
                    tx.put(REFUSED, &id.to_string(), refused)?;
                }
            }
        }
        tx.put(META, "receipt", &last)?;
        tx.over().await
    }

    /// Gives what was made before signing in to `person`.
    pub async fn claim(&self, person: Uuid) -> Result<(), Fault> {
        let tx = self.db.write()?;
        for mut entry in tx.values::<Entry>(OUTBOX).await? {
            if entry.owner.is_none() {
                entry.owner = Some(person);
                tx.put(OUTBOX, &outbox_key(entry.event.sequence), &entry)?;
            }
        }
        tx.over().await
    }

    /// Deletes what was made before signing in, and the visits with it.
    pub async fn disown(&self) -> Result<(), Fault> {
        let tx = self.db.write()?;
        for entry in tx.values::<Entry>(OUTBOX).await? {
            if entry.owner.is_none() {
                tx.delete(OUTBOX, &outbox_key(entry.event.sequence))?;
            }
        }
        tx.clear(VISITS)?;
        tx.over().await
    }

    /// Forgets the visits of a member who was signed in before; what waits of theirs stays.
    pub async fn forget_visits(&self) -> Result<(), Fault> {
        let tx = self.db.write()?;
        tx.clear(VISITS)?;
        tx.delete(META, "progress")?;
        tx.over().await
    }

    /// Opens stations for another completion, after their walk has been returned.
    pub async fn reopen(&self, site: &str, stations: &[&str]) -> Result<(), Fault> {
        let tx = self.db.write()?;
        for station in stations {
            let key = visit_key(site, station);
            if let Some(mut visit) = tx.get::<StationVisit>(VISITS, &key).await?
                && !visit.done.is_empty()
            {
                visit.done.clear();
                tx.put(VISITS, &key, &visit)?;
            }
        }
        tx.over().await
    }

    /// All visits, with the names of site and station.
    pub async fn visits(&self) -> Result<Vec<(String, StationVisit)>, Fault> {
        let tx = self.db.read()?;
        let keys = tx.keys(VISITS).await?;
        let mut visits = Vec::new();
        for key in keys {
            if let Some(visit) = tx.get(VISITS, &key).await? {
                visits.push((key, visit));
            }
        }
        Ok(visits)
    }

    /// Deletes everything.
    pub async fn wipe(&self) -> Result<(), Fault> {
        let tx = self.db.write()?;
        for store in [META, VISITS, OUTBOX, REFUSED] {
            tx.clear(store)?;
        }
        tx.over().await
    }
}

/// Settings of the scene that last.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    /// Loudness of the voice, 0–1.
    pub voice: f32,
    /// Loudness of river, wind and chains, 0–1.
    pub ambience: f32,
    /// Reduced motion; `None` follows the system.
    pub reduced_motion: Option<bool>,
    /// Quality tier; `None` measures.
    pub tier: Option<protocol::bridge::Tier>,
}

impl Default for Settings {
    fn default() -> Self {
        Self { voice: 1.0, ambience: 0.6, reduced_motion: None, tier: None }
    }
}
