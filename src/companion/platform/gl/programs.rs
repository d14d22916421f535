//! Programs: begun at once, asked about when they are wanted.

use super::{Gl, Raw, signed};
use wasm_bindgen::prelude::*;
use web_sys::{WebGlProgram, WebGlShader, WebGlUniformLocation};

/// Of `KHR_parallel_shader_compile`.
const COMPLETION_STATUS: u32 = 0x91B1;
/// The number of the first thing of a call, as the translated shaders name it.
const FIRST_INSTANCE: &str = "naga_vs_first_instance";

#[wasm_bindgen]
extern "C" {
    /// A mark in what has been called, bound here because every added feature of `web-sys` has the whole engine compiled
    /// again.
    #[wasm_bindgen(js_name = WebGLSync)]
    pub(crate) type Fence;

    /// The graphics context, for its fences.
    type Fencing;
    #[wasm_bindgen(method, js_name = fenceSync)]
    fn fence_sync(this: &Fencing, condition: u32, flags: u32) -> Option<Fence>;
    #[wasm_bindgen(method, js_name = getSyncParameter)]
    fn get_sync_parameter(this: &Fencing, fence: &Fence, name: u32) -> u32;
    #[wasm_bindgen(method, js_name = deleteSync)]
    fn delete_sync(this: &Fencing, fence: &Fence);
}

/// Half of a program.
pub(crate) struct Shader(WebGlShader);

/// What the graphics card runs for each vertex and pixel.
pub(crate) struct Program {
    pub(super) raw: WebGlProgram,
    pub(super) first: Option<WebGlUniformLocation>,
}

impl Gl {
    /// Half of a program from its text; it is read later.
    pub(crate) fn shader(&self, is_fragment: bool, text: &str) -> Option<Shader> {
        let shader = self.raw.create_shader(if is_fragment { Raw::FRAGMENT_SHADER } else { Raw::VERTEX_SHADER })?;
        self.raw.shader_source(&shader, text);
        self.raw.compile_shader(&shader);
        Some(Shader(shader))
    }

    /// Begins to make a program of its halves.
    pub(crate) fn program(&self, vertex: &Shader, fragment: &Shader) -> Option<Program> {
        let raw = self.raw.create_program()?;
        self.raw.attach_shader(&raw, &vertex.0);
        self.raw.attach_shader(&raw, &fragment.0);
        self.raw.link_program(&raw);
        Some(Program { raw, first: None })
    }

    /// Whether asking a program anything would be answered at once; for browsers that tell (`tells_completion`).
    pub(crate) fn is_done(&self, program: &Program) -> bool {
        self.raw.get_program_parameter(&program.raw, COMPLETION_STATUS).as_bool().unwrap_or(true)
    }

    /// A mark after all that has been called.
    pub(crate) fn fence(&self) -> Option<Fence> {
        let fence = self.raw.unchecked_ref::<Fencing>().fence_sync(Raw::SYNC_GPU_COMMANDS_COMPLETE, 0);
        // Without this a browser may keep what has been called until something is shown.
        self.raw.flush();
        fence
    }

    /// Whether all before a mark has been carried out; not waited for. Lets go of the mark if so.
    pub(crate) fn is_past(&self, fence: &Fence) -> bool {
        let raw = self.raw.unchecked_ref::<Fencing>();
        let past = raw.get_sync_parameter(fence, Raw::SYNC_STATUS) == Raw::SIGNALED || self.raw.is_context_lost();
        if past {
            raw.delete_sync(fence);
        }
        past
    }

    /// Ties a program's blocks and textures to their slots and units, by name; in words why it cannot be used.
    pub(crate) fn tie(
        &self,
        program: &mut Program,
        halves: [&Shader; 2],
        blocks: &[(&str, u32)],
        textures: &[(&str, u32)],
    ) -> Result<(), String> {
        let raw = &program.raw;
        if !self.raw.get_program_parameter(raw, Raw::LINK_STATUS).as_bool().unwrap_or(false) {
            if self.raw.is_context_lost() {
                return Ok(());
            }
            let mut why = self.raw.get_program_info_log(raw).unwrap_or_default();
            why.extend(halves.iter().filter_map(|half| self.raw.get_shader_info_log(&half.0)));
            return Err(why);
        }
        for (name, slot) in blocks {
            let index = self.raw.get_uniform_block_index(raw, name);
            if index != Raw::INVALID_INDEX {
                self.raw.uniform_block_binding(raw, index, *slot);
            }
        }
        self.raw.use_program(Some(raw));
        for (name, unit) in textures {
            let at = self.raw.get_uniform_location(raw, name);
            self.raw.uniform1i(at.as_ref(), signed(*unit));
        }
        program.first = self.raw.get_uniform_location(raw, FIRST_INSTANCE);
        Ok(())
    }
}
