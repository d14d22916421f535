//! Programs: begun at once, asked about when they are wanted.

use super::{Gl, Raw, signed};
use web_sys::{WebGlProgram, WebGlShader, WebGlUniformLocation};

/// Of `KHR_parallel_shader_compile`.
const COMPLETION_STATUS: u32 = 0x91B1;
/// The number of the first thing of a call, as the translated shaders name it.
const FIRST_INSTANCE: &str = "naga_vs_first_instance";

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

    /// Whether asking a program anything would be answered at once, as far as the browser says so.
    pub(crate) fn is_done(&self, program: &Program) -> bool {
        !self.tells_completion
            || self.raw.get_program_parameter(&program.raw, COMPLETION_STATUS).as_bool().unwrap_or(true)
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
