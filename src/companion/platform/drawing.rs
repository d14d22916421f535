//! Drawing: what the picture is put on, and the graphics interfaces that may do it.

pub(crate) use made::{BACKENDS, surface, wait};

/// In the page, WebGL2 on the scene's canvas.
#[cfg(target_arch = "wasm32")]
mod made {
    use bevy::tasks::futures::now_or_never;
    use bevy::window::RawHandleWrapper;
    use std::fmt::Display;
    use wasm_bindgen::JsCast;

    pub(crate) const BACKENDS: wgpu::Backends = wgpu::Backends::GL;

    /// What is drawn on; the canvas is there before any window.
    pub(crate) fn surface(
        instance: &wgpu::Instance,
        _window: Option<&RawHandleWrapper>,
    ) -> Option<Result<wgpu::Surface<'static>, String>> {
        let canvas = web_sys::window()?.document()?.get_element_by_id("scene-canvas")?;
        let canvas = canvas.dyn_into::<web_sys::HtmlCanvasElement>().ok()?;
        Some(instance.create_surface(wgpu::SurfaceTarget::Canvas(canvas)).map_err(|error| error.to_string()))
    }

    /// What WebGL2 answers it answers at once.
    pub(crate) fn wait<T, E: Display>(answer: impl Future<Output = Result<T, E>>) -> Result<T, String> {
        now_or_never(answer)
            .map_or_else(|| Err("no answer".to_owned()), |answer| answer.map_err(|error| error.to_string()))
    }
}

/// A native window, on whatever the system has.
#[cfg(not(target_arch = "wasm32"))]
mod made {
    use bevy::window::RawHandleWrapper;
    use std::fmt::Display;

    pub(crate) const BACKENDS: wgpu::Backends = wgpu::Backends::PRIMARY;

    /// What is drawn on; `None` while the window is not there.
    #[expect(unsafe_code, reason = "a window of the system is known by its bare handle; the wrapper keeps it alive")]
    pub(crate) fn surface(
        instance: &wgpu::Instance,
        window: Option<&RawHandleWrapper>,
    ) -> Option<Result<wgpu::Surface<'static>, String>> {
        let window = window?;
        let target = wgpu::SurfaceTargetUnsafe::RawHandle {
            raw_display_handle: Some(window.get_display_handle()),
            raw_window_handle: window.get_window_handle(),
        };
        // SAFETY: the window's entity is kept until the program ends, and with it the window behind the handle.
        Some(unsafe { instance.create_surface_unsafe(target) }.map_err(|error| error.to_string()))
    }

    pub(crate) fn wait<T, E: Display>(answer: impl Future<Output = Result<T, E>>) -> Result<T, String> {
        bevy::tasks::block_on(answer).map_err(|error| error.to_string())
    }
}
