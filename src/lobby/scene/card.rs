//! The story card: what is told at a station, its question and its requirements, beside the scene; and the caption line.

use super::{Narration, Scene, answering, sheet, stage, tell};
use crate::{cues, dom, network, platform, words};
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
    let fresh = scene.cards.show(station);
    dom::show(&panel, true);
    mark_panel(true);
    let Some(here) = scene.here(station) else { return };
    if fresh {
        panel.set_scroll_top(0);
        // Who arrives goes on looking; who asks for a text reads.
        sheet::raise(point.is_some());
        let history = dom::window().history();
        if let Ok(history) = history {
            // A reload comes back to this station.
            history.replace_state_with_url(&JsValue::NULL, "", Some(&format!("#{station}"))).ok();
        }
    }
    // An account that follows by itself does not take the visitor from the question.
    if let Some(point) = point.filter(|_| !answering::is_at(here)) {
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
    scene.cards.forget();
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
    let open = scene.cards.open();
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
            if let Some(word) = dom::hook_in(&button, "play-word") {
                dom::say(&word, if on { words::PAUSE } else { words::PLAY }.get(lang));
            }
        }
        announce(scene, point, playing);
    }
    let Some(line) = dom::hook("scene-caption") else { return };
    progress(scene, point, at_secs);
    let known = scene.cues.borrow().get(point).map(|cues| cues::at(cues, at_secs).unwrap_or_default().to_owned());
    match known {
        Some(text) => caption(&line, if playing || !text.is_empty() { &text } else { "" }),
        None => fetch(scene, point),
    }
}

/// How far the narration has come, in the head of its station's card; its length is that of its captions.
fn progress(scene: &Scene, point: &PointId, at_secs: f64) {
    let whole_secs = scene.cues.borrow().get(point).map_or(0.0, |cues| vtt::spoken_secs(cues));
    let here = scene.site.telling(point).and_then(|station| scene.here(&station.id));
    if let Some(bar) = here.and_then(|here| dom::hook_in(&here.place, "told"))
        && whole_secs > 0.0
    {
        dom::set(&bar, "value", &words::figure((at_secs / whole_secs).clamp(0.0, 1.0), 3));
    }
}

/// The lock screen names what is told and can hold or resume it.
fn announce(scene: &Rc<Scene>, point: &PointId, playing: bool) {
    let Some(station) = scene.site.telling(point).filter(|_| playing) else {
        platform::hush();
        return;
    };
    let lang = scene.house.page.lang;
    let asked = Told::Play { point: point.clone(), from_secs: None };
    let play = dom::function(move |_| tell(&asked));
    let pause = dom::function(|_| tell(&Told::Pause));
    platform::announce(station.title.get(lang), scene.site.title.get(lang), &play, &pause);
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
