//! What only one person can have sent: a trace of positions, a tap on a tag. Each is kept by its digest beside the log, so
//! that it is found when somebody else sends it too, in whichever unit. Codes are shared by all who stand there and are not
//! among it.

use super::{Kind, NewEntry, StoreError};
use crate::secrets::digest;
use async_trait::async_trait;
use heritage::{Proof, SiteId, StationId};
use protocol::event::{Event, EventKind};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// SHA-256 over what was sent.
pub type ShownKey = [u8; 32];

/// What was sent by whom.
#[async_trait]
pub trait Showings {
    /// How many people outside a unit and those below it have sent each of these; what nobody there has sent is left out.
    async fn shown_beyond(&self, unit: Uuid, keys: Vec<ShownKey>) -> Result<BTreeMap<ShownKey, usize>, StoreError>;
}

/// The key of a trace, by the digits that a device sends for it.
pub fn trace_key(digits: &str) -> ShownKey {
    digest(format!("trace\0{}", digits.to_ascii_lowercase()).as_bytes())
}

/// The key of a tap, by the code over tag and counter that the tag gave: it is the same however often one tap is sent.
pub fn tap_key(site: &SiteId, station: &StationId, cmac: &str) -> ShownKey {
    digest(format!("tap\0{site}\0{station}\0{}", cmac.to_ascii_lowercase()).as_bytes())
}

/// The keys of all that an entry shows, whether it holds or not.
pub fn keys_of(entry: &NewEntry) -> BTreeSet<ShownKey> {
    if entry.kind == Kind::Completed { keys_in(&entry.body) } else { BTreeSet::new() }
}

/// Likewise for the body of a completion.
pub fn keys_in(body: &str) -> BTreeSet<ShownKey> {
    // Most completions show neither, and are not read again for it.
    let may_show = ["\"trace\"", "\"cmac\""].into_iter().any(|name| body.contains(name));
    let event = may_show.then(|| serde_json::from_str::<Event>(body).ok()).flatten();
    let Some(EventKind::Completed { site, station, proof, further, .. }) = event.map(|event| event.kind) else {
        return BTreeSet::new();
    };
    let key = |proof: &Proof| match proof {
        Proof::Fix { trace, .. } => trace.as_deref().map(trace_key),
        Proof::Tag { cmac, .. } if !cmac.is_empty() => Some(tap_key(&site, &station, cmac)),
        _ => None,
    };
    further.iter().chain([&proof]).filter_map(key).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn shown(proof: &serde_json::Value, further: &[serde_json::Value]) -> BTreeSet<ShownKey> {
        let body = json!({
            "id": Uuid::nil(), "captured_at_ms": 0, "offset_ms": 0, "device": Uuid::nil(), "sequence": 1,
            "kind": {
                "type": "completed", "site": "hill", "route": "path", "station": "gate", "way": "foot", "lang": "zh",
                "heard": [], "read_secs": 0.0, "dwell_secs": 0.0, "proof": proof, "further": further,
            },
        });
        keys_in(&body.to_string())
    }

    #[test]
    fn one_trace_and_one_tap_have_one_key_however_they_are_written() {
        let fix = |trace: &str| {
            json!({
                "method": "fix", "accuracy_m": 8.0, "dwell_secs": 45.0, "fixes": 40, "ignored": 0, "datum": "wgs84",
                "trace": trace,
            })
        };
        let tap = |picc_data: &str, cmac: &str| json!({ "method": "tag", "picc_data": picc_data, "cmac": cmac, "read_at_ms": 7 });
        let word = json!({ "method": "declared" });
        let both = shown(&tap("ab", "cd"), &[fix("0a1b"), fix("0A1B"), word.clone()]);
        assert_eq!(both, shown(&fix("0A1B"), &[tap("AA", "CD")]));
        assert_eq!(both.len(), 2);
        for other in [&fix("0a1c"), &tap("ab", "ce")] {
            assert!(shown(other, &[]).is_disjoint(&both));
        }
        let code = json!({ "method": "rotating", "code": "123456", "read_at_ms": 7 });
        for nothing in [word, code, tap("", "")] {
            assert!(shown(&nothing, &[]).is_empty(), "{nothing}");
        }
        for body in ["", "{}", "[\"trace\"]", "{\"cmac\":1}"] {
            assert!(keys_in(body).is_empty(), "{body}");
        }
        let name = |id: &str| StationId::new(id).ok();
        let (Ok(site), Some(gate), Some(well)) = (SiteId::new("hill"), name("gate"), name("well")) else { return };
        assert_ne!(tap_key(&site, &gate, "cd"), tap_key(&site, &well, "cd"), "another station has other tags");
        assert!(both.contains(&tap_key(&site, &gate, "cd")) && both.contains(&trace_key("0a1b")));
    }
}
