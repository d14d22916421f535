//! Lobby: the small wasm that makes the pages live: sign-in, visit state, outbox, on-foot mode, starting the companion.
//!
//! Owns the visit and the outbox. What it decides is pure and stands apart from what touches the browser.

mod account;
mod attention;
mod cards;
mod claim;
mod cues;
mod db;
mod dom;
mod foot;
mod here;
mod house;
mod json;
mod keys;
#[cfg(feature = "kiosk")]
mod kiosk;
#[cfg(not(feature = "kiosk"))]
#[path = "kiosk/absent.rs"]
mod kiosk;
mod led;
mod listening;
mod lists;
mod me;
mod network;
mod outbox;
mod page;
mod plaque;
mod platform;
mod question;
mod queue;
mod scene;
mod sender;
mod sign_in;
mod sign_out;
mod standing;
mod station;
mod store;
mod unwritten;
mod visit;
mod voice;
mod watch;
mod wire;
mod words;

use house::{House, Shared};
use page::Page;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};

/// Begins, once the module is loaded: the page can be read before, and stays readable whatever happens here.
#[wasm_bindgen(start)]
pub fn begin() {
    console_error_panic_hook::set_once();
    spawn_local(async {
        let page = Page::read();
        let (lang, home, leaves) = (page.lang, page.at(""), sign_out::is_asked(&page));
        if kiosk::admits(&page).await {
            match House::open(page).await {
                Ok(house) => open(&house).await,
                Err(_) if leaves => sign_out::leave_without_storage(lang, &home).await,
                Err(_) => page::notice(words::NO_STORAGE.get(lang)),
            }
        }
        // Tests and styles wait for this rather than for a time.
        if let Some(root) = dom::document().document_element() {
            dom::set(&root, "data-lobby", "live");
        }
    });
}

async fn open(house: &Shared) {
    kiosk::accompany(house).await;
    account::begin(house);
    outbox::begin(house);
    lists::begin(house);
    sign_in::begin(house);
    sign_out::begin(house);
    me::begin(house);
    if !page::is_online() {
        page::notice(words::OFFLINE.get(house.page.lang));
    }
    if !house.page.root.is_empty()
        && let Some(site) = house.site().await
    {
        platform::keep_offline(&house.page.app, &house.page.root, false);
        match house.page.name.as_str() {
            "station" => station::begin(house, &site),
            "scene" => scene::begin(house, site).await,
            "foot" => foot::begin(house, site),
            _ => {}
        }
    }
    sender::begin(house);
    house.spawn(async |_| {
        JsFuture::from(platform::persist()).await.ok();
    });
}
