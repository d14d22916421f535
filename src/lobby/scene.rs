//! The scene's page: starts the companion, shows its cards, captions and tools in DOM, and counts the visit.
//!
//! Speaks with the scene over the bridge alone; knows nothing of geometry.

mod answering;
mod card;
mod failure;
mod headset;
mod label;
mod led;
mod lens;
mod measure;
mod sheet;
mod stage;
mod tools;

use crate::attention::Glance;
use crate::cards::Cards;
use crate::dom;
use crate::here::Here;
use crate::house::Shared;
use crate::json::Value;
use crate::store::Settings;
use crate::wire::{FromJson, ToJson};
use heritage::scene::Era;
use heritage::vtt::Cue;
use heritage::{Outline, PointId, StationId, Way};
use protocol::bridge::{Mode, Said, Told};
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::{CustomEvent, CustomEventInit};

/// The narration that the scene last spoke of.
#[derive(Clone, Debug, PartialEq)]
struct Narration {
    point: PointId,
    playing: bool,
}

/// The scene as the page knows it.
pub struct Scene {
    house: Shared,
    site: Outline,
    cards: Cards,
    /// The scene has drawn its first frame.
    ready: Cell<bool>,
    arrived: RefCell<Option<StationId>>,
    mode: Cell<Mode>,
    era: Cell<Era>,
    lens: Cell<bool>,
    measuring: Cell<bool>,
    /// Narration and guided movement are held.
    held: Cell<bool>,
    /// The visitor is at a question, as the scene was last told.
    answering: Cell<bool>,
    /// The station whose question has a choice that was not sent.
    chosen: RefCell<Option<StationId>>,
    narration: RefCell<Option<Narration>>,
    cues: RefCell<BTreeMap<PointId, Vec<Cue>>>,
    settings: Cell<Settings>,
    /// What went wrong, in that order.
    failures: RefCell<Vec<failure::Named>>,
    headset: headset::Worn,
}

/// Makes the page live.
pub async fn begin(house: &Shared, site: Outline) {
    let Some(cards) = Cards::begin(house, &site, Way::Scene) else { return };
    let settings =
        house.store.meta("settings").await.ok().and_then(|kept| Settings::from_json(&kept)).unwrap_or_default();
    let scene = Rc::new(Scene {
        house: house.clone(),
        site,
        cards,
        ready: Cell::new(false),
        arrived: RefCell::default(),
        mode: Cell::default(),
        era: Cell::default(),
        lens: Cell::default(),
        measuring: Cell::default(),
        held: Cell::default(),
        answering: Cell::default(),
        chosen: RefCell::default(),
        narration: RefCell::default(),
        cues: RefCell::default(),
        settings: Cell::new(settings),
        failures: RefCell::default(),
        headset: headset::Worn::default(),
    });
    card::begin(&scene);
    answering::begin(&scene);
    sheet::begin(&scene);
    tools::begin(&scene);
    measure::begin(&scene);
    failure::begin(&scene);
    headset::begin(&scene);
    count(&scene);
    let hearing = Rc::clone(&scene);
    dom::on(&dom::window(), "retrace:said", move |said| {
        let detail = said.dyn_into::<CustomEvent>().ok().and_then(|said| said.detail().as_string());
        if let Some(said) = detail.and_then(|json| Said::from_json(&Value::parse(&json)?)) {
            // In a turn of its own: the scene may answer at once what the page tells it while hearing.
            let scene = Rc::clone(&hearing);
            scene.house.clone().spawn(async move |_| scene.hear(said));
        }
    });
    stage::begin(&scene);
    led::begin(&scene);
}

/// Reading a card counts as reading a page does; being at a station, or looking at it with its card open, is presence.
fn count(scene: &Rc<Scene>) {
    let (seeing, present) = (Rc::clone(scene), Rc::clone(scene));
    scene.cards.count(
        move |glance| Glance {
            visible: glance.visible || seeing.is_in_headset(),
            in_view: if seeing.is_in_headset() { seeing.is_reading_in_headset() } else { glance.in_view },
            listening: seeing.is_playing(),
        },
        move |read_secs, present_secs| {
            let open = present.cards.open();
            if let Some(here) = open.as_ref().and_then(|id| present.here(id)) {
                here.stay(read_secs, 0.0);
            }
            let at = open.or_else(|| present.arrived.borrow().clone());
            if let Some(here) = at.as_ref().and_then(|id| present.here(id)) {
                here.stay(0.0, present_secs);
            }
            answering::tell_of_it(&present);
            headset::renew(&present);
        },
    );
}

impl Scene {
    fn here(&self, id: &StationId) -> Option<&Rc<Here>> {
        self.cards.here(id)
    }

    fn is_playing(&self) -> bool {
        self.narration.borrow().as_ref().is_some_and(|narration| narration.playing)
    }

    fn hear(self: &Rc<Self>, said: Said) {
        match said {
            Said::Loading { loaded, total, what } => stage::loading(self, loaded, total, &what),
            Said::Ready => stage::ready(self),
            Said::Arrived { station } => {
                self.arrived.replace(Some(station.clone()));
                card::open(self, &station, None);
                headset::arrived(self);
            }
            Said::Departed { station } => {
                if self.arrived.borrow().as_ref() == Some(&station) {
                    self.arrived.replace(None);
                }
                // Whoever goes on leaves the held sentence behind.
                if !self.is_playing() {
                    dom::show_at("scene-caption", false);
                }
            }
            Said::Opened { point } => {
                let station = self.site.telling(&point).map(|station| station.id.clone());
                if let Some(station) = station {
                    card::open(self, &station, Some(&point));
                    headset::opened(self, &station);
                }
            }
            Said::Pointed { point, at_px, away_m } => label::show(self, point.as_ref(), at_px, away_m),
            Said::Heard { point, ranges } => {
                let here = self.site.telling(&point).and_then(|station| self.here(&station.id));
                if let Some(here) = here {
                    here.hear(&point, &ranges);
                }
            }
            Said::Narrating { point, at_secs, playing, ended } => {
                if playing {
                    crate::kiosk::sign_of_life();
                }
                card::narrating(self, &point, at_secs, playing && !ended);
                headset::renew(self);
            }
            Said::Held { on } => {
                self.held.set(on);
                tools::show(self);
            }
            Said::Moving { mode } => {
                self.mode.set(mode);
                // Before it is open the scene says what it begins with, which nobody has chosen.
                if self.ready.get() {
                    tools::keep(self, |settings| settings.mode = Some(mode));
                }
                tools::show(self);
            }
            Said::EraShown { era } => {
                self.era.set(era);
                tools::keep(self, |settings| settings.era = Some(era));
                tools::show(self);
            }
            Said::Lens { on, counts } => {
                self.lens.set(on);
                lens::show(self, &counts);
                tools::show(self);
            }
            Said::Measured { model_m, uncertainty_m, preset } => {
                measure::measured(self, model_m, uncertainty_m, preset);
            }
            Said::Quality { tier, measured } => tools::quality(self, tier, measured),
            Said::Pressed { id } => headset::pressed(self, &id),
            Said::Failed { failure, what } => failure::show(self, failure, &what),
        }
    }
}

/// Tells the scene.
fn tell(told: &Told) {
    let init = CustomEventInit::new();
    init.set_detail(&JsValue::from_str(&told.to_json().to_line()));
    if let Ok(event) = CustomEvent::new_with_event_init_dict("retrace:told", &init) {
        dom::window().dispatch_event(&event).ok();
    }
}
