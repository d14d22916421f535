//! Recording: fetching and decoding one, aside from the frames.

use super::sound::{AudioBuffer, AudioContext, fetch};
use js_sys::ArrayBuffer;
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::Response;

/// A recording on its way, there, or not to be had.
#[derive(Clone)]
pub(super) enum Fetched {
    Awaited,
    There(AudioBuffer),
    Missing,
}

/// Fetches and decodes the first of `addresses` that can be.
pub(super) fn fetched(context: &Rc<AudioContext>, addresses: Vec<String>) -> Rc<RefCell<Fetched>> {
    let slot = Rc::new(RefCell::new(Fetched::Awaited));
    let (filled, context) = (Rc::clone(&slot), Rc::clone(context));
    spawn_local(async move {
        for address in addresses {
            if let Ok(buffer) = decoded(&context, &address).await {
                *filled.borrow_mut() = Fetched::There(buffer);
                return;
            }
        }
        *filled.borrow_mut() = Fetched::Missing;
    });
    slot
}

async fn decoded(context: &AudioContext, address: &str) -> Result<AudioBuffer, JsValue> {
    let response: Response = JsFuture::from(fetch(address)?).await?.dyn_into()?;
    if !response.ok() {
        return Err(JsValue::from(response.status()));
    }
    let bytes: ArrayBuffer = JsFuture::from(response.array_buffer()?).await?.dyn_into()?;
    JsFuture::from(context.decode(&bytes)?).await.map(JsCast::unchecked_into)
}
