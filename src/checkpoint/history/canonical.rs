//! The canonical bytes of an entry: what its leaf binds, and how.
//!
//! Version 1. `text`, `id` and `number` are concatenated in this order, without anything between them:
//!
//! ```text
//! "retrace-entry-1\n"                     16 bytes of ASCII
//! seq                                     number: 8 bytes, two's complement, big-endian
//! id, kind, subject, author               each: 4 bytes big-endian length, then the bytes
//! site, route, station, device            likewise; ff ff ff ff and no bytes where there is none
//! captured_at_ms, received_at_ms          number
//! body                                    length and bytes
//! ```
//!
//! Ids are their 16 bytes; kind, names and body the UTF-8 that is kept. Every length is told, so two entries that differ
//! anywhere differ here. Names of people, units and codes are not bound: they are no part of the log.

use crate::store::NewEntry;
use heritage::{RouteId, SiteId, StationId};
use uuid::Uuid;

/// The version that new entries are bound by. Older ones keep theirs, told with each leaf.
pub const VERSION: i64 = 1;

const LABEL: &[u8] = b"retrace-entry-1\n";
const ABSENT: [u8; 4] = [0xff; 4];

/// Everything of an entry that its leaf binds, as it is kept, readable or not.
#[derive(Clone, Copy, Debug)]
pub struct Bound<'a> {
    /// Place in the log.
    pub seq: i64,
    /// Its own id, 16 bytes.
    pub id: &'a [u8],
    /// The word for its kind.
    pub kind: &'a [u8],
    /// Whose record, 16 bytes.
    pub subject: &'a [u8],
    /// Who made it, 16 bytes.
    pub author: &'a [u8],
    /// Where.
    pub site: Option<&'a [u8]>,
    /// On which route.
    pub route: Option<&'a [u8]>,
    /// At which station.
    pub station: Option<&'a [u8]>,
    /// The installation, 16 bytes.
    pub device: Option<&'a [u8]>,
    /// The maker's clock.
    pub captured_at_ms: i64,
    /// The service's clock.
    pub received_at_ms: i64,
    /// JSON as it is kept.
    pub body: &'a [u8],
}

impl<'a> Bound<'a> {
    /// An entry that has been given its place.
    pub fn of(seq: i64, entry: &'a NewEntry) -> Self {
        Self {
            seq,
            id: entry.id.as_bytes(),
            kind: entry.kind.code().as_bytes(),
            subject: entry.subject.as_bytes(),
            author: entry.author.as_bytes(),
            site: entry.site.as_ref().map(SiteId::as_str).map(str::as_bytes),
            route: entry.route.as_ref().map(RouteId::as_str).map(str::as_bytes),
            station: entry.station.as_ref().map(StationId::as_str).map(str::as_bytes),
            device: entry.device.as_ref().map(Uuid::as_bytes).map(<[u8; 16]>::as_slice),
            captured_at_ms: entry.captured_at_ms,
            received_at_ms: entry.received_at_ms,
            body: entry.body.as_bytes(),
        }
    }

    /// The canonical bytes, version 1.
    pub fn bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.body.len() + 256);
        bytes.extend_from_slice(LABEL);
        bytes.extend_from_slice(&self.seq.to_be_bytes());
        for part in [self.id, self.kind, self.subject, self.author] {
            put(&mut bytes, Some(part));
        }
        for part in [self.site, self.route, self.station, self.device] {
            put(&mut bytes, part);
        }
        bytes.extend_from_slice(&self.captured_at_ms.to_be_bytes());
        bytes.extend_from_slice(&self.received_at_ms.to_be_bytes());
        put(&mut bytes, Some(self.body));
        bytes
    }
}

/// A part is far shorter than 4 GiB: the store refuses text and blobs beyond one.
fn put(bytes: &mut Vec<u8>, part: Option<&[u8]>) {
    match part {
        None => bytes.extend_from_slice(&ABSENT),
        Some(part) => {
            bytes.extend_from_slice(&(part.len() as u32).to_be_bytes());
            bytes.extend_from_slice(part);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    const ENTRY: Bound<'static> = Bound {
        seq: 7,
        id: &[1; 16],
        kind: b"completed",
        subject: &[2; 16],
        author: &[3; 16],
        site: Some(b"hill"),
        route: Some(b"path"),
        station: None,
        device: None,
        captured_at_ms: -1,
        received_at_ms: 2,
        body: b"{}",
    };

    #[test]
    fn the_bytes_are_those_of_the_description() {
        let mut told = b"retrace-entry-1\n\0\0\0\0\0\0\0\x07".to_vec();
        told.extend_from_slice(b"\0\0\0\x10\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01");
        told.extend_from_slice(b"\0\0\0\x09completed\0\0\0\x10");
        told.extend_from_slice(&[2; 16]);
        told.extend_from_slice(b"\0\0\0\x10");
        told.extend_from_slice(&[3; 16]);
        told.extend_from_slice(b"\0\0\0\x04hill\0\0\0\x04path\xff\xff\xff\xff\xff\xff\xff\xff");
        told.extend_from_slice(b"\xff\xff\xff\xff\xff\xff\xff\xff\0\0\0\0\0\0\0\x02\0\0\0\x02{}");
        assert_eq!(ENTRY.bytes(), told);
    }

    #[test]
    fn whatever_differs_is_told_apart() {
        let others = [
            ENTRY,
            Bound { seq: 8, ..ENTRY },
            Bound { id: &[9; 16], ..ENTRY },
            Bound { kind: b"answered", ..ENTRY },
            Bound { subject: &[9; 16], ..ENTRY },
            Bound { author: &[9; 16], ..ENTRY },
            Bound { site: None, ..ENTRY },
            Bound { site: Some(b""), ..ENTRY },
            Bound { site: Some(b"hillpath"), route: Some(b""), ..ENTRY },
            Bound { route: None, station: Some(b"path"), ..ENTRY },
            Bound { device: Some(&[9; 16]), ..ENTRY },
            Bound { captured_at_ms: 2, received_at_ms: -1, ..ENTRY },
            Bound { received_at_ms: 3, ..ENTRY },
            Bound { body: b"{} ", ..ENTRY },
        ];
        let told: BTreeSet<Vec<u8>> = others.iter().map(Bound::bytes).collect();
        assert_eq!(told.len(), others.len());
    }
}
