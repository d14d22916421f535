//! On foot: the same stations on the ground. Follows the phone's position only after consent; the trace never leaves this page.

mod guide;
mod light;
mod plan;
mod say;
mod stay;
mod telling;

use crate::attention::Glance;
use crate::cards::Cards;
use crate::here::Here;
use crate::house::Shared;
use crate::voice::{self, Voices};
use crate::{dom, page, plaque, platform, standing, words};
use guide::Guide;
use heritage::geodesy::{EastNorthUp, Wgs84};
use heritage::geofence::{Fix, Geofence, Said};
use heritage::{Outline, Proof, StationId, Way};
use js_sys::Function;
use light::Light;
use stay::Stay;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;
use wasm_bindgen::prelude::*;

/// A walk on the ground as this page knows it.
pub struct Foot {
    house: Shared,
    site: Outline,
    cards: Cards,
    voices: Vec<Voices>,
    guide: RefCell<Guide>,
    geofence: RefCell<Geofence>,
    /// Where the last good fix put the visitor, while the position is followed.
    place: Cell<Option<EastNorthUp>>,
    /// Time at each station, by fixes and by the page.
    stays: RefCell<BTreeMap<StationId, Stay>>,
    /// What ends following, while it runs.
    following: RefCell<Option<Function>>,
    light: Rc<Light>,
}

/// Makes the page live.
pub fn begin(house: &Shared, site: Outline) {
    let Some(cards) = Cards::begin(house, &site, Way::Foot) else { return };
    let foot = Rc::new(Foot {
        house: house.clone(),
        voices: cards.heres.iter().map(|here| voice::begin(here, &site)).collect(),
        guide: RefCell::default(),
        geofence: RefCell::new(Geofence::of_site(&site)),
        place: Cell::default(),
        site,
        cards,
        stays: RefCell::default(),
        following: RefCell::default(),
        light: Rc::default(),
    });
    telling::begin(&foot);
    let proved = Rc::clone(&foot);
    plaque::begin(house, &foot.cards.heres, move |id| proved.open_card(id));
    for button in dom::hooks("open-card") {
        let Some(id) = button.get_attribute("data-station").and_then(|id| StationId::new(&id).ok()) else { continue };
        let opening = Rc::clone(&foot);
        dom::on(&button, "click", move |_| opening.open_card(&id));
    }
    let beginning = Rc::clone(&foot);
    dom::on_press("foot-begin", move |_| beginning.follow());
    let ending = Rc::clone(&foot);
    dom::on_press("foot-stop", move |_| ending.stop());
    let woken = Rc::clone(&foot);
    dom::on(&dom::document(), "visibilitychange", move |_| woken.wake());
    // Over plain http a browser says no more than that it was not allowed to; the true cause is said here.
    if !dom::window().is_secure_context() {
        foot.cannot_follow(words::POSITION_NEEDS_HTTPS);
    } else if !platform::can_follow() {
        foot.cannot_follow(words::POSITION_MISSING);
    }
    // Reading counts as on any page; time at a station comes from the fixes where there are any.
    let (listening, present) = (Rc::clone(&foot), Rc::clone(&foot));
    let seen = move |glance| Glance { listening: listening.voices.iter().any(Voices::are_playing), ..glance };
    foot.cards.count(seen, move |read_secs, present_secs| {
        let open = present.cards.open();
        let Some(here) = open.as_ref().and_then(|id| present.cards.here(id)) else { return };
        here.stay(read_secs, present.stayed(&here.station.id, |stay| stay.by_page_secs += present_secs));
    });
}

impl Foot {
    fn open_card(&self, id: &StationId) {
        self.cards.show(id);
        if let Some(choice) =
            dom::hook("plaque-station").and_then(|it| it.dyn_into::<web_sys::HtmlSelectElement>().ok())
        {
            choice.set_value(id.as_str());
        }
        if let Some(here) = self.cards.here(id) {
            here.place.scroll_into_view();
        }
    }

    /// Begins to follow the position, after the visitor's consent by pressing the button.
    fn follow(self: &Rc<Self>) {
        if self.following.borrow().is_some() || !platform::can_follow() {
            return;
        }
        dom::say_at("foot-where", words::SEEKING.get(self.house.page.lang));
        let hearing = Rc::clone(self);
        let found = Closure::<dyn FnMut(f64, f64, f64)>::new(move |lat_deg: f64, lon_deg: f64, accuracy_m: f64| {
            hearing.hear(lat_deg, lon_deg, accuracy_m);
        });
        let losing = Rc::clone(self);
        let lost = Closure::<dyn FnMut(u16)>::new(move |code: u16| losing.lost(code));
        let (found, lost) = (found.into_js_value(), lost.into_js_value());
        self.following.replace(Some(platform::follow(found.unchecked_ref(), lost.unchecked_ref())));
        dom::show_at("foot-begin", false);
        dom::show_at("foot-stop", true);
        dom::show_at("foot-live", true);
        self.light.keep(&self.house);
    }

    fn stop(&self) {
        self.end();
        dom::say_at("foot-where", words::NOT_FOLLOWING.get(self.house.page.lang));
    }

    /// Ends following: no position is read, no story begins by itself, and the screen may dim again.
    fn end(&self) {
        if let Some(end) = self.following.take() {
            end.call0(&JsValue::NULL).ok();
        }
        self.geofence.borrow_mut().pause();
        self.place.set(None);
        self.light.release();
        plan::forget();
        dom::show_at("foot-begin", true);
        dom::show_at("foot-stop", false);
    }

    /// Following cannot even be asked for; the visit goes on without.
    fn cannot_follow(&self, why: words::Text) {
        dom::show_at("foot-begin", false);
        dom::show_at("foot-live", true);
        dom::say_at("foot-where", why.get(self.house.page.lang));
    }

    /// A screen that was off has lost its light and maybe fixes; both begin anew.
    fn wake(&self) {
        if page::is_visible() && self.following.borrow().is_some() {
            self.light.keep(&self.house);
        }
    }

    /// No position: refused (1), unavailable (2) or too slow (3). The visit goes on without.
    fn lost(&self, code: u16) {
        let text = match code {
            1 => words::POSITION_REFUSED,
            2 => words::POSITION_MISSING,
            _ => words::POSITION_SLOW,
        };
        if code == 1 {
            self.end();
        }
        dom::say_at("foot-where", text.get(self.house.page.lang));
        dom::show_at("foot-live", true);
    }

    fn hear(self: &Rc<Self>, lat_deg: f64, lon_deg: f64, accuracy_m: f64) {
        let lang = self.house.page.lang;
        let Ok(position) = Wgs84::new(lat_deg, lon_deg) else { return };
        let fix = Fix { at_ms: page::since_open_ms() as i64, position, accuracy_m };
        let said = self.geofence.borrow_mut().hear(fix);
        dom::say_at("foot-sure", &say::sureness(lang, accuracy_m));
        let place = self.geofence.borrow().place(position);
        let (mut ignored, mut arrived, mut jumped) = (false, false, false);
        for one in &said {
            match one {
                Said::Arrived { .. } => arrived = true,
                Said::Ignored { .. } => ignored = true,
                Said::Jumped { distance_m, .. } => {
                    jumped = true;
                    dom::say_at("foot-said", &say::jumped(lang, *distance_m));
                }
                Said::Judged { datum } => dom::say_at("foot-datum", say::datum(*datum).get(lang)),
                Said::Departed { .. } | Said::Stale => {}
            }
        }
        self.keep_proofs();
        if ignored {
            dom::say_at("foot-where", &say::ignored(lang, accuracy_m));
            return;
        }
        plan::show(place, accuracy_m);
        self.say_where(place);
        // A jump waits for the fix that bears it out; until then nothing is told by it.
        if !jumped {
            self.place.set(Some(place));
            self.tell(arrived);
        }
    }

    /// The summaries of the stations where the visitor is, and the time spent there since the last fix.
    fn keep_proofs(&self) {
        let geofence = self.geofence.borrow();
        for id in geofence.here() {
            let (Some(proof), Some(here)) = (geofence.proof(id), self.cards.here(id)) else { continue };
            if let Proof::Fix { dwell_secs, .. } = proof {
                here.stay(0.0, self.stayed(id, |stay| stay.by_fixes_secs = dwell_secs));
            }
            here.prove(proof);
        }
    }

    /// Seconds by which a change lengthens the time at a station.
    fn stayed(&self, id: &StationId, change: impl FnOnce(&mut Stay)) -> f64 {
        let mut stays = self.stays.borrow_mut();
        let stay = stays.entry(id.clone()).or_default();
        let before_secs = stay.secs();
        change(stay);
        (stay.secs() - before_secs).max(0.0)
    }

    fn say_where(&self, place: EastNorthUp) {
        let lang = self.house.page.lang;
        let at: Vec<String> = {
            let geofence = self.geofence.borrow();
            geofence.here().filter_map(|id| Some(self.site.station(id)?.title.get(lang).to_owned())).collect()
        };
        let nearest = self
            .site
            .stations
            .iter()
            .min_by(|a, b| place.level_distance_m(a.position).total_cmp(&place.level_distance_m(b.position)));
        let text = match (at.is_empty(), nearest) {
            (false, _) => say::at(lang, &at),
            (true, Some(nearest)) => {
                let distance_m = place.level_distance_m(nearest.position);
                say::outside(lang, nearest.title.get(lang), distance_m, place.bearing_deg(nearest.position))
            }
            (true, None) => String::new(),
        };
        dom::say_at("foot-where", &text);
        let foot_next = self.next().map(|here| {
            let (title, to) = (here.station.title.get(lang), here.station.position);
            say::next(lang, title, place.level_distance_m(to), place.bearing_deg(to))
        });
        dom::say_at("foot-next", &foot_next.unwrap_or_else(|| words::ALL_DONE.get(lang).to_owned()));
    }

    /// The first station of the route that has not been completed yet, in this way or another.
    fn next(&self) -> Option<&Rc<Here>> {
        let progress = self.house.progress.borrow();
        let site = self.site.id.as_str();
        self.cards.heres.iter().find(|here| {
            standing::state(site, here.station.id.as_str(), &here.visit(), progress.as_ref()) < standing::State::Done
        })
    }
}
