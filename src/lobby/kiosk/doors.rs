//! Doors of the browser that only a kiosk needs; the other side is `web/kiosk-doors.js`.

use js_sys::{Function, Promise};
use wasm_bindgen::prelude::*;

#[wasm_bindgen(raw_module = "./kiosk-doors.js")]
extern "C" {
    /// Clears the page's plain storage but the kiosk's own mark, and all cookies that pages can see.
    #[wasm_bindgen(js_name = clearPlain)]
    pub fn clear_plain();
    /// Marks this browser as a kiosk's, or no longer.
    #[wasm_bindgen(js_name = markKiosk)]
    pub fn mark_kiosk(is: bool);
    /// Level of the battery in hundredths and whether it is charged, or null where the browser does not tell.
    pub fn battery() -> Promise;
    /// Fetches all of these, one after another, so that they are kept for times without a network; `kept(count)` hears how far.
    /// The scene's program is named apart: the service worker fetches it itself.
    #[wasm_bindgen(js_name = keepAll)]
    pub fn keep_all(addresses: &str, scene: &str, kept: &Function) -> Promise;
    /// What Basic sends for number and key.
    pub fn basic(number: &str, key: &str) -> String;
}
