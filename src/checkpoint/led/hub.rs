//! Who listens at this service, and the newest that is known of each visit here.

use super::follow::Seat;
use crate::house::House;
use crate::store::LedVisit;
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::{oneshot, watch};
use tokio::time::{MissedTickBehavior, interval};
use uuid::Uuid;

/// How often another service's changes are looked for, while somebody listens.
const LOOK: Duration = Duration::from_millis(500);
/// After so many looks the store is told who still follows: every ten seconds.
const STAY: u32 = 20;

/// Everybody who listens at this service.
pub struct Hub {
    rooms: Mutex<BTreeMap<Uuid, Room>>,
    closing: watch::Sender<bool>,
}

/// Everybody who listens to one visit.
struct Room {
    /// The newest that is known of it.
    visit: watch::Sender<LedVisit>,
    /// Rises when somebody comes, goes or confirms.
    stirred: watch::Sender<u64>,
    /// Connection of each follower, and what ends it once it is dropped.
    followers: BTreeMap<Uuid, (Uuid, oneshot::Sender<()>)>,
    /// Everyone who listens, those who lead among them.
    listening: usize,
}

impl Default for Hub {
    fn default() -> Self {
        Self { rooms: Mutex::default(), closing: watch::Sender::new(false) }
    }
}

impl Hub {
    /// Seats somebody who listens: a follower by their id and connection, or whoever leads. A follower's earlier connection
    /// ends.
    pub fn enter(&self, visit: LedVisit, follower: Option<(Uuid, Uuid)>) -> Seat {
        let id = visit.id;
        let mut rooms = self.rooms();
        let room = rooms.entry(id).or_insert_with(|| Room {
            visit: watch::Sender::new(visit.clone()),
            stirred: watch::Sender::new(0),
            followers: BTreeMap::new(),
            listening: 0,
        });
        renew(room, visit);
        room.listening += 1;
        let (end, ended) = oneshot::channel();
        let mut kept_open = None;
        match follower {
            Some((follower, stream)) => {
                room.followers.insert(follower, (stream, end));
            }
            None => kept_open = Some(end),
        }
        Seat {
            visit: id,
            follower,
            state: room.visit.subscribe(),
            stirred: room.stirred.subscribe(),
            closing: self.closing.subscribe(),
            ended,
            _kept_open: kept_open,
        }
    }

    /// Somebody has gone.
    pub fn leave(&self, visit: Uuid, follower: Option<(Uuid, Uuid)>) {
        let mut rooms = self.rooms();
        let Some(room) = rooms.get_mut(&visit) else { return };
        room.listening = room.listening.saturating_sub(1);
        if let Some((follower, stream)) = follower
            && room.followers.get(&follower).is_some_and(|(kept, _)| *kept == stream)
        {
            room.followers.remove(&follower);
        }
        if room.listening == 0 {
            rooms.remove(&visit);
        }
    }

    /// Tells everybody here of a change, unless they know a later one.
    pub fn publish(&self, visit: LedVisit) {
        if let Some(room) = self.rooms().get(&visit.id) {
            renew(room, visit);
        }
    }

    /// A visit that is there no more, as when whoever led it was erased, is over.
    fn forget(&self, visit: Uuid) {
        if let Some(room) = self.rooms().get(&visit) {
            room.visit.send_modify(|visit| visit.ends_ms = i64::MIN);
        }
    }

    /// Whoever leads is to look again at who follows.
    pub fn stir(&self, visit: Uuid) {
        if let Some(room) = self.rooms().get(&visit) {
            room.stirred.send_modify(|count| *count += 1);
        }
    }

    /// Ends every connection: those who follow come back to whichever service is there next.
    pub fn close(&self) {
        self.closing.send_replace(true);
    }

    /// How many follow here.
    pub fn followers(&self) -> usize {
        self.rooms().values().map(|room| room.followers.len()).sum()
    }

    fn streams(&self) -> Vec<(Uuid, Uuid)> {
        let rooms = self.rooms();
        rooms.iter().flat_map(|(visit, room)| room.followers.values().map(|(stream, _)| (*visit, *stream))).collect()
    }

    fn rooms(&self) -> MutexGuard<'_, BTreeMap<Uuid, Room>> {
        self.rooms.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn renew(room: &Room, visit: LedVisit) {
    room.visit.send_if_modified(|known| {
        let is_news = visit.revision > known.revision;
        if is_news {
            *known = visit;
        }
        is_news
    });
}

/// Looks for what other services have changed, for visits whose time is over, and says who is still here; for as long as
/// the service runs.
pub async fn keep(house: &House) {
    let mut looks = interval(LOOK);
    looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let (mut count, mut is_away) = (0_u32, false);
    loop {
        looks.tick().await;
        let ids: Vec<Uuid> = house.led.rooms().keys().copied().collect();
        if ids.is_empty() {
            continue;
        }
        count = count.wrapping_add(1);
        let streams = if count.is_multiple_of(STAY) { house.led.streams() } else { Vec::new() };
        let looked = async {
            let found = house.store.led_visits(ids.clone()).await?;
            if !streams.is_empty() {
                house.store.stay_led(streams, house.now_ms()).await?;
            }
            Ok::<_, crate::store::StoreError>(found)
        };
        match looked.await {
            Ok(found) => {
                is_away = false;
                let is_gone = |id: &Uuid| found.iter().all(|visit| visit.id != *id);
                for id in ids.into_iter().filter(is_gone) {
                    house.led.forget(id);
                }
                for visit in found {
                    house.led.publish(visit);
                }
            }
            // Said once, until it is well again: it is tried twice a second.
            Err(error) if !is_away => {
                is_away = true;
                tracing::warn!(%error, "led visits cannot be looked after");
            }
            Err(_) => {}
        }
        let now_ms = house.now_ms();
        for room in house.led.rooms().values() {
            // Those whose time is over are told so, though nobody has changed them.
            room.visit.send_if_modified(|visit| now_ms >= visit.ends_ms);
        }
    }
}
