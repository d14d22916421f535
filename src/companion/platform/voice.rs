//! Voice: one narration at a place, and the beds of sound under it.
//!
//! In the browser all of it runs in the audio graph, so that nothing crackles while frames are slow, and the clock is
//! the audio's own. A native window is silent: its clock runs with [`Voice::tick`], so that tests can drive it.

use bevy::math::Vec3;

#[cfg(target_arch = "wasm32")]
pub(crate) use super::browser::voice::Voice;

/// A recording, and where in the world it is heard from.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Clip {
    /// Addresses to try in turn: Ogg Vorbis, then its MP3 twin.
    pub addresses: [String; 2],
    /// Length as the site's file has it, seconds; 0 where unknown. The recording's own length wins.
    pub secs: f64,
    /// Engine metres.
    pub at: Vec3,
}

/// How far a narration has come.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Clock {
    /// Seconds into the clip.
    pub at_secs: f64,
    /// Sound is coming out: loaded, not held, and the browser lets it.
    pub playing: bool,
    /// It has come to its end.
    pub ended: bool,
    /// Its recording is still on its way.
    pub awaited: bool,
    /// Why nothing will be heard of it.
    pub failed: Option<Fault>,
}

/// Why a narration cannot be heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// No address could be fetched and decoded.
    Missing,
    /// Nothing can be heard here at all: the browser has no Web Audio, or refuses it.
    #[cfg_attr(not(any(target_arch = "wasm32", test)), expect(dead_code, reason = "a native window expects no sound"))]
    NoSound,
}

/// A loop under the voice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Bed {
    River,
    Wind,
    Chains,
}

impl Bed {
    pub(crate) const ALL: [Self; 3] = [Self::River, Self::Wind, Self::Chains];

    /// File name under `ambience/`.
    pub(crate) const fn file(self) -> &'static str {
        match self {
            Self::River => "river.ogg",
            Self::Wind => "wind.ogg",
            Self::Chains => "chains.ogg",
        }
    }
}

#[cfg(not(target_arch = "wasm32"))]
pub(crate) use silent::Voice;

#[cfg(not(target_arch = "wasm32"))]
mod silent {
    use super::{Bed, Clip, Clock};
    use bevy::math::Vec3;

    /// A voice without sound, for native windows and tests.
    #[derive(Debug, Default)]
    pub(crate) struct Voice {
        clip: Option<(Clip, Clock)>,
        /// What every clip begins as; tests have some that never come or fail.
        pub(crate) fresh: Clock,
        /// Addresses of beds that could not be fetched and of which nobody has been told; filled by tests alone.
        pub(crate) lost: Vec<String>,
    }

    /// Length where the site's file has none, seconds.
    const UNKNOWN_SECS: f64 = 10.0;

    #[expect(clippy::unused_self, reason = "the browser's voice hears, is turned up and has beds; this one is silent")]
    impl Voice {
        /// Begins `clip` at `from_secs`, in place of whatever was heard.
        pub(crate) fn begin(&mut self, clip: &Clip, from_secs: f64) {
            let plays = !self.fresh.awaited && self.fresh.failed.is_none();
            let clock = Clock { at_secs: from_secs, playing: plays, ..self.fresh.clone() };
            self.clip = Some((clip.clone(), clock));
        }

        /// Holds the narration where it is.
        pub(crate) fn pause(&mut self) {
            if let Some((_, clock)) = &mut self.clip {
                clock.playing = false;
            }
        }

        /// Goes on where it was held.
        pub(crate) fn resume(&mut self) {
            if let Some((_, clock)) = &mut self.clip {
                clock.playing = !clock.ended && !clock.awaited && clock.failed.is_none();
            }
        }

        /// Ends the narration without a word.
        pub(crate) fn stop(&mut self) {
            self.clip = None;
        }

        /// How far the narration has come; `None` where there is none.
        pub(crate) fn clock(&self) -> Option<Clock> {
            self.clip.as_ref().map(|(_, clock)| clock.clone())
        }

        /// Lets so much time pass.
        pub(crate) fn tick(&mut self, secs: f64) {
            if let Some((clip, clock)) = &mut self.clip
                && clock.playing
            {
                let end_secs = if clip.secs > 0.0 { clip.secs } else { UNKNOWN_SECS };
                clock.at_secs = (clock.at_secs + secs).min(end_secs);
                clock.ended = clock.at_secs >= end_secs;
                clock.playing = !clock.ended;
            }
        }

        pub(crate) fn hear_from(&mut self, _at: Vec3, _ahead: Vec3, _up: Vec3) {}

        pub(crate) fn volumes(&mut self, _voice: f32, _ambience: f32) {}

        /// Addresses of beds that could not be fetched, each told once.
        pub(crate) fn lost(&mut self) -> Vec<String> {
            std::mem::take(&mut self.lost)
        }

        pub(crate) fn bed(&mut self, _bed: Bed, _address: &str, _at: Vec3, _gain: f32) {}
    }
}
