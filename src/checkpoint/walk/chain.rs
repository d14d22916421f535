//! Whether what a device has recorded fits together: each of its events names the digest of the one before.
//!
//! An event whose predecessor is not in this log says nothing: one device may serve several learners, and what was refused or
//! is still on its way is not here.

use crate::secrets::{digest, hex};
use crate::store::Entry;
use heritage::Proof;
use heritage::credit::Flag;
use protocol::event::{Event, EventKind};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// A flag where events of one device contradict one another: by another digest than the one named, or by a number given twice.
pub(super) fn broken(log: &[&Entry]) -> Option<Flag> {
    let mut made: BTreeMap<(Uuid, u64), BTreeSet<String>> = BTreeMap::new();
    let events: Vec<(Event, String)> = log.iter().filter_map(|entry| read(&entry.said.body)).collect();
    for (event, own) in &events {
        made.entry((event.device, event.sequence)).or_default().insert(own.clone());
    }
    let forked = made.values().map(|made| made.len() - 1).sum::<usize>();
    let follows = |event: &Event| {
        let (Some(named), Some(number)) = (&event.previous, event.sequence.checked_sub(1)) else { return true };
        made.get(&(event.device, number)).is_none_or(|before| before.contains(named))
    };
    let events = events.iter().filter(|(event, _)| !follows(event)).count() + forked;
    (events > 0).then_some(Flag::ChainBroken { events })
}

/// An event with the digest of it as its device had made it: what is kept was written from what was read, in the same form, but
/// for the kiosk that the service has added.
fn read(body: &str) -> Option<(Event, String)> {
    let mut event: Event = serde_json::from_str(body).ok()?;
    let mut made = None;
    if let EventKind::Completed { further, .. } = &mut event.kind
        && further.iter().any(|proof| matches!(proof, Proof::Kiosk { .. }))
    {
        further.retain(|proof| !matches!(proof, Proof::Kiosk { .. }));
        made = Some(serde_json::to_string(&event).ok()?);
    }
    let own = hex(&digest(made.as_deref().unwrap_or(body).as_bytes()));
    Some((event, own))
}
