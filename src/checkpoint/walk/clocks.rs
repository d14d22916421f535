//! Clocks of devices: how wrong one was when it sent, kept beside what was sent where it was wrong enough to matter.

use crate::secrets::id_of;
use crate::store::{Entry, Kind, NewEntry};
use heritage::SiteId;
use heritage::credit::SKEW_SECS;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use uuid::Uuid;

/// The body of such an entry.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reading {
    /// Which devices' events came with it.
    pub devices: Vec<Uuid>,
    /// How far their clock was behind the service's, seconds; negative where it was ahead.
    pub skew_secs: f64,
}

/// Reads the clock of a device by a batch that it sent: an entry for each site of the batch where the clock is wrong by more
/// than is passed over, else nothing. The same batch again makes the same entries.
pub fn reading(batch: &[NewEntry], sent_at_ms: i64) -> Vec<NewEntry> {
    let Some(first) = batch.first() else { return Vec::new() };
    let skew_secs = first.received_at_ms.saturating_sub(sent_at_ms) as f64 / 1000.0;
    if skew_secs.abs() <= SKEW_SECS {
        return Vec::new();
    }
    let sites: BTreeSet<&SiteId> = batch.iter().filter_map(|entry| entry.site.as_ref()).collect();
    let of_site = |site: &SiteId| {
        let own = || batch.iter().filter(|entry| entry.site.as_ref() == Some(site));
        let devices: BTreeSet<Uuid> = own().filter_map(|entry| entry.device).collect();
        let ids: Vec<u8> = own().flat_map(|entry| *entry.id.as_bytes()).collect();
        let reading = Reading { devices: devices.into_iter().collect(), skew_secs };
        Some(NewEntry {
            site: Some(site.clone()),
            ..NewEntry::about(
                id_of(&[b"clock\0", &ids[..]].concat()),
                Kind::ClockRead,
                (first.subject, first.author),
                first.received_at_ms,
                serde_json::to_string(&reading).ok()?,
            )
        })
    };
    sites.into_iter().filter_map(of_site).collect()
}

/// A reading with the moment at which it was taken.
pub(super) struct Read {
    at_ms: i64,
    reading: Reading,
}

/// All readings of a log.
pub(super) fn readings(log: &[&Entry]) -> Vec<Read> {
    let of_clock = log.iter().filter(|entry| entry.said.kind == Kind::ClockRead);
    let read = |entry: &&Entry| {
        let reading = serde_json::from_str(&entry.said.body).ok()?;
        Some(Read { at_ms: entry.said.received_at_ms, reading })
    };
    of_clock.filter_map(read).collect()
}

/// How far a device's clock was behind when it sent what was received at this moment.
pub(super) fn skew_secs(readings: &[Read], device: Uuid, received_at_ms: i64) -> Option<f64> {
    let own = |read: &&Read| read.at_ms == received_at_ms && read.reading.devices.contains(&device);
    readings.iter().find(own).map(|read| read.reading.skew_secs)
}
