//! Narration on pages: counts what is heard of an `<audio>`, and shows its captions.

use crate::here::Here;
use crate::listening::Listening;
use crate::{dom, page, platform};
use heritage::{Outline, PointId};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::{Element, HtmlMediaElement, TextTrackMode, VttCue};

/// The narrations of one station.
pub struct Voices {
    clips: Vec<(PointId, HtmlMediaElement)>,
}

impl Voices {
    /// One of them is playing.
    pub fn are_playing(&self) -> bool {
        self.clips.iter().any(|(_, clip)| !clip.paused() && !clip.ended())
    }

    /// All of them, with the points that they tell, in telling order.
    pub fn clips(&self) -> &[(PointId, HtmlMediaElement)] {
        &self.clips
    }

    /// The one that tells `point`.
    pub fn clip(&self, point: &PointId) -> Option<&HtmlMediaElement> {
        self.clips.iter().find(|(told, _)| told == point).map(|(_, clip)| clip)
    }
}

/// Counts every narration of the station, and shows captions; one voice at a time.
pub fn begin(here: &Rc<Here>, site: &Outline) -> Voices {
    let mut clips = Vec::new();
    for element in dom::hooks_in(&here.place, "narration") {
        let point = element.get_attribute("data-point").and_then(|point| PointId::new(&point).ok());
        let clip = element.dyn_into::<HtmlMediaElement>().ok();
        let (Some(point), Some(clip)) = (point, clip) else { continue };
        count(here, &point, &clip);
        caption(here, &point, &clip);
        announce(here, site, &clip);
        clips.push((point, clip));
    }
    Voices { clips }
}

fn count(here: &Rc<Here>, point: &PointId, clip: &HtmlMediaElement) {
    let listening = Rc::new(RefCell::new(Listening::default()));
    let last_ms = Rc::new(Cell::new(page::since_open_ms()));
    let (here, point, counted) = (Rc::clone(here), point.clone(), clip.clone());
    let tick = move || {
        let now_ms = page::since_open_ms();
        if !counted.paused() {
            crate::kiosk::sign_of_life();
        }
        let elapsed_secs = (now_ms - last_ms.replace(now_ms)) / 1000.0;
        if let Some(heard) = listening.borrow_mut().tick(counted.current_time(), elapsed_secs) {
            here.hear(&point, &[heard]);
        }
        if counted.paused() || counted.seeking() {
            listening.borrow_mut().pause();
        }
    };
    for kind in ["timeupdate", "pause", "ended", "seeking", "play"] {
        let tick = tick.clone();
        dom::on(clip, kind, move |_| tick());
    }
    let begun = clip.clone();
    dom::on(clip, "play", move |_| {
        for other in dom::hooks("narration") {
            if let Some(other) = other.dyn_ref::<HtmlMediaElement>().filter(|other| **other != begun) {
                other.pause().ok();
            }
        }
    });
}

/// While it plays, the lock screen names the station and can hold or resume it.
fn announce(here: &Rc<Here>, site: &Outline, clip: &HtmlMediaElement) {
    let lang = here.house.page.lang;
    let (title, album) = (here.station.title.get(lang).to_owned(), site.title.get(lang).to_owned());
    let (playing, pausing) = (clip.clone(), clip.clone());
    let play = dom::function(move |_| {
        playing.play().ok();
    });
    let pause = dom::function(move |_| {
        pausing.pause().ok();
    });
    dom::on(clip, "play", move |_| platform::announce(&title, &album, &play, &pause));
    for kind in ["pause", "ended"] {
        dom::on(clip, kind, |_| platform::hush());
    }
}

fn caption(here: &Here, point: &PointId, clip: &HtmlMediaElement) {
    let selector = format!("[data-hook=\"caption\"][data-point=\"{point}\"]");
    let line: Option<Element> = here.place.query_selector(&selector).ok().flatten();
    let (Some(line), Some(track)) = (line, clip.text_tracks().and_then(|tracks| tracks.get(0))) else { return };
    // Hidden tracks still tell their cues; the line under the player shows them, as `<audio>` itself cannot.
    track.set_mode(TextTrackMode::Hidden);
    let spoken = track.clone();
    dom::on(&track, "cuechange", move |_| {
        let cue = spoken.active_cues().and_then(|cues| cues.get(0));
        let text = cue.and_then(|cue| cue.dyn_into::<VttCue>().ok()).map(|cue| cue.text()).unwrap_or_default();
        dom::say(&line, &text);
    });
}
