//! Where the visitor is on the plan: a dot, and the circle within which the phone is sure to about two thirds.

use crate::dom;
use crate::words::figure;
use heritage::geodesy::EastNorthUp;
use web_sys::Element;

const SVG: &str = "http://www.w3.org/2000/svg";

/// Draws or moves dot and circle; the plan's units are metres, x = east, y = −north.
pub fn show(place: EastNorthUp, accuracy_m: f64) {
    let Some(plan) = dom::hook("plan") else { return };
    let circle = part(&plan, "foot-circle", "plan-accuracy");
    let dot = part(&plan, "foot-dot", "plan-me");
    for (shape, radius_m) in [(circle, accuracy_m), (dot, 1.6)] {
        let Some(shape) = shape else { continue };
        dom::set(&shape, "cx", &figure(place.east_m, 1));
        dom::set(&shape, "cy", &figure(-place.north_m, 1));
        dom::set(&shape, "r", &figure(radius_m, 1));
    }
}

/// Takes dot and circle away.
pub fn forget() {
    for hook in ["foot-circle", "foot-dot"] {
        if let Some(shape) = dom::hook(hook) {
            shape.remove();
        }
    }
}

fn part(plan: &Element, hook: &str, class: &str) -> Option<Element> {
    if let Some(known) = dom::hook_in(plan, hook) {
        return Some(known);
    }
    let shape = dom::document().create_element_ns(Some(SVG), "circle").ok()?;
    dom::set(&shape, "data-hook", hook);
    dom::set(&shape, "class", class);
    plan.append_child(&shape).ok()?;
    Some(shape)
}
