//! The label of the mark under the mouse: its station, and how far off it is.

use super::Scene;
use crate::{dom, words};
use heritage::PointId;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// Shows the label over the mark at `at_px`, CSS pixels of the canvas; without a point it goes.
pub fn show(scene: &Scene, point: Option<&PointId>, at_px: [f64; 2], away_m: f64) {
    let Some(place) = dom::hook("canvas-place") else { return };
    let label = dom::hook_in(&place, "mark-label").unwrap_or_else(|| {
        let label = dom::element("p", "mark-label", "");
        dom::set(&label, "class", "mark-label");
        dom::append(&place, [label.clone()]);
        label
    });
    let station = point.and_then(|point| scene.site.telling(point));
    dom::show(&label, station.is_some());
    let Some(station) = station else { return };
    let lang = scene.house.page.lang;
    dom::say(&label, &words::away(lang, station.title.get(lang), away_m));
    if let Some(label) = label.dyn_ref::<HtmlElement>() {
        for (side, px) in ["left", "top"].into_iter().zip(at_px) {
            label.style().set_property(side, &format!("{}px", px as i32)).ok();
        }
    }
}
