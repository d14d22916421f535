//! Gl: the part of WebGL2 that a picture needs, each call once and nothing waited for.
//!
//! A call is answered at once but carried out later, by a process of the browser's own. What asks a question back
//! (`is_linked`, `fault`) waits until all before it is done, and is asked where that costs nothing.

mod buffers;
mod pictures;
mod programs;

pub(crate) use buffers::{Attribute, Buffer, Component, Holding, Vertices};
pub(crate) use pictures::{DepthMap, Format, Onto, Reading, Target, Texture};
pub(crate) use programs::{Fence, Program, Shader};

use wasm_bindgen::JsCast;
use web_sys::{HtmlCanvasElement, WebGl2RenderingContext as Raw};

/// A graphics context.
pub(crate) struct Gl {
    raw: Raw,
    canvas: HtmlCanvasElement,
    /// Programs say when they are ready, without being waited for.
    pub tells_completion: bool,
    /// Textures may be sharper along a slanting surface.
    is_anisotropic: bool,
    /// Widest texture and canvas, pixels.
    pub largest_px: u32,
    /// Most samples a pixel.
    most_samples: u32,
}

/// How a program draws.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    /// What stands, seen from its front alone.
    Solid,
    /// What stands, seen from both sides.
    TwoSided,
    /// Wherever nothing stands.
    Behind,
    /// Over everything, and what lies beneath shows through by its opacity.
    Over,
}

impl Mode {
    /// Leaves out what is seen from behind, hides what is farther, keeps its depth, lets shine through.
    const fn switches(self) -> [bool; 4] {
        match self {
            Self::Solid => [true, true, true, false],
            Self::TwoSided => [false, true, true, false],
            Self::Behind => [false, true, false, false],
            Self::Over => [false, false, false, true],
        }
    }
}

const fn signed(number: u32) -> i32 {
    number.cast_signed()
}

/// A count of bytes as WebGL takes it; no graphics card holds more than it can say.
fn bytes(count: usize) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}

impl Gl {
    /// The graphics context of this canvas; in words why there is none.
    #[cfg_attr(not(target_arch = "wasm32"), expect(dead_code, reason = "the headless tests have no canvas"))]
    pub(crate) fn of(canvas: HtmlCanvasElement) -> Result<Self, String> {
        let wanted = js_sys::Object::new();
        for (name, value) in [("antialias", false), ("depth", false), ("stencil", false)] {
            let _ = js_sys::Reflect::set(&wanted, &name.into(), &value.into());
        }
        let found = canvas.get_context_with_context_options("webgl2", &wanted).ok().flatten();
        let raw: Raw =
            found.and_then(|found| found.dyn_into().ok()).ok_or("the browser gives no WebGL2 for this canvas")?;
        let has = |name: &str| raw.get_extension(name).ok().flatten().is_some();
        let (tells_completion, is_anisotropic) =
            (has("KHR_parallel_shader_compile"), has("EXT_texture_filter_anisotropic"));
        let number = |name| raw.get_parameter(name).ok().and_then(|value| value.as_f64()).unwrap_or(0.0) as u32;
        let largest_px = number(Raw::MAX_TEXTURE_SIZE).min(number(Raw::MAX_RENDERBUFFER_SIZE)).max(1);
        let most_samples = number(Raw::MAX_SAMPLES);
        Ok(Self { raw, canvas, tells_completion, is_anisotropic, largest_px, most_samples })
    }

    /// What went wrong since last asked, if anything did; waits for all that was called before.
    pub(crate) fn fault(&self) -> Option<Fault> {
        match self.raw.get_error() {
            // A lost context is told by the canvas.
            Raw::NO_ERROR | Raw::CONTEXT_LOST_WEBGL => None,
            Raw::OUT_OF_MEMORY => Some(Fault::OutOfMemory),
            code => Some(Fault::Misuse(code)),
        }
    }

    /// Draws with this program from now on.
    pub(crate) fn run(&self, program: &Program) {
        self.raw.use_program(Some(&program.raw));
    }

    /// Draws in this way from now on; `before` is how it was drawn until now.
    pub(crate) fn set(&self, mode: Mode, before: Option<Mode>) {
        let [cull, test, write, blend] = mode.switches();
        let was = before.map(Mode::switches);
        let switch = |capability, on: bool, was: Option<bool>| match (on, was) {
            (true, None | Some(false)) => self.raw.enable(capability),
            (false, None | Some(true)) => self.raw.disable(capability),
            _ => {}
        };
        switch(Raw::CULL_FACE, cull, was.map(|was| was[0]));
        switch(Raw::DEPTH_TEST, test, was.map(|was| was[1]));
        switch(Raw::BLEND, blend, was.map(|was| was[3]));
        if was.is_none_or(|was| was[2] != write) {
            self.raw.depth_mask(write);
        }
        if before.is_none() {
            self.raw.depth_func(Raw::GEQUAL);
            // The canvas stays opaque whatever is laid over it.
            let (over, under) = (Raw::SRC_ALPHA, Raw::ONE_MINUS_SRC_ALPHA);
            self.raw.blend_func_separate(over, under, Raw::ONE, under);
        }
    }

    /// Draws these vertices from now on.
    pub(crate) fn take(&self, vertices: &Vertices) {
        self.raw.bind_vertex_array(Some(&vertices.0));
    }

    /// Draws triangles of these indices, once for each thing; `program` is the one that runs.
    pub(crate) fn draw(&self, program: &Program, indices: std::ops::Range<u32>, things: std::ops::Range<u32>) {
        if let Some(first) = &program.first {
            self.raw.uniform1ui(Some(first), things.start);
        }
        let (count, things) = (signed(indices.end - indices.start), signed(things.end - things.start));
        let offset = signed(indices.start * 4);
        self.raw.draw_elements_instanced_with_i32(Raw::TRIANGLES, count, Raw::UNSIGNED_INT, offset, things);
    }

    /// Draws one triangle that the program itself places.
    pub(crate) fn draw_bare(&self) {
        self.raw.bind_vertex_array(None);
        self.raw.draw_arrays(Raw::TRIANGLES, 0, 3);
    }
}

/// What the graphics interface found wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    OutOfMemory,
    /// The code that WebGL gives it.
    Misuse(u32),
}
