//! The story card: what is told at a station, its question and its requirements, beside the scene; and the caption line.

use super::{Narration, Scene, stage, tell};
use crate::{cues, dom, network, words};
use heritage::{PointId, StationId, vtt};
use protocol::bridge::Told;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::Element;

/// Makes the cards' own buttons live.
pub fn begin(scene: &Rc<Scene>) {
    for button in dom::hooks("card-close") {
        let closing = Rc::clone(scene);
        dom::on(&button, "click", move |_| close(&closing));
    }
    for button in dom::hooks("play") {
        let Some(point) = button.get_attribute("data-point").and_then(|point| PointId::new(&point).ok()) else {
            continue;
        };
        let playing = Rc::clone(scene);
        dom::on(&button, "click", move |_| play_or_pause(&playing, &point));
    }
}

/// Opens the card of a station, at a story point if one is asked for.
pub fn open(scene: &Rc<Scene>, station: &StationId, point: Option<&PointId>) {
    let Some(panel) = dom::hook("panel") else { return };
    let fresh = scene.open.replace(Some(station.clone())).as_ref() != Some(station);
    for here in &scene.heres {
        dom::show(&here.place, here.station.id == *station);
    }
    dom::show(&panel, true);
    mark_panel(true);
    let Some(here) = scene.here(station) else { return };
    if fresh {
        panel.set_scroll_top(0);
        let history = dom::window().history();
        if let Ok(history) = history {
            // A reload comes back to this station.
            history.replace_state_with_url(&JsValue::NULL, "", Some(&format!("#{station}"))).ok();
        }
    }
    if let Some(point) = point {
        let telling = here.place.query_selector(&format!("article[data-point=\"{point}\"]")).ok().flatten();
        if let Some(telling) = telling {
            telling.scroll_into_view();
            let heading = telling.query_selector("h3").ok().flatten();
            if let Some(heading) = heading.and_then(|heading| heading.dyn_into::<web_sys::HtmlElement>().ok()) {
                heading.focus().ok();
            }
        }
    }
    if let Some(station_link) = dom::hook("failure-read") {
        let scene_path = format!("{}/{station}/", scene.site.id);
        dom::set(&station_link, "href", &scene.house.page.at(&scene_path));
    }
}

/// Closes the card; the scene takes the keyboard again.
pub fn close(scene: &Scene) {
    scene.open.replace(None);
    dom::show_at("panel", false);
    mark_panel(false);
    stage::focus_canvas();
}

fn mark_panel(open: bool) {
    if let Some(stage) = dom::hook("stage") {
        dom::set(&stage, "data-panel", if open { "open" } else { "closed" });
    }
}

/// Plays a narration, or holds the one that plays.
pub fn play_or_pause(scene: &Scene, point: &PointId) {
    let playing = scene.narration.borrow().as_ref().is_some_and(|it| it.playing && it.point == *point);
    if playing {
        tell(&Told::Pause);
    } else {
        tell(&Told::Play { point: point.clone(), from_secs: None });
    }
}

/// The narration of the moment on or off: the one last heard, or the first of the open card.
pub fn play_or_pause_any(scene: &Scene) {
    let last = scene.narration.borrow().as_ref().map(|narration| narration.point.clone());
    let open = scene.open.borrow().clone();
    let first = || open.as_ref().and_then(|id| scene.site.station(id)).and_then(|it| it.points.first()).cloned();
    if let Some(point) = last.or_else(first) {
        play_or_pause(scene, &point);
    }
}

/// Follows the scene's narration clock: buttons and the caption line.
pub fn narrating(scene: &Rc<Scene>, point: &PointId, at_secs: f64, playing: bool) {
    let now = Narration { point: point.clone(), playing };
    if scene.narration.replace(Some(now.clone())) != Some(now) {
        let lang = scene.house.page.lang;
        for button in dom::hooks("play") {
            let on = playing && button.get_attribute("data-point").as_deref() == Some(point.as_str());
            dom::set(&button, "aria-pressed", if on { "true" } else { "false" });
            dom::say(&button, if on { words::PAUSE } else { words::PLAY }.get(lang));
        }
    }
    let Some(line) = dom::hook("scene-caption") else { return };
    let known = scene.cues.borrow().get(point).map(|cues| cues::at(cues, at_secs).unwrap_or_default().to_owned());
    match known {
        Some(text) => caption(&line, if playing || !text.is_empty() { &text } else { "" }),
        None => fetch(scene, point),
    }
}

fn caption(line: &Element, text: &str) {
    dom::say(line, text);
    dom::show(line, !text.is_empty());
}

fn fetch(scene: &Rc<Scene>, point: &PointId) {
    // An empty list until it has come keeps it from being asked for again with every tick.
    scene.cues.borrow_mut().insert(point.clone(), Vec::new());
    let (scene, point) = (Rc::clone(scene), point.clone());
    scene.house.clone().spawn(async move |house| {
        let address = format!("{}captions/{}/{point}.vtt", house.page.root, house.page.lang.code());
        let text = network::file(&address).await.unwrap_or_default();
        if let Ok(cues) = vtt::parse(&text) {
            scene.cues.borrow_mut().insert(point, cues);
        }
    });
}
