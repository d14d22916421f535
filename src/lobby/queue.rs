//! The outbox's rules: what is sent, and what becomes of it by the service's reply. Pure.

use crate::json::{Value, map, whole};
use crate::wire::{self, FromJson};
use heritage::Bilingual;
use protocol::api::Receipts;
use protocol::event::{Event, EventKind, Grade, Outcome};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// The most events in one request.
pub const LARGEST_BATCH: usize = 100;

/// What an event tells of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// A station completed.
    Completed,
    /// A question answered.
    Answered,
}

/// An event as it waits here: what pages show of it, and its JSON as it was made, which never changes.
#[derive(Clone, Debug, PartialEq)]
pub struct Waiting {
    /// The event's id.
    pub id: Uuid,
    /// Counts this device's events.
    pub sequence: u64,
    /// The device's clock when it happened, milliseconds since 1970 UTC.
    pub captured_at_ms: i64,
    /// What it tells of.
    pub what: What,
    /// Name of the site.
    pub site: String,
    /// Name of the station.
    pub station: String,
    /// All of it, as it is sent.
    pub json: Value,
}

impl Waiting {
    /// An event that has just been made.
    pub fn of(event: &Event) -> Self {
        let (what, site, station) = match &event.kind {
            EventKind::Completed { site, station, .. } => (What::Completed, site, station),
            EventKind::Answered { site, station, .. } => (What::Answered, site, station),
        };
        Self {
            id: event.id,
            sequence: event.sequence,
            captured_at_ms: event.captured_at_ms,
            what,
            site: site.as_str().to_owned(),
            station: station.as_str().to_owned(),
            json: wire::event(event),
        }
    }

    /// SHA-256 of its JSON as it is sent, in hexadecimal digits: the device's next event names it.
    pub fn digest(&self) -> String {
        let digits = |byte: u8| [byte >> 4, byte & 15].map(|digit| char::from(b"0123456789abcdef"[usize::from(digit)]));
        Sha256::digest(self.json.to_line()).into_iter().flat_map(digits).collect()
    }
}

/// The body that sends them, with the device's clock at that moment, milliseconds since 1970 UTC.
pub fn body(events: &[Waiting], now_ms: i64) -> String {
    let events = events.iter().map(|event| event.json.clone()).collect();
    map(vec![("events", Value::List(events)), ("sent_at_ms", whole(now_ms))]).to_line()
}

/// One event that waits for its receipt.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Whose record it is; `None` when it was made before signing in.
    pub owner: Option<Uuid>,
    /// Never changed once it is here.
    pub event: Waiting,
}

/// One event that the service would not take.
#[derive(Clone, Debug, PartialEq)]
pub struct Refused {
    /// Whose record it is.
    pub owner: Option<Uuid>,
    /// As it was sent.
    pub event: Waiting,
    /// Machine word.
    pub code: String,
    /// In words.
    pub reason: Bilingual,
}

/// What becomes of one event that was sent.
#[derive(Clone, Debug, PartialEq)]
pub enum Fate {
    /// It is on the service's disk; the device may forget it.
    Kept {
        /// Which.
        id: Uuid,
        /// The grade, where it was an answer.
        grade: Option<Grade>,
    },
    /// It is moved to the list of what was refused.
    Refused {
        /// Which.
        id: Uuid,
        /// Machine word.
        code: String,
        /// In words.
        reason: Bilingual,
    },
}

impl Fate {
    /// Whose fate it is.
    pub const fn id(&self) -> Uuid {
        match self {
            Self::Kept { id, .. } | Self::Refused { id, .. } => *id,
        }
    }
}

/// What the sender does next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// Send what is left.
    More,
    /// Send fewer at a time, to find the one that cannot be read.
    Fewer,
    /// Keep everything and ask to sign in.
    SignIn,
    /// Keep everything and try again later.
    Later,
}

/// The events of `person` to be sent next, in the order in which they were made.
pub fn batch(entries: &[Entry], person: Uuid, limit: usize) -> Vec<Waiting> {
    let own = entries.iter().filter(|entry| entry.owner == Some(person));
    own.take(limit.min(LARGEST_BATCH)).map(|entry| entry.event.clone()).collect()
}

/// What becomes of `sent`, by the reply to it; `None` for a reply that never came.
pub fn judge(sent: &[Waiting], reply: Option<(u16, &str)>) -> (Vec<Fate>, Next) {
    let Some((status, body)) = reply else { return (Vec::new(), Next::Later) };
    match status {
        200..=299 => match Value::parse(body).and_then(|body| Receipts::from_json(&body)) {
            Some(receipts) => by_receipts(sent, &receipts),
            None => (Vec::new(), Next::Later),
        },
        401 | 403 => (Vec::new(), Next::SignIn),
        400 | 413 | 422 if sent.len() > 1 => (Vec::new(), Next::Fewer),
        400 | 413 | 422 => (sent.iter().map(unreadable).collect(), Next::More),
        _ => (Vec::new(), Next::Later),
    }
}

fn by_receipts(sent: &[Waiting], receipts: &Receipts) -> (Vec<Fate>, Next) {
    let mut fates = Vec::new();
    for (event, receipt) in sent.iter().zip(&receipts.receipts) {
        // A receipt that names another event says nothing of this one.
        if receipt.id.is_some_and(|id| id != event.id) {
            continue;
        }
        fates.push(fate(event, &receipt.outcome));
    }
    // A reply that settles nothing would be asked for again at once, without end.
    let next = if fates.is_empty() { Next::Later } else { Next::More };
    (fates, next)
}

/// What becomes of one event by what the service says of it.
pub fn fate(event: &Waiting, outcome: &Outcome) -> Fate {
    match outcome {
        Outcome::Stored { grade, .. } | Outcome::Duplicate { grade, .. } => {
            Fate::Kept { id: event.id, grade: grade.clone() }
        }
        Outcome::Conflict { reason } => {
            Fate::Refused { id: event.id, code: "conflict".to_owned(), reason: reason.clone() }
        }
        Outcome::Rejected { code, reason } => {
            Fate::Refused { id: event.id, code: code.clone(), reason: reason.clone() }
        }
    }
}

fn unreadable(event: &Waiting) -> Fate {
    let reason = Bilingual::new("服务端无法读取这条记录。", "The service could not read this record.");
    Fate::Refused { id: event.id, code: "malformed".to_owned(), reason }
}

/// Half as many at a time, at least one.
pub fn fewer(limit: usize) -> usize {
    (limit / 2).max(1)
}

/// Waiting time before try number `tries` (from 1), milliseconds: from 2 s doubling to 5 min.
///
/// `chance` in 0–1 spreads it down to half, so that phones that lost one network do not all return at once.
pub fn wait_ms(tries: u32, chance: f64) -> i32 {
    let full_ms = (2_000.0 * f64::from(2u32.saturating_pow(tries.saturating_sub(1).min(10)))).min(300_000.0);
    (full_ms * (0.5 + 0.5 * chance.clamp(0.0, 1.0))) as i32
}

#[cfg(test)]
#[path = "queue_tests.rs"]
mod tests;
