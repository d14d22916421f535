//! The card on a phone: a sheet with a low place, where its head shows, and a high one, pulled up by hand, button or scrolling.

use super::Scene;
use crate::dom;
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::{Element, Event, HtmlElement, PointerEvent};

/// A finger that moves less than this has pressed, not pulled, px.
const STILL_PX: f64 = 6.0;

/// A pull as it goes on: where it began, and how high the sheet stood.
#[derive(Clone, Copy, Debug)]
struct Pull {
    from_px: f64,
    height_px: f64,
}

/// Whether a sheet let go at `height_px`, after the finger moved up by `up_px`, comes to rest in its high place.
fn rests_high(height_px: f64, up_px: f64, stage_px: f64) -> bool {
    // A clear pull decides by its direction, whatever the height.
    if up_px.abs() > 40.0 { up_px > 0.0 } else { height_px > 0.4 * stage_px }
}

/// Makes grips and heads live.
pub fn begin(scene: &Rc<Scene>) {
    let (Some(panel), Some(stage)) = (dom::hook("panel"), dom::hook("stage")) else { return };
    for grip in dom::hooks("card-grip") {
        let stage = stage.clone();
        dom::on(&grip, "click", move |_| raise(!is_high(&stage)));
    }
    // Whoever scrolls the text, or goes into it by keyboard, wants to read it.
    let scrolled = panel.clone();
    dom::on(&panel, "scroll", move |_| {
        if scrolled.scroll_top() > 0 {
            raise(true);
        }
    });
    for here in &scene.cards.heres {
        let Some(head) = dom::hook_in(&here.place, "card-head") else { continue };
        if let Some(body) = here.place.query_selector(".card-body").ok().flatten() {
            dom::on(&body, "focusin", |_| raise(true));
        }
        pulling(&head, &panel, &stage);
    }
}

fn pulling(head: &Element, panel: &Element, stage: &Element) {
    let now: Rc<Cell<Option<Pull>>> = Rc::default();
    let (begun, high) = (Rc::clone(&now), panel.clone());
    dom::on(head, "pointerdown", move |event| {
        let Some(pointer) = event.dyn_ref::<PointerEvent>().filter(|_| !on_button(&event)) else { return };
        let height_px = high.get_bounding_client_rect().height();
        begun.set(Some(Pull { from_px: f64::from(pointer.client_y()), height_px }));
    });
    let (going_on, shown, capturing) = (Rc::clone(&now), stage.clone(), head.clone());
    dom::on(head, "pointermove", move |event| {
        let Some((up_px, pull)) = pulled(&event, going_on.get()) else { return };
        // Only once it is a pull: a press must stay with the button it began on.
        if let Some(pointer) = event.dyn_ref::<PointerEvent>() {
            capturing.set_pointer_capture(pointer.pointer_id()).ok();
        }
        dom::set(&shown, "data-dragging", "");
        set_height(&shown, &format!("{}px", (pull.height_px + up_px).max(0.0) as u32));
    });
    for kind in ["pointerup", "pointercancel"] {
        let (ended, stage) = (Rc::clone(&now), stage.clone());
        dom::on(head, kind, move |event| {
            let end = pulled(&event, ended.take());
            stage.remove_attribute("data-dragging").ok();
            set_height(&stage, "");
            if let Some((up_px, pull)) = end {
                let stage_px = stage.get_bounding_client_rect().height();
                raise(rests_high(pull.height_px + up_px, up_px, stage_px));
            }
        });
    }
}

/// How far the finger has moved up since the pull began, once it is a pull.
fn pulled(event: &Event, pull: Option<Pull>) -> Option<(f64, Pull)> {
    let pull = pull?;
    let up_px = pull.from_px - f64::from(event.dyn_ref::<PointerEvent>()?.client_y());
    (up_px.abs() > STILL_PX).then_some((up_px, pull))
}

/// Buttons of the head are pressed, not pulled.
fn on_button(event: &Event) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let button = target.and_then(|target| target.closest("button:not(.card-grip)").ok().flatten());
    button.is_some()
}

fn set_height(stage: &Element, height: &str) {
    if let Some(stage) = stage.dyn_ref::<HtmlElement>() {
        stage.style().set_property("--sheet", height).ok();
    }
}

fn is_high(stage: &Element) -> bool {
    stage.get_attribute("data-sheet").as_deref() == Some("open")
}

/// Brings the sheet to its high or its low place. On a laptop, where the card stands beside the view, both look alike.
pub fn raise(high: bool) {
    let Some(stage) = dom::hook("stage") else { return };
    if is_high(&stage) == high {
        return;
    }
    dom::set(&stage, "data-sheet", if high { "open" } else { "peek" });
    for grip in dom::hooks("card-grip") {
        dom::set(&grip, "aria-expanded", if high { "true" } else { "false" });
    }
    if let Some(panel) = dom::hook("panel").filter(|_| !high) {
        panel.set_scroll_top(0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sheet_comes_to_rest_where_it_was_pulled() {
        for (height_px, up_px, high) in [
            (300.0, 120.0, true),
            (500.0, -60.0, false),
            (120.0, 50.0, true),
            (400.0, 10.0, true),
            (150.0, -10.0, false),
            (100.0, 8.0, false),
        ] {
            assert_eq!(rests_high(height_px, up_px, 780.0), high, "{height_px} {up_px}");
        }
    }
}
