//! Taking in what devices send: each item is read, checked and appended or refused on its own.

use crate::api::Fault;
use crate::courses::Courses;
use crate::house::House;
use crate::identity::Recorder;
use crate::store::{Appended, Kind, Kiosk, NewEntry};
use crate::walk::reading;
use heritage::{Bilingual, Proof};
use protocol::event::{Event, EventKind, Grade, Heard, Outcome, Receipt};
use serde::Deserialize;
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::collections::BTreeSet;
use uuid::Uuid;

/// Items of one request.
pub const MOST_ITEMS: usize = 500;
/// Bytes of one item. A completion with every second of a station's narration in its own stretch stays under it.
const MOST_ITEM_BYTES: usize = 64 * 1024;
/// A day: no visit to a station, and no clip, is longer.
const MOST_SECS: f64 = 86_400.0;
const MOST_STRETCHES: usize = 2_000;
const MOST_CODE_BYTES: usize = 64;
const MOST_ANSWER_BYTES: usize = 400;
/// Proofs beside the strongest: one of each kind that a device can send.
const MOST_FURTHER: usize = 5;

/// An item that was refused, with what it would have been called.
struct Refused {
    id: Option<Uuid>,
    code: &'static str,
    reason: Bilingual,
}

/// An item that can be appended, and its grade where it is an answer.
struct Taken {
    entry: NewEntry,
    grade: Option<Grade>,
}

/// Takes in a batch for one person, by way of a kiosk where there is one: a receipt per item, in the order sent. `sent_at_ms` is the device's clock as it sent.
///
/// # Errors
/// A [`Fault`] where nothing could be stored; then nothing was.
pub async fn take_in(
    house: &House,
    recorder: &Recorder,
    items: &[&RawValue],
    sent_at_ms: Option<i64>,
) -> Result<Vec<Receipt>, Fault> {
    // Until the answer it is under way: whoever reads statements meanwhile is not promised it.
    let writing = house.underway.begin(house.now_ms());
    let received_at_ms = writing.at_ms;
    let mut seen = BTreeSet::new();
    let mut judged = Vec::with_capacity(items.len());
    for item in items {
        judged.push(read(item).and_then(|event| {
            if seen.insert(event.id) {
                take(&house.courses, recorder, &event, received_at_ms)
            } else {
                Err(repeated(event.id))
            }
        }));
    }
    let mut entries: Vec<NewEntry> =
        judged.iter().filter_map(|item| item.as_ref().ok()).map(|taken| taken.entry.clone()).collect();
    // After the events, so that their answers come first.
    let readings = sent_at_ms.map(|sent_at_ms| reading(&entries, sent_at_ms)).unwrap_or_default();
    entries.extend(readings);
    let appended = if entries.is_empty() { Vec::new() } else { house.store.append(entries).await? };
    let mut appended = appended.into_iter();
    let receipts: Vec<Receipt> = judged
        .into_iter()
        .map(|item| match item {
            Ok(taken) => {
                let outcome = appended.next().map_or_else(conflict, |became| outcome(became, taken.grade));
                Receipt { id: Some(taken.entry.id), outcome }
            }
            Err(Refused { id, code, reason }) => {
                Receipt { id, outcome: Outcome::Rejected { code: code.to_owned(), reason } }
            }
        })
        .collect();
    for receipt in &receipts {
        let metrics = &house.metrics;
        match receipt.outcome {
            Outcome::Stored { .. } => metrics.stored.count(),
            Outcome::Duplicate { .. } => metrics.duplicates.count(),
            Outcome::Conflict { .. } => metrics.conflicts.count(),
            Outcome::Rejected { .. } => metrics.rejected.count(),
        }
    }
    Ok(receipts)
}

fn outcome(became: Appended, grade: Option<Grade>) -> Outcome {
    match became {
        Appended::Stored(seq) => Outcome::Stored { seq, grade },
        Appended::Duplicate(seq) => Outcome::Duplicate { seq, grade },
        Appended::Conflict => conflict(),
    }
}

fn conflict() -> Outcome {
    let reason = Bilingual::new(
        "此编号已属于另一条记录；先到的一条保持不变。",
        "Another record has this number already; the first one is kept as it is.",
    );
    Outcome::Conflict { reason }
}

fn refused(id: Option<Uuid>, code: &'static str, zh: &str, en: &str) -> Refused {
    Refused { id, code, reason: Bilingual::new(zh, en) }
}

fn repeated(id: Uuid) -> Refused {
    let (zh, en) =
        ("同一批中已有此编号；只看第一条。", "This number stands twice in one batch; only the first is looked at.");
    refused(Some(id), "repeated-in-batch", zh, en)
}

fn read(item: &RawValue) -> Result<Event, Refused> {
    #[derive(Deserialize)]
    struct Named {
        id: Uuid,
    }
    let named = || serde_json::from_str::<Named>(item.get()).ok().map(|named| named.id);
    if item.get().len() > MOST_ITEM_BYTES {
        return Err(refused(
            named(),
            "malformed",
            "此条记录过长，未保存。",
            "This record is too long and was not stored.",
        ));
    }
    serde_json::from_str(item.get()).map_err(|_| {
        refused(named(), "malformed", "此条记录无法读懂，未保存。", "This record cannot be read and was not stored.")
    })
}

fn take(courses: &Courses, recorder: &Recorder, event: &Event, received_at_ms: i64) -> Result<Taken, Refused> {
    let id = Some(event.id);
    let unknown = |code, zh: &str, en: &str| refused(id, code, zh, en);
    let (site, route, station, kind) = match &event.kind {
        EventKind::Completed { site, route, station, .. } => (site, Some(route), station, Kind::Completed),
        EventKind::Answered { site, station, .. } => (site, None, station, Kind::Answered),
    };
    let place = courses.site(site).ok_or_else(|| {
        unknown("unknown-site", "此处没有这个遗址，未保存。", "This service does not have that site; not stored.")
    })?;
    if let Some(route) = route
        && courses.route(site, route).is_none_or(|(_, route)| !route.stations.contains(station))
    {
        let named = courses.route(site, route).is_some();
        return Err(if named {
            unknown_station(id)
        } else {
            unknown("unknown-route", "此遗址没有这条路线，未保存。", "That site has no such route; not stored.")
        });
    }
    if place.station(station).is_none() {
        return Err(unknown_station(id));
    }
    let is_digest =
        |digits: &String| digits.len() == 64 && digits.bytes().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f'));
    if event.id.is_nil() || !in_range(courses, &event.kind) || !event.previous.as_ref().is_none_or(is_digest) {
        return Err(unknown(
            "out-of-range",
            "记录中的数值超出范围，未保存。",
            "A number in this record is out of range; not stored.",
        ));
    }
    if recorder.kiosk.as_ref().is_some_and(|kiosk| kiosk.site != *site) {
        return Err(unknown(
            "other-hall",
            "此终端只能记录本馆的参观，未保存。",
            "This kiosk records visits to its own hall only; not stored.",
        ));
    }
    let grade = match &event.kind {
        EventKind::Answered { choice, .. } => courses.grade(site, station, *choice),
        EventKind::Completed { .. } => None,
    };
    // Written back from what was read, so that equal content has equal bytes whatever its spacing was.
    let body = serde_json::to_string(&*kept(event, recorder.kiosk.as_ref()))
        .map_err(|_| unknown("malformed", "此条记录无法保存。", "This record cannot be stored."))?;
    let entry = NewEntry {
        id: event.id,
        kind,
        subject: recorder.person.id,
        author: recorder.person.id,
        site: Some(site.clone()),
        route: route.cloned(),
        station: Some(station.clone()),
        device: Some(event.device),
        captured_at_ms: event.captured_at_ms,
        received_at_ms,
        body,
    };
    Ok(Taken { entry, grade })
}

/// The event as it is kept: what came by way of a kiosk says by which, in the service's own word.
fn kept<'a>(event: &'a Event, kiosk: Option<&Kiosk>) -> Cow<'a, Event> {
    let Some(kiosk) = kiosk else { return Cow::Borrowed(event) };
    let mut kept = event.clone();
    if let EventKind::Completed { further, .. } = &mut kept.kind {
        further.push(Proof::Kiosk { kiosk: kiosk.id.to_string() });
    }
    Cow::Owned(kept)
}

fn unknown_station(id: Option<Uuid>) -> Refused {
    refused(id, "unknown-station", "此遗址没有这个站点，未保存。", "That site has no such station; not stored.")
}

/// Whether every number is one that can be. What is merely odd is stored and flagged for the trainer, not refused.
fn in_range(courses: &Courses, kind: &EventKind) -> bool {
    match kind {
        EventKind::Completed { heard, read_secs, dwell_secs, proof, further, .. } => {
            is_time(*read_secs)
                && is_time(*dwell_secs)
                && heard_in_range(heard)
                && further.len() <= MOST_FURTHER
                && further.iter().chain([proof]).all(proof_in_range)
        }
        EventKind::Answered { site, station, choice } => {
            courses.choices(site, station).is_some_and(|choices| usize::from(*choice) < choices)
        }
    }
}

fn is_time(secs: f64) -> bool {
    (0.0..=MOST_SECS).contains(&secs)
}

fn heard_in_range(heard: &[Heard]) -> bool {
    let stretches = heard.iter().flat_map(|heard| &heard.ranges);
    stretches.clone().count() <= MOST_STRETCHES
        && stretches.into_iter().all(|[from, to]| is_time(*from) && is_time(*to) && from <= to)
}

fn proof_in_range(proof: &Proof) -> bool {
    match proof {
        Proof::Declared => true,
        Proof::Fix { accuracy_m, dwell_secs, trace, .. } => {
            let is_digest =
                |trace: &String| (16..=64).contains(&trace.len()) && trace.bytes().all(|c| c.is_ascii_hexdigit());
            is_time(*dwell_secs) && (0.0..=1e6).contains(accuracy_m) && trace.as_ref().is_none_or(is_digest)
        }
        Proof::Code { code } | Proof::Rotating { code, .. } => code.len() <= MOST_CODE_BYTES,
        Proof::Tag { picc_data, cmac, .. } => picc_data.len() <= MOST_CODE_BYTES && cmac.len() <= MOST_CODE_BYTES,
        Proof::Question { answer } => answer.len() <= MOST_ANSWER_BYTES,
        // Made by the service alone.
        Proof::Kiosk { .. } | Proof::Peer | Proof::Trainer => false,
    }
}
