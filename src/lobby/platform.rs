//! Doors of the browser that have no stable binding in `web-sys`; the other side is `web/platform.js`.

use js_sys::{Function, Promise};
use wasm_bindgen::prelude::*;
use web_sys::{Element, HtmlElement};

#[wasm_bindgen(raw_module = "./platform.js")]
extern "C" {
    /// Runs `task`, which gives a promise, while no other tab holds the lock `name`.
    pub fn alone(name: &str, task: &Function) -> Promise;
    /// Asks that the browser not clear the records by itself.
    pub fn persist() -> Promise;
    /// Deletes all caches but those whose names start with `kept`.
    #[wasm_bindgen(js_name = dropCaches)]
    pub fn drop_caches(kept: &str) -> Promise;
    /// The canvas that the scene is drawn on, with its WebGL2 context; `None` where the browser gives none.
    #[wasm_bindgen(js_name = sceneCanvas)]
    pub fn scene_canvas() -> Option<Element>;
    /// Fetches and starts the scene's program from the app folder, and once its last byte is there the addresses of `first`,
    /// which it will ask for; `counted(loaded, total)` hears of the program's bytes.
    #[wasm_bindgen(js_name = startCompanion)]
    pub fn start_companion(app: &str, first: &str, counted: &Function) -> Promise;
    /// Keeps the screen lit; gives the function that ends it, or null.
    #[wasm_bindgen(js_name = keepLit)]
    pub fn keep_lit() -> Promise;
    /// Puts a narration that plays on the lock screen.
    pub fn announce(title: &str, album: &str, play: &Function, pause: &Function);
    /// The narration on the lock screen is held.
    pub fn hush();
    /// The browser can read codes with the camera.
    #[wasm_bindgen(js_name = canScan)]
    pub fn can_scan() -> bool;
    /// Reads codes into `video` until `read(code)` is true; gives the function that ends it.
    pub fn scan(video: &HtmlElement, read: &Function) -> Promise;
    /// Offers `text` as a file.
    pub fn save(name: &str, text: &str);
    /// Follows the position: `found(lat_deg, lon_deg, accuracy_m, at_ms)` or `lost(code)`; gives what ends it.
    pub fn follow(found: &Function, lost: &Function) -> Function;
    /// The browser knows positions at all.
    #[wasm_bindgen(js_name = canFollow)]
    pub fn can_follow() -> bool;
    /// Tells the service worker the site's present files, and to keep the scene's program once it has run.
    #[wasm_bindgen(js_name = keepOffline)]
    pub fn keep_offline(app: &str, root: &str, scene: bool);
}

#[wasm_bindgen(raw_module = "./xr.js")]
extern "C" {
    /// What headsets this browser can open: an object with `vr`, `ar` and `why` neither.
    #[wasm_bindgen(js_name = support)]
    pub fn headset_support() -> Promise;
    /// Makes the scene's drawing fit for a headset; true if it is.
    #[wasm_bindgen(js_name = makeFit)]
    pub fn make_headset_fit() -> Promise;
    /// Opens a session, from within a press; rejected with a `DOMException`.
    #[wasm_bindgen(js_name = enter)]
    pub fn enter_headset(kind: &str) -> Promise;
    /// Puts a way in into the browser's own frame; calls `taken()` whenever somebody came in by it, and `failed(name)` where
    /// they took it and came no further.
    #[wasm_bindgen(js_name = offer)]
    pub fn offer_headset(taken: &Function, failed: &Function);
    /// Ends the session.
    #[wasm_bindgen(js_name = leave)]
    pub fn leave_headset();
    /// Calls `hear(state)` when a session is `shown`, `dimmed`, `hidden` or `ended`.
    #[wasm_bindgen(js_name = watch)]
    pub fn watch_headset(hear: &Function);
}
