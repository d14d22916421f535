//! Probe: what the scene shows at this moment, in numbers, for picture tests and for support.
//!
//! `probe()` is exported to the page's scripts and answers one JSON object:
//! `frame` (drawn so far), `eye` (`x`, `y`, `z` in engine metres, `yaw`, `pitch` in radians), `mode`, `era`, `tier`,
//! `here` (station or null), `telling` (story point or null), `settled`, `draws` and `triangles` of the last frame (shadows
//! included, the copy to the canvas left out), `canvas` (`width`, `height` in CSS pixels) and
//! `marks`: for each story point `point`, `station`, `x` and `y` (centre of its disc in CSS pixels of the canvas),
//! `radius`, `visible` (drawn at all), `hidden` (something stands before it; drawn faint), `opacity` (0 to 1) and
//! `colour` (`#rrggbb` of the disc; exact on the canvas where `opacity` is 1, for instance three quarters of the radius
//! to the right of the centre, beside the numeral).
//!
//! While a headset's session runs, `headset` is an object from the frame after the first question on, else null: `updates` (turns of the loop since it began), `eyes`
//! and `head` (`x`, `y`, `z` in engine metres, `yaw` in radians), `rig` (`x`, `y`, `z`, `yaw`, `scale`), `dark` and
//! `narrow` (0 to 1), `target` (what is pointed at, or null), `dwelt` (0 to 1), `see_through`, `panel` (`title`, `leaf`,
//! `leaves`, or null), `caption`, `buttons` that can be pressed (`id`, and their middles in engine metres), and `marks`
//! (`point`, `station`, and the middles of their discs).
//!
//! `settled` is true once the site is open, the visitor stands still, no mist between two states is before the eye, and
//! every mark has the opacity that it will keep: a picture taken then shows what the marks say. Models and textures of
//! later levels may still come in.

use heritage::{PointId, StationId};
use serde_json::{Value, json};
use std::cell::{Cell, RefCell};

/// One story point's mark as drawn.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Mark {
    pub point: String,
    pub station: String,
    pub at_px: [f32; 2],
    pub radius_px: f32,
    pub visible: bool,
    pub hidden: bool,
    pub opacity: f32,
    pub colour: String,
}

/// Everything but the marks.
#[derive(Clone, Debug, Default)]
pub(crate) struct Snapshot {
    pub frame: u64,
    pub eye: [f32; 3],
    pub yaw_rad: f32,
    pub pitch_rad: f32,
    pub mode: &'static str,
    pub era: &'static str,
    pub tier: &'static str,
    pub here: Option<StationId>,
    pub telling: Option<PointId>,
    pub settled: bool,
    pub canvas_px: [f32; 2],
    /// What the wearer of a headset sees, as JSON.
    pub headset: Value,
}

thread_local! {
    static NOW: RefCell<(Snapshot, Vec<Mark>)> = RefCell::default();
    static TALLY: Cell<(u32, u32)> = const { Cell::new((0, 0)) };
    static ASKED: Cell<u32> = const { Cell::new(0) };
}

/// Frames for which, after somebody has asked, what a headset's wearer sees is kept for the next asker: it is long, and a
/// frame of a session has no time for what nobody reads.
const KEPT_FRAMES: u32 = 600;

/// Whether somebody asks what a headset's wearer sees.
pub(crate) fn is_asked() -> bool {
    ASKED.get() > 0
}

/// Keeps the draws and triangles of the last frame for the next asker.
pub(crate) fn keep_tally(draws: u32, triangles: u32) {
    TALLY.set((draws, triangles));
}

/// Keeps this frame's state for the next asker, as `write` puts it over that of the frame before; called once a frame.
pub(crate) fn keep(write: impl FnOnce(&mut Snapshot)) {
    ASKED.set(ASKED.get().saturating_sub(1));
    NOW.with_borrow_mut(|now| write(&mut now.0));
}

/// Keeps this frame's marks for the next asker.
pub(crate) fn keep_marks(marks: impl Iterator<Item = Mark>) {
    NOW.with_borrow_mut(|now| {
        now.1.clear();
        now.1.extend(marks);
    });
}

/// What the scene shows at this moment, as JSON; see the module's description.
#[cfg_attr(target_arch = "wasm32", wasm_bindgen::prelude::wasm_bindgen)]
pub fn probe() -> String {
    ASKED.set(KEPT_FRAMES);
    let (draws, triangles) = TALLY.get();
    NOW.with_borrow(|(now, marks)| {
        let marks: Vec<Value> = marks
            .iter()
            .map(|mark| {
                json!({
                    "point": mark.point, "station": mark.station, "x": mark.at_px[0], "y": mark.at_px[1],
                    "radius": mark.radius_px, "visible": mark.visible, "hidden": mark.hidden, "opacity": mark.opacity,
                    "colour": mark.colour,
                })
            })
            .collect();
        json!({
            "frame": now.frame,
            "eye": { "x": now.eye[0], "y": now.eye[1], "z": now.eye[2], "yaw": now.yaw_rad, "pitch": now.pitch_rad },
            "mode": now.mode, "era": now.era, "tier": now.tier, "here": now.here.as_ref().map(StationId::as_str), "telling": now.telling.as_ref().map(PointId::as_str),
            "settled": now.settled, "draws": draws, "triangles": triangles, "canvas": { "width": now.canvas_px[0], "height": now.canvas_px[1] },
            "headset": now.headset, "marks": marks,
        })
        .to_string()
    })
}
