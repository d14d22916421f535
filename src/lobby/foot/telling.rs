//! Telling on the ground: begins what is untold where the visitor is, and goes on when a voice has ended.

use super::guide::{Step, Voice};
use super::{Foot, say};
use crate::voice::Voices;
use crate::{dom, words};
use heritage::geodesy::EastNorthUp;
use heritage::{PointId, StationId, StationOutline, Way};
use std::rc::Rc;
use wasm_bindgen_futures::JsFuture;
use web_sys::HtmlMediaElement;

/// Hears the voices begin and end, whoever began them.
pub fn begin(foot: &Rc<Foot>) {
    for (here, voices) in foot.cards.heres.iter().zip(&foot.voices) {
        for (point, clip) in voices.clips() {
            let (beginning, station, told) = (Rc::clone(foot), here.station.clone(), point.clone());
            dom::on(clip, "play", move |_| {
                let lang = beginning.house.page.lang;
                beginning.guide.borrow_mut().begun(&station.id, &told);
                dom::say_at("foot-said", &say::telling(lang, station.title.get(lang)));
            });
            let ended = Rc::clone(foot);
            dom::on(clip, "ended", move |_| ended.tell(false));
        }
    }
}

impl Foot {
    /// Tells what is untold where the visitor is; `arrived` at a station just now or not.
    pub(super) fn tell(self: &Rc<Self>, arrived: bool) {
        let Some(place) = self.place.get() else { return };
        let lang = self.house.page.lang;
        let (at, voice) = (self.at(place), self.voice(place));
        let completed =
            |station: &StationOutline| self.cards.here(&station.id).is_some_and(|it| it.visit().is_done(Way::Foot));
        let open: Vec<_> = at.iter().copied().filter(|station| !completed(station)).collect();
        let step = self.guide.borrow().next(&open, voice);
        match (step, at.first()) {
            (Step::Begin(station, point), _) => self.begin_telling(&station.id, point),
            (Step::After(station), _) => dom::say_at("foot-said", &say::told_after(lang, station.title.get(lang))),
            (Step::Rest, Some(nearest)) if arrived => {
                let title = nearest.title.get(lang);
                match voice {
                    Voice::Speaking => {}
                    Voice::Held => dom::say_at("foot-said", &say::held(lang, title)),
                    Voice::Silent => {
                        self.open_card(&nearest.id);
                        dom::say_at("foot-said", &say::arrived(lang, title));
                    }
                }
            }
            (Step::Rest, _) => {}
        }
    }

    /// The stations where the visitor is, the nearest first.
    fn at(&self, place: EastNorthUp) -> Vec<&StationOutline> {
        let geofence = self.geofence.borrow();
        let from = |station: &StationOutline| place.level_distance_m(station.position);
        let mut at: Vec<&StationOutline> = Vec::new();
        for station in geofence.here().filter_map(|id| self.site.station(id)) {
            let nearer = at.iter().take_while(|other| from(other) <= from(station)).count();
            at.insert(nearer, station);
        }
        at
    }

    /// How the voices stand for a visitor at `place`: one that is held is let go of by walking out of its station's radius.
    fn voice(&self, place: EastNorthUp) -> Voice {
        if self.voices.iter().any(Voices::are_playing) {
            return Voice::Speaking;
        }
        let guide = self.guide.borrow();
        let Some((id, point)) = guide.last() else { return Voice::Silent };
        let is_there = |station: &StationOutline| place.level_distance_m(station.position) <= station.radius_m;
        let unfinished = self.clip(id, point).is_some_and(|clip| !clip.ended());
        if unfinished && self.site.station(id).is_some_and(is_there) { Voice::Held } else { Voice::Silent }
    }

    fn clip(&self, station: &StationId, point: &PointId) -> Option<&HtmlMediaElement> {
        let index = self.cards.heres.iter().position(|here| here.station.id == *station)?;
        self.voices.get(index)?.clip(point)
    }

    fn begin_telling(self: &Rc<Self>, id: &StationId, point: &PointId) {
        let lang = self.house.page.lang;
        // Within a station the card stays as the visitor has it.
        let goes_on = self.guide.borrow().last().is_some_and(|(station, _)| station == id);
        if !goes_on {
            self.open_card(id);
        }
        self.guide.borrow_mut().begun(id, point);
        let Some(clip) = self.clip(id, point).cloned() else { return };
        let foot = Rc::clone(self);
        self.house.spawn(async move |_| {
            let begun = clip.play();
            if let Ok(begun) = begun
                && JsFuture::from(begun).await.is_ok()
            {
                return;
            }
            // A browser may ask for a touch first, or the clip cannot be fetched; the player with its button is on the card.
            clip.pause().ok();
            if clip.network_state() == HtmlMediaElement::NETWORK_NO_SOURCE {
                clip.load();
            }
            // Another voice that the visitor has begun meanwhile stops this one, and needs no words.
            if !foot.voices.iter().any(Voices::are_playing) {
                dom::say_at("foot-said", words::PRESS_TO_LISTEN.get(lang));
            }
        });
    }
}
