//! Drawing: what the picture is put on.

use super::gl::Gl;

/// The graphics context of the scene's canvas; `None` where there is no canvas.
#[cfg(target_arch = "wasm32")]
pub(crate) fn context() -> Option<Result<Gl, String>> {
    use wasm_bindgen::JsCast;
    let canvas = web_sys::window()?.document()?.get_element_by_id("scene-canvas")?;
    canvas.dyn_into().ok().map(Gl::of)
}

/// Only a page has a canvas.
#[cfg(not(target_arch = "wasm32"))]
pub(crate) fn context() -> Option<Result<Gl, String>> {
    None
}
