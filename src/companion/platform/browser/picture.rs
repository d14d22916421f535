//! Picture in the browser: `createImageBitmap`, which reads a file in a thread of its own.

use js_sys::{Array, Object, Promise, Reflect, Uint8Array};
use std::cell::RefCell;
use std::collections::BTreeMap;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::ImageBitmap;

#[wasm_bindgen]
extern "C" {
    /// Bound here because every added feature of `web-sys` has the whole engine compiled again.
    type Blob;
    #[wasm_bindgen(constructor, catch)]
    fn new(parts: &Array) -> Result<Blob, JsValue>;

    #[wasm_bindgen(js_name = createImageBitmap, catch)]
    fn create_image_bitmap(file: &Blob, options: &Object) -> Result<Promise, JsValue>;
}

thread_local! {
    static KEPT: RefCell<(u32, BTreeMap<u32, ImageBitmap>)> = RefCell::default();
}

/// A picture that the browser has read, by the number under which it is kept here; let go of when this is dropped.
#[derive(Debug)]
pub(crate) struct Held(u32);

impl Drop for Held {
    fn drop(&mut self) {
        if let Some(picture) = KEPT.with_borrow_mut(|kept| kept.1.remove(&self.0)) {
            picture.close();
        }
    }
}

/// Reads a file of any kind that the browser knows: texels as they are in it, neither matched to the screen's colours nor
/// multiplied by opacity.
pub(crate) async fn read(file: &[u8]) -> Result<Held, String> {
    let in_words = |error: JsValue| format!("{error:?}");
    let options = Object::new();
    for name in ["premultiplyAlpha", "colorSpaceConversion"] {
        Reflect::set(&options, &name.into(), &"none".into()).map_err(in_words)?;
    }
    let blob = Blob::new(&Array::of1(&Uint8Array::from(file))).map_err(in_words)?;
    let reading = create_image_bitmap(&blob, &options).map_err(in_words)?;
    let picture: ImageBitmap = JsFuture::from(reading).await.map_err(in_words)?.unchecked_into();
    Ok(keep(picture))
}

/// Keeps a picture.
pub(super) fn keep(picture: ImageBitmap) -> Held {
    KEPT.with_borrow_mut(|(last, kept)| {
        *last += 1;
        kept.insert(*last, picture);
        Held(*last)
    })
}

/// Lends the picture to whoever draws it.
pub(crate) fn lend<T>(held: &Held, to: impl FnOnce(&ImageBitmap) -> T) -> Option<T> {
    KEPT.with_borrow(|kept| kept.1.get(&held.0).map(to))
}
