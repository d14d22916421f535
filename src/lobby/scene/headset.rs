//! The visit in a headset: the way in, and the panels that hang before its wearer. Everything pressed there does what its
//! button on the page does, so that a station counts alike.

mod kiosk;
mod panels;

use super::{Scene, card, tell};
use crate::{dom, page, platform, words};
use heritage::{PointId, StationId, Way};
use js_sys::Reflect;
use panels::Leaf;
use protocol::bridge::{Panel, Told};
use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

/// The headset as the page knows it. Nothing of it lasts: the next wearer finds it as it was.
#[derive(Default)]
pub struct Worn {
    on: Cell<bool>,
    steady: Cell<bool>,
    /// The room is seen through it, and whether the place lies there as a model.
    see_through: Cell<bool>,
    model: Cell<bool>,
    leaf: RefCell<Leaf>,
    /// What hangs there, as the scene was last told.
    hung: RefCell<Option<Panel>>,
    /// What a hall's kiosk shows at the end of its visit.
    card: RefCell<Option<Panel>>,
    /// The voice was silenced because the headset showed nothing.
    held: Cell<bool>,
    /// Since when the headset shows nothing.
    hidden_ms: Cell<Option<f64>>,
    /// Story points whose captions the scene has.
    captioned: RefCell<BTreeSet<PointId>>,
}

/// Ways in: a button each, what the browser calls it, and whether steps and turns alone are taken.
const ENTRIES: [(&str, &str, bool); 3] = [
    ("headset-steady", "immersive-vr", true),
    ("headset-free", "immersive-vr", false),
    ("headset-room", "immersive-ar", true),
];

/// How much louder or softer a press makes it.
const VOLUME_STEP: f64 = 0.2;

/// Offers the headset where the browser has one, and says why where it does not.
pub fn begin(scene: &Rc<Scene>) {
    for (hook, kind, steady) in ENTRIES {
        let entering = Rc::clone(scene);
        dom::on_press(hook, move |_| enter(&entering, kind, steady));
    }
    dom::on_press("headset", |_| ask());
    kiosk::begin(scene);
    let hearing = Rc::clone(scene);
    let heard = dom::function(move |state| {
        if let Some(state) = state.as_string() {
            hear(&hearing, &state);
        }
    });
    platform::watch_headset(&heard);
}

/// Asks how the wearer wants to move, which is the press that a browser wants.
fn ask() {
    if let Some(dialog) = dom::hook("headset-dialog") {
        dom::say_at("headset-said", "");
        dom::open(&dialog);
    }
}

/// On a hall's headset the scene opens by itself: its visitors come for nothing else.
pub fn open_on_kiosk(scene: &Rc<Scene>, open: impl Fn() + 'static) {
    if !kiosk::is_here() {
        return;
    }
    scene.house.clone().spawn(async move |_| {
        let found = JsFuture::from(platform::headset_support()).await;
        if found.is_ok_and(|found| Reflect::get(&found, &"vr".into()).is_ok_and(|vr| vr.is_truthy())) {
            open();
        }
    });
}

/// The scene can be entered: from here on so can the headset.
pub fn offer(scene: &Rc<Scene>) {
    let scene = Rc::clone(scene);
    scene.house.clone().spawn(async move |_| {
        let Ok(found) = JsFuture::from(platform::headset_support()).await else { return };
        let has = |name: &str| Reflect::get(&found, &name.into()).is_ok_and(|value| value.is_truthy());
        let why = Reflect::get(&found, &"why".into()).ok().and_then(|why| why.as_string()).unwrap_or_default();
        let lang = scene.house.page.lang;
        if has("vr") || has("ar") {
            let fit = JsFuture::from(platform::make_headset_fit()).await.is_ok_and(|fit| fit.is_truthy());
            dom::show_at("headset", fit);
            dom::show_at("headset-vr", has("vr"));
            dom::show_at("headset-ar", has("ar"));
            if fit && has("vr") && kiosk::is_here() {
                ask();
            }
            if fit && has("vr") {
                let entering = Rc::clone(&scene);
                let taken = dom::function(move |_| {
                    let (_, kind, steady) = ENTRIES[0];
                    put_on(&entering, steady, kind == "immersive-ar");
                });
                let failed = dom::function(move |name| {
                    page::notice(words::headset_refused(&name.as_string().unwrap_or_default()).get(lang));
                });
                platform::offer_headset(&taken, &failed);
            }
        }
        dom::say_at("headset-why", words::no_headset(&why).map_or("", |text| text.get(lang)));
    });
}

/// Within the press itself: a browser opens a session for nothing else.
fn enter(scene: &Rc<Scene>, kind: &str, steady: bool) {
    let entering = platform::enter_headset(kind);
    let see_through = kind == "immersive-ar";
    let lang = scene.house.page.lang;
    dom::say_at("headset-said", words::HEADSET_COMES.get(lang));
    let scene = Rc::clone(scene);
    scene.house.clone().spawn(async move |_| match JsFuture::from(entering).await {
        Ok(_) => {
            if let Some(dialog) = dom::hook("headset-dialog") {
                dom::close(&dialog);
            }
            put_on(&scene, steady, see_through);
        }
        Err(fault) => {
            let name = Reflect::get(&fault, &"name".into()).ok().and_then(|name| name.as_string()).unwrap_or_default();
            dom::say_at("headset-said", words::headset_refused(&name).get(lang));
        }
    });
}

fn put_on(scene: &Rc<Scene>, steady: bool, see_through: bool) {
    let worn = &scene.headset;
    worn.on.set(true);
    worn.steady.set(steady);
    worn.see_through.set(see_through);
    worn.model.set(true);
    worn.leaf.replace(Leaf::Welcome);
    worn.hung.replace(None);
    worn.card.replace(None);
    worn.held.set(false);
    worn.hidden_ms.set(None);
    worn.captioned.borrow_mut().clear();
    scene.cards.heres.iter().for_each(|here| here.go_by(Way::Headset));
    if let Some(stage) = dom::hook("stage") {
        dom::set(&stage, "data-headset", "on");
    }
    tell(&Told::Steady { on: steady });
    tell(&Told::Model { on: true });
    renew(scene);
}

fn take_off(scene: &Rc<Scene>) {
    let worn = &scene.headset;
    if !worn.on.replace(false) {
        return;
    }
    worn.leaf.replace(Leaf::None);
    worn.hung.replace(None);
    worn.captioned.borrow_mut().clear();
    scene.cards.heres.iter().for_each(|here| here.go_by(Way::Scene));
    if let Some(stage) = dom::hook("stage") {
        dom::set(&stage, "data-headset", "off");
    }
    tell(&Told::Pause);
    page::notice(words::HEADSET_OFF.get(scene.house.page.lang));
    // Before anything else is shown: on a kiosk the visit is over with the headset off.
    worn.card.replace(None);
    kiosk::press("off");
}

fn hear(scene: &Rc<Scene>, state: &str) {
    let worn = &scene.headset;
    match state {
        "ended" => take_off(scene),
        // Whoever takes the headset off, or looks at its own menu, misses nothing.
        "hidden" => {
            worn.held.set(worn.held.get() || scene.is_playing());
            tell(&Told::Pause);
            kiosk::hidden(scene);
        }
        "shown" => {
            worn.hidden_ms.set(None);
            if worn.held.replace(false) && *worn.leaf.borrow() == Leaf::None {
                worn.leaf.replace(Leaf::Held);
                renew(scene);
            }
        }
        _ => worn.hidden_ms.set(None),
    }
}

impl Scene {
    /// Whether somebody reads what hangs before them in the headset.
    pub fn is_reading_in_headset(&self) -> bool {
        self.headset.on.get() && self.headset.leaf.borrow().is_reading()
    }

    /// Whether the headset is on.
    pub fn is_in_headset(&self) -> bool {
        self.headset.on.get()
    }
}

/// The wearer has come to a station.
pub fn arrived(scene: &Rc<Scene>) {
    if scene.is_in_headset() {
        // They came to look: the voice tells, and the text is at hand.
        scene.headset.leaf.replace(Leaf::None);
        renew(scene);
    }
}

/// The wearer asks for what is told at a story point.
pub fn opened(scene: &Rc<Scene>, station: &StationId) {
    if scene.is_in_headset() && *scene.headset.leaf.borrow() != Leaf::Welcome {
        scene.headset.leaf.replace(Leaf::Card(station.clone()));
        renew(scene);
    }
}

/// Hangs what is to hang there now, if that has changed, and gives the scene the captions that it lacks.
pub fn renew(scene: &Rc<Scene>) {
    let worn = &scene.headset;
    if !worn.on.get() {
        return;
    }
    let wanted = panels::of(scene, &worn.leaf.borrow());
    if *worn.hung.borrow() != wanted {
        worn.hung.replace(wanted.clone());
        tell(&Told::Panel { panel: wanted });
    }
    let fresh: Vec<_> = scene
        .cues
        .borrow()
        .iter()
        .filter(|(point, cues)| !cues.is_empty() && !worn.captioned.borrow().contains(*point))
        .map(|(point, cues)| (point.clone(), cues.clone()))
        .collect();
    for (point, cues) in fresh {
        worn.captioned.borrow_mut().insert(point.clone());
        tell(&Told::Cues { point, cues });
    }
}

/// Does what a button of the panel says.
pub fn pressed(scene: &Rc<Scene>, id: &str) {
    kiosk::press("alive");
    let worn = &scene.headset;
    let here = worn.leaf.borrow().station().or_else(|| scene.arrived.borrow().clone());
    let (what, which) = id.split_once(':').unwrap_or((id, ""));
    match what {
        "menu-back" => {
            worn.leaf.replace(Leaf::Menu);
        }
        "menu" => {
            let next = if *worn.leaf.borrow() == Leaf::None { Leaf::Menu } else { Leaf::None };
            worn.leaf.replace(next);
        }
        "close" => {
            worn.leaf.replace(Leaf::None);
        }
        "begin" | "next" => {
            worn.leaf.replace(Leaf::None);
            // Whoever came in at a station begins there.
            if let Some(to) = here.filter(|_| what == "begin").or_else(|| panels::next(scene)) {
                tell(&Told::GoTo { station: to.clone() });
                card::open(scene, &to, None);
            }
        }
        "stations" => {
            worn.leaf.replace(Leaf::Stations);
        }
        "settings" => {
            worn.leaf.replace(Leaf::Settings);
        }
        "volume-voice" | "volume-ambience" => nudge(what, which == "more"),
        "go" => {
            if let Ok(station) = StationId::new(which) {
                worn.leaf.replace(Leaf::None);
                tell(&Told::GoTo { station: station.clone() });
                card::open(scene, &station, None);
            }
        }
        "card" => {
            if let Some(station) = here {
                worn.leaf.replace(Leaf::Card(station));
            }
        }
        "go-on" => {
            worn.leaf.replace(Leaf::None);
            if let Some(point) = scene.narration.borrow().as_ref().map(|told| told.point.clone()) {
                tell(&Told::Play { point, from_secs: None });
            }
        }
        "question" => {
            if let Some(station) = here {
                worn.leaf.replace(Leaf::Question(station));
            }
        }
        "choice" => choose(scene, here.as_ref(), which),
        "complete" => panels::click(scene, here.as_ref(), "complete"),
        "play" => {
            let first = || here.as_ref().and_then(|id| scene.site.station(id)?.points.first().cloned());
            let told = scene.narration.borrow().as_ref().map(|narration| narration.point.clone());
            let of_here = |point: &PointId| {
                here.as_ref().is_some_and(|id| scene.site.telling(point).is_some_and(|it| it.id == *id))
            };
            if let Some(point) = told.filter(of_here).or_else(first) {
                card::play_or_pause(scene, &point);
            }
        }
        "era" => tell(&Told::ShowEra { era: scene.era.get().other() }),
        "lens" => tell(&Told::Lens { on: !scene.lens.get() }),
        "steady" => {
            worn.steady.set(!worn.steady.get());
            tell(&Told::Steady { on: worn.steady.get() });
        }
        "model" => {
            worn.model.set(!worn.model.get());
            tell(&Told::Model { on: worn.model.get() });
        }
        "finish" => {
            worn.leaf.replace(Leaf::End);
            kiosk::press("finish-here");
        }
        "leave" => platform::leave_headset(),
        _ => {}
    }
    renew(scene);
}

/// Moves a range of the page's settings by a step, as its own keys do.
fn nudge(hook: &str, up: bool) {
    let Some(range) = dom::hook(hook).and_then(|it| it.dyn_into::<web_sys::HtmlInputElement>().ok()) else { return };
    let step = if up { VOLUME_STEP } else { -VOLUME_STEP };
    range.set_value_as_number((range.value_as_number() + step).clamp(0.0, 1.0));
    if let Ok(event) = web_sys::Event::new("input") {
        range.dispatch_event(&event).ok();
    }
}

fn choose(scene: &Rc<Scene>, here: Option<&StationId>, choice: &str) {
    let Some(form) = here.and_then(|id| dom::hook_in(&scene.here(id)?.place, "question")) else { return };
    let Ok(Some(input)) = form.query_selector(&format!("input[value=\"{choice}\"]")) else { return };
    if let Ok(input) = input.dyn_into::<web_sys::HtmlInputElement>()
        && !input.disabled()
    {
        input.set_checked(true);
        if let Ok(Some(button)) = form.query_selector("button[type=\"submit\"]") {
            button.unchecked_into::<web_sys::HtmlElement>().click();
        }
    }
}

impl Worn {
    /// What a hall's kiosk shows at the end, if it does.
    pub fn card(&self) -> Option<Panel> {
        self.card.borrow().clone()
    }

    /// Whether steps and turns alone are taken.
    pub fn is_steady(&self) -> bool {
        self.steady.get()
    }

    /// Where the room is seen through: whether the place lies there as a model.
    pub fn is_model(&self) -> Option<bool> {
        self.see_through.get().then(|| self.model.get())
    }
}
