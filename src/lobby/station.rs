//! A station's page: reading and listening count there as walking does in the scene.

use crate::attention::Glance;
use crate::here::Here;
use crate::house::Shared;
use crate::{dom, page, plaque, voice, watch, words};
use heritage::{Outline, StationId, Way};
use std::rc::Rc;

/// Makes the page live.
pub fn begin(house: &Shared, site: &Outline) {
    let Some(route) = site.routes.iter().find(|route| route.id.as_str() == house.page.route) else { return };
    let Some(place) = dom::document().query_selector("main").ok().flatten() else { return };
    let Ok(id) = StationId::new(&house.page.station) else { return };
    let Some(here) = Here::begin(house, site, route, &id, Way::Page, place) else { return };
    keep_tap(house, &here);
    let voices = voice::begin(&here, site);
    let in_view = watch::follow(&dom::hooks_in(&here.place, "transcript"));
    let glance = move || Glance {
        visible: page::is_visible(),
        in_view: in_view.borrow().iter().any(|in_view| *in_view),
        listening: voices.are_playing(),
    };
    let counting = Rc::clone(&here);
    watch::begin(glance, move |read_secs, present_secs| counting.stay(read_secs, present_secs));
    let here = [here];
    watch::write_down(&here);
    plaque::begin(house, &here, |_| {});
}

/// Keeps the tap that opened the page, and takes it out of the address: each tap is shown once.
fn keep_tap(house: &Shared, here: &Here) {
    let location = dom::window().location();
    let (Ok(search), Ok(path)) = (location.search(), location.pathname()) else { return };
    let Some(tap) = plaque::tapped(&search, page::now_ms() as i64) else { return };
    here.prove(tap);
    page::notice(words::TAG_KEPT.get(house.page.lang));
    if let Ok(history) = dom::window().history() {
        history.replace_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some(&path)).ok();
    }
}
