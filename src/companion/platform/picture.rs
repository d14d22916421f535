//! Picture: files of pictures, read by the browser itself.

#[cfg(target_arch = "wasm32")]
pub(crate) use super::browser::picture::{Held, lend, read};

#[cfg(not(target_arch = "wasm32"))]
pub(crate) use none::{Held, lend, read};

/// Without a page nothing is drawn, and no picture read.
#[cfg(not(target_arch = "wasm32"))]
mod none {
    use web_sys::ImageBitmap;

    /// Stands for a picture.
    #[derive(Debug)]
    pub(crate) struct Held;

    #[expect(clippy::unused_async, reason = "a browser takes its time")]
    pub(crate) async fn read(_file: &[u8]) -> Result<Held, String> {
        Ok(Held)
    }

    pub(crate) fn lend<T>(_held: &Held, _to: impl FnOnce(&ImageBitmap) -> T) -> Option<T> {
        None
    }
}
