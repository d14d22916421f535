//! Watches a visitor read: ticks once a second and hands on what counts.

use crate::attention::{Attention, Glance, is_in_view};
use crate::here::Here;
use crate::{dom, page};
use js_sys::Array;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::{Element, IntersectionObserver, IntersectionObserverEntry, IntersectionObserverInit};

/// Which of the watched texts are in view now, by their place in the list.
pub type InView = Rc<RefCell<Vec<bool>>>;

/// Follows which of `texts` are in view for reading.
pub fn follow(texts: &[Element]) -> InView {
    let in_view: InView = Rc::new(RefCell::new(vec![false; texts.len()]));
    let (seen, known) = (Rc::clone(&in_view), texts.to_vec());
    let crossed = dom::function(move |entries| {
        let window_px = dom::window().inner_height().ok().and_then(|height| height.as_f64()).unwrap_or(0.0);
        for entry in Array::from(&entries).iter().filter_map(|entry| entry.dyn_into::<IntersectionObserverEntry>().ok())
        {
            let shown_px = entry.intersection_rect().height();
            let whole_px = entry.bounding_client_rect().height();
            if let Some(index) = known.iter().position(|text| *text == entry.target()) {
                seen.borrow_mut()[index] = is_in_view(shown_px, whole_px, window_px);
            }
        }
    });
    let options = IntersectionObserverInit::new();
    let steps: Array = (0..=20).map(|step| JsValue::from_f64(f64::from(step) / 20.0)).collect();
    options.set_threshold(&steps);
    if let Ok(observer) = IntersectionObserver::new_with_options(&crossed, &options) {
        for text in texts {
            observer.observe(text);
        }
        // The page keeps it for as long as it lives.
        std::mem::forget(observer);
    }
    in_view
}

/// Ticks once a second: `glance` says what is seen now, `count` takes seconds read and seconds present.
pub fn begin(glance: impl Fn() -> Glance + 'static, count: impl Fn(f64, f64) + 'static) {
    let last_sign_ms = Rc::new(Cell::new(page::since_open_ms()));
    for kind in ["pointerdown", "pointermove", "keydown", "scroll", "touchmove", "wheel", "retrace:stirred"] {
        let sign = Rc::clone(&last_sign_ms);
        dom::on(&dom::window(), kind, move |_| sign.set(page::since_open_ms()));
    }
    let attention = RefCell::new(Attention::default());
    dom::every(1000, move |_| {
        let now_ms = page::since_open_ms();
        let mut attention = attention.borrow_mut();
        attention.sign_of_life(last_sign_ms.get());
        let (read_secs, present_secs) = attention.tick(now_ms, glance());
        count(read_secs, present_secs);
    });
}

/// Writes down what was counted every two seconds, and at once when the page is about to go.
pub fn write_down(heres: &[Rc<Here>]) {
    let often = heres.to_vec();
    dom::every(2000, move |_| {
        for here in &often {
            let here = Rc::clone(here);
            here.house.clone().spawn(async move |_| here.write_down().await);
        }
    });
    let last = heres.to_vec();
    let going = move || last.iter().for_each(Here::write_down_now);
    let hidden = going.clone();
    dom::on(&dom::window(), "pagehide", move |_| going());
    dom::on(&dom::document(), "visibilitychange", move |_| hidden());
}
