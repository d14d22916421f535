//! Keeps the screen lit while the position is followed, and says whether the browser does.

use crate::house::Shared;
use crate::{dom, platform, words};
use js_sys::Function;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

/// The light of the screen.
#[derive(Default)]
pub struct Light {
    wanted: Cell<bool>,
    /// What lets the screen dim again.
    release: RefCell<Option<Function>>,
}

impl Light {
    /// Asks for light; a screen that was off has lost it, so this may be asked again.
    pub fn keep(self: &Rc<Self>, house: &Shared) {
        self.wanted.set(true);
        let light = Rc::clone(self);
        house.spawn(async move |house| {
            let held = JsFuture::from(platform::keep_lit()).await.ok();
            let release = held.and_then(|release| release.dyn_into::<Function>().ok());
            // Following may have ended while the browser was still asked.
            if !light.wanted.get() {
                call(release);
                return;
            }
            let text = if release.is_some() { words::SCREEN_LIT } else { words::SCREEN_DIMS };
            dom::say_at("foot-screen", text.get(house.page.lang));
            call(light.release.replace(release));
        });
    }

    /// Lets the screen dim, and says no more of it.
    pub fn release(&self) {
        self.wanted.set(false);
        call(self.release.take());
        dom::say_at("foot-screen", "");
    }
}

fn call(release: Option<Function>) {
    if let Some(release) = release {
        release.call0(&JsValue::NULL).ok();
    }
}
