//! What this device keeps: visits, the outbox, and who is signed in. Every change is one transaction.

use crate::db::{Db, Fault, META, OUTBOX, REFUSED, Tx, VISITS};
use crate::json::Value;
use crate::page;
use crate::queue::{Entry, Fate, Refused, Waiting};
use crate::unwritten::{self, Batch};
use crate::visit::StationVisit;
use crate::wire::{FromJson, ToJson, field, list};
use protocol::event::{Event, EventKind};
use uuid::Uuid;

mod hands;

/// This installation.
#[derive(Clone, Debug)]
pub struct Device {
    /// Its random name.
    pub id: Uuid,
    /// The last number given out.
    pub sequence: u64,
    /// SHA-256 of the last event made, in hexadecimal digits; what an older page made has none.
    pub last: Option<String>,
}

/// The last receipt.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
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

/// Visits by `site/station`. A list, as there are few, and a map of them would weigh on the module.
pub type Visits = Vec<(String, StationVisit)>;

/// How many batches are told apart from repetitions. One can only be repeated by the page that follows it.
const BATCHES_REMEMBERED: usize = 64;

fn visit_key(site: &str, station: &str) -> String {
    format!("{site}/{station}")
}

/// Keys sort as text, so that the order of keys is the order of events.
fn outbox_key(sequence: u64) -> String {
    format!("{sequence:012}")
}

async fn visit_of(tx: &Tx, key: &str) -> Result<StationVisit, Fault> {
    Ok(StationVisit::from_json(&tx.get(VISITS, key).await?).unwrap_or_default())
}

async fn visits(tx: &Tx) -> Result<Visits, Fault> {
    let mut visits = Visits::new();
    for key in tx.keys(VISITS).await? {
        let visit = visit_of(tx, &key).await?;
        visits.push((key, visit));
    }
    Ok(visits)
}

async fn refused(tx: &Tx) -> Result<Vec<Refused>, Fault> {
    Ok(tx.values(REFUSED).await?.iter().filter_map(Refused::from_json).collect())
}

async fn entries(tx: &Tx) -> Result<Vec<Entry>, Fault> {
    Ok(tx.values(OUTBOX).await?.iter().filter_map(Entry::from_json).collect())
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
    pub async fn meta(&self, name: &str) -> Result<Value, Fault> {
        self.db.read()?.get(META, name).await
    }

    /// Keeps a small thing by name.
    pub async fn set_meta(&self, name: &str, value: Value) -> Result<(), Fault> {
        let tx = self.db.write()?;
        tx.put(META, name, &value)?;
        tx.over().await
    }

    /// The visit to one station.
    pub async fn visit(&self, site: &str, station: &str) -> Result<StationVisit, Fault> {
        visit_of(&self.db.read()?, &visit_key(site, station)).await
    }

    /// Adds what was seen and heard, once however often it is called; gives the visit as it then stands, other tabs' share included.
    pub async fn add(&self, batch: &Batch) -> Result<StationVisit, Fault> {
        let tx = self.db.write()?;
        let key = visit_key(&batch.site, &batch.station);
        let mut visit = visit_of(&tx, &key).await?;
        let mut taken: Vec<Uuid> = Vec::from_json(&tx.get(META, "taken").await?).unwrap_or_default();
        if !taken.contains(&batch.id) {
            visit.take_in(&batch.seen);
            taken.push(batch.id);
            let old = taken.len().saturating_sub(BATCHES_REMEMBERED);
            tx.put(VISITS, &key, &visit.to_json())?;
            tx.put(META, "taken", &list(&taken[old..]))?;
        }
        tx.over().await?;
        unwritten::forget(batch.id);
        Ok(visit)
    }

    /// Writes down what earlier pages had to leave unwritten.
    pub async fn recover(&self) -> Result<(), Fault> {
        for batch in unwritten::all() {
            self.add(&batch).await?;
        }
        Ok(())
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
        let mut visit = visit_of(&tx, &key).await?;
        change(&mut visit);
        tx.put(VISITS, &key, &visit.to_json())?;
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
    ) -> Result<Option<Waiting>, Fault> {
        let tx = self.db.write()?;
        let key = visit_key(site, station);
        let mut visit = visit_of(&tx, &key).await?;
        let known = Device::from_json(&tx.get(META, "device").await?);
        let mut device = known.unwrap_or_else(|| Device { id: page::fresh_id(), sequence: 0, last: None });
        let id = page::fresh_id();
        let Some(kind) = make(&mut visit, id) else {
            tx.over().await?;
            return Ok(None);
        };
        device.sequence += 1;
        let event = Waiting::of(&Event {
            id,
            captured_at_ms: page::now_ms() as i64,
            offset_ms: page::since_open_ms() as i64,
            device: device.id,
            sequence: device.sequence,
            previous: device.last.take(),
            kind,
        });
        device.last = Some(event.digest());
        tx.put(VISITS, &key, &visit.to_json())?;
        tx.put(META, "device", &device.to_json())?;
        let entry = Entry { owner, event };
        tx.put(OUTBOX, &outbox_key(entry.event.sequence), &entry.to_json())?;
        tx.over().await?;
        Ok(Some(entry.event))
    }

    /// What waits, in the order in which it was made.
    pub async fn entries(&self) -> Result<Vec<Entry>, Fault> {
        entries(&self.db.read()?).await
    }

    /// What was not taken.
    pub async fn refused(&self) -> Result<Vec<Refused>, Fault> {
        refused(&self.db.read()?).await
    }

    /// Forgets one event that was not taken, when its owner has noted it.
    pub async fn forget_refused(&self, id: Uuid) -> Result<(), Fault> {
        let tx = self.db.write()?;
        tx.delete(REFUSED, &id.to_string())?;
        tx.over().await
    }

    /// Applies what became of events that were sent.
    pub async fn settle(&self, fates: &[Fate]) -> Result<(), Fault> {
        let tx = self.db.write()?;
        let mut last = LastReceipt::from_json(&tx.get(META, "receipt").await?).unwrap_or_default();
        let waiting = entries(&tx).await?;
        for fate in fates {
            let Some(Entry { owner, event }) = waiting.iter().find(|entry| entry.event.id == fate.id()) else {
                continue;
            };
            tx.delete(OUTBOX, &outbox_key(event.sequence))?;
            let key = visit_key(&event.site, &event.station);
            let mut visit = visit_of(&tx, &key).await?;
            match fate {
                Fate::Kept { id, grade } => {
                    last = LastReceipt { at_ms: page::now_ms(), total: last.total + 1 };
                    if grade.as_ref().is_some_and(|grade| visit.grade(*id, grade)) {
                        tx.put(VISITS, &key, &visit.to_json())?;
                    }
                }
                Fate::Refused { id, code, reason } => {
                    visit.take_back(*id, field(event.json.get("kind"), "proof"));
                    tx.put(VISITS, &key, &visit.to_json())?;
                    let (event, code, reason) = (event.clone(), code.clone(), reason.clone());
                    let refused = Refused { owner: *owner, event, code, reason };
                    tx.put(REFUSED, &id.to_string(), &refused.to_json())?;
                }
            }
        }
        tx.put(META, "receipt", &last.to_json())?;
        tx.over().await
    }

    /// Opens stations for another completion, after their walk has been returned; tells whether any had been closed.
    pub async fn reopen(&self, site: &str, stations: &[&str]) -> Result<bool, Fault> {
        let tx = self.db.write()?;
        let mut reopened = false;
        for station in stations {
            let key = visit_key(site, station);
            let mut visit = visit_of(&tx, &key).await?;
            if !visit.done.is_empty() {
                visit.done.clear();
                tx.put(VISITS, &key, &visit.to_json())?;
                reopened = true;
            }
        }
        tx.over().await?;
        Ok(reopened)
    }

    /// All visits.
    pub async fn visits(&self) -> Result<Visits, Fault> {
        visits(&self.db.read()?).await
    }

    /// All that is kept, as it is kept: visits by name, what waits, and what was not taken.
    pub async fn everything(&self) -> Result<[(&'static str, Value); 3], Fault> {
        let tx = self.db.read()?;
        let mut visits = Vec::new();
        for key in tx.keys(VISITS).await? {
            let visit = tx.get(VISITS, &key).await?;
            visits.push((key, visit));
        }
        let (waiting, refused) = (tx.values(OUTBOX).await?, tx.values(REFUSED).await?);
        Ok([("visits", Value::Map(visits)), ("waiting", Value::List(waiting)), ("refused", Value::List(refused))])
    }
}

/// Settings of the scene that last.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    /// Loudness of the voice, 0–1.
    pub voice: f32,
    /// Loudness of river, wind and chains, 0–1.
    pub ambience: f32,
    /// Reduced motion; `None` follows the system.
    pub reduced_motion: Option<bool>,
    /// Quality tier; `None` measures.
    pub tier: Option<protocol::bridge::Tier>,
    /// The way of moving last chosen; `None` leaves it to the scene.
    pub mode: Option<protocol::bridge::Mode>,
    /// The state of the place last chosen; `None` leaves it to the scene.
    pub era: Option<heritage::scene::Era>,
}

impl Default for Settings {
    fn default() -> Self {
        Self { voice: 1.0, ambience: 0.6, reduced_motion: None, tier: None, mode: None, era: None }
    }
}
