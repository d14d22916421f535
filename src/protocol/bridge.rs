//! The bridge between page and scene: JSON in the `detail` of DOM `CustomEvent`s on `window`.
//!
//! The scene dispatches `retrace:said` with a [`Said`]; the page dispatches `retrace:told` with a [`Told`].
//! The page alone keeps the visit; the scene owns nothing that must last.

use heritage::scene::Era;
use heritage::vtt::Cue;
use heritage::{Certainty, Lang, PointId, StationId};
use serde::{Deserialize, Serialize};

/// What the scene says to the page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum Said {
    /// Code runs; assets are being fetched.
    Loading {
        /// Bytes of the models for the first view fetched so far, after decompression.
        loaded: u64,
        /// Bytes of all of them, after decompression; 0 where not known.
        total: u64,
        /// What is being fetched, a file name.
        what: String,
    },
    /// The first frame with the site in it has been drawn, and input is taken.
    Ready,
    /// The visitor has come within reach of a station.
    Arrived {
        /// Which.
        station: StationId,
    },
    /// The visitor has left a station.
    Departed {
        /// Which.
        station: StationId,
    },
    /// The visitor asks for a story point's card, by click or key.
    Opened {
        /// Which.
        point: PointId,
    },
    /// The mouse has come to rest on a story point's mark, or on none any more.
    Pointed {
        /// Which; none takes the label away.
        point: Option<PointId>,
        /// The middle of the mark's disc, CSS pixels from the canvas's top left.
        at_px: [f64; 2],
        /// How far the point is from the eye, whole metres.
        away_m: f64,
    },
    /// A stretch of narration has been heard in the scene.
    Heard {
        /// Which story point.
        point: PointId,
        /// `[from, to]` in seconds of the clip.
        ranges: Vec<[f64; 2]>,
    },
    /// The narration's clock, about four times a second, and at once on start, pause and end.
    Narrating {
        /// Which story point.
        point: PointId,
        /// Seconds into the clip.
        at_secs: f64,
        /// It is playing.
        playing: bool,
        /// It has come to its end.
        ended: bool,
    },
    /// Narration and guided movement are held, or go on.
    Held {
        /// Whether they are held.
        on: bool,
    },
    /// The way of moving has changed.
    Moving {
        /// To which.
        mode: Mode,
    },
    /// The shown state of the place has changed.
    EraShown {
        /// To which.
        era: Era,
    },
    /// The evidence lens was switched, or its counts have changed; they are of model parts in the state that is shown.
    Lens {
        /// Whether it is on.
        on: bool,
        /// Parts of each certainty.
        counts: Vec<(Certainty, u32)>,
    },
    /// Two points have been measured.
    Measured {
        /// Distance in the model, metres.
        model_m: f64,
        /// How far the model may be off there, metres.
        uncertainty_m: f64,
        /// Index into the site's measures where a preset was asked for.
        preset: Option<usize>,
    },
    /// The quality tier in force.
    Quality {
        /// Which.
        tier: Tier,
        /// Whether it was chosen by measuring.
        measured: bool,
    },
    /// A button of the panel that hangs before a headset's wearer has been pressed.
    Pressed {
        /// Which, as the page named it.
        id: String,
    },
    /// Something went wrong; the page says it in words.
    Failed {
        /// What.
        failure: Failure,
        /// File or detail, for the last line of the message.
        what: String,
    },
}

/// What the page tells the scene.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum Told {
    /// Take the visitor to a station.
    GoTo {
        /// Which.
        station: StationId,
    },
    /// Point a story point out: its mark stands out, and the eye turns to it, unless it is a headset's wearer's own.
    Look {
        /// Which.
        point: PointId,
    },
    /// Move in this way.
    Move {
        /// Which.
        mode: Mode,
    },
    /// Tell in this language from now on.
    Language {
        /// Which.
        lang: Lang,
    },
    /// Draw at this tier; `None` measures again.
    Quality {
        /// Which.
        tier: Option<Tier>,
    },
    /// Reduced motion: no eased travel, cuts instead.
    Comfort {
        /// Whether to reduce.
        reduced_motion: bool,
    },
    /// Begin or resume a narration.
    Play {
        /// Which story point.
        point: PointId,
        /// From where, seconds; `None` resumes.
        from_secs: Option<f64>,
    },
    /// Hold narration and guided movement.
    Pause,
    /// Go on with what was held.
    Resume,
    /// The visitor is at a station's question, or no longer: guided movement waits meanwhile, the voice does not.
    Answering {
        /// Whether so.
        on: bool,
    },
    /// Loudness of voice and ambience, 0–1 each.
    Volume {
        /// The voice.
        voice: f32,
        /// River, wind and chains.
        ambience: f32,
    },
    /// Show this state of the place.
    ShowEra {
        /// Which.
        era: Era,
    },
    /// Switch the evidence lens.
    Lens {
        /// On or off.
        on: bool,
    },
    /// Hang this before a headset's wearer; `None` takes it away.
    Panel {
        /// What is read there, and what can be pressed.
        panel: Option<Panel>,
    },
    /// What is said in a narration, shown before a headset's wearer by the narration's own clock.
    Cues {
        /// Of which story point.
        point: PointId,
        /// In order.
        cues: Vec<Cue>,
    },
    /// In a headset: steps and turns alone, or smooth walking too.
    Steady {
        /// Whether steps and turns alone.
        on: bool,
    },
    /// In a headset through which the room is seen: the place as a model, or in its own size.
    Model {
        /// Whether as a model.
        on: bool,
    },
    /// Start or stop measuring; with an index, show that preset.
    Measure {
        /// On or off.
        on: bool,
        /// Index into the site's measures.
        preset: Option<usize>,
    },
}

/// What hangs before a headset's wearer: read there, and answered by its buttons.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Panel {
    /// Head line.
    pub title: String,
    /// The route as a plan, in order; empty where the panel has none.
    pub plan: Vec<Stop>,
    /// Paragraphs, in order; the scene turns them into as many leaves as they need.
    pub lines: Vec<Line>,
    /// On every leaf, in order.
    pub buttons: Vec<Button>,
}

/// A station on a panel's plan.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Stop {
    /// Where it lies, site metres.
    pub east_m: f64,
    /// The same to the north.
    pub north_m: f64,
    /// It is complete.
    pub done: bool,
    /// The wearer is there.
    pub here: bool,
}

/// A paragraph of a panel.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// What it says.
    pub text: String,
    /// What belongs beside another: a source, a hint.
    pub aside: bool,
}

/// Something that can be pressed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Button {
    /// The page's name for it.
    pub id: String,
    /// What it says.
    pub label: String,
    /// Chosen already, or the one that leads on.
    pub on: bool,
    /// It cannot be pressed yet; its label says why.
    pub off: bool,
    /// In a row of its own, so that nothing beside it moves when its label changes.
    pub alone: bool,
}

/// Ways to move.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// Around the whole as around a model.
    #[default]
    Around,
    /// On foot, eyes at 1.65 m.
    Foot,
    /// Led along the stations.
    Guided,
}

/// Quality tiers, lowest first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Tier {
    /// Holds on a software renderer.
    Floor,
    /// Phones.
    #[default]
    Middle,
    /// Laptops with a graphics card.
    High,
}

/// What can go wrong in the scene.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Failure {
    /// The browser offers no WebGL2.
    NoWebgl2,
    /// The graphics context was lost and has not come back.
    ContextLost,
    /// A file could not be fetched; the scene goes on without it.
    AssetMissing,
    /// The browser plays no sound; the scene goes on in silence.
    NoSound,
    /// Memory ran out.
    OutOfMemory,
    /// Anything else.
    Broken,
}
