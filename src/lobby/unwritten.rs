//! What was counted but may not be written down yet when the page goes. It is kept at once in the browser's plain
//! storage, which needs no time, and written down by whichever page of ours opens next.

use crate::dom;
use crate::json::Value;
use crate::visit::Seen;
use crate::wire::{FromJson, ToJson};
use uuid::Uuid;
use web_sys::Storage;

const PREFIX: &str = "retrace.unwritten.";

/// What was seen and heard at one station since the last batch. Its id makes writing it twice the same as writing it once.
#[derive(Clone, Debug, PartialEq)]
pub struct Batch {
    /// Random, rising with time.
    pub id: Uuid,
    /// Name of the site.
    pub site: String,
    /// Name of the station.
    pub station: String,
    /// What was counted.
    pub seen: Seen,
}

fn storage() -> Option<Storage> {
    dom::window().local_storage().ok().flatten()
}

fn key(id: Uuid) -> String {
    format!("{PREFIX}{id}")
}

/// Keeps a batch; where the browser refuses plain storage, a page that goes at once loses the last two seconds.
pub fn keep(batch: &Batch) {
    if let Some(storage) = storage() {
        storage.set_item(&key(batch.id), &batch.to_json().to_line()).ok();
    }
}

/// Forgets a batch: it has been written down, or goes back to what is being counted.
pub fn forget(id: Uuid) {
    if let Some(storage) = storage() {
        storage.remove_item(&key(id)).ok();
    }
}

/// All that earlier pages left, in the order in which it was counted. What cannot be read is dropped.
pub fn all() -> Vec<Batch> {
    let Some(storage) = storage() else { return Vec::new() };
    let count = storage.length().unwrap_or(0);
    let mut keys: Vec<String> = (0..count).filter_map(|index| storage.key(index).ok().flatten()).collect();
    keys.retain(|key| key.starts_with(PREFIX));
    keys.sort();
    let read = |key: &String| {
        let batch = storage.get_item(key).ok().flatten().and_then(|text| Batch::from_json(&Value::parse(&text)?));
        if batch.is_none() {
            storage.remove_item(key).ok();
        }
        batch
    };
    keys.iter().filter_map(read).collect()
}
