//! What this device keeps under names of its own.

use super::{FromJson, ToJson, field, list};
use crate::json::{Value, map, milli, text, whole};
use crate::queue::{Entry, Refused, Waiting, What};
use crate::store::{Device, LastReceipt, Settings, Visits};
use crate::unwritten::Batch;
use crate::visit::{Answer, Done, HeardIn, Seen, StationVisit};
use crate::wire::record;
use heritage::Bilingual;
use std::collections::BTreeMap;

/// What stations are called, by `site/station`.
pub type Names = BTreeMap<String, Bilingual>;

record!(Device { id, sequence, last });
record!(LastReceipt { at_ms, total });
record!(HeardIn { lang, point, ranges });
record!(Answer { event, choice, grade });
record!(Done { event, way });
record!(Seen { heard, read_secs, dwell_secs, proof });
record!(Batch { id, site, station, seen });
record!(Entry { owner, event });
record!(Refused { owner, event, code, reason });

impl FromJson for Names {
    fn from_json(value: &Value) -> Option<Self> {
        value.pairs()?.iter().map(|(key, title)| Some((key.clone(), Bilingual::from_json(title)?))).collect()
    }
}

impl ToJson for Names {
    fn to_json(&self) -> Value {
        Value::Map(self.iter().map(|(key, title)| (key.clone(), title.to_json())).collect())
    }
}

impl ToJson for Device {
    fn to_json(&self) -> Value {
        let (sequence, last) = (whole(self.sequence), self.last.as_deref().map_or(Value::Null, text));
        map(vec![("id", self.id.to_json()), ("sequence", sequence), ("last", last)])
    }
}

impl ToJson for LastReceipt {
    fn to_json(&self) -> Value {
        map(vec![("at_ms", milli(self.at_ms)), ("total", whole(self.total))])
    }
}

/// What an older page did not keep yet counts as empty.
impl FromJson for StationVisit {
    fn from_json(value: &Value) -> Option<Self> {
        value.pairs()?;
        Some(Self {
            heard: field(value, "heard").unwrap_or_default(),
            read_secs: field(value, "read_secs").unwrap_or_default(),
            dwell_secs: field(value, "dwell_secs").unwrap_or_default(),
            answers: field(value, "answers").unwrap_or_default(),
            done: field(value, "done").unwrap_or_default(),
            attended: field(value, "attended").unwrap_or_default(),
            proof: field(value, "proof").unwrap_or_default(),
            position: field(value, "position").unwrap_or_default(),
        })
    }
}

impl ToJson for StationVisit {
    fn to_json(&self) -> Value {
        map(vec![
            ("heard", list(&self.heard)),
            ("read_secs", milli(self.read_secs)),
            ("dwell_secs", milli(self.dwell_secs)),
            ("answers", list(&self.answers)),
            ("done", list(&self.done)),
            ("attended", Value::Flag(self.attended)),
            ("proof", self.proof.to_json()),
            ("position", self.position.to_json()),
        ])
    }
}

impl ToJson for Seen {
    fn to_json(&self) -> Value {
        map(vec![
            ("heard", list(&self.heard)),
            ("read_secs", milli(self.read_secs)),
            ("dwell_secs", milli(self.dwell_secs)),
            ("proof", self.proof.to_json()),
        ])
    }
}

impl FromJson for Visits {
    fn from_json(value: &Value) -> Option<Self> {
        value.pairs()?.iter().map(|(key, visit)| Some((key.clone(), StationVisit::from_json(visit)?))).collect()
    }
}

impl ToJson for Visits {
    fn to_json(&self) -> Value {
        Value::Map(self.iter().map(|(key, visit)| (key.clone(), visit.to_json())).collect())
    }
}

impl ToJson for Batch {
    fn to_json(&self) -> Value {
        map(vec![
            ("id", self.id.to_json()),
            ("site", text(&self.site)),
            ("station", text(&self.station)),
            ("seen", self.seen.to_json()),
        ])
    }
}

impl ToJson for HeardIn {
    fn to_json(&self) -> Value {
        map(vec![("lang", self.lang.to_json()), ("point", self.point.to_json()), ("ranges", list(&self.ranges))])
    }
}

impl ToJson for Answer {
    fn to_json(&self) -> Value {
        let choice = whole(self.choice);
        map(vec![("event", self.event.to_json()), ("choice", choice), ("grade", self.grade.to_json())])
    }
}

impl ToJson for Done {
    fn to_json(&self) -> Value {
        map(vec![("event", self.event.to_json()), ("way", self.way.to_json())])
    }
}

impl FromJson for Waiting {
    fn from_json(value: &Value) -> Option<Self> {
        let kind = value.get("kind");
        Some(Self {
            id: field(value, "id")?,
            sequence: field(value, "sequence")?,
            captured_at_ms: field(value, "captured_at_ms")?,
            what: match kind.get("type").text()? {
                "completed" => What::Completed,
                "answered" => What::Answered,
                _ => return None,
            },
            site: field(kind, "site")?,
            station: field(kind, "station")?,
            json: value.clone(),
        })
    }
}

impl ToJson for Entry {
    fn to_json(&self) -> Value {
        map(vec![("owner", self.owner.to_json()), ("event", self.event.json.clone())])
    }
}

impl ToJson for Refused {
    fn to_json(&self) -> Value {
        let (code, reason) = (text(&self.code), self.reason.to_json());
        map(vec![
            ("owner", self.owner.to_json()),
            ("event", self.event.json.clone()),
            ("code", code),
            ("reason", reason),
        ])
    }
}

impl FromJson for Settings {
    fn from_json(value: &Value) -> Option<Self> {
        let loudness = |key: &str| value.get(key).number().map(|loudness| loudness as f32);
        Some(Self {
            voice: loudness("voice")?,
            ambience: loudness("ambience")?,
            reduced_motion: field(value, "reduced_motion")?,
            tier: field(value, "tier")?,
            mode: field(value, "mode")?,
            era: field(value, "era")?,
        })
    }
}

impl ToJson for Settings {
    fn to_json(&self) -> Value {
        map(vec![
            ("voice", milli(f64::from(self.voice))),
            ("ambience", milli(f64::from(self.ambience))),
            ("reduced_motion", self.reduced_motion.map_or(Value::Null, Value::Flag)),
            ("tier", self.tier.to_json()),
            ("mode", self.mode.to_json()),
            ("era", self.era.to_json()),
        ])
    }
}
