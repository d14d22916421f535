//! Canvas: the resolution at which the scene is drawn, apart from the size at which it is shown.

/// Draws at `scale` times the canvas's own resolution, stretched over the same place on the page.
///
/// The browser sizes the drawing buffer after the canvas's layout box, so the box is made smaller and scaled up
/// again: pointers keep their place, for events are told in the box's own coordinates. False where this is not done.
#[cfg(target_arch = "wasm32")]
pub(crate) fn draw_at(scale: f32) -> bool {
    use wasm_bindgen::JsCast;
    let canvas = web_sys::window()
        .and_then(|window| window.document())
        .and_then(|document| document.get_element_by_id("scene-canvas"))
        .and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok());
    let Some(canvas) = canvas else {
        return false;
    };
    let share = format!("{}%", scale * 100.0);
    let stretch = format!("scale({})", 1.0 / scale);
    let properties =
        [("width", share.as_str()), ("height", &share), ("transform-origin", "0 0"), ("transform", &stretch)];
    properties.into_iter().all(|(property, value)| canvas.style().set_property(property, value).is_ok())
}

/// A native window is drawn at its own resolution.
#[cfg(not(target_arch = "wasm32"))]
pub(crate) fn draw_at(_scale: f32) -> bool {
    false
}
