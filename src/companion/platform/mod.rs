//! Platform: the only place that knows whether this runs in a browser.
//!
//! Alone has `cfg(target_arch)` and `web_sys`. Each part is a small set of functions with two makings: one for the
//! browser, one for the headless tests.

pub mod alarm;
pub(crate) mod canvas;
pub(crate) mod drawing;
pub(crate) mod gl;
pub(crate) mod headset;
pub(crate) mod lettering;
pub(crate) mod memory;
pub mod pad;
pub mod page;
pub(crate) mod picture;
pub mod probe;
pub mod voice;

#[cfg(target_arch = "wasm32")]
mod browser;
