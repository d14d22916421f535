//! What features say to one another during a visit.
//!
//! Any feature may import this module; no feature imports another.

use bevy::prelude::*;
use heritage::vtt::Cue;
use heritage::{PointId, StationId};
use protocol::bridge::{Panel, Said};

/// The visitor has come within reach of a station.
#[derive(Event, Clone, Debug)]
pub(crate) struct Arrived {
    pub station: StationId,
}

/// The visitor has left a station.
#[derive(Event, Clone, Debug)]
pub(crate) struct Departed {
    pub station: StationId,
}

/// A story point's card and voice are asked for, by click, key or page.
#[derive(Event, Clone, Debug)]
pub(crate) struct Opened {
    pub point: PointId,
}

/// The visitor wishes to be taken to a station.
#[derive(Event, Clone, Debug)]
pub(crate) struct GoTo {
    pub station: StationId,
}

/// A story point is pointed out by whoever leads the visit.
#[derive(Event, Clone, Debug)]
pub(crate) struct LookAt {
    pub point: PointId,
}

/// Begin or resume a story point's narration.
#[derive(Event, Clone, Debug)]
pub(crate) struct Play {
    pub point: PointId,
    pub from_secs: Option<f64>,
}

/// Hold narration and guided movement.
#[derive(Event, Clone, Copy, Debug)]
pub(crate) struct Pause;

/// Go on with what [`Pause`] held; where nothing was held, begin what is told here. Led, what was told is not begun again,
/// and on the way nothing is.
#[derive(Event, Clone, Copy, Debug)]
pub(crate) struct Resume;

/// Open the nearest story point; again, the next one of the same station.
#[derive(Event, Clone, Copy, Debug)]
pub(crate) struct OpenNearest;

/// Hang this panel before a headset's wearer, or take it away.
#[derive(Event, Clone, Debug)]
pub(crate) struct HangPanel(pub Option<Panel>);

/// Keep the captions of a story point, for a headset's wearer.
#[derive(Event, Clone, Debug)]
pub(crate) struct KeepCues {
    pub point: PointId,
    pub cues: Vec<Cue>,
}

/// Until this has run, [`Spoken`] is that of the frame before.
#[derive(SystemSet, Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Speaking;

/// Where the voice is in what it tells. Written by `narration` alone.
#[derive(Resource, Clone, Debug, Default, PartialEq)]
pub(crate) struct Spoken {
    pub point: Option<PointId>,
    /// Seconds into the clip.
    pub at_secs: f64,
}

/// The mark that a headset's wearer points at, where its disc is, and how far off, metres. Written by `markers` alone.
#[derive(Resource, Clone, Debug, Default, PartialEq)]
pub(crate) struct Pointed(pub Option<(PointId, Vec3, f32)>);

/// What hangs before a headset's wearer, for the probe. Written by `boards` alone.
#[derive(Resource, Clone, Debug, Default, PartialEq)]
pub(crate) struct Hanging {
    /// The panel's head line, its leaf from 0 and how many there are.
    pub panel: Option<(String, usize, usize)>,
    /// The caption.
    pub caption: String,
    /// What is said where the place lies dimmed; else empty.
    pub notice: &'static str,
    /// What can be pressed: its name, and its middle in the place.
    pub buttons: Vec<(String, Vec3)>,
}

/// The marks as a headset's wearer sees them: whose, of which station, and where the disc hangs. Written by `markers` alone.
#[derive(Resource, Clone, Debug, Default, PartialEq)]
pub(crate) struct Discs(pub Vec<(PointId, StationId, Vec3)>);

/// Show one of the site's preset measures, by its index.
#[derive(Event, Clone, Copy, Debug)]
pub(crate) struct ShowPreset(pub usize);

/// Whether the last picture had everything in it that stands before the eye: a program may still be on its way. Written by
/// `frame` alone.
#[derive(Resource, Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Shown(pub bool);

impl Default for Shown {
    fn default() -> Self {
        Self(true)
    }
}

/// Whether a narration is running, for guided movement to wait on.
#[derive(Resource, Clone, Debug, Default, PartialEq)]
pub(crate) struct Telling(pub Option<PointId>);

/// Whether the visitor has asked for a pause; guided movement and the voice both wait on it.
#[derive(Resource, Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Held(pub bool);

/// Whether the visitor is at a station's question, as the page says: guided movement waits for that, the voice does not.
#[derive(Resource, Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Answering(pub bool);

/// Where the visitor stands, for features that act on nearness. Written by `navigation` alone.
#[derive(Resource, Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Standing {
    /// The feet, or in the view around the point looked at; engine metres.
    pub at: Vec3,
    /// Within how many horizontal metres a station is reached from there.
    pub reach_m: f32,
    /// Not on the way: only then is a station arrived at.
    pub settled: bool,
}

/// Story points told to their end in this visit. Written by `narration` alone; the page keeps what must last.
#[derive(Resource, Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ToldToTheEnd(pub std::collections::BTreeSet<PointId>);

/// What keeps the picture from being the one that is described; each field is written by one feature alone.
#[derive(Resource, Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Passing {
    /// Mist between two states of the place is before the eye. Written by `scene`.
    pub veiled: bool,
    /// Some mark's opacity is not yet what it will be from here. Written by `markers`.
    pub marks: bool,
}

/// The station the visitor stands at, if any.
#[derive(Resource, Clone, Debug, Default, PartialEq)]
pub(crate) struct Here(pub Option<StationId>);

/// Something the page should hear; `bridge` sends it at the end of the frame.
#[derive(Message, Clone, Debug)]
pub(crate) struct Say(pub Said);

/// The camera through which the visitor looks. Spawned by `scene`, moved by `navigation`.
#[derive(Component, Clone, Copy, Debug, Default)]
pub(crate) struct Eye;

/// How sure history is of a part of the model, and which state it belongs to; put on every drawn part by the
/// feature that spawns it.
#[derive(Component, Clone, Copy, Debug)]
pub(crate) struct Part {
    pub certainty: heritage::Certainty,
    pub era: Option<heritage::scene::Era>,
}

/// The browser has taken the graphics context away for good: nothing can be drawn any more. Written by `bridge` alone.
#[derive(Resource, Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Dark(pub bool);

/// One more piece of a part that is drawn in several; the lens counts the part once.
#[derive(Component, Clone, Copy, Debug)]
pub(crate) struct Piece;

pub(super) fn plugin(app: &mut App) {
    app.init_resource::<Telling>()
        .init_resource::<Here>()
        .init_resource::<Held>()
        .init_resource::<Answering>()
        .init_resource::<Standing>()
        .init_resource::<Passing>()
        .init_resource::<Dark>()
        .init_resource::<Shown>()
        .init_resource::<ToldToTheEnd>()
        .init_resource::<Spoken>()
        .init_resource::<Pointed>()
        .init_resource::<Hanging>()
        .init_resource::<Discs>()
        .add_message::<Say>();
}
