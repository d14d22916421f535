//! Choosing by looking: a headset's own browser points by the head where no hand does, and looking long enough at a word
//! stands for a press.

use crate::dom;
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::Element;

/// Time of looking that stands for a press, milliseconds; as long as in the scene.
const DWELL_MS: i32 = 1_400;

/// Lets each of `words` within `place` be chosen by looking at it. The eye must have come from beside them: where it lay when
/// they appeared chooses nothing.
pub fn choose(place: &Element, words: &[Element], chosen: impl Fn(&Element) + Clone + 'static) {
    let from_beside = Rc::new(Cell::new(false));
    // Counts looks, so that one that has ended chooses nothing when its time comes.
    let look = Rc::new(Cell::new(0_u32));
    let (beside, place) = (Rc::clone(&from_beside), place.clone());
    dom::on(&dom::document(), "pointermove", move |event| {
        if place.has_attribute("hidden") {
            beside.set(false);
            return;
        }
        let at = event.target().and_then(|at| at.dyn_into::<Element>().ok());
        let on_word = at.is_some_and(|at| at.closest("[data-hook=\"kiosk-language\"]").ok().flatten().is_some());
        beside.set(beside.get() || !on_word);
    });
    for word in words {
        let (seen, begun, beside, choose) = (word.clone(), Rc::clone(&look), Rc::clone(&from_beside), chosen.clone());
        dom::on(word, "pointerenter", move |_| {
            if !beside.get() {
                return;
            }
            begun.set(begun.get() + 1);
            dom::set(&seen, "data-looked", "at");
            let (this, begun, seen, choose) = (begun.get(), Rc::clone(&begun), seen.clone(), choose.clone());
            dom::after(DWELL_MS, move || {
                if begun.get() == this {
                    choose(&seen);
                }
            });
        });
        for kind in ["pointerleave", "pointerdown"] {
            let (ended, seen) = (Rc::clone(&look), word.clone());
            dom::on(word, kind, move |_| {
                ended.set(ended.get() + 1);
                dom::set(&seen, "data-looked", "");
            });
        }
    }
}
