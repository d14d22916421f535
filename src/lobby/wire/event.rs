//! Events, written as `protocol` writes them.

use super::{FromJson, ToJson, field, list};
use crate::json::{Value, map, milli, text, whole};
use crate::wire::words;
use heritage::proof::DatumVerdict;
use heritage::{Lang, Proof, Way};
use protocol::event::{Event, EventKind, Heard};

words!(Lang { "zh" => Zh, "en" => En });
words!(Way { "scene" => Scene, "page" => Page, "headset" => Headset, "foot" => Foot });
words!(DatumVerdict { "wgs84" => Wgs84, "gcj02" => Gcj02, "unclear" => Unclear });

/// An event, byte for byte as the service would write it. Its seconds and metres must be whole thousandths.
pub fn event(event: &Event) -> Value {
    let mut pairs = vec![
        ("id", event.id.to_json()),
        ("captured_at_ms", whole(event.captured_at_ms)),
        ("offset_ms", whole(event.offset_ms)),
        ("device", event.device.to_json()),
        ("sequence", whole(event.sequence)),
    ];
    pairs.extend(event.previous.as_deref().map(|previous| ("previous", text(previous))));
    pairs.push(("kind", kind(&event.kind)));
    map(pairs)
}

fn kind(kind: &EventKind) -> Value {
    match kind {
        EventKind::Completed { site, route, station, way, lang, heard, read_secs, dwell_secs, proof, further } => {
            let mut pairs = vec![
                ("type", text("completed")),
                ("site", site.to_json()),
                ("route", route.to_json()),
                ("station", station.to_json()),
                ("way", way.to_json()),
                ("lang", lang.to_json()),
                ("heard", list(heard)),
                ("read_secs", milli(*read_secs)),
                ("dwell_secs", milli(*dwell_secs)),
                ("proof", proof.to_json()),
            ];
            if !further.is_empty() {
                pairs.push(("further", list(further)));
            }
            map(pairs)
        }
        EventKind::Answered { site, station, choice } => map(vec![
            ("type", text("answered")),
            ("site", site.to_json()),
            ("station", station.to_json()),
            ("choice", whole(*choice)),
        ]),
    }
}

impl ToJson for Heard {
    fn to_json(&self) -> Value {
        map(vec![("point", self.point.to_json()), ("ranges", list(&self.ranges))])
    }
}

impl FromJson for Proof {
    fn from_json(value: &Value) -> Option<Self> {
        Some(match value.get("method").text()? {
            "declared" => Self::Declared,
            "fix" => Self::Fix {
                accuracy_m: field(value, "accuracy_m")?,
                dwell_secs: field(value, "dwell_secs")?,
                fixes: field(value, "fixes")?,
                ignored: field(value, "ignored")?,
                jumps: field(value, "jumps")?,
                datum: field(value, "datum")?,
                distinct: field(value, "distinct")?,
                trace: field(value, "trace")?,
            },
            "code" => Self::Code { code: field(value, "code")? },
            "rotating" => Self::Rotating { code: field(value, "code")?, read_at_ms: field(value, "read_at_ms")? },
            "tag" => Self::Tag {
                picc_data: field(value, "picc_data")?,
                cmac: field(value, "cmac")?,
                read_at_ms: field(value, "read_at_ms")?,
            },
            // The others are made by the service; a device has none to keep.
            _ => return None,
        })
    }
}

impl ToJson for Proof {
    fn to_json(&self) -> Value {
        match self {
            Self::Declared => map(vec![("method", text("declared"))]),
            Self::Fix { accuracy_m, dwell_secs, fixes, ignored, jumps, datum, distinct, trace } => {
                let mut pairs = vec![
                    ("method", text("fix")),
                    ("accuracy_m", milli(*accuracy_m)),
                    ("dwell_secs", milli(*dwell_secs)),
                    ("fixes", whole(*fixes)),
                    ("ignored", whole(*ignored)),
                    ("jumps", whole(*jumps)),
                    ("datum", datum.to_json()),
                ];
                pairs.extend(distinct.map(|distinct| ("distinct", whole(distinct))));
                pairs.extend(trace.as_ref().map(|trace| ("trace", text(trace))));
                map(pairs)
            }
            Self::Code { code } => map(vec![("method", text("code")), ("code", text(code))]),
            Self::Rotating { code, read_at_ms } => {
                map(vec![("method", text("rotating")), ("code", text(code)), ("read_at_ms", whole(*read_at_ms))])
            }
            Self::Tag { picc_data, cmac, read_at_ms } => map(vec![
                ("method", text("tag")),
                ("picc_data", text(picc_data)),
                ("cmac", text(cmac)),
                ("read_at_ms", whole(*read_at_ms)),
            ]),
            // Never made here; the service would refuse it.
            Self::Question { .. } | Self::Kiosk { .. } | Self::Peer | Self::Trainer => {
                map(vec![("method", text("trainer"))])
            }
        }
    }
}
