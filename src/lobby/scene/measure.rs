//! Measuring: presets with the source's value beside the model's, and free measurement between two points.

use super::{Scene, tell, tools};
use crate::{dom, words};
use protocol::bridge::Told;
use std::rc::Rc;

/// Makes the presets live.
pub fn begin(scene: &Rc<Scene>) {
    for button in dom::hooks("measure-preset") {
        let preset = button.get_attribute("data-preset").and_then(|index| index.parse().ok());
        let asking = Rc::clone(scene);
        dom::on(&button, "click", move |_| {
            asking.measuring.set(true);
            tell(&Told::Measure { on: true, preset });
        });
    }
}

/// Turns measuring on or off.
pub fn switch(scene: &Rc<Scene>, on: bool) {
    scene.measuring.set(on);
    tell(&Told::Measure { on, preset: None });
    tools::show(scene);
}

/// Shows what the scene has measured, with how far the model may be off.
pub fn measured(scene: &Rc<Scene>, model_m: f64, uncertainty_m: f64, preset: Option<usize>) {
    let lang = scene.house.page.lang;
    let text = words::measured(lang, model_m, uncertainty_m);
    let place = match preset {
        Some(index) => dom::hooks("measure-model").into_iter().nth(index),
        None => dom::hook("measure-free"),
    };
    if let Some(place) = place {
        dom::say(&place, &text);
    }
    scene.measuring.set(true);
    tools::show(scene);
}
