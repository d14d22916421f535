//! The scene's tools: ways of moving, the two states of the place, lens, measuring, stations, settings, help, and keys.

use super::{Scene, card, measure, stage, tell};
use crate::keys::{self, Asked};
use crate::store::Settings;
use crate::wire::ToJson;
use crate::{dom, words};
use heritage::StationId;
use heritage::scene::Era;
use protocol::bridge::{Mode, Tier, Told};
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::{Element, HtmlInputElement, HtmlSelectElement, KeyboardEvent};

const MODES: [(&str, Mode); 3] =
    [("mode-around", Mode::Around), ("mode-foot", Mode::Foot), ("mode-guided", Mode::Guided)];
const ERAS: [(&str, Era); 2] = [("era-1935", Era::Y1935), ("era-today", Era::Today)];
const TIERS: [(&str, Tier); 3] = [("floor", Tier::Floor), ("middle", Tier::Middle), ("high", Tier::High)];

/// Makes all of them live.
pub fn begin(scene: &Rc<Scene>) {
    let press = |hook: &str, asked: fn(&Rc<Scene>)| {
        let scene = Rc::clone(scene);
        dom::on_press(hook, move |_| asked(&scene));
    };
    for (hook, mode) in MODES {
        dom::on_press(hook, move |_| tell(&Told::Move { mode }));
    }
    for (hook, era) in ERAS {
        dom::on_press(hook, move |_| tell(&Told::ShowEra { era }));
    }
    press("hold", |scene| hold_or_go_on(scene));
    press("lens", |scene| tell(&Told::Lens { on: !scene.lens.get() }));
    press("measure", |scene| measure::switch(scene, !scene.measuring.get()));
    press("more", |_| show_more(!has_more()));
    if let Some(more) = dom::hook("more-tools") {
        dom::on(&more, "click", |_| show_more(false));
    }
    press("stations", |_| open("stations-dialog"));
    press("settings", |_| open("settings-dialog"));
    press("help", |_| open("help-dialog"));
    for button in dom::hooks("dialog-close") {
        let sheet = button.closest("dialog").ok().flatten();
        dom::on(&button, "click", move |_| {
            if let Some(sheet) = &sheet {
                dom::close(sheet);
            }
        });
    }
    for button in dom::hooks("go-to") {
        let Some(id) = button.get_attribute("data-station").and_then(|id| StationId::new(&id).ok()) else { continue };
        let scene = Rc::clone(scene);
        dom::on(&button, "click", move |_| go_to(&scene, &id));
    }
    settings(scene);
    listen_to_keys(scene);
}

fn open(dialog: &str) {
    if let Some(dialog) = dom::hook(dialog) {
        dom::open(&dialog);
    }
}

/// Holds voice and guided movement, or lets both go on.
fn hold_or_go_on(scene: &Scene) {
    tell(&if scene.held.get() { Told::Resume } else { Told::Pause });
}

fn has_more() -> bool {
    dom::hook("tools").is_some_and(|tools| tools.get_attribute("data-more").as_deref() == Some("open"))
}

/// On a phone the rarer tools stand under a button; on a laptop they stand in the row.
fn show_more(open: bool) {
    if let (Some(tools), Some(button)) = (dom::hook("tools"), dom::hook("more")) {
        dom::set(&tools, "data-more", if open { "open" } else { "" });
        dom::set(&button, "aria-expanded", if open { "true" } else { "false" });
    }
}

fn go_to(scene: &Rc<Scene>, id: &StationId) {
    if let Some(dialog) = dom::hook("stations-dialog") {
        dom::close(&dialog);
    }
    tell(&Told::GoTo { station: id.clone() });
    card::open(scene, id, None);
}

/// Shows which of them are on.
pub fn show(scene: &Scene) {
    let pressed = |hook: &str, on: bool| {
        if let Some(button) = dom::hook(hook) {
            dom::set(&button, "aria-pressed", if on { "true" } else { "false" });
        }
    };
    for (hook, mode) in MODES {
        pressed(hook, scene.mode.get() == mode);
    }
    for (hook, era) in ERAS {
        pressed(hook, scene.era.get() == era);
    }
    pressed("hold", scene.held.get());
    dom::show_at("hold", scene.mode.get() == Mode::Guided);
    pressed("lens", scene.lens.get());
    pressed("measure", scene.measuring.get());
    dom::show_at("measure-panel", scene.measuring.get());
    dom::show_at("lens-panel", scene.lens.get());
}

/// Says which quality is in force, and whether it was measured.
pub fn quality(scene: &Scene, tier: Tier, measured: bool) {
    let code = TIERS.iter().find(|(_, one)| *one == tier).map_or("", |(code, _)| code);
    if let Some(stage) = dom::hook("stage") {
        dom::set(&stage, "data-tier", code);
    }
    dom::say_at("quality-said", words::quality(scene.house.page.lang, tier, measured));
}

/// Tells the scene the settings that last.
pub fn tell_settings(scene: &Scene) {
    let Settings { voice, ambience, tier, .. } = scene.settings.get();
    tell(&Told::Volume { voice, ambience });
    tell(&Told::Comfort { reduced_motion: reduced_motion(scene) });
    if tier.is_some() {
        tell(&Told::Quality { tier });
    }
}

/// Changes what lasts, and writes it down if it is a change.
pub fn keep(scene: &Scene, change: impl FnOnce(&mut Settings)) {
    let before = scene.settings.get();
    let mut settings = before;
    change(&mut settings);
    scene.settings.set(settings);
    if settings != before {
        scene.house.spawn(async move |house| {
            house.store.set_meta("settings", settings.to_json()).await.ok();
        });
    }
}

fn reduced_motion(scene: &Scene) -> bool {
    let system = || {
        let query = dom::window().match_media("(prefers-reduced-motion: reduce)").ok().flatten();
        query.is_some_and(|query| query.matches())
    };
    scene.settings.get().reduced_motion.unwrap_or_else(system)
}

fn settings(scene: &Rc<Scene>) {
    let input = |hook: &str| dom::hook(hook).and_then(|it| it.dyn_into::<HtmlInputElement>().ok());
    let kept = scene.settings.get();
    if let Some(range) = input("volume-voice") {
        range.set_value_as_number(f64::from(kept.voice));
    }
    if let Some(range) = input("volume-ambience") {
        range.set_value_as_number(f64::from(kept.ambience));
    }
    if let Some(check) = input("reduced-motion") {
        check.set_checked(reduced_motion(scene));
    }
    if let Some(choice) = dom::hook("quality").and_then(|it| it.dyn_into::<HtmlSelectElement>().ok()) {
        let code = TIERS.iter().find(|(_, tier)| kept.tier == Some(*tier)).map_or("auto", |(code, _)| code);
        choice.set_value(code);
    }
    let change = move |scene: &Rc<Scene>, hook: &'static str, of: fn(&mut Settings, &Element)| {
        let Some(control) = dom::hook(hook) else { return };
        let (scene, changed) = (Rc::clone(scene), control.clone());
        dom::on(&control, "input", move |_| {
            keep(&scene, |settings| of(settings, &changed));
            tell_settings(&scene);
            if hook == "quality" {
                tell(&Told::Quality { tier: scene.settings.get().tier });
            }
        });
    };
    change(scene, "volume-voice", |settings, it| settings.voice = loudness(it));
    change(scene, "volume-ambience", |settings, it| settings.ambience = loudness(it));
    change(scene, "reduced-motion", |settings, it| {
        settings.reduced_motion = it.dyn_ref::<HtmlInputElement>().map(HtmlInputElement::checked);
    });
    change(scene, "quality", |settings, it| {
        let code = it.dyn_ref::<HtmlSelectElement>().map(HtmlSelectElement::value).unwrap_or_default();
        settings.tier = TIERS.iter().find(|(one, _)| *one == code).map(|(_, tier)| *tier);
    });
}

fn loudness(control: &Element) -> f32 {
    control.dyn_ref::<HtmlInputElement>().map_or(1.0, |it| it.value_as_number() as f32).clamp(0.0, 1.0)
}

fn listen_to_keys(scene: &Rc<Scene>) {
    let scene = Rc::clone(scene);
    dom::on(&dom::window(), "keydown", move |event| {
        let Some(key) = event.dyn_ref::<KeyboardEvent>() else { return };
        if key.ctrl_key() || key.alt_key() || key.meta_key() {
            return;
        }
        let target = key.target().and_then(|target| target.dyn_into::<Element>().ok());
        let on = |selector: &str| target.as_ref().is_some_and(|it| it.closest(selector).ok().flatten().is_some());
        let on_canvas = on("#scene-canvas");
        let scrolls = matches!(
            key.key().as_str(),
            " " | "ArrowUp" | "ArrowDown" | "ArrowLeft" | "ArrowRight" | "PageUp" | "PageDown"
        );
        if on_canvas && scrolls {
            // The scene moves by these keys; the page must not scroll under it.
            event.prevent_default();
        }
        let Some(asked) = keys::asked(&key.key()) else { return };
        let writing = on("input:not([type=radio]):not([type=checkbox]):not([type=range]), textarea, select");
        if writing || on("dialog") || (on_canvas && keys::is_heard_by_scene(asked)) {
            return;
        }
        // Enter and Space belong to whatever control has the focus.
        if matches!(asked, Asked::Open | Asked::Play) && on("a, button, input, summary") {
            return;
        }
        if scene.ready.get() || asked == Asked::Help {
            obey(&scene, asked);
        }
    });
}

fn obey(scene: &Rc<Scene>, asked: Asked) {
    match asked {
        Asked::Move(mode) => {
            tell(&Told::Move { mode: mode.unwrap_or_else(|| keys::next_mode(scene.mode.get())) });
        }
        Asked::Era => tell(&Told::ShowEra { era: scene.era.get().other() }),
        Asked::Lens => tell(&Told::Lens { on: !scene.lens.get() }),
        Asked::Measure => measure::switch(scene, !scene.measuring.get()),
        Asked::Station { forward } => step(scene, forward),
        Asked::Open => {
            let here = scene.arrived.borrow().clone();
            if let Some(here) = here {
                card::open(scene, &here, None);
            }
        }
        // Led, the visitor holds the way as well as the voice.
        Asked::Play if scene.mode.get() == Mode::Guided => hold_or_go_on(scene),
        Asked::Play => card::play_or_pause_any(scene),
        Asked::Help => open("help-dialog"),
        Asked::Close if has_more() => show_more(false),
        Asked::Close => card::close(scene),
    }
}

/// To the next station of the route, or the one before; from nowhere to the first.
fn step(scene: &Rc<Scene>, forward: bool) {
    let at = scene.cards.open().or_else(|| scene.arrived.borrow().clone()).or_else(stage::asked_for);
    let count = scene.cards.heres.len();
    let index = at.and_then(|at| scene.cards.heres.iter().position(|here| here.station.id == at));
    let next = match (index, forward) {
        (None, _) => Some(0),
        (Some(index), true) => Some(index + 1).filter(|next| *next < count),
        (Some(index), false) => index.checked_sub(1),
    };
    if let Some(here) = next.and_then(|next| scene.cards.heres.get(next)) {
        go_to(scene, &here.station.id.clone());
    }
}
