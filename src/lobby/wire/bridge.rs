//! The bridge to the scene: what it says is read, what it is told is written.

use super::{FromJson, ToJson, field};
use crate::json::{Value, map, milli, text, whole};
use crate::wire::words;
use heritage::Certainty;
use heritage::scene::Era;
use heritage::vtt::Cue;
use protocol::bridge::{Button, Failure, Line, Mode, Panel, Said, Stop, Tier, Told};

words!(Era { "1935" => Y1935, "today" => Today });
words!(Mode { "around" => Around, "foot" => Foot, "guided" => Guided });
words!(Tier { "floor" => Floor, "middle" => Middle, "high" => High });
words!(Failure {
    "no-webgl2" => NoWebgl2,
    "context-lost" => ContextLost,
    "asset-missing" => AssetMissing,
    "no-sound" => NoSound,
    "out-of-memory" => OutOfMemory,
    "broken" => Broken,
});

/// How many parts are of one certainty: `["attested", 12]`.
impl FromJson for (Certainty, u32) {
    fn from_json(value: &Value) -> Option<Self> {
        match value.list()? {
            [certainty, count] => Some((Certainty::from_code(certainty.text()?)?, u32::from_json(count)?)),
            _ => None,
        }
    }
}

impl FromJson for Said {
    fn from_json(value: &Value) -> Option<Self> {
        Some(match value.get("type").text()? {
            "loading" => Self::Loading {
                loaded: field(value, "loaded")?,
                total: field(value, "total")?,
                what: field(value, "what")?,
            },
            "ready" => Self::Ready,
            "arrived" => Self::Arrived { station: field(value, "station")? },
            "departed" => Self::Departed { station: field(value, "station")? },
            "opened" => Self::Opened { point: field(value, "point")? },
            "pointed" => Self::Pointed {
                point: field(value, "point")?,
                at_px: field(value, "at_px")?,
                away_m: field(value, "away_m")?,
            },
            "heard" => Self::Heard { point: field(value, "point")?, ranges: field(value, "ranges")? },
            "narrating" => Self::Narrating {
                point: field(value, "point")?,
                at_secs: field(value, "at_secs")?,
                playing: field(value, "playing")?,
                ended: field(value, "ended")?,
            },
            "held" => Self::Held { on: field(value, "on")? },
            "moving" => Self::Moving { mode: field(value, "mode")? },
            "era-shown" => Self::EraShown { era: field(value, "era")? },
            "lens" => Self::Lens { on: field(value, "on")?, counts: field(value, "counts")? },
            "measured" => Self::Measured {
                model_m: field(value, "model_m")?,
                uncertainty_m: field(value, "uncertainty_m")?,
                preset: field(value, "preset")?,
            },
            "quality" => Self::Quality { tier: field(value, "tier")?, measured: field(value, "measured")? },
            "pressed" => Self::Pressed { id: field(value, "id")? },
            "failed" => Self::Failed { failure: field(value, "failure")?, what: field(value, "what")? },
            _ => return None,
        })
    }
}

impl ToJson for Panel {
    fn to_json(&self) -> Value {
        let line = |line: &Line| map(vec![("text", text(&line.text)), ("aside", Value::Flag(line.aside))]);
        let button = |button: &Button| {
            map(vec![
                ("id", text(&button.id)),
                ("label", text(&button.label)),
                ("on", Value::Flag(button.on)),
                ("off", Value::Flag(button.off)),
                ("alone", Value::Flag(button.alone)),
            ])
        };
        let stop = |stop: &Stop| {
            map(vec![
                ("east_m", milli(stop.east_m)),
                ("north_m", milli(stop.north_m)),
                ("done", Value::Flag(stop.done)),
                ("here", Value::Flag(stop.here)),
            ])
        };
        map(vec![
            ("title", text(&self.title)),
            ("plan", Value::List(self.plan.iter().map(stop).collect())),
            ("lines", Value::List(self.lines.iter().map(line).collect())),
            ("buttons", Value::List(self.buttons.iter().map(button).collect())),
        ])
    }
}

impl ToJson for Cue {
    fn to_json(&self) -> Value {
        map(vec![("from_secs", milli(self.from_secs)), ("to_secs", milli(self.to_secs)), ("text", text(&self.text))])
    }
}

impl ToJson for Told {
    fn to_json(&self) -> Value {
        let told = |kind: &str, mut more: Vec<(&str, Value)>| {
            more.insert(0, ("type", text(kind)));
            map(more)
        };
        match self {
            Self::GoTo { station } => told("go-to", vec![("station", station.to_json())]),
            Self::Look { point } => told("look", vec![("point", point.to_json())]),
            Self::Move { mode } => told("move", vec![("mode", mode.to_json())]),
            Self::Language { lang } => told("language", vec![("lang", lang.to_json())]),
            Self::Quality { tier } => told("quality", vec![("tier", tier.to_json())]),
            Self::Comfort { reduced_motion } => told("comfort", vec![("reduced_motion", Value::Flag(*reduced_motion))]),
            Self::Play { point, from_secs } => {
                let from_secs = from_secs.map_or(Value::Null, milli);
                told("play", vec![("point", point.to_json()), ("from_secs", from_secs)])
            }
            Self::Pause => told("pause", Vec::new()),
            Self::Resume => told("resume", Vec::new()),
            Self::Answering { on } => told("answering", vec![("on", Value::Flag(*on))]),
            Self::Volume { voice, ambience } => {
                told("volume", vec![("voice", milli(f64::from(*voice))), ("ambience", milli(f64::from(*ambience)))])
            }
            Self::ShowEra { era } => told("show-era", vec![("era", era.to_json())]),
            Self::Lens { on } => told("lens", vec![("on", Value::Flag(*on))]),
            Self::Panel { panel } => {
                told("panel", vec![("panel", panel.as_ref().map_or(Value::Null, ToJson::to_json))])
            }
            Self::Cues { point, cues } => {
                let cues = cues.iter().map(ToJson::to_json).collect();
                told("cues", vec![("point", point.to_json()), ("cues", Value::List(cues))])
            }
            Self::Model { on } => told("model", vec![("on", Value::Flag(*on))]),
            Self::Steady { on } => told("steady", vec![("on", Value::Flag(*on))]),
            Self::Measure { on, preset } => {
                let preset = preset.map_or(Value::Null, whole);
                told("measure", vec![("on", Value::Flag(*on)), ("preset", preset)])
            }
        }
    }
}
